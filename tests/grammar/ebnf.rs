//! A reader of the W3C's EBNF, as far as `grammar/bilat.ebnf` needs it: text in, productions out.

use std::collections::BTreeSet;

/// What may stand at a place.
#[derive(Clone, Debug)]
pub enum Rule {
    /// A terminal in quotes.
    Literal(String),
    /// A production, by its place in the grammar.
    Production(usize),
    /// One of the terminals that are not in quotes.
    Terminal(String),
    Sequence(Vec<Rule>),
    /// The number tells this place from all others where there is a choice.
    Choice(usize, Vec<Rule>),
    Repeat(usize, Box<Rule>),
    /// What the first allows and the second does not.
    Except(Box<Rule>, Box<Rule>),
}

pub struct Grammar {
    /// Names with their rules, as in the file.
    pub productions: Vec<(String, Rule)>,
    /// For each place with a choice: the production it stands in, and how many ways there are.
    pub places: Vec<(String, usize)>,
    /// The text of each production, blanks made one.
    pub texts: Vec<String>,
}

pub const TERMINALS: [&str; 8] = ["Word", "AnyWord", "Text", "Integer", "Number", "Date", "QuotedDate", "Parameter"];

impl Grammar {
    pub fn read(text: &str) -> Grammar {
        let lexemes = lexemes(text);
        let starts: Vec<usize> = (0..lexemes.len()).filter(|at| lexemes[*at] == "::=").map(|at| at - 1).collect();
        let names: Vec<String> = starts.iter().map(|start| lexemes[*start].clone()).collect();
        let mut grammar = Grammar { productions: Vec::new(), places: Vec::new(), texts: Vec::new() };
        for (index, start) in starts.iter().enumerate() {
            let end = starts.get(index + 1).copied().unwrap_or(lexemes.len());
            let mut reader = Reader {
                lexemes: &lexemes[start + 2..end],
                names: &names,
                inside: &names[index],
                places: &mut grammar.places,
            };
            let rule = reader.choice();
            assert!(reader.lexemes.is_empty(), "{} goes on with {:?}", names[index], reader.lexemes);
            grammar.productions.push((names[index].clone(), rule));
            grammar.texts.push(lexemes[*start..end].join(" "));
        }
        grammar
    }

    pub fn production(&self, name: &str) -> usize {
        self.productions.iter().position(|(known, _)| known == name).unwrap_or_else(|| panic!("no production {name}"))
    }

    /// All terminals in quotes.
    pub fn literals(&self) -> BTreeSet<String> {
        let mut found = BTreeSet::new();
        self.productions.iter().for_each(|(_, rule)| collect(rule, &mut found));
        found
    }
}

fn collect(rule: &Rule, found: &mut BTreeSet<String>) {
    match rule {
        Rule::Literal(text) => {
            found.insert(text.clone());
        }
        Rule::Production(_) | Rule::Terminal(_) => {}
        Rule::Sequence(rules) | Rule::Choice(_, rules) => rules.iter().for_each(|rule| collect(rule, found)),
        Rule::Repeat(_, rule) => collect(rule, found),
        Rule::Except(rule, other) => [rule, other].into_iter().for_each(|rule| collect(rule, found)),
    }
}

/// A production's text as lexemes with one blank between.
pub fn normal(text: &str) -> String {
    lexemes(text).join(" ")
}

/// Names, quoted terminals and signs; comments are left out.
fn lexemes(text: &str) -> Vec<String> {
    let mut found = Vec::new();
    let mut rest = text.trim_start();
    while let Some(first) = rest.chars().next() {
        let length = match first {
            '/' => rest.find("*/").expect("a comment is closed") + 2,
            '\'' => rest[1..].find('\'').expect("a quote is closed") + 2,
            ':' => 3,
            c if c.is_alphabetic() => rest.find(|c: char| !c.is_alphanumeric()).unwrap_or(rest.len()),
            _ => 1,
        };
        if first != '/' {
            found.push(rest[..length].to_string());
        }
        rest = rest[length..].trim_start();
    }
    found
}

struct Reader<'g> {
    lexemes: &'g [String],
    names: &'g [String],
    inside: &'g str,
    places: &'g mut Vec<(String, usize)>,
}

impl Reader<'_> {
    fn takes(&mut self, lexeme: &str) -> bool {
        let found = self.lexemes.first().is_some_and(|first| first == lexeme);
        self.lexemes = &self.lexemes[usize::from(found)..];
        found
    }

    fn place(&mut self, ways: usize) -> usize {
        self.places.push((self.inside.to_string(), ways));
        self.places.len() - 1
    }

    fn choice(&mut self) -> Rule {
        let mut rules = vec![self.except()];
        while self.takes("|") {
            rules.push(self.except());
        }
        if rules.len() == 1 { rules.remove(0) } else { Rule::Choice(self.place(rules.len()), rules) }
    }

    fn except(&mut self) -> Rule {
        let rule = self.sequence();
        if self.takes("-") { Rule::Except(Box::new(rule), Box::new(self.sequence())) } else { rule }
    }

    fn sequence(&mut self) -> Rule {
        let mut rules = Vec::new();
        while self.lexemes.first().is_some_and(|next| !matches!(next.as_str(), "|" | ")" | "-")) {
            rules.push(self.counted());
        }
        if rules.len() == 1 { rules.remove(0) } else { Rule::Sequence(rules) }
    }

    fn counted(&mut self) -> Rule {
        let rule = self.single();
        if self.takes("?") {
            Rule::Choice(self.place(2), vec![rule, Rule::Sequence(Vec::new())])
        } else if self.takes("*") {
            // None, one, several.
            Rule::Repeat(self.place(3), Box::new(rule))
        } else {
            rule
        }
    }

    fn single(&mut self) -> Rule {
        let lexeme = self.lexemes[0].clone();
        self.lexemes = &self.lexemes[1..];
        if lexeme == "(" {
            let rule = self.choice();
            assert!(self.takes(")"), "a bracket is open in {}", self.inside);
            return rule;
        }
        if let Some(text) = lexeme.strip_prefix('\'') {
            return Rule::Literal(text.trim_end_matches('\'').to_string());
        }
        match self.names.iter().position(|name| *name == lexeme) {
            Some(production) => Rule::Production(production),
            None if TERMINALS.contains(&lexeme.as_str()) => Rule::Terminal(lexeme),
            None => panic!("{lexeme} in {} is no production and no terminal", self.inside),
        }
    }
}
