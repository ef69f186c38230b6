//! People who were made and may be somebody who is there already: a part of another's name, a spelling apart, or no
//! person at all. They are made, as was asked; whoever imports them is told, and how to decide otherwise.

use super::index::Index;
use super::targets::naming;
use crate::catalog::NounId;
use crate::dataset::records::Records;
use crate::value::text::{fold, sorted_words};
use std::collections::HashMap;

/// Spellings apart are sought for so many: it takes a while for each.
const SOUGHT: usize = 200;

/// Other kinds of things whose names nobody should have.
const OTHERS: [NounId; 3] = [NounId::Countries, NounId::Groups, NounId::Regions];

/// What is to be said of the leaders behind the first `before`.
pub fn alike(before: usize, records: &Records) -> Vec<String> {
    let name = naming(NounId::Leaders).unwrap_or("name");
    let names: Vec<&str> = records.of(NounId::Leaders).iter().map(|row| row.cell(name).unwrap_or("")).collect();
    let index = Index::named(records);
    let parts = Parts::of(&names);
    let mut said = Vec::new();
    for (at, text) in names.iter().enumerate().skip(before) {
        let made = at - before;
        if let Some(other) = OTHERS.iter().find(|noun| index.is_whole(**noun, text)) {
            said.push(format!("'{text}' is made a leader and is the name of a {}", other.noun().singular));
        } else if fold(text).chars().filter(|c| c.is_alphabetic()).count() < 2
            || PLACEHOLDERS.contains(&fold(text).as_str())
        {
            said.push(format!("'{text}' is made a leader and is hardly a name"));
        } else if let Some(other) = parts.other(at, &names) {
            said.push(decide(text, other));
        } else if made < SOUGHT
            && let Some(other) = index.nearest(NounId::Leaders, text).iter().find(|near| near.as_str() != *text)
        {
            said.push(decide(text, other));
        }
    }
    said
}

/// What stands in cells for nobody in particular.
const PLACEHOLDERS: [&str; 8] = ["tbc", "tba", "tbd", "n a", "unknown", "various", "others", "unbekannt"];

fn decide(text: &str, other: &str) -> String {
    format!("'{text}' is made beside '{other}'; if they are one, in [names.leaders]: \"{text}\" = \"{other}\"")
}

/// The words of all names, to find those that are part of others.
struct Parts {
    words: Vec<Vec<String>>,
    with: HashMap<String, Vec<usize>>,
}

impl Parts {
    fn of(names: &[&str]) -> Parts {
        let words: Vec<Vec<String>> = names
            .iter()
            .map(|text| sorted_words(&fold(text)).iter().map(|word| (*word).to_string()).collect())
            .collect();
        let mut with: HashMap<String, Vec<usize>> = HashMap::new();
        for (at, words) in words.iter().enumerate() {
            words.iter().for_each(|word| with.entry(word.clone()).or_default().push(at));
        }
        Parts { words, with }
    }

    /// Another name that has all words of this one, or has none but words of this one.
    fn other<'n>(&self, at: usize, names: &[&'n str]) -> Option<&'n str> {
        let own = self.words.get(at)?;
        let within = |one: &[String], other: &[String]| !one.is_empty() && one.iter().all(|word| other.contains(word));
        let sharing = own.iter().filter_map(|word| self.with.get(word)).flatten();
        let other = sharing.into_iter().find(|other| {
            let words = self.words.get(**other).map_or(&[][..], Vec::as_slice);
            **other != at && (within(own, words) || within(words, own))
        })?;
        names.get(*other).copied()
    }
}
