//! A query: its clauses one after the other. Each clause word begins one clause, so that after a mistake the next
//! clause is read all the same.

use super::expression::{condition, sum};
use super::input::{Expected, Parsed, QUERY_DEPTH, Tokens, Trouble, deeper_by, keyword, symbol, terminal};
use super::name::{parameter, word};
use super::phrase::phrase;
use crate::diagnostic::{Diagnostic, syntax as messages};
use crate::span::Span;
use crate::syntax::ast::{
    Count, Expression, ExpressionKind, Limit, OrderKey, Query, Select, SelectItem, SelectItems, Word,
};
use crate::syntax::lexer;
use crate::syntax::token::{Keyword, Symbol, TokenKind};
use nom::Parser;
use nom::combinator::{cut, opt};
use nom::multi::many0;
use nom::sequence::preceded;

/// `Query ::= ( Select From Phrase* | From Phrase* Select? )
/// ( 'WHERE' Condition )? GroupBy? ( 'HAVING' Condition )? OrderBy? Limit? 'CITE'? 'CHART'?`
///
/// Mistakes are reported to the context; `None` if there was one.
pub fn query(mut input: Tokens<'_>) -> (Tokens<'_>, Option<Query>) {
    let reported = input.context.reported.borrow().len();
    let mut clauses = Clauses { reported, ..Clauses::default() };
    let start = input.next().span;
    let mut end = start;
    let mut whole = true;
    loop {
        let token = input.next();
        let rank = match token.kind {
            TokenKind::Keyword(word) => word.clause(),
            _ => None,
        };
        if clauses.is_over(input) {
            break;
        }
        let Some(rank) = rank else {
            clauses.expect_next(input);
            if ends_query(input) {
                break;
            }
            super::unexpected(input);
            whole = false;
            if is_nested(input) {
                break;
            }
            input = super::next_clause(input.rest());
            continue;
        };
        let late = clauses.in_order(input, rank);
        whole &= late == Order::Fine;
        match clauses.clause(input) {
            Ok((after, ())) => {
                end = previous_end(input, after).unwrap_or(end);
                clauses.say_late(input, late, token.span.to(end));
                input = after;
            }
            Err(trouble) => {
                whole = false;
                clauses.say_late(input, late, Span::default());
                super::report(input, trouble);
                if is_nested(input) {
                    break;
                }
                input = super::next_clause(input.rest());
            }
        }
    }
    if clauses.noun.is_none() && whole {
        input.expect(Expected::Keyword("FROM"));
        super::unexpected(input);
        whole = false;
    }
    // A query in brackets with a mistake has said so and gone on to its end.
    whole &= input.context.reported.borrow().len() == reported;
    let query = clauses.query(start.to(end));
    if whole || is_nested(input) {
        return (input, query.filter(|_| whole));
    }
    // The noun, its phrases and its condition can be judged all the same; what is shown may depend on what is missing.
    let rest = query.map(|query| Query { phrases: query.phrases, condition: query.condition, ..Query::of(query.noun) });
    // With words of other languages in it, what was read of it may be read wrongly.
    let foreign = |diagnostic: &Diagnostic| matches!(diagnostic.code, "S105" | "S126");
    if !input.context.reported.borrow()[reported..].iter().any(foreign) {
        input.context.broken.borrow_mut().extend(rest);
    }
    (input, None)
}

/// Whether it is a query in brackets that is being read: one mistake in it is enough, the rest is read behind it.
fn is_nested(input: Tokens<'_>) -> bool {
    input.context.nested.get() > 0
}

fn ends_query(input: Tokens<'_>) -> bool {
    match input.next().kind {
        TokenKind::End | TokenKind::Symbol(Symbol::Semicolon) => true,
        TokenKind::Symbol(Symbol::RightParen) => is_nested(input),
        _ => false,
    }
}

