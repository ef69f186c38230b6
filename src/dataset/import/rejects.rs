//! Rows that were refused, as a table: their own cells, their line, and why. Mended, it is imported like the first one.

use super::objects::JOINT;
use super::table::{Table, TableRow};
use super::take::Rejected;
use crate::value::formula::defused;
use crate::value::text::Text;
use std::borrow::Cow;

/// The columns besides the table's own; an import passes them over.
pub const LINE: &str = "refused line";
pub const REASON: &str = "refused because";
/// Only where a refused row had lists: the columns that they stood in, which a cell of CSV does not show.
pub const LISTS: &str = "refused lists";

/// Whether a column is one of those.
pub fn is_own(column: &str) -> bool {
    [LINE, REASON, LISTS].contains(&column)
}

/// Whether the cell of a row in that column is a list, of this file or of the one that it was refused from.
pub fn is_list(table: &Table, row: &TableRow, column: usize) -> bool {
    let refused = || table.column(LISTS).and_then(|at| row.cells.get(at)).zip(table.columns.get(column));
    row.lists.contains(&column) || refused().is_some_and(|(lists, name)| lists.split(JOINT).any(|list| list == name))
}

/// The CSV file of refused rows; tables with other columns are put side by side.
pub fn csv(tables: &[Table], rejected: &[Rejected]) -> Vec<u8> {
    let mut columns: Vec<&str> = Vec::new();
    for table in rejected.iter().filter_map(|row| tables.get(row.table)) {
        for column in &table.columns {
            if !columns.contains(&column.as_str()) && !is_own(column) {
                columns.push(column);
            }
        }
    }
    let rows = || rejected.iter().filter_map(|row| tables.get(row.table).zip(tables.get(row.table)?.rows.get(row.row)));
    let lists = |table: &Table, row: &TableRow| -> String {
        let columns = table.columns.iter().enumerate();
        let named: Vec<&str> =
            columns.filter(|(at, _)| is_list(table, row, *at)).map(|(_, name)| name.as_str()).collect();
        named.join(JOINT)
    };
    let listed = rows().any(|(table, row)| !lists(table, row).is_empty());
    let mut writer = csv::Writer::from_writer(Vec::new());
    // Writing to memory cannot fail, and every line has as many cells as the first.
    let _ = writer.write_record(columns.iter().copied().chain([LINE, REASON]).chain(listed.then_some(LISTS)));
    for refused in rejected {
        let Some(table) = tables.get(refused.table) else { continue };
        let Some(row) = table.rows.get(refused.row) else { continue };
        let cell = |column: &str| table.column(column).and_then(|at| row.cells.get(at)).map_or("", Text::as_str);
        let line = Some(cell(LINE)).filter(|line| !line.is_empty()).map_or(row.line.to_string(), str::to_string);
        let reasons: Vec<&str> = refused.reasons.iter().map(|reason| reason.message.as_str()).collect();
        let cells = columns.iter().map(|column| cell(column).to_string()).chain([line, reasons.join("; ")]);
        let cells = cells.chain(listed.then(|| lists(table, row)));
        let _ = writer.write_record(cells.map(|cell| defused(&cell).into_owned()));
    }
    writer.into_inner().unwrap_or_default()
}

/// A table without the columns that say why its rows were refused.
pub fn without_reasons(table: &Table) -> Cow<'_, Table> {
    if !table.columns.iter().any(|column| is_own(column)) {
        return Cow::Borrowed(table);
    }
    let own: Vec<bool> = table.columns.iter().map(|column| !is_own(column)).collect();
    let rows =
        table.rows.iter().map(|row| TableRow { line: row.line, cells: kept(&row.cells, &own), lists: Vec::new() });
    let columns = kept(&table.columns, &own);
    Cow::Owned(Table { rows: rows.collect(), columns, file: table.file.clone(), name: table.name.clone() })
}

fn kept<T: Clone>(all: &[T], which: &[bool]) -> Vec<T> {
    all.iter().zip(which).filter(|(_, kept)| **kept).map(|(one, _)| one.clone()).collect()
}
