//! Names in cells to rows: by the mapping's decisions, by name as in queries, or as something to be made.

use super::index::{Found, How, Index};
use super::keys::{Keys, slug};
use super::mapping::Mapping;
use super::report::Report;
use super::table::Table;
use super::targets::{called, naming, supposed};
use crate::catalog::NounId;
use crate::dataset::records::{Record, Records};
use crate::dataset::slots::Slots;
use crate::diagnostic::Diagnostic;
use crate::diagnostic::data::Place;
use crate::diagnostic::matching::{self, Candidate};
use crate::store::Stopper;
use crate::value::text::Text;
use std::collections::{BTreeSet, HashMap};

/// Nearest names are sought for so many unknown ones: it takes a while for each.
const SOUGHT: usize = 20;

/// The records as they grow, with everything that finds and makes rows in them.
pub struct Resolver<'a> {
    pub records: Records,
    pub index: Index,
    pub report: Report,
    decisions: Option<&'a Mapping>,
    create: &'a BTreeSet<NounId>,
    keys: HashMap<NounId, Keys>,
    remembered: HashMap<Sought, Remembered>,
    /// The row of the tables that is being read.
    pub current: (usize, usize),
    /// The columns in which names were found.
    columns: Vec<Text>,
    /// What stops it. Loops end early then; whoever began them says so.
    pub stopper: Stopper,
    /// How many rows of each noun there were before.
    before: HashMap<NounId, usize>,
    /// What was sought in vain, with the nearest names.
    sought: HashMap<(NounId, String), Vec<String>>,
}

/// A name among the rows of a noun, within a country if one is given.
type Sought = (NounId, Text, Option<Text>);

/// What a name was found to be of, and where: later rows may make it mean something else.
struct Remembered {
    found: Found,
    uses: Vec<Use>,
}

/// A cell in which a name was found: one of very many.
#[derive(Clone)]
struct Use {
    table: u32,
    row: u32,
    line: u32,
    column: u32,
}

/// What a name in a cell refers to.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Reference {
    /// The row with this key.
    Known(Text),
    /// One that is to be made, when the whole row is right.
    New { noun: NounId, name: String, country: Option<String> },
}

