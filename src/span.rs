//! Where something was written: byte ranges of the source text.
//!
//! Every token and every tree node carries one, from the lexer to the last message. A [`Span`] is half open and
//! always lies on character boundaries of the text it belongs to.

use std::ops::Range;

/// A half-open range of bytes `start..end` in one source text.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Span {
    pub start: usize,
    pub end: usize,
}

impl Span {
    pub const fn new(start: usize, end: usize) -> Self {
        Span { start, end }
    }

    /// The empty span at `offset` (a place where something is missing).
    pub const fn at(offset: usize) -> Self {
        Span { start: offset, end: offset }
    }

    /// The smallest span that covers both.
    pub fn to(self, other: Span) -> Span {
        Span { start: self.start.min(other.start), end: self.end.max(other.end) }
    }

    pub const fn range(self) -> Range<usize> {
        self.start..self.end
    }

    pub const fn is_empty(self) -> bool {
        self.start == self.end
    }

    /// The text that this span covers in `source`; empty if it does not lie in it.
    pub fn text(self, source: &str) -> &str {
        source.get(self.range()).unwrap_or("")
    }
}

/// A value together with the place where it was written.
#[derive(Clone, Debug, PartialEq)]
pub struct Spanned<T> {
    pub value: T,
    pub span: Span,
}

impl<T> Spanned<T> {
    pub const fn new(value: T, span: Span) -> Self {
        Spanned { value, span }
    }
}

/// A query text with the name its messages call it by (a file name, `-c`, `standard input`).
#[derive(Clone, Debug)]
pub struct Source {
    pub name: String,
    pub text: String,
}

impl Source {
    pub fn new(name: impl Into<String>, text: impl Into<String>) -> Self {
        Source { name: name.into(), text: text.into() }
    }
}
