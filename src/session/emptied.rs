//! An empty answer names the condition that emptied it, the pair that cannot be fulfilled together, and what is near.

use super::{Session, counted};
use crate::answer::{Cell, plain};
use crate::bind::tree::{
    Aggregate, BoundColumn, BoundQuery, Condition, Conjunct, Element, Groups, Order, PlaceRef, Scalar, Shape,
};
use crate::catalog::NounId;
use crate::diagnostic::Diagnostic;
use crate::plan::lower::emptied;
use crate::syntax::ast::{DateRelation, Quantifier};
use crate::value::date::Day;
use std::time::{Duration, Instant};

/// What is near is worth no longer wait.
const PATIENCE: Duration = Duration::from_millis(200);

/// So many values are named.
const NAMED: usize = 3;

impl Session {
    /// The first condition, in the order written, after which nothing is left, and what would be left by others.
    pub(super) fn emptied(&self, query: &BoundQuery) -> Result<Option<String>, Diagnostic> {
        let noun = query.noun.noun();
        let left = |count: usize| self.count(&emptied(query, self.reference_of(query), count));
        let mut before = left(0)?;
        if before == 0 {
            let held = if query.held { " that were held" } else { "" };
            return Ok(Some(format!("this file has no {}{held}", noun.name)));
        }
        for (position, conjunct) in query.conjuncts.iter().enumerate() {
            let count = left(position + 1)?;
            if count == 0 {
                let had = counted(before, noun.singular, noun.name);
                let text = format!("nothing is left by {}, of {had} before it", shortened(&conjunct.text));
                let patience = self.settings.timeout.map_or(PATIENCE, |limit| limit.min(PATIENCE));
                self.database.limit_time(Some(patience));
                let near = self.near(query, position);
                self.database.limit_time(self.settings.timeout);
                return Ok(Some(std::iter::once(text).chain(near).collect::<Vec<_>>().join("; ")));
            }
            before = count;
        }
        let Shape::Groups(groups) = &query.shape else { return Ok(None) };
        Ok(groups.having.as_ref().map(|having| format!("no group is left by HAVING {}", shortened(&having.text))))
    }

    /// What could be said besides, as far as there is time for it.
    fn near(&self, query: &BoundQuery, position: usize) -> Vec<String> {
        let begun = Instant::now();
        let pair = self.alone(query, position).or_else(|| self.pair(query, position));
        let nearest = if begun.elapsed() < PATIENCE { self.nearest(query, position) } else { None };
        pair.into_iter().chain(nearest).collect()
    }

    /// How many rows fulfil these conjuncts and no others.
    fn with_only(&self, query: &BoundQuery, positions: &[usize]) -> Option<u64> {
        let conjuncts = positions.iter().map(|at| query.conjuncts[*at].clone()).collect();
        let changed = BoundQuery { conjuncts, ..query.clone() };
        self.count(&emptied(&changed, self.reference_of(query), positions.len())).ok()
    }

    fn alone(&self, query: &BoundQuery, position: usize) -> Option<String> {
        let noun = query.noun.noun().name;
        let none = position > 0 && self.with_only(query, &[position])? == 0;
        none.then(|| format!("no {noun} at all fulfil it"))
    }

    /// The earlier condition that cannot be fulfilled together with this one.
    fn pair(&self, query: &BoundQuery, position: usize) -> Option<String> {
        // Of two conditions the sentence before says all there is to say.
        if position < 2 {
            return None;
        }
        let other = (0..position).find(|other| self.with_only(query, &[*other, position]) == Some(0))?;
        let noun = query.noun.noun().name;
        Some(format!("no {noun} fulfil both it and {}", shortened(&query.conjuncts[other].text)))
    }

    /// What the rows have instead, of which the condition asks something else.
    fn nearest(&self, query: &BoundQuery, position: usize) -> Option<String> {
        let others: Vec<usize> = (0..query.conjuncts.len()).filter(|at| *at != position).collect();
        let others = if self.with_only(query, &others)? > 0 { others } else { (0..position).collect() };
        let mut rest: Vec<Conjunct> = others.iter().map(|at| query.conjuncts[*at].clone()).collect();
        let condition = bare(&query.conjuncts[position].condition);
        if let Condition::Date { relation, date, first, last } = condition {
            let asked = match relation {
                DateRelation::Since => first.or(*last).map(|edge| (edge.min, Day::MAX)),
                DateRelation::After => last.or(*first).map(|edge| (edge.max.saturating_add(1), Day::MAX)),
                DateRelation::Until => last.or(*first).map(|edge| (Day::MIN, edge.max)),
                DateRelation::Before => first.or(*last).map(|edge| (Day::MIN, edge.min.saturating_sub(1))),
                _ => Some((first.map_or(Day::MIN, |edge| edge.min), last.map_or(Day::MAX, |edge| edge.max))),
            }?;
            return self.nearest_date(query, rest, date, asked);
        }
        let subject = subject(condition)?;
        rest.extend(subject.kept.map(|condition| Conjunct { condition, text: String::new() }));
        let rows = self.tally(query, rest, subject.elements, subject.value)?;
        let named = rows.into_iter().filter(|(value, _)| !subject.but.contains(value)).take(NAMED);
        let shown: Vec<String> = named.map(|(value, count)| format!("{count} {} {value}", subject.word)).collect();
        (!shown.is_empty()).then(|| shown.join(", "))
    }

