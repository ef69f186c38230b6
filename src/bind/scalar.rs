//! Values of single rows: attributes, links, literals, functions and arithmetic.

use super::functions::{self, FUNCTIONS, Function, FunctionKind};
use super::tree::{Elapsed, PathRef, Scalar, Type};
use super::{Binder, Value};
use crate::diagnostic::binding;
use crate::span::Span;
use crate::suggest::nearest;
use crate::syntax::ast::{Call, Expression, ExpressionKind, Path};
use crate::value::period::Unit;

/// What names and functions in an expression speak of.
#[derive(Clone, Debug)]
pub(super) enum Scope {
    /// One row, from which paths start.
    Row(PathRef),
    /// One group of rows.
    Group,
}

impl<'a> Binder<'a> {
    /// A value of a row or a group, whatever the scope is.
    pub(super) fn operand(&mut self, expression: &Expression, scope: &Scope) -> Option<Value> {
        match scope {
            Scope::Row(here) => self.value(expression, here),
            Scope::Group => {
                let scalar = self.group_value(expression)?;
                Some(Value { elements: Vec::new(), scalar, span: expression.span })
            }
        }
    }

    /// A value of the row `here`, perhaps behind to-many steps.
    pub(super) fn value(&mut self, expression: &Expression, here: &PathRef) -> Option<Value> {
        let span = expression.span;
        let plain = |scalar| Some(Value { elements: Vec::new(), scalar, span });
        match &expression.kind {
            ExpressionKind::Integer(number) => plain(Scalar::Integer(*number)),
            ExpressionKind::Number(number) => plain(Scalar::Number(*number)),
            ExpressionKind::Text(name) if name.kind.is_some() => plain(self.fixed(expression)?),
            ExpressionKind::Text(name) => plain(Scalar::Text(name.text.clone())),
            ExpressionKind::Today => plain(self.fixed(expression)?),
            ExpressionKind::Parameter(word) => {
                let given = self.given(word)?;
                plain(match (given.text.parse::<i64>(), given.text.parse::<f64>()) {
                    (Ok(number), _) => Scalar::Integer(number),
                    (_, Ok(number)) if number.is_finite() => Scalar::Number(number),
                    _ => Scalar::Text(given.text),
                })
            }
            ExpressionKind::Answer(_) | ExpressionKind::CountOf { .. } => self.report(binding::query_as_value(span)),
            ExpressionKind::Path(path) => match self.alias(path, here) {
                Some(aliased) => self.without_aliases(|binder| binder.value(aliased, here)),
                None => self.path(path, here),
            },
            ExpressionKind::Call(call) => self.call(call, span, here),
            ExpressionKind::Negative(inner) => {
                let inner = self.number(inner, here)?;
                Some(Value { scalar: Scalar::Negative(Box::new(inner.scalar)), ..inner })
            }
            ExpressionKind::Arithmetic { operator, left, right } => {
                let left = self.number(left, here);
                let right = self.number(right, here);
                let (left, right) = (left?, right?);
                let elements = [left.elements, right.elements].concat();
                let (left, right) = (Box::new(left.scalar), Box::new(right.scalar));
                Some(Value { elements, scalar: Scalar::Arithmetic { operator: *operator, left, right }, span })
            }
            ExpressionKind::Date(_) => {
                let text = self.text(span);
                self.report(binding::not_comparable(span, &format!("the date {text}"), "anything but a date"))
            }
            _ => {
                let text = self.text(span);
                self.report(binding::not_comparable(span, &format!("the condition {text}"), "a value"))
            }
        }
    }

