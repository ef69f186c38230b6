//! ZEROS and ACROSS: groups without rows, and groups as a matrix.

use super::Truth::True;
use super::World;
use super::answers::Shown;
use super::groups::{BaseRow, Group, GroupKey, KNOWN, same_keys};
use super::values::{Value, show};
use bilat::bind::tree::*;
use bilat::catalog::{NounId, Via, When};
use bilat::value::date::{Day, OPEN_FUTURE, OPEN_PAST, VagueDate};
use bilat::value::period::Unit;
use std::collections::BTreeSet;

impl World {
    /// The groups of all values that the keys may have and that none of `there` has, as far as HAVING lets them.
    pub(super) fn zeros(&self, query: &BoundQuery, groups: &Groups, base: &[BaseRow], there: &[&Group]) -> Vec<Group> {
        let mut all: Vec<Vec<GroupKey>> = vec![Vec::new()];
        for (position, key) in groups.keys.iter().enumerate() {
            let seen: Vec<i64> = there.iter().filter_map(|group| period_of(&group.keys[position])).collect();
            let domain = self.domain(query, key, &seen);
            let longer = |keys: &Vec<GroupKey>| {
                domain.iter().map(|key| keys.iter().chain([key]).cloned().collect()).collect::<Vec<Vec<GroupKey>>>()
            };
            all = all.iter().flat_map(longer).collect();
        }
        let missing = all.into_iter().filter(|keys| !there.iter().any(|group| same_keys(&group.keys, keys)));
        let made = missing.map(|keys| self.group(query, groups, base, keys));
        made.filter(|group| group.having(groups) == True).collect()
    }

    /// Every value that a key may have: of periods those between the first and the last.
    fn domain(&self, query: &BoundQuery, key: &Scalar, seen: &[i64]) -> Vec<GroupKey> {
        let known = |identity: Value, shown: Value| GroupKey {
            identity: Some(identity),
            shown: Some(shown),
            state: KNOWN,
            reach: None,
            is_period: matches!(key, Scalar::Period { .. }),
            date: None,
        };
        let twice = |value: Value| known(value.clone(), value);
        match (key, key.kind(None)) {
            (Scalar::Period { unit: Unit::Weekday, .. }, _) => (1..=7).map(|day| twice(Value::Integer(day))).collect(),
            (Scalar::Period { unit, .. }, _) => {
                let asked = |day: Option<Day>| day.filter(|day| *day > OPEN_PAST && *day < OPEN_FUTURE);
                let first = asked(query.reach.first).map(|day| unit.number(day)).or(seen.iter().min().copied());
                let last = asked(query.reach.last).map(|day| unit.number(day)).or(seen.iter().max().copied());
                let (Some(first), Some(last)) = (first, last) else { return Vec::new() };
                let value =
                    |number| if unit.is_plain() { Value::Integer(number) } else { Value::Period(*unit, number) };
                (first..=last).map(|number| twice(value(number))).collect()
            }
            (_, Type::Word(vocabulary)) => {
                vocabulary.words.iter().map(|(word, _)| twice(Value::Text((*word).to_string()))).collect()
            }
            (Scalar::Entity(at), _) => {
                let used = in_use(at).map(|(before, link)| {
                    let rows = self.model.of(before).iter();
                    rows.filter_map(|row| row.one.get(link).copied()).collect::<BTreeSet<usize>>()
                });
                // A country that was gone before the days asked for has no part in them.
                let first = query.reach.first.unwrap_or(OPEN_PAST);
                let gone = |entry: &bilat::dataset::model::Entry| {
                    let end = entry.dates.get("end").filter(|_| at.noun == NounId::Countries);
                    used.is_none() && end.is_some_and(|end| end.bounds.end_max < first)
                };
                let rows = self.model.of(at.noun).iter().enumerate().filter(|(_, entry)| !gone(entry));
                rows.filter(|(row, _)| used.as_ref().is_none_or(|used| used.contains(row)))
                    .map(|(row, entry)| known(Value::Row(at.noun, row), Value::Text(entry.label.to_string())))
                    .collect()
            }
            _ => panic!("ZEROS does not know what {key:?} may be"),
        }
    }

