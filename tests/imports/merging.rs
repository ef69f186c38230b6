//! What is the same: a second publication, the same table again, changed rows, rows that may be any of several.

use super::taking::{asked, count, keys, options, own, said, small, tables, taken};
use bilat::catalog::NounId::{Accounts, Leaders, Meetings, Participants, Places, Visits};
use bilat::dataset::import::mapping::Mapping;
use bilat::dataset::import::rejects;
use bilat::dataset::import::take::{Options, Taken, take};
use bilat::dataset::records::Records;
use bilat::diagnostic::Diagnostic;
use bilat::store::Progress;

/// Visits of a publication; with a column for the locator or without.
fn visits(title: &str, located: bool) -> String {
    let locator = if located { "locator = \"id\"\n" } else { "" };
    format!(
        "row = \"visits\"\n[source]\nkey = \"{title}\"\ntitle = \"{title}\"\n[columns]\nleader = \"who\"\n\
         country = \"country\"\ndate = \"date\"\nplaces = {{ column = \"where\", split = [\", \"] }}\nkind = \"kind\"\n\
         remark = \"note\"\n{locator}"
    )
}

fn located(base: &Records, title: &str, rows: &str) -> Result<Taken, Vec<Diagnostic>> {
    taken(base, &format!("id,who,country,date,where,kind,note\n{rows}"), &visits(title, true))
}

fn unlocated(base: &Records, title: &str, rows: &str) -> Taken {
    taken(base, &format!("who,country,date,where,kind,note\n{rows}"), &visits(title, false)).unwrap()
}

fn numbers(taken: &Taken) -> (u64, usize, u64, u64) {
    let report = &taken.report;
    (report.made.get(&Visits).copied().unwrap_or(0), report.merged.len(), report.there, report.changed)
}

#[test]
fn a_second_publication_gives_a_further_account() {
    let one = located(&small(), "one", "1,Roe,France,2024-05-16,Paris,state,first\n").unwrap();
    let two = located(&one.records, "two", "a,Roe,France,2024-05,\"Paris, Lyon\",,second\n").unwrap();
    assert_eq!(numbers(&two), (0, 1, 0, 0));
    assert_eq!(two.report.disputed, 0, "vaguer is not disputed");
    assert_eq!((count(&two.records, Visits), count(&two.records, Accounts)), (1, 2));
    // What was known stays, what is new is added, what the other says stands in its account.
    let visit = asked(&two.records, "FROM visits SELECT date, kind, places, remark, disputed;");
    assert_eq!(visit, ["2024-05-16,state,Paris; Lyon,first,no"]);
    assert_eq!(
        asked(&two.records, "SELECT date, remark, preferred FROM accounts WHERE locator = 'a';"),
        ["2024-05,second,no"]
    );
    let three = located(&two.records, "three", "x,Roe,France,2024-05-15/2024-05-16,Nice,working,\n").unwrap();
    assert_eq!((numbers(&three), three.report.disputed), ((0, 1, 0, 0), 1), "other places and kinds are");
    for title in ["one", "two"] {
        let rows = if title == "one" {
            "1,Roe,France,2024-05-16,Paris,state,first\n"
        } else {
            "a,Roe,France,2024-05,\"Paris, Lyon\",,second\n"
        };
        let again = located(&three.records, title, rows).unwrap();
        assert_eq!(numbers(&again), (0, 0, 1, 0), "{title}");
        assert_eq!(again.records, three.records, "{title}");
    }
}

#[test]
fn rows_of_one_publication_are_never_merged() {
    let rows = "1,Roe,France,2024-05-16,Paris,,\n2,Roe,France,2024-05-16,Paris,,\n";
    let first = located(&small(), "one", rows).unwrap();
    assert_eq!(numbers(&first), (2, 0, 0, 0));
    assert_eq!(keys(&first.records, Visits), ["roe-fr-2024-05-16", "roe-fr-2024-05-16-2"]);
    let bare = "Roe,France,2024-05-16,Paris,,\n";
    let first = unlocated(&small(), "one", &bare.repeat(3));
    assert_eq!(numbers(&first), (3, 0, 0, 0));
    let again = unlocated(&first.records, "one", &bare.repeat(3));
    assert_eq!(numbers(&again), (0, 0, 3, 0));
    let longer = unlocated(&first.records, "one", &bare.repeat(4));
    assert_eq!(numbers(&longer), (1, 0, 3, 0));
    // Another one that tells it twice has two accounts, each of another visit.
    let other = located(&first.records, "two", rows).unwrap();
    assert_eq!(numbers(&other), (0, 2, 0, 0));
}

