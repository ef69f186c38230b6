//! Tables from anywhere: read, mapped, matched, merged.

mod alike;
mod cells;
pub mod dates;
mod draft;
pub mod guess;
pub mod index;
mod keys;
pub mod lookalike;
pub mod mapping;
mod merge;
mod mistakes;
mod objects;
pub mod own;
pub mod people;
mod places;
pub mod read;
pub mod rejects;
pub mod report;
mod resolve;
mod separated;
pub mod table;
pub mod take;
mod targets;
mod when;

/// The beginning of a text, for messages.
fn short(text: &str) -> String {
    const LONGEST: usize = 60;
    let mut short: String = text.chars().take(LONGEST).collect();
    if short.len() < text.len() {
        short.push('…');
    }
    short
}
