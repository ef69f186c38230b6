//! Runs inside: steps that begin at each row of those outside.

use super::super::Failure;
use super::super::program::{Comparison, TruthId};
use super::super::run::{Step, What};
use super::super::sub::{Gives, Sub};
use super::join::{live, slots_read};
use super::sources::Sources;
use super::{Compiler, is_aggregated};
use crate::plan::tree::{Block, Value};

impl<'b> Compiler<'b, '_> {
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
