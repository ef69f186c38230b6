//! Names in the data that fit what is typed: by the beginning of any word, in any spelling, script or alias.

use super::complete::{Candidate, MOST};
use crate::catalog::NounId;
use crate::diagnostic::binding::quote;
use crate::session::{KnownName, Session};
use crate::suggest;
use crate::value::text::fold;

/// The names of things of some kinds.
pub struct Names<'a> {
    pub session: &'a Session,
    pub kinds: &'a [NounId],
}

/// How well a name fits; the best comes first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Fit {
    /// A word of the usual name begins so.
    Usual,
    /// A word of another of its names begins so.
    Other,
    /// It stands somewhere inside.
    Inside,
}

/// An alias that begins with so few Latin letters is more likely not meant.
const FEW: usize = 2;

impl Names<'_> {
    fn all(&self) -> impl Iterator<Item = &KnownName> {
        self.session.names().unwrap_or_default().iter().filter(|name| self.kinds.contains(&name.noun))
    }

    /// What begins as typed, or else has it inside.
    pub fn fitting(&self, typed: &str) -> Vec<Candidate> {
        self.found(typed, Fit::Inside)
    }

    /// What begins as typed.
    pub fn beginning(&self, typed: &str) -> Vec<Candidate> {
        self.found(typed, Fit::Other)
    }

    fn found(&self, typed: &str, worst: Fit) -> Vec<Candidate> {
        let wanted = fold(typed.trim_matches(['\'', '"']));
        let mut found: Vec<(Fit, &KnownName)> = Vec::new();
        for name in self.all() {
            found.extend(fit(name, &wanted).map(|fit| (fit, name)));
        }
        let best = found.iter().map(|(fit, _)| *fit).min().unwrap_or(Fit::Usual);
        let few = wanted.is_ascii() && wanted.len() <= FEW;
        let worst = worst.min(if few { best } else { best.max(Fit::Other) });
        found.retain(|(fit, _)| *fit <= worst);
        let place = |name: &KnownName| self.kinds.iter().position(|kind| *kind == name.noun);
        found.sort_by_key(|(fit, name)| (*fit, !name.folded.starts_with(&wanted), place(name), name.label.as_str()));
        offered(found.into_iter().map(|(fit, name)| (fit != Fit::Usual, name)))
    }

    /// What is a slip away from what is typed.
    pub fn near(&self, typed: &str) -> Vec<Candidate> {
        let wanted = typed.trim_matches(['\'', '"']);
        let words = self.all().flat_map(|name| {
            let words = name.folded.split(' ').filter(|word| word.len() < name.folded.len());
            words.chain([name.folded.as_str()]).map(move |word| (word, name))
        });
        let near = suggest::ranked(wanted, words);
        offered(near.into_iter().map(|(_, name)| (false, name)))
    }
}

fn fit(name: &KnownName, wanted: &str) -> Option<Fit> {
    let mut places = name.folded.match_indices(wanted).map(|(at, _)| at).peekable();
    places.peek()?;
    let usual = name.text == name.label;
    match places.any(|at| at == 0 || name.folded[..at].ends_with(' ')) {
        true if usual => Some(Fit::Usual),
        true => Some(Fit::Other),
        false => Some(Fit::Inside),
    }
}

/// Each thing once, by its usual name; `alias` says that another of its names is why it is there.
fn offered<'a>(found: impl Iterator<Item = (bool, &'a KnownName)>) -> Vec<Candidate> {
    let mut seen: Vec<(NounId, &str)> = Vec::new();
    let mut offered = Vec::new();
    for (alias, name) in found {
        if offered.len() >= MOST || seen.contains(&(name.noun, name.label.as_str())) {
            continue;
        }
        seen.push((name.noun, &name.label));
        let also = if alias && name.text != name.label { format!(", also {}", name.text) } else { String::new() };
        offered.push(Candidate { text: quote(&name.label), what: format!("{}{also}", name.what) });
    }
    offered
}

/// A name without the quotes that a query has it in.
pub fn unquoted(text: &str) -> String {
    text.trim_matches('\'').replace("''", "'")
}
