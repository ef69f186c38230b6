//! Files that differ in their header or their pages, made by editing bytes or by settings of SQLite's.

use super::{Crafted, Outcome, run};
use crate::hostile::{altered, built, seal, small};
use bilat::catalog::ddl;
use rusqlite::Connection;
use rusqlite::types::Value;
use std::path::Path;

const DAMAGED: Outcome = Outcome::Refused("R405");

/// Bytes of the header written over: where, what, and what comes of it.
const HEADERS: &[(&str, usize, &[u8], Outcome)] = &[
    ("another's mark", 68, b"evil", Outcome::Refused("R402")),
    ("no mark", 68, &[0; 4], Outcome::Refused("R402")),
    ("a newer layout", 60, &[0, 0, 0, 99], Outcome::Refused("R403")),
    ("a layout beyond all numbers", 60, &[0xff; 4], Outcome::Refused("R403")),
    ("no layout", 60, &[0; 4], DAMAGED),
    ("an older layout", 60, &[0, 0, 0, 1], DAMAGED),
    ("a log is written", 18, &[2, 1], Outcome::Refused("R404")),
    ("a log is read", 18, &[1, 2], Outcome::Refused("R404")),
    ("a log", 18, &[2, 2], Outcome::Refused("R404")),
    ("a format of the future", 18, &[9, 9], Outcome::Refused("R404")),
    ("bytes kept back that are not", 20, &[8], DAMAGED),
    ("all bytes kept back", 20, &[255], DAMAGED),
    ("fractions that are none", 21, &[0, 0, 0], DAMAGED),
    ("pages of no size", 16, &[0, 0], DAMAGED),
    ("pages of an odd size", 16, &[2, 1], DAMAGED),
    ("pages of a small size", 16, &[0, 128], DAMAGED),
    ("pages of another size", 16, &[4, 0], DAMAGED),
    ("pages of the largest size", 16, &[0, 1], DAMAGED),
    ("more pages than there are", 28, &[0, 0, 0xff, 0xff], DAMAGED),
    ("no pages", 28, &[0; 4], DAMAGED),
    ("a format of the schema from the future", 44, &[0, 0, 0, 99], DAMAGED),
    ("no format of the schema", 44, &[0; 4], Outcome::Sealed),
    ("texts said to be UTF-16", 56, &[0, 0, 0, 2], DAMAGED),
    ("texts said to be the other UTF-16", 56, &[0, 0, 0, 3], DAMAGED),
    ("texts of an unknown kind", 56, &[0xff; 4], DAMAGED),
    ("free pages where there are none", 32, &[0, 0, 0xff, 0xff], DAMAGED),
    ("free pages in the schema", 32, &[0, 0, 0, 1], DAMAGED),
    ("more free pages than there are", 36, &[0x7f, 0xff, 0xff, 0xff], DAMAGED),
    ("a root that is said to be the largest", 52, &[0, 0, 0, 7], DAMAGED),
    ("a count of changes that is not the last", 92, &[1, 2, 3, 4], Outcome::Sealed),
    ("a version of SQLite from the future", 96, &[0x7f, 0xff, 0xff, 0xff], Outcome::Sealed),
    ("something where nothing is kept", 72, b"canary canary", Outcome::Sealed),
];

pub fn files() -> Vec<Crafted> {
    let headers = HEADERS.iter().map(|(name, at, bytes, outcome)| {
        by_bytes(name, *outcome, move |file| file[*at..*at + bytes.len()].copy_from_slice(bytes))
    });
    headers.chain(bytes()).chain(settings()).collect()
}

fn by_bytes(name: &'static str, outcome: Outcome, edit: impl Fn(&mut Vec<u8>) + Sync + Send + 'static) -> Crafted {
    Crafted::new(name, outcome, move |path| {
        let mut bytes = small().to_vec();
        edit(&mut bytes);
        std::fs::write(path, bytes).unwrap();
    })
}

