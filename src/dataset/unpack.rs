//! A file back to the records that build it: what an editor, an import or another program changes.
//!
//! A cell that the build would fill in by itself (a date from the preferred account, an office from the terms) is left
//! out, so that it goes on following what it follows from. Building the records gives the same file, to the byte.

use super::derive::SUBJECTS;
use super::model::Model;
use super::records::{Record, Records};
use super::write::own_names;
use crate::catalog::vocabulary::HELD;
use crate::catalog::{Attribute, Kind, Link, NOUNS, Noun, NounId, Origin, Via};
use crate::diagnostic::Diagnostic;
use crate::diagnostic::data::Place;
use crate::sql::SqlQuery;
use crate::store::{Database, Progress, Raw, RawRow, SEAL};
use crate::value::text::Text;
use NounId::*;
use std::collections::{BTreeMap, HashMap, HashSet};

/// What the build fills in where the cell is empty, and the order in which one follows from the other: meetings lie
/// within visits, an office is that of the day, a country that of the place or the office.
const FILLED_IN: [&[(NounId, &[&str])]; 4] = [
    &[(Visits, &["date", "kind"]), (Events, &["date", "kind", "place"])],
    &[(Meetings, &["date", "format", "place"])],
    &[
        (Participants, &["office"]),
        (Meetings, &["host_country"]),
        (Events, &["host_country"]),
        (Accounts, &["host_country"]),
    ],
    &[(Participants, &["country"])],
];

/// Keys by id, of each noun.
type Keys = HashMap<NounId, HashMap<i64, Text>>;

/// Everything a file holds, as records.
///
/// # Errors
/// When the file cannot be read.
pub fn records(database: &Database) -> Result<Records, Diagnostic> {
    let mut records = Records { settings: settings(database)?, ..Records::default() };
    let keys = keys(database)?;
    let lists = lists(database, &keys)?;
    let identifiers = identifiers(database)?;
    for noun in NOUNS.iter().filter(|noun| noun.origin == Origin::Csv && noun.id != Names) {
        let select = Select::of(noun);
        let mut rows = database.collect(&select.query(), |row| {
            let id = row.integer(0);
            let mut record = select.record(row, &keys);
            for (column, of) in &lists {
                if column.0 == noun.id
                    && let Some(list) = of.get(&id)
                {
                    record = record.with(column.1, list.join("; "));
                }
            }
            record.with("ids", identifiers.get(&(Text::new_static(noun.name), id)).map_or("", String::as_str))
        })?;
        placed(noun, &mut rows);
        records.nouns.insert(noun.id, rows);
    }
    let mut names = names(database, &keys, &records)?;
    placed(Names.noun(), &mut names);
    records.nouns.insert(Names, names);
    records.queries = saved(database)?;
    // What is stopped meanwhile is at its end in the next step.
    Ok(without_what_follows(records, &Progress::of(&[], database.stopper())))
}

/// The line that a record would have in its CSV file.
fn placed(noun: &Noun, rows: &mut [Record]) {
    let file = smol_str::format_smolstr!("{}.csv", noun.name);
    for (line, record) in (2..).zip(rows) {
        record.place = Place { file: file.clone(), line };
    }
}

fn query(text: String) -> SqlQuery {
    SqlQuery::new(text, Vec::new())
}

fn settings(database: &Database) -> Result<BTreeMap<String, String>, Diagnostic> {
    let rows = database.collect(&query("SELECT \"key\" AS c0, \"value\" AS c1 FROM \"file\"".to_string()), |row| {
        (row.text(0).unwrap_or_default(), row.text(1).unwrap_or_default())
    })?;
    Ok(rows.into_iter().filter(|(key, _)| key != SEAL).collect())
}

/// The queries kept in a file, by their names.
///
/// # Errors
/// When the file cannot be read.
pub fn saved(database: &Database) -> Result<BTreeMap<String, String>, Diagnostic> {
    let text = "SELECT \"name\" AS c0, \"text\" AS c1 FROM \"queries\"".to_string();
    let rows =
        database.collect(&query(text), |row| (row.text(0).unwrap_or_default(), row.text(1).unwrap_or_default()))?;
    Ok(rows.into_iter().collect())
}

