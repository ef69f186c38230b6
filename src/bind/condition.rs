//! Conditions of WHERE and HAVING: logic, quantifiers, and the operators that comparisons do not cover.

use super::Binder;
use super::phrase::{all, any};
use super::scalar::{Scope, describe};
use super::tree::{AttributeRef, Condition, PathRef, Scalar, Type};
use crate::catalog::Status;
use crate::diagnostic::binding;
use crate::span::Span;
use crate::syntax::ast::{Expression, ExpressionKind, Path, Quantifier};

impl Binder<'_> {
    pub(super) fn condition(&mut self, expression: &Expression, scope: &Scope) -> Option<Condition> {
        match &expression.kind {
            ExpressionKind::Or(parts) => self.conditions(parts, scope).map(Condition::Or),
            ExpressionKind::And(parts) => self.conditions(parts, scope).map(Condition::And),
            ExpressionKind::Not(inner) => self.condition(inner, scope).map(not),
            ExpressionKind::Certainty(certainty, inner) => {
                let inner = self.condition(inner, scope)?;
                Some(self.with_certainty(Some(*certainty), inner))
            }
            ExpressionKind::Compare { operator, operator_span, left, right } => {
                self.compare(*operator, *operator_span, left, right, scope)
            }
            ExpressionKind::Between { negated, value, low, high } => {
                self.between(value, low, high, scope).map(|condition| negate(*negated, condition))
            }
            ExpressionKind::InList { negated, value, list } => {
                self.in_list(value, list, scope).map(|condition| negate(*negated, condition))
            }
            ExpressionKind::Like { negated, value, pattern } => self.like("LIKE", *negated, value, pattern, scope),
            ExpressionKind::Contains { negated, value, part } => self.like("CONTAINS", *negated, value, part, scope),
            ExpressionKind::IsUnknown { negated, value } => {
                let value = self.operand(value, scope)?;
                let condition = Condition::IsUnknown(value.scalar);
                Some(wrap(value.elements, negate(*negated, condition)))
            }
            ExpressionKind::Quantified { quantifier, keyword, path, condition } => {
                self.quantified(*quantifier, *keyword, path, condition, scope)
            }
            ExpressionKind::Relation { relation, keyword, name, phrases } => match scope {
                Scope::Row(here) => self.relation(*relation, *keyword, name, phrases, here),
                Scope::Group => self.report(binding::name_in_having(expression.span)),
            },
            ExpressionKind::Exists { negated, query, .. } => match scope {
                Scope::Row(here) => self.exists(*negated, query, here),
                Scope::Group => self.report(binding::name_in_having(expression.span)),
            },
            _ => self.bare(expression, scope),
        }
    }

    /// `MET a AND b`: each relation takes one name.
    pub(super) fn lone_names(&mut self, parts: &[Expression], here: &PathRef) -> bool {
        let mut keyword = None;
        let mut found = false;
        for part in parts {
            match &part.kind {
                ExpressionKind::Relation { keyword: span, .. } => keyword = Some(*span),
                ExpressionKind::Text(_) => {}
                ExpressionKind::Path(path)
                    if path.words.len() == 1
                        && here.noun.noun().member(&path.words[0].value.to_lowercase()).is_none() => {}
                _ => keyword = None,
            }
            let lone = matches!(&part.kind, ExpressionKind::Text(_) | ExpressionKind::Path(_));
            if let (true, Some(keyword)) = (lone, keyword) {
                let word = keyword.text(self.source).to_uppercase();
                let text = self.text(part.span);
                let _: Option<()> = self.report(binding::one_name_each(part.span, &word, &text));
                found = true;
            }
        }
        found
    }

    fn conditions(&mut self, parts: &[Expression], scope: &Scope) -> Option<Vec<Condition>> {
        if let Scope::Row(here) = scope
            && self.lone_names(parts, here)
        {
            return None;
        }
        let bound: Vec<Option<Condition>> = parts.iter().map(|part| self.condition(part, scope)).collect();
        bound.into_iter().collect()
    }

    /// A yes-or-no attribute standing alone.
    fn bare(&mut self, expression: &Expression, scope: &Scope) -> Option<Condition> {
        let value = self.operand(expression, scope)?;
        if self.kind(&value.scalar) == Type::Boolean {
            return Some(wrap(value.elements, Condition::Holds(value.scalar)));
        }
        let text = self.text(expression.span);
        self.report(binding::not_a_condition(expression.span, &text))
    }

    fn like(
        &mut self,
        operation: &str,
        negated: bool,
        value: &Expression,
        pattern: &Expression,
        scope: &Scope,
    ) -> Option<Condition> {
        let value = self.operand(value, scope)?;
        match self.kind(&value.scalar) {
            Type::Text | Type::Word(_) | Type::Entity(_) => {}
            other => return self.report(binding::not_text(value.span, operation, &describe(other))),
        }
        let text = match &pattern.kind {
            ExpressionKind::Text(text) => text.text.clone(),
            ExpressionKind::Parameter(word) => self.given(word)?.text,
            _ => return self.report(binding::not_text(pattern.span, operation, "not a quoted text")),
        };
        let condition = match operation {
            "LIKE" => Condition::Like { value: value.scalar, pattern: text },
            _ => Condition::Contains { value: value.scalar, part: text },
        };
        Some(wrap(value.elements, negate(negated, condition)))
    }

    fn quantified(
        &mut self,
        quantifier: Quantifier,
        keyword: Span,
        path: &Path,
        inner: &Expression,
        scope: &Scope,
    ) -> Option<Condition> {
        let Scope::Row(here) = scope else {
            return self.report(binding::name_in_having(path.span));
        };
        let value = self.path(path, here)?;
        let Scalar::Entity(at) = &value.scalar else {
            let text = self.text(path.span);
            return self.report(binding::after_attribute(path.span, &text, "a condition in brackets"));
        };
        let mut elements = value.elements.clone();
        if elements.is_empty() {
            let text = self.text(path.span);
            return self.report(binding::quantified_one(path.span, &text, keyword.text(self.source)));
        }
        let condition = self.condition(inner, &Scope::Row(at.clone()))?;
        if let Some(element) = elements.last_mut() {
            element.held &= !speaks_of_status(&condition, &PathRef::row(element.row, element.noun));
        }
        Some(Condition::Quantified { quantifier, elements, condition: Box::new(condition) })
    }
}

