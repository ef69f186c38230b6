//! JSON and JSON Lines: lists of flat objects, each with its line in the file.
//!
//! Values are kept as they are written until they are cells: numbers lose no digit, and each has its place.

use super::mistakes::Mistakes;
use super::read::{self, COLUMNS};
use super::table::{Table, TableRow};
use crate::dataset::records::tidy;
use crate::diagnostic::{data, importing};
use crate::store::Progress;
use crate::value::text::Text;
use serde::Deserializer;
use serde::de::{Deserialize, MapAccess, Visitor};
use serde_json::value::RawValue;
use std::collections::{HashMap, HashSet};
use std::fmt;

/// What joins the items of a list in a cell.
pub const JOINT: &str = "; ";

/// So many cells may be empty because objects have different members, besides one for each byte of the file.
const ROOM: usize = 1_000_000;

/// The members of an object in their order, values as they are written.
struct Members<'a>(Vec<(String, &'a RawValue)>);

impl<'de: 'a, 'a> Deserialize<'de> for Members<'a> {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        struct Seen;
        impl<'de> Visitor<'de> for Seen {
            type Value = Vec<(String, &'de RawValue)>;

            fn expecting(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
                out.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
                let mut members = Vec::new();
                while let Some(member) = map.next_entry()? {
                    members.push(member);
                }
                Ok(members)
            }
        }
        from.deserialize_map(Seen).map(Members)
    }
}

/// The text of a file, and how far its lines are counted.
struct Document<'a> {
    text: &'a str,
    at: usize,
    line: u64,
}

impl<'a> Document<'a> {
    fn new(text: &'a str) -> Document<'a> {
        Document { text, at: 0, line: 1 }
    }

    /// The line on which a part of the text begins. Parts come in their order, nearly always.
    fn line(&mut self, part: &str) -> u64 {
        let at = (part.as_ptr() as usize).saturating_sub(self.text.as_ptr() as usize);
        if at < self.at {
            (self.at, self.line) = (0, 1);
        }
        self.line += read::place(self.text.get(self.at..at).unwrap_or("")).0 - 1;
        self.at = at;
        self.line
    }
}

/// The tables of a JSON text: a list of objects, or an object of such lists.
pub fn tables(text: &str, mistakes: &mut Mistakes, progress: &Progress) -> Vec<Table> {
    let mut document = Document::new(text);
    if text.trim_start().starts_with('{') {
        let members = match serde_json::from_str::<Members<'_>>(text) {
            Ok(Members(members)) => members,
            Err(error) => return not_json(&error, 1, mistakes),
        };
        let mut made = Vec::new();
        let mut names = HashSet::new();
        for (name, list) in &members {
            if !names.insert(name) {
                let place = mistakes.place(document.line(list.get()));
                mistakes.push(importing::other_shape(&place, Some(name), "this member is given a second time"));
            }
            made.extend(list_of_objects(Some(name), list, &mut document, mistakes, progress));
        }
        return made;
    }
    match serde_json::from_str::<&RawValue>(text) {
        Ok(list) => list_of_objects(None, list, &mut document, mistakes, progress).into_iter().collect(),
        Err(error) => not_json(&error, 1, mistakes),
    }
}

/// The table of a text that has an object on each line.
pub fn lines(text: &str, mistakes: &mut Mistakes, progress: &Progress) -> Option<Table> {
    let mut rows = Rows::new(None, text.len(), mistakes);
    for (at, line) in text.split('\n').enumerate() {
        if rows.is_full() || progress.go_on(line.len() as u64 + 1).is_err() {
            break;
        }
        if !line.trim().is_empty() {
            rows.object(line, at as u64 + 1, None);
        }
    }
    Some(rows.finish())
}

fn list_of_objects(
    name: Option<&str>,
    list: &RawValue,
    document: &mut Document<'_>,
    mistakes: &mut Mistakes,
    progress: &Progress,
) -> Option<Table> {
    let line = document.line(list.get());
    let objects: Vec<&RawValue> = if list.get().starts_with('[') {
        match serde_json::from_str(list.get()) {
            Ok(objects) => objects,
            Err(error) => {
                not_json::<Table>(&error, line, mistakes);
                return None;
            }
        }
    } else {
        let place = mistakes.place(line);
        mistakes.push(importing::other_shape(&place, name, "a list of objects is needed here"));
        return None;
    };
    let mut rows = Rows::new(name, document.text.len(), mistakes);
    for object in objects {
        if rows.is_full() || progress.go_on(object.get().len() as u64).is_err() {
            break;
        }
        let line = document.line(object.get());
        rows.object(object.get(), line, Some(document));
    }
    Some(rows.finish())
}

/// serde_json counts lines from the text that it was given.
fn not_json<T>(error: &serde_json::Error, first: u64, mistakes: &mut Mistakes) -> Vec<T> {
    let text = error.to_string();
    let why = text.split(" at line ").next().unwrap_or(&text);
    let line = first + (error.line() as u64).saturating_sub(1);
    mistakes.line(line, &format!("this is not JSON: {why}, at character {}", error.column()));
    Vec::new()
}

/// A table while its objects are read.
struct Rows<'m> {
    table: Table,
    known: HashMap<String, usize>,
    /// So many cells the table may have, and how many it has.
    room: usize,
    held: usize,
    mistakes: &'m mut Mistakes,
}

