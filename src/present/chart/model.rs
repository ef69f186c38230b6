//! What a chart shows, taken from an answer: labels, amounts and spans of days, made safe, with no thought of how they
//! will look.

use super::heat::Heat;
use crate::answer::{Cell, Chart, Head, Row, plain};
use crate::present::safe;
use crate::value::date::{Bounds, Day, OPEN_FUTURE, OPEN_PAST};

/// More bars than that are not for reading.
pub const MOST_BARS: usize = 1000;
/// More groups than that neither, where they make a heat table.
pub const MOST_CELLS: usize = 10_000;

/// What is drawn of an answer.
pub struct Picture {
    pub shape: Shape,
    /// How many rows are left out, for there are too many.
    pub left_out: usize,
    /// The columns that have no place in it.
    pub not_drawn: Vec<String>,
}

pub enum Shape {
    Bars(Bars),
    Timeline(Timeline),
    Heat(Heat),
}

/// A bar for each row and number.
pub struct Bars {
    /// The names of the columns that the labels are made of.
    pub named: String,
    pub rows: Vec<Labelled>,
    /// Numbers of one kind share a scale; other kinds are drawn one under another.
    pub scales: Vec<Scale>,
}

impl Bars {
    /// The first of the largest numbers of a scale, with its row.
    pub fn largest<'a>(&'a self, scale: &'a Scale) -> Option<(&'a str, &'a str)> {
        let amounts = self.rows.iter().zip(&scale.rows).flat_map(|(row, amounts)| {
            amounts
                .iter()
                .filter_map(move |amount| Some((amount.extent?.end(), amount.text.as_str(), row.label.as_str())))
        });
        let largest = amounts.reduce(|most, next| if next.0 > most.0 { next } else { most });
        largest.map(|(_, number, label)| (number, label))
    }
}

/// What says which row it is.
pub struct Labelled {
    pub label: String,
    /// What stands behind its value: sources, and the mark of a row that only possibly is one.
    pub tail: String,
}

/// The bars of one scale.
pub struct Scale {
    pub names: Vec<String>,
    /// For each row an amount for each name.
    pub rows: Vec<Vec<Amount>>,
}

impl Scale {
    /// From where to where it goes; zero is in it.
    pub fn ends(&self) -> (f64, f64) {
        let extents = self.rows.iter().flatten().filter_map(|amount| amount.extent);
        extents.fold((0.0, 0.0), |(low, high), extent| (extent.whole.0.min(low), extent.whole.1.max(high)))
    }

    /// Whether any bar has a part that is only possible.
    pub fn is_vague(&self) -> bool {
        self.rows.iter().flatten().filter_map(|amount| amount.extent).any(|extent| extent.sure != extent.whole)
    }
}

/// A number as it is written and as it is drawn; nothing is drawn of what is not known.
pub struct Amount {
    pub text: String,
    pub extent: Option<Extent>,
}

/// From where to where a bar goes, surely and at most; one end of both is zero unless it may lie on either side.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Extent {
    pub sure: (f64, f64),
    pub whole: (f64, f64),
}

impl Extent {
    /// The number at its end: that away from zero.
    fn end(&self) -> f64 {
        if self.whole.1 > 0.0 { self.whole.1 } else { self.whole.0 }
    }
}

impl Amount {
    fn of(cell: &Cell, certain: bool, unknown: &str) -> Amount {
        let text = plain(cell, ", ").map_or_else(|| unknown.to_string(), |text| clean(&text));
        let extent = ends(cell).map(|(low, high)| {
            let sure = (low.min(0.0).max(high.min(0.0)), high.max(0.0).min(low.max(0.0)));
            let sure = if certain { sure } else { (0.0, 0.0) };
            Extent { sure, whole: (low.min(0.0), high.max(0.0)) }
        });
        Amount { text, extent }
    }
}

/// The two ends of a number, which are one unless it is a range; nothing where none can be drawn.
pub fn ends(cell: &Cell) -> Option<(f64, f64)> {
    match cell {
        Cell::Integer(number) => Some((*number as f64, *number as f64)),
        Cell::Number(number) if number.is_finite() => Some((*number, *number)),
        Cell::Range(low, high) => Some((*low.min(high) as f64, *low.max(high) as f64)),
        _ => None,
    }
}

