//! Files with our schema and rows that no build would write: each unsealed, and sealed as anybody can seal.

use super::{Crafted, Outcome, run};
use crate::hostile::{altered, seal};
use bilat::session::{Session, Settings};
use bilat::store::Database;

pub fn files() -> Vec<Crafted> {
    let harmless = HARMLESS.iter().flat_map(|(name, sql)| {
        [(false, Outcome::Unsealed), (true, Outcome::Sealed)].map(|(sealed, outcome)| row(name, sql, sealed, outcome))
    });
    let refused = REFUSED
        .iter()
        .flat_map(|(name, sql)| [false, true].map(|sealed| row(name, sql, sealed, Outcome::Refused("R405"))));
    let seals = SEALS.iter().map(|(name, sql, outcome)| Crafted::by_sql(name, *outcome, sql));
    harmless.chain(refused).chain(seals).collect()
}

fn row(name: &'static str, sql: &'static str, sealed: bool, outcome: Outcome) -> Crafted {
    Crafted::new(format!("{name}{}", if sealed { ", sealed" } else { "" }), outcome, move |path| {
        altered(path, |connection| {
            run(connection, name, "DELETE FROM file WHERE key = 'seal'");
            run(connection, name, sql);
            if sealed {
                seal(connection);
            }
        });
    })
}

/// Strange, and fine: text is shown as escapes, and dates and numbers beyond all bounds break nothing.
const HARMLESS: &[(&str, &str)] = &[
    (
        "escapes in every text",
        "UPDATE leaders SET label = char(27) || '[2J' || label, name = name || char(27, 93) || '0;x' || char(7), \
        native_name = char(155) || '31m', remark = char(8238) || 'live' || char(8203, 13) || 'over'; \
        UPDATE names SET text = text || char(27) || 'c'; UPDATE countries SET label = label || char(27) || '[A'; \
        UPDATE publications SET title = title || char(27), label = char(7, 8, 127) || label; \
        UPDATE file SET value = value || char(27) || '[5m' WHERE key != 'reference_date'",
    ),
    (
        "a title of escapes",
        "INSERT INTO file VALUES ('title', char(27) || ']0;evil' || char(7)), ('licence', char(10, 13) || 'x')",
    ),
    (
        "text with NUL",
        "UPDATE leaders SET name = 'A' || char(0) || 'B', remark = char(0); UPDATE names SET text = char(0), folded = char(0)",
    ),
    (
        "text that is no UTF-8",
        "UPDATE leaders SET name = CAST(x'ff1b5b326dc328' AS TEXT), label = CAST(x'c0af' AS TEXT); \
        UPDATE names SET text = CAST(x'eda080' AS TEXT), folded = CAST(x'f8' AS TEXT)",
    ),
    (
        "empty text",
        "UPDATE leaders SET name = '', label = '', native_name = ''; UPDATE names SET text = '', folded = '', words = ''",
    ),
    ("negative numbers of rows", "UPDATE topics SET id = -id; UPDATE meeting_topics SET topic_id = -topic_id"),
    (
        "huge numbers of rows",
        "UPDATE publications SET id = 9223372036854775807 - id; \
        UPDATE accounts SET publication_id = 9223372036854775807 - publication_id; \
        UPDATE coverage SET publication_id = 9223372036854775807 - publication_id",
    ),
    (
        "the least number of a row",
        "UPDATE topics SET id = -9223372036854775807 - 1 WHERE id = 1; \
        UPDATE meeting_topics SET topic_id = -9223372036854775807 - 1 WHERE topic_id = 1",
    ),
    (
        "days before all days",
        "UPDATE meetings SET start_min = -9223372036854775807 - 1, start_max = -9223372036854775807 - 1, \
        end_min = -9223372036854775807 - 1, end_max = -9223372036854775807 - 1; \
        UPDATE visits SET start_min = -9223372036854775807 - 1, start_max = -9223372036854775807 - 1, \
        end_min = -9223372036854775807 - 1, end_max = -9223372036854775807 - 1; \
        UPDATE leaders SET born_min = -9223372036854775807 - 1; UPDATE terms SET start_min = -9223372036854775807 - 1",
    ),
    (
        "days after all days",
        "UPDATE meetings SET start_min = 9223372036854775807, start_max = 9223372036854775807, \
        end_min = 9223372036854775807, end_max = 9223372036854775807; UPDATE visits SET end_max = 9223372036854775807; \
        UPDATE leaders SET born_max = 9223372036854775807; UPDATE journeys SET start_min = 9223372036854775807",
    ),
    (
        "days around the largest that can be written",
        "UPDATE meetings SET start_min = 2932894 + min(id, 5), \
        start_max = 2932894 + min(id, 5), end_min = 2932894 + min(id, 5), end_max = 2932894 + min(id, 5)",
    ),
    (
        "days of billions of years",
        "UPDATE meetings SET start_min = 1000000000000 * (id - 1000), start_max = 1000000000000 * id, \
        end_min = -1000000000000, end_max = 1000000000000000",
    ),
    (
        "days in the wrong order",
        "UPDATE meetings SET start_min = -5, start_max = 30000, end_min = 10000, end_max = 5; \
        UPDATE journeys SET start_min = start_min + 40000; UPDATE terms SET start_min = start_min + 99000",
    ),
    (
        "dates that are none",
        "UPDATE meetings SET date = 'yesterday' || char(27) || '[2J'; UPDATE visits SET date = '2024-99-99/..'; \
        UPDATE leaders SET born = '[[['; UPDATE terms SET start = '', \"end\" = '9999999999999999999'",
    ),
    (
        "words that are not in the vocabulary",
        "UPDATE meetings SET format = 'duel', status = char(27) || 'c'; \
        UPDATE participants SET role = 'spy'; UPDATE accounts SET status = 'rumour', kind = ''; UPDATE names SET kind = 'alias'; \
        UPDATE offices SET level = 'god'; UPDATE names SET noun = 'gods'; UPDATE coverage SET noun = 'gods'",
    ),
    (
        "truths that are neither",
        "UPDATE meetings SET disputed = 77; UPDATE terms SET acting = -1; UPDATE accounts SET preferred = 2",
    ),
    ("numbers without end", "UPDATE places SET latitude = 9e999, longitude = -9e999"),
    (
        "places in each other",
        "UPDATE places SET parent_id = id; DELETE FROM place_ancestors; \
        INSERT INTO place_ancestors SELECT a.id, b.id FROM places a, places b; UPDATE regions SET parent_id = id",
    ),
    (
        "accounts after each other",
        "DELETE FROM account_after; INSERT INTO account_after SELECT a.id, b.id FROM accounts a, accounts b",
    ),
    ("names of what is not there", "UPDATE names SET of_id = 123456789"),
    ("a text of a million", "UPDATE leaders SET remark = replace(hex(zeroblob(500000)), '00', 'ab') WHERE id = 2"),
    (
        "patterns for names",
        "UPDATE names SET text = replace(hex(zeroblob(2000)), '00', '%_'), folded = replace(hex(zeroblob(2000)), '00', '%_')",
    ),
    (
        "nobody and nothing",
        "DELETE FROM account_named; DELETE FROM account_after; DELETE FROM accounts; DELETE FROM participants; \
        DELETE FROM meeting_topics; DELETE FROM meeting_visits; DELETE FROM meetings; DELETE FROM visit_places; DELETE FROM visits; \
        DELETE FROM journeys; DELETE FROM coverage; DELETE FROM terms; DELETE FROM leaders; DELETE FROM names; DELETE FROM name_words",
    ),
];

