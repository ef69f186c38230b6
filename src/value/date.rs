//! Dates that are not exact: EDTF (ISO 8601-2) texts as four bounds in days, and date literals as ranges of days.
//!
//! Stored dates are [`VagueDate`]s: the text a person wrote and what it allows. What a query writes is a [`DayRange`]:
//! `2024-05` is all of May. Days are counted from 1970-01-01 in the proleptic Gregorian calendar.

use jiff::ToSpan;
use jiff::civil::{Date as Civil, ISOWeekDate, Weekday};
use std::fmt;

/// Days since 1970-01-01.
pub type Day = i64;

/// "As early as you like": the bound of a date that is open towards the past.
pub const OPEN_PAST: Day = -10_000_000;
/// "As late as you like": the bound of a date that is open towards the future.
pub const OPEN_FUTURE: Day = 10_000_000;

/// One side of a period: a day, or the days between which it lies.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Edge {
    pub min: Day,
    pub max: Day,
}

impl Edge {
    pub const fn exact(day: Day) -> Edge {
        Edge { min: day, max: day }
    }

    /// So many days later.
    #[must_use]
    pub const fn plus(self, days: i64) -> Edge {
        Edge { min: self.min + days, max: self.max + days }
    }
}

/// What a date allows: its first day lies in `start_min..=start_max`, its last day in `end_min..=end_max`.
///
/// A single day that is not exactly known has equal bounds for start and end; start never lies after end.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Bounds {
    pub start_min: Day,
    pub start_max: Day,
    pub end_min: Day,
    pub end_max: Day,
}

impl Bounds {
    /// Nothing is known.
    pub const OPEN: Bounds =
        Bounds { start_min: OPEN_PAST, start_max: OPEN_FUTURE, end_min: OPEN_PAST, end_max: OPEN_FUTURE };

    /// One day somewhere in `first..=last`.
    pub const fn within(first: Day, last: Day) -> Bounds {
        Bounds { start_min: first, start_max: last, end_min: first, end_max: last }
    }

    /// A stay whose ends are known as far as the two ranges say; `None` if it would end before it starts.
    pub fn stay(start: DayRange, end: DayRange) -> Option<Bounds> {
        let bounds = Bounds {
            start_min: start.first,
            start_max: start.last.min(end.last),
            end_min: end.first.max(start.first),
            end_max: end.last,
        };
        bounds.is_possible().then_some(bounds)
    }

    pub const fn is_exact(self) -> bool {
        self.start_min == self.start_max && self.end_min == self.end_max
    }

    pub const fn is_possible(self) -> bool {
        self.start_min <= self.start_max && self.end_min <= self.end_max
    }

    /// These bounds, and within `outer` besides (its first possible to its last possible day); `None` if that cannot be.
    pub fn tightened(self, first: Day, last: Day) -> Option<Bounds> {
        let bounds = Bounds {
            start_min: self.start_min.max(first),
            start_max: self.start_max.min(last),
            end_min: self.end_min.max(first),
            end_max: self.end_max.min(last),
        };
        bounds.is_possible().then_some(bounds)
    }
}

/// A stored date: its EDTF text and the bounds that follow from it.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct VagueDate {
    pub text: String,
    pub bounds: Bounds,
    /// One day (which one may be open), as against a stay with a first and a last day.
    pub single: bool,
}

impl VagueDate {
    /// Reads EDTF levels 0 and 1 and the sets `[a..b]`, `[a..]`, `[..b]` of level 2; a stay is `a/b`.
    ///
    /// # Errors
    /// What is wrong with the text, for the message.
    pub fn parse(text: &str) -> Result<VagueDate, DateFault> {
        let mut date = VagueDate { text: String::new(), bounds: Bounds::OPEN, single: true };
        date.read(text)?;
        Ok(date)
    }

    /// The same, in the place and the room of another date; after an error it is that one still.
    ///
    /// # Errors
    /// As [`VagueDate::parse`].
    pub fn read(&mut self, text: &str) -> Result<(), DateFault> {
        let text = text.trim();
        let (bounds, single) = match one_day(text).ok_or_else(|| text.split_once('/')) {
            Ok(day) => (Bounds::within(day, day), true),
            Err(None) => {
                let range = side(text)?;
                (Bounds::within(range.first, range.last), true)
            }
            Err(Some((start, end))) => {
                let bounds = Bounds::stay(open_side(start)?, open_side(end)?).ok_or(DateFault::Reversed)?;
                (bounds, false)
            }
        };
        self.text.clear();
        self.text.push_str(text);
        (self.bounds, self.single) = (bounds, single);
        Ok(())
    }

