//! A plan as indented text, for EXPLAIN and for the goldens of the tests.

use super::Plan;
use super::tree::{Block, Join, Name, Search, Source, Truth, Value};
use crate::plan::tree::Parameter;

/// The block that gives the rows, one step a line, from the last step to the first.
pub fn plan(plan: &Plan) -> Vec<String> {
    let mut lines = Vec::new();
    block(&plan.rows, 0, &mut lines);
    lines
}

fn block(of: &Block, depth: usize, lines: &mut Vec<String>) {
    for (name, inner) in &of.with {
        lines.push(indented(depth, &format!("let {name} =")));
        block(inner, depth + 1, lines);
    }
    let mut step = |text: String| lines.push(indented(depth, &text));
    if let Some((count, offset)) = of.limit {
        step(if offset == 0 { format!("limit {count}") } else { format!("limit {count} after {offset}") });
    }
    if !of.order.is_empty() {
        let keys = of.order.iter().map(|(v, down)| if *down { format!("{} down", value(v)) } else { value(v) });
        step(format!("sort {}", keys.collect::<Vec<_>>().join(", ")));
    }
    if !of.group.is_empty() {
        step(format!("group {}", of.group.iter().map(value).collect::<Vec<_>>().join(", ")));
    }
    step(format!("show {}", of.columns.iter().map(value).collect::<Vec<_>>().join(", ")));
    if of.filter != Truth::True {
        step(format!("keep {}", truth(&of.filter)));
    }
    for join in of.joins.iter().rev() {
        step(joined(join));
    }
    match &of.from {
        Source::Block(inner) => {
            step(format!("from t{}:", of.alias));
            block(inner, depth + 1, lines);
        }
        Source::Packed(inner) => {
            step(format!("from t{}, of packed columns:", of.alias));
            block(&inner.block, depth + 1, lines);
        }
        from => step(format!("from {} t{}", source(from), of.alias)),
    }
}

fn indented(depth: usize, text: &str) -> String {
    format!("{}{text}", "  ".repeat(depth))
}

fn joined(join: &Join) -> String {
    let kind = if join.left { "join if there" } else { "join" };
    format!("{kind} {} t{} on {}", source(&join.source), join.alias, truth(&join.on))
}

fn source(of: &Source) -> String {
    match of {
        Source::Table(name) | Source::Named(name) => (*name).to_string(),
        Source::Query(_) => "pairs".to_string(),
        Source::Told(noun, Parameter::Integer(id)) => format!("{} told by ${id}", noun.noun().name),
        Source::Told(noun, _) => noun.noun().name.to_string(),
        Source::Block(inner) => inline(inner),
        Source::Packed(inner) => format!("packed {}", inline(&inner.block)),
        Source::Searched(inner) => search(inner),
    }
}

/// What a search looks for.
pub fn search(of: &Search) -> String {
    let tests = of.tests.iter().map(|test| {
        let like = if test.function == "bilat_like" { "like " } else { "" };
        format!("{} {like}{:?}", test.column, test.part)
    });
    format!("words of {}: {}", of.table, tests.collect::<Vec<_>>().join(", "))
}

/// Conditions as a plan shows them.
pub fn conditions(of: &Truth) -> String {
    truth(of)
}

/// A block inside a condition, on one line.
fn inline(of: &Block) -> String {
    let mut lines = Vec::new();
    block(of, 0, &mut lines);
    let steps: Vec<&str> = lines.iter().rev().map(|line| line.trim()).collect();
    format!("[{}]", steps.join(" | "))
}

fn value(of: &Value) -> String {
    match of {
        Value::Null => "nothing".to_string(),
        Value::Number(number) => number.to_string(),
        Value::Bound(Parameter::Integer(number)) => format!("${number}"),
        Value::Bound(Parameter::Real(number)) => format!("${number}"),
        Value::Bound(Parameter::Text(text)) => format!("${text:?}"),
        Value::Bound(Parameter::Rows(block)) => format!("$rows {block}"),
        Value::Bound(Parameter::Ids(of)) => format!("$ids by {}", search(of)),
        Value::Column(alias, Name::Of(name)) => format!("t{alias}.{name}"),
        Value::Column(alias, Name::At(position)) => format!("t{alias}.c{position}"),
        Value::Call(function, parts) => format!("{function}({})", list(parts)),
        Value::Operation(symbol, left, right) => format!("({} {symbol} {})", value(left), value(right)),
        Value::Negative(inner) => format!("-{}", value(inner)),
        Value::Case(cases, otherwise) => {
            let cases: Vec<String> =
                cases.iter().map(|(when, then)| format!("{}: {}", truth(when), value(then))).collect();
            format!("case({}, else: {})", cases.join(", "), value(otherwise))
        }
        Value::Block(inner) => inline(inner),
        Value::Aggregate { function, distinct: true, of } => format!("{function}(distinct {})", value(of)),
        Value::Aggregate { function, of, .. } => format!("{function}({})", value(of)),
        Value::CountAll => "count".to_string(),
        Value::Truth(inner) => format!("<{}>", truth(inner)),
        Value::Window { function, of, per, order } => {
            let of = of.as_ref().map_or(String::new(), |inner| value(inner));
            let order: Vec<Value> = order.iter().map(|(inner, _)| inner.clone()).collect();
            format!("{function}({of}) among ({}) by ({})", list(per), list(&order))
        }
    }
}

fn list(values: &[Value]) -> String {
    values.iter().map(value).collect::<Vec<_>>().join(", ")
}

fn truth(of: &Truth) -> String {
    let many = |parts: &[Truth], word: &str| format!("({})", parts.iter().map(truth).collect::<Vec<_>>().join(word));
    match of {
        Truth::True => "true".to_string(),
        Truth::False => "false".to_string(),
        Truth::And(parts) => many(parts, " and "),
        Truth::Or(parts) => many(parts, " or "),
        Truth::Not(inner) => format!("not {}", truth(inner)),
        Truth::Compare(symbol, left, right) => format!("{} {symbol} {}", value(left), value(right)),
        Truth::Same(left, right) => format!("{} is {}", value(left), value(right)),
        Truth::Missing(inner) => format!("{} missing", value(inner)),
        Truth::In(left, values) => format!("{} in ({})", value(left), list(values)),
        Truth::InBlock(left, inner) => format!("{} in {}", value(left), inline(inner)),
        Truth::Exists(inner) => format!("some {}", inline(inner)),
    }
}
