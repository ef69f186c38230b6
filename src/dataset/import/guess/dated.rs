//! How the dates of a column, or of two with the ends of stays, are to be read: found from their cells.

use super::super::dates::{DayOrder, Reading, Stated, from_two};

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