/// Where a number lies between two, from 0 to 1; 0 if these are one.
pub fn part(number: f64, low: f64, high: f64) -> f64 {
    let span = high - low;
    // A span may be more than a number can hold; its half is not.
    let part =
        if span.is_finite() { (number - low) / span } else { (number / 2.0 - low / 2.0) / (high / 2.0 - low / 2.0) };
    if part.is_finite() { part.clamp(0.0, 1.0) } else { 0.0 }
}

/// Rows along one axis of days.
pub struct Timeline {
    /// The names of the columns of dates, and those of the labels.
    pub date: String,
    pub named: String,
    pub rows: Vec<Dated>,
}

pub struct Dated {
    pub date: String,
    pub row: Labelled,
    /// Nothing for a date that is not known.
    pub span: Option<Span>,
}

/// The days on which something surely and at most is; an end without a bound is open.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Span {
    pub sure: Option<(Day, Day)>,
    pub first: Option<Day>,
    pub last: Option<Day>,
}

impl Span {
    fn of(bounds: Bounds, certain: bool) -> Span {
        let (first, last) = (bounds.start_min, bounds.end_max.max(bounds.start_min));
        let sure = (bounds.start_max <= bounds.end_min && certain).then_some((bounds.start_max, bounds.end_min));
        Span { sure, first: (first > OPEN_PAST).then_some(first), last: (last < OPEN_FUTURE).then_some(last) }
    }

    /// The days it names.
    pub fn days(self) -> impl Iterator<Item = Day> {
        let (from, to) = self.sure.unzip();
        [self.first, from, to, self.last].into_iter().flatten().filter(|day| (OPEN_PAST + 1..OPEN_FUTURE).contains(day))
    }

    pub fn is_vague(self) -> bool {
        self.sure.is_none_or(|(from, to)| Some(from) != self.first || Some(to) != self.last)
    }
}

/// What a chart of these rows shows; nothing where there is none to draw. `more` rows have not been kept.
pub fn picture(head: &Head, rows: &[Row], more: usize, unknown: &str) -> Option<Picture> {
    let chart = head.chart.as_ref().filter(|_| !rows.is_empty())?;
    let kept = &rows[..rows.len().min(most_rows(chart, head.columns.len()))];
    let from = From { head, rows: kept, unknown };
    let (shape, used) = match chart {
        Chart::Bars { labels, numbers } => (from.bars(labels, numbers), used(labels, &numbers.concat())),
        Chart::Timeline { date, until, labels } => {
            let dates: Vec<usize> = std::iter::once(*date).chain(*until).collect();
            (from.timeline(&dates, labels), used(labels, &dates))
        }
        Chart::Heat { row, column, number } => match Heat::of_groups(head, kept, [*row, *column, *number], unknown) {
            Some(heat) => (Shape::Heat(heat), vec![*row, *column, *number]),
            None => {
                let (labels, numbers) = (vec![*row, *column], vec![vec![*number]]);
                let bars = Chart::Bars { labels, numbers };
                return picture(&Head { chart: Some(bars), ..head.clone() }, rows, more, unknown);
            }
        },
        Chart::Across { labels, values } => {
            let heat = Heat::across(head, kept, labels.len(), *values, unknown);
            (Shape::Heat(heat), (0..head.columns.len()).collect())
        }
    };
    let not_drawn = (0..).zip(&head.columns).filter(|(at, _)| !used.contains(at));
    let not_drawn = not_drawn.map(|(_, column)| clean(&column.name)).collect();
    Some(Picture { shape, left_out: rows.len() - kept.len() + more, not_drawn })
}

/// How many rows are drawn at most.
pub fn most_rows(chart: &Chart, columns: usize) -> usize {
    match chart {
        Chart::Bars { numbers, .. } => (MOST_BARS / numbers.iter().map(Vec::len).sum::<usize>().max(1)).max(1),
        Chart::Timeline { .. } => MOST_BARS,
        Chart::Heat { .. } => MOST_CELLS,
        Chart::Across { .. } => (MOST_CELLS / columns.max(1)).clamp(1, MOST_BARS),
    }
}

