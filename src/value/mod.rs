//! What a cell can hold: vague dates, periods, and text that is compared without case and accents.

pub mod date;
pub mod formula;
pub mod period;
pub mod text;
