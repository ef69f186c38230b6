//! A derived model into a file: rows numbered, names folded, everything in its table.

use super::derive::{ancestors, bounds, run_of};
use super::model::{Entry, Model, subject};
use crate::catalog::ddl::{self, Table};
use crate::catalog::{Absent, Attribute, Kind, NOUNS, Noun, NounId, Origin, Via, When};
use crate::diagnostic::Diagnostic;
use crate::diagnostic::{data, running};
use crate::sql::Parameter;
use crate::store::{Progress, Writer};
use crate::value::date::{Bounds, OPEN_FUTURE, OPEN_PAST};
use crate::value::text::{fold, sorted_words};
use std::collections::{BTreeSet, HashMap, HashSet};

/// One row on its way into its table: a value for each column, in their order.
struct Cells {
    table: &'static Table,
    values: Vec<Option<Parameter>>,
}

impl Cells {
    /// A table has a few dozen columns at most: to look through their names takes less than a map of them.
    fn set(&mut self, column: &str, value: Parameter) {
        if let Some(at) = self.table.columns.iter().position(|known| known.name == column) {
            self.values[at] = Some(value);
        }
    }

    /// The column that bears the names of both, such as `place` and `_id`.
    fn set_of(&mut self, name: &str, ending: &str, value: Parameter) {
        let is = |known: &str| known.strip_prefix(name) == Some(ending);
        if let Some(at) = self.table.columns.iter().position(|known| is(&known.name)) {
            self.values[at] = Some(value);
        }
    }

    fn with<const N: usize>(mut self, cells: [(&str, Parameter); N]) -> Cells {
        for (column, value) in cells {
            self.set(column, value);
        }
        self
    }
}

/// Writes, seals, and gives the bytes and the digest.
///
/// # Errors
/// Names of things that are not there, and bugs.
pub fn write(model: &Model, progress: &Progress) -> Result<(Vec<u8>, String), Vec<Diagnostic>> {
    progress.begin(super::ADDING, expected(model));
    let ids = number(model);
    let writer = Writer::watched(progress).map_err(|d| vec![d])?;
    let mut output = Output { writer, tables: ddl::tables(), model, ids, progress };
    let names = output.names()?;
    output.all(names).map_err(|diagnostic| vec![diagnostic])?;
    output.writer.finish().map_err(|diagnostic| vec![diagnostic])
}

/// About how many rows there will be.
fn expected(model: &Model) -> u64 {
    let names = |noun: &Noun, entry: &Entry| {
        let own = OWN_NAMES.iter().filter(|(name, _)| entry.text.contains_key(name)).count();
        // A name has about two words, which are rows too.
        let names = if noun.named { own } else { usize::from(noun.id == NounId::Names) };
        3 * names + usize::from(noun.id != NounId::Names)
    };
    let of = |noun: &Noun, entry: &Entry| {
        names(noun, entry) + entry.many.values().map(Vec::len).sum::<usize>() + entry.identifiers.len()
    };
    NOUNS.iter().flat_map(|noun| model.of(noun.id).iter().map(move |entry| of(noun, entry) as u64)).sum()
}

/// The id of every row: dated rows in the order of their dates, participants in that of their meetings, all others in
/// that of their keys. The id so is the order in which rows are shown.
fn number(model: &Model) -> HashMap<NounId, Vec<i64>> {
    let mut ids: HashMap<NounId, Vec<i64>> = HashMap::new();
    // Meetings come before participants in the catalogue.
    for noun in NOUNS {
        let rows = model.of(noun.id);
        let mut order: Vec<usize> = (0..rows.len()).collect();
        // Each key is made once: it takes longer than to compare two.
        order.sort_by_cached_key(|at| {
            let entry = &rows[*at];
            let (first, last) = match (noun.id, noun.when) {
                (NounId::Participants, _) => {
                    let meeting = entry.one.get("meeting").and_then(|m| ids.get(&NounId::Meetings)?.get(*m));
                    (meeting.copied().unwrap_or(0), entry.place.line as i64)
                }
                (_, When::Own) => {
                    let stay = own_bounds(model, noun, entry);
                    (stay.start_min, stay.end_max)
                }
                _ => (0, 0),
            };
            (first, last, entry.key.clone())
        });
        let mut numbers = vec![0; rows.len()];
        for (id, at) in (1..).zip(order) {
            numbers[at] = id;
        }
        ids.insert(noun.id, numbers);
    }
    ids
}

