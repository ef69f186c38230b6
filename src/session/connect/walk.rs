//! A chain told forwards: always the earliest meeting that leads on.

use super::graph::{Crowd, Diary, Graph, Meeting, Party, at};
use crate::diagnostic::Diagnostic;
use crate::value::date::Day;

/// From whom to whom at which meeting.
pub(super) struct Link {
    pub from: Party,
    pub to: Party,
    pub meeting: Meeting,
}

pub(super) type Chain = Vec<Link>;

/// A meeting of the chain: who may hand on there, and who may be handed to.
struct Step {
    meeting: Meeting,
    from: Vec<Party>,
    to: Vec<Party>,
}

impl Step {
    /// The first pair of two different parties, the second of them given or any.
    fn pair(&self, to: Option<Party>) -> Option<(Party, Party)> {
        let other = |one: Party| match to {
            Some(to) => (to != one).then_some(to),
            None => self.to.iter().copied().find(|other| *other != one),
        };
        self.from.iter().find_map(|one| Some((*one, other(*one)?)))
    }

    /// Those who are handed to, as they come when each who hands on is asked in turn.
    fn reached(&self) -> Vec<Party> {
        let Some(one) = self.from.first() else { return Vec::new() };
        let mut reached: Vec<Party> = self.to.iter().copied().filter(|other| other != one).collect();
        // Who hands on first can only be handed to by another.
        if self.to.contains(one) && self.from.iter().any(|other| other != one) {
            reached.push(*one);
        }
        reached
    }
}

/// What leads on: given a meeting, how many are left with it, its last day where days rise, and a party.
struct Way<'g, 's, L> {
    graph: &'g Graph<'s>,
    rising: bool,
    leads: L,
    left: usize,
    /// The last day of the meeting before.
    after: Day,
    crowd: Crowd,
}

impl<L: Fn(Meeting, usize, Day, Party) -> bool> Way<'_, '_, L> {
    /// Those whom a meeting leads on, as far as it is not too early.
    fn to(&mut self, meeting: Meeting) -> &[Party] {
        let (first, last) = if self.rising { self.graph.days(meeting) } else { (0, 0) };
        self.crowd.parties.clear();
        if !self.rising || first > self.after {
            self.graph.parties(meeting, &mut self.crowd);
            self.crowd.parties.retain(|party| (self.leads)(meeting, self.left, last, *party));
        }
        &self.crowd.parties
    }

    /// The first of some meetings at which this party hands on to another.
    fn first(&mut self, one: Party, meetings: &[Meeting], before: Meeting) -> Result<Option<Meeting>, Diagnostic> {
        for meeting in meetings.iter().take_while(|meeting| **meeting < before) {
            self.graph.step()?;
            if self.to(*meeting).iter().any(|other| *other != one) {
                return Ok(Some(*meeting));
            }
        }
        Ok(None)
    }
}

/// Always the earliest meeting that leads on, with all who could hand on there, so that the next is the earliest too; who
/// did it is told from behind. On rising days each meeting begins after the one before has ended. What leads on is asked as
/// [`Way`] says.
pub(super) fn walk(
    graph: &Graph<'_>,
    ends: &[(Meeting, Party)],
    count: usize,
    rising: bool,
    leads: impl Fn(Meeting, usize, Day, Party) -> bool,
) -> Result<Option<Chain>, Diagnostic> {
    let mut way = Way { graph, rising, leads, left: count, after: Day::MIN, crowd: Crowd::default() };
    let mut steps: Vec<Step> = Vec::new();
    let (mut diary, mut crowd) = (Diary::default(), Crowd::default());
    while way.left > 0 {
        let here = steps.last().map(Step::reached);
        let mut earliest = None;
        match &here {
            None => {
                for (meeting, one) in ends {
                    earliest = way.first(*one, &[*meeting], Meeting::MAX)?;
                    if earliest.is_some() {
                        break;
                    }
                }
            }
            Some(here) => {
                for one in here {
                    graph.meetings(*one, &mut diary);
                    earliest = way.first(*one, &diary.meetings, earliest.unwrap_or(Meeting::MAX))?.or(earliest);
                }
            }
        }
        let Some(meeting) = earliest else { return Ok(None) };
        let to = way.to(meeting).to_vec();
        let from = match here {
            None => at(ends, meeting).iter().map(|(_, party)| *party).collect(),
            Some(mut here) => {
                graph.parties(meeting, &mut crowd);
                here.retain(|party| crowd.parties.contains(party));
                here
            }
        };
        way.after = if rising { graph.days(meeting).1 } else { way.after };
        way.left -= 1;
        steps.push(Step { meeting, from, to });
    }
    Ok(told(&steps))
}

/// Who handed on to whom: at the last meeting the first who could, before it always who is needed.
fn told(steps: &[Step]) -> Option<Chain> {
    let mut chain = Vec::with_capacity(steps.len());
    let mut needed = None;
    for step in steps.iter().rev() {
        let (from, to) = step.pair(needed)?;
        needed = Some(from);
        chain.push(Link { from, to, meeting: step.meeting });
    }
    chain.reverse();
    Some(chain)
}
