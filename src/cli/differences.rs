//! `bilat diff`: what differs between two files.

use super::files::{report, watched, write};
use crate::answer::{Cell, Closing, Column, ColumnKind, Head};
use crate::dataset::diff::{self, Change, Difference};
use crate::dataset::unpack;
use crate::diagnostic::Diagnostic;
use crate::shell::output::Output;
use crate::shell::status::Status;
use crate::store::progress::OPENING;
use std::path::Path;

const COLUMNS: [(&str, ColumnKind); 6] = [
    ("noun", ColumnKind::Name),
    ("what", ColumnKind::Prose),
    ("change", ColumnKind::Name),
    ("attribute", ColumnKind::Name),
    ("in A", ColumnKind::Prose),
    ("in B", ColumnKind::Prose),
];

/// `bilat diff A.db B.db`
pub fn run(one: &Path, other: &Path, output: Output) -> Status {
    let found: Result<_, Vec<Diagnostic>> = watched(&[OPENING, diff::PARTS], output, |progress| {
        let read = |file: &Path| {
            let database = super::open(Some(file), progress)?;
            Ok((database.warning(), unpack::records(&database)?))
        };
        let (a, b) = (read(one).map_err(|mistake| vec![mistake])?, read(other).map_err(|mistake| vec![mistake])?);
        let differences = diff::diff(&a.1, &b.1, progress)?;
        Ok(([a.0, b.0], differences))
    });
    match found {
        Ok((warnings, differences)) => {
            let warnings: Vec<Diagnostic> = warnings.into_iter().flatten().collect();
            output.complain(&warnings, None);
            shown(one, other, differences, output)
        }
        Err(mistakes) => report(&mistakes, output),
    }
}

fn shown(one: &Path, other: &Path, differences: Vec<Difference>, output: Output) -> Status {
    let columns = COLUMNS.map(|(name, kind)| Column { name: name.to_string(), kind });
    let head = Head { query: "diff".to_string(), columns: columns.to_vec(), ..Head::default() };
    let count = differences.len() as u64;
    let summary = if count == 1 { "1 difference".to_string() } else { format!("{count} differences") };
    let of = |change: Change| (change, differences.iter().filter(|difference| difference.change == change).count());
    let kinds = Change::ALL.map(of).into_iter().filter(|(_, count)| *count > 0);
    let kinds: Vec<String> = kinds.map(|(change, count)| format!("{} {count}", change.text())).collect();
    let files = format!("A is {}, B is {}", one.display(), other.display());
    let notes = (!kinds.is_empty()).then(|| kinds.join(", ")).into_iter().chain([files]).collect();
    let closing = Closing { summary, count, count_possible: count, notes, ..Closing::default() };
    let text = |text: Option<String>| text.map_or(Cell::Unknown, Cell::Text);
    let rows = differences.into_iter().map(|found| {
        let change = Cell::Text(found.change.text().to_string());
        let attribute = text(found.attribute.map(str::to_string));
        vec![
            Cell::Text(found.noun.to_string()),
            Cell::Text(found.what),
            change,
            attribute,
            text(found.in_a),
            text(found.in_b),
        ]
    });
    match write(&head, rows, &closing, output) {
        Ok(_) if count > 0 => Status::Differs,
        Ok(status) | Err(status) => status,
    }
}
