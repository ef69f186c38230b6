//! The page of a story: its text, and in it what the queries gave; under it the claims, the values, the sources, and what
//! the data is.

use super::Done;
use super::story::{Block, Piece, Story};
use crate::answer::{Answer, Outcome};
use crate::diagnostic::Diagnostic;
use crate::present::html::{self, Sources, escape};
use crate::present::safe;
use crate::session::{Session, Value};
use crate::store::SEAL;
use crate::value::date::DayText;
use pulldown_cmark::{CodeBlockKind, CowStr, Event, HeadingLevel, LinkType, Tag, TagEnd};
use std::fmt::Write;

/// Makes the page.
///
/// # Errors
/// When the file cannot say what it is.
pub fn page(session: &Session, story: &Story<'_>, done: &[Done]) -> Result<String, Diagnostic> {
    let mut writer = Writer::new(story, done);
    let mut body = writer.header();
    writer.text();
    body.push_str(&writer.markup());
    body.push_str(&writer.end());
    body.push_str(&colophon(session)?);
    let title = story.front.title.clone().or(writer.first_heading()).unwrap_or_else(|| "Report".to_string());
    let language = story.front.lang.as_deref().unwrap_or("en");
    Ok(html::page(html::Page { language, title: &title, author: story.front.author.as_deref(), body: &body }))
}

struct Writer<'s, 't> {
    story: &'s Story<'t>,
    done: &'s [Done],
    events: Vec<Event<'t>>,
    /// Notes stand at the end, wherever they are written.
    notes: Vec<Event<'t>>,
    in_note: bool,
    sources: Sources,
    answers: usize,
    claims: usize,
    values: Vec<String>,
    summarised: bool,
    slugs: Vec<String>,
}

impl<'s, 't> Writer<'s, 't> {
    const fn new(story: &'s Story<'t>, done: &'s [Done]) -> Self {
        Writer {
            story,
            done,
            events: Vec::new(),
            notes: Vec::new(),
            in_note: false,
            sources: Sources::new(),
            answers: 0,
            claims: 0,
            values: Vec::new(),
            summarised: false,
            slugs: Vec::new(),
        }
    }

    /// The title of the front matter, unless the story begins with one of its own.
    fn header(&self) -> String {
        match &self.story.front.title {
            Some(title) if !self.begins_with_title() => {
                format!("<h1>{}</h1>\n{}", escape::text(title), self.byline())
            }
            _ => String::new(),
        }
    }

    fn begins_with_title(&self) -> bool {
        let first = self.story.pieces.first();
        matches!(first, Some(Piece::Text(Event::Start(Tag::Heading { level: HeadingLevel::H1, .. }))))
    }

    fn byline(&self) -> String {
        let front = &self.story.front;
        let author = front.author.as_deref().map(escape::text);
        let parts: Vec<String> = [author, front.date.as_deref().map(html::edtf)].into_iter().flatten().collect();
        if parts.is_empty() { String::new() } else { format!("<p class=\"byline\">{}</p>\n", parts.join(" · ")) }
    }

    fn first_heading(&self) -> Option<String> {
        let is_heading = |piece: &Piece<'_>| matches!(piece, Piece::Text(Event::Start(Tag::Heading { .. })));
        let at = self.story.pieces.iter().position(is_heading)?;
        Some(self.heading(at)).filter(|text| !text.is_empty())
    }

    /// The text of the heading that begins at a piece.
    fn heading(&self, at: usize) -> String {
        let mut text = String::new();
        for piece in self.story.pieces.iter().skip(at) {
            match piece {
                Piece::Text(Event::End(TagEnd::Heading(_))) => break,
                Piece::Text(Event::Text(part) | Event::Code(part)) => text.push_str(part),
                Piece::Text(Event::SoftBreak | Event::HardBreak) => text.push(' '),
                Piece::Value(number, ..) => text.push_str(self.value(*number).map_or("", |value| &value.words)),
                _ => {}
            }
        }
        text.trim().to_string()
    }

