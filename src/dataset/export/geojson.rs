//! GeoJSON (RFC 7946): a point for each meeting and for each place of a visit, a line for each journey with two or more
//! stops. Longitude comes first; a line over the antimeridian is cut there in two.

use super::{Export, TOLD, by_link, in_order, iso, label, leave_out, linked, status};
use crate::catalog::NounId;
use crate::dataset::derive::{ancestors, bounds};
use crate::dataset::model::{Entry, Model};
use crate::diagnostic::Diagnostic;
use crate::store::Progress;
use crate::value::text::Text;
use serde_json::{Map, Value, json};
use std::collections::HashMap;

/// Degrees east and degrees north.
type Position = [f64; 2];

/// What is where.
///
/// # Errors
/// When it was stopped.
pub fn export(model: &Model, progress: &Progress) -> Result<Export, Diagnostic> {
    let rows = |noun| model.of(noun).len() as u64;
    progress.begin(super::EXPORTING, rows(NounId::Meetings) + rows(NounId::Visits) + rows(NounId::Journeys));
    let mut map = Atlas { model, made: Export::default(), features: Vec::new(), told: HashMap::new() };
    for (link, noun) in [("meeting", NounId::Meetings), ("visit", NounId::Visits)] {
        map.told.insert(noun, by_link(model, NounId::Accounts, link));
    }
    let parties = by_link(model, NounId::Participants, "meeting");
    for (at, meeting) in in_order(model, NounId::Meetings) {
        progress.go_on(1)?;
        map.meeting(at, meeting, parties.get(&at).map_or(&[], Vec::as_slice));
    }
    for (at, visit) in in_order(model, NounId::Visits) {
        progress.go_on(1)?;
        map.visit(at, visit);
    }
    let stops = by_link(model, NounId::Visits, "journey");
    for (at, journey) in in_order(model, NounId::Journeys) {
        progress.go_on(1)?;
        map.journey(journey, stops.get(&at).map_or(&[], Vec::as_slice));
    }
    let taken = [
        NounId::Meetings,
        NounId::Participants,
        NounId::Visits,
        NounId::Places,
        NounId::Countries,
        NounId::Leaders,
        NounId::Publications,
    ];
    leave_out(model, &taken, TOLD, &mut map.made);
    map.made.text = collection(model, &map.features);
    Ok(map.made)
}

/// A feature a line, so that files can be compared line by line.
fn collection(model: &Model, features: &[Value]) -> String {
    let mut head = Map::new();
    head.insert("type".to_string(), "FeatureCollection".into());
    for name in ["title", "licence", "citation"] {
        head.extend(model.settings.get(name).map(|text| (name.to_string(), text.as_str().into())));
    }
    let head = Value::from(head).to_string();
    let lines: Vec<String> = features.iter().map(Value::to_string).collect();
    format!("{},\"features\":[\n{}\n]}}\n", head.trim_end_matches('}'), lines.join(",\n"))
}

struct Atlas<'a> {
    model: &'a Model,
    made: Export,
    features: Vec<Value>,
    /// Of meetings and visits, the accounts of each.
    told: HashMap<NounId, HashMap<usize, Vec<usize>>>,
}

