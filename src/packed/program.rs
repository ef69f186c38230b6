//! Expressions over rows, computed for a batch of them at a time.
//!
//! Values are numbers ([`NOTHING`] where there is none) and truths are 1 or 0; what SQL would call neither is 0, as it is
//! wherever a plan uses it. Equal expressions are one node, and each is computed once a batch.

use super::Failure;
use super::column::{Column, NOTHING, Rows};
use super::data::Data;
use super::run::{Batch, Slot, Sub};
use crate::value::date::{OPEN_FUTURE, OPEN_PAST, full_years};
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
    stamp: u64,
    numbers: Vec<(u64, Vec<i64>)>,
    truths: Vec<(u64, Vec<u8>)>,
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

/// One side of an operation.
#[derive(Clone, Copy)]
enum Side<'a> {
    Fixed(i64),
    Each(&'a [i64]),
}

/// What computes: the expressions, and the data that they read.
pub struct Machine<'a> {
    pub program: &'a Program,
    pub data: &'a Data,
}

impl Machine<'_> {
    fn side<'f>(&self, frame: &'f Frame, node: NodeId) -> Side<'f> {
        match self.program.nodes.get(node) {
            Some(Node::Constant(number)) => Side::Fixed(*number),
            _ => Side::Each(frame.numbers(node)),
        }
    }

    /// Computes a node for the batch; `frame` has its values then.
    pub fn number(&self, frame: &mut Frame, batch: &Batch, node: NodeId) -> Result<(), Failure> {
        if frame.numbers.get(node).is_none_or(|(stamp, _)| *stamp == frame.stamp) {
            return Ok(());
        }
        let Some(what) = self.program.nodes.get(node) else { return Ok(()) };
        let mut out = std::mem::take(&mut frame.numbers[node].1);
        out.clear();
        self.compute(frame, batch, what, &mut out)?;
        frame.numbers[node] = (frame.stamp, out);
        Ok(())
    }

    fn compute(&self, frame: &mut Frame, batch: &Batch, node: &Node, out: &mut Vec<i64>) -> Result<(), Failure> {
        match node {
            Node::Constant(number) => out.resize(batch.count, *number),
            Node::Row(slot) => batch.row_numbers(*slot, out),
            Node::Load(slot, column) => match batch.slot(*slot) {
                Slot::Range(first) => column.load(Rows::Range(*first, batch.count), out),
                Slot::Each(rows) => column.load(Rows::Each(rows), out),
                Slot::None => out.resize(batch.count, NOTHING),
            },
            Node::Own(slot, values) => {
                let value = |row: u32| values.get((row as usize).wrapping_sub(1)).copied().unwrap_or(NOTHING);
                match batch.slot(*slot) {
                    Slot::Range(first) => out.extend((*first..).take(batch.count).map(value)),
                    Slot::Each(rows) => out.extend(rows.iter().map(|row| value(*row))),
                    Slot::None => out.resize(batch.count, NOTHING),
                }
            }
            Node::Plus(a, b) => self.arithmetic(frame, batch, *a, *b, i64::checked_add, out)?,
            Node::Minus(a, b) => self.arithmetic(frame, batch, *a, *b, i64::checked_sub, out)?,
            Node::Times(a, b) => self.arithmetic(frame, batch, *a, *b, i64::checked_mul, out)?,
            Node::Case(cases, otherwise) => self.case(frame, batch, cases, *otherwise, out)?,
            Node::Coalesce(parts) => {
                out.resize(batch.count, NOTHING);
                for part in parts {
                    self.number(frame, batch, *part)?;
                    let values = self.side(frame, *part);
                    fold(out, values, |known, value| if known == NOTHING { value } else { known });
                }
            }
            Node::Least(parts) | Node::Greatest(parts) => {
                let least = matches!(node, Node::Least(_));
                for (position, part) in parts.iter().enumerate() {
                    self.number(frame, batch, *part)?;
                    let values = self.side(frame, *part);
                    if position == 0 {
                        out.resize(batch.count, 0);
                        fold(out, values, |_, value| value);
                        continue;
                    }
                    fold(out, values, |known, value| match known == NOTHING || value == NOTHING {
                        true => NOTHING,
                        false if least => known.min(value),
                        false => known.max(value),
                    });
                }
            }
            Node::Period(unit, day) => {
                self.number(frame, batch, *day)?;
                periods(*unit, self.data, frame.numbers(*day), out);
            }
            Node::Years(from, to) => {
                self.number(frame, batch, *from)?;
                self.number(frame, batch, *to)?;
                let pairs = frame.numbers(*from).iter().zip(frame.numbers(*to));
                let years = |(from, to): (&i64, &i64)| {
                    if *from == NOTHING || *to == NOTHING { NOTHING } else { full_years(*from, *to) }
                };
                out.extend(pairs.map(years));
            }
            Node::OfTruth(condition) => {
                self.truth(frame, batch, *condition)?;
                out.extend(frame.truths(*condition).iter().map(|truth| i64::from(*truth)));
            }
            Node::Scalar(sub) => sub.scalar(self, batch, out)?,
        }
        Ok(())
    }

    fn arithmetic(
        &self,
        frame: &mut Frame,
        batch: &Batch,
        a: NodeId,
        b: NodeId,
        operation: fn(i64, i64) -> Option<i64>,
        out: &mut Vec<i64>,
    ) -> Result<(), Failure> {
        self.number(frame, batch, a)?;
        self.number(frame, batch, b)?;
        let mut beyond = false;
        let mut one = |x: i64, y: i64| {
            if x == NOTHING || y == NOTHING {
                return NOTHING;
            }
            let value = operation(x, y).unwrap_or(NOTHING);
            beyond |= value == NOTHING;
            value
        };
        out.resize(batch.count, 0);
        let (x, y) = (self.side(frame, a), self.side(frame, b));
        fold(out, x, |_, value| value);
        fold(out, y, &mut one);
        if beyond { Err(Failure::Unfit("a number too large")) } else { Ok(()) }
    }

    fn case(
        &self,
        frame: &mut Frame,
        batch: &Batch,
        cases: &[(TruthId, NodeId)],
        otherwise: NodeId,
        out: &mut Vec<i64>,
    ) -> Result<(), Failure> {
        self.number(frame, batch, otherwise)?;
        out.resize(batch.count, 0);
        fold(out, self.side(frame, otherwise), |_, value| value);
        // From the last to the first: the first that holds is written last.
        for (condition, then) in cases.iter().rev() {
            self.truth(frame, batch, *condition)?;
            self.number(frame, batch, *then)?;
            let truths = frame.truths(*condition);
            match self.side(frame, *then) {
                Side::Fixed(value) => {
                    let both = out.iter_mut().zip(truths);
                    both.for_each(|(out, truth)| *out = if *truth == 1 { value } else { *out });
                }
                Side::Each(values) => {
                    let all = out.iter_mut().zip(truths).zip(values);
                    all.for_each(|((out, truth), value)| *out = if *truth == 1 { *value } else { *out });
                }
            }
        }
        Ok(())
    }

    /// Computes a condition for the batch.
    pub fn truth(&self, frame: &mut Frame, batch: &Batch, condition: TruthId) -> Result<(), Failure> {
        if frame.truths.get(condition).is_none_or(|(stamp, _)| *stamp == frame.stamp) {
            return Ok(());
        }
        let Some(what) = self.program.conditions.get(condition) else { return Ok(()) };
        let mut out = std::mem::take(&mut frame.truths[condition].1);
        out.clear();
        self.decide(frame, batch, what, &mut out)?;
        frame.truths[condition] = (frame.stamp, out);
        Ok(())
    }

    fn decide(
        &self,
        frame: &mut Frame,
        batch: &Batch,
        condition: &Condition,
        out: &mut Vec<u8>,
    ) -> Result<(), Failure> {
        match condition {
            Condition::Fixed(truth) => out.resize(batch.count, u8::from(*truth)),
            Condition::And(parts) | Condition::Or(parts) => {
                let all = matches!(condition, Condition::And(_));
                out.resize(batch.count, u8::from(all));
                for part in parts {
                    self.truth(frame, batch, *part)?;
                    let both = out.iter_mut().zip(frame.truths(*part));
                    if all {
                        both.for_each(|(out, truth)| *out &= *truth)
                    } else {
                        both.for_each(|(out, truth)| *out |= *truth)
                    }
                }
            }
            Condition::Not(inner) => {
                self.truth(frame, batch, *inner)?;
                out.extend(frame.truths(*inner).iter().map(|truth| 1 - *truth));
            }
            Condition::Compare(comparison, a, b) => {
                self.number(frame, batch, *a)?;
                self.number(frame, batch, *b)?;
                compare(*comparison, self.side(frame, *a), self.side(frame, *b), batch.count, out);
            }
            Condition::Same(a, b) => {
                self.number(frame, batch, *a)?;
                self.number(frame, batch, *b)?;
                pairs(self.side(frame, *a), self.side(frame, *b), batch.count, out, |x, y| x == y);
            }
            Condition::Missing(value) => {
                self.number(frame, batch, *value)?;
                pairs(self.side(frame, *value), Side::Fixed(NOTHING), batch.count, out, |x, y| x == y);
            }
            Condition::In(value, list) => {
                self.number(frame, batch, *value)?;
                let has = |value: &i64| u8::from(*value != NOTHING && list.binary_search(value).is_ok());
                out.extend(frame.numbers(*value).iter().map(has));
            }
            Condition::InSet(value, set) => {
                self.number(frame, batch, *value)?;
                out.extend(frame.numbers(*value).iter().map(|value| u8::from(set.has(*value))));
            }
            Condition::Exists(sub) => sub.exists(self, batch, out)?,
        }
        Ok(())
    }
}

