//! Opening a file that may come from anybody: nothing in it is trusted, nothing beside it is read, nothing is changed.
//!
//! Outside files are checked from the first byte: header, side files, schema (byte for byte), integrity, references,
//! seal. The embedded file is part of the program, checked by its tests, and opened at once.

use super::identity::{Identity, Place};
use super::progress::{self, Progress};
use super::size::Size;
use super::verified::Verified;
use super::{Cache, Database, Writer, functions, order, seal, trouble};
use crate::catalog::ddl;
use crate::diagnostic::{Diagnostic, running};
use crate::suggest::nearest;
use rusqlite::config::DbConfig;
use rusqlite::hooks::{AuthAction, AuthContext, Authorization};
use rusqlite::limits::Limit;
use rusqlite::{Connection, OpenFlags};
use std::cell::{Cell, OnceCell, RefCell};
use std::path::{Path, PathBuf};
use std::rc::Rc;
use std::sync::OnceLock;
use std::sync::atomic::Ordering;

static BUNDLED: &[u8] = include_bytes!("../../fixtures/bilat.db");

/// Files up to this size are read into memory, where nobody can change them; larger ones are opened in place.
const IN_MEMORY: u64 = 256 << 20;

/// How a header says that texts are in UTF-8.
const UTF_8: i64 = 1;

impl Database {
    /// The file that is part of the program.
    ///
    /// # Errors
    /// When memory is short.
    pub fn bundled() -> Result<Database, Diagnostic> {
        Database::bundled_watched(&Progress::default())
    }

    /// The same; what stops the progress stops the queries.
    ///
    /// # Errors
    /// When memory is short.
    pub fn bundled_watched(progress: &Progress) -> Result<Database, Diagnostic> {
        bundled("the bundled file", progress)
    }

    /// A file from anywhere.
    ///
    /// # Errors
    /// When there is none, it is not ours, newer than us, still open elsewhere, damaged, or changed since its sealing.
    pub fn open(path: &Path) -> Result<Database, Diagnostic> {
        Database::open_watched(path, &Progress::default(), &Verified::default())
    }

    /// The same while someone looks on. What stops the opening stops the queries later. Files that were found in order
    /// before are known by their hash and not looked through again.
    ///
    /// # Errors
    /// As [`Database::open`], and when it is stopped.
    pub fn open_watched(path: &Path, progress: &Progress, verified: &Verified) -> Result<Database, Diagnostic> {
        let name = path.display().to_string();
        let unreadable = |error: std::io::Error| running::unreadable(&name, &super::reason(&error));
        let real = match std::fs::canonicalize(path) {
            Ok(real) => real,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Err(missing(path)),
            Err(error) => return Err(unreadable(error)),
        };
        let about = std::fs::metadata(&real).map_err(unreadable)?;
        if !about.is_file() {
            return Err(running::not_ours(&name, "it is not a file"));
        }
        no_side_files(&real, &name)?;
        let identity = Identity::of(&about);
        let hash = identity.as_ref().and_then(|identity| verified.hash_at(identity));
        if hash.is_some() || about.len() > IN_MEMORY {
            return open_in_place(&real, &about, &name, progress, verified, hash);
        }
        let moment = verified.moment(about.len());
        let (bytes, identity) = whole(&real, &name)?;
        if bytes == BUNDLED {
            // A copy of what is part of the program, to the byte: checked when the program was tested.
            return bundled(&name, progress);
        }
        let database = from_bytes(&bytes, &name, progress, verified)?;
        if let Some(identity) = identity {
            verified.remember_at(&identity, moment, database.digest.as_deref());
        }
        Ok(database)
    }

    /// A file's bytes.
    ///
    /// # Errors
    /// As [`Database::open`].
    pub fn from_bytes(bytes: &[u8], name: &str) -> Result<Database, Diagnostic> {
        Database::from_bytes_watched(bytes, name, &Progress::default())
    }

