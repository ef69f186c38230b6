//! Random data: few of everything, so that things meet; vague dates, unknown values, dated memberships.

use super::rng::Rng;
use bilat::catalog::NounId;
use bilat::dataset::records::{Record, Records};

pub const LEADERS: &[&str] = &["Ada Alpha", "Bo Beta", "Čeda Gamma", "Давид Delta", "Eve Epsilon", "Fu Zeta"];
pub const COUNTRIES: &[&str] = &["Arvia", "Belland", "Corland", "Dorvik", "Estria"];
pub const REGIONS: &[&str] = &["Northland", "Southland", "Northeast"];
pub const GROUPS: &[&str] = &["Union", "League"];
pub const PLACES: &[&str] = &["Arcity", "Arhall", "Belcity", "Corcity", "Dortown"];
pub const TOPICS: &[&str] = &["trade", "war", "gas"];
pub const EVENTS: &[&str] = &["Big Summit", "Small Forum", "Odd Rite"];
pub const PUBLICATIONS: &[&str] = &["The Daily", "Gazette of Arvia", "Chronicle"];
pub const OFFICES: &[&str] = &["President of Arvia", "Premier of Arvia", "President of Belland", "Envoy of Corland"];

fn key(prefix: &str, number: usize) -> String {
    format!("{prefix}{number}")
}

fn day(rng: &Rng) -> String {
    format!("2024-{:02}-{:02}", 4 + rng.below(4), 1 + rng.below(28))
}

/// A single date: exact, a month, a year, a set, or nothing.
fn date(rng: &Rng) -> String {
    match rng.below(12) {
        0 => String::new(),
        1 | 2 => format!("2024-{:02}", 4 + rng.below(4)),
        3 => "2024".to_string(),
        4 => format!("[2024-05-{:02}..2024-06-{:02}]", 1 + rng.below(28), 1 + rng.below(28)),
        5 => format!("[..2024-06-{:02}]", 1 + rng.below(28)),
        6 => format!("[2024-06-{:02}..]", 1 + rng.below(28)),
        _ => day(rng),
    }
}

/// A stay: two days, perhaps with vague ends.
fn stay(rng: &Rng) -> String {
    let month = 4 + rng.below(4);
    let first = 1 + rng.below(20);
    let last = first + rng.below(6);
    let end = format!("2024-{month:02}-{last:02}");
    match rng.below(8) {
        0 => String::new(),
        1 => format!("2024-{month:02}/2024-{month:02}"),
        2 => format!("[2024-{month:02}-01..2024-{month:02}-{first:02}]/{end}"),
        3 => format!("2024-{month:02}-{first:02}/.."),
        _ => format!("2024-{month:02}-{first:02}/{end}"),
    }
}

fn span(rng: &Rng) -> String {
    if rng.one_in(3) { stay(rng) } else { date(rng) }
}

fn maybe(rng: &Rng, times: usize, text: impl Into<String>) -> String {
    if rng.one_in(times) { String::new() } else { text.into() }
}

fn some_keys(rng: &Rng, prefix: &str, count: usize) -> String {
    let keys: Vec<String> = (0..count).filter(|_| rng.one_in(3)).map(|number| key(prefix, number)).collect();
    keys.join("; ")
}

fn term_ends(rng: &Rng) -> (String, String) {
    let start = match rng.below(4) {
        0 => String::new(),
        1 => "2024-05".to_string(),
        2 => format!("202{}", rng.below(4)),
        _ => format!("2024-{:02}-{:02}", 1 + rng.below(6), 1 + rng.below(28)),
    };
    let end = match rng.below(4) {
        0 => "2024-07".to_string(),
        1 => "2024-06-15".to_string(),
        2 => "2025".to_string(),
        _ => String::new(),
    };
    (start, end)
}

