//! Messages as text: what is wrong, where, the line with the span underlined, the nearest right thing, how to mend it.
//!
//! annotate-snippets draws; it underlines by width, so Cyrillic, Chinese and tabs keep their places. Text of the source
//! is made safe before, each unsafe character by one visible stand-in, so that nothing moves.

use super::{Style, safe};
use crate::diagnostic::{Diagnostic, Severity};
use crate::span::{Source, Span};
use annotate_snippets::renderer::DecorStyle;
use annotate_snippets::{AnnotationKind, Group, Level, Patch, Renderer, Snippet};
use serde_json::json;

/// All messages, one after the other, each ended by a newline.
pub fn render(diagnostics: &[Diagnostic], source: Option<&Source>, style: Style) -> String {
    let shown = source.map(|source| Shown::new(&source.name, &source.text));
    diagnostics.iter().map(|diagnostic| one(diagnostic, shown.as_ref(), style) + "\n").collect()
}

/// A source text as it may be shown, byte for byte as long as the original.
struct Shown {
    name: String,
    text: String,
}

impl Shown {
    fn new(name: &str, text: &str) -> Shown {
        let keep = |c: char| {
            c == '\n' || c == '\t' || c == '\r' || !safe::safe(c.encode_utf8(&mut [0; 4])).starts_with("\\u{")
        };
        // A stand-in of the same length in bytes keeps all spans right.
        let stand_in = |c: char| match c.len_utf8() {
            1 => "?",
            2 => "¿",
            3 => "\u{FFFD}",
            _ => "🯄",
        };
        let mut made = String::with_capacity(text.len());
        let mut rest = text.chars().peekable();
        while let Some(c) = rest.next() {
            match c {
                '\r' if rest.peek() != Some(&'\n') => made.push('?'),
                c if keep(c) => made.push(c),
                c => made.push_str(stand_in(c)),
            }
        }
        Shown { name: safe::safe(name).into_owned(), text: made }
    }

    /// The span, within the text and on character boundaries whatever happens.
    fn range(&self, span: Span) -> std::ops::Range<usize> {
        let floor =
            |at: usize| (0..=at.min(self.text.len())).rev().find(|at| self.text.is_char_boundary(*at)).unwrap_or(0);
        let start = floor(span.start);
        start..floor(span.end).max(start)
    }
}

fn one(diagnostic: &Diagnostic, source: Option<&Shown>, style: Style) -> String {
    let message = shortened(&safe::safe(&diagnostic.message));
    let label = safe::safe(&diagnostic.label).into_owned();
    let level = match diagnostic.severity {
        Severity::Error => Level::ERROR,
        Severity::Warning => Level::WARNING,
    };
    let mut group = Group::with_title(level.primary_title(message).id(diagnostic.code));
    if let (Some(source), Some(span)) = (source, diagnostic.span) {
        let annotation = AnnotationKind::Primary.span(source.range(span)).label(label);
        group = group.element(Snippet::source(source.text.as_str()).path(source.name.as_str()).annotation(annotation));
    }
    let question = suggestion(diagnostic);
    // A patch shows the suggestion where it belongs, and is headed by it.
    let patched = source.is_some() && diagnostic.only_patch().is_some();
    if let Some(question) = question.as_deref().filter(|_| !patched) {
        group = group.element(Level::HELP.message(question));
    }
    let notes: Vec<String> = diagnostic.notes.iter().map(|note| safe::safe_lines(note).into_owned()).collect();
    for note in &notes {
        group = group.element(Level::NOTE.message(note.as_str()));
    }
    let mut report = vec![group];
    if let (Some(source), Some(patch)) = (source, diagnostic.only_patch()) {
        let patch = Patch::new(source.range(patch.span), safe::safe_lines(&patch.text).into_owned());
        let mended = Snippet::source(source.text.as_str()).path(source.name.as_str()).patch(patch);
        let title = question.as_deref().unwrap_or("write it like this");
        report.push(Group::with_title(Level::HELP.secondary_title(title)).element(mended));
    }
    let renderer = if style.color { Renderer::styled() } else { Renderer::plain() };
    let decor = if style.ascii { DecorStyle::Ascii } else { DecorStyle::Unicode };
    let renderer = renderer.decor_style(decor).term_width(style.width.unwrap_or(140).max(40));
    renderer.render(&report)
}

/// A message that quotes something endless is cut; the source line shows where it stands.
fn shortened(text: &str) -> String {
    const LONGEST: usize = 1000;
    if text.chars().count() <= LONGEST { text.to_string() } else { text.chars().take(LONGEST).chain(['…']).collect() }
}

