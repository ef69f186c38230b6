//! ASSERT: what a claim is in every world that the undecided rows leave open.
//!
//! Each query of a claim gives one value a world: the rows that surely belong with any choice of those that may. A
//! claim holds where it is true in all worlds and fails where it is false in all. Where there are more undecided rows than
//! worlds can be counted for, some choices stand for all: none, all, each one alone, all but one.

use super::Truth::{self, *};
use super::answers::Expected;
use super::conditions::{counts_unclaimed, is_unclaimed, relate};
use super::groups::Group;
use super::values::{Value, between, compare_spans, holds, order};
use super::{Reach, Row, Rows, Unsaid, World};
use bilat::bind::tree::*;
use bilat::catalog::NounId;
use bilat::syntax::ast::{ArithmeticOperator, CompareOperator, Relation};
use bilat::value::date::{Bounds, Edge};
use std::collections::BTreeSet;

/// So many undecided rows are chosen from in every way.
const FEW: usize = 5;

/// What comes of a claim.
#[derive(Debug, PartialEq)]
pub struct Verdict {
    pub truth: Truth,
    /// What else it may come out as: bounds alone may leave a part undecided, though every world agrees.
    pub coarse: BTreeSet<Truth>,
    /// Of each counted query its text, and how many rows surely and possibly belong.
    pub counted: Vec<(String, u64, u64)>,
}

/// A value in one world.
#[derive(Clone, Debug)]
enum Weight {
    Number(f64, f64),
    Date(Bounds),
    Text(String),
    /// Several values; and whether some of them is not known.
    Values(BTreeSet<String>, bool),
    Unknown,
}

struct Court<'a> {
    world: &'a World,
    /// Whether the comparison being weighed rests on bounds alone.
    coarse: bool,
    counted: Vec<(String, u64, u64)>,
}

impl World {
    pub fn judge(&self, assert: &BoundAssert) -> Verdict {
        let mut court = Court { world: self, coarse: false, counted: Vec::new() };
        self.open.set(Unsaid::Open);
        let (truth, coarse) = court.claim(&assert.claim);
        self.open.set(Unsaid::Closed);
        Verdict { truth, coarse, counted: court.counted }
    }
}

/// The noun whose coverage says that all rows of a noun are there.
pub(super) const fn covered_noun(noun: NounId) -> Option<&'static str> {
    match noun {
        NounId::Meetings | NounId::Participants | NounId::Pairs => Some("meetings"),
        NounId::Visits | NounId::Journeys => Some("visits"),
        NounId::Events => Some("events"),
        _ => None,
    }
}

/// Whether a condition goes along a link of which the file holds what was recorded.
fn asks_of_records(condition: &Condition) -> bool {
    match condition {
        Condition::And(parts) | Condition::Or(parts) => parts.iter().any(asks_of_records),
        Condition::Not(inner) | Condition::Possibly(inner) | Condition::Certainly(inner) => asks_of_records(inner),
        Condition::Quantified { elements, condition, .. } => {
            let names: Vec<&str> = elements.iter().filter_map(Element::link).map(|link| link.name).collect();
            let recorded = ["topics", "accounts", "visits", "meetings"];
            names.iter().any(|name| recorded.contains(name)) || asks_of_records(condition)
        }
        _ => false,
    }
}

/// The days that a date phrase lets in.
fn days_of(date: &Condition) -> (Option<i64>, Option<i64>) {
    use bilat::syntax::ast::DateRelation::*;
    match date {
        Condition::Possibly(inner) | Condition::Certainly(inner) => days_of(inner),
        Condition::Date { relation, first, last, .. } => {
            let (first, last) = (first.map(|edge| edge.min), last.map(|edge| edge.max));
            match relation {
                Since => (first, None),
                After => (last.map(|day| day + 1), None),
                Before => (None, first.map(|day| day - 1)),
                Until => (None, last),
                During | Overlaps => (first, last),
            }
        }
        _ => (None, None),
    }
}

/// What a claim is, and all that bounds may make of it.
type Judged = (Truth, BTreeSet<Truth>);

fn one(judged: Judged, make: impl Fn(Truth) -> Truth) -> Judged {
    (make(judged.0), judged.1.into_iter().map(make).collect())
}

