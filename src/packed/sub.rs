//! Runs inside others: steps that begin at each row of a batch, and what they give for it.

use super::Failure;
use super::column::NOTHING;
use super::program::{Frame, Machine, NodeId, TruthId};
use super::run::{Batch, Sink, Slot, Step};

/// What a run within another gives for each row of it.
#[derive(Clone, Debug)]
pub enum Gives {
    /// Whether there is a row.
    Any,
    /// Ids.
    Ids(NodeId),
    Count,
    /// How many values there are.
    CountOf(NodeId),
    CountDifferent(NodeId),
    Least(NodeId),
    Greatest(NodeId),
    /// The value of the first row by these keys (with whether downwards).
    First(NodeId, Vec<(NodeId, bool)>),
    /// The value of the only row.
    Only(NodeId),
}

/// Steps that begin at each row of a batch.
#[derive(Clone, Debug)]
pub struct Sub {
    pub steps: Vec<Step>,
    /// The slot of the place in the batch (and 1), to come back to it.
    pub origin: usize,
    /// The slots that it reads of the batch.
    pub live: u64,
    pub gives: Gives,
}

/// What is done with what comes of the rows of a batch, given the place where each came from.
type EachOf<'s> = dyn FnMut(&mut Frame, &Batch, &[i64]) -> Result<(), Failure> + 's;

impl Sub {
    /// Calls `each` with the batches that come of a batch's rows, and with the place where each row came from.
    fn each(&self, machine: &Machine<'_>, batch: &Batch, each: &mut EachOf<'_>) -> Result<(), Failure> {
        let keep = |(at, slot): (usize, &Slot)| if self.live >> at & 1 == 1 { slot.clone() } else { Slot::None };
        let mut begin = Batch { count: batch.count, slots: batch.slots.iter().enumerate().map(keep).collect() };
        begin.set(self.origin, Slot::Range(1));
        let mut origins = Vec::new();
        let mut each = |frame: &mut Frame, batch: &Batch, _: Option<TruthId>| {
            origins.clear();
            batch.row_numbers(self.origin, &mut origins);
            each(frame, batch, &origins)
        };
        machine.run(&self.steps, &begin, &mut Sink { each: &mut each, masks: false })
    }

    pub fn exists(&self, machine: &Machine<'_>, batch: &Batch, out: &mut Vec<u8>) -> Result<(), Failure> {
        out.resize(batch.count, 0);
        self.each(machine, batch, &mut |_, _, origins| {
            origins.iter().for_each(|origin| set(out, *origin, 1));
            Ok(())
        })
    }

    /// Pairs of a place and an id, upwards by place, each pair once.
    pub fn ids(&self, machine: &Machine<'_>, batch: &Batch) -> Result<Vec<(u32, u32)>, Failure> {
        let Gives::Ids(id) = self.gives else { return Ok(Vec::new()) };
        let mut found: Vec<(u32, u32)> = Vec::new();
        self.each(machine, batch, &mut |frame, batch, origins| {
            machine.number(frame, batch, id)?;
            let pairs = origins.iter().zip(frame.numbers(id));
            found.extend(
                pairs.filter_map(|(origin, id)| Some((u32::try_from(origin - 1).ok()?, u32::try_from(*id).ok()?))),
            );
            Ok(())
        })?;
        if !found.is_sorted() {
            found.sort_unstable();
        }
        found.dedup();
        Ok(found)
    }

