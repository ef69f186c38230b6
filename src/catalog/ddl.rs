//! The database schema, derived from the catalogue.