    /// The same while someone looks on, who may stop it.
    ///
    /// # Errors
    /// As [`Database::from_bytes`].
    pub fn from_bytes_watched(bytes: &[u8], name: &str, progress: &Progress) -> Result<Database, Diagnostic> {
        from_bytes(bytes, name, progress, &Verified::default())
    }
}

fn from_bytes(bytes: &[u8], name: &str, progress: &Progress, verified: &Verified) -> Result<Database, Diagnostic> {
    header(bytes, bytes.len() as u64, name)?;
    let hash = verified.hash(bytes);
    let fails = |error: rusqlite::Error| trouble::damage(name, &error);
    let mut connection = Connection::open_in_memory().map_err(fails)?;
    connection.deserialize_read_exact("main", bytes, bytes.len(), true).map_err(fails)?;
    checked(connection, layout(bytes), name, progress, verified, hash)
}

/// A file that is known, or looked through and then known. Who has its hash has all of it: what was in order once is.
fn checked(
    connection: Connection,
    layout: i64,
    name: &str,
    progress: &Progress,
    verified: &Verified,
    hash: Option<String>,
) -> Result<Database, Diagnostic> {
    let known = hash.as_deref().and_then(|hash| verified.knows(hash));
    let fails = |error: rusqlite::Error| trouble::damage(name, &error);
    let (connection, sealed) = match known {
        Some(sealed) => (connection, sealed),
        None => check(connection, layout, name, progress)?,
    };
    if let (None, Some(hash)) = (known, &hash) {
        verified.remember(hash, sealed);
    }
    let database = match layout {
        ddl::LAYOUT => finish(connection, name, sealed, progress).map_err(fails)?,
        _ => older(connection, layout, name, sealed, progress)?,
    };
    Ok(Database { digest: hash, ..database })
}

/// A file of an older layout, row by row in today's, in memory: the file itself stays as it is.
fn older(
    connection: Connection,
    layout: i64,
    name: &str,
    sealed: bool,
    progress: &Progress,
) -> Result<Database, Diagnostic> {
    let fails = |error: rusqlite::Error| trouble::damage(name, &error);
    // What was opened without being looked through is not hardened yet.
    harden(&connection).map_err(fails)?;
    let mut writer = Writer::watched(progress)?;
    writer.copy_connection(&connection, layout)?;
    let mut fresh = Connection::open_in_memory().map_err(fails)?;
    let bytes = if sealed { writer.finish()?.0 } else { writer.unsealed()? };
    fresh.deserialize_read_exact("main", bytes.as_slice(), bytes.len(), true).map_err(fails)?;
    let mut database = finish(fresh, name, sealed, progress).map_err(fails)?;
    database.layout = layout;
    Ok(database)
}

fn bundled(name: &str, progress: &Progress) -> Result<Database, Diagnostic> {
    let fails = |error: rusqlite::Error| trouble::bug(&error);
    let mut connection = Connection::open_in_memory().map_err(fails)?;
    connection.deserialize_bytes("main", BUNDLED).map_err(fails)?;
    finish(connection, name, true, progress).map_err(fails)
}

/// A file that is known, by its hash if that is given, or too large for memory.
fn open_in_place(
    real: &Path,
    about: &std::fs::Metadata,
    name: &str,
    progress: &Progress,
    verified: &Verified,
    hash: Option<String>,
) -> Result<Database, Diagnostic> {
    use std::io::{Read, Seek};
    let unreadable = |error: std::io::Error| running::unreadable(name, &super::reason(&error));
    let moment = verified.moment(about.len()).filter(|_| hash.is_none());
    let mut file = std::fs::File::open(real).map_err(unreadable)?;
    let before = file.metadata().map_err(unreadable)?;
    let mut first = [0; 100];
    file.read_exact(&mut first).map_err(unreadable)?;
    header(&first, before.len(), name)?;
    file.rewind().map_err(unreadable)?;
    let hash = match hash {
        Some(hash) => Some(hash),
        None => verified.hash_of(&file, before.len(), progress)?,
    };
    let connection = connected_in_place(real, name)?;
    let mut database = checked(connection, layout(&first), name, progress, verified, hash)?;
    // The same file was at this path from the first look to here: what was looked at is what SQLite reads.
    unchanged(&std::fs::metadata(real).map_err(unreadable)?, about, name)?;
    if let Some(identity) = Identity::of(about) {
        verified.remember_at(&identity, moment, database.digest.as_deref());
        // An older one was copied into memory.
        database.place = (database.layout == ddl::LAYOUT).then(|| Place::new(real, identity));
    }
    Ok(database)
}

