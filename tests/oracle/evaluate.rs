//! The naive evaluator: a bound query over plain records, row by row, in three-valued logic. No SQL anywhere.

use bilat::bind::tree::*;
use bilat::catalog::vocabulary::{HELD, LEVEL};
use bilat::catalog::{Absent, Attribute, Kind, NounId, Status, Via, When};
use bilat::dataset::model::{Entry, Model};
use bilat::syntax::ast::{ArithmeticOperator, CompareOperator, DateRelation, Quantifier};
use bilat::value::date::{Bounds, Day, DayRange, Edge, OPEN_FUTURE, OPEN_PAST, VagueDate};
use bilat::value::period::{Period, Unit};
use bilat::value::text::{fold, fold_pattern, like};
use std::cmp::Ordering;
use std::collections::HashMap;

/// False, undecided, true; AND is the least, OR the greatest.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Truth {
    False,
    Undecided,
    True,
}
use Truth::*;

impl Truth {
    fn not(self) -> Truth {
        match self {
            False => True,
            Undecided => Undecided,
            True => False,
        }
    }

    fn of(truth: bool) -> Truth {
        if truth { True } else { False }
    }

    /// From what is certainly and what is possibly so.
    fn between(certain: bool, possible: bool) -> Truth {
        if certain {
            True
        } else if possible {
            Undecided
        } else {
            False
        }
    }
}

#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    Integer(i64),
    Number(f64),
    Text(String),
    /// A row; a participant stands for its leader or country.
    Row(NounId, usize),
    List(Vec<Option<Value>>),
    Period(Unit, i64),
}

#[derive(Clone, Debug, PartialEq)]
enum Known {
    Is(Value),
    Nothing,
    Unknown,
}

impl Known {
    fn value(self) -> Option<Value> {
        if let Known::Is(value) = self { Some(value) } else { None }
    }
}

#[derive(Clone, Copy, Debug, PartialEq)]
enum Reach {
    Row(NounId, usize),
    Nothing,
    Unknown,
}

type Rows = HashMap<RowId, Option<(NounId, usize)>>;

pub struct World {
    model: Model,
    /// The order of the rows of each noun.
    ranks: HashMap<NounId, Vec<(i64, i64)>>,
}

/// What the evaluator says of a query.
#[derive(Debug, PartialEq)]
pub struct Expected {
    pub rows: Vec<(Vec<String>, bool)>,
    pub count: u64,
    pub count_possible: u64,
    pub not_held: Option<u64>,
}

impl World {
    pub fn new(mut model: Model) -> World {
        model.rows.insert(NounId::Pairs, pairs(&model));
        let mut world = World { model, ranks: HashMap::new() };
        for noun in bilat::catalog::NOUNS {
            let ranks = world.ranked(noun.id);
            world.ranks.insert(noun.id, ranks);
        }
        world
    }

    /// By first and last day and key; participants by meeting and line; pairs by their participants.
    fn ranked(&self, noun: NounId) -> Vec<(i64, i64)> {
        let rows = self.model.of(noun);
        let mut order: Vec<usize> = (0..rows.len()).collect();
        let rank = |of: NounId, at: Option<&usize>| at.map_or(0, |at| self.ranks[&of][*at].0);
        order.sort_by_key(|at| {
            let row = &rows[*at];
            let (a, b) = match noun {
                NounId::Participants => (rank(NounId::Meetings, row.one.get("meeting")), row.place.line as i64),
                NounId::Pairs => (
                    rank(NounId::Participants, row.one.get("first")),
                    rank(NounId::Participants, row.one.get("second")),
                ),
                _ if noun.noun().when == When::Own => {
                    let bounds = self.own_bounds(noun, row);
                    (bounds.start_min, bounds.end_max)
                }
                _ => (0, 0),
            };
            (a, b, row.key.clone())
        });
        let mut ranks = vec![(0, 0); rows.len()];
        for (position, at) in order.into_iter().enumerate() {
            ranks[at] = (position as i64, 0);
        }
        ranks
    }

    fn rank(&self, noun: NounId, at: usize) -> i64 {
        self.ranks[&noun][at].0
    }

    fn own_bounds(&self, noun: NounId, row: &Entry) -> Bounds {
        if noun.noun().attribute("date").is_some() {
            return row.dates.get("date").map_or(Bounds::OPEN, |date| date.bounds);
        }
        let open = DayRange { first: OPEN_PAST, last: OPEN_FUTURE };
        let end =
            |name: &str| row.dates.get(name).map(|d| DayRange { first: d.bounds.start_min, last: d.bounds.end_max });
        let start = end("start").unwrap_or(open);
        let still = DayRange { first: self.model.reference.max(start.first), last: OPEN_FUTURE };
        Bounds::stay(start, end("end").unwrap_or(still)).unwrap_or(Bounds::OPEN)
    }

    fn position(&self, thing: &Thing) -> usize {
        self.model.of(thing.noun).iter().position(|row| row.label == thing.label).expect("the thing is in the data")
    }

    fn entry(&self, noun: NounId, at: usize) -> &Entry {
        &self.model.of(noun)[at]
    }

    // Paths

    fn follow(&self, rows: &Rows, path: &PathRef) -> Reach {
        let mut here = match rows[&path.row] {
            Some((noun, at)) => Reach::Row(noun, at),
            None => Reach::Nothing,
        };
        for step in &path.steps {
            let Reach::Row(noun, at) = here else { return here };
            let next = match (step.link.via, &step.as_of) {
                (Via::Dated { to, .. }, Some(as_of)) => self.senior(rows, at, to, as_of),
                _ => self.entry(noun, at).one.get(step.link.name).copied(),
            };
            here = match next {
                Some(at) => Reach::Row(step.link.to, at),
                None if step.link.absent == Absent::Unknown => Reach::Unknown,
                None => Reach::Nothing,
            };
        }
        here
    }

    fn senior(&self, rows: &Rows, leader: usize, to: Option<&str>, as_of: &AsOf) -> Option<usize> {
        let (first, last) = self.days(rows, as_of)?;
        let terms = self.model.of(NounId::Terms).iter().enumerate();
        let running = terms.filter(|(_, term)| {
            let run = self.own_bounds(NounId::Terms, term);
            term.one.get("leader") == Some(&leader) && run.start_max <= first && run.end_min >= last
        });
        let (at, term) = running.min_by_key(|(at, term)| {
            let office = term.one.get("office").map(|office| self.entry(NounId::Offices, *office));
            let level = office.and_then(|office| office.text.get("level")).and_then(|level| LEVEL.position(level));
            (level.unwrap_or(99), -self.own_bounds(NounId::Terms, term).start_min, self.rank(NounId::Terms, *at))
        })?;
        match to {
            Some(link) => term.one.get(link).copied(),
            None => Some(at),
        }
    }

