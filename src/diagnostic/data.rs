//! Messages of the dataset room (D…): a CSV file, a reference, a vocabulary or a file to be shipped is not right.

/// Every code of this stage with its title.
pub const CODES: &[(&str, &str)] = &[];
