//! `bilat fmt`: files of queries in their one form, in place or to standard output.

use crate::catalog::NOUNS;
use crate::diagnostic::{Diagnostic, running};
use crate::present::safe;
use crate::shell::output::Output;
use crate::shell::script::{MARK, read_marked};
use crate::shell::status::Status;
use crate::span::Source;
use crate::syntax::format;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

/// Formats each file, whatever becomes of the others; with `check` only says which would change.
pub fn files(paths: &[PathBuf], check: bool, output: Output) -> Status {
    paths.iter().map(|path| file(path, check, output)).fold(Status::Fine, Status::and)
}

fn file(path: &Path, check: bool, output: Output) -> Status {
    if !check && path != Path::new("-") && path.exists() && !path.is_file() {
        let diagnostic = running::cannot_write(&path.display().to_string(), "it is not a file");
        return complain(&[diagnostic], None, output);
    }
    let Source { name, text: whole } = match read_marked(path) {
        Ok(source) => source,
        Err(diagnostic) => return complain(&[diagnostic], None, output),
    };
    let unmarked = whole.strip_prefix(MARK).unwrap_or(&whole);
    let source = Source::new(name, unmarked);
    let formatted = match format(unmarked, &is_column) {
        Ok(formatted) => formatted,
        Err(mistakes) => return complain(&mistakes, Some(&source), output),
    };
    let (mut line, mut read) = (1, 0);
    for repair in &formatted.repairs {
        line += unmarked.get(read..repair.place).unwrap_or("").matches('\n').count();
        read = repair.place.max(read);
        output.say(&format!("{}:{line}: {}", source.name, repair.what));
    }
    let changed = formatted.text != unmarked;
    let mark = if whole.len() > unmarked.len() { MARK.to_string() } else { String::new() };
    let text = mark + &formatted.text;
    let written = match (check, path == Path::new("-")) {
        (true, _) if changed => print(&format!("{}\n", safe::safe(&source.name))).map(|()| Status::Unformatted),
        (false, true) => print(&text).map(|()| Status::Fine),
        (false, false) if changed => crate::dataset::replace(path, &text).map(|()| Status::Fine).map_err(Failure::Said),
        _ => Ok(Status::Fine),
    };
    match written {
        Ok(status) => status,
        Err(Failure::Closed) => Status::PipeClosed,
        Err(Failure::Said(diagnostic)) => complain(&[diagnostic], None, output),
    }
}

/// Why something was not written.
enum Failure {
    /// Nobody reads it any more.
    Closed,
    Said(Diagnostic),
}

fn print(text: &str) -> Result<(), Failure> {
    let mut out = io::stdout().lock();
    out.write_all(text.as_bytes()).and_then(|()| out.flush()).map_err(|error| match error.kind() {
        io::ErrorKind::BrokenPipe => Failure::Closed,
        _ => Failure::Said(running::cannot_write("the output", &crate::store::reason(&error))),
    })
}

/// Whether any noun has an attribute or a link of that name.
fn is_column(word: &str) -> bool {
    let word = word.to_lowercase();
    word == "counterparts" || NOUNS.iter().any(|noun| noun.member(&word).is_some())
}

fn complain(diagnostics: &[Diagnostic], source: Option<&Source>, output: Output) -> Status {
    output.complain(diagnostics, source);
    diagnostics.iter().map(Status::of).fold(Status::Fine, Status::and)
}
