//! A block to steps and expressions: what is read, in which order, and what is computed of it.

mod apart;
mod expression;
mod first;
mod inside;
mod join;
mod semi;
mod sources;

use super::Failure;
use super::aggregate::Aggregate;
use super::column::NOTHING;
use super::data::Data;
use super::group::Groups;
use super::program::{Condition, Frame, Machine, Node, NodeId, Program, TruthId};
use super::rows::{Rows, Values};
use super::run::{Batch, Sink, Step};
use super::tuples;
use crate::catalog::ddl::{self, Table};
use crate::plan::tree::{Alias, Block, Truth, Value};
use std::collections::HashMap;
use std::rc::Rc;
use std::sync::Arc;

/// What a node's numbers mean.
#[derive(Clone, Debug)]
pub(super) enum Kind {
    Number,
    /// Places in a list of texts.
    Text(Arc<Vec<String>>),
    /// 0 where there is a text that is not packed: only whether it is there can be asked.
    Presence,
    /// A mean; it can only be shown.
    Real,
    /// Nothing, which is of every kind.
    Nothing,
}

/// What an alias stands for.
#[derive(Clone, Debug)]
enum Binding<'b> {
    Table {
        slot: usize,
        table: &'static Table,
    },
    /// Two participants of one meeting; and one of them, from which the others are reached.
    Pair {
        one: usize,
        first: usize,
        second: usize,
    },
    /// The columns of a block whose sources are among those of this one.
    Inline(&'b [Value]),
    /// Rows in memory.
    Own {
        slot: usize,
        rows: Arc<Rows>,
        kinds: Rc<Vec<Kind>>,
    },
}

/// What comes out of the steps.
#[derive(Debug)]
enum Output {
    /// Columns; then what rows are sorted by (with whether downwards), if not as they come; and how many after how many.
    Rows {
        shown: Vec<(NodeId, Kind)>,
        sorted: Vec<(NodeId, bool)>,
        limit: Option<(u64, u64)>,
    },
    Groups {
        groups: Box<Groups>,
        kinds: Vec<Kind>,
        columns: Vec<Value>,
        apart: Vec<apart::Apart>,
    },
}

/// A block that can be run.
#[derive(Debug)]
pub(super) struct Compiled {
    program: Program,
    steps: Vec<Step>,
    output: Output,
}

pub(super) struct Compiler<'b, 'd> {
    data: &'d Data,
    /// Whether keys of groups may be put together to one number.
    short: bool,
    /// Only whether it can be compiled is asked: nothing is computed meanwhile.
    check: bool,
    program: Program,
    kinds: Vec<Kind>,
    /// The slots that each node, and each condition, reads.
    node_slots: Vec<u64>,
    condition_slots: Vec<u64>,
    /// How many rows a slot's source has.
    slot_rows: Vec<u32>,
    scope: HashMap<Alias, Binding<'b>>,
    named: Vec<(&'static str, &'b Block)>,
    /// About how many rows of the outer sources there will be.
    expected: f64,
}

/// The values and the conditions that an output is made of.
type Wanted = (Vec<NodeId>, Vec<TruthId>);

/// The alias of a group's keys and aggregates where the columns of its block are computed from them.
const GATHERED: Alias = Alias::MAX;

/// Compiles a block.
///
/// # Errors
/// When it is nothing for here.
pub(super) fn block(block: &Block, data: &Data, short: bool) -> Result<Compiled, Failure> {
    Compiler::new(data, short, false).whole(block)
}

/// Whether a block can be compiled.
///
/// # Errors
/// When someone stops it.
pub(super) fn fits(block: &Block, data: &Data) -> Result<bool, Failure> {
    match Compiler::new(data, true, true).whole(block) {
        Ok(_) => Ok(true),
        Err(Failure::Unfit(_)) => Ok(false),
        Err(failure) => Err(failure),
    }
}

pub(super) fn is_aggregated(block: &Block) -> bool {
    !block.group.is_empty() || block.columns.iter().any(has_aggregate)
}

fn has_aggregate(value: &Value) -> bool {
    match value {
        Value::Aggregate { .. } | Value::CountAll => true,
        Value::Call(_, parts) => parts.iter().any(has_aggregate),
        Value::Operation(_, a, b) => has_aggregate(a) || has_aggregate(b),
        Value::Negative(inner) => has_aggregate(inner),
        Value::Case(cases, otherwise) => cases.iter().any(|(_, then)| has_aggregate(then)) || has_aggregate(otherwise),
        _ => false,
    }
}

