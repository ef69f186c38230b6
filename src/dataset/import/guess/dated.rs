//! How the dates of a column, or of two with the ends of stays, are to be read: found from their cells, and written as
//! the recipe of `date`.

use super::super::dates::{DayOrder, Reading, Stated, from_two};
use super::headers::Role;
use super::shape::{LOOKED_AT, Shape};
use super::{Guess, comment, plain, quoted};
use std::fmt::Write;

/// Any leap year: every day of a year is in it.
const ANY_YEAR: i64 = 2024;

/// How dates are to be read, and how well that goes.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Dates<'a> {
    /// Which part comes first; nothing, where the cells do not decide it.
    pub order: Option<DayOrder>,
    /// A cell without a year.
    pub yearless: Option<&'a str>,
    /// A cell that counts from the day of writing.
    pub relative: Option<&'a str>,
    /// A cell that is no date, however it is read.
    pub unread: Option<&'a str>,
    /// A cell of which nothing says what is its day and what its month.
    pub undecided: Option<&'a str>,
    /// How many cells are dates.
    pub read: usize,
    cells: usize,
    /// A short number alone is no date.
    short: usize,
}

/// What a cell needs to be read.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Needs {
    Nothing,
    Year,
    Anchor,
}

impl<'a> Dates<'a> {
    /// Looks at cells: the start and the end of each, or a date and nothing.
    pub fn of(cells: impl Iterator<Item = (&'a str, &'a str)>) -> Dates<'a> {
        let cells: Vec<(&str, &str)> = cells.filter(|(start, end)| !(start.is_empty() && end.is_empty())).collect();
        let read = |order: DayOrder| cells.iter().filter(|cell| needs(**cell, order).is_some()).count();
        let (iso, day, month) = (read(DayOrder::Iso), read(DayOrder::DayFirst), read(DayOrder::MonthFirst));
        let order = match (iso, day, month) {
            _ if iso >= day.max(month) => Some(DayOrder::Iso),
            _ if day == month => None,
            _ if day > month => Some(DayOrder::DayFirst),
            _ => Some(DayOrder::MonthFirst),
        };
        let mut dates = Dates { order, cells: cells.len(), ..Dates::default() };
        for cell in cells {
            dates.learn(cell);
        }
        dates
    }

    fn learn(&mut self, cell: (&'a str, &'a str)) {
        let shown = if cell.0.is_empty() { cell.1 } else { cell.0 };
        self.short += usize::from(shown.len() < 4 && shown.chars().all(|c| c.is_ascii_digit()));
        let tried = self.order.map_or(vec![DayOrder::DayFirst, DayOrder::MonthFirst], |order| vec![order]);
        match tried.into_iter().find_map(|order| needs(cell, order)) {
            Some(needs) => {
                self.read += 1;
                match needs {
                    Needs::Year => self.yearless = self.yearless.or(Some(shown)),
                    Needs::Anchor => self.relative = self.relative.or(Some(shown)),
                    Needs::Nothing => {}
                }
                if self.order.is_none() && self::needs(cell, DayOrder::Iso).is_none() {
                    self.undecided = self.undecided.or(Some(shown));
                }
            }
            None => self.unread = self.unread.or(Some(shown)),
        }
    }

    /// Whether that many of a hundred cells are dates, at least.
    fn reaches(&self, percent: usize) -> bool {
        self.cells > 0 && self.short * 10 < self.cells * 8 && self.read * 100 >= self.cells * percent
    }

    /// Whether the column is one of dates, whatever it is called.
    pub fn are_sure(&self) -> bool {
        self.reaches(80)
    }

    /// Whether it is, if its header says so.
    pub fn are_likely(&self) -> bool {
        self.reaches(50)
    }
}

