//! The database schema, derived from the catalogue: tables, indexes, and views that any SQLite tool can read.
//!
//! A file of another schema than exactly this one is refused, so that nothing a stranger put into it can run.

use std::sync::LazyLock;

use super::{Absent, Attribute, Kind, Link, NOUNS, Noun, Origin, Status, Via, When};

/// The layout's version, kept in `user_version`; files of a later one are refused.
pub const LAYOUT: i64 = 3;

/// What marks a file as one of ours, kept in `application_id`: "bilt".
pub const APPLICATION_ID: i64 = 0x6269_6c74;

/// Days, counts and ids; exact numbers; text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Storage {
    Integer,
    Real,
    Text,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Column {
    pub name: String,
    pub storage: Storage,
    pub needed: bool,
    /// The table whose ids it holds.
    pub references: Option<&'static str>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Table {
    pub name: &'static str,
    pub columns: Vec<Column>,
    /// How many leading columns make the primary key; 0 where `id` is it.
    pub key: usize,
    /// The layout that brought it.
    pub since: i64,
}

/// All tables, each after those that it refers to as far as that is possible.
pub fn tables() -> &'static [Table] {
    static TABLES: LazyLock<Vec<Table>> = LazyLock::new(made_tables);
    &TABLES
}

fn made_tables() -> Vec<Table> {
    let nouns = NOUNS.iter().filter(|noun| !matches!(noun.origin, Origin::Query(_)));
    let lists = NOUNS.iter().flat_map(|noun| noun.links.iter().filter_map(move |link| list_table(noun, link)));
    nouns.map(noun_table).chain(lists).chain(own_tables()).collect()
}

fn noun_table(noun: &'static Noun) -> Table {
    let mut columns = vec![
        column("id", Storage::Integer, true, None),
        column("key", Storage::Text, true, None),
        column("label", Storage::Text, true, None),
    ];
    columns.extend(noun.attributes.iter().flat_map(|attribute| attribute_columns(noun, attribute)));
    if noun.when == When::Own {
        columns.extend(BOUNDS.iter().map(|name| column(name, Storage::Integer, true, None)));
    }
    for link in noun.links.iter().filter(|link| link.via == Via::Column) {
        let name = format!("{}_id", link.name);
        let needed = link.absent == Absent::Never;
        columns.push(Column { name, storage: Storage::Integer, needed, references: Some(link.to.noun().name) });
    }
    if noun.name == "names" {
        columns.push(column("of_id", Storage::Integer, true, None));
        columns.push(column("folded", Storage::Text, true, None));
        columns.push(column("words", Storage::Text, true, None));
    }
    Table { name: noun.name, columns, key: 0, since: 1 }
}

/// The four bounds of a dated row.
pub const BOUNDS: [&str; 4] = ["start_min", "start_max", "end_min", "end_max"];

fn attribute_columns(noun: &Noun, attribute: &Attribute) -> Vec<Column> {
    let storage = match attribute.kind {
        Kind::Integer | Kind::Boolean => Storage::Integer,
        Kind::Number => Storage::Real,
        Kind::Text | Kind::Word(_) | Kind::Span | Kind::Day => Storage::Text,
    };
    let needed = attribute.absent == Absent::Never;
    let mut columns = vec![column(attribute.name, storage, needed, None)];
    if attribute.kind == Kind::Day && !is_bound(noun, attribute) {
        for end in ["min", "max"] {
            columns.push(column(&format!("{}_{end}", attribute.name), Storage::Integer, true, None));
        }
    }
    columns
}

/// The start or end of a dated row: its bounds are the row's.
pub fn is_bound(noun: &Noun, attribute: &Attribute) -> bool {
    noun.when == When::Own && matches!(attribute.name, "start" | "end")
}

fn column(name: &str, storage: Storage, needed: bool, references: Option<&'static str>) -> Column {
    Column { name: name.to_string(), storage, needed, references }
}

fn pair(name: &str, references: &'static str) -> Column {
    column(name, Storage::Integer, true, Some(references))
}

fn list_table(noun: &'static Noun, link: &'static Link) -> Option<Table> {
    let Via::List { table, from, to } = link.via else { return None };
    let mut columns = vec![pair(from, noun.name), pair(to, link.to.noun().name)];
    if table == "visit_places" {
        columns.push(column("position", Storage::Integer, true, None));
    }
    Some(Table { name: table, columns, key: 2, since: 1 })
}

fn own_tables() -> [Table; 5] {
    let text = |name| column(name, Storage::Text, true, None);
    let integer = |name| column(name, Storage::Integer, true, None);
    [
        Table {
            name: "place_ancestors",
            columns: vec![pair("place_id", "places"), pair("ancestor_id", "places")],
            key: 2,
            since: 1,
        },
        Table { name: "name_words", columns: vec![text("word"), pair("name_id", "names")], key: 2, since: 1 },
        Table {
            name: "identifiers",
            columns: vec![text("noun"), integer("row_id"), text("scheme"), text("value")],
            key: 3,
            since: 1,
        },
        Table { name: "file", columns: vec![text("key"), text("value")], key: 1, since: 1 },
        Table { name: "queries", columns: vec![text("name"), text("text")], key: 1, since: 2 },
    ]
}

