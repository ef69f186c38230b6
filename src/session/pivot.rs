//! ZEROS adds the groups that the calendar or the catalogue has and the rows have not; ACROSS turns one key into columns.
//!
//! Both work on the groups of the plain query, in memory: there are never many of them.

use super::sources::Sources;
use super::verdict::possibly;
use super::weigh::{self, Weighed};
use super::{RunError, Session, Shown, counted, decode};
use crate::answer::{Cell, Column, ColumnKind, Head, Row, Sink};
use crate::bind::chart::chart;
use crate::bind::tree::{
    Aggregate, BoundColumn, BoundQuery, Condition, Conjunct, Element, Groups, PathRef, Scalar, Shape, Thing, Type,
};
use crate::catalog::{NounId, Via, When};
use crate::diagnostic::{Diagnostic, running};
use crate::plan::lower::emptied;
use crate::sql::{Parameter, SqlQuery};
use crate::store::Raw;
use crate::syntax::ast::{ArithmeticOperator, CompareOperator, Quantifier};
use crate::value::date::{OPEN_FUTURE, OPEN_PAST};
use crate::value::period::{Period, Unit};
use crate::value::text::fold;
use std::cell::RefCell;
use std::cmp::Ordering;
use std::collections::HashMap;
use std::rc::Rc;

/// More groups than that are not for reading.
const MOST_GROUPS: usize = 1_000_000;
/// More columns than that neither.
const MOST_COLUMNS: usize = 1000;

/// One group: the cells of its keys, of what is shown, and of what it is sorted by.
struct Group {
    /// What tells its keys from others, which may be shown alike.
    identity: Vec<Identity>,
    keys: Vec<Cell>,
    shown: Vec<Cell>,
    order: Vec<Cell>,
    /// How many rows surely are in it.
    count: i64,
    sources: Vec<usize>,
    /// Whether the rows have no such group.
    empty: bool,
}

/// A key's value in the file, or that there is none (1) or that it is not known (2).
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
enum Identity {
    Integer(i64),
    Text(String),
    Without(i64),
}

/// What is known of the groups of a query besides those that are shown.
struct Known<'a> {
    query: &'a BoundQuery,
    groups: &'a Groups,
    /// The keys of all groups that rows have, HAVING or not, each with how many rows surely are in it.
    all: HashMap<Vec<Identity>, i64>,
    /// The cells of their keys.
    seen: Vec<Vec<Cell>>,
    /// Whether a row may be in a group in which none surely is.
    open: bool,
}

impl Known<'_> {
    /// Whether any row surely has this key.
    fn has(&self, at: Option<usize>, keys: &[Identity]) -> bool {
        self.all.iter().any(|(known, count)| *count > 0 && at.is_none_or(|at| known[at] == keys[at]))
    }
}

/// One value that a key may have.
#[derive(Clone, Debug)]
enum Possible {
    Period(Unit, i64),
    Word(String),
    Thing(Thing),
}

impl Possible {
    fn cell(&self) -> Cell {
        match self {
            Possible::Period(unit, number) if unit.is_plain() => Cell::Integer(*number),
            Possible::Period(unit, number) => Cell::Period(Period { unit: *unit, number: *number }),
            Possible::Word(word) => Cell::Text(word.clone()),
            Possible::Thing(thing) => Cell::Text(thing.label.clone()),
        }
    }

    fn identity(&self) -> Identity {
        match self {
            Possible::Period(_, number) => Identity::Integer(*number),
            Possible::Word(word) => Identity::Text(word.clone()),
            Possible::Thing(thing) => Identity::Integer(thing.id),
        }
    }