/// What STRICT, NOT NULL, UNIQUE and the references forbid, written past them; or more than may be read.
const REFUSED: &[(&str, &str)] = &[
    ("visits that begin after their end", "UPDATE visits SET start_min = start_min + 40000"),
    (
        "a leader twice in a meeting",
        "UPDATE participants SET leader_id = 2; UPDATE participants SET meeting_id = 1 WHERE id <= 2",
    ),
    (
        "the last meeting before all others",
        "UPDATE meetings SET start_min = -900000 WHERE id = (SELECT max(id) FROM meetings)",
    ),
    (
        "participants of another meeting",
        "UPDATE participants SET meeting_id = 2 WHERE id = (SELECT max(id) FROM participants)",
    ),
    (
        "blobs for texts",
        "CREATE TEMP TABLE t AS SELECT sql FROM sqlite_schema WHERE name = 'leaders'; \
        UPDATE sqlite_schema SET sql = replace(sql, ') STRICT', ')') WHERE name = 'leaders'; PRAGMA writable_schema = RESET; \
        UPDATE leaders SET name = x'ff00ff', remark = x'1b5b324a'; PRAGMA writable_schema = 1; \
        UPDATE sqlite_schema SET sql = (SELECT sql FROM t) WHERE name = 'leaders'",
    ),
    (
        "numbers for texts",
        "CREATE TEMP TABLE t AS SELECT sql FROM sqlite_schema WHERE name = 'leaders'; \
        UPDATE sqlite_schema SET sql = replace(replace(sql, ') STRICT', ')'), '\"remark\" TEXT', '\"remark\"') WHERE name = 'leaders'; \
        PRAGMA writable_schema = RESET; UPDATE leaders SET remark = 5; PRAGMA writable_schema = 1; \
        UPDATE sqlite_schema SET sql = (SELECT sql FROM t) WHERE name = 'leaders'",
    ),
    (
        "texts for days",
        "CREATE TEMP TABLE t AS SELECT sql FROM sqlite_schema WHERE name = 'meetings'; \
        UPDATE sqlite_schema SET sql = replace(sql, ') STRICT', ')') WHERE name = 'meetings'; PRAGMA writable_schema = RESET; \
        UPDATE meetings SET start_min = 'soon', end_max = 'late'; PRAGMA writable_schema = 1; \
        UPDATE sqlite_schema SET sql = (SELECT sql FROM t) WHERE name = 'meetings'",
    ),
    (
        "texts for references",
        "CREATE TEMP TABLE t AS SELECT sql FROM sqlite_schema WHERE name = 'leaders'; \
        UPDATE sqlite_schema SET sql = replace(sql, ') STRICT', ')') WHERE name = 'leaders'; PRAGMA writable_schema = RESET; \
        UPDATE leaders SET country_id = 'nowhere'; PRAGMA writable_schema = 1; \
        UPDATE sqlite_schema SET sql = (SELECT sql FROM t) WHERE name = 'leaders'",
    ),
    (
        "nothing where something must be",
        "CREATE TEMP TABLE t AS SELECT sql FROM sqlite_schema WHERE name = 'leaders'; \
        UPDATE sqlite_schema SET sql = replace(sql, '\"name\" TEXT NOT NULL', '\"name\" TEXT') WHERE name = 'leaders'; \
        PRAGMA writable_schema = RESET; UPDATE leaders SET name = NULL; PRAGMA writable_schema = 1; \
        UPDATE sqlite_schema SET sql = (SELECT sql FROM t) WHERE name = 'leaders'",
    ),
    (
        "a key given twice",
        "CREATE TABLE more (key TEXT, value TEXT, PRIMARY KEY (key, value)) WITHOUT ROWID; \
        INSERT INTO more SELECT key, value FROM file; INSERT INTO more VALUES ('title', 'one'), ('title', 'two'); \
        UPDATE sqlite_schema SET rootpage = (SELECT rootpage FROM sqlite_schema WHERE name = 'more') WHERE name = 'file'; \
        DELETE FROM sqlite_schema WHERE name = 'more'; PRAGMA writable_schema = RESET; PRAGMA writable_schema = 1",
    ),
    ("a reference to nothing", "DELETE FROM countries WHERE id = 1"),
];