/// What a cell needs to be a date in this order; nothing, if it is none.
fn needs(cell: (&str, &str), order: DayOrder) -> Option<Needs> {
    let read = |year: Option<i64>, anchor: Option<i64>| -> Result<Stated, String> {
        from_two(cell.0, cell.1, &Reading { order, year, anchor, within: false })
    };
    let ways =
        [(Needs::Nothing, None, None), (Needs::Year, Some(ANY_YEAR), None), (Needs::Anchor, Some(ANY_YEAR), Some(0))];
    ways.into_iter().find(|(_, year, anchor)| read(*year, *anchor).is_ok()).map(|(needs, ..)| needs)
}

impl Guess<'_> {
    pub(super) fn dates(&self, out: &mut String) -> std::fmt::Result {
        let (start, end) = (self.with(Role::Start), self.with(Role::End));
        let (from, shape) = match (start, end, self.with(Role::Date)) {
            (Some(start), Some(end), _) => {
                (format!("start = {}, end = {}", quoted(start.name), quoted(end.name)), start)
            }
            (_, _, Some(date)) => (format!("column = {}", quoted(date.name)), date),
            _ => return writeln!(out, "# No column has dates. date = \"…\""),
        };
        let dates = self.looked_at();
        let order = match dates.order {
            Some(DayOrder::DayFirst) => ", order = \"day first\"",
            Some(DayOrder::MonthFirst) => ", order = \"month first\"",
            _ => "",
        };
        if let Some(cell) = dates.unread {
            writeln!(out, "# Not all of its cells are read as dates; this one is not: {}", comment(cell))?;
        }
        if let Some(cell) = dates.undecided {
            writeln!(out, "# Such as {}. Until it is decided, import refuses what can be two days.", comment(cell))?;
            writeln!(out, "# order = \"day first\"   nothing in the table decides; or \"month first\"")?;
        }
        let year = self.year(&dates, out)?;
        let anchor = match dates.relative {
            Some(cell) => {
                writeln!(out, "# Some count from the day of writing, such as {}.", comment(cell))?;
                writeln!(out, "# The table does not say which it is: fill in a day, or a column that has it.")?;
                ", anchor = \"\""
            }
            None => "",
        };
        if start.is_none() && dates.undecided.is_none() && [order, &year, anchor].iter().all(|part| part.is_empty()) {
            return writeln!(out, "date = {}", plain(shape.name));
        }
        if !order.is_empty() || start.is_some() {
            writeln!(out, "# Such as {}.", comment(shape.cells.first().unwrap_or(&"")))?;
        }
        writeln!(out, "date = {{ {from}{order}{year}{anchor} }}")
    }

    /// How the dates that are used are read.
    pub(super) fn looked_at(&self) -> Dates<'_> {
        match (self.with(Role::Start), self.with(Role::End), self.with(Role::Date)) {
            (Some(start), Some(end), _) => self.stays(start, end),
            (_, _, Some(date)) => date.dates(),
            _ => Dates::default(),
        }
    }

    /// The ends of stays, row by row.
    fn stays<'s>(&'s self, start: &Shape<'_>, end: &Shape<'_>) -> Dates<'s> {
        let column = |shape: &Shape<'_>| self.table.columns.iter().position(|name| name == shape.name);
        let (start, end) = (column(start), column(end));
        let rows = self.table.rows.iter().take(LOOKED_AT);
        Dates::of(rows.map(|row| {
            let cell = |at: Option<usize>| at.and_then(|at| row.cells.get(at)).map_or("", |cell| cell.trim());
            (cell(start), cell(end))
        }))
    }

    /// Where the year of dates without one comes from: a column, or the user.
    fn year(&self, dates: &Dates<'_>, out: &mut String) -> Result<String, std::fmt::Error> {
        let Some(cell) = dates.yearless else { return Ok(String::new()) };
        if let Some(column) = self.with(Role::Year) {
            return Ok(format!(", year = {}", quoted(column.name)));
        }
        writeln!(out, "# Some have no year, such as {}.", comment(cell))?;
        writeln!(out, "# The table does not say which it is: fill in a year, or a column that has it.")?;
        Ok(", year = \"\"".to_string())
    }
}
