//! The naive evaluator: a bound query over plain records, row by row, in three-valued logic. No SQL anywhere.
//!
//! `mod` holds the records and what can be reached from a row, `values` what a row's values are, `conditions` what is
//! true of it, `answers` and `groups` whole queries, `pivot` ZEROS and ACROSS, `claims` ASSERT and `chains` CONNECT.

mod answers;
mod chains;
mod claims;
mod conditions;
mod groups;
mod pivot;
mod values;

use bilat::bind::tree::*;
use bilat::catalog::vocabulary::{HELD, LEVEL};
use bilat::catalog::{Absent, NounId, Status, Via, When};
use bilat::dataset::model::{Entry, Model};
use bilat::value::date::{Bounds, Day, DayRange, OPEN_FUTURE, OPEN_PAST};
use std::cell::{Cell, RefCell};
use std::collections::HashMap;

pub use answers::Expected;
pub use chains::Link;
pub use claims::Verdict;
pub use values::show;

/// False, undecided, true; AND is the least, OR the greatest.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Truth {
    False,
    Undecided,
    True,
}
use Truth::*;

impl Truth {
    fn not(self) -> Truth {
        match self {
            False => True,
            Undecided => Undecided,
            True => False,
        }
    }

    fn of(truth: bool) -> Truth {
        if truth { True } else { False }
    }

    /// From what is certainly and what is possibly so.
    fn between(certain: bool, possible: bool) -> Truth {
        if certain {
            True
        } else if possible {
            Undecided
        } else {
            False
        }
    }
}

/// A row of a noun, perhaps as one publication (by its position) tells it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Row {
    noun: NounId,
    at: usize,
    told: Option<usize>,
}

impl Row {
    const fn new(noun: NounId, at: usize) -> Row {
        Row { noun, at, told: None }
    }
}

/// Where a path leads.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Reach {
    Row(Row),
    Nothing,
    Unknown,
}

/// The rows in sight; there are few, so that looking through them all is quick.
#[derive(Clone, Debug, Default)]
struct Rows(Vec<(RowId, Option<Row>)>);

impl Rows {
    fn from(row: Row) -> Rows {
        Rows(vec![(0, Some(row))])
    }

    /// `None` for a row that is not in sight, `Some(None)` for an element of which there is none.
    fn get(&self, id: RowId) -> Option<Option<Row>> {
        self.0.iter().rev().find(|(known, _)| *known == id).map(|(_, row)| *row)
    }

    fn at(&self, id: RowId) -> Option<Row> {
        self.get(id).unwrap_or_else(|| panic!("row {id} is not in sight"))
    }

    fn put(&mut self, id: RowId, row: Option<Row>) {
        self.0.push((id, row));
    }

    fn drop(&mut self, id: RowId) {
        let known = self.0.iter().rposition(|(known, _)| *known == id);
        self.0.remove(known.expect("the row was put in sight"));
    }
}

/// How it is read that something is not in the file, where no coverage says that all is.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Unsaid {
    /// There is none: a query speaks of the file.
    Closed,
    /// It is undecided: a claim speaks of the world.
    Open,
    /// As what makes a condition less true, or more.
    Low,
    High,
}

pub struct World {
    model: Model,
    /// The place of each row in the order of its noun.
    ranks: HashMap<NounId, Vec<i64>>,
    /// By noun and publication: each row as told, if it is.
    told: HashMap<(NounId, usize), Vec<Option<Entry>>>,
    /// The day on which the query reads what is not dated otherwise.
    today: Cell<Day>,
    /// What it says that there is no such meeting.
    open: Cell<Unsaid>,
    /// The rows that are in the answer: what `gap()` and `rank()` look among.
    among: RefCell<Vec<Row>>,
}

impl World {
    pub fn new(mut model: Model) -> World {
        *model.of_mut(NounId::Pairs) = pairs(&model);
        let today = Cell::new(model.reference);
        let mut world = World {
            model,
            ranks: HashMap::new(),
            told: HashMap::new(),
            today,
            open: Cell::new(Unsaid::Closed),
            among: RefCell::default(),
        };
        for noun in bilat::catalog::NOUNS {
            let ranks = world.ranked(noun.id);
            world.ranks.insert(noun.id, ranks);
        }
        for (noun, link) in [(NounId::Meetings, "meeting"), (NounId::Visits, "visit"), (NounId::Events, "event")] {
            for publication in 0..world.model.of(NounId::Publications).len() {
                let rows = (0..world.model.of(noun).len()).map(|at| world.retold(noun, link, at, publication));
                let rows = rows.collect();
                world.told.insert((noun, publication), rows);
            }
        }
        world
    }

