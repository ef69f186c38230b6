//! The mappings that are shipped, and every example of their page: each taken into a fresh file and asked.

use super::taking::{asked, filled, fresh, keys, mappings, options, said, small, tables, taken, text};
use bilat::catalog::NounId;
use bilat::dataset::import::guess;
use bilat::dataset::import::mapping::Mapping;
use bilat::dataset::import::take::take;
use bilat::store::Progress;
use std::path::Path;

const SAMPLES: [&str; 3] = ["us-travels", "meetings-sheet", "wikipedia-trips"];

fn sample(name: &str) -> (String, String) {
    let file = |ending: &str| text(&mappings().join(format!("{name}{ending}")));
    (file("-sample.csv"), file(".toml"))
}

#[test]
fn every_sample_is_taken_in_and_known_the_second_time() {
    for name in SAMPLES {
        let (table, mapping) = sample(name);
        let first =
            taken(&small(), &table, &mapping).unwrap_or_else(|mistakes| panic!("{name}: {:?}", said(&mistakes)));
        assert!(first.report.changes(), "{name}");
        assert!(first.report.unused.is_empty(), "{name}: {:?}", first.report.unused);
        let second = taken(&first.records, &table, &mapping).unwrap();
        assert!(!second.report.changes(), "{name}: {:?}", second.report);
        assert_eq!(second.report.there, second.report.rows, "{name}");
        assert_eq!(second.records, first.records, "{name}");
    }
}

#[test]
fn travels_have_several_cities_former_states_and_rows_that_are_the_same() {
    let (table, mapping) = sample("us-travels");
    let records = taken(&small(), &table, &mapping).unwrap().records;
    assert_eq!(asked(&records, "FROM visits SELECT count();"), ["8"]);
    assert_eq!(
        asked(&records, "FROM visits TO Czechoslovakia SELECT date, leader, places;"),
        ["1989-02-10/1989-02-12,Carl D. Sample,Prague; Bratislava"]
    );
    // Two rows of one publication are two visits, and those a day apart are one journey.
    assert_eq!(asked(&records, "FROM visits TO France SELECT count();"), ["2"]);
    assert_eq!(
        asked(&records, "SELECT leader, count() FROM journeys GROUP BY leader;"),
        ["Ada B. Example,2", "Carl D. Sample,3"]
    );
    // A place is one of its country.
    assert_eq!(asked(&records, "SELECT country FROM places WHERE name = 'London';"), ["United Kingdom", "Canada"]);
    assert!(keys(&records, NounId::Places).contains(&"london-ca"));
    assert_eq!(asked(&records, "SELECT count() FROM leaders WHERE country = 'United States';"), ["2"]);
}

#[test]
fn a_sheet_has_several_people_vague_dates_and_phrases() {
    let (table, mapping) = sample("meetings-sheet");
    let records = taken(&small(), &table, &mapping).unwrap().records;
    assert_eq!(
        asked(&records, "FROM meetings SELECT date, participants, place, format;"),
        [
            "2024-03-12,Jane Roe; Max Muster,Vienna,working visit",
            "[2024-03-13..2024-03-14],Ana Silva; Jane Roe; Juan Pérez,Madrid,talks",
            "2024-05,Jane Roe; Max Muster,,summit",
            "[2024-07-08..2024-07-14],Ana Silva; Jane Roe,,call",
        ]
    );
    assert_eq!(asked(&records, "SELECT count() FROM meetings DURING 2024-03;"), ["2"]);
    let phrase = "SELECT anchor, reading, locator FROM accounts WHERE anchor IS NOT NULL;";
    assert_eq!(asked(&records, phrase), ["2024-07-10,diese Woche,https://example.org/roe/4"]);
}

#[test]
fn a_list_of_trips_has_its_year_and_leader_from_the_mapping() {
    let (table, mapping) = sample("wikipedia-trips");
    let records = taken(&small(), &table, &mapping).unwrap().records;
    assert_eq!(
        asked(&records, "FROM visits BY Roe SELECT date, country, places;"),
        [
            "2023-05-16/2023-05-17,Serbia,Belgrade",
            "2023-08-30/2023-09-03,Hungary,Budapest; Győr",
            "2023-09-04,Türkiye,Ankara",
            "2023-10-12,Vietnam,Hanoi",
        ]
    );
}

