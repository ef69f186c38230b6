//! How many rows surely or possibly belong to each group.
//!
//! A row whose key is undecided may belong to every group that its key may be. SQL compares each group with every row;
//! here the undecided rows are sorted by what is decided of them, and each group looks up how many can be its own.

use super::super::super::Failure;
use super::super::super::column::NOTHING;
use super::super::super::data::Data;
use super::super::super::rows::Rows;
use super::super::{Compiled, Compiler, conjuncts};
use super::{number, place};
use crate::plan::tree::{Alias, Block, Join, Name, Truth, Value};
use std::collections::{HashMap, HashSet};

/// Where the parts of a key stand among the columns of the rows.
#[derive(Clone, Debug, PartialEq)]
struct Key {
    state: usize,
    identity: usize,
    /// The first and the last that an undecided key may be.
    reach: Option<(usize, usize)>,
}

/// The states of a key.
const KNOWN: i64 = 0;
const UNDECIDED: i64 = 2;

/// Counts of the rows that may belong to a group.
#[derive(Debug)]
pub(in super::super) struct Possible {
    /// The count of those that are of the group, then its keys.
    exact: Compiled,
    /// The undecided rows: the number of each, then state, identity, low and high of each key.
    undecided: Compiled,
    /// All rows whose number is among those, with their keys; without it, each row stands alone.
    all: Option<Compiled>,
    keys: usize,
}

/// So many comparisons of a group with an undecided row at most.
const MOST: usize = 200_000_000;

impl<'b> Compiler<'b, '_> {
    pub(super) fn possible(&mut self, inner: &'b Block, groups: &'b Block) -> Result<Option<Possible>, Failure> {
        let Some((id, keys)) = recognised(inner, groups) else { return Ok(None) };
        let other = inner.alias;
        let group: Vec<Value> =
            keys.iter().flat_map(|key| [key.state, key.identity].map(|at| Value::at(other, at))).collect();
        let from = || Block::new(inner.from.clone(), other);
        let mut exact = from().columns(inner.columns.iter().chain(&group).cloned().collect());
        exact.group = group.clone();
        let is_undecided = |alias: Alias| {
            Truth::any(keys.iter().map(|key| Truth::equal(Value::at(alias, key.state), Value::Number(UNDECIDED))))
        };
        let parts = keys.iter().flat_map(|key| {
            let reach = |at: Option<usize>| at.map_or(Value::Null, |at| Value::at(other, at));
            let (low, high) = (reach(key.reach.map(|(low, _)| low)), reach(key.reach.map(|(_, high)| high)));
            [Value::at(other, key.state), Value::at(other, key.identity), low, high]
        });
        let undecided =
            from().columns(std::iter::once(Value::at(other, id)).chain(parts).collect()).filter(is_undecided(other));
        let again = other + AGAIN;
        let among =
            Block::new(inner.from.clone(), again).columns(vec![Value::at(again, id)]).filter(is_undecided(again));
        let all = from()
            .columns(std::iter::once(Value::at(other, id)).chain(group).collect())
            .filter(Truth::InBlock(Value::at(other, id), Box::new(among)));
        let compiled = |block: &Block| {
            let mut compiler = Compiler::new(self.data, self.short, self.check);
            compiler.named = self.named.clone();
            compiler.whole(block)
        };
        let (exact, undecided) = (compiled(&exact)?, compiled(&undecided)?);
        let all = if self.stand_alone(inner) { None } else { Some(compiled(&all)?) };
        Ok(Some(Possible { exact, undecided, all, keys: keys.len() }))
    }

    /// Whether each row of the named block has a number of its own: nothing makes several of one.
    fn stand_alone(&self, inner: &Block) -> bool {
        let crate::plan::tree::Source::Named(name) = inner.from else { return false };
        let named = self.named.iter().rev().find(|(known, _)| *known == name);
        let single = |join: &Join| join.left && matches!(join.on, Truth::Compare("=", ..));
        named.is_some_and(|(_, block)| block.joins.iter().all(single))
    }
}

/// Further from any alias than there are aliases.
const AGAIN: Alias = 1 << 24;

