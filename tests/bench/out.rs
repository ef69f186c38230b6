//! A million rows written: this program and sqlite3 in turn, whole processes, on the same file and the same SQL.
//!
//! `cargo bench --bench out`, which needs `/usr/bin/time` and a sqlite3 shell (`SQLITE3` names it; else the one in PATH).
//! `ROWS` and `ROUNDS` change the measure. The file is made once, the same each time, and kept under `target`.
//!
//! Two queries: one over a plain table, and the default columns of meetings, which have a list. Each format is written to
//! a file. Before that both programs' CSV is read and compared: the rows must be the same. Opening somebody's file means
//! checking it, which sqlite3 does not; so the time of a question about next to nothing is measured too, and the ratio stands
//! there as a whole and without it.

use bilat::catalog::ddl;
use bilat::session::{Session, Settings};
use bilat::sql::Parameter;
use bilat::store::{Database, Writer};
use std::collections::HashMap;
use std::fs::File;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Instant;

const QUERIES: &[(&str, &str)] =
    &[("one table", "SELECT date, format, status, remark FROM meetings"), ("with a list", "FROM meetings")];

/// What takes no longer than opening the file.
const OPENING: &str = "SELECT count() FROM leaders";

/// Our format, sqlite3's flag, and the ratio that is aimed at.
const FORMATS: &[(&str, &str, f64)] =
    &[("csv", "-csv", 0.75), ("jsonl", "-json", 1.0), ("table", "-box", 0.5), ("tsv", "-csv", 0.75)];

fn number(name: &str, default: usize) -> usize {
    std::env::var(name).ok().and_then(|text| text.parse().ok()).unwrap_or(default)
}

fn main() {
    let sqlite = std::env::var("SQLITE3").unwrap_or_else(|_| "sqlite3".to_string());
    let version = Command::new(&sqlite).arg("--version").output();
    let Ok(version) = version.map(|output| String::from_utf8_lossy(&output.stdout).into_owned()) else {
        return println!("there is no sqlite3 to compare with");
    };
    let (rows, rounds) = (number("ROWS", 1_000_000), number("ROUNDS", 5));
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).to_path_buf();
    let file = made(&folder, rows);
    let size = std::fs::metadata(&file).expect("the file is there").len() >> 20;
    println!("{rows} meetings in {size} MiB; sqlite3 {}; medians of {rounds}", version.get(..7).unwrap_or("?"));
    for (name, query) in QUERIES {
        let sql = sql(query);
        same_rows(&folder, &file, query, &sqlite, &sql, rows);
        println!("\n{name}: {query}");
        println!("{:<22} {:>8} {:>8} {:>9}   {:>14}", "", "wall s", "cpu s", "peak MiB", "of sqlite3's");
        let ours = |format: &str, query: &str| {
            let mut words = vec![env!("CARGO_BIN_EXE_bilat").to_string(), file.display().to_string()];
            words.extend(["--format", format, "-c", query].map(str::to_string));
            words
        };
        let theirs =
            |flag: &str, sql: &str| [&sqlite, flag, &file.display().to_string(), sql].map(str::to_string).to_vec();
        let mut all: Vec<(String, Vec<String>)> = vec![
            ("bilat, opening".to_string(), ours("csv", OPENING)),
            ("sqlite3, opening".to_string(), theirs("-csv", "SELECT count(*) FROM leaders")),
        ];
        for (format, flag, _) in FORMATS {
            all.push((format!("bilat {format}"), ours(format, query)));
            all.push((format!("sqlite3 {flag}"), theirs(flag, &sql)));
        }
        let measured = measured(&folder, &all, rounds);
        let (open, their_open) = (&measured[0], &measured[1]);
        for (at, ((name, _), figure)) in all.iter().zip(&measured).enumerate() {
            let ratio = (at % 2 == 0).then(|| {
                let (whole, alone) = (figure.wall / measured[at + 1].wall, figure.wall - open.wall);
                let alone = alone / (measured[at + 1].wall - their_open.wall);
                let cpu = (figure.cpu - open.cpu) / (measured[at + 1].cpu - their_open.cpu);
                if at == 0 {
                    return String::new();
                }
                let aim = FORMATS[at / 2 - 1].2;
                format!("whole {whole:.2}; without opening {alone:.2} (cpu {cpu:.2}), aim {aim}")
            });
            let ratio = ratio.unwrap_or_default();
            println!("{name:<22} {:>8.2} {:>8.2} {:>9.1}   {ratio}", figure.wall, figure.cpu, figure.peak);
        }
    }
}

