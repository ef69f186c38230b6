//! ASSERT and CONNECT: claims over queries, and chains of meetings.

use super::Binder;
use super::comparison::is_literal;
use super::named;
use super::phrase::PARTIES;
use super::scalar::{describe, is_date_literal};
use super::tree::{
    Asked, BoundAssert, BoundColumn, BoundConnect, BoundQuery, Claim, Measure, MeasureKind, Scalar, Shape, Thing, Type,
};
use crate::catalog::NounId;
use crate::diagnostic::binding;
use crate::span::Span;
use crate::syntax::ast::{Assert, Call, Certainty, CompareOperator, Connect, Expression, ExpressionKind, Query, Word};
use crate::value::date::Bounds;
use crate::value::text::fold;

/// A side of a comparison and what it is.
struct Side {
    measure: Measure,
    kind: Type,
}

impl<'a> Binder<'a> {
    pub(super) fn assert(&mut self, assert: &'a Assert) -> Option<BoundAssert> {
        let claim = self.claim(&assert.claim)?;
        Some(BoundAssert { label: assert.label.as_ref().map(|label| label.value.clone()), claim })
    }

    fn claim(&mut self, expression: &'a Expression) -> Option<Claim> {
        match &expression.kind {
            ExpressionKind::Or(parts) => self.claims(parts).map(Claim::Or),
            ExpressionKind::And(parts) => self.claims(parts).map(Claim::And),
            ExpressionKind::Not(inner) => self.claim(inner).map(not),
            ExpressionKind::Certainty(certainty, inner) => {
                let inner = Box::new(self.claim(inner)?);
                Some(match certainty {
                    Certainty::Possibly => Claim::Possibly(inner),
                    Certainty::Certainly => Claim::Certainly(inner),
                })
            }
            ExpressionKind::Exists { negated, query, .. } => {
                let text = self.text(expression.span);
                let asked = Box::new(self.inside_claim(query)?);
                Some(Claim::Exists { asked, negated: *negated, text })
            }
            ExpressionKind::Compare { operator, operator_span, left, right } => {
                self.compare_measures(*operator, *operator_span, left, right)
            }
            ExpressionKind::Between { negated, value, low, high } => {
                let span = value.span.to(low.span);
                let low = self.compare_measures(CompareOperator::GreaterOrEqual, span, value, low);
                let high = self.compare_measures(CompareOperator::LessOrEqual, span, value, high);
                Some(negate(*negated, Claim::And(vec![low?, high?])))
            }
            ExpressionKind::InList { negated, value, list } => {
                let parts: Vec<Option<Claim>> = list
                    .iter()
                    .map(|item| self.compare_measures(CompareOperator::Equal, item.span, value, item))
                    .collect();
                let parts: Option<Vec<Claim>> = parts.into_iter().collect();
                Some(negate(*negated, Claim::Or(parts?)))
            }
            _ => {
                let text = self.text(expression.span);
                self.report(binding::not_a_claim(expression.span, &text))
            }
        }
    }

    fn claims(&mut self, parts: &'a [Expression]) -> Option<Vec<Claim>> {
        let bound: Vec<Option<Claim>> = parts.iter().map(|part| self.claim(part)).collect();
        bound.into_iter().collect()
    }

    /// A query in brackets that a claim rests on: what LIMIT cuts off would be missing from the verdict.
    fn inside_claim(&mut self, query: &'a Query) -> Option<Asked> {
        if let Some(limit) = &query.limit {
            return self.report(binding::limit_in_claim(limit.span));
        }
        if let Some(across) = &query.across {
            return self.report(binding::across_in_claim(across.span));
        }
        if let Some(span) = query.chart {
            return self.report(binding::chart_inside(span));
        }
        let bound = self.query(query)?;
        let columns = self.default_columns(&self.own_row(), query.noun.span);
        Some(Asked { query: bound, shown: columns.into_iter().flatten().collect() })
    }

    fn compare_measures(
        &mut self,
        operator: CompareOperator,
        operator_span: Span,
        left: &'a Expression,
        right: &'a Expression,
    ) -> Option<Claim> {
        if is_literal(left) && !is_literal(right) {
            return self.compare_measures(operator.mirrored(), operator_span, right, left);
        }
        if is_literal(left) && is_literal(right) {
            let (one, other) = (self.text(left.span), self.text(right.span));
            return self.report(binding::two_literals(left.span.to(right.span), &one, &other));
        }
        let left = self.side(left);
        if !is_literal(right) {
            let right_side = self.side(right);
            return self.two_sides(operator, operator_span, left?, right_side?, right.span);
        }
        let Side { measure, kind } = left?;
        let text = self.text(right.span);
        let right = match (kind, &right.kind) {
            (Type::Date, _) => {
                let days = self.period(right)?;
                let claim = Claim::Date {
                    relation: operator.on_dates(),
                    date: measure,
                    first: days.first,
                    last: days.last,
                    text,
                };
                return Some(negate(operator == CompareOperator::NotEqual, claim));
            }
            (Type::Integer | Type::Number | Type::Range, _) => {
                Measure { kind: MeasureKind::Number(self.number_of(right)?), text }
            }
            (Type::Entity(noun), _) => {
                self.equality_only(operator, operator_span, noun.noun().singular)?;
                let thing = self.named_thing(noun, right)?;
                Measure { kind: MeasureKind::Name(thing.label), text }
            }
            (Type::Word(vocabulary), ExpressionKind::Text(name)) => {
                self.equality_only(operator, operator_span, vocabulary.name)?;
                Measure { kind: MeasureKind::Name(self.word(name, vocabulary)?), text }
            }
            (Type::Text, ExpressionKind::Text(name)) => Measure { kind: MeasureKind::Text(name.text.clone()), text },
            (Type::Boolean, ExpressionKind::Text(name)) if matches!(fold(&name.text).as_str(), "yes" | "no") => {
                self.equality_only(operator, operator_span, "a yes or no")?;
                Measure { kind: MeasureKind::Text(fold(&name.text)), text }
            }
            (kind, _) => return self.report(binding::not_comparable(right.span, &describe(kind), &text)),
        };
        Some(Claim::Compare { operator, left: measure, right })
    }

