//! What each part of a text is: keywords, names that are in the data and names that are not, dates, brackets.

use crate::session::Session;
use crate::span::Span;
use crate::syntax::token::{Keyword, Symbol, Token, TokenKind};
use crate::syntax::tokens;

/// What a part of a text is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    Keyword,
    /// A name or a text in quotes.
    Text,
    /// A name in a phrase that nothing in the data has.
    NotFound,
    Number,
    Date,
    /// A bracket without its fellow, or something that no token begins with.
    Wrong,
}

/// The parts of a text that are more than plain words, in their order.
pub fn parts(session: &Session, text: &str) -> Vec<(Span, Part)> {
    let all = tokens(text);
    let lonely = lonely_brackets(&all);
    let mut parts = Vec::new();
    let mut phrase = false;
    for token in &all {
        let part = match token.kind {
            TokenKind::Keyword(word) => {
                phrase = takes_name(word) || (phrase && matches!(word, Keyword::And | Keyword::Or));
                Some(Part::Keyword)
            }
            TokenKind::Word if phrase => Some(name(session, token.span.text(text))),
            TokenKind::Text if phrase => Some(name(session, token.span.text(text).trim_matches(['\'', '"']))),
            TokenKind::Text | TokenKind::Unclosed => Some(Part::Text),
            TokenKind::Integer | TokenKind::Number => Some(Part::Number),
            TokenKind::Date => Some(Part::Date),
            TokenKind::Unknown => Some(Part::Wrong),
            TokenKind::Symbol(_) if lonely.contains(&token.span) => Some(Part::Wrong),
            _ => None,
        };
        parts.extend(part.map(|part| (token.span, part)));
    }
    parts
}

fn takes_name(word: Keyword) -> bool {
    use Keyword::*;
    matches!(word, With | Without | In | At | About | By | To)
}

fn name(session: &Session, text: &str) -> Part {
    match session.is_name(text) {
        Ok(false) => Part::NotFound,
        Ok(true) | Err(_) => Part::Text,
    }
}

/// Brackets that close nothing, or are closed by nothing.
fn lonely_brackets(all: &[Token]) -> Vec<Span> {
    let mut open = Vec::new();
    let mut lonely = Vec::new();
    for token in all {
        match token.kind {
            TokenKind::Symbol(Symbol::LeftParen) => open.push(token.span),
            TokenKind::Symbol(Symbol::RightParen) if open.pop().is_none() => lonely.push(token.span),
            _ => {}
        }
    }
    lonely.extend(open);
    lonely
}
