//! Searching texts with an index of words and without, in one process that has the file open.
//!
//! `FILE=x.db cargo bench --bench words`; the file is best one of a million meetings with remarks (`cargo bench --bench
//! twenty` makes such files). `ROUNDS` changes the measure. Words are taken from the file: one that every tenth remark
//! has, one of every hundredth, and so on. Both sides take turns, and their rows are compared.

use bilat::answer::{Answer, Closing, Head, Row, Sink, Verdict};
use bilat::session::{Session, Settings};
use bilat::store::{Caches, Database, Progress, Verified};
use std::collections::HashMap;
use std::io;
use std::path::Path;
use std::time::{Duration, Instant};

fn main() {
    let Some(file) = std::env::var_os("FILE") else { return println!("FILE names the file to search in") };
    let rounds = std::env::var("ROUNDS").ok().and_then(|text| text.parse().ok()).unwrap_or(5);
    let folder = tempfile::tempdir().expect("there is a place for temporary files");
    let caches = Caches::kept_in(folder.path());
    let open = |caches: &Caches| {
        // A file is known by its digest, which is taken where it is remembered that it was in order.
        let verified = Verified::kept_in(&Path::new(env!("CARGO_TARGET_TMPDIR")).join("verified"));
        let mut database =
            Database::open_watched(Path::new(&file), &Progress::default(), &verified).expect("the file opens");
        database.keep_in(caches);
        Session::new(database, Settings::default()).expect("it has a reference date")
    };
    let (with, without) = (open(&caches), open(&Caches::default()));
    let (meetings, words) = frequent(&without);
    let begun = Instant::now();
    asked(&with, "SELECT remark FROM meetings WHERE remark CONTAINS 'xyzzy'");
    let built = begun.elapsed();
    let bytes: u64 = with.database().cache().kept().iter().map(|(_, bytes)| bytes).sum();
    let size = bytes as f64 / meetings as f64;
    println!("{meetings} meetings; the index is built in {built:.0?} and has {size:.1} bytes a meeting");
    println!("medians of {rounds}, ms: rows and closing lines, rows alone\n{:60} {:>17} {:>17}", "", "with", "without");
    for query in queries(&words, meetings) {
        let mut figures = [(); 4].map(|()| Vec::new());
        for _ in 0..rounds {
            let (mine, theirs) = (asked(&with, &query), asked(&without, &query));
            assert!(mine.0.rows == theirs.0.rows, "{query} gives other rows");
            for (figures, figure) in figures.iter_mut().zip([mine.1, mine.2, theirs.1, theirs.2]) {
                figures.push(figure);
            }
        }
        let [a, b, c, d] = figures.map(median);
        println!("{query}\n{:60} {a:8.2} {b:8.2} {c:8.2} {d:8.2}", "");
    }
}

/// How many meetings there are, and the words of remarks with how many have them.
fn frequent(session: &Session) -> (usize, Vec<(String, usize)>) {
    let remarks = asked(session, "SELECT remark FROM meetings").0;
    let mut counts: HashMap<String, usize> = HashMap::new();
    for row in &remarks.rows {
        let text = format!("{:?}", row.cells).to_lowercase();
        for word in text.split(|c: char| !c.is_alphanumeric()).filter(|word| word.len() > 3 && *word != "text") {
            *counts.entry(word.to_string()).or_default() += 1;
        }
    }
    let mut words: Vec<_> = counts.into_iter().collect();
    words.sort_by(|one, other| (other.1, &one.0).cmp(&(one.1, &other.0)));
    (remarks.rows.len(), words)
}

fn queries(words: &[(String, usize)], meetings: usize) -> Vec<String> {
    let one_of = |many: usize| {
        let near = words.iter().min_by_key(|(_, count)| count.abs_diff(meetings / many));
        near.map_or("", |(word, _)| word.as_str())
    };
    let newest = |condition: String| {
        format!("SELECT date, participants, remark FROM meetings WHERE {condition} ORDER BY date DESC LIMIT 20")
    };
    let has = |word: &str| format!("remark CONTAINS '{word}'");
    vec![
        newest(format!("{} AND {}", has(one_of(10)), has(one_of(20)))),
        newest(format!("{} AND {}", has(one_of(20)), has(one_of(1000)))),
        newest(has(one_of(4))),
        newest(has(one_of(100))),
        newest(has(one_of(10_000))),
        newest(format!("remark LIKE '%{}%{}%'", one_of(20), one_of(100))),
        newest(has(&format!("{} {}", one_of(10), one_of(20)))),
        format!("SELECT count() FROM meetings WHERE {}", has(one_of(4))),
        format!("SELECT count() FROM meetings WHERE {}", has(one_of(100))),
        format!("SELECT date, remark FROM meetings WHERE {} OR {}", has(one_of(1000)), has(one_of(2000))),
    ]
}

/// The answer, how long it took, and how long its rows took.
fn asked(session: &Session, query: &str) -> (Answer, Duration, Duration) {
    session.database().limit_time(None);
    let begun = Instant::now();
    let prepared = session.compile(query).expect("the query compiles");
    let mut answer = Timed { answer: Answer::default(), rows: begun };
    session.run(&prepared[0], &mut answer).expect("the query runs");
    (answer.answer, begun.elapsed(), answer.rows - begun)
}

/// An answer that knows when its last row came.
struct Timed {
    answer: Answer,
    rows: Instant,
}

impl Sink for Timed {
    fn head(&mut self, head: &Head) -> io::Result<()> {
        self.answer.head(head)
    }

    fn row(&mut self, row: &Row) -> io::Result<()> {
        self.rows = Instant::now();
        self.answer.row(row)
    }

    fn closing(&mut self, closing: &Closing) -> io::Result<()> {
        self.answer.closing(closing)
    }

    fn verdict(&mut self, verdict: &Verdict) -> io::Result<()> {
        self.answer.verdict(verdict)
    }
}

fn median(mut figures: Vec<Duration>) -> f64 {
    figures.sort();
    figures.get(figures.len() / 2).map_or(0.0, |middle| middle.as_secs_f64() * 1000.0)
}
