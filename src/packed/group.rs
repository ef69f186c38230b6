//! Groups: rows gathered by their keys in a table of our own, since SQLite would sort them.
//!
//! Where the keys' bounds are known, they are put together to one number: few enough, it is the place in a list, else it
//! is looked up by its hash. Groups come out in the order in which they were met.

use super::Failure;
use super::column::NOTHING;
use super::compile::Kind;
use super::program::{Frame, Machine, NodeId, TruthId};
use super::rows::{Rows, Values};
use super::run::Batch;
use std::collections::HashSet;
use std::sync::Arc;

/// A value lies beyond the bounds of its column: keys cannot be put together.
pub const BEYOND: &str = "a value beyond its bounds";

/// The group of rows that are not kept.
const NOT_KEPT: u32 = u32::MAX;

/// So many numbers at most are places in a list.
const LISTED: i64 = 1 << 20;

#[derive(Clone, Debug, PartialEq)]
pub enum Aggregate {
    Count,
    CountTrue(TruthId),
    CountOf(NodeId),
    /// Different values, of a node that never falls.
    CountRising(NodeId),
    CountDifferent(NodeId),
    Least(NodeId),
    Greatest(NodeId),
    Sum(NodeId),
    Mean(NodeId),
    /// What is computed by itself, over other rows of the same groups; its place among such.
    Apart(usize),
}

impl Aggregate {
    pub fn node(&self) -> Option<NodeId> {
        match self {
            Aggregate::Count | Aggregate::CountTrue(_) | Aggregate::Apart(_) => None,
            Aggregate::CountOf(node) | Aggregate::CountRising(node) | Aggregate::CountDifferent(node) => Some(*node),
            Aggregate::Least(node) | Aggregate::Greatest(node) | Aggregate::Sum(node) | Aggregate::Mean(node) => {
                Some(*node)
            }
        }
    }

    pub fn condition(&self) -> Option<TruthId> {
        match self {
            Aggregate::CountTrue(condition) => Some(*condition),
            _ => None,
        }
    }
}

/// What an aggregate has come to for each group.
#[derive(Debug, Default)]
struct State {
    values: Vec<i64>,
    /// The last value counted, or how many there were.
    more: Vec<i64>,
    different: HashSet<(u32, i64)>,
}

/// The keys of groups put together to one number.
#[derive(Debug)]
struct Joined {
    /// Of each key, the least value and how many there are, with one for nothing.
    parts: Vec<(i64, i64)>,
    /// The group of each number, and 1.
    listed: Option<Vec<u32>>,
}

#[derive(Debug)]
pub struct Groups {
    keys: Vec<NodeId>,
    aggregates: Vec<Aggregate>,
    joined: Option<Joined>,
    /// The keys of each group, one group after the other; of joined keys their number.
    known: Vec<i64>,
    width: usize,
    count: usize,
    /// Groups, and 1, by the hash of their keys; a power of two.
    table: Vec<u32>,
    states: Vec<State>,
    /// Of the batch at hand: the joined keys, and the group of each row.
    codes: Vec<i64>,
    rows: Vec<u32>,
}

impl Groups {
    pub fn new(keys: Vec<NodeId>, bounds: Option<Vec<(i64, i64)>>, aggregates: Vec<Aggregate>) -> Groups {
        let joined = bounds.filter(|_| !keys.is_empty()).and_then(|bounds| joined(&bounds));
        let width = if joined.is_some() { 1 } else { keys.len() };
        let states = aggregates.iter().map(|_| State::default()).collect();
        let table = if keys.is_empty() { Vec::new() } else { vec![0; 1024] };
        let mut groups = Groups {
            keys,
            aggregates,
            joined,
            known: Vec::new(),
            width,
            count: 0,
            table,
            states,
            codes: Vec::new(),
            rows: Vec::new(),
        };
        if groups.keys.is_empty() {
            // All rows are one group, even if there are none.
            groups.begin();
        }
        groups
    }

