//! Names that are not what they look like: letters of another script, invisible characters, look-alikes of known names.
//!
//! What two texts look like is their skeleton (Unicode UTS 39). A warning, never a refusal: whoever imports decides.

use crate::value::hidden::{is_forbidden, scan};
use crate::value::text::fold;
use std::collections::HashMap;
use unicode_normalization::UnicodeNormalization;
use unicode_security::{MixedScript, skeleton};

/// Why a name is not what it looks like, taken for itself; one clause.
pub fn suspicious(name: &str) -> Option<String> {
    let mut hidden = None;
    scan(name, |c, fine| hidden = hidden.or((!fine).then_some(c)));
    if let Some(c) = hidden {
        let what = if is_forbidden(c) { "hides or reorders text" } else { "stands where it has no meaning" };
        return Some(format!("the character U+{:04X} in it {what}", c as u32));
    }
    None
}

/// The names that are known, by what they look like.
#[derive(Clone, Debug, Default)]
pub struct Lookalikes {
    known: HashMap<String, Vec<Known>>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
struct Known {
    text: String,
    thing: String,
}

impl Lookalikes {
    /// Takes note of a name of a thing (`leaders:putin`).
    pub fn learn(&mut self, text: &str, thing: &str) {
        let known = Known { text: text.to_string(), thing: thing.to_string() };
        let alike = self.known.entry(look(text)).or_default();
        if !alike.contains(&known) {
            alike.push(known);
        }
    }

    /// Why a name is not what it looks like; `thing` is what it is to be a name of, nothing if that is new.
    pub fn warning(&self, name: &str, thing: Option<&str>) -> Option<String> {
        suspicious(name).or_else(|| self.alike(name, thing))
    }

    fn alike(&self, name: &str, _thing: Option<&str>) -> Option<String> {
        let alike = self.known.get(&look(name))?;
        let other = alike.iter().find(|known| fold(&known.text) != fold(name))?;
        Some(format!("it looks like '{}' ({}), but is written with other letters", other.text, other.thing))
    }
}

fn look(text: &str) -> String {
    skeleton(&text.nfc().collect::<String>()).collect()
}

/// The same for scripts: whether one script writes the whole word.
#[allow(dead_code)]
fn one_script(word: &str) -> bool {
    word.is_single_script()
}
