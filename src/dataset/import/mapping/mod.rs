//! The mapping of a table: which column is what, checked against the catalogue.
//!
//! In goes the text of a TOML file, out comes a [`Mapping`], or every mistake with its place in the file. Whether the
//! table has the columns is seen when it is there ([`Mapping::fits`]).

mod recipe;
mod text;

pub use recipe::{From, Given, Named, Piece, Recipe};

use super::rejects;
use super::targets::{Target, called, naming, rows, targets};
use crate::catalog::{self, Kind, NounId};
use crate::dataset::records::{Record, is_key};
use crate::diagnostic::{Diagnostic, matching};
use crate::span::Span;
use crate::suggest::nearest;
use crate::value::date::VagueDate;
use crate::value::text::fold;
use std::collections::{BTreeMap, HashMap};
use text::{Cell, Pairs, Text, span};
use toml::Spanned;

/// A mapping that fits the catalogue.
#[derive(Debug)]
pub struct Mapping {
    /// What each row of the table becomes.
    pub row: NounId,
    /// The publication that the table is; its key may be empty.
    pub source: Option<Record>,
    pub columns: Vec<Column>,
    /// Columns that are known not to be used.
    pub ignore: Vec<Named>,
    /// What a name stands for, by its noun and its folded form.
    pub decisions: HashMap<(NounId, String), Named>,
    /// What is said of rows that are made, by their noun.
    pub new: BTreeMap<NounId, Vec<Column>>,
}

/// One target with the recipes whose values it gets.
#[derive(Debug)]
pub struct Column {
    pub target: Target,
    pub recipes: Vec<Recipe>,
    /// Its name in the mapping file.
    pub span: Span,
}

impl Mapping {
    /// Reads and checks a mapping file.
    ///
    /// # Errors
    /// Every mistake in it, or the first thing that is no TOML or no part of a mapping.
    pub fn read(text: &str) -> Result<Mapping, Vec<Diagnostic>> {
        let file = text::read(text).map_err(|mistake| vec![mistake])?;
        let mut mistakes = Vec::new();
        let Some(row) = row_noun(&file.row, &mut mistakes) else { return Err(mistakes) };
        let columns = columns(row, file.columns, &mut mistakes);
        missing(row, &columns, span(&file.row), &mut mistakes);
        let mapping = Mapping {
            row,
            source: file.source.and_then(|source| publication(source, &mut mistakes)),
            columns,
            ignore: file.ignore.into_iter().map(Named::of).collect(),
            decisions: decisions(file.names, &mut mistakes),
            new: of_new(file.new, &mut mistakes),
        };
        mistakes.sort_by_key(|mistake| mistake.span.map_or(0, |span| span.start));
        if mistakes.is_empty() { Ok(mapping) } else { Err(mistakes) }
    }

    /// Whether a table of these columns has those that are spoken of.
    pub fn fits(&self, file: &str, header: &[String]) -> Vec<Diagnostic> {
        let mut mistakes = Vec::new();
        let mut seen = Vec::new();
        for named in self.named().chain(&self.ignore) {
            if position(header, &named.name).is_none() && !seen.contains(&named.span) {
                let near = nearest(&named.name, header.iter().map(String::as_str));
                let near: Vec<String> = near.into_iter().map(str::to_string).collect();
                mistakes.push(matching::no_such_column(named.span, &named.name, file, header, &near));
                seen.push(named.span);
            }
        }
        mistakes
    }

    /// The columns of a table that nothing is made of and that are not passed over on purpose.
    pub fn unused(&self, header: &[String]) -> Vec<String> {
        let used: Vec<usize> =
            self.named().chain(&self.ignore).filter_map(|named| position(header, &named.name)).collect();
        let rest = header
            .iter()
            .enumerate()
            .filter(|(at, name)| !used.contains(at) && !name.is_empty() && !rejects::is_own(name));
        rest.map(|(_, name)| name.clone()).collect()
    }

    /// The target of that name.
    pub fn column(&self, name: &str) -> Option<&Column> {
        self.columns.iter().find(|column| column.target.name == name)
    }

    fn named(&self) -> impl Iterator<Item = &Named> {
        let columns = self.columns.iter().chain(self.new.values().flatten());
        columns.flat_map(|column| &column.recipes).flat_map(Recipe::columns)
    }
}

/// Where a column stands: by its exact name, else by its folded one.
pub fn position(header: &[String], name: &str) -> Option<usize> {
    header
        .iter()
        .position(|known| known == name)
        .or_else(|| Some(fold(name)).and_then(|name| header.iter().position(|known| fold(known) == name)))
}

fn row_noun(row: &Spanned<String>, mistakes: &mut Vec<Diagnostic>) -> Option<NounId> {
    let found = rows().find(|noun| noun.name == row.as_ref().trim());
    if found.is_none() {
        let names: Vec<&str> = rows().map(|noun| noun.name).collect();
        mistakes.push(matching::no_such_row(span(row), row.as_ref(), &names, &near(row.as_ref(), &names)));
    }
    found.map(|noun| noun.id)
}

