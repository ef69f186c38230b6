//! The only room that knows rusqlite: opening files safely, running SQL, looking up names, writing and sealing.
//!
//! Every file, our own like others', is opened by [`Database::open`]: read-only, from a copy in memory where it fits,
//! with all that SQLite has to defend itself, and only if its schema is exactly ours.

mod format;
mod functions;
mod guard;
mod lookup;
pub mod progress;
mod seal;
mod size;
mod trouble;
pub mod verified;
mod writer;

pub use format::Value;
pub use guard::{header, missing};
pub use progress::Progress;
pub use seal::{KEY as SEAL, digest, is_intact};
pub use verified::Verified;
pub use writer::Writer;

use crate::diagnostic::{Diagnostic, running};
use crate::sql::{Parameter, SqlQuery};
use rusqlite::types::{ToSqlOutput, ValueRef};
use rusqlite::{Connection, ErrorCode, ToSql};
use std::borrow::Cow;
use std::cell::RefCell;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::{Duration, Instant};

/// The version of the bundled SQLite.
pub fn sqlite_version() -> &'static str {
    rusqlite::version()
}

/// Why a file cannot be read or written, in a few words and without names of temporary files.
pub fn reason(error: &std::io::Error) -> String {
    match (error.kind(), error.raw_os_error()) {
        (std::io::ErrorKind::PermissionDenied, _) => "no permission".to_string(),
        (std::io::ErrorKind::NotFound, _) => "there is no such folder".to_string(),
        (std::io::ErrorKind::StorageFull, _) => "the disk is full".to_string(),
        (std::io::ErrorKind::QuotaExceeded, _) => "the quota of the disk is used up".to_string(),
        (std::io::ErrorKind::FileTooLarge, _) => "it would be larger than files may be here".to_string(),
        (std::io::ErrorKind::ReadOnlyFilesystem, _) => "the disk is there to be read only".to_string(),
        (_, Some(code)) => std::io::Error::from_raw_os_error(code).to_string(),
        _ => error.to_string(),
    }
}

/// An open file. Reads only.
pub struct Database {
    connection: Connection,
    /// How messages call it.
    pub name: String,
    /// Whether it carries a seal (its content was checked against it when it was opened).
    pub sealed: bool,
    /// The layout that the file has; an older one is read as today's.
    pub layout: i64,
    watch: Arc<Watch>,
    found: RefCell<lookup::Remembered>,
}

/// When a running query has to stop.
#[derive(Debug)]
struct Watch {
    begun: Instant,
    /// Milliseconds after `begun`; 0 is never.
    deadline: AtomicU64,
    /// The limit that led to the deadline, in milliseconds.
    limit: AtomicU64,
    stopped: AtomicBool,
    /// Nothing runs that could be stopped.
    resting: AtomicBool,
}

impl Watch {
    fn new() -> Watch {
        let none = || AtomicU64::new(0);
        Watch {
            begun: Instant::now(),
            deadline: none(),
            limit: none(),
            stopped: AtomicBool::default(),
            resting: AtomicBool::default(),
        }
    }
}

/// Stops a query, or other long work, from another thread, or from a signal's.
#[derive(Clone, Debug)]
pub struct Stopper(Arc<Watch>);

impl Default for Stopper {
    /// For work that begins before there is a file.
    fn default() -> Stopper {
        Stopper(Arc::new(Watch::new()))
    }
}

impl Stopper {
    /// Stops what runs; says whether something did.
    pub fn stop(&self) -> bool {
        self.0.stopped.store(true, Ordering::Relaxed);
        !self.0.resting.load(Ordering::Relaxed)
    }

    /// From now on nothing runs, or something does.
    pub fn rest(&self, resting: bool) {
        self.0.resting.store(resting, Ordering::Relaxed);
    }

    /// Whether it was stopped since the last statement began.
    pub fn is_stopped(&self) -> bool {
        self.0.stopped.load(Ordering::Relaxed)
    }
}

