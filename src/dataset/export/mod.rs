//! A whole dataset for other programs, each with a report of what it could not take along.
//!
//! A form takes checked records and gives text; what it counts while it writes is the report. The same file gives the
//! same bytes: forms know no clock, and go through rows in the order that their file has.

pub mod folder;
mod geojson;
mod gexf;
mod ics;

use super::derive::{SUBJECTS, bounds};
use super::model::{Entry, Model};
use crate::catalog::vocabulary::HELD;
use crate::catalog::{NOUNS, NounId, Origin};
use crate::diagnostic::Diagnostic;
use crate::store::progress::Part;
use crate::store::{Database, Progress};
use crate::value::date::{Bounds, Day, OPEN_FUTURE, OPEN_PAST, to_civil};
use crate::value::text::Text;
use std::collections::HashMap;
use std::path::Path;

/// One form of `bilat export`.
#[derive(Debug)]
pub struct Form {
    /// As written after `--as`; files of it end so.
    pub name: &'static str,
    pub help: &'static str,
    pub made: Made,
}

/// What a form makes.
#[derive(Clone, Copy, Debug)]
pub enum Made {
    /// A folder of CSV files, from which the file can be built again.
    Folder,
    /// One file.
    File(Maker),
}

/// Makes the text of a file.
pub type Maker = fn(&Model, &Progress) -> Result<Export, Diagnostic>;

/// Every form.
pub static FORMS: &[Form] = &[
    Form { name: "csv", help: "a folder of CSV files that bilat build makes the same file of", made: Made::Folder },
    Form {
        name: "gexf",
        help: "GEXF 1.3: who met whom, when, as a network (Gephi, networkx)",
        made: Made::File(gexf::export),
    },
    Form {
        name: "geojson",
        help: "GeoJSON (RFC 7946): meetings, visits and journeys on the map",
        made: Made::File(geojson::export),
    },
    Form { name: "ics", help: "iCalendar (RFC 5545): what has its days, for calendars", made: Made::File(ics::export) },
];

impl Form {
    pub fn from_name(name: &str) -> Option<&'static Form> {
        FORMS.iter().find(|form| form.name == name)
    }
}

/// A file for another program, and what became of what the dataset holds.
#[derive(Clone, Debug, Default)]
pub struct Export {
    pub text: String,
    /// What was taken, by kind.
    pub taken: Counts,
    /// What was not taken of that, by kind.
    pub lost: Counts,
    /// What does not come up at all, by noun.
    pub left_out: Counts,
}

/// How many of what, in the order in which kinds came.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Counts(Vec<(String, u64)>);

impl Counts {
    /// One more of a kind.
    pub fn one(&mut self, kind: &str) {
        self.add(kind, 1);
    }

    /// So many more of a kind; it is named even if that is none.
    pub fn add(&mut self, kind: &str, more: u64) {
        match self.0.iter_mut().find(|(known, _)| known == kind) {
            Some((_, count)) => *count += more,
            None => self.0.push((kind.to_string(), more)),
        }
    }

    pub fn of(&self, kind: &str) -> u64 {
        self.0.iter().find(|(known, _)| known == kind).map_or(0, |(_, count)| *count)
    }

    /// Kinds of which there are any.
    pub fn iter(&self) -> impl Iterator<Item = (&str, u64)> {
        self.0.iter().filter(|(_, count)| *count > 0).map(|(kind, count)| (kind.as_str(), *count))
    }

    /// `27 nodes, 31 edges` the other way about, so that no word needs a plural: `nodes 27, edges 31`.
    pub fn text(&self) -> String {
        let parts: Vec<String> = self.iter().map(|(kind, count)| format!("{kind} {count}")).collect();
        if parts.is_empty() { "nothing".to_string() } else { parts.join(", ") }
    }
}

const EXPORTING: Part = Part::new("writing the form", 60);

/// The parts of exporting a file that is open.
pub const PARTS: &[Part] = &[super::CHECKING, super::DERIVING, EXPORTING, super::WRITING];

