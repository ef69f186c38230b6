//! Checked records: every reference a position, every date its bounds, every word one of its vocabulary.

use super::parallel;
use super::records::{Record, Records, is_key, near_keys};
use super::slots::{Slots, Text};
use crate::catalog::{Absent, Attribute, Kind, Link, NOUNS, NounId, Via};
use crate::diagnostic::Diagnostic;
use crate::diagnostic::data::{self, Place};
use crate::store::Progress;
use crate::suggest::nearest;
use crate::value::date::{Day, VagueDate};
use std::collections::{BTreeMap, HashMap};

/// A row on its way into the file.
#[derive(Clone, Debug, Default)]
pub struct Entry {
    pub key: Text,
    pub place: Place,
    /// Attributes by name: words, numbers and dates as text, `yes` for a boolean.
    pub text: Slots<Text>,
    pub dates: Slots<VagueDate>,
    /// To-one links by name: positions in the other noun's rows.
    pub one: Slots<usize>,
    pub many: Slots<Vec<usize>>,
    /// Foreign identifiers: scheme and value.
    pub identifiers: Vec<(String, String)>,
    pub label: Text,
}

/// All rows of all nouns.
#[derive(Clone, Debug, Default)]
pub struct Model {
    /// By the numbers of their nouns.
    rows: Vec<Vec<Entry>>,
    pub settings: BTreeMap<String, String>,
    pub queries: BTreeMap<String, String>,
    /// The day as of which an open end means "still".
    pub reference: Day,
}

impl Model {
    #[inline]
    pub fn of(&self, noun: NounId) -> &[Entry] {
        self.rows.get(noun as usize).map_or(&[], Vec::as_slice)
    }

    pub fn of_mut(&mut self, noun: NounId) -> &mut Vec<Entry> {
        if self.rows.len() <= noun as usize {
            self.rows.resize_with(noun as usize + 1, Vec::new);
        }
        &mut self.rows[noun as usize]
    }
}

/// Checks all records.
///
/// # Errors
/// Every mistake, in the order of files and lines.
pub fn check(records: &Records, progress: &Progress) -> Result<Model, Vec<Diagnostic>> {
    let one = |stopped| vec![stopped];
    let (keys, mut mistakes) = keys(records, progress).map_err(one)?;
    let mut model = Model { settings: records.settings.clone(), queries: records.queries.clone(), ..Model::default() };
    for (noun, rows) in &records.nouns {
        let pieces = parallel::pieces(rows.len(), |piece| {
            let mut checker = Checker { keys: &keys, mistakes: Vec::new() };
            let mut entries = Vec::with_capacity(piece.len());
            for record in rows.get(piece).unwrap_or_default() {
                entries.push(checker.entry(*noun, record));
                progress.go_on(1)?;
            }
            Ok((entries, checker.mistakes))
        });
        let entries = model.of_mut(*noun);
        for (more, found) in pieces.map_err(one)? {
            // Most nouns are one piece, which need not be copied.
            if entries.is_empty() {
                *entries = more;
                entries.reserve_exact(rows.len() - entries.len());
            } else {
                entries.extend(more);
            }
            mistakes.extend(found);
        }
    }
    match records.settings.get("reference_date").map(|text| VagueDate::parse(text)) {
        Some(Ok(date)) if date.bounds.is_exact() => model.reference = date.bounds.start_min,
        Some(_) => {
            let place = Place { file: "file.csv".into(), line: 1 };
            let text = records.settings.get("reference_date").map_or("", String::as_str);
            mistakes.push(data::no_date(&place, "reference_date", text, "one day is needed"));
        }
        None => mistakes.push(data::missing_setting("file.csv", "reference_date")),
    }
    if mistakes.is_empty() { Ok(model) } else { Err(mistakes) }
}

/// The rows of each noun by their keys.
type Keys<'r> = HashMap<NounId, HashMap<&'r str, usize>>;

/// All keys, and what is wrong with them.
fn keys<'r>(records: &'r Records, progress: &Progress) -> Result<(Keys<'r>, Vec<Diagnostic>), Diagnostic> {
    let nouns: Vec<(&NounId, &'r Vec<Record>)> = records.nouns.iter().collect();
    let made = parallel::tasks(nouns.len(), |task| {
        let rows = nouns.get(task).map_or(&[][..], |(_, rows)| rows);
        let (mut known, mut mistakes) = (HashMap::with_capacity(rows.len()), Vec::new());
        for (position, record) in rows.iter().enumerate() {
            progress.go_on(0)?;
            let wrong = |what: &str| data::bad_key(&record.place, &record.key, what);
            if !is_key(&record.key) {
                mistakes.push(wrong("is no key: letters, digits and hyphens"));
            } else if known.insert(record.key.as_str(), position).is_some() {
                mistakes.push(wrong("is given a second time"));
            }
        }
        Ok((known, mistakes))
    })?;
    let (known, mistakes): (Vec<_>, Vec<_>) = made.into_iter().unzip();
    Ok((nouns.into_iter().map(|(noun, _)| *noun).zip(known).collect(), mistakes.into_iter().flatten().collect()))
}

struct Checker<'r> {
    keys: &'r Keys<'r>,
    mistakes: Vec<Diagnostic>,
}

