//! Packed columns of a file: read from its rows, and handed to SQL as rows again.
//!
//! What was computed from them comes to SQL as the numbers of its rows (the library's `rarray`), of which `bilat_cell`
//! gives the values. Nothing of it needs a table in the file.

mod kept;

use super::{Database, Watch, progress, trouble};
use crate::catalog::ddl;
use crate::diagnostic::{Diagnostic, running};
use crate::packed::{self, Cell, Column, Data, Failure, NOTHING, Provider, Rows};
use crate::plan::tree::Packed;
use crate::sql::PACKED_ROWS;
use kept::Kept;
use rusqlite::functions::FunctionFlags;
use rusqlite::types::Value;
use rusqlite::{Connection, OptionalExtension};
use std::collections::HashMap;
use std::rc::Rc;
use std::sync::{Arc, Mutex, PoisonError};

/// The function that gives the values of computed rows.
pub(super) const CELL: &str = "bilat_cell";

/// So many bytes may be taken for an answer.
pub const MOST_BYTES: usize = 2 << 30;

/// Rows on loan to the statements that run.
pub(super) type Lent = Arc<Mutex<Vec<Arc<Rows>>>>;

/// Lets SQL read rows that are on loan.
pub(super) fn register(connection: &Connection, lent: &Lent) -> rusqlite::Result<()> {
    let flags = FunctionFlags::SQLITE_UTF8 | FunctionFlags::SQLITE_DETERMINISTIC | FunctionFlags::SQLITE_DIRECTONLY;
    let lent = Arc::clone(lent);
    connection.create_scalar_function(CELL, 2, flags, move |context| {
        let row: i64 = context.get(0)?;
        let column: i64 = context.get(1)?;
        let lent = lent.lock().unwrap_or_else(PoisonError::into_inner);
        let at = |number: i64| usize::try_from(number).unwrap_or(usize::MAX);
        let cell =
            lent.get(at(row / PACKED_ROWS)).map_or(Cell::Null, |rows| rows.cell(at(row % PACKED_ROWS), at(column)));
        Ok(match cell {
            Cell::Null => Value::Null,
            Cell::Integer(number) => Value::Integer(number),
            Cell::Real(number) => Value::Real(number),
            Cell::Text(text) => Value::Text(text.to_string()),
        })
    })
}

/// Where the columns of a file come from: its cache, which is made where the file deserves one, or its rows.
pub(super) fn provider(database: &Database, meetings: u64) -> Box<dyn Provider> {
    let rows = || FromRows {
        connection: Rc::clone(&database.connection),
        watch: Arc::clone(&database.watch),
        name: database.name.clone(),
    };
    let cache = &database.cache;
    if !cache.deserved_by(meetings) {
        return Box::new(rows());
    }
    if let Some(file) = cache.open(&kept::KIND)
        && let Ok(kept) = Kept::open(file, rows())
    {
        return Box::new(kept);
    }
    // Whoever stops the packing stops the query, which says so when it goes on with the rows.
    let written = database.watched(&[progress::COLUMNS], |progress| {
        progress.begin(progress::COLUMNS, kept::count());
        cache.store(&kept::KIND, |out| kept::write(&rows(), out, progress))
    });
    let made = matches!(written, Ok(Some(()))).then(|| cache.open(&kept::KIND)).flatten();
    match made.map(|file| Kept::open(file, rows())) {
        Some(Ok(kept)) => Box::new(kept),
        _ => Box::new(rows()),
    }
}

/// Computes packed blocks.
///
/// # Errors
/// As [`packed::compute`].
pub(super) fn computed(blocks: &[Packed], data: &Data) -> Result<Vec<Arc<Rows>>, Failure> {
    blocks.iter().map(|block| packed::compute(block, data)).collect()
}

/// The numbers of the rows of a block on loan.
pub(super) fn numbers(block: usize, rows: &Rows) -> Rc<Vec<Value>> {
    let first = i64::try_from(block).unwrap_or(0) * PACKED_ROWS;
    Rc::new((first..).take(rows.count).map(Value::Integer).collect())
}

/// Columns from the rows of a file.
pub(super) struct FromRows {
    pub connection: Rc<Connection>,
    pub watch: Arc<Watch>,
    pub name: String,
}

/// A column of texts is packed with its texts where there are few enough: so many, or one for so many rows.
const FEW: usize = 1 << 16;
const ONE_FOR: usize = 8;

impl FromRows {
    fn failure(&self, error: &rusqlite::Error) -> Diagnostic {
        self.watch.why().unwrap_or_else(|| trouble::damage(&self.name, error))
    }

