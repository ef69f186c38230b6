//! Small mistakes: sentences with one or two terminals or characters changed. Some are sentences all the same.

use crate::oracle::rng::Rng;
use bilat::syntax::token::{Keyword, Symbol};

const TERMINALS: &[&str] = &[
    "x",
    "$x",
    "of",
    "according",
    "meetings",
    "group",
    "order",
    "'x'",
    "'2024-05'",
    "5",
    "2024",
    "1.5",
    "2024-05-16",
    "2025-W01",
];
/// What no sentence has.
const STRANGE: &[&str] = &[
    "'open",
    "\"",
    "/*",
    "$ x",
    "$1",
    "<>",
    "==",
    "2024-13",
    "2023-02-29",
    "16.5.2024",
    "2024-5",
    "“Xi”",
    "!",
    "5x",
    "[",
    "#",
    "99999999999999999999",
    "\u{0}",
];
const CHARACTERS: &[char] = &[
    ' ', '\n', '\'', '"', '(', ')', ',', ';', '.', '*', '+', '-', '/', '!', '=', '<', '>', '_', 'a', 's', 'A', 'é',
    '中', '0', '2', '9', '\u{301}', '\u{200d}', '👍', '»',
];

/// One or two terminals dropped, doubled, swapped, replaced or put in.
pub fn by_terminal(written: &[String], rng: &Rng) -> Vec<String> {
    let mut mutant = written.to_vec();
    for _ in 0..=usize::from(rng.one_in(4)) {
        let at = rng.below(mutant.len());
        match rng.below(5) {
            0 if mutant.len() > 1 => drop(mutant.remove(at)),
            1 => mutant.insert(at, mutant[at].clone()),
            2 if at > 0 => mutant.swap(at - 1, at),
            3 => mutant[at] = other(rng),
            _ => mutant.insert(at, other(rng)),
        }
    }
    mutant
}

fn other(rng: &Rng) -> String {
    match rng.below(8) {
        0..=2 => rng.pick(Keyword::ALL).text().to_string(),
        3..=4 => rng.pick(Symbol::ALL).text().to_string(),
        5..=6 => rng.pick(TERMINALS).to_string(),
        _ => rng.pick(STRANGE).to_string(),
    }
}

/// One or two characters dropped, doubled, replaced or put in.
pub fn by_character(text: &str, rng: &Rng) -> String {
    let mut mutant: Vec<char> = text.chars().collect();
    for _ in 0..=usize::from(rng.one_in(4)) {
        let at = rng.below(mutant.len());
        match rng.below(4) {
            0 if mutant.len() > 1 => drop(mutant.remove(at)),
            1 => mutant.insert(at, mutant[at]),
            2 => mutant[at] = *rng.pick(CHARACTERS),
            _ => mutant.insert(at, *rng.pick(CHARACTERS)),
        }
    }
    mutant.into_iter().collect()
}
