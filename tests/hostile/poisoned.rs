//! Poisoned indexes: an index that lacks rows, has false ones, or another order, under the text that it should have.
//!
//! A query by such an index gives other rows than the same query without it, and nothing else in the file is wrong: the
//! schema is ours to the byte, the references lead somewhere, and the seal, which anybody can compute, is right. That
//! every query gives the same with and without indexes need not be asked query by query: the check of integrity looks
//! every row of a table up in each of its indexes, counts their entries against the rows, and holds each entry against
//! the one before. So an index that passes is the one that SQLite would make of the table, and no plan gives other rows.

use super::{seal, small};
use crate::grammar::seed;
use crate::oracle::rng::Rng;
use bilat::catalog::ddl::{self, Storage, Table};
use bilat::store::Database;
use rusqlite::Connection;
use rusqlite::types::Value;
use std::collections::BTreeMap;

const COUNT: usize = 200;

/// An index of ours, and the column that it is over.
struct Index {
    table: &'static Table,
    column: &'static str,
    name: String,
    text: bool,
}

fn indexes() -> Vec<Index> {
    let statements = ddl::statements(ddl::LAYOUT);
    // The name of the index that a column leads, alone or before others.
    let name = |table: &Table, column: &str| {
        let begin = format!("{}_by_{column}", table.name);
        let mut names = statements.iter().filter_map(|text| text.strip_prefix("CREATE INDEX \"")?.split('"').next());
        names.find(|name| name.strip_prefix(&begin).is_some_and(|rest| rest.is_empty() || rest.starts_with("_and_")))
    };
    let made = ddl::tables().iter().flat_map(|table| {
        table.columns.iter().filter_map(|column| {
            let name = name(table, &column.name)?.to_string();
            Some(Index { table, column: &column.name, name, text: column.storage == Storage::Text })
        })
    });
    let made: Vec<Index> = made.collect();
    let all = statements.iter().filter(|text| text.starts_with("CREATE INDEX"));
    assert_eq!(made.len(), all.count());
    made
}

const KINDS: [&str; 6] = [
    "rows left out",
    "another column",
    "another order",
    "rows changed behind it",
    "rows gone behind it",
    "a foreign index",
];

/// A file with a poisoned index; nothing where the change makes no difference.
fn poisoned(kind: usize, index: &Index, rng: &Rng) -> Option<Vec<u8>> {
    let mut connection = Connection::open_in_memory().unwrap();
    connection.deserialize_read_exact("main", small(), small().len(), false).unwrap();
    connection.execute_batch("PRAGMA foreign_keys = 0; PRAGMA writable_schema = 1").unwrap();
    let Index { table, column, name, text } = index;
    let (table_name, rows) = (table.name, rng.below(3) + 2);
    let written: String =
        connection.query_row("SELECT sql FROM sqlite_schema WHERE name = ?1", [name], |row| row.get(0)).unwrap();
    let remade = |definition: String| {
        format!(
            "DROP INDEX \"{name}\"; CREATE INDEX \"{name}\" ON \"{table_name}\" {definition}; \
             UPDATE sqlite_schema SET sql = '{written}' WHERE name = '{name}'"
        )
    };
    // An index that the schema does not know is not kept up to date.
    let behind = |change: String| {
        format!(
            "CREATE TEMP TABLE kept AS SELECT * FROM sqlite_schema WHERE name = '{name}'; \
             DELETE FROM sqlite_schema WHERE name = '{name}'; PRAGMA writable_schema = RESET; {change}; \
             PRAGMA writable_schema = 1; INSERT INTO sqlite_schema SELECT * FROM kept; DROP TABLE kept"
        )
    };
    let first = if table.key == 0 { "id" } else { &table.columns[0].name };
    let some = format!("(abs(\"{first}\") + length(\"{first}\") + {}) % {rows} = 0", rng.below(rows));
    let other =
        if *text { "\"label\"".to_string() } else { format!("\"{}\"", table.columns[usize::from(table.key > 0)].name) };
    let sql = match kind {
        0 => remade(format!("(\"{column}\") WHERE \"{column}\" % {rows} = 0")),
        1 => remade(format!("({})", if other.contains(column) { "0 + 1".to_string() } else { other })),
        2 => remade(format!("(\"{column}\" DESC)")),
        3 if *text => behind(format!("UPDATE \"{table_name}\" SET \"{column}\" = \"{column}\" || 'x' WHERE {some}")),
        3 => behind(format!(
            "UPDATE OR IGNORE \"{table_name}\" SET \"{column}\" = \"{column}\" % {rows} + 1 WHERE {some}"
        )),
        4 => behind(format!("DELETE FROM \"{table_name}\" WHERE {some}")),
        _ => {
            // The root of an index of another table.
            let all = indexes();
            let other = rng.pick(&all);
            format!(
                "UPDATE sqlite_schema SET rootpage = (SELECT rootpage FROM sqlite_schema WHERE name = '{}') \
                 WHERE name = '{name}'",
                other.name
            )
        }
    };
    connection.execute_batch(&sql).ok()?;
    seal(&connection);
    let bytes = connection.serialize("main").unwrap().to_vec();
    let mut fresh = Connection::open_in_memory().unwrap();
    fresh.deserialize_read_exact("main", &*bytes, bytes.len(), true).unwrap();
    let read = |how: &str| -> rusqlite::Result<Vec<Value>> {
        let text =
            format!("SELECT \"{column}\" FROM \"{table_name}\" {how} WHERE \"{column}\" > 0 ORDER BY \"{column}\"");
        fresh.prepare(&text)?.query_map([], |row| row.get(0))?.collect()
    };
    // What SQLite itself refuses is poison to nobody.
    let (with, without) = (read(&format!("INDEXED BY \"{name}\"")), read("NOT INDEXED").ok()?);
    (with.ok() != Some(without)).then_some(bytes)
}

#[test]
fn no_poisoned_index_is_accepted() {
    let rng = Rng::new(seed());
    let indexes = indexes();
    let (mut made, mut quick, mut accepted) = (BTreeMap::new(), 0, Vec::new());
    let mut thrown = 0;
    while made.values().sum::<usize>() < COUNT {
        let (kind, index) = (rng.below(KINDS.len()), rng.pick(&indexes));
        let Some(bytes) = poisoned(kind, index, &rng) else {
            thrown += 1;
            assert!(thrown < 40 * COUNT, "too few changes make a difference: {made:?}");
            continue;
        };
        *made.entry(KINDS[kind]).or_insert(0_usize) += 1;
        let mut connection = Connection::open_in_memory().unwrap();
        connection.deserialize_read_exact("main", &*bytes, bytes.len(), true).unwrap();
        let said = connection.query_row("PRAGMA quick_check", [], |row| row.get::<_, String>(0));
        quick += usize::from(said.is_ok_and(|said| said == "ok"));
        match Database::from_bytes(&bytes, "poisoned.db") {
            Err(diagnostic) if diagnostic.code == "R405" => {}
            other => accepted.push((KINDS[kind], &index.name, other.err())),
        }
    }
    println!("{made:?}; SQLite's quick check passes {quick} of {COUNT}; accepted: {}", accepted.len());
    assert!(accepted.is_empty(), "{accepted:?}");
    assert!(made.len() == KINDS.len(), "some kind was never made: {made:?}");
    assert!(quick * 4 > COUNT, "a quick check would do: {quick}");
}
