//! A timeline: for each row its text, and under that its days on the axis.

use super::super::axis::Axis;
use super::super::model::{Dated, Span, Timeline};
use super::canvas::{Anchor, Canvas, HUE, LINE, WIDTH, folded, measured, number};
use crate::value::date::Day;

/// Between a date and what it is of; several blanks would be drawn as one.
const WIDE_BLANK: &str = "\u{2003}";
const HEIGHT: f64 = 10.0;
/// What is a day is seen, however long the axis.
const LEAST: f64 = 3.0;
/// How long an arrow towards an open end is.
const ARROW: f64 = 8.0;

pub fn draw(timeline: &Timeline, canvas: &mut Canvas) {
    let spans: Vec<Span> = timeline.rows.iter().filter_map(|row| row.span).collect();
    let axis = Axis::over(&spans, WIDTH, |text| measured(text) + 14.0);
    let named: Vec<&str> =
        [timeline.date.as_str(), timeline.named.as_str()].into_iter().filter(|name| !name.is_empty()).collect();
    canvas.line(&named.join(", "), " font-weight=\"bold\"");
    if let Some(axis) = &axis {
        labels(axis, canvas);
    }
    timeline.rows.iter().for_each(|row| draw_row(row, axis.as_ref(), canvas));
    if spans.iter().any(|span| span.is_vague()) {
        canvas.key();
    }
    if spans.iter().any(|span| span.first.is_none() || span.last.is_none()) {
        canvas.small("an arrow is an open end");
    }
}

fn labels(axis: &Axis, canvas: &mut Canvas) {
    let y = canvas.y + LINE - 5.0;
    let mut free = 0.0;
    for tick in &axis.ticks {
        let wide = measured(&tick.text);
        let x = (axis.part(tick.day) * WIDTH).min(WIDTH - wide);
        if x >= free {
            canvas.text(x, y, &tick.text, Anchor::Start, " font-size=\"13\" fill-opacity=\".75\"");
            free = x + wide;
        }
    }
    canvas.space(LINE + 2.0);
}

fn draw_row(row: &Dated, axis: Option<&Axis>, canvas: &mut Canvas) {
    let parts = [row.date.as_str(), row.row.label.as_str(), row.row.tail.as_str()];
    let text = parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(WIDE_BLANK);
    let height = canvas.lines(0.0, canvas.y, &folded(&text, WIDTH), "");
    canvas.space(height);
    if let Some(span) = row.span {
        ground(axis, canvas);
        mark(span, axis, canvas);
        canvas.space(HEIGHT + 2.0);
    }
    canvas.space(5.0);
}

/// The line that days are marked on, with the ticks.
fn ground(axis: Option<&Axis>, canvas: &mut Canvas) {
    let y = number(canvas.y);
    canvas.body.push_str(&format!(
        "<rect x=\"0\" y=\"{y}\" width=\"{WIDTH}\" height=\"{HEIGHT}\" fill=\"currentColor\" fill-opacity=\".07\"/>\n"
    ));
    for tick in axis.into_iter().flat_map(|axis| axis.ticks.iter().map(|tick| axis.part(tick.day) * WIDTH)) {
        canvas.rule(tick, canvas.y, canvas.y + HEIGHT);
    }
}

fn mark(span: Span, axis: Option<&Axis>, canvas: &mut Canvas) {
    let x = |day: Day| axis.map_or(0.0, |axis| axis.part(day) * WIDTH);
    let first = span.first.map_or(ARROW, x);
    let last = span.last.map_or(WIDTH - ARROW, |day| x(day + 1)).max(first + LEAST);
    // A day at the very end is not drawn beyond it.
    let (first, last) = if last > WIDTH { (WIDTH - LEAST, WIDTH) } else { (first, last) };
    let sure = span.sure.map(|(from, to)| {
        let from = x(from).max(first).min(last - LEAST);
        (from, x(to + 1).min(last).max(from + LEAST))
    });
    let (from, to) = sure.unwrap_or((last, last));
    let y = canvas.y;
    if from > first {
        canvas.possible(first, y, from - first, HEIGHT);
    }
    if to < last {
        canvas.possible(to, y, last - to, HEIGHT);
    }
    if sure.is_some() {
        canvas.sure(from, y, to - from, HEIGHT);
    }
    if span.first.is_none() {
        arrow(ARROW, 0.0, canvas);
    }
    if span.last.is_none() {
        arrow(WIDTH - ARROW, WIDTH, canvas);
    }
}

/// A tip towards where no end is known.
fn arrow(from: f64, tip: f64, canvas: &mut Canvas) {
    let (from, tip) = (number(from), number(tip));
    let (top, middle, bottom) = (number(canvas.y), number(canvas.y + HEIGHT / 2.0), number(canvas.y + HEIGHT));
    canvas.body.push_str(&format!(
        "<path class=\"chart-sure\" d=\"M{from} {top}L{tip} {middle}L{from} {bottom}Z\" fill=\"{HUE}\"/>\n"
    ));
}
