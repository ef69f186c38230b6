//! Tokens as an input for nom, and the record of what would have been possible at the furthest place reached.

use crate::diagnostic::Diagnostic;
use crate::span::Span;
use crate::syntax::ast::Query;
use crate::syntax::token::{Keyword, Symbol, Token, TokenKind};
use nom::{IResult, Input, Needed};
use std::cell::{Cell, RefCell};

/// Brackets, NOTs and signs may be nested that deep; nom recurses, and the stack is finite.
pub const DEEPEST: usize = 64;

/// What a query in brackets counts for among them, besides its brackets: it takes that much more of the stack.
pub const QUERY_DEPTH: usize = 7;

/// Something that would have been accepted at a place.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Expected {
    Keyword(&'static str),
    Symbol(&'static str),
    /// A noun after FROM.
    Noun,
    /// A name of something in the data.
    Name,
    /// The words of a path.
    Path,
    Value,
    Date,
    Number,
    /// A new name after AS.
    Alias,
    /// `$name`
    Parameter,
    End,
}

impl Expected {
    /// How a message says it.
    pub fn text(self) -> String {
        match self {
            Expected::Keyword(word) | Expected::Symbol(word) => word.to_string(),
            Expected::Noun => "a noun such as meetings".to_string(),
            Expected::Name => "a name".to_string(),
            Expected::Path => "an attribute or link".to_string(),
            Expected::Value => "a value".to_string(),
            Expected::Date => "a date".to_string(),
            Expected::Number => "a whole number".to_string(),
            Expected::Alias => "a new name".to_string(),
            Expected::Parameter => "a parameter such as $who".to_string(),
            Expected::End => "the end of the statement".to_string(),
        }
    }
}

/// What the parsers of one text share.
pub struct Context<'t> {
    pub text: &'t str,
    /// All tokens of the text.
    pub tokens: &'t [Token],
    /// The start of the furthest token at which something was expected, and what.
    furthest: RefCell<(usize, Vec<Expected>)>,
    depth: Cell<usize>,
    /// How many queries in brackets are being read.
    pub nested: Cell<usize>,
    /// Mistakes that do not stop the parser.
    pub reported: RefCell<Vec<Diagnostic>>,
    /// What could be read of queries with mistakes.
    pub broken: RefCell<Vec<Query>>,
    /// Names of LET whose queries could not be read.
    pub lost: RefCell<Vec<String>>,
}

impl<'t> Context<'t> {
    pub fn new(text: &'t str, tokens: &'t [Token]) -> Self {
        Context {
            text,
            tokens,
            furthest: RefCell::new((0, Vec::new())),
            depth: Cell::new(0),
            nested: Cell::new(0),
            reported: RefCell::new(Vec::new()),
            broken: RefCell::new(Vec::new()),
            lost: RefCell::new(Vec::new()),
        }
    }

    fn expect(&self, place: usize, expected: Expected) {
        let mut furthest = self.furthest.borrow_mut();
        if place > furthest.0 {
            *furthest = (place, Vec::new());
        }
        if place == furthest.0 && !furthest.1.contains(&expected) {
            furthest.1.push(expected);
        }
    }

    pub fn furthest(&self) -> (usize, Vec<Expected>) {
        self.furthest.borrow().clone()
    }

    pub fn report(&self, diagnostic: Diagnostic) {
        self.reported.borrow_mut().push(diagnostic);
    }
}

/// The tokens not read yet.
#[derive(Clone, Copy)]
pub struct Tokens<'t> {
    pub tokens: &'t [Token],
    pub context: &'t Context<'t>,
}

/// Why a parser stopped.
#[derive(Clone, Debug, PartialEq)]
pub enum Trouble {
    /// What the context's record says.
    Unexpected,
    /// Something with a message of its own.
    Reported(Box<Diagnostic>),
}

impl nom::error::ParseError<Tokens<'_>> for Trouble {
    fn from_error_kind(_: Tokens<'_>, _: nom::error::ErrorKind) -> Self {
        Trouble::Unexpected
    }

    fn append(_: Tokens<'_>, _: nom::error::ErrorKind, other: Self) -> Self {
        other
    }
}

pub type Parsed<'t, T> = IResult<Tokens<'t>, T, Trouble>;

