//! Writing files whole or not at all: beside the target, synced, renamed.
//!
//! In come bytes and the name they are to have; out comes the file, whole and on the disk, or a message, and then the
//! target is what it was.
//!
//! On Linux what is written has no name until it is whole and synced, so that nothing is left of it however the program
//! ends. Elsewhere, and on disks that know no nameless files, it is called `.bilat-XXXXXX.tmp`. Whoever writes one holds
//! it locked; one that nobody holds is a dead writer's, and the next writer in that folder removes it.

use super::lock::lock;
use crate::diagnostic::{Diagnostic, data};
use crate::store::progress::Part;
use crate::store::{Progress, reason};
use std::ffi::OsStr;
use std::fs::{self, File, OpenOptions};
use std::io::{self, ErrorKind, Seek, Write};
use std::path::{Path, PathBuf};
use tempfile::TempPath;

pub(super) const WRITING: Part = Part::new("writing the file", 35);

/// So many bytes are written between two looks at whether it is to go on.
const PIECE: usize = 256 << 10;

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
    write_whole(target, bytes, force, progress, || Ok(()))
}

/// Writes bytes beside the target, and puts them in its place if `fine` says so then.
fn write_whole(
    target: &Path,
    bytes: &[u8],
    force: bool,
    progress: &Progress,
    fine: impl FnOnce() -> Result<(), Diagnostic>,
) -> Result<(), Diagnostic> {
    progress.begin(WRITING, bytes.len() as u64);
    let fails = cannot_write(target);
    let mut fresh = Fresh::beside(target).map_err(&fails)?;
    for piece in bytes.chunks(PIECE) {
        fresh.file.write_all(piece).map_err(&fails)?;
        progress.go_on(piece.len() as u64)?;
    }
    fine()?;
    fresh.put(force).map_err(&fails)
}

fn cannot_write(target: &Path) -> impl Fn(io::Error) -> Diagnostic + use<> {
    let name = target.display().to_string();
    move |error| match error.kind() {
        // Somebody else was faster.
        ErrorKind::AlreadyExists => data::target_exists(&name),
        _ => data::cannot_write(&name, &reason(&error)),
    }
}

/// Whether a file of that name may be written.
pub(super) fn free(target: &Path, force: bool) -> Result<(), Diagnostic> {
    let name = target.display().to_string();
    match fs::symlink_metadata(target) {
        Ok(about) if !about.is_file() => {
            Err(data::cannot_write(&name, "there is something else than a file of that name"))
        }
        Ok(_) if !force => Err(data::target_exists(&name)),
        Ok(about) if about.permissions().readonly() => Err(data::cannot_write(&name, "it is there to be read only")),
        _ => Ok(()),
    }
}

/// Gives a file of text new content, whole or not at all. It keeps its permissions, and links to it stay links.
///
/// # Errors
/// When it is not there or cannot be written.
pub fn replace(target: &Path, text: &str) -> Result<(), Diagnostic> {
    replace_if(target, text.as_bytes(), &Progress::default(), || Ok(()))
}

/// The same for a file that is held, while someone looks on; only if `fine` says so when it is written.
pub(super) fn replace_if(
    target: &Path,
    bytes: &[u8],
    progress: &Progress,
    fine: impl FnOnce() -> Result<(), Diagnostic>,
) -> Result<(), Diagnostic> {
    let target = fs::canonicalize(target).map_err(cannot_write(target))?;
    free(&target, true)?;
    write_whole(&target, bytes, true, progress, fine)
}

/// What is to be a file, while it is being written piece by piece.
pub struct Draft(Fresh);

impl Draft {
    /// Begins one, to replace the target if it is there.
    ///
    /// # Errors
    /// When the target is a link or a folder, or cannot be written.
    pub fn new(target: &Path) -> Result<Draft, Diagnostic> {
        free(target, true)?;
        Fresh::beside(target).map(Draft).map_err(cannot_write(target))
    }

    /// Puts it in its place.
    ///
    /// # Errors
    /// When that cannot be done; then the target is what it was.
    pub fn finish(self) -> Result<(), Diagnostic> {
        let fails = cannot_write(&self.0.target);
        self.0.put(true).map_err(fails)
    }
}

impl Write for Draft {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.file.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.0.file.flush()
    }
}

/// A file that is being written, on the disk of its target.
struct Fresh {
    /// The name it has meanwhile; it goes with it, should the file not be put in its place.
    name: Option<TempPath>,
    file: File,
    target: PathBuf,
}

impl Fresh {
    fn beside(target: &Path) -> io::Result<Fresh> {
        let target = target.to_path_buf();
        sweep(folder(&target));
        if let Ok(file) = nameless(folder(&target)) {
            // It will have a name for a moment, and must be held then.
            let _ = file.try_lock();
            return Ok(Fresh { name: None, file, target });
        }
        let (file, name) = named(folder(&target))?;
        Ok(Fresh { name: Some(name), file, target })
    }

