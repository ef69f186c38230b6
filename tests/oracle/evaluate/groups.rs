//! Groups: their keys, what is counted and computed in each, and HAVING over bounds.

use super::Truth::{self, *};
use super::answers::{Key, Shown, compare_keys, cut, directed, range_keys, text_keys};
use super::conditions::relate;
use super::values::{
    Known, Value, arithmetic, between, compare_spans, holds, number, order, period_bounds, show, span, sure,
};
use super::{Row, Rows, World};
use bilat::bind::tree::*;
use bilat::catalog::{NounId, When};
use bilat::syntax::ast::{ArithmeticOperator, CompareOperator};
use bilat::value::date::{Bounds, Day, VagueDate};
use bilat::value::text::{fold_pattern, like};
use std::cmp::Ordering;
use std::collections::BTreeSet;

/// A FROM row with one element for each expansion.
pub(super) struct BaseRow {
    row: Row,
    env: Rows,
    sure: bool,
    keys: Vec<GroupKey>,
}

/// What the groups of a query are, rows first.
pub(super) type Grouped = (Option<Vec<String>>, Vec<Shown>, u64, u64);

impl World {
    pub(super) fn grouped(&self, query: &BoundQuery, groups: &Groups, found: &[(Row, Truth)]) -> Grouped {
        let base = self.base(groups, found);
        let mut made: Vec<(Group, Truth)> = Vec::new();
        for keys in different(&base, groups) {
            let group = self.group(query, groups, &base, keys);
            let truth =
                if is_there(groups, &group) { group.having(groups) } else { group.having(groups).min(Undecided) };
            made.push((group, truth));
        }
        let (mut certain, besides) = (count(&made, True), count(&made, Undecided));
        let mut empty = 0;
        if query.zeros {
            let there: Vec<&Group> =
                made.iter().map(|(group, _)| group).filter(|group| is_there(groups, group)).collect();
            let zeros = self.zeros(query, groups, &base, &there);
            empty = zeros.len() as u64;
            made.extend(zeros.into_iter().map(|group| (group, True)));
        }
        certain += empty;
        let mut shown: Vec<(Vec<Key>, Group)> = Vec::new();
        for (group, _) in made.into_iter().filter(|(_, truth)| *truth == True) {
            let mut order = Vec::new();
            for key in &query.order {
                order.extend(directed(group.sorted(groups, &key.value), key.descending));
            }
            let downwards = query.order.last().is_some_and(|order| order.descending);
            for position in 0..groups.keys.len() {
                order.extend(directed(group.sorted(groups, &Scalar::Key(position)), downwards));
            }
            // Different rows may be shown alike.
            for key in groups.keys.iter().zip(&group.keys).filter(|(key, _)| matches!(key, Scalar::Entity(_))) {
                let rank = match key.1.identity {
                    Some(Value::Row(noun, at)) => {
                        Some((self.rank(Row::new(noun, at)) * 2 + i64::from(noun == NounId::Countries)) as f64)
                    }
                    _ => None,
                };
                order.push(Key::Number(rank).down(downwards));
            }
            shown.push((order, group));
        }
        shown.sort_by(|a, b| compare_keys(&a.0, &b.0));
        let shown: Vec<Group> = shown.into_iter().map(|(_, group)| group).collect();
        let (heads, rows) = if query.across {
            let (heads, rows) = self.across(query, groups, &base, shown);
            (Some(heads), rows)
        } else {
            let cells = |group: Group| {
                let cells = groups.columns.iter().map(|column| group.show(&column.value)).collect();
                (cells, true, group.sources)
            };
            (None, shown.into_iter().map(cells).collect())
        };
        let rows = cut(rows.into_iter(), query.limit);
        if groups.keys.is_empty() { (heads, rows, 1, 1) } else { (heads, rows, certain, certain + besides) }
    }

    pub(super) fn base(&self, groups: &Groups, found: &[(Row, Truth)]) -> Vec<BaseRow> {
        let mut base: Vec<BaseRow> = Vec::new();
        for (row, truth) in found {
            let mut env = Rows::from(*row);
            self.expand(&mut env, &groups.expansions, *truth == True, &mut |env, sure| {
                let keys = groups.keys.iter().map(|key| self.group_key(env, key)).collect();
                base.push(BaseRow { row: *row, env: env.clone(), sure, keys });
            });
        }
        base
    }

