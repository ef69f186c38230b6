//! Habits from SQL, shells and word processors: what was probably meant, and how it is written here.

use super::lexer::is_word;
use super::parser::Expected;
use super::token::{Keyword, Token, TokenKind};
use crate::diagnostic::{Diagnostic, Trust, syntax as messages};
use crate::span::Span;
use crate::value::date::DayRange;

/// Signs of other languages with the right ones. What `~` compares with is no pattern of LIKE.
const SIGNS: &[(&str, &str, Trust)] = &[
    ("==", "=", Trust::Sure),
    ("<>", "!=", Trust::Sure),
    ("&&", "AND", Trust::Sure),
    ("&", "AND", Trust::Sure),
    ("||", "OR", Trust::Sure),
    ("|", "OR", Trust::Sure),
    ("!", "NOT", Trust::Sure),
    ("~", "LIKE", Trust::Guess),
    ("=~", "LIKE", Trust::Guess),
    ("^=", "!=", Trust::Sure),
    ("!==", "!=", Trust::Sure),
    ("===", "=", Trust::Sure),
    (":=", "=", Trust::Sure),
    ("＝", "=", Trust::Sure),
    ("≠", "!=", Trust::Sure),
    ("≤", "<=", Trust::Sure),
    ("≥", ">=", Trust::Sure),
    ("=<", "<=", Trust::Sure),
    ("=>", ">=", Trust::Sure),
    ("，", ",", Trust::Sure),
    ("、", ",", Trust::Sure),
    ("；", ";", Trust::Sure),
    ("（", "(", Trust::Sure),
    ("）", ")", Trust::Sure),
    ("[", "(", Trust::Guess),
    ("]", ")", Trust::Guess),
    ("…", "..", Trust::Guess),
    ("–", "..", Trust::Guess),
];

/// Words of other languages with what does the same here.
const WORDS: &[(&str, &str)] = &[
    ("ILIKE", "LIKE ignores case and accents already"),
    ("JOIN", "no joins here: follow links by dots, as in place.country.name"),
    ("INNER", "no joins here: follow links by dots, as in place.country.name"),
    ("LEFT", "no joins here: follow links by dots, as in place.country.name"),
    ("ON", "no joins here: follow links by dots, as in place.country.name"),
    ("UNION", "write two queries, or one condition with OR"),
    ("INTERSECT", "write one condition with AND"),
    ("EXCEPT", "write one condition with AND NOT"),
    ("CASE", "there is no CASE: choose rows by WHERE, or count several times"),
    ("SHOW", "DESCRIBE; lists the nouns, DESCRIBE meetings; what they have"),
    ("USE", "open a file with bilat FILE.db"),
    ("PRAGMA", "DESCRIBE; lists the nouns"),
    ("SET", "there is nothing to set in a query file"),
    ("DELETE", "queries only read; files are changed by bilat build"),
    ("INSERT", "queries only read; files are changed by bilat build"),
    ("UPDATE", "queries only read; files are changed by bilat build"),
    ("DROP", "queries only read; files are changed by bilat build"),
    ("CREATE", "queries only read; files are changed by bilat build"),
    ("ALTER", "queries only read; files are changed by bilat build"),
    ("ATTACH", "queries only read the one file that is open"),
    ("REGEXP", "LIKE takes % for any text and _ for one character; CONTAINS finds a part"),
    ("GLOB", "LIKE takes % for any text and _ for one character; CONTAINS finds a part"),
    ("PLOT", "CHART at the end draws the answer"),
    ("DRAW", "CHART at the end draws the answer"),
    ("PIVOT", "GROUP BY a ACROSS b turns the values of b into columns"),
    ("TOP", "LIMIT 10 at the end shows ten rows"),
    ("NULLS", "unknown values come last in any order"),
];

/// A message for the tokens at the place of a mistake, if a known habit explains it.
pub fn explain(text: &str, tokens: &[Token], expected: &[Expected]) -> Option<Diagnostic> {
    let first = *tokens.first()?;
    let written = first.span.text(text);
    quotes(text, first).or_else(|| sign(text, first)).or_else(|| {
        let upper = written.to_uppercase();
        match first.kind {
            TokenKind::Keyword(Keyword::As) if is_of(text, tokens) => {
                Some(messages::as_of_inside(first.span.to(tokens[1].span)))
            }
            TokenKind::Unknown => unknown_sign(text, first),
            TokenKind::Keyword(Keyword::Between) => between_names(text, tokens),
            TokenKind::Keyword(word) => reserved(text, first, word, expected),
            TokenKind::Word => {
                let (word, instead) = WORDS.iter().find(|(word, _)| *word == upper)?;
                Some(messages::foreign_word(first.span, word, instead))
            }
            _ => None,
        }
    })
}

/// `AS OF` where no statement begins.
fn is_of(text: &str, tokens: &[Token]) -> bool {
    tokens.get(1).is_some_and(|token| token.span.text(text).eq_ignore_ascii_case("of"))
}

