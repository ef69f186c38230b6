//! Where answers and messages go: the format, the width and the colours of both streams.

use super::footer::Footed;
use super::layout::wrapped;
use crate::answer::Counting;
use crate::diagnostic::Diagnostic;
use crate::present::{self, Format, Several, Style};
use crate::session::{Prepared, Ran, RunError, Session};
use crate::span::Source;
use std::cell::Cell;
use std::io::{self, IsTerminal, Write};
use std::rc::Rc;
use std::time::{Duration, Instant};

/// When colours are used.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, clap::ValueEnum)]
pub enum Color {
    /// On a terminal, unless NO_COLOR is set or TERM is dumb.
    #[default]
    Auto,
    Always,
    Never,
}

/// How errors are written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, clap::ValueEnum)]
pub enum ErrorFormat {
    #[default]
    Text,
    /// One JSON object a line.
    Json,
}

/// How answers and messages are written.
#[derive(Clone, Copy, Debug)]
pub struct Output {
    pub format: Format,
    pub errors: ErrorFormat,
    /// Of the answers.
    pub style: Style,
    /// Of the messages, on standard error.
    pub talk: Style,
}

impl Output {
    /// For this process's standard output and error.
    pub fn standard(format: Format, errors: ErrorFormat, color: Color) -> Output {
        let style = style(io::stdout().is_terminal(), color, anstream::AutoStream::choice(&io::stdout()));
        let talk = style_of_errors(color);
        Output { format, errors, style, talk }
    }

    /// The same, should the terminal have another size by now.
    pub fn resized(&self) -> Output {
        let now = |known| terminal_size::terminal_size().map_or(known, |(width, _)| usize::from(width.0));
        let (style, talk) = (self.style, self.talk);
        Output {
            style: Style { width: style.width.map(now), ..style },
            talk: Style { width: talk.width.map(now), ..talk },
            ..*self
        }
    }

    /// For a file: nothing is cut, wrapped or coloured.
    pub fn file(format: Format, errors: ErrorFormat, color: Color) -> Output {
        Output { format, errors, style: Style::default(), talk: style_of_errors(color) }
    }

    /// Runs a statement and writes its answer.
    ///
    /// # Errors
    /// What the statement or the output ended with.
    pub fn answer(&self, session: &Session, statement: &Prepared, out: &mut dyn Write) -> Result<Ran, RunError> {
        self.answer_counted(session, statement, out).0
    }

    /// The same where someone looks on: the line under a table says how long it took, without what it `waited`.
    ///
    /// # Errors
    /// What the statement or the output ended with.
    pub fn answer_timed(
        &self,
        session: &Session,
        statement: &Prepared,
        out: &mut dyn Write,
        notes: &mut dyn Write,
        waited: Rc<Cell<Duration>>,
    ) -> Result<Ran, RunError> {
        self.write(session, statement, (out, notes), Some(waited)).0
    }

    /// Without anyone looking on, with how many rows were written, also where it ended early.
    pub fn answer_counted(
        &self,
        session: &Session,
        statement: &Prepared,
        out: &mut dyn Write,
    ) -> (Result<Ran, RunError>, u64) {
        self.write(session, statement, (out, &mut io::stderr().lock()), None)
    }

    /// With `waited` the line under a table gets the time.
    fn write(
        &self,
        session: &Session,
        statement: &Prepared,
        (out, notes): (&mut dyn Write, &mut dyn Write),
        waited: Option<Rc<Cell<Duration>>>,
    ) -> (Result<Ran, RunError>, u64) {
        let begun = (self.format == Format::Table && waited.is_some()).then(Instant::now);
        let inner = present::renderer(self.format, out, notes, self.style);
        let mut sink = Footed { inner, begun, waited: waited.unwrap_or_default(), ascii: self.style.ascii };
        let mut counting = Counting { inner: &mut sink, rows: 0 };
        let ran = session.run(statement, &mut counting);
        let rows = counting.rows;
        drop(sink);
        (ran.and_then(|ran| out.flush().map(|()| ran).map_err(RunError::from)), rows)
    }

    /// The same, for an answer that so many went before.
    #[must_use]
    pub fn after(self, answers: usize) -> Output {
        Output { style: Style { continued: answers > 0, ..self.style }, ..self }
    }

    /// Whether a file of this format is one answer: a table that programs read, or a document.
    pub fn holds_one(&self) -> bool {
        matches!(self.format.several(), Several::One | Several::Document)
    }

    /// What stands between two answers: an empty line for readers, nothing where a machine reads.
    ///
    /// # Errors
    /// When the output cannot be written.
    pub fn separate(&self, out: &mut dyn Write) -> io::Result<()> {
        if self.format.several() == Several::Apart { writeln!(out) } else { Ok(()) }
    }

    /// Writes messages to standard error.
    pub fn complain(&self, diagnostics: &[Diagnostic], source: Option<&Source>) {
        let text = match self.errors {
            ErrorFormat::Text => present::diagnostic::render(diagnostics, source, self.talk),
            ErrorFormat::Json => present::diagnostic::render_json(diagnostics, source),
        };
        // There is nowhere left to say that standard error cannot be written.
        let _ = io::stderr().lock().write_all(text.as_bytes());
    }

    /// Writes a line of talk to standard error, made safe; on a terminal it is broken at blanks.
    pub fn say(&self, text: &str) {
        let mut stderr = io::stderr().lock();
        for line in wrapped(&present::safe::safe(text), self.talk.width, 0) {
            let _ = writeln!(stderr, "{line}");
        }
    }
}

fn style_of_errors(color: Color) -> Style {
    style(io::stderr().is_terminal(), color, anstream::AutoStream::choice(&io::stderr()))
}

fn style(terminal: bool, color: Color, choice: anstream::ColorChoice) -> Style {
    let color = match color {
        Color::Always => true,
        Color::Never => false,
        Color::Auto => match choice {
            anstream::ColorChoice::Never => false,
            anstream::ColorChoice::Auto => terminal,
            anstream::ColorChoice::Always | anstream::ColorChoice::AlwaysAnsi => true,
        },
    };
    let width = terminal.then(|| terminal_size::terminal_size().map_or(80, |(width, _)| usize::from(width.0)));
    let ascii = std::env::var_os("TERM").is_some_and(|term| term == "dumb");
    Style { width, color, ascii, ..Style::default() }
}
