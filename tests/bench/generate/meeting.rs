//! One meeting, the same whenever it is asked for.

use super::chance::{Chance, Ranks};
use super::world::{self, Country, Known, World};
use bilat::value::date::{Bounds, Day, VagueDate, to_civil, to_day};

/// When a meeting was, and which it is of those that were drawn.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct When {
    pub first: Day,
    pub last: Day,
    /// How much of it is known: a day, two days, a month, a year.
    pub known: Known4,
    pub draw: usize,
}

#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Known4 {
    Day,
    Days,
    Month,
    Year,
}

pub struct Meeting<'w> {
    pub date: VagueDate,
    pub format: Option<&'static str>,
    pub status: &'static str,
    pub remark: Option<String>,
    pub place: Option<i64>,
    pub host: Option<usize>,
    pub event: Option<i64>,
    pub participants: Vec<Participant<'w>>,
    pub topics: Vec<i64>,
    /// Its accounts, each the publication it is in; the first is preferred.
    pub accounts: Vec<&'w Known>,
    /// Where it is told, as the first account says.
    pub locator: Option<String>,
    /// Whether the guests came on visits that the file has.
    pub visited: bool,
}

pub struct Participant<'w> {
    pub country: usize,
    pub role: Option<&'static str>,
    pub leader: Option<&'w Known>,
    /// The office that the leader surely held, and the term.
    pub office: Option<(i64, i64)>,
    pub label: &'w str,
}

/// All meetings in the order of their dates.
pub fn dates(meetings: usize) -> Vec<When> {
    let date = |draw: usize| {
        let mut chance = Chance::of(1, draw);
        let day = world::day(&mut chance);
        let civil = to_civil(day);
        let (first, last, known) = match chance.below(100) {
            0..8 => (to_day(civil.first_of_month()), to_day(civil.last_of_month()), Known4::Month),
            8..10 => (to_day(civil.first_of_year()), to_day(civil.last_of_year()), Known4::Year),
            10..14 => (day, day + 1, Known4::Days),
            _ => (day, day, Known4::Day),
        };
        When { first, last, known, draw }
    };
    let mut dates: Vec<When> = (0..meetings).map(date).collect();
    dates.sort_unstable();
    dates
}

impl When {
    pub fn date(self) -> VagueDate {
        let bounds = match self.known {
            Known4::Days => {
                Bounds { start_min: self.first, start_max: self.first, end_min: self.last, end_max: self.last }
            }
            _ => Bounds { start_min: self.first, start_max: self.last, end_min: self.first, end_max: self.last },
        };
        VagueDate::from_bounds(bounds, self.known != Known4::Days)
    }

    pub fn is_exact(self) -> bool {
        matches!(self.known, Known4::Day | Known4::Days)
    }
}

/// How many take part, by weight from two to twelve.
const SIZES: [u64; 11] = [65, 10, 6, 5, 4, 3, 2, 2, 1, 1, 1];

/// Words of remarks, by how often they come.
pub struct Words {
    words: Vec<String>,
    ranks: Ranks,
    sizes: Ranks,
}

impl Words {
    pub fn new() -> Words {
        const COUNT: usize = 20_000;
        let word = |at: usize| world::word(&mut Chance::of(2, at), 2 + at % 3);
        Words { words: (0..COUNT).map(word).collect(), ranks: Ranks::zipf(COUNT), sizes: Ranks::weighted(SIZES) }
    }

    /// The word of a rank, from 0.
    pub fn of(&self, rank: usize) -> &str {
        &self.words[rank]
    }

    fn sentence(&self, chance: &mut Chance) -> String {
        let count = 3 + chance.below(8);
        let words: Vec<&str> = (0..count).map(|_| self.words[self.ranks.draw(chance)].as_str()).collect();
        words.join(" ")
    }
}

const STATUSES: [&str; 5] = ["planned", "announced", "cancelled", "postponed", "denied"];

