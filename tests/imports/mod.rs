//! Other people's tables: read right or refused with a place, whatever is in them.

mod formulas;
mod guesses;
mod lookalikes;
mod mappings;
mod merging;
mod mutated;
mod program;
mod reader;
mod readers;
mod samples;
mod taking;
mod travels;

use bilat::dataset::import::read;
use bilat::dataset::import::table::Table;
use bilat::diagnostic::Diagnostic;
use bilat::store::Progress;

/// The tables of a file of that name.
fn tables(name: &str, bytes: &[u8]) -> Result<Vec<Table>, Vec<Diagnostic>> {
    let ending = name.rsplit_once('.').map(|(_, ending)| ending);
    read::read(name, bytes, ending, &Progress::default())
}

/// The same, with each line and its cells as one text; or the messages with their codes.
fn shown(name: &str, bytes: &[u8]) -> Vec<String> {
    match tables(name, bytes) {
        Ok(tables) => tables.iter().flat_map(lines).collect(),
        Err(mistakes) => mistakes.iter().map(|mistake| format!("{} {}", mistake.code, mistake.message)).collect(),
    }
}

fn lines(table: &Table) -> Vec<String> {
    let head = table.name.iter().map(|name| format!("[{name}]")).chain([table.columns.join("|")]);
    head.chain(table.rows.iter().map(|row| format!("{}: {}", row.line, row.cells.join("|")))).collect()
}