    /// The shortest text for these bounds.
    pub fn from_bounds(bounds: Bounds, single: bool) -> VagueDate {
        let start = DayRange { first: bounds.start_min, last: bounds.start_max };
        let end = DayRange { first: bounds.end_min, last: bounds.end_max };
        let text = if single { start.to_edtf() } else { format!("{}/{}", start.to_edtf(), end.to_edtf()) };
        VagueDate { text, bounds, single }
    }
}

/// All days from `first` to `last`, both counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct DayRange {
    pub first: Day,
    pub last: Day,
}

impl DayRange {
    /// Reads a date as a query writes it: `2024`, `2024-05`, `2024-05-16`, `2024-Q2`, `2024-W20`.
    ///
    /// # Errors
    /// What is wrong with the text, for the message.
    pub fn parse(text: &str) -> Result<DayRange, DateFault> {
        let bytes = text.as_bytes();
        let digits = |range: std::ops::Range<usize>| -> Option<i16> {
            let part = text.get(range)?;
            part.bytes().all(|b| b.is_ascii_digit()).then(|| part.parse().ok())?
        };
        let year = digits(0..4).ok_or(DateFault::NotADate)?;
        match bytes.len() {
            4 => Ok(DayRange::days(civil(year, 1, 1)?, civil(year, 12, 31)?)),
            7 if bytes[4] == b'-' && bytes[5].eq_ignore_ascii_case(&b'q') => {
                quarter(year, digits(6..7).ok_or(DateFault::NotADate)?)
            }
            7 if bytes[4] == b'-' => month(year, digits(5..7).ok_or(DateFault::NotADate)?),
            8 if bytes[4] == b'-' && bytes[5].eq_ignore_ascii_case(&b'w') => {
                week(year, digits(6..8).ok_or(DateFault::NotADate)?)
            }
            10 if bytes[4] == b'-' && bytes[7] == b'-' => {
                let month = digits(5..7).ok_or(DateFault::NotADate)?;
                let day = digits(8..10).ok_or(DateFault::NotADate)?;
                let day = civil(year, month, day)?;
                Ok(DayRange::days(day, day))
            }
            _ => Err(DateFault::NotADate),
        }
    }

    fn days(first: Civil, last: Civil) -> DayRange {
        let start = to_day(first);
        DayRange { first: start, last: if first == last { start } else { to_day(last) } }
    }

    /// The shortest EDTF for "one day within this range".
    fn to_edtf(self) -> String {
        let (first, last) = (self.first, self.last);
        match (first <= OPEN_PAST, last >= OPEN_FUTURE) {
            (true, true) => "..".to_string(),
            (true, false) => format!("[..{}]", DayText(last)),
            (false, true) => format!("[{}..]", DayText(first)),
            (false, false) if first == last => DayText(first).to_string(),
            (false, false) => {
                let start = to_civil(first);
                let month = DayRange::days(start.first_of_month(), start.last_of_month());
                let year = DayRange::days(start.first_of_year(), start.last_of_year());
                if self == month {
                    start.strftime("%Y-%m").to_string()
                } else if self == year {
                    start.strftime("%Y").to_string()
                } else {
                    format!("[{}..{}]", DayText(first), DayText(last))
                }
            }
        }
    }
}

/// How many full years lie between two days; negative if the second is the earlier.
///
/// From 29 February a year is full on the last of February where there is no 29th.
pub fn full_years(from: Day, to: Day) -> i64 {
    if to < from {
        return -full_years(to, from);
    }
    let (start, end) = (to_civil(from), to_civil(to));
    let years = i64::from(end.year()) - i64::from(start.year());
    let anniversary = i16::try_from(years).ok().and_then(|years| start.checked_add(years.years()).ok());
    match anniversary {
        Some(day) if day > end => years - 1,
        _ => years,
    }
}

/// Why a text is not a date.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DateFault {
    NotADate,
    NoSuchMonth,
    NoSuchQuarter,
    /// The year has only that many ISO weeks.
    NoSuchWeek {
        weeks: i16,
    },
    /// The month has only that many days.
    NoSuchDay {
        days: i8,
    },
    /// It would end before it starts.
    Reversed,
}

