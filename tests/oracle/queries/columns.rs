//! What is shown, grouped and sorted by.

use super::Writer;
use bilat::catalog::{Kind, Member, NounId, When};

impl Writer<'_> {
    fn dated(&self, noun: NounId) -> bool {
        noun.noun().when == When::Own && noun.noun().attribute("date").is_some()
    }

    pub(super) fn column(&self, noun: NounId) -> String {
        match self.below(12) {
            0 if self.dated(noun) => format!("{}(date)", self.calendar()),
            1 => self.many_path(noun).map_or_else(|| self.column_path(noun), |path| format!("size({path})")),
            2 | 5 if noun.noun().when != When::Never => self.window(noun),
            3 => self.elapsed(noun).unwrap_or_else(|| self.column_path(noun)),
            4 => match self.one_path(noun) {
                Some((path, Member::Attribute(a))) if a.kind == Kind::Text => {
                    format!("{}({path})", self.pick(&["length", "lower", "upper"]))
                }
                Some((path, Member::Attribute(a))) if matches!(a.kind, Kind::Integer | Kind::Number) => {
                    format!("{path} {} 2 + 1", self.pick(&["+", "-", "*", "/"]))
                }
                _ => self.column_path(noun),
            },
            _ => self.column_path(noun),
        }
    }

    fn calendar(&self) -> &'static str {
        self.pick(&["month", "year", "weekday", "week", "quarter"])
    }

    /// `gap()`, `rank()`, among all rows or those alike.
    fn window(&self, noun: NounId) -> String {
        let per = match self.one_path(noun) {
            Some((path, _)) if self.one_in(2) => format!("PER {path}"),
            _ => String::new(),
        };
        format!("{}({per})", self.pick(&["gap", "rank"]))
    }

    pub(super) fn order_key(&self, noun: NounId) -> String {
        match self.below(7) {
            0 if noun.noun().when != When::Never => self.window(noun),
            1 => self.elapsed(noun).unwrap_or_else(|| self.one_column(noun)),
            2 => self.many_path(noun).map_or_else(|| self.one_column(noun), |path| format!("size({path})")),
            3 => format!("{}, {}", self.one_column(noun), self.one_column(noun)),
            _ => self.one_column(noun),
        }
    }

    fn one_column(&self, noun: NounId) -> String {
        self.one_path(noun).map_or_else(|| "remark".to_string(), |(path, _)| path)
    }

    /// A path to anything, of one to three steps.
    fn column_path(&self, noun: NounId) -> String {
        if self.with.get() && self.one_in(3) {
            let rest = self.walk(NounId::Participants, 1, &|_| true);
            return match rest {
                Some((rest, _)) if self.one_in(2) => format!("counterparts.{rest}"),
                _ => "counterparts".to_string(),
            };
        }
        self.walk(noun, 2, &|_| true).map_or_else(|| "remark".to_string(), |(path, _)| path)
    }

    // Groups

    pub(super) fn grouped(&self, noun: NounId, from: String) -> String {
        let (zeros, across) = (self.one_in(5), self.one_in(5));
        let count = 1 + self.below(2) + usize::from(across && self.one_in(3));
        let mut keys: Vec<String> = Vec::new();
        for _ in 0..count {
            let key = if zeros { self.countable_key(noun) } else { self.key_of_group(noun) };
            if !keys.contains(&key) {
                keys.push(key);
            }
        }
        let across = if across && keys.len() > 1 { keys.pop() } else { None };
        let sharing = self.rng.pick(&keys).clone();
        let mut columns = keys.clone();
        columns.extend((0..1 + self.below(2)).map(|_| self.aggregate(noun, Some(&sharing))));
        let select =
            if self.one_in(8) && across.is_none() { String::new() } else { format!("SELECT {} ", columns.join(", ")) };
        let mut text = format!("{select}{from} GROUP BY {}", keys.join(", "));
        if let Some(across) = &across {
            text.push_str(&format!(" ACROSS {across}"));
        }
        text.push_str(if zeros { " ZEROS" } else { "" });
        text.push_str(&self.having(noun));
        if self.one_in(3) {
            let key = match self.below(4) {
                _ if across.is_some() => keys[0].clone(),
                3 if self.dated(noun) => format!("{}(date)", self.pick(&["first", "last", "min"])),
                0 => keys[0].clone(),
                1 => "count()".to_string(),
                _ => self.aggregate(noun, Some(&sharing)),
            };
            text.push_str(&format!(" ORDER BY {key}{}", self.pick(&["", " DESC"])));
        }
        text.push_str(&self.limit(6));
        text
    }

    pub(super) fn totals(&self, noun: NounId) -> String {
        let columns: Vec<String> = (0..1 + self.below(2)).map(|_| self.aggregate(noun, None)).collect();
        columns.join(", ")
    }

    pub(super) fn having(&self, noun: NounId) -> String {
        if !self.one_in(4) {
            return String::new();
        }
        let certainty = self.pick(&["", "", "POSSIBLY ", "CERTAINLY ", "NOT "]);
        let one = self.about_group(noun);
        let condition = match self.below(5) {
            0 => format!("({one} AND {})", self.about_group(noun)),
            1 => format!("({one} OR {})", self.about_group(noun)),
            _ => format!("({one})"),
        };
        format!(" HAVING {certainty}{condition}")
    }

    /// A condition over a group.
    fn about_group(&self, noun: NounId) -> String {
        let operator = self.pick(&[">", "=", "<=", "!="]);
        match self.below(8) {
            0 => format!("count_possible() {operator} {}", self.below(5)),
            1 => format!("count(DISTINCT {}) {operator} {}", self.column_path(noun), self.below(3)),
            2 if self.dated(noun) => {
                let function = self.pick(&["min", "max", "first", "last"]);
                format!("{function}(date) {} {}", self.pick(&["=", "<", ">=", "!="]), self.period())
            }
            3 if self.dated(noun) => format!("days(min(date), max(date)) {operator} {}", self.below(30)),
            4 => format!("share() {operator} 0.{}", 1 + self.below(8)),
            5 => format!(
                "{} {operator} {}",
                self.pick(&["-count()", "count() * 2", "count() + 1", "count() / 2"]),
                self.below(4)
            ),
            6 if noun == NounId::Visits => {
                format!("{}(duration) {operator} {}", self.pick(&["sum", "avg", "max"]), self.below(9))
            }
            _ => format!("count() {operator} {}", self.below(4)),
        }
    }

    fn key_of_group(&self, noun: NounId) -> String {
        if self.dated(noun) && self.one_in(3) {
            return format!("{}(date)", self.calendar());
        }
        match self.below(12) {
            0 => self.many_path(noun).map_or_else(|| self.column_path(noun), |path| format!("size({path})")),
            1 => self.elapsed(noun).unwrap_or_else(|| self.column_path(noun)),
            _ => self.column_path(noun),
        }
    }

    /// A key of which it is known what values it could have.
    fn countable_key(&self, noun: NounId) -> String {
        if self.dated(noun) && self.one_in(2) {
            return format!("{}(date)", self.pick(&["month", "month", "year", "weekday", "quarter"]));
        }
        let key = (0..20).find_map(|_| {
            let (path, end) = self.walk(noun, 1, &|_| true)?;
            let known = match end {
                Member::Link(link) => link.to.noun().named,
                Member::Attribute(attribute) => matches!(attribute.kind, Kind::Word(_)),
            };
            known.then_some(path)
        });
        key.unwrap_or_else(|| "remark".to_string())
    }

    fn aggregate(&self, noun: NounId, key: Option<&str>) -> String {
        match self.below(15) {
            0..=2 => "count()".to_string(),
            3 => "count_possible()".to_string(),
            4 | 5 => format!("count(DISTINCT {})", self.column_path(noun)),
            6 => match self.elapsed(noun) {
                Some(elapsed) if self.one_in(4) => format!("{}({elapsed})", self.pick(&["list", "sum", "max"])),
                _ => format!("list({})", self.column_path(noun)),
            },
            7 if self.dated(noun) => format!("{}(date)", self.pick(&["min", "max"])),
            8 | 9 if noun.noun().when != When::Never => {
                format!("{}({})", self.pick(&["first", "last"]), self.one_column(noun))
            }
            10 => match key {
                Some(key) if self.one_in(2) => format!("share(PER {key})"),
                _ => "share()".to_string(),
            },
            11 if self.dated(noun) => {
                let (one, other) = (self.pick(&["min", "first"]), self.pick(&["max", "last"]));
                match self.below(3) {
                    0 => format!("days({one}(date), {})", self.date()),
                    1 => format!("years({}, {other}(date))", self.date()),
                    _ => format!("days({one}(date), {other}(date))"),
                }
            }
            12 => self.pick(&["count() * 2", "-count()", "count() / 2", "count() + count_possible()"]).to_string(),
            _ => match noun {
                NounId::Visits | NounId::Journeys => format!("{}(duration)", self.pick(&["sum", "avg", "min", "max"])),
                NounId::Places => format!("{}(latitude)", self.pick(&["sum", "avg", "min", "max"])),
                _ => "count()".to_string(),
            },
        }
    }
}
