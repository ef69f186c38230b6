//! What is true of a row, what is false, and what stays undecided.

use super::Truth::{self, *};
use super::values::{Known, Value, compare_spans, holds, order, period_bounds, span};
use super::{Reach, Row, Rows, Unsaid, World};
use bilat::bind::tree::*;
use bilat::catalog::NounId;
use bilat::syntax::ast::{CompareOperator, DateRelation, Quantifier, Relation};
use bilat::value::date::{Bounds, Day, Edge};
use bilat::value::text::{fold_pattern, like};

impl World {
    pub(super) fn truth(&self, rows: &mut Rows, condition: &Condition) -> Truth {
        match condition {
            Condition::And(parts) => parts.iter().map(|part| self.truth(rows, part)).min().unwrap_or(True),
            Condition::Or(parts) => parts.iter().map(|part| self.truth(rows, part)).max().unwrap_or(False),
            Condition::Not(inner) => self.denied(rows, inner).not(),
            Condition::Possibly(inner) => self.read(rows, inner, |truth| Truth::of(truth != False)),
            Condition::Certainly(inner) => self.read(rows, inner, |truth| Truth::of(truth == True)),
            Condition::Compare { operator, left, right } => {
                let truth = self.compare(rows, *operator, left, right);
                if self.open.get() == Unsaid::Closed || !counts_unclaimed(left) && !counts_unclaimed(right) {
                    return truth;
                }
                // So many are there, and who knows how many more: no more than one side grows, and only if it is a
                // number of rows and nothing else.
                use CompareOperator::{Greater, GreaterOrEqual, Less, LessOrEqual};
                let is_count = |scalar: &Scalar| matches!(scalar, Scalar::Size { .. });
                let grows = match (counts_unclaimed(left), counts_unclaimed(right)) {
                    (true, false) if is_count(left) => matches!(operator, Greater | GreaterOrEqual),
                    (false, true) if is_count(right) => matches!(operator, Less | LessOrEqual),
                    _ => return self.unsaid(),
                };
                match operator {
                    CompareOperator::Equal | CompareOperator::NotEqual => self.unsaid(),
                    _ if grows => truth.max(self.unsaid()),
                    _ => truth.min(self.unsaid()),
                }
            }
            Condition::Date { relation, date, first, last } => {
                let (bounds, _, there) = self.date(rows, date);
                bounds.map_or(there, |bounds| relate(bounds, *relation, *first, *last))
            }
            Condition::Dates { operator, left, right } => self.dates(rows, *operator, left, right),
            Condition::Is { entity, things } => match self.scalar(rows, &Scalar::Entity(entity.clone())) {
                Known::Unknown => Undecided,
                Known::Nothing => False,
                Known::Is(value) => {
                    Truth::of(things.iter().any(|thing| value == Value::Row(thing.noun, self.position(thing))))
                }
            },
            Condition::Different(one, other) => Truth::of(self.follow(rows, one) != self.follow(rows, other)),
            Condition::Party { participant, thing, .. } => match self.follow(rows, participant) {
                Reach::Row(participant) => self.is_party(participant, thing),
                Reach::Nothing => False,
                Reach::Unknown => Undecided,
            },
            Condition::Belongs { country, thing, as_of } => {
                self.belongs(self.follow(rows, country), thing, self.days(rows, as_of))
            }
            Condition::Within { place, country, thing } => {
                let places: Vec<usize> = match place {
                    PlaceRef::One(path) => match self.follow(rows, path) {
                        Reach::Row(row) => vec![row.at],
                        _ => Vec::new(),
                    },
                    PlaceRef::Many(element) => self.elements(rows, element).iter().map(|(row, _)| row.at).collect(),
                };
                self.within(&places, self.follow(rows, country), thing)
            }
            // Blanks, hyphens and signs count in a pattern, so that the text keeps them too.
            Condition::Like { value, pattern } => {
                let pattern = fold_pattern(pattern);
                self.text_test(rows, value, |text| like(&pattern, &fold_pattern(text)))
            }
            Condition::Contains { value, part } => {
                let part = fold_pattern(part);
                self.text_test(rows, value, |text| fold_pattern(text).contains(&part))
            }
            Condition::Holds(value) => match self.scalar(rows, value) {
                Known::Is(value) => Truth::of(value == Value::Integer(1)),
                Known::Nothing => False,
                Known::Unknown => Undecided,
            },
            Condition::IsUnknown(value) => Truth::of(self.shown(rows, value).is_none()),
            Condition::Undecided => Undecided,
            Condition::Related { relation, thing, dates, condition } => {
                let truth = self.related(rows, *relation, thing, dates, condition);
                let open = self.open.get() != Unsaid::Closed && !self.has_all_of(*relation, thing, dates);
                if open { truth.max(self.unsaid()) } else { truth }
            }
            Condition::Quantified { quantifier, elements, condition } => {
                let mut any = False;
                let mut every = True;
                let none = *quantifier == Quantifier::No;
                self.every_way(rows, elements, True, &mut |rows, surely| {
                    let truth = if none { self.denied(rows, condition) } else { self.truth(rows, condition) };
                    any = any.max(surely.min(truth));
                    every = every.min(surely.not().max(truth));
                });
                // Of a query in brackets nobody says from when on all its rows are there.
                let bracketed = matches!(&elements[0].origin, Origin::All { .. });
                let bracketed = bracketed && super::claims::covered_noun(elements[0].noun).is_some();
                let whole = match quantifier {
                    Quantifier::Any => any,
                    Quantifier::No => any.not(),
                    Quantifier::Every => every,
                };
                let linked = elements.iter().any(is_unclaimed);
                match quantifier {
                    _ if self.open.get() == Unsaid::Closed => whole,
                    Quantifier::Any if bracketed || linked => whole.max(self.unsaid()),
                    Quantifier::No | Quantifier::Every if bracketed || linked => whole.min(self.unsaid()),
                    _ => whole,
                }
            }
        }
    }

