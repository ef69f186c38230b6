//! What stands under and around tables and records: closing lines, verdicts, numbered sources.

use super::width::wrapped_sentence;
use super::{Style, safe, source_lines};
use crate::answer::{Closing, Head, Outcome, Sink, Verdict};
use std::io::{self, Write};

/// No line is wrapped to less than this.
const NARROWEST: usize = 8;

/// A line of what stands under an answer.
pub fn quiet(line: &str, style: Style, out: &mut dyn Write) -> io::Result<()> {
    let line = safe::safe(line);
    let line = style.width.map_or_else(|| line.to_string(), |width| wrapped_sentence(&line, width.max(NARROWEST)));
    if style.color {
        let dim = anstyle::Style::new().dimmed();
        writeln!(out, "{dim}{line}{dim:#}")
    } else {
        writeln!(out, "{line}")
    }
}

/// Writes how a claim comes out and what decides it; `inner` makes what writes the rows that it rests on.
pub fn verdict(
    verdict: &Verdict,
    style: Style,
    out: &mut dyn Write,
    inner: for<'o> fn(&'o mut dyn Write, Style) -> Box<dyn Sink + 'o>,
) -> io::Result<()> {
    let label = verdict.label.clone().unwrap_or_else(|| crate::syntax::one_line(&verdict.query));
    let outcome = verdict.outcome.text().to_uppercase();
    let line = safe::safe(&label).into_owned();
    if style.color {
        let color = match verdict.outcome {
            Outcome::Holds => anstyle::AnsiColor::Green,
            Outcome::Fails => anstyle::AnsiColor::Red,
            Outcome::Undecided => anstyle::AnsiColor::Yellow,
        };
        let bold = anstyle::Style::new().bold().fg_color(Some(color.into()));
        writeln!(out, "{bold}{outcome}{bold:#}  {line}")?;
    } else {
        writeln!(out, "{outcome}  {line}")?;
    }
    for finding in &verdict.findings {
        writeln!(out, "{}", safe::safe(&format!("{} = {}", finding.text, finding.value)))?;
        if finding.rows.is_empty() {
            continue;
        }
        let (columns, marked, cited) = (finding.columns.clone(), finding.marked, finding.cited);
        let mut rows = inner(out, style);
        rows.head(&Head { columns, marked, cited, ..Head::default() })?;
        finding.rows.iter().try_for_each(|row| rows.row(row))?;
        rows.closing(&Closing::default())?;
        drop(rows);
        if finding.more > 0 {
            quiet(&format!("{} more rows", finding.more), style, out)?;
        }
    }
    for line in verdict.notes.iter().cloned().chain(source_lines(&verdict.sources)) {
        quiet(&line, style, out)?;
    }
    out.flush()
}