/// The suggestions in one line.
fn suggestion(diagnostic: &Diagnostic) -> Option<String> {
    let text = match diagnostic.suggestions.as_slice() {
        [] => return None,
        [only] => format!("did you mean {only}?"),
        [first @ .., last] => format!("did you mean {} or {last}?", first.join(", ")),
    };
    Some(safe::safe_lines(&text).into_owned())
}

/// One JSON object a line for each message.
pub fn render_json(diagnostics: &[Diagnostic], source: Option<&Source>) -> String {
    diagnostics
        .iter()
        .map(|diagnostic| super::safe::safe_json(&object(diagnostic, source).to_string()) + "\n")
        .collect()
}

fn object(diagnostic: &Diagnostic, source: Option<&Source>) -> serde_json::Value {
    let place = source.zip(diagnostic.span).map(|(source, span)| {
        let ((line, column), (end_line, end_column)) =
            (line_column(&source.text, span.start), line_column(&source.text, span.end));
        json!({ "file": source.name, "line": line, "column": column, "end_line": end_line, "end_column": end_column,
                "start": span.start, "end": span.end })
    });
    let patch = diagnostic
        .only_patch()
        .map(|patch| json!({ "start": patch.span.start, "end": patch.span.end, "text": patch.text }));
    json!({
        "code": diagnostic.code,
        "severity": diagnostic.severity.text(),
        "message": diagnostic.message,
        "place": place,
        "label": diagnostic.label,
        "suggestions": diagnostic.suggestions,
        "notes": diagnostic.notes,
        "patch": patch,
    })
}

/// Line and column of a byte offset, from 1; columns count characters.
pub fn line_column(text: &str, offset: usize) -> (usize, usize) {
    let before = &text.as_bytes()[..offset.min(text.len())];
    let line = before.iter().filter(|byte| **byte == b'\n').count() + 1;
    let start = before.iter().rposition(|byte| *byte == b'\n').map_or(0, |at| at + 1);
    // Continuation bytes of UTF-8 are no characters of their own.
    let column = before[start..].iter().filter(|byte| **byte & 0xC0 != 0x80).count() + 1;
    (line, column)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_place_is_underlined_by_width_in_every_script() {
        let text = "FROM meetings\r\n\tWITH '习近平' AND Путим;";
        let start = text.find("Путим").unwrap();
        let span = Span::new(start, start + "Путим".len());
        let diagnostic = Diagnostic::new("B211", "no leader is called 'Путим'").at(span).suggest(["'Путин'"]);
        let source = Source::new("questions.bilat", text);
        let rendered = render(&[diagnostic], Some(&source), Style { ascii: true, ..Style::default() });
        assert!(rendered.contains("error[B211]: no leader is called 'Путим'"), "{rendered}");
        assert!(rendered.contains("questions.bilat:2:17"), "{rendered}");
        assert!(rendered.contains("did you mean 'Путин'?"), "{rendered}");
        let lines: Vec<&str> = rendered.lines().collect();
        let at = lines.iter().position(|line| line.contains("WITH")).unwrap();
        let column = |line: &str, part: &str| unicode_width::UnicodeWidthStr::width(&line[..line.find(part).unwrap()]);
        assert_eq!(column(lines[at], "Путим"), column(lines[at + 1], "^"), "{rendered}");
    }

    #[test]
    fn nothing_in_a_source_reaches_the_terminal_unseen() {
        let text = "FROM \u{1b}[31m\u{202e}x\0y \u{e0041}";
        let diagnostic = Diagnostic::new("S101", "\u{1b}]0;title\u{7}").at(Span::new(5, 9)).note("\u{9b}1m");
        let rendered = render(&[diagnostic], Some(&Source::new("\u{1b}c", text)), Style::default());
        assert!(!rendered.chars().any(|c| c != '\n' && safe::is_forbidden(c)), "{rendered:?}");
    }

    #[test]
    fn spans_that_lie_outside_do_no_harm() {
        let source = Source::new("x", "aé");
        for (start, end) in [(2, 2), (5, 9), (0, 99), (3, 1), (2, 3)] {
            let diagnostic = Diagnostic::new("S101", "m").at(Span { start, end }).patch(Span { start, end }, "z");
            assert!(render(&[diagnostic], Some(&source), Style::default()).contains("m"));
        }
    }

    #[test]
    fn columns_count_characters() {
        assert_eq!(line_column("ab\nцé", 3), (2, 1));
        assert_eq!(line_column("ab\nцé", 5), (2, 2));
        assert_eq!(line_column("ab", 99), (1, 3));
    }
}
