//! Datasets as wholes: CSV folders built to files, files shipped, described and verified.
//!
//! Whatever writes does so under another name beside the target, which is synced and renamed at the end: the target is
//! there whole, or not at all.

mod derive;
pub mod diff;
pub mod export;
pub mod import;
pub mod model;
pub mod records;
pub mod unpack;
mod write;

use crate::catalog::NOUNS;
use crate::catalog::Origin;
use crate::diagnostic::Diagnostic;
use crate::diagnostic::data;
use crate::sql::SqlQuery;
use crate::store::progress::{self, Part};
use crate::store::{Database, Progress, SEAL, Writer, reason};
use crate::value::date::DayText;
use records::Records;
use std::fs::{File, Permissions};
use std::io::{self, Seek, Write};
use std::path::{Path, PathBuf};

/// A file as bytes, and the digest that is its version.
#[derive(Clone, Debug)]
pub struct Built {
    pub bytes: Vec<u8>,
    pub version: String,
}

const READING: Part = Part::new("reading", 140);
const CHECKING: Part = Part::new("checking the rows", 120);
const DERIVING: Part = Part::new("deriving", 190);
const ADDING: Part = Part::new("adding rows", 840);
const WRITING: Part = Part::new("writing the file", 35);

/// The parts of building a file.
pub const BUILDING: &[Part] = &[READING, CHECKING, DERIVING, ADDING, progress::SEALING, progress::PACKING, WRITING];

/// The parts of shipping one that is open.
pub const SHIPPING: &[Part] = &[progress::COPYING, progress::SEALING, progress::PACKING, WRITING];

/// Builds a file from records.
///
/// # Errors
/// Every mistake in them.
pub fn build(records: &Records) -> Result<Built, Vec<Diagnostic>> {
    build_watched(records, &Progress::default())
}

fn build_watched(records: &Records, progress: &Progress) -> Result<Built, Vec<Diagnostic>> {
    let model = derived_watched(records, progress)?;
    let (bytes, version) = write::write(&model, progress)?;
    Ok(Built { bytes, version })
}

/// Checked records with everything that follows from them.
///
/// # Errors
/// Every mistake in them.
pub fn derived(records: &Records) -> Result<model::Model, Vec<Diagnostic>> {
    derived_watched(records, &Progress::default())
}

fn derived_watched(records: &Records, progress: &Progress) -> Result<model::Model, Vec<Diagnostic>> {
    progress.begin(CHECKING, records.nouns.values().map(|rows| rows.len() as u64).sum());
    let mut model = model::check(records, progress)?;
    derive::derive(&mut model, progress).map_err(|mut mistakes| {
        // Two accounts contradict each other from either side; once is enough.
        mistakes.dedup();
        mistakes
    })?;
    Ok(model)
}

/// Builds a file from the CSV files of a folder.
///
/// # Errors
/// Every mistake in them, or that it was stopped; then nothing is written.
pub fn build_folder(folder: &Path, target: &Path, force: bool, progress: &Progress) -> Result<Built, Vec<Diagnostic>> {
    let built = build_watched(&records::read_watched(folder, progress)?, progress)?;
    put_watched(target, &built.bytes, force, progress).map_err(|diagnostic| vec![diagnostic])?;
    Ok(built)
}

/// Writes a file to give to others: fresh, row by row, sealed.
///
/// # Errors
/// When the target is there already or cannot be written, or it was stopped; then nothing is written.
pub fn ship(source: &Database, target: &Path, force: bool, progress: &Progress) -> Result<Built, Diagnostic> {
    free(target, force)?;
    let mut writer = Writer::watched(progress)?;
    writer.copy_from(source)?;
    let (bytes, version) = writer.finish()?;
    put_watched(target, &bytes, force, progress)?;
    Ok(Built { bytes, version })
}

