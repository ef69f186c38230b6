//! What rows promise each other in every file that this program makes, and what generated SQL relies on: what happens has
//! ids in the order of its first days, and a leader takes part once in a meeting.

use crate::catalog::{NOUNS, ddl};
use rusqlite::Connection;

/// What is not as it should be, in a few words.
///
/// # Errors
/// When the file cannot be read.
pub fn broken(connection: &Connection) -> rusqlite::Result<Option<&'static str>> {
    for noun in NOUNS.iter().filter(|noun| ddl::is_indexed_by_day(noun)) {
        if !follows_days(connection, noun.name)? {
            return Ok(Some("its rows are not in the order of their days"));
        }
    }
    let twice = "SELECT 1 FROM \"participants\" WHERE \"leader_id\" IS NOT NULL GROUP BY \"leader_id\", \"meeting_id\" \
                 HAVING count(*) > 1 LIMIT 1";
    Ok(connection.prepare(twice)?.exists([])?.then_some("a leader takes part in a meeting twice"))
}

/// Rows stand by their first days, then by their last; and no other day of a row is before its first.
fn follows_days(connection: &Connection, table: &str) -> rusqlite::Result<bool> {
    let text = format!(
        "SELECT \"start_min\", \"end_max\", min(\"start_max\", \"end_min\", \"end_max\") FROM \"{table}\" ORDER BY \"id\""
    );
    let mut statement = connection.prepare(&text)?;
    let mut rows = statement.query([])?;
    let mut before = (i64::MIN, i64::MIN);
    while let Some(row) = rows.next()? {
        let days: (i64, i64) = (row.get(0)?, row.get(1)?);
        if days < before || row.get::<_, i64>(2)? < days.0 {
            return Ok(false);
        }
        before = days;
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
            connection.execute_batch(values).unwrap();
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
