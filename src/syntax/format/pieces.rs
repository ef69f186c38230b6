//! A text as statements of pieces, each piece a token with the comments that belong to it.
//!
//! Pieces are written as the formatter writes them: keywords in capitals, texts in single quotes where nothing inside
//! needs escaping, dates without quotes where a date is due.

use super::{Repair, repair};
use crate::span::Span;
use crate::syntax::lexer::{comments, tokens};
use crate::syntax::parser::{relation, unquoted};
use crate::syntax::token::{Keyword, Symbol, Token, TokenKind};
use crate::value::date::DayRange;
use std::borrow::Cow;
use std::collections::VecDeque;

#[derive(Clone, Debug)]
pub struct Comment<'t> {
    pub text: &'t str,
    /// How many lines end between what stands before it and itself.
    pub newlines: usize,
}

impl Comment<'_> {
    /// `-- …`
    pub fn is_line(&self) -> bool {
        self.text.starts_with("--")
    }

    /// Whether what follows stands on the next line.
    pub fn ends_line(&self) -> bool {
        self.is_line() || self.text.contains('\n')
    }
}

#[derive(Clone, Debug)]
pub struct Piece<'t> {
    pub kind: TokenKind,
    pub text: Cow<'t, str>,
    /// Comments on lines of their own.
    pub above: Vec<Comment<'t>>,
    /// Comments on its line.
    pub after: Vec<Comment<'t>>,
}

impl Piece<'_> {
    pub fn is(&self, symbol: Symbol) -> bool {
        self.kind == TokenKind::Symbol(symbol)
    }

    pub fn keyword(&self) -> Option<Keyword> {
        match self.kind {
            TokenKind::Keyword(keyword) => Some(keyword),
            _ => None,
        }
    }

    /// Whether a comment behind it ends its line.
    pub fn ends_line(&self) -> bool {
        self.after.iter().any(Comment::ends_line)
    }
}

