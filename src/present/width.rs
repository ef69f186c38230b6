//! How wide text is on a terminal, and where its lines may be broken: the one measure of everything in this room.
//!
//! Text is measured by grapheme clusters, each as unicode-width has it: a letter with its marks, a flag or a family of
//! emoji is one piece, and an emoji made by U+FE0F takes two columns. Pieces are added up, as terminals do: unicode-width
//! alone would count the Arabic letters lam and alef as the one sign that print makes of them, which no terminal does.

use super::safe::is_plain;
use unicode_segmentation::UnicodeSegmentation;
use unicode_width::UnicodeWidthStr;

/// How many columns a line takes.
pub fn width(text: &str) -> usize {
    if is_plain(text) {
        return text.len();
    }
    let simple: Option<usize> = text.chars().map(alone).sum();
    simple.unwrap_or_else(|| text.graphemes(true).map(UnicodeWidthStr::width).sum())
}

/// The width of letters that most names are made of and that never join others, so that these need no closer look.
const fn alone(c: char) -> Option<usize> {
    match c {
        ' '..='~' | '\u{C0}'..='\u{2FF}' | '\u{400}'..='\u{482}' | '\u{2010}'..='\u{2027}' => Some(1),
        '\u{4E00}'..='\u{9FFF}' => Some(2),
        _ => None,
    }
}

/// How many columns its widest line takes.
pub fn widest(text: &str) -> usize {
    if is_plain(text) { text.len() } else { text.split('\n').map(width).max().unwrap_or(0) }
}

/// Whether any library comes to the same widths, whichever version of Unicode it knows.
pub fn is_agreed(text: &str) -> bool {
    text.chars().all(|c| c == '\n' || alone(c).is_some())
}

/// The text in lines of at most `room` columns.
///
/// Lines are broken behind blanks, hyphens, slashes and the dots of paths, and between ideographs; where there is none of these, between any
/// two grapheme clusters. What follows on a broken line is indented as the line is.
pub fn wrapped(text: &str, room: usize) -> String {
    if widest(text) <= room {
        return text.to_string();
    }
    let mut lines = Vec::new();
    text.split('\n').for_each(|line| wrap(line, room.max(1), &mut lines));
    lines.join("\n")
}

/// The same for a list: its elements stay whole where there is room for them.
pub fn wrapped_list(text: &str, room: usize) -> String {
    if widest(text) <= room {
        return text.to_string();
    }
    let mut lines: Vec<String> = vec![String::new()];
    for element in text.split_inclusive(", ") {
        let last = lines.last_mut().map(std::mem::take).unwrap_or_default();
        if last.is_empty() || width(&last) + width(element.trim_end()) <= room {
            lines.pop();
            lines.extend(wrapped(&(last + element), room).split('\n').map(str::to_string));
        } else {
            lines.pop();
            lines.push(last);
            lines.extend(wrapped(element, room).split('\n').map(str::to_string));
        }
    }
    lines.iter().map(|line| line.trim_end()).collect::<Vec<_>>().join("\n")
}

/// The same for a sentence: addresses of the web stay whole, so that they can be copied.
pub fn wrapped_sentence(text: &str, room: usize) -> String {
    let mut made = String::new();
    let mut taken = 0;
    for word in text.split_inclusive(' ') {
        let columns = width(word.trim_end());
        if taken > 0 && taken + columns > room {
            made.truncate(made.trim_end_matches(' ').len());
            made.push('\n');
            taken = 0;
        }
        let whole = columns <= room || word.contains("://");
        let word = if whole { word.to_string() } else { wrapped(word, room) };
        made.push_str(&word);
        taken = if word.contains('\n') { 0 } else { taken } + width(word.rsplit('\n').next().unwrap_or(""));
    }
    made
}

fn wrap(line: &str, room: usize, lines: &mut Vec<String>) {
    let blanks = line.len() - line.trim_start_matches(' ').len();
    let indent = " ".repeat(blanks.min(room / 2));
    let mut current = indent.clone();
    let mut taken = indent.len();
    // Where the current line may be broken, and how wide it is up to there.
    let mut place: Option<(usize, usize)> = None;
    let mut clusters = line.trim_start_matches(' ').graphemes(true).peekable();
    while let Some(cluster) = clusters.next() {
        let columns = cluster.width();
        // Blanks at the end of a line take no room.
        if taken + columns > room && !is_blank(cluster) && taken > indent.len() {
            let (at, before) = place.take().unwrap_or((current.len(), taken));
            let rest = current.split_off(at);
            lines.push(std::mem::replace(&mut current, indent.clone() + &rest).trim_end().to_string());
            taken = indent.len() + taken - before;
        }
        current.push_str(cluster);
        taken += columns;
        if clusters.peek().is_some_and(|next| breaks(cluster, next)) {
            place = Some((current.len(), taken));
        }
    }
    lines.push(current.trim_end().to_string());
}

fn is_blank(cluster: &str) -> bool {
    matches!(cluster, " " | "\u{3000}")
}

