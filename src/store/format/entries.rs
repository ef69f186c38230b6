//! The entries of an index: taken from the rows as they come, sorted once, written in order.

use super::image::Image;
use super::record::{Encoder, Value};
use super::tree::Tree;
use crate::diagnostic::{Diagnostic, running};
use crate::store::Progress;
use std::collections::HashSet;

/// So many entries are sorted between two looks at whether it is to go on.
const PIECE: usize = 1 << 17;

/// What some columns of all rows of a table hold, in the order of the rows.
#[derive(Debug, Default)]
pub struct Columns {
    columns: Vec<Column>,
    rows: u32,
}

#[derive(Debug)]
enum Column {
    /// It is not needed.
    Left,
    Numbers(Numbers),
    /// All texts, one behind the other, and where each ends.
    Texts {
        all: String,
        ends: Vec<usize>,
    },
}

/// Numbers, and in which rows there are some and not nothing where it looks like that.
#[derive(Debug, Default)]
struct Numbers {
    all: Vec<i64>,
    least: HashSet<u32>,
}

/// Stands for no number. No day and no id of ours is that one.
const NOTHING: i64 = i64::MIN;

impl Numbers {
    fn add(&mut self, row: u32, number: Option<i64>) -> Result<(), Diagnostic> {
        if number == Some(NOTHING) {
            self.least.insert(row);
        }
        push(&mut self.all, number.unwrap_or(NOTHING))
    }

    #[inline]
    fn get(&self, row: u32) -> Option<i64> {
        let number = self.all.get(row as usize).copied()?;
        (number != NOTHING || self.least.contains(&row)).then_some(number)
    }
}

/// Whether and how a column is kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kept {
    Not,
    Number,
    Text,
}

impl Columns {
    /// Those of the columns of a table that are to be kept.
    pub fn of(kept: &[Kept]) -> Columns {
        let column = |kept: &Kept| match kept {
            Kept::Not => Column::Left,
            Kept::Number => Column::Numbers(Numbers::default()),
            Kept::Text => Column::Texts { all: String::new(), ends: Vec::new() },
        };
        Columns { columns: kept.iter().map(column).collect(), rows: 0 }
    }

    /// One more row.
    ///
    /// # Errors
    /// When memory is short; or for values of another kind than the column's: a bug of the caller's.
    pub fn add(&mut self, values: &[Value<'_>]) -> Result<(), Diagnostic> {
        for (column, value) in self.columns.iter_mut().zip(values) {
            match (column, value) {
                (Column::Left, _) => {}
                (Column::Numbers(numbers), Value::Integer(number)) => numbers.add(self.rows, Some(*number))?,
                (Column::Numbers(numbers), Value::Null) => numbers.add(self.rows, None)?,
                (Column::Texts { all, ends }, Value::Text(text)) => {
                    all.try_reserve(text.len()).map_err(|_| running::no_memory())?;
                    all.push_str(text);
                    push(ends, all.len())?;
                }
                _ => return Err(running::bug("a value of another kind than its column's")),
            }
        }
        self.rows = self.rows.checked_add(1).ok_or_else(running::no_memory)?;
        Ok(())
    }

    pub const fn rows(&self) -> u32 {
        self.rows
    }

    /// The numbers of a column, but where there is none.
    pub fn numbers(&self, column: usize) -> impl Iterator<Item = i64> {
        let numbers = match self.columns.get(column) {
            Some(Column::Numbers(numbers)) => Some(numbers),
            _ => None,
        };
        numbers.into_iter().flat_map(|numbers| (0..self.rows).filter_map(|row| numbers.get(row)))
    }

    fn value(&self, column: usize, row: u32) -> Value<'_> {
        match self.columns.get(column) {
            Some(Column::Numbers(numbers)) => numbers.get(row).map_or(Value::Null, Value::Integer),
            Some(Column::Texts { all, ends }) => Value::Text(all.get(range(ends, row as usize)).unwrap_or("")),
            _ => Value::Null,
        }
    }

    /// The rows in the order of these columns; those that are the same in all, as they came.
    ///
    /// # Errors
    /// When memory is short, or it was stopped.
    pub fn order(&self, by: &[usize], progress: &Progress) -> Result<Vec<u32>, Diagnostic> {
        if let [one] = by
            && let Some(keys) = self.small(*one)
        {
            let packed = (0..).zip(keys).map(|(row, key): (u32, u32)| u64::from(key) << 32 | u64::from(row));
            return Ok(sorted(packed.collect(), progress)?.into_iter().map(|entry| entry as u32).collect());
        }
        let small: Option<Vec<Vec<u32>>> = by.iter().map(|column| self.small(*column)).collect();
        match small.filter(|small| small.len() <= 3) {
            Some(columns) => {
                let mut packed = vec![0_u128; self.rows as usize];
                for keys in columns {
                    packed.iter_mut().zip(keys).for_each(|(entry, key)| *entry = *entry << 32 | u128::from(key));
                }
                packed.iter_mut().zip(0_u32..).for_each(|(entry, row)| *entry = *entry << 32 | u128::from(row));
                Ok(sorted(packed, progress)?.into_iter().map(|entry| entry as u32).collect())
            }
            None => self.compared(by, progress),
        }
    }

