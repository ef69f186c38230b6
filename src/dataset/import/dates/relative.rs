//! Phrases that count from a day: yesterday, this week, last Monday, in English and German.

use super::sides::part_of;
use super::tokens::Token;
use super::words::{Unit, Word};
use crate::value::date::{Day, DayRange, OPEN_FUTURE, OPEN_PAST, to_civil, to_day};
use jiff::ToSpan;
use jiff::civil::Date;

/// Whether tokens are such a phrase, right or not.
pub fn is_relative(tokens: &[Token]) -> bool {
    let counts = |token: &Token| matches!(token, Token::Word(Word::Today(_) | Word::Which(_) | Word::Unit(_)));
    let mut said = tokens.iter().filter(|token| !matches!(token, Token::Word(Word::Noise)));
    tokens.iter().any(counts) || said.clone().count() == 1 && said.all(|t| matches!(t, Token::Word(Word::Weekday(_))))
}

/// The days that a phrase means.
///
/// # Errors
/// When it cannot be understood, or there is no day to count from.
pub fn range(tokens: &[Token], anchor: Option<Day>) -> Result<DayRange, String> {
    let words: Vec<Word> = tokens
        .iter()
        .filter_map(|token| match token {
            Token::Word(Word::Noise) => None,
            Token::Word(word) => Some(Ok(*word)),
            _ => Some(Err("this phrase is not known".to_string())),
        })
        .collect::<Result<_, String>>()?;
    let Some(anchor) = anchor.filter(|day| (OPEN_PAST / 10..OPEN_FUTURE / 10).contains(day)) else {
        return Err("it counts from a day: the option anchor gives one".to_string());
    };
    let found = match words.as_slice() {
        [Word::Today(days)] => Some(day(anchor + days)),
        [Word::Which(which), Word::Unit(unit)] => unit_of(anchor, *which, *unit),
        [Word::Part(part), Word::Which(which), Word::Unit(unit @ (Unit::Month | Unit::Year))] => {
            unit_of(anchor, *which, *unit).map(|range| part_of(range, *unit == Unit::Month, *part))
        }
        [Word::Weekday(weekday)] => Some(around(anchor, *weekday)),
        [Word::Which(which), Word::Weekday(weekday)] => Some(weekday_of(anchor, *which, *weekday)),
        [Word::Which(which), Word::Month(month)] => month_of(anchor, *which, *month),
        _ => None,
    };
    found.ok_or_else(|| "this phrase is not known".to_string())
}

const fn day(day: Day) -> DayRange {
    DayRange { first: day, last: day }
}

/// From 1, which is Monday.
fn weekday(day: Day) -> i64 {
    i64::from(to_civil(day).weekday().to_monday_one_offset())
}

/// A day of the week without more can be the one before or the one after; on that day it is that day.
fn around(anchor: Day, named: i64) -> DayRange {
    let back = (weekday(anchor) - named).rem_euclid(7);
    DayRange { first: anchor - back, last: anchor - back + if back == 0 { 0 } else { 7 } }
}

/// The nearest such day before the anchor or after it, or that of its week.
fn weekday_of(anchor: Day, which: i64, named: i64) -> DayRange {
    let today = weekday(anchor);
    day(match which {
        0 => anchor - today + named,
        which if which < 0 => anchor - 1 - (today - 1 - named).rem_euclid(7),
        _ => anchor + 1 + (named - today - 1).rem_euclid(7),
    })
}

fn unit_of(anchor: Day, which: i64, unit: Unit) -> Option<DayRange> {
    let date = to_civil(anchor);
    match unit {
        Unit::Week => {
            let monday = anchor - weekday(anchor) + 1 + 7 * which;
            Some(DayRange { first: monday, last: monday + 6 })
        }
        Unit::Month => date.first_of_month().checked_add(which.months()).ok().map(month),
        Unit::Year => {
            let first = date.first_of_year().checked_add(which.years()).ok()?;
            Some(DayRange { first: to_day(first), last: to_day(first.last_of_year()) })
        }
    }
}

/// `last June` is the nearest one that is over, `next June` the nearest that has not begun.
fn month_of(anchor: Day, which: i64, named: i64) -> Option<DayRange> {
    let date = to_civil(anchor);
    let own = i64::from(date.month());
    let years = match which {
        0 => 0,
        which if which < 0 => i64::from(named < own) - 1,
        _ => 1 - i64::from(named > own),
    };
    let first = date.first_of_year().checked_add(years.years()).ok()?;
    first.checked_add((named - 1).months()).ok().map(month)
}

fn month(first: Date) -> DayRange {
    DayRange { first: to_day(first), last: to_day(first.last_of_month()) }
}
