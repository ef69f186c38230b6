//! A first mapping for a table, made from its headers and values, for its user to edit.
//!
//! It says what it was led by and what it does not know. What the table does not say is left empty, and import refuses the
//! mapping until it is filled in: the title of the source, the year of dates without one, who travelled. Nothing is made up.

mod dated;
mod headers;
mod shape;

use super::index::Index;
use super::short;
use super::table::Table;
use crate::catalog::vocabulary::{FORMAT, STATUS, VISIT_KIND};
use crate::catalog::{NounId, Vocabulary};
use crate::dataset::records::Records;
use crate::value::hidden::is_forbidden;
use crate::value::text::fold;
use headers::{Role, is_plural, role};
use shape::Shape;
use std::fmt::Write;

/// One column with what it seems to be.
struct Seen<'a> {
    shape: Shape<'a>,
    role: Option<Role>,
}

/// The text of a mapping file for these tables.
pub fn mapping(tables: &[Table], world: &Records) -> String {
    let Some(table) = tables.first() else { return String::new() };
    let index = Index::of(world);
    let mut seen: Vec<Seen<'_>> = (0..table.columns.len())
        .map(|at| Shape::of(table, at))
        .map(|shape| Seen { role: role(shape.name), shape })
        .collect();
    settle(&mut seen, &index);
    Guess { table, seen }.text()
}

/// Values decide where headers say nothing or too much.
fn settle(seen: &mut [Seen<'_>], index: &Index) {
    for column in seen.iter_mut() {
        let dates = column.shape.dates();
        match column.role {
            Some(Role::Start | Role::End) if !dates.are_likely() => column.role = None,
            None | Some(Role::Place) if column.shape.is_countries(index) => column.role = Some(Role::Country),
            None if dates.are_sure() => column.role = Some(Role::Date),
            Some(Role::Locator) if !column.shape.is_unique() => column.role = None,
            _ => {}
        }
    }
    one_of_dates(seen);
    // One column for each role; people may be several.
    let mut taken: Vec<Role> = Vec::new();
    for column in seen.iter_mut() {
        match column.role {
            Some(Role::Person | Role::Other) | None => {}
            Some(role) if taken.contains(&role) => column.role = None,
            Some(role) => taken.push(role),
        }
    }
    let both = taken.contains(&Role::Start) && taken.contains(&Role::End);
    for column in seen.iter_mut() {
        match column.role {
            Some(Role::Date) if both => column.role = None,
            Some(Role::Start) if !both && !taken.contains(&Role::Date) => column.role = Some(Role::Date),
            Some(Role::Start | Role::End) if !both => column.role = None,
            _ => {}
        }
    }
}

/// Of several columns of dates the first stays whose header and cells both say so; else the first whose cells do; else
/// one that is only called so, though none of its cells is read.
fn one_of_dates(seen: &mut [Seen<'_>]) {
    let rank = |column: &Seen<'_>| match (column.shape.dates().read > 0, role(column.shape.name)) {
        _ if column.role != Some(Role::Date) || column.shape.cells.is_empty() => 0,
        (true, Some(Role::Date)) => 3,
        (true, _) => 2,
        (false, _) => 1,
    };
    let ranks: Vec<u8> = seen.iter().map(rank).collect();
    let best = ranks.iter().copied().max().unwrap_or(0);
    let kept = ranks.iter().position(|rank| best > 0 && *rank == best);
    for (at, column) in seen.iter_mut().enumerate() {
        if column.role == Some(Role::Date) && Some(at) != kept {
            column.role = None;
        }
    }
}

struct Guess<'a> {
    table: &'a Table,
    seen: Vec<Seen<'a>>,
}

