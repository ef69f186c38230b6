//! Tables: our layout fits and cleans the cells; prettytable-rs draws those that fit a screen, and we those beyond.
//!
//! It is the only file that knows prettytable. Up to [`DRAWN`] rows are laid out together and drawn by it, unless it would
//! measure a text otherwise than we do. Longer tables are written line by line: on a terminal at once, in the widths of the
//! first rows; elsewhere when the widest cell of each column is known, so that every line has its columns in the same
//! places. On a terminal prose wraps first, then lists; names and dates never: where that does not do, rows turn into
//! records. Without a terminal nothing is wrapped.

use super::cells::{Cells, Layout};
use super::record::{Blocks, value};
use super::spool::Spool;
use super::width::{is_agreed, widest, width, wrapped, wrapped_list};
use super::{Style, closing_lines, lines};
use crate::answer::{Closing, Head, Row, Sink, Verdict};
use prettytable::format::{FormatBuilder, LinePosition, LineSeparator, TableFormat};
use std::io::{self, Write};

/// How many rows are laid out together.
const DRAWN: usize = 1000;

/// No column is made narrower than this.
const NARROWEST: usize = 16;

pub struct Table<'a> {
    out: &'a mut dyn Write,
    style: Style,
    cells: Cells,
    /// Of the columns: of the rows so far, and once the head is written, of the table.
    widths: Vec<usize>,
    state: State,
    line: String,
}

/// What becomes of the rows.
enum State {
    /// They wait to be laid out together.
    Waiting(Vec<Vec<String>>),
    /// Many, and no terminal: they are kept until all widths are known.
    Kept(Spool),
    /// The head is written, and rows follow while they come.
    Flowing,
    /// They are too wide for the terminal.
    Records(Blocks),
}

impl<'a> Table<'a> {
    pub fn new(out: &'a mut dyn Write, style: Style) -> Self {
        let state = State::Waiting(Vec::new());
        Table { out, style, cells: Cells::default(), widths: Vec::new(), state, line: String::new() }
    }

    /// There are more rows than are laid out together.
    fn overflow(&mut self, rows: Vec<Vec<String>>) -> io::Result<State> {
        if self.style.width.is_some() {
            return self.begin(&rows, false);
        }
        let mut spool = Spool::default();
        for row in rows {
            spool.push(row.iter().map(|text| (text.as_str(), widest(text))))?;
        }
        Ok(State::Kept(spool))
    }

    /// Writes the head and the rows that waited.
    fn begin(&mut self, rows: &[Vec<String>], whole: bool) -> io::Result<State> {
        if !self.fit() {
            let (columns, room) = (self.widths.len(), self.style.width.unwrap_or_default());
            let said = format!("{columns} columns are wider than {room}: each row is a record");
            lines::quiet(&said, self.style, self.out)?;
            let mut blocks = Blocks::default();
            let names = &self.cells.names;
            rows.iter().try_for_each(|row| blocks.write(names, row, self.style, self.out))?;
            return Ok(State::Records(blocks));
        }
        if whole && rows.iter().chain([&self.cells.names]).flatten().all(|text| is_agreed(text)) {
            self.draw(rows)?;
        } else {
            self.titles()?;
            rows.iter().try_for_each(|row| self.lines(row, false))?;
        }
        Ok(State::Flowing)
    }

    /// Fits the widths to the terminal; says whether that can be done without breaking names.
    fn fit(&mut self) -> bool {
        let Some(room) = self.style.width else { return true };
        // Two blanks between columns, none at the edges.
        let room = room.saturating_sub(self.widths.len().saturating_sub(1) * 2);
        let (layouts, widths) = (&self.cells.layouts, &mut self.widths);
        let lowest = if widths.len() == 1 { 0 } else { 1 };
        for rank in (lowest..=2).rev() {
            loop {
                let total: usize = widths.iter().sum();
                let candidates = (0..widths.len()).filter(|at| layouts[*at].rank >= rank && widths[*at] > NARROWEST);
                let Some(at) = candidates.max_by_key(|at| widths[*at]).filter(|_| total > room) else { break };
                widths[at] -= (total - room).min((widths[at] - NARROWEST).div_ceil(8)).max(1);
            }
        }
        widths.len() == 1 || widths.iter().sum::<usize>() <= room
    }

    /// A cell's text in lines that fit its column.
    fn fitted(&self, position: usize, text: &str) -> String {
        let width = self.widths.get(position).copied().unwrap_or(usize::MAX);
        // A number in two lines would be two numbers.
        let breaks = self.style.width.is_some() && !self.cells.layouts.get(position).is_some_and(|layout| layout.right);
        let is_list = self.cells.layouts.get(position).is_some_and(|layout| layout.rank == 1);
        match breaks {
            true if is_list => wrapped_list(text, width),
            true => wrapped(text, width),
            false => text.to_string(),
        }
    }