impl<'t> Tokens<'t> {
    /// The next token; the `End` token is never passed.
    pub fn next(&self) -> Token {
        self.tokens.first().copied().unwrap_or(Token { kind: TokenKind::End, span: Span::at(self.context.text.len()) })
    }

    /// The token after `count` others.
    pub fn ahead(&self, count: usize) -> TokenKind {
        self.tokens.get(count).map_or(TokenKind::End, |token| token.kind)
    }

    pub fn rest(&self) -> Tokens<'t> {
        Tokens { tokens: self.tokens.get(1..).unwrap_or(&[]), context: self.context }
    }

    pub fn text(&self, span: Span) -> &'t str {
        span.text(self.context.text)
    }

    pub fn fail<T>(&self) -> Parsed<'t, T> {
        Err(nom::Err::Error(Trouble::Unexpected))
    }

    pub fn stop<T>(&self, diagnostic: Diagnostic) -> Parsed<'t, T> {
        Err(nom::Err::Failure(Trouble::Reported(Box::new(diagnostic))))
    }

    /// Records that something would have been possible here.
    pub fn expect(&self, expected: Expected) {
        self.context.expect(self.next().span.start, expected);
    }
}

/// A token that `test` takes; else `expected` is recorded.
pub fn terminal<'t, T>(
    expected: Expected,
    test: impl Fn(TokenKind) -> Option<T>,
) -> impl Fn(Tokens<'t>) -> Parsed<'t, (T, Span)> {
    move |input| {
        input.expect(expected);
        let token = input.next();
        match test(token.kind) {
            Some(value) => Ok((input.rest(), (value, token.span))),
            None => input.fail(),
        }
    }
}

pub fn keyword<'t>(keyword: Keyword) -> impl Fn(Tokens<'t>) -> Parsed<'t, Span> {
    move |input| {
        let (input, ((), span)) =
            terminal(Expected::Keyword(keyword.text()), |kind| (kind == TokenKind::Keyword(keyword)).then_some(()))(
                input,
            )?;
        Ok((input, span))
    }
}

pub fn symbol<'t>(symbol: Symbol) -> impl Fn(Tokens<'t>) -> Parsed<'t, Span> {
    move |input| {
        let (input, ((), span)) =
            terminal(Expected::Symbol(symbol.text()), |kind| (kind == TokenKind::Symbol(symbol)).then_some(()))(input)?;
        Ok((input, span))
    }
}

/// Runs `parser` one level deeper, or refuses.
pub fn deeper<'t, T>(input: Tokens<'t>, parser: impl Fn(Tokens<'t>) -> Parsed<'t, T>) -> Parsed<'t, T> {
    deeper_by(1, input, parser)
}

/// The same for what counts for several levels.
pub fn deeper_by<'t, T>(
    levels: usize,
    input: Tokens<'t>,
    parser: impl Fn(Tokens<'t>) -> Parsed<'t, T>,
) -> Parsed<'t, T> {
    let depth = &input.context.depth;
    if depth.get() + levels > DEEPEST {
        return input.stop(crate::diagnostic::syntax::too_deep(input.next().span, DEEPEST));
    }
    depth.set(depth.get() + levels);
    let parsed = parser(input);
    depth.set(depth.get() - levels);
    parsed
}

impl<'t> Input for Tokens<'t> {
    type Item = Token;
    type Iter = std::iter::Copied<std::slice::Iter<'t, Token>>;
    type IterIndices = std::iter::Enumerate<Self::Iter>;

    fn input_len(&self) -> usize {
        self.tokens.len()
    }

    fn take(&self, index: usize) -> Self {
        Tokens { tokens: &self.tokens[..index], context: self.context }
    }

    fn take_from(&self, index: usize) -> Self {
        Tokens { tokens: &self.tokens[index..], context: self.context }
    }

    fn take_split(&self, index: usize) -> (Self, Self) {
        (self.take_from(index), self.take(index))
    }

    fn position<P: Fn(Self::Item) -> bool>(&self, predicate: P) -> Option<usize> {
        self.tokens.iter().position(|token| predicate(*token))
    }

    fn iter_elements(&self) -> Self::Iter {
        self.tokens.iter().copied()
    }

    fn iter_indices(&self) -> Self::IterIndices {
        self.iter_elements().enumerate()
    }

    fn slice_index(&self, count: usize) -> Result<usize, Needed> {
        if count <= self.tokens.len() { Ok(count) } else { Err(Needed::new(count - self.tokens.len())) }
    }
}