    /// Each way through the expansions; where an element is missing there is one way without it.
    fn expand(&self, rows: &mut Rows, expansions: &[Element], sure: bool, each: &mut dyn FnMut(&mut Rows, bool)) {
        let Some((first, rest)) = expansions.split_first() else { return each(rows, sure) };
        let elements = match first.base().and_then(|base| rows.get(base.row)) {
            Some(None) => Vec::new(),
            _ => self.elements(rows, first),
        };
        if elements.is_empty() {
            rows.put(first.row, None);
            self.expand(rows, rest, sure, each);
            rows.drop(first.row);
        }
        for (row, surely) in elements {
            rows.put(first.row, Some(row));
            self.expand(rows, rest, sure && surely == True, each);
            rows.drop(first.row);
        }
    }

    fn group_key(&self, rows: &mut Rows, key: &Scalar) -> GroupKey {
        let identity = self.identity(rows, key);
        let without = key.row().is_some_and(|row| rows.get(row) == Some(None));
        let unknown = self.scalar(rows, key) == Known::Unknown;
        let state = match (&identity, without, unknown) {
            (Some(_), ..) => KNOWN,
            (None, true, _) => NONE,
            (None, false, true) => UNKNOWN,
            _ => NONE,
        };
        let reach = match key {
            Scalar::Period { unit, date } => self.date(rows, date).0.map(|bounds| period_bounds(*unit, bounds)),
            _ => None,
        };
        let date = self.date(rows, key).0.filter(|_| key.kind(None) == Type::Date);
        let is_period = matches!(key, Scalar::Period { .. });
        GroupKey { identity, shown: self.shown(rows, key), state, reach, is_period, date }
    }

    pub(super) fn group(&self, query: &BoundQuery, groups: &Groups, base: &[BaseRow], keys: Vec<GroupKey>) -> Group {
        let inside: Vec<&BaseRow> = base.iter().filter(|row| row.sure && same_keys(&row.keys, &keys)).collect();
        let count = distinct(inside.iter().map(|row| row.row.at));
        let possible = reaching(base, &keys);
        let mut keys = keys;
        for (position, key) in keys.iter_mut().enumerate() {
            // Different dates may be written alike: the group's is any of them.
            let all = base.iter().filter(|row| same_key(&row.keys[position], key));
            key.date = all.filter_map(|row| row.keys[position].date).reduce(either);
        }
        let sources = inside.iter().flat_map(|row| self.sources(query, row.row)).collect();
        let aggregates = groups.aggregates.iter();
        let aggregates = aggregates
            .map(|aggregate| match aggregate {
                Aggregate::Count => Made::Value(Some(Value::Integer(count))),
                Aggregate::CountPossible => Made::Value(Some(Value::Integer(possible))),
                Aggregate::Share(per) => {
                    let alike = |row: &&BaseRow| per.is_none_or(|at| same_key(&row.keys[at], &keys[at]));
                    let all = base.iter().filter(|row| row.sure).filter(alike);
                    let all = distinct(all.map(|row| row.row.at));
                    Made::Value((all > 0).then(|| Value::Number(count as f64 / all as f64)))
                }
                other => self.aggregate(query, other, &inside),
            })
            .collect();
        Group { count, possible, keys, aggregates, sources }
    }

