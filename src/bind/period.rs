//! Dates and periods as written to days: what stands for a date is looked up here.

use super::Binder;
use super::tree::Scalar;
use crate::catalog::NounId;
use crate::diagnostic::binding;
use crate::span::Span;
use crate::syntax::ast::{DateKind, DateLiteral, DatePeriod, Expression, ExpressionKind, Given, Name, Word};
use crate::value::date::{Bounds, Day, DayRange, Edge, VagueDate};

/// A period whose days are known: no edge is an open end.
#[derive(Clone, Debug)]
pub(super) struct Days {
    pub span: Span,
    pub first: Option<Edge>,
    pub last: Option<Edge>,
}

impl Binder<'_> {
    pub(super) fn days_of(&mut self, period: &DatePeriod) -> Option<Days> {
        // A parameter that stands alone may be a whole period.
        if let (Some(DateLiteral { kind: DateKind::Parameter(word), .. }), true) =
            (&period.start, period.start == period.end)
        {
            let given = self.given(word)?;
            let (first, last) = self.given_days(&given, word.span)?;
            return Some(Days { span: period.span, first, last });
        }
        let first = match &period.start {
            Some(literal) => Some(self.edges(literal)?.0),
            None => None,
        };
        let last = match &period.end {
            Some(literal) => Some(self.edges(literal)?.1),
            None => None,
        };
        if let (Some(first), Some(last)) = (first, last)
            && first.min > last.max
        {
            let why = "it would end before it starts";
            return self.report(binding::not_a_date(period.span, &self.text(period.span), why));
        }
        Some(Days { span: period.span, first, last })
    }

    /// The first and the last day of what stands for a date.
    fn edges(&mut self, literal: &DateLiteral) -> Option<(Edge, Edge)> {
        match &literal.kind {
            DateKind::Days { days, .. } => Some((Edge::exact(days.first), Edge::exact(days.last))),
            DateKind::Today => self.today(literal.span).map(|day| (Edge::exact(day), Edge::exact(day))),
            DateKind::Event(name) => self.event(name).map(edges),
            DateKind::Parameter(word) => {
                let given = self.given(word)?;
                match self.given_days(&given, word.span)? {
                    (Some(first), Some(last)) => Some((first, last)),
                    _ => self.report(binding::open_period(word.span, "day on that side")),
                }
            }
        }
    }

    /// The day that AS OF names.
    pub(super) fn today(&mut self, span: Span) -> Option<Day> {
        match self.frame.today {
            Some(day) => Some(day),
            None => self.report(binding::no_today(span)),
        }
    }

    /// The dates of an event that is named where a date is due.
    pub(super) fn event(&mut self, name: &Name) -> Option<Bounds> {
        let word = name.kind.as_ref()?;
        if !word.value.eq_ignore_ascii_case(NounId::Events.noun().singular) {
            return self.report(binding::no_date_of(name.span, &word.value));
        }
        let thing = self.resolve(name, &[NounId::Events])?;
        match self.names.date(thing.id) {
            Ok(bounds) => Some(bounds),
            Err(diagnostic) => self.report(diagnostic),
        }
    }

    /// The value of a parameter.
    pub(super) fn given(&mut self, word: &Word) -> Option<Given> {
        match self.frame.parameters.get(&word.value) {
            Some(given) => Some(given.clone()),
            None => {
                let known: Vec<&str> = self.frame.parameters.keys().map(String::as_str).collect();
                self.report(binding::no_parameter(word.span, &word.value, &known))
            }
        }
    }

    /// The days of a parameter's value: a date, an event, a period.
    fn given_days(&mut self, given: &Given, span: Span) -> Option<(Option<Edge>, Option<Edge>)> {
        if given.kind.is_some() {
            let name = named(given, span);
            let (first, last) = edges(self.event(&name)?);
            return Some((Some(first), Some(last)));
        }
        if given.text.eq_ignore_ascii_case("today") {
            let day = Edge::exact(self.today(span)?);
            return Some((Some(day), Some(day)));
        }
        match self.days_in(&given.text) {
            Ok(days) => Some(days),
            Err(fault) => self.report(binding::not_a_date(span, &given.text, &fault)),
        }
    }

    fn days_in(&self, text: &str) -> Result<(Option<Edge>, Option<Edge>), String> {
        let side = |text: &str| match text.trim() {
            "" => Ok(None),
            text => DayRange::parse(text).map(Some),
        };
        let parsed = match text.split_once("..") {
            Some((first, last)) => side(first).and_then(|first| Ok((first, side(last)?))),
            None => DayRange::parse(text.trim()).map(|days| (Some(days), Some(days))),
        };
        let edges = |(first, last): (Option<DayRange>, Option<DayRange>)| {
            (first.map(|days| Edge::exact(days.first)), last.map(|days| Edge::exact(days.last)))
        };
        match parsed {
            Ok((None, None)) => Err("both ends are open".to_string()),
            Ok((Some(first), Some(last))) if first.first > last.last => {
                Err("it would end before it starts".to_string())
            }
            Ok(days) => Ok(edges(days)),
            Err(fault) => {
                let vague = VagueDate::parse(text).map_err(|_| fault.to_string())?;
                let (first, last) = (vague.bounds.start_min, vague.bounds.end_max);
                Ok((Some(Edge::exact(first)), Some(Edge::exact(last))))
            }
        }
    }

    /// A literal read as a date or a period: a date, four digits, a quoted date, an event, a parameter, today.
    pub(super) fn period(&mut self, literal: &Expression) -> Option<Days> {
        let span = literal.span;
        let whole = |(first, last): (Edge, Edge)| Days { span, first: Some(first), last: Some(last) };
        let text = match &literal.kind {
            ExpressionKind::Date(period) => return self.days_of(period),
            ExpressionKind::Today => return self.today(span).map(|day| whole((Edge::exact(day), Edge::exact(day)))),
            ExpressionKind::Text(name) if name.kind.is_some() => return self.event(name).map(edges).map(whole),
            ExpressionKind::Parameter(word) => {
                let given = self.given(word)?;
                let (first, last) = self.given_days(&given, span)?;
                return Some(Days { span, first, last });
            }
            ExpressionKind::Text(name) => name.text.clone(),
            _ => self.text(span),
        };
        match self.days_in(&text) {
            Ok((first, last)) => Some(Days { span, first, last }),
            Err(fault) => self.report(binding::not_a_date(span, &text, &fault)),
        }
    }

    /// What stands for a date where a value is due: an event, today.
    pub(super) fn fixed(&mut self, literal: &Expression) -> Option<Scalar> {
        let days = self.period(literal)?;
        match (days.first, days.last) {
            (Some(first), Some(last)) => Some(Scalar::Fixed(Bounds {
                start_min: first.min,
                start_max: first.max,
                end_min: last.min,
                end_max: last.max,
            })),
            _ => self.report(binding::open_period(days.span, "end on one side")),
        }
    }

    /// A name, with a parameter's value put in.
    pub(super) fn filled(&mut self, name: &Name) -> Option<Name> {
        if !name.parameter {
            return Some(name.clone());
        }
        let given = self.given(&Word::new(name.text.clone(), name.span))?;
        Some(named(&given, name.span))
    }
}

/// A parameter's value as a name that stands where the parameter does.
pub(super) fn named(given: &Given, span: Span) -> Name {
    Name { span, kind: given.kind.clone(), text: given.text.clone(), text_span: span, quoted: true, parameter: false }
}

fn edges(bounds: Bounds) -> (Edge, Edge) {
    (Edge { min: bounds.start_min, max: bounds.start_max }, Edge { min: bounds.end_min, max: bounds.end_max })
}