    /// The condition that a key has this value.
    fn condition(&self, key: &Scalar) -> Condition {
        let equal = |right| Condition::Compare { operator: CompareOperator::Equal, left: key.clone(), right };
        match (self, key) {
            (Possible::Period(_, number), _) => equal(Scalar::Integer(*number)),
            (Possible::Word(word), _) => equal(Scalar::Text(word.clone())),
            (Possible::Thing(thing), Scalar::Entity(at)) => {
                Condition::Is { entity: at.clone(), things: vec![thing.clone()] }
            }
            (Possible::Thing(thing), _) => equal(Scalar::Text(thing.label.clone())),
        }
    }
}

impl Session {
    /// A grouped query with ACROSS or ZEROS.
    pub(super) fn pivoted(&self, query: &BoundQuery, text: &str, sink: &mut dyn Sink) -> Result<(), RunError> {
        let Shape::Groups(groups) = &query.shape else { return self.query(query, text, sink) };
        let (mut found, sources) = self.groups_of(query, groups)?;
        // A group that HAVING ruled out is no group without rows.
        let all = match &groups.having {
            Some(_) => self.groups_of(query, &Groups { having: None, ..groups.as_ref().clone() })?.0,
            None => Vec::new(),
        };
        let all = if groups.having.is_some() { &all } else { &found };
        let seen: Vec<Vec<Cell>> = all.iter().map(|group| group.keys.clone()).collect();
        let all = all.iter().map(|group| (group.identity.clone(), group.count)).collect();
        let vague = seen.iter().any(|keys| keys.contains(&Cell::Unknown));
        let dated = groups.expansions.iter().any(Element::is_dated);
        let (certain, possible) = self.bounds_of_rows(query)?;
        let known = Known { query, groups, all, seen, open: vague || dated || certain != possible };
        if query.zeros {
            self.add_zeros(&known, &mut found)?;
        }
        let empty = found.iter().filter(|group| group.empty).count() as u64;
        // Without more groups they stand in order already, by the bounds of their dates rather than by their texts.
        if empty > 0 {
            let folds = Folds::default();
            found.sort_by(|one, other| in_order(one, other, query, &folds));
        }
        let kinds: Vec<ColumnKind> =
            self.plan(query).columns.iter().map(|column| decode::kind(&column.decode)).collect();
        let (columns, mut rows) = if query.across {
            self.across(&known, &kinds, found)?
        } else {
            let named = groups.columns.iter().zip(&kinds);
            let columns = named.map(|(column, kind)| Column { name: column.name.clone(), kind: *kind }).collect();
            (columns, found.into_iter().map(|group| (group.shown, group.sources)).collect())
        };
        let all = rows.len() as u64;
        if let Some((count, offset)) = query.limit {
            let whole = |number: u64| usize::try_from(number).unwrap_or(usize::MAX);
            rows = rows.into_iter().skip(whole(offset)).take(whole(count)).collect();
        }
        let shown = rows.len() as u64;
        sink.head(&Head {
            query: text.to_string(),
            columns,
            cited: query.cite,
            chart: chart(query),
            drawn: query.chart,
            ..Head::default()
        })?;
        for (cells, sources) in rows {
            self.database.go_on()?;
            sink.row(&Row { cells, certain: true, sources })?;
        }
        let plain = BoundQuery { limit: None, ..query.clone() };
        let delivered = Shown { given: all, delivered: all, uncertain: 0, sources };
        let mut closing = self.closing(&plain, delivered)?;
        if empty > 0 {
            let total = counted(closing.count + empty, "group", "groups");
            closing.summary = format!("{total}, {empty} of them without a row (ZEROS)");
            closing.count += empty;
            closing.count_possible += empty;
        }
        if query.across {
            closing.summary = format!("{}; {}", counted(all, "row", "rows"), closing.summary);
        }
        if shown < all {
            closing.notes.push(format!("{shown} of {all} rows shown: LIMIT"));
        }
        sink.closing(&closing)?;
        Ok(())
    }

