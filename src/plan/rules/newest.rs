//! The first or the last rows by their dates: read by their ids from that end, until there are enough.

use super::shape::{add, conjuncts, fresh, is_narrow, reads_outside};
use crate::catalog::{self, ddl};
use crate::plan::tree::{Block, Source, Truth, Value};
use crate::plan::walk::{self, Seen};

/// Of more rows than that the last is not worth being found first.
const MOST: u64 = 10_000;

/// Rows with a date come first, in the order of their dates or against it, which is that of their ids: with enough of
/// them from that end, what lies behind the last of these is in no answer. Rows without a date come behind them anyway.
pub fn from_one_end(block: &mut Block) -> bool {
    let Some((count, offset)) = block.limit else { return false };
    let Some(descending) = by_date(block) else { return false };
    let wanted = count.saturating_add(offset);
    let plain = block.with.is_empty() && block.group.is_empty();
    if !plain || wanted == 0 || wanted > MOST || !is_scanned(block) {
        return false;
    }
    let last = last(block, descending, wanted);
    let (operator, beyond) = if descending { (">=", i64::MIN) } else { ("<=", i64::MAX) };
    let bound = Value::Call("coalesce", vec![Value::Block(Box::new(last)), Value::integer(beyond)]);
    let id = Value::column(block.alias, "id");
    add(block, Truth::compare(operator, id, bound));
    true
}

/// Whether rows are sorted by their own date, as lowering writes it, and which way.
fn by_date(block: &Block) -> Option<bool> {
    let Source::Table(table) = block.from else { return None };
    let noun = catalog::noun(table).filter(|noun| ddl::is_indexed_by_day(noun) && noun.attribute("date").is_some())?;
    let of = |name: &str| Value::column(block.alias, name);
    let missing = Truth::Missing(of("date"));
    let day = |name| of(name).only_if(missing.clone().negated());
    let descending = block.order.last().map(|(_, descending)| *descending)?;
    let keys = [day("start_min"), day("end_max"), of("id")].map(|key| (key, descending));
    let first = (Value::Truth(Box::new(missing)), false);
    let same = block.order.split_first().is_some_and(|(known, others)| *known == first && others == keys);
    (same && noun.name == table).then_some(descending)
}

/// Nothing else leads to the rows than reading all of them, or those between two ids.
fn is_scanned(block: &mut Block) -> bool {
    let alias = block.alias;
    let parts = conjuncts(&block.filter);
    !parts.iter().any(|part| is_narrow(part, alias) || matches!(part, Truth::InBlock(..)))
        && block.joins.iter().all(|join| join.left)
        && !reads_outside(block)
}

/// The id of the last of so many rows with a date from one end; none where there are fewer.
fn last(block: &Block, descending: bool, wanted: u64) -> Block {
    let mut last = block.clone();
    let dated = Truth::Missing(Value::column(block.alias, "date")).negated();
    last.filter = Truth::all([dated, block.filter.clone()]);
    last.columns = vec![Value::column(block.alias, "id")];
    last.order = vec![(Value::column(block.alias, "id"), descending)];
    last.limit = Some((1, wanted - 1));
    super::unused::joins(&mut last);
    // Its rows are others than those around it.
    let shift = fresh(&mut last);
    walk::block(&mut last, &mut |seen| {
        let (Seen::Declared(alias) | Seen::Column(alias, _)) = seen;
        *alias += shift;
    });
    last
}
