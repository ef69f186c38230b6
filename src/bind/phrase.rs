//! Phrases to conditions: WITH, WITHOUT, IN, AT, ABOUT, BY, TO and the date phrases.

use super::Binder;
use super::period::Days;
use super::tree::{AsOf, Condition, Element, PathRef, PlaceRef, Scalar, Step, Thing};
use crate::catalog::{NounId, When};
use crate::diagnostic::binding;
use crate::span::Span;
use crate::syntax::ast::{Certainty, DatePeriod, DateRelation, Item, Phrase, PhraseKind, Quantifier};
use crate::value::date::Day;

/// A phrase as the catalogue of phrases has it: which nouns take it, and names of which kinds stand in it.
#[derive(Debug)]
pub struct PhraseRule {
    pub keyword: &'static str,
    pub help: &'static str,
    pub nouns: &'static [NounId],
    pub kinds: &'static [NounId],
}

use NounId::*;

pub(super) const PARTIES: &[NounId] = &[Leaders, Countries, Regions, Groups];
pub(super) const AREAS: &[NounId] = &[Places, Countries, Regions, Groups];

pub static PHRASES: &[PhraseRule] = &[
    PhraseRule { keyword: "WITH", help: "took part", nouns: &[Meetings, Events, Pairs], kinds: PARTIES },
    PhraseRule { keyword: "WITHOUT", help: "did not take part", nouns: &[Meetings, Events, Pairs], kinds: PARTIES },
    PhraseRule { keyword: "IN", help: "held there", nouns: &[Meetings, Visits, Events], kinds: AREAS },
    PhraseRule { keyword: "AT", help: "at that event or venue", nouns: &[Meetings], kinds: &[Events, Places] },
    PhraseRule { keyword: "ABOUT", help: "that topic came up", nouns: &[Meetings], kinds: &[Topics] },
    PhraseRule {
        keyword: "BY",
        help: "that leader, or a leader of it, travelled",
        nouns: &[Visits, Journeys],
        kinds: PARTIES,
    },
    PhraseRule { keyword: "TO", help: "went there", nouns: &[Visits, Journeys], kinds: AREAS },
    PhraseRule {
        keyword: "ACCORDING TO",
        help: "as that publication tells it",
        nouns: &[Meetings, Visits, Events],
        kinds: &[Publications],
    },
];

/// The rule of the phrase with that keyword; `None` for the date phrases, which every dated noun takes.
pub fn rule(keyword: &str) -> Option<&'static PhraseRule> {
    PHRASES.iter().find(|rule| rule.keyword == keyword)
}

/// Each participant asked for is told apart from all before it, so that the condition grows with the square.
const MOST_PARTIES: usize = 10;

/// Things that one item of WITH may be.
struct Party {
    alternatives: Vec<Thing>,
    certainty: Option<Certainty>,
    span: Span,
}

