//! Whether tokens are a sentence of the grammar: for each production and place the set of places where it may end. It
//! shares nothing with the parser but the tokens.

use super::ebnf::{Grammar, Rule};
use bilat::syntax::token::{Token, TokenKind};
use bilat::value::date::DayRange;
use std::rc::Rc;

/// Places among the tokens, rising.
type Ends = Rc<Vec<usize>>;

pub struct Recogniser<'g> {
    grammar: &'g Grammar,
    text: &'g str,
    tokens: Vec<Token>,
    /// By production and place.
    known: Vec<Option<Ends>>,
}

/// Whether a whole text is one of `production`.
pub fn recognises(grammar: &Grammar, production: &str, text: &str) -> bool {
    let tokens: Vec<Token> = bilat::syntax::tokens(text).into_iter().filter(|t| t.kind != TokenKind::End).collect();
    let places = (tokens.len() + 1) * grammar.productions.len();
    let mut recogniser = Recogniser { grammar, text, tokens, known: vec![None; places] };
    !recogniser.has_reversed_period()
        && recogniser.production(grammar.production(production), 0).contains(&recogniser.tokens.len())
}

impl Recogniser<'_> {
    fn production(&mut self, production: usize, at: usize) -> Ends {
        let place = at * self.grammar.productions.len() + production;
        if let Some(ends) = &self.known[place] {
            return Rc::clone(ends);
        }
        let grammar = self.grammar;
        let ends = Rc::new(self.ends(&grammar.productions[production].1, at));
        self.known[place] = Some(Rc::clone(&ends));
        ends
    }

    fn ends(&mut self, rule: &Rule, at: usize) -> Vec<usize> {
        match rule {
            Rule::Literal(literal) => self.after(at, |this, token| this.is_literal(token, literal)),
            Rule::Terminal(terminal) => self.after(at, |this, token| this.is_terminal(token, terminal)),
            Rule::Production(production) => self.production(*production, at).to_vec(),
            Rule::Sequence(rules) => rules.iter().fold(vec![at], |from, rule| self.after_each(rule, &from)),
            Rule::Choice(_, rules) => sorted(rules.iter().flat_map(|rule| self.ends(rule, at)).collect()),
            Rule::Repeat(_, rule) => {
                let (mut all, mut newest) = (vec![at], vec![at]);
                while !newest.is_empty() {
                    newest = self.after_each(rule, &newest);
                    newest.retain(|end| !all.contains(end));
                    all.extend(&newest);
                }
                sorted(all)
            }
            Rule::Except(rule, other) => {
                let refused = self.ends(other, at);
                self.ends(rule, at).into_iter().filter(|end| !refused.contains(end)).collect()
            }
        }
    }

    fn after_each(&mut self, rule: &Rule, places: &[usize]) -> Vec<usize> {
        match places {
            [at] => self.ends(rule, *at),
            _ => sorted(places.iter().flat_map(|at| self.ends(rule, *at)).collect()),
        }
    }

    fn after(&self, at: usize, test: impl Fn(&Self, Token) -> bool) -> Vec<usize> {
        self.tokens.get(at).filter(|token| test(self, **token)).map_or(Vec::new(), |_| vec![at + 1])
    }

    fn is_literal(&self, token: Token, literal: &str) -> bool {
        match token.kind {
            TokenKind::Keyword(keyword) => keyword.text() == literal,
            TokenKind::Symbol(symbol) => symbol.text() == literal,
            _ => false,
        }
    }

    fn is_terminal(&self, token: Token, terminal: &str) -> bool {
        let written = token.span.text(self.text);
        match terminal {
            // After '.' and AS the lexer gives words only.
            "Word" | "AnyWord" => token.kind == TokenKind::Word,
            "Text" => token.kind == TokenKind::Text,
            "Parameter" => token.kind == TokenKind::Parameter,
            "Integer" => token.kind == TokenKind::Integer && written.parse::<i64>().is_ok(),
            "Number" => token.kind == TokenKind::Number && written.parse::<f64>().is_ok_and(f64::is_finite),
            "Date" => token.kind != TokenKind::Text && self.days(token).is_some(),
            "QuotedDate" => token.kind == TokenKind::Text && self.days(token).is_some(),
            _ => panic!("no terminal {terminal}"),
        }
    }

    /// The days of a token that may be a date.
    fn days(&self, token: Token) -> Option<DayRange> {
        let written = token.span.text(self.text);
        let date = match token.kind {
            TokenKind::Date | TokenKind::Integer => written,
            TokenKind::Text => written[1..written.len() - 1].trim(),
            _ => return None,
        };
        DayRange::parse(date).ok()
    }

    /// What the productions cannot say: a period does not end before it starts.
    fn has_reversed_period(&self) -> bool {
        self.tokens.windows(3).any(|three| {
            let between = self.is_literal(three[1], "..");
            match (between, self.days(three[0]), self.days(three[2])) {
                (true, Some(from), Some(to)) => from.first > to.last,
                _ => false,
            }
        })
    }
}

fn sorted(mut ends: Vec<usize>) -> Vec<usize> {
    ends.sort_unstable();
    ends.dedup();
    ends
}
