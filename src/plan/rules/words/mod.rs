//! Tests of texts that an index of words answers: of all rows, only those are looked at that the index names.
//!
//! What a row must have among its words is known before any row is read. A test that the index answers alone goes; one
//! that it only narrows stays beside. Either way the rows are the same.

mod led;

use super::{Chosen, each_block, shape};
use crate::plan::tree::{Alias, Block, Name, Parameter, Search, Source, TextTest, Truth, Value};
use crate::plan::walk::{self, Seen};

/// How EXPLAIN calls it, and what it says of it.
pub const NAME: &str = "search-words";
pub const HELP: &str = "texts are looked up in an index of words, and only the rows that it names are read";

/// The functions that test a text.
const TESTS: [&str; 2] = ["bilat_contains", "bilat_like"];

/// Who knows the texts of a file.
pub trait Texts {
    /// Whether the rows of a search are few enough to begin with them (`first`: and not to read rows in their order until
    /// so many are found), and if so, of each test, whether the rows named all pass it.
    fn narrows(&self, search: &Search, first: Option<u64>) -> Option<Vec<bool>>;
}

/// Has texts looked up wherever that is less work; says whether it changed anything.
pub fn search(block: &mut Block, chosen: Chosen, texts: &dyn Texts) -> bool {
    let mut next = None;
    let mut changed = false;
    if chosen == Chosen::None || !tests_texts(block) {
        return false;
    }
    let mut unused = 0;
    walk::block(block, &mut |seen| {
        let (Seen::Declared(alias) | Seen::Column(alias, _)) = seen;
        unused = unused.max(*alias + 1);
    });
    each_block(block, &mut |inner| {
        let first = first(inner);
        let tables = tables(inner);
        let filter = std::mem::replace(&mut inner.filter, Truth::True);
        let mut searcher = Searcher { texts, first, tables, next: next.unwrap_or(unused), changed: false };
        inner.filter = searcher.all(filter);
        next = Some(searcher.next);
        changed |= searcher.changed;
        if searcher.changed && shape::reads_outside(inner) {
            inner.filter = led::tested(std::mem::replace(&mut inner.filter, Truth::True));
        }
    });
    if changed {
        each_block(block, &mut |inner| {
            led::sets(&mut inner.filter);
        });
    }
    changed
}

/// How many rows are enough, where they come in the order of their ids or days: who reads can stop then.
fn first(block: &mut Block) -> Option<u64> {
    const ORDERED: [&str; 4] = ["id", "date", "start_min", "end_max"];
    let (count, offset) = block.limit.filter(|_| block.group.is_empty())?;
    let mut ordered = true;
    for (key, _) in &mut block.order {
        walk::value(key, &mut |seen| {
            ordered &= matches!(seen, Seen::Column(alias, Name::Of(name)) if *alias == block.alias && ORDERED.contains(&name.as_str()));
        });
    }
    ordered.then_some(count.saturating_add(offset))
}

/// Whether there is anything to look up; most queries have nothing.
fn tests_texts(block: &mut Block) -> bool {
    let mut found = false;
    each_block(block, &mut |inner| found |= any(&inner.filter));
    found
}

fn any(truth: &Truth) -> bool {
    match truth {
        Truth::And(parts) | Truth::Or(parts) => parts.iter().any(any),
        truth => test(truth).is_some(),
    }
}

/// The tables that a block reads as they are.
fn tables(block: &Block) -> Vec<(Alias, &'static str)> {
    let joined = block.joins.iter().map(|join| (join.alias, &join.source));
    let sources = std::iter::once((block.alias, &block.from)).chain(joined);
    sources.filter_map(|(alias, source)| Some((alias, source.table()?))).collect()
}

/// The row that a condition tests a text of, and the test.
fn test(truth: &Truth) -> Option<(Alias, TextTest)> {
    let Truth::Compare("=", Value::Call(function, arguments), Value::Number(1)) = truth else { return None };
    let [Value::Bound(Parameter::Text(part)), Value::Column(alias, Name::Of(column))] = arguments.as_slice() else {
        return None;
    };
    let (function, column, part) = (*function, column.clone(), part.clone());
    TESTS.contains(&function).then_some((*alias, TextTest { function, column, part }))
}

struct Searcher<'a> {
    texts: &'a dyn Texts,
    first: Option<u64>,
    tables: Vec<(Alias, &'static str)>,
    /// An alias that nothing has yet.
    next: Alias,
    changed: bool,
}

