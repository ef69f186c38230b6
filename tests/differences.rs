//! What `bilat diff` finds between random datasets: nothing between a thing and itself, the same from either side, one
//! line for one changed cell, none for other keys.
//!
//! `SLOW=1` tries many more; `SEED=n` begins elsewhere.

use crate::grammar::{seed, slow};
use crate::oracle::data;
use crate::oracle::rng::Rng;
use bilat::catalog::{Attribute, Kind, NOUNS, Noun, NounId, Origin, Via};
use bilat::dataset;
use bilat::dataset::diff::{Change, Difference};
use bilat::dataset::records::{Records, columns, read_folder};
use bilat::dataset::unpack;
use bilat::store::{Database, Progress};
use std::collections::BTreeSet;
use std::path::Path;

fn diff(a: &Records, b: &Records) -> Vec<Difference> {
    dataset::diff::diff(a, b, &Progress::default()).unwrap()
}

/// Random records that a file can be built of.
fn sound(rng: &Rng) -> Records {
    std::iter::repeat_with(|| data::records(rng)).find(|records| dataset::derived(records).is_ok()).unwrap()
}

fn count() -> usize {
    if slow() { 1000 } else { 10 }
}

fn nouns() -> impl Iterator<Item = &'static Noun> {
    NOUNS.iter().filter(|noun| noun.origin == Origin::Csv)
}

/// The same under other keys and in another order.
fn renamed(records: &Records, rng: &Rng) -> Records {
    let new = |noun: NounId, key: &str| format!("other-{}-{key}", noun.noun().singular);
    let mut made = records.clone();
    for noun in nouns() {
        let rows = made.nouns.entry(noun.id).or_default();
        for row in rows.iter_mut() {
            row.key = new(noun.id, &row.key).into();
            for link in noun.links.iter().filter(|link| matches!(link.via, Via::Column | Via::List { .. })) {
                let Some(cell) = row.cells.get_mut(link.name) else { continue };
                let keys: Vec<String> = cell.split("; ").map(|key| new(link.to, key)).collect();
                *cell = keys.join("; ").into();
            }
            if let Some(of) = row.cells.get_mut("of").filter(|_| noun.id == NounId::Names) {
                let (noun, key) = of.split_once(':').unwrap();
                *of = format!("{noun}:{}", new(bilat::catalog::noun(noun).unwrap().id, key)).into();
            }
        }
        for at in (1..rows.len()).rev() {
            rows.swap(at, rng.below(at + 1));
        }
    }
    made
}

/// Names in other languages, which random records have none of.
fn with_names(mut records: Records) -> Records {
    let rows: Vec<(NounId, _)> = [NounId::Leaders, NounId::Countries]
        .into_iter()
        .flat_map(|noun| records.of(noun).iter().map(move |row| (noun, row.key.clone())))
        .collect();
    let names = records.nouns.entry(NounId::Names).or_default();
    for (number, (noun, key)) in rows.into_iter().enumerate() {
        let record = dataset::records::Record::new(format!("n{number}")).with("text", format!("Nomen {number}"));
        names.push(record.with("of", format!("{}:{key}", noun.noun().name)).with("language", "la"));
    }
    records
}

/// What a cell of a column may be.
fn value(records: &Records, noun: &'static Noun, column: &str, rng: &Rng) -> String {
    let key = |noun: NounId| {
        let rows = records.of(noun);
        if rows.is_empty() { String::new() } else { rng.pick(rows).key.to_string() }
    };
    if let Some(link) = noun.link(column) {
        return key(link.to);
    }
    let day = || format!("2024-{:02}-{:02}", 4 + rng.below(4), 1 + rng.below(28));
    match noun.attribute(column) {
        Some(Attribute { kind: Kind::Word(words), .. }) => rng.pick(words.words).0.to_string(),
        Some(Attribute { kind: Kind::Boolean, .. }) => (*rng.pick(&["", "yes"])).to_string(),
        Some(Attribute { kind: Kind::Integer | Kind::Number, .. }) => rng.below(80).to_string(),
        Some(Attribute { kind: Kind::Day, .. }) => day(),
        Some(Attribute { kind: Kind::Span, .. }) => format!("{}/..", day()),
        _ if column == "ids" => format!("own:{}", rng.below(9)),
        _ if column == "of" => format!("leaders:{}", key(NounId::Leaders)),
        _ => format!("text {}", rng.below(100)),
    }
}