    fn aggregate(&self, query: &BoundQuery, aggregate: &Aggregate, inside: &[&BaseRow]) -> Made {
        match aggregate {
            Aggregate::CountDistinct { elements, value } => {
                let all = self.values(query, inside, elements, value);
                Made::Value(Some(Value::Integer(all.iter().filter(|(identity, _)| identity.is_some()).count() as i64)))
            }
            Aggregate::List { elements, value } => {
                let all = self.values(query, inside, elements, value);
                Made::Value(Some(Value::List(all.into_iter().map(|(_, shown)| shown).collect())))
            }
            Aggregate::Min(value) | Aggregate::Max(value) if value.kind(None) == Type::Date => {
                let least = matches!(aggregate, Aggregate::Min(_));
                let all: Vec<Bounds> = inside.iter().filter_map(|row| self.date(&row.env, value).0).collect();
                let pick = |part: &dyn Fn(&Bounds) -> Day| {
                    if least { all.iter().map(part).min() } else { all.iter().map(part).max() }
                };
                let days = if least {
                    (pick(&|b| b.start_min), pick(&|b| b.start_max))
                } else {
                    (pick(&|b| b.end_min), pick(&|b| b.end_max))
                };
                let bounds = days.0.zip(days.1).map(|(first, last)| Bounds::within(first, last));
                Made::Date(bounds.map(|bounds| VagueDate::from_bounds(bounds, true).text), bounds)
            }
            Aggregate::Min(value) | Aggregate::Max(value) => {
                let all = inside.iter().filter_map(|row| sure(self.scalar(&mut row.env.clone(), value)).value());
                let least = matches!(aggregate, Aggregate::Min(_));
                Made::Value(all.reduce(|a, b| if (order(&a, &b, false) == Ordering::Greater) == least { b } else { a }))
            }
            Aggregate::Sum(value) | Aggregate::Avg(value) => {
                let mut seen = Vec::new();
                let mut numbers = Vec::new();
                for row in inside {
                    if !seen.contains(&row.row.at) {
                        seen.push(row.row.at);
                        numbers.extend(self.scalar(&mut row.env.clone(), value).value().as_ref().and_then(number));
                    }
                }
                let sum: f64 = numbers.iter().sum();
                let result = if matches!(aggregate, Aggregate::Avg(_)) { sum / numbers.len() as f64 } else { sum };
                Made::Value((!numbers.is_empty()).then_some(Value::Number(result)))
            }
            Aggregate::First(value) | Aggregate::Last(value) => {
                let at = match query.noun.noun().when {
                    When::Of(link) => PathRef::row(0, query.noun).along(link).expect("rows are dated by that link"),
                    _ => PathRef::row(0, query.noun),
                };
                let when = |row: &&&BaseRow| {
                    let bounds = self.date(&row.env, &Scalar::When(at.clone())).0.expect("rows are dated");
                    (bounds.start_min, bounds.end_max, self.rank(row.row))
                };
                let rows = inside.iter();
                let end = if matches!(aggregate, Aggregate::First(_)) {
                    rows.min_by_key(when)
                } else {
                    rows.max_by_key(when)
                };
                let shown = end.and_then(|row| self.shown(&mut row.env.clone(), value));
                match (value.kind(None), shown) {
                    (Type::Date, shown) => {
                        let text = shown.map(|shown| show(Some(shown)));
                        Made::Date(text, end.and_then(|row| self.date(&row.env, value).0))
                    }
                    (_, shown) => Made::Value(shown),
                }
            }
            Aggregate::Count | Aggregate::CountPossible | Aggregate::Share(_) => Made::Value(None),
        }
    }

    /// The different values of a group's rows, in the order of the rows and their elements (or of the last elements).
    fn values(
        &self,
        query: &BoundQuery,
        inside: &[&BaseRow],
        elements: &[Element],
        value: &Scalar,
    ) -> Vec<(Option<Value>, Option<Value>)> {
        let Shape::Groups(groups) = &query.shape else { return Vec::new() };
        let mut found: Vec<(Vec<i64>, Option<Value>, Option<Value>)> = Vec::new();
        let rank = |env: &Rows, element: &Element| env.at(element.row).map_or(-1, |row| self.rank(row));
        for row in inside {
            let mut env = row.env.clone();
            self.every_way(&mut env, elements, True, &mut |env, truth| {
                let ranks = match elements.last() {
                    Some(element) => vec![rank(env, element)],
                    None => {
                        let elements = groups.expansions.iter().map(|element| rank(env, element));
                        let (first, last, rank) = self.order(row.row);
                        [first, last, rank].into_iter().chain(elements).collect()
                    }
                };
                if truth == True {
                    found.push((ranks, self.identity(env, value), self.shown(env, value)));
                }
            });
        }
        let mut made: Vec<(Vec<i64>, Option<Value>, Option<Value>)> = Vec::new();
        for (ranks, identity, shown) in found {
            match made.iter_mut().find(|(_, known, _)| *known == identity) {
                Some(group) => group.0.iter_mut().zip(ranks).for_each(|(least, rank)| *least = (*least).min(rank)),
                None => made.push((ranks, identity, shown)),
            }
        }
        made.sort_by(|a, b| a.0.cmp(&b.0));
        made.into_iter().map(|(_, identity, shown)| (identity, shown)).collect()
    }
}