impl Guess<'_> {
    fn with(&self, role: Role) -> Option<&Shape<'_>> {
        self.seen.iter().find(|column| column.role == Some(role)).map(|column| &column.shape)
    }

    /// Columns of people, each with what separates several in a cell.
    fn people(&self) -> Vec<(&Shape<'_>, Vec<&'static str>)> {
        let people = self.seen.iter().filter(|column| matches!(column.role, Some(Role::Person | Role::Other)));
        people
            .map(|Seen { shape, role }| {
                let for_several = *role == Some(Role::Other) || is_plural(shape.name);
                (shape, shape.between_people(for_several))
            })
            .collect()
    }

    /// Two who meet, or one who travels.
    fn noun(&self) -> NounId {
        let people = self.people();
        let in_a_cell = people.iter().any(|(_, separators)| !separators.is_empty());
        let several = people.len() > 1 || in_a_cell || self.with(Role::Other).is_some();
        if several { NounId::Meetings } else { NounId::Visits }
    }

    fn text(&self) -> String {
        let mut text = String::new();
        // Writing to a text cannot fail.
        let _ = self.write(&mut text);
        text
    }

    fn write(&self, out: &mut String) -> std::fmt::Result {
        let noun = self.noun();
        let file = comment(&self.table.file);
        writeln!(out, "# A first mapping for {file}, to be looked through and edited. Then:")?;
        writeln!(out, "#   bilat import {file} --into my.db --mapping THIS.toml --create leaders,places --dry-run\n")?;
        let why = match noun {
            NounId::Meetings => "Several people stand in a row, so it is a meeting. Or: visits, events.",
            _ => "One person stands in a row, or none, so it is a visit. Or: meetings, events.",
        };
        writeln!(out, "# {why}\nrow = \"{}\"\n", noun.noun().name)?;
        writeln!(
            out,
            "[source]\n# Whose words these are. The table does not say: fill in what you know.\ntitle = \"\""
        )?;
        writeln!(out, "# publisher = \"\"\n# address = \"https://\"\n# kind = \"press\"\n# language = \"en\"\n")?;
        writeln!(out, "[columns]")?;
        self.dates(out)?;
        self.persons(out, noun)?;
        self.where_to(out, noun)?;
        self.words(out, noun)?;
        self.rest(out, noun)
    }

    fn persons(&self, out: &mut String, noun: NounId) -> std::fmt::Result {
        let people = self.people();
        if noun == NounId::Meetings {
            writeln!(out, "# Who met; or hosts, guests and mediators, where that is known.")?;
            let cells: Vec<String> = people.iter().map(|(shape, separators)| person(shape, separators)).collect();
            return writeln!(out, "participants = [{}]", cells.join(", "));
        }
        match people.first() {
            Some((shape, _)) => {
                if let Some(cell) = shape.cells.iter().find(|cell| cell.contains(", ")) {
                    writeln!(
                        out,
                        "# {} is taken for one person. If it is several: row = \"meetings\" and",
                        comment(cell)
                    )?;
                    writeln!(out, "# participants = [{}]", person(shape, &[", "]))?;
                }
                writeln!(out, "leader = {}", person(shape, &[]))
            }
            None => {
                writeln!(out, "# The table does not say who travelled: put the name here.\nleader = {{ value = \"\" }}")
            }
        }
    }

    fn where_to(&self, out: &mut String, noun: NounId) -> std::fmt::Result {
        let (country, places) = match noun {
            NounId::Meetings => ("host_country", "place"),
            _ => ("country", "places"),
        };
        match self.with(Role::Country) {
            Some(shape) => writeln!(out, "{country} = {}", plain(shape.name))?,
            None if noun == NounId::Visits => {
                writeln!(out, "# No column has countries: put the name of one here.\ncountry = {{ value = \"\" }}")?;
            }
            None => {}
        }
        let Some(shape) = self.with(Role::Place) else { return Ok(()) };
        let separators = if noun == NounId::Visits { shape.separators() } else { Vec::new() };
        let mut parts = vec![format!("column = {}", quoted(shape.name))];
        if shape.has_brackets() {
            writeln!(out, "# What stands in brackets is left out.")?;
            parts.push("drop = [\"(*)\"]".to_string());
        }
        if !separators.is_empty() {
            parts.push(split(&separators));
        }
        writeln!(out, "{places} = {}", recipe(shape.name, &parts))
    }

    /// Columns with words of a closed list.
    fn words(&self, out: &mut String, noun: NounId) -> std::fmt::Result {
        let kind = if noun == NounId::Meetings { ("format", &FORMAT, "talks") } else { ("kind", &VISIT_KIND, "other") };
        for (role, (target, vocabulary, else_)) in [(Role::Kind, kind), (Role::Status, ("status", &STATUS, "held"))] {
            let Some(shape) = self.with(role) else { continue };
            let unknown: Vec<String> = shape
                .distinct()
                .into_iter()
                .filter(|word| !vocabulary.words.iter().any(|(known, _)| fold(known) == fold(word)))
                .map(|word| format!("{} = {}", quoted(word), quoted(meant(word, vocabulary, else_))))
                .collect();
            if unknown.is_empty() {
                writeln!(out, "{target} = {}", plain(shape.name))?;
                continue;
            }
            let known: Vec<&str> = vocabulary.words.iter().map(|(word, _)| *word).collect();
            writeln!(out, "# The words that count are {}.", known.join(", "))?;
            let words = format!("words = {{ {} }}", unknown.join(", "));
            writeln!(out, "{target} = {}", recipe(shape.name, &[format!("column = {}", quoted(shape.name)), words]))?;
        }
        Ok(())
    }

    fn rest(&self, out: &mut String, noun: NounId) -> std::fmt::Result {
        let mut used = vec![Role::Date, Role::Start, Role::End, Role::Person, Role::Other, Role::Country, Role::Place];
        used.extend([Role::Kind, Role::Status]);
        used.extend(self.looked_at().yearless.map(|_| Role::Year));
        let mut more = vec![(Role::Remark, "remark"), (Role::Locator, "locator")];
        if noun == NounId::Meetings {
            more.extend([(Role::Event, "event"), (Role::Topic, "topics")]);
        }
        for (role, target) in more {
            used.push(role);
            if let Some(shape) = self.with(role) {
                let note = if role == Role::Locator { "# By this a row is known again.\n" } else { "" };
                writeln!(out, "{note}{target} = {}", plain(shape.name))?;
            } else if role == Role::Locator {
                writeln!(
                    out,
                    "# locator = \"…\"   no column is different in every row. A row is known again by what it says:"
                )?;
                writeln!(
                    out,
                    "# one that is edited later is then taken for another; a column of numbers or links prevents it."
                )?;
            }
        }
        for column in self.seen.iter().filter(|column| column.role.is_none_or(|role| !used.contains(&role))) {
            let example = column.shape.cells.first().unwrap_or(&"nothing");
            writeln!(out, "# Not used: {}, such as {}", comment(column.shape.name), comment(example))?;
        }
        Ok(())
    }
}