#[test]
fn what_a_row_says_now_is_changed_where_it_is_preferred() {
    let one = located(&small(), "one", "1,Roe,France,2024-05,Paris,,old\n2,Roe,Spain,2024-07-01,,,\n").unwrap();
    let rows = "1,Roe,France,2024-05-16,Lyon,state,new\n2,Roe,Portugal,2024-07-01,,,\n";
    let changed = located(&one.records, "one", rows).unwrap();
    assert_eq!(numbers(&changed), (0, 0, 0, 2));
    assert_eq!(
        asked(&changed.records, "FROM visits SELECT date, country, kind, places, remark;"),
        ["2024-05-16,France,state,Lyon,new", "2024-07-01,Portugal,,\"\","]
    );
    assert_eq!(numbers(&located(&changed.records, "one", rows).unwrap()), (0, 0, 2, 0));
    // A row that others tell of as well is not made another one.
    let two = located(&changed.records, "two", "a,Roe,Portugal,2024-07-01,,,\n").unwrap();
    let mistakes = located(&two.records, "one", "2,Roe,Spain,2024-07-01,,,\n").unwrap_err();
    assert!(said(&mistakes)[0].starts_with("I636 table.csv:2: "), "{:?}", said(&mistakes));
    // Its account may still say another day: the two are disputed then, and the row follows its own.
    let moved = located(&two.records, "two", "a,Roe,Portugal,2024-07-03,,,\n").unwrap();
    assert_eq!(asked(&moved.records, "FROM visits TO Portugal SELECT date, disputed;"), ["2024-07-01,yes"]);
}

#[test]
fn a_line_put_in_before_others_moves_nothing() {
    let rows = ["Roe,France,2024-05-16,Paris,,a\n", "Roe,Spain,2024-06-01,,,b\n"];
    let first = unlocated(&small(), "one", &rows.concat());
    let longer = unlocated(&first.records, "one", &["Roe,Italy,2024-01-01,,,c\n", rows[0], rows[1]].concat());
    assert_eq!(numbers(&longer), (1, 0, 2, 0));
    let again = unlocated(&longer.records, "one", &["Roe,Italy,2024-01-01,,,c\n", rows[0], rows[1]].concat());
    assert_eq!(again.records, longer.records);
}

#[test]
fn a_row_that_may_be_any_of_several_is_refused_unless_it_says_which() {
    let base = located(&small(), "one", "1,Roe,France,2024-05-16,,,\n2,Roe,France,2024-05-28,,,\n").unwrap().records;
    let mistakes = located(&base, "two", "a,Roe,France,2024-05,,,\n").unwrap_err();
    assert_eq!(said(&mistakes), ["I635 table.csv:2: this may be any of 2 visits"]);
    assert_eq!(numbers(&located(&base, "two", "a,Roe,France,2024-05-28,,,\n").unwrap()), (0, 1, 0, 0));
    assert_eq!(numbers(&located(&base, "two", "a,Roe,France,2024-06,,,\n").unwrap()), (1, 0, 0, 0));
}

const MEETINGS: &str = "row = \"meetings\"\n[source]\ntitle = \"Notes\"\n[columns]\ndate = \"date\"\n\
     hosts = \"host\"\nguests = { column = \"guests\", split = [\" and \"], titles = true }\nhost_country = \"country\"\n\
     place = \"place\"\nevent = \"event\"\ntopics = { column = \"topics\", split = [\"; \"] }\n";

