//! One mistake in a query that was right: what a finger, a memory or another language does to it.

use super::corpus::Query;
use crate::oracle::rng::Rng;
use bilat::span::Span;
use bilat::syntax::token::{Keyword, Symbol, Token, TokenKind};
use bilat::syntax::tokens;

/// The kinds of mistakes, in the order of the table.
pub const KINDS: [&str; 5] = ["drop", "double", "swap", "misspell", "habit"];

/// A query with one mistake.
pub struct Mutant {
    pub kind: &'static str,
    pub text: String,
    /// Where the mistake is. For what was put in or changed, that; for what was dropped, from the end of the token
    /// before to the end of the token behind; for what was swapped or doubled, both tokens.
    pub places: Vec<Span>,
    /// What was there before; nothing where no word or sign mends it.
    pub wanted: Vec<String>,
}

/// Every mutant of a query, or some chosen by lot: `most` of each kind.
pub fn mutants(query: &Query, most: usize, rng: &Rng) -> Vec<Mutant> {
    let all: Vec<Token> = tokens(&query.text).into_iter().filter(|token| token.kind != TokenKind::End).collect();
    let first = all.iter().position(|token| token.span.start >= query.start).unwrap_or(0);
    let maker = Maker { text: &query.text, tokens: &all };
    let mut chosen = Vec::new();
    for kind in KINDS {
        let mut made: Vec<Mutant> = (first..all.len()).flat_map(|at| maker.make(kind, at, rng)).collect();
        while made.len() > most {
            made.swap_remove(rng.below(made.len()));
        }
        chosen.extend(made);
    }
    chosen
}

struct Maker<'t> {
    text: &'t str,
    tokens: &'t [Token],
}