/// A group is there if a row surely is in it; with `count_possible()` also if one may be.
fn is_there(groups: &Groups, group: &Group) -> bool {
    let possible = groups.aggregates.contains(&Aggregate::CountPossible);
    groups.keys.is_empty() || if possible { group.possible > 0 } else { group.count > 0 }
}

fn count(made: &[(Group, Truth)], truth: Truth) -> u64 {
    made.iter().filter(|(_, known)| *known == truth).count() as u64
}

fn distinct(rows: impl Iterator<Item = usize>) -> i64 {
    rows.collect::<BTreeSet<usize>>().len() as i64
}

/// How many FROM rows have these keys or may have them.
fn reaching(base: &[BaseRow], keys: &[GroupKey]) -> i64 {
    let reach = base.iter().filter(|row| row.keys.iter().zip(keys).all(|(other, key)| other.may_be(key)));
    distinct(reach.map(|row| row.row.at))
}

/// The keys that rows have, each once; all rows are one group where there are no keys.
pub(super) fn different(base: &[BaseRow], groups: &Groups) -> Vec<Vec<GroupKey>> {
    if groups.keys.is_empty() {
        return vec![Vec::new()];
    }
    let mut made: Vec<Vec<GroupKey>> = Vec::new();
    for row in base {
        if !made.iter().any(|keys| same_keys(keys, &row.keys)) {
            made.push(row.keys.clone());
        }
    }
    made
}

/// Whether a key is known, or there is none, or it is not known.
pub(super) const KNOWN: u8 = 0;
const NONE: u8 = 1;
pub(super) const UNKNOWN: u8 = 2;

#[derive(Clone, Debug)]
pub(super) struct GroupKey {
    pub identity: Option<Value>,
    pub shown: Option<Value>,
    pub state: u8,
    /// Of a period that is not known: the first and the last that it may be.
    pub reach: Option<(i64, i64)>,
    pub is_period: bool,
    pub date: Option<Bounds>,
}

impl GroupKey {
    fn may_be(&self, group: &GroupKey) -> bool {
        if same_key(self, group) {
            return true;
        }
        let reach = match (self.is_period, self.reach, &group.identity) {
            (false, ..) => true,
            (true, Some((low, high)), Some(Value::Integer(at) | Value::Period(_, at))) => low <= *at && high >= *at,
            _ => false,
        };
        self.state == UNKNOWN && group.state == KNOWN && reach
    }

    pub(super) fn text(&self) -> String {
        match self.state {
            NONE => "none".to_string(),
            UNKNOWN => show(None),
            _ => show(self.shown.clone()),
        }
    }
}

fn same_key(one: &GroupKey, other: &GroupKey) -> bool {
    one.state == other.state && one.identity == other.identity
}

pub(super) fn same_keys(one: &[GroupKey], other: &[GroupKey]) -> bool {
    one.iter().zip(other).all(|(a, b)| same_key(a, b))
}

fn either(one: Bounds, other: Bounds) -> Bounds {
    Bounds {
        start_min: one.start_min.min(other.start_min),
        start_max: one.start_max.max(other.start_max),
        end_min: one.end_min.min(other.end_min),
        end_max: one.end_max.max(other.end_max),
    }
}

#[derive(Clone, Debug)]
pub(super) enum Made {
    Value(Option<Value>),
    Date(Option<String>, Option<Bounds>),
}

#[derive(Clone, Debug)]
pub(super) struct Group {
    pub count: i64,
    pub possible: i64,
    pub keys: Vec<GroupKey>,
    pub aggregates: Vec<Made>,
    pub sources: BTreeSet<String>,
}

/// What HAVING compares: a value that lies between two, or one that is not there, or not known.
enum Side {
    Between(f64, f64),
    Text(String),
    Nothing,
    Unknown,
}

