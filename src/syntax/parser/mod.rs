//! Tokens to trees, by nom over the token slice. The production of the grammar stands above each function.
//!
//! A parser that stops says nothing itself: the shared record knows what would have been possible at the furthest place
//! reached, and [`unexpected`] makes the message from it. After a mistake the next clause, then the next statement is
//! read, so that one reading finds all mistakes of a text.

mod date;
mod expression;
mod input;
mod name;
mod phrase;
mod query;

pub use date::better as date_meant;
pub use input::{DEEPEST, Expected, QUERY_DEPTH};
pub use name::unquoted;
pub use phrase::relation;

use super::ast::{Assert, Connect, Describe, Given, Query, Statement, Subject};
use super::habits;
use super::token::{Keyword, Symbol, Token, TokenKind};
use crate::diagnostic::{Diagnostic, syntax as messages};
use crate::span::{Span, Spanned};
use crate::suggest::nearest;
use input::{Context, Parsed, Tokens, Trouble, keyword, symbol, terminal};
use nom::Parser;
use nom::combinator::{cut, opt};
use nom::multi::many0;

/// What a text holds: the statements that are well formed, and every mistake in the others.
#[derive(Clone, Debug, PartialEq)]
pub struct Script {
    /// Spans without the semicolons.
    pub statements: Vec<Spanned<Statement>>,
    pub diagnostics: Vec<Diagnostic>,
    /// Noun, phrases and condition of queries with mistakes: names in them can be looked up all the same.
    pub broken: Vec<Query>,
    /// Names of LET whose queries could not be read.
    pub lost: Vec<String>,
    /// The furthest place at which something was expected, and what (for completion).
    pub expected: (usize, Vec<Expected>),
}

/// `Script ::= ( Statement? ';' )* Statement?`
pub fn script(text: &str, tokens: &[Token]) -> Script {
    let context = Context::new(text, tokens);
    let mut statements = Vec::new();
    let mut input = Tokens { tokens, context: &context };
    loop {
        match input.next().kind {
            TokenKind::End => break,
            TokenKind::Symbol(Symbol::Semicolon) => {
                input = input.rest();
                continue;
            }
            _ => {}
        }
        let before = input;
        let (after, parsed) = statement(input);
        let span = before.next().span.to(last_span(before, after));
        if let Some(parsed) = parsed {
            statements.push(Spanned::new(parsed, span));
        }
        input = end_of_statement(after);
    }
    if input.tokens.len() == tokens.len() {
        expect_statement(input);
    }
    let mut diagnostics = context.reported.take();
    diagnostics.sort_by_key(|diagnostic| diagnostic.span);
    Script {
        statements,
        diagnostics,
        broken: context.broken.take(),
        lost: context.lost.take(),
        expected: context.furthest(),
    }
}

/// `Statement ::= Query | 'EXPLAIN' Query | Describe | Assert | Let | AsOf | Connect`
fn statement(input: Tokens<'_>) -> (Tokens<'_>, Option<Statement>) {
    match input.next().kind {
        TokenKind::Keyword(Keyword::Describe) => read(input, describe, Statement::Describe),
        TokenKind::Keyword(Keyword::Assert) => read(input, assert, Statement::Assert),
        TokenKind::Keyword(Keyword::Let) => set(input),
        TokenKind::Keyword(Keyword::AsOf) => read(input, as_of, |statement| statement),
        TokenKind::Keyword(Keyword::Connect) => read(input, connect, Statement::Connect),
        TokenKind::Keyword(Keyword::Explain) => {
            let keyword = input.next().span;
            let (after, query) = query::query(input.rest());
            (after, query.map(|query| Statement::Explain { keyword, query }))
        }
        TokenKind::Keyword(Keyword::Select | Keyword::From) => {
            let (after, query) = query::query(input);
            (after, query.map(Statement::Query))
        }
        _ => {
            expect_statement(input);
            unexpected(input);
            let (after, _) = silently(input.context, || query::query(next_clause(input.rest())));
            (after, None)
        }
    }
}

/// A statement that is no query: after a mistake in it the next statement is read.
fn read<'t, T>(
    input: Tokens<'t>,
    parser: impl FnOnce(Tokens<'t>) -> Parsed<'t, T>,
    make: impl FnOnce(T) -> Statement,
) -> (Tokens<'t>, Option<Statement>) {
    let reported = input.context.reported.borrow().len();
    match parser(input) {
        Ok((after, statement)) => {
            let whole = input.context.reported.borrow().len() == reported;
            (after, whole.then(|| make(statement)))
        }
        Err(trouble) => {
            report(input, trouble);
            (next_statement(input.rest()), None)
        }
    }
}

