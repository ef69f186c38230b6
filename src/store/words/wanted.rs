//! What a text must have among its words to pass a test: CONTAINS a part, or LIKE a pattern.
//!
//! A word is a run of letters and digits as long as it goes on, in a text folded like the tests fold it. Where a run of
//! them stands in a part, it must stand within a word of the text; next to another character it begins or ends one.

use crate::value::text::{PatternPart, pattern_parts};

/// Shorter runs are in too many words to be looked for.
const SHORTEST: usize = 2;

/// A run of letters and digits that a word must have.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Run {
    pub text: String,
    /// The word begins with it.
    pub begins: bool,
    /// The word ends with it.
    pub ends: bool,
}

/// The runs that a text must have, each in a word.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wanted {
    pub runs: Vec<Run>,
    /// Whether every text that has them passes.
    pub exact: bool,
}

pub fn is_word(c: char) -> bool {
    c.is_alphanumeric()
}

impl Wanted {
    /// By the text that a part must be contained in; the part is folded before.
    pub fn contained(part: &str) -> Wanted {
        let middle: Vec<PatternPart> = part.chars().map(PatternPart::Exactly).collect();
        let anything = [PatternPart::Any];
        Wanted::of(&[&anything, middle.as_slice(), &anything].concat())
    }

    /// By the text that a pattern must match; the pattern is folded before.
    pub fn like(pattern: &str) -> Wanted {
        Wanted::of(&pattern_parts(pattern))
    }

    fn of(parts: &[PatternPart]) -> Wanted {
        let word = |part: &PatternPart| matches!(part, PatternPart::Exactly(c) if is_word(*c));
        let open = |part: Option<&PatternPart>| matches!(part, Some(PatternPart::Any | PatternPart::One));
        let mut runs = Vec::new();
        let mut at = 0_usize;
        for chunk in parts.chunk_by(|one, next| word(one) == word(next)) {
            let (before, after) = (at.checked_sub(1).and_then(|before| parts.get(before)), parts.get(at + chunk.len()));
            at += chunk.len();
            let text: String = chunk.iter().filter_map(PatternPart::exactly).collect();
            if chunk.first().is_some_and(word) && chunk.len() >= SHORTEST {
                // The text begins and ends where the pattern does.
                runs.push(Run { text, begins: !open(before), ends: !open(after) });
            }
        }
        let any = |part: Option<&PatternPart>| matches!(part, Some(PatternPart::Any));
        let inner = parts.get(1..parts.len().saturating_sub(1)).unwrap_or_default();
        let exact = any(parts.first()) && any(parts.last()) && inner.len() >= SHORTEST && inner.iter().all(word);
        Wanted { runs, exact }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(wanted: &Wanted) -> String {
        let run =
            |run: &Run| format!("{}{}{}", if run.begins { "<" } else { "" }, run.text, if run.ends { ">" } else { "" });
        let runs: Vec<String> = wanted.runs.iter().map(run).collect();
        format!("{}{}", runs.join(" "), if wanted.exact { " alone" } else { "" })
    }

    #[test]
    fn runs_of_a_part_lie_open_at_its_ends_and_end_at_other_characters() {
        for (part, expected) in [
            ("pipe", "pipe alone"),
            ("gas pipe", "gas> <pipe"),
            (" gas ", "<gas>"),
            ("-gas", "<gas"),
            ("a gas", "<gas"),
            ("a", ""),
            ("", ""),
            ("..", ""),
            ("100%", "100>"),
            ("習近", "習近 alone"),
        ] {
            assert_eq!(shown(&Wanted::contained(part)), expected, "{part}");
        }
    }

    #[test]
    fn runs_of_a_pattern_lie_open_at_wildcards_and_end_where_the_pattern_does() {
        for (pattern, expected) in [
            ("%pipe%", "pipe alone"),
            ("pipe", "<pipe>"),
            ("pipe%", "<pipe"),
            ("%pipe", "pipe>"),
            ("%gas pipe%", "gas> <pipe"),
            ("%gas%pipe%", "gas pipe"),
            ("%gas_pipe%", "gas pipe"),
            ("%gas\\%pipe%", "gas> <pipe"),
            ("%g\\as%", "gas alone"),
            ("%%", ""),
            ("%", ""),
            ("", ""),
            ("_as%", "as"),
        ] {
            assert_eq!(shown(&Wanted::like(pattern)), expected, "{pattern}");
        }
    }
}
