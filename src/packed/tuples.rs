//! Rows that are alike in all that a block reads, taken together.
//!
//! Many meetings have the same days and the same status. What counts rows by such columns alone counts each different
//! combination once, by how many rows have it. The combinations are gathered when the same columns are asked for again.

use super::Failure;
use super::aggregate::Aggregate;
use super::column::{Column, NOTHING};
use super::compile::Kind;
use super::data::Data;
use super::group::Groups;
use super::program::{Condition, Frame, Machine, Node, NodeId, Program, TruthId};
use super::rows::Values;
use super::run::{Batch, Sink, Step, What};
use std::sync::Arc;

/// The different combinations of the values of some columns.
#[derive(Debug)]
pub struct Tuples {
    /// In the order in which they were asked for.
    pub columns: Vec<Arc<Column>>,
    /// How many rows have each.
    pub weights: Arc<Vec<i64>>,
}

/// Tables of fewer rows are read as fast.
pub const LEAST: u32 = 50_000;

/// There must be so many rows to a combination.
const SAVED: usize = 4;

const TOO_MANY: &str = "too many combinations";

/// The columns of its only source that a block reads, if they are all that it needs of its rows: no numbers of rows, no
/// other rows.
pub fn read_alone(program: &Program, steps: &[Step], groups: &Groups) -> Option<(usize, Vec<Arc<Column>>)> {
    let (slot, filter) = match steps {
        [Step { what: What::Scan { slot, only: None, .. }, .. }] => (*slot, None),
        [Step { what: What::Scan { slot, only: None, .. }, .. }, Step { what: What::Filter(filter), .. }] => {
            (*slot, Some(*filter))
        }
        _ => return None,
    };
    let mut reader = Reader { program, columns: Vec::new() };
    filter.map_or(Some(()), |filter| reader.condition(filter))?;
    for key in groups.key_nodes() {
        reader.node(*key)?;
    }
    for aggregate in groups.aggregates() {
        match aggregate {
            Aggregate::Count => {}
            Aggregate::CountTrue(condition) => reader.condition(*condition)?,
            Aggregate::CountOf(node) | Aggregate::Least(node) | Aggregate::Greatest(node) => reader.node(*node)?,
            _ => return None,
        }
    }
    (!reader.columns.is_empty()).then_some((slot, reader.columns))
}

struct Reader<'a> {
    program: &'a Program,
    columns: Vec<Arc<Column>>,
}

impl Reader<'_> {
    fn node(&mut self, node: NodeId) -> Option<()> {
        match self.program.nodes.get(node)? {
            Node::Constant(_) => Some(()),
            Node::Load(_, column) => {
                if !self.columns.iter().any(|known| Arc::ptr_eq(known, column)) {
                    self.columns.push(Arc::clone(column));
                }
                Some(())
            }
            Node::Row(_) | Node::Own(..) | Node::Scalar(_) => None,
            Node::Plus(a, b) | Node::Minus(a, b) | Node::Times(a, b) | Node::Years(a, b) => {
                self.node(*a)?;
                self.node(*b)
            }
            Node::Case(cases, otherwise) => {
                for (condition, then) in cases {
                    self.condition(*condition)?;
                    self.node(*then)?;
                }
                self.node(*otherwise)
            }
            Node::Coalesce(parts) | Node::Least(parts) | Node::Greatest(parts) => {
                parts.iter().try_for_each(|part| self.node(*part))
            }
            Node::Period(_, day) => self.node(*day),
            Node::OfTruth(condition) => self.condition(*condition),
        }
    }

    fn condition(&mut self, condition: TruthId) -> Option<()> {
        match self.program.conditions.get(condition)? {
            Condition::Fixed(_) => Some(()),
            Condition::And(parts) | Condition::Or(parts) => parts.iter().try_for_each(|part| self.condition(*part)),
            Condition::Not(inner) => self.condition(*inner),
            Condition::Compare(_, a, b) | Condition::Same(a, b) => {
                self.node(*a)?;
                self.node(*b)
            }
            Condition::Missing(node) | Condition::In(node, _) | Condition::InSet(node, _) => self.node(*node),
            Condition::Exists(_) => None,
        }
    }
}

