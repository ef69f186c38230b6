//! Formats that are one document of all answers of a run: they are gathered, and written at the end.

use super::Format;
use super::chart::Pictures;
use super::html::Pages;
use super::junit::Suites;
use crate::answer::{Closing, Head, Row, Sink, Verdict};
use std::io::{self, Write};

/// Takes the answers of a run, one after the other, and is written when all are there.
pub trait Document: Sink {
    /// The answers that follow are those of this text.
    fn begin(&mut self, _text: &str) {}

    /// A statement ended with this message instead of an answer.
    fn fail(&mut self, _statement: &str, _message: &str) {}

    /// Writes the whole; `notes` is for what is said beside it.
    ///
    /// # Errors
    /// When the output cannot be written.
    fn write(&mut self, out: &mut dyn Write, notes: &mut dyn Write) -> io::Result<()>;
}

/// The document of a format, under a title if it has one; nothing for formats that write answers as they come.
pub fn document(format: Format, title: &str) -> Option<Box<dyn Document>> {
    match format {
        Format::Html => Some(Box::new(Pages::new(title))),
        Format::Svg => Some(Box::new(Pictures::default())),
        Format::Junit => Some(Box::new(Suites::default())),
        _ => None,
    }
}

/// A document of a single answer, written when that is whole.
pub struct Alone<'a, D> {
    document: D,
    out: &'a mut dyn Write,
    notes: &'a mut dyn Write,
}

impl<'a, D: Document> Alone<'a, D> {
    pub fn new(document: D, out: &'a mut dyn Write, notes: &'a mut dyn Write) -> Self {
        Alone { document, out, notes }
    }
}

impl<D: Document> Sink for Alone<'_, D> {
    fn head(&mut self, head: &Head) -> io::Result<()> {
        self.document.head(head)
    }

    fn row(&mut self, row: &Row) -> io::Result<()> {
        self.document.row(row)
    }

    fn closing(&mut self, closing: &Closing) -> io::Result<()> {
        self.document.closing(closing)?;
        self.document.write(self.out, self.notes)
    }

    fn verdict(&mut self, verdict: &Verdict) -> io::Result<()> {
        self.document.verdict(verdict)?;
        self.document.write(self.out, self.notes)
    }
}
