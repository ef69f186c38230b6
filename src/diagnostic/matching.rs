//! Messages of mapping and matching (I62… to I65…): a mapping file, a name in a cell, or a row cannot be taken in.
//!
//! Mistakes of the mapping file underline its text; those of a table say file, line and column.

use super::Diagnostic;
use super::data::Place;
use crate::span::Span;

/// Every code of this stage with its title.
pub const CODES: &[(&str, &str)] = &[
    ("I620", "a mapping file that cannot be read"),
    ("I621", "something that a mapping file does not know"),
    ("I622", "something that a mapping file needs"),
    ("I623", "an import without a source"),
    ("I624", "a mapping to rows of nothing"),
    ("I625", "a mapping to a column that is not there"),
    ("I626", "a column that the table does not have"),
    ("I627", "a recipe that does not fit"),
    ("I628", "a word that a mapping cannot use"),
    ("I629", "a decision for something that is not there"),
    ("I630", "a name that nothing has"),
    ("I631", "a name that several things have"),
    ("I632", "a word that is none of those known"),
    ("I633", "a date that cannot be read"),
    ("I634", "a key that nothing has"),
    ("I635", "a row that may be any of several"),
    ("I636", "a row that another one is taken for"),
    ("I637", "a noun that nothing can be made of by name"),
    ("I638", "refused rows that would write over a file"),
    ("I639", "something that a mapping leaves empty"),
    ("I640", "a name without a letter"),
];

/// What rows of a noun are called: all, and one.
pub type Called = (&'static str, &'static str);

/// One of several things that a name may mean.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Candidate {
    pub label: String,
    pub key: String,
}

/// So many candidates are listed.
const LISTED: usize = 8;

pub fn mapping_unreadable(span: Span, why: &str) -> Diagnostic {
    Diagnostic::new("I620", format!("the mapping file cannot be read: {why}")).at(span).note("it is TOML (toml.io)")
}

pub fn mapping_unknown(span: Span, word: &str, known: &[&str], suggestions: &[String]) -> Diagnostic {
    let diagnostic = Diagnostic::new("I621", format!("a mapping file has no '{word}' here")).at(span);
    patched(diagnostic, span, suggestions).note(format!("what can stand here: {}", known.join(", ")))
}

pub fn mapping_misses(span: Span, word: &str) -> Diagnostic {
    let diagnostic = Diagnostic::new("I622", format!("the mapping file does not say {word}")).at(span);
    match word {
        "row" => diagnostic.note("it says what each row of the table becomes: row = \"meetings\""),
        _ => diagnostic,
    }
}

/// An import is a publication.
pub fn no_source(file: &str) -> Diagnostic {
    Diagnostic::new("I623", format!("{file} does not say whose words these are")).note(
        "an import is a publication: add these lines\n[source]\ntitle = \"…\"\npublisher = \"…\"\naddress = \"https://…\"",
    )
}

pub fn empty_title(span: Span) -> Diagnostic {
    Diagnostic::new("I623", "the source needs a title").at(span)
}

pub fn bad_source_key(span: Span, key: &str) -> Diagnostic {
    Diagnostic::new("I628", format!("'{key}' is no key: letters, digits and hyphens")).at(span)
}

pub fn no_such_row(span: Span, word: &str, nouns: &[&str], suggestions: &[String]) -> Diagnostic {
    let diagnostic = Diagnostic::new("I624", format!("rows cannot become '{word}'")).at(span);
    quoted_patch(diagnostic, span, suggestions).note(format!("they can become {}", nouns.join(", ")))
}

pub fn no_such_target(span: Span, name: &str, noun: Called, known: &[&str], suggestions: &[String]) -> Diagnostic {
    let diagnostic = Diagnostic::new("I625", format!("{} have no '{name}'", noun.0)).at(span);
    patched(diagnostic, span, suggestions).note(format!("they can have {}", known.join(", ")))
}

