//! Every name of the records in memory, found as queries find them.
//!
//! In goes a text, out comes the row that it names: as a whole name, then the same words in any order, then words
//! contained in one name. Names that are made while a table is read are found whole or by the same words only: which
//! part of which name was meant would depend on the order of the rows.

use super::targets::naming;
use crate::catalog::{NOUNS, NounId};
use crate::dataset::model::subject;
use crate::dataset::records::{Record, Records};
use crate::dataset::write::own_names;
use crate::suggest::{Form, MOST, ranked_forms};
use crate::value::text::Text;
use crate::value::text::{fold, sorted_words};
use std::cell::OnceCell;
use std::collections::HashMap;

/// The names of all nouns.
#[derive(Debug, Default)]
pub struct Index {
    nouns: HashMap<NounId, Names>,
}

/// The names of one noun; rows are positions among its records.
#[derive(Debug, Default)]
struct Names {
    whole: HashMap<String, Vec<usize>>,
    words: HashMap<String, Vec<usize>>,
    /// The names that each word stands in.
    parts: HashMap<String, Vec<usize>>,
    all: Vec<(String, usize)>,
    /// The forms in which names are sought that are spelt otherwise, once they are.
    forms: OnceCell<Vec<(Form, String, usize)>>,
    keys: HashMap<Text, usize>,
    /// The country of each row, for places.
    countries: HashMap<usize, String>,
}

/// What a text names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Found {
    Nothing,
    One { row: usize, how: How },
    Several(Vec<usize>),
}

/// How a name was recognised.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum How {
    Whole,
    Words,
    Part,
}

impl Index {
    /// The names that records have of themselves, and those of `names.csv`.
    pub fn of(records: &Records) -> Index {
        let mut index = Index::named(records);
        for noun in NOUNS.iter().filter(|noun| !noun.named) {
            let keys = records.of(noun.id).iter().enumerate().map(|(at, record)| (record.key.clone(), at));
            index.noun(noun.id).keys = keys.collect();
        }
        index
    }

    /// The same for nouns alone whose rows are found by name.
    pub fn named(records: &Records) -> Index {
        let mut index = Index::default();
        for noun in NOUNS.iter().filter(|noun| noun.named) {
            for (at, record) in records.of(noun.id).iter().enumerate() {
                let names = index.noun(noun.id);
                names.keys.insert(record.key.clone(), at);
                for (_, text, _) in own_names(noun, &record.key, |name| record.cell(name)) {
                    names.add(text, at, true);
                }
            }
        }
        for record in records.nouns.get(&NounId::Names).into_iter().flatten() {
            let of = record.cell("of").and_then(subject);
            let Some((text, (noun, key))) = record.cell("text").zip(of) else { continue };
            if let Some(at) = index.key(noun, key) {
                index.noun(noun).add(text, at, true);
            }
        }
        index.place(records);
        index
    }

    /// A row that was made just now.
    pub fn add(&mut self, noun: NounId, at: usize, record: &Record) {
        let names = self.noun(noun);
        names.keys.insert(record.key.clone(), at);
        if let Some(text) = naming(noun).and_then(|name| record.cell(name)) {
            names.add(text, at, false);
        }
        if let Some(country) = record.cell("country").filter(|_| noun == NounId::Places) {
            names.countries.insert(at, country.to_string());
        }
    }

    /// The row with that key.
    pub fn key(&self, noun: NounId, key: &str) -> Option<usize> {
        self.nouns.get(&noun)?.keys.get(key).copied()
    }

    /// The country of the place with that key.
    pub fn country_of_place(&self, key: &str) -> Option<&str> {
        let places = self.nouns.get(&NounId::Places)?;
        places.countries.get(places.keys.get(key)?).map(String::as_str)
    }

    /// What a text names among the rows of a noun; a place inside a country, if one is given.
    pub fn find(&self, noun: NounId, text: &str, within: Option<&str>) -> Found {
        let Some(names) = self.nouns.get(&noun) else { return Found::Nothing };
        let folded = fold(text);
        let words = sorted_words(&folded);
        if words.is_empty() {
            return Found::Nothing;
        }
        let inside = |row: &usize| within.is_none_or(|country| names.lies_in(*row, country));
        for how in [How::Whole, How::Words, How::Part] {
            let mut rows: Vec<usize> = match how {
                How::Whole => names.whole.get(&folded).cloned().unwrap_or_default(),
                How::Words => names.words.get(&words.join(" ")).cloned().unwrap_or_default(),
                How::Part => names.containing(&words),
            };
            rows.retain(inside);
            rows.sort_unstable();
            rows.dedup();
            match rows.as_slice() {
                [] => {}
                [row] => return Found::One { row: *row, how },
                _ => return Found::Several(rows),
            }
        }
        Found::Nothing
    }

