//! Whatever happens while bilat writes, nothing is lost: the file is the old one or the new one, whole, and nothing else
//! is left beside it.
//!
//! Each kind of harm has a file of its own here; all go through the same table of what bilat writes
//! ([`place::WRITERS`]). `SLOW=1` tries many times more, `SEED=n` begins elsewhere; `--nocapture` shows the figures.

#![cfg(target_os = "linux")]

mod full;
mod kill;
mod left;
mod memory;
mod place;
mod points;
mod power;
mod shim;
mod writers;
