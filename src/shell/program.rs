//! Other programs that the prompt starts: the pager and the editor, as the user's variables name them.

use std::path::Path;
use std::process::Command;

/// A command line as a process: directly where it is plain words, else through the shell.
///
/// `arguments` come behind it. An empty line is none.
pub fn command(line: &str, arguments: &[&Path]) -> Option<Command> {
    let mut words = line.split_whitespace();
    let first = words.next()?;
    let mut command = if line.contains(|c: char| "|&;<>()$`\"'\\*?~#=!{}[]".contains(c)) {
        let mut shell = Command::new("sh");
        // "$@" is what comes behind; the word before it is what the shell calls itself.
        shell.args(["-c", &format!("{line} \"$@\""), "sh"]);
        shell
    } else {
        let mut program = Command::new(first);
        program.args(words);
        program
    };
    command.args(arguments);
    Some(command)
}

/// The first of these variables that says something.
pub fn variable(names: &[&str]) -> Option<String> {
    names.iter().filter_map(|name| std::env::var(name).ok()).find(|value| !value.trim().is_empty())
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;

    fn said(line: &str, arguments: &[&Path]) -> String {
        let output = command(line, arguments).unwrap().output().unwrap();
        String::from_utf8(output.stdout).unwrap()
    }

    #[test]
    fn plain_words_are_started_and_everything_else_is_the_shells() {
        let hostile = Path::new("a b; echo $HOME");
        assert_eq!(said("echo -n x", &[hostile]), "x a b; echo $HOME");
        assert_eq!(said("echo -n 'x  y' | cat; printf %s", &[hostile]), "x  ya b; echo $HOME");
        assert!(command("  ", &[]).is_none());
    }
}
