//! What a terminal shows is made safe: characters that command it, hide or reorder text are shown as escapes.
//!
//! The list: control characters (C0, DEL, C1), every Bidi_Control, line and paragraph separators, invisible and
//! zero-width characters, interlinear marks, tags, noncharacters, and combining marks beyond four in a row. ZWNJ and
//! ZWJ stay between letters of scripts that need them and inside emoji. The notation is `\u{202E}`.

use std::borrow::Cow;
use std::fmt::Write;

/// Most combining marks on one letter in any living language; more are an attack on the line above.
const MARKS: usize = 4;

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

/// Hands on each character, and whether it may be shown as it is where it stands.
pub fn scan(text: &str, mut each: impl FnMut(char, bool)) {
    let mut marks = 0;
    let mut before = None;
    let mut rest = text.chars().peekable();
    while let Some(c) = rest.next() {
        let fine = if is_letter(c) {
            marks = 0;
            true
        } else {
            marks = if is_mark(c) { marks + 1 } else { 0 };
            match c {
                '\u{200C}' | '\u{200D}' => joins(before, rest.peek().copied()),
                c => !is_forbidden(c) && marks <= MARKS,
            }
        };
        each(c, fine);
        before = Some(c);
    }
}

/// Letters and signs that most names and sentences are made of, so that these need no closer look.
const fn is_letter(c: char) -> bool {
    matches!(c, ' '..='~' | '\u{A1}'..='\u{AC}' | '\u{AE}'..='\u{2FF}' | '\u{400}'..='\u{482}' | '\u{4E00}'..='\u{9FFF}'
        | '\u{AC00}'..='\u{D7A3}')
}

/// Whether a character is never shown as it is.
pub fn is_forbidden(c: char) -> bool {
    let code = c as u32;
    c.is_control()
        || matches!(c,
            '\u{061C}' | '\u{200E}' | '\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}'
            | '\u{2028}' | '\u{2029}' | '\u{200B}' | '\u{2060}'..='\u{2065}' | '\u{206A}'..='\u{206F}'
            | '\u{FEFF}' | '\u{00AD}' | '\u{180E}' | '\u{034F}' | '\u{115F}' | '\u{1160}' | '\u{3164}' | '\u{FFA0}'
            | '\u{FFF0}'..='\u{FFFB}' | '\u{E0000}'..='\u{E0FFF}')
        || code & 0xFFFE == 0xFFFE
        || (0xFDD0..=0xFDEF).contains(&code)
}

/// A mark that stands on the character before it and takes no room.
fn is_mark(c: char) -> bool {
    unicode_normalization::char::is_combining_mark(c)
}

/// Whether a (non-)joiner between these two has a meaning: in Arabic and Indic scripts, and inside emoji.
fn joins(before: Option<char>, after: Option<char>) -> bool {
    let needs = |c: char| {
        matches!(c, '\u{0600}'..='\u{08FF}' | '\u{0900}'..='\u{0DFF}' | '\u{1780}'..='\u{17FF}' | '\u{FB50}'..='\u{FDCF}'
            | '\u{2600}'..='\u{27BF}' | '\u{FE0F}' | '\u{1F000}'..='\u{1FAFF}')
    };
    before.is_some_and(needs) && after.is_some_and(needs)
}

#[cfg(test)]
mod tests {
    use super::*;

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
