//! A table as text: named columns, and rows with their places.

/// One table.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Table {
    /// The file's name, as messages give it.
    pub file: String,
    pub columns: Vec<String>,
    pub rows: Vec<TableRow>,
}

/// One row: as many cells as the table has columns, without blanks around them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TableRow {
    /// Counted from 1; in CSV the header is line 1.
    pub line: u64,
    pub cells: Vec<String>,
}
