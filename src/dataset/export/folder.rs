//! A dataset as a folder of CSV files, one a noun: what `bilat build` makes the same file of.

use crate::catalog::{NOUNS, Noun, Origin};
use crate::dataset::put;
use crate::dataset::records::{QUERIES, Record, Records, columns, read_folder};
use crate::diagnostic::{Diagnostic, data};
use crate::store::{Progress, reason};
use crate::value::formula::defused;
use std::io;
use std::path::Path;

/// Writes the folder; one that is there is written into with `force`, file by file, and keeps what else lies in it.
///
/// # Errors
/// When it is there already, cannot be written, or does not read back as what was written.
pub fn write(records: &Records, target: &Path, force: bool, progress: &Progress) -> Result<(), Vec<Diagnostic>> {
    let one = |diagnostic| vec![diagnostic];
    let shown = target.display().to_string();
    let fails = |error: io::Error| vec![data::cannot_write(&shown, &reason(&error))];
    let files = files(records);
    let stale = stale(records, target);
    if target.symlink_metadata().is_ok() {
        if !target.is_dir() {
            return Err(one(data::cannot_write(&shown, "there is something else than a folder of that name")));
        }
        let empty = std::fs::read_dir(target).map_err(fails)?.next().is_none();
        if !empty && !force {
            return Err(one(data::target_exists(&shown)));
        }
        if let Some(name) = stale.first() {
            return Err(one(data::stale_queries(&shown, name)));
        }
        written(&files, target, progress)?;
    } else {
        // A folder is made under another name, so that it is there whole or not at all.
        let beside = tempfile::Builder::new().prefix(".bilat-").suffix(".tmp").tempdir_in(put::folder(target));
        let beside = beside.map_err(fails)?;
        written(&files, beside.path(), progress)?;
        readable(beside.path()).map_err(fails)?;
        std::fs::rename(beside.path(), target).map_err(fails)?;
    }
    same(records, target)
}

/// Every file with its path in the folder.
fn files(records: &Records) -> Vec<(String, Vec<u8>)> {
    let nouns = NOUNS.iter().filter(|noun| noun.origin == Origin::Csv);
    let mut files: Vec<(String, Vec<u8>)> =
        nouns.map(|noun| (format!("{}.csv", noun.name), table(noun, records.of(noun.id)))).collect();
    let settings = records.settings.iter().map(|(key, value)| vec![key.as_str().into(), defused(value)]);
    files.push(("file.csv".to_string(), lines(&["key", "value"], settings)));
    files.extend(records.queries.iter().map(|(name, text)| (format!("queries/{name}.{QUERIES}"), text.clone().into())));
    files
}

type Cells<'a> = Vec<std::borrow::Cow<'a, str>>;

fn table(noun: &Noun, rows: &[Record]) -> Vec<u8> {
    let header: Vec<&str> = ["key"].into_iter().chain(columns(noun)).collect();
    let row = |record: &'_ Record| -> Vec<String> {
        let cell = |column: &&str| {
            let text = if *column == "key" { record.key.as_str() } else { record.cell(column).unwrap_or("") };
            // A number is no formula, whatever it begins with.
            let number = noun.attribute(column).is_some_and(|attribute| attribute.kind.is_number());
            if number { text.to_string() } else { defused(text).into_owned() }
        };
        header.iter().map(cell).collect()
    };
    lines(&header, rows.iter().map(|record| row(record).into_iter().map(Into::into).collect()))
}

fn lines<'a>(header: &[&str], rows: impl Iterator<Item = Cells<'a>>) -> Vec<u8> {
    let mut writer = csv::Writer::from_writer(Vec::new());
    // Writing to memory does not fail.
    let _ = writer.write_record(header);
    for row in rows {
        let _ = writer.write_record(row.iter().map(|cell| cell.as_bytes()));
    }
    writer.into_inner().unwrap_or_default()
}

fn written(files: &[(String, Vec<u8>)], folder: &Path, progress: &Progress) -> Result<(), Vec<Diagnostic>> {
    let shown = folder.display().to_string();
    if files.iter().any(|(name, _)| name.starts_with("queries/")) {
        let made = std::fs::create_dir_all(folder.join("queries"));
        made.map_err(|error| vec![data::cannot_write(&shown, &reason(&error))])?;
    }
    for (name, bytes) in files {
        progress.go_on(0).map_err(|stopped| vec![stopped])?;
        put::put(&folder.join(name), bytes, true).map_err(|diagnostic| vec![diagnostic])?;
    }
    Ok(())
}

/// Files of queries in the folder that the dataset does not have: the build would take them in.
fn stale(records: &Records, folder: &Path) -> Vec<String> {
    let entries = std::fs::read_dir(folder.join("queries")).into_iter().flatten().flatten();
    let names = entries.map(|entry| entry.path()).filter(|path| path.extension().is_some_and(|e| e == QUERIES));
    let mut names: Vec<String> =
        names.filter_map(|path| path.file_stem().map(|name| name.to_string_lossy().into_owned())).collect();
    names.retain(|name| !records.queries.contains_key(name));
    names.sort();
    names
}

/// What was written reads back as what it was, or it is said.
fn same(records: &Records, folder: &Path) -> Result<(), Vec<Diagnostic>> {
    let back = read_folder(folder)?;
    let mut lost = Vec::new();
    for noun in NOUNS.iter().filter(|noun| noun.origin == Origin::Csv) {
        for (one, other) in records.of(noun.id).iter().zip(back.of(noun.id)) {
            for (column, text) in one.cells.iter() {
                if other.cell(column) != Some(text) {
                    lost.push(data::not_as_written(&one.place, column));
                }
            }
        }
    }
    if lost.is_empty() { Ok(()) } else { Err(lost) }
}

/// A folder made beside another is its owner's alone; one to work in is not.
#[cfg(unix)]
fn readable(folder: &Path) -> io::Result<()> {
    use std::os::unix::fs::PermissionsExt;
    std::fs::set_permissions(folder, std::fs::Permissions::from_mode(0o755))
}

#[cfg(not(unix))]
fn readable(_: &Path) -> io::Result<()> {
    Ok(())
}
