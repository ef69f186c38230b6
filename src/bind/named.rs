//! LET and FROM last: a query with a name, or the one before, takes more phrases and conditions. The tree is put together
//! before it is bound.

use super::group::makes_groups;
use crate::catalog;
use crate::diagnostic::{Diagnostic, binding, syntax as messages};
use crate::span::Span;
use crate::syntax::ast::{Expression, ExpressionKind, Query, Statement, Word};
use crate::syntax::token::Keyword;
use crate::syntax::{DEEPEST, QUERY_DEPTH};
use std::collections::BTreeMap;

/// What FROM names the query before by, in any case.
pub const LAST: &str = "last";

/// Queries by the names that LET gave them, and the query before, each with all that it builds on put in.
#[derive(Clone, Debug, Default)]
pub struct Named {
    given: BTreeMap<String, Kept>,
    last: Last,
}

/// A query to build on.
#[derive(Clone, Debug)]
struct Kept {
    query: Query,
    /// The parameters in it, and in what it builds on.
    parameters: Vec<String>,
    /// One of them that was given another value since: nobody can tell which of the two is meant.
    changed: Option<String>,
}

/// The query before, which FROM last builds on.
#[derive(Clone, Debug, Default)]
enum Last {
    #[default]
    None,
    /// Its rows, ungrouped.
    Rows(Box<Kept>),
    /// A clause kept rows out of its answer.
    Cut(&'static str),
}

impl Named {
    /// Keeps a query under the name that LET gives it.
    pub fn insert(&mut self, name: String, query: Query, parameters: Vec<String>) {
        self.given.insert(name, Kept { query, parameters, changed: None });
    }

    /// Keeps a query as the one before: its rows and how they are shown; of groups, the rows that they are made of.
    pub fn set_last(&mut self, query: &Query, parameters: Vec<String>) {
        let cut = [(query.limit.is_some(), Keyword::Limit), (query.having.is_some(), Keyword::Having)];
        self.last = match cut.into_iter().find(|(there, _)| *there) {
            Some((_, clause)) => Last::Cut(clause.text()),
            None => Last::Rows(Box::new(Kept { query: rows_of(query), parameters, changed: None })),
        };
    }

    /// A parameter has another value from now on.
    pub fn change(&mut self, parameter: &str) {
        let last = match &mut self.last {
            Last::Rows(kept) => Some(kept.as_mut()),
            Last::None | Last::Cut(_) => None,
        };
        for kept in self.given.values_mut().chain(last) {
            if kept.parameters.iter().any(|known| known == parameter) {
                kept.changed = Some(parameter.to_string());
            }
        }
    }

    /// The parameters in the queries that a statement takes rows from, before these are put in.
    pub fn parameters_below(&self, statement: &Statement) -> Vec<String> {
        let last = match &self.last {
            Last::Rows(kept) => Some((LAST, kept.as_ref())),
            Last::None | Last::Cut(_) => None,
        };
        let all = self.given.iter().map(|(name, kept)| (name.as_str(), kept)).chain(last);
        let used = all.filter(|(name, _)| uses(statement, &[(*name).to_string()]));
        used.flat_map(|(_, kept)| kept.parameters.iter().cloned()).collect()
    }