/// The seal itself.
const SEALS: &[(&str, &str, Outcome)] = &[
    (
        "a text that is too long to be read",
        "DELETE FROM file WHERE key = 'seal'; \
        UPDATE leaders SET remark = hex(zeroblob(32100000)) WHERE id = 2",
        Outcome::Refused("R405"),
    ),
    ("no seal", "DELETE FROM file WHERE key = 'seal'", Outcome::Unsealed),
    (
        "a seal in capitals",
        "DELETE FROM file WHERE key = 'seal'; INSERT INTO file VALUES ('SEAL', 'x')",
        Outcome::Unsealed,
    ),
    (
        "another's seal",
        "UPDATE file SET value = replace(value, substr(value, 1, 1), 'x') WHERE key = 'seal'",
        Outcome::Refused("R406"),
    ),
    ("an empty seal", "UPDATE file SET value = '' WHERE key = 'seal'", Outcome::Refused("R406")),
    ("half a seal", "UPDATE file SET value = substr(value, 1, 32) WHERE key = 'seal'", Outcome::Refused("R406")),
    ("a seal and a half", "UPDATE file SET value = value || value WHERE key = 'seal'", Outcome::Refused("R406")),
    ("a seal in large letters", "UPDATE file SET value = upper(value) WHERE key = 'seal'", Outcome::Refused("R406")),
    (
        "a seal that is no text",
        "UPDATE file SET value = CAST(x'ff' AS TEXT) WHERE key = 'seal'",
        Outcome::Refused("R406"),
    ),
    ("a seal of escapes", "UPDATE file SET value = char(27) || '[2J' WHERE key = 'seal'", Outcome::Refused("R406")),
    (
        "one letter changed under the seal",
        "UPDATE leaders SET name = name || '.' WHERE id = 3",
        Outcome::Refused("R406"),
    ),
    (
        "a row more under the seal",
        "INSERT INTO topics (key, label, name) VALUES ('x', 'x', 'x')",
        Outcome::Refused("R406"),
    ),
    (
        "two seals",
        "CREATE TABLE more (key TEXT, value TEXT, PRIMARY KEY (key, value)) WITHOUT ROWID; \
        INSERT INTO more SELECT key, value FROM file; INSERT INTO more VALUES ('seal', 'zzz'); \
        UPDATE sqlite_schema SET rootpage = (SELECT rootpage FROM sqlite_schema WHERE name = 'more') WHERE name = 'file'; \
        DELETE FROM sqlite_schema WHERE name = 'more'",
        Outcome::Refused("R405"),
    ),
];

/// Verified, and no question is answered: about which time would it be?
#[test]
fn a_file_without_a_day_of_its_own_answers_nothing() {
    for sql in [
        "DELETE FROM file WHERE key = 'reference_date'",
        "UPDATE file SET value = 'today' || char(27) || '[2J' WHERE key = 'reference_date'",
        "UPDATE file SET value = '99999999999-01-01' WHERE key = 'reference_date'",
        "UPDATE file SET value = '' WHERE key = 'reference_date'",
    ] {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("evil.db");
        (row("undated", sql, true, Outcome::Sealed).make)(&path);
        let session = Session::new(Database::open(&path).unwrap(), Settings::default());
        assert_eq!(session.err().map(|diagnostic| diagnostic.code), Some("R405"), "{sql}");
    }
}
