//! What the bundled file says of the article's meetings, by preferred accounts, and the names it is found by.

use bilat::answer::{Answer, Cell};
use bilat::session::{Session, Settings};
use bilat::store::Database;

/// The first day of the fifth term: the window of the article opens with it.
const WINDOW: &str = "WITH Putin SINCE 2024-05-07";

fn session() -> Session {
    Session::new(Database::bundled().unwrap(), Settings::default()).unwrap()
}

fn answer(session: &Session, query: &str) -> Answer {
    let prepared = session.compile(query).unwrap_or_else(|mistakes| panic!("{query}: {mistakes:?}"));
    let mut answer = Answer::default();
    session.run(&prepared[0], &mut answer).unwrap();
    answer
}

/// All cells as text, row by row.
fn rows(session: &Session, query: &str) -> Vec<Vec<String>> {
    let text = |cell: &Cell| match cell {
        Cell::Text(text) => text.clone(),
        Cell::Integer(number) => number.to_string(),
        Cell::Date(date) => date.text.clone(),
        Cell::Period(period) => period.to_string(),
        Cell::Unknown => "unknown".to_string(),
        other => format!("{other:?}"),
    };
    answer(session, query).rows.iter().map(|row| row.cells.iter().map(text).collect()).collect()
}

#[test]
fn twenty_one_meetings_with_twenty_countries() {
    let session = session();
    let numbers =
        rows(&session, &format!("SELECT count(), count(DISTINCT counterparts.country) FROM meetings {WINDOW}"));
    assert_eq!(numbers, [["21", "20"]]);
    let twice = rows(
        &session,
        &format!(
            "SELECT counterparts.country, count() FROM meetings {WINDOW} GROUP BY counterparts.country HAVING count() > 1"
        ),
    );
    assert_eq!(twice, [["China", "2"]]);
    let all = answer(&session, &format!("FROM meetings {WINDOW}"));
    assert_eq!((all.closing.count, all.closing.count_possible), (21, 21), "all of them are certain");
}

#[test]
fn the_hosts() {
    let hosts = rows(
        &session(),
        &format!(
            "SELECT host_country.code3, count() FROM meetings {WINDOW} GROUP BY host_country.code3 ORDER BY count() DESC, host_country.code3"
        ),
    );
    let expected = [("RUS", "9"), ("KAZ", "7"), ("BLR", "1"), ("CHN", "1"), ("PRK", "1"), ("UZB", "1"), ("VNM", "1")];
    assert_eq!(hosts, expected.map(|(code, count)| vec![code.to_string(), count.to_string()]));
}

#[test]
fn six_visits_abroad_are_five_journeys() {
    let session = session();
    assert_eq!(rows(&session, "SELECT count() FROM visits BY Putin SINCE 2024-05-07"), [["6"]]);
    assert_eq!(rows(&session, "SELECT count() FROM journeys BY Putin SINCE 2024-05-07"), [["5"]]);
    let joined = answer(&session, "SELECT countries FROM journeys BY Putin SINCE 2024-05-07 WHERE size(countries) > 1");
    let pair = ["North Korea", "Vietnam"].map(|name| Cell::Text(name.to_string())).to_vec();
    assert_eq!(joined.rows[0].cells, [Cell::List(pair)]);
}

#[test]
fn seven_in_may_five_in_june_nine_in_july_all_certain() {
    let months = rows(
        &session(),
        &format!("SELECT month(date), count(), count_possible() FROM meetings {WINDOW} GROUP BY month(date)"),
    );
    assert_eq!(months, [["2024-05", "7", "7"], ["2024-06", "5", "5"], ["2024-07", "9", "9"]]);
}

#[test]
fn vietnam_is_one_meeting_of_five() {
    let vietnam =
        rows(&session(), "SELECT size(participants), count() FROM meetings IN Vietnam GROUP BY size(participants)");
    assert_eq!(vietnam, [["5", "1"]]);
}

#[test]
fn every_spelling_finds_the_right_one() {
    let session = session();
    let leaders = [
        ("Viktor Orbán", &["Orban", "Orbán", "ORBÁN VIKTOR", "Орбан", "viktor orban", "Orbán, Viktor"][..]),
        ("Volodymyr Zelenskyy", &["Selenskyj", "Zelensky", "Зеленский", "Зеленський", "zelenskyy"]),
        ("Vladimir Putin", &["Putin", "PUTIN", "Путин", "Wladimir Putin", "Putin Vladimir"]),
        ("Xi Jinping", &["Xi", "xi jinping", "习近平", "Си Цзиньпин"]),
        ("Kim Jong Un", &["Kim Jong-un", "kim jong un", "김정은"]),
        ("Recep Tayyip Erdoğan", &["Erdogan", "ERDOĞAN", "Erdoğan"]),
    ];
    for (label, spellings) in leaders {
        for spelling in spellings {
            let found =
                rows(&session, &format!("SELECT DISTINCT leader FROM participants WHERE leader = '{spelling}'"));
            assert_eq!(found, [[label]], "{spelling}");
        }
    }
    let countries = [
        ("Belarus", &["Weißrussland", "Weissrussland", "Belarus", "BLR", "BY", "Беларусь", "白俄罗斯"][..]),
        ("China", &["China", "CHN", "中国", "Volksrepublik China", "Китай"]),
        ("Türkiye", &["Türkei", "Turkey", "Türkiye", "TUR"]),
    ];
    for (label, spellings) in countries {
        for spelling in spellings {
            let found =
                rows(&session, &format!("SELECT DISTINCT country FROM participants WHERE country = '{spelling}'"));
            assert_eq!(found, [[label]], "{spelling}");
        }
    }
    for spelling in ["Peking", "北京", "Beijing", "Pékin"] {
        let found = rows(&session, &format!("SELECT DISTINCT place FROM meetings IN '{spelling}'"));
        assert_eq!(found, [["Beijing"]], "{spelling}");
    }
}

#[test]
fn one_name_of_several_lists_them_and_a_misspelt_one_finds_the_nearest() {
    let session = session();
    let mistake = |query: &str| session.compile(query).unwrap_err().remove(0);
    for (name, both) in [
        ("Kongo", ["'DR Congo'", "'Republic of the Congo'"]),
        ("Congo", ["'DR Congo'", "'Republic of the Congo'"]),
        ("Korea", ["'North Korea'", "'South Korea'"]),
    ] {
        let mistake = mistake(&format!("FROM meetings WITH {name}"));
        assert_eq!((mistake.code, mistake.suggestions.as_slice()), ("B212", &both.map(String::from)[..]));
    }
    assert_eq!(mistake("FROM meetings WITH Putim").suggestions, ["'Putin'"]);
    let found = rows(&session, "SELECT DISTINCT participants.country FROM meetings WITH country 'Republik Kongo'");
    assert!(
        found.contains(&vec!["Republic of the Congo".to_string()]) && !found.concat().contains(&"DR Congo".to_string())
    );
}

#[test]
fn line_ends_of_windows_and_tabs_are_blanks() {
    let session = session();
    let text = "SELECT\tcount()\r\nFROM\tmeetings -- a remark\r\nWITH Путин\tAND 习近平\r\n;\r\n";
    assert_eq!(rows(&session, text), [["2"]]);
    let mistake = session.compile("FROM meetings\r\n\tWITH Putim;\r\n").unwrap_err().remove(0);
    assert_eq!(mistake.span.unwrap().text("FROM meetings\r\n\tWITH Putim;\r\n"), "Putim");
}
