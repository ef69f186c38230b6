//! A derived model into a file: rows numbered, names folded, everything in its table.

use super::derive::{ancestors, bounds, run_of};
use super::model::{Entry, Model, subject};
use super::slots::Text;
use crate::catalog::ddl::{self, Table};
use crate::catalog::{Absent, Attribute, Kind, NOUNS, Noun, NounId, Origin, Via, When};
use crate::diagnostic::Diagnostic;
use crate::diagnostic::{data, running};
use crate::store::{Progress, Value, Writer};
use crate::value::date::{Bounds, OPEN_FUTURE, OPEN_PAST};
use crate::value::text::{fold, sorted_words};
use std::collections::{BTreeSet, HashMap, HashSet};

/// One row on its way into its table: a value for each column, in their order.
struct Cells<'v> {
    table: &'static Table,
    values: Vec<Value<'v>>,
}

impl<'v> Cells<'v> {
    fn of(name: &str) -> Result<Cells<'v>, Diagnostic> {
        let table = ddl::tables().iter().find(|table| table.name == name);
        let table = table.ok_or_else(|| running::bug(&format!("there is no table {name}")))?;
        Ok(Cells { table, values: vec![Value::Null; table.columns.len()] })
    }

    /// Where a column stands that bears the names of both, such as `place` and `_id`.
    fn position(&self, name: &str, ending: &str) -> Option<usize> {
        self.table.columns.iter().position(|known| known.name.strip_prefix(name) == Some(ending))
    }

    /// The column at a position, if it has one.
    #[inline]
    fn put(&mut self, at: Option<usize>, value: Value<'v>) {
        at.and_then(|at| self.values.get_mut(at)).into_iter().for_each(|cell| *cell = value);
    }

    fn set(&mut self, column: &str, value: Value<'v>) {
        self.put(self.position(column, ""), value);
    }
}

/// Writes, seals, and gives the bytes and the digest.
///
/// # Errors
/// Names of things that are not there, and bugs.
pub fn write(model: &Model, progress: &Progress) -> Result<(Vec<u8>, String), Vec<Diagnostic>> {
    progress.begin(super::ADDING, expected(model));
    let one = |diagnostic| vec![diagnostic];
    let ids = number(model, progress).map_err(one)?;
    let writer = Writer::watched(progress).map_err(one)?;
    let mut output = Output { writer, model, ids };
    let names = output.names()?;
    output.all(names).map_err(one)?;
    output.writer.finish().map_err(one)
}

/// About how many rows and entries of indexes there will be.
fn expected(model: &Model) -> u64 {
    let steps = |name: &str| ddl::tables().iter().find(|table| table.name == name).map_or(1, Writer::steps);
    let (names, words) = (steps("names"), steps("name_words"));
    let of = |noun: &Noun, entry: &Entry| {
        let own = OWN_NAMES.iter().filter(|(name, _)| entry.text.contains_key(name)).count();
        let lists = entry.many.values().map(Vec::len).sum::<usize>() + entry.identifiers.len();
        // A name has about two words, which are rows too.
        if noun.named { own as u64 * (names + 2 * words) + lists as u64 * 2 } else { lists as u64 * 2 }
    };
    let noun = |noun: &'static Noun| {
        let rows = model.of(noun.id);
        let own = if noun.id == NounId::Names { names + 2 * words } else { steps(noun.name) };
        rows.len() as u64 * own + rows.iter().map(|entry| of(noun, entry)).sum::<u64>()
    };
    NOUNS.iter().map(noun).sum()
}