    pub fn scalar(&self, machine: &Machine<'_>, batch: &Batch, out: &mut Vec<i64>) -> Result<(), Failure> {
        let counts = matches!(self.gives, Gives::Count | Gives::CountOf(_) | Gives::CountDifferent(_));
        out.resize(batch.count, if counts { 0 } else { NOTHING });
        match &self.gives {
            Gives::Any | Gives::Ids(_) => Ok(()),
            Gives::Count => self.each(machine, batch, &mut |_, _, origins| {
                origins.iter().for_each(|origin| update(out, *origin, |known| known + 1));
                Ok(())
            }),
            Gives::CountOf(node) => self.values(machine, batch, *node, &mut |origin, _| update(out, origin, |k| k + 1)),
            Gives::CountDifferent(node) => {
                let mut pairs: Vec<(i64, i64)> = Vec::new();
                self.values(machine, batch, *node, &mut |origin, value| pairs.push((origin, value)))?;
                pairs.sort_unstable();
                pairs.dedup();
                pairs.iter().for_each(|(origin, _)| update(out, *origin, |known| known + 1));
                Ok(())
            }
            Gives::Least(node) => self.values(machine, batch, *node, &mut |origin, value| {
                update(out, origin, |known| if known == NOTHING { value } else { known.min(value) });
            }),
            Gives::Greatest(node) => self.values(machine, batch, *node, &mut |origin, value| {
                update(out, origin, |known| if known == NOTHING { value } else { known.max(value) });
            }),
            Gives::Only(node) => {
                let mut seen = vec![false; batch.count];
                let mut twice = false;
                let node = *node;
                self.each(machine, batch, &mut |frame, batch, origins| {
                    machine.number(frame, batch, node)?;
                    for (origin, value) in origins.iter().zip(frame.numbers(node)) {
                        set(out, *origin, *value);
                        let at = usize::try_from(origin - 1).ok().and_then(|at| seen.get_mut(at));
                        twice |= at.is_some_and(|seen| std::mem::replace(seen, true));
                    }
                    Ok(())
                })?;
                if twice { Err(Failure::Unfit("a value of several rows")) } else { Ok(()) }
            }
            Gives::First(node, keys) => self.first(machine, batch, *node, keys, out),
        }
    }

    fn first(
        &self,
        machine: &Machine<'_>,
        batch: &Batch,
        node: NodeId,
        keys: &[(NodeId, bool)],
        out: &mut [i64],
    ) -> Result<(), Failure> {
        let mut best: Vec<Option<Vec<i64>>> = vec![None; batch.count];
        self.each(machine, batch, &mut |frame, batch, origins| {
            for key in keys.iter().map(|(key, _)| *key).chain([node]) {
                machine.number(frame, batch, key)?;
            }
            for (place, origin) in origins.iter().enumerate() {
                // What is missing comes first, as in SQL; turned round, the greatest is the least.
                let key = |(key, down): &(NodeId, bool)| {
                    let value = frame.numbers(*key).get(place).copied().unwrap_or(NOTHING);
                    let value = if value == NOTHING { i64::MIN } else { value };
                    if *down { !value } else { value }
                };
                let key: Vec<i64> = keys.iter().map(key).collect();
                let Some(known) = usize::try_from(origin - 1).ok().and_then(|at| best.get_mut(at)) else { continue };
                if known.as_ref().is_none_or(|known| key < *known) {
                    *known = Some(key);
                    set(out, *origin, frame.numbers(node).get(place).copied().unwrap_or(NOTHING));
                }
            }
            Ok(())
        })
    }

    /// Calls `each` with the place (and 1) and the value of each row that has one.
    fn values(
        &self,
        machine: &Machine<'_>,
        batch: &Batch,
        node: NodeId,
        each: &mut dyn FnMut(i64, i64),
    ) -> Result<(), Failure> {
        self.each(machine, batch, &mut |frame, batch, origins| {
            machine.number(frame, batch, node)?;
            let pairs = origins.iter().zip(frame.numbers(node));
            pairs.filter(|(_, value)| **value != NOTHING).for_each(|(origin, value)| each(*origin, *value));
            Ok(())
        })
    }
}

fn set<T>(out: &mut [T], origin: i64, value: T) {
    if let Some(at) = usize::try_from(origin - 1).ok().and_then(|at| out.get_mut(at)) {
        *at = value;
    }
}

fn update(out: &mut [i64], origin: i64, change: impl Fn(i64) -> i64) {
    if let Some(at) = usize::try_from(origin - 1).ok().and_then(|at| out.get_mut(at)) {
        *at = change(*at);
    }
}