    fn days(&self, rows: &Rows, as_of: &AsOf) -> Option<(Day, Day)> {
        match as_of {
            AsOf::Reference => Some((self.model.reference, self.model.reference)),
            AsOf::Row(path) => match self.follow(rows, path) {
                Reach::Row(noun, at) => {
                    let bounds = self.own_bounds(noun, self.entry(noun, at));
                    Some((bounds.start_min, bounds.end_max))
                }
                _ => None,
            },
        }
    }

    /// Memberships of a kind that counts, with how surely they hold on the day.
    fn memberships(&self, rows: &Rows, as_of: &AsOf) -> Vec<(&Entry, Truth)> {
        let Some((first, last)) = self.days(rows, as_of) else { return Vec::new() };
        let all = self.model.of(NounId::Memberships).iter();
        let counted = all.filter(|row| matches!(row.text.get("kind").map(String::as_str), Some("member" | "party")));
        counted
            .map(|row| {
                let run = self.own_bounds(NounId::Memberships, row);
                let certain = run.start_max <= first && run.end_min >= last;
                let possible = run.start_min <= last && run.end_max >= first;
                (row, Truth::between(certain, possible))
            })
            .collect()
    }

    /// The rows that a to-many step leads to, each with how surely.
    fn elements(&self, rows: &mut Rows, element: &Element) -> Vec<(usize, Truth)> {
        let mut found = self.led_to(rows, element);
        found.sort_by_key(|(at, truth)| (*at, std::cmp::Reverse(*truth)));
        found.dedup_by_key(|(at, _)| *at);
        let mut chosen = Vec::new();
        for (at, truth) in found {
            if element.held && !self.is_held(element.noun, at) {
                continue;
            }
            rows.insert(element.row, Some((element.noun, at)));
            let truth = element.filter.as_ref().map_or(truth, |filter| truth.min(self.truth(rows, filter)));
            if truth != False {
                chosen.push((at, truth));
            }
        }
        rows.remove(&element.row);
        chosen.sort_by_key(|(at, _)| self.rank(element.noun, *at));
        chosen
    }

    fn led_to(&self, rows: &mut Rows, element: &Element) -> Vec<(usize, Truth)> {
        let Origin::Step { base: from, step } = &element.origin else {
            return (0..self.model.of(element.noun).len()).map(|at| (at, True)).collect();
        };
        let Reach::Row(noun, base) = self.follow(rows, from) else { return Vec::new() };
        let link = step.link;
        match link.via {
            Via::Reverse { link, .. } => {
                let all = self.model.of(element.noun).iter().enumerate();
                all.filter(|(_, row)| row.one.get(link) == Some(&base)).map(|(at, _)| (at, True)).collect()
            }
            Via::List { .. } => {
                self.entry(noun, base).many.get(link.name).into_iter().flatten().map(|at| (*at, True)).collect()
            }
            Via::Through { table, from, to } => self.through(table, from, to, base),
            Via::Dated { from, to, .. } => {
                let as_of = step.as_of.clone().unwrap_or(AsOf::Reference);
                let held = self.memberships(rows, &as_of);
                let of_base = held.into_iter().filter(|(row, _)| row.one.get(from) == Some(&base));
                of_base.filter_map(|(row, truth)| Some((*row.one.get(to?)?, truth))).collect()
            }
            Via::Column | Via::Names | Via::Path(_) => Vec::new(),
        }
    }

    fn through(&self, table: &str, from: &str, to: &str, base: usize) -> Vec<(usize, Truth)> {
        let pairs: Vec<(usize, usize)> = match (table, from) {
            ("participants", "leader_id") => self.column_pairs(NounId::Participants, "leader", "meeting"),
            ("visits", "journey_id") => {
                let held = self.model.of(NounId::Visits).iter();
                held.filter_map(|row| Some((*row.one.get("journey")?, *row.one.get("country")?))).collect()
            }
            ("meeting_visits", _) => self.list_pairs(NounId::Meetings, "visits", true),
            ("meeting_topics", _) => self.list_pairs(NounId::Meetings, "topics", true),
            ("country_regions", _) => self.list_pairs(NounId::Regions, "countries", true),
            other => panic!("the evaluator does not know the table {other:?} to {to}"),
        };
        pairs.into_iter().filter(|(one, _)| *one == base).map(|(_, other)| (other, True)).collect()
    }

    fn column_pairs(&self, noun: NounId, from: &str, to: &str) -> Vec<(usize, usize)> {
        let rows = self.model.of(noun).iter();
        rows.filter_map(|row| Some((*row.one.get(from)?, *row.one.get(to)?))).collect()
    }

    fn list_pairs(&self, noun: NounId, link: &str, reversed: bool) -> Vec<(usize, usize)> {
        let rows = self.model.of(noun).iter().enumerate();
        let pairs = rows.flat_map(|(at, row)| row.many.get(link).into_iter().flatten().map(move |other| (at, *other)));
        pairs.map(|(one, other)| if reversed { (other, one) } else { (one, other) }).collect()
    }

    fn is_held(&self, noun: NounId, at: usize) -> bool {
        let row = self.entry(noun, at);
        match noun.noun().status {
            Status::Own => row.text.get("status").map(String::as_str) == Some(HELD),
            Status::Of(link) => {
                row.one.get(link).is_some_and(|at| self.is_held(noun.noun().link(link).unwrap().to, *at))
            }
            Status::None => true,
        }
    }

    /// Calls `each` for every way through the elements, with how surely it is one.
    fn every_way(&self, rows: &mut Rows, elements: &[Element], truth: Truth, each: &mut dyn FnMut(&mut Rows, Truth)) {
        let Some((first, rest)) = elements.split_first() else { return each(rows, truth) };
        for (at, surely) in self.elements(rows, first) {
            rows.insert(first.row, Some((first.noun, at)));
            self.every_way(rows, rest, truth.min(surely), each);
        }
        rows.remove(&first.row);
    }

    // Values