    fn numbers(&self, text: &str, rows: usize) -> rusqlite::Result<Option<Column>> {
        let mut statement = self.connection.prepare(text)?;
        let mut found = statement.query([])?;
        let mut values = Vec::with_capacity(rows);
        while let Some(row) = found.next()? {
            match row.get_ref(0)? {
                rusqlite::types::ValueRef::Null => values.push(NOTHING),
                rusqlite::types::ValueRef::Integer(number) if number != NOTHING => values.push(number),
                _ => return Ok(None),
            }
        }
        Ok(Some(Column::of_numbers(values)))
    }

    /// A column of texts, where they are few.
    fn texts(&self, text: &str, rows: usize) -> rusqlite::Result<Option<Column>> {
        let mut statement = self.connection.prepare(text)?;
        let mut found = statement.query([])?;
        let mut places: Vec<i64> = Vec::with_capacity(rows);
        let mut known: HashMap<String, i64> = HashMap::new();
        while let Some(row) = found.next()? {
            let bytes = match row.get_ref(0)? {
                rusqlite::types::ValueRef::Null => {
                    places.push(NOTHING);
                    continue;
                }
                rusqlite::types::ValueRef::Text(bytes) => bytes,
                _ => return Ok(None),
            };
            // Texts in another encoding are compared byte by byte by SQLite, which is not done here.
            let Ok(text) = std::str::from_utf8(bytes) else { return Ok(None) };
            let place = match known.get(text) {
                Some(place) => *place,
                None => {
                    if known.len() > FEW.max(rows / ONE_FOR) {
                        return Ok(None);
                    }
                    let place = i64::try_from(known.len()).unwrap_or(0);
                    known.insert(text.to_string(), place);
                    place
                }
            };
            places.push(place);
        }
        let mut texts: Vec<(String, i64)> = known.into_iter().collect();
        texts.sort_unstable();
        let mut order = vec![0; texts.len()];
        for (place, (_, met)) in (0..).zip(&texts) {
            if let Some(at) = usize::try_from(*met).ok().and_then(|met| order.get_mut(met)) {
                *at = place;
            }
        }
        let sorted = |place: &mut i64| {
            if *place != NOTHING {
                *place = usize::try_from(*place).ok().and_then(|met| order.get(met)).copied().unwrap_or(NOTHING);
            }
        };
        places.iter_mut().for_each(sorted);
        Ok(Some(Column::of_texts(places, texts.into_iter().map(|(text, _)| text).collect())))
    }
}

impl Provider for FromRows {
    fn rows(&self, table: &'static str) -> Result<Option<u32>, Diagnostic> {
        let Some(table) = ddl::tables().iter().find(|known| known.name == table) else { return Ok(None) };
        let text = match table.key {
            0 => format!("SELECT count(*), min(\"id\"), max(\"id\") FROM \"{}\"", table.name),
            _ => format!("SELECT count(*), 1, count(*) FROM \"{}\"", table.name),
        };
        let found: Option<(i64, Option<i64>, Option<i64>)> = self
            .connection
            .query_row(&text, [], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))
            .optional()
            .map_err(|error| self.failure(&error))?;
        Ok(match found {
            Some((0, ..)) => Some(0),
            Some((count, Some(1), Some(last))) if last == count => u32::try_from(count).ok(),
            _ => None,
        })
    }

    fn column(&self, table: &'static str, column: &str) -> Result<Option<Column>, Diagnostic> {
        let Some(table) = ddl::tables().iter().find(|known| known.name == table) else { return Ok(None) };
        let Some(known) = table.columns.iter().find(|known| known.name == column) else { return Ok(None) };
        let rows = self.rows(table.name)?.unwrap_or(0) as usize;
        let keys: Vec<String> =
            table.columns.iter().take(table.key.max(1)).map(|key| format!("\"{}\"", key.name)).collect();
        let select = |what: String| format!("SELECT {what} FROM \"{}\" ORDER BY {}", table.name, keys.join(", "));
        let failed = |error: rusqlite::Error| self.failure(&error);
        match known.storage {
            ddl::Storage::Integer => self.numbers(&select(format!("\"{column}\"")), rows).map_err(failed),
            ddl::Storage::Real => Ok(None),
            ddl::Storage::Text => match self.texts(&select(format!("\"{column}\"")), rows).map_err(failed)? {
                Some(column) => Ok(Some(column)),
                None => self
                    .numbers(&select(format!("CASE WHEN \"{column}\" IS NOT NULL THEN 0 END")), rows)
                    .map_err(failed),
            },
        }
    }

    fn go_on(&self) -> Result<(), Diagnostic> {
        self.watch.go_on()
    }

    fn most_bytes(&self) -> usize {
        MOST_BYTES
    }

    fn too_little_memory(&self) -> Diagnostic {
        running::answer_too_large(MOST_BYTES >> 20)
    }
}
