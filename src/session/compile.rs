//! Text to statements that can be run: all mistakes of a text together, LET and AS OF in force for what follows them.

use super::{Prepared, Session};
use crate::bind::named::{LAST, Named, put_in, uses};
use crate::bind::names::Names;
use crate::bind::tree::BoundStatement;
use crate::bind::{self, Frame};
use crate::diagnostic::{Diagnostic, binding, running};
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

/// A statement of an earlier text that later ones may rest on.
pub(super) struct Said {
    text: String,
    role: Role,
    builds_on_last: bool,
    parameters: Vec<String>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Role {
    AsOf,
    Let,
    Query,
}

/// Forgets queries that nothing can ask for any more: all but the last, and those that what follows them builds on.
fn forget_unused(all: &mut Vec<Said>) {
    let mut wanted = true;
    let mut kept: Vec<Said> = Vec::new();
    for said in all.drain(..).rev() {
        if said.role == Role::Query && !wanted {
            continue;
        }
        wanted = said.builds_on_last || wanted && said.role != Role::Query;
        kept.push(said);
    }
    kept.reverse();
    *all = kept;
}

/// The parameters in a text.
fn parameters_in(text: &str) -> Vec<String> {
    if !text.contains('$') {
        return Vec::new();
    }
    let parameters = syntax::tokens(text).into_iter().filter(|token| token.kind == syntax::token::TokenKind::Parameter);
    parameters.map(|token| token.span.text(text).trim_start_matches('$').to_string()).collect()
}

/// Whether a text takes rows from the query before.
fn names_last(text: &str) -> bool {
    let statements = syntax::parse(text).statements;
    statements.iter().any(|statement| uses(&statement.value, &[LAST.to_string()]))
}

/// A statement may have so many bytes.
const LONGEST: usize = 256 * 1024;

impl Session {
    /// Compiles a whole text.
    ///
    /// # Errors
    /// Every mistake in it, in the order of their places; then nothing of it can be run.
    pub fn compile(&self, text: &str) -> Result<Vec<Prepared>, Vec<Diagnostic>> {
        let (prepared, mistakes) = self.compiled(text, &self.database);
        match mistakes.is_empty() {
            true => Ok(prepared),
            // Each change that may mend it is tried by reading all of it once more.
            false if text.len() > LONGEST => Err(mistakes),
            false => Err(self.mend(text, mistakes)),
        }
    }

