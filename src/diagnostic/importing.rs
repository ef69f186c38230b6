//! Messages of import (I…): a table, its mapping or what stands in its cells cannot be taken in.

use super::Diagnostic;
use super::data::Place;

/// Every code of this stage with its title.
pub const CODES: &[(&str, &str)] = &[("I601", "a table that cannot be read")];

/// A table that cannot be read at a line: what is wrong with it.
pub fn unreadable_line(place: &Place, why: &str) -> Diagnostic {
    Diagnostic::new("I601", format!("{}:{}: {why}", place.file, place.line))
}
