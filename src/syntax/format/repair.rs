//! Mistakes that have a patch which is surely right, mended until none is left.

use super::Repair;
use crate::diagnostic::{Diagnostic, Patch, Trust};
use crate::span::Span;
use crate::syntax::token::{Symbol, Token, TokenKind};
use crate::syntax::{lexer, parser};

/// So often a text is mended and read again; each time the first mistake of every statement goes.
const ROUNDS: usize = 300;

/// So many bytes are read over and over at most: large texts have fewer rounds.
const READ: usize = 20_000_000;

/// A text without mistakes, and how it came to be so.
#[derive(Debug, Default)]
pub struct Mended {
    pub text: String,
    pub repairs: Vec<Repair>,
    /// What each round changed, in the order of the places.
    rounds: Vec<Vec<Edit>>,
}

/// What stood at a place, and what stands there after the round.
#[derive(Debug)]
struct Edit {
    old: Span,
    new: Span,
    /// So many bytes at the end of the new are the first of the old: what a clause moved past.
    kept: usize,
}

/// The text with its mistakes repaired; `None` if one of them cannot be.
pub fn mend(text: &str, is_column: &dyn Fn(&str) -> bool) -> Option<Mended> {
    let mut mended = Mended { text: text.to_string(), ..Mended::default() };
    let mut tokens = lexer::tokens(text);
    for round in 0..ROUNDS {
        let script = parser::script(&mended.text, &tokens);
        if script.diagnostics.is_empty() {
            return Some(mended);
        }
        if round * text.len() > READ {
            return None;
        }
        let patches = first_of_each(&mended.text, &script.diagnostics, &tokens, is_column)?;
        let (before, said) = (mended.text.clone(), lexer::comments(&mended.text, &tokens));
        mended.apply(&patches);
        tokens = lexer::tokens(&mended.text);
        let comments = lexer::comments(&mended.text, &tokens);
        if sorted(&mended.text, &comments) != sorted(&before, &said) || mended.runs_on(&tokens, &comments) {
            return None;
        }
    }
    None
}

/// In each statement the first patch that is sure: what is said later may follow from what is said first. `None` if a
/// statement with a mistake has no such patch.
fn first_of_each<'d>(
    text: &str,
    diagnostics: &'d [Diagnostic],
    tokens: &[Token],
    is_column: &dyn Fn(&str) -> bool,
) -> Option<Vec<(&'d Patch, &'d Diagnostic)>> {
    let ends = tokens.iter().filter(|token| token.kind == TokenKind::Symbol(Symbol::Semicolon));
    let ends: Vec<usize> = ends.map(|end| end.span.start).collect();
    let statement = |diagnostic: &Diagnostic| {
        let start = diagnostic.span.map_or(0, |span| span.start);
        ends.partition_point(|end| *end < start)
    };
    let of_statements = diagnostics.chunk_by(|one, other| statement(one) == statement(other));
    of_statements
        .map(|of_one| of_one.iter().find_map(|diagnostic| Some((sure(text, diagnostic, is_column)?, diagnostic))))
        .collect()
}

/// The patch, if it surely says what was meant.
fn sure<'d>(text: &str, diagnostic: &'d Diagnostic, is_column: &dyn Fn(&str) -> bool) -> Option<&'d Patch> {
    diagnostic.patch.as_ref().filter(|patch| match patch.trust {
        Trust::Guess => false,
        Trust::Sure => true,
        Trust::UnlessColumn => diagnostic.span.is_some_and(|span| !is_column(span.text(text))),
    })
}

/// The comments of a text, in any order: what is moved takes its own along.
fn sorted<'t>(text: &'t str, comments: &[Span]) -> Vec<&'t str> {
    let mut texts: Vec<&str> = comments.iter().map(|span| span.text(text).trim_end()).collect();
    texts.sort_unstable();
    texts
}

impl Mended {
    /// One round: patches in the order of their places. What one puts where another does waits for the next round.
    fn apply(&mut self, patches: &[(&Patch, &Diagnostic)]) {
        let mut text = String::with_capacity(self.text.len());
        let mut edits = Vec::new();
        let mut end = 0;
        for (patch, diagnostic) in patches.iter().filter(|(patch, _)| !patch.span.is_empty()) {
            let (old, before) = (patch.span, patch.span.text(&self.text));
            if old.start < end {
                continue;
            }
            text.push_str(Span::new(end, old.start).text(&self.text));
            let new = Span::new(text.len(), text.len() + patch.text.len());
            text.push_str(&patch.text);
            let is_kept =
                |count: &usize| patch.text.get(patch.text.len() - count..).is_some_and(|end| before.starts_with(end));
            let kept = (0..=patch.text.len().min(before.len())).rev().find(is_kept).unwrap_or(0);
            let place = self.origin(old.start);
            self.repairs.push(Repair { place, what: what(before, &patch.text, &diagnostic.message) });
            edits.push(Edit { old, new, kept });
            end = old.end;
        }
        text.push_str(self.text.get(end..).unwrap_or(""));
        self.text = text;
        self.rounds.push(edits);
    }

    /// Whether something that was put in last became one token, or one comment, with what stands beside it.
    fn runs_on(&self, tokens: &[Token], comments: &[Span]) -> bool {
        let edits = self.rounds.last().map_or([].as_slice(), Vec::as_slice);
        edits.iter().any(|edit| {
            [edit.new.start, edit.new.end].into_iter().any(|edge| {
                let token = tokens[..tokens.partition_point(|token| token.span.start < edge)].last();
                let comment = comments[..comments.partition_point(|comment| comment.start < edge)].last();
                token.is_some_and(|token| token.span.end > edge) || comment.is_some_and(|comment| comment.end > edge)
            })
        })
    }

    /// The place in the text as it came of a place in the text as it is.
    pub fn origin(&self, place: usize) -> usize {
        self.rounds.iter().rev().fold(place, |place, edits| {
            let before = edits.partition_point(|edit| edit.new.start <= place);
            let Some(edit) = before.checked_sub(1).map(|at| &edits[at]) else { return place };
            let kept_from = edit.new.end - edit.kept;
            match place {
                place if place >= edit.new.end => place - edit.new.end + edit.old.end,
                place if place >= kept_from => edit.old.start + place - kept_from,
                _ => edit.old.start,
            }
        })
    }
}

/// A short line: both forms where they are short, else why.
pub fn what(before: &str, after: &str, why: &str) -> String {
    const SHORT: usize = 40;
    let short = |text: &str| !text.contains('\n') && text.chars().count() <= SHORT;
    if short(before) && short(after) { format!("{before} becomes {}", after.trim()) } else { why.to_string() }
}
