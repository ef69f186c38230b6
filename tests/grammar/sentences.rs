//! Random sentences of the grammar as lists of written terminals, with a count of every way taken.

use super::ebnf::{Grammar, Rule};
use super::recogniser::recognises;
use crate::oracle::rng::Rng;

/// `group` and `order` are words too, but not before BY; they stand among [`ANY_WORDS`].
const WORDS: &[&str] = &[
    "meetings",
    "leader",
    "Putin",
    "x",
    "_x1",
    "date",
    "graph",
    "last",
    "join",
    "now",
    "Орбан",
    "习近平",
    "أردوغان",
    "naïve",
    "e\u{301}tat",
    "क्ष",
];
const ANY_WORDS: &[&str] = &["group", "Order", "select", "FROM", "By", "and", "is", "AS", "as", "null", "limit"];
const TEXTS: &[&str] = &[
    "'Xi Jinping'",
    "\"O'Neill\"",
    "'O''Neill'",
    "\"a \"\"b\"\" c\"",
    "''",
    "\"\"",
    "'two\nlines'",
    "'-- no comment'",
    "'/*'",
    "'2024-05'",
    "'WHERE'",
    "'“x”'",
    "'👩‍👧'",
    "';'",
];
const INTEGERS: &[&str] = &["0", "7", "42", "2024", "007", "20240516", "9223372036854775807"];
const NUMBERS: &[&str] = &["1.5", "0.0", "2024.05", "123456789012345678901234567890.5"];
/// By their first days.
const DATES: &[&str] = &["1999", "2024", "2024-05", "2024-05-16", "2024-q3", "2024-W40", "2025", "2028-02-29"];
const BLANKS: &[&str] = &[" ", " ", " ", "  ", "\n", "\r\n", "\t", " /* of */ ", " -- to the end\n", "\u{a0}"];
/// No blank is needed beside these.
const LOOSE: &[&str] = &["(", ")", ",", ";", "..", ".", "=", "!=", "<", "<=", ">", ">="];

pub struct Sentences<'g> {
    grammar: &'g Grammar,
    rng: &'g Rng,
    /// How many terminals each production has at least.
    shortest: Vec<usize>,
    /// By place, how often each way was taken.
    pub visits: Vec<Vec<usize>>,
    /// The production that is being written.
    inside: usize,
    /// Past that many terminals the shortest ways are taken; each clause has its own allowance.
    enough: usize,
}

impl<'g> Sentences<'g> {
    pub fn new(grammar: &'g Grammar, rng: &'g Rng) -> Self {
        let mut shortest = vec![1000; grammar.productions.len()];
        for _ in 0..grammar.productions.len() {
            for (index, (_, rule)) in grammar.productions.iter().enumerate() {
                shortest[index] = length(rule, &shortest);
            }
        }
        let visits = grammar.places.iter().map(|(_, ways)| vec![0; *ways]).collect();
        Sentences { grammar, rng, shortest, visits, inside: 0, enough: 0 }
    }

    /// Whether every way was taken; positions are never made, but left out.
    pub fn has_seen_all(&self) -> bool {
        let ways = self.grammar.places.iter().zip(&self.visits).filter(|((production, _), _)| production != "Position");
        ways.flat_map(|(_, visits)| visits).all(|visits| *visits > 0)
    }

    /// The terminals of one of `production`.
    pub fn sentence(&mut self, production: &str) -> Vec<String> {
        let mut written = Vec::new();
        self.write(&Rule::Production(self.grammar.production(production)), &mut written);
        written
    }

    fn write(&mut self, rule: &Rule, written: &mut Vec<String>) {
        match rule {
            Rule::Literal(literal) => written.push(self.any_case(literal)),
            Rule::Terminal(terminal) => written.push(self.terminal(terminal, written)),
            Rule::Production(production) => {
                let (grammar, outer) = (self.grammar, self.inside);
                if self.has_clauses(outer) || self.has_clauses(*production) {
                    self.enough = written.len() + self.rng.below(25);
                }
                self.inside = *production;
                self.write(&grammar.productions[*production].1, written);
                self.inside = outer;
            }
            Rule::Sequence(rules) => rules.iter().for_each(|rule| self.write(rule, written)),
            Rule::Choice(place, rules) => {
                let lengths: Vec<usize> = rules.iter().map(|rule| length(rule, &self.shortest)).collect();
                let way = self.way(*place, &lengths, written.len());
                self.write(&rules[way], written);
            }
            Rule::Repeat(place, rule) => {
                let way = self.way(*place, &[0, 1, 2], written.len());
                let times = if way == 2 { 2 + self.rng.below(3) } else { way };
                (0..times).for_each(|_| self.write(rule, written));
            }
            Rule::Except(rule, other) => {
                let Rule::Production(other) = **other else { panic!("what is left out has a name") };
                let start = written.len();
                self.write(rule, written);
                while recognises(self.grammar, &self.grammar.productions[other].0, &written[start..].join(" ")) {
                    written.truncate(start);
                    self.write(rule, written);
                }
            }
        }
    }

