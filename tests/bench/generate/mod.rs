//! A file of meetings that nobody held, of any size, the same in every run.
//!
//! Countries come by Zipf's law, leaders by their terms of office, dates the denser the nearer to today. 65 in a hundred
//! meetings are of two, the others of up to twelve; 8 have dates of which only the month is known, 2 only the year; 4
//! were not held; hosts, places and some leaders are unknown. Every row is what a build would make of the others:
//! [`bilat::dataset::examine`] finds nothing against the file.

pub mod chance;
pub mod meeting;
pub mod world;

use bilat::catalog::ddl::{self, Table};
use bilat::sql::{Parameter, SqlQuery};
use bilat::store::{Database, Raw, SEAL, Writer};
use bilat::value::date::{Bounds, Day, VagueDate};
use meeting::{Meeting, When, Words};
use rusqlite::Connection;
use std::collections::HashMap;
use std::path::{Path, PathBuf};
use world::{Known, World};

/// The file of so many meetings in a folder, made where it is not there yet.
pub fn file(folder: &Path, meetings: usize) -> PathBuf {
    let path = folder.join(format!("bench-{meetings}-{}.db", ddl::LAYOUT));
    if !path.exists() {
        let begun = std::time::Instant::now();
        let bytes = bytes(meetings);
        std::fs::write(&path, bytes).expect("it is written");
        println!("made {} in {:.1} s", path.display(), begun.elapsed().as_secs_f64());
    }
    path
}

/// The bytes of such a file.
pub fn bytes(meetings: usize) -> Vec<u8> {
    let world = world::made(meetings);
    let width = meetings.to_string().len();
    let mut output = Output { rows: begun(&world), world, words: Words::new(), dates: meeting::dates(meetings), width };
    output.meetings();
    let visits = output.participants();
    output.visits(&visits);
    output.topics();
    output.accounts();
    output.rows.execute_batch("COMMIT").expect("they fit");
    let rows = output.rows.serialize("main").expect("they are bytes").to_vec();
    drop(output);
    // A file is written table by table, as every other.
    let made = Database::from_bytes(&rows, "rows").expect("it opens");
    let mut writer = Writer::new().expect("a writer");
    writer.copy_from(&made).expect("they fit");
    writer.finish().expect("it is sealed").0
}

/// The tables of a file with the rows of the world, to be filled in any order.
fn begun(world: &World) -> Connection {
    let rows = Connection::open_in_memory().expect("memory");
    let marks = format!("PRAGMA application_id = {}; PRAGMA user_version = {};", ddl::APPLICATION_ID, ddl::LAYOUT);
    rows.execute_batch(&marks).expect("they are set");
    for statement in ddl::statements(ddl::LAYOUT) {
        rows.execute(&statement, []).expect("it is SQL");
    }
    rows.execute_batch("PRAGMA foreign_keys = 0; BEGIN").expect("it begins");
    for table in ddl::tables() {
        let names: Vec<String> = table.columns.iter().map(|column| format!("\"{}\"", column.name)).collect();
        let select = SqlQuery::new(format!("SELECT {} FROM \"{}\"", names.join(", "), table.name), Vec::new());
        let cell = |raw: Raw<'_>| match raw {
            Raw::Null => None,
            Raw::Integer(number) => Some(Parameter::Integer(number)),
            Raw::Real(number) => Some(Parameter::Real(number)),
            Raw::Text(text) => Some(Parameter::Text(text.into_owned())),
        };
        let known = world.database.collect(&select, |row| (0..names.len()).map(|at| cell(row.get(at))).collect());
        let known: Vec<Vec<Option<Parameter>>> = known.expect("it can be read");
        for values in known.into_iter().filter(|row| row.first() != Some(&Some(Parameter::Text(SEAL.to_string())))) {
            insert(&rows, table, &values);
        }
    }
    rows
}

fn insert(rows: &Connection, table: &Table, values: &[Option<Parameter>]) {
    let marks: Vec<String> = (1..=values.len()).map(|at| format!("?{at}")).collect();
    let text = format!("INSERT INTO \"{}\" VALUES ({})", table.name, marks.join(", "));
    let mut statement = rows.prepare_cached(&text).expect("it is SQL");
    statement.execute(rusqlite::params_from_iter(values)).expect("it fits");
}

/// A visit that meetings of one day or two belong to.
struct Visit {
    leader: Known,
    country: i64,
    country_label: String,
    term: Option<i64>,
    date: VagueDate,
    place: Option<i64>,
    meetings: Vec<usize>,
}

struct Output {
    rows: Connection,
    world: World,
    words: Words,
    dates: Vec<When>,
    /// How many digits the keys have.
    width: usize,
}

/// A row on its way: the values of its table's columns.
struct Row<'t> {
    table: &'t Table,
    values: Vec<Option<Parameter>>,
}

