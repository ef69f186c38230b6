//! The rule that hands blocks over: groups, and counts, of tables that are packed.

use super::{Data, Failure, compile};
use crate::plan::tree::{Block, Most, Name, Packed, Source, Truth, Value};

/// Its name and help, for EXPLAIN.
pub const NAME: &str = "packed-columns";
pub const HELP: &str = "groups and counts are computed from packed columns";

/// Replaces what can be computed whole; says whether there was anything.
///
/// # Errors
/// When someone stops it while columns are read.
pub fn apply(block: &mut Block, data: &Data) -> Result<bool, Failure> {
    if compile::fits(block, data)? {
        let inner = std::mem::replace(block, Block::new(Source::Table(""), 0));
        let alias = inner.alias;
        let columns = (0..inner.columns.len()).map(|at| Value::at(alias, at)).collect();
        *block = Block::new(Source::Packed(Box::new(Packed { block: inner, most: None })), alias).columns(columns);
        return Ok(true);
    }
    let mut enclosed = block.clone();
    enclose(&mut enclosed);
    let Source::Block(inner) = &enclosed.from else { return Ok(false) };
    if !compile::fits(inner, data)? {
        return Ok(false);
    }
    let packed = Packed { block: inner.as_ref().clone(), most: most(&enclosed) };
    enclosed.from = Source::Packed(Box::new(packed));
    *block = enclosed;
    Ok(true)
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