    fn two_sides(
        &mut self,
        operator: CompareOperator,
        operator_span: Span,
        left: Side,
        right: Side,
        span: Span,
    ) -> Option<Claim> {
        let number = |kind: Type| matches!(kind, Type::Integer | Type::Number | Type::Range);
        let fits = match (left.kind, right.kind) {
            (a, b) if number(a) && number(b) => true,
            (Type::Date, Type::Date) | (Type::Text, Type::Text) => true,
            (Type::Period(a), Type::Period(b)) => a == b,
            (Type::Entity(a), Type::Entity(b)) if a == b => {
                self.equality_only(operator, operator_span, a.noun().singular)?;
                true
            }
            // A participant's value is its leader, or its country.
            (Type::Entity(a), Type::Entity(b)) if stand_for(a, b) || stand_for(b, a) => {
                self.equality_only(operator, operator_span, a.noun().singular)?;
                true
            }
            (Type::Word(a), Type::Word(b)) if a == b => {
                self.equality_only(operator, operator_span, a.name)?;
                true
            }
            _ => false,
        };
        if !fits {
            let (a, b) = (describe(left.kind), describe(right.kind));
            return self.report(binding::not_comparable(span, &a, &b));
        }
        Some(Claim::Compare { operator, left: left.measure, right: right.measure })
    }

    fn equality_only(&mut self, operator: CompareOperator, span: Span, what: &str) -> Option<()> {
        match operator {
            CompareOperator::Equal | CompareOperator::NotEqual => Some(()),
            _ => self.report(binding::no_order(span, &binding::with_article(what))),
        }
    }

    /// The thing that a literal names.
    fn named_thing(&mut self, noun: NounId, literal: &Expression) -> Option<Thing> {
        let name = match &literal.kind {
            ExpressionKind::Text(name) => name.clone(),
            ExpressionKind::Parameter(word) => {
                let given = self.given(word)?;
                super::period::named(&given, literal.span)
            }
            _ => {
                let text = self.text(literal.span);
                return self.report(binding::not_comparable(literal.span, &describe(Type::Entity(noun)), &text));
            }
        };
        match noun {
            NounId::Participants => self.resolve(&name, &[NounId::Leaders, NounId::Countries]),
            noun if noun.noun().named => self.resolve(&name, &[noun]),
            noun => self.report(binding::nameless_noun(name.span, noun.noun().name)),
        }
    }

    fn number_of(&mut self, literal: &Expression) -> Option<f64> {
        match &literal.kind {
            ExpressionKind::Integer(number) => Some(*number as f64),
            ExpressionKind::Number(number) => Some(*number),
            ExpressionKind::Negative(inner) => self.number_of(inner).map(|number| -number),
            ExpressionKind::Parameter(word) => {
                let given = self.given(word)?;
                let number = given.text.parse::<f64>().ok().filter(|number| number.is_finite());
                number.or_else(|| {
                    self.report(binding::not_a_number(literal.span, &format!("the value '{}'", given.text)))
                })
            }
            _ => {
                let text = self.text(literal.span);
                self.report(binding::not_comparable(literal.span, "a number", &text))
            }
        }
    }

