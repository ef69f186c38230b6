//! What `bilat fmt` gives back says the same as what it was given, comments and all, and is as it wants it.
//!
//! `SLOW=1` tries many more sentences; `SEED=n` begins elsewhere.

use crate::grammar::{root, scripts, seed, slow};
use crate::oracle::rng::Rng;
use bilat::present::{self, Format, Style};
use bilat::session::{Session, Settings};
use bilat::store::Database;
use bilat::syntax::{Formatted, comments, format, parse};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Duration;

fn formatted(text: &str) -> Option<Formatted> {
    format(text, &|_| false).ok()
}

/// The tree of a text without its spans; `None` if the text has mistakes.
fn tree(text: &str) -> Option<String> {
    let script = parse(text);
    let statements: Vec<_> = script.statements.iter().map(|statement| &statement.value).collect();
    let told = format!("{statements:?}");
    let mut parts = told.split("Span { start: ");
    let mut tree = parts.next().unwrap_or_default().to_string();
    for part in parts {
        tree.push_str(part.split_once(" }").expect("a span is closed").1);
    }
    script.diagnostics.is_empty().then_some(tree)
}

/// The comments of a text, blanks at the ends of lines aside.
fn said(text: &str) -> Vec<&str> {
    comments(text).into_iter().map(|span| span.text(text).trim_end()).collect()
}

/// Why the formatted text is not as it should be.
fn fault(text: &str) -> Option<String> {
    let Some(once) = formatted(text) else {
        return tree(text).map(|_| "a text without mistakes is refused".to_string());
    };
    let before = tree(text);
    let after = tree(&once.text);
    let twice = formatted(&once.text)?;
    let mut comments = (said(text), said(&once.text));
    if before.is_none() {
        comments.0.sort_unstable();
        comments.1.sort_unstable();
    }
    let fault = if after.is_none() || before.is_some() && before != after {
        "it says something else"
    } else if comments.0 != comments.1 {
        "comments are lost"
    } else if twice.text != once.text || !twice.repairs.is_empty() {
        "it changes once more"
    } else if once.text.lines().any(|line| line.ends_with([' ', '\t'])) && !text.contains(" \n") {
        "a line ends with a blank"
    } else {
        return None;
    };
    Some(format!("{fault}:\n{text}\nbecomes\n{}\nand then\n{}", once.text, twice.text))
}

/// All queries written in cases and in the README.
fn written() -> Vec<String> {
    let mut queries = Vec::new();
    for path in files(&root().join("tests/cases"), "case") {
        let text = std::fs::read_to_string(path).unwrap();
        for part in text.split("\n> ").skip(1) {
            queries.push(part.split("\n--- ").next().unwrap().to_string());
        }
    }
    let readme = std::fs::read_to_string(root().join("README.md")).unwrap();
    let blocks = readme.split("```bilat\n").skip(1).map(|block| block.split("```").next().unwrap().to_string());
    queries.extend(blocks);
    queries
}

fn files(folder: &Path, ending: &str) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap().flatten() {
        match entry.path() {
            path if path.is_dir() => found.extend(files(&path, ending)),
            path if path.extension().is_some_and(|end| end == ending) => found.push(path),
            _ => {}
        }
    }
    found.sort();
    found
}

#[test]
fn every_query_written_here_says_the_same_when_formatted() {
    let queries = written();
    let right = queries.iter().filter(|query| formatted(query).is_some()).count();
    println!("{} queries, {right} of them formatted", queries.len());
    assert!(queries.len() > 100 && right > 80, "{} queries, {right} right", queries.len());
    let faults: Vec<String> = queries.iter().filter_map(|query| fault(query)).collect();
    assert!(faults.is_empty(), "{}", faults.join("\n\n"));
}

#[test]
fn every_query_written_here_is_answered_the_same_when_formatted() {
    let settings = Settings { timeout: Some(Duration::from_secs(20)), ..Settings::default() };
    let session = Session::new(Database::bundled().unwrap(), settings).unwrap();
    let answers = |text: &str| {
        let (mut out, mut notes) = (Vec::new(), Vec::new());
        for statement in session.compile(text).ok()? {
            let mut sink = present::renderer(Format::Table, &mut out, &mut notes, Style::default());
            session.run(&statement, sink.as_mut()).ok()?;
        }
        Some((String::from_utf8(out).unwrap(), String::from_utf8(notes).unwrap()))
    };
    let mut compared = 0;
    for query in written().iter().filter(|query| !query.contains("EXPLAIN")) {
        let Some((before, formatted)) = answers(query).zip(formatted(query)) else { continue };
        assert_eq!(answers(&formatted.text), Some(before), "{query}");
        compared += 1;
    }
    assert!(compared > 60, "only {compared} were compared");
}

#[test]
fn sentences_of_the_grammar_say_the_same_when_formatted() {
    let rng = Rng::new(seed());
    let count = if slow() { 100_000 } else { 2_000 };
    let (mut lines, mut long, mut repairs) = (0, 0, 0);
    let mut faults = Vec::new();
    for sentence in scripts(count, &rng) {
        faults.extend(fault(&sentence));
        let Some(formatted) = formatted(&sentence) else { continue };
        lines += formatted.text.lines().count();
        long += formatted.text.lines().filter(|line| line.chars().count() > 100 && !line.contains("/*")).count();
        repairs += formatted.repairs.len();
    }
    println!("{count} sentences, {lines} lines, {long} longer than 100, {repairs} repairs");
    assert!(faults.is_empty(), "seed {}: {}\n{}", seed(), faults.len(), faults[..faults.len().min(5)].join("\n\n"));
}

