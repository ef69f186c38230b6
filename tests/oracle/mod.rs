//! Random queries over random data, answered twice: by SQL, and by an evaluator over the records that knows no SQL.
//!
//! 500 by default, 20,000 with `SLOW=1`; `SEED=n` runs the data set of one seed. Answers with and without the plan's
//! rewrite rules are compared besides.

pub mod data;
mod evaluate;
pub mod queries;
pub mod rng;

use bilat::answer::{Answer, Cell};
use bilat::bind::tree::{BoundQuery, BoundStatement};
use bilat::dataset;
use bilat::session::{Session, Settings};
use bilat::store::Database;
use bilat::syntax;
use evaluate::{Expected, World};
use rng::Rng;

const QUERIES_PER_SEED: usize = 25;

#[test]
fn random_queries_get_the_answer_that_plain_evaluation_gives() {
    let slow = std::env::var_os("SLOW").is_some();
    let seeds: Vec<u64> = match std::env::var("SEED") {
        Ok(seed) => vec![seed.parse().expect("SEED is a number")],
        Err(_) => (1..=if slow { 800 } else { 20 }).collect(),
    };
    let (mut asked, mut refused, mut with_rows, mut undecided) = (0, 0, 0, 0);
    for seed in &seeds {
        let rng = Rng::new(*seed);
        let (mut session, world) = opened(&rng);
        for _ in 0..QUERIES_PER_SEED {
            let Some((text, query)) = bound(&rng, &session, &mut refused) else { continue };
            let expected = world.answer(&query);
            asked += 1;
            with_rows += usize::from(!expected.rows.is_empty());
            undecided += usize::from(expected.count != expected.count_possible);
            for rules in [true, false] {
                session.settings.rules = rules;
                let answer = answered(&session, &text);
                assert_eq!(seen(&answer, &query), expected, "seed {seed}, rules {rules}: {text}");
            }
        }
    }
    println!(
        "{asked} queries over seeds {}..={}: {with_rows} with rows, {undecided} with undecided rows, {refused} refused",
        seeds[0],
        seeds[seeds.len() - 1]
    );
    if seeds.len() > 1 {
        assert!(asked >= seeds.len() * QUERIES_PER_SEED * 9 / 10, "too few queries could be asked: {asked}");
        assert!(
            with_rows * 3 > asked && undecided * 12 > asked,
            "the queries ask for too little: {with_rows}, {undecided}"
        );
    }
}

/// A session on random data.
pub fn session(rng: &Rng) -> Session {
    opened(rng).0
}

/// Random records as a file and as a model; those that contradict themselves are thrown again.
fn opened(rng: &Rng) -> (Session, World) {
    loop {
        let records = data::records(rng);
        let Ok(model) = dataset::derived(&records) else { continue };
        let built = dataset::build(&records).expect("what can be derived can be built");
        let database = Database::from_bytes(&built.bytes, "random.db").expect("what was built can be opened");
        let session = Session::new(database, Settings::default()).expect("a session begins");
        return (session, World::new(model));
    }
}

/// A random query that compiles.
fn bound(rng: &Rng, session: &Session, refused: &mut usize) -> Option<(String, BoundQuery)> {
    for _ in 0..20 {
        let text = queries::query(rng);
        let script = syntax::parse(&text);
        assert!(script.diagnostics.is_empty(), "{text}: {:?}", script.diagnostics);
        match bilat::bind::bind(&text, &script.statements[0].value, session.database(), &bilat::bind::Frame::default())
        {
            Ok(BoundStatement::Query(query)) => return Some((text, query)),
            Ok(other) => panic!("{other:?}"),
            Err(_) => *refused += 1,
        }
    }
    None
}

fn answered(session: &Session, text: &str) -> Answer {
    let prepared = session.compile(text).expect("it was bound before");
    let mut answer = Answer::default();
    if let Err(error) = session.run(&prepared[0], &mut answer) {
        panic!("{text}: {error:?}");
    }
    answer
}

fn seen(answer: &Answer, query: &BoundQuery) -> Expected {
    let rows = answer.rows.iter().map(|row| (row.cells.iter().map(show).collect(), row.certain)).collect();
    let closing = &answer.closing;
    let noted = closing.notes.iter().find_map(|note| {
        let (count, rest) = note.split_once(" more ")?;
        (rest.starts_with("was not held") || rest.starts_with("were not held")).then(|| count.parse().unwrap())
    });
    let not_held = query.held.then(|| noted.unwrap_or(0));
    Expected { rows, count: closing.count, count_possible: closing.count_possible, not_held }
}

fn show(cell: &Cell) -> String {
    match cell {
        Cell::Unknown => "∅".to_string(),
        Cell::Text(text) => text.clone(),
        Cell::Integer(number) => format!("{:.6}", *number as f64),
        Cell::Number(number) => format!("{number:.6}"),
        Cell::Range(low, high) => format!("{low}..{high}"),
        Cell::Boolean(truth) => format!("{:.6}", f64::from(u8::from(*truth))),
        Cell::Date(date) => date.text.clone(),
        Cell::Period(period) => period.to_string(),
        Cell::List(items) => format!("[{}]", items.iter().map(show).collect::<Vec<_>>().join("|")),
    }
}