fn meetings(base: &Records, source: &str, rows: &str) -> Taken {
    let mapping = Mapping::read(&MEETINGS.replace("Notes", source)).unwrap();
    let options = options(&["leaders", "places", "events", "topics"]);
    let tables = tables("table.csv", &format!("date,host,guests,country,place,event,topics\n{rows}"));
    take(base, &tables, Some(&mapping), &options, &Progress::default()).unwrap_or_else(|m| panic!("{:?}", said(&m)))
}

#[test]
fn the_items_of_a_list_are_several_whatever_parts_others() {
    let mapping = Mapping::read(MEETINGS).unwrap();
    let options = Options { rejects: true, ..options(&["leaders", "places", "events", "topics"]) };
    let text = r#"[{"date": "2024-05-16", "host": ["Roe"], "guests": ["President Muster and Li", "Prime Minister Ho"],
        "country": ["France"], "place": "Paris", "event": null, "topics": ["Gas", "Oil"]},
        {"date": "soon", "host": "Roe", "guests": ["President Muster", "King Karl"], "country": "France"},
        {"date": "2024-05-18", "host": "Roe", "guests": "Li", "country": ["France", "Spain"]}]"#;
    let table = tables("table.json", text);
    let made = take(&small(), &table, Some(&mapping), &options, &Progress::default()).unwrap();
    let people = "FROM participants SELECT leader, role;";
    assert_eq!(asked(&made.records, people), ["Ho,guest", "Li,guest", "Muster,guest", "Roe,host"]);
    assert_eq!(asked(&made.records, "FROM meetings SELECT topics;"), ["Gas; Oil"]);
    let why: Vec<String> = made.rejected.iter().flat_map(|row| said(&row.reasons)).collect();
    assert!(why.iter().any(|why| why.contains("it is a list of 2, and one is needed")), "{why:?}");
    // Refused rows as CSV still know their lists.
    let refused = String::from_utf8(rejects::csv(&table, &made.rejected)).unwrap().replace("soon", "2024-05-17");
    let again =
        take(&small(), &tables("refused.csv", &refused), Some(&mapping), &options, &Progress::default()).unwrap();
    assert_eq!(asked(&again.records, people), ["Karl,guest", "Muster,guest", "Roe,host"], "{refused}");
    assert_eq!((again.rejected.len(), again.report.unused.len()), (1, 0), "{refused}");
}

#[test]
fn a_meeting_is_the_same_by_its_people_its_date_and_its_country() {
    let one = meetings(&small(), "Notes", "2024-05-16,Roe,President Muster and Li,France,Paris,Fair,Gas; Oil\n");
    assert_eq!((count(&one.records, Meetings), count(&one.records, Participants)), (1, 3));
    assert_eq!(asked(&one.records, "FROM participants SELECT leader, role;"), ["Li,guest", "Muster,guest", "Roe,host"]);
    let same = "2024-05,Li,Roe and Muster,,,,Coal\n";
    let two = meetings(&one.records, "Other notes", same);
    assert_eq!((two.report.merged.len(), count(&two.records, Meetings)), (1, 1));
    assert_eq!(asked(&two.records, "FROM meetings SELECT topics, event, place;"), ["Coal; Gas; Oil,Fair,Paris"]);
    assert_eq!(asked(&two.records, "FROM participants SELECT role;"), ["guest", "guest", "host"], "roles stay");
    for (rows, why) in [
        ("2024-05,Li,Roe,,,,\n", "other people"),
        ("2024-06,Li,Roe and Muster,,,,\n", "another date"),
        ("2024-05-16,Li,Roe and Muster,Spain,,,\n", "another country"),
    ] {
        let other = meetings(&one.records, "Other notes", rows);
        assert_eq!((other.report.merged.len(), count(&other.records, Meetings)), (0, 2), "{why}");
    }
    assert!(!meetings(&two.records, "Other notes", same).report.changes());
}

