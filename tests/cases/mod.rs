//! `tests/cases/**.case`: one idea a file, its name a sentence; what a query or a command gives, stage by stage.
//!
//! A file begins with `# ` and its idea. Then `> ` and a query (the lines up to the next section belong to it), asked of
//! the bundled file; or `$ ` and the words of a command line, run in a fresh folder with the [`files`] that bear telling
//! names and those that the case brings by `=== name`. `< ` begins a query that is refused as it is right, for the index of
//! errors, where the message alone does not mend it. Then the sections that are compared: `--- meaning`, `--- plan`,
//! `--- sql`, `--- rows`, `--- error` of a query; `--- out`, `--- err`, `--- status` of a command, and `--- now name`, what a
//! file that was brought is after it. `UPDATE=1` rewrites them; read before committing.

mod files;
mod index;

use bilat::answer::{Answer, Cell};
use bilat::present::{self, Format, Style};
use bilat::session::{RunError, Session, Settings};
use bilat::span::Source;
use bilat::store::Database;
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// One section: its head line (with the sign) and the lines under it.
#[derive(Clone, Debug, PartialEq)]
struct Section {
    head: String,
    body: String,
}

struct Case {
    path: PathBuf,
    sections: Vec<Section>,
}

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases")
}

fn cases() -> Vec<Case> {
    let mut paths = Vec::new();
    let mut folders = vec![folder()];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap().flatten() {
            match entry.path() {
                path if path.is_dir() => folders.push(path),
                path if path.extension().is_some_and(|ending| ending == "case") => paths.push(path),
                _ => {}
            }
        }
    }
    paths.sort();
    paths.into_iter().map(|path| Case { sections: sections(&std::fs::read_to_string(&path).unwrap()), path }).collect()
}

fn sections(text: &str) -> Vec<Section> {
    let mut sections: Vec<Section> = Vec::new();
    for line in text.lines() {
        let begins = ["# ", "> ", "< ", "$ ", "=== ", "--- "].iter().any(|sign| line.starts_with(sign));
        match sections.last_mut() {
            Some(section) if !begins => {
                section.body.push_str(line);
                section.body.push('\n');
            }
            _ => sections.push(Section { head: line.to_string(), body: String::new() }),
        }
    }
    sections
}

/// Every query of the cases, those in files for a command too.
pub fn queries() -> Vec<String> {
    let query = |section: Section| match section.head.split_once(' ') {
        Some((">", first)) => Some(format!("{first}\n{}", section.body)),
        Some(("===", name)) if name.ends_with(".bilat") => Some(section.body),
        _ => None,
    };
    cases().into_iter().flat_map(|case| case.sections).filter_map(query).collect()
}

/// The queries of cases that are right: in which nothing is refused, or as they stand mended beside one that is.
pub fn right_queries() -> Vec<String> {
    let sign = |case: &Case| if case.sections.iter().any(|section| section.head == "--- error") { "< " } else { "> " };
    let asked = cases().into_iter().flat_map(|case| {
        let sign = sign(&case);
        case.sections.into_iter().filter_map(move |section| {
            let first = section.head.strip_prefix(sign)?;
            Some(format!("{first}\n{}", section.body).trim_end().to_string())
        })
    });
    asked.collect()
}

impl Case {
    /// The sections as they really come out.
    fn actual(&self, session: &Session) -> Vec<Section> {
        let files: Vec<&Section> = self.sections.iter().filter(|section| section.head.starts_with("=== ")).collect();
        let mut made: Vec<Section> = Vec::new();
        let mut outcome: Vec<(String, String)> = Vec::new();
        for section in &self.sections {
            let body = match section.head.split_once(' ') {
                Some((">", first)) => {
                    let stages = asked(session, &format!("{first}\n{}", section.body));
                    outcome = stages.into_iter().map(|(stage, text)| (stage.to_string(), text)).collect();
                    section.body.clone()
                }
                Some(("$", line)) => {
                    outcome = ran(line, &files);
                    section.body.clone()
                }
                Some(("---", name)) => outcome
                    .iter()
                    .find(|(known, _)| *known == name)
                    .map_or_else(|| format!("there is no section {name} here\n"), |(_, text)| text.clone()),
                _ => section.body.clone(),
            };
            made.push(Section { head: section.head.clone(), body });
        }
        made
    }
}

/// What a query gives at each stage, up to the one that refuses it.
fn asked(session: &Session, text: &str) -> Vec<(&'static str, String)> {
    let text = text.trim_end();
    let prepared = match session.compile(text) {
        Ok(prepared) => prepared,
        Err(diagnostics) => {
            let source = Source::new("case", text);
            return vec![("error", present::diagnostic::render(&diagnostics, Some(&source), Style::default()))];
        }
    };
    let mut outcome = explained(session, text);
    let (mut out, mut notes) = (Vec::new(), Vec::new());
    for statement in &prepared {
        let mut sink = present::renderer(Format::Table, &mut out, &mut notes, Style::default());
        match session.run(statement, sink.as_mut()) {
            Ok(_) => {}
            Err(RunError::Failed(diagnostic)) => {
                outcome.push(("error", present::diagnostic::render(&[diagnostic], None, Style::default())));
            }
            Err(RunError::Output(error)) => panic!("{error}"),
        }
    }
    outcome.push(("rows", String::from_utf8(out).unwrap()));
    outcome
}

