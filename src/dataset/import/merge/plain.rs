//! Rows that no publication gives accounts of: known by their key or name, changed where the table says otherwise.

use super::super::draft::Draft;
use super::super::index::{Found, How};
use super::super::keys::slug;
use super::super::resolve::Resolver;
use super::super::targets::naming;
use super::Fault;
use crate::catalog::NounId;
use crate::dataset::records::Record;
use crate::diagnostic::data;
use crate::value::text::Text;
use std::collections::HashSet;

/// Takes in rows of a noun without accounts.
///
/// # Errors
/// Rows that are there twice.
pub fn merge(resolver: &mut Resolver<'_>, noun: NounId, drafts: &[Draft]) -> Result<(), Vec<Fault>> {
    for draft in drafts {
        let cells = draft.cells.iter().map(|(name, text)| (name, text.clone()));
        let lists = draft.lists.iter().map(|(name, keys)| (name, Text::from(keys.join("; "))));
        let cells: Vec<(&'static str, Text)> = cells.chain(lists).filter(|(_, text)| !text.is_empty()).collect();
        let name = naming(noun).and_then(|name| draft.cells.get(name));
        let found = match (&draft.key, name) {
            (Some(key), _) => resolver.index.key(noun, key),
            (None, Some(name)) => match resolver.index.find(noun, name, draft.cells.get("country").map(Text::as_str)) {
                Found::One { row, how: How::Whole | How::Words } => Some(row),
                _ => None,
            },
            (None, None) => alike(resolver, noun, &cells),
        };
        match found {
            Some(row) => rewrite(resolver, noun, row, &cells, draft),
            None => {
                let parts: Vec<String> = cells.iter().take(3).map(|(_, text)| slug(text)).collect();
                let own = name.map_or_else(|| parts.join("-"), |name| slug(name));
                let key: Text = draft.key.clone().unwrap_or_else(|| resolver.free_key(noun, &own, &own));
                let mut record =
                    cells.into_iter().fold(Record::new(key), |record, (name, text)| record.with(name, text));
                for (column, word) in super::super::targets::supposed(noun) {
                    if record.cell(column).is_none() {
                        record = record.with(column, word);
                    }
                }
                record.place = draft.place.clone();
                resolver.make(noun, record);
            }
        }
    }
    Ok(())
}

/// A row without a name is known by having the same cells.
fn alike(resolver: &Resolver<'_>, noun: NounId, cells: &[(&'static str, Text)]) -> Option<usize> {
    let same = |row: &Record| cells.iter().all(|(name, text)| row.cell(name) == Some(text));
    resolver.rows(noun).iter().position(same)
}

/// Cells that the table leaves empty stay as they are.
fn rewrite(resolver: &mut Resolver<'_>, noun: NounId, row: usize, cells: &[(&'static str, Text)], draft: &Draft) {
    let Some(record) = resolver.row_mut(noun, row) else { return };
    let mut differs = false;
    for (name, text) in cells.iter().filter(|(name, _)| naming(noun) != Some(name)) {
        if record.cell(name) != Some(text) {
            record.cells.insert(name, text.clone());
            differs = true;
        }
    }
    if differs {
        record.place = draft.place.clone();
        resolver.report.changed += 1;
    } else {
        resolver.report.there += 1;
    }
}

/// Takes in rows in our own shape, known by their keys; a column that the table has counts, also where it is empty.
///
/// # Errors
/// Rows that are there twice.
pub fn own(
    resolver: &mut Resolver<'_>,
    noun: NounId,
    columns: &[&'static str],
    rows: Vec<Record>,
    seen: &mut HashSet<(NounId, Text)>,
) -> Result<(), Vec<Fault>> {
    let mut faults = Vec::new();
    for (at, new) in rows.into_iter().enumerate() {
        if !new.key.is_empty() && !seen.insert((noun, new.key.clone())) {
            faults.push((at, data::bad_key(&new.place, &new.key, "is given a second time")));
            continue;
        }
        let there = resolver.index.key(noun, &new.key).filter(|_| !new.key.is_empty());
        let Some(record) = there.and_then(|row| resolver.row_mut(noun, row)) else {
            resolver.make(noun, new);
            continue;
        };
        let mut changed = record.clone();
        for column in columns.iter().filter(|column| **column != "key") {
            match new.cells.get(column) {
                Some(text) => changed.cells.insert(column, text.clone()),
                None => changed.cells.remove(column),
            };
        }
        if changed == *record {
            resolver.report.there += 1;
        } else {
            changed.place = new.place;
            *record = changed;
            resolver.report.changed += 1;
        }
    }
    if faults.is_empty() { Ok(()) } else { Err(faults) }
}
