//! bilat: who met whom.

pub mod answer;
pub mod bind;
pub mod catalog;
pub mod dataset;
pub mod diagnostic;
pub mod plan;
pub mod span;
pub mod sql;
pub mod store;
pub mod suggest;
pub mod syntax;
pub mod value;
