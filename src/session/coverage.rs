//! What the file claims to hold completely: only there does it mean anything that something is absent.

use super::Session;
use crate::bind::tree::{Aggregate, BoundQuery, Condition, Element, Origin, Reach, Scalar, Shape, Thing};
use crate::catalog::NounId;
use crate::diagnostic::Diagnostic;
use crate::sql::{Parameter, SqlQuery};
use crate::syntax::ast::{CompareOperator, DateRelation, Quantifier, Relation};
use crate::value::date::{Day, DayText};

/// One claim of the file to be complete.
struct Covered {
    noun: String,
    leader: Option<i64>,
    country: Option<i64>,
    other_leader: Option<i64>,
    other_country: Option<i64>,
    place: Option<i64>,
    first: Day,
    last: Day,
    /// What it covers, on whose word, and what its remark says.
    label: String,
}

/// Whether an absence means something.
pub(super) enum Absence {
    /// The file claims to be complete there.
    Covered(String),
    /// It does not, for this reason.
    Open(String),
}

impl Session {
    /// Whether it means something that a query has no rows.
    pub(super) fn absence(&self, query: &BoundQuery) -> Result<Absence, Diagnostic> {
        let Some(noun) = counted(query.noun) else {
            return Ok(Absence::Open(format!("no file claims to hold all {}", query.noun.noun().name)));
        };
        // That all meetings are there does not mean that all is there that could be said of them.
        if let Some(link) = query.conjuncts.iter().find_map(|conjunct| recorded(&conjunct.condition)) {
            return Ok(Absence::Open(format!("the file does not claim to hold all {link} of its {noun}")));
        }
        if let Some(publication) = &query.according {
            let why = format!("the file does not claim to hold all that '{}' tells", publication.label);
            return Ok(Absence::Open(why));
        }
        self.reached(noun, &query.reach, self.reference_of(query))
    }

    fn reached(&self, noun: &'static str, reach: &Reach, reference: Day) -> Result<Absence, Diagnostic> {
        let last = reach.last.unwrap_or(reference);
        let countries = self.countries(reach)?;
        for covered in self.coverage()?.into_iter().filter(|covered| covered.noun == noun) {
            let within = reach.first.is_some_and(|first| covered.first <= first) && last <= covered.last;
            if within && covers(&covered, reach, &countries) {
                return Ok(Absence::Covered(covered.label));
            }
        }
        let whose: Vec<&str> = reach.parties.iter().map(|party| party.label.as_str()).collect();
        let whose = if whose.is_empty() { String::new() } else { format!(" of {}", whose.join(" and ")) };
        let days = match reach.first {
            Some(first) => format!("from {} to {}", DayText(first), DayText(last)),
            None => format!("up to {}", DayText(last)),
        };
        Ok(Absence::Open(format!("the file does not claim to hold all {noun}{whose} {days}")))
    }

    fn coverage(&self) -> Result<Vec<Covered>, Diagnostic> {
        let text = "SELECT \"noun\" AS c0, \"leader_id\" AS c1, \"country_id\" AS c2, \"other_leader_id\" AS c3, \
             \"other_country_id\" AS c4, \"place_id\" AS c5, \"start_max\" AS c6, \"end_min\" AS c7, \"label\" AS c8, \
             \"remark\" AS c9, (SELECT \"label\" FROM \"publications\" AS p WHERE p.\"id\" = \"publication_id\") AS c10 \
             FROM \"coverage\" ORDER BY \"id\"";
        let query = SqlQuery::new(text.to_string(), Vec::new());
        self.database().collect(&query, |row| {
            let id = |at| (row.get(at) != crate::store::Raw::Null).then(|| row.integer(at));
            Covered {
                noun: row.text(0).unwrap_or_default(),
                leader: id(1),
                country: id(2),
                other_leader: id(3),
                other_country: id(4),
                place: id(5),
                first: row.integer(6),
                last: row.integer(7),
                label: told(row.text(8).unwrap_or_default(), row.text(10), row.text(9)),
            }
        })
    }

