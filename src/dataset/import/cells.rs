//! A recipe and a row: the values that come of them.

use super::mapping::{From, Given, Named, Piece, Recipe, position};
use super::objects::JOINT;
use super::people::split;
use super::rejects;
use super::table::{Table, TableRow};
use crate::diagnostic::data::Place;
use crate::value::text::{Text, fold};
use unicode_normalization::UnicodeNormalization;

/// One row of a table, with what its cells are called.
#[derive(Clone, Copy, Debug)]
pub struct Line<'a> {
    pub table: &'a Table,
    pub row: &'a TableRow,
}

/// The values of one recipe.
#[derive(Debug, Default)]
pub struct Values {
    pub texts: Vec<Text>,
    /// Whether a part of the cell was dropped.
    pub dropped: bool,
}

impl Line<'_> {
    pub fn place(self) -> Place {
        Place { file: self.table.file.clone(), line: self.row.line }
    }

    /// The line in the publication: a row that was refused and mended keeps the one that it had.
    pub fn number(self) -> u64 {
        let refused = self.table.column(rejects::LINE).and_then(|at| self.row.cells.get(at));
        refused.and_then(|line| line.parse().ok()).unwrap_or(self.row.line)
    }

    /// The cell of a column, composed (NFC), without blanks around it.
    pub fn cell(self, named: &Named) -> String {
        let at = position(&self.table.columns, &named.name);
        let text = at.and_then(|at| self.row.cells.get(at)).map_or("", |cell| cell.trim());
        if text.is_ascii() { text.to_string() } else { text.nfc().collect() }
    }

    pub fn given(self, given: &Given) -> String {
        match given {
            Given::Value(text) => text.clone(),
            Given::Column(named) => self.cell(named),
        }
    }

    /// The text that a recipe begins with. A template without any of its columns is empty.
    fn raw(self, from: &From) -> String {
        match from {
            From::Column(named) => self.cell(named),
            From::Value(text) => text.nfc().collect(),
            From::Stay { start, .. } => self.cell(start),
            From::Template(pieces) => {
                let parts: Vec<(bool, String)> = pieces.iter().map(|piece| self.piece(piece)).collect();
                let said = parts.iter().any(|(column, text)| *column && !text.is_empty());
                if said { parts.into_iter().map(|(_, text)| text).collect() } else { String::new() }
            }
        }
    }

    fn piece(self, piece: &Piece) -> (bool, String) {
        match piece {
            Piece::Text(text) => (false, text.nfc().collect()),
            Piece::Column(named) => (true, self.cell(named)),
        }
    }

    /// Whether a recipe reads one cell, and that was a list in the file.
    fn is_list(self, from: &From) -> bool {
        let From::Column(named) = from else { return false };
        position(&self.table.columns, &named.name).is_some_and(|at| rejects::is_list(self.table, self.row, at))
    }

    /// The values of a recipe; none is empty. With `lists`, the items of a list are values each, whatever parts others.
    pub fn values(self, recipe: &Recipe, lists: bool) -> Values {
        let whole = self.raw(&recipe.from);
        let items: Vec<&str> =
            if lists && self.is_list(&recipe.from) { whole.split(JOINT).collect() } else { vec![&whole] };
        let mut dropped = false;
        let mut parts = Vec::new();
        for item in items {
            let kept = recipe.drop.iter().fold(item.to_string(), |text, pattern| without(&text, pattern));
            dropped |= kept != item;
            match recipe.split.as_slice() {
                [] => parts.push(kept),
                separators => parts.extend(split(&kept, separators)),
            }
        }
        let named = |part: String| match &recipe.titles {
            Some(titles) => titles.without(&part).to_string(),
            None => part,
        };
        let worded = |part: String| {
            if recipe.words.is_empty() {
                return part;
            }
            let folded = fold(&part);
            recipe.words.iter().find(|(from, _)| *from == folded).map_or(part, |(_, to)| to.clone())
        };
        let texts = parts.into_iter().map(named).map(worded).map(|text| Text::from(text.trim()));
        Values { texts: texts.filter(|text| !text.is_empty()).collect(), dropped }
    }
}

/// The text without every part that fits the pattern; `*` in it is anything, as little as can be.
fn without(text: &str, pattern: &str) -> String {
    let pieces: Vec<&str> = pattern.split('*').collect();
    let mut kept = String::new();
    let mut rest = text;
    while let Some((start, end)) = fitting(rest, &pieces).filter(|(start, end)| end > start) {
        kept.push_str(rest.get(..start).unwrap_or(""));
        rest = rest.get(end..).unwrap_or("");
    }
    kept.push_str(rest);
    if kept == text { kept } else { kept.split_whitespace().collect::<Vec<_>>().join(" ").replace(" ,", ",") }
}

/// Where the pieces stand one after the other for the first time.
fn fitting(text: &str, pieces: &[&str]) -> Option<(usize, usize)> {
    let (first, others) = pieces.split_first()?;
    let start = text.find(first)?;
    let mut end = start + first.len();
    for (at, piece) in others.iter().enumerate() {
        // Anything at the end goes on to the end.
        end = match piece.is_empty() && at + 1 == others.len() {
            true => text.len(),
            false => end + text.get(end..)?.find(piece)? + piece.len(),
        };
    }
    Some((start, end))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_dropped_leaves_no_trace() {
        for (text, pattern, kept) in [
            ("Belfast, Hillsborough (Northern Ireland)", "(*)", "Belfast, Hillsborough"),
            ("Bay of Islands (Newfoundland), Bonne Bay (Newfoundland)", "(*)", "Bay of Islands, Bonne Bay"),
            ("Algiers (Algeria)", "(Algeria)", "Algiers"),
            ("Kyiv [1]", "[*]", "Kyiv"),
            ("Kyiv – the capital", "–*", "Kyiv"),
            ("(open", "(*)", "(open"),
            ("a  b", "x", "a  b"),
            ("", "*", ""),
            ("all", "*", ""),
            ("all", "", "all"),
        ] {
            assert_eq!(without(text, pattern), kept, "{text} without {pattern}");
        }
    }
}
