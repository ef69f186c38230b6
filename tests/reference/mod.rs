//! What is made from the tables of the language for readers and editors: `grammar/reference.md` and
//! `grammar/bilat.tmLanguage.json`. `UPDATE=1` writes them anew; read before committing.

mod editor;
mod page;
mod textmate;

use bilat::assist::reference::{Entry, SECTIONS, about, entries, production};
use bilat::bind::functions::FUNCTIONS;
use bilat::bind::phrase::PHRASES;
use bilat::bind::relation::RELATIONS;
use bilat::catalog::NOUNS;
use bilat::session::{Session, Settings};
use bilat::store::Database;
use bilat::syntax::token::{Keyword, Symbol};
use std::collections::BTreeSet;

fn session() -> Session {
    Session::new(Database::bundled().unwrap(), Settings::default()).unwrap()
}

/// Holds a file of the folder `grammar` to what it is made from, or writes it.
fn fresh(name: &str, made: &str) {
    let path = crate::grammar::root().join("grammar").join(name);
    if std::env::var_os("UPDATE").is_some() {
        return std::fs::write(path, made).unwrap();
    }
    let written = std::fs::read_to_string(path).unwrap_or_default();
    let differs = written.lines().zip(made.lines()).find(|(written, made)| written != made);
    assert!(written == made, "grammar/{name} is not fresh (UPDATE=1 cargo test writes it): {differs:?}");
}

#[test]
fn the_reference_is_fresh() {
    fresh("reference.md", &page::page(&session()));
}

#[test]
fn the_grammar_for_editors_is_fresh() {
    fresh("bilat.tmLanguage.json", &editor::grammar());
}

#[test]
fn everything_of_the_language_has_an_entry() {
    let keywords = Keyword::ALL.iter().map(|keyword| keyword.text());
    let signs = Symbol::ALL.iter().map(|sign| sign.text());
    for word in keywords.chain(signs) {
        assert!(!about(word).is_empty(), "nothing is said about {word}");
    }
    let phrases = PHRASES.iter().map(|phrase| phrase.keyword);
    let relations = RELATIONS.iter().map(|relation| relation.keyword);
    let functions = FUNCTIONS.iter().map(|function| function.name);
    let nouns = NOUNS.iter().map(|noun| noun.name);
    for name in phrases.chain(relations).chain(functions).chain(nouns) {
        assert!(entries().any(|entry| entry.name == name), "{name} has no entry");
    }
}

#[test]
fn every_production_stands_with_an_entry_or_a_section_and_is_in_the_grammar() {
    let own = entries().flat_map(|entry| entry.productions);
    let told: BTreeSet<&str> = SECTIONS.iter().flat_map(|section| section.productions).chain(own).copied().collect();
    let grammar = crate::grammar::grammar();
    let written: BTreeSet<&str> = grammar.productions.iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!(told, written);
    for (name, text) in grammar.productions.iter().map(|(name, _)| name).zip(&grammar.texts) {
        let told = production(name).unwrap_or_else(|| panic!("{name} is not found"));
        assert_eq!(crate::grammar::normal(told), *text);
    }
}

#[test]
fn every_entry_says_something_and_only_nouns_do_without_a_mistake() {
    for entry in entries() {
        assert!(!entry.sentence().is_empty(), "{} says nothing", entry.name);
        assert!(!entry.sentence().ends_with('.'), "{}: the page ends the sentence", entry.name);
        assert!(entry.mistake.is_some() || entry.noun().is_some(), "{} has no mistake", entry.name);
    }
}

#[test]
fn every_example_runs_and_every_mistake_is_one() {
    let session = session();
    let mut faults = Vec::new();
    for Entry { name, example, mistake, .. } in entries() {
        match session.compile(example) {
            Ok(statements) => statements.iter().for_each(|statement| {
                if let Err(error) = session.run(statement, &mut bilat::answer::Answer::default()) {
                    faults.push(format!("{name}: {example}\n{error:?}"));
                }
            }),
            Err(messages) => faults.push(format!("{name}: {example}\n{messages:#?}")),
        }
        let Some(mistake) = mistake else { continue };
        let messages = session.compile(mistake).err().unwrap_or_default();
        if messages.len() != 1 {
            faults.push(format!("{name}: {mistake} is {} mistakes: {messages:#?}", messages.len()));
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}
