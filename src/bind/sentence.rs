//! A bound query read back in one plain sentence, with both end days of every period: what EXPLAIN says first.

use super::clause::{clause, condition, date_of, word};
use super::tree::{Aggregate, BoundQuery, Condition, Elapsed, Element, Groups, PathRef, Scalar, Shape};
use crate::syntax::ast::ArithmeticOperator;
use crate::value::date::VagueDate;

/// "Meetings held, with Vladimir Putin, from 2024-05-07 on; shown: date, participants; sorted by place."
pub fn sentence(query: &BoundQuery) -> String {
    let mut text = capitalised(query.noun.noun().name);
    if query.held {
        text.push_str(" held");
    }
    if let Some(publication) = &query.according {
        text.push_str(&format!(", as {} tells them", publication.label));
    }
    for conjunct in &query.conjuncts {
        text.push_str(", ");
        text.push_str(&clause(&conjunct.condition));
    }
    let groups = match &query.shape {
        Shape::Rows { columns } => {
            let shown: Vec<String> = columns.iter().map(|column| shown(&column.value, None)).collect();
            text.push_str(&format!("; shown: {}", shown.join(", ")));
            None
        }
        Shape::Groups(groups) => {
            text.push_str(&grouped(groups));
            Some(groups.as_ref())
        }
    };
    for (position, key) in query.order.iter().enumerate() {
        text.push_str(if position == 0 { "; sorted by " } else { ", then by " });
        text.push_str(&shown(&key.value, groups));
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
    if query.chart {
        text.push_str("; drawn as a chart");
    }
    text.push('.');
    text
}

/// A value as a list of columns calls it.
fn shown(value: &Scalar, groups: Option<&Groups>) -> String {
    let text = scalar(value, groups);
    text.strip_prefix("its ").or(text.strip_prefix("the ")).unwrap_or(&text).to_string()
}

fn grouped(groups: &Groups) -> String {
    let mut text = String::new();
    let keys: Vec<String> = groups.keys.iter().map(|of| shown_key(of, groups)).collect();
    if keys.is_empty() {
        text.push_str("; all together");
    } else {
        text.push_str(&format!("; one group for each {}", keys.join(" and ")));
    }
    if let Some(having) = &groups.having {
        text.push_str(&format!(" where {}", group_condition(&having.condition, groups)));
    }
    let columns: Vec<String> = groups.columns.iter().map(|column| shown(&column.value, Some(groups))).collect();
    text.push_str(&format!("; shown: {}", columns.join(", ")));
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
            date_of(&scalar(date, Some(groups)), *relation, *first, *last)
        }
        other => condition(other),
    }
}

/// What makes a group; a value of an element that the groups follow says whose it is.
fn shown_key(of: &Scalar, groups: &Groups) -> String {
    let text = shown(of, None);
    let element = of.row().and_then(|row| groups.expansions.iter().position(|element| element.row == row));
    let Some(last) = element else { return text };
    let whose = chain(&groups.expansions[..=last]);
    match of {
        Scalar::Entity(at) if at.steps.is_empty() => format!("one of its {whose}"),
        _ => format!("{} of one of its {whose}", text.replace(" its ", " the ")),
    }
}

pub(super) fn joined(parts: impl Iterator<Item = String>, word: &str) -> String {
    parts.collect::<Vec<_>>().join(word)
}

pub(super) fn chain(elements: &[Element]) -> String {
    joined(elements.iter().rev().map(element_name), " of ")
}

fn element_name(element: &Element) -> String {
    let link = element.link().map_or(element.noun.noun().name, |link| link.name);
    let name = if element.counterparts { "counterparts" } else { link };
    name.replace('_', " ")
}

pub(super) fn path(at: &PathRef) -> String {
    match at.steps.last() {
        None if at.row == 0 => format!("the {}", at.noun.noun().singular),
        None => format!("that {}", at.noun.noun().singular),
        Some(_) => {
            let mut names: Vec<String> = at.steps.iter().rev().map(|step| step.link.name.replace('_', " ")).collect();
            let first = names.pop().unwrap_or_default();
            names.iter().map(|name| format!("the {name} of ")).collect::<String>() + "its " + &first
        }
    }
}

pub(super) fn scalar(of: &Scalar, groups: Option<&Groups>) -> String {
    let inner = |of: &Scalar| scalar(of, groups);
    match of {
        Scalar::Attribute { at, attribute } if at.steps.is_empty() => attribute.0.name.replace('_', " "),
        Scalar::Attribute { at, attribute } => {
            format!("{} of {}", attribute.0.name.replace('_', " "), path(at))
        }
        Scalar::Entity(at) => path(at),
        Scalar::When(at) if at.steps.is_empty() => "its date".to_string(),
        Scalar::When(at) => format!("the date of {}", path(at)),
        Scalar::Fixed(bounds) => VagueDate::from_bounds(*bounds, bounds.start_min == bounds.end_min).text,
        Scalar::Elapsed { unit, from, to } => {
            let unit = if *unit == Elapsed::Days { "days" } else { "full years" };
            format!("the {unit} from {} to {}", inner(from), inner(to))
        }
        Scalar::Gap { per, .. } => format!("days since the row before{}", of_the_same(per)),
        Scalar::Rank { per, .. } => format!("its place in the order of dates{}", of_the_same(per)),
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
        Scalar::Key(position) => groups.and_then(|g| Some(shown_key(g.keys.get(*position)?, g))).unwrap_or_default(),
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
        Aggregate::Min(value) => format!("the least {}", shown(value, None)),
        Aggregate::Max(value) => format!("the greatest {}", shown(value, None)),
        Aggregate::Sum(value) => format!("the sum of {}", shown(value, None)),
        Aggregate::Avg(value) => format!("the mean of {}", shown(value, None)),
        Aggregate::First(value) => format!("{} of the first", shown(value, None)),
        Aggregate::Last(value) => format!("{} of the last", shown(value, None)),
        Aggregate::Share(None) => "their part of all".to_string(),
        Aggregate::Share(Some(_)) => "their part of those with the same group".to_string(),
        Aggregate::List { elements, value } => format!("the different {}", among(elements, value)),
    }
}

fn of_the_same(per: &Option<Box<Scalar>>) -> String {
    per.as_ref().map_or(String::new(), |per| format!(" of the same {}", shown(per, None)))
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