#[test]
fn a_name_by_its_part_is_taken_and_told_unless_others_come_to_have_it() {
    let base = located(&small(), "one", "1,George W. Example,France,2024-05-16,,,\n").unwrap().records;
    let taken = located(&base, "two", "1,Example,Spain,2024-05-16,,,\n2,Example,Italy,2024-05-17,,,\n").unwrap();
    assert_eq!(count(&taken.records, Leaders), 1);
    let told: Vec<String> =
        taken.report.lines().into_iter().filter(|(name, _)| *name == "taken").map(|(_, text)| text).collect();
    assert_eq!(
        told,
        [
            "'Example' for George W. Example (george-w-example), 2 cells; otherwise, in [names.leaders]: \"Example\" = a key or a name"
        ]
    );
    // Names made by the same table have it too: it would mean either of two the next time.
    let rows = "1,Example,Spain,2024-05-16,,,\n2,George H.W. Example,Italy,2024-05-17,,,\n";
    let mistakes = located(&base, "two", rows).unwrap_err();
    assert_eq!(said(&mistakes), ["I631 table.csv:2, column who: 'Example' may be any of 2 leaders"]);
    // Of names that are made, a part is a name of its own.
    let rows = "1,Ann Example,Spain,2024-05-16,,,\n2,Ann,Italy,2024-05-17,,,\n";
    let mistakes = located(&small(), "two", rows);
    assert_eq!(count(&mistakes.unwrap().records, Leaders), 2);
}

#[test]
fn a_refused_row_leaves_nothing_behind() {
    let mapping = Mapping::read(&visits("one", true)).unwrap();
    let rows = "id,who,country,date,where,kind,note\n1,Ann,France,2024-05-16,Nowhere,,\n2,Bob,France,soon,Elsewhere,,\n\
                3,Cid,Atlantis,2024-05-17,,,=1+1\n";
    let tables = tables("table.csv", rows);
    let strict = options(&["leaders", "places"]);
    let mistakes = take(&small(), &tables, Some(&mapping), &strict, &Progress::default()).unwrap_err();
    assert_eq!(mistakes.len(), 2, "{:?}", said(&mistakes));
    let lenient = Options { rejects: true, ..strict.clone() };
    let taken = take(&small(), &tables, Some(&mapping), &lenient, &Progress::default()).unwrap();
    assert_eq!(asked(&taken.records, "FROM leaders SELECT name;"), ["Ann"]);
    assert_eq!(taken.records.of(Places).last().unwrap().key, "nowhere");
    assert_eq!((taken.report.rows, taken.report.refused), (3, 2));
    // Mended, the rows are taken in; an apostrophe before a formula comes and goes.
    let csv = String::from_utf8(rejects::csv(&tables, &taken.rejected)).unwrap();
    assert!(csv.starts_with("id,who,country,date,where,kind,note,refused line,refused because\n"), "{csv}");
    assert!(csv.contains(",'=1+1,4,"), "{csv}");
    let mended = csv.replace("soon", "2024-06").replace("Atlantis,", "Spain,");
    let again = super::taking::tables("bad.csv", &mended);
    let again = take(&taken.records, &again, Some(&mapping), &strict, &Progress::default()).unwrap();
    assert_eq!(again.report.made.get(&Visits), Some(&2));
    assert_eq!(again.records.of(Visits).last().unwrap().cell("remark"), Some("=1+1"));
    assert!(again.report.unused.is_empty(), "{:?}", again.report.unused);
}

#[test]
fn what_only_the_build_finds_is_led_back_to_its_row() {
    let base = meetings(&small(), "Notes", "2024-05-16,Roe,Li,France,Paris,,\n").records;
    let meeting = base.of(Meetings)[0].key.clone();
    let table = format!("key,meeting,leader\np9,{meeting},roe\np10,nowhere,li\n");
    let mistakes = own(&base, "participants.csv", &table, false).unwrap_err();
    assert_eq!(said(&mistakes), ["D304 participants.csv:3, column meeting: 'nowhere' is no key of meetings"]);
    // Behind what is refused first comes what is found next.
    let taken = own(&base, "participants.csv", &table, true).unwrap();
    assert_eq!(taken.rejected.len(), 2);
    assert!(said(&taken.rejected[0].reasons)[0].starts_with("D321 participants.csv:2: "));
    assert!(!taken.report.changes());
}

