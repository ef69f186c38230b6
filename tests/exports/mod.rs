//! Exports, read by programs that are not ours: networkx, and libraries for XML, GeoJSON and iCalendar. What they read is
//! held against what queries on the same file answer, for the bundled data, random data and hostile texts.
//!
//! `SLOW=1` tries many more; `SEED=n` begins elsewhere. `PYTHON` names a Python that has networkx.

mod calendar;
mod map;
mod network;

use crate::grammar::{seed, slow};
use crate::oracle::data;
use crate::oracle::rng::Rng;
use bilat::answer::{Answer, Cell, plain};
use bilat::catalog::NounId;
use bilat::dataset::export::{Export, FORMS, Form, Made};
use bilat::dataset::records::{Records, read_folder};
use bilat::dataset::{self, unpack};
use bilat::session::{Session, Settings};
use bilat::store::{Database, Progress, Stopper};
use std::collections::BTreeMap;
use std::path::Path;

/// A file, a session that asks it, and its records as an export has them.
struct File {
    session: Session,
    records: Records,
}

impl File {
    fn of(records: &Records) -> File {
        let built = dataset::build(records).unwrap();
        let open = || Database::from_bytes(&built.bytes, "x.db").unwrap();
        let records = unpack::records(&open()).unwrap();
        File { session: Session::new(open(), Settings::default()).unwrap(), records }
    }

    fn export(&self, form: &str) -> Export {
        export(form, &self.records)
    }

    /// The rows that a query gives, each cell as text.
    fn ask(&self, query: &str) -> Vec<Vec<String>> {
        let prepared = self.session.compile(query).unwrap();
        let mut answer = Answer::default();
        prepared.iter().for_each(|statement| drop(self.session.run(statement, &mut answer).unwrap()));
        let text = |cell: &Cell| plain(cell, "; ").unwrap_or_default();
        answer.rows.iter().map(|row| row.cells.iter().map(text).collect()).collect()
    }
}

fn export(form: &str, records: &Records) -> Export {
    let Some(Form { made: Made::File(maker), .. }) = Form::from_name(form) else { panic!("{form}") };
    maker(&dataset::derived(records).unwrap(), &Progress::default()).unwrap()
}

fn bundled() -> Records {
    read_folder(&Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures")).unwrap()
}

/// Random data with places all over the world, so that journeys go round it.
fn random(rng: &Rng) -> Records {
    let made = std::iter::repeat_with(|| {
        let mut records = data::records(rng);
        for place in records.nouns.get_mut(&NounId::Places).unwrap().iter_mut() {
            let longitude = [-179.5, -90.0, 0.0, 90.25, 179.5, 180.0, -180.0, 200.0][rng.below(8)];
            place.cells.insert("longitude", longitude.to_string());
        }
        records
    });
    made.into_iter().find(|records| dataset::derived(records).is_ok()).unwrap()
}

/// Texts that mean something to one format or another.
fn hostile() -> Vec<String> {
    let texts = [
        "]]> <!-- & -->",
        "<script>alert(1)</script>",
        "\"quoted\" 'and' again",
        "a\u{0}b\u{1b}[31mc\u{7f}\u{85}",
        "\u{202e}drawkcab\u{202c}",
        "two\nlines\r\nand\rmore\ttabbed",
        "BEGIN:VEVENT\r\nUID:mine",
        "commas, semicolons; and \\ back\\nslashes:",
        "\u{fffe}\u{ffff}\u{fffd}",
        "=1+1",
        "{\"type\":\"Feature\"}",
        "习近平 عربي עברית 👩\u{200d}👩\u{200d}👧",
    ];
    texts.map(str::to_string).into_iter().chain(["ж, ".repeat(3334), "x".repeat(10_000)]).collect()
}

/// The bundled data with such texts in place of names, remarks and titles.
fn with_hostile_texts() -> Records {
    let mut records = bundled();
    let texts = hostile();
    let mut next = texts.iter().cycle();
    for (noun, columns) in [
        (NounId::Leaders, &["name", "native_name"][..]),
        (NounId::Countries, &["name"]),
        (NounId::Offices, &["title"]),
        (NounId::Places, &["name"]),
        (NounId::Publications, &["title", "address"]),
        (NounId::Meetings, &["remark"]),
        (NounId::Visits, &["remark"]),
        (NounId::Events, &["name", "remark"]),
        (NounId::Accounts, &["locator"]),
    ] {
        for record in records.nouns.get_mut(&noun).unwrap().iter_mut() {
            for column in columns {
                record.cells.insert(column, next.next().unwrap().clone());
            }
        }
    }
    records.settings.insert("title".to_string(), texts.concat());
    records
}

fn many() -> usize {
    if slow() { 500 } else { 6 }
}

fn files() -> impl Iterator<Item = &'static str> {
    FORMS.iter().filter(|form| matches!(form.made, Made::File(_))).map(|form| form.name)
}

