//! Queries without a terminal: from `-c`, from files, from standard input. Everything is compiled before anything runs.

use super::args::Arguments;
use crate::diagnostic::running;
use crate::session::{Prepared, RunError, Session};
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
            Ok(prepared) => statements.extend(prepared),
            Err(diagnostics) => {
                output.complain(&diagnostics, Some(source));
                status = diagnostics.iter().map(Status::of).fold(status, Status::and);
            }
        }
    }
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

fn each(session: &Session, statements: &[Prepared], keep_going: bool, output: Output, out: &mut dyn Write) -> Status {
    let mut status = Status::Fine;
    for (position, statement) in statements.iter().enumerate() {
        let separated = if position > 0 { output.separate(out) } else { Ok(()) };
        let result = separated.map_err(RunError::from).and_then(|()| output.answer(session, statement, out));
        let failed = match result {
            Ok(()) => continue,
            Err(error) => failed(error, output),
        };
        status = status.and(failed);
        if !keep_going || matches!(failed, Status::Interrupted | Status::PipeClosed) {
            break;
        }
    }
    status
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
fn to_file(session: &Session, statements: &[Prepared], keep_going: bool, output: Output, path: &Path) -> Status {
    let mut text = Vec::new();
    let status = each(session, statements, keep_going, output, &mut text);
    if status != Status::Fine {
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