/// Part of `Exists`, `Bracketed` and `Call`: a query up to the bracket that closes it. One with a mistake has said so;
/// what stands around it is read all the same.
pub fn bracketed_query(input: Tokens<'_>) -> Parsed<'_, Query> {
    deeper_by(QUERY_DEPTH, input, read_in_brackets)
}

/// Part of `Exists`, `Bracketed` and `Call`: the query itself.
fn read_in_brackets(input: Tokens<'_>) -> Parsed<'_, Query> {
    let nested = &input.context.nested;
    nested.set(nested.get() + 1);
    let reported = input.context.reported.borrow().len();
    let (mut after, query) = if begins(input) { query(input) } else { (input, None) };
    nested.set(nested.get() - 1);
    match query {
        Some(query) => Ok((after, query)),
        None if input.context.reported.borrow().len() == reported => {
            for word in ["SELECT", "FROM"] {
                input.expect(Expected::Keyword(word));
            }
            input.fail()
        }
        None => {
            after = closing(input);
            Ok((after, Query::of(Word::new(String::new(), input.next().span))))
        }
    }
}

/// The bracket that closes what begins here, or the end of the statement.
fn closing(input: Tokens<'_>) -> Tokens<'_> {
    let mut open = 0;
    let mut input = input;
    loop {
        match input.next().kind {
            TokenKind::End | TokenKind::Symbol(Symbol::Semicolon) => return input,
            TokenKind::Symbol(Symbol::RightParen) if open == 0 => return input,
            TokenKind::Symbol(Symbol::RightParen) => open -= 1,
            TokenKind::Symbol(Symbol::LeftParen) => open += 1,
            _ => {}
        }
        input = input.rest();
    }
}

fn begins(input: Tokens<'_>) -> bool {
    matches!(input.next().kind, TokenKind::Keyword(Keyword::Select | Keyword::From))
}

/// Where the last token before `after` ends.
fn previous_end(before: Tokens<'_>, after: Tokens<'_>) -> Option<Span> {
    let read = before.tokens.len().checked_sub(after.tokens.len())?;
    before.tokens.get(read.checked_sub(1)?).map(|token| token.span)
}

#[derive(Default)]
struct Clauses {
    select: Option<Select>,
    noun: Option<Word>,
    phrases: Vec<crate::syntax::ast::Phrase>,
    condition: Option<Expression>,
    group: Vec<Expression>,
    across: Option<Expression>,
    zeros: Option<Span>,
    having: Option<Expression>,
    order: Vec<OrderKey>,
    limit: Option<Limit>,
    cite: Option<Span>,
    chart: Option<Span>,
    /// The highest place of a clause so far, and the keyword that began it.
    last: Option<(u8, Keyword)>,
    /// The place and the start of each clause that stands in order.
    starts: Vec<(u8, usize)>,
    /// How many mistakes were reported before this query.
    reported: usize,
}

/// Whether a clause stands where it may.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Order {
    Fine,
    /// Refused, and said already.
    Wrong,
    /// It belongs before the clause of this keyword, at that place among the clauses.
    Late(u8, Keyword),
}

impl Clauses {
    /// Whether the next statement begins here on a line of its own, the semicolon forgotten.
    fn is_over(&self, input: Tokens<'_>) -> bool {
        let again = match input.next().kind {
            TokenKind::Keyword(Keyword::Select) => self.select.is_some() || self.last.is_some_and(|(last, _)| last > 3),
            _ => true,
        };
        self.noun.is_some() && again && !is_nested(input) && super::begins_line(input)
    }

    /// Where the semicolon is missing if FROM stands here a second time, SELECT having begun a line after the first.
    fn missing_before_select(&self, input: Tokens<'_>) -> Option<Span> {
        let (select, noun) = (self.select.as_ref()?.span, self.noun.as_ref()?.span);
        let line = super::after_line(input.context.text, select.start);
        (select.start > noun.end && line).then(|| super::end_before(input.context, select.start))
    }

    /// Says so if a clause stands too late, or twice.
    fn in_order(&mut self, input: Tokens<'_>, rank: u8) -> Order {
        let token = input.next();
        let TokenKind::Keyword(word) = token.kind else { return Order::Fine };
        // SELECT stands first, or right after the phrases.
        let rank = if word == Keyword::Select && self.noun.is_some() { 3 } else { rank };
        let doubled = match word {
            Keyword::Select => self.select.is_some(),
            Keyword::From => self.noun.is_some(),
            _ => rank > 3 && self.last.is_some_and(|(last, _)| last == rank),
        };
        if let (Keyword::From, true, Some(place)) = (word, doubled, self.missing_before_select(input)) {
            input.context.report(messages::missing_semicolon(place));
            return Order::Wrong;
        }
        if doubled {
            input.context.report(messages::doubled_clause(token.span, word.text()));
            return Order::Wrong;
        }
        match self.last {
            Some((last, before)) if last > rank => Order::Late(rank, before),
            _ if rank == 2 && self.noun.is_none() => {
                // Where the noun could not be read, that is the mistake.
                if input.context.reported.borrow().len() == self.reported {
                    input.context.report(messages::phrase_before_from(token.span, word.text()));
                }
                Order::Wrong
            }
            _ => {
                self.last = Some((rank, word));
                self.starts.push((rank, token.span.start));
                Order::Fine
            }
        }
    }

    /// Says that a clause stands too late; where it could be read (`whole` is its span), shows it moved.
    fn say_late(&self, input: Tokens<'_>, order: Order, whole: Span) {
        let (Order::Late(rank, before), TokenKind::Keyword(word)) = (order, input.next().kind) else { return };
        let follows = self.starts.iter().find(|(other, _)| *other > rank).map(|(_, start)| *start);
        let moved = follows.filter(|_| !whole.is_empty()).map(|follows| {
            let between = input.text(Span::new(follows, whole.start)).trim_end();
            // What follows must not become part of a comment.
            let comments = lexer::comments(between, &lexer::tokens(between));
            let ended =
                comments.last().is_some_and(|last| last.end == between.len() && last.text(between).starts_with("--"));
            let end = if ended { "\n" } else { "" };
            (Span::new(follows, whole.end), format!("{} {between}{end}", input.text(whole)))
        });
        let span = input.next().span;
        input.context.report(messages::late_clause(span, word.text(), before.text(), rank == 2, moved));
    }

    /// What may follow where a clause has ended.
    fn expect_next(&self, input: Tokens<'_>) {
        let last = self.last.map_or(0, |(last, _)| last);
        for word in Keyword::ALL {
            let allowed = match word.clause() {
                Some(0) => self.select.is_none() && last <= 3,
                Some(1) => self.noun.is_none(),
                Some(2) => self.noun.is_some() && last <= 2,
                Some(rank) => self.noun.is_some() && rank > last,
                None => false,
            };
            if allowed {
                input.expect(Expected::Keyword(word.text()));
            }
        }
        if self.noun.is_some() {
            input.expect(Expected::Symbol(";"));
        }
    }

    /// Part of `Query`: reads the clause that begins here.
    fn clause<'t>(&mut self, input: Tokens<'t>) -> Parsed<'t, ()> {
        let TokenKind::Keyword(word) = input.next().kind else { return input.fail() };
        let span = input.next().span;
        let rest = input.rest();
        let after = match word {
            Keyword::Select => keep(select(input)?, &mut self.select),
            Keyword::From => keep(cut(from).parse(rest)?, &mut self.noun),
            Keyword::Where => keep(cut(condition).parse(rest)?, &mut self.condition),
            Keyword::GroupBy => {
                let (after, keys) = cut(group).parse(rest)?;
                (self.group, self.across, self.zeros) = keys;
                after
            }
            Keyword::Having => keep(cut(condition).parse(rest)?, &mut self.having),
            Keyword::OrderBy => {
                let (after, keys) = cut(order).parse(rest)?;
                self.order = keys;
                after
            }
            Keyword::Limit => keep(limit(input)?, &mut self.limit),
            Keyword::Cite => {
                self.cite = Some(span);
                rest
            }
            Keyword::Chart => {
                self.chart = Some(span);
                rest
            }
            _ => {
                let (after, phrase) = phrase(input)?;
                self.phrases.push(phrase);
                after
            }
        };
        Ok((after, ()))
    }

    fn query(self, span: Span) -> Option<Query> {
        Some(Query {
            span,
            select: self.select,
            noun: self.noun?,
            phrases: self.phrases,
            condition: self.condition,
            group: self.group,
            across: self.across,
            zeros: self.zeros,
            having: self.having,
            order: self.order,
            limit: self.limit,
            cite: self.cite,
            chart: self.chart,
        })
    }
}

