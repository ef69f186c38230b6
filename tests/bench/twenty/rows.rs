//! Rows of all sides as texts, and whether they are the same.

use super::questions::{Question, Shape};
use bilat::answer::{Answer, Cell, Closing, Head, Row, Sink, Verdict, plain};
use bilat::value::date::VagueDate;
use rusqlite::Connection;
use rusqlite::types::ValueRef;
use std::io;
use std::time::Instant;

/// A row as texts; nothing for what is not known.
pub type Texts = Vec<Option<String>>;

pub fn by_hand(file: &Connection, sql: &str) -> Vec<Texts> {
    let mut statement = file.prepare(sql).unwrap_or_else(|error| panic!("{error}: {sql}"));
    let width = statement.column_count();
    let mut rows = statement.query([]).expect("it runs");
    let mut texts = Vec::new();
    while let Some(row) = rows.next().expect("a row") {
        let text = |at| match row.get_ref(at).expect("a value") {
            ValueRef::Integer(number) => Some(number.to_string()),
            ValueRef::Real(number) => Some(number.to_string()),
            ValueRef::Text(text) | ValueRef::Blob(text) => Some(String::from_utf8_lossy(text).into_owned()),
            ValueRef::Null => None,
        };
        texts.push((0..width).map(text).collect());
    }
    texts
}

/// Runs it, looks at every value, and says how long that took.
pub fn stepped(file: &Connection, sql: &str) -> f64 {
    let begun = Instant::now();
    let mut statement = file.prepare_cached(sql).expect("it is SQL");
    let width = statement.column_count();
    let mut rows = statement.query([]).expect("it runs");
    let mut seen = 0;
    while let Some(row) = rows.next().expect("a row") {
        for at in 0..width {
            seen += match row.get_ref(at).expect("a value") {
                ValueRef::Text(text) => text.len(),
                _ => 1,
            };
        }
    }
    std::hint::black_box(seen);
    begun.elapsed().as_secs_f64()
}

/// Takes the rows of an answer and notes when the last came.
pub struct Timed {
    begun: Instant,
    rows: Option<f64>,
    seen: usize,
}

impl Timed {
    pub fn new() -> Timed {
        Timed { begun: Instant::now(), rows: None, seen: 0 }
    }

    /// Seconds until the last row, and in all.
    pub fn taken(&self) -> (f64, f64) {
        let whole = self.begun.elapsed().as_secs_f64();
        std::hint::black_box(self.seen);
        (self.rows.unwrap_or(whole), whole)
    }

    pub fn closed(&self) -> bool {
        self.rows.is_some()
    }
}

impl Sink for Timed {
    fn head(&mut self, _: &Head) -> io::Result<()> {
        Ok(())
    }

    fn row(&mut self, row: &Row) -> io::Result<()> {
        self.seen += row.cells.len();
        self.rows = Some(self.begun.elapsed().as_secs_f64());
        Ok(())
    }

    fn closing(&mut self, _: &Closing) -> io::Result<()> {
        Ok(())
    }

    fn verdict(&mut self, _: &Verdict) -> io::Result<()> {
        Ok(())
    }
}

/// The rows of an answer in the columns of SQL.
pub fn of_answer(question: &Question, answer: &Answer) -> Vec<Texts> {
    if question.shape == [Shape::Not] {
        // A chain is as long as it has rows.
        return vec![vec![Some(answer.rows.len().to_string()).filter(|_| !answer.rows.is_empty())]];
    }
    let row = |row: &Row| {
        let mut texts = Texts::new();
        for (cell, shape) in row.cells.iter().zip(question.shape) {
            match shape {
                Shape::Text | Shape::Not => texts.push(plain(cell, "; ")),
                Shape::Both => texts.extend(bounds(cell)),
                Shape::First => texts.push(bounds(cell)[0].clone()),
            }
        }
        texts
    };
    answer.rows.iter().map(row).collect()
}

fn bounds(cell: &Cell) -> [Option<String>; 2] {
    let both = |low: i64, high: i64| [Some(low.to_string()), Some(high.to_string())];
    match cell {
        Cell::Date(VagueDate { bounds, .. }) => both(bounds.start_min, bounds.end_max),
        Cell::Integer(number) => both(*number, *number),
        Cell::Range(low, high) => both(*low, *high),
        _ => [None, None],
    }
}

/// Compares rows without regard to their order. Where only the greatest are shown, those that equal the last of them are
/// compared by that value only.
pub fn same(who: &str, question: &Question, one: &[Texts], other: &[Texts], notes: &mut Vec<String>) {
    let made = |rows: &[Texts]| {
        let mut rows = rows.to_vec();
        if let Some(column) = question.top {
            let number = |row: &Texts| row[column].as_ref().and_then(|text| text.parse::<i64>().ok());
            let last = rows.iter().min_by_key(|row| number(row)).map(|row| row[column].clone());
            for row in &mut rows {
                if Some(&row[column]) == last.as_ref() {
                    let key = row[column].clone();
                    row.iter_mut().for_each(|text| *text = None);
                    row[column] = key;
                }
            }
        }
        rows.sort();
        rows
    };
    let (one, other) = (made(one), made(other));
    if one == other {
        return;
    }
    let first = one.iter().zip(&other).find(|(one, other)| one != other);
    let shown = format!("{first:?}").chars().take(400).collect::<String>();
    notes.push(format!("{who} differ: {} rows and {}, first {shown}", one.len(), other.len()));
}
