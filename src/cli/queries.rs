//! Queries without a terminal: from `-c`, from files, from standard input. Everything is compiled before anything runs.

use super::args::Arguments;
use super::stats::Stats;
use crate::answer::{Counting, Outcome};
use crate::dataset::Draft;
use crate::diagnostic::{Diagnostic, running};
use crate::present::{self, Format, Several};
use crate::session::{Prepared, Ran, RunError, Session};
use crate::shell::output::Output;
use crate::shell::script::read;
use crate::shell::status::Status;
use crate::span::Source;
use crate::store::reason;
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};
use std::time::Instant;

/// How many bytes of an answer are written at once.
const ROOM: usize = 1 << 16;

/// The queries given by `-c`.
pub fn texts(session: &Session, queries: &[String], arguments: &Arguments, output: Output) -> Status {
    let sources = queries.iter().map(|text| Source::new("-c", text)).collect();
    run(session, sources, arguments, output, |statement| vec![statement])
}

/// Everything that comes in by standard input.
pub fn standard_input(session: &Session, arguments: &Arguments, output: Output) -> Status {
    files(session, &[PathBuf::from("-")], arguments, output)
}

/// Files of queries; all must compile before the first runs.
pub fn files(session: &Session, paths: &[PathBuf], arguments: &Arguments, output: Output) -> Status {
    from_files(paths, output, |sources| run(session, sources, arguments, output, |statement| vec![statement]))
}

/// Texts that were read from elsewhere, as files of queries are run.
pub fn sources(session: &Session, sources: Vec<Source>, arguments: &Arguments, output: Output) -> Status {
    run(session, sources, arguments, output, |statement| vec![statement])
}

/// The same files, each query read back instead of answered.
pub fn explain(session: &Session, paths: &[PathBuf], arguments: &Arguments, output: Output) -> Status {
    from_files(paths, output, |sources| run(session, sources, arguments, output, |statement| statement.explained()))
}

fn from_files(paths: &[PathBuf], output: Output, then: impl FnOnce(Vec<Source>) -> Status) -> Status {
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
    if status == Status::Fine { then(sources) } else { status }
}

/// Runs what `asked` makes of each statement.
fn run(
    session: &Session,
    sources: Vec<Source>,
    arguments: &Arguments,
    output: Output,
    asked: impl Fn(Prepared) -> Vec<Prepared>,
) -> Status {
    let mut stats = Stats::begin(arguments.stats);
    let mut statements = Vec::new();
    let mut status = Status::Fine;
    for source in &sources {
        match session.compile(&source.text) {
            Ok(prepared) => statements.push((source.name.clone(), prepared.into_iter().flat_map(&asked).collect())),
            Err(diagnostics) => {
                output.complain(&diagnostics, Some(source));
                status = diagnostics.iter().map(Status::of).fold(status, Status::and);
            }
        }
    }
    let texts: Vec<&str> = sources.iter().map(|source| source.text.as_str()).collect();
    status = unused(&texts, arguments, output).into_iter().fold(status, Status::and);
    status = status.and(too_many(&statements, output));
    if status != Status::Fine {
        return status;
    }
    stats.compiled();
    session.stopper().rest(false);
    let mut run = Run { session, texts: &statements, keep_going: arguments.keep_going, output, stats };
    let status = match &arguments.output {
        None => run.each(&mut BufWriter::with_capacity(ROOM, io::stdout().lock())),
        Some(path) => run.keep_in(path),
    };
    run.stats.end(status, output);
    status
}

/// Where programs read one table, a second one under it would be taken for more of the first.
fn too_many(texts: &Texts, output: Output) -> Status {
    let statements = || texts.iter().flat_map(|(_, statements)| statements).filter(|statement| !statement.is_setting());
    let answers = statements().count();
    if output.format.several() != Several::One || answers < 2 || statements().all(Prepared::is_claim) {
        return Status::Fine;
    }
    refused(&running::one_answer(output.format.name(), answers), output)
}

/// A parameter that is given and used nowhere is most likely misspelt.
pub(super) fn unused(texts: &[&str], arguments: &Arguments, output: Output) -> Vec<Status> {
    let used: Vec<&str> = texts.iter().flat_map(|text| parameters(text)).collect();
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

/// Statements by the texts that they stand in.
type Texts = [(String, Vec<Prepared>)];

/// All that is run, and how.
struct Run<'a> {
    session: &'a Session,
    texts: &'a Texts,
    keep_going: bool,
    output: Output,
    stats: Stats,
}

