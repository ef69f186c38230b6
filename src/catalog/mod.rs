//! The catalogue: every noun with its attributes and links, declared once as data.
//!
//! Name resolution, completion, DESCRIBE, the database schema, the CSV columns and the reference page all read it. It
//! knows nothing of the language. [`nouns::NOUNS`] is the declaration; this file holds its types and look-ups.

pub mod ddl;
pub mod nouns;
pub mod vocabulary;

pub use nouns::{NOUNS, NounId};
pub use vocabulary::Vocabulary;

/// One noun: what FROM names and what `count()` counts.
#[derive(Debug)]
pub struct Noun {
    pub id: NounId,
    /// Plural, as written after FROM and as the table is called.
    pub name: &'static str,
    /// Singular, for sentences and for kind words before a quoted name.
    pub singular: &'static str,
    pub help: &'static str,
    pub origin: Origin,
    /// How the build makes a row's label: `{x}` is an attribute's text or a to-one link's label, `{a|b}` the first of
    /// them that is there, a to-many link the labels of its rows joined by " – ".
    pub label: &'static str,
    /// Whether rows of this noun are found by name.
    pub named: bool,
    pub when: When,
    pub status: Status,
    /// Links from a row to the accounts that are its sources; `None` where nothing of the kind is recorded.
    pub cite: Option<&'static [&'static str]>,
    pub attributes: &'static [Attribute],
    pub links: &'static [Link],
    /// Attributes and links shown when a query has no SELECT.
    pub default_columns: &'static [&'static str],
}

/// Where the rows of a noun come from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Origin {
    /// A table filled from the CSV file of the same name.
    Csv,
    /// A table that the build derives from others.
    Built,
    /// No table: this query, computed on the fly. Its columns are those a table would have.
    Query(&'static str),
}

/// Whether and how a noun has a date.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum When {
    /// Four bound columns of its own (an attribute `date`, or attributes `start` and `end`).
    Own,
    /// The date of the row that this to-one link leads to.
    Of(&'static str),
    Never,
}

/// Whether rows may be other than held.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Status {
    /// An attribute `status` of its own.
    Own,
    /// The status of the row that this to-one link leads to.
    Of(&'static str),
    None,
}

#[derive(Debug)]
pub struct Attribute {
    pub name: &'static str,
    pub kind: Kind,
    pub absent: Absent,
    /// Whether the CSV file has a column for it (else the build computes it).
    pub given: bool,
    pub help: &'static str,
}

/// What an attribute holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    Text,
    Integer,
    Number,
    /// `1` or `0` in the table, `yes` or nothing in CSV.
    Boolean,
    /// A stay or a day, perhaps vague: the text in EDTF and the columns `start_min start_max end_min end_max`
    /// (days since 1970-01-01), one such attribute a noun at most.
    Span,
    /// One day, perhaps vague: the text in EDTF and the columns `<name>_min <name>_max`.
    Day,
    Word(&'static Vocabulary),
}

impl Kind {
    pub const fn is_number(self) -> bool {
        matches!(self, Kind::Integer | Kind::Number)
    }
}

/// What an empty value means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Absent {
    /// It is never empty.
    Never,
    /// There is none: a comparison with it is false.
    Nothing,
    /// There is one and the file does not know it: a comparison with it is undecided.
    Unknown,
}

#[derive(Debug)]
pub struct Link {
    pub name: &'static str,
    pub to: NounId,
    pub via: Via,
    pub absent: Absent,
    pub given: bool,
    pub help: &'static str,
}

/// How a link is followed. Only `Column` and a `Dated` link marked `one` lead to one row; all others to many.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Via {
    /// The column `<name>_id` of this table.
    Column,
    /// The rows of `noun` whose link `link` is this row.
    Reverse { noun: NounId, link: &'static str },
    /// A table of pairs of ids that belongs to this link (its CSV column is a list separated by `; `).
    List { table: &'static str, from: &'static str, to: &'static str },
    /// The same table, or any other with both columns, read by another link.
    Through { table: &'static str, from: &'static str, to: &'static str },
    /// The rows of `names` that are of this row.
    Names,
    /// These links of this and the following nouns, one after the other.
    Path(&'static [&'static str]),
    /// The rows of `noun` whose link `from` is this row and that hold on the day in question; then their link `to`,
    /// or they themselves. With `one`, the first by seniority, then the latest.
    Dated { noun: NounId, from: &'static str, to: Option<&'static str>, one: bool },
}

impl Link {
    pub const fn is_many(&self) -> bool {
        !matches!(self.via, Via::Column | Via::Dated { one: true, .. })
    }
}

/// What a name of a noun's means: an attribute or a link.
#[derive(Clone, Copy, Debug)]
pub enum Member {
    Attribute(&'static Attribute),
    Link(&'static Link),
}

impl Member {
    pub const fn name(self) -> &'static str {
        match self {
            Member::Attribute(attribute) => attribute.name,
            Member::Link(link) => link.name,
        }
    }

    pub const fn help(self) -> &'static str {
        match self {
            Member::Attribute(attribute) => attribute.help,
            Member::Link(link) => link.help,
        }
    }
}

impl NounId {
    pub fn noun(self) -> &'static Noun {
        &NOUNS[self as usize]
    }
}

impl Noun {
    /// The attribute or link of that exact name.
    pub fn member(&self, name: &str) -> Option<Member> {
        let attribute = self.attributes.iter().find(|a| a.name == name).map(Member::Attribute);
        attribute.or_else(|| self.links.iter().find(|l| l.name == name).map(Member::Link))
    }

    pub fn attribute(&self, name: &str) -> Option<&'static Attribute> {
        self.id.noun().attributes.iter().find(|a| a.name == name)
    }

    pub fn link(&self, name: &str) -> Option<&'static Link> {
        self.id.noun().links.iter().find(|l| l.name == name)
    }

    /// All attributes, then all links, in the order of their declaration.
    pub fn members(&self) -> impl Iterator<Item = Member> + use<> {
        let noun = self.id.noun();
        noun.attributes.iter().map(Member::Attribute).chain(noun.links.iter().map(Member::Link))
    }
}

/// The noun of that plural name.
pub fn noun(name: &str) -> Option<&'static Noun> {
    NOUNS.iter().find(|noun| noun.name == name)
}

/// The noun of that singular name, as kind words before a quoted name use it.
pub fn kind(singular: &str) -> Option<&'static Noun> {
    NOUNS.iter().find(|noun| noun.singular == singular)
}