    /// One more group.
    fn begin(&mut self) -> u32 {
        self.count += 1;
        for (state, aggregate) in self.states.iter_mut().zip(&self.aggregates) {
            let (value, more) = match aggregate {
                Aggregate::Least(_) | Aggregate::Greatest(_) => (NOTHING, 0),
                Aggregate::CountRising(_) => (0, NOTHING),
                _ => (0, 0),
            };
            state.values.push(value);
            state.more.push(more);
        }
        u32::try_from(self.count - 1).unwrap_or(u32::MAX)
    }

    /// Adds the rows of a batch, or those of which `kept` is so.
    pub fn add(
        &mut self,
        machine: &Machine<'_>,
        frame: &mut Frame,
        batch: &Batch,
        kept: Option<TruthId>,
    ) -> Result<(), Failure> {
        for node in self.keys.iter().copied().chain(self.aggregates.iter().filter_map(Aggregate::node)) {
            machine.number(frame, batch, node)?;
        }
        for condition in self.aggregates.iter().filter_map(Aggregate::condition) {
            machine.truth(frame, batch, condition)?;
        }
        self.rows.clear();
        let kept = kept.map(|kept| frame.truths(kept));
        if self.keys.is_empty() {
            match kept {
                Some(kept) => self.rows.extend(kept.iter().map(|kept| if *kept == 1 { 0 } else { NOT_KEPT })),
                None => self.rows.resize(batch.count, 0),
            }
        } else {
            self.find(frame, batch.count, kept)?;
            let bytes = self.count * (self.width + 2 * self.states.len()) * 8 + self.table.len() * 4;
            let different: usize = self.states.iter().map(|state| state.different.capacity() * 18).sum();
            machine.data.room(bytes + different)?;
        }
        let rows = std::mem::take(&mut self.rows);
        for (state, aggregate) in self.states.iter_mut().zip(&self.aggregates) {
            state.update(aggregate, frame, &rows)?;
        }
        self.rows = rows;
        Ok(())
    }

    /// The group of each row.
    fn find(&mut self, frame: &Frame, count: usize, kept: Option<&[u8]>) -> Result<(), Failure> {
        let is_kept = |row: usize| kept.is_none_or(|kept| kept.get(row) == Some(&1));
        let mut codes = std::mem::take(&mut self.codes);
        codes.clear();
        if let Some(joined) = &self.joined {
            joined.codes(frame, &self.keys, count, kept, &mut codes)?;
        } else {
            let columns: Vec<&[i64]> = self.keys.iter().map(|key| frame.numbers(*key)).collect();
            for row in 0..count {
                codes.extend(columns.iter().map(|column| column.get(row).copied().unwrap_or(NOTHING)));
            }
        }
        let width = self.width.max(1);
        let listed = self.joined.as_mut().and_then(|joined| joined.listed.take());
        if let Some(mut listed) = listed {
            for (row, code) in codes.iter().enumerate() {
                let at = usize::try_from(*code).ok().and_then(|code| listed.get_mut(code));
                let Some(at) = at.filter(|_| is_kept(row)) else {
                    self.rows.push(NOT_KEPT);
                    continue;
                };
                if *at == 0 {
                    self.known.push(*code);
                    *at = self.begin() + 1;
                }
                self.rows.push(*at - 1);
            }
            if let Some(joined) = &mut self.joined {
                joined.listed = Some(listed);
            }
        } else {
            for (row, key) in codes.chunks_exact(width).enumerate() {
                let group = if is_kept(row) { self.look_up(key) } else { NOT_KEPT };
                self.rows.push(group);
            }
        }
        self.codes = codes;
        Ok(())
    }

