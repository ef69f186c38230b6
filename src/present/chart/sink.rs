//! Where charts go: instead of the rows of a table or of Markdown, or into a file of SVG.

use super::model::{most_rows, picture};
use super::svg::Sheet;
use super::{WITHOUT, text_of};
use crate::answer::{Closing, Head, Row, Sink, Verdict};
use crate::present::{Document, Style, closing_lines, source_lines, write_lines};
use std::io::{self, Write};

/// A renderer that has a place for a chart.
pub trait Frame: Sink {
    /// What its output is capable of.
    fn style(&self) -> Style;
    /// Writes a chart in place of the rows.
    ///
    /// # Errors
    /// When the output cannot be written.
    fn chart(&mut self, text: &str) -> io::Result<()>;
}

/// What a chart is drawn of, kept until all of it is there; rows beyond those that are drawn are only counted.
struct Kept {
    head: Head,
    rows: Vec<Row>,
    most: usize,
    more: usize,
}

impl Kept {
    fn new(head: &Head) -> Kept {
        let most = head.chart.as_ref().map_or(0, |chart| most_rows(chart, head.columns.len()));
        Kept { head: head.clone(), rows: Vec::new(), most, more: 0 }
    }

    fn row(&mut self, row: Row) {
        if self.rows.len() < self.most { self.rows.push(row) } else { self.more += 1 }
    }
}

/// A renderer that draws the chart where one is asked for, and gives the rows where not.
pub struct Drawn<F> {
    frame: F,
    /// Whether a chart is asked for by the format, not by the query.
    always: bool,
    kept: Option<Kept>,
    without: bool,
}

impl<F: Frame> Drawn<F> {
    /// Charts where a query ends with CHART.
    pub const fn on_request(frame: F) -> Self {
        Drawn { frame, always: false, kept: None, without: false }
    }

    /// Charts of all answers that allow one.
    pub const fn always(frame: F) -> Self {
        Drawn { frame, always: true, kept: None, without: false }
    }
}

impl<F: Frame> Sink for Drawn<F> {
    fn head(&mut self, head: &Head) -> io::Result<()> {
        let asked = self.always || head.drawn;
        self.without = asked && head.chart.is_none();
        self.kept = (asked && head.chart.is_some()).then(|| Kept::new(head));
        if self.kept.is_some() { Ok(()) } else { self.frame.head(head) }
    }

    fn row(&mut self, row: &Row) -> io::Result<()> {
        match &mut self.kept {
            Some(kept) => {
                kept.row(row.clone());
                Ok(())
            }
            None => self.frame.row(row),
        }
    }

    fn closing(&mut self, closing: &Closing) -> io::Result<()> {
        if let Some(kept) = self.kept.take()
            && let Some(text) = text_of(&kept.head, &kept.rows, kept.more, self.frame.style())
        {
            self.frame.chart(&text)?;
        }
        if std::mem::take(&mut self.without) {
            let notes = closing.notes.iter().cloned().chain([WITHOUT.to_string()]).collect();
            return self.frame.closing(&Closing { notes, ..closing.clone() });
        }
        self.frame.closing(closing)
    }

    fn verdict(&mut self, verdict: &Verdict) -> io::Result<()> {
        self.frame.verdict(verdict)
    }
}

/// One SVG picture of all answers, one under another, each with its closing lines.
#[derive(Default)]
pub struct Pictures {
    sheet: Sheet,
    kept: Option<Kept>,
    /// What is said beside the picture.
    notes: Vec<String>,
}

impl Document for Pictures {
    /// Writes the picture to `out`, and to `notes` that an answer in it has no chart.
    fn write(&mut self, out: &mut dyn Write, notes: &mut dyn Write) -> io::Result<()> {
        let sheet = std::mem::take(&mut self.sheet);
        if !sheet.is_empty() {
            out.write_all(sheet.into_file().as_bytes())?;
        }
        out.flush()?;
        // The picture says it too; that nothing can be said beside it does not make it wrong.
        let _ = write_lines(notes, &std::mem::take(&mut self.notes));
        Ok(())
    }
}

impl Sink for Pictures {
    fn head(&mut self, head: &Head) -> io::Result<()> {
        self.kept = Some(Kept::new(head));
        Ok(())
    }

    fn row(&mut self, row: &Row) -> io::Result<()> {
        if let Some(kept) = &mut self.kept {
            kept.row(row.clone());
        }
        Ok(())
    }

    fn closing(&mut self, closing: &Closing) -> io::Result<()> {
        let Some(kept) = self.kept.take() else { return Ok(()) };
        let mut lines = closing_lines(closing);
        if kept.head.chart.is_none() {
            lines.push(WITHOUT.to_string());
            self.notes.push(WITHOUT.to_string());
        }
        self.sheet.answer(picture(&kept.head, &kept.rows, kept.more, "—").as_ref(), &lines);
        Ok(())
    }

    fn verdict(&mut self, verdict: &Verdict) -> io::Result<()> {
        let label = verdict.label.clone().unwrap_or_else(|| crate::syntax::one_line(&verdict.query));
        let findings = verdict.findings.iter().map(|finding| format!("{} = {}", finding.text, finding.value));
        let lines = findings.chain(verdict.notes.iter().cloned()).chain(source_lines(&verdict.sources));
        self.sheet.verdict(verdict.outcome.text(), &label, &lines.collect::<Vec<_>>());
        Ok(())
    }
}
