//! Values of rows: numbers, texts, rows, lists, dates as bounds, and what lies between two.

use super::Truth::{self, *};
use super::{Reach, Row, Rows, World};
use bilat::bind::tree::*;
use bilat::catalog::{Absent, Attribute, Kind, NounId, Via, When};
use bilat::syntax::ast::{ArithmeticOperator, CompareOperator};
use bilat::value::date::{Bounds, Day, OPEN_FUTURE, OPEN_PAST, VagueDate, full_years};
use bilat::value::period::{Period, Unit};
use bilat::value::text::fold;
use std::cmp::Ordering;

#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    Integer(i64),
    Number(f64),
    /// A whole number that lies between two.
    Range(i64, i64),
    Text(String),
    /// A row; a participant stands for its leader or country.
    Row(NounId, usize),
    List(Vec<Option<Value>>),
    Period(Unit, i64),
}

#[derive(Clone, Debug, PartialEq)]
pub(super) enum Known {
    Is(Value),
    Nothing,
    Unknown,
}

impl Known {
    pub(super) fn value(self) -> Option<Value> {
        if let Known::Is(value) = self { Some(value) } else { None }
    }
}

impl World {
    pub(super) fn scalar(&self, rows: &mut Rows, scalar: &Scalar) -> Known {
        match scalar {
            Scalar::Attribute { at, attribute } => match self.follow(rows, at) {
                Reach::Row(row) => self.attribute(row, attribute.0),
                Reach::Nothing => Known::Nothing,
                Reach::Unknown => Known::Unknown,
            },
            Scalar::Entity(at) => match self.follow(rows, at) {
                Reach::Row(row) if row.noun == NounId::Participants => self.party(row),
                Reach::Row(row) => Known::Is(Value::Row(row.noun, row.at)),
                Reach::Nothing => Known::Nothing,
                Reach::Unknown => Known::Unknown,
            },
            Scalar::When(_) | Scalar::Fixed(_) => {
                self.date(rows, scalar).1.map_or(Known::Unknown, |text| Known::Is(Value::Text(text)))
            }
            Scalar::Elapsed { unit, from, to } => self.elapsed(rows, *unit, from, to),
            Scalar::Gap { at, per } => {
                let (before, here) = self.neighbour(rows, at, per.as_deref());
                before.and_then(|before| between(Elapsed::Days, before, here)).map_or(Known::Unknown, Known::Is)
            }
            Scalar::Rank { at, per } => Known::Is(Value::Integer(self.place(rows, at, per.as_deref()))),
            Scalar::Text(text) => Known::Is(Value::Text(text.clone())),
            Scalar::Integer(number) => Known::Is(Value::Integer(*number)),
            Scalar::Number(number) => Known::Is(Value::Number(*number)),
            Scalar::Period { unit, date } => self.period(rows, *unit, date).map_or(Known::Unknown, Known::Is),
            Scalar::Length(inner) => {
                self.text_function(rows, inner, |text| Value::Integer(text.chars().count() as i64))
            }
            Scalar::Lower(inner) => self.text_function(rows, inner, |text| Value::Text(text.to_lowercase())),
            Scalar::Upper(inner) => self.text_function(rows, inner, |text| Value::Text(text.to_uppercase())),
            Scalar::Negative(inner) => match sure(self.scalar(rows, inner)) {
                Known::Is(value) => arithmetic(ArithmeticOperator::Minus, Value::Integer(0), value),
                other => other,
            },
            Scalar::Arithmetic { operator, left, right } => {
                match (sure(self.scalar(rows, left)), sure(self.scalar(rows, right))) {
                    (Known::Is(a), Known::Is(b)) => arithmetic(*operator, a, b),
                    (Known::Unknown, _) | (_, Known::Unknown) => Known::Unknown,
                    _ => Known::Nothing,
                }
            }
            Scalar::Size { elements, value } => Known::Is(Value::Integer(
                self.different(rows, elements, value).into_iter().filter(|(id, _)| id.is_some()).count() as i64,
            )),
            Scalar::List { elements, value } => {
                let list = self.different(rows, elements, value).into_iter().map(|(_, shown)| shown).collect();
                Known::Is(Value::List(list))
            }
            Scalar::Key(_) | Scalar::Aggregate(_) => Known::Unknown,
        }
    }

    fn party(&self, row: Row) -> Known {
        match (self.one(row, "leader"), self.one(row, "country")) {
            (Reach::Row(leader), _) => Known::Is(Value::Row(NounId::Leaders, leader.at)),
            (_, Reach::Row(country)) => Known::Is(Value::Row(NounId::Countries, country.at)),
            _ => Known::Nothing,
        }
    }

