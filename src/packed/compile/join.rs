//! Which sources are read, and in which order: first what leaves the fewest rows, then what those lead to.

use super::super::index::Index;
use super::super::program::{Bits, Comparison, Condition, Node, NodeId, TruthId};
use super::super::run::{Gives, Step, Sub, What};
use super::super::{Failure, column::NOTHING};
use super::{Binding, Compiler, Kind, conjuncts, is_aggregated, table};
use crate::plan::tree::{Alias, Block, Name, Source, Truth, Value};
use crate::plan::walk::{self, Seen};
use std::rc::Rc;
use std::sync::Arc;

/// A source that an inner join reads.
#[derive(Debug)]
struct Inner {
    slot: usize,
    origin: Origin,
    bound: bool,
}

impl Inner {
    /// The slots that it binds, a bit each.
    fn slots(&self) -> u64 {
        match self.origin {
            Origin::Second(_, first) => 1 << self.slot | 1 << first,
            _ => 1 << self.slot,
        }
    }
}

#[derive(Debug)]
enum Origin {
    Table(&'static str),
    /// The second of a pair; the slots of the participant that leads to both, and of the first.
    Second(usize, usize),
    /// Rows in memory.
    Own,
}

/// A source that is joined if there is a row.
#[derive(Debug)]
struct Left<'b> {
    slot: usize,
    table: &'static str,
    on: &'b Truth,
    alias: Alias,
    bound: bool,
}

/// A condition that rows must fulfil.
#[derive(Debug)]
struct Conjunct<'b> {
    truth: &'b Truth,
    /// The slots that it reads.
    slots: u64,
    done: bool,
    /// The condition, where it was made already: what looks at other rows is computed then.
    made: Option<TruthId>,
}

/// What a block reads, and what it wants of it.
#[derive(Debug, Default)]
pub(super) struct Sources<'b> {
    inner: Vec<Inner>,
    left: Vec<Left<'b>>,
    conjuncts: Vec<Conjunct<'b>>,
    /// A condition that is made of no single one of the plan: both are equal.
    pub(super) equal: Option<(&'b Value, &'b Value)>,
    first: Option<NodeId>,
}

impl Sources<'_> {
    /// The number of the first source's rows, which rises.
    pub(super) fn first_row(&self) -> Option<NodeId> {
        self.first
    }

    /// Whether the inner source at this position has this slot.
    pub(super) fn is_at(&self, position: usize, slot: usize) -> bool {
        self.inner.get(position).is_some_and(|inner| inner.slot == slot)
    }

    /// The slots of all its sources.
    pub(super) fn slots(&self) -> u64 {
        let inner = self.inner.iter().fold(0, |all, inner| all | inner.slots());
        self.left.iter().fold(inner, |all, left| all | 1 << left.slot)
    }

    /// Whether one row of the first source is met before all of the next.
    pub(super) fn is_ordered(&self) -> bool {
        self.inner.iter().skip(1).all(|inner| matches!(inner.origin, Origin::Second(..)))
    }
}

impl<'b> Sources<'b> {
    /// Takes out the conditions that read what is not known here.
    pub(super) fn take_foreign(&mut self, is_foreign: impl Fn(&Truth) -> bool) -> Vec<&'b Truth> {
        let (foreign, own) = std::mem::take(&mut self.conjuncts).into_iter().partition(|of| is_foreign(of.truth));
        self.conjuncts = own;
        let foreign: Vec<Conjunct<'b>> = foreign;
        foreign.into_iter().map(|conjunct| conjunct.truth).collect()
    }

    /// Whether a left join reads such a thing.
    pub(super) fn left_reads(&self, is_foreign: impl Fn(&Truth) -> bool) -> bool {
        self.left.iter().any(|left| is_foreign(left.on))
    }
}

/// All rows of a source in memory.
pub(super) fn scan(slot: usize, rows: usize) -> Vec<Step> {
    let end = u32::try_from(rows).unwrap_or(u32::MAX).saturating_add(1);
    vec![Step { what: What::Scan { slot, first: 1, end, only: None }, live: u64::MAX }]
}

