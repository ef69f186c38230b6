//! CSV (RFC 4180, lines ended by LF): unknown is empty, an empty text is `""`; closing lines go beside.

use super::{Style, closing_lines, plain, safe, write_lines};
use crate::answer::{Closing, Finding, Head, Row, Sink, Verdict};
use std::borrow::Cow;
use std::io::{self, Write};

pub struct Csv<'a> {
    out: &'a mut dyn Write,
    notes: &'a mut dyn Write,
    style: Style,
    marked: bool,
    cited: bool,
}

impl<'a> Csv<'a> {
    pub fn new(out: &'a mut dyn Write, notes: &'a mut dyn Write, style: Style) -> Self {
        Csv { out, notes, style, marked: false, cited: false }
    }

    fn line<'t>(&mut self, fields: impl Iterator<Item = Option<Cow<'t, str>>>) -> io::Result<()> {
        let mut line = String::new();
        for (position, field) in fields.enumerate() {
            if position > 0 {
                line.push(',');
            }
            if let Some(field) = field {
                // On a terminal, text that commands it is shown; in a file or a pipe, data stays as it is.
                let field = if self.style.width.is_some() { safe::safe_lines(&field) } else { Cow::Borrowed(&*field) };
                quoted(&field, &mut line);
            }
        }
        line.push('\n');
        self.out.write_all(line.as_bytes())
    }
}

/// Quotes where they are needed; the empty text needs them, so that it differs from nothing.
fn quoted(field: &str, line: &mut String) {
    let needs = field.is_empty() || field.contains(['"', ',', '\n', '\r']) || field.trim() != field;
    if needs {
        line.push('"');
        line.push_str(&field.replace('"', "\"\""));
        line.push('"');
    } else {
        line.push_str(field);
    }
}

impl Sink for Csv<'_> {
    fn head(&mut self, head: &Head) -> io::Result<()> {
        (self.marked, self.cited) = (head.marked, head.cited);
        let names: Vec<&str> = head.columns.iter().map(|column| column.name.as_str()).collect();
        let extra = [head.cited.then_some("sources"), head.marked.then_some("certain")].into_iter().flatten();
        self.line(names.into_iter().chain(extra).map(|name| Some(Cow::Borrowed(name))))
    }

    fn row(&mut self, row: &Row) -> io::Result<()> {
        let mut fields: Vec<Option<String>> = row.cells.iter().map(|cell| plain(cell, "; ")).collect();
        if self.cited {
            let numbers: Vec<String> = row.sources.iter().map(ToString::to_string).collect();
            fields.push(Some(numbers.join("; ")));
        }
        if self.marked {
            fields.push(Some((if row.certain { "yes" } else { "no" }).to_string()));
        }
        self.line(fields.into_iter().map(|field| field.map(Cow::Owned)))
    }

    fn closing(&mut self, closing: &Closing) -> io::Result<()> {
        self.out.flush()?;
        // The answer is out; that nothing can be said beside it does not make it wrong.
        let _ = write_lines(self.notes, &closing_lines(closing));
        Ok(())
    }

    /// One row for each query in the claim.
    fn verdict(&mut self, verdict: &Verdict) -> io::Result<()> {
        let text = |text: &str| Some(Cow::Owned(text.to_string()));
        let names = ["verdict", "label", "claim", "query", "value", "notes"];
        self.line(names.into_iter().map(|name| Some(Cow::Borrowed(name))))?;
        // What a verdict rests on belongs to it, also in a file.
        let notes = Some(verdict.notes.join("; ")).filter(|notes| !notes.is_empty());
        let none = Finding::default();
        let findings = if verdict.findings.is_empty() { std::slice::from_ref(&none) } else { &verdict.findings };
        for finding in findings {
            let label = verdict.label.as_deref().and_then(text);
            let fields = [
                text(verdict.outcome.text()),
                label,
                text(&verdict.query),
                text(&finding.text),
                text(&finding.value),
                notes.clone().map(Cow::Owned),
            ];
            self.line(fields.into_iter())?;
        }
        self.out.flush()?;
        Ok(())
    }
}