    /// The numbers of a column as others in the same order, nothing first; if they all are small enough.
    fn small(&self, column: usize) -> Option<Vec<u32>> {
        let Some(Column::Numbers(numbers)) = self.columns.get(column) else { return None };
        let small = |row: u32| match numbers.get(row) {
            None => Some(0),
            Some(number) => u32::try_from(number.checked_add(1 - i64::from(i32::MIN))?).ok(),
        };
        (0..self.rows).map(small).collect()
    }

    /// The order of rows whose columns are not small numbers.
    fn compared(&self, by: &[usize], progress: &Progress) -> Result<Vec<u32>, Diagnostic> {
        let (mut all, mut ends) = (Vec::new(), Vec::new());
        for row in 0..self.rows {
            by.iter().for_each(|column| comparable(self.value(*column, row), &mut all));
            push(&mut ends, all.len())?;
        }
        let key = |row: u32| all.get(range(&ends, row as usize)).unwrap_or_default();
        // What all begin with tells none apart.
        let common = |row| key(0).iter().zip(key(row)).take_while(|(one, other)| one == other).count();
        let shared = (0..self.rows).map(common).min().unwrap_or(0);
        let begins = |row: u32| {
            let mut begins = [0; 16];
            begins.iter_mut().zip(key(row).iter().skip(shared)).for_each(|(to, from)| *to = *from);
            u128::from_be_bytes(begins)
        };
        let mut order: Vec<(u128, u32)> = (0..self.rows).map(|row| (begins(row), row)).collect();
        let compare = |one: &(u128, u32), other: &(u128, u32)| {
            one.0.cmp(&other.0).then_with(|| key(one.1).cmp(key(other.1))).then(one.1.cmp(&other.1))
        };
        for piece in order.chunks_mut(PIECE) {
            progress.go_on(0)?;
            piece.sort_unstable_by(compare);
        }
        order.sort_by(compare);
        progress.go_on(0)?;
        Ok(order.into_iter().map(|(_, row)| row).collect())
    }
}

/// The entries of an index in their order, as they are written.
#[derive(Debug, Default)]
pub struct Entries {
    all: Vec<u8>,
    lengths: Vec<u32>,
}

impl Entries {
    /// Those of an index over these columns.
    ///
    /// # Errors
    /// When a row's first columns (as many as are to be its alone) are another's, memory is short, or it was stopped.
    pub fn of(
        columns: &Columns,
        by: &[usize],
        own: Option<usize>,
        order: &[u32],
        progress: &Progress,
    ) -> Result<Entries, Diagnostic> {
        let mut entries = Entries::default();
        let mut encoder = Encoder::default();
        let values = |row: u32| by.iter().map(move |column| columns.value(*column, row));
        entries.lengths.try_reserve(order.len()).map_err(|_| running::no_memory())?;
        let mut before: Option<u32> = None;
        for row in order.iter().copied() {
            if let (Some(own), Some(before)) = (own, before)
                && values(before).take(own).eq(values(row).take(own))
            {
                return Err(running::bug("a key that is there twice"));
            }
            before = Some(row);
            let record = encoder.record(values(row));
            entries.all.try_reserve(record.len()).map_err(|_| running::no_memory())?;
            entries.all.extend_from_slice(record);
            entries.lengths.push(record.len() as u32);
            progress.go_on(0)?;
        }
        Ok(entries)
    }

    /// Writes them as pages; the number of the topmost.
    ///
    /// # Errors
    /// When memory is short, or it was stopped.
    pub fn write(&self, image: &mut Image, progress: &Progress) -> Result<u32, Diagnostic> {
        let mut tree = Tree::index(image.page_size());
        let mut rest = self.all.as_slice();
        for length in &self.lengths {
            let (record, behind) = rest.split_at_checked(*length as usize).unwrap_or_default();
            tree.entry(image, record)?;
            rest = behind;
            progress.go_on(1)?;
        }
        tree.finish(image)
    }
}

/// A value as bytes that are in the order in which SQLite has values.
pub fn comparable(value: Value<'_>, out: &mut Vec<u8>) {
    match value {
        Value::Null => out.push(0),
        Value::Integer(number) => {
            out.push(1);
            out.extend_from_slice(&(number as u64 ^ 1 << 63).to_be_bytes());
        }
        // None of ours is in an index.
        Value::Real(number) => out.extend_from_slice(&number.to_be_bytes()),
        Value::Text(text) => {
            out.push(2);
            // The end of a text comes before everything that a longer one goes on with.
            for part in text.split_inclusive('\0') {
                out.extend_from_slice(part.as_bytes());
                out.extend_from_slice(if part.ends_with('\0') { &[0xff] } else { &[] });
            }
            out.extend_from_slice(&[0, 0]);
        }
    }
}

/// Sorted in pieces, which are put together then.
fn sorted<T: Ord>(mut entries: Vec<T>, progress: &Progress) -> Result<Vec<T>, Diagnostic> {
    for piece in entries.chunks_mut(PIECE) {
        progress.go_on(0)?;
        piece.sort_unstable();
    }
    entries.sort();
    progress.go_on(0)?;
    Ok(entries)
}

#[inline]
fn range(ends: &[usize], at: usize) -> std::ops::Range<usize> {
    let start = at.checked_sub(1).and_then(|before| ends.get(before)).copied().unwrap_or(0);
    start..ends.get(at).copied().unwrap_or(start)
}

#[inline]
fn push<T>(all: &mut Vec<T>, one: T) -> Result<(), Diagnostic> {
    all.try_reserve(1).map_err(|_| running::no_memory())?;
    all.push(one);
    Ok(())
}
