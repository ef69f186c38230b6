//! Completion by position: keywords that may stand there, members along a path, and names in the data.

use super::names::{self, Names};
use super::reference::{self, Entry};
use crate::bind::functions::FUNCTIONS;
use crate::bind::named::LAST;
use crate::bind::phrase;
use crate::bind::relation::RELATIONS;
use crate::catalog::{self, Kind, Member, NOUNS, Noun, NounId};
use crate::diagnostic::binding::quote;
use crate::session::Session;
use crate::suggest;
use crate::syntax::token::Keyword;
use crate::syntax::{Expected, Position, expected_at};

/// Something that could be put at the cursor.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Candidate {
    /// What is put there, quotes and all.
    pub text: String,
    /// What it is, in a few words.
    pub what: String,
}

impl Candidate {
    pub(super) fn new(text: &str, what: &str) -> Candidate {
        Candidate { text: text.to_string(), what: what.to_string() }
    }
}

/// So many are offered at most.
pub(super) const MOST: usize = 200;

/// Shorter words have no near ones.
const SHORTEST: usize = 3;

/// Where the word at the cursor begins, and what could stand there instead.
///
/// What begins as typed comes first; where nothing does, names that have it anywhere in them; then what is near.
pub fn complete(session: &Session, text: &str, cursor: usize) -> (usize, Vec<Candidate>) {
    let position = expected_at(text, cursor);
    let before = text.get(..position.start).unwrap_or("");
    let typed = text.get(position.start..cursor).unwrap_or("");
    if before.ends_with('$') {
        let parameters = session.parameters(text).into_iter().filter(|(name, _)| name.starts_with(typed));
        return (position.start, parameters.map(|(name, value)| Candidate::new(&name, &value)).collect());
    }
    if typed.is_empty() && before.chars().next_back().is_some_and(|c| !c.is_whitespace() && !"(.,=<>;".contains(c)) {
        // Right behind a finished word nothing may stand but a blank.
        return (cursor, Vec::new());
    }
    if let Some(found) = two_words(text, cursor, position.start) {
        return found;
    }
    let several = (!typed.is_empty()).then(|| several_words(session, text, cursor, position.start)).flatten();
    several.unwrap_or_else(|| {
        let offers = Offers::at(session, text, &position);
        let mut candidates = offers.fitting(session, typed);
        candidates.truncate(MOST);
        (position.start, candidates)
    })
}

/// Things of these kinds and any other that have a name like that, for commands: names without quotes.
pub fn subjects(session: &Session, typed: &str) -> Vec<Candidate> {
    let all: Vec<NounId> = NOUNS.iter().map(|noun| noun.id).collect();
    let found = Names { session, kinds: &all }.fitting(typed);
    found.into_iter().map(|found| Candidate { text: names::unquoted(&found.text), ..found }).collect()
}

/// The second word of a keyword that has two: `GROUP B`.
fn two_words(text: &str, cursor: usize, start: usize) -> Option<(usize, Vec<Candidate>)> {
    let before = text.get(..start)?.trim_end();
    let first = before.rfind(|c: char| !c.is_alphabetic()).map_or(0, |at| at + 1);
    let typed = text.get(first..cursor)?.split_whitespace().collect::<Vec<_>>().join(" ").to_uppercase();
    let begins = |word: &str| word.starts_with(&typed) && typed.len() > word.find(' ').unwrap_or(word.len());
    let expected = expected_at(text, first + 1).expected;
    let words = expected.into_iter().filter_map(|expected| match expected {
        Expected::Keyword(word) if begins(word) => Some(Candidate::new(word, &help_of(word))),
        _ => None,
    });
    let words: Vec<Candidate> = words.collect();
    (!words.is_empty()).then_some((first, words))
}

/// A name of several words may be typed without quotes: completion puts them there.
fn several_words(session: &Session, text: &str, cursor: usize, start: usize) -> Option<(usize, Vec<Candidate>)> {
    let before = text.get(..start)?.trim_end_matches(' ');
    if before.len() == start {
        return None;
    }
    let earlier = expected_at(text, before.len());
    let word = text.get(earlier.start..before.len())?;
    let is_name = !word.is_empty() && Keyword::from_word(word).is_none();
    if !is_name || !earlier.expected.contains(&Expected::Name) {
        return None;
    }
    let kinds = Offers::at(session, text, &earlier).kinds;
    let found = Names { session, kinds: &kinds }.beginning(text.get(earlier.start..cursor)?);
    (!found.is_empty()).then_some((earlier.start, found))
}

/// What could stand somewhere: words, and names of these kinds.
#[derive(Default)]
struct Offers {
    words: Vec<Candidate>,
    kinds: Vec<NounId>,
    /// Whether nouns are among the words.
    nouns: bool,
}

impl Offers {
    fn at(session: &Session, text: &str, position: &Position) -> Offers {
        let noun = noun_at(session, text, position);
        let mut offers = Offers::default();
        if !position.path.is_empty() {
            offers.words = noun.and_then(|noun| along(noun, &position.path)).into_iter().flat_map(members).collect();
            return offers;
        }
        if position.event {
            offers.kinds.push(NounId::Events);
        }
        let after_from = text.get(..position.start).unwrap_or("").trim_end().to_uppercase().ends_with("FROM");
        for expected in &position.expected {
            match expected {
                Expected::Noun => {
                    offers.nouns = true;
                    offers.words.extend(NOUNS.iter().map(|noun| Candidate::new(noun.name, noun.help)));
                    if after_from {
                        offers.words.extend(named(session, text));
                    }
                }
                Expected::Name if !position.event => offers.kinds.extend(kinds(position)),
                Expected::Path => offers.paths(noun),
                Expected::Value => offers.values(noun, &position.compared),
                Expected::Keyword(word) => offers.words.push(Candidate::new(word, &help_of(word))),
                Expected::Name
                | Expected::Symbol(_)
                | Expected::Parameter
                | Expected::Date
                | Expected::Number
                | Expected::Alias
                | Expected::End => {}
            }
        }
        offers
    }

