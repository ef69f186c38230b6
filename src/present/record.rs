//! Records: each row a block of lines, a column and its value on each, for rows that are too wide for a table.
//!
//! On a terminal, values are wrapped and hang under their beginning. An empty line stands between two records.

use super::cells::Cells;
use super::width::{isolated, widest, width, wrapped};
use super::{Style, closing_lines, lines};
use crate::answer::{Closing, Head, Row, Sink, Verdict};
use std::io::{self, Write};

pub struct Record<'a> {
    out: &'a mut dyn Write,
    style: Style,
    cells: Cells,
    blocks: Blocks,
}

impl<'a> Record<'a> {
    pub fn new(out: &'a mut dyn Write, style: Style) -> Self {
        Record { out, style, cells: Cells::default(), blocks: Blocks::default() }
    }
}

impl Sink for Record<'_> {
    fn head(&mut self, head: &Head) -> io::Result<()> {
        self.cells = Cells::new(self.style, head);
        self.blocks = Blocks::default();
        Ok(())
    }

    fn row(&mut self, row: &Row) -> io::Result<()> {
        self.cells.fill(row);
        self.blocks.write(&self.cells.names, &self.cells.texts, self.style, self.out)
    }

    fn closing(&mut self, closing: &Closing) -> io::Result<()> {
        self.blocks.end(closing, self.style, self.out)
    }

    fn verdict(&mut self, verdict: &Verdict) -> io::Result<()> {
        lines::verdict(verdict, self.style, self.out, |out, style| Box::new(Record::new(out, style)))
    }
}

/// The blocks of one answer.
#[derive(Debug, Default)]
pub struct Blocks {
    written: bool,
}

impl Blocks {
    /// Writes one row.
    pub fn write(&mut self, names: &[String], texts: &[String], style: Style, out: &mut dyn Write) -> io::Result<()> {
        if std::mem::replace(&mut self.written, true) {
            writeln!(out)?;
        }
        let column = names.iter().map(|name| width(name)).max().unwrap_or(0) + 2;
        // Where names would take most of the room, each stands on a line of its own.
        let beside = style.width.is_none_or(|room| column <= room / 2);
        let indent = if beside { column } else { 2 };
        for (name, text) in names.iter().zip(texts) {
            let room = style.width.map(|room| room.saturating_sub(indent).max(1));
            let value = room.map_or_else(|| text.clone(), |room| wrapped(text, room));
            let name = if beside { name.clone() } else { wrapped(name, style.width.unwrap_or(1)) };
            let bold = anstyle::Style::new().bold();
            let shown = if style.color { format!("{bold}{name}{bold:#}") } else { name.clone() };
            let mut values = value.split('\n').map(|line| self::value(line, text, style));
            if beside {
                let blanks = " ".repeat(indent - widest(&name));
                writeln!(out, "{}", format!("{shown}{blanks}{}", values.next().unwrap_or_default()).trim_end())?;
            } else {
                writeln!(out, "{shown}")?;
            }
            values.try_for_each(|line| writeln!(out, "{}", format!("{}{line}", " ".repeat(indent)).trim_end()))?;
        }
        Ok(())
    }

    /// Writes what stands under the last record.
    pub fn end(&mut self, closing: &Closing, style: Style, out: &mut dyn Write) -> io::Result<()> {
        let closing = closing_lines(closing);
        if self.written && !closing.is_empty() {
            writeln!(out)?;
        }
        closing.iter().try_for_each(|line| lines::quiet(line, style, out))?;
        out.flush()
    }
}

/// A line of a value as it is shown.
pub fn value(line: &str, whole: &str, style: Style) -> String {
    if style.color && whole == style.unknown() {
        let dim = anstyle::Style::new().dimmed();
        return format!("{dim}{line}{dim:#}");
    }
    if style.width.is_some() { isolated(line).into_owned() } else { line.to_string() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::answer::{Cell, Column, ColumnKind};

    fn drawn(style: Style, rows: &[Vec<Cell>]) -> String {
        let mut out = Vec::new();
        let mut record = Record::new(&mut out, style);
        let columns = [("leader", ColumnKind::Name), ("remark", ColumnKind::Prose), ("n", ColumnKind::Number)];
        let columns = columns.map(|(name, kind)| Column { name: name.to_string(), kind }).to_vec();
        record.head(&Head { columns, ..Head::default() }).unwrap();
        for cells in rows {
            record.row(&Row { cells: cells.clone(), certain: true, sources: vec![] }).unwrap();
        }
        record.closing(&Closing { summary: "2 rows".to_string(), ..Closing::default() }).unwrap();
        String::from_utf8(out).unwrap()
    }

    fn rows() -> Vec<Vec<Cell>> {
        let text = |text: &str| Cell::Text(text.to_string());
        vec![
            vec![text("习近平"), text("a remark\nof two lines that is long"), Cell::Integer(5)],
            vec![text("Orbán"), Cell::Unknown, Cell::Number(0.1)],
        ]
    }

    #[test]
    fn each_row_is_a_block() {
        let expected = "\
leader  习近平
remark  a remark
        of two lines that is long
n       5

leader  Orbán
remark  —
n       0.1

2 rows
";
        assert_eq!(drawn(Style::default(), &rows()), expected);
    }

    #[test]
    fn values_hang_under_their_beginning_on_a_terminal() {
        let drawn = drawn(Style { width: Some(20), ..Style::default() }, &rows());
        assert!(drawn.contains("remark  a remark\n        of two lines\n        that is long\n"), "{drawn}");
    }

    #[test]
    fn long_names_stand_above_their_values() {
        let drawn = drawn(Style { width: Some(12), ..Style::default() }, &rows());
        assert!(drawn.starts_with("leader\n  习近平\nremark\n  a remark\n  of two\n"), "{drawn}");
        assert!(drawn.lines().all(|line| width(line) <= 12), "{drawn}");
    }
}