fn own_bounds(model: &Model, noun: &Noun, entry: &Entry) -> Bounds {
    if noun.attribute("date").is_some() { bounds(entry) } else { run_of(model, noun.id, entry) }
}

struct Output<'a> {
    writer: Writer,
    tables: &'static [Table],
    model: &'a Model,
    ids: HashMap<NounId, Vec<i64>>,
    progress: &'a Progress,
}

/// One name on its way into the file.
struct NameRow {
    key: String,
    text: String,
    noun: NounId,
    of: usize,
    /// Language, script, kind and remark, as far as they are given.
    about: Vec<(&'static str, String)>,
}

impl Output<'_> {
    fn id(&self, noun: NounId, position: usize) -> i64 {
        self.ids.get(&noun).and_then(|ids| ids.get(position)).copied().unwrap_or(0)
    }

    /// An empty row of a table.
    fn row(&self, name: &str) -> Result<Cells, Diagnostic> {
        let table = self.tables.iter().find(|table| table.name == name);
        let table = table.ok_or_else(|| running::bug(&format!("there is no table {name}")))?;
        Ok(Cells { table, values: vec![None; table.columns.len()] })
    }

    fn insert(&mut self, cells: &Cells) -> Result<(), Diagnostic> {
        self.progress.go_on(1)?;
        self.writer.insert(cells.table, &cells.values)
    }

    fn all(&mut self, names: Vec<NameRow>) -> Result<(), Diagnostic> {
        let model = self.model;
        for noun in NOUNS.iter().filter(|noun| !matches!(noun.origin, Origin::Query(_)) && noun.id != NounId::Names) {
            let mut order: Vec<usize> = (0..model.of(noun.id).len()).collect();
            order.sort_by_key(|at| self.id(noun.id, *at));
            for at in order {
                let cells = self.cells(noun, at)?;
                self.insert(&cells)?;
            }
        }
        self.lists()?;
        self.write_names(names)?;
        self.ancestry()?;
        self.identifiers()?;
        for (key, value) in &model.settings {
            let cells = self.row("file")?.with([("key", text_of(key)), ("value", text_of(value))]);
            self.insert(&cells)?;
        }
        for (name, text) in &model.queries {
            let cells = self.row("queries")?.with([("name", text_of(name)), ("text", text_of(text))]);
            self.insert(&cells)?;
        }
        Ok(())
    }

    fn cells(&self, noun: &'static Noun, at: usize) -> Result<Cells, Diagnostic> {
        let entry = &self.model.of(noun.id)[at];
        let id = Parameter::Integer(self.id(noun.id, at));
        let own = [("id", id), ("key", text_of(&entry.key)), ("label", text_of(&entry.label))];
        let mut cells = self.row(noun.name)?.with(own);
        for attribute in noun.attributes {
            attribute_cells(noun, attribute, entry, &mut cells);
        }
        if noun.when == When::Own {
            let stay = own_bounds(self.model, noun, entry);
            let days = [stay.start_min, stay.start_max, stay.end_min, stay.end_max];
            for (name, day) in ddl::BOUNDS.iter().zip(days) {
                cells.set(name, Parameter::Integer(day));
            }
        }
        for link in noun.links.iter().filter(|link| link.via == Via::Column) {
            if let Some(other) = entry.one.get(link.name) {
                cells.set_of(link.name, "_id", Parameter::Integer(self.id(link.to, *other)));
            }
        }
        Ok(cells)
    }

