//! Names as written to things in the data: in any spelling, among the kinds that the place takes.

use super::Binder;
use super::names::{Found, NameOf};
use super::tree::Thing;
use crate::catalog::{self, NounId};
use crate::diagnostic::{Diagnostic, binding};
use crate::suggest::{MOST, nearest, ranked};
use crate::syntax::ast::Name;
use crate::value::text::{fold, sorted_words};

/// Nearest names are sought for so many of a statement's unknown ones: it takes a while for each.
const SOUGHT: usize = 20;

impl Binder<'_> {
    /// The one thing of these kinds that `name` means; reports why if there is none or more than one.
    pub(super) fn resolve(&mut self, name: &Name, kinds: &[NounId]) -> Option<Thing> {
        let known = self.diagnostics.len();
        let written = name;
        let name = &self.filled(name)?;
        let thing = self.resolved(name, kinds);
        if written.parameter {
            // What is wrong stands where the parameter got its value, not here.
            for diagnostic in &mut self.diagnostics[known..] {
                diagnostic.patch = None;
                diagnostic.notes.push(format!("${} is '{}' (LET, --param or .param)", written.text, name.text));
            }
        }
        thing
    }

    fn resolved(&mut self, name: &Name, kinds: &[NounId]) -> Option<Thing> {
        let found = self.find_name(name, kinds)?;
        match found.as_slice() {
            [only] => Some(thing(only)),
            _ => {
                let listed: Vec<(String, String)> =
                    found.iter().map(|f| (f.noun.noun().singular.to_string(), f.label.clone())).collect();
                self.report(binding::ambiguous_name(name.text_span, &name.text, &listed))
            }
        }
    }

    /// Everything of these kinds that `name` means, at least one.
    pub(super) fn find_name(&mut self, name: &Name, kinds: &[NounId]) -> Option<Vec<Found>> {
        let kinds = self.narrowed(name, kinds)?;
        match self.look_up(&name.text, &kinds) {
            Ok(found) if found.is_empty() => {
                let diagnostic = self.not_found(name, &kinds).unwrap_or_else(|diagnostic| diagnostic);
                self.report(diagnostic)
            }
            Ok(found) => Some(found),
            Err(diagnostic) => self.report(diagnostic),
        }
    }

    /// Everything of these kinds that a name means; nothing if there is none.
    pub(super) fn things(&self, name: &Name, kinds: &[NounId]) -> Vec<Thing> {
        self.look_up(&name.text, kinds).unwrap_or_default().iter().map(thing).collect()
    }

    /// The kinds that a kind word before the name leaves.
    fn narrowed(&mut self, name: &Name, kinds: &[NounId]) -> Option<Vec<NounId>> {
        let Some(word) = &name.kind else { return Some(kinds.to_vec()) };
        match catalog::kind(&word.value.to_lowercase()) {
            Some(noun) if kinds.contains(&noun.id) => Some(vec![noun.id]),
            _ => {
                let singulars = singulars(kinds);
                let near =
                    nearest(&word.value, singulars.iter().copied()).into_iter().map(str::to_string).collect::<Vec<_>>();
                self.report(binding::wrong_kind_word(word.span, &word.value, &singulars, &near))
            }
        }
    }

    /// As a whole name, then the same words in any order, then words contained in one name.
    fn look_up(&self, text: &str, kinds: &[NounId]) -> Result<Vec<Found>, Diagnostic> {
        let folded = fold(text);
        let words = sorted_words(&folded);
        if words.is_empty() {
            return Ok(Vec::new());
        }
        let mut found = among(self.names.exact(&folded)?, kinds);
        if found.is_empty() {
            found = among(self.names.same_words(&words)?, kinds);
        }
        if found.is_empty() {
            found = among(self.names.containing(&words)?, kinds);
        }
        Ok(found)
    }

    fn not_found(&mut self, name: &Name, kinds: &[NounId]) -> Result<Diagnostic, Diagnostic> {
        self.sought += 1;
        if self.sought > SOUGHT {
            return Ok(binding::name_not_found(name.text_span, &name.text, &singulars(kinds), &[]));
        }
        let everything: Vec<NounId> = catalog::NOUNS.iter().map(|noun| noun.id).collect();
        // People and countries before events and publications that mention them.
        let tier = |found: &&Found| super::DESCRIBED.iter().position(|kinds| kinds.contains(&found.noun)).unwrap_or(9);
        if let Some(other) = self.look_up(&name.text, &everything)?.iter().min_by_key(tier) {
            let is = other.noun.noun().singular;
            return Ok(binding::name_of_other_kind(name.text_span, &name.text, is, &singulars(kinds)));
        }
        let all = self.names.all()?;
        let near = near_names(&name.text, all.iter().filter(|known| kinds.contains(&known.noun)));
        Ok(binding::name_not_found(name.text_span, &name.text, &singulars(kinds), &near))
    }
}

/// The nearest names, or single words of names, each of another thing.
fn near_names<'a>(text: &str, known: impl Iterator<Item = &'a NameOf>) -> Vec<String> {
    let forms = known.flat_map(|name| {
        let words = name.text.split(' ').filter(|word| word.chars().count() > 2 && name.text.contains(' '));
        std::iter::once(name.text.as_str()).chain(words).map(move |form| (form, (name.noun, name.label.as_str())))
    });
    let mut seen = Vec::new();
    let mut near: Vec<String> = Vec::new();
    for (form, thing) in ranked(text, forms) {
        if near.len() < MOST && !seen.contains(&thing) && !near.iter().any(|known| known == form) {
            near.push(form.to_string());
        }
        seen.push(thing);
    }
    near
}

/// Those of these kinds; a place inside an equally named country yields to it.
fn among(found: Vec<Found>, kinds: &[NounId]) -> Vec<Found> {
    let found: Vec<Found> = found.into_iter().filter(|f| kinds.contains(&f.noun)).collect();
    let countries: Vec<i64> = found.iter().filter(|f| f.noun == NounId::Countries).map(|f| f.id).collect();
    found
        .into_iter()
        .filter(|f| f.noun != NounId::Places || !f.country.is_some_and(|c| countries.contains(&c)))
        .collect()
}

fn thing(found: &Found) -> Thing {
    Thing { noun: found.noun, id: found.id, label: found.label.clone() }
}

fn singulars(kinds: &[NounId]) -> Vec<&'static str> {
    kinds.iter().map(|kind| kind.noun().singular).collect()
}