impl<'b, 'd> Compiler<'b, 'd> {
    fn new(data: &'d Data, short: bool, check: bool) -> Self {
        Compiler {
            data,
            short,
            check,
            program: Program::default(),
            kinds: Vec::new(),
            node_slots: Vec::new(),
            condition_slots: Vec::new(),
            slot_rows: Vec::new(),
            scope: HashMap::new(),
            named: Vec::new(),
            expected: f64::INFINITY,
        }
    }

    fn whole(mut self, block: &'b Block) -> Result<Compiled, Failure> {
        if is_aggregated(block) && (block.limit.is_some() || !block.order.is_empty()) {
            return Err(Failure::Unfit("an order of groups"));
        }
        self.named.extend(block.with.iter().map(|(name, inner)| (*name, inner)));
        let mut sources = self.sources(block)?;
        let sorted = if self.in_order(block, &sources)? { Vec::new() } else { self.sorted(block)? };
        let mut steps = self.steps(&mut sources, 0)?;
        let (output, wanted) = if is_aggregated(block) {
            self.gathered(block, sources.first_row().filter(|_| sources.is_ordered()))?
        } else {
            let outputs: Result<Vec<(NodeId, Kind)>, Failure> =
                block.columns.iter().map(|column| self.shown(column)).collect();
            let shown = outputs?;
            let wanted = shown.iter().map(|(node, _)| *node).chain(sorted.iter().map(|(node, _)| *node)).collect();
            (Output::Rows { shown, sorted, limit: block.limit }, (wanted, Vec::new()))
        };
        let (nodes, conditions): (Vec<NodeId>, Vec<TruthId>) = wanted;
        let read =
            nodes.iter().map(|node| self.slots_of(*node)).chain(conditions.iter().map(|c| self.condition_slots[*c]));
        let read = read.fold(0, |all, slots| all | slots);
        self.left_over(&mut sources, &mut steps, read)?;
        join::live(&self, &mut steps, read);
        Ok(Compiled { program: self.program, steps, output })
    }

    /// A column that is shown as it is.
    fn shown(&mut self, value: &'b Value) -> Result<(NodeId, Kind), Failure> {
        let node = self.value(value)?;
        let kind = self.kind(node);
        if matches!(kind, Kind::Presence) { Err(Failure::Unfit("a text that is not packed")) } else { Ok((node, kind)) }
    }

    /// Whether rows come in that order anyway: it is that of their sources.
    fn in_order(&mut self, block: &'b Block, sources: &sources::Sources<'b>) -> Result<bool, Failure> {
        for (position, (key, down)) in block.order.iter().enumerate() {
            let node = self.value(key)?;
            let is_row =
                matches!(self.program.nodes.get(node), Some(Node::Row(slot)) if sources.is_at(position, *slot));
            if *down || !is_row {
                return Ok(false);
            }
        }
        Ok(sources.is_ordered() || block.order.is_empty())
    }

    fn sorted(&mut self, block: &'b Block) -> Result<Vec<(NodeId, bool)>, Failure> {
        let keys = block.order.iter().map(|(key, down)| {
            let node = self.value(key)?;
            // Texts are sorted by their bytes, as their places are.
            self.plain_kind(node).map(|_| (node, *down))
        });
        keys.collect()
    }

