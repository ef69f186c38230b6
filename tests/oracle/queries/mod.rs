//! Random statements over random data, written as text: every phrase, every function, every operator of the language,
//! along the paths of the catalogue.
//!
//! `mod` holds whole statements, `phrases` what stands before WHERE, `conditions` what stands in it, `columns` what is
//! shown, grouped and sorted by.

mod columns;
mod conditions;
mod phrases;

use super::data::*;
use super::rng::Rng;
use bilat::catalog::{Member, NounId, When};
use std::cell::{Cell, RefCell};

const NOUNS: &[NounId] = {
    use NounId::*;
    &[
        Meetings,
        Meetings,
        Meetings,
        Meetings,
        Participants,
        Leaders,
        Leaders,
        Terms,
        Countries,
        Countries,
        Regions,
        Groups,
        Memberships,
        Visits,
        Visits,
        Visits,
        Journeys,
        Pairs,
        Events,
        Places,
        Topics,
        Offices,
        Publications,
        Accounts,
        Coverage,
    ]
};

pub struct Writer<'r> {
    rng: &'r Rng,
    /// What stands before the statement.
    before: RefCell<Vec<String>>,
    /// Whether AS OF says which day is TODAY.
    as_of: bool,
    /// Whether nothing may be said before: no parameters.
    alone: bool,
    /// How many parameters there are already.
    parameters: Cell<usize>,
    /// The nouns outside of the query being written, the outermost first.
    outer: RefCell<Vec<NounId>>,
    /// Whether the first words of columns may be `counterparts`.
    with: Cell<bool>,
}

/// What a query asks for: a noun, phrases, a condition. Nothing need be said before it.
pub struct Asked {
    pub noun: NounId,
    /// Each with a blank before it.
    pub phrases: String,
    pub condition: String,
    /// A to-one path of the noun.
    pub path: String,
}

pub fn asked(rng: &Rng) -> Asked {
    let writer = Writer {
        rng,
        before: RefCell::default(),
        as_of: false,
        alone: true,
        parameters: Cell::new(0),
        outer: RefCell::default(),
        with: Cell::new(false),
    };
    let noun = *rng.pick(NOUNS);
    let phrases = writer.from(noun);
    let condition = writer.condition(noun, 2);
    let path = writer.one_path(noun).map_or_else(|| "remark".to_string(), |(path, _)| path);
    Asked { noun, phrases, condition, path }
}

/// A random statement with what must be said before it.
pub fn statement(rng: &Rng) -> String {
    let writer = Writer {
        rng,
        before: RefCell::default(),
        as_of: rng.one_in(6),
        alone: false,
        parameters: Cell::new(0),
        outer: RefCell::default(),
        with: Cell::new(false),
    };
    let statement = match rng.below(12) {
        0 | 1 => writer.assert(),
        2 => writer.connect(),
        _ => writer.query(),
    };
    let as_of = if writer.as_of {
        format!("AS OF 2024-{:02}-{:02}; ", 4 + rng.below(4), 1 + rng.below(28))
    } else {
        String::new()
    };
    let before: String = writer.before.into_inner().iter().map(|said| format!("{said}; ")).collect();
    format!("{as_of}{before}{statement}")
}

