//! Expressions over rows, computed for a batch of them at a time.
//!
//! Values are numbers ([`NOTHING`] where there is none) and truths are 1 or 0; what SQL would call neither is 0, as it is
//! wherever a plan uses it. Equal expressions are one node, and each is computed once a batch.

use super::column::Column;
use super::data::Data;
use super::sub::Sub;
use crate::value::period::Unit;
use std::sync::Arc;

/// A node that gives numbers, and one that gives truths.
pub type NodeId = usize;
pub type TruthId = usize;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Comparison {
    Equal,
    Different,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
}

#[derive(Clone, Debug)]
pub enum Node {
    Constant(i64),
    /// The row's own number, which is its id.
    Row(usize),
    Load(usize, Arc<Column>),
    /// A column of rows in memory.
    Own(usize, Arc<Vec<i64>>),
    Plus(NodeId, NodeId),
    Minus(NodeId, NodeId),
    Times(NodeId, NodeId),
    Case(Vec<(TruthId, NodeId)>, NodeId),
    /// The first that is there.
    Coalesce(Vec<NodeId>),
    /// Nothing where one of them is missing.
    Least(Vec<NodeId>),
    Greatest(Vec<NodeId>),
    Period(Unit, NodeId),
    Years(NodeId, NodeId),
    OfTruth(TruthId),
    Scalar(Arc<Sub>),
}

#[derive(Clone, Debug)]
pub enum Condition {
    Fixed(bool),
    And(Vec<TruthId>),
    Or(Vec<TruthId>),
    Not(TruthId),
    Compare(Comparison, NodeId, NodeId),
    Same(NodeId, NodeId),
    Missing(NodeId),
    In(NodeId, Vec<i64>),
    InSet(NodeId, Arc<Bits>),
    Exists(Arc<Sub>),
}

impl Node {
    /// Whether both are computed alike.
    pub fn is(&self, other: &Node) -> bool {
        match (self, other) {
            (Node::Constant(a), Node::Constant(b)) => a == b,
            (Node::Row(a), Node::Row(b)) | (Node::OfTruth(a), Node::OfTruth(b)) => a == b,
            (Node::Load(a, x), Node::Load(b, y)) => a == b && Arc::ptr_eq(x, y),
            (Node::Own(a, x), Node::Own(b, y)) => a == b && Arc::ptr_eq(x, y),
            (Node::Plus(a, x), Node::Plus(b, y))
            | (Node::Minus(a, x), Node::Minus(b, y))
            | (Node::Times(a, x), Node::Times(b, y))
            | (Node::Years(a, x), Node::Years(b, y)) => a == b && x == y,
            (Node::Case(a, x), Node::Case(b, y)) => a == b && x == y,
            (Node::Coalesce(a), Node::Coalesce(b))
            | (Node::Least(a), Node::Least(b))
            | (Node::Greatest(a), Node::Greatest(b)) => a == b,
            (Node::Period(a, x), Node::Period(b, y)) => a == b && x == y,
            _ => false,
        }
    }
}

impl Condition {
    /// Whether both are decided alike.
    pub fn is(&self, other: &Condition) -> bool {
        match (self, other) {
            (Condition::Fixed(a), Condition::Fixed(b)) => a == b,
            (Condition::And(a), Condition::And(b)) | (Condition::Or(a), Condition::Or(b)) => a == b,
            (Condition::Not(a), Condition::Not(b)) | (Condition::Missing(a), Condition::Missing(b)) => a == b,
            (Condition::Compare(op, a, x), Condition::Compare(other, b, y)) => op == other && a == b && x == y,
            (Condition::Same(a, x), Condition::Same(b, y)) => a == b && x == y,
            (Condition::In(a, x), Condition::In(b, y)) => a == b && x == y,
            (Condition::InSet(a, x), Condition::InSet(b, y)) => a == b && Arc::ptr_eq(x, y),
            _ => false,
        }
    }
}

/// A set of rows.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Bits {
    words: Vec<u64>,
    pub count: usize,
}

impl Bits {
    pub fn for_rows(rows: u32) -> Bits {
        Bits { words: vec![0; rows as usize / 64 + 1], count: 0 }
    }

    pub fn insert(&mut self, value: i64) {
        let Ok(value) = usize::try_from(value) else { return };
        if let Some(word) = self.words.get_mut(value / 64) {
            let bit = 1 << (value % 64);
            self.count += usize::from(*word & bit == 0);
            *word |= bit;
        }
    }

    pub fn has(&self, value: i64) -> bool {
        // A negative number is beyond the last when it is read as one without a sign.
        let value = value as u64;
        usize::try_from(value / 64)
            .ok()
            .and_then(|at| self.words.get(at))
            .is_some_and(|word| word >> (value % 64) & 1 == 1)
    }

    /// Its rows upwards.
    pub fn rows(&self) -> impl Iterator<Item = u32> + '_ {
        self.words.iter().enumerate().flat_map(|(at, word)| {
            let mut left = *word;
            std::iter::from_fn(move || {
                (left != 0).then(|| {
                    let bit = left.trailing_zeros();
                    left &= left - 1;
                    u32::try_from(at * 64).unwrap_or(u32::MAX).saturating_add(bit)
                })
            })
        })
    }
}

/// All expressions of a compiled block; `slots` tells for each node which slots it reads, a bit each.
#[derive(Debug, Default)]
pub struct Program {
    pub nodes: Vec<Node>,
    pub conditions: Vec<Condition>,
}

/// What has been computed for one batch.
#[derive(Debug, Default)]
pub struct Frame {
    pub(super) stamp: u64,
    pub(super) numbers: Vec<(u64, Vec<i64>)>,
    pub(super) truths: Vec<(u64, Vec<u8>)>,
}

impl Frame {
    /// Forgets what was computed, and keeps the room.
    pub fn renew(&mut self, program: &Program) {
        self.stamp += 1;
        self.numbers.resize_with(program.nodes.len(), Default::default);
        self.truths.resize_with(program.conditions.len(), Default::default);
    }

    pub fn numbers(&self, node: NodeId) -> &[i64] {
        self.numbers.get(node).map_or(&[], |(_, values)| values)
    }

    pub fn truths(&self, condition: TruthId) -> &[u8] {
        self.truths.get(condition).map_or(&[], |(_, values)| values)
    }
}

/// What computes: the expressions, and the data that they read.
pub struct Machine<'a> {
    pub program: &'a Program,
    pub data: &'a Data,
}