/// SQLite on a file that it takes for one that nobody changes: it locks nothing, and looks for nothing beside it.
fn connected_in_place(real: &Path, name: &str) -> Result<Connection, Diagnostic> {
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY
        | OpenFlags::SQLITE_OPEN_URI
        | OpenFlags::SQLITE_OPEN_NO_MUTEX
        | OpenFlags::SQLITE_OPEN_NOFOLLOW;
    let address = format!("file:{}?immutable=1&mode=ro", encoded(real));
    Connection::open_with_flags(address, flags).map_err(|error| trouble::damage(name, &error))
}

/// A path as part of a URI: everything but plain letters, digits and `/._-` is encoded.
fn encoded(path: &Path) -> String {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"/._-".contains(&byte);
    let bytes = path.as_os_str().as_encoded_bytes();
    bytes.iter().map(|byte| if plain(*byte) { char::from(*byte).to_string() } else { format!("%{byte:02X}") }).collect()
}

/// There is no such file; perhaps one with a similar name.
pub fn missing(path: &Path) -> Diagnostic {
    let folder = path.parent().filter(|p| !p.as_os_str().is_empty()).map_or(PathBuf::from("."), Path::to_path_buf);
    let wanted = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    let names: Vec<String> = std::fs::read_dir(&folder)
        .map(|entries| entries.flatten().map(|entry| entry.file_name().to_string_lossy().into_owned()).collect())
        .unwrap_or_default();
    let near = nearest(&wanted, names.iter().map(String::as_str)).first().map(|near| path.with_file_name(near));
    running::no_such_file(&path.display().to_string(), near.map(|near| near.display().to_string()).as_deref())
}

/// Changes that wait beside a file would be taken in by whoever opens it: whose they are, nobody knows.
fn no_side_files(path: &Path, name: &str) -> Result<(), Diagnostic> {
    for ending in ["-journal", "-wal"] {
        let mut side = path.as_os_str().to_owned();
        side.push(ending);
        if std::fs::metadata(&side).is_ok_and(|about| about.len() > 0) {
            return Err(running::still_open(
                name,
                &format!("beside it stands a file ending in {ending}, with changes that are not in it"),
            ));
        }
    }
    Ok(())
}

/// All of a file. One that takes its place meanwhile is another: this one is read to its end.
fn whole(path: &Path, name: &str) -> Result<(Vec<u8>, Option<Identity>), Diagnostic> {
    let read = || {
        use std::io::Read;
        let mut file = std::fs::File::open(path)?;
        let before = file.metadata()?;
        let mut bytes = Vec::with_capacity(usize::try_from(before.len().min(IN_MEMORY)).unwrap_or_default());
        file.read_to_end(&mut bytes)?;
        Ok((bytes, before, file.metadata()?))
    };
    let read: std::io::Result<_> = read();
    let (bytes, before, after) = read.map_err(|error| running::unreadable(name, &super::reason(&error)))?;
    // A file that another took the place of has new times too, and the bytes that it had.
    if after.len() != before.len() || after.modified().ok() != before.modified().ok() {
        return Err(changed_while_read(name));
    }
    Ok((bytes, Identity::of(&before).filter(|identity| Identity::of(&after).as_ref() == Some(identity))))
}

fn changed_while_read(name: &str) -> Diagnostic {
    running::still_open(name, "it was changed while it was read")
}

