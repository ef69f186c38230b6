//! MET, VISITED, HOSTED, ATTENDED, and queries in brackets: whether there is a row of another noun for this one.

use super::condition::speaks_of_status;
use super::phrase::{AREAS, PARTIES, all, any};
use super::tree::{AttributeRef, Condition, Element, PathRef, Scalar, Thing};
use super::{Binder, QueryState, RowInSight};
use crate::catalog::vocabulary::HELD;
use crate::catalog::{NounId, Status};
use crate::diagnostic::binding;
use crate::span::Span;
use crate::syntax::ast::{CompareOperator, Name, Phrase, PhraseKind, Quantifier, Query, Relation};

/// A relation as the catalogue of relations has it.
#[derive(Debug)]
pub struct RelationRule {
    pub relation: Relation,
    pub keyword: &'static str,
    pub help: &'static str,
    /// Names of which kinds stand in it.
    pub kinds: &'static [NounId],
}

pub static RELATIONS: &[RelationRule] = &[
    RelationRule {
        relation: Relation::Met,
        keyword: "MET",
        help: "took part in a meeting with somebody else who is, or stands for, that name",
        kinds: PARTIES,
    },
    RelationRule { relation: Relation::Visited, keyword: "VISITED", help: "made a visit there", kinds: AREAS },
    RelationRule {
        relation: Relation::Hosted,
        keyword: "HOSTED",
        help: "was host of a meeting with that name; of a country: received a visit of that name",
        kinds: PARTIES,
    },
    RelationRule {
        relation: Relation::Attended,
        keyword: "ATTENDED",
        help: "took part in a meeting at that event",
        kinds: &[NounId::Events],
    },
];

/// The nouns whose rows stand in relations.
pub const RELATED: [NounId; 2] = [NounId::Leaders, NounId::Countries];

/// The date phrases as conditions, and all that the relation says.
type Said = (Vec<Condition>, Condition);

