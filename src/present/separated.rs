//! CSV and TSV: a line of names, a line for each row; closing lines go beside.
//!
//! CSV is RFC 4180 with lines ended by LF: unknown is nothing between two commas, an empty text is `""` (so a
//! row of one column that is not known is an empty line, which some readers pass over). It has no way to
//! write a character other than itself. So what commands a terminal or hides in it ([`super::safe`]) is shown as an escape
//! in CSV too, wherever it goes: files are looked at in terminals, and who opens them elsewhere should see what is there.
//! Tabs and line ends stay; they are ordinary in prose. What a spreadsheet would run as a formula gets an apostrophe in
//! front ([`crate::value::formula`]), which reading takes away; numbers stay as they are. `raw` leaves every text as it is, where there is no terminal. For
//! text that reads back exactly without being dangerous there are TSV and JSON ([`super::tsv`]).
//!
//! The claims of a run make one table; nothing else can be more than one ([`super::Several`]).

use super::{Style, closing_lines, safe, write_lines};
use crate::answer::{Cell, Closing, Finding, Head, Row, Sink, Verdict, write_plain};
use crate::value::formula::defused;
use std::borrow::Cow;
use std::io::{self, Write};

/// How lines are made of fields.
#[derive(Debug)]
pub struct Dialect {
    pub separator: char,
    /// What stands for a value that is not known.
    pub unknown: &'static str,
    /// Writes a text behind what is there already; `raw` leaves it as it is as far as that can be read back.
    pub field: fn(text: &str, raw: bool, line: &mut String),
}

pub static CSV: Dialect = Dialect { separator: ',', unknown: "", field: quoted };

pub struct Separated<'a> {
    out: &'a mut dyn Write,
    notes: &'a mut dyn Write,
    dialect: &'static Dialect,
    raw: bool,
    /// Whether the names of verdicts are written already.
    headed: bool,
    marked: bool,
    cited: bool,
    /// The line that is being written, how many fields it has, and a cell on its way into it: room that all rows share.
    line: String,
    fields: usize,
    plain: String,
}

impl<'a> Separated<'a> {
    pub fn new(out: &'a mut dyn Write, notes: &'a mut dyn Write, style: Style, dialect: &'static Dialect) -> Self {
        let (raw, headed) = (style.raw && style.width.is_none(), style.continued);
        let (line, plain) = (String::new(), String::new());
        Separated { out, notes, dialect, raw, headed, marked: false, cited: false, line, fields: 0, plain }
    }

    fn field(&mut self, text: Option<&str>) {
        if self.fields > 0 {
            self.line.push(self.dialect.separator);
        }
        self.fields += 1;
        match text {
            Some(text) => (self.dialect.field)(text, self.raw, &mut self.line),
            None => self.line.push_str(self.dialect.unknown),
        }
    }

    fn cell(&mut self, cell: &Cell) {
        match cell {
            Cell::Text(text) => self.field(Some(text)),
            Cell::Date(date) => self.field(Some(&date.text)),
            other => {
                let mut plain = std::mem::take(&mut self.plain);
                plain.clear();
                let known = write_plain(other, "; ", &mut plain);
                self.field(known.then_some(&plain));
                self.plain = plain;
            }
        }
    }

    fn end(&mut self) -> io::Result<()> {
        self.line.push('\n');
        let written = self.out.write_all(self.line.as_bytes());
        self.line.clear();
        self.fields = 0;
        written
    }

    fn names<'n>(&mut self, names: impl Iterator<Item = &'n str>) -> io::Result<()> {
        names.for_each(|name| self.field(Some(name)));
        self.end()
    }
}

/// Quotes where they are needed; the empty text needs them, so that it differs from nothing.
fn quoted(field: &str, raw: bool, line: &mut String) {
    if raw {
        return quote(field, line);
    }
    let safe = if safe::is_plain(field) { Cow::Borrowed(field) } else { safe::safe_prose(field) };
    quote(&defused(&safe), line);
}

fn quote(field: &str, line: &mut String) {
    let ordinary = |byte: u8| !matches!(byte, b'"' | b',' | b'\n' | b'\r');
    if !field.is_empty() && safe::every(field, ordinary) && field.trim() == field {
        return line.push_str(field);
    }
    line.push('"');
    if safe::every(field, |byte| byte != b'"') {
        line.push_str(field);
    } else {
        line.push_str(&field.replace('"', "\"\""));
    }
    line.push('"');
}

impl Sink for Separated<'_> {
    fn head(&mut self, head: &Head) -> io::Result<()> {
        (self.marked, self.cited) = (head.marked, head.cited);
        let names = head.columns.iter().map(|column| column.name.as_str());
        let extra = [head.cited.then_some("sources"), head.marked.then_some("certain")];
        self.names(names.chain(extra.into_iter().flatten()))
    }

    fn row(&mut self, row: &Row) -> io::Result<()> {
        row.cells.iter().for_each(|cell| self.cell(cell));
        if self.cited {
            let numbers: Vec<String> = row.sources.iter().map(ToString::to_string).collect();
            self.field(Some(&numbers.join("; ")));
        }
        if self.marked {
            self.field(Some(if row.certain { "yes" } else { "no" }));
        }
        self.end()
    }

    fn closing(&mut self, closing: &Closing) -> io::Result<()> {
        self.out.flush()?;
        // The answer is out; that nothing can be said beside it does not make it wrong.
        let _ = write_lines(self.notes, &closing_lines(closing));
        Ok(())
    }

    /// One row for each query in the claim.
    fn verdict(&mut self, verdict: &Verdict) -> io::Result<()> {
        if !std::mem::replace(&mut self.headed, true) {
            self.names(["verdict", "label", "claim", "query", "value", "notes"].into_iter())?;
        }
        // What a verdict rests on belongs to it, also in a file.
        let notes = Some(verdict.notes.join("; ")).filter(|notes| !notes.is_empty());
        let none = Finding::default();
        let findings = if verdict.findings.is_empty() { std::slice::from_ref(&none) } else { &verdict.findings };
        for finding in findings {
            self.field(Some(verdict.outcome.text()));
            self.field(verdict.label.as_deref());
            [&verdict.query, &finding.text, &finding.value].into_iter().for_each(|text| self.field(Some(text)));
            self.field(notes.as_deref());
            self.end()?;
        }
        self.out.flush()
    }
}
