//! What a session gives and a renderer takes: columns, rows as they come, and what stands under them.
//!
//! An answer is delivered in the order head, rows, closing to a [`Sink`], so that a renderer can write rows while they
//! come. Nothing here knows how it will look.

use crate::value::date::VagueDate;
use crate::value::period::Period;
use std::io;

/// What one cell of an answer holds.
#[derive(Clone, Debug, PartialEq)]
pub enum Cell {
    /// Not known, or not there; different from an empty text in every format.
    Unknown,
    Text(String),
    Integer(i64),
    Number(f64),
    /// A whole number that lies between two.
    Range(i64, i64),
    Boolean(bool),
    Date(VagueDate),
    Period(Period),
    /// The elements of a to-many path, in order.
    List(Vec<Cell>),
}

/// How the cells of a column are to be treated.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ColumnKind {
    /// Names and other short words, not to be broken over lines if that can be helped.
    Name,
    /// Prose, which may be wrapped first.
    Prose,
    /// Numbers, written to the right.
    Number,
    /// Dates and periods.
    Date,
    Boolean,
    List,
    /// SQL, plans and other text in which every blank counts.
    Code,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Column {
    pub name: String,
    pub kind: ColumnKind,
}

#[derive(Clone, Debug, PartialEq)]
pub struct Row {
    pub cells: Vec<Cell>,
    /// Whether the row surely belongs to the answer; rows that POSSIBLY let in may not.
    pub certain: bool,
    /// Numbers of its sources in [`Closing::sources`], from 1; empty without CITE.
    pub sources: Vec<usize>,
}

/// What a chart of an answer can show, by the positions of its columns.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Chart {
    /// A bar for each row and number; the labels together say what the row is. Numbers of one kind (rows, days) are in
    /// one list, and are drawn on one scale.
    Bars { labels: Vec<usize>, numbers: Vec<Vec<usize>> },
    /// The rows along one axis of days, each at its date, or from that until another; dates may be vague, and may be
    /// unknown.
    Timeline { date: usize, until: Option<usize>, labels: Vec<usize> },
    /// Two groups and a number: one makes the rows, the other the columns.
    Heat { row: usize, column: usize, number: usize },
    /// The same where ACROSS has made the columns already: right of the labels, as many columns as there are values for
    /// each value of the last group.
    Across { labels: Vec<usize>, values: usize },
}

/// What is known before the first row.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Head {
    /// The statement as written, without surrounding blanks.
    pub query: String,
    pub columns: Vec<Column>,
    /// Whether rows may be uncertain (POSSIBLY was used), so that each says which it is.
    pub marked: bool,
    /// Whether rows carry sources (CITE was used).
    pub cited: bool,
    /// What a chart of it would show; nothing where neither groups with numbers nor dates are shown.
    pub chart: Option<Chart>,
    /// Whether a chart is asked for (CHART was used): formats for reading draw it, formats for machines give the rows.
    pub drawn: bool,
}

/// What is known after the last row.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Closing {
    /// What was counted, as the closing line says it: "21 meetings", "1 group", "9 rows".
    pub summary: String,
    /// The rows of which the condition is surely true, before LIMIT (groups, where the query groups).
    pub count: u64,
    /// The same with those of which it may be true.
    pub count_possible: u64,
    /// Further closing lines, one sentence each: what is possible, what was left out, what was assumed.
    pub notes: Vec<String>,
    /// The sources that rows refer to, in the order of their numbers.
    pub sources: Vec<CitedSource>,
}

/// One numbered source under an answer.
#[derive(Clone, Debug, Default, PartialEq, Eq, serde::Serialize)]
pub struct CitedSource {
    pub title: String,
    pub publisher: Option<String>,
    /// As published, in EDTF.
    pub published: Option<String>,
    pub address: Option<String>,
    /// Lines or pages that the cited accounts refer to, in order, each once.
    pub locators: Vec<String>,
}

/// How a claim comes out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    Holds,
    Fails,
    Undecided,
}

impl Outcome {
    pub const fn text(self) -> &'static str {
        match self {
            Outcome::Holds => "holds",
            Outcome::Fails => "fails",
            Outcome::Undecided => "undecided",
        }
    }
}

