//! A table as text: named columns, and rows with their places.

use crate::diagnostic::data::Place;
use crate::value::text::Text;

/// One table.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Table {
    /// The file's name, as messages give it.
    pub file: Text,
    /// The name that the file gives the table, where it has more than one.
    pub name: Option<String>,
    pub columns: Vec<String>,
    pub rows: Vec<TableRow>,
}

/// One row: as many cells as the table has columns, without blanks around them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TableRow {
    /// Counted from 1; in CSV the header is line 1.
    pub line: u64,
    pub cells: Vec<Text>,
    /// The columns whose cells were lists in the file: their items stand in it with `; ` between.
    pub lists: Vec<usize>,
}

impl Table {
    pub fn place(&self, row: &TableRow) -> Place {
        Place { file: self.file.clone(), line: row.line }
    }

    /// The position of a column of that exact name.
    pub fn column(&self, name: &str) -> Option<usize> {
        self.columns.iter().position(|column| column == name)
    }
}
