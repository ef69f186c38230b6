//! Whether a folder and a file in it are the user's own and closed to the writing of others.
//!
//! Where a system does not tell whose they are, nothing is; then no cache is read or written.

#[cfg(unix)]
pub use unix::{file, folder, make, open};

#[cfg(not(unix))]
pub use other::{file, folder, make, open};

#[cfg(unix)]
mod unix {
    use nix::fcntl::OFlag;
    use nix::sys::stat::futimens;
    use nix::sys::time::TimeSpec;
    use std::fs::{DirBuilder, File, Metadata, OpenOptions};
    use std::os::unix::fs::{DirBuilderExt, MetadataExt, OpenOptionsExt};
    use std::path::Path;

    /// Makes a folder, and those above it, that only the user sees into.
    pub fn make(folder: &Path) -> std::io::Result<()> {
        DirBuilder::new().recursive(true).mode(0o700).create(folder)
    }

    /// A folder itself (no link to one) that only the user can write in.
    pub fn folder(folder: &Path) -> bool {
        std::fs::symlink_metadata(folder).is_ok_and(|about| about.is_dir() && is_own(&about))
    }

    /// A file that only the user can write.
    pub fn file(about: &Metadata) -> bool {
        about.is_file() && is_own(about)
    }

    /// Opens such a file, and writes down that it was used.
    pub fn open(path: &Path) -> Option<File> {
        // Neither a link is followed nor a pipe waited for.
        let flags = OFlag::O_NOFOLLOW | OFlag::O_NONBLOCK;
        let opened = OpenOptions::new().read(true).custom_flags(flags.bits()).open(path).ok()?;
        if !opened.metadata().is_ok_and(|about| file(&about)) {
            return None;
        }
        // Where the time cannot be written down, the file seems older than it is.
        let _ = futimens(&opened, &TimeSpec::UTIME_NOW, &TimeSpec::UTIME_NOW);
        Some(opened)
    }

    fn is_own(about: &Metadata) -> bool {
        about.uid() == nix::unistd::geteuid().as_raw() && about.mode() & 0o022 == 0
    }
}

#[cfg(not(unix))]
mod other {
    use std::fs::{File, Metadata};
    use std::path::Path;

    pub fn make(_: &Path) -> std::io::Result<()> {
        Err(std::io::ErrorKind::Unsupported.into())
    }

    pub fn folder(_: &Path) -> bool {
        false
    }

    pub fn file(_: &Metadata) -> bool {
        false
    }

    pub fn open(_: &Path) -> Option<File> {
        None
    }
}