impl Run<'_> {
    fn each(&mut self, out: &mut dyn Write) -> Status {
        let output = self.output;
        let mut status = Status::Fine;
        let mut tally = Tally::default();
        let title = self.session.database().setting("title").ok().flatten();
        let title = title.unwrap_or_else(|| self.session.database().name.clone());
        let mut document = present::document(output.format, &title);
        'texts: for (name, statements) in self.texts {
            if let Some(document) = &mut document {
                document.begin(name);
            }
            for statement in statements.iter().filter(|statement| !statement.is_setting()) {
                let begun = Instant::now();
                let (result, rows) = match &mut document {
                    Some(document) => gathered(self.session, statement, document.as_mut()),
                    None => self.written(statement, tally.answers, out),
                };
                tally.answers += 1;
                self.stats.statement(name, &statement.text, begun, rows, &result, output);
                let failed = match result {
                    Ok(ran) => {
                        tally.count(&ran);
                        status = status.and(Status::after(&ran));
                        continue;
                    }
                    Err(error) => {
                        if let (RunError::Failed(diagnostic), Some(document)) = (&error, &mut document) {
                            document.fail(&statement.text, &diagnostic.message);
                        }
                        failed(error, output)
                    }
                };
                status = status.and(failed);
                if !self.keep_going || matches!(failed, Status::Interrupted | Status::PipeClosed) {
                    break 'texts;
                }
            }
        }
        let written = document.map_or(Ok(()), |mut document| document.write(out, &mut io::stderr()));
        match written.and_then(|()| tally.say(output, out)) {
            Ok(()) => status,
            Err(error) => status.and(failed(RunError::Output(error), output)),
        }
    }

    /// Writes an answer that so many went before.
    fn written(&self, statement: &Prepared, before: usize, out: &mut dyn Write) -> (Result<Ran, RunError>, u64) {
        let separated = if before > 0 { self.output.separate(out) } else { Ok(()) };
        match separated {
            Ok(()) => self.output.after(before).answer_counted(self.session, statement, out),
            Err(error) => (Err(error.into()), 0),
        }
    }

    /// Answers go to a file beside the target, which takes its place when all is well.
    fn keep_in(&mut self, path: &Path) -> Status {
        let output = self.output;
        let mut draft = match Draft::new(path) {
            Ok(draft) => draft,
            Err(diagnostic) => return refused(&diagnostic, output),
        };
        let mut out = BufWriter::with_capacity(ROOM, &mut draft);
        let status = self.each(&mut out);
        drop(out);
        // A verdict is an answer, whichever it is; who goes on wants the answers that there are.
        let all_or_nothing = matches!(status, Status::Interrupted | Status::PipeClosed) || !self.keep_going;
        if !matches!(status, Status::Fine | Status::Fails | Status::Undecided) && all_or_nothing {
            output.say(&format!("{} was not written", path.display()));
            return status;
        }
        match draft.finish() {
            Ok(()) => status,
            Err(diagnostic) => refused(&diagnostic, output),
        }
    }
}

/// Runs a statement into a document of all answers.
fn gathered(
    session: &Session,
    statement: &Prepared,
    document: &mut dyn present::Document,
) -> (Result<Ran, RunError>, u64) {
    let mut counting = Counting { inner: document, rows: 0 };
    let ran = session.run(statement, &mut counting);
    (ran, counting.rows)
}

/// How many claims came out how.
#[derive(Default)]
pub(super) struct Tally {
    answers: usize,
    holds: usize,
    fails: usize,
    undecided: usize,
}

impl Tally {
    const fn count(&mut self, ran: &Ran) {
        if let Ran::Verdict(outcome) = ran {
            self.claim(*outcome);
        }
    }

    pub(super) const fn claim(&mut self, outcome: Outcome) {
        match outcome {
            Outcome::Holds => self.holds += 1,
            Outcome::Fails => self.fails += 1,
            Outcome::Undecided => self.undecided += 1,
        }
    }

    const fn claims(&self) -> usize {
        self.holds + self.fails + self.undecided
    }

    /// "3 claims: 1 holds, 1 fails, 1 undecided"
    pub(super) fn text(&self) -> String {
        let claims = self.claims();
        let (noun, hold) =
            (if claims == 1 { "claim" } else { "claims" }, if self.holds == 1 { "holds" } else { "hold" });
        let fail = if self.fails == 1 { "fails" } else { "fail" };
        format!("{claims} {noun}: {} {hold}, {} {fail}, {} undecided", self.holds, self.fails, self.undecided)
    }

    /// The summary of a run with claims: part of what is read, beside what machines read.
    fn say(&self, output: Output, out: &mut dyn Write) -> io::Result<()> {
        let (claims, text) = (self.claims(), self.text());
        if claims == 0 {
            if output.format == Format::Junit {
                output.say("there is no claim in this; junit tells of claims alone");
            }
            return Ok(());
        }
        match (output.format, output.format.several()) {
            (_, Several::Apart) => {
                writeln!(out, "\n{text}")?;
                out.flush()
            }
            (Format::Json, _) => {
                let (holds, fails, undecided) = (self.holds, self.fails, self.undecided);
                let summary =
                    serde_json::json!({ "claims": claims, "holds": holds, "fails": fails, "undecided": undecided });
                writeln!(out, "{}", serde_json::json!({ "summary": summary }))?;
                out.flush()
            }
            (_, Several::Lines | Several::One | Several::Document) => {
                output.say(&text);
                Ok(())
            }
        }
    }
}

/// Says what went wrong, unless nobody listens.
pub(super) fn failed(error: RunError, output: Output) -> Status {
    let diagnostic = match error {
        RunError::Failed(diagnostic) => diagnostic,
        RunError::Output(error) if error.kind() == io::ErrorKind::BrokenPipe => return Status::PipeClosed,
        RunError::Output(error) => running::cannot_write("the output", &reason(&error)),
    };
    output.complain(std::slice::from_ref(&diagnostic), None);
    Status::of(&diagnostic)
}

fn refused(diagnostic: &Diagnostic, output: Output) -> Status {
    output.complain(std::slice::from_ref(diagnostic), None);
    Status::of(diagnostic)
}