    /// A row as a publication tells it: its date, place, format or kind, and status; the rest is the row's own.
    fn retold(&self, noun: NounId, link: &str, at: usize, publication: usize) -> Option<Entry> {
        let accounts = self.model.of(NounId::Accounts).iter().enumerate();
        let of_it = accounts.filter(|(_, account)| {
            account.one.get(link) == Some(&at) && account.one.get("publication") == Some(&publication)
        });
        let (_, account) = of_it.min_by_key(|(at, _)| self.ranks[&NounId::Accounts][*at])?;
        let mut entry = self.model.of(noun)[at].clone();
        let words = match noun {
            NounId::Meetings => &["date", "format"][..],
            NounId::Visits => &["date", "kind"],
            _ => &["date"],
        };
        for name in words {
            entry.text.remove(name);
            entry.dates.remove(name);
            entry.text.extend(account.text.get(name).map(|text| (*name, text.clone())));
            entry.dates.extend(account.dates.get(name).map(|date| (*name, date.clone())));
        }
        // What is told without a word on it took place.
        entry.text.insert("status", account.text.get("status").map_or(HELD, |status| status.as_str()));
        if noun == NounId::Visits {
            entry.text.remove("duration");
            let date = entry.dates.get("date").map(|date| date.bounds).filter(|bounds| bounds.is_exact());
            entry.text.extend(date.map(|date| ("duration", (date.end_max - date.start_min + 1).to_string().into())));
        } else {
            for name in ["place", "host_country"] {
                entry.one.remove(name);
                entry.one.extend(account.one.get(name).map(|at| (name, *at)));
            }
        }
        Some(entry)
    }

    /// By first and last day and key; participants by meeting and line; pairs by their participants.
    fn ranked(&self, noun: NounId) -> Vec<i64> {
        let rows = self.model.of(noun);
        let mut order: Vec<usize> = (0..rows.len()).collect();
        let rank = |of: NounId, at: Option<&usize>| at.map_or(0, |at| self.ranks[&of][*at]);
        order.sort_by_key(|at| {
            let row = &rows[*at];
            let (a, b) = match noun {
                NounId::Participants => (rank(NounId::Meetings, row.one.get("meeting")), row.place.line as i64),
                NounId::Pairs => (
                    rank(NounId::Participants, row.one.get("first")),
                    rank(NounId::Participants, row.one.get("second")),
                ),
                _ if noun.noun().when == When::Own => {
                    let bounds = self.own_bounds(noun, row);
                    (bounds.start_min, bounds.end_max)
                }
                _ => (0, 0),
            };
            (a, b, row.key.clone())
        });
        let mut ranks = vec![0; rows.len()];
        for (position, at) in (0..).zip(order) {
            ranks[at] = position;
        }
        ranks
    }

    fn rank(&self, row: Row) -> i64 {
        self.ranks[&row.noun][row.at]
    }

    /// In the order of dates: what a publication tells may be dated otherwise than what the row itself says.
    fn order(&self, row: Row) -> (Day, Day, i64) {
        match row.told {
            Some(_) => {
                let bounds = self.bounds(row);
                (bounds.start_min, bounds.end_max, self.rank(row))
            }
            None => (0, 0, self.rank(row)),
        }
    }

    fn bounds(&self, row: Row) -> Bounds {
        self.own_bounds(row.noun, self.entry(row))
    }

    fn own_bounds(&self, noun: NounId, row: &Entry) -> Bounds {
        if noun.noun().attribute("date").is_some() {
            return row.dates.get("date").map_or(Bounds::OPEN, |date| date.bounds);
        }
        let open = DayRange { first: OPEN_PAST, last: OPEN_FUTURE };
        let end =
            |name: &str| row.dates.get(name).map(|d| DayRange { first: d.bounds.start_min, last: d.bounds.end_max });
        let start = end("start").unwrap_or(open);
        let still = DayRange { first: self.model.reference.max(start.first), last: OPEN_FUTURE };
        Bounds::stay(start, end("end").unwrap_or(still)).unwrap_or(Bounds::OPEN)
    }

    fn position(&self, thing: &Thing) -> usize {
        self.model.of(thing.noun).iter().position(|row| row.label == thing.label).expect("the thing is in the data")
    }

    fn entry(&self, row: Row) -> &Entry {
        match row.told {
            Some(publication) => {
                self.told[&(row.noun, publication)][row.at].as_ref().expect("only told rows are in sight")
            }
            None => &self.model.of(row.noun)[row.at],
        }
    }

    fn plain(&self, noun: NounId, at: usize) -> &Entry {
        &self.model.of(noun)[at]
    }

    /// All rows of a noun, as a publication tells them if one is named.
    fn all(&self, noun: NounId, according: Option<&Thing>) -> Vec<Row> {
        let told = according.map(|thing| self.position(thing));
        let rows = (0..self.model.of(noun).len()).map(|at| Row { noun, at, told });
        rows.filter(|row| told.is_none_or(|publication| self.told[&(noun, publication)][row.at].is_some())).collect()
    }

