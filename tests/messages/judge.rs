//! Whether the messages about a mutant help.

use super::WIDEST;
use super::corpus::Query;
use super::mutations::Mutant;
use bilat::diagnostic::Diagnostic;
use bilat::diagnostic::syntax::COULD_STAND;
use bilat::present;
use bilat::session::Session;
use bilat::span::{Source, Span};
use bilat::syntax::token::TokenKind;
use bilat::syntax::{Expected, tokens};
use bilat::value::text::fold;

pub struct Verdict {
    pub place: bool,
    /// Nothing where no word or sign mends the mistake.
    pub offer: Option<bool>,
    pub few: bool,
    /// As they are shown.
    pub messages: String,
}

impl std::fmt::Debug for Verdict {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "place {} offer {:?} few {}", self.place, self.offer, self.few)
    }
}

impl Verdict {
    pub fn good(&self) -> bool {
        self.place && self.offer != Some(false) && self.few
    }

    pub fn fails_in(&self, figure: &str) -> bool {
        match figure {
            "place" => !self.place,
            "offer" => self.offer == Some(false),
            "few" => !self.few,
            _ => false,
        }
    }
}

/// Nothing if the mutant is right all the same.
pub fn judge(session: &Session, query: &Query, mutant: &Mutant) -> Option<Verdict> {
    let messages = session.compile(&mutant.text).err()?;
    let place = messages.first().and_then(|first| first.span).is_some_and(|span| right_place(span, mutant));
    let asked = mutant.kind == "double" || !mutant.wanted.is_empty();
    let offer = asked.then(|| offers(&messages).iter().take(3).any(|offer| mends(offer, query, mutant)));
    let source = Source::new("mutant", mutant.text.as_str());
    let shown = present::diagnostic::render(&messages, Some(&source), present::Style::default());
    Some(Verdict { place, offer, few: messages.len() <= 2, messages: shown })
}

fn right_place(span: Span, mutant: &Mutant) -> bool {
    let (text, width) = (&mutant.text, mutant.text.get(span.range()).map_or(usize::MAX, count));
    assert!(text.get(span.range()).is_some(), "a message lies in the text: {text}");
    mutant.places.iter().any(|place| {
        let inside = |at: usize| place.start <= at && at <= place.end;
        let round = span.start <= place.start && place.end <= span.end && width <= WIDEST;
        inside(span.start) || inside(span.end) || round
    })
}

fn count(text: &str) -> usize {
    tokens(text).len() - 1
}

/// Something that messages offer.
enum Offer<'a> {
    /// Text for a span.
    Text(Span, &'a str),
    /// A word of a list.
    Listed(&'a str),
}

fn offers(messages: &[Diagnostic]) -> Vec<Offer<'_>> {
    let mut offers = Vec::new();
    for message in messages {
        let patch = message.patch.as_ref();
        offers.extend(patch.map(|patch| Offer::Text(patch.span, patch.text.as_str())));
        let span = message.span.unwrap_or_default();
        // The first suggestion is the patch's.
        let suggested = message.suggestions.iter().skip(usize::from(patch.is_some()));
        offers.extend(suggested.map(|text| Offer::Text(span, text.as_str())));
        let lists = message.notes.iter().filter_map(|note| note.strip_prefix(COULD_STAND));
        offers.extend(lists.flat_map(|list| listed(list)).map(Offer::Listed));
    }
    offers
}

/// The parts of "a, b or c"; one of them may be "an attribute or link".
fn listed(list: &str) -> Vec<&str> {
    let (path, mut rest, mut parts) = (Expected::Path.text(), list, Vec::new());
    while !rest.is_empty() {
        let known = if rest.starts_with(&path) { path.len() } else { 0 };
        let end = [", ", " or "].iter().filter_map(|sign| rest[known..].find(sign)).min();
        let end = end.map_or(rest.len(), |end| known + end);
        parts.push(&rest[..end]);
        rest = rest[end..].trim_start_matches(", ").trim_start_matches(" or ");
    }
    parts
}

fn mends(offer: &Offer<'_>, query: &Query, mutant: &Mutant) -> bool {
    match offer {
        Offer::Text(span, text) => {
            let mended = format!("{}{text}{}", &mutant.text[..span.start], &mutant.text[span.end..]);
            written(&mended) == written(&query.text)
                || !mutant.wanted.is_empty() && mutant.wanted.iter().any(|wanted| holds(text, wanted))
        }
        Offer::Listed(word) => {
            mutant.wanted.iter().any(|wanted| wanted.eq_ignore_ascii_case(word) || of_kind(wanted, word))
        }
    }
}

/// Whether the tokens of `part` stand in `text`.
fn holds(text: &str, part: &str) -> bool {
    let (text, part) = (written(text), written(part));
    text.windows(part.len().max(1)).any(|window| window == part)
}

/// The tokens as written: keywords in capitals, names with or without quotes, in any spelling.
fn written(text: &str) -> Vec<String> {
    let all = tokens(text);
    let all = all.iter().filter(|token| token.kind != TokenKind::End);
    let written = all.map(|token| match token.kind {
        TokenKind::Keyword(keyword) => keyword.text().to_string(),
        TokenKind::Text | TokenKind::Word | TokenKind::Date => fold(token.span.text(text).trim_matches(['\'', '"'])),
        _ => token.span.text(text).to_string(),
    });
    written.collect()
}

/// Whether a message that says `kind` means something like `written`.
fn of_kind(written: &str, kind: &str) -> bool {
    use TokenKind::{Date, Integer, Number, Text, Word};
    let Some(token) = tokens(written).first().map(|token| token.kind) else { return false };
    let kinds = [
        (Expected::Noun, &[Word][..]),
        (Expected::Name, &[Word, Text]),
        (Expected::Path, &[Word]),
        (Expected::Value, &[Word, Text, Date, Integer, Number]),
        (Expected::Date, &[Date, Integer, Text]),
        (Expected::Number, &[Integer]),
        (Expected::Alias, &[Word]),
    ];
    kinds.iter().any(|(expected, tokens)| expected.text() == kind && tokens.contains(&token))
}