/// Every statement that makes the schema of a layout, in order.
pub fn statements(layout: i64) -> Vec<String> {
    let tables: Vec<Table> = tables().iter().filter(|table| table.since <= layout).cloned().collect();
    let made = tables.iter().map(create_table);
    made.chain(indexes(&tables, layout)).chain(NOUNS.iter().filter_map(view)).collect()
}

fn create_table(table: &Table) -> String {
    let mut lines: Vec<String> = table.columns.iter().map(|column| column_text(table, column)).collect();
    if table.key > 0 {
        let key: Vec<String> = table.columns[..table.key].iter().map(|c| format!("\"{}\"", c.name)).collect();
        lines.push(format!("PRIMARY KEY ({})", key.join(", ")));
    }
    let options = if table.key > 0 { "STRICT, WITHOUT ROWID" } else { "STRICT" };
    format!("CREATE TABLE \"{}\" (\n  {}\n) {options}", table.name, lines.join(",\n  "))
}

fn column_text(table: &Table, column: &Column) -> String {
    let storage = match column.storage {
        Storage::Integer => "INTEGER",
        Storage::Real => "REAL",
        Storage::Text => "TEXT",
    };
    let mut text = format!("\"{}\" {storage}", column.name);
    match (table.key, column.name.as_str()) {
        (0, "id") => text.push_str(" PRIMARY KEY"),
        (0, "key") => text.push_str(" NOT NULL UNIQUE"),
        _ if column.needed => text.push_str(" NOT NULL"),
        _ => {}
    }
    if let Some(other) = column.references {
        text.push_str(&format!(" REFERENCES \"{other}\"(\"id\") DEFERRABLE INITIALLY DEFERRED"));
    }
    text
}

/// An index for every column that leads back from a row to those that refer to it, for the look-up of names, and for the
/// day from which on rows are asked for.
fn indexes(tables: &[Table], layout: i64) -> Vec<String> {
    let mut made = Vec::new();
    for table in tables {
        for (position, column) in table.columns.iter().enumerate() {
            let leads = table.key > 0 && position == 0;
            if column.references.is_some() && !leads {
                made.push(index(table.name, &led_by(table.name, &column.name, layout)));
            }
        }
        if layout >= 3 && super::noun(table.name).is_some_and(is_indexed_by_day) {
            made.push(index(table.name, &[BOUNDS[0]]));
        }
    }
    made.push(index("names", &["folded"]));
    made.push(index("names", &["words"]));
    made.push(index("names", &["of_id"]));
    made
}

/// What stands in an index beside the column that leads it: who asks for one leader's or country's meetings finds them
/// there, in the order of their days, and reads no row of the table.
fn led_by<'a>(table: &str, column: &'a str, layout: i64) -> Vec<&'a str> {
    let whole = layout >= 3 && table == "participants" && matches!(column, "leader_id" | "country_id");
    if whole { vec![column, "meeting_id"] } else { vec![column] }
}

/// Whether rows have an index of the day that they start on: those of what happens, or was to happen. Periods are asked
/// for by the day they hold on, accounts by what they are of, and journeys by their leader.
pub fn is_indexed_by_day(noun: &Noun) -> bool {
    noun.when == When::Own && noun.status == Status::Own
}

fn index(table: &str, columns: &[&str]) -> String {
    let listed: Vec<String> = columns.iter().map(|column| format!("\"{column}\"")).collect();
    format!("CREATE INDEX \"{table}_by_{}\" ON \"{table}\" ({})", columns.join("_and_"), listed.join(", "))
}

/// A noun with labels in place of ids and lists in one cell.
fn view(noun: &'static Noun) -> Option<String> {
    if matches!(noun.origin, Origin::Query(_)) {
        return None;
    }
    let mut columns = vec!["r.\"key\" AS \"key\"".to_string()];
    columns.extend(noun.attributes.iter().map(|attribute| format!("r.\"{0}\" AS \"{0}\"", attribute.name)));
    columns.extend(noun.links.iter().filter_map(link_column));
    Some(format!(
        "CREATE VIEW \"{0}_view\" AS SELECT {1} FROM \"{0}\" AS r ORDER BY r.\"id\"",
        noun.name,
        columns.join(", ")
    ))
}

fn link_column(link: &Link) -> Option<String> {
    let to = link.to.noun().name;
    let name = link.name;
    let list = |from: String| {
        Some(format!(
            "(SELECT group_concat(\"label\", '; ') FROM (SELECT x.\"label\" FROM {from} ORDER BY x.\"id\")) AS \"{name}\""
        ))
    };
    match link.via {
        Via::Column => {
            Some(format!("(SELECT x.\"label\" FROM \"{to}\" AS x WHERE x.\"id\" = r.\"{name}_id\") AS \"{name}\""))
        }
        Via::Reverse { link, .. } if link != "country" => {
            list(format!("\"{to}\" AS x WHERE x.\"{link}_id\" = r.\"id\""))
        }
        Via::List { table, from, to: target } => list(format!(
            "\"{to}\" AS x JOIN \"{table}\" AS p ON p.\"{target}\" = x.\"id\" WHERE p.\"{from}\" = r.\"id\""
        )),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_dated_noun_has_its_four_bounds_once() {
        for table in tables() {
            for name in BOUNDS {
                assert!(table.columns.iter().filter(|column| column.name == name).count() <= 1, "{}", table.name);
            }
        }
    }
}