    /// What nobody claims to know.
    fn unsaid(&self) -> Truth {
        match self.open.get() {
            Unsaid::Low => False,
            Unsaid::High => True,
            Unsaid::Open | Unsaid::Closed => Undecided,
        }
    }

    /// What makes the inner more true makes the outer less true.
    fn denied(&self, rows: &mut Rows, inner: &Condition) -> Truth {
        let before = self.open.get();
        self.open.set(match before {
            Unsaid::Low => Unsaid::High,
            Unsaid::High => Unsaid::Low,
            other => other,
        });
        let truth = self.truth(rows, inner);
        self.open.set(before);
        truth
    }

    /// POSSIBLY and CERTAINLY decide what dates leave open, and nothing else: where it matters how one reads what nobody
    /// claims to know, it stays undecided.
    fn read(&self, rows: &mut Rows, inner: &Condition, word: impl Fn(Truth) -> Truth) -> Truth {
        if self.open.get() != Unsaid::Open {
            return word(self.truth(rows, inner));
        }
        let mut read = |unsaid| {
            self.open.set(unsaid);
            let truth = word(self.truth(rows, inner));
            self.open.set(Unsaid::Open);
            truth
        };
        let (low, high) = (read(Unsaid::Low), read(Unsaid::High));
        low.max(high.min(Undecided))
    }

    fn compare(&self, rows: &mut Rows, operator: CompareOperator, left: &Scalar, right: &Scalar) -> Truth {
        if operator == CompareOperator::NotEqual {
            return self.compare(rows, CompareOperator::Equal, left, right).not();
        }
        let folded = left.kind(None) == Type::Text && right.kind(None) == Type::Text;
        match (self.side(rows, left), self.side(rows, right)) {
            (Known::Is(a), Known::Is(b)) => match (span(&a), span(&b)) {
                (Some(a), Some(b)) => compare_spans(operator, a, b),
                _ => Truth::of(holds(operator, order(&a, &b, folded))),
            },
            (Known::Unknown, _) | (_, Known::Unknown) => Undecided,
            _ => False,
        }
    }

