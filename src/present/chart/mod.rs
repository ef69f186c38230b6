//! Charts: bars for groups with numbers, a timeline for dated rows, a heat table for two groups and a number.
//!
//! What is drawn is taken from the answer once (`model`, `heat`, `axis`) and then drawn as text (`text`) or as
//! SVG ([`svg`]). A number is never altered: it stands at the end of its bar as a table would write it. What is only
//! possible is drawn lighter than what is sure.

mod axis;
mod heat;
mod line;
mod model;
mod sink;
mod svg;
#[cfg(test)]
mod tests;
mod text;

pub use sink::{Drawn, Frame, Pictures};

use super::Style;
use crate::answer::{Head, Row};
use crate::value::date::DayText;
use model::{MOST_BARS, Picture, Shape};

/// The chart as text, each line ended; nothing where there is none to draw.
pub fn text(head: &Head, rows: &[Row], style: Style) -> Option<String> {
    text_of(head, rows, 0, style)
}

/// The chart as one `<svg>` element that needs nothing else, for a page or a file; `id` begins the ids in it. Nothing
/// where there is none to draw.
pub fn svg(head: &Head, rows: &[Row], id: &str) -> Option<String> {
    let picture = model::picture(head, rows, 0, "—")?;
    Some(svg::element(&picture, id))
}

/// What the chart shows, in a sentence or two, for who cannot see it.
pub fn describe(head: &Head, rows: &[Row]) -> String {
    let picture = model::picture(head, rows, 0, "—");
    picture.map_or_else(|| WITHOUT.to_string(), |picture| format!("{}: {}", titled(&picture), described(&picture)))
}

/// Why there is no chart, and what would make one.
const WITHOUT: &str =
    "no chart: bars take groups with a number (GROUP BY and count()), a timeline takes rows with a date";

fn text_of(head: &Head, rows: &[Row], more: usize, style: Style) -> Option<String> {
    let picture = model::picture(head, rows, more, if style.ascii { "-" } else { "—" })?;
    Some(text::lines(&picture, style).into_iter().map(|line| line + "\n").collect())
}

/// What stands under a chart: that it does not show all.
fn remarks(picture: &Picture) -> Vec<String> {
    let mut remarks = Vec::new();
    if picture.left_out > 0 {
        let rows = if picture.left_out == 1 { "row is" } else { "rows are" };
        let most = match &picture.shape {
            Shape::Heat(_) => "a cell without a number may be one of them".to_string(),
            _ => format!("more than {MOST_BARS} bars are not for reading"),
        };
        remarks.push(format!("{} more {rows} not drawn: {most}", picture.left_out));
    }
    if !picture.not_drawn.is_empty() {
        remarks.push(format!("not drawn: {}", picture.not_drawn.join(", ")));
    }
    remarks
}

/// What kind of chart it is, and of what.
fn titled(picture: &Picture) -> String {
    match &picture.shape {
        Shape::Bars(bars) => {
            let names = bars.scales.iter().flat_map(|scale| &scale.names).map(String::as_str);
            format!("Bar chart of {} by {}", names.collect::<Vec<_>>().join(", "), bars.named)
        }
        Shape::Timeline(timeline) => format!("Timeline of {}", timeline.date),
        Shape::Heat(heat) => {
            let number = if heat.number.is_empty() { String::new() } else { format!(" of {}", heat.number) };
            let groups: Vec<&str> = [heat.rows_named.as_str(), heat.columns_named.as_str()]
                .into_iter()
                .filter(|name| !name.is_empty())
                .collect();
            format!("Heat table{number} by {}", groups.join(" and "))
        }
    }
}

/// How much there is, from when to when, and what is the largest.
fn described(picture: &Picture) -> String {
    let parts = match &picture.shape {
        Shape::Bars(bars) => {
            let largest = bars.scales.iter().filter_map(|scale| {
                let (number, label) = bars.largest(scale)?;
                Some(format!("the largest {} is {number} ({label})", scale.names.join(" or ")))
            });
            std::iter::once(counted(bars.rows.len(), "row")).chain(largest).collect()
        }
        Shape::Timeline(timeline) => timeline_described(timeline),
        Shape::Heat(heat) => {
            let size = format!("{}, {}", counted(heat.rows.len(), "row"), counted(heat.columns.len(), "column"));
            let largest =
                heat.largest().map(|(number, row, column)| format!("the largest is {number} ({row}, {column})"));
            std::iter::once(size).chain(largest).collect::<Vec<_>>()
        }
    };
    parts.into_iter().chain(remarks(picture)).collect::<Vec<_>>().join("; ")
}

fn timeline_described(timeline: &model::Timeline) -> Vec<String> {
    let spans = || timeline.rows.iter().filter_map(|row| row.span);
    let days = || spans().flat_map(model::Span::days);
    let mut size = counted(timeline.rows.len(), "row");
    if let (Some(first), Some(last)) = (days().min(), days().max()) {
        size.push_str(&format!(" from {} to {}", DayText(first), DayText(last)));
    }
    let unknown = timeline.rows.len() - spans().count();
    let unknown = (unknown > 0).then(|| format!("{} without a known date", counted(unknown, "row")));
    std::iter::once(size).chain(unknown).collect()
}

/// "1 row", "7 rows".
fn counted(count: usize, one: &str) -> String {
    format!("{count} {one}{}", if count == 1 { "" } else { "s" })
}
