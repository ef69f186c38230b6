//! The world that the meetings are in: countries, regions and groups as the bundled file has them, and leaders with their
//! terms, places, topics, publications and events made up. Built as any file is.

use super::chance::{Chance, Ranks};
use bilat::catalog::NounId::{self, *};
use bilat::dataset::records::{Record, Records};
use bilat::dataset::{build, unpack, world};
use bilat::sql::SqlQuery;
use bilat::store::Database;
use bilat::value::date::{Day, DayText, to_day};
use jiff::civil::Date;
use std::collections::{HashMap, HashSet};

/// The first and the last day of meetings.
pub const FIRST: Date = Date::constant(1946, 1, 1);
pub const LAST: Date = Date::constant(2026, 6, 30);

/// A row that others refer to.
#[derive(Clone, Default)]
pub struct Known {
    pub id: i64,
    pub key: String,
    pub label: String,
}

/// A leader in an office, from a day to another.
pub struct Tenure {
    pub first: Day,
    /// For who is still in office, the last day of the file.
    pub last: Day,
    pub leader: Known,
    pub term: i64,
}

pub struct Office {
    pub id: i64,
    /// One after the other, without gaps.
    pub tenures: Vec<Tenure>,
}

pub struct Country {
    pub id: i64,
    pub label: String,
    /// The head of state is the first.
    pub offices: Vec<Office>,
    pub places: Vec<i64>,
}

pub struct Event {
    pub id: i64,
    pub day: Day,
    pub host: usize,
}

pub struct World {
    /// What it was built to, to be copied into the whole.
    pub database: Database,
    /// By how often they come.
    pub countries: Vec<Country>,
    pub country_ranks: Ranks,
    /// In the order of their days.
    pub events: Vec<Event>,
    pub topics: Vec<i64>,
    pub publications: Vec<Known>,
    pub publication_ranks: Ranks,
}

/// How many countries there are meetings of, and those that come first.
const COUNTRIES: usize = 200;
const LARGEST: [&str; 24] = [
    "US", "RU", "CN", "FR", "DE", "GB", "IN", "JP", "TR", "IT", "EG", "BR", "SA", "IR", "UA", "PL", "ES", "KR", "ZA",
    "IL", "HU", "ID", "MX", "NG",
];

const OFFICES: [(&str, &str, &str); 8] = [
    ("president", "President", "head of state"),
    ("prime-minister", "Prime Minister", "head of government"),
    ("foreign-minister", "Foreign Minister", "minister"),
    ("defence-minister", "Defence Minister", "minister"),
    ("trade-minister", "Trade Minister", "minister"),
    ("finance-minister", "Finance Minister", "minister"),
    ("energy-minister", "Energy Minister", "minister"),
    ("speaker", "Speaker of Parliament", "other"),
];

const TOPICS: usize = 60;
const VENUES: [&str; 3] = ["Palace", "Residence", "Congress Hall"];

/// Where each thing stands among its kind.
struct Plan {
    countries: Vec<Record>,
    /// For each country its offices, each the tenures: first day, last day.
    terms: Vec<Vec<Vec<(Day, Day)>>>,
    events: Vec<(Day, usize)>,
    publications: usize,
}

/// The last day of the file, which is its reference date.
pub fn last_day() -> Day {
    to_day(LAST)
}

/// A day, the later the more often: as many in the last eighth of the time as before the middle of it, and twice that.
pub fn day(chance: &mut Chance) -> Day {
    let (first, last) = (to_day(FIRST), last_day());
    first + ((last - first) as f64 * chance.unit().cbrt()) as Day
}

/// The world for so many meetings.
pub fn made(meetings: usize) -> World {
    let bundled = Database::bundled().expect("the bundled file opens");
    let all = unpack::records(&bundled).expect("it can be read");
    let today = DayText(last_day()).to_string();
    let mut records = world::world(all, &format!("{meetings} meetings"), &today);
    let plan = planned(&records, meetings);
    people(&mut records, &plan);
    things(&mut records, &plan);
    let built = build(&records).unwrap_or_else(|mistakes| panic!("{:?}", mistakes.first()));
    let database = Database::from_bytes(&built.bytes, "the world").expect("it opens");
    found(database, &plan)
}

