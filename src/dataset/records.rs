//! Records as they are written: a key and cells by column, for each noun, with the place of each record.

use super::parallel;
use super::slots::{Slots, Text};
use crate::catalog::{NOUNS, Noun, NounId, Origin, Via};
use crate::diagnostic::Diagnostic;
use crate::diagnostic::data::{self, Place};
use crate::store::{Progress, SEAL, missing, reason};
use crate::suggest::nearest;
use crate::value::formula::restored;
use crate::value::text::fold;
use std::borrow::Cow;
use std::collections::BTreeMap;
use std::io::Read;
use std::path::{Path, PathBuf};
use unicode_normalization::{IsNormalized, UnicodeNormalization, is_nfc_quick};

/// The longest text of a cell, in bytes: what is read back must fit the limits under which files are opened.
pub(super) const LONGEST: usize = 1_000_000;

/// One line of a CSV file. Empty cells are left out.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Record {
    pub key: Text,
    pub cells: Slots<Text>,
    pub place: Place,
}

/// A whole dataset as text.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Records {
    pub nouns: BTreeMap<NounId, Vec<Record>>,
    /// Title, licence, reference_date … of `file.csv`.
    pub settings: BTreeMap<String, String>,
    /// Queries kept in the file, by name: the files of the folder `queries`.
    pub queries: BTreeMap<String, String>,
}

impl Records {
    /// Gives every text that did not come from a file of tables the form that it would have there.
    ///
    /// # Errors
    /// Characters that belong into no text, and texts that are too long.
    pub fn tidy(&mut self) -> Result<(), Vec<Diagnostic>> {
        let mut mistakes = Vec::new();
        for record in self.nouns.values_mut().flatten() {
            for (column, cell) in record.cells.iter_mut() {
                match tidy(cell) {
                    Ok(Cow::Borrowed(text)) if text.len() == cell.len() => {}
                    Ok(text) => *cell = text.into(),
                    Err(why) => mistakes.push(data::bad_text(&record.place, column, &why)),
                }
            }
            record.cells.retain(|_, cell| !cell.is_empty());
        }
        for (name, value) in &mut self.settings {
            match tidy(value) {
                Ok(text) => *value = text.into_owned(),
                Err(why) => mistakes.push(data::bad_setting(name, &why)),
            }
        }
        if mistakes.is_empty() { Ok(()) } else { Err(mistakes) }
    }

    #[inline]
    pub fn of(&self, noun: NounId) -> &[Record] {
        self.nouns.get(&noun).map_or(&[], Vec::as_slice)
    }
}

/// The columns that a noun's CSV file may have besides `key`.
pub fn columns(noun: &Noun) -> Vec<&'static str> {
    let noun = noun.id.noun();
    let attributes = noun.attributes.iter().filter(|a| a.given).map(|a| a.name);
    let links =
        noun.links.iter().filter(|l| l.given && matches!(l.via, Via::Column | Via::List { .. })).map(|l| l.name);
    attributes.chain(links).chain(["ids"]).collect()
}

impl Record {
    pub fn new(key: impl Into<Text>) -> Record {
        Record { key: key.into(), ..Record::default() }
    }

    /// The same with one more cell; an empty text is no cell.
    #[must_use]
    pub fn with(mut self, column: &'static str, text: impl Into<Text>) -> Record {
        let text = text.into();
        if !text.is_empty() {
            self.cells.insert(column, text);
        }
        self
    }

    /// Puts a text into a column, `key` among them.
    pub(super) fn set(&mut self, column: &'static str, text: impl Into<Text>) {
        let text = text.into();
        if column == "key" {
            self.key = text;
        } else if !text.is_empty() {
            self.cells.insert(column, text);
        }
    }

    #[inline]
    pub fn cell(&self, column: &str) -> Option<&str> {
        self.cells.get(column).map(Text::as_str)
    }
}

/// Reads every CSV file of a folder that bears a noun's name, and `file.csv`.
///
/// # Errors
/// Every mistake in the form of the files.
pub fn read_folder(folder: &Path) -> Result<Records, Vec<Diagnostic>> {
    read_watched(folder, &Progress::default())
}

