//! Groups: rows gathered by their keys in a table of our own, since SQLite would sort them.
//!
//! Where the keys' bounds are known, they are put together to one number: few enough, it is the place in a list, else it
//! is looked up by its hash. Groups come out in the order in which they were met.

use super::Failure;
use super::aggregate::{Aggregate, Cells, NOT_KEPT};
use super::column::NOTHING;
use super::compile::{Kind, of_kind};
use super::program::{Frame, Machine, NodeId, TruthId};
use super::rows::{Rows, Values};
use super::run::Batch;
use std::collections::HashSet;
use std::sync::Arc;

/// A value lies beyond the bounds of its column: keys cannot be put together.
pub const BEYOND: &str = "a value beyond its bounds";

/// So many numbers at most are places in a list.
const LISTED: i64 = 1 << 20;

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
    /// Of each group, one after the other, its keys (of joined keys their number) and what its aggregates have come to:
    /// what belongs to a group lies together, since groups are met in any order.
    records: Vec<i64>,
    /// How many numbers of a record are keys.
    width: usize,
    /// Where the numbers of each aggregate begin in a record.
    places: Vec<usize>,
    /// A record of a new group.
    fresh: Vec<i64>,
    count: usize,
    /// Groups, and 1, by the hash of their keys; a power of two.
    table: Vec<u32>,
    /// Of aggregates that count different values, those of each group.
    different: Vec<HashSet<(u32, i64)>>,
    /// Of the batch at hand: the joined keys, and the group of each row.
    codes: Vec<i64>,
    rows: Vec<u32>,
    /// How often each row counts, if not once.
    weights: Option<Vec<i64>>,
}

impl Groups {
    pub fn new(keys: Vec<NodeId>, bounds: Option<Vec<(i64, i64)>>, aggregates: Vec<Aggregate>) -> Groups {
        let joined = bounds.filter(|_| !keys.is_empty()).and_then(|bounds| joined(&bounds));
        let width = if joined.is_some() { 1 } else { keys.len() };
        let mut fresh = vec![NOTHING; width];
        let mut places = Vec::new();
        for aggregate in &aggregates {
            places.push(fresh.len());
            fresh.extend_from_slice(aggregate.begins());
        }
        let different = aggregates.iter().map(|_| HashSet::new()).collect();
        let table = if keys.is_empty() { Vec::new() } else { vec![0; 1024] };
        let mut groups = Groups {
            keys,
            aggregates,
            joined,
            records: Vec::new(),
            width,
            places,
            fresh,
            count: 0,
            table,
            different,
            codes: Vec::new(),
            rows: Vec::new(),
            weights: None,
        };
        if groups.keys.is_empty() {
            // All rows are one group, even if there are none.
            groups.begin(&[]);
        }
        groups
    }

    /// One more group.
    fn begin(&mut self, key: &[i64]) -> u32 {
        self.count += 1;
        self.records.extend_from_slice(key);
        self.records.extend_from_slice(self.fresh.get(key.len()..).unwrap_or(&[]));
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
            let bytes = self.records.capacity() * 8 + self.table.len() * 4;
            let different: usize = self.different.iter().map(|different| different.capacity() * 18).sum();
            machine.data.room(bytes + different)?;
        }
        let stride = self.fresh.len();
        for (position, aggregate) in self.aggregates.iter().enumerate() {
            let place = self.places.get(position).copied().unwrap_or(0);
            let (rows, weights) = (self.rows.as_slice(), self.weights.as_deref());
            let mut cells = Cells { records: &mut self.records, stride, place, rows, weights };
            let Some(different) = self.different.get_mut(position) else { continue };
            cells.update(aggregate, frame, different)?;
        }
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
                    *at = self.begin(&[*code]) + 1;
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
                    let group = self.begin(key);
                    if let Some(place) = self.table.get_mut(at) {
                        *place = group + 1;
                    }
                    return group;
                }
                group => {
                    let begin = (group as usize - 1) * self.fresh.len();
                    if self.records.get(begin..begin + self.width) == Some(key) {
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
        for (group, record) in (1..).zip(self.records.chunks_exact(self.fresh.len().max(1))) {
            let mut at = hash(record.get(..self.width).unwrap_or(&[])) as usize & mask;
            while table.get(at).is_some_and(|known| *known != 0) {
                at = (at + 1) & mask;
            }
            if let Some(place) = table.get_mut(at) {
                *place = group;
            }
        }
        self.table = table;
    }

    pub fn key_nodes(&self) -> &[NodeId] {
        &self.keys
    }

    pub fn aggregates(&self) -> &[Aggregate] {
        &self.aggregates
    }

    /// How many groups there are so far.
    pub fn count(&self) -> usize {
        self.count
    }

    /// From now on each row counts as often as is said for it with each batch.
    pub fn weigh(&mut self, weights: Vec<i64>) {
        self.weights = Some(weights);
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
        let records = || self.records.chunks_exact(self.fresh.len().max(1));
        let mut columns: Vec<Values> = Vec::new();
        for (position, kind) in (0..self.keys.len()).zip(kinds) {
            let value = |record: &[i64]| match &self.joined {
                Some(joined) => joined.part(record.first().copied().unwrap_or(0), position),
                None => record.get(position).copied().unwrap_or(NOTHING),
            };
            columns.push(of_kind(records().map(value).collect(), kind));
        }
        let rest = kinds.get(self.keys.len()..).unwrap_or(&[]);
        for ((place, aggregate), kind) in self.places.iter().zip(&self.aggregates).zip(rest) {
            let cell = |record: &[i64], at: usize| record.get(place + at).copied().unwrap_or(NOTHING);
            let count = self.count;
            columns.push(match aggregate {
                Aggregate::Apart(_) => of_kind(vec![NOTHING; count], kind),
                Aggregate::Mean(_) => {
                    let mean = |record: &[i64]| {
                        let (sum, count) = (cell(record, 0), cell(record, 1));
                        (count > 0).then(|| sum as f64 / count as f64)
                    };
                    Values::Reals(Arc::new(records().map(mean).collect()))
                }
                Aggregate::Sum(_) => {
                    let sum = |record: &[i64]| if cell(record, 1) > 0 { cell(record, 0) } else { NOTHING };
                    of_kind(records().map(sum).collect(), kind)
                }
                _ => of_kind(records().map(|record| cell(record, 0)).collect(), kind),
            });
        }
        Rows { count: self.count, columns }
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

/// Spreads keys over the table.
fn hash(key: &[i64]) -> u64 {
    let mixed = key.iter().fold(0x9e37_79b9_7f4a_7c15_u64, |all, part| {
        let product = u128::from(all ^ *part as u64) * 0xd6e8_feb8_6659_fd93_u128;
        (product >> 64) as u64 ^ product as u64
    });
    mixed ^ mixed >> 29
}
