//! Conditions in words: what a phrase or a part of WHERE asks for.

use super::sentence::{chain, joined, path, scalar};
use super::tree::{Condition, Element, Origin, PlaceRef, Scalar, Thing};
use crate::catalog::NounId;
use crate::syntax::ast::{CompareOperator, DateRelation, Quantifier, Relation};
use crate::value::date::{DayText, Edge};

/// One of the conditions that a query's sentence lists: "with Vladimir Putin", "from 2024-05-07 on", "where …".
pub fn clause(of: &Condition) -> String {
    if let Some(parties) = parties(of) {
        return format!("with {}", parties.join(" and "));
    }
    match of {
        Condition::Possibly(inner) => format!("possibly {}", clause(inner)),
        Condition::Certainly(inner) => format!("certainly {}", clause(inner)),
        Condition::Not(inner) if parties(inner).is_some() => clause(inner).replacen("with", "without", 1),
        Condition::Date { relation, date: Scalar::When(at), first, last } if at.row == 0 && at.steps.is_empty() => {
            own_date(*relation, *first, *last)
        }
        Condition::Holds(Scalar::Attribute { attribute, .. }) if attribute.0.name == "separate" => {
            "not going on from another".to_string()
        }
        other => format!("where {}", condition(other)),
    }
}

/// The names of WITH, one for each participant that is asked for, if the condition is of that kind.
fn parties(of: &Condition) -> Option<Vec<String>> {
    match of {
        Condition::Quantified { quantifier: Quantifier::Any, elements, condition }
            if elements.last().is_some_and(|element| element.noun == NounId::Participants) =>
        {
            let parts = match condition.as_ref() {
                Condition::And(parts) => parts.as_slice(),
                one => std::slice::from_ref(one),
            };
            let (first, rest) = parts.split_first()?;
            let mut names = vec![party(first)?];
            for part in rest.iter().filter(|part| !matches!(part, Condition::Different(..))) {
                names.extend(parties(part)?);
            }
            Some(names)
        }
        _ => None,
    }
}

/// One item of WITH.
fn party(of: &Condition) -> Option<String> {
    match of {
        Condition::Party { thing, .. } => Some(match thing.noun {
            NounId::Leaders => thing.label.clone(),
            NounId::Countries => format!("a party of {}", thing.label),
            _ => format!("a party of a country {}", membership(thing)),
        }),
        Condition::Or(parts) => {
            let names: Option<Vec<String>> = parts.iter().map(party).collect();
            names.map(|names| format!("({})", names.join(" or ")))
        }
        Condition::Possibly(inner) => party(inner).map(|name| format!("possibly {name}")),
        Condition::Certainly(inner) => party(inner).map(|name| format!("certainly {name}")),
        _ => None,
    }
}

/// A condition in words.
pub fn condition(of: &Condition) -> String {
    match of {
        Condition::And(parts) if parts.is_empty() => "anything".to_string(),
        Condition::Or(parts) if parts.is_empty() => "nothing".to_string(),
        Condition::And(parts) => joined(parts.iter().map(bracketed), " and "),
        Condition::Or(parts) => joined(parts.iter().map(bracketed), " or "),
        Condition::Not(inner) => negated(inner),
        Condition::Possibly(inner) => format!("possibly {}", bracketed(inner)),
        Condition::Certainly(inner) => format!("certainly {}", bracketed(inner)),
        Condition::Compare { operator, left, right } => {
            format!("{} {} {}", scalar(left, None), word(*operator), scalar(right, None))
        }
        Condition::Date { relation, date, first, last } => date_of(&scalar(date, None), *relation, *first, *last),
        Condition::Dates { operator, left, right } => {
            format!("{} {} {}", scalar(left, None), date_word(*operator), scalar(right, None))
        }
        Condition::Is { entity, things } => format!("{} is {}", path(entity), names(things)),
        Condition::Different(..) => "it is another participant".to_string(),
        Condition::Party { participant, .. } if participant.steps.is_empty() => {
            format!("it is {}", party(of).unwrap_or_default())
        }
        Condition::Party { participant, .. } => format!("{} is {}", path(participant), party(of).unwrap_or_default()),
        Condition::Belongs { country, thing, .. } => format!("{} is {}", path(country), belonging(thing)),
        Condition::Within { place, thing, .. } => {
            let place = match place {
                PlaceRef::One(at) => path(at),
                PlaceRef::Many(element) => format!("one of {}", chain(std::slice::from_ref(element))),
            };
            format!("{place} is or lies in {}", thing.label)
        }
        Condition::Like { value, pattern } => format!("{} is like '{pattern}'", scalar(value, None)),
        Condition::Contains { value, part } => format!("{} contains '{part}'", scalar(value, None)),
        Condition::Holds(value) => format!("{} is yes", scalar(value, None)),
        Condition::IsUnknown(value) => format!("{} is unknown", scalar(value, None)),
        Condition::Undecided => "what nobody claims to know".to_string(),
        Condition::Quantified { quantifier, elements, condition } => quantified(*quantifier, elements, condition),
        Condition::Related { relation, thing, dates, .. } => related(*relation, thing, dates),
    }
}

/// "met Vladimir Putin, from 2024-05-07 on"
fn related(relation: Relation, thing: &Thing, dates: &[Condition]) -> String {
    let verb = match relation {
        Relation::Met => "met",
        Relation::Visited => "visited",
        Relation::Hosted => "was host to",
        Relation::Attended => "attended",
    };
    let dates: String = dates.iter().map(|date| format!(", {}", when(date))).collect();
    format!("{verb} {}{dates}", belonging(thing))
}

