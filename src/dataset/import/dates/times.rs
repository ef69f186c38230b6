//! Times of the day behind a date: they are left out.
//!
//! In: a text. Out: the date in it without the time, or nothing if no time stands behind it.

use crate::value::date::DayRange;

/// A day with a time behind it, as machines write it.
pub fn machine(text: &str) -> Option<DayRange> {
    let (day, time) = (text.get(..10)?, text.get(10..)?);
    let time = time.strip_prefix(['T', 't', ' '])?;
    let plain = time.starts_with(|c: char| c.is_ascii_digit())
        && time.contains(':')
        && time.chars().all(|c| c.is_ascii_digit() || matches!(c, ':' | '.' | ',' | '+' | '-' | 'Z' | 'z'));
    DayRange::parse(day).ok().filter(|_| plain)
}

/// What stands before a time that people wrote: `16.05.2024 14:30`, `May 16, 2024, 2:30 PM`.
///
/// A digit must end it, so that of a span (`10:00 – 14:30`) or an open end (`16 May 2024 – 14:30`) nothing is lost.
pub fn behind_a_date(text: &str) -> Option<&str> {
    let mut words = text.trim_end();
    let (before, last) = words.rsplit_once(char::is_whitespace)?;
    if ["am", "pm", "uhr", "h"].iter().any(|word| last.eq_ignore_ascii_case(word)) {
        words = before.trim_end();
    }
    let (date, time) = words.rsplit_once(char::is_whitespace)?;
    let date = date.trim_end().trim_end_matches(',');
    (is_time(time) && date.ends_with(|c: char| c.is_ascii_digit())).then_some(date)
}

/// Hours and minutes, with or without seconds.
fn is_time(text: &str) -> bool {
    let parts: Vec<&str> = text.split(':').collect();
    let fits = |part: &&str, most: u8| part.len() <= 2 && part.parse::<u8>().is_ok_and(|number| number <= most);
    match parts.as_slice() {
        [hours, rest @ ..] => fits(hours, 24) && (1..=2).contains(&rest.len()) && rest.iter().all(|p| fits(p, 59)),
        [] => false,
    }
}
