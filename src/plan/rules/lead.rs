//! Rows of one leader, in order: the index by leader leads, and nothing is gathered before the first row is out.

use super::shape::{add, column, conjuncts, constant_of, replacing};
use crate::plan::tree::{Block, Join, Source, Truth, Value};
use crate::plan::walk;

/// Meetings among those of one leader are read in the order in which the leader's participations stand: a leader takes
/// part once in a meeting, which is checked when a file is opened.
pub fn by_leader(block: &mut Block) -> bool {
    if !block.with.is_empty() || !block.group.is_empty() || block.columns.iter().any(Value::is_aggregate) {
        return false;
    }
    let id = Value::column(block.alias, "id");
    if block.from != Source::Table("meetings") || block.order.first().is_none_or(|(first, _)| *first != id) {
        return false;
    }
    let Truth::And(parts) = &mut block.filter else { return false };
    let Some(position) = parts.iter().position(|part| is_of_one_leader(part, &id)) else { return false };
    let Truth::InBlock(_, inner) = parts.remove(position) else { return false };
    let (meetings, participants) = (block.alias, inner.alias);
    walk::block(block, &mut replacing((meetings, "id"), (participants, "meeting_id")));
    add(block, inner.filter);
    block.alias = participants;
    let meetings_source = std::mem::replace(&mut block.from, inner.from);
    let on = Truth::equal(Value::column(meetings, "id"), Value::column(participants, "meeting_id"));
    block.joins.insert(0, Join { source: meetings_source, alias: meetings, on, left: false });
    true
}

fn is_of_one_leader(part: &Truth, id: &Value) -> bool {
    let Truth::InBlock(value, inner) = part else { return false };
    let leader = |part| constant_of(part, inner.alias, "leader_id").is_some();
    value == id
        && inner.from == Source::Table("participants")
        && inner.joins.is_empty()
        && inner.columns.first().and_then(column) == Some((inner.alias, "meeting_id"))
        && conjuncts(&inner.filter).iter().any(leader)
}
