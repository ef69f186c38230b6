//! The reference: every entry of the language with what it means, an example, and a typical mistake.
//!
//! `.help TOPIC` and completion at the prompt read it, and `grammar/reference.md` is made from it by a test, which also
//! runs every example and makes every mistake. What another table says already (phrases, relations, functions, nouns)
//! is taken from there; how an entry is written is taken from the grammar.

mod conditions;
mod example;
mod functions;
mod nouns;
mod phrases;
mod statements;
mod subjects;

pub use example::for_this_file;

use crate::bind::phrase::{PhraseRule, rule};
use crate::bind::relation::{RELATED, RELATIONS};
use crate::catalog::{self, Noun, NounId};

/// The exact syntax.
pub static GRAMMAR: &str = include_str!("../../../grammar/bilat.ebnf");

/// Entries of one kind, and what is common to them.
#[derive(Debug)]
pub struct Section {
    pub title: &'static str,
    /// What they are, in a sentence or two.
    pub about: &'static str,
    /// The productions in which all of them stand.
    pub productions: &'static [&'static str],
    pub entries: &'static [Entry],
}

/// One thing to know of the language.
#[derive(Debug)]
pub struct Entry {
    /// The keyword, function or noun, or what the thing is called.
    pub name: &'static str,
    /// The other keywords, signs and words under which it is found.
    pub words: &'static [&'static str],
    /// Its own productions in the grammar.
    pub productions: &'static [&'static str],
    pub says: Says,
    /// Statements that run on the article's meetings.
    pub example: &'static str,
    /// A text with one mistake that is often made.
    pub mistake: Option<&'static str>,
}

/// What an entry means, or the table that says it.
#[derive(Clone, Copy, Debug)]
pub enum Says {
    Here(&'static str),
    Phrase,
    Relation,
    Function,
    Noun,
}

pub static SECTIONS: &[Section] = &[
    statements::STATEMENTS,
    statements::CLAUSES,
    phrases::PHRASES,
    conditions::CONDITIONS,
    conditions::RELATIONS,
    conditions::VALUES,
    functions::FUNCTIONS,
    nouns::NOUNS,
    subjects::SUBJECTS,
];

/// Every entry of every section.
pub fn entries() -> impl Iterator<Item = &'static Entry> {
    SECTIONS.iter().flat_map(|section| section.entries)
}

/// The entries under a word, in any case: those of that name first, then those that only know it.
pub fn about(topic: &str) -> Vec<&'static Entry> {
    let topic = topic.to_lowercase();
    let is = |word: &str| word.to_lowercase() == topic;
    let named = entries().filter(|entry| is(entry.name));
    let known = entries().filter(|entry| !is(entry.name) && entry.other_words().any(is));
    named.chain(known).collect()
}

/// Everything there is an entry under.
pub fn topics() -> impl Iterator<Item = &'static str> {
    entries().flat_map(|entry| std::iter::once(entry.name).chain(entry.other_words()))
}

impl Entry {
    /// All words but its name under which it is found; a noun is found in the singular too.
    fn other_words(&self) -> impl Iterator<Item = &'static str> {
        self.words.iter().copied().chain(self.noun().map(|noun| noun.singular))
    }

    /// What it means, as a sentence without a capital and a full stop.
    pub fn sentence(&self) -> String {
        match self.says {
            Says::Here(sentence) => sentence.to_string(),
            Says::Phrase => rule(self.name).map(of_phrase).unwrap_or_default(),
            Says::Relation => {
                let found = RELATIONS.iter().find(|rule| rule.keyword == self.name);
                let said = |help, kinds| format!("{help}; on {}; takes names of {}", plural(&RELATED), plural(kinds));
                found.map(|rule| said(rule.help, rule.kinds)).unwrap_or_default()
            }
            Says::Function => {
                crate::bind::functions::find(self.name).map(|found| found.help).unwrap_or_default().to_string()
            }
            Says::Noun => self.noun().map(|noun| noun.help).unwrap_or_default().to_string(),
        }
    }

    /// The same in a few words.
    pub fn short(&self) -> String {
        let sentence = self.sentence();
        sentence.split([';', ':']).next().unwrap_or_default().to_string()
    }

    /// How it is written: the form of a function, or the entry's own productions.
    pub fn forms(&self) -> Vec<&'static str> {
        match self.says {
            Says::Function => {
                crate::bind::functions::find(self.name).map(|f| f.form.split(" or ").collect()).unwrap_or_default()
            }
            _ => self.productions.iter().filter_map(|name| production(name)).collect(),
        }
    }

    /// The noun, if it is one.
    pub fn noun(&self) -> Option<&'static Noun> {
        if matches!(self.says, Says::Noun) { catalog::noun(self.name) } else { None }
    }
}

fn of_phrase(rule: &PhraseRule) -> String {
    format!("{}; on {}; takes names of {}", rule.help, plural(rule.nouns), plural(rule.kinds))
}

fn plural(nouns: &[NounId]) -> String {
    nouns.iter().map(|id| id.noun().name).collect::<Vec<_>>().join(", ")
}

/// A production as the grammar has it, without what is said between productions.
pub fn production(name: &str) -> Option<&'static str> {
    let begins = |line: &str| line.split_once("::=").is_some_and(|(left, _)| left.trim() == name);
    let mut at = 0;
    let mut start = None;
    for line in GRAMMAR.split_inclusive('\n') {
        match start {
            None if begins(line) => start = Some(at),
            Some(start) if !line.starts_with(' ') || line.trim().is_empty() => {
                return GRAMMAR.get(start..at).map(str::trim_end);
            }
            _ => {}
        }
        at += line.len();
    }
    GRAMMAR.get(start?..).map(str::trim_end)
}
