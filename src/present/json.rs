//! JSON, in two forms: one object a statement, `{query, columns, rows, count, count_possible, sources, notes}`, and one
//! object a row with the closing lines beside (JSON Lines). In both, rows are written while they come, and a verdict is one
//! object. Several statements in one run follow each other, an object after the other.
//!
//! Every text reads back exactly; what commands a terminal or hides in it is written as `\uXXXX`. Numbers are written
//! shortest, without an exponent.

use super::safe::{every, safe_json, scan};
use super::{closing_lines, write_lines};
use crate::answer::{Cell, Closing, ColumnKind, Finding, Head, Row, Sink, Verdict};
use serde_json::{Value, json};
use std::collections::{HashMap, HashSet};
use std::fmt::Write as _;
use std::io::{self, Write};

pub struct Json<'a> {
    out: &'a mut dyn Write,
    keys: Keys,
    rows: u64,
    line: String,
}

impl<'a> Json<'a> {
    pub fn new(out: &'a mut dyn Write) -> Self {
        Json { out, keys: Keys::default(), rows: 0, line: String::new() }
    }
}

impl Sink for Json<'_> {
    fn head(&mut self, head: &Head) -> io::Result<()> {
        let names = distinct(head.columns.iter().map(|column| column.name.as_str()));
        let columns: Vec<Value> = head
            .columns
            .iter()
            .zip(&names)
            .map(|(column, name)| json!({ "name": name, "kind": kind(column.kind) }))
            .collect();
        self.keys = Keys::new(&names, true, head.cited);
        self.rows = 0;
        let (query, columns) =
            (safe_json(&json!(head.query).to_string()), safe_json(&Value::Array(columns).to_string()));
        write!(self.out, "{{\"query\":{query},\"columns\":{columns},\"rows\":[")
    }

    fn row(&mut self, row: &Row) -> io::Result<()> {
        self.line.clear();
        self.line.push_str(if self.rows == 0 { "\n" } else { ",\n" });
        self.rows += 1;
        self.keys.object(row, &mut self.line);
        self.out.write_all(self.line.as_bytes())
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
        writeln!(self.out, "{}", said(verdict))
    }
}

/// One object a row: its cells, and whether it is certain and its sources where the query asks for that.
pub struct Lines<'a> {
    out: &'a mut dyn Write,
    notes: &'a mut dyn Write,
    keys: Keys,
    line: String,
}

impl<'a> Lines<'a> {
    pub fn new(out: &'a mut dyn Write, notes: &'a mut dyn Write) -> Self {
        Lines { out, notes, keys: Keys::default(), line: String::new() }
    }
}

impl Sink for Lines<'_> {
    fn head(&mut self, head: &Head) -> io::Result<()> {
        let names = distinct(head.columns.iter().map(|column| column.name.as_str()));
        self.keys = Keys::new(&names, head.marked, head.cited);
        Ok(())
    }

    fn row(&mut self, row: &Row) -> io::Result<()> {
        self.line.clear();
        self.keys.object(row, &mut self.line);
        self.line.push('\n');
        self.out.write_all(self.line.as_bytes())
    }

    fn closing(&mut self, closing: &Closing) -> io::Result<()> {
        self.out.flush()?;
        // The answer is out; that nothing can be said beside it does not make it wrong.
        let _ = write_lines(self.notes, &closing_lines(closing));
        Ok(())
    }

    fn verdict(&mut self, verdict: &Verdict) -> io::Result<()> {
        writeln!(self.out, "{}", said(verdict))
    }
}

fn said(verdict: &Verdict) -> String {
    let findings: Vec<String> = verdict.findings.iter().map(finding).collect();
    let before = json!({ "query": verdict.query, "label": verdict.label, "verdict": verdict.outcome.text() });
    let after = json!({ "sources": verdict.sources, "notes": verdict.notes });
    let (before, after) = (safe_json(&before.to_string()), safe_json(&after.to_string()));
    format!("{},\"findings\":[{}],{}", before.trim_end_matches('}'), findings.join(","), after.trim_start_matches('{'))
}

fn finding(finding: &Finding) -> String {
    let names = distinct(finding.columns.iter().map(|column| column.name.as_str()));
    let keys = Keys::new(&names, true, finding.cited);
    let rows = finding.rows.iter().map(|row| {
        let mut object = String::new();
        keys.object(row, &mut object);
        object
    });
    let rows = rows.collect::<Vec<_>>().join(",");
    let said = safe_json(&json!({ "query": finding.text, "value": finding.value }).to_string());
    format!("{},\"rows\":[{rows}],\"more\":{}}}", said.trim_end_matches('}'), finding.more)
}

/// The keys of rows as objects, written once for all of them.
#[derive(Debug, Default)]
struct Keys {
    keys: Vec<String>,
    certain: bool,
    cited: bool,
}

