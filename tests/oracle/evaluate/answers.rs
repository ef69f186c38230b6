//! Whole answers: which rows there are, in which order, where they are cut, and where they are from.

use super::Truth::{self, *};
use super::values::{Value, number, show};
use super::{Reach, Row, Rows, World};
use bilat::bind::tree::*;
use bilat::catalog::NounId;
use bilat::value::text::fold;
use std::cmp::Ordering;
use std::collections::BTreeSet;

/// A row of an answer: its cells, whether it surely belongs, and the titles of its sources.
pub type Shown = (Vec<String>, bool, BTreeSet<String>);

/// What the evaluator says of a query.
#[derive(Debug, PartialEq)]
pub struct Expected {
    /// Of columns that the data name.
    pub heads: Option<Vec<String>>,
    pub rows: Vec<Shown>,
    pub count: u64,
    pub count_possible: u64,
    pub not_held: Option<u64>,
}

impl World {
    /// The whole answer.
    pub fn answer(&self, query: &BoundQuery) -> Expected {
        let (found, not_held) = self.found(query);
        let certain = found.iter().filter(|(_, truth)| *truth == True).count() as u64;
        let not_held = query.held.then_some(not_held);
        match &query.shape {
            Shape::Rows { columns } => {
                let rows = self.plain_rows(query, columns, &found);
                Expected { heads: None, rows, count: certain, count_possible: found.len() as u64, not_held }
            }
            Shape::Groups(groups) => {
                let (heads, rows, count, count_possible) = self.grouped(query, groups, &found);
                Expected { heads, rows, count, count_possible, not_held }
            }
        }
    }

    /// The rows that are in the answer, surely or possibly, and how many surely would be had they been held.
    pub(super) fn found(&self, query: &BoundQuery) -> (Vec<(Row, Truth)>, u64) {
        self.today.set(query.as_of.unwrap_or(self.model.reference));
        let mut found: Vec<(Row, Truth)> = Vec::new();
        let mut not_held = 0;
        for row in self.all(query.noun, query.according.as_ref()) {
            let mut rows = Rows::from(row);
            let truth = query.conjuncts.iter().map(|c| self.truth(&mut rows, &c.condition)).min().unwrap_or(True);
            if query.held && !self.is_held(row) {
                not_held += u64::from(truth == True);
            } else if truth != False {
                found.push((row, truth));
            }
        }
        (found, not_held)
    }

    fn plain_rows(&self, query: &BoundQuery, columns: &[BoundColumn], found: &[(Row, Truth)]) -> Vec<Shown> {
        let certain: Vec<Row> = found.iter().filter(|(_, truth)| *truth == True).map(|(row, _)| *row).collect();
        self.among.replace(certain.clone());
        let mut rows: Vec<(Vec<Key>, Shown)> = Vec::new();
        for row in certain {
            let mut env = Rows::from(row);
            let mut keys = Vec::new();
            for order in &query.order {
                keys.extend(directed(self.sorted(&mut env, &order.value), order.descending));
            }
            let downwards = query.order.last().is_some_and(|order| order.descending);
            let (first, last, rank) = self.order(row);
            keys.extend([first, last, rank].map(|part| Key::Number(Some(part as f64)).down(downwards)));
            let cells = columns.iter().map(|column| show(self.shown(&mut env, &column.value))).collect();
            let sure = !query.marked || self.is_sure(query, row);
            rows.push((keys, (cells, sure, self.sources(query, row))));
        }
        rows.sort_by(|a, b| compare_keys(&a.0, &b.0));
        cut(rows.into_iter().map(|(_, shown)| shown), query.limit)
    }

    /// Whether a row would be in the answer without any POSSIBLY.
    pub(super) fn is_sure(&self, query: &BoundQuery, row: Row) -> bool {
        let mut rows = Rows::from(row);
        query.conjuncts.iter().all(|c| self.truth(&mut rows, &without_possibly(&c.condition)) == True)
    }

    /// The titles of the publications that a row's accounts are of; only that one's which tells it.
    pub(super) fn sources(&self, query: &BoundQuery, row: Row) -> BTreeSet<String> {
        let mut titles = BTreeSet::new();
        let Some(links) = query.noun.noun().cite.filter(|_| query.cite) else { return titles };
        let mut here = vec![row];
        for name in links {
            let mut next = Vec::new();
            for row in here {
                let link = row.noun.noun().link(name).expect("the links to the accounts are in the catalogue");
                let step = Step { link, as_of: None };
                if link.is_many() {
                    let element = Element::reached(1, PathRef::row(0, row.noun), step);
                    next.extend(self.elements(&mut Rows::from(row), &element).into_iter().map(|(row, _)| row));
                } else if let Reach::Row(row) = self.one(row, name) {
                    next.push(row);
                }
            }
            here = next;
        }
        let told = query.according.as_ref().map(|thing| self.position(thing));
        for account in here {
            let Reach::Row(publication) = self.one(account, "publication") else { continue };
            if told.is_none_or(|told| told == publication.at) {
                titles.insert(self.plain(NounId::Publications, publication.at).label.to_string());
            }
        }
        titles
    }

