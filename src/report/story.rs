//! A story as it is written: Markdown (CommonMark with tables, footnotes and strikethrough), with blocks of queries and
//! with values in the text.
//!
//! A block is fenced, and the first word behind its fence is `bilat`. A value is code in the text that begins with `=` and
//! a blank. Both are taken out here, with their places; what is left is the text around them.

use super::front::{self, Front};
use super::image;
use super::queries::Gathered;
use crate::diagnostic::{Diagnostic, story};
use crate::present::html::escape;
use crate::span::Span;
use pulldown_cmark::{CodeBlockKind, Event, LinkType, OffsetIter, Options, Parser, Tag, TagEnd};
use std::iter::Peekable;
use std::ops::Range;
use std::path::Path;

/// What can stand behind `bilat`: run without showing anything, leave the query out, show without running, or list all
/// claims.
const WORDS: &[&str] = &["hide", "hide-query", "no-run", "summary"];

/// A story, read.
#[derive(Debug)]
pub struct Story<'a> {
    pub front: Front,
    pub pieces: Vec<Piece<'a>>,
    pub queries: Gathered,
    /// Every mistake that is none of a query.
    pub mistakes: Vec<Diagnostic>,
}

/// A part of a story.
#[derive(Debug)]
pub enum Piece<'a> {
    Text(Event<'a>),
    Block(Block),
    /// A value in the text: its number among the queries, where it stands, and how it is written.
    Value(usize, Span, String),
    /// An image that the page holds: its address, what it shows, its title.
    Image(String, String, String),
    /// The list of all claims.
    Summary,
}

/// A block of queries.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Block {
    /// Its number among the queries; none where it is shown only.
    pub number: Option<usize>,
    /// As it is written.
    pub text: String,
    pub caption: Option<String>,
    /// Whether its answers are shown.
    pub shown: bool,
    /// Whether its query is shown.
    pub with_query: bool,
}

/// What stands behind a fence.
#[derive(Debug, Default)]
struct Info {
    words: Vec<String>,
    caption: Option<String>,
}

type Events<'a> = Peekable<OffsetIter<'a>>;

struct Reader<'a> {
    text: &'a str,
    /// Where images lie.
    folder: &'a Path,
    /// Where Markdown begins, behind the front matter.
    begin: usize,
    pieces: Vec<Piece<'a>>,
    queries: Gathered,
    mistakes: Vec<Diagnostic>,
}

/// Reads a story; its images are read from the folder.
pub fn read<'a>(text: &'a str, folder: &'a Path) -> Story<'a> {
    let (front, mistakes) = front::read(text);
    let options = Options::ENABLE_TABLES | Options::ENABLE_FOOTNOTES | Options::ENABLE_STRIKETHROUGH;
    let begin = front.end;
    let mut events = Parser::new_ext(&text[begin..], options).into_offset_iter().peekable();
    let mut reader = Reader { text, folder, begin, pieces: Vec::new(), queries: Gathered::default(), mistakes };
    while let Some((event, range)) = events.next() {
        reader.event(event, reader.place(range), &mut events);
    }
    let Reader { pieces, queries, mistakes, .. } = reader;
    Story { front, pieces, queries, mistakes }
}

impl<'a> Reader<'a> {
    const fn place(&self, range: Range<usize>) -> Span {
        Span::new(range.start + self.begin, range.end + self.begin)
    }

