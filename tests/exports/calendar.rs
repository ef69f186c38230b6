//! iCalendar, read by a library: the days that queries give, and no others.

use super::{File, bundled, export, many, random, tally, with_hostile_texts};
use crate::grammar::seed;
use crate::oracle::rng::Rng;
use bilat::catalog::NounId;
use bilat::dataset;
use bilat::value::date::{VagueDate, to_civil};
use icalendar::parser::{Component, read_calendar, unfold};
use std::collections::BTreeSet;

/// A property of an event as text, which the library unescapes.
fn text(event: &Component<'_>, name: &str) -> String {
    event.find_prop(name).map_or(String::new(), |property| property.val.as_str().to_string())
}

/// Hands every event of a calendar on, after a look at the form of its lines.
fn events(calendar: &str, mut each: impl FnMut(&Component<'_>)) -> usize {
    for line in calendar.split("\r\n") {
        assert!(line.len() <= 75 && !line.contains(['\n', '\r']), "{line:?}");
        assert!(!line.chars().any(|c| c.is_control() && c != '\t'), "{line:?}");
    }
    assert!(
        calendar.starts_with("BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:") && calendar.ends_with("END:VCALENDAR\r\n")
    );
    let unfolded = unfold(calendar);
    let read = read_calendar(&unfolded).unwrap();
    let mut ids = BTreeSet::new();
    for event in &read.components {
        assert_eq!(event.name, "VEVENT");
        for needed in ["UID", "DTSTAMP", "DTSTART", "DTEND", "SUMMARY"] {
            assert!(event.find_prop(needed).is_some(), "{needed}");
        }
        assert!(ids.insert(text(event, "UID")), "{}", text(event, "UID"));
        assert!(text(event, "DTSTART") < text(event, "DTEND"));
        each(event);
    }
    read.components.len()
}

/// `2024-05-16` as `20240516`, with the day after the last.
fn days(date: &str) -> Option<[String; 2]> {
    let bounds = VagueDate::parse(date).ok()?.bounds;
    let basic = |day: i64| to_civil(day).strftime("%Y%m%d").to_string();
    bounds.is_exact().then(|| [basic(bounds.start_min), basic(bounds.end_max + 1)])
}

#[test]
fn what_has_its_days_stands_on_them() {
    let rng = Rng::new(seed() + 5);
    let random = std::iter::repeat_with(|| random(&rng)).take(many());
    for records in std::iter::once(bundled()).chain(random) {
        let file = File::of(&records);
        let made = file.export("ics");
        let mut ours = Vec::new();
        let count = events(&made.text, |event| {
            let word = match text(event, "STATUS").as_str() {
                "CONFIRMED" => "held".to_string(),
                "TENTATIVE" => "planned".to_string(),
                "CANCELLED" => "cancelled".to_string(),
                _ => text(event, "X-STATUS"),
            };
            let said =
                [text(event, "CATEGORIES"), text(event, "DTSTART"), text(event, "DTEND"), text(event, "X-EDTF"), word];
            ours.push(said.join(" "));
        });
        let mut theirs = Vec::new();
        for noun in [NounId::Meetings, NounId::Visits, NounId::Events] {
            let noun = noun.noun();
            // A status that is named is asked for; all of them are all rows.
            for (status, _) in bilat::catalog::vocabulary::STATUS.words {
                let query = format!("SELECT date FROM {} WHERE status = '{status}' LIMIT 1000000", noun.name);
                for row in file.ask(&query) {
                    if let Some([first, after]) = days(&row[0]) {
                        theirs.push(format!("{} {first} {after} {} {status}", noun.singular, row[0]));
                    }
                }
            }
        }
        assert_eq!(tally(ours), tally(theirs));
        let taken: u64 = ["meetings", "visits", "events"].iter().map(|noun| made.taken.of(noun)).sum();
        assert_eq!(taken as usize, count);
    }
}

#[test]
fn hostile_texts_are_text() {
    let records = with_hostile_texts();
    let model = dataset::derived(&records).unwrap();
    let mut compared = 0;
    events(&export("ics", &records).text, |event| {
        let (uid, said) = (text(event, "UID"), text(event, "DESCRIPTION"));
        let key = |noun: NounId, key: &str| uid.starts_with(&format!("{}-{key}@", noun.noun().name));
        let clean = |text: &str| -> String {
            let lines = text.replace("\r\n", "\n").replace('\r', "\n");
            lines.chars().map(|c| if c.is_control() && !matches!(c, '\n' | '\t') { '\u{FFFD}' } else { c }).collect()
        };
        for meeting in model.of(NounId::Meetings).iter().filter(|meeting| key(NounId::Meetings, &meeting.key)) {
            assert!(said.contains(&clean(meeting.text.get("remark").unwrap())), "{said}");
            compared += 1;
        }
        for own in model.of(NounId::Events).iter().filter(|own| key(NounId::Events, &own.key)) {
            assert_eq!(text(event, "SUMMARY"), clean(own.text.get("name").unwrap()));
            compared += 1;
        }
    });
    assert!(compared > 30, "{compared}");
}

#[test]
fn an_event_keeps_its_identity_while_its_file_grows() {
    let ids = |records: &bilat::dataset::records::Records| {
        let mut ids = BTreeSet::new();
        events(&export("ics", records).text, |event| ids.extend([text(event, "UID")]));
        ids
    };
    let records = bundled();
    let mut grown = records.clone();
    let meeting = grown.nouns.get_mut(&NounId::Meetings).unwrap();
    meeting.retain(|row| row.key == "putin-xi-beijing-2024");
    for (noun, link) in [(NounId::Participants, "meeting"), (NounId::Accounts, "meeting")] {
        let keep = |key: Option<&str>| key.is_none_or(|key| key == "putin-xi-beijing-2024");
        grown.nouns.get_mut(&noun).unwrap().retain(|row| keep(row.cell(link)));
    }
    for account in grown.nouns.get_mut(&NounId::Accounts).unwrap().iter_mut() {
        account.cells.remove("follows");
    }
    let (all, fewer) = (ids(&records), ids(&grown));
    assert!(fewer.is_subset(&all) && fewer.len() < all.len());
}
