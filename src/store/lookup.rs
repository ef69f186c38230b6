//! Looking up names: the store's side of the binder's trait.

use super::{Database, RawRow};
use crate::bind::names::{Found, NameOf, Names};
use crate::catalog;
use crate::diagnostic::Diagnostic;
use crate::sql::{Parameter, SqlQuery};
use crate::value::date::Bounds;
use std::collections::HashMap;

const FOUND: &str = "SELECT DISTINCT n.\"noun\" AS c0, n.\"of_id\" AS c1, n.\"of\" AS c2, p.\"country_id\" AS c3 \
     FROM \"names\" AS n LEFT JOIN \"places\" AS p ON n.\"noun\" = 'places' AND p.\"id\" = n.\"of_id\" WHERE ";

/// So many look-ups are remembered.
const REMEMBERED: usize = 1000;

/// Look-ups by their condition and its text.
pub(super) type Remembered = HashMap<(&'static str, String), Vec<Found>>;

impl Database {
    /// What a condition finds. A file never changes while it is open, so what was found once is known: the prompt looks
    /// the same names up with every key, and query files repeat them.
    fn found(&self, condition: &'static str, text: String, count: Option<i64>) -> Result<Vec<Found>, Diagnostic> {
        let key = (condition, text);
        if let Some(known) = self.found.borrow().get(&key) {
            return Ok(known.clone());
        }
        let parameters = std::iter::once(Parameter::Text(key.1.clone())).chain(count.map(Parameter::Integer)).collect();
        let query = SqlQuery::new(format!("{FOUND}{condition} ORDER BY c0, c1"), parameters);
        let things: Vec<Found> = self.collect(&query, found)?.into_iter().flatten().collect();
        let mut known = self.found.borrow_mut();
        if known.len() >= REMEMBERED {
            known.clear();
        }
        known.insert(key, things.clone());
        Ok(things)
    }
}

fn found(row: &RawRow<'_>) -> Option<Found> {
    let noun = catalog::noun(&row.text(0)?)?.id;
    let country = (row.get(3) != super::Raw::Null).then(|| row.integer(3));
    Some(Found { noun, id: row.integer(1), label: row.text(2)?, country })
}

impl Names for Database {
    fn exact(&self, folded: &str) -> Result<Vec<Found>, Diagnostic> {
        self.found("n.\"folded\" = ?1", folded.to_string(), None)
    }

    fn same_words(&self, words: &[&str]) -> Result<Vec<Found>, Diagnostic> {
        self.found("n.\"words\" = ?1", words.join(" "), None)
    }

    fn containing(&self, words: &[&str]) -> Result<Vec<Found>, Diagnostic> {
        let list = serde_json::to_string(words).unwrap_or_default();
        let count = i64::try_from(words.len()).unwrap_or(i64::MAX);
        let condition = "n.\"id\" IN (SELECT \"name_id\" FROM \"name_words\" WHERE \"word\" IN \
             (SELECT value FROM json_each(?1)) GROUP BY \"name_id\" HAVING count(*) = ?2)";
        self.found(condition, list, Some(count))
    }

    fn all(&self) -> Result<Vec<NameOf>, Diagnostic> {
        let text = "SELECT \"noun\" AS c0, \"of\" AS c1, \"text\" AS c2 FROM \"names\" ORDER BY \"id\"".to_string();
        let rows = self.collect(&SqlQuery::new(text, Vec::new()), |row| {
            Some(NameOf { noun: catalog::noun(&row.text(0)?)?.id, label: row.text(1)?, text: row.text(2)? })
        })?;
        Ok(rows.into_iter().flatten().collect())
    }

    fn date(&self, event: i64) -> Result<Bounds, Diagnostic> {
        let text = "SELECT \"start_min\" AS c0, \"start_max\" AS c1, \"end_min\" AS c2, \"end_max\" AS c3 \
             FROM \"events\" WHERE \"id\" = ?1";
        let query = SqlQuery::new(text.to_string(), vec![Parameter::Integer(event)]);
        let rows = self.collect(&query, |row| Bounds {
            start_min: row.integer(0),
            start_max: row.integer(1),
            end_min: row.integer(2),
            end_max: row.integer(3),
        })?;
        Ok(rows.into_iter().next().unwrap_or(Bounds::OPEN))
    }
}