    fn scalar(&self, rows: &mut Rows, scalar: &Scalar) -> Known {
        match scalar {
            Scalar::Attribute { at, attribute } => match self.follow(rows, at) {
                Reach::Row(noun, row) => self.attribute(noun, row, attribute.0),
                Reach::Nothing => Known::Nothing,
                Reach::Unknown => Known::Unknown,
            },
            Scalar::Entity(at) => match self.follow(rows, at) {
                Reach::Row(NounId::Participants, row) => self.party(row),
                Reach::Row(noun, row) => Known::Is(Value::Row(noun, row)),
                Reach::Nothing => Known::Nothing,
                Reach::Unknown => Known::Unknown,
            },
            Scalar::When(_) => self.date(rows, scalar).1.map_or(Known::Unknown, |text| Known::Is(Value::Text(text))),
            Scalar::Text(text) => Known::Is(Value::Text(text.clone())),
            Scalar::Integer(number) => Known::Is(Value::Integer(*number)),
            Scalar::Number(number) => Known::Is(Value::Number(*number)),
            Scalar::Period { unit, date } => self.period(rows, *unit, date).map_or(Known::Unknown, Known::Is),
            Scalar::Length(inner) => {
                self.text_function(rows, inner, |text| Value::Integer(text.chars().count() as i64))
            }
            Scalar::Lower(inner) => self.text_function(rows, inner, |text| Value::Text(text.to_lowercase())),
            Scalar::Upper(inner) => self.text_function(rows, inner, |text| Value::Text(text.to_uppercase())),
            Scalar::Negative(inner) => match self.scalar(rows, inner) {
                Known::Is(value) => arithmetic(ArithmeticOperator::Minus, Value::Integer(0), value),
                other => other,
            },
            Scalar::Arithmetic { operator, left, right } => match (self.scalar(rows, left), self.scalar(rows, right)) {
                (Known::Is(a), Known::Is(b)) => arithmetic(*operator, a, b),
                (Known::Unknown, _) | (_, Known::Unknown) => Known::Unknown,
                _ => Known::Nothing,
            },
            Scalar::Size { elements, value } => Known::Is(Value::Integer(
                self.different(rows, elements, value).into_iter().filter(|(id, _)| id.is_some()).count() as i64,
            )),
            Scalar::List { elements, value } => {
                let list = self.different(rows, elements, value).into_iter().map(|(_, shown)| shown).collect();
                Known::Is(Value::List(list))
            }
            Scalar::Key(_) | Scalar::Aggregate(_) => Known::Unknown,
            other => panic!("the evaluator does not know {other:?} yet"),
        }
    }

    fn party(&self, row: usize) -> Known {
        let row = self.entry(NounId::Participants, row);
        match (row.one.get("leader"), row.one.get("country")) {
            (Some(leader), _) => Known::Is(Value::Row(NounId::Leaders, *leader)),
            (None, Some(country)) => Known::Is(Value::Row(NounId::Countries, *country)),
            (None, None) => Known::Nothing,
        }
    }

    fn attribute(&self, noun: NounId, row: usize, attribute: &Attribute) -> Known {
        let absent = if attribute.absent == Absent::Unknown { Known::Unknown } else { Known::Nothing };
        let Some(text) = self.entry(noun, row).text.get(attribute.name) else { return absent };
        Known::Is(match attribute.kind {
            Kind::Integer => Value::Integer(text.parse().unwrap()),
            Kind::Number => Value::Number(text.parse().unwrap()),
            Kind::Boolean => Value::Integer(1),
            _ => Value::Text(text.clone()),
        })
    }

    fn text_function(&self, rows: &mut Rows, inner: &Scalar, function: impl Fn(&str) -> Value) -> Known {
        let known = self.scalar(rows, inner);
        match (known, self.shown(rows, inner)) {
            (Known::Is(_), Some(Value::Text(text))) => Known::Is(function(&text)),
            (Known::Is(_), _) => Known::Nothing,
            (other, _) => other,
        }
    }

    /// The different values behind to-many steps, in order: what tells them apart, and what is shown.
    fn different(&self, rows: &mut Rows, elements: &[Element], value: &Scalar) -> Vec<(Option<Value>, Option<Value>)> {
        let mut found: Vec<(i64, i64, Option<Value>, Option<Value>)> = Vec::new();
        let last = elements.last().map(|element| (element.row, element.noun, element));
        self.every_way(rows, elements, True, &mut |rows, truth| {
            if truth != True {
                return;
            }
            let (rank, place) = last.map_or((0, 0), |(row, noun, element)| {
                let at = rows[&row].map_or(0, |(_, at)| at);
                (self.rank(noun, at), self.place_in_list(rows, element, at))
            });
            found.push((place, rank, self.identity(rows, value), self.shown(rows, value)));
        });
        let mut groups: Vec<(i64, i64, Option<Value>, Option<Value>)> = Vec::new();
        for (place, rank, identity, shown) in found {
            match groups.iter_mut().find(|(.., known, _)| *known == identity) {
                Some(group) => (group.0, group.1) = (group.0.min(place), group.1.min(rank)),
                None => groups.push((place, rank, identity, shown)),
            }
        }
        groups.sort_by_key(|(place, rank, ..)| (*place, *rank));
        groups.into_iter().map(|(_, _, identity, shown)| (identity, shown)).collect()
    }

    /// Places of a visit stand in the order of the visit.
    fn place_in_list(&self, rows: &Rows, element: &Element, at: usize) -> i64 {
        let in_order = |link: &bilat::catalog::Link| matches!(link.via, Via::List { table: "visit_places", .. });
        let Some(from) = element.base().filter(|_| element.link().is_some_and(in_order)) else { return 0 };
        let Reach::Row(noun, base) = self.follow(rows, from) else { return 0 };
        let list = &self.entry(noun, base).many["places"];
        list.iter().position(|other| *other == at).unwrap_or(0) as i64
    }

    fn identity(&self, rows: &mut Rows, value: &Scalar) -> Option<Value> {
        if value.kind(None) == Type::Date { self.shown(rows, value) } else { self.scalar(rows, value).value() }
    }

    fn shown(&self, rows: &mut Rows, scalar: &Scalar) -> Option<Value> {
        match scalar {
            Scalar::Entity(at) => match self.follow(rows, at) {
                Reach::Row(noun, row) => Some(Value::Text(self.entry(noun, row).label.clone())),
                _ => None,
            },
            Scalar::When(_) => self.date(rows, scalar).1.map(Value::Text),
            _ => self.scalar(rows, scalar).value(),
        }
    }

    // Dates

    /// The bounds, the text, and whether there is none (false) or it is not known (undecided).
    fn date(&self, rows: &Rows, scalar: &Scalar) -> (Option<Bounds>, Option<String>, Truth) {
        let (at, attribute) = match scalar {
            Scalar::When(at) => (at, None),
            Scalar::Attribute { at, attribute } => (at, Some(attribute.0)),
            _ => return (None, None, Undecided),
        };
        let (noun, row) = match self.follow(rows, at) {
            Reach::Row(noun, row) => (noun, self.entry(noun, row)),
            Reach::Nothing => return (None, None, False),
            Reach::Unknown => return (None, None, Undecided),
        };
        let Some(attribute) = attribute.filter(|attribute| attribute.kind == Kind::Day) else {
            let bounds = self.own_bounds(noun, row);
            let text = if noun.noun().attribute("date").is_some() {
                row.text.get("date").cloned()
            } else {
                let end = row.text.get("end").cloned().unwrap_or("..".to_string());
                row.text.get("start").map(|start| format!("{start}/{end}"))
            };
            return (Some(bounds), text, True);
        };
        let text = row.text.get(attribute.name).cloned();
        let of_stay = noun.noun().when == When::Own && matches!(attribute.name, "start" | "end");
        let (first, last) = if of_stay {
            let run = self.own_bounds(noun, row);
            if attribute.name == "start" { (run.start_min, run.start_max) } else { (run.end_min, run.end_max) }
        } else {
            match row.dates.get(attribute.name) {
                Some(date) => (date.bounds.start_min, date.bounds.end_max),
                None if attribute.absent == Absent::Nothing => return (None, None, False),
                None => (OPEN_PAST, OPEN_FUTURE),
            }
        };
        (Some(Bounds::within(first, last)), text, True)
    }

