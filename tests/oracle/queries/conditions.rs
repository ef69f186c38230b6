//! Conditions: logic, comparisons of every type, quantifiers, relations, and queries in brackets.

use super::{Writer, outside};
use bilat::catalog::{Kind, Member, NounId, When};

impl Writer<'_> {
    pub(super) fn condition(&self, noun: NounId, depth: usize) -> String {
        let inner = || self.condition(noun, depth - 1);
        if depth > 0 && self.one_in(2) {
            return match self.below(8) {
                0 => format!("NOT ({})", inner()),
                1 => format!("POSSIBLY ({})", inner()),
                2 => format!("CERTAINLY ({})", inner()),
                3 => format!("({} OR {})", inner(), inner()),
                4 => format!("{} AND {}", inner(), inner()),
                5 => self.exists(noun, depth),
                _ => self.quantified(noun, depth).unwrap_or_else(|| self.simple(noun)),
            };
        }
        self.simple(noun)
    }

    fn quantified(&self, noun: NounId, depth: usize) -> Option<String> {
        let many = |m: &Member| !outside(*m) && matches!(m, Member::Link(link) if link.is_many());
        let many: Vec<Member> = noun.noun().members().filter(many).collect();
        if many.is_empty() {
            return None;
        }
        let Member::Link(link) = *self.rng.pick(&many) else { return None };
        let quantifier = self.pick(&["ANY", "EVERY", "NO"]);
        let with = self.with.replace(false);
        // One step further to what relations are about.
        let (path, to) = match link.to.noun().link("leader") {
            Some(leader) if self.one_in(3) => (format!("{}.leader", link.name), leader.to),
            _ => (link.name.to_string(), link.to),
        };
        let text = format!("{quantifier} {path} ({})", self.condition(to, depth - 1));
        self.with.set(with);
        Some(text)
    }

    /// A query in brackets that may speak of this row, or of the one outside of it.
    fn exists(&self, noun: NounId, depth: usize) -> String {
        use NounId::*;
        let inner =
            *self.rng.pick(&[Meetings, Meetings, Visits, Participants, Leaders, Events, Journeys, Accounts, Terms]);
        let keyword = self.pick(&["EXISTS", "NONE"]);
        let with = self.with.get();
        self.outer.borrow_mut().push(noun);
        let phrases = self.from(inner);
        let mut parts = Vec::new();
        if let Some(bond) = self.bond(inner) {
            parts.push(bond);
        }
        let deeper = self.outer.borrow().len() < 2 && self.one_in(3);
        if deeper {
            parts.push(self.exists(inner, depth));
        } else if parts.is_empty() || self.one_in(3) {
            parts.push(self.condition(inner, depth - 1));
        }
        self.outer.borrow_mut().pop();
        self.with.set(with);
        format!("{keyword} (FROM {}{phrases} WHERE {})", inner.noun().name, parts.join(" AND "))
    }

    /// A comparison of a value here with one of a row outside.
    fn bond(&self, noun: NounId) -> Option<String> {
        let outer = self.outer.borrow();
        let level = self.below(outer.len());
        let (words, from) = ("outer.".repeat(level + 1), outer[outer.len() - 1 - level]);
        (0..40).find_map(|_| {
            let ((one, a), (other, b)) = (self.one_path(noun)?, self.one_path(from)?);
            let (operators, other) = match (a, b) {
                (Member::Link(a), Member::Link(b)) if a.to == b.to => (&["=", "!="][..], other),
                // The row outside itself.
                (Member::Link(a), _) if a.to == from && self.one_in(3) => (&["=", "!="][..], String::new()),
                (Member::Attribute(a), Member::Attribute(b)) => match (a.kind, b.kind) {
                    (Kind::Span | Kind::Day, Kind::Span | Kind::Day) => (&["=", "!=", "<", "<=", ">", ">="][..], other),
                    (Kind::Text, Kind::Text) if self.one_in(4) => (&["=", "!=", "<"][..], other),
                    (Kind::Word(a), Kind::Word(b)) if a == b => (&["=", "!="][..], other),
                    _ => return None,
                },
                _ => return None,
            };
            let path = format!("{words}{other}");
            Some(format!("{one} {} {}", self.pick(operators), path.trim_end_matches('.')))
        })
    }

    fn relation(&self) -> String {
        let dates: String = (0..self.below(5).saturating_sub(2)).map(|_| format!(" {}", self.date_phrase())).collect();
        let relation = match self.below(5) {
            0 => format!("VISITED {}", self.area()),
            1 => format!("HOSTED {}", self.party()),
            2 => format!("ATTENDED {}", self.name(NounId::Events)),
            _ => format!("MET {}", self.party()),
        };
        format!("{}{relation}{dates}", if self.one_in(4) { "NOT " } else { "" })
    }

    pub(super) fn simple(&self, noun: NounId) -> String {
        if matches!(noun, NounId::Leaders | NounId::Countries) && self.below(3) > 0 {
            return self.relation();
        }
        if !self.outer.borrow().is_empty()
            && self.one_in(3)
            && let Some(bond) = self.bond(noun)
        {
            return bond;
        }
        let dated = noun.noun().when == When::Own && noun.noun().attribute("date").is_some();
        if dated && self.one_in(5) {
            let function = self.pick(&["month", "quarter", "week", "year", "weekday"]);
            let value = match function {
                "month" => format!("2024-{:02}", 4 + self.below(4)),
                "quarter" => format!("2024-Q{}", 1 + self.below(4)),
                "week" => format!("2024-W{:02}", 18 + self.below(12)),
                "year" => format!("202{}", 3 + self.below(3)),
                _ => (1 + self.below(7)).to_string(),
            };
            return format!("{function}(date) {} {value}", self.pick(&["=", "!=", "<", ">="]));
        }
        if self.one_in(7)
            && let Some(elapsed) = self.elapsed(noun)
        {
            return format!("{elapsed} {} {}", self.pick(&["=", "!=", "<", "<=", ">", ">="]), self.below(50));
        }
        if self.one_in(8)
            && let Some(path) = self.many_path(noun)
        {
            return format!("size({path}) {} {}", self.pick(&["=", ">", "<=", "!="]), self.below(4));
        }
        let walked = if self.with.get() && self.one_in(5) {
            let walked = self.walk(NounId::Participants, 1, &|_| true);
            walked.map(|(path, end)| (format!("counterparts.{path}"), end))
        } else {
            self.walk(noun, 2, &|_| true)
        };
        let Some((path, end)) = walked else { return "1 = 1".to_string() };
        if self.one_in(6) {
            return format!("{path} IS {}UNKNOWN", if self.one_in(2) { "NOT " } else { "" });
        }
        match end {
            Member::Link(link) => self.about_entity(&path, link.to),
            Member::Attribute(attribute) => self.about_value(&path, attribute.kind),
        }
    }

    /// `days(date, date)`, one of them of the row.
    pub(super) fn elapsed(&self, noun: NounId) -> Option<String> {
        let unit = self.pick(&["days", "days", "years"]);
        let path = self.date_path(noun)?;
        let other = if self.one_in(3) { self.date_path(noun)? } else { self.date() };
        Some(if self.one_in(2) { format!("{unit}({path}, {other})") } else { format!("{unit}({other}, {path})") })
    }

    fn about_entity(&self, path: &str, noun: NounId) -> String {
        let literal = |name: &str| self.given(format!("'{name}'"));
        match self.name_of(noun) {
            Some(name) if self.one_in(4) => {
                let other = self.name_of(noun).unwrap_or(name);
                format!("{path} {}IN ('{name}', {})", if self.one_in(2) { "NOT " } else { "" }, literal(other))
            }
            Some(_) if self.one_in(6) => format!("{path} LIKE '%a%'"),
            Some(name) => format!("{path} {} {}", self.pick(&["=", "!="]), literal(name)),
            None => format!("{path} IS UNKNOWN"),
        }
    }

    fn about_value(&self, path: &str, kind: Kind) -> String {
        let not = if self.one_in(3) { "NOT " } else { "" };
        match kind {
            Kind::Text => match self.below(7) {
                0 => format!("{path} {not}LIKE '{}'", self.pick(&["%a%", "_r%", "über%", "100\\%%", "%"])),
                1 => format!("{path} {not}LIKE '%o%'"),
                2 => format!("{path} {not}CONTAINS '{}'", self.pick(&["gas", "E", "land", "%"])),
                3 => format!("length({path}) {} {}", self.pick(&[">", "="]), 6 + self.below(4)),
                4 => {
                    let function = self.pick(&["lower", "upper"]);
                    format!("{function}({path}) {} '{}'", self.pick(&["=", "<"]), self.pick(&["arvia", "M"]))
                }
                5 => format!("{path} {not}BETWEEN 'a' AND 'm'"),
                _ => {
                    let text = self.given(format!("'{}'", self.pick(&["arvia", "Čeda Gamma", "m"])));
                    format!("{path} {} {text}", self.pick(&["=", "!=", "<", ">="]))
                }
            },
            Kind::Integer | Kind::Number => match self.below(4) {
                0 => format!("{path} {not}BETWEEN 1 AND {}", 1 + self.below(20)),
                1 => format!("{path} * 2 - 1 {} {}", self.pick(&["=", ">", "<="]), self.below(12)),
                2 => format!("-{path} / 2.5 {} -{}", self.pick(&["=", ">", "<="]), self.below(12)),
                _ => {
                    let number = self.given(self.below(6).to_string());
                    format!("{path} {} {number}", self.pick(&["=", "!=", ">", "<="]))
                }
            },
            Kind::Boolean if self.one_in(3) => format!("{path} {} 'yes'", self.pick(&["=", "!="])),
            Kind::Boolean => path.to_string(),
            Kind::Span | Kind::Day => match self.below(6) {
                0 => format!("{path} {not}BETWEEN 2024-05 AND {}", self.date()),
                1 => format!("{path} {not}IN ({}, {})", self.date(), self.date()),
                2 => format!("{path} {} 2024-{:02}..", self.pick(&["=", ">="]), 4 + self.below(4)),
                3 => format!("{path} {} ..2024-{:02}", self.pick(&["=", "<="]), 4 + self.below(4)),
                _ => format!("{path} {} {}", self.pick(&["=", "!=", "<", "<=", ">", ">="]), self.period()),
            },
            Kind::Word(vocabulary) => {
                let word = self.given(format!("'{}'", self.rng.pick(vocabulary.words).0));
                format!("{path} {} {word}", self.pick(&["=", "!="]))
            }
        }
    }
}
