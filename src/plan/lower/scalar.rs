//! Values of rows: what is compared, what is shown, what is sorted by, and when a missing value is an unknown one.

use super::interval::Interval;
use super::{Lowerer, Mode};
use crate::bind::tree::{Element, PathRef, Scalar, Type};
use crate::catalog::{Absent, NounId};
use crate::plan::tree::Parameter;
use crate::plan::tree::{Block, Source, Truth, Value};
use crate::syntax::ast::ArithmeticOperator;
use crate::value::period::Unit;
use crate::value::text::fold;

/// A value to compare with, and the condition under which its absence means "not known".
#[derive(Clone, Debug)]
pub(super) struct Lowered {
    pub value: Value,
    pub unknown: Truth,
}

impl Lowered {
    fn known(value: Value) -> Lowered {
        Lowered { value, unknown: Truth::False }
    }

    /// A comparison with this value: where it is not known, possible.
    pub(super) fn decided(&self, mode: Mode, truth: Truth) -> Truth {
        match mode {
            Mode::Certain => truth,
            Mode::Possible => Truth::any([truth, self.unknown.clone()]),
        }
    }

    fn map(self, make: impl FnOnce(Value) -> Value) -> Lowered {
        Lowered { value: make(self.value), unknown: self.unknown }
    }
}

