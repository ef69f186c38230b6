//! Conditions, relations, and the values that conditions and columns are made of.

use super::{Entry, Says, Section};

pub const CONDITIONS: Section = Section {
    title: "Conditions",
    about: "They stand after WHERE, HAVING and ASSERT and in the brackets of ANY, EVERY and NO. Each is true, false or \
            undecided of a row.",
    productions: &["Comparison"],
    entries: &[
        Entry {
            name: "comparison",
            words: &["=", "!=", "<", "<=", ">", ">="],
            productions: &["Operator"],
            says: Says::Here(
                "two values side by side; with a link text is a name, with a date a date; of a to-many path one element \
                 is enough",
            ),
            example: "SELECT name, born FROM leaders WHERE born < 1945;",
            mistake: Some("FROM leaders WHERE name = Putin;"),
        },
        Entry {
            name: "AND",
            words: &["OR", "NOT", "(", ")"],
            productions: &["Condition", "Conjunction", "Negation"],
            says: Says::Here(
                "joins conditions: NOT, POSSIBLY and CERTAINLY bind tighter than AND, and AND tighter than OR",
            ),
            example: "SELECT name FROM leaders WHERE country = 'Vietnam' AND NOT born < 1957;",
            mistake: Some("FROM leaders WHERE country = 'Vietnam' && born < 1957;"),
        },
        Entry {
            name: "BETWEEN",
            words: &[],
            productions: &["Between"],
            says: Says::Here("from the one to the other, both included"),
            example: "SELECT name, born FROM leaders WHERE born BETWEEN 1953 AND 1954;",
            mistake: Some("FROM meetings BETWEEN Putin AND Xi;"),
        },
        Entry {
            name: "IN list",
            words: &["IN"],
            productions: &["InList"],
            says: Says::Here("equal to one of the values in brackets"),
            example: "SELECT date, place FROM meetings WITH Putin WHERE format IN ('state visit', 'working visit');",
            mistake: Some("FROM meetings WHERE format IN ('talk', 'signing');"),
        },
        Entry {
            name: "LIKE",
            words: &[],
            productions: &["Like"],
            says: Says::Here("fits a pattern: % is any text, _ one character; case and accents are ignored"),
            example: "SELECT name FROM leaders WHERE name LIKE 'T%';",
            mistake: Some("FROM leaders WHERE name ILIKE 't%';"),
        },
        Entry {
            name: "CONTAINS",
            words: &[],
            productions: &["Contains"],
            says: Says::Here("has that text in it, letter for letter but for case and accents"),
            example: "SELECT title FROM publications WHERE title CONTAINS 'Astana';",
            mistake: Some("FROM meetings WHERE date CONTAINS '2024';"),
        },
        Entry {
            name: "IS UNKNOWN",
            words: &["IS", "UNKNOWN", "NULL"],
            productions: &["IsUnknown"],
            says: Says::Here(
                "nothing is known there, or nothing is there; IS NOT UNKNOWN is the contrary; NULL does for UNKNOWN",
            ),
            example: "SELECT date, counterparts FROM meetings WITH Putin WHERE place IS UNKNOWN;",
            mistake: Some("FROM meetings WHERE place IS 'Moscow';"),
        },
        Entry {
            name: "ANY",
            words: &["quantifier"],
            productions: &["Quantified"],
            says: Says::Here("of one and the same element of a to-many path all in the brackets is true"),
            example: "SELECT date, participants FROM meetings WHERE ANY participants (country = 'Hungary' AND role = 'guest');",
            mistake: Some("FROM meetings WHERE ANY place (country = 'Russia');"),
        },
        Entry {
            name: "EVERY",
            words: &[],
            productions: &[],
            says: Says::Here("of every element of a to-many path it is true; of none at all too"),
            example: "SELECT date, place FROM meetings WHERE EVERY participants (country IN ('Russia', 'Vietnam'));",
            mistake: Some("FROM meetings WHERE EVERY participants country = 'Russia';"),
        },
        Entry {
            name: "NO",
            words: &[],
            productions: &[],
            says: Says::Here("of no element of a to-many path it is true"),
            example: "SELECT date, participants FROM meetings WHERE NO participants (country = 'Russia');",
            mistake: Some("FROM meetings WHERE NO leaders (country = 'Russia');"),
        },
        Entry {
            name: "EXISTS",
            words: &["outer"],
            productions: &["Exists"],
            says: Says::Here("the query in brackets has a row; outer in it is the row outside"),
            example: "SELECT name FROM leaders WHERE EXISTS (FROM visits TO China WHERE leader = outer);",
            mistake: Some("FROM leaders WHERE EXISTS (FROM visits LIMIT 1);"),
        },
        Entry {
            name: "NONE",
            words: &["outer"],
            productions: &[],
            says: Says::Here(
                "the query in brackets has no row; in a claim that counts only where the file claims to be complete",
            ),
            example: "ASSERT NONE (FROM meetings WITH Putin AND Erdogan DURING 2024-05);",
            mistake: Some("FROM visits WHERE leader = outer;"),
        },
    ],
};