    // Paths

    fn follow(&self, rows: &Rows, path: &PathRef) -> Reach {
        let mut here = match rows.at(path.row) {
            Some(row) => Reach::Row(row),
            None => Reach::Nothing,
        };
        for step in &path.steps {
            let Reach::Row(row) = here else { return here };
            let next = match (step.link.via, &step.as_of) {
                (Via::Dated { to, .. }, Some(as_of)) => self.senior(rows, row.at, to, as_of),
                _ => self.entry(row).one.get(step.link.name).copied(),
            };
            here = match next {
                Some(at) => Reach::Row(Row::new(step.link.to, at)),
                None if step.link.absent == Absent::Unknown => Reach::Unknown,
                None => Reach::Nothing,
            };
        }
        here
    }

    fn one(&self, row: Row, link: &str) -> Reach {
        let link = row.noun.noun().link(link).expect("the link is in the catalogue");
        match self.entry(row).one.get(link.name) {
            Some(at) => Reach::Row(Row::new(link.to, *at)),
            None if link.absent == Absent::Unknown => Reach::Unknown,
            None => Reach::Nothing,
        }
    }

    fn senior(&self, rows: &Rows, leader: usize, to: Option<&str>, as_of: &AsOf) -> Option<usize> {
        let (first, last) = self.days(rows, as_of)?;
        let terms = self.model.of(NounId::Terms).iter().enumerate();
        let running = terms.filter(|(_, term)| {
            let run = self.own_bounds(NounId::Terms, term);
            term.one.get("leader") == Some(&leader) && run.start_max <= first && run.end_min >= last
        });
        let (at, term) = running.min_by_key(|(at, term)| {
            let office = term.one.get("office").map(|office| self.plain(NounId::Offices, *office));
            let level = office.and_then(|office| office.text.get("level")).and_then(|level| LEVEL.position(level));
            let rank = self.ranks[&NounId::Terms][*at];
            (level.unwrap_or(99), -self.own_bounds(NounId::Terms, term).start_min, rank)
        })?;
        match to {
            Some(link) => term.one.get(link).copied(),
            None => Some(at),
        }
    }

    /// From which to which day something must hold; nothing where there is no such day.
    fn days(&self, rows: &Rows, as_of: &AsOf) -> Option<(Day, Day)> {
        match as_of {
            AsOf::Reference => Some((self.today.get(), self.today.get())),
            AsOf::Row(path) => match self.follow(rows, path) {
                Reach::Row(row) => Some(self.days_of(row)),
                _ => None,
            },
        }
    }

    fn days_of(&self, row: Row) -> (Day, Day) {
        let bounds = self.bounds(row);
        (bounds.start_min, bounds.end_max)
    }

    /// Memberships of a kind that counts, with how surely they hold on the days.
    fn memberships(&self, days: Option<(Day, Day)>) -> Vec<(&Entry, Truth)> {
        let Some((first, last)) = days else { return Vec::new() };
        let all = self.model.of(NounId::Memberships).iter();
        let counted =
            all.filter(|row| matches!(row.text.get("kind").map(|kind| kind.as_str()), Some("member" | "party")));
        counted
            .map(|row| {
                let run = self.own_bounds(NounId::Memberships, row);
                let certain = run.start_max <= first && run.end_min >= last;
                let possible = run.start_min <= last && run.end_max >= first;
                (row, Truth::between(certain, possible))
            })
            .collect()
    }

    /// The rows that a to-many step leads to, each with how surely.
    fn elements(&self, rows: &mut Rows, element: &Element) -> Vec<(Row, Truth)> {
        let mut found = self.led_to(rows, element);
        found.sort_by_key(|(row, truth)| (row.at, std::cmp::Reverse(*truth)));
        found.dedup_by_key(|(row, _)| row.at);
        let mut chosen = Vec::new();
        for (row, truth) in found {
            if element.held && !self.is_held(row) {
                continue;
            }
            rows.put(element.row, Some(row));
            let open = self.open.replace(Unsaid::Closed);
            let truth = element.filter.as_ref().map_or(truth, |filter| truth.min(self.truth(rows, filter)));
            self.open.set(open);
            rows.drop(element.row);
            if truth != False {
                chosen.push((row, truth));
            }
        }
        chosen.sort_by_key(|(row, _)| self.rank(*row));
        chosen
    }