/// Whoever writes into a file while it is read gives half of the old and half of the new.
fn unchanged(now: &std::fs::Metadata, before: &std::fs::Metadata, name: &str) -> Result<(), Diagnostic> {
    let same = now.len() == before.len() && now.modified().ok() == before.modified().ok();
    if same && Identity::of(now) == Identity::of(before) {
        return Ok(());
    }
    Err(changed_while_read(name))
}

/// The first hundred bytes, before SQLite sees anything: what the file says of itself.
///
/// # Errors
/// When it is no SQLite file, not one of ours, of a later layout, or cut off.
pub fn header(bytes: &[u8], length: u64, name: &str) -> Result<(), Diagnostic> {
    let number =
        |at: usize| bytes.get(at..at + 4).map_or(0, |b| i64::from(u32::from_be_bytes([b[0], b[1], b[2], b[3]])));
    if bytes.is_empty() {
        return Err(running::not_ours(name, "it is empty"));
    }
    if bytes.len() < 100 || !bytes.starts_with(b"SQLite format 3\0") {
        return Err(running::not_ours(name, "it is no SQLite file"));
    }
    if number(68) != ddl::APPLICATION_ID {
        return Err(running::not_ours(name, "it is a SQLite file, but not of meetings"));
    }
    if number(60) > ddl::LAYOUT {
        return Err(running::newer(name, number(60), ddl::LAYOUT));
    }
    if number(60) < 1 {
        return Err(running::damaged(name, "it has a layout that there never was"));
    }
    if bytes[18] != 1 || bytes[19] != 1 {
        return Err(running::still_open(name, "it expects a log of changes beside it"));
    }
    let page = match u64::from(bytes[16]) << 8 | u64::from(bytes[17]) {
        1 => 65536,
        size => size,
    };
    if page < 512
        || !page.is_power_of_two()
        || !length.is_multiple_of(page)
        || number(28).unsigned_abs() * page != length
    {
        return Err(running::damaged(name, "it is cut off, or something was added to it"));
    }
    if number(56) != UTF_8 {
        // SQLite would compare texts by other bytes: the same content in another order.
        return Err(running::damaged(name, "its texts are not in UTF-8"));
    }
    Ok(())
}

/// The layout that a header tells of.
fn layout(header: &[u8]) -> i64 {
    header.get(60..64).map_or(0, |b| i64::from(u32::from_be_bytes([b[0], b[1], b[2], b[3]])))
}

/// Schema, integrity, references and seal; and whether there is one.
fn check(
    mut connection: Connection,
    layout: i64,
    name: &str,
    progress: &Progress,
) -> Result<(Connection, bool), Diagnostic> {
    let stopped = |diagnostic: Diagnostic| progress.go_on(0).err().unwrap_or(diagnostic);
    let fails = |error: rusqlite::Error| stopped(trouble::damage(name, &error));
    harden(&connection).map_err(fails)?;
    counted(&mut connection, progress).map_err(fails)?;
    if schema(&connection).map_err(fails)? != *expected_schema(layout)? {
        return Err(running::damaged(name, "its tables are not those of a bilat file"));
    }
    // SQLite leaves the list of free pages out of its whole check where a schema has views, and checks it with this table.
    if first(&connection, "PRAGMA integrity_check(sqlite_schema)").map_err(fails)?.as_deref() != Some("ok") {
        return Err(running::damaged(name, "its pages do not fit together"));
    }
    let size = Size::of(&connection);
    counted_by_page(&mut connection, progress, size.of_integrity_check()).map_err(fails)?;
    let found = first(&connection, "PRAGMA integrity_check").map_err(fails)?.unwrap_or_default();
    if found != "ok" {
        return Err(stopped(trouble::found(name, &found)));
    }
    counted(&mut connection, progress).map_err(fails)?;
    progress.begin(progress::REFERENCES, size.of_reference_check());
    if first(&connection, "PRAGMA foreign_key_check").map_err(fails)?.is_some() {
        return Err(running::damaged(name, "something in it refers to nothing"));
    }
    if let Some(what) = order::broken(&connection).map_err(fails)? {
        return Err(running::damaged(name, what));
    }
    progress.begin(progress::SEAL, size.of_reading());
    let sealed = seal::is_intact(&connection, layout).map_err(fails)?;
    if sealed == Some(false) {
        return Err(running::seal_broken(name));
    }
    Ok((connection, sealed.is_some()))
}

