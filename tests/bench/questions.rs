//! The twenty questions: as bilat asks them, as the best SQL by hand for SQLite on the same file, and for DuckDB on the
//! same tables. All three mean the same: what was held, and dates that surely are as asked.

use bilat::value::date::to_day;
use jiff::civil::Date;
use rusqlite::Connection;

pub struct Question {
    pub number: usize,
    pub about: &'static str,
    pub bilat: String,
    pub sqlite: String,
    pub duckdb: String,
    /// How the columns are compared.
    pub shape: &'static [Shape],
    /// Of how many rows only the greatest by this column are shown, so that which of equals come is open.
    pub top: Option<usize>,
    /// Whether it is a list: rows with their texts.
    pub list: bool,
}

/// What a column of bilat's is in the columns of SQL.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Shape {
    /// The text that is shown.
    Text,
    /// A date or a number: two columns, from and to.
    Both,
    /// A date: its first possible day.
    First,
    /// Nothing: it is looked at by itself.
    Not,
}

/// Whom and what the questions are about, found in the file.
pub struct Subjects {
    pub x: Who,
    /// Whom X met most.
    pub y: Who,
    /// Whom X met most of all that come next.
    pub z: Who,
    /// The ends of a chain.
    pub from: Who,
    pub to: Who,
    pub twenty: Vec<Who>,
    pub host: i64,
    pub region: i64,
    pub group: i64,
    pub words: [String; 2],
}

#[derive(Clone)]
pub struct Who {
    pub id: i64,
    pub name: String,
}

/// A party is a leader, or a country whose leader is not known; its number lies behind those of all leaders.
const LEADERS: i64 = 1 << 40;

const HOST: &str = "France";
const REGION: &str = "Europe";
const GROUP: &str = "EU";

impl Subjects {
    pub fn found(file: &Connection, words: [String; 2]) -> Subjects {
        let who = |text: &str| -> Vec<Who> {
            let mut statement = file.prepare(text).expect("it is SQL");
            let rows = statement.query_map([], |row| Ok(Who { id: row.get(0)?, name: row.get(1)? }));
            rows.expect("it runs").map(|row| row.expect("a row")).collect()
        };
        let one = |text: &str| who(text).into_iter().next().expect("there is one");
        let id = |table: &str, name: &str| one(&format!("SELECT id, name FROM \"{table}\" WHERE name = '{name}'")).id;
        let most = "FROM participants p JOIN leaders l ON l.id = p.leader_id";
        let twenty = who(&format!("SELECT l.id, l.name {most} GROUP BY 1 ORDER BY count(*) DESC LIMIT 20"));
        let x = twenty.first().cloned().expect("somebody met");
        let with = who(&format!(
            "SELECT l.id, l.name {most} WHERE p.meeting_id IN (SELECT meeting_id FROM participants WHERE leader_id = {0})
             AND l.id <> {0} GROUP BY 1 ORDER BY count(*) DESC LIMIT 2",
            x.id
        ));
        // Decades apart: the last meeting of the one is long before the first of the other.
        let far = |having: &str| {
            let day = to_day(Date::constant(1990, 1, 1));
            let later = to_day(Date::constant(2015, 1, 1));
            let having = having.replace("{early}", &day.to_string()).replace("{late}", &later.to_string());
            one(&format!(
                "SELECT l.id, l.name {most} JOIN meetings m ON m.id = p.meeting_id GROUP BY 1 HAVING {having}
                 ORDER BY count(*) DESC, 1 LIMIT 1"
            ))
        };
        Subjects {
            y: with[0].clone(),
            z: with[1].clone(),
            x,
            from: far("max(m.start_min) < {early}"),
            to: far("min(m.start_min) > {late}"),
            twenty,
            host: id("countries", HOST),
            region: id("regions", REGION),
            group: id("groups", GROUP),
            words,
        }
    }

