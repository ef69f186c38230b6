//! One column of a table in memory: whole numbers as narrow as they fit, texts as places in a sorted list.
//!
//! Rows are counted from 1, as ids are; row 0 is no row, and every value of it is nothing.

use crate::value::date::{OPEN_FUTURE, OPEN_PAST};
use std::sync::Arc;

/// What stands for a missing value while values are plain numbers. Columns that hold it are not packed.
pub const NOTHING: i64 = i64::MIN + 0x5eed;

/// Codes below this one have meanings of their own: nothing, open past, open future.
const SPECIAL: [i64; 3] = [NOTHING, OPEN_PAST, OPEN_FUTURE];

/// Codes of the rows, the first of row 1.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Codes {
    One(Vec<u8>),
    Two(Vec<u16>),
    Four(Vec<u32>),
    /// The values themselves.
    Eight(Vec<i64>),
}

/// A column in memory.
#[derive(Clone, Debug, PartialEq)]
pub struct Column {
    pub(super) codes: Codes,
    /// What a code of 3 means.
    pub(super) base: i64,
    /// The least and the greatest value, but for nothing and open ends; `low` is above `high` where there is none.
    pub low: i64,
    pub high: i64,
    /// No row is less than the one before, and none is missing.
    pub sorted: bool,
    /// Every row has a value, and none is an open end.
    pub(super) plain: bool,
    /// Of a column of texts: the different texts in the order of their bytes; a value is a place in it. Without them a
    /// column of texts says only whether there is one.
    pub texts: Option<Arc<Vec<String>>>,
}

/// The rows that are read: some after each other, or any.
#[derive(Clone, Copy, Debug)]
pub enum Rows<'a> {
    /// The first, and how many.
    Range(u32, usize),
    Each(&'a [u32]),
}

impl Column {
    /// A column of whole numbers; [`NOTHING`] where there is none.
    pub fn of_numbers(values: Vec<i64>) -> Column {
        let known = || values.iter().copied().filter(|value| !SPECIAL.contains(value));
        let (low, high) = (known().min().unwrap_or(0), known().max().unwrap_or(-1));
        let plain = values.iter().all(|value| !SPECIAL.contains(value));
        let sorted = values.windows(2).all(|pair| pair[0] <= pair[1]) && !values.contains(&NOTHING);
        let width = high.checked_sub(low).and_then(|width| u64::try_from(width).ok()).unwrap_or(0);
        let too_wide = high.checked_sub(low).is_none();
        let code = |value: i64| match SPECIAL.iter().position(|special| *special == value) {
            Some(code) => code as u64,
            None => value.wrapping_sub(low) as u64 + SPECIAL.len() as u64,
        };
        let most = width.saturating_add(SPECIAL.len() as u64);
        // Each code fits what was chosen for the widest.
        let codes = match most {
            _ if too_wide => Codes::Eight(values),
            0..=0xff => Codes::One(values.iter().map(|value| code(*value) as u8).collect()),
            0x100..=0xffff => Codes::Two(values.iter().map(|value| code(*value) as u16).collect()),
            0x1_0000..=0xffff_ffff => Codes::Four(values.iter().map(|value| code(*value) as u32).collect()),
            _ => Codes::Eight(values),
        };
        Column { codes, base: low, low, high, sorted, plain, texts: None }
    }

    /// A column of texts: `places` are places in `texts`, which are sorted and different.
    pub fn of_texts(places: Vec<i64>, texts: Vec<String>) -> Column {
        Column { texts: Some(Arc::new(texts)), ..Column::of_numbers(places) }
    }

    /// How many rows it has.
    pub fn len(&self) -> usize {
        match &self.codes {
            Codes::One(codes) => codes.len(),
            Codes::Two(codes) => codes.len(),
            Codes::Four(codes) => codes.len(),
            Codes::Eight(codes) => codes.len(),
        }
    }

    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// How many bytes it takes, but for its texts.
    pub fn bytes(&self) -> usize {
        let width = match self.codes {
            Codes::One(_) => 1,
            Codes::Two(_) => 2,
            Codes::Four(_) => 4,
            Codes::Eight(_) => 8,
        };
        self.len() * width
    }