/// The column of the row's number, and the keys, if a block counts the rows that may be of a group.
fn recognised(inner: &Block, groups: &Block) -> Option<(usize, Vec<Key>)> {
    let plain = inner.with.is_empty() && inner.group.is_empty() && inner.joins.is_empty() && inner.limit.is_none();
    let [Value::Aggregate { function: "count", distinct: true, of }] = inner.columns.as_slice() else { return None };
    let id = place(of, inner.alias)?;
    let mut parts = Vec::new();
    conjuncts(&inner.filter, &mut parts);
    let keys: Option<Vec<Key>> = parts.into_iter().map(|part| key(part, inner.alias, groups.alias)).collect();
    let keys = keys?;
    let grouped: Option<Vec<usize>> = groups.group.iter().map(|value| place(value, groups.alias)).collect();
    let told: Vec<usize> = keys.iter().flat_map(|key| [key.state, key.identity]).collect();
    (plain && grouped? == told).then_some((id, keys))
}

fn key(truth: &Truth, other: Alias, base: Alias) -> Option<Key> {
    let Truth::Or(ways) = truth else { return None };
    let [Truth::And(same), Truth::And(may_be)] = ways.as_slice() else { return None };
    let [state, identity] = same.as_slice() else { return None };
    let (state, identity) = (super::tie(state, other, base)?, super::tie(identity, other, base)?);
    let at = |value: &Value, alias: Alias, position: usize| matches!(value, Value::Column(known, Name::At(at)) if *known == alias && *at == position);
    let [undecided, known, reach @ ..] = may_be.as_slice() else { return None };
    let is = |truth: &Truth, alias: Alias, state_is: i64| matches!(truth, Truth::Compare("=", value, Value::Number(number)) if *number == state_is && at(value, alias, state));
    if !is(undecided, other, UNDECIDED) || !is(known, base, KNOWN) {
        return None;
    }
    let reach = match reach {
        [] => None,
        [Truth::Compare("<=", low, one), Truth::Compare(">=", high, two)]
            if at(one, base, identity) && at(two, base, identity) =>
        {
            Some((place(low, other)?, place(high, other)?))
        }
        _ => return None,
    };
    Some(Key { state, identity, reach })
}

/// The undecided rows that have the same keys undecided, and the same others.
#[derive(Debug, Default)]
struct Alike {
    /// The ends between which each may be; several keys have several.
    lows: Vec<i64>,
    highs: Vec<i64>,
    rows: Vec<usize>,
}

impl Possible {
    /// The counts for the groups whose keys are the first columns of `gathered`.
    pub(super) fn counts(self, gathered: &Rows, data: &Data) -> Result<Vec<i64>, Failure> {
        let (exact, undecided) = (self.exact.run(data)?, self.undecided.run(data)?);
        data.room(exact.bytes() * 2 + undecided.bytes() * 4)?;
        let width = self.keys * 2;
        let mut counts: HashMap<Vec<i64>, i64> = HashMap::with_capacity(exact.count);
        for row in 0..exact.count {
            counts.insert(tuple(&exact, 1, width, row), number(&exact.columns, 0, row));
        }
        let mut own: Vec<i64> =
            (0..gathered.count).map(|row| counts.get(&tuple(gathered, 0, width, row)).copied().unwrap_or(0)).collect();
        if undecided.count == 0 {
            return Ok(own);
        }
        match self.all {
            None => add_alone(&mut own, gathered, &undecided, self.keys, data)?,
            Some(all) => {
                let all = all.run(data)?;
                add_each(&mut own, gathered, &undecided, &all, self.keys, data)?;
            }
        }
        Ok(own)
    }
}

fn tuple(rows: &Rows, first: usize, width: usize, row: usize) -> Vec<i64> {
    (first..first + width).map(|at| number(&rows.columns, at, row)).collect()
}

/// Of a row's part of a key: state, identity, low, high.
fn part(undecided: &Rows, row: usize, key: usize) -> [i64; 4] {
    [1, 2, 3, 4].map(|at| number(&undecided.columns, key * 4 + at, row))
}

