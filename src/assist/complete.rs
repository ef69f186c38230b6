//! Completion by position: keywords that may stand there, members along a path, and names in the data.

use crate::bind::functions::FUNCTIONS;
use crate::bind::phrase;
use crate::catalog::{self, Kind, Member, NOUNS, Noun, NounId};
use crate::session::Session;
use crate::syntax::{Expected, Position, expected_at};
use crate::value::text::fold;

/// Something that could be put at the cursor.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Candidate {
    /// What is put there, quotes and all.
    pub text: String,
    /// What it is, in a few words.
    pub what: String,
}

/// At most so many names are offered.
const MOST: usize = 200;

/// Where the word at the cursor begins, and what could stand there instead.
pub fn complete(session: &Session, text: &str, cursor: usize) -> (usize, Vec<Candidate>) {
    let position = expected_at(text, cursor);
    let typed = text.get(position.start..cursor).unwrap_or("");
    let noun = position.noun.as_deref().and_then(catalog::noun);
    let mut candidates = Vec::new();
    if position.path.is_empty() {
        candidates = anywhere(session, &position, noun, typed);
    } else if let Some(noun) = noun.and_then(|noun| along(noun, &position.path)) {
        candidates = members(noun).collect();
    }
    candidates.retain(|candidate| fits(candidate, typed));
    candidates.dedup();
    candidates.truncate(MOST);
    (position.start, candidates)
}

fn anywhere(session: &Session, position: &Position, noun: Option<&'static Noun>, typed: &str) -> Vec<Candidate> {
    let mut candidates = Vec::new();
    for expected in &position.expected {
        match expected {
            Expected::Noun => candidates.extend(NOUNS.iter().map(|noun| candidate(noun.name, noun.help))),
            Expected::Name => {
                let kinds = position.phrase.and_then(|word| phrase::rule(word.text())).map_or(&[][..], |rule| rule.kinds);
                candidates.extend(names(session, kinds, typed));
            }
            Expected::Path => {
                candidates.extend(noun.into_iter().flat_map(members));
                candidates.extend(FUNCTIONS.iter().map(|function| candidate(&format!("{}(", function.name), function.help)));
            }
            Expected::Value => candidates.extend(values(session, noun, &position.compared, typed)),
            Expected::Keyword(word) => candidates.push(candidate(word, phrase::rule(word).map_or("", |rule| rule.help))),
            Expected::Symbol(_) | Expected::Date | Expected::Number | Expected::Alias | Expected::End => {}
        }
    }
    candidates
}

fn candidate(text: &str, what: &str) -> Candidate {
    Candidate { text: text.to_string(), what: what.to_string() }
}

fn members(noun: &'static Noun) -> impl Iterator<Item = Candidate> {
    noun.members().map(|member| candidate(member.name(), help(&member)))
}

fn help(member: &Member) -> &'static str {
    match member {
        Member::Attribute(attribute) => attribute.help,
        Member::Link(link) => link.help,
    }
}

/// The noun that a path leads to.
fn along(noun: &'static Noun, path: &[String]) -> Option<&'static Noun> {
    path.iter().try_fold(noun, |noun, word| {
        // Counterparts are participants by another name.
        let word = if word.eq_ignore_ascii_case("counterparts") { "participants" } else { word };
        noun.link(&word.to_lowercase()).map(|link| link.to.noun())
    })
}

/// What a value compared with this path may be: words of its vocabulary, or names.
fn values(session: &Session, noun: Option<&'static Noun>, path: &[String], typed: &str) -> Vec<Candidate> {
    let Some((last, before)) = path.split_last() else { return Vec::new() };
    let Some(noun) = noun.and_then(|noun| along(noun, before)) else { return Vec::new() };
    if let Some(attribute) = noun.attribute(&last.to_lowercase()) {
        let Kind::Word(vocabulary) = attribute.kind else { return Vec::new() };
        return vocabulary.words.iter().map(|(word, what)| candidate(&quoted(word), what)).collect();
    }
    match along(noun, std::slice::from_ref(last)) {
        Some(to) => names(session, &[to.id], typed),
        None => Vec::new(),
    }
}

/// Names in the data of these kinds that fit what is typed; none before anything is.
fn names(session: &Session, kinds: &[NounId], typed: &str) -> Vec<Candidate> {
    let all = session.names().unwrap_or_default();
    let wanted = fold(typed.trim_matches(['\'', '"']));
    let mut found: Vec<(bool, Candidate)> = all
        .into_iter()
        .filter(|(noun, text)| kinds.contains(noun) && contains(&fold(text), &wanted))
        .map(|(noun, text)| (!fold(&text).starts_with(&wanted), candidate(&quoted(&text), noun.noun().singular)))
        .collect();
    found.sort_by(|a, b| (a.0, &a.1.text).cmp(&(b.0, &b.1.text)));
    found.into_iter().map(|(_, candidate)| candidate).collect()
}

/// From the beginning of any of its words.
fn contains(folded: &str, wanted: &str) -> bool {
    folded.match_indices(wanted).any(|(at, _)| at == 0 || folded[..at].ends_with(' '))
}

fn quoted(text: &str) -> String {
    format!("'{}'", text.replace('\'', "''"))
}

fn fits(candidate: &Candidate, typed: &str) -> bool {
    if candidate.text.starts_with('\'') {
        return contains(&fold(&candidate.text), &fold(typed.trim_matches(['\'', '"'])));
    }
    candidate.text.to_lowercase().starts_with(&typed.to_lowercase())
}
