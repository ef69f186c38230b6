//! The mapping file as it is written: TOML into trees that know where everything stands.

use crate::diagnostic::{Diagnostic, matching};
use crate::span::Span;
use crate::suggest::nearest;
use serde::de::value::{MapAccessDeserializer, SeqAccessDeserializer};
use serde::de::{Deserialize, Deserializer, MapAccess, SeqAccess, Visitor};
use std::fmt;
use std::marker::PhantomData;
use toml::Spanned;

/// The whole file.
#[derive(serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct File {
    pub row: Spanned<String>,
    pub source: Option<Spanned<Source>>,
    #[serde(default)]
    pub columns: Pairs<Spanned<Cell>>,
    #[serde(default)]
    pub ignore: Vec<Spanned<String>>,
    #[serde(default)]
    pub names: Pairs<Pairs<Spanned<Text>>>,
    #[serde(default)]
    pub new: Pairs<Pairs<Spanned<Cell>>>,
}

/// The publication that the table is.
#[derive(serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Source {
    pub key: Option<Spanned<Text>>,
    pub title: Spanned<Text>,
    pub publisher: Option<Spanned<Text>>,
    pub address: Option<Spanned<Text>>,
    pub kind: Option<Spanned<Text>>,
    pub language: Option<Spanned<Text>>,
    pub published: Option<Spanned<Text>>,
    pub remark: Option<Spanned<Text>>,
}

/// Where a cell comes from.
pub enum Cell {
    /// A column, or a template if it has braces.
    Short(String),
    Long(Box<Long>),
    /// One after the other.
    Several(Vec<Spanned<Cell>>),
}

/// A recipe with everything that may be said.
#[derive(serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Long {
    pub column: Option<Spanned<String>>,
    pub value: Option<Spanned<Text>>,
    pub template: Option<Spanned<String>>,
    pub start: Option<Spanned<String>>,
    pub end: Option<Spanned<String>>,
    pub split: Option<Spanned<OneOrMore>>,
    pub titles: Option<Spanned<Titles>>,
    pub words: Option<Spanned<Pairs<Spanned<Text>>>>,
    pub order: Option<Spanned<String>>,
    pub year: Option<Spanned<Text>>,
    pub anchor: Option<Spanned<Text>>,
    pub within: Option<Spanned<bool>>,
    pub drop: Option<Spanned<OneOrMore>>,
}

/// Names and what they stand for, in the order of the file.
pub struct Pairs<T>(pub Vec<(Spanned<String>, T)>);

/// A text; numbers and dates count as what they are written as.
pub struct Text(pub String);

/// One text, or a list of them.
pub struct OneOrMore(pub Vec<String>);

/// Whether titles are taken away, and which are besides those that are known.
pub struct Titles(pub Option<Vec<String>>);

impl<T> Default for Pairs<T> {
    fn default() -> Self {
        Pairs(Vec::new())
    }
}

/// Reads the file.
///
/// # Errors
/// The first thing in it that does not belong.
pub fn read(text: &str) -> Result<File, Diagnostic> {
    toml::from_str(text).map_err(|error| explained(&error))
}

pub fn span<T>(of: &Spanned<T>) -> Span {
    Span::new(of.span().start, of.span().end)
}

/// What the reader says, with the nearest word where it knows which ones could stand there.
fn explained(error: &toml::de::Error) -> Diagnostic {
    let message = error.message().lines().collect::<Vec<_>>().join(" ");
    let span = error.span().map_or(Span::at(0), |span| Span::new(span.start, span.end));
    let quoted: Vec<&str> = message.split('`').skip(1).step_by(2).collect();
    match quoted.as_slice() {
        [unknown, known @ ..] if message.starts_with("unknown field") => {
            let near: Vec<String> = nearest(unknown, known.iter().copied()).into_iter().map(str::to_string).collect();
            matching::mapping_unknown(span, unknown, known, &near)
        }
        [missing] if message.starts_with("missing field") => matching::mapping_misses(span, missing),
        _ => matching::mapping_unreadable(span, &message),
    }
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Pairs<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Entries<T>(PhantomData<T>);
        impl<'de, T: Deserialize<'de>> Visitor<'de> for Entries<T> {
            type Value = Pairs<T>;

            fn expecting(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
                out.write_str("a table of names and values")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Pairs<T>, A::Error> {
                let mut pairs = Vec::new();
                while let Some(pair) = map.next_entry()? {
                    pairs.push(pair);
                }
                Ok(Pairs(pairs))
            }
        }
        deserializer.deserialize_map(Entries(PhantomData))
    }
}

impl<'de> Deserialize<'de> for Cell {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Shape;
        impl<'de> Visitor<'de> for Shape {
            type Value = Cell;

            fn expecting(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
                out.write_str(
                    "a column's name in quotes, { value = \"…\" }, another recipe in braces, or a list of these",
                )
            }

            fn visit_str<E>(self, text: &str) -> Result<Cell, E> {
                Ok(Cell::Short(text.to_string()))
            }

            fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Cell, A::Error> {
                Long::deserialize(MapAccessDeserializer::new(map)).map(|long| Cell::Long(Box::new(long)))
            }

            fn visit_seq<A: SeqAccess<'de>>(self, seq: A) -> Result<Cell, A::Error> {
                Vec::deserialize(SeqAccessDeserializer::new(seq)).map(Cell::Several)
            }
        }
        deserializer.deserialize_any(Shape)
    }
}

impl<'de> Deserialize<'de> for Text {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Written;
        impl<'de> Visitor<'de> for Written {
            type Value = Text;

            fn expecting(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
                out.write_str("a text in quotes")
            }

            fn visit_str<E>(self, text: &str) -> Result<Text, E> {
                Ok(Text(text.to_string()))
            }

            fn visit_i64<E>(self, number: i64) -> Result<Text, E> {
                Ok(Text(number.to_string()))
            }

            fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Text, A::Error> {
                let date = toml::value::Datetime::deserialize(MapAccessDeserializer::new(map))?;
                Ok(Text(date.to_string()))
            }
        }
        deserializer.deserialize_any(Written)
    }
}

impl<'de> Deserialize<'de> for OneOrMore {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Texts;
        impl<'de> Visitor<'de> for Texts {
            type Value = OneOrMore;

            fn expecting(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
                out.write_str("a text in quotes or a list of them")
            }

            fn visit_str<E>(self, text: &str) -> Result<OneOrMore, E> {
                Ok(OneOrMore(vec![text.to_string()]))
            }

            fn visit_seq<A: SeqAccess<'de>>(self, seq: A) -> Result<OneOrMore, A::Error> {
                Vec::deserialize(SeqAccessDeserializer::new(seq)).map(OneOrMore)
            }
        }
        deserializer.deserialize_any(Texts)
    }
}

impl<'de> Deserialize<'de> for Titles {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Known;
        impl<'de> Visitor<'de> for Known {
            type Value = Titles;

            fn expecting(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
                out.write_str("true, false or a list of titles")
            }

            fn visit_bool<E>(self, known: bool) -> Result<Titles, E> {
                Ok(Titles(known.then(Vec::new)))
            }

            fn visit_seq<A: SeqAccess<'de>>(self, seq: A) -> Result<Titles, A::Error> {
                Vec::deserialize(SeqAccessDeserializer::new(seq)).map(|titles| Titles(Some(titles)))
            }
        }
        deserializer.deserialize_any(Known)
    }
}
