//! Memory runs out at every allocation of SQLite's, once or from then on: no panic, an error that says so, or the right
//! answer; never is a healthy file called damaged. (The program's own memory comes from elsewhere, and ends it.)

#![allow(unsafe_code)]

use crate::grammar::slow;
use bilat::answer::Answer;
use bilat::dataset::{self, records};
use bilat::diagnostic::Diagnostic;
use bilat::session::{RunError, Session, Settings};
use bilat::store::{Database, Progress, Verified};
use rusqlite::ffi;
use std::ffi::{c_int, c_void};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use std::process::Command;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

/// Allocations since they were last counted from 0.
static COUNT: AtomicU64 = AtomicU64::new(0);
/// The one that fails; 0 is none.
static FAILS: AtomicU64 = AtomicU64::new(0);
static STICKY: AtomicBool = AtomicBool::new(false);
static MALLOC: OnceLock<unsafe extern "C" fn(c_int) -> *mut c_void> = OnceLock::new();
static REALLOC: OnceLock<unsafe extern "C" fn(*mut c_void, c_int) -> *mut c_void> = OnceLock::new();

fn fails() -> bool {
    let (number, fails) = (COUNT.fetch_add(1, Ordering::Relaxed) + 1, FAILS.load(Ordering::Relaxed));
    fails > 0 && (number == fails || (number > fails && STICKY.load(Ordering::Relaxed)))
}

unsafe extern "C" fn malloc(size: c_int) -> *mut c_void {
    match MALLOC.get() {
        Some(real) if !fails() => unsafe { real(size) },
        _ => std::ptr::null_mut(),
    }
}

unsafe extern "C" fn realloc(old: *mut c_void, size: c_int) -> *mut c_void {
    match REALLOC.get() {
        Some(real) if !fails() => unsafe { real(old, size) },
        _ => std::ptr::null_mut(),
    }
}

/// Puts the counting in, before SQLite does anything.
fn count_allocations() {
    let mut methods = unsafe { std::mem::zeroed::<ffi::sqlite3_mem_methods>() };
    let done = unsafe { ffi::sqlite3_config(ffi::SQLITE_CONFIG_GETMALLOC, &raw mut methods) };
    assert_eq!(done, ffi::SQLITE_OK);
    assert!(MALLOC.set(methods.xMalloc.unwrap()).is_ok());
    assert!(REALLOC.set(methods.xRealloc.unwrap()).is_ok());
    methods.xMalloc = Some(malloc);
    methods.xRealloc = Some(realloc);
    let done = unsafe { ffi::sqlite3_config(ffi::SQLITE_CONFIG_MALLOC, &raw mut methods) };
    assert_eq!(done, ffi::SQLITE_OK, "something used SQLite before");
}

/// Work as text: what came of it, to be compared.
type Work<'a> = Box<dyn Fn() -> Result<String, Vec<Diagnostic>> + 'a>;

fn version(database: &Database) -> Result<String, Diagnostic> {
    Ok(format!("{:?} {:?}", database.sealed, database.setting("seal")?))
}

fn asked(session: &Session, query: &str) -> Result<String, Vec<Diagnostic>> {
    let prepared = session.compile(query)?;
    let mut answer = Answer::default();
    match session.run(&prepared[0], &mut answer) {
        Ok(_) => Ok(format!("{answer:?}")),
        Err(RunError::Failed(diagnostic)) => Err(vec![diagnostic]),
        Err(RunError::Output(error)) => panic!("{error}"),
    }
}

const QUERY: &str = "SELECT leader.name, meeting.date FROM participants ORDER BY leader.name";