    /// A value to compare; the period of a vague date is one of several.
    fn side(&self, rows: &mut Rows, scalar: &Scalar) -> Known {
        let Scalar::Period { unit, date } = scalar else { return self.scalar(rows, scalar) };
        match self.date(rows, date) {
            (Some(bounds), ..) => {
                let (low, high) = period_bounds(*unit, bounds);
                Known::Is(Value::Range(low, high))
            }
            (None, _, Undecided) => Known::Unknown,
            (None, ..) => Known::Nothing,
        }
    }

    fn dates(&self, rows: &Rows, operator: CompareOperator, left: &Scalar, right: &Scalar) -> Truth {
        if operator == CompareOperator::NotEqual {
            return self.dates(rows, CompareOperator::Equal, left, right).not();
        }
        let ((a, _, a_there), (b, _, b_there)) = (self.date(rows, left), self.date(rows, right));
        let (Some(a), Some(b)) = (a, b) else {
            return if a_there == Undecided || b_there == Undecided { Undecided } else { False };
        };
        compare_dates(operator, a, b)
    }

    fn text_test(&self, rows: &mut Rows, value: &Scalar, test: impl Fn(&str) -> bool) -> Truth {
        if self.scalar(rows, value) == Known::Unknown {
            return Undecided;
        }
        match self.shown(rows, value) {
            Some(Value::Text(text)) => Truth::of(test(&text)),
            _ => False,
        }
    }

    /// A participant is that leader, or stands for that country or a country of that region or group (then). One whose
    /// leader is not known is no leader.
    fn is_party(&self, participant: Row, thing: &Thing) -> Truth {
        if thing.noun == NounId::Leaders {
            let leader = Row::new(NounId::Leaders, self.position(thing));
            return Truth::of(self.one(participant, "leader") == Reach::Row(leader));
        }
        let days = match self.one(participant, "meeting") {
            Reach::Row(meeting) => Some(self.days_of(meeting)),
            _ => None,
        };
        self.belongs(self.one(participant, "country"), thing, days)
    }

    fn belongs(&self, country: Reach, thing: &Thing, days: Option<(Day, Day)>) -> Truth {
        let country = match country {
            Reach::Row(row) => row.at,
            Reach::Nothing => return False,
            Reach::Unknown => return Undecided,
        };
        let other = self.position(thing);
        match thing.noun {
            NounId::Regions => {
                let countries = self.plain(NounId::Regions, other).many.get("countries");
                Truth::of(countries.is_some_and(|countries| countries.contains(&country)))
            }
            NounId::Groups => {
                let held = self.memberships(days).into_iter();
                let of = held.filter(|(row, _)| {
                    row.one.get("country") == Some(&country) && row.one.get("group") == Some(&other)
                });
                of.map(|(_, truth)| truth).max().unwrap_or(False)
            }
            _ => Truth::of(country == other),
        }
    }

    fn lies_in(&self, place: usize, other: usize) -> bool {
        let mut here = Some(place);
        while let Some(at) = here {
            if at == other {
                return true;
            }
            here = self.plain(NounId::Places, at).one.get("parent").copied();
        }
        false
    }

    /// One of these places is, or lies in, the thing; a wider place may be it. Without a place the country may rule it
    /// out.
    fn within(&self, places: &[usize], country: Reach, thing: &Thing) -> Truth {
        let wanted = self.position(thing);
        let one = |at: usize| Truth::between(self.lies_in(at, wanted), self.lies_in(wanted, at));
        let nowhere = || match country {
            Reach::Row(country) => {
                Truth::between(false, self.plain(NounId::Places, wanted).one.get("country") == Some(&country.at))
            }
            _ => Undecided,
        };
        places.iter().map(|at| one(*at)).max().unwrap_or_else(nowhere)
    }

