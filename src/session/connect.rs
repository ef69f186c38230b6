//! CONNECT: the fewest meetings from one to the other, earliest first among equals.
//!
//! The meetings that may be links come from SQL with who took part; the chain is found here, backwards from the goal by
//! breadth, then forwards by date. With RISING each meeting begins after the latest end of the one before.

use super::sources::Sources;
use super::verdict::possibly;
use super::{RunError, Session, counted, decode};
use crate::answer::{Cell, Chart, Closing, Column, ColumnKind, Head, Row, Sink};
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
    /// Each with the country that it stands for there.
    parties: Vec<(Party, Option<i64>)>,
}

/// From whom to whom at which meeting, by their places in the lists.
struct Link {
    from: Party,
    to: Party,
    meeting: usize,
}

#[derive(Default)]
struct Graph {
    /// In the order of dates.
    meetings: Vec<Meeting>,
    labels: HashMap<Party, String>,
    /// Of each party its meetings.
    of: HashMap<Party, Vec<usize>>,
}

/// What is shown of a meeting, and its sources.
type Said = (Vec<Cell>, Vec<usize>);

impl Session {
    pub(super) fn connect(&self, connect: &BoundConnect, text: &str, sink: &mut dyn Sink) -> Result<(), RunError> {
        let graph = self.graph(&connect.meetings)?;
        let (from, to) = (&connect.from, &connect.to);
        let links = graph.links(connect);
        let mut columns = [("step", ColumnKind::Number), ("from", ColumnKind::Name), ("to", ColumnKind::Name)]
            .map(|(name, kind)| Column { name: name.to_string(), kind })
            .to_vec();
        let plan = self.plan(&one_meeting(&connect.meetings, 0));
        columns.extend(plan.columns.iter().map(|c| Column { name: c.name.clone(), kind: decode::kind(&c.decode) }));
        let date = columns.iter().position(|column| column.kind == ColumnKind::Date);
        let chart = date.map(|date| Chart::Timeline { date, until: None, labels: vec![1, 2] });
        let cited = plan.sources.is_some();
        sink.head(&Head { query: text.to_string(), columns, cited, chart, ..Head::default() })?;
        let mut sources = Sources::new(&self.database);
        let name = |party: &Party| Cell::Text(graph.labels.get(party).cloned().unwrap_or_default());
        for (step, link) in (1..).zip(links.iter().flatten()) {
            let (said, numbers) = self.said(connect, graph.meetings[link.meeting].id, &mut sources)?;
            let cells = [Cell::Integer(step), name(&link.from), name(&link.to)].into_iter().chain(said).collect();
            sink.row(&Row { cells, certain: true, sources: numbers })?;
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
                for thing in [from, to] {
                    if !graph.meetings.iter().any(|meeting| meeting.has(thing)) {
                        let all = match graph.meetings.len() {
                            0 => "there is no meeting".to_string(),
                            1 => format!("{} did not take part in the 1 meeting", thing.label),
                            many => format!("{} took part in none of the {many} meetings", thing.label),
                        };
                        notes.extend((!notes.contains(&all)).then_some(all));
                    }
                }
                let possible = self.graph(&possibly(&connect.meetings))?.at_best();
                if let Some(links) = possible.links(connect) {
                    let meetings = counted(links.len() as u64, "meeting", "meetings");
                    notes.push(format!("a chain of {meetings} is possible: date too vague"));
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
            graph.meetings[at].parties.push((party, country));
            graph.labels.insert(party, label);
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

/// Whether it is that leader: nobody is led to himself.
fn is(party: Party, thing: &Thing) -> bool {
    thing.noun == NounId::Leaders && party == (true, thing.id)
}

impl Meeting {
    /// Those who are that leader, or stand for that country.
    fn are<'m>(&'m self, thing: &'m Thing) -> impl Iterator<Item = Party> + 'm {
        let is = |party: &(Party, Option<i64>)| match thing.noun {
            NounId::Leaders => party.0 == (true, thing.id),
            _ => party.1 == Some(thing.id),
        };
        self.parties.iter().filter(move |party| is(party)).map(|(party, _)| *party)
    }

    fn has(&self, thing: &Thing) -> bool {
        self.are(thing).next().is_some()
    }

    /// Each of these with each other who leads on.
    fn pairs(&self, from: &[Party], leads: impl Fn(Party) -> bool) -> Vec<(Party, Party)> {
        let to: Vec<Party> = self.parties.iter().map(|(party, _)| *party).filter(|party| leads(*party)).collect();
        from.iter()
            .flat_map(|one| to.iter().filter(move |other| *other != one).map(move |other| (*one, *other)))
            .collect()
    }
}

impl Graph {
    /// The chain, if there is one; who stands for a country is led to it by no meeting at all.
    fn links(&self, connect: &BoundConnect) -> Option<Vec<Link>> {
        let (from, to) = (&connect.from, &connect.to);
        let same = |meeting: &Meeting| meeting.are(from).any(|one| meeting.are(to).any(|other| one == other));
        if from == to || self.meetings.iter().any(same) {
            return Some(Vec::new());
        }
        if connect.rising { self.rising(from, to) } else { self.shortest(from, to) }
    }

    /// With the days that let most meetings follow each other.
    fn at_best(mut self) -> Graph {
        for meeting in &mut self.meetings {
            std::mem::swap(&mut meeting.first, &mut meeting.last);
        }
        self
    }

    fn meetings_of(&self, party: Party) -> impl Iterator<Item = usize> + '_ {
        self.of.get(&party).into_iter().flatten().copied()
    }

    /// The fewest meetings: how far each party is from the goal, then always the earliest meeting that comes nearer.
    fn shortest(&self, from: &Thing, to: &Thing) -> Option<Vec<Link>> {
        let mut distance: HashMap<Party, usize> = HashMap::new();
        let mut newest = Vec::new();
        let all = |_: Party| true;
        for meeting in &self.meetings {
            let goals: Vec<Party> = meeting.are(to).filter(|party| !is(*party, from)).collect();
            for (_, party) in meeting.pairs(&goals, all) {
                distance.entry(party).or_insert_with(|| {
                    newest.push(party);
                    1
                });
            }
        }
        for far in 2.. {
            if newest.is_empty() {
                break;
            }
            let mut next = Vec::new();
            for meeting in newest.iter().flat_map(|party| self.meetings_of(*party)) {
                for (party, _) in &self.meetings[meeting].parties {
                    distance.entry(*party).or_insert_with(|| {
                        next.push(*party);
                        far
                    });
                }
            }
            newest = next;
        }
        let leads = |at: usize, left: usize, party: Party| match left {
            1 => !is(party, from) && self.meetings[at].are(to).any(|goal| goal == party),
            left => distance.get(&party).is_some_and(|far| *far < left),
        };
        let starts = (0..self.meetings.len()).filter_map(|at| {
            let from: Vec<Party> = self.meetings[at].are(from).filter(|party| !is(*party, to)).collect();
            let leads_on = |left: &usize| !self.meetings[at].pairs(&from, |party| leads(at, *left, party)).is_empty();
            let farthest = self.meetings[at].parties.iter().filter_map(|(party, _)| distance.get(party)).max()?;
            (!from.is_empty()).then(|| (1..=farthest + 1).find(leads_on)).flatten()
        });
        self.walk([from, to], starts.min()?, |at, left, _, party| leads(at, left, party))
    }

    /// The fewest meetings on rising days: until when a party must set out with so many meetings left, then always the
    /// earliest meeting from which the goal can still be reached.
    fn rising(&self, from: &Thing, to: &Thing) -> Option<Vec<Link>> {
        // With one meeting left the goal must be there; with more, somebody who can set out after it.
        let mut latest: Vec<HashMap<Party, Day>> = Vec::new();
        let leads = |latest: &[HashMap<Party, Day>], at: usize, left: usize, party: Party| match left {
            1 => !is(party, from) && self.meetings[at].are(to).any(|goal| goal == party),
            left => latest[left - 2].get(&party).is_some_and(|day| self.meetings[at].last < *day),
        };
        for left in 1.. {
            let mut next: HashMap<Party, Day> = HashMap::new();
            let mut there = false;
            for (at, meeting) in self.meetings.iter().enumerate() {
                let all: Vec<Party> = meeting.parties.iter().map(|(party, _)| *party).collect();
                let pairs = meeting.pairs(&all, |party| leads(&latest, at, left, party));
                there |=
                    pairs.iter().any(|(party, _)| !is(*party, to) && meeting.are(from).any(|known| known == *party));
                for (party, _) in pairs {
                    let day = next.entry(party).or_insert(Day::MIN);
                    *day = (*day).max(meeting.first);
                }
            }
            if there {
                return self.walk([from, to], left, |at, left, after, party| {
                    self.meetings[at].first > after && leads(&latest, at, left, party)
                });
            }
            // A chain without a party twice is no longer than there are parties.
            if next.is_empty() || left > self.of.len() {
                return None;
            }
            latest.push(next);
        }
        None
    }

    /// Always the earliest meeting that leads on, with all who could hand on there, so that the next is the earliest
    /// too; who did it is told from behind. `leads` is given a meeting, how many are left with it, the last day of the
    /// one before, and a party.
    fn walk(
        &self,
        [from, to]: [&Thing; 2],
        left: usize,
        leads: impl Fn(usize, usize, Day, Party) -> bool,
    ) -> Option<Vec<Link>> {
        let mut here: Option<Vec<Party>> = None;
        let mut after = Day::MIN;
        let mut steps: Vec<(usize, Vec<(Party, Party)>)> = Vec::new();
        for left in (1..=left).rev() {
            let pairs = |at: usize| {
                let meeting = &self.meetings[at];
                let from: Vec<Party> = match &here {
                    Some(here) => {
                        here.iter().filter(|one| meeting.parties.iter().any(|(p, _)| p == *one)).copied().collect()
                    }
                    None => meeting.are(from).filter(|party| !is(*party, to)).collect(),
                };
                let pairs = meeting.pairs(&from, |party| leads(at, left, after, party));
                (!pairs.is_empty()).then_some((at, pairs))
            };
            let step = match &here {
                Some(here) => {
                    let mut all: Vec<usize> = here.iter().flat_map(|party| self.meetings_of(*party)).collect();
                    all.sort_unstable();
                    all.into_iter().find_map(pairs)
                }
                None => (0..self.meetings.len()).find_map(pairs),
            };
            let (at, pairs) = step?;
            after = self.meetings[at].last;
            here = Some(pairs.iter().map(|(_, party)| *party).collect());
            steps.push((at, pairs));
        }
        let mut links = Vec::new();
        let mut to: Option<Party> = None;
        for (meeting, pairs) in steps.into_iter().rev() {
            let (one, other) = pairs.into_iter().find(|(_, other)| to.is_none_or(|to| to == *other))?;
            to = Some(one);
            links.push(Link { from: one, to: other, meeting });
        }
        links.reverse();
        Some(links)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Meetings on one day each, one after the other, with leaders by their numbers and the countries they stand for.
    fn graph(meetings: &[(Day, &[(i64, i64)])]) -> Graph {
        let mut graph = Graph::default();
        for (at, (day, leaders)) in meetings.iter().enumerate() {
            let parties: Vec<(Party, Option<i64>)> = leaders.iter().map(|(id, of)| ((true, *id), Some(*of))).collect();
            for (party, _) in &parties {
                graph.of.entry(*party).or_default().push(at);
            }
            graph.meetings.push(Meeting { id: at as i64, first: *day, last: *day, parties });
        }
        graph
    }

    fn thing(noun: NounId, id: i64) -> Thing {
        Thing { noun, id, label: String::new() }
    }

    fn meetings(links: Option<Vec<Link>>) -> Option<Vec<usize>> {
        links.map(|links| links.into_iter().map(|link| link.meeting).collect())
    }

    #[test]
    fn of_those_who_could_hand_on_the_one_with_the_earliest_next_meeting_does() {
        let graph = graph(&[(1, &[(1, 0), (2, 0), (3, 0)]), (5, &[(3, 0), (9, 0)]), (7, &[(2, 0), (9, 0)])]);
        let (from, to) = (thing(NounId::Leaders, 1), thing(NounId::Leaders, 9));
        assert_eq!(meetings(graph.shortest(&from, &to)), Some(vec![0, 1]));
        assert_eq!(meetings(graph.rising(&from, &to)), Some(vec![0, 1]));
    }

    #[test]
    fn a_country_takes_part_where_somebody_stands_for_it() {
        // Leader 2 stood for country 50 once, but not where 1 was met.
        let graph = graph(&[(1, &[(2, 50), (3, 0)]), (2, &[(1, 10), (2, 60)]), (3, &[(1, 10), (3, 0)])]);
        let (from, to) = (thing(NounId::Countries, 10), thing(NounId::Countries, 50));
        assert_eq!(meetings(graph.shortest(&from, &to)), Some(vec![2, 0]));
        assert_eq!(meetings(graph.rising(&from, &to)), None);
    }
}
