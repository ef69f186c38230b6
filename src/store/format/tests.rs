//! Files of any size and shape are whole by SQLite's own check, and hold what was written.

use super::entries::{Columns, Entries, Kept};
use super::image::{Header, Image};
use super::record::{Encoder, Value};
use super::schema::Schema;
use super::tree::Tree;
use crate::store::Progress;
use rusqlite::Connection;

const SCHEMA: [&str; 3] = [
    "CREATE TABLE rows (id INTEGER PRIMARY KEY, text TEXT, number INTEGER) STRICT",
    "CREATE TABLE keys (text TEXT, number INTEGER, PRIMARY KEY (text, number)) STRICT, WITHOUT ROWID",
    "CREATE INDEX rows_by_both ON rows (number, text)",
];

/// A small deterministic generator (SplitMix64).
fn below(state: &mut u64, end: u64) -> u64 {
    *state = state.wrapping_add(0x9E37_79B9_7F4A_7C15);
    let mut z = *state;
    z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    (z ^ (z >> 31)) % end
}

/// So many rows, with texts that end up on pages of their own now and then.
fn rows(count: usize, seed: u64) -> Vec<(i64, String, Option<i64>)> {
    let mut state = seed;
    let mut id = 0;
    let mut row = |_| {
        id += 1 + below(&mut state, 3) as i64 * below(&mut state, 100) as i64;
        let length = match below(&mut state, 40) {
            0 => below(&mut state, 20_000),
            1 => 450 + below(&mut state, 100),
            2 => 4_000 + below(&mut state, 120),
            _ => below(&mut state, 60),
        };
        let letter = char::from(b'a' + below(&mut state, 26) as u8);
        let number = match below(&mut state, 5) {
            0 => None,
            1 => Some(below(&mut state, u64::MAX) as i64 / 2),
            _ => Some(below(&mut state, 100) as i64 - 50),
        };
        (id, format!("{id}\0ä{}", letter.to_string().repeat(length as usize)), number)
    };
    (0..count).map(&mut row).collect()
}

fn file(rows: &[(i64, String, Option<i64>)], page: usize) -> Vec<u8> {
    let schema = Schema::of(&SCHEMA.map(str::to_string)).unwrap();
    let (mut image, mut encoder) = (Image::new(page), Encoder::default());
    let (mut table, mut columns) = (Tree::table(page), Columns::of(&[Kept::Number, Kept::Text, Kept::Number]));
    for (id, text, number) in rows {
        let values = [Value::Integer(*id), Value::Text(text), number.map_or(Value::Null, Value::Integer)];
        columns.add(&values).unwrap();
        table.row(&mut image, *id, encoder.record([Value::Null, values[1], values[2]])).unwrap();
    }
    let mut keys: Vec<(&str, i64)> = rows.iter().map(|(id, text, _)| (text.as_str(), *id)).collect();
    keys.sort_unstable();
    let mut index = Tree::index(page);
    for (text, number) in keys {
        index.entry(&mut image, encoder.record([Value::Text(text), Value::Integer(number)])).unwrap();
    }
    let roots = [table.finish(&mut image).unwrap(), index.finish(&mut image).unwrap(), {
        let index = &schema.indexes[0];
        let order = columns.order(&index.by, &Progress::default()).unwrap();
        let entries = Entries::of(&columns, &index.by, index.own, &order, &Progress::default()).unwrap();
        entries.write(&mut image, &Progress::default()).unwrap()
    }];
    let mut first = Tree::table(page);
    for (at, (object, root)) in schema.objects.iter().zip(roots).enumerate() {
        let texts = [&object.kind, &object.name, &object.table].map(|text| Value::Text(text));
        let sql = object.sql.as_deref().map_or(Value::Null, Value::Text);
        let record = encoder.record(texts.into_iter().chain([Value::Integer(root.into()), sql]));
        first.row(&mut image, at as i64 + 1, record).unwrap();
        if at == 0 {
            first.turn(&mut image).unwrap();
        }
    }
    let first = first.finish_first(&mut image).unwrap();
    image.finish(&first, Header { user_version: 3, application_id: 4 })
}

#[test]
fn files_of_any_size_are_whole_and_hold_what_was_written() {
    // As many as fill a page or begin the next, one above it, and one above that.
    let counts = [0, 1, 2, 3, 8, 61, 62, 63, 64, 600];
    for (page, count) in [512, 4096, 65536].into_iter().flat_map(|page| counts.map(|count| (page, count))) {
        let rows = rows(count, (page * 31 + count) as u64);
        let bytes = file(&rows, page);
        assert_eq!(bytes, file(&rows, page));
        let mut connection = Connection::open_in_memory().unwrap();
        connection.deserialize_read_exact("main", bytes.as_slice(), bytes.len(), true).unwrap();
        let first = |text: &str| connection.query_row(text, [], |row| row.get::<_, String>(0)).unwrap();
        assert_eq!(first("PRAGMA integrity_check"), "ok", "{count} rows in pages of {page}");
        let read = |text: &str| -> Vec<(i64, String, Option<i64>)> {
            let mut statement = connection.prepare(text).unwrap();
            let rows = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?))).unwrap();
            rows.collect::<Result<_, _>>().unwrap()
        };
        assert!(read("SELECT id, text, number FROM rows ORDER BY id") == rows, "{count} rows in pages of {page}");
        let mut sorted = rows.clone();
        sorted.sort_by(|one, other| (one.2, &one.1, one.0).cmp(&(other.2, &other.1, other.0)));
        assert!(read("SELECT id, text, number FROM rows INDEXED BY rows_by_both ORDER BY number, text") == sorted);
        assert_eq!(read("SELECT number, text, NULL FROM keys").len(), count);
    }
}

#[test]
fn a_key_that_is_there_twice_is_refused() {
    let mut columns = Columns::of(&[Kept::Number, Kept::Text]);
    for (id, text) in [(1, "a"), (2, "b"), (3, "a")] {
        columns.add(&[Value::Integer(id), Value::Text(text)]).unwrap();
    }
    let order = columns.order(&[1, 0], &Progress::default()).unwrap();
    assert_eq!(order, [0, 2, 1]);
    let made = |own| Entries::of(&columns, &[1, 0], own, &order, &Progress::default());
    assert!(made(None).is_ok() && made(Some(1)).is_err());
}