    /// The countries of the leaders and places that a query speaks of.
    fn countries(&self, reach: &Reach) -> Result<Vec<(Thing, i64)>, Diagnostic> {
        let mut known = Vec::new();
        for thing in reach.parties.iter().chain(&reach.areas) {
            let table = match thing.noun {
                NounId::Leaders => "leaders",
                NounId::Places => "places",
                NounId::Countries => {
                    known.push((thing.clone(), thing.id));
                    continue;
                }
                _ => continue,
            };
            let text = format!("SELECT \"country_id\" AS c0 FROM \"{table}\" WHERE \"id\" = ?1");
            let query = SqlQuery::new(text, vec![Parameter::Integer(thing.id)]);
            let found = self.database().collect(&query, |row| row.integer(0))?;
            known.extend(found.into_iter().map(|country| (thing.clone(), country)));
        }
        Ok(known)
    }

    /// Where an answer rests on what is not there, whether that means anything.
    pub(super) fn absences(&self, query: &BoundQuery) -> Result<Option<String>, Diagnostic> {
        let mut found = Vec::new();
        query.conjuncts.iter().for_each(|conjunct| denied(&conjunct.condition, false, &mut found));
        if has_gap(query) {
            found.extend(counted(query.noun).map(|noun| (noun, "a gap", query.reach.clone())));
        }
        if query.zeros || query.across {
            found.extend(counted(query.noun).map(|noun| (noun, "a group without a row", query.reach.clone())));
        }
        let mut notes: Vec<String> = Vec::new();
        for (noun, what, reach) in found {
            let note = match self.reached(noun, &reach, self.reference_of(query))? {
                Absence::Covered(label) => format!("{what} rests on coverage: {label}"),
                Absence::Open(why) => format!("{what} rests on what this file holds: {why}"),
            };
            if !notes.contains(&note) {
                notes.push(note);
            }
        }
        Ok((!notes.is_empty()).then(|| notes.join("; ")))
    }
}

/// "meetings: Putin, 2024-05-07 to 2024-07-10 (on the word of the article: …)"
fn told(label: String, publication: Option<String>, remark: Option<String>) -> String {
    let word = publication.map(|publication| format!("on the word of {publication}"));
    let said: Vec<String> = word.into_iter().chain(remark).collect();
    if said.is_empty() { label } else { format!("{label} ({})", said.join(": ")) }
}

/// What a condition asks of that the file holds as far as it was recorded: topics, accounts, visits of meetings.
fn recorded(condition: &Condition) -> Option<&'static str> {
    match condition {
        Condition::And(parts) | Condition::Or(parts) => parts.iter().find_map(recorded),
        Condition::Not(inner) | Condition::Possibly(inner) | Condition::Certainly(inner) => recorded(inner),
        Condition::Quantified { elements, condition, .. } => {
            let links = elements.iter().filter_map(Element::link);
            let named =
                links.map(|link| link.name).find(|name| matches!(*name, "topics" | "accounts" | "visits" | "meetings"));
            named.or_else(|| recorded(condition))
        }
        _ => None,
    }
}

impl Session {
    /// The query with all that rests on an uncovered absence left undecided: that somebody did not meet somebody, that
    /// a leader has no meetings, how many there are. What it rests on is said in `notes`.
    pub(super) fn open_world(&self, query: &BoundQuery, notes: &mut Vec<String>) -> Result<BoundQuery, Diagnostic> {
        let mut changed = query.clone();
        let mut opening = Opening { session: self, query, notes, reading: Reading::Open };
        for conjunct in &mut changed.conjuncts {
            conjunct.condition = opening.condition(&conjunct.condition)?;
        }
        if let Some(why) = resting(query) {
            push(opening.notes, why);
        }
        Ok(changed)
    }
}

/// How what nobody claims to know of is read.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Reading {
    /// It is undecided.
    Open,
    /// As what makes the whole less true.
    Low,
    /// As what makes the whole more true.
    High,
}

