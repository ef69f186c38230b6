//! Messages of the lexer and the parser (S…): the text is not a statement of the language.

use super::binding::{any_of, quote};
use super::{Diagnostic, Trust};
use crate::span::Span;

/// Every code of this stage with its title.
pub const CODES: &[(&str, &str)] = &[
    ("S101", "something else was due"),
    ("S102", "the text ends too early"),
    ("S103", "a quote or comment is not closed"),
    ("S104", "a sign of another language"),
    ("S105", "a word of another language"),
    ("S106", "typographic quotes"),
    ("S107", "a sign that means nothing here"),
    ("S109", "a name of several words without quotes"),
    ("S110", "a date that does not exist or is written otherwise"),
    ("S111", "a period that ends before it starts"),
    ("S112", "a date after IN"),
    ("S113", "a clause in the wrong place"),
    ("S114", "the same twice"),
    ("S115", "a comparison of three"),
    ("S116", "a star inside a function"),
    ("S117", "an alias without AS"),
    ("S118", "several nouns after FROM"),
    ("S119", "a position instead of a name"),
    ("S120", "LIMIT with a comma"),
    ("S121", "a number that is too large"),
    ("S122", "nested too deeply"),
    ("S123", "names between BETWEEN and AND"),
    ("S124", "a keyword as a name"),
    ("S125", "AS OF inside a statement"),
    ("S126", "a semicolon is missing between two statements"),
];

pub fn unexpected(span: Span, written: &str, near: &[String], expected: &[String]) -> Diagnostic {
    let quotes = if written.starts_with(['\'', '"']) { "" } else { "'" };
    let diagnostic = Diagnostic::new("S101", format!("{quotes}{written}{quotes} cannot stand here"))
        .at(span)
        .label("not expected")
        .suggest(near.to_vec());
    match near {
        [] => with_expected(diagnostic, expected),
        [only] => diagnostic.patch(span, only.clone()),
        _ => diagnostic,
    }
}

/// How the note begins that lists what could stand at a place.
pub const COULD_STAND: &str = "here could stand ";

/// Lists what could stand at the place, if anything.
pub fn with_expected(diagnostic: Diagnostic, expected: &[String]) -> Diagnostic {
    if expected.is_empty() { diagnostic } else { diagnostic.note(format!("{COULD_STAND}{}", any_of(expected))) }
}

pub fn ends_early(span: Span, expected: &[String]) -> Diagnostic {
    with_expected(
        Diagnostic::new("S102", "the statement ends too early").at(span).label("something is missing"),
        expected,
    )
}

pub fn unclosed(span: Span, written: &str) -> Diagnostic {
    let comment = written.starts_with("/*");
    let (what, close) = if comment { ("comment", "*/") } else { ("quote", written.get(..1).unwrap_or("'")) };
    let opening = Span::new(span.start, span.start + if comment { 2 } else { 1 });
    Diagnostic::new("S103", format!("this {what} is never closed"))
        .at(opening)
        .label(format!("opened here; the text ends without {close}"))
}

/// `right` is what is written instead, `spaced` the same with the blanks it needs at that place.
pub fn foreign_sign(span: Span, sign: &str, right: &str, spaced: &str, trust: Trust) -> Diagnostic {
    Diagnostic::new("S104", format!("'{sign}' is written {right} here"))
        .at(span)
        .label("a sign of another language")
        .suggest([right])
        .patch(span, spaced)
        .trusted(trust)
}

pub fn foreign_word(span: Span, word: &str, instead: &str) -> Diagnostic {
    Diagnostic::new("S105", format!("'{word}' belongs to another language"))
        .at(span)
        .label("not a word of this one")
        .note(instead)
}

pub fn typographic_quotes(span: Span, inner: &str, trust: Trust) -> Diagnostic {
    Diagnostic::new("S106", "texts stand in straight quotes")
        .at(span)
        .label("typographic quotes")
        .suggest([quote(inner)])
        .patch(span, quote(inner))
        .trusted(trust)
}

pub fn strange_sign(span: Span, written: &str) -> Diagnostic {
    Diagnostic::new("S107", format!("'{written}' means nothing here")).at(span).label("not a sign of the language")
}

pub fn glued_number(span: Span, written: &str) -> Diagnostic {
    Diagnostic::new("S107", format!("'{written}' is neither a number nor a name"))
        .at(span)
        .label("digits and letters together")
        .note("a name that begins with a digit takes quotes")
        .suggest([quote(written)])
}

pub fn unquoted_name(span: Span, written: &str, trust: Trust) -> Diagnostic {
    Diagnostic::new("S109", "a name of several words takes quotes")
        .at(span)
        .label("one name?")
        .suggest([quote(written)])
        .patch(span, quote(written))
        .trusted(trust)
}

/// `better` is the date that was meant, and whether it can be no other.
pub fn no_date(span: Span, written: &str, why: &str, better: Option<(&str, Trust)>) -> Diagnostic {
    let diagnostic = Diagnostic::new("S110", format!("'{written}' is not a date: {why}"))
        .at(span)
        .label(why)
        .note("dates are written 2024, 2024-05, 2024-05-16, 2024-Q2, 2024-W20, or from..to");
    match better {
        Some((better, trust)) => diagnostic.suggest([better]).patch(span, better).trusted(trust),
        None => diagnostic,
    }
}

