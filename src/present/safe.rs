//! What a terminal shows is made safe: characters that command it, hide or reorder text are shown as escapes.
//!
//! Which they are is said in [`crate::value::hidden`]. The notation is `\u{202E}`.

pub use crate::value::hidden::{is_forbidden, scan};

use crate::value::hidden::is_letter;
use std::borrow::Cow;
use std::fmt::Write;

/// The text with everything unsafe escaped, newlines and tabs too.
pub fn safe(text: &str) -> Cow<'_, str> {
    clean(text, false)
}

/// The same, but newlines stay: for text that is laid out in lines afterwards.
pub fn safe_lines(text: &str) -> Cow<'_, str> {
    clean(text, true)
}

/// JSON with everything unsafe escaped as JSON has it, so that it reads back the same.
pub fn safe_json(json: &str) -> String {
    let mut made = String::with_capacity(json.len());
    for c in json.chars() {
        if c != '\n' && is_forbidden(c) {
            for unit in c.encode_utf16(&mut [0; 2]) {
                // Writing to a String cannot fail.
                let _ = write!(made, "\\u{unit:04x}");
            }
        } else {
            made.push(c);
        }
    }
    made
}

/// The same, but tabs and line ends (LF, CR LF) stay: for text in files, where they are ordinary.
pub fn safe_prose(text: &str) -> Cow<'_, str> {
    if text.chars().all(|c| is_letter(c) || matches!(c, '\n' | '\t')) {
        return Cow::Borrowed(text);
    }
    let mut made = String::with_capacity(text.len());
    // A carriage return is part of a line end if a line feed follows.
    let mut returned = false;
    scan(text, |c, fine| {
        if std::mem::take(&mut returned) {
            if c == '\n' { made.push('\r') } else { escape('\r', &mut made) }
        }
        match c {
            '\r' => returned = true,
            '\n' | '\t' => made.push(c),
            c if fine => made.push(c),
            c => escape(c, &mut made),
        }
    });
    if returned {
        escape('\r', &mut made);
    }
    Cow::Owned(made)
}

fn clean(text: &str, lines: bool) -> Cow<'_, str> {
    if is_plain(text) || text.chars().all(|c| is_letter(c) || lines && c == '\n') {
        return Cow::Borrowed(text);
    }
    let mut made = String::with_capacity(text.len());
    scan(text, |c, fine| if fine || lines && c == '\n' { made.push(c) } else { escape(c, &mut made) });
    Cow::Owned(made)
}

/// Whether it is made of ASCII that can be printed, each byte a column wide.
pub fn is_plain(text: &str) -> bool {
    every(text, |byte| (b' '..=b'~').contains(&byte))
}

/// Whether all bytes are fine. It does not stop at the first that is not: so many are looked at together, and most texts
/// are fine.
pub fn every(text: &str, fine: impl Fn(u8) -> bool) -> bool {
    text.bytes().fold(true, |so_far, byte| so_far & fine(byte))
}

fn escape(c: char, made: &mut String) {
    // Writing to a String cannot fail.
    let _ = write!(made, "\\u{{{:04X}}}", c as u32);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::value::hidden::is_mark;

    #[test]
    fn no_code_point_that_commands_or_hides_gets_through() {
        for c in (0..=0x10FFFF).filter_map(char::from_u32) {
            let alone = safe(&c.to_string()).into_owned();
            let between = safe(&format!("a{c}b")).into_owned();
            for text in [alone, between] {
                assert!(!text.chars().any(is_forbidden), "U+{:04X}", c as u32);
                assert!(!text.contains(['\u{200C}', '\u{200D}']), "U+{:04X}", c as u32);
            }
            assert!(!(is_letter(c) && (is_forbidden(c) || is_mark(c))), "U+{:04X}", c as u32);
            if c.is_alphanumeric() && !is_forbidden(c) {
                assert!(safe(&c.to_string()).contains(c));
            }
        }
    }

    #[test]
    fn attacks_are_shown_and_languages_are_left_alone() {
        assert_eq!(safe("\u{1b}[31mred"), "\\u{001B}[31mred");
        assert_eq!(safe("Xi\u{202E}nituP"), "Xi\\u{202E}nituP");
        assert_eq!(safe("a\tb\nc"), "a\\u{0009}b\\u{000A}c");
        assert_eq!(safe_lines("a\nb"), "a\nb");
        assert_eq!(safe("می‌خواهم"), "می‌خواهم");
        assert_eq!(safe("क्‍ष"), "क्‍ष");
        assert_eq!(safe("👨‍👩‍👧"), "👨‍👩‍👧");
        for name in
            ["习近平", "Владимир Путин", "تميم بن حمد آل ثاني", "Nguyễn Phú Trọng", "Նիկոլ", "김정은", "नरेन्द्र मोदी"]
        {
            assert_eq!(safe(name), name);
        }
        for unsafe_text in ["a\u{202E}b", "\u{85}", "\u{7F}", "\u{E0041}", "line\nline"] {
            let json = safe_json(&serde_json::json!([unsafe_text]).to_string());
            assert!(!json.chars().any(is_forbidden), "{json}");
            assert_eq!(serde_json::from_str::<Vec<String>>(&json).unwrap(), [unsafe_text]);
        }
        let flood: String = std::iter::once('a').chain(std::iter::repeat_n('\u{0301}', 50)).collect();
        assert_eq!(safe(&flood).matches('\u{0301}').count(), 4);
    }
}