    /// The groups of the plain query, with the values of their keys and of what they are sorted by.
    fn groups_of(&self, query: &BoundQuery, groups: &Groups) -> Result<(Vec<Group>, Sources<'_>), RunError> {
        let column = |value: Scalar| BoundColumn { name: String::new(), value };
        let (keys, shown) = (groups.keys.len(), groups.columns.len());
        let mut columns: Vec<BoundColumn> = (0..keys).map(|at| column(Scalar::Key(at))).collect();
        columns.extend(groups.columns.iter().cloned());
        columns.extend(query.order.iter().map(|key| column(key.value.clone())));
        let mut aggregates = groups.aggregates.clone();
        columns.push(column(Scalar::Aggregate(aggregates.len())));
        aggregates.push(Aggregate::Count);
        let wide = Groups { columns, aggregates, ..groups.clone() };
        let whole = BoundQuery { shape: Shape::Groups(Box::new(wide)), limit: None, ..query.clone() };
        let plan = self.plan(&whole);
        let mut sources = Sources::new(&self.database);
        let mut found = Vec::new();
        self.database.query(&crate::sql::translate(&plan.rows), |raw| {
            let row = super::row(&plan, raw, &mut sources);
            let identity = plan.keys.iter().map(|(value, state)| match (raw.get(*value), raw.integer(*state)) {
                (_, state) if state != 0 => Identity::Without(state),
                (Raw::Integer(number), _) => Identity::Integer(number),
                (Raw::Real(number), _) => Identity::Text(number.to_string()),
                _ => Identity::Text(raw.text(*value).unwrap_or_default()),
            });
            let identity = identity.collect();
            let mut cells = row.cells;
            let count = match cells.pop() {
                Some(Cell::Integer(count)) => count,
                _ => 0,
            };
            let mut cells = cells.into_iter();
            found.push(Group {
                identity,
                keys: cells.by_ref().take(keys).collect(),
                shown: cells.by_ref().take(shown).collect(),
                order: cells.collect(),
                count,
                sources: row.sources,
                empty: false,
            });
            Ok::<(), std::io::Error>(())
        })?;
        Ok((found, sources))
    }

    /// Adds the groups of all values that the keys may have and that no row has.
    fn add_zeros(&self, known: &Known<'_>, found: &mut Vec<Group>) -> Result<(), RunError> {
        let mut domains: Vec<Vec<Possible>> = Vec::new();
        let mut size: usize = 1;
        for (position, key) in known.groups.keys.iter().enumerate() {
            let seen: Vec<&Cell> = known.seen.iter().map(|keys| &keys[position]).collect();
            let domain = self.domain(known.query, key, &seen)?;
            size = size.saturating_mul(domain.len());
            domains.push(domain);
        }
        if size > MOST_GROUPS {
            return Err(RunError::Failed(running::too_many_groups(size, MOST_GROUPS)));
        }
        let mut at = vec![0; domains.len()];
        for _ in 0..size {
            self.database.go_on()?;
            let values: Vec<&Possible> = domains.iter().zip(&at).map(|(domain, at)| &domain[*at]).collect();
            let identity: Vec<Identity> = values.iter().map(|value| value.identity()).collect();
            if !known.all.contains_key(&identity) {
                found.extend(self.empty_group(known, identity, &values)?);
            }
            for (place, domain) in at.iter_mut().zip(&domains).rev() {
                *place += 1;
                if *place < domain.len() {
                    break;
                }
                *place = 0;
            }
        }
        Ok(())
    }

    /// A group without a row, unless HAVING rules it out.
    fn empty_group(
        &self,
        known: &Known<'_>,
        identity: Vec<Identity>,
        values: &[&Possible],
    ) -> Result<Option<Group>, RunError> {
        let groups = known.groups;
        let keys: Vec<Cell> = values.iter().map(|value| value.cell()).collect();
        let asked = groups.having.is_some() || groups.aggregates.contains(&Aggregate::CountPossible);
        let possible = if asked { Some(self.may_be(known, values)?) } else { None };
        let empty = Empty { known, identity: &identity, keys: &keys, possible };
        if groups.having.as_ref().is_some_and(|having| empty.truth(&having.condition) != Some(true)) {
            return Ok(None);
        }
        let shown = groups.columns.iter().map(|column| empty.cell(&column.value)).collect();
        let order = known.query.order.iter().map(|key| empty.cell(&key.value)).collect();
        Ok(Some(Group { identity, keys, shown, order, count: 0, sources: Vec::new(), empty: true }))
    }