    fn period(&self, rows: &Rows, unit: Unit, date: &Scalar) -> Option<Value> {
        let (bounds, text, _) = self.date(rows, date);
        let (low, high) = period_bounds(unit, bounds?);
        text?;
        (low == high).then(|| if unit.is_plain() { Value::Integer(low) } else { Value::Period(unit, low) })
    }

    fn related(
        &self,
        rows: &Rows,
        date: &Scalar,
        relation: DateRelation,
        first: Option<Edge>,
        last: Option<Edge>,
    ) -> Truth {
        let (bounds, _, there) = self.date(rows, date);
        match bounds {
            None => there,
            Some(bounds) => relate(bounds, relation, first, last),
        }
    }

    fn dates(&self, rows: &Rows, operator: CompareOperator, left: &Scalar, right: &Scalar) -> Truth {
        if operator == CompareOperator::NotEqual {
            return self.dates(rows, CompareOperator::Equal, left, right).not();
        }
        let ((a, _, a_there), (b, _, b_there)) = (self.date(rows, left), self.date(rows, right));
        let (Some(a), Some(b)) = (a, b) else {
            return if a_there == Undecided || b_there == Undecided { Undecided } else { False };
        };
        let certain = match operator {
            CompareOperator::Less => a.end_max < b.start_min,
            CompareOperator::Greater => a.start_min > b.end_max,
            CompareOperator::LessOrEqual => a.end_max <= b.end_min,
            CompareOperator::GreaterOrEqual => a.start_min >= b.start_max,
            _ => a.start_min >= b.start_max && a.end_max <= b.end_min,
        };
        let possible = match operator {
            CompareOperator::Less => a.end_min < b.start_max,
            CompareOperator::Greater => a.start_max > b.end_min,
            CompareOperator::LessOrEqual => a.end_min <= b.end_max,
            CompareOperator::GreaterOrEqual => a.start_max >= b.start_min,
            _ => a.start_max >= b.start_min && a.end_min <= b.end_max,
        };
        Truth::between(certain, possible)
    }

    // Conditions

    fn truth(&self, rows: &mut Rows, condition: &Condition) -> Truth {
        match condition {
            Condition::And(parts) => parts.iter().map(|part| self.truth(rows, part)).min().unwrap_or(True),
            Condition::Or(parts) => parts.iter().map(|part| self.truth(rows, part)).max().unwrap_or(False),
            Condition::Not(inner) => self.truth(rows, inner).not(),
            Condition::Possibly(inner) => Truth::of(self.truth(rows, inner) != False),
            Condition::Certainly(inner) => Truth::of(self.truth(rows, inner) == True),
            Condition::Compare { operator, left, right } => self.compare(rows, *operator, left, right),
            Condition::Date { relation, date, first, last } => self.related(rows, date, *relation, *first, *last),
            Condition::Dates { operator, left, right } => self.dates(rows, *operator, left, right),
            Condition::Is { entity, things } => match self.scalar(rows, &Scalar::Entity(entity.clone())) {
                Known::Unknown => Undecided,
                Known::Nothing => False,
                Known::Is(value) => {
                    Truth::of(things.iter().any(|thing| value == Value::Row(thing.noun, self.position(thing))))
                }
            },
            Condition::Different(one, other) => Truth::of(self.follow(rows, one) != self.follow(rows, other)),
            Condition::Party { participant, thing, as_of } => {
                let leader = participant.along("leader").unwrap();
                if thing.noun == NounId::Leaders {
                    return Truth::of(self.follow(rows, &leader) == Reach::Row(NounId::Leaders, self.position(thing)));
                }
                self.belongs(rows, &participant.along("country").unwrap(), thing, as_of)
            }
            Condition::Belongs { country, thing, as_of } => self.belongs(rows, country, thing, as_of),
            Condition::Within { place, country, thing } => self.within(rows, place, country, thing),
            Condition::Like { value, pattern } => {
                let pattern = fold_pattern(pattern);
                self.text_test(rows, value, |text| like(&pattern, &fold(text)))
            }
            Condition::Contains { value, part } => {
                let part = fold(part);
                self.text_test(rows, value, |text| fold(text).contains(&part))
            }
            Condition::Holds(value) => match self.scalar(rows, value) {
                Known::Is(value) => Truth::of(value == Value::Integer(1)),
                Known::Nothing => False,
                Known::Unknown => Undecided,
            },
            Condition::IsUnknown(value) => Truth::of(self.shown(rows, value).is_none()),
            Condition::Related { condition, .. } => self.truth(rows, condition),
            Condition::Undecided => Undecided,
            Condition::Quantified { quantifier, elements, condition } => {
                let mut any = False;
                let mut every = True;
                self.every_way(rows, elements, True, &mut |rows, surely| {
                    let truth = self.truth(rows, condition);
                    any = any.max(surely.min(truth));
                    every = every.min(surely.not().max(truth));
                });
                match quantifier {
                    Quantifier::Any => any,
                    Quantifier::No => any.not(),
                    Quantifier::Every => every,
                }
            }
        }
    }

    fn compare(&self, rows: &mut Rows, operator: CompareOperator, left: &Scalar, right: &Scalar) -> Truth {
        if operator == CompareOperator::NotEqual {
            return self.compare(rows, CompareOperator::Equal, left, right).not();
        }
        let folded = left.kind(None) == Type::Text && right.kind(None) == Type::Text;
        match (self.scalar(rows, left), self.scalar(rows, right)) {
            (Known::Is(a), Known::Is(b)) => Truth::of(holds(operator, order(&a, &b, folded))),
            (Known::Unknown, _) | (_, Known::Unknown) => Undecided,
            _ => False,
        }
    }

    fn text_test(&self, rows: &mut Rows, value: &Scalar, test: impl Fn(&str) -> bool) -> Truth {
        if self.scalar(rows, value) == Known::Unknown {
            return Undecided;
        }
        match self.shown(rows, value) {
            Some(Value::Text(text)) => Truth::of(test(&text)),
            _ => False,
        }
    }

    fn belongs(&self, rows: &mut Rows, country: &PathRef, thing: &Thing, as_of: &AsOf) -> Truth {
        let country = match self.follow(rows, country) {
            Reach::Row(_, at) => at,
            Reach::Nothing => return False,
            Reach::Unknown => return Undecided,
        };
        let other = self.position(thing);
        match thing.noun {
            NounId::Regions => {
                let countries = self.entry(NounId::Regions, other).many.get("countries");
                Truth::of(countries.is_some_and(|countries| countries.contains(&country)))
            }
            NounId::Groups => {
                let held = self.memberships(rows, as_of).into_iter();
                let of = held.filter(|(row, _)| {
                    row.one.get("country") == Some(&country) && row.one.get("group") == Some(&other)
                });
                of.map(|(_, truth)| truth).max().unwrap_or(False)
            }
            _ => Truth::of(country == other),
        }
    }

