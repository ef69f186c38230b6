//! A row and its account as a table's row wants them to be.
//!
//! What a publication says of date, place, format and status stands in its account; the row itself follows its preferred
//! account. A row that is known from elsewhere keeps what it has; places and topics are added to it.

use super::super::draft::Draft;
use super::super::keys::{joined, slug};
use super::Merge;
use crate::catalog::NounId;
use crate::dataset::records::Record;
use crate::dataset::slots::Slots;
use crate::diagnostic::{Diagnostic, data};
use crate::value::date::VagueDate;
use crate::value::text::Text;

/// What of a row stands in its account, for each noun.
const TOLD: [(NounId, &[&str]); 3] = [
    (NounId::Meetings, &["date", "format", "status", "place", "host_country"]),
    (NounId::Visits, &["date", "kind", "status"]),
    (NounId::Events, &["date", "status", "place", "host_country"]),
];

/// Records as they are to be.
pub struct Rewritten {
    /// Position and content, with what was there before.
    row: (usize, Record, bool),
    account: (Option<usize>, Record, bool),
    /// People with other roles than before, and those that are new.
    people: Vec<(Option<usize>, Record)>,
    gone: Vec<Text>,
}

impl Rewritten {
    /// Whether anything is other than it was.
    pub fn differs(&self) -> bool {
        self.row.2 || self.account.2 || !self.people.is_empty() || !self.gone.is_empty()
    }
}

