//! LET: a query with a name takes more phrases and conditions. The tree is put together before it is bound.

use crate::catalog;
use crate::diagnostic::{Diagnostic, binding, syntax as messages};
use crate::span::Span;
use crate::syntax::ast::{Expression, ExpressionKind, Query, Statement, Word};
use crate::syntax::{DEEPEST, QUERY_DEPTH};
use std::collections::BTreeMap;

/// Queries by the names that LET gave them, each with all that it builds on put in.
pub type Named = BTreeMap<String, Query>;

/// What queries build on each other may grow to so many parts: each use doubles what it is used in.
const LARGEST: usize = 20_000;

/// Puts the named queries in, wherever FROM names one.
///
/// # Errors
/// When that makes the statement deeper or larger than any that is written out may be.
pub fn put_in(statement: &mut Statement, named: &Named) -> Result<(), Diagnostic> {
    let (put, measure) = match statement {
        Statement::Query(query) | Statement::Explain { query, .. } | Statement::LetQuery { query, .. } => {
            (into_query(query, named), of_query(query))
        }
        Statement::Assert(assert) => (into_expression(&mut assert.claim, named), of_expression(&assert.claim)),
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
fn into_query(query: &mut Query, named: &Named) -> Option<Span> {
    let mut put = None;
    for expression in query.expressions_mut() {
        put = into_expression(expression, named).or(put);
    }
    if let Some(known) = named.get(&query.noun.value) {
        put = Some(query.noun.span);
        build_on(query, known);
    }
    put
}

fn into_expression(expression: &mut Expression, named: &Named) -> Option<Span> {
    let mut put = None;
    if let ExpressionKind::Exists { query, .. }
    | ExpressionKind::Answer(query)
    | ExpressionKind::CountOf { query, .. } = &mut expression.kind
    {
        put = into_query(query, named);
    }
    for part in expression.kind.parts_mut() {
        put = into_expression(part, named).or(put);
    }
    put
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
    names.contains(&query.noun.value) || query.expressions().into_iter().any(|inner| expression_uses(inner, names))
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
    let distinct = query.select.as_ref().and_then(|select| select.distinct);
    let extra = [
        distinct,
        query.group.first().map(|key| key.span),
        query.having.as_ref().map(|having| having.span),
        query.limit.as_ref().map(|limit| limit.span),
        query.cite,
    ];
    extra.into_iter().flatten().next().map(binding::only_rows_named)
}
