//! CONNECT: the fewest meetings from one to the other, earliest first among equals.
//!
//! The meetings that may be links come from SQL with who took part; the chain is found here, backwards from the goal by
//! breadth, then forwards by date. With RISING each meeting begins after the latest end of the one before.

use super::sources::Sources;
use super::{RunError, Session, counted, decode};
use crate::answer::{Cell, Closing, Column, ColumnKind, Head, Row, Sink};
use crate::bind::tree::{BoundConnect, BoundQuery, Condition, Conjunct, PathRef, Shape, Thing};
use crate::catalog::NounId;
use crate::diagnostic::Diagnostic;
use crate::plan::lower::chain;
use crate::sql;
use crate::store::Raw;
use crate::value::date::Day;
use std::collections::HashMap;

/// A party: a leader, or a country whose leader is not known.
type Party = (bool, i64);

/// A meeting that may be a link.
struct Meeting {
    id: i64,
    first: Day,
    last: Day,
    parties: Vec<Party>,
}

/// From whom to whom at which meeting, by their places in the lists.
struct Link {
    from: Party,
    to: Party,
    meeting: usize,
}

#[derive(Default)]
struct Graph {
    meetings: Vec<Meeting>,
    labels: HashMap<Party, String>,
    countries: HashMap<Party, i64>,
    /// Of each party its meetings, in the order of dates.
    of: HashMap<Party, Vec<usize>>,
}

/// What is shown of a meeting, and its sources.
type Said = (Vec<Cell>, Vec<usize>);

impl Session {
    pub(super) fn connect(&self, connect: &BoundConnect, text: &str, sink: &mut dyn Sink) -> Result<(), RunError> {
        let graph = self.graph(&connect.meetings)?;
        let (from, to) = (graph.parties(&connect.from), graph.parties(&connect.to));
        let links = if connect.rising { graph.rising(&from, &to) } else { graph.shortest(&from, &to) };
        let mut columns = [("step", ColumnKind::Number), ("from", ColumnKind::Name), ("to", ColumnKind::Name)]
            .map(|(name, kind)| Column { name: name.to_string(), kind })
            .to_vec();
        let plan = self.plan(&one_meeting(&connect.meetings, 0));
        columns.extend(plan.columns.iter().map(|c| Column { name: c.name.clone(), kind: decode::kind(&c.decode) }));
        sink.head(&Head { query: text.to_string(), columns, marked: false, cited: plan.sources.is_some() })?;
        let mut sources = Sources::new(&self.database);
        let name = |party: &Party| Cell::Text(graph.labels.get(party).cloned().unwrap_or_default());
        for (step, link) in (1..).zip(links.iter().flatten()) {
            let (said, numbers) = self.said(connect, graph.meetings[link.meeting].id, &mut sources)?;
            let cells = [Cell::Integer(step), name(&link.from), name(&link.to)].into_iter().chain(said).collect();
            sink.row(Row { cells, certain: true, sources: numbers })?;
        }
        let mut notes = Vec::new();
        let rising = if connect.rising { ", each on a later day than the one before" } else { "" };
        let count = links.as_ref().map_or(0, |links| links.len() as u64);
        let summary = match &links {
            Some(_) => {
                let meetings = counted(count, "meeting", "meetings");
                format!("{meetings} from {} to {}{rising}", connect.from.label, connect.to.label)
            }
            None => {
                for (thing, parties) in [(&connect.from, &from), (&connect.to, &to)] {
                    if parties.is_empty() {
                        let meetings = counted(graph.meetings.len() as u64, "meeting", "meetings");
                        notes.push(format!("{} took part in none of the {meetings}", thing.label));
                    }
                }
                notes.push("that there is none rests on what this file holds".to_string());
                format!("no chain of meetings leads from {} to {}{rising}", connect.from.label, connect.to.label)
            }
        };
        let sources = sources.finish()?;
        sink.closing(&Closing { summary, count, count_possible: count, notes, sources })?;
        Ok(())
    }

    /// The meetings that may be links, with who took part.
    fn graph(&self, query: &BoundQuery) -> Result<Graph, Diagnostic> {
        let block = chain(query, self.reference_of(query));
        let mut graph = Graph::default();
        let rows = self.database.collect(&sql::translate(&block), |row| {
            let id = |at| (row.get(at) != Raw::Null).then(|| row.integer(at));
            (row.integer(0), row.integer(1), row.integer(2), id(3), id(4), row.text(5).unwrap_or_default())
        })?;
        for (id, first, last, leader, country, label) in rows {
            let Some(party) = leader.map(|leader| (true, leader)).or(country.map(|country| (false, country))) else {
                continue;
            };
            if graph.meetings.last().is_none_or(|meeting| meeting.id != id) {
                graph.meetings.push(Meeting { id, first, last, parties: Vec::new() });
            }
            let at = graph.meetings.len() - 1;
            graph.meetings[at].parties.push(party);
            graph.labels.insert(party, label);
            graph.countries.extend(country.map(|country| (party, country)));
            graph.of.entry(party).or_default().push(at);
        }
        Ok(graph)
    }

    fn said(&self, connect: &BoundConnect, meeting: i64, sources: &mut Sources<'_>) -> Result<Said, RunError> {
        let plan = self.plan(&one_meeting(&connect.meetings, meeting));
        let mut said = (Vec::new(), Vec::new());
        self.database.query(&sql::translate(&plan.rows), |raw| {
            let row = super::row(&plan, raw, sources);
            said = (row.cells, row.sources);
            Ok::<(), std::io::Error>(())
        })?;
        Ok(said)
    }
}

