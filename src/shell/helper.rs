//! The line editor's questions: is the statement complete, what could stand here, how does it look.

use super::choices::listed;
use crate::assist::{self, Part};
use crate::present::safe::{is_forbidden, safe, safe_lines};
use crate::session::Session;
use crate::syntax::token::{Symbol, TokenKind};
use crate::syntax::{Completeness, completeness, tokens};
use anstyle::{AnsiColor, Style};
use rustyline::completion::{Completer, Pair};
use rustyline::highlight::{CmdKind, Highlighter};
use rustyline::hint::{Hint, Hinter, HistoryHinter};
use rustyline::validate::{ValidationContext, ValidationResult, Validator};
use rustyline::{CompletionType, Context, Helper};
use std::borrow::Cow;
use std::cell::{Cell, RefCell};
use std::rc::Rc;

pub struct Assistant {
    session: Rc<RefCell<Session>>,
    history: HistoryHinter,
    /// While the value of a parameter is asked for: what is typed is no statement.
    pub value: bool,
    pub color: bool,
    /// Only ASCII for marks.
    ascii: bool,
    /// Whether nothing was typed when a hint was last asked for.
    empty: Cell<bool>,
}

impl Assistant {
    pub fn new(session: Rc<RefCell<Session>>, ascii: bool) -> Self {
        let history = HistoryHinter::new();
        Assistant { session, history, value: false, color: false, ascii, empty: Cell::new(true) }
    }

    /// Whether the line was empty when it was left.
    pub fn was_empty(&self) -> bool {
        self.empty.get()
    }
}

impl Helper for Assistant {}

/// A ghost of an earlier statement, or what is missing to this one.
pub struct Ghost {
    shown: String,
    /// What the right arrow puts there.
    taken: Option<String>,
}

impl Hint for Ghost {
    fn display(&self) -> &str {
        &self.shown
    }

    fn completion(&self) -> Option<&str> {
        self.taken.as_deref()
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
        self.empty.set(line.is_empty());
        if cursor < line.len() || self.value || line.is_empty() {
            return None;
        }
        // Without dimmed letters nobody could tell an earlier statement from what is typed.
        let earlier = self.history.hint(line, cursor, context).filter(|_| self.color);
        if let Some(ghost) = earlier.and_then(|rest| ghost(&rest, self.ascii)) {
            return Some(ghost);
        }
        let missing = missing(line)?;
        let dots = if self.ascii { "..." } else { "…" };
        Some(Ghost { shown: format!("   {dots} {missing}"), taken: None })
    }
}

/// The rest of an earlier statement: its first line is shown, and all of it taken, if it is what it seems.
fn ghost(rest: &str, ascii: bool) -> Option<Ghost> {
    let (first, more) =
        rest.split_once('\n').map_or((rest, ""), |(first, _)| (first, if ascii { " ..." } else { " …" }));
    (safe_lines(rest) == rest).then(|| Ghost { shown: format!("{first}{more}"), taken: Some(rest.to_string()) })
}

/// What is missing, where that is worth saying: on further lines always; on the first one behind a blank, where the next
/// word is looked for, and inside of quotes, comments and brackets.
fn missing(line: &str) -> Option<String> {
    if super::commands::parse(line.trim()).is_some() {
        return None;
    }
    let Completeness::Incomplete { missing } = completeness(line) else { return None };
    // Who types a command here wants out of the statement.
    let last = line.rsplit_once('\n').map_or("", |(_, last)| last.trim());
    if super::commands::parse(last).is_some() {
        return Some("this is part of the statement; Ctrl-C takes it back".to_string());
    }
    let open = |text: &str| {
        let all = tokens(text);
        let count = |symbol| all.iter().filter(|token| token.kind == TokenKind::Symbol(symbol)).count();
        all.iter().any(|token| token.kind == TokenKind::Unclosed)
            || count(Symbol::LeftParen) > count(Symbol::RightParen)
    };
    let begun = line.trim_start().contains(' ') && line.ends_with(' ');
    (line.contains('\n') || begun || open(line)).then_some(missing)
}

impl Completer for Assistant {
    type Candidate = Pair;

    fn complete(&self, line: &str, cursor: usize, _: &Context<'_>) -> rustyline::Result<(usize, Vec<Pair>)> {
        if self.value {
            return Ok((cursor, Vec::new()));
        }
        let session = self.session.borrow();
        let is_command = line.trim_start().starts_with(['.', '\\']) || super::commands::parse(line.trim()).is_some();
        let (start, mut candidates) = if is_command {
            super::commands::complete(&session, line, cursor)
        } else {
            assist::complete(&session, line, cursor)
        };
        // What a terminal must not show must not be put into the line either.
        candidates.retain(|candidate| safe(&candidate.text) == candidate.text);
        Ok((start, listed(candidates, self.ascii)))
    }
}

impl Highlighter for Assistant {
    fn highlight<'l>(&self, line: &'l str, cursor: usize) -> Cow<'l, str> {
        if line.trim_start().starts_with(['.', '\\']) || self.value || !self.color {
            return visible(line);
        }
        let session = self.session.borrow();
        let mut shown = String::with_capacity(line.len() * 2);
        let mut at = 0;
        for (span, part) in assist::parts(&session, line, cursor) {
            let style = look(part);
            shown.push_str(&visible(line.get(at..span.start).unwrap_or("")));
            shown.push_str(&format!("{style}{}{style:#}", visible(span.text(line))));
            at = span.end;
        }
        shown.push_str(&visible(line.get(at..).unwrap_or("")));
        Cow::Owned(shown)
    }

    fn highlight_hint<'h>(&self, hint: &'h str) -> Cow<'h, str> {
        if !self.color {
            return Cow::Borrowed(hint);
        }
        let dim = Style::new().dimmed();
        Cow::Owned(format!("{dim}{hint}{dim:#}"))
    }

    fn highlight_candidate<'c>(&self, candidate: &'c str, _: CompletionType) -> Cow<'c, str> {
        match candidate.find("  ").filter(|_| self.color) {
            Some(at) => {
                let dim = Style::new().dimmed();
                let (text, what) = candidate.split_at(at);
                Cow::Owned(format!("{text}{dim}{what}{dim:#}"))
            }
            None => Cow::Borrowed(candidate),
        }
    }

    fn highlight_char(&self, line: &str, _: usize, kind: CmdKind) -> bool {
        // Where the cursor is matters to brackets alone.
        kind != CmdKind::MoveCursor || line.contains(['(', ')'])
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
        Part::Fellow => Style::new().bold().underline(),
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