    /// All twenty, in order.
    pub fn questions(&self) -> Vec<Question> {
        let day = |year: i16| to_day(Date::constant(year, 1, 1));
        let (d2015, d2020, d2023, d2024, d2025) = (day(2015), day(2020), day(2023), day(2024), day(2025));
        let Subjects { x, y, z, from, to, host, region, group, words: [one, other], .. } = self;
        let names: Vec<String> = self.twenty.iter().map(|who| format!("'{}'", who.name)).collect();
        let ids: Vec<String> = self.twenty.iter().map(|who| who.id.to_string()).collect();
        let (names, ids) = (names.join(", "), ids.join(", "));
        let list = "(SELECT group_concat(label, '; ') FROM (SELECT label FROM participants q WHERE q.meeting_id = m.id ORDER BY q.id))";
        // Rows of a day stand together: a bound on the day is one on the id.
        let since = |day: i64| format!("(SELECT id FROM meetings WHERE start_min >= {day} ORDER BY start_min LIMIT 1)");
        let party = |p: &str| format!("coalesce({p}.leader_id, {p}.country_id + {LEADERS})");
        let (pa, pb) = (party("a"), party("b"));
        let label = |party: &str| {
            format!(
                "CASE WHEN {party} < {LEADERS} THEN (SELECT label FROM leaders WHERE id = {party})
                 ELSE (SELECT label FROM countries WHERE id = {party} - {LEADERS}) END"
            )
        };
        let (la, lb) = (label("one"), label("other"));
        let (least, greatest) = (format!("min({pa}, {pb})"), format!("max({pa}, {pb})"));
        let (duck_least, duck_greatest) = (format!("least({pa}, {pb})"), format!("greatest({pa}, {pb})"));
        let year = surely(|day| format!("CAST(strftime('%Y', {day} * 86400, 'unixepoch') AS INTEGER)"));
        let month = surely(|day| format!("strftime('%Y-%m', {day} * 86400, 'unixepoch')"));
        let duck_day = |day: &str| format!("(DATE '1970-01-01' + {day})");
        let duck_year = surely(|day| format!("year({})", duck_day(day)));
        let duck_month = surely(|day| format!("strftime({}, '%Y-%m')", duck_day(day)));
        // Lists in DuckDB: the rows first, then their participants joined once.
        let duck_list = |rows: &str, columns: &str, order: &str| {
            format!(
                "WITH r AS ({rows}), q AS (SELECT p.meeting_id, string_agg(p.label, '; ' ORDER BY p.id) AS list
                 FROM participants p WHERE p.meeting_id IN (SELECT id FROM r) GROUP BY 1)
                 SELECT {columns} FROM r JOIN q ON q.meeting_id = r.id LEFT JOIN places pl ON pl.id = r.place_id {order}"
            )
        };
        use Shape::*;
        let question = |number, about, shape, bilat: String, sqlite: String, duckdb: String| Question {
            number,
            about,
            bilat,
            sqlite,
            duckdb,
            shape,
            top: None,
            list: false,
        };
        let top = |column, question: Question| Question { top: Some(column), ..question };
        let rows = |question: Question| Question { list: true, ..question };
        let held = "m.status = 'held'";
        vec![
            rows(question(
                1,
                "meetings with X since 2015",
                &[Text; 4],
                format!("FROM meetings WITH '{}' SINCE 2015", x.name),
                format!(
                    "SELECT m.date, {list}, pl.label, m.format FROM participants p CROSS JOIN meetings m ON m.id = p.meeting_id
                     LEFT JOIN places pl ON pl.id = m.place_id
                     WHERE p.leader_id = {} AND p.meeting_id >= {} AND {held} AND m.start_min >= {d2015} ORDER BY p.meeting_id",
                    x.id,
                    since(d2015)
                ),
                duck_list(
                    &format!(
                        "SELECT m.* FROM participants p JOIN meetings m ON m.id = p.meeting_id
                         WHERE p.leader_id = {} AND {held} AND m.start_min >= {d2015}",
                        x.id
                    ),
                    "r.date, q.list, pl.label, r.format",
                    "ORDER BY r.id",
                ),
            )),
            rows(question(
                2,
                "X with Y, each time",
                &[Text; 4],
                format!("FROM meetings WITH '{}' AND '{}'", x.name, y.name),
                format!(
                    "SELECT m.date, {list}, pl.label, m.format FROM participants a
                     CROSS JOIN participants b ON b.leader_id = {} AND b.meeting_id = a.meeting_id
                     CROSS JOIN meetings m ON m.id = a.meeting_id LEFT JOIN places pl ON pl.id = m.place_id
                     WHERE a.leader_id = {} AND {held} ORDER BY a.meeting_id",
                    y.id, x.id
                ),
                duck_list(
                    &format!(
                        "SELECT m.* FROM meetings m WHERE {held}
                         AND m.id IN (SELECT meeting_id FROM participants WHERE leader_id = {})
                         AND m.id IN (SELECT meeting_id FROM participants WHERE leader_id = {})",
                        x.id, y.id
                    ),
                    "r.date, q.list, pl.label, r.format",
                    "ORDER BY r.id",
                ),
            )),
            question(
                3,
                "who met X but never Z",
                &[Text],
                format!("SELECT name FROM leaders WHERE MET '{}' AND NOT MET '{}'", x.name, z.name),
                {
                    let met = |who: i64| {
                        format!(
                            "(SELECT c.leader_id FROM participants a CROSS JOIN meetings m ON m.id = a.meeting_id
                             CROSS JOIN participants c ON c.meeting_id = a.meeting_id AND c.id <> a.id
                             WHERE a.leader_id = {who} AND {held} AND c.leader_id IS NOT NULL)"
                        )
                    };
                    format!("SELECT name FROM leaders WHERE id IN {} AND id NOT IN {} ORDER BY id", met(x.id), met(z.id))
                },
                {
                    let met = |who: i64| {
                        format!(
                            "(SELECT c.leader_id FROM participants a JOIN meetings m ON m.id = a.meeting_id
                             JOIN participants c ON c.meeting_id = a.meeting_id AND c.id <> a.id
                             WHERE a.leader_id = {who} AND {held} AND c.leader_id IS NOT NULL)"
                        )
                    };
                    format!("SELECT name FROM leaders WHERE id IN {} AND id NOT IN {} ORDER BY id", met(x.id), met(z.id))
                },
            ),
            question(
                4,
                "by host region and month since 2015",
                &[Text; 3],
                "SELECT host_country.region, month(date), count() FROM meetings SINCE 2015 GROUP BY host_country.region, month(date)".into(),
                format!(
                    "SELECT CASE WHEN h IS NULL THEN NULL ELSE coalesce(r.label, 'none') END, month, sum(n) FROM
                     (SELECT host_country_id AS h, {month} AS month, count(*) AS n FROM meetings m
                      WHERE {held} AND start_min >= {d2015} AND id >= {} GROUP BY 1, 2)
                     LEFT JOIN countries c ON c.id = h LEFT JOIN regions r ON r.id = c.region_id GROUP BY c.region_id, h IS NULL, month",
                    since(d2015)
                ),
                format!(
                    "SELECT CASE WHEN host_country_id IS NULL THEN NULL ELSE coalesce(r.label, 'none') END, {duck_month} AS month, count(*)
                     FROM meetings m LEFT JOIN countries c ON c.id = host_country_id LEFT JOIN regions r ON r.id = c.region_id
                     WHERE {held} AND m.start_min >= {d2015} GROUP BY 1, 2"
                ),
            ),
            question(
                5,
                "by year, all",
                &[Text; 2],
                "SELECT year(date), count() FROM meetings GROUP BY year(date)".into(),
                format!("SELECT {year} AS y, count(*) FROM meetings m WHERE {held} GROUP BY y"),
                format!("SELECT {duck_year} AS y, count(*) FROM meetings m WHERE {held} GROUP BY y"),
            ),
            top(
                2,
                question(
                    6,
                    "top 20 pairs, all time",
                    &[Text; 3],
                    "SELECT first, second, count() FROM pairs GROUP BY first, second ORDER BY count() DESC LIMIT 20".into(),
                    format!(
                        "SELECT {la}, {lb}, n FROM (SELECT {least} AS one, {greatest} AS other, count(*) AS n FROM meetings m
                         CROSS JOIN participants a ON a.meeting_id = m.id CROSS JOIN participants b ON b.meeting_id = m.id AND b.id > a.id
                         WHERE {held} GROUP BY 1, 2 ORDER BY 3 DESC LIMIT 20)"
                    ),
                    format!(
                        "SELECT {la}, {lb}, n FROM (SELECT {duck_least} AS one, {duck_greatest} AS other, count(*) AS n FROM participants a
                         JOIN participants b ON b.meeting_id = a.meeting_id AND b.id > a.id JOIN meetings m ON m.id = a.meeting_id
                         WHERE {held} GROUP BY 1, 2 ORDER BY 3 DESC LIMIT 20)"
                    ),
                ),
            ),
            top(
                2,
                question(
                    7,
                    "top 20 pairs since 2020",
                    &[Text; 3],
                    "SELECT first, second, count() FROM pairs SINCE 2020 GROUP BY first, second ORDER BY count() DESC LIMIT 20".into(),
                    format!(
                        "SELECT {la}, {lb}, n FROM (SELECT {least} AS one, {greatest} AS other, count(*) AS n FROM meetings m
                         CROSS JOIN participants a ON a.meeting_id = m.id CROSS JOIN participants b ON b.meeting_id = m.id AND b.id > a.id
                         WHERE {held} AND m.start_min >= {d2020} AND m.id >= {} GROUP BY 1, 2 ORDER BY 3 DESC LIMIT 20)",
                        since(d2020)
                    ),
                    format!(
                        "SELECT {la}, {lb}, n FROM (SELECT {duck_least} AS one, {duck_greatest} AS other, count(*) AS n FROM participants a
                         JOIN participants b ON b.meeting_id = a.meeting_id AND b.id > a.id JOIN meetings m ON m.id = a.meeting_id
                         WHERE {held} AND m.start_min >= {d2020} GROUP BY 1, 2 ORDER BY 3 DESC LIMIT 20)"
                    ),
                ),
            ),
            {
                let gaps = |join: &str| {
                    format!(
                        "SELECT l.label, date, low, high FROM (SELECT c.leader_id, m.date,
                         m.start_min - lag(m.end_max) OVER w AS low, m.start_max - lag(m.end_min) OVER w AS high
                         FROM participants a {join} JOIN meetings m ON m.id = a.meeting_id
                         {join} JOIN participants c ON c.meeting_id = a.meeting_id AND c.leader_id <> a.leader_id
                         WHERE a.leader_id = {} AND {held}
                         WINDOW w AS (PARTITION BY c.leader_id ORDER BY m.start_min, m.end_max, c.id)
                         ORDER BY low DESC NULLS LAST LIMIT 20) g {join} JOIN leaders l ON l.id = g.leader_id",
                        x.id
                    )
                };
                top(
                    2,
                    question(
                        8,
                        "longest gaps of X with each counterpart",
                        &[Text, Text, Both],
                        format!(
                            "SELECT leader, meeting.date, gap(PER leader) FROM participants WHERE meeting.participants = '{0}' AND leader != '{0}' ORDER BY gap(PER leader) DESC LIMIT 20",
                            x.name
                        ),
                        gaps("CROSS"),
                        gaps(""),
                    ),
                )
            },
            {
                let counterparts = |join: &str, label: &str| {
                    format!(
                        "SELECT {label}, low, high, early, late, n FROM (SELECT {pb} AS other, min(m.start_min) AS low, min(m.start_max) AS high,
                         max(m.end_min) AS early, max(m.end_max) AS late, count(*) AS n
                         FROM participants a {join} JOIN meetings m ON m.id = a.meeting_id
                         {join} JOIN participants b ON b.meeting_id = a.meeting_id AND b.id <> a.id
                         WHERE a.leader_id = {} AND {held} GROUP BY 1)",
                        x.id
                    )
                };
                question(
                    9,
                    "counterparts of X: first, last, count",
                    &[Text, Both, Both, Text],
                    format!("SELECT counterparts, min(date), max(date), count() FROM meetings WITH '{}' GROUP BY counterparts", x.name),
                    counterparts("CROSS", &lb),
                    counterparts("", &lb),
                )
            },
            question(
                10,
                "first meeting of each leader",
                &[Text, First],
                "SELECT leader, min(meeting.date) FROM participants GROUP BY leader".into(),
                format!(
                    "SELECT l.label, (SELECT m.start_min FROM participants p CROSS JOIN meetings m ON m.id = p.meeting_id
                      WHERE p.leader_id = l.id AND {held} ORDER BY p.meeting_id LIMIT 1) AS day FROM leaders l WHERE day IS NOT NULL
                     UNION ALL SELECT * FROM (SELECT NULL, m.start_min FROM participants p CROSS JOIN meetings m ON m.id = p.meeting_id
                      WHERE p.leader_id IS NULL AND {held} ORDER BY p.meeting_id LIMIT 1)"
                ),
                format!(
                    "SELECT l.label, day FROM (SELECT p.leader_id, min(m.start_min) AS day FROM participants p
                     JOIN meetings m ON m.id = p.meeting_id WHERE {held} GROUP BY 1) LEFT JOIN leaders l ON l.id = leader_id"
                ),
            ),
            question(
                11,
                "shortest chain from A to B",
                &[Not],
                format!("CONNECT '{}' TO '{}'", from.name, to.name),
                chain(from.id, to.id),
                keyed_chain(from.id, to.id),
            ),
            question(
                12,
                "co-attendance of the top 20",
                &[Text; 3],
                format!(
                    "SELECT first, second, count() FROM pairs WHERE first.leader IN ({names}) AND second.leader IN ({names}) GROUP BY first, second"
                ),
                format!(
                    "SELECT (SELECT label FROM leaders WHERE id = one), (SELECT label FROM leaders WHERE id = other), n FROM
                     (SELECT min(a.leader_id, b.leader_id) AS one, max(a.leader_id, b.leader_id) AS other, count(*) AS n FROM participants a
                      CROSS JOIN participants b ON b.meeting_id = a.meeting_id AND b.id > a.id CROSS JOIN meetings m ON m.id = a.meeting_id
                      WHERE a.leader_id IN ({ids}) AND b.leader_id IN ({ids}) AND {held} GROUP BY 1, 2)"
                ),
                format!(
                    "SELECT la.label, lb.label, n FROM (SELECT least(a.leader_id, b.leader_id) AS one, greatest(a.leader_id, b.leader_id) AS other, count(*) AS n FROM participants a
                     JOIN participants b ON b.meeting_id = a.meeting_id AND b.id > a.id JOIN meetings m ON m.id = a.meeting_id
                     WHERE a.leader_id IN ({ids}) AND b.leader_id IN ({ids}) AND {held} GROUP BY 1, 2)
                     JOIN leaders la ON la.id = one JOIN leaders lb ON lb.id = other"
                ),
            ),
            top(
                0,
                question(
                    13,
                    "text search, two words, newest 20",
                    &[First, Text, Text],
                    format!(
                        "SELECT date, participants, remark FROM meetings WHERE remark CONTAINS '{one}' AND remark CONTAINS '{other}' ORDER BY date DESC LIMIT 20"
                    ),
                    format!(
                        "SELECT m.start_min, {list}, m.remark FROM meetings m
                         WHERE {held} AND remark LIKE '%{one}%' AND remark LIKE '%{other}%' ORDER BY m.id DESC LIMIT 20"
                    ),
                    duck_list(
                        &format!(
                            "SELECT * FROM meetings m WHERE {held} AND contains(remark, '{one}') AND contains(remark, '{other}') ORDER BY id DESC LIMIT 20"
                        ),
                        "r.start_min, q.list, r.remark",
                        "ORDER BY r.id DESC",
                    ),
                ),
            ),
            rows(question(
                14,
                "hosted by C in 2023, with participants",
                &[Text; 3],
                format!("SELECT date, participants, place FROM meetings IN {HOST} DURING 2023"),
                format!(
                    "SELECT m.date, {list}, pl.label FROM meetings m LEFT JOIN places pl ON pl.id = m.place_id
                     WHERE m.host_country_id = {host} AND m.id >= {} AND m.id < {} AND {held}
                     AND m.start_min >= {d2023} AND m.end_max < {d2024} ORDER BY m.id",
                    since(d2023),
                    since(d2024)
                ),
                duck_list(
                    &format!("SELECT * FROM meetings m WHERE host_country_id = {host} AND {held} AND start_min >= {d2023} AND end_max < {d2024}"),
                    "r.date, q.list, pl.label",
                    "ORDER BY r.id",
                ),
            )),
            top(
                1,
                question(
                    15,
                    "leaders by distinct counterparts in 2024",
                    &[Text; 2],
                    "SELECT leader, count(DISTINCT meeting.participants) FROM participants DURING 2024 GROUP BY leader ORDER BY count(DISTINCT meeting.participants) DESC LIMIT 20".into(),
                    format!(
                        "SELECT (SELECT label FROM leaders WHERE id = one), n FROM
                         (SELECT one, count(*) AS n FROM (SELECT DISTINCT a.leader_id AS one, {pb} AS other FROM meetings m
                          CROSS JOIN participants a ON a.meeting_id = m.id CROSS JOIN participants b ON b.meeting_id = m.id
                          WHERE m.id >= {} AND m.id < {} AND {held} AND m.start_min >= {d2024} AND m.end_max < {d2025})
                          GROUP BY one ORDER BY n DESC LIMIT 20)",
                        since(d2024),
                        since(d2025)
                    ),
                    format!(
                        "SELECT l.label, n FROM (SELECT a.leader_id AS one, count(DISTINCT {pb}) AS n FROM meetings m
                         JOIN participants a ON a.meeting_id = m.id JOIN participants b ON b.meeting_id = m.id
                         WHERE {held} AND m.start_min >= {d2024} AND m.end_max < {d2025} GROUP BY 1 ORDER BY n DESC LIMIT 20)
                         LEFT JOIN leaders l ON l.id = one"
                    ),
                ),
            ),
            rows(question(
                16,
                "visits abroad of X by host, office held then",
                &[Text; 3],
                format!("SELECT country, date, term.office FROM visits BY '{}' ORDER BY country", x.name),
                format!(
                    "SELECT c.label, v.date, o.label FROM visits v CROSS JOIN countries c ON c.id = v.country_id
                     LEFT JOIN terms t ON t.id = v.term_id LEFT JOIN offices o ON o.id = t.office_id
                     WHERE v.leader_id = {} AND v.status = 'held' ORDER BY c.label, v.id",
                    x.id
                ),
                format!(
                    "SELECT c.label, v.date, o.label FROM visits v JOIN countries c ON c.id = v.country_id
                     LEFT JOIN terms t ON t.id = v.term_id LEFT JOIN offices o ON o.id = t.office_id
                     WHERE v.leader_id = {} AND v.status = 'held' ORDER BY c.label, v.id",
                    x.id
                ),
            )),
            question(
                17,
                "topics by year in a region",
                &[Text; 3],
                format!("SELECT topics, year(date), count() FROM meetings IN {REGION} GROUP BY topics, year(date)"),
                format!(
                    "SELECT coalesce((SELECT label FROM topics WHERE id = topic), 'none'), y, n FROM
                     (SELECT mt.topic_id AS topic, {year} AS y, count(*) AS n FROM meetings m LEFT JOIN meeting_topics mt ON mt.meeting_id = m.id
                      WHERE m.host_country_id IN (SELECT country_id FROM country_regions WHERE region_id = {region}) AND {held} GROUP BY 1, 2)"
                ),
                format!(
                    "SELECT coalesce(t.label, 'none'), y, n FROM (SELECT mt.topic_id AS topic, {duck_year} AS y, count(*) AS n FROM meetings m
                     LEFT JOIN meeting_topics mt ON mt.meeting_id = m.id
                     WHERE m.host_country_id IN (SELECT country_id FROM country_regions WHERE region_id = {region}) AND {held} GROUP BY 1, 2)
                     LEFT JOIN topics t ON t.id = topic"
                ),
            ),
            question(
                18,
                "with only one publication, by format and year",
                &[Text; 3],
                "SELECT format, year(date), count() FROM meetings WHERE size(accounts.publication) = 1 GROUP BY format, year(date)".into(),
                format!(
                    "SELECT m.format, {year} AS y, count(*) FROM (SELECT meeting_id FROM accounts INDEXED BY accounts_by_meeting_id
                      WHERE meeting_id IS NOT NULL GROUP BY meeting_id HAVING min(publication_id) = max(publication_id)) a
                     CROSS JOIN meetings m ON m.id = a.meeting_id WHERE {held} GROUP BY 1, 2"
                ),
                format!(
                    "SELECT m.format, {duck_year} AS y, count(*) FROM (SELECT meeting_id FROM accounts
                      WHERE meeting_id IS NOT NULL GROUP BY meeting_id HAVING min(publication_id) = max(publication_id)) a
                     JOIN meetings m ON m.id = a.meeting_id WHERE {held} GROUP BY 1, 2"
                ),
            ),
            question(
                19,
                "leaders at two hosts on one day",
                &[Text; 3],
                "SELECT leader, meeting.date, count(DISTINCT meeting.host_country) FROM participants GROUP BY leader, meeting.date HAVING count(DISTINCT meeting.host_country) > 1".into(),
                format!(
                    "SELECT (SELECT label FROM leaders WHERE id = leader), date, n FROM (SELECT p.leader_id AS leader, m.date AS date,
                      count(DISTINCT m.host_country_id) AS n FROM meetings m CROSS JOIN participants p ON p.meeting_id = m.id
                      WHERE {held} GROUP BY m.start_min, m.start_max, m.end_max, p.leader_id HAVING min(m.host_country_id) < max(m.host_country_id))"
                ),
                format!(
                    "SELECT l.label, date, n FROM (SELECT p.leader_id AS leader, min(m.date) AS date, count(DISTINCT m.host_country_id) AS n
                     FROM participants p JOIN meetings m ON m.id = p.meeting_id WHERE {held}
                     GROUP BY m.start_min, m.start_max, m.end_max, p.leader_id HAVING min(m.host_country_id) < max(m.host_country_id)) LEFT JOIN leaders l ON l.id = leader"
                ),
            ),
            {
                let members = |join: &str, year: &str| {
                    format!(
                        "SELECT c.label, y, n FROM (SELECT p.country_id AS country, {year} AS y, count(*) AS n FROM participants a
                         {join} JOIN meetings m ON m.id = a.meeting_id {join} JOIN participants p ON p.meeting_id = a.meeting_id
                         WHERE a.leader_id = {} AND {held} AND EXISTS (SELECT 1 FROM memberships s WHERE s.country_id = p.country_id
                          AND s.group_id = {group} AND s.kind IN ('member', 'party') AND s.start_max <= m.start_min AND s.end_min >= m.end_max)
                         GROUP BY 1, 2) g {join} JOIN countries c ON c.id = g.country",
                        x.id
                    )
                };
                question(
                    20,
                    "X with members of a group as of then, by country and year",
                    &[Text; 3],
                    format!(
                        "SELECT country, year(meeting.date), count() FROM participants WHERE meeting.participants = '{}' AND country.groups = '{GROUP}' GROUP BY country, year(meeting.date)",
                        x.name
                    ),
                    members("CROSS", &year),
                    members("", &duck_year),
                )
            },
        ]
    }
}