impl Reading {
    const fn flipped(self) -> Reading {
        match self {
            Reading::Open => Reading::Open,
            Reading::Low => Reading::High,
            Reading::High => Reading::Low,
        }
    }

    fn condition(self) -> Condition {
        let never = || Condition::Certainly(Box::new(Condition::Undecided));
        match self {
            Reading::Open => Condition::Undecided,
            Reading::Low => never(),
            Reading::High => Condition::Not(Box::new(never())),
        }
    }
}

struct Opening<'a> {
    session: &'a Session,
    query: &'a BoundQuery,
    notes: &'a mut Vec<String>,
    reading: Reading,
}

impl Opening<'_> {
    fn condition(&mut self, condition: &Condition) -> Result<Condition, Diagnostic> {
        match condition {
            Condition::And(parts) => Ok(Condition::And(self.all(parts)?)),
            Condition::Or(parts) => Ok(Condition::Or(self.all(parts)?)),
            Condition::Not(inner) => Ok(Condition::Not(Box::new(self.flipped(inner)?))),
            Condition::Possibly(inner) => self.word(inner, Condition::Possibly),
            Condition::Certainly(inner) => self.word(inner, Condition::Certainly),
            Condition::Related { .. } => {
                let mut found = Vec::new();
                denied(condition, true, &mut found);
                let open = self.is_open(found)?;
                Ok(if open { self.more(condition.clone()) } else { condition.clone() })
            }
            Condition::Quantified { quantifier, elements, condition: inner } => {
                let none = *quantifier == Quantifier::No;
                let inner = if none { self.flipped(inner)? } else { self.condition(inner)? };
                let elements = elements.clone();
                let mut found = Vec::new();
                denied(condition, !none, &mut found);
                let linked = elements.iter().find_map(unclaimed);
                let open = self.is_open(found)? || linked.is_some();
                linked.into_iter().for_each(|why| push(self.notes, why));
                let changed = Condition::Quantified { quantifier: *quantifier, elements, condition: Box::new(inner) };
                Ok(match quantifier {
                    _ if !open => changed,
                    // One that is there counts; that none is there says nothing.
                    Quantifier::Any => self.more(changed),
                    Quantifier::No | Quantifier::Every => self.less(changed),
                })
            }
            Condition::Compare { operator, left, right } => Ok(self.compared(*operator, left, right, condition)),
            _ => Ok(condition.clone()),
        }
    }

    fn all(&mut self, parts: &[Condition]) -> Result<Vec<Condition>, Diagnostic> {
        parts.iter().map(|part| self.condition(part)).collect()
    }

    fn flipped(&mut self, condition: &Condition) -> Result<Condition, Diagnostic> {
        self.reading = self.reading.flipped();
        let changed = self.condition(condition);
        self.reading = self.reading.flipped();
        changed
    }

    /// POSSIBLY and CERTAINLY speak of vague dates: they do not decide what the file does not claim to know.
    fn word(&mut self, inner: &Condition, word: fn(Box<Condition>) -> Condition) -> Result<Condition, Diagnostic> {
        if self.reading != Reading::Open {
            return Ok(word(Box::new(self.condition(inner)?)));
        }
        let mut read = |reading| {
            self.reading = reading;
            let changed = self.condition(inner);
            self.reading = Reading::Open;
            Ok::<_, Diagnostic>(word(Box::new(changed?)))
        };
        let (low, high) = (read(Reading::Low)?, read(Reading::High)?);
        if low == high {
            return Ok(low);
        }
        Ok(Condition::Or(vec![low, Condition::And(vec![high, Condition::Undecided])]))
    }

    /// It may be true though it is not.
    fn more(&self, condition: Condition) -> Condition {
        Condition::Or(vec![condition, self.reading.condition()])
    }

    /// It may be false though it is not.
    fn less(&self, condition: Condition) -> Condition {
        Condition::And(vec![condition, self.reading.condition()])
    }

    fn is_open(&mut self, found: Vec<Denied>) -> Result<bool, Diagnostic> {
        let mut open = false;
        for (noun, _, reach) in found {
            match self.session.reached(noun, &reach, self.session.reference_of(self.query))? {
                Absence::Covered(label) => push(self.notes, format!("what is not there rests on coverage: {label}")),
                Absence::Open(why) => {
                    push(self.notes, format!("what is not there decides nothing: {why}"));
                    open = true;
                }
            }
        }
        Ok(open)
    }

    /// A number of meetings is at least as many as the file holds.
    fn compared(&mut self, operator: CompareOperator, left: &Scalar, right: &Scalar, whole: &Condition) -> Condition {
        use CompareOperator::{Greater, GreaterOrEqual, Less, LessOrEqual};
        let (here, there) = (sized(left), sized(right));
        let Some(why) = here.clone().or(there.clone()) else { return whole.clone() };
        push(self.notes, why);
        let plain = |scalar: &Scalar, found: &Option<String>| found.is_none() || matches!(scalar, Scalar::Size { .. });
        let one_side = here.is_some() != there.is_some() && plain(left, &here) && plain(right, &there);
        match operator {
            Greater | GreaterOrEqual if one_side && here.is_some() => self.more(whole.clone()),
            Less | LessOrEqual if one_side && there.is_some() => self.more(whole.clone()),
            Greater | GreaterOrEqual | Less | LessOrEqual if one_side => self.less(whole.clone()),
            _ => self.reading.condition(),
        }
    }
}