    fn event(&mut self, event: Event<'a>, span: Span, events: &mut Events<'a>) {
        match event {
            Event::Start(Tag::CodeBlock(CodeBlockKind::Fenced(info))) if is_ours(&info) => {
                self.block(&info, span, events);
            }
            Event::Start(Tag::CodeBlock(CodeBlockKind::Fenced(info))) if is_misspelt(&info) => {
                self.mistakes.push(story::misspelt_fence(self.first_line(span)));
                self.pieces.push(Piece::Text(Event::Start(Tag::CodeBlock(CodeBlockKind::Fenced(info)))));
            }
            Event::Code(code) if code.starts_with("= ") => {
                let part = self.inner(span);
                let number = self.queries.value(self.text, &part);
                self.pieces.push(Piece::Value(number, span, code[2..].trim().to_string()));
            }
            Event::Start(Tag::HtmlBlock) => self.markup(events),
            Event::InlineHtml(markup) if is_comment(&markup) => {}
            Event::Start(Tag::Image { dest_url, title, .. }) => {
                let shows = inside(events, |event| matches!(event, Event::End(TagEnd::Image)));
                match image::held(&dest_url, self.folder, span) {
                    Ok(address) => self.pieces.push(Piece::Image(address, shows, title.to_string())),
                    Err(mistake) => self.mistakes.push(mistake),
                }
            }
            event => {
                if let Event::Start(Tag::Link { dest_url, link_type, .. }) = &event
                    && *link_type != LinkType::Email
                    && !leads_somewhere(dest_url)
                {
                    self.mistakes.push(story::no_link(span, dest_url));
                }
                self.pieces.push(Piece::Text(event));
            }
        }
    }

    /// Markup is text like any other; comments are left out.
    fn markup(&mut self, events: &mut Events<'a>) {
        let written = inside(events, |event| matches!(event, Event::End(TagEnd::HtmlBlock)));
        if !is_comment(&written) {
            let events = [Event::Start(Tag::Paragraph), Event::Text(written.into()), Event::End(TagEnd::Paragraph)];
            self.pieces.extend(events.map(Piece::Text));
        }
    }

    /// Of code in the text, what stands between its backticks and behind its sign.
    fn inner(&self, span: Span) -> Range<usize> {
        let written = span.text(self.text);
        let ticks = written.len() - written.trim_start_matches('`').len();
        let within = written.trim_start_matches('`').trim_start();
        let sign = written.len() - within.len() + usize::from(within.starts_with('='));
        span.start + sign..(span.end - ticks).max(span.start + sign)
    }

    fn block(&mut self, info: &str, span: Span, events: &mut Events<'a>) {
        let (mut parts, mut text) = (Vec::new(), String::new());
        for (event, range) in events.by_ref() {
            match event {
                Event::End(TagEnd::CodeBlock) => break,
                Event::Text(written) => {
                    let place = self.place(range);
                    parts.push(place.range());
                    text.push_str(&written);
                }
                _ => {}
            }
        }
        let Info { words, caption } = self.info(info, span);
        let has = |word: &str| words.iter().any(|known| known == word);
        if has("summary") {
            if !text.trim().is_empty() {
                self.mistakes.push(story::summary_is_empty(span));
            }
            return self.pieces.push(Piece::Summary);
        }
        if has("no-run") {
            return self.pieces.push(Piece::Block(Block { text, caption, ..Block::default() }));
        }
        let number = Some(self.queries.block(self.text, &parts));
        let shown = !has("hide");
        let with_query = shown && !has("hide-query");
        self.pieces.push(Piece::Block(Block { number, text, caption, shown, with_query }));
    }

    /// The line of a fence, without what it encloses.
    fn first_line(&self, span: Span) -> Span {
        let line = span.text(self.text).lines().next().unwrap_or("").trim_end();
        Span::new(span.start, span.start + line.len())
    }

    /// The words behind `bilat`, and a caption in single quotes.
    fn info(&mut self, info: &str, span: Span) -> Info {
        let mut made = Info::default();
        let mut rest = info.trim().strip_prefix("bilat").unwrap_or("").trim_start();
        while !rest.is_empty() {
            if let Some((caption, after)) = rest.strip_prefix('\'').and_then(closed) {
                made.caption = Some(caption.replace("''", "'"));
                rest = after.trim_start();
                continue;
            }
            let (word, after) = rest.split_once(char::is_whitespace).unwrap_or((rest, ""));
            rest = after.trim_start();
            if WORDS.contains(&word) {
                made.words.push(word.to_string());
            } else {
                let line = span.text(self.text).lines().next().unwrap_or("");
                let at = span.start + line.find(word).unwrap_or(0);
                self.mistakes.push(story::unknown_word(Span::new(at, at + word.len()), word, WORDS));
            }
        }
        made
    }
}