/// One cell changed, of a noun with rows; whether the records are sound is not known.
fn changed(records: &Records, rng: &Rng) -> Option<(Records, String)> {
    let all: Vec<&Noun> = nouns().filter(|noun| !records.of(noun.id).is_empty()).collect();
    let noun = *rng.pick(&all);
    let at = rng.below(records.of(noun.id).len());
    let column = *rng.pick(&columns(noun));
    let new = value(records, noun, column, rng);
    let mut made = records.clone();
    let cells = &mut made.nouns.get_mut(&noun.id).unwrap()[at].cells;
    let old = if new.is_empty() { cells.remove(column) } else { cells.insert(column, new.clone()) };
    let said = format!("{} {}: {column}: {old:?} to {new}", noun.name, records.of(noun.id)[at].key);
    (old.unwrap_or_default() != new).then_some((made, said))
}

#[test]
fn nothing_differs_from_itself_and_keys_and_order_do_not_matter() {
    let rng = Rng::new(seed());
    for _ in 0..count() {
        let records = with_names(sound(&rng));
        assert_eq!(diff(&records, &records), []);
        assert_eq!(diff(&records, &renamed(&records, &rng)), []);
    }
}

#[test]
fn one_changed_cell_is_one_line() {
    let rng = Rng::new(seed() + 1);
    let mut met = BTreeSet::new();
    for _ in 0..count() * 6 {
        let records = with_names(sound(&rng));
        let change = std::iter::repeat_with(|| changed(&records, &rng)).flatten();
        let (other, said) = change.take(50).find(|(other, _)| dataset::derived(other).is_ok()).unwrap();
        let found = diff(&records, &other);
        assert_eq!(found.len(), 1, "{said}: {found:#?}");
        assert!(matches!(found[0].change, Change::Differs | Change::Conflict), "{said}: {found:?}");
        assert!(found[0].in_a != found[0].in_b || found[0].attribute.is_some(), "{said}: {found:?}");
        met.insert(found[0].noun);
    }
    assert!(met.len() > 12, "{met:?}");
}

#[test]
fn a_remark_on_what_has_another_key_is_one_line() {
    let rng = Rng::new(seed() + 5);
    for _ in 0..count() {
        let records = with_names(sound(&rng));
        let mut other = renamed(&records, &rng);
        let remarked = [NounId::Leaders, NounId::Meetings, NounId::Visits, NounId::Events, NounId::Participants];
        let noun = *rng.pick(&remarked);
        let at = rng.below(other.of(noun).len());
        let row = &mut other.nouns.get_mut(&noun).unwrap()[at];
        row.cells.insert("remark", "A word more.".to_string());
        let found = diff(&records, &other);
        let row = &other.of(noun)[at];
        // Of meetings without anybody whom the file knows nothing but what is said tells which is which.
        let known = |noun, link| other.of(noun).iter().any(|party| party.cell(link) == Some(&row.key));
        if noun == NounId::Meetings && !known(NounId::Participants, "meeting") {
            continue;
        }
        assert_eq!(found.len(), 1, "{} {}: {found:#?}", noun.noun().name, row.key);
        assert_eq!((found[0].attribute, found[0].in_b.as_deref()), (Some("remark"), Some("A word more.")));
    }
}

#[test]
fn settings_and_saved_queries_count() {
    let mut one = sound(&Rng::new(seed()));
    let mut other = one.clone();
    one.settings.insert("title".to_string(), "A".to_string());
    other.settings.insert("title".to_string(), "B".to_string());
    other.queries.insert("claims".to_string(), "FROM meetings;".to_string());
    let found: Vec<_> = diff(&one, &other).into_iter().map(|one| (one.noun, one.what, one.change)).collect();
    assert_eq!(
        found,
        [("setting", "title".to_string(), Change::Differs), ("saved query", "claims".to_string(), Change::OnlyInB)]
    );
}

