//! Tables in our own shape to records: the columns are those of a noun, as in the CSV folder.

use super::table::Table;
use crate::catalog::{NOUNS, NounId, Origin};
use crate::dataset::records::{Record, check_columns, columns};
use crate::diagnostic::{Diagnostic, importing};
use crate::suggest::nearest;

/// The records of a table. Its noun is the one given, or that of the table's name, or that of the file's.
///
/// # Errors
/// When its name is no noun's, or a column is none of the noun's.
pub fn rows(table: &Table, noun: Option<NounId>) -> Result<(NounId, Vec<Record>), Vec<Diagnostic>> {
    let noun = match noun {
        Some(noun) => noun,
        None => noun_of(table).map_err(|mistake| vec![mistake])?,
    };
    let known = columns(noun.noun());
    let mut mistakes = Vec::new();
    check_columns(&table.file, &table.columns, &known, &mut mistakes);
    if !mistakes.is_empty() {
        return Err(mistakes);
    }
    let named = named(&table.columns, noun);
    let rows = table.rows.iter().map(|row| {
        let mut record = Record { place: table.place(row), ..Record::default() };
        named.iter().zip(&row.cells).for_each(|(column, cell)| record.set(column, cell.clone()));
        record
    });
    Ok((noun, rows.collect()))
}

/// The columns of a noun that have these names.
pub fn named(names: &[String], noun: NounId) -> Vec<&'static str> {
    let known = columns(noun.noun());
    let named = |name: &String| std::iter::once(&"key").chain(&known).find(|known| *known == name).copied();
    names.iter().filter_map(named).collect()
}

/// The noun that a table's or a file's name is.
///
/// # Errors
/// When it is no noun's.
pub fn noun_of(table: &Table) -> Result<NounId, Diagnostic> {
    let file = table.file.rsplit(['/', '\\']).next().unwrap_or(&table.file);
    let name = table.name.as_deref().unwrap_or_else(|| file.split_once('.').map_or(file, |(stem, _)| stem));
    let nouns = || NOUNS.iter().filter(|noun| noun.origin == Origin::Csv);
    let found = nouns().find(|noun| noun.name.eq_ignore_ascii_case(name)).map(|noun| noun.id);
    found.ok_or_else(|| {
        let near: Vec<String> = nearest(name, nouns().map(|noun| noun.name)).into_iter().map(str::to_string).collect();
        importing::no_noun(&table.file, name, &near)
    })
}