impl fmt::Display for DateFault {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            DateFault::NotADate => out.write_str("another form is used here"),
            DateFault::NoSuchMonth => out.write_str("months run from 01 to 12"),
            DateFault::NoSuchQuarter => out.write_str("quarters run from Q1 to Q4"),
            DateFault::NoSuchWeek { weeks } => write!(out, "that year has {weeks} weeks"),
            DateFault::NoSuchDay { days } => write!(out, "that month has {days} days"),
            DateFault::Reversed => out.write_str("it would end before it starts"),
        }
    }
}

/// A day as `2024-05-16`; an open bound as `..`.
pub struct DayText(pub Day);

impl fmt::Display for DayText {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.0 <= OPEN_PAST || self.0 >= OPEN_FUTURE {
            return out.write_str("..");
        }
        write!(out, "{}", to_civil(self.0))
    }
}

fn civil(year: i16, month: i16, day: i16) -> Result<Civil, DateFault> {
    let month = i8::try_from(month).ok().filter(|m| (1..=12).contains(m)).ok_or(DateFault::NoSuchMonth)?;
    let first = Civil::new(year, month, 1).map_err(|_| DateFault::NotADate)?;
    let days = first.days_in_month();
    let day = i8::try_from(day).ok().filter(|d| (1..=days).contains(d)).ok_or(DateFault::NoSuchDay { days })?;
    Civil::new(year, month, day).map_err(|_| DateFault::NotADate)
}

fn month(year: i16, month: i16) -> Result<DayRange, DateFault> {
    let first = civil(year, month, 1)?;
    Ok(DayRange::days(first, first.last_of_month()))
}

fn quarter(year: i16, quarter: i16) -> Result<DayRange, DateFault> {
    if !(1..=4).contains(&quarter) {
        return Err(DateFault::NoSuchQuarter);
    }
    let last = civil(year, quarter * 3, 1)?.last_of_month();
    Ok(DayRange::days(civil(year, quarter * 3 - 2, 1)?, last))
}

fn week(year: i16, week: i16) -> Result<DayRange, DateFault> {
    let weeks =
        ISOWeekDate::new(year, 1, Weekday::Thursday).map(|d| d.weeks_in_year()).map_err(|_| DateFault::NotADate)?;
    let fault = DateFault::NoSuchWeek { weeks: i16::from(weeks) };
    let week = i8::try_from(week).map_err(|_| fault)?;
    let monday = ISOWeekDate::new(year, week, Weekday::Monday).map_err(|_| fault)?.date();
    let sunday = monday.checked_add(6.days()).map_err(|_| fault)?;
    Ok(DayRange::days(monday, sunday))
}

/// One end of a stay, or a whole single date: a point, or a set in brackets.
fn side(text: &str) -> Result<DayRange, DateFault> {
    if let Some(set) = text.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')) {
        let (first, last) = set.split_once("..").ok_or(DateFault::NotADate)?;
        let first = if first.is_empty() { OPEN_PAST } else { point(first)?.first };
        let last = if last.is_empty() { OPEN_FUTURE } else { point(last)?.last };
        return if first <= last { Ok(DayRange { first, last }) } else { Err(DateFault::Reversed) };
    }
    point(text)
}

/// One end of a stay: `..` or nothing leaves it open.
fn open_side(text: &str) -> Result<DayRange, DateFault> {
    match text {
        "" | ".." => Ok(DayRange { first: OPEN_PAST, last: OPEN_FUTURE }),
        text => side(text),
    }
}

/// A date to the year, month or day; `?`, `~` and `%` behind it leave its bounds as they are.
fn point(text: &str) -> Result<DayRange, DateFault> {
    let plain = text.strip_suffix(['?', '~', '%']).unwrap_or(text);
    if plain.bytes().any(|b| !b.is_ascii_digit() && b != b'-') {
        return Err(DateFault::NotADate);
    }
    DayRange::parse(plain)
}

/// A date that is one day and nothing else, as most are: read without looking for what else it might be.
fn one_day(text: &str) -> Option<Day> {
    let bytes: &[u8; 10] = text.as_bytes().try_into().ok()?;
    let [y1, y2, y3, y4, b'-', m1, m2, b'-', d1, d2] = *bytes else { return None };
    let digit = |byte: u8| byte.is_ascii_digit().then(|| i16::from(byte - b'0'));
    let two = |tens: u8, ones: u8| Some(digit(tens)? * 10 + digit(ones)?);
    let (month, day) = (i8::try_from(two(m1, m2)?).ok()?, i8::try_from(two(d1, d2)?).ok()?);
    Civil::new(two(y1, y2)? * 100 + two(y3, y4)?, month, day).ok().map(to_day)
}

