//! Good mapping files, changed at random: right or refused with a place in the file or the table.
//!
//! `SLOW=1` tries 100,000 instead of 2,000; `SEED=n` begins elsewhere.

use super::taking::{filled, mappings, options, said, small, tables, text};
use crate::grammar::{seed, slow};
use crate::oracle::rng::Rng;
use bilat::dataset::derived;
use bilat::dataset::import::guess;
use bilat::dataset::import::mapping::Mapping;
use bilat::dataset::import::take::take;
use bilat::store::Progress;
use std::panic::{AssertUnwindSafe, catch_unwind};

const PIECES: &[&str] = &[
    "\"",
    "'",
    "{",
    "}",
    "[",
    "]",
    "=",
    "\n",
    ",",
    ".",
    "#",
    "*",
    "\\",
    "\\u0000",
    "{id}",
    "{}",
    "\"\"",
    "true",
    "2024",
    "2024-07-10",
    "row",
    "[columns]",
    "[new.places]",
    "[names.leaders]",
    "split",
    "titles = true",
    "value = \"putin\"",
    "é",
    "習",
    "\u{202e}",
    "\0",
    "(*)",
    "anchor",
    "within = true",
    "order = \"day first\"",
    "places",
    "meetings",
    "events",
];

/// One to four changes: characters out, pieces in, parts of the file twice or away.
fn changed(text: &str, rng: &Rng) -> String {
    let mut chars: Vec<char> = text.chars().collect();
    for _ in 0..=rng.below(4) {
        let at = rng.below(chars.len() + 1);
        let end = (at + rng.below(12)).min(chars.len());
        match rng.below(5) {
            0 => drop(chars.drain(at..end)),
            1 | 2 => drop(chars.splice(at..at, rng.pick(PIECES).chars())),
            3 => drop(chars.splice(at..end, rng.pick(PIECES).chars())),
            _ => {
                let part: Vec<char> = chars[at..end].to_vec();
                let to = rng.below(chars.len() + 1);
                chars.splice(to..to, part);
            }
        }
    }
    chars.into_iter().collect()
}

#[test]
fn changed_mapping_files_are_right_or_refused_with_a_place() {
    let base = small();
    let samples: Vec<(String, String)> = ["us-travels", "meetings-sheet", "wikipedia-trips"]
        .iter()
        .map(|name| {
            (text(&mappings().join(format!("{name}-sample.csv"))), text(&mappings().join(format!("{name}.toml"))))
        })
        .collect();
    let options = options(&["leaders", "places", "countries"]);
    let (mut right, mut refused) = (0, 0);
    let first = seed();
    for seed in first..first + if slow() { 100_000 } else { 2_000 } {
        let rng = Rng::new(seed);
        let (table, mapping) = rng.pick(&samples);
        let mapping = changed(mapping, &rng);
        let tried = catch_unwind(AssertUnwindSafe(|| {
            let read = Mapping::read(&mapping)?;
            let taken = take(&base, &tables("table.csv", table), Some(&read), &options, &Progress::default())?;
            derived(&taken.records).map(|_| ())
        }));
        match tried.unwrap_or_else(|_| panic!("SEED={seed}\n{mapping}")) {
            Ok(()) => right += 1,
            Err(mistakes) => {
                refused += 1;
                assert!(!mistakes.is_empty(), "SEED={seed}");
                for mistake in &mistakes {
                    let in_mapping = mistake.span.is_some_and(|span| mapping.get(span.range()).is_some());
                    assert!(
                        in_mapping || mistake.message.starts_with("table.csv:"),
                        "SEED={seed} {:?}\n{mapping}",
                        said(&mistakes)
                    );
                }
            }
        }
    }
    assert!(right > 100 && refused > 100, "{right} right, {refused} refused");
}

#[test]
fn a_mapping_is_guessed_for_any_table() {
    let base = small();
    for seed in 0..if slow() { 5_000 } else { 100 } {
        let rng = Rng::new(seed);
        let table = changed(&text(&mappings().join("meetings-sheet-sample.csv")), &rng);
        let Ok(read) = super::tables("table.csv", table.as_bytes()) else { continue };
        let guessed = filled(&guess::mapping(&read, &base));
        let mapping = Mapping::read(&guessed).unwrap_or_else(|mistakes| panic!("{:?}\n{guessed}", said(&mistakes)));
        let misfits: Vec<_> = read.iter().take(1).flat_map(|table| mapping.fits(&table.file, &table.columns)).collect();
        assert!(misfits.is_empty(), "{:?}\n{guessed}", said(&misfits));
    }
}