pub fn reversed_period(span: Span, first: &str, last: &str) -> Diagnostic {
    let right = format!("{first}..{last}");
    Diagnostic::new("S111", "this period ends before it starts")
        .at(span)
        .label("the later day comes first")
        .suggest([right.clone()])
        .patch(span, right)
}

pub fn in_a_date(span: Span, written: &str) -> Diagnostic {
    Diagnostic::new("S112", "IN takes a place; a time is meant with DURING")
        .at(span)
        .label("a date")
        .suggest([format!("DURING {written}")])
        .patch(span, format!("DURING {written}"))
}

/// `moved` is the text in which the clause stands where it belongs, for the span that it replaces.
pub fn late_clause(span: Span, word: &str, before: &str, phrase: bool, moved: Option<(Span, String)>) -> Diagnostic {
    let what = if phrase { "phrases stand right after the noun" } else { "the clauses have a fixed order" };
    let diagnostic = Diagnostic::new("S113", format!("{word} stands before {before}: {what}"))
        .at(span)
        .label(format!("after {before}"))
        .note("SELECT … FROM noun … WHERE … GROUP BY … HAVING … ORDER BY … LIMIT … CITE … CHART");
    match moved {
        Some((span, text)) => diagnostic.patch(span, text).trusted(Trust::Sure),
        None => diagnostic,
    }
}

pub fn phrase_before_from(span: Span, word: &str) -> Diagnostic {
    Diagnostic::new("S113", format!("{word} stands after FROM and its noun")).at(span).label("before FROM")
}

pub fn doubled_clause(span: Span, word: &str) -> Diagnostic {
    Diagnostic::new("S114", format!("{word} stands here a second time"))
        .at(span)
        .label("once only")
        .note("several conditions are joined by AND, several values by commas")
}

/// `span` is the second one with the blank before it.
pub fn doubled_word(span: Span, written: &str) -> Diagnostic {
    let word = Span::new(span.end - written.len(), span.end);
    Diagnostic::new("S114", format!("'{written}' stands here twice")).at(word).label("once only").patch(span, "")
}

pub fn chained_comparison(span: Span) -> Diagnostic {
    Diagnostic::new("S115", "a comparison has two sides")
        .at(span)
        .label("a second comparison")
        .note("write x >= 1 AND x <= 5, or x BETWEEN 1 AND 5")
}

pub fn star_argument(span: Span, function: &str) -> Diagnostic {
    let right = format!("{function}()");
    Diagnostic::new("S116", format!("{right} counts the rows; it takes no star"))
        .at(span)
        .label("no star")
        .suggest([right.clone()])
        .patch(span, right)
        .trusted(Trust::Sure)
}

pub fn alias_without_as(span: Span, written: &str) -> Diagnostic {
    Diagnostic::new("S117", "columns are separated by commas, and a new name for a column stands after AS")
        .at(span)
        .label("another column, or a name?")
        .suggest([format!(", {written}"), format!("AS {written}")])
        .patch(span, format!("AS {written}"))
        .trusted(Trust::UnlessColumn)
}

pub fn several_nouns(span: Span) -> Diagnostic {
    Diagnostic::new("S118", "FROM takes one noun, and that is what is counted")
        .at(span)
        .label("a second noun")
        .note("what belongs to it is reached by links: participants.country, place.country")
}

pub fn position_number(span: Span, clause: &str) -> Diagnostic {
    Diagnostic::new("S119", format!("{clause} takes a value, not the position of a column"))
        .at(span)
        .label("a position")
        .note("name the column itself, or give it a name with AS")
}

pub fn limit_with_comma(span: Span, first: u64, second: Option<u64>) -> Diagnostic {
    let (right, trust) = match second {
        Some(second) => (format!("LIMIT {second} OFFSET {first}"), Trust::Sure),
        None => (format!("LIMIT {first}"), Trust::Guess),
    };
    Diagnostic::new("S120", "LIMIT takes one number; how many to pass over stands after OFFSET")
        .at(span)
        .label("a comma")
        .suggest([right.clone()])
        .patch(span, right)
        .trusted(trust)
}

pub fn number_too_large(span: Span) -> Diagnostic {
    Diagnostic::new("S121", "this number is too large").at(span).label("too large")
}

pub fn too_deep(span: Span, deepest: usize) -> Diagnostic {
    Diagnostic::new("S122", format!("nested more than {deepest} deep")).at(span).label("too deep")
}

pub fn between_names(span: Span, right: &str, trust: Trust) -> Diagnostic {
    Diagnostic::new("S123", "who met whom is asked with WITH")
        .at(span)
        .label("names, not the ends of a range")
        .suggest([right])
        .patch(span, right)
        .trusted(trust)
}

pub fn missing_semicolon(place: Span) -> Diagnostic {
    Diagnostic::new("S126", "the next line begins another statement; a semicolon is missing before it")
        .at(place)
        .label("; is missing")
        .patch(place, ";")
        .trusted(Trust::Sure)
}

pub fn as_of_inside(span: Span) -> Diagnostic {
    Diagnostic::new("S125", "AS OF is a statement of its own, and the first of a text")
        .at(span)
        .label("inside a statement")
        .note("AS OF 2024-07-11; at the beginning sets the day that all that follows is read as of")
}

pub fn keyword_as_name(span: Span, word: &str, written: &str) -> Diagnostic {
    Diagnostic::new("S124", format!("{word} is a word of the language; as a name it takes quotes"))
        .at(span)
        .label("a keyword")
        .suggest([quote(written)])
        .patch(span, quote(written))
}
