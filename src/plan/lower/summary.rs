//! What stands under an answer: how many rows surely and possibly, why some are undecided, and what was not held.

use super::{Lowerer, Mode};
use crate::bind::tree::{Condition, Element, PathRef, Scalar};
use crate::catalog::vocabulary::HELD;
use crate::catalog::{NounId, Status, When};
use crate::plan::Summary;
use crate::plan::tree::{Block, Truth, Value};
use crate::plan::walk;

impl Lowerer<'_> {
    /// The FROM rows were held, if the query wants only those.
    pub(super) fn held(&mut self) -> Truth {
        if !self.query.held {
            return Truth::True;
        }
        match self.status() {
            Some(status) => Truth::equal(status, Value::text(HELD)),
            None => Truth::True,
        }
    }

    fn status(&mut self) -> Option<Value> {
        let here = PathRef::row(0, self.query.noun);
        let owner = match self.query.noun.noun().status {
            Status::Own => here,
            Status::Of(link) => here.along(link)?,
            Status::None => return None,
        };
        Some(Value::column(self.at(&owner), "status"))
    }

    /// The first conjuncts in one reading; where a condition is never undecided both readings are the same.
    pub(super) fn conjuncts(&mut self, count: usize, mode: Mode) -> Truth {
        let query = self.query;
        let parts: Vec<Truth> =
            query.conjuncts.iter().take(count).map(|conjunct| self.reading(&conjunct.condition, mode)).collect();
        Truth::all(parts)
    }

    fn reading(&mut self, condition: &Condition, mode: Mode) -> Truth {
        let (certain, possible) = self.readings(condition);
        match mode {
            Mode::Certain => certain,
            Mode::Possible => possible,
        }
    }

    fn readings(&mut self, condition: &Condition) -> (Truth, Truth) {
        let certain = self.truth(condition, Mode::Certain);
        let possible = self.truth(condition, Mode::Possible);
        if walk::same(&certain, &possible) { (certain.clone(), certain) } else { (certain, possible) }
    }

    pub(super) fn summary(&mut self) -> Summary {
        self.begin_rows();
        let held = self.held();
        let all = self.query.conjuncts.len();
        let certain = self.conjuncts(all, Mode::Certain);
        let possible = self.conjuncts(all, Mode::Possible);
        let mut causes: Vec<(String, Vec<Truth>)> = Vec::new();
        let query = self.query;
        for conjunct in &query.conjuncts {
            self.causes(&conjunct.condition, &mut causes);
        }
        let causes: Vec<(String, Truth)> =
            causes.into_iter().map(|(text, undecided)| (text, Truth::any(undecided))).collect();
        let of = |truth: Truth| total(Truth::all([held.clone(), truth]));
        let mut columns = vec![of(certain.clone()), of(Truth::True)];
        let mut earlier = vec![certain.clone().negated()];
        for (_, undecided) in &causes {
            columns.push(of(Truth::all(earlier.iter().cloned().chain([undecided.clone()]))));
            earlier.push(undecided.clone().negated());
        }
        // All in one reading of the rows: what surely fulfils everything may do so too.
        let not_held = held != Truth::True;
        if not_held {
            columns.push(total(Truth::all([held.negated(), certain])));
        }
        let block = self.end().filter(possible).columns(columns);
        Summary { block, causes: causes.into_iter().map(|(text, _)| text).collect(), not_held }
    }

    /// Each reason why a row may be undecided, with the condition that it is the reason.
    fn causes(&mut self, condition: &Condition, causes: &mut Vec<(String, Vec<Truth>)>) {
        match condition {
            Condition::And(parts) | Condition::Or(parts) => {
                parts.iter().for_each(|part| self.causes(part, causes));
            }
            Condition::Not(inner) | Condition::Possibly(inner) | Condition::Certainly(inner) => {
                self.causes(inner, causes);
            }
            leaf => {
                let (certain, possible) = self.readings(leaf);
                if certain == possible {
                    return;
                }
                let undecided = Truth::all([possible, certain.negated()]);
                let text = cause(leaf);
                match causes.iter_mut().find(|(known, _)| *known == text) {
                    Some((_, known)) => known.push(undecided),
                    None => causes.push((text, vec![undecided])),
                }
            }
        }
    }

    /// How many rows fulfil everything but were not held.
    pub(super) fn not_held(&mut self) -> Option<Block> {
        if !self.query.held {
            return None;
        }
        self.begin_rows();
        let conjuncts = self.conjuncts(self.query.conjuncts.len(), Mode::Certain);
        let status = self.status();
        let block = self.end();
        let other = Truth::compare("<>", status?, Value::text(HELD));
        Some(block.filter(Truth::all([other, conjuncts])).columns(vec![Value::CountAll]))
    }

    /// How many rows of the answer have a date of which not every end is exactly known.
    pub(super) fn vaguely_dated(&mut self) -> Option<Block> {
        let here = PathRef::row(0, self.query.noun);
        let dated = match self.query.noun.noun().when {
            When::Own => here,
            When::Of(link) => here.along(link)?,
            When::Never => return None,
        };
        self.begin_rows();
        let held = self.held();
        let conjuncts = self.conjuncts(self.query.conjuncts.len(), Mode::Certain);
        let alias = self.at(&dated);
        let differ =
            |low: &str, high: &str| Truth::compare("<>", Value::column(alias, low), Value::column(alias, high));
        let vague = Truth::any([differ("start_min", "start_max"), differ("end_min", "end_max")]);
        Some(self.end().filter(Truth::all([held, conjuncts, vague])).columns(vec![Value::CountAll]))
    }

    /// How many rows surely fulfil the first `count` conjuncts.
    pub(super) fn count_of_first(&mut self, count: usize) -> Block {
        self.begin_rows();
        let held = self.held();
        let conjuncts = self.conjuncts(count, Mode::Certain);
        self.end().filter(Truth::all([held, conjuncts])).columns(vec![Value::CountAll])
    }
}

