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
    /// A noun, an attribute, a function or a name that there is not.
    NotFound,
    Number,
    Date,
    /// One of a pair of brackets, with the cursor at one of them.
    Fellow,
    /// A bracket without its fellow, a quote that nothing closes, or something that no token begins with.
    Wrong,
}

/// The messages that mean: that is not there.
const NOT_FOUND: [&str; 6] = ["B201", "B202", "B204", "B211", "B213", "B217"];

/// Longer texts are not understood while they are typed, only coloured.
const LONGEST: usize = 4000;

/// The parts of a text that are more than plain words, in their order; `cursor` is where the next key goes.
pub fn parts(session: &Session, text: &str, cursor: usize) -> Vec<(Span, Part)> {
    let all = tokens(text);
    let (lonely, fellows) = brackets(&all, cursor);
    let missing = not_found(session, text, cursor);
    let mut parts = Vec::new();
    let mut phrase = false;
    for token in &all {
        let is_missing = missing.iter().any(|span| span.start <= token.span.start && token.span.end <= span.end);
        let part = match token.kind {
            TokenKind::Keyword(word) => {
                phrase = takes_name(word) || (phrase && matches!(word, Keyword::And | Keyword::Or));
                Some(Part::Keyword)
            }
            TokenKind::Word | TokenKind::Text if is_missing => Some(Part::NotFound),
            TokenKind::Text => Some(Part::Text),
            TokenKind::Word => phrase.then_some(Part::Text),
            TokenKind::Integer | TokenKind::Number => Some(Part::Number),
            TokenKind::Date => Some(Part::Date),
            TokenKind::Unknown | TokenKind::Unclosed => Some(Part::Wrong),
            TokenKind::Symbol(_) if lonely.contains(&token.span) => Some(Part::Wrong),
            TokenKind::Symbol(_) if fellows.contains(&token.span) => Some(Part::Fellow),
            TokenKind::Symbol(_) | TokenKind::Parameter | TokenKind::End => None,
        };
        parts.extend(part.map(|part| (token.span, part)));
    }
    parts
}

fn takes_name(word: Keyword) -> bool {
    use Keyword::*;
    matches!(word, With | Without | In | At | About | By | To | Met | Visited | Hosted | Attended | AccordingTo)
}

/// What is not there. A word that is still typed may become one that is.
fn not_found(session: &Session, text: &str, cursor: usize) -> Vec<Span> {
    if text.len() > LONGEST {
        return Vec::new();
    }
    let missing = session.faults(text).into_iter().filter(|fault| NOT_FOUND.contains(&fault.code));
    missing.filter_map(|fault| fault.span).filter(|span| span.end != cursor).collect()
}

/// Brackets that close nothing or are closed by nothing, and the pair at the cursor: under it, or right before it.
fn brackets(all: &[Token], cursor: usize) -> (Vec<Span>, Vec<Span>) {
    let (mut open, mut lonely, mut pairs) = (Vec::new(), Vec::new(), Vec::new());
    for token in all {
        match token.kind {
            TokenKind::Symbol(Symbol::LeftParen) => open.push(token.span),
            TokenKind::Symbol(Symbol::RightParen) => match open.pop() {
                Some(left) => pairs.push([left, token.span]),
                None => lonely.push(token.span),
            },
            _ => {}
        }
    }
    lonely.extend(open);
    let at = |place: fn(&Span) -> usize| pairs.iter().find(|pair| pair.iter().any(|span| place(span) == cursor));
    let pair = at(|span| span.start).or_else(|| at(|span| span.end));
    (lonely, pair.map(|pair| pair.to_vec()).unwrap_or_default())
}
