//! Charts: bars for groups with numbers, a timeline for dated rows, a heat table for two groups and a number.
//!
//! What is drawn is taken from the answer once ([`model`], [`heat`], [`axis`]) and then drawn as text ([`text`]) or as
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

pub use sink::{Drawn, Frame, Svg};

use super::Style;
use crate::answer::{Head, Row};
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
    model::picture(head, rows, 0, "—").map_or_else(|| WITHOUT.to_string(), |picture| described(&picture))
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

fn described(picture: &Picture) -> String {
    let counted = |count: usize, one: &str, many: &str| format!("{count} {}", if count == 1 { one } else { many });
    let rows = |count: usize| counted(count, "row", "rows");
    let mut text = match &picture.shape {
        Shape::Bars(bars) => {
            let names = bars.scales.iter().flat_map(|scale| &scale.names);
            let names = names.cloned().collect::<Vec<_>>().join(", ");
            let mut text = format!("Bar chart of {names} by {}: {}", bars.named, rows(bars.rows.len()));
            for scale in &bars.scales {
                let amounts = bars.rows.iter().zip(&scale.rows).flat_map(|(row, amounts)| {
                    amounts.iter().filter_map(move |amount| Some((amount.extent?.whole.1, &amount.text, &row.label)))
                });
                // Of several that are equal the first is meant.
                let largest = amounts.reduce(|most, next| if next.0 > most.0 { next } else { most });
                if let Some((_, number, label)) = largest {
                    text.push_str(&format!("; the largest {} is {number} ({label})", scale.names.join(" or ")));
                }
            }
            text
        }
        Shape::Timeline(timeline) => {
            let spans = || timeline.rows.iter().filter_map(|row| row.span);
            let mut text = format!("Timeline of {} by {}", rows(timeline.rows.len()), timeline.date);
            let days = || spans().flat_map(model::Span::days);
            if let (Some(first), Some(last)) = (days().min(), days().max()) {
                let day = crate::value::date::DayText;
                text.push_str(&format!(", from {} to {}", day(first), day(last)));
            }
            let unknown = timeline.rows.len() - spans().count();
            if unknown > 0 {
                text.push_str(&format!("; {} without a known date", rows(unknown)));
            }
            text
        }
        Shape::Heat(heat) => {
            let mut text = "Heat table".to_string();
            if !heat.number.is_empty() {
                text.push_str(&format!(" of {}", heat.number));
            }
            text.push_str(&format!(" by {}", heat.rows_named));
            if !heat.columns_named.is_empty() {
                text.push_str(&format!(" and {}", heat.columns_named));
            }
            let columns = counted(heat.columns.len(), "column", "columns");
            text.push_str(&format!(": {}, {columns}", rows(heat.rows.len())));
            if let Some((number, row, column)) = heat.largest() {
                text.push_str(&format!("; the largest is {number} ({row}, {column})"));
            }
            text
        }
    };
    for remark in remarks(picture) {
        text.push_str(&format!("; {remark}"));
    }
    text
}