/// Each undecided row stands for itself, and for no other row of the group.
fn add_alone(own: &mut [i64], groups: &Rows, undecided: &Rows, keys: usize, data: &Data) -> Result<(), Failure> {
    // By which keys are undecided (a bit each), then by the others.
    let mut alike: HashMap<u64, HashMap<Vec<i64>, Alike>> = HashMap::new();
    let mut reaching = 0_u64;
    for row in 0..undecided.count {
        let mut mask = 0;
        let mut decided = Vec::new();
        for key in 0..keys {
            let [state, identity, low, _] = part(undecided, row, key);
            if state == UNDECIDED {
                mask |= 1 << key;
                reaching |= u64::from(low != NOTHING) << key;
            } else {
                decided.extend([state, identity]);
            }
        }
        let alike = alike.entry(mask).or_default().entry(decided).or_default();
        alike.rows.push(row);
        let first = (0..keys).find(|key| mask >> key & 1 == 1 && reaching >> key & 1 == 1);
        if let Some([_, _, low, high]) = first.map(|key| part(undecided, row, key)) {
            alike.lows.push(low);
            alike.highs.push(high);
        }
    }
    for alike in alike.values_mut().flat_map(HashMap::values_mut) {
        alike.lows.sort_unstable();
        alike.highs.sort_unstable();
    }
    for (group, count) in own.iter_mut().enumerate() {
        if group % 1024 == 0 {
            data.go_on()?;
        }
        let of = tuple(groups, 0, keys * 2, group);
        for (mask, alike) in &alike {
            let is_open = |key: &usize| mask >> key & 1 == 1;
            if (0..keys).filter(is_open).any(|key| of.get(key * 2) != Some(&KNOWN)) {
                continue;
            }
            let decided: Vec<i64> = (0..keys)
                .filter(|key| !is_open(key))
                .flat_map(|key| of.get(key * 2..key * 2 + 2).unwrap_or(&[]).iter().copied())
                .collect();
            let Some(alike) = alike.get(&decided) else { continue };
            let open: Vec<usize> = (0..keys).filter(|key| is_open(key) && reaching >> key & 1 == 1).collect();
            *count += match open.as_slice() {
                [] => whole(alike.rows.len()),
                // As many as begin before it is over, but for those that are over before it.
                [key] => {
                    let at = of.get(key * 2 + 1).copied().unwrap_or(NOTHING);
                    let begun = alike.lows.partition_point(|low| *low <= at);
                    whole(begun) - whole(alike.highs.partition_point(|high| *high < at))
                }
                several => {
                    if own_work(alike.rows.len(), groups.count) {
                        return Err(Failure::Unfit("too much to compare"));
                    }
                    let fits = |row: &&usize| {
                        several.iter().all(|key| {
                            let [_, _, low, high] = part(undecided, **row, *key);
                            let at = of.get(key * 2 + 1).copied().unwrap_or(NOTHING);
                            low <= at && at <= high
                        })
                    };
                    whole(alike.rows.iter().filter(fits).count())
                }
            };
        }
    }
    Ok(())
}

fn own_work(rows: usize, groups: usize) -> bool {
    rows.saturating_mul(groups) > MOST
}

fn whole(count: usize) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}

/// A row has several places among the groups: it counts once in each.
fn add_each(
    own: &mut [i64],
    groups: &Rows,
    undecided: &Rows,
    all: &Rows,
    keys: usize,
    data: &Data,
) -> Result<(), Failure> {
    if own_work(undecided.count, groups.count) {
        return Err(Failure::Unfit("too much to compare"));
    }
    let mut members: HashMap<Vec<i64>, HashSet<i64>> = HashMap::new();
    for row in 0..all.count {
        members.entry(tuple(all, 1, keys * 2, row)).or_default().insert(number(&all.columns, 0, row));
    }
    let nobody = HashSet::new();
    for (group, count) in own.iter_mut().enumerate() {
        data.go_on()?;
        let of = tuple(groups, 0, keys * 2, group);
        let members = members.get(&of).unwrap_or(&nobody);
        let mut more: HashSet<i64> = HashSet::new();
        for row in 0..undecided.count {
            let fits = (0..keys).all(|key| {
                let [state, identity, low, high] = part(undecided, row, key);
                let (at, is) = (of.get(key * 2).copied(), of.get(key * 2 + 1).copied().unwrap_or(NOTHING));
                let same = at == Some(state) && is == identity;
                same || state == UNDECIDED && at == Some(KNOWN) && (low == NOTHING || low <= is && is <= high)
            });
            let id = number(&undecided.columns, 0, row);
            if fits && !members.contains(&id) {
                more.insert(id);
            }
        }
        *count += whole(more.len());
    }
    Ok(())
}
