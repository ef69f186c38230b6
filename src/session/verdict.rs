//! ASSERT: a claim is weighed. What surely is and what possibly is give bounds; where they agree, it holds or fails.

use super::coverage::{Absence, sized, unclaimed};
use super::sources::Sources;
use super::weigh::{self, Verity, Weighed, all, any, not};
use super::{Prepared, RunError, Session, Value, decode};
use crate::answer::{Answer, Cell, Column, Finding, Outcome, Verdict};
use crate::bind::tree::{
    Aggregate, Asked, BoundAssert, BoundColumn, BoundQuery, BoundStatement, Claim, Condition, Conjunct, Element,
    Groups, Measure, MeasureKind, Scalar, Shape,
};
use crate::catalog::NounId;
use crate::diagnostic::Diagnostic;
use crate::plan::lower::emptied;
use crate::syntax::ast::CompareOperator;
use crate::value::date::Bounds;
use std::collections::BTreeSet;

/// So many of the rows that decide a claim are shown; how many more there are is said.
const SHOWN: u64 = 50;

impl Session {
    /// The verdict on a claim.
    pub(super) fn verdict(&self, assert: &BoundAssert, text: &str) -> Result<Verdict, RunError> {
        let mut scales =
            Scales { session: self, sources: Sources::new(&self.database), findings: Vec::new(), notes: Vec::new() };
        let outcome = match scales.claim(&assert.claim)? {
            Some(true) => Outcome::Holds,
            Some(false) => Outcome::Fails,
            None => Outcome::Undecided,
        };
        let Scales { sources, findings, notes, .. } = scales;
        let sources = sources.finish()?;
        Ok(Verdict { query: text.to_string(), label: assert.label.clone(), outcome, findings, notes, sources })
    }

    /// What stands left of the comparison in a claim, weighed for itself; nothing for other statements.
    ///
    /// # Errors
    /// When the time limit is reached, or someone stops it.
    pub fn value(&self, prepared: &Prepared) -> Result<Option<Value>, RunError> {
        let BoundStatement::Assert(assert) = &prepared.statement else { return Ok(None) };
        let Claim::Compare { left, .. } = &assert.claim else { return Ok(None) };
        self.database.limit_time(self.settings.timeout);
        let mut scales =
            Scales { session: self, sources: Sources::new(&self.database), findings: Vec::new(), notes: Vec::new() };
        let weighed = scales.measure(left)?;
        let Scales { sources, mut notes, .. } = scales;
        let words = weighed.words();
        // An elapsed time says itself what it is; here that is the value.
        let own = format!("{} = {words}", left.text);
        notes.retain(|note| *note != own);
        let several = match &weighed {
            Weighed::Values { certain, possible, .. } => Some(certain.len().max(possible.len())),
            _ => None,
        };
        Ok(Some(Value { words, several, notes, sources: sources.finish()? }))
    }
}

struct Scales<'a> {
    session: &'a Session,
    sources: Sources<'a>,
    findings: Vec<Finding>,
    notes: Vec<String>,
}

/// The values of one row, surely and possibly.
struct Both {
    certain: Vec<Cell>,
    possible: Vec<Cell>,
}