    fn look_up(&mut self, key: &[i64]) -> u32 {
        if self.count * 2 >= self.table.len() {
            self.grow();
        }
        let mask = self.table.len() - 1;
        let mut at = hash(key) as usize & mask;
        loop {
            match self.table.get(at).copied().unwrap_or(0) {
                0 => {
                    self.known.extend_from_slice(key);
                    let group = self.begin();
                    if let Some(place) = self.table.get_mut(at) {
                        *place = group + 1;
                    }
                    return group;
                }
                group => {
                    let begin = (group as usize - 1) * self.width;
                    if self.known.get(begin..begin + self.width) == Some(key) {
                        return group - 1;
                    }
                    at = (at + 1) & mask;
                }
            }
        }
    }

    fn grow(&mut self) {
        let mut table = vec![0_u32; self.table.len() * 4];
        let mask = table.len() - 1;
        for (group, key) in (1..).zip(self.known.chunks_exact(self.width.max(1))) {
            let mut at = hash(key) as usize & mask;
            while table.get(at).is_some_and(|known| *known != 0) {
                at = (at + 1) & mask;
            }
            if let Some(place) = table.get_mut(at) {
                *place = group;
            }
        }
        self.table = table;
    }

    /// How many keys there are.
    pub fn keys(&self) -> usize {
        self.keys.len()
    }

    /// The columns of what is computed apart.
    pub fn apart(&self) -> Vec<usize> {
        let apart =
            self.aggregates.iter().enumerate().filter(|(_, aggregate)| matches!(aggregate, Aggregate::Apart(_)));
        apart.map(|(at, _)| self.keys.len() + at).collect()
    }

    /// The keys of all groups, then the aggregates.
    pub fn finish(self, kinds: &[Kind]) -> Rows {
        let mut columns: Vec<Values> = Vec::new();
        for (position, kind) in (0..self.keys.len()).zip(kinds) {
            let value = |key: &[i64]| match &self.joined {
                Some(joined) => joined.part(key.first().copied().unwrap_or(0), position),
                None => key.get(position).copied().unwrap_or(NOTHING),
            };
            let values: Vec<i64> = self.known.chunks_exact(self.width.max(1)).map(value).collect();
            columns.push(of(values, kind));
        }
        let rest = kinds.get(self.keys.len()..).unwrap_or(&[]);
        for ((state, aggregate), kind) in self.states.into_iter().zip(&self.aggregates).zip(rest) {
            columns.push(match aggregate {
                Aggregate::Mean(_) => {
                    let mean = |(sum, count): (&i64, &i64)| (*count > 0).then(|| *sum as f64 / *count as f64);
                    Values::Reals(Arc::new(state.values.iter().zip(&state.more).map(mean).collect()))
                }
                Aggregate::Sum(_) => {
                    let sum = |(sum, count): (&i64, &i64)| if *count > 0 { *sum } else { NOTHING };
                    of(state.values.iter().zip(&state.more).map(sum).collect(), kind)
                }
                _ => of(state.values, kind),
            });
        }
        Rows { count: self.count, columns }
    }
}

fn of(values: Vec<i64>, kind: &Kind) -> Values {
    match kind {
        Kind::Text(texts) => Values::Texts(Arc::new(values), Arc::clone(texts)),
        _ => Values::Numbers(Arc::new(values)),
    }
}

fn joined(bounds: &[(i64, i64)]) -> Option<Joined> {
    let mut parts = Vec::with_capacity(bounds.len());
    let mut all: i64 = 1;
    for (low, high) in bounds {
        let width = high.checked_sub(*low)?.max(-1).checked_add(2)?;
        all = all.checked_mul(width)?;
        parts.push((*low, width));
    }
    let listed = (all <= LISTED).then(|| vec![0; usize::try_from(all).unwrap_or(0)]);
    Some(Joined { parts, listed })
}