impl Binder<'_> {
    pub(super) fn relation(
        &mut self,
        relation: Relation,
        keyword: Span,
        name: &Name,
        phrases: &[Phrase],
        here: &PathRef,
    ) -> Option<Condition> {
        let rule = RELATIONS.iter().find(|rule| rule.relation == relation)?;
        if !RELATED.contains(&here.noun) {
            let takers: Vec<&str> = RELATED.iter().map(|noun| noun.noun().name).collect();
            return self.report(binding::relation_not_taken(keyword, rule.keyword, here.noun.noun().name, &takers));
        }
        let thing = self.resolve(name, rule.kinds)?;
        let named = thing.clone();
        let (dates, condition) = match relation {
            Relation::Visited => self.visited(thing, phrases, here),
            Relation::Hosted if here.noun == NounId::Countries => self.received(thing, phrases, here),
            Relation::Attended => self.attended(thing, phrases, here),
            _ => self.met(thing, phrases, here, relation == Relation::Hosted),
        }?;
        Some(Condition::Related { relation, thing: named, dates, condition: Box::new(condition) })
    }

    /// All rows of a noun, as a new row in sight.
    fn every(&mut self, noun: NounId) -> (Element, PathRef) {
        self.rows.push(RowInSight { noun, base: None });
        let row = self.rows.len() - 1;
        (Element::all(row, noun), PathRef::row(row, noun))
    }

    /// A meeting at which the row took part, and another participant is or stands for the thing.
    fn met(&mut self, thing: Thing, phrases: &[Phrase], here: &PathRef, host: bool) -> Option<Said> {
        let (meeting, at) = self.every(NounId::Meetings);
        let own = self.plain_element(&at, "participants")?;
        let other = self.plain_element(&at, "participants")?;
        let (own_row, other_row) = (PathRef::row(own.row, own.noun), PathRef::row(other.row, other.noun));
        let dates = self.dates(phrases, &at)?;
        let mut parts = dates.clone();
        parts.push(self.stands_for(&own_row, here)?);
        if host {
            let role = own_row.noun.noun().attribute("role")?;
            parts.push(Condition::Compare {
                operator: CompareOperator::Equal,
                left: Scalar::Attribute { at: own_row.clone(), attribute: AttributeRef(role) },
                right: Scalar::Text("host".to_string()),
            });
        }
        parts.push(Condition::Different(own_row, other_row.clone()));
        parts.push(self.is_one_of(&other_row, &[thing]));
        Some((dates, any(vec![meeting, own, other], all(parts))))
    }

    /// A participant is the leader, or stands for the country. One whose leader is not known is no leader: that is
    /// the one exception to "unknown is undecided".
    fn stands_for(&mut self, participant: &PathRef, here: &PathRef) -> Option<Condition> {
        let link = if here.noun == NounId::Leaders { "leader" } else { "country" };
        let same = same(participant.along(link)?, here);
        Some(if here.noun == NounId::Leaders { Condition::Certainly(Box::new(same)) } else { same })
    }

    fn visited(&mut self, thing: Thing, phrases: &[Phrase], here: &PathRef) -> Option<Said> {
        let (visit, at) = self.every(NounId::Visits);
        let dates = self.dates(phrases, &at)?;
        let mut parts = dates.clone();
        let leader = at.along("leader")?;
        let traveller = if here.noun == NounId::Leaders { leader } else { leader.along("country")? };
        parts.push(same(traveller, here));
        parts.push(self.destination(&at, thing)?);
        Some((dates, any(vec![visit], all(parts))))
    }

    fn received(&mut self, thing: Thing, phrases: &[Phrase], here: &PathRef) -> Option<Said> {
        let (visit, at) = self.every(NounId::Visits);
        let dates = self.dates(phrases, &at)?;
        let mut parts = dates.clone();
        parts.push(same(at.along("country")?, here));
        parts.push(self.travelled(&at, thing)?);
        Some((dates, any(vec![visit], all(parts))))
    }

    fn attended(&mut self, thing: Thing, phrases: &[Phrase], here: &PathRef) -> Option<Said> {
        let (meeting, at) = self.every(NounId::Meetings);
        let own = self.plain_element(&at, "participants")?;
        let own_row = PathRef::row(own.row, own.noun);
        let dates = self.dates(phrases, &at)?;
        let mut parts = dates.clone();
        parts.push(Condition::Is { entity: at.along("event")?, things: vec![thing] });
        parts.push(self.stands_for(&own_row, here)?);
        Some((dates, any(vec![meeting, own], all(parts))))
    }

    /// The date phrases behind a relation.
    fn dates(&mut self, phrases: &[Phrase], at: &PathRef) -> Option<Vec<Condition>> {
        let mut parts = Vec::new();
        for phrase in phrases {
            let PhraseKind::Date { relation, period } = &phrase.kind else { continue };
            let condition = self.date_phrase(at, phrase, *relation, period)?;
            parts.push(self.with_certainty(phrase.certainty, condition));
        }
        Some(parts)
    }

    /// `EXISTS (FROM …)`, `NONE (FROM …)`: a row of the query in brackets, which may speak of this one as `outer`.
    pub(super) fn exists(&mut self, negated: bool, query: &Query, here: &PathRef) -> Option<Condition> {
        let noun = self.noun(&query.noun)?.id;
        let extra = [
            query.having.as_ref().map(|having| having.span),
            query.group.first().map(|key| key.span),
            query.limit.as_ref().map(|limit| limit.span),
            query.cite,
        ];
        if let Some(span) = extra.into_iter().flatten().next() {
            return self.report(binding::only_rows_inside(span));
        }
        if let Some(span) = query.chart {
            return self.report(binding::chart_inside(span));
        }
        let (mut element, at) = self.every(noun);
        let mut outer = self.query.outer.clone();
        outer.push(here.clone());
        let inner = QueryState { from: at.row, outer, ..QueryState::default() };
        let known = std::mem::replace(&mut self.query, inner);
        let mistakes = self.diagnostics.len();
        let mut parts: Vec<Condition> =
            self.conjuncts(query, &at).into_iter().map(|conjunct| conjunct.condition).collect();
        let inner = std::mem::replace(&mut self.query, known);
        self.query.reference_date |= inner.reference_date;
        self.query.marked |= inner.marked;
        if self.diagnostics.len() > mistakes {
            return None;
        }
        let whole = all(parts.clone());
        let spoken_of = speaks_of_status(&whole, &at);
        element.held &= !spoken_of;
        if let (Status::Of(link), false) = (noun.noun().status, spoken_of) {
            let owner = at.along(link)?;
            let attribute = AttributeRef(owner.noun.noun().attribute("status")?);
            let status = Scalar::Attribute { at: owner, attribute };
            let held = Scalar::Text(HELD.to_string());
            parts.push(Condition::Compare { operator: CompareOperator::Equal, left: status, right: held });
        }
        element.origin = super::tree::Origin::All { according: inner.according };
        let quantifier = if negated { Quantifier::No } else { Quantifier::Any };
        Some(Condition::Quantified { quantifier, elements: vec![element], condition: Box::new(all(parts)) })
    }
}

fn same(one: PathRef, other: &PathRef) -> Condition {
    Condition::Compare {
        operator: CompareOperator::Equal,
        left: Scalar::Entity(one),
        right: Scalar::Entity(other.clone()),
    }
}
