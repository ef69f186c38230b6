//! Files whose schema is not ours: nothing in them may be looked at before that is seen.

use super::{Crafted, Outcome, run};
use crate::hostile::altered;

const REFUSED: Outcome = Outcome::Refused("R405");

/// What stands in place of a table that is hidden under another name.
const IN_PLACE: &str = "ALTER TABLE leaders RENAME TO hidden; ";

pub fn files() -> Vec<Crafted> {
    let by_sql = |name, sql| Crafted::by_sql(name, REFUSED, sql);
    let mut files = vec![
        by_sql("a view for a table calls a function", "ALTER TABLE leaders RENAME TO hidden; CREATE VIEW leaders AS \
            SELECT id, key, label, fetch(name) AS name, native_name, born, born_min, born_max, remark, country_id FROM hidden")
        .calling("SELECT name FROM leaders"),
        by_sql("a view for a table lies in plain SQL", "ALTER TABLE leaders RENAME TO hidden; CREATE VIEW leaders AS \
            SELECT id, key, 'Eve' AS label, 'Eve' AS name, native_name, born, born_min, born_max, remark, country_id FROM hidden"),
        by_sql("a view that never ends", "ALTER TABLE topics RENAME TO hidden; CREATE VIEW topics AS \
            WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n) SELECT x AS id, 'k' AS key, 'l' AS label FROM n"),
        by_sql("a view of a huge value", "ALTER TABLE topics RENAME TO hidden; CREATE VIEW topics AS \
            SELECT id, key, hex(zeroblob(400000000)) AS label FROM hidden"),
        by_sql("a view that loads a library", "ALTER TABLE topics RENAME TO hidden; CREATE VIEW topics AS \
            SELECT id, key, load_extension('/tmp/evil') AS label FROM hidden"),
        by_sql("a view over the list of functions", "CREATE VIEW more AS SELECT * FROM pragma_function_list"),
        by_sql("a view over the schema", "CREATE VIEW more AS SELECT fetch(sql) FROM sqlite_schema")
            .calling("SELECT * FROM more"),
        by_sql("a view over an array", "CREATE VIEW more AS SELECT fetch(value) FROM json_each('[1, 2, 3]')")
            .calling("SELECT * FROM more"),
        by_sql("one of our views calls a function", "DROP VIEW leaders_view; \
            CREATE VIEW leaders_view AS SELECT fetch(name) AS name FROM leaders")
        .calling("SELECT * FROM leaders_view"),
        by_sql("a trigger", "CREATE TRIGGER evil AFTER UPDATE ON leaders BEGIN SELECT fetch(new.name); END")
            .calling("UPDATE leaders SET remark = 'x'"),
        by_sql("a trigger on a view", "CREATE TRIGGER evil INSTEAD OF INSERT ON leaders_view BEGIN SELECT fetch(1); END")
            .calling("INSERT INTO leaders_view (key) VALUES ('x')"),
        by_sql("a generated column calls a function", "ALTER TABLE leaders ADD COLUMN evil TEXT AS (fetch(name))")
            .calling("SELECT evil FROM leaders"),
        by_sql("a generated column is huge", "ALTER TABLE leaders ADD COLUMN evil TEXT AS (printf('%.*c', 200000000, 'x'))"),
        by_sql("an index over a function", "CREATE INDEX evil ON leaders (fetch(name))")
            .calling("PRAGMA integrity_check"),
        by_sql("a partial index over a function", "CREATE INDEX evil ON leaders (name) WHERE fetch(name) > ''")
            .calling("PRAGMA integrity_check"),
        by_sql("a virtual table for a table", "ALTER TABLE topics RENAME TO hidden; \
            CREATE VIRTUAL TABLE topics USING fts5(key, label, name, remark)"),
        by_sql("a virtual table more", "CREATE VIRTUAL TABLE more USING fts5(x); INSERT INTO more VALUES ('word')"),
        by_sql("a virtual table of boxes", "CREATE VIRTUAL TABLE more USING rtree(id, low, high)"),
        by_sql("a damaged virtual table", "CREATE VIRTUAL TABLE more USING fts5(x); INSERT INTO more VALUES ('word'); \
            UPDATE more_data SET block = x'ffffffffffff'"),
        by_sql("a table more", "CREATE TABLE more (x)"),
        by_sql("a table less", "DROP TABLE visit_places"),
        by_sql("an index less", "DROP INDEX meetings_by_place_id"),
        by_sql("a column more", "ALTER TABLE leaders ADD COLUMN more TEXT"),
        by_sql("a renamed column", "ALTER TABLE leaders RENAME COLUMN remark TO remarks"),
        by_sql("an escape in the name of a table", "CREATE TABLE \"x\u{1b}[2J\u{1b}]0;evil\u{7}\" (x)"),
        by_sql("an escape in the name of a column", "ALTER TABLE leaders RENAME COLUMN remark TO \"\u{1b}[31mremark\""),
        by_sql("an escape in the name of an index", "CREATE INDEX \"\u{9b}2J\u{202e}\" ON leaders (name)"),
        by_sql("statistics", "ANALYZE"),
        by_sql("statistics that lie", "ANALYZE; UPDATE sqlite_stat1 SET stat = '1 1 1 noskipscan unordered sz=99999999'"),
        by_sql("numbers that go on", "CREATE TABLE more (id INTEGER PRIMARY KEY AUTOINCREMENT); DROP TABLE more"),
        by_sql("a statement twice", "INSERT INTO sqlite_schema SELECT * FROM sqlite_schema WHERE name = 'leaders'"),
        by_sql("a statement of the schema under another table",
            "UPDATE sqlite_schema SET tbl_name = 'visits' WHERE name = 'meetings_by_place_id'"),
    ];
    files.extend(texts());
    files.extend(roots());
    files.push(
        Crafted::new("views that double thirty times", REFUSED, |path| {
            altered(path, |connection| {
                run(connection, "v0", "CREATE VIEW v0 AS SELECT fetch(1) AS x");
                for number in 1..=30 {
                    let before = number - 1;
                    run(connection, "v", &format!("CREATE VIEW v{number} AS SELECT a.x FROM v{before} a, v{before} b"));
                }
                run(connection, "place", IN_PLACE);
                run(connection, "leaders", "CREATE VIEW leaders AS SELECT x AS id FROM v30");
            });
        })
        .calling("SELECT * FROM v3"),
    );
    files
}