    /// The dates before and after that rows have.
    fn nearest_date(
        &self,
        query: &BoundQuery,
        rest: Vec<Conjunct>,
        date: &Scalar,
        (first, last): (Day, Day),
    ) -> Option<String> {
        let column = BoundColumn { name: String::new(), value: date.clone() };
        let dates = BoundQuery {
            shape: Shape::Rows { columns: vec![column] },
            conjuncts: rest,
            order: Vec::new(),
            limit: None,
            cite: false,
            marked: false,
            ..query.clone()
        };
        let mut before: Option<(Day, String)> = None;
        let mut after: Option<(Day, String)> = None;
        for cells in self.cells(&dates).ok()? {
            let [Cell::Date(date)] = cells.as_slice() else { continue };
            let bounds = date.bounds;
            if bounds.start_min < first && before.as_ref().is_none_or(|(day, _)| bounds.end_max > *day) {
                before = Some((bounds.end_max, date.text.clone()));
            } else if bounds.end_max > last && after.as_ref().is_none_or(|(day, _)| bounds.start_min < *day) {
                after = Some((bounds.start_min, date.text.clone()));
            }
        }
        let said = [
            before.map(|(_, text)| format!("the nearest earlier is {text}")),
            after.map(|(_, text)| format!("the nearest later is {text}")),
        ];
        let said: Vec<String> = said.into_iter().flatten().collect();
        (!said.is_empty()).then(|| said.join(", "))
    }

    /// How many rows have which value, the most frequent first.
    fn tally(
        &self,
        query: &BoundQuery,
        conjuncts: Vec<Conjunct>,
        expansions: Vec<Element>,
        value: Scalar,
    ) -> Option<Vec<(String, String)>> {
        let column = |value| BoundColumn { name: String::new(), value };
        let groups = Groups {
            expansions,
            keys: vec![value],
            aggregates: vec![Aggregate::Count],
            columns: vec![column(Scalar::Key(0)), column(Scalar::Aggregate(0))],
            having: None,
        };
        let tally = BoundQuery {
            conjuncts,
            shape: Shape::Groups(Box::new(groups)),
            order: vec![Order { value: Scalar::Aggregate(0), descending: true }],
            limit: Some((NAMED as u64 + 2, 0)),
            cite: false,
            marked: false,
            across: false,
            zeros: false,
            ..query.clone()
        };
        let rows = self.cells(&tally).ok()?.into_iter();
        Some(rows.filter_map(|cells| Some((plain(cells.first()?, ", ")?, plain(cells.get(1)?, ", ")?))).collect())
    }
}

/// What a condition asks something of.
struct Subject {
    elements: Vec<Element>,
    value: Scalar,
    /// What of the condition still holds for the rows counted.
    kept: Option<Condition>,
    /// Values that are no alternative.
    but: Vec<String>,
    word: &'static str,
}

fn subject(condition: &Condition) -> Option<Subject> {
    let plainly =
        |value: Scalar, word| Some(Subject { elements: Vec::new(), value, kept: None, but: Vec::new(), word });
    match condition {
        Condition::Belongs { country, .. } => plainly(Scalar::Entity(country.clone()), "in"),
        Condition::Within { place: PlaceRef::One(place), .. } => plainly(Scalar::Entity(place.clone()), "in"),
        Condition::Within { place: PlaceRef::Many(element), .. } => {
            let value = Scalar::Entity(crate::bind::tree::PathRef::row(element.row, element.noun));
            Some(Subject { elements: vec![element.as_ref().clone()], value, kept: None, but: Vec::new(), word: "in" })
        }
        Condition::Is { entity, .. } => plainly(Scalar::Entity(entity.clone()), "with"),
        Condition::Compare { left, .. } => match left {
            Scalar::Attribute { .. } | Scalar::Entity(_) | Scalar::Period { .. } | Scalar::Size { .. } => {
                plainly(left.clone(), "with")
            }
            _ => None,
        },
        Condition::Quantified { quantifier: Quantifier::Any, elements, condition } => {
            if let Some(subject) = parties(elements, condition) {
                return Some(subject);
            }
            let inner = subject(bare(condition))?;
            let elements = elements.iter().cloned().chain(inner.elements).collect();
            Some(Subject { elements, ..inner })
        }
        _ => None,
    }
}

/// Of WITH a AND b: whom the first met instead.
fn parties(elements: &[Element], condition: &Condition) -> Option<Subject> {
    /// Far from the numbers of any query's rows.
    const ROW: usize = 1 << 42;
    let last = elements.last().filter(|element| element.noun == NounId::Participants)?;
    let Condition::And(parts) = condition else { return None };
    let first = parts.first().filter(|first| matches!(bare(first), Condition::Party { .. }))?;
    let Condition::Party { thing, .. } = bare(first) else { return None };
    let kept = Condition::Quantified {
        quantifier: Quantifier::Any,
        elements: elements.to_vec(),
        condition: Box::new(first.clone()),
    };
    let other = Element { row: ROW, ..last.clone() };
    let value = Scalar::Entity(crate::bind::tree::PathRef::row(ROW, NounId::Participants));
    let mut chain = elements[..elements.len() - 1].to_vec();
    chain.push(other);
    Some(Subject { elements: chain, value, kept: Some(kept), but: vec![thing.label.clone()], word: "with" })
}

/// Without the words for certainty around it.
fn bare(condition: &Condition) -> &Condition {
    match condition {
        Condition::Possibly(inner) | Condition::Certainly(inner) => bare(inner),
        other => other,
    }
}

/// On one line, and not too long for a message.
fn shortened(text: &str) -> String {
    let words = crate::syntax::one_line(text);
    if words.chars().count() <= 60 { words } else { words.chars().take(59).chain(['…']).collect() }
}