    /// The groups as a matrix: the names of its columns, and its rows.
    pub(super) fn across(
        &self,
        query: &BoundQuery,
        groups: &Groups,
        base: &[BaseRow],
        found: Vec<Group>,
    ) -> (Vec<String>, Vec<Shown>) {
        let last = groups.keys.len() - 1;
        let mut heads: Vec<GroupKey> = Vec::new();
        for group in &found {
            if !heads.iter().any(|head| same_keys(std::slice::from_ref(head), &group.keys[last..])) {
                heads.push(group.keys[last].clone());
            }
        }
        // As the groups themselves are sorted by their last key, upwards.
        heads.sort_by(|a, b| {
            let group = |key: &GroupKey| {
                let mut keys = found[0].keys.clone();
                keys[last] = key.clone();
                // Columns stand as their names say, though a date may have been narrowed.
                if let (Type::Date, Some(Value::Text(text))) = (groups.keys[last].kind(None), &key.shown) {
                    keys[last].date = VagueDate::parse(text).ok().map(|date| date.bounds);
                }
                Group { keys, ..found[0].clone() }
            };
            super::answers::compare_keys(
                &group(a).sorted(groups, &Scalar::Key(last)),
                &group(b).sorted(groups, &Scalar::Key(last)),
            )
        });
        let (fixed, values): (Vec<&BoundColumn>, Vec<&BoundColumn>) =
            groups.columns.iter().partition(|column| matches!(column.value, Scalar::Key(_)));
        let mut names: Vec<String> = fixed.iter().map(|column| column.name.clone()).collect();
        for head in &heads {
            let boolean = groups.keys[last].kind(None) == Type::Boolean;
            let name = if head.state == super::groups::UNKNOWN { "unknown".to_string() } else { plain(head, boolean) };
            names.extend(values.iter().map(|column| match values.len() {
                1 => name.clone(),
                _ => format!("{name}: {}", column.name),
            }));
        }
        let dated = groups.expansions.iter().any(Element::is_dated);
        let open = dated || base.iter().any(BaseRow::is_open);
        let mut rows: Vec<(Vec<GroupKey>, Shown)> = Vec::new();
        for group in &found {
            if rows.iter().any(|(keys, _)| same_keys(keys, &group.keys[..last])) {
                continue;
            }
            let mut cells: Vec<String> = fixed.iter().map(|column| group.show(&column.value)).collect();
            let mut sources = BTreeSet::new();
            for head in &heads {
                let mut keys = group.keys.clone();
                keys[last] = head.clone();
                let cell = found.iter().find(|other| same_keys(&other.keys, &keys));
                let empty;
                let missing = cell.is_none();
                let cell = match cell {
                    Some(cell) => Some(cell),
                    None => {
                        empty = self.group(query, groups, base, keys);
                        // What HAVING rules out is not shown as if there were nothing.
                        (empty.count == 0).then_some(&empty)
                    }
                };
                sources.extend(cell.iter().flat_map(|cell| cell.sources.iter().cloned()));
                let shown = |column: &&BoundColumn| match cell {
                    // How many may be in a group that the rows do not have is not counted.
                    Some(_) if missing && open && speaks_of_possible(groups, &column.value) => show(None),
                    cell => cell.map_or(show(None), |cell| cell.show(&column.value)),
                };
                cells.extend(values.iter().map(shown));
            }
            rows.push((group.keys[..last].to_vec(), (cells, true, sources)));
        }
        (names, rows.into_iter().map(|(_, shown)| shown).collect())
    }
}

fn speaks_of_possible(groups: &Groups, scalar: &Scalar) -> bool {
    match scalar {
        Scalar::Aggregate(at) => groups.aggregates[*at] == Aggregate::CountPossible,
        Scalar::Negative(inner) => speaks_of_possible(groups, inner),
        Scalar::Arithmetic { left, right, .. } => speaks_of_possible(groups, left) || speaks_of_possible(groups, right),
        _ => false,
    }
}

/// A key as a column is called.
fn plain(key: &GroupKey, boolean: bool) -> String {
    match &key.shown {
        Some(Value::Integer(truth)) if boolean => if *truth == 1 { "yes" } else { "no" }.to_string(),
        Some(Value::Range(low, high)) if low == high => low.to_string(),
        Some(Value::Integer(number)) => number.to_string(),
        Some(Value::Number(number)) => number.to_string(),
        _ => key.text(),
    }
}

fn period_of(key: &GroupKey) -> Option<i64> {
    match key.identity {
        Some(Value::Integer(number) | Value::Period(_, number)) => Some(number),
        _ => None,
    }
}

/// What only classifies (the region of a country) is no universe of its own: the values in use are, by this link.
fn in_use(at: &PathRef) -> Option<(NounId, &'static str)> {
    let [.., before, last] = at.steps.as_slice() else { return None };
    let before = before.link.to;
    let classifies = before.noun().when == When::Never && last.link.via == Via::Column && before != NounId::Leaders;
    classifies.then_some((before, last.link.name))
}
