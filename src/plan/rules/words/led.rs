//! Blocks that are asked for each row of another: there, the rows that a search names must not be gone through each time.
//!
//! SQLite would gladly take the ids as a second key behind the tie to the outer row, and look every one of them up for
//! every outer row. Either the block becomes a set that is found once, or its rows are tested against the ids.

use crate::plan::rules::shape::reads_outside;
use crate::plan::tree::{Alias, Block, Source, Truth, Value};

/// Keeps SQLite from going through the ids of searches: they become tests.
pub fn tested(truth: Truth) -> Truth {
    match truth {
        Truth::And(parts) => Truth::And(parts.into_iter().map(tested).collect()),
        Truth::Or(parts) => Truth::Or(parts.into_iter().map(tested).collect()),
        Truth::InBlock(_, ref ids) if is_search(ids) => Truth::equal(Value::Truth(Box::new(truth)), Value::Number(1)),
        other => other,
    }
}

/// Makes sets of the blocks in a condition that search; says whether there were any.
pub fn sets(truth: &mut Truth) -> bool {
    match truth {
        Truth::And(parts) | Truth::Or(parts) => parts.iter_mut().fold(false, |changed, part| sets(part) | changed),
        Truth::Not(inner) => sets(inner),
        Truth::Exists(inner) => match set(inner) {
            Some(set) => {
                *truth = set;
                true
            }
            None => false,
        },
        _ => false,
    }
}

/// The rows that a block leads to, as a set: where a search is in it and one equality alone ties it to the outside.
fn set(inner: &Block) -> Option<Truth> {
    let plain = inner.with.is_empty() && inner.group.is_empty() && inner.limit.is_none();
    let Truth::And(parts) = &inner.filter else { return None };
    if !plain || !parts.iter().any(|part| search_in(part).is_some()) {
        return None;
    }
    let own = |alias: Alias| alias == inner.alias || inner.joins.iter().any(|join| join.alias == alias && !join.left);
    let (position, mine, outer) = parts.iter().enumerate().find_map(|(position, part)| match part {
        Truth::Compare("=", Value::Column(one, a), Value::Column(other, b)) => match (own(*one), own(*other)) {
            (true, false) => Some((position, Value::Column(*one, a.clone()), Value::Column(*other, b.clone()))),
            (false, true) => Some((position, Value::Column(*other, b.clone()), Value::Column(*one, a.clone()))),
            _ => None,
        },
        _ => None,
    })?;
    let rest = parts.iter().enumerate().filter(|(at, _)| *at != position);
    let rest = rest.map(|(_, part)| search_in(part).unwrap_or(part).clone());
    let mut block = inner.clone().filter(Truth::all(rest)).columns(vec![mine]);
    block.order.clear();
    if reads_outside(&mut block) { None } else { Some(Truth::InBlock(outer, Box::new(block))) }
}

/// The search behind a test of [`tested`].
fn search_in(truth: &Truth) -> Option<&Truth> {
    match truth {
        Truth::Compare("=", Value::Truth(inner), Value::Number(1)) => match inner.as_ref() {
            Truth::InBlock(_, ids) if is_search(ids) => Some(inner),
            _ => None,
        },
        _ => None,
    }
}

const fn is_search(block: &Block) -> bool {
    matches!(block.from, Source::Searched(_))
}
