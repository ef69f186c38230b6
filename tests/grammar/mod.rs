//! `grammar/bilat.ebnf` and the parser say the same: sentences made from the file parse, and changed sentences get one
//! verdict from the parser and from a recogniser that knows nothing but the file.
//!
//! `SLOW=1` tries many more; `SEED=n` begins elsewhere.

mod ebnf;
mod mutants;
mod quotes;
mod recogniser;
mod sentences;

use crate::oracle::rng::Rng;
use bilat::syntax::parse;
use bilat::syntax::token::{Symbol, TokenKind};
use ebnf::Grammar;
pub use ebnf::normal;
use recogniser::recognises;
use sentences::{Sentences, spelt};
use std::path::Path;

/// The top of the repository.
pub fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

pub fn grammar() -> Grammar {
    Grammar::read(&std::fs::read_to_string(root().join("grammar/bilat.ebnf")).expect("the grammar is there"))
}

/// Random scripts of the language.
pub fn scripts(count: usize, rng: &Rng) -> Vec<String> {
    let grammar = grammar();
    let mut sentences = Sentences::new(&grammar, rng);
    (0..count).map(|_| spelt(&sentences.sentence(start(rng)), rng)).collect()
}

pub fn seed() -> u64 {
    std::env::var("SEED").map_or(1, |seed| seed.parse().expect("SEED is a number"))
}

pub fn slow() -> bool {
    std::env::var_os("SLOW").is_some()
}

/// Queries are the larger part of the language.
fn start(rng: &Rng) -> &'static str {
    match rng.below(8) {
        0 => "Script",
        1 => "Statement",
        2 => ["Assert", "Let", "Connect"][rng.below(3)],
        _ => "Query",
    }
}

/// Whether the parser finds no mistake. What it finds well formed it must also give back.
fn parses(text: &str) -> bool {
    let script = parse(text);
    if script.diagnostics.is_empty() {
        assert_eq!(script.statements.len(), statements(text), "statements were lost: {text:?}");
    }
    script.diagnostics.is_empty()
}

/// How many stretches between semicolons hold anything.
fn statements(text: &str) -> usize {
    let tokens = bilat::syntax::tokens(text);
    let parts = tokens.split(|token| token.kind == TokenKind::Symbol(Symbol::Semicolon));
    parts.filter(|part| part.iter().any(|token| token.kind != TokenKind::End)).count()
}

#[test]
fn sentences_of_the_grammar_parse_and_mutants_get_the_same_verdict_from_both() {
    let (seed, grammar) = (seed(), grammar());
    let rng = Rng::new(seed);
    let mut sentences = Sentences::new(&grammar, &rng);
    let (mut right, mut wrong, mut faults) = (0, 0, Vec::new());
    let count = if slow() { 100_000 } else { 600 };
    // Rare ways may want some sentences more; what is never reached is a fault of the generator.
    for number in 0..20 * count {
        if number >= count && sentences.has_seen_all() {
            break;
        }
        let written = sentences.sentence(start(&rng));
        let text = spelt(&written, &rng);
        let verdicts = (parses(&text), recognises(&grammar, "Script", &text));
        assert_eq!(verdicts, (true, true), "seed {seed}, parser and grammar: {text}\n{:#?}", parse(&text).diagnostics);
        if written.is_empty() {
            continue;
        }
        for changed in 0..8 {
            let mutant = match changed {
                0..=4 => spelt(&mutants::by_terminal(&written, &rng), &rng),
                _ => mutants::by_character(&text, &rng),
            };
            match (parses(&mutant), recognises(&grammar, "Script", &mutant)) {
                (true, true) => right += 1,
                (false, false) => wrong += 1,
                (parser, grammar) => faults.push(format!("parser {parser}, grammar {grammar}: {mutant:?}")),
            }
        }
    }
    println!("seed {seed}: {count} sentences, {right} mutants right and {wrong} wrong, {} disputed", faults.len());
    assert!(faults.is_empty(), "seed {seed}: {}\n{}", faults.len(), faults[..faults.len().min(20)].join("\n"));
    assert!(right * 10 > wrong && wrong > right, "the mutants show little: {right} right, {wrong} wrong");
    every_way_was_taken(&grammar, &sentences.visits);
}

/// Positions are never made, but left out.
fn every_way_was_taken(grammar: &Grammar, visits: &[Vec<usize>]) {
    let places = grammar.places.iter().zip(visits).filter(|((production, _), _)| production != "Position");
    let mut ways = 0;
    for (place, ((production, _), visits)) in places.enumerate() {
        assert!(visits.iter().all(|visits| *visits > 0), "place {place} in {production}: ways taken {visits:?}");
        ways += visits.len();
    }
    println!("{ways} ways in {} productions, each taken", grammar.productions.len());
}

#[test]
fn positions_are_no_values_to_group_or_sort_by() {
    let (grammar, rng) = (grammar(), Rng::new(seed()));
    let mut sentences = Sentences::new(&grammar, &rng);
    for _ in 0..20 {
        let position = spelt(&sentences.sentence("Position"), &rng);
        for clause in ["GROUP BY", "ORDER BY"] {
            let text = format!("FROM meetings {clause} {position}");
            assert!(!parses(&text) && !recognises(&grammar, "Script", &text), "{text}");
            let sum = format!("{text} + 1");
            assert!(parses(&sum) && recognises(&grammar, "Script", &sum), "{sum}");
        }
    }
}

#[test]
fn a_quoted_date_is_read_like_any_quoted_text() {
    assert!(parses("FROM meetings SINCE '2024-05'"));
    assert!(!parses("FROM meetings SINCE '''2024-05'''"), "doubled quotes are part of the text");
}
