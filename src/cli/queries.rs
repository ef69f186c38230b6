//! Queries without a terminal: from `-c`, from files, from standard input. Everything is compiled before anything runs.

use super::args::Arguments;
use crate::answer::{Answer, Outcome};
use crate::diagnostic::running;
use crate::present::Format;
use crate::present::html;
use crate::present::junit::{self, Suite};
use crate::session::{Prepared, Ran, RunError, Session};
use crate::shell::output::Output;
use crate::shell::script::read;
use crate::shell::status::Status;
use crate::span::Source;
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

/// The queries given by `-c`.
pub fn texts(session: &Session, queries: &[String], arguments: &Arguments, output: Output) -> Status {
    let sources = queries.iter().map(|text| Source::new("-c", text)).collect();
    run(session, sources, arguments, output)
}

/// Everything that comes in by standard input.
pub fn standard_input(session: &Session, arguments: &Arguments, output: Output) -> Status {
    files(session, &[PathBuf::from("-")], arguments, output)
}

/// Files of queries; all must compile before the first runs.
pub fn files(session: &Session, paths: &[PathBuf], arguments: &Arguments, output: Output) -> Status {
    let mut sources = Vec::new();
    let mut status = Status::Fine;
    for path in paths {
        match read(path) {
            Ok(source) => sources.push(source),
            Err(diagnostic) => {
                output.complain(std::slice::from_ref(&diagnostic), None);
                status = status.and(Status::of(&diagnostic));
            }
        }
    }
    if status == Status::Fine { run(session, sources, arguments, output) } else { status }
}

fn run(session: &Session, sources: Vec<Source>, arguments: &Arguments, output: Output) -> Status {
    let mut statements = Vec::new();
    let mut status = Status::Fine;
    for source in &sources {
        match session.compile(&source.text) {
            Ok(prepared) => statements.push((source.name.clone(), prepared)),
            Err(diagnostics) => {
                output.complain(&diagnostics, Some(source));
                status = diagnostics.iter().map(Status::of).fold(status, Status::and);
            }
        }
    }
    status = unused(&sources, arguments, output).into_iter().fold(status, Status::and);
    if status != Status::Fine {
        return status;
    }
    stop_on_signal(session);
    match &arguments.output {
        None => {
            let mut out = BufWriter::new(io::stdout().lock());
            each(session, &statements, arguments.keep_going, output, &mut out)
        }
        Some(path) => to_file(session, &statements, arguments.keep_going, output, path),
    }
}

/// A parameter that is given and used nowhere is most likely misspelt.
fn unused(sources: &[Source], arguments: &Arguments, output: Output) -> Vec<Status> {
    let used: Vec<&str> = sources.iter().flat_map(|source| parameters(&source.text)).collect();
    let given = arguments.parameters.iter().filter(|(name, _)| !used.contains(&name.as_str()));
    let complain = |(name, _): &(String, String)| {
        let diagnostic = running::unused_parameter(name, &used);
        output.complain(std::slice::from_ref(&diagnostic), None);
        Status::of(&diagnostic)
    };
    given.map(complain).collect()
}

/// The names behind every `$` of a text.
fn parameters(text: &str) -> impl Iterator<Item = &str> {
    let tokens = crate::syntax::tokens(text).into_iter();
    let parameters = tokens.filter(|token| token.kind == crate::syntax::token::TokenKind::Parameter);
    parameters.map(|token| token.span.text(text).trim_start_matches('$'))
}

/// Ctrl-C stops the query that runs; a second one ends the process.
fn stop_on_signal(session: &Session) {
    let stopper = session.stopper();
    let pressed = std::sync::atomic::AtomicBool::new(false);
    // Without a handler Ctrl-C ends the process at once, which is no worse.
    let _ = ctrlc::set_handler(move || {
        if pressed.swap(true, std::sync::atomic::Ordering::Relaxed) {
            std::process::exit(Status::Interrupted.code());
        }
        stopper.stop();
    });
}

/// Statements by the texts that they stand in.
type Texts = [(String, Vec<Prepared>)];

