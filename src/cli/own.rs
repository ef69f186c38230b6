//! Commands that write a file of one's own: new, save, migrate; and check, which runs what is kept in one.

use super::args::Arguments;
use crate::shell::output::Output;
use crate::shell::status::Status;
use std::path::{Path, PathBuf};

/// `bilat new my.db`
pub fn new(_target: &Path, _title: Option<&str>, _force: bool, _arguments: &Arguments, _output: Output) -> Status {
    Status::Bug
}

/// `bilat save my.db claims.bilat`
pub fn save(_file: &Path, _queries: &[PathBuf], _remove: &[String], _output: Output) -> Status {
    Status::Bug
}

/// `bilat check [X.db]`
pub fn check(_file: Option<&Path>, _arguments: &Arguments, _output: Output) -> Status {
    Status::Bug
}

/// `bilat migrate X.db`
pub fn migrate(_file: &Path, _output: Output) -> Status {
    Status::Bug
}