impl Row<'static> {
    fn of(name: &str) -> Row<'static> {
        let table = ddl::tables().iter().find(|table| table.name == name).expect("a table of that name");
        Row { table, values: vec![None; table.columns.len()] }
    }
}

impl Row<'_> {
    fn set(&mut self, column: &str, value: Parameter) {
        let at = self.table.columns.iter().position(|known| known.name == column);
        self.values[at.unwrap_or_else(|| panic!("no column {column}"))] = Some(value);
    }

    fn text(mut self, column: &str, text: impl Into<String>) -> Self {
        self.set(column, Parameter::Text(text.into()));
        self
    }

    fn text_if(self, column: &str, text: Option<impl Into<String>>) -> Self {
        match text {
            Some(text) => self.text(column, text),
            None => self,
        }
    }

    fn number(mut self, column: &str, number: i64) -> Self {
        self.set(column, Parameter::Integer(number));
        self
    }

    fn number_if(self, column: &str, number: Option<i64>) -> Self {
        match number {
            Some(number) => self.number(column, number),
            None => self,
        }
    }

    fn date(self, date: &VagueDate) -> Self {
        let Bounds { start_min, start_max, end_min, end_max } = date.bounds;
        let days = ddl::BOUNDS.into_iter().zip([start_min, start_max, end_min, end_max]);
        days.fold(self.text("date", &date.text), |row, (name, day)| row.number(name, day))
    }
}

fn id(at: usize) -> i64 {
    at as i64 + 1
}

impl Output {
    fn insert(&mut self, row: &Row<'_>) {
        insert(&self.rows, row.table, &row.values);
    }

    fn key(&self, letter: char, number: usize) -> String {
        format!("{letter}{number:0width$}", width = self.width + usize::from(letter != 'm'))
    }

