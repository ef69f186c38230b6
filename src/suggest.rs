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
    let word = Form::of(fold(word));
    let near = known.into_iter().map(|(text, about)| (word.distance(&Form::of(fold(text))), text, about));
    sifted(near)
}

/// The same among texts whose forms are known already.
pub fn ranked_forms<'a, T>(word: &str, known: impl IntoIterator<Item = (&'a Form, &'a str, T)>) -> Vec<(&'a str, T)> {
    let word = Form::of(fold(word));
    sifted(known.into_iter().map(|(form, text, about)| (word.distance(form), text, about)))
}

fn sifted<'a, T>(all: impl Iterator<Item = (Option<usize>, &'a str, T)>) -> Vec<(&'a str, T)> {
    let near = all.filter_map(|(distance, text, about)| Some((distance?, text, about)));
    let mut near: Vec<(usize, &str, T)> = near.collect();
    near.sort_by_key(|(distance, ..)| *distance);
    // What is a slip further away than the nearest only distracts from it.
    let furthest = near.first().map_or(0, |(distance, ..)| distance + 1);
    near.retain(|(distance, ..)| *distance <= furthest);
    near.into_iter().map(|(_, candidate, about)| (candidate, about)).collect()
}

/// A folded text with what tells quickly that another is far from it.
#[derive(Clone, Debug, Default)]
pub struct Form {
    folded: String,
    length: usize,
    /// How many of its characters fall to each of so many heaps.
    heaps: [u8; HEAPS],
}

const HEAPS: usize = 32;

impl Form {
    pub fn of(folded: String) -> Form {
        let mut form = Form { folded, ..Form::default() };
        for c in form.folded.chars() {
            form.length += 1;
            let heap = form.heaps.get_mut(c as usize % HEAPS);
            heap.into_iter().for_each(|count| *count = count.saturating_add(1));
        }
        form
    }

    /// How far a candidate is from a word, if it is near at all.
    fn distance(&self, candidate: &Form) -> Option<usize> {
        let (length, other) = (self.length, candidate.length);
        let allowed = match length.max(other) {
            0..=4 => 1,
            5..=8 => 2,
            longest => longest / 3,
        };
        if length >= 3 && candidate.folded.starts_with(&self.folded) {
            return Some(1);
        }
        if other >= 3 && self.folded.starts_with(&candidate.folded) {
            return Some(3);
        }
        if length.abs_diff(other) > allowed {
            return None;
        }
        // Two slips in a word of three letters leave nothing of it: codes are near only to what is nearly them.
        let allowed = if length.min(other) <= 3 { 1 } else { allowed };
        if self.at_least(candidate) > allowed {
            return None;
        }
        let distance = damerau_levenshtein(&self.folded, &candidate.folded);
        // Each slip weighs more than a word not typed to its end, and two more than letters too many at its end.
        (distance <= allowed && distance < length.max(other)).then_some(2 * distance)
    }

    /// So many slips lie between two texts at least: each takes one letter, brings one, or both.
    fn at_least(&self, other: &Form) -> usize {
        let pairs = || self.heaps.iter().zip(&other.heaps);
        let more = pairs().map(|(one, other)| usize::from(one.saturating_sub(*other))).sum::<usize>();
        more.max(pairs().map(|(one, other)| usize::from(other.saturating_sub(*one))).sum())
    }
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
