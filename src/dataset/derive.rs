//! What follows from what is written: dates and places from accounts, tightened dates, offices, journeys, labels.

use super::led::Led;
use super::model::{Entry, Model};
use super::parallel;
use super::slots::Text;
use crate::catalog::vocabulary::{HELD, LEVEL};
use crate::catalog::{NounId, Via};
use crate::diagnostic::Diagnostic;
use crate::diagnostic::data;
use crate::store::Progress;
use crate::value::date::{Bounds, DayRange, OPEN_FUTURE, OPEN_PAST, VagueDate};
use NounId::*;

/// Fills in everything that the records leave to the build.
///
/// # Errors
/// Contradictions, each with the rows that make it; or that it was stopped.
pub fn derive(model: &mut Model, progress: &Progress) -> Result<(), Vec<Diagnostic>> {
    let mut mistakes = Vec::new();
    // One after the other, each over all rows.
    progress.begin(super::DERIVING, STEPS);
    let step = || progress.go_on(1).map_err(|stopped| vec![stopped]);
    circles(model, Places, "parent", &mut mistakes);
    circles(model, Regions, "parent", &mut mistakes);
    if !mistakes.is_empty() {
        return Err(mistakes);
    }
    places(model);
    each_leader_once(model, &mut mistakes);
    step()?;
    accounts(model, &mut mistakes);
    step()?;
    for (noun, link) in SUBJECTS {
        prefer(model, noun, link, &mut mistakes);
        step()?;
    }
    for (noun, link) in SUBJECTS {
        disputes(model, noun, link);
        step()?;
    }
    tighten_meetings(model, &mut mistakes);
    step()?;
    if !mistakes.is_empty() {
        return Err(mistakes);
    }
    people(model, progress).map_err(|stopped| vec![stopped])?;
    step()?;
    durations(model, Visits);
    journeys(model);
    step()?;
    regions(model);
    labels(model, progress).map_err(|stopped| vec![stopped])?;
    step()
}

/// How often [`derive`] says that it has come further.
const STEPS: u64 = 12;

/// What accounts are of, with the link that says so.
pub const SUBJECTS: [(NounId, &str); 3] = [(Meetings, "meeting"), (Visits, "visit"), (Events, "event")];

/// Participants of a meeting are different people: whoever stands there twice would be a pair with himself.
fn each_leader_once(model: &Model, mistakes: &mut Vec<Diagnostic>) {
    let of = Led::of(model, Participants, "meeting", Meetings);
    let leader = |at: usize| model.of(Participants).get(at).and_then(|entry| entry.one.get("leader").copied());
    let mut twice: Vec<(usize, usize)> = Vec::new();
    let mut seen: Vec<usize> = Vec::new();
    for meeting in 0..model.of(Meetings).len() {
        seen.clear();
        for at in of.to(meeting) {
            let Some(leader) = leader(*at) else { continue };
            if seen.contains(&leader) {
                twice.push((*at, meeting));
            } else {
                seen.push(leader);
            }
        }
    }
    twice.sort_unstable();
    for (at, meeting) in twice {
        let (entry, leader) = (&model.of(Participants)[at], leader(at).unwrap_or_default());
        let (leader, meeting) = (&model.of(Leaders)[leader].key, &model.of(Meetings)[meeting].key);
        mistakes.push(data::leader_twice(&entry.place, leader, meeting));
    }
}

/// Nothing may be part of itself.
fn circles(model: &Model, noun: NounId, link: &str, mistakes: &mut Vec<Diagnostic>) {
    let rows = model.of(noun);
    for entry in rows {
        let mut above = entry.one.get(link);
        let mut steps = 0;
        while let Some(next) = above {
            steps += 1;
            if steps > rows.len() {
                mistakes.push(data::circle(&entry.place, link, &entry.key));
                break;
            }
            above = rows[*next].one.get(link);
        }
    }
}

