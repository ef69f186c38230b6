//! Lists in columns: rows come in the order of an index, and what is there twice is left out where it stands.

use super::each_block;
use super::shape::{add, column, conjuncts, fresh};
use crate::plan::tree::{Alias, Block, Source, Truth, Value};

/// A list of rows that are different by what they are is neither grouped nor sorted.
pub fn as_they_come(block: &mut Block) -> bool {
    let mut changed = false;
    let mut next = fresh(block);
    each_block(block, &mut |inner| {
        if !is_list(inner) {
            return;
        }
        if inner.group == [Value::column(inner.alias, "id")] {
            ungroup(inner);
            changed = true;
        } else if inner.from == Source::Table("participants")
            && inner.group == [party(inner.alias)]
            && is_of_one_meeting(inner)
        {
            let twin = twin(inner, next);
            next += 1;
            ungroup(inner);
            let leader = Truth::Missing(Value::column(inner.alias, "leader_id"));
            add(inner, Truth::any([leader.negated(), Truth::Exists(Box::new(twin)).negated()]));
            changed = true;
        }
    });
    changed
}

/// Each different value of the rows of one table, in the order of the rows.
fn is_list(block: &Block) -> bool {
    let id = Value::column(block.alias, "id");
    let order = [(Value::aggregate("min", id), false)];
    let one = block.joins.iter().all(|join| join.left && leads_to_one(&join.on, join.alias));
    block.order == order && block.limit.is_none() && one && !block.columns.iter().any(Value::is_aggregate)
}

fn leads_to_one(on: &Truth, alias: Alias) -> bool {
    matches!(on, Truth::Compare("=", left, _) if column(left) == Some((alias, "id")))
}

fn ungroup(block: &mut Block) {
    block.group.clear();
    block.order = vec![(Value::column(block.alias, "id"), false)];
}

/// What tells participants apart, as lowering writes it: the leader, or the country where the leader is not known.
fn party(alias: Alias) -> Value {
    let doubled = |name| Value::Operation("*", Box::new(Value::column(alias, name)), Box::new(Value::Number(2)));
    let country = Value::Operation("+", Box::new(doubled("country_id")), Box::new(Value::Number(1)));
    Value::Call("coalesce", vec![doubled("leader_id"), country])
}

/// The rows are those of a meeting, whatever else is asked of them: no leader is among them twice.
fn is_of_one_meeting(block: &Block) -> bool {
    let alias = block.alias;
    block.joins.is_empty()
        && matches!(conjuncts(&block.filter), [Truth::Compare("=", left, right)]
            if column(left) == Some((alias, "meeting_id")) && column(right).is_some_and(|(other, _)| other != alias))
}

/// An earlier row of the same meeting that is known by the same country alone.
fn twin(block: &Block, alias: Alias) -> Block {
    let mut twin = Block::new(Source::Table("participants"), alias).columns(vec![Value::Number(1)]);
    let both = |name: &str| (Value::column(alias, name), Value::column(block.alias, name));
    let ((meeting, its), (country, own), (id, before)) = (both("meeting_id"), both("country_id"), both("id"));
    twin.filter = Truth::all([
        Truth::equal(meeting, its),
        Truth::Same(country, own),
        Truth::compare("<", id, before),
        Truth::Missing(Value::column(alias, "leader_id")),
    ]);
    twin
}
