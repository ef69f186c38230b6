//! Random statements over random data, answered twice: by SQL, and by an evaluator over the records that knows no SQL.
//!
//! 2,000 by default, 100,000 with `SLOW=1`; `SEED=n` (`SEED=n..m`) runs the data sets of some seeds. How often every production of the
//! grammar, every function and every other way was taken is counted and printed; none may be left out.

pub mod data;
mod evaluate;
mod features;
mod metamorphic;
mod prepares;
pub mod queries;
pub mod rng;
mod statements;

use bilat::answer::{Answer, Cell, Outcome};
use bilat::bind::tree::{BoundConnect, BoundQuery, BoundStatement};
use bilat::dataset;
use bilat::plan::rules::{Chosen, RULES};
use bilat::session::{Session, Settings};
use bilat::store::Database;
use evaluate::{Expected, Truth, World};
use features::Features;
use rng::Rng;
use statements::{answered, bound, parsed};
use std::collections::BTreeSet;

/// So many statements are asked of one data set.
const STATEMENTS: usize = 50;

#[test]
fn random_statements_get_the_answer_that_plain_evaluation_gives() {
    let slow = std::env::var_os("SLOW").is_some();
    let seeds: Vec<u64> = match std::env::var("SEED") {
        Ok(seeds) => {
            let (first, last) = seeds.split_once("..").unwrap_or((&seeds, &seeds));
            let number = |text: &str| text.parse::<u64>().expect("SEED is a number, or two with '..' between");
            (number(first)..=number(last)).collect()
        }
        Err(_) => (1..=if slow { 2000 } else { 40 }).collect(),
    };
    // Each core takes every other data set.
    let threads = std::thread::available_parallelism().map_or(1, usize::from);
    let tallies: Vec<Tally> = std::thread::scope(|scope| {
        let begun: Vec<_> = (0..threads)
            .map(|own| {
                let seeds = seeds.iter().skip(own).step_by(threads);
                scope.spawn(move || seeds.map(|seed| ask(*seed)).fold(Tally::default(), Tally::with))
            })
            .collect();
        begun.into_iter().map(|thread| thread.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic))).collect()
    });
    let tally = tallies.into_iter().fold(Tally::default(), Tally::with);
    let Tally { features, differences, .. } = &tally;
    println!("seeds {}..={}: {}\n{}", seeds[0], seeds[seeds.len() - 1], tally.text(), features.table());
    assert!(
        differences.is_empty(),
        "{} differ:\n{}",
        differences.len(),
        differences[..differences.len().min(60)].join("\n")
    );
    if seeds.len() > 1 {
        let count = |what: &str| features.count(what);
        let asked = count("asked");
        assert!(asked >= seeds.len() * STATEMENTS * 9 / 10, "too few statements could be asked: {asked}");
        assert!(
            count("with rows") * 3 > asked && count("with undecided rows") * 12 > asked,
            "the statements ask for too little: {}",
            tally.text()
        );
        let verdicts = ["True", "False", "Undecided"].map(|verdict| count(&format!("verdict {verdict}")));
        assert!(verdicts.iter().all(|times| times * 12 > verdicts.iter().sum()), "verdicts lean: {verdicts:?}");
        assert!(features.missing().is_empty(), "never met: {:?}", features.missing());
    }
}

/// What came of the statements.
#[derive(Default)]
struct Tally {
    features: Features,
    differences: Vec<String>,
}

impl Tally {
    fn with(mut self, other: Tally) -> Tally {
        self.features.add(other.features);
        self.differences.extend(other.differences);
        self
    }

    fn text(&self) -> String {
        let kinds = [
            "asked",
            "refused",
            "with rows",
            "with undecided rows",
            "verdict True",
            "verdict False",
            "verdict Undecided",
            "coarse verdicts",
            "chains",
            "no chain",
        ];
        kinds.map(|kind| format!("{kind} {}", self.features.count(kind))).join(", ")
    }
}

