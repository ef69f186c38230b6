//! What nothing reads: columns of named blocks, and tables joined for them.

use super::each_block;
use crate::plan::tree::{Alias, Block, Name, Source, Value};
use crate::plan::walk::{self, Seen};
use std::collections::{HashMap, HashSet};

/// Columns of named blocks that nothing reads are not computed.
pub(super) fn columns(block: &mut Block) -> bool {
    let mut changed = false;
    // The last named block reads the ones before it: from the last to the first, each sees what is still read.
    for position in (0..block.with.len()).rev() {
        let name = block.with[position].0;
        let mut used = positions_read(block, name);
        let inner = &mut block.with[position].1;
        if inner.group.is_empty() {
            // What makes one row of all rows must stay, or they would be many.
            used.extend(inner.columns.iter().position(Value::is_aggregate));
        }
        for (column, value) in inner.columns.iter_mut().enumerate() {
            if !used.contains(&column) && *value != Value::Null {
                *value = Value::Null;
                changed = true;
            }
        }
    }
    changed
}

/// The positions of a named block's columns that anything in `block` reads.
fn positions_read(block: &mut Block, name: &str) -> HashSet<usize> {
    let mut sources: HashMap<Alias, bool> = HashMap::new();
    each_source(block, &mut |alias, source| {
        sources.insert(alias, matches!(source, Source::Named(known) if *known == name));
    });
    let mut used = HashSet::new();
    walk::block(block, &mut |seen| {
        if let Seen::Column(alias, Name::At(position)) = seen
            && sources.get(alias).copied().unwrap_or(false)
        {
            used.insert(*position);
        }
    });
    used
}

/// Tables joined for a column that is no longer read are left out.
pub(super) fn joins(block: &mut Block) -> bool {
    let mut changed = false;
    each_block(block, &mut |inner| {
        while inner.joins.iter().any(|join| join.left) {
            let used = aliases_read(inner);
            let before = inner.joins.len();
            inner.joins.retain(|join| !join.left || used.contains(&join.alias));
            if inner.joins.len() == before {
                break;
            }
            changed = true;
        }
    });
    changed
}

/// Aliases whose columns are read, but for what a left join reads of its own table in its own condition.
fn aliases_read(block: &mut Block) -> HashSet<Alias> {
    let mut used = HashSet::new();
    let mut joins = std::mem::take(&mut block.joins);
    walk::block(block, &mut |seen| {
        if let Seen::Column(alias, _) = seen {
            used.insert(*alias);
        }
    });
    for join in &mut joins {
        let own = join.alias;
        walk::truth(&mut join.on, &mut |seen| {
            if let Seen::Column(alias, _) = seen
                && (*alias != own || !join.left)
            {
                used.insert(*alias);
            }
        });
    }
    block.joins = joins;
    used
}

fn each_source(block: &mut Block, visit: &mut dyn FnMut(Alias, &Source)) {
    each_block(block, &mut |inner| {
        visit(inner.alias, &inner.from);
        for join in &inner.joins {
            visit(join.alias, &join.source);
        }
    });
}
