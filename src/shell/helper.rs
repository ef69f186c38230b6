//! The line editor's questions: is the statement complete, what could stand here, how does it look.

use crate::assist::{self, Part};
use crate::present::safe::{is_forbidden, safe, safe_lines};
use crate::session::Session;
use crate::syntax::{Completeness, completeness};
use anstyle::{AnsiColor, Style};
use rustyline::completion::{Completer, Pair};
use rustyline::highlight::{CmdKind, Highlighter};
use rustyline::hint::{Hint, Hinter, HistoryHinter};
use rustyline::validate::{ValidationContext, ValidationResult, Validator};
use rustyline::{Context, Helper};
use std::borrow::Cow;
use std::cell::RefCell;
use std::rc::Rc;

pub struct Assistant {
    session: Rc<RefCell<Session>>,
    history: HistoryHinter,
    /// While the value of a parameter is asked for: what is typed is no statement.
    pub value: bool,
}

impl Assistant {
    pub fn new(session: Rc<RefCell<Session>>) -> Self {
        Assistant { session, history: HistoryHinter::new(), value: false }
    }
}

impl Helper for Assistant {}

/// A ghost of an earlier statement, or what is missing to this one.
pub struct Ghost {
    shown: String,
    /// Whether the right arrow takes it.
    taken: bool,
}

impl Hint for Ghost {
    fn display(&self) -> &str {
        &self.shown
    }

    fn completion(&self) -> Option<&str> {
        self.taken.then_some(self.shown.as_str())
    }
}

/// Whether Enter hands the text over: a dot-command, a statement with its semicolon, or an empty last line.
pub fn is_whole(text: &str) -> bool {
    let ends_empty = text.rsplit_once('\n').is_some_and(|(_, last)| last.trim().is_empty());
    super::commands::parse(text.trim()).is_some()
        || ends_empty
        || matches!(completeness(text), Completeness::Complete | Completeness::Empty)
}

impl Validator for Assistant {
    fn validate(&self, context: &mut ValidationContext) -> rustyline::Result<ValidationResult> {
        let whole = self.value || is_whole(context.input());
        Ok(if whole { ValidationResult::Valid(None) } else { ValidationResult::Incomplete })
    }
}

impl Hinter for Assistant {
    type Hint = Ghost;

    fn hint(&self, line: &str, cursor: usize, context: &Context<'_>) -> Option<Ghost> {
        if cursor < line.len() || self.value {
            return None;
        }
        if let Some(rest) = self.history.hint(line, cursor, context) {
            return Some(Ghost { shown: safe_ghost(&rest)?, taken: true });
        }
        match completeness(line) {
            Completeness::Incomplete { missing } if line.contains('\n') => {
                Some(Ghost { shown: format!("   … {missing}"), taken: false })
            }
            _ => None,
        }
    }
}

/// Only the first line, and only if it is what it seems.
fn safe_ghost(rest: &str) -> Option<String> {
    (!rest.contains('\n') && safe(rest) == rest).then(|| rest.to_string())
}

impl Completer for Assistant {
    type Candidate = Pair;

    fn complete(&self, line: &str, cursor: usize, _: &Context<'_>) -> rustyline::Result<(usize, Vec<Pair>)> {
        if self.value {
            return Ok((cursor, Vec::new()));
        }
        if line.trim_start().starts_with('.') {
            return Ok(super::commands::complete(line, cursor));
        }
        let session = self.session.borrow();
        let (start, candidates) = assist::complete(&session, line, cursor);
        let several = candidates.len() > 1;
        let pairs = candidates.into_iter().map(|candidate| {
            let what =
                if several && !candidate.what.is_empty() { format!("  {}", candidate.what) } else { String::new() };
            Pair { display: safe(&format!("{}{what}", candidate.text)).into_owned(), replacement: candidate.text }
        });
        Ok((start, pairs.collect()))
    }
}

impl Highlighter for Assistant {
    fn highlight<'l>(&self, line: &'l str, _: usize) -> Cow<'l, str> {
        if line.trim_start().starts_with('.') || self.value {
            return visible(line);
        }
        let session = self.session.borrow();
        let mut shown = String::with_capacity(line.len() * 2);
        let mut at = 0;
        for (span, part) in assist::parts(&session, line) {
            let style = look(part);
            shown.push_str(&visible(line.get(at..span.start).unwrap_or("")));
            shown.push_str(&format!("{style}{}{style:#}", visible(span.text(line))));
            at = span.end;
        }
        shown.push_str(&visible(line.get(at..).unwrap_or("")));
        Cow::Owned(shown)
    }

    fn highlight_hint<'h>(&self, hint: &'h str) -> Cow<'h, str> {
        let dim = Style::new().dimmed();
        Cow::Owned(format!("{dim}{hint}{dim:#}"))
    }

    fn highlight_char(&self, _: &str, _: usize, kind: CmdKind) -> bool {
        kind != CmdKind::MoveCursor
    }
}

/// What was pasted may hold characters that reorder or hide text. They take no room, and so none is given to them here;
/// the message about such a name shows them.
fn visible(text: &str) -> Cow<'_, str> {
    if safe_lines(text) == text {
        Cow::Borrowed(text)
    } else {
        text.chars().filter(|c| *c == '\n' || !is_forbidden(*c)).collect()
    }
}

fn look(part: Part) -> Style {
    let color = |color: AnsiColor| Style::new().fg_color(Some(color.into()));
    match part {
        Part::Keyword => Style::new().bold(),
        Part::Text => color(AnsiColor::Green),
        Part::NotFound => color(AnsiColor::Yellow).underline(),
        Part::Number | Part::Date => color(AnsiColor::Cyan),
        Part::Wrong => color(AnsiColor::Red),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn enter_runs_what_is_whole_and_goes_on_with_what_is_not() {
        for whole in
            ["FROM meetings;", "FROM meetings WITH Putin\n", ".help", "exit", "?", "", "-- a remark", "FROM x; "]
        {
            assert!(is_whole(whole), "{whole:?}");
        }
        for open in ["FROM meetings", "FROM meetings WITH 'Xi;", "FROM meetings /* ;", "FROM meetings;\nFROM", "SELECT"]
        {
            assert!(!is_whole(open), "{open:?}");
        }
    }
}