/// A place lies in the country of the place that it is in.
fn places(model: &mut Model) {
    for position in 0..model.of(Places).len() {
        let chain = ancestors(model, position);
        let country = chain.iter().find_map(|at| model.of(Places)[*at].one.get("country").copied());
        if let Some(country) = country {
            model.of_mut(Places)[position].one.get_or_insert_with("country", || country);
        }
    }
}

/// A place and all that it lies in, from the inside out.
pub fn ancestors(model: &Model, place: usize) -> Vec<usize> {
    let rows = model.of(Places);
    std::iter::successors(Some(place), |at| rows[*at].one.get("parent").copied()).collect()
}

fn country_of_place(model: &Model, entry: &Entry) -> Option<usize> {
    let place = entry.one.get("place")?;
    model.of(Places)[*place].one.get("country").copied()
}

/// The date of a row as bounds; without one, nothing is known.
pub fn bounds(entry: &Entry) -> Bounds {
    entry.dates.get("date").map_or(Bounds::OPEN, |date| date.bounds)
}

/// Checks what accounts are of, and tightens each by what its own publication says besides.
fn accounts(model: &mut Model, mistakes: &mut Vec<Diagnostic>) {
    for position in 0..model.of(Accounts).len() {
        let country = country_of_place(model, &model.of(Accounts)[position]);
        let entry = &mut model.of_mut(Accounts)[position];
        if let Some(country) = country {
            entry.one.get_or_insert_with("host_country", || country);
        }
        let subjects = SUBJECTS.iter().filter(|(_, link)| entry.one.contains_key(link)).count();
        if subjects != 1 {
            mistakes.push(data::account_subject(&entry.place, &entry.key, subjects));
        }
    }
    let mut tight: Vec<Bounds> = model.of(Accounts).iter().map(bounds).collect();
    // What neither follows another nor is of a meeting in visits is as it stands.
    let bound: Vec<usize> = (0..tight.len()).filter(|at| is_bound(model, &model.of(Accounts)[*at])).collect();
    let told = Led::of(model, Accounts, "visit", Visits);
    // Each round carries a bound one step further along a chain of accounts.
    for _ in 0..=model.of(Accounts).len() {
        let before = tight.clone();
        for position in &bound {
            tighten_account(model, *position, &told, &mut tight, mistakes);
        }
        if tight == before || !mistakes.is_empty() {
            break;
        }
    }
    for (entry, bounds) in model.of_mut(Accounts).iter_mut().zip(tight) {
        // The text stays as stated; only what it allows is narrowed.
        if let Some(date) = entry.dates.get_mut("date") {
            date.bounds = bounds;
        }
    }
}

/// Whether other accounts may say more of an account's date.
fn is_bound(model: &Model, account: &Entry) -> bool {
    let meeting = account.one.get("meeting").and_then(|meeting| model.of(Meetings).get(*meeting));
    account.many.contains_key("follows") || meeting.is_some_and(|meeting| meeting.many.contains_key("visits"))
}

fn tighten_account(model: &Model, position: usize, told: &Led, tight: &mut [Bounds], mistakes: &mut Vec<Diagnostic>) {
    let rows = model.of(Accounts);
    let account = &rows[position];
    let mut fails = |with: &Entry| {
        let what = format!("account '{}'", account.key);
        mistakes.push(data::impossible_date(&account.place, &what, &format!("account '{}'", with.key)));
    };
    for earlier in account.many.get("follows").into_iter().flatten() {
        if account.one.get("publication") != rows[*earlier].one.get("publication") || position == *earlier {
            continue;
        }
        match tight[position].tightened(tight[*earlier].start_min, OPEN_FUTURE) {
            Some(bounds) => tight[position] = bounds,
            None => fails(&rows[*earlier]),
        }
        match tight[*earlier].tightened(OPEN_PAST, tight[position].end_max) {
            Some(bounds) => tight[*earlier] = bounds,
            None => fails(&rows[*earlier]),
        }
    }
    let Some(meeting) = account.one.get("meeting") else { return };
    let visits = model.of(Meetings)[*meeting].many.get("visits");
    let mut others: Vec<usize> = visits.into_iter().flatten().flat_map(|visit| told.to(*visit)).copied().collect();
    others.sort_unstable();
    others.dedup();
    for other in others {
        let visit = &rows[other];
        if visit.one.get("publication") == account.one.get("publication") {
            match tight[position].tightened(tight[other].start_min, tight[other].end_max) {
                Some(bounds) => tight[position] = bounds,
                None => fails(visit),
            }
        }
    }
}

