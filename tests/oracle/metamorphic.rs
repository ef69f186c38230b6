//! What must be so of any answers, whatever the data: no evaluator is needed to see that it is not.

use super::queries::{self, Asked};
use super::rng::Rng;
use super::statements::{answered, bound, parsed};
use super::{data, opened, session_on, show};
use bilat::answer::{Answer, Outcome};
use bilat::catalog::NounId;
use bilat::dataset;
use bilat::dataset::records::{Record, Records};
use bilat::plan::rules::{Chosen, RULES};
use bilat::session::Session;
use bilat::syntax::format;

/// Asks queries of several data sets; `holds` gives what is wrong, or whether it could be asked at all.
fn ask(count: usize, holds: impl Fn(&mut Session, &Asked, &Rng) -> Result<bool, String>) {
    let slow = std::env::var_os("SLOW").is_some();
    let (mut asked, mut wrong) = (0, Vec::new());
    for seed in 1..=if slow { 200 } else { 4 } {
        let rng = Rng::new(seed);
        let (mut session, _) = opened(&rng);
        for _ in 0..count {
            match holds(&mut session, &queries::asked(&rng), &rng) {
                Ok(possible) => asked += usize::from(possible),
                Err(what) => wrong.push(format!("seed {seed}: {what}")),
            }
        }
    }
    println!("{asked} asked");
    assert!(wrong.is_empty(), "{}\n{}", wrong.len(), wrong[..wrong.len().min(5)].join("\n"));
    assert!(asked >= count, "too few could be asked: {asked}");
}

/// The answer, where the text compiles.
fn answer(session: &Session, text: &str) -> Result<Option<Answer>, String> {
    if bound(text, &parsed(text), session).is_err() {
        return Ok(None);
    }
    answered(session, text).map(Some).map_err(|error| format!("{text}: {error}"))
}

fn rows(answer: &Answer) -> Vec<Vec<String>> {
    answer.rows.iter().map(|row| row.cells.iter().map(show).collect()).collect()
}

/// Every row of the one is one of the other, as often at most.
fn within(one: &Answer, other: &Answer) -> bool {
    let mut left = rows(other);
    rows(one).into_iter().all(|row| left.iter().position(|known| *known == row).map(|at| left.remove(at)).is_some())
}

impl Asked {
    fn from(&self) -> String {
        format!("FROM {}{}", self.noun.noun().name, self.phrases)
    }

    fn query(&self) -> String {
        format!("{} WHERE {}", self.from(), self.condition)
    }
}

#[test]
fn what_is_true_and_what_is_false_and_what_is_undecided_are_all() {
    ask(50, |session, asked, _| {
        let (from, condition) = (asked.from(), &asked.condition);
        // A condition on the status changes which rows there are to begin with.
        if condition.contains("status") {
            return Ok(false);
        }
        let Some(all) = answer(session, &from)? else { return Ok(false) };
        let Some(is) = answer(session, &format!("{from} WHERE ({condition})"))? else { return Ok(false) };
        let is_not = answer(session, &format!("{from} WHERE NOT ({condition})"))?.expect("NOT compiles too");
        let (is, is_not, all) = (is.closing, is_not.closing, all.closing);
        let undecided = is.count_possible - is.count;
        // What the phrases leave undecided is so in all three.
        let sure = is.count + is_not.count <= all.count;
        let possible =
            is.count_possible + is_not.count >= all.count && is.count + is_not.count + undecided >= all.count;
        let exactly = all.count != all.count_possible || is.count + is_not.count + undecided == all.count;
        if sure && possible && exactly {
            Ok(true)
        } else {
            Err(format!("{from} WHERE {condition}: {is:?}, {is_not:?}, {all:?}"))
        }
    });
}

#[test]
fn possibly_lets_in_what_is_undecided_and_certainly_keeps_it_out() {
    ask(40, |session, asked, _| {
        let (from, condition) = (asked.from(), &asked.condition);
        let Some(plain) = answer(session, &format!("{from} WHERE ({condition})"))? else { return Ok(false) };
        let ask = |word: &str| answer(session, &format!("{from} WHERE {word} ({condition})"));
        let (possibly, certainly) = (ask("POSSIBLY")?.expect("it compiles"), ask("CERTAINLY")?.expect("it compiles"));
        let rows = within(&certainly, &plain) && within(&plain, &possibly);
        let counts = certainly.closing.count == plain.closing.count;
        // What phrases leave undecided, and which journeys are ones of their own, POSSIBLY does not speak of.
        let alone = asked.phrases.is_empty() && asked.noun != NounId::Journeys;
        let counts = counts && (!alone || possibly.closing.count == plain.closing.count_possible);
        if rows && counts { Ok(true) } else { Err(format!("{from} WHERE {condition}")) }
    });
}

/// What is near an empty answer is said as far as there was time for it.
fn timeless(mut answer: Answer) -> Answer {
    for note in answer.closing.notes.iter_mut().filter(|note| note.starts_with("nothing is left")) {
        *note = note.split(';').next().unwrap_or_default().to_string();
    }
    answer
}

