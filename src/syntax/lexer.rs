//! Text to tokens with byte spans, by nom. Blanks and comments are no tokens; nothing is ever refused here: what no
//! token begins with becomes an `Unknown` token for the parser to complain about.

use super::token::{Keyword, Symbol, Token, TokenKind};
use crate::span::Span;
use nom::branch::alt;
use nom::bytes::complete::{tag, take_till, take_while, take_while1};
use nom::character::complete::{anychar, char, digit1, one_of, satisfy};
use nom::combinator::{map, not, opt, peek, recognize, rest, verify};
use nom::multi::many0_count;
use nom::sequence::{pair, preceded, terminated};
use nom::{IResult, Parser};
use unicode_normalization::char::is_combining_mark;

type Lexed<'a, T> = IResult<&'a str, T>;

/// All tokens of a text, closed by an `End` token at its length.
pub fn tokens(text: &str) -> Vec<Token> {
    let mut tokens: Vec<Token> = Vec::new();
    let mut remaining = unmarked(text);
    loop {
        remaining = trivia(remaining);
        let start = text.len() - remaining.len();
        let Ok((after, kind)) = token(remaining) else {
            tokens.push(Token { kind: TokenKind::End, span: Span::at(text.len()) });
            return tokens;
        };
        let span = Span::new(start, text.len() - after.len());
        tokens.push(Token { kind: named(kind, span.text(text), &tokens), span });
        join_pairs(text, &mut tokens);
        remaining = after;
    }
}

/// All comments of a text that stand between its tokens, or inside those of two words.
pub fn comments(text: &str, tokens: &[Token]) -> Vec<Span> {
    let mut comments = Vec::new();
    let mut end = text.len() - unmarked(text).len();
    for token in tokens {
        comments_within(text, Span::new(end, token.span.start), &mut comments);
        if let TokenKind::Keyword(keyword) = token.kind
            && let Some((first, last)) = keyword.text().split_once(' ')
        {
            let between = Span::new(token.span.start + first.len(), token.span.end.saturating_sub(last.len()));
            comments_within(text, between, &mut comments);
        }
        end = token.span.end;
    }
    comments
}

fn comments_within(text: &str, gap: Span, comments: &mut Vec<Span>) {
    let mut rest = gap.text(text);
    while !rest.is_empty() {
        let start = gap.end - rest.len();
        rest = match comment(rest) {
            Ok((after, _)) => {
                comments.push(Span::new(start, gap.end - after.len()));
                after
            }
            Err(_) => rest.char_indices().nth(1).map_or("", |(next, _)| &rest[next..]),
        };
    }
}

/// The text without the byte order mark that it may begin with.
fn unmarked(text: &str) -> &str {
    text.strip_prefix('\u{feff}').unwrap_or(text)
}

/// Blanks and whole comments.
fn trivia(text: &str) -> &str {
    let blanks = take_while1(char::is_whitespace);
    let parsed: Lexed<usize> = many0_count(alt((blanks, comment))).parse(text);
    parsed.map_or(text, |(after, _)| after)
}

/// `-- …` to the end of the line, or `/* … */`.
fn comment(text: &str) -> Lexed<'_, &str> {
    let line = recognize(pair(tag("--"), take_till(|c| c == '\n')));
    let block = recognize((tag("/*"), nom::bytes::complete::take_until("*/"), tag("*/")));
    alt((line, block)).parse(text)
}

fn token(text: &str) -> Lexed<'_, TokenKind> {
    alt((
        map(alt((quoted('\''), quoted('"'))), |()| TokenKind::Text),
        map((one_of("'\""), rest), |_| TokenKind::Unclosed),
        map((tag("/*"), rest), |_| TokenKind::Unclosed),
        numeric,
        map(preceded(char('$'), word), |_| TokenKind::Parameter),
        map(word, |_| TokenKind::Word),
        map(symbol, TokenKind::Symbol),
        map(unknown, |_| TokenKind::Unknown),
    ))
    .parse(text)
}

/// Quoted text; a doubled quote stands for itself.
fn quoted<'a>(quote: char) -> impl Parser<&'a str, Output = (), Error = nom::error::Error<&'a str>> {
    let inside = move |text| {
        let doubled = map(pair(char(quote), char(quote)), |_| ());
        let other = map(satisfy(move |c| c != quote), |_| ());
        map(many0_count(alt((doubled, other))), |_| ()).parse(text)
    };
    terminated(preceded(char(quote), inside), char(quote))
}

/// Dates before numbers: a hyphen without blanks, or two dots between digits, make one token.
fn numeric(text: &str) -> Lexed<'_, TokenKind> {
    let joined = |c: char| c.is_ascii_alphanumeric() || c == '-';
    let hyphened = (digit1, char('-'), satisfy(|c| c.is_ascii_alphanumeric()), take_while(joined));
    let dotted = (digit1, char('.'), digit1, char('.'), digit1);
    let slashed = (digit1, char('/'), digit1, char('/'), digit1);
    let decimal = (digit1, char('.'), digit1);
    let glued = (digit1, verify(take_while1(is_word), |s: &str| !s.is_empty()));
    alt((
        map(recognize(hyphened), |_| TokenKind::Date),
        map(recognize(dotted), |_| TokenKind::Date),
        map(recognize(slashed), |_| TokenKind::Date),
        map(recognize(decimal), |_| TokenKind::Number),
        map(recognize(glued), |_| TokenKind::Unknown),
        map(digit1, |_| TokenKind::Integer),
    ))
    .parse(text)
}

