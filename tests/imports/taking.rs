//! What the tests of imports share: a fresh file, tables and mappings as texts, questions to the outcome.

use bilat::catalog::NounId;
use bilat::dataset::import::mapping::Mapping;
use bilat::dataset::import::table::Table;
use bilat::dataset::import::take::{Options, Taken, creatable, take};
use bilat::dataset::records::{Record, Records};
use bilat::dataset::{build, unpack, world};
use bilat::diagnostic::Diagnostic;
use bilat::present::{self, Format, Style};
use bilat::session::{Session, Settings};
use bilat::store::{Database, Progress};
use std::path::{Path, PathBuf};
use std::sync::LazyLock;

static WORLD: LazyLock<Records> = LazyLock::new(|| {
    let bundled = unpack::records(&Database::bundled().unwrap()).unwrap();
    world::world(bundled, "A fresh file", "2024-07-10")
});

/// The world and no meetings.
pub fn fresh() -> Records {
    WORLD.clone()
}

/// The same with some countries, their capitals and their names, and nothing else: for tests that begin anew many times.
pub fn small() -> Records {
    SMALL.clone()
}

static SMALL: LazyLock<Records> = LazyLock::new(|| {
    const KEPT: &str = "GB FR DE KR CA VA HU RS AT ES TR VN US IT PT CN CSHH DDDE";
    let mut records = Records { settings: WORLD.settings.clone(), ..Records::default() };
    let mut countries = WORLD.of(NounId::Countries).to_vec();
    countries.retain(|country| KEPT.split(' ').any(|key| key == country.key));
    assert_eq!(countries.len(), KEPT.split(' ').count());
    let capitals: Vec<_> = countries.iter_mut().filter_map(|country| country.cells.remove("capital")).collect();
    for country in &mut countries {
        country.cells.retain(|column, _| ["name", "code"].contains(&column));
    }
    let mut places = WORLD.of(NounId::Places).to_vec();
    places.retain(|place| capitals.contains(&place.key));
    let keys = |noun: &str, rows: &[Record]| rows.iter().map(|row| format!("{noun}:{}", row.key)).collect::<Vec<_>>();
    let known = [keys("countries", &countries), keys("places", &places)].concat();
    let mut names = WORLD.of(NounId::Names).to_vec();
    names.retain(|name| name.cell("language").is_none_or(|language| ["en", "de"].contains(&language)));
    names.retain(|name| known.iter().any(|of| name.cell("of") == Some(of)));
    for (noun, rows) in [(NounId::Countries, countries), (NounId::Places, places), (NounId::Names, names)] {
        records.nouns.insert(noun, rows);
    }
    records
});

pub fn mappings() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/mappings")
}

pub fn text(path: &Path) -> String {
    std::fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

pub fn tables(name: &str, text: &str) -> Vec<Table> {
    super::tables(name, text.as_bytes()).unwrap()
}

pub fn options(create: &[&str]) -> Options {
    let words: Vec<String> = create.iter().map(|word| (*word).to_string()).collect();
    Options { create: creatable(&words).unwrap(), ..Options::default() }
}

/// A table with its mapping into records; leaders and places are made.
pub fn taken(base: &Records, table: &str, mapping: &str) -> Result<Taken, Vec<Diagnostic>> {
    let mapping = Mapping::read(mapping)?;
    take(base, &tables("table.csv", table), Some(&mapping), &options(&["leaders", "places"]), &Progress::default())
}

/// A guessed mapping with what it leaves for its user.
pub fn filled(guessed: &str) -> String {
    let given = [
        ("title", "A table"),
        ("year", "2023"),
        ("anchor", "2024-07-10"),
        ("leader = { value", "Jane Roe"),
        ("country = { value", "France"),
    ];
    given.iter().fold(guessed.to_string(), |text, (name, value)| {
        text.replace(&format!("{name} = \"\""), &format!("{name} = \"{value}\""))
    })
}

/// A table in our own shape.
pub fn own(base: &Records, name: &str, text: &str, rejects: bool) -> Result<Taken, Vec<Diagnostic>> {
    let options = Options { rejects, ..Options::default() };
    take(base, &tables(name, text), None, &options, &Progress::default())
}

/// The codes and messages of mistakes.
pub fn said(mistakes: &[Diagnostic]) -> Vec<String> {
    mistakes.iter().map(|mistake| format!("{} {}", mistake.code, mistake.message)).collect()
}

/// What a file of these records answers, as CSV without its header.
pub fn asked(records: &Records, query: &str) -> Vec<String> {
    let built = build(records).unwrap_or_else(|mistakes| panic!("{:?}", said(&mistakes)));
    let database = Database::from_bytes(&built.bytes, "fresh.db").unwrap();
    let session = Session::new(database, Settings::default()).unwrap();
    let (mut out, mut notes) = (Vec::new(), Vec::new());
    for statement in &session.compile(query).unwrap_or_else(|mistakes| panic!("{:?}", said(&mistakes))) {
        let mut sink = present::renderer(Format::Csv, &mut out, &mut notes, Style::default());
        session.run(statement, sink.as_mut()).unwrap_or_else(|_| panic!("{query} cannot be answered"));
    }
    let text = String::from_utf8(out).unwrap();
    text.lines().skip(1).map(str::to_string).collect()
}

/// How many rows of a noun there are.
pub fn count(records: &Records, noun: NounId) -> usize {
    records.of(noun).len()
}

pub fn keys(records: &Records, noun: NounId) -> Vec<&str> {
    records.of(noun).iter().map(|record| record.key.as_str()).collect()
}