fn joined(parts: Vec<Judged>, make: impl Fn(Truth, Truth) -> Truth) -> Judged {
    let both = |a: Judged, b: Judged| {
        let all = a.1.iter().flat_map(|a| b.1.iter().map(|b| make(*a, *b)).collect::<Vec<_>>()).collect();
        (make(a.0, b.0), all)
    };
    parts.into_iter().reduce(both).expect("there are parts")
}

impl Court<'_> {
    fn claim(&mut self, claim: &Claim) -> Judged {
        let certain = |truth: Truth| (truth, BTreeSet::from([truth]));
        match claim {
            Claim::And(parts) => joined(parts.iter().map(|part| self.claim(part)).collect(), Truth::min),
            Claim::Or(parts) => joined(parts.iter().map(|part| self.claim(part)).collect(), Truth::max),
            Claim::Not(inner) => one(self.claim(inner), Truth::not),
            Claim::Possibly(inner) => one(self.claim(inner), |truth| Truth::of(truth != False)),
            Claim::Certainly(inner) => one(self.claim(inner), |truth| Truth::of(truth == True)),
            Claim::Exists { asked, negated, text } => {
                let (low, high) = self.counted(asked, text);
                let there = Truth::between(low > 0.0, high > 0.0);
                certain(if *negated { there.not() } else { there })
            }
            Claim::Compare { operator, left, right } => {
                self.coarse = false;
                let (left, right) = (self.measure(left), self.measure(right));
                let pairs = left.iter().flat_map(|one| right.iter().map(move |other| compare(*operator, one, other)));
                self.weighed(agreed(pairs))
            }
            Claim::Date { relation, date, first, last, .. } => {
                self.coarse = false;
                let truth = agreed(self.measure(date).iter().map(|weight| match weight {
                    Weight::Date(bounds) => relate(*bounds, *relation, *first, *last),
                    _ => Undecided,
                }));
                self.weighed(truth)
            }
        }
    }

    fn weighed(&self, truth: Truth) -> Judged {
        let coarse = self.coarse.then_some(Undecided);
        (truth, coarse.into_iter().chain([truth]).collect())
    }

    fn measure(&mut self, measure: &Measure) -> Vec<Weight> {
        match &measure.kind {
            MeasureKind::Count(asked) => {
                let (low, high) = self.counted(asked, &measure.text);
                if high.is_infinite() || high > low + 1000.0 {
                    return vec![Weight::Number(low, high)];
                }
                (low as i64..=high as i64).map(|count| exact(count as f64)).collect()
            }
            MeasureKind::Answer(asked) => self.answer(&asked.query),
            MeasureKind::Number(number) => vec![exact(*number)],
            MeasureKind::Text(text) | MeasureKind::Name(text) => vec![Weight::Text(text.clone())],
            MeasureKind::Date(bounds) => vec![Weight::Date(*bounds)],
            MeasureKind::Elapsed { unit, from, to } => {
                let (from, to) = (self.measure(from), self.measure(to));
                crossed(&from, &to, |from, to| match (from, to) {
                    (Weight::Date(from), Weight::Date(to)) => match between(*unit, *from, *to) {
                        Some(Value::Range(low, high)) => Weight::Number(low as f64, high as f64),
                        _ => Weight::Unknown,
                    },
                    _ => Weight::Unknown,
                })
            }
            MeasureKind::Negative(inner) => {
                self.coarse = true;
                crossed(&[exact(0.0)], &self.measure(inner), |a, b| calculated(ArithmeticOperator::Minus, a, b))
            }
            MeasureKind::Arithmetic { operator, left, right } => {
                self.coarse = true;
                let (left, right) = (self.measure(left), self.measure(right));
                crossed(&left, &right, |a, b| calculated(*operator, a, b))
            }
        }
    }

    /// How many rows (or groups) there are at least and at most; without any, only coverage says that there is none.
    fn counted(&mut self, asked: &Asked, text: &str) -> (f64, f64) {
        let mut marked = 0;
        let (count, possible, grouped) = match &asked.query.shape {
            Shape::Groups(groups) if groups.keys.is_empty() => return (1.0, 1.0),
            Shape::Groups(_) => {
                let Expected { count, count_possible, .. } = self.world.answer(&asked.query);
                (count, count_possible, true)
            }
            Shape::Rows { .. } => {
                let found = self.world.found(&asked.query).0;
                let certain = found.iter().filter(|(_, truth)| *truth == True).count();
                // In the evidence, rows that POSSIBLY lets in are marked too.
                let sure = found.iter().filter(|(row, _)| self.world.is_sure(&asked.query, *row)).count();
                marked = sure as u64;
                (certain as u64, found.len() as u64, false)
            }
        };
        let known = self.counted.iter().any(|(known, ..)| known == text);
        if !grouped && !known {
            self.counted.push((text.to_string(), marked, possible));
        }
        let open = possible == 0 && !self.world.is_covered(&asked.query);
        (count as f64, if open { f64::INFINITY } else { possible as f64 })
    }

    /// The value, or the values, of a query's one column, in every world.
    fn answer(&mut self, query: &BoundQuery) -> Vec<Weight> {
        let found = self.world.found(query).0;
        let (certain, undecided): (Vec<_>, Vec<_>) = found.iter().cloned().partition(|(_, truth)| *truth == True);
        if found.is_empty() && !self.world.is_covered(query) {
            let counts = |groups: &Groups| groups.aggregates.iter().all(|aggregate| *aggregate == Aggregate::Count);
            return match &query.shape {
                Shape::Groups(groups) if groups.keys.is_empty() && counts(groups) => {
                    self.coarse = true;
                    vec![expression(&groups.columns[0].value, &|_| Weight::Number(0.0, f64::INFINITY))]
                }
                _ => vec![Weight::Unknown],
            };
        }
        if self.world.open.get() != Unsaid::Closed && asks_how_many(query) {
            // At least as many as the file holds.
            return vec![self.at_least(query, &certain, &found)];
        }
        let all: Vec<(Row, Truth)> = found.iter().map(|(row, _)| (*row, True)).collect();
        if let Shape::Groups(groups) = &query.shape
            && !groups.keys.is_empty()
            && self.world.groups_of(query, groups, &all).is_empty()
            && !self.world.is_covered(query)
        {
            return vec![Weight::Unknown];
        }
        let worlds: Vec<Vec<(Row, Truth)>> = choices(undecided.len())
            .into_iter()
            .map(|chosen| {
                let more = chosen.into_iter().map(|at| (undecided[at].0, True));
                certain.iter().cloned().chain(more).collect()
            })
            .collect();
        match &query.shape {
            Shape::Groups(groups) if groups.keys.is_empty() => {
                let exact = matches!(groups.columns[0].value, Scalar::Aggregate(at)
                    if matches!(groups.aggregates[at], Aggregate::Count | Aggregate::CountDistinct { .. }));
                let listed = |aggregate: &Aggregate| match aggregate {
                    Aggregate::CountDistinct { elements, .. } | Aggregate::List { elements, .. } => {
                        !elements.is_empty()
                    }
                    _ => false,
                };
                // What is there only perhaps, or not known, is not counted one by one.
                self.coarse |= groups.aggregates.iter().any(listed);
                self.coarse |= !exact && !undecided.is_empty();
                // What is not known of a row that may belong is not known at all.
                worlds.iter().map(|world| self.world.total(query, groups, world, &all, found.len())).collect()
            }
            shape => {
                let listed = match shape {
                    Shape::Rows { columns } => matches!(columns[0].value, Scalar::List { .. }),
                    Shape::Groups(groups) => !groups.expansions.is_empty(),
                };
                self.coarse |= listed || !undecided.is_empty();
                let several = match shape {
                    Shape::Groups(groups) => {
                        [&certain, &all].iter().any(|rows| self.world.groups_of(query, groups, rows).len() != 1)
                    }
                    Shape::Rows { .. } => found.len() != 1 || !undecided.is_empty(),
                };
                worlds.iter().map(|world| self.world.values_of(query, shape, world, several)).collect()
            }
        }
    }
}

