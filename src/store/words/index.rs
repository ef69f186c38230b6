//! Looking runs of letters up among the words of an index.

use super::form::{Form, Place};
use super::wanted::{Run, Wanted};
use std::ops::Range;

/// An index of the words of a column.
pub struct Index(Form);

/// A set of rows: a bit for each id.
pub struct Rows(Vec<u64>);

impl Rows {
    fn put(&mut self, id: u32) {
        if let Some(word) = self.0.get_mut(id as usize / 64) {
            *word |= 1 << (id % 64);
        }
    }

    /// Leaves those that the other has too.
    pub fn keep(&mut self, other: &Rows) {
        self.0.iter_mut().zip(&other.0).for_each(|(mine, theirs)| *mine &= theirs);
    }

    /// The ids, upwards.
    pub fn ids(&self) -> Vec<i64> {
        let mut ids = Vec::new();
        for (begin, word) in (0..).step_by(64).zip(&self.0) {
            let mut rest = *word;
            while rest != 0 {
                ids.push(begin + i64::from(rest.trailing_zeros()));
                rest &= rest - 1;
            }
        }
        ids
    }
}

/// Of a test, the rows that may pass it.
pub struct Found {
    pub rows: Rows,
    /// Whether they all do.
    pub exact: bool,
}

impl Index {
    /// An index that is whole, as far as the rows are not concerned.
    pub fn read(place: Place) -> Option<Index> {
        Form::read(place).map(Index)
    }

    /// The last id that there is.
    pub fn last(&self) -> usize {
        self.0.last as usize
    }

    /// The rows that have what is wanted; nothing where that would be nearly all of them, or the index is damaged.
    pub fn find(&self, wanted: &Wanted) -> Option<Found> {
        let mut found: Option<Rows> = None;
        let mut exact = wanted.exact;
        for run in &wanted.runs {
            let lists = self.lists(run)?;
            // A list has at least a byte for each id.
            if lists.iter().map(Range::len).sum::<usize>() > self.0.last as usize {
                exact = false;
                continue;
            }
            let mut rows = Rows(vec![0; self.0.last as usize / 64 + 1]);
            if !self.0.ids(&lists, &mut |id| rows.put(id)) {
                return None;
            }
            match &mut found {
                Some(found) => found.keep(&rows),
                None => found = Some(rows),
            }
        }
        found.map(|rows| Found { rows, exact })
    }

    /// Where the lists of all words lie that have a run.
    fn lists(&self, run: &Run) -> Option<Vec<Range<usize>>> {
        let Form { text, text_ends, .. } = &self.0;
        let mut lists = Vec::new();
        let mut at = 0;
        while let Some(hit) = text.get(at..)?.find(&run.text) {
            let word = text_ends.partition_point(|end| *end as usize <= at + hit);
            let begin = word.checked_sub(1).map_or(Some(0), |before| text_ends.get(before).map(|end| *end as usize))?;
            let end = *text_ends.get(word)? as usize;
            let whole = text.get(begin..end.checked_sub(1)?)?;
            if (!run.begins || whole.starts_with(&run.text)) && (!run.ends || whole.ends_with(&run.text)) {
                lists.push(self.0.list(word)?);
            }
            at = end;
        }
        Some(lists)
    }
}
