//! How far long work has come, for whoever shows it; and the way to end it.
//!
//! The work writes numbers down and goes on; who shows them reads them when it pleases, from another thread.

use super::Stopper;
use crate::diagnostic::{Diagnostic, running};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering};

/// One part of long work.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Part {
    pub work: &'static str,
    /// How long it takes beside the other parts: hundredths of a second for 60,000 meetings with an account each.
    pub share: u32,
    /// What there is to do is counted in steps of SQLite's machine, which it counts itself.
    stepped: bool,
}

impl Part {
    /// A part that counts what it does: rows or bytes.
    pub const fn new(work: &'static str, share: u32) -> Part {
        Part { work, share, stepped: false }
    }

    const fn stepped(work: &'static str, share: u32) -> Part {
        Part { work, share, stepped: true }
    }
}

pub const VERIFIED: Part = Part::new("looking whether it is known", 4);
pub const PAGES: Part = Part::stepped("checking the pages", 9);
pub const ROWS: Part = Part::stepped("checking the rows", 78);
pub const REFERENCES: Part = Part::stepped("checking references", 6);
pub const SEAL: Part = Part::stepped("checking the seal", 27);
pub const COPYING: Part = Part::new("copying", 300);

pub const COLUMNS: Part = Part::new("packing columns", 100);
pub const WORDS: Part = Part::new("indexing words", 100);

/// The parts of opening a file.
pub const OPENING: &[Part] = &[VERIFIED, PAGES, ROWS, REFERENCES, SEAL];

/// How far work has come that consists of parts. Its copies are one.
#[derive(Clone)]
pub struct Progress {
    parts: Arc<[Part]>,
    /// The part that is at work; as many as there are before the first.
    at: Arc<AtomicUsize>,
    done: Arc<AtomicU64>,
    all: Arc<AtomicU64>,
    stepped: Arc<AtomicBool>,
    stopper: Stopper,
}

/// Where the work is.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct At {
    pub work: &'static str,
    /// How much of the whole is done, from 0 to 1; nothing where that is not known.
    pub done: Option<f64>,
}

impl Default for Progress {
    /// Nobody looks on, and nobody stops it.
    fn default() -> Progress {
        Progress::of(&[], Stopper::default())
    }
}

impl Progress {
    /// Work of these parts, one after the other, that can be stopped.
    pub fn of(parts: &[&[Part]], stopper: Stopper) -> Progress {
        let parts: Arc<[Part]> = parts.concat().into();
        let at = Arc::new(AtomicUsize::new(parts.len()));
        Progress { parts, at, done: Arc::default(), all: Arc::default(), stepped: Arc::default(), stopper }
    }

    /// A part begins, with so much to do; 0 is not known.
    pub fn begin(&self, part: Part, all: u64) {
        let position = self.parts.iter().position(|known| *known == part).unwrap_or(self.parts.len());
        self.done.store(0, Ordering::Relaxed);
        self.all.store(all, Ordering::Relaxed);
        self.stepped.store(part.stepped, Ordering::Relaxed);
        self.at.store(position, Ordering::Relaxed);
    }

    /// So much more of the part is done.
    #[inline]
    pub fn step(&self, more: u64) {
        self.done.fetch_add(more, Ordering::Relaxed);
    }

    /// So much more of the part is done; whether it is to go on.
    ///
    /// # Errors
    /// When it was stopped.
    #[inline]
    pub fn go_on(&self, more: u64) -> Result<(), Diagnostic> {
        self.step(more);
        if self.stopper.is_stopped() { Err(running::interrupted()) } else { Ok(()) }
    }

    /// SQLite has made so many steps more; whether it is to end.
    pub(super) fn stepped(&self, more: u64) -> bool {
        if self.stepped.load(Ordering::Relaxed) {
            self.step(more);
        }
        self.stopper.is_stopped()
    }

    pub fn stopper(&self) -> Stopper {
        self.stopper.clone()
    }

    /// Where the work is; nothing before it begins.
    pub fn at(&self) -> Option<At> {
        let at = self.at.load(Ordering::Relaxed);
        let part = self.parts.get(at)?;
        let shares = |parts: &[Part]| parts.iter().map(|part| f64::from(part.share)).sum::<f64>();
        let (done, all) = (self.done.load(Ordering::Relaxed), self.all.load(Ordering::Relaxed));
        let own = (all > 0).then(|| (done as f64 / all as f64).min(1.0));
        let before = self.parts.get(..at).map_or(0.0, shares);
        let done = own.map(|own| (before + own * f64::from(part.share)) / shares(&self.parts));
        Some(At { work: part.work, done })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_count_by_their_shares_and_what_is_not_known_has_no_number() {
        let (one, other) = (Part::new("one", 30), Part::new("other", 10));
        let progress = Progress::of(&[&[one], &[other]], Stopper::default());
        assert_eq!(progress.at(), None);
        progress.begin(one, 4);
        progress.step(2);
        assert_eq!(progress.at(), Some(At { work: "one", done: Some(0.375) }));
        progress.begin(other, 0);
        assert_eq!(progress.at(), Some(At { work: "other", done: None }));
        progress.begin(other, 2);
        // More than was thought is no more than all.
        progress.step(9);
        assert_eq!(progress.at(), Some(At { work: "other", done: Some(1.0) }));
    }

    #[test]
    fn what_was_stopped_does_not_go_on() {
        let progress = Progress::default();
        assert!(progress.go_on(1).is_ok());
        progress.stopper().stop();
        assert_eq!(progress.go_on(1).unwrap_err().code, "R409");
    }
}