/// Whether a query selects a number of meetings or visits that rows of another kind have.
fn asks_how_many(query: &BoundQuery) -> bool {
    match &query.shape {
        Shape::Rows { columns } => counts_unclaimed(&columns[0].value),
        Shape::Groups(groups) => groups.aggregates.iter().filter_map(Aggregate::value).any(counts_unclaimed),
    }
}

impl Court<'_> {
    /// The number of one row that surely is there; the greatest and the sum of several can only grow.
    fn at_least(&mut self, query: &BoundQuery, certain: &[(Row, Truth)], found: &[(Row, Truth)]) -> Weight {
        let value = match &query.shape {
            Shape::Rows { columns } => match (&columns[0].value, certain) {
                (Scalar::Size { .. }, [_]) if found.len() == 1 => {
                    self.world.values_of(query, &query.shape, certain, false)
                }
                _ => Weight::Unknown,
            },
            Shape::Groups(groups) if groups.keys.is_empty() => {
                let grows = |at: usize| {
                    matches!(
                        groups.aggregates[at],
                        Aggregate::Max(Scalar::Size { .. }) | Aggregate::Sum(Scalar::Size { .. })
                    )
                };
                match groups.columns[0].value {
                    Scalar::Aggregate(at) if grows(at) && !certain.is_empty() => {
                        self.world.total(query, groups, certain, certain, found.len())
                    }
                    Scalar::Aggregate(at) if !groups.aggregates[at].value().is_some_and(counts_unclaimed) => {
                        panic!("what is not selected is not computed")
                    }
                    Scalar::Aggregate(_) => Weight::Unknown,
                    _ => {
                        // What is calculated of it is calculated of bounds.
                        self.coarse = true;
                        Weight::Unknown
                    }
                }
            }
            Shape::Groups(_) => Weight::Unknown,
        };
        match value {
            Weight::Number(low, _) => Weight::Number(low, f64::INFINITY),
            _ => Weight::Unknown,
        }
    }
}

