//! The only room that knows rusqlite: opening files safely, running SQL, looking up names, writing and sealing.
//!
//! Every file, our own like others', is opened by [`Database::open`]: read-only, from a copy in memory where it fits,
//! with all that SQLite has to defend itself, and only if its schema is exactly ours.

pub mod cache;
mod format;
mod functions;
mod guard;
mod identity;
mod lookup;
mod order;
mod packing;
pub mod progress;
mod seal;
mod size;
mod trouble;
pub mod verified;
mod words;
mod writer;

pub use cache::{Cache, Caches};
pub use format::Value;
pub use guard::{header, missing};
pub use packing::MOST_BYTES;
pub use progress::Progress;
pub use seal::{KEY as SEAL, digest, is_intact};
pub use verified::Verified;
pub use writer::Writer;

use crate::catalog::ddl;
use crate::diagnostic::{Diagnostic, running};
use crate::packed::{Data, Failure, Rows};
use crate::sql::{Parameter, SqlQuery};
use rusqlite::types::{ToSqlOutput, ValueRef};
use rusqlite::{Connection, ErrorCode, ToSql};
use std::borrow::Cow;
use std::cell::{Cell, OnceCell, RefCell};
use std::rc::Rc;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::{Duration, Instant};

/// From so many meetings on, columns are packed: below, SQLite is as fast.
pub const PACKED_FROM: u32 = 2000;

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
    connection: Rc<Connection>,
    /// How messages call it.
    pub name: String,
    /// Whether it carries a seal (its content was checked against it when it was opened).
    pub sealed: bool,
    /// The layout that the file has; an older one is read as today's.
    pub layout: i64,
    /// The digest of the file's bytes, where it was taken: caches are known by it.
    pub digest: Option<String>,
    /// What is kept of what was derived from it; at first nothing.
    cache: Cache,
    /// Who shows how far long work beside SQLite's has come.
    watcher: Option<Watcher>,
    /// Where it stands, if it is read there.
    place: Option<identity::Place>,
    watch: Arc<Watch>,
    found: RefCell<lookup::Remembered>,
    packed: OnceCell<Data>,
    /// From how many meetings on columns are packed.
    packs_from: Cell<u32>,
    lent: OnceCell<packing::Lent>,
    /// Statements can read arrays.
    reads_arrays: OnceCell<()>,
    /// What is known of the words in its texts.
    words: RefCell<words::Words>,
}

/// Begins to show how far work has come; what it gives is dropped when the work is done.
pub type Watcher = Box<dyn Fn(&Progress) -> Box<dyn std::any::Any> + Send>;

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

impl Watch {
    /// Why nothing may go on, if so.
    fn why(&self) -> Option<Diagnostic> {
        let deadline = self.deadline.load(Ordering::Relaxed);
        if self.stopped.load(Ordering::Relaxed) {
            return Some(running::interrupted());
        }
        let late = deadline > 0 && self.begun.elapsed().as_millis() > u128::from(deadline);
        late.then(|| running::time_limit(self.limit.load(Ordering::Relaxed)))
    }

    fn go_on(&self) -> Result<(), Diagnostic> {
        self.why().map_or(Ok(()), Err)
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
pub struct RawRow<'a>(RowOf<'a>);

/// Where a row comes from.
enum RowOf<'a> {
    Sqlite(&'a rusqlite::Row<'a>),
    /// A row of what was computed beside SQLite.
    Packed(&'a Rows, usize),
}

impl RawRow<'_> {
    /// The value at a position; beyond the last it is null.
    pub fn get(&self, position: usize) -> Raw<'_> {
        let row = match &self.0 {
            RowOf::Sqlite(row) => row,
            RowOf::Packed(rows, at) => {
                return match rows.cell(*at, position) {
                    crate::packed::Cell::Null => Raw::Null,
                    crate::packed::Cell::Integer(number) => Raw::Integer(number),
                    crate::packed::Cell::Real(number) => Raw::Real(number),
                    crate::packed::Cell::Text(text) => Raw::Text(text.into()),
                };
            }
        };
        match row.get_ref(position) {
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
            // What was computed or found is bound where it is run.
            Parameter::Rows(_) | Parameter::Ids(_) => ToSqlOutput::from(rusqlite::types::Null),
        })
    }
}

