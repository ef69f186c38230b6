//! Tables from anywhere: read, mapped, matched, merged.

pub mod dates;
pub mod lookalike;
mod mistakes;
mod objects;
pub mod own;
pub mod people;
pub mod read;
mod separated;
pub mod table;

/// The beginning of a text, for messages.
fn short(text: &str) -> String {
    const LONGEST: usize = 60;
    let mut short: String = text.chars().take(LONGEST).collect();
    if short.len() < text.len() {
        short.push('…');
    }
    short
}