/// The id of every row: dated rows in the order of their dates, participants in that of their meetings, all others in
/// that of their keys. The id so is the order in which rows are shown.
fn number(model: &Model, progress: &Progress) -> Result<HashMap<NounId, Vec<i64>>, Diagnostic> {
    let mut ids: HashMap<NounId, Vec<i64>> = HashMap::new();
    // Meetings come before participants in the catalogue.
    for noun in NOUNS {
        let rows = model.of(noun.id);
        let first = |entry: &Entry| match (noun.id, noun.when) {
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
        let mut order: Vec<((i64, i64), usize)> = rows.iter().map(first).zip(0..).collect();
        let key = |at: usize| rows.get(at).map_or("", |entry| &entry.key);
        let compare = |one: &((i64, i64), usize), other: &((i64, i64), usize)| {
            one.0.cmp(&other.0).then_with(|| key(one.1).cmp(key(other.1)))
        };
        for piece in order.chunks_mut(PIECE) {
            progress.go_on(0)?;
            piece.sort_unstable_by(compare);
        }
        order.sort_by(compare);
        let mut numbers = vec![0; rows.len()];
        for (id, (_, at)) in (1..).zip(order) {
            numbers.get_mut(at).into_iter().for_each(|number| *number = id);
        }
        ids.insert(noun.id, numbers);
    }
    Ok(ids)
}

/// So many rows are sorted between two looks at whether it is to go on.
const PIECE: usize = 1 << 16;

fn own_bounds(model: &Model, noun: &Noun, entry: &Entry) -> Bounds {
    if noun.attribute("date").is_some() { bounds(entry) } else { run_of(model, noun.id, entry) }
}

struct Output<'a> {
    writer: Writer,
    model: &'a Model,
    ids: HashMap<NounId, Vec<i64>>,
}

/// One name on its way into the file.
struct NameRow {
    key: Text,
    text: Text,
    noun: NounId,
    of: usize,
    /// Language, script, kind and remark, as far as they are given.
    about: Vec<(&'static str, Text)>,
}

impl Output<'_> {
    #[inline]
    fn ids(&self, noun: NounId) -> &[i64] {
        self.ids.get(&noun).map_or(&[], Vec::as_slice)
    }

    #[inline]
    fn id(&self, noun: NounId, position: usize) -> i64 {
        self.ids(noun).get(position).copied().unwrap_or(0)
    }

    /// Tables in the order in which they are declared.
    fn all(&mut self, names: Vec<NameRow>) -> Result<(), Diagnostic> {
        for noun in NOUNS.iter().filter(|noun| !matches!(noun.origin, Origin::Query(_)) && noun.id != NounId::Names) {
            self.rows(noun)?;
        }
        let words = self.write_names(names)?;
        self.lists()?;
        self.ancestry()?;
        self.words(words)?;
        self.identifiers()?;
        let model = self.model;
        for (table, pairs) in [("file", &model.settings), ("queries", &model.queries)] {
            let mut cells = Cells::of(table)?;
            for (one, other) in pairs {
                cells.values = vec![Value::Text(one), Value::Text(other)];
                self.writer.insert(cells.table, &cells.values)?;
            }
        }
        Ok(())
    }

    /// The rows of a noun, in the order of their ids.
    fn rows(&mut self, noun: &'static Noun) -> Result<(), Diagnostic> {
        let model = self.model;
        let rows = model.of(noun.id);
        let mut order: Vec<usize> = vec![0; rows.len()];
        for (at, id) in self.ids(noun.id).iter().enumerate() {
            order.get_mut(*id as usize - 1).into_iter().for_each(|place| *place = at);
        }
        let mut cells = Cells::of(noun.name)?;
        let attributes: Vec<Filled> =
            noun.attributes.iter().map(|attribute| Filled::of(noun, attribute, &cells)).collect();
        let dated = noun.when == When::Own;
        let days = ddl::BOUNDS.map(|name| cells.position(name, "").filter(|_| dated));
        let links = noun.links.iter().filter(|link| link.via == Via::Column);
        let links: Vec<_> = links.map(|link| (link.name, link.to, cells.position(link.name, "_id"))).collect();
        for (id, at) in (1..).zip(order) {
            let Some(entry) = rows.get(at) else { continue };
            cells.values.fill(Value::Null);
            cells.put(Some(0), Value::Integer(id));
            cells.put(Some(1), Value::Text(&entry.key));
            cells.put(Some(2), Value::Text(&entry.label));
            attributes.iter().for_each(|attribute| attribute.fill(noun, entry, &mut cells));
            if dated {
                let stay = own_bounds(model, noun, entry);
                let bounds = [stay.start_min, stay.start_max, stay.end_min, stay.end_max];
                days.into_iter().zip(bounds).for_each(|(at, day)| cells.put(at, Value::Integer(day)));
            }
            for (name, to, at) in &links {
                if let Some(other) = entry.one.get(name) {
                    cells.put(*at, Value::Integer(self.id(*to, *other)));
                }
            }
            self.writer.insert(cells.table, &cells.values)?;
        }
        Ok(())
    }

