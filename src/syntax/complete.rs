//! What is missing to a statement, and what could stand at the cursor: both from the parser's own record.

use super::lexer::{is_word, tokens};
use super::parser::Expected;
use super::token::{Keyword, Symbol, Token, TokenKind};
use crate::diagnostic::binding::any_of;

/// Whether a text can be run as it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Completeness {
    /// Nothing but blanks and comments.
    Empty,
    Complete,
    /// It goes on; `missing` says with what.
    Incomplete {
        missing: String,
    },
}

/// Whether the last statement of a text is finished by its semicolon, and if not, what is missing.
pub fn completeness(text: &str) -> Completeness {
    let all = tokens(text);
    let Some(last) = all.iter().rev().find(|token| token.kind != TokenKind::End) else { return Completeness::Empty };
    let missing = |missing: &str| Completeness::Incomplete { missing: missing.to_string() };
    match last.kind {
        TokenKind::Symbol(Symbol::Semicolon) => return Completeness::Complete,
        TokenKind::Unclosed if last.span.text(text).starts_with("/*") => return missing("*/"),
        TokenKind::Unclosed => return missing(last.span.text(text).get(..1).unwrap_or("'")),
        _ => {}
    }
    let script = super::parser::script(text, &all);
    let at_end = script.diagnostics.iter().find(|d| d.span.is_some_and(|span| span.start >= last.span.end));
    match at_end {
        Some(_) if script.expected.0 >= last.span.end => missing(&shortly(&script.expected.1)),
        _ => missing(";"),
    }
}

/// A few of the things that may follow: names and values, then what closes a bracket, then keywords, then other signs.
fn shortly(expected: &[Expected]) -> String {
    let mut kinds: Vec<Expected> = expected.to_vec();
    let place = |kind: &Expected| match kind {
        Expected::Symbol(")") => 1,
        Expected::Keyword(_) => 2,
        Expected::Symbol(_) | Expected::End => 3,
        _ => 0,
    };
    kinds.sort_by_key(place);
    // Where something of a kind is due, the words that may stand for it do not matter.
    let due = kinds.iter().filter(|kind| place(kind) == 0).count();
    let texts: Vec<String> = kinds.iter().take(if due > 0 { due.min(3) } else { 3 }).map(|kind| kind.text()).collect();
    any_of(&texts)
}

/// A place in a text and what may stand there.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Position {
    /// Where the word (or the open quote) at the cursor begins.
    pub start: usize,
    pub expected: Vec<Expected>,
    /// The noun after FROM, wherever in the text it stands.
    pub noun: Option<String>,
    /// The words of the path before the cursor, if a dot stands right before it.
    pub path: Vec<String>,
    /// The keyword of the phrase, if a name is due.
    pub phrase: Option<Keyword>,
    /// The path that is compared with what stands at the cursor.
    pub compared: Vec<String>,
    /// The path of ANY, EVERY or NO in whose brackets the cursor stands.
    pub inside: Vec<String>,
    /// Whether the word before it is `event`, which the name of one follows.
    pub event: bool,
    /// The keyword that the statement begins with.
    pub statement: Option<Keyword>,
}

/// What may stand at `offset`, a byte offset on a character boundary.
pub fn expected_at(text: &str, offset: usize) -> Position {
    let before = text.get(..offset).unwrap_or(text);
    let start = word_start(before);
    let prefix = &before[..start];
    // The statement under the cursor alone matters.
    let all = tokens(prefix);
    let begin = all.iter().rposition(|token| token.kind == TokenKind::Symbol(Symbol::Semicolon)).map_or(0, |at| at + 1);
    let tokens = &all[begin..];
    let script = super::parser::script(prefix, tokens);
    let end = tokens.iter().rev().find(|token| token.kind != TokenKind::End).map_or(0, |token| token.span.end);
    let expected = if script.expected.0 >= end { script.expected.1 } else { Vec::new() };
    let path = path_before(prefix, tokens);
    Position {
        start,
        expected,
        noun: noun_of(text, offset),
        compared: compared_path(prefix, tokens),
        phrase: phrase_of(tokens),
        path,
        inside: quantified(prefix, tokens),
        statement: meaningful(tokens).next().and_then(|token| match token.kind {
            TokenKind::Keyword(word) => Some(word),
            _ => None,
        }),
        event: meaningful(tokens)
            .next_back()
            .is_some_and(|token| token.span.text(prefix).eq_ignore_ascii_case("event")),
    }
}

