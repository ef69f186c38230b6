//! The travels of US presidents and secretaries of state, whole: 4,271 visits, 1,463 journeys.
//!
//! The data lie beside the project, in `../shared/data`, or where `BILAT_SHARED` says; without them nothing is tested.

use super::taking::{count, fresh, mappings, said, taken, text};
use bilat::catalog::NounId;
use bilat::dataset::derived;
use std::path::{Path, PathBuf};
use std::time::Instant;

fn shared() -> Option<PathBuf> {
    let beside = || Path::new(env!("CARGO_MANIFEST_DIR")).ancestors().map(|folder| folder.join("shared")).collect();
    let folders: Vec<PathBuf> = std::env::var_os("BILAT_SHARED").map_or_else(beside, |folder| vec![folder.into()]);
    folders.into_iter().map(|folder| folder.join("data/us-travels.csv")).find(|file| file.is_file())
}

#[test]
fn the_travels_of_a_century_and_a_half_are_taken_in_whole() {
    let Some(path) = shared() else {
        println!("skipped: there is no us-travels.csv in ../shared/data, nor where BILAT_SHARED says");
        return;
    };
    let (table, mapping) = (text(&path), text(&mappings().join("us-travels.toml")));
    let begun = Instant::now();
    let first = taken(&fresh(), &table, &mapping).unwrap_or_else(|mistakes| panic!("{:?}", said(&mistakes)));
    println!("taken in within {:?}", begun.elapsed());
    assert_eq!((first.report.rows, first.report.refused), (4271, 0));
    assert_eq!(count(&first.records, NounId::Visits), 4271);
    assert_eq!(count(&first.records, NounId::Leaders), 55);
    assert!(first.report.warnings.is_empty(), "real names look like themselves: {:?}", first.report.warnings);
    let model = derived(&first.records).unwrap();
    assert_eq!(model.of(NounId::Journeys).len(), 1463);
    let several = first
        .records
        .of(NounId::Visits)
        .iter()
        .filter(|visit| visit.cell("places").is_some_and(|places| places.contains(';')));
    // 543 cells have a comma; in 27 of them Mexico, D.F. is the one city.
    assert_eq!(several.count(), 516, "visits of several cities");
    let begun = Instant::now();
    let second = taken(&first.records, &table, &mapping).unwrap();
    println!("known again within {:?}", begun.elapsed());
    assert!(!second.report.changes() && second.records == first.records);
    assert_eq!(second.report.there, 4271);
}
