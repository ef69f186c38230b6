//! What differs between two datasets, in the words of the field.
//!
//! Two datasets go in; rows that only one of them has, cells that differ, and accounts that conflict come out. Keys and
//! the order of rows do not matter: what has another key is found again by what it is ([`matching`]).

mod compare;
mod matching;
mod side;

use super::records::Records;
use crate::diagnostic::Diagnostic;
use crate::store::Progress;
use crate::store::progress::Part;
use side::Side;
use std::hash::{DefaultHasher, Hash, Hasher};

/// What kind of difference it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Change {
    OnlyInA,
    OnlyInB,
    Differs,
    /// Both cannot be right.
    Conflict,
}

impl Change {
    pub const ALL: [Change; 4] = [Change::OnlyInA, Change::OnlyInB, Change::Differs, Change::Conflict];

    pub const fn text(self) -> &'static str {
        match self {
            Change::OnlyInA => "only in A",
            Change::OnlyInB => "only in B",
            Change::Differs => "differs",
            Change::Conflict => "conflict",
        }
    }

    const fn mirrored(self) -> Change {
        match self {
            Change::OnlyInA => Change::OnlyInB,
            Change::OnlyInB => Change::OnlyInA,
            same => same,
        }
    }
}

/// One line of what differs. Of what is the same thing in both files, `what` is as A calls it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Difference {
    /// Singular; `setting` and `saved query` besides the catalogue's.
    pub noun: &'static str,
    pub what: String,
    pub change: Change,
    pub attribute: Option<&'static str>,
    pub in_a: Option<String>,
    pub in_b: Option<String>,
}

/// A difference as it is found, before it is known which file is A.
struct Found {
    /// Where it stands among the others: the noun, the day, the key.
    order: (usize, i64, String),
    noun: &'static str,
    change: Change,
    attribute: Option<&'static str>,
    what: [Option<String>; 2],
    values: [Option<String>; 2],
}

const MATCHING: Part = Part::new("finding what is the same", 200);
const COMPARING: Part = Part::new("comparing", 100);

/// The parts of comparing two files that are open.
pub const PARTS: &[Part] = &[super::CHECKING, super::DERIVING, MATCHING, COMPARING];

/// Everything in which two datasets differ, by noun and date.
///
/// # Errors
/// Mistakes in either, or that it was stopped.
pub fn diff(a: &Records, b: &Records, progress: &Progress) -> Result<Vec<Difference>, Vec<Diagnostic>> {
    // Which row is taken for which must not depend on which file is named first.
    let swapped = fingerprint(b) < fingerprint(a);
    let (one, other) = if swapped { (b, a) } else { (a, b) };
    let sides = [Side::new(one, progress)?, Side::new(other, progress)?];
    let stopped = |diagnostic| vec![diagnostic];
    let pairs = matching::pairs(&sides, progress).map_err(stopped)?;
    let mut found = compare::all(&sides, &pairs, progress).map_err(stopped)?;
    found.sort_by(|one, other| (&one.order, one.attribute).cmp(&(&other.order, other.attribute)));
    Ok(found.into_iter().map(|found| told(found, swapped)).collect())
}

fn told(found: Found, swapped: bool) -> Difference {
    let turned = |[one, other]: [Option<String>; 2]| if swapped { [other, one] } else { [one, other] };
    let [in_a, in_b] = turned(found.values);
    let what = turned(found.what).into_iter().flatten().next().unwrap_or_default();
    let change = if swapped { found.change.mirrored() } else { found.change };
    Difference { noun: found.noun, what, change, attribute: found.attribute, in_a, in_b }
}

/// The same for the same content, in whatever order its rows stand.
fn fingerprint(records: &Records) -> u64 {
    let mut rows: Vec<_> = records
        .nouns
        .iter()
        .flat_map(|(noun, rows)| rows.iter().map(move |row| (noun, &row.key, &row.cells)))
        .collect();
    rows.sort();
    let mut hasher = DefaultHasher::new();
    (rows, &records.settings, &records.queries).hash(&mut hasher);
    hasher.finish()
}
