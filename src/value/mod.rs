//! What a cell can hold: vague dates, periods, and text, which is compared without case and accents, hides things, begins
//! like a formula or stands in markup.

pub mod date;
pub mod formula;
pub mod hidden;
pub mod markup;
pub mod period;
pub mod text;