    /// Whether each part of a production has an allowance of its own.
    fn has_clauses(&self, production: usize) -> bool {
        matches!(self.grammar.productions[production].0.as_str(), "Script" | "Statement" | "Query" | "Connect")
    }

    /// The way to take at a place: a neglected one, or any, short ones more often, and those only after a while.
    fn way(&mut self, place: usize, lengths: &[usize], written: usize) -> usize {
        let visits = &mut self.visits[place];
        let all: usize = visits.iter().sum();
        let spent = written >= self.enough;
        // What may be left out mostly is, once there is enough: without this whole productions would hardly be seen.
        let rare = if lengths.contains(&0) { all / 8 } else { all / 40 };
        let neglected = (0..lengths.len())
            .filter(|way| visits[*way] <= rare.max(usize::from(!spent)))
            .min_by_key(|way| visits[*way]);
        let least = if spent || self.rng.one_in(2) { lengths.iter().min().copied() } else { None };
        let ways: Vec<usize> =
            (0..lengths.len()).filter(|way| least.is_none_or(|least| lengths[*way] == least)).collect();
        let way = neglected.unwrap_or_else(|| ways[self.rng.below(ways.len())]);
        visits[way] += 1;
        way
    }

    fn terminal(&self, terminal: &str, written: &[String]) -> String {
        let rng = self.rng;
        match terminal {
            "AnyWord" if rng.one_in(2) => rng.pick(ANY_WORDS).to_string(),
            "Word" | "AnyWord" => rng.pick(WORDS).to_string(),
            "Text" => rng.pick(TEXTS).to_string(),
            "Parameter" => rng.pick(&["$who", "$x", "$select", "$день", "$_1"]).to_string(),
            "Integer" => rng.pick(INTEGERS).to_string(),
            "Number" => rng.pick(NUMBERS).to_string(),
            "Date" => self.date(written).to_string(),
            "QuotedDate" => {
                let (quote, blank) = (rng.pick(&["'", "\""]), rng.pick(&["", "", " "]));
                format!("{quote}{blank}{}{quote}", self.date(written))
            }
            _ => panic!("no terminal {terminal}"),
        }
    }

    /// A date, not before the one that begins the period.
    fn date(&self, written: &[String]) -> &'static str {
        let from = match written {
            [.., from, dots] if dots == ".." => {
                let from = from.trim_matches(['\'', '"', ' ']);
                DATES.iter().position(|date| *date == from).unwrap_or(0)
            }
            _ => 0,
        };
        DATES[from + self.rng.below(DATES.len() - from)]
    }

    fn any_case(&self, literal: &str) -> String {
        let blank = if self.rng.one_in(2) { " " } else { *self.rng.pick(BLANKS) };
        let cased = match self.rng.below(4) {
            0 => literal.to_lowercase(),
            1 => literal.chars().map(|c| if self.rng.one_in(2) { c.to_ascii_lowercase() } else { c }).collect(),
            _ => literal.to_string(),
        };
        cased.replace(' ', blank)
    }
}

/// How many terminals a rule has at least.
fn length(rule: &Rule, shortest: &[usize]) -> usize {
    match rule {
        Rule::Literal(_) | Rule::Terminal(_) => 1,
        Rule::Production(production) => shortest[*production],
        Rule::Sequence(rules) => rules.iter().map(|rule| length(rule, shortest)).sum(),
        Rule::Choice(_, rules) => rules.iter().map(|rule| length(rule, shortest)).min().unwrap_or(0),
        Rule::Repeat(..) => 0,
        Rule::Except(rule, _) => length(rule, shortest),
    }
}

/// Terminals as a text: blanks and comments between, or nothing where nothing is needed.
pub fn spelt(written: &[String], rng: &Rng) -> String {
    let mut text = String::new();
    for (at, terminal) in written.iter().enumerate() {
        let loose = at == 0 || LOOSE.contains(&terminal.as_str()) || LOOSE.contains(&written[at - 1].as_str());
        if !loose || rng.one_in(2) {
            text.push_str(BLANKS[rng.below(BLANKS.len())]);
        }
        text.push_str(terminal);
    }
    text
}