pub fn target_missing(span: Span, name: &str, noun: Called) -> Diagnostic {
    let example = format!("{name} = \"the table's column\"");
    Diagnostic::new("I622", format!("a {} cannot be without {name}", noun.1))
        .at(span)
        .note(format!("say in [columns] where it comes from: {example}, or {name} = {{ value = \"…\" }}"))
}

pub fn no_such_column(span: Span, name: &str, file: &str, header: &[String], suggestions: &[String]) -> Diagnostic {
    let shown: Vec<&str> = header.iter().take(40).map(String::as_str).collect();
    let more = if header.len() > shown.len() { ", …" } else { "" };
    quoted_patch(Diagnostic::new("I626", format!("{file} has no column '{name}'")).at(span), span, suggestions)
        .note(format!("its columns are {}{more}", shown.join(", ")))
}

pub fn bad_recipe(span: Span, why: &str) -> Diagnostic {
    Diagnostic::new("I627", format!("this recipe does not fit: {why}")).at(span)
}

/// What a guessed mapping leaves for its user to fill in.
pub fn left_empty(span: Span, target: &str, name: &str, what: &str) -> Diagnostic {
    Diagnostic::new("I639", format!("the {name} of {target} is empty: fill it in, or take it out"))
        .at(span)
        .note(what.to_string())
}

pub fn no_such_word(span: Span, word: &str, what: &str, words: &[&str], suggestions: &[String]) -> Diagnostic {
    let diagnostic = Diagnostic::new("I628", format!("'{word}' is no {what}")).at(span);
    quoted_patch(diagnostic, span, suggestions).note(format!("the words are {}", words.join(", ")))
}

pub fn no_such_day(span: Span, text: &str, why: &str) -> Diagnostic {
    Diagnostic::new("I628", format!("'{text}' is no date: {why}"))
        .at(span)
        .note("dates are EDTF: 2024-06-19, 2024-06, 2024-06-18/2024-06-19")
}

pub fn not_named(span: Span, word: &str, nouns: &[&str], suggestions: &[String]) -> Diagnostic {
    let diagnostic = Diagnostic::new("I629", format!("'{word}' is no noun that has names")).at(span);
    patched(diagnostic, span, suggestions).note(format!("those that have are {}", nouns.join(", ")))
}

pub fn decision_of_nothing(span: Span, to: &str, noun: Called, suggestions: &[String]) -> Diagnostic {
    let diagnostic = Diagnostic::new("I629", format!("'{to}' is neither a key nor a name of {}", noun.0)).at(span);
    quoted_patch(diagnostic, span, suggestions).note(created(noun))
}

pub fn decision_of_several(span: Span, to: &str, noun: Called, candidates: &[Candidate]) -> Diagnostic {
    Diagnostic::new("I629", format!("'{to}' is a name of several {}", noun.0))
        .at(span)
        .note(format!("give the key of one: {}", listed(candidates)))
}

/// Where a cell stands, and what its column is called.
pub type At<'a> = (&'a Place, &'a str);

pub fn name_of_nothing(
    at: At<'_>,
    name: &str,
    noun: Called,
    elsewhere: Option<(&str, &[Candidate])>,
    suggestions: &[String],
) -> Diagnostic {
    let inside = elsewhere.map(|(country, _)| format!(" in {country}")).unwrap_or_default();
    let message = format!("{}: '{name}' is no {} that the file knows{inside}", at.0.at(at.1), noun.1);
    let mut diagnostic = Diagnostic::new("I630", message).suggest(suggestions.to_vec());
    if let Some((_, candidates)) = elsewhere.filter(|(_, candidates)| !candidates.is_empty()) {
        diagnostic = diagnostic.note(format!("elsewhere there is {}", listed(candidates)));
    }
    diagnostic.note(created(noun)).note(decide(name, noun))
}

pub fn name_of_several(at: At<'_>, name: &str, noun: Called, candidates: &[Candidate]) -> Diagnostic {
    let message = format!("{}: '{name}' may be any of {} {}", at.0.at(at.1), candidates.len(), noun.0);
    Diagnostic::new("I631", message).note(format!("they are {}", listed(candidates))).note(decide(name, noun))
}