    /// The statements that are right, and every mistake in the others.
    pub(super) fn compiled(&self, text: &str, names: &dyn Names) -> (Vec<Prepared>, Vec<Diagnostic>) {
        // What was said before stands before it, so that all of it is one text.
        let before = self.said_before();
        let whole = format!("{before}{text}");
        let begin = before.len();
        let script = syntax::parse(&whole);
        let mut mistakes = script.diagnostics;
        let mut prepared = Vec::new();
        let mut sayings = Sayings { frame: self.frame.clone(), named: Named::default(), lost: script.lost };
        if !script.broken.is_empty() {
            sayings.lost.push(LAST.to_string());
        }
        let first = script.statements.iter().map(|statement| statement.span.start).find(|start| *start >= begin);
        let end = script.statements.last().map_or(0, |statement| statement.span.end);
        for Spanned { value: mut statement, span } in script.statements {
            if span.range().len() > LONGEST {
                // What comes after parsing cannot be stopped, and no person writes so much.
                mistakes.push(running::query_too_large().at(Span::new(span.start, span.start)));
                continue;
            }
            let mut parameters = sayings.named.parameters_below(&statement);
            parameters.extend(parameters_in(span.text(&whole)));
            let unreadable = uses(&statement, &sayings.lost);
            let put = if unreadable { Ok(()) } else { put_in(&mut statement, &sayings.named) };
            if unreadable || put.is_err() {
                if let Statement::LetQuery { name, .. } = &statement {
                    sayings.lost.push(name.value.clone());
                }
                mistakes.extend(put.err());
                continue;
            }
            let query = match &statement {
                Statement::Query(query) => Some(query),
                _ => None,
            };
            let may_begin = span.start < begin || Some(span.start) == first;
            mistakes.extend(self.take_in(&statement, &mut sayings, &parameters, may_begin));
            match bind::bind(&whole, &statement, names, &sayings.frame) {
                Ok(bound) => {
                    // The last statement of all is nobody's query before.
                    if let Some(query) = query.filter(|_| span.end < end) {
                        sayings.named.set_last(query, parameters);
                    }
                    if span.start < begin {
                        continue;
                    }
                    let place = Span::new(span.start - begin, span.end - begin);
                    let text = span.text(&whole).trim().to_string();
                    prepared.push(Prepared { text, span: place, statement: bound });
                }
                Err(found) => {
                    if query.is_some() {
                        sayings.lost.push(LAST.to_string());
                    }
                    mistakes.extend(found);
                }
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
    fn take_in(
        &self,
        statement: &Statement,
        sayings: &mut Sayings,
        parameters: &[String],
        may_begin: bool,
    ) -> Option<Diagnostic> {
        match statement {
            Statement::LetQuery { name, query } => {
                sayings.named.insert(name.value.clone(), query.clone(), parameters.to_vec());
                sayings.frame.queries.push(name.value.clone());
                None
            }
            Statement::LetParameter { parameter, value } => {
                // The command line goes before the text: what stands there is the default.
                if !self.frame.parameters.contains_key(&parameter.value) {
                    let before = sayings.frame.parameters.insert(parameter.value.clone(), value.clone());
                    if before
                        .is_some_and(|before| (before.kind, before.text) != (value.kind.clone(), value.text.clone()))
                    {
                        sayings.named.change(&parameter.value);
                    }
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

    /// Keeps what LET and AS OF say, and a query as the one before, for the texts to come.
    pub fn keep(&self, prepared: &Prepared) {
        let role = match (&prepared.statement, prepared.text.get(..2)) {
            (BoundStatement::Setting(_), Some(word)) if word.eq_ignore_ascii_case("as") => Role::AsOf,
            (BoundStatement::Setting(_), _) => Role::Let,
            (BoundStatement::Query(_), _) => Role::Query,
            _ => return,
        };
        let said = Said {
            text: format!("{};\n", prepared.text),
            role,
            builds_on_last: names_last(&prepared.text),
            parameters: parameters_in(&prepared.text),
        };
        let mut all = self.said.borrow_mut();
        match role {
            Role::AsOf => {
                all.retain(|known| known.role != Role::AsOf);
                all.insert(0, said);
            }
            Role::Let => all.push(said),
            Role::Query => {
                all.push(said);
                forget_unused(&mut all);
            }
        }
    }

    /// Gives a parameter a value from outside of a text; a query before that was asked with another is the last no more.
    pub fn set_parameter(&mut self, name: &str, value: &str) {
        let changed = self.frame.parameters.get(name).is_some_and(|known| known.text != value);
        self.frame.set(name, value);
        if changed {
            self.said
                .borrow_mut()
                .retain(|said| said.role != Role::Query || !said.parameters.iter().any(|p| p == name));
        }
    }

    /// All that earlier texts said, as one text that stands before the next.
    fn said_before(&self) -> String {
        self.said.borrow().iter().map(|said| said.text.as_str()).collect()
    }

    /// The queries that LET has named so far, in a text and before it, and the last: the name and the noun after FROM.
    pub fn named(&self, text: &str) -> Vec<(String, String)> {
        let whole = self.said_before() + text;
        let mut named: Vec<(String, String)> = Vec::new();
        for statement in syntax::parse(&whole).statements {
            let (name, query) = match statement.value {
                Statement::LetQuery { name, query } => (name.value, query),
                Statement::Query(query) => (LAST.to_string(), query),
                _ => continue,
            };
            let below = named.iter().rev().find(|(known, _)| *known == query.noun.value);
            let noun = below.map_or(query.noun.value, |(_, noun)| noun.clone());
            named.push((name, noun));
        }
        named
    }

    /// The parameters that have a value: of the command line, of the prompt, of LET.
    pub fn parameters(&self, text: &str) -> Vec<(String, String)> {
        let whole = self.said_before() + text;
        let given = self.frame.parameters.iter().map(|(name, given)| (name.clone(), given.text.clone()));
        let mut known: Vec<(String, String)> = given.collect();
        for statement in syntax::parse(&whole).statements {
            if let Statement::LetParameter { parameter, value } = statement.value
                && !known.iter().any(|(name, _)| *name == parameter.value)
            {
                known.push((parameter.value, value.text));
            }
        }
        known
    }

    /// The parameters that a text uses and nothing gives a value to, each once, in their order.
    pub fn missing_parameters(&self, text: &str) -> Vec<String> {
        let before = self.said_before();
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