impl Scales<'_> {
    fn claim(&mut self, claim: &Claim) -> Result<Verity, RunError> {
        Ok(match claim {
            Claim::And(parts) => all(self.claims(parts)?),
            Claim::Or(parts) => any(self.claims(parts)?),
            Claim::Not(inner) => not(self.claim(inner)?),
            Claim::Possibly(inner) => Some(self.claim(inner)?.unwrap_or(true)),
            Claim::Certainly(inner) => Some(self.claim(inner)?.unwrap_or(false)),
            Claim::Exists { asked, negated, text } => {
                let (low, high) = self.counted(asked, text)?;
                let there = if low > 0.0 { Some(true) } else { (high == 0.0).then_some(false) };
                if *negated { not(there) } else { there }
            }
            Claim::Compare { operator, left, right } => {
                let (left, right) = (self.measure(left)?, self.measure(right)?);
                let truth = weigh::compare(*operator, &left, &right);
                let several = |value: &Weighed| matches!(value, Weighed::Values { .. });
                if truth.is_none() && (several(&left) || several(&right)) {
                    self.note(match operator {
                        CompareOperator::Equal | CompareOperator::NotEqual => {
                            "some values are not known, or not surely there"
                        }
                        _ => "several values are equal or not; they have no order",
                    });
                }
                truth
            }
            Claim::Date { relation, date, first, last, .. } => match self.measure(date)? {
                Weighed::Date(bounds) => weigh::date(*relation, &bounds, *first, *last),
                Weighed::Values { .. } => {
                    self.note("several dates cannot be compared with one; min(date) and max(date) are one");
                    None
                }
                _ => None,
            },
        })
    }

    /// All parts are weighed, also those that no longer matter: the findings are evidence.
    fn claims(&mut self, parts: &[Claim]) -> Result<Vec<Verity>, RunError> {
        parts.iter().map(|part| self.claim(part)).collect()
    }

    fn note(&mut self, text: &str) {
        if !self.notes.iter().any(|known| known == text) {
            self.notes.push(text.to_string());
        }
    }

    fn measure(&mut self, measure: &Measure) -> Result<Weighed, RunError> {
        Ok(match &measure.kind {
            MeasureKind::Count(asked) => {
                let (low, high) = self.counted(asked, &measure.text)?;
                Weighed::Number { low, high }
            }
            MeasureKind::Answer(asked) => self.answer(asked, &measure.text)?,
            MeasureKind::Number(number) => Weighed::exact(*number),
            MeasureKind::Text(text) | MeasureKind::Name(text) => Weighed::Text(text.clone()),
            MeasureKind::Date(bounds) => Weighed::Date(*bounds),
            MeasureKind::Elapsed { unit, from, to } => {
                let (from, to) = (self.measure(from)?, self.measure(to)?);
                let value = weigh::elapsed(*unit, &from, &to);
                self.note(&format!("{} = {}", measure.text, value.words()));
                value
            }
            MeasureKind::Negative(inner) => weigh::negative(&self.measure(inner)?),
            MeasureKind::Arithmetic { operator, left, right } => {
                let (left, right) = (self.measure(left)?, self.measure(right)?);
                weigh::arithmetic(*operator, &left, &right)
            }
        })
    }

    /// How many rows (or groups) there are, at least and at most.
    fn counted(&mut self, asked: &Asked, text: &str) -> Result<(f64, f64), RunError> {
        let asked = &self.opened(asked)?;
        let query = &asked.query;
        let (certain, possible) = self.session.bounds(query)?;
        let mut bounds = (certain as f64, possible as f64);
        if possible == 0 {
            if !self.covered(query)? {
                bounds.1 = f64::INFINITY;
            }
        } else {
            self.more_than_these(query)?;
        }
        let value = Weighed::Number { low: bounds.0, high: bounds.1 };
        self.find(asked, text, &value)?;
        Ok(bounds)
    }

    /// The query in the open world: what rests on an absence is left open where nothing covers it.
    fn opened(&mut self, asked: &Asked) -> Result<Asked, RunError> {
        let query = self.session.open_world(&asked.query, &mut self.notes)?;
        Ok(Asked { query, shown: asked.shown.clone() })
    }

    /// Rows that are there are counted; says where there may be more than the file holds.
    fn more_than_these(&mut self, query: &BoundQuery) -> Result<(), RunError> {
        if query.according.is_none()
            && let Absence::Open(why) = self.session.absence(query)?
            && super::coverage::is_covered_noun(query.noun)
        {
            self.note(&format!("there may be more than these: {why}"));
        }
        Ok(())
    }

    /// Whether it means something that a query has no rows; says so.
    fn covered(&mut self, query: &BoundQuery) -> Result<bool, RunError> {
        match self.session.absence(query)? {
            Absence::Covered(label) => {
                self.note(&format!("that there is none rests on coverage: {label}"));
                Ok(true)
            }
            Absence::Open(why) => {
                self.note(&format!("that there is none decides nothing: {why}"));
                Ok(false)
            }
        }
    }

    /// The value, or the values, of a query's one column.
    fn answer(&mut self, asked: &Asked, text: &str) -> Result<Weighed, RunError> {
        let asked = &self.opened(asked)?;
        let query = &asked.query;
        let value = match &query.shape {
            Shape::Groups(groups) if groups.keys.is_empty() => self.total(query, groups)?,
            _ => self.values(query)?,
        };
        self.find(asked, text, &value)?;
        Ok(value)
    }

    fn values(&mut self, query: &BoundQuery) -> Result<Weighed, RunError> {
        let certain = self.session.cells(query)?;
        let possible = self.session.cells(&possibly(query))?;
        if !possible.is_empty() {
            self.more_than_these(query)?;
        }
        let lists = |rows: &[Vec<Cell>]| rows.iter().flatten().any(|cell| matches!(cell, Cell::List(_)));
        if possible.is_empty() && !self.covered(query)? {
            return Ok(Weighed::Unknown);
        }
        // A number of meetings of something else is at least as many as the file holds.
        if let Shape::Groups(groups) = &query.shape
            && groups.aggregates.iter().filter_map(Aggregate::value).any(|value| sized(value).is_some())
        {
            return Ok(Weighed::Unknown);
        }
        if let Shape::Rows { columns } = &query.shape
            && columns.iter().any(|column| sized(&column.value).is_some())
        {
            return Ok(match (columns.as_slice(), certain.as_slice(), possible.as_slice()) {
                ([BoundColumn { value: Scalar::Size { .. }, .. }], [one], [_]) => match one.first().map(Weighed::of) {
                    Some(Weighed::Number { low, .. }) => Weighed::Number { low, high: f64::INFINITY },
                    _ => Weighed::Unknown,
                },
                _ => Weighed::Unknown,
            });
        }
        if let Shape::Groups(groups) = &query.shape {
            // More rows add groups, but they change what is computed of each, and what HAVING says of it.
            let only_keys = groups.columns.iter().all(|column| matches!(column.value, Scalar::Key(_)));
            let (least, most) = self.session.bounds_of_rows(query)?;
            if least != most && (!only_keys || groups.having.is_some()) {
                self.note("rows that are not surely there leave open what the groups are");
                return Ok(Weighed::Unknown);
            }
        }
        // A value that is not known may be any, and so may be one more element that is not surely there.
        let listed = match &query.shape {
            Shape::Rows { columns } => columns.iter().any(|column| match &column.value {
                Scalar::List { elements, .. } => elements.iter().any(unsure),
                _ => false,
            }),
            Shape::Groups(groups) => groups.expansions.iter().any(unsure),
        };
        let more = match &query.shape {
            Shape::Rows { .. } => false,
            Shape::Groups(groups) => groups.expansions.iter().any(|element| unclaimed(element).is_some()),
        };
        if let ([one], [_], false) = (certain.as_slice(), possible.as_slice(), more || lists(&certain)) {
            return Ok(one.first().map_or(Weighed::Unknown, Weighed::of));
        }
        let open = listed || possible.iter().flatten().any(has_unknown);
        let set = |rows: Vec<Vec<Cell>>| {
            let mut texts = BTreeSet::new();
            rows.iter().flatten().for_each(|cell| spread(cell, &mut texts));
            texts
        };
        Ok(Weighed::Values { certain: set(certain), possible: set(possible), open })
    }

    /// One row for all: what it is made of is weighed, then put together.
    fn total(&mut self, query: &BoundQuery, groups: &Groups) -> Result<Weighed, RunError> {
        let (certain, possible) = self.session.bounds_of_rows(query)?;
        if possible == 0 && !self.covered(query)? {
            let count = |aggregate: &Aggregate| match aggregate {
                Aggregate::Count => Weighed::Number { low: 0.0, high: f64::INFINITY },
                _ => Weighed::Unknown,
            };
            let weighed: Vec<Weighed> = groups.aggregates.iter().map(count).collect();
            return Ok(groups.columns.first().map_or(Weighed::Unknown, |column| expression(&column.value, &weighed)));
        }
        if possible > 0 {
            self.more_than_these(query)?;
        }
        let raw = raw(query, groups);
        let both = Both {
            certain: self.session.cells(&raw)?.into_iter().next().unwrap_or_default(),
            possible: self.session.cells(&possibly(&raw))?.into_iter().next().unwrap_or_default(),
        };
        let mut weighed = Vec::new();
        for (position, aggregate) in groups.aggregates.iter().enumerate() {
            let value = self.aggregate(query, aggregate, position, &both, certain != possible)?;
            weighed.push(value);
        }
        Ok(groups.columns.first().map_or(Weighed::Unknown, |column| expression(&column.value, &weighed)))
    }

    fn aggregate(
        &mut self,
        query: &BoundQuery,
        aggregate: &Aggregate,
        position: usize,
        both: &Both,
        open: bool,
    ) -> Result<Weighed, RunError> {
        let unknown = Cell::Unknown;
        let least = both.certain.get(position).unwrap_or(&unknown);
        let most = both.possible.get(position).unwrap_or(&unknown);
        let (one, other) = (Weighed::of(least), Weighed::of(most));
        let number = |value: &Weighed| match value {
            Weighed::Number { low, high } => Some((*low, *high)),
            _ => None,
        };
        if aggregate.value().is_some_and(|value| sized(value).is_some()) {
            return Ok(match (aggregate, number(&one)) {
                // The greatest of them and their sum can only grow.
                (Aggregate::Max(Scalar::Size { .. }) | Aggregate::Sum(Scalar::Size { .. }), Some((low, _))) => {
                    Weighed::Number { low, high: f64::INFINITY }
                }
                _ => Weighed::Unknown,
            });
        }
        let missing = self.session.rows_without_value(query, aggregate)?;
        if missing > 0 {
            self.note(&format!("{missing} of the rows have no known value"));
        }
        Ok(match aggregate {
            Aggregate::Count => bounds(number(&one), number(&other)),
            Aggregate::CountDistinct { elements, value } => {
                let missing = elements.is_empty() && value.row() == Some(0) && {
                    self.session.possible_rows_with(query, super::closing::without_value(value))? > 0
                };
                let open = missing || elements.iter().any(unsure);
                let most = if open { Some((f64::INFINITY, f64::INFINITY)) } else { number(&other) };
                bounds(number(&one), most)
            }
            Aggregate::CountPossible => other,
            Aggregate::Sum(value) => {
                let from = number(&one).map_or(0.0, |(low, _)| low);
                let to = number(&other).map_or(0.0, |(_, high)| high);
                // More rows can only add, where nothing is negative.
                match open || missing > 0 {
                    false => Weighed::exact(from),
                    true if self.session.has_negative(query, value)? => Weighed::Unknown,
                    true => Weighed::Number { low: from, high: if missing > 0 { f64::INFINITY } else { to } },
                }
            }
            Aggregate::Min(_) | Aggregate::Max(_) if missing > 0 => Weighed::Unknown,
            Aggregate::Min(_) => extreme(&one, &other, true),
            Aggregate::Max(_) => extreme(&one, &other, false),
            Aggregate::List { elements, .. } => {
                let (mut certain, mut possible) = (BTreeSet::new(), BTreeSet::new());
                spread(least, &mut certain);
                spread(most, &mut possible);
                let open = elements.iter().any(unsure) || has_unknown(most);
                Weighed::Values { certain, possible, open }
            }
            _ if open || missing > 0 => Weighed::Unknown,
            _ => one,
        })
    }

    /// The rows that decide, with their sources.
    fn find(&mut self, asked: &Asked, text: &str, value: &Weighed) -> Result<(), RunError> {
        if self.findings.iter().any(|known| known.text == text) {
            return Ok(());
        }
        let query = evidence(asked);
        let plan = self.session.plan(&query);
        let columns = plan.columns.iter().map(|c| Column { name: c.name.clone(), kind: decode::kind(&c.decode) });
        let columns = columns.collect();
        let statement = crate::sql::translate(&plan.rows);
        let mut rows = Vec::new();
        let mut more = 0;
        let sources = &mut self.sources;
        self.session.database.query(&statement, |raw| {
            if rows.len() as u64 >= SHOWN {
                more += 1;
                return Ok::<(), std::io::Error>(());
            }
            rows.push(super::row(&plan, raw, sources));
            Ok(())
        })?;
        let value = match value {
            Weighed::Values { certain, .. } if certain.len() > 8 => format!("{} values", certain.len()),
            value => value.words(),
        };
        self.findings.push(Finding {
            text: crate::syntax::one_line(text),
            value,
            columns,
            marked: rows.iter().any(|row: &crate::answer::Row| !row.certain),
            cited: plan.sources.is_some(),
            rows,
            more,
        });
        Ok(())
    }
}