fn bytes() -> Vec<Crafted> {
    vec![
        by_bytes("an empty file", Outcome::Refused("R402"), Vec::clear),
        by_bytes("a text", Outcome::Refused("R402"), |bytes| *bytes = b"\x1b[2Jno database".repeat(100)),
        by_bytes("a header alone", DAMAGED, |bytes| bytes.truncate(100)),
        by_bytes("half a header", Outcome::Refused("R402"), |bytes| bytes.truncate(50)),
        by_bytes("cut in a page", DAMAGED, |bytes| bytes.truncate(bytes.len() - 100)),
        by_bytes("cut at a page", DAMAGED, |bytes| bytes.truncate(bytes.len() - 512)),
        by_bytes("bytes behind the end", DAMAGED, |bytes| bytes.extend(b"evil")),
        by_bytes("a page behind the end", DAMAGED, |bytes| bytes.extend([0x41; 512])),
        // Nothing leads there, so it is never read.
        by_bytes("a page more that nothing uses", Outcome::Sealed, |bytes| {
            bytes.extend([0x41; 512]);
            let pages = u32::try_from(bytes.len() / 512).unwrap();
            bytes[28..32].copy_from_slice(&pages.to_be_bytes());
        }),
        by_bytes("a list of free pages that goes in a circle", DAMAGED, |bytes| {
            let first: [u8; 4] = bytes[32..36].try_into().unwrap();
            let at = (u32::from_be_bytes(first) as usize - 1) * 512;
            bytes[at..at + 4].copy_from_slice(&first);
        }),
        by_bytes("a cell that points behind its page", DAMAGED, |bytes| bytes[512 * 5 + 8..512 * 5 + 10].fill(0xff)),
    ]
}

/// What SQLite itself makes of the good file.
fn settings() -> Vec<Crafted> {
    let sealed = |name, sql| Crafted::by_sql(name, Outcome::Sealed, sql);
    vec![
        sealed("small pages are fine", "VACUUM"),
        sealed("large pages", "PRAGMA page_size = 65536; VACUUM"),
        sealed("pages that move by themselves", "PRAGMA auto_vacuum = 1; VACUUM"),
        sealed("pages that move when asked", "PRAGMA auto_vacuum = 2; VACUUM"),
        sealed(
            "free pages with something in them",
            "PRAGMA secure_delete = 0; CREATE TABLE more (x); \
            INSERT INTO more VALUES (replace(hex(zeroblob(9000)), '00', 'canary')); DROP TABLE more",
        ),
        Crafted::by_sql("a log on the disk", Outcome::Refused("R404"), "PRAGMA journal_mode = WAL"),
        Crafted::new("bytes kept back on every page", Outcome::Sealed, kept_back),
        Crafted::new("texts in UTF-16", DAMAGED, |path| in_utf_16(path, "UTF-16le")),
        Crafted::new("texts in the other UTF-16", DAMAGED, |path| in_utf_16(path, "UTF-16be")),
        Crafted::new("as built", Outcome::Sealed, |path| std::fs::write(path, built()).unwrap()),
    ]
}

#[allow(unsafe_code)]
fn kept_back(path: &Path) {
    altered(path, |connection| {
        let mut bytes: std::os::raw::c_int = 32;
        // SAFETY: the connection is open, the name is ended by NUL, and this operation reads and writes one int.
        let done = unsafe {
            rusqlite::ffi::sqlite3_file_control(
                connection.handle(),
                c"main".as_ptr(),
                rusqlite::ffi::SQLITE_FCNTL_RESERVE_BYTES,
                (&raw mut bytes).cast(),
            )
        };
        assert_eq!(done, rusqlite::ffi::SQLITE_OK);
        run(connection, "kept back", "VACUUM");
    });
    assert_eq!(std::fs::read(path).unwrap()[20], 32);
}

/// The same schema and rows, and the seal over them, in another encoding.
fn in_utf_16(path: &Path, encoding: &str) {
    let connection = Connection::open(path).unwrap();
    let settings = format!(
        "PRAGMA encoding = '{encoding}'; PRAGMA application_id = {}; PRAGMA user_version = {}; PRAGMA foreign_keys = 0",
        ddl::APPLICATION_ID,
        ddl::LAYOUT
    );
    run(&connection, "UTF-16", &settings);
    for statement in ddl::statements(ddl::LAYOUT) {
        run(&connection, "UTF-16", &statement);
    }
    let mut good = Connection::open_in_memory().unwrap();
    good.deserialize_read_exact("main", small(), small().len(), true).unwrap();
    for table in ddl::tables() {
        let mut read = good.prepare(&format!("SELECT * FROM \"{}\"", table.name)).unwrap();
        let marks = vec!["?"; table.columns.len()].join(", ");
        let mut write = connection.prepare(&format!("INSERT INTO \"{}\" VALUES ({marks})", table.name)).unwrap();
        let mut rows = read.query([]).unwrap();
        while let Some(row) = rows.next().unwrap() {
            let values = (0..table.columns.len()).map(|at| row.get::<_, Value>(at).unwrap());
            write.execute(rusqlite::params_from_iter(values)).unwrap();
        }
    }
    seal(&connection);
}