    /// The value of one row.
    pub fn value(&self, row: u32) -> i64 {
        let mut out = Vec::with_capacity(1);
        self.load(Rows::Each(&[row]), &mut out);
        out.first().copied().unwrap_or(NOTHING)
    }

    /// The values of rows, in the place of what was in `out`.
    pub fn load(&self, rows: Rows<'_>, out: &mut Vec<i64>) {
        out.clear();
        match &self.codes {
            Codes::One(codes) => load(codes, rows, self.base, self.plain, out),
            Codes::Two(codes) => load(codes, rows, self.base, self.plain, out),
            Codes::Four(codes) => load(codes, rows, self.base, self.plain, out),
            Codes::Eight(values) => match rows {
                Rows::Range(first, count) => {
                    let begin = (first as usize).saturating_sub(1);
                    let known = values.get(begin..(begin + count).min(values.len())).unwrap_or(&[]);
                    out.extend_from_slice(known);
                    out.resize(count, NOTHING);
                }
                Rows::Each(rows) => out.extend(rows.iter().map(|row| at(values, *row).unwrap_or(NOTHING))),
            },
        }
    }

    /// The first row whose value is not below `value`, of a sorted column; one after the last where all are below.
    pub fn first_not_below(&self, value: i64) -> u32 {
        let (mut low, mut high) = (1_u32, u32::try_from(self.len()).unwrap_or(u32::MAX).saturating_add(1));
        while low < high {
            let middle = low + (high - low) / 2;
            if self.value(middle) < value { low = middle + 1 } else { high = middle }
        }
        low
    }

    /// The place of a text, where the column has it.
    pub fn place(&self, text: &str) -> Option<i64> {
        let texts = self.texts.as_ref()?;
        texts.binary_search_by(|known| known.as_str().cmp(text)).ok().and_then(|at| i64::try_from(at).ok())
    }
}

/// What row 0 and rows beyond the last have is nothing.
#[inline]
fn at<T: Copy>(codes: &[T], row: u32) -> Option<T> {
    codes.get((row as usize).wrapping_sub(1)).copied()
}

fn load<T: Copy + Into<u64>>(codes: &[T], rows: Rows<'_>, base: i64, plain: bool, out: &mut Vec<i64>) {
    let shift = base.wrapping_sub(SPECIAL.len() as i64);
    let value = |code: T| -> i64 {
        let code: u64 = code.into();
        let known = (code as i64).wrapping_add(shift);
        if plain {
            return known;
        }
        match code {
            0 => SPECIAL[0],
            1 => SPECIAL[1],
            2 => SPECIAL[2],
            _ => known,
        }
    };
    match rows {
        Rows::Range(first, count) => {
            let begin = (first as usize).saturating_sub(1);
            let known = codes.get(begin..(begin + count).min(codes.len())).unwrap_or(&[]);
            if plain {
                out.extend(known.iter().map(|code| ((*code).into() as i64).wrapping_add(shift)));
            } else {
                out.extend(known.iter().map(|code| value(*code)));
            }
            out.resize(count, NOTHING);
        }
        Rows::Each(rows) => out.extend(rows.iter().map(|row| at(codes, *row).map_or(NOTHING, value))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_come_back_as_they_were_in_every_width() {
        for high in [1, 200, 60_000, 5_000_000, i64::from(u32::MAX) * 4] {
            let values = vec![NOTHING, OPEN_PAST, -7, OPEN_FUTURE, 0, high, high - 1];
            let column = Column::of_numbers(values.clone());
            let mut out = Vec::new();
            column.load(Rows::Range(1, 7), &mut out);
            assert_eq!(out, values, "{high}");
            column.load(Rows::Each(&[0, 6, 8, 1]), &mut out);
            assert_eq!(out, [NOTHING, high, NOTHING, NOTHING]);
            assert!(!column.sorted && !column.plain && column.low == -7 && column.high == high);
        }
    }

    #[test]
    fn rows_of_a_sorted_column_are_found() {
        let column = Column::of_numbers(vec![OPEN_PAST, 3, 3, 9, OPEN_FUTURE]);
        assert!(column.sorted);
        assert_eq!([OPEN_PAST, 3, 4, 10, OPEN_FUTURE + 1].map(|value| column.first_not_below(value)), [1, 2, 4, 5, 6]);
    }
}
