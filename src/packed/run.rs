//! Sending rows through the steps of a compiled block, a batch at a time.
//!
//! A batch has a row of each source in sight (its slots). A step narrows it, adds a slot, or makes more rows of each; what
//! it makes goes on to the next step when a batch is full. Rows stay in the order of the first source.

use super::Failure;
use super::column::NOTHING;
use super::index::Index;
use super::program::{Bits, Frame, Machine, NodeId, TruthId};
use super::sub::Sub;
use std::sync::Arc;

/// So many rows go on together.
pub const BATCH: usize = 1024;

/// One row of a source for each row of a batch; row 0 is none.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum Slot {
    #[default]
    None,
    /// Rows after each other, from this one.
    Range(u32),
    Each(Vec<u32>),
}

#[derive(Clone, Debug, Default)]
pub struct Batch {
    pub count: usize,
    pub slots: Vec<Slot>,
}

static NO_SLOT: Slot = Slot::None;

impl Batch {
    pub fn slot(&self, slot: usize) -> &Slot {
        self.slots.get(slot).unwrap_or(&NO_SLOT)
    }

    /// The rows of a slot as numbers, nothing for row 0.
    pub fn row_numbers(&self, slot: usize, out: &mut Vec<i64>) {
        let number = |row: u32| if row == 0 { NOTHING } else { i64::from(row) };
        match self.slot(slot) {
            Slot::None => out.resize(self.count, NOTHING),
            Slot::Range(first) => out.extend((*first..).take(self.count).map(number)),
            Slot::Each(rows) => out.extend(rows.iter().map(|row| number(*row))),
        }
    }

    /// Only these rows of the batch (by their places in it), of the slots that are read later.
    fn chosen(&self, places: &[u32], live: u64) -> Batch {
        let one = |(at, slot): (usize, &Slot)| match slot {
            _ if live >> at & 1 == 0 => Slot::None,
            Slot::None => Slot::None,
            Slot::Range(first) => Slot::Each(places.iter().map(|place| first + place).collect()),
            Slot::Each(rows) => {
                Slot::Each(places.iter().map(|place| rows.get(*place as usize).copied().unwrap_or(0)).collect())
            }
        };
        Batch { count: places.len(), slots: self.slots.iter().enumerate().map(one).collect() }
    }

    pub(super) fn set(&mut self, slot: usize, rows: Slot) {
        if self.slots.len() <= slot {
            self.slots.resize(slot + 1, Slot::None);
        }
        self.slots[slot] = rows;
    }
}

#[derive(Clone, Debug)]
pub enum What {
    /// Rows of which this is so.
    Filter(TruthId),
    /// All rows from one to before another (or those of a set): the first step.
    Scan { slot: usize, first: u32, end: u32, only: Option<Arc<Bits>> },
    /// These rows: the first step.
    Rows { slot: usize, rows: Arc<Vec<u32>> },
    /// The row with this id; without one, none, or (`left`) row 0.
    Lookup { slot: usize, id: NodeId, rows: u32, left: bool },
    /// The rows that lead here.
    Expand { slot: usize, index: Arc<Index>, value: NodeId, left: bool },
    /// This row and each later one with the same value, the one with the lesser party first.
    Pairs { first: usize, second: usize, of: usize, index: Arc<Index>, value: NodeId, parties: Arc<Vec<i64>> },
    /// The rows that another run gives for each row, each once.
    Many { slot: usize, sub: Arc<Sub>, left: bool },
}

#[derive(Clone, Debug)]
pub struct Step {
    pub what: What,
    /// The slots that are read after it, a bit each.
    pub live: u64,
}

/// What is done with a batch.
type Each<'s> = dyn FnMut(&mut Frame, &Batch, Option<TruthId>) -> Result<(), Failure> + 's;