impl Joined {
    fn codes(
        &self,
        frame: &Frame,
        keys: &[NodeId],
        count: usize,
        kept: Option<&[u8]>,
        codes: &mut Vec<i64>,
    ) -> Result<(), Failure> {
        codes.resize(count, 0);
        for (key, (low, width)) in keys.iter().zip(&self.parts) {
            let mut beyond = false;
            for (code, value) in codes.iter_mut().zip(frame.numbers(*key)) {
                let part = value.wrapping_sub(*low).wrapping_add(1);
                let part = if *value == NOTHING { 0 } else { part };
                beyond |= part < 0 || part >= *width || part == 0 && *value != NOTHING;
                *code = code.wrapping_mul(*width).wrapping_add(part);
            }
            // What is not kept may be anything.
            let counts = |row: usize| kept.is_none_or(|kept| kept.get(row) == Some(&1));
            let fits = |value: &i64| *value == NOTHING || *value >= *low && value.wrapping_sub(*low) < *width - 1;
            if beyond && frame.numbers(*key).iter().enumerate().any(|(row, value)| counts(row) && !fits(value)) {
                return Err(Failure::Unfit(BEYOND));
            }
        }
        Ok(())
    }

    /// One of the keys that a number was put together of.
    fn part(&self, code: i64, position: usize) -> i64 {
        let after: i64 = self.parts.iter().skip(position + 1).map(|(_, width)| *width).product();
        let Some((low, width)) = self.parts.get(position) else { return NOTHING };
        match code / after.max(1) % (*width).max(1) {
            0 => NOTHING,
            part => low.wrapping_add(part - 1),
        }
    }
}

impl State {
    fn update(&mut self, aggregate: &Aggregate, frame: &Frame, rows: &[u32]) -> Result<(), Failure> {
        let State { values, more, different } = self;
        let mut too_large = false;
        let mut each = |node: NodeId, change: &mut dyn FnMut(u32, &mut i64, &mut i64, i64)| {
            for (row, value) in rows.iter().zip(frame.numbers(node)) {
                if *value == NOTHING {
                    continue;
                }
                if let (Some(known), Some(more)) = (values.get_mut(*row as usize), more.get_mut(*row as usize)) {
                    change(*row, known, more, *value);
                }
            }
        };
        match aggregate {
            Aggregate::Count => {
                for row in rows {
                    if let Some(known) = values.get_mut(*row as usize) {
                        *known += 1;
                    }
                }
            }
            Aggregate::CountTrue(condition) => {
                for (row, truth) in rows.iter().zip(frame.truths(*condition)) {
                    if let Some(known) = values.get_mut(*row as usize) {
                        *known += i64::from(*truth);
                    }
                }
            }
            Aggregate::Apart(_) => {}
            Aggregate::CountOf(node) => each(*node, &mut |_, known, _, _| *known += 1),
            Aggregate::CountRising(node) => each(*node, &mut |_, known, last, value| {
                *known += i64::from(*last != value);
                *last = value;
            }),
            Aggregate::CountDifferent(node) => each(*node, &mut |row, known, _, value| {
                *known += i64::from(different.insert((row, value)));
            }),
            Aggregate::Least(node) => each(*node, &mut |_, known, _, value| {
                *known = if *known == NOTHING { value } else { value.min(*known) };
            }),
            Aggregate::Greatest(node) => each(*node, &mut |_, known, _, value| {
                *known = if *known == NOTHING { value } else { value.max(*known) };
            }),
            Aggregate::Sum(node) | Aggregate::Mean(node) => each(*node, &mut |_, known, count, value| {
                let sum = known.checked_add(value).filter(|sum| *sum != NOTHING);
                too_large |= sum.is_none();
                *known = sum.unwrap_or(0);
                *count += 1;
            }),
        }
        if too_large { Err(Failure::Unfit("a sum too large")) } else { Ok(()) }
    }
}

/// Spreads keys over the table.
fn hash(key: &[i64]) -> u64 {
    let mixed = key.iter().fold(0x9e37_79b9_7f4a_7c15_u64, |all, part| {
        let product = u128::from(all ^ *part as u64) * 0xd6e8_feb8_6659_fd93_u128;
        (product >> 64) as u64 ^ product as u64
    });
    mixed ^ mixed >> 29
}
