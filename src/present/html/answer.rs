//! One answer as a figure: a chart if it is asked for, a table, what stands under it.

use super::date::date;
use super::escape::{lines, text};
use super::sources::{Sources, marks};
use crate::answer::{Answer, Cell, Closing, ColumnKind, Head, Row, plain};
use crate::present::chart;
use std::fmt::Write;

/// A table of more columns becomes a card for each row where the page is narrow.
const NARROW: usize = 3;

/// An answer with the id `answer.N`; its sources are numbered with those of the page.
pub fn figure(answer: &Answer, number: usize, caption: Option<&str>, sources: &mut Sources) -> String {
    let nothing = Head::default();
    let head = answer.head.as_ref().unwrap_or(&nothing);
    let id = format!("answer.{number}");
    let numbers = sources.take(&answer.closing.sources, &id);
    let mut made = format!("<figure class=\"answer\" id=\"{id}\">\n");
    if let Some(caption) = caption {
        let _ = writeln!(made, "<figcaption>{}</figcaption>", text(caption));
    }
    let name = caption.map_or_else(|| text(&answer.closing.summary), text);
    let table = table(head, &answer.rows, &numbers, &name);
    match drawn(head, &answer.rows, number) {
        Some(chart) => {
            let _ = writeln!(made, "<div class=\"chart\">{chart}</div>");
            let _ = writeln!(made, "<details class=\"rows\"><summary>The same as a table</summary>\n{table}</details>");
            if !numbers.is_empty() {
                let _ = writeln!(made, "<p class=\"count\">Sources: {}</p>", marks(&numbers));
            }
        }
        None => made.push_str(&table),
    }
    made.push_str(&closing(&answer.closing));
    made.push_str("</figure>\n");
    made
}

/// The chart, where the query ends with CHART and there is something to draw; its sources stand in the table and under it.
fn drawn(head: &Head, rows: &[Row], number: usize) -> Option<String> {
    if !head.drawn {
        return None;
    }
    let rows: Vec<Row> = rows.iter().map(|row| Row { sources: Vec::new(), ..row.clone() }).collect();
    chart::svg(&Head { cited: false, ..head.clone() }, &rows, &format!("chart.{number}"))
}

/// A table; nothing where there are no rows. `numbers` are those of its sources on the page.
pub fn table(head: &Head, rows: &[Row], numbers: &[usize], name: &str) -> String {
    if rows.is_empty() {
        return String::new();
    }
    let extra = [head.cited.then_some("sources"), head.marked.then_some("?")];
    let mut names: Vec<&str> = head.columns.iter().map(|column| column.name.as_str()).collect();
    names.extend(extra.into_iter().flatten());
    let class = if names.len() > NARROW { " class=\"cards\"" } else { "" };
    // Roles, because a browser forgets what a table is where rows are laid out as cards.
    let mut made = format!(
        "<div class=\"scroll\" role=\"region\" tabindex=\"0\" aria-label=\"{name}\">\n<table role=\"table\"{class}>\n<thead role=\"rowgroup\"><tr role=\"row\">"
    );
    for (at, name) in names.iter().enumerate() {
        let class = class_of(head.columns.get(at).map(|column| column.kind));
        let _ = write!(made, "<th role=\"columnheader\" scope=\"col\"{class}>{}</th>", text(name));
    }
    made.push_str("</tr></thead>\n<tbody role=\"rowgroup\">\n");
    for row in rows {
        made.push_str(if row.certain { "<tr role=\"row\">" } else { "<tr role=\"row\" class=\"possible\">" });
        let cells = row.cells.iter().map(cell).chain(head.cited.then(|| cites(row, numbers)));
        for (at, shown) in cells.chain(head.marked.then(|| mark(row))).enumerate() {
            let class = class_of(head.columns.get(at).map(|column| column.kind));
            let name = text(names.get(at).copied().unwrap_or(""));
            let _ = write!(made, "<td role=\"cell\" data-name=\"{name}\"{class}><div>{shown}</div></td>");
        }
        made.push_str("</tr>\n");
    }
    made.push_str("</tbody>\n</table>\n</div>\n");
    made
}

const fn class_of(kind: Option<ColumnKind>) -> &'static str {
    match kind {
        Some(ColumnKind::Number) => " class=\"number\"",
        Some(ColumnKind::Date) => " class=\"date\"",
        Some(ColumnKind::Prose) => " class=\"prose\"",
        Some(ColumnKind::Code) => " class=\"code\"",
        _ => "",
    }
}

/// What a cell holds; unknown and empty look and read differently.
fn cell(cell: &Cell) -> String {
    match cell {
        Cell::Unknown => "<span class=\"unknown\" title=\"not known\">—</span>".to_string(),
        Cell::Text(content) if content.is_empty() => "<span class=\"empty\">(empty)</span>".to_string(),
        Cell::Text(content) => lines(content),
        Cell::Range(low, high) => format!("{low} to {high}"),
        Cell::Date(content) => date(content),
        Cell::List(items) if items.is_empty() => "<span class=\"empty\">(none)</span>".to_string(),
        Cell::List(items) => match items.as_slice() {
            [one] => self::cell(one),
            items => {
                let items: Vec<String> = items.iter().map(|item| format!("<li>{}</li>", self::cell(item))).collect();
                format!("<ul>{}</ul>", items.concat())
            }
        },
        other => text(&plain(other, ", ").unwrap_or_default()),
    }
}

/// Links to the sources of a row, by their numbers on the page.
fn cites(row: &Row, numbers: &[usize]) -> String {
    let own = row.sources.iter().filter_map(|own| numbers.get(own.checked_sub(1)?).copied());
    marks(&own.collect::<Vec<_>>())
}

fn mark(row: &Row) -> String {
    (if row.certain { "" } else { "<abbr title=\"possibly\">?</abbr>" }).to_string()
}

/// The count, and what else is to be said.
fn closing(closing: &Closing) -> String {
    let mut made = String::new();
    if !closing.summary.is_empty() {
        let _ = writeln!(made, "<p class=\"count\">{}</p>", text(&closing.summary));
    }
    made + &notes(&closing.notes)
}

/// Sentences as a list.
pub fn notes(notes: &[String]) -> String {
    let items: Vec<String> = notes.iter().map(|note| format!("<li>{}</li>\n", text(note))).collect();
    if items.is_empty() { String::new() } else { format!("<ul class=\"notes\">\n{}</ul>\n", items.concat()) }
}
