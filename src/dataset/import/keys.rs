//! Keys for rows that are made: short, readable, the same for the same row whatever stands around it.

use crate::value::text::{Text, fold};
use smol_str::format_smolstr;
use std::collections::{HashMap, HashSet};
use unicode_normalization::UnicodeNormalization;

/// So many characters are readable.
const LONGEST: usize = 60;

/// The folded words of a text, joined by hyphens: `john-f-kennedy`.
pub fn slug(text: &str) -> String {
    let folded: String = fold(text).nfc().collect();
    let mut words = folded.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
    let mut slug: String = words.next().unwrap_or("").chars().take(LONGEST).collect();
    for word in words {
        if slug.chars().count() + word.chars().count() >= LONGEST {
            break;
        }
        slug.push('-');
        slug.push_str(word);
    }
    slug
}

/// The parts that are not empty, joined by hyphens.
pub fn joined<'a>(parts: impl IntoIterator<Item = &'a str>) -> String {
    parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join("-")
}

/// The keys of one noun.
#[derive(Debug, Default)]
pub struct Keys {
    taken: HashSet<Text>,
    /// The next number for keys that were wanted more than once: counting anew each time would take long.
    next: HashMap<Text, u64>,
}

impl Keys {
    pub fn of<'a>(taken: impl Iterator<Item = &'a str>) -> Keys {
        Keys { taken: taken.map(Text::new).collect(), next: HashMap::new() }
    }

    /// The first of a key, a longer one, and the longer one with a number that is not taken; it is then.
    pub fn take(&mut self, short: &str, long: &str) -> Text {
        let wanted = |key: &str| if key.is_empty() { Text::new_static("row") } else { Text::new(key) };
        let (short, long) = (wanted(short), wanted(long));
        for key in [&short, &long] {
            if self.taken.insert(key.clone()) {
                return key.clone();
            }
        }
        let next = self.next.entry(long.clone()).or_insert(2);
        loop {
            let key = format_smolstr!("{long}-{next}");
            *next += 1;
            if self.taken.insert(key.clone()) {
                return key;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_words_joined_by_hyphens() {
        for (text, key) in [
            ("John F. Kennedy", "john-f-kennedy"),
            ("Henry A. (Heinz Alfred) Kissinger", "henry-a-heinz-alfred-kissinger"),
            ("Recep Tayyip Erdoğan", "recep-tayyip-erdogan"),
            ("Владимир Путин", "владимир-путин"),
            ("김정은", "김정은"),
            ("«—»", ""),
        ] {
            assert_eq!(slug(text), key);
        }
        assert!(slug(&"word ".repeat(100)).len() <= LONGEST);
        assert_eq!(slug(&"x".repeat(100)).len(), LONGEST);
    }

    #[test]
    fn a_taken_key_is_made_longer_then_numbered() {
        let mut keys = Keys::of(["london"].into_iter());
        let made: Vec<Text> = (0..3).map(|_| keys.take("london", "london-ca")).collect();
        assert_eq!(made, ["london-ca", "london-ca-2", "london-ca-3"]);
        assert_eq!([keys.take("", ""), keys.take("paris", "paris-fr")], ["row", "paris"]);
    }
}