    fn lies_in(&self, place: usize, other: usize) -> bool {
        let mut here = Some(place);
        while let Some(at) = here {
            if at == other {
                return true;
            }
            here = self.entry(NounId::Places, at).one.get("parent").copied();
        }
        false
    }

    fn within(&self, rows: &mut Rows, place: &PlaceRef, country: &PathRef, thing: &Thing) -> Truth {
        let wanted = self.position(thing);
        let one = |at: usize| Truth::between(self.lies_in(at, wanted), self.lies_in(wanted, at));
        let open = |rows: &Rows| match self.follow(rows, country) {
            Reach::Row(_, at) => {
                Truth::between(false, self.entry(NounId::Places, wanted).one.get("country") == Some(&at))
            }
            _ => Undecided,
        };
        match place {
            PlaceRef::One(path) => match self.follow(rows, path) {
                Reach::Row(_, at) => one(at),
                _ => open(rows),
            },
            PlaceRef::Many(element) => {
                let places = self.elements(rows, element);
                match places.iter().map(|(at, _)| one(*at)).max() {
                    Some(truth) => truth,
                    None => open(rows),
                }
            }
        }
    }

    // Queries

    /// The whole answer.
    pub fn answer(&self, query: &BoundQuery) -> Expected {
        let all: Vec<usize> = (0..self.model.of(query.noun).len()).collect();
        let start = |at: usize| Rows::from([(0, Some((query.noun, at)))]);
        let mut found: Vec<(usize, Truth)> = Vec::new();
        let mut not_held = 0;
        for at in all {
            let mut rows = start(at);
            let truth = query.conjuncts.iter().map(|c| self.truth(&mut rows, &c.condition)).min().unwrap_or(True);
            if query.held && !self.is_held(query.noun, at) {
                not_held += u64::from(truth == True);
            } else if truth != False {
                found.push((at, truth));
            }
        }
        let certain = found.iter().filter(|(_, truth)| *truth == True).count() as u64;
        let (rows, count, count_possible) = match &query.shape {
            Shape::Rows { columns } => (self.plain_rows(query, columns, &found), certain, found.len() as u64),
            Shape::Groups(groups) => self.groups(query, groups, &found),
        };
        Expected { rows, count, count_possible, not_held: query.held.then_some(not_held) }
    }

    fn plain_rows(
        &self,
        query: &BoundQuery,
        columns: &[BoundColumn],
        found: &[(usize, Truth)],
    ) -> Vec<(Vec<String>, bool)> {
        let mut rows: Vec<(Vec<Key>, Vec<String>, bool)> = Vec::new();
        for (at, _) in found.iter().filter(|(_, truth)| *truth == True) {
            let mut env = Rows::from([(0, Some((query.noun, *at)))]);
            let mut keys = Vec::new();
            for order in &query.order {
                keys.extend(
                    self.sorted(&mut env, &order.value)
                        .into_iter()
                        .enumerate()
                        .map(|(n, key)| key.down(n > 0 && order.descending)),
                );
            }
            let downwards = query.order.last().is_some_and(|order| order.descending);
            keys.push(Key::Number(Some(self.rank(query.noun, *at) as f64)).down(downwards));
            let cells = columns.iter().map(|column| show(self.shown(&mut env, &column.value))).collect();
            let sure = !query.marked
                || query.conjuncts.iter().all(|c| self.truth(&mut env, &without_possibly(&c.condition)) == True);
            rows.push((keys, cells, sure));
        }
        rows.sort_by(|a, b| compare_keys(&a.0, &b.0));
        cut(rows.into_iter().map(|(_, cells, sure)| (cells, sure)), query.limit)
    }

    fn sorted(&self, rows: &mut Rows, scalar: &Scalar) -> Vec<Key> {
        match scalar.kind(None) {
            Type::Date => {
                let (bounds, text, _) = self.date(rows, scalar);
                let bounds = bounds.filter(|_| text.is_some());
                vec![
                    Key::missing(text.is_none()),
                    Key::Number(bounds.map(|b| b.start_min as f64)),
                    Key::Number(bounds.map(|b| b.end_max as f64)),
                ]
            }
            Type::Text | Type::Entity(_) | Type::Word(_) => text_keys(self.shown(rows, scalar)),
            _ => {
                let value = self.scalar(rows, scalar).value();
                vec![Key::missing(value.is_none()), Key::Number(value.as_ref().and_then(number))]
            }
        }
    }

    fn groups(
        &self,
        query: &BoundQuery,
        groups: &Groups,
        found: &[(usize, Truth)],
    ) -> (Vec<(Vec<String>, bool)>, u64, u64) {
        let mut base: Vec<BaseRow> = Vec::new();
        for (at, truth) in found {
            let mut env = Rows::from([(0, Some((query.noun, *at)))]);
            self.expand(&mut env, &groups.expansions, *truth == True, &mut |env, sure| {
                let keys = groups.keys.iter().map(|key| self.group_key(env, key)).collect();
                base.push(BaseRow { at: *at, env: env.clone(), sure, keys });
            });
        }
        let mut made: Vec<Vec<GroupKey>> = Vec::new();
        for row in &base {
            if !made.iter().any(|keys| same_keys(keys, &row.keys)) {
                made.push(row.keys.clone());
            }
        }
        if groups.keys.is_empty() {
            made = vec![Vec::new()];
        }
        let possible_wanted = groups.aggregates.contains(&Aggregate::CountPossible);
        let mut shown: Vec<(Vec<Key>, Vec<String>, bool)> = Vec::new();
        let (mut certain, mut besides) = (0, 0);
        for keys in &made {
            let group = self.group(query, groups, &base, keys);
            let there = groups.keys.is_empty() || if possible_wanted { group.possible > 0 } else { group.count > 0 };
            let having = groups.having.as_ref().map_or(True, |having| group.truth(groups, &having.condition));
            let sure = there && having == True;
            certain += u64::from(sure);
            besides += u64::from(!sure && having != False);
            if !sure {
                continue;
            }
            let mut order = Vec::new();
            for key in &query.order {
                order.extend(
                    group
                        .sorted(groups, &key.value)
                        .into_iter()
                        .enumerate()
                        .map(|(n, part)| part.down(n > 0 && key.descending)),
                );
            }
            let downwards = query.order.last().is_some_and(|order| order.descending);
            for position in 0..groups.keys.len() {
                let parts = group.sorted(groups, &Scalar::Key(position));
                order.extend(parts.into_iter().enumerate().map(|(n, part)| part.down(n > 0 && downwards)));
            }
            let cells = groups.columns.iter().map(|column| group.show(&column.value)).collect();
            shown.push((order, cells, true));
        }
        shown.sort_by(|a, b| compare_keys(&a.0, &b.0));
        let rows = cut(shown.into_iter().map(|(_, cells, sure)| (cells, sure)), query.limit);
        if groups.keys.is_empty() { (rows, 1, 1) } else { (rows, certain, certain + besides) }
    }

