//! How good messages are: queries that are right get one mistake each, and the messages about it are judged.
//!
//! A mutant that still compiles is counted and left alone. Of the others it is asked:
//!
//! - **place**: the first message's span touches the place of the mistake ([`mutations::Mutant::places`]) with one of its
//!   ends or from within; a span that begins before and ends behind the place is right too, if it is no longer than
//!   [`WIDEST`] tokens.
//! - **offer**: among the first three things that the messages offer is the one that mends it. Offers are the patch, then
//!   the suggestions, then what "could stand here", of one message after the other. A patch mends if the mended text has
//!   the tokens of the original; a suggestion also if what was taken away stands in it; a listed word if it is what was
//!   taken away, or says its kind ("a name").
//! - **few**: two messages at most.
//!
//! The table: `cargo test --test all -- score --nocapture`; with `SLOW=1` of every mutant instead of some, with
//! `SHOW=place`, `SHOW=offer`, `SHOW=few` or `SHOW=` and a kind what failed. The figures, in whole percent rounded down,
//! are kept in `score.txt`; none may fall, and `UPDATE=1` raises them. Where the corpus is another than the one that was
//! judged then, a fall of [`SLACK`] percent is laid to it, and `UPDATE=1` writes what is.

pub mod corpus;
mod judge;
mod mutations;

use crate::grammar::slow;
use crate::oracle::rng::Rng;
use bilat::session::{Session, Settings};
use bilat::store::Database;
use corpus::Query;
use judge::{Verdict, judge};
use mutations::{KINDS, Mutant};
use std::collections::BTreeMap;
use std::fmt::Write;
use std::path::{Path, PathBuf};

/// A span round a mistake is no longer than so many tokens.
const WIDEST: usize = 8;

/// So many percent may be due to new queries.
const SLACK: u32 = 4;

/// So many queries are mutated, each once in each kind, if not all are.
const SOME: usize = 50;

/// What came of the mutants of one kind.
#[derive(Default)]
struct Score {
    mutants: usize,
    still_right: usize,
    place: usize,
    /// Of how many it was asked.
    offers: usize,
    offer: usize,
    few: usize,
}

impl Score {
    fn add(&mut self, verdict: &Verdict) {
        self.place += usize::from(verdict.place);
        self.offers += usize::from(verdict.offer.is_some());
        self.offer += usize::from(verdict.offer == Some(true));
        self.few += usize::from(verdict.few);
    }

    fn mistakes(&self) -> usize {
        self.mutants - self.still_right
    }

    /// The figures with their names, in whole percent, and exactly.
    fn figures(&self) -> [(&'static str, f64); 3] {
        let percent = |part: usize, whole: usize| if whole == 0 { 100.0 } else { 100.0 * part as f64 / whole as f64 };
        [
            ("place", percent(self.place, self.mistakes())),
            ("offer", percent(self.offer, self.offers)),
            ("few", percent(self.few, self.mistakes())),
        ]
    }
}

/// The kinds with their scores, and all together.
fn scores(
    session: &Session,
    queries: &[Query],
    most: usize,
    mut failed: impl FnMut(&Mutant, &Verdict),
) -> Vec<(String, Score)> {
    let mut scores: Vec<(String, Score)> = KINDS.map(|kind| (kind.to_string(), Score::default())).into();
    let mut all = Score::default();
    for query in queries {
        // Each query has a seed of its own, so that a new one changes nothing for the others.
        let seed = corpus::mixed(query.text.bytes());
        for mutant in mutations::mutants(query, most, &Rng::new(seed)) {
            let score = &mut scores.iter_mut().find(|(kind, _)| kind == mutant.kind).expect("a known kind").1;
            let verdict = judge(session, query, &mutant);
            for score in [score, &mut all] {
                score.mutants += 1;
                match &verdict {
                    None => score.still_right += 1,
                    Some(verdict) => score.add(verdict),
                }
            }
            if let Some(verdict) = verdict.filter(|verdict| !verdict.good()) {
                failed(&mutant, &verdict);
            }
        }
    }
    scores.push(("all".to_string(), all));
    scores
}

fn table(scores: &[(String, Score)]) -> String {
    let mut table = format!(
        "{:10} {:>8} {:>12} {:>9} {:>7} {:>7} {:>7}\n",
        "mistake", "mutants", "still right", "mistakes", "place", "offer", "few"
    );
    for (kind, score) in scores {
        let _ = write!(table, "{kind:10} {:>8} {:>12} {:>9}", score.mutants, score.still_right, score.mistakes());
        score.figures().iter().for_each(|(_, figure)| write!(table, " {figure:>6.1}%").unwrap());
        table.push('\n');
    }
    table
}

fn path() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/messages/score.txt")
}