#[test]
fn rules_change_no_answer() {
    let slow = std::env::var_os("SLOW").is_some();
    for seed in 101..=if slow { 200 } else { 103 } {
        let rng = Rng::new(seed);
        let (mut session, _) = opened(&rng);
        for number in 0..60 {
            let text = queries::statement(&rng);
            let Some(with) = answer(&session, &text).unwrap() else { continue };
            // Without any, or without one of them in turn.
            session.settings.rules =
                if number % 2 == 0 { Chosen::None } else { Chosen::AllBut(number / 2 % RULES.len()) };
            session.settings.packed = number % 4 == 1;
            let without = answer(&session, &text).unwrap().expect("it compiled before");
            session.settings.packed = true;
            session.settings.rules = Chosen::All;
            assert_eq!(timeless(with), timeless(without), "seed {seed}: {text}");
        }
    }
}

#[test]
fn a_formatted_text_gets_the_same_answer() {
    let is_column = |word: &str| bilat::catalog::NOUNS.iter().any(|noun| noun.member(word).is_some());
    let slow = std::env::var_os("SLOW").is_some();
    for seed in 201..=if slow { 300 } else { 202 } {
        let rng = Rng::new(seed);
        let (session, _) = opened(&rng);
        for _ in 0..60 {
            let text = queries::statement(&rng);
            let Some(original) = answer(&session, &text).unwrap() else { continue };
            let formatted = format(&text, &is_column).unwrap_or_else(|mistakes| panic!("{text}: {mistakes:?}")).text;
            let other = answer(&session, &formatted).unwrap().unwrap_or_else(|| panic!("{formatted} compiles no more"));
            let outcome = |answer: &Answer| answer.verdict.as_ref().map(|verdict| verdict.outcome);
            let counts = |answer: &Answer| (answer.closing.count, answer.closing.count_possible);
            let same = rows(&original) == rows(&other) && counts(&original) == counts(&other);
            assert!(same && outcome(&original) == outcome(&other), "seed {seed}: {text}\n{formatted}");
        }
    }
}

#[test]
fn a_limit_shows_a_part_of_what_there_is() {
    ask(40, |session, asked, rng| {
        let descending = if rng.one_in(2) { " DESC" } else { "" };
        let text = format!("{} ORDER BY {}{descending}", asked.query(), asked.path);
        let Some(whole) = answer(session, &text)? else { return Ok(false) };
        let (count, offset) = (1 + rng.below(5), rng.below(3));
        let cut = answer(session, &format!("{text} LIMIT {count} OFFSET {offset}"))?.expect("it compiles");
        let expected: Vec<Vec<String>> = rows(&whole).into_iter().skip(offset).take(count).collect();
        if rows(&cut) == expected && cut.closing.count == whole.closing.count { Ok(true) } else { Err(text) }
    });
}

#[test]
fn the_counts_of_groups_are_those_of_the_rows() {
    ask(40, |session, asked, _| {
        let query = asked.query();
        let grouped = format!("SELECT {0}, count() {query} GROUP BY {0}", asked.path);
        let Some(whole) = answer(session, &query)? else { return Ok(false) };
        let Some(groups) = answer(session, &grouped)? else { return Ok(false) };
        let number = |row: Vec<String>| row[1].parse::<f64>().unwrap();
        let sum: f64 = rows(&groups).into_iter().map(number).sum();
        let possible = answer(session, &format!("SELECT count(), count_possible() {query}"))?.expect("it compiles");
        let counts: Vec<u64> = rows(&possible)[0].iter().map(|cell| cell.parse::<f64>().unwrap() as u64).collect();
        let agreed = sum == whole.closing.count as f64 && counts == [whole.closing.count, whole.closing.count_possible];
        if agreed { Ok(true) } else { Err(format!("{grouped}: {sum}, {counts:?}, {:?}", whole.closing)) }
    });
}

#[test]
fn a_named_query_is_the_query_itself() {
    ask(40, |session, asked, _| {
        let text = format!("{} ORDER BY {}", asked.query(), asked.path);
        let Some(itself) = answer(session, &text)? else { return Ok(false) };
        let named = [
            format!("LET them = {text}; FROM them"),
            format!("{text}; FROM last"),
            format!("SELECT count() {}; FROM last ORDER BY {}", asked.query(), asked.path),
            format!("LET them = {}; FROM them ORDER BY {}", asked.query(), asked.path),
            format!(
                "LET them = {}; LET those = FROM them WHERE {}; FROM those ORDER BY {}",
                asked.from(),
                asked.condition,
                asked.path
            ),
        ];
        for other in named {
            let answer = answer(session, &other)?.ok_or(format!("{other} compiles no more"))?;
            if rows(&answer) != rows(&itself) || answer.closing.count_possible != itself.closing.count_possible {
                return Err(other);
            }
        }
        Ok(true)
    });
}

