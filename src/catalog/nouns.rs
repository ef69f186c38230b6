//! The nouns, as one table: the whole model that the language, the schema and the CSV files share.

use super::vocabulary::*;
use super::{Absent, Attribute, Kind, Link, Noun, Origin, Status, Via, When};

/// The nouns, in the order of [`NOUNS`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum NounId {
    Meetings,
    Participants,
    Leaders,
    Terms,
    Offices,
    Countries,
    Regions,
    Groups,
    Memberships,
    Visits,
    Journeys,
    Pairs,
    Events,
    Places,
    Topics,
    Publications,
    Accounts,
    Coverage,
    Names,
}

use NounId::*;

/// An attribute that may be empty and then means "not known".
const fn unknown(name: &'static str, kind: Kind, help: &'static str) -> Attribute {
    Attribute { name, kind, absent: Absent::Unknown, given: true, help }
}

/// An attribute that may be empty and then means "there is none".
const fn optional(name: &'static str, kind: Kind, help: &'static str) -> Attribute {
    Attribute { name, kind, absent: Absent::Nothing, given: true, help }
}

/// An attribute that is always there.
const fn needed(name: &'static str, kind: Kind, help: &'static str) -> Attribute {
    Attribute { name, kind, absent: Absent::Never, given: true, help }
}

/// Computed by the build from the accounts of a row.
const DISPUTED: Attribute = Attribute {
    name: "disputed",
    kind: Kind::Boolean,
    absent: Absent::Nothing,
    given: false,
    help: "whether two accounts contradict each other: in date, place, format, kind, or in whether it took place",
};

const REMARK: Attribute = optional("remark", Kind::Text, "what else is worth knowing, in the file's own words");

const fn column(name: &'static str, to: NounId, absent: Absent, help: &'static str) -> Link {
    Link { name, to, via: Via::Column, absent, given: true, help }
}

/// A to-one link that the build fills in.
const fn built(name: &'static str, to: NounId, absent: Absent, help: &'static str) -> Link {
    Link { name, to, via: Via::Column, absent, given: false, help }
}

const fn many(name: &'static str, to: NounId, via: Via, help: &'static str) -> Link {
    let given = matches!(via, Via::List { .. });
    Link { name, to, via, absent: Absent::Nothing, given, help }
}

const fn one_dated(name: &'static str, to: NounId, through: Option<&'static str>, help: &'static str) -> Link {
    let via = Via::Dated { noun: Terms, from: "leader", to: through, one: true };
    Link { name, to, via, absent: Absent::Unknown, given: false, help }
}

const fn reverse(noun: NounId, link: &'static str) -> Via {
    Via::Reverse { noun, link }
}

const NAMES_LINK: Link = many("names", Names, Via::Names, "every name it is found by");

/// The pairs of a meeting's participants, each unordered pair once. Who is first does not hang on the order in which a
/// meeting names them, or groups of pairs would be split: leaders come in the order of their ids, then countries. Packed columns
/// repeat it (`packed::Data::parties`), and a test compares the two.
const PAIRS: &str = "SELECT a.id * 4294967296 + b.id AS id, a.key || '+' || b.key AS key, \
     a.label || ' – ' || b.label AS label, a.meeting_id AS meeting_id, a.id AS first_id, b.id AS second_id \
     FROM participants AS a JOIN participants AS b ON b.meeting_id = a.meeting_id \
     AND (coalesce(b.leader_id, b.country_id + 1099511627776, 0), b.id) \
     > (coalesce(a.leader_id, a.country_id + 1099511627776, 0), a.id)";

