//! Visiting every alias of a tree: for comparing two trees and for finding what is used.

use super::tree::{Alias, Block, Name, Source, Truth, Value};

/// What is met on the way: an alias where it is declared, or a column that is referred to.
pub enum Seen<'a> {
    Declared(&'a mut Alias),
    Column(&'a mut Alias, &'a mut Name),
}

/// Calls `visit` on everything that declares or refers to an alias.
pub fn block(block: &mut Block, visit: &mut dyn FnMut(Seen<'_>)) {
    for (_, inner) in &mut block.with {
        self::block(inner, visit);
    }
    source(&mut block.from, visit);
    visit(Seen::Declared(&mut block.alias));
    for join in &mut block.joins {
        source(&mut join.source, visit);
        visit(Seen::Declared(&mut join.alias));
        truth(&mut join.on, visit);
    }
    truth(&mut block.filter, visit);
    block.group.iter_mut().chain(&mut block.columns).for_each(|v| value(v, visit));
    block.order.iter_mut().for_each(|(v, _)| value(v, visit));
}

fn source(from: &mut Source, visit: &mut dyn FnMut(Seen<'_>)) {
    if let Source::Block(inner) = from {
        block(inner, visit);
    }
}

pub fn value(of: &mut Value, visit: &mut dyn FnMut(Seen<'_>)) {
    match of {
        Value::Null | Value::Number(_) | Value::Bound(_) | Value::CountAll => {}
        Value::Column(alias, name) => visit(Seen::Column(alias, name)),
        Value::Call(_, parts) => parts.iter_mut().for_each(|part| value(part, visit)),
        Value::Operation(_, left, right) => {
            value(left, visit);
            value(right, visit);
        }
        Value::Negative(inner) | Value::Aggregate { of: inner, .. } => value(inner, visit),
        Value::Case(cases, otherwise) => {
            for (condition, then) in cases {
                truth(condition, visit);
                value(then, visit);
            }
            value(otherwise, visit);
        }
        Value::Block(inner) => block(inner, visit),
        Value::Truth(inner) => truth(inner, visit),
        Value::Window { of, per, order, .. } => {
            of.iter_mut().for_each(|inner| value(inner, visit));
            per.iter_mut().for_each(|inner| value(inner, visit));
            order.iter_mut().for_each(|(inner, _)| value(inner, visit));
        }
    }
}

pub fn truth(of: &mut Truth, visit: &mut dyn FnMut(Seen<'_>)) {
    match of {
        Truth::True | Truth::False => {}
        Truth::And(parts) | Truth::Or(parts) => parts.iter_mut().for_each(|part| truth(part, visit)),
        Truth::Not(inner) => truth(inner, visit),
        Truth::Compare(_, left, right) | Truth::Same(left, right) => {
            value(left, visit);
            value(right, visit);
        }
        Truth::Missing(inner) => value(inner, visit),
        Truth::In(left, list) => {
            value(left, visit);
            list.iter_mut().for_each(|item| value(item, visit));
        }
        Truth::InBlock(left, inner) => {
            value(left, visit);
            block(inner, visit);
        }
        Truth::Exists(inner) => block(inner, visit),
    }
}

/// Whether two conditions differ in nothing but the numbers of the aliases that they declare themselves.
pub fn same(left: &Truth, right: &Truth) -> bool {
    renumbered(left) == renumbered(right)
}

/// Aliases in the order of their first appearance, counted from 0.
fn renumbered(of: &Truth) -> Truth {
    let mut order: Vec<Alias> = Vec::new();
    let mut copy = of.clone();
    truth(&mut copy, &mut |seen| {
        let (Seen::Declared(alias) | Seen::Column(alias, _)) = seen;
        let position = order.iter().position(|known| known == alias).unwrap_or_else(|| {
            order.push(*alias);
            order.len() - 1
        });
        *alias = position;
    });
    copy
}

/// Calls `visit` on the blocks directly inside one.
pub fn inner_blocks(of: &mut Block, visit: &mut dyn FnMut(&mut Block)) {
    for (_, inner) in &mut of.with {
        visit(inner);
    }
    source_block(&mut of.from, visit);
    for join in &mut of.joins {
        source_block(&mut join.source, visit);
        truth_blocks(&mut join.on, visit);
    }
    truth_blocks(&mut of.filter, visit);
    of.group.iter_mut().chain(&mut of.columns).for_each(|value| value_blocks(value, visit));
    of.order.iter_mut().for_each(|(value, _)| value_blocks(value, visit));
}

fn source_block(source: &mut Source, visit: &mut dyn FnMut(&mut Block)) {
    if let Source::Block(inner) = source {
        visit(inner);
    }
}

fn value_blocks(of: &mut Value, visit: &mut dyn FnMut(&mut Block)) {
    match of {
        Value::Null | Value::Number(_) | Value::Bound(_) | Value::CountAll | Value::Column(..) => {}
        Value::Call(_, parts) => parts.iter_mut().for_each(|part| value_blocks(part, visit)),
        Value::Operation(_, left, right) => {
            value_blocks(left, visit);
            value_blocks(right, visit);
        }
        Value::Negative(inner) | Value::Aggregate { of: inner, .. } => value_blocks(inner, visit),
        Value::Case(cases, otherwise) => {
            for (condition, then) in cases {
                truth_blocks(condition, visit);
                value_blocks(then, visit);
            }
            value_blocks(otherwise, visit);
        }
        Value::Block(inner) => visit(inner),
        Value::Truth(inner) => truth_blocks(inner, visit),
        Value::Window { of, per, order, .. } => {
            of.iter_mut().for_each(|inner| value_blocks(inner, visit));
            per.iter_mut().for_each(|inner| value_blocks(inner, visit));
            order.iter_mut().for_each(|(inner, _)| value_blocks(inner, visit));
        }
    }
}

fn truth_blocks(of: &mut Truth, visit: &mut dyn FnMut(&mut Block)) {
    match of {
        Truth::True | Truth::False => {}
        Truth::And(parts) | Truth::Or(parts) => parts.iter_mut().for_each(|part| truth_blocks(part, visit)),
        Truth::Not(inner) => truth_blocks(inner, visit),
        Truth::Compare(_, left, right) | Truth::Same(left, right) => {
            value_blocks(left, visit);
            value_blocks(right, visit);
        }
        Truth::Missing(inner) => value_blocks(inner, visit),
        Truth::In(left, list) => {
            value_blocks(left, visit);
            list.iter_mut().for_each(|item| value_blocks(item, visit));
        }
        Truth::InBlock(left, inner) => {
            value_blocks(left, visit);
            visit(inner);
        }
        Truth::Exists(inner) => visit(inner),
    }
}