/// A column of people.
fn person(shape: &Shape<'_>, separators: &[&str]) -> String {
    let mut parts = vec![format!("column = {}", quoted(shape.name))];
    if !separators.is_empty() {
        parts.push(split(separators));
    }
    if shape.has_titles() {
        parts.push("titles = true".to_string());
    }
    if shape.has_brackets() {
        parts.push("drop = [\"(*)\"]".to_string());
    }
    recipe(shape.name, &parts)
}

/// Parts of words in several languages, with the word of a list that they seem to mean; the first one counts.
const MEANT: &[(&str, &[&str])] = &[
    ("working", &["working visit", "working"]),
    ("arbeit", &["working visit", "working"]),
    ("travail", &["working visit", "working"]),
    ("рабоч", &["working visit", "working"]),
    ("state", &["state visit", "state"]),
    ("staat", &["state visit", "state"]),
    ("etat", &["state visit", "state"]),
    ("государств", &["state visit", "state"]),
    ("offi", &["official visit", "official"]),
    ("официал", &["official visit", "official"]),
    ("privat", &["informal", "private"]),
    ("summit", &["summit"]),
    ("gipfel", &["summit"]),
    ("sommet", &["summit"]),
    ("cumbre", &["summit"]),
    ("саммит", &["summit"]),
    ("rand", &["sidelines"]),
    ("margin", &["sidelines"]),
    ("video", &["video"]),
    ("telef", &["call"]),
    ("phone", &["call"]),
    ("call", &["call"]),
    ("anruf", &["call"]),
    ("sign", &["signing"]),
    ("unterz", &["signing"]),
    ("plan", &["planned"]),
    ("announc", &["announced"]),
    ("ankund", &["announced"]),
    ("cancel", &["cancelled"]),
    ("abgesagt", &["cancelled"]),
    ("postpon", &["postponed"]),
    ("verschob", &["postponed"]),
    ("invit", &["invited"]),
    ("einlad", &["invited"]),
];

/// The word of a list that another one seems to mean.
fn meant(word: &str, vocabulary: &'static Vocabulary, else_: &'static str) -> &'static str {
    let folded = fold(word);
    let parts = MEANT.iter().filter(|(part, _)| folded.contains(part));
    parts.flat_map(|(_, words)| *words).find(|word| vocabulary.position(word).is_some()).unwrap_or(&else_)
}

fn split(separators: &[&str]) -> String {
    let texts: Vec<String> = separators.iter().map(|separator| quoted(separator)).collect();
    format!("split = [{}]", texts.join(", "))
}

/// The short form where nothing else is said.
fn recipe(name: &str, parts: &[String]) -> String {
    let braces = name.contains(['{', '}']);
    if parts.len() == 1 && !braces { quoted(name) } else { format!("{{ {} }}", parts.join(", ")) }
}

fn plain(name: &str) -> String {
    recipe(name, &[format!("column = {}", quoted(name))])
}

/// A text as TOML writes it.
fn quoted(text: &str) -> String {
    let mut written = String::from("\"");
    for c in text.chars() {
        match c {
            '"' | '\\' => written.extend(['\\', c]),
            // What hides would not be seen in the file, nor be safe on a terminal.
            c if c.is_control() || is_forbidden(c) => {
                let _ = write!(written, "\\U{:08X}", c as u32);
            }
            c => written.push(c),
        }
    }
    written.push('"');
    written
}

/// The beginning of a text in one line.
fn comment(text: &str) -> String {
    short(&text.replace(|c: char| c.is_control() || is_forbidden(c), " "))
}
