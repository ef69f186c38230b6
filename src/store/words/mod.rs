//! Searching texts by an index of their words, for CONTAINS and LIKE over large tables.
//!
//! An index belongs to one column: every word of its texts ([`wanted`]) with the rows that have it. It is made from the
//! rows when it is first asked for ([`build`]) and kept as a cache ([`form`]). What is looked up ([`index`]) are the rows
//! that may pass a test; where they need not, the test itself stays in the statement. Without an index, or when it is
//! damaged, the texts are read.

mod build;
mod form;
mod index;
#[cfg(test)]
mod tests;
mod wanted;

use super::Database;
use super::cache::Kind;
use super::functions::text_of;
use super::progress::{Progress, WORDS};
use crate::plan::rules::words::Texts;
use crate::plan::tree::{Search, TextTest};
use build::Builder;
use form::Place;
use index::{Found, Index};
use rusqlite::types::Value;
use std::collections::HashMap;
use std::io::{self, Write};
use std::rc::Rc;
use std::sync::atomic::Ordering;
use wanted::Wanted;

/// Goes up with each change of what an index holds or how.
const VERSION: u32 = 1;

/// So many ids are remembered; then it begins anew.
const MOST_IDS: usize = 4_000_000;

/// An index that names more than one row of so many is no help.
const ONE_OF: u64 = 2;

/// To read a row and test it takes as long as to take so many over from an index.
const READING: u64 = 12;

/// So many rows are taken in before it is asked whether to go on.
const STRIDE: usize = 1_000;

/// So many bytes are written before it is asked.
const PIECE: usize = 1 << 20;

/// Thousandths of a millisecond that a row takes to be indexed, at most.
const A_ROW: u64 = 4;

/// What is known of the words of a file.
#[derive(Default)]
pub(super) struct Words {
    /// Of a column (with its table), its index; nothing where it deserves none.
    indexes: HashMap<(&'static str, String), Option<Rc<Index>>>,
    /// What was found; the statements of a query ask for the same several times.
    found: HashMap<Search, Remembered>,
}

/// The rows that may pass a search.
#[derive(Clone)]
struct Remembered {
    ids: Rc<Vec<Value>>,
    /// Of each test, whether they all pass it.
    alone: Vec<bool>,
    /// The last id of the table.
    last: usize,
}

impl Texts for Database {
    fn narrows(&self, search: &Search, first: Option<u64>) -> Option<Vec<bool>> {
        let found = self.looked_up(search)?;
        let (named, rows) = (found.ids.len() as u64, found.last as u64);
        // Of each `rows / named` rows that are read, one is found.
        let read = first.map_or(u64::MAX, |first| first.saturating_mul(READING).saturating_mul(rows / named.max(1)));
        (named <= rows / ONE_OF && named <= read).then_some(found.alone)
    }
}

impl Database {
    /// The ids of all rows that pass a search, and perhaps of some that pass only a part of it.
    pub(super) fn found_by(&self, search: &Search) -> rusqlite::Result<Rc<Vec<Value>>> {
        match self.looked_up(search) {
            Some(found) => Ok(found.ids),
            None => self.read_through(search),
        }
    }

    /// What the indexes know of a search; nothing where no index helps.
    fn looked_up(&self, search: &Search) -> Option<Remembered> {
        if let Some(found) = self.words.borrow().found.get(search) {
            return Some(found.clone());
        }
        let (mut all, mut alone): (Option<Found>, _) = (None, Vec::new());
        let mut last = 0;
        for test in &search.tests {
            let Some((index, found)) = self.passing(search.table, test) else {
                alone.push(false);
                continue;
            };
            last = index.last();
            alone.push(found.exact);
            match &mut all {
                Some(all) => all.rows.keep(&found.rows),
                None => all = Some(found),
            }
        }
        let ids = Rc::new(all?.rows.ids().into_iter().map(Value::Integer).collect::<Vec<_>>());
        let found = Remembered { ids, alone, last };
        let known = &mut self.words.borrow_mut().found;
        if known.values().map(|known| known.ids.len()).sum::<usize>() > MOST_IDS {
            known.clear();
        }
        known.insert(search.clone(), found.clone());
        Some(found)
    }

    /// The rows that may pass a test, where an index names them.
    fn passing(&self, table: &'static str, test: &TextTest) -> Option<(Rc<Index>, Found)> {
        let wanted = match test.function {
            "bilat_like" => Wanted::like(&test.part),
            _ => Wanted::contained(&test.part),
        };
        if wanted.runs.is_empty() {
            return None;
        }
        let index = self.index(table, &test.column)?;
        let found = index.find(&wanted)?;
        Some((index, found))
    }

