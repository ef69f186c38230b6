//! The list of what could be meant, as completion shows it.

use crate::assist::Candidate;
use crate::present::safe::safe;
use rustyline::completion::Pair;
use unicode_segmentation::UnicodeSegmentation;
use unicode_width::UnicodeWidthStr;

/// So wide is the column of what can be chosen at most, and the list where the terminal does not say.
const WIDEST: usize = 40;
const ROOM: usize = 80;

/// Candidates as the list shows them: descriptions under each other, no line longer than the terminal.
pub fn listed(candidates: Vec<Candidate>, ascii: bool) -> Vec<Pair> {
    let room = terminal_size::terminal_size().map_or(ROOM, |(width, _)| usize::from(width.0)).saturating_sub(2);
    let described = candidates.iter().any(|candidate| !candidate.what.is_empty());
    let column = candidates.iter().map(|candidate| candidate.text.width().min(WIDEST)).max().unwrap_or(0);
    let pair = |candidate: Candidate| {
        let text = cut(&candidate.text, room.min(if described { WIDEST } else { room }), ascii);
        if !described {
            return Pair { display: text, replacement: candidate.text };
        }
        let blanks = " ".repeat(column.saturating_sub(text.width()));
        let line = cut(&format!("{text}{blanks}  {}", safe(&candidate.what)), room, ascii);
        // More than half a line wide, so that there is one on each line.
        let rest = " ".repeat((room / 2 + 1).saturating_sub(line.width()));
        Pair { display: format!("{line}{rest}"), replacement: candidate.text }
    };
    candidates.into_iter().map(pair).collect()
}

/// The beginning of a text that is too wide.
fn cut(text: &str, room: usize, ascii: bool) -> String {
    if text.width() <= room {
        return text.to_string();
    }
    let dots = if ascii { "..." } else { "…" };
    let mut made = String::new();
    for cluster in text.graphemes(true) {
        if made.width() + cluster.width() + dots.width() > room {
            break;
        }
        made.push_str(cluster);
    }
    made + dots
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_too_wide_is_cut_between_letters() {
        assert_eq!(cut("Viktor Orbán", 20, false), "Viktor Orbán");
        assert_eq!(cut("Viktor Orbán", 8, false), "Viktor …");
        assert_eq!(cut("नरेन्द्र मोदी", 3, true), "...");
        assert!(cut("習近平習近平", 6, false).width() <= 6);
    }

    #[test]
    fn descriptions_stand_under_each_other_and_names_are_safe() {
        let candidate = |text: &str, what: &str| Candidate { text: text.to_string(), what: what.to_string() };
        let pairs = listed(vec![candidate("'習近平'", "one"), candidate("'Modi'", "tw\u{202e}o")], false);
        assert_eq!(pairs[0].display.trim_end(), "'習近平'  one");
        assert_eq!(pairs[1].display.trim_end(), "'Modi'    tw\\u{202E}o");
    }
}
