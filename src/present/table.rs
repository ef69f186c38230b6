//! Tables: our layout fits and cleans the cells, prettytable-rs draws them.
//!
//! It is the only file that knows prettytable. Up to [`DRAWN`] rows are laid out together; what comes beyond is written
//! row by row with the same widths, so that a million rows need no memory. On a terminal, prose wraps first, then lists,
//! names and dates only when nothing else helps; without a terminal nothing is wrapped.

use super::{Style, closing_lines, plain, safe};
use crate::answer::{Cell, Closing, ColumnKind, Head, Outcome, Row, Sink, Verdict};
use prettytable::format::{FormatBuilder, LinePosition, LineSeparator, TableFormat};
use std::io::{self, Write};
use unicode_segmentation::UnicodeSegmentation;
use unicode_width::UnicodeWidthStr;

/// How many rows are laid out together.
const DRAWN: usize = 1000;

/// No column is made narrower than this.
const NARROWEST: usize = 8;

pub struct Table<'a> {
    out: &'a mut dyn Write,
    style: Style,
    columns: Vec<Kind>,
    names: Vec<String>,
    marked: bool,
    cited: bool,
    waiting: Vec<Vec<String>>,
    /// Widths, once the head is written.
    widths: Option<Vec<usize>>,
}

/// What decides how a column is laid out.
#[derive(Clone, Copy, PartialEq, Eq)]
struct Kind {
    right: bool,
    /// Columns of the highest rank are wrapped first.
    rank: u8,
}

impl<'a> Table<'a> {
    pub fn new(out: &'a mut dyn Write, style: Style) -> Self {
        Table {
            out,
            style,
            columns: Vec::new(),
            names: Vec::new(),
            marked: false,
            cited: false,
            waiting: Vec::new(),
            widths: None,
        }
    }

