//! A whole dataset for other programs, each with a report of what it could not take along.

pub mod folder;
