//! GEXF 1.3: who met whom, when. Leaders are nodes, pairs that met are edges, and each meeting held is a spell of its
//! edge: from the first to the last day on which it may have been, both counted.

use super::{Counts, Export, exact, in_order, iso, label, leave_out, status};
use crate::catalog::NounId;
use crate::catalog::vocabulary::HELD;
use crate::dataset::derive::{bounds, term_on};
use crate::dataset::model::{Entry, Model};
use crate::diagnostic::Diagnostic;
use crate::store::Progress;
use crate::value::date::{Bounds, Day};
use crate::value::markup::escaped;
use crate::value::text::Text;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;

/// What a participant is in the network: a leader, or, where nobody knows which, a country.
type Node = (NounId, usize);

/// What is said of a node and of an edge: name and type.
const OF_NODES: [(&str, &str); 4] =
    [("noun", "string"), ("country", "string"), ("office", "string"), ("native_name", "string")];
const OF_EDGES: [(&str, &str); 4] =
    [("first", "string"), ("last", "string"), ("certain", "integer"), ("formats", "string")];

/// Who met whom.
///
/// # Errors
/// When it was stopped.
pub fn export(model: &Model, progress: &Progress) -> Result<Export, Diagnostic> {
    let meetings = in_order(model, NounId::Meetings);
    progress.begin(super::EXPORTING, meetings.len() as u64);
    let mut made = Export::default();
    let mut edges: BTreeMap<(Node, Node), Vec<&Entry>> = BTreeMap::new();
    let mut nodes: BTreeSet<Node> = (0..model.of(NounId::Leaders).len()).map(|at| (NounId::Leaders, at)).collect();
    let parties = super::by_link(model, NounId::Participants, "meeting");
    for (at, meeting) in meetings {
        progress.go_on(1)?;
        if status(meeting) != HELD {
            made.lost.one(&format!("meetings {}", status(meeting)));
            continue;
        }
        let present = present(model, parties.get(&at).map_or(&[], Vec::as_slice), &mut made.lost);
        nodes.extend(&present);
        let pairs: Vec<(Node, Node)> = present
            .iter()
            .enumerate()
            .flat_map(|(at, one)| present.iter().skip(at + 1).map(move |other| (*one, *other)))
            .collect();
        if pairs.is_empty() {
            made.lost.one("meetings without a pair");
            continue;
        }
        made.taken.one("meetings");
        if exact(meeting).is_none() {
            made.lost.one("vague dates");
        }
        let open = [bounds(meeting).start_min, bounds(meeting).end_max].into_iter().filter(|day| iso(*day).is_none());
        made.lost.add("ends that are open", open.count() as u64);
        made.lost.add("topics of meetings", meeting.many.get("topics").map_or(0, Vec::len) as u64);
        made.lost.add("remarks of meetings", u64::from(meeting.text.contains_key("remark")));
        for pair in pairs {
            edges.entry(pair).or_default().push(meeting);
        }
    }
    let leaders = nodes.iter().filter(|(noun, _)| *noun == NounId::Leaders).count();
    made.taken.add("leaders", leaders as u64);
    made.taken.add("countries in place of unknown leaders", (nodes.len() - leaders) as u64);
    made.taken.add("pairs", edges.len() as u64);
    let taken = [NounId::Leaders, NounId::Countries, NounId::Offices, NounId::Meetings, NounId::Participants];
    leave_out(model, &taken, "accounts", &mut made);
    made.text = document(model, &nodes, &edges);
    Ok(made)
}

/// Who was at a meeting, each once and in one order.
fn present(model: &Model, parties: &[usize], lost: &mut Counts) -> Vec<Node> {
    let mut present = BTreeSet::new();
    for party in parties.iter().filter_map(|at| model.of(NounId::Participants).get(*at)) {
        let leader = party.one.get("leader").map(|leader| (NounId::Leaders, *leader));
        match leader.or_else(|| party.one.get("country").map(|country| (NounId::Countries, *country))) {
            Some(node) => {
                lost.add("unknown leaders", u64::from(leader.is_none()));
                if !present.insert(node) {
                    lost.one("participants who are one node with another");
                }
            }
            None => lost.one("participants of whom nothing is known"),
        }
    }
    present.into_iter().collect()
}

