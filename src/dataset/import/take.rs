//! Tables into records: all rows or none, or all but those that are put aside.
//!
//! In: the records of a file, tables, their mapping. Out: new records and a report, or every mistake. Rows that are
//! refused leave nothing behind, as everything begins anew without them; mistakes that only the build finds are led back
//! to the rows that they stem from.

use super::alike::alike;
use super::cells::Line;
use super::draft::{Draft, draft};
use super::lookalike::Lookalikes;
use super::mapping::Mapping;
use super::merge::{self, plain};
use super::own;
use super::places::{self, Faults};
use super::rejects;
use super::report::Report;
use super::resolve::Resolver;
use super::table::Table;
use super::targets::{naming, rows};
use crate::catalog::NounId;
use crate::dataset::records::{Record, Records};
use crate::dataset::{BUILDING, LOOKING, READING, derived_watched, model::Model};
use crate::diagnostic::{Diagnostic, matching};
use crate::store::Progress;
use crate::store::progress::{OPENING, Part};
use crate::suggest::nearest;
use crate::value::date::Day;
use crate::value::text::Text;
use std::collections::{BTreeSet, HashSet};

/// Reading the rows of tables as rows of the dataset.
pub const MATCHING: Part = Part::new("matching", 300);

/// The parts of an import.
pub const IMPORTING: &[&[Part]] = &[&[READING], OPENING, &[MATCHING], BUILDING, &[LOOKING]];

/// How often what the build refuses is put aside: each time it may find something behind it.
const TRIES: usize = 30;

/// What an import is told besides the mapping.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// Nouns of which rows are made for names that nothing has.
    pub create: BTreeSet<NounId>,
    /// What relative phrases count from, where the mapping does not say.
    pub anchor: Option<Day>,
    /// Whether rows that cannot be taken are put aside.
    pub rejects: bool,
}

/// The nouns of these names, if things can be made of them by their names.
///
/// # Errors
/// Names of none.
pub fn creatable(words: &[String]) -> Result<BTreeSet<NounId>, Vec<Diagnostic>> {
    let known: Vec<&str> = rows().filter(|noun| naming(noun.id).is_some()).map(|noun| noun.name).collect();
    let (mut nouns, mut mistakes) = (BTreeSet::new(), Vec::new());
    for word in words {
        match rows().find(|noun| noun.name == word.trim() && known.contains(&noun.name)) {
            Some(noun) => {
                nouns.insert(noun.id);
            }
            None => {
                let near: Vec<String> = nearest(word, known.iter().copied()).into_iter().map(str::to_string).collect();
                mistakes.push(matching::cannot_create(word, &known, &near));
            }
        }
    }
    if mistakes.is_empty() { Ok(nouns) } else { Err(mistakes) }
}

/// What became of it.
#[derive(Debug)]
pub struct Taken {
    pub records: Records,
    /// What follows from them, where something was taken.
    pub model: Option<Model>,
    pub report: Report,
    /// Rows that were put aside, in their order.
    pub rejected: Vec<Rejected>,
}

/// A row that was put aside: its table and its place among the table's rows.
#[derive(Clone, Debug)]
pub struct Rejected {
    pub table: usize,
    pub row: usize,
    pub reasons: Vec<Diagnostic>,
}

/// Takes tables in.
///
/// # Errors
/// Every mistake, when nothing is put aside; those that are of no row; or that it was stopped.
pub fn take(
    base: &Records,
    tables: &[Table],
    mapping: Option<&Mapping>,
    options: &Options,
    progress: &Progress,
) -> Result<Taken, Vec<Diagnostic>> {
    if let Some(mapping) = mapping {
        let mistakes: Vec<Diagnostic> =
            tables.iter().flat_map(|table| mapping.fits(&table.file, &table.columns)).collect();
        if !mistakes.is_empty() {
            return Err(mistakes);
        }
    }
    let mut aside = Faults::new();
    // The build comes to it again and shows how far it is.
    let quiet = Progress::of(&[], progress.stopper());
    for _ in 0..TRIES {
        let (mut resolver, mut faults) = attempt(base, tables, mapping, options, &aside, progress)?;
        progress.go_on(0).map_err(|stopped| vec![stopped])?;
        if faults.is_empty() {
            if !resolver.report.changes() {
                return Ok(finished(base, resolver, tables, mapping, aside, None));
            }
            // What the build would refuse in texts it refuses when it comes to it.
            let tidy = resolver.records.tidy().is_ok();
            match derived_watched(&resolver.records, &quiet) {
                Ok(model) => {
                    places::restore(&mut resolver.records, tables);
                    let taken = finished(base, resolver, tables, mapping, aside, Some(model));
                    return Ok(if tidy { taken } else { Taken { model: None, ..taken } });
                }
                Err(mistakes) => faults = places::traced(mistakes, tables)?,
            }
        }
        if !options.rejects {
            return Err(places::grouped(faults));
        }
        for (row, reasons) in faults {
            aside.entry(row).or_default().extend(reasons);
        }
    }
    Err(places::grouped(aside))
}