    fn paths(&mut self, noun: Option<&'static Noun>) {
        self.words.extend(noun.into_iter().flat_map(members));
        let functions = FUNCTIONS.iter();
        self.words.extend(functions.map(|function| Candidate::new(&format!("{}(", function.name), function.help)));
    }

    /// What a value compared with this path may be: words of its vocabulary, or names.
    fn values(&mut self, noun: Option<&'static Noun>, path: &[String]) {
        let Some((last, before)) = path.split_last() else { return };
        let Some(noun) = noun.and_then(|noun| along(noun, before)) else { return };
        match noun.attribute(&last.to_lowercase()).map(|attribute| attribute.kind) {
            Some(Kind::Word(vocabulary)) => {
                let words = vocabulary.words.iter();
                self.words.extend(words.map(|(word, what)| Candidate::new(&quote(word), what)));
            }
            Some(_) => {}
            None => self.kinds.extend(along(noun, std::slice::from_ref(last)).map(|to| to.id)),
        }
    }

    /// Words that begin as typed, names that fit; where there is neither, what is near.
    fn fitting(&self, session: &Session, typed: &str) -> Vec<Candidate> {
        let wanted = typed.trim_start_matches(['\'', '"']).to_lowercase();
        let quoted = wanted.len() < typed.len();
        let begins = |candidate: &&Candidate| {
            let text = candidate.text.to_lowercase();
            text.strip_prefix('\'').map_or(!quoted && text.starts_with(&wanted), |word| word.starts_with(&wanted))
        };
        let names = Names { session, kinds: &self.kinds };
        let words = self.words.iter().filter(begins).cloned();
        // Where a noun may stand it comes first, for there are few of them.
        let mut candidates: Vec<Candidate> = if self.nouns {
            words.chain(names.fitting(typed)).collect()
        } else {
            names.fitting(typed).into_iter().chain(words).collect()
        };
        if candidates.is_empty() && wanted.chars().count() >= SHORTEST {
            candidates = names.near(typed);
            candidates.extend(self.near_words(&wanted));
        }
        let mut seen: Vec<Candidate> = Vec::new();
        candidates.retain(|candidate| {
            let fresh = !seen.contains(candidate);
            seen.extend(fresh.then(|| candidate.clone()));
            fresh
        });
        candidates
    }

    fn near_words(&self, wanted: &str) -> impl Iterator<Item = Candidate> {
        let plain = |candidate: &Candidate| candidate.text.trim_matches(['\'', '(']).to_string();
        let words: Vec<String> = self.words.iter().map(plain).collect();
        let near = suggest::nearest(wanted, words.iter().map(String::as_str));
        let near: Vec<String> = near.into_iter().map(str::to_string).collect();
        self.words.iter().filter(move |candidate| near.contains(&plain(candidate))).cloned()
    }
}

/// The noun that paths begin at: that after FROM, or that of the elements in whose brackets the cursor stands.
fn noun_at(session: &Session, text: &str, position: &Position) -> Option<&'static Noun> {
    let noun = match &position.noun {
        // SELECT may be typed before FROM: then it is most likely about the first of the nouns, meetings.
        None => NOUNS.first(),
        Some(name) => catalog::noun(name).or_else(|| {
            let named = session.named(text);
            let (_, noun) = named.iter().rev().find(|(known, _)| known == name)?;
            catalog::noun(noun)
        }),
    };
    along(noun?, &position.inside)
}

/// What else FROM takes.
fn named(session: &Session, text: &str) -> Vec<Candidate> {
    let named = session.named(text).into_iter().filter(|(name, _)| name != LAST);
    let named = named.map(|(name, noun)| Candidate::new(&name, &format!("{noun} that LET named")));
    named.chain([Candidate::new(LAST, "the query before this one")]).collect()
}

/// The kinds of name that a phrase, a relation or a statement takes; elsewhere any.
fn kinds(position: &Position) -> Vec<NounId> {
    let of_keyword = |keyword: &str| {
        let relation = RELATIONS.iter().find(|rule| rule.keyword == keyword).map(|rule| rule.kinds);
        phrase::rule(keyword).map(|rule| rule.kinds).or(relation).unwrap_or_default().to_vec()
    };
    match position.phrase {
        Some(Keyword::To) | None if position.statement == Some(Keyword::Connect) => {
            vec![NounId::Leaders, NounId::Countries]
        }
        Some(word) => of_keyword(word.text()),
        None => NOUNS.iter().map(|noun| noun.id).collect(),
    }
}

/// What the reference says of the keyword, in a few words.
fn help_of(keyword: &str) -> String {
    reference::entries().find(|entry| entry.name == keyword).map(Entry::short).unwrap_or_default()
}

fn members(noun: &'static Noun) -> impl Iterator<Item = Candidate> {
    noun.members().map(|member| Candidate::new(member.name(), help(&member)))
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
