//! How long it takes to parse, bind and translate usual queries, names looked up in the bundled file.
//!
//! `cargo bench --bench compile`. Each figure is the median of 21 rounds of 2,000 (after a warm-up round); beside it
//! stands what SQLite itself needs to prepare the SQL that comes out, in the same round.

use bilat::bind::tree::BoundStatement;
use bilat::session::{Session, Settings};
use bilat::store::Database;
use bilat::{bind, plan, sql, syntax};
use std::hint::black_box;
use std::time::Instant;

const QUERIES: &[&str] = &[
    "SELECT count() FROM meetings",
    "SELECT date, counterparts, place FROM meetings WITH Putin SINCE 2024-05-07",
    "FROM meetings WITH Putin AND 'Xi Jinping' CITE",
    "SELECT host_country, count() FROM meetings WITH Putin SINCE 2024-05-07 GROUP BY host_country ORDER BY count() DESC",
    "FROM visits BY Putin TO (China)",
];
const ROUNDS: usize = 21;
const TIMES: u32 = 2_000;

fn main() {
    let session =
        Session::new(Database::bundled().expect("the bundled file opens"), Settings::default()).expect("a session");
    println!("{:>10} {:>10}  query", "compile µs", "prepare µs");
    for text in QUERIES.iter().filter(|text| session.compile(text).is_ok()) {
        translate(&session, text);
        let statement = translate(&session, text);
        let mut compile = Vec::new();
        let mut prepare = Vec::new();
        for _ in 0..ROUNDS {
            compile.push(micros(|| drop(black_box(translate(&session, text)))));
            prepare.push(micros(|| session.database().prepare(&statement).expect("it can be prepared")));
        }
        println!("{:>10.1} {:>10.1}  {text}", median(compile), median(prepare));
    }
}

fn translate(session: &Session, text: &str) -> sql::SqlQuery {
    let script = syntax::parse(text);
    let bound = bind::bind(text, &script.statements[0].value, session.database()).expect("it compiles");
    let BoundStatement::Query(query) = bound else { panic!("only queries are measured") };
    let mut plan = plan::lower::plan(&query, session.reference());
    plan::rules::apply(&mut plan);
    sql::translate(&plan.rows)
}

fn micros(what: impl Fn()) -> f64 {
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
