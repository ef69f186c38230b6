//! Meetings of one leader or country, in order: the index by leader leads, and nothing is gathered before the first row.

use super::shape::{add, column, conjuncts, constant_of, fresh, replacing};
use crate::plan::tree::{Alias, Block, Join, Source, Truth, Value};
use crate::plan::walk;

/// Meetings among those of one leader or country are read in the order in which its participations stand.
pub fn by_party(block: &mut Block) -> bool {
    if !block.with.is_empty() || !block.group.is_empty() || block.columns.iter().any(Value::is_aggregate) {
        return false;
    }
    let id = Value::column(block.alias, "id");
    if block.from != Source::Table("meetings") || block.order.first().is_none_or(|(first, _)| *first != id) {
        return false;
    }
    let next = fresh(block);
    let Truth::And(parts) = &mut block.filter else { return false };
    let of_one = |part: &Truth| match part {
        Truth::InBlock(value, inner) if *value == id => once(inner, next),
        _ => None,
    };
    let Some((position, once)) = parts.iter().enumerate().find_map(|(at, part)| Some((at, of_one(part)?))) else {
        return false;
    };
    let Truth::InBlock(_, inner) = parts.remove(position) else { return false };
    let (meetings, participants) = (block.alias, inner.alias);
    walk::block(block, &mut replacing((meetings, "id"), (participants, "meeting_id")));
    for part in conjuncts(&inner.filter).iter().chain([&once]) {
        if !conjuncts(&block.filter).contains(part) {
            add(block, part.clone());
        }
    }
    block.alias = participants;
    let source = std::mem::replace(&mut block.from, inner.from);
    let on = Truth::equal(Value::column(meetings, "id"), Value::column(participants, "meeting_id"));
    block.joins.insert(0, Join { source, alias: meetings, on, left: false });
    true
}

/// Where a block gives the meetings of one leader or country: what makes each of them come once.
fn once(inner: &Block, next: Alias) -> Option<Truth> {
    let alias = inner.alias;
    let meeting = Some((alias, "meeting_id"));
    let fits = inner.from == Source::Table("participants")
        && inner.joins.is_empty()
        && inner.columns.first().and_then(column) == meeting;
    if !fits {
        return None;
    }
    let conditions = conjuncts(&inner.filter);
    // A leader takes part once in a meeting, which is checked when a file is opened.
    if conditions.iter().any(|part| constant_of(part, alias, "leader_id").is_some()) {
        return Some(Truth::True);
    }
    let country = conditions.iter().find_map(|part| constant_of(part, alias, "country_id"))?;
    let others = conditions.iter().filter(|part| constant_of(part, alias, "country_id").is_none());
    let bounds = |part: &Truth| matches!(part, Truth::Compare(_, value, _) if column(value) == meeting);
    others.into_iter().all(bounds).then(|| first_of_country(alias, country, next))
}

/// No earlier participation in the meeting is of that country: there may be several.
fn first_of_country(alias: Alias, country: &Value, other: Alias) -> Truth {
    let of = |name| (Value::column(other, name), Value::column(alias, name));
    let ((meeting, its), (id, own)) = (of("meeting_id"), of("id"));
    let filter = Truth::all([
        Truth::equal(Value::column(other, "country_id"), country.clone()),
        Truth::equal(meeting, its),
        Truth::compare("<", id, own),
    ]);
    let block = Block::new(Source::Table("participants"), other).filter(filter).columns(vec![Value::Number(1)]);
    Truth::Exists(Box::new(block)).negated()
}
