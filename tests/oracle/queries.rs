//! Random queries over random data, written as text: paths along the catalogue, every phrase, every operator.

use super::data::*;
use super::rng::Rng;
use bilat::catalog::{Kind, Member, NounId, When};

const NOUNS: &[NounId] = {
    use NounId::*;
    &[
        Meetings,
        Meetings,
        Meetings,
        Meetings,
        Participants,
        Leaders,
        Terms,
        Countries,
        Regions,
        Groups,
        Memberships,
        Visits,
        Visits,
        Journeys,
        Pairs,
        Events,
        Places,
        Topics,
        Offices,
    ]
};

pub fn query(rng: &Rng) -> String {
    let noun = *rng.pick(NOUNS);
    let mut text = format!("FROM {}", noun.noun().name);
    let mut first_with = false;
    for _ in 0..rng.below(3) {
        if let Some(phrase) = phrase(rng, noun) {
            first_with |= phrase.contains("WITH ") && !phrase.contains("WITHOUT");
            text.push(' ');
            text.push_str(&phrase);
        }
    }
    if rng.below(5) < 2 {
        text.push_str(&format!(" WHERE {}", condition(rng, noun, 2, first_with)));
    }
    match rng.below(4) {
        0 => grouped(rng, noun, first_with, text),
        1 => format!("SELECT {} {text}{}", grouped_total(rng, noun, first_with), having(rng)),
        _ => rows(rng, noun, first_with, text),
    }
}

fn rows(rng: &Rng, noun: NounId, with: bool, text: String) -> String {
    let mut text = text;
    if rng.one_in(2) {
        let columns: Vec<String> = (0..1 + rng.below(3)).map(|_| column(rng, noun, with)).collect();
        text = format!("SELECT {} {text}", columns.join(", "));
    }
    if rng.one_in(3)
        && let Some(path) = one_path(rng, noun)
    {
        text.push_str(&format!(" ORDER BY {path}{}", rng.pick(&["", " DESC", " ASC"])));
    }
    if rng.one_in(4) {
        text.push_str(&format!(" LIMIT {}", 1 + rng.below(4)));
        if rng.one_in(3) {
            text.push_str(&format!(" OFFSET {}", rng.below(3)));
        }
    }
    text
}

fn grouped(rng: &Rng, noun: NounId, with: bool, text: String) -> String {
    let keys: Vec<String> = (0..1 + rng.below(2)).map(|_| key_of_group(rng, noun, with)).collect();
    let mut columns = keys.clone();
    columns.extend((0..1 + rng.below(2)).map(|_| aggregate(rng, noun, with)));
    let mut text = format!("SELECT {} {text} GROUP BY {}", columns.join(", "), keys.join(", "));
    text.push_str(&having(rng));
    if rng.one_in(3) {
        text.push_str(&format!(" ORDER BY count(){}", rng.pick(&["", " DESC"])));
    }
    if rng.one_in(5) {
        text.push_str(" LIMIT 3");
    }
    text
}

fn grouped_total(rng: &Rng, noun: NounId, with: bool) -> String {
    let columns: Vec<String> = (0..1 + rng.below(2)).map(|_| aggregate(rng, noun, with)).collect();
    columns.join(", ")
}

fn having(rng: &Rng) -> String {
    if !rng.one_in(4) {
        return String::new();
    }
    let certainty = rng.pick(&["", "", "POSSIBLY ", "CERTAINLY ", "NOT "]);
    format!(" HAVING {certainty}count() {} {}", rng.pick(&[">", "=", "<=", "!="]), rng.below(4))
}

fn key_of_group(rng: &Rng, noun: NounId, with: bool) -> String {
    if dated(noun) && rng.one_in(3) {
        return format!("{}({})", rng.pick(&["month", "year", "quarter", "week", "weekday"]), date_of(noun));
    }
    column_path(rng, noun, with)
}

fn dated(noun: NounId) -> bool {
    matches!(noun.noun().when, When::Own) && noun.noun().attribute("date").is_some()
}

fn date_of(_: NounId) -> &'static str {
    "date"
}

fn aggregate(rng: &Rng, noun: NounId, with: bool) -> String {
    match rng.below(9) {
        0..=2 => "count()".to_string(),
        3 => "count_possible()".to_string(),
        4 | 5 => format!("count(DISTINCT {})", column_path(rng, noun, with)),
        6 => format!("list({})", column_path(rng, noun, with)),
        7 if dated(noun) => format!("{}(date)", rng.pick(&["min", "max"])),
        _ => match noun {
            NounId::Visits | NounId::Journeys => format!("{}(duration)", rng.pick(&["sum", "avg", "min", "max"])),
            NounId::Places => format!("{}(latitude)", rng.pick(&["sum", "avg", "min", "max"])),
            _ => "count()".to_string(),
        },
    }
}

fn column(rng: &Rng, noun: NounId, with: bool) -> String {
    match rng.below(8) {
        0 if dated(noun) => format!("{}(date)", rng.pick(&["month", "year", "weekday", "week", "quarter"])),
        1 => many_path(rng, noun).map_or_else(|| column_path(rng, noun, with), |path| format!("size({path})")),
        _ => column_path(rng, noun, with),
    }
}

