//! How much there is to do in a file, in steps of SQLite's machine: an estimate for whoever waits.
//!
//! The steps of a row were counted on files of 60,000 to a million meetings; what a file says of itself is not believed
//! for more than a number on the screen.

use super::Writer;
use crate::catalog::ddl::{self, Table};
use rusqlite::Connection;

/// The rows of each table.
pub struct Size(Vec<(&'static Table, u64)>);

impl Size {
    /// Rows are numbered from 1, so the last number is how many there are; lists have none, and are counted.
    pub fn of(connection: &Connection) -> Size {
        let rows = |table: &Table| {
            let what = if table.key == 0 { "max(\"id\")" } else { "count(*)" };
            let text = format!("SELECT {what} FROM \"{}\"", table.name);
            let number = connection.query_row(&text, [], |row| row.get::<_, Option<i64>>(0));
            number.ok().flatten().and_then(|number| u64::try_from(number).ok()).unwrap_or(0)
        };
        Size(ddl::tables().iter().map(|table| (table, rows(table))).collect())
    }

    /// Steps over all rows, of so many for each table.
    fn steps(&self, of: impl Fn(&Table) -> u64) -> u64 {
        self.0.iter().fold(0, |sum: u64, (table, rows)| sum.saturating_add(rows.saturating_mul(of(table))))
    }

    /// Every value is looked at, and every row is looked up in every index.
    pub fn of_integrity_check(&self) -> u64 {
        self.steps(|table| {
            let needed = table.columns.iter().filter(|column| column.needed).count() as u64;
            10 + table.columns.len() as u64 + needed + 5 * references(table)
        })
    }

    pub fn of_reference_check(&self) -> u64 {
        self.steps(|table| 2 + 3 * references(table))
    }

    /// Every row, and every entry of an index.
    pub fn of_writing(&self) -> u64 {
        self.steps(Writer::steps)
    }

    /// Reading every value of every row.
    pub fn of_reading(&self) -> u64 {
        self.steps(|table| 2 + table.columns.len() as u64)
    }
}

/// How many columns refer to others; each has an index.
fn references(table: &Table) -> u64 {
    table.columns.iter().filter(|column| column.references.is_some()).count() as u64
}
