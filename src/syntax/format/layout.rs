//! Items to text. A statement that fits stands on one line; otherwise each clause begins a line, and what is still too
//! long is broken where it falls apart: before phrases, after commas, before OR, AND and comparisons, inside brackets.

use super::pieces::{Comment, Item, Piece};
use crate::syntax::token::{Keyword, Symbol, TokenKind};
use unicode_width::UnicodeWidthStr;

/// No line is longer, unless nothing in it can be broken.
const WIDTH: usize = 100;

/// How much deeper a line stands that goes on with another.
const STEP: usize = 2;

/// Puts each SELECT that follows its phrases before FROM, unless a comment would lose its place by that.
pub fn select_first(items: &mut [Item<'_>]) {
    for item in items {
        let Item::Statement { pieces, .. } = item else { continue };
        // Of each bracket that is open, the FROM met in it.
        let mut open: Vec<Option<usize>> = vec![None];
        for at in 0..pieces.len() {
            match pieces[at].kind {
                TokenKind::Symbol(Symbol::LeftParen) => open.push(None),
                TokenKind::Symbol(Symbol::RightParen) => drop(open.pop()),
                TokenKind::Keyword(Keyword::From) => {
                    if let Some(from) = open.last_mut() {
                        *from = Some(at);
                    }
                }
                TokenKind::Keyword(Keyword::Select) => {
                    let Some(from) = open.last().copied().flatten() else { continue };
                    let end = at + end_of_clause(&pieces[at..]);
                    let moved = &mut pieces[from..end];
                    if moved.iter().all(|piece| piece.above.is_empty() && piece.after.is_empty()) {
                        moved.rotate_left(at - from);
                    }
                }
                _ => {}
            }
        }
    }
}

/// Where the clause that begins the pieces ends.
fn end_of_clause(pieces: &[Piece<'_>]) -> usize {
    let mut depth = 0_usize;
    for (at, piece) in pieces.iter().enumerate().skip(1) {
        match piece.kind {
            TokenKind::Symbol(Symbol::LeftParen) => depth += 1,
            TokenKind::Symbol(Symbol::RightParen | Symbol::Semicolon) if depth == 0 => return at,
            TokenKind::Symbol(Symbol::RightParen) => depth -= 1,
            TokenKind::Keyword(keyword) if depth == 0 && keyword.clause().is_some() => return at,
            _ => {}
        }
    }
    pieces.len()
}

/// The text of all items, each line ended by `newline`.
pub fn lay_out(items: &[Item<'_>], newline: &'static str) -> String {
    let mut page = Page { text: String::new(), column: 0, due: Some(0), blank: false, newline };
    let mut before: Option<&Item<'_>> = None;
    for item in items {
        match item {
            Item::Statement { newlines, pieces } => {
                page.line(0, *newlines > 1);
                let glued: Vec<bool> = (0..pieces.len()).map(|at| glued(&pieces[..at], &pieces[at])).collect();
                page.query(Range { pieces, glued: &glued }, 0, STEP);
            }
            Item::Comment(comment) => {
                let beside = match before {
                    Some(Item::Comment(other)) => !other.ends_line(),
                    other => other.is_some(),
                };
                if comment.newlines > 0 || !beside {
                    page.line(0, comment.newlines > 1);
                }
                page.put(comment.text, false);
            }
        }
        before = Some(item);
    }
    if !page.text.is_empty() {
        page.text.push_str(newline);
    }
    page.text
}

/// Pieces on one line, without their comments.
pub fn one_line(pieces: &mut [Piece<'_>]) -> String {
    for piece in &mut *pieces {
        piece.above.clear();
        piece.after.clear();
    }
    let mut line = String::new();
    for (at, piece) in pieces.iter().enumerate() {
        if at > 0 && !glued(&pieces[..at], piece) {
            line.push(' ');
        }
        line.push_str(&piece.text);
    }
    line
}

/// Whether a piece stands right behind those before it, without a blank.
fn glued(before: &[Piece<'_>], piece: &Piece<'_>) -> bool {
    use Symbol::{Comma, Dot, LeftParen, Minus, RightParen, Semicolon};
    let Some(previous) = before.last() else { return false };
    match (previous.kind, piece.kind) {
        (_, TokenKind::Symbol(Comma | Semicolon | RightParen)) => true,
        _ if !previous.after.is_empty() => false,
        (TokenKind::Symbol(LeftParen | Dot), _) | (_, TokenKind::Symbol(Dot)) => true,
        (TokenKind::Word, TokenKind::Symbol(LeftParen)) => !quantified(before),
        // Two signs in a row would begin a comment.
        (TokenKind::Symbol(Minus), kind) if is_sign(&before[..before.len() - 1]) => kind != TokenKind::Symbol(Minus),
        (kind, TokenKind::Symbol(Symbol::Range)) | (TokenKind::Symbol(Symbol::Range), kind) => is_value(kind),
        _ => false,
    }
}

/// Whether a minus after these pieces is the sign of what follows.
fn is_sign(before: &[Piece<'_>]) -> bool {
    let ends_value =
        |piece: &Piece<'_>| is_value(piece.kind) || piece.is(Symbol::RightParen) || piece.is(Symbol::Range);
    !before.last().is_some_and(ends_value)
}

/// Whether a token is a value, or the end of a path.
fn is_value(kind: TokenKind) -> bool {
    kind == TokenKind::Keyword(Keyword::Today) || !matches!(kind, TokenKind::Keyword(_) | TokenKind::Symbol(_))
}

/// Whether the pieces end with a path after ANY, EVERY or NO: what follows in brackets is no argument.
fn quantified(before: &[Piece<'_>]) -> bool {
    let path = |piece: &&Piece<'_>| piece.kind == TokenKind::Word || piece.is(Symbol::Dot);
    let first = before.iter().rev().find(|piece| !path(piece));
    first.is_some_and(|piece| matches!(piece.keyword(), Some(Keyword::Any | Keyword::Every | Keyword::No)))
}

/// A stretch of the pieces of a statement, each with whether it is glued to the one before.
#[derive(Clone, Copy)]
struct Range<'a, 't> {
    pieces: &'a [Piece<'t>],
    glued: &'a [bool],
}

impl<'a, 't> Range<'a, 't> {
    fn slice(self, from: usize, to: usize) -> Self {
        Range { pieces: &self.pieces[from..to], glued: &self.glued[from..to] }
    }

    fn len(self) -> usize {
        self.pieces.len()
    }

    fn iter(self) -> impl Iterator<Item = (&'a Piece<'t>, bool)> {
        self.pieces.iter().zip(self.glued.iter().copied())
    }

    /// The pieces outside brackets, with their places; of brackets both ends.
    fn outer(self) -> Vec<(usize, &'a Piece<'t>)> {
        let mut depth = 0_usize;
        let mut outer = Vec::new();
        for (at, piece) in self.pieces.iter().enumerate() {
            if piece.is(Symbol::RightParen) {
                depth = depth.saturating_sub(1);
            }
            if depth == 0 {
                outer.push((at, piece));
            }
            if piece.is(Symbol::LeftParen) {
                depth += 1;
            }
        }
        outer
    }

    /// The parts that begin at these places.
    fn cut(self, places: &[usize]) -> Vec<Self> {
        let starts = std::iter::once(0).chain(places.iter().copied());
        let ends = places.iter().copied().chain([self.len()]);
        starts.zip(ends).filter(|(start, end)| start < end).map(|(start, end)| self.slice(start, end)).collect()
    }
}

/// How parts follow each other.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Way {
    /// Each on a line of its own.
    Lines,
    /// The same, what goes on with the others no deeper than they stand.
    Flush,
    /// The same as for lines, what the first holds a step deeper than the others stand.
    Deeper,
    /// As for lines, but only if each part then fits.
    Whole,
    /// As many on a line as fit.
    Fill,
}

/// Where clauses begin, phrases left out.
fn clauses(range: Range<'_, '_>) -> Vec<usize> {
    let begins = |piece: &Piece<'_>| piece.keyword().and_then(Keyword::clause).is_some_and(|clause| !is_phrase(clause));
    range.outer().into_iter().filter(|(_, piece)| begins(piece)).map(|(at, _)| at).collect()
}

fn is_phrase(clause: u8) -> bool {
    Keyword::With.clause() == Some(clause)
}

/// Where phrases begin: not at the IN of a list, nor at a POSSIBLY before a condition.
fn phrases(range: Range<'_, '_>) -> Vec<usize> {
    let begins =
        |at: usize| range.pieces.get(at).and_then(Piece::keyword).and_then(Keyword::clause).is_some_and(is_phrase);
    let certainty = |at: usize| matches!(range.pieces[at].keyword(), Some(Keyword::Possibly | Keyword::Certainly));
    let list = |at: usize| {
        range.pieces[at].keyword() == Some(Keyword::In)
            && range.pieces.get(at + 1).is_some_and(|next| next.is(Symbol::LeftParen))
    };
    let outer = range.outer().into_iter().map(|(at, _)| at);
    outer
        .filter(|at| *at > 0 && begins(*at) && !list(*at))
        .filter(|at| if certainty(*at) { begins(*at + 1) } else { !certainty(*at - 1) })
        .collect()
}

/// What is too long falls into parts: the ways to cut it, the best first. Where there is none, brackets are broken.
fn ways<'a, 't>(range: Range<'a, 't>) -> impl Iterator<Item = (Vec<Range<'a, 't>>, Way)> {
    let outer = range.outer();
    let symbols = |wanted: &[Symbol]| -> Vec<usize> {
        outer.iter().filter(|(_, piece)| wanted.iter().any(|symbol| piece.is(*symbol))).map(|(at, _)| *at).collect()
    };
    let words = |wanted: Keyword| -> Vec<usize> {
        outer.iter().filter(|(at, piece)| *at > 0 && piece.keyword() == Some(wanted)).map(|(at, _)| *at).collect()
    };
    let phrases = phrases(range);
    // Where phrases stand in conditions, AND and OR join more than they do.
    let first = range.pieces.first().and_then(Piece::keyword);
    let of_phrases = matches!(first, Some(Keyword::From | Keyword::Connect));
    let label =
        first == Some(Keyword::Assert) && range.pieces.get(1).is_some_and(|piece| piece.kind == TokenKind::Text);
    let commas: Vec<usize> = symbols(&[Symbol::Comma]).into_iter().map(|at| at + 1).collect();
    let sums = symbols(&[Symbol::Plus, Symbol::Minus, Symbol::Star, Symbol::Slash]);
    let sums = sums.into_iter().filter(|at| !is_sign(&range.pieces[..*at])).collect();
    let has_query = range.pieces.iter().any(|piece| piece.keyword() == Some(Keyword::From));
    let ways = [
        (if label { vec![2] } else { Vec::new() }, Way::Flush),
        (if of_phrases { phrases.clone() } else { Vec::new() }, Way::Lines),
        (commas, Way::Fill),
        (words(Keyword::Or), Way::Deeper),
        (joining_ands(&outer), Way::Lines),
        (phrases, Way::Lines),
        (comparisons(range, &outer), Way::Whole),
        (if has_query { Vec::new() } else { sums }, Way::Fill),
    ];
    ways.into_iter().map(move |(places, way)| (range.cut(&places), way)).filter(|(parts, _)| parts.len() > 1)
}

/// Where one value is compared with others: at the sign, or at the word with the NOT before it.
fn comparisons(range: Range<'_, '_>, outer: &[(usize, &Piece<'_>)]) -> Vec<usize> {
    use Symbol::{Equal, Greater, GreaterOrEqual, Less, LessOrEqual, NotEqual};
    const SIGNS: [Symbol; 6] = [Equal, NotEqual, Less, LessOrEqual, Greater, GreaterOrEqual];
    let word =
        |piece: &Piece<'_>| matches!(piece.keyword(), Some(Keyword::Between | Keyword::Like | Keyword::Contains));
    let compares = |piece: &Piece<'_>| word(piece) || SIGNS.iter().any(|sign| piece.is(*sign));
    let negated = |at: usize| at > 0 && range.pieces[at - 1].keyword() == Some(Keyword::Not);
    let places = outer.iter().filter(|(_, piece)| compares(piece)).map(|(at, _)| *at);
    places.map(|at| if negated(at) { at - 1 } else { at }).filter(|at| *at > 0).collect()
}

/// The ANDs that are not the middle of BETWEEN.
fn joining_ands(outer: &[(usize, &Piece<'_>)]) -> Vec<usize> {
    let mut between = false;
    let mut ands = Vec::new();
    for (at, piece) in outer {
        match piece.keyword() {
            Some(Keyword::Between) => between = true,
            Some(Keyword::And) if std::mem::take(&mut between) => {}
            Some(Keyword::And) if *at > 0 => ands.push(*at),
            _ => {}
        }
    }
    ands
}

/// The text so far, and where it goes on.
struct Page {
    text: String,
    column: usize,
    /// A line is to begin before anything else is written, that many blanks from the edge.
    due: Option<usize>,
    /// An empty line before it.
    blank: bool,
    newline: &'static str,
}

impl Page {
    /// Lets what follows begin a line.
    fn line(&mut self, indent: usize, blank: bool) {
        self.due = Some(indent);
        self.blank = blank;
    }

    fn put(&mut self, text: &str, glued: bool) {
        if let Some(indent) = self.due.take() {
            if !self.text.is_empty() {
                self.text.push_str(self.newline);
                if std::mem::take(&mut self.blank) {
                    self.text.push_str(self.newline);
                }
            }
            self.blank = false;
            self.text.extend(std::iter::repeat_n(' ', indent));
            self.column = indent;
        } else if !glued {
            self.text.push(' ');
            self.column += 1;
        }
        self.text.push_str(text);
        self.column = column_after(self.column, text);
    }

    /// A piece with its comments; a line that it must begin stands `indent` from the edge.
    fn piece(&mut self, piece: &Piece<'_>, glued: bool, indent: usize) {
        if !piece.above.is_empty() {
            let at = self.due.unwrap_or(indent);
            let mut joined = false;
            for comment in &piece.above {
                if !joined || comment.newlines > 0 {
                    self.due = Some(at);
                }
                self.put(comment.text, false);
                joined = !comment.ends_line();
            }
            self.due = Some(at);
        }
        self.put(&piece.text, glued);
        for comment in &piece.after {
            self.put(comment.text, false);
            if comment.ends_line() {
                self.due = Some(indent);
            }
        }
    }

    /// Whether all pieces have place on this line.
    fn fits(&self, range: Range<'_, '_>) -> bool {
        fit(range, self.due.unwrap_or(self.column), self.due.is_some())
    }

    fn flat(&mut self, range: Range<'_, '_>, next: usize) {
        range.iter().for_each(|(piece, glued)| self.piece(piece, glued, next));
    }

    /// A query with whatever stands before it; its lines stand `indent` from the edge, what goes on with one `next`.
    fn query(&mut self, range: Range<'_, '_>, indent: usize, next: usize) {
        let starts = clauses(range);
        let Some(first) = starts.first().copied().filter(|_| !self.fits(range)) else {
            return self.broken(range, indent, next);
        };
        let deeper = if first > 0 { indent + STEP } else { indent };
        if first > 0 {
            self.broken(range.slice(0, first), indent, next);
            self.line(deeper, false);
        }
        for (at, clause) in range
            .slice(first, range.len())
            .cut(&starts.iter().map(|start| start - first).collect::<Vec<_>>())
            .into_iter()
            .enumerate()
        {
            if at > 0 {
                self.line(deeper, false);
            }
            self.broken(clause, deeper, deeper + STEP);
        }
    }

    /// What does not fit, in its parts. The line it begins on stands `indent` from the edge, the others `next`.
    fn broken(&mut self, range: Range<'_, '_>, indent: usize, next: usize) {
        if self.fits(range) {
            return self.flat(range, next);
        }
        let fitting = |(parts, way): &(Vec<Range<'_, '_>>, Way)| {
            *way != Way::Whole || self.fits(parts[0]) && parts[1..].iter().all(|part| fit(*part, next, true))
        };
        let Some((parts, way)) = ways(range).find(fitting) else { return self.brackets(range, indent, next) };
        let mut line = (indent, if way == Way::Deeper { next + STEP } else { next });
        for (at, part) in parts.into_iter().enumerate() {
            let begins = at > 0 && (way != Way::Fill || !self.fits(part));
            if begins {
                self.line(next, false);
                line = (next, if way == Way::Flush { next } else { next + STEP });
            }
            self.broken(part, line.0, line.1);
        }
    }

    /// Breaks the brackets that must be broken.
    fn brackets(&mut self, range: Range<'_, '_>, indent: usize, next: usize) {
        let opening: Vec<usize> =
            range.outer().into_iter().filter(|(_, piece)| piece.is(Symbol::LeftParen)).map(|(at, _)| at).collect();
        let mut at = 0;
        for (nth, open) in opening.iter().copied().enumerate() {
            self.flat(range.slice(at, open), next);
            let close = closing(range, open);
            let until = opening.get(nth + 1).map_or(range.len(), |following| following + 1);
            if close == open + 1 || self.fits(range.slice(open, until)) {
                self.flat(range.slice(open, close), next);
            } else {
                self.flat(range.slice(open, open + 1), next);
                self.line(indent + STEP, false);
                self.query(range.slice(open + 1, close), indent + STEP, indent + STEP);
                self.line(indent, false);
            }
            at = close;
        }
        self.flat(range.slice(at, range.len()), next);
    }
}

/// Whether all pieces have place on a line from this column on, which they begin or go on with.
fn fit(range: Range<'_, '_>, mut column: usize, begins: bool) -> bool {
    let mut ended = false;
    for (at, (piece, glued)) in range.iter().enumerate() {
        if at > 0 && (ended || !piece.above.is_empty()) {
            return false;
        }
        let blank = !glued && (at > 0 || !begins);
        let beside = piece.after.iter().take_while(|comment| !comment.ends_line()).map(Comment::width).sum::<usize>();
        let first = piece.text.split('\n').next().unwrap_or("").width();
        if column + usize::from(blank) + first > WIDTH {
            return false;
        }
        column = column_after(column + usize::from(blank), &piece.text) + beside;
        if column > WIDTH {
            return false;
        }
        ended = piece.ends_line();
    }
    true
}

/// The place of the bracket that closes one.
fn closing(range: Range<'_, '_>, open: usize) -> usize {
    let mut depth = 0_usize;
    for (at, piece) in range.pieces.iter().enumerate().skip(open) {
        match piece.kind {
            TokenKind::Symbol(Symbol::LeftParen) => depth += 1,
            TokenKind::Symbol(Symbol::RightParen) if depth == 1 => return at,
            TokenKind::Symbol(Symbol::RightParen) => depth = depth.saturating_sub(1),
            _ => {}
        }
    }
    range.len()
}

impl Comment<'_> {
    /// With the blank before it.
    fn width(&self) -> usize {
        1 + self.text.width()
    }
}

/// The column behind a text that begins at one.
fn column_after(column: usize, text: &str) -> usize {
    match text.rsplit_once('\n') {
        Some((_, last)) => last.width(),
        None => column + text.width(),
    }
}
