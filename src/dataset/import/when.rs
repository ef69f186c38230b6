//! Dates of a table as EDTF, with what a relative phrase counts from.

use super::cells::Line;
use super::dates::{Reading, from_two, stated};
use super::mapping::{From, Recipe};
use super::targets::Aim;
use super::targets::Target;
use crate::catalog::{Attribute, Kind};
use crate::diagnostic::{Diagnostic, data, matching};
use crate::value::date::{Day, DayRange, DayText, VagueDate};

/// A date as the table states it.
#[derive(Debug, PartialEq, Eq)]
pub struct When {
    /// In EDTF.
    pub date: String,
    /// What it counts from, if it is relative.
    pub anchor: Option<String>,
    /// The phrase, if it is relative.
    pub reading: Option<String>,
}

/// The date that a recipe gives for a row; none if its cells are empty.
///
/// # Errors
/// Why it is none.
pub fn date(recipe: &Recipe, line: Line<'_>, anchor: Option<Day>, target: Target) -> Result<Option<When>, Diagnostic> {
    let place = line.place();
    let at = (&place, recipe.place());
    let phrase = match &recipe.from {
        From::Stay { start, end } => (line.cell(start), Some(line.cell(end))),
        _ => (line.values(recipe, false).texts.join(" "), None),
    };
    if phrase.0.is_empty() && phrase.1.as_ref().is_none_or(String::is_empty) {
        return Ok(None);
    }
    let reading = reading(recipe, line, anchor)?;
    let read = match &phrase {
        (start, Some(end)) => from_two(start, end, &reading),
        (text, None) => stated(text, &reading),
    };
    let written = match &phrase {
        (only, Some(end)) | (end, Some(only)) if end.is_empty() => only.clone(),
        (start, Some(end)) => format!("{start} – {end}"),
        (text, None) => text.clone(),
    };
    let read = read.map_err(|why| matching::no_date(at.0, &at.1, &written, &why))?;
    let single = VagueDate::parse(&read.text).is_ok_and(|date| date.single);
    if !single && matches!(target.aim, Aim::Attribute(Attribute { kind: Kind::Day, .. })) {
        return Err(data::no_date(at.0, &at.1, &written, "one day is needed, not a stay"));
    }
    let counted = reading.anchor.filter(|_| read.relative);
    Ok(Some(When {
        date: read.text,
        anchor: counted.map(|day| DayText(day).to_string()),
        reading: counted.map(|_| written),
    }))
}

/// How this row's date is to be read.
fn reading(recipe: &Recipe, line: Line<'_>, anchor: Option<Day>) -> Result<Reading, Diagnostic> {
    let place = line.place();
    let given = |given: &Option<_>| given.as_ref().map(|given| line.given(given)).filter(|text| !text.is_empty());
    let wrong = |text: &str, why: &str| matching::no_date(&place, &recipe.place(), text, why);
    let year = match given(&recipe.year) {
        Some(text) => Some(text.trim().parse().map_err(|_| wrong(&text, "it is no year to put it in"))?),
        None => None,
    };
    let own = match given(&recipe.anchor) {
        Some(text) => match DayRange::parse(&text) {
            Ok(days) if days.first == days.last => Some(days.first),
            _ => return Err(wrong(&text, "it is no day to count from; one is written 2024-07-10")),
        },
        None => None,
    };
    Ok(Reading { order: recipe.order, year, anchor: own.or(anchor), within: recipe.within })
}
