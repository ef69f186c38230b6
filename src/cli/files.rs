//! Commands about files as wholes: build, ship, info, verify.

use super::args::Arguments;
use crate::answer::{Cell, Closing, Column, ColumnKind, Head, Row};
use crate::dataset;
use crate::diagnostic::{Diagnostic, running};
use crate::present;
use crate::shell::interrupts::Interrupts;
use crate::shell::output::Output;
use crate::shell::progress::Bar;
use crate::shell::settings::verified;
use crate::shell::status::Status;
use crate::store::progress::{OPENING, Part};
use crate::store::{Database, Progress, SEAL, Stopper};
use std::io::{self, BufWriter, Write};
use std::path::Path;

pub(super) fn report(diagnostics: &[Diagnostic], output: Output) -> Status {
    output.complain(diagnostics, None);
    diagnostics.iter().map(Status::of).fold(Status::Fine, Status::and)
}

/// Long work that is shown and can be stopped; it ends by itself then, so that nothing half-written is left.
pub(super) fn watched<T>(parts: &[&[Part]], output: Output, work: impl FnOnce(&Progress) -> T) -> T {
    let progress = Progress::of(parts, Stopper::default());
    let _interrupts = Interrupts::of(progress.stopper()).patient();
    let _bar = Bar::begin(&progress, output.talk);
    work(&progress)
}

/// `bilat build DIR -o X.db`
pub fn build(folder: &Path, target: &Path, force: bool, output: Output) -> Status {
    let built =
        watched(&[dataset::BUILDING], output, |progress| dataset::build_folder(folder, target, force, progress));
    match built {
        Ok(built) => {
            output.say(&format!(
                "{} is built: {} bytes, version {}",
                target.display(),
                built.bytes.len(),
                built.version
            ));
            Status::Fine
        }
        Err(diagnostics) => {
            let status = report(&diagnostics, output);
            let count = match diagnostics.len() {
                _ if status == Status::Interrupted => String::new(),
                1 => "1 mistake; ".to_string(),
                many => format!("{many} mistakes; "),
            };
            output.say(&format!("{count}{} was not written", target.display()));
            status
        }
    }
}

/// `bilat ship [X.db] -o OUT.db`
pub fn ship(source: Option<&Path>, target: &Path, force: bool, output: Output) -> Status {
    let shipped: Result<_, Vec<Diagnostic>> = watched(&[OPENING, dataset::SHIPPING], output, |progress| {
        let database = super::open(source, progress).map_err(|diagnostic| vec![diagnostic])?;
        Ok((database.warning(), dataset::ship(&database, target, force, progress)?))
    });
    match shipped {
        Ok((warning, built)) => {
            output.complain(warning.as_slice(), None);
            output.say(&format!(
                "{} is sealed: {} bytes, version {}",
                target.display(),
                built.bytes.len(),
                built.version
            ));
            Status::Fine
        }
        Err(diagnostics) => report(&diagnostics, output),
    }
}

/// `bilat verify X.db`: what opening checks, and whether its rows are what its data make.
pub fn verify(file: &Path, output: Output) -> Status {
    // What is asked for is done, also for a file that was in order a minute ago.
    let checked: Result<_, Vec<Diagnostic>> = watched(&[OPENING, dataset::BUILDING], output, |progress| {
        let database = Database::open_watched(file, progress, &verified().unasked()).map_err(|fault| vec![fault])?;
        dataset::examine(&database, progress)?;
        Ok((database.sealed, database.setting(SEAL).map_err(|fault| vec![fault])?))
    });
    match checked {
        Ok((sealed, version)) => {
            let seal = match version.filter(|_| sealed) {
                Some(version) => format!("sealed, version {version}"),
                None => "not sealed, so nobody can tell whether its content was changed".to_string(),
            };
            output.say(&format!("{} is intact: {seal}", file.display()));
            Status::Fine
        }
        Err(diagnostics) => report(&diagnostics, output),
    }
}

/// `bilat info [X.db]`
pub fn info(file: Option<&Path>, arguments: &Arguments, output: Output) -> Status {
    let (database, _interrupts) = super::opened(file, output);
    let lines = database.and_then(|mut database| {
        super::derives(&mut database, arguments, output);
        dataset::info(&database)
    });
    let lines = match lines {
        Ok(lines) => lines,
        Err(diagnostic) => return report(&[diagnostic], output),
    };
    let column = |name: &str, kind| Column { name: name.to_string(), kind };
    let columns = vec![column("what", ColumnKind::Name), column("value", ColumnKind::Prose)];
    let head = Head { query: "info".to_string(), columns, ..Head::default() };
    let count = lines.len() as u64;
    let closing = Closing { summary: format!("{count} lines"), count, count_possible: count, ..Closing::default() };
    let rows = lines.into_iter().map(|(what, value)| vec![Cell::Text(what), Cell::Text(value)]);
    write(&head, rows, &closing, output).unwrap_or_else(|status| status)
}

/// Writes rows that no query asked for to standard output, as answers are.
///
/// # Errors
/// The status where they cannot be written, which is said.
pub(super) fn write(
    head: &Head,
    rows: impl Iterator<Item = Vec<Cell>>,
    closing: &Closing,
    output: Output,
) -> Result<Status, Status> {
    let mut out = BufWriter::new(io::stdout().lock());
    match write_rows(head, rows, closing, output, &mut out) {
        Ok(()) => Ok(Status::Fine),
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Err(Status::PipeClosed),
        Err(error) => Err(report(&[running::cannot_write("the output", &crate::store::reason(&error))], output)),
    }
}

fn write_rows(
    head: &Head,
    rows: impl Iterator<Item = Vec<Cell>>,
    closing: &Closing,
    output: Output,
    out: &mut dyn Write,
) -> io::Result<()> {
    let mut stderr = io::stderr().lock();
    let mut sink = present::renderer(output.format, out, &mut stderr, output.style);
    sink.head(head)?;
    for cells in rows {
        sink.row(&Row { cells, certain: true, sources: Vec::new() })?;
    }
    sink.closing(closing)?;
    drop(sink);
    out.flush()
}
