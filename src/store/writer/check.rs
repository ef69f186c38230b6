//! Whether every reference leads to a row that is there.

use crate::diagnostic::{Diagnostic, running};
use std::collections::{HashMap, HashSet};

/// Numbers, most of which are small.
#[derive(Debug, Default)]
pub struct Numbers {
    bits: Vec<u64>,
    others: HashSet<i64>,
}

/// Greater numbers are kept one by one.
const SMALL: i64 = 1 << 27;

impl Numbers {
    fn insert(&mut self, number: i64) {
        if !(0..SMALL).contains(&number) {
            self.others.insert(number);
            return;
        }
        let at = (number / 64) as usize;
        if at >= self.bits.len() {
            self.bits.resize((at + 1).next_power_of_two(), 0);
        }
        self.bits.get_mut(at).into_iter().for_each(|bits| *bits |= 1 << (number % 64));
    }

    fn holds(&self, others: &Numbers) -> bool {
        let bits = |at: usize| self.bits.get(at).copied().unwrap_or(0);
        others.bits.iter().enumerate().all(|(at, wanted)| wanted & !bits(at) == 0)
            && others.others.is_subset(&self.others)
    }
}

/// What the tables refer to, and what there is.
#[derive(Debug, Default)]
pub struct References {
    wanted: HashMap<&'static str, Numbers>,
    there: HashMap<&'static str, Numbers>,
}

impl References {
    pub fn wants(&mut self, table: &'static str, ids: impl Iterator<Item = i64>) {
        let wanted = self.wanted.entry(table).or_default();
        ids.for_each(|id| wanted.insert(id));
    }

    pub fn has(&mut self, table: &'static str, ids: impl Iterator<Item = i64>) {
        let there = self.there.entry(table).or_default();
        ids.for_each(|id| there.insert(id));
    }

    /// # Errors
    /// When one leads nowhere: a bug of whoever gave the rows.
    pub fn check(&self) -> Result<(), Diagnostic> {
        let none = Numbers::default();
        let lost = self.wanted.iter().find(|(table, wanted)| !self.there.get(*table).unwrap_or(&none).holds(wanted));
        lost.map_or(Ok(()), |(table, _)| Err(running::bug(&format!("a reference to no row of {table}"))))
    }
}