#[test]
fn our_own_shape_is_known_by_its_keys() {
    let base = small();
    let table = "key,name,born,country\nroe,Jane Roe,1970,FR\nli,Li,,\n";
    let first = own(&base, "leaders.csv", table, false).unwrap();
    assert_eq!(first.report.made.get(&Leaders), Some(&2));
    let again = own(&first.records, "leaders.csv", table, false).unwrap();
    assert!(!again.report.changes() && again.report.there == 2);
    let changed = own(&first.records, "leaders.csv", "key,born\nroe,1971\n", false).unwrap();
    assert_eq!(changed.report.changed, 1);
    let roe = "SELECT name, born, country FROM leaders WHERE name = 'Jane Roe';";
    assert_eq!(asked(&changed.records, roe), ["Jane Roe,1971,France"], "columns that are not there stay");
    let twice = own(&base, "leaders.csv", "key,name\nroe,A\nroe,B\n", false).unwrap_err();
    assert_eq!(said(&twice), ["D303 leaders.csv:3, column key: 'roe' is given a second time"]);
    let json = "{\"leaders\": [{\"key\": \"roe\", \"name\": \"Jane Roe\"}], \"visits\": [{\"key\": \"v\", \"leader\": \"roe\", \
                \"country\": \"FR\", \"date\": \"2024-05\"}]}";
    let whole = own(&base, "all.json", json, false).unwrap();
    assert_eq!(asked(&whole.records, "FROM visits SELECT leader, country, date;"), ["Jane Roe,France,2024-05"]);
}

#[test]
fn other_nouns_are_known_by_their_names() {
    let mapping = Mapping::read(
        "row = \"leaders\"\n[source]\ntitle = \"A list\"\n[columns]\nname = \"name\"\nborn = \"born\"\ncountry = \"country\"\n",
    )
    .unwrap();
    let run = |base: &Records, rows: &str| {
        let tables = tables("list.csv", &format!("name,born,country\n{rows}"));
        take(base, &tables, Some(&mapping), &Options::default(), &Progress::default()).unwrap()
    };
    let first = run(&small(), "Jane Roe,\"May 2, 1970\",France\nLi Na,,China\n");
    assert_eq!(asked(&first.records, "FROM leaders SELECT name, born;"), ["Jane Roe,1970-05-02", "Li Na,"]);
    let second = run(&first.records, "Roe Jane,1971,\n");
    assert_eq!(
        asked(&second.records, "SELECT name, born, country FROM leaders WHERE name = 'Jane Roe';"),
        ["Jane Roe,1971,France"]
    );
    assert!(!run(&first.records, "Li Na,,China\n").report.changes());
}

#[test]
fn events_are_the_same_by_their_names() {
    let mapping = |title: &str| {
        let text = "row = \"events\"\n[source]\ntitle = \"T\"\n[columns]\nname = \"name\"\nkind = \"kind\"\ndate = \"date\"\n\
                    place = \"place\"\nhost_country = \"country\"\nstatus = \"status\"\n";
        Mapping::read(&text.replace("\"T\"", &format!("\"{title}\""))).unwrap()
    };
    let run = |base: &Records, title: &str, rows: &str| {
        let tables = tables("events.csv", &format!("name,kind,date,place,country,status\n{rows}"));
        let options = options(&["places"]);
        take(base, &tables, Some(&mapping(title)), &options, &Progress::default())
            .unwrap_or_else(|m| panic!("{:?}", said(&m)))
    };
    let rows = "Lake Summit,summit,1–2 March 2024,Geneva,Italy,\nRiver Fair,forum,May 2024,,France,planned\n";
    let first = run(&small(), "one", rows);
    // What is only planned is asked for by its status.
    assert_eq!(
        asked(&first.records, "FROM events SELECT name, kind, date, status, place, host_country;"),
        ["Lake Summit,summit,2024-03-01/2024-03-02,held,Geneva,Italy"]
    );
    assert_eq!(first.records.of(Accounts).last().unwrap().cell("status"), Some("planned"));
    assert!(!run(&first.records, "one", rows).report.changes());
    let second = run(&first.records, "two", "Summit Lake,,2024-03-03,,,cancelled\n");
    assert_eq!((second.report.merged.len(), second.report.disputed, count(&second.records, Accounts)), (1, 1, 3));
}
