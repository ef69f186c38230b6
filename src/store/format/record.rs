//! One row as bytes: what its values are, then the values.

/// A value on its way into a file.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Value<'a> {
    Null,
    Integer(i64),
    Real(f64),
    Text(&'a str),
}

/// Makes rows to bytes, in room that is used again.
#[derive(Debug, Default)]
pub struct Encoder {
    head: Vec<u8>,
    body: Vec<u8>,
    record: Vec<u8>,
}

impl Encoder {
    /// The bytes of these values, until the next.
    pub fn record<'v>(&mut self, values: impl IntoIterator<Item = Value<'v>>) -> &[u8] {
        self.head.clear();
        self.body.clear();
        values.into_iter().for_each(|value| self.value(value));
        self.record.clear();
        // The size of the head counts itself; that many columns no table has.
        let own = if self.head.len() < 127 { 1 } else { 2 };
        varint((self.head.len() + own) as u64, &mut self.record);
        self.record.extend_from_slice(&self.head);
        self.record.extend_from_slice(&self.body);
        &self.record
    }

    #[inline]
    fn value(&mut self, value: Value<'_>) {
        match value {
            Value::Null => self.head.push(0),
            Value::Integer(0) => self.head.push(8),
            Value::Integer(1) => self.head.push(9),
            Value::Integer(number) => {
                let (kind, width) = width(number);
                self.head.push(kind);
                let bytes = number.to_be_bytes();
                self.body.extend_from_slice(bytes.get(8 - width..).unwrap_or(&bytes));
            }
            Value::Real(number) => {
                self.head.push(7);
                self.body.extend_from_slice(&number.to_be_bytes());
            }
            Value::Text(text) => {
                varint(13 + 2 * text.len() as u64, &mut self.head);
                self.body.extend_from_slice(text.as_bytes());
            }
        }
    }
}

/// How a whole number is said to be written, and in how many bytes it is.
const fn width(number: i64) -> (u8, usize) {
    // A number and its complement need as many bytes.
    match 65 - (if number < 0 { !number } else { number }).leading_zeros() {
        0..=8 => (1, 1),
        9..=16 => (2, 2),
        17..=24 => (3, 3),
        25..=32 => (4, 4),
        33..=48 => (5, 6),
        _ => (6, 8),
    }
}

/// A number in seven bits a byte, the highest first, the highest bit set in all but the last; a ninth byte has eight.
#[inline]
pub fn varint(number: u64, out: &mut Vec<u8>) {
    let seven = |shift: u32| (number >> shift) as u8 | 0x80;
    if number < 1 << 7 {
        out.push(number as u8);
    } else if number >= 1 << 56 {
        out.extend((0..8).rev().map(|at| seven(8 + 7 * at)));
        out.push(number as u8);
    } else {
        let groups = (70 - number.leading_zeros()) / 7;
        out.extend((1..groups).rev().map(|at| seven(7 * at)));
        out.push(number as u8 & 0x7f);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_take_as_many_bytes_as_they_need() {
        let bytes = |number| {
            let mut out = Vec::new();
            varint(number, &mut out);
            out
        };
        assert_eq!(bytes(127), [0x7f]);
        assert_eq!(bytes(128), [0x81, 0x00]);
        assert_eq!(bytes(0x3fff), [0xff, 0x7f]);
        assert_eq!(bytes(0x4000), [0x81, 0x80, 0x00]);
        assert_eq!(bytes((1 << 56) - 1).len(), 8);
        assert_eq!(bytes(u64::MAX), [0xff; 9]);
        for (number, kind, size) in [
            (2, 1, 1),
            (127, 1, 1),
            (-128, 1, 1),
            (128, 2, 2),
            (-129, 2, 2),
            (1 << 15, 3, 3),
            (1 << 23, 4, 4),
            (1 << 31, 5, 6),
            (1 << 47, 6, 8),
            (i64::MIN, 6, 8),
        ] {
            assert_eq!(width(number), (kind, size), "{number}");
        }
    }

    #[test]
    fn a_record_says_what_it_holds_before_it_does() {
        let mut encoder = Encoder::default();
        let values = [Value::Null, Value::Integer(1), Value::Integer(-2), Value::Text("ab"), Value::Real(1.5)];
        let record = encoder.record(values);
        assert_eq!(record, [6, 0, 9, 1, 17, 7, 0xfe, b'a', b'b', 0x3f, 0xf8, 0, 0, 0, 0, 0, 0]);
    }
}