fn keep<'t, T>((after, value): (Tokens<'t>, T), place: &mut Option<T>) -> Tokens<'t> {
    *place = Some(value);
    after
}

/// `Select ::= 'SELECT' 'DISTINCT'? ( '*' | SelectItem ( ',' SelectItem )* )`
fn select(input: Tokens<'_>) -> Parsed<'_, Select> {
    let (input, start) = keyword(Keyword::Select)(input)?;
    let (input, distinct) = opt(keyword(Keyword::Distinct)).parse(input)?;
    if let Ok((input, star)) = symbol(Symbol::Star)(input) {
        return Ok((input, Select { span: start.to(star), distinct, items: SelectItems::All(star) }));
    }
    let (input, first) = cut(select_item).parse(input)?;
    let (input, rest) = many0(preceded(symbol(Symbol::Comma), cut(select_item))).parse(input)?;
    let items: Vec<SelectItem> = std::iter::once(first).chain(rest).collect();
    let last = items.last().map_or(start, |item| item.alias.as_ref().map_or(item.expression.span, |alias| alias.span));
    Ok((input, Select { span: start.to(last), distinct, items: SelectItems::List(items) }))
}

/// `SelectItem ::= Sum ( 'AS' AnyWord )?`
fn select_item(input: Tokens<'_>) -> Parsed<'_, SelectItem> {
    let (input, expression) = sum(input)?;
    let (input, alias) = opt(preceded(keyword(Keyword::As), cut(word(Expected::Alias)))).parse(input)?;
    if alias.is_none() && input.next().kind == TokenKind::Word {
        let span = input.next().span;
        return input.stop(messages::alias_without_as(span, input.text(span)));
    }
    Ok((input, SelectItem { expression, alias }))
}

/// `From ::= 'FROM' Word`
fn from(input: Tokens<'_>) -> Parsed<'_, Word> {
    let (input, noun) = word(Expected::Noun)(input)?;
    if input.next().kind == TokenKind::Symbol(Symbol::Comma) {
        return input.stop(messages::several_nouns(input.next().span));
    }
    Ok((input, noun))
}

/// `GroupBy ::= 'GROUP BY' ByValue ( ',' ByValue )* ( 'ACROSS' ByValue )? 'ZEROS'?`
fn group(input: Tokens<'_>) -> Parsed<'_, (Vec<Expression>, Option<Expression>, Option<Span>)> {
    let (input, first) = by_value("GROUP BY")(input)?;
    let (input, rest) = many0(preceded(symbol(Symbol::Comma), cut(by_value("GROUP BY")))).parse(input)?;
    let (input, across) = opt(preceded(keyword(Keyword::Across), cut(by_value("ACROSS")))).parse(input)?;
    let (input, zeros) = opt(keyword(Keyword::Zeros)).parse(input)?;
    Ok((input, (std::iter::once(first).chain(rest).collect(), across, zeros)))
}

/// `ByValue ::= Sum - Position`
///
/// A position is a habit from elsewhere.
fn by_value<'t>(clause: &'static str) -> impl Fn(Tokens<'t>) -> Parsed<'t, Expression> {
    move |input| {
        let (rest, value) = sum(input)?;
        if is_position(&value) {
            return input.stop(messages::position_number(value.span, clause));
        }
        Ok((rest, value))
    }
}

/// `Position ::= Integer | '(' Position ')'`
///
/// Brackets leave no trace in the tree.
fn is_position(value: &Expression) -> bool {
    matches!(value.kind, ExpressionKind::Integer(_))
}

/// `OrderBy ::= 'ORDER BY' OrderKey ( ',' OrderKey )*`
fn order(input: Tokens<'_>) -> Parsed<'_, Vec<OrderKey>> {
    let (input, first) = order_key(input)?;
    let (input, rest) = many0(preceded(symbol(Symbol::Comma), cut(order_key))).parse(input)?;
    Ok((input, std::iter::once(first).chain(rest).collect()))
}

/// `OrderKey ::= ByValue ( 'ASC' | 'DESC' )?`
fn order_key(input: Tokens<'_>) -> Parsed<'_, OrderKey> {
    let (input, expression) = by_value("ORDER BY")(input)?;
    if let Ok((input, _)) = keyword(Keyword::Descending)(input) {
        return Ok((input, OrderKey { expression, descending: true }));
    }
    let (input, _) = opt(keyword(Keyword::Ascending)).parse(input)?;
    Ok((input, OrderKey { expression, descending: false }))
}

/// `Limit ::= 'LIMIT' Count ( 'OFFSET' Count )?`
fn limit(input: Tokens<'_>) -> Parsed<'_, Limit> {
    let (input, start) = keyword(Keyword::Limit)(input)?;
    let (input, (count, span)) = self::count(input)?;
    if let (Count::Number(count), TokenKind::Symbol(Symbol::Comma)) = (&count, input.next().kind) {
        let (after, second) = match whole_number(input.rest()) {
            Ok((after, (second, _))) => (after, Some(second)),
            Err(_) => (input.rest(), None),
        };
        let end = previous_end(input, after).unwrap_or(span);
        return input.stop(messages::limit_with_comma(start.to(end), *count, second));
    }
    let (input, offset) = opt(preceded(keyword(Keyword::Offset), cut(self::count))).parse(input)?;
    let end = offset.as_ref().map_or(span, |(_, span)| *span);
    Ok((input, Limit { span: start.to(end), count, offset: offset.map(|(offset, _)| offset) }))
}

/// `Count ::= Integer | Parameter`
fn count(input: Tokens<'_>) -> Parsed<'_, (Count, Span)> {
    if let Ok((input, word)) = parameter(input) {
        let span = word.span;
        return Ok((input, (Count::Parameter(word), span)));
    }
    let (input, (number, span)) = whole_number(input)?;
    Ok((input, (Count::Number(number), span)))
}

/// The terminal `Integer`, where nothing else can stand.
fn whole_number(input: Tokens<'_>) -> Parsed<'_, (u64, Span)> {
    let (rest, ((), span)) = terminal(Expected::Number, |kind| (kind == TokenKind::Integer).then_some(()))(input)
        .map_err(|_| nom::Err::Failure(Trouble::Unexpected))?;
    match input.text(span).parse::<u64>() {
        Ok(number) if number <= i64::MAX as u64 => Ok((rest, (number, span))),
        _ => input.stop(messages::number_too_large(span)),
    }
}
