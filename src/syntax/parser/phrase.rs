//! Phrases: WITH, WITHOUT, IN, AT, ABOUT, BY, TO and those of dates.

use super::date::period;
use super::input::{Expected, Parsed, Tokens, keyword, symbol};
use super::name::name;
use crate::diagnostic::syntax as messages;
use crate::span::Span;
use crate::syntax::ast::{Certainty, DateRelation, Item, Name, Phrase, PhraseKind};
use crate::syntax::token::{Keyword, Symbol, TokenKind};
use nom::Parser;
use nom::combinator::cut;
use nom::multi::many0;
use nom::sequence::preceded;

/// `Phrase ::= ( 'POSSIBLY' | 'CERTAINLY' )? ( With | Without | NamePhrase | DatePhrase ) | 'ACCORDING TO' Name`
pub fn phrase(input: Tokens<'_>) -> Parsed<'_, Phrase> {
    let start = input.next().span;
    let certainty = certainty(input);
    let input = if certainty.is_some() { input.rest() } else { input };
    let keyword = input.next().span;
    let TokenKind::Keyword(word) = input.next().kind else {
        return expected_phrase(input);
    };
    let rest = input.rest();
    let (after, (kind, end)) = match word {
        Keyword::With => with(rest)?,
        Keyword::Without => without(rest)?,
        Keyword::AccordingTo if certainty.is_none() => {
            let (after, name) = cut(name).parse(rest)?;
            let end = name.span;
            (after, (PhraseKind::AccordingTo(name), end))
        }
        Keyword::In | Keyword::At | Keyword::About | Keyword::By | Keyword::To => name_phrase(word, keyword, rest)?,
        _ => match relation(word) {
            Some(relation) => date_phrase(relation, rest)?,
            None => return expected_phrase(input),
        },
    };
    Ok((after, Phrase { span: start.to(end), certainty, keyword, kind }))
}

fn certainty(input: Tokens<'_>) -> Option<Certainty> {
    match input.next().kind {
        TokenKind::Keyword(Keyword::Possibly) => Some(Certainty::Possibly),
        TokenKind::Keyword(Keyword::Certainly) => Some(Certainty::Certainly),
        _ => None,
    }
}

/// Part of `Relation`: `( ( 'POSSIBLY' | 'CERTAINLY' )? DatePhrase )*`, which narrows what MET and its like speak of.
pub fn date_phrases(mut input: Tokens<'_>) -> Parsed<'_, Vec<Phrase>> {
    let mut phrases = Vec::new();
    loop {
        for word in Keyword::ALL.iter().filter(|word| relation(**word).is_some()) {
            input.expect(Expected::Keyword(word.text()));
        }
        let certainty = certainty(input);
        let at = if certainty.is_some() { input.rest() } else { input };
        let TokenKind::Keyword(word) = at.next().kind else { break };
        let Some(relation) = relation(word) else { break };
        let (start, keyword) = (input.next().span, at.next().span);
        let (after, (kind, end)) = date_phrase(relation, at.rest())?;
        phrases.push(Phrase { span: start.to(end), certainty, keyword, kind });
        input = after;
    }
    Ok((input, phrases))
}

fn expected_phrase<'t, T>(input: Tokens<'t>) -> Parsed<'t, T> {
    for word in Keyword::ALL.iter().filter(|word| word.clause() == Some(2)) {
        input.expect(Expected::Keyword(word.text()));
    }
    input.fail()
}

/// `DatePhrase ::= ( 'SINCE' | 'AFTER' | 'BEFORE' | 'UNTIL' | 'DURING' | 'OVERLAPS' ) Period`
fn date_phrase(relation: DateRelation, input: Tokens<'_>) -> Parsed<'_, (PhraseKind, Span)> {
    let (input, period) = cut(period).parse(input)?;
    let end = period.span;
    Ok((input, (PhraseKind::Date { relation, period }, end)))
}

/// The relation that a keyword of a date phrase stands for.
pub const fn relation(word: Keyword) -> Option<DateRelation> {
    match word {
        Keyword::Since => Some(DateRelation::Since),
        Keyword::After => Some(DateRelation::After),
        Keyword::Before => Some(DateRelation::Before),
        Keyword::Until => Some(DateRelation::Until),
        Keyword::During => Some(DateRelation::During),
        Keyword::Overlaps => Some(DateRelation::Overlaps),
        _ => None,
    }
}

/// `With ::= 'WITH' Item ( 'AND' Item )*`
fn with(input: Tokens<'_>) -> Parsed<'_, (PhraseKind, Span)> {
    let (input, first) = cut(item).parse(input)?;
    let (input, rest) = many0(preceded(keyword(Keyword::And), cut(item))).parse(input)?;
    let end = rest.last().map_or(first.span, |item| item.span);
    Ok((input, (PhraseKind::With(std::iter::once(first).chain(rest).collect()), end)))
}

/// `Without ::= 'WITHOUT' Item`
fn without(input: Tokens<'_>) -> Parsed<'_, (PhraseKind, Span)> {
    let (input, item) = cut(item).parse(input)?;
    let end = item.span;
    Ok((input, (PhraseKind::Without(item), end)))
}

/// `Item ::= Name | '(' Name ( 'OR' Name )* ')'`
fn item(input: Tokens<'_>) -> Parsed<'_, Item> {
    if let Ok((input, start)) = symbol(Symbol::LeftParen)(input) {
        let (input, first) = cut(name).parse(input)?;
        let (input, rest) = many0(preceded(keyword(Keyword::Or), cut(name))).parse(input)?;
        let (input, end) = cut(symbol(Symbol::RightParen)).parse(input)?;
        return Ok((input, Item { span: start.to(end), alternatives: std::iter::once(first).chain(rest).collect() }));
    }
    let (input, name) = name(input)?;
    Ok((input, Item { span: name.span, alternatives: vec![name] }))
}

/// `NamePhrase ::= ( 'IN' | 'AT' | 'ABOUT' | 'BY' | 'TO' ) Name`
fn name_phrase(word: Keyword, keyword: Span, input: Tokens<'_>) -> Parsed<'_, (PhraseKind, Span)> {
    if word == Keyword::In && matches!(input.next().kind, TokenKind::Date | TokenKind::Integer) {
        let date = input.next().span;
        return input.stop(messages::in_a_date(keyword.to(date), input.text(date)));
    }
    let make: fn(Name) -> PhraseKind = match word {
        Keyword::In => PhraseKind::In,
        Keyword::At => PhraseKind::At,
        Keyword::About => PhraseKind::About,
        Keyword::By => PhraseKind::By,
        _ => PhraseKind::To,
    };
    let (input, name) = cut(name).parse(input)?;
    let end = name.span;
    Ok((input, (make(name), end)))
}
