//! Characters that command a terminal, hide or reorder text: which they are, and where they may stand all the same.
//!
//! The list: control characters (C0, DEL, C1), every Bidi_Control, line and paragraph separators, invisible and
//! zero-width characters, interlinear marks, tags, noncharacters, and combining marks beyond four in a row. ZWNJ and
//! ZWJ stay between letters of scripts that need them and inside emoji.

/// Most combining marks on one letter in any living language; more are an attack on the line above.
const MARKS: usize = 4;

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
pub const fn is_letter(c: char) -> bool {
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
pub fn is_mark(c: char) -> bool {
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
