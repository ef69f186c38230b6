//! What differs, once it is known which row is which: rows without a counterpart, cells, and accounts that cannot both
//! be right.

use super::matching::Pairs;
use super::side::{PARTS, Side};
use super::{Change, Found};
use crate::catalog::vocabulary::HELD;
use crate::catalog::{NOUNS, NounId, Origin};
use crate::dataset::derive::{SUBJECTS, ancestors, dates_apart, status_apart, words_apart};
use crate::dataset::records::columns;
use crate::diagnostic::Diagnostic;
use crate::store::Progress;
use crate::value::text::Text;
use std::collections::{BTreeMap, BTreeSet};

/// What two accounts of one thing may tell differently.
const ASPECTS: [&str; 6] = ["date", "place", "host_country", "format", "kind", "status"];

/// Everything in which two sides differ.
///
/// # Errors
/// When it was stopped.
pub fn all(sides: &[Side<'_>; 2], pairs: &Pairs, progress: &Progress) -> Result<Vec<Found>, Diagnostic> {
    let nouns = || NOUNS.iter().filter(|noun| noun.origin == Origin::Csv).map(|noun| noun.id);
    let rows = |side: &Side<'_>| nouns().map(|noun| side.len(noun) as u64).sum::<u64>();
    progress.begin(super::COMPARING, sides.iter().map(rows).sum());
    let mut comparison = Comparison { sides, pairs, found: Vec::new() };
    let texts = |of: fn(&Side<'_>) -> BTreeMap<String, String>| sides.each_ref().map(of);
    comparison.texts("setting", 0, texts(|side| side.records.settings.clone()));
    comparison.texts("saved query", 1, texts(|side| side.records.queries.clone()));
    for noun in nouns() {
        for (side, own) in sides.iter().enumerate() {
            for at in 0..own.len(noun) {
                progress.go_on(1)?;
                match pairs.other(side, noun, at) {
                    None => comparison.only(side, noun, at),
                    Some(other) if side == 0 => comparison.cells(noun, at, other),
                    Some(_) => {}
                }
            }
        }
    }
    for (noun, link) in SUBJECTS {
        comparison.accounts(noun, link, progress)?;
    }
    Ok(comparison.found)
}

struct Comparison<'a> {
    sides: &'a [Side<'a>; 2],
    pairs: &'a Pairs,
    found: Vec<Found>,
}

