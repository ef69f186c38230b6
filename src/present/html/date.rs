//! Dates for readers: what is exact as `<time>`, what is vague in words, with the EDTF text beside.

use super::escape::text;
use crate::value::date::VagueDate;

/// A stored date.
pub fn date(date: &VagueDate) -> String {
    let shown = match date.text.split_once('/') {
        Some((start, end)) => format!("{} to {}", side(start), side(end)),
        None => side(&date.text),
    };
    if date.bounds.is_exact() { shown } else { format!("<span title=\"{}\">{shown}</span>", text(&date.text)) }
}

/// A date as text in EDTF; what is none is text.
pub fn edtf(written: &str) -> String {
    VagueDate::parse(written).map_or_else(|_| text(written), |read| date(&read))
}

/// A computed value: text, and a date whose days are not known in words.
pub fn value(words: &str) -> String {
    if words.starts_with('[') { edtf(words) } else { text(words) }
}

/// A single date, or one end of a stay.
fn side(written: &str) -> String {
    if let Some(set) = written.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')) {
        return match set.split_once("..") {
            Some(("", last)) => format!("{} or earlier", point(last)),
            Some((first, "")) => format!("{} or later", point(first)),
            Some((first, last)) => format!("between {} and {}", point(first), point(last)),
            None => text(written),
        };
    }
    if matches!(written, "" | "..") { "open".to_string() } else { point(written) }
}

fn point(written: &str) -> String {
    let plain = written.strip_suffix(['?', '~', '%']).unwrap_or(written);
    let doubt = match written.chars().next_back() {
        Some('~') => "about ",
        Some('?') => "perhaps ",
        Some('%') => "perhaps about ",
        _ => "",
    };
    // What a browser can read as a date: a year, a month, a day.
    let readable = matches!(plain.len(), 4 | 7 | 10) && plain.bytes().all(|b| b.is_ascii_digit() || b == b'-');
    if readable {
        format!("{doubt}<time datetime=\"{plain}\">{plain}</time>")
    } else {
        format!("{doubt}{}", text(plain))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn vague_dates_are_words_and_exact_ones_times() {
        let day = |day: &str| format!("<time datetime=\"{day}\">{day}</time>");
        assert_eq!(edtf("2024-05-16"), day("2024-05-16"));
        assert_eq!(edtf("2024-05-16/2024-05-17"), format!("{} to {}", day("2024-05-16"), day("2024-05-17")));
        assert_eq!(edtf("2024-07-10~"), format!("about {}", day("2024-07-10")));
        let vague = |title: &str, words: String| format!("<span title=\"{title}\">{words}</span>");
        let between = format!("between {} and {}", day("2024-05-08"), day("2024-05-10"));
        assert_eq!(edtf("[2024-05-08..2024-05-10]"), vague("[2024-05-08..2024-05-10]", between));
        assert_eq!(edtf("[2024-07-10..]"), vague("[2024-07-10..]", format!("{} or later", day("2024-07-10"))));
        assert_eq!(edtf("2024-06"), vague("2024-06", day("2024-06")));
        assert_eq!(edtf("<b>"), "&lt;b&gt;");
        assert_eq!(value("[2024-07-10..]"), edtf("[2024-07-10..]"));
        assert_eq!((value("2024").as_str(), value("[<b>").as_str()), ("2024", "[&lt;b&gt;"));
    }
}
