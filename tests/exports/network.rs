//! GEXF: well-formed XML in which the edges are the pairs that queries give, and read by networkx.

use super::{File, bundled, export, many, random, tally, with_hostile_texts};
use crate::grammar::seed;
use crate::oracle::rng::Rng;
use roxmltree::{Document, Node};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::path::Path;
use std::process::Command;

fn all<'a, 'd>(document: &'a Document<'d>, name: &'static str) -> impl Iterator<Item = Node<'a, 'd>> {
    document.descendants().filter(move |node| node.tag_name().name() == name)
}

/// What is said of a node or an edge, by the titles that the graph declares.
fn said(document: &Document<'_>, of: Node<'_, '_>) -> BTreeMap<String, String> {
    let class = of.tag_name().name();
    let declared = all(document, "attributes").find(|node| node.attribute("class") == Some(class)).unwrap();
    let title = |id: &str| {
        let found = declared.children().find(|node| node.attribute("id") == Some(id)).expect("it is declared");
        found.attribute("title").unwrap().to_string()
    };
    let values = of.descendants().filter(|node| node.tag_name().name() == "attvalue");
    values
        .map(|value| (title(value.attribute("for").unwrap()), value.attribute("value").unwrap().to_string()))
        .collect()
}

/// The network as our own reading has it: labels by id, and edges by their ends.
fn read(text: &str) -> Value {
    let document = Document::parse(text).unwrap();
    let labels: BTreeMap<&str, &str> =
        all(&document, "node").map(|node| (node.attribute("id").unwrap(), node.attribute("label").unwrap())).collect();
    assert_eq!(labels.len(), all(&document, "node").count(), "ids are unique");
    let mut edges = BTreeMap::new();
    for edge in all(&document, "edge") {
        let ends = [edge.attribute("source").unwrap(), edge.attribute("target").unwrap()];
        assert!(ends[0] < ends[1] && ends.iter().all(|end| labels.contains_key(end)), "{ends:?}");
        let spells: Vec<Value> = edge
            .descendants()
            .filter(|node| node.tag_name().name() == "spell")
            .map(|spell| json!([spell.attribute("start").unwrap_or("None"), spell.attribute("end").unwrap_or("None")]))
            .collect();
        let said = said(&document, edge);
        let about = json!({"weight": edge.attribute("weight").unwrap().parse::<f64>().unwrap(), "spells": spells,
            "first": said.get("first"), "last": said.get("last"), "certain": said["certain"].parse::<i64>().unwrap()});
        let before = edges.insert(ends.join("\u{1f}"), about);
        assert_eq!(before, None, "one edge for each pair");
    }
    json!({"nodes": labels, "edges": edges})
}

#[test]
fn edges_are_the_pairs_that_met() {
    let rng = Rng::new(seed() + 2);
    let random = std::iter::repeat_with(|| random(&rng)).take(many());
    let mut compared = 0;
    for records in std::iter::once(bundled()).chain(random) {
        let file = File::of(&records);
        let export = file.export("gexf");
        let network = read(&export.text);
        let label = |id: &str| network["nodes"][id].as_str().unwrap().to_string();
        let pair = |one: String, other: String| [one.clone().min(other.clone()), one.max(other)].join(" + ");
        let mut edges = BTreeMap::new();
        for (ends, about) in network["edges"].as_object().unwrap() {
            let (one, other) = ends.split_once('\u{1f}').unwrap();
            edges.insert(pair(label(one), label(other)), about["weight"].as_f64().unwrap() as usize);
        }
        // Two who are one node in a meeting would be counted once here and twice there.
        if export.lost.of("participants who are one node with another") > 0 {
            continue;
        }
        let met = file.ask("SELECT first, second FROM pairs LIMIT 1000000");
        let known = met.into_iter().filter(|row| row.iter().all(|cell| !cell.is_empty()));
        assert_eq!(edges, tally(known.map(|row| pair(row[0].clone(), row[1].clone()))));
        assert_eq!(export.taken.of("pairs") as usize, edges.len());
        compared += 1;
    }
    assert!(compared > many() / 2, "{compared}");
}

