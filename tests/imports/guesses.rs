//! First mappings: what the table does not say is left open, never made up.

use super::taking::{asked, filled, said, small, tables, taken};
use bilat::dataset::import::guess;
use bilat::dataset::import::mapping::Mapping;

fn guessed(table: &str) -> String {
    guess::mapping(&tables("table.csv", table), &small())
}

/// The codes of what is asked for besides the title of the source.
fn open(mapping: &str) -> Vec<&'static str> {
    let titled = mapping.replace("title = \"\"", "title = \"A table\"");
    let mistakes = Mapping::read(&titled).err().unwrap_or_default();
    assert!(mistakes.iter().all(|mistake| mistake.span.is_some()), "{:?}", said(&mistakes));
    mistakes.iter().map(|mistake| mistake.code).collect()
}

/// Each text is there.
fn has(mapping: &str, texts: &[&str]) {
    for text in texts {
        assert!(mapping.contains(text), "{text} is not in\n{mapping}");
    }
}

#[test]
fn a_year_and_a_day_to_count_from_are_left_to_the_user() {
    let table = "Leader,Country,Date\nJane Roe,France,16 May\nJane Roe,Hungary,last week\n";
    let mapping = guessed(table);
    has(&mapping, &["such as 16 May.", "such as last week.", "year = \"\", anchor = \"\" }"]);
    assert!(!mapping.contains("20"), "{mapping}");
    assert_eq!(open(&mapping), ["I639"]);
    assert_eq!(open(&mapping.replace("year = \"\"", "year = 2023")), ["I639"]);
    let records = taken(&small(), table, &filled(&mapping)).unwrap().records;
    assert_eq!(asked(&records, "FROM visits SELECT date;"), ["2023-05-16", "[2024-07-01..2024-07-07]"]);
    // A column that has the year is taken.
    let mapping = guessed("Leader,Country,Date,Year\nJane Roe,France,16 May,2021\n");
    has(&mapping, &["date = { column = \"Date\", year = \"Year\" }"]);
    assert_eq!(open(&mapping), [""; 0]);
    // The ends of a stay fill each other's gaps.
    let stay = guessed("Leader,Country,Start,End,Year\nJane Roe,France,30 Aug,3 Sept 2024,x\n");
    has(&stay, &["date = { start = \"Start\", end = \"End\" }", "# Not used: Year"]);
    let stay = guessed("Leader,Country,Start,End,Year\nJane Roe,France,30 Aug,3 Sept,2024\n");
    has(&stay, &["date = { start = \"Start\", end = \"End\", year = \"Year\" }"]);
    assert!(!stay.contains("Not used"), "{stay}");
}

#[test]
fn an_order_that_nothing_decides_is_left_to_the_user() {
    let table = "Leader,Country,Date\nJane Roe,France,03/04/2024\nJane Roe,Hungary,05/06/2024\n";
    let mapping = guessed(table);
    let line = "\n# order = \"day first\"   nothing in the table decides; or \"month first\"\n";
    has(&mapping, &[line, "date = { column = \"Date\" }"]);
    let mapping = filled(&mapping);
    let refused = taken(&small(), table, &mapping).unwrap_err();
    assert!(refused.iter().all(|mistake| mistake.code == "I633") && refused.len() == 2, "{:?}", said(&refused));
    let decided = mapping.replace("\"Date\" }", "\"Date\", order = \"month first\" }");
    let records = taken(&small(), table, &decided).unwrap().records;
    assert_eq!(asked(&records, "FROM visits SELECT date;"), ["2024-03-04", "2024-05-06"]);
    // One cell decides for all.
    has(&guessed(&format!("{table}Jane Roe,Spain,05/16/2024\n")), &["order = \"month first\" }"]);
    has(&guessed(&format!("{table}Jane Roe,Spain,16/05/2024\n")), &["order = \"day first\" }"]);
}

#[test]
fn a_column_that_is_called_date_is_one_though_cells_are_not_read() {
    for header in ["Date", "Datum", "date", "Fecha", "Дата", "when"] {
        let table =
            format!("Leader,Country,{header}\nJane Roe,France,2024-05-16\nJane Roe,Hungary,TBC\nJane Roe,Spain,soon\n");
        has(&guessed(&table), &[&format!("date = \"{header}\""), "this one is not: TBC"]);
    }
    // Even if none is, unless another column has dates.
    has(&guessed("Leader,Country,Date\nJane Roe,France,TBC\n"), &["date = \"Date\"", "this one is not: TBC"]);
    has(&guessed("Leader,Country,Date,Published\nJane Roe,France,TBC,2024-05-16\n"), &["date = \"Published\""]);
}

#[test]
fn who_travelled_and_where_to_is_not_made_up() {
    let table = "Date,Purpose\n2024-05-16,Talks\n";
    let mapping = guessed(table);
    has(&mapping, &["\nleader = { value = \"\" }\n", "\ncountry = { value = \"\" }\n"]);
    assert_eq!(open(&mapping), ["I639", "I639"]);
    let records = taken(&small(), table, &filled(&mapping)).unwrap().records;
    assert_eq!(asked(&records, "FROM visits SELECT leader, country;"), ["Jane Roe,France"]);
}

#[test]
fn a_table_without_a_locator_is_told_how_its_rows_are_known_again() {
    has(&guessed("Leader,Country,Date\nJane Roe,France,2024-05-16\n"), &["# locator = \"…\"", "by what it says"]);
    let with = guessed("Leader,Country,Date,id\nJane Roe,France,2024-05-16,7\n");
    has(&with, &["locator = \"id\""]);
    assert!(!with.contains("# locator"), "{with}");
}

#[test]
fn several_people_in_a_cell_make_a_row_a_meeting() {
    for header in ["leaders", "who", "with whom", "participants"] {
        let table = format!(
            "{header},Country,Date\nVladimir Putin; Xi Jinping,France,2024-05-16\n\
             Boris Johnson and Xi Jinping,Hungary,2024-05-17\n\"Prime Minister Ana Silva, Jane Roe\",Spain,2024-05-18\n"
        );
        let mapping = guessed(&table);
        has(&mapping, &["row = \"meetings\"", "split = [\", \", \"; \", \" and \"], titles = true }]"]);
        let records = taken(&small(), &table, &filled(&mapping)).unwrap().records;
        assert_eq!(
            asked(&records, "FROM meetings SELECT participants;"),
            ["Vladimir Putin; Xi Jinping", "Boris Johnson; Xi Jinping", "Ana Silva; Jane Roe"],
            "{header}"
        );
    }
    // One person, with the family name first or two offices.
    let one =
        "who,Country,Date\n\"Putin, Vladimir\",France,2024-05-16\nPremier and Minister Jane Roe,Spain,2024-05-17\n";
    has(&guessed(one), &["row = \"visits\"", "leader = { column = \"who\", titles = true }"]);
    let told = "# participants = [{ column = \"who\", split = [\", \"], titles = true }]\n";
    has(&guessed(one), &["# Putin, Vladimir is taken for one person.", told]);
    let both = "who,Country,Date\n\"Putin, Vladimir; Xi, Jinping\",France,2024-05-16\n";
    has(&guessed(both), &["row = \"meetings\"", "split = [\"; \"] }"]);
    has(&guessed("leaders,Country,Date\n\"Putin, Xi\",France,2024-05-16\n"), &["split = [\", \"] }"]);
}
