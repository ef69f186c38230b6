//! Which row of one dataset is which of the other: first by key, then by content, then by what makes a thing of its kind
//! the same: names; who met and when; who came where and when.

use super::side::{BEHIND, PARTS, Side, list};
use crate::catalog::{Kind, NounId, Via};
use crate::dataset::derive::bounds;
use crate::dataset::records::columns;
use crate::diagnostic::Diagnostic;
use crate::store::Progress;
use NounId::*;
use std::collections::{BTreeMap, HashMap};

/// Every noun after those that its rows are known by.
const ORDER: [NounId; 17] = [
    Regions,
    Countries,
    Groups,
    Offices,
    Places,
    Leaders,
    Topics,
    Publications,
    Events,
    Terms,
    Memberships,
    Visits,
    Meetings,
    Participants,
    Accounts,
    Coverage,
    Names,
];

/// Rows that bear a name which so many others bear are not told apart by it.
const COMMON: usize = 16;

/// For each noun and side, of each row the one that is the same in the other.
#[derive(Default)]
pub struct Pairs {
    of: BTreeMap<NounId, [Vec<Option<usize>>; 2]>,
}

impl Pairs {
    /// The same row on the other side.
    pub fn other(&self, side: usize, noun: NounId, at: usize) -> Option<usize> {
        self.of.get(&noun)?.get(side)?.get(at).copied().flatten()
    }

    fn pair(&mut self, noun: NounId, one: usize, other: usize) {
        if let Some([ones, others]) = self.of.get_mut(&noun)
            && let (Some(to @ None), Some(back @ None)) = (ones.get_mut(one), others.get_mut(other))
        {
            (*to, *back) = (Some(other), Some(one));
        }
    }

    /// Rows without a counterpart so far.
    fn left(&self, side: usize, noun: NounId) -> Vec<usize> {
        let rows = self.of.get(&noun).and_then(|of| of.get(side)).into_iter().flatten();
        rows.enumerate().filter(|(_, other)| other.is_none()).map(|(at, _)| at).collect()
    }

    /// What is the same for a row and its counterpart, and for no other; nothing for nouns that are not looked at yet.
    pub fn token(&self, side: usize, noun: NounId, at: usize) -> Option<String> {
        self.of.get(&noun)?;
        Some(match (side, self.other(side, noun, at)) {
            (0, Some(_)) => format!("={at}"),
            (_, Some(one)) => format!("={one}"),
            (0, None) => format!("<{at}"),
            (_, None) => format!(">{at}"),
        })
    }

    /// A cell in the form in which both sides have the same if they say the same; nothing for an empty one, and for one
    /// that leads to a noun which is not looked at yet.
    pub fn canonical(
        &self,
        sides: &[Side<'_>; 2],
        side: usize,
        noun: NounId,
        column: &str,
        cell: &str,
    ) -> Option<String> {
        let own = sides.get(side)?;
        if noun == Names && column == "of" {
            let (of, at) = own.subject(cell)?;
            return Some(format!("{}{}", of.noun().name, self.token(side, of, at)?));
        }
        if column == "ids" {
            let mut ids: Vec<&str> = list(cell).collect();
            ids.sort_unstable();
            return Some(ids.join("; "));
        }
        if let Some(link) = noun.noun().link(column) {
            let token = |key: &str| self.token(side, link.to, own.position(link.to, key)?);
            if !matches!(link.via, Via::List { .. }) {
                return token(cell);
            }
            let mut tokens: Vec<String> = list(cell).map(token).collect::<Option<_>>()?;
            // Only the places of a visit stand in an order.
            if link.to != Places {
                tokens.sort_unstable();
            }
            return Some(tokens.join(" "));
        }
        match noun.noun().attribute(column).map(|attribute| attribute.kind) {
            Some(Kind::Number) => {
                Some(cell.parse::<f64>().map_or_else(|_| cell.to_string(), |number| number.to_string()))
            }
            Some(Kind::Integer) => {
                Some(cell.parse::<i64>().map_or_else(|_| cell.to_string(), |number| number.to_string()))
            }
            _ => Some(cell.to_string()),
        }
    }
}

/// Finds every row's counterpart.
///
/// # Errors
/// When it was stopped.
pub fn pairs(sides: &[Side<'_>; 2], progress: &Progress) -> Result<Pairs, Diagnostic> {
    let rows = |noun: NounId| sides.iter().map(|side| side.len(noun) as u64).sum::<u64>();
    progress.begin(super::MATCHING, ORDER.into_iter().map(rows).sum());
    let mut matcher = Matcher { sides, pairs: Pairs::default() };
    for noun in ORDER {
        matcher.noun(noun, progress)?;
        progress.go_on(rows(noun))?;
    }
    Ok(matcher.pairs)
}

struct Matcher<'a> {
    sides: &'a [Side<'a>; 2],
    pairs: Pairs,
}

