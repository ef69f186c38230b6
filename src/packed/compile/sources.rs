//! What a block reads: tables, pairs, rows in memory, and the blocks that it reads row by row.

use super::super::Failure;
use super::super::program::{NodeId, TruthId};
use super::{Binding, Compiler, Kind, conjuncts, is_aggregated, table};
use crate::plan::tree::{Alias, Block, Name, Source, Truth, Value};
use crate::plan::walk::{self, Seen};
use std::rc::Rc;
use std::sync::Arc;

/// A source that an inner join reads.
#[derive(Debug)]
pub(super) struct Inner {
    pub(super) slot: usize,
    pub(super) origin: Origin,
    pub(super) bound: bool,
}

impl Inner {
    /// The slots that it binds, a bit each.
    pub(super) fn slots(&self) -> u64 {
        match self.origin {
            Origin::Second(_, first) => 1 << self.slot | 1 << first,
            _ => 1 << self.slot,
        }
    }
}

#[derive(Debug)]
pub(super) enum Origin {
    Table(&'static str),
    /// The second of a pair; the slots of the participant that leads to both, and of the first.
    Second(usize, usize),
    /// Rows in memory.
    Own,
}

/// A source that is joined if there is a row.
#[derive(Debug)]
pub(super) struct Left<'b> {
    pub(super) slot: usize,
    pub(super) table: &'static str,
    pub(super) on: &'b Truth,
    pub(super) alias: Alias,
    pub(super) bound: bool,
}

/// A condition that rows must fulfil.
#[derive(Debug)]
pub(super) struct Conjunct<'b> {
    pub(super) truth: &'b Truth,
    /// The slots that it reads.
    pub(super) slots: u64,
    pub(super) done: bool,
    /// The condition, where it was made already: what looks at other rows is computed then.
    pub(super) made: Option<TruthId>,
}

/// What a block reads, and what it wants of it.
#[derive(Debug, Default)]
pub(super) struct Sources<'b> {
    pub(super) inner: Vec<Inner>,
    pub(super) left: Vec<Left<'b>>,
    pub(super) conjuncts: Vec<Conjunct<'b>>,
    /// A condition that is made of no single one of the plan: both are equal.
    pub(super) equal: Option<(&'b Value, &'b Value)>,
    pub(super) first: Option<NodeId>,
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

    /// An alias means something from here on. One that does already would be mistaken for the other.
    fn declare(&mut self, alias: Alias, binding: Binding<'b>) -> Result<(), Failure> {
        if self.scope.insert(alias, binding).is_some() { Err(Failure::Unfit("an alias twice")) } else { Ok(()) }
    }
}
