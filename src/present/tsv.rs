//! TSV (text/tab-separated-values), written so that it reads back exactly.
//!
//! That format knows no quotes. So a tab within a text is `\t`, a line feed `\n`, a carriage return `\r`, a backslash `\\`;
//! what is not known is `\N`, and an empty text is nothing. PostgreSQL's COPY reads and writes the same. Bytes of characters
//! that command a terminal or hide in it are `\x` and two digits, which COPY reads too: no text is altered, and none does harm.

use super::safe::{every, scan};
use super::separated::Dialect;
use std::fmt::Write;

pub static TSV: Dialect = Dialect { separator: '\t', unknown: "\\N", field: escaped };

fn escaped(text: &str, raw: bool, line: &mut String) {
    if every(text, |byte| (b' '..=b'~').contains(&byte) && byte != b'\\') {
        return line.push_str(text);
    }
    scan(text, |c, fine| match c {
        '\t' => line.push_str("\\t"),
        '\n' => line.push_str("\\n"),
        '\r' => line.push_str("\\r"),
        '\\' => line.push_str("\\\\"),
        c if fine || raw => line.push(c),
        c => c.encode_utf8(&mut [0; 4]).bytes().for_each(|byte| {
            // Writing to a String cannot fail.
            let _ = write!(line, "\\x{byte:02X}");
        }),
    });
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::present::safe::is_forbidden;

    /// As PostgreSQL's COPY reads a field.
    fn read(field: &str) -> Option<String> {
        if field == "\\N" {
            return None;
        }
        let mut bytes = Vec::new();
        let mut rest = field.as_bytes();
        while let Some((byte, after)) = rest.split_first() {
            rest = after;
            if *byte != b'\\' {
                bytes.push(*byte);
                continue;
            }
            let (sign, after) = rest.split_first().unwrap();
            rest = after;
            match sign {
                b't' => bytes.push(b'\t'),
                b'n' => bytes.push(b'\n'),
                b'r' => bytes.push(b'\r'),
                b'x' => {
                    bytes.push(u8::from_str_radix(std::str::from_utf8(&rest[..2]).unwrap(), 16).unwrap());
                    rest = &rest[2..];
                }
                other => bytes.push(*other),
            }
        }
        Some(String::from_utf8(bytes).unwrap())
    }

    #[test]
    fn every_text_reads_back_exactly_and_none_is_harmful() {
        let code_points: Vec<String> = (0..=0x10FFFF).filter_map(char::from_u32).map(|c| format!("{c}a{c}")).collect();
        let more = [
            "",
            "\\N",
            "\\",
            "\\\\N",
            "a\tb\r\nc\\t",
            "\\x41",
            "習\u{200d}x",
            "a\u{301}\u{301}\u{301}\u{301}\u{301}\u{301}",
        ];
        for text in code_points.iter().map(String::as_str).chain(more) {
            let mut field = String::new();
            escaped(text, false, &mut field);
            assert!(!field.chars().any(is_forbidden), "{field:?}");
            assert_eq!(read(&field).as_deref(), Some(text));
        }
        assert_eq!(read(TSV.unknown), None);
    }
}
