//! Paths: words joined by dots, followed through the catalogue.

use super::tree::{AsOf, AttributeRef, Condition, Element, Origin, PathRef, RowId, Scalar, Step};
use super::{Binder, RowInSight, Value};
use crate::catalog::{Kind, Link, Member, NounId, Status, Via, When};
use crate::diagnostic::binding;
use crate::span::Span;
use crate::suggest::nearest;
use crate::syntax::ast::{Path, Word};

/// The pseudo-link that a WITH phrase brings.
pub(super) const COUNTERPARTS: &str = "counterparts";

/// In a query in brackets: the row outside that it is asked for.
pub const OUTER: &str = "outer";

impl Binder<'_> {
    /// Follows a path from `here`. To-many steps become elements of the value.
    pub(super) fn path(&mut self, path: &Path, here: &PathRef) -> Option<Value> {
        let (here, skipped) = self.start_of(path, here)?;
        let mut value = Value { elements: Vec::new(), scalar: Scalar::Entity(here), span: path.span };
        for (position, word) in path.words.iter().enumerate().skip(skipped) {
            let Scalar::Entity(at) = &value.scalar else {
                let attribute = &path.words[position - 1].value;
                return self.report(binding::after_attribute(word.span, attribute, &word.value));
            };
            let at = at.clone();
            let is_only_word = path.words.len() == 1;
            match self.member(&at, word, is_only_word)? {
                Follow::Attribute(scalar) => value.scalar = scalar,
                Follow::Link(link) => self.follow(link, at, &mut value),
                Follow::Counterparts(link) => self.follow_counterparts(link, at, &mut value),
            }
        }
        Some(value)
    }

    /// Where a path begins, and how many words `outer` takes up.
    fn start_of(&mut self, path: &Path, here: &PathRef) -> Option<(PathRef, usize)> {
        let is_outer = |word: &&Word| word.value.eq_ignore_ascii_case(OUTER);
        let count = path.words.iter().take_while(is_outer).count();
        match self.query.outer.len().checked_sub(count) {
            _ if count == 0 => Some((here.clone(), 0)),
            Some(at) => Some((self.query.outer[at].clone(), count)),
            None => self.report(binding::no_outer(path.words[0].span)),
        }
    }

    fn member(&mut self, at: &PathRef, word: &Word, is_only_word: bool) -> Option<Follow> {
        let name = word.value.to_lowercase();
        let noun = at.noun.noun();
        match noun.member(&name) {
            Some(Member::Attribute(attribute)) => Some(Follow::Attribute(match attribute.kind {
                Kind::Span => Scalar::When(at.clone()),
                _ => Scalar::Attribute { at: at.clone(), attribute: AttributeRef(attribute) },
            })),
            Some(Member::Link(link)) => Some(Follow::Link(link)),
            None if name == COUNTERPARTS => match noun.link("participants") {
                Some(link) if at.row == self.query.from && at.steps.is_empty() && self.query.first_item.is_some() => {
                    Some(Follow::Counterparts(link))
                }
                _ => self.report(binding::counterparts_of_nobody(word.span, noun.name)),
            },
            None => self.no_member(at.noun, word, is_only_word),
        }
    }

    fn no_member<T>(&mut self, noun: NounId, word: &Word, is_only_word: bool) -> Option<T> {
        let noun = noun.noun();
        let all: Vec<&str> = noun.members().map(Member::name).collect();
        let others = noun.link("participants").map(|_| COUNTERPARTS);
        let name = word.value.to_lowercase();
        // What the noun itself has not, something that it leads to may have.
        let behind = noun.links.iter().filter(|link| link.to.noun().member(&name).is_some());
        let behind: Vec<String> =
            behind.map(|link| format!("{}.{name}", link.name)).take(crate::suggest::MOST).collect();
        let near: Vec<String> =
            nearest(&word.value, all.iter().copied().chain(others)).into_iter().map(str::to_string).collect();
        let near = if near.is_empty() && is_only_word { behind } else { near };
        let member = crate::catalog::NOUNS.iter().any(|noun| noun.member(&word.value.to_lowercase()).is_some());
        if near.is_empty() && is_only_word && !member && self.is_a_name(&word.value) {
            return self.report(binding::bare_name(word.span, &word.value, noun.name));
        }
        self.report(binding::no_such_member(word.span, &word.value, noun.name, &near, &all))
    }

    /// One link further: a to-one step lengthens the path, a to-many step brings a new row into sight.
    fn follow(&mut self, link: &'static Link, at: PathRef, value: &mut Value) {
        if let Via::Path(links) = link.via {
            let mut noun = at.noun;
            for name in links {
                if let (Some(link), Scalar::Entity(at)) = (noun.noun().link(name), value.scalar.clone()) {
                    self.follow(link, at, value);
                    noun = link.to;
                }
            }
        } else if link.is_many() {
            self.many_step(link, &at, false, value);
        } else {
            let step = self.step(link, &at);
            value.scalar = Scalar::Entity(at.step(step));
        }
    }

    /// The participants (of the meetings of an event) that the first WITH item does not cover.
    fn follow_counterparts(&mut self, link: &'static Link, at: PathRef, value: &mut Value) {
        match (link.via, at.noun.noun().link("meetings")) {
            (Via::Path(_), Some(meetings)) => {
                self.many_step(meetings, &at, false, value);
                if let (Scalar::Entity(at), Some(link)) = (value.scalar.clone(), meetings.to.noun().link(link.name)) {
                    self.many_step(link, &at, true, value);
                }
            }
            _ => self.many_step(link, &at, true, value),
        }
    }

    fn many_step(&mut self, link: &'static Link, at: &PathRef, counterparts: bool, value: &mut Value) {
        let step = self.step(link, at);
        let element = self.element(at, step, counterparts);
        value.scalar = Scalar::Entity(PathRef::row(element.row, element.noun));
        // An element that a group already stands for is that same element.
        if !self.query.expansions.iter().any(|known| known.row == element.row) {
            value.elements.push(element);
        }
    }

    /// A new element, or the one that the groups follow already.
    fn element(&mut self, base: &PathRef, step: Step, counterparts: bool) -> Element {
        let origin = Origin::Step { base: base.clone(), step: step.clone() };
        let same = |known: &&Element| known.origin == origin && known.counterparts == counterparts;
        if let Some(known) = self.query.expansions.iter().find(same) {
            return known.clone();
        }
        let noun = step.link.to;
        let row = self.new_row(base, noun);
        let here = PathRef::row(row, noun);
        let filter = if counterparts {
            Some(Condition::Not(Box::new(self.first_item_is(&here))))
        } else {
            (noun == NounId::Journeys).then(|| separate(here))
        };
        let held = noun.noun().status == Status::Own;
        Element { row, origin, noun, held, counterparts, filter: filter.map(Box::new) }
    }

    pub(super) fn step(&mut self, link: &'static Link, at: &PathRef) -> Step {
        let as_of = matches!(link.via, Via::Dated { .. }).then(|| self.as_of(at));
        Step { link, as_of }
    }

    /// The nearest dated row on the way to `at`, else the file's reference date.
    pub(super) fn as_of(&mut self, at: &PathRef) -> AsOf {
        match self.nearest_dated(at) {
            Some(path) => AsOf::Row(Box::new(path)),
            None => {
                self.query.reference_date = true;
                AsOf::Reference
            }
        }
    }

    fn nearest_dated(&self, at: &PathRef) -> Option<PathRef> {
        let row = &self.rows[at.row];
        for length in (0..=at.steps.len()).rev() {
            let noun = if length == 0 { row.noun } else { at.steps[length - 1].link.to };
            let prefix = PathRef { row: at.row, steps: at.steps[..length].to_vec(), noun };
            match noun.noun().when {
                When::Own => return Some(prefix),
                When::Of(link) => return prefix.along(link),
                When::Never => {}
            }
        }
        match &row.base {
            Some(base) => self.nearest_dated(base),
            None => None,
        }
    }

    /// Takes a row number; `base` is the path whose to-many step leads to the row.
    pub(super) fn new_row(&mut self, base: &PathRef, noun: NounId) -> RowId {
        self.rows.push(RowInSight { noun, base: Some(base.clone()) });
        self.rows.len() - 1
    }

    /// Whether a word, taken as a name, would be found.
    fn is_a_name(&self, word: &str) -> bool {
        let folded = crate::value::text::fold(word);
        self.names.containing(&[folded.as_str()]).is_ok_and(|found| !found.is_empty())
    }

    /// Reports a to-many value where one is due.
    pub(super) fn single(&mut self, value: Value, place: &str) -> Option<Scalar> {
        match value.elements.last() {
            None => Some(value.scalar),
            Some(element) => {
                let from = element.noun.noun().name;
                let link = element.link().map_or(from, |link| link.name);
                let text = self.text(value.span);
                self.report(binding::many_values(value.span, &text, place, from, link))
            }
        }
    }

    /// The source text of a span on one line, the same in every layout.
    pub(super) fn text(&self, span: Span) -> String {
        crate::syntax::one_line(span.text(self.source))
    }
}

enum Follow {
    Attribute(Scalar),
    Link(&'static Link),
    Counterparts(&'static Link),
}

/// The condition that a journey is one of its own.
pub(super) fn separate(journey: PathRef) -> Condition {
    let attribute = journey.noun.noun().attribute("separate");
    match attribute {
        Some(attribute) => Condition::Holds(Scalar::Attribute { at: journey, attribute: AttributeRef(attribute) }),
        None => Condition::And(Vec::new()),
    }
}