/// The same while someone looks on.
///
/// # Errors
/// As [`read_folder`], and when it is stopped.
pub fn read_watched(folder: &Path, progress: &Progress) -> Result<Records, Vec<Diagnostic>> {
    let mut records = Records::default();
    let mut mistakes = Vec::new();
    if !folder.is_dir() {
        return Err(vec![data::unreadable(&folder.display().to_string(), "there is no such folder")]);
    }
    let nouns = || NOUNS.iter().filter(|noun| noun.origin == Origin::Csv);
    let path = |noun: &Noun| folder.join(format!("{}.csv", noun.name));
    progress
        .begin(super::READING, nouns().filter_map(|noun| path(noun).metadata().ok()).map(|about| about.len()).sum());
    // The largest first, so that none is waited for alone.
    let mut files: Vec<&Noun> = nouns().collect();
    files.sort_by_key(|noun| std::cmp::Reverse(path(noun).metadata().map_or(0, |about| about.len())));
    let read = parallel::tasks(files.len(), |task| {
        let mut mistakes = Vec::new();
        let noun = files.get(task).copied();
        let rows = noun.map(|noun| read_table(&path(noun), &columns(noun), &mut mistakes, progress));
        progress.go_on(0)?;
        Ok((noun, rows, mistakes))
    });
    let mut read = read.map_err(|stopped| vec![stopped])?;
    read.sort_by_key(|(noun, ..)| noun.map(|noun| noun.id));
    for (noun, rows, found) in read {
        records.nouns.extend(noun.map(|noun| noun.id).zip(rows));
        mistakes.extend(found);
    }
    for record in read_table(&folder.join("file.csv"), &["value"], &mut mistakes, progress) {
        if record.key == SEAL {
            mistakes.push(data::bad_key(&record.place, SEAL, "is written by the program itself"));
        }
        let value = record.cell("value").unwrap_or("").to_string();
        if records.settings.insert(record.key.to_string(), value).is_some() {
            mistakes.push(data::bad_key(&record.place, &record.key, "is given a second time"));
        }
    }
    records.queries = queries(&folder.join("queries"), &mut mistakes);
    unknown_files(folder, &mut mistakes);
    if records.nouns.values().all(Vec::is_empty) && mistakes.is_empty() {
        mistakes
            .push(data::unreadable(&folder.display().to_string(), "it holds no meetings.csv or other file of ours"));
    }
    if mistakes.is_empty() { Ok(records) } else { Err(mistakes) }
}

/// The ending of files of queries.
pub const QUERIES: &str = "bilat";

/// The files of queries that the built file is to keep, by their names without the ending.
fn queries(folder: &Path, mistakes: &mut Vec<Diagnostic>) -> BTreeMap<String, String> {
    let mut paths: Vec<PathBuf> = std::fs::read_dir(folder)
        .map(|entries| entries.flatten().map(|entry| entry.path()).collect())
        .unwrap_or_default();
    paths.retain(|path| path.extension().is_some_and(|ending| ending == QUERIES));
    paths.sort();
    let mut queries = BTreeMap::new();
    for path in paths {
        match saved(&path) {
            Ok((name, text)) => drop(queries.insert(name, text)),
            Err(mistake) => mistakes.push(mistake),
        }
    }
    queries
}

/// A file of queries, and the name under which it is kept.
///
/// # Errors
/// When it cannot be read, is no text or too long, or has a name that is none.
pub fn saved(path: &Path) -> Result<(String, String), Diagnostic> {
    let shown = path.display().to_string();
    let name = path.file_stem().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    if !is_key(&name) {
        return Err(data::bad_name(&shown, &name));
    }
    let mut bytes = Vec::new();
    let file = match std::fs::File::open(path) {
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Err(missing(path)),
        opened => opened.map_err(|error| data::unreadable(&shown, &reason(&error)))?,
    };
    let read = file.take(LONGEST as u64 + 1).read_to_end(&mut bytes);
    read.map_err(|error| data::unreadable(&shown, &reason(&error)))?;
    if bytes.len() > LONGEST {
        return Err(data::unreadable(&shown, "more than a million bytes are too many to keep inside a file"));
    }
    match String::from_utf8(bytes) {
        Ok(text) if text.contains('\0') => Err(data::unreadable(&shown, "this is no text")),
        Ok(text) => Ok((name, text.strip_prefix('\u{feff}').unwrap_or(&text).replace("\r\n", "\n"))),
        Err(_) => Err(data::unreadable(&shown, "this is not UTF-8")),
    }
}

