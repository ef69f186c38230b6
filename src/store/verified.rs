//! Files that were found in order, remembered by their hash, so that the second opening costs a hash.
//!
//! A folder of empty files named by hashes. Whoever can write there can write as the user; nothing from a file of data
//! gets there but its hash. Another version of the program or of SQLite looks for itself again.
//!
//! To hash a large file takes longer than to answer. What hash a large file has is therefore remembered by its identity
//! too, in a file of its name. That trusts the system to give a file that changes another time, and nobody to write to
//! the disk beneath it; times that were not over when the reading began are not trusted. Who wants all of it read asks
//! for that ([`Verified::unasked`]).

use super::Progress;
use super::identity::{Identity, Moment};
use super::progress::VERIFIED;
use super::seal::hexadecimal;
use crate::catalog::ddl;
use crate::diagnostic::Diagnostic;
use sha2::{Digest, Sha256};
use std::fs::File;
use std::io::{Read, Write};
use std::path::{Path, PathBuf};

/// So many are remembered; then it begins anew.
const MOST: usize = 2_000;

/// Files from this length on are known by their identity: a smaller one is read and hashed in a few milliseconds.
const LARGE: u64 = 4 << 20;

/// How much of a file is hashed at once.
const ROOM: usize = 1 << 20;

/// Remembers, in a folder of the user's cache; without one, nothing.
#[derive(Clone, Debug, Default)]
pub struct Verified {
    folder: Option<PathBuf>,
    /// Whether what is remembered counts; else it is only added to.
    asked: bool,
}

impl Verified {
    /// In this folder, which need not be there yet.
    pub fn kept_in(folder: &Path) -> Verified {
        Verified { folder: Some(folder.to_path_buf()), asked: true }
    }

    /// The same for who wants files looked through in any case.
    #[must_use]
    pub fn unasked(mut self) -> Verified {
        self.asked = false;
        self
    }

    /// The hash of a file's bytes, where it is of use.
    pub(super) fn hash(&self, bytes: &[u8]) -> Option<String> {
        self.folder.is_some().then(|| hexadecimal(&Sha256::digest(bytes)))
    }

    /// The hash of an open file.
    pub(super) fn hash_of(
        &self,
        mut file: &File,
        length: u64,
        progress: &Progress,
    ) -> Result<Option<String>, Diagnostic> {
        if self.folder.is_none() {
            return Ok(None);
        }
        progress.begin(VERIFIED, length);
        let (mut hash, mut room) = (Sha256::new(), vec![0; ROOM]);
        loop {
            match file.read(&mut room) {
                Ok(0) => return Ok(Some(hexadecimal(&hash.finalize()))),
                Ok(count) => hash.update(room.get(..count).unwrap_or_default()),
                Err(error) if error.kind() == std::io::ErrorKind::Interrupted => {}
                // Who opens the file next says so.
                Err(_) => return Ok(None),
            }
            progress.go_on(ROOM as u64)?;
        }
    }

    /// Whether this file was in order before, and then whether it has a seal.
    pub(super) fn knows(&self, hash: &str) -> Option<bool> {
        let folder = self.folder.as_ref().filter(|_| self.asked)?;
        [true, false].into_iter().find(|sealed| folder.join(entry(hash, *sealed)).is_file())
    }

    /// These bytes, with a seal, were found in order.
    pub fn knows_now(&self, bytes: &[u8]) {
        self.hash(bytes).into_iter().for_each(|hash| self.remember(&hash, true));
    }

    /// The hash of a large file of that identity that was in order before.
    pub(super) fn hash_at(&self, identity: &Identity) -> Option<String> {
        let folder = self.folder.as_ref().filter(|_| self.asked)?;
        let hash = std::fs::read_to_string(folder.join(at(identity))).ok()?;
        let digits = hash.len() == 64 && hash.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'));
        (digits && self.knows(&hash).is_some()).then_some(hash)
    }

    /// The moment before a file of that length is read, where it is of use.
    pub(super) fn moment(&self, length: u64) -> Option<Moment> {
        let folder = self.folder.as_ref().filter(|_| length >= LARGE)?;
        std::fs::create_dir_all(folder).ok()?;
        Moment::of(&tempfile::tempfile_in(folder).ok()?.metadata().ok()?)
    }

    /// A file that was read after that moment, and is the same still, has this hash.
    pub(super) fn remember_at(&self, identity: &Identity, moment: Option<Moment>, hash: Option<&str>) {
        if let (Some(folder), Some(moment), Some(hash)) = (&self.folder, moment, hash)
            && identity.is_settled(moment)
        {
            // Nobody may find half of it.
            let written = tempfile::NamedTempFile::new_in(folder).and_then(|mut file| {
                file.write_all(hash.as_bytes())?;
                Ok(file.persist(folder.join(at(identity)))?)
            });
            drop(written);
        }
    }

    /// It is in order. That it cannot be written down costs time, and nothing else.
    pub(super) fn remember(&self, hash: &str, sealed: bool) {
        let Some(folder) = &self.folder else { return };
        if std::fs::read_dir(folder).is_ok_and(|entries| entries.count() >= MOST) {
            let _ = std::fs::remove_dir_all(folder);
        }
        let _ = std::fs::create_dir_all(folder).and_then(|()| File::create(folder.join(entry(hash, sealed))));
    }
}

/// The name of what tells the hash of a file.
fn at(identity: &Identity) -> String {
    format!("at-{}", identity.name())
}

/// The name of what stands for a file: whose word it is belongs to it.
fn entry(hash: &str, sealed: bool) -> String {
    let own = env!("CARGO_PKG_VERSION");
    let seal = if sealed { "sealed" } else { "open" };
    format!("{hash}-{own}-{}-{}-{seal}", super::sqlite_version(), ddl::LAYOUT)
}