impl Maker<'_> {
    fn make(&self, kind: &'static str, at: usize, rng: &Rng) -> Vec<Mutant> {
        match kind {
            "drop" => vec![self.dropped(at)],
            "double" => vec![self.doubled(at)],
            "swap" => self.swapped(at).into_iter().collect(),
            "misspell" => self.misspelt(at, rng).into_iter().collect(),
            _ => self.habits(at),
        }
    }

    fn written(&self, at: usize) -> &str {
        self.tokens.get(at).map_or("", |token| token.span.text(self.text))
    }

    fn kind(&self, at: usize) -> TokenKind {
        self.tokens.get(at).map_or(TokenKind::End, |token| token.kind)
    }

    fn is(&self, at: usize, keyword: Keyword) -> bool {
        self.kind(at) == TokenKind::Keyword(keyword)
    }

    /// The text with something else for a span of it; the mistake is what was put in.
    fn replaced(&self, kind: &'static str, span: Span, text: &str, wanted: &[&str]) -> Mutant {
        let place = Span::new(span.start, span.start + text.len());
        let text = format!("{}{text}{}", &self.text[..span.start], &self.text[span.end..]);
        Mutant { kind, text, places: vec![place], wanted: wanted.iter().map(|word| word.to_string()).collect() }
    }

    fn dropped(&self, at: usize) -> Mutant {
        let span = self.tokens[at].span;
        let mut mutant = self.replaced("drop", span, " ", &[self.written(at)]);
        let moved = |end: usize| end + 1 - (span.end - span.start);
        let before = at.checked_sub(1).map_or(span.start, |before| self.tokens[before].span.end);
        let behind = self.tokens.get(at + 1).map_or(span.start + 1, |token| moved(token.span.end));
        mutant.places = vec![Span::new(before, behind)];
        // Of two brackets nobody can tell which one is missing.
        mutant.places.extend(self.partner(at).map(|partner| match partner.start < span.start {
            true => partner,
            false => Span::new(moved(partner.start), moved(partner.end)),
        }));
        mutant
    }

    fn doubled(&self, at: usize) -> Mutant {
        let span = self.tokens[at].span;
        let written = self.written(at);
        let mut mutant = self.replaced("double", span, &format!("{written} {written}"), &[]);
        let added = written.len() + 1;
        mutant.places.extend(self.partner(at).map(|partner| match partner.start < span.start {
            true => partner,
            false => Span::new(partner.start + added, partner.end + added),
        }));
        mutant
    }

    /// The bracket that closes or opens with this one.
    fn partner(&self, at: usize) -> Option<Span> {
        let (open, close) = (TokenKind::Symbol(Symbol::LeftParen), TokenKind::Symbol(Symbol::RightParen));
        let mut opened = Vec::new();
        for (place, token) in self.tokens.iter().enumerate() {
            if token.kind == open {
                opened.push(place);
            } else if token.kind == close {
                let partner = opened.pop()?;
                if place == at || partner == at {
                    return Some(self.tokens[if place == at { partner } else { place }].span);
                }
            }
        }
        None
    }

    fn swapped(&self, at: usize) -> Option<Mutant> {
        let (one, other) = (self.tokens.get(at)?.span, self.tokens.get(at + 1)?.span);
        let between = &self.text[one.end..other.start];
        let (first, second) = (self.written(at), self.written(at + 1));
        // Blanks keep words apart that were kept apart by a sign.
        let swapped = format!(" {second} {between}{first} ");
        (first != second).then(|| self.replaced("swap", one.to(other), &swapped, &[first, second]))
    }

    /// One letter left out, doubled, swapped with the next one or replaced by its neighbour in the alphabet; words of
    /// one or two letters would be other words.
    fn misspelt(&self, at: usize, rng: &Rng) -> Option<Mutant> {
        let (written, span) = (self.written(at), self.tokens[at].span);
        if !matches!(self.kind(at), TokenKind::Word | TokenKind::Keyword(_) | TokenKind::Text) {
            return None;
        }
        let mut letters: Vec<char> = written.chars().collect();
        let places: Vec<usize> = (0..letters.len()).filter(|place| letters[*place].is_alphabetic()).collect();
        if places.len() < 3 {
            return None;
        }
        let place = *rng.pick(&places);
        let next = letters.get(place + 1).copied().filter(|next| next.is_alphabetic() && *next != letters[place]);
        match (rng.below(4), next) {
            (0, _) => drop(letters.remove(place)),
            (1, _) => letters.insert(place, letters[place]),
            (2, Some(next)) => {
                letters[place + 1] = letters[place];
                letters[place] = next;
            }
            _ => {
                letters[place] = char::from_u32(letters[place] as u32 ^ 1).filter(|c| c.is_alphabetic()).unwrap_or('o')
            }
        }
        let changed: String = letters.into_iter().collect();
        (changed != written).then(|| self.replaced("misspell", span, &changed, &[written]))
    }

    /// What people write who come from SQL, shells, word processors and other calendars.
    fn habits(&self, at: usize) -> Vec<Mutant> {
        let (written, span) = (self.written(at), self.tokens[at].span);
        let mut made: Vec<Mutant> = Vec::new();
        let mut put = |span: Span, text: &str, wanted: &[&str]| made.push(self.replaced("habit", span, text, wanted));
        let onward = |count: usize| span.to(self.tokens[(at + count).min(self.tokens.len() - 1)].span);
        if let TokenKind::Symbol(sign) = self.kind(at) {
            for other in FOREIGN_SIGNS.iter().filter(|(ours, _)| *ours == sign).flat_map(|(_, foreign)| *foreign) {
                put(span, other, &[written]);
            }
        }
        match self.kind(at) {
            TokenKind::Keyword(Keyword::And) => put(span, "&&", &["AND"]),
            TokenKind::Keyword(Keyword::Or) => put(span, "||", &["OR"]),
            TokenKind::Keyword(Keyword::Not) => put(span, "!", &["NOT"]),
            TokenKind::Keyword(Keyword::Like) => {
                put(span, "ILIKE", &["LIKE"]);
                put(span, "~", &["LIKE"]);
            }
            TokenKind::Keyword(Keyword::Is) if self.is(at + 1, Keyword::Unknown) => {
                put(onward(1), "= NULL", &["IS UNKNOWN"]);
            }
            TokenKind::Keyword(Keyword::During) => put(span, "IN", &["DURING"]),
            TokenKind::Keyword(Keyword::From) => {
                put(onward(1), &format!("{}, leaders", onward(1).text(self.text)), &[]);
                put(onward(1), &format!("{} AS m", onward(1).text(self.text)), &[]);
                put(onward(1), &format!("{} JOIN participants ON meeting_id = id", onward(1).text(self.text)), &[]);
                if self.text[..span.start].contains("SELECT") {
                    put(span, ", FROM", &["FROM"]);
                }
            }
            TokenKind::Keyword(Keyword::GroupBy | Keyword::OrderBy) if self.kind(at + 1) == TokenKind::Word => {
                let path = self.path(at + 1);
                if !self.is_function(at + 1) && self.text[..span.start].contains(path.text(self.text)) {
                    put(path, "1", &[path.text(self.text)]);
                }
            }
            TokenKind::Keyword(Keyword::With) => {
                put(span, "WHERE WITH", &["WITH"]);
                if self.is(at + 2, Keyword::And) {
                    let other = onward(2).text(self.text).strip_prefix("WITH").unwrap_or("").to_string();
                    put(onward(2), &format!("BETWEEN{other}"), &["WITH"]);
                    let and = self.tokens[at + 2].span;
                    put(and, ",", &["AND"]);
                }
            }
            TokenKind::Keyword(Keyword::Limit) => {
                put(onward(1), &format!("LIMIT 0, {}", self.written(at + 1)), &["LIMIT"]);
            }
            TokenKind::Word if self.is_function(at) && self.kind(at + 2) == TokenKind::Symbol(Symbol::RightParen) => {
                put(onward(2), "COUNT(*)", &["count()"]);
            }
            TokenKind::Text => {
                let inner = &written[1..written.len() - 1];
                put(span, &format!("“{inner}”"), &[written]);
                put(span, &format!("‘{inner}’"), &[written]);
                put(span, &format!("«{inner}»"), &[written]);
                put(span, &format!("`{inner}`"), &[written]);
                put(span, &format!("'{inner}"), &[written, "'"]);
                put(span, &format!("{inner}'"), &[written, "'"]);
                if inner.chars().all(|c| c.is_alphabetic() || c == ' ') && !inner.is_empty() {
                    put(span, inner, &[written]);
                }
            }
            TokenKind::Date => {
                let parts: Vec<&str> = written.split('-').collect();
                match parts.as_slice() {
                    [year, month, day] => {
                        put(span, &format!("{day}.{month}.{year}"), &[written]);
                        put(span, &format!("{year}/{month}/{day}"), &[written]);
                        put(span, &format!("{year}{month}{day}"), &[written]);
                        put(span, &format!("DATE '{written}'"), &[written]);
                    }
                    [year, month] if month.starts_with('0') => {
                        put(span, &format!("{year}-{}", &month[1..]), &[written]);
                        put(span, &format!("{}/{year}", month), &[written]);
                        let name = MONTHS.get(month[1..].parse::<usize>().unwrap_or(0)).unwrap_or(&"May");
                        put(span, &format!("{name} {year}"), &[written]);
                    }
                    _ => {}
                }
            }
            _ => {}
        }
        made
    }

    fn is_function(&self, at: usize) -> bool {
        self.kind(at + 1) == TokenKind::Symbol(Symbol::LeftParen)
    }

    /// The words joined by dots that begin here.
    fn path(&self, at: usize) -> Span {
        let part = |token: &&Token| matches!(token.kind, TokenKind::Word | TokenKind::Symbol(Symbol::Dot));
        self.tokens[at..].iter().take_while(part).fold(self.tokens[at].span, |span, token| span.to(token.span))
    }
}

const MONTHS: [&str; 10] = ["", "January", "Feb", "March", "April", "May", "June", "Jul", "August", "Sept"];

const FOREIGN_SIGNS: &[(Symbol, &[&str])] = &[
    (Symbol::Equal, &["==", "===", "＝", ":=", "IS"]),
    (Symbol::NotEqual, &["<>", "!==", "≠", "^="]),
    (Symbol::LessOrEqual, &["≤", "=<"]),
    (Symbol::GreaterOrEqual, &["≥", "=>"]),
    (Symbol::LeftParen, &["（", "["]),
    (Symbol::RightParen, &["）", "]"]),
    (Symbol::Comma, &["，", "、", ";"]),
    (Symbol::Range, &["…", "...", "–"]),
];
