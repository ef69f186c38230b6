//! `bilat export`: everything a file holds, for other programs.

use super::args::Form;
use crate::shell::output::Output;
use crate::shell::status::Status;
use std::path::Path;

/// `bilat export [X.db] --as FORM -o PATH`
pub fn run(_source: Option<&Path>, _form: Form, _target: &Path, _force: bool, _output: Output) -> Status {
    Status::Bug
}