    /// All rows, by prettytable: into memory, where nothing can fail; line ends are tidied, and then it is written.
    fn draw(&mut self, rows: &[Vec<String>]) -> io::Result<()> {
        let mut table = prettytable::Table::new();
        table.set_format(self.frame());
        table.set_titles(self.drawn(&self.cells.names));
        table.extend(rows.iter().map(|row| self.drawn(row)));
        let mut drawn = Vec::new();
        table.print(&mut drawn)?;
        let names = self.cells.names.iter().enumerate();
        let rule = names.map(|(position, name)| self.fitted(position, name).split('\n').count()).max().unwrap_or(1);
        for (number, line) in String::from_utf8_lossy(&drawn).lines().enumerate() {
            // The rule is drawn over the blank behind the last column too.
            let line = if number == rule { line.strip_suffix(self.rule()).unwrap_or(line) } else { line };
            self.put(line, number <= rule)?;
        }
        Ok(())
    }

    fn drawn(&self, texts: &[String]) -> prettytable::Row {
        use prettytable::format::Alignment;
        let cells = texts.iter().enumerate().map(|(position, text)| {
            let right = self.cells.layouts.get(position).is_some_and(|layout| layout.right);
            let align = if right { Alignment::RIGHT } else { Alignment::LEFT };
            prettytable::Cell::new_align(&value(&self.fitted(position, text), text, self.style), align)
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

    /// A line without the blanks at its end; those of the head stand out.
    fn put(&mut self, line: &str, title: bool) -> io::Result<()> {
        let line = line.trim_end_matches(' ');
        if title && self.style.color {
            let bold = anstyle::Style::new().bold();
            writeln!(self.out, "{bold}{line}{bold:#}")
        } else {
            writeln!(self.out, "{line}")
        }
    }

    /// The head, by ourselves.
    fn titles(&mut self) -> io::Result<()> {
        let names = self.cells.names.clone();
        self.lines(&names, true)?;
        let whole = self.widths.iter().sum::<usize>() + self.widths.len().saturating_sub(1) * 2;
        let rule: String = std::iter::repeat_n(self.rule(), whole).collect();
        self.put(&rule, true)
    }

    /// A row without a terminal, by ourselves, its texts with their widths: millions come this way.
    fn write(&mut self, texts: &[(&str, usize)]) -> io::Result<()> {
        // What has as many bytes as columns is all on one line, nearly always.
        let broken = texts.iter().any(|(text, width)| text.len() != *width && text.contains('\n'));
        if broken || self.style.color {
            let texts: Vec<String> = texts.iter().map(|(text, _)| (*text).to_string()).collect();
            return self.lines(&texts, false);
        }
        self.line.clear();
        for (((text, width), column), layout) in texts.iter().zip(&self.widths).zip(&self.cells.layouts) {
            pad(&mut self.line, text, *width, *column, *layout);
        }
        self.line.truncate(self.line.trim_end_matches(' ').len());
        self.line.push('\n');
        self.out.write_all(self.line.as_bytes())
    }

    /// A row of as many lines as its highest cell has.
    fn lines(&mut self, texts: &[String], title: bool) -> io::Result<()> {
        let cells: Vec<String> = texts.iter().enumerate().map(|(position, text)| self.fitted(position, text)).collect();
        let height = cells.iter().map(|cell| cell.split('\n').count()).max().unwrap_or(1);
        let mut cells: Vec<_> = cells.iter().map(|cell| cell.split('\n')).collect();
        for _ in 0..height {
            let mut line = String::new();
            for (position, (cell, text)) in cells.iter_mut().zip(texts).enumerate() {
                let part = cell.next().unwrap_or_default();
                let (column, layout) = (self.widths[position], self.cells.layouts[position]);
                pad(&mut line, &value(part, text, self.style), width(part), column, layout);
            }
            self.put(&line, title)?;
        }
        Ok(())
    }
}

/// Adds a cell that is so wide, and the blanks that fill its column and part it from the next.
fn pad(line: &mut String, text: &str, width: usize, column: usize, layout: Layout) {
    let blanks = column.saturating_sub(width);
    let (before, after) = if layout.right { (blanks, 2) } else { (0, blanks + 2) };
    fill(line, before);
    line.push_str(text);
    fill(line, after);
}

fn fill(line: &mut String, mut blanks: usize) {
    const BLANKS: &str = "                                                                ";
    while blanks > 0 {
        let some = blanks.min(BLANKS.len());
        line.push_str(&BLANKS[..some]);
        blanks -= some;
    }
}

impl Sink for Table<'_> {
    fn head(&mut self, head: &Head) -> io::Result<()> {
        self.cells = Cells::new(self.style, head);
        self.widths = self.cells.names.iter().map(|name| width(name)).collect();
        self.state = State::Waiting(Vec::new());
        Ok(())
    }

    fn row(&mut self, row: &Row) -> io::Result<()> {
        self.cells.fill(row);
        match &mut self.state {
            State::Waiting(rows) => {
                for (column, width) in self.widths.iter_mut().zip(&self.cells.widths) {
                    *column = (*column).max(*width);
                }
                rows.push(self.cells.texts.clone());
                if rows.len() > DRAWN {
                    let rows = std::mem::take(rows);
                    self.state = self.overflow(rows)?;
                }
                Ok(())
            }
            State::Kept(spool) => {
                for (column, width) in self.widths.iter_mut().zip(&self.cells.widths) {
                    *column = (*column).max(*width);
                }
                spool.push(self.cells.texts.iter().map(String::as_str).zip(self.cells.widths.iter().copied()))
            }
            State::Records(blocks) => blocks.write(&self.cells.names, &self.cells.texts, self.style, self.out),
            State::Flowing => {
                let texts = std::mem::take(&mut self.cells.texts);
                let written = self.lines(&texts, false);
                self.cells.texts = texts;
                written
            }
        }
    }

    fn closing(&mut self, closing: &Closing) -> io::Result<()> {
        self.state = match std::mem::replace(&mut self.state, State::Flowing) {
            State::Waiting(rows) if !rows.is_empty() => self.begin(&rows, true)?,
            State::Kept(spool) => {
                self.titles()?;
                spool.each(self.widths.len(), |row| self.write(row))?;
                State::Flowing
            }
            other => other,
        };
        if let State::Records(blocks) = &mut self.state {
            return blocks.end(closing, self.style, self.out);
        }
        closing_lines(closing).iter().try_for_each(|line| lines::quiet(line, self.style, self.out))?;
        self.out.flush()
    }

    fn verdict(&mut self, verdict: &Verdict) -> io::Result<()> {
        lines::verdict(verdict, self.style, self.out, |out, style| Box::new(Table::new(out, style)))
    }
}

impl super::chart::Frame for Table<'_> {
    fn style(&self) -> Style {
        self.style
    }

    fn chart(&mut self, text: &str) -> io::Result<()> {
        self.out.write_all(text.as_bytes())
    }
}
#[cfg(test)]
mod tests {
    use super::*;
    use crate::answer::{Cell, Column, ColumnKind};
    use crate::present::safe;

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
    fn a_wider_cell_far_below_moves_no_column_where_there_is_no_terminal() {
        let row = |n: i64| vec![text(if n == 4000 { "习近平 and others" } else { "abc" }), Cell::Integer(n), text("|")];
        let rows: Vec<Vec<Cell>> = (0..5000).map(row).collect();
        let columns = [("t", ColumnKind::Name), ("n", ColumnKind::Number), ("end", ColumnKind::Name)];
        let drawn = drawn(Style::default(), &columns, rows);
        let places = drawn.lines().filter_map(|line| line.split_once('|')).map(|(before, _)| width(before));
        assert_eq!(places.collect::<std::collections::BTreeSet<usize>>().len(), 1);
        assert_eq!(drawn.lines().count(), 5003);
    }

