//! A million rows written: this program and sqlite3 in turn, whole processes, on the same file and the same SQL.
//!
//! `cargo bench --bench out`, which needs `/usr/bin/time` and a sqlite3 shell (`SQLITE3` names it; else the one in PATH).
//! `ROWS` and `ROUNDS` change the measure. The file is made once, the same each time, and kept under `target`.
//!
//! Two queries: one over a plain table, and the default columns of meetings, which have a list. Each format is written to
//! a file. Before that both programs' CSV is read and compared: the rows must be the same. To open somebody's file is to
//! check it, which takes longer than the answer and which sqlite3 does not do; so beside whole processes the answer is
//! measured alone, in a process that has the file open, closing lines and all.

use bilat::catalog::ddl;
use bilat::present::{Format, Style, renderer};
use bilat::session::{Session, Settings};
use bilat::sql::Parameter;
use bilat::store::{Database, Value, Writer};
use std::fs::File;
use std::io::{BufWriter, Write};
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
    println!("{rows} meetings in {size} MiB; sqlite3 {}; medians of {rounds}", version.get(..6).unwrap_or("?"));
    let session =
        Session::new(Database::open(&file).expect("it opens"), Settings::default()).expect("it has a reference date");
    for (name, query) in QUERIES {
        let sql = sql(&session, query);
        same_rows(&folder, &file, query, &sqlite, &sql, rows);
        println!("\n{name}: {query}");
        println!("{:<8} {:>24} {:>16} {:>24}   ratios", "", "bilat, whole process", "its answer", "sqlite3");
        println!("{:<8} {HEAD:>24} {:>16} {HEAD:>24}   whole, answer (cpu), aim", "", "wall    cpu");
        let ours = |format: &str, query: &str| {
            [env!("CARGO_BIN_EXE_bilat"), &file.display().to_string(), "--format", format, "-c", query]
                .map(str::to_string)
        };
        let theirs = |flag: &str| [&sqlite, flag, &file.display().to_string(), &sql].map(str::to_string);
        let mut figures: Vec<[Vec<Figure>; 3]> = FORMATS.iter().map(|_| Default::default()).collect();
        let mut opening = Vec::new();
        for _ in 0..rounds {
            opening.push(process(&folder, &ours("csv", OPENING)));
            for ((format, flag, _), [whole, answer, other]) in FORMATS.iter().zip(&mut figures) {
                whole.push(process(&folder, &ours(format, query)));
                // Twice those that are short, on either side of each other.
                answer.push(inside(&folder, &session, format, query));
                other.push(process(&folder, &theirs(flag)));
                answer.push(inside(&folder, &session, format, query));
                other.push(process(&folder, &theirs(flag)));
            }
        }
        println!("{:<8} {}", "opening", median(&opening));
        for ((format, flag, aim), [whole, answer, other]) in FORMATS.iter().zip(&figures) {
            let (whole, answer, other) = (median(whole), median(answer), median(other));
            let (all, alone, cpu) = (whole.wall / other.wall, answer.wall / other.wall, answer.cpu / other.cpu);
            print!("{format:<8} {whole} {:>8.2} {:>7.2} {other}   ", answer.wall, answer.cpu);
            println!("{all:.2}, {alone:.2} ({cpu:.2}) of {flag}, {aim}");
        }
    }
}

const HEAD: &str = "wall    cpu peak MiB";

/// The SQL that the program itself runs, its parameters put in.
fn sql(session: &Session, query: &str) -> String {
    let prepared = session.compile(query).expect("it compiles");
    let text = session.sql_texts(&prepared[0]).next().expect("a query has SQL");
    assert!(!text.contains("?2"), "one parameter is put in: {text}");
    text.replace("?1", "'held'")
}

/// What something took: seconds, seconds of the processor, MiB at most.
#[derive(Clone, Copy)]
struct Figure {
    wall: f64,
    cpu: f64,
    peak: f64,
}

impl std::fmt::Display for Figure {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(out, "{:>8.2} {:>6.2} {:>8.1}", self.wall, self.cpu, self.peak)
    }
}

fn median(figures: &[Figure]) -> Figure {
    let of = |part: fn(&Figure) -> f64| {
        let mut values: Vec<f64> = figures.iter().map(part).collect();
        values.sort_by(f64::total_cmp);
        values[values.len() / 2]
    };
    Figure { wall: of(|figure| figure.wall), cpu: of(|figure| figure.cpu), peak: of(|figure| figure.peak) }
}

/// A whole process that writes into a file.
fn process(folder: &Path, words: &[String]) -> Figure {
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

/// The same answer into a file, from a file that is open already: compiled, run, closing lines and all.
fn inside(folder: &Path, session: &Session, format: &str, query: &str) -> Figure {
    let format = Format::from_name(format).expect("a format");
    let file = File::create(folder.join("out")).expect("a file to write to");
    let (begun, cpu) = (Instant::now(), processor());
    let prepared = session.compile(query).expect("it compiles");
    let (mut out, mut notes) = (BufWriter::with_capacity(1 << 16, file), std::io::sink());
    let mut sink = renderer(format, &mut out, &mut notes, Style::default());
    session.run(&prepared[0], sink.as_mut()).expect("it runs");
    drop(sink);
    out.flush().expect("it is written");
    Figure { wall: begun.elapsed().as_secs_f64(), cpu: processor() - cpu, peak: f64::NAN }
}

/// Seconds that this thread has had of the processor; nothing where the system does not say.
fn processor() -> f64 {
    let said = std::fs::read_to_string("/proc/thread-self/schedstat").unwrap_or_default();
    said.split(' ').next().and_then(|nanos| nanos.parse::<f64>().ok()).unwrap_or(f64::NAN) / 1e9
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
        fn value(value: &Parameter) -> Value<'_> {
            match value {
                Parameter::Integer(number) => Value::Integer(*number),
                Parameter::Real(number) => Value::Real(*number),
                Parameter::Text(text) => Value::Text(text),
                Parameter::Rows(_) | Parameter::Ids(_) => panic!("no cell holds rows"),
            }
        }
        let table = ddl::tables().iter().find(|known| known.name == table).expect("a table of that name");
        let cell =
            |name: &str| cells.iter().find(|(known, _)| *known == name).map_or(Value::Null, |(_, cell)| value(cell));
        let values: Vec<Value<'_>> = table.columns.iter().map(|column| cell(&column.name)).collect();
        self.writer.insert(table, &values).expect("it fits");
    }

    fn all(&mut self, rows: usize) {
        let text = |text: &str| Parameter::Text(text.to_string());
        let integer = |number: usize| Parameter::Integer(number as i64);
        // Tables in the order in which they are declared.
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
        self.insert("file", &[("key", text("reference_date")), ("value", text("2024-07-11"))]);
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
