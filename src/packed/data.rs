//! The columns of a file that have been asked for, ways back from values to rows, and answers that may be asked for again.

use super::Failure;
use super::column::{Column, NOTHING, Rows as Which};
use super::index::Index;
use super::rows::Rows;
use super::tuples::{self, Tuples};
use crate::diagnostic::Diagnostic;
use crate::plan::tree::{Block, Value};
use crate::value::date::{Day, to_civil};
use crate::value::period::Unit;
use std::cell::RefCell;
use std::collections::HashMap;
use std::sync::Arc;

/// Where columns come from.
pub trait Provider {
    /// How many rows a table has; `None` where its ids do not run from 1 without a gap.
    ///
    /// # Errors
    /// When the file cannot be read, or someone stops it.
    fn rows(&self, table: &'static str) -> Result<Option<u32>, Diagnostic>;

    /// A column of a table of so many rows; `None` where it cannot be packed.
    ///
    /// # Errors
    /// As [`Provider::rows`].
    fn column(&self, table: &'static str, column: &str, rows: u32) -> Result<Option<Column>, Diagnostic>;

    /// Whether to go on.
    ///
    /// # Errors
    /// When someone stops it, or the time is used up.
    fn go_on(&self) -> Result<(), Diagnostic>;

    /// How many bytes may be taken for an answer.
    fn most_bytes(&self) -> usize;

    /// What to say when that is not enough.
    fn too_little_memory(&self) -> Diagnostic;
}

/// The days whose periods are in a table: 1900 to 2059.
pub const FIRST_DAY: Day = -25_567;
const LAST_DAY: Day = 32_872;

/// Answers of up to so many bytes in all are kept.
const KEPT: usize = 256 << 20;

type Key = (&'static str, String);

/// Combinations of columns that were asked for once, and then gathered if there are few enough.
#[derive(Clone)]
enum Asked {
    Once,
    Gathered(Option<Arc<Tuples>>),
}

/// The columns of one file.
pub struct Data {
    provider: Box<dyn Provider>,
    rows: RefCell<HashMap<&'static str, Option<u32>>>,
    columns: RefCell<HashMap<Key, Option<Arc<Column>>>>,
    indexes: RefCell<HashMap<Key, Option<Arc<Index>>>>,
    /// How often the rows of one value were looked for without an index.
    asked: RefCell<HashMap<Key, u32>>,
    periods: RefCell<HashMap<Unit, Arc<Vec<i16>>>>,
    parties: RefCell<Option<Arc<Vec<i64>>>>,
    /// By the places of the columns in memory, which they keep.
    tuples: RefCell<HashMap<Vec<usize>, Asked>>,
    tuples_from: u32,
    answers: RefCell<Vec<(Block, Arc<Rows>)>>,
}

impl Data {
    pub fn new(provider: Box<dyn Provider>) -> Data {
        Data {
            provider,
            rows: RefCell::default(),
            columns: RefCell::default(),
            indexes: RefCell::default(),
            asked: RefCell::default(),
            periods: RefCell::default(),
            parties: RefCell::default(),
            tuples: RefCell::default(),
            tuples_from: tuples::LEAST,
            answers: RefCell::default(),
        }
    }

    /// The same where combinations are gathered of tables of so many rows and more.
    #[must_use]
    pub fn gathering_from(self, rows: u32) -> Data {
        Data { tuples_from: rows, ..self }
    }

    pub(super) const fn tuples_from(&self) -> u32 {
        self.tuples_from
    }

    /// How many rows a table has.
    ///
    /// # Errors
    /// When its rows cannot be counted through.
    pub fn rows(&self, table: &'static str) -> Result<u32, Failure> {
        let known = self.rows.borrow().get(table).copied();
        let rows = match known {
            Some(rows) => rows,
            None => {
                let rows = self.provider.rows(table)?;
                self.rows.borrow_mut().insert(table, rows);
                rows
            }
        };
        rows.ok_or(Failure::Unfit("a table whose ids have gaps"))
    }

    /// A column, read when it is first asked for.
    ///
    /// # Errors
    /// When it cannot be packed.
    pub fn column(&self, table: &'static str, name: &str) -> Result<Arc<Column>, Failure> {
        let key = (table, name.to_string());
        let known = self.columns.borrow().get(&key).cloned();
        let column = match known {
            Some(column) => column,
            None => {
                let rows = self.rows(table)?;
                let column = self.provider.column(table, name, rows)?;
                let column = column.filter(|column| column.len() == rows as usize).map(Arc::new);
                self.columns.borrow_mut().insert(key, column.clone());
                column
            }
        };
        column.ok_or(Failure::Unfit("a column that is not packed"))
    }

    /// The way back from a column's values to its rows; `None` where they lie too far apart.
    ///
    /// # Errors
    /// As [`Data::column`].
    pub fn index(&self, table: &'static str, name: &str) -> Result<Option<Arc<Index>>, Failure> {
        let key = (table, name.to_string());
        if let Some(known) = self.indexes.borrow().get(&key) {
            return Ok(known.clone());
        }
        let index = Index::of(self.column(table, name)?.as_ref()).map(Arc::new);
        self.indexes.borrow_mut().insert(key, index.clone());
        Ok(index)
    }

    /// The rows with a value, upwards. An index is made when it is asked a second time: to look through a column once takes
    /// less.
    ///
    /// # Errors
    /// As [`Data::column`].
    pub fn rows_with(&self, table: &'static str, name: &str, value: i64) -> Result<Vec<u32>, Failure> {
        let key = (table, name.to_string());
        let column = self.column(table, name)?;
        let asked = {
            let mut asked = self.asked.borrow_mut();
            let count = asked.entry(key.clone()).or_insert(0);
            *count += 1;
            *count
        };
        let mut found = Vec::new();
        let indexed = asked > 1 || column.sorted || self.indexes.borrow().contains_key(&key);
        let index = if indexed { self.index(table, name)? } else { None };
        if let Some(index) = index {
            index.find(value).for_each(|row| found.push(row));
            return Ok(found);
        }
        const STEP: usize = 4096;
        let mut values = Vec::new();
        for begin in (0..column.len()).step_by(STEP) {
            let first = u32::try_from(begin + 1).unwrap_or(u32::MAX);
            column.load(Which::Range(first, STEP.min(column.len() - begin)), &mut values);
            found.extend(
                (first..).zip(&values).filter(|(_, known)| **known == value && value != NOTHING).map(|(row, _)| row),
            );
        }
        Ok(found)
    }

    /// The different combinations of columns of one table, from the second time that they are asked for.
    ///
    /// # Errors
    /// When someone stops it.
    pub fn tuples(&self, columns: &[Arc<Column>]) -> Result<Option<Arc<Tuples>>, Failure> {
        let key: Vec<usize> = columns.iter().map(|column| Arc::as_ptr(column).addr()).collect();
        let asked = self.tuples.borrow().get(&key).cloned();
        let asked = match asked {
            None => Asked::Once,
            Some(Asked::Once) => Asked::Gathered(tuples::gathered(columns, self)?.map(Arc::new)),
            Some(gathered) => gathered,
        };
        self.tuples.borrow_mut().insert(key, asked.clone());
        Ok(match asked {
            Asked::Once => None,
            Asked::Gathered(tuples) => tuples,
        })
    }

    /// For each participant what the catalogue's query of pairs orders by, in the same numbers: leaders, then countries.
    ///
    /// # Errors
    /// As [`Data::column`].
    pub fn parties(&self) -> Result<Arc<Vec<i64>>, Failure> {
        if let Some(known) = self.parties.borrow().as_ref() {
            return Ok(Arc::clone(known));
        }
        let (mut leaders, mut countries) = (Vec::new(), Vec::new());
        for (name, values) in [("leader_id", &mut leaders), ("country_id", &mut countries)] {
            let column = self.column("participants", name)?;
            column.load(Which::Range(1, column.len()), values);
        }
        let party = |(leader, country): (&i64, &i64)| match (*leader, *country) {
            (NOTHING, NOTHING) => 0,
            (NOTHING, country) => country.saturating_add(1 << 40),
            (leader, _) => leader,
        };
        let made = Arc::new(leaders.iter().zip(&countries).map(party).collect::<Vec<i64>>());
        Ok(Arc::clone(self.parties.borrow_mut().insert(made)))
    }

    /// For each day from [`FIRST_DAY`], its period.
    pub fn periods(&self, unit: Unit) -> Arc<Vec<i16>> {
        let made = || {
            let mut table = Vec::with_capacity(usize::try_from(LAST_DAY - FIRST_DAY).unwrap_or(0));
            let mut day = FIRST_DAY;
            while day < LAST_DAY {
                // Within a month nothing changes but weeks and their days.
                let days = match unit {
                    Unit::Week | Unit::Weekday => 1,
                    _ => i64::from(to_civil(day).days_in_month()),
                };
                let number = i16::try_from(unit.number(day)).unwrap_or(0);
                table.extend((0..days).map(|_| number));
                day += days;
            }
            Arc::new(table)
        };
        Arc::clone(self.periods.borrow_mut().entry(unit).or_insert_with(made))
    }

    /// Whether to go on.
    ///
    /// # Errors
    /// When not.
    pub fn go_on(&self) -> Result<(), Failure> {
        Ok(self.provider.go_on()?)
    }

    /// Whether so many bytes may be taken.
    ///
    /// # Errors
    /// When not.
    pub fn room(&self, bytes: usize) -> Result<(), Failure> {
        if bytes <= self.provider.most_bytes() {
            Ok(())
        } else {
            Err(Failure::Ended(self.provider.too_little_memory()))
        }
    }

    /// The rows of a block that was computed before.
    pub fn known(&self, block: &Block) -> Option<Arc<Rows>> {
        self.answers.borrow().iter().find(|(known, _)| covers(known, block)).map(|(_, rows)| Arc::clone(rows))
    }

    /// Keeps the rows of a block: what stands under an answer asks for the same groups again.
    pub fn keep(&self, block: &Block, rows: Rows) -> Arc<Rows> {
        let rows = Arc::new(rows);
        let mut answers = self.answers.borrow_mut();
        answers.push((block.clone(), Arc::clone(&rows)));
        while answers.len() > 1
            && (answers.len() > 16 || answers.iter().map(|(_, rows)| rows.bytes()).sum::<usize>() > KEPT)
        {
            answers.remove(0);
        }
        rows
    }

    /// Forgets answers, as between statements: the next would otherwise be measured by what the one before has done.
    pub fn forget_answers(&self) {
        self.answers.borrow_mut().clear();
    }
}

/// Whether the rows of one block are those of another but for columns that the other does not want.
fn covers(known: &Block, wanted: &Block) -> bool {
    let columns = known.columns.len() == wanted.columns.len()
        && known.columns.iter().zip(&wanted.columns).all(|(known, wanted)| known == wanted || *wanted == Value::Null);
    let with = known.with.len() == wanted.with.len()
        && known.with.iter().zip(&wanted.with).all(|((a, known), (b, wanted))| a == b && covers(known, wanted));
    // Without columns and inner blocks they are compared as they are.
    let bare = |block: &Block| Block { with: Vec::new(), columns: Vec::new(), ..block.clone() };
    columns && with && bare(known) == bare(wanted)
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Nothing;

    impl Provider for Nothing {
        fn rows(&self, _: &'static str) -> Result<Option<u32>, Diagnostic> {
            Ok(None)
        }
        fn column(&self, _: &'static str, _: &str, _: u32) -> Result<Option<Column>, Diagnostic> {
            Ok(None)
        }
        fn go_on(&self) -> Result<(), Diagnostic> {
            Ok(())
        }
        fn most_bytes(&self) -> usize {
            0
        }
        fn too_little_memory(&self) -> Diagnostic {
            crate::diagnostic::running::bug("")
        }
    }

    #[test]
    fn the_table_of_periods_says_what_the_calendar_says() {
        let data = Data::new(Box::new(Nothing));
        for unit in [Unit::Year, Unit::Quarter, Unit::Month, Unit::Week, Unit::Weekday] {
            let table = data.periods(unit);
            assert!(table.len() as i64 >= LAST_DAY - FIRST_DAY);
            for (day, number) in (FIRST_DAY..LAST_DAY).zip(table.iter()) {
                assert_eq!(i64::from(*number), unit.number(day), "{unit:?} {day}");
            }
        }
    }
}
