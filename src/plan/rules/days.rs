//! Days as ids: rows that happen have ids in the order of their days, so that a bound on days is one on ids.

use super::each_block;
use super::shape::{add, column, conjuncts, conjuncts_mut, is_constant};
use crate::catalog;
use crate::plan::tree::{Alias, Block, Source, Truth, Value};

/// Whether the ids of a table's rows are in the order of their first days, which is checked when a file is opened.
fn is_in_order(table: &str) -> bool {
    catalog::noun(table).is_some_and(catalog::ddl::is_indexed_by_day)
}

/// A bound on the days of rows is repeated as one on their ids, and as one on whatever is equal to them.
pub fn as_ids(block: &mut Block) -> bool {
    let mut changed = false;
    let mut next = super::shape::fresh(block);
    each_block(block, &mut |inner| changed |= bounded(inner, &mut next));
    changed
}

fn bounded(block: &mut Block, next: &mut Alias) -> bool {
    let mut bounds = Vec::new();
    for part in conjuncts(&block.filter) {
        if let Some((alias, operator, day)) = bound(part)
            && let Some((table, id)) = id_of(block, alias)
        {
            let first = first(table, operator, day, *next);
            *next += 1;
            bounds.push((id, operator, first));
        }
    }
    let changed = !bounds.is_empty();
    for (id, operator, first) in bounds {
        let operator = if operator.starts_with('>') { ">=" } else { "<=" };
        for equal in equals(&block.filter, &id) {
            add(block, Truth::compare(operator, equal, first.clone()));
        }
        for part in conjuncts_mut(&mut block.filter) {
            if let Truth::InBlock(value, inner) = part
                && *value == id
                && inner.limit.is_none()
                && let Some(own) = inner.columns.first().cloned()
            {
                add(inner, Truth::compare(operator, own, first.clone()));
            }
        }
        add(block, Truth::compare(operator, id, first));
    }
    changed
}

/// The columns that conditions say are equal to a value.
fn equals(filter: &Truth, id: &Value) -> Vec<Value> {
    let other = |part: &Truth| match part {
        Truth::Compare("=", left, right) if left == id => Some(right.clone()),
        Truth::Compare("=", left, right) if right == id => Some(left.clone()),
        _ => None,
    };
    conjuncts(filter).iter().filter_map(other).filter(|value| column(value).is_some()).collect()
}

/// What a condition says of the first day that a row may have: a bound from below, or one from above, which a bound on any
/// later day of it is too.
fn bound(part: &Truth) -> Option<(Alias, &'static str, &Value)> {
    let Truth::Compare(operator, value, day) = part else { return None };
    let (alias, name) = column(value).filter(|_| is_constant(day))?;
    let tells = match *operator {
        ">=" | ">" => name == "start_min",
        "<=" | "<" => catalog::ddl::BOUNDS.contains(&name),
        _ => false,
    };
    tells.then_some((alias, operator, day))
}

/// The table behind an alias, where its ids are in order, and what is equal to its id and stands before it.
fn id_of(block: &Block, alias: Alias) -> Option<(&'static str, Value)> {
    let (source, id) = if block.alias == alias {
        (&block.from, Value::column(alias, "id"))
    } else {
        let join = block.joins.iter().find(|join| join.alias == alias)?;
        match &join.on {
            Truth::Compare("=", left, right) if column(left) == Some((alias, "id")) && column(right).is_some() => {
                (&join.source, right.clone())
            }
            _ => (&join.source, Value::column(alias, "id")),
        }
    };
    match source {
        Source::Table(table) if is_in_order(table) => Some((table, id)),
        _ => None,
    }
}

/// The id of the first row, or the last, whose first day is on that side; with none there is no row at all.
fn first(table: &'static str, operator: &'static str, day: &Value, alias: Alias) -> Value {
    let start = Value::column(alias, "start_min");
    let mut block = Block::new(Source::Table(table), alias).columns(vec![Value::column(alias, "id")]);
    let downwards = operator.starts_with('<');
    block.filter = Truth::compare(operator, start.clone(), day.clone());
    block.order = vec![(start, downwards), (Value::column(alias, "id"), downwards)];
    block.limit = Some((1, 0));
    Value::Block(Box::new(block))
}
