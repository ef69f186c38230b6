//! Messages of import (I…): a table, its mapping or what stands in its cells cannot be taken in.

use super::Diagnostic;
use super::data::Place;

/// Every code of this stage with its title.
pub const CODES: &[(&str, &str)] = &[
    ("I601", "a table that cannot be read"),
    ("I602", "text that is not UTF-8"),
    ("I603", "a quote that is never closed"),
    ("I604", "a header that does not name the columns"),
    ("I605", "JSON of another shape"),
    ("I606", "a table that is too large"),
    ("I607", "a table of no noun"),
];

/// A table that cannot be read at a line: what is wrong with it.
pub fn unreadable_line(place: &Place, why: &str) -> Diagnostic {
    Diagnostic::new("I601", format!("{}:{}: {why}", place.file, place.line))
}

/// Nothing to take in.
pub fn empty_table(file: &str) -> Diagnostic {
    Diagnostic::new("I601", format!("{file}: it is empty"))
}

/// Bytes that are no text, at a character of a line.
pub fn not_text(place: &Place, column: u64, why: &str) -> Diagnostic {
    Diagnostic::new("I602", format!("{}:{}: {why}, at character {column}", place.file, place.line))
        .note("save the file as UTF-8")
}

/// A quote that takes all the rest of the file into its cell.
pub fn unclosed_quote(place: &Place, column: u64) -> Diagnostic {
    Diagnostic::new("I603", format!("{}:{}: the quote of cell {column} is never closed", place.file, place.line))
        .note("a quote within a cell is written twice, and the cell stands in quotes")
}

/// A header in which a column has no name, or that of another.
pub fn bad_header(place: &Place, why: &str) -> Diagnostic {
    Diagnostic::new("I604", format!("{}:{}: {why}", place.file, place.line))
}

/// JSON that is no list of flat objects.
pub fn other_shape(place: &Place, member: Option<&str>, why: &str) -> Diagnostic {
    let member = member.map(|member| format!(", member {member}")).unwrap_or_default();
    Diagnostic::new("I605", format!("{}:{}{member}: {why}", place.file, place.line)).note(
        "a table is a list of objects whose members are texts, numbers, true, false, null or lists of these; \
         several tables are an object of such lists",
    )
}

pub fn too_large(file: &str, why: &str) -> Diagnostic {
    Diagnostic::new("I606", format!("{file}: {why}"))
}

/// A table in our own shape whose name is no noun's.
pub fn no_noun(file: &str, name: &str, suggestions: &[String]) -> Diagnostic {
    Diagnostic::new("I607", format!("{file}: '{name}' is the name of no noun"))
        .suggest(suggestions.to_vec())
        .note("a file in the shape of bilat's own tables bears a noun's name; any other shape takes --mapping")
}
