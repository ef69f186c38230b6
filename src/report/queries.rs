//! The queries of a story as one text: LET and AS OF hold from block to block, and every mistake is told at its place in
//! the story.

use crate::diagnostic::Diagnostic;
use crate::session::{Prepared, Session};
use crate::span::Span;
use crate::syntax::tokens;
use std::ops::Range;

/// The text that is compiled, with the way back to the story.
#[derive(Debug, Default)]
pub struct Gathered {
    text: String,
    pieces: Vec<Copied>,
    /// Of each block or value, where it is in the text.
    places: Vec<Range<usize>>,
}

/// A part of the text that stands in the story as it is.
#[derive(Debug)]
struct Copied {
    at: usize,
    from: Range<usize>,
}

impl Gathered {
    /// Takes in a block, which stands in the story in these parts; gives its number.
    pub fn block(&mut self, story: &str, parts: &[Range<usize>]) -> usize {
        let start = self.text.len();
        parts.iter().for_each(|part| self.copy(story, part));
        self.close(start)
    }

    /// Takes in a value: a claim that compares it with itself makes the language say what can be one.
    pub fn value(&mut self, story: &str, part: &Range<usize>) -> usize {
        let start = self.text.len();
        let first = tokens(story.get(part.clone()).unwrap_or("")).into_iter().next();
        let word = first.map(|token| token.span.text(&story[part.clone()]).to_ascii_uppercase()).unwrap_or_default();
        let is_query = matches!(word.as_str(), "SELECT" | "FROM");
        self.text.push_str("ASSERT ");
        for side in ["\n= ", "\n"] {
            self.text.push_str(if is_query { "(" } else { "" });
            self.copy(story, part);
            self.text.push_str(if is_query { "\n)" } else { "" });
            self.text.push_str(side);
        }
        self.close(start)
    }

    fn copy(&mut self, story: &str, part: &Range<usize>) {
        let Some(text) = story.get(part.clone()) else { return };
        self.pieces.push(Copied { at: self.text.len(), from: part.clone() });
        self.text.push_str(text);
    }

    /// The last semicolon of a block may be missing; a comment ends with its line.
    fn close(&mut self, start: usize) -> usize {
        self.text.push_str("\n;\n");
        self.places.push(start..self.text.len());
        self.places.len() - 1
    }

    /// The text without what stands around the queries, for what asks which words they use.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The statements of each block or value.
    ///
    /// # Errors
    /// Every mistake in them, each at its place in the story.
    pub fn compile(&self, session: &Session) -> Result<Vec<Vec<Prepared>>, Vec<Diagnostic>> {
        let compiled = session.compile(&self.text).map_err(|mistakes| self.told(mistakes))?;
        let mut statements = vec![Vec::new(); self.places.len()];
        for prepared in compiled {
            let at = self.places.partition_point(|place| place.end <= prepared.span.start);
            if let Some(own) = statements.get_mut(at) {
                own.push(prepared);
            }
        }
        Ok(statements)
    }

    fn told(&self, mistakes: Vec<Diagnostic>) -> Vec<Diagnostic> {
        let mut told: Vec<Diagnostic> = mistakes.into_iter().map(|mistake| self.moved(mistake)).collect();
        told.sort_by_key(|mistake| mistake.span);
        // A value stands in the text twice.
        told.dedup();
        told
    }

    fn moved(&self, mut mistake: Diagnostic) -> Diagnostic {
        mistake.span = mistake.span.map(|span| self.in_story(span));
        if let Some(patch) = &mut mistake.patch {
            patch.span = self.in_story(patch.span);
        }
        mistake
    }

    /// The place in the story of a place in the text.
    pub fn in_story(&self, span: Span) -> Span {
        let start = self.place(span.start);
        Span::new(start, self.place(span.end).max(start))
    }

    /// What stands between the parts copied belongs to the end of the part before it.
    fn place(&self, at: usize) -> usize {
        let before = self.pieces.partition_point(|piece| piece.at <= at);
        match before.checked_sub(1).and_then(|last| self.pieces.get(last)) {
            Some(piece) => (piece.from.start + (at - piece.at)).min(piece.from.end),
            None => self.pieces.first().map_or(0, |first| first.from.start),
        }
    }
}
