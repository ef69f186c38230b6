//! Statements answered at the prompt: compiled whole, shown on the terminal, through the pager or into a file.

use super::output::Output;
use super::pager::{Screen, Shown, chosen};
use super::{State, Target};
use crate::diagnostic::{Diagnostic, running};
use crate::present::safe::safe;
use crate::present::{Format, Style};
use crate::session::{Prepared, Ran, RunError, Session};
use crate::span::Source;
use crate::store::Stopper;
use std::fs::OpenOptions;
use std::io::{self, BufWriter, IsTerminal, Write};
use std::rc::Rc;
use std::sync::Arc;
use std::time::{Duration, Instant};

impl State {
    /// Compiles and runs all statements of a text; the first that fails ends it.
    pub(super) fn statements(&mut self, source: &Source) {
        self.each(source, false);
    }

    /// The same for the text of a file: what fails while running is said with its place too.
    pub(super) fn file_of_statements(&mut self, source: &Source) {
        self.each(source, true);
    }

    fn each(&mut self, source: &Source, placed: bool) {
        self.output = self.output.resized();
        let session = Rc::clone(&self.session);
        let session = session.borrow();
        // Reading takes time too, and can be stopped.
        session.database().limit_time(session.settings.timeout);
        let begun = Instant::now();
        let mut prepared = match session.compile(&source.text) {
            Ok(prepared) => prepared,
            Err(diagnostics) => return self.output.complain(&diagnostics, Some(source)),
        };
        let read = begun.elapsed();
        for statement in &mut prepared {
            let span = statement.span;
            if self.settings.cite {
                statement.cite();
            }
            if let Some(sql) = session.sql(statement).filter(|_| self.settings.sql) {
                sql.lines().for_each(|line| self.output.say(line));
            }
            if let Err(diagnostic) = self.one(&session, statement, read) {
                let diagnostic = if placed { diagnostic.at(span) } else { diagnostic };
                return self.output.complain(&[diagnostic], Some(source).filter(|_| placed));
            }
        }
    }

    /// Runs one statement and shows what comes of it.
    fn one(&mut self, session: &Session, statement: &Prepared, read: Duration) -> Result<(), Diagnostic> {
        let begun = Instant::now();
        let ran = self.answer(session, statement);
        // What is looked up while someone types must not be stopped by what ended this.
        session.database().limit_time(None);
        if self.settings.timer {
            let millis = |took: Duration| took.as_secs_f64() * 1000.0;
            let (read, answered) = (millis(read), millis(begun.elapsed()));
            self.output.say(&format!("understood in {read:.1} ms, answered in {answered:.1} ms"));
        }
        let ran = ran?;
        session.keep(statement);
        match ran {
            Ran::Set(text) => self.output.say(&text),
            Ran::Answered | Ran::Verdict(_) => self.last = Some(statement.clone()),
        }
        Ok(())
    }

    /// To the file of `.output`, or to whoever looks on.
    fn answer(&mut self, session: &Session, statement: &Prepared) -> Result<Ran, Diagnostic> {
        let Some(Target { path, answers }) = &mut self.file else {
            return self.shown(session, statement, self.output);
        };
        let plain = Output { style: Style::default(), ..self.output }.after(*answers);
        let answer = !statement.is_setting();
        if answer && plain.holds_one() && *answers > 0 {
            return Err(running::has_its_answer(&path.display().to_string(), plain.format.name()));
        }
        let written = OpenOptions::new().append(true).create(true).open(path).map_err(RunError::from);
        let ran = written.and_then(|mut file| {
            if answer && *answers > 0 {
                plain.separate(&mut file)?;
            } else if answer {
                // What an answer left that did not come to its end.
                file.set_len(0)?;
            }
            plain.answer(session, statement, &mut file)
        });
        *answers += usize::from(answer && ran.is_ok());
        ran.map_err(failure)
    }