    fn gathered(&mut self, block: &'b Block, first: Option<NodeId>) -> Result<(Output, Wanted), Failure> {
        let mut keys = Vec::new();
        let mut kinds = Vec::new();
        for key in &block.group {
            let node = self.value(key)?;
            keys.push(node);
            kinds.push(self.plain_kind(node)?);
        }
        let mut aggregates: Vec<(&'b Value, Aggregate)> = Vec::new();
        let mut columns = Vec::new();
        let mut apart = Vec::new();
        for column in &block.columns {
            let lifted = self.lift(column, block, &mut aggregates, &mut kinds, &mut apart, first)?;
            columns.push(lifted);
        }
        let bounds = keys.iter().map(|key| self.bounds(*key)).collect::<Option<Vec<(i64, i64)>>>();
        let aggregates: Vec<Aggregate> = aggregates.into_iter().map(|(_, aggregate)| aggregate).collect();
        let mut nodes = keys.clone();
        let mut conditions = Vec::new();
        for aggregate in &aggregates {
            nodes.extend(aggregate.node());
            conditions.extend(aggregate.condition());
        }
        let groups = Groups::new(keys, bounds.filter(|_| self.short), aggregates);
        // Whether the columns can be computed from the groups is known before there are any.
        let empty = Arc::new(Rows { count: 0, columns: kinds.iter().map(empty).collect() });
        columns_of(&columns, &empty, &kinds, self.data)?;
        Ok((Output::Groups { groups: Box::new(groups), kinds, columns, apart }, (nodes, conditions)))
    }

    /// The same value with a group's keys and aggregates in place of what they are made of.
    fn lift(
        &mut self,
        value: &'b Value,
        block: &'b Block,
        aggregates: &mut Vec<(&'b Value, Aggregate)>,
        kinds: &mut Vec<Kind>,
        apart: &mut Vec<apart::Apart>,
        first: Option<NodeId>,
    ) -> Result<Value, Failure> {
        if let Some(at) = block.group.iter().position(|key| key == value) {
            return Ok(Value::at(GATHERED, at));
        }
        if value.is_aggregate() {
            let known = aggregates.iter().position(|(known, _)| *known == value);
            let at = match known {
                Some(at) => at,
                None => {
                    let (aggregate, kind) = self.aggregate(value, first)?;
                    aggregates.push((value, aggregate));
                    kinds.push(kind);
                    aggregates.len() - 1
                }
            };
            return Ok(Value::at(GATHERED, block.group.len() + at));
        }
        if let Value::Block(inner) = value {
            let (made, kind) = self.apart(inner, block)?;
            apart.push(made);
            aggregates.push((value, Aggregate::Apart(apart.len() - 1)));
            kinds.push(kind);
            return Ok(Value::at(GATHERED, block.group.len() + aggregates.len() - 1));
        }
        let mut again = |value: &'b Value| self.lift(value, block, aggregates, kinds, apart, first);
        Ok(match value {
            Value::Null | Value::Number(_) | Value::Bound(_) => value.clone(),
            Value::Call(function, parts) => {
                Value::Call(function, parts.iter().map(again).collect::<Result<Vec<Value>, Failure>>()?)
            }
            Value::Operation(symbol, a, b) => Value::Operation(symbol, Box::new(again(a)?), Box::new(again(b)?)),
            Value::Negative(inner) => Value::Negative(Box::new(again(inner)?)),
            _ => return Err(Failure::Unfit("a value beside aggregates")),
        })
    }

    fn aggregate(&mut self, value: &'b Value, first: Option<NodeId>) -> Result<(Aggregate, Kind), Failure> {
        let Value::Aggregate { function, distinct, of } = value else { return Ok((Aggregate::Count, Kind::Number)) };
        if let (&"count", false, Value::Case(cases, otherwise)) = (function, *distinct, of.as_ref())
            && let ([(condition, Value::Number(_))], Value::Null) = (cases.as_slice(), otherwise.as_ref())
        {
            return Ok((Aggregate::CountTrue(self.truth(condition)?), Kind::Number));
        }
        let node = self.value(of)?;
        let kind = if *function == "count" { self.kind(node) } else { self.plain_kind(node)? };
        Ok(match (*function, *distinct) {
            ("count", false) => (Aggregate::CountOf(node), Kind::Number),
            ("count", true) if matches!(kind, Kind::Presence) => {
                return Err(Failure::Unfit("texts that are not packed"));
            }
            ("count", true) if self.rises(node, first) => (Aggregate::CountRising(node), Kind::Number),
            ("count", true) => (Aggregate::CountDifferent(node), Kind::Number),
            ("min", false) => (Aggregate::Least(node), kind),
            ("max", false) => (Aggregate::Greatest(node), kind),
            ("sum", false) if matches!(kind, Kind::Number | Kind::Nothing) => (Aggregate::Sum(node), Kind::Number),
            ("avg", false) if matches!(kind, Kind::Number | Kind::Nothing) => (Aggregate::Mean(node), Kind::Real),
            _ => return Err(Failure::Unfit("an aggregate")),
        })
    }

    /// Whether a node never falls while rows come: it is the first source's row, or that where something holds.
    fn rises(&self, node: NodeId, first: Option<NodeId>) -> bool {
        let is_first = |node: NodeId| Some(node) == first;
        match self.program.nodes.get(node) {
            Some(Node::Case(cases, otherwise)) => {
                matches!(self.program.nodes.get(*otherwise), Some(Node::Constant(NOTHING)))
                    && cases.len() == 1
                    && cases.iter().all(|(_, then)| is_first(*then))
            }
            _ => is_first(node),
        }
    }

    fn kind(&self, node: NodeId) -> Kind {
        self.kinds.get(node).cloned().unwrap_or(Kind::Nothing)
    }

    fn plain_kind(&self, node: NodeId) -> Result<Kind, Failure> {
        match self.kind(node) {
            Kind::Presence | Kind::Real => Err(Failure::Unfit("a text that is not packed")),
            kind => Ok(kind),
        }
    }

    fn slots_of(&self, node: NodeId) -> u64 {
        self.node_slots.get(node).copied().unwrap_or(0)
    }

    /// A new slot for a source of so many rows.
    fn slot(&mut self, rows: u32) -> Result<usize, Failure> {
        self.slot_rows.push(rows);
        // A set of slots is one number.
        if self.slot_rows.len() > 64 { Err(Failure::Unfit("too many tables")) } else { Ok(self.slot_rows.len() - 1) }
    }

    fn condition(&mut self, condition: Condition, slots: u64) -> TruthId {
        if let Some(known) = self.program.conditions.iter().position(|known| known.is(&condition)) {
            return known;
        }
        self.program.conditions.push(condition);
        self.condition_slots.push(slots);
        self.program.conditions.len() - 1
    }

    fn fixed(&mut self, truth: bool) -> TruthId {
        self.condition(Condition::Fixed(truth), 0)
    }
}

fn empty(kind: &Kind) -> Values {
    match kind {
        Kind::Text(texts) => Values::Texts(Arc::default(), Arc::clone(texts)),
        Kind::Real => Values::Reals(Arc::default()),
        _ => Values::Numbers(Arc::default()),
    }
}

fn kind_of(values: &Values) -> Kind {
    match values {
        Values::None => Kind::Nothing,
        Values::Numbers(_) => Kind::Number,
        Values::Texts(_, texts) => Kind::Text(Arc::clone(texts)),
        Values::Reals(_) => Kind::Real,
    }
}

pub(super) fn table(name: &str) -> Result<&'static Table, Failure> {
    ddl::tables().iter().find(|table| table.name == name).ok_or(Failure::Unfit("no table"))
}

/// Columns computed from gathered keys and aggregates.
fn columns_of(columns: &[Value], gathered: &Arc<Rows>, kinds: &[Kind], data: &Data) -> Result<Rows, Failure> {
    use crate::plan::tree::Name;
    let mut made = Vec::with_capacity(columns.len());
    for column in columns {
        made.push(match column {
            Value::Null => Values::None,
            Value::Column(GATHERED, Name::At(at)) => gathered.columns.get(*at).cloned().unwrap_or(Values::None),
            column => {
                let mut compiler = Compiler::new(data, true, false);
                let slot = compiler.slot(u32::try_from(gathered.count).unwrap_or(u32::MAX))?;
                let (rows, kinds) = (Arc::clone(gathered), Rc::new(kinds.to_vec()));
                compiler.scope.insert(GATHERED, Binding::Own { slot, rows, kinds });
                let node = compiler.value(column)?;
                let kind = compiler.plain_kind(node)?;
                let steps = join::scan(slot, gathered.count);
                let mut values = Vec::with_capacity(gathered.count);
                let machine = Machine { program: &compiler.program, data };
                let mut each = |frame: &mut Frame, batch: &Batch, _: Option<TruthId>| {
                    machine.number(frame, batch, node)?;
                    values.extend_from_slice(frame.numbers(node));
                    Ok(())
                };
                machine.run(&steps, &Batch::default(), &mut Sink { each: &mut each, masks: false })?;
                of_kind(values, &kind)
            }
        });
    }
    Ok(Rows { count: gathered.count, columns: made })
}

pub(super) fn of_kind(values: Vec<i64>, kind: &Kind) -> Values {
    match kind {
        Kind::Text(texts) => Values::Texts(Arc::new(values), Arc::clone(texts)),
        _ => Values::Numbers(Arc::new(values)),
    }
}

impl Compiled {
    /// What the numbers of its columns mean.
    fn shown_kinds(&self, data: &Data) -> Result<Vec<Kind>, Failure> {
        match &self.output {
            Output::Rows { shown, .. } => Ok(shown.iter().map(|(_, kind)| kind.clone()).collect()),
            Output::Groups { kinds, columns, .. } => {
                let empty = Arc::new(Rows { count: 0, columns: kinds.iter().map(empty).collect() });
                let rows = columns_of(columns, &empty, kinds, data)?;
                Ok(rows.columns.iter().map(kind_of).collect())
            }
        }
    }

