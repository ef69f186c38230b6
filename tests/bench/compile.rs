//! How long it takes to parse, bind and translate usual queries, names looked up in the bundled file.
//!
//! `cargo bench --bench compile`. Each figure is the median of 21 rounds of 2,000 (after a warm-up round), in
//! microseconds; beside the whole stand its stages, and what SQLite itself needs to prepare the SQL that comes out.

use bilat::bind::tree::{BoundQuery, BoundStatement};
use bilat::plan::Plan;
use bilat::plan::rules::{Chosen, Stage};
use bilat::session::{Session, Settings};
use bilat::store::Database;
use bilat::syntax::Script;
use bilat::{bind, plan, sql, syntax};
use std::hint::black_box;
use std::time::Instant;

const QUERIES: &[&str] = &[
    "SELECT count() FROM meetings",
    "FROM visits BY Putin DURING 2024",
    "SELECT date, counterparts, place FROM meetings WITH Putin SINCE 2024-05-07",
    "FROM meetings WITH Putin AND 'Xi Jinping' CITE",
    "SELECT host_country, count() FROM meetings WITH Putin SINCE 2024-05-07 GROUP BY host_country ORDER BY count() DESC",
    "SELECT counterparts.country.region, count() FROM meetings WITH Putin GROUP BY counterparts.country.region",
    "FROM leaders WHERE MET Putin SINCE 2024-05 AND NOT MET Zelenskyy",
    "SELECT date, gap() FROM meetings WITH Putin ACCORDING TO 'the article'",
];
const ROUNDS: usize = 21;
const TIMES: u32 = 2_000;

fn main() {
    let session =
        Session::new(Database::bundled().expect("the bundled file opens"), Settings::default()).expect("a session");
    println!("{:>8} {:>8} {:>8} {:>8} {:>8} {:>10}  query", "parse", "bind", "plan", "write", "whole", "prepare");
    for text in QUERIES {
        let script = syntax::parse(text);
        let query = bound(&session, text, &script);
        let planned = lowered(&session, &query);
        let statement = sql::translate(&planned.rows);
        let stages: [&dyn Fn(); 6] = [
            &|| drop(black_box(syntax::parse(text))),
            &|| drop(black_box(bound(&session, text, &script))),
            &|| drop(black_box(lowered(&session, &query))),
            &|| drop(black_box(sql::translate(&planned.rows))),
            &|| {
                let script = syntax::parse(text);
                drop(black_box(sql::translate(&lowered(&session, &bound(&session, text, &script)).rows)));
            },
            &|| session.database().prepare(&statement).expect("it can be prepared"),
        ];
        let mut figures: [Vec<f64>; 6] = Default::default();
        for round in 0..=ROUNDS {
            for (stage, figures) in stages.iter().zip(&mut figures) {
                let figure = micros(stage);
                figures.extend((round > 0).then_some(figure));
            }
        }
        let [parse, bind, plan, write, whole, prepare] = figures.map(median);
        println!("{parse:>8.1} {bind:>8.1} {plan:>8.1} {write:>8.1} {whole:>8.1} {prepare:>10.1}  {text}");
    }
}

fn bound(session: &Session, text: &str, script: &Script) -> BoundQuery {
    match bind::bind(text, &script.statements[0].value, session.database(), &bind::Frame::default())
        .expect("it compiles")
    {
        BoundStatement::Query(query) => query,
        other => panic!("only queries are measured: {other:?}"),
    }
}

fn lowered(session: &Session, query: &BoundQuery) -> Plan {
    let mut plan = plan::lower::plan(query, session.reference());
    for stage in [Stage::Tidying, Stage::Shaping] {
        plan::rules::apply(&mut plan.rows, Chosen::All, stage);
    }
    plan
}

fn micros(what: &dyn Fn()) -> f64 {
    let begun = Instant::now();
    for _ in 0..TIMES {
        what();
    }
    begun.elapsed().as_secs_f64() * 1e6 / f64::from(TIMES)
}

fn median(mut figures: Vec<f64>) -> f64 {
    figures.sort_by(f64::total_cmp);
    figures[figures.len() / 2]
}
