//! What the file knows of the rows that publications give accounts of: who, where, when, and by which account.

use super::super::draft::Draft;
use super::super::index::{Found, How};
use super::super::resolve::Resolver;
use super::super::targets::account_link;
use crate::catalog::NounId;
use crate::dataset::records::Record;
use crate::dataset::slots::Slots;
use crate::value::date::{Bounds, VagueDate};
use crate::value::text::Text;
use crate::value::text::{fold, sorted_words};
use std::collections::HashMap;

/// The rows of one noun, their accounts, and the people in them.
#[derive(Debug, Default)]
pub struct Known {
    /// Rows by what makes them the same: positions among the records.
    pub rows: HashMap<Text, Vec<usize>>,
    /// The same, by the rows.
    identities: Vec<Text>,
    /// Accounts by the key of their row.
    accounts: HashMap<Text, Vec<usize>>,
    /// Participants by the key of their meeting.
    people: HashMap<Text, Vec<usize>>,
}

impl Known {
    pub fn of(resolver: &Resolver<'_>, noun: NounId) -> Known {
        let mut known = Known::default();
        let link = account_link(noun).unwrap_or_default();
        for (at, account) in resolver.rows(NounId::Accounts).iter().enumerate() {
            if let Some(row) = account.cell(link) {
                known.accounts.entry(row.into()).or_default().push(at);
            }
        }
        if noun == NounId::Meetings {
            for (at, person) in resolver.rows(NounId::Participants).iter().enumerate() {
                if let Some(meeting) = person.cell("meeting") {
                    known.people.entry(meeting.into()).or_default().push(at);
                }
            }
        }
        for (at, record) in resolver.rows(noun).iter().enumerate().take_while(|_| !resolver.stopper.is_stopped()) {
            let identity = known.identity(resolver, noun, record);
            known.rows.entry(identity.clone()).or_default().push(at);
            known.identities.push(identity);
        }
        known
    }

    /// Whether a row is the same as what has this identity, but for the date.
    pub fn is_of(&self, row: usize, identity: &str) -> bool {
        self.identities.get(row).is_some_and(|own| own == identity)
    }

    pub fn accounts(&self, row: &str) -> &[usize] {
        self.accounts.get(row).map_or(&[], Vec::as_slice)
    }

    pub fn people(&self, meeting: &str) -> &[usize] {
        self.people.get(meeting).map_or(&[], Vec::as_slice)
    }

    /// One more account of a row.
    pub fn add_account(&mut self, row: &str, account: usize) {
        self.accounts.entry(row.into()).or_default().push(account);
    }

    pub fn add_person(&mut self, meeting: &str, person: usize) {
        self.people.entry(meeting.into()).or_default().push(person);
    }

    /// What two rows have in common that are the same, but for their dates.
    pub fn identity(&self, resolver: &Resolver<'_>, noun: NounId, record: &Record) -> Text {
        match noun {
            NounId::Visits => who_and_where(record.cell("leader"), record.cell("country")),
            NounId::Meetings => {
                let people =
                    self.people(&record.key).iter().filter_map(|at| resolver.rows(NounId::Participants).get(*at));
                let people = people.map(|person| match (person.cell("leader"), person.cell("country")) {
                    (Some(leader), _) => leader.into(),
                    (None, country) => smol_str::format_smolstr!("someone of {}", country.unwrap_or("somewhere")),
                });
                together(people)
            }
            _ => record.key.clone(),
        }
    }

    /// The bounds of a row: its own date, or that of its preferred account.
    pub fn bounds(&self, resolver: &Resolver<'_>, record: &Record) -> Bounds {
        bounds(record.cell("date").or_else(|| self.preferred(resolver, record)?.cell("date")))
    }

    /// The country in which a row took place, as far as it is known.
    pub fn country(&self, resolver: &Resolver<'_>, record: &Record) -> Option<String> {
        let of = |record: &Record| {
            let place = record.cell("place").and_then(|key| resolver.index.country_of_place(key));
            record.cell("host_country").or(place).map(str::to_string)
        };
        of(record).or_else(|| of(self.preferred(resolver, record)?))
    }

    pub fn preferred<'r>(&self, resolver: &'r Resolver<'_>, record: &Record) -> Option<&'r Record> {
        let accounts = self.accounts(&record.key).iter().filter_map(|at| resolver.rows(NounId::Accounts).get(*at));
        accounts.into_iter().find(|account| account.cell("preferred").is_some())
    }
}

/// What makes a row of a table the same as one that is known, but for its date.
pub fn identity(resolver: &Resolver<'_>, noun: NounId, draft: &Draft) -> Text {
    let cell = |name: &str| draft.cells.get(name).map(Text::as_str);
    match noun {
        NounId::Visits => who_and_where(cell("leader"), cell("country")),
        NounId::Meetings => together(draft.people.iter().map(|(leader, _)| leader.clone())),
        _ => {
            let name = cell("name").unwrap_or_default();
            match resolver.index.find(noun, name, None) {
                Found::One { row, how: How::Whole | How::Words } => resolver.label(noun, row).1,
                _ => smol_str::format_smolstr!("called {}", sorted_words(&fold(name)).join(" ")),
            }
        }
    }
}

/// The country in which a row of a table took place.
pub fn country(resolver: &Resolver<'_>, cells: &Slots<Text>) -> Option<String> {
    let place = cells.get("place").and_then(|key| resolver.index.country_of_place(key));
    cells.get("host_country").map(Text::as_str).or(place).map(str::to_string)
}

/// What a date allows; without one, everything.
pub fn bounds(date: Option<&str>) -> Bounds {
    date.and_then(|text| VagueDate::parse(text).ok()).map_or(Bounds::OPEN, |date| date.bounds)
}

/// Whether two dates have a day in common, as far as they are known.
pub fn can_meet(one: Bounds, other: Bounds) -> bool {
    one.start_min <= other.end_max && other.start_min <= one.end_max
}

fn who_and_where(leader: Option<&str>, country: Option<&str>) -> Text {
    smol_str::format_smolstr!("{} in {}", leader.unwrap_or_default(), country.unwrap_or_default())
}

fn together(people: impl Iterator<Item = Text>) -> Text {
    let mut people: Vec<Text> = people.collect();
    people.sort_unstable();
    people.join(" with ").into()
}