/// The program that reads combinations in place of rows, and its first step.
pub fn instead(
    program: &Program,
    steps: &[Step],
    slot: usize,
    columns: &[Arc<Column>],
    tuples: &Tuples,
) -> (Program, Vec<Step>) {
    let swapped = |node: &Node| match node {
        Node::Load(of, column) => {
            let place = columns.iter().position(|known| Arc::ptr_eq(known, column));
            let other = place.and_then(|place| tuples.columns.get(place));
            Node::Load(*of, Arc::clone(other.unwrap_or(column)))
        }
        node => node.clone(),
    };
    let nodes = program.nodes.iter().map(swapped).collect();
    let end = u32::try_from(tuples.weights.len()).unwrap_or(u32::MAX).saturating_add(1);
    let scan = Step { what: What::Scan { slot, first: 1, end, only: None }, live: u64::MAX };
    // What is left of a batch must still know its rows: they have their weights.
    let later = steps.iter().skip(1).map(|step| Step { live: u64::MAX, ..step.clone() });
    let steps = std::iter::once(scan).chain(later).collect();
    (Program { nodes, conditions: program.conditions.clone() }, steps)
}

/// Gathers the combinations of columns; `None` where there are too many to be worth it.
///
/// # Errors
/// When someone stops it.
pub fn gathered(columns: &[Arc<Column>], data: &Data) -> Result<Option<Tuples>, Failure> {
    let rows = columns.first().map_or(0, |column| column.len());
    let least = data.tuples_from();
    if u32::try_from(rows).is_ok_and(|rows| rows < least) {
        return Ok(None);
    }
    // Who wants them of any table wants them however many there are.
    let saved = if least == 0 { 1 } else { SAVED };
    let nodes = columns.iter().map(|column| Node::Load(0, Arc::clone(column))).collect();
    let program = Program { nodes, conditions: Vec::new() };
    let bounds = columns.iter().map(|column| (column.low, column.high)).collect();
    // Open ends lie beyond the bounds of a column that has them.
    let plain = columns.iter().all(|column| !column.has_open_ends());
    let mut groups = Groups::new((0..columns.len()).collect(), Some(bounds).filter(|_| plain), vec![Aggregate::Count]);
    let machine = Machine { program: &program, data };
    let mut each = |frame: &mut Frame, batch: &Batch, kept| {
        groups.add(&machine, frame, batch, kept)?;
        if groups.count() * saved > rows { Err(Failure::Unfit(TOO_MANY)) } else { Ok(()) }
    };
    let end = u32::try_from(rows).unwrap_or(u32::MAX).saturating_add(1);
    let steps = [Step { what: What::Scan { slot: 0, first: 1, end, only: None }, live: u64::MAX }];
    match machine.run(&steps, &Batch::default(), &mut Sink { each: &mut each, masks: true }) {
        Err(Failure::Unfit(_)) => return Ok(None),
        ended => ended?,
    }
    let kinds = vec![Kind::Number; columns.len() + 1];
    let mut made = groups.finish(&kinds).columns;
    let numbers = |values: Values| match values {
        Values::Numbers(values) => Arc::unwrap_or_clone(values),
        _ => Vec::new(),
    };
    let weights = Arc::new(made.pop().map(numbers).unwrap_or_default());
    let columns = made.into_iter().zip(columns).map(|(values, column)| {
        let mut packed = Column::of_numbers(numbers(values));
        packed.texts.clone_from(&column.texts);
        Arc::new(packed)
    });
    Ok(Some(Tuples { columns: columns.collect(), weights }))
}

/// How many rows each of a batch's combinations stands for.
pub fn weights(tuples: &Tuples, batch: &Batch, slot: usize, out: &mut Vec<i64>) {
    let mut rows = Vec::new();
    batch.row_numbers(slot, &mut rows);
    out.clear();
    let weight = |row: &i64| usize::try_from(*row - 1).ok().and_then(|at| tuples.weights.get(at)).copied();
    out.extend(rows.iter().map(|row| if *row == NOTHING { 0 } else { weight(row).unwrap_or(0) }));
}
