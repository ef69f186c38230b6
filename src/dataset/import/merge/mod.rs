//! Rows of a table into the records: already there, changed, merged with what is known, or made.
//!
//! Each row is an account that the publication gives. Rows of one publication are never merged with each other: what it
//! tells twice, it tells twice.

mod known;
pub mod plain;
mod rewrite;

use super::draft::Draft;
use super::mapping::Mapping;
use super::resolve::Resolver;
use super::targets::{account_link, called};
use crate::catalog::NounId;
use crate::diagnostic::{Diagnostic, matching};
use crate::value::text::Text;
use known::{Known, can_meet};
use std::collections::{HashMap, HashSet};

/// The merging of one table, or of several of one publication.
pub struct Merge<'r, 'a> {
    resolver: &'r mut Resolver<'a>,
    mapping: &'r Mapping,
    noun: NounId,
    /// The link from an account to its row.
    link: &'static str,
    /// The key of the publication.
    publication: String,
    known: Known,
    /// Where rows stand, by their keys.
    rows: HashMap<Text, usize>,
    /// Participants that are no more.
    gone: HashSet<Text>,
}

/// A mistake of the draft at this position.
pub type Fault = (usize, Diagnostic);

/// An account of this publication, with its row.
#[derive(Clone, Copy)]
struct Told {
    account: usize,
    row: usize,
}

/// Takes all drafts in.
///
/// # Errors
/// Those that cannot be.
pub fn merge(
    resolver: &mut Resolver<'_>,
    mapping: &Mapping,
    publication: &str,
    drafts: &[Draft],
) -> Result<(), Vec<Fault>> {
    let Some(link) = account_link(mapping.row) else { return plain::merge(resolver, mapping.row, drafts) };
    let known = Known::of(resolver, mapping.row);
    let rows = resolver.rows(mapping.row).iter().enumerate().map(|(at, row)| (row.key.clone(), at)).collect();
    let mut merge = Merge {
        resolver,
        mapping,
        noun: mapping.row,
        link,
        publication: publication.to_string(),
        known,
        rows,
        gone: HashSet::new(),
    };
    let faults = merge.all(drafts);
    merge.forget();
    if faults.is_empty() { Ok(()) } else { Err(faults) }
}

impl Merge<'_, '_> {
    fn all(&mut self, drafts: &[Draft]) -> Vec<Fault> {
        let identities: Vec<Text> =
            drafts.iter().map(|draft| known::identity(self.resolver, self.noun, draft)).collect();
        let mut left = self.told();
        let mut open: Vec<usize> = Vec::new();
        let stopper = self.resolver.stopper.clone();
        for (at, draft) in drafts.iter().enumerate().take_while(|_| !stopper.is_stopped()) {
            match self.same(draft, &identities[at], &mut left) {
                Some(_) => self.resolver.report.there += 1,
                None => open.push(at),
            }
        }
        let mut faults = Vec::new();
        let mut new: Vec<usize> = Vec::new();
        for at in open.into_iter().take_while(|_| !stopper.is_stopped()) {
            match self.moved(&drafts[at], &identities[at], &mut left) {
                Some(told) => faults.extend(self.change(&drafts[at], &identities[at], told).err().map(|d| (at, d))),
                None => new.push(at),
            }
        }
        self.resolver.report.absent += left.values().map(|told| told.len() as u64).sum::<u64>();
        for at in new.into_iter().take_while(|_| !stopper.is_stopped()) {
            faults.extend(self.take(&drafts[at], &identities[at]).err().map(|diagnostic| (at, diagnostic)));
        }
        faults
    }

    /// What this publication tells already, by its locators.
    fn told(&self) -> HashMap<Text, Vec<Told>> {
        let mut told: HashMap<Text, Vec<Told>> = HashMap::new();
        for (account, record) in self.resolver.rows(NounId::Accounts).iter().enumerate() {
            let row = record.cell(self.link).and_then(|key| self.rows.get(key));
            if let Some(row) = row.filter(|_| record.cell("publication") == Some(&self.publication)) {
                let locator = record.cells.get("locator").cloned().unwrap_or_default();
                told.entry(locator).or_default().push(Told { account, row: *row });
            }
        }
        told
    }

    /// An account of the same that says the same; it is then no longer among those left. Lines move when a line is put
    /// in before them: for them the content counts alone.
    fn same(&self, draft: &Draft, identity: &str, left: &mut HashMap<Text, Vec<Told>>) -> Option<Told> {
        let fits = |told: &Told| {
            self.known.is_of(told.row, identity) && !self.rewritten(draft, told.row, Some(told.account)).differs()
        };
        if let Some(found) = taken(left.get_mut(&draft.locator), &fits) {
            return Some(found);
        }
        if !draft.by_line {
            return None;
        }
        // Only what is told of the same rows can be it.
        let rows = self.known.rows.get(identity)?;
        let locators: Vec<Text> = rows
            .iter()
            .filter_map(|row| self.resolver.rows(self.noun).get(*row))
            .flat_map(|row| self.known.accounts(&row.key))
            .filter_map(|account| self.resolver.rows(NounId::Accounts).get(*account))
            .filter_map(|account| account.cells.get("locator").cloned())
            .collect();
        locators.iter().find_map(|locator| taken(left.get_mut(locator), &fits))
    }