/// What stands first in what a pragma answers.
fn first(connection: &Connection, pragma: &str) -> rusqlite::Result<Option<String>> {
    let mut statement = connection.prepare(pragma)?;
    let mut rows = statement.query([])?;
    rows.next()?.map_or(Ok(None), |row| row.get_ref(0).map(|v| Some(v.as_str().unwrap_or("?").to_string())))
}

/// How many steps SQLite makes before it asks whether to go on.
const STEPS: u16 = 1000;

/// The check of integrity is one statement: a step for every page, and behind the last page those of the rows.
fn counted_by_page(connection: &mut Connection, progress: &Progress, rows: u64) -> rusqlite::Result<()> {
    let pages = connection.query_row("PRAGMA page_count", [], |row| row.get::<_, i64>(0))?.unsigned_abs();
    progress.begin(progress::PAGES, pages);
    let seen = progress.clone();
    let mut pages_left = Some(pages / u64::from(STEPS));
    connection.progress_handler(
        STEPS.into(),
        Some(move || {
            if pages_left == Some(0) {
                seen.begin(progress::ROWS, rows);
            }
            pages_left = pages_left.and_then(|left| left.checked_sub(1));
            seen.stepped(STEPS.into())
        }),
    )
}

/// Lets SQLite count its steps, and stop between two.
pub(super) fn counted(connection: &mut Connection, progress: &Progress) -> rusqlite::Result<()> {
    let seen = progress.clone();
    connection.progress_handler(STEPS.into(), Some(move || seen.stepped(STEPS.into())))
}

/// Kind, name and text of every statement of a schema.
type Schema = Vec<(String, String, Option<Vec<u8>>)>;

/// Every statement of the schema as the file has it.
fn schema(connection: &Connection) -> rusqlite::Result<Schema> {
    let mut statement =
        connection.prepare("SELECT \"type\", \"name\", \"sql\" FROM sqlite_schema ORDER BY \"name\"")?;
    let text =
        |value: rusqlite::types::ValueRef<'_>| String::from_utf8_lossy(value.as_bytes().unwrap_or(b"")).into_owned();
    let rows = statement.query_map([], |row| {
        let sql = row.get_ref(2)?.as_bytes_or_null().unwrap_or(None).map(<[u8]>::to_vec);
        Ok((text(row.get_ref(0)?), text(row.get_ref(1)?), sql))
    })?;
    rows.collect()
}

/// Made once for each layout: SQLite takes longer to make it than to check a small file.
fn expected_schema(layout: i64) -> Result<&'static Schema, Diagnostic> {
    static EXPECTED: [OnceLock<Schema>; ddl::LAYOUT as usize + 1] =
        [const { OnceLock::new() }; ddl::LAYOUT as usize + 1];
    // A layout that there never was has no tables at all.
    static NONE: OnceLock<Schema> = OnceLock::new();
    let expected = usize::try_from(layout).ok().filter(|_| layout > 0).and_then(|layout| EXPECTED.get(layout));
    let Some(expected) = expected else { return Ok(NONE.get_or_init(Schema::new)) };
    if let Some(schema) = expected.get() {
        return Ok(schema);
    }
    let fails = |error: rusqlite::Error| trouble::bug(&error);
    let connection = Connection::open_in_memory().map_err(fails)?;
    for statement in ddl::statements(layout) {
        connection.execute(&statement, []).map_err(fails)?;
    }
    let made = schema(&connection).map_err(fails)?;
    Ok(expected.get_or_init(|| made))
}

