//! One writer at a time: whoever changes a file holds it locked from reading it until the new one is in its place.
//!
//! The lock is the file's own; nothing else lies beside it. As the new file is another one under the same name, a
//! writer who waited looks again whether the name still leads to what was locked.

use crate::diagnostic::{Diagnostic, data, running};
use crate::store::{Progress, reason};
use std::fs::{File, TryLockError};
use std::path::Path;
use std::time::{Duration, Instant};

/// How long one waits for another writer; a file of ordinary size is written in less.
const PATIENCE: Duration = Duration::from_secs(3);

/// How often one looks.
const PAUSE: Duration = Duration::from_millis(20);

/// Holds a file against other writers, until it is dropped.
#[derive(Debug)]
pub struct WriterLock {
    _held: File,
}

/// Locks a file that is there.
///
/// # Errors
/// When it cannot be read, another writer holds it for long, or it was stopped.
pub fn lock(path: &Path, progress: &Progress) -> Result<WriterLock, Diagnostic> {
    let name = path.display().to_string();
    let unreadable = |error: std::io::Error| running::unreadable(&name, &reason(&error));
    let begun = Instant::now();
    loop {
        let file = File::open(path).map_err(unreadable)?;
        match file.try_lock() {
            Ok(()) if is_still(&file, path) => return Ok(WriterLock { _held: file }),
            // It was replaced between the two: the next try has the new one.
            Ok(()) => {}
            Err(TryLockError::WouldBlock) if begun.elapsed() > PATIENCE => return Err(data::being_written(&name)),
            Err(TryLockError::WouldBlock) => {
                progress.go_on(0)?;
                std::thread::sleep(PAUSE);
            }
            // A file system without locks has one user, as far as anybody can tell.
            Err(TryLockError::Error(error)) if error.kind() == std::io::ErrorKind::Unsupported => {
                return Ok(WriterLock { _held: file });
            }
            Err(TryLockError::Error(error)) => return Err(unreadable(error)),
        }
    }
}

/// Whether the path leads to this very file.
#[cfg(unix)]
fn is_still(file: &File, path: &Path) -> bool {
    use std::os::unix::fs::MetadataExt;
    let of = |about: std::io::Result<std::fs::Metadata>| about.ok().map(|about| (about.dev(), about.ino()));
    of(file.metadata()) == of(std::fs::metadata(path))
}

#[cfg(not(unix))]
fn is_still(_: &File, _: &Path) -> bool {
    true
}
