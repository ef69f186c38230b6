//! Words, quoted texts, and names of things in the data.

use super::input::{Expected, Parsed, Tokens, terminal};
use crate::diagnostic::syntax as messages;
use crate::span::Span;
use crate::syntax::ast::{Name, Word};
use crate::syntax::token::TokenKind;

/// One word that is not a keyword.
pub fn word<'t>(expected: Expected) -> impl Fn(Tokens<'t>) -> Parsed<'t, Word> {
    move |input| {
        let (rest, ((), span)) = terminal(expected, |kind| (kind == TokenKind::Word).then_some(()))(input)?;
        Ok((rest, Word::new(input.text(span).to_string(), span)))
    }
}

fn quoted(input: Tokens<'_>) -> Parsed<'_, (String, Span)> {
    let (rest, ((), span)) = terminal(Expected::Name, |kind| (kind == TokenKind::Text).then_some(()))(input)?;
    Ok((rest, (unquoted(input.text(span)), span)))
}

/// The text between quotes, a doubled quote being one.
pub fn unquoted(written: &str) -> String {
    let Some(quote) = written.chars().next() else { return String::new() };
    let inner = written.get(1..written.len().saturating_sub(1)).unwrap_or("");
    inner.replace(&format!("{quote}{quote}"), &quote.to_string())
}

/// Quoted text as a value.
pub fn text_value(input: Tokens<'_>) -> Parsed<'_, Name> {
    let (rest, (text, span)) = quoted(input)?;
    Ok((rest, Name { span, kind: None, text, text_span: span, quoted: true }))
}

/// `country 'Georgia'`
pub fn kind_and_text(input: Tokens<'_>) -> Parsed<'_, Name> {
    let (rest, kind) = word(Expected::Name)(input)?;
    let (rest, (text, span)) = quoted(rest)?;
    Ok((rest, Name { span: kind.span.to(span), kind: Some(kind), text, text_span: span, quoted: true }))
}

/// `Name ::= Word? Text | Word`
pub fn name(input: Tokens<'_>) -> Parsed<'_, Name> {
    input.expect(Expected::Name);
    match input.next().kind {
        TokenKind::Text => text_value(input),
        TokenKind::Word if input.ahead(1) == TokenKind::Text => kind_and_text(input),
        TokenKind::Word => {
            let (rest, word) = word(Expected::Name)(input)?;
            if rest.next().kind == TokenKind::Word {
                return several_words(input, word.span);
            }
            let span = word.span;
            Ok((rest, Name { span, kind: None, text: word.value, text_span: span, quoted: false }))
        }
        _ => input.fail(),
    }
}

/// Two bare words in a row are one name without its quotes.
fn several_words<'t, T>(input: Tokens<'t>, first: Span) -> Parsed<'t, T> {
    let words = input.tokens.iter().take_while(|token| token.kind == TokenKind::Word);
    let span = words.fold(first, |span, token| span.to(token.span));
    input.stop(messages::unquoted_name(span, input.text(span)))
}