/// One of the meetings with what is shown of it: who took part stands beside it already.
fn one_meeting(meetings: &BoundQuery, id: i64) -> BoundQuery {
    let columns = match &meetings.shape {
        Shape::Rows { columns } => columns.iter().filter(|column| column.name != "participants").cloned().collect(),
        Shape::Groups(_) => Vec::new(),
    };
    let things = vec![Thing { noun: NounId::Meetings, id, label: String::new() }];
    let condition = Condition::Is { entity: PathRef::row(0, NounId::Meetings), things };
    BoundQuery {
        cite: meetings.cite,
        according: meetings.according.clone(),
        ..BoundQuery::rows(NounId::Meetings, vec![Conjunct { condition, text: String::new() }], columns)
    }
}

impl Graph {
    /// The parties that a leader or a country is.
    fn parties(&self, thing: &Thing) -> Vec<Party> {
        let is = |party: &&Party| match thing.noun {
            NounId::Leaders => **party == (true, thing.id),
            _ => self.countries.get(*party) == Some(&thing.id),
        };
        let mut parties: Vec<Party> = self.of.keys().filter(is).copied().collect();
        parties.sort_unstable();
        parties
    }

    fn meetings_of(&self, party: Party) -> impl Iterator<Item = usize> + '_ {
        self.of.get(&party).into_iter().flatten().copied()
    }

    /// The fewest meetings: how far each party is from the goal, then always the earliest meeting that comes nearer.
    fn shortest(&self, from: &[Party], to: &[Party]) -> Option<Vec<Link>> {
        let mut distance: HashMap<Party, usize> = to.iter().map(|party| (*party, 0)).collect();
        let mut newest: Vec<Party> = to.to_vec();
        let mut reached = 0;
        while !newest.is_empty() && !from.iter().any(|party| distance.contains_key(party)) {
            reached += 1;
            let mut next = Vec::new();
            for meeting in newest.iter().flat_map(|party| self.meetings_of(*party)) {
                for party in &self.meetings[meeting].parties {
                    distance.entry(*party).or_insert_with(|| {
                        next.push(*party);
                        reached
                    });
                }
            }
            newest = next;
        }
        let mut left = *from.iter().filter_map(|party| distance.get(party)).min()?;
        let mut here: Vec<Party> = from.iter().filter(|party| distance.get(party) == Some(&left)).copied().collect();
        let mut links = Vec::new();
        while left > 0 {
            let nearer = |party: &&Party| distance.get(party) == Some(&(left - 1));
            let link = self.earliest(&here, |at| self.meetings[at].parties.iter().find(nearer).copied())?;
            here = vec![link.to];
            links.push(link);
            left -= 1;
        }
        Some(links)
    }

    /// The fewest meetings on rising days: until when a party must set out with so many meetings left, then always the
    /// earliest meeting from which the goal can still be reached.
    fn rising(&self, from: &[Party], to: &[Party]) -> Option<Vec<Link>> {
        let mut latest: Vec<HashMap<Party, Day>> = vec![to.iter().map(|party| (*party, Day::MAX)).collect()];
        while !from.iter().any(|party| latest[latest.len() - 1].contains_key(party)) {
            let goal = &latest[latest.len() - 1];
            let mut next: HashMap<Party, Day> = HashMap::new();
            for meeting in &self.meetings {
                let leads = |party: &&Party| goal.get(party).is_some_and(|day| meeting.last < *day);
                let Some(on) = meeting.parties.iter().find(leads) else { continue };
                let two = meeting.parties.iter().filter(leads).count() > 1;
                for party in meeting.parties.iter().filter(|party| two || *party != on) {
                    let day = next.entry(*party).or_insert(Day::MIN);
                    *day = (*day).max(meeting.first);
                }
            }
            // A chain without a party twice is no longer than there are parties.
            if next.is_empty() || latest.len() > self.of.len() {
                return None;
            }
            latest.push(next);
        }
        let mut here: Vec<Party> =
            from.iter().filter(|party| latest[latest.len() - 1].contains_key(party)).copied().collect();
        let mut after = Day::MIN;
        let mut links = Vec::new();
        for goal in latest.iter().rev().skip(1) {
            let link = self.earliest(&here, |at| {
                let meeting = &self.meetings[at];
                let leads =
                    |party: &&Party| goal.get(party).is_some_and(|day| meeting.last < *day) && !here.contains(party);
                if meeting.first > after { meeting.parties.iter().find(leads).copied() } else { None }
            })?;
            after = self.meetings[link.meeting].last;
            here = vec![link.to];
            links.push(link);
        }
        Some(links)
    }

    /// The earliest meeting of these parties that leads on.
    fn earliest(&self, here: &[Party], leads_to: impl Fn(usize) -> Option<Party>) -> Option<Link> {
        let all = here.iter().flat_map(|party| self.meetings_of(*party).map(move |at| (at, *party)));
        let fitting = all.filter_map(|(meeting, from)| Some(Link { from, to: leads_to(meeting)?, meeting }));
        // Meetings are in the order of dates.
        fitting.min_by_key(|link| link.meeting)
    }
}
