//! Completion by position: keywords that may stand there, members along a path, and names in the data.

use super::reference::{self, Entry};
use crate::bind::functions::FUNCTIONS;
use crate::bind::phrase;
use crate::bind::relation::RELATIONS;
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
    let before = text.get(..position.start).and_then(|before| before.chars().next_back());
    if typed.is_empty() && before.is_some_and(|c| !c.is_whitespace() && !"(.,=<>;".contains(c)) {
        // Right behind a finished word nothing may stand but a blank.
        return (cursor, Vec::new());
    }
    // SELECT may be typed before FROM: then it is most likely about the first of the nouns, meetings.
    let noun = position.noun.as_deref().map_or_else(|| NOUNS.first(), catalog::noun);
    let mut candidates = Vec::new();
    if position.path.is_empty() {
        candidates = anywhere(session, &position, noun, typed);
    } else if let Some(noun) = noun.and_then(|noun| along(noun, &position.path)) {
        candidates = members(noun).collect();
    }
    // Names fit by any of their forms, as look-ups see them; everything else by how it begins.
    let begins = |candidate: &Candidate| candidate.text.to_lowercase().starts_with(&typed.to_lowercase());
    candidates.retain(|candidate| candidate.text.starts_with('\'') || begins(candidate));
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
                let kinds = position.phrase.map_or(&[][..], |word| kinds(word.text()));
                candidates.extend(names(session, kinds, typed));
            }
            Expected::Path => {
                candidates.extend(noun.into_iter().flat_map(members));
                candidates
                    .extend(FUNCTIONS.iter().map(|function| candidate(&format!("{}(", function.name), function.help)));
            }
            Expected::Value => candidates.extend(values(session, noun, &position.compared, typed)),
            Expected::Keyword(word) => candidates.push(candidate(word, &help_of(word))),
            Expected::Symbol(_)
            | Expected::Parameter
            | Expected::Date
            | Expected::Number
            | Expected::Alias
            | Expected::End => {}
        }
    }
    candidates
}

/// The kinds of name that a phrase or a relation takes.
fn kinds(keyword: &str) -> &'static [NounId] {
    let relation = RELATIONS.iter().find(|rule| rule.keyword == keyword).map(|rule| rule.kinds);
    phrase::rule(keyword).map(|rule| rule.kinds).or(relation).unwrap_or_default()
}

/// What the reference says of the keyword, in a few words.
fn help_of(keyword: &str) -> String {
    reference::entries().find(|entry| entry.name == keyword).map(Entry::short).unwrap_or_default()
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
        let typed = typed.trim_matches(['\'', '"']).to_lowercase();
        let fitting = vocabulary.words.iter().filter(|(word, _)| word.starts_with(&typed));
        return fitting.map(|(word, what)| candidate(&quoted(word), what)).collect();
    }
    match along(noun, std::slice::from_ref(last)) {
        Some(to) => names(session, &[to.id], typed),
        None => Vec::new(),
    }
}

/// Things in the data of these kinds that have a name which fits what is typed, each by its usual name.
fn names(session: &Session, kinds: &[NounId], typed: &str) -> Vec<Candidate> {
    let wanted = fold(typed.trim_matches(['\'', '"']));
    let all = session.names().unwrap_or_default().iter();
    let fitting = all.filter(|name| kinds.contains(&name.noun) && contains(&name.folded, &wanted));
    let mut found: Vec<(bool, &str, &str)> =
        fitting.map(|name| (!name.folded.starts_with(&wanted), name.label.as_str(), name.what.as_str())).collect();
    found.sort_unstable();
    let mut seen: Vec<&str> = Vec::new();
    found.retain(|(_, label, _)| {
        !seen.contains(label) && {
            seen.push(label);
            true
        }
    });
    found.truncate(MOST);
    found.into_iter().map(|(_, label, what)| candidate(&quoted(label), what)).collect()
}

/// From the beginning of any of its words.
fn contains(folded: &str, wanted: &str) -> bool {
    folded.match_indices(wanted).any(|(at, _)| at == 0 || folded[..at].ends_with(' '))
}

fn quoted(text: &str) -> String {
    format!("'{}'", text.replace('\'', "''"))
}
