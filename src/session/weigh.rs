//! Values that may lie between two, and comparisons of them that may stay undecided.

use crate::answer::Cell;
use crate::bind::tree::Elapsed;
use crate::syntax::ast::{ArithmeticOperator, CompareOperator, DateRelation};
use crate::value::date::{Bounds, Edge, OPEN_FUTURE, OPEN_PAST, VagueDate, full_years};
use crate::value::text::fold;
use std::collections::BTreeSet;

/// What a query in a claim gives.
#[derive(Clone, Debug, PartialEq)]
pub enum Weighed {
    /// A number that lies between two.
    Number {
        low: f64,
        high: f64,
    },
    Date(Bounds),
    Text(String),
    /// Several values: those that surely are there, and those that may be; where it is open, others may be besides.
    Values {
        certain: BTreeSet<String>,
        possible: BTreeSet<String>,
        open: bool,
    },
    Unknown,
}

/// True, false or undecided.
pub type Verity = Option<bool>;

pub fn not(truth: Verity) -> Verity {
    truth.map(|truth| !truth)
}

pub fn all(truths: impl IntoIterator<Item = Verity>) -> Verity {
    let mut whole = Some(true);
    for truth in truths {
        match truth {
            Some(false) => return Some(false),
            Some(true) => {}
            None => whole = None,
        }
    }
    whole
}

pub fn any(truths: impl IntoIterator<Item = Verity>) -> Verity {
    not(all(truths.into_iter().map(not)))
}

impl Weighed {
    pub const fn exact(number: f64) -> Weighed {
        Weighed::Number { low: number, high: number }
    }

    /// The value of a cell.
    pub fn of(cell: &Cell) -> Weighed {
        match cell {
            Cell::Unknown | Cell::List(_) => Weighed::Unknown,
            Cell::Text(text) => Weighed::Text(text.clone()),
            Cell::Integer(number) => Weighed::exact(*number as f64),
            Cell::Number(number) => Weighed::exact(*number),
            Cell::Range(low, high) => Weighed::Number { low: *low as f64, high: *high as f64 },
            Cell::Boolean(truth) => Weighed::Text((if *truth { "yes" } else { "no" }).to_string()),
            Cell::Date(date) => Weighed::Date(date.bounds),
            Cell::Period(period) => Weighed::exact(period.number as f64),
        }
    }

    /// The value in words.
    pub fn words(&self) -> String {
        match self {
            Weighed::Number { low, high } if low == high => low.to_string(),
            Weighed::Number { low: 0.0, high } if high.is_infinite() => "0 or more".to_string(),
            Weighed::Number { low, high } if high.is_infinite() && low.is_finite() => format!("at least {low}"),
            Weighed::Number { low, high } if low.is_infinite() && high.is_finite() => format!("at most {high}"),
            Weighed::Number { low, .. } if low.is_infinite() => "not known".to_string(),
            Weighed::Number { low, high } => format!("{low} to {high}"),
            Weighed::Date(bounds) => VagueDate::from_bounds(*bounds, bounds.start_min == bounds.end_min).text,
            Weighed::Text(text) => text.clone(),
            Weighed::Values { certain, possible, open } => {
                let shown: Vec<&str> = certain.iter().map(String::as_str).collect();
                let more = possible.difference(certain).count();
                let text = if shown.is_empty() { "none".to_string() } else { shown.join(", ") };
                match (more, open) {
                    (0, false) => text,
                    (0, true) => format!("{text}, and perhaps more"),
                    (more, _) => format!("{text}, and perhaps {more} more"),
                }
            }
            Weighed::Unknown => "not known".to_string(),
        }
    }

    /// As values of which there may be several, texts without case and accents.
    fn values(&self) -> Option<(BTreeSet<String>, BTreeSet<String>, bool)> {
        let folded = |set: &BTreeSet<String>| set.iter().map(|text| fold(text)).collect::<BTreeSet<String>>();
        match self {
            Weighed::Values { certain, possible, open } => Some((folded(certain), folded(possible), *open)),
            one if one.is_exact() => {
                let set = BTreeSet::from([fold(&one.words())]);
                Some((set.clone(), set, false))
            }
            _ => None,
        }
    }