fn word(text: &str) -> Lexed<'_, &str> {
    recognize(pair(satisfy(|c| c.is_alphabetic() || c == '_'), take_while(is_word))).parse(text)
}

pub(super) fn is_word(c: char) -> bool {
    c.is_alphanumeric() || c == '_' || is_combining_mark(c) || matches!(c, '\u{200c}' | '\u{200d}')
}

fn symbol(text: &str) -> Lexed<'_, Symbol> {
    // Longer symbols stand before their beginnings in the table.
    let longest =
        Symbol::ALL.iter().copied().filter(|symbol| text.starts_with(symbol.text())).max_by_key(|s| s.text().len());
    match longest {
        Some(symbol) => map(tag(symbol.text()), |_| symbol).parse(text),
        None => Err(nom::Err::Error(nom::error::Error::new(text, nom::error::ErrorKind::Tag))),
    }
}

/// A run of signs that mean nothing here, taken together so that there is one complaint.
fn unknown(text: &str) -> Lexed<'_, &str> {
    let sign = |c: char| c.is_ascii_punctuation() && !"'\"()[]{},;.*+-/".contains(c);
    alt((recognize(pair(satisfy(sign), take_while(sign))), recognize(terminated(anychar, opt(peek(not(anychar)))))))
        .parse(text)
}

/// Keywords are words, but not after a dot or AS.
fn named(kind: TokenKind, text: &str, before: &[Token]) -> TokenKind {
    let free = before
        .last()
        .is_some_and(|last| matches!(last.kind, TokenKind::Symbol(Symbol::Dot) | TokenKind::Keyword(Keyword::As)));
    match kind {
        TokenKind::Word if !free => Keyword::from_word(text).map_or(kind, TokenKind::Keyword),
        kind => kind,
    }
}

/// Whether two words are one terminal after these tokens.
type After = fn(&[Token]) -> bool;

/// The terminals of two words: the words, and what the tokens before must be for them to be one.
const PAIRS: &[(Keyword, After)] = &[
    (Keyword::GroupBy, not_after_a_dot),
    (Keyword::OrderBy, not_after_a_dot),
    (Keyword::AccordingTo, not_after_a_dot),
    (Keyword::AsOf, begins_a_statement),
];

fn not_after_a_dot(before: &[Token]) -> bool {
    !before
        .last()
        .is_some_and(|last| matches!(last.kind, TokenKind::Symbol(Symbol::Dot) | TokenKind::Keyword(Keyword::As)))
}

fn begins_a_statement(before: &[Token]) -> bool {
    before.last().is_none_or(|last| last.kind == TokenKind::Symbol(Symbol::Semicolon))
}

/// Two words that are one terminal become one token.
fn join_pairs(text: &str, tokens: &mut Vec<Token>) {
    let [before @ .., first, second] = tokens.as_slice() else { return };
    let word = |kind: TokenKind| matches!(kind, TokenKind::Word | TokenKind::Keyword(_));
    if !word(first.kind) || !word(second.kind) {
        return;
    }
    let (one, other) = (first.span.text(text), second.span.text(text));
    let joined = PAIRS.iter().find(|(keyword, allowed)| {
        let words = keyword.text().split_once(' ');
        words.is_some_and(|(a, b)| a.eq_ignore_ascii_case(one) && b.eq_ignore_ascii_case(other)) && allowed(before)
    });
    if let Some((keyword, _)) = joined {
        let span = first.span.to(second.span);
        tokens.truncate(tokens.len() - 2);
        tokens.push(Token { kind: TokenKind::Keyword(*keyword), span });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kinds(text: &str) -> Vec<(TokenKind, &str)> {
        let all = tokens(text);
        all.iter().filter(|t| t.kind != TokenKind::End).map(|t| (t.kind, t.span.text(text))).collect()
    }

    #[test]
    fn tokens_have_their_kinds_and_places() {
        use TokenKind::*;
        assert_eq!(
            kinds("FROM meetings WITH 'O''Neill' SINCE 2024-05..2024-W20 -- c\n;"),
            [
                (Keyword(super::Keyword::From), "FROM"),
                (Word, "meetings"),
                (Keyword(super::Keyword::With), "WITH"),
                (Text, "'O''Neill'"),
                (Keyword(super::Keyword::Since), "SINCE"),
                (Date, "2024-05"),
                (Symbol(super::Symbol::Range), ".."),
                (Date, "2024-W20"),
                (Symbol(super::Symbol::Semicolon), ";"),
            ]
        );
        assert_eq!(
            kinds("group by x.group"),
            [
                (Keyword(super::Keyword::GroupBy), "group by"),
                (Word, "x"),
                (Symbol(super::Symbol::Dot), "."),
                (Word, "group"),
            ]
        );
        assert_eq!(
            kinds("习近平 Орбан 1.5 2024.. <>"),
            [
                (Word, "习近平"),
                (Word, "Орбан"),
                (Number, "1.5"),
                (Integer, "2024"),
                (Symbol(super::Symbol::Range), ".."),
                (Symbol(super::Symbol::Less), "<"),
                (Symbol(super::Symbol::Greater), ">"),
            ]
        );
    }
}
