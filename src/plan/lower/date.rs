//! Dates as bounds, and the relations between them in both readings.

use super::{Lowerer, Mode};
use crate::bind::tree::{PathRef, Scalar};
use crate::catalog::{Absent, Attribute, When};
use crate::plan::tree::{Truth, Value};
use crate::syntax::ast::{CompareOperator, DateRelation};
use crate::value::date::{Edge, VagueDate};

/// The four bounds of a date as values, and when it counts as unknown though a bound is missing.
#[derive(Clone, Debug)]
pub(super) struct DateValue {
    pub start_min: Value,
    pub start_max: Value,
    pub end_min: Value,
    pub end_max: Value,
    /// There is no row to read it from, and that means that it is not known.
    pub unknown: Truth,
    /// There is a date to speak of.
    pub present: Truth,
    /// The text shown.
    pub text: Value,
}

impl Lowerer<'_> {
    pub(super) fn date(&mut self, scalar: &Scalar) -> DateValue {
        match scalar {
            Scalar::When(at) => self.when(at),
            Scalar::Attribute { at, attribute } => self.day(at, attribute.0),
            Scalar::Fixed(bounds) => DateValue {
                start_min: Value::integer(bounds.start_min),
                start_max: Value::integer(bounds.start_max),
                end_min: Value::integer(bounds.end_min),
                end_max: Value::integer(bounds.end_max),
                unknown: Truth::False,
                present: Truth::True,
                text: Value::text(VagueDate::from_bounds(*bounds, bounds.start_min == bounds.end_min).text),
            },
            _ => DateValue {
                start_min: Value::Null,
                start_max: Value::Null,
                end_min: Value::Null,
                end_max: Value::Null,
                unknown: Truth::True,
                present: Truth::True,
                text: Value::Null,
            },
        }
    }

    fn when(&mut self, at: &PathRef) -> DateValue {
        let alias = self.at(at);
        let unknown = self.path_unknown(at);
        let column = |name: &str| Value::column(alias, name);
        let noun = at.noun.noun();
        let text = if noun.attribute("date").is_some() {
            column("date")
        } else {
            let end = Value::Call("coalesce", vec![column("end"), Value::text("..")]);
            let open = Value::Operation("||", Box::new(column("start")), Box::new(Value::text("/")));
            Value::Operation("||", Box::new(open), Box::new(end))
        };
        DateValue {
            start_min: column("start_min"),
            start_max: column("start_max"),
            end_min: column("end_min"),
            end_max: column("end_max"),
            unknown,
            present: Truth::True,
            text,
        }
    }

    fn day(&mut self, at: &PathRef, attribute: &Attribute) -> DateValue {
        let alias = self.at(at);
        let unknown = self.path_unknown(at);
        let text = Value::column(alias, attribute.name);
        let (min, max) = (format!("{}_min", attribute.name), format!("{}_max", attribute.name));
        // The ends of a term or a membership have bounds even where nothing is written.
        let bounded = at.noun.noun().when == When::Own && matches!(attribute.name, "start" | "end");
        let absent = attribute.absent == Absent::Nothing && !bounded;
        let present = if absent { Truth::Missing(text.clone()).negated() } else { Truth::True };
        DateValue {
            start_min: Value::column(alias, min.clone()),
            start_max: Value::column(alias, max.clone()),
            end_min: Value::column(alias, min),
            end_max: Value::column(alias, max),
            unknown,
            present,
            text,
        }
    }

    /// A date against given days.
    pub(super) fn date_relation(
        &mut self,
        relation: DateRelation,
        date: &Scalar,
        first: Option<Edge>,
        last: Option<Edge>,
        mode: Mode,
    ) -> Truth {
        let date = self.date(date);
        date.decided(mode, relate(&date, relation, edge(first), edge(last), mode))
    }

    /// Two dates of the data; `=` is DURING the other, as with given days.
    pub(super) fn date_comparison(
        &mut self,
        operator: CompareOperator,
        left: &Scalar,
        right: &Scalar,
        mode: Mode,
    ) -> Truth {
        if operator == CompareOperator::NotEqual {
            return self.date_comparison(CompareOperator::Equal, left, right, mode.flipped()).negated();
        }
        let (a, b) = (self.date(left), self.date(right));
        // Certainly: against the worst case of the other date; possibly: against the best.
        let (early_start, late_start, early_end, late_end) = match mode {
            Mode::Certain => (&b.start_min, &b.start_max, &b.end_min, &b.end_max),
            Mode::Possible => (&b.start_max, &b.start_min, &b.end_max, &b.end_min),
        };
        let side = |day: &Value| Some((day.clone(), day.clone()));
        let since = relate(&a, DateRelation::Since, side(late_start), None, mode);
        let until = relate(&a, DateRelation::Until, None, side(early_end), mode);
        let truth = match operator {
            CompareOperator::Less => relate(&a, DateRelation::Before, side(early_start), None, mode),
            CompareOperator::Greater => relate(&a, DateRelation::After, None, side(late_end), mode),
            CompareOperator::LessOrEqual => until,
            CompareOperator::GreaterOrEqual => since,
            CompareOperator::Equal | CompareOperator::NotEqual => Truth::all([since, until]),
        };
        let truth = Truth::all([a.present, b.present, truth]);
        match mode {
            Mode::Certain => truth,
            Mode::Possible => Truth::any([truth, a.unknown, b.unknown]),
        }
    }
}

impl DateValue {
    /// With no row to read the date from, a condition on it may still be possible; with no date at all it is not.
    fn decided(&self, mode: Mode, truth: Truth) -> Truth {
        let truth = Truth::all([self.present.clone(), truth]);
        match mode {
            Mode::Certain => truth,
            Mode::Possible => Truth::any([truth, self.unknown.clone()]),
        }
    }
}

/// A side of a period as values: the first and the last day that it may be.
pub(super) type Side = Option<(Value, Value)>;

pub(super) fn edge(edge: Option<Edge>) -> Side {
    edge.map(|Edge { min, max }| (Value::integer(min), Value::integer(max)))
}

/// A date's bounds in a relation to days; `None` is an open end.
pub(super) fn relate(date: &DateValue, relation: DateRelation, first: Side, last: Side, mode: Mode) -> Truth {
    let certain = mode == Mode::Certain;
    let pick = |worst: &Value, best: &Value| if certain { worst.clone() } else { best.clone() };
    let start_low = pick(&date.start_min, &date.start_max);
    let start_high = pick(&date.start_max, &date.start_min);
    let end_high = pick(&date.end_max, &date.end_min);
    let end_low = pick(&date.end_min, &date.end_max);
    // A day that is vague itself counts as the one that is harder to reach, or the one that is easier.
    let against = |operator: &'static str, bound: Value, day: Side| {
        let later = operator.starts_with('>') == certain;
        day.map_or(Truth::True, |(min, max)| Truth::compare(operator, bound, if later { max } else { min }))
    };
    match relation {
        DateRelation::Since => against(">=", start_low, first),
        DateRelation::After => against(">", start_low, last),
        DateRelation::Until => against("<=", end_high, last),
        DateRelation::Before => against("<", end_high, first),
        DateRelation::During => Truth::all([against(">=", start_low, first), against("<=", end_high, last)]),
        DateRelation::Overlaps => Truth::all([against("<=", start_high, last), against(">=", end_low, first)]),
    }
}
