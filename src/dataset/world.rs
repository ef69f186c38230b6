//! The beginning of a file of one's own: the world as the bundled file has it, and no meetings.

use super::records::{Record, Records};
use super::{Built, build_watched, put, unpack};
use crate::catalog::NounId;
use crate::diagnostic::Diagnostic;
use crate::store::{Database, Progress};
use NounId::*;
use std::collections::{BTreeMap, HashSet};
use std::path::Path;

/// What belongs to the world: other people's data speak of these.
const WORLD: [NounId; 4] = [Countries, Regions, Groups, Memberships];

/// Writes a new file.
///
/// # Errors
/// When the target is there already (without `force`) or cannot be written, or it was stopped.
pub fn new(
    target: &Path,
    title: &str,
    today: &str,
    force: bool,
    progress: &Progress,
) -> Result<Built, Vec<Diagnostic>> {
    put::free(target, force).map_err(|diagnostic| vec![diagnostic])?;
    let bundled = Database::bundled().map_err(|diagnostic| vec![diagnostic])?;
    let records = unpack::records(&bundled).map_err(|diagnostic| vec![diagnostic])?;
    let mut records = world(records, title, today);
    records.tidy()?;
    let built = build_watched(&records, progress)?;
    put::put_watched(target, &built.bytes, force, progress).map_err(|diagnostic| vec![diagnostic])?;
    Ok(built)
}

/// The world of a dataset: countries with their capitals, regions, groups, and the names of all these.
pub fn world(mut all: Records, title: &str, today: &str) -> Records {
    let mut records = Records::default();
    for noun in WORLD {
        records.nouns.insert(noun, all.nouns.remove(&noun).unwrap_or_default());
    }
    let capitals: HashSet<&str> = records.of(Countries).iter().filter_map(|country| country.cell("capital")).collect();
    let places: Vec<Record> =
        all.of(Places).iter().filter(|place| capitals.contains(place.key.as_str())).cloned().collect();
    records.nouns.insert(Places, places);
    let mut known: HashSet<String> = HashSet::new();
    for noun in WORLD.into_iter().chain([Places]) {
        known.extend(records.of(noun).iter().map(|record| format!("{}:{}", noun.noun().name, record.key)));
    }
    let names = all.nouns.remove(&Names).unwrap_or_default();
    let of_known = |name: &Record| name.cell("of").is_some_and(|of| known.contains(of));
    records.nouns.insert(Names, names.into_iter().filter(of_known).collect());
    let settings = [("title", title), ("language", "en"), ("reference_date", today)];
    records.settings = BTreeMap::from(settings.map(|(key, value)| (key.to_string(), value.to_string())));
    records
}