    /// Each way through the expansions; where an element is missing there is one way without it.
    fn expand(&self, rows: &mut Rows, expansions: &[Element], sure: bool, each: &mut dyn FnMut(&mut Rows, bool)) {
        let Some((first, rest)) = expansions.split_first() else { return each(rows, sure) };
        let elements = match first.base().and_then(|base| rows.get(&base.row)) {
            Some(None) => Vec::new(),
            _ => self.elements(rows, first),
        };
        if elements.is_empty() {
            rows.insert(first.row, None);
            self.expand(rows, rest, sure, each);
        }
        for (at, surely) in elements {
            rows.insert(first.row, Some((first.noun, at)));
            self.expand(rows, rest, sure && surely == True, each);
        }
        rows.remove(&first.row);
    }

    fn group_key(&self, rows: &mut Rows, key: &Scalar) -> GroupKey {
        let identity = self.identity(rows, key);
        let without = key.row().is_some_and(|row| matches!(rows.get(&row), Some(None)));
        let unknown = self.scalar(rows, key) == Known::Unknown;
        let state = match (&identity, without, unknown) {
            (Some(_), ..) => 0,
            (None, true, _) => 1,
            (None, false, true) => 2,
            _ => 1,
        };
        let bounds = match key {
            Scalar::Period { unit, date } => self.date(rows, date).0.map(|bounds| period_bounds(*unit, bounds)),
            _ => None,
        };
        let order = if key.kind(None) == Type::Date { self.sorted(rows, key) } else { Vec::new() };
        let is_period = matches!(key, Scalar::Period { .. });
        GroupKey { identity, shown: self.shown(rows, key), state, bounds, is_period, order }
    }

    fn group(&self, query: &BoundQuery, groups: &Groups, base: &[BaseRow], keys: &[GroupKey]) -> Group {
        let inside: Vec<&BaseRow> = base.iter().filter(|row| row.sure && same_keys(&row.keys, keys)).collect();
        let distinct = |rows: &mut dyn Iterator<Item = usize>| {
            let mut all: Vec<usize> = rows.collect();
            all.sort_unstable();
            all.dedup();
            all.len() as i64
        };
        let count = distinct(&mut inside.iter().map(|row| row.at));
        let reach = base.iter().filter(|row| row.keys.iter().zip(keys).all(|(other, key)| other.may_be(key)));
        let possible = distinct(&mut reach.map(|row| row.at));
        let aggregates = groups
            .aggregates
            .iter()
            .map(|aggregate| self.aggregate(query, aggregate, &inside, count, possible))
            .collect();
        Group { count, possible, keys: keys.to_vec(), aggregates }
    }

    fn aggregate(
        &self,
        query: &BoundQuery,
        aggregate: &Aggregate,
        inside: &[&BaseRow],
        count: i64,
        possible: i64,
    ) -> Made {
        match aggregate {
            Aggregate::Count => Made::Value(Some(Value::Integer(count))),
            Aggregate::CountPossible => Made::Value(Some(Value::Integer(possible))),
            Aggregate::CountDistinct { elements, value } => {
                let all = self.values(query, inside, elements, value);
                Made::Value(Some(Value::Integer(all.iter().filter(|(identity, _)| identity.is_some()).count() as i64)))
            }
            Aggregate::List { elements, value } => {
                let all = self.values(query, inside, elements, value);
                Made::Value(Some(Value::List(all.into_iter().map(|(_, shown)| shown).collect())))
            }
            Aggregate::Min(value) | Aggregate::Max(value) if value.kind(None) == Type::Date => {
                let least = matches!(aggregate, Aggregate::Min(_));
                let all: Vec<Bounds> = inside.iter().filter_map(|row| self.date(&row.env, value).0).collect();
                let pick = |part: &dyn Fn(&Bounds) -> Day| {
                    if least { all.iter().map(part).min() } else { all.iter().map(part).max() }
                };
                let days = if least {
                    (pick(&|b| b.start_min), pick(&|b| b.start_max))
                } else {
                    (pick(&|b| b.end_min), pick(&|b| b.end_max))
                };
                Made::Days(days.0.zip(days.1))
            }
            Aggregate::Min(value) | Aggregate::Max(value) => {
                let all = inside.iter().filter_map(|row| self.scalar(&mut row.env.clone(), value).value());
                let least = matches!(aggregate, Aggregate::Min(_));
                Made::Value(all.reduce(|a, b| if (order(&a, &b, false) == Ordering::Greater) == least { b } else { a }))
            }
            Aggregate::Sum(value) | Aggregate::Avg(value) => {
                let mut seen = Vec::new();
                let mut numbers = Vec::new();
                for row in inside {
                    if !seen.contains(&row.at) {
                        seen.push(row.at);
                        numbers.extend(self.scalar(&mut row.env.clone(), value).value().as_ref().and_then(number));
                    }
                }
                let sum: f64 = numbers.iter().sum();
                let result = if matches!(aggregate, Aggregate::Avg(_)) { sum / numbers.len() as f64 } else { sum };
                Made::Value((!numbers.is_empty()).then_some(Value::Number(result)))
            }
            other => panic!("the evaluator does not know {other:?} yet"),
        }
    }

    /// The different values of a group's rows, in the order of the rows and their elements (or of the last elements).
    fn values(
        &self,
        query: &BoundQuery,
        inside: &[&BaseRow],
        elements: &[Element],
        value: &Scalar,
    ) -> Vec<(Option<Value>, Option<Value>)> {
        let Shape::Groups(groups) = &query.shape else { return Vec::new() };
        let mut found: Vec<(Vec<i64>, Option<Value>, Option<Value>)> = Vec::new();
        let rank = |env: &Rows, element: &Element| env[&element.row].map_or(-1, |(noun, at)| self.rank(noun, at));
        for row in inside {
            let mut env = row.env.clone();
            self.every_way(&mut env, elements, True, &mut |env, truth| {
                let ranks = match elements.last() {
                    Some(element) => vec![rank(env, element)],
                    None => {
                        let elements = groups.expansions.iter().map(|element| rank(env, element));
                        std::iter::once(self.rank(query.noun, row.at)).chain(elements).collect()
                    }
                };
                if truth == True {
                    found.push((ranks, self.identity(env, value), self.shown(env, value)));
                }
            });
        }
        let mut made: Vec<(Vec<i64>, Option<Value>, Option<Value>)> = Vec::new();
        for (ranks, identity, shown) in found {
            match made.iter_mut().find(|(_, known, _)| *known == identity) {
                Some(group) => group.0.iter_mut().zip(ranks).for_each(|(least, rank)| *least = (*least).min(rank)),
                None => made.push((ranks, identity, shown)),
            }
        }
        made.sort_by(|a, b| a.0.cmp(&b.0));
        made.into_iter().map(|(_, identity, shown)| (identity, shown)).collect()
    }
}

