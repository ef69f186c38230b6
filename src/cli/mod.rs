//! The command line: flags, commands, exit statuses.
//!
//! Everything a command does is done by rooms below; this one reads arguments, chooses streams, and says by its exit
//! status how it went ([`crate::shell::status`]).

mod args;
mod differences;
mod examples;
mod export;
mod files;
mod formatting;
mod import;
mod own;
mod queries;
mod report;
mod stats;

use crate::diagnostic::Diagnostic;
use crate::present::{FORMATS, Format};
use crate::session::{Session, Settings};
use crate::shell::interrupts::Interrupts;
use crate::shell::output::Output;
use crate::shell::progress::Bar;
use crate::shell::settings::{caches, verified};
use crate::shell::status::Status;
use crate::store::progress::OPENING;
use crate::store::{Database, Progress, Stopper};
use args::{Arguments, Command};
use clap::{CommandFactory, Parser};
use std::io::{self, IsTerminal};
use std::path::Path;

/// Runs the program; the number is its exit status.
pub fn run() -> i32 {
    crate::shell::interrupts::survive_full_files();
    // Help and usage errors are clap's; it exits with 2 for the latter.
    let mut arguments = match Arguments::try_parse() {
        Ok(arguments) => arguments,
        Err(error) if !error.use_stderr() => return shown(&error),
        Err(error) => return refuse(&misspelt_command(error)),
    };
    if let Some(Command::Run { output, .. } | Command::Explain { output, .. } | Command::Report { output, .. }) =
        &mut arguments.command
        && output.is_some()
    {
        arguments.output = output.take();
    }
    match dispatch(&arguments) {
        Ok(status) => status.code(),
        Err(usage) => refuse(&usage),
    }
}

fn dispatch(arguments: &Arguments) -> Result<Status, clap::Error> {
    if arguments.command.is_some() && !arguments.queries.is_empty() {
        return Err(usage("-c asks a question of its own; a command takes none"));
    }
    for (at, (name, _)) in arguments.parameters.iter().enumerate() {
        if arguments.parameters[..at].iter().any(|(other, _)| other == name) {
            return Err(usage(&format!("--param gives ${name} two values; which is it to be?")));
        }
    }
    let output = output(arguments)?;
    match &arguments.command {
        None => questions(arguments, output),
        Some(Command::Run { files, .. }) => {
            let database = arguments.db.as_deref();
            Ok(with_session(arguments, database, output, |session, _| {
                queries::files(&session, files, arguments, output)
            }))
        }
        Some(Command::Explain { files, .. }) => {
            let database = arguments.db.as_deref();
            Ok(with_session(arguments, database, output, |session, _| {
                queries::explain(&session, files, arguments, output)
            }))
        }
        Some(Command::Report { story, .. }) => {
            let named = arguments.format.is_some() || arguments.output.is_some();
            if named && output.format != Format::Html {
                return Err(usage("a report is a page: its ending is html, and it has no other format"));
            }
            let database = arguments.db.as_deref();
            Ok(with_session(arguments, database, output, |session, _| report::make(&session, story, arguments, output)))
        }
        Some(Command::Completions { shell }) => Ok(completions(*shell, output)),
        Some(Command::Fmt { files, check }) => Ok(formatting::files(files, *check, output)),
        Some(Command::Build { folder, target, force }) => Ok(files::build(folder, target, *force, output)),
        Some(Command::Ship { file, target, force }) => {
            let source = one_file(file.as_deref(), arguments.db.as_deref())?;
            Ok(files::ship(source, target, *force, output))
        }
        Some(Command::Info { file }) => {
            let source = one_file(file.as_deref(), arguments.db.as_deref())?;
            Ok(files::info(source, arguments, output))
        }
        Some(Command::New { target, title, force }) => {
            Ok(own::new(target, title.as_deref(), *force, arguments, output))
        }
        Some(Command::Import(import)) => Ok(import::run(import, arguments, output)),
        Some(Command::Export { file, form, target, force }) => {
            let source = one_file(file.as_deref(), arguments.db.as_deref())?;
            Ok(export::run(source, form, target, *force, output))
        }
        Some(Command::Diff { one, other }) => Ok(differences::run(one, other, output)),
        Some(Command::Save { file, queries, remove }) => Ok(own::save(file, queries, remove, output)),
        Some(Command::Set { file, settings }) => Ok(own::set(file, settings, output)),
        Some(Command::Check { file }) => {
            let source = one_file(file.as_deref(), arguments.db.as_deref())?;
            Ok(own::check(source, arguments, output))
        }
        Some(Command::Migrate { file }) => Ok(own::migrate(file, output)),
        Some(Command::Verify { file }) => Ok(files::verify(file, output)),
    }
}

