//! Datasets as wholes: CSV folders built to files, files shipped, described and verified.
//!
//! Whatever writes does so under another name beside the target, which is synced and renamed at the end: the target is
//! there whole, or not at all.

mod change;
mod derive;
pub mod diff;
pub mod export;
pub mod import;
mod led;
mod lock;
pub mod model;
mod parallel;
mod put;
pub mod records;
pub mod slots;
pub mod unpack;
pub mod world;
mod write;

use crate::catalog::NOUNS;
use crate::catalog::Origin;
use crate::diagnostic::{Diagnostic, data};
use crate::sql::SqlQuery;
use crate::store::progress::{self, Part};
use crate::store::{Database, Progress, SEAL, Writer};
use crate::value::date::DayText;
use put::{WRITING, free, put_watched};
use records::Records;
use std::path::Path;

use change::LOOKING;
pub use change::{CHANGING, Content, change, migrate, save, set};
pub use put::{Draft, put, replace};

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

/// The parts of building a file.
pub const BUILDING: &[Part] = &[READING, CHECKING, DERIVING, ADDING, WRITING];

/// The parts of shipping one that is open.
pub const SHIPPING: &[Part] = &[progress::COPYING, WRITING];

/// Builds a file from records.
///
/// # Errors
/// Every mistake in them.
pub fn build(records: &Records) -> Result<Built, Vec<Diagnostic>> {
    build_watched(records, &Progress::default())
}

fn build_watched(records: &Records, progress: &Progress) -> Result<Built, Vec<Diagnostic>> {
    build_model(&derived_watched(records, progress)?, progress)
}