    fn lists(&mut self) -> Result<(), Diagnostic> {
        let model = self.model;
        for noun in NOUNS {
            for link in noun.links {
                let Via::List { table, .. } = link.via else { continue };
                let mut pairs: Vec<(i64, i64, i64)> = Vec::new();
                for (at, entry) in model.of(noun.id).iter().enumerate() {
                    for (position, other) in (1..).zip(entry.many.get(link.name).into_iter().flatten()) {
                        pairs.push((self.id(noun.id, at), self.id(link.to, *other), position));
                    }
                }
                pairs.sort_unstable();
                pairs.dedup_by_key(|(one, other, _)| (*one, *other));
                self.numbers(table, pairs.iter().map(|(one, other, position)| [*one, *other, *position]))?;
            }
        }
        Ok(())
    }

    /// Rows of numbers, of as many as the table has columns.
    fn numbers<const N: usize>(&mut self, table: &str, rows: impl Iterator<Item = [i64; N]>) -> Result<(), Diagnostic> {
        let cells = Cells::of(table)?;
        for row in rows {
            let values = row.map(Value::Integer);
            self.writer.insert(cells.table, values.get(..cells.values.len()).unwrap_or(&values))?;
        }
        Ok(())
    }

    /// The names that things have of themselves, and those of `names.csv`.
    fn names(&self) -> Result<Vec<NameRow>, Vec<Diagnostic>> {
        let mut rows = Vec::new();
        for noun in NOUNS.iter().filter(|noun| noun.named) {
            for (at, entry) in self.model.of(noun.id).iter().enumerate() {
                for (key, text, kind) in own_names(noun, &entry.key, |name| entry.text.get(name).map(Text::as_str)) {
                    let about = vec![("kind", Text::new_static(kind))];
                    rows.push(NameRow { key: key.into(), text: text.into(), noun: noun.id, of: at, about });
                }
            }
        }
        let mut mistakes = Vec::new();
        let own: HashSet<Text> = rows.iter().map(|row: &NameRow| row.key.clone()).collect();
        let mut positions: HashMap<(NounId, &str), usize> = HashMap::new();
        for noun in NOUNS.iter().filter(|noun| noun.named) {
            for (at, entry) in self.model.of(noun.id).iter().enumerate() {
                positions.insert((noun.id, entry.key.as_str()), at);
            }
        }
        for entry in self.model.of(NounId::Names) {
            let of = entry.text.get("of").map_or("", Text::as_str);
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

    /// Writes the names; the words in them with the ids of the names, in their order.
    fn write_names(&mut self, mut rows: Vec<NameRow>) -> Result<Vec<(String, i64)>, Diagnostic> {
        rows.sort_by(|one, other| {
            let of = |row: &NameRow| (row.noun, self.id(row.noun, row.of));
            of(one).cmp(&of(other)).then_with(|| one.key.cmp(&other.key))
        });
        let model = self.model;
        let mut words: Vec<(String, i64)> = Vec::new();
        let cells = Cells::of("names")?;
        for (id, row) in (1..).zip(&rows) {
            let folded = fold(&row.text);
            let sorted = sorted_words(&folded);
            words.extend(sorted.iter().map(|word| ((*word).to_string(), id)));
            let joined = sorted.join(" ");
            let label = model.of(row.noun).get(row.of).map_or("", |entry| &entry.label);
            let mut cells = Cells { table: cells.table, values: vec![Value::Null; cells.values.len()] };
            cells.set("id", Value::Integer(id));
            cells.set("of_id", Value::Integer(self.id(row.noun, row.of)));
            for (name, text) in row.about.iter().map(|(name, text)| (*name, text.as_str())).chain([
                ("key", row.key.as_str()),
                ("label", &row.text),
                ("text", &row.text),
                ("of", label),
                ("noun", row.noun.noun().name),
                ("folded", &folded),
                ("words", &joined),
            ]) {
                cells.set(name, Value::Text(text));
            }
            self.writer.insert(cells.table, &cells.values)?;
        }
        words.sort_unstable();
        words.dedup();
        Ok(words)
    }

    fn words(&mut self, words: Vec<(String, i64)>) -> Result<(), Diagnostic> {
        let table = Cells::of("name_words")?.table;
        words.iter().try_for_each(|(word, id)| self.writer.insert(table, &[Value::Text(word), Value::Integer(*id)]))
    }

    fn ancestry(&mut self) -> Result<(), Diagnostic> {
        let model = self.model;
        let mut pairs: Vec<[i64; 2]> = Vec::new();
        for at in 0..model.of(NounId::Places).len() {
            let above = ancestors(model, at).into_iter();
            pairs.extend(above.map(|other| [self.id(NounId::Places, at), self.id(NounId::Places, other)]));
        }
        pairs.sort_unstable();
        self.numbers("place_ancestors", pairs.into_iter())
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
        let table = Cells::of("identifiers")?.table;
        for (noun, id, scheme, value) in rows {
            let values = [Value::Text(noun), Value::Integer(id), Value::Text(scheme), Value::Text(value)];
            self.writer.insert(table, &values)?;
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

/// An attribute with the columns that it fills.
struct Filled {
    attribute: &'static Attribute,
    own: Option<usize>,
    /// Of a day: its first and its last possible one.
    days: Option<[Option<usize>; 2]>,
}

impl Filled {
    fn of(noun: &Noun, attribute: &'static Attribute, cells: &Cells<'_>) -> Filled {
        let days = attribute.kind == Kind::Day && !ddl::is_bound(noun, attribute);
        let days = days.then(|| ["_min", "_max"].map(|ending| cells.position(attribute.name, ending)));
        Filled { attribute, own: cells.position(attribute.name, ""), days }
    }

    fn fill<'v>(&self, noun: &Noun, entry: &'v Entry, cells: &mut Cells<'v>) {
        let attribute = self.attribute;
        let text = entry.text.get(attribute.name);
        let cell = text.and_then(|text| match attribute.kind {
            Kind::Integer => text.parse().ok().map(Value::Integer),
            Kind::Number => text.parse().ok().map(Value::Real),
            Kind::Boolean => Some(Value::Integer(1)),
            Kind::Text | Kind::Word(_) | Kind::Span | Kind::Day => Some(Value::Text(text)),
        });
        // A yes that is not said is a no.
        let no = (attribute.kind == Kind::Boolean && attribute.absent == Absent::Nothing).then_some(Value::Integer(0));
        cells.put(self.own, cell.or(no).unwrap_or(Value::Null));
        let Some([first, last]) = self.days else { return };
        let day = entry.dates.get(attribute.name).map(|date| date.bounds);
        // A country without a start or an end has been there, or will be, as far as the file can tell.
        let (min, max) = match (day, noun.id, attribute.name) {
            (Some(day), ..) => (day.start_min, day.end_max),
            (None, NounId::Countries, "start") => (OPEN_PAST, OPEN_PAST),
            (None, NounId::Countries, "end") => (OPEN_FUTURE, OPEN_FUTURE),
            (None, ..) => (OPEN_PAST, OPEN_FUTURE),
        };
        cells.put(first, Value::Integer(min));
        cells.put(last, Value::Integer(max));
    }
}