    #[test]
    fn rows_that_cannot_fit_without_breaking_names_become_records() {
        let name = || text("Recep Tayyip Erdoğan");
        let rows = vec![vec![name(), name(), text("a remark of several words that is long"), Cell::Unknown]];
        let columns =
            [("a", ColumnKind::Name), ("b", ColumnKind::Name), ("c", ColumnKind::Prose), ("d", ColumnKind::Name)];
        let at = |room| drawn(Style { width: Some(room), ..Style::default() }, &columns, rows.clone());
        let table = at(65);
        assert!(table.contains("Recep Tayyip Erdoğan  Recep Tayyip Erdoğan  a remark of"), "{table}");
        assert!(table.lines().all(|line| width(line) <= 65), "{table}");
        let expected = "\
4 columns are wider than 50: each row is a record
a  Recep Tayyip Erdoğan
b  Recep Tayyip Erdoğan
c  a remark of several words that is long
d  —

1 rows
";
        assert_eq!(at(50), expected);
    }

    #[test]
    fn text_that_runs_left_is_isolated_on_a_terminal_alone() {
        let rows = vec![vec![text("تميم بن حمد"), Cell::Integer(5)]];
        let columns = [("a", ColumnKind::Name), ("n", ColumnKind::Number)];
        let at = |room| drawn(Style { width: room, ..Style::default() }, &columns, rows.clone());
        assert!(at(Some(80)).contains("\u{2068}تميم بن حمد\u{2069}  5\n"), "{}", at(Some(80)));
        assert!(at(None).contains("\nتميم بن حمد  5\n"));
    }

    #[test]
    fn what_is_not_known_is_dim_on_a_terminal_with_colours() {
        let rows = vec![vec![Cell::Unknown, text("—"), text("")]];
        let columns = [("a", ColumnKind::Name), ("b", ColumnKind::Name), ("c", ColumnKind::Name)];
        let drawn = drawn(Style { color: true, width: Some(80), ..Style::default() }, &columns, rows);
        assert!(drawn.contains("\u{1b}[2m—\u{1b}[0m  '—'\n"), "{drawn:?}");
    }

    #[test]
    fn hostile_cells_do_no_harm() {
        let slow = if std::env::var_os("SLOW").is_some() { 20 } else { 1 };
        let flood: String = std::iter::once('a').chain(std::iter::repeat_n('\u{0301}', 5_000 * slow)).collect();
        for cell in ["\u{1b}[2J", "\0", "a\r\nb", "\u{202e}x", "", "\t", &"x".repeat(20_000 * slow), &flood] {
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