/// Whether a text can be a key: letters, digits and some signs.
pub fn is_key(text: &str) -> bool {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.+".contains(&byte);
    let any = |c: char| c.is_alphanumeric() || "-_.+".contains(c);
    !text.is_empty() && (text.bytes().all(plain) || text.chars().all(any))
}

/// A CSV file whose name is no noun's would be passed over in silence.
fn unknown_files(folder: &Path, mistakes: &mut Vec<Diagnostic>) {
    let known: Vec<&str> =
        NOUNS.iter().filter(|noun| noun.origin == Origin::Csv).map(|noun| noun.name).chain(["file"]).collect();
    let mut names: Vec<String> = std::fs::read_dir(folder)
        .map(|entries| entries.flatten().map(|entry| entry.file_name().to_string_lossy().into_owned()).collect())
        .unwrap_or_default();
    names.sort();
    for name in names.iter().filter(|name| name.to_lowercase().ends_with(".csv")) {
        let stem = &name[..name.len() - 4];
        if !known.contains(&stem) || !name.ends_with(".csv") {
            let near: Vec<String> =
                nearest(&stem.to_lowercase(), known.iter().copied()).iter().map(|near| format!("{near}.csv")).collect();
            mistakes.push(data::unknown_file(name, &near));
        }
    }
}