    fn unknown(&self) -> &'static str {
        if self.style.ascii { "-" } else { "—" }
    }

    fn texts(&self, row: &Row) -> Vec<String> {
        let mut texts: Vec<String> = row.cells.iter().map(|cell| self.text(cell)).collect();
        if self.cited {
            texts.push(row.sources.iter().map(|number| format!("[{number}]")).collect());
        }
        if self.marked {
            texts.push((if row.certain { "" } else { "?" }).to_string());
        }
        texts
    }

    fn text(&self, cell: &Cell) -> String {
        let text = plain(cell, ", ").unwrap_or_else(|| self.unknown().to_string());
        safe::safe_lines(&text).into_owned()
    }

    /// Writes what waits; from then on rows are written as they come.
    fn begin(&mut self) -> io::Result<()> {
        let rows = std::mem::take(&mut self.waiting);
        let widths = self.fitted(&rows);
        let mut table = prettytable::Table::new();
        table.set_format(self.frame());
        table.set_titles(self.drawn(&self.names, &widths));
        for row in &rows {
            table.add_row(self.drawn(row, &widths));
        }
        self.widths = Some(widths);
        self.write(&table)
    }

    /// The widths of the columns, fitted to the terminal.
    fn fitted(&self, rows: &[Vec<String>]) -> Vec<usize> {
        let mut widths: Vec<usize> = self.names.iter().map(|name| width(name)).collect();
        for row in rows {
            for (widest, text) in widths.iter_mut().zip(row) {
                *widest = text.lines().map(width).max().unwrap_or(0).max(*widest);
            }
        }
        let Some(room) = self.style.width else { return widths };
        // Two blanks between columns, none at the edges.
        let room = room.saturating_sub(widths.len().saturating_sub(1) * 2);
        let ranks: Vec<u8> = self.columns.iter().map(|kind| kind.rank).collect();
        for rank in (0..=2).rev() {
            loop {
                let total: usize = widths.iter().sum();
                let candidates = (0..widths.len()).filter(|at| ranks[*at] >= rank && widths[*at] > NARROWEST);
                let Some(widest) = candidates.max_by_key(|at| widths[*at]).filter(|_| total > room) else { break };
                widths[widest] -= (total - room).min((widths[widest] - NARROWEST).div_ceil(8)).max(1);
            }
        }
        widths
    }

    fn drawn(&self, texts: &[String], widths: &[usize]) -> prettytable::Row {
        let cells = texts.iter().enumerate().map(|(position, text)| {
            let width = widths.get(position).copied().unwrap_or(usize::MAX);
            let kind = self.columns.get(position).copied().unwrap_or(Kind { right: false, rank: 0 });
            let text = if self.style.width.is_some() { wrapped(text, width) } else { text.clone() };
            let align =
                if kind.right { prettytable::format::Alignment::RIGHT } else { prettytable::format::Alignment::LEFT };
            prettytable::Cell::new_align(&text, align)
        });
        prettytable::Row::new(cells.collect())
    }

    const fn rule(&self) -> char {
        if self.style.ascii { '-' } else { '─' }
    }

    fn frame(&self) -> TableFormat {
        let line = self.rule();
        FormatBuilder::new()
            .column_separator(' ')
            .padding(0, 1)
            .separator(LinePosition::Title, LineSeparator::new(line, line, line, line))
            .build()
    }

    /// Draws into memory (where nothing can fail), tidies line ends, and writes.
    fn write(&mut self, table: &prettytable::Table) -> io::Result<()> {
        let mut drawn = Vec::new();
        table.print(&mut drawn)?;
        let text = String::from_utf8_lossy(&drawn);
        for (number, line) in text.lines().enumerate() {
            // The rule is drawn over the blank behind the last column too.
            let line = if number == 1 { line.strip_suffix(self.rule()).unwrap_or(line) } else { line.trim_end() };
            if number < 2 && self.style.color {
                let bold = anstyle::Style::new().bold();
                writeln!(self.out, "{bold}{line}{bold:#}")?;
            } else {
                writeln!(self.out, "{line}")?;
            }
        }
        Ok(())
    }

    /// One row beyond those laid out together, in the widths that these have; a longer cell sticks out.
    fn stream(&mut self, texts: &[String]) -> io::Result<()> {
        let widths = self.widths.clone().unwrap_or_default();
        let cells: Vec<Vec<String>> = texts
            .iter()
            .zip(&widths)
            .map(|(text, width)| {
                let text = if self.style.width.is_some() { wrapped(text, *width) } else { text.clone() };
                text.lines().map(str::to_string).collect()
            })
            .collect();
        let height = cells.iter().map(Vec::len).max().unwrap_or(1).max(1);
        for line in 0..height {
            let mut text = String::new();
            for (position, cell) in cells.iter().enumerate() {
                let part = cell.get(line).map_or("", String::as_str);
                let blanks = " ".repeat(widths[position].saturating_sub(width(part)));
                let right = self.columns.get(position).is_some_and(|kind| kind.right);
                text.push_str(&if right { format!("{blanks}{part}  ") } else { format!("{part}{blanks}  ") });
            }
            writeln!(self.out, "{}", text.trim_end())?;
        }
        Ok(())
    }
}