#[test]
fn a_guessed_mapping_takes_each_sample_once_what_is_empty_is_filled_in() {
    for name in SAMPLES {
        let (table, _) = sample(name);
        let guessed = guess::mapping(&tables(&format!("{name}-sample.csv"), &table), &small());
        assert!(Mapping::read(&guessed).is_err(), "{name}: a source is asked for");
        let filled = filled(&guessed);
        let taken = taken(&small(), &table, &filled)
            .unwrap_or_else(|mistakes| panic!("{name}: {:?}\n{filled}", said(&mistakes)));
        assert_eq!(taken.report.rows, table.lines().count() as u64 - 1, "{name}");
        assert_eq!(asked(&taken.records, "FROM accounts SELECT count();"), [taken.report.rows.to_string()], "{name}");
    }
}

#[test]
fn every_example_of_the_page_is_taken_in() {
    let page = text(&Path::new(env!("CARGO_MANIFEST_DIR")).join("grammar/mapping.md"));
    let block = |part: &str| part.split_once("```").map(|(block, _)| block.to_string());
    let mut count = 0;
    for part in page.split("```csv\n").skip(1) {
        let (table, rest) = part.split_once("```").unwrap();
        let mapping = rest.split_once("```toml\n").and_then(|(_, mapping)| block(mapping)).unwrap();
        let checked = Mapping::read(&mapping).unwrap_or_else(|mistakes| panic!("{:?}\n{mapping}", said(&mistakes)));
        let options = options(&["leaders", "places"]);
        let tables = tables("table.csv", table);
        let taken = take(&fresh(), &tables, Some(&checked), &options, &Progress::default());
        let taken = taken.unwrap_or_else(|mistakes| panic!("{:?}\n{mapping}", said(&mistakes)));
        assert!(taken.report.unused.is_empty() && taken.report.refused == 0);
        assert_eq!(asked(&taken.records, "FROM accounts SELECT count();"), [taken.report.rows.to_string()]);
        count += 1;
    }
    assert_eq!(count, 3);
}

#[test]
fn a_guessed_mapping_says_what_it_was_led_by_and_what_it_does_not_know() {
    let table = "Datum;Wer;Gesprächspartner;Ort;Land;Art;Farbe\n\
                 16.05.2024;Putin;President Xi Jinping and Li Qiang;Peking (Zhongnanhai);China;Staatsbesuch;rot\n\
                 diese Woche;Putin;Modi;Moskau;Russland;Gespräch;blau\n\
                 03.06.2024;Putin;Kim Jong Un;;Nordkorea;Gespräch;\n";
    let expected = r##"# A first mapping for sheet.csv, to be looked through and edited. Then:
#   bilat import sheet.csv --into my.db --mapping THIS.toml --create leaders,places --dry-run

# Several people stand in a row, so it is a meeting. Or: visits, events.
row = "meetings"

[source]
# Whose words these are. The table does not say: fill in what you know.
title = ""
# publisher = ""
# address = "https://"
# kind = "press"
# language = "en"

[columns]
# Some count from the day of writing, such as diese Woche.
# The table does not say which it is: fill in a day, or a column that has it.
# Such as 16.05.2024.
date = { column = "Datum", order = "day first", anchor = "" }
# Who met; or hosts, guests and mediators, where that is known.
participants = ["Wer", { column = "Gesprächspartner", split = [" and "], titles = true }]
host_country = "Land"
# What stands in brackets is left out.
place = { column = "Ort", drop = ["(*)"] }
# The words that count are talks, state visit, official visit, working visit, sidelines, summit, signing, informal, call, video.
format = { column = "Art", words = { "Staatsbesuch" = "state visit", "Gespräch" = "talks" } }
# locator = "…"   no column is different in every row. A row is known again by what it says:
# one that is edited later is then taken for another; a column of numbers or links prevents it.
# Not used: Farbe, such as rot
"##;
    assert_eq!(guess::mapping(&tables("sheet.csv", table), &fresh()), expected);
}
