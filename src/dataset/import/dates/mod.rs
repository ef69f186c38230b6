//! Dates as people write them, to EDTF: `16–17 May 2024`, `30 Aug – 3 Sept`, `early May 2024`, `last Monday`.
//!
//! In: a text, and how texts of its table are to be read. Out: EDTF that [`VagueDate::parse`] takes, or why not. What can
//! mean two things is refused, not guessed.

mod relative;
mod sides;
mod times;
mod tokens;
mod words;

#[cfg(test)]
mod tests;

use crate::value::date::{Bounds, DateFault, Day, DayRange, OPEN_FUTURE, OPEN_PAST, VagueDate, to_civil};
use sides::Side;
use tokens::Token;
use words::Word;

/// Which of two numbers is the day.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum DayOrder {
    /// Year, month, day; what is written otherwise must leave no choice.
    #[default]
    Iso,
    DayFirst,
    MonthFirst,
}

impl DayOrder {
    /// Every order with its word in a mapping file.
    pub const WORDS: [(&'static str, DayOrder); 3] =
        [("iso", DayOrder::Iso), ("day first", DayOrder::DayFirst), ("month first", DayOrder::MonthFirst)];

    pub fn word(self) -> &'static str {
        Self::WORDS.iter().find(|(_, order)| *order == self).map_or("iso", |(word, _)| word)
    }
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

/// No date is longer, in bytes.
const LONGEST: usize = 200;

/// Reads a date, a span or a relative phrase.
///
/// # Errors
/// Why it is none, in one clause.
pub fn stated(text: &str, reading: &Reading) -> Result<Stated, String> {
    let text = text.trim();
    if text.is_empty() {
        return Err("there is no date in it".to_string());
    }
    if text.len() > LONGEST {
        return Err(format!("{} bytes are too many for a date", text.len()));
    }
    if let Ok(date) = VagueDate::parse(text) {
        let whole = reading.within && !date.single;
        let bounds = Bounds::within(date.bounds.start_min, date.bounds.end_max);
        return checked(if whole { VagueDate::from_bounds(bounds, true).text } else { date.text }, false);
    }
    if let Some(range) = times::machine(text).or_else(|| DayRange::parse(text).ok()) {
        return checked(one(range, ""), false);
    }
    if let Some(day) = times::behind_a_date(text).and_then(|date| one_day(date, reading)) {
        return Ok(day);
    }
    let tokens = tokens::tokens(text, reading.order)?;
    if relative::is_relative(&tokens) {
        return checked(one(relative::range(&tokens, reading.anchor)?, ""), true);
    }
    absolute(&tokens, reading)
}

/// A date that can be one day only.
fn one_day(text: &str, reading: &Reading) -> Option<Stated> {
    let day = stated(text, reading).ok()?;
    let date = VagueDate::parse(&day.text).ok()?;
    (date.bounds.start_min == date.bounds.end_max).then_some(day)
}

/// Reads a stay from two columns. Where one is empty, the other is the whole date: a stay without a start is not open
/// towards the past, as it would then meet all others of its leader.
///
/// # Errors
/// Why they are none, in one clause.
pub fn from_two(start: &str, end: &str, reading: &Reading) -> Result<Stated, String> {
    match (start.trim(), end.trim()) {
        (only, "") | ("", only) => stated(only, reading),
        (start, end) => both(start, end, reading),
    }
}

const fn days(first: Day, last: Day) -> DayRange {
    DayRange { first, last }
}

/// Two ends that fill each other's gaps, or two dates of any kind.
fn both(start: &str, end: &str, reading: &Reading) -> Result<Stated, String> {
    let side = |text: &str| {
        let tokens = tokens::tokens(text, reading.order).ok().filter(|tokens| !relative::is_relative(tokens))?;
        Side::read(&tokens).ok()
    };
    if start.len() <= LONGEST
        && end.len() <= LONGEST
        && let (Some(start), Some(end)) = (side(start), side(end))
    {
        return joined(start, end, reading);
    }
    let (first, last) = (stated(start, reading)?, stated(end, reading)?);
    let bounds = |stated: &Stated| VagueDate::parse(&stated.text).map(|date| date.bounds).map_err(|f| f.to_string());
    let (from, to) = (bounds(&first)?, bounds(&last)?);
    let (from, to) = (days(from.start_min, from.start_max), days(to.end_min, to.end_max));
    checked(span(from, to, "", "", reading.within)?, first.relative || last.relative)
}

/// The year of dates that give none, and whether it is the anchor's.
fn year(reading: &Reading) -> (Option<i64>, bool) {
    match (reading.year, reading.anchor) {
        (Some(year), _) => (Some(year), false),
        (None, Some(anchor)) => (Some(i64::from(to_civil(anchor).year())), true),
        (None, None) => (None, false),
    }
}

/// A date that does not count from another day, apart from its year.
fn absolute(tokens: &[Token], reading: &Reading) -> Result<Stated, String> {
    let (first, behind) = tokens.split_first().ok_or("there is no date in it")?;
    let joint = behind.iter().position(is_joint);
    match first {
        Token::Word(Word::Between) => {
            let (start, end) = parted(behind, joint.ok_or("between takes two dates with and between them")?)?;
            joined(start, end, &Reading { within: true, ..*reading })
        }
        Token::Word(Word::Before) => open(behind, reading, |range| days(OPEN_PAST, range.first - 1)),
        Token::Word(Word::To) => open(behind, reading, |range| days(OPEN_PAST, range.last)),
        Token::Word(Word::After) => open(behind, reading, |range| days(range.last + 1, OPEN_FUTURE)),
        Token::Word(Word::Since) if joint.is_none() => open(behind, reading, |range| days(range.first, OPEN_FUTURE)),
        _ => match tokens.iter().position(is_joint) {
            Some(at) if at + 1 == tokens.len() => ongoing(tokens.get(..at).unwrap_or_default(), reading),
            Some(at) => spanned(tokens, at, reading),
            None => open(tokens, reading, |range| range),
        },
    }
}

const fn is_joint(token: &Token) -> bool {
    matches!(token, Token::Dash | Token::Word(Word::To | Word::And | Word::Or))
}

/// Two ends with one joint between them, at that place.
fn parted(tokens: &[Token], at: usize) -> Result<(Side, Side), String> {
    let (start, end) = tokens.split_at_checked(at).ok_or("there is no date in it")?;
    let end = end.get(1..).unwrap_or_default();
    // `2024-05/06` is May to June, `05–06/2024` as well.
    match (start, end) {
        ([month @ Token::Date { day: None, .. }], [number]) => {
            Ok((Side::read(&[*month])?, Side::read(&[number.as_month()])?))
        }
        ([number], [month @ Token::Date { day: None, .. }]) => {
            Ok((Side::read(&[number.as_month()])?, Side::read(&[*month])?))
        }
        _ => Ok((Side::read(start)?, Side::read(end)?)),
    }
}

/// Two dates: the ends of a stay, or two days that follow each other, or of which one is meant.
fn spanned(tokens: &[Token], at: usize, reading: &Reading) -> Result<Stated, String> {
    // `mid-May`, `mi-mai`: the dash belongs to the word.
    if at == 1 && matches!(tokens.first(), Some(Token::Word(Word::Part(_)))) {
        let without: Vec<Token> =
            tokens.iter().enumerate().filter(|(place, _)| *place != at).map(|(_, t)| *t).collect();
        return absolute(&without, reading);
    }
    let joint = tokens.get(at);
    let (start, end) = parted(tokens, at)?;
    let two_days = matches!(joint, Some(Token::Word(Word::And | Word::Or)));
    if two_days {
        let (start, end) = Side::filled(start, end, year(reading).0);
        let (first, last) = (start.range()?, end.range()?);
        if first.first != first.last || last.first != first.first + 1 || last.first != last.last {
            return Err("it has two dates that are not two days in a row".to_string());
        }
    }
    let within = reading.within || joint == Some(&Token::Word(Word::Or));
    joined(start, end, &Reading { within, ..*reading })
}

/// A stay from one end to the other.
fn joined(start: Side, end: Side, reading: &Reading) -> Result<Stated, String> {
    let (year, anchored) = year(reading);
    let relative = anchored && start.year.is_none() && end.year.is_none();
    let (start, end) = Side::filled(start, end, year);
    checked(span(start.range()?, end.range()?, start.mark(), end.mark(), reading.within)?, relative)
}

/// One date, or all days on one side of it.
fn open(tokens: &[Token], reading: &Reading, to: impl Fn(DayRange) -> DayRange) -> Result<Stated, String> {
    let mut side = Side::read(tokens)?;
    let (year, anchored) = year(reading);
    let relative = anchored && side.year.is_none();
    side.year = side.year.or(year);
    checked(one(to(side.range()?), side.mark()), relative)
}

/// A date with a dash behind it: a stay that goes on.
fn ongoing(tokens: &[Token], reading: &Reading) -> Result<Stated, String> {
    let start = open(tokens, reading, |range| range)?;
    let bounds = VagueDate::parse(&start.text).map_err(|fault| fault.to_string())?.bounds;
    if reading.within {
        return checked(one(days(bounds.start_min, OPEN_FUTURE), ""), start.relative);
    }
    checked(format!("{}/..", start.text), start.relative)
}

/// EDTF of one day within a range.
fn one(range: DayRange, mark: &str) -> String {
    let text = VagueDate::from_bounds(Bounds::within(range.first, range.last), true).text;
    marked(&text, mark)
}

/// Sets take no mark; they are vague as they are.
fn marked(text: &str, mark: &str) -> String {
    if text.contains("..") { text.to_string() } else { format!("{text}{mark}") }
}

/// EDTF of a stay, or of one day within it.
fn span(start: DayRange, end: DayRange, first: &str, last: &str, within: bool) -> Result<String, String> {
    let bounds = Bounds::stay(start, end).ok_or_else(|| DateFault::Reversed.to_string())?;
    if within || bounds.is_exact() && bounds.start_min == bounds.end_min {
        return Ok(one(days(bounds.start_min, bounds.end_max), first));
    }
    let text = VagueDate::from_bounds(bounds, false).text;
    let (start, end) = text.split_once('/').unwrap_or((&text, ""));
    Ok(format!("{}/{}", marked(start, first), marked(end, last)))
}

/// Nothing is given that cannot be read again.
fn checked(text: String, relative: bool) -> Result<Stated, String> {
    VagueDate::parse(&text).map_err(|fault| fault.to_string())?;
    Ok(Stated { text, relative })
}
