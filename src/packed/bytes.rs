//! A column as bytes, for a cache, and back.

use super::column::{Codes, Column};
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// What has to be known of a column to read it from bytes.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Shape {
    /// Bytes a row; 0 where all rows have the same code.
    width: u8,
    /// How many rows, and their code, if it is one.
    rows: u64,
    code: u8,
    base: i64,
    low: i64,
    high: i64,
    sorted: bool,
    plain: bool,
    /// Bytes of the codes; its texts stand behind them.
    codes: u64,
    /// How many texts there are, if it has any.
    texts: Option<u64>,
}

/// A table has no more rows.
const MOST: usize = u32::MAX as usize;

impl Column {
    /// Its bytes, and what has to be known of them.
    pub fn to_bytes(&self) -> (Shape, Vec<u8>) {
        let alike = |codes: &[u8]| codes.first().copied().filter(|first| codes.iter().all(|code| code == first));
        let one = match &self.codes {
            Codes::One(codes) => alike(codes),
            _ => None,
        };
        let (width, mut bytes): (u8, Vec<u8>) = match &self.codes {
            Codes::One(_) if one.is_some() => (0, Vec::new()),
            Codes::One(codes) => (1, codes.clone()),
            Codes::Two(codes) => (2, codes.iter().flat_map(|code| code.to_le_bytes()).collect()),
            Codes::Four(codes) => (4, codes.iter().flat_map(|code| code.to_le_bytes()).collect()),
            Codes::Eight(codes) => (8, codes.iter().flat_map(|code| code.to_le_bytes()).collect()),
        };
        let codes = bytes.len() as u64;
        for text in self.texts.iter().flat_map(|texts| texts.iter()) {
            bytes.extend(u32::try_from(text.len()).unwrap_or(u32::MAX).to_le_bytes());
            bytes.extend(text.as_bytes());
        }
        let texts = self.texts.as_ref().map(|texts| texts.len() as u64);
        let Column { base, low, high, sorted, plain, .. } = *self;
        let (rows, code) = (self.len() as u64, one.unwrap_or(0));
        (Shape { width, rows, code, base, low, high, sorted, plain, codes, texts }, bytes)
    }

    /// The column that these bytes are; `None` where they do not fit its shape.
    pub fn from_bytes(shape: &Shape, bytes: Vec<u8>) -> Option<Column> {
        let end = usize::try_from(shape.codes).ok()?;
        let texts = match shape.texts {
            Some(count) => Some(Arc::new(texts(bytes.get(end..)?, count)?)),
            None => None,
        };
        let known = bytes.get(..end)?;
        let codes = match shape.width {
            0 => Codes::One(vec![shape.code; usize::try_from(shape.rows).ok().filter(|rows| *rows <= MOST)?]),
            1 => {
                let mut own = bytes;
                own.truncate(end);
                Codes::One(own)
            }
            2 => Codes::Two(numbers(known, u16::from_le_bytes)),
            4 => Codes::Four(numbers(known, u32::from_le_bytes)),
            8 => Codes::Eight(numbers(known, i64::from_le_bytes)),
            _ => return None,
        };
        let Shape { base, low, high, sorted, plain, .. } = *shape;
        Some(Column { codes, base, low, high, sorted, plain, texts })
    }
}

fn numbers<const N: usize, T>(bytes: &[u8], of: fn([u8; N]) -> T) -> Vec<T> {
    let (whole, _) = bytes.as_chunks::<N>();
    whole.iter().map(|bytes| of(*bytes)).collect()
}

fn texts(mut bytes: &[u8], count: u64) -> Option<Vec<String>> {
    let mut texts = Vec::new();
    for _ in 0..count {
        let (length, rest) = bytes.split_first_chunk::<4>()?;
        let (text, rest) = rest.split_at_checked(u32::from_le_bytes(*length) as usize)?;
        texts.push(std::str::from_utf8(text).ok()?.to_string());
        bytes = rest;
    }
    Some(texts)
}

#[cfg(test)]
mod tests {
    use super::super::column::NOTHING;
    use super::*;

    #[test]
    fn a_column_is_the_same_after_it_was_bytes() {
        let texts = vec!["".to_string(), "Türkiye".to_string(), "习近平".to_string()];
        let mut columns = vec![Column::of_texts(vec![2, NOTHING, 0, 1], texts), Column::of_numbers(vec![NOTHING; 9])];
        for high in [3, 300, 70_000, 1 << 40] {
            columns.push(Column::of_numbers(vec![NOTHING, 0, high]));
        }
        for column in columns {
            let (shape, bytes) = column.to_bytes();
            assert_eq!(Column::from_bytes(&shape, bytes.clone()), Some(column));
            assert_eq!(Column::from_bytes(&Shape { codes: 1 << 20, ..shape.clone() }, bytes.clone()), None);
            assert!(shape.texts.is_none() || Column::from_bytes(&shape, bytes[..bytes.len() - 1].to_vec()).is_none());
        }
    }
}
