//! Lowering: from what a query means to the blocks that compute it.
//!
//! A `Lowerer` walks the bound tree. It keeps a stack of open blocks; to-one steps join tables to the block that
//! their row belongs to (once for each path), to-many steps open blocks of their own.

mod condition;
mod date;
mod element;
mod group;
mod interval;
mod output;
mod scalar;
mod summary;

use super::tree::{Alias, Block, Join, Source, Truth, Value};
use crate::bind::tree::{BoundQuery, Element, PathRef, RowId, Step, Thing};
use crate::catalog::{NounId, Origin};
use crate::plan::tree::Parameter;
use crate::value::date::Day;
use std::collections::HashMap;

pub use output::{beside, chain, emptied, meetings, plan, vaguely_dated};

/// Which of the two readings of a condition is wanted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    Certain,
    Possible,
}

impl Mode {
    const fn flipped(self) -> Mode {
        match self {
            Mode::Certain => Mode::Possible,
            Mode::Possible => Mode::Certain,
        }
    }
}

struct Lowerer<'a> {
    query: &'a BoundQuery,
    reference: Day,
    next_alias: Alias,
    /// Blocks being built, the outermost first.
    open: Vec<Block>,
    /// The block (by its place in `open`) and alias of each row in sight.
    rows: HashMap<RowId, (usize, Alias)>,
    /// To-one steps joined already: from which alias, along which step, to which alias.
    joined: Vec<(Alias, Step, Alias)>,
    /// Read POSSIBLY as if it were not there (to mark the rows that it lets in).
    ignore_possibly: bool,
}

impl<'a> Lowerer<'a> {
    fn new(query: &'a BoundQuery, reference: Day) -> Self {
        Lowerer {
            query,
            reference,
            next_alias: 0,
            open: Vec::new(),
            rows: HashMap::new(),
            joined: Vec::new(),
            ignore_possibly: false,
        }
    }

    fn alias(&mut self) -> Alias {
        self.next_alias += 1;
        self.next_alias - 1
    }

    /// Opens a block over a source; its alias is returned.
    fn begin(&mut self, source: Source) -> Alias {
        let alias = self.alias();
        self.open.push(Block::new(source, alias));
        alias
    }

    /// Closes the innermost block.
    fn end(&mut self) -> Block {
        self.open.pop().unwrap_or_else(|| Block::new(Source::Table("file"), 0))
    }

    /// Opens the block over the FROM rows.
    fn begin_rows(&mut self) -> Alias {
        let alias = self.begin(self.source_of_rows());
        self.rows.insert(0, (self.open.len() - 1, alias));
        alias
    }

    /// Where the FROM rows are read from.
    fn source_of_rows(&self) -> Source {
        told(self.query.noun, self.query.according.as_ref())
    }

    fn place_row(&mut self, row: RowId, alias: Alias) {
        self.rows.insert(row, (self.open.len() - 1, alias));
    }

    fn row(&self, row: RowId) -> (usize, Alias) {
        self.rows.get(&row).copied().unwrap_or((0, 0))
    }

    /// The alias of the row that a path leads to, joining what is not joined yet.
    fn at(&mut self, path: &PathRef) -> Alias {
        let (block, mut alias) = self.row(path.row);
        for (position, step) in path.steps.iter().enumerate() {
            alias = match self.joined.iter().find(|(from, known, _)| *from == alias && known == step) {
                Some((_, _, known)) => *known,
                None => self.join(block, path, position, alias),
            };
        }
        alias
    }

    fn join(&mut self, block: usize, path: &PathRef, position: usize, from: Alias) -> Alias {
        let step = &path.steps[position];
        let id = self.step_id(path, position, from);
        let alias = self.alias();
        let on = Truth::equal(Value::column(alias, "id"), id);
        self.open[block].joins.push(Join { source: source_of(step.link.to), alias, on, left: true });
        self.joined.push((from, step.clone(), alias));
        alias
    }

    /// The id of the row that a path leads to; its last table need not be joined for that.
    fn id(&mut self, path: &PathRef) -> Value {
        let Some(last) = path.steps.len().checked_sub(1) else {
            return Value::column(self.row(path.row).1, "id");
        };
        let from = self.at(&PathRef { steps: path.steps[..last].to_vec(), ..path.clone() });
        self.step_id(path, last, from)
    }
}

/// Where the rows of an element are read from.
fn source_of_element(element: &Element) -> Source {
    match &element.origin {
        crate::bind::tree::Origin::All { according } => told(element.noun, according.as_ref()),
        crate::bind::tree::Origin::Step { .. } => source_of(element.noun),
    }
}

/// The rows of a noun, as a publication tells them if one is named.
fn told(noun: NounId, publication: Option<&Thing>) -> Source {
    match publication {
        Some(thing) => Source::Told(noun, Parameter::Integer(thing.id)),
        None => source_of(noun),
    }
}

/// Where the rows of a noun are read from.
fn source_of(noun: NounId) -> Source {
    let noun = noun.noun();
    match noun.origin {
        Origin::Csv | Origin::Built => Source::Table(noun.name),
        Origin::Query(sql) => Source::Query(sql),
    }
}
