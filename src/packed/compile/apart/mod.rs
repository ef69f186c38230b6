//! What a group's column computes over rows of its own: all groups together, then each takes its part.
//!
//! SQL computes such a column once for each group, each time from all rows.

use super::super::Failure;
use super::super::column::NOTHING;
use super::super::data::Data;
use super::super::rows::{Rows, Values};
use super::{Compiled, Compiler, Kind, conjuncts, is_aggregated};
use crate::plan::tree::{Alias, Block, Name, Truth, Value};
use std::collections::HashMap;
use std::sync::Arc;

mod possible;

/// A column that is computed apart.
#[derive(Debug)]
pub(in super::super) enum Apart {
    /// First the value, then the keys of its groups; and what a group without a row has.
    Whole(Box<Compiled>, i64),
    Possible(Box<possible::Possible>),
}

impl<'b> Compiler<'b, '_> {
    pub(super) fn apart(&mut self, inner: &'b Block, groups: &'b Block) -> Result<(Apart, Kind), Failure> {
        if let Some(possible) = self.possible(inner, groups)? {
            return Ok((Apart::Possible(Box::new(possible)), Kind::Number));
        }
        let block = whole(inner, groups).ok_or(Failure::Unfit("a column of rows of its own"))?;
        let mut compiler = Compiler::new(self.data, self.short, self.check);
        compiler.named = self.named.clone();
        let compiled = compiler.whole(&block)?;
        let kind = compiled.shown_kinds(self.data)?.into_iter().next().unwrap_or(Kind::Nothing);
        if matches!(kind, Kind::Real | Kind::Presence) {
            return Err(Failure::Unfit("a mean of rows of its own"));
        }
        let counts =
            matches!(inner.columns.first(), Some(Value::CountAll | Value::Aggregate { function: "count", .. }));
        Ok((Apart::Whole(Box::new(compiled), if counts { 0 } else { NOTHING }), kind))
    }
}

/// The block of all groups that gives for each what the inner one gives for one.
fn whole(inner: &Block, groups: &Block) -> Option<Block> {
    let plain = inner.with.is_empty() && inner.group.is_empty() && inner.order.is_empty() && inner.limit.is_none();
    let [column] = inner.columns.as_slice() else { return None };
    if !plain || !is_aggregated(inner) {
        return None;
    }
    let mut all = Vec::new();
    conjuncts(&inner.filter, &mut all);
    let mut same: Vec<usize> = Vec::new();
    let mut rest = Vec::new();
    for part in all {
        match tie(part, inner.alias, groups.alias) {
            Some(at) => same.push(at),
            None => rest.push(part.clone()),
        }
    }
    let keys: Option<Vec<usize>> = groups.group.iter().map(|key| place(key, groups.alias)).collect();
    let keys = keys?;
    let alike = keys.iter().all(|key| same.contains(key)) && same.iter().all(|at| keys.contains(at));
    if !alike {
        return None;
    }
    let group: Vec<Value> = keys.into_iter().map(|at| Value::at(inner.alias, at)).collect();
    let columns = std::iter::once(column.clone()).chain(group.iter().cloned()).collect();
    let filter = Truth::all(rest);
    Some(Block { group, columns, filter, joins: inner.joins.clone(), ..Block::new(inner.from.clone(), inner.alias) })
}

fn place(value: &Value, of: Alias) -> Option<usize> {
    match value {
        Value::Column(alias, Name::At(at)) if *alias == of => Some(*at),
        _ => None,
    }
}

/// The column that both blocks have alike, if that is what a condition says.
fn tie(truth: &Truth, inner: Alias, outer: Alias) -> Option<usize> {
    let Truth::Same(a, b) = truth else { return None };
    let at = place(a, inner)?;
    (place(b, outer)? == at).then_some(at)
}

impl Apart {
    /// Computes the column for all groups, and gives each its value.
    pub(super) fn fill(self, gathered: &mut Rows, keys: usize, place: usize, data: &Data) -> Result<(), Failure> {
        let (compiled, none) = match self {
            Apart::Whole(compiled, none) => (compiled, none),
            Apart::Possible(possible) => {
                let counts = possible.counts(gathered, data)?;
                if let Some(column) = gathered.columns.get_mut(place) {
                    *column = Values::Numbers(Arc::new(counts));
                }
                return Ok(());
            }
        };
        let made = compiled.run(data)?;
        data.room(made.bytes() * 2 + gathered.bytes())?;
        let key = |rows: &Rows, first: usize, row: usize| -> Vec<i64> {
            (first..first + keys).map(|at| number(&rows.columns, at, row)).collect()
        };
        let mut values: HashMap<Vec<i64>, i64> = HashMap::with_capacity(made.count);
        for row in 0..made.count {
            values.insert(key(&made, 1, row), number(&made.columns, 0, row));
        }
        let own: Vec<i64> =
            (0..gathered.count).map(|row| values.get(&key(gathered, 0, row)).copied().unwrap_or(none)).collect();
        if let Some(column) = gathered.columns.get_mut(place) {
            *column = match made.columns.first() {
                Some(Values::Texts(_, texts)) => Values::Texts(Arc::new(own), Arc::clone(texts)),
                _ => Values::Numbers(Arc::new(own)),
            };
        }
        Ok(())
    }
}

fn number(columns: &[Values], at: usize, row: usize) -> i64 {
    match columns.get(at) {
        Some(Values::Numbers(values) | Values::Texts(values, _)) => values.get(row).copied().unwrap_or(NOTHING),
        _ => NOTHING,
    }
}
