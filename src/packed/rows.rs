//! The rows that a block gives, by column.

use super::column::NOTHING;
use crate::plan::tree::Most;
use std::sync::Arc;

/// One column of an answer.
#[derive(Clone, Debug, PartialEq)]
pub enum Values {
    /// Nothing asks for it.
    None,
    /// [`NOTHING`] is a missing value.
    Numbers(Arc<Vec<i64>>),
    /// Places in the list.
    Texts(Arc<Vec<i64>>, Arc<Vec<String>>),
    Reals(Arc<Vec<Option<f64>>>),
}

/// One value.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Cell<'a> {
    Null,
    Integer(i64),
    Real(f64),
    Text(&'a str),
}

/// Rows in memory, counted from 0.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Rows {
    pub count: usize,
    pub columns: Vec<Values>,
}

impl Rows {
    /// A value; beyond the last row or column it is null.
    pub fn cell(&self, row: usize, column: usize) -> Cell<'_> {
        match self.columns.get(column) {
            None | Some(Values::None) => Cell::Null,
            Some(Values::Numbers(values)) => match values.get(row) {
                None | Some(&NOTHING) => Cell::Null,
                Some(number) => Cell::Integer(*number),
            },
            Some(Values::Texts(places, texts)) => {
                let place = places.get(row).and_then(|place| usize::try_from(*place).ok());
                place.and_then(|place| texts.get(place)).map_or(Cell::Null, |text| Cell::Text(text))
            }
            Some(Values::Reals(values)) => values.get(row).copied().flatten().map_or(Cell::Null, Cell::Real),
        }
    }

    /// How many bytes it takes, but for texts.
    pub fn bytes(&self) -> usize {
        self.columns.iter().filter(|column| !matches!(column, Values::None)).count() * self.count * 8
    }

    /// The rows that can be among the first by a column of counts.
    pub(super) fn at_most(&self, most: &Most) -> Rows {
        let number = |column: usize, row: usize| match self.cell(row, column) {
            Cell::Integer(number) => number,
            _ => 0,
        };
        let mut kept: Vec<u32> = (0..u32::try_from(self.count).unwrap_or(u32::MAX)).collect();
        if let Some(some) = most.some {
            kept.retain(|row| number(some, *row as usize) > 0);
        }
        let rank = |row: &u32| {
            let number = number(most.column, *row as usize);
            if most.descending { !number } else { number }
        };
        let count = usize::try_from(most.count).unwrap_or(usize::MAX);
        if count == 0 {
            kept.clear();
        } else if count < kept.len() {
            let mut ranks: Vec<i64> = kept.iter().map(rank).collect();
            let (_, last, _) = ranks.select_nth_unstable(count - 1);
            let last = *last;
            // Rows that are equal to the last are told apart by what else the answer is sorted by.
            kept.retain(|row| rank(row) <= last);
        }
        self.chosen(&kept)
    }

    /// Only these rows, in this order.
    #[must_use]
    pub fn chosen(&self, rows: &[u32]) -> Rows {
        let numbers = |values: &[i64]| {
            Arc::new(rows.iter().map(|row| values.get(*row as usize).copied().unwrap_or(NOTHING)).collect::<Vec<i64>>())
        };
        let columns = self.columns.iter().map(|column| match column {
            Values::None => Values::None,
            Values::Numbers(values) => Values::Numbers(numbers(values)),
            Values::Texts(places, texts) => Values::Texts(numbers(places), Arc::clone(texts)),
            Values::Reals(values) => {
                let chosen = rows.iter().map(|row| values.get(*row as usize).copied().flatten());
                Values::Reals(Arc::new(chosen.collect()))
            }
        });
        Rows { count: rows.len(), columns: columns.collect() }
    }
}
