//! Names to entities and attributes, types, phrases to predicates: a written statement becomes a bound one.
//!
//! In goes the tree of [`crate::syntax`], the catalogue and the look-up of names; out comes [`tree::Bound`], or every
//! mistake found (a binder goes on after a mistake wherever the rest can still be judged).

pub mod chart;
mod claim;
mod clause;
mod comparison;
mod condition;
pub mod functions;
mod group;
pub mod named;
pub mod names;
mod path;
mod period;
pub mod phrase;
mod query;
pub mod relation;
mod resolve;
mod scalar;
pub mod sentence;
pub mod tree;

use crate::catalog::{self, NounId};
use crate::diagnostic::Diagnostic;
use crate::span::Span;
use crate::syntax::ast::{Describe, Expression, Given, Name, Statement, Subject, Word};
use crate::value::date::Day;
use names::Names;
use std::collections::BTreeMap;
use tree::{BoundStatement, Element, PathRef, Reach, Scalar, Thing};

/// What holds for a whole text: the day it is read as of, and the values of parameters by their names.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Frame {
    pub today: Option<Day>,
    pub parameters: BTreeMap<String, Given>,
    /// The names that LET gave to queries, to suggest them.
    pub queries: Vec<String>,
}

/// Binds one statement of `source`.
///
/// # Errors
/// All mistakes found in it, in the order of their places.
pub fn bind<'a>(
    source: &'a str,
    statement: &'a Statement,
    names: &'a dyn Names,
    frame: &'a Frame,
) -> Result<BoundStatement, Vec<Diagnostic>> {
    let mut binder = Binder::new(source, names, frame);
    let bound = match statement {
        Statement::Query(query) => binder.query(query).map(BoundStatement::Query),
        Statement::Explain { query, .. } => binder.query(query).map(BoundStatement::Explain),
        Statement::Describe(describe) => binder.describe(describe),
        Statement::Assert(assert) => binder.assert(assert).map(|assert| BoundStatement::Assert(Box::new(assert))),
        Statement::Connect(connect) => binder.connect(connect).map(|it| BoundStatement::Connect(Box::new(it))),
        Statement::LetQuery { name, query } => binder.let_query(name, query).map(BoundStatement::Setting),
        Statement::LetParameter { parameter, value } => {
            Some(BoundStatement::Setting(format!("${} is {}", parameter.value, value.text)))
        }
        Statement::AsOf { day, .. } => {
            let day = day.span.text(source);
            Some(BoundStatement::Setting(format!("read as of {day}")))
        }
    };
    let mut diagnostics = binder.diagnostics;
    diagnostics.sort_by_key(|diagnostic| diagnostic.span);
    match bound {
        Some(bound) if diagnostics.is_empty() => Ok(bound),
        _ => Err(diagnostics),
    }
}

/// What DESCRIBE looks among, one list after the other.
const DESCRIBED: [&[NounId]; 3] = {
    use NounId::*;
    [&[Leaders, Countries, Regions, Groups, Places, Topics, Offices], &[Events], &[Publications]]
};

impl Frame {
    /// Gives a parameter a value as it is written outside of a text.
    pub fn set(&mut self, name: &str, value: &str) {
        let given = Given { span: Span::default(), kind: None, text: value.to_string() };
        self.parameters.insert(name.to_string(), given);
    }
}

struct Binder<'a> {
    source: &'a str,
    names: &'a dyn Names,
    frame: &'a Frame,
    diagnostics: Vec<Diagnostic>,
    /// The rows in sight, by their number; the FROM row is the first.
    rows: Vec<RowInSight>,
    query: QueryState<'a>,
    /// For how many unknown names the nearest were sought.
    sought: usize,
}

struct RowInSight {
    noun: NounId,
    /// The path whose to-many step leads to it; none for the FROM row.
    base: Option<PathRef>,
}

/// What is known of the query being bound.
#[derive(Default)]
struct QueryState<'a> {
    /// Its FROM row.
    from: tree::RowId,
    /// The rows that enclose a query in brackets, the outermost first: what `outer` speaks of.
    outer: Vec<PathRef>,
    reach: Reach,
    according: Option<Thing>,
    /// The first item after WITH: any of these things.
    first_item: Option<Vec<Thing>>,
    /// To-many steps that GROUP BY follows.
    expansions: Vec<Element>,
    /// Where GROUP BY, or another key of it, would be written.
    group_end: Option<usize>,
    keys: Vec<Scalar>,
    /// Of each key, how it is written: the elements of a size or a list are numbered anew each time it is bound.
    key_texts: Vec<String>,
    aggregates: Vec<tree::Aggregate>,
    /// Names given in SELECT by AS.
    aliases: Vec<(String, &'a Expression)>,
    reference_date: bool,
    marked: bool,
    /// Whether `gap()` and `rank()` may stand: where rows are shown and sorted, not where they are chosen.
    windows: bool,
}

/// A scalar that may still lie behind to-many steps.
#[derive(Clone, Debug)]
struct Value {
    elements: Vec<Element>,
    scalar: Scalar,
    span: Span,
}

impl<'a> Binder<'a> {
    fn new(source: &'a str, names: &'a dyn Names, frame: &'a Frame) -> Self {
        Binder {
            source,
            names,
            frame,
            diagnostics: Vec::new(),
            rows: Vec::new(),
            query: QueryState::default(),
            sought: 0,
        }
    }

    fn report<T>(&mut self, diagnostic: Diagnostic) -> Option<T> {
        self.diagnostics.push(diagnostic);
        None
    }

    fn describe(&mut self, describe: &Describe) -> Option<BoundStatement> {
        match &describe.subject {
            Subject::Everything => Some(BoundStatement::DescribeEverything),
            // One bare word that is no noun may stand for a name, as in a phrase.
            Subject::Noun(word) => match self.named_by(word) {
                Some(things) => Some(BoundStatement::DescribeThing(things)),
                None => self.noun(word).map(|noun| BoundStatement::DescribeNoun(noun.id)),
            },
            Subject::Name(name) => {
                // Where people and countries are called so, publications and events that mention them do not count.
                let tiers = DESCRIBED.iter().filter(|_| name.kind.is_none());
                let things = tiers.map(|kinds| self.things(name, kinds)).find(|things| !things.is_empty());
                if let Some(things) = things {
                    return Some(BoundStatement::DescribeThing(things));
                }
                let named: Vec<NounId> =
                    crate::catalog::NOUNS.iter().filter(|noun| noun.named).map(|noun| noun.id).collect();
                let found = self.find_name(name, &named)?;
                let things = found.into_iter().map(|f| Thing { noun: f.noun, id: f.id, label: f.label });
                Some(BoundStatement::DescribeThing(things.collect()))
            }
        }
    }

    fn named_by(&self, word: &Word) -> Option<Vec<Thing>> {
        if catalog::noun(&word.value.to_lowercase()).is_some() {
            return None;
        }
        let name = Name {
            span: word.span,
            kind: None,
            text: word.value.clone(),
            text_span: word.span,
            quoted: false,
            parameter: false,
        };
        Some(self.things(&name, DESCRIBED[0])).filter(|things| !things.is_empty())
    }
}
