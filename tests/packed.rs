//! Blocks are computed from packed columns where they can be, and answers are those that SQL gives.

use bilat::answer::Answer;
use bilat::diagnostic::Diagnostic;
use bilat::session::{RunError, Session, Settings};
use bilat::store::{Caches, Database, Progress, Verified};
use std::path::{Path, PathBuf};

/// Each with what stands in its plan: whether rows, groups or counts are computed.
const QUERIES: &[&str] = &[
    "SELECT year(date), count() FROM meetings GROUP BY year(date)",
    "SELECT host_country.region, month(date), count() FROM meetings SINCE 2024 GROUP BY host_country.region, month(date)",
    "SELECT first, second, count() FROM pairs GROUP BY first, second ORDER BY count() DESC LIMIT 5",
    "SELECT first.leader, second.leader, count() FROM pairs SINCE 2024-06 GROUP BY first.leader, second.leader",
    "SELECT counterparts, min(date), max(date), count() FROM meetings WITH Putin GROUP BY counterparts",
    "SELECT leader, min(meeting.date) FROM participants GROUP BY leader",
    "SELECT leader, count(DISTINCT meeting.participants) FROM participants DURING 2024 GROUP BY leader",
    "SELECT topics, year(date), count() FROM meetings GROUP BY topics, year(date)",
    "SELECT format, year(date), count() FROM meetings WHERE size(accounts) = 1 GROUP BY format, year(date)",
    "SELECT participants.country, count() FROM meetings WITH Putin AND SCO GROUP BY participants.country",
    "SELECT format, count(), avg(size(participants)) FROM meetings GROUP BY format",
    "SELECT country, sum(duration), max(duration) FROM visits BY Putin GROUP BY country",
    "SELECT name FROM leaders WHERE MET Putin AND NOT MET Xi",
    "SELECT leader.office, count() FROM visits GROUP BY leader.office",
    "SELECT count(), min(date), max(date) FROM meetings WITH Putin",
    "SELECT month(date), count(), count_possible() FROM meetings GROUP BY month(date)",
    "SELECT topics, month(date), count_possible() FROM meetings GROUP BY topics, month(date)",
    "SELECT leader, count(DISTINCT meeting.host_country) FROM participants GROUP BY leader HAVING count(DISTINCT meeting.host_country) > 1",
];

fn bundled() -> Session {
    let database = Database::bundled().unwrap();
    // However small it is.
    database.pack_from(0);
    Session::new(database, Settings::default()).unwrap()
}

fn answer(session: &Session, query: &str) -> Answer {
    let prepared = session.compile(query).unwrap_or_else(|mistakes| panic!("{query}: {mistakes:?}"));
    let mut answer = Answer::default();
    session.run(&prepared[0], &mut answer).unwrap_or_else(|error| panic!("{query}: {error:?}"));
    answer
}

#[test]
fn what_is_counted_is_computed_from_packed_columns_and_the_answer_is_that_of_sql() {
    let mut session = bundled();
    for query in QUERIES {
        let explained = format!("{:?}", answer(&session, &format!("EXPLAIN {query}")));
        assert!(explained.contains("packed-columns"), "{query}: {explained}");
        let packed = answer(&session, query);
        session.settings.packed = false;
        let explained = format!("{:?}", answer(&session, &format!("EXPLAIN {query}")));
        assert!(!explained.contains("packed-columns"), "{query}");
        assert_eq!(packed, answer(&session, query), "{query}");
        session.settings.packed = true;
    }
}

#[test]
fn lists_and_single_names_are_left_to_sql() {
    let session = bundled();
    for query in ["FROM meetings WITH Putin", "FROM meetings WITH Putin AND Xi SINCE 2024", "SELECT name FROM leaders"]
    {
        let explained = format!("{:?}", answer(&session, &format!("EXPLAIN {query}")));
        assert!(!explained.contains("packed-columns"), "{query}: {explained}");
    }
}

#[test]
fn small_files_are_not_packed() {
    let session = Session::new(Database::bundled().unwrap(), Settings::default()).unwrap();
    assert!(session.database().packed().is_none());
}