/// The script is made in memory first: its maker ends the process where it cannot write.
fn completions(shell: clap_complete::Shell, output: Output) -> Status {
    use std::io::Write;
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut Arguments::command(), "bilat", &mut script);
    let mut out = io::stdout().lock();
    match out.write_all(&script).and_then(|()| out.flush()) {
        Ok(()) => Status::Fine,
        Err(error) => queries::failed(error.into(), output),
    }
}

/// No command: a file to ask, questions by `-c`, from standard input, or typed.
fn questions(arguments: &Arguments, output: Output) -> Result<Status, clap::Error> {
    let file = one_file(arguments.file.as_deref(), arguments.db.as_deref())?;
    if let Some(file) = file.filter(|file| !file.exists())
        && let Some(near) = near_command(file)
    {
        return Err(no_such_command(file, &near));
    }
    let typed = arguments.queries.is_empty() && io::stdin().is_terminal();
    if typed && arguments.output.is_some() {
        return Err(usage("-o is for -c, run and standard input; at the prompt .output FILE does the same"));
    }
    Ok(with_session(arguments, file, output, |session, interrupts| {
        if !arguments.queries.is_empty() {
            queries::texts(&session, &arguments.queries, arguments, output)
        } else if typed {
            crate::shell::run(session, output, arguments.flags(), interrupts)
        } else {
            queries::standard_input(&session, arguments, output)
        }
    }))
}

/// Help and the version, whole or with a status that says so.
fn shown(help: &clap::Error) -> i32 {
    use std::io::Write;
    match help.print().and_then(|()| io::stdout().flush()) {
        Ok(()) => Status::Fine.code(),
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Status::PipeClosed.code(),
        Err(error) => {
            let _ = writeln!(io::stderr(), "error: the help cannot be written: {}", crate::store::reason(&error));
            Status::Data.code()
        }
    }
}

/// Says what is wrong with the command line, made safe: it quotes what was given.
fn refuse(error: &clap::Error) -> i32 {
    use std::io::Write;
    let text = error.render().to_string();
    // There is nowhere left to say that standard error cannot be written.
    let _ = io::stderr().lock().write_all(crate::present::safe::safe_lines(&text).as_bytes());
    2
}

/// A misspelt command is taken for a file, and what follows it for too much: then the command is what to speak of.
fn misspelt_command(error: clap::Error) -> clap::Error {
    let first = std::env::args_os().nth(1).map(std::path::PathBuf::from);
    let is_command = |file: &Path| Arguments::command().find_subcommand(file).is_some();
    let near =
        first.filter(|file| !file.exists() && !is_command(file)).and_then(|file| Some((near_command(&file)?, file)));
    match (error.kind(), near) {
        (clap::error::ErrorKind::UnknownArgument, Some((near, file))) => no_such_command(&file, &near),
        _ => error,
    }
}

fn no_such_command(file: &Path, near: &str) -> clap::Error {
    usage(&format!("there is no command or file '{}'; did you mean {near}?", file.display()))
}

