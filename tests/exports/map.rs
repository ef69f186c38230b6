//! GeoJSON, read by a library: the meetings that queries give, at their places; lines that stay on one side.

use super::{File, bundled, export, many, random, tally, with_hostile_texts};
use crate::grammar::seed;
use crate::oracle::rng::Rng;
use bilat::catalog::NounId;
use bilat::dataset::records::Records;
use geojson::{Feature, FeatureCollection, GeoJson, GeometryValue, feature::Id};
use std::collections::BTreeSet;

fn read(text: &str) -> FeatureCollection {
    match text.parse::<GeoJson>().unwrap() {
        GeoJson::FeatureCollection(collection) => collection,
        other => panic!("{other:?}"),
    }
}

fn id(feature: &Feature) -> &str {
    match &feature.id {
        Some(Id::String(id)) => id,
        other => panic!("{other:?}"),
    }
}

fn text<'a>(feature: &'a Feature, name: &str) -> &'a str {
    feature.property(name).and_then(|value| value.as_str()).unwrap_or("")
}

/// Every position of a feature, line by line.
fn lines(feature: &Feature) -> Vec<Vec<[f64; 2]>> {
    let at = |position: &geojson::Position| [position.as_slice()[0], position.as_slice()[1]];
    match &feature.geometry.as_ref().unwrap().value {
        GeometryValue::Point { coordinates } => vec![vec![at(coordinates)]],
        GeometryValue::LineString { coordinates } => vec![coordinates.iter().map(at).collect()],
        GeometryValue::MultiLineString { coordinates } => {
            coordinates.iter().map(|line| line.iter().map(at).collect()).collect()
        }
        other => panic!("{other:?}"),
    }
}

/// A place or what it lies in, as far as that has coordinates.
fn located(records: &Records, key: &str) -> Option<[f64; 2]> {
    let place = records.of(NounId::Places).iter().find(|place| place.key == key)?;
    let degrees = |name: &str| place.cell(name)?.parse::<f64>().ok();
    match (degrees("longitude"), degrees("latitude")) {
        (Some(east), Some(north)) if east.abs() <= 180.0 && north.abs() <= 90.0 => Some([east, north]),
        _ => located(records, place.cell("parent")?),
    }
}

#[test]
fn meetings_stand_where_queries_say() {
    let file = File::of(&bundled());
    let collection = read(&file.export("geojson").text);
    let held = |feature: &&Feature| text(feature, "noun") == "meeting" && text(feature, "status") == "held";
    let ours = collection.features.iter().filter(held);
    let ours = ours.map(|feature| {
        let at = lines(feature)[0][0];
        // A place without coordinates is drawn where the place around it is, and says so.
        let own = if text(feature, "located_by").is_empty() { format!("{} {}", at[1], at[0]) } else { " ".to_string() };
        format!("{} {} {own} {}", text(feature, "date"), text(feature, "place"), text(feature, "host_country"))
    });
    let theirs = file.ask("SELECT date, place, place.latitude, place.longitude, host_country FROM meetings");
    let theirs = theirs.into_iter().filter(|row| !row[1].is_empty());
    assert_eq!(tally(ours), tally(theirs.map(|row| row.join(" "))));
    let participants = collection.features.iter().find(|feature| text(feature, "date") == "2024-05-16").unwrap();
    assert_eq!(participants.property("participants").unwrap(), &serde_json::json!(["Vladimir Putin", "Xi Jinping"]));
}

#[test]
fn everything_that_has_a_place_on_the_map_is_on_it() {
    let rng = Rng::new(seed() + 4);
    let (mut cuts, mut journeys) = (0, 0);
    for _ in 0..many() * 3 {
        let records = random(&rng);
        let made = export("geojson", &records);
        let collection = read(&made.text);
        let ids: BTreeSet<&str> = collection.features.iter().map(id).collect();
        assert_eq!(ids.len(), collection.features.len());
        let of = |noun: &str| collection.features.iter().filter(|feature| text(feature, "noun") == noun).count();
        for visit in records.of(NounId::Visits) {
            for place in visit.cell("places").unwrap_or("").split("; ").filter(|place| !place.is_empty()) {
                let there = ids.contains(format!("visits:{}:{place}", visit.key).as_str());
                assert_eq!(there, located(&records, place).is_some(), "{} {place}", visit.key);
            }
        }
        for feature in &collection.features {
            if text(feature, "noun") == "meeting" {
                let key = text(feature, "key");
                let meeting = records.of(NounId::Meetings).iter().find(|meeting| meeting.key == key).unwrap();
                if let Some(place) = meeting.cell("place") {
                    assert_eq!(Some(lines(feature)[0][0]), located(&records, place));
                }
            }
            for line in lines(feature) {
                for position in &line {
                    assert!(position[0].abs() <= 180.0 && position[1].abs() <= 90.0, "{position:?}");
                }
                let halves = line.windows(2).all(|pair| (pair[0][0] - pair[1][0]).abs() <= 180.0);
                assert!(halves && (line.len() > 1 || text(feature, "noun") != "journey"), "{line:?}");
            }
            cuts += usize::from(lines(feature).len() > 1);
        }
        journeys += of("journey");
        assert_eq!(of("meeting") as u64, made.taken.of("meetings"));
        assert_eq!(of("visit") as u64, made.taken.of("places of visits"));
        assert_eq!(of("journey") as u64, made.taken.of("journeys"));
    }
    assert!(journeys > 8 && cuts > 2, "{journeys} journeys, {cuts} over the antimeridian");
}

#[test]
fn hostile_texts_are_text() {
    let records = with_hostile_texts();
    let collection = read(&export("geojson", &records).text);
    let meetings: Vec<&Feature> =
        collection.features.iter().filter(|feature| text(feature, "noun") == "meeting").collect();
    assert!(meetings.len() > 20);
    for feature in meetings {
        let key = text(feature, "key");
        let meeting = records.of(NounId::Meetings).iter().find(|meeting| meeting.key == key).unwrap();
        assert_eq!(text(feature, "remark"), meeting.cell("remark").unwrap());
    }
}
