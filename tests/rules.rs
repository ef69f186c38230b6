//! Each rewrite rule by a query whose SQL it changes: that without it and that with it are kept in `tests/golden/rules.txt`,
//! which `UPDATE=1` rewrites. The answers are the same.

use bilat::answer::Answer;
use bilat::plan::rules::{Chosen, RULES};
use bilat::session::{Session, Settings};
use bilat::store::Database;
use std::path::Path;

/// A query for each rule, in their order.
const QUERIES: &[(&str, &str)] = &[
    ("drop-unused-columns", "SELECT year(date), count() FROM meetings GROUP BY year(date)"),
    ("drop-unused-joins", "SELECT place, count() FROM meetings GROUP BY place"),
    ("semi-join", "SELECT name FROM leaders WHERE MET 'Xi Jinping'"),
    ("days-as-ids", "SELECT date FROM meetings DURING 2023"),
    ("led-by-party", "SELECT date FROM meetings WITH China"),
    ("by-date-from-one-end", "SELECT date FROM meetings ORDER BY date DESC LIMIT 3"),
    ("lists-as-they-come", "SELECT date, participants FROM meetings"),
];

fn answer(session: &Session, text: &str) -> Answer {
    let prepared = session.compile(text).unwrap_or_else(|mistakes| panic!("{text}: {mistakes:?}"));
    let mut answer = Answer::default();
    session.run(&prepared[0], &mut answer).unwrap_or_else(|error| panic!("{text}: {error:?}"));
    answer
}

/// The SQL of a query's rows and of its closing lines.
fn sql(session: &Session, query: &str) -> String {
    let prepared = session.compile(query).unwrap_or_else(|mistakes| panic!("{query}: {mistakes:?}"));
    session.sql_texts(&prepared[0]).collect::<Vec<_>>().join("\n")
}

#[test]
fn each_rule_changes_the_sql_and_no_answer() {
    let mut session = Session::new(Database::bundled().unwrap(), Settings::default()).unwrap();
    // What is computed beside the SQL is another matter.
    session.settings.packed = false;
    let mut text = String::new();
    for (position, rule) in RULES.iter().enumerate() {
        let query = QUERIES.iter().find(|(name, _)| *name == rule.name);
        let (_, query) = query.unwrap_or_else(|| panic!("no query for {}", rule.name));
        let mut seen = [Chosen::AllBut(position), Chosen::All].map(|rules| {
            session.settings.rules = rules;
            (sql(&session, query), answer(&session, query))
        });
        let [(without, one), (with, other)] = &mut seen;
        assert_ne!(without, with, "{}: {query}", rule.name);
        assert_eq!(one, other, "{}: {query}", rule.name);
        text += &format!("{}: {}\n{query}\n\nwithout\n{without}\n\nwith\n{with}\n\n\n", rule.name, rule.help);
    }
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden/rules.txt");
    if std::env::var_os("UPDATE").is_some() {
        std::fs::write(&path, &text).unwrap();
    }
    assert_eq!(std::fs::read_to_string(&path).unwrap_or_default(), text, "UPDATE=1 and git diff show the difference");
}
