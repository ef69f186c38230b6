//! What users of other clients type, and the command that it is here.

/// The words of psql (behind a backslash), of SQLite and DuckDB (behind a dot).
const HABITS: &[(&str, &str)] = &[
    ("d", "describe"),
    ("d+", "describe"),
    ("schema", "describe"),
    ("columns", "describe"),
    ("dt", "tables"),
    ("l", "info"),
    ("databases", "info"),
    ("c", "open"),
    ("connect", "open"),
    ("i", "read"),
    ("include", "read"),
    ("e", "edit"),
    ("o", "output"),
    ("once", "output"),
    ("g", "last"),
    ("mode", "format"),
    ("pset", "format"),
    ("a", "format"),
    ("x", "format"),
    ("timing", "timer"),
    ("set", "param"),
    ("parameter", "param"),
    ("show", "settings"),
    ("h", "help"),
    ("?", "help"),
    ("q", "quit"),
    ("exit", "quit"),
];

/// The command that a word of another client means.
pub fn meant(word: &str) -> Option<&'static str> {
    HABITS.iter().find(|(habit, _)| *habit == word).map(|(_, command)| *command)
}

#[cfg(test)]
mod tests {
    use super::super::COMMANDS;
    use super::*;

    #[test]
    fn every_habit_leads_to_a_command_and_hides_none() {
        for (habit, command) in HABITS {
            assert!(COMMANDS.iter().any(|known| known.name == *command), "{habit}");
            assert!(COMMANDS.iter().all(|known| known.name != *habit), "{habit}");
        }
    }
}
