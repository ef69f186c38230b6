//! From a value of a column back to the rows that have it.

use super::column::{Column, NOTHING, Rows};

/// For each value between the least and the greatest, its rows in their order.
#[derive(Debug)]
pub struct Index {
    low: i64,
    /// For each value and one more, where its rows begin.
    begins: Vec<u32>,
    /// The rows by value; without it they are the rows of the table as they stand.
    rows: Option<Vec<u32>>,
}

/// The rows of one value.
#[derive(Clone, Copy, Debug)]
pub enum Found<'a> {
    Range(u32, u32),
    Each(&'a [u32]),
}

impl Found<'_> {
    pub fn len(&self) -> usize {
        match self {
            Found::Range(first, end) => end.saturating_sub(*first) as usize,
            Found::Each(rows) => rows.len(),
        }
    }

    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    pub fn for_each(&self, mut each: impl FnMut(u32)) {
        match self {
            Found::Range(first, end) => (*first..*end).for_each(each),
            Found::Each(rows) => rows.iter().for_each(|row| each(*row)),
        }
    }
}

/// So many values more than rows an index may span.
const SPARE: usize = 4096;

impl Index {
    /// `None` where the values lie too far apart, or are too many.
    pub fn of(column: &Column) -> Option<Index> {
        let count = column.len();
        let span = match usize::try_from(column.high.checked_sub(column.low)?) {
            Ok(width) => width.checked_add(1)?,
            Err(_) => 0,
        };
        if span > count.checked_mul(4)?.checked_add(SPARE)? || u32::try_from(count).is_err() {
            return None;
        }
        let mut begins = vec![0_u32; span + 1];
        let slot = |value: i64| (value != NOTHING).then(|| usize::try_from(value.wrapping_sub(column.low)).ok())?;
        each(column, |_, value| {
            if let Some(begin) = slot(value).and_then(|slot| begins.get_mut(slot + 1)) {
                *begin += 1;
            }
        });
        let mut total = 0;
        for begin in &mut begins {
            total += *begin;
            *begin = total;
        }
        if column.sorted && column.plain {
            begins.iter_mut().for_each(|begin| *begin += 1);
            return Some(Index { low: column.low, begins, rows: None });
        }
        let mut next = begins.clone();
        let mut rows = vec![0_u32; total as usize];
        each(column, |row, value| {
            if let Some(place) = slot(value).filter(|slot| slot + 1 < next.len()).and_then(|slot| next.get_mut(slot)) {
                if let Some(at) = rows.get_mut(*place as usize) {
                    *at = row;
                }
                *place += 1;
            }
        });
        Some(Index { low: column.low, begins, rows: Some(rows) })
    }

    /// The rows of a value, in their order.
    pub fn find(&self, value: i64) -> Found<'_> {
        let slot = value.checked_sub(self.low).and_then(|slot| usize::try_from(slot).ok());
        let ends = slot.and_then(|slot| Some((*self.begins.get(slot)?, *self.begins.get(slot.checked_add(1)?)?)));
        let (begin, end) = ends.unwrap_or((0, 0));
        match &self.rows {
            None => Found::Range(begin, end),
            Some(rows) => Found::Each(rows.get(begin as usize..end as usize).unwrap_or(&[])),
        }
    }

    /// About how many rows a value has.
    pub fn usual(&self) -> f64 {
        let total = self.begins.last().copied().unwrap_or(0);
        f64::from(total) / (self.begins.len().max(2) - 1) as f64
    }
}

/// Calls `visit` with each row and its value.
fn each(column: &Column, mut visit: impl FnMut(u32, i64)) {
    const STEP: usize = 4096;
    let mut values = Vec::new();
    for begin in (0..column.len()).step_by(STEP) {
        let first = u32::try_from(begin + 1).unwrap_or(u32::MAX);
        column.load(Rows::Range(first, STEP.min(column.len() - begin)), &mut values);
        (first..).zip(&values).for_each(|(row, value)| visit(row, *value));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_value_leads_to_its_rows_in_order() {
        for values in [vec![5, 5, 6, 9, 9, 9], vec![9, NOTHING, 5, 9, 6, 5, 9]] {
            let index = Index::of(&Column::of_numbers(values.clone())).unwrap();
            for value in [4, 5, 6, 7, 9, 10, NOTHING] {
                let mut found = Vec::new();
                index.find(value).for_each(|row| found.push(row));
                let rows = (1..).zip(&values).filter(|(_, known)| **known == value && value != NOTHING);
                assert_eq!(found, rows.map(|(row, _)| row).collect::<Vec<u32>>(), "{value}");
            }
        }
    }

    #[test]
    fn values_far_apart_have_no_index() {
        assert!(Index::of(&Column::of_numbers(vec![0, 1_000_000])).is_none());
    }
}
