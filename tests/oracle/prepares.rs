//! Whatever the grammar allows and the names of the bundled file make sense of is SQL that SQLite takes: no statement ends
//! in a mistake of the program itself.

use super::data::*;
use super::features::Features;
use super::queries;
use super::rng::Rng;
use super::statements::{bound, parsed};
use bilat::answer::Answer;
use bilat::session::{RunError, Session, Settings};
use bilat::store::Database;
use std::time::Duration;

/// Names of the random data, and those of the bundled file that stand in for them.
fn stand_ins() -> Vec<(&'static str, &'static str)> {
    let lists: [(&[&str], &[&'static str]); 9] = [
        (OFFICES, &["President of Russia", "Prime Minister of India", "President of China", "President of Belarus"]),
        (LEADERS, &["Vladimir Putin", "Xi Jinping", "Viktor Orbán", "Narendra Modi", "Kim Jong Un", "Luis Arce"]),
        (PUBLICATIONS, &["the article", "TASS on Putin and Xi in Astana", "Sputnik on the state visit to China"]),
        (EVENTS, &["SCO summit", "BRICS summit", "Victory Day parade"]),
        (COUNTRIES, &["Russia", "China", "Belarus", "Kazakhstan", "Hungary"]),
        (REGIONS, &["Asia", "Europe", "Africa"]),
        (GROUPS, &["BRICS", "NATO"]),
        (PLACES, &["Astana", "Kremlin", "Beijing", "Minsk", "Hanoi"]),
        (TOPICS, &["Oil", "Arms purchases", "Peace initiative for Ukraine"]),
    ];
    lists.into_iter().flat_map(|(ours, theirs)| ours.iter().copied().zip(theirs.iter().copied())).collect()
}

fn translated(text: &str, names: &[(&'static str, &'static str)]) -> String {
    let mut text = text.to_string();
    for (ours, theirs) in names {
        for quoted in [format!("'{ours}'"), format!("\"{}\"", ours.to_uppercase())] {
            text = text.replace(&quoted, &format!("'{theirs}'"));
        }
        // A bare word stands after a keyword of a phrase, or before one.
        text = text.replace(&format!(" {ours}"), &format!(" '{theirs}'"));
        text = text.replace(&format!("({ours}"), &format!("('{theirs}'"));
    }
    text
}

#[test]
fn every_statement_that_compiles_runs_on_the_bundled_file() {
    let settings = Settings { timeout: Some(Duration::from_secs(2)), ..Settings::default() };
    let session = Session::new(Database::bundled().unwrap(), settings).unwrap();
    let names = stand_ins();
    let rng = Rng::new(crate::grammar::seed());
    let mut features = Features::default();
    let (mut ran, mut refused, mut late) = (0, 0, 0);
    let count = if crate::grammar::slow() { 5000 } else { 250 };
    for _ in 0..count {
        let text = translated(&queries::statement(&rng), &names);
        let script = parsed(&text);
        if bound(&text, &script, &session).is_err() {
            refused += 1;
            continue;
        }
        let prepared = session.compile(&text).unwrap_or_else(|mistakes| panic!("{text}: {mistakes:?}"));
        let mut answer = Answer::default();
        for statement in &prepared {
            match session.run(statement, &mut answer) {
                Err(RunError::Failed(diagnostic)) if diagnostic.code == "R499" => panic!("{text}: {diagnostic:?}"),
                Err(_) => late += 1,
                Ok(_) => {}
            }
        }
        features.of(&script);
        ran += 1;
    }
    println!("{ran} ran, {refused} refused, {late} without an answer in time");
    assert!(refused * 5 < count, "too many were refused: {refused}");
    let productions: Vec<String> = crate::grammar::grammar().productions.into_iter().map(|(name, _)| name).collect();
    let missing: Vec<String> = features.missing().into_iter().filter(|name| productions.contains(name)).collect();
    assert!(missing.is_empty(), "never met: {missing:?}");
}