/// The account of one meeting in the bundled data that is not preferred, told otherwise.
fn told_otherwise(
    changes: &[(&'static str, &str)],
    publication: Option<&str>,
) -> Vec<(String, String, String, String)> {
    let records = read_folder(&Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures")).unwrap();
    let mut other = records.clone();
    let accounts = other.nouns.get_mut(&NounId::Accounts).unwrap();
    let row = accounts.iter_mut().find(|row| row.key == "24hours-arce.putin-arce-st-petersburg-2024").unwrap();
    for (column, cell) in changes {
        row.cells.insert(column, *cell);
    }
    if let Some(publication) = publication {
        row.key = "theirs".into();
        row.cells.insert("publication", publication.to_string());
    }
    let found = diff(&records, &other).into_iter();
    let text = |text: Option<String>| text.unwrap_or_default();
    found
        .map(|one| {
            let kind = format!("{} {}", one.noun, one.change.text());
            (kind, one.attribute.unwrap_or_default().to_string(), text(one.in_a), text(one.in_b))
        })
        .collect()
}

fn line(kind: &str, attribute: &str, in_a: &str, in_b: &str) -> (String, String, String, String) {
    (kind.to_string(), attribute.to_string(), in_a.to_string(), in_b.to_string())
}

#[test]
fn what_cannot_both_be_right_is_a_conflict_and_what_is_only_vaguer_is_not() {
    let another_day = told_otherwise(&[("date", "2024-06-07")], None);
    assert_eq!(another_day, [line("account conflict", "date", "2024-06-06", "2024-06-07")]);
    let vaguer = told_otherwise(&[("date", "2024-06")], None);
    assert_eq!(vaguer, [line("account differs", "date", "2024-06-06", "2024-06")]);
    let called_off = told_otherwise(&[("status", "cancelled")], None);
    assert_eq!(called_off, [line("account conflict", "status", "held", "cancelled")]);
    // A building in the town is no contradiction; another town is.
    let within = told_otherwise(&[("place", "constantine-palace")], None);
    assert_eq!(within, [line("account differs", "place", "St Petersburg", "Konstantin Palace")]);
    let elsewhere = told_otherwise(&[("place", "moscow")], None);
    assert_eq!(elsewhere[0], line("account conflict", "place", "St Petersburg", "Moscow"));
}

#[test]
fn accounts_of_different_publications_are_held_against_each_other() {
    let found = told_otherwise(&[("date", "2024-06-07")], Some("the-article"));
    assert!(found.contains(&line("account only in A", "", "", "")), "{found:#?}");
    assert!(found.contains(&line("account only in B", "", "", "")), "{found:#?}");
    let conflict = found.iter().find(|found| found.0 == "meeting conflict").unwrap();
    assert_eq!(conflict.1, "date");
    assert!(conflict.2.starts_with("2024-06-06 (") && conflict.3 == "2024-06-07 (the article)", "{conflict:?}");
    assert_eq!(found.len(), 3, "{found:#?}");
}

fn mirrored(found: &[Difference]) -> Vec<Difference> {
    let turned = |change| match change {
        Change::OnlyInA => Change::OnlyInB,
        Change::OnlyInB => Change::OnlyInA,
        same => same,
    };
    found
        .iter()
        .map(|one| Difference {
            change: turned(one.change),
            in_a: one.in_b.clone(),
            in_b: one.in_a.clone(),
            // What is in both is named as A names it.
            what: if one.attribute.is_some() { String::new() } else { one.what.clone() },
            ..one.clone()
        })
        .collect()
}

#[test]
fn from_the_other_side_it_is_the_mirror_image() {
    let rng = Rng::new(seed() + 2);
    for _ in 0..count() {
        let (one, other) = (with_names(sound(&rng)), sound(&rng));
        for other in [&other, &renamed(&other, &rng)] {
            let found = diff(&one, other);
            assert!(!found.is_empty());
            assert_eq!(mirrored(&found), mirrored(&mirrored(&diff(other, &one))));
        }
    }
}

#[test]
fn what_is_taken_out_is_missing_and_nothing_else() {
    let rng = Rng::new(seed() + 3);
    for _ in 0..count() {
        let records = with_names(sound(&rng));
        let meeting = rng.pick(records.of(NounId::Meetings)).key.clone();
        let mut less = renamed(&records, &rng);
        let key = format!("other-meeting-{meeting}");
        less.nouns.get_mut(&NounId::Meetings).unwrap().retain(|row| row.key != key);
        let gone: Vec<_> = less
            .of(NounId::Accounts)
            .iter()
            .filter(|row| row.cell("meeting") == Some(&key))
            .map(|row| row.key.clone())
            .collect();
        for noun in [NounId::Participants, NounId::Accounts] {
            less.nouns.get_mut(&noun).unwrap().retain(|row| row.cell("meeting") != Some(&key));
        }
        assert!(
            less.of(NounId::Accounts)
                .iter()
                .all(|row| row.cell("follows").is_none_or(|key| !gone.iter().any(|gone| gone == key)))
        );
        let found = diff(&records, &less);
        // What goes with the meeting is told in its line.
        assert_eq!(found.len(), 1, "{found:#?}");
        assert_eq!((found[0].noun, found[0].change), ("meeting", Change::OnlyInA));
        let parties =
            records.of(NounId::Participants).iter().filter(|row| row.cell("meeting") == Some(&meeting)).count();
        let told = found[0].in_a.clone().unwrap();
        assert!(told.starts_with(&format!("with {parties} participant")), "{told}");
    }
}

#[test]
fn files_of_the_same_content_are_the_same_whatever_their_keys_and_their_order() {
    let rng = Rng::new(seed() + 4);
    let file = |records: &Records, name: &str| {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join(name);
        std::fs::write(&path, dataset::build(records).unwrap().bytes).unwrap();
        unpack::records(&Database::open(&path).unwrap()).unwrap()
    };
    for _ in 0..count() / 3 {
        let records = with_names(sound(&rng));
        let (one, other) = (file(&records, "one.db"), file(&renamed(&records, &rng), "other.db"));
        assert_eq!(diff(&one, &other), []);
    }
}
