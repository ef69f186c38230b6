//! Where a file lies and what lies beside it: journals, logs, links, pipes, folders, names that mean something elsewhere.

use super::{Crafted, Outcome};
use crate::hostile::{altered, small};
use rusqlite::Connection;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};
use std::process::Command;

const OPEN: Outcome = Outcome::Refused("R404");

fn beside(path: &Path, ending: &str) -> PathBuf {
    path.with_file_name(format!("evil.db{ending}"))
}

fn good(path: &Path) {
    std::fs::write(path, small()).unwrap();
}

pub fn files() -> Vec<Crafted> {
    let new = |name, outcome, make: fn(&Path)| Crafted::new(name, outcome, make);
    vec![
        new("a journal that would change it", OPEN, hot_journal),
        new("a journal of nonsense", OPEN, |path| {
            good(path);
            std::fs::write(beside(path, "-journal"), b"evil").unwrap();
        }),
        new("an empty journal", Outcome::Sealed, |path| {
            good(path);
            std::fs::write(beside(path, "-journal"), b"").unwrap();
        }),
        new("a journal that is a link", OPEN, |path| {
            good(path);
            std::fs::write(beside(path, ".other"), b"evil").unwrap();
            symlink(beside(path, ".other"), beside(path, "-journal")).unwrap();
        }),
        new("a log with changes", OPEN, |path| log(path, false)),
        new("a log with changes, the header without", OPEN, |path| log(path, true)),
        new("a log of nonsense", OPEN, |path| {
            good(path);
            std::fs::write(beside(path, "-wal"), b"evil").unwrap();
        }),
        new("an empty log", Outcome::Sealed, |path| {
            good(path);
            std::fs::write(beside(path, "-wal"), b"").unwrap();
        }),
        new("shared memory of nonsense", Outcome::Sealed, |path| {
            good(path);
            std::fs::write(beside(path, "-shm"), [7; 32768]).unwrap();
        }),
        new("a link to a good file", Outcome::Sealed, |path| {
            good(&beside(path, ".real"));
            symlink(beside(path, ".real"), path).unwrap();
        }),
        new("a link to a file with a journal", OPEN, |path| {
            good(&beside(path, ".real"));
            std::fs::write(beside(path, ".real-journal"), b"evil").unwrap();
            symlink(beside(path, ".real"), path).unwrap();
        }),
        new("a link to nothing", Outcome::Refused("R401"), |path| symlink("nowhere", path).unwrap()),
        new("a link to itself", Outcome::Refused("R407"), |path| symlink("evil.db", path).unwrap()),
        new("a link to a device", Outcome::Refused("R402"), |path| symlink("/dev/zero", path).unwrap()),
        new("a folder", Outcome::Refused("R402"), |path| std::fs::create_dir(path).unwrap()),
        new("a pipe that nobody writes into", Outcome::Refused("R402"), |path| {
            assert!(Command::new("mkfifo").arg(path).status().unwrap().success());
        }),
        new("a socket", Outcome::Refused("R402"), |path| drop(std::os::unix::net::UnixListener::bind(path).unwrap())),
    ]
}

/// A good file beside a journal that holds other pages "as they were before": whoever opens it to write puts them back.
fn hot_journal(path: &Path) {
    altered(path, |connection| {
        connection.execute_batch("UPDATE leaders SET name = 'Eve', label = 'Eve'").unwrap();
    });
    let connection = Connection::open(path).unwrap();
    connection
        .execute_batch("PRAGMA synchronous = 0; BEGIN IMMEDIATE; UPDATE leaders SET name = 'x', label = 'x'")
        .unwrap();
    let journal = std::fs::read(beside(path, "-journal")).unwrap();
    connection.execute_batch("ROLLBACK").unwrap();
    drop(connection);
    good(path);
    std::fs::write(beside(path, "-journal"), journal).unwrap();
}

/// Changes that are only in the log; the header may say that there is none.
fn log(path: &Path, hidden: bool) {
    good(path);
    let connection = Connection::open(path).unwrap();
    let sql =
        "PRAGMA journal_mode = WAL; PRAGMA wal_autocheckpoint = 0; UPDATE leaders SET name = 'Eve', label = 'Eve'";
    connection.execute_batch(sql).unwrap();
    let (mut file, log) = (std::fs::read(path).unwrap(), std::fs::read(beside(path, "-wal")).unwrap());
    drop(connection);
    if hidden {
        file[18..20].fill(1);
    }
    std::fs::write(path, file).unwrap();
    std::fs::write(beside(path, "-wal"), log).unwrap();
}

#[test]
fn the_journal_and_the_log_change_what_a_naive_program_reads() {
    for make in [hot_journal, |path: &Path| log(path, false)] {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("evil.db");
        make(&path);
        let connection = Connection::open(&path).unwrap();
        let name: String = connection.query_row("SELECT name FROM leaders", [], |row| row.get(0)).unwrap();
        assert_eq!(name, "Eve");
    }
}

#[test]
fn names_that_mean_something_to_sqlite_are_names_of_files() {
    let folder = tempfile::tempdir().unwrap();
    for name in ["file:evil.db", "file:evil.db?mode=rwc", ":memory:", "evil.db?x=%2e%2e", "100%25.db", "a b#c.db"] {
        let path = folder.path().join(name);
        good(&path);
        let output = Command::new(env!("CARGO_BIN_EXE_bilat"))
            .args(["verify", name])
            .current_dir(folder.path())
            .output()
            .unwrap();
        assert_eq!(output.status.code(), Some(0), "{name}: {}", String::from_utf8_lossy(&output.stderr));
        std::fs::remove_file(path).unwrap();
    }
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0, "a name made another file");
}
