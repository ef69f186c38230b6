//! A bound query read back in one plain sentence, with both end days of every period: what EXPLAIN says first.

use super::tree::{Aggregate, BoundQuery, Condition, Element, Groups, PathRef, PlaceRef, Scalar, Shape, Thing};
use crate::syntax::ast::{ArithmeticOperator, CompareOperator, DateRelation, Quantifier};
use crate::value::date::{Day, DayText};

/// "Meetings that were held, in which Vladimir Putin took part, from 2024-05-07 on; in the order of their dates."
pub fn sentence(query: &BoundQuery) -> String {
    let noun = query.noun.noun();
    let mut text = capitalised(noun.name);
    let mut conditions: Vec<String> = Vec::new();
    if query.held {
        conditions.push("that were held".to_string());
    }
    conditions.extend(query.conjuncts.iter().map(|conjunct| format!("where {}", condition(&conjunct.condition))));
    if !conditions.is_empty() {
        text.push(' ');
        text.push_str(&conditions.join(" and "));
    }
    match &query.shape {
        Shape::Rows { columns } => {
            let shown: Vec<String> = columns.iter().map(|column| scalar(&column.value, None)).collect();
            text.push_str(&format!("; shown: {}", shown.join(", ")));
        }
        Shape::Groups(groups) => text.push_str(&grouped(groups)),
    }
    for (position, key) in query.order.iter().enumerate() {
        let groups = match &query.shape {
            Shape::Groups(groups) => Some(groups.as_ref()),
            Shape::Rows { .. } => None,
        };
        text.push_str(if position == 0 { "; sorted by " } else { ", then by " });
        text.push_str(&scalar(&key.value, groups));
        text.push_str(if key.descending { " downwards" } else { "" });
    }
    if let Some((count, offset)) = query.limit {
        text.push_str(&format!("; {count} at most"));
        if offset > 0 {
            text.push_str(&format!(" after the first {offset}"));
        }
    }
    if query.cite {
        text.push_str("; with sources");
    }
    text.push('.');
    text
}

fn grouped(groups: &Groups) -> String {
    let mut text = String::new();
    let keys: Vec<String> = groups.keys.iter().map(|key| scalar(key, None)).collect();
    if keys.is_empty() {
        text.push_str("; all together");
    } else {
        text.push_str(&format!("; one group for each {}", keys.join(" and ")));
    }
    if let Some(having) = &groups.having {
        text.push_str(&format!(" where {}", group_condition(&having.condition, groups)));
    }
    let shown: Vec<String> = groups.columns.iter().map(|column| scalar(&column.value, Some(groups))).collect();
    text.push_str(&format!("; shown: {}", shown.join(", ")));
    text
}

fn group_condition(of: &Condition, groups: &Groups) -> String {
    match of {
        Condition::Compare { operator, left, right } => {
            format!("{} {} {}", scalar(left, Some(groups)), word(*operator), scalar(right, Some(groups)))
        }
        Condition::And(parts) => joined(parts.iter().map(|part| group_condition(part, groups)), " and "),
        Condition::Or(parts) => joined(parts.iter().map(|part| group_condition(part, groups)), " or "),
        Condition::Not(inner) => format!("it is not so that {}", group_condition(inner, groups)),
        Condition::Date { relation, date, first, last } => {
            format!("{} {}", scalar(date, Some(groups)), period(*relation, *first, *last))
        }
        other => condition(other),
    }
}

/// A condition in words.
pub fn condition(of: &Condition) -> String {
    match of {
        Condition::And(parts) if parts.is_empty() => "anything".to_string(),
        Condition::Or(parts) if parts.is_empty() => "nothing".to_string(),
        Condition::And(parts) => joined(parts.iter().map(condition), " and "),
        Condition::Or(parts) => joined(parts.iter().map(condition), " or "),
        Condition::Not(inner) => format!("it is not so that {}", condition(inner)),
        Condition::Possibly(inner) => format!("possibly {}", condition(inner)),
        Condition::Certainly(inner) => format!("certainly {}", condition(inner)),
        Condition::Compare { operator, left, right } => {
            format!("{} {} {}", scalar(left, None), word(*operator), scalar(right, None))
        }
        Condition::Date { relation, date, first, last } => {
            format!("{} {}", scalar(date, None), period(*relation, *first, *last))
        }
        Condition::Dates { operator, left, right } => {
            format!("{} {} {}", scalar(left, None), date_word(*operator), scalar(right, None))
        }
        Condition::Is { entity, things } => format!("{} is {}", path(entity), names(things)),
        Condition::Different(..) => "it is another participant".to_string(),
        Condition::Party { thing, .. } => party(thing),
        Condition::Belongs { country, thing, .. } => format!("{} {}", path(country), membership(thing)),
        Condition::Within { place, thing, .. } => {
            let place = match place {
                PlaceRef::One(at) => path(at),
                PlaceRef::Many(element) => format!("one of {}", element.step.link.name),
            };
            format!("{place} is or lies in {}", thing.label)
        }
        Condition::Like { value, pattern } => format!("{} is like '{pattern}'", scalar(value, None)),
        Condition::Contains { value, part } => format!("{} contains '{part}'", scalar(value, None)),
        Condition::Holds(value) => scalar(value, None),
        Condition::IsUnknown(value) => format!("{} is unknown", scalar(value, None)),
        Condition::Quantified { quantifier, elements, condition: inner } => {
            let what = chain(elements);
            match quantifier {
                Quantifier::Any => format!("for at least one of its {what}, {}", condition(inner)),
                Quantifier::Every => format!("for every one of its {what} (or with none), {}", condition(inner)),
                Quantifier::No => format!("for none of its {what}, {}", condition(inner)),
            }
        }
    }
}