fn keys(database: &Database) -> Result<Keys, Diagnostic> {
    let mut keys = Keys::new();
    for noun in NOUNS.iter().filter(|noun| noun.origin == Origin::Csv) {
        let text = format!("SELECT \"id\" AS c0, \"key\" AS c1 FROM \"{}\"", noun.name);
        let rows = database.collect(&query(text), |row| (row.integer(0), text_at(row, 1)))?;
        keys.insert(noun.id, rows.into_iter().collect());
    }
    Ok(keys)
}

/// The keys that lists of a row hold, in order, by noun and column and by the row's id.
type Lists = Vec<((NounId, &'static str), HashMap<i64, Vec<Text>>)>;

fn lists(database: &Database, keys: &Keys) -> Result<Lists, Diagnostic> {
    let mut lists = Lists::new();
    for noun in NOUNS.iter().filter(|noun| noun.origin == Origin::Csv) {
        for link in noun.links.iter().filter(|link| link.given) {
            let Via::List { table, from, to } = link.via else { continue };
            let order = if table == "visit_places" { "position" } else { to };
            let text = format!("SELECT \"{from}\" AS c0, \"{to}\" AS c1 FROM \"{table}\" ORDER BY 1, \"{order}\"");
            let mut of: HashMap<i64, Vec<Text>> = HashMap::new();
            for (row, other) in database.collect(&query(text), |row| (row.integer(0), row.integer(1)))? {
                of.entry(row).or_default().extend(key(keys, link.to, other));
            }
            lists.push(((noun.id, link.name), of));
        }
    }
    Ok(lists)
}

fn key(keys: &Keys, noun: NounId, id: i64) -> Option<Text> {
    keys.get(&noun)?.get(&id).cloned()
}

/// Foreign identifiers as the column `ids` has them, by noun and id.
fn identifiers(database: &Database) -> Result<HashMap<(Text, i64), String>, Diagnostic> {
    let text = "SELECT \"noun\" AS c0, \"row_id\" AS c1, \"scheme\" AS c2, \"value\" AS c3 FROM \"identifiers\" \
         ORDER BY 1, 2, 3";
    let mut all: HashMap<(Text, i64), String> = HashMap::new();
    let rows = database.collect(&query(text.to_string()), |row| {
        ((text_at(row, 0), row.integer(1)), format!("{}:{}", text_at(row, 2), text_at(row, 3)))
    })?;
    for (of, identifier) in rows {
        let cell = all.entry(of).or_default();
        if !cell.is_empty() {
            cell.push_str("; ");
        }
        cell.push_str(&identifier);
    }
    Ok(all)
}

/// What is read of a noun's table: the id, the key, and the columns that its CSV file has.
struct Select {
    noun: &'static Noun,
    attributes: Vec<&'static Attribute>,
    links: Vec<&'static Link>,
}

impl Select {
    fn of(noun: &'static Noun) -> Select {
        let attributes = noun.attributes.iter().filter(|attribute| attribute.given).collect();
        let links = noun.links.iter().filter(|link| link.given && link.via == Via::Column).collect();
        Select { noun, attributes, links }
    }

    fn query(&self) -> SqlQuery {
        let attributes = self.attributes.iter().map(|attribute| format!("\"{}\"", attribute.name));
        let links = self.links.iter().map(|link| format!("\"{}_id\"", link.name));
        let columns = ["\"id\"".to_string(), "\"key\"".to_string()].into_iter().chain(attributes).chain(links);
        let columns: Vec<String> = (0..).zip(columns).map(|(at, column)| format!("{column} AS c{at}")).collect();
        query(format!("SELECT {} FROM \"{}\" ORDER BY \"id\"", columns.join(", "), self.noun.name))
    }

    fn record(&self, row: &RawRow<'_>, keys: &Keys) -> Record {
        let mut record = Record::new(text_at(row, 1));
        for (at, attribute) in (2..).zip(&self.attributes) {
            record = record.with(attribute.name, text(attribute, &row.get(at)));
        }
        for (at, link) in (2 + self.attributes.len()..).zip(&self.links) {
            if let Raw::Integer(id) = row.get(at) {
                record = record.with(link.name, key(keys, link.to, id).unwrap_or_default());
            }
        }
        record
    }
}

fn text(attribute: &Attribute, value: &Raw<'_>) -> Text {
    match (attribute.kind, value) {
        (Kind::Boolean, Raw::Integer(1)) => Text::new_static("yes"),
        (Kind::Boolean, _) | (_, Raw::Null) => Text::default(),
        (_, Raw::Integer(number)) => number.to_string().into(),
        (_, Raw::Real(number)) => number.to_string().into(),
        (_, Raw::Text(text)) => Text::new(text),
    }
}

fn text_at(row: &RawRow<'_>, at: usize) -> Text {
    match row.get(at) {
        Raw::Text(text) => Text::new(text),
        _ => Text::default(),
    }
}

/// The names of `names.csv`: all but those that things have of themselves.
fn names(database: &Database, keys: &Keys, records: &Records) -> Result<Vec<Record>, Diagnostic> {
    let columns = ["key", "text", "noun", "of_id", "language", "script", "kind", "remark"];
    let selected: Vec<String> = (0..).zip(columns).map(|(at, column)| format!("\"{column}\" AS c{at}")).collect();
    let text = format!("SELECT {} FROM \"names\" ORDER BY \"id\"", selected.join(", "));
    let own: HashSet<Text> = NOUNS
        .iter()
        .filter(|noun| noun.named)
        .flat_map(|noun| {
            records.of(noun.id).iter().flat_map(|record| own_names(noun, &record.key, |name| record.cell(name)))
        })
        .map(|(key, ..)| key.into())
        .collect();
    let rows = database.collect(&query(text), |row| {
        let noun = row.text(2).unwrap_or_default();
        let of = NOUNS.iter().find(|known| known.name == noun).and_then(|known| key(keys, known.id, row.integer(3)));
        let mut record = Record::new(row.text(0).unwrap_or_default())
            .with("text", row.text(1).unwrap_or_default())
            .with("of", format!("{noun}:{}", of.unwrap_or_default()));
        for (at, column) in (4..).zip(&columns[4..]) {
            record = record.with(column, row.text(at).unwrap_or_default());
        }
        record
    })?;
    Ok(rows.into_iter().filter(|record| !own.contains(&record.key)).collect())
}

/// Leaves out what the build fills in with the same.
fn without_what_follows(mut bare: Records, progress: &Progress) -> Records {
    let told = Told::of(&bare);
    let mut out: Vec<Left> = Vec::new();
    countries_of_places(&mut bare, &mut out);
    statuses(&mut bare, &mut out);
    for (noun, columns) in FILLED_IN.iter().copied().flatten() {
        for column in columns.iter().copied() {
            for (at, record) in bare.nouns.get_mut(noun).into_iter().flatten().enumerate() {
                if told.may_fill(*noun, column, record)
                    && let Some(text) = record.cells.remove(column)
                {
                    out.push(Left { noun: *noun, column, at, text });
                }
            }
        }
    }
    let mut model = None;
    for stage in FILLED_IN {
        // What the build fills in depends on what it filled in before, and on what was put back since.
        let built = match model.take() {
            Some(model) => model,
            None => match super::derived_watched(&bare, progress) {
                Ok(model) => model,
                // What contradicts itself, in a file that nobody built, is left as it stands.
                Err(_) => {
                    out.into_iter().for_each(|left| left.put(&mut bare));
                    return bare;
                }
            },
        };
        let mut same = true;
        for left in out.iter().filter(|left| stage.iter().any(|(noun, columns)| left.is_of(*noun, columns))) {
            if left.filled(&built) != Some(left.text.as_str()) {
                left.clone().put(&mut bare);
                same = false;
            }
        }
        model = same.then_some(built);
    }
    bare
}

/// A cell that was left out.
#[derive(Clone)]
struct Left {
    noun: NounId,
    column: &'static str,
    at: usize,
    text: Text,
}

impl Left {
    fn is_of(&self, noun: NounId, columns: &[&str]) -> bool {
        self.noun == noun && columns.contains(&self.column)
    }

    fn put(self, records: &mut Records) {
        let record = records.nouns.get_mut(&self.noun).and_then(|rows| rows.get_mut(self.at));
        record.into_iter().for_each(|record| drop(record.cells.insert(self.column, self.text.clone())));
    }

    /// What the build fills in.
    fn filled<'m>(&self, model: &'m Model) -> Option<&'m str> {
        let entry = model.of(self.noun).get(self.at)?;
        let linked = || {
            let link = self.noun.noun().link(self.column)?;
            Some(model.of(link.to).get(*entry.one.get(self.column)?)?.key.as_str())
        };
        entry.text.get(self.column).map(Text::as_str).or_else(linked)
    }
}

