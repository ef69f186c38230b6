//! A row of a table as a row of the dataset: every cell checked, every name looked up.
//!
//! What is to be made is made only when the whole row is right, so that a refused row leaves nothing behind.

use super::cells::Line;
use super::mapping::{Column, From, Mapping, Recipe};
use super::resolve::{Reference, Resolver};
use super::targets::{Aim, Target};
use super::when;
use crate::catalog::{Attribute, Kind, NounId};
use crate::dataset::records::LONGEST;
use crate::dataset::slots::Slots;
use crate::diagnostic::data::{self, Place};
use crate::diagnostic::{Diagnostic, matching};
use crate::suggest::nearest;
use crate::value::date::{Day, VagueDate};
use crate::value::text::Text;
use crate::value::text::fold;
use std::collections::BTreeMap;

/// A row that is right.
#[derive(Clone, Debug, Default)]
pub struct Draft {
    pub place: Place,
    pub key: Option<Text>,
    pub locator: Text,
    /// Whether the locator is no more than the line.
    pub by_line: bool,
    /// Attributes, and links to one row as its key.
    pub cells: Slots<Text>,
    /// Links to several rows, in the order of the table.
    pub lists: Slots<Vec<Text>>,
    /// Leaders with the roles that they had.
    pub people: Vec<(Text, Option<&'static str>)>,
}

/// A row while its cells are read.
#[derive(Default)]
struct Staged {
    draft: Draft,
    one: Vec<(&'static str, Reference)>,
    many: Vec<(&'static str, Vec<Reference>)>,
    people: Vec<(Reference, Option<&'static str>)>,
    mistakes: Vec<Diagnostic>,
}

/// Reads one row.
///
/// # Errors
/// Every mistake in its cells.
pub fn draft(
    resolver: &mut Resolver<'_>,
    mapping: &Mapping,
    line: Line<'_>,
    anchor: Option<Day>,
) -> Result<Draft, Vec<Diagnostic>> {
    let mut staged = Staged { draft: Draft { place: line.place(), ..Draft::default() }, ..Staged::default() };
    // Places lie in a country: it comes first.
    let (countries, others): (Vec<&Column>, Vec<&Column>) =
        mapping.columns.iter().partition(|column| column.target.noun() == Some(NounId::Countries));
    for column in countries.into_iter().chain(others) {
        staged.column(resolver, column, line, anchor);
    }
    staged.needed(mapping);
    if !staged.mistakes.is_empty() {
        return Err(staged.mistakes);
    }
    let mut about = BTreeMap::new();
    for (noun, columns) in &mapping.new {
        let mut said = Staged { draft: Draft { place: line.place(), ..Draft::default() }, ..Staged::default() };
        for column in columns {
            said.column(resolver, column, line, anchor);
        }
        if !said.mistakes.is_empty() {
            return Err(said.mistakes);
        }
        about.insert(*noun, said.made(resolver, &BTreeMap::new()).flat());
    }
    let mut made = staged.made(resolver, &about);
    if made.locator.is_empty() {
        made.locator = smol_str::format_smolstr!("line {}", line.number());
        made.by_line = true;
    }
    Ok(made)
}

impl Draft {
    /// All cells as a CSV file has them.
    fn flat(mut self) -> Slots<Text> {
        self.cells.extend(self.lists.iter().map(|(name, keys)| (name, keys.join("; ").into())));
        self.cells
    }
}

impl Staged {
    fn column(&mut self, resolver: &mut Resolver<'_>, column: &Column, line: Line<'_>, anchor: Option<Day>) {
        for recipe in &column.recipes {
            if column.target.is_date() {
                self.date(column.target, recipe, line, anchor);
                continue;
            }
            let (several, named) = (column.target.takes_several(), matches!(column.target.aim, Aim::Link(_)));
            let values = line.values(recipe, several || named);
            if !several && values.texts.len() > 1 {
                let why = format!("it is a list of {}, and one is needed", values.texts.len());
                self.mistakes.push(data::bad_text(&self.draft.place, &recipe.place(), &why));
                continue;
            }
            if values.dropped {
                *resolver.report.dropped.entry(recipe.place()).or_default() += 1;
            }
            let constant = matches!(recipe.from, From::Value(_));
            for text in values.texts {
                self.value(resolver, column.target, text, constant, &recipe.place());
            }
        }
    }

    fn value(&mut self, resolver: &mut Resolver<'_>, target: Target, text: Text, constant: bool, from: &str) {
        if let Some(why) = unfit(&text) {
            self.mistakes.push(data::bad_text(&self.draft.place, from, &why));
            return;
        }
        match target.aim {
            Aim::Key => self.draft.key = Some(text),
            Aim::Locator => self.draft.locator = text,
            Aim::Identifiers | Aim::Anchor | Aim::Reading => {
                self.draft.cells.insert(target.name, text);
            }
            Aim::Attribute(attribute) => match attribute_text(attribute, &text, (&self.draft.place, from)) {
                Ok(text) if text.is_empty() => {}
                Ok(text) => {
                    self.draft.cells.insert(attribute.name, text);
                }
                Err(mistake) => self.mistakes.push(mistake),
            },
            Aim::Link(link) => {
                let country = if link.to == NounId::Places { self.country() } else { None };
                let place = self.draft.place.clone();
                match resolver.refer(link.to, &text, country.as_deref(), constant, (&place, from)) {
                    Ok(reference) if link.is_many() => self.listed(link.name, reference),
                    Ok(reference) => self.one.push((link.name, reference)),
                    Err(mistake) => self.mistakes.push(mistake),
                }
            }
            Aim::People(role) => {
                let place = self.draft.place.clone();
                match resolver.refer(NounId::Leaders, &text, None, constant, (&place, from)) {
                    Ok(reference) => self.person(reference, role),
                    Err(mistake) => self.mistakes.push(mistake),
                }
            }
        }
    }

    fn date(&mut self, target: Target, recipe: &Recipe, line: Line<'_>, anchor: Option<Day>) {
        match when::date(recipe, line, anchor, target) {
            Ok(Some(stated)) => {
                self.draft.cells.insert(target.name, stated.date);
                for (name, text) in [("anchor", stated.anchor), ("reading", stated.reading)] {
                    if let Some(text) = text {
                        self.draft.cells.get_or_insert_with(name, || text.into());
                    }
                }
            }
            Ok(None) => {}
            Err(mistake) => self.mistakes.push(mistake),
        }
    }

    /// The country in which the row's places lie, if it is known already.
    fn country(&self) -> Option<Text> {
        self.one.iter().find_map(|(name, reference)| match reference {
            Reference::Known(key) if matches!(*name, "country" | "host_country") => Some(key.clone()),
            _ => None,
        })
    }

    fn listed(&mut self, name: &'static str, reference: Reference) {
        match self.many.iter_mut().find(|(known, _)| *known == name) {
            Some((_, list)) if list.contains(&reference) => {}
            Some((_, list)) => list.push(reference),
            None => self.many.push((name, vec![reference])),
        }
    }

    /// Nobody takes part twice; a role that is given counts.
    fn person(&mut self, reference: Reference, role: Option<&'static str>) {
        match self.people.iter_mut().find(|(known, _)| *known == reference) {
            Some((_, known)) => *known = known.or(role),
            None => self.people.push((reference, role)),
        }
    }

    /// What a row cannot be without.
    fn needed(&mut self, mapping: &Mapping) {
        if !self.mistakes.is_empty() {
            return;
        }
        let place = self.draft.place.clone();
        for column in mapping.columns.iter().filter(|column| column.target.is_needed()) {
            let name = column.target.name;
            let there = self.draft.cells.contains_key(name) || self.one.iter().any(|(known, _)| *known == name);
            if !there {
                self.mistakes.push(data::empty_cell(&place, &from(column)));
            }
        }
        if mapping.row == NounId::Meetings && self.people.is_empty() {
            let people = mapping.columns.iter().filter(|column| matches!(column.target.aim, Aim::People(_)));
            let names: Vec<String> = people.map(from).collect();
            self.mistakes.push(data::empty_cell(&place, &names.join(" and ")));
        }
    }

    /// Everything by its key, with what is new made.
    fn made(mut self, resolver: &mut Resolver<'_>, about: &BTreeMap<NounId, Slots<Text>>) -> Draft {
        let place = self.draft.place.clone();
        let nothing = Slots::default();
        let mut country: Option<Text> = None;
        let mut key = |mut reference: Reference, country: &Option<Text>| {
            let noun = match &mut reference {
                Reference::New { noun, country: inside, .. } => {
                    if inside.is_none() && *noun == NounId::Places {
                        *inside = country.as_ref().map(ToString::to_string);
                    }
                    *noun
                }
                Reference::Known(known) => return std::mem::take(known),
            };
            resolver.key(reference, &place, about.get(&noun).unwrap_or(&nothing))
        };
        // Countries were read first.
        for (name, reference) in std::mem::take(&mut self.one) {
            let made = key(reference, &country);
            if matches!(name, "country" | "host_country") {
                country = Some(made.clone());
            }
            self.draft.cells.insert(name, made);
        }
        for (name, references) in std::mem::take(&mut self.many) {
            let mut keys: Vec<Text> = Vec::new();
            for reference in references {
                let made = key(reference, &country);
                if !keys.contains(&made) {
                    keys.push(made);
                }
            }
            self.draft.lists.insert(name, keys);
        }
        for (reference, role) in std::mem::take(&mut self.people) {
            let made = key(reference, &country);
            match self.draft.people.iter_mut().find(|(known, _)| *known == made) {
                Some((_, known)) => *known = known.or(role),
                None => self.draft.people.push((made, role)),
            }
        }
        self.draft
    }
}

fn from(column: &Column) -> String {
    column.recipes.iter().map(Recipe::place).collect::<Vec<_>>().join(" and ")
}

/// Why a text cannot be a cell.
fn unfit(text: &str) -> Option<String> {
    if let Some(bad) = text.chars().find(|c| c.is_control() && !matches!(c, '\n' | '\t' | '\r')) {
        return Some(format!("the character U+{:04X} does not belong there", bad as u32));
    }
    (text.len() > LONGEST).then(|| format!("{} bytes are too many for one cell", text.len()))
}

/// The text that an attribute holds.
fn attribute_text(attribute: &Attribute, text: &Text, at: (&Place, &str)) -> Result<Text, Diagnostic> {
    match attribute.kind {
        Kind::Text => Ok(text.clone()),
        Kind::Integer if text.parse::<i64>().is_err() => Err(data::no_number(at.0, at.1, text)),
        Kind::Number if !text.parse::<f64>().is_ok_and(f64::is_finite) => Err(data::no_number(at.0, at.1, text)),
        Kind::Integer | Kind::Number => Ok(text.clone()),
        Kind::Boolean => match fold(text).as_str() {
            "yes" | "true" | "1" | "x" => Ok(Text::new_static("yes")),
            "no" | "false" | "0" => Ok(Text::default()),
            _ => Err(data::no_boolean(at.0, at.1, text)),
        },
        Kind::Span | Kind::Day => VagueDate::parse(text)
            .map(|date| date.text.into())
            .map_err(|fault| data::no_date(at.0, at.1, text, &fault.to_string())),
        Kind::Word(vocabulary) => {
            let folded = fold(text);
            let words: Vec<&str> = vocabulary.words.iter().map(|(word, _)| *word).collect();
            let known = words.iter().find(|word| fold(word) == folded);
            known.map(|word| Text::new_static(word)).ok_or_else(|| {
                let near = nearest(text, words.iter().copied()).into_iter().map(str::to_string).collect::<Vec<_>>();
                matching::unknown_word(at, text, attribute.name, &words, &near)
            })
        }
    }
}