/// Reads one file; one that does not exist is empty.
fn read_table(path: &Path, known: &[&'static str], mistakes: &mut Vec<Diagnostic>, progress: &Progress) -> Vec<Record> {
    let file = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    if path.exists() && !path.is_file() {
        mistakes.push(data::unreadable(&path.display().to_string(), "it is not a file"));
        return Vec::new();
    }
    let bytes = match std::fs::read(path) {
        Ok(bytes) => bytes,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Vec::new(),
        Err(error) => {
            mistakes.push(data::unreadable(&path.display().to_string(), &error.to_string()));
            return Vec::new();
        }
    };
    match std::str::from_utf8(&bytes) {
        Ok(text) => parse_table(&file, text.strip_prefix('\u{feff}').unwrap_or(text), known, mistakes, progress),
        Err(error) => {
            let line = bytes[..error.valid_up_to()].iter().filter(|byte| **byte == b'\n').count() as u64 + 1;
            mistakes.push(data::bad_line(&file, line, "this is not UTF-8"));
            Vec::new()
        }
    }
}

/// What is stopped ends early; whoever asked looks whether it was.
fn parse_table(
    file: &str,
    text: &str,
    known: &[&'static str],
    mistakes: &mut Vec<Diagnostic>,
    progress: &Progress,
) -> Vec<Record> {
    // Lines that end in two characters would be counted one too low.
    let text = if text.contains("\r\n") { Cow::Owned(text.replace("\r\n", "\n")) } else { Cow::Borrowed(text) };
    // As spreadsheets write it where a comma stands in numbers.
    let header = text.lines().next().unwrap_or("");
    let separator = if header.contains(';') && !header.contains(',') { b';' } else { b',' };
    let mut reader = csv::ReaderBuilder::new().flexible(true).delimiter(separator).from_reader(text.as_bytes());
    let header: Vec<String> = match reader.headers() {
        Ok(header) => header.iter().map(|name| name.trim().to_string()).collect(),
        Err(error) => {
            mistakes.push(data::bad_line(file, 1, &error.to_string()));
            return Vec::new();
        }
    };
    if !header.is_empty() && !check_columns(file, &header, known, mistakes) {
        return Vec::new();
    }
    let named = |name: &String| std::iter::once(&"key").chain(known).find(|known| *known == name).copied();
    let header: Vec<Option<&'static str>> = header.iter().map(named).collect();
    let file = Text::new(file);
    let mut records = Vec::new();
    let mut read = 0;
    let mut line = csv::StringRecord::new();
    loop {
        let next = reader.read_record(&mut line);
        let at = reader.position().byte();
        if progress.go_on(at.saturating_sub(std::mem::replace(&mut read, at))).is_err() {
            break;
        }
        match next {
            Ok(false) => break,
            Ok(true) if line.iter().all(|cell| cell.trim().is_empty()) => {}
            Ok(true) => records.extend(record(&file, &header, &line, mistakes)),
            Err(error) => {
                let at = error.position().map_or(0, csv::Position::line);
                mistakes.push(data::bad_line(&file, at, "this line cannot be read"));
            }
        }
    }
    records
}

fn record(
    file: &Text,
    header: &[Option<&'static str>],
    line: &csv::StringRecord,
    mistakes: &mut Vec<Diagnostic>,
) -> Option<Record> {
    let place = Place { file: file.clone(), line: line.position().map_or(0, csv::Position::line) };
    if line.len() > header.len() {
        let why = format!("{} cells, but the header has {}", line.len(), header.len());
        mistakes.push(data::bad_line(file, place.line, &why));
        return None;
    }
    let cells = line.iter().filter(|cell| !cell.is_empty()).count();
    let mut made = Record { place: place.clone(), cells: Slots::with_capacity(cells), ..Record::default() };
    for (name, cell) in header.iter().zip(line).filter_map(|(name, cell)| Some(((*name)?, cell))) {
        match tidy(cell) {
            Ok(text) => made.set(name, restored(&text)),
            Err(why) => mistakes.push(data::bad_text(&place, name, &why)),
        }
    }
    Some(made)
}

/// Whether a header has a key; what else is wrong with its columns is said too.
pub(super) fn check_columns(file: &str, header: &[String], known: &[&str], mistakes: &mut Vec<Diagnostic>) -> bool {
    let top = Place { file: file.into(), line: 1 };
    let is_known = |name: &String| name == "key" || known.contains(&name.as_str());
    for (position, name) in header.iter().enumerate() {
        if !is_known(name) {
            let near: Vec<String> = nearest(name, known.iter().copied()).into_iter().map(str::to_string).collect();
            mistakes.push(data::unknown_column(&top, name, &near));
        }
        if header.iter().take(position).any(|before| before == name) {
            mistakes.push(data::bad_line(file, 1, &format!("column {} is a second '{name}'", position + 1)));
        }
    }
    let keyed = header.iter().any(|name| name == "key");
    if !keyed {
        mistakes.push(data::bad_line(file, 1, "there is no column key"));
    }
    keyed
}

/// A cell as it is kept: composed, without blanks around it.
///
/// # Errors
/// Why it cannot be kept.
pub(super) fn tidy(cell: &str) -> Result<Cow<'_, str>, String> {
    let cell = cell.trim();
    let composed = cell.is_ascii() || is_nfc_quick(cell.chars()) == IsNormalized::Yes;
    let mut text: Cow<'_, str> = if composed { cell.into() } else { cell.nfc().collect() };
    // One kind of line end, so that a text reads back from any file as what it was.
    if text.contains('\r') {
        text = text.replace("\r\n", "\n").replace('\r', "\n").into();
    }
    if let Some(bad) = text.chars().find(|c| c.is_control() && !matches!(c, '\n' | '\t' | '\r')) {
        return Err(format!("the character U+{:04X} does not belong there", bad as u32));
    }
    if text.len() > LONGEST {
        return Err(format!("{} bytes are too many for one cell", text.len()));
    }
    Ok(text)
}

/// Nearest of these keys, for a suggestion.
pub fn near_keys<'a>(key: &str, keys: impl Iterator<Item = &'a str>) -> Vec<String> {
    let folded = fold(key);
    nearest(&folded, keys).into_iter().map(str::to_string).collect()
}
