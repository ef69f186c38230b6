//! Rewrite rules: each gives the same answer with less work. They are named, listed in order, and can be switched off.

use super::tree::{Alias, Block, Name, Source, Value};
use super::walk::{self, Seen};
use std::collections::{HashMap, HashSet};

/// A rewrite of one block (with all blocks inside it).
pub struct Rule {
    pub name: &'static str,
    /// What it does, for EXPLAIN.
    pub help: &'static str,
    /// Rewrites a block; says whether it changed anything.
    apply: fn(&mut Block) -> bool,
}

/// All rules, in the order in which they are applied.
pub static RULES: &[Rule] = &[
    Rule {
        name: "drop-unused-columns",
        help: "columns of named blocks that nothing reads are not computed",
        apply: drop_unused_columns,
    },
    Rule {
        name: "drop-unused-joins",
        help: "tables joined for a column that is no longer read are left out",
        apply: drop_unused_joins,
    },
];

/// Applies all rules to a block; returns those that changed something.
pub fn apply(block: &mut Block) -> Vec<&'static Rule> {
    RULES.iter().filter(|rule| (rule.apply)(block)).collect()
}

fn drop_unused_columns(block: &mut Block) -> bool {
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

fn drop_unused_joins(block: &mut Block) -> bool {
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

/// Calls `visit` on a block and on every block inside it, the inner ones first.
fn each_block(block: &mut Block, visit: &mut dyn FnMut(&mut Block)) {
    walk::inner_blocks(block, &mut |inner| each_block(inner, visit));
    visit(block);
}

fn each_source(block: &mut Block, visit: &mut dyn FnMut(Alias, &Source)) {
    each_block(block, &mut |inner| {
        visit(inner.alias, &inner.from);
        for join in &inner.joins {
            visit(join.alias, &join.source);
        }
    });
}