    fn value(&self, number: usize) -> Option<&'s Value> {
        match self.done.get(number) {
            Some(Done::Value(value)) => Some(value),
            _ => None,
        }
    }

    fn push(&mut self, event: Event<'t>) {
        if self.in_note { &mut self.notes } else { &mut self.events }.push(event);
    }

    fn html(&mut self, markup: String) {
        self.push(Event::Html(markup.into()));
    }

    fn inline(&mut self, markup: String) {
        self.push(Event::InlineHtml(markup.into()));
    }

    /// The story, piece by piece.
    fn text(&mut self) {
        let story = self.story;
        let mut byline = self.begins_with_title().then(|| self.byline());
        for (at, piece) in story.pieces.iter().enumerate() {
            match piece {
                Piece::Block(block) => {
                    let made = self.block(block);
                    self.html(made);
                }
                Piece::Summary => {
                    self.summarised = true;
                    let made = self.summary();
                    self.html(made);
                }
                Piece::Value(number, _, written) => self.value_in_text(*number, written),
                Piece::Image(address, shows, title) => {
                    let title =
                        if title.is_empty() { String::new() } else { format!(" title=\"{}\"", escape::text(title)) };
                    let (address, shows) = (escape::text(address), escape::text(shows));
                    self.inline(format!("<img src=\"{address}\" alt=\"{shows}\"{title}>"));
                }
                Piece::Text(event) => {
                    self.event(at, event.clone());
                    if matches!(event, Event::End(TagEnd::Heading(_)))
                        && let Some(byline) = byline.take()
                    {
                        self.html(byline);
                    }
                }
            }
        }
    }

    /// An event of Markdown: text made safe, links and tables written here.
    fn event(&mut self, at: usize, event: Event<'t>) {
        match event {
            Event::Text(text) => self.push(Event::Text(shown(&text))),
            Event::Code(text) => self.push(Event::Code(shown(&text))),
            Event::Html(text) | Event::InlineHtml(text) => self.push(Event::Text(shown(&text))),
            Event::Start(Tag::Heading { level, .. }) => {
                let id = Some(self.slug(at).into());
                self.push(Event::Start(Tag::Heading { level, id, classes: Vec::new(), attrs: Vec::new() }));
            }
            Event::Start(Tag::Link { link_type, dest_url, title, .. }) => {
                self.inline(link(link_type, &dest_url, &title));
            }
            Event::End(TagEnd::Link) => self.inline("</a>".to_string()),
            Event::Start(Tag::Table(alignments)) => {
                self.html("<div class=\"scroll\" role=\"region\" tabindex=\"0\" aria-label=\"a table\">\n".to_string());
                self.push(Event::Start(Tag::Table(alignments)));
            }
            Event::End(TagEnd::Table) => {
                self.push(Event::End(TagEnd::Table));
                self.html("</div>\n".to_string());
            }
            Event::Start(Tag::CodeBlock(_)) => self.push(Event::Start(Tag::CodeBlock(CodeBlockKind::Indented))),
            Event::FootnoteReference(label) => self.push(Event::FootnoteReference(note(&label))),
            Event::Start(Tag::FootnoteDefinition(label)) => {
                self.in_note = true;
                self.push(Event::Start(Tag::FootnoteDefinition(note(&label))));
            }
            Event::End(TagEnd::FootnoteDefinition) => {
                self.push(Event::End(TagEnd::FootnoteDefinition));
                self.in_note = false;
            }
            event => self.push(event),
        }
    }

    /// A name for links to a heading, unlike any other.
    fn slug(&mut self, at: usize) -> String {
        let words = self.heading(at).to_lowercase();
        let words: Vec<&str> = words.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).collect();
        // Charts have names of this kind too.
        let base = if matches!(words.first(), None | Some(&"chart")) {
            format!("section-{}", words.join("-"))
        } else {
            words.join("-")
        };
        let base = base.trim_end_matches('-').to_string();
        let free = |slug: &String| !self.slugs.contains(slug);
        let numbered = (2..).map(|number| format!("{base}-{number}"));
        let slug = std::iter::once(base.clone()).chain(numbered).find(free).unwrap_or_default();
        self.slugs.push(slug.clone());
        slug
    }

    fn block(&mut self, block: &Block) -> String {
        let Some(number) = block.number else { return html::code(&block.text) };
        let Some(Done::Block(answers)) = self.done.get(number) else { return String::new() };
        let mut made = String::new();
        if block.shown {
            for (at, answer) in answers.iter().enumerate() {
                made.push_str(&self.answer(answer, block.caption.as_deref().filter(|_| at == 0)));
            }
        } else {
            self.claims += answers.iter().filter(|answer| answer.verdict.is_some()).count();
        }
        if block.with_query {
            let name = if answers.is_empty() { "What the names stand for" } else { "The query" };
            let _ = write!(
                made,
                "<details class=\"query\"><summary>{name}</summary>\n{}</details>\n",
                html::code(&block.text)
            );
        }
        format!("<div lang=\"en\">\n{made}</div>\n")
    }

    fn answer(&mut self, answer: &Answer, caption: Option<&str>) -> String {
        let counter = if answer.verdict.is_some() { &mut self.claims } else { &mut self.answers };
        *counter += 1;
        html::one(answer, *counter, caption, &mut self.sources)
    }

    /// A value stands in the text, and leads to what it was computed from.
    fn value_in_text(&mut self, number: usize, written: &str) {
        let Some(value) = self.value(number) else { return };
        let at = self.values.len() + 1;
        let id = format!("value.{at}");
        let numbers = self.sources.take(&value.sources, &id);
        let words = html::value(&value.words);
        let cites = if numbers.is_empty() { String::new() } else { format!(" {}", html::marks(&numbers)) };
        self.values.push(format!(
            "<li id=\"{id}\"><strong>{words}</strong> = <code>{}</code>{cites} <span class=\"back\"><a href=\"#{id}.text\" \
             aria-label=\"back to the text\">↑</a></span>\n{}</li>\n",
            escape::text(&written.split_whitespace().collect::<Vec<_>>().join(" ")),
            html::notes(&value.notes)
        ));
        self.inline(format!("<a class=\"value\" id=\"{id}.text\" href=\"#{id}\">{words}</a>"));
    }

    /// All claims with how they come out.
    fn summary(&self) -> String {
        let verdicts = self.done.iter().flat_map(|done| match done {
            Done::Block(answers) => answers.iter().filter_map(|answer| answer.verdict.as_ref()).collect(),
            Done::Value(_) => Vec::new(),
        });
        let (mut items, mut counts) = (String::new(), [0_usize; 3]);
        for (number, verdict) in (1..).zip(verdicts) {
            counts[match verdict.outcome {
                Outcome::Holds => 0,
                Outcome::Fails => 1,
                Outcome::Undecided => 2,
            }] += 1;
            let (badge, claim) = (html::badge(verdict.outcome), html::claim(verdict));
            let _ = writeln!(items, "<li>{badge} <a href=\"#claim.{number}\">{claim}</a></li>");
        }
        let [holds, fails, undecided] = counts;
        let claims = holds + fails + undecided;
        if claims == 0 {
            return String::new();
        }
        let plural = |count: usize, one: &str, more: &str| format!("{count} {}", if count == 1 { one } else { more });
        format!(
            "<div class=\"summary\" lang=\"en\">\n<p>{}: {}, {}, {undecided} undecided</p>\n<ul>\n{items}</ul>\n</div>\n",
            plural(claims, "claim", "claims"),
            plural(holds, "holds", "hold"),
            plural(fails, "fails", "fail"),
        )
    }

    /// The text as markup, with its notes at the end.
    fn markup(&mut self) -> String {
        let mut events = std::mem::take(&mut self.events);
        if !self.notes.is_empty() {
            events.push(Event::Html("<section class=\"footnotes\">\n<h2>Notes</h2>\n".into()));
            events.append(&mut self.notes);
            events.push(Event::Html("</section>\n".into()));
        }
        let mut made = String::new();
        pulldown_cmark::html::push_html(&mut made, events.into_iter());
        made
    }

    /// What stands under the text.
    fn end(&self) -> String {
        let mut made = String::new();
        let summary = if self.summarised { String::new() } else { self.summary() };
        let values =
            if self.values.is_empty() { String::new() } else { format!("<ol>\n{}</ol>\n", self.values.concat()) };
        let parts = [
            ("claims", "The claims", summary),
            ("values", "Numbers in the text", values),
            ("sources", "Sources", self.sources.list()),
        ];
        for (class, title, part) in parts.iter().filter(|(_, _, part)| !part.is_empty()) {
            let _ = write!(made, "<section class=\"{class}\" lang=\"en\">\n<h2>{title}</h2>\n{part}</section>\n");
        }
        made
    }
}

