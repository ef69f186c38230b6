//! Text to statements that can be run: all mistakes of a text together, LET and AS OF in force for what follows them.

use super::{Prepared, Session};
use crate::bind::named::{Named, put_in, uses};
use crate::bind::names::Names;
use crate::bind::{self, Frame};
use crate::diagnostic::{Diagnostic, binding};
use crate::span::{Span, Spanned};
use crate::syntax;
use crate::syntax::ast::{DateKind, DateLiteral, Statement};
use crate::value::date::{Day, DayRange};

/// What has been said so far in a text.
struct Sayings {
    frame: Frame,
    named: Named,
    /// Names that LET could not give: what uses them cannot be judged.
    lost: Vec<String>,
}

impl Session {
    /// Compiles a whole text.
    ///
    /// # Errors
    /// Every mistake in it, in the order of their places; then nothing of it can be run.
    pub fn compile(&self, text: &str) -> Result<Vec<Prepared>, Vec<Diagnostic>> {
        let (prepared, mistakes) = self.compiled(text, &self.database);
        if mistakes.is_empty() { Ok(prepared) } else { Err(self.mend(text, mistakes)) }
    }

    /// The statements that are right, and every mistake in the others.
    pub(super) fn compiled(&self, text: &str, names: &dyn Names) -> (Vec<Prepared>, Vec<Diagnostic>) {
        // What was said before stands before it, so that all of it is one text.
        let before: String = self.said.borrow().concat();
        let whole = format!("{before}{text}");
        let begin = before.len();
        let script = syntax::parse(&whole);
        let mut mistakes = script.diagnostics;
        let mut prepared = Vec::new();
        let mut sayings = Sayings { frame: self.frame.clone(), named: Named::new(), lost: script.lost };
        let first = script.statements.iter().map(|statement| statement.span.start).find(|start| *start >= begin);
        for Spanned { value: mut statement, span } in script.statements {
            let unreadable = uses(&statement, &sayings.lost);
            let put = if unreadable { Ok(()) } else { put_in(&mut statement, &sayings.named) };
            if unreadable || put.is_err() {
                if let Statement::LetQuery { name, .. } = &statement {
                    sayings.lost.push(name.value.clone());
                }
                mistakes.extend(put.err());
                continue;
            }
            let may_begin = span.start < begin || Some(span.start) == first;
            mistakes.extend(self.take_in(&statement, &mut sayings, may_begin));
            match bind::bind(&whole, &statement, names, &sayings.frame) {
                Ok(_) if span.start < begin => {}
                Ok(bound) => {
                    let place = Span::new(span.start - begin, span.end - begin);
                    let text = span.text(&whole).trim().to_string();
                    prepared.push(Prepared { text, span: place, statement: bound });
                }
                Err(found) => mistakes.extend(found),
            }
        }
        for query in script.broken {
            let mut statement = Statement::Query(query);
            if uses(&statement, &sayings.lost) || put_in(&mut statement, &sayings.named).is_err() {
                continue;
            }
            let bound = bind::bind(&whole, &statement, names, &sayings.frame);
            mistakes.extend(bound.err().into_iter().flatten());
        }
        mistakes.iter_mut().for_each(|diagnostic| moved(diagnostic, begin));
        mistakes.sort_by_key(|diagnostic| diagnostic.span);
        // A named query with a mistake is put in wherever it is used: one mistake is said once.
        mistakes.dedup();
        (prepared, mistakes)
    }

    /// Takes in what LET and AS OF say; `may_begin` where nothing but such sayings stands before.
    fn take_in(&self, statement: &Statement, sayings: &mut Sayings, may_begin: bool) -> Option<Diagnostic> {
        match statement {
            Statement::LetQuery { name, query } => {
                sayings.named.insert(name.value.clone(), query.clone());
                sayings.frame.queries.push(name.value.clone());
                None
            }
            Statement::LetParameter { parameter, value } => {
                // The command line goes before the text: what stands there is the default.
                if !self.frame.parameters.contains_key(&parameter.value) {
                    sayings.frame.parameters.insert(parameter.value.clone(), value.clone());
                }
                None
            }
            Statement::AsOf { keyword, .. } if !may_begin => Some(binding::as_of_later(*keyword)),
            Statement::AsOf { day, .. } => match one_day(day, &sayings.frame) {
                Ok(_) if self.frame.today.is_some() => None,
                Ok(day) => {
                    sayings.frame.today = Some(day);
                    None
                }
                Err(diagnostic) => Some(*diagnostic),
            },
            _ => None,
        }
    }

    /// Keeps what LET and AS OF say for the texts to come.
    pub fn keep(&self, prepared: &Prepared) {
        if !prepared.is_setting() {
            return;
        }
        let text = format!("{};\n", prepared.text);
        let mut said = self.said.borrow_mut();
        let is_as_of = |text: &String| text.get(..2).is_some_and(|word| word.eq_ignore_ascii_case("as"));
        if is_as_of(&text) {
            said.retain(|known| !is_as_of(known));
            said.insert(0, text);
        } else {
            said.push(text);
        }
    }

    /// The parameters that a text uses and nothing gives a value to, each once, in their order.
    pub fn missing_parameters(&self, text: &str) -> Vec<String> {
        let before: String = self.said.borrow().concat();
        let whole = format!("{before}{text}");
        let mut given: Vec<String> = self.frame.parameters.keys().cloned().collect();
        for statement in syntax::parse(&whole).statements {
            if let Statement::LetParameter { parameter, .. } = statement.value {
                given.push(parameter.value);
            }
        }
        let mut missing = Vec::new();
        // What is wrong anyway is said before anybody answers questions for it.
        if self.compiled(text, &self.database).1.iter().any(|mistake| mistake.code != "B231") {
            return missing;
        }
        for token in syntax::tokens(text).iter().filter(|token| token.kind == syntax::token::TokenKind::Parameter) {
            let name = token.span.text(text).trim_start_matches('$').to_string();
            if !given.contains(&name) && !missing.contains(&name) {
                missing.push(name);
            }
        }
        missing
    }
}

/// Back to the places of the text itself.
fn moved(diagnostic: &mut Diagnostic, begin: usize) {
    let back = |span: Span| Span::new(span.start.saturating_sub(begin), span.end.saturating_sub(begin));
    diagnostic.span = diagnostic.span.map(back);
    if let Some(patch) = &mut diagnostic.patch {
        patch.span = back(patch.span);
    }
}

/// The day that AS OF names.
fn one_day(literal: &DateLiteral, frame: &Frame) -> Result<Day, Box<Diagnostic>> {
    let days = match &literal.kind {
        DateKind::Days { days, .. } => Some(*days),
        DateKind::Parameter(word) => {
            frame.parameters.get(&word.value).and_then(|given| DayRange::parse(&given.text).ok())
        }
        DateKind::Event(_) | DateKind::Today => None,
    };
    match days {
        Some(days) if days.first == days.last => Ok(days.first),
        _ => Err(Box::new(binding::not_one_day(literal.span))),
    }
}