/// Marks the rows of which two publications tell what cannot both be so.
fn disputes(model: &mut Model, noun: NounId, link: &str) {
    let told = Led::of(model, Accounts, link, noun);
    for position in 0..model.of(noun).len() {
        let accounts = told.to(position);
        if accounts.len() < 2 {
            continue;
        }
        let accounts: Vec<&Entry> = accounts.iter().map(|at| &model.of(Accounts)[*at]).collect();
        let disputed = accounts
            .iter()
            .enumerate()
            .any(|(position, one)| accounts[position + 1..].iter().any(|other| contradict(model, one, other)));
        if disputed {
            model.of_mut(noun)[position].text.insert("disputed", "yes");
        }
    }
}

/// Whether two accounts of one thing cannot both be right. One that is only vaguer than the other does not contradict
/// it, nor does a plan what came of it.
fn contradict(model: &Model, one: &Entry, other: &Entry) -> bool {
    let dates = matches!((one.dates.get("date"), other.dates.get("date")), (Some(a), Some(b)) if dates_apart(a, b));
    let places = match (one.one.get("place"), other.one.get("place")) {
        (Some(a), Some(b)) => !ancestors(model, *a).contains(b) && !ancestors(model, *b).contains(a),
        _ => false,
    };
    let countries =
        matches!((one.one.get("host_country"), other.one.get("host_country")), (Some(a), Some(b)) if a != b);
    let words = ["format", "kind"]
        .iter()
        .any(|name| matches!((one.text.get(name), other.text.get(name)), (Some(a), Some(b)) if words_apart(a, b)));
    dates || places || countries || words || status_apart(status(one), status(other))
}

fn status(entry: &Entry) -> &str {
    entry.text.get("status").map_or(HELD, Text::as_str)
}

/// Whether two dates cannot both be right.
pub fn dates_apart(one: &VagueDate, other: &VagueDate) -> bool {
    let apart = |a: (i64, i64), b: (i64, i64)| a.1 < b.0 || b.1 < a.0;
    let stays = !one.single && !other.single;
    let (x, y) = (one.bounds, other.bounds);
    let starts = apart((x.start_min, x.start_max), (y.start_min, y.start_max));
    let ends = apart((x.end_min, x.end_max), (y.end_min, y.end_max));
    apart((x.start_min, x.end_max), (y.start_min, y.end_max)) || (stays && (starts || ends))
}

/// Whether two formats or kinds cannot both be right.
pub fn words_apart(one: &str, other: &str) -> bool {
    const VAGUE_FORMAT: &str = "talks";
    one != other && one != VAGUE_FORMAT && other != VAGUE_FORMAT
}

/// Whether one says that it took place and the other that it did not.
pub fn status_apart(one: &str, other: &str) -> bool {
    let denied = |status: &str| matches!(status, "cancelled" | "denied");
    (one == HELD && denied(other)) || (other == HELD && denied(one))
}

/// A row's own date, place, format and status are those of its preferred account.
fn prefer(model: &mut Model, noun: NounId, link: &'static str, mistakes: &mut Vec<Diagnostic>) {
    let told = Led::of(model, Accounts, link, noun);
    for position in 0..model.of(noun).len() {
        let accounts = told.to(position);
        if !accounts.is_empty() {
            let is_preferred = |at: &&usize| model.of(Accounts)[**at].text.contains_key("preferred");
            let preferred: Vec<&usize> = accounts.iter().filter(is_preferred).collect();
            let entry = &model.of(noun)[position];
            match preferred.as_slice() {
                [only] => {
                    let taken = Taken::of(&model.of(Accounts)[**only]);
                    take(&mut model.of_mut(noun)[position], taken, mistakes);
                }
                several => {
                    let what = format!("{} '{}'", noun.noun().singular, entry.key);
                    mistakes.push(data::preference(&entry.place, &what, several.len()));
                }
            }
        }
        let country = country_of_place(model, &model.of(noun)[position]);
        let entry = &mut model.of_mut(noun)[position];
        entry.text.get_or_insert_with("status", || Text::new_static(HELD));
        if let Some(country) = country
            && noun != Visits
        {
            entry.one.get_or_insert_with("host_country", || country);
        }
    }
}

