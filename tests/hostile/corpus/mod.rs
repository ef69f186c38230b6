//! The hostile corpus: each file made from the small good one, what must come of it, and that nothing else does.
//!
//! Through the library, where the attacker's function counts its calls, and through the program, with all that it writes.

mod content;
mod pages;
mod places;
mod schema;

use super::{altered, counter, session};
use crate::grammar::slow;
use crate::oracle::queries;
use crate::oracle::rng::Rng;
use crate::outputs::hostile::{PLAIN, check};
use bilat::catalog::NOUNS;
use bilat::present::{self, FORMATS, Several};
use bilat::session::{RunError, Session};
use bilat::store::Database;
use rusqlite::Connection;
use std::os::unix::fs::MetadataExt;
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

/// How long opening a small file and asking it may take on a busy machine.
const PATIENCE: Duration = Duration::from_secs(30);

/// What must come of a file.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Outcome {
    /// Refused, with this code.
    Refused(&'static str),
    /// Opened with its seal, and harmless.
    Sealed,
    /// Opened with a warning, and harmless.
    Unsealed,
}

pub struct Crafted {
    pub name: String,
    pub make: Box<dyn Fn(&Path) + Sync + Send>,
    pub outcome: Outcome,
    /// What calls the attacker's function when the file is opened without any guard.
    pub naive: Option<&'static str>,
}

impl Crafted {
    fn new(name: impl Into<String>, outcome: Outcome, make: impl Fn(&Path) + Sync + Send + 'static) -> Crafted {
        Crafted { name: name.into(), make: Box::new(make), outcome, naive: None }
    }

    /// Made by statements of SQLite's, which may write into the schema too.
    fn by_sql(name: &'static str, outcome: Outcome, sql: &'static str) -> Crafted {
        Crafted::new(name, outcome, move |path| altered(path, |connection| run(connection, name, sql)))
    }

    fn calling(mut self, naive: &'static str) -> Crafted {
        self.naive = Some(naive);
        self
    }
}

fn run(connection: &Connection, name: &str, sql: &str) {
    connection.execute_batch(sql).unwrap_or_else(|error| panic!("{name}: {error}"));
}

fn corpus() -> Vec<Crafted> {
    [schema::files(), pages::files(), content::files(), places::files()].into_iter().flatten().collect()
}

/// What there is of one name: kind, size, time of change, place on the disk, and the bytes of files.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Entry {
    name: String,
    mode: u32,
    size: u64,
    changed: (i64, i64),
    place: u64,
    bytes: Vec<u8>,
}

fn listing(folder: &Path) -> Vec<Entry> {
    let entries = std::fs::read_dir(folder).unwrap().map(|entry| {
        let path = entry.unwrap().path();
        let about = std::fs::symlink_metadata(&path).unwrap();
        Entry {
            name: path.file_name().unwrap().to_string_lossy().into_owned(),
            mode: about.mode(),
            size: about.len(),
            changed: (about.mtime(), about.mtime_nsec()),
            place: about.ino(),
            bytes: if about.is_file() { std::fs::read(&path).unwrap() } else { Vec::new() },
        }
    });
    let mut entries: Vec<Entry> = entries.collect();
    entries.sort();
    entries
}

#[test]
fn every_crafted_file_is_refused_or_harmless() {
    counter::everywhere();
    let corpus = corpus();
    assert!(corpus.len() >= 40, "only {} files", corpus.len());
    let names: std::collections::BTreeSet<&str> = corpus.iter().map(|crafted| crafted.name.as_str()).collect();
    assert_eq!(names.len(), corpus.len(), "a name is given twice");
    let (next, wrong) = (AtomicUsize::new(0), Mutex::new(Vec::new()));
    let called = AtomicUsize::new(0);
    std::thread::scope(|scope| {
        for _ in 0..std::thread::available_parallelism().map_or(1, usize::from) {
            scope.spawn(|| {
                while let Some(crafted) = corpus.get(next.fetch_add(1, Ordering::Relaxed)) {
                    let tried = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| try_file(crafted)));
                    match tried {
                        Ok(naive) => called.fetch_add(usize::from(naive), Ordering::Relaxed),
                        Err(_) => {
                            wrong.lock().unwrap().push(crafted.name.as_str());
                            0
                        }
                    };
                }
            });
        }
    });
    let wrong = wrong.into_inner().unwrap();
    assert!(wrong.is_empty(), "{} of {}: {wrong:?}", wrong.len(), corpus.len());
    println!("{} files; without a guard the attacker's function ran in {}", corpus.len(), called.into_inner());
}