impl Merge<'_, '_> {
    fn told_columns(&self) -> &'static [&'static str] {
        TOLD.iter().find(|(noun, _)| *noun == self.noun).map_or(&[], |(_, columns)| columns)
    }

    /// What an account says: every column that the table speaks of, empty ones too.
    fn account_cells(&self, draft: &Draft, preferred: bool) -> Slots<Text> {
        let text = |name: &str| draft.cells.get(name).cloned().unwrap_or_default();
        let mut cells: Slots<Text> = Slots::default();
        cells.insert("publication", self.publication.as_str());
        if !draft.by_line {
            cells.insert("locator", draft.locator.clone());
        }
        for name in self.told_columns() {
            if self.mapping.column(name).is_some() {
                cells.insert(name, text(name));
            }
        }
        if self.noun == NounId::Visits {
            // An account has one place: several stand in the visit alone.
            let places = draft.lists.get("places").map_or(&[][..], Vec::as_slice);
            let place = if let [only] = places { only.clone() } else { Text::default() };
            cells.insert("host_country", if place.is_empty() { text("country") } else { Text::default() });
            cells.insert("place", place);
        }
        // What follows from the place is left to follow from it.
        let of_place = cells.get("place").and_then(|place| self.resolver.index.country_of_place(place));
        if of_place.is_some() && of_place == cells.get("host_country").map(Text::as_str) {
            cells.insert("host_country", "");
        }
        for name in ["anchor", "reading"] {
            if self.mapping.column(name).is_some() || draft.cells.contains_key(name) {
                cells.insert(name, text(name));
            }
        }
        if !preferred && self.mapping.column("remark").is_some() {
            cells.insert("remark", text("remark"));
        }
        cells
    }

    /// What the row itself says, if this account is the preferred one.
    fn row_cells(&self, draft: &Draft) -> Slots<Text> {
        let own = self.mapping.columns.iter().map(|column| column.target.name);
        let own = own.filter(|name| !self.told_columns().contains(name) && !["anchor", "reading"].contains(name));
        let cells = own.filter(|name| draft.cells.contains_key(name) || self.noun.noun().attribute(name).is_some());
        let mut own: Slots<Text> = Slots::default();
        own.extend(cells.map(|name| (name, draft.cells.get(name).cloned().unwrap_or_default())));
        own
    }

    /// The records of a row that is there, with this draft as its account.
    pub fn rewritten(&self, draft: &Draft, row: usize, account: Option<usize>) -> Rewritten {
        let before = self.resolver.rows(self.noun).get(row).cloned().unwrap_or_default();
        let accounts = self.known.accounts(&before.key);
        let old = account.and_then(|at| self.resolver.rows(NounId::Accounts).get(at)).cloned();
        let preferred = match &old {
            Some(old) => old.cell("preferred").is_some(),
            None => accounts.is_empty(),
        };
        let alone = accounts.is_empty() || (account.is_some() && accounts.len() == 1);
        let mut record = before.clone();
        if preferred {
            self.row_cells(draft).iter().for_each(|(name, text)| set(&mut record, name, text.clone()));
            if alone || account.is_some() {
                self.follow(&mut record, draft);
            }
        }
        for (name, keys) in draft.lists.iter() {
            set(&mut record, name, list(before.cell(name).filter(|_| !(preferred && alone)), keys).into());
        }
        let mut told = old.clone().unwrap_or_default();
        let cells = self.account_cells(draft, preferred);
        if told.cell("anchor").is_some() && !cells.contains_key("anchor") {
            ["anchor", "reading"].into_iter().for_each(|name| set(&mut told, name, Text::default()));
        }
        cells.iter().for_each(|(name, text)| set(&mut told, name, text.clone()));
        set(&mut told, self.link, before.key.clone());
        if preferred {
            set(&mut told, "preferred", "yes".into());
        }
        let (people, gone) = self.rewritten_people(draft, &before.key, preferred && alone);
        Rewritten {
            row: (row, record.clone(), record != before),
            account: (account, told.clone(), old.is_none_or(|old| old != told)),
            people,
            gone,
        }
    }

    /// A row's own date and words, where it has any, are those of its preferred account.
    fn follow(&self, record: &mut Record, draft: &Draft) {
        for name in self.told_columns() {
            if let (Some(own), Some(told)) = (record.cell(name), draft.cells.get(name))
                && own != told
            {
                set(record, name, Text::default());
            }
        }
    }

    /// Whether a row without a source of its own says what its first account does.
    pub fn agrees(&self, draft: &Draft, row: usize, _: &Rewritten) -> Result<(), Diagnostic> {
        let Some(record) = self.resolver.rows(self.noun).get(row) else { return Ok(()) };
        if !self.known.accounts(&record.key).is_empty() {
            return Ok(());
        }
        for name in self.told_columns() {
            if let (Some(own), Some(told)) = (record.cell(name), draft.cells.get(name))
                && own != told
            {
                return Err(data::contradiction(&record.place, name, own, &self.publication, told));
            }
        }
        Ok(())
    }

    /// People whose roles change, who are new, and, if the row follows this account alone, who are gone.
    fn rewritten_people(&self, draft: &Draft, meeting: &str, own: bool) -> (Vec<(Option<usize>, Record)>, Vec<Text>) {
        let there: Vec<(usize, &Record)> = self
            .known
            .people(meeting)
            .iter()
            .filter_map(|at| Some((*at, self.resolver.rows(NounId::Participants).get(*at)?)))
            .filter(|(_, person)| !self.gone.contains(&person.key))
            .collect();
        let mut people = Vec::new();
        for (leader, role) in &draft.people {
            let known = there.iter().find(|(_, person)| person.cell("leader") == Some(leader));
            match (known, role) {
                (Some((at, person)), Some(role)) if own && person.cell("role") != Some(role) => {
                    let mut person = (*person).clone();
                    set(&mut person, "role", Text::new_static(role));
                    people.push((Some(*at), person));
                }
                (Some(_), _) => {}
                (None, role) => {
                    let person = Record::new("").with("leader", leader.clone()).with("role", role.unwrap_or_default());
                    people.push((None, person.with("meeting", meeting)));
                }
            }
        }
        let takes_part = |person: &Record| draft.people.iter().any(|(leader, _)| person.cell("leader") == Some(leader));
        let gone = there.iter().filter(|(_, person)| own && person.cell("leader").is_some() && !takes_part(person));
        (people, gone.map(|(_, person)| person.key.clone()).collect())
    }

    /// Writes what differs.
    pub fn put(&mut self, draft: &Draft, rewritten: Rewritten) {
        let (row, mut record, differs) = rewritten.row;
        let key = record.key.clone();
        if differs {
            record.place = draft.place.clone();
            if let Some(there) = self.resolver.row_mut(self.noun, row) {
                *there = record;
            }
        }
        match rewritten.account {
            (Some(at), mut account, true) => {
                account.place = draft.place.clone();
                if let Some(there) = self.resolver.row_mut(NounId::Accounts, at) {
                    *there = account;
                }
            }
            (Some(_), _, false) => {}
            (None, mut account, _) => {
                account.place = draft.place.clone();
                set(&mut account, "locator", draft.locator.clone());
                let own = format!("{}.{key}", self.publication);
                account.key = self.resolver.free_key(NounId::Accounts, &own, &own);
                let at = self.resolver.make(NounId::Accounts, account);
                self.known.add_account(&key, at);
            }
        }
        for (at, mut person) in rewritten.people {
            person.place = draft.place.clone();
            match at.and_then(|at| self.resolver.row_mut(NounId::Participants, at)) {
                Some(there) => *there = person,
                None => {
                    let own = format!("{key}.{}", person.cell("leader").unwrap_or_default());
                    person.key = self.resolver.free_key(NounId::Participants, &own, &own);
                    let at = self.resolver.make(NounId::Participants, person);
                    self.known.add_person(&key, at);
                }
            }
        }
        self.gone.extend(rewritten.gone);
    }

    /// A row that nobody told of before.
    pub fn make(&mut self, draft: &Draft) {
        let own = self.key(draft);
        let mut record = Record::new(self.resolver.free_key(self.noun, &own, &own));
        record.place = draft.place.clone();
        let key = record.key.clone();
        let at = self.resolver.make(self.noun, record);
        self.rows.insert(key, at);
        let rewritten = self.rewritten(draft, at, None);
        self.put(draft, rewritten);
    }

    /// A key that says what the row is.
    fn key(&self, draft: &Draft) -> Text {
        let cell = |name: &str| draft.cells.get(name).map_or("", Text::as_str);
        if let Some(key) = &draft.key {
            return key.clone();
        }
        let day = day(cell("date"));
        match self.noun {
            NounId::Visits => joined([cell("leader"), &slug(cell("country")), &day]).into(),
            NounId::Meetings => {
                let people: Vec<&str> = draft.people.iter().map(|(leader, _)| leader.as_str()).collect();
                match people.as_slice() {
                    [one, other, _, _, ..] => joined([one, other, "and", &(people.len() - 2).to_string(), &day]).into(),
                    few => joined([joined(few.iter().copied()).as_str(), &day]).into(),
                }
            }
            _ => slug(cell("name")).into(),
        }
    }

    /// Takes out who no longer takes part.
    pub fn forget(&mut self) {
        if self.gone.is_empty() {
            return;
        }
        if let Some(people) = self.resolver.records.nouns.get_mut(&NounId::Participants) {
            people.retain(|person| !self.gone.contains(&person.key));
        }
        for account in self.resolver.records.nouns.entry(NounId::Accounts).or_default() {
            if let Some(named) = account.cells.get("named").cloned() {
                let kept = named.split(';').map(str::trim).filter(|key| !self.gone.contains(*key));
                let kept = kept.collect::<Vec<_>>().join("; ");
                set(account, "named", kept.into());
            }
        }
    }
}

/// A list with what is not in it yet added at its end; without one before, as it is given.
fn list(before: Option<&str>, keys: &[Text]) -> String {
    let known: Vec<&str> = before.into_iter().flat_map(|list| list.split(';').map(str::trim)).collect();
    let new = keys.iter().map(Text::as_str).filter(|key| !known.contains(key));
    known.iter().copied().chain(new).filter(|key| !key.is_empty()).collect::<Vec<_>>().join("; ")
}

/// The first day of a date as far as a key needs it: `2024-05-16`, `2024-05`.
fn day(date: &str) -> String {
    if VagueDate::parse(date).is_err() {
        return String::new();
    }
    let plain: String = date.chars().filter(|c| !"[]~?%".contains(*c)).collect();
    plain.split(['/', '.']).find(|part| !part.is_empty()).unwrap_or("").to_string()
}

/// A cell; an empty one is none.
fn set(record: &mut Record, name: &'static str, text: Text) {
    if text.is_empty() {
        record.cells.remove(name);
    } else {
        record.cells.insert(name, text);
    }
}
