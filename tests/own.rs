//! A file of one's own: begun, changed whole or not at all, taken apart and built again, kept from older layouts.

use crate::oracle::data;
use crate::oracle::rng::Rng;
use bilat::catalog::ddl;
use bilat::dataset::records::read_folder;
use bilat::dataset::{self, unpack};
use bilat::store::Database;
use std::fs::File;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).to_path_buf()
}

fn bilat(folder: &Path, arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_bilat"));
    command.args(arguments).current_dir(folder).env("XDG_CACHE_HOME", folder.join("cache")).output().unwrap()
}

fn status(folder: &Path, arguments: &[&str]) -> i32 {
    let output = bilat(folder, arguments);
    output.status.code().unwrap_or_else(|| panic!("{arguments:?}: {}", String::from_utf8_lossy(&output.stderr)))
}

fn said(folder: &Path, arguments: &[&str]) -> String {
    let output = bilat(folder, arguments);
    String::from_utf8_lossy(&[output.stdout, output.stderr].concat()).into_owned()
}

#[test]
fn the_bundled_file_taken_apart_builds_to_the_same_bytes() {
    let folder = tempfile::tempdir().unwrap();
    assert_eq!(status(folder.path(), &["export", "--as", "csv", "-o", "sheets"]), 0);
    assert_eq!(status(folder.path(), &["build", "sheets", "-o", "again.db"]), 0);
    let bundled = std::fs::read(root().join("fixtures/bilat.db")).unwrap();
    assert!(std::fs::read(folder.path().join("again.db")).unwrap() == bundled);
    // A second time it is in the way, and is written into on request only.
    assert_eq!(status(folder.path(), &["export", "--as", "csv", "-o", "sheets"]), 4);
    assert_eq!(status(folder.path(), &["export", "--as", "csv", "-o", "sheets", "--force"]), 0);
    // One cell changed by an editor is one cell changed in the file.
    let sheet = folder.path().join("sheets/leaders.csv");
    let text = std::fs::read_to_string(&sheet).unwrap();
    std::fs::write(&sheet, text.replacen("Luis Arce,", "Luis Arce Catacora,", 1)).unwrap();
    assert_eq!(status(folder.path(), &["build", "sheets", "-o", "again.db", "--force"]), 0);
    assert!(said(folder.path(), &["again.db", "-c", "FROM leaders WITH 'Arce Catacora'"]).contains("Catacora"));
}

#[test]
fn any_file_taken_apart_builds_to_the_same_bytes() {
    let rounds = if std::env::var_os("SLOW").is_some() { 2_000 } else { 100 };
    for seed in 0..rounds {
        let records = data::records(&Rng::new(seed));
        let Ok(built) = dataset::build(&records) else { continue };
        let database = Database::from_bytes(&built.bytes, "random").unwrap();
        let apart = unpack::records(&database).unwrap();
        let again = dataset::build(&apart).unwrap_or_else(|mistakes| panic!("seed {seed}: {mistakes:#?}"));
        assert!(again.bytes == built.bytes, "seed {seed}");
        // What is left out because the build fills it in stays out.
        let once_more = unpack::records(&Database::from_bytes(&again.bytes, "random").unwrap()).unwrap();
        assert_eq!(once_more, apart, "seed {seed}");
    }
}

#[test]
fn a_file_of_the_first_layout_is_read_and_migrated_to_what_a_build_gives() {
    let golden = root().join("tests/golden/layout-1.db");
    let built = dataset::build(&read_folder(&root().join("tests/golden/sheets")).unwrap()).unwrap();
    let old = Database::open(&golden).unwrap();
    assert_eq!((old.layout, old.sealed), (1, true));
    assert_eq!(old.setting("seal").unwrap(), Some(built.version.clone()), "the same data has the same version");

    let folder = tempfile::tempdir().unwrap();
    let copy = folder.path().join("old.db");
    std::fs::copy(&golden, &copy).unwrap();
    let question = ["old.db", "-c", "FROM meetings; FROM visits; FROM names"];
    let before = said(folder.path(), &question);
    assert!(before.contains("Hall of Arcity"), "{before}");
    assert_eq!(std::fs::read(&copy).unwrap(), std::fs::read(&golden).unwrap(), "asking changes nothing");
    assert_eq!(status(folder.path(), &["migrate", "old.db"]), 0);
    assert!(std::fs::read(&copy).unwrap() == built.bytes);
    assert_eq!(said(folder.path(), &question), before);
    // Whatever writes into an older file migrates it with what it writes.
    std::fs::copy(&golden, &copy).unwrap();
    std::fs::write(folder.path().join("q.bilat"), "FROM leaders;\n").unwrap();
    assert_eq!(status(folder.path(), &["save", "old.db", "q.bilat"]), 0);
    assert_eq!(Database::open(&copy).unwrap().layout, ddl::LAYOUT);
}

