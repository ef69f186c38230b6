//! What a chart of an answer can show: bars for groups with numbers, a timeline for dated rows, a heat table for two
//! groups and a number.

use super::tree::{Aggregate, BoundColumn, BoundQuery, Elapsed, Groups, Scalar, Shape, Type};
use crate::answer::Chart;

/// What a chart of the query's answer would show; nothing where neither dates nor groups with numbers are shown.
pub fn chart(query: &BoundQuery) -> Option<Chart> {
    match &query.shape {
        Shape::Rows { columns } => of_rows(columns),
        Shape::Groups(groups) if query.across => {
            // The keys come first, however they were selected.
            let labels = positions(&groups.columns, |column| is_key(&column.value)).len();
            let values = groups.columns.len() - labels;
            (labels > 0 && values > 0).then(|| Chart::Across { labels: (0..labels).collect(), values })
        }
        Shape::Groups(groups) => of_groups(groups),
    }
}

/// Dates make a timeline; without any, numbers make bars.
fn of_rows(columns: &[BoundColumn]) -> Option<Chart> {
    let kind = |column: &BoundColumn| column.value.kind(None);
    let labels = positions(columns, |column| is_label(&kind(column)));
    let dates = positions(columns, |column| kind(column) == Type::Date);
    if let Some((date, until)) = stay(&dates, |from, until| starts(&columns[from].value, &columns[until].value)) {
        return Some(Chart::Timeline { date, until, labels });
    }
    let numbers = positions(columns, |column| is_number(&kind(column)));
    bars(labels, numbers, |at| measure(&columns[at].value, None))
}

/// What is made of keys alone is a label, whatever its type; numbers are the rest.
fn of_groups(groups: &Groups) -> Option<Chart> {
    let of_keys = |column: &BoundColumn| is_key(&column.value);
    let kind = |column: &BoundColumn| column.value.kind(Some(groups));
    let keys = positions(&groups.columns, of_keys);
    let numbers = positions(&groups.columns, |column| !of_keys(column) && is_number(&kind(column)));
    let dates = positions(&groups.columns, |column| !of_keys(column) && kind(column) == Type::Date);
    let aggregate = |at: usize| match &groups.columns[at].value {
        Scalar::Aggregate(at) => groups.aggregates.get(*at),
        _ => None,
    };
    let date = stay(&dates, |from, until| match (aggregate(from), aggregate(until)) {
        (Some(Aggregate::Min(first)), Some(Aggregate::Max(last))) => first == last || starts(first, last),
        _ => false,
    });
    match (keys.as_slice(), numbers.as_slice(), date) {
        (_, [], Some((date, until))) if !groups.keys.is_empty() => Some(Chart::Timeline { date, until, labels: keys }),
        ([row, column], [number], _) if groups.keys.len() == 2 => {
            Some(Chart::Heat { row: *row, column: *column, number: *number })
        }
        _ => bars(keys, numbers, |at| measure(&groups.columns[at].value, Some(groups))),
    }
}

/// The date that a row stands at: from the first that another one ends, until that; or else the first of all.
fn stay(dates: &[usize], ends: impl Fn(usize, usize) -> bool) -> Option<(usize, Option<usize>)> {
    let mut pairs = dates.iter().flat_map(|from| dates.iter().map(move |until| (*from, *until)));
    let first = dates.first().map(|date| (*date, None));
    pairs.find(|(from, until)| ends(*from, *until)).map(|(from, until)| (from, Some(until))).or(first)
}

/// Whether the one is the start and the other the end of the same thing.
fn starts(one: &Scalar, other: &Scalar) -> bool {
    match (one, other) {
        (Scalar::Attribute { at: from, attribute: start }, Scalar::Attribute { at: until, attribute: end }) => {
            from == until && start.0.name == "start" && end.0.name == "end"
        }
        _ => false,
    }
}

/// Numbers that measure the same share a scale.
fn bars<'q>(labels: Vec<usize>, numbers: Vec<usize>, measure: impl Fn(usize) -> Measure<'q>) -> Option<Chart> {
    let mut scales: Vec<Vec<usize>> = Vec::new();
    for at in numbers {
        match scales.iter_mut().find(|scale| scale.iter().any(|other| measure(*other) == measure(at))) {
            Some(scale) => scale.push(at),
            None => scales.push(vec![at]),
        }
    }
    (!labels.is_empty() && !scales.is_empty()).then_some(Chart::Bars { labels, numbers: scales })
}

/// What a number is a number of.
#[derive(PartialEq)]
enum Measure<'q> {
    /// How many rows there are.
    Rows,
    /// Which part of all, from 0 to 1.
    Part,
    Elapsed(Elapsed),
    /// Whatever this value is.
    Of(&'q Scalar),
}

fn measure<'q>(value: &'q Scalar, groups: Option<&'q Groups>) -> Measure<'q> {
    match value {
        Scalar::Elapsed { unit, .. } => Measure::Elapsed(*unit),
        Scalar::Gap { .. } => Measure::Elapsed(Elapsed::Days),
        Scalar::Negative(value) => measure(value, groups),
        Scalar::Aggregate(at) => match groups.and_then(|groups| groups.aggregates.get(*at)) {
            Some(Aggregate::Count | Aggregate::CountPossible) => Measure::Rows,
            Some(Aggregate::CountDistinct { .. }) => Measure::Of(value),
            Some(Aggregate::Share(_)) => Measure::Part,
            Some(aggregate) => aggregate.value().map_or(Measure::Of(value), |value| measure(value, groups)),
            None => Measure::Of(value),
        },
        value => Measure::Of(value),
    }
}

fn positions(columns: &[BoundColumn], wanted: impl Fn(&BoundColumn) -> bool) -> Vec<usize> {
    (0..).zip(columns).filter(|(_, column)| wanted(column)).map(|(position, _)| position).collect()
}

fn is_key(value: &Scalar) -> bool {
    matches!(value, Scalar::Key(_))
}

const fn is_number(kind: &Type) -> bool {
    matches!(kind, Type::Integer | Type::Number | Type::Range)
}

/// What tells a row from others: no dates, numbers or prose.
const fn is_label(kind: &Type) -> bool {
    matches!(kind, Type::Text | Type::Entity(_) | Type::Word(_) | Type::Period(_) | Type::List)
}
