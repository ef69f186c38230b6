//! What was deleted, and where a file was made, is not in what is shipped: markers, looked for in five ways of writing.

use super::{altered, built, seal};
use crate::grammar::{seed, slow};
use crate::oracle::rng::Rng;
use rusqlite::Connection;
use std::fmt::Write;
use std::path::Path;
use std::process::Command;

const CANARY: &str = "Kanarienvogel-7Q";

/// The marker as UTF-8, both kinds of UTF-16, and hexadecimal digits, large and small.
fn forms() -> [Vec<u8>; 5] {
    let units = || CANARY.encode_utf16();
    let mut hex = String::new();
    CANARY.bytes().for_each(|byte| write!(hex, "{byte:02x}").unwrap());
    [
        CANARY.as_bytes().to_vec(),
        units().flat_map(u16::to_le_bytes).collect(),
        units().flat_map(u16::to_be_bytes).collect(),
        hex.to_uppercase().into_bytes(),
        hex.into_bytes(),
    ]
}

/// Whether the marker is there; capitals do not matter.
fn sings(bytes: &[u8]) -> bool {
    let lower = bytes.to_ascii_lowercase();
    forms().iter().any(|form| {
        let form = form.to_ascii_lowercase();
        lower.windows(form.len()).any(|window| window == form)
    })
}

/// A statement with the marker where it says CANARY.
fn run(connection: &Connection, sql: &str) {
    connection.execute_batch(&sql.replace("CANARY", CANARY)).unwrap_or_else(|error| panic!("{sql}: {error}"));
}

/// Files that hold the marker somewhere, but in no row.
const SOURCES: &[(&str, &str)] = &[
    (
        "a deleted row",
        "INSERT INTO topics (key, label, name, remark) VALUES ('CANARY', 'CANARY', 'CANARY', 'CANARY'); \
        DELETE FROM topics WHERE key = 'CANARY'",
    ),
    (
        "a deleted name",
        "INSERT INTO names (key, label, text, \"of\", noun, of_id, folded, words) \
        VALUES ('CANARY', 'CANARY', 'CANARY', 'l0', 'leaders', 1, 'CANARY', 'CANARY'); \
        INSERT INTO name_words SELECT 'CANARY', id FROM names WHERE key = 'CANARY'; \
        DELETE FROM name_words WHERE word = 'CANARY'; DELETE FROM names WHERE key = 'CANARY'",
    ),
    (
        "an overwritten value",
        "UPDATE leaders SET remark = 'CANARY was here' WHERE id = 2; UPDATE leaders SET remark = '' WHERE id = 2",
    ),
    (
        "a long value cut short",
        "UPDATE leaders SET remark = hex(zeroblob(3000)) || 'CANARY' || hex(zeroblob(3000)) WHERE id = 2; \
        UPDATE leaders SET remark = 'x' WHERE id = 2",
    ),
    (
        "a dropped table",
        "CREATE TABLE more (x); INSERT INTO more VALUES (hex(zeroblob(900)) || 'CANARY'); DROP TABLE more",
    ),
    ("a setting taken back", "INSERT INTO file VALUES ('author', 'CANARY'); DELETE FROM file WHERE key = 'author'"),
    ("the same as UTF-16", "CREATE TABLE more (x); INSERT INTO more VALUES (x'UTF16'); DROP TABLE more"),
    ("the same as digits", "CREATE TABLE more (x); INSERT INTO more VALUES (hex('CANARY')); DROP TABLE more"),
];

/// Ships a file in folders and for a user that bear the marker's name; the bytes of what comes.
fn shipped(source: &Path) -> Vec<u8> {
    let folder = source.parent().unwrap();
    let target = format!("{CANARY}-out");
    std::fs::create_dir_all(folder.join(&target)).unwrap();
    let target = format!("{target}/{CANARY}.db");
    let output = Command::new(env!("CARGO_BIN_EXE_bilat"))
        .args(["ship", source.file_name().unwrap().to_str().unwrap(), "-o", &target, "--force"])
        .current_dir(folder)
        .envs(["USER", "LOGNAME", "USERNAME", "HOSTNAME"].map(|name| (name, CANARY)))
        .env("HOME", folder)
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
    let beside = std::fs::read_dir(folder.join(&target).parent().unwrap()).unwrap().count();
    assert_eq!(beside, 1, "something else was left beside it");
    std::fs::read(folder.join(target)).unwrap()
}