    /// Whether a text is the whole name of a row.
    pub fn is_whole(&self, noun: NounId, text: &str) -> bool {
        self.nouns.get(&noun).is_some_and(|names| names.whole.contains_key(&fold(text)))
    }

    /// The nearest names, each of another row.
    pub fn nearest(&self, noun: NounId, text: &str) -> Vec<String> {
        let Some(names) = self.nouns.get(&noun) else { return Vec::new() };
        let forms = names.forms.get_or_init(|| names.forms());
        let forms = forms.iter().map(|(form, text, row)| (form, text.as_str(), *row));
        let (mut near, mut seen): (Vec<String>, Vec<usize>) = (Vec::new(), Vec::new());
        for (form, row) in ranked_forms(text, forms) {
            if near.len() < MOST && !seen.contains(&row) && !near.iter().any(|known| known == form) {
                near.push(form.to_string());
            }
            seen.push(row);
        }
        near
    }

    /// Every name of a noun.
    pub fn names(&self, noun: NounId) -> impl Iterator<Item = &str> {
        self.nouns.get(&noun).into_iter().flat_map(|names| names.all.iter().map(|(text, _)| text.as_str()))
    }

    fn noun(&mut self, noun: NounId) -> &mut Names {
        self.nouns.entry(noun).or_default()
    }

    /// Notes the country of every place: its own, or that of what it is in.
    fn place(&mut self, records: &Records) {
        let Some(places) = records.nouns.get(&NounId::Places) else { return };
        let above = |record: &Record| record.cell("parent").and_then(|key| self.key(NounId::Places, key));
        let country = |at: usize| {
            let chain = std::iter::successors(places.get(at), |record| above(record).and_then(|at| places.get(at)));
            // What is part of itself is for the build to refuse.
            chain.take(places.len()).find_map(|record| record.cell("country")).map(str::to_string)
        };
        let countries = (0..places.len()).filter_map(|at| Some((at, country(at)?))).collect();
        self.noun(NounId::Places).countries = countries;
    }
}

impl Names {
    fn add(&mut self, text: &str, row: usize, by_part: bool) {
        let folded = fold(text);
        let words = sorted_words(&folded);
        if words.is_empty() {
            return;
        }
        self.words.entry(words.join(" ")).or_default().push(row);
        for word in words.iter().filter(|_| by_part) {
            self.parts.entry((*word).to_string()).or_default().push(self.all.len());
        }
        self.all.push((text.to_string(), row));
        self.forms.take();
        self.whole.entry(folded).or_default().push(row);
    }

    /// Every name, and every word of those that have several: of a single word a slip is most often.
    fn forms(&self) -> Vec<(Form, String, usize)> {
        let forms = self.all.iter().flat_map(|(name, row)| {
            let words = name.split(' ').filter(|word| word.chars().count() > 2 && name.contains(' '));
            std::iter::once(name.as_str()).chain(words).map(|form| (Form::of(fold(form)), form.to_string(), *row))
        });
        forms.collect()
    }

    /// The rows that have a name with all these words.
    fn containing(&self, words: &[&str]) -> Vec<usize> {
        let mut lists: Vec<&Vec<usize>> = Vec::new();
        for word in words {
            match self.parts.get(*word) {
                Some(list) => lists.push(list),
                None => return Vec::new(),
            }
        }
        // Each list is in order: names were numbered as they came.
        lists.sort_by_key(|list| list.len());
        let Some((shortest, others)) = lists.split_first() else { return Vec::new() };
        let everywhere = shortest.iter().filter(|name| others.iter().all(|list| list.binary_search(name).is_ok()));
        everywhere.filter_map(|name| self.all.get(*name)).map(|(_, row)| *row).collect()
    }

    fn lies_in(&self, row: usize, country: &str) -> bool {
        self.countries.get(&row).is_none_or(|own| own == country)
    }
}
