//! `bilat export`: everything a file holds, for other programs.

use super::args::Form;
use super::files::{report, watched};
use crate::dataset::export::folder;
use crate::dataset::unpack;
use crate::shell::output::Output;
use crate::shell::status::Status;
use crate::store::progress::OPENING;
use std::path::Path;

/// `bilat export [X.db] --as FORM -o PATH`
pub fn run(source: Option<&Path>, form: Form, target: &Path, force: bool, output: Output) -> Status {
    match form {
        Form::Csv => as_folder(source, target, force, output),
        _ => Status::Bug,
    }
}

/// A folder that `bilat build` makes the same file of.
fn as_folder(source: Option<&Path>, target: &Path, force: bool, output: Output) -> Status {
    let written = watched(&[OPENING], output, |progress| {
        let database = super::open(source, progress).map_err(|diagnostic| vec![diagnostic])?;
        let records = unpack::records(&database).map_err(|diagnostic| vec![diagnostic])?;
        folder::write(&records, target, force, progress)
    });
    match written {
        Ok(()) => {
            output.say(&format!("{0} is written; bilat build {0} makes the same file of it", target.display()));
            Status::Fine
        }
        Err(diagnostics) => report(&diagnostics, output),
    }
}
