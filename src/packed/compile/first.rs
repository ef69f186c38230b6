//! Which source is read first: that which gives the fewest rows, by a range of its days, an index, or a set.

use super::super::Failure;
use super::super::column::NOTHING;
use super::super::program::{Bits, Condition, Node};
use super::super::run::What;
use super::Compiler;
use super::sources::{Inner, Origin, Sources};
use crate::plan::tree::{Parameter, Truth, Value};
use std::sync::Arc;

/// A first step, with the number of rows that it gives.
pub(super) struct First {
    pub(super) what: What,
    pub(super) position: usize,
    pub(super) rows: f64,
    /// The condition that it makes needless.
    pub(super) done: Option<usize>,
}

impl<'b> Compiler<'b, '_> {
    /// The first source: that which gives the fewest rows; where the order of rows matters there is only one.
    pub(super) fn first(&mut self, sources: &mut Sources<'b>) -> Result<First, Failure> {
        let mut best: Option<First> = None;
        for (position, inner) in sources.inner.iter().enumerate() {
            let Inner { slot, ref origin, .. } = *inner;
            let name = match origin {
                Origin::Table(name) => *name,
                Origin::Own => {
                    let rows = self.slot_rows[slot];
                    let what = What::Scan { slot, first: 1, end: rows.saturating_add(1), only: None };
                    keep(&mut best, First { what, position, rows: f64::from(rows), done: None });
                    continue;
                }
                Origin::Second(..) => continue,
            };
            let (first, end) = self.range(sources, slot, name)?;
            let rows = f64::from(end.saturating_sub(first));
            keep(&mut best, First { what: What::Scan { slot, first, end, only: None }, position, rows, done: None });
            for (at, conjunct) in sources.conjuncts.iter().enumerate() {
                let Truth::Compare("=", a, b) = conjunct.truth else { continue };
                for (a, b) in [(a, b), (b, a)] {
                    let Some(column) = self.own_column(a, slot) else { continue };
                    let Some(number) = self.number_of(b)? else { continue };
                    if self.check || column == "id" {
                        continue;
                    }
                    let column_of = self.data.column(name, column)?;
                    if column_of.texts.is_some() {
                        continue;
                    }
                    let rows = self.data.rows_with(name, column, number)?;
                    let count = rows.len() as f64;
                    let what = What::Rows { slot, rows: Arc::new(rows) };
                    keep(&mut best, First { what, position, rows: count, done: Some(at) });
                }
            }
        }
        // Sets are made when it is known what would be read without them.
        self.expected = best.as_ref().map_or(f64::INFINITY, |best| best.rows);
        for position in 0..sources.inner.len() {
            let Some(Inner { slot, origin: Origin::Table(name), .. }) = sources.inner.get(position) else { continue };
            let (slot, name) = (*slot, *name);
            if let Some(only) = self.smallest_set(sources, slot)? {
                let (first, end) = self.range(sources, slot, name)?;
                let rows = only.count as f64;
                keep(
                    &mut best,
                    First { what: What::Scan { slot, first, end, only: Some(only) }, position, rows, done: None },
                );
            }
        }
        best.ok_or(Failure::Unfit("no source"))
    }

    /// The smallest set that the rows of a source must be in.
    fn smallest_set(&mut self, sources: &mut Sources<'b>, slot: usize) -> Result<Option<Arc<Bits>>, Failure> {
        let mut only: Option<Arc<Bits>> = None;
        for conjunct in sources.conjuncts.iter_mut().filter(|conjunct| conjunct.slots == 1 << slot) {
            if !matches!(conjunct.truth, Truth::Exists(_) | Truth::InBlock(..)) {
                continue;
            }
            let truth = self.truth(conjunct.truth)?;
            conjunct.made = Some(truth);
            if let Some(Condition::InSet(node, set)) = self.program.conditions.get(truth)
                && matches!(self.program.nodes.get(*node), Some(Node::Row(known)) if *known == slot)
                && only.as_ref().is_none_or(|known| set.count < known.count)
            {
                only = Some(Arc::clone(set));
            }
        }
        Ok(only)
    }

    fn number_of(&mut self, value: &'b Value) -> Result<Option<i64>, Failure> {
        if !matches!(value, Value::Number(_) | Value::Bound(Parameter::Integer(_))) {
            return Ok(None);
        }
        let node = self.value(value)?;
        Ok(match self.program.nodes.get(node) {
            Some(Node::Constant(number)) if *number != NOTHING => Some(*number),
            _ => None,
        })
    }

    /// The rows of a table that bounds on a sorted column leave.
    fn range(&mut self, sources: &Sources<'b>, slot: usize, name: &'static str) -> Result<(u32, u32), Failure> {
        let rows = self.data.rows(name)?;
        let (mut first, mut end) = (1, rows.saturating_add(1));
        for conjunct in sources.conjuncts.iter().filter(|conjunct| conjunct.slots == 1 << slot) {
            if let Truth::Compare(symbol, a, b) = conjunct.truth
                && let (Some(column), Some(number)) = (self.own_column(a, slot), self.number_of(b)?)
                && column != "id"
            {
                let column = self.data.column(name, column)?;
                if !column.sorted || column.texts.is_some() {
                    continue;
                }
                match *symbol {
                    ">=" => first = first.max(column.first_not_below(number)),
                    ">" => first = first.max(column.first_not_below(number.saturating_add(1))),
                    "<" => end = end.min(column.first_not_below(number)),
                    "<=" => end = end.min(column.first_not_below(number.saturating_add(1))),
                    "=" => {
                        first = first.max(column.first_not_below(number));
                        end = end.min(column.first_not_below(number.saturating_add(1)));
                    }
                    _ => {}
                }
            }
        }
        Ok((first, end))
    }
}

fn keep(best: &mut Option<First>, first: First) {
    if best.as_ref().is_none_or(|known| first.rows < known.rows) {
        *best = Some(first);
    }
}