    /// The expression that a name given by AS stands for, unless the noun itself has that name.
    pub(super) fn alias(&mut self, path: &Path, here: &PathRef) -> Option<&'a Expression> {
        let [word] = path.words.as_slice() else { return None };
        let known = here.noun.noun().member(&word.value.to_lowercase()).is_some();
        let alias = self.query.aliases.iter().find(|(alias, _)| *alias == word.value);
        alias.filter(|_| !known).map(|(_, expression)| *expression)
    }

    /// What an alias stands for must not be looked up among the aliases again.
    pub(super) fn without_aliases<T>(&mut self, bind: impl FnOnce(&mut Self) -> T) -> T {
        let aliases = std::mem::take(&mut self.query.aliases);
        let bound = bind(self);
        self.query.aliases = aliases;
        bound
    }

    fn number(&mut self, expression: &Expression, here: &PathRef) -> Option<Value> {
        let value = self.value(expression, here)?;
        self.check_number(&value.scalar, expression.span)?;
        Some(value)
    }

    pub(super) fn check_number(&mut self, scalar: &Scalar, span: Span) -> Option<()> {
        match self.kind(scalar) {
            Type::Integer | Type::Number | Type::Range => Some(()),
            other => self.report(binding::not_a_number(span, &describe(other))),
        }
    }

    /// The type of a scalar, keys and aggregates of this query included.
    pub(super) fn kind(&self, scalar: &Scalar) -> Type {
        match scalar {
            Scalar::Key(position) => self.query.keys.get(*position).map_or(Type::Text, |key| key.kind(None)),
            Scalar::Aggregate(position) => {
                self.query.aggregates.get(*position).map_or(Type::Integer, super::tree::Aggregate::kind)
            }
            Scalar::Negative(inner) => match self.kind(inner) {
                Type::Range => Type::Integer,
                kind => kind,
            },
            Scalar::Arithmetic { operator, left, right } => {
                let divides = *operator == crate::syntax::ast::ArithmeticOperator::Divide;
                match (self.kind(left), self.kind(right)) {
                    (Type::Integer, Type::Integer) if !divides => Type::Integer,
                    _ => Type::Number,
                }
            }
            other => other.kind(None),
        }
    }

    pub(super) fn function(&mut self, call: &Call) -> Option<&'static Function> {
        functions::find(&call.function.value).or_else(|| {
            let all: Vec<&str> = FUNCTIONS.iter().map(|function| function.name).collect();
            let near = nearest(&call.function.value, all.iter().copied());
            let near: Vec<String> = near.into_iter().map(str::to_string).collect();
            self.report(binding::no_such_function(call.function.span, &call.function.value, &near, &all))
        })
    }

    fn call(&mut self, call: &Call, span: Span, here: &PathRef) -> Option<Value> {
        let function = self.function(call)?;
        if function.kind.is_aggregate() {
            return self.report(binding::aggregate_in_where(call.function.span, function.name));
        }
        match function.kind {
            FunctionKind::Gap | FunctionKind::Rank => return self.window(call, function, span, here),
            FunctionKind::Elapsed(unit) => return self.elapsed(call, function, unit, span, here),
            _ => {}
        }
        let argument = self.only_argument(call, function, span)?;
        let value = self.value(argument, here)?;
        match function.kind {
            FunctionKind::Size => self.size(value, span),
            FunctionKind::Calendar(unit) => self.calendar(unit, value, function, span),
            FunctionKind::Length => self.on_text(value, function, span, Scalar::Length),
            FunctionKind::Lower => self.on_text(value, function, span, Scalar::Lower),
            _ => self.on_text(value, function, span, Scalar::Upper),
        }
    }

    pub(super) fn only_argument<'e>(
        &mut self,
        call: &'e Call,
        function: &Function,
        span: Span,
    ) -> Option<&'e Expression> {
        match call.arguments.as_slice() {
            [only] if call.distinct.is_none() && call.per.is_none() => Some(only),
            _ => self.report(binding::wrong_arguments(span, function.name, function.form)),
        }
    }

    /// `gap(PER path)`, `rank(PER path)`: what a row is among the others.
    fn window(&mut self, call: &Call, function: &Function, span: Span, here: &PathRef) -> Option<Value> {
        if !self.query.windows {
            return self.report(binding::window_in_condition(call.function.span, function.name));
        }
        let per = match call.arguments.as_slice() {
            [] => None,
            [path] if call.per.is_some() => {
                let value = self.value(path, here)?;
                Some(Box::new(self.single(value, &format!("{}(PER …)", function.name))?))
            }
            _ => return self.report(binding::wrong_arguments(span, function.name, function.form)),
        };
        let Some(at) = self.dated(here) else {
            return self.report(binding::no_dates(call.function.span, function.name, here.noun.noun().name));
        };
        let scalar = match function.kind {
            FunctionKind::Gap => Scalar::Gap { at, per },
            _ => Scalar::Rank { at, per },
        };
        Some(Value { elements: Vec::new(), scalar, span })
    }

    /// `days(a, b)`, `years(a, b)`
    fn elapsed(
        &mut self,
        call: &Call,
        function: &Function,
        unit: Elapsed,
        span: Span,
        here: &PathRef,
    ) -> Option<Value> {
        let [from, to] = call.arguments.as_slice() else {
            return self.report(binding::wrong_arguments(span, function.name, function.form));
        };
        let (from, to) = (self.one_date(from, function, here), self.one_date(to, function, here));
        let (from, to) = (Box::new(from?), Box::new(to?));
        Some(Value { elements: Vec::new(), scalar: Scalar::Elapsed { unit, from, to }, span })
    }

    fn one_date(&mut self, argument: &Expression, function: &Function, here: &PathRef) -> Option<Scalar> {
        if matches!(&argument.kind, ExpressionKind::Text(_) | ExpressionKind::Parameter(_)) || is_date_literal(argument)
        {
            return self.fixed(argument);
        }
        let value = self.value(argument, here)?;
        let scalar = self.single(value, &format!("{}()", function.name))?;
        match self.kind(&scalar) {
            Type::Date => Some(scalar),
            _ => self.report(binding::wrong_arguments(argument.span, function.name, function.form)),
        }
    }

    fn size(&mut self, value: Value, span: Span) -> Option<Value> {
        if value.elements.is_empty() {
            return self.report(binding::wrong_arguments(span, "size", "size(path) with a to-many path"));
        }
        let scalar = Scalar::Size { elements: value.elements, value: Box::new(value.scalar) };
        Some(Value { elements: Vec::new(), scalar, span })
    }

    fn calendar(&mut self, unit: Unit, value: Value, function: &Function, span: Span) -> Option<Value> {
        match self.kind(&value.scalar) {
            Type::Date => Some(Value { scalar: Scalar::Period { unit, date: Box::new(value.scalar) }, span, ..value }),
            _ => self.report(binding::wrong_arguments(span, function.name, function.form)),
        }
    }

    fn on_text(
        &mut self,
        value: Value,
        function: &Function,
        span: Span,
        make: fn(Box<Scalar>) -> Scalar,
    ) -> Option<Value> {
        match self.kind(&value.scalar) {
            Type::Text | Type::Word(_) | Type::Entity(_) => {
                Some(Value { scalar: make(Box::new(value.scalar)), span, ..value })
            }
            other => self.report(binding::not_text(value.span, function.name, &describe(other))),
        }
    }
}

/// A date, or four digits, written out.
pub(super) fn is_date_literal(expression: &Expression) -> bool {
    matches!(&expression.kind, ExpressionKind::Date(_) | ExpressionKind::Integer(_) | ExpressionKind::Today)
}

/// What a type is called in messages.
pub(super) fn describe(kind: Type) -> String {
    match kind {
        Type::Text => "a text".to_string(),
        Type::Integer | Type::Number => "a number".to_string(),
        Type::Range => "a number of days or years".to_string(),
        Type::Boolean => "a yes or no".to_string(),
        Type::Date => "a date".to_string(),
        Type::Period(unit) => format!("a {unit:?}").to_lowercase(),
        Type::Word(vocabulary) => format!("a {}", vocabulary.name),
        Type::Entity(noun) => binding::with_article(noun.noun().singular),
        Type::List => "a list".to_string(),
    }
}
