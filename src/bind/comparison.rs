//! Comparisons: which two things may be compared, and what each comparison means.

use super::condition::{both, negate, not, wrap};
use super::period::{Days, named};
use super::scalar::{Scope, describe};
use super::tree::{Condition, Scalar, Thing, Type};
use super::{Binder, Value};
use crate::catalog::{NounId, Vocabulary};
use crate::diagnostic::binding;
use crate::span::Span;
use crate::suggest::nearest;
use crate::syntax::ast::{CompareOperator, Expression, ExpressionKind, Name};
use crate::value::period::Unit;
use crate::value::text::fold;

impl Binder<'_> {
    pub(super) fn compare(
        &mut self,
        operator: CompareOperator,
        operator_span: Span,
        left: &Expression,
        right: &Expression,
        scope: &Scope,
    ) -> Option<Condition> {
        // What is written on the left may be the literal: the path then stands on the right.
        if is_literal(left) && !is_literal(right) {
            return self.compare(operator.mirrored(), operator_span, right, left, scope);
        }
        if is_literal(left) && is_literal(right) {
            let (one, other) = (self.literal_name(left), self.literal_name(right));
            return self.report(binding::two_literals(left.span.to(right.span), &one, &other));
        }
        let value = self.operand(left, scope)?;
        let condition = if is_literal(right) {
            self.with_literal(operator, operator_span, &value, right, scope)?
        } else {
            let other = self.operand(right, scope)?;
            let condition = self.two_values(operator, operator_span, &value, &other)?;
            wrap(other.elements, condition)
        };
        Some(wrap(value.elements, condition))
    }

    fn with_literal(
        &mut self,
        operator: CompareOperator,
        operator_span: Span,
        value: &Value,
        literal: &Expression,
        scope: &Scope,
    ) -> Option<Condition> {
        let kind = self.kind(&value.scalar);
        if let ExpressionKind::Parameter(word) = &literal.kind
            && !matches!(kind, Type::Date | Type::Period(_))
        {
            let given = self.given(word)?;
            let literal = self.typed(kind, &given, literal.span)?;
            return self.with_literal(operator, operator_span, value, &literal, scope);
        }
        match (kind, &literal.kind) {
            (Type::Date, _) => {
                let period = self.period(literal)?;
                self.date_compare(operator, value.scalar.clone(), &period)
            }
            (Type::Period(unit), _) => {
                let period = self.period(literal)?;
                self.period_compare(operator, &value.scalar, unit, &period)
            }
            (Type::Word(vocabulary), ExpressionKind::Text(name)) => {
                self.only_equality(operator, operator_span, vocabulary.name)?;
                let word = self.word(name, vocabulary)?;
                let right = Scalar::Text(word);
                Some(Condition::Compare { operator, left: value.scalar.clone(), right })
            }
            (Type::Entity(noun), ExpressionKind::Text(name)) => {
                self.only_equality(operator, operator_span, noun.noun().singular)?;
                let things = vec![self.thing_of(noun, name, scope)?];
                let entity = self.entity(&value.scalar, value.span)?;
                Some(negate(operator == CompareOperator::NotEqual, Condition::Is { entity, things }))
            }
            (Type::Boolean, ExpressionKind::Text(name)) if matches!(fold(&name.text).as_str(), "yes" | "no") => {
                self.only_equality(operator, operator_span, "a yes or no")?;
                let negated = (fold(&name.text) == "no") != (operator == CompareOperator::NotEqual);
                Some(negate(negated, Condition::Holds(value.scalar.clone())))
            }
            (Type::Text, ExpressionKind::Text(_))
            | (
                Type::Integer | Type::Number | Type::Range,
                ExpressionKind::Integer(_) | ExpressionKind::Number(_) | ExpressionKind::Negative(_),
            ) => {
                let right = self.operand(literal, scope)?.scalar;
                Some(Condition::Compare { operator, left: value.scalar.clone(), right })
            }
            _ => {
                let right = self.literal_name(literal);
                self.report(binding::not_comparable(value.span.to(literal.span), &describe(kind), &right))
            }
        }
    }

    fn literal_name(&self, literal: &Expression) -> String {
        match &literal.kind {
            ExpressionKind::Date(_) => format!("the date {}", self.text(literal.span)),
            ExpressionKind::Text(_) => format!("the text {}", self.text(literal.span)),
            _ => format!("the number {}", self.text(literal.span)),
        }
    }

    fn two_values(
        &mut self,
        operator: CompareOperator,
        operator_span: Span,
        left: &Value,
        right: &Value,
    ) -> Option<Condition> {
        let (a, b) = (self.kind(&left.scalar), self.kind(&right.scalar));
        let (left_scalar, right_scalar) = (left.scalar.clone(), right.scalar.clone());
        let fits = match (a, b) {
            (Type::Entity(NounId::Participants), Type::Entity(NounId::Leaders | NounId::Countries)) => {
                self.only_equality(operator, operator_span, "participant")?;
                let same = stands_for(&left_scalar, &right_scalar)?;
                return Some(negate(operator == CompareOperator::NotEqual, same));
            }
            (Type::Entity(NounId::Leaders | NounId::Countries), Type::Entity(NounId::Participants)) => {
                return self.two_values(operator, operator_span, right, left);
            }
            (Type::Date, Type::Date) => {
                return Some(Condition::Dates { operator, left: left_scalar, right: right_scalar });
            }
            (Type::Entity(a), Type::Entity(b)) if a == b => {
                self.only_equality(operator, operator_span, a.noun().singular)?;
                true
            }
            (Type::Word(a), Type::Word(b)) if a == b => {
                self.only_equality(operator, operator_span, a.name)?;
                true
            }
            (Type::Integer | Type::Number | Type::Range, Type::Integer | Type::Number | Type::Range) => true,
            (Type::Period(a), Type::Period(b)) => a == b,
            (Type::Text, Type::Text) => true,
            _ => false,
        };
        if fits {
            return Some(Condition::Compare { operator, left: left_scalar, right: right_scalar });
        }
        self.report(binding::not_comparable(left.span.to(right.span), &describe(a), &describe(b)))
    }

    fn only_equality(&mut self, operator: CompareOperator, span: Span, what: &str) -> Option<()> {
        match operator {
            CompareOperator::Equal | CompareOperator::NotEqual => Some(()),
            _ => self.report(binding::no_order(span, &binding::with_article(what))),
        }
    }

    /// The row that an entity value is; keys of groups are no longer rows.
    fn entity(&mut self, scalar: &Scalar, span: Span) -> Option<super::tree::PathRef> {
        match scalar {
            Scalar::Entity(at) => Some(at.clone()),
            _ => self.report(binding::name_in_having(span)),
        }
    }

    fn thing_of(&mut self, noun: NounId, name: &Name, scope: &Scope) -> Option<Thing> {
        if matches!(scope, Scope::Group) {
            return self.report(binding::name_in_having(name.span));
        }
        match noun {
            NounId::Participants => self.resolve(name, &[NounId::Leaders, NounId::Countries]),
            noun if noun.noun().named => self.resolve(name, &[noun]),
            noun => self.report(binding::nameless_noun(name.span, noun.noun().name)),
        }
    }

    /// The word of a closed vocabulary, in any case.
    pub(super) fn word(&mut self, name: &Name, vocabulary: &'static Vocabulary) -> Option<String> {
        let folded = fold(&name.text);
        if let Some((word, _)) = vocabulary.words.iter().find(|(word, _)| fold(word) == folded) {
            return Some((*word).to_string());
        }
        let all: Vec<&str> = vocabulary.words.iter().map(|(word, _)| *word).collect();
        let near: Vec<String> = nearest(&name.text, all.iter().copied()).into_iter().map(str::to_string).collect();
        self.report(binding::not_in_vocabulary(name.text_span, &name.text, vocabulary.name, &near, &all))
    }

    /// A parameter's value as the literal that a value of that type is compared with.
    fn typed(&mut self, kind: Type, given: &crate::syntax::ast::Given, span: Span) -> Option<Expression> {
        let number = matches!(kind, Type::Integer | Type::Number | Type::Range);
        let kind = match given.text.trim() {
            _ if !number => ExpressionKind::Text(named(given, span)),
            text => match (text.parse::<i64>(), text.parse::<f64>()) {
                (Ok(number), _) => ExpressionKind::Integer(number),
                (_, Ok(number)) if number.is_finite() => ExpressionKind::Number(number),
                _ => return self.report(binding::not_a_number(span, &format!("the value '{}'", given.text))),
            },
        };
        Some(Expression { span, kind })
    }

    /// `= < <= > >=` on a date are DURING, BEFORE, UNTIL, AFTER, SINCE.
    fn date_compare(&mut self, operator: CompareOperator, date: Scalar, period: &Days) -> Option<Condition> {
        let condition = self.date_condition(operator.on_dates(), date, period)?;
        Some(negate(operator == CompareOperator::NotEqual, condition))
    }

    /// A period is compared like a date: its first and last day against those of the literal.
    fn period_compare(
        &mut self,
        operator: CompareOperator,
        value: &Scalar,
        unit: Unit,
        period: &Days,
    ) -> Option<Condition> {
        if [period.first, period.last].into_iter().flatten().any(|edge| edge.min != edge.max) {
            return self.report(binding::vague_period(period.span));
        }
        let first = period.first.map(|edge| edge.min);
        let last = period.last.map(|edge| edge.max);
        // The first period that begins on or after a day, and the last that ends on or before one.
        let from = first
            .map(|day| if unit.number(day - 1) == unit.number(day) { unit.number(day) + 1 } else { unit.number(day) });
        let to = last
            .map(|day| if unit.number(day + 1) == unit.number(day) { unit.number(day) - 1 } else { unit.number(day) });
        let compare = |operator, number: i64| Condition::Compare {
            operator,
            left: value.clone(),
            right: Scalar::Integer(number),
        };
        let at_least = from.map(|number| compare(CompareOperator::GreaterOrEqual, number));
        let at_most = to.map(|number| compare(CompareOperator::LessOrEqual, number));
        let condition = match operator {
            CompareOperator::Equal | CompareOperator::NotEqual => {
                let inside = both(at_least.into_iter().chain(at_most).collect());
                Some(negate(operator == CompareOperator::NotEqual, inside))
            }
            CompareOperator::GreaterOrEqual => at_least,
            CompareOperator::LessOrEqual => at_most,
            CompareOperator::Less => first.map(|day| compare(CompareOperator::Less, unit.number(day))),
            CompareOperator::Greater => last.map(|day| compare(CompareOperator::Greater, unit.number(day))),
        };
        match condition {
            Some(condition) => Some(condition),
            None => self.report(binding::open_period(period.span, "end on that side")),
        }
    }

    pub(super) fn between(
        &mut self,
        value: &Expression,
        low: &Expression,
        high: &Expression,
        scope: &Scope,
    ) -> Option<Condition> {
        let bound = self.operand(value, scope)?;
        let kind = self.kind(&bound.scalar);
        let condition = if matches!(kind, Type::Date | Type::Period(_)) {
            let (low, high) = (self.period(low), self.period(high));
            let (low, high) = (low?, high?);
            let period = Days { span: low.span.to(high.span), first: low.first, last: high.last };
            match kind {
                Type::Period(unit) => self.period_compare(CompareOperator::Equal, &bound.scalar, unit, &period)?,
                _ => self.date_compare(CompareOperator::Equal, bound.scalar, &period)?,
            }
        } else {
            let ends = [(CompareOperator::GreaterOrEqual, low), (CompareOperator::LessOrEqual, high)];
            let mut parts = Vec::new();
            for (operator, end) in ends {
                parts.push(self.one_side(operator, &bound, end, scope)?);
            }
            Condition::And(parts)
        };
        Some(wrap(bound.elements, condition))
    }

    /// One comparison of a list or of BETWEEN, the value already bound.
    fn one_side(
        &mut self,
        operator: CompareOperator,
        value: &Value,
        other: &Expression,
        scope: &Scope,
    ) -> Option<Condition> {
        if is_literal(other) {
            return self.with_literal(operator, other.span, value, other, scope);
        }
        let other_value = self.operand(other, scope)?;
        let condition = self.two_values(operator, other.span, value, &other_value)?;
        Some(wrap(other_value.elements, condition))
    }

    pub(super) fn in_list(&mut self, value: &Expression, list: &[Expression], scope: &Scope) -> Option<Condition> {
        let bound = self.operand(value, scope)?;
        let parts: Vec<Option<Condition>> =
            list.iter().map(|item| self.one_side(CompareOperator::Equal, &bound, item, scope)).collect();
        let parts: Vec<Condition> = parts.into_iter().collect::<Option<_>>()?;
        Some(wrap(bound.elements, merged(parts)))
    }
}