/// What is done with each batch at the end.
pub struct Sink<'s> {
    /// Given what is computed, the batch, and, with `masks`, a condition that its rows must fulfil.
    pub each: &'s mut Each<'s>,
    /// Whether it looks at that condition itself: to leave out a few rows takes longer than to pass over them.
    pub masks: bool,
}

impl Machine<'_> {
    /// Runs steps from a batch on.
    pub fn run(&self, steps: &[Step], batch: &Batch, sink: &mut Sink<'_>) -> Result<(), Failure> {
        let mut frames: Vec<Frame> = Vec::new();
        frames.resize_with(steps.len() + 1, Frame::default);
        self.step(steps, batch, &mut frames, sink)
    }

    fn step(&self, steps: &[Step], batch: &Batch, frames: &mut [Frame], sink: &mut Sink<'_>) -> Result<(), Failure> {
        let Some((frame, later)) = frames.split_first_mut() else { return Ok(()) };
        frame.renew(self.program);
        let Some((step, rest)) = steps.split_first() else {
            return if batch.count == 0 { Ok(()) } else { (sink.each)(frame, batch, None) };
        };
        match &step.what {
            What::Scan { slot, first, end, only } => self.scan(*slot, *first, *end, only.as_deref(), rest, later, sink),
            What::Rows { slot, rows } => {
                for rows in rows.chunks(BATCH) {
                    self.data.go_on()?;
                    let mut next = Batch { count: rows.len(), slots: Vec::new() };
                    next.set(*slot, Slot::Each(rows.to_vec()));
                    self.step(rest, &next, later, sink)?;
                }
                Ok(())
            }
            _ if batch.count == 0 => Ok(()),
            What::Filter(condition) => {
                self.truth(frame, batch, *condition)?;
                let truths = frame.truths(*condition);
                let kept: usize = truths.iter().map(|truth| usize::from(*truth)).sum();
                if kept == 0 {
                    return Ok(());
                }
                if rest.is_empty() && sink.masks && kept * 2 >= batch.count {
                    return (sink.each)(frame, batch, Some(*condition).filter(|_| kept < batch.count));
                }
                if kept == batch.count {
                    return self.step(rest, batch, later, sink);
                }
                // Without a branch: which rows stay cannot be foreseen.
                let mut places = vec![0; batch.count];
                let mut kept = 0;
                for (place, truth) in (0..).zip(truths) {
                    if let Some(at) = places.get_mut(kept) {
                        *at = place;
                    }
                    kept += usize::from(*truth);
                }
                places.truncate(kept);
                self.step(rest, &batch.chosen(&places, step.live), later, sink)
            }
            What::Lookup { slot, id, rows, left } => {
                self.number(frame, batch, *id)?;
                let row = |id: &i64| u32::try_from(*id).ok().filter(|row| row <= rows).unwrap_or(0);
                let found: Vec<u32> = frame.numbers(*id).iter().map(row).collect();
                if *left || found.iter().all(|row| *row > 0) {
                    let mut next = batch.clone();
                    next.set(*slot, Slot::Each(found));
                    return self.step(rest, &next, later, sink);
                }
                let places: Vec<u32> = (0..).zip(&found).filter(|(_, row)| **row > 0).map(|(place, _)| place).collect();
                let mut next = batch.chosen(&places, step.live);
                next.set(*slot, Slot::Each(found.into_iter().filter(|row| *row > 0).collect()));
                self.step(rest, &next, later, sink)
            }
            What::Expand { slot, index, value, left } => {
                self.number(frame, batch, *value)?;
                let mut more = More::new(batch, *slot, step.live);
                for (place, value) in (0..).zip(frame.numbers(*value)) {
                    let found = index.find(*value);
                    if *left && found.is_empty() {
                        more.push(place, 0);
                    }
                    found.for_each(|row| more.push(place, row));
                    if more.is_full() {
                        self.step(rest, &more.take(), later, sink)?;
                    }
                }
                self.step(rest, &more.take(), later, sink)
            }
            What::Pairs { first, second, of, index, value, parties } => {
                self.number(frame, batch, *value)?;
                let mut own = Vec::new();
                batch.row_numbers(*of, &mut own);
                let party = |row: u32| parties.get((row as usize).wrapping_sub(1)).copied().unwrap_or(0);
                let mut more = More::new(batch, *second, step.live);
                let mut firsts = Vec::with_capacity(BATCH);
                for ((place, value), own) in (0..).zip(frame.numbers(*value)).zip(&own) {
                    let own = u32::try_from(*own).unwrap_or(0);
                    index.find(*value).for_each(|row| {
                        if row > own {
                            let (one, other) = if party(row) < party(own) { (row, own) } else { (own, row) };
                            more.push(place, other);
                            firsts.push(one);
                        }
                    });
                    if more.is_full() {
                        let mut next = more.take();
                        next.set(*first, Slot::Each(std::mem::take(&mut firsts)));
                        self.step(rest, &next, later, sink)?;
                    }
                }
                let mut next = more.take();
                next.set(*first, Slot::Each(firsts));
                self.step(rest, &next, later, sink)
            }
            What::Many { slot, sub, left } => {
                let found = sub.ids(self, batch)?;
                let mut more = More::new(batch, *slot, step.live);
                let mut found = found.into_iter().peekable();
                for place in 0..u32::try_from(batch.count).unwrap_or(u32::MAX) {
                    let mut any = false;
                    while let Some((_, row)) = found.next_if(|(of, _)| *of == place) {
                        more.push(place, row);
                        any = true;
                    }
                    if *left && !any {
                        more.push(place, 0);
                    }
                    if more.is_full() {
                        self.step(rest, &more.take(), later, sink)?;
                    }
                }
                self.step(rest, &more.take(), later, sink)
            }
        }
    }

    #[allow(clippy::too_many_arguments)]
    fn scan(
        &self,
        slot: usize,
        first: u32,
        end: u32,
        only: Option<&Bits>,
        rest: &[Step],
        later: &mut [Frame],
        sink: &mut Sink<'_>,
    ) -> Result<(), Failure> {
        let send = |rows: Slot, count: usize, later: &mut [Frame], sink: &mut Sink<'_>| {
            self.data.go_on()?;
            let mut next = Batch { count, slots: Vec::new() };
            next.set(slot, rows);
            self.step(rest, &next, later, sink)
        };
        if let Some(only) = only {
            let mut rows = only.rows().skip_while(|row| *row < first).take_while(|row| *row < end).peekable();
            while rows.peek().is_some() {
                let some: Vec<u32> = rows.by_ref().take(BATCH).collect();
                let count = some.len();
                send(Slot::Each(some), count, later, sink)?;
            }
            return Ok(());
        }
        let mut begin = first;
        while begin < end {
            let count = ((end - begin) as usize).min(BATCH);
            send(Slot::Range(begin), count, later, sink)?;
            begin += u32::try_from(count).unwrap_or(u32::MAX);
        }
        Ok(())
    }
}

/// Rows that come of the rows of a batch.
struct More<'a> {
    batch: &'a Batch,
    slot: usize,
    live: u64,
    places: Vec<u32>,
    rows: Vec<u32>,
}

impl More<'_> {
    fn new(batch: &Batch, slot: usize, live: u64) -> More<'_> {
        More { batch, slot, live, places: Vec::with_capacity(BATCH), rows: Vec::with_capacity(BATCH) }
    }

    fn push(&mut self, place: u32, row: u32) {
        self.places.push(place);
        self.rows.push(row);
    }

    fn is_full(&self) -> bool {
        self.places.len() >= BATCH
    }

    fn take(&mut self) -> Batch {
        let mut next = self.batch.chosen(&self.places, self.live);
        next.set(self.slot, Slot::Each(std::mem::take(&mut self.rows)));
        self.places.clear();
        next
    }
}
