//! Grouped queries: keys, aggregates, and the rule that everything else is one of them.

use super::functions::{self, FunctionKind};
use super::scalar::{Scope, describe};
use super::tree::{Aggregate, Elapsed, PathRef, Scalar, Type};
use super::{Binder, Value};
use crate::diagnostic::binding;
use crate::span::Span;
use crate::syntax::ast::{Call, Expression, ExpressionKind, Query, SelectItems};

impl<'a> Binder<'a> {
    /// The keys of GROUP BY (or of SELECT DISTINCT), their to-many steps becoming the expansions.
    pub(super) fn keys(&mut self, keys: &'a [Expression], here: &PathRef) {
        for expression in keys {
            if let Some(value) = self.value(expression, here) {
                self.query.expansions.extend(value.elements);
                if !self.query.keys.contains(&value.scalar) {
                    self.query.keys.push(value.scalar);
                    self.query.key_texts.push(self.text(expression.span));
                }
            }
        }
    }

    /// A value of a group: a key, an aggregate, or made of such.
    pub(super) fn group_value(&mut self, expression: &Expression) -> Option<Scalar> {
        match &expression.kind {
            ExpressionKind::Integer(number) => Some(Scalar::Integer(*number)),
            ExpressionKind::Number(number) => Some(Scalar::Number(*number)),
            ExpressionKind::Text(name) if name.kind.is_some() => self.fixed(expression),
            ExpressionKind::Text(name) => Some(Scalar::Text(name.text.clone())),
            ExpressionKind::Today => self.fixed(expression),
            ExpressionKind::Call(call) if is_aggregate(call) => self.aggregate(call, expression.span),
            ExpressionKind::Call(call) => match functions::find(&call.function.value).map(|function| function.kind) {
                Some(FunctionKind::Elapsed(unit)) if aggregate_in(expression).is_some() => {
                    self.group_elapsed(call, unit, expression.span)
                }
                Some(FunctionKind::Gap | FunctionKind::Rank) => {
                    self.report(binding::window_in_groups(call.function.span, &call.function.value))
                }
                _ => self.key_or_report(expression),
            },
            ExpressionKind::Negative(inner) => {
                let value = self.group_value(inner)?;
                self.check_number(&value, inner.span)?;
                Some(Scalar::Negative(Box::new(value)))
            }
            ExpressionKind::Arithmetic { operator, left, right } => {
                if let Some(key) = self.key(expression) {
                    return Some(key);
                }
                let (a, b) = (self.group_value(left), self.group_value(right));
                let (a, b) = (a?, b?);
                self.check_number(&a, left.span)?;
                self.check_number(&b, right.span)?;
                Some(Scalar::Arithmetic { operator: *operator, left: Box::new(a), right: Box::new(b) })
            }
            ExpressionKind::Path(path) => {
                let here = self.own_row();
                match self.alias(path, &here) {
                    Some(aliased) => self.without_aliases(|binder| binder.group_value(aliased)),
                    None => self.key_or_report(expression),
                }
            }
            _ => self.key_or_report(expression),
        }
    }

    /// `days(min(date), max(date))`
    fn group_elapsed(&mut self, call: &Call, unit: Elapsed, span: Span) -> Option<Scalar> {
        let function = self.function(call)?;
        let [from, to] = call.arguments.as_slice() else {
            return self.report(binding::wrong_arguments(span, function.name, function.form));
        };
        let mut sides = Vec::new();
        for argument in [from, to] {
            let literal = super::scalar::is_date_literal(argument)
                || matches!(&argument.kind, ExpressionKind::Text(_) | ExpressionKind::Parameter(_));
            let side = if literal { self.fixed(argument) } else { self.group_value(argument) };
            if let Some(side) = &side
                && self.kind(side) != Type::Date
            {
                return self.report(binding::wrong_arguments(argument.span, function.name, function.form));
            }
            sides.push(side.map(Box::new));
        }
        let to = sides.pop().flatten();
        let from = sides.pop().flatten();
        Some(Scalar::Elapsed { unit, from: from?, to: to? })
    }

    pub(super) fn own_row(&self) -> PathRef {
        PathRef::row(0, self.rows[0].noun)
    }

    /// The key that an expression is, if it is one; says nothing if it is not.
    fn key(&mut self, expression: &Expression) -> Option<Scalar> {
        let known = self.diagnostics.len();
        let here = self.own_row();
        let value = self.value(expression, &here);
        self.diagnostics.truncate(known);
        let value = value.filter(|value| value.elements.is_empty())?;
        self.key_position(&value).map(Scalar::Key)
    }

    fn key_position(&self, value: &Value) -> Option<usize> {
        let same = self.query.keys.iter().position(|key| *key == value.scalar);
        same.or_else(|| {
            let text = self.text(value.span);
            self.query.key_texts.iter().position(|key| key.eq_ignore_ascii_case(&text))
        })
    }

    fn key_or_report(&mut self, expression: &Expression) -> Option<Scalar> {
        let here = self.own_row();
        let value = self.value(expression, &here)?;
        if value.elements.is_empty()
            && let Some(position) = self.key_position(&value)
        {
            return Some(Scalar::Key(position));
        }
        let text = self.text(expression.span);
        let (at, first) = (self.query.group_end, self.query.keys.is_empty());
        self.report(binding::not_grouped(expression.span, &text, at, first))
    }

