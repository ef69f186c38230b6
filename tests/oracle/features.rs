//! What the random statements are made of: every production of the grammar, every function, phrase and relation, and
//! the ways of combining them that are easily forgotten, each with how often it was answered.

use bilat::bind::functions::FUNCTIONS;
use bilat::syntax::Script;
use bilat::syntax::ast::*;
use std::collections::BTreeMap;

/// Productions that no answer is made of, and why.
const ELSEWHERE: &[(&str, &str)] =
    &[("Position", "is what the grammar leaves out"), ("Describe", "is answered from the catalogue, not from rows")];

/// Further ways that must have been taken, besides productions, functions and keywords.
const WAYS: &[&str] = &[
    "outer",
    "outer.outer",
    "MET with dates",
    "VISITED with dates",
    "HOSTED with dates",
    "ATTENDED with dates",
    "relation of a country",
    "relation of a leader",
    "relation in a quantifier",
    "NOT of a relation",
    "ACCORDING TO in brackets",
    "ACCORDING TO in CONNECT",
    "a named query",
    "a named query with more phrases",
    "a parameter for a name",
    "a parameter for a date",
    "a parameter for a value",
    "a parameter for a number of rows",
    "an event for a date",
    "TODAY",
    "AS OF",
    "a kind word",
    "a bare word for a name",
    "gap()",
    "gap(PER)",
    "rank()",
    "rank(PER)",
    "share()",
    "share(PER)",
    "days() of rows",
    "days() of groups",
    "days() of claims",
    "ORDER BY gap()",
    "ORDER BY rank()",
    "ORDER BY days()",
    "ORDER BY first()",
    "ORDER BY last()",
    "ACROSS",
    "ZEROS",
    "ZEROS with HAVING",
    "ZEROS with ACROSS",
    "ACROSS with HAVING",
    "HAVING on a date",
    "SELECT DISTINCT",
    "SELECT *",
    "AS",
    "CITE",
    "OFFSET",
    "DESC",
    "RISING",
    "CONNECT of a country",
    "count(DISTINCT)",
    "a path of disputed",
    "EXISTS in a claim",
    "NONE in a claim",
    "a label",
    "a claim of two queries",
    "a claim of groups",
];

/// How often each was met.
#[derive(Default)]
pub struct Features(BTreeMap<String, usize>);

impl Features {
    /// Takes in the statements of a text.
    pub fn of(&mut self, script: &Script) {
        self.met("Script");
        let named: Vec<&str> = script
            .statements
            .iter()
            .filter_map(|statement| match &statement.value {
                Statement::LetQuery { name, .. } => Some(name.value.as_str()),
                _ => None,
            })
            .collect();
        for statement in &script.statements {
            self.met("Statement");
            Walk { features: self, named: &named, depth: 0, quantified: false, row: String::new(), claim: false }
                .statement(&statement.value);
        }
    }

    pub fn met(&mut self, name: &str) {
        *self.0.entry(name.to_string()).or_default() += 1;
    }

    pub fn count(&self, name: &str) -> usize {
        self.0.get(name).copied().unwrap_or(0)
    }

    pub fn add(&mut self, other: Features) {
        other.0.into_iter().for_each(|(name, count)| *self.0.entry(name).or_default() += count);
    }

    /// Everything that should have been met.
    fn wanted() -> Vec<String> {
        let grammar = crate::grammar::grammar();
        let productions = grammar.productions.iter().map(|(name, _)| name.clone());
        let productions = productions.filter(|name| !ELSEWHERE.iter().any(|(known, _)| known == name));
        let functions = FUNCTIONS.iter().map(|function| format!("{}()", function.name));
        let mut wanted: Vec<String> = productions.chain(functions).collect();
        wanted.extend(grammar.literals().into_iter().filter(|literal| {
            let is_word = literal.chars().all(|c| c.is_ascii_uppercase() || c == ' ');
            is_word && !matches!(literal.as_str(), "EXPLAIN" | "DESCRIBE")
        }));
        wanted.extend(WAYS.iter().map(|way| (*way).to_string()));
        wanted.sort();
        wanted.dedup();
        wanted
    }

    /// The table, three to a line.
    pub fn table(&self) -> String {
        let cells: Vec<String> =
            Features::wanted().into_iter().map(|name| format!("{name:32}{:7}", self.count(&name))).collect();
        cells.chunks(3).map(|line| format!("  {}\n", line.join("   "))).collect()
    }

    pub fn missing(&self) -> Vec<String> {
        Features::wanted().into_iter().filter(|name| self.count(name) == 0).collect()
    }
}

struct Walk<'f> {
    features: &'f mut Features,
    named: &'f [&'f str],
    /// How many queries stand around this one.
    depth: usize,
    quantified: bool,
    /// The noun whose rows are spoken of, where that is written.
    row: String,
    claim: bool,
}