impl Searcher<'_> {
    /// A condition that must hold: its tests of one row are looked up together.
    fn all(&mut self, truth: Truth) -> Truth {
        let mut parts = match truth {
            Truth::And(parts) => parts,
            other => vec![other],
        };
        for position in 0..self.tables.len() {
            let Some((alias, table)) = self.tables.get(position).copied() else { break };
            let own = |part: &Truth| test(part).filter(|(of, _)| *of == alias).map(|(_, test)| test);
            let tests: Vec<TextTest> = parts.iter().filter_map(own).collect();
            if let Some((named, alone)) = self.named(alias, table, tests) {
                let mut alone = alone.into_iter();
                parts.retain(|part| own(part).is_none() || !alone.next().unwrap_or(false));
                parts.push(named);
            }
        }
        Truth::all(parts.into_iter().map(|part| match part {
            Truth::Or(parts) => Truth::any(parts.into_iter().map(|part| self.one(part)).collect::<Vec<_>>()),
            part => part,
        }))
    }

    /// One of several conditions: only what is answered alone is worth looking up, for the rows are read for the others.
    fn one(&mut self, truth: Truth) -> Truth {
        let of = test(&truth).and_then(|(alias, test)| {
            let (_, table) = self.tables.iter().find(|(known, _)| *known == alias)?;
            Some((alias, *table, test))
        });
        let Some((alias, table, test)) = of else { return truth };
        match self.named(alias, table, vec![test]) {
            Some((named, alone)) if alone == [true] => named,
            _ => truth,
        }
    }

    /// That a row is among those which a search names, and of each test, whether that answers it.
    fn named(&mut self, alias: Alias, table: &'static str, tests: Vec<TextTest>) -> Option<(Truth, Vec<bool>)> {
        if tests.is_empty() {
            return None;
        }
        let search = Search { table, tests };
        let alone = self.texts.narrows(&search, self.first)?;
        let found = self.next;
        self.next += 1;
        self.changed = true;
        let ids = Block::new(Source::Searched(Box::new(search)), found).columns(vec![Value::column(found, "value")]);
        Some((Truth::InBlock(Value::column(alias, "id"), Box::new(ids)), alone))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Knows texts of which the word alone is exact, and nothing of `common`.
    struct Known;

    impl Texts for Known {
        fn narrows(&self, search: &Search, first: Option<u64>) -> Option<Vec<bool>> {
            let rare = search.tests.iter().any(|test| !test.part.contains("common"));
            (rare && first != Some(25)).then(|| search.tests.iter().map(|test| test.part == "word").collect())
        }
    }

    fn contains(alias: Alias, part: &str) -> Truth {
        let call = Value::Call(TESTS[0], vec![Value::text(part), Value::column(alias, "remark")]);
        Truth::equal(call, Value::Number(1))
    }

    fn shown(filter: Truth) -> String {
        let mut block = Block::new(Source::Table("meetings"), 0).filter(filter);
        let before = block.clone();
        assert_eq!(search(&mut block, Chosen::All, &Known), block != before);
        assert!(!search(&mut before.clone(), Chosen::None, &Known));
        crate::plan::print::conditions(&block.filter)
    }

    #[test]
    fn whoever_wants_the_first_rows_by_day_reads_them() {
        let before = Block::new(Source::Table("meetings"), 0).filter(contains(0, "word"));
        // Who wants the first rows by day reads them; who wants them by their texts must have all before.
        let mut limited =
            Block { limit: Some((20, 5)), order: vec![(Value::column(0, "date"), true)], ..before.clone() };
        assert!(!search(&mut limited, Chosen::All, &Known));
        limited.order.push((Value::column(0, "remark"), false));
        assert!(search(&mut limited, Chosen::All, &Known));
    }

    #[test]
    fn what_is_answered_alone_goes_and_what_is_narrowed_stays() {
        assert_eq!(shown(contains(0, "word")), "t0.id in [from words of meetings: remark \"word\" t1 | show t1.value]");
        let two = Truth::all([contains(0, "word"), contains(0, "two words"), Truth::Missing(Value::column(0, "date"))]);
        assert_eq!(
            shown(two),
            "(bilat_contains($\"two words\", t0.remark) = 1 and t0.date missing \
             and t0.id in [from words of meetings: remark \"word\", remark \"two words\" t1 | show t1.value])"
        );
    }

    #[test]
    fn what_is_too_common_or_of_another_block_or_denied_is_left() {
        for truth in [contains(0, "common"), contains(7, "word"), contains(0, "word").negated()] {
            assert_eq!(shown(truth.clone()), crate::plan::print::conditions(&truth));
        }
    }

    #[test]
    fn among_several_only_what_is_answered_alone_is_looked_up() {
        let any = Truth::any([contains(0, "word"), contains(0, "two words")]);
        assert_eq!(
            shown(any),
            "(t0.id in [from words of meetings: remark \"word\" t1 | show t1.value] \
             or bilat_contains($\"two words\", t0.remark) = 1)"
        );
    }

    fn behind(filter: Truth) -> String {
        let inner = Block::new(Source::Table("accounts"), 1).filter(filter).columns(vec![Value::Number(1)]);
        shown(Truth::Exists(Box::new(inner)))
    }

    const IDS: &str = "[from words of accounts: remark \"word\" t2 | show t2.value]";

    #[test]
    fn what_is_behind_a_step_is_found_once_and_leads_to_the_rows() {
        let tie = Truth::equal(Value::column(1, "meeting_id"), Value::column(0, "id"));
        assert_eq!(
            behind(Truth::all([tie.clone(), contains(1, "word")])),
            format!("t0.id in [from accounts t1 | keep t1.id in {IDS} | show t1.meeting_id]")
        );
        // What has another tie besides is asked for each row, and never goes through the ids.
        let other = Truth::compare("<", Value::column(1, "date"), Value::column(0, "date"));
        assert_eq!(
            behind(Truth::all([tie, other, contains(1, "word")])),
            format!(
                "some [from accounts t1 | keep (t1.meeting_id = t0.id and t1.date < t0.date and <t1.id in {IDS}> = 1) | show 1]"
            )
        );
    }
}