pub const RELATIONS: Section = Section {
    title: "Relations",
    about: "Conditions on leaders and countries, with date phrases behind the name. There is no AND inside: MET a AND MET b.",
    productions: &["Relation"],
    entries: &[
        Entry {
            name: "MET",
            words: &[],
            productions: &[],
            says: Says::Relation,
            example: "SELECT name FROM leaders WHERE MET Orban;",
            mistake: Some("FROM meetings WHERE MET Putin;"),
        },
        Entry {
            name: "VISITED",
            words: &[],
            productions: &[],
            says: Says::Relation,
            example: "SELECT name FROM leaders WHERE VISITED China;",
            mistake: Some("FROM leaders WHERE VISITED Xi;"),
        },
        Entry {
            name: "HOSTED",
            words: &[],
            productions: &[],
            says: Says::Relation,
            example: "SELECT name FROM countries WHERE HOSTED Putin SINCE 2024-06;",
            mistake: Some("FROM places WHERE HOSTED Putin;"),
        },
        Entry {
            name: "ATTENDED",
            words: &[],
            productions: &[],
            says: Says::Relation,
            example: "SELECT name FROM leaders WHERE ATTENDED 'SCO summit' LIMIT 3;",
            mistake: Some("FROM leaders WHERE ATTENDED Orban;"),
        },
    ],
};

pub const VALUES: Section = Section {
    title: "Values",
    about: "What stands in columns and on both sides of a comparison.",
    productions: &["Primary"],
    entries: &[
        Entry {
            name: "path",
            words: &[".", "link", "join"],
            productions: &["Path"],
            says: Says::Here("attributes and links, each dot following a link; one to many rows is a list in SELECT"),
            example: "SELECT date, place.country.capital FROM meetings WITH Putin SINCE 2024-07-05;",
            mistake: Some("SELECT place.name.country FROM meetings;"),
        },
        Entry {
            name: "text",
            words: &["quotes"],
            productions: &["QuotedName"],
            says: Says::Here(
                "stands in straight quotes, the quote itself doubled; a word for the kind may stand before a name",
            ),
            example: "SELECT text FROM names WHERE text = 'Hsi Chin-p''ing';",
            mistake: Some("FROM meetings WITH “Xi Jinping”;"),
        },
        Entry {
            name: "arithmetic",
            words: &["+", "-", "*", "/"],
            productions: &["Sum", "Product", "Unary"],
            says: Says::Here("reckons with numbers; between operands the minus stands with blanks"),
            example: "SELECT country, duration * 24 AS hours FROM visits BY Putin SINCE 2024-06;",
            mistake: Some("SELECT date + 1 FROM meetings;"),
        },
        Entry {
            name: "bare period",
            words: &[".."],
            productions: &["BarePeriod"],
            says: Says::Here(
                "a date, or from..to with one end left out if need be; what it is compared with is within",
            ),
            example: "SELECT name, born FROM leaders WHERE born = 1953..1954-06;",
            mistake: Some("FROM leaders WHERE born = 1954..1953;"),
        },
        Entry {
            name: "TODAY",
            words: &[],
            productions: &[],
            says: Says::Here(
                "the day that AS OF names: there is no clock, so that a query means the same on every day",
            ),
            example: "AS OF 2024-07-10;\nSELECT name, years(born, today) AS age FROM leaders WHERE country = 'Vietnam';",
            mistake: Some("FROM meetings SINCE today;"),
        },
        Entry {
            name: "event",
            words: &[],
            productions: &["EventDate"],
            says: Says::Here(
                "the word event and a name in quotes stand for the days of that event, where a date may stand",
            ),
            example: "SELECT date, counterparts FROM meetings WITH Putin AFTER event 'SCO summit';",
            mistake: Some("FROM meetings SINCE place 'Kyiv';"),
        },
        Entry {
            name: "parameter",
            words: &["$"],
            productions: &["Name"],
            says: Says::Here(
                "$ and a word stand for a value that LET, --param or the prompt gives; its place says what it is",
            ),
            example: "LET $who = 'Xi Jinping';\nFROM meetings WITH $who SINCE 2024-07;",
            mistake: Some("FROM meetings WITH $who;"),
        },
        Entry {
            name: "query in brackets",
            words: &["subquery"],
            productions: &["Bracketed"],
            says: Says::Here("in a claim the one value that it shows, or several as a set"),
            example: "ASSERT (SELECT DISTINCT country FROM visits BY Putin DURING 2024-06) = (SELECT countries FROM journeys BY Putin DURING 2024-06);",
            mistake: Some("FROM meetings WHERE (SELECT count() FROM visits) > 2;"),
        },
    ],
};
