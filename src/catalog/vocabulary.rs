//! The closed vocabularies: words that an attribute may hold, each with a sentence of help.
//!
//! They are checked when a file is built and when a query compares such an attribute with a text.

/// A closed list of words for one attribute.
#[derive(Debug, PartialEq, Eq)]
pub struct Vocabulary {
    /// What the list is called in messages: "status".
    pub name: &'static str,
    /// Each word with what it says. Order is display order and, for `level`, seniority.
    pub words: &'static [(&'static str, &'static str)],
}

impl Vocabulary {
    /// The position of `word`, by its exact spelling.
    pub fn position(&self, word: &str) -> Option<usize> {
        self.words.iter().position(|(known, _)| *known == word)
    }
}

/// The status that needs no mention: what really took place.
pub const HELD: &str = "held";

pub static STATUS: Vocabulary = Vocabulary {
    name: "status",
    words: &[
        (HELD, "it took place"),
        ("announced", "a party said that it would take place"),
        ("planned", "a date or an occasion was set"),
        ("invited", "one side asked the other to come"),
        ("postponed", "it was put off"),
        ("cancelled", "it was called off"),
        ("denied", "a party says that it did not take place"),
    ],
};

pub static FORMAT: Vocabulary = Vocabulary {
    name: "format",
    words: &[
        ("talks", "talks, in whatever frame"),
        ("state visit", "talks during a state visit"),
        ("official visit", "talks during an official visit"),
        ("working visit", "talks during a working visit"),
        ("sidelines", "at the margin of an event"),
        ("summit", "a summit itself"),
        ("signing", "a meeting to sign something"),
        ("informal", "an informal meeting"),
        ("call", "by telephone"),
        ("video", "by video link"),
    ],
};

pub static ROLE: Vocabulary = Vocabulary {
    name: "role",
    words: &[
        ("host", "receives the others"),
        ("guest", "is received"),
        ("participant", "takes part on neutral or shared ground"),
        ("mediator", "brings the others together"),
    ],
};

pub static LEVEL: Vocabulary = Vocabulary {
    name: "level",
    words: &[
        ("head of state", "president, monarch or their equal"),
        ("head of government", "prime minister or their equal"),
        ("minister", "member of a government"),
        ("other", "any other post"),
    ],
};

pub static VISIT_KIND: Vocabulary = Vocabulary {
    name: "kind of visit",
    words: &[
        ("state", "with the full honours of a state visit"),
        ("official", "official, below a state visit"),
        ("working", "for work, without ceremony"),
        ("private", "private"),
        ("summit", "to take part in a summit"),
        ("other", "of another kind"),
    ],
};

pub static MEMBERSHIP_KIND: Vocabulary = Vocabulary {
    name: "kind of membership",
    words: &[
        ("member", "full member"),
        ("observer", "observer"),
        ("partner", "partner or associate"),
        ("party", "party to the treaty"),
    ],
};

pub static EVENT_KIND: Vocabulary = Vocabulary {
    name: "kind of event",
    words: &[
        ("summit", "a meeting of several leaders"),
        ("forum", "a forum or conference"),
        ("ceremony", "a parade or a commemoration"),
        ("inauguration", "the start of a term"),
        ("agreement", "a treaty, a declaration or a project agreed on"),
        ("warrant", "a warrant of arrest or another act of a court"),
        ("presidency", "a country's turn in the chair of a group"),
        ("invitation", "an invitation not yet taken up"),
        ("war", "a war or an invasion"),
        ("statement", "a public statement or complaint"),
        ("other", "of another kind"),
    ],
};

pub static GROUP_KIND: Vocabulary = Vocabulary {
    name: "kind of group",
    words: &[
        ("union", "a union of states"),
        ("alliance", "a military alliance"),
        ("organisation", "an organisation with members"),
        ("forum", "a forum without a charter"),
        ("treaty", "the parties to a treaty"),
        ("own", "a list made by the file's author"),
    ],
};

pub static PUBLICATION_KIND: Vocabulary = Vocabulary {
    name: "kind of publication",
    words: &[
        ("press", "press that is not party to the talks"),
        ("government", "a government, or press of the state"),
        ("party to the talks", "published by one of those who met"),
        ("database", "a data collection or a reference work"),
    ],
};

pub static PLACE_KIND: Vocabulary = Vocabulary {
    name: "kind of place",
    words: &[("city", "a city or town"), ("venue", "a building or a site"), ("area", "a larger area")],
};

pub static NAME_KIND: Vocabulary = Vocabulary {
    name: "kind of name",
    words: &[
        ("official", "the full official form"),
        ("short", "the usual short form"),
        ("former", "used in the past"),
        ("transliteration", "carried over from another script"),
        ("abbreviation", "letters or a code"),
    ],
};

pub static REGION_SCHEME: Vocabulary =
    Vocabulary { name: "region scheme", words: &[("M49", "United Nations M49"), ("own", "the file's own list")] };

pub static COVERAGE_NOUN: Vocabulary = Vocabulary {
    name: "noun with coverage",
    words: &[("meetings", "meetings"), ("visits", "visits"), ("events", "events")],
};
