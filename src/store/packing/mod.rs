//! Packed columns of a file: read from its rows, and handed to SQL as rows again.
//!
//! What was computed from them comes to SQL as the numbers of its rows (the library's `rarray`), of which `bilat_cell`
//! gives the values. Nothing of it needs a table in the file.

mod kept;

use super::{Database, Watch, progress, trouble};
use crate::catalog::ddl::{self, Storage, Table};
use crate::diagnostic::{Diagnostic, running};
use crate::packed::{self, Cell, Column, Data, Failure, NOTHING, Provider, Rows};
use crate::plan::tree::Packed;
use crate::sql::PACKED_ROWS;
use kept::Kept;
use rusqlite::functions::FunctionFlags;
use rusqlite::types::{Value, ValueRef};
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
    // Where there is no time for all of them, what is wanted is read from the rows.
    if !database.has_time(meetings * A_MEETING / 1000) {
        return Box::new(rows());
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

/// To pack all columns takes about so many microseconds a meeting.
const A_MEETING: u64 = 15;

/// A column of texts is packed with its texts where there are few enough: so many, or one for so many rows.
const FEW: usize = 1 << 16;
const ONE_FOR: usize = 8;

impl FromRows {
    fn failure(&self, error: &rusqlite::Error) -> Diagnostic {
        self.watch.why().unwrap_or_else(|| trouble::damage(&self.name, error))
    }

    /// Columns of a table, all in one reading of its rows.
    fn columns(&self, table: &'static Table, names: &[&str], rows: usize) -> rusqlite::Result<Vec<Option<Column>>> {
        let quoted = |names: &mut dyn Iterator<Item = &str>| -> String {
            names.map(|name| format!("\"{name}\"")).collect::<Vec<_>>().join(", ")
        };
        let keys = quoted(&mut table.columns.iter().take(table.key.max(1)).map(|column| column.name.as_str()));
        let list = quoted(&mut names.iter().copied());
        let mut statement =
            self.connection.prepare(&format!("SELECT {list} FROM \"{}\" ORDER BY {keys}", table.name))?;
        let kind = |name: &&str| table.columns.iter().find(|column| column.name == **name).map(|column| column.storage);
        let mut builders: Vec<Builder> = names.iter().map(|name| Builder::new(kind(name), rows)).collect();
        let mut found = statement.query([])?;
        while let Some(row) = found.next()? {
            for (at, builder) in builders.iter_mut().enumerate() {
                builder.add(row.get_ref(at)?);
            }
        }
        Ok(builders.into_iter().map(Builder::finish).collect())
    }
}

/// A column while its rows are read.
enum Builder {
    /// It cannot be packed.
    Unfit,
    Numbers(Vec<i64>),
    /// The texts so far, each with its place in the order in which they were met.
    Texts {
        places: Vec<i64>,
        known: HashMap<String, i64>,
        most: usize,
    },
    /// Too many texts: 0 where there is one.
    Presence(Vec<i64>),
}

impl Builder {
    fn new(storage: Option<Storage>, rows: usize) -> Builder {
        match storage {
            Some(Storage::Integer) => Builder::Numbers(Vec::with_capacity(rows)),
            Some(Storage::Text) => Builder::Texts {
                places: Vec::with_capacity(rows),
                known: HashMap::new(),
                most: FEW.max(rows / ONE_FOR),
            },
            Some(Storage::Real) | None => Builder::Unfit,
        }
    }

    fn add(&mut self, value: ValueRef<'_>) {
        match (&mut *self, value) {
            (Builder::Unfit, _) => {}
            (
                Builder::Numbers(values) | Builder::Texts { places: values, .. } | Builder::Presence(values),
                ValueRef::Null,
            ) => {
                values.push(NOTHING);
            }
            (Builder::Numbers(values), ValueRef::Integer(number)) if number != NOTHING => values.push(number),
            (Builder::Presence(values), ValueRef::Text(_)) => values.push(0),
            (Builder::Texts { places, known, most }, ValueRef::Text(bytes)) => {
                // Texts in another encoding are compared byte by byte by SQLite, which is not done here.
                let Ok(text) = std::str::from_utf8(bytes) else { return *self = Builder::Unfit };
                let place = match known.get(text) {
                    Some(place) => Some(*place),
                    None if known.len() > *most => None,
                    None => {
                        let place = i64::try_from(known.len()).unwrap_or(0);
                        known.insert(text.to_string(), place);
                        Some(place)
                    }
                };
                if let Some(place) = place {
                    return places.push(place);
                }
                let mut values = std::mem::take(places);
                values.iter_mut().filter(|place| **place != NOTHING).for_each(|place| *place = 0);
                values.push(0);
                *self = Builder::Presence(values);
            }
            _ => *self = Builder::Unfit,
        }
    }

    fn finish(self) -> Option<Column> {
        let (mut places, known) = match self {
            Builder::Unfit => return None,
            Builder::Numbers(values) | Builder::Presence(values) => return Some(Column::of_numbers(values)),
            Builder::Texts { places, known, .. } => (places, known),
        };
        let mut texts: Vec<(String, i64)> = known.into_iter().collect();
        texts.sort_unstable();
        let mut order = vec![0; texts.len()];
        for (place, (_, met)) in (0..).zip(&texts) {
            if let Some(at) = usize::try_from(*met).ok().and_then(|met| order.get_mut(met)) {
                *at = place;
            }
        }
        for place in places.iter_mut().filter(|place| **place != NOTHING) {
            *place = usize::try_from(*place).ok().and_then(|met| order.get(met)).copied().unwrap_or(NOTHING);
        }
        Some(Column::of_texts(places, texts.into_iter().map(|(text, _)| text).collect()))
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

    fn column(&self, table: &'static str, column: &str, rows: u32) -> Result<Option<Column>, Diagnostic> {
        let Some(table) = ddl::tables().iter().find(|known| known.name == table) else { return Ok(None) };
        let read = self.columns(table, &[column], rows as usize).map_err(|error| self.failure(&error))?;
        Ok(read.into_iter().next().flatten())
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
