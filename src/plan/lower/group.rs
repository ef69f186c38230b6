//! Grouped queries: a block `base` with a row for each FROM row and element, a block `groups` over it, and the answer.
//!
//! `count()` counts FROM rows, each once a group, however many elements it has there: so `base` carries the FROM row's
//! id, and sums and means are taken over different ids. A row whose key is undecided stands in a group of its own and
//! counts as possible in every group that its key may be.

use super::interval::{Interval, compare, elapsed, is_known};
use super::output::{cited, decode, is_text};
use super::scalar::operation;
use super::summary::total;
use super::{Lowerer, Mode, source_of, source_of_element};
use crate::bind::tree::{Aggregate, BoundQuery, Condition, Element, Groups, Order, PathRef, RowId, Scalar, Type};
use crate::plan::tree::{Alias, Block, Join, Source, Truth, Value};
use crate::plan::walk;
use crate::plan::{Beside, Decode, Plan, PlanColumn};
use crate::syntax::ast::{ArithmeticOperator, DateRelation};
use crate::value::date::{Day, Edge, VagueDate};
use std::collections::HashMap;

const BASE: &str = "base";
const GROUPS: &str = "grouped";

/// What a group's key or an aggregate is in the block `groups`.
#[derive(Clone, Debug, Default)]
struct Key {
    /// In `base`: what tells two keys apart, what is shown, and whether it is known (0), none (1) or unknown (2).
    identity: usize,
    shown: usize,
    state: usize,
    /// In `base`: the first and the last period that an undecided key may be.
    bounds: Option<(usize, usize)>,
    /// In `base`: the four bounds of a date, or both ends of a range.
    ends: Vec<usize>,
    /// In `groups`.
    group_identity: usize,
    group_shown: usize,
    group_state: usize,
    group_ends: Vec<usize>,
}

/// Position in `groups` of an aggregate's value. The least and the greatest date take two; behind the first and the last
/// one stand their four bounds.
type Place = usize;

struct Grouper<'a> {
    lowerer: Lowerer<'a>,
    groups: &'a Groups,
    /// The columns of `base` and of `groups` so far.
    base: Vec<Value>,
    columns: Vec<Value>,
    keys: Vec<Key>,
    /// Of each expansion, the position of its element's id in `base`.
    elements: HashMap<RowId, usize>,
    aggregates: Vec<Place>,
    /// In `base`: what the FROM rows are sorted by.
    rows_order: Vec<usize>,
    /// Aliases of `base` inside `groups`, and of `groups` inside the answer.
    base_alias: Alias,
    group_alias: Alias,
    sure_always: bool,
}

/// Positions that never change.
const ID: usize = 0;
const SURE: usize = 1;
const COUNT: usize = 0;
const COUNT_POSSIBLE: usize = 1;

pub(super) fn groups_plan(query: &BoundQuery, groups: &Groups, reference: Day) -> Plan {
    Grouper::new(query, groups, reference).plan(query)
}

pub(super) fn groups_beside(query: &BoundQuery, groups: &Groups, reference: Day) -> Beside {
    let mut grouper = Grouper::new(query, groups, reference);
    let with = grouper.with(query);
    Beside {
        summary: Some(Lowerer::new(query, reference).summary()),
        not_held: None,
        groups: (!groups.keys.is_empty()).then(|| grouper.counts(with)),
        cut: None,
    }
}

impl<'a> Grouper<'a> {
    fn new(query: &'a BoundQuery, groups: &'a Groups, reference: Day) -> Self {
        let mut lowerer = Lowerer::new(query, reference);
        let (base_alias, group_alias) = (lowerer.alias(), lowerer.alias());
        Grouper {
            lowerer,
            groups,
            base: Vec::new(),
            columns: Vec::new(),
            keys: Vec::new(),
            elements: HashMap::new(),
            aggregates: Vec::new(),
            rows_order: vec![ID],
            base_alias,
            group_alias,
            sure_always: false,
        }
    }
}

