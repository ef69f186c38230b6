//! `bilat report`: a story with queries in it, made into a page.

use super::args::Arguments;
use super::queries::{Tally, failed, unused};
use crate::report::{self, Report};
use crate::session::{RunError, Session};
use crate::shell::output::Output;
use crate::shell::script::read;
use crate::shell::status::Status;
use std::io::{self, Write};
use std::path::Path;

/// Makes the page of a story: to a file, whole or not at all, or to standard output.
pub fn make(session: &Session, story: &Path, arguments: &Arguments, output: Output) -> Status {
    let source = match read(story) {
        Ok(source) => source,
        Err(diagnostic) => return failed(RunError::Failed(diagnostic), output),
    };
    let folder = story.parent().unwrap_or(Path::new("."));
    let draft = match report::read(&source.text, folder, session) {
        Ok(draft) => draft,
        Err(mistakes) => {
            output.complain(&mistakes, Some(&source));
            return mistakes.iter().map(Status::of).fold(Status::Fine, Status::and);
        }
    };
    let status = unused(&[draft.queries()], arguments, output).into_iter().fold(Status::Fine, Status::and);
    if status != Status::Fine {
        return status;
    }
    let report = match draft.make(session) {
        Ok(report) => report,
        Err(diagnostic) => {
            output.complain(std::slice::from_ref(&diagnostic), Some(&source));
            return Status::of(&diagnostic);
        }
    };
    match written(&report, arguments.output.as_deref()) {
        // A verdict is an answer, whichever it is.
        Ok(()) => {
            let mut tally = Tally::default();
            report.outcomes.iter().for_each(|outcome| tally.claim(*outcome));
            if !report.outcomes.is_empty() {
                output.say(&tally.text());
            }
            report.outcomes.iter().map(|outcome| Status::of_outcome(*outcome)).fold(Status::Fine, Status::and)
        }
        Err(error) => failed(error, output),
    }
}

fn written(report: &Report, path: Option<&Path>) -> Result<(), RunError> {
    match path {
        Some(path) => crate::dataset::put(path, report.html.as_bytes(), true)?,
        None => {
            let mut out = io::stdout().lock();
            out.write_all(report.html.as_bytes()).and_then(|()| out.flush())?;
        }
    }
    Ok(())
}