struct BaseRow {
    at: usize,
    env: Rows,
    sure: bool,
    keys: Vec<GroupKey>,
}

#[derive(Clone, Debug)]
struct GroupKey {
    identity: Option<Value>,
    shown: Option<Value>,
    state: u8,
    bounds: Option<(i64, i64)>,
    is_period: bool,
    order: Vec<Key>,
}

impl GroupKey {
    fn may_be(&self, group: &GroupKey) -> bool {
        if self.state == group.state && self.identity == group.identity {
            return true;
        }
        let reach = match (self.is_period, self.bounds, &group.identity) {
            (false, ..) => true,
            (true, Some((low, high)), Some(Value::Integer(at) | Value::Period(_, at))) => low <= *at && high >= *at,
            _ => false,
        };
        self.state == 2 && group.state == 0 && reach
    }
}

fn same_keys(one: &[GroupKey], other: &[GroupKey]) -> bool {
    one.iter().zip(other).all(|(a, b)| a.state == b.state && a.identity == b.identity)
}

enum Made {
    Value(Option<Value>),
    Days(Option<(Day, Day)>),
}

struct Group {
    count: i64,
    possible: i64,
    keys: Vec<GroupKey>,
    aggregates: Vec<Made>,
}

impl Group {
    fn value(&self, scalar: &Scalar) -> Option<Value> {
        match scalar {
            Scalar::Key(at) => self.keys[*at].shown.clone(),
            Scalar::Aggregate(at) => match &self.aggregates[*at] {
                Made::Value(value) => value.clone(),
                Made::Days(days) => days.map(|(first, _)| Value::Integer(first)),
            },
            Scalar::Integer(number) => Some(Value::Integer(*number)),
            Scalar::Number(number) => Some(Value::Number(*number)),
            Scalar::Text(text) => Some(Value::Text(text.clone())),
            Scalar::Negative(inner) => {
                arithmetic(ArithmeticOperator::Minus, Value::Integer(0), self.value(inner)?).value()
            }
            Scalar::Arithmetic { operator, left, right } => {
                arithmetic(*operator, self.value(left)?, self.value(right)?).value()
            }
            _ => None,
        }
    }

    fn show(&self, scalar: &Scalar) -> String {
        match scalar {
            Scalar::Key(at) if self.keys[*at].state == 1 => "none".to_string(),
            Scalar::Key(at) if self.keys[*at].state == 2 => show(None),
            Scalar::Aggregate(at) => match &self.aggregates[*at] {
                Made::Days(Some((first, last))) => VagueDate::from_bounds(Bounds::within(*first, *last), true).text,
                Made::Days(None) => show(None),
                Made::Value(value) => show(value.clone()),
            },
            _ => show(self.value(scalar)),
        }
    }

    fn sorted(&self, groups: &Groups, scalar: &Scalar) -> Vec<Key> {
        let kind = scalar.kind(Some(groups));
        let shown = self.value(scalar);
        let missing = match scalar {
            Scalar::Key(at) => Key::Number(Some(f64::from(self.keys[*at].state))),
            _ => Key::missing(shown.is_none()),
        };
        match scalar {
            Scalar::Key(at) if kind == Type::Date => {
                let text = text_keys(shown).pop();
                std::iter::once(missing).chain(self.keys[*at].order.iter().cloned()).chain(text).collect()
            }
            _ if matches!(kind, Type::Text | Type::Entity(_) | Type::Word(_)) => {
                std::iter::once(missing).chain(text_keys(shown).into_iter().skip(1)).collect()
            }
            _ => vec![missing, Key::Number(shown.as_ref().and_then(number))],
        }
    }

    fn truth(&self, groups: &Groups, condition: &Condition) -> Truth {
        match condition {
            Condition::And(parts) => parts.iter().map(|part| self.truth(groups, part)).min().unwrap_or(True),
            Condition::Or(parts) => parts.iter().map(|part| self.truth(groups, part)).max().unwrap_or(False),
            Condition::Not(inner) => self.truth(groups, inner).not(),
            Condition::Possibly(inner) => Truth::of(self.truth(groups, inner) != False),
            Condition::Certainly(inner) => Truth::of(self.truth(groups, inner) == True),
            Condition::Compare { operator, left, right } => {
                if *operator == CompareOperator::NotEqual {
                    let equal = Condition::Compare {
                        operator: CompareOperator::Equal,
                        left: left.clone(),
                        right: right.clone(),
                    };
                    return self.truth(groups, &equal).not();
                }
                let (a, b) = (self.interval(groups, left), self.interval(groups, right));
                let (certain, possible) = match operator {
                    CompareOperator::Less => (a.1 < b.0, a.0 < b.1),
                    CompareOperator::LessOrEqual => (a.1 <= b.0, a.0 <= b.1),
                    CompareOperator::Greater => (a.0 > b.1, a.1 > b.0),
                    CompareOperator::GreaterOrEqual => (a.0 >= b.1, a.1 >= b.0),
                    _ => (a.0 == b.1 && a.1 == b.0, a.0 <= b.1 && a.1 >= b.0),
                };
                Truth::between(certain, possible)
            }
            other => panic!("the evaluator does not know {other:?} in HAVING"),
        }
    }

    /// Only counts and whole numbers: what the random queries compare.
    fn interval(&self, groups: &Groups, scalar: &Scalar) -> (i64, i64) {
        match scalar {
            Scalar::Aggregate(at) if groups.aggregates[*at] == Aggregate::Count => (self.count, self.possible),
            Scalar::Integer(number) => (*number, *number),
            other => panic!("the evaluator does not know {other:?} in HAVING"),
        }
    }
}

// Small change

fn pairs(model: &Model) -> Vec<Entry> {
    let all = model.of(NounId::Participants);
    let mut made = Vec::new();
    let mut lines: Vec<usize> = (0..all.len()).collect();
    lines.sort_by_key(|at| all[*at].place.line);
    for (position, first) in lines.iter().enumerate() {
        for second in &lines[position + 1..] {
            if all[*first].one.get("meeting") == all[*second].one.get("meeting") {
                let mut entry = Entry {
                    key: format!("{}+{}", all[*first].key, all[*second].key),
                    label: format!("{} – {}", all[*first].label, all[*second].label),
                    ..Entry::default()
                };
                entry.one.insert("meeting", all[*first].one["meeting"]);
                entry.one.insert("first", *first);
                entry.one.insert("second", *second);
                made.push(entry);
            }
        }
    }
    made
}

/// A period whose own days are vague: surely, whichever they are; possibly, for some of them.
fn relate(date: Bounds, relation: DateRelation, first: Option<Edge>, last: Option<Edge>) -> Truth {
    let days = |edge: Option<Edge>| match edge {
        None => vec![None],
        Some(Edge { min, max }) => (min..=max).map(Some).collect(),
    };
    let mut all = Vec::new();
    for first in days(first) {
        all.extend(days(last).into_iter().map(|last| relate_exactly(date, relation, first, last)));
    }
    let certain = all.iter().all(|truth| *truth == True);
    Truth::between(certain, all.iter().any(|truth| *truth != False))
}