impl Group {
    pub(super) fn value(&self, scalar: &Scalar) -> Option<Value> {
        match scalar {
            Scalar::Key(at) => self.keys[*at].shown.clone(),
            Scalar::Aggregate(at) => match &self.aggregates[*at] {
                Made::Value(value) => value.clone(),
                Made::Date(text, _) => text.clone().map(Value::Text),
            },
            Scalar::Integer(number) => Some(Value::Integer(*number)),
            Scalar::Number(number) => Some(Value::Number(*number)),
            Scalar::Text(text) => Some(Value::Text(text.clone())),
            Scalar::Fixed(bounds) => {
                let single = bounds.start_min == bounds.end_min;
                Some(Value::Text(VagueDate::from_bounds(*bounds, single).text))
            }
            Scalar::Elapsed { unit, from, to } => between(*unit, self.date(from)?, self.date(to)?),
            // What is reckoned with must be one number.
            Scalar::Negative(inner) => {
                arithmetic(ArithmeticOperator::Minus, Value::Integer(0), self.value(inner)?).value()
            }
            Scalar::Arithmetic { operator, left, right } => {
                arithmetic(*operator, self.value(left)?, self.value(right)?).value()
            }
            _ => None,
        }
    }

    pub(super) fn date(&self, scalar: &Scalar) -> Option<Bounds> {
        match scalar {
            Scalar::Key(at) => self.keys[*at].date,
            Scalar::Aggregate(at) => match &self.aggregates[*at] {
                Made::Date(_, bounds) => *bounds,
                Made::Value(_) => None,
            },
            Scalar::Fixed(bounds) => Some(*bounds),
            _ => None,
        }
    }

    pub(super) fn show(&self, scalar: &Scalar) -> String {
        match scalar {
            Scalar::Key(at) => self.keys[*at].text(),
            _ => show(self.value(scalar)),
        }
    }

    pub(super) fn sorted(&self, groups: &Groups, scalar: &Scalar) -> Vec<Key> {
        let kind = scalar.kind(Some(groups));
        let shown = self.value(scalar);
        let missing = match scalar {
            Scalar::Key(at) => Key::Number(Some(f64::from(self.keys[*at].state))),
            _ => Key::missing(shown.is_none()),
        };
        let rest = match kind {
            Type::Date => {
                let bounds = self.date(scalar).filter(|_| shown.is_some());
                let days = [bounds.map(|b| b.start_min), bounds.map(|b| b.end_max)];
                let days = days.map(|day| Key::Number(day.map(|day| day as f64)));
                // Different texts may allow the same days.
                days.into_iter().chain(text_keys(shown).pop()).collect()
            }
            Type::Text | Type::Entity(_) | Type::Word(_) => text_keys(shown).split_off(1),
            Type::Range => range_keys(shown).split_off(1),
            _ => vec![Key::Number(shown.as_ref().and_then(number))],
        };
        std::iter::once(missing).chain(rest).collect()
    }

    pub(super) fn having(&self, groups: &Groups) -> Truth {
        groups.having.as_ref().map_or(True, |having| self.truth(groups, &having.condition))
    }

    fn truth(&self, groups: &Groups, condition: &Condition) -> Truth {
        match condition {
            Condition::And(parts) => parts.iter().map(|part| self.truth(groups, part)).min().unwrap_or(True),
            Condition::Or(parts) => parts.iter().map(|part| self.truth(groups, part)).max().unwrap_or(False),
            Condition::Not(inner) => self.truth(groups, inner).not(),
            Condition::Possibly(inner) => Truth::of(self.truth(groups, inner) != False),
            Condition::Certainly(inner) => Truth::of(self.truth(groups, inner) == True),
            Condition::Compare { operator: CompareOperator::NotEqual, left, right } => {
                let (left, right) = (left.clone(), right.clone());
                let equal = Condition::Compare { operator: CompareOperator::Equal, left, right };
                self.truth(groups, &equal).not()
            }
            Condition::Compare { operator, left, right } => {
                let folded = left.kind(Some(groups)) == Type::Text && right.kind(Some(groups)) == Type::Text;
                match (self.side(groups, left), self.side(groups, right)) {
                    (Side::Unknown, _) | (_, Side::Unknown) => Undecided,
                    (Side::Between(a, b), Side::Between(c, d)) => compare_spans(*operator, (a, b), (c, d)),
                    (Side::Text(a), Side::Text(b)) => {
                        Truth::of(holds(*operator, order(&Value::Text(a), &Value::Text(b), folded)))
                    }
                    _ => False,
                }
            }
            Condition::Date { relation, date, first, last } => match self.side(groups, date) {
                Side::Unknown => Undecided,
                Side::Nothing => False,
                _ => self.date(date).map_or(Undecided, |date| relate(date, *relation, *first, *last)),
            },
            Condition::IsUnknown(value) => Truth::of(self.value(value).is_none()),
            Condition::Like { value, pattern } => {
                let pattern = fold_pattern(pattern);
                self.text_test(groups, value, |text| like(&pattern, &fold_pattern(text)))
            }
            Condition::Contains { value, part } => {
                let part = fold_pattern(part);
                self.text_test(groups, value, |text| fold_pattern(text).contains(&part))
            }
            other => panic!("the evaluator does not know {other:?} in HAVING"),
        }
    }