/// At least one element; an element whose own status is spoken of need not be held.
pub(super) fn wrap(mut elements: Vec<super::tree::Element>, condition: Condition) -> Condition {
    if elements.is_empty() {
        return condition;
    }
    for element in &mut elements {
        element.held &= !speaks_of_status(&condition, &PathRef::row(element.row, element.noun));
    }
    any(elements, condition)
}

pub(super) fn not(condition: Condition) -> Condition {
    Condition::Not(Box::new(condition))
}

pub(super) fn negate(negated: bool, condition: Condition) -> Condition {
    if negated { not(condition) } else { condition }
}

/// The conditions that AND joins at the top, each with its span.
pub(super) fn conjuncts(expression: &Expression) -> Vec<&Expression> {
    match &expression.kind {
        ExpressionKind::And(parts) => parts.iter().collect(),
        _ => vec![expression],
    }
}

/// Whether a condition compares the status of that row (or of the row whose status counts for it).
pub(super) fn speaks_of_status(condition: &Condition, row: &PathRef) -> bool {
    let owner = match row.noun.noun().status {
        Status::Own => Some(row.clone()),
        Status::Of(link) => row.along(link),
        Status::None => None,
    };
    owner.is_some_and(|owner| mentions(condition, &owner))
}

fn mentions(condition: &Condition, owner: &PathRef) -> bool {
    let is_status = |scalar: &Scalar| match scalar {
        Scalar::Attribute { at, attribute: AttributeRef(attribute) } => at == owner && attribute.name == "status",
        _ => false,
    };
    match condition {
        Condition::And(parts) | Condition::Or(parts) => parts.iter().any(|part| mentions(part, owner)),
        Condition::Not(inner) | Condition::Possibly(inner) | Condition::Certainly(inner) => mentions(inner, owner),
        Condition::Quantified { condition, .. } | Condition::Related { condition, .. } => mentions(condition, owner),
        Condition::Compare { left, right, .. } => is_status(left) || is_status(right),
        Condition::Like { value, .. } | Condition::Contains { value, .. } | Condition::IsUnknown(value) => {
            is_status(value)
        }
        _ => false,
    }
}

/// Several conditions joined by AND.
pub(super) fn both(parts: Vec<Condition>) -> Condition {
    all(parts)
}
