//! `bilat export`: everything a file holds, for other programs.

use super::files::{report, watched};
use crate::dataset::export::{self, Form, Made, Maker};
use crate::dataset::unpack;
use crate::diagnostic::Diagnostic;
use crate::shell::output::Output;
use crate::shell::status::Status;
use crate::store::progress::OPENING;
use std::path::Path;

/// `bilat export [X.db] --as FORM -o PATH`
pub fn run(source: Option<&Path>, form: &Form, target: &Path, force: bool, output: Output) -> Status {
    match form.made {
        Made::Folder => folder(source, target, force, output),
        Made::File(maker) => file(source, maker, target, force, output),
    }
}

/// A folder that `bilat build` makes the same file of.
fn folder(source: Option<&Path>, target: &Path, force: bool, output: Output) -> Status {
    let written = watched(&[OPENING], output, |progress| {
        let database = super::open(source, progress).map_err(|diagnostic| vec![diagnostic])?;
        let records = unpack::records(&database).map_err(|diagnostic| vec![diagnostic])?;
        export::folder::write(&records, target, force, progress)
    });
    match written {
        Ok(()) => {
            output.say(&format!("{0} is written; bilat build {0} makes the same file of it", target.display()));
            Status::Fine
        }
        Err(diagnostics) => report(&diagnostics, output),
    }
}

/// One file, and on standard error what became of everything.
fn file(source: Option<&Path>, maker: Maker, target: &Path, force: bool, output: Output) -> Status {
    let exported: Result<_, Vec<Diagnostic>> = watched(&[OPENING, export::PARTS], output, |progress| {
        let database = super::open(source, progress).map_err(|diagnostic| vec![diagnostic])?;
        let made = export::to_file(maker, &database, target, force, progress)?;
        Ok((database.warning(), made))
    });
    match exported {
        Ok((warning, made)) => {
            output.complain(warning.as_slice(), None);
            output.say(&format!("{} is written: {} bytes", target.display(), made.text.len()));
            output.say(&format!("taken: {}", made.taken.text()));
            output.say(&format!("lost of it: {}", made.lost.text()));
            output.say(&format!("left out: {}", made.left_out.text()));
            Status::Fine
        }
        Err(diagnostics) => report(&diagnostics, output),
    }
}