/// A participant's value is its leader; where that is not known, it is its country and surely no leader.
fn stands_for(participant: &Scalar, other: &Scalar) -> Option<Condition> {
    let (Scalar::Entity(at), Scalar::Entity(thing)) = (participant, other) else { return None };
    let equal = |path| Condition::Compare {
        operator: CompareOperator::Equal,
        left: Scalar::Entity(path),
        right: Scalar::Entity(thing.clone()),
    };
    let leader = at.along("leader")?;
    Some(match thing.noun {
        NounId::Leaders => Condition::Certainly(Box::new(equal(leader))),
        _ => both(vec![Condition::IsUnknown(Scalar::Entity(leader)), equal(at.along("country")?)]),
    })
}

/// Any of these; names of one path are one condition with several things.
fn merged(parts: Vec<Condition>) -> Condition {
    let mut entity = None;
    let mut together = Vec::new();
    for part in &parts {
        match part {
            Condition::Is { entity: at, things } if entity.is_none() || entity.as_ref() == Some(at) => {
                entity = Some(at.clone());
                together.extend(things.clone());
            }
            _ => return Condition::Or(parts),
        }
    }
    match entity {
        Some(entity) => Condition::Is { entity, things: together },
        None => not(Condition::And(Vec::new())),
    }
}

pub(super) fn is_literal(expression: &Expression) -> bool {
    match &expression.kind {
        ExpressionKind::Text(_)
        | ExpressionKind::Integer(_)
        | ExpressionKind::Number(_)
        | ExpressionKind::Date(_)
        | ExpressionKind::Today
        | ExpressionKind::Parameter(_) => true,
        ExpressionKind::Negative(inner) => is_literal(inner),
        _ => false,
    }
}
