//! Dates and periods: `2024`, `2024-05`, `a..b`, `a..`, `..b`, and dates in quotes where a date is due.

use super::input::{Expected, Parsed, Tokens, symbol};
use super::name::{parameter, quoted_name, unquoted};
use crate::diagnostic::{Trust, syntax as messages};
use crate::syntax::ast::{DateKind, DateLiteral, DatePeriod};
use crate::syntax::token::{Keyword, Symbol, Token, TokenKind};
use crate::value::date::DayRange;
use nom::Parser;
use nom::combinator::opt;

/// Whether a token may be a date at that place.
type Takes = fn(Token) -> bool;

/// `Period ::= AnyDate ( '..' AnyDate? )? | '..' AnyDate`
pub fn period(input: Tokens<'_>) -> Parsed<'_, DatePeriod> {
    range(input, |token| {
        let stands_for = matches!(token.kind, TokenKind::Parameter | TokenKind::Keyword(Keyword::Today));
        bare(token) || stands_for || matches!(token.kind, TokenKind::Text | TokenKind::Word)
    })
}

/// `AnyDate ::= Date | QuotedDate | EventDate | 'TODAY' | Parameter`
pub fn any_date(input: Tokens<'_>) -> Parsed<'_, DateLiteral> {
    let token = input.next();
    match token.kind {
        TokenKind::Word if input.ahead(1) == TokenKind::Text => event_date(input),
        TokenKind::Parameter => {
            let (rest, word) = parameter(input)?;
            Ok((rest, DateLiteral { span: word.span, kind: DateKind::Parameter(word) }))
        }
        TokenKind::Keyword(Keyword::Today) => {
            Ok((input.rest(), DateLiteral { span: token.span, kind: DateKind::Today }))
        }
        _ => {
            // Quotes of another kind behind a word are what does not fit, not the word.
            if token.kind == TokenKind::Word && matches!(input.ahead(1), TokenKind::Unknown | TokenKind::Unclosed) {
                input.rest().expect(Expected::Name);
            }
            written(input, |token| bare(token) || token.kind == TokenKind::Text)
        }
    }
}

/// `EventDate ::= Word Text`
///
/// The days of an event: the word is `event`, which is for the binder to say.
fn event_date(input: Tokens<'_>) -> Parsed<'_, DateLiteral> {
    let (rest, name) = quoted_name(input)?;
    Ok((rest, DateLiteral { span: name.span, kind: DateKind::Event(name) }))
}

/// `BarePeriod ::= Date ( '..' Date? )? | '..' Date`
pub fn bare_period(input: Tokens<'_>) -> Parsed<'_, DatePeriod> {
    range(input, bare)
}

fn bare(token: Token) -> bool {
    matches!(token.kind, TokenKind::Date | TokenKind::Integer)
}

/// Part of `Period` and of `BarePeriod`, which differ in the tokens that may be dates.
fn range(input: Tokens<'_>, takes: Takes) -> Parsed<'_, DatePeriod> {
    if let Ok((after, start)) = symbol(Symbol::Range)(input) {
        let (after, last) = literal(after, takes)?;
        return Ok((after, DatePeriod { span: start.to(last.span), start: None, end: Some(last) }));
    }
    let (after, first) = literal(input, takes)?;
    let (after, dots) = opt(symbol(Symbol::Range)).parse(after)?;
    match dots {
        None => Ok((after, DatePeriod { span: first.span, start: Some(first.clone()), end: Some(first) })),
        // A word that no text follows begins what comes after the period.
        Some(_)
            if takes(after.next()) && (after.next().kind != TokenKind::Word || after.ahead(1) == TokenKind::Text) =>
        {
            let (after, last) = literal(after, takes)?;
            let span = first.span.to(last.span);
            if let (DateKind::Days { text: a, days: from }, DateKind::Days { text: b, days: to }) =
                (&first.kind, &last.kind)
                && from.first > to.last
            {
                return after.stop(messages::reversed_period(span, b, a));
            }
            Ok((after, DatePeriod { span, start: Some(first), end: Some(last) }))
        }
        Some(dots) => Ok((after, DatePeriod { span: first.span.to(dots), start: Some(first), end: None })),
    }
}

/// Part of `Period` and of `BarePeriod`: one end.
fn literal(input: Tokens<'_>, takes: Takes) -> Parsed<'_, DateLiteral> {
    input.expect(Expected::Date);
    if takes(input.next()) { any_date(input) } else { written(input, takes) }
}

/// The terminals `Date` and `QuotedDate`: it is checked to exist.
fn written(input: Tokens<'_>, takes: Takes) -> Parsed<'_, DateLiteral> {
    input.expect(Expected::Date);
    let token = input.next();
    if !takes(token) {
        return match token.kind {
            TokenKind::Number | TokenKind::Word | TokenKind::Unknown => other_form(input, token),
            _ => input.fail(),
        };
    }
    let written = input.text(token.span);
    let inner = if token.kind == TokenKind::Text { unquoted(written) } else { written.to_string() };
    let text = inner.trim();
    match DayRange::parse(text) {
        Ok(days) => {
            let kind = DateKind::Days { text: text.to_string(), days };
            Ok((input.rest(), DateLiteral { span: token.span, kind }))
        }
        Err(fault) => {
            let better = better(text, "");
            let better = better.as_ref().map(|(text, trust)| (text.as_str(), *trust));
            input.stop(messages::no_date(token.span, text, &fault.to_string(), better))
        }
    }
}

/// A date in a form of another country: the right one is offered.
fn other_form<'t, T>(input: Tokens<'t>, token: Token) -> Parsed<'t, T> {
    let following = input.rest().next();
    let text = input.text(token.span);
    let next = if following.kind == TokenKind::Integer { input.text(following.span) } else { "" };
    match better(text, next) {
        Some((better, trust)) => {
            let span = if next.is_empty() { token.span } else { token.span.to(following.span) };
            input.stop(messages::no_date(span, input.text(span), "another form is used here", Some((&better, trust))))
        }
        None if token.kind == TokenKind::Word => input.fail(),
        None => input.stop(messages::no_date(token.span, text, "another form is used here", None)),
    }
}

/// What was probably meant: `2024-5`, `20240516`, `16.5.2024`, `2024/05/16`, `May 2024`.
pub fn better(text: &str, next: &str) -> Option<(String, Trust)> {
    const MONTHS: [&str; 12] = [
        "january",
        "february",
        "march",
        "april",
        "may",
        "june",
        "july",
        "august",
        "september",
        "october",
        "november",
        "december",
    ];
    let lower = text.to_lowercase();
    if let Some(month) = MONTHS.iter().position(|month| lower.len() >= 3 && month.starts_with(&lower))
        && next.len() == 4
    {
        return checked(next, &format!("{:02}", month + 1), "", Trust::Sure);
    }
    let parts: Vec<&str> = text.split(['.', '/', '-']).collect();
    match parts.as_slice() {
        [digits] if digits.len() == 8 && digits.is_ascii() => {
            checked(&digits[..4], &digits[4..6], &digits[6..], Trust::Sure)
        }
        [year, month] if year.len() == 4 => checked(year, month, "", Trust::Sure),
        [year, month, day] if year.len() == 4 => checked(year, month, day, Trust::Sure),
        [day, month, year] if year.len() == 4 => {
            // With dots the day comes first; otherwise 5/6 is two days of the year, one on each side of an ocean.
            let sure = text.contains('.') || day.parse::<u8>().is_ok_and(|day| day > 12) || day == month;
            checked(year, month, day, if sure { Trust::Sure } else { Trust::Guess })
        }
        _ => None,
    }
}

fn checked(year: &str, month: &str, day: &str, trust: Trust) -> Option<(String, Trust)> {
    let month: u8 = month.parse().ok()?;
    let text = match day.parse::<u8>() {
        Ok(day) => format!("{year}-{month:02}-{day:02}"),
        Err(_) => format!("{year}-{month:02}"),
    };
    DayRange::parse(&text).ok().map(|_| (text, trust))
}