fn used(labels: &[usize], others: &[usize]) -> Vec<usize> {
    labels.iter().chain(others).copied().collect()
}

/// What a picture is taken from.
struct From<'a> {
    head: &'a Head,
    rows: &'a [Row],
    unknown: &'a str,
}

impl From<'_> {
    fn bars(&self, labels: &[usize], numbers: &[Vec<usize>]) -> Shape {
        let scale = |numbers: &Vec<usize>| {
            let amount = |row: &Row, at: &usize| {
                Amount::of(row.cells.get(*at).unwrap_or(&Cell::Unknown), row.certain, self.unknown)
            };
            let amounts = |row: &Row| numbers.iter().map(|at| amount(row, at)).collect();
            Scale {
                names: numbers.iter().map(|at| name(self.head, *at)).collect(),
                rows: self.rows.iter().map(amounts).collect(),
            }
        };
        Shape::Bars(Bars {
            named: named(self.head, labels),
            rows: self.rows.iter().map(|row| labelled(row, labels, self.unknown)).collect(),
            scales: numbers.iter().filter(|numbers| !numbers.is_empty()).map(scale).collect(),
        })
    }

    fn timeline(&self, dates: &[usize], labels: &[usize]) -> Shape {
        let dated = |row: &Row| {
            let cells: Vec<&Cell> = dates.iter().map(|at| row.cells.get(*at).unwrap_or(&Cell::Unknown)).collect();
            let text = |cell: &&Cell| plain(cell, ", ").map_or_else(|| self.unknown.to_string(), |text| clean(&text));
            let date = cells.iter().map(text).collect::<Vec<_>>().join(", ");
            let bounds: Vec<Option<Bounds>> = cells.into_iter().map(bounds).collect();
            let bounds = match bounds.as_slice() {
                [from, until] => between(*from, *until),
                bounds => bounds.first().copied().flatten(),
            };
            let span = bounds.map(|bounds| Span::of(bounds, row.certain));
            Dated { date, row: labelled(row, labels, self.unknown), span }
        };
        let rows = self.rows.iter().map(dated).collect();
        Shape::Timeline(Timeline { date: named(self.head, dates), named: named(self.head, labels), rows })
    }
}

const fn bounds(cell: &Cell) -> Option<Bounds> {
    match cell {
        Cell::Date(date) => Some(date.bounds),
        _ => None,
    }
}

/// From the first day of one date to the last day of another; what is not known leaves its end open.
fn between(from: Option<Bounds>, until: Option<Bounds>) -> Option<Bounds> {
    let near = from.map(|from| from.start_max).or(until.map(|until| until.end_min))?;
    Some(Bounds {
        start_min: from.map_or(OPEN_PAST, |from| from.start_min),
        start_max: from.map_or(near, |from| from.start_max),
        end_min: until.map_or(near, |until| until.end_min),
        end_max: until.map_or(OPEN_FUTURE, |until| until.end_max),
    })
}

pub fn labelled(row: &Row, labels: &[usize], unknown: &str) -> Labelled {
    let cells: Vec<&Cell> = labels.iter().filter_map(|at| row.cells.get(*at)).collect();
    // A list has commas of its own.
    let between = if cells.len() > 1 && cells.iter().any(|cell| matches!(cell, Cell::List(_))) { "; " } else { ", " };
    let parts: Vec<String> = cells
        .into_iter()
        .map(|cell| plain(cell, ", ").map_or_else(|| unknown.to_string(), |text| clean(&text)))
        .collect();
    // With blanks between, so that a line can end behind each.
    let sources = row.sources.iter().map(|number| format!("[{number}]"));
    let tail: Vec<String> = sources.chain((!row.certain).then(|| "?".to_string())).collect();
    Labelled { label: parts.join(between), tail: tail.join(" ") }
}

pub fn name(head: &Head, at: usize) -> String {
    head.columns.get(at).map(|column| clean(&column.name)).unwrap_or_default()
}

pub fn named(head: &Head, at: &[usize]) -> String {
    at.iter().map(|at| name(head, *at)).collect::<Vec<_>>().join(", ")
}

/// On one line, and safe to show.
pub fn clean(text: &str) -> String {
    safe::safe(&text.replace('\n', " ")).into_owned()
}
