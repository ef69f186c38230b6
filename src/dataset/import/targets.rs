//! What a mapping can fill for a row of each noun: derived from the catalogue, with what only imports know.

use crate::catalog::vocabulary::ROLE;
use crate::catalog::{Absent, Attribute, Kind, Link, NOUNS, Noun, NounId, Origin, Via};

/// Attributes that are names of their row, in the order in which they name it.
pub const NAMING: [&str; 2] = ["name", "title"];

/// Words that a new row needs besides its name.
const NEEDED: [(NounId, &str, &str); 2] = [(NounId::Places, "kind", "city"), (NounId::Regions, "scheme", "own")];

/// One thing that a column can be.
#[derive(Clone, Copy, Debug)]
pub struct Target {
    pub name: &'static str,
    pub aim: Aim,
}

/// What becomes of a cell.
#[derive(Clone, Copy, Debug)]
pub enum Aim {
    Key,
    Identifiers,
    /// Where in the publication it stands.
    Locator,
    /// What its relative phrases count from.
    Anchor,
    /// What was read, and doubts.
    Reading,
    Attribute(&'static Attribute),
    Link(&'static Link),
    /// People who took part, in this role.
    People(Option<&'static str>),
}

impl Target {
    /// Whether several values can stand in one cell.
    pub fn takes_several(self) -> bool {
        match self.aim {
            Aim::People(_) => true,
            Aim::Link(link) => link.is_many(),
            _ => false,
        }
    }

    pub fn is_date(self) -> bool {
        matches!(self.aim, Aim::Attribute(Attribute { kind: Kind::Span | Kind::Day, .. }))
    }

    /// The noun whose rows its names are looked up among.
    pub fn noun(self) -> Option<NounId> {
        match self.aim {
            Aim::People(_) => Some(NounId::Leaders),
            Aim::Link(link) => Some(link.to),
            _ => None,
        }
    }

    /// Whether a row cannot be without it.
    pub fn is_needed(self) -> bool {
        match self.aim {
            // No status given means held, and what a place is can be supposed.
            Aim::Attribute(attribute) => attribute.absent == Absent::Never && attribute.name != "status",
            Aim::Link(link) => link.absent == Absent::Never,
            _ => false,
        }
    }
}

/// The link of an account to its row, for nouns that publications give accounts of.
pub fn account_link(noun: NounId) -> Option<&'static str> {
    match noun {
        NounId::Meetings => Some("meeting"),
        NounId::Visits => Some("visit"),
        NounId::Events => Some("event"),
        _ => None,
    }
}

/// Everything that a mapping for this noun can fill.
pub fn targets(noun: NounId) -> Vec<Target> {
    let about = noun.noun();
    let accounted = account_link(noun).is_some();
    let mut all = vec![Target { name: "key", aim: Aim::Key }, Target { name: "ids", aim: Aim::Identifiers }];
    all.extend(about.attributes.iter().filter(|a| a.given).map(|a| Target { name: a.name, aim: Aim::Attribute(a) }));
    let own = |link: &&Link| link.given && matches!(link.via, Via::Column | Via::List { .. });
    all.extend(about.links.iter().filter(own).map(|link| Target { name: link.name, aim: Aim::Link(link) }));
    if noun == NounId::Meetings {
        let people = [("participants", None), ("hosts", Some(0)), ("guests", Some(1)), ("mediators", Some(3))];
        all.extend(people.map(|(name, role)| {
            let role = role.and_then(|at: usize| ROLE.words.get(at)).map(|(word, _)| *word);
            Target { name, aim: Aim::People(role) }
        }));
    }
    if accounted {
        let more = [("locator", Aim::Locator), ("anchor", Aim::Anchor), ("reading", Aim::Reading)];
        all.extend(more.map(|(name, aim)| Target { name, aim }));
    }
    all
}

/// What rows of a noun are called: all, and one.
pub fn called(noun: NounId) -> (&'static str, &'static str) {
    (noun.noun().name, noun.noun().singular)
}

/// The nouns that rows can be made of.
pub fn rows() -> impl Iterator<Item = &'static Noun> {
    NOUNS.iter().filter(|noun| noun.origin == Origin::Csv)
}

/// The attribute that names rows of a noun.
pub fn naming(noun: NounId) -> Option<&'static str> {
    NAMING.into_iter().find(|name| noun.noun().named && noun.noun().attribute(name).is_some())
}

/// What a new row of a noun is supposed to be where nothing is said.
pub fn supposed(noun: NounId) -> impl Iterator<Item = (&'static str, &'static str)> {
    NEEDED.iter().filter(move |(of, ..)| *of == noun).map(|(_, name, word)| (*name, *word))
}