    pub(super) fn attribute(&self, row: Row, attribute: &Attribute) -> Known {
        let absent = if attribute.absent == Absent::Unknown { Known::Unknown } else { Known::Nothing };
        let Some(text) = self.entry(row).text.get(attribute.name) else {
            // A yes that is not said is a no.
            let no = attribute.kind == Kind::Boolean && absent == Known::Nothing;
            return if no { Known::Is(Value::Integer(0)) } else { absent };
        };
        Known::Is(match attribute.kind {
            Kind::Integer => Value::Integer(text.parse().unwrap()),
            Kind::Number => Value::Number(text.parse().unwrap()),
            Kind::Boolean => Value::Integer(1),
            _ => Value::Text(text.to_string()),
        })
    }

    fn text_function(&self, rows: &mut Rows, inner: &Scalar, function: impl Fn(&str) -> Value) -> Known {
        let known = self.scalar(rows, inner);
        match (known, self.shown(rows, inner)) {
            (Known::Is(_), Some(Value::Text(text))) => Known::Is(function(&text)),
            (Known::Is(_), _) => Known::Nothing,
            (other, _) => other,
        }
    }

    /// The different values behind to-many steps, in order: what tells them apart, and what is shown.
    fn different(&self, rows: &mut Rows, elements: &[Element], value: &Scalar) -> Vec<(Option<Value>, Option<Value>)> {
        let mut found: Vec<(i64, i64, Option<Value>, Option<Value>)> = Vec::new();
        self.every_way(rows, elements, True, &mut |rows, truth| {
            if truth != True {
                return;
            }
            let last = elements.last().and_then(|element| Some((element, rows.at(element.row)?)));
            let (place, rank) =
                last.map_or((0, 0), |(element, row)| (self.place_in_list(rows, element, row.at), self.rank(row)));
            found.push((place, rank, self.identity(rows, value), self.shown(rows, value)));
        });
        let mut groups: Vec<(i64, i64, Option<Value>, Option<Value>)> = Vec::new();
        for (place, rank, identity, shown) in found {
            match groups.iter_mut().find(|(.., known, _)| *known == identity) {
                Some(group) => (group.0, group.1) = (group.0.min(place), group.1.min(rank)),
                None => groups.push((place, rank, identity, shown)),
            }
        }
        groups.sort_by_key(|(place, rank, ..)| (*place, *rank));
        groups.into_iter().map(|(_, _, identity, shown)| (identity, shown)).collect()
    }

    /// Places of a visit stand in the order of the visit.
    fn place_in_list(&self, rows: &Rows, element: &Element, at: usize) -> i64 {
        let in_order = |link: &bilat::catalog::Link| matches!(link.via, Via::List { table: "visit_places", .. });
        let Some(from) = element.base().filter(|_| element.link().is_some_and(in_order)) else { return 0 };
        let Reach::Row(base) = self.follow(rows, from) else { return 0 };
        let list = self.entry(base).many.get("places").unwrap();
        list.iter().position(|other| *other == at).unwrap_or(0) as i64
    }

    pub(super) fn identity(&self, rows: &mut Rows, value: &Scalar) -> Option<Value> {
        if value.kind(None) == Type::Date { self.shown(rows, value) } else { self.scalar(rows, value).value() }
    }

    pub(super) fn shown(&self, rows: &mut Rows, scalar: &Scalar) -> Option<Value> {
        match scalar {
            Scalar::Entity(at) => match self.follow(rows, at) {
                Reach::Row(row) => Some(Value::Text(self.entry(row).label.to_string())),
                _ => None,
            },
            Scalar::When(_) | Scalar::Fixed(_) => self.date(rows, scalar).1.map(Value::Text),
            _ => self.scalar(rows, scalar).value(),
        }
    }

    // Dates

