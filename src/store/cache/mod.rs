//! What was derived from a file of data and is dear to derive again, kept in a folder of the user's cache.
//!
//! A cache belongs to the bytes of one file: it is found by their digest, its kind and the version of its form. It is
//! made by this program on this machine, never shipped and never read from anywhere but this folder, which must be the
//! user's own and closed to the writing of others. Without it everything gives the same answers, only later: whatever
//! goes wrong with one means that there is none, and no query fails for it. Who reads one checks its content
//! ([`checksum`]): a file that was torn is as good as none.

mod checksum;
mod own;

pub use checksum::checksum;

use crate::catalog::ddl::LAYOUT;
use std::borrow::Cow;
use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};
use std::time::Duration;

/// So many bytes are kept in all.
const LIMIT: u64 = 2 << 30;

/// From so many rows on a table deserves a cache; fewer are read faster than a cache is opened.
const LEAST: u64 = 5_000;

/// How what is being written is called until it is whole.
const UNFINISHED: &str = ".unfinished-";

/// After that long nobody writes it any more.
const ABANDONED: Duration = Duration::from_secs(60 * 60);

/// What kind of thing a cache holds, and in which form.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Kind {
    /// Letters, digits, `-` and `_` of this program's own, for it is part of a file's name.
    pub name: Cow<'static, str>,
    /// Goes up with each change of the form; what has another is not found.
    pub version: u32,
}

/// The folder of all caches; without one, none is kept.
#[derive(Clone, Debug)]
pub struct Caches {
    folder: Option<PathBuf>,
    /// Bytes in all.
    limit: u64,
    /// Rows.
    least: u64,
}

impl Default for Caches {
    /// No caches at all.
    fn default() -> Caches {
        Caches { folder: None, limit: LIMIT, least: LEAST }
    }
}

impl Caches {
    /// In this folder, which need not be there yet.
    pub fn kept_in(folder: &Path) -> Caches {
        Caches { folder: Some(folder.to_path_buf()), ..Caches::default() }
    }

    /// The same with another limit for all of them together, in bytes.
    #[must_use]
    pub fn within(self, limit: u64) -> Caches {
        Caches { limit, ..self }
    }

    /// The same where other tables deserve one: those of this many rows and more.
    #[must_use]
    pub fn from_rows(self, least: u64) -> Caches {
        Caches { least, ..self }
    }

    /// Those of the file with this digest; without a digest there are none.
    pub fn of(&self, digest: Option<&str>) -> Cache {
        let named = |digest: &&str| !digest.is_empty() && digest.bytes().all(|byte| byte.is_ascii_hexdigit());
        let digest = digest.filter(named).map(str::to_string);
        Cache { place: self.folder.clone().zip(digest), limit: self.limit, least: self.least }
    }
}

/// The caches of one file.
#[derive(Clone, Debug)]
pub struct Cache {
    /// The folder, and the digest of the file's bytes.
    place: Option<(PathBuf, String)>,
    limit: u64,
    least: u64,
}

impl Default for Cache {
    fn default() -> Cache {
        Caches::default().of(None)
    }
}

impl Cache {
    /// Whether anything can be kept; if not, nothing is to be derived for it.
    pub const fn is_on(&self) -> bool {
        self.place.is_some()
    }

    /// Whether a table of so many rows deserves one.
    pub const fn deserved_by(&self, rows: u64) -> bool {
        self.is_on() && rows >= self.least
    }

    /// From how many rows on a table deserves one.
    pub const fn least(&self) -> u64 {
        self.least
    }

    /// The cache of a kind, if it is there; the oldest in use is the last to be removed.
    pub fn open(&self, kind: &Kind) -> Option<File> {
        let (folder, path) = self.path(kind)?;
        own::folder(folder).then(|| own::open(&path)).flatten()
    }

    /// How many bytes the cache of a kind has, if it is there.
    pub fn size(&self, kind: &Kind) -> Option<u64> {
        let (folder, path) = self.path(kind)?;
        let about = std::fs::symlink_metadata(path).ok()?;
        (own::folder(folder) && own::file(&about)).then_some(about.len())
    }

