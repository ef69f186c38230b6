//! Writing a file: always a fresh one, in memory, table by table and row by row in the order of the keys, sealed at the
//! end.
//!
//! The same rows give the same bytes: no time, no chance, no leftovers of deleted rows. Whether keys are there once and
//! references lead somewhere is seen when a table, and when all tables are whole.

mod check;
mod filling;
mod sorting;

use super::Database;
use super::format::{Encoder, Header, Image, Schema, Tree, Value};
use super::progress::{self, Progress};
use super::seal::{self, Digesting};
use super::size::Size;
use crate::catalog::ddl::{self, Table};
use crate::diagnostic::{Diagnostic, running};
use check::References;
use filling::Filling;
use rusqlite::Connection;
use rusqlite::types::ValueRef;
use sorting::Sorting;
use std::borrow::Cow;
use std::collections::HashMap;
use std::sync::OnceLock;

/// The bytes of a page.
const PAGE: usize = 4096;

/// A file being written.
pub struct Writer {
    image: Image,
    schema: &'static Schema,
    progress: Progress,
    digest: Digesting,
    /// The tables that are whole.
    done: usize,
    filling: Option<Filling>,
    /// The topmost page of each table and index, by its name.
    roots: HashMap<String, u32>,
    /// The indexes of tables that are whole, and whether those have numbers.
    sorting: Vec<(bool, Sorting)>,
    references: References,
    /// The rows of the table that the seal stands in, which come before it.
    settings: Vec<[String; 2]>,
}

fn bug(error: rusqlite::Error) -> Diagnostic {
    super::trouble::bug(&error)
}

