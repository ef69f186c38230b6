//! The nearest known words to one that is not known.

use crate::value::text::fold;
use strsim::damerau_levenshtein;

/// So many suggestions are made at most.
pub const MOST: usize = 3;

/// Up to three of `known` that are near `word`, nearest first; none if nothing is near.
///
/// Near means a few slips of the finger for the length of the word, or that one begins with the other. Case and
/// accents do not count.
pub fn nearest<'a>(word: &str, known: impl IntoIterator<Item = &'a str>) -> Vec<&'a str> {
    let mut near: Vec<&str> = Vec::new();
    for (candidate, ()) in ranked(word, known.into_iter().map(|candidate| (candidate, ()))) {
        if near.len() < MOST && !near.contains(&candidate) {
            near.push(candidate);
        }
    }
    near
}

/// All of `known` that are near `word`, nearest first, each with what comes along with it.
pub fn ranked<'a, T>(word: &str, known: impl IntoIterator<Item = (&'a str, T)>) -> Vec<(&'a str, T)> {
    let word = fold(word);
    let length = word.chars().count();
    let near = known
        .into_iter()
        .filter_map(|(candidate, about)| Some((distance(&word, length, &fold(candidate))?, candidate, about)));
    let mut near: Vec<(usize, &str, T)> = near.collect();
    near.sort_by_key(|(distance, ..)| *distance);
    // What is a slip further away than the nearest only distracts from it.
    let furthest = near.first().map_or(0, |(distance, ..)| distance + 1);
    near.retain(|(distance, ..)| *distance <= furthest);
    near.into_iter().map(|(_, candidate, about)| (candidate, about)).collect()
}

/// How far a folded candidate is from a folded word, if it is near at all.
fn distance(word: &str, length: usize, candidate: &str) -> Option<usize> {
    let other = candidate.chars().count();
    let allowed = match length.max(other) {
        0..=4 => 1,
        5..=8 => 2,
        longest => longest / 3,
    };
    if length >= 3 && candidate.starts_with(word) {
        return Some(1);
    }
    if other >= 3 && word.starts_with(candidate) {
        return Some(3);
    }
    if length.abs_diff(other) > allowed {
        return None;
    }
    // Two slips in a word of three letters leave nothing of it: codes are near only to what is nearly them.
    let allowed = if length.min(other) <= 3 { 1 } else { allowed };
    let distance = damerau_levenshtein(word, candidate);
    // Each slip weighs more than a word not typed to its end, and two more than letters too many at its end.
    (distance <= allowed && distance < length.max(other)).then_some(2 * distance)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slips_are_near_and_other_words_are_not() {
        let nouns = ["meetings", "leaders", "events", "journeys"];
        assert_eq!(nearest("meetigns", nouns), ["meetings"]);
        assert_eq!(nearest("meeting", nouns), ["meetings"]);
        assert_eq!(nearest("Putim", ["Putin", "Xi", "Modi"]), ["Putin"]);
        assert_eq!(nearest("Put", ["AUT", "PT", "Putin"]), ["Putin", "AUT", "PT"]);
        assert!(nearest("elephant", nouns).is_empty());
        assert!(nearest("", nouns).is_empty());
    }
}