/// The text of a statement, written over: name, table, what in it, by what.
fn texts() -> Vec<Crafted> {
    let edits: [(&str, &str, &str, Option<&str>); 9] = [
        (
            "a check calls a function",
            "replace(sql, '\"remark\" TEXT', '\"remark\" TEXT CHECK (fetch(1))')",
            "leaders",
            Some("PRAGMA integrity_check"),
        ),
        (
            "a default calls a function",
            "replace(sql, '\"remark\" TEXT', '\"remark\" TEXT DEFAULT (fetch(1))')",
            "topics",
            Some("INSERT INTO topics (key, label, name) VALUES ('a', 'b', 'c')"),
        ),
        ("a type is another", "replace(sql, '\"remark\" TEXT', '\"remark\" BLOB')", "leaders", None),
        ("a table that is not strict", "replace(sql, ') STRICT', ')')", "leaders", None),
        ("a text of the schema is huge", "sql || '/*' || hex(zeroblob(3000000)) || '*/'", "leaders", None),
        ("a text of the schema is none", "'CREATE TABLE'", "leaders", None),
        ("a text of the schema has NUL", "sql || char(0) || ' evil'", "leaders", None),
        (
            "a column with a name that is no text",
            "CAST(replace(CAST(sql AS BLOB), CAST('remark' AS BLOB), x'72ff6d61726b') AS TEXT)",
            "leaders",
            None,
        ),
        ("a part of an index for the whole", "sql || ' WHERE \"id\" < 3'", "meetings_by_place_id", None),
    ];
    let made = edits.into_iter().map(|(name, to, of, naive)| {
        let file = Crafted::new(name, REFUSED, move |path| {
            let sql = format!("UPDATE sqlite_schema SET sql = {to} WHERE name = '{of}'");
            altered(path, |connection| run(connection, name, &sql));
        });
        naive.into_iter().fold(file, Crafted::calling)
    });
    let no_text = Crafted::by_sql(
        "a table with a name that is no text",
        REFUSED,
        "CREATE TABLE more (x); UPDATE sqlite_schema SET name = CAST(x'ff1b5b32ff' AS TEXT) WHERE name = 'more'",
    );
    made.chain([no_text]).collect()
}

/// Where the pages of tables begin: every text is ours, and they lead elsewhere.
fn roots() -> Vec<Crafted> {
    let edits: [(&str, &str, &str); 8] = [
        ("two tables with one root", "leaders", "(SELECT rootpage FROM sqlite_schema WHERE name = 'topics')"),
        ("a table rooted in the schema", "topics", "1"),
        ("a table rooted nowhere", "topics", "0"),
        ("a table rooted behind the end", "topics", "999999"),
        ("a table with a negative root", "topics", "-5"),
        ("a table rooted in an index", "topics", "(SELECT rootpage FROM sqlite_schema WHERE name = 'names_by_words')"),
        (
            "an index rooted in a table",
            "meetings_by_place_id",
            "(SELECT rootpage FROM sqlite_schema WHERE name = 'meetings')",
        ),
        ("a root that is a text", "topics", "'evil'"),
    ];
    let made = edits.into_iter().map(|(name, of, root)| {
        Crafted::new(name, REFUSED, move |path| {
            let sql = format!("UPDATE sqlite_schema SET rootpage = {root} WHERE name = '{of}'");
            altered(path, |connection| run(connection, name, &sql));
        })
    });
    let swapped = Crafted::by_sql(
        "two indexes with each other's root",
        REFUSED,
        "CREATE TEMP TABLE r AS SELECT name, rootpage FROM sqlite_schema \
            WHERE name IN ('meetings_by_place_id', 'meetings_by_event_id'); \
         UPDATE sqlite_schema SET rootpage = (SELECT rootpage FROM r WHERE r.name != sqlite_schema.name) \
            WHERE name IN (SELECT name FROM r)",
    );
    made.chain([swapped]).collect()
}
