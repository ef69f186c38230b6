//! Values of the file to cells of an answer.

use crate::answer::{Cell, ColumnKind};
use crate::plan::{Decode, PlanColumn};
use crate::store::{Raw, RawRow};
use crate::value::date::{Bounds, VagueDate};
use crate::value::period::Period;

/// How cells of that kind want to be treated.
pub fn kind(decode: &Decode) -> ColumnKind {
    match decode {
        Decode::Text => ColumnKind::Name,
        Decode::Prose => ColumnKind::Prose,
        Decode::Integer | Decode::Number | Decode::Range => ColumnKind::Number,
        Decode::Boolean => ColumnKind::Boolean,
        Decode::Date | Decode::DayWithin | Decode::Period(_) => ColumnKind::Date,
        Decode::List(_) => ColumnKind::List,
    }
}

/// What stands for "the rows without one" in a group's key.
pub const NONE: &str = "none";

/// The cell of a column in the place of another, whose room a text takes over: most cells of millions are texts.
pub fn fill(cell: &mut Cell, column: &PlanColumn, raw: &RawRow<'_>) {
    let filled = column.state.is_none()
        && match (&column.decode, &mut *cell, raw.get(column.position)) {
            (Decode::Text | Decode::Prose, Cell::Text(text), Raw::Text(new)) => {
                text.clear();
                text.push_str(&new);
                true
            }
            (Decode::Date, Cell::Date(date), Raw::Text(new)) => date.read(&new).is_ok(),
            (_, Cell::Unknown, Raw::Null) => true,
            _ => false,
        };
    if !filled {
        *cell = self::cell(column, raw);
    }
}

/// The cell of a column.
pub fn cell(column: &PlanColumn, raw: &RawRow<'_>) -> Cell {
    match column.state.map(|position| raw.integer(position)) {
        Some(1) => return Cell::Text(NONE.to_string()),
        Some(2) => return Cell::Unknown,
        _ => {}
    }
    if column.decode == Decode::Range {
        return match (raw.get(column.position), raw.get(column.position + 1)) {
            (Raw::Integer(low), Raw::Integer(high)) if low == high => Cell::Integer(low),
            (Raw::Integer(low), Raw::Integer(high)) => Cell::Range(low, high),
            _ => Cell::Unknown,
        };
    }
    if column.decode == Decode::DayWithin {
        let (Raw::Integer(first), Raw::Integer(last)) = (raw.get(column.position), raw.get(column.position + 1)) else {
            return Cell::Unknown;
        };
        return Cell::Date(VagueDate::from_bounds(Bounds::within(first, last), true));
    }
    value(&column.decode, raw.get(column.position))
}

fn value(decode: &Decode, raw: Raw<'_>) -> Cell {
    match (decode, raw) {
        (_, Raw::Null) => Cell::Unknown,
        (Decode::Boolean, Raw::Integer(number)) => Cell::Boolean(number != 0),
        (Decode::Period(unit), Raw::Integer(number)) => Cell::Period(Period { unit: *unit, number }),
        (Decode::Number, Raw::Integer(number)) => Cell::Number(number as f64),
        (_, Raw::Integer(number)) => Cell::Integer(number),
        (_, Raw::Real(number)) => Cell::Number(number),
        (Decode::Date, Raw::Text(text)) => date(&text),
        (Decode::Range, Raw::Text(text)) => range(&text),
        (Decode::List(inner), Raw::Text(text)) => list(inner, &text),
        (_, Raw::Text(text)) => Cell::Text(text.into_owned()),
    }
}

/// Stored dates are checked when a file is built; in a file from elsewhere, what is no date is shown as it is.
fn date(text: &str) -> Cell {
    VagueDate::parse(text).map_or_else(|_| Cell::Text(text.to_string()), Cell::Date)
}

/// A range as an element of a list: both ends.
fn range(text: &str) -> Cell {
    let ends = text.split_once("..").and_then(|(low, high)| Some((low.parse().ok()?, high.parse().ok()?)));
    match ends {
        Some((low, high)) if low == high => Cell::Integer(low),
        Some((low, high)) => Cell::Range(low, high),
        None => Cell::Unknown,
    }
}

fn list(inner: &Decode, text: &str) -> Cell {
    // Nearly always texts in which nothing is escaped; they are read where they stand.
    if let Ok(items) = serde_json::from_str::<Vec<&str>>(text) {
        return Cell::List(items.into_iter().map(|item| value(inner, Raw::Text(item.into()))).collect());
    }
    let items: Vec<serde_json::Value> = serde_json::from_str(text).unwrap_or_default();
    Cell::List(items.into_iter().map(|item| element(inner, item)).collect())
}

fn element(decode: &Decode, item: serde_json::Value) -> Cell {
    use serde_json::Value;
    match item {
        Value::Null | Value::Object(_) => Cell::Unknown,
        Value::Bool(truth) => Cell::Boolean(truth),
        Value::Number(number) => match number.as_i64() {
            Some(number) => value(decode, Raw::Integer(number)),
            None => number.as_f64().map_or(Cell::Unknown, |number| value(decode, Raw::Real(number))),
        },
        Value::String(text) => value(decode, Raw::Text(text.into())),
        Value::Array(items) => Cell::List(items.into_iter().map(|item| element(decode, item)).collect()),
    }
}
