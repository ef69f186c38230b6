//! `bilat import` as a program: what it leaves on the disk.

use super::taking::{mappings, text};
use std::path::Path;
use std::process::{Command, Output};

fn bilat(folder: &Path, arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_bilat"));
    command.args(arguments).current_dir(folder).env("XDG_CACHE_HOME", folder.join("cache")).output().unwrap()
}

fn left(folder: &Path) -> Vec<String> {
    let mut names: Vec<String> =
        std::fs::read_dir(folder).unwrap().flatten().map(|entry| entry.file_name().into_string().unwrap()).collect();
    names.retain(|name| name != "cache");
    names.sort();
    names
}

#[test]
fn the_second_import_leaves_the_file_untouched() {
    let folder = tempfile::tempdir().unwrap();
    let at = folder.path();
    for name in ["us-travels-sample.csv", "us-travels.toml"] {
        std::fs::write(at.join(name), text(&mappings().join(name))).unwrap();
    }
    assert!(bilat(at, &["new", "my.db", "--as-of", "2024-07-10"]).status.success());
    let import = |more: &[&str]| {
        let words = ["import", "us-travels-sample.csv", "--into", "my.db", "--mapping", "us-travels.toml"];
        bilat(at, &[&words, more].concat())
    };
    let about = || (std::fs::read(at.join("my.db")).unwrap(), at.join("my.db").metadata().unwrap().modified().unwrap());
    let empty = about();
    assert_eq!(import(&[]).status.code(), Some(4), "nobody is made unasked");
    assert!(import(&["--create", "leaders,places", "--dry-run"]).status.success());
    assert_eq!(about(), empty);
    assert!(import(&["--create", "leaders,places"]).status.success());
    let full = about();
    assert_ne!(full.0, empty.0);
    let again = import(&["--create", "leaders,places"]);
    assert!(again.status.success());
    assert!(String::from_utf8(again.stderr).unwrap().ends_with("my.db is as it was: there is nothing to change\n"));
    assert_eq!(about(), full);
    assert_eq!(left(at), ["my.db", "us-travels-sample.csv", "us-travels.toml"]);
    // What the editor gets by export is the same file when it is built, and nothing new when it is imported.
    assert!(bilat(at, &["export", "my.db", "--as", "csv", "-o", "sheets"]).status.success());
    let own =
        bilat(at, &["import", "sheets/visits.csv", "sheets/accounts.csv", "sheets/leaders.csv", "--into", "my.db"]);
    let said = String::from_utf8(own.stderr).unwrap();
    assert!(said.ends_with("my.db is as it was: there is nothing to change\n"), "{said}");
}

#[test]
fn at_most_fifty_mistakes_are_shown() {
    let folder = tempfile::tempdir().unwrap();
    let at = folder.path();
    let rows: String = (0..80).map(|number| format!("Nobody {number},China,2024-05-16\n")).collect();
    std::fs::write(at.join("trips.csv"), format!("who,where,when\n{rows}")).unwrap();
    let mapping = "row = \"visits\"\n[source]\ntitle = \"T\"\n[columns]\nleader = \"who\"\ncountry = \"where\"\ndate = \"when\"\n";
    std::fs::write(at.join("trips.toml"), mapping).unwrap();
    assert!(bilat(at, &["new", "my.db", "--as-of", "2024-07-10"]).status.success());
    let refused = bilat(at, &["import", "trips.csv", "--into", "my.db", "--mapping", "trips.toml"]);
    let said = String::from_utf8(refused.stderr).unwrap();
    assert_eq!((refused.status.code(), said.matches("error[I630]").count()), (Some(4), 50));
    assert!(said.contains("and 30 more mistakes\n"), "{said}");
    assert!(said.ends_with("nothing was taken into my.db\n"), "{said}");
}