impl Binder<'_> {
    /// The phrases' conditions with the span of each; all WITH phrases together make one.
    pub(super) fn phrases(&mut self, here: &PathRef, phrases: &[Phrase]) -> Vec<(Condition, Vec<Span>)> {
        let noun = here.noun;
        let mut conditions = Vec::new();
        let mut parties = Vec::new();
        let mut spans = Vec::new();
        for phrase in phrases {
            if let PhraseKind::With(items) = &phrase.kind {
                self.takes(noun, "WITH", phrase.span);
                parties.extend(items.iter().filter_map(|item| self.party(item, phrase.certainty)));
                spans.push(phrase.span);
            }
        }
        if let Some(extra) = parties.get(MOST_PARTIES) {
            let _: Option<()> = self.report(binding::too_many_names(extra.span, MOST_PARTIES));
            parties.truncate(MOST_PARTIES);
        }
        self.query.first_item = parties.first().map(|party| party.alternatives.clone());
        let single = parties.iter().filter_map(|party| match party.alternatives.as_slice() {
            [only] => Some(only.clone()),
            _ => None,
        });
        self.query.reach.parties = single.collect();
        if !parties.is_empty() && rule("WITH").is_some_and(|rule| rule.nouns.contains(&noun)) {
            conditions.extend(self.all_different(here, &parties).map(|condition| (condition, spans)));
        }
        for phrase in phrases {
            if let Some(condition) = self.phrase(here, phrase) {
                conditions.push((self.with_certainty(phrase.certainty, condition), vec![phrase.span]));
            }
        }
        conditions
    }

    pub(super) fn with_certainty(&mut self, certainty: Option<Certainty>, condition: Condition) -> Condition {
        match certainty {
            None => condition,
            Some(Certainty::Possibly) => {
                self.query.marked = true;
                Condition::Possibly(Box::new(condition))
            }
            Some(Certainty::Certainly) => Condition::Certainly(Box::new(condition)),
        }
    }

    fn phrase(&mut self, here: &PathRef, phrase: &Phrase) -> Option<Condition> {
        let noun = here.noun;
        match &phrase.kind {
            PhraseKind::With(_) => None,
            PhraseKind::AccordingTo(name) => {
                let kinds = self.takes(noun, "ACCORDING TO", phrase.span)?;
                if self.query.according.is_some() {
                    return self.report(binding::two_publications(phrase.span));
                }
                self.query.according = Some(self.resolve(name, kinds)?);
                None
            }
            PhraseKind::Without(item) => {
                self.takes(noun, "WITHOUT", phrase.span)?;
                let party = self.party(item, None)?;
                let matched = self.any_party(here, &party);
                Some(Condition::Not(Box::new(matched)))
            }
            PhraseKind::In(name) => {
                let kinds = self.takes(noun, "IN", phrase.span)?;
                let thing = self.resolve(name, kinds)?;
                self.query.reach.areas.push(thing.clone());
                self.located(here, thing)
            }
            PhraseKind::At(name) => {
                let kinds = self.takes(noun, "AT", phrase.span)?;
                let thing = self.resolve(name, kinds)?;
                match thing.noun {
                    Events => Some(Condition::Is { entity: here.along("event")?, things: vec![thing] }),
                    _ => self.located(here, thing),
                }
            }
            PhraseKind::About(name) => {
                let kinds = self.takes(noun, "ABOUT", phrase.span)?;
                let thing = self.resolve(name, kinds)?;
                let topic = self.plain_element(here, "topics")?;
                let entity = PathRef::row(topic.row, topic.noun);
                Some(any(vec![topic], Condition::Is { entity, things: vec![thing] }))
            }
            PhraseKind::By(name) => {
                let kinds = self.takes(noun, "BY", phrase.span)?;
                let thing = self.resolve(name, kinds)?;
                self.query.reach.parties.push(thing.clone());
                self.travelled(here, thing)
            }
            PhraseKind::To(name) => {
                let kinds = self.takes(noun, "TO", phrase.span)?;
                let thing = self.resolve(name, kinds)?;
                self.query.reach.areas.push(thing.clone());
                self.destination(here, thing)
            }
            PhraseKind::Date { relation, period } => {
                let condition = self.date_phrase(here, phrase, *relation, period)?;
                if let Condition::Date { relation, first, last, .. } = &condition {
                    self.reaches(*relation, first.map(|edge| edge.min), last.map(|edge| edge.max));
                }
                Some(condition)
            }
        }
    }

    /// What a date phrase says of the days between which the rows lie.
    fn reaches(&mut self, relation: DateRelation, first: Option<Day>, last: Option<Day>) {
        let (from, to) = match relation {
            DateRelation::Since => (first, None),
            DateRelation::After => (last.map(|day| day + 1), None),
            DateRelation::Before => (None, first.map(|day| day - 1)),
            DateRelation::Until => (None, last),
            DateRelation::During | DateRelation::Overlaps => (first, last),
        };
        let reach = &mut self.query.reach;
        reach.first = reach.first.max(from);
        reach.last = match (reach.last, to) {
            (Some(known), Some(day)) => Some(known.min(day)),
            (known, day) => known.or(day),
        };
    }

    /// The traveller is that leader, or a leader of that country, region or group.
    pub(super) fn travelled(&mut self, here: &PathRef, thing: Thing) -> Option<Condition> {
        let leader = here.along("leader")?;
        match thing.noun {
            Leaders => Some(Condition::Is { entity: leader, things: vec![thing] }),
            _ => {
                let as_of = self.as_of(&leader);
                Some(Condition::Belongs { country: leader.along("country")?, thing, as_of })
            }
        }
    }

    /// The kinds of name that a phrase takes, if the noun takes the phrase.
    fn takes(&mut self, noun: NounId, keyword: &'static str, span: Span) -> Option<&'static [NounId]> {
        let rule = rule(keyword)?;
        if rule.nouns.contains(&noun) {
            return Some(rule.kinds);
        }
        let takers: Vec<&str> = rule.nouns.iter().map(|noun| noun.noun().name).collect();
        let text = self.text(span);
        let begins = text.get(..keyword.len()).is_some_and(|word| word.eq_ignore_ascii_case(keyword));
        let rest = begins.then(|| text[keyword.len()..].to_string());
        let swapped = |word: &str| rest.as_ref().map(|rest| format!("{word}{rest}"));
        let instead = match (keyword, noun) {
            ("WITH", Visits | Journeys) if !text.contains(" AND ") => swapped("BY"),
            ("IN" | "AT", Journeys) | ("AT", Visits) => swapped("TO"),
            ("TO", Meetings | Events) => swapped("IN"),
            ("BY", Meetings | Events | Pairs) => swapped("WITH"),
            _ => None,
        };
        self.report(binding::phrase_not_taken(span, keyword, noun.noun().name, &takers, instead.as_deref()))
    }

    fn party(&mut self, item: &Item, certainty: Option<Certainty>) -> Option<Party> {
        let alternatives: Vec<Thing> =
            item.alternatives.iter().filter_map(|name| self.resolve(name, PARTIES)).collect();
        if certainty == Some(Certainty::Possibly) {
            self.query.marked = true;
        }
        (alternatives.len() == item.alternatives.len()).then_some(Party { alternatives, certainty, span: item.span })
    }

    /// There are different participants, one for each party.
    fn all_different(&mut self, here: &PathRef, parties: &[Party]) -> Option<Condition> {
        if here.noun == Pairs {
            return self.pair_of(here, parties);
        }
        let mut elements: Vec<Vec<Element>> = Vec::new();
        for _ in parties {
            elements.push(self.participant_elements(here)?);
        }
        let mut condition: Option<Condition> = None;
        for (position, party) in parties.iter().enumerate().rev() {
            let participant = last_row(&elements[position])?;
            let mut parts = vec![self.is_party(&participant, party)];
            for earlier in &elements[..position] {
                parts.push(Condition::Different(last_row(earlier)?, participant.clone()));
            }
            parts.extend(condition.take());
            condition = Some(any(elements[position].clone(), all(parts)));
        }
        condition
    }

    fn pair_of(&mut self, here: &PathRef, parties: &[Party]) -> Option<Condition> {
        let (first, second) = (here.along("first")?, here.along("second")?);
        match parties {
            [one] => Some(Condition::Or(vec![self.is_party(&first, one), self.is_party(&second, one)])),
            [one, other] => Some(Condition::Or(vec![
                Condition::And(vec![self.is_party(&first, one), self.is_party(&second, other)]),
                Condition::And(vec![self.is_party(&first, other), self.is_party(&second, one)]),
            ])),
            [_, _, third, ..] => self.report(binding::too_many_for_a_pair(third.span)),
            [] => None,
        }
    }

    /// One participant at least is the party.
    fn any_party(&mut self, here: &PathRef, party: &Party) -> Condition {
        if here.noun == Pairs {
            return self.pair_of(here, std::slice::from_ref(party)).unwrap_or(Condition::Or(Vec::new()));
        }
        match self.participant_elements(here) {
            Some(elements) => match last_row(&elements) {
                Some(participant) => any(elements, self.is_party(&participant, party)),
                None => Condition::Or(Vec::new()),
            },
            None => Condition::Or(Vec::new()),
        }
    }

    fn is_party(&mut self, participant: &PathRef, party: &Party) -> Condition {
        let condition = self.is_one_of(participant, &party.alternatives);
        self.with_certainty(party.certainty, condition)
    }

    pub(super) fn is_one_of(&mut self, participant: &PathRef, things: &[Thing]) -> Condition {
        let as_of = match participant.along("meeting") {
            Some(meeting) => AsOf::Row(Box::new(meeting)),
            None => AsOf::Reference,
        };
        let one = |thing: &Thing| Condition::Party {
            participant: participant.clone(),
            thing: thing.clone(),
            as_of: as_of.clone(),
        };
        match things {
            [only] => one(only),
            several => Condition::Or(several.iter().map(one).collect()),
        }
    }

    /// The participant at `here` is covered by the first item of WITH.
    pub(super) fn first_item_is(&mut self, here: &PathRef) -> Condition {
        let things = self.query.first_item.clone().unwrap_or_default();
        self.is_one_of(here, &things)
    }

    /// The steps from a meeting or an event to its participants.
    fn participant_elements(&mut self, here: &PathRef) -> Option<Vec<Element>> {
        if here.noun == Events {
            let meeting = self.plain_element(here, "meetings")?;
            let participant = self.plain_element(&PathRef::row(meeting.row, meeting.noun), "participants")?;
            return Some(vec![meeting, participant]);
        }
        Some(vec![self.plain_element(here, "participants")?])
    }

    /// A new element along an undated to-many link.
    pub(super) fn plain_element(&mut self, base: &PathRef, link: &str) -> Option<Element> {
        let link = base.noun.noun().link(link)?;
        let row = self.new_row(base, link.to);
        Some(Element::reached(row, base.clone(), Step { link, as_of: None }))
    }

    /// Held in a place, country, region or group.
    fn located(&mut self, here: &PathRef, thing: Thing) -> Option<Condition> {
        if here.noun == Visits {
            return self.destination(here, thing);
        }
        let country = here.along("host_country")?;
        if thing.noun == Places {
            return Some(Condition::Within { place: PlaceRef::One(here.along("place")?), country, thing });
        }
        let as_of = self.as_of(here);
        Some(Condition::Belongs { country, thing, as_of })
    }

    /// A visit to, or a journey with a visit to, a place, country, region or group.
    pub(super) fn destination(&mut self, here: &PathRef, thing: Thing) -> Option<Condition> {
        if here.noun == Journeys {
            let visit = self.plain_element(here, "visits")?;
            let inner = self.destination(&PathRef::row(visit.row, visit.noun), thing)?;
            return Some(any(vec![visit], inner));
        }
        let country = here.along("country")?;
        if thing.noun == Places {
            let places = self.plain_element(here, "places")?;
            return Some(Condition::Within { place: PlaceRef::Many(Box::new(places)), country, thing });
        }
        let as_of = self.as_of(here);
        Some(Condition::Belongs { country, thing, as_of })
    }

    pub(super) fn date_phrase(
        &mut self,
        here: &PathRef,
        phrase: &Phrase,
        relation: DateRelation,
        period: &DatePeriod,
    ) -> Option<Condition> {
        let Some(dated) = self.dated(here) else {
            let takers: Vec<&str> =
                crate::catalog::NOUNS.iter().filter(|noun| noun.when != When::Never).map(|noun| noun.name).collect();
            let keyword = phrase.keyword.text(self.source).to_uppercase();
            let noun = here.noun.noun().name;
            return self.report(binding::phrase_not_taken(phrase.span, &keyword, noun, &takers, None));
        };
        let days = self.days_of(period)?;
        self.date_condition(relation, Scalar::When(dated), &days)
    }

    /// The dated row whose date a row has.
    pub(super) fn dated(&self, here: &PathRef) -> Option<PathRef> {
        match here.noun.noun().when {
            When::Own => Some(here.clone()),
            When::Of(link) => here.along(link),
            When::Never => None,
        }
    }

    /// A date against a period; an end that the relation needs must be there.
    pub(super) fn date_condition(&mut self, relation: DateRelation, date: Scalar, period: &Days) -> Option<Condition> {
        let (first, last) = (period.first, period.last);
        let missing = match relation {
            DateRelation::Since | DateRelation::Before if first.is_none() => Some("first day"),
            DateRelation::After | DateRelation::Until if last.is_none() => Some("last day"),
            _ => None,
        };
        match missing {
            Some(side) => self.report(binding::open_period(period.span, side)),
            None => Some(Condition::Date { relation, date, first, last }),
        }
    }
}

fn last_row(elements: &[Element]) -> Option<PathRef> {
    elements.last().map(|element| PathRef::row(element.row, element.noun))
}

pub(super) fn any(elements: Vec<Element>, condition: Condition) -> Condition {
    Condition::Quantified { quantifier: Quantifier::Any, elements, condition: Box::new(condition) }
}

pub(super) fn all(mut parts: Vec<Condition>) -> Condition {
    match parts.len() {
        1 => parts.remove(0),
        _ => Condition::And(parts),
    }
}
