//! What an index finds holds all that the tests of texts find, whatever the texts; a damaged one finds nothing or that.

use super::build::Builder;
use super::form::Place;
use super::index::Index;
use super::wanted::Wanted;
use crate::value::text::{Pattern, fold_pattern};
use std::collections::BTreeSet;
use std::io::Write;

/// Numbers that look like chance, the same each time.
struct Dice(u64);

impl Dice {
    fn below(&mut self, end: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % end
    }

    fn text(&mut self, pieces: &[&str], most: usize) -> String {
        (0..self.below(most + 1)).map(|_| pieces[self.below(pieces.len())]).collect()
    }
}

/// Letters of several scripts with and without accents, marks alone, separators, wildcards, and what folds to several.
const PIECES: &[&str] = &[
    "a", "b", "ab", "aa", "B", "É", "e\u{301}", "\u{301}", "ß", "ﬁ", "İ", "ø", "Ж", "й", "習", "近平", "김", "한", "ع",
    "1", "²", "42", " ", " ", "  ", "-", "'", "’", ".", "%", "_", "\\", "\u{200d}", "😀", "\0",
];

const TEXTS: usize = 300;
const PATTERNS: usize = 1_000;

fn texts(dice: &mut Dice) -> Vec<String> {
    (0..TEXTS).map(|_| dice.text(PIECES, 12)).collect()
}

fn written(texts: &[String]) -> Vec<u8> {
    let mut builder = Builder::default();
    for (id, text) in (1..).zip(texts) {
        // Ids have holes.
        assert!(builder.add(id * 3, text));
    }
    builder.end(texts.len() as u32 * 3 + 2);
    let mut bytes = Vec::new();
    assert!(builder.write(&mut bytes).unwrap());
    bytes
}

/// A test of texts (folded before), what it wants, and the rows that pass.
fn asked(dice: &mut Dice, texts: &[String]) -> (String, Wanted, BTreeSet<i64>) {
    let part = fold_pattern(&dice.text(PIECES, 6));
    let rows = |passes: &dyn Fn(&str) -> bool| {
        (1..).zip(texts).filter(|(_, text)| passes(text)).map(|(id, _)| id * 3).collect()
    };
    if dice.below(2) == 0 {
        return (format!("contains {part:?}"), Wanted::contained(&part), rows(&|text| text.contains(&part)));
    }
    let part = ["%", "", "_"][dice.below(3)].to_string() + &part + ["%", "", "_"][dice.below(3)];
    let pattern = Pattern::new(&part);
    (format!("like {part:?}"), Wanted::like(&part), rows(&|text| pattern.matches(text)))
}

#[test]
fn what_is_found_holds_all_that_pass_and_nothing_else_where_it_says_so() {
    let mut dice = Dice(1);
    let texts = texts(&mut dice);
    let bytes = written(&texts);
    let folded: Vec<String> = texts.iter().map(|text| fold_pattern(text)).collect();
    let mut file = tempfile::tempfile().unwrap();
    file.write_all(&bytes).unwrap();
    let (of_file, of_bytes) = (Index::read(Place::File(file)).unwrap(), Index::read(Place::Memory(bytes)).unwrap());
    let (mut narrowed, mut exact) = (0, 0);
    for _ in 0..PATTERNS {
        let (name, wanted, passing) = asked(&mut dice, &folded);
        let found = of_bytes.find(&wanted).map(|found| (found.rows.ids(), found.exact));
        assert_eq!(of_file.find(&wanted).map(|found| (found.rows.ids(), found.exact)), found, "{name}");
        let Some((rows, alone)) = found else { continue };
        let rows: BTreeSet<i64> = rows.into_iter().collect();
        assert!(rows.is_superset(&passing), "{name}: {passing:?} {rows:?}");
        assert!(!alone || rows == passing, "{name}: {passing:?} {rows:?}");
        narrowed += usize::from(rows.len() < TEXTS / 2);
        exact += usize::from(alone && !passing.is_empty());
    }
    assert!(narrowed > PATTERNS / 3 && exact > PATTERNS / 30, "{narrowed} {exact}");
}

#[test]
fn a_damaged_index_is_none_or_finds_the_same() {
    let mut dice = Dice(2);
    let texts = texts(&mut dice);
    let bytes = written(&texts);
    let folded: Vec<String> = texts.iter().map(|text| fold_pattern(text)).collect();
    let questions: Vec<_> = (0..20).map(|_| asked(&mut dice, &folded)).collect();
    let whole = Index::read(Place::Memory(bytes.clone())).unwrap();
    let found = |index: &Index, wanted: &Wanted| index.find(wanted).map(|found| (found.rows.ids(), found.exact));
    let mut refused = 0;
    for _ in 0..400 {
        let mut torn = bytes.clone();
        match dice.below(4) {
            0 => torn.truncate(dice.below(bytes.len())),
            1 => torn.push(0),
            2 => {
                let at = dice.below(bytes.len());
                torn[at..].fill(0);
            }
            _ => {
                let at = dice.below(bytes.len());
                torn[at] ^= 1 << dice.below(8);
            }
        }
        let Some(index) = Index::read(Place::Memory(torn)) else {
            refused += 1;
            continue;
        };
        for (name, wanted, _) in &questions {
            let now = found(&index, wanted);
            assert!(now.is_none() || now == found(&whole, wanted), "{name}");
        }
    }
    assert!(refused > 200, "{refused}");
}

#[test]
fn rows_out_of_order_and_beyond_measure_are_not_indexed() {
    for ids in [&[0][..], &[-1], &[2, 2], &[2, 1], &[1 << 32]] {
        let mut builder = Builder::default();
        assert!(!ids.iter().all(|id| builder.add(*id, "word")), "{ids:?}");
    }
    let mut bytes = Vec::new();
    assert!(Builder::default().write(&mut bytes).unwrap());
    let empty = Index::read(Place::Memory(bytes)).unwrap();
    assert_eq!(empty.find(&Wanted::contained("word")).map(|found| found.rows.ids()), Some(Vec::new()));
}
