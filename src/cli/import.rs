//! `bilat import`: tables from anywhere into a file of one's own.

use super::args::{Arguments, Import};
use crate::shell::output::Output;
use crate::shell::status::Status;

/// `bilat import FILE… --into my.db`
pub fn run(_import: &Import, _arguments: &Arguments, _output: Output) -> Status {
    Status::Bug
}
