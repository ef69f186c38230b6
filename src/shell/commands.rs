//! Dot-commands, from one table: what they are called, what they do, their help.

use super::State;
use super::help::{self, help};
use super::script::read;
use crate::catalog::NOUNS;
use crate::dataset;
use crate::diagnostic::Diagnostic;
use crate::present::{FORMATS, Format};
use crate::session::Session;
use crate::span::Source;
use crate::store::Database;
use crate::suggest::nearest;
use rustyline::completion::Pair;
use std::path::{Path, PathBuf};

/// Whether the prompt comes again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Next {
    GoOn,
    Leave,
}

pub(super) struct Command {
    pub(super) name: &'static str,
    /// What may follow it.
    pub(super) argument: &'static str,
    pub(super) help: &'static str,
    /// Words that mean it without a dot.
    bare: &'static [&'static str],
    run: fn(&mut State, &str) -> Result<Next, Diagnostic>,
}

pub(super) static COMMANDS: &[Command] = &[
    Command {
        name: "help",
        argument: "[topic]",
        help: "this list; or about a statement, clause, phrase, function, noun or command, with an example",
        bare: &["help", "?"],
        run: help,
    },
    Command { name: "tables", argument: "", help: "the nouns that FROM takes", bare: &[], run: tables },
    Command {
        name: "describe",
        argument: "[noun or name]",
        help: "what a noun has, or what the file knows of a name",
        bare: &[],
        run: describe,
    },
    Command {
        name: "format",
        argument: "[name]",
        help: "how answers are written; without a word, what there is",
        bare: &[],
        run: format,
    },
    Command {
        name: "output",
        argument: "[FILE]",
        help: "write answers to a new file; without a file, to the terminal again",
        bare: &[],
        run: output,
    },
    Command { name: "cite", argument: "on|off", help: "show the sources of every row", bare: &[], run: cite },
    Command { name: "sql", argument: "on|off", help: "show the SQL of every query", bare: &[], run: sql },
    Command { name: "timer", argument: "on|off", help: "show how long every answer took", bare: &[], run: timer },
    Command {
        name: "param",
        argument: "[NAME [VALUE]]",
        help: "list the parameters, or give $NAME a value; without one, forget it",
        bare: &[],
        run: parameter,
    },
    Command { name: "read", argument: "FILE", help: "run the statements of a file", bare: &[], run: read_file },
    Command {
        name: "open",
        argument: "[FILE.db]",
        help: "ask another file; without one, the article's meetings",
        bare: &[],
        run: open,
    },
    Command { name: "info", argument: "", help: "what the open file is", bare: &[], run: info },
    Command {
        name: "ship",
        argument: "OUT.db",
        help: "write the open file, sealed, to give to others",
        bare: &[],
        run: ship,
    },
    Command { name: "quit", argument: "", help: "leave", bare: &["quit", "exit"], run: quit },
];

/// The command and its argument, if the text is one.
pub fn parse(text: &str) -> Option<(&str, &str)> {
    let plain = text.trim_end_matches(';').trim_end();
    if let Some(command) =
        COMMANDS.iter().find(|command| command.bare.iter().any(|bare| bare.eq_ignore_ascii_case(plain)))
    {
        return Some((command.name, ""));
    }
    let rest = text.strip_prefix(['.', '\\'])?;
    let rest = rest.split('\n').next().unwrap_or(rest);
    let (name, argument) = rest.split_once(char::is_whitespace).unwrap_or((rest, ""));
    Some((name, argument.trim()))
}

/// Does what a command says.
pub fn obey(state: &mut State, name: &str, argument: &str) -> Next {
    let found: Vec<&Command> =
        COMMANDS.iter().filter(|command| command.name.starts_with(name) && !name.is_empty()).collect();
    let exact = found.iter().find(|command| command.name == name).copied();
    let Some(command) = exact.or(if let [only] = found.as_slice() { Some(only) } else { None }) else {
        let near = nearest(name, COMMANDS.iter().map(|command| command.name));
        let hint = near.first().map_or(String::new(), |near| format!("; did you mean .{near}?"));
        state.output.say(&format!("there is no command .{name}{hint} (.help lists them)"));
        return Next::GoOn;
    };
    match (command.run)(state, argument.trim_end_matches(';').trim()) {
        Ok(next) => next,
        Err(diagnostic) => {
            state.output.complain(&[diagnostic], None);
            Next::GoOn
        }
    }
}

/// Completion of a command's name, or of what help is asked about.
pub fn complete(line: &str, cursor: usize) -> (usize, Vec<Pair>) {
    if let Some((before, topic)) = line.get(..cursor).and_then(|typed| typed.split_once(".help ")) {
        let start = before.len() + ".help ".len();
        let pair = |topic: String| Pair { display: topic.clone(), replacement: topic };
        return (start, help::beginning_with(topic).into_iter().map(pair).collect());
    }
    let start = line.len() - line.trim_start().len();
    let typed = line.get(start..cursor).unwrap_or("").trim_start_matches('.');
    let fitting = COMMANDS.iter().filter(|command| command.name.starts_with(typed));
    let pairs = fitting.map(|command| Pair {
        display: format!(".{} {}  {}", command.name, command.argument, command.help),
        replacement: format!(".{}", command.name),
    });
    (start, pairs.collect())
}