    fn meeting(&self, at: usize) -> Meeting<'_> {
        meeting::made(&self.world, &self.words, self.dates[at])
    }

    fn meetings(&mut self) {
        for at in 0..self.dates.len() {
            let meeting = self.meeting(at);
            let labels: Vec<&str> = meeting.participants.iter().map(|one| one.label).collect();
            let host = meeting.host.map(|host| self.world.countries[host].id);
            let row = Row::of("meetings")
                .number("id", id(at))
                .text("key", self.key('m', at))
                .text("label", format!("{}, {}", labels.join(" – "), meeting.date.text))
                .date(&meeting.date)
                .text_if("format", meeting.format)
                .text("status", meeting.status)
                .number("disputed", 0)
                .text_if("remark", meeting.remark.as_deref())
                .number_if("place_id", meeting.place)
                .number_if("host_country_id", host)
                .number_if("event_id", meeting.event);
            self.insert(&row);
        }
    }

    /// The participants, and the visits on which they came.
    fn participants(&mut self) -> Vec<Visit> {
        let mut number = 0;
        let mut visits: Vec<Visit> = Vec::new();
        // Of one date, the visits by leader and country.
        let (mut of_date, mut known): ((Day, Day), HashMap<(i64, i64), usize>) = ((0, 0), HashMap::new());
        for at in 0..self.dates.len() {
            let when = self.dates[at];
            let meeting = meeting::made(&self.world, &self.words, when);
            if of_date != (when.first, when.last) {
                of_date = (when.first, when.last);
                known.clear();
            }
            let mut rows = Vec::new();
            for one in &meeting.participants {
                let country = &self.world.countries[one.country];
                rows.push(
                    Row::of("participants")
                        .number("id", id(number))
                        .text("key", self.key('p', number))
                        .text("label", one.label)
                        .text_if("role", one.role)
                        .number("meeting_id", id(at))
                        .number_if("leader_id", one.leader.map(|leader| leader.id))
                        .number_if("office_id", one.office.map(|(office, _)| office))
                        .number("country_id", country.id),
                );
                number += 1;
                let (Some(leader), Some(host)) = (one.leader, meeting.host) else { continue };
                if !meeting.visited || host == one.country {
                    continue;
                }
                let host = &self.world.countries[host];
                let visit = *known.entry((leader.id, host.id)).or_insert_with(|| {
                    visits.push(Visit {
                        leader: leader.clone(),
                        country: host.id,
                        country_label: host.label.clone(),
                        term: one.office.map(|(_, term)| term),
                        date: meeting.date.clone(),
                        place: meeting.place,
                        meetings: Vec::new(),
                    });
                    visits.len() - 1
                });
                visits[visit].meetings.push(at);
            }
            for row in &rows {
                self.insert(row);
            }
        }
        visits
    }

    /// Visits, the journeys that they make, and what belongs to them.
    fn visits(&mut self, visits: &[Visit]) {
        let journeys = journeys(visits, |at| self.key('v', at));
        let mut journey_of = vec![0; visits.len()];
        for (at, journey) in journeys.iter().enumerate() {
            let leader = &visits[journey.visits[0]].leader;
            for visit in &journey.visits {
                journey_of[*visit] = id(at);
            }
            let days = journey.date.bounds.end_max - journey.date.bounds.start_min + 1;
            let row = Row::of("journeys")
                .number("id", id(at))
                .text("key", &journey.key)
                .text("label", format!("{}, {}", leader.label, journey.date.text))
                .date(&journey.date)
                .number("duration", days)
                .number("separate", 1)
                .number("leader_id", leader.id);
            self.insert(&row);
        }
        let (mut meetings, mut places) = (Vec::new(), Vec::new());
        for (at, visit) in visits.iter().enumerate() {
            let days = visit.date.bounds.end_max - visit.date.bounds.start_min + 1;
            let row = Row::of("visits")
                .number("id", id(at))
                .text("key", self.key('v', at))
                .text("label", format!("{} to {}, {}", visit.leader.label, visit.country_label, visit.date.text))
                .date(&visit.date)
                .text("kind", if days > 1 { "state" } else { "working" })
                .text("status", "held")
                .number("disputed", 0)
                .number("duration", days)
                .number("leader_id", visit.leader.id)
                .number("country_id", visit.country)
                .number_if("term_id", visit.term)
                .number("journey_id", journey_of[at]);
            self.insert(&row);
            meetings.extend(visit.meetings.iter().map(|meeting| (id(*meeting), id(at))));
            places.extend(visit.place.map(|place| (id(at), place)));
        }
        for (visit, place) in places {
            self.insert(
                &Row::of("visit_places").number("visit_id", visit).number("place_id", place).number("position", 1),
            );
        }
        meetings.sort_unstable();
        for (meeting, visit) in meetings {
            self.insert(&Row::of("meeting_visits").number("meeting_id", meeting).number("visit_id", visit));
        }
    }

    fn topics(&mut self) {
        for at in 0..self.dates.len() {
            for topic in self.meeting(at).topics {
                self.insert(&Row::of("meeting_topics").number("meeting_id", id(at)).number("topic_id", topic));
            }
        }
    }

    fn accounts(&mut self) {
        let mut number = 0;
        for at in 0..self.dates.len() {
            let meeting = meeting::made(&self.world, &self.words, self.dates[at]);
            let mut rows = Vec::new();
            for (position, publication) in meeting.accounts.iter().enumerate() {
                let locator = meeting.locator.as_deref().filter(|_| position == 0);
                let label =
                    [Some(publication.label.as_str()), locator].into_iter().flatten().collect::<Vec<_>>().join(", ");
                let row = Row::of("accounts")
                    .number("id", id(number))
                    .text("key", self.key('a', number))
                    .text("label", label)
                    .date(&meeting.date)
                    .text_if("locator", locator)
                    .number("anchor_min", bilat::value::date::OPEN_PAST)
                    .number("anchor_max", bilat::value::date::OPEN_FUTURE)
                    .text_if("format", meeting.format.filter(|_| position == 0))
                    .text("status", meeting.status)
                    .number("preferred", i64::from(position == 0))
                    .number("publication_id", publication.id)
                    .number("meeting_id", id(at));
                rows.push(row);
                number += 1;
            }
            for row in &rows {
                self.insert(row);
            }
        }
    }
}

struct Journey {
    key: String,
    date: VagueDate,
    visits: Vec<usize>,
}

/// Visits of one leader joined: the next begins at most one day after the latest end so far. In the order of their ids.
fn journeys(visits: &[Visit], key: impl Fn(usize) -> String) -> Vec<Journey> {
    let mut order: Vec<usize> = (0..visits.len()).collect();
    order.sort_by_cached_key(|at| (visits[*at].leader.key.clone(), visits[*at].date.bounds.start_min, *at));
    let mut journeys: Vec<(String, Day, Day, Vec<usize>)> = Vec::new();
    for at in order {
        let (visit, stay) = (&visits[at], visits[at].date.bounds);
        match journeys.last_mut() {
            Some((leader, _, end, of)) if *leader == visit.leader.key && stay.start_min <= *end + 1 => {
                *end = stay.end_max.max(*end);
                of.push(at);
            }
            _ => journeys.push((visit.leader.key.clone(), stay.start_min, stay.end_max, vec![at])),
        }
    }
    let made = journeys.into_iter().map(|(leader, start, end, visits)| {
        let bounds = Bounds { start_min: start, start_max: start, end_min: end, end_max: end };
        let date = VagueDate::from_bounds(bounds, start == end);
        Journey { key: format!("{leader}-with-{}", key(visits[0])), date, visits }
    });
    let mut made: Vec<Journey> = made.collect();
    made.sort_by_cached_key(|journey| {
        (journey.date.bounds.start_min, journey.date.bounds.end_max, journey.key.clone())
    });
    made
}
