//! One of two datasets that are compared: its records, what follows from them, and look-ups.

use crate::catalog::{NounId, Via};
use crate::dataset::derived_watched;
use crate::dataset::model::{Entry, Model, subject};
use crate::dataset::records::{Record, Records};
use crate::dataset::write::own_names;
use crate::diagnostic::Diagnostic;
use crate::store::Progress;
use crate::value::text::fold;
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// Which rows of a noun lead to a row of another, by that row's position.
type Led = HashMap<usize, Vec<usize>>;

pub struct Side<'a> {
    pub records: &'a Records,
    pub model: Model,
    /// Positions by key.
    keys: BTreeMap<NounId, HashMap<&'a str, usize>>,
    led: HashMap<(NounId, &'static str), Led>,
    /// Of rows that have names, all of them, folded.
    names: HashMap<(NounId, usize), BTreeSet<String>>,
    /// How many rows of the noun names it has.
    given: HashMap<(NounId, usize), usize>,
}

/// What goes with a row and is told with it: the noun, and its link to that row.
pub const PARTS: &[(NounId, &str, NounId)] = &[
    (NounId::Participants, "meeting", NounId::Meetings),
    (NounId::Accounts, "meeting", NounId::Meetings),
    (NounId::Accounts, "visit", NounId::Visits),
    (NounId::Accounts, "event", NounId::Events),
    (NounId::Terms, "leader", NounId::Leaders),
    (NounId::Memberships, "group", NounId::Groups),
    (NounId::Memberships, "country", NounId::Countries),
];

/// What else tells rows apart that are alike: those that lead to them.
pub const BEHIND: &[(NounId, &str, NounId)] = &[
    (NounId::Meetings, "visits", NounId::Visits),
    (NounId::Meetings, "event", NounId::Events),
    (NounId::Accounts, "named", NounId::Participants),
];

impl<'a> Side<'a> {
    /// # Errors
    /// Mistakes in the records, or that it was stopped.
    pub fn new(records: &'a Records, progress: &Progress) -> Result<Side<'a>, Vec<Diagnostic>> {
        let model = derived_watched(records, progress)?;
        let keys = |rows: &'a Vec<Record>| rows.iter().enumerate().map(|(at, row)| (row.key.as_str(), at)).collect();
        let keys = records.nouns.iter().map(|(noun, rows)| (*noun, keys(rows))).collect();
        let mut side = Side { records, model, keys, led: HashMap::new(), names: HashMap::new(), given: HashMap::new() };
        for (noun, link, _) in PARTS.iter().chain(BEHIND) {
            let led = side.leading(*noun, link);
            side.led.insert((*noun, *link), led);
        }
        side.gather_names();
        Ok(side)
    }

    fn leading(&self, noun: NounId, link: &str) -> Led {
        let mut led = Led::new();
        for (at, entry) in self.model.of(noun).iter().enumerate() {
            let many = entry.many.get(link).into_iter().flatten();
            for to in entry.one.get(link).into_iter().chain(many) {
                led.entry(*to).or_default().push(at);
            }
        }
        led
    }

    fn gather_names(&mut self) {
        for noun in self.records.nouns.keys().filter(|noun| noun.noun().named) {
            for (at, record) in self.records.of(*noun).iter().enumerate() {
                let own = own_names(noun.noun(), &record.key, |name| record.cell(name));
                self.names.entry((*noun, at)).or_default().extend(own.into_iter().map(|(_, text, _)| fold(text)));
            }
        }
        for record in self.records.of(NounId::Names) {
            let of = record.cell("of").and_then(|of| self.subject(of));
            if let (Some(of), Some(text)) = (of, record.cell("text")) {
                self.names.entry(of).or_default().insert(fold(text));
                *self.given.entry(of).or_default() += 1;
            }
        }
    }

    /// How many rows a noun has.
    pub fn len(&self, noun: NounId) -> usize {
        self.records.of(noun).len()
    }

    pub fn record(&self, noun: NounId, at: usize) -> Option<&'a Record> {
        self.records.of(noun).get(at)
    }

    pub fn entry(&self, noun: NounId, at: usize) -> Option<&Entry> {
        self.model.of(noun).get(at)
    }

    pub fn position(&self, noun: NounId, key: &str) -> Option<usize> {
        self.keys.get(&noun)?.get(key).copied()
    }

    /// What a name is of: `leaders:putin`.
    pub fn subject(&self, of: &str) -> Option<(NounId, usize)> {
        let (noun, key) = subject(of)?;
        Some((noun, self.position(noun, key)?))
    }

    /// The rows whose link leads to this one.
    pub fn led(&self, noun: NounId, link: &'static str, to: usize) -> &[usize] {
        self.led.get(&(noun, link)).and_then(|led| led.get(&to)).map_or(&[], Vec::as_slice)
    }

    pub fn names(&self, noun: NounId, at: usize) -> impl Iterator<Item = &str> {
        self.names.get(&(noun, at)).into_iter().flatten().map(String::as_str)
    }

    /// How many rows of the noun names a row has.
    pub fn given_names(&self, noun: NounId, at: usize) -> usize {
        self.given.get(&(noun, at)).copied().unwrap_or(0)
    }

    pub fn label(&self, noun: NounId, at: usize) -> String {
        self.entry(noun, at).map(|entry| entry.label.to_string()).unwrap_or_default()
    }

    /// What a row is called where nothing stands around it: a participant with the meeting, an account with what it is
    /// of.
    pub fn title(&self, noun: NounId, at: usize) -> String {
        let own = self.label(noun, at);
        match self.owner(noun, at) {
            Some((of, _))
                if matches!(of, NounId::Leaders | NounId::Groups | NounId::Countries) && noun != NounId::Names =>
            {
                own
            }
            Some((of, at)) => format!("{own} ({})", self.label(of, at)),
            None => own,
        }
    }

    /// The row that a row goes with; where there are two, the first.
    pub fn owner(&self, noun: NounId, at: usize) -> Option<(NounId, usize)> {
        self.owners(noun, at).next()
    }

    /// The rows that a row goes with: if one is not there, it cannot be.
    pub fn owners(&self, noun: NounId, at: usize) -> impl Iterator<Item = (NounId, usize)> {
        let named = (noun == NounId::Names)
            .then(|| self.record(noun, at)?.cell("of").and_then(|of| self.subject(of)))
            .flatten();
        let links = PARTS.iter().filter(move |(part, ..)| *part == noun);
        let linked = links.filter_map(move |(_, link, of)| Some((*of, *self.entry(noun, at)?.one.get(link)?)));
        named.into_iter().chain(linked)
    }

    /// A cell as people read it: labels in place of keys.
    pub fn shown(&self, noun: NounId, column: &str, cell: &str) -> String {
        if noun == NounId::Names && column == "of" {
            return self.subject(cell).map_or_else(|| cell.to_string(), |(of, at)| self.label(of, at));
        }
        let label = |to: NounId, key: &str| {
            let key = key.trim();
            self.position(to, key).map_or_else(|| key.to_string(), |at| self.title(to, at))
        };
        match noun.noun().link(column) {
            Some(link) if matches!(link.via, Via::List { .. }) => {
                let labels: Vec<String> = list(cell).map(|key| label(link.to, key)).collect();
                labels.join("; ")
            }
            Some(link) => label(link.to, cell),
            None => cell.to_string(),
        }
    }
}

/// `a; b`
pub fn list(cell: &str) -> impl Iterator<Item = &str> {
    cell.split(';').map(str::trim).filter(|part| !part.is_empty())
}
