//! What a chart of an answer can show: bars for groups with numbers, a timeline for dated rows, a heat table for two
//! groups and a number.

use super::tree::{BoundColumn, BoundQuery, Groups, Scalar, Shape, Type};
use crate::answer::Chart;

/// What a chart of the query's answer would show; nothing where neither dates nor groups with numbers are shown.
pub fn chart(query: &BoundQuery) -> Option<Chart> {
    match &query.shape {
        Shape::Rows { columns } => of_rows(columns),
        Shape::Groups(groups) if query.across => {
            Some(Chart::Across { labels: positions(&groups.columns, |column| is_key(&column.value)) })
        }
        Shape::Groups(groups) => of_groups(groups),
    }
}

/// Dates make a timeline; without any, numbers make bars.
fn of_rows(columns: &[BoundColumn]) -> Option<Chart> {
    let kind = |column: &BoundColumn| column.value.kind(None);
    let labels = positions(columns, |column| is_label(&kind(column)));
    if let Some(date) = columns.iter().position(|column| kind(column) == Type::Date) {
        return Some(Chart::Timeline { date, labels });
    }
    bars(labels, positions(columns, |column| is_number(&kind(column))))
}

/// What is made of keys alone is a label, whatever its type; numbers are the rest.
fn of_groups(groups: &Groups) -> Option<Chart> {
    let of_keys = |column: &BoundColumn| is_key(&column.value);
    let kind = |column: &BoundColumn| column.value.kind(Some(groups));
    let keys = positions(&groups.columns, of_keys);
    let numbers = positions(&groups.columns, |column| !of_keys(column) && is_number(&kind(column)));
    let date = groups.columns.iter().position(|column| !of_keys(column) && kind(column) == Type::Date);
    match (keys.as_slice(), numbers.as_slice(), date) {
        (_, [], Some(date)) if !groups.keys.is_empty() => Some(Chart::Timeline { date, labels: keys }),
        ([row, column], [number], _) if groups.keys.len() == 2 => {
            Some(Chart::Heat { row: *row, column: *column, number: *number })
        }
        _ => bars(keys, numbers),
    }
}

fn bars(labels: Vec<usize>, numbers: Vec<usize>) -> Option<Chart> {
    (!labels.is_empty() && !numbers.is_empty()).then_some(Chart::Bars { labels, numbers })
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
