//! Commands about files as wholes: build, ship, info, verify.

use crate::answer::{Cell, Closing, Column, ColumnKind, Head, Row};
use crate::dataset;
use crate::diagnostic::{Diagnostic, running};
use crate::present;
use crate::shell::output::Output;
use crate::shell::status::Status;
use crate::store::{Database, SEAL};
use std::io::{self, BufWriter, Write};
use std::path::Path;

fn report(diagnostics: &[Diagnostic], output: Output) -> Status {
    output.complain(diagnostics, None);
    diagnostics.iter().map(Status::of).fold(Status::Fine, Status::and)
}

/// `bilat build DIR -o X.db`
pub fn build(folder: &Path, target: &Path, force: bool, output: Output) -> Status {
    match dataset::build_folder(folder, target, force) {
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
            let mistakes = if diagnostics.len() == 1 { "mistake" } else { "mistakes" };
            output.say(&format!("{} {mistakes}; {} was not written", diagnostics.len(), target.display()));
            status
        }
    }
}

/// `bilat ship [X.db] -o OUT.db`
pub fn ship(source: Option<&Path>, target: &Path, force: bool, output: Output) -> Status {
    let shipped = super::open(source).and_then(|database| dataset::ship(&database, target, force));
    match shipped {
        Ok(built) => {
            output.say(&format!(
                "{} is sealed: {} bytes, version {}",
                target.display(),
                built.bytes.len(),
                built.version
            ));
            Status::Fine
        }
        Err(diagnostic) => report(&[diagnostic], output),
    }
}

/// `bilat verify X.db`: opening a file checks all there is to check.
pub fn verify(file: &Path, output: Output) -> Status {
    let checked = Database::open(file).and_then(|database| Ok((database.sealed, database.setting(SEAL)?)));
    match checked {
        Ok((sealed, version)) => {
            let seal = match version.filter(|_| sealed) {
                Some(version) => format!("sealed, version {version}"),
                None => "not sealed, so nobody can tell whether its content was changed".to_string(),
            };
            output.say(&format!("{} is intact: {seal}", file.display()));
            Status::Fine
        }
        Err(diagnostic) => report(&[diagnostic], output),
    }
}

/// `bilat info [X.db]`
pub fn info(file: Option<&Path>, output: Output) -> Status {
    let lines = match super::open(file).and_then(|database| dataset::info(&database)) {
        Ok(lines) => lines,
        Err(diagnostic) => return report(&[diagnostic], output),
    };
    let mut out = BufWriter::new(io::stdout().lock());
    match write_info(lines, output, &mut out) {
        Ok(()) => Status::Fine,
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Status::PipeClosed,
        Err(error) => report(&[running::cannot_write("the output", &error.to_string())], output),
    }
}

fn write_info(lines: Vec<(String, String)>, output: Output, out: &mut dyn Write) -> io::Result<()> {
    let mut stderr = io::stderr().lock();
    let mut sink = present::renderer(output.format, out, &mut stderr, output.style);
    let column = |name: &str, kind| Column { name: name.to_string(), kind };
    let columns = vec![column("what", ColumnKind::Name), column("value", ColumnKind::Prose)];
    sink.head(&Head { query: "info".to_string(), columns, ..Head::default() })?;
    let count = lines.len() as u64;
    for (what, value) in lines {
        sink.row(&Row { cells: vec![Cell::Text(what), Cell::Text(value)], certain: true, sources: Vec::new() })?;
    }
    sink.closing(&Closing { summary: format!("{count} lines"), count, count_possible: count, ..Closing::default() })?;
    drop(sink);
    out.flush()
}