impl Session {
    /// How many rows or groups there surely and possibly are.
    fn bounds(&self, query: &BoundQuery) -> Result<(u64, u64), Diagnostic> {
        if query.is_total() {
            return Ok((1, 1));
        }
        if let Some(block) = self.beside(query).groups {
            let numbers = self.numbers(&block)?;
            let at = |position: usize| numbers.get(position).copied().unwrap_or(0);
            return Ok((at(0), at(0) + at(1)));
        }
        self.bounds_of_rows(query)
    }

    pub(super) fn bounds_of_rows(&self, query: &BoundQuery) -> Result<(u64, u64), Diagnostic> {
        let (reference, all) = (self.reference_of(query), query.conjuncts.len());
        let certain = self.count(&emptied(query, reference, all))?;
        let possible = self.count(&emptied(&possibly(query), reference, all))?;
        Ok((certain, possible))
    }

    /// All rows of a query, in memory.
    pub(super) fn cells(&self, query: &BoundQuery) -> Result<Vec<Vec<Cell>>, RunError> {
        let mut answer = Answer::default();
        self.rows(&self.plan(query), &mut answer)?;
        Ok(answer.rows.into_iter().map(|row| row.cells).collect())
    }

    /// Of how many of a query's possible rows an aggregate's value is not known.
    fn rows_without_value(&self, query: &BoundQuery, aggregate: &Aggregate) -> Result<u64, Diagnostic> {
        let value = match aggregate {
            Aggregate::Min(value) | Aggregate::Max(value) | Aggregate::Sum(value) | Aggregate::Avg(value) => value,
            _ => return Ok(0),
        };
        if value.row() != Some(0) {
            return Ok(0);
        }
        self.possible_rows_with(query, super::closing::without_value(value))
    }