impl Sink for Table<'_> {
    fn head(&mut self, head: &Head) -> io::Result<()> {
        (self.marked, self.cited) = (head.marked, head.cited);
        self.columns = head.columns.iter().map(|column| layout(column.kind)).collect();
        self.names = head.columns.iter().map(|column| safe::safe(&column.name).into_owned()).collect();
        for name in [head.cited.then_some("sources"), head.marked.then_some("?")].into_iter().flatten() {
            self.columns.push(Kind { right: false, rank: 0 });
            self.names.push(name.to_string());
        }
        Ok(())
    }

    fn row(&mut self, row: &Row) -> io::Result<()> {
        let texts = self.texts(row);
        if self.widths.is_some() {
            return self.stream(&texts);
        }
        self.waiting.push(texts);
        if self.waiting.len() >= DRAWN { self.begin() } else { Ok(()) }
    }

    fn closing(&mut self, closing: &Closing) -> io::Result<()> {
        if self.widths.is_none() && !self.waiting.is_empty() {
            self.begin()?;
        }
        for line in closing_lines(closing) {
            self.quiet(&line)?;
        }
        self.out.flush()
    }

    fn verdict(&mut self, verdict: &Verdict) -> io::Result<()> {
        let label = verdict.label.clone().unwrap_or_else(|| crate::syntax::one_line(&verdict.query));
        let outcome = verdict.outcome.text().to_uppercase();
        let line = safe::safe(&label).into_owned();
        if self.style.color {
            let color = match verdict.outcome {
                Outcome::Holds => anstyle::AnsiColor::Green,
                Outcome::Fails => anstyle::AnsiColor::Red,
                Outcome::Undecided => anstyle::AnsiColor::Yellow,
            };
            let bold = anstyle::Style::new().bold().fg_color(Some(color.into()));
            writeln!(self.out, "{bold}{outcome}{bold:#}  {line}")?;
        } else {
            writeln!(self.out, "{outcome}  {line}")?;
        }
        for finding in &verdict.findings {
            writeln!(self.out, "{}", safe::safe(&format!("{} = {}", finding.text, finding.value)))?;
            if finding.rows.is_empty() {
                continue;
            }
            let mut inner = Table::new(self.out, self.style);
            let (columns, marked, cited) = (finding.columns.clone(), finding.marked, finding.cited);
            inner.head(&Head { columns, marked, cited, ..Head::default() })?;
            finding.rows.iter().try_for_each(|row| inner.row(row))?;
            inner.closing(&Closing::default())?;
            if finding.more > 0 {
                self.quiet(&format!("{} more rows", finding.more))?;
            }
        }
        for line in verdict.notes.iter().cloned().chain(super::source_lines(&verdict.sources)) {
            self.quiet(&line)?;
        }
        self.out.flush()
    }
}

impl Table<'_> {
    /// A line of what stands under a table.
    fn quiet(&mut self, line: &str) -> io::Result<()> {
        let line = safe::safe(line);
        let line = self.style.width.map_or_else(|| line.to_string(), |width| wrapped(&line, width.max(NARROWEST)));
        if self.style.color {
            let dim = anstyle::Style::new().dimmed();
            writeln!(self.out, "{dim}{line}{dim:#}")
        } else {
            writeln!(self.out, "{line}")
        }
    }
}

const fn layout(kind: ColumnKind) -> Kind {
    match kind {
        ColumnKind::Prose | ColumnKind::Code => Kind { right: false, rank: 2 },
        ColumnKind::List => Kind { right: false, rank: 1 },
        ColumnKind::Name | ColumnKind::Date | ColumnKind::Boolean => Kind { right: false, rank: 0 },
        ColumnKind::Number => Kind { right: true, rank: 0 },
    }
}

fn width(text: &str) -> usize {
    text.width()
}