/// A path to anything, of one to three steps.
fn column_path(rng: &Rng, noun: NounId, with: bool) -> String {
    if with && rng.one_in(3) {
        let rest = walk(rng, NounId::Participants, 1, |_| true);
        return rest.map_or("counterparts".to_string(), |(rest, _)| {
            if rng.one_in(2) { "counterparts".to_string() } else { format!("counterparts.{rest}") }
        });
    }
    walk(rng, noun, 2, |_| true).map_or_else(|| "remark".to_string(), |(path, _)| path)
}

fn one_path(rng: &Rng, noun: NounId) -> Option<String> {
    walk(rng, noun, 2, |member| !matches!(member, Member::Link(link) if link.is_many())).map(|(path, _)| path)
}

/// A path that ends in a to-many link.
fn many_path(rng: &Rng, noun: NounId) -> Option<String> {
    (0..5).find_map(|_| {
        let (path, end) = walk(rng, noun, 1, |_| true)?;
        matches!(end, Member::Link(link) if link.is_many()).then_some(path)
    })
}

/// Nouns about sources and names are left to other tests.
fn outside(member: Member) -> bool {
    let Member::Link(link) = member else { return false };
    matches!(link.to, NounId::Accounts | NounId::Publications | NounId::Names | NounId::Coverage)
}

fn walk(rng: &Rng, noun: NounId, depth: usize, allowed: impl Fn(Member) -> bool) -> Option<(String, Member)> {
    let members: Vec<Member> = noun.noun().members().filter(|m| !outside(*m) && allowed(*m)).collect();
    if members.is_empty() {
        return None;
    }
    let member = *rng.pick(&members);
    if let Member::Link(link) = member
        && depth > 0
        && rng.one_in(2)
        && let Some((rest, end)) = walk(rng, link.to, depth - 1, allowed)
    {
        return Some((format!("{}.{rest}", member.name()), end));
    }
    Some((member.name().to_string(), member))
}

fn name_of(rng: &Rng, noun: NounId) -> Option<&'static str> {
    let all: &[&'static str] = match noun {
        NounId::Leaders => LEADERS,
        NounId::Countries => COUNTRIES,
        NounId::Regions => REGIONS,
        NounId::Groups => GROUPS,
        NounId::Places => PLACES,
        NounId::Topics => TOPICS,
        NounId::Events => EVENTS,
        NounId::Offices => OFFICES,
        NounId::Participants => {
            let kind = if rng.one_in(3) { NounId::Countries } else { NounId::Leaders };
            return name_of(rng, kind);
        }
        _ => return None,
    };
    Some(*rng.pick(all))
}

fn party(rng: &Rng) -> String {
    let kind = *rng.pick(&[NounId::Leaders, NounId::Leaders, NounId::Countries, NounId::Regions, NounId::Groups]);
    format!("'{}'", name_of(rng, kind).unwrap_or_default())
}

fn area(rng: &Rng) -> String {
    let kind = *rng.pick(&[NounId::Places, NounId::Countries, NounId::Regions, NounId::Groups]);
    format!("'{}'", name_of(rng, kind).unwrap_or_default())
}

fn days(rng: &Rng) -> String {
    match rng.below(6) {
        0 => "2024".to_string(),
        1 => format!("2024-{:02}", 4 + rng.below(4)),
        2 => format!("2024-Q{}", 1 + rng.below(4)),
        3 => format!("2024-W{:02}", 18 + rng.below(12)),
        4 => format!("2024-05-{:02}..2024-06", 1 + rng.below(28)),
        _ => format!("2024-{:02}-{:02}", 4 + rng.below(4), 1 + rng.below(28)),
    }
}

fn phrase(rng: &Rng, noun: NounId) -> Option<String> {
    use NounId::*;
    let certainty = if rng.one_in(4) { *rng.pick(&["POSSIBLY ", "CERTAINLY "]) } else { "" };
    let relation = *rng.pick(&["SINCE", "AFTER", "BEFORE", "UNTIL", "DURING", "OVERLAPS"]);
    let period = days(rng);
    let time = (noun.noun().when != When::Never).then(|| format!("{certainty}{relation} {period}"));
    let other = match noun {
        Meetings | Events | Pairs => match rng.below(4) {
            0 => Some(format!("WITH {}", party(rng))),
            1 => Some(format!("WITH ({} OR {})", party(rng), party(rng))),
            2 if noun != Events => Some(format!("WITH {} AND {}", party(rng), party(rng))),
            _ => Some(format!("WITHOUT {}", party(rng))),
        },
        _ => None,
    };
    let place = match noun {
        Meetings => match rng.below(4) {
            0 => Some(format!("AT '{}'", rng.pick(EVENTS))),
            1 => Some(format!("ABOUT '{}'", rng.pick(TOPICS))),
            _ => Some(format!("{certainty}IN {}", area(rng))),
        },
        Visits | Events => Some(format!("{certainty}IN {}", area(rng))),
        _ => None,
    };
    let travel = match noun {
        Visits | Journeys if rng.one_in(2) => Some(format!("BY {}", party(rng))),
        Visits | Journeys => Some(format!("TO {}", area(rng))),
        _ => None,
    };
    let all: Vec<String> = [time, other, place, travel].into_iter().flatten().collect();
    (!all.is_empty()).then(|| rng.pick(&all).clone())
}

