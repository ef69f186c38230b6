//! Where charts go: instead of the rows of a table or of Markdown, or into a file of SVG.

use super::model::{most_rows, picture};
use super::svg::Sheet;
use super::{WITHOUT, text_of};
use crate::answer::{Answer, Closing, Head, Row, Sink, Verdict};
use crate::present::{Style, closing_lines, source_lines, write_lines};
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

    fn row(&mut self, row: Row) -> io::Result<()> {
        match &mut self.kept {
            Some(kept) => {
                kept.row(row);
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

/// One SVG picture, with the closing lines in it.
pub struct Svg<'a> {
    out: &'a mut dyn Write,
    notes: &'a mut dyn Write,
    kept: Option<Kept>,
}

impl<'a> Svg<'a> {
    pub fn new(out: &'a mut dyn Write, notes: &'a mut dyn Write) -> Self {
        Svg { out, notes, kept: None }
    }

    fn write(&mut self, sheet: Sheet) -> io::Result<()> {
        self.out.write_all(sheet.into_file().as_bytes())?;
        self.out.flush()
    }
}

impl Sink for Svg<'_> {
    fn head(&mut self, head: &Head) -> io::Result<()> {
        self.kept = Some(Kept::new(head));
        Ok(())
    }

    fn row(&mut self, row: Row) -> io::Result<()> {
        if let Some(kept) = &mut self.kept {
            kept.row(row);
        }
        Ok(())
    }

    fn closing(&mut self, closing: &Closing) -> io::Result<()> {
        let kept = self.kept.take().unwrap_or_else(|| Kept::new(&Head::default()));
        let mut sheet = Sheet::new();
        answer(&mut sheet, &kept, closing, self.notes);
        self.write(sheet)
    }

    fn verdict(&mut self, claim: &Verdict) -> io::Result<()> {
        let mut sheet = Sheet::new();
        verdict(&mut sheet, claim);
        self.write(sheet)
    }
}

/// Writes one SVG picture of several answers, one under another; that one has no chart is said in `notes` too.
///
/// # Errors
/// When the output cannot be written.
pub fn document(answers: &[Answer], out: &mut dyn Write, notes: &mut dyn Write) -> io::Result<()> {
    let mut sheet = Sheet::new();
    for one in answers {
        match (&one.verdict, &one.head) {
            (Some(claim), _) => verdict(&mut sheet, claim),
            (None, head) => {
                let mut kept = Kept::new(head.as_ref().unwrap_or(&Head::default()));
                one.rows.iter().cloned().for_each(|row| kept.row(row));
                answer(&mut sheet, &kept, &one.closing, notes);
            }
        }
    }
    out.write_all(sheet.into_file().as_bytes())?;
    out.flush()
}

fn answer(sheet: &mut Sheet, kept: &Kept, closing: &Closing, notes: &mut dyn Write) {
    let mut lines = closing_lines(closing);
    if kept.head.chart.is_none() {
        lines.push(WITHOUT.to_string());
        // Who does not look at the picture yet is told here; that it cannot be said does not make the picture wrong.
        let _ = write_lines(notes, &[WITHOUT.to_string()]);
    }
    sheet.answer(picture(&kept.head, &kept.rows, kept.more, "—").as_ref(), &lines);
}

fn verdict(sheet: &mut Sheet, verdict: &Verdict) {
    let label = verdict.label.clone().unwrap_or_else(|| crate::syntax::one_line(&verdict.query));
    let findings = verdict.findings.iter().map(|finding| format!("{} = {}", finding.text, finding.value));
    let lines: Vec<String> =
        findings.chain(verdict.notes.iter().cloned()).chain(source_lines(&verdict.sources)).collect();
    sheet.verdict(verdict.outcome.text(), &label, &lines);
}