fn near(word: &str, known: &[&str]) -> Vec<String> {
    nearest(word, known.iter().copied()).into_iter().map(str::to_string).collect()
}

fn columns(row: NounId, cells: Pairs<Spanned<Cell>>, mistakes: &mut Vec<Diagnostic>) -> Vec<Column> {
    let known = targets(row);
    let mut columns: Vec<Column> = Vec::new();
    for (name, cell) in cells.0 {
        let Some(target) = known.iter().find(|target| target.name == name.as_ref()) else {
            let names: Vec<&str> = known.iter().map(|target| target.name).collect();
            let near = near(name.as_ref(), &names);
            mistakes.push(matching::no_such_target(span(&name), name.as_ref(), called(row), &names, &near));
            continue;
        };
        let recipes = recipe::recipes(*target, cell, mistakes);
        columns.push(Column { target: *target, recipes, span: span(&name) });
    }
    columns
}

/// What a row cannot be without must come from somewhere.
fn missing(row: NounId, columns: &[Column], at: Span, mistakes: &mut Vec<Diagnostic>) {
    let filled = |name: &str| columns.iter().any(|column| column.target.name == name);
    let supposed: Vec<&str> = super::targets::supposed(row).map(|(name, _)| name).collect();
    for target in targets(row).iter().filter(|target| target.is_needed() && !supposed.contains(&target.name)) {
        if !filled(target.name) {
            mistakes.push(matching::target_missing(at, target.name, called(row)));
        }
    }
    let people = ["participants", "hosts", "guests", "mediators"];
    if row == NounId::Meetings && !people.iter().any(|name| filled(name)) {
        mistakes.push(matching::target_missing(at, "participants", called(row)));
    }
}

fn publication(source: Spanned<text::Source>, mistakes: &mut Vec<Diagnostic>) -> Option<Record> {
    let source = source.into_inner();
    if let Some(key) = source.key.as_ref().filter(|key| !is_key(&key.as_ref().0)) {
        mistakes.push(matching::bad_source_key(span(key), &key.as_ref().0));
    }
    let mut record = Record::new(source.key.map(|key| key.into_inner().0).unwrap_or_default());
    let title = &source.title;
    if title.as_ref().0.trim().is_empty() {
        mistakes.push(matching::empty_title(span(title)));
        return None;
    }
    let cells = [
        ("title", Some(source.title)),
        ("publisher", source.publisher),
        ("address", source.address),
        ("kind", source.kind),
        ("language", source.language),
        ("published", source.published),
        ("remark", source.remark),
    ];
    for (name, cell) in cells.into_iter().filter_map(|(name, cell)| Some((name, cell?))) {
        fits(NounId::Publications, name, &cell, mistakes);
        record = record.with(name, cell.into_inner().0.trim());
    }
    Some(record)
}

/// Whether an attribute can hold a constant.
fn fits(noun: NounId, name: &str, text: &Spanned<Text>, mistakes: &mut Vec<Diagnostic>) {
    let (at, written) = (span(text), text.as_ref().0.trim());
    match noun.noun().attribute(name).map(|attribute| attribute.kind) {
        Some(Kind::Word(vocabulary)) if vocabulary.position(written).is_none() => {
            let words: Vec<&str> = vocabulary.words.iter().map(|(word, _)| *word).collect();
            mistakes.push(matching::no_such_word(at, written, vocabulary.name, &words, &near(written, &words)));
        }
        Some(Kind::Day | Kind::Span) => {
            if let Err(fault) = VagueDate::parse(written) {
                mistakes.push(matching::no_such_day(at, written, &fault.to_string()));
            }
        }
        _ => {}
    }
}

fn named_noun(name: &Spanned<String>, mistakes: &mut Vec<Diagnostic>) -> Option<NounId> {
    let found = catalog::noun(name.as_ref()).filter(|noun| naming(noun.id).is_some());
    if found.is_none() {
        let names: Vec<&str> = rows().filter(|noun| naming(noun.id).is_some()).map(|noun| noun.name).collect();
        mistakes.push(matching::not_named(span(name), name.as_ref(), &names, &near(name.as_ref(), &names)));
    }
    found.map(|noun| noun.id)
}

fn decisions(names: Pairs<Pairs<Spanned<Text>>>, mistakes: &mut Vec<Diagnostic>) -> HashMap<(NounId, String), Named> {
    let mut decided = HashMap::new();
    for (noun, pairs) in names.0 {
        let Some(noun) = named_noun(&noun, mistakes) else { continue };
        for (name, to) in pairs.0 {
            let at = span(&to);
            decided.insert((noun, fold(name.as_ref())), Named { name: to.into_inner().0, span: at });
        }
    }
    decided
}

fn of_new(new: Pairs<Pairs<Spanned<Cell>>>, mistakes: &mut Vec<Diagnostic>) -> BTreeMap<NounId, Vec<Column>> {
    let mut made = BTreeMap::new();
    for (noun, cells) in new.0 {
        let Some(noun) = named_noun(&noun, mistakes) else { continue };
        made.insert(noun, columns(noun, cells, mistakes));
    }
    made
}