fn condition(rng: &Rng, noun: NounId, depth: usize, with: bool) -> String {
    if depth > 0 && rng.one_in(2) {
        return match rng.below(6) {
            0 => format!("NOT ({})", condition(rng, noun, depth - 1, with)),
            1 => format!("POSSIBLY ({})", condition(rng, noun, depth - 1, with)),
            2 => format!("CERTAINLY ({})", condition(rng, noun, depth - 1, with)),
            3 => format!("({} OR {})", condition(rng, noun, depth - 1, with), condition(rng, noun, depth - 1, with)),
            4 => format!("{} AND {}", condition(rng, noun, depth - 1, with), condition(rng, noun, depth - 1, with)),
            _ => quantified(rng, noun, depth).unwrap_or_else(|| simple(rng, noun, with)),
        };
    }
    simple(rng, noun, with)
}

fn quantified(rng: &Rng, noun: NounId, depth: usize) -> Option<String> {
    let many: Vec<Member> =
        noun.noun().members().filter(|m| !outside(*m) && matches!(m, Member::Link(link) if link.is_many())).collect();
    if many.is_empty() {
        return None;
    }
    let Member::Link(link) = *rng.pick(&many) else { return None };
    let quantifier = rng.pick(&["ANY", "EVERY", "NO"]);
    Some(format!("{quantifier} {} ({})", link.name, condition(rng, link.to, depth - 1, false)))
}

fn simple(rng: &Rng, noun: NounId, with: bool) -> String {
    if dated(noun) && rng.one_in(5) {
        let function = *rng.pick(&["month", "quarter", "year", "weekday"]);
        let value = match function {
            "month" => format!("2024-{:02}", 4 + rng.below(4)),
            "quarter" => format!("2024-Q{}", 1 + rng.below(4)),
            "year" => format!("202{}", 3 + rng.below(3)),
            _ => (1 + rng.below(7)).to_string(),
        };
        return format!("{function}(date) {} {value}", rng.pick(&["=", "!=", "<", ">="]));
    }
    if rng.one_in(8)
        && let Some(path) = many_path(rng, noun)
    {
        return format!("size({path}) {} {}", rng.pick(&["=", ">", "<=", "!="]), rng.below(4));
    }
    let path = if with && rng.one_in(5) {
        walk(rng, NounId::Participants, 1, |_| true).map(|(path, end)| (format!("counterparts.{path}"), end))
    } else {
        walk(rng, noun, 2, |_| true)
    };
    let Some((path, end)) = path else { return "1 = 1".to_string() };
    if rng.one_in(6) {
        return format!("{path} IS {}UNKNOWN", if rng.one_in(2) { "NOT " } else { "" });
    }
    match end {
        Member::Link(link) => match name_of(rng, link.to) {
            Some(name) if rng.one_in(4) => {
                let other = name_of(rng, link.to).unwrap_or(name);
                format!("{path} {}IN ('{name}', '{other}')", if rng.one_in(2) { "NOT " } else { "" })
            }
            Some(name) => format!("{path} {} '{name}'", rng.pick(&["=", "!="])),
            None => format!("{path} IS UNKNOWN"),
        },
        Member::Attribute(attribute) => match attribute.kind {
            Kind::Text => match rng.below(5) {
                0 => format!("{path} LIKE '{}'", rng.pick(&["%a%", "_r%", "über%", "100\\%%", "%"])),
                1 => format!("{path} NOT LIKE '%o%'"),
                2 => format!("{path} CONTAINS '{}'", rng.pick(&["gas", "E", "land", "%"])),
                3 => format!("length({path}) {} {}", rng.pick(&[">", "="]), 6 + rng.below(4)),
                _ => format!(
                    "{path} {} '{}'",
                    rng.pick(&["=", "!=", "<", ">="]),
                    rng.pick(&["arvia", "Čeda Gamma", "m"])
                ),
            },
            Kind::Integer | Kind::Number => match rng.below(3) {
                0 => format!("{path} BETWEEN 1 AND {}", 1 + rng.below(20)),
                1 => format!("{path} * 2 - 1 {} {}", rng.pick(&["=", ">", "<="]), rng.below(12)),
                _ => format!("{path} {} {}", rng.pick(&["=", "!=", ">", "<="]), rng.below(6)),
            },
            Kind::Boolean => path,
            Kind::Span | Kind::Day => match rng.below(4) {
                0 => format!("{path} BETWEEN 2024-05 AND {}", days(rng)),
                _ => format!("{path} {} {}", rng.pick(&["=", "!=", "<", "<=", ">", ">="]), days(rng)),
            },
            Kind::Word(vocabulary) => {
                let word = rng.pick(vocabulary.words).0;
                format!("{path} {} '{word}'", rng.pick(&["=", "!="]))
            }
        },
    }
}
