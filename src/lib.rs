//! bilat: who met whom.

pub mod answer;
pub mod assist;
pub mod bind;
pub mod catalog;
pub mod cli;
pub mod dataset;
pub mod diagnostic;
pub mod plan;
pub mod present;
pub mod session;
pub mod shell;
pub mod span;
pub mod sql;
pub mod store;
pub mod suggest;
pub mod syntax;
pub mod value;