/// Whether a line may end between these two, after the rules of UAX 14 that matter most: behind blanks and not before
/// them; behind a hyphen, dash or slash, but not within a date; on either side of an ideograph, but not
/// before what closes nor behind what opens.
fn breaks(before: &str, after: &str) -> bool {
    const CLOSING: &[char] = &[
        '、', '。', '，', '．', '：', '；', '！', '？', '）', '」', '』', '】', '》', '〉', '〕', 'ー', '々', ',', '.',
        ':', ';', '!', '?', ')', ']', '”', '’', '»', '%',
    ];
    const OPENING: &[char] = &['（', '「', '『', '【', '《', '〈', '〔', '(', '[', '“', '‘', '«'];
    if is_blank(after) || after.starts_with(CLOSING) || before.ends_with(OPENING) {
        return false;
    }
    let date = before == "-" && after.starts_with(|c: char| c.is_ascii_digit());
    let path = matches!(before, "." | "_") && after.starts_with(|c: char| c.is_ascii_lowercase());
    let behind = matches!(before, "-" | "/" | "‐" | "–" | "—") && !date || path;
    is_blank(before) || behind || is_ideograph(before) || is_ideograph(after)
}

/// Scripts that are written without blanks, and Hangul, whose syllables may be parted.
fn is_ideograph(cluster: &str) -> bool {
    cluster.starts_with(|c| {
        matches!(c, '\u{2E80}'..='\u{2FFF}' | '\u{3040}'..='\u{A4CF}' | '\u{AC00}'..='\u{D7AF}' | '\u{F900}'..='\u{FAFF}' | '\u{20000}'..='\u{3FFFF}')
    })
}

/// Whether a letter of it runs from right to left.
fn runs_left(text: &str) -> bool {
    text.contains(|c| {
        matches!(c, '\u{0590}'..='\u{08FF}' | '\u{FB1D}'..='\u{FDFF}' | '\u{FE70}'..='\u{FEFF}' | '\u{10800}'..='\u{10FFF}' | '\u{1E800}'..='\u{1EFFF}')
    })
}

/// A line of a cell that cannot reorder what stands beside it.
///
/// A terminal that shows Arabic and Hebrew in their direction orders whole lines: two such names side by side would change
/// places, and a number behind one would be taken for the column before. FSI and PDI keep each cell to itself. Terminals
/// that do not order text give them no room. They are written by us alone, on a terminal alone: in data they are escaped.
pub fn isolated(line: &str) -> std::borrow::Cow<'_, str> {
    if runs_left(line) { format!("\u{2068}{line}\u{2069}").into() } else { line.into() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_are_those_of_terminals() {
        for (text, columns) in [
            ("Putin", 5),
            ("习近平", 6),
            ("e\u{301}", 1),
            ("नरेन्द्र मोदी", 10),
            ("☎\u{fe0f}", 2),
            ("👨‍👩‍👧", 2),
            ("🇧🇾", 2),
            ("لا", 2),
            ("김정은", 6),
            ("\u{2068}أ\u{2069}", 1),
            ("", 0),
        ] {
            assert_eq!(width(text), columns, "{text}");
        }
        assert_eq!(widest("ab\n习近\nc"), 4);
    }

    #[test]
    fn letters_looked_at_alone_are_as_wide_as_they_are() {
        for c in (0..=0x10FFFF).filter_map(char::from_u32) {
            if let Some(columns) = alone(c) {
                let text = format!("{c}{c}");
                assert_eq!(text.width(), 2 * columns, "U+{:04X}", c as u32);
                assert_eq!(text.graphemes(true).count(), 2, "U+{:04X}", c as u32);
            }
        }
    }

    #[test]
    fn lines_end_where_readers_expect_it() {
        for (text, room, lines) in [
            ("a remark of several words", 10, "a remark\nof several\nwords"),
            ("2024-05-16/2024-05-17", 12, "2024-05-16/\n2024-05-17"),
            ("Minister-President of North", 12, "Minister-\nPresident of\nNorth"),
            ("中华人民共和国、主席", 8, "中华人民\n共和国、\n主席"),
            ("中华人（民共）", 6, "中华人\n（民\n共）"),
            ("नरेन्द्र मोदी", 6, "नरेन्द्र\nमोदी"),
            ("  deep text here", 8, "  deep\n  text\n  here"),
            ("👨‍👩‍👧👨‍👩‍👧", 3, "👨‍👩‍👧\n👨‍👩‍👧"),
            ("x", 0, "x"),
        ] {
            assert_eq!(wrapped(text, room), lines, "{text}");
        }
    }

    #[test]
    fn no_cluster_is_broken_and_no_line_is_too_wide() {
        let text =
            "नरेन्द्र मोदी 👨‍👩‍👧 e\u{301}e\u{301}e\u{301} 🇧🇾🇷🇺 习近平、李强（总理） владимир-путин 2024-05-16 한국어 العربية";
        for room in 4..40 {
            let lines = wrapped(text, room);
            assert!(lines.lines().all(|line| width(line) <= room), "{room}: {lines}");
            let without = |text: &str| text.chars().filter(|c| !c.is_whitespace()).collect::<String>();
            assert_eq!(without(&lines), without(text));
            let clusters: Vec<&str> = text.graphemes(true).filter(|cluster| *cluster != " ").collect();
            let kept: Vec<&str> = lines.graphemes(true).filter(|cluster| !matches!(*cluster, " " | "\n")).collect();
            assert_eq!(kept, clusters, "{room}");
        }
    }

    #[test]
    fn only_cells_that_run_left_are_isolated() {
        assert_eq!(isolated("تميم"), "\u{2068}تميم\u{2069}");
        assert_eq!(isolated("Xi 习"), "Xi 习");
    }
}