fn relate_exactly(date: Bounds, relation: DateRelation, first: Option<Day>, last: Option<Day>) -> Truth {
    let from = |day: Day| first.is_none_or(|first| day >= first);
    let to = |day: Day| last.is_none_or(|last| day <= last);
    match relation {
        DateRelation::Since => Truth::between(from(date.start_min), from(date.start_max)),
        DateRelation::Until => Truth::between(to(date.end_max), to(date.end_min)),
        DateRelation::After => {
            let after = |day: Day| last.is_none_or(|last| day > last);
            Truth::between(after(date.start_min), after(date.start_max))
        }
        DateRelation::Before => {
            let before = |day: Day| first.is_none_or(|first| day < first);
            Truth::between(before(date.end_max), before(date.end_min))
        }
        DateRelation::During => {
            Truth::between(from(date.start_min) && to(date.end_max), from(date.start_max) && to(date.end_min))
        }
        DateRelation::Overlaps => {
            Truth::between(to(date.start_max) && from(date.end_min), to(date.start_min) && from(date.end_max))
        }
    }
}

fn period_bounds(unit: Unit, bounds: Bounds) -> (i64, i64) {
    if unit == Unit::Weekday && bounds.start_min != bounds.start_max {
        return (1, 7);
    }
    (unit.number(bounds.start_min), unit.number(bounds.start_max))
}

fn number(value: &Value) -> Option<f64> {
    match value {
        Value::Integer(number) => Some(*number as f64),
        Value::Number(number) => Some(*number),
        Value::Period(_, number) => Some(*number as f64),
        _ => None,
    }
}

fn arithmetic(operator: ArithmeticOperator, a: Value, b: Value) -> Known {
    let whole = match (&a, &b) {
        (Value::Integer(a), Value::Integer(b)) => Some((*a, *b)),
        _ => None,
    };
    let (Some(x), Some(y)) = (number(&a), number(&b)) else { return Known::Nothing };
    Known::Is(match (operator, whole) {
        (ArithmeticOperator::Plus, Some((a, b))) => Value::Integer(a + b),
        (ArithmeticOperator::Minus, Some((a, b))) => Value::Integer(a - b),
        (ArithmeticOperator::Times, Some((a, b))) => Value::Integer(a * b),
        (ArithmeticOperator::Plus, None) => Value::Number(x + y),
        (ArithmeticOperator::Minus, None) => Value::Number(x - y),
        (ArithmeticOperator::Times, None) => Value::Number(x * y),
        (ArithmeticOperator::Divide, _) if y == 0.0 => return Known::Nothing,
        (ArithmeticOperator::Divide, _) => Value::Number(x / y),
    })
}

fn order(a: &Value, b: &Value, folded: bool) -> Ordering {
    match (a, b) {
        (Value::Text(a), Value::Text(b)) if folded => fold(a).cmp(&fold(b)),
        (Value::Text(a), Value::Text(b)) => a.cmp(b),
        (Value::Row(..), Value::Row(..)) => {
            if a == b {
                Ordering::Equal
            } else {
                Ordering::Less
            }
        }
        _ => number(a).partial_cmp(&number(b)).unwrap_or(Ordering::Equal),
    }
}

fn holds(operator: CompareOperator, order: Ordering) -> bool {
    match operator {
        CompareOperator::Equal => order == Ordering::Equal,
        CompareOperator::NotEqual => order != Ordering::Equal,
        CompareOperator::Less => order == Ordering::Less,
        CompareOperator::LessOrEqual => order != Ordering::Greater,
        CompareOperator::Greater => order == Ordering::Greater,
        CompareOperator::GreaterOrEqual => order != Ordering::Less,
    }
}

/// A row that POSSIBLY let in is one that would not be there without the word.
fn without_possibly(condition: &Condition) -> Condition {
    match condition {
        Condition::Possibly(inner) => without_possibly(inner),
        Condition::Not(inner) => Condition::Not(Box::new(without_possibly(inner))),
        Condition::Certainly(inner) => Condition::Certainly(Box::new(without_possibly(inner))),
        Condition::And(parts) => Condition::And(parts.iter().map(without_possibly).collect()),
        Condition::Or(parts) => Condition::Or(parts.iter().map(without_possibly).collect()),
        Condition::Quantified { quantifier, elements, condition } => Condition::Quantified {
            quantifier: *quantifier,
            elements: elements.clone(),
            condition: Box::new(without_possibly(condition)),
        },
        Condition::Related { condition, .. } => without_possibly(condition),
        other => other.clone(),
    }
}

/// One part of what rows are sorted by.
#[derive(Clone, Debug)]
enum Key {
    Number(Option<f64>),
    Text(Option<String>),
    Down(Box<Key>),
}

impl Key {
    fn missing(missing: bool) -> Key {
        Key::Number(Some(f64::from(u8::from(missing))))
    }

    fn down(self, down: bool) -> Key {
        if down { Key::Down(Box::new(self)) } else { self }
    }
}

fn text_keys(shown: Option<Value>) -> Vec<Key> {
    let text = match shown {
        Some(Value::Text(text)) => Some(text),
        _ => None,
    };
    vec![Key::missing(text.is_none()), Key::Text(text.as_deref().map(fold)), Key::Text(text)]
}

fn compare_keys(a: &[Key], b: &[Key]) -> Ordering {
    a.iter().zip(b).map(|(a, b)| compare_key(a, b)).find(|order| *order != Ordering::Equal).unwrap_or(Ordering::Equal)
}

fn compare_key(a: &Key, b: &Key) -> Ordering {
    match (a, b) {
        (Key::Number(a), Key::Number(b)) => a.partial_cmp(b).unwrap_or(Ordering::Equal),
        (Key::Text(a), Key::Text(b)) => a.cmp(b),
        (Key::Down(a), Key::Down(b)) => compare_key(b, a),
        _ => Ordering::Equal,
    }
}

fn cut<T>(rows: impl Iterator<Item = T>, limit: Option<(u64, u64)>) -> Vec<T> {
    match limit {
        Some((count, offset)) => rows.skip(offset as usize).take(count as usize).collect(),
        None => rows.collect(),
    }
}

/// As a cell is compared: numbers without regard to how they are stored.
pub fn show(value: Option<Value>) -> String {
    match value {
        None => "∅".to_string(),
        Some(Value::Integer(number)) => format!("{:.6}", number as f64),
        Some(Value::Number(number)) => format!("{number:.6}"),
        Some(Value::Text(text)) => text,
        Some(Value::Row(noun, at)) => format!("{noun:?} {at}"),
        Some(Value::Period(unit, number)) => Period { unit, number }.to_string(),
        Some(Value::List(items)) => format!("[{}]", items.into_iter().map(show).collect::<Vec<_>>().join("|")),
    }
}