    fn has_negative(&self, query: &BoundQuery, value: &Scalar) -> Result<bool, Diagnostic> {
        let negative = Condition::Compare {
            operator: crate::syntax::ast::CompareOperator::Less,
            left: value.clone(),
            right: Scalar::Integer(0),
        };
        Ok(self.possible_rows_with(query, negative)? > 0)
    }

    fn possible_rows_with(&self, query: &BoundQuery, condition: Condition) -> Result<u64, Diagnostic> {
        let mut changed = possibly(query);
        changed.conjuncts.push(Conjunct { condition, text: String::new() });
        self.count(&emptied(&changed, self.reference_of(query), changed.conjuncts.len()))
    }
}

/// The query with all rows that it may have.
pub(super) fn possibly(query: &BoundQuery) -> BoundQuery {
    let mut changed = query.clone();
    for conjunct in &mut changed.conjuncts {
        let inner = std::mem::replace(&mut conjunct.condition, Condition::And(Vec::new()));
        conjunct.condition = Condition::Possibly(Box::new(inner));
    }
    changed
}

/// The rows under a query, those that may belong marked; of groups the groups themselves.
fn evidence(asked: &Asked) -> BoundQuery {
    let query = &asked.query;
    let cite = query.noun.noun().cite.is_some();
    if matches!(&query.shape, Shape::Groups(groups) if !groups.keys.is_empty()) {
        return BoundQuery { cite, ..query.clone() };
    }
    let shape = Shape::Rows { columns: asked.shown.clone() };
    let possible = possibly(query);
    BoundQuery { cite, shape, marked: true, order: Vec::new(), limit: None, ..possible }
}