impl Comparison<'_> {
    /// Settings and saved queries: names with a text.
    fn texts(&mut self, noun: &'static str, rank: usize, texts: [BTreeMap<String, String>; 2]) {
        let names: BTreeSet<&String> = texts.iter().flat_map(BTreeMap::keys).collect();
        for name in names {
            let values = texts.each_ref().map(|texts| texts.get(name).cloned());
            let change = match &values {
                [Some(one), Some(other)] if one == other => continue,
                [Some(_), None] => Change::OnlyInA,
                [None, _] => Change::OnlyInB,
                [Some(_), Some(_)] => Change::Differs,
            };
            let what = [Some(name.clone()), Some(name.clone())];
            let order = (rank, 0, name.clone());
            self.found.push(Found { order, noun, change, attribute: Some("text"), what, values });
        }
    }

    /// A row that only one has, with how much goes with it, which is not told line by line.
    fn only(&mut self, side: usize, noun: NounId, at: usize) {
        let Some(own) = self.sides.get(side) else { return };
        if own.owners(noun, at).any(|(of, at)| self.pairs.other(side, of, at).is_none()) {
            return;
        }
        let mut parts: Vec<(&str, &str, usize)> = Vec::new();
        for (part, link, _) in PARTS.iter().filter(|(.., of)| *of == noun) {
            let rows = own.led(*part, link, at).iter();
            let count = rows.filter(|at| self.pairs.other(side, *part, **at).is_none()).count();
            parts.push((part.noun().singular, part.noun().name, count));
        }
        parts.push(("name", "names", own.given_names(noun, at)));
        let parts: Vec<String> = parts
            .into_iter()
            .filter(|(.., count)| *count > 0)
            .map(|(one, several, count)| format!("{count} {}", if count == 1 { one } else { several }))
            .collect();
        let told = (!parts.is_empty()).then(|| format!("with {}", parts.join(", ")));
        let change = if side == 0 { Change::OnlyInA } else { Change::OnlyInB };
        let (mut what, mut values) = ([None, None], [None, None]);
        if let (Some(what), Some(value)) = (what.get_mut(side), values.get_mut(side)) {
            (*what, *value) = (Some(own.title(noun, at)), told);
        }
        let order = self.order(noun, [Some(at).filter(|_| side == 0), Some(at).filter(|_| side == 1)]);
        self.found.push(Found { order, noun: noun.noun().singular, change, attribute: None, what, values });
    }

    /// The cells of one thing in both.
    fn cells(&mut self, noun: NounId, one: usize, other: usize) {
        let [a, b] = self.sides;
        let (Some(mine), Some(theirs)) = (a.record(noun, one), b.record(noun, other)) else { return };
        for column in columns(noun.noun()) {
            let said = [(0, mine.cell(column)), (1, theirs.cell(column))];
            let [left, right] = said.map(|(side, cell)| self.pairs.canonical(self.sides, side, noun, column, cell?));
            if left == right {
                continue;
            }
            let change =
                if self.apart([(noun, one), (noun, other)], column) { Change::Conflict } else { Change::Differs };
            let shown = |own: &Side<'_>, cell: Option<&str>| cell.map(|cell| own.shown(noun, column, cell));
            self.found.push(Found {
                order: self.order(noun, [Some(one), Some(other)]),
                noun: noun.noun().singular,
                change,
                attribute: Some(column),
                what: [Some(a.title(noun, one)), Some(b.title(noun, other))],
                values: [shown(a, mine.cell(column)), shown(b, theirs.cell(column))],
            });
        }
    }

    /// Accounts of one thing that each only one side has, and that cannot both be right.
    fn accounts(&mut self, noun: NounId, link: &'static str, progress: &Progress) -> Result<(), Diagnostic> {
        let [a, b] = self.sides;
        for one in 0..a.len(noun) {
            let Some(other) = self.pairs.other(0, noun, one) else { continue };
            let own = |side: usize, own: &Side<'_>, at: usize| -> Vec<usize> {
                let told = own.led(NounId::Accounts, link, at).iter().copied();
                told.filter(|account| self.pairs.other(side, NounId::Accounts, *account).is_none()).collect()
            };
            let (mine, theirs) = (own(0, a, one), own(1, b, other));
            let mut told = BTreeSet::new();
            for account in mine {
                progress.go_on(0)?;
                for against in &theirs {
                    let both = [(NounId::Accounts, account), (NounId::Accounts, *against)];
                    let apart = ASPECTS.into_iter().filter(|aspect| self.apart(both, aspect));
                    told.extend(apart.map(|aspect| (aspect, a.told(aspect, account), b.told(aspect, *against))));
                }
            }
            for (aspect, mine, theirs) in told {
                self.found.push(Found {
                    order: self.order(noun, [Some(one), Some(other)]),
                    noun: noun.noun().singular,
                    change: Change::Conflict,
                    attribute: Some(aspect),
                    what: [Some(a.label(noun, one)), Some(b.label(noun, other))],
                    values: [Some(mine), Some(theirs)],
                });
            }
        }
        Ok(())
    }

    /// Whether two rows cannot both be right in one respect.
    fn apart(&self, [(noun, one), (_, other)]: [(NounId, usize); 2], aspect: &str) -> bool {
        let [a, b] = self.sides;
        let told = [NounId::Meetings, NounId::Visits, NounId::Events, NounId::Accounts].contains(&noun);
        let (Some(mine), Some(theirs)) = (a.entry(noun, one), b.entry(noun, other)) else { return false };
        let words = || Some((mine.text.get(aspect)?.as_str(), theirs.text.get(aspect)?.as_str()));
        let linked = || Some((*mine.one.get(aspect)?, *theirs.one.get(aspect)?));
        let country = |side, at| self.pairs.token(side, NounId::Countries, at);
        told && match aspect {
            "date" => {
                matches!((mine.dates.get("date"), theirs.dates.get("date")), (Some(a), Some(b)) if dates_apart(a, b))
            }
            "place" => linked().is_some_and(|(one, other)| self.places_apart(one, other)),
            "host_country" => linked().is_some_and(|(one, other)| country(0, one) != country(1, other)),
            "status" => {
                let status = |text: Option<&Text>| text.map_or(HELD, Text::as_str).to_string();
                status_apart(&status(mine.text.get("status")), &status(theirs.text.get("status")))
            }
            "format" | "kind" => words().is_some_and(|(one, other)| words_apart(one, other)),
            _ => false,
        }
    }

    /// Whether neither of two places lies in the other.
    fn places_apart(&self, one: usize, other: usize) -> bool {
        let [a, b] = self.sides;
        let token = |side: usize, at: usize| self.pairs.token(side, NounId::Places, at);
        let within = |side: usize, own: &Side<'_>, place: usize, what: Option<String>| {
            ancestors(&own.model, place).into_iter().any(|at| token(side, at) == what)
        };
        !within(0, a, one, token(1, other)) && !within(1, b, other, token(0, one))
    }

    /// By noun, then by day, then by key.
    fn order(&self, noun: NounId, at: [Option<usize>; 2]) -> (usize, i64, String) {
        let [day, other] = [0, 1].map(|side: usize| self.day(side, noun, *at.get(side)?));
        let day = day.into_iter().chain(other).min().unwrap_or(0);
        let key = |side: usize| Some(self.sides.get(side)?.record(noun, (*at.get(side)?)?)?.key.to_string());
        (2 + noun as usize, day, key(0).or_else(|| key(1)).unwrap_or_default())
    }

    fn day(&self, side: usize, noun: NounId, at: Option<usize>) -> Option<i64> {
        Some(self.sides.get(side)?.entry(noun, at?)?.dates.get("date")?.bounds.start_min)
    }
}

impl Side<'_> {
    /// What an account tells in one respect, and whose it is.
    fn told(&self, aspect: &str, account: usize) -> String {
        let Some(entry) = self.entry(NounId::Accounts, account) else { return String::new() };
        let linked =
            NounId::Accounts.noun().link(aspect).and_then(|link| Some(self.label(link.to, *entry.one.get(aspect)?)));
        let absent = if aspect == "status" { HELD } else { "" };
        let told =
            linked.or_else(|| entry.text.get(aspect).map(ToString::to_string)).unwrap_or_else(|| absent.to_string());
        format!("{told} ({})", entry.label)
    }
}