    fn text_test(&self, groups: &Groups, value: &Scalar, test: impl Fn(&str) -> bool) -> Truth {
        match self.side(groups, value) {
            Side::Unknown => Undecided,
            Side::Text(text) => Truth::of(test(&text)),
            _ => False,
        }
    }

    /// Whether undecided rows could change what is computed from the rows.
    fn is_open(&self) -> bool {
        self.count != self.possible
    }

    fn side(&self, groups: &Groups, scalar: &Scalar) -> Side {
        match scalar {
            Scalar::Key(at) if self.keys[*at].state == UNKNOWN => return Side::Unknown,
            Scalar::Key(at) if self.keys[*at].state == NONE => return Side::Nothing,
            Scalar::Key(_) | Scalar::Integer(_) | Scalar::Number(_) | Scalar::Text(_) | Scalar::Fixed(_) => {}
            Scalar::Aggregate(at) => match groups.aggregates[*at] {
                Aggregate::Count => return Side::Between(self.count as f64, self.possible as f64),
                Aggregate::CountPossible => {}
                // More rows can only add values.
                Aggregate::CountDistinct { .. } if self.is_open() => {
                    let least = self.value(scalar).as_ref().and_then(number).unwrap_or(0.0);
                    return Side::Between(least, f64::INFINITY);
                }
                _ if self.is_open() => return Side::Unknown,
                _ => {}
            },
            Scalar::Negative(inner) => {
                return match self.side(groups, inner) {
                    Side::Between(low, high) => Side::Between(-high, -low),
                    other => other,
                };
            }
            Scalar::Arithmetic { operator, left, right } => {
                let [left, right] = [left, right].map(|side| match self.side(groups, side) {
                    Side::Between(low, high) if side.kind(Some(groups)) == Type::Range && low != high => Side::Unknown,
                    side => side,
                });
                return calculated(*operator, &left, &right);
            }
            Scalar::Elapsed { .. } if self.is_open() => return Side::Unknown,
            Scalar::Elapsed { .. } => {}
            other => panic!("the evaluator does not know {other:?} in HAVING"),
        }
        match self.value(scalar) {
            Some(Value::Text(text)) => Side::Text(text),
            Some(value) => span(&value).map_or(Side::Unknown, |(low, high)| Side::Between(low, high)),
            None => Side::Unknown,
        }
    }
}

/// What may come of two values that lie between two each: the ends decide, but where the divisor may be nothing.
fn calculated(operator: ArithmeticOperator, left: &Side, right: &Side) -> Side {
    let (Side::Between(a, b), Side::Between(c, d)) = (left, right) else { return Side::Unknown };
    if operator == ArithmeticOperator::Divide && *c <= 0.0 && *d >= 0.0 {
        return Side::Unknown;
    }
    let (mut low, mut high) = (f64::INFINITY, f64::NEG_INFINITY);
    for (x, y) in [(a, c), (a, d), (b, c), (b, d)] {
        let value = match operator {
            ArithmeticOperator::Plus => x + y,
            ArithmeticOperator::Minus => x - y,
            ArithmeticOperator::Times => x * y,
            ArithmeticOperator::Divide => x / y,
        };
        (low, high) = (low.min(value), high.max(value));
    }
    Side::Between(low, high)
}

impl BaseRow {
    /// Whether it may be in a group in which it not surely is.
    pub(super) fn is_open(&self) -> bool {
        !self.sure || self.keys.iter().any(|key| key.state == UNKNOWN)
    }
}