/// Everything of one file; whether a naive opening calls the attacker's function.
fn try_file(crafted: &Crafted) -> bool {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("evil.db");
    (crafted.make)(&path);
    let before = listing(folder.path());
    let begun = Instant::now();
    by_library(crafted, &path);
    by_program(crafted, &path);
    assert!(begun.elapsed() < PATIENCE, "{}: {:?}", crafted.name, begun.elapsed());
    let after = listing(folder.path());
    assert!(before == after, "{}: the folder is another", crafted.name);
    if let Some(naive) = crafted.naive {
        let calls = counter::calls();
        let connection = Connection::open(&path).unwrap();
        let _ = connection.execute_batch(naive);
        assert!(counter::calls() > calls, "{}: the attack does nothing", crafted.name);
    }
    crafted.naive.is_some()
}

/// Opens it in this process, where the attacker's function waits, and asks it all manner of things.
fn by_library(crafted: &Crafted, path: &Path) {
    let name = crafted.name.as_str();
    let calls = counter::calls();
    let opened = Database::open(path);
    let outcome = match &opened {
        Ok(database) if database.sealed => Outcome::Sealed,
        Ok(_) => Outcome::Unsealed,
        Err(diagnostic) => Outcome::Refused(diagnostic.code),
    };
    assert_eq!(outcome, crafted.outcome, "{name}: {:?}", opened.as_ref().err());
    if let Ok(database) = opened {
        ask(&session(database).unwrap(), name);
    }
    assert_eq!(counter::calls(), calls, "{name}: the attacker's function was called");
}

/// Every noun, and random statements, in every format that holds rows: no mistake of the program's, nothing unsafe.
fn ask(session: &Session, name: &str) {
    let rng = Rng::new(crate::grammar::seed());
    let nouns =
        NOUNS.iter().map(|noun| format!("FROM {}{}", noun.name, if noun.cite.is_some() { " CITE" } else { "" }));
    let texts: Vec<String> = nouns.chain((0..if slow() { 200 } else { 4 }).map(|_| queries::statement(&rng))).collect();
    let formats: Vec<_> = FORMATS.iter().filter(|about| about.several != Several::Document).collect();
    for (number, text) in texts.iter().enumerate() {
        let about = formats[number % formats.len()];
        let (mut out, mut notes) = (Vec::new(), Vec::new());
        for statement in &session.compile(text).unwrap_or_default() {
            let mut sink = present::renderer(about.format, &mut out, &mut notes, PLAIN);
            if let Err(RunError::Failed(diagnostic)) = session.run(statement, sink.as_mut()) {
                assert_ne!(diagnostic.code, "R499", "{name}: {text}: {diagnostic:?}");
            }
        }
        let shown = String::from_utf8([out, notes].concat()).unwrap_or_else(|_| panic!("{name}: {text}: no UTF-8"));
        check(&shown, PLAIN, Some(about.format), name);
    }
}

/// The same file through the program: asked, verified, told about.
fn by_program(crafted: &Crafted, path: &Path) {
    let name = crafted.name.as_str();
    // What is remembered of files that were in order is no part of this.
    let cache = tempfile::tempdir().unwrap();
    let commands = [&["evil.db", "-c", "FROM leaders"][..], &["verify", "evil.db"], &["info", "evil.db"]];
    // One of them, by the file's name, where there is little time.
    let (first, count) = if slow() { (0, 3) } else { (name.len(), 1) };
    for words in commands.into_iter().cycle().skip(first).take(count) {
        let output = Command::new(env!("CARGO_BIN_EXE_bilat"))
            .args(words)
            .current_dir(path.parent().unwrap())
            .env("XDG_CACHE_HOME", cache.path())
            .stdin(Stdio::null())
            .output()
            .unwrap();
        let (out, err) = (String::from_utf8(output.stdout).unwrap(), String::from_utf8(output.stderr).unwrap());
        for shown in [&out, &err] {
            check(shown, PLAIN, None, name);
        }
        let status = output.status.code();
        match crafted.outcome {
            Outcome::Refused(code) => {
                assert_eq!((status, out.as_str()), (Some(4), ""), "{name}: {words:?}: {err}");
                assert!(err.starts_with(&format!("error[{code}]: ")), "{name}: {words:?}: {err}");
            }
            // Who verifies also makes the file anew from its own data, and says what no build would have made.
            Outcome::Sealed | Outcome::Unsealed if words[0] == "verify" && status == Some(4) => {
                let errors: Vec<&str> = err.lines().filter(|line| line.starts_with("error[")).collect();
                let of_data = errors.iter().all(|line| line.starts_with("error[D3"));
                assert!(!errors.is_empty() && of_data, "{name}: {words:?}: {err}");
            }
            Outcome::Sealed | Outcome::Unsealed => {
                assert_eq!(status, Some(0), "{name}: {words:?}: {err}");
                let warned = err.matches("not sealed").count();
                assert_eq!(warned, usize::from(crafted.outcome == Outcome::Unsealed), "{name}: {words:?}: {err}");
            }
        }
    }
}
