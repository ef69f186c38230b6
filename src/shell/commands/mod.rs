//! Dot-commands, from one table: what they are called, what they take, what they do, their help.

mod arguments;
mod files;
mod habits;
mod shown;

pub use arguments::complete;

use super::State;
use super::help::help;
use crate::catalog::NOUNS;
use crate::diagnostic::Diagnostic;
use crate::span::Source;
use crate::suggest::nearest;

/// Whether the prompt comes again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Next {
    GoOn,
    Leave,
}

/// What a command takes: its completion comes from it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Takes {
    Nothing,
    /// on or off.
    Switch,
    Format,
    Topic,
    /// A noun, or a name in the data.
    Subject,
    Parameter,
    /// Queries kept in the file.
    Saved,
    /// A file that is there, best with this ending.
    File(&'static str),
    Setting,
    Statement,
}

pub(super) struct Command {
    pub(super) name: &'static str,
    /// What may follow it.
    pub(super) argument: &'static str,
    pub(super) help: &'static str,
    /// Words that mean it without a dot.
    bare: &'static [&'static str],
    takes: Takes,
    run: fn(&mut State, &str) -> Result<Next, Diagnostic>,
}

/// A command without bare words.
const fn dotted(
    name: &'static str,
    (argument, takes): (&'static str, Takes),
    help: &'static str,
    run: fn(&mut State, &str) -> Result<Next, Diagnostic>,
) -> Command {
    Command { name, argument, help, bare: &[], takes, run }
}

pub(super) static COMMANDS: &[Command] = &[
    Command {
        bare: &["help", "?"],
        ..dotted(
            "help",
            ("[topic]", Takes::Topic),
            "this list; or about a statement, clause, phrase, function, noun or command, with an example",
            help,
        )
    },
    dotted("tables", ("", Takes::Nothing), "the nouns that FROM takes", tables),
    dotted(
        "describe",
        ("[noun or name]", Takes::Subject),
        "what a noun has, or what the file knows of a name",
        describe,
    ),
    dotted(
        "format",
        ("[name]", Takes::Format),
        "how answers are written; without a word, what there is",
        shown::format,
    ),
    dotted(
        "output",
        ("[FILE]", Takes::File("")),
        "write answers to a new file, in the format of its ending (csv, tsv, svg and junit: one answer, and a second is \
             refused); without a file, to the terminal as before",
        shown::output,
    ),
    dotted(
        "last",
        ("[format]", Takes::Format),
        "the last answer again, all its rows, in another format if one is named",
        shown::last,
    ),
    dotted(
        "edit",
        ("[statement]", Takes::Statement),
        "the last or the given statement in $VISUAL or $EDITOR, then back at the prompt",
        files::edit,
    ),
    dotted("cite", ("on|off", Takes::Switch), "show the sources of every row", shown::cite),
    dotted("sql", ("on|off", Takes::Switch), "show the SQL of every query", shown::sql),
    dotted(
        "timer",
        ("on|off", Takes::Switch),
        "how long it took to understand and to answer every statement",
        shown::timer,
    ),
    dotted(
        "pager",
        ("on|off|PROGRAM", Takes::Switch),
        "what shows an answer longer than the screen: $BILAT_PAGER, $PAGER or less",
        shown::pager,
    ),
    dotted(
        "param",
        ("[NAME [VALUE]]", Takes::Parameter),
        "list the parameters, or give $NAME a value; without one, forget it",
        parameter,
    ),
    dotted(
        "settings",
        ("[KEY VALUE]", Takes::Setting),
        "what is in force and where it comes from; or change it until you leave",
        shown::settings,
    ),
    dotted("read", ("FILE", Takes::File("bilat")), "run the statements of a file", files::read_file),
    dotted(
        "saved",
        ("[NAME]", Takes::Saved),
        "list the queries kept in the open file, or run those of a name (bilat save keeps some)",
        files::saved,
    ),
    dotted(
        "open",
        ("[FILE.db]", Takes::File("db")),
        "ask another file; without one, the article's meetings",
        files::open,
    ),
    dotted("info", ("", Takes::Nothing), "what the open file is", files::info),
    dotted("ship", ("OUT.db", Takes::File("db")), "write the open file, sealed, to give to others", files::ship),
    Command { bare: &["quit", "exit"], ..dotted("quit", ("", Takes::Nothing), "leave", quit) },
];

/// The command and its argument, if the text is one.
pub fn parse(text: &str) -> Option<(&str, &str)> {
    let plain = text.trim_end_matches(';').trim_end();
    let bare = |word: &str| COMMANDS.iter().find(|command| command.bare.iter().any(|b| b.eq_ignore_ascii_case(word)));
    if let Some(command) = bare(plain) {
        return Some((command.name, ""));
    }
    // No statement begins with these words: `help WITH` is about WITH.
    if let Some((word, topic)) = plain.split_once(' ').filter(|(_, topic)| !topic.contains('\n'))
        && let Some(command) = bare(word).filter(|command| command.takes == Takes::Topic)
    {
        return Some((command.name, topic.trim()));
    }
    let rest = text.strip_prefix(['.', '\\'])?;
    let rest = rest.split('\n').next().unwrap_or(rest);
    let (name, argument) = rest.split_once(char::is_whitespace).unwrap_or((rest, ""));
    Some((name, argument.trim()))
}

/// The command of that name, or the only one that begins so.
fn named(name: &str) -> Option<&'static Command> {
    let exact = COMMANDS.iter().find(|command| command.name == name);
    let mut beginning = COMMANDS.iter().filter(|command| command.name.starts_with(name) && !name.is_empty());
    exact.or_else(|| beginning.next().filter(|_| beginning.next().is_none()))
}