/// Asks the statements of one data set.
fn ask(seed: u64) -> Tally {
    let rng = Rng::new(seed);
    let (mut session, world) = opened(&rng);
    let mut tally = Tally::default();
    let several = std::env::var_os("SLOW").is_some() || std::env::var_os("SEED").is_some();
    for number in 0..STATEMENTS {
        let Some((text, statement)) = statement(&rng, &session, &mut tally) else { continue };
        let expected = expectation(&world, &statement, &mut tally);
        tally.features.met("asked");
        // With the plan's rules, without, and without one of them in turn; all where there is time.
        let left_out = (usize::try_from(seed).unwrap_or(0) * STATEMENTS + number) / 4 % RULES.len();
        // From packed columns and by SQL alone.
        let ways = [(Chosen::All, true), (Chosen::None, false), (Chosen::All, false), (Chosen::AllBut(left_out), true)];
        for (rules, packed) in if several { &ways[..] } else { &ways[number % 4..=number % 4] } {
            session.settings.rules = *rules;
            session.settings.packed = *packed;
            let answer = answered(&session, &text);
            match answer.and_then(|answer| seen(&answer, &statement, &expected)) {
                Ok(true) => {}
                Ok(false) => tally.features.met("coarse verdicts"),
                Err(difference) => tally
                    .differences
                    .push(format!("seed {seed}, rules {rules:?}, packed {packed}: {text}\n{difference}")),
            }
        }
    }
    tally
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
        return (session_on(&records), World::new(model));
    }
}

fn session_on(records: &dataset::records::Records) -> Session {
    let built = dataset::build(records).expect("what can be derived can be built");
    let database = Database::from_bytes(&built.bytes, "random.db").expect("what was built can be opened");
    // However small it is.
    database.pack_from(0);
    Session::new(database, Settings::default()).expect("a session begins")
}

/// A random statement that compiles.
fn statement(rng: &Rng, session: &Session, tally: &mut Tally) -> Option<(String, BoundStatement)> {
    for _ in 0..20 {
        let text = queries::statement(rng);
        let script = parsed(&text);
        match bound(&text, &script, session) {
            Ok(statement) => {
                tally.features.of(&script);
                return Some((text, statement));
            }
            Err(mistakes) => {
                tally.features.met("refused");
                if std::env::var_os("REFUSED").is_some() {
                    println!("{text}\n    {:?}", mistakes.iter().map(|m| &m.message).collect::<Vec<_>>());
                }
            }
        }
    }
    None
}

/// What the evaluator says.
enum Expectation {
    Answer(Expected),
    Verdict(evaluate::Verdict),
    Chain(Option<Vec<evaluate::Link>>, [Vec<String>; 2]),
}

fn expectation(world: &World, statement: &BoundStatement, tally: &mut Tally) -> Expectation {
    match statement {
        BoundStatement::Query(query) => {
            let expected = world.answer(query);
            if !expected.rows.is_empty() {
                tally.features.met("with rows");
            }
            if expected.count != expected.count_possible {
                tally.features.met("with undecided rows");
            }
            Expectation::Answer(expected)
        }
        BoundStatement::Assert(assert) => {
            let verdict = world.judge(assert);
            tally.features.met(&format!("verdict {:?}", verdict.truth));
            Expectation::Verdict(verdict)
        }
        BoundStatement::Connect(connect) => {
            let (links, ends) = world.chain(connect);
            tally.features.met(if links.is_some() { "chains" } else { "no chain" });
            Expectation::Chain(links, ends)
        }
        other => panic!("no question: {other:?}"),
    }
}