/// A copy of the bundled file in a folder, with what is kept of it beside it.
struct Folder {
    folder: tempfile::TempDir,
}

impl Folder {
    fn new() -> Folder {
        let folder = tempfile::tempdir().unwrap();
        let own = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/bilat.db");
        let mut records = bilat::dataset::unpack::records(&Database::open(&own).unwrap()).unwrap();
        // Another file than the bundled one, which is known without being looked at.
        records.settings.insert("title".into(), "Another".into());
        let bytes = bilat::dataset::build(&records).unwrap().bytes;
        std::fs::write(folder.path().join("x.db"), bytes).unwrap();
        Folder { folder }
    }

    fn session(&self) -> Session {
        let verified = Verified::kept_in(&self.folder.path().join("verified"));
        let file = self.folder.path().join("x.db");
        let mut database = Database::open_watched(&file, &Progress::default(), &verified).unwrap();
        database.keep_in(&Caches::kept_in(&self.folder.path().join("caches")).from_rows(0));
        database.pack_from(0);
        Session::new(database, Settings::default()).unwrap()
    }

    fn kept(&self) -> PathBuf {
        let entries = std::fs::read_dir(self.folder.path().join("caches")).unwrap();
        let mut names = entries.map(|entry| entry.unwrap().path());
        names.find(|path| path.to_string_lossy().contains("-columns-")).expect("columns are kept")
    }
}

#[test]
fn columns_are_kept_and_a_damaged_file_of_them_changes_no_answer() {
    let folder = Folder::new();
    let queries = [QUERIES[0], QUERIES[2], QUERIES[4], QUERIES[6]];
    let answers: Vec<Answer> = queries.iter().map(|query| answer(&folder.session(), query)).collect();
    let path = folder.kept();
    let whole = std::fs::read(&path).unwrap();
    // What is kept is read again, and not made again.
    let inode = || std::os::unix::fs::MetadataExt::ino(&std::fs::metadata(&path).unwrap());
    let before = inode();
    for (query, expected) in queries.iter().zip(&answers) {
        assert_eq!(answer(&folder.session(), query), *expected, "{query}");
    }
    assert_eq!(inode(), before);
    let step = if std::env::var_os("SLOW").is_some() { 97 } else { whole.len() / 10 };
    for at in (0..whole.len()).step_by(step.max(1)) {
        let mut damaged = whole.clone();
        damaged[at] ^= 0x55;
        std::fs::write(&path, &damaged).unwrap();
        let query = at % queries.len();
        assert_eq!(answer(&folder.session(), queries[query]), answers[query], "byte {at}: {}", queries[query]);
        std::fs::write(&path, &whole[..at]).unwrap();
        assert_eq!(answer(&folder.session(), queries[query]), answers[query], "cut at {at}: {}", queries[query]);
    }
}

#[test]
fn whoever_stops_a_query_stops_what_is_computed() {
    let session = bundled();
    let prepared = session.compile(QUERIES[2]).unwrap();
    let stopper = session.stopper();
    let mut answer = Stopping { stopper, answer: Answer::default() };
    let ended = session.run(&prepared[0], &mut answer);
    let code = |error: RunError| match error {
        RunError::Failed(Diagnostic { code, .. }) => code,
        RunError::Output(error) => panic!("{error}"),
    };
    assert_eq!(ended.map_err(code), Err("R409"));
    assert!(answer.answer.rows.is_empty());
}

/// Stops the query as soon as it has a head.
struct Stopping {
    stopper: bilat::store::Stopper,
    answer: Answer,
}

impl bilat::answer::Sink for Stopping {
    fn head(&mut self, head: &bilat::answer::Head) -> std::io::Result<()> {
        self.stopper.stop();
        self.answer.head(head)
    }
    fn row(&mut self, row: &bilat::answer::Row) -> std::io::Result<()> {
        self.answer.row(row)
    }
    fn closing(&mut self, closing: &bilat::answer::Closing) -> std::io::Result<()> {
        self.answer.closing(closing)
    }
    fn verdict(&mut self, verdict: &bilat::answer::Verdict) -> std::io::Result<()> {
        self.answer.verdict(verdict)
    }
}