    /// Gives it the target's name. What is there keeps its permissions.
    fn put(mut self, force: bool) -> io::Result<()> {
        if let Ok(about) = fs::symlink_metadata(&self.target)
            && self.file.metadata()?.permissions() != about.permissions()
        {
            self.file.set_permissions(about.permissions())?;
        }
        self.file.sync_all()?;
        let name = match self.name.take() {
            Some(name) => name,
            None => self.named()?,
        };
        if force {
            fs::rename(&name, &self.target)?;
            // A name that is gone need not be removed.
            let _ = name.keep();
        } else {
            rename_to_free(name, &self.target)?;
        }
        synced(folder(&self.target))
    }

    /// A name for what has none. Where it can have none, it is copied.
    fn named(&mut self) -> io::Result<TempPath> {
        let folder = folder(&self.target);
        if let Ok(linked) = names().make_in(folder, |name| link(&self.file, name)) {
            return Ok(linked.into_temp_path());
        }
        let (mut file, name) = named(folder)?;
        self.file.rewind()?;
        io::copy(&mut self.file, &mut file)?;
        file.set_permissions(self.file.metadata()?.permissions())?;
        file.sync_all()?;
        self.file = file;
        Ok(name)
    }
}

pub(super) fn folder(target: &Path) -> &Path {
    target.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

const PREFIX: &str = ".bilat-";
const SUFFIX: &str = ".tmp";
const RANDOM: usize = 6;

/// So many names are tried before it is said that none can be held.
const ATTEMPTS: usize = 8;

fn names() -> tempfile::Builder<'static, 'static> {
    let mut names = tempfile::Builder::new();
    names.prefix(PREFIX).suffix(SUFFIX).rand_bytes(RANDOM);
    names
}

fn is_ours(name: &OsStr) -> bool {
    let random = name.to_str().and_then(|name| name.strip_prefix(PREFIX)?.strip_suffix(SUFFIX));
    random.is_some_and(|random| random.len() == RANDOM && random.bytes().all(|byte| byte.is_ascii_alphanumeric()))
}

/// Removes what dead writers left. That it cannot be removed is no reason not to write.
fn sweep(folder: &Path) {
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        if is_ours(&entry.file_name()) && entry.file_type().is_ok_and(|kind| kind.is_file()) {
            let file = OpenOptions::new().read(true).write(true).open(entry.path());
            if file.is_ok_and(|file| file.try_lock().is_ok()) {
                let _ = fs::remove_file(entry.path());
            }
        }
    }
}

/// A file with a name of ours, held.
fn named(folder: &Path) -> io::Result<(File, TempPath)> {
    let mut options = OpenOptions::new();
    options.read(true).write(true).create_new(true);
    for _ in 0..ATTEMPTS {
        let (file, name) = names().make_in(folder, |name| options.open(name))?.into_parts();
        // Until it is held, another writer may take it for a dead one's and remove it.
        let taken = matches!(file.try_lock(), Err(fs::TryLockError::WouldBlock));
        let gone = fs::symlink_metadata(&name).is_err_and(|error| error.kind() == ErrorKind::NotFound);
        if !taken && !gone {
            return Ok((file, name));
        }
    }
    Err(ErrorKind::ResourceBusy.into())
}

/// A file without a name, which is gone when the program ends.
#[cfg(target_os = "linux")]
fn nameless(folder: &Path) -> io::Result<File> {
    use std::os::unix::fs::OpenOptionsExt;
    OpenOptions::new().read(true).write(true).custom_flags(nix::fcntl::OFlag::O_TMPFILE.bits()).open(folder)
}

#[cfg(not(target_os = "linux"))]
fn nameless(_: &Path) -> io::Result<File> {
    Err(ErrorKind::Unsupported.into())
}

/// Gives a nameless file a name.
#[cfg(target_os = "linux")]
fn link(file: &File, name: &Path) -> io::Result<()> {
    use nix::fcntl::{AT_FDCWD, AtFlags};
    use std::os::fd::AsRawFd;
    let nameless = format!("/proc/self/fd/{}", file.as_raw_fd());
    let linked = nix::unistd::linkat(AT_FDCWD, nameless.as_str(), AT_FDCWD, name, AtFlags::AT_SYMLINK_FOLLOW);
    linked.map_err(io::Error::from)
}

#[cfg(not(target_os = "linux"))]
fn link(_: &File, _: &Path) -> io::Result<()> {
    Err(ErrorKind::Unsupported.into())
}

/// Renames where nothing is to be replaced. Disks without links cannot promise that; there a look must do.
fn rename_to_free(name: TempPath, target: &Path) -> io::Result<()> {
    match fs::hard_link(&name, target) {
        // The first name goes when it is dropped.
        Ok(()) => Ok(()),
        Err(error) if error.kind() == ErrorKind::AlreadyExists => Err(error),
        Err(_) if fs::symlink_metadata(target).is_ok() => Err(ErrorKind::AlreadyExists.into()),
        Err(_) => {
            fs::rename(&name, target)?;
            let _ = name.keep();
            Ok(())
        }
    }
}

/// The new name must be on the disk too, where folders can be synced.
fn synced(folder: &Path) -> io::Result<()> {
    let Ok(folder) = File::open(folder) else { return Ok(()) };
    match folder.sync_all() {
        Err(error) if !matches!(error.kind(), ErrorKind::InvalidInput | ErrorKind::Unsupported) => {
            let why = reason(&error);
            Err(io::Error::other(format!("it is in its place, but a loss of power may undo that ({why})")))
        }
        _ => Ok(()),
    }
}
