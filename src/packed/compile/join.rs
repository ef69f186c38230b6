//! Which sources are read, and in which order: first what leaves the fewest rows, then what those lead to.

use super::super::Failure;
use super::super::index::Index;
use super::super::program::{Condition, Node};
use super::super::run::{Step, What};
use super::sources::{Inner, Origin, Sources};
use super::{Binding, Compiler, Kind, table};
use crate::plan::tree::{Name, Parameter, Truth, Value};
use crate::plan::walk::{self, Seen};
use std::sync::Arc;

/// All rows of a source in memory.
pub(super) fn scan(slot: usize, rows: usize) -> Vec<Step> {
    let end = u32::try_from(rows).unwrap_or(u32::MAX).saturating_add(1);
    vec![Step { what: What::Scan { slot, first: 1, end, only: None }, live: u64::MAX }]
}

impl<'b> Compiler<'b, '_> {
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
            let is_text = matches!(b, Value::Bound(Parameter::Text(_)));
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
    pub(super) fn own_column(&self, value: &'b Value, slot: usize) -> Option<&'b str> {
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

pub(super) fn slots_read(compiler: &Compiler<'_, '_>, steps: &[Step]) -> u64 {
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