/// `Assert ::= 'ASSERT' Text? Condition`
///
/// A text right after ASSERT is the label, unless an operator follows or nothing does.
fn assert(input: Tokens<'_>) -> Parsed<'_, Assert> {
    let (input, keyword) = keyword(Keyword::Assert)(input)?;
    let (after, label) = opt(name::quoted).parse(input)?;
    // Whoever writes on is told what a claim begins with.
    let _ = after.next().kind == TokenKind::End && expression::condition(after).is_ok();
    let (input, label) = if follows_a_value(after) { (input, None) } else { (after, label) };
    let (input, claim) = cut(expression::condition).parse(input)?;
    let label = label.map(|(text, span)| Spanned::new(text, span));
    Ok((input, Assert { keyword, label, claim }))
}

/// Whether what comes goes on with a value, or ends: then the text before it is the value.
fn follows_a_value(input: Tokens<'_>) -> bool {
    use Keyword::*;
    match input.next().kind {
        TokenKind::Keyword(Not) => matches!(input.ahead(1), TokenKind::Keyword(Between | In | Like | Contains)),
        TokenKind::Keyword(Between | In | Like | Contains | Is | And | Or) | TokenKind::End => true,
        TokenKind::Symbol(symbol) => {
            !matches!(symbol, Symbol::LeftParen | Symbol::RightParen | Symbol::Minus | Symbol::Range)
        }
        _ => false,
    }
}

/// `Let ::= 'LET' ( Word '=' Query | Parameter '=' Given )`
fn set(input: Tokens<'_>) -> (Tokens<'_>, Option<Statement>) {
    let rest = input.rest();
    let named = |input| {
        let (input, name) = name::word(Expected::Alias)(input)?;
        let (input, _) = cut(symbol(Symbol::Equal)).parse(input)?;
        Ok((input, name))
    };
    let parameter = |input| {
        let (input, parameter) = name::parameter(input)?;
        let (input, _) = cut(symbol(Symbol::Equal)).parse(input)?;
        let (input, value) = cut(given).parse(input)?;
        Ok((input, Statement::LetParameter { parameter, value }))
    };
    if rest.next().kind == TokenKind::Parameter {
        return read(rest, parameter, |statement| statement);
    }
    rest.expect(Expected::Parameter);
    match named(rest) {
        Ok((after, name)) if matches!(after.next().kind, TokenKind::Keyword(Keyword::Select | Keyword::From)) => {
            let (after, query) = query::query(after);
            if query.is_none() {
                rest.context.lost.borrow_mut().push(name.value.clone());
            }
            (after, query.map(|query| Statement::LetQuery { name, query }))
        }
        Ok((after, _)) => {
            for word in ["SELECT", "FROM"] {
                after.expect(Expected::Keyword(word));
            }
            unexpected(after);
            (next_statement(after), None)
        }
        Err(trouble) => {
            report(rest, trouble);
            (next_statement(rest), None)
        }
    }
}

/// `Given ::= QuotedName | Word | BarePeriod | 'TODAY' | '-'? ( Integer | Number )`
fn given(input: Tokens<'_>) -> Parsed<'_, Given> {
    input.expect(Expected::Value);
    let start = input.next().span;
    let made = |end: Span| {
        let span = start.to(end);
        // Blanks and comments between are no part of it, and a keyword is one in any case.
        let read = input.tokens.iter().take_while(|token| token.span.end <= span.end);
        let text = read.map(|token| match token.kind {
            TokenKind::Keyword(keyword) => keyword.text(),
            _ => input.text(token.span),
        });
        Given { span, kind: None, text: text.collect() }
    };
    match input.next().kind {
        TokenKind::Text | TokenKind::Word => {
            let (rest, name) = name::name(input)?;
            Ok((rest, Given { span: name.span, kind: name.kind, text: name.text }))
        }
        TokenKind::Keyword(Keyword::Today) => Ok((input.rest(), made(start))),
        TokenKind::Integer if input.ahead(1) != TokenKind::Symbol(Symbol::Range) => number(input, made),
        TokenKind::Number => number(input, made),
        TokenKind::Symbol(Symbol::Minus) => number(input.rest(), made),
        TokenKind::Integer | TokenKind::Date | TokenKind::Symbol(Symbol::Range) => {
            let (rest, period) = date::bare_period(input)?;
            Ok((rest, made(period.span)))
        }
        _ => input.fail(),
    }
}

/// Part of `Given`: the terminals `Integer` and `Number`.
fn number<'t>(input: Tokens<'t>, made: impl Fn(Span) -> Given) -> Parsed<'t, Given> {
    let is_number = |kind| matches!(kind, TokenKind::Integer | TokenKind::Number).then_some(kind);
    let (rest, (kind, span)) = terminal(Expected::Number, is_number)(input)?;
    let fits = match kind {
        TokenKind::Integer => input.text(span).parse::<i64>().is_ok(),
        _ => input.text(span).parse::<f64>().is_ok_and(f64::is_finite),
    };
    if fits { Ok((rest, made(span))) } else { input.stop(messages::number_too_large(span)) }
}