impl Keys {
    fn new(names: &[String], certain: bool, cited: bool) -> Keys {
        let key = |name: &String| {
            let mut key = String::new();
            string(name, &mut key);
            key + ":"
        };
        Keys { keys: names.iter().map(key).collect(), certain, cited }
    }

    /// Writes a row behind what is there already.
    fn object(&self, row: &Row, line: &mut String) {
        line.push('{');
        let begun = line.len();
        for (key, cell) in self.keys.iter().zip(&row.cells) {
            part(begun, line);
            line.push_str(key);
            value(cell, line);
        }
        // Writing to a String cannot fail.
        if self.certain {
            part(begun, line);
            let _ = write!(line, "\"certain\":{}", row.certain);
        }
        if self.cited {
            part(begun, line);
            let _ = write!(line, "\"sources\":{}", json!(row.sources));
        }
        line.push('}');
    }
}

/// A comma, unless nothing has been written since.
fn part(begun: usize, line: &mut String) {
    if line.len() > begun {
        line.push(',');
    }
}

/// No two columns, and none of our own keys, may overwrite each other.
fn distinct<'n>(names: impl Iterator<Item = &'n str>) -> Vec<String> {
    let mut taken = HashSet::from(["certain".to_string(), "sources".to_string()]);
    // Where to go on counting: a thousand columns of one name are not counted from the beginning each.
    let mut counted: HashMap<&str, usize> = HashMap::new();
    let mut made = Vec::new();
    for name in names {
        let mut free = name.to_string();
        let number = counted.entry(name).or_insert(1);
        while taken.contains(&free) {
            *number += 1;
            free = format!("{name}_{number}");
        }
        taken.insert(free.clone());
        made.push(free);
    }
    made
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

/// Writes a cell as a JSON value.
fn value(cell: &Cell, line: &mut String) {
    // Writing to a String cannot fail.
    let _ = match cell {
        Cell::Text(text) => return string(text, line),
        Cell::Date(date) => return string(&date.text, line),
        Cell::Period(period) => return string(&period.to_string(), line),
        Cell::Integer(number) => write!(line, "{number}"),
        // JSON has no word for what is beyond all numbers.
        Cell::Unknown | Cell::Number(f64::INFINITY | f64::NEG_INFINITY) => line.write_str("null"),
        // A whole number that is not counted but measured keeps its decimal point.
        Cell::Number(number) if number.fract() == 0.0 => write!(line, "{number}.0"),
        Cell::Number(number) => write!(line, "{number}"),
        Cell::Range(low, high) => write!(line, "{{\"from\":{low},\"to\":{high}}}"),
        Cell::Boolean(truth) => write!(line, "{truth}"),
        Cell::List(items) => {
            line.push('[');
            let begun = line.len();
            for item in items {
                part(begun, line);
                value(item, line);
            }
            line.write_str("]")
        }
    };
}

/// Writes a text as a JSON string.
fn string(text: &str, line: &mut String) {
    line.push('"');
    if every(text, |byte| (b' '..=b'~').contains(&byte) && !matches!(byte, b'"' | b'\\')) {
        line.push_str(text);
    } else {
        scan(text, |c, fine| match c {
            '"' => line.push_str("\\\""),
            '\\' => line.push_str("\\\\"),
            '\n' => line.push_str("\\n"),
            '\r' => line.push_str("\\r"),
            '\t' => line.push_str("\\t"),
            c if fine => line.push(c),
            c => c.encode_utf16(&mut [0; 2]).iter().for_each(|unit| {
                // Writing to a String cannot fail.
                let _ = write!(line, "\\u{unit:04x}");
            }),
        });
    }
    line.push('"');
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::present::safe::is_forbidden;

    #[test]
    fn every_text_reads_back_exactly_and_none_is_harmful() {
        let code_points: Vec<String> = (0..=0x10FFFF).filter_map(char::from_u32).map(|c| format!("{c}a{c}")).collect();
        for text in code_points.iter().map(String::as_str).chain(["", "\\u0041", "a\u{200d}b"]) {
            let mut line = String::new();
            string(text, &mut line);
            assert!(!line.chars().any(is_forbidden), "{line:?}");
            assert_eq!(serde_json::from_str::<String>(&line).unwrap(), text);
        }
    }

    #[test]
    fn numbers_are_not_altered() {
        for number in [0.0, -0.0, 0.1, 1234567.891, 1e300, 5e-324, -2.5, 1e21, f64::MAX] {
            let mut line = String::new();
            value(&Cell::Number(number), &mut line);
            assert!(!line.contains('e'), "{line}");
            let back: f64 = line.parse().unwrap();
            assert_eq!(back.to_bits(), number.to_bits(), "{line}");
        }
    }
}