/// A first step, with the number of rows that it gives.
struct First {
    what: What,
    position: usize,
    rows: f64,
    /// The condition that it makes needless.
    done: Option<usize>,
}

impl<'b> Compiler<'b, '_> {
    /// The sources and conditions of a block, and of the blocks that it reads row by row.
    pub(super) fn sources(&mut self, block: &'b Block) -> Result<Sources<'b>, Failure> {
        let mut sources = Sources::default();
        self.take_in(block, &mut sources)?;
        sources.first = sources.inner.first().map(|inner| inner.slot).map(|slot| self.row(slot));
        if let Some(Inner { origin: Origin::Second(one, first), slot: second, .. }) = sources.inner.get(1) {
            // The rows of a pair come one after the other.
            let (one, first, second) = (*one, *first, *second);
            sources.first = Some(self.pair(one, first, second, "id")?);
        }
        Ok(sources)
    }

    fn take_in(&mut self, block: &'b Block, sources: &mut Sources<'b>) -> Result<(), Failure> {
        self.take_source(&block.from, block.alias, sources)?;
        for join in &block.joins {
            if !join.left {
                self.take_source(&join.source, join.alias, sources)?;
                self.take_conditions(&join.on, sources);
                continue;
            }
            let Source::Table(name) = join.source else { return Err(Failure::Unfit("a join of another kind")) };
            let known = table(name)?;
            let slot = self.slot(self.data.rows(known.name)?)?;
            self.declare(join.alias, Binding::Table { slot, table: known })?;
            sources.left.push(Left { slot, table: known.name, on: &join.on, alias: join.alias, bound: false });
        }
        self.take_conditions(&block.filter, sources);
        // What a condition reads is known when all sources are.
        for at in 0..sources.conjuncts.len() {
            sources.conjuncts[at].slots = self.read_by(sources.conjuncts[at].truth);
        }
        Ok(())
    }

    fn take_conditions(&mut self, truth: &'b Truth, sources: &mut Sources<'b>) {
        let mut all = Vec::new();
        conjuncts(truth, &mut all);
        sources.conjuncts.extend(all.into_iter().map(|truth| Conjunct { truth, slots: 0, done: false, made: None }));
    }

    fn take_source(&mut self, source: &'b Source, alias: Alias, sources: &mut Sources<'b>) -> Result<(), Failure> {
        match source {
            Source::Table(name) => {
                let known = table(name)?;
                let slot = self.slot(self.data.rows(known.name)?)?;
                self.declare(alias, Binding::Table { slot, table: known })?;
                sources.inner.push(Inner { slot, origin: Origin::Table(known.name), bound: false });
                Ok(())
            }
            // The catalogue has one such query: pairs.
            Source::Query(_) => {
                let rows = self.data.rows("participants")?;
                let (one, first, second) = (self.slot(rows)?, self.slot(rows)?, self.slot(rows)?);
                self.declare(alias, Binding::Pair { one, first, second })?;
                sources.inner.push(Inner { slot: one, origin: Origin::Table("participants"), bound: false });
                sources.inner.push(Inner { slot: second, origin: Origin::Second(one, first), bound: false });
                Ok(())
            }
            Source::Named(name) => {
                let inner = self.named.iter().rev().find(|(known, _)| known == name).map(|(_, inner)| *inner);
                self.take_block(inner.ok_or(Failure::Unfit("a name"))?, alias, sources)
            }
            Source::Block(inner) => self.take_block(inner, alias, sources),
            _ => Err(Failure::Unfit("a source")),
        }
    }

    fn take_block(&mut self, inner: &'b Block, alias: Alias, sources: &mut Sources<'b>) -> Result<(), Failure> {
        // Which rows come first matters only where some are left out.
        if !is_aggregated(inner) && inner.limit.is_none() {
            self.named.extend(inner.with.iter().map(|(name, block)| (*name, block)));
            self.take_in(inner, sources)?;
            self.declare(alias, Binding::Inline(&inner.columns))?;
            return Ok(());
        }
        let (rows, kinds) = self.inner_rows(inner)?;
        let slot = self.slot(u32::try_from(rows.count).map_err(|_| Failure::Unfit("too many rows"))?)?;
        self.declare(alias, Binding::Own { slot, rows, kinds: Rc::new(kinds) })?;
        sources.inner.push(Inner { slot, origin: Origin::Own, bound: false });
        Ok(())
    }

    /// The rows of a block inside, computed before.
    fn inner_rows(&mut self, inner: &'b Block) -> Result<(Arc<super::Rows>, Vec<Kind>), Failure> {
        let mut compiler = Compiler::new(self.data, self.short, self.check);
        compiler.named = self.named.clone();
        let compiled = compiler.whole(inner)?;
        let kinds = compiled.shown_kinds(self.data)?;
        if self.check {
            let columns = kinds.iter().map(super::empty).collect();
            return Ok((Arc::new(super::Rows { count: 0, columns }), kinds));
        }
        // The same groups may have been computed for the answer itself.
        if let Some(known) = self.data.known(inner) {
            return Ok((known, kinds));
        }
        let rows = compiled.run(self.data)?;
        Ok((self.data.keep(inner, rows), kinds))
    }

    /// The slots that a condition reads.
    pub(super) fn read_by(&self, truth: &Truth) -> u64 {
        let mut aliases: Vec<(Alias, Name)> = Vec::new();
        walk::truth(&mut truth.clone(), &mut |seen| {
            if let Seen::Column(alias, name) = seen {
                aliases.push((*alias, name.clone()));
            }
        });
        aliases.iter().fold(0, |all, (alias, name)| all | self.read_of(*alias, name))
    }

    /// Whether a condition reads an alias that means nothing here, nor is declared in the condition itself.
    pub(super) fn reads_unknown(&self, truth: &Truth) -> bool {
        let (mut own, mut read): (Vec<Alias>, Vec<Alias>) = (Vec::new(), Vec::new());
        walk::truth(&mut truth.clone(), &mut |seen| match seen {
            Seen::Declared(alias) => own.push(*alias),
            Seen::Column(alias, _) => read.push(*alias),
        });
        read.iter().any(|alias| !own.contains(alias) && !self.scope.contains_key(alias))
    }

    fn read_of(&self, alias: Alias, name: &Name) -> u64 {
        match (self.scope.get(&alias), name) {
            (Some(Binding::Table { slot, .. } | Binding::Own { slot, .. }), _) => 1 << slot,
            (Some(Binding::Pair { one, first, second }), Name::Of(name)) => match name.as_str() {
                "meeting_id" => 1 << one,
                "first_id" => 1 << first,
                "second_id" => 1 << second,
                _ => 1 << first | 1 << second,
            },
            (Some(Binding::Inline(columns)), Name::At(at)) => {
                columns.get(*at).map_or(0, |value| self.read_by(&Truth::Missing(value.clone())))
            }
            _ => 0,
        }
    }

    /// The steps that read the sources, with `outer` slots in sight already.
    pub(super) fn steps(&mut self, sources: &mut Sources<'b>, outer: u64) -> Result<Vec<Step>, Failure> {
        let mut steps: Vec<Step> = Vec::new();
        let mut bound = outer;
        loop {
            if self.filter(sources, &mut steps, bound, false)? || self.needed_left(sources, &mut steps, &mut bound)? {
                continue;
            }
            if bound != outer && self.filter(sources, &mut steps, bound, true)? {
                continue;
            }
            if sources.inner.iter().all(|inner| inner.bound) {
                break;
            }
            self.next(sources, &mut steps, &mut bound)?;
        }
        // What makes more rows of one does so even where nothing else reads it.
        for at in 0..sources.left.len() {
            if !sources.left[at].bound && !matches!(sources.left[at].on, Truth::Compare("=", _, _)) {
                self.bind_left(sources, at, &mut steps, &mut bound)?;
            }
        }
        while self.filter(sources, &mut steps, bound, true)? {}
        if sources.conjuncts.iter().all(|conjunct| conjunct.done) {
            Ok(steps)
        } else {
            Err(Failure::Unfit("a condition"))
        }
    }

    /// Filters by all conditions that can be decided; says whether there were any.
    fn filter(
        &mut self,
        sources: &mut Sources<'b>,
        steps: &mut Vec<Step>,
        bound: u64,
        costly: bool,
    ) -> Result<bool, Failure> {
        let mut ready = Vec::new();
        for conjunct in &mut sources.conjuncts {
            if conjunct.done || conjunct.slots & !bound != 0 || is_costly(conjunct.truth) && !costly {
                continue;
            }
            conjunct.done = true;
            let truth = match conjunct.made {
                Some(made) => made,
                None => self.truth(conjunct.truth)?,
            };
            match self.program.conditions.get(truth) {
                Some(Condition::Fixed(true)) => {}
                _ => ready.push(truth),
            }
            if costly {
                // One after the other: what the first leaves out need not be asked again.
                break;
            }
        }
        let any = !ready.is_empty();
        let slots = ready.iter().fold(0, |all, truth| all | self.condition_slots[*truth]);
        if any {
            let all = if let [only] = ready[..] { only } else { self.condition(Condition::And(ready), slots) };
            steps.push(Step { what: What::Filter(all), live: u64::MAX });
        }
        Ok(any)
    }

    /// Binds left joins that a condition waits for.
    fn needed_left(
        &mut self,
        sources: &mut Sources<'b>,
        steps: &mut Vec<Step>,
        bound: &mut u64,
    ) -> Result<bool, Failure> {
        let inner = sources.inner.iter().filter(|inner| !inner.bound).fold(0, |all, inner| all | inner.slots());
        let waiting = sources.conjuncts.iter().filter(|conjunct| !conjunct.done && conjunct.slots & inner == 0);
        let mut wanted = waiting.fold(0, |all, conjunct| all | conjunct.slots) & !*bound;
        // What leads to what is wanted is wanted too.
        for left in sources.left.iter().rev() {
            if wanted >> left.slot & 1 == 1 {
                wanted |= self.read_by(left.on) & !*bound;
            }
        }
        let mut any = false;
        for at in 0..sources.left.len() {
            let left = &sources.left[at];
            let ready = self.read_by(left.on) & !(*bound | 1 << left.slot) == 0;
            if !left.bound && wanted >> left.slot & 1 == 1 && ready {
                self.bind_left(sources, at, steps, bound)?;
                any = true;
            }
        }
        Ok(any)
    }

    fn bind_left(
        &mut self,
        sources: &mut Sources<'b>,
        at: usize,
        steps: &mut Vec<Step>,
        bound: &mut u64,
    ) -> Result<(), Failure> {
        let Some(left) = sources.left.get_mut(at) else { return Ok(()) };
        left.bound = true;
        let (slot, name, alias, on) = (left.slot, left.table, left.alias, left.on);
        if self.read_by(on) & !(*bound | 1 << slot) != 0 {
            return Err(Failure::Unfit("a join that comes too early"));
        }
        let is_id =
            |value: &Value| matches!(value, Value::Column(known, Name::Of(name)) if *known == alias && name == "id");
        let what = match on {
            Truth::Compare("=", own, other) if is_id(own) => {
                let id = self.value(other)?;
                What::Lookup { slot, id, rows: self.data.rows(name)?, left: true }
            }
            Truth::InBlock(own, block) if is_id(own) => {
                What::Many { slot, sub: Arc::new(self.sub(block, None, *bound, true)?), left: true }
            }
            _ => return Err(Failure::Unfit("a join of another kind")),
        };
        steps.push(Step { what, live: u64::MAX });
        *bound |= 1 << slot;
        Ok(())
    }

    /// Left joins that are read by what comes out; the slots that they need.
    pub(super) fn left_over(
        &mut self,
        sources: &mut Sources<'b>,
        steps: &mut Vec<Step>,
        read: u64,
    ) -> Result<(), Failure> {
        let mut wanted = read;
        for left in sources.left.iter().rev() {
            if wanted >> left.slot & 1 == 1 {
                wanted |= self.read_by(left.on);
            }
        }
        let inner = sources.inner.iter().fold(0, |all, inner| all | inner.slots());
        let there = sources.left.iter().filter(|left| left.bound);
        let mut bound = there.fold(inner, |all, left| all | 1 << left.slot);
        for at in 0..sources.left.len() {
            if !sources.left[at].bound && wanted >> sources.left[at].slot & 1 == 1 {
                self.bind_left(sources, at, steps, &mut bound)?;
            }
        }
        Ok(())
    }

    /// Binds one more inner source.
    fn next(&mut self, sources: &mut Sources<'b>, steps: &mut Vec<Step>, bound: &mut u64) -> Result<(), Failure> {
        if *bound == 0 {
            let first = self.first(sources)?;
            if let Some(conjunct) = first.done.and_then(|done| sources.conjuncts.get_mut(done)) {
                conjunct.done = true;
            }
            self.expected = first.rows;
            bind(sources, first.position, first.what, steps, bound);
            return Ok(());
        }
        let mut best: Option<(f64, usize, What, Option<usize>)> = None;
        for position in 0..sources.inner.len() {
            if sources.inner[position].bound {
                continue;
            }
            for (cost, what, done) in self.ways(sources, position, *bound)? {
                if best.as_ref().is_none_or(|(known, ..)| cost < *known) {
                    best = Some((cost, position, what, done));
                }
            }
        }
        let Some((_, position, what, done)) = best else { return Err(Failure::Unfit("a join without a tie")) };
        if let Some(conjunct) = done.and_then(|done| sources.conjuncts.get_mut(done)) {
            conjunct.done = true;
        }
        bind(sources, position, what, steps, bound);
        Ok(())
    }

    /// The ways from what is bound to one more source, each with about how many rows it gives for one.
    fn ways(
        &mut self,
        sources: &Sources<'b>,
        position: usize,
        bound: u64,
    ) -> Result<Vec<(f64, What, Option<usize>)>, Failure> {
        let Inner { slot, ref origin, .. } = sources.inner[position];
        let name = match origin {
            Origin::Table(name) => *name,
            Origin::Second(one, first) if bound >> one & 1 == 1 => {
                let column = self.data.column("participants", "meeting_id")?;
                let value = self.node(Node::Load(*one, column), Kind::Number, 1 << one);
                let Some(index) = self.index("participants", "meeting_id")? else { return Ok(Vec::new()) };
                let parties = if self.check { Arc::default() } else { self.data.parties()? };
                // After all that narrows the one: each gives several.
                let usual = index.usual() + 1.0;
                let (first, of) = (*first, *one);
                return Ok(vec![(usual, What::Pairs { first, second: slot, of, index, value, parties }, None)]);
            }
            _ => return Ok(Vec::new()),
        };
        let mut ways = Vec::new();
        let equal = sources.equal.map(|(a, b)| (a, b, None));
        let ties = sources.conjuncts.iter().enumerate().filter(|(_, conjunct)| !conjunct.done);
        let ties = ties.filter_map(|(at, conjunct)| match conjunct.truth {
            Truth::Compare("=", a, b) => Some((a, b, Some(at))),
            _ => None,
        });
        for (a, b, at) in equal.into_iter().chain(ties).flat_map(|(a, b, at)| [(a, b, at), (b, a, at)]) {
            let Some(column) = self.own_column(a, slot) else { continue };
            // A text of the query leads to no row.
            let is_text = matches!(b, Value::Bound(crate::plan::tree::Parameter::Text(_)));
            if is_text || self.read_by(&Truth::Missing(b.clone())) & !bound != 0 {
                continue;
            }
            let id = column == "id" && table(name)?.key == 0;
            let value = self.value(b)?;
            if id {
                ways.push((1.0, What::Lookup { slot, id: value, rows: self.data.rows(name)?, left: false }, at));
            } else if let Some(index) = self.index(name, column)? {
                ways.push((index.usual(), What::Expand { slot, index, value, left: false }, at));
            }
        }
        for (at, conjunct) in sources.conjuncts.iter().enumerate().filter(|(_, conjunct)| !conjunct.done) {
            let Truth::InBlock(own, block) = conjunct.truth else { continue };
            if self.own_column(own, slot) == Some("id") && conjunct.slots & !(bound | 1 << slot) == 0 {
                let sub = Arc::new(self.sub(block, None, bound, true)?);
                ways.push((4.0, What::Many { slot, sub, left: false }, Some(at)));
            }
        }
        Ok(ways)
    }

    /// The column of this slot that a value is.
    fn own_column(&self, value: &'b Value, slot: usize) -> Option<&'b str> {
        match value {
            Value::Column(alias, Name::Of(name)) => match self.scope.get(alias)? {
                Binding::Table { slot: known, .. } if *known == slot => Some(name),
                _ => None,
            },
            Value::Column(alias, Name::At(at)) => match self.scope.get(alias)? {
                Binding::Inline(columns) => self.own_column(columns.get(*at)?, slot),
                _ => None,
            },
            _ => None,
        }
    }

    fn index(&mut self, name: &'static str, column: &str) -> Result<Option<Arc<Index>>, Failure> {
        // Where it only matters whether it can be done, any index does.
        if self.check {
            let nothing = super::super::column::Column::of_numbers(Vec::new());
            self.data.column(name, column)?;
            return Ok(Index::of(&nothing).map(Arc::new));
        }
        self.data.index(name, column)
    }

    /// The first source: that which gives the fewest rows; where the order of rows matters there is only one.
    fn first(&mut self, sources: &mut Sources<'b>) -> Result<First, Failure> {
        let mut best: Option<First> = None;
        for (position, inner) in sources.inner.iter().enumerate() {
            let Inner { slot, ref origin, .. } = *inner;
            let name = match origin {
                Origin::Table(name) => *name,
                Origin::Own => {
                    let rows = self.slot_rows[slot];
                    let what = What::Scan { slot, first: 1, end: rows.saturating_add(1), only: None };
                    keep(&mut best, First { what, position, rows: f64::from(rows), done: None });
                    continue;
                }
                Origin::Second(..) => continue,
            };
            let (first, end) = self.range(sources, slot, name)?;
            let rows = f64::from(end.saturating_sub(first));
            keep(&mut best, First { what: What::Scan { slot, first, end, only: None }, position, rows, done: None });
            for (at, conjunct) in sources.conjuncts.iter().enumerate() {
                let Truth::Compare("=", a, b) = conjunct.truth else { continue };
                for (a, b) in [(a, b), (b, a)] {
                    let Some(column) = self.own_column(a, slot) else { continue };
                    let Some(number) = self.number_of(b)? else { continue };
                    if self.check || column == "id" {
                        continue;
                    }
                    let column_of = self.data.column(name, column)?;
                    if column_of.texts.is_some() {
                        continue;
                    }
                    let rows = self.data.rows_with(name, column, number)?;
                    let count = rows.len() as f64;
                    let what = What::Rows { slot, rows: Arc::new(rows) };
                    keep(&mut best, First { what, position, rows: count, done: Some(at) });
                }
            }
        }
        // Sets are made when it is known what would be read without them.
        self.expected = best.as_ref().map_or(f64::INFINITY, |best| best.rows);
        for position in 0..sources.inner.len() {
            let Some(Inner { slot, origin: Origin::Table(name), .. }) = sources.inner.get(position) else { continue };
            let (slot, name) = (*slot, *name);
            if let Some(only) = self.smallest_set(sources, slot)? {
                let (first, end) = self.range(sources, slot, name)?;
                let rows = only.count as f64;
                keep(
                    &mut best,
                    First { what: What::Scan { slot, first, end, only: Some(only) }, position, rows, done: None },
                );
            }
        }
        best.ok_or(Failure::Unfit("no source"))
    }

    /// The smallest set that the rows of a source must be in.
    fn smallest_set(&mut self, sources: &mut Sources<'b>, slot: usize) -> Result<Option<Arc<Bits>>, Failure> {
        let mut only: Option<Arc<Bits>> = None;
        for conjunct in sources.conjuncts.iter_mut().filter(|conjunct| conjunct.slots == 1 << slot) {
            if !matches!(conjunct.truth, Truth::Exists(_) | Truth::InBlock(..)) {
                continue;
            }
            let truth = self.truth(conjunct.truth)?;
            conjunct.made = Some(truth);
            if let Some(Condition::InSet(node, set)) = self.program.conditions.get(truth)
                && matches!(self.program.nodes.get(*node), Some(Node::Row(known)) if *known == slot)
                && only.as_ref().is_none_or(|known| set.count < known.count)
            {
                only = Some(Arc::clone(set));
            }
        }
        Ok(only)
    }

    fn number_of(&mut self, value: &'b Value) -> Result<Option<i64>, Failure> {
        if !matches!(value, Value::Number(_) | Value::Bound(crate::plan::tree::Parameter::Integer(_))) {
            return Ok(None);
        }
        let node = self.value(value)?;
        Ok(match self.program.nodes.get(node) {
            Some(Node::Constant(number)) if *number != NOTHING => Some(*number),
            _ => None,
        })
    }

    /// The rows of a table that bounds on a sorted column leave.
    fn range(&mut self, sources: &Sources<'b>, slot: usize, name: &'static str) -> Result<(u32, u32), Failure> {
        let rows = self.data.rows(name)?;
        let (mut first, mut end) = (1, rows.saturating_add(1));
        for conjunct in sources.conjuncts.iter().filter(|conjunct| conjunct.slots == 1 << slot) {
            if let Truth::Compare(symbol, a, b) = conjunct.truth
                && let (Some(column), Some(number)) = (self.own_column(a, slot), self.number_of(b)?)
                && column != "id"
            {
                let column = self.data.column(name, column)?;
                if !column.sorted || column.texts.is_some() {
                    continue;
                }
                match *symbol {
                    ">=" => first = first.max(column.first_not_below(number)),
                    ">" => first = first.max(column.first_not_below(number.saturating_add(1))),
                    "<" => end = end.min(column.first_not_below(number)),
                    "<=" => end = end.min(column.first_not_below(number.saturating_add(1))),
                    "=" => {
                        first = first.max(column.first_not_below(number));
                        end = end.min(column.first_not_below(number.saturating_add(1)));
                    }
                    _ => {}
                }
            }
        }
        Ok((first, end))
    }

    /// A run inside, for each row outside; with `ids`, what it gives are the ids in its first column.
    pub(super) fn sub(
        &mut self,
        block: &'b Block,
        equal: Option<(&'b Value, &'b Value)>,
        bound: u64,
        ids: bool,
    ) -> Result<Sub, Failure> {
        if !block.group.is_empty() || block.limit.is_some() || !block.with.is_empty() || is_aggregated(block) {
            return Err(Failure::Unfit("a block of another kind"));
        }
        self.inside(|compiler| compiler.sub_inside(block, equal, bound, ids))
    }

    /// What is declared meanwhile is known only meanwhile: the same block may be met again.
    pub(super) fn inside<T>(&mut self, compile: impl FnOnce(&mut Self) -> Result<T, Failure>) -> Result<T, Failure> {
        let known = self.scope.clone();
        let compiled = compile(self);
        self.scope = known;
        compiled
    }

    /// An alias means something from here on. One that does already would be mistaken for the other.
    fn declare(&mut self, alias: Alias, binding: Binding<'b>) -> Result<(), Failure> {
        if self.scope.insert(alias, binding).is_some() { Err(Failure::Unfit("an alias twice")) } else { Ok(()) }
    }

    fn sub_inside(
        &mut self,
        block: &'b Block,
        equal: Option<(&'b Value, &'b Value)>,
        bound: u64,
        ids: bool,
    ) -> Result<Sub, Failure> {
        let mut sources = self.sources(block)?;
        sources.equal = equal;
        let origin = self.slot(u32::MAX)?;
        let mut steps = self.steps(&mut sources, bound | 1 << origin)?;
        let gives = if ids {
            match block.columns.first() {
                Some(column) => Gives::Ids(self.value(column)?),
                None => return Err(Failure::Unfit("a block without columns")),
            }
        } else {
            Gives::Any
        };
        let mut read = 1 << origin;
        if let Gives::Ids(node) = gives {
            read |= self.slots_of(node);
        }
        if let Some((a, b)) = equal {
            let truth = self.equality(a, b)?;
            steps.push(Step { what: What::Filter(truth), live: u64::MAX });
        }
        self.left_over(&mut sources, &mut steps, read)?;
        Ok(self.finish_sub(steps, origin, read, &sources, gives))
    }

    /// A run inside whose steps are known; `read` are the slots that are read at its end.
    pub(super) fn finish_sub(
        &self,
        mut steps: Vec<Step>,
        origin: usize,
        read: u64,
        sources: &Sources<'b>,
        gives: Gives,
    ) -> Sub {
        live(self, &mut steps, read);
        let own = sources.slots() | 1 << origin;
        let live = (slots_read(self, &steps) | read) & !own;
        Sub { steps, origin, live, gives }
    }

    pub(super) fn equality(&mut self, a: &'b Value, b: &'b Value) -> Result<TruthId, Failure> {
        let (a, b) = (self.value(a)?, self.value(b)?);
        Ok(self.compared(Comparison::Equal, a, b))
    }
}

fn keep(best: &mut Option<First>, first: First) {
    if best.as_ref().is_none_or(|known| first.rows < known.rows) {
        *best = Some(first);
    }
}

fn bind(sources: &mut Sources<'_>, position: usize, what: What, steps: &mut Vec<Step>, bound: &mut u64) {
    if let Some(inner) = sources.inner.get_mut(position) {
        inner.bound = true;
        *bound |= 1 << inner.slot;
        if let Origin::Second(_, first) = inner.origin {
            *bound |= 1 << first;
        }
    }
    steps.push(Step { what, live: u64::MAX });
}

/// Whether a condition looks at other rows.
fn is_costly(truth: &Truth) -> bool {
    let mut costly = false;
    let mut copy = truth.clone();
    walk::truth(&mut copy, &mut |seen| costly |= matches!(seen, Seen::Declared(_)));
    costly
}

/// The slots that a step reads.
fn read(compiler: &Compiler<'_, '_>, what: &What) -> u64 {
    match what {
        What::Filter(condition) => compiler.condition_slots[*condition],
        What::Scan { .. } | What::Rows { .. } => 0,
        What::Lookup { id: value, .. } | What::Expand { value, .. } => compiler.slots_of(*value),
        What::Pairs { of, value, .. } => compiler.slots_of(*value) | 1 << of,
        What::Many { sub, .. } => sub.live,
    }
}

fn slots_read(compiler: &Compiler<'_, '_>, steps: &[Step]) -> u64 {
    steps.iter().fold(0, |all, step| all | read(compiler, &step.what))
}

/// Tells each step which slots are read after it.
pub(super) fn live(compiler: &Compiler<'_, '_>, steps: &mut [Step], at_the_end: u64) {
    let mut live = at_the_end;
    for step in steps.iter_mut().rev() {
        step.live = live;
        live |= read(compiler, &step.what);
    }
}
