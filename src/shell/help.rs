//! `.help`: the commands, or what the reference has on a topic, with an example that runs on the open file.

use super::State;
use super::commands::{COMMANDS, Next};
use super::layout::{beside, wrapped};
use crate::assist::reference::{self, Entry, SECTIONS, for_this_file};
use crate::diagnostic::Diagnostic;
use crate::session::Session;
use crate::store::Database;
use crate::suggest::nearest;
use std::rc::Rc;

const EXAMPLES: &[(&str, &str)] = &[
    ("FROM meetings WITH Putin SINCE 2024-06;", "whom he met since June"),
    ("SELECT host_country, count() FROM meetings WITH Putin GROUP BY host_country;", "how often where"),
    ("SELECT date, countries FROM journeys BY Putin DURING 2024;", "his journeys abroad"),
    ("FROM meetings WITH Orban AND Xi CITE;", "with sources"),
    ("DESCRIBE 'Xi Jinping';", "what the file knows of a name"),
    ("EXPLAIN FROM meetings WITHOUT Putin;", "how a query is understood"),
];

const KEYS: &[&str] = &[
    "A statement ends with ; or an empty line, and is edited as one however many lines it has.",
    "Tab completes keywords, attributes, names in the data and files; the right arrow takes what is shown in grey.",
    "Earlier statements, also those that failed, come back with the arrow keys and Ctrl-R; .edit opens the last one in \
     an editor.",
    "Ctrl-C clears the line or stops the answer; Ctrl-D leaves. A line that begins with a blank is not kept.",
];

/// `.help`, `.help TOPIC`
pub fn help(state: &mut State, topic: &str) -> Result<Next, Diagnostic> {
    if topic.is_empty() {
        overview(state);
        return Ok(Next::GoOn);
    }
    let wanted = topic.trim_start_matches('.').to_lowercase();
    let command = COMMANDS.iter().find(|command| command.name == wanted);
    if let Some(command) = command {
        state.output.say(&format!(".{} {}: {}", command.name, command.argument, command.help));
    }
    let entries = reference::about(topic);
    entries.iter().try_for_each(|entry| about(state, entry))?;
    if command.is_none() && entries.is_empty() {
        let known = topics();
        let near = nearest(&wanted, known.iter().map(String::as_str));
        let hint = near.first().map_or(String::new(), |near| format!("; did you mean {near}?"));
        state.output.say(&format!("there is no help about {topic}{hint}"));
    }
    Ok(Next::GoOn)
}

/// Examples, the commands, and what there is help about.
fn overview(state: &mut State) {
    let width = state.output.talk.width;
    let session = Rc::clone(&state.session);
    let mut lines = Vec::new();
    for (query, what) in EXAMPLES {
        let query = for_this_file(&session.borrow(), query).unwrap_or_else(|| (*query).to_string());
        lines.push(format!("  -- {what}"));
        lines.extend(wrapped(&format!("  {query}"), width, 4));
    }
    lines.push(String::new());
    for command in COMMANDS {
        lines.extend(beside(&format!("  .{} {}", command.name, command.argument), 27, command.help, width));
    }
    lines.push(String::new());
    for section in SECTIONS {
        let names: Vec<&str> = section.entries.iter().map(|entry| entry.name).collect();
        lines.extend(wrapped(&format!("{}: {}", section.title, names.join(", ")), width, 2));
    }
    lines.push(String::new());
    lines.extend(KEYS.iter().flat_map(|line| wrapped(line, width, 0)));
    state.tell(&lines);
}

/// What an entry means, how it is written, and an example with its answer.
fn about(state: &State, entry: &Entry) -> Result<(), Diagnostic> {
    let say = |text: &str| state.output.say(text);
    say(&format!("{}: {}", entry.name, entry.sentence()));
    entry.forms().iter().flat_map(|form| form.lines()).for_each(|line| say(&format!("  {line}")));
    if let Some(noun) = entry.noun() {
        let shown = noun.default_columns.join(", ");
        say(&format!("  shown without SELECT: {shown}; DESCRIBE {} shows all", noun.name));
    }
    let session = state.session.borrow();
    let example = for_this_file(&session, entry.example);
    let text = example.as_deref().unwrap_or(entry.example);
    say("");
    text.lines().for_each(|line| say(&format!("  {line}")));
    if example.is_some() {
        state.example(&session, text);
    } else {
        say("this file has no such names; of the article's meetings it tells:");
        state.example(&Session::new(Database::bundled()?, session.settings)?, text);
    }
    say("");
    Ok(())
}

/// The topics that begin so.
pub fn beginning_with(typed: &str) -> Vec<String> {
    let typed = typed.to_lowercase();
    let mut fitting: Vec<String> =
        topics().into_iter().filter(|topic| topic.to_lowercase().starts_with(&typed)).collect();
    fitting.sort();
    fitting.dedup();
    fitting
}

/// Everything that `.help` takes.
fn topics() -> Vec<String> {
    COMMANDS.iter().map(|command| command.name).chain(reference::topics()).map(str::to_string).collect()
}