/// What SQLite has against files that mean ill.
fn harden(connection: &Connection) -> rusqlite::Result<()> {
    for (setting, value) in [
        (DbConfig::SQLITE_DBCONFIG_DEFENSIVE, true),
        (DbConfig::SQLITE_DBCONFIG_TRUSTED_SCHEMA, false),
        (DbConfig::SQLITE_DBCONFIG_ENABLE_TRIGGER, false),
        (DbConfig::SQLITE_DBCONFIG_ENABLE_VIEW, false),
        (DbConfig::SQLITE_DBCONFIG_DQS_DML, false),
        (DbConfig::SQLITE_DBCONFIG_DQS_DDL, false),
        (DbConfig::SQLITE_DBCONFIG_ENABLE_ATTACH_CREATE, false),
        (DbConfig::SQLITE_DBCONFIG_ENABLE_ATTACH_WRITE, false),
    ] {
        connection.set_db_config(setting, value)?;
    }
    for (limit, value) in [
        (Limit::SQLITE_LIMIT_LENGTH, 64_000_000),
        (Limit::SQLITE_LIMIT_SQL_LENGTH, 4_000_000),
        (Limit::SQLITE_LIMIT_COLUMN, 2_000),
        (Limit::SQLITE_LIMIT_EXPR_DEPTH, 500),
        // SQLite compares each value of a statement with those before it, and cannot be stopped meanwhile.
        (Limit::SQLITE_LIMIT_VARIABLE_NUMBER, 4_000),
        (Limit::SQLITE_LIMIT_ATTACHED, 0),
        (Limit::SQLITE_LIMIT_TRIGGER_DEPTH, 1),
        (Limit::SQLITE_LIMIT_WORKER_THREADS, 0),
    ] {
        connection.set_limit(limit, value)?;
    }
    connection.execute_batch("PRAGMA cell_size_check = 1; PRAGMA query_only = 1; PRAGMA temp_store = 2")
}

/// Functions, the authorizer and the watch: from here on the connection only answers queries.
fn finish(mut connection: Connection, name: &str, sealed: bool, progress: &Progress) -> rusqlite::Result<Database> {
    harden(&connection)?;
    functions::register(&connection)?;
    connection.set_prepared_statement_cache_capacity(64);
    let watch = progress.stopper().0;
    let seen = std::sync::Arc::clone(&watch);
    connection.progress_handler(
        1000,
        Some(move || {
            let deadline = seen.deadline.load(Ordering::Relaxed);
            let late = deadline > 0 && seen.begun.elapsed().as_millis() > u128::from(deadline);
            late || seen.stopped.load(Ordering::Relaxed)
        }),
    )?;
    connection.authorizer(Some(allowed))?;
    let (name, layout) = (name.to_string(), ddl::LAYOUT);
    let packs_from = Cell::new(super::PACKED_FROM);
    Ok(Database {
        connection: Rc::new(connection),
        name,
        sealed,
        layout,
        digest: None,
        place: None,
        cache: Cache::default(),
        watcher: None,
        watch,
        found: RefCell::default(),
        packed: OnceCell::new(),
        packs_from,
        lent: OnceCell::new(),
        reads_arrays: OnceCell::new(),
        words: RefCell::default(),
    })
}

/// Reading, and the functions that generated queries call; nothing else.
fn allowed(context: AuthContext<'_>) -> Authorization {
    const BUILT_IN: &[&str] = &[
        "count",
        "min",
        "max",
        "sum",
        "avg",
        "coalesce",
        "lag",
        "row_number",
        "json_group_array",
        "json_array",
        "json_each",
    ];
    let fine = match context.action {
        AuthAction::Select | AuthAction::Recursive => true,
        // Named blocks of a query read tables as views do; views themselves are switched off.
        AuthAction::Read { table_name, .. } => !table_name.starts_with("sqlite_"),
        AuthAction::Function { function_name } => {
            BUILT_IN.contains(&function_name)
                || functions::NAMES.contains(&function_name)
                || function_name == super::packing::CELL
        }
        _ => false,
    };
    if fine { Authorization::Allow } else { Authorization::Deny }
}
