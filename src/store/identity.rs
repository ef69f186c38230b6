//! Which file stands at a path, and whether it is still as it was: what the file system says of it.

use std::fs::Metadata;
use std::path::{Path, PathBuf};

/// Times this close to each other may be one: no file system that tells both times counts in more than two seconds.
const MARGIN: i128 = 2_000_000_000;

/// What no two files have in common, nor one file before and after a change: where it stands, how long it is, and when
/// its content and anything else of it changed last, in nanoseconds. The first time can be set by whoever owns the file;
/// the second is set by the system alone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Identity {
    device: u64,
    number: u64,
    length: u64,
    content: i128,
    anything: i128,
}

impl Identity {
    /// Of a plain file; other things have none, nor has anything where the system tells no such times.
    #[cfg(unix)]
    pub fn of(about: &Metadata) -> Option<Identity> {
        use std::os::unix::fs::MetadataExt;
        about.is_file().then(|| Identity {
            device: about.dev(),
            number: about.ino(),
            length: about.len(),
            content: nanoseconds(about.mtime(), about.mtime_nsec()),
            anything: nanoseconds(about.ctime(), about.ctime_nsec()),
        })
    }

    #[cfg(not(unix))]
    pub fn of(_: &Metadata) -> Option<Identity> {
        None
    }

    /// Whether any change after this moment would give the file another time: not so just after the last change.
    pub fn is_settled(&self, moment: Moment) -> bool {
        self.content.max(self.anything) + MARGIN < moment.0
    }

    /// All of it as the name of a file.
    pub fn name(&self) -> String {
        format!("{:x}-{:x}-{}-{}-{}", self.device, self.number, self.length, self.content, self.anything)
    }
}

#[cfg(unix)]
fn nanoseconds(seconds: i64, rest: i64) -> i128 {
    i128::from(seconds) * 1_000_000_000 + i128::from(rest)
}

/// When a file was made, by the clock that gives files their times.
#[derive(Clone, Copy, Debug)]
pub(super) struct Moment(i128);

impl Moment {
    /// Of a file that was made just now.
    pub fn of(made: &Metadata) -> Option<Moment> {
        Identity::of(made).map(|identity| Moment(identity.content))
    }
}

/// A file that is read where it stands.
#[derive(Debug)]
pub(super) struct Place {
    path: PathBuf,
    identity: Identity,
}

impl Place {
    pub fn new(path: &Path, identity: Identity) -> Place {
        Place { path: path.to_path_buf(), identity }
    }

    /// Whether the path leads to the same file, and nothing of it has changed. While it is open, no other file gets its
    /// number.
    pub fn is_unchanged(&self) -> bool {
        std::fs::metadata(&self.path).is_ok_and(|now| Identity::of(&now).as_ref() == Some(&self.identity))
    }
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_settled_when_its_times_are_over() {
        let identity = |content, anything| Identity { device: 1, number: 2, length: 3, content, anything };
        let now = Moment(10 * MARGIN);
        assert!(identity(0, 8 * MARGIN).is_settled(now));
        assert!(identity(8 * MARGIN, 0).is_settled(now));
        assert!(!identity(0, 9 * MARGIN).is_settled(now), "just changed");
        assert!(!identity(11 * MARGIN, 0).is_settled(now), "changed in times to come");
    }
}
