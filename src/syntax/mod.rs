//! Text to tree: a nom lexer (text to tokens with byte spans), a nom parser (tokens to [`ast`]).
//!
//! It never looks at the catalogue: which words are nouns or attributes is not its business. The grammar is kept in
//! `grammar/bilat.ebnf`; each parser function quotes its production.

pub mod ast;
mod complete;
mod format;
mod habits;
mod lexer;
mod parser;
pub mod token;

pub use complete::{Completeness, Position, completeness, expected_at};
pub use format::{Formatted, Repair, format, one_line};
pub use lexer::tokens;
pub use parser::{DEEPEST, Expected, QUERY_DEPTH, Script, date_meant};

/// Where the comments of a text stand.
pub fn comments(text: &str) -> Vec<crate::span::Span> {
    lexer::comments(text, &lexer::tokens(text))
}

/// Parses a whole text: every statement that is well formed, and every mistake.
pub fn parse(text: &str) -> Script {
    parser::script(text, &lexer::tokens(text))
}
