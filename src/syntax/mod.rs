//! Text to tree: a nom lexer (text to tokens with byte spans), a nom parser (tokens to [`ast`]).
//!
//! It never looks at the catalogue: which words are nouns or attributes is not its business.

pub mod ast;