impl Walk<'_> {
    fn met(&mut self, name: &str) {
        self.features.met(name);
    }

    fn statement(&mut self, statement: &Statement) {
        match statement {
            Statement::Query(query) => self.query(query),
            Statement::Explain { .. } | Statement::Describe(_) => {}
            Statement::Assert(assert) => {
                self.met("Assert");
                self.met("ASSERT");
                if assert.label.is_some() {
                    self.met("a label");
                }
                self.claim = true;
                self.condition(&assert.claim);
            }
            Statement::LetQuery { query, .. } => {
                self.met("Let");
                self.met("LET");
                self.query(query);
            }
            Statement::LetParameter { .. } => ["Let", "LET", "Given"].iter().for_each(|name| self.met(name)),
            Statement::AsOf { day, .. } => {
                ["AsOf", "AS OF"].iter().for_each(|name| self.met(name));
                self.literal(day);
            }
            Statement::Connect(connect) => {
                ["Connect", "CONNECT", "TO"].iter().for_each(|name| self.met(name));
                [&connect.from, &connect.to].iter().for_each(|name| self.name(name));
                connect.phrases.iter().for_each(|phrase| self.phrase(phrase));
                if connect.phrases.iter().any(|phrase| matches!(phrase.kind, PhraseKind::AccordingTo(_))) {
                    self.met("ACCORDING TO in CONNECT");
                }
                if connect.rising.is_some() {
                    self.met("RISING");
                }
                if connect.cite.is_some() {
                    self.met("CITE");
                }
            }
        }
    }

    fn query(&mut self, query: &Query) {
        ["Query", "From", "FROM"].iter().for_each(|name| self.met(name));
        let row = std::mem::replace(&mut self.row, query.noun.value.clone());
        if self.named.contains(&query.noun.value.as_str()) {
            self.met("a named query");
            if !query.phrases.is_empty() {
                self.met("a named query with more phrases");
            }
        }
        let told = query.phrases.iter().any(|phrase| matches!(phrase.kind, PhraseKind::AccordingTo(_)));
        if told && self.depth > 0 {
            self.met("ACCORDING TO in brackets");
        }
        query.phrases.iter().for_each(|phrase| self.phrase(phrase));
        if let Some(select) = &query.select {
            self.select(select);
        }
        if let Some(condition) = &query.condition {
            self.met("WHERE");
            self.condition(condition);
        }
        if !query.group.is_empty() {
            ["GroupBy", "GROUP BY"].iter().for_each(|name| self.met(name));
            if self.claim {
                self.met("a claim of groups");
            }
        }
        for key in query.group.iter().chain(&query.across) {
            self.met("ByValue");
            self.sum(key);
        }
        let having = query.having.is_some();
        for (there, way) in [
            (query.across.is_some(), "ACROSS"),
            (query.zeros.is_some(), "ZEROS"),
            (query.zeros.is_some() && having, "ZEROS with HAVING"),
            (query.zeros.is_some() && query.across.is_some(), "ZEROS with ACROSS"),
            (query.across.is_some() && having, "ACROSS with HAVING"),
            (query.cite.is_some(), "CITE"),
            (query.chart.is_some(), "CHART"),
        ] {
            if there {
                self.met(way);
            }
        }
        if let Some(having) = &query.having {
            self.met("HAVING");
            if is_about_a_date(having) {
                self.met("HAVING on a date");
            }
            self.condition(having);
        }
        if !query.order.is_empty() {
            ["OrderBy", "ORDER BY"].iter().for_each(|name| self.met(name));
        }
        for key in &query.order {
            ["OrderKey", "ByValue"].iter().for_each(|name| self.met(name));
            // What is not said is upwards.
            self.met(if key.descending { "DESC" } else { "ASC" });
            if let ExpressionKind::Call(call) = &key.expression.kind {
                self.met(&format!("ORDER BY {}()", call.function.value));
            }
            self.sum(&key.expression);
        }
        if let Some(limit) = &query.limit {
            ["Limit", "LIMIT", "Count"].iter().for_each(|name| self.met(name));
            if limit.offset.is_some() {
                self.met("OFFSET");
            }
            if matches!(limit.count, Count::Parameter(_)) {
                self.met("a parameter for a number of rows");
            }
        }
        self.row = row;
    }

    fn select(&mut self, select: &Select) {
        ["Select", "SELECT"].iter().for_each(|name| self.met(name));
        if select.distinct.is_some() {
            ["SELECT DISTINCT", "DISTINCT"].iter().for_each(|name| self.met(name));
        }
        match &select.items {
            SelectItems::All(_) => self.met("SELECT *"),
            SelectItems::List(items) => {
                for item in items {
                    self.met("SelectItem");
                    if item.alias.is_some() {
                        self.met("AS");
                    }
                    self.sum(&item.expression);
                }
            }
        }
    }

    fn phrase(&mut self, phrase: &Phrase) {
        self.met("Phrase");
        self.certainty(phrase.certainty);
        match &phrase.kind {
            PhraseKind::With(items) => {
                ["With", "WITH"].iter().for_each(|name| self.met(name));
                items.iter().for_each(|item| self.item(item));
            }
            PhraseKind::Without(item) => {
                ["Without", "WITHOUT"].iter().for_each(|name| self.met(name));
                self.item(item);
            }
            PhraseKind::In(name) => self.name_phrase("IN", name),
            PhraseKind::At(name) => self.name_phrase("AT", name),
            PhraseKind::About(name) => self.name_phrase("ABOUT", name),
            PhraseKind::By(name) => self.name_phrase("BY", name),
            PhraseKind::To(name) => self.name_phrase("TO", name),
            PhraseKind::AccordingTo(name) => {
                self.met("ACCORDING TO");
                self.name(name);
            }
            PhraseKind::Date { relation, period } => {
                self.met("DatePhrase");
                self.met(&format!("{relation:?}").to_uppercase());
                self.period(period);
            }
        }
    }

    fn certainty(&mut self, certainty: Option<Certainty>) {
        match certainty {
            Some(Certainty::Possibly) => self.met("POSSIBLY"),
            Some(Certainty::Certainly) => self.met("CERTAINLY"),
            None => {}
        }
    }

    fn name_phrase(&mut self, keyword: &str, name: &Name) {
        self.met("NamePhrase");
        self.met(keyword);
        self.name(name);
    }

    fn item(&mut self, item: &Item) {
        self.met("Item");
        item.alternatives.iter().for_each(|name| self.name(name));
    }

    fn name(&mut self, name: &Name) {
        self.met("Name");
        if name.parameter {
            self.met("a parameter for a name");
        } else if name.quoted {
            self.met("QuotedName");
        } else {
            self.met("a bare word for a name");
        }
        match &name.kind {
            Some(kind) if kind.value == "country" && self.row.is_empty() => self.met("CONNECT of a country"),
            Some(_) => self.met("a kind word"),
            None => {}
        }
    }

    fn period(&mut self, period: &DatePeriod) {
        self.met("Period");
        [&period.start, &period.end].into_iter().flatten().for_each(|literal| self.literal(literal));
    }

    fn literal(&mut self, literal: &DateLiteral) {
        self.met("AnyDate");
        match &literal.kind {
            DateKind::Days { .. } => {}
            DateKind::Event(_) => ["EventDate", "an event for a date"].iter().for_each(|name| self.met(name)),
            DateKind::Today => self.met("TODAY"),
            DateKind::Parameter(_) => self.met("a parameter for a date"),
        }
    }

    fn condition(&mut self, condition: &Expression) {
        ["Condition", "Conjunction", "Negation"].iter().for_each(|name| self.met(name));
        self.part(condition);
    }

    /// Something inside a condition.
    fn part(&mut self, part: &Expression) {
        use ExpressionKind::*;
        match &part.kind {
            Or(parts) => {
                self.met("OR");
                parts.iter().for_each(|part| self.condition(part));
            }
            And(parts) => {
                self.met("AND");
                parts.iter().for_each(|part| self.condition(part));
            }
            Not(inner) => {
                self.met("NOT");
                if matches!(inner.kind, Relation { .. }) {
                    self.met("NOT of a relation");
                }
                self.condition(inner);
            }
            Certainty(certainty, inner) => {
                self.certainty(Some(*certainty));
                self.met("Bracketed");
                self.condition(inner);
            }
            Relation { relation, phrases, name, .. } => {
                ["Comparison", "Relation"].iter().for_each(|name| self.met(name));
                let keyword = format!("{relation:?}").to_uppercase();
                self.met(&keyword);
                if !phrases.is_empty() {
                    self.met(&format!("{keyword} with dates"));
                }
                if self.quantified {
                    self.met("relation in a quantifier");
                }
                self.met(&format!("relation of a {}", if self.row == "countries" { "country" } else { "leader" }));
                self.name(name);
                phrases.iter().for_each(|phrase| self.phrase(phrase));
            }
            Exists { negated, query, .. } => {
                ["Comparison", "Exists"].iter().for_each(|name| self.met(name));
                let keyword = if *negated { "NONE" } else { "EXISTS" };
                self.met(keyword);
                if self.claim && self.depth == 0 {
                    self.met(&format!("{keyword} in a claim"));
                }
                self.inside(query);
            }
            Compare { left, right, .. } => {
                ["Comparison", "Operator"].iter().for_each(|name| self.met(name));
                let query = |side: &Expression| matches!(side.kind, Answer(_) | CountOf { .. });
                if self.claim && query(left) && query(right) {
                    self.met("a claim of two queries");
                }
                [left, right].iter().for_each(|side| self.sum(side));
            }
            IsUnknown { value, .. } => {
                ["Comparison", "IsUnknown", "IS", "UNKNOWN", "NULL"].iter().for_each(|name| self.met(name));
                self.sum(value);
            }
            Between { value, low, high, .. } => {
                ["Comparison", "Between", "BETWEEN"].iter().for_each(|name| self.met(name));
                [value, low, high].iter().for_each(|side| self.sum(side));
            }
            InList { value, list, .. } => {
                ["Comparison", "InList"].iter().for_each(|name| self.met(name));
                self.sum(value);
                list.iter().for_each(|item| self.sum(item));
            }
            Like { value, .. } => {
                ["Comparison", "Like", "LIKE"].iter().for_each(|name| self.met(name));
                self.sum(value);
            }
            Contains { value, .. } => {
                ["Comparison", "Contains", "CONTAINS"].iter().for_each(|name| self.met(name));
                self.sum(value);
            }
            Quantified { quantifier, path, condition, .. } => {
                ["Comparison", "Primary", "Quantified"].iter().for_each(|name| self.met(name));
                self.met(&format!("{quantifier:?}").to_uppercase());
                self.path(path);
                let outside = (self.quantified, self.row.clone());
                (self.quantified, self.row) =
                    (true, path.words.last().map_or(String::new(), |word| word.value.clone()));
                self.condition(condition);
                (self.quantified, self.row) = outside;
            }
            _ => self.sum(part),
        }
    }

    fn inside(&mut self, query: &Query) {
        let quantified = std::mem::replace(&mut self.quantified, false);
        self.depth += 1;
        self.query(query);
        self.depth -= 1;
        self.quantified = quantified;
    }

    fn sum(&mut self, sum: &Expression) {
        use ExpressionKind::*;
        ["Sum", "Product", "Unary", "Primary"].iter().for_each(|name| self.met(name));
        match &sum.kind {
            Answer(query) => {
                self.met("Bracketed");
                self.inside(query);
            }
            CountOf { query, .. } => {
                ["Call", "count()"].iter().for_each(|name| self.met(name));
                self.inside(query);
            }
            Arithmetic { left, right, .. } => [left, right].iter().for_each(|side| self.sum(side)),
            Negative(inner) => self.sum(inner),
            Call(call) => self.call(call),
            Path(path) => self.path(path),
            Date(period) => {
                self.met("BarePeriod");
                self.period(period);
            }
            Text(name) if name.kind.is_some() => {
                ["EventDate", "an event for a date"].iter().for_each(|name| self.met(name));
            }
            Text(_) => self.met("QuotedName"),
            Today => self.met("TODAY"),
            Parameter(_) => self.met("a parameter for a value"),
            Integer(_) | Number(_) => {}
            _ => self.part(sum),
        }
    }

    fn path(&mut self, path: &Path) {
        self.met("Path");
        let outer = path.words.iter().take_while(|word| word.value == "outer").count();
        if outer > 0 {
            self.met(&vec!["outer"; outer].join("."));
        }
        if path.words.last().is_some_and(|word| word.value == "disputed") {
            self.met("a path of disputed");
        }
    }

    fn call(&mut self, call: &Call) {
        self.met("Call");
        let name = call.function.value.as_str();
        if !matches!(name, "gap" | "rank" | "share") {
            self.met(&format!("{name}()"));
        } else {
            self.met(&format!("{name}({})", if call.per.is_some() { "PER" } else { "" }));
        }
        if call.per.is_some() {
            self.met("PER");
        }
        if call.distinct.is_some() {
            ["count(DISTINCT)", "DISTINCT"].iter().for_each(|name| self.met(name));
        }
        if matches!(name, "days" | "years") {
            let grouped = |argument: &Expression| matches!(argument.kind, ExpressionKind::Call(_));
            let claimed = |argument: &Expression| matches!(argument.kind, ExpressionKind::Answer(_));
            let of = if call.arguments.iter().any(claimed) {
                "claims"
            } else if call.arguments.iter().any(grouped) {
                "groups"
            } else {
                "rows"
            };
            self.met(&format!("days() of {of}"));
        }
        call.arguments.iter().for_each(|argument| self.sum(argument));
    }
}

/// Whether a condition over groups compares a date.
fn is_about_a_date(condition: &Expression) -> bool {
    use ExpressionKind::*;
    match &condition.kind {
        And(parts) | Or(parts) => parts.iter().any(is_about_a_date),
        Not(inner) | Certainty(_, inner) => is_about_a_date(inner),
        Compare { left, .. } => matches!(&left.kind, Call(call)
            if call.arguments.len() == 1 && matches!(&call.arguments[0].kind, Path(path) if path.words[0].value == "date")),
        _ => false,
    }
}
