//! Rows that were refused, as a table: their own cells, their line, and why. Mended, it is imported like the first one.

use super::table::{Table, TableRow};
use super::take::Rejected;
use crate::value::formula::defused;

/// The columns besides the table's own; an import passes them over.
pub const LINE: &str = "refused line";
pub const REASON: &str = "refused because";

/// The CSV file of refused rows; tables with other columns are put side by side.
pub fn csv(tables: &[Table], rejected: &[Rejected]) -> Vec<u8> {
    let mut columns: Vec<&str> = Vec::new();
    for table in rejected.iter().filter_map(|row| tables.get(row.table)) {
        for column in &table.columns {
            if !columns.contains(&column.as_str()) && ![LINE, REASON].contains(&column.as_str()) {
                columns.push(column);
            }
        }
    }
    let mut writer = csv::Writer::from_writer(Vec::new());
    // Writing to memory cannot fail, and every line has as many cells as the first.
    let _ = writer.write_record(columns.iter().copied().chain([LINE, REASON]));
    for refused in rejected {
        let Some(table) = tables.get(refused.table) else { continue };
        let Some(row) = table.rows.get(refused.row) else { continue };
        let cell = |column: &str| table.column(column).and_then(|at| row.cells.get(at)).map_or("", String::as_str);
        let line = Some(cell(LINE)).filter(|line| !line.is_empty()).map_or(row.line.to_string(), str::to_string);
        let reasons: Vec<&str> = refused.reasons.iter().map(|reason| reason.message.as_str()).collect();
        let cells = columns.iter().map(|column| cell(column).to_string()).chain([line, reasons.join("; ")]);
        let _ = writer.write_record(cells.map(|cell| defused(&cell).into_owned()));
    }
    writer.into_inner().unwrap_or_default()
}

/// A table without the columns that say why its rows were refused.
pub fn without_reasons(table: &Table) -> Table {
    let own: Vec<bool> = table.columns.iter().map(|column| ![LINE, REASON].contains(&column.as_str())).collect();
    let kept = |cells: &[String]| -> Vec<String> {
        cells.iter().zip(&own).filter(|(_, own)| **own).map(|(cell, _)| cell.clone()).collect()
    };
    let rows = table.rows.iter().map(|row| TableRow { line: row.line, cells: kept(&row.cells) });
    Table { rows: rows.collect(), columns: kept(&table.columns), file: table.file.clone(), name: table.name.clone() }
}