/// The table in which a file says what it is.
const FILE: &str = "file";

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
        static SCHEMA: OnceLock<Schema> = OnceLock::new();
        let schema = match SCHEMA.get() {
            Some(schema) => schema,
            None => {
                let made = Schema::of(&ddl::statements(ddl::LAYOUT)).map_err(bug)?;
                SCHEMA.get_or_init(|| made)
            }
        };
        Ok(Writer {
            image: Image::new(PAGE),
            schema,
            progress: progress.clone(),
            digest: Digesting::default(),
            done: 0,
            filling: None,
            roots: HashMap::new(),
            sorting: Vec::new(),
            references: References::default(),
            settings: Vec::new(),
        })
    }

    /// How many steps of progress rows of a table take: one each, and one for each entry of an index.
    pub fn steps(table: &Table) -> u64 {
        let references = table.columns.iter().filter(|column| column.references.is_some()).count() as u64;
        1 + references + u64::from(table.key == 0)
    }

    /// Adds one row; the values stand in the order of the table's columns. Tables come in the order in which they are
    /// declared, rows in that of their keys.
    ///
    /// # Errors
    /// When the row does not fit, or comes at the wrong time: a bug of the caller's. When memory is short, or it was
    /// stopped.
    pub fn insert(&mut self, table: &'static Table, values: &[Value<'_>]) -> Result<(), Diagnostic> {
        self.progress.go_on(1)?;
        if self.filling.as_ref().is_none_or(|filling| !std::ptr::eq(filling.table, table)) {
            self.reach(table)?;
        }
        match (table.name, values) {
            (FILE, [Value::Text(seal::KEY), _]) => return Ok(()),
            (FILE, [Value::Text(key), Value::Text(value)]) => {
                self.settings.push([(*key).to_string(), (*value).to_string()]);
            }
            _ => {
                let filling = self.filling.as_mut().ok_or_else(|| running::bug("a row of no table"))?;
                if filling.is_empty() && table.since > 1 {
                    self.digest.table(table.name);
                }
                filling.add(&mut self.image, values)?;
            }
        }
        self.digest.row(values);
        Ok(())
    }

    /// Closes the tables before this one.
    fn reach(&mut self, table: &'static Table) -> Result<(), Diagnostic> {
        let at = ddl::tables().iter().position(|known| std::ptr::eq(known, table));
        let at = at.filter(|at| *at >= self.done + usize::from(self.filling.is_some()));
        let at = at.ok_or_else(|| running::bug(&format!("rows of {} at the wrong time", table.name)))?;
        self.close_before(at)?;
        self.begin(table);
        Ok(())
    }

    fn begin(&mut self, table: &'static Table) {
        // What a later layout brought counts from its first row on: the same data has the same version in both.
        if table.since == 1 {
            self.digest.table(table.name);
        }
        let indexes = self.schema.indexes.iter().filter(|index| index.table == table.name).collect();
        self.filling = Some(Filling::new(table, indexes, PAGE));
    }

    /// Closes all tables before that position, also those that have no rows.
    fn close_before(&mut self, at: usize) -> Result<(), Diagnostic> {
        for table in ddl::tables().iter().take(at).skip(self.done) {
            if self.filling.is_none() {
                self.begin(table);
            }
            // The table of the seal is whole when everything else is.
            if let Some(filling) = self.filling.take().filter(|_| table.name != FILE) {
                self.whole(filling)?;
            }
            self.done += 1;
        }
        Ok(())
    }

    fn whole(&mut self, filling: Filling) -> Result<(), Diagnostic> {
        let table = filling.table;
        let (root, sorting) = filling.close(&mut self.image, &mut self.references, &self.progress)?;
        self.roots.insert(table.name.to_string(), root);
        self.sorting.push((table.key == 0, sorting));
        Ok(())
    }

    /// Copies every row of another file but its seal.
    ///
    /// # Errors
    /// When the other cannot be read, or does not fit.
    pub fn copy_from(&mut self, other: &Database) -> Result<(), Diagnostic> {
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
        self.progress.begin(progress::COPYING, Size::of(other).of_writing());
        for table in ddl::tables().iter().filter(|table| table.since <= layout) {
            let names: Vec<String> = table.columns.iter().map(|column| format!("\"{}\"", column.name)).collect();
            let keys = if table.key == 0 { "\"id\"".to_string() } else { names[..table.key].join(", ") };
            let text = format!("SELECT {} FROM \"{}\" ORDER BY {keys}", names.join(", "), table.name);
            let mut read = other.prepare(&text).map_err(bug)?;
            let mut rows = read.query([]).map_err(bug)?;
            while let Some(row) = rows.next().map_err(bug)? {
                let texts: Vec<Option<Cow<'_, str>>> = (0..names.len()).map(|at| text_at(row, at)).collect();
                let values: rusqlite::Result<Vec<Value<'_>>> =
                    texts.iter().enumerate().map(|(at, text)| value_at(row, at, text.as_deref())).collect();
                self.insert(table, &values.map_err(bug)?)?;
            }
        }
        Ok(())
    }

    /// Seals the file and gives its bytes, and the digest that is its version.
    ///
    /// # Errors
    /// When a reference leads nowhere, or a key is there twice: a bug of the caller's.
    pub fn finish(mut self) -> Result<(Vec<u8>, String), Diagnostic> {
        self.close_before(ddl::tables().len())?;
        let digest = std::mem::take(&mut self.digest).finish();
        self.settings.push([seal::KEY.to_string(), digest.clone()]);
        Ok((self.bytes()?, digest))
    }

    /// The file's bytes without a seal.
    ///
    /// # Errors
    /// As [`Writer::finish`].
    pub(super) fn unsealed(mut self) -> Result<Vec<u8>, Diagnostic> {
        self.close_before(ddl::tables().len())?;
        self.bytes()
    }

    /// The table of settings, the schema, and the first page.
    fn bytes(mut self) -> Result<Vec<u8>, Diagnostic> {
        let table = ddl::tables().iter().find(|table| table.name == FILE);
        let mut filling = Filling::new(table.ok_or_else(|| running::bug("no settings"))?, Vec::new(), PAGE);
        self.settings.sort();
        for [key, value] in &self.settings {
            filling.add(&mut self.image, &[Value::Text(key), Value::Text(value)])?;
        }
        self.whole(filling)?;
        self.references.check()?;
        for (numbered, sorting) in std::mem::take(&mut self.sorting) {
            sorting.each(numbered, &self.progress, |index, entries| {
                let root = entries.write(&mut self.image, &self.progress)?;
                self.roots.insert(index.name.clone(), root);
                Ok(())
            })?;
        }
        let mut schema = Tree::table(PAGE);
        let mut encoder = Encoder::default();
        for (id, object) in (1..).zip(&self.schema.objects) {
            let root = self.roots.get(&object.name).map_or(0, |root| i64::from(*root));
            let sql = object.sql.as_deref().map_or(Value::Null, Value::Text);
            let texts = [&object.kind, &object.name, &object.table].map(|text| Value::Text(text));
            let record = encoder.record(texts.into_iter().chain([Value::Integer(root), sql]));
            schema.row(&mut self.image, id, record)?;
            if id == 1 {
                // Two leaves at least, so that the first page of the file stands above them.
                schema.turn(&mut self.image)?;
            }
        }
        let first = schema.finish_first(&mut self.image)?;
        let header = Header { user_version: ddl::LAYOUT, application_id: ddl::APPLICATION_ID };
        Ok(self.image.finish(&first, header))
    }
}

/// The text at a position, where there is one; bytes that are none are replaced.
fn text_at<'r>(row: &'r rusqlite::Row<'_>, at: usize) -> Option<Cow<'r, str>> {
    match row.get_ref(at) {
        Ok(ValueRef::Text(bytes) | ValueRef::Blob(bytes)) => Some(String::from_utf8_lossy(bytes)),
        _ => None,
    }
}

fn value_at<'t>(row: &rusqlite::Row<'_>, at: usize, text: Option<&'t str>) -> rusqlite::Result<Value<'t>> {
    Ok(match (text, row.get_ref(at)?) {
        (Some(text), _) => Value::Text(text),
        (None, ValueRef::Integer(number)) => Value::Integer(number),
        (None, ValueRef::Real(number)) => Value::Real(number),
        (None, _) => Value::Null,
    })
}