/// What `score.txt` holds: of each run the seal of its corpus, and lines of the run, the kind and its figures.
#[derive(Default)]
struct Kept {
    corpus: BTreeMap<String, String>,
    figures: BTreeMap<(String, String), [u32; 3]>,
}

impl Kept {
    fn read() -> Kept {
        let mut kept = Kept::default();
        let text = std::fs::read_to_string(path()).unwrap_or_default();
        for line in text.lines().filter(|line| !line.starts_with('#')) {
            match &line.split_whitespace().collect::<Vec<_>>()[..] {
                ["corpus", run, seal] => drop(kept.corpus.insert(run.to_string(), seal.to_string())),
                [run, kind, figures @ ..] => {
                    let figures: Vec<u32> = figures.iter().map(|figure| figure.parse().expect("a number")).collect();
                    let figures = figures.try_into().expect("three figures");
                    kept.figures.insert((run.to_string(), kind.to_string()), figures);
                }
                _ => panic!("score.txt: {line}"),
            }
        }
        kept
    }

    fn write(&self) {
        let mut text = format!("# {:5} {:10} place offer few: see mod.rs\n", "run", "mistake");
        self.corpus.iter().for_each(|(run, seal)| writeln!(text, "corpus {run} {seal}").unwrap());
        for ((run, kind), [place, offer, few]) in &self.figures {
            writeln!(text, "{run:7} {kind:10} {place:5} {offer:5} {few:3}").unwrap();
        }
        std::fs::write(path(), text).unwrap();
    }
}

#[test]
fn the_score_of_the_messages_does_not_fall() {
    let session = Session::new(Database::bundled().unwrap(), Settings::default()).unwrap();
    let (run, most, count) = if slow() { ("whole", usize::MAX, usize::MAX) } else { ("some", 1, SOME) };
    let queries = corpus::some(corpus::queries(&session), count);
    let show = std::env::var("SHOW").ok();
    let scores = scores(&session, &queries, most, |mutant, verdict| {
        if show.as_ref().is_some_and(|show| verdict.fails_in(show) || show == mutant.kind) {
            println!("{} {verdict:?}\n{}\n{}", mutant.kind, mutant.text, verdict.messages);
        }
    });
    println!("{}", table(&scores));
    let mut kept = Kept::read();
    let corpus = corpus::seal(&queries);
    let known = kept.corpus.insert(run.to_string(), corpus.clone());
    let slack = if known == Some(corpus) { 0 } else { SLACK };
    let mut fallen = Vec::new();
    for (kind, score) in &scores {
        let known = kept.figures.entry((run.to_string(), kind.clone())).or_default();
        for ((name, figure), known) in score.figures().into_iter().zip(known) {
            let percent = figure.floor() as u32;
            if percent + slack < *known {
                fallen.push(format!("{kind}, {name}: {figure:.1} %, and it was {known} %"));
            }
            *known = if slack == 0 { percent.max(*known) } else { percent };
        }
    }
    if std::env::var_os("UPDATE").is_some() && fallen.is_empty() {
        kept.write();
    }
    assert!(scores.last().is_some_and(|(_, all)| all.mistakes() > 200), "too few mistakes were made");
    assert!(fallen.is_empty(), "{}", fallen.join("\n"));
}