/// Writes what a file holds for another program, whole or not at all.
///
/// # Errors
/// When the file cannot be read, the target is there already or cannot be written, or it was stopped.
pub fn to_file(
    maker: Maker,
    database: &Database,
    target: &Path,
    force: bool,
    progress: &Progress,
) -> Result<Export, Vec<Diagnostic>> {
    let one = |diagnostic| vec![diagnostic];
    super::free(target, force).map_err(one)?;
    let model = super::model_of(database, progress)?;
    let export = maker(&model, progress).map_err(one)?;
    super::put_watched(target, export.text.as_bytes(), force, progress).map_err(one)?;
    Ok(export)
}

/// The rows of a noun in the order of a file: by their days, then by their keys.
fn in_order(model: &Model, noun: NounId) -> Vec<(usize, &Entry)> {
    let mut rows: Vec<(usize, &Entry)> = model.of(noun).iter().enumerate().collect();
    rows.sort_by(|(_, one), (_, other)| place_in_time(one).cmp(&place_in_time(other)));
    rows
}

fn place_in_time(entry: &Entry) -> (Day, Day, &str) {
    let days = bounds(entry);
    (days.start_min, days.end_max, &entry.key)
}

/// The positions of rows by the row that their link leads to.
fn by_link(model: &Model, noun: NounId, link: &str) -> HashMap<usize, Vec<usize>> {
    let mut rows: HashMap<usize, Vec<usize>> = HashMap::new();
    for (at, entry) in model.of(noun).iter().enumerate() {
        if let Some(to) = entry.one.get(link) {
            rows.entry(*to).or_default().push(at);
        }
    }
    rows
}

/// The row that a to-one link leads to.
fn linked<'a>(model: &'a Model, entry: &Entry, link: &str, to: NounId) -> Option<&'a Entry> {
    model.of(to).get(*entry.one.get(link)?)
}

fn label(model: &Model, entry: &Entry, link: &str, to: NounId) -> Option<String> {
    linked(model, entry, link, to).map(|other| other.label.to_string())
}

fn status(entry: &Entry) -> &str {
    entry.text.get("status").map_or(HELD, Text::as_str)
}

/// A day as ISO 8601 has it; nothing for an open bound and for days before year 1, which not every standard can write.
fn iso(day: Day) -> Option<String> {
    let open = day <= OPEN_PAST || day >= OPEN_FUTURE;
    let date = to_civil(day);
    (!open && date.year() >= 1).then(|| date.to_string())
}

/// Whether a row has its days, and they are known to the day.
fn exact(entry: &Entry) -> Option<Bounds> {
    let date = entry.dates.get("date")?;
    date.bounds.is_exact().then_some(date.bounds)
}

/// What is lost of second accounts where they are named as sources.
const TOLD: &str = "what second accounts tell otherwise";

/// Counts what no form has room for: what accounts tell, names, and nouns that do not come up.
fn leave_out(model: &Model, taken: &[NounId], accounts: &str, made: &mut Export) {
    let subject = |entry: &Entry| SUBJECTS.iter().find(|(_, link)| entry.one.contains_key(link)).map(|(noun, _)| *noun);
    for account in model.of(NounId::Accounts) {
        let of_taken = subject(account).is_some_and(|noun| taken.contains(&noun));
        match of_taken {
            true if accounts == TOLD && account.text.contains_key("preferred") => {}
            true => made.lost.one(accounts),
            false => made.left_out.one("accounts of what is left out"),
        }
    }
    made.lost.add("names in other languages", other_names(model));
    let apart = [NounId::Accounts, NounId::Names];
    for noun in NOUNS.iter().filter(|noun| noun.origin == Origin::Csv && !apart.contains(&noun.id)) {
        if !taken.contains(&noun.id) {
            made.left_out.add(noun.name, model.of(noun.id).len() as u64);
        }
    }
    made.left_out.add("saved queries", model.queries.len() as u64);
}

/// Names besides the one by which a row is shown.
fn other_names(model: &Model) -> u64 {
    let native = model.of(NounId::Leaders).iter().filter(|leader| leader.text.contains_key("native_name")).count();
    (model.of(NounId::Names).len() + native) as u64
}