/// Everything but what was put aside.
fn attempt<'a>(
    base: &Records,
    tables: &[Table],
    mapping: Option<&'a Mapping>,
    options: &'a Options,
    aside: &Faults,
    progress: &Progress,
) -> Result<(Resolver<'a>, Faults), Vec<Diagnostic>> {
    let mut resolver = Resolver::new(base.clone(), mapping, &options.create);
    resolver.stopper = progress.stopper();
    let wrong = resolver.check_decisions();
    if !wrong.is_empty() {
        return Err(wrong);
    }
    progress.begin(MATCHING, tables.iter().map(|table| table.rows.len() as u64).sum());
    let faults = match mapping {
        Some(mapping) => mapped(&mut resolver, tables, mapping, options, aside, progress)?,
        None => ours(&mut resolver, tables, aside, progress)?,
    };
    Ok((resolver, faults))
}

fn mapped(
    resolver: &mut Resolver<'_>,
    tables: &[Table],
    mapping: &Mapping,
    options: &Options,
    aside: &Faults,
    progress: &Progress,
) -> Result<Faults, Vec<Diagnostic>> {
    let (mut drafts, mut from): (Vec<Draft>, Vec<(usize, usize)>) = (Vec::new(), Vec::new());
    let mut faults = Faults::new();
    for (number, table) in tables.iter().enumerate() {
        for (at, row) in table.rows.iter().enumerate() {
            progress.go_on(1).map_err(|stopped| vec![stopped])?;
            if aside.contains_key(&(number, at)) {
                continue;
            }
            resolver.current = (number, at);
            match draft(resolver, mapping, Line { table, row }, options.anchor) {
                Ok(mut draft) => {
                    draft.place = places::mark(number, at, row.line);
                    drafts.push(draft);
                    from.push((number, at));
                }
                Err(mistakes) => faults.entry((number, at)).or_default().extend(mistakes),
            }
        }
    }
    for (row, mistake) in resolver.unsettled(tables) {
        faults.entry(row).or_default().push(mistake);
    }
    if !faults.is_empty() || drafts.is_empty() {
        return Ok(faults);
    }
    let publication = mapping.source.as_ref().map(|source| publication(resolver, source)).unwrap_or_default();
    if let Err(found) = merge::merge(resolver, mapping, &publication, &drafts) {
        for (at, diagnostic) in found {
            let Some(row) = from.get(at) else { continue };
            faults.entry(*row).or_default().push(places::restored(diagnostic, tables).0);
        }
    }
    Ok(faults)
}

/// Tables in our own shape.
fn ours(
    resolver: &mut Resolver<'_>,
    tables: &[Table],
    aside: &Faults,
    progress: &Progress,
) -> Result<Faults, Vec<Diagnostic>> {
    let mut faults = Faults::new();
    let mut seen = HashSet::new();
    for (number, table) in tables.iter().enumerate() {
        let table = &rejects::without_reasons(table);
        let (noun, rows) = own::rows(table, None)?;
        let (mut kept, mut from) = (Vec::new(), Vec::new());
        for (at, mut record) in rows.into_iter().enumerate().filter(|(at, _)| !aside.contains_key(&(number, *at))) {
            progress.go_on(1).map_err(|stopped| vec![stopped])?;
            record.place = places::mark(number, at, record.place.line);
            kept.push(record);
            from.push(at);
        }
        if let Err(found) = plain::own(resolver, noun, &own::named(&table.columns, noun), kept, &mut seen) {
            for (at, diagnostic) in found {
                let Some(row) = from.get(at) else { continue };
                faults.entry((number, *row)).or_default().push(places::restored(diagnostic, tables).0);
            }
        }
    }
    Ok(faults)
}