/// Why it means nothing that a step leads to nothing: it leads to meetings or visits from something else, or to what was
/// talked about, and no file claims to hold them all.
pub(super) fn unclaimed(element: &Element) -> Option<String> {
    let (link, from) = (element.link()?, element.base()?.noun);
    // What an account tells of is what it tells.
    if from == NounId::Accounts || from == link.to {
        return None;
    }
    let noun = match link.to {
        NounId::Topics => "topics",
        to => counted(to).filter(|noun| counted(from) != Some(noun))?,
    };
    let from = from.noun().name;
    Some(format!("what is not there decides nothing: the file does not claim to hold all {noun} of its {from}"))
}

/// The same of a number of them.
pub(super) fn sized(scalar: &Scalar) -> Option<String> {
    match scalar {
        Scalar::Size { elements, .. } => elements.iter().find_map(unclaimed),
        Scalar::Length(inner) | Scalar::Negative(inner) => sized(inner),
        Scalar::Arithmetic { left, right, .. } => sized(left).or_else(|| sized(right)),
        _ => None,
    }
}

/// Why what a query selects may be more than the file holds.
fn resting(query: &BoundQuery) -> Option<String> {
    let listed = |scalar: &Scalar| match scalar {
        Scalar::List { elements, .. } => elements.iter().find_map(unclaimed),
        scalar => sized(scalar),
    };
    match &query.shape {
        Shape::Rows { columns } => columns.iter().find_map(|column| listed(&column.value)),
        Shape::Groups(groups) => groups.aggregates.iter().find_map(|aggregate| {
            let elements = match aggregate {
                Aggregate::CountDistinct { elements, .. } | Aggregate::List { elements, .. } => elements.as_slice(),
                _ => &[],
            };
            let elements = elements.iter().chain(&groups.expansions);
            elements.into_iter().find_map(unclaimed).or_else(|| aggregate.value().and_then(sized))
        }),
    }
}

fn push(notes: &mut Vec<String>, note: String) {
    if !notes.contains(&note) {
        notes.push(note);
    }
}

/// The noun of coverage that the rows of a noun are counted under.
const fn counted(noun: NounId) -> Option<&'static str> {
    match noun {
        NounId::Meetings | NounId::Participants | NounId::Pairs => Some("meetings"),
        NounId::Visits | NounId::Journeys => Some("visits"),
        NounId::Events => Some("events"),
        _ => None,
    }
}

/// Whether a file can claim to hold all rows of a noun.
pub(super) const fn is_covered_noun(noun: NounId) -> bool {
    counted(noun).is_some()
}

