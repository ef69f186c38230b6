//! Computing the expressions of a program for a batch of rows.

use super::Failure;
use super::column::{NOTHING, Rows};
use super::data::{Data, FIRST_DAY};
use super::program::{Comparison, Condition, Frame, Machine, Node, NodeId, TruthId};
use super::run::{Batch, Slot};
use crate::value::date::{OPEN_FUTURE, OPEN_PAST, full_years};
use crate::value::period::Unit;

/// One side of an operation.
#[derive(Clone, Copy)]
enum Side<'a> {
    Fixed(i64),
    Each(&'a [i64]),
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
    let first = FIRST_DAY;
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
