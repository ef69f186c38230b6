//! Answers and messages as text: tables, CSV, JSON, and diagnostics with the line they are about.
//!
//! A renderer is a [`Sink`]: it writes rows while they come. What is data goes to one writer, what is said about the
//! data to another; with tables both are one. Nothing here runs a query or knows where the writers lead.

mod csv;
pub mod diagnostic;
mod format;
pub mod html;
mod json;
pub mod junit;
mod markdown;
pub mod safe;
mod table;

pub use format::{About, FORMATS, Format};

use crate::answer::{CitedSource, Closing, Sink, plain};
use std::io::{self, Write};

/// What the output is capable of.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Style {
    /// Columns of the terminal; `None` is no terminal: nothing is cut or wrapped, and CSV is left as it is.
    pub width: Option<usize>,
    pub color: bool,
    /// Only ASCII for frames and marks.
    pub ascii: bool,
}

/// The renderer of a format: answers go to `out`, closing lines of formats for machines to `notes`.
pub fn renderer<'a>(
    format: Format,
    out: &'a mut dyn Write,
    notes: &'a mut dyn Write,
    style: Style,
) -> Box<dyn Sink + 'a> {
    match format {
        Format::Table => Box::new(table::Table::new(out, style)),
        Format::Csv => Box::new(csv::Csv::new(out, notes, style)),
        Format::Json => Box::new(json::Json::new(out)),
        Format::Markdown => Box::new(markdown::Markdown::new(out)),
        Format::Html => Box::new(html::Html::new(out)),
        Format::Junit => Box::new(junit::Junit::new(out)),
    }
}

/// Closing lines: the count, the notes, the numbered sources.
fn closing_lines(closing: &Closing) -> Vec<String> {
    let mut lines: Vec<String> = Some(closing.summary.clone()).filter(|text| !text.is_empty()).into_iter().collect();
    lines.extend(closing.notes.iter().cloned());
    lines.extend(source_lines(&closing.sources));
    lines
}

/// The numbered sources.
fn source_lines(sources: &[CitedSource]) -> Vec<String> {
    (1..).zip(sources).map(|(number, source)| format!("[{number}] {}", cited(source))).collect()
}

/// Title, publisher, day, address (locators).
fn cited(source: &CitedSource) -> String {
    let parts =
        [Some(source.title.clone()), source.publisher.clone(), source.published.clone(), source.address.clone()];
    let mut text = parts.into_iter().flatten().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(", ");
    if !source.locators.is_empty() {
        text.push_str(&format!(" ({})", source.locators.join("; ")));
    }
    text
}

fn write_lines(out: &mut dyn Write, lines: &[String]) -> io::Result<()> {
    lines.iter().try_for_each(|line| writeln!(out, "{}", safe::safe(line)))
}