    fn lists(&mut self) -> Result<(), Diagnostic> {
        let model = self.model;
        for noun in NOUNS {
            for link in noun.links {
                let Via::List { table, from, to } = link.via else { continue };
                let mut pairs: Vec<(i64, i64, i64)> = Vec::new();
                for (at, entry) in model.of(noun.id).iter().enumerate() {
                    for (position, other) in (1..).zip(entry.many.get(link.name).into_iter().flatten()) {
                        pairs.push((self.id(noun.id, at), self.id(link.to, *other), position));
                    }
                }
                pairs.sort_unstable();
                pairs.dedup_by_key(|(one, other, _)| (*one, *other));
                for (one, other, position) in pairs {
                    let cells = [(from, one), (to, other), ("position", position)];
                    let cells = cells.map(|(name, number)| (name, Parameter::Integer(number)));
                    let cells = self.row(table)?.with(cells);
                    self.insert(&cells)?;
                }
            }
        }
        Ok(())
    }

    /// The names that things have of themselves, and those of `names.csv`.
    fn names(&self) -> Result<Vec<NameRow>, Vec<Diagnostic>> {
        let mut rows = Vec::new();
        for noun in NOUNS.iter().filter(|noun| noun.named) {
            for (at, entry) in self.model.of(noun.id).iter().enumerate() {
                for (key, text, kind) in own_names(noun, &entry.key, |name| entry.text.get(name).map(String::as_str)) {
                    let about = vec![("kind", kind.to_string())];
                    rows.push(NameRow { key, text: text.to_string(), noun: noun.id, of: at, about });
                }
            }
        }
        let mut mistakes = Vec::new();
        let own: HashSet<String> = rows.iter().map(|row: &NameRow| row.key.clone()).collect();
        let mut positions: HashMap<(NounId, &str), usize> = HashMap::new();
        for noun in NOUNS.iter().filter(|noun| noun.named) {
            for (at, entry) in self.model.of(noun.id).iter().enumerate() {
                positions.insert((noun.id, entry.key.as_str()), at);
            }
        }
        for entry in self.model.of(NounId::Names) {
            let of = entry.text.get("of").map_or("", String::as_str);
            if own.contains(&entry.key) {
                mistakes.push(data::own_name(&entry.place, &entry.key));
            }
            let Some((noun, key)) = subject(of) else {
                mistakes.push(data::no_such_key(&entry.place, "of", of, "noun:key", &[]));
                continue;
            };
            let Some(at) = positions.get(&(noun, key)) else {
                let keys = self.model.of(noun).iter().map(|row| row.key.as_str());
                let near = super::records::near_keys(key, keys);
                mistakes.push(data::no_such_key(&entry.place, "of", key, noun.noun().name, &near));
                continue;
            };
            let about = ["language", "script", "kind", "remark"];
            let about = about.into_iter().filter_map(|name| Some((name, entry.text.get(name)?.clone()))).collect();
            let text = entry.text.get("text").cloned().unwrap_or_default();
            rows.push(NameRow { key: entry.key.clone(), text, noun, of: *at, about });
        }
        if mistakes.is_empty() { Ok(rows) } else { Err(mistakes) }
    }

    fn write_names(&mut self, mut rows: Vec<NameRow>) -> Result<(), Diagnostic> {
        rows.sort_by_key(|row| (row.noun, self.id(row.noun, row.of), row.key.clone()));
        let mut words: BTreeSet<(String, i64)> = BTreeSet::new();
        for (id, row) in (1..).zip(rows) {
            let folded = fold(&row.text);
            let sorted = sorted_words(&folded);
            words.extend(sorted.iter().map(|word| ((*word).to_string(), id)));
            let label = &self.model.of(row.noun)[row.of].label;
            let of_id = Parameter::Integer(self.id(row.noun, row.of));
            let mut cells = self.row("names")?.with([("id", Parameter::Integer(id)), ("of_id", of_id)]);
            for (name, text) in row.about.iter().map(|(name, text)| (*name, text.as_str())).chain([
                ("key", row.key.as_str()),
                ("label", &row.text),
                ("text", &row.text),
                ("of", label),
                ("noun", row.noun.noun().name),
                ("folded", &folded),
                ("words", &sorted.join(" ")),
            ]) {
                cells.set(name, text_of(text));
            }
            self.insert(&cells)?;
        }
        for (word, id) in words {
            let cells = [("word", Parameter::Text(word)), ("name_id", Parameter::Integer(id))];
            let cells = self.row("name_words")?.with(cells);
            self.insert(&cells)?;
        }
        Ok(())
    }