/// Writes bytes whole or not at all.
///
/// # Errors
/// When the target is there already (without `force`), is a link or a folder, or cannot be written.
pub fn put(target: &Path, bytes: &[u8], force: bool) -> Result<(), Diagnostic> {
    put_watched(target, bytes, force, &Progress::default())
}

fn put_watched(target: &Path, bytes: &[u8], force: bool, progress: &Progress) -> Result<(), Diagnostic> {
    free(target, force)?;
    progress.begin(WRITING, bytes.len() as u64);
    let written = write_whole(target, &mut Watched { bytes, progress }, None, force);
    written.map_err(|error| progress.go_on(0).err().unwrap_or_else(|| cannot_write(target)(error)))
}

/// Bytes on their way, until they are stopped.
struct Watched<'a> {
    bytes: &'a [u8],
    progress: &'a Progress,
}

impl io::Read for Watched<'_> {
    fn read(&mut self, room: &mut [u8]) -> io::Result<usize> {
        let count = self.bytes.read(room)?;
        self.progress.go_on(count as u64).map(|()| count).map_err(|_| io::Error::other("stopped"))
    }
}

fn cannot_write(target: &Path) -> impl Fn(io::Error) -> Diagnostic {
    |error| data::cannot_write(&target.display().to_string(), &reason(&error))
}

/// Whether a file of that name may be written.
fn free(target: &Path, force: bool) -> Result<(), Diagnostic> {
    let name = target.display().to_string();
    match std::fs::symlink_metadata(target) {
        Ok(about) if !about.is_file() => {
            Err(data::cannot_write(&name, "there is something else than a file of that name"))
        }
        Ok(_) if !force => Err(data::target_exists(&name)),
        _ => Ok(()),
    }
}

/// What is to be a file, while it is being written piece by piece: on the disk of its target, without a name, so that
/// nothing is left of it however the program ends.
pub struct Draft {
    nameless: File,
    target: PathBuf,
}

impl Draft {
    /// Begins one, to replace the target if it is there.
    ///
    /// # Errors
    /// When the target is a link or a folder, or cannot be written.
    pub fn new(target: &Path) -> Result<Draft, Diagnostic> {
        free(target, true)?;
        let nameless = tempfile::tempfile_in(folder(target)).map_err(cannot_write(target))?;
        Ok(Draft { nameless, target: target.to_path_buf() })
    }

    /// Puts it in its place.
    ///
    /// # Errors
    /// When that cannot be done; then the target is what it was.
    pub fn finish(mut self) -> Result<(), Diagnostic> {
        let mut write = || {
            self.nameless.rewind()?;
            write_whole(&self.target, &mut self.nameless, None, true)
        };
        write().map_err(cannot_write(&self.target))
    }
}

impl Write for Draft {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.nameless.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.nameless.flush()
    }
}

/// Gives a file of text new content, whole or not at all. It keeps its permissions, and links to it stay links.
///
/// # Errors
/// When it is not there or cannot be written.
pub fn replace(target: &Path, text: &str) -> Result<(), Diagnostic> {
    let fails = |error: io::Error| data::cannot_write(&target.display().to_string(), &reason(&error));
    let target = std::fs::canonicalize(target).map_err(fails)?;
    let permissions = std::fs::metadata(&target).map_err(fails)?.permissions();
    if permissions.readonly() {
        return Err(data::cannot_write(&target.display().to_string(), "it is there to be read only"));
    }
    write_whole(&target, &mut text.as_bytes(), Some(permissions), true).map_err(fails)
}