/// The meeting of that date.
pub fn made<'w>(world: &'w World, words: &Words, when: When) -> Meeting<'w> {
    let mut chance = Chance::of(3, when.draw);
    let chance = &mut chance;
    let count = 2 + words.sizes.draw(chance);
    let mut countries: Vec<usize> = Vec::with_capacity(count);
    while countries.len() < count {
        let country = world.country_ranks.draw(chance);
        if !countries.contains(&country) {
            countries.push(country);
        }
    }
    let format = format(chance, count);
    let remote = matches!(format, Some("call" | "video"));
    let event = matches!(format, Some("summit" | "sidelines")).then(|| event(world, when.first)).flatten();
    let host = match (remote || chance.percent(4), event, chance.below(100)) {
        (true, ..) => None,
        (_, Some(event), _) => Some(event.host),
        (.., 0..60) => countries.first().copied(),
        (.., 60..85) => countries.get(1).copied(),
        _ => Some(world.country_ranks.draw(chance)),
    };
    let place = host.filter(|_| chance.percent(85)).and_then(|host| place(&world.countries[host], chance));
    let participants = countries.iter().map(|country| participant(world, *country, host, when, chance)).collect();
    let status = if chance.percent(96) { "held" } else { *chance.one(&STATUSES) };
    let topics = topics(world, chance);
    let accounts = accounts(world, chance);
    let locator = chance.percent(30).then(|| format!("page {}", 1 + chance.below(400)));
    let remark = chance.percent(60).then(|| words.sentence(chance));
    let visited = status == "held" && when.is_exact() && count < 4 && host.is_some() && chance.percent(50);
    let (date, event) = (when.date(), event.map(|event| event.id));
    Meeting { date, format, status, remark, place, host, event, participants, topics, accounts, locator, visited }
}

fn format(chance: &mut Chance, count: usize) -> Option<&'static str> {
    match (count, chance.below(100)) {
        (_, 0..6) => None,
        (2, 6..14) | (_, 6..10) => Some("call"),
        (_, 10..14) => Some("video"),
        (2, 14..22) => Some("state visit"),
        (2, 22..38) => Some("official visit"),
        (2, 38..56) => Some("working visit"),
        (2, 56..66) => Some("sidelines"),
        (2, 66..70) => Some("informal"),
        (2, _) => Some("talks"),
        (_, 14..60) => Some("summit"),
        (_, 60..75) => Some("sidelines"),
        (_, 75..80) => Some("signing"),
        _ => Some("talks"),
    }
}

/// The event before that day.
fn event(world: &World, day: Day) -> Option<&world::Event> {
    world.events.partition_point(|event| event.day <= day).checked_sub(1).map(|at| &world.events[at])
}

fn place(country: &Country, chance: &mut Chance) -> Option<i64> {
    (!country.places.is_empty()).then(|| *chance.one(&country.places))
}

fn participant<'w>(
    world: &'w World,
    country: usize,
    host: Option<usize>,
    when: When,
    chance: &mut Chance,
) -> Participant<'w> {
    let of = &world.countries[country];
    let office = match chance.below(100) {
        0..60 => 0,
        60..85 => 1,
        _ => chance.below(of.offices.len()),
    };
    let office = &of.offices[office];
    // On which day of a vague date it was, only the generator knows.
    let day = when.first + chance.below(usize::try_from(when.last - when.first + 1).unwrap_or(1)) as Day;
    let at = office.tenures.partition_point(|tenure| tenure.last < day).min(office.tenures.len() - 1);
    let tenure = &office.tenures[at];
    let is_known = !chance.percent(3);
    let surely = is_known && tenure.first <= when.first && tenure.last >= when.last;
    let role = host.map(|host| if host == country { "host" } else { "guest" });
    Participant {
        country,
        role,
        leader: is_known.then_some(&tenure.leader),
        office: surely.then_some((office.id, tenure.term)),
        label: if is_known { &tenure.leader.label } else { &of.label },
    }
}

fn topics(world: &World, chance: &mut Chance) -> Vec<i64> {
    let count = if chance.percent(40) { 1 + chance.below(3) } else { 0 };
    let mut topics: Vec<i64> = (0..count)
        .map(|_| {
            let (one, other) = (chance.below(world.topics.len()), chance.below(world.topics.len()));
            world.topics[one.min(other)]
        })
        .collect();
    topics.sort_unstable();
    topics.dedup();
    topics
}

fn accounts<'w>(world: &'w World, chance: &mut Chance) -> Vec<&'w Known> {
    let count = match chance.below(100) {
        0..20 => 0,
        20..75 => 1,
        75..90 => 2,
        _ => 3 + chance.below(4),
    };
    (0..count).map(|_| &world.publications[world.publication_ranks.draw(chance)]).collect()
}
