//! Commands about files: what is read, asked, shipped and edited.

use super::Next;
use crate::dataset::{self, unpack};
use crate::diagnostic::{Diagnostic, data, running};
use crate::present::safe::is_forbidden;
use crate::session::Session;
use crate::shell::State;
use crate::shell::program::{command, variable};
use crate::shell::progress::Bar;
use crate::shell::script::read;
use crate::shell::settings::{not_among, verified};
use crate::span::Source;
use crate::store::progress::OPENING;
use crate::store::{Database, Progress, Stopper};
use std::io::Write;
use std::path::{Path, PathBuf};

/// A file's name as typed: quotes around it and ~ for the home folder are understood.
pub fn expanded(text: &str) -> PathBuf {
    let quoted = ['\'', '"'].iter().find_map(|quote| text.strip_prefix(*quote)?.strip_suffix(*quote));
    let text = quoted.unwrap_or(text);
    match (text.strip_prefix("~/"), etcetera::home_dir()) {
        (Some(rest), Ok(home)) => home.join(rest),
        _ => PathBuf::from(text),
    }
}

/// `.read FILE`
pub fn read_file(state: &mut State, argument: &str) -> Result<Next, Diagnostic> {
    if argument.is_empty() || argument == "-" {
        state.output.say(".read takes the name of a file of statements");
        return Ok(Next::GoOn);
    }
    let source = read(&expanded(argument))?;
    state.file_of_statements(&source);
    Ok(Next::GoOn)
}

/// `.saved [NAME]`
pub fn saved(state: &mut State, argument: &str) -> Result<Next, Diagnostic> {
    let saved = unpack::saved(state.session.borrow().database())?;
    if let Some(text) = saved.get(argument) {
        state.file_of_statements(&Source::new(argument, text));
        return Ok(Next::GoOn);
    }
    let names: Vec<&str> = saved.keys().map(String::as_str).collect();
    let said = match (names.is_empty(), argument) {
        (true, _) => "no queries are kept in this file; bilat save puts some in".to_string(),
        (false, "") => names.join("\n"),
        (false, _) => not_among("name", argument, &names),
    };
    state.output.say(&said);
    Ok(Next::GoOn)
}

/// `.open [FILE.db]`
pub fn open(state: &mut State, argument: &str) -> Result<Next, Diagnostic> {
    let mut database = if argument.is_empty() { Database::bundled()? } else { checked(state, &expanded(argument))? };
    database.show_work(Bar::watcher(state.output.talk));
    let settings = state.session.borrow().settings;
    state.open(Session::new(database, settings)?);
    state.apply(false);
    Ok(Next::GoOn)
}

/// Opens a file, and Ctrl-C stops that.
fn checked(state: &State, path: &Path) -> Result<Database, Diagnostic> {
    let progress = Progress::of(&[OPENING], Stopper::default());
    let before = state.interrupts.stops(progress.stopper());
    let bar = Bar::begin(&progress, state.output.talk);
    let opened = Database::open_watched(path, &progress, &verified());
    drop(bar);
    state.interrupts.stops(before);
    opened
}

/// `.info`
pub fn info(state: &mut State, _: &str) -> Result<Next, Diagnostic> {
    let lines = dataset::info(state.session.borrow().database())?;
    lines.iter().for_each(|(what, value)| state.output.say(&format!("{what:<16}{value}")));
    Ok(Next::GoOn)
}

/// `.ship OUT.db`
pub fn ship(state: &mut State, argument: &str) -> Result<Next, Diagnostic> {
    if argument.is_empty() {
        state.output.say(".ship takes the name of the file to write");
        return Ok(Next::GoOn);
    }
    let session = state.session.borrow();
    let target = expanded(argument);
    let progress = Progress::of(&[dataset::SHIPPING], session.stopper());
    let bar = Bar::begin(&progress, state.output.talk);
    let built = dataset::ship(session.database(), &target, false, &progress);
    drop(bar);
    match built {
        Ok(built) => {
            state.output.say(&format!("{argument} is sealed: {} bytes, version {}", built.bytes.len(), built.version));
        }
        Err(mistakes) => {
            let mistakes: Vec<Diagnostic> = mistakes.into_iter().map(|mistake| unforced(mistake, &target)).collect();
            state.output.complain(&mistakes, None);
        }
    }
    Ok(Next::GoOn)
}

/// Here is no --force.
pub fn unforced(diagnostic: Diagnostic, target: &Path) -> Diagnostic {
    match diagnostic.code {
        "D317" => data::name_taken(&target.display().to_string()),
        _ => diagnostic,
    }
}

/// `.edit [statement]`: what the editor leaves stands at the next prompt.
pub fn edit(state: &mut State, argument: &str) -> Result<Next, Diagnostic> {
    let text = if argument.is_empty() { state.typed.clone() } else { argument.to_string() };
    let line = variable(&["VISUAL", "EDITOR"]).unwrap_or_else(|| "vi".to_string());
    let fails = |why: &str| running::unreadable("the statement in the editor", why);
    let edited = (|| {
        let mut file = tempfile::Builder::new().prefix("bilat-").suffix(".bilat").tempfile()?;
        writeln!(file, "{text}")?;
        file.flush()?;
        // An editor may put another file in its place; the name counts.
        let path = file.into_temp_path();
        run(&line, &path)?;
        std::fs::read_to_string(&path)
    })();
    let edited = edited.map_err(|error: std::io::Error| fails(&format!("{line}: {error}")))?;
    let edited = edited.strip_prefix(crate::shell::script::MARK).unwrap_or(&edited).replace("\r\n", "\n");
    if edited.chars().any(|c| !matches!(c, '\n' | '\t') && is_forbidden(c)) {
        return Err(fails("there are characters in it that a terminal must not show"));
    }
    state.initial = Some(edited.trim_end().replace('\t', "    ")).filter(|text| !text.is_empty());
    Ok(Next::GoOn)
}

fn run(line: &str, path: &Path) -> std::io::Result<()> {
    let mut editor = command(line, &[path]).ok_or_else(|| std::io::Error::other("no editor is named"))?;
    let status = editor.status()?;
    if status.success() { Ok(()) } else { Err(std::io::Error::other(format!("it ended with {status}"))) }
}