/// What is tried, in a folder as the other faults have it.
fn works(home: &Path) -> Vec<(&'static str, Work<'_>)> {
    let (source, target) = (home.join("source.db"), home.join("x.db"));
    let bytes = std::fs::read(&source).unwrap();
    let sheets = records::read_folder(&home.join("sheets")).unwrap();
    let before = std::fs::read(&target).unwrap();
    let one = |diagnostic| vec![diagnostic];
    let open = move || {
        begin();
        Database::from_bytes(&bytes, "x.db").and_then(|database| version(&database)).map_err(one)
    };
    let build = move || {
        begin();
        dataset::build(&sheets).map(|built| built.version)
    };
    let opened = Database::open(&source).unwrap();
    let ask = {
        let source = source.clone();
        move || {
            let session = Database::open(&source).and_then(|database| Session::new(database, Settings::default()));
            begin();
            asked(&session.map_err(one)?, QUERY)
        }
    };
    let ship = {
        let target = target.clone();
        move || {
            begin();
            dataset::ship(&opened, &target, true, &Progress::default()).map(|built| built.version)
        }
    };
    let save = move || {
        std::fs::write(&target, &before).unwrap();
        begin();
        let queries = vec![("claims".to_string(), "ASSERT count(FROM meetings) = 1;\n".to_string())];
        let saved = dataset::save(&target, queries, &[], &Progress::default(), &Verified::default());
        if saved.is_err() {
            assert!(std::fs::read(&target).unwrap() == before);
        }
        saved.map(|built| built.map(|built| built.version).unwrap_or_default())
    };
    vec![
        ("open", Box::new(open)),
        ("query", Box::new(ask)),
        ("build", Box::new(build)),
        ("ship", Box::new(ship)),
        ("save", Box::new(save)),
    ]
}

thread_local! {
    /// The allocation that is to fail, and whether all later ones do.
    static POINT: std::cell::Cell<(u64, bool)> = const { std::cell::Cell::new((0, false)) };
}

/// Each work says when: from now on allocations are counted, and one fails.
fn begin() {
    let (fails, sticky) = POINT.with(std::cell::Cell::get);
    COUNT.store(0, Ordering::Relaxed);
    STICKY.store(sticky, Ordering::Relaxed);
    FAILS.store(fails, Ordering::Relaxed);
}

/// Does the work with the allocation of that number failing; whether there was one.
fn meet(work: &Work<'_>, fails: u64, sticky: bool) -> (Result<String, Vec<Diagnostic>>, bool) {
    POINT.with(|point| point.set((fails, sticky)));
    let done = catch_unwind(AssertUnwindSafe(work));
    FAILS.store(0, Ordering::Relaxed);
    let hit = COUNT.load(Ordering::Relaxed) >= fails;
    (done.unwrap_or_else(|_| panic!("it panics at {fails}, sticky {sticky}")), hit)
}

fn tried(name: &str, work: &Work<'_>) -> String {
    let (right, _) = meet(work, 0, false);
    let right = right.unwrap();
    let all = COUNT.load(Ordering::Relaxed);
    let every = usize::try_from(all / if slow() { 4000 } else { 25 }).unwrap().max(1);
    let (mut points, mut refused) = (0, 0);
    for fails in (1..=all).step_by(every) {
        for sticky in [false, true] {
            let (done, hit) = meet(work, fails, sticky);
            assert!(hit, "{name}: there is no allocation {fails} of {all}");
            points += 1;
            match done {
                Ok(answer) => assert!(answer == right, "{name}, {fails}, sticky {sticky}: {answer} instead of {right}"),
                Err(mistakes) => {
                    let codes: Vec<&str> = mistakes.iter().map(|mistake| mistake.code).collect();
                    assert_eq!(codes, ["R417"], "{name}, {fails}, sticky {sticky}: {mistakes:?}");
                    refused += 1;
                }
            }
        }
    }
    format!("memory, {name}: {points} of {} points tried, {refused} refused\n", 2 * all)
}

/// Set in the process in which memory runs out: it would run out for the other tests, too.
const CHILD: &str = "OUT_OF_MEMORY";

#[test]
fn short_memory_is_told_as_such() {
    if std::env::var_os(CHILD).is_some() {
        count_allocations();
        let home = super::place::furnished();
        for (name, work) in works(home.path()) {
            print!("{}", tried(name, &work));
        }
        return;
    }
    let mut command = Command::new(std::env::current_exe().unwrap());
    command.args(["--exact", "faults::memory::short_memory_is_told_as_such", "--test-threads=1", "--nocapture"]);
    let output = command.env(CHILD, "1").output().unwrap();
    let said = String::from_utf8_lossy(&output.stdout);
    for line in said.lines().filter_map(|line| Some(line.get(line.find("memory, ")?..)?.to_string())) {
        println!("{line}");
    }
    assert!(output.status.success(), "{said}\n{}", String::from_utf8_lossy(&output.stderr));
    assert!(said.contains("memory, save"), "{said}");
}
