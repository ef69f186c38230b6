//! A first mapping for a table, made from its headers and values, for its user to edit.
//!
//! It says what it was led by and what it does not know. It is always a mapping that can be read; once the source has a
//! title, it can be tried.

mod headers;
mod shape;

use super::dates::DayOrder;
use super::index::Index;
use super::short;
use super::table::Table;
use crate::catalog::vocabulary::{FORMAT, STATUS, VISIT_KIND};
use crate::catalog::{NounId, Vocabulary};
use crate::dataset::records::Records;
use crate::value::hidden::is_forbidden;
use crate::value::text::fold;
use headers::{Role, role};
use shape::Shape;
use std::fmt::Write;

/// The year that dates without one are put in, if no other is seen.
const YEAR: u32 = 2024;

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
    let today = world.settings.get("reference_date").cloned().unwrap_or_else(|| format!("{YEAR}-01-01"));
    Guess { today, table, seen }.text()
}

/// Values decide where headers say nothing or too much.
fn settle(seen: &mut [Seen<'_>], index: &Index) {
    for column in seen.iter_mut() {
        let dates = column.shape.dates().is_some();
        match column.role {
            Some(Role::Date | Role::Start | Role::End) if !dates => column.role = None,
            None | Some(Role::Place) if column.shape.is_countries(index) => column.role = Some(Role::Country),
            None if dates => column.role = Some(Role::Date),
            Some(Role::Locator) if !column.shape.is_unique() => column.role = None,
            _ => {}
        }
    }
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

struct Guess<'a> {
    /// The day of the file that names are looked up in.
    today: String,
    table: &'a Table,
    seen: Vec<Seen<'a>>,
}

impl Guess<'_> {
    fn with(&self, role: Role) -> Option<&Shape<'_>> {
        self.seen.iter().find(|column| column.role == Some(role)).map(|column| &column.shape)
    }

    fn people(&self) -> Vec<&Shape<'_>> {
        let people = self.seen.iter().filter(|column| matches!(column.role, Some(Role::Person | Role::Other)));
        people.map(|column| &column.shape).collect()
    }

    /// Two who meet, or one who travels.
    fn noun(&self) -> NounId {
        let several = self.people().len() > 1 || self.with(Role::Other).is_some();
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

    fn dates(&self, out: &mut String) -> std::fmt::Result {
        let (start, end) = (self.with(Role::Start), self.with(Role::End));
        let (from, shape) = match (start, end, self.with(Role::Date)) {
            (Some(start), Some(end), _) => {
                (format!("start = {}, end = {}", quoted(start.name), quoted(end.name)), start)
            }
            (_, _, Some(date)) => (format!("column = {}", quoted(date.name)), date),
            _ => return writeln!(out, "# No column has dates. date = \"…\""),
        };
        let dates = shape.dates();
        let order = match dates.map(|dates| dates.order) {
            Some(DayOrder::DayFirst) => ", order = \"day first\"",
            Some(DayOrder::MonthFirst) => ", order = \"month first\"",
            _ => "",
        };
        let yearless = dates.is_some_and(|dates| dates.yearless);
        let year = match self.with(Role::Year) {
            Some(column) if yearless => format!(", year = {}", quoted(column.name)),
            _ if yearless => {
                writeln!(out, "# The dates have no year. This one is a guess:")?;
                format!(", year = {}", self.year())
            }
            _ => String::new(),
        };
        let anchor = if dates.is_some_and(|dates| dates.relative) {
            writeln!(out, "# Some count from the day of writing. This one is a guess:")?;
            format!(", anchor = {}", quoted(&self.today))
        } else {
            String::new()
        };
        if order.is_empty() && year.is_empty() && anchor.is_empty() && start.is_none() {
            return writeln!(out, "date = {}", plain(shape.name));
        }
        writeln!(out, "# Such as {}.", comment(shape.cells.first().unwrap_or(&"")))?;
        writeln!(out, "date = {{ {from}{order}{year}{anchor} }}")
    }

    /// The year that most cells or the file's name speak of.
    fn year(&self) -> u32 {
        let cells = self.seen.iter().flat_map(|column| column.shape.cells.iter().copied());
        let mut counts: Vec<(u32, usize)> = Vec::new();
        for text in cells.chain([self.table.file.as_str()]) {
            let numbers = text.split(|c: char| !c.is_ascii_digit()).filter(|number| number.len() == 4);
            for year in numbers.filter_map(|number| number.parse().ok()).filter(|year| (1800..2200).contains(year)) {
                match counts.iter_mut().find(|(known, _)| *known == year) {
                    Some((_, count)) => *count += 1,
                    None => counts.push((year, 1)),
                }
            }
        }
        counts.into_iter().max_by_key(|(_, count)| *count).map_or(YEAR, |(year, _)| year)
    }

    fn persons(&self, out: &mut String, noun: NounId) -> std::fmt::Result {
        let people = self.people();
        if noun == NounId::Meetings {
            writeln!(out, "# Who met; or hosts, guests and mediators, where that is known.")?;
            let cells: Vec<String> = people.iter().map(|shape| person(shape, true)).collect();
            return writeln!(out, "participants = [{}]", cells.join(", "));
        }
        match people.first() {
            Some(shape) => writeln!(out, "leader = {}", person(shape, false)),
            None => writeln!(
                out,
                "# The table does not say who travelled: put the name here.\nleader = {{ value = \"the traveller\" }}"
            ),
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
                writeln!(out, "# No column has countries.\ncountry = {{ value = \"the country\" }}")?;
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
        if self.seen.iter().any(|column| column.role == Some(Role::Year)) {
            used.extend(
                self.with(Role::Date).and_then(Shape::dates).filter(|dates| dates.yearless).map(|_| Role::Year),
            );
        }
        let mut more = vec![(Role::Remark, "remark"), (Role::Locator, "locator")];
        if noun == NounId::Meetings {
            more.extend([(Role::Event, "event"), (Role::Topic, "topics")]);
        }
        for (role, target) in more {
            used.push(role);
            if let Some(shape) = self.with(role) {
                let note = if role == Role::Locator { "# By this a row is known again.\n" } else { "" };
                writeln!(out, "{note}{target} = {}", plain(shape.name))?;
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
fn person(shape: &Shape<'_>, several: bool) -> String {
    let mut parts = vec![format!("column = {}", quoted(shape.name))];
    let separators: Vec<&str> = if several { shape.separators() } else { Vec::new() };
    if !separators.is_empty() {
        parts.push(split(&separators));
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
