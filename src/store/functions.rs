//! The functions of the language that SQLite does not have, registered on every connection.
//!
//! They are pure and marked so that nothing in a file's schema can call them.

use crate::value::date::{OPEN_FUTURE, OPEN_PAST, full_years};
use crate::value::period::Unit;
use crate::value::text::{Pattern, fold, fold_pattern};
use rusqlite::Connection;
use rusqlite::functions::{Context, FunctionFlags};
use rusqlite::types::ValueRef;
use std::borrow::Cow;
use unicode_segmentation::UnicodeSegmentation;

/// Their names, for the authorizer.
pub const NAMES: &[&str] = &[
    "bilat_years",
    "bilat_period",
    "bilat_fold",
    "bilat_like",
    "bilat_contains",
    "bilat_length",
    "bilat_lower",
    "bilat_upper",
];

pub fn register(connection: &Connection) -> rusqlite::Result<()> {
    let flags = FunctionFlags::SQLITE_UTF8 | FunctionFlags::SQLITE_DETERMINISTIC | FunctionFlags::SQLITE_DIRECTONLY;
    let text = |name: &str, of: fn(&str) -> String| {
        connection.create_scalar_function(name, 1, flags, move |context| Ok(argument(context, 0).map(|t| of(&t))))
    };
    text("bilat_fold", fold)?;
    text("bilat_lower", |text| text.to_lowercase())?;
    text("bilat_upper", |text| text.to_uppercase())?;
    connection.create_scalar_function("bilat_length", 1, flags, |context| {
        Ok(argument(context, 0).map(|text| text.graphemes(true).count() as i64))
    })?;
    connection.create_scalar_function("bilat_like", 2, flags, |context| {
        // A pattern may be much longer than the texts: it is taken apart once for all of them.
        let pattern = context.get_or_create_aux(0, |value| {
            Ok::<_, std::convert::Infallible>(text_of(value).map(|text| Pattern::new(&text)))
        })?;
        let text = argument(context, 1);
        Ok(pattern.as_ref().as_ref().zip(text).map(|(pattern, text)| pattern.matches(&fold_pattern(&text))))
    })?;
    connection.create_scalar_function("bilat_contains", 2, flags, |context| {
        test(context, |part, text| part.len() <= text.len() && text.contains(part))
    })?;
    connection.create_scalar_function("bilat_years", 2, flags, |context| {
        let (from, to) = (integer(context, 0), integer(context, 1));
        Ok(from.zip(to).map(|(from, to)| full_years(from, to)))
    })?;
    connection.create_scalar_function("bilat_period", 2, flags, |context| {
        let (unit, day) = (integer(context, 0), integer(context, 1));
        Ok(unit.zip(day).and_then(|(unit, day)| period(unit, day)))
    })
}

/// A pattern or a part (folded before) against a text; nothing if there is no text.
fn test(context: &Context<'_>, matches: fn(&str, &str) -> bool) -> rusqlite::Result<Option<bool>> {
    let (pattern, text) = (argument(context, 0), argument(context, 1));
    Ok(pattern.zip(text).map(|(pattern, text)| matches(&pattern, &fold_pattern(&text))))
}

fn argument<'a>(context: &'a Context<'_>, position: usize) -> Option<Cow<'a, str>> {
    text_of(context.get_raw(position))
}

/// A text as the functions see it: bytes that are no text are replaced.
pub(super) fn text_of(value: ValueRef<'_>) -> Option<Cow<'_, str>> {
    match value {
        ValueRef::Text(bytes) => Some(String::from_utf8_lossy(bytes)),
        _ => None,
    }
}

fn integer(context: &Context<'_>, position: usize) -> Option<i64> {
    match context.get_raw(position) {
        ValueRef::Integer(number) => Some(number),
        _ => None,
    }
}

/// The number of the unit in which a day lies; an open end lies in the first or last there could be.
fn period(unit: i64, day: i64) -> Option<i64> {
    let unit = match unit {
        0 => Unit::Year,
        1 => Unit::Quarter,
        2 => Unit::Month,
        3 => Unit::Week,
        4 => Unit::Weekday,
        _ => return None,
    };
    match day {
        OPEN_PAST => Some(i64::MIN),
        OPEN_FUTURE => Some(i64::MAX),
        day => Some(unit.number(day)),
    }
}