/// Does what a command says.
pub fn obey(state: &mut State, name: &str, argument: &str) -> Next {
    let habit = habits::meant(name);
    if let Some(habit) = habit.filter(|_| COMMANDS.iter().all(|command| command.name != name)) {
        state.output.say(&format!("{name} is .{habit} here"));
    }
    let Some(command) = named(habit.unwrap_or(name)) else {
        let near = nearest(name, COMMANDS.iter().map(|command| command.name));
        let hint = near.first().map_or(String::new(), |near| format!("; did you mean .{near}?"));
        state.output.say(&format!("there is no command .{name}{hint} (.help lists them)"));
        return Next::GoOn;
    };
    let argument = argument.trim_end_matches(';').trim();
    if command.takes == Takes::Nothing && !argument.is_empty() {
        state.output.say(&format!(".{} takes nothing behind it", command.name));
        return Next::GoOn;
    }
    match (command.run)(state, argument) {
        Ok(next) => next,
        Err(diagnostic) => {
            state.output.complain(&[diagnostic], None);
            Next::GoOn
        }
    }
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

fn parameter(state: &mut State, argument: &str) -> Result<Next, Diagnostic> {
    let by_sign = |c: char| c.is_whitespace() || c == '=';
    let (name, value) = argument.split_once(by_sign).unwrap_or((argument, ""));
    let (name, value) = (name.trim_start_matches('$'), value.trim_start_matches(by_sign));
    let mut session = state.session.borrow_mut();
    let parameters = &mut session.frame;
    match (name, value.trim()) {
        ("", _) if parameters.parameters.is_empty() => {
            state.output.say("no parameter has a value; .param who Putin gives $who one");
        }
        ("", _) => {
            for (name, given) in &parameters.parameters {
                state.output.say(&format!("${name} is {}", given.text));
            }
        }
        (name, "") if parameters.parameters.remove(name).is_none() => {
            let known: Vec<&str> = parameters.parameters.keys().map(String::as_str).collect();
            let near = nearest(name, known);
            let hint = near.first().map_or(String::new(), |near| format!("; did you mean ${near}?"));
            state.output.say(&format!("${name} has no value{hint}"));
        }
        (_, "") => {}
        (name, value) => session.set_parameter(name, value.trim_matches(['\'', '"'])),
    }
    Ok(Next::GoOn)
}

fn quit(_: &mut State, _: &str) -> Result<Next, Diagnostic> {
    Ok(Next::Leave)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn commands_are_known_with_a_dot_a_backslash_and_some_without() {
        assert_eq!(parse("exit"), Some(("quit", "")));
        assert_eq!(parse("QUIT;"), Some(("quit", "")));
        assert_eq!(parse("?"), Some(("help", "")));
        assert_eq!(parse("help WITH;"), Some(("help", "WITH")));
        assert_eq!(parse(".describe Xi Jinping"), Some(("describe", "Xi Jinping")));
        assert_eq!(parse("\\q"), Some(("q", "")));
        assert_eq!(parse("FROM meetings"), None);
        assert_eq!(named("q").map(|command| command.name), Some("quit"));
        assert!(named("s").is_none() && named("").is_none());
    }
}
