//! The history: whole statements in the user's state folder, for the owner's eyes alone.
//!
//! Each statement is added to the file's end when it is typed, in one piece: a session that is killed loses nothing, and
//! several at once lose nothing of each other. The form is rustyline's, which reads it: a line for each statement, with
//! `\n` and `\\` for line ends and backslashes.

use super::helper::Assistant;
use etcetera::BaseStrategy;
use rustyline::Editor;
use rustyline::history::FileHistory;
use std::fs::{File, OpenOptions};
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};

/// So many statements are known at most.
pub const MOST: usize = 10_000;

/// The file is cut down to the last [`MOST`] when it has grown by so many.
const OVER: usize = 2_000;

/// How a file of this form begins.
const HEAD: &str = "#V2\n";

pub struct History {
    path: PathBuf,
}

impl History {
    /// Loads the history; without a place or permission there is none.
    pub fn open(editor: &mut Editor<Assistant, FileHistory>) -> Option<History> {
        let folders = etcetera::choose_base_strategy().ok()?;
        let folder = folders.state_dir().unwrap_or_else(|| folders.data_dir()).join("bilat");
        let path = folder.join("history");
        std::fs::create_dir_all(&folder).ok()?;
        let begun = begun(&path).ok()?;
        // Something else than a history is left alone.
        begun.then(|| {
            // One that cannot be cut is read as it is.
            let _ = cut(&path);
            let _ = editor.load_history(&path);
            History { path }
        })
    }

    /// Adds a statement. A history that cannot be kept must not get in the way of an answer.
    pub fn keep(&self, statement: &str) {
        let line = format!("{}\n", statement.replace('\\', "\\\\").replace('\n', "\\n"));
        let _ = locked(&self.path).and_then(|mut file| file.write_all(line.as_bytes()));
    }
}

/// Whether the file is a history; an empty one becomes one. Only its owner may read it.
fn begun(path: &Path) -> io::Result<bool> {
    let mut file = locked(path)?;
    own(&file)?;
    let mut head = [0; HEAD.len()];
    match File::open(path)?.read(&mut head)? {
        0 => file.write_all(HEAD.as_bytes()).map(|()| true),
        _ => Ok(head == HEAD.as_bytes()),
    }
}

/// The file, created if need be, to add to while nobody else does.
fn locked(path: &Path) -> io::Result<File> {
    loop {
        let file = own_file(path)?;
        file.lock()?;
        // Whoever cuts it puts another file in its place.
        if is_at(&file, path) {
            return Ok(file);
        }
    }
}

/// Leaves the last [`MOST`] statements in a file that has many more: a new one takes its place, whole or not at all.
fn cut(path: &Path) -> io::Result<()> {
    let _held = locked(path)?;
    let text = std::fs::read(path)?;
    let lines: Vec<&[u8]> = text.split_inclusive(|byte| *byte == b'\n').skip(1).collect();
    if lines.len() <= MOST + OVER {
        return Ok(());
    }
    let folder = path.parent().unwrap_or(Path::new("."));
    // Such files are their owner's alone.
    let mut fresh = tempfile::NamedTempFile::new_in(folder)?;
    fresh.write_all(HEAD.as_bytes())?;
    fresh.write_all(&lines[lines.len() - MOST..].concat())?;
    fresh.persist(path).map(|_| ()).map_err(|error| error.error)
}

#[cfg(unix)]
fn own_file(path: &Path) -> io::Result<File> {
    use std::os::unix::fs::OpenOptionsExt;
    OpenOptions::new().append(true).create(true).mode(0o600).open(path)
}

#[cfg(unix)]
fn own(file: &File) -> io::Result<()> {
    use std::os::unix::fs::PermissionsExt;
    file.set_permissions(std::fs::Permissions::from_mode(0o600))
}

#[cfg(unix)]
fn is_at(file: &File, path: &Path) -> bool {
    use std::os::unix::fs::MetadataExt;
    let inode = |about: io::Result<std::fs::Metadata>| about.ok().map(|about| (about.dev(), about.ino()));
    inode(file.metadata()) == inode(std::fs::metadata(path))
}

#[cfg(not(unix))]
fn own_file(path: &Path) -> io::Result<File> {
    OpenOptions::new().append(true).create(true).open(path)
}

#[cfg(not(unix))]
fn own(_: &File) -> io::Result<()> {
    Ok(())
}

#[cfg(not(unix))]
fn is_at(_: &File, _: &Path) -> bool {
    true
}

#[cfg(test)]
mod tests {
    use super::*;
    use rustyline::history::{History as _, SearchDirection};

    #[test]
    fn what_is_kept_is_read_back_by_the_editor() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("history");
        assert!(begun(&path).unwrap() && begun(&path).unwrap());
        let history = History { path: path.clone() };
        let typed = ["FROM meetings\nWITH 'a\\b';", "FROM visits;"];
        typed.iter().for_each(|statement| history.keep(statement));
        let mut read = FileHistory::new();
        read.load(&path).unwrap();
        let at = |index| read.get(index, SearchDirection::Forward).unwrap().unwrap().entry.into_owned();
        assert_eq!([at(0), at(1)], typed);
    }

    #[test]
    fn something_else_is_left_alone() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("history");
        std::fs::write(&path, "a diary\n").unwrap();
        assert!(!begun(&path).unwrap());
        assert_eq!(std::fs::read_to_string(&path).unwrap(), "a diary\n");
    }

    #[test]
    fn a_long_one_is_cut_to_its_end() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("history");
        let lines: String = (0..MOST + OVER + 1).map(|number| format!("FROM a{number};\n")).collect();
        std::fs::write(&path, format!("{HEAD}{lines}")).unwrap();
        cut(&path).unwrap();
        let text = std::fs::read_to_string(&path).unwrap();
        assert_eq!(text.lines().count(), MOST + 1);
        assert!(text.starts_with(&format!("{HEAD}FROM a{};\n", OVER + 1)));
        History { path: path.clone() }.keep("FROM last;");
        assert!(std::fs::read_to_string(&path).unwrap().ends_with("FROM last;\n"));
    }
}
