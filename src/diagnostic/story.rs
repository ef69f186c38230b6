//! Messages of the report (P…): a story has something that no page can be made of.

use super::Diagnostic;
use crate::span::Span;

/// Every code of this stage with its title.
pub const CODES: &[(&str, &str)] = &[
    ("P501", "a word behind bilat that is not known"),
    ("P502", "a line of the front matter that is not known"),
    ("P503", "a value in the text that is not one value"),
    ("P504", "an image that a page cannot hold"),
    ("P505", "a link that leads nowhere from a page"),
];

pub fn unknown_word(span: Span, word: &str, words: &[&str]) -> Diagnostic {
    Diagnostic::new("P501", format!("a block of queries cannot be '{word}'"))
        .at(span)
        .suggest(crate::suggest::nearest(word, words.iter().copied()))
        .note(format!("behind bilat there can be {}, and a caption in single quotes", words.join(", ")))
}

pub fn misspelt_fence(span: Span) -> Diagnostic {
    Diagnostic::new("P501", "this block would be shown, not run").at(span).suggest(["bilat"])
}

pub fn summary_is_empty(span: Span) -> Diagnostic {
    Diagnostic::new("P501", "a block that is to be the summary of the claims has queries in it")
        .at(span)
        .note("leave it empty: all claims of the story are listed where it stands")
}

pub fn unknown_key(span: Span, key: &str, keys: &[&str]) -> Diagnostic {
    Diagnostic::new("P502", format!("the front matter has no '{key}'"))
        .at(span)
        .suggest(crate::suggest::nearest(key, keys.iter().copied()))
        .note(format!("between the lines of --- there can be {}, each followed by a colon", keys.join(", ")))
}

pub fn doubled_key(span: Span, key: &str) -> Diagnostic {
    Diagnostic::new("P502", format!("the front matter has two lines of '{key}'")).at(span).label("the second")
}

pub fn no_language(span: Span, tag: &str) -> Diagnostic {
    Diagnostic::new("P502", format!("'{tag}' is no language tag")).at(span).note("tags are written en, de, pt-BR")
}

pub fn unclosed_front(span: Span) -> Diagnostic {
    Diagnostic::new("P502", "the front matter is not closed").at(span).note("a line of --- alone ends it")
}

pub fn no_value(span: Span) -> Diagnostic {
    Diagnostic::new("P503", "this gives no value that could stand in the text")
        .at(span)
        .note("a value is a query of one row and one column, count(FROM …), or what a claim can compare")
}

pub fn several_values(span: Span, several: usize) -> Diagnostic {
    let message = match several {
        0 => "this query gives no value".to_string(),
        several => format!("this query gives {several} values, and the text has room for one"),
    };
    Diagnostic::new("P503", message)
        .at(span)
        .note("count(), min() and max() make one of several; a block between ``` shows them all")
}

pub fn no_image(span: Span, address: &str, why: &str) -> Diagnostic {
    Diagnostic::new("P504", format!("the image {address} cannot be put into the page: {why}"))
        .at(span)
        .note("a page holds its images: PNG, JPEG, GIF, WebP or SVG files that lie with the story")
}

pub fn no_link(span: Span, address: &str) -> Diagnostic {
    Diagnostic::new("P505", format!("the link to {address} leads nowhere from a page"))
        .at(span)
        .note("links begin with https://, http://, mailto: or #")
}