/// The query with a column for each aggregate, unchanged otherwise.
fn raw(query: &BoundQuery, groups: &Groups) -> BoundQuery {
    let columns = (0..groups.aggregates.len())
        .map(|at| BoundColumn { name: at.to_string(), value: Scalar::Aggregate(at) })
        .collect();
    let groups = Groups { columns, ..groups.clone() };
    BoundQuery { shape: Shape::Groups(Box::new(groups)), order: Vec::new(), cite: false, ..query.clone() }
}

/// A value made of aggregates.
fn expression(value: &Scalar, weighed: &[Weighed]) -> Weighed {
    match value {
        Scalar::Aggregate(position) => weighed.get(*position).cloned().unwrap_or(Weighed::Unknown),
        Scalar::Integer(number) => Weighed::exact(*number as f64),
        Scalar::Number(number) => Weighed::exact(*number),
        Scalar::Text(text) => Weighed::Text(text.clone()),
        Scalar::Fixed(bounds) => Weighed::Date(*bounds),
        Scalar::Negative(inner) => weigh::negative(&expression(inner, weighed)),
        Scalar::Arithmetic { operator, left, right } => {
            weigh::arithmetic(*operator, &expression(left, weighed), &expression(right, weighed))
        }
        Scalar::Elapsed { unit, from, to } => {
            weigh::elapsed(*unit, &expression(from, weighed), &expression(to, weighed))
        }
        _ => Weighed::Unknown,
    }
}

