//! Packed columns in a file of the cache: a list of what there is, then the bytes of each column.
//!
//! Only the columns that a query asks for are read. Each is checked by its sum; what does not fit is as good as not there.

use super::super::cache::{Kind, checksum};
use super::FromRows;
use crate::catalog::ddl;
use crate::diagnostic::Diagnostic;
use crate::packed::{Column, Provider, Shape};
use crate::store::Progress;
use serde::{Deserialize, Serialize};
use std::borrow::Cow;
use std::collections::HashMap;
use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom, Write};

pub const KIND: Kind = Kind { name: Cow::Borrowed("columns"), version: 1 };

/// How such a file begins.
const MAGIC: &[u8; 8] = b"bilatcol";

#[derive(Debug, Default, Serialize, Deserialize)]
struct Contents {
    /// Of each table the number of its rows; without it, it cannot be packed.
    tables: HashMap<String, Option<u32>>,
    /// Of each column, by the table's name and its own, where it stands; without it, it cannot be packed.
    columns: HashMap<String, Option<Place>>,
}

#[derive(Debug, Serialize, Deserialize)]
struct Place {
    at: u64,
    length: u64,
    sum: u64,
    shape: Shape,
}

/// The columns of a file in the cache, and the rows for what is not there.
pub(in crate::store) struct Kept {
    file: File,
    contents: Contents,
    rows: FromRows,
}

impl Kept {
    /// `None` where the file is not whole.
    pub(in crate::store) fn open(mut file: File, rows: FromRows) -> Result<Kept, FromRows> {
        match contents(&mut file) {
            Some(contents) => Ok(Kept { file, contents, rows }),
            None => Err(rows),
        }
    }

    fn read(&self, place: &Place) -> Option<Column> {
        let mut bytes = vec![0; usize::try_from(place.length).ok()?];
        let mut file = &self.file;
        file.seek(SeekFrom::Start(place.at)).ok()?;
        file.read_exact(&mut bytes).ok()?;
        if checksum(&bytes) != place.sum {
            return None;
        }
        Column::from_bytes(&place.shape, bytes)
    }
}

fn contents(file: &mut File) -> Option<Contents> {
    let mut head = [0; 24];
    file.read_exact(&mut head).ok()?;
    let number = |at: usize| head.get(at..at + 8).and_then(|bytes| bytes.try_into().ok()).map_or(0, u64::from_le_bytes);
    let (length, sum) = (number(8), number(16));
    let all = file.metadata().ok()?.len();
    if !head.starts_with(MAGIC) || length > all {
        return None;
    }
    file.seek(SeekFrom::Start(all - length)).ok()?;
    let mut bytes = vec![0; usize::try_from(length).ok()?];
    file.read_exact(&mut bytes).ok()?;
    let contents: Contents = serde_json::from_slice(&bytes).ok().filter(|_| checksum(&bytes) == sum)?;
    // A file that was cut off has places beyond its end.
    let mut places = contents.columns.values().flatten();
    places.all(|place| place.at.checked_add(place.length).is_some_and(|end| end <= all)).then_some(contents)
}

/// Tables of names are looked up, not counted.
const LOOKED_UP: &[&str] = &["names", "name_words", "identifiers", "file", "queries"];

/// Every table that is packed, with its columns.
fn columns() -> impl Iterator<Item = (&'static ddl::Table, Vec<&'static str>)> {
    let packed = ddl::tables().iter().filter(|table| !LOOKED_UP.contains(&table.name));
    packed.map(|table| {
        let names = table.columns.iter().map(|column| column.name.as_str());
        // Ids are the numbers of rows, and no query asks for keys.
        (table, names.filter(|name| !matches!(*name, "id" | "key")).collect())
    })
}

fn name(table: &str, column: &str) -> String {
    format!("{table}.{column}")
}

/// How many tables there are to be packed.
pub(in crate::store) fn count() -> u64 {
    columns().count() as u64
}

/// The disk is full, or someone stopped it.
pub(in crate::store) struct Unwritten;

impl From<io::Error> for Unwritten {
    fn from(_: io::Error) -> Unwritten {
        Unwritten
    }
}

impl From<Diagnostic> for Unwritten {
    fn from(_: Diagnostic) -> Unwritten {
        Unwritten
    }
}

/// Packs all columns and writes them: the head comes last, and whoever reads the file reads it first.
pub(in crate::store) fn write(rows: &FromRows, out: &mut dyn Write, progress: &Progress) -> Result<(), Unwritten> {
    let mut all = Contents::default();
    let mut bytes: Vec<u8> = Vec::new();
    let mut at = 24_u64;
    for (table, names) in columns() {
        progress.go_on(1)?;
        let count = rows.rows(table.name)?;
        all.tables.insert(table.name.to_string(), count);
        let Some(count) = count else { continue };
        let read = rows.columns(table, &names, count as usize).map_err(|error| rows.failure(&error))?;
        for (column, packed) in names.iter().zip(read) {
            let place = packed.map(|packed| {
                let (shape, own) = packed.to_bytes();
                let place = Place { at, length: own.len() as u64, sum: checksum(&own), shape };
                at += place.length;
                bytes.extend(own);
                place
            });
            all.columns.insert(name(table.name, column), place);
        }
    }
    let list = serde_json::to_vec(&all).map_err(|_| Unwritten)?;
    out.write_all(MAGIC)?;
    out.write_all(&(list.len() as u64).to_le_bytes())?;
    out.write_all(&checksum(&list).to_le_bytes())?;
    out.write_all(&bytes)?;
    out.write_all(&list)?;
    Ok(())
}

impl Provider for Kept {
    fn rows(&self, table: &'static str) -> Result<Option<u32>, Diagnostic> {
        match self.contents.tables.get(table) {
            Some(rows) => Ok(*rows),
            None => self.rows.rows(table),
        }
    }

    fn column(&self, table: &'static str, column: &str, rows: u32) -> Result<Option<Column>, Diagnostic> {
        match self.contents.columns.get(&name(table, column)) {
            Some(None) => Ok(None),
            Some(Some(place)) => match self.read(place) {
                Some(column) => Ok(Some(column)),
                None => self.rows.column(table, column, rows),
            },
            None => self.rows.column(table, column, rows),
        }
    }

    fn go_on(&self) -> Result<(), Diagnostic> {
        self.rows.go_on()
    }

    fn most_bytes(&self) -> usize {
        self.rows.most_bytes()
    }

    fn too_little_memory(&self) -> Diagnostic {
        self.rows.too_little_memory()
    }
}
