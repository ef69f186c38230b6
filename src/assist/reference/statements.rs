//! Statements, and the clauses of a query.

use super::{Entry, Says, Section};

pub const STATEMENTS: Section = Section {
    title: "Statements",
    about: "A text holds statements, each ended by a semicolon; the last may go without. It is read whole before \
            anything of it runs, so that all its mistakes come together.",
    productions: &["Script", "Statement"],
    entries: &[
        Entry {
            name: "query",
            words: &[";"],
            productions: &["Query"],
            says: Says::Here(
                "asks for rows of one noun, which are what is counted; its clauses stand in one order, and SELECT may \
                 stand first or behind the phrases",
            ),
            example: "FROM meetings WITH Modi;",
            mistake: Some("SHOW TABLES;"),
        },
        Entry {
            name: "DESCRIBE",
            words: &[],
            productions: &["Describe"],
            says: Says::Here("tells what there is: all nouns, what one noun has, or what the file knows of a name"),
            example: "DESCRIBE 'Narendra Modi';",
            mistake: Some("DESCRIBE meeting;"),
        },
        Entry {
            name: "EXPLAIN",
            words: &[],
            productions: &[],
            says: Says::Here("reads a query back in plain words, then as a plan and as SQL with its parameters"),
            example: "EXPLAIN FROM visits TO China;",
            mistake: Some("EXPLAIN DESCRIBE meetings;"),
        },
        Entry {
            name: "ASSERT",
            words: &["claim"],
            productions: &["Assert"],
            says: Says::Here(
                "makes a claim, which holds, fails or is undecided, and shows what decides it; a text right behind \
                 ASSERT is its label",
            ),
            example: "ASSERT 'He went to Vietnam once.' count(FROM visits BY Putin TO Vietnam) = 1;",
            mistake: Some("ASSERT count(meetings) > 20;"),
        },
        Entry {
            name: "LET",
            words: &[],
            productions: &["Let", "Given"],
            says: Says::Here("gives the rows of a query a name that FROM takes, or a parameter its value"),
            example: "LET talks = FROM meetings WITH Putin SINCE 2024-07;\nSELECT date, counterparts FROM talks IN Russia;",
            mistake: Some("LET meetings = FROM meetings WITH Putin;"),
        },
        Entry {
            name: "AS OF",
            words: &[],
            productions: &["AsOf"],
            says: Says::Here(
                "names the day that TODAY is and on which what is not dated otherwise is read; it is the first \
                 statement of a text",
            ),
            example: "AS OF 2024-05-10;\nSELECT count() FROM meetings WITH Putin DURING 2024-05-07..today;",
            mistake: Some("FROM meetings; AS OF 2024-05-10;"),
        },
        Entry {
            name: "CONNECT",
            words: &["TO", "RISING"],
            productions: &["Connect"],
            says: Says::Here(
                "finds the fewest meetings that lead from one to the other; RISING: each on a later day than the one \
                 before",
            ),
            example: "CONNECT Kim TO Zelenskyy;",
            mistake: Some("CONNECT Kim AND Zelenskyy;"),
        },
    ],
};

