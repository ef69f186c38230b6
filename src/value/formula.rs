//! Text that a spreadsheet would run: what begins like a formula gets an apostrophe in front, and loses it again when it
//! is read (CWE-1236). Quotes of CSV do not help against it; numbers are left alone.

use std::borrow::Cow;

/// What a spreadsheet takes for the beginning of a formula, or passes over in front of one.
const TRIGGERS: [char; 12] = ['=', '+', '-', '@', '\t', '\r', '\n', '\0', '＝', '＋', '－', '＠'];

/// The text as it is safe in a cell.
pub fn defused(text: &str) -> Cow<'_, str> {
    if begins_like_a_formula(text) && !is_number(text) { Cow::Owned(format!("'{text}")) } else { Cow::Borrowed(text) }
}

/// The text that [`defused`] made this of.
pub fn restored(cell: &str) -> Cow<'_, str> {
    match cell.strip_prefix('\'') {
        Some(text) if begins_like_a_formula(cell) => Cow::Borrowed(text),
        _ => Cow::Borrowed(cell),
    }
}

/// Apostrophes in front do not count: so a text that has one already gets another, and each keeps its own.
fn begins_like_a_formula(text: &str) -> bool {
    text.trim_start_matches('\'').starts_with(TRIGGERS)
}

/// Digits with a sign, a fraction and an exponent, as numbers are written.
fn is_number(text: &str) -> bool {
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let unsigned = |text: &str| match text.split_once('.') {
        Some((whole, fraction)) => digits(whole) && digits(fraction),
        None => digits(text),
    };
    let signed = text.strip_prefix(['+', '-']).unwrap_or(text);
    match signed.split_once(['e', 'E']) {
        Some((number, exponent)) => unsigned(number) && digits(exponent.strip_prefix(['+', '-']).unwrap_or(exponent)),
        None => unsigned(signed),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_begins_like_a_formula_gets_an_apostrophe_and_numbers_none() {
        for (text, cell) in [
            ("=1+1", "'=1+1"),
            ("'=1+1", "''=1+1"),
            ("''＠x", "'''＠x"),
            ("\t=1", "'\t=1"),
            ("-5", "-5"),
            ("'-5", "''-5"),
            ("+1.5e-3", "+1.5e-3"),
            ("-5-5", "'-5-5"),
            ("-", "'-"),
            ("1-2", "1-2"),
            ("'tis", "'tis"),
            ("'", "'"),
            ("", ""),
        ] {
            assert_eq!(defused(text), cell);
            assert_eq!(restored(cell), text);
        }
    }
}
