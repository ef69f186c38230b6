//! Plan to SQL text and bound parameters. No user text ever enters the text.

/// A value bound to a `?` of the text.
#[derive(Clone, Debug, PartialEq)]
pub enum Parameter {
    Integer(i64),
    Real(f64),
    Text(String),
}