#[test]
fn a_file_of_every_layout_there_was_opens_and_has_the_same_rows() {
    let built = dataset::build(&read_folder(&root().join("tests/golden/sheets")).unwrap()).unwrap();
    for layout in 1..=ddl::LAYOUT {
        let golden = Database::open(&root().join(format!("tests/golden/layout-{layout}.db"))).unwrap();
        assert_eq!((golden.layout, golden.sealed), (layout, true));
        let apart = unpack::records(&golden).unwrap();
        assert_eq!(dataset::build(&apart).unwrap().version, built.version, "layout {layout}");
    }
}

#[test]
fn a_damaged_file_of_the_first_layout_is_refused() {
    let mut bytes = std::fs::read(root().join("tests/golden/layout-1.db")).unwrap();
    let at = bytes.windows(8).position(|bytes| bytes == b"The firs").unwrap();
    bytes[at] = b'X';
    assert_eq!(Database::from_bytes(&bytes, "old.db").err().map(|diagnostic| diagnostic.code), Some("R406"));
}

#[test]
fn queries_kept_in_a_file_travel_with_it_and_are_run_on_arrival() {
    let folder = tempfile::tempdir().unwrap();
    let claims = "-- our claims\nASSERT count(FROM countries) >= 200;\n";
    std::fs::write(folder.path().join("claims.bilat"), claims).unwrap();
    std::fs::write(folder.path().join("wrong.bilat"), "FROM leders;\n").unwrap();
    std::fs::write(folder.path().join("bad name.bilat"), "FROM leaders;\n").unwrap();
    assert_eq!(status(folder.path(), &["new", "my.db", "--as-of", "2024-07-10"]), 0);
    let fresh = std::fs::read(folder.path().join("my.db")).unwrap();
    // What could not be run there is not kept, and the file stays what it was.
    assert_eq!(status(folder.path(), &["save", "my.db", "claims.bilat", "wrong.bilat"]), 3);
    assert_eq!(status(folder.path(), &["save", "my.db", "bad name.bilat"]), 4);
    assert!(std::fs::read(folder.path().join("my.db")).unwrap() == fresh);

    assert_eq!(status(folder.path(), &["save", "my.db", "claims.bilat"]), 0);
    assert_eq!(status(folder.path(), &["ship", "my.db", "-o", "gift.db"]), 0);
    let checked = said(folder.path(), &["check", "gift.db"]);
    assert!(checked.contains("1 claim: 1 holds"), "{checked}");
    assert!(said(folder.path(), &["info", "gift.db"]).contains("claims"));
    let database = Database::open(&folder.path().join("gift.db")).unwrap();
    assert_eq!(unpack::saved(&database).unwrap().get("claims").map(String::as_str), Some(claims));

    assert_eq!(status(folder.path(), &["save", "my.db", "--remove", "claim"]), 4);
    assert_eq!(status(folder.path(), &["save", "my.db", "--remove", "claims"]), 0);
    assert!(std::fs::read(folder.path().join("my.db")).unwrap() == fresh, "as if they had never been there");
}

#[test]
fn a_claim_that_fails_on_arrival_says_so_by_its_status() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("claims.bilat"), "ASSERT count(FROM countries) < 100;\n").unwrap();
    assert_eq!(status(folder.path(), &["new", "my.db"]), 0);
    assert_eq!(status(folder.path(), &["save", "my.db", "claims.bilat"]), 0);
    assert_eq!(status(folder.path(), &["check", "my.db"]), 1);
}

#[test]
fn a_new_file_has_the_world_and_writes_over_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let arguments = ["new", "my.db", "--title", "Ours", "--as-of", "2024-07-10"];
    assert_eq!(status(folder.path(), &arguments), 0);
    let mine = std::fs::read(folder.path().join("my.db")).unwrap();
    assert_eq!(status(folder.path(), &arguments), 4);
    assert!(std::fs::read(folder.path().join("my.db")).unwrap() == mine);
    let question =
        "SELECT name, capital, region FROM countries WHERE country = 'Казахстан'; SELECT count() FROM meetings";
    let answer = said(folder.path(), &["my.db", "-c", &question.replace("country =", "this =")]);
    assert!(!answer.is_empty());
    let answer = said(folder.path(), &["my.db", "-c", "SELECT name, capital, region FROM countries WITH 'Казахстан'"]);
    assert!(answer.contains("Astana") || answer.contains("error"), "{answer}");
    let answer = said(folder.path(), &["my.db", "-c", "SELECT count() FROM countries; SELECT count() FROM meetings"]);
    assert!(answer.contains("262"), "{answer}");
}

