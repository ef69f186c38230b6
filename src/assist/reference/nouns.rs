//! A question to each noun.

use super::{Entry, Says, Section};

const fn entry(name: &'static str, example: &'static str) -> Entry {
    Entry { name, words: &[], productions: &[], says: Says::Noun, example, mistake: None }
}

pub const NOUNS: Section = Section {
    title: "Nouns",
    about: "What FROM takes and count() counts. Attributes are values of a row; links lead on to one row or to many.",
    productions: &[],
    entries: &[
        entry("meetings", "SELECT date, participants, place FROM meetings WHERE event = 'Victory Day parade';"),
        entry("participants", "SELECT leader, country, role FROM participants WHERE meeting.place = 'Kyiv';"),
        entry("leaders", "FROM leaders WHERE country = 'Vietnam';"),
        entry("terms", "SELECT office, start, end FROM terms WHERE leader = 'Xi Jinping';"),
        entry("offices", "FROM offices WHERE country = 'India';"),
        entry("countries", "FROM countries WHERE groups = 'EAEU';"),
        entry("regions", "SELECT name, parent FROM regions WHERE parent = 'Asia';"),
        entry("groups", "SELECT name, kind, size(countries) FROM groups WHERE countries = 'Kazakhstan';"),
        entry("memberships", "SELECT group, kind, start FROM memberships WHERE country = 'Belarus';"),
        entry("visits", "FROM visits BY Putin DURING 2024-06;"),
        entry("journeys", "FROM journeys BY Putin DURING 2024-06;"),
        entry("pairs", "FROM pairs WITH Orban;"),
        entry("events", "SELECT date, name, size(meetings) FROM events WHERE kind = 'summit';"),
        entry("places", "SELECT name, kind, parent FROM places WHERE parent = 'Moscow';"),
        entry("topics", "SELECT name, size(meetings) FROM topics WHERE name LIKE 'T%' OR name LIKE 'O%';"),
        entry("publications", "SELECT title, published FROM publications WHERE publisher = 'TASS';"),
        entry(
            "accounts",
            "SELECT publication, date, place FROM accounts WHERE ANY meeting.participants (leader = 'Modi');",
        ),
        entry("coverage", "SELECT noun, leader, start, end FROM coverage WHERE leader = 'Putin';"),
        entry("names", "SELECT text, language, kind FROM names WHERE of = 'Narendra Modi';"),
    ],
};