    fn led_to(&self, rows: &mut Rows, element: &Element) -> Vec<(Row, Truth)> {
        let (from, step) = match &element.origin {
            Origin::Step { base, step } => (base, step),
            Origin::All { according } => {
                return self.all(element.noun, according.as_ref()).into_iter().map(|row| (row, True)).collect();
            }
        };
        let Reach::Row(base) = self.follow(rows, from) else { return Vec::new() };
        let link = step.link;
        let surely = |all: Vec<usize>| all.into_iter().map(|at| (at, True)).collect();
        let found: Vec<(usize, Truth)> = match link.via {
            Via::Reverse { link, .. } => {
                let all = self.model.of(element.noun).iter().enumerate();
                surely(all.filter(|(_, row)| row.one.get(link) == Some(&base.at)).map(|(at, _)| at).collect())
            }
            Via::List { .. } => surely(self.entry(base).many.get(link.name).cloned().unwrap_or_default()),
            Via::Through { table, from, to } => surely(self.through(table, from, to, base.at)),
            Via::Dated { from, to, .. } => {
                let as_of = step.as_of.clone().unwrap_or(AsOf::Reference);
                let held = self.memberships(self.days(rows, &as_of));
                let of_base = held.into_iter().filter(|(row, _)| row.one.get(from) == Some(&base.at));
                of_base.filter_map(|(row, truth)| Some((*row.one.get(to?)?, truth))).collect()
            }
            Via::Column | Via::Names | Via::Path(_) => Vec::new(),
        };
        found.into_iter().map(|(at, truth)| (Row::new(element.noun, at), truth)).collect()
    }

    fn through(&self, table: &str, from: &str, to: &str, base: usize) -> Vec<usize> {
        let pairs: Vec<(usize, usize)> = match (table, from) {
            ("participants", "leader_id") => self.column_pairs(NounId::Participants, "leader", "meeting"),
            ("visits", "journey_id") => self.column_pairs(NounId::Visits, "journey", "country"),
            ("meeting_visits", _) => self.list_pairs(NounId::Meetings, "visits"),
            ("meeting_topics", _) => self.list_pairs(NounId::Meetings, "topics"),
            ("country_regions", _) => self.list_pairs(NounId::Regions, "countries"),
            other => panic!("the evaluator does not know the table {other:?} to {to}"),
        };
        pairs.into_iter().filter(|(one, _)| *one == base).map(|(_, other)| other).collect()
    }

    fn column_pairs(&self, noun: NounId, from: &str, to: &str) -> Vec<(usize, usize)> {
        let rows = self.model.of(noun).iter();
        rows.filter_map(|row| Some((*row.one.get(from)?, *row.one.get(to)?))).collect()
    }

    /// The pairs of a list, from its elements to the rows that have them.
    fn list_pairs(&self, noun: NounId, link: &str) -> Vec<(usize, usize)> {
        let rows = self.model.of(noun).iter().enumerate();
        rows.flat_map(|(at, row)| row.many.get(link).into_iter().flatten().map(move |other| (*other, at))).collect()
    }

    fn is_held(&self, row: Row) -> bool {
        match row.noun.noun().status {
            Status::Own => self.entry(row).text.get("status").is_some_and(|status| status == HELD),
            Status::Of(link) => matches!(self.one(row, link), Reach::Row(owner) if self.is_held(owner)),
            Status::None => true,
        }
    }

    /// Calls `each` for every way through the elements, with how surely it is one.
    fn every_way(&self, rows: &mut Rows, elements: &[Element], truth: Truth, each: &mut dyn FnMut(&mut Rows, Truth)) {
        let Some((first, rest)) = elements.split_first() else { return each(rows, truth) };
        for (row, surely) in self.elements(rows, first) {
            rows.put(first.row, Some(row));
            self.every_way(rows, rest, truth.min(surely), each);
            rows.drop(first.row);
        }
    }
}

fn pairs(model: &Model) -> Vec<Entry> {
    let all = model.of(NounId::Participants);
    let mut made = Vec::new();
    let mut lines: Vec<usize> = (0..all.len()).collect();
    // Leaders in the order of their keys, then countries.
    let party = |at: usize| {
        let leader = all[at].one.get("leader").map(|leader| &model.of(NounId::Leaders)[*leader].key);
        let country = all[at].one.get("country").map(|country| &model.of(NounId::Countries)[*country].key);
        (leader.is_none(), leader.or(country), all[at].place.line)
    };
    lines.sort_by_key(|at| party(*at));
    for (position, first) in lines.iter().enumerate() {
        for second in &lines[position + 1..] {
            if all[*first].one.get("meeting") == all[*second].one.get("meeting") {
                let mut entry = Entry {
                    key: format!("{}+{}", all[*first].key, all[*second].key).into(),
                    label: format!("{} – {}", all[*first].label, all[*second].label).into(),
                    ..Entry::default()
                };
                entry.one.insert("meeting", *all[*first].one.get("meeting").unwrap());
                entry.one.insert("first", *first);
                entry.one.insert("second", *second);
                made.push(entry);
            }
        }
    }
    made
}
