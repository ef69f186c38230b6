//! Dates as people write them, to EDTF.

use crate::value::date::{Day, VagueDate};

/// Which of two numbers is the day.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum DayOrder {
    #[default]
    Iso,
    DayFirst,
    MonthFirst,
}

/// How texts are to be read.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Reading {
    pub order: DayOrder,
    /// The year of dates that give none.
    pub year: Option<i64>,
    /// The day that relative phrases count from.
    pub anchor: Option<Day>,
    /// A span is one day somewhere in it, not a stay.
    pub within: bool,
}

/// What a text says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stated {
    /// In EDTF.
    pub text: String,
    /// Whether it counts from the anchor.
    pub relative: bool,
}

/// Reads a date, a span or a relative phrase.
///
/// # Errors
/// Why it is none, in one clause.
pub fn stated(text: &str, _reading: &Reading) -> Result<Stated, String> {
    let date = VagueDate::parse(text).map_err(|fault| fault.to_string())?;
    Ok(Stated { text: date.text, relative: false })
}

/// Reads a stay from two columns; one of the two may be empty.
///
/// # Errors
/// Why they are none, in one clause.
pub fn from_two(start: &str, end: &str, reading: &Reading) -> Result<Stated, String> {
    stated(&format!("{start}/{end}"), reading)
}