/// Habits in place of what is right, at random places of queries.
const HABITS: &[(&str, &str)] = &[
    ("!=", "<>"),
    ("=", "=="),
    (" AND ", "&&"),
    (" OR ", " || "),
    ("count()", "COUNT(*)"),
    ("'", "“"),
    ("UNKNOWN", "NULL"),
    (" AS ", " "),
    ("2024-05", "2024-5"),
    ("2024-05", "'2024-05'"),
    (" ", " -- a comment\n"),
    (" ", " /* another */ "),
    ("FROM", "\n/* one\nof two lines */FROM"),
    (";", "; -- behind\n\n\n"),
];

#[test]
fn habits_and_comments_anywhere_lose_nothing() {
    let rng = Rng::new(seed());
    let queries = written();
    let (mut repaired, mut refused) = (0, 0);
    let mut faults = Vec::new();
    for _ in 0..if slow() { 50_000 } else { 2_000 } {
        let mut query = rng.pick(&queries).clone();
        for _ in 0..1 + rng.below(4) {
            let (right, habit) = rng.pick(HABITS);
            let places: Vec<usize> = query.match_indices(right).map(|(at, _)| at).collect();
            if !places.is_empty() {
                let at = *rng.pick(&places);
                query.replace_range(at..at + right.len(), habit);
            }
        }
        match formatted(&query) {
            Some(formatted) => repaired += usize::from(!formatted.repairs.is_empty()),
            None => refused += 1,
        }
        faults.extend(fault(&query));
    }
    println!("{repaired} texts repaired, {refused} refused");
    assert!(repaired > 250, "only {repaired} were repaired");
    assert!(faults.is_empty(), "seed {}: {}\n{}", seed(), faults.len(), faults[..faults.len().min(5)].join("\n\n"));
}

fn bilat(arguments: &[&str], folder: &Path) -> (i32, String, String) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_bilat"));
    let output = command.args(arguments).current_dir(folder).stdin(Stdio::null()).output().unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    (output.status.code().unwrap_or(-1), text(output.stdout), text(output.stderr))
}

#[test]
fn the_files_of_queries_given_with_the_program_are_formatted() {
    let paths = files(&root().join("fixtures"), "bilat");
    let names: Vec<&str> = paths.iter().map(|path| path.to_str().unwrap()).collect();
    if !names.is_empty() {
        let checked = bilat(&[&["fmt", "--check"], names.as_slice()].concat(), root());
        assert_eq!(checked, (0, String::new(), String::new()));
    }
}

#[test]
fn a_file_keeps_its_line_endings_and_its_mark_and_what_is_right_is_not_written() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("q.bilat");
    std::fs::write(&path, "\u{feff}from meetings; -- all\r\n\r\nFROM visits\r\n").unwrap();
    assert_eq!(bilat(&["fmt", "q.bilat"], folder.path()), (0, String::new(), String::new()));
    let right = "\u{feff}FROM meetings; -- all\r\n\r\nFROM visits;\r\n";
    assert_eq!(std::fs::read_to_string(&path).unwrap(), right);

    let old = std::time::SystemTime::UNIX_EPOCH + std::time::Duration::from_secs(1_000_000_000);
    std::fs::File::options().write(true).open(&path).unwrap().set_modified(old).unwrap();
    assert_eq!(bilat(&["fmt", "q.bilat"], folder.path()), (0, String::new(), String::new()));
    assert_eq!(std::fs::metadata(&path).unwrap().modified().unwrap(), old);
}

#[test]
#[cfg(unix)]
fn a_file_keeps_its_permissions_and_a_link_stays_one() {
    use std::os::unix::fs::PermissionsExt;
    let folder = tempfile::tempdir().unwrap();
    let (path, link) = (folder.path().join("q.bilat"), folder.path().join("link.bilat"));
    let mode = |bits| std::fs::set_permissions(&path, PermissionsExt::from_mode(bits)).unwrap();
    std::fs::write(&path, "from meetings").unwrap();
    mode(0o640);
    std::os::unix::fs::symlink("q.bilat", &link).unwrap();
    assert_eq!(bilat(&["fmt", "link.bilat"], folder.path()), (0, String::new(), String::new()));
    assert_eq!(std::fs::read_to_string(&path).unwrap(), "FROM meetings;\n");
    assert_eq!(std::fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o640);
    assert!(std::fs::symlink_metadata(&link).unwrap().is_symlink());

    std::fs::write(&path, "from visits").unwrap();
    mode(0o444);
    let (status, _, error) = bilat(&["fmt", "q.bilat"], folder.path());
    assert!(status == 4 && error.contains("read only"), "{status} {error}");
    assert_eq!(std::fs::read_to_string(&path).unwrap(), "from visits");
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 2, "nothing is left beside it");
}