impl Grouper<'_> {
    /// The named blocks that everything about the groups is read from.
    fn with(&mut self, query: &BoundQuery) -> Vec<(&'static str, Block)> {
        let base = self.base_block();
        let grouped = self.grouped_block(cited(query).is_some());
        vec![(BASE, base), (GROUPS, grouped)]
    }

    fn plan(&mut self, query: &BoundQuery) -> Plan {
        let with = self.with(query);
        let mut rows = Block::new(Source::Named(GROUPS), self.group_alias);
        let mut values = Vec::new();
        let mut columns = Vec::new();
        for column in &self.groups.columns {
            let position = values.len();
            let (decode, wide) = self.decode(&column.value);
            values.extend(wide);
            let state = self.state(&column.value).map(|state| {
                values.push(state);
                values.len() - 1
            });
            columns.push(PlanColumn { name: column.name.clone(), decode, position, state });
        }
        let sources = cited(query).is_some().then(|| {
            values.push(self.group(self.columns.len() - 1));
            values.len() - 1
        });
        let mut keys = Vec::new();
        if query.across || query.zeros {
            for key in &self.keys {
                keys.push((values.len(), values.len() + 1));
                values.extend([key.group_identity, key.group_state].map(|at| self.group(at)));
            }
        }
        rows.columns = values;
        rows.filter = Truth::all([self.exists(), self.having(Mode::Certain)]);
        rows.order = self.order(&query.order);
        rows.limit = query.limit;
        rows.with = with;
        Plan { rows, columns, sure: None, sources, keys }
    }

    /// Groups that surely are, groups that may be besides, and the sum of their counts.
    fn counts(&mut self, with: Vec<(&'static str, Block)>) -> Block {
        let certain = Truth::all([self.exists(), self.having(Mode::Certain)]);
        let possible = Truth::all([self.having(Mode::Possible), certain.clone().negated()]);
        let shown = self.group(COUNT).only_if(certain.clone());
        let mut block = Block::new(Source::Named(GROUPS), self.group_alias);
        block.columns = vec![
            total(certain),
            total(possible),
            Value::Call("coalesce", vec![Value::aggregate("sum", shown), Value::Number(0)]),
        ];
        block.with = with;
        block
    }

    fn base_block(&mut self) -> Block {
        let from = self.lowerer.begin_rows();
        let mut sure = Vec::new();
        for element in &self.groups.expansions {
            sure.push(self.expand(element));
        }
        let held = self.lowerer.held();
        let all = self.lowerer.query.conjuncts.len();
        let certain = self.lowerer.conjuncts(all, Mode::Certain);
        let possible = self.lowerer.conjuncts(all, Mode::Possible);
        let always = walk::same(&certain, &possible);
        sure.push(if always { Truth::True } else { certain });
        let sure = Truth::all(sure);
        self.sure_always = sure == Truth::True;
        self.base = vec![Value::column(from, "id"), Value::Truth(Box::new(sure))];
        for element in &self.groups.expansions {
            let id = Value::column(self.lowerer.row(element.row).1, "id");
            self.elements.insert(element.row, self.base.len());
            self.base.push(id);
        }
        let order = self.lowerer.row_order();
        if order.len() > 1 {
            self.rows_order = order.into_iter().map(|value| self.push(value)).collect();
        }
        for key in &self.groups.keys {
            let key = self.key(key);
            self.keys.push(key);
        }
        let inputs: Vec<Vec<usize>> = self.groups.aggregates.iter().map(|a| self.inputs(a)).collect();
        self.aggregates = inputs.into_iter().map(|input| input.first().copied().unwrap_or(0)).collect();
        let mut block = self.lowerer.end();
        block.filter = Truth::all([held, possible]);
        block.columns = self.base.clone();
        block
    }

    /// One row for each element, or one without; returns when the row surely has it.
    fn expand(&mut self, element: &Element) -> Truth {
        let inside = |grouper: &mut Self, mode| {
            let reached = grouper.lowerer.begin_elements(std::slice::from_ref(element), mode);
            let inner = grouper.lowerer.row(element.row).1;
            grouper.lowerer.end().filter(reached).columns(vec![Value::column(inner, "id")])
        };
        let possible = inside(self, Mode::Possible);
        let certain = inside(self, Mode::Certain);
        let alias = self.lowerer.alias();
        let id = Value::column(alias, "id");
        let on = Truth::InBlock(id.clone(), Box::new(possible));
        let surely = Truth::InBlock(id.clone(), Box::new(certain));
        let always = walk::same(&on, &surely);
        if let Some(block) = self.lowerer.open.last_mut() {
            block.joins.push(Join { source: source_of(element.noun), alias, on, left: true });
        }
        self.lowerer.place_row(element.row, alias);
        if always { Truth::True } else { Truth::any([Truth::Missing(id), surely]) }
    }

    fn push(&mut self, value: Value) -> usize {
        self.base.push(value);
        self.base.len() - 1
    }

    fn key(&mut self, scalar: &Scalar) -> Key {
        let lowered = self.lowerer.scalar(scalar);
        let identity = self.lowerer.identity(scalar);
        let shown = self.lowerer.shown(scalar);
        let mut cases = vec![(Truth::Missing(identity.clone()).negated(), Value::Number(0))];
        if let Some(position) = scalar.row().and_then(|row| self.elements.get(&row).copied()) {
            cases.push((Truth::Missing(self.base[position].clone()), Value::Number(1)));
        }
        if lowered.unknown != Truth::False {
            cases.push((lowered.unknown, Value::Number(2)));
        }
        let state = Value::Case(cases, Box::new(Value::Number(1)));
        let bounds = match scalar {
            Scalar::Period { unit, date } => {
                let (low, high) = self.lowerer.period_bounds(*unit, date);
                Some((self.push(low), self.push(high)))
            }
            _ => None,
        };
        let ends = match scalar.kind(None) {
            Type::Date => {
                let date = self.lowerer.date(scalar);
                vec![date.start_min, date.start_max, date.end_min, date.end_max]
            }
            Type::Range => self.lowerer.range(scalar).map_or(Vec::new(), |range| vec![range.low, range.high]),
            _ => Vec::new(),
        };
        Key {
            identity: self.push(identity),
            shown: self.push(shown),
            state: self.push(state),
            bounds,
            ends: ends.into_iter().map(|value| self.push(value)).collect(),
            ..Key::default()
        }
    }

    /// The columns of `base` that an aggregate is computed from; those over further elements need none.
    fn inputs(&mut self, aggregate: &Aggregate) -> Vec<usize> {
        let values = match aggregate {
            Aggregate::Count | Aggregate::CountPossible | Aggregate::Share(_) => Vec::new(),
            Aggregate::First(value) | Aggregate::Last(value) => {
                // Where the row stands in the order of dates, then what is shown of it.
                let at = match self.lowerer.query.noun.noun().when {
                    crate::catalog::When::Of(link) => PathRef::row(0, self.lowerer.query.noun).along(link),
                    _ => None,
                };
                let at = at.unwrap_or_else(|| PathRef::row(0, self.lowerer.query.noun));
                let date = self.lowerer.date(&Scalar::When(at));
                let shown = self.lowerer.shown(value);
                let mut values = vec![shown, date.start_min, date.end_max];
                if value.kind(None) == Type::Date {
                    let date = self.lowerer.date(value);
                    values.extend([date.start_min, date.start_max, date.end_min, date.end_max]);
                }
                values
            }
            Aggregate::CountDistinct { elements, value } if elements.is_empty() => vec![self.lowerer.identity(value)],
            Aggregate::List { elements, value } if elements.is_empty() => {
                vec![self.lowerer.identity(value), self.lowerer.listed(value)]
            }
            Aggregate::CountDistinct { .. } | Aggregate::List { .. } => Vec::new(),
            Aggregate::Min(value) if value.kind(None) == Type::Date => {
                let date = self.lowerer.date(value);
                vec![date.start_min, date.start_max]
            }
            Aggregate::Max(value) if value.kind(None) == Type::Date => {
                let date = self.lowerer.date(value);
                vec![date.end_min, date.end_max]
            }
            Aggregate::Min(value) | Aggregate::Max(value) | Aggregate::Sum(value) | Aggregate::Avg(value) => {
                vec![self.lowerer.scalar(value).value]
            }
        };
        values.into_iter().map(|value| self.push(value)).collect()
    }

    fn grouped_block(&mut self, sources: bool) -> Block {
        let base = self.base_alias;
        self.columns = vec![self.count(), self.count_possible()];
        for position in 0..self.keys.len() {
            self.group_key(position);
        }
        for position in 0..self.groups.aggregates.len() {
            self.aggregates[position] = self.group_aggregate(position);
        }
        if sources {
            let list = self.group_sources();
            self.columns.push(list);
        }
        let mut block = Block::new(Source::Named(BASE), base);
        block.group =
            self.keys.iter().flat_map(|key| [Value::at(base, key.state), Value::at(base, key.identity)]).collect();
        block.columns = self.columns.clone();
        block
    }

    fn group_key(&mut self, position: usize) {
        let base = self.base_alias;
        let key = self.keys[position].clone();
        let shown = Value::aggregate("min", Value::at(base, key.shown));
        let group_identity = self.push_column(Value::at(base, key.identity));
        let group_shown = self.push_column(shown);
        let group_state = self.push_column(Value::at(base, key.state));
        // Dates that are written alike may allow different days: the group's is any of them.
        let ends = key.ends.iter().zip(["min", "max"].into_iter().cycle());
        let ends: Vec<Value> = ends.map(|(at, function)| Value::aggregate(function, Value::at(base, *at))).collect();
        let group_ends = ends.into_iter().map(|value| self.push_column(value)).collect();
        self.keys[position] = Key { group_identity, group_shown, group_state, group_ends, ..key };
    }

    fn push_column(&mut self, value: Value) -> usize {
        self.columns.push(value);
        self.columns.len() - 1
    }

    fn sure(&self, alias: Alias) -> Truth {
        if self.sure_always { Truth::True } else { Truth::equal(Value::at(alias, SURE), Value::Number(1)) }
    }

    fn count(&self) -> Value {
        let base = self.base_alias;
        if self.groups.expansions.is_empty() {
            return total(self.sure(base));
        }
        Value::count_distinct(Value::at(base, ID).only_if(self.sure(base)))
    }

    /// Different FROM rows that belong to the group, or may.
    fn count_possible(&mut self) -> Value {
        let base = self.base_alias;
        if self.keys.is_empty() {
            return if self.groups.expansions.is_empty() {
                Value::CountAll
            } else {
                Value::count_distinct(Value::at(base, ID))
            };
        }
        let other = self.lowerer.alias();
        let keys = self.keys.iter().map(|key| may_be(key, other, base)).collect::<Vec<_>>();
        let block = Block::new(Source::Named(BASE), other)
            .filter(Truth::all(keys))
            .columns(vec![Value::count_distinct(Value::at(other, ID))]);
        Value::Block(Box::new(block))
    }

    /// Rows of `base` in the order of the FROM rows, then of their elements.
    fn base_order(&self, alias: Alias) -> Vec<Value> {
        let elements = self.groups.expansions.iter().filter_map(|element| self.elements.get(&element.row));
        self.rows_order.iter().chain(elements).map(|position| Value::at(alias, *position)).collect()
    }

    /// Rows of `base` that surely are of the same group as the one being computed.
    fn same_group(&self, other: Alias) -> Truth {
        let base = self.base_alias;
        let keys = self
            .keys
            .iter()
            .flat_map(|key| [key.state, key.identity].map(|at| Truth::Same(Value::at(other, at), Value::at(base, at))));
        Truth::all(keys.chain([self.sure(other)]))
    }

    fn group_aggregate(&mut self, position: usize) -> Place {
        let base = self.base_alias;
        let input = self.aggregates[position];
        let here = Value::at(base, input).only_if(self.sure(base));
        let groups = self.groups;
        match &groups.aggregates[position] {
            Aggregate::Count => COUNT,
            Aggregate::CountPossible => COUNT_POSSIBLE,
            Aggregate::CountDistinct { elements, .. } if elements.is_empty() => {
                self.push_column(Value::count_distinct(here))
            }
            Aggregate::CountDistinct { elements, value } => {
                let value = self.over_elements(elements, |lowerer, block| {
                    let identity = lowerer.identity(value);
                    Value::Block(Box::new(block(lowerer).columns(vec![Value::count_distinct(identity)])))
                });
                self.push_column(value)
            }
            Aggregate::List { elements, .. } if elements.is_empty() => {
                let other = self.lowerer.alias();
                let block = Block::new(Source::Named(BASE), other).filter(self.same_group(other));
                let (identity, shown) = (Value::at(other, input), Value::at(other, input + 1));
                let list = self.lowerer.json_list(block, shown.clone(), identity, self.base_order(other));
                self.push_column(list)
            }
            Aggregate::List { elements, value } => {
                let value = self.over_elements(elements, |lowerer, block| {
                    let (shown, identity) = (lowerer.listed(value), lowerer.identity(value));
                    let last = elements.last().map_or(0, |element| lowerer.row(element.row).1);
                    let rows = block(lowerer);
                    lowerer.json_list(rows, shown, identity, vec![Value::column(last, "id")])
                });
                self.push_column(value)
            }
            Aggregate::Min(value) | Aggregate::Max(value) => {
                let function = if matches!(groups.aggregates[position], Aggregate::Min(_)) { "min" } else { "max" };
                let place = self.push_column(Value::aggregate(function, here));
                if value.kind(None) == Type::Date {
                    let second = Value::at(base, input + 1).only_if(self.sure(base));
                    self.push_column(Value::aggregate(function, second));
                }
                place
            }
            aggregate @ (Aggregate::First(value) | Aggregate::Last(value)) => {
                let last = matches!(aggregate, Aggregate::Last(_));
                let place = self.push_at_the_end(input, 0, last);
                if value.kind(None) == Type::Date {
                    for part in 3..7 {
                        self.push_at_the_end(input, part, last);
                    }
                }
                place
            }
            Aggregate::Share(per) => {
                let share = self.share(*per);
                self.push_column(share)
            }
            Aggregate::Sum(_) => self.push_over_rows("sum", input, here),
            Aggregate::Avg(_) => self.push_over_rows("avg", input, here),
        }
    }

    /// Of the group's first or last row in the order of dates, one of the values that begin at `input`.
    fn push_at_the_end(&mut self, input: usize, part: usize, last: bool) -> Place {
        let other = self.lowerer.alias();
        let mut rows = Block::new(Source::Named(BASE), other).filter(self.same_group(other));
        rows.columns = vec![Value::at(other, input + part)];
        rows.order = [input + 1, input + 2, ID].map(|at| (Value::at(other, at), last)).to_vec();
        rows.limit = Some((1, 0));
        self.push_column(Value::Block(Box::new(rows)))
    }

    /// The group's count over that of all rows, or of those that have one key in common.
    fn share(&mut self, per: Option<usize>) -> Value {
        let other = self.lowerer.alias();
        let base = self.base_alias;
        let same = per.and_then(|position| self.keys.get(position)).map(|key| {
            Truth::all([key.state, key.identity].map(|at| Truth::Same(Value::at(other, at), Value::at(base, at))))
        });
        let filter = Truth::all([self.sure(other), same.unwrap_or(Truth::True)]);
        let block = Block::new(Source::Named(BASE), other)
            .filter(filter)
            .columns(vec![Value::count_distinct(Value::at(other, ID))]);
        operation(ArithmeticOperator::Divide, self.count(), Value::Block(Box::new(block)))
    }

    /// A sum or a mean takes each FROM row once, however many elements it has in the group.
    fn push_over_rows(&mut self, function: &'static str, input: usize, here: Value) -> Place {
        if self.groups.expansions.is_empty() {
            return self.push_column(Value::aggregate(function, here));
        }
        let (other, outer) = (self.lowerer.alias(), self.lowerer.alias());
        let mut rows = Block::new(Source::Named(BASE), other).filter(self.same_group(other));
        rows.columns = vec![Value::at(other, input)];
        rows.group = vec![Value::at(other, ID)];
        let block = Block::new(Source::Block(Box::new(rows)), outer)
            .columns(vec![Value::aggregate(function, Value::at(outer, 0))]);
        self.push_column(Value::Block(Box::new(block)))
    }

    /// A block over further elements of the group's rows: `compute` gets the means to close it.
    fn over_elements(
        &mut self,
        elements: &[Element],
        compute: impl FnOnce(&mut Lowerer<'_>, &dyn Fn(&mut Lowerer<'_>) -> Block) -> Value,
    ) -> Value {
        let (rows, joined) = (self.lowerer.rows.clone(), self.lowerer.joined.clone());
        let base = self.lowerer.begin(Source::Named(BASE));
        let same = self.same_group(base);
        let from = self.lowerer.further(self.lowerer.source_of_rows());
        self.lowerer.place_row(0, from);
        let mut conditions = vec![same, Truth::equal(Value::column(from, "id"), Value::at(base, ID))];
        for expansion in &self.groups.expansions {
            let alias = self.lowerer.alias();
            let id = Value::at(base, self.elements.get(&expansion.row).copied().unwrap_or(ID));
            let on = Truth::equal(Value::column(alias, "id"), id);
            if let Some(block) = self.lowerer.open.last_mut() {
                block.joins.push(Join { source: source_of(expansion.noun), alias, on, left: true });
            }
            self.lowerer.place_row(expansion.row, alias);
        }
        for element in elements {
            let alias = self.lowerer.further(source_of_element(element));
            self.lowerer.place_row(element.row, alias);
            conditions.push(self.lowerer.is_element(element, alias, Mode::Certain));
        }
        let filter = Truth::all(conditions);
        let value = compute(&mut self.lowerer, &|lowerer| lowerer.end().filter(filter.clone()));
        self.lowerer.rows = rows;
        self.lowerer.joined = joined;
        value
    }

    fn group_sources(&mut self) -> Value {
        let Some((elements, at)) = cited(self.lowerer.query) else { return Value::Null };
        self.over_elements(&elements, |lowerer, block| {
            let id = lowerer.id(&at);
            let rows = block(lowerer);
            lowerer.json_list(rows, id.clone(), id.clone(), vec![id])
        })
    }

    fn group(&self, position: usize) -> Value {
        Value::at(self.group_alias, position)
    }

    /// A group is there if a row surely is in it; with `count_possible()` also if one may be.
    fn exists(&self) -> Truth {
        if self.keys.is_empty() {
            return Truth::True;
        }
        let possible = self.groups.aggregates.contains(&Aggregate::CountPossible);
        let position = if possible { COUNT_POSSIBLE } else { COUNT };
        Truth::compare(">", self.group(position), Value::Number(0))
    }

    fn state(&self, scalar: &Scalar) -> Option<Value> {
        match scalar {
            Scalar::Key(position) => self.keys.get(*position).map(|key| self.group(key.group_state)),
            _ => None,
        }
    }

    /// How a value of a group is shown, and the value (or two).
    fn decode(&self, scalar: &Scalar) -> (Decode, Vec<Value>) {
        match scalar {
            Scalar::Key(position) => {
                let kind = self.groups.keys.get(*position).map_or(Decode::Text, decode);
                match self.range(scalar) {
                    Some((low, high)) => (kind, vec![low, high]),
                    None => (kind, vec![self.shown(scalar)]),
                }
            }
            Scalar::Aggregate(position) => match &self.groups.aggregates[*position] {
                Aggregate::Min(value) | Aggregate::Max(value) if value.kind(None) == Type::Date => {
                    let place = self.aggregates[*position];
                    (Decode::DayWithin, vec![self.group(place), self.group(place + 1)])
                }
                Aggregate::List { value, .. } => (Decode::List(Box::new(decode(value))), vec![self.shown(scalar)]),
                aggregate => (Decode::of(aggregate.kind()), vec![self.shown(scalar)]),
            },
            Scalar::Elapsed { .. } => {
                let (low, high) = self.range(scalar).unwrap_or((Value::Null, Value::Null));
                (Decode::Range, vec![low, high])
            }
            Scalar::Fixed(bounds) => {
                let text = VagueDate::from_bounds(*bounds, bounds.start_min == bounds.end_min).text;
                (Decode::Date, vec![Value::text(text)])
            }
            other => (Decode::of(other.kind(Some(self.groups))), vec![self.shown(other)]),
        }
    }

    /// The four bounds of a date of the group.
    fn bounds(&self, scalar: &Scalar) -> [Value; 4] {
        let at = |positions: [usize; 4]| positions.map(|position| self.group(position));
        match scalar {
            Scalar::Aggregate(position) => {
                let place = self.aggregates[*position];
                match self.groups.aggregates[*position] {
                    Aggregate::First(_) | Aggregate::Last(_) => at([1, 2, 3, 4].map(|part| place + part)),
                    _ => at([place, place + 1, place, place + 1]),
                }
            }
            Scalar::Key(position) => match self.keys.get(*position).map(|key| key.group_ends.as_slice()) {
                Some([start_min, start_max, end_min, end_max]) => at([*start_min, *start_max, *end_min, *end_max]),
                _ => [Value::Null, Value::Null, Value::Null, Value::Null],
            },
            Scalar::Fixed(bounds) => {
                [bounds.start_min, bounds.start_max, bounds.end_min, bounds.end_max].map(Value::integer)
            }
            _ => [Value::Null, Value::Null, Value::Null, Value::Null],
        }
    }

    /// The least and the greatest that a span of the group may be; both missing where a day that matters is open.
    fn range(&self, scalar: &Scalar) -> Option<(Value, Value)> {
        match scalar {
            Scalar::Key(position) => match self.keys.get(*position).map(|key| key.group_ends.as_slice()) {
                Some([low, high]) => Some((self.group(*low), self.group(*high))),
                _ => None,
            },
            Scalar::Elapsed { unit, from, to } => {
                let ([_, _, end_min, end_max], [start_min, start_max, ..]) = (self.bounds(from), self.bounds(to));
                let both = Truth::all([&end_min, &end_max, &start_min, &start_max].map(is_known));
                let low = elapsed(*unit, end_max, start_min).only_if(both.clone());
                Some((low, elapsed(*unit, end_min, start_max).only_if(both)))
            }
            _ => None,
        }
    }

    /// The value of a group that is shown.
    fn shown(&self, scalar: &Scalar) -> Value {
        match scalar {
            Scalar::Key(position) => self.keys.get(*position).map_or(Value::Null, |key| self.group(key.group_shown)),
            Scalar::Aggregate(position) => self.group(self.aggregates[*position]),
            Scalar::Integer(number) => Value::integer(*number),
            Scalar::Number(number) => Value::Bound(crate::plan::tree::Parameter::Real(*number)),
            Scalar::Text(text) => Value::text(text.clone()),
            Scalar::Elapsed { .. } => match self.range(scalar) {
                Some((low, high)) => low.clone().only_if(Truth::equal(low, high)),
                None => Value::Null,
            },
            Scalar::Negative(inner) => Value::Negative(Box::new(self.shown(inner))),
            Scalar::Arithmetic { operator, left, right } => operation(*operator, self.shown(left), self.shown(right)),
            _ => Value::Null,
        }
    }

    fn order(&self, order: &[Order]) -> Vec<(Value, bool)> {
        let mut keys = Vec::new();
        for key in order {
            let mut parts = self.sorted(&key.value).into_iter();
            keys.extend(parts.next().map(|missing| (missing, false)));
            keys.extend(parts.map(|part| (part, key.descending)));
        }
        let downwards = order.last().is_some_and(|key| key.descending);
        for position in 0..self.keys.len() {
            let mut parts = self.sorted(&Scalar::Key(position)).into_iter();
            keys.extend(parts.next().map(|missing| (missing, false)));
            keys.extend(parts.map(|part| (part, downwards)));
        }
        // Different rows may be shown alike.
        for key in self.keys.iter().zip(&self.groups.keys).filter(|(_, key)| matches!(key, Scalar::Entity(_))) {
            keys.push((self.group(key.0.group_identity), downwards));
        }
        keys
    }

    /// What groups are sorted by: known before none before unknown, then the value.
    fn sorted(&self, scalar: &Scalar) -> Vec<Value> {
        let shown = self.shown(scalar);
        let kind = scalar.kind(Some(self.groups));
        let range = self.range(scalar);
        let told = range.as_ref().map_or(&shown, |(low, _)| low).clone();
        let missing = self.state(scalar).unwrap_or_else(|| Value::Truth(Box::new(Truth::Missing(told))));
        match (kind, range) {
            (_, Some((low, high))) => vec![missing, low, high],
            (Type::Date, _) => {
                // Different texts may allow the same days.
                let [start_min, _, _, end_max] = self.bounds(scalar);
                let days = [start_min, end_max].map(|day| day.only_if(Truth::Missing(shown.clone()).negated()));
                std::iter::once(missing).chain(days).chain([shown]).collect()
            }
            _ if is_text(kind) => vec![missing, Value::Call("bilat_fold", vec![shown.clone()]), shown],
            _ => vec![missing, shown],
        }
    }

    fn having(&self, mode: Mode) -> Truth {
        match &self.groups.having {
            Some(having) => self.truth(&having.condition, mode),
            None => Truth::True,
        }
    }

    fn truth(&self, condition: &Condition, mode: Mode) -> Truth {
        match condition {
            Condition::And(parts) => Truth::all(parts.iter().map(|part| self.truth(part, mode))),
            Condition::Or(parts) => Truth::any(parts.iter().map(|part| self.truth(part, mode))),
            Condition::Not(inner) => self.truth(inner, mode.flipped()).negated(),
            Condition::Possibly(inner) => self.truth(inner, Mode::Possible),
            Condition::Certainly(inner) => self.truth(inner, Mode::Certain),
            Condition::Compare { operator, left, right } => {
                let texts = is_text(left.kind(Some(self.groups)));
                compare(*operator, &self.interval(left, texts), &self.interval(right, texts), mode)
            }
            Condition::Date { relation, date, first, last } => self.date(*relation, date, *first, *last, mode),
            Condition::IsUnknown(value) => Truth::Missing(self.shown(value)),
            Condition::Holds(value) => {
                let holds = Truth::equal(self.shown(value), Value::Number(1));
                self.decided(value, holds, mode)
            }
            Condition::Like { value, pattern } => self.text_test("bilat_like", pattern, value, mode),
            Condition::Contains { value, part } => self.text_test("bilat_contains", part, value, mode),
            _ => Truth::False,
        }
    }

    fn text_test(&self, function: &'static str, text: &str, value: &Scalar, mode: Mode) -> Truth {
        let folded = Value::text(crate::value::text::fold_pattern(text));
        let test = Value::Call(function, vec![folded, self.shown(value)]);
        self.decided(value, Truth::equal(test, Value::Number(1)), mode)
    }

    fn decided(&self, value: &Scalar, truth: Truth, mode: Mode) -> Truth {
        let unknown = self.unknown(value);
        match mode {
            Mode::Certain => Truth::all([truth, unknown.negated()]),
            Mode::Possible => Truth::any([truth, unknown]),
        }
    }

    fn date(
        &self,
        relation: DateRelation,
        date: &Scalar,
        first: Option<Edge>,
        last: Option<Edge>,
        mode: Mode,
    ) -> Truth {
        let [start_min, start_max, end_min, end_max] = self.bounds(date);
        let bounds = super::date::DateValue {
            start_min,
            start_max,
            end_min,
            end_max,
            unknown: Truth::False,
            present: Truth::True,
            text: Value::Null,
        };
        let truth = super::date::relate(&bounds, relation, super::date::edge(first), super::date::edge(last), mode);
        self.decided(date, truth, mode)
    }

    /// Undecided rows could change what is computed from the rows.
    fn open(&self) -> Truth {
        Truth::compare("<>", self.group(COUNT), self.group(COUNT_POSSIBLE))
    }

    /// Undecided rows could change the value, or there is none.
    fn unknown(&self, scalar: &Scalar) -> Truth {
        match scalar {
            Scalar::Key(position) => {
                let state = self.keys.get(*position).map_or(Value::Null, |key| self.group(key.group_state));
                Truth::equal(state, Value::Number(2))
            }
            Scalar::Aggregate(position) => match self.groups.aggregates[*position] {
                Aggregate::Count | Aggregate::CountPossible => Truth::False,
                _ => Truth::any([self.open(), Truth::Missing(self.shown(scalar))]),
            },
            _ => Truth::False,
        }
    }

    fn interval(&self, scalar: &Scalar, folded: bool) -> Interval {
        match scalar {
            Scalar::Elapsed { .. } => {
                let (low, high) = self.range(scalar).unwrap_or((Value::Null, Value::Null));
                let unknown = Truth::any([self.open(), Truth::Missing(low.clone())]);
                return Interval { low, high, unknown };
            }
            Scalar::Key(_) if self.range(scalar).is_some() => {
                let (low, high) = self.range(scalar).unwrap_or((Value::Null, Value::Null));
                return Interval { low, high, unknown: self.unknown(scalar) };
            }
            Scalar::Negative(inner) => {
                let zero = Interval::exact(Value::Number(0));
                return Interval::of(ArithmeticOperator::Minus, &zero, &self.summand(inner));
            }
            Scalar::Arithmetic { operator, left, right } => {
                return Interval::of(*operator, &self.summand(left), &self.summand(right));
            }
            _ => {}
        }
        let shown = self.shown(scalar);
        let (mut low, mut high) = (shown.clone(), shown);
        let mut unknown = self.unknown(scalar);
        if let Scalar::Aggregate(position) = scalar {
            match self.groups.aggregates[*position] {
                Aggregate::Count => high = self.group(COUNT_POSSIBLE),
                Aggregate::CountDistinct { .. } => {
                    // More rows can only add values.
                    high = Value::Case(vec![(self.open(), Value::Number(i64::MAX))], Box::new(high));
                    unknown = Truth::False;
                }
                _ => {}
            }
        }
        if folded {
            let fold = |value| Value::Call("bilat_fold", vec![value]);
            (low, high) = (fold(low), fold(high));
        }
        Interval { low, high, unknown }
    }

    /// One side of a calculation: a span counts where it is sure.
    fn summand(&self, scalar: &Scalar) -> Interval {
        let interval = self.interval(scalar, false);
        if scalar.kind(Some(self.groups)) != Type::Range {
            return interval;
        }
        let vague = Truth::compare("<>", interval.low.clone(), interval.high.clone());
        Interval { unknown: Truth::any([interval.unknown, vague]), high: interval.low.clone(), low: interval.low }
    }
}

/// A row of `base` may have the key of the group: it is the same, or undecided and within reach.
fn may_be(key: &Key, other: Alias, base: Alias) -> Truth {
    let same = Truth::all([key.state, key.identity].map(|at| Truth::Same(Value::at(other, at), Value::at(base, at))));
    let undecided = Truth::equal(Value::at(other, key.state), Value::Number(2));
    let known = Truth::equal(Value::at(base, key.state), Value::Number(0));
    let reach = match key.bounds {
        Some((low, high)) => Truth::all([
            Truth::compare("<=", Value::at(other, low), Value::at(base, key.identity)),
            Truth::compare(">=", Value::at(other, high), Value::at(base, key.identity)),
        ]),
        None => Truth::True,
    };
    Truth::any([same, Truth::all([undecided, known, reach])])
}
