//! A heat table: the number of each cell with a shade behind it, in blocks of columns where not all fit.

use super::super::heat::{Heat, Heated};
use super::super::line::{Line, beside, width};
use super::Page;
use std::ops::Range;

impl Page {
    pub(super) fn heat(&self, heat: &Heat) -> Vec<String> {
        let labels = heat.rows.iter().map(|row| row.label.as_str()).chain([heat.rows_named.as_str()]);
        let labels = self.column(labels, self.width * 2 / 5);
        let room = self.width.saturating_sub(labels);
        let columns = (0..heat.columns.len()).map(|at| self.heated_column(heat, at, room)).collect::<Vec<_>>();
        let mut lines = Vec::new();
        for block in self.blocks(&columns, room) {
            if !lines.is_empty() {
                lines.push(String::new());
            }
            lines.extend(self.block(heat, block, &columns, labels));
        }
        if heat.cells.iter().flatten().flatten().any(|cell| cell.level.is_some_and(|level| level > 0.0)) {
            let number = match (heat.number.as_str(), heat.columns_named.as_str()) {
                ("", _) => String::new(),
                (number, columns) => format!("{number} across {columns}, "),
            };
            let key = format!("{} {number}from least to most", self.signs.shades.concat());
            lines.extend(self.fold(&key, self.width).iter().map(|line| self.quiet(line)));
        }
        lines
    }

    /// How wide a column is, and how much of it the numbers take.
    fn heated_column(&self, heat: &Heat, at: usize, room: usize) -> (usize, usize) {
        let cells = || heat.cells.iter().filter_map(|row| row.get(at).and_then(Option::as_ref));
        let numbers = self.column(cells().map(|cell| cell.text.as_str()), room.saturating_sub(5)).max(1);
        // Sources stand under the number on a terminal, else behind it.
        let tails = self.column(cells().map(|cell| cell.tail.as_str()), 12.min(room.saturating_sub(2)));
        let cell = numbers + 3;
        let cell = if self.whole && tails > 0 { cell + 1 + tails } else { cell.max(tails) };
        let head = width(&heat.columns[at]);
        let head = if self.whole { head } else { head.min(cell.max(12)).min(room.saturating_sub(2)) };
        (cell.max(head), numbers)
    }

    /// The columns in blocks that fit one under another.
    fn blocks(&self, columns: &[(usize, usize)], room: usize) -> Vec<Range<usize>> {
        let mut blocks = Vec::new();
        let (mut from, mut taken) = (0, 0);
        for (at, (wide, _)) in columns.iter().enumerate() {
            if !self.whole && taken + 2 + wide > room && at > from {
                blocks.push(from..at);
                (from, taken) = (at, 0);
            }
            taken += 2 + wide;
        }
        blocks.push(from..columns.len());
        blocks
    }

    fn block(&self, heat: &Heat, block: Range<usize>, columns: &[(usize, usize)], labels: usize) -> Vec<String> {
        let wide = |at: usize| columns[at].0 + 2;
        let named = |at: usize| (wide(at), self.bold(&heat.columns[at], columns[at].0));
        let title = std::iter::once((labels + 2, self.bold(&heat.rows_named, labels)));
        let mut lines = beside(&title.chain(block.clone().map(named)).collect::<Vec<_>>());
        for (row, cells) in heat.rows.iter().zip(&heat.cells) {
            let label = std::iter::once((labels + 2, self.folded(&row.label, labels)));
            let cell = |at: usize| {
                let cell = cells.get(at).and_then(Option::as_ref);
                (wide(at), cell.map(|cell| self.cell(cell, columns[at])).unwrap_or_default())
            };
            lines.extend(beside(&label.chain(block.clone().map(cell)).collect::<Vec<_>>()));
            if !row.tail.is_empty() && block.end == columns.len() {
                let room = self.width.saturating_sub(labels + 2);
                lines.extend(beside(&[(labels + 2, Vec::new()), (room, self.folded(&row.tail, room))]));
            }
        }
        lines
    }

    /// The number to the right, its shade behind it, and its sources.
    fn cell(&self, cell: &Heated, (wide, numbers): (usize, usize)) -> Vec<Line> {
        let mut lines = Vec::new();
        for text in self.fold(&cell.text, numbers) {
            let mut line = Line::default();
            line.pad(numbers.saturating_sub(width(&text)));
            line.add(&text);
            lines.push(line);
        }
        if let (Some(sign), Some(line)) = (self.shade(cell), lines.first_mut()) {
            line.add(" ");
            line.paint(&sign.repeat(2), self.hue(true));
        }
        match lines.first_mut().filter(|_| self.whole) {
            _ if cell.tail.is_empty() => {}
            Some(line) => {
                line.pad(numbers + 4);
                line.add(&cell.tail);
            }
            None => lines.extend(self.folded(&cell.tail, wide)),
        }
        lines
    }

    fn shade(&self, cell: &Heated) -> Option<&'static str> {
        let level = (cell.level? * self.signs.shades.len() as f64).ceil() as usize;
        level.checked_sub(1).and_then(|at| self.signs.shades.get(at)).copied()
    }
}