impl Atlas<'_> {
    fn meeting(&mut self, at: usize, meeting: &Entry, parties: &[usize]) {
        let Some(place) = meeting.one.get("place").copied() else {
            return self.made.lost.one("meetings without a place");
        };
        let Some((position, around)) = located(self.model, place) else {
            return self.made.lost.one("meetings without coordinates");
        };
        let mut about = self.about(NounId::Meetings, at, meeting);
        let names = parties.iter().filter_map(|at| self.model.of(NounId::Participants).get(*at));
        about.insert("participants".to_string(), names.map(|party| party.label.as_str()).collect());
        about.insert("host_country".to_string(), label(self.model, meeting, "host_country", NounId::Countries).into());
        about.insert("format".to_string(), meeting.text.get("format").map(ToString::to_string).into());
        self.point(NounId::Meetings, &meeting.key, about, (place, position, around));
        self.made.taken.one("meetings");
    }

    fn visit(&mut self, at: usize, visit: &Entry) {
        let places = visit.many.get("places").map_or(&[][..], Vec::as_slice);
        let mut points = 0;
        for place in places {
            let Some((position, around)) = located(self.model, *place) else { continue };
            let mut about = self.about(NounId::Visits, at, visit);
            about.insert("leader".to_string(), label(self.model, visit, "leader", NounId::Leaders).into());
            about.insert("host_country".to_string(), label(self.model, visit, "country", NounId::Countries).into());
            about.insert("kind".to_string(), visit.text.get("kind").map(ToString::to_string).into());
            let key = format!("{}:{}", visit.key, self.model.of(NounId::Places).get(*place).map_or("", |p| &p.key));
            self.point(NounId::Visits, &key, about, (*place, position, around));
            points += 1;
        }
        let lost = match (places.len(), points) {
            (0, _) => "visits without a place",
            (_, 0) => "visits without coordinates",
            _ => {
                self.made.taken.one("visits");
                self.made.taken.add("places of visits", points as u64);
                self.made.lost.add("places of visits without coordinates", (places.len() - points) as u64);
                return;
            }
        };
        self.made.lost.one(lost);
    }

    fn journey(&mut self, journey: &Entry, visits: &[usize]) {
        let mut stops: Vec<&Entry> = visits.iter().filter_map(|at| self.model.of(NounId::Visits).get(*at)).collect();
        stops.sort_by_key(|visit| (bounds(visit).start_min, bounds(visit).start_max, &visit.key));
        let places = stops.iter().flat_map(|visit| visit.many.get("places").into_iter().flatten());
        let mut way: Vec<Position> = places.filter_map(|place| located(self.model, *place)).map(|(at, _)| at).collect();
        way.dedup();
        let lines = cut(&way);
        let geometry = match lines.as_slice() {
            [] => return self.made.lost.one("journeys with fewer than two stops on the map"),
            [line] => json!({"type": "LineString", "coordinates": line}),
            several => json!({"type": "MultiLineString", "coordinates": several}),
        };
        let mut about = dates(NounId::Journeys, journey);
        about.insert("leader".to_string(), label(self.model, journey, "leader", NounId::Leaders).into());
        let countries = stops.iter().filter_map(|visit| label(self.model, visit, "country", NounId::Countries));
        about.insert("countries".to_string(), countries.collect());
        about.insert("visits".to_string(), stops.iter().map(|visit| visit.key.as_str()).collect());
        self.features.push(feature(NounId::Journeys, &journey.key, geometry, about));
        self.made.taken.one("journeys");
    }

    /// What is said of meetings and visits alike.
    fn about(&self, noun: NounId, at: usize, entry: &Entry) -> Map<String, Value> {
        let mut about = dates(noun, entry);
        about.insert("status".to_string(), status(entry).into());
        about.insert("disputed".to_string(), entry.text.contains_key("disputed").into());
        about.insert("remark".to_string(), entry.text.get("remark").map(ToString::to_string).into());
        let told = self.told.get(&noun).and_then(|told| told.get(&at)).into_iter().flatten();
        let accounts = told.filter_map(|at| self.model.of(NounId::Accounts).get(*at));
        about.insert("sources".to_string(), accounts.map(|account| source(self.model, account)).collect());
        about
    }

    fn point(
        &mut self,
        noun: NounId,
        key: &str,
        mut about: Map<String, Value>,
        (place, position, around): (usize, Position, usize),
    ) {
        let name = |at: usize| self.model.of(NounId::Places).get(at).map(|place| place.label.to_string());
        about.insert("place".to_string(), name(place).into());
        // Whoever looks at the map must see that a building stands where its town is drawn.
        if place != around {
            about.insert("located_by".to_string(), name(around).into());
            self.made.lost.one("places drawn where the place around them is");
        }
        let geometry = json!({"type": "Point", "coordinates": position});
        self.features.push(feature(noun, key, geometry, about));
    }
}

fn feature(noun: NounId, key: &str, geometry: Value, about: Map<String, Value>) -> Value {
    json!({"type": "Feature", "id": format!("{}:{key}", noun.noun().name), "geometry": geometry, "properties": about})
}

