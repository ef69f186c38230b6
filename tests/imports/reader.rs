//! What a first user, and one who meant ill, stumbled over: each was silent or lost something once.

use super::program::bilat;
use std::path::Path;

const MAPPING: &str = "row = \"meetings\"\n[source]\ntitle = \"Sheet\"\n[columns]\ndate = \"date\"\nparticipants = \
     { column = \"who\", split = [\", \"] }\nplace = \"city\"\nhost_country = \"country\"\nremark = \"note\"\n";

/// A new file, the mapping, and these tables.
fn prepared(tables: &[(&str, &str)]) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("m.toml"), MAPPING).unwrap();
    for (name, rows) in tables {
        std::fs::write(folder.path().join(name), format!("date,who,city,country,note\n{rows}")).unwrap();
    }
    assert!(bilat(folder.path(), &["new", "my.db", "--as-of", "2026-01-01"]).status.success());
    folder
}

/// What an import says, and its status.
fn imported(folder: &Path, table: &str, more: &[&str]) -> (String, i32) {
    let words = [&["import", table, "--into", "my.db", "--mapping", "m.toml", "--create", "leaders,places"], more];
    let output = bilat(folder, &words.concat());
    (String::from_utf8(output.stderr).unwrap(), output.status.code().unwrap())
}

fn asked(folder: &Path, question: &str) -> String {
    String::from_utf8(bilat(folder, &["my.db", "-c", question, "--format", "csv"]).stdout).unwrap()
}

#[test]
fn a_second_sheet_changes_nothing_that_the_first_one_told() {
    let may = "2024-05-16,\"Ann A, Bob B\",Paris,France,\n2024-07-03,\"Cid C, Dan D\",Lyon,France,\n";
    let later = "2025-10-08,\"Ann A, Bob B\",Nice,France,\n2025-10-09,\"Cid C, Dan D\",Paris,France,\n";
    let folder = prepared(&[("may.csv", may), ("later.csv", later)]);
    let at = folder.path();
    assert_eq!(imported(at, "may.csv", &[]).1, 0);
    let (said, status) = imported(at, "later.csv", &[]);
    assert_eq!(status, 0, "{said}");
    assert!(said.contains("not in it") && said.contains("2 rows that this publication told before"), "{said}");
    let all = asked(at, "SELECT date FROM meetings");
    for day in ["2024-05-16", "2024-07-03", "2025-10-08", "2025-10-09"] {
        assert!(all.contains(day), "{all}");
    }
    // The same line told more exactly is the same meeting still, and the change is listed.
    let folder = prepared(&[
        ("vague.csv", "2024-05,\"Ann A, Bob B\",Paris,France,\n"),
        ("exact.csv", "2024-05-16,\"Ann A, Bob B\",Paris,France,\n"),
    ]);
    imported(folder.path(), "vague.csv", &[]);
    let (said, _) = imported(folder.path(), "exact.csv", &[]);
    assert!(said.contains("2024-05 is now 2024-05-16"), "{said}");
    assert_eq!(asked(folder.path(), "SELECT date FROM meetings").lines().count(), 2);
}

#[test]
fn who_is_made_is_named_and_compared_with_who_is_there() {
    let rows = "2024-01-01,\"Xi Jinping, Vladimir Putin\",Paris,France,\n2024-01-02,\"Jinping Xi, Putin\",Paris,France,\n\
        2024-01-03,\"Vladimir Puttin, Germany\",Paris,France,\n2024-01-04,\"Ann A, tbc\",Paris,France,\n";
    let folder = prepared(&[("t.csv", rows)]);
    let (said, _) = imported(folder.path(), "t.csv", &["--dry-run"]);
    for part in [
        "leaders: Xi Jinping; Vladimir Putin; Putin",
        "'Putin' is made beside 'Vladimir Putin'",
        "'Vladimir Puttin' is made beside",
        "'Germany' is made a leader and is the name of a country",
        "'tbc' is made a leader and is hardly a name",
    ] {
        assert!(said.contains(part), "{part}: {said}");
    }
    assert!(!said.contains("'Xi Jinping' is made beside"), "{said}");
}

#[test]
fn text_with_the_ends_of_lines_of_other_systems_comes_out_again() {
    let folder = prepared(&[("t.csv", "2024-01-01,\"Ann A, Bob B\",Paris,France,\"one\r\ntwo\rthree\"\n")]);
    let at = folder.path();
    let mapping = MAPPING.replace("title = \"Sheet\"", "title = \"Ame\\u0301lie\\r\\nSheet\"");
    std::fs::write(at.join("m.toml"), mapping).unwrap();
    let (said, status) = imported(at, "t.csv", &[]);
    assert_eq!(status, 0, "{said}");
    assert!(bilat(at, &["set", "my.db", "title=a\r\nb Ame\u{301}lie"]).status.success());
    assert!(bilat(at, &["export", "my.db", "--as", "csv", "-o", "sheets"]).status.success());
    assert!(bilat(at, &["build", "sheets", "-o", "again.db"]).status.success());
    let bytes = |name: &str| std::fs::read(at.join(name)).unwrap();
    assert!(bytes("again.db") == bytes("my.db"));
    assert!(asked(at, "SELECT remark FROM meetings").contains("one\ntwo\nthree"));
    // What belongs into no text is refused wherever it is told.
    let before = bytes("my.db");
    assert_eq!(bilat(at, &["set", "my.db", "title=\u{1b}[31m"]).status.code(), Some(4));
    std::fs::write(at.join("m.toml"), MAPPING.replace("\"Sheet\"", "\"a\\u0007b\"")).unwrap();
    assert_eq!(imported(at, "t.csv", &[]).1, 4);
    assert!(bytes("my.db") == before);
}

#[test]
fn where_refused_rows_cannot_be_kept_nothing_is_taken() {
    let rows = "2024-01-01,\"Ann A, Bob B\",Paris,France,\n2024-13-45,\"Ann A, Bob B\",Paris,France,\n";
    let folder = prepared(&[("t.csv", rows)]);
    let at = folder.path();
    let before = std::fs::read(at.join("my.db")).unwrap();
    let (said, status) = imported(at, "t.csv", &["--rejects", "nowhere/bad.csv"]);
    assert!(status == 4 && said.ends_with("nothing was taken into my.db\n"), "{said}");
    assert!(std::fs::read(at.join("my.db")).unwrap() == before);
    assert_eq!(imported(at, "t.csv", &["--rejects", "bad.csv"]).1, 0);
    assert!(std::fs::read_to_string(at.join("bad.csv")).unwrap().contains("2024-13-45"));
}
