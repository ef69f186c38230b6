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
pub use date::{edtf, value};
pub use page::{Page, page};
pub use sources::{Sources, marks};
pub use verdict::{badge, claim, section};

use super::Document;
use crate::answer::{Answer, Closing, Head, Row, Sink, Verdict};
use std::io::{self, Write};

/// Answers as one page under a title, each with the query that it answers.
pub struct Pages {
    title: String,
    sources: Sources,
    body: String,
    /// That which is coming.
    answer: Answer,
    answers: usize,
}

impl Pages {
    pub fn new(title: &str) -> Pages {
        let (title, sources) = (title.to_string(), Sources::default());
        Pages { title, sources, body: String::new(), answer: Answer::default(), answers: 0 }
    }

    fn take(&mut self) {
        let answer = std::mem::take(&mut self.answer);
        self.answers += 1;
        let query = answer.verdict.as_ref().map(|verdict| &verdict.query);
        let query = query.or(answer.head.as_ref().map(|head| &head.query)).filter(|query| !query.is_empty());
        self.body.push_str(&query.map(|query| code(query)).unwrap_or_default());
        self.body.push_str(&one(&answer, self.answers, None, &mut self.sources));
    }
}

impl Sink for Pages {
    fn head(&mut self, head: &Head) -> io::Result<()> {
        self.answer.head(head)
    }

    fn row(&mut self, row: &Row) -> io::Result<()> {
        self.answer.row(row)
    }

    fn closing(&mut self, closing: &Closing) -> io::Result<()> {
        self.answer.closing(closing)?;
        self.take();
        Ok(())
    }

    fn verdict(&mut self, verdict: &Verdict) -> io::Result<()> {
        self.answer.verdict(verdict)?;
        self.take();
        Ok(())
    }
}

impl Document for Pages {
    fn fail(&mut self, statement: &str, message: &str) {
        self.answer = Answer::default();
        self.body.push_str(&code(statement));
        self.body.push_str(&format!("<p class=\"count\">{}</p>\n", escape::text(message)));
    }

    fn write(&mut self, out: &mut dyn Write, _: &mut dyn Write) -> io::Result<()> {
        let mut body = format!("<h1>{}</h1>\n{}", escape::text(&self.title), std::mem::take(&mut self.body));
        let list = std::mem::take(&mut self.sources).list();
        if !list.is_empty() {
            body.push_str(&format!("<h2>Sources</h2>\n{list}"));
        }
        out.write_all(page(Page { language: "en", title: &self.title, author: None, body: &body }).as_bytes())?;
        out.flush()
    }
}

/// An answer or a verdict.
pub fn one(answer: &Answer, number: usize, caption: Option<&str>, sources: &mut Sources) -> String {
    match &answer.verdict {
        Some(verdict) => section(verdict, number, sources),
        None => figure(answer, number, caption, sources),
    }
}

/// A query as it is written.
pub fn code(query: &str) -> String {
    format!("<pre tabindex=\"0\"><code>{}</code></pre>\n", escape::lines(query.trim_end()))
}