impl Lowerer<'_> {
    /// A value to compare with another of its type (dates are compared by their bounds instead).
    pub(super) fn scalar(&mut self, scalar: &Scalar) -> Lowered {
        match scalar {
            Scalar::Attribute { at, attribute } => {
                let value = Value::column(self.at(at), attribute.0.name);
                let unknown = self.attribute_unknown(at, attribute.0.absent, &value);
                Lowered { value, unknown }
            }
            Scalar::Entity(at) => self.entity(at),
            Scalar::When(_) | Scalar::Fixed(_) => {
                let date = self.date(scalar);
                Lowered { unknown: Truth::Missing(date.text.clone()), value: date.text }
            }
            Scalar::Elapsed { .. } | Scalar::Gap { .. } => {
                // Where one number is wanted, one that is vague is not known.
                let Some(Interval { low, high, unknown }) = self.range(scalar) else {
                    return Lowered { value: Value::Null, unknown: Truth::True };
                };
                let vague = Truth::compare("<>", low.clone(), high.clone());
                let value = low.clone().only_if(Truth::equal(low, high));
                Lowered { value, unknown: Truth::any([unknown, vague]) }
            }
            Scalar::Rank { .. } => Lowered::known(self.rank(scalar)),
            Scalar::Text(text) => Lowered::known(Value::text(text.clone())),
            Scalar::Integer(number) => Lowered::known(Value::integer(*number)),
            Scalar::Number(number) => Lowered::known(Value::Bound(Parameter::Real(*number))),
            Scalar::Period { unit, date } => {
                let (low, high) = self.period_bounds(*unit, date);
                let there = Truth::Missing(self.date(date).text).negated();
                let value = low.clone().only_if(Truth::all([there, Truth::equal(low, high)]));
                Lowered { unknown: Truth::Missing(value.clone()), value }
            }
            Scalar::Length(inner) => self.function("bilat_length", inner),
            Scalar::Lower(inner) => self.function("bilat_lower", inner),
            Scalar::Upper(inner) => self.function("bilat_upper", inner),
            Scalar::Negative(inner) => self.scalar(inner).map(|value| Value::Negative(Box::new(value))),
            Scalar::Arithmetic { operator, left, right } => self.arithmetic(*operator, left, right),
            Scalar::Size { elements, value } => Lowered::known(self.size(elements, value)),
            Scalar::List { elements, value } => Lowered::known(self.list(elements, value)),
            Scalar::Key(_) | Scalar::Aggregate(_) => Lowered { value: Value::Null, unknown: Truth::True },
        }
    }

    /// The same for texts that are compared without case and accents.
    pub(super) fn comparable(&mut self, scalar: &Scalar, folded: bool) -> Lowered {
        match scalar {
            Scalar::Text(text) if folded => Lowered::known(Value::text(fold(text))),
            _ if folded => {
                let shown = self.shown(scalar);
                self.scalar(scalar).map(|_| Value::Call("bilat_fold", vec![shown]))
            }
            _ => self.scalar(scalar),
        }
    }

    /// The value as it is shown: a row by its label, a date by its text.
    pub(super) fn shown(&mut self, scalar: &Scalar) -> Value {
        match scalar {
            Scalar::Entity(at) => Value::column(self.at(at), "label"),
            Scalar::When(_) | Scalar::Fixed(_) => self.date(scalar).text,
            _ => self.scalar(scalar).value,
        }
    }

    /// What rows are sorted by; each part with nothing in it last.
    pub(super) fn sorted(&mut self, scalar: &Scalar) -> Vec<Value> {
        match scalar.kind(None) {
            Type::Date => {
                let date = self.date(scalar);
                let missing = Truth::Missing(date.text);
                let there = missing.clone().negated();
                let bounds = [date.start_min, date.end_max].map(|day| day.only_if(there.clone()));
                std::iter::once(Value::Truth(Box::new(missing))).chain(bounds).collect()
            }
            Type::Range => {
                let (low, high) =
                    self.range(scalar).map_or((Value::Null, Value::Null), |range| (range.low, range.high));
                vec![Value::Truth(Box::new(Truth::Missing(low.clone()))), low, high]
            }
            Type::Text | Type::Entity(_) | Type::Word(_) => {
                let shown = self.shown(scalar);
                let missing = Value::Truth(Box::new(Truth::Missing(shown.clone())));
                vec![missing, Value::Call("bilat_fold", vec![shown.clone()]), shown]
            }
            _ => {
                let value = self.scalar(scalar).value;
                vec![Value::Truth(Box::new(Truth::Missing(value.clone()))), value]
            }
        }
    }

    fn entity(&mut self, at: &PathRef) -> Lowered {
        let unknown = self.path_unknown(at);
        if at.noun != NounId::Participants {
            return Lowered { value: self.id(at), unknown };
        }
        // A participant counts as its leader, or its country where the leader is not known.
        let alias = self.at(at);
        let leader = doubled(Value::column(alias, "leader_id"));
        let country = doubled(Value::column(alias, "country_id"));
        let country = Value::Operation("+", Box::new(country), Box::new(Value::Number(1)));
        Lowered { value: Value::Call("coalesce", vec![leader, country]), unknown }
    }

    /// The path ends nowhere, and that means that the row it would lead to is not known.
    pub(super) fn path_unknown(&mut self, at: &PathRef) -> Truth {
        let mut unknown = Truth::False;
        for (position, step) in at.steps.iter().enumerate() {
            if step.link.absent != Absent::Unknown {
                continue;
            }
            let before = PathRef { steps: at.steps[..position].to_vec(), ..at.clone() };
            let here = PathRef { steps: at.steps[..=position].to_vec(), ..at.clone() };
            let missing = Truth::Missing(self.id(&here));
            let present = self.present(&before);
            unknown = Truth::any([unknown, Truth::all([present, missing])]);
        }
        unknown
    }

    /// There is a row at the end of the path.
    fn present(&mut self, at: &PathRef) -> Truth {
        if at.steps.iter().all(|step| step.link.absent == Absent::Never) {
            return Truth::True;
        }
        Truth::Missing(self.id(at)).negated()
    }

    fn attribute_unknown(&mut self, at: &PathRef, absent: Absent, value: &Value) -> Truth {
        let path = self.path_unknown(at);
        if absent != Absent::Unknown {
            return path;
        }
        let present = self.present(at);
        Truth::any([path, Truth::all([present, Truth::Missing(value.clone())])])
    }

    /// The unit's number of the first possible and of the last possible first day.
    pub(super) fn period_bounds(&mut self, unit: Unit, date: &Scalar) -> (Value, Value) {
        let date = self.date(date);
        let number = |day| Value::Call("bilat_period", vec![Value::Number(unit as i64), day]);
        if unit != Unit::Weekday {
            return (number(date.start_min), number(date.start_max));
        }
        // Weekdays come round: of two different days nothing can be said.
        let exact = Truth::equal(date.start_min.clone(), date.start_max);
        let or =
            |other| Value::Case(vec![(exact.clone(), number(date.start_min.clone()))], Box::new(Value::Number(other)));
        (or(1), or(7))
    }

    fn function(&mut self, name: &'static str, inner: &Scalar) -> Lowered {
        let shown = self.shown(inner);
        self.scalar(inner).map(|_| Value::Call(name, vec![shown]))
    }

    fn arithmetic(&mut self, operator: ArithmeticOperator, left: &Scalar, right: &Scalar) -> Lowered {
        let (a, b) = (self.scalar(left), self.scalar(right));
        let unknown = Truth::any([a.unknown, b.unknown]);
        Lowered { value: operation(operator, a.value, b.value), unknown }
    }

    fn size(&mut self, elements: &[Element], value: &Scalar) -> Value {
        let reached = self.begin_elements(elements, Mode::Certain);
        let identity = self.identity(value);
        let block = self.end().filter(reached).columns(vec![Value::count_distinct(identity)]);
        Value::Block(Box::new(block))
    }

    /// What makes two values the same one: rows by their identity, dates by their text, ranges by both ends.
    pub(super) fn identity(&mut self, value: &Scalar) -> Value {
        match value.kind(None) {
            Type::Date => self.shown(value),
            Type::Range => self.range(value).map_or(Value::Null, |range| {
                let low = Value::Operation("||", Box::new(range.low), Box::new(Value::text("..")));
                Value::Operation("||", Box::new(low), Box::new(range.high))
            }),
            _ => self.scalar(value).value,
        }
    }

    /// An element of a list as it is shown: of a range both ends.
    pub(super) fn listed(&mut self, value: &Scalar) -> Value {
        if value.kind(None) == Type::Range { self.identity(value) } else { self.shown(value) }
    }

    /// The different values behind to-many steps, in the order of their rows, as a JSON array.
    pub(super) fn list(&mut self, elements: &[Element], value: &Scalar) -> Value {
        let reached = self.begin_elements(elements, Mode::Certain);
        let shown = self.listed(value);
        let identity = self.identity(value);
        let order = self.element_order(elements);
        let block = self.end().filter(reached);
        self.json_list(block, shown, identity, order)
    }

    /// Rows of a block, each different value once, as a JSON array.
    pub(super) fn json_list(&mut self, mut block: Block, shown: Value, identity: Value, order: Vec<Value>) -> Value {
        block.columns = vec![shown];
        block.group = vec![identity];
        block.order = order.into_iter().map(|value| (Value::aggregate("min", value), false)).collect();
        let alias = self.alias();
        let mut list = Block::new(Source::Block(Box::new(block)), alias);
        list.columns = vec![Value::aggregate("json_group_array", Value::at(alias, 0))];
        Value::Block(Box::new(list))
    }

    /// Places of a visit stand in the order of the visit; everything else in the order of its rows.
    fn element_order(&mut self, elements: &[Element]) -> Vec<Value> {
        let Some(last) = elements.last() else { return Vec::new() };
        let id = Value::column(self.row(last.row).1, "id");
        let via = last.link().zip(last.base()).map(|(link, base)| (link.via, base));
        match via {
            Some((crate::catalog::Via::List { table: table @ "visit_places", from, to }, base)) => {
                let base = self.id(base);
                let pair = self.begin(Source::Table(table));
                let same = Truth::all([
                    Truth::equal(Value::column(pair, from), base),
                    Truth::equal(Value::column(pair, to), id.clone()),
                ]);
                let block = self.end().filter(same).columns(vec![Value::column(pair, "position")]);
                vec![Value::Block(Box::new(block)), id]
            }
            _ => vec![id],
        }
    }
}

fn doubled(value: Value) -> Value {
    Value::Operation("*", Box::new(value), Box::new(Value::Number(2)))
}

/// Numbers divide exactly; by nothing they give nothing.
pub(super) fn operation(operator: ArithmeticOperator, left: Value, right: Value) -> Value {
    match operator {
        ArithmeticOperator::Plus => Value::Operation("+", Box::new(left), Box::new(right)),
        ArithmeticOperator::Minus => Value::Operation("-", Box::new(left), Box::new(right)),
        ArithmeticOperator::Times => Value::Operation("*", Box::new(left), Box::new(right)),
        ArithmeticOperator::Divide => {
            let one = Value::Bound(Parameter::Real(1.0));
            let exact = Value::Operation("*", Box::new(left), Box::new(one));
            Value::Operation("/", Box::new(exact), Box::new(right))
        }
    }
}