fn build_model(model: &model::Model, progress: &Progress) -> Result<Built, Vec<Diagnostic>> {
    let (bytes, version) = write::write(model, progress)?;
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

/// What a file holds, checked, with everything that follows from it.
///
/// # Errors
/// When the file cannot be read, or contradicts itself, which no file does that was built; or it was stopped.
fn model_of(database: &Database, progress: &Progress) -> Result<model::Model, Vec<Diagnostic>> {
    derived_watched(&unpack::records(database).map_err(|diagnostic| vec![diagnostic])?, progress)
}

/// Builds a file from the CSV files of a folder.
///
/// # Errors
/// Every mistake in them, or that it was stopped; then nothing is written.
pub fn build_folder(folder: &Path, target: &Path, force: bool, progress: &Progress) -> Result<Built, Vec<Diagnostic>> {
    let records = records::read_watched(folder, progress)?;
    let model = derived_watched(&records, progress)?;
    let_go(records);
    let built = build_model(&model, progress)?;
    let_go(model);
    put_watched(target, &built.bytes, force, progress).map_err(|diagnostic| vec![diagnostic])?;
    Ok(built)
}

/// Gives memory back beside other work: many small pieces take a while.
fn let_go(it: impl Send + 'static) {
    // Without another thread it is given back at once.
    let _ = std::thread::Builder::new().spawn(move || drop(it));
}

/// Writes a file to give to others: fresh, row by row, sealed.
///
/// # Errors
/// When the target is there already or cannot be written, when what nobody sealed does not make sense, or it was
/// stopped; then nothing is written.
pub fn ship(source: &Database, target: &Path, force: bool, progress: &Progress) -> Result<Built, Vec<Diagnostic>> {
    let one = |diagnostic| vec![diagnostic];
    free(target, force).map_err(one)?;
    // A seal is our word for what is in it.
    if !source.sealed {
        examine(source, progress)?;
    }
    let built = packed(source, progress).map_err(one)?;
    put_watched(target, &built.bytes, force, progress).map_err(one)?;
    Ok(built)
}

/// Whether a file's rows are what its own records build: nothing outside the model, and nothing that follows from others
/// told otherwise. A seal says who wrote it last; this says that it makes sense.
///
/// # Errors
/// Every mistake in them; that they are other rows; or that it was stopped.
pub fn examine(database: &Database, progress: &Progress) -> Result<(), Vec<Diagnostic>> {
    let one = |diagnostic| vec![diagnostic];
    let built = build_watched(&unpack::records(database).map_err(one)?, progress)?;
    if built.version == packed(database, progress).map_err(one)?.version {
        return Ok(());
    }
    Err(vec![data::not_as_built(&database.name)])
}

/// A fresh file with the rows of another.
fn packed(source: &Database, progress: &Progress) -> Result<Built, Diagnostic> {
    let mut writer = Writer::watched(progress)?;
    writer.copy_from(source)?;
    let (bytes, version) = writer.finish()?;
    Ok(Built { bytes, version })
}

/// What a file says of itself, in the order in which it is shown.
pub const SETTINGS: [&str; 7] = ["title", "description", "author", "licence", "citation", "language", "reference_date"];

/// What a file is, as lines of a name and a value.
///
/// # Errors
/// When it cannot be read.
pub fn info(database: &Database) -> Result<Vec<(String, String)>, Diagnostic> {
    let mut lines = vec![("file".to_string(), database.name.clone())];
    for key in SETTINGS {
        lines.extend(database.setting(key)?.map(|value| (key.replace('_', " "), value)));
    }
    let version = database.setting(SEAL)?;
    lines.push(("sealed".to_string(), if version.is_some() { "yes" } else { "no" }.to_string()));
    lines.extend(version.map(|version| ("version".to_string(), version)));
    let layout = match database.layout {
        crate::catalog::ddl::LAYOUT => database.layout.to_string(),
        older => format!("{older}, an older one; bilat migrate gives the file today's"),
    };
    lines.push(("layout".to_string(), layout));
    lines.extend(span(database)?.map(|(first, last)| ("meetings from".to_string(), format!("{first} to {last}"))));
    for noun in NOUNS.iter().filter(|noun| !matches!(noun.origin, Origin::Query(_))) {
        let count = numbers(database, &format!("SELECT count(*) AS c0 FROM \"{}\"", noun.name))?;
        lines.push((noun.name.to_string(), count.first().copied().unwrap_or(0).to_string()));
    }
    lines.push(("caches".to_string(), caches(database)?));
    let text = "SELECT \"label\" AS c0, \"remark\" AS c1 FROM \"coverage\" ORDER BY \"id\"".to_string();
    let rows = database.collect(&SqlQuery::new(text, Vec::new()), |row| (row.text(0), row.text(1)))?;
    for (label, remark) in rows {
        let parts: Vec<String> = label.into_iter().chain(remark).collect();
        lines.push(("complete for".to_string(), parts.join(": ")));
    }
    lines.extend(unpack::saved(database)?.into_keys().map(|name| ("saved queries".to_string(), name)));
    Ok(lines)
}

/// What is kept of what was derived from the file, each with its size.
fn caches(database: &Database) -> Result<String, Diagnostic> {
    let cache = database.cache();
    if !database.deserves_caches()? {
        return Ok(format!("none; they are for files with a table of {} rows or more", cache.least()));
    }
    if !cache.is_on() {
        return Ok("switched off".to_string());
    }
    let kept: Vec<String> = cache
        .kept()
        .into_iter()
        .map(|(kind, bytes)| format!("{} ({} MB)", kind.replace('-', " "), megabytes(bytes)))
        .collect();
    Ok(if kept.is_empty() { "none yet".to_string() } else { kept.join(", ") })
}

/// In units of a million, with one digit behind the point.
fn megabytes(bytes: u64) -> String {
    let tenths = bytes.div_ceil(100_000);
    format!("{}.{}", tenths / 10, tenths % 10)
}

fn numbers(database: &Database, text: &str) -> Result<Vec<i64>, Diagnostic> {
    let query = SqlQuery::new(text.to_string(), Vec::new());
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