    /// How many rows may be in a group in which none surely is.
    fn may_be(&self, known: &Known<'_>, values: &[&Possible]) -> Result<u64, Diagnostic> {
        if !known.open {
            return Ok(0);
        }
        let groups = known.groups;
        let parts = groups.keys.iter().zip(values).map(|(key, value)| value.condition(key)).collect();
        let all = Condition::And(parts);
        let condition = if groups.expansions.is_empty() {
            all
        } else {
            let elements = groups.expansions.clone();
            Condition::Quantified { quantifier: Quantifier::Any, elements, condition: Box::new(all) }
        };
        let mut changed = known.query.clone();
        changed.conjuncts.push(Conjunct { condition, text: String::new() });
        let changed = possibly(&changed);
        self.count(&emptied(&changed, self.reference_of(known.query), changed.conjuncts.len()))
    }

    /// All values that a key may have: of periods those between the first and the last.
    fn domain(&self, query: &BoundQuery, key: &Scalar, seen: &[&Cell]) -> Result<Vec<Possible>, Diagnostic> {
        match (key, key.kind(None)) {
            (Scalar::Period { unit: Unit::Weekday, .. }, _) => {
                Ok((1..=7).map(|day| Possible::Period(Unit::Weekday, day)).collect())
            }
            (Scalar::Period { unit, .. }, _) => Ok(periods(*unit, query, seen)),
            (_, Type::Word(vocabulary)) => {
                Ok(vocabulary.words.iter().map(|(word, _)| Possible::Word((*word).to_string())).collect())
            }
            (Scalar::Entity(at), _) => self.things(query, at),
            _ => Ok(Vec::new()),
        }
    }

    /// All rows of the noun that a path leads to. What only classifies (the region of a country) is no universe of its
    /// own: of that the values in use.
    fn things(&self, query: &BoundQuery, at: &PathRef) -> Result<Vec<Possible>, Diagnostic> {
        let noun = at.noun.noun();
        let before = match at.steps.len() {
            0 | 1 => None,
            length => Some(at.steps[length - 2].link.to),
        };
        let link = at.steps.last().map(|step| step.link);
        let classifies = before.zip(link).filter(|(before, link)| {
            before.noun().when == When::Never && link.via == Via::Column && *before != NounId::Leaders
        });
        // A country that was gone before the days asked for has no part in them.
        let first = query.reach.first.unwrap_or(OPEN_PAST);
        let there = if at.noun == NounId::Countries { " WHERE \"end\" IS NULL OR \"end_max\" >= ?1" } else { "" };
        let parameters = if there.is_empty() { Vec::new() } else { vec![Parameter::Integer(first)] };
        let text = match classifies {
            Some((before, link)) => format!(
                "SELECT x.\"id\" AS c0, x.\"label\" AS c1 FROM \"{0}\" AS x WHERE x.\"id\" IN \
                 (SELECT \"{2}_id\" FROM \"{1}\") ORDER BY c0",
                noun.name,
                before.noun().name,
                link.name
            ),
            None => format!("SELECT \"id\" AS c0, \"label\" AS c1 FROM \"{}\"{there} ORDER BY c0", noun.name),
        };
        let parameters = if classifies.is_some() { Vec::new() } else { parameters };
        let things = self.database.collect(&SqlQuery::new(text, parameters), |row| {
            Possible::Thing(Thing { noun: at.noun, id: row.integer(0), label: row.text(1).unwrap_or_default() })
        })?;
        Ok(things)
    }
}