    /// The bounds, the text, and whether there is none (false) or it is not known (undecided).
    pub(super) fn date(&self, rows: &Rows, scalar: &Scalar) -> (Option<Bounds>, Option<String>, Truth) {
        let (at, attribute) = match scalar {
            Scalar::When(at) => (at, None),
            Scalar::Attribute { at, attribute } => (at, Some(attribute.0)),
            Scalar::Fixed(bounds) => {
                let single = bounds.start_min == bounds.end_min;
                return (Some(*bounds), Some(VagueDate::from_bounds(*bounds, single).text), True);
            }
            _ => return (None, None, Undecided),
        };
        let row = match self.follow(rows, at) {
            Reach::Row(row) => row,
            Reach::Nothing => return (None, None, False),
            Reach::Unknown => return (None, None, Undecided),
        };
        let (noun, entry) = (row.noun.noun(), self.entry(row));
        let Some(attribute) = attribute.filter(|attribute| attribute.kind == Kind::Day) else {
            let text = if noun.attribute("date").is_some() {
                entry.text.get("date").map(ToString::to_string)
            } else {
                let end = entry.text.get("end").map_or("..", |end| end.as_str());
                entry.text.get("start").map(|start| format!("{start}/{end}"))
            };
            return (Some(self.bounds(row)), text, True);
        };
        let text = entry.text.get(attribute.name).map(ToString::to_string);
        let of_stay = noun.when == When::Own && matches!(attribute.name, "start" | "end");
        let (first, last) = if of_stay {
            let run = self.bounds(row);
            if attribute.name == "start" { (run.start_min, run.start_max) } else { (run.end_min, run.end_max) }
        } else {
            match entry.dates.get(attribute.name) {
                Some(date) => (date.bounds.start_min, date.bounds.end_max),
                None if attribute.absent == Absent::Nothing => return (None, None, False),
                None => (OPEN_PAST, OPEN_FUTURE),
            }
        };
        (Some(Bounds::within(first, last)), text, True)
    }

    fn period(&self, rows: &Rows, unit: Unit, date: &Scalar) -> Option<Value> {
        let (bounds, text, _) = self.date(rows, date);
        let (low, high) = period_bounds(unit, bounds?);
        text?;
        (low == high).then(|| if unit.is_plain() { Value::Integer(low) } else { Value::Period(unit, low) })
    }

    fn elapsed(&self, rows: &Rows, unit: Elapsed, from: &Scalar, to: &Scalar) -> Known {
        match (self.date(rows, from), self.date(rows, to)) {
            ((Some(from), ..), (Some(to), ..)) => between(unit, from, to).map_or(Known::Unknown, Known::Is),
            ((_, _, Undecided), _) | (_, (_, _, Undecided)) => Known::Unknown,
            // What is open on a side that matters makes it unknown, though the other date is not there at all.
            ((Some(from), ..), _) if open(from.end_min) || open(from.end_max) => Known::Unknown,
            (_, (Some(to), ..)) if open(to.start_min) || open(to.start_max) => Known::Unknown,
            _ => Known::Nothing,
        }
    }

    // Among other rows

    /// The rows of the answer that have the same value as this one, in the order of dates.
    fn alike(&self, rows: &mut Rows, at: &PathRef, per: Option<&Scalar>) -> Vec<(Row, Bounds)> {
        let own = per.map(|per| self.identity(rows, per));
        let mut alike = Vec::new();
        for row in self.among.borrow().iter() {
            let mut sight = Rows::from(*row);
            if per.map(|per| self.identity(&mut sight, per)) == own {
                let bounds = self.date(&sight, &Scalar::When(at.clone())).0.expect("rows that are ranked are dated");
                alike.push((*row, bounds));
            }
        }
        alike.sort_by_key(|(row, bounds)| (bounds.start_min, bounds.end_max, self.rank(*row)));
        alike
    }

    fn place(&self, rows: &mut Rows, at: &PathRef, per: Option<&Scalar>) -> i64 {
        let own = rows.at(0);
        let alike = self.alike(rows, at, per);
        1 + alike.iter().position(|(row, _)| Some(*row) == own).expect("a row is among the rows") as i64
    }

    /// The dates of the row before and of the row itself.
    fn neighbour(&self, rows: &mut Rows, at: &PathRef, per: Option<&Scalar>) -> (Option<Bounds>, Bounds) {
        let alike = self.alike(rows, at, per);
        let own = rows.at(0);
        let here = alike.iter().position(|(row, _)| Some(*row) == own).expect("a row is among the rows");
        (here.checked_sub(1).map(|before| alike[before].1), alike[here].1)
    }
}

pub(super) fn open(day: Day) -> bool {
    day <= OPEN_PAST || day >= OPEN_FUTURE
}

/// From the end of one date to the start of the other; nothing where a day that matters is open.
pub(super) fn between(unit: Elapsed, from: Bounds, to: Bounds) -> Option<Value> {
    if [from.end_min, from.end_max, to.start_min, to.start_max].into_iter().any(open) {
        return None;
    }
    let one = |from: Day, to: Day| match unit {
        Elapsed::Days => to - from,
        Elapsed::Years => full_years(from, to),
    };
    Some(Value::Range(one(from.end_max, to.start_min), one(from.end_min, to.start_max)))
}

pub(super) fn period_bounds(unit: Unit, bounds: Bounds) -> (i64, i64) {
    if unit == Unit::Weekday && bounds.start_min != bounds.start_max {
        return (1, 7);
    }
    (unit.number(bounds.start_min), unit.number(bounds.start_max))
}