    fn ancestry(&mut self) -> Result<(), Diagnostic> {
        let model = self.model;
        let mut pairs: Vec<(i64, i64)> = Vec::new();
        for at in 0..model.of(NounId::Places).len() {
            let above = ancestors(model, at).into_iter();
            pairs.extend(above.map(|other| (self.id(NounId::Places, at), self.id(NounId::Places, other))));
        }
        pairs.sort_unstable();
        for (place, ancestor) in pairs {
            let cells = [("place_id", place), ("ancestor_id", ancestor)];
            let cells = cells.map(|(name, number)| (name, Parameter::Integer(number)));
            let cells = self.row("place_ancestors")?.with(cells);
            self.insert(&cells)?;
        }
        Ok(())
    }

    fn identifiers(&mut self) -> Result<(), Diagnostic> {
        let model = self.model;
        let mut rows: BTreeSet<(&str, i64, &str, &str)> = BTreeSet::new();
        for noun in NOUNS {
            for (at, entry) in model.of(noun.id).iter().enumerate() {
                for (scheme, value) in &entry.identifiers {
                    rows.insert((noun.name, self.id(noun.id, at), scheme, value));
                }
            }
        }
        for (noun, id, scheme, value) in rows {
            let cells = [("noun", noun), ("scheme", scheme), ("value", value)];
            let cells = cells.map(|(name, text)| (name, text_of(text)));
            let cells = self.row("identifiers")?.with(cells).with([("row_id", Parameter::Integer(id))]);
            self.insert(&cells)?;
        }
        Ok(())
    }
}

/// Attributes that are names of their row.
const OWN_NAMES: [(&str, &str); 5] = [
    ("name", "official"),
    ("native_name", "official"),
    ("title", "official"),
    ("code", "abbreviation"),
    ("code3", "abbreviation"),
];

/// The names that a row has of itself: each with the key it gets, its text and its kind.
pub fn own_names<'e>(
    noun: &Noun,
    key: &str,
    cell: impl Fn(&str) -> Option<&'e str>,
) -> Vec<(String, &'e str, &'static str)> {
    let named = OWN_NAMES.iter().filter_map(|(attribute, kind)| Some((attribute, cell(attribute)?, *kind)));
    named.map(|(attribute, text, kind)| (format!("{}-{key}-{attribute}", noun.name), text, kind)).collect()
}

fn text_of(text: impl AsRef<str>) -> Parameter {
    Parameter::Text(text.as_ref().to_string())
}

fn attribute_cells(noun: &Noun, attribute: &Attribute, entry: &Entry, cells: &mut Cells) {
    let text = entry.text.get(attribute.name);
    let cell = text.and_then(|text| match attribute.kind {
        Kind::Integer => text.parse().ok().map(Parameter::Integer),
        Kind::Number => text.parse().ok().map(Parameter::Real),
        Kind::Boolean => Some(Parameter::Integer(1)),
        Kind::Text | Kind::Word(_) | Kind::Span | Kind::Day => Some(text_of(text)),
    });
    // A yes that is not said is a no.
    let no = (attribute.kind == Kind::Boolean && attribute.absent == Absent::Nothing).then_some(Parameter::Integer(0));
    if let Some(cell) = cell.or(no) {
        cells.set(attribute.name, cell);
    }
    if attribute.kind == Kind::Day && !ddl::is_bound(noun, attribute) {
        let day = entry.dates.get(attribute.name).map(|date| date.bounds);
        // A country without a start or an end has been there, or will be, as far as the file can tell.
        let (min, max) = match (day, noun.id, attribute.name) {
            (Some(day), ..) => (day.start_min, day.end_max),
            (None, NounId::Countries, "start") => (OPEN_PAST, OPEN_PAST),
            (None, NounId::Countries, "end") => (OPEN_FUTURE, OPEN_FUTURE),
            (None, ..) => (OPEN_PAST, OPEN_FUTURE),
        };
        cells.set_of(attribute.name, "_min", Parameter::Integer(min));
        cells.set_of(attribute.name, "_max", Parameter::Integer(max));
    }
}
