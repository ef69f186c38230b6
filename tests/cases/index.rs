//! `grammar/errors.md`: every code with its title, a query or a command that brings it about, the message, and the query
//! mended, all taken from the cases.

use super::{Case, ELSEWHERE, cases, session};
use bilat::diagnostic::Diagnostic;
use bilat::diagnostic::{binding, data, importing, running, story, syntax};
use bilat::session::Session;
use std::fmt::Write;
use std::path::{Path, PathBuf};

/// The stages that find mistakes, with their codes.
const STAGES: &[(&str, &[(&str, &str)])] = &[
    ("The text is not a statement of the language", syntax::CODES),
    ("The statement does not fit the data", binding::CODES),
    ("The tables of a new file have mistakes", data::CODES),
    ("A table cannot be taken in", importing::CODES),
    ("A file cannot be used, or an answer not be given", running::CODES),
    ("A story has something that no page can be made of", story::CODES),
];

/// One case as the index shows it.
struct Example {
    title: String,
    /// The query, or the command with its dollar.
    before: String,
    message: String,
    /// The query mended; commands have none.
    after: Option<String>,
}

fn path() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("grammar/errors.md")
}

/// The case that shows a code best: alone, and mended.
fn example(session: &Session, cases: &[Case], code: &str) -> Option<Example> {
    let examples: Vec<Example> = cases.iter().filter_map(|case| shown(session, case, code)).collect();
    let errors = |example: &Example| example.message.matches("error[").count();
    examples.into_iter().min_by_key(|example| (example.after.is_none(), errors(example)))
}

/// The case, if its first message has that code.
fn shown(session: &Session, case: &Case, code: &str) -> Option<Example> {
    let first = ["error", "warning"].map(|kind| format!("{kind}[{code}]"));
    let section = |sign: &str| case.sections.iter().find(|section| section.head.starts_with(sign));
    let said = |name: &str| {
        section(&format!("--- {name}")).filter(|section| first.iter().any(|first| section.body.starts_with(first)))
    };
    let name = case.path.file_stem()?.to_string_lossy().replace('-', " ");
    let title = name[..1].to_uppercase() + &name[1..];
    if let Some(command) = section("$ ") {
        let before = command.head.clone();
        return said("err").map(|said| Example { title, before, message: said.body.clone(), after: None });
    }
    let (query, said) = (section("> ")?, said("error")?);
    let before = format!("{}\n{}", &query.head[2..], query.body).trim_end().to_string();
    let written = section("< ").map(|after| format!("{}\n{}", &after.head[2..], after.body).trim_end().to_string());
    let after = written.or_else(|| mended(session, &before));
    if let Some(after) = &after {
        assert!(session.compile(after).is_ok(), "{} is not mended by {after}", case.path.display());
    }
    Some(Example { title, before, message: said.body.clone(), after })
}

/// The query after all changes that its messages offer, if that mends it.
fn mended(session: &Session, text: &str) -> Option<String> {
    let mistakes = session.compile(text).err().unwrap_or_default();
    let mut mended = text.to_string();
    // From the end on, so that no change moves the place of another.
    for (span, text) in mistakes.iter().rev().filter_map(change) {
        mended.replace_range(span, &text);
    }
    session.compile(&mended).is_ok().then_some(mended)
}

fn change(mistake: &Diagnostic) -> Option<(std::ops::Range<usize>, String)> {
    let patch = mistake.patch.as_ref().map(|patch| (patch.span.range(), patch.text.clone()));
    patch.or_else(|| Some((mistake.span?.range(), mistake.suggestions.first()?.clone())))
}

/// The whole page, and the codes of queries without a mended one.
fn page(session: &Session) -> (String, Vec<&'static str>) {
    let cases = cases();
    let mut page =
        "# Errors\n\nEvery code of a message, each with an example from `tests/cases`: what was written, what is \
                    said of it, and how it is right.\nThis page is made by `UPDATE=1 cargo test`.\n"
            .to_string();
    let mut unmended = Vec::new();
    for (stage, codes) in STAGES {
        let _ = write!(page, "\n## {stage}\n");
        for (code, title) in *codes {
            let _ = write!(page, "\n### {code}: {title}\n\n");
            let Some(example) = example(session, &cases, code) else {
                let elsewhere = ELSEWHERE.iter().find(|(known, _)| known == code).map_or("", |(_, why)| *why);
                let _ = writeln!(page, "No example: {elsewhere}.");
                continue;
            };
            let Example { title, before, message, after } = example;
            let language = if before.starts_with("$ ") { "console" } else { "bilat" };
            let _ = write!(page, "{title}.\n\n```{language}\n{before}\n```\n```text\n{message}```\n");
            match after {
                Some(after) => write!(page, "Right:\n```bilat\n{after}\n```\n").unwrap(),
                None if language == "bilat" => unmended.push(*code),
                None => {}
            }
        }
    }
    (page, unmended)
}

/// Makes the page anew from cases that have just been rewritten.
pub fn update(session: &Session) {
    std::fs::write(path(), page(session).0).unwrap();
}

#[test]
fn the_index_of_errors_is_what_the_cases_say() {
    if std::env::var_os("UPDATE").is_some() {
        // It is made anew where the cases are.
        return;
    }
    let (page, unmended) = page(&session());
    assert!(unmended.is_empty(), "no case of these codes has a query mended (a section '< '): {unmended:?}");
    let written = std::fs::read_to_string(path()).unwrap_or_default();
    assert!(written == page, "grammar/errors.md is not fresh: UPDATE=1 cargo test makes it anew");
}