#[test]
fn a_file_that_another_writes_is_not_written() {
    let folder = tempfile::tempdir().unwrap();
    assert_eq!(status(folder.path(), &["new", "my.db", "--as-of", "2024-07-10"]), 0);
    std::fs::write(folder.path().join("q.bilat"), "FROM leaders;\n").unwrap();
    let before = std::fs::read(folder.path().join("my.db")).unwrap();
    let other = File::open(folder.path().join("my.db")).unwrap();
    other.lock().unwrap();
    let output = said(folder.path(), &["save", "my.db", "q.bilat"]);
    assert!(output.contains("D323"), "{output}");
    assert!(std::fs::read(folder.path().join("my.db")).unwrap() == before);
    // Asking needs no lock.
    assert_eq!(status(folder.path(), &["my.db", "-c", "FROM leaders"]), 0);
    drop(other);
    assert_eq!(status(folder.path(), &["save", "my.db", "q.bilat"]), 0);
}

#[test]
fn a_file_that_was_in_order_is_known_by_its_hash_until_it_changes() {
    let folder = tempfile::tempdir().unwrap();
    assert_eq!(status(folder.path(), &["new", "my.db", "--as-of", "2024-07-10"]), 0);
    let known = || std::fs::read_dir(folder.path().join("cache/bilat/verified")).map_or(0, Iterator::count);
    assert_eq!(known(), 0);
    assert_eq!(status(folder.path(), &["my.db", "-c", "FROM leaders"]), 0);
    assert_eq!(known(), 1);
    assert_eq!(status(folder.path(), &["my.db", "-c", "FROM leaders"]), 0);
    assert_eq!(known(), 1);
    // Another byte, another hash: it is looked through again, and refused.
    let mut bytes = std::fs::read(folder.path().join("my.db")).unwrap();
    let at = bytes.windows(10).position(|bytes| bytes == b"Kazakhstan").unwrap();
    bytes[at] = b'Q';
    std::fs::write(folder.path().join("my.db"), bytes).unwrap();
    assert_eq!(status(folder.path(), &["my.db", "-c", "FROM leaders"]), 4);
    assert_eq!(known(), 1);
}

#[test]
fn a_text_that_csv_cannot_keep_is_told() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("odd.db");
    std::fs::copy(root().join("tests/golden/layout-1.db"), &path).unwrap();
    let connection = rusqlite::Connection::open(&path).unwrap();
    connection
        .execute_batch(
            "DELETE FROM file WHERE key = 'seal'; UPDATE meetings SET remark = '  between blanks ' WHERE id = 1",
        )
        .unwrap();
    drop(connection);
    let output = said(folder.path(), &["export", "odd.db", "--as", "csv", "-o", "sheets"]);
    assert!(output.contains("D328") && output.contains("meetings.csv:2, column remark"), "{output}");
}

#[test]
fn a_file_with_rows_that_no_build_makes_does_not_verify() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("odd.db");
    let golden = std::fs::read(root().join("tests/golden/layout-1.db")).unwrap();
    for (change, code) in [
        // Told otherwise than what it follows from: the name is another, what is sought and shown is not.
        ("UPDATE leaders SET name = 'Eve Epsilon' WHERE id = 1", "D329"),
        ("UPDATE meetings SET start_min = 0 WHERE id = 1", "D329"),
        ("UPDATE meetings SET format = 'chat' WHERE id = 1", "D305"),
        ("UPDATE accounts SET date = '2024-13-99' WHERE id = 1", "D306"),
        ("UPDATE leaders SET key = 'no key' WHERE id = 1", "D303"),
    ] {
        std::fs::write(&path, &golden).unwrap();
        let connection = rusqlite::Connection::open(&path).unwrap();
        connection.execute_batch(&format!("DELETE FROM file WHERE key = 'seal'; {change}")).unwrap();
        drop(connection);
        let output = said(folder.path(), &["verify", "odd.db"]);
        assert!(output.contains(code), "{change}: {output}");
        assert_eq!(status(folder.path(), &["verify", "odd.db"]), 4, "{change}");
        assert_eq!(status(folder.path(), &["check", "odd.db"]), 4, "{change}");
        // Nor is it sealed: a seal would be our word for it.
        assert_eq!(status(folder.path(), &["ship", "odd.db", "-o", "gift.db"]), 4, "{change}");
    }
}

#[test]
fn a_sheet_that_a_spreadsheet_saved_with_semicolons_is_built() {
    let folder = tempfile::tempdir().unwrap();
    let sheets = folder.path().join("sheets");
    std::fs::create_dir(&sheets).unwrap();
    std::fs::write(sheets.join("file.csv"), "key;value\nreference_date;2024-07-10\n").unwrap();
    std::fs::write(sheets.join("leaders.csv"), "key;name;remark\nann;Ann A;\"one; two, three\"\n").unwrap();
    assert_eq!(status(folder.path(), &["build", "sheets", "-o", "my.db"]), 0);
    let answer = said(folder.path(), &["my.db", "-c", "SELECT name, remark FROM leaders", "--format", "csv"]);
    assert!(answer.contains("Ann A,\"one; two, three\""), "{answer}");
}