fn tables(state: &mut State, _: &str) -> Result<Next, Diagnostic> {
    state.statements(&Source::new(".tables", "DESCRIBE"));
    Ok(Next::GoOn)
}

fn describe(state: &mut State, argument: &str) -> Result<Next, Diagnostic> {
    let noun = NOUNS.iter().any(|noun| noun.name == argument);
    let quoted = argument.starts_with(['\'', '"']) || argument.is_empty() || noun;
    let subject = if quoted { argument.to_string() } else { format!("'{}'", argument.replace('\'', "''")) };
    state.statements(&Source::new(".describe", format!("DESCRIBE {subject}")));
    Ok(Next::GoOn)
}

fn format(state: &mut State, argument: &str) -> Result<Next, Diagnostic> {
    match Format::from_name(argument) {
        Some(format) => state.output.format = format,
        None => {
            for about in FORMATS {
                let chosen = if about.format == state.output.format { "*" } else { " " };
                state.output.say(&format!("{chosen} {:<8}{}", about.name, about.help));
            }
        }
    }
    Ok(Next::GoOn)
}

fn output(state: &mut State, argument: &str) -> Result<Next, Diagnostic> {
    if argument.is_empty() {
        state.file = None;
        return Ok(Next::GoOn);
    }
    // A file that is there is somebody's: nothing is written over or into it.
    dataset::put(Path::new(argument), b"", false)?;
    state.file = Some(PathBuf::from(argument));
    if let Some(format) = Format::from_path(Path::new(argument)) {
        state.output.format = format;
    }
    Ok(Next::GoOn)
}

fn switch(state: &State, argument: &str, now: bool) -> bool {
    match argument {
        "on" => true,
        "off" => false,
        _ => {
            state.output.say(&format!("it is {}; on or off changes it", if now { "on" } else { "off" }));
            now
        }
    }
}

fn cite(state: &mut State, argument: &str) -> Result<Next, Diagnostic> {
    state.cite = switch(state, argument, state.cite);
    Ok(Next::GoOn)
}

fn sql(state: &mut State, argument: &str) -> Result<Next, Diagnostic> {
    state.show_sql = switch(state, argument, state.show_sql);
    Ok(Next::GoOn)
}

fn timer(state: &mut State, argument: &str) -> Result<Next, Diagnostic> {
    state.timer = switch(state, argument, state.timer);
    Ok(Next::GoOn)
}

fn parameter(state: &mut State, argument: &str) -> Result<Next, Diagnostic> {
    let by_sign = |c: char| c.is_whitespace() || c == '=';
    let (name, value) = argument.split_once(by_sign).unwrap_or((argument, ""));
    let (name, value) = (name.trim_start_matches('$'), value.trim_start_matches(by_sign));
    let mut session = state.session.borrow_mut();
    let parameters = &mut session.frame;
    match (name, value.trim()) {
        ("", _) => {
            for (name, given) in &parameters.parameters {
                state.output.say(&format!("${name} is {}", given.text));
            }
        }
        (name, "") => drop(parameters.parameters.remove(name)),
        (name, value) => parameters.set(name, value.trim_matches(['\'', '"'])),
    }
    Ok(Next::GoOn)
}

fn read_file(state: &mut State, argument: &str) -> Result<Next, Diagnostic> {
    if argument.is_empty() || argument == "-" {
        state.output.say(".read takes the name of a file");
        return Ok(Next::GoOn);
    }
    let source = read(Path::new(argument))?;
    state.statements(&source);
    Ok(Next::GoOn)
}

fn open(state: &mut State, argument: &str) -> Result<Next, Diagnostic> {
    let database = if argument.is_empty() { Database::bundled()? } else { Database::open(Path::new(argument))? };
    let settings = state.session.borrow().settings;
    state.open(Session::new(database, settings)?);
    Ok(Next::GoOn)
}

fn info(state: &mut State, _: &str) -> Result<Next, Diagnostic> {
    let lines = dataset::info(state.session.borrow().database())?;
    lines.iter().for_each(|(what, value)| state.output.say(&format!("{what:<16}{value}")));
    Ok(Next::GoOn)
}

fn ship(state: &mut State, argument: &str) -> Result<Next, Diagnostic> {
    if argument.is_empty() {
        state.output.say(".ship takes the name of the file to write");
        return Ok(Next::GoOn);
    }
    let built = dataset::ship(state.session.borrow().database(), Path::new(argument), false)?;
    state.output.say(&format!("{argument} is sealed: {} bytes, version {}", built.bytes.len(), built.version));
    Ok(Next::GoOn)
}

fn quit(_: &mut State, _: &str) -> Result<Next, Diagnostic> {
    Ok(Next::Leave)
}
