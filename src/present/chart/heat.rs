//! Heat tables: two groups and a number, one group down, the other across.

use super::model::{Labelled, MOST_CELLS, clean, ends, labelled, name, part};
use crate::answer::{Cell, Head, Row, plain};
use crate::value::text::fold;
use std::cmp::Ordering;
use std::collections::HashMap;

pub struct Heat {
    /// What the rows, the columns and the cells are.
    pub rows_named: String,
    pub columns_named: String,
    pub number: String,
    pub columns: Vec<String>,
    pub rows: Vec<Labelled>,
    /// For each row a cell for each column; nothing where the answer has none.
    pub cells: Vec<Vec<Option<Heated>>>,
}

/// A cell: its text, and how full it is, from 0 to 1.
#[derive(Clone, Debug)]
pub struct Heated {
    pub text: String,
    /// Its sources.
    pub tail: String,
    pub value: Option<f64>,
    pub level: Option<f64>,
}

impl Heat {
    /// Of one row for each pair; nothing where two rows make one cell, or where nearly all cells are empty.
    pub fn of_groups(head: &Head, rows: &[Row], at: [usize; 3], unknown: &str) -> Option<Heat> {
        let [row_at, column_at, number_at] = at;
        let cell = |row: &Row, at: usize| row.cells.get(at).cloned().unwrap_or(Cell::Unknown);
        let text = |cell: &Cell| plain(cell, ", ");
        let mut heads: Vec<Cell> = Vec::new();
        let mut seen: HashMap<Option<String>, usize> = HashMap::new();
        for row in rows {
            let head = cell(row, column_at);
            seen.entry(text(&head)).or_insert_with(|| {
                heads.push(head);
                heads.len() - 1
            });
        }
        let mut order: Vec<usize> = (0..heads.len()).collect();
        order.sort_by(|one, other| compare(&heads[*one], &heads[*other]));
        let mut heat = Heat {
            rows_named: name(head, row_at),
            columns_named: name(head, column_at),
            number: name(head, number_at),
            columns: order.iter().map(|at| shown(&heads[*at], unknown)).collect(),
            rows: Vec::new(),
            cells: Vec::new(),
        };
        let mut place = vec![0; order.len()];
        (0..).zip(&order).for_each(|(position, at)| place[*at] = position);
        let mut lines: HashMap<Option<String>, usize> = HashMap::new();
        for row in rows {
            let line = *lines.entry(text(&cell(row, row_at))).or_insert_with(|| {
                heat.rows.push(Labelled { tail: String::new(), ..labelled(row, &[row_at], unknown) });
                heat.cells.push(vec![None; heat.columns.len()]);
                heat.cells.len() - 1
            });
            if heat.cells.len() * heat.columns.len() > 2 * MOST_CELLS {
                return None;
            }
            let column = place[*seen.get(&text(&cell(row, column_at)))?];
            let mut heated = Heated::of(&cell(row, number_at), unknown);
            heated.tail = labelled(row, &[], unknown).tail;
            if heat.cells[line][column].replace(heated).is_some() {
                return None;
            }
        }
        heat.level(1);
        Some(heat)
    }

    /// Of rows that have their columns already: labels first, then `values` cells for each value of the other group.
    pub fn across(head: &Head, rows: &[Row], labels: usize, values: usize, unknown: &str) -> Heat {
        let (labels, columns): (Vec<usize>, Vec<usize>) = (0..head.columns.len()).partition(|at| *at < labels);
        let cells = |row: &Row| {
            let cell = |at: &usize| Some(Heated::of(row.cells.get(*at).unwrap_or(&Cell::Unknown), unknown));
            columns.iter().map(cell).collect()
        };
        let mut heat = Heat {
            rows_named: super::model::named(head, &labels),
            columns_named: String::new(),
            number: String::new(),
            columns: columns.iter().map(|at| name(head, *at)).collect(),
            rows: rows.iter().map(|row| labelled(row, &labels, unknown)).collect(),
            cells: rows.iter().map(cells).collect(),
        };
        heat.level(values.max(1));
        heat
    }

    /// From where to where the shades go, for each kind of number; zero is in it.
    pub fn scales(&self, values: usize) -> Vec<(f64, f64)> {
        let mut scales = vec![(0.0_f64, 0.0_f64); values];
        for row in &self.cells {
            for (at, cell) in row.iter().enumerate() {
                if let Some(value) = cell.as_ref().and_then(|cell| cell.value) {
                    let scale = &mut scales[at % values];
                    *scale = (scale.0.min(value), scale.1.max(value));
                }
            }
        }
        scales
    }

    /// The first of the largest numbers, with its row and its column.
    pub fn largest(&self) -> Option<(&str, &str, &str)> {
        let cells = self.rows.iter().zip(&self.cells).flat_map(|(row, cells)| {
            let cells = cells.iter().zip(&self.columns);
            cells.filter_map(move |(cell, column)| Some((cell.as_ref()?.value?, cell.as_ref()?, row, column)))
        });
        let largest = cells.reduce(|most, next| if next.0 > most.0 { next } else { most });
        largest.map(|(_, cell, row, column)| (cell.text.as_str(), row.label.as_str(), column.as_str()))
    }

    fn level(&mut self, values: usize) {
        let scales = self.scales(values);
        for row in &mut self.cells {
            for (at, cell) in row.iter_mut().enumerate() {
                let (low, high) = scales[at % values];
                if let Some(cell) = cell {
                    cell.level = cell.value.map(|value| part(value, low, high));
                }
            }
        }
    }
}

impl Heated {
    fn of(cell: &Cell, unknown: &str) -> Heated {
        Heated { text: shown(cell, unknown), tail: String::new(), value: ends(cell).map(|(low, _)| low), level: None }
    }
}

fn shown(cell: &Cell, unknown: &str) -> String {
    plain(cell, ", ").map_or_else(|| unknown.to_string(), |text| clean(&text))
}

/// As the columns of ACROSS stand: upwards, what is not known last.
fn compare(one: &Cell, other: &Cell) -> Ordering {
    let number = |cell: &Cell| match cell {
        Cell::Period(period) => Some(period.number as f64),
        Cell::Boolean(truth) => Some(f64::from(u8::from(*truth))),
        Cell::Date(date) => Some(date.bounds.start_min as f64),
        cell => ends(cell).map(|(low, _)| low),
    };
    let rank = |cell: &Cell| u8::from(*cell == Cell::Unknown);
    let values = match (one, other) {
        (Cell::Text(one), Cell::Text(other)) => fold(one).cmp(&fold(other)),
        _ => number(one).partial_cmp(&number(other)).unwrap_or(Ordering::Equal),
    };
    rank(one).cmp(&rank(other)).then(values)
}