    // MET and its like: judged from what they mean, not from what the binder makes of them.

    fn related(
        &self,
        rows: &mut Rows,
        relation: Relation,
        thing: &Thing,
        dates: &[Condition],
        condition: &Condition,
    ) -> Truth {
        let Condition::Quantified { elements, condition, .. } = condition else { panic!("a relation is about rows") };
        let here = spoken_of(condition).expect("a relation is about a leader or a country");
        let is_leader = here.noun == NounId::Leaders;
        let here = self.follow(rows, &here);
        let own = elements[0].row;
        let dated = |row: Row, rows: &mut Rows| {
            rows.put(own, Some(row));
            let truth = dates.iter().map(|date| self.truth(rows, date)).min().unwrap_or(True);
            rows.drop(own);
            truth
        };
        // Who is not known is no leader; a country that is not known may be any.
        let is_here = |row: Reach| match same(row, here) {
            Undecided if is_leader => False,
            truth => truth,
        };
        let mut any = False;
        if relation == Relation::Visited || relation == Relation::Hosted && !is_leader {
            for visit in self.all(NounId::Visits, None).into_iter().filter(|visit| self.is_held(*visit)) {
                let leader = self.one(visit, "leader");
                let of_leader = |link: &str| match leader {
                    Reach::Row(leader) => self.one(leader, link),
                    other => other,
                };
                let days = Some(self.days_of(visit));
                let truth = match relation {
                    Relation::Hosted => {
                        let travelled = match thing.noun {
                            NounId::Leaders => {
                                same(leader, Reach::Row(Row::new(NounId::Leaders, self.position(thing))))
                            }
                            _ => self.belongs(of_leader("country"), thing, days),
                        };
                        same(self.one(visit, "country"), here).min(travelled)
                    }
                    _ => {
                        let traveller = if is_leader { leader } else { of_leader("country") };
                        let places = self.entry(visit).many.get("places").cloned().unwrap_or_default();
                        let country = self.one(visit, "country");
                        let there = match thing.noun {
                            NounId::Places => self.within(&places, country, thing),
                            _ => self.belongs(country, thing, days),
                        };
                        same(traveller, here).min(there)
                    }
                };
                any = any.max(truth.min(dated(visit, rows)));
            }
            return any;
        }
        for meeting in self.all(NounId::Meetings, None).into_iter().filter(|meeting| self.is_held(*meeting)) {
            let at = |row: &Row| self.one(*row, "meeting") == Reach::Row(meeting);
            let parties: Vec<Row> = self.all(NounId::Participants, None).into_iter().filter(at).collect();
            let when = dated(meeting, rows);
            for party in &parties {
                let took_part = is_here(self.one(*party, if is_leader { "leader" } else { "country" })).min(when);
                let truth = match relation {
                    Relation::Attended => {
                        let event = Row::new(NounId::Events, self.position(thing));
                        same(self.one(meeting, "event"), Reach::Row(event))
                    }
                    _ => {
                        let others = parties.iter().filter(|other| *other != party);
                        others.map(|other| self.is_party(*other, thing)).max().unwrap_or(False)
                    }
                };
                let host = match self.entry(*party).text.get("role") {
                    Some(role) => Truth::of(role == "host"),
                    None => Undecided,
                };
                let truth = if relation == Relation::Hosted { truth.min(host) } else { truth };
                any = any.max(truth.min(took_part));
            }
        }
        any
    }
}

/// Whether two paths lead to one row.
fn same(one: Reach, other: Reach) -> Truth {
    match (one, other) {
        (Reach::Row(one), Reach::Row(other)) => Truth::of((one.noun, one.at) == (other.noun, other.at)),
        (Reach::Unknown, _) | (_, Reach::Unknown) => Undecided,
        _ => False,
    }
}

/// The leader or country that a relation is about: what a participant or a traveller is compared with.
fn spoken_of(condition: &Condition) -> Option<PathRef> {
    match condition {
        Condition::And(parts) => parts.iter().find_map(spoken_of),
        Condition::Certainly(inner) => spoken_of(inner),
        Condition::Compare { right: Scalar::Entity(here), .. } => Some(here.clone()),
        _ => None,
    }
}

