//! Building and shipping: the same text gives the same bytes, whole or not at all, readable by any SQLite tool.

use bilat::catalog::{NOUNS, Origin, ddl};
use bilat::dataset;
use bilat::dataset::records::{Records, read_folder};
use bilat::store::Database;
use rusqlite::Connection;
use std::path::{Path, PathBuf};
use std::process::Command;

fn fixtures() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures")
}

fn bundled() -> Vec<u8> {
    std::fs::read(fixtures().join("bilat.db")).unwrap()
}

fn bilat(folder: &Path, arguments: &[&str]) -> i32 {
    let status = Command::new(env!("CARGO_BIN_EXE_bilat")).args(arguments).current_dir(folder).output().unwrap().status;
    status.code().unwrap()
}

#[test]
fn the_bundled_file_is_what_a_fresh_build_gives() {
    let built = dataset::build(&read_folder(&fixtures()).unwrap()).unwrap();
    assert!(built.bytes == bundled(), "cargo run -- build fixtures -o fixtures/bilat.db --force");
}

#[test]
fn a_shipped_file_is_the_same_to_the_byte_and_verifies() {
    let folder = tempfile::tempdir().unwrap();
    assert_eq!(bilat(folder.path(), &["ship", "-o", "gift.db"]), 0);
    let gift = std::fs::read(folder.path().join("gift.db")).unwrap();
    assert!(gift == bundled());
    assert_eq!(bilat(folder.path(), &["verify", "gift.db"]), 0);
    // Nothing is written over, and nothing else is left.
    assert_eq!(bilat(folder.path(), &["ship", "-o", "gift.db"]), 4);
    assert_eq!(bilat(folder.path(), &["ship", "gift.db", "-o", "gift.db", "--force"]), 0);
    assert!(std::fs::read(folder.path().join("gift.db")).unwrap() == gift);
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1);
}

#[test]
fn an_unsealed_file_is_sealed_by_shipping_it() {
    let folder = tempfile::tempdir().unwrap();
    let open = folder.path().join("open.db");
    std::fs::write(&open, bundled()).unwrap();
    let connection = Connection::open(&open).unwrap();
    connection
        .execute_batch("DELETE FROM file WHERE key = 'seal'; UPDATE leaders SET remark = 'checked' WHERE id = 1")
        .unwrap();
    drop(connection);
    assert!(!Database::open(&open).unwrap().sealed);
    assert_eq!(bilat(folder.path(), &["ship", "open.db", "-o", "sealed.db"]), 0);
    let sealed = Database::open(&folder.path().join("sealed.db")).unwrap();
    assert!(sealed.sealed);
    let version = sealed.setting("seal").unwrap().unwrap();
    assert_ne!(Some(version), Database::bundled().unwrap().setting("seal").unwrap(), "other content, other version");
}

#[test]
fn byte_order_marks_and_ends_of_lines_do_not_matter() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::create_dir(folder.path().join("queries")).unwrap();
    for (within, ending) in [("", "csv"), ("queries", "bilat")] {
        for entry in std::fs::read_dir(fixtures().join(within)).unwrap().flatten() {
            let path = entry.path();
            if path.extension().is_none_or(|known| known != ending) {
                continue;
            }
            // A byte order mark and CRLF, as spreadsheets and editors write them.
            let text = std::fs::read_to_string(&path).unwrap();
            let target = folder.path().join(within).join(path.file_name().unwrap());
            std::fs::write(target, format!("\u{feff}{}", text.replace('\n', "\r\n"))).unwrap();
        }
    }
    let records = read_folder(folder.path()).unwrap();
    let places = |records: &Records| -> Vec<(String, u64)> {
        let all = records.nouns.values().flatten();
        all.map(|record| (record.place.file.to_string(), record.place.line)).collect()
    };
    assert_eq!(places(&records), places(&read_folder(&fixtures()).unwrap()), "mistakes are reported in their lines");
    assert!(dataset::build(&records).unwrap().bytes == bundled());
}

#[test]
fn any_sqlite_tool_can_read_it() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("gift.db");
    std::fs::write(&path, bundled()).unwrap();
    let connection = Connection::open(&path).unwrap();
    let number = |sql: &str| connection.query_row(sql, [], |row| row.get::<_, i64>(0)).unwrap();
    assert_eq!(number("PRAGMA application_id"), ddl::APPLICATION_ID);
    assert_eq!(number("PRAGMA user_version"), ddl::LAYOUT);
    assert_eq!(
        number(
            "SELECT count(*) FROM pragma_table_list WHERE type = 'table' AND name NOT LIKE 'sqlite%' AND NOT strict"
        ),
        0
    );
    assert_eq!(number("SELECT count(*) FROM pragma_foreign_key_check"), 0);
    assert_eq!(number("SELECT count(*) FROM pragma_freelist_count WHERE freelist_count > 0"), 0);
    for noun in NOUNS.iter().filter(|noun| !matches!(noun.origin, Origin::Query(_))) {
        let rows = number(&format!("SELECT count(*) FROM \"{}\"", noun.name));
        assert_eq!(number(&format!("SELECT count(*) FROM \"{}_view\"", noun.name)), rows, "{}", noun.name);
    }
    let row = "SELECT date || '|' || participants || '|' || place FROM meetings_view WHERE date = '2024-05-16'";
    let text: String = connection.query_row(row, [], |row| row.get(0)).unwrap();
    assert_eq!(text, "2024-05-16|Vladimir Putin; Xi Jinping|Beijing");
}

#[test]
fn every_fact_has_a_source_and_every_source_a_use() {
    let database =
        Connection::open_with_flags(fixtures().join("bilat.db"), rusqlite::OpenFlags::SQLITE_OPEN_READ_ONLY).unwrap();
    let number = |sql: &str| database.query_row(sql, [], |row| row.get::<_, i64>(0)).unwrap();
    for (noun, link) in [("meetings", "meeting_id"), ("visits", "visit_id"), ("events", "event_id")] {
        let without = number(&format!(
            "SELECT count(*) FROM {noun} WHERE id NOT IN (SELECT {link} FROM accounts WHERE {link} IS NOT NULL)"
        ));
        assert_eq!(without, 0, "{noun} without an account");
    }
    // What no account refers to says in its remark what it is there for.
    let unused =
        "SELECT count(*) FROM publications WHERE id NOT IN (SELECT publication_id FROM accounts) AND remark IS NULL";
    assert_eq!(number(unused), 0);
}