    /// The names of the kinds that are kept of this file, in this form or an older one, each with its bytes.
    pub fn kept(&self) -> Vec<(String, u64)> {
        let Some((folder, digest)) = self.place.as_ref().filter(|(folder, _)| own::folder(folder)) else {
            return Vec::new();
        };
        let begin = prefix(digest);
        let one = |entry: std::fs::DirEntry| {
            let name = entry.file_name().into_string().ok()?;
            let (kind, _) = name.strip_prefix(&begin)?.rsplit_once('-')?;
            let about = entry.metadata().ok().filter(own::file)?;
            Some((kind.to_string(), about.len()))
        };
        let mut kept: Vec<(String, u64)> =
            std::fs::read_dir(folder).into_iter().flatten().flatten().filter_map(one).collect();
        kept.sort();
        kept
    }

    /// Keeps what `write` writes, whole or not at all; whether it is kept. What `write` gives is passed on.
    ///
    /// # Errors
    /// Those of `write` alone, which may also be that the disk is full.
    pub fn store<T, E: From<io::Error>>(
        &self,
        kind: &Kind,
        write: impl FnOnce(&mut dyn Write) -> Result<T, E>,
    ) -> Result<Option<T>, E> {
        let Some((folder, path)) = self.path(kind) else { return Ok(None) };
        let Some(unfinished) = begun(folder) else { return Ok(None) };
        let mut out = BufWriter::with_capacity(1 << 17, unfinished);
        let written = write(&mut out)?;
        let Ok(unfinished) = out.into_inner() else { return Ok(None) };
        let length = unfinished.as_file().metadata().map_or(u64::MAX, |about| about.len());
        if length > self.limit {
            return Ok(None);
        }
        make_room(folder, self.limit - length, &path, unfinished.as_file());
        Ok(unfinished.persist(path).is_ok().then_some(written))
    }

    /// The folder, and the file of a kind in it.
    fn path(&self, kind: &Kind) -> Option<(&Path, PathBuf)> {
        let (folder, digest) = self.place.as_ref()?;
        Some((folder, folder.join(format!("{}{}-{}", prefix(digest), kind.name, kind.version))))
    }
}

/// How the names of a file's caches begin: another version of the program may derive something else from the same bytes.
fn prefix(digest: &str) -> String {
    format!("{digest}-{}-{LAYOUT}-", env!("CARGO_PKG_VERSION"))
}

/// A file to be written in the folder, which is made where it is not there yet; nobody else can read it.
fn begun(folder: &Path) -> Option<tempfile::NamedTempFile> {
    own::make(folder).ok()?;
    // Temporary files are their maker's alone.
    own::folder(folder).then(|| tempfile::Builder::new().prefix(UNFINISHED).tempfile_in(folder).ok()).flatten()
}

/// Removes what was left unfinished long ago, and the caches that were not used for longest, until the others have no
/// more than `most` bytes. What is `replaced` does not count.
fn make_room(folder: &Path, most: u64, replaced: &Path, fresh: &File) {
    let Ok(entries) = std::fs::read_dir(folder) else { return };
    let now = fresh.metadata().and_then(|about| about.modified()).ok();
    let mut kept = Vec::new();
    for entry in entries.flatten() {
        let path = entry.path();
        let Ok(about) = entry.metadata() else { continue };
        if !about.is_file() || path == replaced {
            continue;
        }
        if !entry.file_name().to_string_lossy().starts_with(UNFINISHED) {
            kept.push((about.modified().ok(), about.len(), path));
            continue;
        }
        let age = now.zip(about.modified().ok()).and_then(|(now, then)| now.duration_since(then).ok());
        if age.is_some_and(|age| age > ABANDONED) {
            let _ = std::fs::remove_file(path);
        }
    }
    kept.sort();
    let mut bytes: u64 = kept.iter().map(|(_, length, _)| length).sum();
    for (_, length, path) in kept {
        if bytes <= most {
            break;
        }
        let _ = std::fs::remove_file(path);
        bytes -= length;
    }
}

#[cfg(test)]
mod tests;