/// Where the word that ends a text begins; an open quote belongs to it.
fn word_start(before: &str) -> usize {
    if let Some(open) = tokens(before).iter().find(|token| token.kind == TokenKind::Unclosed) {
        return open.span.start;
    }
    before.char_indices().rev().take_while(|(_, c)| is_word(*c)).last().map_or(before.len(), |(at, _)| at)
}

fn meaningful(tokens: &[Token]) -> impl DoubleEndedIterator<Item = &Token> {
    tokens.iter().filter(|token| token.kind != TokenKind::End)
}

/// The words joined by dots that end at the cursor.
fn path_before(text: &str, tokens: &[Token]) -> Vec<String> {
    let mut words = Vec::new();
    let mut dot_due = true;
    for token in meaningful(tokens).rev() {
        match token.kind {
            TokenKind::Symbol(Symbol::Dot) if dot_due => dot_due = false,
            TokenKind::Word | TokenKind::Keyword(_) if !dot_due => {
                words.insert(0, token.span.text(text).to_string());
                dot_due = true;
            }
            _ => break,
        }
    }
    words
}

/// `path =` before the cursor.
fn compared_path(text: &str, tokens: &[Token]) -> Vec<String> {
    let mut known: Vec<&Token> = meaningful(tokens).collect();
    let compares = |kind: TokenKind| {
        matches!(
            kind,
            TokenKind::Symbol(Symbol::Equal | Symbol::NotEqual | Symbol::Comma | Symbol::LeftParen)
                | TokenKind::Keyword(Keyword::In | Keyword::Like | Keyword::Contains)
        )
    };
    if !known.last().is_some_and(|token| compares(token.kind)) {
        return Vec::new();
    }
    while known.last().is_some_and(|token| compares(token.kind) || token.kind == TokenKind::Text) {
        known.pop();
    }
    let mut words = Vec::new();
    for token in known.into_iter().rev() {
        match token.kind {
            TokenKind::Word => words.insert(0, token.span.text(text).to_string()),
            TokenKind::Symbol(Symbol::Dot) => {}
            _ => break,
        }
    }
    words
}

/// The paths of the quantifiers whose brackets are open at the end, from the outside in.
fn quantified(text: &str, tokens: &[Token]) -> Vec<String> {
    let tokens: Vec<Token> = meaningful(tokens).copied().collect();
    let mut open: Vec<Vec<String>> = Vec::new();
    for (at, token) in tokens.iter().enumerate() {
        match token.kind {
            TokenKind::Symbol(Symbol::LeftParen) => open.push(quantified_path(text, &tokens[..at])),
            TokenKind::Symbol(Symbol::RightParen) => drop(open.pop()),
            // A query of its own begins; what stands outside does not matter in it.
            TokenKind::Keyword(Keyword::From | Keyword::Select) => open.iter_mut().for_each(Vec::clear),
            _ => {}
        }
    }
    open.concat()
}

/// `ANY path` at the end.
fn quantified_path(text: &str, tokens: &[Token]) -> Vec<String> {
    let is_path = |token: &&Token| matches!(token.kind, TokenKind::Word | TokenKind::Symbol(Symbol::Dot));
    let count = tokens.iter().rev().take_while(is_path).count();
    let (before, path) = tokens.split_at(tokens.len() - count);
    let quantifies =
        |token: &Token| matches!(token.kind, TokenKind::Keyword(Keyword::Any | Keyword::Every | Keyword::No));
    let words = path.iter().filter(|token| token.kind == TokenKind::Word);
    if before.last().is_some_and(quantifies) {
        words.map(|token| token.span.text(text).to_string()).collect()
    } else {
        Vec::new()
    }
}