fn planned(records: &Records, meetings: usize) -> Plan {
    let now: Vec<&Record> = records.of(Countries).iter().filter(|country| country.cell("end").is_none()).collect();
    let largest = LARGEST.iter().filter_map(|key| now.iter().find(|country| country.key == *key));
    // The others in an order that is none of the alphabet.
    let mut others: Vec<&&Record> = now.iter().filter(|country| !LARGEST.contains(&country.key.as_str())).collect();
    others.sort_by_key(|country| {
        Chance::of(country.key.bytes().fold(7, |sum, byte| sum * 31 + u64::from(byte)), 0).below(1 << 30)
    });
    let mut countries: Vec<Record> = largest.chain(others).map(|country| (*country).clone()).collect();
    countries.truncate(COUNTRIES);
    let offices = match meetings {
        0..=200_000 => 2,
        0..=2_000_000 => 4,
        _ => OFFICES.len(),
    };
    let terms = (0..countries.len())
        .map(|country| (0..offices).map(|office| tenures(&mut Chance::of(11, country * 16 + office))).collect())
        .collect();
    let mut chance = Chance::of(12, meetings);
    let ranks = Ranks::zipf(countries.len());
    let mut events: Vec<(Day, usize)> =
        (0..(meetings / 300).max(8)).map(|_| (day(&mut chance), ranks.draw(&mut chance))).collect();
    events.sort_unstable();
    Plan { countries, terms, events, publications: (meetings / 50).clamp(20, 100_000) }
}

/// Terms of two to twelve years from the first day to the last.
fn tenures(chance: &mut Chance) -> Vec<(Day, Day)> {
    let mut tenures = Vec::new();
    let mut first = to_day(FIRST) - 400;
    while first < last_day() {
        let years = 2 + chance.below(4) + chance.below(4) + chance.below(4);
        let last = first + years as Day * 365 + chance.below(300) as Day;
        tenures.push((first, last.min(last_day())));
        first = last + 1;
    }
    tenures
}

fn add(records: &mut Records, noun: NounId, record: Record) {
    records.nouns.entry(noun).or_default().push(record);
}

fn office_key(country: &str, office: usize) -> String {
    format!("{}-{}", OFFICES[office].0, country.to_lowercase())
}

fn leader_key(country: &str, office: usize, at: usize) -> String {
    format!("{}-{office}-{at:02}", country.to_lowercase())
}

fn people(records: &mut Records, plan: &Plan) {
    let mut taken = HashSet::new();
    for (country, offices) in plan.countries.iter().zip(&plan.terms) {
        let name = country.cell("name").unwrap_or_default().to_string();
        for (office, tenures) in offices.iter().enumerate() {
            let (_, title, level) = OFFICES[office];
            let key = office_key(&country.key, office);
            let record = Record::new(&key).with("title", format!("{title} of {name}")).with("level", level);
            add(records, Offices, record.with("country", country.key.clone()));
            for (at, (first, last)) in tenures.iter().enumerate() {
                let leader = leader_key(&country.key, office, at);
                let named = person(&leader, &mut taken);
                add(records, Leaders, Record::new(&leader).with("name", named).with("country", country.key.clone()));
                let end = if *last == last_day() { String::new() } else { DayText(*last).to_string() };
                let term = Record::new(format!("{leader}-term")).with("leader", &leader).with("office", &key);
                add(records, Terms, term.with("start", DayText(*first).to_string()).with("end", end));
            }
        }
    }
}

const GIVEN: [&str; 24] = [
    "Adan", "Belor", "Cirel", "Dovan", "Emira", "Farok", "Galen", "Hanel", "Ilmar", "Jorek", "Kalia", "Loran", "Mirza",
    "Nadir", "Oskar", "Petra", "Quirin", "Ravel", "Selma", "Tomas", "Ulrik", "Vesna", "Wanda", "Yanis",
];
const SYLLABLES: [&str; 40] = [
    "ba", "ber", "cal", "dan", "do", "el", "fen", "ga", "gor", "hal", "in", "ja", "kar", "kov", "la", "len", "lor",
    "ma", "men", "mir", "na", "nov", "or", "pa", "pel", "ra", "ren", "ri", "sal", "sen", "so", "ta", "tor", "ul", "va",
    "vel", "wen", "ya", "zan", "zor",
];

fn capital(word: &str) -> String {
    let mut letters = word.chars();
    letters.next().map_or(String::new(), |first| first.to_uppercase().chain(letters).collect())
}

/// Words of a few syllables, the same for the same seed.
pub fn word(chance: &mut Chance, syllables: usize) -> String {
    (0..syllables).map(|_| *chance.one(&SYLLABLES)).collect()
}

/// A name that nobody else has, nor a part of it.
fn person(key: &str, taken: &mut HashSet<String>) -> String {
    let mut chance = Chance::of(key.bytes().fold(17, |sum: u64, byte| sum.wrapping_mul(131) + u64::from(byte)), 0);
    loop {
        let family = word(&mut chance, 3);
        if taken.insert(family.clone()) {
            return format!("{} {}", chance.one(&GIVEN), capital(&family));
        }
    }
}

