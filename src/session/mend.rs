//! One change of one token after which a statement compiles: most mistakes are of that kind, and nobody knows better what
//! was meant than a compiler that tries.
//!
//! A statement with mistakes is compiled anew with one of them mended as its message offers, then with tokens near them
//! replaced, left out, swapped, or put in. What mends the whole statement is offered, and what else was said of the
//! statement followed from that one mistake. Where nothing mends it, all messages stay as they are.

use super::{Prepared, Session};
use crate::bind::names::{Found, NameOf, Names};
use crate::diagnostic::binding::quote;
use crate::diagnostic::{Diagnostic, syntax as messages};
use crate::span::Span;
use crate::suggest::{MOST, ranked};
use crate::syntax::token::{Keyword, Symbol, Token, TokenKind};
use crate::syntax::{Expected, date_meant, expected_at, parse, tokens};
use crate::value::date::Bounds;

/// Statements of that many tokens are mended, and so many of a text: each takes hundreds of trials.
const LONGEST: usize = 200;
const STATEMENTS: usize = 3;

/// So many statements that give names, of so many bytes, are compiled with others each time: named queries grow by
/// their use.
const NAMED: (usize, usize) = (5, 400);

/// Keywords and signs that fit a place are tried in this order; what is not listed comes after.
const USUAL: &[&str] = &[
    "AND", "OR", "WITH", "AT", "DURING", "SINCE", "IN", "UNTIL", "BY", "TO", "=", ".", ",", "+", "-", ">", "<", "!=",
    "ANY", "FROM", "AS", "(", ")", "WHERE",
];

/// What stands for signs and words of other languages.
const INSTEAD: &[&str] = &["=", "AND", "OR", "WITH", ",", ".", "..", "(", ")"];

/// Other text in place of a stretch of whole tokens.
#[derive(Clone, Debug, PartialEq)]
struct Edit {
    span: Span,
    text: String,
}

impl Session {
    /// The mistakes of a text, those of a statement that one change mends being one with that change.
    pub(super) fn mend(&self, text: &str, mistakes: Vec<Diagnostic>) -> Vec<Diagnostic> {
        let all = tokens(text);
        if let Some(one) = self.semicolon_for_comma(text, &all, &mistakes) {
            return vec![one];
        }
        let mut left = mistakes;
        let mut mended = Vec::new();
        let mut tried = 0;
        // Statements that give names to others are compiled with them.
        let (mut before, mut named) = (String::new(), 0);
        for statement in all.split_inclusive(|token| token.kind == TokenKind::Symbol(Symbol::Semicolon)) {
            let Some(end) = statement.last().map(|token| token.span.end) else { continue };
            let inside = |mistake: &Diagnostic| mistake.span.is_none_or(|span| span.start < end || end == text.len());
            let (of_statement, others): (Vec<_>, Vec<_>) = left.into_iter().partition(inside);
            left = others;
            let short = statement.len() <= LONGEST && named <= NAMED.0 && before.len() <= NAMED.1;
            let worth_it = tried < STATEMENTS && short && !of_statement.is_empty();
            tried += usize::from(worth_it);
            let trial = Trial { session: self, before: &before, text, statement };
            match worth_it.then(|| trial.mended(&of_statement)).flatten() {
                Some(one) => mended.push(one),
                None => mended.extend(of_statement),
            }
            if matches!(statement[0].kind, TokenKind::Keyword(Keyword::Let | Keyword::AsOf)) {
                named += 1;
                before.push_str(text.get(statement[0].span.start..end).unwrap_or(""));
            }
        }
        mended.extend(left);
        mended
    }

    /// One semicolon that stands for a comma makes two statements with mistakes of one that is right.
    fn semicolon_for_comma(&self, text: &str, all: &[Token], mistakes: &[Diagnostic]) -> Option<Diagnostic> {
        let at = all.iter().find(|token| token.kind == TokenKind::Symbol(Symbol::Semicolon))?.span;
        let split = mistakes.iter().any(|mistake| mistake.code == "S102" && mistake.span == Some(at));
        let right = || format!("{},{}", &text[..at.start], &text[at.end..]);
        let mends = split && mistakes.len() > 1 && all.len() <= LONGEST && self.compiles(&right());
        mends.then(|| messages::unexpected(at, ";", &[",".to_string()], &[]))
    }

