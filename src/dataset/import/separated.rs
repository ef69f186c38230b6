//! CSV and its kin: lines of cells as RFC 4180 has them, each with its line in the file.
//!
//! Written out here because reading must be strict: a quote that is never closed, or text behind a closed one, is a mistake
//! with a place, and lines are counted whatever ends them (LF, CR LF, CR), also within quotes.

use super::mistakes::Mistakes;
use super::read::{self, COLUMNS};
use super::table::{Table, TableRow};
use crate::dataset::records::tidy;
use crate::diagnostic::{data, importing};
use crate::store::Progress;
use crate::value::formula;
use crate::value::text::Text;
use std::borrow::Cow;

/// The separators that a header is searched for, the likeliest first.
pub const SEPARATORS: [char; 4] = [',', ';', '\t', '|'];

/// One line of cells; it may be several lines of the file.
pub struct Line<'a> {
    /// Where it begins, counted from 1.
    pub line: u64,
    pub cells: Vec<Cow<'a, str>>,
    /// Where it ends, in bytes.
    pub end: usize,
    pub fault: Option<Fault>,
}

/// What is wrong with a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Fault {
    /// Where, which may be further down than where the cells begin.
    pub line: u64,
    /// The number of the cell, from 1.
    pub cell: u64,
    /// The quote is never closed; else there is text behind a closed one.
    pub unclosed: bool,
}

/// The lines of a text.
pub struct Lines<'a> {
    text: &'a str,
    at: usize,
    line: u64,
    separator: char,
}

impl<'a> Lines<'a> {
    pub fn new(text: &'a str, separator: char) -> Lines<'a> {
        Lines { text, at: 0, line: 1, separator }
    }

    fn rest(&self) -> &'a str {
        self.text.get(self.at..).unwrap_or("")
    }

    fn is_end(&self, c: char) -> bool {
        matches!(c, '\n' | '\r')
    }

    /// One cell up to its separator or the end of the line.
    fn cell(&mut self) -> Result<Cow<'a, str>, bool> {
        let rest = self.rest();
        let inner = rest.trim_start_matches(' ');
        if inner.starts_with('"') {
            self.at += rest.len() - inner.len() + 1;
            return self.quoted();
        }
        let length = rest.find(|c| c == self.separator || self.is_end(c)).unwrap_or(rest.len());
        self.at += length;
        Ok(Cow::Borrowed(rest.get(..length).unwrap_or("")))
    }

    /// A cell behind its opening quote; the mistake is whether it is never closed.
    fn quoted(&mut self) -> Result<Cow<'a, str>, bool> {
        let begun = self.rest();
        let mut doubled = false;
        let mut length = 0;
        loop {
            let Some(quote) = begun.get(length..).and_then(|rest| rest.find('"')) else {
                self.skip(begun.len());
                return Err(true);
            };
            length += quote;
            if !begun.get(length + 1..).is_some_and(|rest| rest.starts_with('"')) {
                break;
            }
            doubled = true;
            length += 2;
        }
        self.skip(length);
        self.at += 1;
        let cell = begun.get(..length).unwrap_or("");
        let behind = self.rest();
        let blanks = behind.len() - behind.trim_start_matches(' ').len();
        self.at += blanks;
        match self.rest().chars().next() {
            Some(c) if c != self.separator && !self.is_end(c) => Err(false),
            _ => Ok(if doubled { Cow::Owned(cell.replace("\"\"", "\"")) } else { Cow::Borrowed(cell) }),
        }
    }

    /// Goes on, and counts the lines passed.
    fn skip(&mut self, bytes: usize) {
        let passed = self.rest().get(..bytes).unwrap_or("");
        self.line += read::place(passed).0 - 1;
        self.at += bytes;
    }

    /// Goes behind the next end of a line.
    fn end_line(&mut self) {
        let rest = self.rest();
        let end = rest.find(['\n', '\r']).unwrap_or(rest.len());
        let ending = rest.get(end..).unwrap_or("");
        let width = if ending.starts_with("\r\n") { 2 } else { ending.len().min(1) };
        self.at += end + width;
        self.line += u64::from(width > 0);
    }
}

impl<'a> Iterator for Lines<'a> {
    type Item = Line<'a>;