/// One value as the file has it.
#[derive(Clone, Debug, PartialEq)]
pub enum Raw<'a> {
    Null,
    Integer(i64),
    Real(f64),
    /// Bytes that are no text are replaced by U+FFFD.
    Text(Cow<'a, str>),
}

/// One row of a query's answer.
pub struct RawRow<'a>(&'a rusqlite::Row<'a>);

impl RawRow<'_> {
    /// The value at a position; beyond the last it is null.
    pub fn get(&self, position: usize) -> Raw<'_> {
        match self.0.get_ref(position) {
            Ok(ValueRef::Integer(number)) => Raw::Integer(number),
            Ok(ValueRef::Real(number)) => Raw::Real(number),
            Ok(ValueRef::Text(bytes) | ValueRef::Blob(bytes)) => match std::str::from_utf8(bytes) {
                // Nearly always; looking for what is to be replaced takes longer.
                Ok(text) => Raw::Text(text.into()),
                Err(_) => Raw::Text(String::from_utf8_lossy(bytes)),
            },
            Ok(ValueRef::Null) | Err(_) => Raw::Null,
        }
    }

    /// The whole number at a position, 0 where there is none.
    pub fn integer(&self, position: usize) -> i64 {
        match self.get(position) {
            Raw::Integer(number) => number,
            _ => 0,
        }
    }

    /// The text at a position, where there is one.
    pub fn text(&self, position: usize) -> Option<String> {
        match self.get(position) {
            Raw::Text(text) => Some(text.into_owned()),
            _ => None,
        }
    }
}

/// Why a query ended before its last row.
#[derive(Debug)]
pub enum Ended<E> {
    Failed(Diagnostic),
    /// The receiver of the rows wanted no more.
    Receiver(E),
}

impl<E> From<Diagnostic> for Ended<E> {
    fn from(diagnostic: Diagnostic) -> Self {
        Ended::Failed(diagnostic)
    }
}

impl ToSql for Parameter {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(match self {
            Parameter::Integer(number) => ToSqlOutput::from(*number),
            Parameter::Real(number) => ToSqlOutput::from(*number),
            Parameter::Text(text) => ToSqlOutput::from(text.as_str()),
        })
    }
}

