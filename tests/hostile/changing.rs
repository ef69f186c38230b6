//! A file that somebody writes into while it is opened: the old one, the new one, or a message; never half of each.

use super::{altered, seal, session, small};
use crate::grammar::slow;
use bilat::store::Database;
use std::collections::BTreeMap;
use std::fs::OpenOptions;
use std::os::unix::fs::FileExt;
use std::sync::atomic::{AtomicBool, Ordering};

#[test]
fn a_file_that_changes_is_old_or_new_or_refused() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("changing.db");
    let new = folder.path().join("new.db");
    altered(&new, |connection| {
        connection.execute_batch("UPDATE leaders SET name = 'New ' || id, label = 'New ' || id").unwrap();
        seal(connection);
    });
    let versions = [small().to_vec(), std::fs::read(new).unwrap()];
    assert_eq!(versions[0].len(), versions[1].len(), "page for page");
    let names = |database: Database| {
        format!("{:?}", super::answered(&session(database).unwrap(), "FROM leaders").unwrap().rows)
    };
    let right = versions.each_ref().map(|bytes| names(Database::from_bytes(bytes, "changing.db").unwrap()));
    assert_ne!(right[0], right[1]);
    std::fs::write(&path, &versions[0]).unwrap();
    let file = OpenOptions::new().write(true).open(&path).unwrap();
    let done = AtomicBool::new(false);
    let mut came = BTreeMap::new();
    std::thread::scope(|scope| {
        scope.spawn(|| {
            // Page after page becomes the new version, then the old one again.
            for version in versions.iter().cycle().skip(1) {
                for (number, page) in version.chunks(512).enumerate() {
                    file.write_all_at(page, number as u64 * 512).unwrap();
                }
                if done.load(Ordering::Relaxed) {
                    break;
                }
                std::thread::sleep(std::time::Duration::from_millis(1));
            }
        });
        for _ in 0..if slow() { 5000 } else { 150 } {
            let kind = match Database::open(&path) {
                Ok(database) => {
                    assert!(database.sealed);
                    let seen = names(database);
                    right.iter().position(|right| *right == seen).map_or("a mixture", |at| ["old", "new"][at])
                }
                Err(diagnostic) => diagnostic.code,
            };
            *came.entry(kind).or_insert(0) += 1;
        }
        done.store(true, Ordering::Relaxed);
    });
    println!("{came:?}");
    let fine = ["old", "new", "R404", "R405", "R406"];
    assert!(came.keys().all(|kind| fine.contains(kind)), "{came:?}");
}
