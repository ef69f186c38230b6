//! What follows from what is written: dates and places from accounts, tightened dates, offices, journeys, labels.

use super::model::{Entry, Model};
use super::slots::Text;
use crate::catalog::vocabulary::{HELD, LEVEL};
use crate::catalog::{NounId, Via};
use crate::diagnostic::Diagnostic;
use crate::diagnostic::data;
use crate::store::Progress;
use crate::value::date::{Bounds, DayRange, OPEN_FUTURE, OPEN_PAST, VagueDate};
use NounId::*;
use std::collections::{HashMap, HashSet};

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
    let mut seen = HashSet::new();
    for entry in model.of(Participants) {
        let (Some(meeting), Some(leader)) = (entry.one.get("meeting"), entry.one.get("leader")) else { continue };
        if !seen.insert((*meeting, *leader)) {
            let (leader, meeting) = (&model.of(Leaders)[*leader].key, &model.of(Meetings)[*meeting].key);
            mistakes.push(data::leader_twice(&entry.place, leader, meeting));
        }
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
    let told = told_of_visits(model);
    // Each round carries a bound one step further along a chain of accounts.
    for _ in 0..=model.of(Accounts).len() {
        let before = tight.clone();
        for position in 0..tight.len() {
            tighten_account(model, position, &told, &mut tight, mistakes);
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

/// The accounts of each visit, in their order: to look through all for each account would take the square of the time.
fn told_of_visits(model: &Model) -> HashMap<usize, Vec<usize>> {
    let mut told: HashMap<usize, Vec<usize>> = HashMap::new();
    for (position, account) in model.of(Accounts).iter().enumerate() {
        if let Some(visit) = account.one.get("visit") {
            told.entry(*visit).or_default().push(position);
        }
    }
    told
}

fn tighten_account(
    model: &Model,
    position: usize,
    told: &HashMap<usize, Vec<usize>>,
    tight: &mut [Bounds],
    mistakes: &mut Vec<Diagnostic>,
) {
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
    let mut others: Vec<usize> =
        visits.into_iter().flatten().filter_map(|visit| told.get(visit)).flatten().copied().collect();
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
    let mut of: HashMap<usize, Vec<usize>> = HashMap::new();
    for (position, account) in model.of(Accounts).iter().enumerate() {
        if let Some(subject) = account.one.get(link) {
            of.entry(*subject).or_default().push(position);
        }
    }
    for (subject, accounts) in of {
        let accounts: Vec<&Entry> = accounts.into_iter().map(|at| &model.of(Accounts)[at]).collect();
        let disputed = accounts
            .iter()
            .enumerate()
            .any(|(position, one)| accounts[position + 1..].iter().any(|other| contradict(model, one, other)));
        if disputed {
            model.of_mut(noun)[subject].text.insert("disputed", "yes");
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
    let mut of: HashMap<usize, Vec<usize>> = HashMap::new();
    for (position, account) in model.of(Accounts).iter().enumerate() {
        if let Some(subject) = account.one.get(link) {
            of.entry(*subject).or_default().push(position);
        }
    }
    for position in 0..model.of(noun).len() {
        if let Some(accounts) = of.get(&position) {
            let preferred: Vec<&usize> =
                accounts.iter().filter(|at| model.of(Accounts)[**at].text.contains_key("preferred")).collect();
            let entry = &model.of(noun)[position];
            match preferred.as_slice() {
                [only] => {
                    let account = model.of(Accounts)[**only].clone();
                    take(&mut model.of_mut(noun)[position], &account, mistakes);
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

fn take(entry: &mut Entry, account: &Entry, mistakes: &mut Vec<Diagnostic>) {
    for column in ["date", "format", "kind", "status"] {
        match (entry.text.get(column), account.text.get(column)) {
            (Some(own), Some(told)) if own != told => {
                mistakes.push(data::contradiction(&entry.place, column, own, &account.key, told));
            }
            (None, Some(told)) => {
                entry.text.insert(column, told.clone());
                if let Some(date) = account.dates.get(column) {
                    entry.dates.insert(column, date.clone());
                }
            }
            _ => {}
        }
    }
    for link in ["place", "host_country"] {
        if let Some(told) = account.one.get(link) {
            entry.one.get_or_insert_with(link, || *told);
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
    let terms = terms_of_leaders(model);
    for position in 0..model.of(Participants).len() {
        progress.go_on(0)?;
        let entry = &model.of(Participants)[position];
        let date = entry.one.get("meeting").map_or(Bounds::OPEN, |meeting| bounds(&model.of(Meetings)[*meeting]));
        let leader = entry.one.get("leader").copied();
        let term = leader.and_then(|leader| term_on(model, terms.get(&leader)?, date));
        let office = entry
            .one
            .get("office")
            .copied()
            .or_else(|| term.and_then(|t| model.of(Terms)[t].one.get("office").copied()));
        let country = entry.one.get("country").copied().or_else(|| {
            let of_office = office.and_then(|office| model.of(Offices)[office].one.get("country").copied());
            of_office.or_else(|| leader.and_then(|leader| model.of(Leaders)[leader].one.get("country").copied()))
        });
        let entry = &mut model.of_mut(Participants)[position];
        entry.one.extend(office.map(|office| ("office", office)));
        entry.one.extend(country.map(|country| ("country", country)));
    }
    for position in 0..model.of(Visits).len() {
        let entry = &model.of(Visits)[position];
        let term = entry.one.get("leader").and_then(|leader| term_on(model, terms.get(leader)?, bounds(entry)));
        model.of_mut(Visits)[position].one.extend(term.map(|term| ("term", term)));
    }
    Ok(())
}

/// The terms of each leader: to look through all for each participant would take the square of the time.
fn terms_of_leaders(model: &Model) -> HashMap<usize, Vec<usize>> {
    let mut of: HashMap<usize, Vec<usize>> = HashMap::new();
    for (position, term) in model.of(Terms).iter().enumerate() {
        if let Some(leader) = term.one.get("leader") {
            of.entry(*leader).or_default().push(position);
        }
    }
    of
}

/// Of these terms that of the most senior office that surely runs on every possible day of a date; the latest of equals.
pub fn term_on(model: &Model, terms: &[usize], date: Bounds) -> Option<usize> {
    let terms = terms.iter().filter_map(|at| Some((*at, model.of(Terms).get(*at)?)));
    let running = terms.filter(|(_, term)| {
        let run = run_of(model, Terms, term);
        run.start_max <= date.start_min && run.end_min >= date.end_max
    });
    let seniority = |term: &Entry| {
        let office = term.one.get("office").map(|office| &model.of(Offices)[*office]);
        let level = office.and_then(|office| office.text.get("level"));
        level.and_then(|level| LEVEL.position(level)).unwrap_or(LEVEL.words.len())
    };
    running
        .min_by_key(|(_, term)| (seniority(term), -run_of(model, Terms, term).start_min, term.key.clone()))
        .map(|(position, _)| position)
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
    model.rows.insert(Journeys, made);
    durations(model, Journeys);
}

fn journey(model: &Model, visit: &Entry, separate: bool) -> Entry {
    let leader = visit.one.get("leader").copied();
    let name = leader.map_or("", |leader| model.of(Leaders)[leader].key.as_str());
    let mut entry = Entry { key: format!("{name}-with-{}", visit.key).into(), place: visit.place.clone(), ..Entry::default() };
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
        let behind = behind(model, noun);
        for position in 0..model.of(noun).len() {
            progress.go_on(0)?;
            let label = label(model, noun, position, &behind);
            model.of_mut(noun)[position].label = label;
        }
    }
    Ok(())
}

/// Of each link that others have to this noun and its labels name: the rows that lead to each of its rows.
type Behind = HashMap<&'static str, HashMap<usize, Vec<usize>>>;

/// Looked up once for all rows: to look through the others for each row would take the square of the time.
fn behind(model: &Model, noun: NounId) -> Behind {
    let mut behind = Behind::new();
    for link in noun.noun().links.iter().filter(|link| noun.noun().label.contains(link.name)) {
        let Via::Reverse { noun: other, link: back } = link.via else { continue };
        let rows: &mut HashMap<usize, Vec<usize>> = behind.entry(link.name).or_default();
        for (at, entry) in model.of(other).iter().enumerate() {
            if let Some(to) = entry.one.get(back) {
                rows.entry(*to).or_default().push(at);
            }
        }
    }
    behind
}

fn label(model: &Model, noun: NounId, position: usize, behind: &Behind) -> Text {
    let entry = &model.of(noun)[position];
    let mut text = String::new();
    let mut rest = noun.noun().label;
    while let Some((before, after)) = rest.split_once('{') {
        let (names, following) = after.split_once('}').unwrap_or((after, ""));
        let part = names.split('|').find_map(|name| part(model, noun, position, name, behind));
        match part {
            Some(part) => {
                text.push_str(before);
                text.push_str(&part);
            }
            // What is not there is left out with what stands before it.
            None if text.is_empty() => {}
            None => {}
        }
        rest = following;
    }
    text.push_str(rest);
    if text.is_empty() { entry.key.clone() } else { text.into() }
}

fn part(model: &Model, noun: NounId, position: usize, name: &str, behind: &Behind) -> Option<Text> {
    let entry = &model.of(noun)[position];
    if let Some(text) = entry.text.get(name) {
        return Some(text.clone());
    }
    let link = noun.noun().link(name)?;
    if let Some(at) = entry.one.get(name) {
        return Some(model.of(link.to)[*at].label.clone());
    }
    let Via::Reverse { noun: other, .. } = link.via else { return None };
    let rows = behind.get(link.name)?.get(&position)?;
    let labels: Vec<&str> = rows.iter().map(|at| model.of(other)[*at].label.as_str()).collect();
    (!labels.is_empty()).then(|| labels.join(" – ").into())
}
