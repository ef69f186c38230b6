//! The twenty questions at several sizes: bilat, SQL by hand in the same process, DuckDB, and whole processes, in turns.
//!
//! `cargo bench --bench twenty`. `SIZE=10000,100000,1000000` chooses the sizes, `ROUNDS=5` how often, `ONLY=1,2,14` the
//! questions, `LIMIT=60` the seconds after which a question is given up; `PROCESS=no` leaves whole processes out, and
//! `EXPLAIN=yes` shows how the slow ones were run. `TABLE=path` writes the table as Markdown. Files are made once and
//! kept under `target`; so is a Python environment with DuckDB, where there is Python and PyPI can be reached.
//!
//! Before anything is measured the rows of all are compared. A figure is a median of rounds in which all took turns.

mod generate;
#[path = "twenty/peers.rs"]
mod peers;
mod questions;
#[path = "twenty/rows.rs"]
mod rows;
#[path = "twenty/table.rs"]
mod table;

use bilat::answer::Answer;
use bilat::session::{Session, Settings};
use bilat::store::{Caches, Database, Progress, Verified};
use peers::{Duck, Process};
use questions::{Question, Subjects};
use rusqlite::{Connection, OpenFlags};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};
use table::{Figures, Table};

fn numbers(name: &str, default: &[usize]) -> Vec<usize> {
    let text = std::env::var(name).unwrap_or_default();
    let given: Vec<usize> = text.split(',').filter_map(|number| number.trim().parse().ok()).collect();
    if given.is_empty() { default.to_vec() } else { given }
}

fn is(name: &str, word: &str) -> bool {
    std::env::var(name).is_ok_and(|text| text == word)
}

fn main() {
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR"));
    let python = peers::python(&folder);
    if python.is_none() {
        println!("without DuckDB: there is no Python, or it is not on PyPI");
    }
    let mut table = Table::new();
    for size in numbers("SIZE", &[10_000, 100_000]) {
        let file = generate::file(&folder, size);
        measured(&folder, &file, size, python.as_deref(), &mut table);
    }
    if let Ok(path) = std::env::var("TABLE") {
        std::fs::write(&path, table.markdown()).expect("the table is written");
    }
}

/// One file with all that is asked of it.
struct Bench<'a> {
    file: &'a Path,
    session: Session,
    sqlite: Connection,
    duck: Option<Duck>,
    limit: Duration,
}

fn measured(folder: &Path, file: &Path, size: usize, python: Option<&Path>, table: &mut Table) {
    let limit = Duration::from_secs(numbers("LIMIT", &[60])[0] as u64);
    let known = Verified::kept_in(&Path::new(peers::CACHE).join("bilat/verified"));
    let open = || {
        let begun = Instant::now();
        let database = Database::open_watched(file, &Progress::default(), &known).expect("it opens");
        (database, begun.elapsed())
    };
    let (_, first) = open();
    let (mut database, opened) = open();
    database.keep_in(&Caches::kept_in(&Path::new(peers::CACHE).join("bilat/derived")));
    if size <= 10_000 {
        let looked = bilat::dataset::examine(&database, &Progress::default());
        assert!(looked.is_ok(), "the file is as built: {looked:?}");
    }
    let settings = Settings { timeout: Some(limit), ..Settings::default() };
    let session = Session::new(database, settings).expect("it has a reference date");
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let sqlite = Connection::open_with_flags(file, flags).expect("it opens");
    sqlite.execute_batch("BEGIN").expect("a transaction");
    let words = generate::meeting::Words::new();
    let subjects = Subjects::found(&sqlite, [words.of(20).to_string(), words.of(50).to_string()]);
    let duck = python.map(|python| Duck::new(python, folder, file));
    let bytes = std::fs::metadata(file).expect("the file is there").len();
    table.begin(size, bytes, [first, opened], duck.as_ref().map(|duck| duck.version.clone()));
    let mut bench = Bench { file, session, sqlite, duck, limit };
    let only = numbers("ONLY", &(1..=20).collect::<Vec<_>>());
    for question in subjects.questions().iter().filter(|question| only.contains(&question.number)) {
        let figures = bench.question(question);
        table.add(question, figures);
    }
    table.end();
}

