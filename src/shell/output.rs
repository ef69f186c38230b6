//! Where answers and messages go: the format, the width and the colours of both streams.

use crate::answer::Sink;
use crate::diagnostic::Diagnostic;
use crate::present::{self, Format, Style};
use crate::session::{Prepared, Ran, RunError, Session};
use crate::span::Source;
use std::io::{self, IsTerminal, Write};

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

    /// For a file: nothing is cut, wrapped or coloured.
    pub fn file(format: Format, errors: ErrorFormat, color: Color) -> Output {
        let style = Style { width: None, color: false, ascii: false };
        Output { format, errors, style, talk: style_of_errors(color) }
    }

    /// Runs a statement and writes its answer.
    ///
    /// # Errors
    /// What the statement or the output ended with.
    pub fn answer(&self, session: &Session, statement: &Prepared, out: &mut dyn Write) -> Result<Ran, RunError> {
        let mut stderr = io::stderr().lock();
        let mut sink = present::renderer(self.format, out, &mut stderr, self.style);
        let ran = session.run(statement, sink.as_mut() as &mut dyn Sink)?;
        drop(sink);
        out.flush()?;
        Ok(ran)
    }

    /// What stands between two answers: an empty line between tables, nothing where a machine reads.
    ///
    /// # Errors
    /// When the output cannot be written.
    pub fn separate(&self, out: &mut dyn Write) -> io::Result<()> {
        if matches!(self.format, Format::Json | Format::Html | Format::Junit) { Ok(()) } else { writeln!(out) }
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

    /// Writes a line of talk to standard error, made safe.
    pub fn say(&self, text: &str) {
        let _ = writeln!(io::stderr().lock(), "{}", present::safe::safe(text));
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
    Style { width, color, ascii: std::env::var_os("TERM").is_some_and(|term| term == "dumb") }
}
