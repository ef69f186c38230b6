//! Conditions and values, by precedence: OR, AND, NOT, comparison, sum, product, sign, primary.

use super::date::bare_period;
use super::input::{DEEPEST, Expected, Parsed, Tokens, deeper, keyword, symbol, terminal};
use super::name::{name, parameter, quoted_name, word};
use super::phrase::date_phrases;
use super::query::bracketed_query;
use crate::diagnostic::syntax as messages;
use crate::span::Span;
use crate::syntax::ast::{
    ArithmeticOperator, Call, Certainty, CompareOperator, Expression, ExpressionKind, Path, Quantifier, Relation, Word,
};
use crate::syntax::token::{Keyword, Symbol, TokenKind};
use nom::Parser;
use nom::branch::alt;
use nom::combinator::{cut, map, opt};
use nom::multi::many0;
use nom::sequence::preceded;

/// `Condition ::= Conjunction ( 'OR' Conjunction )*`
pub fn condition(input: Tokens<'_>) -> Parsed<'_, Expression> {
    let (input, first) = conjunction(input)?;
    let (input, rest) = many0(preceded(keyword(Keyword::Or), cut(conjunction))).parse(input)?;
    Ok((input, chain(first, rest, ExpressionKind::Or)))
}

/// `Conjunction ::= Negation ( 'AND' Negation )*`
fn conjunction(input: Tokens<'_>) -> Parsed<'_, Expression> {
    let (input, first) = negation(input)?;
    let (input, rest) = many0(preceded(keyword(Keyword::And), cut(negation))).parse(input)?;
    Ok((input, chain(first, rest, ExpressionKind::And)))
}

/// A list stays flat, whatever its length.
fn chain(first: Expression, rest: Vec<Expression>, make: fn(Vec<Expression>) -> ExpressionKind) -> Expression {
    match rest.last() {
        None => first,
        Some(last) => {
            let span = first.span.to(last.span);
            Expression { span, kind: make(std::iter::once(first).chain(rest).collect()) }
        }
    }
}

/// `Negation ::= ( 'NOT' | 'POSSIBLY' | 'CERTAINLY' ) Negation | Comparison`
fn negation(input: Tokens<'_>) -> Parsed<'_, Expression> {
    let prefix = |kind: TokenKind| match kind {
        TokenKind::Keyword(Keyword::Not) => Some(None),
        TokenKind::Keyword(Keyword::Possibly) => Some(Some(Certainty::Possibly)),
        TokenKind::Keyword(Keyword::Certainly) => Some(Some(Certainty::Certainly)),
        _ => None,
    };
    for word in ["NOT", "POSSIBLY", "CERTAINLY"] {
        input.expect(Expected::Keyword(word));
    }
    let Some(certainty) = prefix(input.next().kind) else { return comparison(input) };
    let start = input.next().span;
    let (input, inner) = deeper(input.rest(), |input| cut(negation).parse(input))?;
    let span = start.to(inner.span);
    let kind = match certainty {
        None => ExpressionKind::Not(Box::new(inner)),
        Some(certainty) => ExpressionKind::Certainty(certainty, Box::new(inner)),
    };
    Ok((input, Expression { span, kind }))
}

/// `Comparison ::= Relation | Exists
/// | Sum ( Operator Sum | IsUnknown | 'NOT'? ( Between | InList | Like | Contains ) )?`
fn comparison(input: Tokens<'_>) -> Parsed<'_, Expression> {
    for word in RELATIONS.iter().map(|(word, _)| *word).chain([Keyword::Exists, Keyword::NoneOf]) {
        input.expect(Expected::Keyword(word.text()));
    }
    match input.next().kind {
        TokenKind::Keyword(Keyword::Met | Keyword::Visited | Keyword::Hosted | Keyword::Attended) => {
            return relation(input);
        }
        TokenKind::Keyword(Keyword::Exists | Keyword::NoneOf) => return deeper(input, exists),
        _ => {}
    }
    let (input, left) = sum(input)?;
    if let Ok((input, (operator, operator_span))) = operator(input) {
        let (input, right) = cut(sum).parse(input)?;
        if let Ok((_, (_, second))) = self::operator(input) {
            return input.stop(messages::chained_comparison(second));
        }
        let span = left.span.to(right.span);
        let (left, right) = (Box::new(left), Box::new(right));
        return Ok((
            input,
            Expression { span, kind: ExpressionKind::Compare { operator, operator_span, left, right } },
        ));
    }
    if let Ok((input, _)) = keyword(Keyword::Is)(input) {
        return is_unknown(input, left);
    }
    let (after, not) = opt(keyword(Keyword::Not)).parse(input)?;
    let negated = not.is_some();
    match after.next().kind {
        TokenKind::Keyword(Keyword::Between) => between(after.rest(), left, negated),
        TokenKind::Keyword(Keyword::In) if negated || after.ahead(1) == TokenKind::Symbol(Symbol::LeftParen) => {
            in_list(after.rest(), left, negated)
        }
        TokenKind::Keyword(Keyword::Like) => like(after.rest(), left, negated),
        TokenKind::Keyword(Keyword::Contains) => contains(after.rest(), left, negated),
        _ => {
            for word in ["BETWEEN", "IN", "LIKE", "CONTAINS"] {
                after.expect(Expected::Keyword(word));
            }
            if negated { after.fail() } else { Ok((input, left)) }
        }
    }
}

const RELATIONS: [(Keyword, Relation); 4] = [
    (Keyword::Met, Relation::Met),
    (Keyword::Visited, Relation::Visited),
    (Keyword::Hosted, Relation::Hosted),
    (Keyword::Attended, Relation::Attended),
];

/// `Relation ::= ( 'MET' | 'VISITED' | 'HOSTED' | 'ATTENDED' ) Name ( ( 'POSSIBLY' | 'CERTAINLY' )? DatePhrase )*`
fn relation(input: Tokens<'_>) -> Parsed<'_, Expression> {
    let token = input.next();
    let known = RELATIONS.iter().find(|(word, _)| token.kind == TokenKind::Keyword(*word));
    let Some((_, relation)) = known else { return input.fail() };
    let (input, name) = cut(name).parse(input.rest())?;
    let (input, phrases) = date_phrases(input)?;
    let span = token.span.to(phrases.last().map_or(name.span, |phrase| phrase.span));
    let kind = ExpressionKind::Relation { relation: *relation, keyword: token.span, name: Box::new(name), phrases };
    Ok((input, Expression { span, kind }))
}

/// `Exists ::= ( 'EXISTS' | 'NONE' ) '(' Query ')'`
fn exists(input: Tokens<'_>) -> Parsed<'_, Expression> {
    let token = input.next();
    let negated = token.kind == TokenKind::Keyword(Keyword::NoneOf);
    let (input, _) = cut(symbol(Symbol::LeftParen)).parse(input.rest())?;
    let (input, query) = cut(bracketed_query).parse(input)?;
    let (input, end) = cut(symbol(Symbol::RightParen)).parse(input)?;
    let kind = ExpressionKind::Exists { negated, keyword: token.span, query: Box::new(query) };
    Ok((input, Expression { span: token.span.to(end), kind }))
}

/// Whether a query begins here.
fn begins_query(input: Tokens<'_>) -> bool {
    matches!(input.next().kind, TokenKind::Keyword(Keyword::Select | Keyword::From))
}

/// `Operator ::= '=' | '!=' | '<' | '<=' | '>' | '>='`
fn operator(input: Tokens<'_>) -> Parsed<'_, (CompareOperator, Span)> {
    let operators = [
        (Symbol::Equal, CompareOperator::Equal),
        (Symbol::NotEqual, CompareOperator::NotEqual),
        (Symbol::Less, CompareOperator::Less),
        (Symbol::LessOrEqual, CompareOperator::LessOrEqual),
        (Symbol::Greater, CompareOperator::Greater),
        (Symbol::GreaterOrEqual, CompareOperator::GreaterOrEqual),
    ];
    for (sign, operator) in operators {
        if let Ok((input, span)) = symbol(sign)(input) {
            return Ok((input, (operator, span)));
        }
    }
    input.fail()
}

/// `IsUnknown ::= 'IS' 'NOT'? ( 'UNKNOWN' | 'NULL' )`
fn is_unknown(input: Tokens<'_>, value: Expression) -> Parsed<'_, Expression> {
    let (input, not) = opt(keyword(Keyword::Not)).parse(input)?;
    let (input, end) = cut(alt((keyword(Keyword::Unknown), keyword(Keyword::Null)))).parse(input)?;
    let span = value.span.to(end);
    let kind = ExpressionKind::IsUnknown { negated: not.is_some(), value: Box::new(value) };
    Ok((input, Expression { span, kind }))
}

/// `Between ::= 'BETWEEN' Sum 'AND' Sum`
fn between(input: Tokens<'_>, value: Expression, negated: bool) -> Parsed<'_, Expression> {
    let (input, low) = cut(sum).parse(input)?;
    let (input, _) = cut(keyword(Keyword::And)).parse(input)?;
    let (input, high) = cut(sum).parse(input)?;
    let span = value.span.to(high.span);
    let (value, low, high) = (Box::new(value), Box::new(low), Box::new(high));
    Ok((input, Expression { span, kind: ExpressionKind::Between { negated, value, low, high } }))
}

/// `InList ::= 'IN' '(' Sum ( ',' Sum )* ')'`
fn in_list(input: Tokens<'_>, value: Expression, negated: bool) -> Parsed<'_, Expression> {
    let (input, _) = cut(symbol(Symbol::LeftParen)).parse(input)?;
    let (input, first) = cut(sum).parse(input)?;
    let (input, rest) = many0(preceded(symbol(Symbol::Comma), cut(sum))).parse(input)?;
    let (input, end) = cut(symbol(Symbol::RightParen)).parse(input)?;
    let span = value.span.to(end);
    let list = std::iter::once(first).chain(rest).collect();
    Ok((input, Expression { span, kind: ExpressionKind::InList { negated, value: Box::new(value), list } }))
}

/// `Like ::= 'LIKE' Sum`
fn like(input: Tokens<'_>, value: Expression, negated: bool) -> Parsed<'_, Expression> {
    let (input, pattern) = cut(sum).parse(input)?;
    let span = value.span.to(pattern.span);
    let (value, pattern) = (Box::new(value), Box::new(pattern));
    Ok((input, Expression { span, kind: ExpressionKind::Like { negated, value, pattern } }))
}

/// `Contains ::= 'CONTAINS' Sum`
fn contains(input: Tokens<'_>, value: Expression, negated: bool) -> Parsed<'_, Expression> {
    let (input, part) = cut(sum).parse(input)?;
    let span = value.span.to(part.span);
    let (value, part) = (Box::new(value), Box::new(part));
    Ok((input, Expression { span, kind: ExpressionKind::Contains { negated, value, part } }))
}

/// `Sum ::= Product ( ( '+' | '-' ) Product )*`
pub fn sum(input: Tokens<'_>) -> Parsed<'_, Expression> {
    let operators = [(Symbol::Plus, ArithmeticOperator::Plus), (Symbol::Minus, ArithmeticOperator::Minus)];
    folded(input, product, &operators)
}

/// `Product ::= Unary ( ( '*' | '/' ) Unary )*`
fn product(input: Tokens<'_>) -> Parsed<'_, Expression> {
    let operators = [(Symbol::Star, ArithmeticOperator::Times), (Symbol::Slash, ArithmeticOperator::Divide)];
    folded(input, unary, &operators)
}

/// Part of `Sum` and of `Product`. The left operand is parsed once; each operator takes one more. A chain is as high as
/// it is long, and brackets round chains multiply that: the height is limited like any other nesting, because whatever
/// walks the tree recurses.
fn folded<'t>(
    input: Tokens<'t>,
    operand: fn(Tokens<'t>) -> Parsed<'t, Expression>,
    operators: &[(Symbol, ArithmeticOperator)],
) -> Parsed<'t, Expression> {
    let (mut input, mut left) = operand(input)?;
    let mut height = None;
    'next: loop {
        for (sign, operator) in operators {
            if let Ok((after, span)) = symbol(*sign)(input) {
                let (after, right) = cut(operand).parse(after)?;
                let below = height.unwrap_or_else(|| left.height()).max(right.height());
                if below >= DEEPEST {
                    return input.stop(messages::too_deep(span, DEEPEST));
                }
                height = Some(below + 1);
                let span = left.span.to(right.span);
                let (a, b) = (Box::new(left), Box::new(right));
                left = Expression { span, kind: ExpressionKind::Arithmetic { operator: *operator, left: a, right: b } };
                input = after;
                continue 'next;
            }
        }
        return Ok((input, left));
    }
}

/// `Unary ::= '-' Unary | Primary`
fn unary(input: Tokens<'_>) -> Parsed<'_, Expression> {
    if input.next().kind != TokenKind::Symbol(Symbol::Minus) {
        return primary(input);
    }
    let start = input.next().span;
    let (input, inner) = deeper(input.rest(), |input| cut(unary).parse(input))?;
    Ok((input, Expression { span: start.to(inner.span), kind: ExpressionKind::Negative(Box::new(inner)) }))
}

/// `Primary ::= Bracketed | Quantified | Call | QuotedName | Path | BarePeriod | Integer | Number | 'TODAY' | Parameter`
fn primary(input: Tokens<'_>) -> Parsed<'_, Expression> {
    input.expect(Expected::Value);
    match input.next().kind {
        TokenKind::Symbol(Symbol::LeftParen) => deeper(input, bracketed),
        TokenKind::Keyword(Keyword::Any | Keyword::Every | Keyword::No) => deeper(input, quantified),
        TokenKind::Word if input.ahead(1) == TokenKind::Symbol(Symbol::LeftParen) => deeper(input, call),
        TokenKind::Word if input.ahead(1) == TokenKind::Text => map(quoted_name, text_expression).parse(input),
        TokenKind::Word => {
            map(path, |path| Expression { span: path.span, kind: ExpressionKind::Path(path) }).parse(input)
        }
        TokenKind::Text => map(quoted_name, text_expression).parse(input),
        TokenKind::Number => number(input),
        TokenKind::Keyword(Keyword::Today) => {
            Ok((input.rest(), Expression { span: input.next().span, kind: ExpressionKind::Today }))
        }
        TokenKind::Parameter => {
            let (input, word) = parameter(input)?;
            Ok((input, Expression { span: word.span, kind: ExpressionKind::Parameter(word) }))
        }
        TokenKind::Integer if input.ahead(1) != TokenKind::Symbol(Symbol::Range) => integer(input),
        TokenKind::Integer | TokenKind::Date | TokenKind::Symbol(Symbol::Range) => {
            let (input, period) = bare_period(input)?;
            Ok((input, Expression { span: period.span, kind: ExpressionKind::Date(Box::new(period)) }))
        }
        _ => {
            input.expect(Expected::Path);
            input.fail()
        }
    }
}

/// `Bracketed ::= '(' ( Condition | Query ) ')'`
fn bracketed(input: Tokens<'_>) -> Parsed<'_, Expression> {
    let (input, start) = symbol(Symbol::LeftParen)(input)?;
    if begins_query(input) {
        let (input, query) = bracketed_query(input)?;
        let (input, end) = cut(symbol(Symbol::RightParen)).parse(input)?;
        return Ok((input, Expression { span: start.to(end), kind: ExpressionKind::Answer(Box::new(query)) }));
    }
    let (input, inner) = cut(condition).parse(input)?;
    let (input, end) = cut(symbol(Symbol::RightParen)).parse(input)?;
    Ok((input, Expression { span: start.to(end), kind: inner.kind }))
}

/// `Quantified ::= ( 'ANY' | 'EVERY' | 'NO' ) Path '(' Condition ')'`
fn quantified(input: Tokens<'_>) -> Parsed<'_, Expression> {
    let keyword = input.next().span;
    let quantifier = match input.next().kind {
        TokenKind::Keyword(Keyword::Any) => Quantifier::Any,
        TokenKind::Keyword(Keyword::Every) => Quantifier::Every,
        _ => Quantifier::No,
    };
    let (input, path) = cut(path).parse(input.rest())?;
    let (input, _) = cut(symbol(Symbol::LeftParen)).parse(input)?;
    let (input, inner) = cut(condition).parse(input)?;
    let (input, end) = cut(symbol(Symbol::RightParen)).parse(input)?;
    let kind = ExpressionKind::Quantified { quantifier, keyword, path, condition: Box::new(inner) };
    Ok((input, Expression { span: keyword.to(end), kind }))
}

/// `Call ::= Word '(' ( Query | 'PER' Sum | 'DISTINCT'? Sum ( ',' Sum )* )? ')'`
fn call(input: Tokens<'_>) -> Parsed<'_, Expression> {
    let (input, function) = word(Expected::Path)(input)?;
    let (input, _) = symbol(Symbol::LeftParen)(input)?;
    if let (TokenKind::Symbol(Symbol::Star), TokenKind::Symbol(Symbol::RightParen)) = (input.ahead(0), input.ahead(1)) {
        let span = function.span.to(input.rest().next().span);
        return input.stop(messages::star_argument(span, &function.value));
    }
    if begins_query(input) {
        let (input, query) = bracketed_query(input)?;
        let (input, end) = cut(symbol(Symbol::RightParen)).parse(input)?;
        let span = function.span.to(end);
        return Ok((input, Expression { span, kind: ExpressionKind::CountOf { function, query: Box::new(query) } }));
    }
    let (input, per) = opt(keyword(Keyword::Per)).parse(input)?;
    if per.is_some() {
        let (input, argument) = cut(sum).parse(input)?;
        let (input, end) = cut(symbol(Symbol::RightParen)).parse(input)?;
        let span = function.span.to(end);
        let call = Call { function, distinct: None, per, arguments: vec![argument] };
        return Ok((input, Expression { span, kind: ExpressionKind::Call(call) }));
    }
    let (input, distinct) = opt(keyword(Keyword::Distinct)).parse(input)?;
    if distinct.is_none() {
        input.expect(Expected::Symbol(")"));
    }
    let (input, arguments) = if distinct.is_none() && input.next().kind == TokenKind::Symbol(Symbol::RightParen) {
        (input, Vec::new())
    } else {
        let (input, first) = cut(sum).parse(input)?;
        let (input, rest) = many0(preceded(symbol(Symbol::Comma), cut(sum))).parse(input)?;
        (input, std::iter::once(first).chain(rest).collect())
    };
    let (input, end) = cut(symbol(Symbol::RightParen)).parse(input)?;
    let span = function.span.to(end);
    let call = Call { function, distinct, per: None, arguments };
    Ok((input, Expression { span, kind: ExpressionKind::Call(call) }))
}

/// `Path ::= Word ( '.' AnyWord )*`
pub fn path(input: Tokens<'_>) -> Parsed<'_, Path> {
    let (input, first) = word(Expected::Path)(input)?;
    let (input, rest) = many0(preceded(symbol(Symbol::Dot), cut(word(Expected::Path)))).parse(input)?;
    let words: Vec<Word> = std::iter::once(first).chain(rest).collect();
    let span = words.iter().fold(words[0].span, |span, word| span.to(word.span));
    Ok((input, Path { span, words }))
}

fn text_expression(name: crate::syntax::ast::Name) -> Expression {
    Expression { span: name.span, kind: ExpressionKind::Text(name) }
}

/// The terminal `Integer`.
fn integer(input: Tokens<'_>) -> Parsed<'_, Expression> {
    let (rest, ((), span)) = terminal(Expected::Number, |kind| (kind == TokenKind::Integer).then_some(()))(input)?;
    match input.text(span).parse() {
        Ok(number) => Ok((rest, Expression { span, kind: ExpressionKind::Integer(number) })),
        Err(_) => input.stop(messages::number_too_large(span)),
    }
}

/// The terminal `Number`.
fn number(input: Tokens<'_>) -> Parsed<'_, Expression> {
    let (rest, ((), span)) = terminal(Expected::Number, |kind| (kind == TokenKind::Number).then_some(()))(input)?;
    match input.text(span).parse::<f64>() {
        Ok(number) if number.is_finite() => Ok((rest, Expression { span, kind: ExpressionKind::Number(number) })),
        _ => input.stop(messages::number_too_large(span)),
    }
}
