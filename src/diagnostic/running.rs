//! Messages of the session and the store (R…): a file cannot be opened, a limit was reached, or a bug of ours.

/// Every code of this stage with its title.
pub const CODES: &[(&str, &str)] = &[];
