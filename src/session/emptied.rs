//! An empty answer names the condition that emptied it.

use super::{Session, counted};
use crate::bind::tree::{BoundQuery, Shape};
use crate::diagnostic::Diagnostic;
use crate::plan::lower::emptied;

impl Session {
    /// The first condition, in the order written, after which nothing is left.
    pub(super) fn emptied(&self, query: &BoundQuery) -> Result<Option<String>, Diagnostic> {
        let noun = query.noun.noun();
        let left = |count: usize| self.count(&emptied(query, self.reference_of(query), count));
        let mut before = left(0)?;
        if before == 0 {
            let held = if query.held { " that were held" } else { "" };
            return Ok(Some(format!("this file has no {}{held}", noun.name)));
        }
        for (position, conjunct) in query.conjuncts.iter().enumerate() {
            let count = left(position + 1)?;
            if count == 0 {
                let had = counted(before, noun.singular, noun.name);
                return Ok(Some(format!("nothing is left by {}, of {had} before it", shortened(&conjunct.text))));
            }
            before = count;
        }
        let Shape::Groups(groups) = &query.shape else { return Ok(None) };
        Ok(groups.having.as_ref().map(|having| format!("no group is left by HAVING {}", shortened(&having.text))))
    }
}

/// On one line, and not too long for a message.
fn shortened(text: &str) -> String {
    let words = text.split_whitespace().collect::<Vec<_>>().join(" ");
    if words.chars().count() <= 60 { words } else { words.chars().take(59).chain(['…']).collect() }
}
