//! The indexes of a table that is whole: sorted beside the work on the next tables, and written when all tables are.
//!
//! Where they are written does not depend on which is sorted first, so that the same rows give the same bytes.

use crate::diagnostic::{Diagnostic, running};
use crate::store::Progress;
use crate::store::format::{Columns, Entries, Index};
use std::sync::mpsc::{Receiver, sync_channel};

/// From so many rows on, indexes are sorted by another thread.
const MANY: u32 = 5_000;

/// So many sorted indexes of a table wait to be written, besides the one that waits to be handed on.
const WAITING: usize = 1;

/// The indexes of a table.
pub enum Sorting {
    /// They are sorted when they are asked for.
    Later(Columns, Vec<&'static Index>),
    Beside(Vec<&'static Index>, Receiver<Result<Entries, Diagnostic>>),
}

impl Sorting {
    /// Of a table whose rows may have come in the order of their numbers.
    pub fn begin(columns: Columns, indexes: Vec<&'static Index>, numbered: bool, progress: &Progress) -> Sorting {
        if columns.rows() < MANY || indexes.is_empty() {
            return Sorting::Later(columns, indexes);
        }
        let (send, receive) = sync_channel(WAITING);
        let (all, progress) = (indexes.clone(), progress.clone());
        let work = move || {
            for index in all {
                let made = entries(&columns, index, numbered, &progress);
                // Nobody waits for them when something else failed.
                if send.send(made).is_err() {
                    return;
                }
            }
        };
        // Without another thread nothing comes, which is said.
        let _ = std::thread::Builder::new().spawn(work);
        Sorting::Beside(indexes, receive)
    }

    /// Each index with its entries, one after the other.
    pub fn each(
        self,
        numbered: bool,
        progress: &Progress,
        mut with: impl FnMut(&'static Index, Entries) -> Result<(), Diagnostic>,
    ) -> Result<(), Diagnostic> {
        match self {
            Sorting::Later(columns, indexes) => {
                indexes.into_iter().try_for_each(|index| with(index, entries(&columns, index, numbered, progress)?))
            }
            Sorting::Beside(indexes, receive) => indexes.into_iter().try_for_each(|index| {
                let made = receive.recv().unwrap_or_else(|_| Err(running::bug("an index that was not sorted")));
                with(index, made?)
            }),
        }
    }
}

fn entries(columns: &Columns, index: &Index, numbered: bool, progress: &Progress) -> Result<Entries, Diagnostic> {
    // Rows come in the order of their numbers, which stand first in them and last in an index.
    let by = index.by.split_last().filter(|(last, _)| numbered && **last == 0).map_or(&*index.by, |(_, by)| by);
    let order = columns.order(by, progress)?;
    Entries::of(columns, &index.by, index.own, &order, progress)
}
