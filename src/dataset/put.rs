//! Writing files whole or not at all: beside the target under another name, synced, renamed.
//!
//! In come bytes and the name they are to have; out comes the file, whole and on the disk, or a message, and then the
//! target is what it was.

use super::lock::lock;
use crate::diagnostic::{Diagnostic, data};
use crate::store::progress::Part;
use crate::store::{Progress, reason};
use std::fs::{File, Permissions};
use std::io::{self, Seek, Write};
use std::path::{Path, PathBuf};

pub(super) const WRITING: Part = Part::new("writing the file", 35);

/// Writes bytes whole or not at all.
///
/// # Errors
/// When the target is there already (without `force`), is a link or a folder, or cannot be written.
pub fn put(target: &Path, bytes: &[u8], force: bool) -> Result<(), Diagnostic> {
    put_watched(target, bytes, force, &Progress::default())
}

pub(super) fn put_watched(target: &Path, bytes: &[u8], force: bool, progress: &Progress) -> Result<(), Diagnostic> {
    free(target, force)?;
    // Who replaces a file waits for who changes it.
    let _held = target.is_file().then(|| lock(target, progress)).transpose()?;
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
pub(super) fn free(target: &Path, force: bool) -> Result<(), Diagnostic> {
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
    replace_watched(target, text.as_bytes(), &Progress::default())
}

/// The same while someone looks on.
pub(super) fn replace_watched(target: &Path, bytes: &[u8], progress: &Progress) -> Result<(), Diagnostic> {
    let fails = |error: io::Error| data::cannot_write(&target.display().to_string(), &reason(&error));
    let target = std::fs::canonicalize(target).map_err(fails)?;
    let permissions = std::fs::metadata(&target).map_err(fails)?.permissions();
    if permissions.readonly() {
        return Err(data::cannot_write(&target.display().to_string(), "it is there to be read only"));
    }
    progress.begin(WRITING, bytes.len() as u64);
    let written = write_whole(&target, &mut Watched { bytes, progress }, Some(permissions), true);
    written.map_err(|error| progress.go_on(0).err().unwrap_or_else(|| fails(error)))
}

pub(super) fn folder(target: &Path) -> &Path {
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