pub fn records(rng: &Rng) -> Records {
    let mut records = Records::default();
    records.settings.insert("reference_date".to_string(), "2024-06-20".to_string());
    let mut put = |noun: NounId, record: Record| {
        let rows = records.nouns.entry(noun).or_default();
        let mut record = record;
        record.place.line = rows.len() as u64 + 2;
        rows.push(record);
    };
    use NounId::*;
    for (number, name) in REGIONS.iter().enumerate() {
        let parent = if number == 2 { "r0" } else { "" };
        put(Regions, Record::new(key("r", number)).with("name", *name).with("scheme", "own").with("parent", parent));
    }
    for (number, name) in COUNTRIES.iter().enumerate() {
        let region = maybe(rng, 5, key("r", rng_below(number, 3)));
        let mut record = Record::new(key("c", number)).with("name", *name).with("region", region);
        if number % 2 == 0 {
            record = record.with("code", format!("X{}", (b'A' + number as u8) as char));
        }
        if rng.one_in(3) {
            record = record.with("start", date(rng));
        } else if rng.one_in(4) {
            record = record.with("end", date(rng));
        }
        put(Countries, record);
    }
    for (number, name) in GROUPS.iter().enumerate() {
        put(Groups, Record::new(key("g", number)).with("name", *name).with("kind", maybe(rng, 2, "union")));
    }
    for number in 0..8 {
        let (start, end) = term_ends(rng);
        let kind = *rng.pick(&["member", "party", "observer", "partner"]);
        let (country, group) = (key("c", rng.below(COUNTRIES.len())), key("g", rng.below(GROUPS.len())));
        let record = Record::new(key("ms", number)).with("kind", kind).with("start", start).with("end", end);
        put(Memberships, record.with("country", country).with("group", group));
    }
    for (number, name) in PLACES.iter().enumerate() {
        let record =
            Record::new(key("p", number)).with("name", *name).with("kind", if number == 1 { "venue" } else { "city" });
        let record = match number {
            1 => record.with("parent", "p0"),
            _ => record.with("country", maybe(rng, 4, key("c", number.saturating_sub(1).min(4)))),
        };
        put(Places, record.with("latitude", maybe(rng, 2, format!("{}.5", number * 10))));
    }
    for (number, title) in OFFICES.iter().enumerate() {
        let level = maybe(rng, 4, ["head of state", "head of government", "head of state", "other"][number]);
        let country = maybe(rng, 5, ["c0", "c0", "c1", "c2"][number]);
        put(Offices, Record::new(key("o", number)).with("title", *title).with("level", level).with("country", country));
    }
    for (number, name) in LEADERS.iter().enumerate() {
        let country = maybe(rng, 5, key("c", rng.below(COUNTRIES.len())));
        let record = Record::new(key("l", number)).with("name", *name).with("country", country);
        put(
            Leaders,
            record.with("born", maybe(rng, 2, format!("19{}", 50 + number))).with("remark", maybe(rng, 2, "Of old.")),
        );
    }
    for number in 0..9 {
        let (start, end) = term_ends(rng);
        let record = Record::new(key("t", number)).with("start", start).with("end", end);
        let (leader, office) = (key("l", rng.below(LEADERS.len())), key("o", rng.below(OFFICES.len())));
        let record = record.with("leader", leader).with("office", office);
        put(Terms, record.with("acting", if rng.one_in(4) { "yes" } else { "" }));
    }
    for (number, name) in TOPICS.iter().enumerate() {
        put(Topics, Record::new(key("tp", number)).with("name", *name));
    }
    for (number, title) in PUBLICATIONS.iter().enumerate() {
        let record = Record::new(key("pb", number)).with("title", *title).with("published", date(rng));
        put(Publications, record.with("kind", maybe(rng, 2, "press")).with("publisher", maybe(rng, 2, "Somebody")));
    }
    let mut accounts = Telling { rng, records: Vec::new() };
    for (number, name) in EVENTS.iter().enumerate() {
        let record = Record::new(key("e", number)).with("name", *name).with("kind", maybe(rng, 3, "summit"));
        let told = accounts.of(Events, number);
        let record = record.with("date", if told { String::new() } else { span(rng) });
        let record = record.with("status", if told { "" } else { *rng.pick(&["", "held", "planned", "cancelled"]) });
        let record = record.with("place", maybe(rng, 2, key("p", rng.below(PLACES.len()))));
        put(Events, record.with("group", maybe(rng, 2, key("g", rng.below(GROUPS.len())))));
    }
    for number in 0..9 {
        let told = accounts.of(Visits, number);
        let own = |text: String| if told { String::new() } else { text };
        let record = Record::new(key("v", number))
            .with("date", own(stay(rng)))
            .with("kind", own(maybe(rng, 3, *rng.pick(&["state", "working"]))));
        let record = record.with("status", own(rng.pick(&["", "", "held", "planned"]).to_string()));
        let record =
            record.with("leader", key("l", rng.below(3))).with("country", key("c", rng.below(COUNTRIES.len())));
        put(Visits, record.with("places", some_keys(rng, "p", PLACES.len())));
    }
    for number in 0..14 {
        let told = accounts.of(Meetings, number);
        let own = |text: String| if told { String::new() } else { text };
        let record = Record::new(key("m", number)).with("date", own(span(rng)));
        let record = record.with("format", own(maybe(rng, 3, *rng.pick(&["talks", "call", "summit"]))));
        let record = record.with("status", own(rng.pick(&["", "", "", "held", "planned", "denied"]).to_string()));
        // Most dates would contradict those of a visit.
        let visit = (told || record.cell("date").is_none()) && rng.one_in(6);
        let record = record.with("visits", if visit { key("v", rng.below(9)) } else { String::new() });
        let record = record.with("remark", maybe(rng, 2, *rng.pick(&["Über Gas.", "A long day", "100% sure"])));
        let record = record.with("place", maybe(rng, 3, key("p", rng.below(PLACES.len()))));
        let record = record.with("event", maybe(rng, 2, key("e", rng.below(EVENTS.len()))));
        put(Meetings, record.with("topics", some_keys(rng, "tp", TOPICS.len())));
        let mut taken = Vec::new();
        for party in 0..1 + rng.below(4) {
            let leader = rng.below(LEADERS.len());
            let known = !taken.contains(&leader) && !rng.one_in(6);
            taken.push(leader);
            let record = Record::new(format!("m{number}-{party}")).with("meeting", key("m", number));
            let record = record.with("role", maybe(rng, 3, *rng.pick(&["host", "guest", "participant"])));
            let record = if known { record.with("leader", key("l", leader)) } else { record };
            let country = if known {
                maybe(rng, 2, key("c", rng.below(COUNTRIES.len())))
            } else {
                key("c", rng.below(COUNTRIES.len()))
            };
            put(Participants, record.with("country", country));
        }
    }
    for account in accounts.records {
        put(NounId::Accounts, account);
    }
    for number in 0..5 {
        let party = match rng.below(4) {
            0 => ("country", key("c", rng.below(COUNTRIES.len()))),
            1 => ("leader", String::new()),
            _ => ("leader", key("l", rng.below(LEADERS.len()))),
        };
        let other = match rng.below(6) {
            0 => ("other_country", key("c", rng.below(COUNTRIES.len()))),
            1 => ("other_leader", key("l", rng.below(LEADERS.len()))),
            _ => ("place", maybe(rng, 8, String::new())),
        };
        let place = if rng.one_in(8) { key("p", rng.below(PLACES.len())) } else { String::new() };
        let record =
            Record::new(key("cv", number)).with("noun", *rng.pick(&["meetings", "meetings", "visits", "events"]));
        let record = record.with("start", format!("2024-{:02}", 1 + rng.below(5)));
        let record = record.with("end", *rng.pick(&["2024-06-20", "2024-06-20", "2024-07-31", "2025-01"]));
        put(Coverage, record.with(party.0, party.1).with(other.0, other.1).with("place", place));
    }
    records
}