/// The SQL that the program itself runs, its parameters put in.
fn sql(query: &str) -> String {
    let session =
        Session::new(Database::bundled().expect("the bundled file opens"), Settings::default()).expect("a session");
    let prepared = session.compile(query).expect("it compiles");
    let text = session.sql_texts(&prepared[0]).next().expect("a query has SQL");
    assert!(!text.contains("?2"), "one parameter is put in: {text}");
    text.replace("?1", "'held'")
}

/// What one process took: seconds, seconds of the processor, MiB at most.
#[derive(Clone, Copy)]
struct Figure {
    wall: f64,
    cpu: f64,
    peak: f64,
}

/// The median of each command, all run in turn.
fn measured(folder: &Path, all: &[(String, Vec<String>)], rounds: usize) -> Vec<Figure> {
    let mut figures: Vec<Vec<Figure>> = vec![Vec::new(); all.len()];
    for _ in 0..rounds {
        for ((_, words), figures) in all.iter().zip(&mut figures) {
            figures.push(once(folder, words));
        }
    }
    let median = |figures: &[Figure], of: fn(&Figure) -> f64| {
        let mut values: Vec<f64> = figures.iter().map(of).collect();
        values.sort_by(f64::total_cmp);
        values[values.len() / 2]
    };
    let all = figures.iter().map(|figures| Figure {
        wall: median(figures, |figure| figure.wall),
        cpu: median(figures, |figure| figure.cpu),
        peak: median(figures, |figure| figure.peak),
    });
    all.collect()
}

fn once(folder: &Path, words: &[String]) -> Figure {
    let (out, about) = (folder.join("out"), folder.join("time"));
    let mut command = Command::new("/usr/bin/time");
    command.args(["-f", "%U %S %M", "-o"]).arg(&about).args(words);
    command.stdout(File::create(&out).expect("a file to write to")).stderr(Stdio::null());
    let begun = Instant::now();
    let status = command.status().expect("/usr/bin/time runs");
    let wall = begun.elapsed().as_secs_f64();
    assert!(status.success(), "{words:?}");
    let said = std::fs::read_to_string(&about).expect("time has written");
    let numbers: Vec<f64> = said.split_whitespace().filter_map(|word| word.parse().ok()).collect();
    Figure { wall, cpu: numbers[0] + numbers[1], peak: numbers[2] / 1024.0 }
}

/// Both programs give the same rows; lists are JSON in theirs.
fn same_rows(folder: &Path, file: &Path, query: &str, sqlite: &str, sql: &str, rows: usize) {
    let (ours, theirs) = (folder.join("ours.csv"), folder.join("theirs.csv"));
    let mut one = Command::new(env!("CARGO_BIN_EXE_bilat"));
    one.arg(file).args(["--format", "csv", "-c", query]).stderr(Stdio::null());
    let mut other = Command::new(sqlite);
    other.arg("-csv").arg(file).arg(sql);
    for (command, path) in [(&mut one, &ours), (&mut other, &theirs)] {
        assert!(command.stdout(File::create(path).expect("a file")).status().is_ok_and(|status| status.success()));
    }
    let reader = |path: &PathBuf, head| {
        csv::ReaderBuilder::new().has_headers(head).from_path(path).expect("it can be read").into_records()
    };
    let mut count = 0;
    let mut theirs = reader(&theirs, false);
    for ours in reader(&ours, true) {
        let ours = ours.expect("a record");
        let theirs = theirs.next().expect("as many rows").expect("a record");
        for (one, other) in ours.iter().zip(&theirs) {
            let list = serde_json::from_str::<Vec<String>>(other).map(|items| items.join("; "));
            assert_eq!(one, list.as_deref().unwrap_or(other), "row {count}");
        }
        count += 1;
    }
    assert!(theirs.next().is_none());
    assert_eq!(count, rows);
}

/// The file of that many meetings, made where it is not there yet.
fn made(folder: &Path, rows: usize) -> PathBuf {
    let path = folder.join(format!("out-{rows}.db"));
    if !path.exists() {
        let mut file = Made { writer: Writer::new().expect("a writer"), state: 2024 };
        file.all(rows);
        let (bytes, _) = file.writer.finish().expect("it is sealed");
        std::fs::write(&path, bytes).expect("it is written");
    }
    path
}

struct Made {
    writer: Writer,
    state: u64,
}