impl World {
    fn total(
        &self,
        query: &BoundQuery,
        groups: &Groups,
        rows: &[(Row, Truth)],
        all: &[(Row, Truth)],
        possible: usize,
    ) -> Weight {
        let group = self.group(query, groups, &self.base(groups, rows), Vec::new());
        let missing = |value: &Scalar| {
            let unknown = |(row, _): &&(Row, Truth)| self.shown(&mut Rows::from(*row), value).is_none();
            value.row() == Some(0) && all.iter().any(|row| unknown(&row))
        };
        let negative = |value: &Scalar| {
            all.iter().any(|(row, _)| {
                let value = self.scalar(&mut Rows::from(*row), value).value();
                value.as_ref().and_then(super::values::number).is_some_and(|number| number < 0.0)
            })
        };
        expression(&groups.columns[0].value, &|at| {
            let value = Scalar::Aggregate(at);
            let weight = weigh(&group, &value);
            match &groups.aggregates[at] {
                Aggregate::CountPossible => exact(possible as f64),
                Aggregate::CountDistinct { elements, value } if elements.is_empty() && missing(value) => match weight {
                    Weight::Number(low, _) => Weight::Number(low, f64::INFINITY),
                    weight => weight,
                },
                Aggregate::CountDistinct { elements, .. } if elements.iter().any(is_unclaimed) => match weight {
                    Weight::Number(low, _) => Weight::Number(low, f64::INFINITY),
                    weight => weight,
                },
                Aggregate::List { elements, .. } if elements.iter().any(is_unclaimed) => match weight {
                    Weight::Values(values, _) => Weight::Values(values, true),
                    weight => weight,
                },
                Aggregate::Sum(of) if missing(of) && negative(of) => Weight::Unknown,
                Aggregate::Sum(of) if missing(of) => match weight {
                    Weight::Number(low, _) => Weight::Number(low, f64::INFINITY),
                    _ => Weight::Number(0.0, f64::INFINITY),
                },
                // Nothing added up is nothing.
                Aggregate::Sum(_) if rows.is_empty() => exact(0.0),
                Aggregate::Min(of) | Aggregate::Max(of) | Aggregate::Avg(of) if missing(of) => Weight::Unknown,
                _ => weight,
            }
        })
    }