#[test]
fn a_parameter_is_what_it_stands_for() {
    ask(20, |session, asked, rng| {
        let literals = [
            ("meetings", "WITH $p", format!("'{}'", rng.pick(data::LEADERS))),
            ("meetings", "IN $p", format!("'{}'", rng.pick(data::PLACES))),
            ("visits", "TO $p", format!("'{}'", rng.pick(data::COUNTRIES))),
            ("events", "SINCE $p", format!("2024-{:02}", 4 + rng.below(4))),
            ("meetings", "DURING $p", format!("event '{}'", rng.pick(data::EVENTS))),
            ("meetings", "WHERE place = $p", format!("'{}'", rng.pick(data::PLACES))),
            ("meetings", "WHERE date < $p", format!("2024-{:02}-11", 4 + rng.below(4))),
            ("visits", "WHERE duration > $p", rng.below(5).to_string()),
            ("visits", "LIMIT $p", (1 + rng.below(5)).to_string()),
            ("leaders", "WHERE MET $p", format!("'{}'", rng.pick(data::COUNTRIES))),
            ("leaders", "WHERE name LIKE $p", "'%a%'".to_string()),
        ];
        let (noun, rest, literal) = rng.pick(&literals);
        let text = format!("FROM {noun} {rest}");
        let plain = answer(session, &text.replace("$p", literal))?.expect("it compiles");
        let given = answer(session, &format!("LET $p = {literal}; {text}"))?.expect("it compiles");
        let _ = asked;
        if rows(&plain) == rows(&given) && plain.closing.count_possible == given.closing.count_possible {
            Ok(true)
        } else {
            Err(format!("{text} with {literal}"))
        }
    });
}

#[test]
fn a_claim_of_a_count_agrees_with_the_count() {
    ask(40, |session, asked, _| {
        let query = asked.query();
        // In a claim it says nothing that somebody met nobody: that is judged by the oracle itself.
        let unsaid = [
            "MET ",
            "VISITED ",
            "HOSTED ",
            "ATTENDED ",
            "EXISTS (",
            "NONE (",
            "topics",
            "ABOUT ",
            "visits",
            "meetings",
            "journeys",
        ];
        let conditions = query.split_once(" WHERE ").map_or("", |(_, conditions)| conditions);
        let of_an_event =
            conditions.contains("participants") || query.contains("FROM events") || query.contains(" ABOUT ");
        if of_an_event || unsaid.iter().any(|unsaid| conditions.contains(unsaid)) {
            return Ok(false);
        }
        let Some(whole) = answer(session, &query)? else { return Ok(false) };
        let (count, possible) = (whole.closing.count, whole.closing.count_possible);
        let outcome = |claim: String| -> Result<Outcome, String> {
            let answer = answer(session, &format!("ASSERT {claim}"))?.ok_or(format!("{claim} does not compile"))?;
            Ok(answer.verdict.expect("a claim gets a verdict").outcome)
        };
        // Where there is none, coverage has its say.
        if possible == 0 {
            return Ok(outcome(format!("count({query}) >= 0"))? == Outcome::Holds);
        }
        let exact = if count == possible { Outcome::Holds } else { Outcome::Undecided };
        for (claim, expected) in [
            (format!("count({query}) = {possible}"), exact),
            (format!("count({query}) >= {count}"), Outcome::Holds),
            (format!("count({query}) > {possible}"), Outcome::Fails),
            (format!("EXISTS ({query})"), if count > 0 { Outcome::Holds } else { Outcome::Undecided }),
            (format!("NONE ({query})"), if count > 0 { Outcome::Fails } else { Outcome::Undecided }),
        ] {
            let outcome = outcome(claim.clone())?;
            if outcome != expected {
                return Err(format!("{claim}: {outcome:?}, not {expected:?}"));
            }
        }
        Ok(true)
    });
}

/// Only participants have an order of their own, within a meeting.
#[test]
fn the_order_of_the_records_does_not_matter() {
    for seed in 1..=6 {
        let rng = Rng::new(seed);
        let records = data::records(&rng);
        let Ok(built) = dataset::build(&records) else { continue };
        let mut shuffled = Records { settings: records.settings.clone(), ..Records::default() };
        for (noun, rows) in &records.nouns {
            let mut rows: Vec<Record> = rows.clone();
            match noun {
                NounId::Participants => {
                    let turn = rng.below(100);
                    rows.sort_by_key(|row| (row.cell("meeting").map_or(0, |key| key.len() * 7 + turn) % 5, 0));
                }
                _ => {
                    for at in (1..rows.len()).rev() {
                        rows.swap(at, rng.below(at + 1));
                    }
                }
            }
            for (line, row) in (2..).zip(&mut rows) {
                row.place.line = line;
            }
            shuffled.nouns.insert(*noun, rows);
        }
        let other = dataset::build(&shuffled).expect("what could be built can be built in any order");
        if built.bytes != other.bytes {
            let (one, other) = (session_on(&records), session_on(&shuffled));
            for noun in bilat::catalog::NOUNS {
                let text = format!("SELECT * FROM {}", noun.name);
                let (one, other) = (answered(&one, &text).unwrap(), answered(&other, &text).unwrap());
                assert_eq!(rows(&one), rows(&other), "seed {seed}: {text}");
            }
            panic!("seed {seed}: the bytes differ, but no attribute does");
        }
    }
}
