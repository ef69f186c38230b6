//! Words, quoted texts, and names of things in the data.

use super::input::{Expected, Parsed, Tokens, terminal};
use crate::diagnostic::{Trust, syntax as messages};
use crate::span::Span;
use crate::suggest::nearest;
use crate::syntax::ast::{Name, Word};
use crate::syntax::token::{Keyword, Symbol, TokenKind};
use nom::Parser;
use nom::combinator::opt;

/// The terminals `Word` and `AnyWord`: the lexer has told words from keywords.
pub fn word<'t>(expected: Expected) -> impl Fn(Tokens<'t>) -> Parsed<'t, Word> {
    move |input| {
        let (rest, ((), span)) = terminal(expected, |kind| (kind == TokenKind::Word).then_some(()))(input)?;
        Ok((rest, Word::new(input.text(span).to_string(), span)))
    }
}

/// The terminal `Text`.
pub fn quoted(input: Tokens<'_>) -> Parsed<'_, (String, Span)> {
    let (rest, ((), span)) = terminal(Expected::Name, |kind| (kind == TokenKind::Text).then_some(()))(input)?;
    Ok((rest, (unquoted(input.text(span)), span)))
}

/// The text between quotes, a doubled quote being one.
pub fn unquoted(written: &str) -> String {
    let Some(quote) = written.chars().next() else { return String::new() };
    let inner = written.get(1..written.len().saturating_sub(1)).unwrap_or("");
    inner.replace(&format!("{quote}{quote}"), &quote.to_string())
}

/// `QuotedName ::= Word? Text`
///
/// The word says the kind: `country 'Georgia'`.
pub fn quoted_name(input: Tokens<'_>) -> Parsed<'_, Name> {
    let (rest, kind) = opt(word(Expected::Name)).parse(input)?;
    let (rest, (text, text_span)) = quoted(rest)?;
    let span = kind.as_ref().map_or(text_span, |kind| kind.span.to(text_span));
    Ok((rest, Name { span, kind, text, text_span, quoted: true, parameter: false }))
}

/// The terminal `Parameter`: the word behind the `$`.
pub fn parameter(input: Tokens<'_>) -> Parsed<'_, Word> {
    let (rest, ((), span)) = terminal(Expected::Parameter, |kind| (kind == TokenKind::Parameter).then_some(()))(input)?;
    Ok((rest, Word::new(input.text(span).trim_start_matches('$').to_string(), span)))
}

/// `Name ::= QuotedName | Word | Parameter`
pub fn name(input: Tokens<'_>) -> Parsed<'_, Name> {
    input.expect(Expected::Name);
    match input.next().kind {
        TokenKind::Text => quoted_name(input),
        TokenKind::Word if input.ahead(1) == TokenKind::Text => quoted_name(input),
        TokenKind::Word => {
            let (rest, word) = word(Expected::Name)(input)?;
            let hyphen = rest.next();
            let joined = hyphen.kind == TokenKind::Symbol(Symbol::Minus) && hyphen.span.start == word.span.end;
            if rest.next().kind == TokenKind::Word || joined {
                return several_words(input, word.span);
            }
            let span = word.span;
            Ok((rest, Name { span, kind: None, text: word.value, text_span: span, quoted: false, parameter: false }))
        }
        TokenKind::Parameter => {
            let (rest, word) = parameter(input)?;
            let span = word.span;
            Ok((rest, Name { span, kind: None, text: word.value, text_span: span, quoted: true, parameter: true }))
        }
        _ => input.fail(),
    }
}

/// Two bare words in a row, or joined by hyphens, are one name without its quotes.
fn several_words<'t, T>(input: Tokens<'t>, first: Span) -> Parsed<'t, T> {
    let part = |kind| matches!(kind, TokenKind::Word | TokenKind::Symbol(Symbol::Minus));
    let words = input.tokens.iter().take_while(|token| part(token.kind));
    let span = words.clone().fold(first, |span, token| span.to(token.span));
    let written = input.text(span).split_whitespace().collect::<Vec<_>>().join(" ");
    let one_name = words.clone().count() <= LONGEST && !words.skip(1).any(|word| may_begin_more(input.text(word.span)));
    input.stop(messages::unquoted_name(span, &written, if one_name { Trust::Sure } else { Trust::Guess }))
}

/// Names have no more words than this.
const LONGEST: usize = 8;

/// Whether a word is near a keyword that could follow a name: misspelt, it looks like a part of the name.
fn may_begin_more(word: &str) -> bool {
    let follows = |keyword: &&Keyword| keyword.clause().is_some() || **keyword == Keyword::And;
    let words = Keyword::ALL.iter().filter(follows).flat_map(|keyword| keyword.text().split(' '));
    // Of two letters too much is near: Kim Jong Un is no slip for IN.
    !nearest(word, words.filter(|word| word.len() > 2)).is_empty()
}