/// The parts of EXPLAIN.
fn explained(session: &Session, text: &str) -> Vec<(&'static str, String)> {
    let Ok(prepared) = session.compile(&format!("EXPLAIN {text}")) else { return Vec::new() };
    let mut answer = Answer::default();
    session.run(&prepared[0], &mut answer).unwrap();
    let parts = answer.rows.into_iter().filter_map(|row| match row.cells.as_slice() {
        [Cell::Text(part), Cell::Text(text)] => {
            let name = ["meaning", "plan", "rules", "sql", "parameters"].into_iter().find(|name| name == part)?;
            Some((name, format!("{text}\n")))
        }
        _ => None,
    });
    parts.collect()
}

/// What a command writes, and its exit status. A last word `> FILE` is where its output goes.
fn ran(line: &str, brought: &[&Section]) -> Vec<(String, String)> {
    let folder = tempfile::tempdir().unwrap();
    files::prepare(folder.path(), line);
    for file in brought {
        let path = folder.path().join(&file.head[4..]);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, &file.body).unwrap();
    }
    let mut words = words(line);
    assert_eq!(words.remove(0), "bilat", "only bilat is run: {line}");
    let mut command = Command::new(env!("CARGO_BIN_EXE_bilat"));
    if let Some(at) = words.iter().position(|word| word == ">") {
        command.stdout(std::fs::OpenOptions::new().write(true).open(&words[at + 1]).unwrap());
        words.truncate(at);
    }
    if let Some(at) = words.iter().position(|word| word == "<") {
        command.stdin(std::fs::File::open(folder.path().join(&words[at + 1])).unwrap());
        words.truncate(at);
    } else {
        command.stdin(Stdio::null());
    }
    // What a case finds in order is not to be known to the next, nor to whoever runs the tests.
    let cache = tempfile::tempdir().unwrap();
    command.env("XDG_CACHE_HOME", cache.path());
    let output = command.args(&words).current_dir(folder.path()).output().unwrap();
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    let mut left: Vec<String> = std::fs::read_dir(folder.path())
        .unwrap()
        .flatten()
        .map(|entry| entry.file_name().to_string_lossy().into_owned())
        .filter(|name| !line.contains(name.as_str()) && !brought.iter().any(|file| file.head[4..].starts_with(name)))
        .collect();
    left.sort();
    let now = brought.iter().filter_map(|file| {
        let name = &file.head[4..];
        Some((format!("now {name}"), std::fs::read_to_string(folder.path().join(name)).ok()?))
    });
    let streams = [
        ("out", text(output.stdout)),
        ("err", text(output.stderr)),
        ("status", format!("{}\n", output.status.code().unwrap_or(-1))),
        ("left", left.iter().map(|name| format!("{name}\n")).collect()),
    ];
    streams.into_iter().map(|(name, text)| (name.to_string(), text)).chain(now).collect()
}

/// Words separated by blanks; double quotes keep them together.
fn words(line: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    let mut quoted = false;
    for c in line.chars() {
        match c {
            '"' => quoted = !quoted,
            ' ' if !quoted => words.push(String::new()),
            c => words.last_mut().unwrap().push(c),
        }
    }
    words
}

fn session() -> Session {
    Session::new(Database::bundled().unwrap(), Settings::default()).unwrap()
}

#[test]
fn every_case_comes_out_as_written() {
    let session = session();
    let update = std::env::var_os("UPDATE").is_some();
    let mut differences = Vec::new();
    let cases = cases();
    for case in &cases {
        let name = case.path.strip_prefix(folder()).unwrap().display().to_string();
        assert!(case.sections[0].head.starts_with("# "), "{name} does not begin with its idea");
        assert!(case.sections.iter().any(|section| section.head.starts_with("--- ")), "{name} compares nothing");
        let actual = case.actual(&session);
        if actual == case.sections {
            continue;
        }
        if update {
            let text: String = actual.iter().map(|section| format!("{}\n{}", section.head, section.body)).collect();
            std::fs::write(&case.path, text).unwrap();
        } else {
            let changed = actual.iter().zip(&case.sections).filter(|(a, b)| a != b);
            differences
                .extend(changed.map(|(a, b)| format!("{name} {}\nexpected:\n{}\ncame:\n{}", a.head, b.body, a.body)));
        }
    }
    if update {
        index::update(&session);
    }
    assert!(cases.len() > 50, "only {} cases were found", cases.len());
    assert!(differences.is_empty(), "{}", differences.join("\n"));
}

/// Codes that no case can bring about, and where else they are seen.
const ELSEWHERE: &[(&str, &str)] = &[
    ("R409", "Ctrl-C: the tests of the prompt"),
    ("R417", "memory that is short: tests/faults/memory.rs"),
    ("R499", "mistakes of the program itself: none is known"),
    ("D323", "two writers at once: the tests of files of one's own"),
    ("D329", "a file that somebody else changed: the tests of files of one's own"),
    ("D328", "a file that somebody else changed: the tests of files of one's own"),
];

#[test]
fn every_message_has_a_case() {
    let mut shown: BTreeSet<&str> = ELSEWHERE.iter().map(|(code, _)| *code).collect();
    let text: String = cases()
        .iter()
        .flat_map(|case| case.sections.iter())
        .filter(|section| section.head.starts_with("--- "))
        .map(|section| section.body.as_str())
        .collect();
    let known: Vec<&str> = bilat::diagnostic::codes().map(|(code, _)| *code).collect();
    let is_shown = |code: &&&str| ["error", "warning"].iter().any(|kind| text.contains(&format!("{kind}[{code}]")));
    shown.extend(known.iter().filter(is_shown));
    let missing: Vec<&&str> = known.iter().filter(|code| !shown.contains(**code)).collect();
    assert!(missing.is_empty(), "no case shows {missing:?}");
    let unique: BTreeSet<&&str> = known.iter().collect();
    assert_eq!(unique.len(), known.len(), "a code is given twice");
}
