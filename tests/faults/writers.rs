//! Many writers of one file at once: what one was told is done is in the file, and the others were told that it is not.

use super::place::{bilat, forget, furnished};
use crate::grammar::slow;
use bilat::dataset::unpack;
use bilat::store::Database;
use std::path::Path;
use std::process::{Child, Stdio};
use std::sync::atomic::{AtomicBool, Ordering};

const WRITERS: usize = 8;

fn begin(home: &Path, arguments: &[&str]) -> Child {
    bilat(home, arguments).stderr(Stdio::piped()).spawn().unwrap()
}

/// Whether it was done; else it was told that somebody else writes.
fn done(child: Child) -> bool {
    let output = child.wait_with_output().unwrap();
    let said = String::from_utf8_lossy(&output.stderr);
    match output.status.code() {
        Some(0) => true,
        Some(4) if said.contains("D323") => false,
        status => panic!("{status:?}: {said}"),
    }
}

/// The names of the queries in the file, which is in order, and has nothing beside it.
fn kept(home: &Path, before: usize) -> Vec<String> {
    let database = Database::open(&home.join("x.db")).unwrap();
    assert!(database.sealed);
    assert_eq!(std::fs::read_dir(home).unwrap().count(), before);
    unpack::saved(&database).unwrap().into_keys().collect()
}

#[test]
fn no_writer_s_success_is_lost() {
    let rounds = if slow() { 25 } else { 2 };
    let (mut succeeded, mut told) = (0, 0);
    for _ in 0..rounds {
        let home = furnished();
        let names: Vec<String> = (0..WRITERS).map(|at| format!("q{at}")).collect();
        for name in &names {
            std::fs::write(home.path().join(format!("{name}.bilat")), "FROM meetings;\n").unwrap();
        }
        let before = std::fs::read_dir(home.path()).unwrap().count();
        let begun: Vec<Child> =
            names.iter().map(|name| begin(home.path(), &["save", "x.db", &format!("{name}.bilat")])).collect();
        let done: Vec<&String> =
            names.iter().zip(begun).filter_map(|(name, child)| done(child).then_some(name)).collect();
        let kept = kept(home.path(), before);
        assert!(done.iter().all(|name| kept.contains(name)), "{done:?} were done, {kept:?} are there");
        assert!(kept.iter().all(|name| done.contains(&name)), "{kept:?} are there, {done:?} were said to be");
        assert!(!done.is_empty());
        succeeded += done.len();
        told += WRITERS - done.len();
    }
    println!("writers: {succeeded} of {} saved, {told} were told, 0 lost", succeeded + told);
}

/// Whoever replaces the whole file waits, too: what is there in the end is one of the files, with what was saved since.
#[test]
fn files_that_are_replaced_and_changed_at_once_are_whole() {
    let home = furnished();
    let before = std::fs::read_dir(home.path()).unwrap().count();
    let begun: Vec<Child> = (0..WRITERS)
        .map(|at| match at % 3 {
            0 => begin(home.path(), &["build", "sheets", "-o", "x.db", "--force"]),
            1 => begin(home.path(), &["ship", "source.db", "-o", "x.db", "--force"]),
            _ => begin(home.path(), &["save", "x.db", "claims.bilat"]),
        })
        .collect();
    begun.into_iter().for_each(|child| _ = done(child));
    let kept = kept(home.path(), before);
    assert!(kept.is_empty() || kept == ["claims"], "{kept:?}");
    let title = Database::open(&home.path().join("x.db")).unwrap().setting("title").unwrap();
    assert!(["Small", "Source", "Old"].iter().any(|known| title.as_deref() == Some(known)), "{title:?}");
}

/// A file is begun by one only, unless it is to be replaced.
#[test]
fn of_many_who_begin_a_file_one_does() {
    let home = furnished();
    std::fs::remove_file(home.path().join("x.db")).unwrap();
    forget(home.path());
    let before = std::fs::read_dir(home.path()).unwrap().count();
    let begun: Vec<Child> = (0..WRITERS).map(|_| begin(home.path(), &["build", "sheets", "-o", "x.db"])).collect();
    let outputs = begun.into_iter().map(|child| child.wait_with_output().unwrap());
    let (fine, others): (Vec<_>, Vec<_>) = outputs.partition(|output| output.status.success());
    assert_eq!((fine.len(), others.len()), (1, WRITERS - 1));
    for output in others {
        let said = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.code() == Some(4) && said.contains("D317"), "{said}");
    }
    assert_eq!(kept(home.path(), before + 1), Vec::<String>::new());
}

/// Who reads while a file is replaced reads the old one or the new one, and is not told that it was changed.
#[test]
fn who_reads_beside_a_writer_reads_one_file() {
    let home = furnished();
    let path = |name: &str| home.path().join(name);
    let files = ["x.db", "source.db"].map(|name| std::fs::read(path(name)).unwrap());
    let ended = AtomicBool::new(false);
    std::thread::scope(|scope| {
        scope.spawn(|| {
            for bytes in files.iter().cycle().take_while(|_| !ended.load(Ordering::Relaxed)) {
                bilat::dataset::put(&path("x.db"), bytes, true).unwrap();
            }
        });
        let opened = (0..100).map(|_| Database::open(&path("x.db")));
        let wrong: Vec<String> = opened.filter_map(Result::err).map(|diagnostic| diagnostic.message).collect();
        ended.store(true, Ordering::Relaxed);
        assert_eq!(wrong, Vec::<String>::new());
    });
}
