//! `bilat import` as a program: what it leaves on the disk.

use super::taking::{mappings, text};
use std::path::Path;
use std::process::{Command, Output};

pub fn bilat(folder: &Path, arguments: &[&str]) -> Output {
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
    let samples = ["us-travels", "meetings-sheet", "wikipedia-trips"];
    for name in samples {
        for file in [format!("{name}-sample.csv"), format!("{name}.toml")] {
            std::fs::write(at.join(&file), text(&mappings().join(&file))).unwrap();
        }
    }
    assert!(bilat(at, &["new", "my.db", "--as-of", "2024-07-10"]).status.success());
    let import = |name: &str, more: &[&str]| {
        let (table, mapping) = (format!("{name}-sample.csv"), format!("{name}.toml"));
        bilat(at, &[&["import", &table, "--into", "my.db", "--mapping", &mapping], more].concat())
    };
    let create = ["--create", "leaders,places"];
    let about = || (std::fs::read(at.join("my.db")).unwrap(), at.join("my.db").metadata().unwrap().modified().unwrap());
    let empty = about();
    assert_eq!(import(samples[0], &[]).status.code(), Some(4), "nobody is made unasked");
    assert!(import(samples[0], &[&create[..], &["--dry-run"]].concat()).status.success());
    assert_eq!(about(), empty);
    for name in samples {
        assert!(import(name, &create).status.success(), "{name}");
    }
    let full = about();
    assert_ne!(full.0, empty.0);
    for name in samples {
        let again = import(name, &create);
        let said = String::from_utf8(again.stderr).unwrap();
        assert!(again.status.success() && said.ends_with("my.db is as it was: there is nothing to change\n"), "{said}");
    }
    assert_eq!(about(), full);
    assert_eq!(left(at).len(), 7, "the file, and what was brought");
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