impl Bench<'_> {
    /// Compares the rows, then measures.
    fn question(&mut self, question: &Question) -> Figures {
        let mut figures = Figures::default();
        let by_hand = rows::by_hand(&self.sqlite, &question.sqlite);
        figures.rows = by_hand.len();
        if let Some(duck) = &mut self.duck {
            match duck.rows(&question.duckdb) {
                Ok(rows) => rows::same("SQLite and DuckDB", question, &by_hand, &rows, &mut figures.notes),
                Err(error) => figures.notes.push(format!("DuckDB: {error}")),
            }
        }
        match self.answer(question) {
            Ok(answer) => {
                let ours = rows::of_answer(question, &answer);
                rows::same("bilat and SQL", question, &ours, &by_hand, &mut figures.notes);
            }
            Err(error) => figures.notes.push(error),
        }
        for _ in 0..numbers("ROUNDS", &[5])[0] {
            self.turn(question, &mut figures);
        }
        if !is("PROCESS", "no") {
            self.processes(question, &mut figures);
        }
        if is("EXPLAIN", "yes") {
            figures.explain(&self.session, question);
        }
        figures
    }

    fn answer(&self, question: &Question) -> Result<Answer, String> {
        self.session.database().limit_time(None);
        let prepared = self.session.compile(&question.bilat).map_err(|mistakes| format!("{:?}", mistakes.first()))?;
        let mut answer = Answer::default();
        let ran = self.session.run(&prepared[0], &mut answer);
        ran.map_err(|error| match error {
            bilat::session::RunError::Failed(diagnostic) => format!("bilat: {}", diagnostic.message),
            bilat::session::RunError::Output(error) => error.to_string(),
        })?;
        Ok(answer)
    }

    /// All take their turn once; who took too long before is left out.
    fn turn(&mut self, question: &Question, figures: &mut Figures) {
        let slow = |times: &[f64]| times.iter().any(|time| *time > 5.0);
        if !slow(&figures.bilat) {
            self.session.database().limit_time(None);
            let mut timed = rows::Timed::new();
            let text = &question.bilat;
            let ran = self.session.compile(text).map(|prepared| self.session.run(&prepared[0], &mut timed).is_ok());
            let (rows, whole) = timed.taken();
            if ran == Ok(true) {
                figures.bilat.push(whole);
                figures.alone.push(rows);
            } else {
                figures.bilat.push(f64::INFINITY);
                figures.alone.push(if timed.closed() { rows } else { f64::INFINITY });
            }
        }
        if !slow(&figures.sqlite) {
            figures.sqlite.push(rows::stepped(&self.sqlite, &question.sqlite));
        }
        if let Some(duck) = &mut self.duck {
            figures.duck1.extend(duck.time(&question.duckdb, 1));
            figures.duck2.extend(duck.time(&question.duckdb, 2));
        }
    }

    /// Whole processes in turns.
    fn processes(&self, question: &Question, figures: &mut Figures) {
        let limit = self.limit.as_secs().to_string();
        let file = self.file.display().to_string();
        let ours = [env!("CARGO_BIN_EXE_bilat"), &file, "--timeout", &limit, "--format", "csv", "-c", &question.bilat];
        let shell = std::env::var("SQLITE3").unwrap_or_else(|_| "sqlite3".to_string());
        // The first time a file is looked through; what is measured is the file that is known.
        let _ = peers::process(&ours);
        let theirs = [shell.as_str(), "-csv", &file, &question.sqlite];
        for _ in 0..numbers("ROUNDS", &[5])[0] {
            let slow = |figures: &[Process]| figures.iter().any(|figure| figure.wall > 5.0);
            for (words, figures) in [(&ours[..], &mut figures.process), (&theirs[..], &mut figures.shell)] {
                if !slow(figures) {
                    figures.extend(peers::process(words));
                }
            }
            if let Some(duck) = self.duck.as_ref().filter(|_| !slow(&figures.duck_shell)) {
                figures.duck_shell.extend(duck.shell(&question.duckdb));
            }
        }
        if question.list {
            figures.first = (0..9).filter_map(|_| peers::first_row(&ours)).collect();
            figures.first_shell = (0..9).filter_map(|_| peers::first_row(&theirs)).collect();
        }
    }
}
