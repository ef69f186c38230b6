//! Changing a file of one's own: read under the writer lock, made anew, verified, and put in the old one's place.
//!
//! Until the last step, the renaming, the file is what it was; from then on it is the new one.

use super::lock::lock;
use super::model::Model;
use super::put::replace_if;
use super::records::Records;
use super::{Built, SETTINGS, build_model, derived_watched, let_go, packed, unpack};
use crate::catalog::ddl::LAYOUT;
use crate::diagnostic::{Diagnostic, data, running};
use crate::store::progress::{OPENING, Part};
use crate::store::{Database, Progress, Verified, reason};
use crate::suggest::nearest;
use std::path::Path;

/// What is made is looked through before it takes the old one's place.
pub(super) const LOOKING: Part = Part::new("looking through what was made", 100);

/// The parts of changing a file.
pub const CHANGING: &[&[Part]] = &[OPENING, super::BUILDING, &[LOOKING]];

/// What a file is to hold: records, and, where they were looked through already, what follows from them.
pub struct Content {
    records: Records,
    model: Option<Model>,
}

impl From<Records> for Content {
    fn from(records: Records) -> Content {
        Content { records, model: None }
    }
}

impl Content {
    /// Records that are tidy, and their model.
    pub fn looked_through(records: Records, model: Option<Model>) -> Content {
        Content { records, model }
    }

    fn build(mut self, progress: &Progress) -> Result<Built, Vec<Diagnostic>> {
        let model = match self.model {
            Some(model) => model,
            None => {
                self.records.tidy()?;
                derived_watched(&self.records, progress)?
            }
        };
        let_go(self.records);
        let built = build_model(&model, progress);
        let_go(model);
        built
    }
}

/// Gives a file the records that `make` makes of its own; `None` leaves it as it is. Says what was written, if anything.
///
/// # Errors
/// When the file cannot be opened, another writer holds it, `make` fails, the records contradict each other, or it was
/// stopped; then the file is what it was.
pub fn change<C: Into<Content>>(
    path: &Path,
    progress: &Progress,
    verified: &Verified,
    make: impl FnOnce(Records) -> Result<Option<C>, Vec<Diagnostic>>,
) -> Result<Option<Built>, Vec<Diagnostic>> {
    rewrite(path, progress, verified, |database| {
        let records = unpack::records(database).map_err(|diagnostic| vec![diagnostic])?;
        make(records)?.map(|content| content.into().build(progress)).transpose()
    })
}

/// Gives a file of an older layout today's: the same rows.
///
/// # Errors
/// As [`change`].
pub fn migrate(path: &Path, progress: &Progress, verified: &Verified) -> Result<Option<Built>, Vec<Diagnostic>> {
    rewrite(path, progress, verified, |database| {
        let older = database.layout < LAYOUT;
        older.then(|| packed(database, progress).map_err(|diagnostic| vec![diagnostic])).transpose()
    })
}

fn rewrite(
    path: &Path,
    progress: &Progress,
    verified: &Verified,
    make: impl FnOnce(&Database) -> Result<Option<Built>, Vec<Diagnostic>>,
) -> Result<Option<Built>, Vec<Diagnostic>> {
    let one = |diagnostic| vec![diagnostic];
    // What leads to a file is no file: the link stays, the file it leads to is changed.
    let real = match std::fs::canonicalize(path) {
        Ok(real) => real,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Err(one(crate::store::missing(path))),
        Err(error) => return Err(one(running::unreadable(&path.display().to_string(), &reason(&error)))),
    };
    if !real.is_file() {
        return Err(one(running::not_ours(&path.display().to_string(), "it is not a file")));
    }
    let _held = lock(&real, progress).map_err(one)?;
    let database = Database::open_watched(&real, progress, verified).map_err(one)?;
    let Some(built) = make(&database)? else { return Ok(None) };
    if std::fs::read(&real).is_ok_and(|bytes| bytes == built.bytes) {
        return Ok(None);
    }
    // It is written while it is looked through, and put in its place after both.
    std::thread::scope(|scope| {
        let looking = scope.spawn(|| verify(&built, path, progress));
        replace_if(&real, &built.bytes, progress, || {
            progress.begin(LOOKING, 0);
            looking.join().unwrap_or_else(|_| Err(running::bug("what was made cannot be looked through")))
        })
    })
    .map_err(one)?;
    // It was just looked through.
    verified.knows_now(&built.bytes);
    Ok(Some(built))
}

/// What was made is opened like anybody's file before it takes the old one's place.
fn verify(built: &Built, path: &Path, progress: &Progress) -> Result<(), Diagnostic> {
    // Another part is shown meanwhile.
    let quiet = Progress::of(&[], progress.stopper());
    match Database::from_bytes_watched(&built.bytes, &path.display().to_string(), &quiet) {
        Ok(database) if database.sealed => Ok(()),
        Ok(_) => Err(running::bug("a file was made without a seal")),
        Err(diagnostic) if diagnostic.code == running::NO_MEMORY => Err(diagnostic),
        Err(diagnostic) => {
            progress.go_on(0)?;
            Err(running::bug(&format!("a file was made that cannot be opened: {}", diagnostic.message)))
        }
    }
}

/// Keeps queries in a file, or takes them out again; says what was written, if anything.
///
/// # Errors
/// As [`change`], and when a name to be taken out is not there.
pub fn save(
    path: &Path,
    queries: Vec<(String, String)>,
    remove: &[String],
    progress: &Progress,
    verified: &Verified,
) -> Result<Option<Built>, Vec<Diagnostic>> {
    change(path, progress, verified, |mut records| {
        let mut mistakes = Vec::new();
        for name in remove {
            if records.queries.remove(name).is_none() {
                let near = nearest(name, records.queries.keys().map(String::as_str));
                let near: Vec<String> = near.into_iter().map(str::to_string).collect();
                mistakes.push(data::not_saved(&path.display().to_string(), name, &near));
            }
        }
        records.queries.extend(queries);
        if mistakes.is_empty() { Ok(Some(records)) } else { Err(mistakes) }
    })
}

/// Gives a file other settings; an empty value takes one out.
///
/// # Errors
/// As [`change`], and when there is no such setting.
pub fn set(
    path: &Path,
    settings: &[(String, String)],
    progress: &Progress,
    verified: &Verified,
) -> Result<Option<Built>, Vec<Diagnostic>> {
    let unknown = settings.iter().filter(|(name, _)| !SETTINGS.contains(&name.as_str()));
    let mistakes: Vec<Diagnostic> = unknown
        .map(|(name, _)| {
            let near: Vec<String> = nearest(name, SETTINGS).into_iter().map(str::to_string).collect();
            data::unknown_setting(name, &SETTINGS, &near)
        })
        .collect();
    if !mistakes.is_empty() {
        return Err(mistakes);
    }
    change(path, progress, verified, |mut records| {
        for (name, value) in settings {
            match value.trim() {
                "" => drop(records.settings.remove(name)),
                value => drop(records.settings.insert(name.clone(), value.to_string())),
            }
        }
        Ok(Some(records))
    })
}
