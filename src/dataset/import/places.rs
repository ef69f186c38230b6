//! Which row of which table a record is from, carried through the build in its place.
//!
//! Records have a file and a line, and so have the build's mistakes. While an import is tried, the file's name is a mark
//! that says the table and the row; afterwards it is the table's name again.

use super::table::Table;
use crate::dataset::records::Records;
use crate::diagnostic::Diagnostic;
use crate::diagnostic::data::Place;
use std::collections::BTreeMap;

/// No file's name holds it, and no text of a table.
const MARK: char = '\u{1}';

/// So many lines are listed for one mistake.
const LISTED: usize = 5;

/// Mistakes that are the same wherever they stand.
const ALIKE: [&str; 3] = ["I630", "I631", "I632"];

/// Rows by table and position, with what is wrong with them.
pub type Faults = BTreeMap<(usize, usize), Vec<Diagnostic>>;

/// The place of a row while its origin is to be known.
pub fn mark(table: usize, row: usize, line: u64) -> Place {
    Place { file: smol_str::format_smolstr!("{MARK}{table}:{row}{MARK}"), line }
}

/// A text with the tables' names for marks, and the row of the first of them.
fn unmarked(text: &str, tables: &[Table]) -> (String, Option<(usize, usize)>) {
    let (mut made, mut first) = (String::new(), None);
    for (number, part) in text.split(MARK).enumerate() {
        let row: Option<(usize, usize)> =
            part.split_once(':').and_then(|(table, row)| Some((table.parse().ok()?, row.parse().ok()?)));
        match row.filter(|_| number % 2 == 1) {
            Some((table, row)) => {
                made.push_str(tables.get(table).map_or("", |table| table.file.as_str()));
                first = first.or(Some((table, row)));
            }
            None => made.push_str(part),
        }
    }
    (made, first)
}

/// A message as it is shown, and the row that it is of.
pub fn restored(mut diagnostic: Diagnostic, tables: &[Table]) -> (Diagnostic, Option<(usize, usize)>) {
    let (message, row) = unmarked(&diagnostic.message, tables);
    diagnostic.message = message;
    for note in &mut diagnostic.notes {
        *note = unmarked(note, tables).0;
    }
    (diagnostic, row)
}

/// The build's mistakes by the rows that they stem from.
///
/// # Errors
/// Those that stem from no row of the tables, with all others.
pub fn traced(mistakes: Vec<Diagnostic>, tables: &[Table]) -> Result<Faults, Vec<Diagnostic>> {
    let restored: Vec<_> = mistakes.into_iter().map(|mistake| restored(mistake, tables)).collect();
    if restored.iter().any(|(_, row)| row.is_none()) {
        return Err(restored.into_iter().map(|(mistake, _)| mistake).collect());
    }
    let mut rows = Faults::new();
    for (mistake, row) in restored {
        rows.entry(row.unwrap_or_default()).or_default().push(mistake);
    }
    Ok(rows)
}

/// Records with the tables' names in their places.
pub fn restore(records: &mut Records, tables: &[Table]) {
    for record in records.nouns.values_mut().flatten() {
        if record.place.file.contains(MARK) {
            record.place.file = unmarked(&record.place.file, tables).0.into();
        }
    }
}

/// All mistakes in the order of their rows; a name that is not known is told once, with the other lines.
pub fn grouped(faults: Faults) -> Vec<Diagnostic> {
    let mut told: Vec<Diagnostic> = Vec::new();
    let mut known: BTreeMap<String, (usize, Vec<String>)> = BTreeMap::new();
    for mistake in faults.into_values().flatten() {
        let line = mistake.message.split([':', ',']).nth(1).unwrap_or_default().to_string();
        let same = mistake.message.replacen(&format!(":{line}"), "", 1);
        match known.get_mut(&same).filter(|_| ALIKE.contains(&mistake.code)) {
            Some((_, lines)) => lines.push(line),
            None => {
                known.insert(same, (told.len(), Vec::new()));
                told.push(mistake);
            }
        }
    }
    for (at, lines) in known.into_values().filter(|(_, lines)| !lines.is_empty()) {
        let shown = lines.iter().take(LISTED).cloned().collect::<Vec<_>>().join(", ");
        let more = lines.len().saturating_sub(LISTED);
        let more = if more > 0 { format!(" and {more} more") } else { String::new() };
        let word = if lines.len() == 1 { "line" } else { "lines" };
        if let Some(mistake) = told.get_mut(at) {
            mistake.notes.insert(0, format!("the same in {word} {shown}{more}"));
        }
    }
    told
}
