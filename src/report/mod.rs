//! A story with queries in it, made into one page: `bilat report`.
//!
//! The story is Markdown. All its queries are compiled first, as one text; then they are run, and their answers, verdicts
//! and values take their places in the page, which is complete in itself and the same to the byte whenever it is made.

mod front;
mod image;
mod page;
mod queries;
mod story;

use crate::answer::{Answer, Outcome};
use crate::diagnostic::{Diagnostic, running, story as messages};
use crate::session::{Prepared, RunError, Session, Value};
use crate::span::Span;
use std::path::Path;
use story::{Piece, Story};

/// A story whose queries can be run.
#[derive(Debug)]
pub struct Draft<'a> {
    story: Story<'a>,
    statements: Vec<Vec<Prepared>>,
}

/// A page, and how the claims in it came out.
#[derive(Debug)]
pub struct Report {
    pub html: String,
    pub outcomes: Vec<Outcome>,
}

/// What came of a block, or of a value.
#[derive(Debug)]
enum Done {
    Block(Vec<Answer>),
    Value(Value),
}

/// Reads a story and compiles its queries; its images are read from the folder.
///
/// # Errors
/// Every mistake in it, each at its place in the story.
pub fn read<'a>(text: &'a str, folder: &'a Path, session: &Session) -> Result<Draft<'a>, Vec<Diagnostic>> {
    let mut story = story::read(text, folder);
    let mut mistakes = std::mem::take(&mut story.mistakes);
    let statements = match story.queries.compile(session) {
        Ok(statements) => statements,
        Err(more) => {
            mistakes.extend(more);
            Vec::new()
        }
    };
    if mistakes.is_empty() {
        mistakes.extend(story.values().filter_map(|(number, span)| match statements.get(number).map(Vec::as_slice) {
            Some([one]) if one.has_value() => None,
            _ => Some(messages::no_value(span)),
        }));
    }
    mistakes.sort_by_key(|mistake| mistake.span);
    if mistakes.is_empty() { Ok(Draft { story, statements }) } else { Err(mistakes) }
}

impl Story<'_> {
    fn values(&self) -> impl Iterator<Item = (usize, Span)> {
        self.pieces.iter().filter_map(|piece| match piece {
            Piece::Value(number, span, _) => Some((*number, *span)),
            _ => None,
        })
    }
}

impl Draft<'_> {
    /// The queries of the story.
    pub fn queries(&self) -> &str {
        self.story.queries.text()
    }

    /// Runs the queries and makes the page.
    ///
    /// # Errors
    /// What ended a query, at its place in the story.
    pub fn make(&self, session: &Session) -> Result<Report, Diagnostic> {
        let mut done = Vec::new();
        for (number, statements) in self.statements.iter().enumerate() {
            let value = self.story.values().find(|(known, _)| *known == number);
            done.push(match (value, statements.as_slice()) {
                (Some((_, span)), [one]) => Done::Value(value_of(session, one, span)?),
                _ => Done::Block(self.answers(session, statements)?),
            });
        }
        let verdicts = done.iter().flat_map(|done| match done {
            Done::Block(answers) => answers.iter().filter_map(|answer| answer.verdict.as_ref()).collect(),
            Done::Value(_) => Vec::new(),
        });
        let outcomes = verdicts.map(|verdict| verdict.outcome).collect();
        let html = page::page(session, &self.story, &done)?;
        Ok(Report { html, outcomes })
    }

    fn answers(&self, session: &Session, statements: &[Prepared]) -> Result<Vec<Answer>, Diagnostic> {
        let mut answers = Vec::new();
        for statement in statements.iter().filter(|statement| !statement.is_setting()) {
            // Who reads a report wants to know where it is from.
            let mut statement = statement.clone();
            statement.cite();
            let mut answer = Answer::default();
            let ran = session.run(&statement, &mut answer);
            ran.map_err(|error| placed(error, self.story.queries.in_story(statement.span)))?;
            answers.push(answer);
        }
        Ok(answers)
    }
}

fn value_of(session: &Session, statement: &Prepared, span: Span) -> Result<Value, Diagnostic> {
    let value = session.value(statement).map_err(|error| placed(error, span))?;
    match value {
        Some(Value { several: Some(several), .. }) => Err(messages::several_values(span, several)),
        Some(value) => Ok(value),
        None => Err(messages::no_value(span)),
    }
}

/// What ended a query, at its place in the story.
fn placed(error: RunError, span: Span) -> Diagnostic {
    let diagnostic = match error {
        RunError::Failed(diagnostic) => diagnostic,
        // Answers go to memory.
        RunError::Output(error) => running::bug(&error.to_string()),
    };
    if diagnostic.span.is_none() { diagnostic.at(span) } else { diagnostic }
}