/// Whether it is one of the meetings, visits or topics that a row of another kind has in the file, of which it may have
/// more.
pub(super) fn is_unclaimed(element: &Element) -> bool {
    let Origin::Step { base, step } = &element.origin else { return false };
    let noun = super::claims::covered_noun(step.link.to);
    let of_another = noun.is_some() && noun != super::claims::covered_noun(base.noun);
    let talked_about = step.link.to == NounId::Topics && base.noun != NounId::Topics;
    (of_another || talked_about) && base.noun != NounId::Accounts
}

/// Whether it is a number of those, or made of one.
pub(super) fn counts_unclaimed(scalar: &Scalar) -> bool {
    match scalar {
        Scalar::Size { elements, .. } => elements.iter().any(is_unclaimed),
        Scalar::Length(inner) | Scalar::Negative(inner) => counts_unclaimed(inner),
        Scalar::Arithmetic { left, right, .. } => counts_unclaimed(left) || counts_unclaimed(right),
        _ => false,
    }
}

/// Two dates of the data against each other.
fn compare_dates(operator: CompareOperator, a: Bounds, b: Bounds) -> Truth {
    let certain = match operator {
        CompareOperator::Less => a.end_max < b.start_min,
        CompareOperator::Greater => a.start_min > b.end_max,
        CompareOperator::LessOrEqual => a.end_max <= b.end_min,
        CompareOperator::GreaterOrEqual => a.start_min >= b.start_max,
        _ => a.start_min >= b.start_max && a.end_max <= b.end_min,
    };
    let possible = match operator {
        CompareOperator::Less => a.end_min < b.start_max,
        CompareOperator::Greater => a.start_max > b.end_min,
        CompareOperator::LessOrEqual => a.end_min <= b.end_max,
        CompareOperator::GreaterOrEqual => a.start_max >= b.start_min,
        _ => a.start_max >= b.start_min && a.end_min <= b.end_max,
    };
    Truth::between(certain, possible)
}

/// A period whose own days are vague: surely, whichever they are; possibly, for some of them. What holds of the first
/// and the last that a day may be holds of all between.
pub(super) fn relate(date: Bounds, relation: DateRelation, first: Option<Edge>, last: Option<Edge>) -> Truth {
    let days = |edge: Option<Edge>| match edge {
        None => vec![None],
        Some(Edge { min, max }) => vec![Some(min), Some(max)],
    };
    let mut all = Vec::new();
    for first in days(first) {
        all.extend(days(last).into_iter().map(|last| relate_exactly(date, relation, first, last)));
    }
    let certain = all.iter().all(|truth| *truth == True);
    Truth::between(certain, all.iter().any(|truth| *truth != False))
}

fn relate_exactly(date: Bounds, relation: DateRelation, first: Option<Day>, last: Option<Day>) -> Truth {
    let from = |day: Day| first.is_none_or(|first| day >= first);
    let to = |day: Day| last.is_none_or(|last| day <= last);
    match relation {
        DateRelation::Since => Truth::between(from(date.start_min), from(date.start_max)),
        DateRelation::Until => Truth::between(to(date.end_max), to(date.end_min)),
        DateRelation::After => {
            let after = |day: Day| last.is_none_or(|last| day > last);
            Truth::between(after(date.start_min), after(date.start_max))
        }
        DateRelation::Before => {
            let before = |day: Day| first.is_none_or(|first| day < first);
            Truth::between(before(date.end_max), before(date.end_min))
        }
        DateRelation::During => {
            Truth::between(from(date.start_min) && to(date.end_max), from(date.start_max) && to(date.end_min))
        }
        DateRelation::Overlaps => {
            Truth::between(to(date.start_max) && from(date.end_min), to(date.start_min) && from(date.end_max))
        }
    }
}
