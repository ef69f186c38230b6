//! HTML: an answer as a fragment, or answers as one page that stands alone.
//!
//! Everything that comes from data, queries or stories is text: markup in it is escaped, characters that command or
//! reorder are shown as escapes, and only addresses of the web become links. There are no scripts.

mod answer;
mod date;
pub mod escape;
mod page;
mod sources;
mod verdict;

pub use answer::{figure, notes};
pub use date::edtf;
pub use page::{Page, page};
pub use sources::{Sources, marks};
pub use verdict::{badge, claim, section};

use crate::answer::{Answer, Closing, Head, Row, Sink, Verdict};
use std::io::{self, Write};

/// Answers as fragments, each with its own sources under it.
pub struct Html<'a> {
    out: &'a mut dyn Write,
    answer: Answer,
    written: usize,
}

impl<'a> Html<'a> {
    pub fn new(out: &'a mut dyn Write) -> Self {
        Html { out, answer: Answer::default(), written: 0 }
    }

    fn write(&mut self) -> io::Result<()> {
        let answer = std::mem::take(&mut self.answer);
        self.written += 1;
        let mut sources = Sources::default();
        let made = one(&answer, self.written, None, &mut sources);
        self.out.write_all(made.as_bytes())?;
        self.out.write_all(sources.list().as_bytes())?;
        self.out.flush()
    }
}

impl Sink for Html<'_> {
    fn head(&mut self, head: &Head) -> io::Result<()> {
        self.answer.head(head)
    }

    fn row(&mut self, row: Row) -> io::Result<()> {
        self.answer.row(row)
    }

    fn closing(&mut self, closing: &Closing) -> io::Result<()> {
        self.answer.closing(closing)?;
        self.write()
    }

    fn verdict(&mut self, verdict: &Verdict) -> io::Result<()> {
        self.answer.verdict(verdict)?;
        self.write()
    }
}

/// An answer or a verdict.
pub fn one(answer: &Answer, number: usize, caption: Option<&str>, sources: &mut Sources) -> String {
    match &answer.verdict {
        Some(verdict) => section(verdict, number, sources),
        None => figure(answer, number, caption, sources),
    }
}

/// Answers as one page under a title, each with the query that it answers.
///
/// # Errors
/// When the output cannot be written.
pub fn document(title: &str, answers: &[Answer], out: &mut dyn Write) -> io::Result<()> {
    let mut sources = Sources::default();
    let mut body = format!("<h1>{}</h1>\n", escape::text(title));
    for (number, answer) in (1..).zip(answers) {
        let query = answer.verdict.as_ref().map(|verdict| &verdict.query);
        let query = query.or(answer.head.as_ref().map(|head| &head.query));
        body.push_str(&query.map(|query| code(query)).unwrap_or_default());
        body.push_str(&one(answer, number, None, &mut sources));
    }
    let list = sources.list();
    if !list.is_empty() {
        body.push_str(&format!("<h2>Sources</h2>\n{list}"));
    }
    out.write_all(page(Page { language: "en", title, author: None, body: &body }).as_bytes())
}

/// A query as it is written.
pub fn code(query: &str) -> String {
    format!("<pre tabindex=\"0\"><code>{}</code></pre>\n", escape::lines(query.trim_end()))
}