    /// The index of a column: the one at hand, or the one that is kept, or a new one.
    fn index(&self, table: &'static str, column: &str) -> Option<Rc<Index>> {
        let place = (table, column.to_string());
        if let Some(known) = self.words.borrow().indexes.get(&place) {
            return known.clone();
        }
        let rows = self.last_id(table).filter(|rows| self.cache.deserved_by(u64::from(*rows)));
        let made = match rows {
            Some(rows) => {
                let kind = Kind { name: format!("words-of-{table}-{column}").into(), version: VERSION };
                let kept = self.kept(&kind, rows);
                // Where there was no time to make one, there may be next time.
                Some(match kept {
                    Some(kept) => kept,
                    None => self.made(table, column, &kind, rows)?,
                })
            }
            None => None,
        };
        let made = made.map(Rc::new);
        self.words.borrow_mut().indexes.insert(place, made.clone());
        made
    }

    fn kept(&self, kind: &Kind, last: u32) -> Option<Index> {
        let index = Index::read(Place::File(self.cache.open(kind)?))?;
        (index.last() == last as usize).then_some(index)
    }

    /// Makes the index of a column and keeps it, if it may.
    fn made(&self, table: &str, column: &str, kind: &Kind, last: u32) -> Option<Index> {
        if !self.has_time(u64::from(last) * A_ROW / 1000) {
            return None;
        }
        self.watched(&[WORDS], |progress| {
            progress.begin(WORDS, u64::from(last));
            let builder = self.read_words(table, column, last, progress)?;
            let stored = self.cache.store(kind, |out| builder.write(&mut Stoppable { out, progress }));
            progress.go_on(0).ok()?;
            match stored {
                Ok(Some(true)) => {
                    if let Some(kept) = self.kept(kind, last) {
                        return Some(kept);
                    }
                }
                // What does not fit the form is not kept in memory either.
                Ok(Some(false)) => return None,
                Ok(None) | Err(_) => {}
            }
            let mut bytes = Vec::new();
            builder.write(&mut bytes).ok()?;
            Index::read(Place::Memory(bytes))
        })
    }

    /// The words of all texts of a column; nothing when it is stopped or the ids are not as this program gives them.
    fn read_words(&self, table: &str, column: &str, last: u32, progress: &Progress) -> Option<Builder> {
        // Both names are the catalogue's.
        let text = format!("SELECT \"id\", \"{column}\" FROM \"{table}\" ORDER BY \"id\"");
        let mut statement = self.connection.prepare(&text).ok()?;
        let mut rows = statement.query([]).ok()?;
        let mut builder = Builder::default();
        let mut taken = 0;
        while let Some(row) = rows.next().ok()? {
            let id: i64 = row.get(0).ok()?;
            let text = text_of(row.get_ref(1).ok()?);
            if !builder.add(id, text.as_deref().unwrap_or_default()) {
                return None;
            }
            taken += 1;
            if taken % STRIDE == 0 {
                progress.go_on(STRIDE as u64).ok()?;
            }
        }
        builder.end(last);
        Some(builder)
    }

    /// The ids of the rows that pass a search, by reading their texts.
    fn read_through(&self, search: &Search) -> rusqlite::Result<Rc<Vec<Value>>> {
        let Search { table, tests } = search;
        let test = |(at, test): (usize, &TextTest)| format!("{}(?{}, \"{}\") = 1", test.function, at + 1, test.column);
        let tested: Vec<String> = tests.iter().enumerate().map(test).collect();
        let text = format!("SELECT \"id\" FROM \"{table}\" WHERE {}", tested.join(" AND "));
        let mut statement = self.connection.prepare(&text)?;
        let parts = rusqlite::params_from_iter(tests.iter().map(|test| &test.part));
        let ids: rusqlite::Result<Vec<Value>> = statement.query_map(parts, |row| row.get(0))?.collect();
        ids.map(Rc::new)
    }

    /// The last id of a table; nothing where it is none that this program gives.
    fn last_id(&self, table: &str) -> Option<u32> {
        let text = format!("SELECT max(\"id\") FROM \"{table}\"");
        let last: Option<i64> = self.connection.query_row(&text, [], |row| row.get(0)).ok()?;
        last.and_then(|last| u32::try_from(last).ok())
    }

    /// Whether work of so many milliseconds leaves the statement that waits for it at least as long.
    pub(super) fn has_time(&self, millis: u64) -> bool {
        let deadline = self.watch.deadline.load(Ordering::Relaxed);
        let gone = u64::try_from(self.watch.begun.elapsed().as_millis()).unwrap_or(u64::MAX);
        deadline == 0 || deadline.saturating_sub(gone) / 2 >= millis
    }
}

/// Writes in pieces, and asks before each whether to go on.
struct Stoppable<'a> {
    out: &'a mut dyn Write,
    progress: &'a Progress,
}

impl Write for Stoppable<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.progress.go_on(0).map_err(|stopped| io::Error::other(stopped.message))?;
        self.out.write(bytes.get(..PIECE).unwrap_or(bytes))
    }

    fn flush(&mut self) -> io::Result<()> {
        self.out.flush()
    }
}