    fn next(&mut self) -> Option<Line<'a>> {
        if self.at >= self.text.len() {
            return None;
        }
        let mut made = Line { line: self.line, cells: Vec::new(), end: 0, fault: None };
        loop {
            match self.cell() {
                Ok(cell) => made.cells.push(cell),
                Err(unclosed) => {
                    let line = if unclosed { made.line } else { self.line };
                    made.fault = Some(Fault { line, cell: made.cells.len() as u64 + 1, unclosed });
                    break;
                }
            }
            // What has more cells than any table has columns is refused, so that no line fills the memory.
            if !self.rest().starts_with(self.separator) || made.cells.len() > COLUMNS {
                break;
            }
            self.at += self.separator.len_utf8();
        }
        self.end_line();
        made.end = self.at;
        Some(made)
    }
}

/// The table of a text with a header.
pub fn table(text: &str, separator: Option<char>, mistakes: &mut Mistakes, progress: &Progress) -> Option<Table> {
    let separator = separator.unwrap_or_else(|| read::separator(text));
    let mut table = Table { file: mistakes.file().into(), ..Table::default() };
    let mut headed = false;
    let mut done = 0;
    for line in Lines::new(text, separator) {
        if mistakes.is_full() || progress.go_on((line.end - std::mem::replace(&mut done, line.end)) as u64).is_err() {
            return None;
        }
        if let Some(fault) = line.fault {
            faulty(fault, mistakes);
        } else if line.cells.iter().all(|cell| cell.trim().is_empty()) {
            continue;
        } else if !headed {
            table.columns = header(&line, mistakes)?;
            headed = true;
        } else {
            let row = row(&table.columns, &line, separator, mistakes);
            table.rows.extend(row.filter(|row| row.cells.iter().any(|cell| !cell.is_empty())));
        }
    }
    if !headed && mistakes.is_none() {
        mistakes.push(importing::empty_table(mistakes.file()));
    }
    Some(table)
}

fn faulty(fault: Fault, mistakes: &mut Mistakes) {
    let place = mistakes.place(fault.line);
    mistakes.push(if fault.unclosed {
        importing::unclosed_quote(&place, fault.cell)
    } else {
        importing::unreadable_line(&place, &format!("there is text behind the quotes of cell {}", fault.cell))
    });
}

/// The names of the columns; nothing if the rows cannot be understood without them.
fn header(line: &Line<'_>, mistakes: &mut Mistakes) -> Option<Vec<String>> {
    let place = mistakes.place(line.line);
    if line.cells.len() > COLUMNS {
        mistakes.push(importing::too_large(mistakes.file(), &format!("it has more than {COLUMNS} columns")));
        return None;
    }
    let mut names: Vec<String> = Vec::new();
    for (at, cell) in line.cells.iter().enumerate() {
        let number = at + 1;
        match tidy(cell) {
            Err(why) => mistakes.push(importing::bad_header(&place, &format!("column {number}: {why}"))),
            Ok(name) if name.is_empty() => {
                mistakes.push(importing::bad_header(&place, &format!("column {number} has no name")));
            }
            Ok(name) if names.iter().any(|known| *known == name) => {
                mistakes.push(importing::bad_header(&place, &format!("column {number} is a second '{name}'")));
            }
            Ok(name) => {
                names.push(name.into_owned());
                continue;
            }
        }
        names.push(String::new());
    }
    Some(names)
}

fn row(columns: &[String], line: &Line<'_>, separator: char, mistakes: &mut Mistakes) -> Option<TableRow> {
    if line.cells.len() != columns.len() {
        let why = format!("{}, but the header has {}", cells(line.cells.len()), columns.len());
        mistakes.line(line.line, &why);
        return None;
    }
    let mut made = TableRow { line: line.line, cells: Vec::with_capacity(columns.len()), lists: Vec::new() };
    for (column, cell) in columns.iter().zip(&line.cells) {
        match tidy(cell) {
            // What is not known, as our own TSV has it.
            Ok(text) if separator == '\t' && text == "\\N" => made.cells.push(Text::default()),
            Ok(text) if separator == '\t' => made.cells.push(text.into()),
            Ok(text) => made.cells.push(formula::restored(&text).into()),
            Err(why) => mistakes.push(data::bad_text(&mistakes.place(line.line), column, &why)),
        }
    }
    (made.cells.len() == columns.len()).then_some(made)
}

fn cells(count: usize) -> String {
    if count == 1 { "1 cell".to_string() } else { format!("{count} cells") }
}
