//! What the README says is executed: each question has the answer that stands under it, each command works.

use bilat::bind::functions::FUNCTIONS;
use bilat::bind::phrase::PHRASES;
use bilat::catalog::NOUNS;
use bilat::present::{self, Format, Style};
use bilat::session::{Session, Settings};
use bilat::span::Source;
use bilat::store::Database;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

fn path() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("README.md")
}

fn readme() -> String {
    std::fs::read_to_string(path()).unwrap()
}

/// The fenced blocks of a language, in order.
fn blocks(text: &str, language: &str) -> Vec<String> {
    let mut blocks = Vec::new();
    let mut inside: Option<(bool, String)> = None;
    for line in text.lines() {
        match (&mut inside, line.strip_prefix("```")) {
            (None, Some(name)) => inside = Some((name == language, String::new())),
            (Some((wanted, block)), Some(_)) => {
                if *wanted {
                    blocks.push(std::mem::take(block));
                }
                inside = None;
            }
            (Some((_, block)), None) => {
                block.push_str(line);
                block.push('\n');
            }
            (None, None) => {}
        }
    }
    blocks
}

/// The questions with answers, right ones and others.
pub fn questions() -> Vec<String> {
    blocks(&readme(), "bilat")
}

/// What a terminal would show of a text of queries, without colours and without an edge.
fn shown(session: &Session, text: &str) -> String {
    let prepared = match session.compile(text) {
        Ok(prepared) => prepared,
        Err(mistakes) => {
            return present::diagnostic::render(&mistakes, Some(&Source::new("-c", text.trim())), Style::default());
        }
    };
    let mut all = String::new();
    for statement in &prepared {
        let (mut out, mut notes) = (Vec::new(), Vec::new());
        let mut sink = present::renderer(Format::Table, &mut out, &mut notes, Style::default());
        session.run(statement, sink.as_mut()).unwrap();
        drop(sink);
        if !all.is_empty() {
            all.push('\n');
        }
        all.push_str(&String::from_utf8(out).unwrap());
    }
    all
}

#[test]
fn each_question_has_the_answer_that_stands_under_it() {
    let session = Session::new(Database::bundled().unwrap(), Settings::default()).unwrap();
    let text = readme();
    let questions = questions();
    let answers = blocks(&text, "text");
    assert!(questions.len() >= 10 && questions.len() == answers.len());
    let came: Vec<String> = questions.iter().map(|question| shown(&session, question)).collect();
    if std::env::var_os("UPDATE").is_some() {
        let mut updated = String::new();
        let mut rest = text.as_str();
        for answer in &came {
            let (before, after) = rest.split_once("```text\n").unwrap();
            let (_, after) = after.split_once("```").unwrap();
            updated.push_str(&format!("{before}```text\n{answer}```"));
            rest = after;
        }
        updated.push_str(rest);
        return std::fs::write(path(), updated).unwrap();
    }
    for ((question, answer), came) in questions.iter().zip(&answers).zip(&came) {
        assert_eq!(answer, came, "{question}");
    }
}

/// Runs lines in a shell in which `bilat` is this program.
fn shell(folder: &Path, lines: &str) -> Output {
    let program = Path::new(env!("CARGO_BIN_EXE_bilat")).parent().unwrap();
    let path = format!("{}:{}", program.display(), std::env::var("PATH").unwrap());
    let mut command = Command::new("sh");
    command.args(["-e", "-c", lines]).current_dir(folder).env("PATH", path).env("XDG_CACHE_HOME", folder.join("cache"));
    command.stdin(std::process::Stdio::null()).output().unwrap()
}

#[test]
#[cfg(unix)]
fn each_command_works() {
    let text = readme();
    let consoles = blocks(&text, "console");
    let [first, using, kept, own, benches] = consoles.as_slice() else { panic!("{consoles:?}") };

    let folder = tempfile::tempdir().unwrap();
    let first_line = first.lines().next().unwrap();
    let output = shell(folder.path(), &first_line.replace("cargo run --", "bilat"));
    assert!(String::from_utf8_lossy(&output.stdout).contains("21 meetings"), "{output:?}");
    assert_eq!(first.lines().nth(1), Some("cargo test"));
    let ci = std::fs::read_to_string(path().with_file_name(".ci").join("run")).unwrap();
    assert!(ci.lines().any(|line| line == "cargo test"), ".ci/run runs the test command of the README");

    std::fs::write(folder.path().join("questions.bilat"), "LET $who = Xi;\nFROM meetings WITH $who;").unwrap();
    let story = "Of `= count(FROM meetings WITH Xi)` meetings:\n\n```bilat\nFROM meetings WITH Xi CHART;\n```\n";
    std::fs::write(folder.path().join("story.md"), story).unwrap();
    assert!(shell(folder.path(), "bilat ship -o my.db").status.success());
    for line in using.lines() {
        let command = line.split("   ").next().unwrap();
        let output = shell(folder.path(), command);
        assert!(output.status.success(), "{command}: {output:?}");
    }
    assert!(std::fs::read_to_string(folder.path().join("answers.csv")).unwrap().starts_with("date,participants"));

    assert!(std::fs::read_to_string(folder.path().join("story.html")).unwrap().contains("<svg"));

    let life = tempfile::tempdir().unwrap();
    let mappings = life.path().join("fixtures/mappings");
    std::fs::create_dir_all(&mappings).unwrap();
    for entry in std::fs::read_dir(path().with_file_name("fixtures").join("mappings")).unwrap().flatten() {
        std::fs::copy(entry.path(), mappings.join(entry.file_name())).unwrap();
    }
    let output = shell(life.path(), kept);
    let answer = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success() && answer.contains("4 meetings"), "{output:?}");
    assert!(answer.contains("1 claim: 1 holds"), "{answer}");

    let output = shell(folder.path(), own);
    let answer = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success() && answer.contains("Emmanuel Macron, Olaf Scholz"), "{output:?}");
    assert!(answer.contains("2 meetings"), "{answer}");

    let manifest = std::fs::read_to_string(path().with_file_name("Cargo.toml")).unwrap();
    for line in benches.lines() {
        let name = line.split_whitespace().nth(3).unwrap();
        assert!(manifest.contains(&format!("[[bench]]\nname = \"{name}\"")), "{line}");
    }
}

#[test]
fn the_page_about_the_language_names_all_there_is() {
    let text = readme();
    let words = NOUNS.iter().map(|noun| noun.name).chain(FUNCTIONS.iter().map(|function| function.name));
    let keywords = bilat::syntax::token::Keyword::ALL.iter().map(|keyword| keyword.text());
    let keywords = keywords.filter(|word| !matches!(*word, "NULL"));
    for word in words.chain(PHRASES.iter().map(|phrase| phrase.keyword)).chain(keywords) {
        assert!(text.contains(word), "{word}");
    }
}
