//! The rule that hands blocks over: groups, and counts, of tables that are packed.

use super::{Data, Failure, compile};
use crate::catalog::ddl;
use crate::plan::tree::{Block, Most, Name, Packed, Source, Truth, Value};

/// Its name and help, for EXPLAIN.
pub const NAME: &str = "packed-columns";
pub const HELP: &str = "groups and counts are computed from packed columns";

/// Whether it is worth looking for something to replace: columns are packed only for who needs them.
pub fn may_apply(block: &Block) -> bool {
    let groups = |block: &Block| compile::is_aggregated(block);
    let inner = match &block.from {
        Source::Block(inner) => groups(inner),
        Source::Named(_) => block.with.iter().any(|(_, inner)| groups(inner)),
        _ => false,
    };
    groups(block) || inner || looks_far(&block.filter)
}

/// Replaces what can be computed whole; says whether there was anything.
///
/// # Errors
/// When someone stops it while columns are read.
pub fn apply(block: &mut Block, data: &Data) -> Result<bool, Failure> {
    if !may_apply(block) {
        return Ok(false);
    }
    let mut enclosed = block.clone();
    // Groups are the same block here and under the answer, where they are computed already.
    enclose(&mut enclosed);
    if compile::fits(&enclosed, data)? {
        let alias = enclosed.alias;
        let columns = (0..enclosed.columns.len()).map(|at| Value::at(alias, at)).collect();
        let packed = Source::Packed(Box::new(Packed { block: enclosed, most: None }));
        *block = Block::new(packed, alias).columns(columns);
        return Ok(true);
    }
    let Source::Block(inner) = &enclosed.from else { return rows(block, data) };
    if !compile::fits(inner, data)? {
        return Ok(false);
    }
    let packed = Packed { block: inner.as_ref().clone(), most: most(&enclosed) };
    enclosed.from = Source::Packed(Box::new(packed));
    *block = enclosed;
    Ok(true)
}

/// Of rows that are listed with their texts, those that are to be listed: where the conditions look far, they are decided
/// before, and SQL reads only what they leave.
fn rows(block: &mut Block, data: &Data) -> Result<bool, Failure> {
    let Source::Table(name) = block.from else { return Ok(false) };
    let keyed = ddl::tables().iter().any(|table| table.name == name && table.key == 0);
    let parts = match &block.filter {
        Truth::And(parts) => parts.clone(),
        other => vec![other.clone()],
    };
    if !keyed || compile::is_aggregated(block) || !parts.iter().any(looks_far) {
        return Ok(false);
    }
    let id = Value::column(block.alias, "id");
    let mut inner = Block::new(block.from.clone(), block.alias).columns(vec![id.clone()]);
    inner.joins = block.joins.clone();
    let mut taken = Vec::new();
    let mut left = Vec::new();
    for part in parts {
        inner.filter = part.clone();
        if compile::fits(&inner, data)? { taken.push(part) } else { left.push(part) }
    }
    if !taken.iter().any(looks_far) {
        return Ok(false);
    }
    inner.filter = Truth::all(taken);
    if !compile::fits(&inner, data)? {
        return Ok(false);
    }
    let alias = inner.alias;
    let packed = Source::Packed(Box::new(Packed { block: inner, most: None }));
    let chosen = Block::new(packed, alias).columns(vec![Value::at(alias, 0)]);
    block.filter = Truth::all(std::iter::once(Truth::InBlock(id, Box::new(chosen))).chain(left));
    Ok(true)
}

/// Whether a condition looks at rows of several tables, so that no index leads from what is fixed to all of it.
fn looks_far(truth: &Truth) -> bool {
    match truth {
        Truth::And(parts) | Truth::Or(parts) => parts.iter().any(looks_far),
        Truth::Not(inner) => looks_far(inner),
        Truth::Exists(block) | Truth::InBlock(_, block) => {
            !matches!(block.from, Source::Table(_)) || !block.joins.is_empty() || looks_far(&block.filter)
        }
        _ => false,
    }
}

/// Which rows of the inner block can be among those that the outer one gives at most.
fn most(outer: &Block) -> Option<Most> {
    let (count, offset) = outer.limit?;
    if !outer.joins.is_empty() || !outer.group.is_empty() || outer.columns.iter().any(Value::is_aggregate) {
        return None;
    }
    let Source::Block(inner) = &outer.from else { return None };
    let own = |value: &Value| match value {
        Value::Column(alias, Name::At(at)) if *alias == outer.alias => Some(*at),
        _ => None,
    };
    // A count is never missing; what else a column holds may be.
    let is_count = |at: &usize| match inner.columns.get(*at) {
        Some(Value::CountAll) => true,
        Some(Value::Aggregate { function, .. }) => *function == "count",
        _ => false,
    };
    let some = match &outer.filter {
        Truth::True => None,
        Truth::Compare(">", value, Value::Number(0)) => Some(own(value).filter(is_count)?),
        _ => return None,
    };
    let keys = outer.order.iter().map(|(value, down)| (value, *down));
    // Whether a count is missing is no question.
    let mut keys = keys.filter(|(value, _)| match value {
        Value::Truth(truth) => match truth.as_ref() {
            Truth::Missing(of) => own(of).filter(is_count).is_none(),
            _ => true,
        },
        _ => true,
    });
    let (first, descending) = keys.next()?;
    Some(Most { column: own(first).filter(is_count)?, descending, count: count.checked_add(offset)?, some })
}

/// Puts the named blocks into the one that alone reads them, so that it is whole without them.
fn enclose(block: &mut Block) {
    let Source::Named(name) = block.from else { return };
    if block.with.last().is_none_or(|(known, _)| *known != name) || reads_elsewhere(block) {
        return;
    }
    if let Some((_, mut inner)) = block.with.pop() {
        inner.with.append(&mut block.with);
        block.from = Source::Block(Box::new(inner));
    }
}

/// Whether anything but FROM reads a named block.
fn reads_elsewhere(block: &Block) -> bool {
    let mut copy = block.clone();
    copy.with.clear();
    let mut named = 0;
    count_named(&mut copy, &mut named);
    named > 1
}

fn count_named(block: &mut Block, named: &mut usize) {
    let joined = block.joins.iter().map(|join| &join.source);
    *named += std::iter::once(&block.from).chain(joined).filter(|source| matches!(source, Source::Named(_))).count();
    crate::plan::walk::inner_blocks(block, &mut |inner| count_named(inner, named));
}
