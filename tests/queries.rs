//! The files of `fixtures/queries`: what each statement answers stands beside them, in `*.expected` (of a claim the verdict
//! and its numbers, not the rows), with the exit status of the run at its end. `UPDATE=1` rewrites it; read before
//! committing.

use bilat::answer::Answer;
use bilat::present::{self, Format, Style};
use bilat::session::{Prepared, Session, Settings};
use bilat::store::Database;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/queries")
}

/// The verdict on a claim, and what its queries give.
fn judged(session: &Session, claim: &Prepared) -> Option<String> {
    let mut answer = Answer::default();
    session.run(claim, &mut answer).unwrap();
    let verdict = answer.verdict?;
    let mut text = format!("{}\n", verdict.outcome.text().to_uppercase());
    for finding in &verdict.findings {
        let rows = finding.rows.len() as u64 + finding.more;
        text.push_str(&format!("= {} ({rows} {})\n", finding.value, if rows == 1 { "row" } else { "rows" }));
    }
    verdict.notes.iter().for_each(|note| text.push_str(&format!("{note}\n")));
    Some(text)
}

/// Each statement, marked by `> `, over its answer; and the answers as they are shown.
fn answered(text: &str) -> (String, Vec<String>) {
    let session = Session::new(Database::bundled().unwrap(), Settings::default()).unwrap();
    let prepared = session.compile(text).unwrap_or_else(|mistakes| panic!("{mistakes:#?}"));
    let mut answers = Vec::new();
    let mut all = String::new();
    for statement in prepared.iter().filter(|statement| !statement.is_setting()) {
        let (mut out, mut notes) = (Vec::new(), Vec::new());
        let mut sink = present::renderer(Format::Table, &mut out, &mut notes, Style::default());
        session.run(statement, sink.as_mut()).unwrap();
        drop(sink);
        let answer = String::from_utf8(out).unwrap();
        statement.text.lines().for_each(|line| all.push_str(&format!("> {line}\n")));
        all.push_str(&format!("{}\n", judged(&session, statement).unwrap_or_else(|| answer.clone())));
        answers.push(answer);
    }
    (all, answers)
}

#[test]
fn each_file_of_queries_has_the_answers_that_stand_beside_it() {
    let mut differences = Vec::new();
    for name in ["article-claims", "questions"] {
        let path = folder().join(format!("{name}.bilat"));
        let (mut all, answers) = answered(&std::fs::read_to_string(&path).unwrap());
        let run =
            Command::new(env!("CARGO_BIN_EXE_bilat")).arg("run").arg(&path).stdin(Stdio::null()).output().unwrap();
        let out = String::from_utf8(run.stdout).unwrap();
        let total = out.strip_prefix(&answers.join("\n")).unwrap_or_else(|| panic!("{name} runs otherwise:\n{out}"));
        assert_eq!(String::from_utf8(run.stderr).unwrap(), "", "{name}");
        all.push_str(&format!("{}\nstatus {}\n", total.trim(), run.status.code().unwrap()));
        let expected = path.with_extension("expected");
        if std::env::var_os("UPDATE").is_some() {
            std::fs::write(&expected, all).unwrap();
        } else if std::fs::read_to_string(&expected).unwrap() != all {
            differences.push(name);
        }
    }
    assert!(differences.is_empty(), "other answers than expected: {differences:?}; UPDATE=1 and git diff show which");
}

/// Each claim says whose word it takes.
#[test]
fn each_claim_of_the_article_is_told_by_the_article_or_the_record() {
    let text = std::fs::read_to_string(folder().join("article-claims.bilat")).unwrap();
    let claims: Vec<&str> = text.lines().filter(|line| line.starts_with("ASSERT")).collect();
    assert!(claims.len() > 60);
    for claim in &claims {
        let told = claim.starts_with("ASSERT 'Article: ") || claim.starts_with("ASSERT 'Record: ");
        assert!(told, "{claim}");
    }
}

#[test]
fn each_of_the_forty_questions_stands_over_its_query() {
    let text = std::fs::read_to_string(folder().join("questions.bilat")).unwrap();
    let numbers: Vec<String> = text
        .lines()
        .filter_map(|line| line.strip_prefix("-- ")?.split_once(", "))
        .filter(|(number, rest)| number.parse::<u8>().is_ok() && ["J. ", "F. ", "S. "].contains(&&rest[..3]))
        .map(|(number, _)| number.to_string())
        .collect();
    assert_eq!(numbers, (1..=40).map(|number| number.to_string()).collect::<Vec<_>>());
}