/// They take names like phrases, but begin no clause.
const RELATIONS: [Keyword; 4] = [Keyword::Met, Keyword::Visited, Keyword::Hosted, Keyword::Attended];

/// The phrase or relation whose name is due.
fn phrase_of(tokens: &[Token]) -> Option<Keyword> {
    let words = meaningful(tokens).rev().filter_map(|token| match token.kind {
        TokenKind::Keyword(word) => Some(word),
        _ => None,
    });
    let takes_name = |word: &Keyword| word.clause() == Some(2) || RELATIONS.contains(word);
    words.into_iter().find(|word| word.clause().is_some() || RELATIONS.contains(word)).filter(takes_name)
}

/// The tokens of the innermost query in brackets that the cursor stands in, without those in further brackets; or those of
/// the whole statement.
fn innermost<'t>(tokens: &[&'t Token], offset: usize) -> Vec<&'t Token> {
    let begins = |at: usize| {
        let next = tokens.get(at + 1).map(|token| token.kind);
        matches!(next, Some(TokenKind::Keyword(Keyword::Select | Keyword::From)))
    };
    let mut open: Vec<usize> = Vec::new();
    for (at, token) in tokens.iter().enumerate().take_while(|(_, token)| token.span.end <= offset) {
        match token.kind {
            TokenKind::Symbol(Symbol::LeftParen) => open.push(at),
            TokenKind::Symbol(Symbol::RightParen) => drop(open.pop()),
            _ => {}
        }
    }
    let start = open.iter().rev().find(|at| begins(**at)).map_or(0, |at| at + 1);
    let mut depth = 0;
    let mut inside = Vec::new();
    for token in &tokens[start..] {
        match token.kind {
            TokenKind::Symbol(Symbol::LeftParen) => depth += 1,
            TokenKind::Symbol(Symbol::RightParen) if depth == 0 => break,
            TokenKind::Symbol(Symbol::RightParen) => depth -= 1,
            _ if depth == 0 => inside.push(*token),
            _ => {}
        }
    }
    inside
}

/// The noun after the FROM of the statement at `offset`.
fn noun_of(text: &str, offset: usize) -> Option<String> {
    let all = tokens(text);
    let is_end = |token: &&Token| token.kind == TokenKind::Symbol(Symbol::Semicolon);
    let begin = all.iter().filter(is_end).map(|token| token.span.end).filter(|end| *end <= offset).max().unwrap_or(0);
    let end =
        all.iter().filter(is_end).map(|token| token.span.start).find(|start| *start >= offset).unwrap_or(text.len());
    let whole: Vec<&Token> = all.iter().filter(|token| token.span.start >= begin && token.span.end <= end).collect();
    let inside = innermost(&whole, offset);
    inside.windows(2).find_map(|pair| match pair {
        [from, noun] if from.kind == TokenKind::Keyword(Keyword::From) && noun.kind == TokenKind::Word => {
            Some(noun.span.text(text).to_string())
        }
        _ => None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_noun_is_that_of_the_innermost_query_around_the_cursor() {
        let noun = |text: &str| {
            let offset = text.find('|').unwrap();
            noun_of(&text.replace('|', ""), offset)
        };
        assert_eq!(noun("SELECT | FROM meetings").as_deref(), Some("meetings"));
        assert_eq!(noun("FROM leaders WHERE EXISTS (FROM visits WHERE |").as_deref(), Some("visits"));
        assert_eq!(noun("FROM leaders WHERE EXISTS (FROM visits WHERE x) AND |").as_deref(), Some("leaders"));
        assert_eq!(noun("ASSERT count(SELECT | FROM events) > 1").as_deref(), Some("events"));
        assert_eq!(noun("FROM visits; FROM places WHERE (|").as_deref(), Some("places"));
    }
}