fn when(of: &Condition) -> String {
    match of {
        Condition::Date { relation, first, last, .. } => own_date(*relation, *first, *last),
        Condition::Possibly(inner) => format!("possibly {}", when(inner)),
        Condition::Certainly(inner) => format!("certainly {}", when(inner)),
        other => condition(other),
    }
}

/// "and" and "or" inside each other need brackets.
fn bracketed(of: &Condition) -> String {
    match of {
        Condition::And(parts) | Condition::Or(parts) if parts.len() > 1 => format!("({})", condition(of)),
        _ => condition(of),
    }
}

fn negated(inner: &Condition) -> String {
    match inner {
        Condition::Is { entity, things } => format!("{} is not {}", path(entity), names(things)),
        Condition::Belongs { country, thing, .. } => format!("{} is not {}", path(country), belonging(thing)),
        Condition::IsUnknown(value) => format!("{} is known", scalar(value, None)),
        Condition::Holds(value) => format!("{} is not yes", scalar(value, None)),
        Condition::Related { .. } => format!("not: {}", condition(inner)),
        Condition::Like { value, pattern } => format!("{} is not like '{pattern}'", scalar(value, None)),
        Condition::Contains { value, part } => format!("{} does not contain '{part}'", scalar(value, None)),
        other => format!("it is not so that {}", bracketed(other)),
    }
}

fn quantified(quantifier: Quantifier, elements: &[Element], inner: &Condition) -> String {
    let what = chain(elements);
    let own = |at: &super::tree::PathRef| at.steps.is_empty() && elements.last().is_some_and(|e| e.row == at.row);
    if let Some(Element { origin: Origin::All { according }, noun, .. }) = elements.first() {
        let told = according.as_ref().map_or(String::new(), |thing| format!(" according to {}", thing.label));
        let there = if quantifier == Quantifier::No { "there is no" } else { "there is a" };
        return format!("{there} {}{told} of which: {}", noun.noun().singular, bracketed(inner));
    }
    match (quantifier, inner) {
        (Quantifier::Any, Condition::Is { entity, things }) if own(entity) => {
            format!("one of its {what} is {}", names(things))
        }
        (Quantifier::No, Condition::Is { entity, things }) if own(entity) => {
            format!("none of its {what} is {}", names(things))
        }
        (Quantifier::Any, inner) => format!("of at least one of its {what}: {}", bracketed(inner)),
        (Quantifier::Every, inner) => format!("of every one of its {what} (or there is none): {}", bracketed(inner)),
        (Quantifier::No, inner) => format!("of none of its {what}: {}", bracketed(inner)),
    }
}

/// "in Asia", "in NATO on that day".
fn membership(thing: &Thing) -> String {
    match thing.noun {
        NounId::Groups => format!("in {} on that day", thing.label),
        _ => format!("in {}", thing.label),
    }
}

fn belonging(thing: &Thing) -> String {
    match thing.noun {
        NounId::Groups | NounId::Regions => membership(thing),
        _ => thing.label.clone(),
    }
}

fn names(things: &[Thing]) -> String {
    joined(things.iter().map(|thing| thing.label.clone()), " or ")
}

fn day(day: Option<Edge>) -> String {
    match day {
        None => "..".to_string(),
        Some(Edge { min, max }) if min == max => DayText(min).to_string(),
        Some(Edge { min, max }) => format!("a day from {} to {}", DayText(min), DayText(max)),
    }
}

/// The FROM row's own date against days.
fn own_date(relation: DateRelation, first: Option<Edge>, last: Option<Edge>) -> String {
    match relation {
        DateRelation::Since => format!("from {} on", day(first)),
        DateRelation::After => format!("after {}", day(last)),
        DateRelation::Before => format!("over before {}", day(first)),
        DateRelation::Until => format!("over by {}", day(last)),
        DateRelation::During => format!("within {} to {}", day(first), day(last)),
        DateRelation::Overlaps => format!("touching {} to {}", day(first), day(last)),
    }
}

/// A date in relation to days, with the days at both ends.
pub fn date_of(date: &str, relation: DateRelation, first: Option<Edge>, last: Option<Edge>) -> String {
    match relation {
        DateRelation::Since => format!("{date} begins on or after {}", day(first)),
        DateRelation::After => format!("{date} begins after {}", day(last)),
        DateRelation::Before => format!("{date} ends before {}", day(first)),
        DateRelation::Until => format!("{date} ends on or before {}", day(last)),
        DateRelation::During => format!("{date} lies within {} to {}", day(first), day(last)),
        DateRelation::Overlaps => format!("{date} touches {} to {}", day(first), day(last)),
    }
}

pub const fn word(operator: CompareOperator) -> &'static str {
    match operator {
        CompareOperator::Equal => "is",
        CompareOperator::NotEqual => "is not",
        CompareOperator::Less => "is less than",
        CompareOperator::LessOrEqual => "is at most",
        CompareOperator::Greater => "is more than",
        CompareOperator::GreaterOrEqual => "is at least",
    }
}

const fn date_word(operator: CompareOperator) -> &'static str {
    match operator {
        CompareOperator::Equal => "lies within",
        CompareOperator::NotEqual => "does not lie within",
        CompareOperator::Less => "ends before the start of",
        CompareOperator::LessOrEqual => "ends no later than",
        CompareOperator::Greater => "begins after the end of",
        CompareOperator::GreaterOrEqual => "begins no earlier than",
    }
}
