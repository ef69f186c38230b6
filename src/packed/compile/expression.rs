//! Values and conditions of a plan to nodes.

use super::super::Failure;
use super::super::column::NOTHING;
use super::super::program::{Comparison, Condition, Node, NodeId, TruthId};
use super::super::rows::Values;
use super::{Binding, Compiler, Kind};
use crate::catalog::ddl::Storage;
use crate::plan::tree::{Alias, Name, Parameter, Truth, Value};
use crate::value::date::{OPEN_FUTURE, OPEN_PAST};
use crate::value::period::Unit;
use std::sync::Arc;

/// A value, or a text of the query, which is compared with the texts of a column.
enum Typed<'b> {
    Node(NodeId),
    Literal(&'b str),
}

/// No text has this place.
const NO_PLACE: i64 = -1;

impl<'b> Compiler<'b, '_> {
    pub(super) fn node(&mut self, node: Node, kind: Kind, slots: u64) -> NodeId {
        if let Some(known) = self.program.nodes.iter().position(|known| known.is(&node)) {
            return known;
        }
        self.program.nodes.push(node);
        self.kinds.push(kind);
        self.node_slots.push(slots);
        self.program.nodes.len() - 1
    }

    fn constant(&mut self, number: i64) -> NodeId {
        self.node(Node::Constant(number), Kind::Number, 0)
    }

    pub(super) fn row(&mut self, slot: usize) -> NodeId {
        self.node(Node::Row(slot), Kind::Number, 1 << slot)
    }

    pub(super) fn value(&mut self, value: &'b Value) -> Result<NodeId, Failure> {
        match self.typed(value)? {
            Typed::Node(node) => Ok(node),
            Typed::Literal(_) => Err(Failure::Unfit("a text of the query")),
        }
    }

    fn typed(&mut self, value: &'b Value) -> Result<Typed<'b>, Failure> {
        let node = match value {
            Value::Null => {
                let node = Node::Constant(NOTHING);
                self.node(node, Kind::Nothing, 0)
            }
            Value::Number(NOTHING) | Value::Bound(Parameter::Integer(NOTHING)) => {
                return Err(Failure::Unfit("a number that stands for nothing"));
            }
            Value::Number(number) | Value::Bound(Parameter::Integer(number)) => self.constant(*number),
            Value::Bound(Parameter::Text(text)) => return Ok(Typed::Literal(text)),
            Value::Column(alias, name) => self.column(*alias, name)?,
            Value::Operation(symbol, a, b) => {
                let (a, b) = (self.number(a)?, self.number(b)?);
                let slots = self.slots_of(a) | self.slots_of(b);
                let node = match *symbol {
                    "+" => Node::Plus(a, b),
                    "-" => Node::Minus(a, b),
                    "*" => Node::Times(a, b),
                    _ => return Err(Failure::Unfit("an operation")),
                };
                self.node(node, Kind::Number, slots)
            }
            Value::Negative(inner) => {
                let (zero, inner) = (self.constant(0), self.number(inner)?);
                let slots = self.slots_of(inner);
                self.node(Node::Minus(zero, inner), Kind::Number, slots)
            }
            Value::Case(cases, otherwise) => self.case(cases, otherwise)?,
            Value::Call(function, parts) => self.call(function, parts)?,
            Value::Truth(truth) => {
                let condition = self.truth(truth)?;
                let slots = self.condition_slots[condition];
                self.node(Node::OfTruth(condition), Kind::Number, slots)
            }
            Value::Block(block) => self.scalar(block)?,
            _ => return Err(Failure::Unfit("a value")),
        };
        Ok(Typed::Node(node))
    }

    /// A value that is a number.
    fn number(&mut self, value: &'b Value) -> Result<NodeId, Failure> {
        let node = self.value(value)?;
        match self.kind(node) {
            Kind::Number | Kind::Nothing => Ok(node),
            _ => Err(Failure::Unfit("a text in an operation")),
        }
    }

    fn column(&mut self, alias: Alias, name: &'b Name) -> Result<NodeId, Failure> {
        let Some(binding) = self.scope.get(&alias).cloned() else { return Err(Failure::Unfit("an alias")) };
        match (binding, name) {
            (Binding::Table { slot, table }, Name::Of(name)) => {
                if table.key == 0 && name == "id" {
                    return Ok(self.row(slot));
                }
                let Some(known) = table.columns.iter().find(|column| column.name == *name) else {
                    return Err(Failure::Unfit("no column"));
                };
                let storage = known.storage;
                let column = self.data.column(table.name, name)?;
                let kind = match (storage, &column.texts) {
                    (Storage::Text, Some(texts)) => Kind::Text(Arc::clone(texts)),
                    (Storage::Text, None) => Kind::Presence,
                    _ => Kind::Number,
                };
                Ok(self.node(Node::Load(slot, column), kind, 1 << slot))
            }
            (Binding::Pair { first, second }, Name::Of(name)) => self.pair(first, second, name),
            (Binding::Inline(columns), Name::At(at)) => match columns.get(*at) {
                Some(value) => self.value(value),
                None => Err(Failure::Unfit("no column")),
            },
            (Binding::Own { slot, rows, kinds }, Name::At(at)) => {
                let kind = kinds.get(*at).cloned().unwrap_or(Kind::Nothing);
                let values = match rows.columns.get(*at) {
                    Some(Values::Numbers(values) | Values::Texts(values, _)) => Arc::clone(values),
                    _ => return Err(Failure::Unfit("a column that is not there")),
                };
                Ok(self.node(Node::Own(slot, values), kind, 1 << slot))
            }
            _ => Err(Failure::Unfit("a column of another kind")),
        }
    }

    /// What the query of pairs in the catalogue gives.
    pub(super) fn pair(&mut self, first: usize, second: usize, name: &str) -> Result<NodeId, Failure> {
        match name {
            "first_id" => Ok(self.row(first)),
            "second_id" => Ok(self.row(second)),
            "meeting_id" => {
                let column = self.data.column("participants", "meeting_id")?;
                Ok(self.node(Node::Load(first, column), Kind::Number, 1 << first))
            }
            "id" => {
                let (shift, first, second) = (self.constant(1 << 32), self.row(first), self.row(second));
                let slots = self.slots_of(first) | self.slots_of(second);
                let high = self.node(Node::Times(first, shift), Kind::Number, slots);
                Ok(self.node(Node::Plus(high, second), Kind::Number, slots))
            }
            _ => Err(Failure::Unfit("a pair's text")),
        }
    }

    fn case(&mut self, cases: &'b [(Truth, Value)], otherwise: &'b Value) -> Result<NodeId, Failure> {
        let otherwise = self.value(otherwise)?;
        let mut slots = self.slots_of(otherwise);
        let mut kind = self.kind(otherwise);
        let mut made = Vec::new();
        for (condition, then) in cases {
            let (condition, then) = (self.truth(condition)?, self.value(then)?);
            slots |= self.condition_slots[condition] | self.slots_of(then);
            kind = joined(kind, self.kind(then))?;
            made.push((condition, then));
        }
        Ok(self.node(Node::Case(made, otherwise), kind, slots))
    }

    fn call(&mut self, function: &str, parts: &'b [Value]) -> Result<NodeId, Failure> {
        if let ("bilat_period", [Value::Number(unit), day]) = (function, parts) {
            let unit = [Unit::Year, Unit::Quarter, Unit::Month, Unit::Week, Unit::Weekday]
                .into_iter()
                .find(|known| *known as i64 == *unit)
                .ok_or(Failure::Unfit("a unit"))?;
            let day = self.number(day)?;
            let slots = self.slots_of(day);
            return Ok(self.node(Node::Period(unit, day), Kind::Number, slots));
        }
        let mut nodes = Vec::new();
        let (mut slots, mut kind) = (0, Kind::Nothing);
        for part in parts {
            let node = self.value(part)?;
            slots |= self.slots_of(node);
            kind = joined(kind, self.kind(node))?;
            nodes.push(node);
        }
        let numbers = matches!(kind, Kind::Number | Kind::Nothing);
        let node = match (function, nodes.as_slice()) {
            ("coalesce", _) => Node::Coalesce(nodes),
            ("min", [_, _, ..]) if numbers => Node::Least(nodes),
            ("max", [_, _, ..]) if numbers => Node::Greatest(nodes),
            ("bilat_years", [from, to]) if numbers => Node::Years(*from, *to),
            _ => return Err(Failure::Unfit("a function")),
        };
        Ok(self.node(node, kind, slots))
    }

    pub(super) fn truth(&mut self, truth: &'b Truth) -> Result<TruthId, Failure> {
        match truth {
            Truth::True => Ok(self.fixed(true)),
            Truth::False => Ok(self.fixed(false)),
            Truth::And(parts) | Truth::Or(parts) => {
                let all: Vec<TruthId> = parts.iter().map(|part| self.truth(part)).collect::<Result<_, Failure>>()?;
                let slots = all.iter().fold(0, |slots, part| slots | self.condition_slots[*part]);
                let condition = if matches!(truth, Truth::And(_)) { Condition::And(all) } else { Condition::Or(all) };
                Ok(self.condition(condition, slots))
            }
            Truth::Not(inner) => {
                let inner = self.truth(inner)?;
                let slots = self.condition_slots[inner];
                Ok(self.condition(Condition::Not(inner), slots))
            }
            Truth::Compare(symbol, a, b) => {
                let comparison = comparison(symbol)?;
                let ordered = !matches!(comparison, Comparison::Equal | Comparison::Different);
                let (a, b) = self.both(a, b, ordered)?;
                Ok(self.compared(comparison, a, b))
            }
            Truth::Same(a, b) => {
                let (a, b) = self.both(a, b, false)?;
                let slots = self.slots_of(a) | self.slots_of(b);
                Ok(self.condition(Condition::Same(a, b), slots))
            }
            Truth::Missing(value) => {
                let node = match self.typed(value)? {
                    Typed::Node(node) => node,
                    Typed::Literal(_) => return Ok(self.fixed(false)),
                };
                let slots = self.slots_of(node);
                Ok(self.condition(Condition::Missing(node), slots))
            }
            Truth::In(value, list) => self.in_list(value, list),
            Truth::InBlock(value, block) => self.semi(block, Some(value)),
            Truth::Exists(block) => self.semi(block, None),
        }
    }

    pub(super) fn compared(&mut self, comparison: Comparison, a: NodeId, b: NodeId) -> TruthId {
        let slots = self.slots_of(a) | self.slots_of(b);
        self.condition(Condition::Compare(comparison, a, b), slots)
    }

    /// Both sides of a comparison: a text of the query becomes its place among the other's texts.
    fn both(&mut self, a: &'b Value, b: &'b Value, ordered: bool) -> Result<(NodeId, NodeId), Failure> {
        let (a, b) = match (self.typed(a)?, self.typed(b)?) {
            (Typed::Node(a), Typed::Node(b)) => (a, b),
            (Typed::Node(a), Typed::Literal(text)) if !ordered => return Ok((a, self.place(a, text)?)),
            (Typed::Literal(text), Typed::Node(b)) if !ordered => return Ok((self.place(b, text)?, b)),
            _ => return Err(Failure::Unfit("texts of the query")),
        };
        match (self.kind(a), self.kind(b)) {
            (Kind::Presence | Kind::Real, _) | (_, Kind::Presence | Kind::Real) => {
                Err(Failure::Unfit("such a comparison"))
            }
            (x, y) => joined(x, y).map(|_| (a, b)),
        }
    }

    /// The place of a text among those of a node; texts that it does not have are all alike.
    fn place(&mut self, of: NodeId, text: &str) -> Result<NodeId, Failure> {
        let Kind::Text(texts) = self.kind(of) else { return Err(Failure::Unfit("a text beside no text")) };
        let place = texts.binary_search_by(|known| known.as_str().cmp(text)).ok();
        let number = place.and_then(|place| i64::try_from(place).ok()).unwrap_or(NO_PLACE);
        Ok(self.constant(number))
    }

    fn in_list(&mut self, value: &'b Value, list: &'b [Value]) -> Result<TruthId, Failure> {
        let value = self.value(value)?;
        if matches!(self.kind(value), Kind::Presence | Kind::Real) {
            return Err(Failure::Unfit("such a list"));
        }
        let mut numbers = Vec::new();
        for item in list {
            numbers.push(match (item, self.kind(value)) {
                (Value::Number(number) | Value::Bound(Parameter::Integer(number)), Kind::Number) => *number,
                (Value::Bound(Parameter::Text(text)), Kind::Text(texts)) => {
                    match texts.binary_search_by(|known| known.as_str().cmp(text)) {
                        Ok(place) => i64::try_from(place).unwrap_or(NO_PLACE),
                        Err(_) => NO_PLACE,
                    }
                }
                _ => return Err(Failure::Unfit("such a list")),
            });
        }
        numbers.sort_unstable();
        let slots = self.slots_of(value);
        Ok(self.condition(Condition::In(value, numbers), slots))
    }

    /// Between which numbers a node's values lie, but for nothing and open ends.
    pub(super) fn bounds(&self, node: NodeId) -> Option<(i64, i64)> {
        let union = |a: (i64, i64), b: (i64, i64)| match (a.0 > a.1, b.0 > b.1) {
            (true, _) => b,
            (_, true) => a,
            _ => (a.0.min(b.0), a.1.max(b.1)),
        };
        match self.program.nodes.get(node)? {
            Node::Constant(NOTHING) => Some((0, -1)),
            Node::Constant(number) => Some((*number, *number)),
            Node::Row(slot) => Some((1, i64::from(*self.slot_rows.get(*slot)?))),
            Node::Load(_, column) => Some((column.low, column.high)),
            Node::Own(_, values) => {
                let known =
                    || values.iter().copied().filter(|value| ![NOTHING, OPEN_PAST, OPEN_FUTURE].contains(value));
                Some((known().min().unwrap_or(0), known().max().unwrap_or(-1)))
            }
            Node::Plus(a, b) => {
                let (a, b) = (self.bounds(*a)?, self.bounds(*b)?);
                Some((a.0.checked_add(b.0)?, a.1.checked_add(b.1)?))
            }
            Node::Minus(a, b) => {
                let (a, b) = (self.bounds(*a)?, self.bounds(*b)?);
                Some((a.0.checked_sub(b.1)?, a.1.checked_sub(b.0)?))
            }
            Node::Times(a, b) => {
                let (a, b) = (self.bounds(*a)?, self.bounds(*b)?);
                let ends = [a.0.checked_mul(b.0)?, a.0.checked_mul(b.1)?, a.1.checked_mul(b.0)?, a.1.checked_mul(b.1)?];
                Some((*ends.iter().min()?, *ends.iter().max()?))
            }
            Node::Case(cases, otherwise) => {
                let thens = cases.iter().map(|(_, then)| self.bounds(*then));
                thens.chain([self.bounds(*otherwise)]).try_fold((0, -1), |all, next| Some(union(all, next?)))
            }
            Node::Coalesce(parts) | Node::Least(parts) | Node::Greatest(parts) => {
                parts.iter().try_fold((0, -1), |all, part| Some(union(all, self.bounds(*part)?)))
            }
            Node::Period(Unit::Weekday, _) => Some((1, 7)),
            Node::Period(unit, day) => {
                let (low, high) = self.bounds(*day)?;
                if low > high { Some((0, -1)) } else { Some((unit.number(low), unit.number(high))) }
            }
            Node::OfTruth(_) => Some((0, 1)),
            Node::Years(..) | Node::Scalar(_) => None,
        }
    }
}

fn comparison(symbol: &str) -> Result<Comparison, Failure> {
    Ok(match symbol {
        "=" => Comparison::Equal,
        "<>" => Comparison::Different,
        "<" => Comparison::Less,
        "<=" => Comparison::LessOrEqual,
        ">" => Comparison::Greater,
        ">=" => Comparison::GreaterOrEqual,
        _ => return Err(Failure::Unfit("a comparison")),
    })
}

/// The kind of a value that is one of two.
fn joined(a: Kind, b: Kind) -> Result<Kind, Failure> {
    match (a, b) {
        (Kind::Nothing, other) | (other, Kind::Nothing) => Ok(other),
        (Kind::Number, Kind::Number) => Ok(Kind::Number),
        (Kind::Text(a), Kind::Text(b)) if Arc::ptr_eq(&a, &b) => Ok(Kind::Text(a)),
        _ => Err(Failure::Unfit("values of different kinds")),
    }
}