/// What stands in a text, one after the other.
#[derive(Clone, Debug)]
pub enum Item<'t> {
    /// With its semicolon.
    Statement { newlines: usize, pieces: Vec<Piece<'t>> },
    /// Before, between and behind statements.
    Comment(Comment<'t>),
}

/// The items of a text without mistakes, and what is written otherwise in them than it was.
pub fn items(text: &str) -> (Vec<Item<'_>>, Vec<Repair>) {
    let tokens = tokens(text);
    let comments = comments(text, &tokens).into();
    let mut reader = Reader {
        text,
        comments,
        seen: 0,
        lines: 0,
        ended: 0,
        items: Vec::new(),
        open: None,
        carried: Vec::new(),
        repairs: Vec::new(),
    };
    tokens.into_iter().for_each(|token| reader.token(token));
    (reader.items, reader.repairs)
}

struct Reader<'t> {
    text: &'t str,
    /// Those not met yet.
    comments: VecDeque<Span>,
    /// How far the text is read.
    seen: usize,
    /// How many lines ended at once since the last comment or token that counts.
    lines: usize,
    items: Vec<Item<'t>>,
    /// How many items end with the last statement and the comments before its semicolon.
    ended: usize,
    /// The statement being read: how many lines end before it, and its pieces.
    open: Option<(usize, Vec<Piece<'t>>)>,
    /// Comments before a comma that belong above what follows it.
    carried: Vec<Comment<'t>>,
    repairs: Vec<Repair>,
}

impl<'t> Reader<'t> {
    fn token(&mut self, token: Token) {
        let before = self.comments_before(token);
        self.advance(token.span);
        let Some((_, pieces)) = &mut self.open else {
            self.items.extend(before.into_iter().map(Item::Comment));
            if !matches!(token.kind, TokenKind::End | TokenKind::Symbol(Symbol::Semicolon)) {
                let newlines = std::mem::take(&mut self.lines);
                if newlines == 0 {
                    self.begin_line();
                }
                let piece = self.piece(token, &[]);
                self.open = Some((newlines, vec![piece]));
            }
            return;
        };
        let mut pieces = std::mem::take(pieces);
        let mut above = std::mem::take(&mut self.carried);
        let own_line = if above.is_empty() { before.iter().position(|comment| comment.newlines > 0) } else { Some(0) };
        let mut beside = before;
        above.extend(beside.split_off(own_line.unwrap_or(beside.len())));
        match token.kind {
            TokenKind::End | TokenKind::Symbol(Symbol::Semicolon) => {
                let end = Token { kind: TokenKind::Symbol(Symbol::Semicolon), ..token };
                pieces.push(bare(end.kind, Symbol::Semicolon.text()));
                let newlines = self.open.take().map_or(0, |(newlines, _)| newlines);
                self.items.push(Item::Statement { newlines, pieces });
                if beside.is_empty() && above.is_empty() {
                    self.lines = 0;
                }
                self.items.extend(beside.into_iter().chain(above).map(Item::Comment));
                self.ended = self.items.len();
            }
            TokenKind::Symbol(Symbol::Comma) => {
                self.carried = above;
                pieces.push(Piece { after: beside, ..bare(token.kind, Symbol::Comma.text()) });
                self.reopen(pieces);
            }
            _ => {
                match pieces.last_mut() {
                    Some(last) if !last.ends_line() => last.after.extend(beside),
                    _ => drop(above.splice(0..0, beside)),
                }
                let piece = self.piece(token, &pieces);
                pieces.push(Piece { above, ..piece });
                self.reopen(pieces);
            }
        }
    }

    fn reopen(&mut self, read: Vec<Piece<'t>>) {
        self.lines = 0;
        if let Some((_, pieces)) = &mut self.open {
            *pieces = read;
        }
    }

    /// The comments between what was read and the end of a token.
    fn comments_before(&mut self, token: Token) -> Vec<Comment<'t>> {
        let mut before: Vec<Comment<'t>> = Vec::new();
        while let Some(span) = self.comments.front().copied().filter(|span| span.start < token.span.end.max(1)) {
            self.comments.pop_front();
            self.advance(span);
            // What ends its line lets the next begin one.
            let least = before.last().map_or(0, |last| usize::from(last.ends_line()));
            let newlines = std::mem::take(&mut self.lines).max(least);
            before.push(Comment { text: span.text(self.text).trim_end(), newlines });
        }
        before
    }

    /// Reads up to the end of a span.
    fn advance(&mut self, span: Span) {
        let between = self.text.get(self.seen..span.start).unwrap_or("");
        self.lines = self.lines.max(between.matches('\n').count());
        self.seen = span.end;
    }

    /// Comments before a statement that stand on the line of the statement before belong to this one.
    fn begin_line(&mut self) {
        let since = self.items.iter_mut().skip(self.ended).rev();
        let mut first = None;
        for item in since {
            let Item::Comment(comment) = item else { break };
            let begins = comment.newlines > 0;
            first = Some(comment);
            if begins {
                break;
            }
        }
        if let Some(comment) = first {
            comment.newlines = comment.newlines.max(1);
        }
    }

    /// A token as it is written.
    fn piece(&mut self, token: Token, before: &[Piece<'t>]) -> Piece<'t> {
        let written = token.span.text(self.text);
        let previous = before.last();
        let text = match token.kind {
            TokenKind::Keyword(Keyword::Null) if after_is(before) => Cow::from(Keyword::Unknown.text()),
            TokenKind::Keyword(keyword) => Cow::from(keyword.text()),
            TokenKind::Text if previous.is_some_and(date_due) => {
                bare_date(written).map_or_else(|| quoted(written), Cow::from)
            }
            TokenKind::Text => quoted(written),
            _ => Cow::from(written),
        };
        let kind = match token.kind {
            TokenKind::Keyword(Keyword::Null) if after_is(before) => TokenKind::Keyword(Keyword::Unknown),
            TokenKind::Text if !text.starts_with(['\'', '"']) => TokenKind::Date,
            kind => kind,
        };
        if kind != token.kind {
            self.repairs.push(Repair { place: token.span.start, what: repair::what(written, &text, "") });
        }
        Piece { kind, text, above: Vec::new(), after: Vec::new() }
    }
}

fn bare(kind: TokenKind, text: &'static str) -> Piece<'static> {
    Piece { kind, text: Cow::from(text), above: Vec::new(), after: Vec::new() }
}

/// Whether `IS` or `IS NOT` stands before.
fn after_is(before: &[Piece<'_>]) -> bool {
    let mut keywords = before.iter().rev().map(Piece::keyword).skip_while(|keyword| *keyword == Some(Keyword::Not));
    keywords.next().flatten() == Some(Keyword::Is)
}

/// Whether a date is due after this piece: in a phrase, after AS OF, or after the dots of a period.
fn date_due(piece: &Piece<'_>) -> bool {
    let begins = |keyword| keyword == Keyword::AsOf || relation(keyword).is_some();
    piece.is(Symbol::Range) || piece.keyword().is_some_and(begins)
}

/// The date in quotes, if it is one that can do without them.
fn bare_date(written: &str) -> Option<String> {
    let inner = unquoted(written);
    let date = inner.trim();
    let alone = matches!(tokens(date).as_slice(), [only, _] if only.span == Span::new(0, date.len())
        && matches!(only.kind, TokenKind::Date | TokenKind::Integer));
    (alone && DayRange::parse(date).is_ok()).then(|| date.to_string())
}

/// In single quotes if nothing inside needs escaping.
fn quoted(written: &str) -> Cow<'_, str> {
    let inner = unquoted(written);
    if written.starts_with('"') && !inner.contains('\'') { Cow::from(format!("'{inner}'")) } else { Cow::from(written) }
}
