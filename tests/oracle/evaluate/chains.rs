//! CONNECT by trying: chains one meeting longer each time, of those that lead to the same place the earliest.

use super::Truth::True;
use super::values::show;
use super::{Reach, Row, Rows, World};
use bilat::bind::tree::{BoundConnect, Shape};
use bilat::catalog::NounId;
use bilat::value::date::Day;

/// Who took part: a leader, or a country whose leader is not known.
type Party = (NounId, usize);

/// One meeting of a chain: what is shown of it, and who took part.
#[derive(Debug, PartialEq)]
pub struct Link {
    pub cells: Vec<String>,
    pub parties: Vec<String>,
}

struct Meeting {
    row: Row,
    days: (Day, Day),
    /// Each with the country that it stands for there.
    parties: Vec<(Party, Option<usize>)>,
}

impl World {
    /// The meetings of the best chain, if there is one, and what the parties at both ends may be called.
    pub fn chain(&self, connect: &BoundConnect) -> (Option<Vec<Link>>, [Vec<String>; 2]) {
        let meetings = self.meetings(connect);
        let ends = [&connect.from, &connect.to].map(|thing| (thing.noun, self.position(thing)));
        let names = ends.map(|end| {
            let all = meetings.iter().flat_map(|meeting| meeting.are(end));
            all.map(|party| self.label(party)).collect()
        });
        // Who stands for a country is there already.
        let there = |meeting: &Meeting| meeting.are(ends[0]).iter().any(|party| meeting.are(ends[1]).contains(party));
        let there = ends[0] == ends[1] || meetings.iter().any(there);
        let best = if there { Some(Vec::new()) } else { best(&meetings, ends, connect.rising) };
        let links = best.map(|way| way.into_iter().map(|at| self.link(connect, &meetings[at])).collect());
        (links, names)
    }

    /// The meetings that may be links, in the order of dates.
    fn meetings(&self, connect: &BoundConnect) -> Vec<Meeting> {
        let found = self.found(&connect.meetings).0.into_iter().filter(|(_, truth)| *truth == True);
        let mut meetings: Vec<Meeting> = found
            .map(|(row, _)| {
                let all = self.all(NounId::Participants, None).into_iter();
                let of_it =
                    all.filter(|party| matches!(self.one(*party, "meeting"), Reach::Row(at) if at.at == row.at));
                let parties = of_it.filter_map(|party| {
                    let country = match self.one(party, "country") {
                        Reach::Row(country) => Some(country.at),
                        _ => None,
                    };
                    match self.one(party, "leader") {
                        Reach::Row(leader) => Some(((NounId::Leaders, leader.at), country)),
                        _ => country.map(|at| ((NounId::Countries, at), country)),
                    }
                });
                Meeting { row, days: self.days_of(row), parties: parties.collect() }
            })
            .collect();
        meetings.sort_by_key(|meeting| (meeting.days, self.rank(meeting.row)));
        meetings
    }

    fn label(&self, (noun, at): Party) -> String {
        self.plain(noun, at).label.to_string()
    }

    fn link(&self, connect: &BoundConnect, meeting: &Meeting) -> Link {
        let Shape::Rows { columns } = &connect.meetings.shape else { panic!("links are rows") };
        let shown = columns.iter().filter(|column| column.name != "participants");
        let mut rows = Rows::from(meeting.row);
        let cells = shown.map(|column| show(self.shown(&mut rows, &column.value))).collect();
        Link { cells, parties: meeting.parties.iter().map(|(party, _)| self.label(*party)).collect() }
    }
}

impl Meeting {
    /// Those who are that leader, or stand for that country there.
    fn are(&self, end: Party) -> Vec<Party> {
        let is = |(party, country): &&(Party, Option<usize>)| match end.0 {
            NounId::Leaders => *party == end,
            _ => *country == Some(end.1),
        };
        self.parties.iter().filter(is).map(|(party, _)| *party).collect()
    }
}

/// Where a chain has come to, and its meetings by their places in the order of dates.
type Way = (Party, Vec<usize>);

fn best(meetings: &[Meeting], [from, to]: [Party; 2], rising: bool) -> Option<Vec<usize>> {
    let mut ways: Vec<Way> = Vec::new();
    let parties = meetings.iter().map(|meeting| meeting.parties.len()).sum();
    for length in 1..=parties {
        let mut longer: Vec<Way> = Vec::new();
        let mut there: Vec<Vec<usize>> = Vec::new();
        for (at, meeting) in meetings.iter().enumerate() {
            // Nobody is led to himself.
            let begun = meeting.are(from).into_iter().filter(|party| *party != to);
            let begun: Vec<Way> = begun.map(|party| (party, Vec::new())).collect();
            for (party, way) in if length == 1 { &begun } else { &ways } {
                let later = way.last().is_none_or(|last| meeting.days.0 > meetings[*last].days.1);
                if !meeting.parties.iter().any(|(known, _)| known == party) || rising && !later {
                    continue;
                }
                let way: Vec<usize> = way.iter().copied().chain([at]).collect();
                for (next, _) in meeting.parties.iter().filter(|(next, _)| next != party) {
                    if *next != from && meeting.are(to).contains(next) {
                        there.push(way.clone());
                    }
                    // How a chain goes on hangs on where it has come to and on its last meeting alone.
                    match longer.iter_mut().find(|(known, other)| known == next && other.last() == way.last()) {
                        Some((_, known)) => *known = known.clone().min(way.clone()),
                        None => longer.push((*next, way.clone())),
                    }
                }
            }
        }
        if let Some(best) = there.into_iter().min() {
            return Some(best);
        }
        ways = longer;
    }
    None
}