impl Database {
    /// Runs a query and hands each row to `each` while it comes.
    ///
    /// # Errors
    /// When the time limit is reached, the query is stopped, or `each` wants no more.
    pub fn query<E>(&self, query: &SqlQuery, each: impl FnMut(&RawRow<'_>) -> Result<(), E>) -> Result<(), Ended<E>> {
        let read = self.rows(query, each);
        // Whatever came of it came of a file that is not the one that was opened.
        self.unchanged()?;
        read
    }

    fn rows<E>(&self, query: &SqlQuery, mut each: impl FnMut(&RawRow<'_>) -> Result<(), E>) -> Result<(), Ended<E>> {
        let Some(handed) = &query.packed else { return self.run(query, &[], &mut each) };
        let Some(data) = self.packed() else { return self.run(&handed.plain, &[], &mut each) };
        let lent = match packing::computed(&handed.blocks, data) {
            Ok(lent) => lent,
            Err(Failure::Unfit(_)) => return self.run(&handed.plain, &[], &mut each),
            Err(Failure::Ended(diagnostic)) => return Err(Ended::Failed(diagnostic)),
        };
        if let (true, [rows]) = (handed.whole, lent.as_slice()) {
            return (0..rows.count).try_for_each(|at| each(&RawRow(RowOf::Packed(rows, at))).map_err(Ended::Receiver));
        }
        self.lend(&lent).map_err(|error| Ended::Failed(self.failure(&error)))?;
        self.run(query, &lent, &mut each)
    }

    /// Runs a statement, with rows on loan for its first parameters.
    fn run<E>(
        &self,
        query: &SqlQuery,
        lent: &[Arc<Rows>],
        each: &mut impl FnMut(&RawRow<'_>) -> Result<(), E>,
    ) -> Result<(), Ended<E>> {
        let failed = |error: rusqlite::Error| Ended::Failed(self.failure(&error));
        self.arrays(query).map_err(failed)?;
        let mut statement = self.connection.prepare_cached(&query.text).map_err(failed)?;
        for (position, parameter) in (1..).zip(&query.parameters) {
            match parameter {
                Parameter::Rows(block) => {
                    let rows = lent.get(*block).map(|rows| packing::numbers(*block, rows));
                    statement.raw_bind_parameter(position, rows.unwrap_or_default()).map_err(failed)?;
                }
                Parameter::Ids(search) => {
                    statement.raw_bind_parameter(position, self.found_by(search).map_err(failed)?).map_err(failed)?;
                }
                parameter => statement.raw_bind_parameter(position, parameter).map_err(failed)?,
            }
        }
        let mut rows = statement.raw_query();
        while let Some(row) = rows.next().map_err(failed)? {
            each(&RawRow(RowOf::Sqlite(row))).map_err(Ended::Receiver)?;
        }
        Ok(())
    }

    /// Puts rows where statements find them.
    fn lend(&self, rows: &[Arc<Rows>]) -> rusqlite::Result<()> {
        let lent = match self.lent.get() {
            Some(lent) => lent,
            None => {
                let lent = packing::Lent::default();
                self.load_arrays()?;
                packing::register(&self.connection, &lent)?;
                self.lent.get_or_init(|| lent)
            }
        };
        *lent.lock().unwrap_or_else(std::sync::PoisonError::into_inner) = rows.to_vec();
        Ok(())
    }

    /// Makes ready for the arrays that a statement reads.
    fn arrays(&self, query: &SqlQuery) -> rusqlite::Result<()> {
        let wanted = query.parameters.iter().any(|parameter| matches!(parameter, Parameter::Ids(_)));
        if wanted { self.load_arrays() } else { Ok(()) }
    }

    /// Statements can read arrays from now on; most never do.
    fn load_arrays(&self) -> rusqlite::Result<()> {
        if self.reads_arrays.get().is_none() {
            rusqlite::vtab::array::load_module(&self.connection)?;
        }
        self.reads_arrays.get_or_init(|| ());
        Ok(())
    }

    /// The packed columns, if the file is large enough to deserve them.
    pub fn packed(&self) -> Option<&Data> {
        if let Some(data) = self.packed.get() {
            return Some(data);
        }
        let last = "SELECT max(\"id\") FROM \"meetings\"";
        let meetings: i64 = self.connection.query_row(last, [], |row| row.get(0)).unwrap_or(0);
        if meetings < i64::from(self.packs_from.get()) {
            return None;
        }
        let provider = packing::provider(self, u64::try_from(meetings).unwrap_or(0));
        let data = Data::new(provider);
        // Who wants small files packed wants all that is done with large ones.
        let small = self.packs_from.get() < PACKED_FROM;
        Some(self.packed.get_or_init(|| if small { data.gathering_from(0) } else { data }))
    }

    /// Forgets what was computed from packed columns for the statement before.
    pub fn forget_computed(&self) {
        if let Some(data) = self.packed.get() {
            data.forget_answers();
        }
    }

    /// Columns are packed where there are so many meetings.
    pub fn pack_from(&self, meetings: u32) {
        self.packs_from.set(meetings);
    }

    /// Whether the file is still the one that was opened: one that is read where it stands may change. Who reads it
    /// otherwise than by [`Database::query`] asks this afterwards.
    ///
    /// # Errors
    /// When it was changed, or another took its place.
    pub fn unchanged(&self) -> Result<(), Diagnostic> {
        match &self.place {
            Some(place) if !place.is_unchanged() => Err(running::changed(&self.name)),
            _ => Ok(()),
        }
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
        if query.packed.is_some() {
            self.lend(&[]).map_err(|error| self.failure(&error))?;
        }
        self.arrays(query).map_err(|error| self.failure(&error))?;
        self.connection.prepare(&query.text).map(|_| ()).map_err(|error| self.failure(&error))
    }

    /// How SQLite means to run a query: each step with its depth.
    ///
    /// # Errors
    /// As [`Database::query`].
    pub fn steps(&self, query: &SqlQuery) -> Result<Vec<(usize, String)>, Diagnostic> {
        if query.packed.is_some() {
            self.lend(&[]).map_err(|error| self.failure(&error))?;
        }
        let explain = SqlQuery::new(format!("EXPLAIN QUERY PLAN {}", query.text), query.parameters.clone());
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

    /// From now on what is derived from it is kept there. A file without a digest, like the bundled one, has no caches.
    pub fn keep_in(&mut self, caches: &Caches) {
        self.cache = caches.of(self.digest.as_deref());
        self.words.take();
    }

    /// What is kept of what was derived from it.
    pub const fn cache(&self) -> &Cache {
        &self.cache
    }

    /// Whether a table of it has so many rows that a cache makes queries faster.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn deserves_caches(&self) -> Result<bool, Diagnostic> {
        let least = i64::try_from(self.cache.least()).unwrap_or(i64::MAX);
        for table in ddl::tables().iter().filter(|table| table.key == 0) {
            // The last id is the number of rows in every file that this program wrote, and takes no counting.
            let text = format!("SELECT max(\"id\") AS c0 FROM \"{}\"", table.name);
            let last = self.collect(&SqlQuery::new(text, Vec::new()), |row| row.integer(0))?;
            if last.first().is_some_and(|last| *last >= least) {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// From now on long work is shown by this.
    pub fn show_work(&mut self, watcher: Watcher) {
        self.watcher = Some(watcher);
    }

    /// Does long work of these parts, which is shown, and which what stops the queries stops.
    pub fn watched<T>(&self, parts: &[progress::Part], work: impl FnOnce(&Progress) -> T) -> T {
        let progress = Progress::of(&[parts], self.stopper());
        let _shown = self.watcher.as_ref().map(|watcher| watcher(&progress));
        work(&progress)
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
        self.watch.go_on()
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
        let query = SqlQuery::new(text, vec![Parameter::Text(key.to_string())]);
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