/// The periods from the first to the last: as far as the query's dates say, else of those that rows have.
fn periods(unit: Unit, query: &BoundQuery, seen: &[&Cell]) -> Vec<Possible> {
    let number = |cell: &&Cell| match cell {
        Cell::Integer(number) => Some(*number),
        Cell::Period(period) => Some(period.number),
        _ => None,
    };
    let numbers: Vec<i64> = seen.iter().filter_map(number).collect();
    let asked = |day: Option<i64>| day.filter(|day| *day > OPEN_PAST && *day < OPEN_FUTURE).map(|day| unit.number(day));
    let first = asked(query.reach.first).or(numbers.iter().min().copied());
    let last = asked(query.reach.last).or(numbers.iter().max().copied());
    match (first, last) {
        (Some(first), Some(last)) => (first..=last).map(|number| Possible::Period(unit, number)).collect(),
        _ => Vec::new(),
    }
}

/// A group in which no row surely is: what its columns hold.
struct Empty<'a> {
    known: &'a Known<'a>,
    identity: &'a [Identity],
    keys: &'a [Cell],
    /// How many rows may be in it, if that was asked.
    possible: Option<u64>,
}

impl Empty<'_> {
    fn aggregate(&self, position: usize) -> Option<&Aggregate> {
        self.known.groups.aggregates.get(position)
    }

    fn cell(&self, value: &Scalar) -> Cell {
        match value {
            Scalar::Key(position) => self.keys.get(*position).cloned().unwrap_or(Cell::Unknown),
            Scalar::Text(text) => Cell::Text(text.clone()),
            Scalar::Aggregate(at) if matches!(self.aggregate(*at), Some(Aggregate::List { .. })) => {
                Cell::List(Vec::new())
            }
            _ => match self.number(value) {
                Some(number) if number.fract() == 0.0 && value.kind(Some(self.known.groups)) == Type::Integer => {
                    Cell::Integer(number as i64)
                }
                Some(number) => Cell::Number(number),
                None => Cell::Unknown,
            },
        }
    }

    fn number(&self, value: &Scalar) -> Option<f64> {
        match value {
            Scalar::Integer(number) => Some(*number as f64),
            Scalar::Number(number) => Some(*number),
            Scalar::Aggregate(position) => match self.aggregate(*position)? {
                Aggregate::Count | Aggregate::CountDistinct { .. } => Some(0.0),
                Aggregate::Share(per) => self.known.has(*per, self.identity).then_some(0.0),
                Aggregate::CountPossible => self.possible.map(|possible| possible as f64),
                _ => None,
            },
            Scalar::Key(position) => match self.keys.get(*position)? {
                Cell::Integer(number) => Some(*number as f64),
                Cell::Period(period) => Some(period.number as f64),
                _ => None,
            },
            Scalar::Negative(inner) => self.number(inner).map(|number| -number),
            Scalar::Arithmetic { operator, left, right } => {
                let (left, right) = (self.number(left)?, self.number(right)?);
                match operator {
                    ArithmeticOperator::Plus => Some(left + right),
                    ArithmeticOperator::Minus => Some(left - right),
                    ArithmeticOperator::Times => Some(left * right),
                    ArithmeticOperator::Divide => (right != 0.0).then_some(left / right),
                }
            }
            _ => None,
        }
    }

    /// A side of a comparison, with what the rows that may be in the group could make of it.
    fn weighed(&self, value: &Scalar) -> Weighed {
        let open = self.possible.is_some_and(|possible| possible > 0);
        match value {
            Scalar::Negative(inner) => weigh::negative(&self.weighed(inner)),
            Scalar::Arithmetic { operator, left, right } => {
                weigh::arithmetic(*operator, &self.weighed(left), &self.weighed(right))
            }
            Scalar::Aggregate(position) => match self.aggregate(*position) {
                Some(Aggregate::Count) => Weighed::Number { low: 0.0, high: self.possible.unwrap_or(0) as f64 },
                Some(Aggregate::CountDistinct { .. }) if open => Weighed::Number { low: 0.0, high: f64::INFINITY },
                Some(Aggregate::CountPossible) | None => self.plainly(value),
                Some(_) if open => Weighed::Unknown,
                Some(_) => self.plainly(value),
            },
            value => self.plainly(value),
        }
    }

    fn plainly(&self, value: &Scalar) -> Weighed {
        match self.number(value) {
            Some(number) => Weighed::exact(number),
            None => Weighed::of(&self.cell(value)),
        }
    }

    /// HAVING on a group without rows; nothing where it cannot be told.
    fn truth(&self, condition: &Condition) -> Option<bool> {
        use weigh::{all, any, not};
        match condition {
            Condition::And(parts) => all(parts.iter().map(|part| self.truth(part))),
            Condition::Or(parts) => any(parts.iter().map(|part| self.truth(part))),
            Condition::Not(inner) => not(self.truth(inner)),
            Condition::Possibly(inner) => Some(self.truth(inner).unwrap_or(true)),
            Condition::Certainly(inner) => Some(self.truth(inner).unwrap_or(false)),
            Condition::Compare { operator, left, right } => {
                weigh::compare(*operator, &self.weighed(left), &self.weighed(right))
            }
            Condition::IsUnknown(value) => Some(self.cell(value) == Cell::Unknown),
            _ => None,
        }
    }
}

