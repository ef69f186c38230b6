//! Answers and messages as text: tables, CSV, JSON, and diagnostics with the line they are about.
//!
//! A renderer is a [`Sink`]: it writes rows while they come. What is data goes to one writer, what is said about the
//! data to another; with tables both are one. Nothing here runs a query or knows where the writers lead.

mod cells;
pub mod chart;
pub mod diagnostic;
mod document;
mod format;
pub mod html;
mod json;
mod junit;
mod lines;
mod markdown;
mod record;
pub mod safe;
mod separated;
mod spool;
mod table;
mod tsv;
mod width;

pub use document::{Document, document};
pub use format::{About, FORMATS, Format, Several};
pub use width::width;

use crate::answer::{CitedSource, Closing, Sink};
use document::Alone;
use std::io::{self, Write};

/// What the output is capable of.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Style {
    /// Columns of the terminal; `None` is no terminal: nothing is wrapped.
    pub width: Option<usize>,
    pub color: bool,
    /// Only ASCII for frames and marks.
    pub ascii: bool,
    /// Text of the data is left as it is, whatever is in it; never on a terminal.
    pub raw: bool,
    /// Another answer went before this one into the same output.
    pub continued: bool,
}

/// The renderer of a format: answers go to `out`, closing lines of formats for machines to `notes`.
pub fn renderer<'a>(
    format: Format,
    out: &'a mut dyn Write,
    notes: &'a mut dyn Write,
    style: Style,
) -> Box<dyn Sink + 'a> {
    match format {
        Format::Table => Box::new(chart::Drawn::on_request(table::Table::new(out, style))),
        Format::Record => Box::new(record::Record::new(out, style)),
        Format::Csv => Box::new(separated::Separated::new(out, notes, style, &separated::CSV)),
        Format::Tsv => Box::new(separated::Separated::new(out, notes, style, &tsv::TSV)),
        Format::Json => Box::new(json::Json::new(out)),
        Format::Jsonl => Box::new(json::Lines::new(out, notes)),
        Format::Markdown => Box::new(chart::Drawn::on_request(markdown::Markdown::new(out))),
        Format::Html => Box::new(Alone::new(html::Pages::new("Answer"), out, notes)),
        Format::Chart => Box::new(chart::Drawn::always(table::Table::new(out, style))),
        Format::Svg => Box::new(Alone::new(chart::Pictures::default(), out, notes)),
        Format::Junit => Box::new(Alone::new(junit::Suites::default(), out, notes)),
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
