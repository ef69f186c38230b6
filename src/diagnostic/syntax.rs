//! Messages of the lexer and the parser (S…): the text is not a statement of the language.

/// Every code of this stage with its title.
pub const CODES: &[(&str, &str)] = &[];