impl Matcher<'_> {
    fn noun(&mut self, noun: NounId, progress: &Progress) -> Result<(), Diagnostic> {
        let [one, other] = self.sides;
        let by_key: Vec<(usize, usize)> =
            (0..one.len(noun)).filter_map(|at| Some((at, other.position(noun, &one.record(noun, at)?.key)?))).collect();
        self.pairs.of.insert(noun, [vec![None; one.len(noun)], vec![None; other.len(noun)]]);
        by_key.into_iter().for_each(|(one, other)| self.pairs.pair(noun, one, other));
        self.by(noun, |own, side, at| Some(own.content(noun, side, at)));
        match noun {
            Visits | Meetings | Terms => {
                self.by(noun, |own, side, at| {
                    let text = &own.sides.get(side)?.entry(noun, at)?.text;
                    let date = text.get("date").or_else(|| text.get("start"))?;
                    Some(format!("{} {date}", own.identity(noun, side, at)?))
                });
                self.by_days(noun, progress)?;
            }
            Participants | Memberships | Accounts | Coverage | Names => {
                self.by(noun, |own, side, at| {
                    let finer = own.cells(noun, side, at, &["locator", "kind", "start", "language", "of"])?;
                    Some(format!("{} {finer}", own.identity(noun, side, at)?))
                });
                self.by(noun, |own, side, at| own.identity(noun, side, at));
            }
            _ => self.by_names(noun, progress)?,
        }
        Ok(())
    }

    /// Pairs rows of equal texts, one after the other where there are several.
    fn by(&mut self, noun: NounId, text: impl Fn(&Self, usize, usize) -> Option<String>) {
        let mut waiting: HashMap<String, std::collections::VecDeque<usize>> = HashMap::new();
        for at in self.pairs.left(1, noun) {
            if let Some(text) = text(self, 1, at) {
                waiting.entry(text).or_default().push_back(at);
            }
        }
        for at in self.pairs.left(0, noun) {
            let other = text(self, 0, at).and_then(|text| waiting.get_mut(&text)?.pop_front());
            if let Some(other) = other {
                self.pairs.pair(noun, at, other);
            }
        }
    }

    /// All that a row holds and that is known by now, with what goes with it.
    fn content(&self, noun: NounId, side: usize, at: usize) -> String {
        let mut text = self.own_content(noun, side, at, "");
        for (part, link, _) in PARTS.iter().chain(BEHIND).filter(|(.., of)| *of == noun) {
            let parts = self.sides.get(side).map_or(&[][..], |own| own.led(*part, link, at));
            let mut parts: Vec<String> = parts.iter().map(|at| self.own_content(*part, side, *at, link)).collect();
            parts.sort_unstable();
            text.push_str(&format!("\n{part:?} {}", parts.join("\n")));
        }
        text
    }

    /// Links to other rows of the noun are left out: these are not known before all are.
    fn own_content(&self, noun: NounId, side: usize, at: usize, without: &str) -> String {
        let itself = |column: &str| noun.noun().link(column).is_some_and(|link| link.to == noun);
        let known: Vec<&str> =
            columns(noun.noun()).into_iter().filter(|column| *column != without && !itself(column)).collect();
        self.cells(noun, side, at, &known).unwrap_or_default()
    }

    fn cells(&self, noun: NounId, side: usize, at: usize, columns: &[&str]) -> Option<String> {
        let record = self.sides.get(side)?.record(noun, at)?;
        let cells = columns.iter().filter_map(|column| {
            let cell = self.pairs.canonical(self.sides, side, noun, column, record.cell(column)?)?;
            Some(format!("{column}={cell}\u{1f}"))
        });
        Some(cells.collect())
    }

    /// What makes a row the same thing, whatever else is said of it; nothing where too little is known.
    fn identity(&self, noun: NounId, side: usize, at: usize) -> Option<String> {
        let own = self.sides.get(side)?;
        let entry = own.entry(noun, at)?;
        let links = |names: &[&str]| -> String {
            let token = |name: &&str| {
                let link = noun.noun().link(name)?;
                Some(format!("{name}{}", self.pairs.token(side, link.to, *entry.one.get(link.name)?)?))
            };
            names.iter().filter_map(token).collect::<Vec<_>>().join(" ")
        };
        let who = match noun {
            Visits => links(&["leader", "country"]),
            Terms => links(&["leader", "office"]),
            Memberships => links(&["country", "group"]),
            Participants if entry.one.contains_key("leader") => links(&["meeting", "leader"]),
            Participants => links(&["meeting", "country"]),
            Accounts => links(&["publication", "meeting", "visit", "event"]),
            Coverage => {
                let parties = links(&["leader", "country", "other_leader", "other_country", "place"]);
                format!("{} {parties}", entry.text.get("noun")?)
            }
            Names => {
                let of = own.record(noun, at)?.cell("of")?;
                let of = self.pairs.canonical(self.sides, side, noun, "of", of)?;
                format!("{of} {}", crate::value::text::fold(entry.text.get("text")?))
            }
            Meetings => {
                let parties = own.led(Participants, "meeting", at).iter();
                let mut parties: Vec<String> = parties
                    .filter_map(|at| {
                        let one = &own.entry(Participants, *at)?.one;
                        let leader = one.get("leader").and_then(|at| self.pairs.token(side, Leaders, *at));
                        let country =
                            || Some(format!("of {}", self.pairs.token(side, Countries, *one.get("country")?)?));
                        leader.or_else(country)
                    })
                    .collect();
                parties.sort_unstable();
                parties.join(" ")
            }
            _ => String::new(),
        };
        Some(who).filter(|who| !who.is_empty())
    }

    /// Pairs rows of one identity whose days can meet, the nearest to each.
    fn by_days(&mut self, noun: NounId, progress: &Progress) -> Result<(), Diagnostic> {
        let [one, other] = self.sides;
        let days = |own: &Side<'_>, at: usize| {
            own.entry(noun, at).map(|entry| match noun {
                Terms => crate::dataset::derive::run_of(&own.model, noun, entry),
                _ => bounds(entry),
            })
        };
        let mut waiting: HashMap<String, Vec<usize>> = HashMap::new();
        for at in self.pairs.left(1, noun) {
            if let Some(who) = self.identity(noun, 1, at) {
                waiting.entry(who).or_default().push(at);
            }
        }
        for at in self.pairs.left(0, noun) {
            progress.go_on(0)?;
            let Some(candidates) = self.identity(noun, 0, at).and_then(|who| waiting.get_mut(&who)) else { continue };
            let Some(own) = days(one, at) else { continue };
            let distance = |at: usize| {
                let theirs = days(other, at)?;
                let meet = own.start_min <= theirs.end_max && theirs.start_min <= own.end_max;
                meet.then(|| (own.start_min - theirs.start_min).abs() + (own.end_max - theirs.end_max).abs())
            };
            let nearest = candidates.iter().enumerate().filter_map(|(place, at)| Some((distance(*at)?, place))).min();
            if let Some((_, place)) = nearest {
                let found = candidates.remove(place);
                self.pairs.pair(noun, at, found);
            }
        }
        Ok(())
    }

    /// Pairs rows that share a name, those first that share most; where two would do, none is taken.
    fn by_names(&mut self, noun: NounId, progress: &Progress) -> Result<(), Diagnostic> {
        let mut bearers: HashMap<&str, [Vec<usize>; 2]> = HashMap::new();
        for (side, own) in self.sides.iter().enumerate() {
            for at in self.pairs.left(side, noun) {
                for name in own.names(noun, at) {
                    if let Some(of) = bearers.entry(name).or_default().get_mut(side) {
                        of.push(at);
                    }
                }
            }
        }
        let mut shared: BTreeMap<(usize, usize), usize> = BTreeMap::new();
        for [ones, others] in bearers.values().filter(|of| of.iter().all(|of| of.len() <= COMMON)) {
            progress.go_on(0)?;
            for pair in ones.iter().flat_map(|one| others.iter().map(move |other| (*one, *other))) {
                *shared.entry(pair).or_default() += 1;
            }
        }
        shared.retain(|(one, other), _| !self.elsewhere(noun, *one, *other));
        let mut best: [HashMap<usize, usize>; 2] = Default::default();
        let mut counts: [HashMap<(usize, usize), usize>; 2] = Default::default();
        for ((one, other), count) in &shared {
            for ((best, counts), at) in best.iter_mut().zip(&mut counts).zip([one, other]) {
                let most = best.entry(*at).or_default();
                *most = (*most).max(*count);
                *counts.entry((*at, *count)).or_default() += 1;
            }
        }
        for ((one, other), count) in shared {
            let only = |side: usize, at: usize| {
                let most = best.get(side).and_then(|best| best.get(&at)) == Some(&count);
                most && counts.get(side).and_then(|counts| counts.get(&(at, count))) == Some(&1)
            };
            if only(0, one) && only(1, other) {
                self.pairs.pair(noun, one, other);
            }
        }
        Ok(())
    }

    /// Whether two things of one name are in two countries: there is more than one Saint Petersburg.
    fn elsewhere(&self, noun: NounId, one: usize, other: usize) -> bool {
        let country = |side: usize, at: usize| {
            let at = self.sides.get(side)?.entry(noun, at)?.one.get("country")?;
            self.pairs.token(side, Countries, *at)
        };
        matches!(noun, Places | Offices) && matches!((country(0, one), country(1, other)), (Some(a), Some(b)) if a != b)
    }
}