/// What ASSERT gives: how the claim comes out, and what decides it.
#[derive(Clone, Debug, PartialEq)]
pub struct Verdict {
    /// The statement as written.
    pub query: String,
    pub label: Option<String>,
    pub outcome: Outcome,
    /// Of each query in the claim, what it gives.
    pub findings: Vec<Finding>,
    /// One sentence each: what the verdict rests on, what was left out, what was assumed.
    pub notes: Vec<String>,
    /// The sources that rows refer to, in the order of their numbers.
    pub sources: Vec<CitedSource>,
}

/// What one query in a claim gives, and the rows that it rests on.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Finding {
    /// The query on one line.
    pub text: String,
    /// Its value in words: "21", "21 to 24", "at least 21".
    pub value: String,
    pub columns: Vec<Column>,
    /// Whether rows may be uncertain.
    pub marked: bool,
    pub cited: bool,
    pub rows: Vec<Row>,
    /// How many more rows there are.
    pub more: u64,
}

/// Takes an answer piece by piece. Errors are those of the output.
pub trait Sink {
    /// # Errors
    /// When the output cannot be written.
    fn head(&mut self, head: &Head) -> io::Result<()>;
    /// The row is lent, so that one can be filled again and again: millions of rows need no room of their own.
    ///
    /// # Errors
    /// When the output cannot be written.
    fn row(&mut self, row: &Row) -> io::Result<()>;
    /// # Errors
    /// When the output cannot be written.
    fn closing(&mut self, closing: &Closing) -> io::Result<()>;
    /// Instead of all that: the verdict on a claim.
    ///
    /// # Errors
    /// When the output cannot be written.
    fn verdict(&mut self, verdict: &Verdict) -> io::Result<()>;
}

/// Hands an answer on and counts its rows.
pub struct Counting<'a> {
    pub inner: &'a mut dyn Sink,
    pub rows: u64,
}

impl Sink for Counting<'_> {
    fn head(&mut self, head: &Head) -> io::Result<()> {
        self.inner.head(head)
    }

    fn row(&mut self, row: &Row) -> io::Result<()> {
        self.rows += 1;
        self.inner.row(row)
    }

    fn closing(&mut self, closing: &Closing) -> io::Result<()> {
        self.inner.closing(closing)
    }

    fn verdict(&mut self, verdict: &Verdict) -> io::Result<()> {
        self.inner.verdict(verdict)
    }
}

/// A whole answer kept in memory.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Answer {
    pub head: Option<Head>,
    pub rows: Vec<Row>,
    pub closing: Closing,
    pub verdict: Option<Verdict>,
}

impl Sink for Answer {
    fn head(&mut self, head: &Head) -> io::Result<()> {
        self.head = Some(head.clone());
        Ok(())
    }

    fn row(&mut self, row: &Row) -> io::Result<()> {
        self.rows.push(row.clone());
        Ok(())
    }

    fn closing(&mut self, closing: &Closing) -> io::Result<()> {
        self.closing = closing.clone();
        Ok(())
    }

    fn verdict(&mut self, verdict: &Verdict) -> io::Result<()> {
        self.verdict = Some(verdict.clone());
        Ok(())
    }
}

/// A cell as plain text: dates in EDTF, lists joined by `separator`; nothing for what is not known.
pub fn plain(cell: &Cell, separator: &str) -> Option<String> {
    let mut text = String::new();
    write_plain(cell, separator, &mut text).then_some(text)
}

/// The same, behind what the text holds already; says whether it is known.
pub fn write_plain(cell: &Cell, separator: &str, out: &mut String) -> bool {
    use std::fmt::Write;
    // Writing to a String cannot fail. Numbers are written shortest, without an exponent, and read back the same.
    let _ = match cell {
        Cell::Unknown => return false,
        Cell::Text(text) => out.write_str(text),
        Cell::Integer(number) => write!(out, "{number}"),
        Cell::Number(number) => write!(out, "{number}"),
        Cell::Range(low, high) => write!(out, "{low}..{high}"),
        Cell::Boolean(truth) => out.write_str(if *truth { "yes" } else { "no" }),
        Cell::Date(date) => out.write_str(&date.text),
        Cell::Period(period) => write!(out, "{period}"),
        Cell::List(items) => {
            for (position, item) in items.iter().enumerate() {
                if position > 0 {
                    out.push_str(separator);
                }
                if !write_plain(item, separator, out) {
                    out.push('—');
                }
            }
            Ok(())
        }
    };
    true
}
