//! `grammar/bilat.tmLanguage.json`: the words and signs of the language for editors that read TextMate grammars.
//!
//! Such a grammar sees one line at a time, and no more of it than regular expressions can: a keyword of two words over two
//! lines, or with a comment inside, it takes for two words.

use bilat::bind::functions::FUNCTIONS;
use bilat::catalog::NOUNS;
use bilat::syntax::token::{Keyword, Symbol};
use serde_json::{Value, json};

/// What a word goes on with, as the lexer has it.
const REST: &str = r"[\p{L}\p{M}\p{N}_\x{200C}\x{200D}]*";
const BEGIN: &str = r"[\p{L}_]";
const BLANKS: &str = r"\s+";

pub fn grammar() -> String {
    let word = format!("{BEGIN}{REST}");
    // The first that fits at a place wins.
    let parts = [
        "comments",
        "texts",
        "dates",
        "numbers",
        "parameters",
        "paths",
        "aliases",
        "keywords",
        "functions",
        "nouns",
        "words",
        "signs",
    ];
    let parts = parts.map(|part| json!({ "include": format!("#{part}") }));
    let grammar = json!({
        "$schema": "https://raw.githubusercontent.com/martinring/tmlanguage/master/tmlanguage.json",
        "information_for_contributors": [
            "made from the tables of the program by UPDATE=1 cargo test; see tests/reference/editor.rs"
        ],
        "name": "bilat",
        "scopeName": "source.bilat",
        "fileTypes": ["bilat"],
        "patterns": parts,
        "repository": {
            "comments": { "patterns": [
                { "name": "comment.line.double-dash.bilat", "match": "--.*" },
                { "name": "comment.block.bilat", "begin": r"/\*", "end": r"\*/" },
            ]},
            "texts": { "patterns": [text('\'', "single"), text('"', "double")] },
            "dates": { "patterns": [
                {
                    "name": "constant.numeric.date.bilat",
                    "match": r"\b[0-9]{4}-(?:[0-9]{2}(?:-[0-9]{2})?|Q[1-4]|W[0-9]{2})(?![0-9A-Za-z-])",
                },
                {
                    "name": "invalid.illegal.date.bilat",
                    "match": r"\b[0-9]+(?:-[0-9A-Za-z][0-9A-Za-z-]*|\.[0-9]+\.[0-9]+|/[0-9]+/[0-9]+)",
                },
                { "name": "keyword.operator.range.bilat", "match": r"\.\." },
            ]},
            "numbers": { "patterns": [
                { "name": "constant.numeric.bilat", "match": r"\b[0-9]+\.[0-9]+" },
                { "name": "invalid.illegal.number.bilat", "match": format!(r"\b[0-9]+[\p{{L}}\p{{M}}_]{REST}") },
                { "name": "constant.numeric.bilat", "match": r"\b[0-9]+" },
            ]},
            "parameters": { "patterns": [
                { "name": "variable.parameter.bilat", "match": format!(r"\${word}") },
            ]},
            // Behind a dot there are no keywords.
            "paths": { "patterns": [{
                "match": format!(r"(\.)\s*({word})"),
                "captures": {
                    "1": { "name": "punctuation.separator.path.bilat" },
                    "2": { "name": "variable.other.member.bilat" },
                },
            }]},
            // Nor are there behind AS, but where AS OF begins a statement: a day follows then.
            "aliases": { "patterns": [
                {
                    "match": format!(
                        r#"(?:^|(?<=;))\s*((?i:{})\b)(?=\s*(?:[0-9'"$]|(?i:{}|event)\b))"#,
                        spaced(Keyword::AsOf),
                        Keyword::Today.text()
                    ),
                    "captures": { "1": { "name": "keyword.control.bilat" } },
                },
                {
                    "match": format!(r"\b((?i:{}))\s+({word})", Keyword::As.text()),
                    "captures": {
                        "1": { "name": "keyword.other.bilat" },
                        "2": { "name": "entity.name.alias.bilat" },
                    },
                },
            ]},
            "keywords": { "patterns": [
                { "name": "keyword.control.bilat", "match": one_of(keywords(true)) },
                { "name": "keyword.other.bilat", "match": one_of(keywords(false)) },
            ]},
            "functions": { "patterns": [{
                "name": "support.function.bilat",
                "match": format!(r"{}(?=\s*\()", one_of(FUNCTIONS.iter().map(|function| function.name.to_string()))),
            }]},
            "nouns": { "patterns": [
                { "name": "support.class.bilat", "match": one_of(NOUNS.iter().map(|noun| noun.name.to_string())) },
                {
                    "name": "support.type.bilat",
                    "match": format!(r#"{}(?=\s*['"])"#, one_of(NOUNS.iter().map(|noun| noun.singular.to_string()))),
                },
            ]},
            "words": { "patterns": [{ "name": "variable.other.bilat", "match": word }] },
            "signs": { "patterns": [
                { "name": "punctuation.bilat", "match": signs(true) },
                { "name": "keyword.operator.bilat", "match": signs(false) },
            ]},
        },
    });
    serde_json::to_string_pretty::<Value>(&grammar).unwrap() + "\n"
}

/// A text in quotes; a doubled quote stands for itself.
fn text(quote: char, name: &str) -> Value {
    json!({
        "name": format!("string.quoted.{name}.bilat"),
        "begin": quote.to_string(),
        "end": format!("{quote}(?!{quote})"),
        "patterns": [{ "name": "constant.character.escape.bilat", "match": format!("{quote}{quote}") }],
    })
}

/// The keywords that begin a statement, a clause or a phrase, or the others.
fn keywords(beginning: bool) -> impl Iterator<Item = String> {
    let begins = |word: Keyword| {
        use Keyword::*;
        word.clause().is_some() || matches!(word, Describe | Explain | Assert | Let | Connect)
    };
    let own = |word: &Keyword| !matches!(word, Keyword::As | Keyword::AsOf);
    let fitting = Keyword::ALL.iter().copied().filter(own).filter(move |word| begins(*word) == beginning);
    let after_as = (!beginning).then(|| Keyword::As.text().to_string());
    fitting.map(spaced).chain(after_as)
}

/// A keyword as a regular expression; of two words, any blanks may stand between.
fn spaced(word: Keyword) -> String {
    word.text().replace(' ', BLANKS)
}

/// Any of these words, whole and in any case.
fn one_of(words: impl Iterator<Item = String>) -> String {
    format!(r"\b(?i:{})\b", words.collect::<Vec<_>>().join("|"))
}

/// The signs that separate, or those that reckon and compare; longer ones before their beginnings.
fn signs(separating: bool) -> String {
    let separates = |sign: &Symbol| {
        use Symbol::*;
        matches!(sign, LeftParen | RightParen | Comma | Semicolon | Dot)
    };
    let mut fitting: Vec<Symbol> = Symbol::ALL.iter().copied().filter(|sign| separates(sign) == separating).collect();
    fitting.retain(|sign| *sign != Symbol::Range);
    fitting.sort_by_key(|sign| std::cmp::Reverse(sign.text().len()));
    let escaped = |sign: &Symbol| {
        sign.text().chars().map(|c| if "().*+".contains(c) { format!(r"\{c}") } else { c.to_string() }).collect()
    };
    fitting.iter().map(escaped).collect::<Vec<String>>().join("|")
}