impl Checker<'_> {
    fn entry(&mut self, noun: NounId, record: &Record) -> Entry {
        let mut entry = Entry { key: record.key.clone(), place: record.place.clone(), ..Entry::default() };
        for attribute in noun.noun().attributes.iter().filter(|attribute| attribute.given) {
            match record.cells.get(attribute.name) {
                Some(text) => self.attribute(attribute, text, &mut entry),
                // A status comes from the preferred account, or is "held".
                None if attribute.absent == Absent::Never && attribute.name != "status" => {
                    self.mistakes.push(data::empty_cell(&record.place, attribute.name));
                }
                None => {}
            }
        }
        for link in noun.noun().links.iter().filter(|link| link.given) {
            match (link.via, record.cell(link.name)) {
                (Via::Column, Some(key)) => {
                    if let Some(position) = self.reference(link, key, record) {
                        entry.one.insert(link.name, position);
                    }
                }
                (Via::List { .. }, Some(keys)) => {
                    let keys = keys.split(';').map(str::trim).filter(|key| !key.is_empty());
                    let positions: Vec<usize> = keys.filter_map(|key| self.reference(link, key, record)).collect();
                    entry.many.insert(link.name, positions);
                }
                (Via::Column, None) if link.absent == Absent::Never => {
                    self.mistakes.push(data::empty_cell(&record.place, link.name));
                }
                _ => {}
            }
        }
        let Some(ids) = record.cell("ids") else { return entry };
        entry.identifiers = identifiers(ids);
        for (at, (scheme, _)) in entry.identifiers.iter().enumerate() {
            if entry.identifiers[..at].iter().any(|(other, _)| other == scheme) {
                self.mistakes.push(data::identifier_twice(&record.place, scheme));
            }
        }
        entry
    }

    fn attribute(&mut self, attribute: &'static Attribute, text: &Text, entry: &mut Entry) {
        let (place, name) = (&entry.place, attribute.name);
        match attribute.kind {
            Kind::Text => {}
            Kind::Integer if text.parse::<i64>().is_err() => self.mistakes.push(data::no_number(place, name, text)),
            Kind::Number if !text.parse::<f64>().is_ok_and(f64::is_finite) => {
                self.mistakes.push(data::no_number(place, name, text));
            }
            Kind::Integer | Kind::Number => {}
            Kind::Boolean if text != "yes" => self.mistakes.push(data::no_boolean(place, name, text)),
            Kind::Boolean => {}
            Kind::Span | Kind::Day => match VagueDate::parse(text) {
                Ok(date) if attribute.kind == Kind::Day && !date.single => {
                    self.mistakes.push(data::no_date(place, name, text, "one day is needed, not a stay"));
                }
                Ok(date) => {
                    entry.dates.insert(name, date);
                }
                Err(fault) => self.mistakes.push(data::no_date(place, name, text, &fault.to_string())),
            },
            Kind::Word(vocabulary) if vocabulary.position(text).is_none() => {
                let words: Vec<&str> = vocabulary.words.iter().map(|(word, _)| *word).collect();
                let near: Vec<String> = nearest(text, words.iter().copied()).into_iter().map(str::to_string).collect();
                self.mistakes.push(data::not_in_vocabulary(place, name, text, &words, &near));
            }
            Kind::Word(_) => {}
        }
        entry.text.insert(name, text.clone());
    }

    fn reference(&mut self, link: &Link, key: &str, record: &Record) -> Option<usize> {
        let known = self.keys.get(&link.to);
        if let Some(position) = known.and_then(|known| known.get(key)) {
            return Some(*position);
        }
        let mut keys: Vec<&str> = known.map(|known| known.keys().copied().collect()).unwrap_or_default();
        keys.sort_unstable();
        let near = near_keys(key, keys.into_iter());
        self.mistakes.push(data::no_such_key(&record.place, link.name, key, link.to.noun().name, &near));
        None
    }
}

/// `wikidata:Q7747; cow:365`
fn identifiers(text: &str) -> Vec<(String, String)> {
    let parts = text.split(';').filter_map(|part| part.trim().split_once(':'));
    parts.map(|(scheme, value)| (scheme.trim().to_string(), value.trim().to_string())).collect()
}

/// The noun of that name, for the `of` column of names: `leaders:putin`.
pub fn subject(of: &str) -> Option<(NounId, &str)> {
    let (noun, key) = of.split_once(':')?;
    let noun = NOUNS.iter().find(|known| known.name == noun && known.named)?;
    Some((noun.id, key))
}