    /// Whether it is one value, exactly known.
    pub fn is_exact(&self) -> bool {
        match self {
            Weighed::Number { low, high } => low == high,
            Weighed::Date(bounds) => bounds.is_exact(),
            Weighed::Text(_) => true,
            Weighed::Values { .. } | Weighed::Unknown => false,
        }
    }
}

/// A comparison of two weighed values.
pub fn compare(operator: CompareOperator, left: &Weighed, right: &Weighed) -> Verity {
    if operator == CompareOperator::NotEqual {
        return not(compare(CompareOperator::Equal, left, right));
    }
    match (left, right) {
        (Weighed::Number { low: a, high: b }, Weighed::Number { low: c, high: d }) => {
            numbers(operator, (*a, *b), (*c, *d))
        }
        (Weighed::Text(a), Weighed::Text(b)) => Some(orders(operator, fold(a).cmp(&fold(b)))),
        (Weighed::Date(a), Weighed::Date(b)) => {
            let start = Some(Edge { min: b.start_min, max: b.start_max });
            let end = Some(Edge { min: b.end_min, max: b.end_max });
            date(operator.on_dates(), a, start, end)
        }
        _ if operator == CompareOperator::Equal => {
            let ((certain, possible, open), (other_certain, other_possible, other_open)) =
                (left.values()?, right.values()?);
            let (here, there) = (certain.is_subset(&other_possible), other_certain.is_subset(&possible));
            if (!here && !other_open) || (!there && !open) {
                return Some(false);
            }
            let settled = certain == possible && other_certain == other_possible && !open && !other_open;
            settled.then_some(certain == other_certain)
        }
        _ => None,
    }
}

fn orders(operator: CompareOperator, order: std::cmp::Ordering) -> bool {
    match operator {
        CompareOperator::Equal => order.is_eq(),
        CompareOperator::NotEqual => order.is_ne(),
        CompareOperator::Less => order.is_lt(),
        CompareOperator::LessOrEqual => order.is_le(),
        CompareOperator::Greater => order.is_gt(),
        CompareOperator::GreaterOrEqual => order.is_ge(),
    }
}

fn numbers(operator: CompareOperator, (a, b): (f64, f64), (c, d): (f64, f64)) -> Verity {
    let decide = |surely: bool, possibly: bool| if surely { Some(true) } else { (!possibly).then_some(false) };
    match operator {
        CompareOperator::Less => decide(b < c, a < d),
        CompareOperator::LessOrEqual => decide(b <= c, a <= d),
        CompareOperator::Greater => decide(a > d, b > c),
        CompareOperator::GreaterOrEqual => decide(a >= d, b >= c),
        CompareOperator::Equal | CompareOperator::NotEqual => decide(a == b && c == d && a == c, a <= d && c <= b),
    }
}

/// A date against days, as the conditions of a query have it.
pub fn date(relation: DateRelation, date: &Bounds, first: Option<Edge>, last: Option<Edge>) -> Verity {
    // A bound against a day: surely, in the worst case of both; possibly, in the best.
    let after = |low: i64, high: i64, day: Option<Edge>, margin: i64| match day {
        None => Some(true),
        Some(day) if low >= day.max + margin => Some(true),
        Some(day) if high >= day.min + margin => None,
        Some(_) => Some(false),
    };
    let before = |low: i64, high: i64, day: Option<Edge>, margin: i64| match day {
        None => Some(true),
        Some(day) if high <= day.min - margin => Some(true),
        Some(day) if low <= day.max - margin => None,
        Some(_) => Some(false),
    };
    let (start, end) = ((date.start_min, date.start_max), (date.end_min, date.end_max));
    match relation {
        DateRelation::Since => after(start.0, start.1, first, 0),
        DateRelation::After => after(start.0, start.1, last, 1),
        DateRelation::Until => before(end.0, end.1, last, 0),
        DateRelation::Before => before(end.0, end.1, first, 1),
        DateRelation::During => all([after(start.0, start.1, first, 0), before(end.0, end.1, last, 0)]),
        DateRelation::Overlaps => all([before(start.0, start.1, last, 0), after(end.0, end.1, first, 0)]),
    }
}

