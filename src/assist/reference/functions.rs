//! Examples of the functions.

use super::{Entry, Says, Section};

const fn entry(name: &'static str, example: &'static str, mistake: &'static str) -> Entry {
    Entry { name, words: &[], productions: &[], says: Says::Function, example, mistake: Some(mistake) }
}

/// One that goes by dates within groups too.
const fn per(name: &'static str, example: &'static str, mistake: &'static str) -> Entry {
    Entry { words: &["PER"], ..entry(name, example, mistake) }
}

pub const FUNCTIONS: Section = Section {
    title: "Functions",
    about: "A word and brackets. Where vague dates leave a number open it is shown as from..to.",
    productions: &["Call"],
    entries: &[
        entry(
            "count",
            "SELECT count(), count(DISTINCT country) FROM visits BY Putin;",
            "SELECT count(*) FROM meetings;",
        ),
        entry(
            "count_possible",
            "SELECT count(), count_possible() FROM meetings WITH Putin DURING 2024-05-08..2024-05-09;",
            "SELECT count_possible(place) FROM meetings;",
        ),
        entry(
            "size",
            "SELECT date, size(participants) FROM meetings WHERE size(participants) > 3;",
            "SELECT size(date) FROM meetings;",
        ),
        entry("min", "SELECT min(date) FROM meetings WITH Xi;", "FROM meetings WHERE min(date) > 2024;"),
        entry("max", "SELECT max(duration) FROM journeys BY Putin;", "SELECT max(place) FROM meetings;"),
        entry(
            "sum",
            "SELECT sum(duration) FROM journeys BY Putin SINCE 2024-05-07;",
            "SELECT sum(place) FROM meetings;",
        ),
        entry(
            "avg",
            "SELECT avg(duration) FROM journeys BY Putin SINCE 2024-06;",
            "SELECT avg(visits.duration) FROM leaders;",
        ),
        entry(
            "list",
            "SELECT month(date), list(country) FROM visits BY Putin SINCE 2024-05 GROUP BY month(date);",
            "SELECT list(list(country)) FROM visits;",
        ),
        entry(
            "first",
            "SELECT month(date), first(country) FROM visits BY Putin SINCE 2024-05 GROUP BY month(date);",
            "SELECT first(name) FROM leaders;",
        ),
        entry(
            "last",
            "SELECT month(date), last(country) FROM visits BY Putin SINCE 2024-05 GROUP BY month(date);",
            "FROM visits WHERE last(country) = 'China';",
        ),
        per(
            "share",
            "SELECT host_country, share() FROM meetings WITH Putin SINCE 2024-06 GROUP BY host_country;",
            "SELECT date, share() FROM meetings;",
        ),
        per("gap", "SELECT date, country, gap() FROM visits BY Putin SINCE 2024-06;", "FROM visits WHERE gap() > 5;"),
        per(
            "rank",
            "SELECT leader, date, rank(PER leader) FROM visits WHERE leader IN ('Modi', 'Orban');",
            "SELECT name, rank() FROM leaders;",
        ),
        entry(
            "days",
            "SELECT date, days(event 'inauguration', date) AS later FROM visits BY Putin TO China;",
            "SELECT days(date) FROM visits;",
        ),
        entry(
            "years",
            "SELECT name, years(born, 2024-07-10) FROM leaders WHERE country = 'Vietnam';",
            "SELECT years(name, 2024) FROM leaders;",
        ),
        entry(
            "year",
            "SELECT year(date), count() FROM visits BY Putin GROUP BY year(date);",
            "SELECT year(place) FROM meetings;",
        ),
        entry(
            "quarter",
            "SELECT quarter(date), count() FROM visits BY Putin GROUP BY quarter(date);",
            "FROM visits WHERE quarter(date) = 'Q2';",
        ),
        entry(
            "month",
            "SELECT month(date), count() FROM visits BY Putin DURING 2024 GROUP BY month(date);",
            "FROM visits WHERE month(date) = 5;",
        ),
        entry(
            "week",
            "SELECT week(date), count() FROM meetings WITH Putin SINCE 2024-06 GROUP BY week(date);",
            "SELECT week() FROM meetings;",
        ),
        entry(
            "weekday",
            "SELECT weekday(date), count() FROM meetings WITH Putin SINCE 2024-06 GROUP BY weekday(date);",
            "FROM meetings WHERE weekday(date) = 'Monday';",
        ),
        entry(
            "length",
            "SELECT name, length(name) FROM leaders WHERE length(name) > 21;",
            "SELECT length(date) FROM meetings;",
        ),
        entry(
            "lower",
            "SELECT lower(code) FROM countries WHERE name LIKE 'Viet%';",
            "SELECT lower(latitude) FROM places;",
        ),
        entry("upper", "SELECT upper(name) FROM groups WHERE kind = 'alliance';", "SELECT uper(name) FROM groups;"),
    ],
};