pub fn no_name(at: At<'_>, name: &str, noun: Called) -> Diagnostic {
    Diagnostic::new(
        "I640",
        format!("{}: '{name}' has no letter and no digit, so it names no {}", at.0.at(at.1), noun.1),
    )
    .note(format!("leave the cell empty if it is not known; in the mapping: words = {{ \"{name}\" = \"\" }}"))
}

pub fn unknown_word(at: At<'_>, word: &str, column: &str, words: &[&str], suggestions: &[String]) -> Diagnostic {
    Diagnostic::new("I632", format!("{}: '{word}' is no {column} that is known", at.0.at(at.1)))
        .suggest(suggestions.to_vec())
        .note(format!("the words are {}; in the mapping: words = {{ \"{word}\" = \"…\" }}", words.join(", ")))
}

pub fn no_date(place: &Place, column: &str, text: &str, why: &str) -> Diagnostic {
    Diagnostic::new("I633", format!("{}: '{text}' is no date: {why}", place.at(column)))
}

pub fn no_key(at: At<'_>, key: &str, noun: Called, suggestions: &[String]) -> Diagnostic {
    Diagnostic::new("I634", format!("{}: '{key}' is no key of {}", at.0.at(at.1), noun.0)).suggest(suggestions.to_vec())
}

pub fn several_rows(place: &Place, noun: Called, keys: &[&str]) -> Diagnostic {
    let message = format!("{}:{}: this may be any of {} {}", place.file, place.line, keys.len(), noun.0);
    Diagnostic::new("I635", message)
        .note(format!("they are {}", keys.join(", ")))
        .note("say which by a narrower date, or in a column for key")
}

pub fn another_row(place: &Place, locator: &str, noun: Called, label: &str) -> Diagnostic {
    let told = format!("'{locator}' of this publication tells of the {} {label}", noun.1);
    Diagnostic::new("I636", format!("{}:{}: {told}, which others tell of too", place.file, place.line))
        .note("give the row another locator, or change the file by hand: bilat export --as csv")
}

pub fn key_of_another(place: &Place, key: &str) -> Diagnostic {
    let message = format!("{}: '{key}' is the key of another row than this one", place.at("key"));
    Diagnostic::new("I636", message)
}

pub fn cannot_create(word: &str, nouns: &[&str], suggestions: &[String]) -> Diagnostic {
    Diagnostic::new("I637", format!("--create makes no '{word}'"))
        .suggest(suggestions.to_vec())
        .note(format!("it makes {}", nouns.join(", ")))
}

pub fn rejects_exist(path: &str) -> Diagnostic {
    Diagnostic::new("I638", format!("{path} is there already: refused rows are not written over it"))
        .note("give --rejects another name, or take the file away")
}

fn created(noun: Called) -> String {
    format!("--create {} makes what is not there", noun.0)
}

fn decide(name: &str, noun: Called) -> String {
    format!("or decide in the mapping, under [names.{}]: \"{name}\" = a key or a name", noun.0)
}

fn listed(candidates: &[Candidate]) -> String {
    let texts = candidates.iter().take(LISTED).map(|candidate| format!("{} ({})", candidate.label, candidate.key));
    let more = (candidates.len() > LISTED).then(|| format!("{} more", candidates.len() - LISTED));
    texts.chain(more).collect::<Vec<_>>().join(", ")
}

/// A key or a bare word to be replaced.
fn patched(diagnostic: Diagnostic, span: Span, suggestions: &[String]) -> Diagnostic {
    let diagnostic = diagnostic.suggest(suggestions.to_vec());
    match suggestions {
        [only] => diagnostic.patch(span, only),
        _ => diagnostic,
    }
}

/// A text in quotes to be replaced.
fn quoted_patch(diagnostic: Diagnostic, span: Span, suggestions: &[String]) -> Diagnostic {
    let diagnostic = diagnostic.suggest(suggestions.to_vec());
    match suggestions {
        [only] => diagnostic.patch(span, format!("\"{only}\"")),
        _ => diagnostic,
    }
}