fn party(thing: &Thing) -> String {
    match thing.noun {
        crate::catalog::NounId::Leaders => format!("it is {}", thing.label),
        crate::catalog::NounId::Countries => format!("it stands for {}", thing.label),
        _ => format!("it stands for a country {}", membership(thing).replacen("lies in", "in", 1)),
    }
}

fn membership(thing: &Thing) -> String {
    match thing.noun {
        crate::catalog::NounId::Groups => format!("belongs to {} on that day", thing.label),
        crate::catalog::NounId::Regions => format!("lies in {}", thing.label),
        _ => format!("is {}", thing.label),
    }
}

fn names(things: &[Thing]) -> String {
    joined(things.iter().map(|thing| thing.label.clone()), " or ")
}

fn joined(parts: impl Iterator<Item = String>, word: &str) -> String {
    parts.collect::<Vec<_>>().join(word)
}

fn chain(elements: &[Element]) -> String {
    joined(elements.iter().rev().map(element_name), " of ")
}

fn element_name(element: &Element) -> String {
    let name = if element.counterparts { "counterparts" } else { element.step.link.name };
    name.replace('_', " ")
}

/// A relation to days, with the days at both ends.
fn period(relation: DateRelation, first: Option<Day>, last: Option<Day>) -> String {
    let day = |day: Option<Day>| day.map_or("..".to_string(), |day| DayText(day).to_string());
    match relation {
        DateRelation::Since => format!("begins on or after {}", day(first)),
        DateRelation::After => format!("begins after {}", day(last)),
        DateRelation::Before => format!("ends before {}", day(first)),
        DateRelation::Until => format!("ends on or before {}", day(last)),
        DateRelation::During => format!("lies within {} to {}", day(first), day(last)),
        DateRelation::Overlaps => format!("touches {} to {}", day(first), day(last)),
    }
}

const fn word(operator: CompareOperator) -> &'static str {
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

fn path(at: &PathRef) -> String {
    match at.steps.last() {
        None if at.row == 0 => format!("the {}", at.noun.noun().singular),
        None => format!("that {}", at.noun.noun().singular),
        Some(_) => {
            let names = at.steps.iter().rev().map(|step| step.link.name.replace('_', " "));
            format!("its {}", names.collect::<Vec<_>>().join(" of the "))
        }
    }
}

fn scalar(of: &Scalar, groups: Option<&Groups>) -> String {
    let inner = |of: &Scalar| scalar(of, groups);
    match of {
        Scalar::Attribute { at, attribute } if at.steps.is_empty() => attribute.0.name.replace('_', " "),
        Scalar::Attribute { at, attribute } => {
            format!("{} of {}", attribute.0.name.replace('_', " "), path(at))
        }
        Scalar::Entity(at) => path(at),
        Scalar::When(at) if at.steps.is_empty() => "its date".to_string(),
        Scalar::When(at) => format!("the date of {}", path(at)),
        Scalar::Text(text) => format!("'{text}'"),
        Scalar::Integer(number) => number.to_string(),
        Scalar::Number(number) => number.to_string(),
        Scalar::Period { unit, date } => format!("{} of {}", format!("{unit:?}").to_lowercase(), inner(date)),
        Scalar::Length(of) => format!("length of {}", inner(of)),
        Scalar::Lower(of) => format!("{} in small letters", inner(of)),
        Scalar::Upper(of) => format!("{} in capitals", inner(of)),
        Scalar::Arithmetic { operator, left, right } => {
            format!("({} {} {})", inner(left), symbol(*operator), inner(right))
        }
        Scalar::Negative(of) => format!("-{}", inner(of)),
        Scalar::Size { elements, .. } => format!("how many different {} it has", chain(elements)),
        Scalar::List { elements, value } => behind(elements, value),
        Scalar::Key(position) => {
            groups.and_then(|g| g.keys.get(*position)).map_or(String::new(), |key| scalar(key, None))
        }
        Scalar::Aggregate(position) => {
            groups.and_then(|g| g.aggregates.get(*position)).map_or(String::new(), aggregate)
        }
    }
}

/// `participants`, `name of participants`.
fn behind(elements: &[Element], value: &Scalar) -> String {
    match value {
        Scalar::Entity(at) if at.steps.is_empty() => format!("its {}", chain(elements)),
        value => format!("{} of its {}", scalar(value, None), chain(elements)),
    }
}

fn aggregate(of: &Aggregate) -> String {
    match of {
        Aggregate::Count => "how many there surely are".to_string(),
        Aggregate::CountPossible => "how many there possibly are".to_string(),
        Aggregate::CountDistinct { elements, value } => format!("how many different {}", among(elements, value)),
        Aggregate::Min(value) => format!("the least {}", scalar(value, None)),
        Aggregate::Max(value) => format!("the greatest {}", scalar(value, None)),
        Aggregate::Sum(value) => format!("the sum of {}", scalar(value, None)),
        Aggregate::Avg(value) => format!("the mean of {}", scalar(value, None)),
        Aggregate::List { elements, value } => format!("the different {}", among(elements, value)),
    }
}

fn among(elements: &[Element], value: &Scalar) -> String {
    match value {
        Scalar::Entity(at) if at.steps.is_empty() && !elements.is_empty() => chain(elements),
        value if elements.is_empty() => scalar(value, None),
        value => behind(elements, value),
    }
}

const fn symbol(operator: ArithmeticOperator) -> &'static str {
    match operator {
        ArithmeticOperator::Plus => "+",
        ArithmeticOperator::Minus => "-",
        ArithmeticOperator::Times => "*",
        ArithmeticOperator::Divide => "/",
    }
}

fn capitalised(word: &str) -> String {
    let mut letters = word.chars();
    letters.next().map_or(String::new(), |first| first.to_uppercase().chain(letters).collect())
}