    fn values_of(&self, query: &BoundQuery, shape: &Shape, rows: &[(Row, Truth)], several: bool) -> Weight {
        let mut values = BTreeSet::new();
        let mut unknown = false;
        let mut one = Weight::Unknown;
        let mut put = |value: Option<Value>, date: Option<Bounds>| {
            one = match (&value, date) {
                (_, Some(date)) => Weight::Date(date),
                (Some(value), None) => weight_of(value),
                (None, None) => Weight::Unknown,
            };
            spread(value, date, &mut values, &mut unknown)
        };
        let (mut is_list, mut more) = (false, false);
        match shape {
            Shape::Rows { columns } => {
                let value = &columns[0].value;
                if let Scalar::List { elements, .. } = value {
                    is_list = true;
                    more = elements.iter().any(is_unclaimed);
                }
                self.among.replace(rows.iter().map(|(row, _)| *row).collect());
                for (row, _) in rows {
                    let mut env = Rows::from(*row);
                    let dated = value.kind(None) == Type::Date;
                    let date = self.date(&env, value).0.filter(|_| dated);
                    put(self.shown(&mut env, value), date);
                }
            }
            Shape::Groups(groups) => {
                let value = &groups.columns[0].value;
                more = groups.expansions.iter().any(is_unclaimed);
                for group in self.groups_of(query, groups, rows) {
                    is_list |= matches!(value, Scalar::Aggregate(at)
                        if matches!(groups.aggregates[*at], Aggregate::List { .. }));
                    let dated = value.kind(Some(groups)) == Type::Date;
                    put(group.value(value), group.date(value).filter(|_| dated));
                }
            }
        }
        if several || is_list || more { Weight::Values(values, unknown || more) } else { one }
    }

    // Coverage

    /// Whether the file claims to hold every row that the query could have: one row of coverage contains it.
    fn is_covered(&self, query: &BoundQuery) -> bool {
        let Some(noun) = covered_noun(query.noun) else { return false };
        // All meetings may be there and not all that was talked about.
        if query.conjuncts.iter().any(|conjunct| asks_of_records(&conjunct.condition)) {
            return false;
        }
        // What a publication tells is not what the file holds.
        if query.according.is_some() {
            return false;
        }
        self.has_all(noun, &query.reach, query.as_of.unwrap_or(self.model.reference))
    }

    /// Whether coverage contains all that a relation could be about.
    pub(super) fn has_all_of(&self, relation: Relation, thing: &Thing, dates: &[Condition]) -> bool {
        let mut reach = bilat::bind::tree::Reach::default();
        let visited = relation == Relation::Visited;
        if visited && matches!(thing.noun, NounId::Places | NounId::Countries) {
            reach.areas.push(thing.clone());
        } else {
            reach.parties.push(thing.clone());
        }
        for date in dates {
            let (first, last) = days_of(date);
            reach.first = reach.first.max(first);
            reach.last = last.or(reach.last);
        }
        self.has_all(if visited { "visits" } else { "meetings" }, &reach, self.today.get())
    }

    fn has_all(&self, noun: &str, reach: &bilat::bind::tree::Reach, today: bilat::value::date::Day) -> bool {
        let last = reach.last.unwrap_or(today);
        let Some(first) = reach.first else { return false };
        self.all(NounId::Coverage, None).into_iter().any(|row| {
            let entry = self.entry(row);
            let run = self.bounds(row);
            entry.text.get("noun").unwrap() == noun
                && run.start_max <= first
                && last <= run.end_min
                && self.contains(row, reach)
        })
    }

