//! The fewest meetings, found from both sides: always the side that leads to fewer meetings goes one meeting further.
//!
//! It takes 8 bytes a party, and a bit of each meeting for each side.

use super::graph::{Crowd, Diary, Graph, Meeting, Party, at};
use super::walk::{Chain, walk};
use crate::diagnostic::Diagnostic;
use crate::packed::Bits;

/// How far parties are from one end: all up to the farthest layer.
struct Reach {
    /// In meetings; 0 is not known.
    distance: Vec<usize>,
    layers: Vec<Vec<Party>>,
    /// All parties of these have a distance.
    seen: Bits,
    /// How many seats the farthest layer has.
    weight: usize,
}

impl Reach {
    /// Those who meet an end.
    fn begin(graph: &Graph<'_>, ends: &[(Meeting, Party)]) -> Result<Reach, Diagnostic> {
        let seen = graph.nothing();
        let mut reach = Reach { distance: vec![0; graph.count()], layers: Vec::new(), seen, weight: 0 };
        let mut crowd = Crowd::default();
        let mut first = Vec::new();
        for (meeting, end) in ends {
            graph.step()?;
            graph.parties(*meeting, &mut crowd);
            first.extend(crowd.parties.iter().filter(|party| *party != end && mark(&mut reach.distance, **party, 1)));
        }
        reach.add(graph, first);
        Ok(reach)
    }

    /// One meeting further.
    fn widen(&mut self, graph: &Graph<'_>) -> Result<(), Diagnostic> {
        let far = self.layers.len() + 1;
        let (mut diary, mut crowd) = (Diary::default(), Crowd::default());
        let mut next = Vec::new();
        for party in self.layers.last().into_iter().flatten() {
            graph.meetings(*party, &mut diary);
            for meeting in &diary.meetings {
                graph.step()?;
                if self.seen.has(i64::from(*meeting)) {
                    continue;
                }
                self.seen.insert(i64::from(*meeting));
                graph.parties(*meeting, &mut crowd);
                next.extend(crowd.parties.iter().filter(|party| mark(&mut self.distance, **party, far)));
            }
        }
        self.add(graph, next);
        Ok(())
    }

    fn add(&mut self, graph: &Graph<'_>, layer: Vec<Party>) {
        self.weight = layer.iter().map(|party| graph.weight(*party)).sum();
        self.layers.push(layer);
    }

    fn of(&self, party: Party) -> usize {
        self.distance.get(party as usize).copied().unwrap_or(0)
    }

    /// Whether someone in the farthest layer is reached from the other side too.
    fn meets(&self, other: &Reach) -> bool {
        self.layers.last().into_iter().flatten().any(|party| other.of(*party) > 0)
    }
}

/// Notes a distance where there is none; says whether it did.
fn mark(distance: &mut [usize], party: Party, far: usize) -> bool {
    match distance.get_mut(party as usize) {
        Some(known) if *known == 0 => {
            *known = far;
            true
        }
        _ => false,
    }
}

/// The fewest meetings from one end to the other, the earliest first among equals.
pub(super) fn shortest(
    graph: &Graph<'_>,
    from: &[(Meeting, Party)],
    to: &[(Meeting, Party)],
) -> Result<Option<Chain>, Diagnostic> {
    let ends = |meeting, party| at(to, meeting).iter().any(|(_, goal)| *goal == party);
    let one = |(meeting, party): &(Meeting, Party)| at(to, *meeting).iter().any(|(_, goal)| goal != party);
    if from.iter().any(one) {
        return walk(graph, from, 1, false, |meeting, _, _, party| ends(meeting, party));
    }
    let (mut out, mut back) = (Reach::begin(graph, from)?, Reach::begin(graph, to)?);
    let mut met = out.meets(&back);
    while !met {
        let fewer_out = out.weight <= back.weight;
        let (near, far) = if fewer_out { (&mut out, &back) } else { (&mut back, &out) };
        near.widen(graph)?;
        if near.layers.last().is_none_or(Vec::is_empty) {
            return Ok(None);
        }
        met = near.meets(far);
    }
    let all = out.layers.len() + back.layers.len();
    nearer(graph, &out, &mut back, all)?;
    walk(graph, from, all, false, |meeting, left, _, party| match left {
        1 => ends(meeting, party),
        left => (1..left).contains(&back.of(party)),
    })
}

/// Tells how far from the goal those are who were reached from the other end, as far as they are on the way.
fn nearer(graph: &Graph<'_>, out: &Reach, back: &mut Reach, all: usize) -> Result<(), Diagnostic> {
    let (mut diary, mut crowd) = (Diary::default(), Crowd::default());
    // In the farthest layer it is known.
    for (far, layer) in (1..out.layers.len()).zip(&out.layers).rev() {
        let left = all - far;
        let mut seen = graph.nothing();
        for party in layer {
            if back.of(*party) > 0 {
                continue;
            }
            graph.meetings(*party, &mut diary);
            for meeting in &diary.meetings {
                graph.step()?;
                if seen.has(i64::from(*meeting)) {
                    continue;
                }
                seen.insert(i64::from(*meeting));
                graph.parties(*meeting, &mut crowd);
                if crowd.parties.iter().any(|party| back.of(*party) == left - 1) {
                    for party in crowd.parties.iter().filter(|party| out.of(**party) == far) {
                        mark(&mut back.distance, *party, left);
                    }
                    break;
                }
            }
        }
    }
    Ok(())
}
