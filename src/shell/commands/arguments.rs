//! Completion of a dot-command and of what stands behind it.

use super::files::expanded;
use super::{COMMANDS, Takes, named};
use crate::assist::{Candidate, subjects};
use crate::catalog::NOUNS;
use crate::dataset::unpack;
use crate::present::FORMATS;
use crate::present::safe::safe;
use crate::session::Session;
use crate::shell::help;
use crate::shell::settings::SETTINGS;
use std::path::Path;

/// So many files are offered at most.
const MOST: usize = 200;

/// Where what is to be completed begins, and what it could be.
pub fn complete(session: &Session, line: &str, cursor: usize) -> (usize, Vec<Candidate>) {
    let typed = line.get(..cursor).unwrap_or(line);
    let begin = typed.len() - typed.trim_start().len();
    let Some(blank) = typed[begin..].find(char::is_whitespace).map(|at| begin + at) else {
        return (begin, commands(typed[begin..].trim_start_matches(['.', '\\'])));
    };
    let start = typed.len() - typed[blank..].trim_start().len();
    let argument = &typed[start..];
    let Some(command) = named(typed[begin..blank].trim_start_matches(['.', '\\'])) else { return (cursor, Vec::new()) };
    let begins = |candidate: &Candidate| candidate.text.to_lowercase().starts_with(&argument.to_lowercase());
    let fitting = |all: Vec<Candidate>| (start, all.into_iter().filter(begins).collect());
    match command.takes {
        Takes::Nothing | Takes::Statement => (cursor, Vec::new()),
        Takes::Switch => fitting(words(["on", "off"])),
        Takes::Format => fitting(FORMATS.iter().map(|about| candidate(about.name, about.help)).collect()),
        Takes::Topic => (start, words(help::beginning_with(argument))),
        Takes::Subject => {
            let nouns = NOUNS.iter().map(|noun| candidate(noun.name, noun.help)).filter(begins);
            (start, nouns.chain(subjects(session, argument)).collect())
        }
        Takes::Parameter => fitting(words(session.frame.parameters.keys())),
        Takes::Saved => fitting(words(unpack::saved(session.database()).unwrap_or_default().keys())),
        Takes::Setting => settings(argument, start),
        Takes::File(ending) => files(argument, start, ending),
    }
}

fn candidate(text: &str, what: &str) -> Candidate {
    Candidate { text: text.to_string(), what: what.to_string() }
}

fn words<T: AsRef<str>>(words: impl IntoIterator<Item = T>) -> Vec<Candidate> {
    words.into_iter().map(|word| candidate(word.as_ref(), "")).collect()
}

fn commands(typed: &str) -> Vec<Candidate> {
    let fitting = COMMANDS.iter().filter(|command| command.name.starts_with(typed));
    let offered = |command: &super::Command| {
        candidate(&format!(".{}", command.name), &format!("{:<16}{}", command.argument, command.help))
    };
    fitting.map(offered).collect()
}

/// A key, or a value of the key before the cursor.
fn settings(argument: &str, start: usize) -> (usize, Vec<Candidate>) {
    let Some((key, value)) = argument.split_once(char::is_whitespace) else {
        let fitting = SETTINGS.iter().filter(|setting| setting.key.starts_with(argument));
        return (start, fitting.map(|setting| candidate(setting.key, setting.help)).collect());
    };
    let setting = SETTINGS.iter().find(|setting| setting.key == key);
    let known = setting.map(|setting| setting.words()).unwrap_or_default();
    (start + argument.len() - value.len(), words(known.into_iter().filter(|word| word.starts_with(value))))
}

/// Files and folders that begin so; those with the ending alone where there are any.
fn files(argument: &str, start: usize, ending: &str) -> (usize, Vec<Candidate>) {
    let (folder, name) = argument.rfind('/').map_or(("", argument), |at| argument.split_at(at + 1));
    let place = if folder.is_empty() { Path::new(".").to_path_buf() } else { expanded(folder) };
    let mut found: Vec<(bool, Candidate)> = Vec::new();
    for entry in std::fs::read_dir(place).into_iter().flatten().flatten() {
        let Ok(text) = entry.file_name().into_string() else { continue };
        let hidden = text.starts_with('.') && !name.starts_with('.');
        // What a terminal must not show must not be put into the line either.
        if hidden || !text.starts_with(name) || safe(&text) != text {
            continue;
        }
        let is_folder = entry.path().is_dir();
        let fits = is_folder || ending.is_empty() || text.ends_with(&format!(".{ending}"));
        let text = if is_folder { format!("{text}/") } else { text };
        found.push((fits, candidate(&text, "")));
    }
    if found.iter().any(|(fits, _)| *fits) {
        found.retain(|(fits, _)| *fits);
    }
    let mut found: Vec<Candidate> = found.into_iter().map(|(_, candidate)| candidate).collect();
    found.sort_by(|one, other| one.text.cmp(&other.text));
    found.truncate(MOST);
    (start + folder.len(), found)
}
