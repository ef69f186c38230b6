//! Conditions on rows behind a to-many step: from "there is such a row" to "is among those that such rows lead to".

use super::shape::{add, are_narrow, column, conjuncts, conjuncts_mut, is_plain, reads_outside, replacing};
use crate::plan::tree::{Alias, Block, Join, Source, Truth, Value};
use crate::plan::walk;

/// EXISTS over rows that constants narrow down, tied to the outside by one column alone, becomes IN: the rows that the
/// constants choose are found first, and lead to the others.
pub fn drive(block: &mut Block) -> bool {
    // From the outside in: what the outermost rows can be driven by comes first.
    let mut changed = outer(block);
    walk::inner_blocks(block, &mut |inner| changed |= drive(inner));
    changed
}

fn outer(block: &mut Block) -> bool {
    let alias = block.alias;
    // Where few rows are left anyway, each is asked by itself.
    if !matches!(block.from, Source::Table(_)) || are_narrow(conjuncts(&block.filter), alias) {
        return false;
    }
    let mut changed = false;
    for conjunct in conjuncts_mut(&mut block.filter) {
        match conjunct {
            Truth::Exists(inner) => {
                if let Some(driven) = driven(inner, alias) {
                    *conjunct = driven;
                    changed = true;
                }
            }
            // That there is none is one look into an index for each row; only where it is more, all are found first.
            Truth::Not(negated) => {
                if let Truth::Exists(inner) = negated.as_ref()
                    && !inner.joins.is_empty()
                    && let Some(driven) = driven(inner, alias)
                {
                    **negated = driven;
                    changed = true;
                }
            }
            _ => {}
        }
    }
    changed
}

/// Among what the inner rows lead to, where constants narrow them down and one column alone ties them to the outside.
fn driven(inner: &Block, outer: Alias) -> Option<Truth> {
    if !is_plain(inner) {
        return None;
    }
    let (position, own, tie) = tie(inner, outer)?;
    let mut block = inner.clone();
    if let Truth::And(parts) = &mut block.filter {
        parts.remove(position);
    } else {
        block.filter = Truth::True;
    }
    // What is equal to a column of the outside can stand for it.
    walk::block(&mut block, &mut replacing((outer, &tie), (own.0, &own.1)));
    block.filter = Truth::all([std::mem::replace(&mut block.filter, Truth::True)]);
    if reads_outside(&mut block) || !narrowed(&mut block) {
        return None;
    }
    block.columns = vec![Value::column(own.0, own.1)];
    Some(Truth::InBlock(Value::column(outer, tie), Box::new(block)))
}

/// The sources of which there is a row in any case.
fn sources(block: &Block) -> impl Iterator<Item = Alias> {
    std::iter::once(block.alias).chain(block.joins.iter().filter(|join| !join.left).map(|join| join.alias))
}

/// The condition by which rows belong to one outside: at which place it stands, the column inside and the one outside.
fn tie(inner: &Block, outer: Alias) -> Option<(usize, (Alias, String), String)> {
    conjuncts(&inner.filter).iter().enumerate().find_map(|(position, part)| {
        let Truth::Compare("=", left, right) = part else { return None };
        let (left, right) = (column(left)?, column(right)?);
        let (own, tie) = if right.0 == outer { (left, right) } else { (right, left) };
        let fits = tie.0 == outer && sources(inner).any(|source| source == own.0);
        fits.then(|| (position, (own.0, own.1.to_string()), tie.1.to_string()))
    })
}

fn is_narrowed(block: &Block) -> bool {
    sources(block).any(|source| are_narrow(conjuncts(&block.filter), source))
}

/// Whether constants narrow a block down; where they do so one step further, that step becomes a join, since of a set
/// it does not matter how often a row is in it.
fn narrowed(block: &mut Block) -> bool {
    if is_narrowed(block) {
        return true;
    }
    let Truth::And(parts) = &mut block.filter else { return false };
    let further = parts.iter().position(|part| match part {
        Truth::Exists(inner) => is_plain(inner) && is_narrowed(inner),
        _ => false,
    });
    let Some(position) = further else { return false };
    if let Truth::Exists(inner) = parts.remove(position) {
        let Block { from, alias, joins, filter, .. } = *inner;
        block.joins.push(Join { source: from, alias, on: Truth::True, left: false });
        block.joins.extend(joins);
        add(block, filter);
    }
    true
}