/// What a row takes from its preferred account.
struct Taken {
    key: Text,
    texts: [(&'static str, Option<Text>); 4],
    date: Option<VagueDate>,
    links: [(&'static str, Option<usize>); 2],
}

impl Taken {
    fn of(account: &Entry) -> Taken {
        Taken {
            key: account.key.clone(),
            texts: ["date", "format", "kind", "status"].map(|name| (name, account.text.get(name).cloned())),
            date: account.dates.get("date").cloned(),
            links: ["place", "host_country"].map(|name| (name, account.one.get(name).copied())),
        }
    }
}

fn take(entry: &mut Entry, account: Taken, mistakes: &mut Vec<Diagnostic>) {
    let mut date = account.date;
    for (column, told) in account.texts {
        let Some(told) = told else { continue };
        match entry.text.get(column) {
            Some(own) if *own != told => {
                mistakes.push(data::contradiction(&entry.place, column, own, &account.key, &told));
            }
            Some(_) => {}
            None => {
                entry.text.insert(column, told);
                if let Some(date) = date.take_if(|_| column == "date") {
                    entry.dates.insert(column, date);
                }
            }
        }
    }
    for (link, told) in account.links {
        if let Some(told) = told {
            entry.one.get_or_insert_with(link, || told);
        }
    }
}

/// A meeting lies within the visits that it belongs to.
fn tighten_meetings(model: &mut Model, mistakes: &mut Vec<Diagnostic>) {
    for noun in [Meetings, Visits, Events] {
        for entry in model.of_mut(noun).iter_mut() {
            retext(entry);
        }
    }
    for position in 0..model.of(Meetings).len() {
        let meeting = &model.of(Meetings)[position];
        let mut tight = bounds(meeting);
        let single = meeting.dates.get("date").is_none_or(|date| date.single);
        for visit in meeting.many.get("visits").into_iter().flatten() {
            let visit = &model.of(Visits)[*visit];
            let stay = bounds(visit);
            if visit.text.get("status").map(Text::as_str) != Some(HELD) {
                continue;
            }
            match tight.tightened(stay.start_min, stay.end_max) {
                Some(bounds) => tight = bounds,
                None => {
                    let what = format!("meeting '{}'", meeting.key);
                    mistakes.push(data::impossible_date(&meeting.place, &what, &format!("visit '{}'", visit.key)));
                }
            }
        }
        if tight != bounds(meeting) {
            let date = VagueDate::from_bounds(tight, single);
            let meeting = &mut model.of_mut(Meetings)[position];
            meeting.text.insert("date", date.text.as_str());
            meeting.dates.insert("date", date);
        }
    }
}

/// A date narrowed by its account's neighbours is written as what it allows now.
fn retext(entry: &mut Entry) {
    let Some(date) = entry.dates.get("date") else { return };
    let stated = VagueDate::parse(&date.text).map(|stated| stated.bounds);
    if stated != Ok(date.bounds) {
        let date = VagueDate::from_bounds(date.bounds, date.single);
        entry.text.insert("date", date.text.as_str());
        entry.dates.insert("date", date);
    }
}

/// First to last possible day of a term, a membership or the like: without an end it still runs on the reference date.
pub fn run_of(model: &Model, noun: NounId, entry: &Entry) -> Bounds {
    let open = DayRange { first: OPEN_PAST, last: OPEN_FUTURE };
    let range =
        |name: &str| entry.dates.get(name).map(|d| DayRange { first: d.bounds.start_min, last: d.bounds.end_max });
    let start = range("start").unwrap_or(open);
    let end = match range("end") {
        Some(end) => end,
        None if matches!(noun, Terms | Memberships) => {
            DayRange { first: model.reference.max(start.first), last: OPEN_FUTURE }
        }
        None => open,
    };
    Bounds::stay(start, end).unwrap_or(Bounds::OPEN)
}

/// Terms, and the offices and countries of participants and travellers.
fn people(model: &mut Model, progress: &Progress) -> Result<(), Diagnostic> {
    for position in 0..model.of(Terms).len() {
        let office = model.of(Terms)[position].one.get("office").copied();
        let country = office.and_then(|office| model.of(Offices)[office].one.get("country").copied());
        if let Some(country) = country {
            model.of_mut(Terms)[position].one.insert("country", country);
        }
    }
    let terms = Led::of(model, Terms, "leader", Leaders);
    let runs: Vec<Run> = model.of(Terms).iter().map(|term| Run::of(model, term)).collect();
    let found = {
        let (model, terms, runs) = (&*model, &terms, &runs);
        parallel::pieces(model.of(Participants).len(), |piece| {
            progress.go_on(0)?;
            let people = model.of(Participants).get(piece).unwrap_or_default();
            Ok(people.iter().map(|entry| stands_for(model, entry, terms, runs)).collect::<Vec<_>>())
        })?
    };
    for (entry, (office, country)) in model.of_mut(Participants).iter_mut().zip(found.into_iter().flatten()) {
        entry.one.extend(office.map(|office| ("office", office)));
        entry.one.extend(country.map(|country| ("country", country)));
    }
    for position in 0..model.of(Visits).len() {
        let entry = &model.of(Visits)[position];
        let term = entry
            .one
            .get("leader")
            .and_then(|leader| latest(model, terms.to(*leader), |at| runs.get(at).copied(), bounds(entry)));
        model.of_mut(Visits)[position].one.extend(term.map(|term| ("term", term)));
    }
    Ok(())
}

/// The office and the country of a participant.
fn stands_for(model: &Model, entry: &Entry, terms: &Led, runs: &[Run]) -> (Option<usize>, Option<usize>) {
    let date = entry.one.get("meeting").map_or(Bounds::OPEN, |meeting| bounds(&model.of(Meetings)[*meeting]));
    let leader = entry.one.get("leader").copied();
    let office = entry.one.get("office").copied().or_else(|| {
        let term = latest(model, terms.to(leader?), |at| runs.get(at).copied(), date)?;
        model.of(Terms)[term].one.get("office").copied()
    });
    let country = entry.one.get("country").copied().or_else(|| {
        let of_office = office.and_then(|office| model.of(Offices)[office].one.get("country").copied());
        of_office.or_else(|| leader.and_then(|leader| model.of(Leaders)[leader].one.get("country").copied()))
    });
    (office, country)
}

/// When a term ran, and how senior its office is: less is more.
#[derive(Clone, Copy)]
struct Run {
    bounds: Bounds,
    seniority: usize,
}

impl Run {
    fn of(model: &Model, term: &Entry) -> Run {
        let office = term.one.get("office").map(|office| &model.of(Offices)[*office]);
        let level = office.and_then(|office| office.text.get("level"));
        let seniority = level.and_then(|level| LEVEL.position(level)).unwrap_or(LEVEL.words.len());
        Run { bounds: run_of(model, Terms, term), seniority }
    }
}

/// Of these terms that of the most senior office that surely runs on every possible day of a date; the latest of equals.
fn latest(model: &Model, terms: &[usize], run: impl Fn(usize) -> Option<Run>, date: Bounds) -> Option<usize> {
    let running = terms.iter().filter_map(|at| Some((*at, run(*at)?)));
    let running =
        running.filter(|(_, run)| run.bounds.start_max <= date.start_min && run.bounds.end_min >= date.end_max);
    let key = |at: usize| model.of(Terms).get(at).map(|term| &term.key);
    running.min_by_key(|(at, run)| (run.seniority, -run.bounds.start_min, key(*at))).map(|(at, _)| at)
}

/// The same where only a few are asked for.
pub fn term_on(model: &Model, terms: &[usize], date: Bounds) -> Option<usize> {
    latest(model, terms, |at| Some(Run::of(model, model.of(Terms).get(at)?)), date)
}

/// Days from the first to the last, both counted, where both are known.
fn durations(model: &mut Model, noun: NounId) {
    for entry in model.of_mut(noun).iter_mut() {
        let stay = bounds(entry);
        if stay.is_exact() && entry.dates.contains_key("date") {
            entry.text.insert("duration", (stay.end_max - stay.start_min + 1).to_string());
        }
    }
}

/// Visits of one leader joined: the next begins at most one day after the latest end so far.
fn journeys(model: &mut Model) {
    model.of_mut(Journeys).clear();
    let mut visits: Vec<usize> = (0..model.of(Visits).len()).collect();
    visits.retain(|at| model.of(Visits)[*at].text.get("status").map(Text::as_str) == Some(HELD));
    visits.sort_by_key(|at| {
        let entry = &model.of(Visits)[*at];
        let stay = bounds(entry);
        let leader = entry.one.get("leader").map(|leader| model.of(Leaders)[*leader].key.clone());
        (leader, stay.start_min, stay.start_max, entry.key.clone())
    });
    let mut made: Vec<Entry> = Vec::new();
    for at in visits {
        let visit = model.of(Visits)[at].clone();
        let stay = bounds(&visit);
        let same = made.last().filter(|journey| journey.one.get("leader") == visit.one.get("leader"));
        let before = same.map(bounds);
        let certainly = before.is_some_and(|before| stay.start_max <= before.end_min + 1);
        let possibly = before.is_some_and(|before| stay.start_min <= before.end_max + 1);
        match made.last_mut().filter(|_| certainly) {
            Some(journey) => lengthen(journey, stay),
            None => made.push(journey(model, &visit, !possibly)),
        }
        model.of_mut(Visits)[at].one.insert("journey", made.len() - 1);
    }
    *model.of_mut(Journeys) = made;
    durations(model, Journeys);
}

fn journey(model: &Model, visit: &Entry, separate: bool) -> Entry {
    let leader = visit.one.get("leader").copied();
    let name = leader.map_or("", |leader| model.of(Leaders)[leader].key.as_str());
    let mut entry =
        Entry { key: format!("{name}-with-{}", visit.key).into(), place: visit.place.clone(), ..Entry::default() };
    entry.one.extend(leader.map(|leader| ("leader", leader)));
    if separate {
        entry.text.insert("separate", "yes");
    }
    set_stay(&mut entry, bounds(visit));
    entry
}

fn lengthen(journey: &mut Entry, stay: Bounds) {
    let so_far = bounds(journey);
    let end = DayRange { first: so_far.end_min.max(stay.end_min), last: so_far.end_max.max(stay.end_max) };
    let both = Bounds { end_min: end.first, end_max: end.last, ..so_far };
    set_stay(journey, both);
}

fn set_stay(entry: &mut Entry, stay: Bounds) {
    let date = VagueDate::from_bounds(stay, stay.start_min == stay.end_max);
    entry.text.insert("date", date.text.as_str());
    entry.dates.insert("date", date);
}

/// Every country lies in its region, its subregion, and all that these are part of.
fn regions(model: &mut Model) {
    let parents: Vec<Option<usize>> =
        model.of(Regions).iter().map(|region| region.one.get("parent").copied()).collect();
    for position in 0..model.of(Countries).len() {
        let country = &model.of(Countries)[position];
        let direct: Vec<usize> = ["region", "subregion"].iter().filter_map(|l| country.one.get(l).copied()).collect();
        for region in direct {
            let mut above = Some(region);
            while let Some(region) = above {
                let listed = model.of_mut(Regions)[region].many.get_or_insert_with("countries", Vec::new);
                if let Some(listed) = listed.filter(|listed| !listed.contains(&position)) {
                    listed.push(position);
                }
                above = parents[region];
            }
        }
    }
}

/// Labels by the catalogue's templates; a noun comes after those that its label speaks of.
fn labels(model: &mut Model, progress: &Progress) -> Result<(), Diagnostic> {
    let order = [
        Leaders,
        Countries,
        Regions,
        Groups,
        Offices,
        Places,
        Topics,
        Publications,
        Events,
        Terms,
        Memberships,
        Visits,
        Journeys,
        Participants,
        Meetings,
        Accounts,
        Coverage,
        Names,
    ];
    for noun in order {
        let parts = template(model, noun);
        let made = {
            let model = &*model;
            parallel::pieces(model.of(noun).len(), |piece| {
                progress.go_on(0)?;
                Ok(piece.map(|position| label(model, noun, position, &parts)).collect::<Vec<_>>())
            })?
        };
        for (entry, label) in model.of_mut(noun).iter_mut().zip(made.into_iter().flatten()) {
            entry.label = label;
        }
    }
    Ok(())
}

/// A part of a label's template: what stands before it, and what it may be, the first that is there.
struct Part {
    before: &'static str,
    names: Vec<Named>,
}

/// What a name in a template means.
enum Named {
    Text(&'static str),
    Row(&'static str, NounId),
    /// The rows of a noun that lead to this one.
    Rows(NounId, Led),
}

/// A label's template taken apart once for all rows, and what stands behind its last part.
fn template(model: &Model, noun: NounId) -> (Vec<Part>, &'static str) {
    let mut parts = Vec::new();
    let mut rest = noun.noun().label;
    while let Some((before, after)) = rest.split_once('{') {
        let (names, following) = after.split_once('}').unwrap_or((after, ""));
        let named = |name: &'static str| match noun.noun().link(name).map(|link| (link.to, link.via)) {
            Some((_, Via::Reverse { noun: other, link })) => Named::Rows(other, Led::of(model, other, link, noun)),
            Some((to, _)) => Named::Row(name, to),
            None => Named::Text(name),
        };
        parts.push(Part { before, names: names.split('|').map(named).collect() });
        rest = following;
    }
    (parts, rest)
}

fn label(model: &Model, noun: NounId, position: usize, (parts, rest): &(Vec<Part>, &'static str)) -> Text {
    let entry = &model.of(noun)[position];
    // Most labels are those of another row, or a name.
    if let ([only], true) = (parts.as_slice(), rest.is_empty())
        && only.before.is_empty()
        && let Some(label) = only.names.iter().find_map(|named| one(model, entry, named))
    {
        return label.clone();
    }
    let mut text = String::new();
    for part in parts {
        let from = text.len();
        // What is not there is left out with what stands before it.
        text.push_str(part.before);
        if !part.names.iter().any(|named| write_part(model, entry, position, named, &mut text)) {
            text.truncate(from);
        }
    }
    text.push_str(rest);
    if text.is_empty() { entry.key.clone() } else { text.into() }
}

/// What a name means of a row, if that is one text.
fn one<'m>(model: &'m Model, entry: &'m Entry, named: &Named) -> Option<&'m Text> {
    match named {
        Named::Text(name) => entry.text.get(name),
        Named::Row(name, to) => Some(&model.of(*to).get(*entry.one.get(name)?)?.label),
        Named::Rows(..) => None,
    }
}

fn write_part(model: &Model, entry: &Entry, position: usize, named: &Named, text: &mut String) -> bool {
    let Named::Rows(noun, led) = named else {
        let one = one(model, entry, named);
        text.push_str(one.map_or("", Text::as_str));
        return one.is_some();
    };
    let labels = led.to(position).iter().filter_map(|at| model.of(*noun).get(*at));
    for (number, row) in labels.enumerate() {
        text.push_str(if number > 0 { " – " } else { "" });
        text.push_str(&row.label);
    }
    !led.to(position).is_empty()
}