/// The day number of a calendar date.
pub fn to_day(date: Civil) -> Day {
    date.duration_since(Civil::constant(1970, 1, 1)).as_hours() / 24
}

/// The calendar date of a day number; days that no calendar holds become its first or last.
pub fn to_civil(day: Day) -> Civil {
    let epoch = Civil::constant(1970, 1, 1);
    let last = to_day(Civil::MAX);
    let first = to_day(Civil::MIN);
    epoch.checked_add(day.clamp(first, last).days()).unwrap_or(epoch)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn range(text: &str) -> String {
        let range = DayRange::parse(text).unwrap();
        format!("{}..{}", DayText(range.first), DayText(range.last))
    }

    #[test]
    fn literals_are_ranges_of_days() {
        assert_eq!(range("2024"), "2024-01-01..2024-12-31");
        assert_eq!(range("2024-02"), "2024-02-01..2024-02-29");
        assert_eq!(range("2024-Q2"), "2024-04-01..2024-06-30");
        assert_eq!(range("2024-W01"), "2024-01-01..2024-01-07");
        assert_eq!(range("2020-W53"), "2020-12-28..2021-01-03");
        assert_eq!(range("2024-05-16"), "2024-05-16..2024-05-16");
    }

    #[test]
    fn dates_that_do_not_exist_say_why() {
        assert_eq!(DayRange::parse("2024-02-30"), Err(DateFault::NoSuchDay { days: 29 }));
        assert_eq!(DayRange::parse("2024-13"), Err(DateFault::NoSuchMonth));
        assert_eq!(DayRange::parse("2024-Q5"), Err(DateFault::NoSuchQuarter));
        assert_eq!(DayRange::parse("2024-W53"), Err(DateFault::NoSuchWeek { weeks: 52 }));
        assert_eq!(DayRange::parse("2024-5"), Err(DateFault::NotADate));
        assert_eq!(VagueDate::parse("2024-06/2024-05"), Err(DateFault::Reversed));
    }

    #[test]
    fn days_are_counted_without_a_gap() {
        let first = to_day(Civil::MIN);
        for (at, day) in (first..=to_day(Civil::MAX)).enumerate() {
            assert_eq!(to_day(to_civil(day)), first + at as i64);
        }
        assert_eq!(to_day(Civil::constant(1970, 1, 1)), 0);
        assert_eq!(to_day(Civil::constant(1969, 12, 31)), -1);
        assert_eq!(to_day(Civil::constant(2024, 2, 29)), 19_782);
    }

    #[test]
    fn a_date_is_read_in_the_place_of_another_or_leaves_it() {
        let mut date = VagueDate::parse("2024-06").unwrap();
        for (text, faulty) in [("2024-02-30", true), ("2024-06/..", false), ("0000000000", true), ("2024-06-18", false)]
        {
            let before = date.clone();
            assert_eq!(date.read(text).is_err(), faulty, "{text}");
            assert_eq!(date, if faulty { before } else { VagueDate::parse(text).unwrap() });
        }
        assert_eq!(VagueDate::parse("2024-06-18").unwrap().bounds, Bounds::within(19_892, 19_892));
    }

    #[test]
    fn bounds_follow_the_text_and_the_text_follows_the_bounds() {
        for (text, shortest) in [
            ("2024-06", "2024-06"),
            ("2024-06~", "2024-06"),
            ("[2024-07-01..2024-07-10]", "[2024-07-01..2024-07-10]"),
            ("[..2024-07-07]", "[..2024-07-07]"),
            ("2024-06-18/2024-06-19", "2024-06-18/2024-06-19"),
            ("2024-05-08/[2024-05-09..2024-05-10]", "2024-05-08/[2024-05-09..2024-05-10]"),
            ("2024-05-08/..", "2024-05-08/[2024-05-08..]"),
        ] {
            let date = VagueDate::parse(text).unwrap();
            assert_eq!(VagueDate::from_bounds(date.bounds, date.single).text, shortest);
        }
    }
}
