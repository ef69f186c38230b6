//! Writing a file: always a fresh one, in memory, row by row in the order of the keys, sealed at the end.
//!
//! The same rows give the same bytes: no time, no chance, no leftovers of deleted rows.

use super::progress::{self, Progress};
use super::size::Size;
use super::{guard, seal};
use crate::catalog::ddl::{self, Table};
use crate::diagnostic::{Diagnostic, running};
use crate::sql::Parameter;
use rusqlite::Connection;
use rusqlite::types::{Value, ValueRef};
use std::collections::HashMap;

/// A file being written.
pub struct Writer {
    connection: Connection,
    progress: Progress,
    /// The statement for each table, which takes longer to write than to look up.
    inserts: HashMap<&'static str, String>,
}

fn bug(error: rusqlite::Error) -> Diagnostic {
    super::trouble::bug(&error)
}

impl Writer {
    /// An empty file with our schema.
    ///
    /// # Errors
    /// When memory is short.
    pub fn new() -> Result<Writer, Diagnostic> {
        Writer::watched(&Progress::default())
    }

    /// The same while someone looks on, who may stop it.
    ///
    /// # Errors
    /// As [`Writer::new`].
    pub fn watched(progress: &Progress) -> Result<Writer, Diagnostic> {
        let mut connection = Connection::open_in_memory().map_err(bug)?;
        let pragmas = format!(
            "PRAGMA page_size = 4096; PRAGMA application_id = {}; PRAGMA user_version = {}; PRAGMA foreign_keys = 1; \
             PRAGMA temp_store = 2",
            ddl::APPLICATION_ID,
            ddl::LAYOUT
        );
        connection.execute_batch(&pragmas).map_err(bug)?;
        for statement in ddl::statements(ddl::LAYOUT) {
            connection.execute(&statement, []).map_err(bug)?;
        }
        connection.execute_batch("BEGIN").map_err(bug)?;
        guard::counted(&mut connection, progress).map_err(bug)?;
        let inserts = ddl::tables().iter().map(|table| (table.name, insert_text(table))).collect();
        Ok(Writer { connection, progress: progress.clone(), inserts })
    }

    /// Adds one row; the values stand in the order of the table's columns, `None` is nothing.
    ///
    /// # Errors
    /// When the row does not fit the table: a bug of the caller's.
    pub fn insert(&mut self, table: &Table, values: &[Option<Parameter>]) -> Result<(), Diagnostic> {
        let text = self.inserts.get(table.name).ok_or_else(|| running::bug("a row of no table"))?;
        let mut statement = self.connection.prepare_cached(text).map_err(bug)?;
        statement.execute(rusqlite::params_from_iter(values)).map_err(bug)?;
        Ok(())
    }

    /// Copies every row of another file but its seal.
    ///
    /// # Errors
    /// When the other cannot be read, or does not fit.
    pub fn copy_from(&mut self, other: &super::Database) -> Result<(), Diagnostic> {
        // An older file is open in today's layout.
        let copied = self.copy_connection(&other.connection, ddl::LAYOUT);
        other.unchanged()?;
        copied
    }

    /// The same from a connection to a file of an older layout.
    ///
    /// # Errors
    /// As [`Writer::copy_from`].
    pub(super) fn copy_connection(&mut self, other: &Connection, layout: i64) -> Result<(), Diagnostic> {
        self.progress.begin(progress::COPYING, Size::of(other).rows());
        for table in ddl::tables().iter().filter(|table| table.since <= layout) {
            let names: Vec<String> = table.columns.iter().map(|column| format!("\"{}\"", column.name)).collect();
            let keys = if table.key == 0 { "\"id\"".to_string() } else { names[..table.key].join(", ") };
            let text = format!("SELECT {} FROM \"{}\" ORDER BY {keys}", names.join(", "), table.name);
            let mut read = other.prepare(&text).map_err(bug)?;
            let mut write = self.connection.prepare_cached(&insert_text(table)).map_err(bug)?;
            let mut rows = read.query([]).map_err(bug)?;
            while let Some(row) = rows.next().map_err(bug)? {
                if table.name == "file" && row.get_ref(0).map_err(bug)?.as_str() == Ok(seal::KEY) {
                    continue;
                }
                let values: rusqlite::Result<Vec<Value>> =
                    (0..names.len()).map(|at| row.get_ref(at).map(owned)).collect();
                write.execute(rusqlite::params_from_iter(values.map_err(bug)?)).map_err(bug)?;
                self.progress.go_on(1)?;
            }
        }
        Ok(())
    }

    /// Seals the file and gives its bytes, and the digest that is its version.
    ///
    /// # Errors
    /// When a reference leads nowhere: a bug of the caller's.
    pub fn finish(self) -> Result<(Vec<u8>, String), Diagnostic> {
        let size = Size::of(&self.connection);
        self.progress.begin(progress::SEALING, size.of_reading());
        let digest = seal::digest(&self.connection, ddl::LAYOUT).map_err(bug)?;
        self.connection
            .execute("INSERT INTO \"file\" (\"key\", \"value\") VALUES (?1, ?2)", [seal::KEY, &digest])
            .map_err(bug)?;
        self.progress.begin(progress::PACKING, size.of_packing());
        Ok((self.unsealed()?, digest))
    }

    /// The file's bytes without a seal.
    ///
    /// # Errors
    /// As [`Writer::finish`].
    pub(super) fn unsealed(self) -> Result<Vec<u8>, Diagnostic> {
        self.connection.execute_batch("COMMIT").map_err(bug)?;
        // Pages in the order of the tables, without room between.
        self.connection.execute_batch("VACUUM").map_err(bug)?;
        let mut connection = self.connection;
        Ok(connection.serialize("main").map_err(bug)?.to_vec())
    }
}

fn owned(value: ValueRef<'_>) -> Value {
    match value {
        ValueRef::Null => Value::Null,
        ValueRef::Integer(number) => Value::Integer(number),
        ValueRef::Real(number) => Value::Real(number),
        ValueRef::Text(bytes) | ValueRef::Blob(bytes) => Value::Text(String::from_utf8_lossy(bytes).into_owned()),
    }
}

fn insert_text(table: &Table) -> String {
    let names: Vec<String> = table.columns.iter().map(|column| format!("\"{}\"", column.name)).collect();
    let marks: Vec<String> = (1..=names.len()).map(|position| format!("?{position}")).collect();
    format!("INSERT INTO \"{}\" ({}) VALUES ({})", table.name, names.join(", "), marks.join(", "))
}