/// Text of a story, safe; the markup in it is escaped by who writes it.
fn shown<'t>(text: &str) -> CowStr<'t> {
    safe::safe_lines(&text.replace("\r\n", "\n").replace('\t', "    ")).into_owned().into()
}

fn note<'t>(label: &str) -> CowStr<'t> {
    // No two labels may become one name.
    let letter = |c: char| if c.is_alphanumeric() { c.to_string() } else { format!("-{:x}-", u32::from(c)) };
    format!("note.{}", label.chars().map(letter).collect::<String>()).into()
}

/// The beginning of a link; where it may lead was looked at when the story was read.
fn link(kind: LinkType, address: &str, title: &str) -> String {
    let address = if kind == LinkType::Email { format!("mailto:{address}") } else { address.to_string() };
    let title = if title.is_empty() { String::new() } else { format!(" title=\"{}\"", escape::text(title)) };
    let away = if escape::is_web(&address) { " rel=\"noopener noreferrer\"" } else { "" };
    format!("<a href=\"{}\"{title}{away}>", escape::text(&address))
}

/// What the answers rest on, so that a reader can make the page anew and compare.
fn colophon(session: &Session) -> Result<String, Diagnostic> {
    let database = session.database();
    let mut lines: Vec<(&str, String)> = Vec::new();
    for (name, key) in [("Data", "title"), ("By", "author"), ("Licence", "licence"), ("To cite it", "citation")] {
        lines.extend(database.setting(key)?.map(|value| (name, escape::text(&value))));
    }
    let version = database.setting(SEAL)?.filter(|_| database.sealed);
    lines.push((
        "Version",
        match version {
            Some(version) => format!("<code class=\"version\">{}</code>", escape::text(&version)),
            None => "not sealed, so nobody can tell whether the data was changed".to_string(),
        },
    ));
    let day = |day| html::edtf(&DayText(day).to_string());
    lines.push(("As of", day(session.frame.today.unwrap_or_else(|| session.reference()))));
    for (name, given) in &session.frame.parameters {
        lines.push(("With", format!("<code>--param {}</code>", escape::text(&format!("{name}={}", given.text)))));
    }
    lines.push(("Made with", format!("bilat {}", env!("CARGO_PKG_VERSION"))));
    let items: Vec<String> = lines.iter().map(|(name, value)| format!("<dt>{name}</dt><dd>{value}</dd>\n")).collect();
    Ok(format!(
        "<section class=\"colophon\" lang=\"en\">\n<h2>About the data</h2>\n<p>Tables, charts, verdicts and numbers on this page were \
         computed from the data named here. The same story and the same data give the same page, to the byte.</p>\n<dl>\n{}</dl>\n</section>\n",
        items.concat()
    ))
}
