//! Whatever happens while bilat writes, nothing is lost: the file is the old one or the new one, whole, and nothing else
//! is left beside it.
//!
//! Each kind of harm has a file of its own here; all go through the same table of what bilat writes
//! ([`place::WRITERS`]). `SLOW=1` tries many times more, `SEED=n` begins elsewhere; `--nocapture` shows the figures.

#[cfg(unix)]
mod full;
#[cfg(unix)]
mod kill;
#[cfg(unix)]
mod memory;
#[cfg(unix)]
mod place;
#[cfg(target_os = "linux")]
mod points;
#[cfg(target_os = "linux")]
mod power;
#[cfg(target_os = "linux")]
mod shim;
#[cfg(unix)]
mod writers;
