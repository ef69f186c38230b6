//! What an import did, counted while it is done, and said in lines of a name and a value.

use crate::catalog::NounId;
use crate::value::text::Text;
use std::collections::{BTreeMap, BTreeSet};

/// So many examples of one thing are listed.
const LISTED: usize = 20;

/// Numbers and names of one import.
#[derive(Clone, Debug, Default)]
pub struct Report {
    /// Rows of the tables.
    pub rows: u64,
    /// New rows of each noun.
    pub made: BTreeMap<NounId, u64>,
    /// Rows of each noun that names in the tables were found to be of.
    pub matched: BTreeMap<NounId, BTreeSet<String>>,
    /// Rows that are known from elsewhere and got a further account.
    pub merged: BTreeSet<Text>,
    pub there: u64,
    pub changed: u64,
    /// What was changed: the line of the table, and the row's key.
    pub changes: Vec<String>,
    /// Rows that the publication told before and this table does not tell.
    pub absent: u64,
    /// Names of leaders and places that were made.
    pub new: BTreeMap<NounId, Vec<String>>,
    pub refused: u64,
    /// Merged rows of which another publication tells otherwise.
    pub disputed: u64,
    /// What was taken for something by a part of its name: the noun and the text, what it was taken for with its key,
    /// and how often.
    pub taken: BTreeMap<(NounId, String), (String, String, u64)>,
    pub warnings: Vec<String>,
    /// Leaders who were made and may be somebody who is there already.
    pub alike: Vec<String>,
    pub unused: Vec<String>,
    /// Cells that lost a part, by the column that says what is dropped.
    pub dropped: BTreeMap<String, u64>,
}

impl Report {
    /// So many more rows of a noun were made.
    pub fn make(&mut self, noun: NounId) {
        *self.made.entry(noun).or_default() += 1;
    }

    /// A row was found by a name.
    pub fn matches(&mut self, noun: NounId, key: &str) {
        let known = self.matched.entry(noun).or_default();
        if !known.contains(key) {
            known.insert(key.to_string());
        }
    }

    /// A row was found by a part of one of its names.
    pub fn takes(&mut self, noun: NounId, text: &str, label: &str, key: &str) {
        let taken = (label.to_string(), key.to_string(), 0);
        self.taken.entry((noun, text.to_string())).or_insert(taken).2 += 1;
    }

    /// Whether the file is another one now.
    pub fn changes(&self) -> bool {
        !self.made.is_empty() || self.changed > 0 || !self.merged.is_empty()
    }

    /// What is to be said, as a name and a value each.
    pub fn lines(&self) -> Vec<(&'static str, String)> {
        let nouns = |counts: &mut dyn Iterator<Item = (NounId, u64)>| {
            counts.map(|(noun, count)| counted(count, noun)).collect::<Vec<_>>().join(", ")
        };
        let or_none = |text: String| if text.is_empty() { "nothing".to_string() } else { text };
        let mut lines = vec![
            ("rows read", grouped(self.rows)),
            ("made", or_none(nouns(&mut self.made.iter().map(|(noun, count)| (*noun, *count))))),
            ("matched", or_none(nouns(&mut self.matched.iter().map(|(noun, keys)| (*noun, keys.len() as u64))))),
            ("merged", grouped(self.merged.len() as u64)),
            ("already there", grouped(self.there)),
            ("changed", grouped(self.changed)),
            ("refused", grouped(self.refused)),
        ];
        if self.disputed > 0 {
            lines
                .push(("disputed", format!("{} of the merged rows: CITE shows both accounts", grouped(self.disputed))));
        }
        if self.absent > 0 {
            let rows = plural(self.absent, "row");
            lines.push(("not in it", format!("{rows} that this publication told before: they stay as they are")));
        }
        for (noun, names) in self.new.iter().filter(|(_, names)| !names.is_empty()) {
            let shown = names.iter().take(LISTED).cloned().collect::<Vec<_>>().join("; ");
            let more = names.len().saturating_sub(LISTED) as u64;
            let more = if more > 0 { format!("; and {} more", grouped(more)) } else { String::new() };
            lines.push(("new", format!("{}: {shown}{more}", noun.noun().name)));
        }
        lines.extend(listed("changed", self.changes.clone()));
        let taken = self.taken.iter().map(|((noun, text), (label, key, count))| {
            let (cells, noun) = (plural(*count, "cell"), noun.noun().name);
            format!("'{text}' for {label} ({key}), {cells}; otherwise, in [names.{noun}]: \"{text}\" = a key or a name")
        });
        lines.extend(listed("taken", taken.collect()));
        lines.extend(listed("alike", self.alike.clone()));
        lines.extend(listed("look-alike", self.warnings.clone()));
        if !self.unused.is_empty() {
            let names: Vec<String> = self.unused.iter().map(|name| format!("\"{name}\"")).collect();
            lines.push((
                "not used",
                format!("{}; ignore = [{}] says so", plural(names.len() as u64, "column"), names.join(", ")),
            ));
        }
        for (column, count) in &self.dropped {
            lines.push(("lost", format!("what drop takes from {column}, in {}", plural(*count, "cell"))));
        }
        lines
    }
}

/// The first of many, and how many more there are.
fn listed(name: &'static str, texts: Vec<String>) -> Vec<(&'static str, String)> {
    let more = texts.len().saturating_sub(LISTED);
    let mut lines: Vec<(&str, String)> = texts.into_iter().take(LISTED).map(|text| (name, text)).collect();
    if more > 0 {
        lines.push((name, format!("and {} more", grouped(more as u64))));
    }
    lines
}

fn counted(count: u64, noun: NounId) -> String {
    let noun = noun.noun();
    format!("{} {}", grouped(count), if count == 1 { noun.singular } else { noun.name })
}

/// `1 cell`, `2 cells`
pub fn plural(count: u64, word: &str) -> String {
    format!("{} {word}{}", grouped(count), if count == 1 { "" } else { "s" })
}

/// `4,271`
pub fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}