impl<'m> Rows<'m> {
    fn new(name: Option<&str>, bytes: usize, mistakes: &'m mut Mistakes) -> Rows<'m> {
        let (file, name) = (mistakes.file().into(), name.map(str::to_string));
        let table = Table { file, name, ..Table::default() };
        Rows { table, known: HashMap::new(), room: ROOM.saturating_add(bytes), held: 0, mistakes }
    }

    fn is_full(&self) -> bool {
        self.mistakes.is_full() || self.held > self.room
    }

    /// Adds a row; with the document, the lines of its members are found.
    fn object(&mut self, text: &str, line: u64, mut document: Option<&mut Document<'_>>) {
        if !text.trim_start().starts_with('{') {
            let place = self.mistakes.place(line);
            return self.mistakes.push(importing::other_shape(&place, None, "an object is needed here"));
        }
        let members = match serde_json::from_str::<Members<'_>>(text) {
            Ok(Members(members)) => members,
            Err(error) => {
                not_json::<Table>(&error, line, self.mistakes);
                return;
            }
        };
        let mut row = TableRow { line, ..TableRow::default() };
        let mut seen = HashSet::new();
        let mut good = true;
        for (member, value) in &members {
            let line = document.as_mut().map_or(line, |document| document.line(value.get()));
            let place = self.mistakes.place(line);
            let made = match seen.insert(member.as_str()) {
                true => cell(value).map_err(|why| importing::other_shape(&place, Some(member), &why)),
                false => Err(importing::other_shape(&place, Some(member), "this member is given a second time")),
            };
            let tidied =
                made.and_then(|text| tidy(&text).map(Text::from).map_err(|why| data::bad_text(&place, member, &why)));
            match tidied {
                Ok(text) => good &= self.put(member, text, value.get().starts_with('['), &mut row),
                Err(mistake) => {
                    self.mistakes.push(mistake);
                    good = false;
                }
            }
            if self.mistakes.is_full() {
                return;
            }
        }
        if good && row.cells.iter().any(|cell| !cell.is_empty()) {
            self.held += row.cells.len();
            self.table.rows.push(row);
        }
    }

    /// Puts a cell into its column, which may be new.
    fn put(&mut self, member: &str, text: Text, list: bool, row: &mut TableRow) -> bool {
        let column = match self.known.get(member) {
            Some(column) => *column,
            None => match self.column(member, row.line) {
                Some(column) => column,
                None => return false,
            },
        };
        if row.cells.len() <= column {
            row.cells.resize(column + 1, Text::default());
        }
        if let Some(cell) = row.cells.get_mut(column) {
            *cell = text;
        }
        if list {
            row.lists.push(column);
        }
        true
    }

    fn column(&mut self, member: &str, line: u64) -> Option<usize> {
        let place = self.mistakes.place(line);
        let name = match tidy(member) {
            Ok(name) if name.is_empty() => Err("a member has no name".to_string()),
            Ok(name) if self.table.columns.iter().any(|known| *known == name) => {
                Err(format!("a member is a second '{name}'"))
            }
            Ok(_) if self.table.columns.len() >= COLUMNS => Err(format!("there are more than {COLUMNS} members")),
            other => other.map_err(|why| format!("the name of a member: {why}")),
        };
        match name {
            Ok(name) => {
                self.known.insert(member.to_string(), self.table.columns.len());
                self.table.columns.push(name.into_owned());
                Some(self.table.columns.len() - 1)
            }
            Err(why) => {
                self.mistakes.push(importing::bad_header(&place, &why));
                None
            }
        }
    }

    /// All rows get all columns.
    fn finish(mut self) -> Table {
        let (rows, columns) = (self.table.rows.len(), self.table.columns.len());
        if self.held > self.room || rows.saturating_mul(columns) > self.room {
            let why = format!("its objects have {columns} members in all, and most objects lack most of them");
            self.mistakes.push(importing::too_large(self.mistakes.file(), &why));
            return self.table;
        }
        for row in &mut self.table.rows {
            row.cells.resize(columns, Text::default());
        }
        self.table
    }
}

/// A value as a cell.
fn cell(value: &RawValue) -> Result<String, String> {
    match value.get().as_bytes().first() {
        Some(b'"') => text(value),
        Some(b'[') => list(value),
        Some(b'{') => Err("an object within an object cannot be a cell".to_string()),
        Some(b'n') => Ok(String::new()),
        _ => Ok(value.get().to_string()),
    }
}

fn text(value: &RawValue) -> Result<String, String> {
    serde_json::from_str(value.get()).map_err(|error| {
        let text = error.to_string();
        text.split(" at line ").next().unwrap_or(&text).to_string()
    })
}

/// The items of a list with `; ` between them, so that they can be told apart again.
fn list(value: &RawValue) -> Result<String, String> {
    let items: Vec<&RawValue> = serde_json::from_str(value.get()).map_err(|error| error.to_string())?;
    let mut joined = String::new();
    for item in items {
        if matches!(item.get().as_bytes().first(), Some(b'[' | b'{')) {
            return Err("a list within a list cannot be a cell".to_string());
        }
        let item = cell(item)?;
        if item.contains(';') {
            return Err(format!("'{}' has a semicolon in it, which parts the items of a list", super::short(&item)));
        }
        if !item.is_empty() {
            joined.push_str(if joined.is_empty() { "" } else { JOINT });
            joined.push_str(&item);
        }
    }
    Ok(joined)
}