fn things(records: &mut Records, plan: &Plan) {
    let mut taken = HashSet::new();
    for country in plan.countries.iter().take(60) {
        for venue in VENUES {
            let capital = country.cell("capital").unwrap_or_default();
            let name = format!("{venue} of {}", country.cell("name").unwrap_or_default());
            let key = format!("{}-{}", venue.to_lowercase().replace(' ', "-"), country.key.to_lowercase());
            let record = Record::new(key).with("name", name).with("kind", "venue");
            add(records, Places, record.with("parent", capital).with("country", country.key.clone()));
        }
    }
    for at in 0..TOPICS {
        let mut chance = Chance::of(13, at);
        let name = loop {
            let name = format!("{} {}", capital(&word(&mut chance, 2)), word(&mut chance, 3));
            if taken.insert(name.clone()) {
                break name;
            }
        };
        add(records, Topics, Record::new(format!("topic-{at:02}")).with("name", name));
    }
    for at in 0..plan.publications {
        let mut chance = Chance::of(14, at);
        let title = format!("{} Report {}", capital(&word(&mut chance, 2)), at + 1);
        let kind = ["press", "press", "government", "party to the talks", "database"][chance.below(5)];
        let record = Record::new(format!("r{at:06}")).with("title", title).with("kind", kind);
        let published = DayText(day(&mut chance)).to_string();
        add(records, Publications, record.with("language", "en").with("published", published));
    }
    for (at, (day, host)) in plan.events.iter().enumerate() {
        let mut chance = Chance::of(15, at);
        let name = format!("{} Summit {}", capital(&word(&mut chance, 2)), at + 1);
        let host = &plan.countries[*host];
        let record = Record::new(format!("e{at:06}")).with("name", name).with("kind", "summit");
        let record = record.with("date", DayText(*day).to_string()).with("host_country", host.key.clone());
        add(records, Events, record.with("status", "held"));
    }
}

/// The rows of a table by their keys.
fn rows(database: &Database, table: &str) -> HashMap<String, Known> {
    let text = format!("SELECT \"id\" AS c0, \"key\" AS c1, \"label\" AS c2 FROM \"{table}\"");
    let query = SqlQuery::new(text, Vec::new());
    let known = database.collect(&query, |row| Known {
        id: row.integer(0),
        key: row.text(1).unwrap_or_default(),
        label: row.text(2).unwrap_or_default(),
    });
    known.expect("it can be read").into_iter().map(|known| (known.key.clone(), known)).collect()
}

/// What was planned, with the ids that the build gave it.
fn found(database: Database, plan: &Plan) -> World {
    let [leaders, offices, terms, places, countries] =
        ["leaders", "offices", "terms", "places", "countries"].map(|table| rows(&database, table));
    let country = |(at, (record, of)): (usize, (&Record, &Vec<Vec<(Day, Day)>>))| {
        let key = &record.key;
        let tenure = |office: usize, at: usize, (first, last): (Day, Day)| {
            let leader = leaders[&leader_key(key, office, at)].clone();
            let term = terms[&format!("{}-term", leader.key)].id;
            Tenure { first, last, leader, term }
        };
        let office = |(office, of): (usize, &Vec<(Day, Day)>)| Office {
            id: offices[&office_key(key, office)].id,
            tenures: of.iter().enumerate().map(|(at, span)| tenure(office, at, *span)).collect(),
        };
        let venue =
            |name: &&str| places.get(&format!("{}-{}", name.to_lowercase().replace(' ', "-"), key.to_lowercase()));
        let venues = VENUES.iter().filter_map(venue).filter(|_| at < 60);
        let capital = record.cell("capital").and_then(|capital| places.get(capital));
        Country {
            id: countries[key.as_str()].id,
            label: countries[key.as_str()].label.clone(),
            offices: of.iter().enumerate().map(office).collect(),
            places: capital.into_iter().chain(venues).map(|place| place.id).collect(),
        }
    };
    let made = plan.countries.iter().zip(&plan.terms).enumerate().map(country).collect();
    let in_order = |table: &str| {
        let mut rows: Vec<Known> = rows(&database, table).into_values().collect();
        rows.sort_by(|one, other| one.key.cmp(&other.key));
        rows
    };
    let dated = in_order("events").into_iter().zip(&plan.events);
    let events = dated.map(|(known, (day, host))| Event { id: known.id, day: *day, host: *host });
    World {
        countries: made,
        country_ranks: Ranks::zipf(plan.countries.len()),
        events: events.collect(),
        topics: in_order("topics").iter().map(|topic| topic.id).collect(),
        publications: in_order("publications"),
        publication_ranks: Ranks::zipf(plan.publications),
        database,
    }
}