#[test]
fn a_leader_has_the_country_and_the_office_of_the_reference_date() {
    let file = File::of(&bundled());
    let text = file.export("gexf").text;
    let document = Document::parse(&text).unwrap();
    let mut ours: Vec<Vec<String>> = all(&document, "node")
        .map(|node| {
            let said = said(&document, node);
            let of = |name: &str| said.get(name).cloned().unwrap_or_default();
            vec![node.attribute("label").unwrap().to_string(), of("country"), of("office")]
        })
        .collect();
    let mut theirs = file.ask("SELECT name, country, office FROM leaders");
    ours.sort();
    theirs.sort();
    assert_eq!(ours, theirs);
}

#[test]
fn hostile_texts_are_text() {
    let records = with_hostile_texts();
    let text = export("gexf", &records).text;
    let document = Document::parse(&text).unwrap();
    for node in all(&document, "node") {
        let key = node.attribute("id").unwrap().trim_start_matches("leaders:");
        let leader = records.of(bilat::catalog::NounId::Leaders).iter().find(|leader| leader.key == key).unwrap();
        let held = |c: char| matches!(c, '\t' | '\n' | '\r' | ' '..='\u{FFFD}' | '\u{10000}'..);
        let name = leader.cell("name").unwrap().chars().map(|c| if held(c) { c } else { '\u{FFFD}' });
        assert_eq!(node.attribute("label").unwrap(), name.collect::<String>());
    }
    assert_eq!(all(&document, "node").count(), records.of(bilat::catalog::NounId::Leaders).len());
}

/// What networkx reads, in the form of [`read`].
const SCRIPT: &str = r#"
import json, sys, networkx
for path in sys.argv[1:]:
    g = networkx.read_gexf(path)
    assert not g.is_directed() and not g.is_multigraph()
    nodes = {n: d["label"] for n, d in g.nodes(data=True)}
    edges = {}
    for a, b, d in g.edges(data=True):
        spells = [list(spell) for spell in d.get("spells", [])]
        edges["\x1f".join(sorted((a, b)))] = {"weight": d["weight"], "spells": spells, "first": d.get("first"),
            "last": d.get("last"), "certain": d["certain"]}
    print(json.dumps({"nodes": nodes, "edges": edges}))
"#;

fn networkx(folder: &Path, paths: &[String]) -> Option<Vec<Value>> {
    let python = std::env::var("PYTHON").unwrap_or_else(|_| "python3".to_string());
    let there = Command::new(&python).args(["-c", "import networkx"]).output();
    if !there.is_ok_and(|output| output.status.success()) {
        println!("skipped: {python} has no networkx");
        return None;
    }
    let output = Command::new(&python).args(["-c", SCRIPT]).args(paths).current_dir(folder).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let text = String::from_utf8(output.stdout).unwrap();
    Some(text.lines().map(|line| serde_json::from_str(line).unwrap()).collect())
}

#[test]
fn networkx_reads_what_we_read() {
    let rng = Rng::new(seed() + 3);
    let folder = tempfile::tempdir().unwrap();
    let random = (0..many()).map(|_| random(&rng));
    let texts: Vec<String> = [bundled(), with_hostile_texts()]
        .into_iter()
        .chain(random)
        .map(|records| export("gexf", &records).text)
        .collect();
    let path = |number: usize| format!("{number}.gexf");
    for (number, text) in texts.iter().enumerate() {
        std::fs::write(folder.path().join(path(number)), text).unwrap();
    }
    let paths: Vec<String> = (0..texts.len()).map(path).collect();
    let Some(theirs) = networkx(folder.path(), &paths) else { return };
    assert_eq!(theirs.len(), texts.len());
    for (text, theirs) in texts.iter().zip(theirs) {
        assert_eq!(read(text), theirs);
    }
}
