//! Messages of the binder (B…): the statement is well formed, but its names, types or dates do not fit.

/// Every code of this stage with its title.
pub const CODES: &[(&str, &str)] = &[];