/// Quotes of word processors, each with those that close it in some language.
const QUOTES: &[(char, &[char])] = &[
    ('“', &['”', '“']),
    ('„', &['“', '”', '„']),
    ('”', &['”']),
    ('‘', &['’', '‘']),
    ('‚', &['‘', '’']),
    ('’', &['’']),
    ('«', &['»']),
    ('»', &['«', '»']),
    ('`', &['`', '´', '\'']),
    ('´', &['´']),
];

/// Typographic quotes: straight ones are offered round what stands between.
fn quotes(text: &str, token: Token) -> Option<Diagnostic> {
    let written = token.span.text(text);
    let (first, partners) = QUOTES.iter().find(|(quote, _)| written.starts_with(*quote))?;
    let after = token.span.start + first.len_utf8();
    let line = text[after..].split('\n').next().unwrap_or("");
    // A quote between two letters is an apostrophe.
    let inside = |at: usize, c: char| line[at + c.len_utf8()..].starts_with(is_word);
    let partner = line.char_indices().find(|(at, c)| partners.contains(c) && !inside(*at, *c));
    let any = |c: char| matches!(c, '"' | '\'') || QUOTES.iter().any(|(quote, _)| *quote == c);
    let close = partner.or_else(|| line.char_indices().find(|(_, c)| any(*c)));
    let inner = close.map_or(line, |(at, _)| &line[..at]);
    let end = close.map_or(after + line.len(), |(at, c)| after + at + c.len_utf8());
    let apostrophe = text[..token.span.start].ends_with(is_word);
    let trust = if partner.is_some() && !apostrophe { Trust::Sure } else { Trust::Guess };
    Some(messages::typographic_quotes(Span::new(token.span.start, end), inner, trust))
}

/// The longest sign of another language that stands across this place.
fn sign(text: &str, token: Token) -> Option<Diagnostic> {
    let starts = [token.span.start.saturating_sub(1), token.span.start];
    let found = starts.into_iter().flat_map(|start| {
        SIGNS.iter().filter_map(move |(sign, right, trust)| {
            let rest = text.get(start..)?;
            let covers = rest.starts_with(sign) && start + sign.len() > token.span.start;
            covers.then_some((Span::new(start, start + sign.len()), *sign, *right, *trust))
        })
    });
    let (span, sign, right, trust) = found.max_by_key(|(span, ..)| span.end - span.start)?;
    let spaced = spaced(text, span, right);
    (sign.len() > 1 || token.kind == TokenKind::Unknown)
        .then(|| messages::foreign_sign(span, sign, right, &spaced, trust))
}

/// A word in place of a sign needs the blanks that the sign did without.
fn spaced(text: &str, span: Span, right: &str) -> String {
    let word = right.starts_with(is_word);
    let blank = |needed: bool| if word && needed { " " } else { "" };
    let before = text[..span.start].ends_with(|c: char| !c.is_whitespace() && c != '(');
    let after = text[span.end..].starts_with(|c: char| !c.is_whitespace());
    format!("{}{right}{}", blank(before), blank(after))
}

fn unknown_sign(text: &str, token: Token) -> Option<Diagnostic> {
    let written = token.span.text(text);
    if written.starts_with('#') {
        return Some(messages::foreign_word(token.span, written, "comments begin with --"));
    }
    if written.starts_with('\\') {
        return Some(messages::foreign_word(
            token.span,
            written,
            "DESCRIBE; lists the nouns, DESCRIBE meetings; what they have",
        ));
    }
    if written.starts_with(|c: char| c.is_ascii_digit()) {
        return Some(messages::glued_number(token.span, written));
    }
    Some(messages::strange_sign(token.span, written))
}

/// `BETWEEN Putin AND Xi`
fn between_names(text: &str, tokens: &[Token]) -> Option<Diagnostic> {
    let [between, one, and, other, ..] = tokens else { return None };
    let is_name = |token: &Token| matches!(token.kind, TokenKind::Word | TokenKind::Text);
    if and.kind != TokenKind::Keyword(Keyword::And) || !is_name(one) || !is_name(other) {
        return None;
    }
    let right = format!("WITH {} AND {}", one.span.text(text), other.span.text(text));
    // Two dates are no names.
    let is_date = |token: &Token| DayRange::parse(token.span.text(text).trim_matches(['\'', '"', ' '])).is_ok();
    let trust = if is_date(one) || is_date(other) { Trust::Guess } else { Trust::Sure };
    Some(messages::between_names(between.span.to(other.span), &right, trust))
}

/// A keyword where a name of the user's is due.
fn reserved(text: &str, token: Token, word: Keyword, expected: &[Expected]) -> Option<Diagnostic> {
    let named = expected.contains(&Expected::Name);
    let clause = word.clause().is_some();
    (named && !clause && !matches!(word, Keyword::And | Keyword::Or))
        .then(|| messages::keyword_as_name(token.span, word.text(), token.span.text(text)))
}
