//! Markdown: a pipe table with the closing lines under it; what data holds cannot become markup.

use super::cells::read;
use super::{Style, closing_lines, safe};
use crate::answer::{Closing, ColumnKind, Finding, Head, Row, Sink, Verdict};
use std::io::{self, Write};

pub struct Markdown<'a> {
    out: &'a mut dyn Write,
    marked: bool,
    cited: bool,
}

impl<'a> Markdown<'a> {
    pub fn new(out: &'a mut dyn Write) -> Self {
        Markdown { out, marked: false, cited: false }
    }

    fn line(&mut self, cells: &[String]) -> io::Result<()> {
        writeln!(self.out, "| {} |", cells.join(" | "))
    }

    fn lines(&mut self, lines: &[String]) -> io::Result<()> {
        lines.iter().try_for_each(|line| writeln!(self.out, "{}\n", escaped(line)))
    }

    fn finding(&mut self, finding: &Finding) -> io::Result<()> {
        writeln!(self.out, "{} = {}\n", code(&finding.text), escaped(&finding.value))?;
        if finding.rows.is_empty() {
            return Ok(());
        }
        let query = String::new();
        let (marked, cited) = (finding.marked, finding.cited);
        self.head(&Head { query, columns: finding.columns.clone(), marked, cited, ..Head::default() })?;
        finding.rows.iter().try_for_each(|row| self.row(row))?;
        writeln!(self.out)?;
        if finding.more > 0 { writeln!(self.out, "{} more rows\n", finding.more) } else { Ok(()) }
    }
}

impl super::chart::Frame for Markdown<'_> {
    fn style(&self) -> super::Style {
        super::Style::default()
    }

    /// As code, in which every blank counts.
    fn chart(&mut self, text: &str) -> io::Result<()> {
        let fence = "`".repeat(longest_run(text).max(2) + 1);
        write!(self.out, "{fence}text\n{text}{fence}\n")
    }
}

/// How many backticks stand in a row at most.
fn longest_run(text: &str) -> usize {
    text.split(|c| c != '`').map(str::len).max().unwrap_or(0)
}

/// Signs that would be markup, escaped; on one line.
fn escaped(text: &str) -> String {
    let mut made = String::new();
    for c in safe::safe_lines(text).chars() {
        match c {
            '\n' => made.push(' '),
            '\\' | '`' | '*' | '_' | '[' | ']' | '<' | '>' | '|' | '#' | '&' | '~' | '!' => {
                made.push('\\');
                made.push(c);
            }
            c => made.push(c),
        }
    }
    made
}

/// Text as code, whatever backticks are in it.
fn code(text: &str) -> String {
    let longest = longest_run(text);
    let fence = "`".repeat(longest + 1);
    let blank = if longest > 0 { " " } else { "" };
    let text = safe::safe(&text.split_whitespace().collect::<Vec<_>>().join(" ")).into_owned();
    format!("{fence}{blank}{text}{blank}{fence}")
}

impl Sink for Markdown<'_> {
    fn head(&mut self, head: &Head) -> io::Result<()> {
        (self.marked, self.cited) = (head.marked, head.cited);
        let extra = [head.cited.then_some("sources"), head.marked.then_some("?")];
        let names = head.columns.iter().map(|column| column.name.as_str()).chain(extra.into_iter().flatten());
        let names: Vec<String> = names.map(escaped).collect();
        self.line(&names)?;
        let mut rules: Vec<String> = head
            .columns
            .iter()
            .map(|column| (if column.kind == ColumnKind::Number { "---:" } else { "---" }).to_string())
            .collect();
        rules.resize(names.len(), "---".to_string());
        self.line(&rules)
    }

    fn row(&mut self, row: &Row) -> io::Result<()> {
        let mut cells: Vec<String> = row.cells.iter().map(|cell| escaped(&read(cell, Style::default()))).collect();
        if self.cited {
            cells.push(row.sources.iter().map(|number| format!("\\[{number}\\]")).collect());
        }
        if self.marked {
            cells.push((if row.certain { "" } else { "?" }).to_string());
        }
        self.line(&cells)
    }

    fn closing(&mut self, closing: &Closing) -> io::Result<()> {
        writeln!(self.out)?;
        self.lines(&closing_lines(closing))?;
        self.out.flush()
    }

    fn verdict(&mut self, verdict: &Verdict) -> io::Result<()> {
        let label = verdict.label.as_deref().map_or_else(|| code(&crate::syntax::one_line(&verdict.query)), escaped);
        writeln!(self.out, "**{}** {label}\n", verdict.outcome.text())?;
        verdict.findings.iter().try_for_each(|finding| self.finding(finding))?;
        self.lines(&verdict.notes)?;
        self.lines(&super::source_lines(&verdict.sources))?;
        self.out.flush()
    }
}