    fn aggregate(&mut self, call: &Call, span: Span) -> Option<Scalar> {
        let function = self.function(call)?;
        let aggregate = match (function.kind, call.arguments.as_slice()) {
            (FunctionKind::Count, []) if call.distinct.is_none() => Aggregate::Count,
            (FunctionKind::CountPossible, []) if call.distinct.is_none() => Aggregate::CountPossible,
            (FunctionKind::Count, [path]) if call.distinct.is_some() => {
                let Value { elements, scalar, .. } = self.inside(path)?;
                Aggregate::CountDistinct { elements, value: scalar }
            }
            (FunctionKind::List, [path]) => {
                let Value { elements, scalar, .. } = self.inside(path)?;
                Aggregate::List { elements, value: scalar }
            }
            (FunctionKind::Share, []) => Aggregate::Share(None),
            (FunctionKind::Share, [path]) if call.per.is_some() => match self.group_value(path)? {
                Scalar::Key(position) => Aggregate::Share(Some(position)),
                _ => return self.report(binding::wrong_arguments(span, function.name, function.form)),
            },
            (FunctionKind::Count | FunctionKind::CountPossible | FunctionKind::Share, _) => {
                return self.report(binding::wrong_arguments(span, function.name, function.form));
            }
            (kind @ (FunctionKind::First | FunctionKind::Last), _) => {
                let argument = self.only_argument(call, function, span)?;
                let here = self.own_row();
                if self.dated(&here).is_none() {
                    return self.report(binding::no_dates(call.function.span, function.name, here.noun.noun().name));
                }
                let value = self.inside(argument)?;
                let scalar = self.one_a_row(value, function.name)?;
                if matches!(self.kind(&scalar), Type::List | Type::Range) {
                    return self.report(binding::wrong_arguments(span, function.name, function.form));
                }
                if kind == FunctionKind::First { Aggregate::First(scalar) } else { Aggregate::Last(scalar) }
            }
            (kind, _) => {
                let argument = self.only_argument(call, function, span)?;
                let value = self.inside(argument)?;
                let scalar = self.one_a_row(value, function.name)?;
                self.of_kind(kind, scalar, argument.span)?
            }
        };
        Some(Scalar::Aggregate(self.position(aggregate)))
    }

    fn of_kind(&mut self, kind: FunctionKind, scalar: Scalar, span: Span) -> Option<Aggregate> {
        let numeric = matches!(kind, FunctionKind::Sum | FunctionKind::Avg);
        match self.kind(&scalar) {
            Type::Integer | Type::Number | Type::Range => {}
            Type::List => return self.report(binding::not_a_number(span, "a list")),
            other if numeric => return self.report(binding::not_a_number(span, &describe(other))),
            Type::Entity(_) | Type::Word(_) | Type::Boolean => {
                return self.report(binding::no_order(span, "this"));
            }
            _ => {}
        }
        Some(match kind {
            FunctionKind::Min => Aggregate::Min(scalar),
            FunctionKind::Max => Aggregate::Max(scalar),
            FunctionKind::Sum => Aggregate::Sum(scalar),
            _ => Aggregate::Avg(scalar),
        })
    }

    /// The argument of an aggregate, a value of single rows.
    fn inside(&mut self, expression: &Expression) -> Option<Value> {
        if let Some(call) = aggregate_in(expression) {
            return self.report(binding::nested_aggregate(call.function.span, &call.function.value));
        }
        let here = self.own_row();
        self.value(expression, &here)
    }

    /// Numbers and dates are taken from the FROM row itself, else one row would count several times.
    fn one_a_row(&mut self, value: Value, function: &str) -> Option<Scalar> {
        let place = format!("{function}()");
        if let Some(row) = value.scalar.row()
            && let Some(element) = self.query.expansions.iter().find(|element| element.row == row)
        {
            let value = Value { elements: vec![element.clone()], ..value };
            return self.single(value, &place);
        }
        self.single(value, &place)
    }

    pub(super) fn position(&mut self, aggregate: Aggregate) -> usize {
        let known = self.query.aggregates.iter().position(|known| *known == aggregate);
        known.unwrap_or_else(|| {
            self.query.aggregates.push(aggregate);
            self.query.aggregates.len() - 1
        })
    }

    /// A condition over groups.
    pub(super) fn having(&mut self, expression: &Expression) -> Option<super::tree::Conjunct> {
        let condition = self.condition(expression, &Scope::Group)?;
        Some(super::tree::Conjunct { condition, text: self.text(expression.span) })
    }
}

/// Whether a query makes groups: by GROUP BY, DISTINCT, or an aggregate in what it shows or sorts by.
pub(super) fn makes_groups(query: &Query) -> bool {
    let selected = match query.select.as_ref() {
        Some(select) if select.distinct.is_some() => return true,
        Some(select) => match &select.items {
            SelectItems::List(items) => items.iter().any(|item| aggregate_in(&item.expression).is_some()),
            SelectItems::All(_) => false,
        },
        None => false,
    };
    let sorted = query.order.iter().any(|key| aggregate_in(&key.expression).is_some());
    selected || sorted || !query.group.is_empty()
}

pub(super) fn is_aggregate(call: &Call) -> bool {
    functions::find(&call.function.value).is_some_and(|function| function.kind.is_aggregate())
}

/// The first aggregate call inside an expression.
pub(super) fn aggregate_in(expression: &Expression) -> Option<&Call> {
    match &expression.kind {
        ExpressionKind::Call(call) if is_aggregate(call) => Some(call),
        ExpressionKind::Call(call) => call.arguments.iter().find_map(aggregate_in),
        ExpressionKind::Negative(inner) => aggregate_in(inner),
        ExpressionKind::Arithmetic { left, right, .. } => aggregate_in(left).or_else(|| aggregate_in(right)),
        _ => None,
    }
}