    /// To the terminal; what is longer than it goes to the pager.
    pub(super) fn shown(&mut self, session: &Session, statement: &Prepared, output: Output) -> Result<Ran, Diagnostic> {
        let stopper = session.stopper();
        if !io::stdout().is_terminal() {
            return output.answer(session, statement, &mut io::stdout().lock()).map_err(failure);
        }
        let Some(mut screen) = self.screen(stopper.clone()) else {
            let stdout = BufWriter::new(io::stdout().lock());
            let mut out = Stoppable { inner: stdout, stopper: &stopper };
            let ran = output.answer_timed(session, statement, &mut out, &mut io::stderr().lock(), Rc::default());
            return ran.map_err(|error| stopped(&stopper).unwrap_or_else(|| failure(error)));
        };
        let mut notes = Vec::new();
        let waited = screen.waited();
        let mut out = Stoppable { inner: &mut screen, stopper: &stopper };
        let ran = output.answer_timed(session, statement, &mut out, &mut notes, waited);
        let stop = stopped(&stopper);
        // Whoever leaves the pager has seen enough.
        let left = screen.is_paged() && (stop.is_some() || matches!(ran, Err(RunError::Output(_))));
        let shown = screen.finish().map_err(|error| failure(RunError::Output(error)))?;
        // What is said beside an answer comes when the screen is ours again.
        let _ = io::stderr().lock().write_all(&notes);
        match (shown, ran) {
            (Shown::Nowhere, _) => {
                self.settings.pager = Some("off".to_string());
                self.output
                    .say("the pager did not start and is off now; .last shows the answer, .settings what is set");
                Ok(Ran::Answered)
            }
            (_, Ok(ran)) => Ok(ran),
            (_, Err(_)) if left => Ok(Ran::Answered),
            (_, Err(error)) => Err(stop.unwrap_or_else(|| failure(error))),
        }
    }

    /// Writes lines of talk, made safe; those that are more than the screen go to the pager.
    pub(super) fn tell(&mut self, lines: &[String]) {
        let text: String = lines.iter().map(|line| safe(line).into_owned() + "\n").collect();
        let session = Rc::clone(&self.session);
        let told = match self.screen(session.borrow().stopper()) {
            Some(mut screen) => {
                // A pager that is left early has shown enough.
                let _ = screen.write_all(text.as_bytes());
                screen.finish().map(|_| ())
            }
            None => io::stderr().lock().write_all(text.as_bytes()),
        };
        // There is nowhere left to say that the terminal cannot be written.
        let _ = told;
        self.unstopped();
    }

    /// The terminal with a pager behind it, where there is one.
    fn screen(&self, stopper: Stopper) -> Option<Screen> {
        let (width, height) = terminal_size::terminal_size().filter(|_| io::stdout().is_terminal())?;
        let line = chosen(self.settings.pager.as_deref()).filter(|_| !self.output.style.ascii)?;
        Some(Screen::new(
            line,
            (usize::from(width.0), usize::from(height.0)),
            stopper,
            Arc::clone(&self.interrupts.paging),
        ))
    }

    /// Answers an example on the terminal, as a table; what it says with LET or AS OF is not kept.
    pub(super) fn example(&self, session: &Session, text: &str) {
        let terminal = Output { format: Format::Table, ..self.output };
        let statements = match session.compile(text) {
            Ok(statements) => statements,
            Err(diagnostics) => return self.output.complain(&diagnostics, Some(&Source::new("example", text))),
        };
        for statement in &statements {
            if let Err(error) = terminal.answer(session, statement, &mut io::stdout().lock()) {
                return self.output.complain(&[failure(error)], None);
            }
        }
    }
}

fn failure(error: RunError) -> Diagnostic {
    match error {
        RunError::Failed(diagnostic) => diagnostic,
        RunError::Output(error) => running::cannot_write("the output", &crate::store::reason(&error)),
    }
}

fn stopped(stopper: &Stopper) -> Option<Diagnostic> {
    stopper.is_stopped().then(running::interrupted)
}

/// Ctrl-C ends the writing as well as the reckoning.
struct Stoppable<'a, W> {
    inner: W,
    stopper: &'a Stopper,
}

impl<W: Write> Write for Stoppable<'_, W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if self.stopper.is_stopped() { Err(io::Error::other("stopped")) } else { self.inner.write(bytes) }
    }

    fn flush(&mut self) -> io::Result<()> {
        self.inner.flush()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::Database;

    #[test]
    fn nothing_is_written_after_a_stop() {
        let stopper = Database::bundled().unwrap().stopper();
        let mut out = Stoppable { inner: Vec::new(), stopper: &stopper };
        out.write_all(b"before").unwrap();
        stopper.stop();
        assert!(out.write_all(b"after").is_err());
        assert_eq!(out.inner, b"before");
    }
}