/// Texts as they are sorted; the same few stand in many groups.
#[derive(Default)]
struct Folds(RefCell<HashMap<String, Rc<str>>>);

impl Folds {
    fn of(&self, text: &str) -> Rc<str> {
        let mut known = self.0.borrow_mut();
        if let Some(folded) = known.get(text) {
            return Rc::clone(folded);
        }
        let folded: Rc<str> = fold(text).into();
        known.insert(text.to_string(), Rc::clone(&folded));
        folded
    }
}

/// By what the query says, then by the keys.
fn in_order(one: &Group, other: &Group, query: &BoundQuery, folds: &Folds) -> Ordering {
    let asked = query.order.iter().zip(one.order.iter().zip(&other.order));
    let asked = asked.map(|(key, (a, b))| compare(a, b, key.descending, folds));
    let downwards = query.order.last().is_some_and(|key| key.descending);
    let keys = one.keys.iter().zip(&other.keys).map(|(a, b)| compare(a, b, downwards, folds));
    asked.chain(keys).find(|order| order.is_ne()).unwrap_or(Ordering::Equal)
}

/// Known before none before unknown, in either direction.
fn compare(one: &Cell, other: &Cell, descending: bool, folds: &Folds) -> Ordering {
    let rank = |cell: &Cell| match cell {
        Cell::Unknown => 2,
        Cell::Text(text) if text == decode::NONE => 1,
        _ => 0,
    };
    let number = |cell: &Cell| match cell {
        Cell::Integer(number) => Some(*number as f64),
        Cell::Number(number) => Some(*number),
        Cell::Period(period) => Some(period.number as f64),
        Cell::Boolean(truth) => Some(f64::from(u8::from(*truth))),
        _ => None,
    };
    let ends = |cell: &Cell| match cell {
        Cell::Integer(number) => Some((*number, *number)),
        Cell::Range(low, high) => Some((*low, *high)),
        _ => None,
    };
    let values = match (one, other) {
        (Cell::Text(a), Cell::Text(b)) if a == b => Ordering::Equal,
        (Cell::Text(a), Cell::Text(b)) => folds.of(a).cmp(&folds.of(b)).then_with(|| a.cmp(b)),
        (Cell::Date(a), Cell::Date(b)) => {
            let days = |date: &crate::value::date::VagueDate| (date.bounds.start_min, date.bounds.end_max);
            days(a).cmp(&days(b)).then_with(|| a.text.cmp(&b.text))
        }
        _ => match (ends(one), ends(other)) {
            (Some(a), Some(b)) => a.cmp(&b),
            _ => number(one).partial_cmp(&number(other)).unwrap_or(Ordering::Equal),
        },
    };
    rank(one).cmp(&rank(other)).then(if descending { values.reverse() } else { values })
}