/// What is reckoned with must be one number.
pub(super) fn sure(known: Known) -> Known {
    match known {
        Known::Is(Value::Range(low, high)) if low == high => Known::Is(Value::Integer(low)),
        Known::Is(Value::Range(..)) => Known::Unknown,
        known => known,
    }
}

pub(super) fn number(value: &Value) -> Option<f64> {
    match value {
        Value::Integer(number) => Some(*number as f64),
        Value::Range(low, high) if low == high => Some(*low as f64),
        Value::Number(number) => Some(*number),
        Value::Period(_, number) => Some(*number as f64),
        _ => None,
    }
}

/// Between which two numbers a value lies.
pub(super) fn span(value: &Value) -> Option<(f64, f64)> {
    match value {
        Value::Range(low, high) => Some((*low as f64, *high as f64)),
        value => number(value).map(|number| (number, number)),
    }
}

pub(super) fn arithmetic(operator: ArithmeticOperator, a: Value, b: Value) -> Known {
    let whole = match (&a, &b) {
        (Value::Integer(a), Value::Integer(b)) => Some((*a, *b)),
        _ => None,
    };
    let (Some(x), Some(y)) = (number(&a), number(&b)) else { return Known::Nothing };
    Known::Is(match (operator, whole) {
        (ArithmeticOperator::Plus, Some((a, b))) => Value::Integer(a + b),
        (ArithmeticOperator::Minus, Some((a, b))) => Value::Integer(a - b),
        (ArithmeticOperator::Times, Some((a, b))) => Value::Integer(a * b),
        (ArithmeticOperator::Plus, None) => Value::Number(x + y),
        (ArithmeticOperator::Minus, None) => Value::Number(x - y),
        (ArithmeticOperator::Times, None) => Value::Number(x * y),
        (ArithmeticOperator::Divide, _) if y == 0.0 => return Known::Nothing,
        (ArithmeticOperator::Divide, _) => Value::Number(x / y),
    })
}

pub(super) fn order(a: &Value, b: &Value, folded: bool) -> Ordering {
    match (a, b) {
        (Value::Text(a), Value::Text(b)) if folded => fold(a).cmp(&fold(b)),
        (Value::Text(a), Value::Text(b)) => a.cmp(b),
        (Value::Row(..), Value::Row(..)) => {
            if a == b {
                Ordering::Equal
            } else {
                Ordering::Less
            }
        }
        _ => number(a).partial_cmp(&number(b)).unwrap_or(Ordering::Equal),
    }
}

/// Two numbers that lie between two each: surely, whichever they are; possibly, for some of them.
pub(super) fn compare_spans(operator: CompareOperator, a: (f64, f64), b: (f64, f64)) -> Truth {
    match operator {
        CompareOperator::Less => Truth::between(a.1 < b.0, a.0 < b.1),
        CompareOperator::LessOrEqual => Truth::between(a.1 <= b.0, a.0 <= b.1),
        CompareOperator::Greater => Truth::between(a.0 > b.1, a.1 > b.0),
        CompareOperator::GreaterOrEqual => Truth::between(a.0 >= b.1, a.1 >= b.0),
        CompareOperator::Equal => Truth::between(a.0 == b.1 && a.1 == b.0, a.0 <= b.1 && a.1 >= b.0),
        CompareOperator::NotEqual => compare_spans(CompareOperator::Equal, a, b).not(),
    }
}

pub(super) fn holds(operator: CompareOperator, order: Ordering) -> bool {
    match operator {
        CompareOperator::Equal => order == Ordering::Equal,
        CompareOperator::NotEqual => order != Ordering::Equal,
        CompareOperator::Less => order == Ordering::Less,
        CompareOperator::LessOrEqual => order != Ordering::Greater,
        CompareOperator::Greater => order == Ordering::Greater,
        CompareOperator::GreaterOrEqual => order != Ordering::Less,
    }
}

/// As a cell is compared: numbers without regard to how they are stored.
pub fn show(value: Option<Value>) -> String {
    match value {
        None => "∅".to_string(),
        Some(Value::Integer(number)) => format!("{:.6}", number as f64),
        Some(Value::Number(number)) => format!("{number:.6}"),
        Some(Value::Range(low, high)) if low == high => format!("{:.6}", low as f64),
        Some(Value::Range(low, high)) => format!("{low}..{high}"),
        Some(Value::Text(text)) => text,
        Some(Value::Row(noun, at)) => format!("{noun:?} {at}"),
        Some(Value::Period(unit, number)) => Period { unit, number }.to_string(),
        Some(Value::List(items)) => format!("[{}]", items.into_iter().map(show).collect::<Vec<_>>().join("|")),
    }
}