pub const CLAUSES: Section = Section {
    title: "Clauses of a query",
    about: "They stand in this order; only FROM is needed, and SELECT may stand behind the phrases.",
    productions: &[],
    entries: &[
        Entry {
            name: "SELECT",
            words: &["*", ","],
            productions: &["Select"],
            says: Says::Here(
                "the columns; * is all attributes and to-one links, without SELECT there are the usual ones",
            ),
            example: "SELECT date, counterparts FROM meetings WITH Putin IN China;",
            mistake: Some("SELECT date place FROM meetings;"),
        },
        Entry {
            name: "DISTINCT",
            words: &[],
            productions: &[],
            says: Says::Here(
                "each row of values once: right behind SELECT it groups by them, in count() they are counted",
            ),
            example: "SELECT DISTINCT country FROM visits BY Putin SINCE 2024-06;",
            mistake: Some("SELECT DISTINCT host_country FROM meetings GROUP BY host_country;"),
        },
        Entry {
            name: "AS",
            words: &["alias"],
            productions: &["SelectItem"],
            says: Says::Here("gives a column a name of its own, by which ORDER BY finds it too"),
            example: "SELECT country, count() AS visits FROM visits GROUP BY country ORDER BY visits DESC LIMIT 2;",
            mistake: Some("SELECT count() number FROM visits;"),
        },
        Entry {
            name: "FROM",
            words: &[],
            productions: &["From"],
            says: Says::Here("the noun, which is what count() counts, each row once; or a name that LET gave"),
            example: "FROM journeys BY Putin SINCE 2024-07;",
            mistake: Some("FROM meetings, visits;"),
        },
        Entry {
            name: "FROM last",
            words: &["last"],
            productions: &[],
            says: Says::Here(
                "the rows of the query before, to ask on; of groups, the rows that they are made of; a query with LIMIT \
                 or HAVING has kept rows out and cannot be asked on",
            ),
            example: "SELECT host_country, count() FROM meetings WITH Putin SINCE 2024-07 GROUP BY host_country;\n\
                      FROM last IN Russia;",
            mistake: Some("FROM last IN Russia;"),
        },
        Entry {
            name: "WHERE",
            words: &[],
            productions: &[],
            says: Says::Here(
                "keeps the rows of which the condition is true; the closing line counts those it may be true of",
            ),
            example: "SELECT date, place FROM meetings WITH Putin WHERE format = 'state visit';",
            mistake: Some("FROM meetings WHERE formt = 'talks';"),
        },
        Entry {
            name: "GROUP BY",
            words: &["groups"],
            productions: &["GroupBy", "ByValue", "Position"],
            says: Says::Here(
                "one line for all rows with the same value; of a to-many path each element makes a group, and the \
                 closing line says when groups overlap",
            ),
            example: "SELECT host_country, count() FROM meetings WITH Putin SINCE 2024-07 GROUP BY host_country;",
            mistake: Some("SELECT host_country, count() FROM meetings;"),
        },
        Entry {
            name: "ACROSS",
            words: &["matrix"],
            productions: &[],
            says: Says::Here("turns the values of one more group into columns"),
            example: "SELECT host_country, count() FROM meetings WITH Putin SINCE 2024-06\n\
                      GROUP BY host_country ACROSS month(date);",
            mistake: Some("SELECT host_country, count() FROM meetings GROUP BY host_country ACROSS host_country;"),
        },
        Entry {
            name: "ZEROS",
            words: &[],
            productions: &[],
            says: Says::Here(
                "adds the groups that no row belongs to: months and other periods, words of closed lists, things with \
                 names",
            ),
            example: "SELECT month(date), count() FROM visits BY Putin DURING 2024-03..2024-07 GROUP BY month(date) ZEROS;",
            mistake: Some("SELECT remark, count() FROM meetings GROUP BY remark ZEROS;"),
        },
        Entry {
            name: "HAVING",
            words: &[],
            productions: &[],
            says: Says::Here("keeps the groups of which the condition is true"),
            example: "SELECT leader, count() FROM visits TO Russia GROUP BY leader HAVING count() > 1;",
            mistake: Some("FROM visits HAVING count() > 1;"),
        },
        Entry {
            name: "ORDER BY",
            words: &["ASC", "DESC", "sort"],
            productions: &["OrderBy", "OrderKey"],
            says: Says::Here(
                "the order, rising or with DESC falling, what is not known last in both; without it rows stand by date",
            ),
            example: "SELECT date, place FROM meetings WITH Putin AND Xi ORDER BY date DESC;",
            mistake: Some("SELECT date, place FROM meetings ORDER BY 1;"),
        },
        Entry {
            name: "LIMIT",
            words: &["OFFSET"],
            productions: &["Limit", "Count"],
            says: Says::Here("shows so many rows at most, after those that OFFSET passes over; all are counted"),
            example: "SELECT name FROM leaders ORDER BY name LIMIT 2 OFFSET 1;",
            mistake: Some("FROM meetings LIMIT 2, 1;"),
        },
        Entry {
            name: "CITE",
            words: &["sources"],
            productions: &[],
            says: Says::Here("numbers the sources of each row and lists them under the answer"),
            example: "FROM meetings WITH Kim CITE;",
            mistake: Some("FROM meetings CITE WHERE place = 'Moscow';"),
        },
        Entry {
            name: "CHART",
            words: &["draw", "graph", "timeline", "heat"],
            productions: &[],
            says: Says::Here(
                "draws the answer where it is read: bars for a number of each group, dated rows on a line of time, \
                 shades for two groups; what is only possible is light",
            ),
            example: "SELECT host_country, count() FROM meetings WITH Putin SINCE 2024-07 GROUP BY host_country CHART;",
            mistake: Some("SELECT name FROM leaders CHART;"),
        },
    ],
};
