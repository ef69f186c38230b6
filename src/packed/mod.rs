//! Packed columns: the numbers of all tables in memory, and what computes whole blocks of a plan over them.
//!
//! SQLite reads rows, and groups by sorting them. Over large tables that is most of the work of a query that counts. Here
//! the columns of numbers stand side by side, narrow ([`column`]), with ways back from a value to its rows ([`index`]).
//! [`compile`] makes a block into steps and expressions, [`run`] sends rows through them a thousand at a time, [`group`]
//! gathers groups. What is not known here (free texts, lists, windows) stays SQL: [`rule`] replaces only blocks that can
//! be computed whole, and the answer is the same.
//!
//! Where the columns come from (rows of the file, or a cache) is [`Provider`]'s affair.

mod aggregate;
mod bytes;
pub mod column;
mod compile;
mod compute;
mod data;
mod group;
mod index;
mod program;
mod rows;
pub mod rule;
mod run;
mod sub;
mod tuples;

pub use bytes::Shape;
pub use column::{Column, NOTHING, Rows as Which};
pub use data::{Data, Provider};
pub use index::{Found, Index};
pub use program::Bits;
pub use rows::{Cell, Rows, Values};

use crate::diagnostic::Diagnostic;
use crate::plan::tree::Packed;
use std::sync::Arc;

/// Why a block was not computed.
#[derive(Debug)]
pub enum Failure {
    /// It is nothing for here: SQL does it. What it was, for those who wonder.
    Unfit(&'static str),
    /// Someone stopped it, or the time or the memory is used up.
    Ended(Diagnostic),
}

impl From<Diagnostic> for Failure {
    fn from(diagnostic: Diagnostic) -> Self {
        Failure::Ended(diagnostic)
    }
}

/// The rows of a packed block that the answer can want.
///
/// # Errors
/// When the block is nothing for here, someone stops it, or the memory does not suffice.
pub fn compute(packed: &Packed, data: &Data) -> Result<Arc<Rows>, Failure> {
    let rows = match data.known(&packed.block) {
        Some(known) => known,
        None => {
            // Values beyond what a column promises make the short way of grouping impossible; the long one never is.
            let rows = match compile::block(&packed.block, data, true)?.run(data) {
                Err(Failure::Unfit(group::BEYOND)) => compile::block(&packed.block, data, false)?.run(data)?,
                rows => rows?,
            };
            data.keep(&packed.block, rows)
        }
    };
    Ok(match &packed.most {
        Some(most) => Arc::new(rows.at_most(most)),
        None => rows,
    })
}