fn each(session: &Session, texts: &Texts, keep_going: bool, output: Output, out: &mut dyn Write) -> Status {
    let mut status = Status::Fine;
    let mut tally = Tally::default();
    let (mut suites, mut answers) = (Vec::new(), Vec::new());
    'texts: for (name, statements) in texts {
        let mut suite = Suite { name: name.clone(), ..Suite::default() };
        for statement in statements.iter().filter(|statement| !statement.is_setting()) {
            let separated = if tally.answers > 0 { output.separate(out) } else { Ok(()) };
            tally.answers += 1;
            let result = separated.map_err(RunError::from).and_then(|()| {
                match output.format {
                    Format::Junit => kept(session, statement, &mut suite),
                    Format::Html => gathered(session, statement, &mut answers),
                    _ => output.answer(session, statement, out),
                }
            });
            let failed = match result {
                Ok(ran) => {
                    tally.count(&ran);
                    status = status.and(Status::after(&ran));
                    continue;
                }
                Err(error) => {
                    if let RunError::Failed(diagnostic) = &error {
                        suite.errors.push((statement.text.clone(), diagnostic.message.clone()));
                    }
                    failed(error, output)
                }
            };
            status = status.and(failed);
            if !keep_going || matches!(failed, Status::Interrupted | Status::PipeClosed) {
                suites.push(suite);
                break 'texts;
            }
        }
        suites.push(suite);
    }
    let ended = match output.format {
        Format::Junit => junit::document(&suites, out).and_then(|()| out.flush()),
        Format::Html => {
            let title = session.database().setting("title").ok().flatten();
            let title = title.unwrap_or_else(|| session.database().name.clone());
            html::document(&title, &answers, out).and_then(|()| out.flush())
        }
        _ => tally.say(output, out),
    };
    match ended {
        Ok(()) => status,
        Err(error) => status.and(failed(RunError::Output(error), output)),
    }
}

/// Runs a statement and keeps its answer for a page of all.
fn gathered(session: &Session, statement: &Prepared, answers: &mut Vec<Answer>) -> Result<Ran, RunError> {
    let mut answer = Answer::default();
    let ran = session.run(statement, &mut answer)?;
    answers.push(answer);
    Ok(ran)
}

/// Runs a statement for its verdict alone.
fn kept(session: &Session, statement: &Prepared, suite: &mut Suite) -> Result<Ran, RunError> {
    let mut answer = Answer::default();
    let ran = session.run(statement, &mut answer)?;
    suite.verdicts.extend(answer.verdict);
    Ok(ran)
}

/// How many claims came out how.
#[derive(Default)]
struct Tally {
    answers: usize,
    holds: usize,
    fails: usize,
    undecided: usize,
}

impl Tally {
    const fn count(&mut self, ran: &Ran) {
        match ran {
            Ran::Verdict(Outcome::Holds) => self.holds += 1,
            Ran::Verdict(Outcome::Fails) => self.fails += 1,
            Ran::Verdict(Outcome::Undecided) => self.undecided += 1,
            Ran::Answered | Ran::Set(_) => {}
        }
    }

    /// The summary of a run with claims: part of what is read, beside what machines read.
    fn say(&self, output: Output, out: &mut dyn Write) -> io::Result<()> {
        let claims = self.holds + self.fails + self.undecided;
        if claims == 0 {
            return Ok(());
        }
        let (noun, hold) =
            (if claims == 1 { "claim" } else { "claims" }, if self.holds == 1 { "holds" } else { "hold" });
        let fail = if self.fails == 1 { "fails" } else { "fail" };
        let text =
            format!("{claims} {noun}: {} {hold}, {} {fail}, {} undecided", self.holds, self.fails, self.undecided);
        match output.format {
            Format::Table | Format::Markdown => {
                writeln!(out, "\n{text}")?;
                out.flush()
            }
            Format::Json => {
                let (holds, fails, undecided) = (self.holds, self.fails, self.undecided);
                let summary =
                    serde_json::json!({ "claims": claims, "holds": holds, "fails": fails, "undecided": undecided });
                writeln!(out, "{}", serde_json::json!({ "summary": summary }))?;
                out.flush()
            }
            Format::Csv | Format::Html | Format::Junit => {
                output.say(&text);
                Ok(())
            }
        }
    }
}

/// Says what went wrong, unless nobody listens.
fn failed(error: RunError, output: Output) -> Status {
    let diagnostic = match error {
        RunError::Failed(diagnostic) => diagnostic,
        RunError::Output(error) if error.kind() == io::ErrorKind::BrokenPipe => return Status::PipeClosed,
        RunError::Output(error) => running::cannot_write("the output", &error.to_string()),
    };
    output.complain(std::slice::from_ref(&diagnostic), None);
    Status::of(&diagnostic)
}

/// Answers go to a file beside the target, which takes its place when all is well.
fn to_file(session: &Session, texts: &Texts, keep_going: bool, output: Output, path: &Path) -> Status {
    let mut text = Vec::new();
    let status = each(session, texts, keep_going, output, &mut text);
    // A verdict is an answer, whichever it is; who goes on wants the answers that there are.
    let all_or_nothing = matches!(status, Status::Interrupted | Status::PipeClosed) || !keep_going;
    if !matches!(status, Status::Fine | Status::Fails | Status::Undecided) && all_or_nothing {
        output.say(&format!("{} was not written", path.display()));
        return status;
    }
    match crate::dataset::put(path, &text, true) {
        Ok(()) => status,
        Err(diagnostic) => {
            output.complain(std::slice::from_ref(&diagnostic), None);
            Status::of(&diagnostic)
        }
    }
}
