//! What is computed of the rows of a group, a batch of rows at a time.

use super::Failure;
use super::column::NOTHING;
use super::program::{Frame, NodeId, TruthId};
use std::collections::HashSet;

/// The group of rows that are not kept.
pub(super) const NOT_KEPT: u32 = u32::MAX;

#[derive(Clone, Debug, PartialEq)]
pub enum Aggregate {
    Count,
    CountTrue(TruthId),
    CountOf(NodeId),
    /// Different values, of a node that never falls.
    CountRising(NodeId),
    CountDifferent(NodeId),
    Least(NodeId),
    Greatest(NodeId),
    Sum(NodeId),
    Mean(NodeId),
    /// What is computed by itself, over other rows of the same groups; its place among such.
    Apart(usize),
}

impl Aggregate {
    pub fn node(&self) -> Option<NodeId> {
        match self {
            Aggregate::Count | Aggregate::CountTrue(_) | Aggregate::Apart(_) => None,
            Aggregate::CountOf(node) | Aggregate::CountRising(node) | Aggregate::CountDifferent(node) => Some(*node),
            Aggregate::Least(node) | Aggregate::Greatest(node) | Aggregate::Sum(node) | Aggregate::Mean(node) => {
                Some(*node)
            }
        }
    }

    pub fn condition(&self) -> Option<TruthId> {
        match self {
            Aggregate::CountTrue(condition) => Some(*condition),
            _ => None,
        }
    }
}

impl Aggregate {
    /// The numbers that a group begins with.
    pub const fn begins(&self) -> &'static [i64] {
        match self {
            Aggregate::Least(_) | Aggregate::Greatest(_) => &[NOTHING],
            // The count, and the last value.
            Aggregate::CountRising(_) => &[0, NOTHING],
            // The sum, and of how many.
            Aggregate::Sum(_) | Aggregate::Mean(_) => &[0, 0],
            Aggregate::Apart(_) => &[],
            _ => &[0],
        }
    }
}

/// The numbers of one aggregate in the records of the groups that the rows of a batch belong to.
pub(super) struct Cells<'a> {
    pub records: &'a mut [i64],
    pub stride: usize,
    pub place: usize,
    pub rows: &'a [u32],
    pub weights: Option<&'a [i64]>,
}

impl Cells<'_> {
    /// Changes the numbers of a row's group by the row's value, where it has one.
    fn each<const N: usize>(&mut self, values: &[i64], mut change: impl FnMut(u32, &mut [i64; N], i64)) {
        for (row, value) in self.rows.iter().zip(values) {
            if *value == NOTHING || *row == NOT_KEPT {
                continue;
            }
            let begin = *row as usize * self.stride + self.place;
            if let Some(cells) = self.records.get_mut(begin..).and_then(|cells| cells.first_chunk_mut::<N>()) {
                change(*row, cells, *value);
            }
        }
    }

    fn count(&mut self, more: impl Fn(usize) -> i64) {
        for (at, row) in self.rows.iter().enumerate() {
            if *row == NOT_KEPT {
                continue;
            }
            if let Some(count) = self.records.get_mut(*row as usize * self.stride + self.place) {
                *count += more(at) * self.weights.map_or(1, |weights| weights.get(at).copied().unwrap_or(0));
            }
        }
    }

    pub fn update(
        &mut self,
        aggregate: &Aggregate,
        frame: &Frame,
        different: &mut HashSet<(u32, i64)>,
    ) -> Result<(), Failure> {
        let mut too_large = false;
        match aggregate {
            Aggregate::Count => self.count(|_| 1),
            Aggregate::CountTrue(condition) => {
                let truths = frame.truths(*condition);
                self.count(|at| truths.get(at).copied().map_or(0, i64::from));
            }
            Aggregate::Apart(_) => {}
            Aggregate::CountOf(node) => {
                let values = frame.numbers(*node);
                self.count(|at| i64::from(values.get(at).is_some_and(|value| *value != NOTHING)));
            }
            Aggregate::CountRising(node) => self.each(frame.numbers(*node), |_, [count, last], value| {
                *count += i64::from(*last != value);
                *last = value;
            }),
            Aggregate::CountDifferent(node) => self.each(frame.numbers(*node), |row, [count], value| {
                *count += i64::from(different.insert((row, value)));
            }),
            Aggregate::Least(node) => self.each(frame.numbers(*node), |_, [least], value| {
                *least = if *least == NOTHING { value } else { value.min(*least) };
            }),
            Aggregate::Greatest(node) => self.each(frame.numbers(*node), |_, [greatest], value| {
                *greatest = if *greatest == NOTHING { value } else { value.max(*greatest) };
            }),
            Aggregate::Sum(node) | Aggregate::Mean(node) => {
                self.each(frame.numbers(*node), |_, [sum, count], value| {
                    let more = sum.checked_add(value).filter(|sum| *sum != NOTHING);
                    too_large |= more.is_none();
                    *sum = more.unwrap_or(0);
                    *count += 1;
                });
            }
        }
        if too_large { Err(Failure::Unfit("a sum too large")) } else { Ok(()) }
    }
}