fn near_command(file: &Path) -> Option<String> {
    let command = Arguments::command();
    let names: Vec<&str> = command.get_subcommands().map(clap::Command::get_name).collect();
    crate::suggest::nearest(file.to_str()?, names).first().map(|near| (*near).to_string())
}

fn usage(message: &str) -> clap::Error {
    Arguments::command().error(clap::error::ErrorKind::ValueValidation, message)
}

/// The file given by position and by --db must not be two.
fn one_file<'a>(position: Option<&'a Path>, flag: Option<&'a Path>) -> Result<Option<&'a Path>, clap::Error> {
    match (position, flag) {
        (Some(one), Some(other)) if one != other => {
            Err(usage("two files are given, one by its place and one by --db; which is it to be?"))
        }
        (one, other) => Ok(one.or(other)),
    }
}

/// The format from --format, or from the ending of -o, or a table.
fn output(arguments: &Arguments) -> Result<Output, clap::Error> {
    let format = match (arguments.format, &arguments.output) {
        (Some(format), _) => format,
        (None, None) => Format::default(),
        (None, Some(path)) => Format::from_path(path).ok_or_else(|| {
            let endings: Vec<&str> = FORMATS.iter().flat_map(|about| about.endings.iter().copied()).collect();
            let (endings, known) = (endings.join(", "), Format::NAMES.join(", "));
            usage(&format!(
                "the ending of {} is no format; endings are {endings}; --format can be {known}",
                path.display()
            ))
        })?,
    };
    let mut output = match &arguments.output {
        Some(_) => Output::file(format, arguments.error_format, arguments.color),
        None => Output::standard(format, arguments.error_format, arguments.color),
    };
    if arguments.raw && output.style.width.is_some() {
        return Err(usage("--raw would let the data command the terminal; it is for files and pipes"));
    }
    output.style.raw = arguments.raw;
    Ok(output)
}

fn open(file: Option<&Path>, progress: &Progress) -> Result<Database, Diagnostic> {
    file.map_or_else(|| Database::bundled_watched(progress), |file| Database::open_watched(file, progress, &verified()))
}

/// Opens a file to be asked: what takes long is shown, and Ctrl-C ends it.
fn opened(file: Option<&Path>, output: Output) -> (Result<Database, Diagnostic>, Interrupts) {
    let progress = Progress::of(&[OPENING], Stopper::default());
    let interrupts = Interrupts::of(progress.stopper());
    let bar = Bar::begin(&progress, output.talk);
    let opened = open(file, &progress);
    drop(bar);
    warn(&opened, output);
    // Until a statement runs, nothing is lost by ending at once.
    progress.stopper().rest(true);
    (opened, interrupts)
}

/// What is derived from the file is kept in the user's cache, and what takes long then is shown.
fn derives(database: &mut Database, arguments: &Arguments, output: Output) {
    database.keep_in(&caches(arguments.no_cache));
    database.show_work(Bar::watcher(output.talk));
}

/// Says once what is to be known of an opened file before anything is read in it.
fn warn(opened: &Result<Database, Diagnostic>, output: Output) {
    if let Some(warning) = opened.as_ref().ok().and_then(Database::warning) {
        output.complain(&[warning], None);
    }
}

fn with_session(
    arguments: &Arguments,
    file: Option<&Path>,
    output: Output,
    then: impl FnOnce(Session, Interrupts) -> Status,
) -> Status {
    let settings = Settings { timeout: arguments.timeout, max_rows: arguments.max_rows, ..Settings::default() };
    let (database, interrupts) = opened(file, output);
    let session = database.and_then(|mut database| {
        derives(&mut database, arguments, output);
        Session::new(database, settings)
    });
    match session {
        Ok(mut session) => {
            session.frame.today = arguments.as_of;
            for (name, value) in &arguments.parameters {
                session.frame.set(name, value);
            }
            then(session, interrupts)
        }
        Err(diagnostic) => {
            output.complain(std::slice::from_ref(&diagnostic), None);
            Status::of(&diagnostic)
        }
    }
}