const LEADERS: &[&str] =
    &["Vladimir Putin", "Xi Jinping", "Recep Tayyip Erdoğan", "Viktor Orbán", "习近平", "Emomali Rahmon"];
const PLACES: &[&str] = &["Kremlin", "Great Hall of the People", "Élysée Palace", "Astana", "Minsk"];
const FORMATS_OF_MEETINGS: &[&str] = &["bilateral", "call", "multilateral"];
const REMARKS: &[&str] = &[
    "They spoke for two hours.",
    "Behind closed doors, with interpreters, and longer than planned.",
    "\"A frank exchange\", said the host.",
    "Türkiye's account differs.",
    "First meeting since the talks of the year before; no joint statement.",
];

impl Made {
    /// The next number below `bound`, the same in every run.
    fn below(&mut self, bound: usize) -> usize {
        self.state = self.state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from((self.state >> 33) % bound as u64).unwrap_or(0)
    }

    fn insert(&mut self, table: &str, cells: &[(&str, Parameter)]) {
        let cells: HashMap<&str, &Parameter> = cells.iter().map(|(name, value)| (*name, value)).collect();
        let table = ddl::tables().iter().find(|known| known.name == table).expect("a table of that name");
        let values: Vec<Option<Parameter>> =
            table.columns.iter().map(|column| cells.get(column.name.as_str()).map(|value| (*value).clone())).collect();
        self.writer.insert(table, &values).expect("it fits");
    }

    fn all(&mut self, rows: usize) {
        let text = |text: &str| Parameter::Text(text.to_string());
        let integer = |number: usize| Parameter::Integer(number as i64);
        self.insert("file", &[("key", text("reference_date")), ("value", text("2024-07-11"))]);
        for (at, name) in LEADERS.iter().enumerate() {
            let key = format!("l{at}");
            let born = [("born_min", integer(0)), ("born_max", integer(0))];
            let own = [("id", integer(at + 1)), ("key", text(&key)), ("label", text(name)), ("name", text(name))];
            self.insert("leaders", &[&own[..], &born[..]].concat());
        }
        for (at, name) in PLACES.iter().enumerate() {
            let key = format!("p{at}");
            let own = [("id", integer(at + 1)), ("key", text(&key)), ("label", text(name)), ("name", text(name))];
            self.insert("places", &[&own[..], &[("kind", text("venue"))]].concat());
        }
        for at in 1..=rows {
            self.meeting(at);
        }
        for at in 1..=rows {
            let first = self.below(LEADERS.len());
            let second = (first + 1 + self.below(LEADERS.len() - 1)) % LEADERS.len();
            for (own, leader) in [(2 * at - 1, first), (2 * at, second)] {
                let cells = [
                    ("id", integer(own)),
                    ("key", text(&format!("m{at}-{leader}"))),
                    ("label", text(LEADERS[leader])),
                    ("meeting_id", integer(at)),
                    ("leader_id", integer(leader + 1)),
                ];
                self.insert("participants", &cells);
            }
        }
    }

    fn meeting(&mut self, at: usize) {
        let day = at as i64 / 60 + 3000;
        let (month, inside) = (1 + self.below(12), 1 + self.below(28));
        let year = 1990 + at / 30_000;
        let date = match self.below(10) {
            0 => format!("{year}-{month:02}"),
            1 => format!("{year}-{month:02}-{inside:02}/{year}-{month:02}-{:02}", inside.min(26) + 2),
            _ => format!("{year}-{month:02}-{inside:02}"),
        };
        let text = |text: &str| Parameter::Text(text.to_string());
        let mut cells = vec![
            ("id", Parameter::Integer(at as i64)),
            ("key", text(&format!("m{at}"))),
            ("label", text(&format!("meeting {at}"))),
            ("date", text(&date)),
            ("status", text("held")),
            ("disputed", Parameter::Integer(0)),
        ];
        cells.extend(ddl::BOUNDS.map(|name| (name, Parameter::Integer(day))));
        let (format, remark, place) =
            (self.below(FORMATS_OF_MEETINGS.len() + 1), self.below(2 * REMARKS.len()), self.below(PLACES.len() + 1));
        cells.extend(FORMATS_OF_MEETINGS.get(format).map(|name| ("format", text(name))));
        cells.extend(REMARKS.get(remark).map(|remark| ("remark", text(remark))));
        cells.extend((place > 0).then_some(("place_id", Parameter::Integer(place as i64))));
        self.insert("meetings", &cells);
    }
}
