//! LET: a query with a name takes more phrases and conditions. The tree is put together before it is bound.

use crate::catalog;
use crate::diagnostic::{Diagnostic, binding};
use crate::syntax::ast::{Expression, ExpressionKind, Query, Statement, Word};
use std::collections::BTreeMap;

/// Queries by the names that LET gave them, each with all that it builds on put in.
pub type Named = BTreeMap<String, Query>;

/// Puts the named queries in, wherever FROM names one.
pub fn put_in(statement: &mut Statement, named: &Named) {
    match statement {
        Statement::Query(query) | Statement::Explain { query, .. } | Statement::LetQuery { query, .. } => {
            into_query(query, named);
        }
        Statement::Assert(assert) => into_expression(&mut assert.claim, named),
        Statement::Describe(_) | Statement::LetParameter { .. } | Statement::AsOf { .. } | Statement::Connect(_) => {}
    }
}

fn into_query(query: &mut Query, named: &Named) {
    for expression in query.expressions_mut() {
        into_expression(expression, named);
    }
    if let Some(known) = named.get(&query.noun.value) {
        build_on(query, known);
    }
}

fn into_expression(expression: &mut Expression, named: &Named) {
    if let ExpressionKind::Exists { query, .. }
    | ExpressionKind::Answer(query)
    | ExpressionKind::CountOf { query, .. } = &mut expression.kind
    {
        into_query(query, named);
    }
    for part in expression.kind.parts_mut() {
        into_expression(part, named);
    }
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