/// What publications tell of meetings, visits and events.
struct Telling<'r> {
    rng: &'r Rng,
    records: Vec<Record>,
}

impl Telling<'_> {
    /// Some accounts of a row, one of them preferred; whether there are any.
    fn of(&mut self, noun: NounId, number: usize) -> bool {
        let rng = self.rng;
        let count = [0, 0, 1, 2, 2, 3][rng.below(6)];
        let (link, prefix) = match noun {
            NounId::Meetings => ("meeting", "m"),
            NounId::Visits => ("visit", "v"),
            _ => ("event", "e"),
        };
        let preferred = rng.below(count);
        let first = self.records.len();
        for at in 0..count {
            let date = if noun == NounId::Visits { stay(rng) } else { span(rng) };
            let record = Record::new(format!("a-{}", self.records.len()));
            let record = record.with(link, key(prefix, number)).with("date", date);
            let record = record.with("publication", key("pb", rng.below(PUBLICATIONS.len())));
            let record = record.with("locator", maybe(rng, 2, format!("line {number}")));
            let record = record.with("status", *rng.pick(&["", "", "", "held", "planned", "denied"]));
            let record = match noun {
                NounId::Meetings => record.with("format", maybe(rng, 2, *rng.pick(&["talks", "call", "summit"]))),
                NounId::Visits => record.with("kind", maybe(rng, 2, *rng.pick(&["state", "working"]))),
                _ => record,
            };
            let record =
                record.with("place", if rng.one_in(3) { key("p", rng.below(PLACES.len())) } else { String::new() });
            let record = record
                .with("host_country", if rng.one_in(4) { key("c", rng.below(COUNTRIES.len())) } else { String::new() });
            let record =
                record.with("named", if noun == NounId::Meetings { format!("m{number}-0") } else { String::new() });
            // Who follows whom is only rarely said: most random dates would contradict it.
            let after = self.records.len() > first && rng.one_in(20);
            let record = record.with("follows", if after { format!("a-{first}") } else { String::new() });
            self.records.push(record.with("preferred", if at == preferred { "yes" } else { "" }));
        }
        count > 0
    }
}

fn rng_below(number: usize, end: usize) -> usize {
    number % end
}