/// What passes between two dates.
pub fn elapsed(unit: Elapsed, from: &Weighed, to: &Weighed) -> Weighed {
    let (Weighed::Date(from), Weighed::Date(to)) = (from, to) else { return Weighed::Unknown };
    let open = [from.end_min, from.end_max, to.start_min, to.start_max];
    if open.iter().any(|day| *day <= OPEN_PAST || *day >= OPEN_FUTURE) {
        return Weighed::Unknown;
    }
    let between = |from: i64, to: i64| match unit {
        Elapsed::Days => (to - from) as f64,
        Elapsed::Years => full_years(from, to) as f64,
    };
    Weighed::Number { low: between(from.end_max, to.start_min), high: between(from.end_min, to.start_max) }
}

pub fn negative(value: &Weighed) -> Weighed {
    match value {
        Weighed::Number { low, high } => Weighed::Number { low: -high, high: -low },
        _ => Weighed::Unknown,
    }
}

/// Arithmetic on values that lie between two.
pub fn arithmetic(operator: ArithmeticOperator, left: &Weighed, right: &Weighed) -> Weighed {
    let (Weighed::Number { low: a, high: b }, Weighed::Number { low: c, high: d }) = (left, right) else {
        return Weighed::Unknown;
    };
    let spread = |values: [f64; 4]| {
        if values.iter().any(|value| value.is_nan()) {
            return Weighed::Unknown;
        }
        let low = values.iter().copied().fold(f64::INFINITY, f64::min);
        Weighed::Number { low, high: values.iter().copied().fold(f64::NEG_INFINITY, f64::max) }
    };
    match operator {
        ArithmeticOperator::Plus => Weighed::Number { low: a + c, high: b + d },
        ArithmeticOperator::Minus => Weighed::Number { low: a - d, high: b - c },
        ArithmeticOperator::Times => spread([a * c, a * d, b * c, b * d]),
        ArithmeticOperator::Divide if *c <= 0.0 && *d >= 0.0 => Weighed::Unknown,
        ArithmeticOperator::Divide => spread([a / c, a / d, b / c, b / d]),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const fn number(low: f64, high: f64) -> Weighed {
        Weighed::Number { low, high }
    }

    #[test]
    fn bounds_decide_a_comparison_only_where_all_that_lies_between_them_agrees() {
        use CompareOperator::*;
        for (operator, left, right, expected) in [
            (Greater, number(21.0, 24.0), number(20.0, 20.0), Some(true)),
            (Greater, number(18.0, 24.0), number(20.0, 20.0), None),
            (Greater, number(18.0, 20.0), number(20.0, 20.0), Some(false)),
            (GreaterOrEqual, number(20.0, 20.0), number(20.0, 20.0), Some(true)),
            (Equal, number(21.0, 21.0), number(21.0, 21.0), Some(true)),
            (Equal, number(20.0, 21.0), number(21.0, 21.0), None),
            (NotEqual, number(22.0, f64::INFINITY), number(21.0, 21.0), Some(true)),
            (Less, number(0.0, f64::INFINITY), number(1.0, 1.0), None),
        ] {
            assert_eq!(compare(operator, &left, &right), expected, "{left:?} {operator:?} {right:?}");
        }
    }

    #[test]
    fn three_values_are_joined_as_kleene_has_it() {
        assert_eq!(all([Some(true), None]), None);
        assert_eq!(all([Some(false), None]), Some(false));
        assert_eq!(any([Some(true), None]), Some(true));
        assert_eq!(any([Some(false), None]), None);
        assert_eq!(any([]), Some(false));
    }

    #[test]
    fn years_are_full_ones_and_days_run_from_end_to_start() {
        let day = |text: &str| Weighed::Date(VagueDate::parse(text).unwrap().bounds);
        let days = |from: &str, to: &str| elapsed(Elapsed::Days, &day(from), &day(to)).words();
        let years = |from: &str, to: &str| elapsed(Elapsed::Years, &day(from), &day(to)).words();
        assert_eq!(days("2023-09-04", "2024-07-03"), "303");
        assert_eq!(days("2019-09-04/2019-09-05", "2024-07-08/2024-07-09"), "1768");
        assert_eq!(days("2024-05", "2024-06-02"), "2 to 32");
        assert_eq!(years("2000-07-20", "2024-06-18"), "23");
        assert_eq!(years("2020-02-29", "2021-02-28"), "1");
        assert_eq!(years("2024-06-18", "2000-07-20"), "-23");
    }
}
