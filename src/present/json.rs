//! JSON: one object a statement, rows as they come: `{query, columns, rows, count, count_possible, sources, notes}`.

use super::safe::safe_json;
use crate::answer::{Cell, Closing, ColumnKind, Finding, Head, Row, Sink, Verdict};
use serde_json::{Map, Value, json};
use std::io::{self, Write};

pub struct Json<'a> {
    out: &'a mut dyn Write,
    names: Vec<String>,
    cited: bool,
    rows: u64,
}

impl<'a> Json<'a> {
    pub fn new(out: &'a mut dyn Write) -> Self {
        Json { out, names: Vec::new(), cited: false, rows: 0 }
    }
}

impl Sink for Json<'_> {
    fn head(&mut self, head: &Head) -> io::Result<()> {
        self.names = distinct(head.columns.iter().map(|column| column.name.as_str()));
        self.cited = head.cited;
        let columns: Vec<Value> = head
            .columns
            .iter()
            .zip(&self.names)
            .map(|(column, name)| json!({ "name": name, "kind": kind(column.kind) }))
            .collect();
        let (query, columns) =
            (safe_json(&json!(head.query).to_string()), safe_json(&Value::Array(columns).to_string()));
        write!(self.out, "{{\"query\":{query},\"columns\":{columns},\"rows\":[")
    }

    fn row(&mut self, row: &Row) -> io::Result<()> {
        let mut object = Map::new();
        for (name, cell) in self.names.iter().zip(&row.cells) {
            object.insert(name.clone(), value(cell));
        }
        object.insert("certain".to_string(), Value::Bool(row.certain));
        if self.cited {
            object.insert("sources".to_string(), json!(row.sources));
        }
        let separator = if self.rows == 0 { "\n" } else { ",\n" };
        self.rows += 1;
        write!(self.out, "{separator}{}", safe_json(&Value::Object(object).to_string()))
    }

    fn closing(&mut self, closing: &Closing) -> io::Result<()> {
        let rest = json!({
            "count": closing.count,
            "count_possible": closing.count_possible,
            "summary": closing.summary,
            "sources": closing.sources,
            "notes": closing.notes,
        });
        let rest = safe_json(&rest.to_string());
        writeln!(self.out, "],{}", rest.trim_start_matches('{'))
    }

    fn verdict(&mut self, verdict: &Verdict) -> io::Result<()> {
        let findings: Vec<Value> = verdict.findings.iter().map(finding).collect();
        let object = json!({
            "query": verdict.query,
            "label": verdict.label,
            "verdict": verdict.outcome.text(),
            "findings": findings,
            "sources": verdict.sources,
            "notes": verdict.notes,
        });
        writeln!(self.out, "{}", safe_json(&object.to_string()))
    }
}

fn finding(finding: &Finding) -> Value {
    let names = distinct(finding.columns.iter().map(|column| column.name.as_str()));
    let rows = finding.rows.iter().map(|row| {
        let mut object: Map<String, Value> =
            names.iter().zip(&row.cells).map(|(name, cell)| (name.clone(), value(cell))).collect();
        object.insert("certain".to_string(), Value::Bool(row.certain));
        if finding.cited {
            object.insert("sources".to_string(), json!(row.sources));
        }
        Value::Object(object)
    });
    json!({
        "query": finding.text,
        "value": finding.value,
        "rows": rows.collect::<Vec<_>>(),
        "more": finding.more,
    })
}

/// No two columns, and none of our own keys, may overwrite each other.
fn distinct<'n>(names: impl Iterator<Item = &'n str>) -> Vec<String> {
    let mut taken = vec!["certain".to_string(), "sources".to_string()];
    for name in names {
        let free = std::iter::once(name.to_string())
            .chain((2..).map(|number| format!("{name}_{number}")))
            .find(|name| !taken.contains(name));
        taken.extend(free);
    }
    taken.split_off(2)
}

fn kind(kind: ColumnKind) -> &'static str {
    match kind {
        ColumnKind::Name | ColumnKind::Prose | ColumnKind::Code => "text",
        ColumnKind::Number => "number",
        ColumnKind::Date => "date",
        ColumnKind::Boolean => "boolean",
        ColumnKind::List => "list",
    }
}

fn value(cell: &Cell) -> Value {
    match cell {
        Cell::Unknown => Value::Null,
        Cell::Text(text) => json!(text),
        Cell::Integer(number) => json!(number),
        Cell::Number(number) => json!(number),
        Cell::Range(low, high) => json!({ "from": low, "to": high }),
        Cell::Boolean(truth) => json!(truth),
        Cell::Date(date) => json!(date.text),
        Cell::Period(period) => json!(period.to_string()),
        Cell::List(items) => Value::Array(items.iter().map(value).collect()),
    }
}
