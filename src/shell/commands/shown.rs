//! Commands about how answers are shown, and where.

use super::Next;
use crate::dataset;
use crate::diagnostic::Diagnostic;
use crate::present::{FORMATS, Format};
use crate::shell::output::Output;
use crate::shell::settings::{self, Origin, not_among};
use crate::shell::{State, Target};
use std::rc::Rc;

/// `.format [name]`
pub fn format(state: &mut State, argument: &str) -> Result<Next, Diagnostic> {
    if argument.is_empty() {
        for about in FORMATS {
            let chosen = if about.format == state.output.format { "*" } else { " " };
            state.output.say(&format!("{chosen} {:<9}{}", about.name, about.help));
        }
    } else if let Some(format) = known_format(state, argument) {
        state.set("format", settings::name_of(format));
    }
    Ok(Next::GoOn)
}

/// The format of that name; says which there are if there is none.
fn known_format(state: &State, name: &str) -> Option<Format> {
    let format = Format::from_name(&name.to_lowercase());
    if format.is_none() {
        let known: Vec<&str> = FORMATS.iter().map(|about| about.name).collect();
        state.output.say(&not_among("format", name, &known));
    }
    format
}

/// `.output [FILE]`
pub fn output(state: &mut State, argument: &str) -> Result<Next, Diagnostic> {
    if argument.is_empty() {
        if let Some(Target { path, .. }) = state.file.take() {
            state.output.format = state.settings.format;
            state.output.say(&format!("answers to the terminal again; {} is written", path.display()));
        }
        return Ok(Next::GoOn);
    }
    // A file that is there is somebody's: nothing is written over or into it.
    let path = super::files::expanded(argument);
    dataset::put(&path, b"", false).map_err(|diagnostic| super::files::unforced(diagnostic, &path))?;
    state.output.format = Format::from_path(&path).unwrap_or(state.settings.format);
    let format = settings::name_of(state.output.format);
    let goes = if state.output.holds_one() { "one answer goes" } else { "answers go" };
    state.output.say(&format!("{goes} to {} as {format}, until .output", path.display()));
    state.file = Some(Target { path, answers: 0 });
    Ok(Next::GoOn)
}

/// `.last [format]`
pub fn last(state: &mut State, argument: &str) -> Result<Next, Diagnostic> {
    let format = if argument.is_empty() { Some(state.settings.format) } else { known_format(state, argument) };
    let (Some(format), Some(statement)) = (format, state.last.clone()) else {
        if state.last.is_none() {
            state.output.say("there is no answer yet");
        }
        return Ok(Next::GoOn);
    };
    // What was cut is what is wanted.
    let most = state.session.borrow_mut().settings.max_rows.take();
    let session = Rc::clone(&state.session);
    let output = Output { format, ..state.output.resized() };
    let ran = state.shown(&session.borrow(), &statement, output);
    session.borrow_mut().settings.max_rows = most;
    state.unstopped();
    ran.map(|_| Next::GoOn)
}

/// Turns a setting on or off; says how it is where nothing is asked.
fn switch(state: &mut State, key: &str, argument: &str, now: bool) -> Result<Next, Diagnostic> {
    match argument.to_lowercase().as_str() {
        "" => state.output.say(&format!("{key} is {}", if now { "on" } else { "off" })),
        word => state.set(key, word),
    }
    Ok(Next::GoOn)
}

/// `.cite on|off`
pub fn cite(state: &mut State, argument: &str) -> Result<Next, Diagnostic> {
    switch(state, "cite", argument, state.settings.cite)
}

/// `.sql on|off`
pub fn sql(state: &mut State, argument: &str) -> Result<Next, Diagnostic> {
    switch(state, "sql", argument, state.settings.sql)
}

/// `.timer on|off`
pub fn timer(state: &mut State, argument: &str) -> Result<Next, Diagnostic> {
    switch(state, "timer", argument, state.settings.timer)
}

/// `.pager on|off|PROGRAM`
pub fn pager(state: &mut State, argument: &str) -> Result<Next, Diagnostic> {
    if argument.is_empty() {
        let pager = crate::shell::pager::chosen(state.settings.pager.as_deref());
        state.output.say(&format!("the pager is {}", pager.as_deref().unwrap_or("off")));
    } else {
        state.set("pager", argument);
    }
    Ok(Next::GoOn)
}

/// `.settings [KEY VALUE]`
pub fn settings(state: &mut State, argument: &str) -> Result<Next, Diagnostic> {
    match argument.split_once(|c: char| c.is_whitespace() || c == '=') {
        Some((key, value)) => {
            state.set(key, value.trim_start_matches(|c: char| c.is_whitespace() || c == '=').trim_matches('"'));
        }
        None if argument.is_empty() => {
            let mut lines = state.settings.lines(state.output.talk.width);
            if let Some(path) = settings::path() {
                let there = if path.exists() { "" } else { ", which does not exist" };
                lines.push(format!("the settings file is {}{there}", path.display()));
            }
            state.tell(&lines);
        }
        None => state.set(argument, ""),
    }
    Ok(Next::GoOn)
}

impl State {
    /// Gives a setting a value until the prompt is left, or says what is wrong with it.
    fn set(&mut self, key: &str, value: &str) {
        match self.settings.set(key, value, Origin::Prompt) {
            Ok(()) => self.apply(key == "format"),
            Err(why) => self.output.say(&why),
        }
    }
}
