//! Names to entities and attributes, types, phrases to predicates.

pub mod names;
