//! What lies beside a file, and what a file is besides its content: what dead writers left goes, what is anybody else's
//! stays, and so do permissions.

use super::place::{bilat, furnished};
use std::fs::{self, File};
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::Path;
use std::process::Stdio;

const BUILD: &[&str] = &["build", "sheets", "-o", "x.db", "--force"];

fn builds(home: &Path) {
    assert_eq!(bilat(home, BUILD).status().unwrap().code(), Some(0));
}

#[test]
fn only_what_nobody_holds_is_swept() {
    let home = furnished();
    let path = |name: &str| home.path().join(name);
    let there = |name: &str| fs::symlink_metadata(path(name)).is_ok();
    fs::write(path(".bilat-dead01.tmp"), "half a file").unwrap();
    fs::write(path(".bilat-held01.tmp"), "half a file").unwrap();
    let held = File::open(path(".bilat-held01.tmp")).unwrap();
    held.try_lock().unwrap();
    let others = [".bilat-notes.tmp", ".bilat-dead01.txt", ".bilat-dead-1.tmp", "bilat-dead01.tmp"];
    others.iter().for_each(|name| fs::write(path(name), "somebody's").unwrap());
    fs::create_dir(path(".bilat-folder.tmp")).unwrap();
    symlink("x.csv", path(".bilat-linked.tmp")).unwrap();
    builds(home.path());
    assert!(!there(".bilat-dead01.tmp"));
    assert!(there(".bilat-held01.tmp"));
    assert!(others.iter().all(|name| there(name) && path(name).is_file()));
    assert!(there(".bilat-folder.tmp") && there(".bilat-linked.tmp") && there("x.csv"));
    drop(held);
    builds(home.path());
    assert!(!there(".bilat-held01.tmp"));
}

#[test]
fn a_file_keeps_its_permissions_and_a_new_one_has_those_of_the_user() {
    let home = furnished();
    let target = home.path().join("x.db");
    let mode = || fs::metadata(&target).unwrap().permissions().mode() & 0o777;
    for private in [0o600, 0o640, 0o666] {
        fs::set_permissions(&target, fs::Permissions::from_mode(private)).unwrap();
        builds(home.path());
        assert_eq!(mode(), private);
    }
    for (umask, expected) in [("077", 0o600), ("022", 0o644)] {
        fs::remove_file(&target).unwrap();
        let mut command = std::process::Command::new("sh");
        command.args(["-c", &format!("umask {umask}; exec \"$0\" \"$@\""), env!("CARGO_BIN_EXE_bilat")]).args(BUILD);
        assert!(command.current_dir(home.path()).stderr(Stdio::null()).status().unwrap().success());
        assert_eq!(mode(), expected);
    }
}

#[test]
fn a_file_that_is_there_to_be_read_only_is_not_replaced() {
    let home = furnished();
    let target = home.path().join("x.db");
    let old = fs::read(&target).unwrap();
    fs::set_permissions(&target, fs::Permissions::from_mode(0o444)).unwrap();
    for arguments in [BUILD, &["save", "x.db", "claims.bilat"]] {
        let output = bilat(home.path(), arguments).stderr(Stdio::piped()).output().unwrap();
        let said = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(4), "{said}");
        assert!(said.contains("D318") && said.contains("it is there to be read only"), "{said}");
        assert!(fs::read(&target).unwrap() == old);
    }
}