fn folder(target: &Path) -> &Path {
    target.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

/// Writes beside the target, and renames at the end.
fn write_whole(
    target: &Path,
    content: &mut dyn io::Read,
    permissions: Option<Permissions>,
    force: bool,
) -> io::Result<()> {
    let folder = folder(target);
    let mut temporary = tempfile::Builder::new().prefix(".bilat-").suffix(".tmp").tempfile_in(folder)?;
    io::copy(content, &mut temporary)?;
    match permissions {
        Some(permissions) => temporary.as_file().set_permissions(permissions)?,
        None => readable(temporary.as_file())?,
    }
    temporary.as_file().sync_all()?;
    if force {
        temporary.persist(target).map_err(|error| error.error)?;
    } else {
        temporary.persist_noclobber(target).map_err(|error| error.error)?;
    }
    // The new name must be on the disk too, where folders can be synced.
    if let Ok(folder) = File::open(folder) {
        let _ = folder.sync_all();
    }
    Ok(())
}

/// Temporary files are their owner's alone; a file to give away is not.
#[cfg(unix)]
fn readable(file: &File) -> io::Result<()> {
    use std::os::unix::fs::PermissionsExt;
    file.set_permissions(std::fs::Permissions::from_mode(0o644))
}

#[cfg(not(unix))]
fn readable(_: &File) -> io::Result<()> {
    Ok(())
}

/// What a file is, as lines of a name and a value.
///
/// # Errors
/// When it cannot be read.
pub fn info(database: &Database) -> Result<Vec<(String, String)>, Diagnostic> {
    let mut lines = vec![("file".to_string(), database.name.clone())];
    for key in ["title", "description", "author", "licence", "citation", "language", "reference_date"] {
        lines.extend(database.setting(key)?.map(|value| (key.replace('_', " "), value)));
    }
    let version = database.setting(SEAL)?;
    lines.push(("sealed".to_string(), if version.is_some() { "yes" } else { "no" }.to_string()));
    lines.extend(version.map(|version| ("version".to_string(), version)));
    lines.push(("layout".to_string(), crate::catalog::ddl::LAYOUT.to_string()));
    lines.extend(span(database)?.map(|(first, last)| ("meetings from".to_string(), format!("{first} to {last}"))));
    for noun in NOUNS.iter().filter(|noun| !matches!(noun.origin, Origin::Query(_))) {
        let count = numbers(database, &format!("SELECT count(*) AS c0 FROM \"{}\"", noun.name))?;
        lines.push((noun.name.to_string(), count.first().copied().unwrap_or(0).to_string()));
    }
    let text = "SELECT \"label\" AS c0, \"remark\" AS c1 FROM \"coverage\" ORDER BY \"id\"".to_string();
    let rows = database.collect(&SqlQuery { text, parameters: Vec::new() }, |row| (row.text(0), row.text(1)))?;
    for (label, remark) in rows {
        let parts: Vec<String> = label.into_iter().chain(remark).collect();
        lines.push(("complete for".to_string(), parts.join(": ")));
    }
    Ok(lines)
}

fn numbers(database: &Database, text: &str) -> Result<Vec<i64>, Diagnostic> {
    let query = SqlQuery { text: text.to_string(), parameters: Vec::new() };
    Ok(database.collect(&query, |row| vec![row.integer(0), row.integer(1)])?.into_iter().flatten().collect())
}

/// The first and the last day of the meetings held, as far as they are known.
///
/// # Errors
/// When the file cannot be read.
pub fn span(database: &Database) -> Result<Option<(String, String)>, Diagnostic> {
    let text = "SELECT min(\"start_min\") AS c0, max(\"end_max\") AS c1 FROM \"meetings\" \
         WHERE \"status\" = 'held' AND \"start_min\" > -10000000 AND \"end_max\" < 10000000 HAVING count(*) > 0";
    let days = numbers(database, text)?;
    Ok(match days.as_slice() {
        [first, last] => Some((DayText(*first).to_string(), DayText(*last).to_string())),
        _ => None,
    })
}

/// How many meetings were held.
///
/// # Errors
/// When the file cannot be read.
pub fn meetings(database: &Database) -> Result<i64, Diagnostic> {
    let text = "SELECT count(*) AS c0 FROM \"meetings\" WHERE \"status\" = 'held'";
    Ok(numbers(database, text)?.first().copied().unwrap_or(0))
}