impl Writer<'_> {
    fn one_in(&self, times: usize) -> bool {
        self.rng.one_in(times)
    }

    fn pick<'a>(&self, from: &[&'a str]) -> &'a str {
        from[self.rng.below(from.len())]
    }

    fn below(&self, end: usize) -> usize {
        self.rng.below(end)
    }

    /// A whole query of any kind.
    fn query(&self) -> String {
        let noun = *self.rng.pick(NOUNS);
        let from = self.from(noun);
        let condition = if self.one_in(2) { format!(" WHERE {}", self.condition(noun, 2)) } else { String::new() };
        let from = self.named(format!("FROM {}{from}{condition}", noun.noun().name), noun);
        let query = match self.below(6) {
            0 | 1 => self.grouped(noun, from),
            2 => format!("SELECT {} {from}{}", self.totals(noun), self.having(noun)),
            _ => self.rows(noun, from),
        };
        let cite = noun.noun().cite.is_some() && self.one_in(6);
        format!("{query}{}{}", if cite { " CITE" } else { "" }, if self.one_in(20) { " CHART" } else { "" })
    }

    /// `FROM …` as it is, or under a name that LET gives it, or as the query before.
    fn named(&self, from: String, noun: NounId) -> String {
        if !self.one_in(9) {
            return from;
        }
        let name = self.pick(&["talks", "these", "wanted", "last"]);
        let given = match name {
            "last" if self.one_in(3) => format!("SELECT count() {from}"),
            "last" => from,
            name => format!("LET {name} = {from}"),
        };
        self.before.borrow_mut().push(given);
        let more = if self.one_in(2) { self.from(noun) } else { String::new() };
        let condition = if self.one_in(2) { format!(" WHERE {}", self.condition(noun, 1)) } else { String::new() };
        format!("FROM {name}{more}{condition}")
    }

    /// Up to two phrases.
    fn from(&self, noun: NounId) -> String {
        let mut text = String::new();
        self.with.set(false);
        for _ in 0..self.below(3) {
            if let Some(phrase) = self.phrase(noun) {
                let with = phrase.contains("WITH ");
                self.with.set(self.with.get() || with);
                text.push_str(&format!(" {phrase}"));
            }
        }
        text
    }

    /// A query whose rows are shown.
    fn rows(&self, noun: NounId, from: String) -> String {
        let mut text = from;
        let mut alias = None;
        match self.below(6) {
            0 => text = format!("SELECT * {text}"),
            1 | 2 => {
                let mut columns: Vec<String> = (0..1 + self.below(3)).map(|_| self.column(noun)).collect();
                if self.one_in(4) {
                    columns[0].push_str(" AS shown");
                    alias = Some("shown".to_string()).filter(|_| self.one_in(3));
                }
                let text_of = columns.join(", ");
                // Right after the phrases SELECT may stand too.
                text = match text.split_once(" WHERE ") {
                    None if self.one_in(4) => format!("{text} SELECT {text_of}"),
                    _ => format!("SELECT {text_of} {text}"),
                };
            }
            3 if self.one_in(2) => text = format!("SELECT DISTINCT {} {text}", self.column(noun)),
            _ => {}
        }
        let distinct = text.starts_with("SELECT DISTINCT");
        if self.one_in(3) && !distinct {
            let key = alias.unwrap_or_else(|| self.order_key(noun));
            text.push_str(&format!(" ORDER BY {key}{}", self.pick(&["", " DESC", " ASC"])));
        }
        text.push_str(&self.limit(4));
        text
    }

    fn limit(&self, times: usize) -> String {
        if !self.one_in(times) {
            return String::new();
        }
        let count = self.given((1 + self.below(4)).to_string());
        let offset =
            if self.one_in(3) { format!(" OFFSET {}", self.given(self.below(3).to_string())) } else { String::new() };
        format!(" LIMIT {count}{offset}")
    }

    // Claims and chains

    fn assert(&self) -> String {
        let label = if self.one_in(4) { "'what is claimed' " } else { "" };
        format!("ASSERT {label}{}", self.claim(2))
    }

    fn claim(&self, depth: usize) -> String {
        if depth > 0 && self.one_in(3) {
            let inner = || self.claim(depth - 1);
            return match self.below(5) {
                0 => format!("NOT ({})", inner()),
                1 => format!("({} OR {})", inner(), inner()),
                2 => format!("POSSIBLY ({})", inner()),
                3 => format!("CERTAINLY ({})", inner()),
                _ => format!("({}) AND ({})", inner(), inner()),
            };
        }
        let operator = self.pick(&["=", "!=", "<", "<=", ">", ">="]);
        let equality = self.pick(&["=", "!="]);
        let noun = self.claimed();
        match self.below(12) {
            0 | 1 => format!("{} ({})", self.pick(&["EXISTS", "NONE"]), self.plain_query(noun)),
            2 | 3 => format!("count({}) {operator} {}", self.plain_query(noun), self.below(4)),
            4 => {
                let other = self.claimed();
                format!(
                    "count({}) {operator} count({}) {} 1",
                    self.plain_query(noun),
                    self.plain_query(other),
                    self.pick(&["+", "-", "*"])
                )
            }
            5 => format!("count({}) {}IN (1, 2, 3)", self.plain_query(noun), self.pick(&["", "NOT "])),
            6 => {
                format!("count({}) {}BETWEEN 1 AND {}", self.plain_query(noun), self.pick(&["", "NOT "]), self.below(5))
            }
            7 => {
                let aggregate =
                    self.pick(&["count()", "count(DISTINCT place)", "count() - 1", "count_possible()", "share()"]);
                format!("(SELECT {aggregate} {}) {operator} {}", self.plain_query(NounId::Meetings), self.below(4))
            }
            8 => {
                let aggregate = self.pick(&["sum", "min", "max", "avg"]);
                let sign = if self.one_in(4) { "0 - " } else { "" };
                let number = if self.one_in(3) { -3 } else { self.below(9) as i64 };
                format!("(SELECT {aggregate}({sign}duration) {}) {operator} {number}", self.plain_query(NounId::Visits))
            }
            9 => {
                let dated = *self.rng.pick(&[NounId::Meetings, NounId::Visits, NounId::Events]);
                let aggregate = self.pick(&["min", "max", "first", "last"]);
                match self.below(3) {
                    0 => {
                        let other = self.pick(&["min", "max"]);
                        let (one, two) = (self.plain_query(dated), self.plain_query(NounId::Meetings));
                        format!("(SELECT {aggregate}(date) {one}) {operator} (SELECT {other}(date) {two})")
                    }
                    1 => {
                        let unit = self.pick(&["days", "years"]);
                        format!(
                            "{unit}((SELECT {aggregate}(date) {}), {}) {operator} {}",
                            self.plain_query(dated),
                            self.day(),
                            self.below(60)
                        )
                    }
                    _ => format!("(SELECT {aggregate}(date) {}) {operator} {}", self.plain_query(dated), self.period()),
                }
            }
            10 => match self.below(4) {
                0 => {
                    let (one, other) = (self.plain_query(NounId::Meetings), self.plain_query(NounId::Meetings));
                    let path = self.pick(&["place", "format", "host_country", "topics", "date", "month(date)"]);
                    format!("(SELECT {path} {one}) {equality} (SELECT {path} {other})")
                }
                1 => {
                    format!("(SELECT place {}) {equality} '{}'", self.plain_query(NounId::Meetings), self.pick(PLACES))
                }
                2 => {
                    format!("(SELECT leader {}) {equality} '{}'", self.plain_query(NounId::Visits), self.pick(LEADERS))
                }
                _ => format!(
                    "(SELECT DISTINCT country {}) {equality} (SELECT country {})",
                    self.plain_query(NounId::Visits),
                    self.plain_query(NounId::Visits)
                ),
            },
            _ => {
                let value = self.pick(&["count()", "country", "list(leader)", "sum(duration)"]);
                let having = if self.one_in(3) { " HAVING count() > 1" } else { "" };
                let query = format!("{} GROUP BY country{having}", self.plain_query(NounId::Visits));
                match value {
                    "country" => format!("(SELECT country {query}) {equality} '{}'", self.pick(COUNTRIES)),
                    "list(leader)" => format!("(SELECT list(leader) {query}) {equality} '{}'", self.pick(LEADERS)),
                    _ if self.one_in(2) => format!("count({query}) {operator} {}", self.below(3)),
                    value => format!("(SELECT {value} {query}) {operator} {}", self.below(4)),
                }
            }
        }
    }

    fn claimed(&self) -> NounId {
        use NounId::*;
        *self.rng.pick(&[Meetings, Meetings, Meetings, Visits, Visits, Events, Journeys, Leaders, Pairs])
    }

    /// `FROM …` with phrases and perhaps a condition, most often with a period: without one nothing is ever covered.
    fn plain_query(&self, noun: NounId) -> String {
        let mut text = format!("FROM {}", noun.noun().name);
        if noun.noun().when != When::Never && self.below(3) > 0 {
            text.push_str(&format!(" {} {}", self.pick(&["SINCE", "DURING", "DURING", "AFTER"]), self.period()));
        }
        if self.one_in(2) {
            text.push_str(&self.from(noun));
        }
        if self.one_in(4) {
            text.push_str(&format!(" WHERE {}", self.condition(noun, 1)));
        }
        text
    }

    fn connect(&self) -> String {
        let end = || {
            let kind = if self.one_in(4) { NounId::Countries } else { NounId::Leaders };
            self.name(kind)
        };
        let mut text = format!("CONNECT {} TO {}", end(), end());
        for _ in 0..self.below(3).saturating_sub(1) {
            if let Some(phrase) = self.phrase(NounId::Meetings) {
                text.push_str(&format!(" {phrase}"));
            }
        }
        if self.one_in(2) {
            text.push_str(" RISING");
        }
        if self.one_in(4) {
            text.push_str(" CITE");
        }
        text
    }

    // Paths

    /// A path of up to `depth` further steps to a member that is allowed; steps are too.
    fn walk(&self, noun: NounId, depth: usize, allowed: &dyn Fn(Member) -> bool) -> Option<(String, Member)> {
        let members: Vec<Member> = noun.noun().members().filter(|m| !outside(*m) && allowed(*m)).collect();
        if members.is_empty() {
            return None;
        }
        let member = *self.rng.pick(&members);
        if let Member::Link(link) = member
            && depth > 0
            && self.one_in(2)
            && let Some((rest, end)) = self.walk(link.to, depth - 1, allowed)
        {
            return Some((format!("{}.{rest}", member.name()), end));
        }
        Some((member.name().to_string(), member))
    }

    /// A path to one value.
    fn one_path(&self, noun: NounId) -> Option<(String, Member)> {
        self.walk(noun, 2, &|member| !matches!(member, Member::Link(link) if link.is_many()))
    }

    /// A path that ends in a to-many link.
    fn many_path(&self, noun: NounId) -> Option<String> {
        (0..5).find_map(|_| {
            let (path, end) = self.walk(noun, 1, &|_| true)?;
            matches!(end, Member::Link(link) if link.is_many()).then_some(path)
        })
    }

    /// A path to a date of one row.
    fn date_path(&self, noun: NounId) -> Option<String> {
        use bilat::catalog::Kind;
        (0..12).find_map(|_| {
            let (path, end) = self.one_path(noun)?;
            matches!(end, Member::Attribute(a) if matches!(a.kind, Kind::Span | Kind::Day)).then_some(path)
        })
    }

    // Names, dates, parameters

    fn name_of(&self, noun: NounId) -> Option<&'static str> {
        let all: &[&'static str] = match noun {
            NounId::Leaders => LEADERS,
            NounId::Countries => COUNTRIES,
            NounId::Regions => REGIONS,
            NounId::Groups => GROUPS,
            NounId::Places => PLACES,
            NounId::Topics => TOPICS,
            NounId::Events => EVENTS,
            NounId::Offices => OFFICES,
            NounId::Publications => PUBLICATIONS,
            NounId::Participants => {
                let kind = if self.one_in(3) { NounId::Countries } else { NounId::Leaders };
                return self.name_of(kind);
            }
            _ => return None,
        };
        Some(*self.rng.pick(all))
    }

    /// A name of something of that kind where a phrase takes one: quoted, in one bare word, with its kind, given before.
    fn name(&self, noun: NounId) -> String {
        let name = self.name_of(noun).unwrap_or_default();
        match self.below(8) {
            0 if !name.contains(' ') => name.to_string(),
            1 => format!("{} '{name}'", noun.noun().singular),
            2 => format!("\"{}\"", name.to_uppercase()),
            _ => self.given(format!("'{name}'")),
        }
    }

    /// A literal, or now and then a parameter that stands for it.
    fn given(&self, literal: String) -> String {
        if self.alone || !self.one_in(14) {
            return literal;
        }
        let name = format!("$p{}", self.parameters.get());
        self.parameters.set(self.parameters.get() + 1);
        self.before.borrow_mut().push(format!("LET {name} = {literal}"));
        name
    }

    /// One day, or what stands for one.
    fn day(&self) -> String {
        match self.below(6) {
            0 if self.as_of => "TODAY".to_string(),
            1 => format!("event '{}'", self.pick(EVENTS)),
            _ => self.given(format!("2024-{:02}-{:02}", 4 + self.below(4), 1 + self.below(28))),
        }
    }

    /// A date of any precision.
    fn date(&self) -> String {
        match self.below(9) {
            0 => "2024".to_string(),
            1 => format!("2024-{:02}", 4 + self.below(4)),
            2 => format!("2024-Q{}", 1 + self.below(4)),
            3 => format!("2024-W{:02}", 18 + self.below(12)),
            _ => self.day(),
        }
    }

    /// A period with both ends.
    fn period(&self) -> String {
        match self.below(9) {
            0 => self.given(format!("2024-05-{:02}..2024-06", 1 + self.below(28))),
            1 => format!("'2024-{:02}'", 4 + self.below(4)),
            _ => self.date(),
        }
    }
}

/// Names are those that the file makes of all things: they are left to other tests.
fn outside(member: Member) -> bool {
    matches!(member, Member::Link(link) if link.to == NounId::Names)
}
