//! Bound query to relational plan: paths become joins, conditions become pairs of plain conditions by polarity.
//!
//! [`lower::plan`] makes the plan of a query's rows and [`lower::beside`] that of its closing lines, [`rules::apply`]
//! rewrites blocks by an ordered list of named rules, and [`print::plan`] shows a plan as text for EXPLAIN.

pub mod lower;
pub mod print;
pub mod rules;
pub mod tree;
pub mod walk;

use crate::bind::tree::Type;
use crate::value::period::Unit;
use tree::Block;

/// The rows that answer one query.
#[derive(Clone, Debug, PartialEq)]
pub struct Plan {
    /// The rows shown: first the columns of the answer (each one or two values wide), then the extra ones.
    pub rows: Block,
    pub columns: Vec<PlanColumn>,
    /// Position of the value that says whether a row surely belongs (1) or may (0).
    pub sure: Option<usize>,
    /// Position of the list of ids of accounts.
    pub sources: Option<usize>,
    /// Of groups, for each key the positions of what tells it from others that are shown alike, and of whether it is
    /// known (0), none (1) or unknown (2).
    pub keys: Vec<(usize, usize)>,
}

/// What is asked besides, for the closing lines; it is planned after the rows are out, so that it delays none of them.
#[derive(Clone, Debug, PartialEq)]
pub struct Beside {
    /// Counts over the FROM rows; `None` where the rows shown say it all.
    pub summary: Option<Summary>,
    /// Rows that would be in the answer had they been held, where the counts do not say it.
    pub not_held: Option<Block>,
    /// Groups: how many there surely are, may be besides, and the sum of their counts.
    pub groups: Option<Block>,
    /// Which days the last row kept and the first row cut may have.
    pub cut: Option<Cut>,
}

impl Beside {
    /// Every block that is run by itself.
    pub fn blocks(&mut self) -> impl Iterator<Item = &mut Block> {
        let cut = self.cut.iter_mut().flat_map(|cut| [&mut cut.kept, &mut cut.cut]);
        let summary = self.summary.iter_mut().map(|summary| &mut summary.block);
        summary.chain(&mut self.not_held).chain(&mut self.groups).chain(cut)
    }
}

/// One row: rows surely in the answer, rows possibly in it, then for each cause the undecided rows due to it first; and
/// last, where only rows that were held are wanted, those that surely would be in it.
#[derive(Clone, Debug, PartialEq)]
pub struct Summary {
    pub block: Block,
    pub causes: Vec<String>,
    /// Whether the last number is of rows that were not held.
    pub not_held: bool,
}

/// Two blocks of one row each, `min(start_min), max(start_max)`: of the rows kept by LIMIT, and of those cut off.
#[derive(Clone, Debug, PartialEq)]
pub struct Cut {
    pub kept: Block,
    pub cut: Block,
    pub descending: bool,
}

#[derive(Clone, Debug, PartialEq)]
pub struct PlanColumn {
    pub name: String,
    pub decode: Decode,
    /// Position of the (first) value in the row.
    pub position: usize,
    /// Position of the value that says whether a group's key is known (0), none (1) or unknown (2).
    pub state: Option<usize>,
}

/// How the value of a column becomes a cell.
#[derive(Clone, Debug, PartialEq)]
pub enum Decode {
    Text,
    /// Free prose, which may be wrapped.
    Prose,
    Integer,
    Number,
    Boolean,
    /// EDTF text.
    Date,
    /// Two values: the first and the last day on which it may be.
    DayWithin,
    Period(Unit),
    /// Two values: the least and the greatest whole number that it may be.
    Range,
    /// A JSON array.
    List(Box<Decode>),
}

impl Decode {
    /// How a value of that type is shown.
    pub fn of(kind: Type) -> Decode {
        match kind {
            Type::Text | Type::Word(_) | Type::Entity(_) => Decode::Text,
            Type::Integer => Decode::Integer,
            Type::Number => Decode::Number,
            Type::Boolean => Decode::Boolean,
            Type::Date => Decode::Date,
            Type::Period(unit) => Decode::Period(unit),
            Type::Range => Decode::Range,
            Type::List => Decode::List(Box::new(Decode::Text)),
        }
    }
}
