//! The text of a date to numbers, words and signs. Numbers that belong together (`16.05.2024`) are one token.

use super::DayOrder;
use super::words::{self, Word};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Token {
    /// A day or a year, told apart by its digits.
    Number {
        value: i64,
        digits: usize,
    },
    Date {
        year: Option<i64>,
        month: i64,
        day: Option<i64>,
    },
    Word(Word),
    /// Between the ends of a span.
    Dash,
    /// Behind a date that is not sure.
    Doubt,
}

impl Token {
    /// The month that a number of two digits can be; anything else stays what it is.
    pub const fn as_month(self) -> Token {
        match self {
            Token::Number { value: month @ 1..=12, digits: 2 } => Token::Date { year: None, month, day: None },
            other => other,
        }
    }
}

/// Cuts a text into tokens.
///
/// # Errors
/// What has no meaning in a date.
pub fn tokens(text: &str, order: DayOrder) -> Result<Vec<Token>, String> {
    let mut tokens = Vec::new();
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        let length = if c.is_ascii_digit() {
            let (token, length) = number(rest, order)?;
            tokens.push(token);
            let behind = rest.get(length..).unwrap_or("");
            let suffix = letters(behind);
            length + if words::is_ordinal(suffix) { suffix.len() } else { 0 }
        } else if is_letter(c) {
            let text = letters(rest);
            let word =
                words::word(text).ok_or_else(|| format!("'{}' is no word of dates", super::super::short(text)))?;
            tokens.push(Token::Word(word));
            text.len()
        } else {
            tokens.extend(sign(c)?);
            c.len_utf8()
        };
        rest = rest.get(length..).unwrap_or("");
    }
    Ok(tokens)
}

fn is_letter(c: char) -> bool {
    c.is_alphabetic() || is_inner(c)
}

/// What stands within a word and counts for nothing.
fn is_inner(c: char) -> bool {
    matches!(c, '\'' | '’') || unicode_normalization::char::is_combining_mark(c)
}

fn letters(text: &str) -> &str {
    let end = text.find(|c| !is_letter(c)).unwrap_or(text.len());
    text.get(..end).unwrap_or("")
}

/// What a sign means, if anything.
fn sign(c: char) -> Result<Option<Token>, String> {
    match c {
        '-' | '/' | '\u{2010}'..='\u{2015}' | '\u{2212}' | '\u{FE58}' | '\u{FE63}' | '\u{FF0D}' => {
            Ok(Some(Token::Dash))
        }
        '~' => Ok(Some(Token::Word(Word::About))),
        '?' => Ok(Some(Token::Doubt)),
        '&' => Ok(Some(Token::Word(Word::And))),
        'º' | 'ª' | '.' | ',' => Ok(None),
        c if c.is_whitespace() => Ok(None),
        c => Err(format!("the character U+{:04X} has no meaning in a date", c as u32)),
    }
}

/// A number, or a date of two or three of them with the same sign between; and how long it is.
fn number(text: &str, order: DayOrder) -> Result<(Token, usize), String> {
    let first = digits(text);
    let mut parts = vec![first];
    let mut length = first.len();
    let sign = text.get(length..).and_then(|rest| rest.chars().next()).filter(|c| matches!(c, '-' | '.' | '/' | '‑'));
    while let Some(sign) = sign
        && parts.len() < 3
    {
        let Some(rest) = text.get(length..).and_then(|rest| rest.strip_prefix(sign)) else { break };
        let inner = if sign == '.' { rest.trim_start_matches(' ') } else { rest };
        let next = digits(inner);
        if next.is_empty() {
            break;
        }
        length += sign.len_utf8() + (rest.len() - inner.len()) + next.len();
        parts.push(next);
    }
    if let Some(token) = date(&parts, sign, order)? {
        return Ok((token, length));
    }
    let value = first.parse().map_err(|_| "a number of too many digits".to_string())?;
    match first.len() {
        1 | 2 | 4 => Ok((Token::Number { value, digits: first.len() }, first.len())),
        count => Err(format!("a number of {count} digits is neither a day nor a year")),
    }
}

fn digits(text: &str) -> &str {
    let end = text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len());
    text.get(..end).unwrap_or("")
}

/// Numbers with a sign between, if they make a date and not the two ends of a span.
fn date(parts: &[&str], sign: Option<char>, order: DayOrder) -> Result<Option<Token>, String> {
    let value = |text: &str| text.parse::<i64>().unwrap_or_default();
    let short = |text: &str| text.len() <= 2;
    let token = |year: Option<&str>, month: &str, day: Option<&str>| {
        Ok(Some(Token::Date { year: year.map(value), month: value(month), day: day.map(value) }))
    };
    match parts {
        [year, month, day] if year.len() == 4 && short(month) && short(day) => token(Some(year), month, Some(day)),
        [one, other, year] if year.len() == 4 && short(one) && short(other) => {
            let shown = parts.join(&sign.unwrap_or('/').to_string());
            let (day, month) = order.day_and_month(value(one), value(other), &shown)?;
            Ok(Some(Token::Date { year: Some(value(year)), month, day: Some(day) }))
        }
        [one, other, year] if short(one) && short(other) && short(year) => {
            Err("a year of two digits could be of any century".to_string())
        }
        [year, month] if year.len() == 4 && short(month) => token(Some(year), month, None),
        [month, year] if year.len() == 4 && short(month) => token(Some(year), month, None),
        [one, other] if sign == Some('.') && short(one) && short(other) => {
            let (day, month) = order.day_and_month(value(one), value(other), &parts.join("."))?;
            Ok(Some(Token::Date { year: None, month, day: Some(day) }))
        }
        [all] if all.len() == 8 => match (all.get(..4), all.get(4..6), all.get(6..)) {
            (Some(year), Some(month), Some(day)) => token(Some(year), month, Some(day)),
            _ => Ok(None),
        },
        _ => Ok(None),
    }
}

impl DayOrder {
    /// Which of two numbers is the day, and which the month.
    fn day_and_month(self, one: i64, other: i64, shown: &str) -> Result<(i64, i64), String> {
        match self {
            DayOrder::DayFirst if other > 12 => {
                Err(format!("{other} in {shown} is no month, and the order is \"{}\"", self.word()))
            }
            DayOrder::MonthFirst if one > 12 => {
                Err(format!("{one} in {shown} is no month, and the order is \"{}\"", self.word()))
            }
            DayOrder::DayFirst => Ok((one, other)),
            DayOrder::MonthFirst => Ok((other, one)),
            DayOrder::Iso if one > 12 && other > 12 => Err("months run from 01 to 12".to_string()),
            DayOrder::Iso if one > 12 || one == other => Ok((one, other)),
            DayOrder::Iso if other > 12 => Ok((other, one)),
            DayOrder::Iso => Err(format!(
                "{shown} can be two dates: the order \"{}\" or \"{}\" decides",
                DayOrder::DayFirst.word(),
                DayOrder::MonthFirst.word()
            )),
        }
    }
}