fn fold(out: &mut [i64], values: Side<'_>, mut of: impl FnMut(i64, i64) -> i64) {
    match values {
        Side::Fixed(value) => out.iter_mut().for_each(|known| *known = of(*known, value)),
        Side::Each(values) => out.iter_mut().zip(values).for_each(|(known, value)| *known = of(*known, *value)),
    }
}

fn compare(comparison: Comparison, a: Side<'_>, b: Side<'_>, count: usize, out: &mut Vec<u8>) {
    // Nothing is less than any number that there is.
    let both = |x: i64, y: i64| x != NOTHING && y != NOTHING;
    match comparison {
        Comparison::Equal => pairs(a, b, count, out, |x, y| both(x, y) & (x == y)),
        Comparison::Different => pairs(a, b, count, out, |x, y| both(x, y) & (x != y)),
        Comparison::Less => pairs(a, b, count, out, |x, y| both(x, y) & (x < y)),
        Comparison::LessOrEqual => pairs(a, b, count, out, |x, y| both(x, y) & (x <= y)),
        Comparison::Greater => pairs(a, b, count, out, |x, y| both(x, y) & (x > y)),
        Comparison::GreaterOrEqual => pairs(a, b, count, out, |x, y| both(x, y) & (x >= y)),
    }
}

fn pairs(a: Side<'_>, b: Side<'_>, count: usize, out: &mut Vec<u8>, of: impl Fn(i64, i64) -> bool) {
    match (a, b) {
        (Side::Fixed(x), Side::Fixed(y)) => out.resize(count, u8::from(of(x, y))),
        (Side::Each(xs), Side::Fixed(y)) => out.extend(xs.iter().map(|x| u8::from(of(*x, y)))),
        (Side::Fixed(x), Side::Each(ys)) => out.extend(ys.iter().map(|y| u8::from(of(x, *y)))),
        (Side::Each(xs), Side::Each(ys)) => out.extend(xs.iter().zip(ys).map(|(x, y)| u8::from(of(*x, *y)))),
    }
}

/// The periods of days, as the function of the same name in the store gives them. Days of a file are few: each is
/// looked up.
fn periods(unit: Unit, data: &Data, days: &[i64], out: &mut Vec<i64>) {
    let table = data.periods(unit);
    let first = super::data::FIRST_DAY;
    out.extend(days.iter().map(|day| match *day {
        NOTHING => NOTHING,
        OPEN_PAST => i64::MIN,
        OPEN_FUTURE => i64::MAX,
        day => {
            let at = usize::try_from(day.wrapping_sub(first)).ok();
            at.and_then(|at| table.get(at)).map_or_else(|| unit.number(day), |number| i64::from(*number))
        }
    }));
}