type Table = (Vec<Column>, Vec<(Vec<Cell>, Vec<usize>)>);

impl Session {
    /// The values of the last key become columns, each with every value of a group that is shown.
    fn across(&self, known: &Known<'_>, kinds: &[ColumnKind], found: Vec<Group>) -> Result<Table, RunError> {
        let groups = known.groups;
        let last = groups.keys.len().saturating_sub(1);
        let mut heads: Vec<(Identity, Cell)> = Vec::new();
        let mut columns_of: HashMap<Identity, usize> = HashMap::new();
        for group in &found {
            let identity = &group.identity[last];
            if !heads.iter().any(|(known, _)| known == identity) {
                heads.push((identity.clone(), group.keys[last].clone()));
            }
        }
        let folds = Folds::default();
        heads.sort_by(|(_, a), (_, b)| compare(a, b, false, &folds));
        for (at, (identity, _)) in heads.iter().enumerate() {
            columns_of.insert(identity.clone(), at);
        }
        let is_key = |value: &Scalar| matches!(value, Scalar::Key(_));
        let (fixed, values): (Vec<usize>, Vec<usize>) =
            (0..groups.columns.len()).partition(|at| is_key(&groups.columns[*at].value));
        if heads.len() * values.len() > MOST_COLUMNS {
            let many = running::too_many_groups(heads.len() * values.len(), MOST_COLUMNS);
            return Err(RunError::Failed(many));
        }
        let named = |at: &usize| Column { name: groups.columns[*at].name.clone(), kind: kinds[*at] };
        let mut columns: Vec<Column> = fixed.iter().map(named).collect();
        for (_, head) in &heads {
            let name = crate::answer::plain(head, ", ").unwrap_or_else(|| "unknown".to_string());
            columns.extend(values.iter().map(|at| {
                let column = &groups.columns[*at];
                let name = if values.len() == 1 { name.clone() } else { format!("{name}: {}", column.name) };
                Column { name, kind: kinds[*at] }
            }));
        }
        let mut rows: Vec<(Vec<Cell>, Vec<usize>)> = Vec::new();
        let mut places: HashMap<Vec<Identity>, usize> = HashMap::new();
        for group in found {
            let own = group.identity[..last].to_vec();
            let at = *places.entry(own.clone()).or_insert_with(|| {
                let mut cells: Vec<Cell> = fixed.iter().map(|at| group.shown[*at].clone()).collect();
                for (head, cell) in &heads {
                    let identity: Vec<Identity> = own.iter().chain([head]).cloned().collect();
                    let keys: Vec<Cell> = group.keys[..last].iter().chain([cell]).cloned().collect();
                    // Where a row meets a column that it has no group with, nothing was counted; a group that HAVING
                    // rules out is not shown as if it were empty.
                    let ruled_out = known.all.get(&identity).is_some_and(|count| *count > 0);
                    let possible = (!known.open).then_some(0);
                    let empty = Empty { known, identity: &identity, keys: &keys, possible };
                    let cell = |at: &usize| empty.cell(&groups.columns[*at].value);
                    cells.extend(values.iter().map(|at| if ruled_out { Cell::Unknown } else { cell(at) }));
                }
                rows.push((cells, Vec::new()));
                rows.len() - 1
            });
            let head = columns_of.get(&group.identity[last]).copied().unwrap_or(0);
            let (cells, sources) = &mut rows[at];
            for (position, at_column) in values.iter().enumerate() {
                cells[fixed.len() + head * values.len() + position] = group.shown[*at_column].clone();
            }
            sources.extend(group.sources);
            sources.sort_unstable();
            sources.dedup();
        }
        Ok((columns, rows))
    }
}
