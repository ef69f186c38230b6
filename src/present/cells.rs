//! The cells of an answer as texts for reading: what tables and records show, made safe, each in its place.

use super::Style;
use super::safe::is_plain;
use super::width::widest;
use crate::answer::{Cell, ColumnKind, Head, Row, write_plain};
use std::borrow::Cow;

/// What decides how a column is laid out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Layout {
    pub right: bool,
    /// Columns of the highest rank are wrapped first, those of rank 0 only when nothing else helps.
    pub rank: u8,
}

impl Layout {
    const WORD: Layout = Layout { right: false, rank: 0 };

    const fn of(kind: ColumnKind) -> Layout {
        match kind {
            ColumnKind::Prose | ColumnKind::Code => Layout { right: false, rank: 2 },
            ColumnKind::List => Layout { right: false, rank: 1 },
            ColumnKind::Name | ColumnKind::Date | ColumnKind::Boolean => Layout::WORD,
            ColumnKind::Number => Layout { right: true, rank: 0 },
        }
    }
}

/// The columns of an answer, and the texts of its latest row.
#[derive(Debug, Default)]
pub struct Cells {
    style: Style,
    pub names: Vec<String>,
    pub layouts: Vec<Layout>,
    marked: bool,
    cited: bool,
    pub texts: Vec<String>,
    /// How wide each text is.
    pub widths: Vec<usize>,
    plain: String,
}

impl Cells {
    pub fn new(style: Style, head: &Head) -> Cells {
        let extra = [head.cited.then_some("sources"), head.marked.then_some("?")];
        let names = head.columns.iter().map(|column| column.name.as_str()).chain(extra.into_iter().flatten());
        let names: Vec<String> = names.map(|name| super::safe::safe(name).into_owned()).collect();
        let mut layouts: Vec<Layout> = head.columns.iter().map(|column| Layout::of(column.kind)).collect();
        layouts.resize(names.len(), Layout::WORD);
        let (texts, widths) = (vec![String::new(); names.len()], vec![0; names.len()]);
        Cells { style, names, layouts, marked: head.marked, cited: head.cited, texts, widths, plain: String::new() }
    }

    /// Takes over the texts of a row.
    pub fn fill(&mut self, row: &Row) {
        let mut places = self.texts.iter_mut().zip(&mut self.widths);
        for (cell, (text, width)) in row.cells.iter().zip(&mut places) {
            text.clear();
            *width = shown(cell, self.style, &mut self.plain, text);
        }
        let sources = || row.sources.iter().map(|number| format!("[{number}]")).collect::<String>();
        let certain = || (if row.certain { "" } else { "?" }).to_string();
        let extra = [self.cited.then(sources), self.marked.then(certain)];
        for (extra, (text, width)) in extra.into_iter().flatten().zip(places) {
            (*width, *text) = (extra.len(), extra);
        }
    }
}

/// A cell for reading, made safe, and how wide it is; `plain` is room for what is not text already.
fn shown(cell: &Cell, style: Style, plain: &mut String, text: &mut String) -> usize {
    let read = match cell {
        Cell::Text(text) if !is_dash(text, style) => text,
        Cell::Date(date) => &date.text,
        cell => {
            plain.clear();
            write(cell, style, plain);
            plain
        }
    };
    if is_plain(read) {
        text.push_str(read);
        return text.len();
    }
    text.push_str(&style.data(read));
    widest(text)
}

/// A cell for reading, as it is in the data.
pub fn read(cell: &Cell, style: Style) -> String {
    let mut text = String::new();
    write(cell, style, &mut text);
    text
}

/// What is not known is a dash, and an empty text is nothing; a text that is itself a dash stands in quotes, as it would in
/// a query, and so do such quotes: no two of them look alike.
fn write(cell: &Cell, style: Style, text: &mut String) {
    if !write_plain(cell, ", ", text) {
        text.push_str(style.unknown());
    } else if is_dash(text, style) {
        text.insert(0, '\'');
        text.push('\'');
    }
}

/// Whether it is what stands for a value that is not known, perhaps in quotes.
fn is_dash(text: &str, style: Style) -> bool {
    (text.ends_with('\'') || text.ends_with(style.unknown())) && text.trim_matches('\'') == style.unknown()
}

impl Style {
    /// What stands for a value that is not known.
    pub const fn unknown(self) -> &'static str {
        if self.ascii { "-" } else { "—" }
    }

    /// A text of the data, made safe unless it is asked for raw.
    pub fn data(self, text: &str) -> Cow<'_, str> {
        if self.raw && self.width.is_none() { Cow::Borrowed(text) } else { super::safe::safe_lines(text) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn unknown_empty_and_a_dash_differ() {
        let shown_as = |cell: Cell, ascii| {
            let mut text = String::new();
            shown(&cell, Style { ascii, ..Style::default() }, &mut String::new(), &mut text);
            text
        };
        let dash = |text: &str| Cell::Text(text.to_string());
        assert_eq!(shown_as(Cell::Unknown, false), "—");
        assert_eq!(shown_as(dash(""), false), "");
        assert_eq!(shown_as(dash("—"), false), "'—'");
        assert_eq!(shown_as(dash("'—'"), false), "''—''");
        assert_eq!(shown_as(dash("-"), false), "-");
        assert_eq!(shown_as(Cell::Unknown, true), "-");
        assert_eq!(shown_as(dash("-"), true), "'-'");
        assert_eq!(shown_as(dash("—"), true), "—");
    }
}