/// The publication that the tables are: known by its key or title, or made.
fn publication(resolver: &mut Resolver<'_>, source: &Record) -> Text {
    use super::index::{Found, How};
    let noun = NounId::Publications;
    let title = source.cell("title").unwrap_or_default();
    let by_key = resolver.index.key(noun, &source.key).filter(|_| !source.key.is_empty());
    let by_title = || match resolver.index.find(noun, title, None) {
        Found::One { row, how: How::Whole } if source.key.is_empty() => Some(row),
        _ => None,
    };
    match by_key.or_else(by_title) {
        Some(row) => {
            let Some(record) = resolver.row_mut(noun, row) else { return Text::default() };
            let before = record.cells.clone();
            record.cells.extend(source.cells.iter().map(|(name, text)| (name, text.clone())));
            let (key, changed) = (record.key.clone(), record.cells != before);
            resolver.report.changed += u64::from(changed);
            key
        }
        None => {
            let own = if source.key.is_empty() { super::keys::slug(title).into() } else { source.key.clone() };
            let mut record = source.clone();
            record.key = resolver.free_key(noun, &own, &own);
            let key = record.key.clone();
            resolver.make(noun, record);
            key
        }
    }
}

/// The end: what is to be reported besides what was counted.
fn finished(
    base: &Records,
    resolver: Resolver<'_>,
    tables: &[Table],
    mapping: Option<&Mapping>,
    aside: Faults,
    model: Option<Model>,
) -> Taken {
    let (records, mut report) = (resolver.records, resolver.report);
    report.rows = tables.iter().map(|table| table.rows.len() as u64).sum();
    report.refused = aside.len() as u64;
    if let Some(mapping) = mapping {
        for name in tables.iter().flat_map(|table| mapping.unused(&table.columns)) {
            if !report.unused.contains(&name) {
                report.unused.push(name);
            }
        }
        let disputed = model.as_ref().map_or(&[][..], |model| model.of(mapping.row)).iter();
        let disputed =
            disputed.filter(|entry| entry.text.contains_key("disputed") && report.merged.contains(&entry.key));
        report.disputed = disputed.count() as u64;
    }
    report.warnings = lookalikes(base, &records);
    report.alike = alike(base.of(NounId::Leaders).len(), &records);
    for noun in [NounId::Leaders, NounId::Places] {
        let name = naming(noun).unwrap_or("name");
        let made = records.of(noun).iter().skip(base.of(noun).len());
        let made: Vec<String> = made.filter_map(|record| record.cell(name).map(str::to_string)).collect();
        report.new.insert(noun, made);
    }
    let rejected = aside.into_iter().map(|((table, row), reasons)| Rejected { table, row, reasons }).collect();
    Taken { records, model, report, rejected }
}

/// Names that were made and are not what they look like.
fn lookalikes(base: &Records, records: &Records) -> Vec<String> {
    let mut warnings = Vec::new();
    for noun in rows().filter(|noun| noun.named) {
        let Some(attribute) = naming(noun.id) else { continue };
        let known = base.of(noun.id);
        let new: Vec<&Record> = records.of(noun.id).iter().skip(known.len()).collect();
        if new.is_empty() {
            continue;
        }
        let mut alike = Lookalikes::default();
        let thing = |record: &Record| format!("{}:{}", noun.name, record.key);
        for record in known {
            record.cell(attribute).into_iter().for_each(|text| alike.learn(text, &thing(record)));
        }
        for name in base.of(NounId::Names) {
            if let Some((text, of)) = name.cell("text").zip(name.cell("of"))
                && of.split_once(':').is_some_and(|(of, _)| of == noun.name)
            {
                alike.learn(text, of);
            }
        }
        for record in new {
            let Some(text) = record.cell(attribute) else { continue };
            if let Some(why) = alike.warning(text, None) {
                warnings.push(format!("'{text}' ({}): {why}", record.key));
            }
            alike.learn(text, &thing(record));
        }
    }
    warnings
}