/// Whether a claim contains what a query reaches: whose, with whom, where.
fn covers(covered: &Covered, reach: &Reach, countries: &[(Thing, i64)]) -> bool {
    let country_of = |thing: &Thing| countries.iter().find(|(known, _)| known == thing).map(|(_, country)| *country);
    let is_leader = |thing: &Thing, id: i64| thing.noun == NounId::Leaders && thing.id == id;
    let stands_for = |thing: &Thing, id: i64| country_of(thing) == Some(id);
    let whose = |thing: &Thing| match (covered.leader, covered.country) {
        (Some(leader), _) => is_leader(thing, leader),
        (None, Some(country)) => stands_for(thing, country),
        (None, None) => true,
    };
    let whole = covered.leader.is_none() && covered.country.is_none();
    let Some(own) = reach.parties.iter().position(whose).or(whole.then_some(usize::MAX)) else { return false };
    let others = || {
        let parties = reach.parties.iter().enumerate().filter(move |(at, _)| *at != own).map(|(_, party)| party);
        parties.chain(&reach.areas)
    };
    let with = covered.other_leader.is_none_or(|leader| others().any(|thing| is_leader(thing, leader)));
    let with_country = covered.other_country.is_none_or(|country| others().any(|thing| stands_for(thing, country)));
    let place = covered
        .place
        .is_none_or(|place| reach.areas.iter().any(|thing| thing.noun == NounId::Places && thing.id == place));
    with && with_country && place
}

fn has_gap(query: &BoundQuery) -> bool {
    match &query.shape {
        Shape::Rows { columns } => columns.iter().any(|column| matches!(column.value, Scalar::Gap { .. })),
        Shape::Groups(_) => false,
    }
}

type Denied = (&'static str, &'static str, Reach);

/// Where a condition says that there is none.
fn denied(condition: &Condition, negated: bool, found: &mut Vec<Denied>) {
    match condition {
        Condition::And(parts) | Condition::Or(parts) => parts.iter().for_each(|part| denied(part, negated, found)),
        Condition::Not(inner) => denied(inner, !negated, found),
        Condition::Possibly(inner) | Condition::Certainly(inner) => denied(inner, negated, found),
        Condition::Related { relation, thing, dates, .. } if negated => {
            let (noun, what) = match relation {
                Relation::Met => ("meetings", "NOT MET"),
                Relation::Visited => ("visits", "NOT VISITED"),
                Relation::Hosted => ("meetings", "NOT HOSTED"),
                Relation::Attended => ("meetings", "NOT ATTENDED"),
            };
            let mut reach = Reach::default();
            match thing.noun {
                NounId::Places | NounId::Countries if *relation == Relation::Visited => reach.areas.push(thing.clone()),
                _ => reach.parties.push(thing.clone()),
            }
            dates.iter().for_each(|date| narrow(date, &mut reach));
            found.push((noun, what, reach));
        }
        Condition::Quantified { quantifier, elements, .. } => {
            let none = negated != (*quantifier == Quantifier::No);
            if let (true, Some(Element { origin: Origin::All { .. }, noun, .. })) = (none, elements.first())
                && let Some(noun) = counted(*noun)
            {
                found.push((noun, "NONE", Reach::default()));
            }
        }
        _ => {}
    }
}

fn narrow(date: &Condition, reach: &mut Reach) {
    match date {
        Condition::Possibly(inner) | Condition::Certainly(inner) => narrow(inner, reach),
        Condition::Date { relation, first, last, .. } => {
            let (first, last) = (first.map(|edge| edge.min), last.map(|edge| edge.max));
            match relation {
                DateRelation::Since => reach.first = reach.first.max(first),
                DateRelation::After => reach.first = reach.first.max(last.map(|day| day + 1)),
                DateRelation::Before => reach.last = first.map(|day| day - 1),
                DateRelation::Until => reach.last = last,
                DateRelation::During | DateRelation::Overlaps => {
                    reach.first = reach.first.max(first);
                    reach.last = last;
                }
            }
        }
        _ => {}
    }
}