impl Database {
    /// Runs a query and hands each row to `each` while it comes.
    ///
    /// # Errors
    /// When the time limit is reached, the query is stopped, or `each` wants no more.
    pub fn query<E>(
        &self,
        query: &SqlQuery,
        mut each: impl FnMut(&RawRow<'_>) -> Result<(), E>,
    ) -> Result<(), Ended<E>> {
        let failed = |error: rusqlite::Error| Ended::Failed(self.failure(&error));
        let mut statement = self.connection.prepare_cached(&query.text).map_err(failed)?;
        let parameters = rusqlite::params_from_iter(query.parameters.iter());
        let mut rows = statement.query(parameters).map_err(failed)?;
        while let Some(row) = rows.next().map_err(failed)? {
            each(&RawRow(row)).map_err(Ended::Receiver)?;
        }
        Ok(())
    }

    /// All rows of a query, each as `make` makes it.
    ///
    /// # Errors
    /// As [`Database::query`].
    pub fn collect<T>(&self, query: &SqlQuery, make: impl Fn(&RawRow<'_>) -> T) -> Result<Vec<T>, Diagnostic> {
        let mut made = Vec::new();
        let ended: Result<(), Ended<std::convert::Infallible>> = self.query(query, |row| {
            made.push(make(row));
            Ok(())
        });
        match ended {
            Ok(()) => Ok(made),
            Err(Ended::Failed(diagnostic)) => Err(diagnostic),
            Err(Ended::Receiver(never)) => match never {},
        }
    }

    /// Lets SQLite compile a query without running it, and without keeping it.
    ///
    /// # Errors
    /// When it cannot.
    pub fn prepare(&self, query: &SqlQuery) -> Result<(), Diagnostic> {
        self.connection.prepare(&query.text).map(|_| ()).map_err(|error| self.failure(&error))
    }

    /// How SQLite means to run a query: each step with its depth.
    ///
    /// # Errors
    /// As [`Database::query`].
    pub fn steps(&self, query: &SqlQuery) -> Result<Vec<(usize, String)>, Diagnostic> {
        let explain =
            SqlQuery { text: format!("EXPLAIN QUERY PLAN {}", query.text), parameters: query.parameters.clone() };
        let rows = self.collect(&explain, |row| (row.integer(0), row.integer(1), row.text(3).unwrap_or_default()))?;
        let mut depths: Vec<(i64, usize)> = vec![(0, 0)];
        let mut steps = Vec::new();
        for (id, parent, text) in rows {
            let depth = depths.iter().rev().find(|(known, _)| *known == parent).map_or(0, |(_, depth)| *depth);
            depths.push((id, depth + 1));
            steps.push((depth, text));
        }
        Ok(steps)
    }

    /// From now on each query may take that long in all; `None` is without limit. Forgets an earlier stop.
    pub fn limit_time(&self, limit: Option<Duration>) {
        let deadline = limit.map_or(0, |limit| {
            let at = self.watch.begun.elapsed() + limit;
            u64::try_from(at.as_millis()).unwrap_or(u64::MAX).max(1)
        });
        let millis = limit.map_or(0, |limit| u64::try_from(limit.as_millis()).unwrap_or(u64::MAX));
        self.watch.limit.store(millis, Ordering::Relaxed);
        self.watch.deadline.store(deadline, Ordering::Relaxed);
        self.watch.stopped.store(false, Ordering::Relaxed);
    }

    /// What whoever reads its answers should know of the file.
    pub fn warning(&self) -> Option<Diagnostic> {
        (!self.sealed).then(|| running::unsealed(&self.name))
    }

    /// Whether what is computed beside SQLite may go on.
    ///
    /// # Errors
    /// When it was stopped, or the time limit is reached.
    pub fn go_on(&self) -> Result<(), Diagnostic> {
        let deadline = self.watch.deadline.load(Ordering::Relaxed);
        if self.watch.stopped.load(Ordering::Relaxed) {
            return Err(running::interrupted());
        }
        if deadline > 0 && self.watch.begun.elapsed().as_millis() > u128::from(deadline) {
            return Err(running::time_limit(self.watch.limit.load(Ordering::Relaxed)));
        }
        Ok(())
    }

    pub fn stopper(&self) -> Stopper {
        Stopper(Arc::clone(&self.watch))
    }

    /// A setting of the file: title, licence, reference_date …
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn setting(&self, key: &str) -> Result<Option<String>, Diagnostic> {
        let text = "SELECT \"value\" AS c0 FROM \"file\" WHERE \"key\" = ?1".to_string();
        let query = SqlQuery { text, parameters: vec![Parameter::Text(key.to_string())] };
        Ok(self.collect(&query, |row| row.text(0))?.into_iter().flatten().next())
    }

    fn failure(&self, error: &rusqlite::Error) -> Diagnostic {
        match error.sqlite_error_code() {
            Some(ErrorCode::OperationInterrupted) if self.watch.stopped.load(Ordering::Relaxed) => {
                running::interrupted()
            }
            Some(ErrorCode::OperationInterrupted) => running::time_limit(self.watch.limit.load(Ordering::Relaxed)),
            Some(ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase) => trouble::damage(&self.name, error),
            _ => match (trouble::outside(&self.name, error), error.to_string()) {
                (Some(outside), _) => outside,
                (_, text) if TOO_LARGE.iter().any(|part| text.contains(part)) => running::query_too_large(),
                (_, text) if text.contains("integer overflow") => running::sum_too_large(),
                (_, text) => running::bug(&text),
            },
        }
    }
}

/// What SQLite says of statements beyond its measures; it has no codes of their own for them.
const TOO_LARGE: &[&str] = &[
    "too large",
    "too long",
    "too many",
    "too big",
    "Recursion limit",
    "at most 64 tables",
    "parser stack overflow",
    "variable number must be",
];
