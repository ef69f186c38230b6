//! What an editor wants to know while someone types: what may stand at the cursor, and what the words mean.
//!
//! [`complete`] reads the parser's own record of what it would have accepted, the catalogue, and the names in the file;
//! [`parts`] says what each part of a text is. The prompt shows both; nothing here prints.

mod complete;
mod highlight;
mod names;
pub mod reference;

pub use complete::{Candidate, complete, subjects};
pub use highlight::{Part, parts};