/// Whether the program says the same (false where bounds alone leave open what is decided); else what it says instead.
fn seen(answer: &Answer, statement: &BoundStatement, expected: &Expectation) -> Result<bool, String> {
    match (statement, expected) {
        (BoundStatement::Query(query), Expectation::Answer(expected)) => {
            let seen = answer_of(answer, query);
            if seen == *expected { Ok(true) } else { Err(format!("expected {expected:?}\nseen     {seen:?}")) }
        }
        (_, Expectation::Verdict(verdict)) => verdict_of(answer, verdict),
        (BoundStatement::Connect(connect), Expectation::Chain(links, ends)) => {
            chain_of(answer, connect, links.as_deref(), ends).map(|()| true)
        }
        _ => panic!("an answer of another kind"),
    }
}

fn answer_of(answer: &Answer, query: &BoundQuery) -> Expected {
    let closing = &answer.closing;
    let titles = |numbers: &[usize]| -> BTreeSet<String> {
        numbers.iter().map(|number| closing.sources[number - 1].title.clone()).collect()
    };
    let rows = answer.rows.iter();
    let rows = rows.map(|row| (row.cells.iter().map(show).collect(), row.certain, titles(&row.sources))).collect();
    let noted = closing.notes.iter().find_map(|note| {
        let (count, rest) = note.split_once(" more ")?;
        (rest.starts_with("was not held") || rest.starts_with("were not held")).then(|| count.parse().unwrap())
    });
    let not_held = query.held.then(|| noted.unwrap_or(0));
    let heads = answer.head.as_ref().filter(|_| query.across);
    let heads = heads.map(|head| head.columns.iter().map(|column| column.name.clone()).collect());
    Expected { heads, rows, count: closing.count, count_possible: closing.count_possible, not_held }
}

fn verdict_of(answer: &Answer, expected: &evaluate::Verdict) -> Result<bool, String> {
    let verdict = answer.verdict.as_ref().expect("a claim gets a verdict");
    let truth = match verdict.outcome {
        Outcome::Holds => Truth::True,
        Outcome::Fails => Truth::False,
        Outcome::Undecided => Truth::Undecided,
    };
    if !expected.coarse.contains(&truth) {
        return Err(format!("expected {expected:?}\nseen     {verdict:?}"));
    }
    for (text, certain, possible) in &expected.counted {
        let finding = verdict.findings.iter().find(|finding| finding.text == *text);
        let finding = finding.ok_or_else(|| format!("no finding for {text}"))?;
        let all = finding.rows.len() as u64 + finding.more;
        let sure = finding.rows.iter().filter(|row| row.certain).count() as u64;
        if all != *possible || (finding.more == 0 && sure != *certain) {
            return Err(format!("{text}: {certain} surely, {possible} possibly; seen {finding:?}"));
        }
    }
    Ok(truth == expected.truth)
}

/// The same meetings, linked by people who took part in both.
fn chain_of(
    answer: &Answer,
    connect: &BoundConnect,
    links: Option<&[evaluate::Link]>,
    [from, to]: &[Vec<String>; 2],
) -> Result<(), String> {
    let cells: Vec<Vec<String>> = answer.rows.iter().map(|row| row.cells.iter().map(show).collect()).collect();
    let fails = |what: &str| Err(format!("{what}: expected {links:?}\nseen {cells:?}, {}", answer.closing.summary));
    let links = match links {
        None if cells.is_empty() && answer.closing.summary.starts_with("no chain") => return Ok(()),
        Some(links) if links.len() == cells.len() && !answer.closing.summary.starts_with("no chain") => links,
        _ => return fails("length"),
    };
    for (at, (link, row)) in links.iter().zip(&cells).enumerate() {
        let took_part = |name: &String| link.parties.contains(name);
        if row[3..] != link.cells[..] || !took_part(&row[1]) || !took_part(&row[2]) {
            return fails("link");
        }
        if at > 0 && cells[at - 1][2] != row[1] {
            return fails("who hands on");
        }
    }
    let ends = cells.first().zip(cells.last());
    match ends {
        Some((first, last)) if !from.contains(&first[1]) || !to.contains(&last[2]) => fails("ends"),
        Some(_) if connect.meetings.cite && answer.rows.iter().any(|row| row.sources.is_empty()) => Ok(()),
        _ => Ok(()),
    }
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