fn bounds(least: Option<(f64, f64)>, most: Option<(f64, f64)>) -> Weighed {
    match (least, most) {
        (Some((low, _)), Some((_, high))) => Weighed::Number { low, high },
        _ => Weighed::Unknown,
    }
}

/// Whether it may be that an element is there and not sure that it is.
fn unsure(element: &Element) -> bool {
    element.is_dated()
        || unclaimed(element).is_some()
        || element.filter.as_ref().is_some_and(|filter| rests_on_membership(filter))
}

fn rests_on_membership(condition: &Condition) -> bool {
    match condition {
        Condition::And(parts) | Condition::Or(parts) => parts.iter().any(rests_on_membership),
        Condition::Not(inner) => rests_on_membership(inner),
        Condition::Party { thing, .. } => thing.noun == NounId::Groups,
        Condition::Holds(_) => true,
        _ => false,
    }
}

/// Whether some of it is not exactly known.
fn has_unknown(cell: &Cell) -> bool {
    match cell {
        Cell::Unknown => true,
        Cell::List(items) => items.iter().any(has_unknown),
        Cell::Date(date) => !date.bounds.is_exact(),
        Cell::Range(low, high) => low != high,
        _ => false,
    }
}

/// The least (or greatest) value, with what more rows could make of it.
fn extreme(certain: &Weighed, possible: &Weighed, least: bool) -> Weighed {
    match (certain, possible) {
        (Weighed::Number { low, high }, Weighed::Number { low: other_low, high: other_high }) => {
            Weighed::Number { low: low.min(*other_low), high: high.max(*other_high) }
        }
        (Weighed::Date(one), Weighed::Date(other)) if least => {
            Weighed::Date(Bounds::within(other.start_min, one.start_max))
        }
        (Weighed::Date(one), Weighed::Date(other)) => Weighed::Date(Bounds::within(one.end_min, other.end_max)),
        // Of rows that all may be missing there may be no least at all.
        (one, other) if one == other => one.clone(),
        _ => Weighed::Unknown,
    }
}

fn spread(cell: &Cell, texts: &mut BTreeSet<String>) {
    match cell {
        Cell::List(items) => items.iter().for_each(|item| spread(item, texts)),
        // What is vague may be any of several.
        cell if has_unknown(cell) => {}
        Cell::Period(period) => drop(texts.insert(period.to_string())),
        cell => drop(texts.insert(Weighed::of(cell).words())),
    }
}