    fn side(&mut self, expression: &'a Expression) -> Option<Side> {
        let text = self.text(expression.span);
        let made = |kind, of| Some(Side { measure: Measure { text: text.clone(), kind }, kind: of });
        match &expression.kind {
            ExpressionKind::CountOf { function, query } => {
                if !function.value.eq_ignore_ascii_case("count") {
                    return self.report(binding::only_count(function.span, &function.value));
                }
                let query = self.inside_claim(query)?;
                made(MeasureKind::Count(Box::new(query)), Type::Integer)
            }
            ExpressionKind::Answer(query) => {
                let bound = self.inside_claim(query)?;
                let kind = match only_column(&bound.query) {
                    Some(column) => column_kind(column, &bound.query),
                    None => return self.report(binding::one_column(expression.span)),
                };
                made(MeasureKind::Answer(Box::new(bound)), kind)
            }
            ExpressionKind::Call(call) => self.elapsed_sides(call, expression.span, text.clone()),
            ExpressionKind::Integer(_) | ExpressionKind::Number(_) => {
                let number = self.number_of(expression)?;
                made(MeasureKind::Number(number), Type::Number)
            }
            ExpressionKind::Negative(inner) => {
                let inner = self.numeric_side(inner)?;
                made(MeasureKind::Negative(Box::new(inner)), Type::Number)
            }
            ExpressionKind::Arithmetic { operator, left, right } => {
                let (left, right) = (self.numeric_side(left), self.numeric_side(right));
                let (left, right) = (Box::new(left?), Box::new(right?));
                made(MeasureKind::Arithmetic { operator: *operator, left, right }, Type::Number)
            }
            ExpressionKind::Parameter(_) => {
                let number = self.number_of(expression)?;
                made(MeasureKind::Number(number), Type::Number)
            }
            _ => self.report(binding::not_a_measure(expression.span, &text)),
        }
    }

    fn numeric_side(&mut self, expression: &'a Expression) -> Option<Measure> {
        let side = self.side(expression)?;
        match side.kind {
            Type::Integer | Type::Number | Type::Range => Some(side.measure),
            other => self.report(binding::not_a_number(expression.span, &describe(other))),
        }
    }

    /// `days((SELECT …), 2024-07-03)`
    fn elapsed_sides(&mut self, call: &'a Call, span: Span, text: String) -> Option<Side> {
        use super::functions::FunctionKind;
        let function = self.function(call)?;
        let (FunctionKind::Elapsed(unit), [from, to]) = (function.kind, call.arguments.as_slice()) else {
            return self.report(binding::not_a_measure(span, &text));
        };
        let (from, to) = (self.dated_side(from), self.dated_side(to));
        let (from, to) = (Box::new(from?), Box::new(to?));
        let measure = Measure { text, kind: MeasureKind::Elapsed { unit, from, to } };
        Some(Side { measure, kind: Type::Range })
    }

    fn dated_side(&mut self, expression: &'a Expression) -> Option<Measure> {
        let literal = matches!(&expression.kind, ExpressionKind::Text(_) | ExpressionKind::Parameter(_));
        if literal || is_date_literal(expression) {
            let Scalar::Fixed(bounds) = self.fixed(expression)? else { return None };
            return Some(dated(self.text(expression.span), bounds));
        }
        let side = self.side(expression)?;
        match side.kind {
            Type::Date => Some(side.measure),
            other => self.report(binding::not_comparable(expression.span, &describe(other), "a date")),
        }
    }

    /// The query that LET gives a name is bound only to find its mistakes.
    pub(super) fn let_query(&mut self, name: &Word, query: &'a Query) -> Option<String> {
        if let Some(diagnostic) = named::refused(name, query) {
            return self.report(diagnostic);
        }
        let bound = self.query(query)?;
        Some(format!("{} stands for {}", name.value, super::sentence::sentence(&bound)))
    }

    pub(super) fn connect(&mut self, connect: &'a Connect) -> Option<BoundConnect> {
        let people = &PARTIES[..2];
        let (from, to) = (self.resolve(&connect.from, people), self.resolve(&connect.to, people));
        let noun = Word::new(NounId::Meetings.noun().name.to_string(), connect.span);
        let mut query = Query::of(noun);
        query.phrases.clone_from(&connect.phrases);
        query.cite = connect.cite;
        let meetings = self.unshown(&query);
        Some(BoundConnect { from: from?, to: to?, meetings: meetings?, rising: connect.rising.is_some() })
    }
}

const fn stand_for(one: NounId, other: NounId) -> bool {
    matches!((one, other), (NounId::Participants, NounId::Leaders | NounId::Countries))
}

fn dated(text: String, bounds: Bounds) -> Measure {
    Measure { text, kind: MeasureKind::Date(bounds) }
}

fn only_column(query: &BoundQuery) -> Option<&BoundColumn> {
    let columns = match &query.shape {
        Shape::Rows { columns } => columns,
        Shape::Groups(groups) => &groups.columns,
    };
    match columns.as_slice() {
        [only] => Some(only),
        _ => None,
    }
}

/// What the values of a column are; of a list, what its elements are.
fn column_kind(column: &BoundColumn, query: &BoundQuery) -> Type {
    let groups = match &query.shape {
        Shape::Groups(groups) => Some(groups.as_ref()),
        Shape::Rows { .. } => None,
    };
    match &column.value {
        Scalar::List { value, .. } => value.kind(groups),
        Scalar::Aggregate(at) => match groups.and_then(|groups| groups.aggregates.get(*at)) {
            Some(super::tree::Aggregate::List { value, .. }) => value.kind(groups),
            _ => column.value.kind(groups),
        },
        value => value.kind(groups),
    }
}

fn not(claim: Claim) -> Claim {
    Claim::Not(Box::new(claim))
}

fn negate(negated: bool, claim: Claim) -> Claim {
    if negated { not(claim) } else { claim }
}
