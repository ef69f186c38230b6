//! Three-valued conditions to pairs of plain ones: NOT swaps the readings, everything else keeps them.

use super::{Lowerer, Mode};
use crate::bind::tree::{AsOf, Condition, Element, PathRef, PlaceRef, Scalar, Thing, Type};
use crate::catalog::NounId;
use crate::plan::tree::{Block, Source, Truth, Value};
use crate::syntax::ast::{CompareOperator, Quantifier};
use crate::value::text::fold_pattern;

impl Lowerer<'_> {
    pub(super) fn truth(&mut self, condition: &Condition, mode: Mode) -> Truth {
        match condition {
            Condition::And(parts) => Truth::all(self.truths(parts, mode)),
            Condition::Or(parts) => Truth::any(self.truths(parts, mode)),
            Condition::Not(inner) => self.truth(inner, mode.flipped()).negated(),
            Condition::Possibly(inner) if self.ignore_possibly => self.truth(inner, mode),
            Condition::Possibly(inner) => self.truth(inner, Mode::Possible),
            Condition::Certainly(inner) => self.truth(inner, Mode::Certain),
            Condition::Compare { operator, left, right } => self.comparison(*operator, left, right, mode),
            Condition::Date { relation, date, first, last } => self.date_relation(*relation, date, *first, *last, mode),
            Condition::Dates { operator, left, right } => self.date_comparison(*operator, left, right, mode),
            Condition::Is { entity, things } => self.is(entity, things, mode),
            Condition::Different(one, other) => {
                let (one, other) = (self.id(one), self.id(other));
                Truth::compare("<>", one, other)
            }
            Condition::Party { participant, thing, as_of } => self.party(participant, thing, as_of, mode),
            Condition::Belongs { country, thing, as_of } => self.belongs(country, thing, as_of, mode),
            Condition::Within { place, country, thing } => self.within(place, country, thing, mode),
            Condition::Like { value, pattern } => self.text_test("bilat_like", pattern, value, mode),
            Condition::Contains { value, part } => self.text_test("bilat_contains", part, value, mode),
            Condition::Holds(value) => {
                let lowered = self.scalar(value);
                let holds = Truth::equal(lowered.value.clone(), Value::Number(1));
                lowered.decided(mode, holds)
            }
            Condition::IsUnknown(value) => {
                // A span between vague dates is known, if only between two numbers.
                let shown = match self.range(value) {
                    Some(span) => span.low,
                    None => self.shown(value),
                };
                Truth::Missing(shown)
            }
            Condition::Undecided if mode == Mode::Certain => Truth::False,
            Condition::Undecided => Truth::True,
            Condition::Quantified { quantifier, elements, condition } => {
                self.quantified(*quantifier, elements, condition, mode)
            }
            Condition::Related { condition, .. } => self.truth(condition, mode),
        }
    }

    fn truths(&mut self, parts: &[Condition], mode: Mode) -> Vec<Truth> {
        parts.iter().map(|part| self.truth(part, mode)).collect()
    }

    fn comparison(&mut self, operator: CompareOperator, left: &Scalar, right: &Scalar, mode: Mode) -> Truth {
        let between = |side: &Scalar| side.kind(None) == Type::Range || matches!(side, Scalar::Period { .. });
        if between(left) || between(right) {
            let (a, b) = (self.interval(left), self.interval(right));
            return super::interval::compare(operator, &a, &b, mode);
        }
        // What is not there is not equal to anything.
        if operator == CompareOperator::NotEqual {
            return self.comparison(CompareOperator::Equal, left, right, mode.flipped()).negated();
        }
        let folded = left.kind(None) == Type::Text && right.kind(None) == Type::Text;
        let a = self.comparable(left, folded);
        let b = self.comparable(right, folded);
        let truth = Truth::compare(symbol(operator), a.value.clone(), b.value.clone());
        let truth = a.decided(mode, truth);
        b.decided(mode, truth)
    }

    fn is(&mut self, entity: &PathRef, things: &[Thing], mode: Mode) -> Truth {
        let lowered = self.scalar(&Scalar::Entity(entity.clone()));
        // A participant that is a leader is found by the leader, for which there is an index.
        let leaders = entity.noun == NounId::Participants && things.iter().all(|thing| thing.noun == NounId::Leaders);
        let (value, codes): (Value, Vec<Value>) = if leaders {
            let leader = Value::column(self.at(entity), "leader_id");
            (leader, things.iter().map(|thing| Value::integer(thing.id)).collect())
        } else {
            let codes = things.iter().map(|thing| Value::integer(identity(entity.noun, thing)));
            (lowered.value.clone(), codes.collect())
        };
        let truth = match codes.as_slice() {
            [only] => Truth::equal(value, only.clone()),
            _ => Truth::In(value, codes),
        };
        lowered.decided(mode, truth)
    }

    /// A party known only by its country is no leader, surely: that is the one exception to "unknown is undecided".
    fn party(&mut self, participant: &PathRef, thing: &Thing, as_of: &AsOf, mode: Mode) -> Truth {
        let Some((leader, country)) = participant.along("leader").zip(participant.along("country")) else {
            return Truth::False;
        };
        if thing.noun == NounId::Leaders {
            let leader = self.id(&leader);
            return Truth::equal(leader, Value::integer(thing.id));
        }
        self.belongs(&country, thing, as_of, mode)
    }

    fn belongs(&mut self, country: &PathRef, thing: &Thing, as_of: &AsOf, mode: Mode) -> Truth {
        let lowered = self.scalar(&Scalar::Entity(country.clone()));
        let id = lowered.value.clone();
        let other = Value::integer(thing.id);
        let truth = match thing.noun {
            NounId::Regions => {
                let pair = self.begin(Source::Table("country_regions"));
                let same = Truth::all([
                    Truth::equal(Value::column(pair, "country_id"), id),
                    Truth::equal(Value::column(pair, "region_id"), other),
                ]);
                exists(self.end().filter(same))
            }
            NounId::Groups => {
                let same = |membership| {
                    Truth::all([
                        Truth::equal(Value::column(membership, "country_id"), id),
                        Truth::equal(Value::column(membership, "group_id"), other),
                    ])
                };
                let (_, block) = self.memberships(as_of, mode, same);
                exists(block)
            }
            _ => Truth::equal(id, other),
        };
        lowered.decided(mode, truth)
    }

    fn within(&mut self, place: &PlaceRef, country: &PathRef, thing: &Thing, mode: Mode) -> Truth {
        match place {
            PlaceRef::One(path) => {
                let place = self.id(path);
                let inside = self.ancestry(place.clone(), Value::integer(thing.id));
                if mode == Mode::Certain {
                    return inside;
                }
                let vaguer = self.ancestry(Value::integer(thing.id), place.clone());
                let open = self.country_allows(country, thing);
                Truth::any([inside, vaguer, Truth::all([Truth::Missing(place), open])])
            }
            PlaceRef::Many(element) => {
                let one = std::slice::from_ref(element.as_ref());
                let inside = self.any_place(one, thing, Mode::Certain);
                if mode == Mode::Certain {
                    return inside;
                }
                let either = self.any_place(one, thing, Mode::Possible);
                let reached = self.begin_elements(one, Mode::Possible);
                let none = exists(self.end().filter(reached)).negated();
                let open = self.country_allows(country, thing);
                Truth::any([inside, either, Truth::all([none, open])])
            }
        }
    }

    fn any_place(&mut self, element: &[Element], thing: &Thing, mode: Mode) -> Truth {
        let reached = self.begin_elements(element, mode);
        let place = element.first().map_or(Value::Null, |e| Value::column(self.row(e.row).1, "id"));
        let inside = self.ancestry(place.clone(), Value::integer(thing.id));
        let vaguer = match mode {
            Mode::Certain => Truth::False,
            Mode::Possible => self.ancestry(Value::integer(thing.id), place),
        };
        exists(self.end().filter(Truth::all([reached, Truth::any([inside, vaguer])])))
    }

    /// One place is, or lies in, the other.
    fn ancestry(&mut self, place: Value, ancestor: Value) -> Truth {
        let pair = self.begin(Source::Table("place_ancestors"));
        let same = Truth::all([
            Truth::equal(Value::column(pair, "place_id"), place),
            Truth::equal(Value::column(pair, "ancestor_id"), ancestor),
        ]);
        exists(self.end().filter(same))
    }

    /// The country is not known, or is the one where the place lies.
    fn country_allows(&mut self, country: &PathRef, thing: &Thing) -> Truth {
        let id = self.id(country);
        let place = self.begin(Source::Table("places"));
        let same = Truth::equal(Value::column(place, "id"), Value::integer(thing.id));
        let block = self.end().filter(same).columns(vec![Value::column(place, "country_id")]);
        Truth::any([Truth::Missing(id.clone()), Truth::equal(id, Value::Block(Box::new(block)))])
    }

    fn text_test(&mut self, function: &'static str, text: &str, value: &Scalar, mode: Mode) -> Truth {
        let shown = self.shown(value);
        let unknown = self.scalar(value).unknown;
        let test = Value::Call(function, vec![Value::text(fold_pattern(text)), shown]);
        let truth = Truth::equal(test, Value::Number(1));
        match mode {
            Mode::Certain => truth,
            Mode::Possible => Truth::any([truth, unknown]),
        }
    }

    fn quantified(&mut self, quantifier: Quantifier, elements: &[Element], condition: &Condition, mode: Mode) -> Truth {
        match quantifier {
            Quantifier::Any => self.some(elements, condition, false, mode),
            Quantifier::No => self.some(elements, condition, false, mode.flipped()).negated(),
            // Every one: there is none of which it is not so.
            Quantifier::Every => self.some(elements, condition, true, mode.flipped()).negated(),
        }
    }

    fn some(&mut self, elements: &[Element], condition: &Condition, negated: bool, mode: Mode) -> Truth {
        let reached = self.begin_elements(elements, mode);
        let truth = if negated { self.truth(condition, mode.flipped()).negated() } else { self.truth(condition, mode) };
        exists(self.end().filter(Truth::all([reached, truth])))
    }
}

fn exists(block: Block) -> Truth {
    Truth::Exists(Box::new(block.columns(vec![Value::Number(1)])))
}

/// How a thing is told apart where rows of that noun are compared.
fn identity(noun: NounId, thing: &Thing) -> i64 {
    match (noun, thing.noun) {
        (NounId::Participants, NounId::Leaders) => thing.id * 2,
        (NounId::Participants, _) => thing.id * 2 + 1,
        _ => thing.id,
    }
}

pub(super) const fn symbol(operator: CompareOperator) -> &'static str {
    match operator {
        CompareOperator::Equal => "=",
        CompareOperator::NotEqual => "<>",
        CompareOperator::Less => "<",
        CompareOperator::LessOrEqual => "<=",
        CompareOperator::Greater => ">",
        CompareOperator::GreaterOrEqual => ">=",
    }
}
