//! Conditions and values that look at other rows: as a set made once, or as a run inside for each row.

use super::super::Failure;
use super::super::program::{Bits, Condition, Frame, Machine, Node, NodeId, TruthId};
use super::super::run::{Batch, Sink};
use super::super::sub::Gives;
use super::{Compiler, Kind, join};
use crate::plan::tree::{Block, Truth, Value};
use std::sync::Arc;

/// A set may have so many members at most.
const LARGEST: i64 = 1 << 31;

impl<'b> Compiler<'b, '_> {
    /// There is a row of the block; with `value`, one whose first column is that.
    pub(super) fn semi(&mut self, block: &'b Block, value: Option<&'b Value>) -> Result<TruthId, Failure> {
        if !block.group.is_empty() || block.limit.is_some() || super::is_aggregated(block) {
            return Err(Failure::Unfit("a block of another kind"));
        }
        let equal = match value {
            Some(value) => Some((block.columns.first().ok_or(Failure::Unfit("no columns"))?, value)),
            None => None,
        };
        match self.set(block, equal, false) {
            Ok(Some(condition)) => return Ok(condition),
            Ok(None) | Err(Failure::Unfit(_)) => {}
            Err(failure) => return Err(failure),
        }
        let bound = self.in_sight();
        let sub = match self.sub(block, equal, bound, false) {
            Ok(sub) => sub,
            // What cannot be run for each row outside may still be a set, if a large one.
            Err(unfit @ Failure::Unfit(_)) => return self.set(block, equal, true)?.ok_or(unfit),
            Err(failure) => return Err(failure),
        };
        let slots = sub.live;
        Ok(self.condition(Condition::Exists(Arc::new(sub)), slots))
    }

    /// All slots that there are so far.
    fn in_sight(&self) -> u64 {
        let count = self.slot_rows.len();
        if count >= 64 { u64::MAX } else { (1 << count) - 1 }
    }

    /// The block as a set, where one equality is all that ties it to rows outside; with `anyway`, however much more there
    /// is to read for it than there are rows outside.
    fn set(
        &mut self,
        block: &'b Block,
        equal: Option<(&'b Value, &'b Value)>,
        anyway: bool,
    ) -> Result<Option<TruthId>, Failure> {
        let mut inner = Compiler::new(self.data, self.short, self.check);
        inner.named = self.named.clone();
        let mut sources = inner.sources(block)?;
        let mut ties: Vec<(&'b Value, &'b Value)> = equal.into_iter().collect();
        // What the block reads that is not its own is outside.
        let foreign = |truth: &Truth| inner.reads_unknown(truth);
        for truth in sources.take_foreign(foreign) {
            match truth {
                Truth::Compare("=", a, b) => {
                    let (left, right) = (Truth::Missing(a.clone()), Truth::Missing(b.clone()));
                    match (foreign(&left), foreign(&right)) {
                        (true, false) => ties.push((b, a)),
                        (false, true) => ties.push((a, b)),
                        _ => return Ok(None),
                    }
                }
                _ => return Ok(None),
            }
        }
        if ties.len() > 1 || sources.left_reads(foreign) {
            return Ok(None);
        }
        let mut steps = inner.steps(&mut sources, 0)?;
        if let [(_, outer)] = ties[..] {
            // Looking through all of it does not pay for a few rows outside.
            let few = !anyway && self.expected * 64.0 < inner.expected;
            if few && self.read_by(&Truth::Missing(outer.clone())) != 0 {
                return Ok(None);
            }
        }
        let key = match ties.first() {
            Some((own, _)) => Some(inner.value(own)?),
            None => None,
        };
        let read = key.map_or(0, |key| inner.slots_of(key));
        inner.left_over(&mut sources, &mut steps, read)?;
        join::live(&inner, &mut steps, read);
        let Some(key) = key else {
            let any = !self.check && some(&inner, &steps)?;
            return Ok(Some(self.fixed(any || self.check)));
        };
        if !matches!(inner.kind(key), Kind::Number) {
            return Ok(None);
        }
        let Some((low, high)) = inner.bounds(key).filter(|(low, high)| *low >= 0 && *high < LARGEST) else {
            return Ok(None);
        };
        let mut bits = Bits::for_rows(u32::try_from(high.max(low)).unwrap_or(0));
        if !self.check {
            let machine = Machine { program: &inner.program, data: self.data };
            let mut each = |frame: &mut Frame, batch: &Batch, _: Option<TruthId>| {
                machine.number(frame, batch, key)?;
                frame.numbers(key).iter().for_each(|value| bits.insert(*value));
                Ok(())
            };
            machine.run(&steps, &Batch::default(), &mut Sink { each: &mut each, masks: false })?;
        }
        let Some((_, outer)) = ties.first() else { return Ok(None) };
        let node = self.value(outer)?;
        if !matches!(self.kind(node), Kind::Number | Kind::Nothing) {
            return Ok(None);
        }
        let slots = self.slots_of(node);
        Ok(Some(self.condition(Condition::InSet(node, Arc::new(bits)), slots)))
    }

    /// The one value of a block.
    pub(super) fn scalar(&mut self, block: &'b Block) -> Result<NodeId, Failure> {
        let [column] = block.columns.as_slice() else { return Err(Failure::Unfit("several columns")) };
        if !block.group.is_empty() || !matches!(block.limit, None | Some((1, 0))) {
            return Err(Failure::Unfit("a block of another kind"));
        }
        self.inside(|compiler| compiler.scalar_inside(block, column))
    }

    fn scalar_inside(&mut self, block: &'b Block, column: &'b Value) -> Result<NodeId, Failure> {
        let bound = self.in_sight();
        let (mut sources, origin) = (self.sources(block)?, self.slot(u32::MAX)?);
        let mut steps = self.steps(&mut sources, bound | 1 << origin)?;
        let (gives, kind) = match column {
            Value::CountAll => (Gives::Count, Kind::Number),
            Value::Aggregate { function, distinct, of } => {
                let node = self.value(of)?;
                let kind = self.kind(node);
                match (*function, *distinct, &kind) {
                    (_, _, Kind::Presence | Kind::Real) => return Err(Failure::Unfit("a text that is not packed")),
                    ("count", false, _) => (Gives::CountOf(node), Kind::Number),
                    ("count", true, _) => (Gives::CountDifferent(node), Kind::Number),
                    ("min", false, _) => (Gives::Least(node), kind),
                    ("max", false, _) => (Gives::Greatest(node), kind),
                    _ => return Err(Failure::Unfit("an aggregate")),
                }
            }
            column => {
                let node = self.value(column)?;
                let kind = self.plain_kind(node)?;
                let mut keys = Vec::new();
                for (key, down) in &block.order {
                    let key = self.value(key)?;
                    self.plain_kind(key)?;
                    keys.push((key, *down));
                }
                (if keys.is_empty() { Gives::Only(node) } else { Gives::First(node, keys) }, kind)
            }
        };
        let mut nodes: Vec<NodeId> = Vec::new();
        match &gives {
            Gives::Ids(node) | Gives::CountOf(node) | Gives::CountDifferent(node) | Gives::Least(node) => {
                nodes.push(*node)
            }
            Gives::Greatest(node) | Gives::Only(node) => nodes.push(*node),
            Gives::First(node, keys) => nodes.extend(keys.iter().map(|(key, _)| *key).chain([*node])),
            Gives::Any | Gives::Count => {}
        }
        let read = nodes.iter().fold(1 << origin, |all, node| all | self.slots_of(*node));
        self.left_over(&mut sources, &mut steps, read)?;
        join::live(self, &mut steps, read);
        let sub = self.finish_sub(steps, origin, read, &sources, gives);
        let slots = sub.live;
        Ok(self.node(Node::Scalar(Arc::new(sub)), kind, slots))
    }
}

/// Whether there is a row.
fn some(inner: &Compiler<'_, '_>, steps: &[super::Step]) -> Result<bool, Failure> {
    const FOUND: &str = "found";
    let machine = Machine { program: &inner.program, data: inner.data };
    let mut each = |_: &mut Frame, _: &Batch, _: Option<TruthId>| Err(Failure::Unfit(FOUND));
    match machine.run(steps, &Batch::default(), &mut Sink { each: &mut each, masks: false }) {
        Ok(()) => Ok(false),
        Err(Failure::Unfit(FOUND)) => Ok(true),
        Err(failure) => Err(failure),
    }
}