    fn get(&self, name: &Word) -> Result<Option<&Query>, Diagnostic> {
        let kept = match (self.given.get(&name.value), &self.last) {
            (Some(kept), _) => kept,
            _ if !is_last(&name.value) => return Ok(None),
            (_, Last::Rows(kept)) => kept,
            (_, Last::Cut(clause)) => return Err(binding::last_was_cut(name.span, clause)),
            (_, Last::None) => return Err(binding::no_query_before(name.span)),
        };
        match &kept.changed {
            Some(parameter) => Err(binding::changed_since(name.span, &name.value, parameter)),
            None => Ok(Some(&kept.query)),
        }
    }
}

/// Whether a name stands for the query before.
pub fn is_last(name: &str) -> bool {
    name.eq_ignore_ascii_case(LAST)
}

/// The query without what groups, cites and draws its rows.
fn rows_of(query: &Query) -> Query {
    let plain = !makes_groups(query);
    Query {
        select: query.select.clone().filter(|_| plain),
        order: if plain { query.order.clone() } else { Vec::new() },
        phrases: query.phrases.clone(),
        condition: query.condition.clone(),
        span: query.span,
        ..Query::of(query.noun.clone())
    }
}

/// What queries build on each other may grow to so many parts: each use doubles what it is used in.
const LARGEST: usize = 20_000;

/// Puts the named queries in, wherever FROM names one.
///
/// # Errors
/// When that makes the statement deeper or larger than any that is written out may be, or when there is no query before
/// that FROM last could build on.
pub fn put_in(statement: &mut Statement, named: &Named) -> Result<(), Diagnostic> {
    let (put, measure) = match statement {
        Statement::Query(query) | Statement::Explain { query, .. } | Statement::LetQuery { query, .. } => {
            (into_query(query, named)?, of_query(query))
        }
        Statement::Assert(assert) => (into_expression(&mut assert.claim, named)?, of_expression(&assert.claim)),
        Statement::Describe(_) | Statement::LetParameter { .. } | Statement::AsOf { .. } | Statement::Connect(_) => {
            (None, Measure::default())
        }
    };
    match put {
        Some(span) if measure.deep > DEEPEST => Err(messages::too_deep(span, DEEPEST)),
        Some(span) if measure.large > LARGEST => Err(binding::too_large(span, LARGEST)),
        _ => Ok(()),
    }
}

/// Puts them into a query; the place of the last that was put in.
fn into_query(query: &mut Query, named: &Named) -> Result<Option<Span>, Diagnostic> {
    let mut put = None;
    for expression in query.expressions_mut() {
        put = into_expression(expression, named)?.or(put);
    }
    if let Some(known) = named.get(&query.noun)? {
        put = Some(query.noun.span);
        build_on(query, known);
    }
    Ok(put)
}

fn into_expression(expression: &mut Expression, named: &Named) -> Result<Option<Span>, Diagnostic> {
    let mut put = None;
    if let ExpressionKind::Exists { query, .. }
    | ExpressionKind::Answer(query)
    | ExpressionKind::CountOf { query, .. } = &mut expression.kind
    {
        put = into_query(query, named)?;
    }
    for part in expression.kind.parts_mut() {
        put = into_expression(part, named)?.or(put);
    }
    Ok(put)
}

/// Whether a statement takes its rows from one of these names, here or in brackets.
pub fn uses(statement: &Statement, names: &[String]) -> bool {
    let one = |query: &Query| query_uses(query, names);
    match statement {
        Statement::Query(query) | Statement::Explain { query, .. } | Statement::LetQuery { query, .. } => one(query),
        Statement::Assert(assert) => expression_uses(&assert.claim, names),
        _ => false,
    }
}

fn query_uses(query: &Query, names: &[String]) -> bool {
    let is_lost = |name: &String| *name == query.noun.value || is_last(name) && is_last(&query.noun.value);
    names.iter().any(is_lost) || query.expressions().into_iter().any(|inner| expression_uses(inner, names))
}

fn expression_uses(expression: &Expression, names: &[String]) -> bool {
    let nested = match &expression.kind {
        ExpressionKind::Exists { query, .. }
        | ExpressionKind::Answer(query)
        | ExpressionKind::CountOf { query, .. } => query_uses(query, names),
        _ => false,
    };
    nested || expression.kind.parts().into_iter().any(|part| expression_uses(part, names))
}

/// How many levels a tree has, and how many parts.
#[derive(Clone, Copy, Default)]
struct Measure {
    deep: usize,
    large: usize,
}

impl Measure {
    fn beside(self, other: Measure) -> Measure {
        Measure { deep: self.deep.max(other.deep), large: self.large + other.large }
    }
}

fn of_query(query: &Query) -> Measure {
    let inner = query.expressions().into_iter().map(of_expression).fold(Measure::default(), Measure::beside);
    Measure { large: inner.large + query.phrases.len() + 1, ..inner }
}

fn of_expression(expression: &Expression) -> Measure {
    let nested = match &expression.kind {
        ExpressionKind::Exists { query, .. }
        | ExpressionKind::Answer(query)
        | ExpressionKind::CountOf { query, .. } => {
            let inner = of_query(query);
            Measure { deep: inner.deep + QUERY_DEPTH, ..inner }
        }
        _ => Measure::default(),
    };
    let parts = expression.kind.parts().into_iter().map(of_expression);
    let inner = parts.fold(nested, Measure::beside);
    Measure { deep: inner.deep + 1, large: inner.large + 1 }
}

/// The phrases and the condition of the named query come first; what it shows and how it is sorted holds unless the
/// query says otherwise.
fn build_on(query: &mut Query, known: &Query) {
    let plain = query.group.is_empty() && query.select.is_none();
    query.noun = Word::new(known.noun.value.clone(), query.noun.span);
    query.phrases.splice(0..0, known.phrases.iter().cloned());
    if let Some(first) = known.condition.clone() {
        query.condition = Some(match query.condition.take() {
            None => first,
            Some(second) => {
                let span = second.span;
                let parts = [first, second].into_iter().flat_map(|part| match part.kind {
                    ExpressionKind::And(parts) => parts,
                    _ => vec![part],
                });
                Expression { span, kind: ExpressionKind::And(parts.collect()) }
            }
        });
    }
    if plain {
        query.select.clone_from(&known.select);
        if query.order.is_empty() {
            query.order.clone_from(&known.order);
        }
    }
}

/// What is wrong with a name or a query for LET, if anything is: the name must be free, and the query one of rows.
pub fn refused(name: &Word, query: &Query) -> Option<Diagnostic> {
    if catalog::noun(&name.value.to_lowercase()).is_some() {
        return Some(binding::name_of_a_noun(name.span, &name.value));
    }
    if is_last(&name.value) {
        return Some(binding::last_is_taken(name.span));
    }
    let distinct = query.select.as_ref().and_then(|select| select.distinct);
    let extra = [
        distinct,
        query.group.first().map(|key| key.span),
        query.having.as_ref().map(|having| having.span),
        query.limit.as_ref().map(|limit| limit.span),
        query.cite,
    ];
    let grouped = extra.into_iter().flatten().next().map(binding::only_rows_named);
    grouped.or_else(|| query.chart.map(binding::chart_inside))
}
