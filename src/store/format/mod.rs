//! The file format of SQLite, as far as it takes to write a file: rows and indexes in order, page after page.
//!
//! SQLite itself adds one row after another to trees that grow in every place, and packs them afterwards. What is written
//! here is sorted before, so that every page is written once, full, and behind the one before. The bytes depend on the
//! rows alone, not on the version of the library. What is made is opened by SQLite, which checks it like anybody's file.
//!
//! The format is that of <https://www.sqlite.org/fileformat2.html>.

mod entries;
mod image;
mod record;
mod schema;
mod tree;

pub use entries::{Columns, Entries, Kept, comparable};
pub use image::{Header, Image};
pub use record::{Encoder, Value};
pub use schema::{Index, Schema};
pub use tree::Tree;

#[cfg(test)]
mod tests;