/// The period of a date, where all of its days are in one.
fn surely(of: impl Fn(&str) -> String) -> String {
    let (first, last) = (of("m.start_min"), of("m.start_max"));
    format!("CASE WHEN m.start_min = m.start_max OR {first} = {last} THEN {first} END")
}

/// How many meetings lead from one to the other: whoever is reached comes in the order of the steps, and the first time
/// that it is the other ends it. Parties are leaders, or countries whose leader is not known.
fn chain(from: i64, to: i64) -> String {
    let step = |who: &str| {
        format!(
            "SELECT coalesce(q.leader_id * 2, q.country_id * 2 + 1), d + 1 FROM r CROSS JOIN participants p ON {who}
             CROSS JOIN meetings m ON m.id = p.meeting_id AND m.status = 'held'
             CROSS JOIN participants q ON q.meeting_id = m.id WHERE d < 12"
        )
    };
    format!(
        "WITH RECURSIVE r(l, d) AS (SELECT {from} * 2, 0 UNION {} UNION {}) SELECT d FROM r WHERE l = {to} * 2 LIMIT 1",
        step("l % 2 = 0 AND p.leader_id = l / 2"),
        step("l % 2 = 1 AND p.country_id = l / 2 AND p.leader_id IS NULL")
    )
}

/// The same for DuckDB, which can keep whom it has reached.
fn keyed_chain(from: i64, to: i64) -> String {
    format!(
        "WITH RECURSIVE k AS MATERIALIZED (SELECT p.meeting_id, coalesce(p.leader_id * 2, p.country_id * 2 + 1) AS l
          FROM participants p JOIN meetings m ON m.id = p.meeting_id AND m.status = 'held'),
         r(l, d) USING KEY (l) AS (SELECT {from} * 2, 0 UNION SELECT q.l, min(r.d) + 1 FROM r
          JOIN k p ON p.l = r.l JOIN k q ON q.meeting_id = p.meeting_id
          WHERE q.l NOT IN (SELECT l FROM recurring.r) AND {to} * 2 NOT IN (SELECT l FROM recurring.r) GROUP BY 1)
         SELECT d FROM r WHERE l = {to} * 2"
    )
}