    /// Whose, with whom and where a row of coverage is about: each is one of those that the query asks for.
    fn contains(&self, coverage: Row, reach: &bilat::bind::tree::Reach) -> bool {
        let at = |link: &str| match self.one(coverage, link) {
            Reach::Row(row) => Some(row),
            _ => None,
        };
        let stands_for = |thing: &Thing, wanted: Row| {
            let row = Row::new(thing.noun, self.position(thing));
            let country = match thing.noun {
                NounId::Leaders | NounId::Places => self.one(row, "country"),
                _ => Reach::Nothing,
            };
            row == wanted || wanted.noun == NounId::Countries && country == Reach::Row(wanted)
        };
        let asked: Vec<&Thing> = reach.parties.iter().chain(&reach.areas).collect();
        let parties = reach.parties.len();
        let own = at("leader").or(at("country"));
        let others = [at("other_leader"), at("other_country")];
        let place = at("place");
        let place_asked = |place: Row| {
            let mut places = reach.areas.iter().filter(|thing| thing.noun == NounId::Places);
            places.any(|thing| self.position(thing) == place.at)
        };
        if place.is_some_and(|place| !place_asked(place)) {
            return false;
        }
        let with = |taken: Option<usize>| {
            others.iter().flatten().all(|other| {
                let free = asked.iter().enumerate().filter(|(at, _)| Some(*at) != taken);
                free.into_iter().any(|(_, thing)| stands_for(thing, *other))
            })
        };
        match own {
            None => with(None),
            Some(own) => (0..parties).any(|at| stands_for(asked[at], own) && with(Some(at))),
        }
    }
}

impl World {
    /// The groups of these rows that HAVING leaves.
    fn groups_of(&self, query: &BoundQuery, groups: &Groups, rows: &[(Row, Truth)]) -> Vec<Group> {
        let base = self.base(groups, rows);
        let made = super::groups::different(&base, groups).into_iter();
        let made = made.map(|keys| self.group(query, groups, &base, keys));
        made.filter(|group| group.having(groups) == True).collect()
    }
}

fn exact(number: f64) -> Weight {
    Weight::Number(number, number)
}

/// Which of so many undecided rows belong, one choice a world.
fn choices(count: usize) -> Vec<Vec<usize>> {
    if count <= FEW {
        return (0..1_usize << count).map(|bits| (0..count).filter(|at| bits >> at & 1 == 1).collect()).collect();
    }
    let all: Vec<usize> = (0..count).collect();
    let mut made = vec![Vec::new(), all.clone()];
    for at in 0..count {
        made.push(vec![at]);
        made.push(all.iter().copied().filter(|other| *other != at).collect());
    }
    made
}

/// True or false where all worlds agree.
fn agreed(truths: impl Iterator<Item = Truth>) -> Truth {
    let all: BTreeSet<Truth> = truths.collect();
    if all.len() == 1 { *all.first().expect("there is a world") } else { Undecided }
}

fn crossed(left: &[Weight], right: &[Weight], make: impl Fn(&Weight, &Weight) -> Weight) -> Vec<Weight> {
    left.iter().flat_map(|one| right.iter().map(|other| make(one, other)).collect::<Vec<_>>()).collect()
}

/// A value made of aggregates.
fn expression(scalar: &Scalar, aggregate: &dyn Fn(usize) -> Weight) -> Weight {
    match scalar {
        Scalar::Aggregate(at) => aggregate(*at),
        Scalar::Integer(number) => exact(*number as f64),
        Scalar::Number(number) => exact(*number),
        Scalar::Text(text) => Weight::Text(text.clone()),
        Scalar::Fixed(bounds) => Weight::Date(*bounds),
        Scalar::Negative(inner) => calculated(ArithmeticOperator::Minus, &exact(0.0), &expression(inner, aggregate)),
        Scalar::Arithmetic { operator, left, right } => {
            calculated(*operator, &expression(left, aggregate), &expression(right, aggregate))
        }
        Scalar::Elapsed { unit, from, to } => match (expression(from, aggregate), expression(to, aggregate)) {
            (Weight::Date(from), Weight::Date(to)) => match between(*unit, from, to) {
                Some(Value::Range(low, high)) => Weight::Number(low as f64, high as f64),
                _ => Weight::Unknown,
            },
            _ => Weight::Unknown,
        },
        other => panic!("a total is not made of {other:?}"),
    }
}

fn weigh(group: &Group, scalar: &Scalar) -> Weight {
    match (group.date(scalar), group.value(scalar)) {
        (Some(date), _) => Weight::Date(date),
        (None, Some(Value::List(items))) => {
            let (mut values, mut unknown) = (BTreeSet::new(), false);
            items.into_iter().for_each(|item| spread(item, None, &mut values, &mut unknown));
            Weight::Values(values, unknown)
        }
        (None, Some(value)) => weight_of(&value),
        (None, None) => Weight::Unknown,
    }
}

