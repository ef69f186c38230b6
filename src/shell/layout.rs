//! Talk laid out for the terminal: broken at blanks, with what explains something beside it.

use unicode_width::UnicodeWidthStr;

/// No text is squeezed into less than this.
const NARROWEST: usize = 20;

/// A text in lines of at most `width` columns, broken at blanks where there are any; those behind the first begin with
/// `indent` blanks. Without a width it stays as it is.
pub fn wrapped(text: &str, width: Option<usize>, indent: usize) -> Vec<String> {
    let Some(width) = width.filter(|width| text.width() > *width) else { return vec![text.to_string()] };
    let indent = if indent + NARROWEST > width { 0 } else { indent };
    let mut lines = Vec::new();
    let mut line = String::new();
    for word in text.split_inclusive(' ') {
        if !line.trim().is_empty() && line.width() + word.trim_end().width() > width {
            lines.push(line.trim_end().to_string());
            line = " ".repeat(indent);
        }
        line.push_str(word);
    }
    lines.push(line.trim_end().to_string());
    lines
}

/// What something is called and what is said of it, the latter in its own column.
pub fn beside(name: &str, column: usize, text: &str, width: Option<usize>) -> Vec<String> {
    let blanks = column.saturating_sub(name.width()).max(1);
    wrapped(&format!("{name}{}{text}", " ".repeat(blanks)), width, column)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_broken_at_blanks_and_begin_under_each_other() {
        let lines = beside("  .last", 10, "the last answer again, all its rows", Some(32));
        assert_eq!(lines, ["  .last   the last answer again,", "          all its rows"]);
        assert_eq!(wrapped("習近平 習近平", Some(8), 2), ["習近平", "習近平"]);
        assert_eq!(wrapped("a b", None, 0), ["a b"]);
        assert_eq!(wrapped("endless", Some(3), 0), ["endless"]);
    }
}