/// The text in lines of at most `room` columns, broken at blanks where there are any.
fn wrapped(text: &str, room: usize) -> String {
    let mut lines: Vec<String> = Vec::new();
    for line in text.split('\n') {
        if width(line) <= room {
            lines.push(line.to_string());
            continue;
        }
        let indent: String = line.chars().take_while(|c| *c == ' ').collect();
        let mut current = indent.clone();
        for word in line.trim_start().split_inclusive(' ') {
            if width(&current) + width(word.trim_end()) > room && current.trim() != "" {
                lines.push(std::mem::replace(&mut current, indent.clone()).trim_end().to_string());
            }
            for cluster in word.graphemes(true) {
                if width(&current) + width(cluster) > room && current.trim() != "" && cluster != " " {
                    lines.push(std::mem::replace(&mut current, indent.clone()));
                }
                current.push_str(cluster);
            }
        }
        lines.push(current.trim_end().to_string());
    }
    lines.join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::answer::Column;

    fn drawn(style: Style, columns: &[(&str, ColumnKind)], rows: Vec<Vec<Cell>>) -> String {
        let mut out = Vec::new();
        let mut table = Table::new(&mut out, style);
        let columns = columns.iter().map(|(name, kind)| Column { name: (*name).to_string(), kind: *kind }).collect();
        table.head(&Head { columns, ..Head::default() }).unwrap();
        let count = rows.len();
        for cells in rows {
            table.row(&Row { cells, certain: true, sources: vec![] }).unwrap();
        }
        table.closing(&Closing { summary: format!("{count} rows"), ..Closing::default() }).unwrap();
        String::from_utf8(out).unwrap()
    }

    fn text(text: &str) -> Cell {
        Cell::Text(text.to_string())
    }

    #[test]
    fn numbers_stand_to_the_right_and_wide_letters_keep_the_columns() {
        let rows = vec![
            vec![text("习近平"), Cell::Integer(5), Cell::Unknown],
            vec![text("Orbán"), Cell::Integer(1200), text("x")],
        ];
        let columns = [("leader", ColumnKind::Name), ("n", ColumnKind::Number), ("place", ColumnKind::Name)];
        let expected = "\
leader     n  place
───────────────────
习近平     5  —
Orbán   1200  x
2 rows
";
        assert_eq!(drawn(Style::default(), &columns, rows), expected);
    }

    #[test]
    fn prose_wraps_before_names() {
        let rows = vec![vec![text("Recep Tayyip Erdoğan"), text("a remark of several words that is long")]];
        let columns = [("leader", ColumnKind::Name), ("remark", ColumnKind::Prose)];
        let style = Style { width: Some(40), ..Style::default() };
        let drawn = drawn(style, &columns, rows);
        assert!(drawn.contains("Recep Tayyip Erdoğan  a remark of"), "{drawn}");
        assert!(drawn.lines().all(|line| width(line) <= 40), "{drawn}");
    }

    #[test]
    fn beyond_a_thousand_rows_the_look_stays() {
        let rows = |count: i64| (0..count).map(|n| vec![Cell::Integer(n % 900), text("abc")]).collect::<Vec<_>>();
        let columns = [("n", ColumnKind::Number), ("t", ColumnKind::Name)];
        let few = drawn(Style::default(), &columns, rows(900));
        let many = drawn(Style::default(), &columns, rows(2500));
        let lines: Vec<&str> = many.lines().collect();
        assert_eq!(lines.len(), 2503);
        assert_eq!(lines[2 + 1805], few.lines().nth(2 + 5).unwrap());
    }

    #[test]
    fn hostile_cells_do_no_harm() {
        let flood: String = std::iter::once('a').chain(std::iter::repeat_n('\u{0301}', 100_000)).collect();
        for cell in ["\u{1b}[2J", "\0", "a\r\nb", "\u{202e}x", "", "\t", &"x".repeat(100_000), &flood] {
            for room in [None, Some(0), Some(1), Some(20), Some(80)] {
                let style = Style { width: room, ..Style::default() };
                let drawn = drawn(style, &[("x", ColumnKind::Prose)], vec![vec![text(cell)]]);
                assert!(!drawn.chars().any(|c| c != '\n' && safe::is_forbidden(c)), "{cell:?}");
            }
        }
    }

    #[test]
    fn an_output_that_fails_is_an_error() {
        struct Full;
        impl Write for Full {
            fn write(&mut self, _: &[u8]) -> io::Result<usize> {
                Err(io::ErrorKind::BrokenPipe.into())
            }
            fn flush(&mut self) -> io::Result<()> {
                Ok(())
            }
        }
        let mut full = Full;
        let mut table = Table::new(&mut full, Style::default());
        let column = Column { name: "x".to_string(), kind: ColumnKind::Name };
        table.head(&Head { columns: vec![column], ..Head::default() }).unwrap();
        table.row(&Row { cells: vec![text("x")], certain: true, sources: vec![] }).unwrap();
        assert!(table.closing(&Closing::default()).is_err());
    }
}