/// What others tell of rows: the keys of those that are told of.
struct Told {
    subjects: HashMap<NounId, HashSet<Text>>,
    leaders: HashSet<Text>,
}

impl Told {
    fn of(records: &Records) -> Told {
        let keys = |noun: NounId, link: &str| -> HashSet<Text> {
            records.of(noun).iter().filter_map(|record| record.cells.get(link).cloned()).collect()
        };
        let subjects = SUBJECTS.iter().map(|(noun, link)| (*noun, keys(Accounts, link))).collect();
        Told { subjects, leaders: keys(Terms, "leader") }
    }

    /// Whether the build may fill a cell in at all; where it cannot, nothing need be tried.
    fn may_fill(&self, noun: NounId, column: &str, record: &Record) -> bool {
        let has = |name: &str| record.cells.contains_key(name);
        match (noun, column) {
            (Participants, "office") => record.cells.get("leader").is_some_and(|leader| self.leaders.contains(leader)),
            (Participants, _) => true,
            (Accounts, _) => has("place"),
            _ => {
                let also = match column {
                    "date" => has("visits"),
                    "host_country" => has("place"),
                    _ => false,
                };
                also || self.subjects.get(&noun).is_some_and(|told| told.contains(&record.key))
            }
        }
    }
}

/// A status is that of the preferred account, or held. It goes before all else: a visit that was not held bounds no
/// meeting, and without its status would contradict one.
fn statuses(bare: &mut Records, out: &mut Vec<Left>) {
    for (noun, link) in SUBJECTS {
        let preferred = bare.of(Accounts).iter().filter(|account| account.cell("preferred").is_some());
        let told: HashMap<Text, Text> = preferred
            .filter_map(|account| Some((account.cells.get(link)?.clone(), account.cells.get("status")?.clone())))
            .collect();
        for (at, record) in bare.nouns.get_mut(&noun).into_iter().flatten().enumerate() {
            if record.cell("status") == Some(told.get(&record.key).map_or(HELD, Text::as_str))
                && let Some(text) = record.cells.remove("status")
            {
                out.push(Left { noun, column: "status", at, text });
            }
        }
    }
}

/// A place in another has that one's country.
fn countries_of_places(bare: &mut Records, out: &mut Vec<Left>) {
    let countries: HashMap<Text, Option<Text>> =
        bare.of(Places).iter().map(|place| (place.key.clone(), place.cells.get("country").cloned())).collect();
    for (at, place) in bare.nouns.get_mut(&Places).into_iter().flatten().enumerate() {
        let above = place.cells.get("parent").and_then(|parent| countries.get(parent).cloned().flatten());
        if above.is_some()
            && above.as_ref() == place.cells.get("country")
            && let Some(text) = place.cells.remove("country")
        {
            out.push(Left { noun: Places, column: "country", at, text });
        }
    }
}