    /// The account that this row of the table is another version of.
    fn moved(&self, draft: &Draft, identity: &str, left: &mut HashMap<Text, Vec<Told>>) -> Option<Told> {
        let there = left.get_mut(&draft.locator)?;
        let date = known::bounds(draft.cells.get("date").map(Text::as_str));
        // A line is no name: the same people on another day, in the same line of another sheet, are another meeting.
        let meets = |told: &Told| {
            let record = self.resolver.rows(self.noun).get(told.row);
            !draft.by_line || record.is_some_and(|record| can_meet(self.known.bounds(self.resolver, record), date))
        };
        let same = |told: &Told| self.known.is_of(told.row, identity) && meets(told);
        match there.iter().filter(|told| same(told)).count() {
            1 => taken(Some(there), &same),
            0 if there.len() == 1 && !draft.by_line => there.pop(),
            _ => None,
        }
    }

    /// The publication tells otherwise now.
    fn change(&mut self, draft: &Draft, identity: &str, told: Told) -> Result<(), Diagnostic> {
        let (label, key) = self.resolver.label(self.noun, told.row);
        let alone = self.known.accounts(&key).len() == 1;
        if !alone && !self.known.is_of(told.row, identity) {
            return Err(matching::another_row(&draft.place, &draft.locator, called(self.noun), &label));
        }
        let rewritten = self.rewritten(draft, told.row, Some(told.account));
        let noun = self.noun;
        let days = |resolver: &Resolver<'_>, known: &Known| {
            let record = resolver.rows(noun).get(told.row);
            record.and_then(|record| known.preferred(resolver, record)?.cell("date").map(str::to_string))
        };
        let before = days(self.resolver, &self.known);
        self.put(draft, rewritten);
        let after = days(self.resolver, &self.known);
        let moved = if before == after {
            String::new()
        } else {
            format!(", {} is now {}", before.as_deref().unwrap_or("no date"), after.as_deref().unwrap_or("no date"))
        };
        self.resolver.report.changes.push(format!("{}:{}: {label}{moved}", draft.place.file, draft.place.line));
        self.resolver.report.changed += 1;
        Ok(())
    }

    /// Something that this publication has not told before.
    fn take(&mut self, draft: &Draft, identity: &str) -> Result<(), Diagnostic> {
        match self.known_row(draft, identity)? {
            Some(row) => {
                let rewritten = self.rewritten(draft, row, None);
                self.agrees(draft, row, &rewritten)?;
                let key = self.resolver.label(self.noun, row).1;
                self.put(draft, rewritten);
                self.resolver.report.merged.insert(key);
            }
            None => self.make(draft),
        }
        Ok(())
    }

    /// The row of another publication's that this one tells of.
    fn known_row(&self, draft: &Draft, identity: &str) -> Result<Option<usize>, Diagnostic> {
        let date = known::bounds(draft.cells.get("date").map(Text::as_str));
        if let Some(row) = draft.key.as_ref().and_then(|key| self.rows.get(key)) {
            let there = self.resolver.rows(self.noun).get(*row);
            let fits = self.known.is_of(*row, identity) && there.is_some_and(|there| self.is_new_to(&there.key));
            return if fits {
                Ok(Some(*row))
            } else {
                Err(matching::key_of_another(&draft.place, draft.key.as_deref().unwrap_or("")))
            };
        }
        let country = known::country(self.resolver, &draft.cells);
        let mut found = Vec::new();
        for row in self.known.rows.get(identity).into_iter().flatten() {
            let Some(record) = self.resolver.rows(self.noun).get(*row) else { continue };
            let own = self.known.bounds(self.resolver, record);
            let apart = self.noun == NounId::Meetings
                && matches!((&country, self.known.country(self.resolver, record)), (Some(a), Some(b)) if *a != b);
            // An event is known by its name alone; told with other days, it is disputed.
            let meets = self.noun == NounId::Events || can_meet(own, date);
            if self.is_new_to(&record.key) && meets && !apart {
                found.push((*row, own));
            }
        }
        // What has the very same days is meant before what only may have.
        let exact: Vec<_> = found.iter().filter(|(_, own)| *own == date).copied().collect();
        let found = if exact.is_empty() { found } else { exact };
        match found.as_slice() {
            [] => Ok(None),
            [(row, first), others @ ..] if others.iter().all(|(_, other)| other == first) => Ok(Some(*row)),
            several => {
                let rows: Vec<_> =
                    several.iter().filter_map(|(row, _)| self.resolver.rows(self.noun).get(*row)).collect();
                let keys: Vec<&str> = rows.iter().map(|row| row.key.as_str()).collect();
                Err(matching::several_rows(&draft.place, called(self.noun), &keys))
            }
        }
    }

    /// Whether this publication tells nothing of a row yet.
    fn is_new_to(&self, row: &str) -> bool {
        let accounts = self.known.accounts(row).iter().filter_map(|at| self.resolver.rows(NounId::Accounts).get(*at));
        accounts.into_iter().all(|account| account.cell("publication") != Some(&self.publication))
    }
}

/// The first that fits, taken out.
fn taken(from: Option<&mut Vec<Told>>, fits: &dyn Fn(&Told) -> bool) -> Option<Told> {
    let from = from?;
    let at = from.iter().position(fits)?;
    Some(from.remove(at))
}
