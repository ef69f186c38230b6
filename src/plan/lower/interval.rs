//! Values that lie between two: counts with undecided rows in play, days between vague dates.

use super::date::DateValue;
use super::scalar::operation;
use super::{Lowerer, Mode};
use crate::bind::tree::{Elapsed, Scalar};
use crate::plan::tree::{Parameter, Truth, Value};
use crate::syntax::ast::{ArithmeticOperator, CompareOperator};
use crate::value::date::{OPEN_FUTURE, OPEN_PAST};

/// A value that lies between two, or is not known at all.
#[derive(Clone, Debug)]
pub(super) struct Interval {
    pub low: Value,
    pub high: Value,
    pub unknown: Truth,
}

impl Interval {
    pub(super) fn exact(value: Value) -> Interval {
        Interval { low: value.clone(), high: value, unknown: Truth::False }
    }

    /// What may come of two values: the ends decide, but where the divisor may be nothing.
    pub(super) fn of(operator: ArithmeticOperator, a: &Interval, b: &Interval) -> Interval {
        let one = |x: &Value, y: &Value| operation(operator, x.clone(), y.clone());
        let mut unknown = vec![a.unknown.clone(), b.unknown.clone()];
        if operator == ArithmeticOperator::Divide {
            let (low, high) = (b.low.clone(), b.high.clone());
            let nothing = [Truth::compare("<=", low, Value::Number(0)), Truth::compare(">=", high, Value::Number(0))];
            unknown.push(Truth::all(nothing));
        }
        if a.low == a.high && b.low == b.high {
            let value = one(&a.low, &b.low);
            unknown.push(Truth::Missing(value.clone()));
            return Interval { unknown: Truth::any(unknown), ..Interval::exact(value) };
        }
        let ends = [one(&a.low, &b.low), one(&a.low, &b.high), one(&a.high, &b.low), one(&a.high, &b.high)];
        let low = Value::Call("min", ends.to_vec());
        unknown.push(Truth::Missing(low.clone()));
        Interval { low, high: Value::Call("max", ends.to_vec()), unknown: Truth::any(unknown) }
    }
}

impl Lowerer<'_> {
    pub(super) fn interval(&mut self, scalar: &Scalar) -> Interval {
        if let Some(range) = self.range(scalar) {
            return range;
        }
        if let Scalar::Period { unit, date } = scalar {
            let (low, high) = self.period_bounds(*unit, date);
            let unknown = self.date(date).unknown;
            return Interval { low, high, unknown };
        }
        let lowered = self.scalar(scalar);
        Interval { low: lowered.value.clone(), high: lowered.value, unknown: lowered.unknown }
    }

    /// The least and the greatest that a value may be, for the kinds that have both; both missing where an end is open.
    pub(super) fn range(&mut self, scalar: &Scalar) -> Option<Interval> {
        match scalar {
            Scalar::Elapsed { unit, from, to } => {
                let (from, to) = (self.date(from), self.date(to));
                let ends = [from.end_min.clone(), from.end_max.clone()];
                let starts = [to.start_min.clone(), to.start_max.clone()];
                let days = ends.iter().chain(&starts).map(is_known);
                let both = Truth::all(days.chain([from.present.clone(), to.present.clone()]));
                let unknown = Truth::any([not_known(&from, &ends), not_known(&to, &starts)]);
                let ([end_min, end_max], [start_min, start_max]) = (ends, starts);
                let low = elapsed(*unit, end_max, start_min).only_if(both.clone());
                Some(Interval { low, high: elapsed(*unit, end_min, start_max).only_if(both), unknown })
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
                let (low, high) = (minus(first, end_max), minus(last, end_min));
                let unknown = Truth::any([Truth::Missing(low.clone()), Truth::Missing(high.clone())]);
                let both = unknown.clone().negated();
                Some(Interval { low: low.only_if(both.clone()), high: high.only_if(both), unknown })
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

/// There is such a date, or should be one, but these days of it are open.
fn not_known(date: &DateValue, days: &[Value]) -> Truth {
    let open = Truth::any(days.iter().map(is_open));
    Truth::any([date.unknown.clone(), Truth::all([date.present.clone(), open])])
}

fn is_open(day: &Value) -> Truth {
    match day {
        Value::Bound(Parameter::Integer(OPEN_PAST | OPEN_FUTURE)) => Truth::True,
        Value::Bound(Parameter::Integer(_)) => Truth::False,
        day => Truth::In(day.clone(), vec![Value::Number(OPEN_PAST), Value::Number(OPEN_FUTURE)]),
    }
}

/// There is such a day, and it is not an open end.
pub(super) fn is_known(day: &Value) -> Truth {
    match is_open(day) {
        open @ (Truth::True | Truth::False) => open.negated(),
        open => Truth::all([Truth::Missing(day.clone()).negated(), open.negated()]),
    }
}

/// A day that is not an open end.
pub(super) fn known(day: Value) -> Value {
    let open = is_open(&day);
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