impl<'a> Resolver<'a> {
    pub fn new(records: Records, mapping: Option<&'a Mapping>, create: &'a BTreeSet<NounId>) -> Resolver<'a> {
        Resolver {
            index: Index::of(&records),
            current: (0, 0),
            columns: Vec::new(),
            stopper: Stopper::default(),
            before: records.nouns.iter().map(|(noun, rows)| (*noun, rows.len())).collect(),
            records,
            report: Report::default(),
            decisions: mapping,
            create,
            keys: HashMap::new(),
            remembered: HashMap::new(),
            sought: HashMap::new(),
        }
    }

    pub fn rows(&self, noun: NounId) -> &[Record] {
        self.records.nouns.get(&noun).map_or(&[], Vec::as_slice)
    }

    pub fn row_mut(&mut self, noun: NounId, at: usize) -> Option<&mut Record> {
        self.records.nouns.get_mut(&noun)?.get_mut(at)
    }

    /// What a name refers to; a `constant` may be a key as well.
    ///
    /// # Errors
    /// When that is nothing, or several things.
    pub fn refer(
        &mut self,
        noun: NounId,
        name: &str,
        country: Option<&str>,
        constant: bool,
        at: (&Place, &str),
    ) -> Result<Reference, Diagnostic> {
        if naming(noun).is_none() || constant {
            if let Some(row) = self.index.key(noun, name) {
                return Ok(self.known(noun, row));
            }
            if naming(noun).is_none() {
                return Err(matching::no_key(at, name, called(noun), &self.near_keys(noun, name)));
            }
        }
        if let Some(decided) = self.decided(noun, name) {
            return decided;
        }
        match self.find(noun, name, country) {
            Found::One { row, how } => {
                self.uses(noun, name, country, at);
                if how == How::Part {
                    let (label, key) = self.label(noun, row);
                    self.report.takes(noun, name, &label, &key);
                }
                Ok(self.known(noun, row))
            }
            Found::Several(rows) => {
                Err(matching::name_of_several(at, name, called(noun), &self.candidates(noun, &rows)))
            }
            // What has no letter and no digit is never found again by name.
            Found::Nothing if crate::value::text::sorted_words(&crate::value::text::fold(name)).is_empty() => {
                Err(matching::no_name(at, name, called(noun)))
            }
            Found::Nothing if self.create.contains(&noun) => {
                Ok(Reference::New { noun, name: name.to_string(), country: country.map(str::to_string) })
            }
            Found::Nothing => Err(self.nothing(noun, name, country, at)),
        }
    }

    /// The key of what is referred to, which is made if need be.
    pub fn key(&mut self, reference: Reference, place: &Place, about: &Slots<Text>) -> Text {
        match reference {
            Reference::Known(key) => key,
            Reference::New { noun, name, country } => match self.find(noun, &name, country.as_deref()) {
                // Made for a row before, or for this one.
                Found::One { row, .. } => self.label(noun, row).1,
                _ => self.make_named(noun, &name, country, place, about),
            },
        }
    }

    fn make_named(
        &mut self,
        noun: NounId,
        name: &str,
        country: Option<String>,
        place: &Place,
        about: &Slots<Text>,
    ) -> Text {
        let short = slug(name);
        let long = country.as_deref().map_or_else(|| short.clone(), |country| format!("{short}-{}", slug(country)));
        let mut record = Record::new(self.free_key(noun, &short, &long)).with(naming(noun).unwrap_or("name"), name);
        record.place = place.clone();
        let inside = country.filter(|_| noun == NounId::Places).map(|country| ("country", Text::from(country)));
        let said = about.iter().map(|(column, text)| (column, text.clone())).chain(inside);
        for (column, text) in said.chain(supposed(noun).map(|(column, word)| (column, Text::new_static(word)))) {
            if record.cell(column).is_none() {
                record = record.with(column, text);
            }
        }
        let key = record.key.clone();
        self.make(noun, record);
        key
    }

    /// A key that is free; it is not then.
    pub fn free_key(&mut self, noun: NounId, short: &str, long: &str) -> Text {
        let rows = self.records.nouns.get(&noun).map_or(&[][..], Vec::as_slice);
        let keys = self.keys.entry(noun).or_insert_with(|| Keys::of(rows.iter().map(|row| row.key.as_str())));
        keys.take(short, long)
    }

    /// One more row; its key is its own.
    pub fn make(&mut self, noun: NounId, record: Record) -> usize {
        let rows = self.records.nouns.entry(noun).or_default();
        let at = rows.len();
        self.index.add(noun, at, &record);
        rows.push(record);
        self.report.make(noun);
        at
    }

    /// Whether everything that the mapping decides is there.
    pub fn check_decisions(&self) -> Vec<Diagnostic> {
        let Some(mapping) = self.decisions else { return Vec::new() };
        let mut wrong: Vec<(usize, Diagnostic)> = Vec::new();
        for ((noun, _), to) in &mapping.decisions {
            let diagnostic = match (self.index.key(*noun, &to.name), self.index.find(*noun, &to.name, None)) {
                (Some(_), _) | (_, Found::One { how: How::Whole | How::Words, .. }) => continue,
                (_, Found::Several(rows)) => {
                    matching::decision_of_several(to.span, &to.name, called(*noun), &self.candidates(*noun, &rows))
                }
                _ if self.create.contains(noun) => continue,
                _ => {
                    let mut near = self.index.nearest(*noun, &to.name);
                    near.extend(self.near_keys(*noun, &to.name));
                    matching::decision_of_nothing(to.span, &to.name, called(*noun), &near)
                }
            };
            wrong.push((to.span.start, diagnostic));
        }
        wrong.sort_by_key(|(at, _)| *at);
        wrong.into_iter().map(|(_, diagnostic)| diagnostic).collect()
    }

    /// Names that would no longer be found, or found elsewhere, now that others were made: they would be refused when the
    /// same table is taken in again.
    pub fn unsettled(&self, tables: &[Table]) -> Vec<((usize, usize), Diagnostic)> {
        if self.report.made.is_empty() {
            return Vec::new();
        }
        let now = Index::named(&self.records);
        let mut unsettled = Vec::new();
        for ((noun, name, country), known) in self.remembered.iter().filter(|(_, known)| !known.uses.is_empty()) {
            if let Found::Several(rows) = now.find(*noun, name, country.as_deref()) {
                let candidates = self.candidates(*noun, &rows);
                unsettled.extend(known.uses.iter().map(|used| {
                    let (table, row) = (used.table as usize, used.row as usize);
                    let file = tables.get(table).map(|table| table.file.clone()).unwrap_or_default();
                    let place = Place { file, line: used.line.into() };
                    let column = self.columns.get(used.column as usize).map_or("", Text::as_str);
                    ((table, row), matching::name_of_several((&place, column), name, called(*noun), &candidates))
                }));
            }
        }
        unsettled
    }

    /// Notes where a name was found.
    fn uses(&mut self, noun: NounId, name: &str, country: Option<&str>, at: (&Place, &str)) {
        let column = self.columns.iter().position(|known| known == at.1).unwrap_or_else(|| {
            self.columns.push(at.1.into());
            self.columns.len() - 1
        });
        // No table has that many lines.
        let small = |number: u64| u32::try_from(number).unwrap_or(u32::MAX);
        let [table, row, column] = [self.current.0, self.current.1, column].map(|number| small(number as u64));
        let used = Use { table, row, line: small(at.0.line), column };
        let known = self.remembered.get_mut(&(noun, name.into(), country.map(Text::new)));
        known.into_iter().for_each(|known| known.uses.push(used.clone()));
    }

    /// What the mapping says that a name stands for.
    fn decided(&mut self, noun: NounId, name: &str) -> Option<Result<Reference, Diagnostic>> {
        let decisions = &self.decisions.filter(|mapping| !mapping.decisions.is_empty())?.decisions;
        let to = decisions.get(&(noun, crate::value::text::fold(name)))?.name.clone();
        let row = self.index.key(noun, &to).or_else(|| match self.index.find(noun, &to, None) {
            Found::One { row, how: How::Whole | How::Words } => Some(row),
            _ => None,
        });
        Some(Ok(match row {
            Some(row) => self.known(noun, row),
            None => Reference::New { noun, name: to, country: None },
        }))
    }

    fn find(&mut self, noun: NounId, name: &str, country: Option<&str>) -> Found {
        let key = (noun, name.into(), country.map(Text::new));
        if let Some(known) = self.remembered.get(&key) {
            return known.found.clone();
        }
        let found = self.index.find(noun, name, country);
        // What is not there may be made yet.
        if found != Found::Nothing {
            self.remembered.insert(key, Remembered { found: found.clone(), uses: Vec::new() });
        }
        found
    }

    fn known(&mut self, noun: NounId, row: usize) -> Reference {
        let key = self.label(noun, row).1;
        if self.before.get(&noun).is_some_and(|before| row < *before) {
            self.report.matches(noun, &key);
        }
        Reference::Known(key)
    }

    /// What a row is called, and its key.
    pub fn label(&self, noun: NounId, row: usize) -> (String, Text) {
        let Some(record) = self.rows(noun).get(row) else { return Default::default() };
        let name = naming(noun).and_then(|name| record.cell(name)).unwrap_or(&record.key);
        (name.to_string(), record.key.clone())
    }

    fn candidates(&self, noun: NounId, rows: &[usize]) -> Vec<Candidate> {
        let candidate = |row: &usize| {
            let (label, key) = self.label(noun, *row);
            Candidate { label, key: key.to_string() }
        };
        rows.iter().map(candidate).collect()
    }

    fn near_keys(&self, noun: NounId, key: &str) -> Vec<String> {
        crate::dataset::records::near_keys(key, self.rows(noun).iter().map(|row| row.key.as_str()))
    }

    fn nothing(&mut self, noun: NounId, name: &str, country: Option<&str>, at: (&Place, &str)) -> Diagnostic {
        // A place of that name in another country tells more than names that are spelt alike.
        let elsewhere = match country.map(|_| self.index.find(noun, name, None)) {
            Some(Found::One { row, .. }) => self.candidates(noun, &[row]),
            Some(Found::Several(rows)) => self.candidates(noun, &rows),
            _ => Vec::new(),
        };
        let known = (noun, name.to_string());
        if !self.sought.contains_key(&known) && self.sought.len() < SOUGHT {
            let near = if elsewhere.is_empty() { self.index.nearest(noun, name) } else { Vec::new() };
            self.sought.insert(known.clone(), near);
        }
        let near = self.sought.get(&known).map_or(&[][..], Vec::as_slice);
        let inside = country.map(|key| {
            self.index.key(NounId::Countries, key).map_or(key.to_string(), |row| self.label(NounId::Countries, row).0)
        });
        let inside = inside.as_deref().map(|country| (country, elsewhere.as_slice()));
        matching::name_of_nothing(at, name, called(noun), inside, near)
    }
}
