//! What the database library's errors mean: short memory and failing disks are no damage, and no bug of ours.

use crate::diagnostic::{Diagnostic, running};
use rusqlite::{Error, ErrorCode, ffi};

/// What an error says of the machine or the user, whatever was being done; nothing if it is about the file or the program.
pub(super) fn outside(name: &str, error: &Error) -> Option<Diagnostic> {
    by_code(name, error.sqlite_error_code()?)
}

fn by_code(name: &str, code: ErrorCode) -> Option<Diagnostic> {
    match code {
        ErrorCode::OutOfMemory => Some(running::no_memory()),
        ErrorCode::SystemIoFailure | ErrorCode::CannotOpen | ErrorCode::PermissionDenied => {
            Some(running::unreadable(name, "the disk fails"))
        }
        ErrorCode::OperationInterrupted => Some(running::interrupted()),
        _ => None,
    }
}

/// While a file is looked through: what is not outside it is damage.
pub(super) fn damage(name: &str, error: &Error) -> Diagnostic {
    let what = match error.sqlite_error_code() {
        Some(ErrorCode::NotADatabase) => "it is no SQLite file",
        Some(ErrorCode::TooBig) => "a text in it is too long",
        _ => "its pages do not fit together",
    };
    outside(name, error).unwrap_or_else(|| running::damaged(name, what))
}

/// While something of ours is made or read, in memory: what is not outside it is a bug.
pub(super) fn bug(error: &Error) -> Diagnostic {
    outside("memory", error).unwrap_or_else(|| running::bug(&error.to_string()))
}

/// What the check of integrity found. A page that could not be read is told with the number of the reason.
pub(super) fn found(name: &str, said: &str) -> Diagnostic {
    let code = said.lines().find_map(|line| line.rsplit_once("error code")).map(|(_, number)| number);
    let number = code.and_then(|number| number.trim_matches(['=', ' ', ':']).parse::<i32>().ok());
    let outside = number.and_then(|number| by_code(name, ffi::Error::new(number).code));
    outside.unwrap_or_else(|| running::damaged(name, "its pages do not fit together"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_that_cannot_be_read_is_no_damage() {
        let code = |said: &str| found("x.db", said).code;
        assert_eq!(code("Tree 2 page 2: unable to get the page. error code=266"), "R407");
        assert_eq!(code("*** in database main ***\nTree 2 page 9: btreeInitPage() returns error code 7"), "R417");
        assert_eq!(code("Tree 2 page 2: btreeInitPage() returns error code 11"), "R405");
        assert_eq!(code("row 1 missing from index by_date"), "R405");
    }
}
