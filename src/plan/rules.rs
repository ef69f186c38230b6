//! Rewrite rules: each gives the same answer with less work. They are named, listed in order, and can be switched off.

use super::Plan;
use super::tree::{Alias, Block, Name, Source, Value};
use super::walk::{self, Seen};
use std::collections::{HashMap, HashSet};

/// A rewrite of one block (with all blocks inside it).
pub struct Rule {
    pub name: &'static str,
    /// What it does, for EXPLAIN.
    pub help: &'static str,
    apply: fn(&mut Block),
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

/// Applies all rules; returns the names of those that changed something.
pub fn apply(plan: &mut Plan) -> Vec<&'static str> {
    let mut changed = Vec::new();
    for rule in RULES {
        let before = plan.clone();
        for block in blocks(plan) {
            (rule.apply)(block);
        }
        if *plan != before {
            changed.push(rule.name);
        }
    }
    changed
}

/// Every block of a plan that is run by itself.
fn blocks(plan: &mut Plan) -> impl Iterator<Item = &mut Block> {
    let cut = plan.cut.iter_mut().flat_map(|cut| [&mut cut.kept, &mut cut.cut]);
    let summary = plan.summary.iter_mut().map(|summary| &mut summary.block);
    std::iter::once(&mut plan.rows).chain(summary).chain(&mut plan.not_held).chain(&mut plan.groups).chain(cut)
}

fn drop_unused_columns(block: &mut Block) {
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
            if !used.contains(&column) {
                *value = Value::Null;
            }
        }
    }
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

fn drop_unused_joins(block: &mut Block) {
    each_block(block, &mut |inner| {
        loop {
            let used = aliases_read(inner);
            let before = inner.joins.len();
            inner.joins.retain(|join| !join.left || used.contains(&join.alias));
            if inner.joins.len() == before {
                break;
            }
        }
    });
}

/// Aliases whose columns are read, but for what a left join reads of its own table in its own condition.
fn aliases_read(block: &mut Block) -> HashSet<Alias> {
    let mut used = HashSet::new();
    let mut rest = block.clone();
    let joins = std::mem::take(&mut rest.joins);
    walk::block(&mut rest, &mut |seen| {
        if let Seen::Column(alias, _) = seen {
            used.insert(*alias);
        }
    });
    for mut join in joins {
        let own = join.alias;
        walk::truth(&mut join.on, &mut |seen| {
            if let Seen::Column(alias, _) = seen
                && (*alias != own || !join.left)
            {
                used.insert(*alias);
            }
        });
    }
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