fn folder() -> tempfile::TempDir {
    tempfile::Builder::new().prefix(CANARY).tempdir().unwrap()
}

#[test]
fn nothing_deleted_travels_along() {
    let utf_16: String = CANARY.encode_utf16().flat_map(u16::to_le_bytes).fold(String::new(), |mut text, byte| {
        write!(text, "{byte:02x}").unwrap();
        text
    });
    let folder = folder();
    let source = folder.path().join(format!("{CANARY}.db"));
    for (name, sql) in SOURCES {
        altered(&source, |connection| {
            run(connection, "PRAGMA secure_delete = 0");
            run(connection, &sql.replace("UTF16", &utf_16));
            seal(connection);
        });
        assert!(sings(&std::fs::read(&source).unwrap()), "{name}: the marker is not in the file to begin with");
        assert!(!sings(&shipped(&source)), "{name} is in what was shipped");
    }
}

#[test]
fn nothing_between_the_rows_travels_along() {
    let folder = folder();
    let source = folder.path().join("slack.db");
    let mut bytes = built();
    let mut pages = 0;
    for page in bytes.chunks_mut(4096).skip(1).filter(|page| page[0] == 13 || page[0] == 10) {
        let number = |at: usize| usize::from(u16::from_be_bytes([page[at], page[at + 1]]));
        // Between the list of cells and the cells.
        let (begin, end) = (8 + 2 * number(3), number(5));
        if end >= begin + CANARY.len() {
            page[begin..begin + CANARY.len()].copy_from_slice(CANARY.as_bytes());
            pages += 1;
        }
    }
    bytes[72..72 + CANARY.len()].copy_from_slice(CANARY.as_bytes());
    assert!(pages > 50, "{pages}");
    std::fs::write(&source, bytes).unwrap();
    assert!(!sings(&shipped(&source)));
}

#[test]
fn statistics_do_not_travel_along() {
    let folder = folder();
    let source = folder.path().join("statistics.db");
    altered(&source, |connection| {
        run(connection, "UPDATE leaders SET key = 'CANARY' || id; ANALYZE");
        run(connection, "UPDATE leaders SET key = 'l' || id");
        seal(connection);
    });
    let connection = Connection::open(&source).unwrap();
    let samples = "SELECT count(*) FROM sqlite_stat4 WHERE instr(sample, CAST('CANARY' AS BLOB)) > 0";
    let kept: i64 = connection.query_row(&samples.replace("CANARY", CANARY), [], |row| row.get(0)).unwrap();
    assert!(kept > 0, "SQLite keeps no sample");
    drop(connection);
    // A file with statistics is not ours: it is not even read.
    let output = Command::new(env!("CARGO_BIN_EXE_bilat"))
        .args(["ship", "statistics.db", "-o", "out.db"])
        .current_dir(folder.path())
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(4));
    assert!(!folder.path().join("out.db").exists());
}

#[test]
fn no_history_of_deletions_travels_along() {
    let folder = folder();
    let rng = Rng::new(seed());
    for number in 0..if slow() { 100 } else { 3 } {
        let source = folder.path().join(format!("history{number}.db"));
        altered(&source, |connection| {
            run(connection, "PRAGMA secure_delete = 0");
            for _ in 0..20 {
                let (id, room) = (1000 + rng.below(30), rng.below(3000));
                run(
                    connection,
                    &match rng.below(3) {
                        0 => format!("DELETE FROM topics WHERE id = {id}"),
                        1 => format!("UPDATE topics SET remark = hex(zeroblob({room})) WHERE id = {id}"),
                        _ => format!(
                            "INSERT OR REPLACE INTO topics (id, key, label, name, remark) \
                         VALUES ({id}, 'CANARY{id}', 'CANARY', hex(zeroblob({room})) || 'CANARY', 'CANARY')"
                        ),
                    },
                );
            }
            run(connection, "DELETE FROM topics WHERE id >= 1000");
        });
        assert!(sings(&std::fs::read(&source).unwrap()), "history {number}");
        assert!(!sings(&shipped(&source)), "history {number}");
    }
}
