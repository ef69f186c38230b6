//! Values that lie between two: counts with undecided rows in play, days between vague dates.

use super::{Lowerer, Mode};
use crate::bind::tree::{Elapsed, Scalar};
use crate::plan::tree::{Truth, Value};
use crate::syntax::ast::CompareOperator;
use crate::value::date::{OPEN_FUTURE, OPEN_PAST};

/// A value that lies between two, or is not known at all.
#[derive(Clone, Debug)]
pub(super) struct Interval {
    pub low: Value,
    pub high: Value,
    pub unknown: Truth,
}

impl Lowerer<'_> {
    pub(super) fn interval(&mut self, scalar: &Scalar) -> Interval {
        if let Some((low, high)) = self.range(scalar) {
            let unknown = Truth::any([Truth::Missing(low.clone()), Truth::Missing(high.clone())]);
            return Interval { low, high, unknown };
        }
        let lowered = self.scalar(scalar);
        Interval { low: lowered.value.clone(), high: lowered.value, unknown: lowered.unknown }
    }

    /// The least and the greatest that a value may be, for the kinds that have both; missing where an end is open.
    pub(super) fn range(&mut self, scalar: &Scalar) -> Option<(Value, Value)> {
        match scalar {
            Scalar::Elapsed { unit, from, to } => {
                let (from, to) = (self.date(from), self.date(to));
                let from = (there(&from, from.end_min.clone()), there(&from, from.end_max.clone()));
                let to = (there(&to, to.start_min.clone()), there(&to, to.start_max.clone()));
                Some((elapsed(*unit, from.1, to.0), elapsed(*unit, from.0, to.1)))
            }
            Scalar::Gap { at, per } => {
                let date = self.date(&Scalar::When(at.clone()));
                let per = self.partition(per.as_deref());
                let order = self.date_order(at);
                let before = |end: &Value| Value::Window {
                    function: "lag",
                    of: Some(Box::new(known(end.clone()))),
                    per: per.clone(),
                    order: order.clone(),
                };
                let (end_max, end_min) = (before(&date.end_max), before(&date.end_min));
                let (first, last) = (known(date.start_min), known(date.start_max));
                Some((minus(first, end_max), minus(last, end_min)))
            }
            _ => None,
        }
    }

    /// The row's place among the others.
    pub(super) fn rank(&mut self, scalar: &Scalar) -> Value {
        let Scalar::Rank { at, per } = scalar else { return Value::Null };
        let per = self.partition(per.as_deref());
        let order = self.date_order(at);
        Value::Window { function: "row_number", of: None, per, order }
    }

    fn partition(&mut self, per: Option<&Scalar>) -> Vec<Value> {
        per.map(|per| self.identity(per)).into_iter().collect()
    }

    /// Earliest day, latest day, then the rows' own order.
    fn date_order(&mut self, at: &crate::bind::tree::PathRef) -> Vec<(Value, bool)> {
        let date = self.date(&Scalar::When(at.clone()));
        let id = Value::column(self.row(at.row).1, "id");
        vec![(date.start_min, false), (date.end_max, false), (id, false)]
    }
}

/// A day of a date that there is.
fn there(date: &super::date::DateValue, day: Value) -> Value {
    let present = Truth::all([date.present.clone(), Truth::Missing(day.clone()).negated()]);
    known(day).only_if(present)
}

/// A day that is not an open end.
pub(super) fn known(day: Value) -> Value {
    let open = Truth::In(day.clone(), vec![Value::Number(OPEN_PAST), Value::Number(OPEN_FUTURE)]);
    day.only_if(open.negated())
}

fn minus(left: Value, right: Value) -> Value {
    Value::Operation("-", Box::new(left), Box::new(right))
}

pub(super) fn elapsed(unit: Elapsed, from: Value, to: Value) -> Value {
    match unit {
        Elapsed::Days => minus(to, from),
        Elapsed::Years => Value::Call("bilat_years", vec![from, to]),
    }
}

pub(super) fn compare(operator: CompareOperator, a: &Interval, b: &Interval, mode: Mode) -> Truth {
    if operator == CompareOperator::NotEqual {
        return compare(CompareOperator::Equal, a, b, mode.flipped()).negated();
    }
    let certain = mode == Mode::Certain;
    let below = |symbol, x: &Interval, y: &Interval| {
        let (x, y) = if certain { (&x.high, &y.low) } else { (&x.low, &y.high) };
        Truth::compare(symbol, x.clone(), y.clone())
    };
    let truth = match operator {
        CompareOperator::Less => below("<", a, b),
        CompareOperator::LessOrEqual => below("<=", a, b),
        CompareOperator::Greater => below("<", b, a),
        CompareOperator::GreaterOrEqual => below("<=", b, a),
        CompareOperator::Equal | CompareOperator::NotEqual => Truth::all([below("<=", a, b), below("<=", b, a)]),
    };
    let unknown = Truth::any([a.unknown.clone(), b.unknown.clone()]);
    match mode {
        Mode::Certain => Truth::all([truth, unknown.negated()]),
        Mode::Possible => Truth::any([truth, unknown]),
    }
}
