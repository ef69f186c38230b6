//! Bytes of a file to tables: CSV, TSV, JSON and JSON Lines.
//!
//! In: bytes that anybody may have written, and the ending of the file's name. Out: tables, or every mistake with its
//! place. What a file makes us keep is a small multiple of its own size.

use super::separated::{self, SEPARATORS};
use super::table::Table;
use super::{mistakes::Mistakes, objects};
use crate::dataset::READING;
use crate::diagnostic::Diagnostic;
use crate::diagnostic::data::{self, Place};
use crate::diagnostic::importing;
use crate::store::{Progress, reason};
use std::borrow::Cow;
use std::io::Read;

/// The largest file that is taken in, in bytes.
pub const LARGEST: u64 = 512 * 1024 * 1024;

/// The most columns of one table.
pub const COLUMNS: usize = 1_000;

/// How a file is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Form {
    /// Cells between separators; which one, if the file's name tells.
    Separated(Option<char>),
    Json,
    Lines,
}

/// The endings that tell it.
const ENDINGS: &[(&str, Form)] = &[
    ("csv", Form::Separated(None)),
    ("tsv", Form::Separated(Some('\t'))),
    ("tab", Form::Separated(Some('\t'))),
    ("json", Form::Json),
    ("jsonl", Form::Lines),
    ("ndjson", Form::Lines),
];

/// All bytes of a file, unless they are too many.
///
/// # Errors
/// When it cannot be read or is larger than [`LARGEST`].
pub fn take(name: &str, from: impl Read) -> Result<Vec<u8>, Diagnostic> {
    let mut bytes = Vec::new();
    from.take(LARGEST + 1).read_to_end(&mut bytes).map_err(|error| data::unreadable(name, &reason(&error)))?;
    small_enough(name, bytes.len() as u64).map(|()| bytes)
}

fn small_enough(name: &str, bytes: u64) -> Result<(), Diagnostic> {
    let most = LARGEST / (1024 * 1024);
    if bytes > LARGEST { Err(importing::too_large(name, &format!("it has more than {most} MB"))) } else { Ok(()) }
}

/// The tables of a file: one, or those that a JSON object names.
///
/// # Errors
/// Every mistake in it (up to a hundred), or that it was stopped.
pub fn read(
    name: &str,
    bytes: &[u8],
    ending: Option<&str>,
    progress: &Progress,
) -> Result<Vec<Table>, Vec<Diagnostic>> {
    small_enough(name, bytes.len() as u64).map_err(|mistake| vec![mistake])?;
    progress.begin(READING, bytes.len() as u64);
    let text = decoded(name, bytes).map_err(|mistake| vec![mistake])?;
    if text.trim().is_empty() {
        return Err(vec![importing::empty_table(name)]);
    }
    let mut mistakes = Mistakes::new(name);
    let tables = match form(ending, &text) {
        Form::Separated(separator) => separated::table(&text, separator, &mut mistakes, progress).into_iter().collect(),
        Form::Json => objects::tables(&text, &mut mistakes, progress),
        Form::Lines => objects::lines(&text, &mut mistakes, progress).into_iter().collect(),
    };
    progress.go_on(0).map_err(|stopped| vec![stopped])?;
    mistakes.none().map(|()| tables)
}

/// By the ending; without one that is known, by how the text begins.
fn form(ending: Option<&str>, text: &str) -> Form {
    let ending = ending.map(str::to_ascii_lowercase);
    if let Some((_, form)) = ENDINGS.iter().find(|(known, _)| Some(*known) == ending.as_deref()) {
        return *form;
    }
    match text.trim_start().chars().next() {
        Some('[') => Form::Json,
        Some('{') if text.trim().lines().next().is_some_and(|line| line.trim_end().ends_with('}')) => Form::Lines,
        Some('{') => Form::Json,
        _ => Form::Separated(None),
    }
}

/// The separator that makes most cells of a header; one that makes as many of the next line goes before others.
pub(super) fn separator(text: &str) -> char {
    let score = |separator: char| {
        let mut lines = separated::Lines::new(text, separator).map(|line| line.cells.len());
        let (header, next) = (lines.next().unwrap_or(0), lines.next());
        (header > 1 && next.is_none_or(|next| next == header), header)
    };
    let scores: Vec<(char, (bool, usize))> = SEPARATORS.iter().map(|sign| (*sign, score(*sign))).collect();
    scores.iter().rev().max_by_key(|(_, score)| *score).map_or(',', |(separator, _)| *separator)
}

/// UTF-8, with or without its mark, and UTF-16 with one.
fn decoded<'a>(name: &str, bytes: &'a [u8]) -> Result<Cow<'a, str>, Diagnostic> {
    match bytes {
        [0xFF, 0xFE, rest @ ..] => utf16(name, rest, u16::from_le_bytes).map(Cow::Owned),
        [0xFE, 0xFF, rest @ ..] => utf16(name, rest, u16::from_be_bytes).map(Cow::Owned),
        [0xEF, 0xBB, 0xBF, rest @ ..] => utf8(name, rest).map(Cow::Borrowed),
        bytes => utf8(name, bytes).map(Cow::Borrowed),
    }
}

fn utf8<'a>(name: &str, bytes: &'a [u8]) -> Result<&'a str, Diagnostic> {
    std::str::from_utf8(bytes).map_err(|error| {
        let good = bytes.get(..error.valid_up_to()).and_then(|good| std::str::from_utf8(good).ok()).unwrap_or("");
        let byte = bytes.get(error.valid_up_to()).copied().unwrap_or_default();
        no_text(name, good, &format!("the byte {byte:02X} is not UTF-8"))
    })
}

fn utf16(name: &str, bytes: &[u8], unit: fn([u8; 2]) -> u16) -> Result<String, Diagnostic> {
    let (pairs, rest) = bytes.as_chunks::<2>();
    let mut text = String::with_capacity(bytes.len() / 2);
    for c in char::decode_utf16(pairs.iter().map(|pair| unit(*pair))) {
        match c {
            Ok(c) => text.push(c),
            Err(half) => {
                let why = format!("the half of a character {:04X} is not UTF-16", half.unpaired_surrogate());
                return Err(no_text(name, &text, &why));
            }
        }
    }
    if rest.is_empty() { Ok(text) } else { Err(no_text(name, &text, "the last character of UTF-16 is cut off")) }
}

/// Where text ends and something else begins.
fn no_text(name: &str, good: &str, why: &str) -> Diagnostic {
    let (line, column) = place(good);
    importing::not_text(&Place { file: name.into(), line }, column, why)
}

/// The line and the character that come behind a text.
pub(super) fn place(before: &str) -> (u64, u64) {
    let ends = before.matches('\n').count() + before.matches('\r').count() - before.matches("\r\n").count();
    let last = before.rsplit(['\n', '\r']).next().unwrap_or("");
    (ends as u64 + 1, last.chars().count() as u64 + 1)
}