fn weight_of(value: &Value) -> Weight {
    match (super::values::span(value), value) {
        (Some((low, high)), _) => Weight::Number(low, high),
        (_, Value::Text(text)) => Weight::Text(text.clone()),
        _ => Weight::Unknown,
    }
}

/// One more value among several: what is not exactly known may be anything.
fn spread(value: Option<Value>, date: Option<Bounds>, values: &mut BTreeSet<String>, unknown: &mut bool) {
    let vague = date.is_some_and(|date| !date.is_exact());
    match value {
        None => *unknown = true,
        Some(_) if vague => *unknown = true,
        Some(Value::Range(low, high)) if low != high => *unknown = true,
        Some(Value::List(items)) => items.into_iter().for_each(|item| spread(item, None, values, unknown)),
        Some(Value::Text(text)) => drop(values.insert(bilat::value::text::fold(&text))),
        Some(value) => drop(values.insert(super::show(Some(value)))),
    }
}

fn compare(operator: CompareOperator, left: &Weight, right: &Weight) -> Truth {
    if operator == CompareOperator::NotEqual {
        return compare(CompareOperator::Equal, left, right).not();
    }
    match (left, right) {
        (Weight::Number(a, b), Weight::Number(c, d)) => compare_spans(operator, (*a, *b), (*c, *d)),
        (Weight::Text(a), Weight::Text(b)) => {
            Truth::of(holds(operator, order(&Value::Text(a.clone()), &Value::Text(b.clone()), true)))
        }
        (Weight::Date(a), Weight::Date(b)) => {
            let first = Some(Edge { min: b.start_min, max: b.start_max });
            let last = Some(Edge { min: b.end_min, max: b.end_max });
            relate(*a, relation(operator), first, last)
        }
        _ if operator == CompareOperator::Equal => {
            let (Some((a, a_open)), Some((b, b_open))) = (several(left), several(right)) else { return Undecided };
            if !a.is_subset(&b) && !b_open || !b.is_subset(&a) && !a_open {
                return False;
            }
            if a_open || b_open { Undecided } else { True }
        }
        _ => Undecided,
    }
}

fn several(weight: &Weight) -> Option<(BTreeSet<String>, bool)> {
    match weight {
        Weight::Values(values, unknown) => Some((values.clone(), *unknown)),
        Weight::Number(low, high) if low == high => Some((BTreeSet::from([format!("{low:.6}")]), false)),
        Weight::Date(date) if date.is_exact() => {
            let single = date.start_min == date.end_min;
            Some((BTreeSet::from([bilat::value::date::VagueDate::from_bounds(*date, single).text]), false))
        }
        Weight::Text(text) => Some((BTreeSet::from([bilat::value::text::fold(text)]), false)),
        Weight::Number(..) | Weight::Date(_) | Weight::Unknown => None,
    }
}

fn calculated(operator: ArithmeticOperator, left: &Weight, right: &Weight) -> Weight {
    let (Weight::Number(a, b), Weight::Number(c, d)) = (left, right) else { return Weight::Unknown };
    if operator == ArithmeticOperator::Divide && *c <= 0.0 && *d >= 0.0 {
        return Weight::Unknown;
    }
    let made = [(a, c), (a, d), (b, c), (b, d)].map(|(x, y)| match operator {
        ArithmeticOperator::Plus => x + y,
        ArithmeticOperator::Minus => x - y,
        ArithmeticOperator::Times => x * y,
        ArithmeticOperator::Divide => x / y,
    });
    if made.iter().any(|value| value.is_nan()) {
        return Weight::Unknown;
    }
    Weight::Number(made.into_iter().fold(f64::INFINITY, f64::min), made.into_iter().fold(f64::NEG_INFINITY, f64::max))
}

const fn relation(operator: CompareOperator) -> bilat::syntax::ast::DateRelation {
    use bilat::syntax::ast::DateRelation::*;
    match operator {
        CompareOperator::Equal | CompareOperator::NotEqual => During,
        CompareOperator::Less => Before,
        CompareOperator::LessOrEqual => Until,
        CompareOperator::Greater => After,
        CompareOperator::GreaterOrEqual => Since,
    }
}
