//! The same work on many rows, on as many processors as there are. What comes of it is the same on one.

use crate::diagnostic::{Diagnostic, running};
use std::ops::Range;
use std::sync::atomic::{AtomicUsize, Ordering};

/// So many rows one does at a time; fewer are done at once.
const PIECE: usize = 1 << 14;

/// More are of no use: memory is as fast as it is.
const MOST: usize = 4;

/// What comes of each of so many tasks, in their order.
///
/// # Errors
/// What one of them fails with; the others end then.
pub fn tasks<T: Send>(
    count: usize,
    work: impl Fn(usize) -> Result<T, Diagnostic> + Sync,
) -> Result<Vec<T>, Diagnostic> {
    let threads = std::thread::available_parallelism().map_or(1, usize::from).min(MOST).min(count);
    if threads < 2 {
        return (0..count).map(work).collect();
    }
    let next = AtomicUsize::new(0);
    let one = || {
        let mut done = Vec::new();
        loop {
            let task = next.fetch_add(1, Ordering::Relaxed);
            if task >= count {
                return Ok(done);
            }
            match work(task) {
                Ok(made) => done.push((task, made)),
                Err(failed) => {
                    next.store(count, Ordering::Relaxed);
                    return Err(failed);
                }
            }
        }
    };
    let mut done = std::thread::scope(|scope| {
        let others: Vec<_> = (1..threads).map(|_| scope.spawn(one)).collect();
        let mut done = one()?;
        for other in others {
            done.extend(other.join().unwrap_or_else(|_| Err(running::bug("work beside other work failed")))?);
        }
        Ok::<_, Diagnostic>(done)
    })?;
    done.sort_unstable_by_key(|(task, _)| *task);
    Ok(done.into_iter().map(|(_, made)| made).collect())
}

/// What comes of pieces of so many rows, in their order.
///
/// # Errors
/// As [`tasks`].
pub fn pieces<T: Send>(
    rows: usize,
    work: impl Fn(Range<usize>) -> Result<T, Diagnostic> + Sync,
) -> Result<Vec<T>, Diagnostic> {
    tasks(rows.div_ceil(PIECE), |task| work(task * PIECE..((task + 1) * PIECE).min(rows)))
}