    pub(super) fn sorted(&self, rows: &mut Rows, scalar: &Scalar) -> Vec<Key> {
        match scalar.kind(None) {
            Type::Date => {
                let (bounds, text, _) = self.date(rows, scalar);
                let bounds = bounds.filter(|_| text.is_some());
                vec![
                    Key::missing(text.is_none()),
                    Key::Number(bounds.map(|b| b.start_min as f64)),
                    Key::Number(bounds.map(|b| b.end_max as f64)),
                ]
            }
            Type::Range => range_keys(self.scalar(rows, scalar).value()),
            Type::Text | Type::Entity(_) | Type::Word(_) => text_keys(self.shown(rows, scalar)),
            _ => {
                let value = self.scalar(rows, scalar).value();
                vec![Key::missing(value.is_none()), Key::Number(value.as_ref().and_then(number))]
            }
        }
    }
}

/// A row that POSSIBLY let in is one that would not be there without the word.
fn without_possibly(condition: &Condition) -> Condition {
    let inside = |inner: &Condition| Box::new(without_possibly(inner));
    match condition {
        Condition::Possibly(inner) => without_possibly(inner),
        Condition::Not(inner) => Condition::Not(inside(inner)),
        Condition::Certainly(inner) => Condition::Certainly(inside(inner)),
        Condition::And(parts) => Condition::And(parts.iter().map(without_possibly).collect()),
        Condition::Or(parts) => Condition::Or(parts.iter().map(without_possibly).collect()),
        Condition::Quantified { quantifier, elements, condition } => {
            Condition::Quantified { quantifier: *quantifier, elements: elements.clone(), condition: inside(condition) }
        }
        Condition::Related { relation, thing, dates, condition } => Condition::Related {
            relation: *relation,
            thing: thing.clone(),
            dates: dates.iter().map(without_possibly).collect(),
            condition: inside(condition),
        },
        other => other.clone(),
    }
}

/// One part of what rows are sorted by.
#[derive(Clone, Debug)]
pub(super) enum Key {
    Number(Option<f64>),
    Text(Option<String>),
    Down(Box<Key>),
}

impl Key {
    pub(super) fn missing(missing: bool) -> Key {
        Key::Number(Some(f64::from(u8::from(missing))))
    }

    pub(super) fn down(self, down: bool) -> Key {
        if down { Key::Down(Box::new(self)) } else { self }
    }
}

/// Whether there is anything to sort by always runs upwards.
pub(super) fn directed(parts: Vec<Key>, descending: bool) -> impl Iterator<Item = Key> {
    parts.into_iter().enumerate().map(move |(n, key)| key.down(n > 0 && descending))
}

pub(super) fn text_keys(shown: Option<Value>) -> Vec<Key> {
    let text = match shown {
        Some(Value::Text(text)) => Some(text),
        _ => None,
    };
    vec![Key::missing(text.is_none()), Key::Text(text.as_deref().map(fold)), Key::Text(text)]
}

pub(super) fn range_keys(value: Option<Value>) -> Vec<Key> {
    let ends = value.as_ref().and_then(super::values::span);
    let (low, high) = (ends.map(|(low, _)| low), ends.map(|(_, high)| high));
    vec![Key::missing(ends.is_none()), Key::Number(low), Key::Number(high)]
}

pub(super) fn compare_keys(a: &[Key], b: &[Key]) -> Ordering {
    a.iter().zip(b).map(|(a, b)| compare_key(a, b)).find(|order| *order != Ordering::Equal).unwrap_or(Ordering::Equal)
}

fn compare_key(a: &Key, b: &Key) -> Ordering {
    match (a, b) {
        (Key::Number(a), Key::Number(b)) => a.partial_cmp(b).unwrap_or(Ordering::Equal),
        (Key::Text(a), Key::Text(b)) => a.cmp(b),
        (Key::Down(a), Key::Down(b)) => compare_key(b, a),
        _ => Ordering::Equal,
    }
}

pub(super) fn cut<T>(rows: impl Iterator<Item = T>, limit: Option<(u64, u64)>) -> Vec<T> {
    match limit {
        Some((count, offset)) => rows.skip(offset as usize).take(count as usize).collect(),
        None => rows.collect(),
    }
}