/// What it is, and when: as it is known, and the first and the last day on which it may have been.
fn dates(noun: NounId, entry: &Entry) -> Map<String, Value> {
    let days = bounds(entry);
    let mut about = Map::new();
    let mut put = |name: &str, value: Value| about.insert(name.to_string(), value);
    put("noun", noun.noun().singular.into());
    put("key", entry.key.as_str().into());
    put("label", entry.label.as_str().into());
    put("date", entry.text.get("date").map(ToString::to_string).into());
    put("first", iso(days.start_min).into());
    put("last", iso(days.end_max).into());
    about
}

/// One account: which document, where in it, and where that is found.
fn source(model: &Model, account: &Entry) -> Value {
    let publication = linked(model, account, "publication", NounId::Publications);
    let of = |name: &str| publication.and_then(|publication| publication.text.get(name).map(ToString::to_string));
    json!({
        "title": of("title"),
        "locator": account.text.get("locator").map(Text::as_str),
        "address": of("address"),
        "preferred": account.text.contains_key("preferred"),
    })
}

/// Where a place is, and the place that says so: itself, or the nearest around it that has coordinates.
fn located(model: &Model, place: usize) -> Option<(Position, usize)> {
    ancestors(model, place).into_iter().find_map(|at| {
        let entry = model.of(NounId::Places).get(at)?;
        let degrees = |name: &str| entry.text.get(name)?.parse::<f64>().ok();
        let position = [degrees("longitude")?, degrees("latitude")?];
        on_earth(position).then_some((position, at))
    })
}

fn on_earth([longitude, latitude]: Position) -> bool {
    (-180.0..=180.0).contains(&longitude) && (-90.0..=90.0).contains(&latitude)
}

/// A way in pieces that each stay on one side of the antimeridian, each of two or more positions (RFC 7946, 3.1.9).
fn cut(way: &[Position]) -> Vec<Vec<Position>> {
    let mut pieces: Vec<Vec<Position>> = Vec::new();
    let mut piece: Vec<Position> = way.first().copied().into_iter().collect();
    for (from, to) in way.iter().zip(way.iter().skip(1)) {
        // The short way from one to the other leads over it if the way along the map is more than half round.
        if (to[0] - from[0]).abs() > 180.0 {
            let edge = if from[0] > to[0] { 180.0 } else { -180.0 };
            let latitude = crossing(*from, *to, edge);
            piece.push([edge, latitude]);
            pieces.push(std::mem::replace(&mut piece, vec![[-edge, latitude]]));
        }
        piece.push(*to);
    }
    pieces.push(piece);
    pieces.iter_mut().for_each(Vec::dedup);
    pieces.retain(|piece| piece.len() > 1);
    pieces
}

/// How far north a straight way crosses the antimeridian, which it meets first at `edge`.
fn crossing(from: Position, to: Position, edge: f64) -> f64 {
    let beyond = to[0] + 2.0 * edge;
    let share = if beyond == from[0] { 0.0 } else { (edge - from[0]) / (beyond - from[0]) };
    from[1] + share * (to[1] - from[1])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_way_over_the_antimeridian_is_cut_there() {
        assert_eq!(cut(&[]), Vec::<Vec<Position>>::new());
        assert_eq!(cut(&[[1.0, 2.0]]), Vec::<Vec<Position>>::new());
        assert_eq!(cut(&[[-90.0, 2.0], [90.0, 4.0]]), [[[-90.0, 2.0], [90.0, 4.0]]], "half round is no more");
        // Anchorage to Petropavlovsk, and back.
        let cuts = cut(&[[-150.0, 60.0], [160.0, 50.0], [-150.0, 60.0]]);
        assert_eq!(
            cuts,
            vec![
                vec![[-150.0, 60.0], [-180.0, 54.0]],
                vec![[180.0, 54.0], [160.0, 50.0], [180.0, 54.0]],
                vec![[-180.0, 54.0], [-150.0, 60.0]]
            ]
        );
        // What stands on it is on both sides.
        assert_eq!(cut(&[[180.0, 1.0], [-180.0, 1.0]]), Vec::<Vec<Position>>::new());
        assert_eq!(cut(&[[180.0, 1.0], [-170.0, 1.0]]), [[[-180.0, 1.0], [-170.0, 1.0]]]);
    }
}
