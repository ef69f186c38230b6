//! What rows promise each other in every file that this program makes, and what generated SQL is driven by: what is dated
//! is numbered in the order of its days, participants in that of their meetings, and a leader takes part once in one.

use crate::catalog::{NOUNS, When, ddl};
use rusqlite::Connection;

/// What is not as it should be, in a few words.
///
/// # Errors
/// When the file cannot be read.
pub fn broken(connection: &Connection) -> rusqlite::Result<Option<&'static str>> {
    for noun in NOUNS.iter().filter(|noun| noun.when == When::Own) {
        // Of what happens, the ids stand for all bounds of its days.
        let last = if ddl::is_indexed_by_day(noun) { "\"end_max\"" } else { "0" };
        let least = "min(\"start_max\", \"end_min\", \"end_max\") >= \"start_min\"";
        let fine = if ddl::is_indexed_by_day(noun) { least } else { "1" };
        if !is_in_order(connection, noun.name, ["\"start_min\"", last], fine)? {
            return Ok(Some("its rows are not in the order of their dates"));
        }
    }
    if !is_in_order(connection, "participants", ["\"meeting_id\"", "0"], "1")? {
        return Ok(Some("its participants are not in the order of their meetings"));
    }
    let twice = "SELECT 1 FROM \"participants\" WHERE \"leader_id\" IS NOT NULL GROUP BY \"leader_id\", \"meeting_id\" \
                 HAVING count(*) > 1 LIMIT 1";
    Ok(connection.prepare(twice)?.exists([])?.then_some("a leader takes part in a meeting twice"))
}

/// Rows stand in the order of two numbers, and what must be true of each of them is.
fn is_in_order(connection: &Connection, table: &str, numbers: [&str; 2], fine: &str) -> rusqlite::Result<bool> {
    let [first, second] = numbers;
    let mut statement =
        connection.prepare(&format!("SELECT {first}, {second}, {fine} FROM \"{table}\" ORDER BY \"id\""))?;
    let mut rows = statement.query([])?;
    let mut before = (i64::MIN, i64::MIN);
    while let Some(row) = rows.next()? {
        let now = (row.get(0)?, row.get(1)?);
        if now < before || !row.get::<_, bool>(2)? {
            return Ok(false);
        }
        before = now;
    }
    Ok(true)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_of_this_program_are_in_order_and_others_are_told_from_them() {
        let with = |values: &str| {
            let connection = Connection::open_in_memory().unwrap();
            for statement in ddl::statements(ddl::LAYOUT) {
                connection.execute(&statement, []).unwrap();
            }
            connection.execute_batch(&format!("PRAGMA foreign_keys = 0; {values}")).unwrap();
            broken(&connection).unwrap()
        };
        let meeting = |id: u32, first: i64, last: i64| {
            format!(
                "INSERT INTO meetings (id, key, label, status, start_min, start_max, end_min, end_max) \
                 VALUES ({id}, 'm{id}', '', 'held', {first}, {last}, {last}, {last});"
            )
        };
        let part = |id: u32, leader: &str| {
            format!(
                "INSERT INTO participants (id, key, label, meeting_id, leader_id) VALUES ({id}, 'p{id}', '', 1, {leader});"
            )
        };
        assert_eq!(with(&(meeting(1, 5, 5) + &meeting(2, 5, 9) + &meeting(7, 6, 6))), None);
        assert!(with(&(meeting(1, 6, 6) + &meeting(2, 5, 5))).is_some_and(|what| what.contains("order")));
        assert!(with(&meeting(1, 6, 5)).is_some_and(|what| what.contains("order")));
        assert_eq!(with(&(part(1, "1") + &part(2, "2") + &part(3, "NULL") + &part(4, "NULL"))), None);
        assert!(with(&(part(1, "1") + &part(2, "1"))).is_some_and(|what| what.contains("twice")));
    }
}
