//! Texts are searched by an index of their words, and the rows are those that reading every text gives.

use crate::oracle::rng::Rng;
use bilat::answer::Answer;
use bilat::catalog::NounId;
use bilat::dataset;
use bilat::dataset::records::{Record, read_folder};
use bilat::session::{RunError, Session, Settings};
use bilat::store::{Caches, Database, Progress, Verified};
use std::path::{Path, PathBuf};
use std::process::Command;

/// Letters of several scripts, marks, separators, wildcards; what stands in texts stands in patterns too.
const PIECES: &[&str] = &[
    "gas",
    "Gas",
    "pipe",
    "line",
    "Épée",
    "e\u{301}pe\u{301}e",
    "straße",
    "ﬁn",
    "İz",
    "Жур",
    "習近平",
    "김",
    "정은",
    "2024",
    "a",
    " ",
    " ",
    " ",
    "-",
    "’",
    ".",
    ", ",
    "%",
    "_",
];

fn text(rng: &Rng, most: usize) -> String {
    (0..=rng.below(most)).map(|_| *rng.pick(PIECES)).collect::<String>().trim().to_string()
}

/// Our own dataset with `count` meetings more, which have random remarks.
fn file(folder: &Path, rng: &Rng, count: usize) -> PathBuf {
    let mut records = read_folder(&Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures")).unwrap();
    for at in 0..count {
        let meeting = Record::new(format!("more-{at}")).with("remark", text(rng, 9));
        records.nouns.entry(NounId::Meetings).or_default().push(meeting);
        for leader in ["aliyev", "arce"] {
            let key = format!("more-{at}-{leader}");
            let participant = Record::new(key).with("meeting", format!("more-{at}")).with("leader", leader);
            records.nouns.entry(NounId::Participants).or_default().push(participant);
        }
    }
    let path = folder.join("x.db");
    dataset::put(&path, &dataset::build(&records).unwrap().bytes, true).unwrap();
    path
}

fn session(path: &Path, folder: &Path, caches: &Caches) -> Session {
    let verified = Verified::kept_in(&folder.join("verified"));
    let mut database = Database::open_watched(path, &Progress::default(), &verified).unwrap();
    database.keep_in(caches);
    Session::new(database, Settings { packed: false, ..Settings::default() }).unwrap()
}

/// The rows of a query, what is said under them, and whether an index was asked.
fn asked(session: &Session, query: &str) -> (Vec<String>, String, bool) {
    let prepared = session.compile(query).unwrap_or_else(|mistakes| panic!("{query}: {mistakes:?}"));
    let mut answer = Answer::default();
    session.run(&prepared[0], &mut answer).unwrap();
    let searched = session.sql(&prepared[0]).is_some_and(|sql| sql.contains("rarray"));
    let rows = answer.rows.iter().map(|row| format!("{:?}", row.cells)).collect();
    (rows, format!("{:?}", answer.closing), searched)
}

fn condition(rng: &Rng) -> String {
    let text = text(rng, 3).replace('\'', "''");
    let test = match rng.below(4) {
        0 => format!("remark LIKE '%{text}%'"),
        1 => format!("remark LIKE '{text}%'"),
        _ => format!("remark CONTAINS '{text}'"),
    };
    match rng.below(8) {
        0 => format!("NOT {test}"),
        1 => format!("({test} OR {})", condition(rng)),
        2 => format!("({test} AND {})", condition(rng)),
        3 => format!("({test} OR participants CONTAINS 'arce')"),
        4 => "participants CONTAINS 'put'".to_string(),
        5 => format!("{test} AND NOT participants LIKE 'Vladimir%'"),
        _ => test,
    }
}

#[test]
fn random_searches_give_the_same_rows_with_an_index_and_without() {
    let folder = tempfile::tempdir().unwrap();
    let rng = Rng::new(26);
    let path = file(folder.path(), &rng, 100);
    let caches = Caches::kept_in(&folder.path().join("derived")).from_rows(0);
    let (with, without) = (session(&path, folder.path(), &caches), session(&path, folder.path(), &Caches::default()));
    let (mut searched, mut found) = (0, 0);
    for _ in 0..if std::env::var_os("SLOW").is_some() { 5_000 } else { 60 } {
        let end = *rng.pick(&["", " ORDER BY date DESC LIMIT 3", " ORDER BY remark"]);
        let query = format!("SELECT remark, participants FROM meetings WHERE {}{end}", condition(&rng));
        let (rows, closing, used) = asked(&with, &query);
        let (expected, said, never) = asked(&without, &query);
        assert_eq!((&rows, closing, never), (&expected, said, false), "{query}");
        searched += usize::from(used);
        found += usize::from(used && !rows.is_empty());
    }
    assert!(searched > 20 && found > 10, "{searched} {found}");
}

#[test]
fn an_index_is_kept_and_a_damaged_one_is_made_again() {
    let folder = tempfile::tempdir().unwrap();
    let rng = Rng::new(27);
    let path = file(folder.path(), &rng, 60);
    let derived = folder.path().join("derived");
    let caches = Caches::kept_in(&derived).from_rows(0);
    let query = "SELECT remark FROM meetings WHERE remark CONTAINS 'pipe'";
    let kept = || -> Vec<(PathBuf, Vec<u8>)> {
        let entries = std::fs::read_dir(&derived).into_iter().flatten().flatten();
        entries.map(|entry| (entry.path(), std::fs::read(entry.path()).unwrap())).collect()
    };
    let expected = asked(&session(&path, folder.path(), &Caches::default()), query).0;
    assert!(!expected.is_empty() && kept().is_empty());
    let (rows, _, searched) = asked(&session(&path, folder.path(), &caches), query);
    assert_eq!((rows, searched), (expected.clone(), true));
    let made = kept();
    assert_eq!(made.len(), 1);
    let (name, bytes) = &made[0];
    assert!(name.to_string_lossy().contains("words-of-meetings-remark"), "{name:?}");
    for at in [0, 20, 70, bytes.len() - 1] {
        let mut torn = bytes.clone();
        torn[at] ^= 4;
        std::fs::write(name, &torn).unwrap();
        assert_eq!(asked(&session(&path, folder.path(), &caches), query).0, expected, "{at}");
    }
    // What was damaged where a search began was made again; the last byte belongs to a word that was not looked for.
    std::fs::write(name, b"").unwrap();
    assert_eq!(asked(&session(&path, folder.path(), &caches), query).0, expected);
    assert_eq!(kept(), made);
    // Where nothing can be kept, it is in memory.
    std::fs::remove_file(name).unwrap();
    let full = caches.within(10);
    let (rows, _, searched) = asked(&session(&path, folder.path(), &full), query);
    assert_eq!((rows, searched, kept().len()), (expected, true, 0));
}

#[test]
fn the_program_tells_what_it_keeps_and_keeps_nothing_where_it_is_told_so() {
    let folder = tempfile::tempdir().unwrap();
    let mut records = read_folder(&Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures")).unwrap();
    for at in 0..5_000 {
        let topic = Record::new(format!("topic-{at}")).with("name", format!("gas number {at}"));
        records.nouns.entry(NounId::Topics).or_default().push(topic);
    }
    dataset::put(&folder.path().join("x.db"), &dataset::build(&records).unwrap().bytes, true).unwrap();
    let ran = |arguments: &[&str]| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_bilat"));
        command.args(arguments).current_dir(folder.path()).env("XDG_CACHE_HOME", folder.path().join("cache"));
        let output = command.output().unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8_lossy(&output.stdout).into_owned()
    };
    let caches = |arguments: &[&str]| {
        let info = ran(&[&["info", "--format", "tsv"], arguments].concat());
        info.lines().find_map(|line| line.strip_prefix("caches\t")).unwrap_or(&info).to_string()
    };
    let query = ["x.db", "--format", "csv", "-c", "FROM topics SELECT name WHERE name CONTAINS 'number 4711'"];
    assert_eq!(caches(&["--no-cache", "x.db"]), "switched off");
    assert_eq!(caches(&[]), "none; they are for files with a table of 5000 rows or more");
    assert_eq!(ran(&[&query[..], &["--no-cache"]].concat()), "name\ngas number 4711\n");
    assert_eq!(caches(&["x.db"]), "none yet");
    assert_eq!(ran(&query), "name\ngas number 4711\n");
    assert_eq!(caches(&["x.db"]), "words of topics name (0.1 MB)");
    assert_eq!(ran(&query), "name\ngas number 4711\n");
    let explained = ran(&["x.db", "-c", "EXPLAIN FROM topics WHERE name CONTAINS 'number 4711'"]);
    assert!(
        explained.contains("search-words") && explained.contains("words of topics: name \"number 4711\""),
        "{explained}"
    );
}

#[test]
fn a_search_stopped_while_words_are_read_is_stopped_and_keeps_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let path = file(folder.path(), &Rng::new(28), 600);
    let derived = folder.path().join("derived");
    let verified = Verified::default();
    let mut database = Database::open_watched(&path, &Progress::default(), &verified).unwrap();
    database.digest = Some("00".to_string());
    database.keep_in(&Caches::kept_in(&derived).from_rows(0));
    // Whoever is to show the work stops it as it begins.
    database.show_work(Box::new(|progress| Box::new(progress.stopper().stop())));
    let session = Session::new(database, Settings { packed: false, ..Settings::default() }).unwrap();
    let prepared = session.compile("SELECT remark FROM meetings WHERE remark CONTAINS 'pipe'").unwrap();
    let ran = session.run(&prepared[0], &mut Answer::default());
    assert!(matches!(ran, Err(RunError::Failed(diagnostic)) if diagnostic.code == "R409"));
    assert_eq!(std::fs::read_dir(&derived).map_or(0, Iterator::count), 0);
    // Nor is there time to read them where the statement has none to spare.
    session.database().limit_time(Some(std::time::Duration::from_millis(1)));
    assert!(!session.sql(&prepared[0]).unwrap().contains("rarray"));
}
