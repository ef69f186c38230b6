//! Names that are not what they look like: letters of another script, invisible characters, look-alikes of known names.
//!
//! What two texts look like is their skeleton (Unicode UTS 39). A warning, never a refusal: whoever imports decides.

use crate::value::hidden::{is_forbidden, scan};
use crate::value::text::fold;
use std::collections::HashMap;
use unicode_normalization::UnicodeNormalization;
use unicode_security::mixed_script::AugmentedScriptSet;
use unicode_security::{MixedScript, skeleton};

/// Scripts that share the look of many letters: no name mixes them, not even from word to word.
const ALIKE: [&str; 7] = ["Latin", "Cyrillic", "Greek", "Armenian", "Cherokee", "Coptic", "Lisu"];

/// Why a name is not what it looks like, taken for itself; one clause.
pub fn suspicious(name: &str) -> Option<String> {
    hidden(name).or_else(|| disguised(name)).or_else(|| mixed(name))
}

/// A character that nobody sees.
fn hidden(name: &str) -> Option<String> {
    let mut hidden = None;
    scan(name, |c, fine| hidden = hidden.or((!fine).then_some(c)));
    hidden.map(|c| {
        let what = if is_forbidden(c) { "hides or reorders text" } else { "stands where it has no meaning" };
        format!("the character U+{:04X} {what}", c as u32)
    })
}

/// A letter that stands for another one: wide, bold, in a circle. Ligatures of living scripts are letters of their own.
fn disguised(name: &str) -> Option<String> {
    name.nfc().filter(|c| c.is_alphanumeric() && !c.is_ascii()).find_map(|c| {
        let meant: String = std::iter::once(c).nfkc().collect();
        let other = meant.chars().next().is_some_and(|first| first != c);
        let plain = meant.is_ascii() || meant.chars().count() == 1;
        (other && plain).then(|| format!("the character U+{:04X} stands for '{meant}'", c as u32))
    })
}

/// Letters of several scripts in one word, or words in scripts that look alike.
fn mixed(name: &str) -> Option<String> {
    let words = || name.split(|c: char| c.is_whitespace() || c.is_ascii_punctuation()).filter(|word| !word.is_empty());
    if let Some(word) = words().find(|word| !word.is_single_script()) {
        return Some(format!("the word '{}' has letters of several scripts", super::short(word)));
    }
    let mut scripts: Vec<&str> = Vec::new();
    for c in name.chars().filter(|c| c.is_alphabetic()) {
        let set = AugmentedScriptSet::for_char(c);
        if set.is_all() {
            continue;
        }
        let text = set.to_string();
        if let Some(script) = ALIKE.iter().find(|script| text == **script)
            && !scripts.contains(script)
        {
            scripts.push(script);
        }
    }
    (scripts.len() > 1).then(|| format!("it has words in {}", scripts.join(" and in ")))
}

/// The names that are known, by what they look like.
#[derive(Clone, Debug, Default)]
pub struct Lookalikes {
    known: HashMap<String, Vec<Known>>,
}

#[derive(Clone, Debug)]
struct Known {
    text: String,
    folded: String,
    thing: String,
}

impl Lookalikes {
    /// Takes note of a name of a thing (`leaders:putin`).
    pub fn learn(&mut self, text: &str, thing: &str) {
        let alike = self.known.entry(look(text)).or_default();
        let folded = fold(text);
        if !alike.iter().any(|known| known.folded == folded && known.thing == thing) {
            alike.push(Known { text: text.to_string(), folded, thing: thing.to_string() });
        }
    }

    /// Why a name is not what it looks like; `thing` is what it is to be a name of, nothing if that is new.
    pub fn warning(&self, name: &str, thing: Option<&str>) -> Option<String> {
        suspicious(name).or_else(|| self.alike(name, thing))
    }

    /// A known name that looks the same and is written with other characters. One thing may have both: Мао and Mao.
    fn alike(&self, name: &str, thing: Option<&str>) -> Option<String> {
        let alike = self.known.get(&look(name))?;
        let folded = fold(name);
        // Who has the same name in the same letters is no look-alike.
        if alike.iter().any(|known| known.folded == folded || thing == Some(known.thing.as_str())) {
            return None;
        }
        let known = alike.first()?;
        Some(format!("it looks like '{}' of {}, which is written otherwise", super::short(&known.text), known.thing))
    }
}

/// What a text looks like, in small letters and whatever its accents are made of.
fn look(text: &str) -> String {
    let composed: String = text.nfc().collect();
    skeleton(&composed).flat_map(char::to_lowercase).collect()
}