    /// The statements of a text, if all are right; of mistakes nothing is said, which makes it fast.
    pub fn prepared(&self, text: &str) -> Option<Vec<Prepared>> {
        if !parses(text) {
            return None;
        }
        let (prepared, mistakes) = self.compiled(text, &Quiet(&self.database));
        mistakes.is_empty().then_some(prepared)
    }

    /// Every mistake in a text, without what might mend it, which makes it fast enough for every key.
    pub fn faults(&self, text: &str) -> Vec<Diagnostic> {
        self.compiled(text, &Quiet(&self.database)).1
    }

    fn compiles(&self, text: &str) -> bool {
        self.prepared(text).is_some()
    }
}

fn parses(text: &str) -> bool {
    parse(text).diagnostics.is_empty()
}

/// Names without the list of all of them, which only suggestions need.
struct Quiet<'a>(&'a dyn Names);

impl Names for Quiet<'_> {
    fn exact(&self, folded: &str) -> Result<Vec<Found>, Diagnostic> {
        self.0.exact(folded)
    }

    fn same_words(&self, words: &[&str]) -> Result<Vec<Found>, Diagnostic> {
        self.0.same_words(words)
    }

    fn containing(&self, words: &[&str]) -> Result<Vec<Found>, Diagnostic> {
        self.0.containing(words)
    }

    fn all(&self) -> Result<Vec<NameOf>, Diagnostic> {
        Ok(Vec::new())
    }

    fn date(&self, event: i64) -> Result<Bounds, Diagnostic> {
        self.0.date(event)
    }
}

struct Trial<'a> {
    session: &'a Session,
    /// Statements before it that it may need.
    before: &'a str,
    text: &'a str,
    /// Its tokens with the semicolon or the end.
    statement: &'a [Token],
}

