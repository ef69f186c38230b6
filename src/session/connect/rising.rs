//! The fewest meetings on rising days: until when a party must set out with so many meetings left.
//!
//! One meeting more is looked for only from those who may now set out later than with fewer, and no meeting is looked at
//! more than twice: who has met all the others there has told all of them. It takes 4 bytes a meeting and 24 a party.

use super::graph::{Crowd, Diary, Graph, Meeting, Party, at};
use super::walk::{Chain, walk};
use crate::diagnostic::Diagnostic;
use crate::packed::Bits;
use crate::value::date::Day;

/// Those who can set out later with one meeting more, and until when; by party.
type Later = Vec<(Party, Day)>;

struct Search<'g, 's> {
    graph: &'g Graph<'s>,
    /// Until when each party must set out to reach the goal: that meeting begins then. [`Day::MIN`] is never.
    latest: Vec<Day>,
    /// What that was in the round before, of those for whom it got later.
    changed: Vec<(Party, Day)>,
    is_changed: Vec<bool>,
    /// Of each meeting: 0 told nobody, [`ALL`] told all, else it told all but one (its number and one more).
    told: Vec<u32>,
    from: &'g [(Meeting, Party)],
    /// The meetings with those who set out.
    begins: Bits,
    there: bool,
    crowd: Crowd,
}

const ALL: u32 = u32::MAX;

impl Search<'_, '_> {
    /// At a meeting somebody can lead on: all others there can set out until it begins.
    fn lead_on(&mut self, meeting: Meeting, by: Party, first: Day) -> Result<(), Diagnostic> {
        self.graph.step()?;
        let Some(told) = self.told.get_mut(meeting as usize) else { return Ok(()) };
        let known = *told;
        if known == ALL || known == by + 1 {
            return Ok(());
        }
        *told = if known == 0 { by + 1 } else { ALL };
        if let Some(one) = known.checked_sub(1) {
            self.tell(meeting, one, first);
            return Ok(());
        }
        self.graph.parties(meeting, &mut self.crowd);
        for at in 0..self.crowd.parties.len() {
            if let Some(party) = self.crowd.parties.get(at).copied().filter(|party| *party != by) {
                self.tell(meeting, party, first);
            }
        }
        Ok(())
    }

    fn tell(&mut self, meeting: Meeting, party: Party, first: Day) {
        self.there |=
            self.begins.has(i64::from(meeting)) && at(self.from, meeting).iter().any(|(_, end)| *end == party);
        let place = party as usize;
        let (Some(latest), Some(is_changed)) = (self.latest.get_mut(place), self.is_changed.get_mut(place)) else {
            return;
        };
        if first > *latest {
            if !*is_changed {
                self.changed.push((party, *latest));
                *is_changed = true;
            }
            *latest = first;
        }
    }

    /// Those who can now set out later than before, with until when before and now.
    fn take_changed(&mut self) -> Vec<(Party, Day, Day)> {
        let mut changed = Vec::with_capacity(self.changed.len());
        for (party, before) in self.changed.drain(..) {
            if let Some(is_changed) = self.is_changed.get_mut(party as usize) {
                *is_changed = false;
            }
            changed.push((party, before, self.latest.get(party as usize).copied().unwrap_or(Day::MIN)));
        }
        changed.sort_unstable();
        changed
    }
}

/// The fewest meetings from one end to the other, each beginning after the one before has ended, the earliest first among
/// equals.
pub(super) fn rising(
    graph: &Graph<'_>,
    from: &[(Meeting, Party)],
    to: &[(Meeting, Party)],
) -> Result<Option<Chain>, Diagnostic> {
    let mut begins = graph.nothing();
    from.iter().for_each(|(meeting, _)| begins.insert(i64::from(*meeting)));
    let count = graph.count();
    let mut search = Search {
        graph,
        latest: vec![Day::MIN; count],
        changed: Vec::new(),
        is_changed: vec![false; count],
        told: vec![0; graph.last() as usize + 1],
        from,
        begins,
        there: false,
        crowd: Crowd::default(),
    };
    for (meeting, goal) in to {
        search.lead_on(*meeting, *goal, graph.days(*meeting).0)?;
        if search.there {
            break;
        }
    }
    let mut rounds: Vec<Later> = Vec::new();
    let mut diary = Diary::default();
    let mut days = [Vec::new(), Vec::new()];
    while !search.there {
        let changed = search.take_changed();
        // Who cannot set out later with one meeting more cannot with two either.
        if changed.is_empty() {
            return Ok(None);
        }
        rounds.push(changed.iter().map(|(party, _, now)| (*party, *now)).collect());
        // Once somebody who sets out is told, nothing of this round is asked any more.
        for (party, before, now) in changed {
            if search.there {
                break;
            }
            graph.meetings(party, &mut diary);
            graph.all_days(&diary.meetings, &mut days);
            for (meeting, (first, last)) in diary.meetings.iter().zip(days[0].iter().zip(&days[1])) {
                if last < &now && last >= &before {
                    search.lead_on(*meeting, party, *first)?;
                }
            }
        }
    }
    let until = |left: usize, party: Party| {
        let known = rounds.get(..left).unwrap_or(&[]).iter().rev();
        known
            .filter_map(|later| {
                later.binary_search_by_key(&party, |(known, _)| *known).ok().and_then(|at| later.get(at))
            })
            .map(|(_, day)| *day)
            .next()
    };
    walk(graph, from, rounds.len() + 1, true, |meeting, left, last, party| match left {
        1 => at(to, meeting).iter().any(|(_, goal)| *goal == party),
        left => until(left - 1, party).is_some_and(|day| last < day),
    })
}