    /// Runs it.
    ///
    /// # Errors
    /// When someone stops it, the memory does not suffice, or a number is too large.
    pub(super) fn run(self, data: &Data) -> Result<Rows, Failure> {
        let Compiled { program, steps, output, .. } = self;
        let machine = Machine { program: &program, data };
        match output {
            Output::Rows { shown, sorted, limit } => {
                let nodes: Vec<NodeId> =
                    shown.iter().map(|(node, _)| *node).chain(sorted.iter().map(|(node, _)| *node)).collect();
                let mut columns: Vec<Vec<i64>> = nodes.iter().map(|_| Vec::new()).collect();
                let mut count = 0;
                let mut each = |frame: &mut Frame, batch: &Batch, _: Option<TruthId>| {
                    count += batch.count;
                    data.room(count * nodes.len() * 8)?;
                    for (node, column) in nodes.iter().zip(&mut columns) {
                        machine.number(frame, batch, *node)?;
                        column.extend_from_slice(frame.numbers(*node));
                    }
                    Ok(())
                };
                machine.run(&steps, &Batch::default(), &mut Sink { each: &mut each, masks: false })?;
                let keys = columns.split_off(shown.len());
                let columns = columns.into_iter().zip(&shown).map(|(values, (_, kind))| of_kind(values, kind));
                let rows = Rows { count, columns: columns.collect() };
                Ok(if sorted.is_empty() && limit.is_none() { rows } else { cut(&rows, &keys, &sorted, limit) })
            }
            Output::Groups { mut groups, kinds, columns, apart } => {
                let alone = tuples::read_alone(&program, &steps, &groups);
                let tuples = alone.as_ref().map(|(_, columns)| data.tuples(columns)).transpose()?.flatten();
                if let (Some((slot, columns)), Some(tuples)) = (alone, tuples) {
                    let (program, steps) = tuples::instead(&program, &steps, slot, &columns, &tuples);
                    let machine = Machine { program: &program, data };
                    let mut each = |frame: &mut Frame, batch: &Batch, kept| {
                        let mut weights = Vec::with_capacity(batch.count);
                        tuples::weights(&tuples, batch, slot, &mut weights);
                        groups.weigh(weights);
                        groups.add(&machine, frame, batch, kept)
                    };
                    machine.run(&steps, &Batch::default(), &mut Sink { each: &mut each, masks: true })?;
                } else {
                    let mut each = |frame: &mut Frame, batch: &Batch, kept| groups.add(&machine, frame, batch, kept);
                    machine.run(&steps, &Batch::default(), &mut Sink { each: &mut each, masks: true })?;
                }
                let keys = groups.keys();
                let places = groups.apart();
                let mut gathered = groups.finish(&kinds);
                for (made, place) in apart.into_iter().zip(places) {
                    made.fill(&mut gathered, keys, place, data)?;
                }
                let gathered = Arc::new(gathered);
                columns_of(&columns, &gathered, &kinds, data)
            }
        }
    }
}

/// Rows in an order, and only so many of them.
fn cut(rows: &Rows, keys: &[Vec<i64>], sorted: &[(NodeId, bool)], limit: Option<(u64, u64)>) -> Rows {
    let mut order: Vec<u32> = (0..u32::try_from(rows.count).unwrap_or(u32::MAX)).collect();
    // What is missing comes first, as in SQL; turned round, the greatest is the least.
    let key = |column: &Vec<i64>, down: bool, row: u32| {
        let value = column.get(row as usize).copied().filter(|value| *value != NOTHING).unwrap_or(i64::MIN);
        if down { !value } else { value }
    };
    order.sort_by(|a, b| {
        let mut ways =
            keys.iter().zip(sorted).map(|(column, (_, down))| key(column, *down, *a).cmp(&key(column, *down, *b)));
        ways.find(|way| way.is_ne()).unwrap_or(std::cmp::Ordering::Equal)
    });
    let (count, offset) = limit.unwrap_or((u64::MAX, 0));
    let first = usize::try_from(offset).unwrap_or(usize::MAX).min(order.len());
    let end = first.saturating_add(usize::try_from(count).unwrap_or(usize::MAX)).min(order.len());
    rows.chosen(order.get(first..end).unwrap_or(&[]))
}

/// The parts of a condition that all hold.
fn conjuncts<'b>(of: &'b Truth, all: &mut Vec<&'b Truth>) {
    match of {
        Truth::True => {}
        Truth::And(parts) => parts.iter().for_each(|part| conjuncts(part, all)),
        other => all.push(other),
    }
}