fn is_ours(info: &str) -> bool {
    info.split_whitespace().next() == Some("bilat")
}

/// A block that would be shown and not run, for a slip of the finger.
fn is_misspelt(info: &str) -> bool {
    let word = info.split_whitespace().next().unwrap_or("").to_lowercase();
    word != "bilat" && strsim::osa_distance(&word, "bilat") == 1
}

/// Text up to the quote that ends it: one before a blank or at the end.
fn closed(text: &str) -> Option<(&str, &str)> {
    let ends = |at: &usize| text[at + 1..].chars().next().is_none_or(char::is_whitespace);
    let at = text.match_indices('\'').map(|(at, _)| at).find(ends)?;
    Some((&text[..at], &text[at + 1..]))
}

/// The text of all events up to one that ends it.
fn inside<'a>(events: &mut Events<'a>, ends: impl Fn(&Event<'a>) -> bool) -> String {
    let mut text = String::new();
    for (event, _) in events.by_ref().take_while(|(event, _)| !ends(event)) {
        match event {
            Event::Text(part) | Event::Code(part) | Event::Html(part) | Event::InlineHtml(part) => text.push_str(&part),
            Event::SoftBreak | Event::HardBreak => text.push(' '),
            _ => {}
        }
    }
    text
}

fn is_comment(markup: &str) -> bool {
    let inner = markup.trim().strip_prefix("<!--").and_then(|rest| rest.strip_suffix("-->"));
    inner.is_some_and(|inner| !inner.contains("-->"))
}

/// Whether a link of a story is one of the web, of mail, or of the page itself.
fn leads_somewhere(address: &str) -> bool {
    let mail = address.get(..7).is_some_and(|scheme| scheme.eq_ignore_ascii_case("mailto:"));
    escape::is_web(address) || mail || address.starts_with('#')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pieces(text: &str) -> Vec<String> {
        let story = read(text, Path::new("."));
        assert_eq!(story.mistakes, [], "{text}");
        let told = story.pieces.into_iter().filter_map(|piece| match piece {
            Piece::Text(_) => None,
            Piece::Block(block) => Some(format!("{:?} {:?} {}", block.number, block.caption, block.text.trim())),
            Piece::Value(number, span, written) => Some(format!("{number} {} {written}", span.text(text))),
            Piece::Image(address, shows, _) => Some(format!("{address} {shows}")),
            Piece::Summary => Some("summary".to_string()),
        });
        told.collect()
    }

    #[test]
    fn queries_are_found_wherever_they_stand() {
        assert_eq!(
            pieces("```bilat hide \'Putin\'s trips\'\nFROM x\n```"),
            ["Some(0) Some(\"Putin\'s trips\") FROM x"]
        );
        assert_eq!(pieces("> ~~~ bilat\n> FROM x\n> ;\n> ~~~\n"), ["Some(0) None FROM x\n;"]);
        assert_eq!(
            pieces("- a `= count(FROM x)` b\n- ``= FROM `y` ``"),
            ["0 `= count(FROM x)` count(FROM x)", "1 ``= FROM `y` `` FROM `y`"]
        );
        assert_eq!(pieces("the `=` sign, `=x`, `a = b`\n```rust\n= 1\n```\n    ```bilat"), [""; 0]);
        assert_eq!(pieces("```bilat summary\n```\n```bilat no-run\nx\n```"), ["summary", "None None x"]);
    }

    #[test]
    fn what_a_page_cannot_have_is_told_with_its_place() {
        for (text, code, place) in [
            ("a\n\n```bilat hide-querry\n```", "P501", "hide-querry"),
            ("```bilat summary\nFROM x\n```", "P501", "```bilat summary\nFROM x\n```"),
            ("a [b](javascript:alert(1)) c", "P505", "[b](javascript:alert(1))"),
            ("a ![b](https://example.org/c.png) d", "P504", "![b](https://example.org/c.png)"),
        ] {
            let story = read(text, Path::new("."));
            let told: Vec<_> = story.mistakes.iter().map(|m| (m.code, m.span.unwrap().text(text))).collect();
            assert_eq!(told, [(code, place)], "{text}");
        }
    }
}
