//! Files that were found in order, remembered by their hash, so that the second opening costs a hash.
//!
//! A folder of empty files named by hashes. Whoever can write there can write as the user; nothing from a file of data
//! gets there but its hash. Another version of the program or of SQLite looks for itself again.

use super::Progress;
use super::progress::VERIFIED;
use super::seal::hexadecimal;
use crate::catalog::ddl;
use crate::diagnostic::Diagnostic;
use sha2::{Digest, Sha256};
use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};

/// So many are remembered; then it begins anew.
const MOST: usize = 2_000;

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

    /// It is in order. That it cannot be written down costs time, and nothing else.
    pub(super) fn remember(&self, hash: &str, sealed: bool) {
        let Some(folder) = &self.folder else { return };
        if std::fs::read_dir(folder).is_ok_and(|entries| entries.count() >= MOST) {
            let _ = std::fs::remove_dir_all(folder);
        }
        let _ = std::fs::create_dir_all(folder).and_then(|()| File::create(folder.join(entry(hash, sealed))));
    }
}

/// The name of what stands for a file: whose word it is belongs to it.
fn entry(hash: &str, sealed: bool) -> String {
    let own = env!("CARGO_PKG_VERSION");
    let seal = if sealed { "sealed" } else { "open" };
    format!("{hash}-{own}-{}-{}-{seal}", super::sqlite_version(), ddl::LAYOUT)
}
