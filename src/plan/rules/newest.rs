//! The first or the last rows by their dates: read by their ids from that end, until there are enough.

use super::shape::{conjuncts, fresh, reads_outside};
use crate::catalog::{self, ddl};
use crate::plan::tree::{Alias, Block, Join, Source, Truth, Value};

const DATED: &str = "dated";
const UNDATED: &str = "undated";

/// Of more rows than that the ids are not worth being found first.
const MOST: u64 = 10_000;

/// Rows with a date come first, in the order of their dates or against it, which is that of their ids; those without come
/// last and are only looked for where the others are not enough.
pub fn by_ids(block: &mut Block) -> bool {
    let Some((count, offset)) = block.limit else { return false };
    let Some(descending) = by_date(block) else { return false };
    if !block.with.is_empty() || !block.group.is_empty() || !is_scanned(block) {
        return false;
    }
    let next = fresh(block);
    let wanted = count.saturating_add(offset);
    if wanted > MOST {
        return false;
    }
    let undated = Truth::Missing(Value::column(block.alias, "date"));
    let dated = ids(block, undated.clone().negated(), descending, wanted);
    let mut rest = ids(block, undated, descending, wanted);
    // One row that says how many there are stands before all others: with enough of them no other is read.
    let known = Block::new(Source::Named(DATED), next + 1).columns(vec![Value::CountAll]);
    let few = Truth::compare("<", Value::at(next, 0), Value::integer(i64::try_from(wanted).unwrap_or(i64::MAX)));
    let from = std::mem::replace(&mut rest.from, Source::Block(Box::new(known)));
    let alias = std::mem::replace(&mut rest.alias, next);
    rest.joins.insert(0, Join { source: from, alias, on: few, left: false });
    let among = |name, alias: Alias| {
        let named = Block::new(Source::Named(name), alias).columns(vec![Value::at(alias, 0)]);
        Truth::InBlock(Value::column(block.alias, "id"), Box::new(named))
    };
    block.filter = Truth::any([among(DATED, next + 2), among(UNDATED, next + 3)]);
    block.with = vec![(DATED, dated), (UNDATED, rest)];
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
    !parts.iter().any(|part| super::shape::is_narrow(part, alias) || matches!(part, Truth::InBlock(..)))
        && block.joins.iter().all(|join| join.left)
        && !reads_outside(block)
}

/// The ids of so many of the rows that fulfil one condition more, from one end.
fn ids(block: &Block, condition: Truth, descending: bool, wanted: u64) -> Block {
    let id = Value::column(block.alias, "id");
    let mut ids = block.clone();
    ids.filter = Truth::all([condition, block.filter.clone()]);
    ids.columns = vec![id.clone()];
    ids.order = vec![(id, descending)];
    ids.limit = Some((wanted, 0));
    super::unused::joins(&mut ids);
    ids
}