fn document(model: &Model, nodes: &BTreeSet<Node>, edges: &BTreeMap<(Node, Node), Vec<&Entry>>) -> String {
    let mut text = String::from("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
    text.push_str("<gexf xmlns=\"http://gexf.net/1.3\" version=\"1.3\"");
    text.push_str(" xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\"");
    text.push_str(" xsi:schemaLocation=\"http://gexf.net/1.3 http://gexf.net/1.3/gexf.xsd\">\n");
    let modified = iso(model.reference).map_or(String::new(), |day| format!(" lastmodifieddate=\"{day}\""));
    let title = model.settings.get("title").map_or("", String::as_str);
    // Writing to a String cannot fail, here and below.
    let _ = writeln!(text, "  <meta{modified}>\n    <creator>bilat</creator>");
    let _ = writeln!(text, "    <description>{}</description>\n  </meta>", xml(title));
    text.push_str("  <graph defaultedgetype=\"undirected\" mode=\"dynamic\" timeformat=\"date\"");
    text.push_str(" timerepresentation=\"interval\">\n");
    declare("node", &OF_NODES, &mut text);
    declare("edge", &OF_EDGES, &mut text);
    text.push_str("    <nodes>\n");
    let mut nodes: Vec<Node> = nodes.iter().copied().collect();
    nodes.sort_by_cached_key(|at| id(model, *at));
    let terms = super::by_link(model, NounId::Terms, "leader");
    nodes.iter().for_each(|at| node(model, *at, terms.get(&at.1).map_or(&[], Vec::as_slice), &mut text));
    text.push_str("    </nodes>\n    <edges>\n");
    let ends = |(one, other): (Node, Node)| {
        let mut ends = [id(model, one), id(model, other)];
        ends.sort();
        ends
    };
    let edges: BTreeMap<[String; 2], &Vec<&Entry>> = edges.iter().map(|(pair, met)| (ends(*pair), met)).collect();
    for (number, (ends, meetings)) in edges.into_iter().enumerate() {
        edge(number, &ends, meetings, &mut text);
    }
    text.push_str("    </edges>\n  </graph>\n</gexf>\n");
    text
}

fn declare(class: &str, attributes: &[(&str, &str)], text: &mut String) {
    let _ = writeln!(text, "    <attributes class=\"{class}\" mode=\"static\">");
    for (at, (title, kind)) in attributes.iter().enumerate() {
        let _ = writeln!(text, "      <attribute id=\"{at}\" title=\"{title}\" type=\"{kind}\"/>");
    }
    text.push_str("    </attributes>\n");
}

/// What is known, in the order of the declaration.
fn values(known: &[Option<String>], text: &mut String) {
    if known.iter().all(Option::is_none) {
        return;
    }
    text.push_str("        <attvalues>\n");
    for (at, value) in known.iter().enumerate() {
        if let Some(value) = value {
            let _ = writeln!(text, "          <attvalue for=\"{at}\" value=\"{}\"/>", xml(value));
        }
    }
    text.push_str("        </attvalues>\n");
}

/// `leaders:putin`, as names.csv has it: a leader and a country may have one key.
fn id(model: &Model, (noun, at): Node) -> String {
    let key = model.of(noun).get(at).map_or("", |entry| entry.key.as_str());
    format!("{}:{key}", noun.noun().name)
}

/// With the terms of a leader.
fn node(model: &Model, at: Node, terms: &[usize], text: &mut String) {
    let Some(entry) = model.of(at.0).get(at.1) else { return };
    let _ = writeln!(text, "      <node id=\"{}\" label=\"{}\">", xml(&id(model, at)), xml(&entry.label));
    let noun = Some(at.0.noun().singular.to_string());
    let known = if at.0 == NounId::Countries {
        [noun, Some(entry.label.to_string()), None, None]
    } else {
        let term = term_on(model, terms, Bounds::within(model.reference, model.reference));
        let office = term.and_then(|term| label(model, model.of(NounId::Terms).get(term)?, "office", NounId::Offices));
        [
            noun,
            label(model, entry, "country", NounId::Countries),
            office,
            entry.text.get("native_name").map(ToString::to_string),
        ]
    };
    values(&known, text);
    text.push_str("      </node>\n");
}

fn edge(number: usize, [one, other]: &[String; 2], meetings: &[&Entry], text: &mut String) {
    let (one, other, weight) = (xml(one), xml(other), meetings.len());
    let _ = writeln!(text, "      <edge id=\"{number}\" source=\"{one}\" target=\"{other}\" weight=\"{weight}\">");
    let first = meetings.iter().map(|meeting| bounds(meeting).start_min).min().and_then(iso);
    let last = meetings.iter().map(|meeting| bounds(meeting).end_max).max().and_then(iso);
    let certain = meetings.iter().filter(|meeting| exact(meeting).is_some()).count();
    let formats: BTreeSet<&str> =
        meetings.iter().filter_map(|meeting| meeting.text.get("format")).map(Text::as_str).collect();
    let formats = (!formats.is_empty()).then(|| formats.into_iter().collect::<Vec<_>>().join("; "));
    values(&[first, last, Some(certain.to_string()), formats], text);
    let spells: Vec<String> = meetings.iter().filter_map(|meeting| spell(bounds(meeting))).collect();
    if !spells.is_empty() {
        let _ = writeln!(text, "        <spells>\n{}        </spells>", spells.concat());
    }
    text.push_str("      </edge>\n");
}

/// An open end is left out; nothing where both are.
fn spell(days: Bounds) -> Option<String> {
    let end = |name: &str, day: Day| iso(day).map(|day| format!(" {name}=\"{day}\""));
    let ends = [end("start", days.start_min), end("end", days.end_max)].into_iter().flatten().collect::<String>();
    (!ends.is_empty()).then(|| format!("          <spell{ends}/>\n"))
}

/// Text for an attribute or an element: what XML cannot hold becomes U+FFFD, and what it would read as a blank is
/// written as a reference.
fn xml(text: &str) -> String {
    let holds = |c: char| matches!(c, '\t' | '\n' | '\r' | ' '..='\u{FFFD}' | '\u{10000}'..);
    let text: String = text.chars().map(|c| if holds(c) { c } else { '\u{FFFD}' }).collect();
    escaped(&text).replace('\t', "&#9;").replace('\n', "&#10;").replace('\r', "&#13;")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_character_can_be_written() {
        for c in (0..=0x10_FFFF).filter_map(char::from_u32) {
            let text = format!("<a b=\"{}\"/>", xml(&c.to_string()));
            let document = roxmltree::Document::parse(&text).unwrap_or_else(|error| panic!("{c:?}: {error}"));
            let read = document.root_element().attribute("b").unwrap().to_string();
            assert!(read == c.to_string() || read == "\u{FFFD}", "{c:?}: {read:?}");
        }
    }
}
