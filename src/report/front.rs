//! The front matter of a story: lines of a key and a value between two lines of `---`.

use crate::diagnostic::{Diagnostic, story};
use crate::span::Span;

const KEYS: &[&str] = &["title", "author", "date", "lang"];

/// What a story says of itself.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Front {
    pub title: Option<String>,
    pub author: Option<String>,
    pub date: Option<String>,
    /// A language tag (BCP 47).
    pub lang: Option<String>,
    /// Where the story itself begins.
    pub end: usize,
}

/// Reads the front matter, if the text begins with it.
pub fn read(text: &str) -> (Front, Vec<Diagnostic>) {
    let (mut front, mut mistakes) = (Front::default(), Vec::new());
    let mut at = 0;
    for (number, line) in text.split_inclusive('\n').enumerate() {
        let (begin, content) = (at, line.trim_end());
        at += line.len();
        match (number, content) {
            (0, "---") => {}
            (0, _) => return (front, mistakes),
            (_, "---") => {
                front.end = at;
                return (front, mistakes);
            }
            (_, "") => {}
            (_, content) => mistakes.extend(front.take(content, begin).err()),
        }
    }
    if at > 0 {
        mistakes.push(story::unclosed_front(Span::new(0, 3.min(text.len()))));
    }
    (front, mistakes)
}

impl Front {
    fn take(&mut self, line: &str, begin: usize) -> Result<(), Diagnostic> {
        let (key, value) = line.split_once(':').unwrap_or((line, ""));
        let span = Span::new(begin, begin + key.len());
        let value = value.trim();
        let quotes = |quote: char| value.strip_prefix(quote).and_then(|rest| rest.strip_suffix(quote));
        let value = quotes('"').or_else(|| quotes('\'')).unwrap_or(value);
        let field = match key.trim() {
            "title" => &mut self.title,
            "author" => &mut self.author,
            "date" => &mut self.date,
            "lang" if !is_tag(value) => return Err(story::no_language(span, value)),
            "lang" => &mut self.lang,
            key => return Err(story::unknown_key(span, key, KEYS)),
        };
        if field.is_some() {
            return Err(story::doubled_key(span, key.trim()));
        }
        *field = Some(value.to_string()).filter(|value| !value.is_empty());
        Ok(())
    }
}

fn is_tag(text: &str) -> bool {
    let part = |part: &str| (1..=8).contains(&part.len()) && part.bytes().all(|b| b.is_ascii_alphanumeric());
    text.split('-').all(part) && text.starts_with(|c: char| c.is_ascii_alphabetic())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn front_matter_is_optional_and_checked() {
        let (front, mistakes) = read("---\ntitle: \"A: b\"\nlang: de-AT\n---\n# x\n");
        assert_eq!((front.title.as_deref(), front.lang.as_deref(), front.end), (Some("A: b"), Some("de-AT"), 34));
        assert!(mistakes.is_empty());
        assert_eq!(read("# x\n---\n"), (Front::default(), vec![]));
        assert_eq!(read(""), (Front::default(), vec![]));
        for (text, at) in [
            ("---\ntitel: x\n---\n", 4),
            ("---\nlang: \"><b>\n---\n", 4),
            ("---\ntitle: x\n", 0),
            ("---\ndate: 2024\ndate: 2025\n---\n", 15),
        ] {
            let (_, mistakes) = read(text);
            assert_eq!(mistakes.iter().map(|mistake| mistake.span.unwrap().start).collect::<Vec<_>>(), [at], "{text}");
        }
    }
}
