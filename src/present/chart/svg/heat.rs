//! A heat table: the number in each cell, and the deeper the more.

use super::super::heat::Heat;
use super::canvas::{Anchor, BOLD, Canvas, HUE, LINE, WIDTH, folded, measured, number, widest};
use std::ops::Range;

const GAP: f64 = 6.0;
/// The names of columns are small, and bold.
const HEAD: f64 = BOLD * 12.0 / 14.0;
/// The deepest hue on which the text can still be read, in the light and in the dark.
const DEEPEST: f64 = 0.55;

pub fn draw(heat: &Heat, canvas: &mut Canvas) {
    let labels = widest(heat.rows.iter().map(|row| row.label.as_str()), 150.0);
    let labels = labels.max((measured(&heat.rows_named) * BOLD).min(150.0));
    let room = WIDTH - labels - GAP;
    let width = |at: usize| {
        let cells = heat.cells.iter().filter_map(|row| row.get(at).and_then(Option::as_ref));
        let texts = cells.map(|cell| measured(&cell.text)).fold(0.0, f64::max);
        texts.max((measured(&heat.columns[at]) * HEAD).min(90.0)).clamp(30.0, room - 12.0) + 10.0
    };
    let widths: Vec<f64> = (0..heat.columns.len()).map(width).collect();
    for block in blocks(&widths, room) {
        draw_block(heat, block, &widths, labels, canvas);
        canvas.space(GAP);
    }
    if !heat.number.is_empty() {
        canvas.small(&format!("{} across {}: the deeper, the more", heat.number, heat.columns_named));
    }
}

/// The columns in blocks that fit one under another.
fn blocks(widths: &[f64], room: f64) -> Vec<Range<usize>> {
    let mut blocks = Vec::new();
    let (mut from, mut taken) = (0, 0.0);
    for (at, wide) in widths.iter().enumerate() {
        if taken + wide > room && at > from {
            blocks.push(from..at);
            (from, taken) = (at, 0.0);
        }
        taken += wide;
    }
    blocks.push(from..widths.len());
    blocks
}

fn draw_block(heat: &Heat, block: Range<usize>, widths: &[f64], labels: f64, canvas: &mut Canvas) {
    let bold = " font-weight=\"bold\"";
    let mut left = vec![labels + GAP];
    for at in block.clone() {
        left.push(left[left.len() - 1] + widths[at]);
    }
    let mut height = canvas.lines(0.0, canvas.y, &folded(&heat.rows_named, labels / BOLD), bold);
    for (at, x) in block.clone().zip(&left) {
        let lines = folded(&heat.columns[at], (widths[at] - 8.0) / HEAD);
        height = height.max(centred(*x + widths[at] / 2.0, &lines, " font-size=\"12\" font-weight=\"bold\"", canvas));
    }
    canvas.space(height + 3.0);
    for (row, cells) in heat.rows.iter().zip(&heat.cells) {
        let mut lines = folded(&row.label, labels);
        if block.end == widths.len() && !row.tail.is_empty() {
            lines.extend(folded(&row.tail, labels));
        }
        let lines_of = |at: usize| {
            let parts = cells.get(at).and_then(Option::as_ref).map(|cell| [&cell.text, &cell.tail]);
            let parts = parts.into_iter().flatten().filter(|part| !part.is_empty());
            parts.flat_map(|part| folded(part, widths[at] - 8.0)).collect()
        };
        let texts: Vec<Vec<String>> = block.clone().map(lines_of).collect();
        let height = texts.iter().map(Vec::len).chain([lines.len()]).max().unwrap_or(1) as f64 * LINE + 5.0;
        canvas.y += 2.0;
        canvas.lines(0.0, canvas.y, &lines, "");
        canvas.y -= 2.0;
        for ((at, x), text) in block.clone().zip(&left).zip(&texts) {
            let level = cells.get(at).and_then(Option::as_ref).and_then(|cell| cell.level);
            ground(*x, widths[at], height, level, canvas);
            canvas.y += 2.0;
            centred(*x + widths[at] / 2.0, text, "", canvas);
            canvas.y -= 2.0;
        }
        canvas.space(height);
    }
}

/// Lines around a middle; says how high they are.
fn centred(middle: f64, lines: &[String], attributes: &str, canvas: &mut Canvas) -> f64 {
    for (at, line) in lines.iter().enumerate() {
        canvas.text(middle, canvas.y + LINE * (at as f64 + 1.0) - 5.0, line, Anchor::Middle, attributes);
    }
    LINE * lines.len() as f64
}

fn ground(x: f64, width: f64, height: f64, level: Option<f64>, canvas: &mut Canvas) {
    let (x, y, width, height) = (number(x + 1.0), number(canvas.y + 1.0), number(width - 2.0), number(height - 2.0));
    let depth = level.map_or(0.0, |level| (level * DEEPEST * 100.0).round() / 100.0);
    canvas.body.push_str(&format!(
        "<rect class=\"chart-heat\" x=\"{x}\" y=\"{y}\" width=\"{width}\" height=\"{height}\" fill=\"{HUE}\" \
         fill-opacity=\"{depth}\" stroke=\"currentColor\" stroke-opacity=\".2\"/>\n"
    ));
}