/// `AsOf ::= 'AS OF' AnyDate`
fn as_of(input: Tokens<'_>) -> Parsed<'_, Statement> {
    let (input, keyword) = keyword(Keyword::AsOf)(input)?;
    let (input, day) = cut(date::any_date).parse(input)?;
    Ok((input, Statement::AsOf { keyword, day }))
}

/// `Connect ::= 'CONNECT' Name 'TO' Name Phrase* 'RISING'? 'CITE'?`
fn connect(input: Tokens<'_>) -> Parsed<'_, Connect> {
    let (input, start) = keyword(Keyword::Connect)(input)?;
    let (input, from) = cut(name::name).parse(input)?;
    let (input, _) = cut(keyword(Keyword::To)).parse(input)?;
    let (input, to) = cut(name::name).parse(input)?;
    let (input, phrases) = many0(phrase::phrase).parse(input)?;
    let (input, rising) = opt(keyword(Keyword::Rising)).parse(input)?;
    let (input, cite) = opt(keyword(Keyword::Cite)).parse(input)?;
    let last = phrases.last().map_or(to.span, |phrase| phrase.span);
    let end = cite.or(rising).unwrap_or(last);
    Ok((input, Connect { span: start.to(end), from, to, phrases, rising, cite }))
}

/// The semicolon or the end, past the place where the parser stopped.
fn next_statement(input: Tokens<'_>) -> Tokens<'_> {
    let mut input = input;
    while !matches!(input.next().kind, TokenKind::End | TokenKind::Symbol(Symbol::Semicolon)) {
        input = input.rest();
    }
    input
}

/// Goes on after a mistake that makes the rest hard to judge: what is found there is not reported.
fn silently<T>(context: &Context<'_>, parse: impl FnOnce() -> T) -> T {
    let (reported, broken) = (context.reported.borrow().len(), context.broken.borrow().len());
    let parsed = parse();
    context.reported.borrow_mut().truncate(reported);
    context.broken.borrow_mut().truncate(broken);
    parsed
}

fn expect_statement(input: Tokens<'_>) {
    for word in ["SELECT", "FROM", "DESCRIBE", "EXPLAIN", "ASSERT", "LET", "CONNECT", "AS OF"] {
        input.expect(Expected::Keyword(word));
    }
}

/// `Describe ::= 'DESCRIBE' ( QuotedName | Word )?`
fn describe(input: Tokens<'_>) -> Parsed<'_, Describe> {
    let start = input.next().span;
    let rest = input.rest();
    rest.expect(Expected::Noun);
    rest.expect(Expected::Name);
    rest.expect(Expected::Symbol(";"));
    match rest.next().kind {
        TokenKind::Word if rest.ahead(1) != TokenKind::Text => {
            let (after, noun) = name::word(Expected::Noun)(rest)?;
            Ok((after, Describe { span: start.to(noun.span), subject: Subject::Noun(noun) }))
        }
        TokenKind::Word | TokenKind::Text => {
            let (after, name) = name::quoted_name(rest)?;
            Ok((after, Describe { span: start.to(name.span), subject: Subject::Name(name) }))
        }
        _ => Ok((rest, Describe { span: start, subject: Subject::Everything })),
    }
}

/// A statement ends at a semicolon or with the text; what stands between is a mistake.
fn end_of_statement(input: Tokens<'_>) -> Tokens<'_> {
    match input.next().kind {
        TokenKind::End => input,
        TokenKind::Symbol(Symbol::Semicolon) => input.rest(),
        _ if begins_line(input) => {
            input.context.report(messages::missing_semicolon(end_before(input.context, input.next().span.start)));
            input
        }
        _ => {
            input.expect(Expected::Symbol(";"));
            unexpected(input);
            let mut input = input;
            while !matches!(input.next().kind, TokenKind::End | TokenKind::Symbol(Symbol::Semicolon)) {
                input = input.rest();
            }
            input
        }
    }
}

/// Whether a word that begins a statement begins a line here.
fn begins_line(input: Tokens<'_>) -> bool {
    use Keyword::{Assert, Connect, Describe, Explain, From, Let, Select};
    let begins =
        matches!(input.next().kind, TokenKind::Keyword(Select | From | Assert | Let | Connect | Describe | Explain));
    begins && after_line(input.context.text, input.next().span.start)
}

/// Whether nothing but blanks stands before a place on its line.
fn after_line(text: &str, place: usize) -> bool {
    let before = text.get(..place).unwrap_or("");
    before[before.trim_end().len()..].contains('\n')
}

/// The place behind the last token before another place.
fn end_before(context: &Context<'_>, place: usize) -> Span {
    let position = context.tokens.partition_point(|token| token.span.start < place);
    let before = position.checked_sub(1).and_then(|before| context.tokens.get(before));
    Span::at(before.map_or(place, |token| token.span.end))
}

/// The span of the last token read.
fn last_span(before: Tokens<'_>, after: Tokens<'_>) -> Span {
    let read = before.tokens.len().saturating_sub(after.tokens.len());
    before.tokens.get(read.saturating_sub(1)).map_or(before.next().span, |token| token.span)
}

/// The next clause word, semicolon or end, past the place where the parser stopped. IN, POSSIBLY and CERTAINLY stand in
/// conditions too, so that nothing begins there.
fn next_clause(input: Tokens<'_>) -> Tokens<'_> {
    let (stopped, _) = input.context.furthest();
    let nested = input.context.nested.get() > 0;
    let mut input = input;
    let mut open = 0;
    loop {
        let token = input.next();
        match token.kind {
            TokenKind::Symbol(Symbol::LeftParen) => open += 1,
            // A query in brackets ends with them.
            TokenKind::Symbol(Symbol::RightParen) if open == 0 && nested && token.span.start >= stopped => {
                return input;
            }
            TokenKind::Symbol(Symbol::RightParen) => open = std::cmp::max(open - 1, 0),
            _ => {}
        }
        let begins = match token.kind {
            TokenKind::Keyword(Keyword::In | Keyword::Possibly | Keyword::Certainly) => false,
            TokenKind::Keyword(word) => word.clause().is_some(),
            TokenKind::Symbol(Symbol::Semicolon) | TokenKind::End => true,
            _ => false,
        };
        if begins && (token.span.start >= stopped || token.kind == TokenKind::End) {
            return input;
        }
        if token.kind == TokenKind::Symbol(Symbol::Semicolon) {
            return input;
        }
        input = input.rest();
    }
}

/// Reports why a parser stopped.
fn report(input: Tokens<'_>, trouble: nom::Err<Trouble>) {
    match trouble {
        nom::Err::Error(Trouble::Reported(diagnostic)) | nom::Err::Failure(Trouble::Reported(diagnostic)) => {
            input.context.report(*diagnostic);
        }
        _ => unexpected(input),
    }
}

/// Says what stands at the furthest place reached, and what could have stood there.
fn unexpected(input: Tokens<'_>) {
    let (place, expected) = input.context.furthest();
    let all = input.context.tokens;
    let position = all.partition_point(|token| token.span.start < place);
    let tokens = &all[position..];
    let text = input.context.text;
    let known = habits::explain(text, tokens, &expected);
    let diagnostic = known.unwrap_or_else(|| plain(text, tokens, &expected));
    input.context.report(diagnostic);
}

fn plain(text: &str, tokens: &[Token], expected: &[Expected]) -> Diagnostic {
    let token = tokens.first().copied().unwrap_or(Token { kind: TokenKind::End, span: Span::at(text.len()) });
    let written = token.span.text(text);
    let mut listed: Vec<String> = expected.iter().map(|expected| expected.text()).collect();
    listed.sort_by_key(|word| word.chars().all(|c| c.is_uppercase() || c == ' '));
    listed.dedup();
    match token.kind {
        TokenKind::Unclosed => messages::unclosed(token.span, written),
        TokenKind::End | TokenKind::Symbol(Symbol::Semicolon) => messages::ends_early(token.span, &listed),
        _ => {
            let keywords: Vec<&str> = expected
                .iter()
                .filter_map(|expected| match expected {
                    Expected::Keyword(word) => Some(*word),
                    _ => None,
                })
                .collect();
            let near = nearest(written, keywords).into_iter().map(str::to_string).collect::<Vec<_>>();
            messages::unexpected(token.span, written, &near, &listed)
        }
    }
}
