//! What rules ask of a block: its conjuncts, what it reads from outside, what constants narrow it down.

use crate::plan::tree::{Alias, Block, Name, Source, Truth, Value};
use crate::plan::walk::{self, Seen};

/// A column of a table, by its name.
pub fn column(of: &Value) -> Option<(Alias, &str)> {
    match of {
        Value::Column(alias, Name::Of(name)) => Some((*alias, name)),
        _ => None,
    }
}

/// What must all be true.
pub fn conjuncts(of: &Truth) -> &[Truth] {
    match of {
        Truth::And(parts) => parts,
        Truth::True => &[],
        other => std::slice::from_ref(other),
    }
}

/// The same to change them; what is true in any case has none.
pub fn conjuncts_mut(of: &mut Truth) -> &mut [Truth] {
    match of {
        Truth::And(parts) => parts,
        Truth::True => &mut [],
        other => std::slice::from_mut(other),
    }
}

/// One condition more.
pub fn add(block: &mut Block, conjunct: Truth) {
    let filter = std::mem::replace(&mut block.filter, Truth::True);
    block.filter = Truth::all([filter, conjunct]);
}

/// A value that is the same for all rows.
pub const fn is_constant(value: &Value) -> bool {
    matches!(value, Value::Bound(_) | Value::Number(_))
}

/// The column that a condition compares with constants for equality, if it is one of this alias.
fn pinned(of: &Truth, alias: Alias) -> Option<&str> {
    let (value, constant) = match of {
        Truth::Compare("=", value, other) if is_constant(other) => (value, true),
        Truth::Compare("=", other, value) if is_constant(other) => (value, true),
        Truth::In(value, list) => (value, list.iter().all(is_constant)),
        _ => return None,
    };
    column(value).filter(|(of, name)| constant && *of == alias && is_reference(name)).map(|(_, name)| name)
}

/// Whether a column holds ids: what is in one of those has an index.
fn is_reference(name: &str) -> bool {
    name == "id" || name.ends_with("_id")
}

/// Constants narrow the rows of a source down to those of an index.
pub fn is_narrow(of: &Truth, alias: Alias) -> bool {
    match of {
        Truth::Or(parts) => parts.iter().all(|part| is_narrow(part, alias)),
        Truth::And(parts) => parts.iter().any(|part| is_narrow(part, alias)),
        other => pinned(other, alias).is_some(),
    }
}

/// Whether one of several conditions narrows a source down.
pub fn are_narrow(of: &[Truth], alias: Alias) -> bool {
    of.iter().any(|part| is_narrow(part, alias))
}

/// The constant that a column is compared with for equality.
pub fn constant_of<'a>(of: &'a Truth, alias: Alias, name: &str) -> Option<&'a Value> {
    match of {
        Truth::Compare("=", value, constant) if is_constant(constant) && column(value) == Some((alias, name)) => {
            Some(constant)
        }
        _ => None,
    }
}

/// A block that only chooses rows: nothing grouped, cut or named.
pub fn is_plain(block: &Block) -> bool {
    block.with.is_empty() && block.group.is_empty() && block.limit.is_none() && matches!(block.from, Source::Table(_))
}

/// Every alias that a block declares, at any depth.
fn declared(block: &mut Block) -> Vec<Alias> {
    let mut found = Vec::new();
    walk::block(block, &mut |seen| {
        if let Seen::Declared(alias) = seen {
            found.push(*alias);
        }
    });
    found
}

/// Whether a block reads anything from around it.
pub fn reads_outside(block: &mut Block) -> bool {
    let own = declared(block);
    let mut outside = false;
    walk::block(block, &mut |seen| {
        if let Seen::Column(alias, _) = seen {
            outside |= !own.contains(alias);
        }
    });
    outside
}

/// An alias that no block inside has.
pub fn fresh(block: &mut Block) -> Alias {
    declared(block).into_iter().max().map_or(0, |alias| alias + 1)
}

/// Reads one column in place of another, wherever it is visited.
pub fn replacing<'a>(from: (Alias, &'a str), to: (Alias, &'a str)) -> impl FnMut(Seen<'_>) + 'a {
    move |seen| {
        if let Seen::Column(alias, name) = seen
            && *alias == from.0
            && matches!(name, Name::Of(name) if name == from.1)
        {
            *alias = to.0;
            *name = Name::Of(to.1.to_string());
        }
    }
}
