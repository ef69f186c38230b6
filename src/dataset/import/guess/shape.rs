//! What stands in a column: countries, people with titles, several things in a cell.

use super::super::index::{Found, How, Index};
use super::super::people::{Titles, split};
use super::super::table::Table;
use super::dated::Dates;
use crate::catalog::NounId;

/// So many rows tell enough.
pub const LOOKED_AT: usize = 1_000;

/// What is between two things in a cell; those that are in some cells are taken.
const SEPARATORS: [&str; 9] = [", ", "; ", ";", " and ", " und ", " et ", " y ", " и ", " & "];

/// Those that may also stand within the name of one person.
const WITHIN_NAMES: [&str; 2] = [", ", " y "];

/// One column, looked at.
pub struct Shape<'a> {
    pub name: &'a str,
    /// Cells that are not empty.
    pub cells: Vec<&'a str>,
    titles: Titles,
}

impl<'a> Shape<'a> {
    pub fn of(table: &'a Table, column: usize) -> Shape<'a> {
        let cells = table.rows.iter().filter_map(|row| row.cells.get(column)).map(|cell| cell.trim());
        Shape {
            name: table.columns.get(column).map_or("", String::as_str),
            cells: cells.filter(|cell| !cell.is_empty()).take(LOOKED_AT).collect(),
            titles: Titles::with(&[]),
        }
    }

    fn most(&self, fits: impl Fn(&str) -> bool) -> bool {
        let count = self.cells.iter().filter(|cell| fits(cell)).count();
        !self.cells.is_empty() && count * 10 >= self.cells.len() * 8
    }

    /// How its cells are read as dates; nothing, if none can be.
    pub fn dates(&self) -> Dates<'a> {
        Dates::of(self.cells.iter().map(|cell| (*cell, "")))
    }

    /// Whether most cells are names of countries.
    pub fn is_countries(&self, world: &Index) -> bool {
        self.most(|cell| {
            matches!(world.find(NounId::Countries, cell, None), Found::One { how: How::Whole | How::Words, .. })
        })
    }

    /// What separates several things in a cell.
    pub fn separators(&self) -> Vec<&'static str> {
        let mut found: Vec<&str> = Vec::new();
        for separator in SEPARATORS {
            let several = |cell: &&str| split(cell, &[separator.to_string()]).len() > 1;
            let longer = found.iter().any(|known| known.starts_with(separator));
            if !longer && self.cells.iter().any(several) {
                found.push(separator);
            }
        }
        found
    }

    /// What separates several people in a cell; nothing, if each cell seems to have one. In a column for several every
    /// separator counts. Elsewhere a comma or a `y` may stand within a name (`Putin, Vladimir`): it counts where both
    /// sides are whole names, or there are more than two.
    pub fn between_people(&self, for_several: bool) -> Vec<&'static str> {
        let mut found = self.separators();
        let listed = |cell: &&str| cell.contains(';') && cell.contains(", ");
        if self.cells.iter().any(listed) {
            found.retain(|separator| *separator != ", ");
        }
        found.retain(|separator| self.cells.iter().any(|cell| self.parts_people(cell, separator, for_several)));
        found
    }

    /// Whether more than one person stands in a cell, with this between them.
    fn parts_people(&self, cell: &str, separator: &str, for_several: bool) -> bool {
        let parts = split(cell, &[separator.to_string()]);
        // `Prime Minister and Minister of Defence X` is one.
        let people: Vec<&str> = parts.iter().map(|part| self.titles.without(part)).collect();
        let people: Vec<&str> = people.into_iter().filter(|name| !name.is_empty()).collect();
        let whole = |name: &&str| name.split_whitespace().count() > 1;
        let within_names = WITHIN_NAMES.contains(&separator) && !for_several;
        people.len() > 1 && (!within_names || people.len() > 2 || people.iter().all(whole))
    }

    /// Whether titles stand before names, of one person or several.
    pub fn has_titles(&self) -> bool {
        let separators: Vec<String> = self.separators().into_iter().map(str::to_string).collect();
        let titled = |person: &String| self.titles.without(person) != person.as_str();
        self.cells.iter().any(|cell| split(cell, &separators).iter().any(titled))
    }

    pub fn has_brackets(&self) -> bool {
        self.cells
            .iter()
            .any(|cell| cell.find('(').is_some_and(|at| cell.get(at..).is_some_and(|rest| rest.contains(')'))))
    }

    /// What stands in it, each once, as it first comes.
    pub fn distinct(&self) -> Vec<&'a str> {
        let mut known: Vec<&str> = Vec::new();
        for cell in &self.cells {
            if known.len() < 50 && !known.contains(cell) {
                known.push(cell);
            }
        }
        known
    }

    /// Whether no two rows have the same.
    pub fn is_unique(&self) -> bool {
        let mut cells = self.cells.clone();
        cells.sort_unstable();
        cells.windows(2).all(|two| two.first() != two.last())
    }
}