impl Trial<'_> {
    /// The one message to which those of the statement come down.
    fn mended(&self, mistakes: &[Diagnostic]) -> Option<Diagnostic> {
        let (guesses, sure): (Vec<_>, Vec<_>) = mistakes.iter().partition(|mistake| is_guess(mistake));
        if let Some(told) = sure.into_iter().find_map(|mistake| self.as_offered(mistake)) {
            return Some(told);
        }
        if let Some(edit) = self.best(self.doubled().into_iter()).first() {
            return Some(messages::doubled_word(edit.span, edit.span.text(self.text).trim()));
        }
        // It guesses two ways, and there are more.
        let guesses = guesses.into_iter().filter(|mistake| mistake.code != "S117");
        if let Some(told) = guesses.into_iter().find_map(|mistake| self.as_offered(mistake)) {
            return Some(told);
        }
        let mut places: Vec<usize> =
            mistakes.iter().take(2).filter_map(|mistake| Some(self.at(mistake.span?))).collect();
        places.dedup();
        let first = mistakes.first()?;
        // What fits no noun or name is said best by its message; what fits no clause may be a matter of one token.
        let written_wrong = mistakes.iter().any(|mistake| mistake.code.starts_with('S'));
        let unexpected = matches!(first.code, "S101" | "S102" | "B233") || is_guess(first);
        let missing = if unexpected { self.missing(*places.first()?) } else { Vec::new() };
        let meaning: [fn(&Self, usize) -> Vec<Edit>; 3] = [Trial::dated, Trial::valued, Trial::put_in];
        let writing = [Trial::dated, Trial::respelt, Trial::swapped, Trial::put_in, Trial::bracketed, Trial::quoted]
            .map(|way| way as fn(&Self, usize) -> Vec<Edit>)
            .into_iter()
            .chain([Trial::replaced, Trial::useless_comma]);
        let mut ways: Vec<_> = if written_wrong { writing.collect() } else { meaning.to_vec() };
        // What stands in the way where something is missing may stay when that is there.
        if missing.is_empty() && unexpected && first.code != "S102" {
            ways.push(Trial::left_out);
        }
        let found = ways.iter().map(|way| self.best(places.iter().flat_map(|place| way(self, *place))));
        let found = found.into_iter().find(|found| !found.is_empty()).unwrap_or_default();
        let mut told = match found.first() {
            Some(edit) if missing.is_empty() || !edit.text.is_empty() => self.told(mistakes, edit),
            _ if !missing.is_empty() => first.clone(),
            Some(edit) => self.told(mistakes, edit),
            None => return None,
        };
        told.notes.retain(|note| !note.starts_with(messages::COULD_STAND));
        if !missing.is_empty() && told.span == first.span {
            told = messages::with_expected(told, &missing);
        }
        match found.as_slice() {
            [] => {}
            [edit] => {
                told.suggestions = vec![edit.text.clone()];
                let edit = self.tight(edit);
                // Something else might compile too, so that nobody should apply it unasked.
                told = told.patch(edit.span, edit.text);
            }
            several => {
                told.suggestions = several.iter().map(|edit| edit.text.clone()).collect();
                told.patch = None;
            }
        }
        told.suggestions.retain(|text| !text.is_empty());
        Some(told)
    }

    /// The message about the place of an edit: one that was there and fits, or that the tokens there do not fit.
    fn told(&self, mistakes: &[Diagnostic], edit: &Edit) -> Diagnostic {
        // A comma or AS is what this one says itself.
        let said =
            |told: &Diagnostic| told.code == "S117" && [", ", "AS "].iter().any(|word| edit.text.starts_with(word));
        let here = |mistake: &&Diagnostic| mistake.span.is_some_and(|span| touches(span, edit.span));
        let same = |mistake: &&Diagnostic| mistake.span == Some(edit.span) || mistake.code == "S102" && here(mistake);
        let near = mistakes.iter().filter(|mistake| !is_guess(mistake) || said(mistake));
        let told = near.clone().find(same).or_else(|| near.clone().find(|told| here(told) && told.code != "S101"));
        told.cloned().unwrap_or_else(|| {
            // What is left out has its blank with it.
            let whole = edit.span.text(self.text);
            let start = edit.span.start + whole.len() - whole.trim_start().len();
            let span = Span::new(start, start + whole.trim().len());
            messages::unexpected(span, span.text(self.text), &[], &[])
        })
    }

    /// The message, if what it offers itself mends the statement.
    fn as_offered(&self, mistake: &Diagnostic) -> Option<Diagnostic> {
        if let Some(patch) = &mistake.patch {
            return self.works(&Edit { span: patch.span, text: patch.text.clone() }).then(|| mistake.clone());
        }
        let span = mistake.span?;
        let offers = mistake.suggestions.iter().take(MOST);
        let works = |text: &&String| self.works(&Edit { span, text: text.to_string() });
        let working: Vec<String> = offers.filter(works).cloned().collect();
        if working.is_empty() {
            return None;
        }
        let mut told = mistake.clone();
        told.suggestions.sort_by_key(|text| !working.contains(text));
        Some(told)
    }

    fn works(&self, edit: &Edit) -> bool {
        self.changed(edit).is_some_and(|text| self.session.compiles(&format!("{}{text}", self.before)))
    }

    /// The statement after an edit.
    fn changed(&self, edit: &Edit) -> Option<String> {
        let (start, end) = (self.statement[0].span.start, self.statement[self.statement.len() - 1].span.end);
        let (before, behind) = (self.text.get(start..edit.span.start)?, self.text.get(edit.span.end..end)?);
        let blank = if before.ends_with(char::is_whitespace) { "" } else { " " };
        let text = &edit.text;
        // A word put in at the end has no blank before it yet.
        let needed = edit.span.is_empty() && text.starts_with(char::is_alphanumeric);
        Some(format!("{before}{}{text}{behind}", if needed { blank } else { "" }))
    }

    /// The first edit that works, and others for the same span.
    fn best(&self, edits: impl Iterator<Item = Edit>) -> Vec<Edit> {
        let mut found: Vec<Edit> = Vec::new();
        for edit in edits {
            let fits = found.first().is_none_or(|first| first.span == edit.span);
            if fits && !found.contains(&edit) && self.works(&edit) {
                found.push(edit);
            }
            if found.len() == MOST {
                break;
            }
        }
        found
    }

    /// The token at a span.
    fn at(&self, span: Span) -> usize {
        let last = self.statement.len() - 1;
        self.statement.iter().position(|token| token.span.end > span.start).unwrap_or(last)
    }

    fn written(&self, at: usize) -> &str {
        self.statement[at].span.text(self.text)
    }

    /// The tokens round a place, it first; the last one closes the statement and is none of them.
    fn around(&self, at: usize) -> Vec<usize> {
        let last = self.statement.len() - 1;
        let near = [Some(at), at.checked_sub(1), Some(at + 1), at.checked_sub(2)];
        near.into_iter().flatten().filter(|at| *at < last).collect()
    }

    /// A word in place of one that is nearly it; two words in place of two.
    fn respelt(&self, place: usize) -> Vec<Edit> {
        let is_word = |at: usize| matches!(self.statement[at].kind, TokenKind::Word | TokenKind::Keyword(_));
        let around = self.around(place);
        let edits = around.into_iter().filter(|at| is_word(*at)).flat_map(|at| {
            let one = self.statement[at].span;
            let pair = |next: usize| {
                matches!(self.statement[next].kind, TokenKind::Word | TokenKind::Keyword(Keyword::By | Keyword::To))
            };
            let pair = |next: usize| pair(next) && self.statement[at].kind == TokenKind::Word;
            let two = Some(at + 1).filter(|next| pair(*next)).map(|next| one.to(self.statement[next].span));
            let near = |span: Span, parts: usize| {
                let written = span.text(self.text);
                let words = Keyword::ALL.iter().map(|word| word.text());
                let words = words.filter(|word| word.split(' ').count() == parts || parts == 1);
                let near = ranked(written, words.map(|word| (word, ()))).into_iter().map(|(word, ())| word);
                let near = near.filter(|word| !word.eq_ignore_ascii_case(written));
                near.map(|word| Edit { span, text: word.to_string() }).collect::<Vec<_>>()
            };
            two.into_iter().flat_map(|two| near(two, 2)).chain(near(one, 1)).collect::<Vec<_>>()
        });
        edits.collect()
    }

    /// One of two equal tokens left out, anywhere: a bracket too many is noticed late.
    fn doubled(&self) -> Vec<Edit> {
        let last = self.statement.len() - 1;
        let is_double = |at: &usize| self.written(at - 1) == self.written(*at);
        (1..last).filter(is_double).map(|at| self.without(at)).collect()
    }

    fn left_out(&self, place: usize) -> Vec<Edit> {
        self.around(place).into_iter().map(|at| self.without(at)).collect()
    }

    /// A token is left out with the blank before it, if there is another one behind it.
    fn without(&self, at: usize) -> Edit {
        let span = self.statement[at].span;
        let behind = self.statement[at + 1].span.start;
        let start = match at.checked_sub(1).map(|before| self.statement[before].span.end) {
            Some(before) if behind > span.end || at + 2 == self.statement.len() => before,
            _ => span.start,
        };
        let end = if at == 0 { behind } else { span.end };
        Edit { span: Span::new(start, end), text: String::new() }
    }

    fn swapped(&self, place: usize) -> Vec<Edit> {
        let last = self.statement.len() - 1;
        let around = self.around(place);
        let pairs = around.into_iter().filter(|at| at + 1 < last);
        let edits = pairs.map(|at| {
            let span = self.statement[at].span.to(self.statement[at + 1].span);
            Edit { span, text: joined(self.written(at + 1), self.written(at)) }
        });
        edits.collect()
    }

    /// What could have stood before the token, or before its neighbours, put in there.
    fn put_in(&self, place: usize) -> Vec<Edit> {
        let places = [Some(place), place.checked_sub(1), place.checked_sub(2), place.checked_sub(3), Some(place + 1)];
        let places = places.into_iter().flatten().filter(|at| *at < self.statement.len());
        let edits = places.flat_map(|at| {
            let mut words: Vec<&'static str> = self.expected(at).into_iter().filter_map(literal).collect();
            // The parser knows these by what follows them.
            words.extend(["(", "ANY"]);
            usual(words)
                .into_iter()
                .map(move |word| Edit { span: self.statement[at].span, text: joined(word, self.written(at)) })
        });
        edits.collect()
    }

    /// The last bracket before a place that is never closed, closed before one of the tokens behind it.
    fn bracketed(&self, place: usize) -> Vec<Edit> {
        let mut open = Vec::new();
        for at in 0..place {
            match self.statement[at].kind {
                TokenKind::Symbol(Symbol::LeftParen) => open.push(at),
                TokenKind::Symbol(Symbol::RightParen) => drop(open.pop()),
                _ => {}
            }
        }
        let last = open.pop().unwrap_or(place);
        let places = (last + 1..=place).rev().take(20);
        places.map(|at| Edit { span: self.statement[at].span, text: joined(")", self.written(at)) }).collect()
    }

    fn expected(&self, at: usize) -> Vec<Expected> {
        let (start, end) = (self.statement[0].span.start, self.statement[self.statement.len() - 1].span.end);
        // Behind a word at the end it would be that word which is completed.
        let before = format!("{} ", &self.text[start..self.statement[at].span.start.min(end)]);
        expected_at(&before, before.len()).expected
    }

    /// Of what could stand before a token and is no word or sign, all with which the statement would be well formed.
    fn missing(&self, at: usize) -> Vec<String> {
        let fits = |expected: &Expected| {
            let stand_in = match expected {
                Expected::Noun | Expected::Path | Expected::Alias => "x",
                Expected::Name | Expected::Value => "'x'",
                Expected::Date => "2024",
                Expected::Number => "1",
                Expected::Parameter => "$x",
                Expected::Keyword(_) | Expected::Symbol(_) | Expected::End => return false,
            };
            let text = format!(" {stand_in} {}", self.written(at));
            self.changed(&Edit { span: self.statement[at].span, text }).is_some_and(|text| parses(&text))
        };
        self.expected(at).into_iter().filter(fits).map(Expected::text).collect()
    }

    /// The same without a blank before signs that close or join.
    fn tight(&self, edit: &Edit) -> Edit {
        let closes = edit.text.starts_with([',', '.', ')', ';']);
        let before = self.statement.iter().rev().find(|token| token.span.end <= edit.span.start).filter(|_| closes);
        let start = before.map_or(edit.span.start, |before| before.span.end);
        let word = edit.text.starts_with(char::is_alphanumeric) && start == edit.span.start;
        let blank = word && !self.text[..start].ends_with(char::is_whitespace) && start > 0;
        Edit { span: Span::new(start, edit.span.end), text: format!("{}{}", if blank { " " } else { "" }, edit.text) }
    }

    /// A sign or a word of ours in place of one that does not fit; a column in place of its position.
    fn replaced(&self, place: usize) -> Vec<Edit> {
        let signs = [Some(place), place.checked_sub(1)].into_iter().flatten().filter(|at| {
            matches!(self.statement[*at].kind, TokenKind::Symbol(_) | TokenKind::Keyword(_) | TokenKind::Unknown)
        });
        let signs = signs.flat_map(|at| {
            let words = usual(self.expected(at).into_iter().filter_map(literal).collect());
            let words = words.into_iter().filter(|word| INSTEAD.contains(word));
            words.map(move |word| Edit { span: self.statement[at].span, text: word.to_string() })
        });
        self.column(place).into_iter().chain(signs).collect()
    }

    /// Dates in other forms that are several tokens, or a number: `05/2024`, `May 2024`, `20240516`.
    fn dated(&self, _: usize) -> Vec<Edit> {
        let integer = |at: usize| self.statement.get(at).is_some_and(|token| token.kind == TokenKind::Integer);
        let date = |at: usize| {
            let slash = self.statement.get(at + 1).is_some_and(|next| next.kind == TokenKind::Symbol(Symbol::Slash));
            let (last, (text, _)) = match self.statement[at].kind {
                TokenKind::Integer if slash && integer(at + 2) => {
                    (at + 2, date_meant(&format!("1/{}/{}", self.written(at), self.written(at + 2)), "")?)
                }
                TokenKind::Integer => (at, date_meant(self.written(at), "")?),
                TokenKind::Word if integer(at + 1) => (at + 1, date_meant(self.written(at), self.written(at + 1))?),
                _ => return None,
            };
            // A month has no day.
            let text = if last == at + 2 { text.get(..7)?.to_string() } else { text };
            Some(Edit { span: self.statement[at].span.to(self.statement[last].span), text })
        };
        (0..self.statement.len()).filter_map(date).collect()
    }

    /// A function that is a word without its brackets; a value that is compared without its quotes.
    fn valued(&self, place: usize) -> Vec<Edit> {
        let (span, written) = (self.statement[place].span, self.written(place));
        if self.statement[place].kind != TokenKind::Word {
            return Vec::new();
        }
        let before = place.checked_sub(1).map(|before| self.statement[before].kind);
        let compared = matches!(before, Some(TokenKind::Symbol(Symbol::Equal | Symbol::NotEqual)));
        let called = Edit { span, text: format!("{written}()") };
        let quoted = Edit { span, text: quote(written) };
        std::iter::once(called).chain(compared.then_some(quoted)).collect()
    }

    /// The column at a position, in place of the position.
    fn column(&self, place: usize) -> Option<Edit> {
        let position: usize = self.written(place).parse().ok()?;
        let begin = self.statement.iter().position(|token| token.kind == TokenKind::Keyword(Keyword::Select))? + 1;
        let clause = |token: &Token| matches!(token.kind, TokenKind::Keyword(word) if word.clause().is_some());
        let end = begin + self.statement[begin..].iter().position(clause)?;
        let (mut depth, mut column, mut span) = (0, 1, None::<Span>);
        for token in &self.statement[begin..end] {
            match token.kind {
                TokenKind::Symbol(Symbol::LeftParen) => depth += 1,
                TokenKind::Symbol(Symbol::RightParen) => depth -= 1,
                TokenKind::Symbol(Symbol::Comma) if depth == 0 => {
                    column += 1;
                    continue;
                }
                _ => {}
            }
            if column == position {
                span = Some(span.map_or(token.span, |span| span.to(token.span)));
            }
        }
        Some(Edit { span: self.statement[place].span, text: span?.text(self.text).to_string() })
    }

    /// A comma before the next clause.
    fn useless_comma(&self, place: usize) -> Vec<Edit> {
        let comma = place.checked_sub(1).filter(|at| self.statement[*at].kind == TokenKind::Symbol(Symbol::Comma));
        comma.map(|at| self.without(at)).into_iter().collect()
    }

    /// Words that are a name get quotes. A quote never closed is closed behind one of the next words, or opened before
    /// one of the last.
    fn quoted(&self, place: usize) -> Vec<Edit> {
        let words = self.around(place).into_iter();
        let names = words.flat_map(|from| {
            let run = self.statement[from..].iter().take_while(|token| token.kind == TokenKind::Word).take(5).count();
            (1..=run).rev().map(move |count| {
                let span = self.statement[from].span.to(self.statement[from + count - 1].span);
                Edit { span, text: quote(span.text(self.text)) }
            })
        });
        // The last quote stands alone, but it may be an earlier one whose fellow is missing.
        let open = self.statement.iter().position(|token| token.kind == TokenKind::Unclosed);
        let texts = open
            .into_iter()
            .flat_map(|open| (0..open).rev())
            .filter(|at| place.abs_diff(*at) <= 4 && self.statement[*at].kind == TokenKind::Text);
        names.chain(open.into_iter().chain(texts).flat_map(|at| self.closed(at))).collect()
    }

    fn closed(&self, place: usize) -> Vec<Edit> {
        let open = self.statement[place].span;
        let written = open.text(self.text);
        if written.starts_with("/*") {
            return vec![Edit { span: open, text: format!("{} */", written.trim_end()) }];
        }
        let Some(quote) = written.chars().next().filter(|quote| matches!(quote, '\'' | '"')) else { return Vec::new() };
        let inner = &written[1..];
        let ends = inner.char_indices().filter(|(_, c)| c.is_whitespace() || matches!(c, ')' | ',' | ';'));
        let ends = ends.map(|(at, _)| at).chain([inner.len()]).filter(|end| *end > 0).take(8);
        let closed = ends.map(|end| {
            let text = format!("{quote}{}{quote}", &inner[..end]);
            Edit { span: Span::new(open.start, open.start + 1 + end), text }
        });
        let begins = (1..=4).filter_map(|count| place.checked_sub(count)).map(|at| {
            let words = Span::new(self.statement[at].span.start, open.start);
            let text = format!("{quote}{}{quote}", words.text(self.text));
            Edit { span: Span::new(words.start, open.start + 1), text }
        });
        closed.chain(begins).collect()
    }
}

/// What is usual first.
fn usual(mut words: Vec<&'static str>) -> Vec<&'static str> {
    words.sort_by_key(|word| USUAL.iter().position(|usual| usual == word).unwrap_or(USUAL.len()));
    words
}

/// Messages that say of a word what it is not: wrong if it was meant as another, or if one before it is missing.
fn is_guess(mistake: &Diagnostic) -> bool {
    matches!(mistake.code, "S109" | "S117" | "S124")
}

fn touches(one: Span, other: Span) -> bool {
    one.start <= other.end && other.start <= one.end
}

/// Two tokens with a blank where one is due.
fn joined(one: &str, other: &str) -> String {
    let tight = matches!(one, "(" | "." | "..") || matches!(other, "" | "," | "." | ")" | ";");
    if tight { format!("{one}{other}") } else { format!("{one} {other}") }
}

fn literal(expected: Expected) -> Option<&'static str> {
    match expected {
        Expected::Keyword(word) | Expected::Symbol(word) => Some(word),
        _ => None,
    }
}