pub static NOUNS: &[Noun] = &[
    Noun {
        id: Meetings,
        name: "meetings",
        singular: "meeting",
        help: "leaders spoke with each other, in one place or by call; each counted once, however many took part",
        origin: Origin::Csv,
        label: "{participants}, {date}",
        named: false,
        when: When::Own,
        status: Status::Own,
        cite: Some(&["accounts"]),
        attributes: &[
            unknown("date", Kind::Span, "the day or days, perhaps vague; empty: as the preferred account says"),
            unknown("format", Kind::Word(&FORMAT), "the frame in which they met"),
            needed(
                "status",
                Kind::Word(&STATUS),
                "whether it took place; empty: as the preferred account says, or held",
            ),
            DISPUTED,
            REMARK,
        ],
        links: &[
            column("place", Places, Absent::Unknown, "where, as exactly as is known"),
            column("host_country", Countries, Absent::Unknown, "the country where; empty: the place's"),
            column("event", Events, Absent::Nothing, "the event at which, or at whose margin"),
            many("participants", Participants, reverse(Participants, "meeting"), "who took part"),
            many(
                "visits",
                Visits,
                Via::List { table: "meeting_visits", from: "meeting_id", to: "visit_id" },
                "the visits it belongs to",
            ),
            many(
                "topics",
                Topics,
                Via::List { table: "meeting_topics", from: "meeting_id", to: "topic_id" },
                "what was talked about",
            ),
            many("accounts", Accounts, reverse(Accounts, "meeting"), "what each publication says of it"),
        ],
        default_columns: &["date", "participants", "place", "format"],
    },
    Noun {
        id: Participants,
        name: "participants",
        singular: "participant",
        help: "one party to one meeting; its value is its leader, or its country where the leader is not known",
        origin: Origin::Csv,
        label: "{leader|country}",
        named: false,
        when: When::Of("meeting"),
        status: Status::Of("meeting"),
        cite: Some(&["meeting", "accounts"]),
        attributes: &[unknown("role", Kind::Word(&ROLE), "the part taken in it"), REMARK],
        links: &[
            column("meeting", Meetings, Absent::Never, "the meeting"),
            column("leader", Leaders, Absent::Unknown, "who it was, where that is known"),
            column("office", Offices, Absent::Unknown, "the office in which; empty: the leader's on that day"),
            column("country", Countries, Absent::Unknown, "the country represented; empty: the office's or leader's"),
        ],
        default_columns: &["meeting", "leader", "office", "country", "role"],
    },
    Noun {
        id: Leaders,
        name: "leaders",
        singular: "leader",
        help: "people who meet: heads of state and government, and others who stand for a country",
        origin: Origin::Csv,
        label: "{name}",
        named: true,
        when: When::Never,
        status: Status::None,
        cite: None,
        attributes: &[
            needed("name", Kind::Text, "the usual English form"),
            unknown("native_name", Kind::Text, "the name in the leader's own script"),
            unknown("born", Kind::Day, "day of birth, perhaps vague"),
            REMARK,
        ],
        links: &[
            column("country", Countries, Absent::Unknown, "the country this leader stands for"),
            one_dated("office", Offices, Some("office"), "the office held on the day in question, the most senior one"),
            one_dated("term", Terms, None, "the term running on the day in question, of the most senior office"),
            many("terms", Terms, reverse(Terms, "leader"), "every term in every office"),
            NAMES_LINK,
            many(
                "meetings",
                Meetings,
                Via::Through { table: "participants", from: "leader_id", to: "meeting_id" },
                "the meetings this leader took part in",
            ),
            many("visits", Visits, reverse(Visits, "leader"), "this leader's visits to other countries"),
            many("journeys", Journeys, reverse(Journeys, "leader"), "those visits joined to journeys"),
        ],
        default_columns: &["name", "country", "office"],
    },
    Noun {
        id: Terms,
        name: "terms",
        singular: "term",
        help: "a leader's time in an office; no end: still running on the file's reference date",
        origin: Origin::Csv,
        label: "{leader}, {office}, {start}",
        named: false,
        when: When::Own,
        status: Status::None,
        cite: None,
        attributes: &[
            unknown("start", Kind::Day, "first day, perhaps vague"),
            optional("end", Kind::Day, "last day, perhaps vague; empty: still running on the reference date"),
            optional("acting", Kind::Boolean, "whether only as a deputy for the time being"),
            REMARK,
        ],
        links: &[
            column("leader", Leaders, Absent::Never, "who"),
            column("office", Offices, Absent::Never, "in which office"),
            built("country", Countries, Absent::Nothing, "the office's country"),
        ],
        default_columns: &["leader", "office", "country", "start", "end"],
    },
    Noun {
        id: Offices,
        name: "offices",
        singular: "office",
        help: "posts: President of Russia, Prime Minister of India",
        origin: Origin::Csv,
        label: "{title}",
        named: true,
        when: When::Never,
        status: Status::None,
        cite: None,
        attributes: &[
            needed("title", Kind::Text, "the post with its country: President of Russia"),
            unknown("level", Kind::Word(&LEVEL), "how senior it is"),
            REMARK,
        ],
        links: &[
            column("country", Countries, Absent::Nothing, "whose office it is"),
            many("terms", Terms, reverse(Terms, "office"), "who held it when"),
            NAMES_LINK,
        ],
        default_columns: &["title", "level", "country"],
    },
    Noun {
        id: Countries,
        name: "countries",
        singular: "country",
        help: "states, former ones too",
        origin: Origin::Csv,
        label: "{name}",
        named: true,
        when: When::Never,
        status: Status::None,
        cite: None,
        attributes: &[
            needed("name", Kind::Text, "the usual English short form"),
            optional("code", Kind::Text, "ISO 3166-1 alpha-2, or alpha-4 of ISO 3166-3 for a former state"),
            optional("code3", Kind::Text, "ISO 3166-1 alpha-3"),
            optional("start", Kind::Day, "first day, for states younger or older than the list"),
            optional("end", Kind::Day, "last day, for former states"),
            REMARK,
        ],
        links: &[
            column("region", Regions, Absent::Nothing, "M49 region: Europe, Asia …"),
            column("subregion", Regions, Absent::Nothing, "the narrowest M49 region: Eastern Europe …"),
            column("capital", Places, Absent::Unknown, "the capital, where the file has the place"),
            many(
                "regions",
                Regions,
                Via::Through { table: "country_regions", from: "country_id", to: "region_id" },
                "every region it lies in, of every scheme",
            ),
            many(
                "groups",
                Groups,
                Via::Dated { noun: Memberships, from: "country", to: Some("group"), one: false },
                "the groups it belongs to as member or party on the day in question",
            ),
            many("memberships", Memberships, reverse(Memberships, "country"), "every membership of any kind and time"),
            NAMES_LINK,
            many("leaders", Leaders, reverse(Leaders, "country"), "the leaders who stand for it"),
            many("offices", Offices, reverse(Offices, "country"), "its offices"),
            many("visits", Visits, reverse(Visits, "country"), "the visits it received"),
            many("places", Places, reverse(Places, "country"), "its places in the file"),
        ],
        default_columns: &["name", "code", "region", "subregion"],
    },
    Noun {
        id: Regions,
        name: "regions",
        singular: "region",
        help: "parts of the world: those of UN M49, and lists of a file's own such as the Middle East",
        origin: Origin::Csv,
        label: "{name}",
        named: true,
        when: When::Never,
        status: Status::None,
        cite: None,
        attributes: &[
            needed("name", Kind::Text, "English name"),
            needed("scheme", Kind::Word(&REGION_SCHEME), "whose list it is of"),
            optional("code", Kind::Text, "M49 code, three digits"),
            REMARK,
        ],
        links: &[
            column("parent", Regions, Absent::Nothing, "the region it is part of"),
            many(
                "countries",
                Countries,
                Via::List { table: "country_regions", from: "region_id", to: "country_id" },
                "the countries in it",
            ),
            NAMES_LINK,
        ],
        default_columns: &["name", "scheme", "parent"],
    },
    Noun {
        id: Groups,
        name: "groups",
        singular: "group",
        help: "organisations, alliances and treaties with members or parties that change over time",
        origin: Origin::Csv,
        label: "{name}",
        named: true,
        when: When::Never,
        status: Status::None,
        cite: None,
        attributes: &[
            needed("name", Kind::Text, "English name or abbreviation: EU, SCO"),
            unknown("kind", Kind::Word(&GROUP_KIND), "what kind of group"),
            REMARK,
        ],
        links: &[
            many("memberships", Memberships, reverse(Memberships, "group"), "every membership of any kind and time"),
            many(
                "countries",
                Countries,
                Via::Dated { noun: Memberships, from: "group", to: Some("country"), one: false },
                "its members or parties on the day in question",
            ),
            NAMES_LINK,
        ],
        default_columns: &["name", "kind"],
    },
    Noun {
        id: Memberships,
        name: "memberships",
        singular: "membership",
        help: "a country in a group for a time; no end: still running on the file's reference date",
        origin: Origin::Csv,
        label: "{country} in {group}",
        named: false,
        when: When::Own,
        status: Status::None,
        cite: None,
        attributes: &[
            needed("kind", Kind::Word(&MEMBERSHIP_KIND), "what kind of membership"),
            unknown("start", Kind::Day, "first day, perhaps vague"),
            optional("end", Kind::Day, "last day, perhaps vague; empty: still running on the reference date"),
            REMARK,
        ],
        links: &[
            column("country", Countries, Absent::Never, "which country"),
            column("group", Groups, Absent::Never, "in which group"),
        ],
        default_columns: &["country", "group", "kind", "start", "end"],
    },
    Noun {
        id: Visits,
        name: "visits",
        singular: "visit",
        help: "one leader's stay in one other country; two countries on one journey are two visits",
        origin: Origin::Csv,
        label: "{leader} to {country}, {date}",
        named: false,
        when: When::Own,
        status: Status::Own,
        cite: Some(&["accounts"]),
        attributes: &[
            unknown("date", Kind::Span, "first to last day, ends perhaps vague; empty: as the preferred account says"),
            unknown("kind", Kind::Word(&VISIT_KIND), "what kind of visit"),
            needed(
                "status",
                Kind::Word(&STATUS),
                "whether it took place; empty: as the preferred account says, or held",
            ),
            DISPUTED,
            Attribute {
                name: "duration",
                kind: Kind::Integer,
                absent: Absent::Unknown,
                given: false,
                help: "days from the first to the last, both counted; unknown where an end is vague",
            },
            REMARK,
        ],
        links: &[
            column("leader", Leaders, Absent::Never, "who travelled"),
            column("country", Countries, Absent::Never, "where to"),
            built("term", Terms, Absent::Unknown, "the term in which the leader travelled"),
            built("journey", Journeys, Absent::Nothing, "the journey it is part of (visits that were held)"),
            many(
                "places",
                Places,
                Via::List { table: "visit_places", from: "visit_id", to: "place_id" },
                "the places seen, in order",
            ),
            many(
                "meetings",
                Meetings,
                Via::Through { table: "meeting_visits", from: "visit_id", to: "meeting_id" },
                "the meetings during it",
            ),
            many("accounts", Accounts, reverse(Accounts, "visit"), "what each publication says of it"),
        ],
        default_columns: &["date", "leader", "country", "kind"],
    },
    Noun {
        id: Journeys,
        name: "journeys",
        singular: "journey",
        help: "visits of one leader joined: the next begins at most one day after the latest end so far",
        origin: Origin::Built,
        label: "{leader}, {date}",
        named: false,
        when: When::Own,
        status: Status::None,
        cite: Some(&["visits", "accounts"]),
        attributes: &[
            unknown("date", Kind::Span, "first to last day of all its visits"),
            Attribute {
                name: "duration",
                kind: Kind::Integer,
                absent: Absent::Unknown,
                given: false,
                help: "days from the first to the last, both counted; unknown where an end is vague",
            },
            Attribute {
                name: "separate",
                kind: Kind::Boolean,
                absent: Absent::Unknown,
                given: false,
                help: "yes: surely a journey of its own; unknown: vague dates leave open whether it goes on from the one before",
            },
        ],
        links: &[
            column("leader", Leaders, Absent::Never, "who travelled"),
            many("visits", Visits, reverse(Visits, "journey"), "its visits"),
            many(
                "countries",
                Countries,
                Via::Through { table: "visits", from: "journey_id", to: "country_id" },
                "the countries visited",
            ),
        ],
        default_columns: &["date", "leader", "countries", "duration"],
    },
    Noun {
        id: Pairs,
        name: "pairs",
        singular: "pair",
        help: "two participants of one meeting; each unordered pair once, so that who stands first is the same in all meetings",
        origin: Origin::Query(PAIRS),
        label: "",
        named: false,
        when: When::Of("meeting"),
        status: Status::Of("meeting"),
        cite: Some(&["meeting", "accounts"]),
        attributes: &[],
        links: &[
            column("meeting", Meetings, Absent::Never, "the meeting"),
            column("first", Participants, Absent::Never, "one of the two"),
            column("second", Participants, Absent::Never, "the other"),
        ],
        default_columns: &["meeting.date", "first", "second"],
    },
    Noun {
        id: Events,
        name: "events",
        singular: "event",
        help: "summits, inaugurations, warrants, treaties: what meetings take place at, and what dates hang on",
        origin: Origin::Csv,
        label: "{name}",
        named: true,
        when: When::Own,
        status: Status::Own,
        cite: Some(&["accounts"]),
        attributes: &[
            needed("name", Kind::Text, "English name"),
            unknown("kind", Kind::Word(&EVENT_KIND), "what kind of event"),
            unknown("date", Kind::Span, "the day or days, perhaps vague; empty: as the preferred account says"),
            needed(
                "status",
                Kind::Word(&STATUS),
                "whether it took place; empty: as the preferred account says, or held",
            ),
            DISPUTED,
            REMARK,
        ],
        links: &[
            column("place", Places, Absent::Unknown, "where, as exactly as is known"),
            column("host_country", Countries, Absent::Unknown, "the country where; empty: the place's"),
            column("group", Groups, Absent::Nothing, "the group whose event it is"),
            many("meetings", Meetings, reverse(Meetings, "event"), "the meetings at it"),
            many("participants", Participants, Via::Path(&["meetings", "participants"]), "those of its meetings"),
            many("accounts", Accounts, reverse(Accounts, "event"), "what each publication says of it"),
            NAMES_LINK,
        ],
        default_columns: &["date", "name", "kind", "place"],
    },
    Noun {
        id: Places,
        name: "places",
        singular: "place",
        help: "cities, venues in them, and larger areas",
        origin: Origin::Csv,
        label: "{name}",
        named: true,
        when: When::Never,
        status: Status::None,
        cite: None,
        attributes: &[
            needed("name", Kind::Text, "English name"),
            needed("kind", Kind::Word(&PLACE_KIND), "what kind of place"),
            unknown("latitude", Kind::Number, "degrees north"),
            unknown("longitude", Kind::Number, "degrees east"),
            REMARK,
        ],
        links: &[
            column("parent", Places, Absent::Nothing, "the place it is in"),
            column("country", Countries, Absent::Unknown, "its country; empty: the parent's"),
            NAMES_LINK,
        ],
        default_columns: &["name", "kind", "parent", "country"],
    },
    Noun {
        id: Topics,
        name: "topics",
        singular: "topic",
        help: "what was talked about",
        origin: Origin::Csv,
        label: "{name}",
        named: true,
        when: When::Never,
        status: Status::None,
        cite: None,
        attributes: &[needed("name", Kind::Text, "English name"), REMARK],
        links: &[
            many(
                "meetings",
                Meetings,
                Via::Through { table: "meeting_topics", from: "topic_id", to: "meeting_id" },
                "the meetings where it came up",
            ),
            NAMES_LINK,
        ],
        default_columns: &["name"],
    },
    Noun {
        id: Publications,
        name: "publications",
        singular: "publication",
        help: "documents that facts come from",
        origin: Origin::Csv,
        label: "{title}",
        named: true,
        when: When::Never,
        status: Status::None,
        cite: None,
        attributes: &[
            needed("title", Kind::Text, "what to call it"),
            unknown("publisher", Kind::Text, "who published it"),
            unknown("language", Kind::Text, "language code (BCP 47)"),
            unknown("published", Kind::Day, "day of publication, perhaps vague"),
            unknown("address", Kind::Text, "where it is found"),
            unknown("kind", Kind::Word(&PUBLICATION_KIND), "who stands behind it"),
            REMARK,
        ],
        links: &[many("accounts", Accounts, reverse(Accounts, "publication"), "what it says"), NAMES_LINK],
        default_columns: &["title", "publisher", "published", "kind"],
    },
    Noun {
        id: Accounts,
        name: "accounts",
        singular: "account",
        help: "what one publication says of one meeting, visit or event",
        origin: Origin::Csv,
        label: "{publication}, {locator}",
        named: false,
        when: When::Own,
        status: Status::None,
        cite: Some(&[]),
        attributes: &[
            unknown("date", Kind::Span, "the date as this publication states it"),
            optional("locator", Kind::Text, "line or page"),
            optional("anchor", Kind::Day, "what its relative phrases (this week) count from"),
            unknown("format", Kind::Word(&FORMAT), "the format it states, for a meeting"),
            unknown("kind", Kind::Word(&VISIT_KIND), "the kind it states, for a visit"),
            unknown("status", Kind::Word(&STATUS), "the status it states"),
            optional("reading", Kind::Text, "what was read, and doubts, in the file's own words"),
            optional("preferred", Kind::Boolean, "whether the row's own date, place and format are this account's"),
            REMARK,
        ],
        links: &[
            column("publication", Publications, Absent::Never, "which publication"),
            column("meeting", Meetings, Absent::Nothing, "of which meeting"),
            column("visit", Visits, Absent::Nothing, "of which visit"),
            column("event", Events, Absent::Nothing, "of which event"),
            column("place", Places, Absent::Unknown, "the place it states"),
            column("host_country", Countries, Absent::Unknown, "the country it states; empty: the place's"),
            many(
                "named",
                Participants,
                Via::List { table: "account_named", from: "account_id", to: "participant_id" },
                "the participants it names",
            ),
            many(
                "follows",
                Accounts,
                Via::List { table: "account_after", from: "account_id", to: "earlier_id" },
                "accounts of the same publication that this one follows in time",
            ),
        ],
        default_columns: &["publication", "locator", "date", "place", "reading"],
    },
    Noun {
        id: Coverage,
        name: "coverage",
        singular: "coverage",
        help: "what the file claims to hold completely, so that an absence means something",
        origin: Origin::Csv,
        label: "{noun}: {leader|country} – {other_leader|other_country} – {place}, {start} to {end}",
        named: false,
        when: When::Own,
        status: Status::None,
        cite: None,
        attributes: &[
            needed("noun", Kind::Word(&COVERAGE_NOUN), "of what"),
            needed("start", Kind::Day, "first day covered"),
            needed("end", Kind::Day, "last day covered"),
            REMARK,
        ],
        links: &[
            column("leader", Leaders, Absent::Nothing, "whose"),
            column("country", Countries, Absent::Nothing, "or which country's"),
            column("other_leader", Leaders, Absent::Nothing, "with whom only"),
            column("other_country", Countries, Absent::Nothing, "or with which country only"),
            column("place", Places, Absent::Nothing, "where only"),
            column("publication", Publications, Absent::Nothing, "on whose word"),
        ],
        default_columns: &["noun", "leader", "country", "other_leader", "other_country", "start", "end", "remark"],
    },
    Noun {
        id: Names,
        name: "names",
        singular: "name",
        help: "one name of one thing, in one language and script",
        origin: Origin::Csv,
        label: "{text}",
        named: false,
        when: When::Never,
        status: Status::None,
        cite: None,
        attributes: &[
            needed("text", Kind::Text, "the name"),
            needed("of", Kind::Text, "what it names; in CSV as noun:key, in queries its label"),
            Attribute {
                name: "noun",
                kind: Kind::Text,
                absent: Absent::Never,
                given: false,
                help: "the noun of what it names",
            },
            unknown("language", Kind::Text, "language code (BCP 47)"),
            unknown("script", Kind::Text, "script code (ISO 15924)"),
            unknown("kind", Kind::Word(&NAME_KIND), "what kind of name"),
            REMARK,
        ],
        links: &[],
        default_columns: &["text", "of", "noun", "language", "kind"],
    },
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nouns_stand_in_the_order_of_their_ids_and_refer_to_members_that_exist() {
        for (position, noun) in NOUNS.iter().enumerate() {
            assert_eq!(noun.id as usize, position, "{}", noun.name);
            for column in noun.default_columns {
                let first = column.split('.').next().unwrap();
                assert!(noun.member(first).is_some(), "{}: {column}", noun.name);
            }
            for link in noun.links {
                match link.via {
                    Via::Reverse { noun, link } => assert!(noun.noun().link(link).is_some()),
                    Via::Dated { noun, from, .. } => assert!(noun.noun().link(from).is_some()),
                    _ => {}
                }
            }
        }
    }
}
