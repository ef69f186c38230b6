//! One end of a span, or a whole date: day, month and year as far as they are given; what one end lacks, the other has.

use super::tokens::Token;
use super::words::{Part, Word};
use crate::value::date::{DateFault, DayRange, to_civil, to_day};

/// A span whose second end lacks its year may reach into the next one, if it is no longer than so many months.
const LONGEST: i64 = 6;

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Side {
    pub day: Option<i64>,
    pub month: Option<i64>,
    pub year: Option<i64>,
    weekday: Option<i64>,
    part: Option<Part>,
    about: bool,
    doubt: bool,
}

const TWICE: &str = "it has more numbers than one date";

impl Side {
    /// Reads the tokens of one end.
    ///
    /// # Errors
    /// Why they are no date.
    pub fn read(tokens: &[Token]) -> Result<Side, String> {
        let mut side = Side::default();
        let mut said = false;
        for token in tokens {
            said |= !matches!(token, Token::Word(Word::Noise | Word::About | Word::Since) | Token::Doubt);
            match *token {
                Token::Number { value, digits: 4 } => once(&mut side.year, value)?,
                Token::Number { value, .. } => once(&mut side.day, value)?,
                Token::Date { year, month, day } => {
                    once(&mut side.month, month)?;
                    year.map_or(Ok(()), |year| once(&mut side.year, year))?;
                    day.map_or(Ok(()), |day| once(&mut side.day, day))?;
                }
                Token::Word(Word::Month(month)) => once(&mut side.month, month)?,
                Token::Word(Word::Weekday(day)) => once(&mut side.weekday, day)?,
                Token::Word(Word::Part(part)) => side.part = Some(part),
                Token::Word(Word::About) => side.about = true,
                Token::Word(Word::Noise | Word::Since) => {}
                Token::Doubt => side.doubt = true,
                Token::Word(_) | Token::Dash => return Err(DateFault::NotADate.to_string()),
            }
        }
        // French shortens Wednesday as it calls the middle of a month.
        if side.day.is_some() && side.part == Some(Part::Mid) {
            side.part = None;
        }
        if said { Ok(side) } else { Err("there is no date in it".to_string()) }
    }

    /// The sign of EDTF behind a date that is about or doubtful.
    pub fn mark(self) -> &'static str {
        match (self.about, self.doubt) {
            (true, true) => "%",
            (true, false) => "~",
            (false, true) => "?",
            (false, false) => "",
        }
    }

    /// The days that it can be.
    ///
    /// # Errors
    /// When it is no date, or lacks its year.
    pub fn range(self) -> Result<DayRange, String> {
        if self.day.is_some() && self.month.is_none() {
            return Err("it has a day without its month".to_string());
        }
        let Some(year) = self.year else {
            return Err("it has no year: the option year or anchor gives one".to_string());
        };
        let text = match (self.month, self.day) {
            (Some(month), Some(day)) => format!("{year:04}-{month:02}-{day:02}"),
            (Some(month), None) => format!("{year:04}-{month:02}"),
            (None, _) => format!("{year:04}"),
        };
        let range = DayRange::parse(&text).map_err(|fault| fault.to_string())?;
        if let Some(weekday) = self.weekday
            && range.first == range.last
            && i64::from(to_civil(range.first).weekday().to_monday_one_offset()) != weekday
        {
            return Err(format!("{text} is another day of the week"));
        }
        match self.part {
            None => Ok(range),
            Some(_) if self.day.is_some() => Err("a day has no beginning, middle or end here".to_string()),
            Some(part) => Ok(part_of(range, self.month.is_some(), part)),
        }
    }

    /// Fills the gaps of two ends from each other, and from the year given.
    #[must_use]
    pub fn filled(mut start: Side, mut end: Side, year: Option<i64>) -> (Side, Side) {
        // A day does not take its month from an end without a day: of `2024-05/16` nobody knows what is meant.
        let days = start.day.is_some() && end.day.is_some();
        if start.month.is_none() && days {
            start.month = end.month;
        }
        if end.month.is_none() && days {
            end.month = start.month;
        }
        let over = match (start.month, end.month) {
            (Some(first), Some(last)) if first > last && last + 12 - first <= LONGEST => 1,
            _ => 0,
        };
        if start.year.is_none() && end.year.is_none() {
            start.year = year;
        }
        match (start.year, end.year) {
            (None, Some(year)) => start.year = Some(year - over),
            (Some(year), None) => end.year = Some(year + over),
            _ => {}
        }
        (start, end)
    }
}

fn once(place: &mut Option<i64>, value: i64) -> Result<(), String> {
    match place.replace(value) {
        None => Ok(()),
        Some(_) => Err(TWICE.to_string()),
    }
}

/// The first ten days of a month, the next ten, the rest; of a year, four months each.
pub fn part_of(range: DayRange, month: bool, part: Part) -> DayRange {
    let start = to_civil(range.first);
    if month {
        let (first, last) = match part {
            Part::Early => (range.first, range.first + 9),
            Part::Mid => (range.first + 10, range.first + 19),
            Part::Late => (range.first + 20, range.last),
        };
        return DayRange { first, last };
    }
    let month = |month: i8| start.with().month(month).day(1).build().unwrap_or(start);
    let (first, last) = match part {
        Part::Early => (1, 4),
        Part::Mid => (5, 8),
        Part::Late => (9, 12),
    };
    DayRange { first: to_day(month(first)), last: to_day(month(last).last_of_month()) }
}