/// How often each text comes.
fn tally(texts: impl IntoIterator<Item = String>) -> BTreeMap<String, usize> {
    let mut tally = BTreeMap::new();
    texts.into_iter().for_each(|text| *tally.entry(text).or_default() += 1);
    tally
}

#[test]
fn the_same_content_is_the_same_export() {
    let rng = Rng::new(seed());
    for _ in 0..many() / 2 {
        let records = random(&rng);
        let mut shuffled = records.clone();
        for (noun, rows) in &mut shuffled.nouns {
            // Participants stand in the order of their lines.
            if *noun != NounId::Participants {
                (1..rows.len()).for_each(|at| rows.swap(at, rng.below(at + 1)));
            }
        }
        let (one, other) = (File::of(&records), File::of(&shuffled));
        for form in files() {
            let export = one.export(form);
            assert_eq!(export.text, one.export(form).text);
            assert_eq!(export.text, other.export(form).text, "{form}");
        }
    }
}

#[test]
fn what_was_stopped_makes_nothing() {
    let model = dataset::derived(&bundled()).unwrap();
    let stopped = Progress::of(&[], Stopper::default());
    stopped.stopper().stop();
    for form in FORMS {
        if let Made::File(maker) = form.made {
            assert_eq!(maker(&model, &stopped).unwrap_err().code, "R409");
        }
    }
}

#[test]
fn what_comes_up_and_what_is_left_out_is_everything() {
    let (rng, mut all) = (Rng::new(seed() + 1), vec![bundled()]);
    all.extend((0..many()).map(|_| random(&rng)));
    for records in all {
        let rows = |noun: NounId| records.of(noun).len() as u64;
        for form in files() {
            let Export { taken, lost, left_out, .. } = export(form, &records);
            let named = lost.of("names in other languages");
            let native =
                records.of(NounId::Leaders).iter().filter(|leader| leader.cell("native_name").is_some()).count();
            assert_eq!(named, rows(NounId::Names) + native as u64);
            let accounts = rows(NounId::Accounts) - left_out.of("accounts of what is left out");
            let told = lost.of("accounts") + lost.of("what second accounts tell otherwise");
            let preferred = records
                .of(NounId::Accounts)
                .iter()
                .filter(|account| account.cell("preferred").is_some())
                .filter(|account| form == "ics" || form == "geojson" && account.cell("event").is_none())
                .count() as u64;
            assert_eq!(accounts, told + preferred, "{form}");
            let of = |kinds: &[&str]| kinds.iter().map(|kind| lost.of(kind)).sum::<u64>();
            let meetings = taken.of("meetings")
                + match form {
                    "gexf" => {
                        lost.iter().filter(|(kind, _)| kind.starts_with("meetings ")).map(|(_, count)| count).sum()
                    }
                    "geojson" => of(&["meetings without a place", "meetings without coordinates"]),
                    _ => of(&["meetings with a vague date"]),
                };
            assert_eq!(meetings, rows(NounId::Meetings), "{form}: {lost:?}");
            if form != "gexf" {
                let kinds = ["visits with a vague date", "visits without a place", "visits without coordinates"];
                assert_eq!(taken.of("visits") + of(&kinds), rows(NounId::Visits), "{form}: {lost:?}");
            }
            for noun in [NounId::Terms, NounId::Memberships, NounId::Regions, NounId::Topics, NounId::Coverage] {
                assert_eq!(left_out.of(noun.noun().name), rows(noun), "{form}");
            }
        }
    }
}

#[test]
fn a_file_taken_apart_builds_itself_again() {
    let rng = Rng::new(seed() + 6);
    for _ in 0..many() {
        let records = random(&rng);
        let built = dataset::build(&records).unwrap();
        let again = dataset::build(&File::of(&records).records).unwrap();
        assert!(built.bytes == again.bytes);
    }
}