/// The number of rows of which it is true; 0, not nothing, where there are none.
pub(super) fn total(truth: Truth) -> Value {
    match truth {
        Truth::True => Value::CountAll,
        truth => Value::aggregate("count", Value::Number(1).only_if(truth)),
    }
}

/// Why a condition may be undecided, in a few words.
fn cause(condition: &Condition) -> String {
    match condition {
        Condition::Date { .. } | Condition::Dates { .. } => "date too vague".to_string(),
        Condition::Within { .. } => "place too vague".to_string(),
        Condition::Is { entity, .. } => path_unknown(entity),
        Condition::Party { thing, .. } | Condition::Belongs { thing, .. } if thing.noun == NounId::Groups => {
            "membership on that day not sure".to_string()
        }
        Condition::Party { .. } => "country unknown".to_string(),
        Condition::Belongs { country, .. } => path_unknown(country),
        Condition::Compare { left, right, .. } => {
            scalar_unknown(left).or_else(|| scalar_unknown(right)).unwrap_or_default()
        }
        Condition::Like { value, .. } | Condition::Contains { value, .. } => scalar_unknown(value).unwrap_or_default(),
        Condition::Holds(Scalar::Attribute { attribute, .. }) if attribute.0.name == "separate" => {
            "vague dates leave open whether it is a journey of its own".to_string()
        }
        Condition::Holds(value) => scalar_unknown(value).unwrap_or_default(),
        Condition::Quantified { elements, condition, .. } => {
            let dated = elements.iter().any(Element::is_dated);
            if dated { "membership on that day not sure".to_string() } else { cause(condition) }
        }
        Condition::Related { condition, .. } => cause(condition),
        Condition::And(parts) | Condition::Or(parts) => {
            parts.iter().map(cause).find(|text| text != UNDECIDED).unwrap_or_else(|| UNDECIDED.to_string())
        }
        Condition::Not(inner) | Condition::Possibly(inner) | Condition::Certainly(inner) => cause(inner),
        Condition::Different(..) | Condition::IsUnknown(_) | Condition::Undecided => UNDECIDED.to_string(),
    }
}

const UNDECIDED: &str = "undecided";

fn path_unknown(path: &PathRef) -> String {
    match path.steps.last() {
        Some(step) => format!("{} unknown", step.link.name.replace('_', " ")),
        None => UNDECIDED.to_string(),
    }
}

fn scalar_unknown(scalar: &Scalar) -> Option<String> {
    match scalar {
        Scalar::Attribute { attribute, .. } => Some(format!("{} unknown", attribute.0.name.replace('_', " "))),
        Scalar::Entity(path) => Some(path_unknown(path)),
        Scalar::When(_) | Scalar::Period { .. } | Scalar::Elapsed { .. } => Some("date too vague".to_string()),
        Scalar::Length(inner) | Scalar::Lower(inner) | Scalar::Upper(inner) | Scalar::Negative(inner) => {
            scalar_unknown(inner)
        }
        Scalar::Arithmetic { left, right, .. } => scalar_unknown(left).or_else(|| scalar_unknown(right)),
        _ => None,
    }
}
