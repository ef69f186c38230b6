//! Calendar periods: the quarter, month or week in which a day lies, numbered so that they compare like dates.

use super::date::{Day, to_civil};
use std::fmt;

/// The functions of a day: three kinds of period, and the two that give plain numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Unit {
    Year,
    Quarter,
    Month,
    Week,
    /// 1 = Monday … 7 = Sunday (ISO 8601).
    Weekday,
}

/// Further from 1970 than any day of the calendar, in days.
const LAST_DAY: Day = 20_000_000;

impl Unit {
    /// The number of this unit in which `day` lies; for quarters, months and weeks a running number.
    pub fn number(self, day: Day) -> i64 {
        // A file from elsewhere may hold any number as a day; beyond the calendar there are no further periods.
        let day = day.clamp(-LAST_DAY, LAST_DAY);
        let date = to_civil(day);
        let (year, month) = (i64::from(date.year()), i64::from(date.month()));
        match self {
            Unit::Year => year,
            Unit::Quarter => year * 4 + (month - 1) / 3,
            Unit::Month => year * 12 + month - 1,
            // 1970-01-01 was a Thursday.
            Unit::Week => (day + 3).div_euclid(7),
            Unit::Weekday => i64::from(date.weekday().to_monday_one_offset()),
        }
    }

    /// Whether its numbers are shown as they are.
    pub const fn is_plain(self) -> bool {
        matches!(self, Unit::Year | Unit::Weekday)
    }
}

/// A quarter, month or week by its running number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Period {
    pub unit: Unit,
    pub number: i64,
}

impl fmt::Display for Period {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let number = self.number;
        match self.unit {
            Unit::Quarter => write!(out, "{:04}-Q{}", number.div_euclid(4), number.rem_euclid(4) + 1),
            Unit::Month => write!(out, "{:04}-{:02}", number.div_euclid(12), number.rem_euclid(12) + 1),
            Unit::Week => {
                let week = to_civil(number.saturating_mul(7).saturating_sub(3)).iso_week_date();
                write!(out, "{:04}-W{:02}", week.year(), week.week())
            }
            Unit::Year | Unit::Weekday => write!(out, "{number}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::value::date::DayRange;

    #[test]
    fn every_period_is_written_as_the_literal_that_means_it() {
        for (unit, text) in [(Unit::Quarter, "2024-Q2"), (Unit::Month, "1969-12"), (Unit::Week, "2020-W53")] {
            let range = DayRange::parse(text).unwrap();
            for day in [range.first, range.last] {
                assert_eq!(Period { unit, number: unit.number(day) }.to_string(), text);
            }
            assert_ne!(unit.number(range.first - 1), unit.number(range.first));
            assert_ne!(unit.number(range.last + 1), unit.number(range.last));
        }
    }
}
