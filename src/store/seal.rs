//! The seal: a digest over everything a file holds, kept inside it. It is also the version by which data is cited.

use super::format::Value;
use crate::catalog::ddl;
use rusqlite::Connection;
use rusqlite::types::ValueRef;
use sha2::{Digest, Sha256};
use std::fmt::Write;
use std::sync::mpsc::{SyncSender, sync_channel};
use std::thread::JoinHandle;

/// The key in the table `file` under which the seal stands.
pub const KEY: &str = "seal";

/// So many bytes are hashed at once.
const PIECE: usize = 1 << 16;

/// So many pieces wait to be hashed.
const WAITING: usize = 8;

/// A digest while rows come. What is long is hashed beside the work that makes it.
#[derive(Default)]
pub struct Digesting {
    piece: Vec<u8>,
    hash: Sha256,
    beside: Option<(SyncSender<Vec<u8>>, JoinHandle<Sha256>)>,
}

impl Digesting {
    /// The rows of a table follow.
    pub fn table(&mut self, name: &str) {
        self.piece.extend_from_slice(name.as_bytes());
        self.piece.push(0);
    }

    /// One more row.
    pub fn row(&mut self, values: &[Value<'_>]) {
        for value in values {
            encode(*value, &mut self.piece);
        }
        if self.piece.len() >= PIECE {
            let piece = std::mem::replace(&mut self.piece, Vec::with_capacity(PIECE + PIECE / 8));
            self.hash(piece);
        }
    }

    fn hash(&mut self, piece: Vec<u8>) {
        if self.beside.is_none() {
            let (send, receive) = sync_channel::<Vec<u8>>(WAITING);
            let mut hash = self.hash.clone();
            let work = move || {
                receive.into_iter().for_each(|piece| hash.update(piece));
                hash
            };
            self.beside = std::thread::Builder::new().spawn(work).ok().map(|thread| (send, thread));
        }
        match &self.beside {
            Some((send, _)) => {
                if let Err(unsent) = send.send(piece) {
                    self.hash.update(unsent.0);
                }
            }
            None => self.hash.update(piece),
        }
    }

    /// The digest of all that came; 64 hexadecimal digits.
    pub fn finish(mut self) -> String {
        if let Some((send, thread)) = self.beside.take() {
            drop(send);
            if let Ok(hash) = thread.join() {
                self.hash = hash;
            }
        }
        self.hash.update(&self.piece);
        hexadecimal(&self.hash.finalize())
    }
}

/// Each value by its kind, its length and its bytes, so that no two contents look alike.
fn encode(value: Value<'_>, out: &mut Vec<u8>) {
    match value {
        Value::Null => out.push(0),
        Value::Integer(number) => {
            out.push(1);
            out.extend_from_slice(&number.to_be_bytes());
        }
        Value::Real(number) => {
            out.push(2);
            out.extend_from_slice(&number.to_be_bytes());
        }
        Value::Text(text) => {
            out.push(3);
            out.extend_from_slice(&(text.len() as u64).to_be_bytes());
            out.extend_from_slice(text.as_bytes());
        }
    }
}

/// The digest of all rows of all tables of a layout in the order of their keys, but for the seal itself; 64 hexadecimal digits.
///
/// # Errors
/// When the file cannot be read.
pub fn digest(connection: &Connection, layout: i64) -> rusqlite::Result<String> {
    let mut hash = Sha256::new();
    for table in ddl::tables().iter().filter(|table| table.since <= layout) {
        // What a later layout brought counts from its first row on: the same data has the same version in both.
        let mut named = table.since > 1;
        if !named {
            begin(&mut hash, table.name);
        }
        let names: Vec<String> = table.columns.iter().map(|column| format!("\"{}\"", column.name)).collect();
        let keys = if table.key == 0 { "\"id\"".to_string() } else { names[..table.key].join(", ") };
        let text = format!("SELECT {} FROM \"{}\" ORDER BY {keys}", names.join(", "), table.name);
        let mut statement = connection.prepare(&text)?;
        let mut rows = statement.query([])?;
        while let Some(row) = rows.next()? {
            if table.name == "file" && row.get_ref(0)?.as_str() == Ok(KEY) {
                continue;
            }
            if std::mem::take(&mut named) {
                begin(&mut hash, table.name);
            }
            for position in 0..names.len() {
                update(&mut hash, row.get_ref(position)?);
            }
        }
    }
    Ok(hexadecimal(&hash.finalize()))
}

fn begin(hash: &mut Sha256, table: &str) {
    hash.update(table.as_bytes());
    hash.update([0]);
}

/// Bytes as two digits each.
pub(super) fn hexadecimal(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(2 * bytes.len());
    for byte in bytes {
        let _ = write!(text, "{byte:02x}");
    }
    text
}

/// Each value by its kind, its length and its bytes, so that no two contents look alike.
fn update(hash: &mut Sha256, value: ValueRef<'_>) {
    match value {
        ValueRef::Null => hash.update([0]),
        ValueRef::Integer(number) => {
            hash.update([1]);
            hash.update(number.to_be_bytes());
        }
        ValueRef::Real(number) => {
            hash.update([2]);
            hash.update(number.to_be_bytes());
        }
        ValueRef::Text(bytes) | ValueRef::Blob(bytes) => {
            hash.update([3]);
            hash.update((bytes.len() as u64).to_be_bytes());
            hash.update(bytes);
        }
    }
}

/// Whether the content has the digest written in it; `None` if there is no seal. Every value is read in either case, so
/// that none is there that cannot be.
///
/// # Errors
/// When the file cannot be read.
pub fn is_intact(connection: &Connection, layout: i64) -> rusqlite::Result<Option<bool>> {
    let mut statement = connection.prepare("SELECT \"value\" FROM \"file\" WHERE \"key\" = ?1")?;
    let mut rows = statement.query([KEY])?;
    let seal = match rows.next()? {
        Some(row) => Some(row.get_ref(0)?.as_str().unwrap_or("").to_string()),
        None => None,
    };
    let digest = digest(connection, layout)?;
    Ok(seal.map(|seal| seal == digest))
}
