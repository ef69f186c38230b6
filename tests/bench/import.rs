//! Meetings taken in: this program and sqlite3 in turn, whole processes, from the same CSV files.
//!
//! `cargo bench --bench import`, which needs `/usr/bin/time` and a sqlite3 shell (`SQLITE3` names it; else the one in
//! PATH). `MEETINGS` and `ROUNDS` change the measure. The files are made once, the same each time, and kept under
//! `target`.
//!
//! `build` of a folder in our own shape is compared with `.import` of the same files into tables with a primary key and
//! an index for every reference, which is what a row of ours costs at least. What else takes in or changes many rows is
//! measured alone: an import of one flat table with a mapping into a new file, a thousand rows more, writing a file back
//! into a folder, and opening it for the first time and again.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs::{self, File};
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Instant;

const COUNTRIES: usize = 200;
const PLACES: usize = 1_000;
const TOPICS: usize = 60;
const PUBLICATIONS: usize = 20;

/// The years that meetings are spread over, and how many.
const FROM: usize = 1946;
const YEARS: usize = 80;

fn number(name: &str, default: usize) -> usize {
    std::env::var(name).ok().and_then(|text| text.parse().ok()).unwrap_or(default)
}

fn main() {
    let sqlite = std::env::var("SQLITE3").unwrap_or_else(|_| "sqlite3".to_string());
    let (meetings, rounds) = (number("MEETINGS", 100_000), number("ROUNDS", 3));
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("import-{meetings}"));
    let rows = Made::new(meetings).all(&folder);
    println!("{meetings} meetings, {rows} rows of CSV; medians of {rounds}");
    let bench = Bench { folder, rows, rounds, sqlite };
    bench.all();
}

struct Bench {
    folder: PathBuf,
    rows: usize,
    rounds: usize,
    sqlite: String,
}

/// What a process took: seconds, seconds of the processor, and MiB at most.
#[derive(Clone, Copy)]
struct Figure {
    wall: f64,
    cpu: f64,
    peak: f64,
}

impl Bench {
    fn all(&self) {
        let path = |name: &str| self.folder.join(name).display().to_string();
        let (built, theirs, flat) = (path("built.db"), path("theirs.db"), path("flat.db"));
        let ours: Vec<String> = [env!("CARGO_BIN_EXE_bilat"), "build", &path("dataset"), "-o", &built, "--force"]
            .map(str::to_string)
            .to_vec();
        let import: Vec<String> =
            [&self.sqlite, &theirs, &format!(".read {}", path("import.sql"))].map(Clone::clone).to_vec();
        let (mut one, mut other) = (Vec::new(), Vec::new());
        let is_there = Command::new(&self.sqlite).arg("--version").output().is_ok();
        for _ in 0..self.rounds {
            one.push(self.process(&ours));
            if is_there {
                let _ = fs::remove_file(&theirs);
                other.push(self.process(&import));
            }
        }
        let ours = median(&one);
        self.say("build of the folder", ours, self.rows);
        if is_there {
            let theirs = median(&other);
            self.say("sqlite3 .import", theirs, self.rows);
            println!("rows a second, ours to theirs: {:.2} (aim 1.5)", theirs.wall / ours.wall);
        }
        let bilat = |words: &[&str]| -> Vec<String> {
            [env!("CARGO_BIN_EXE_bilat")].iter().chain(words).map(ToString::to_string).collect()
        };
        let mapping = path("flat.toml");
        let new = bilat(&["new", &flat, "--force"]);
        let create = ["--mapping", mapping.as_str(), "--create", "leaders,places,topics"];
        let take = |name: &str| {
            let name = path(name);
            let words: Vec<&str> = ["import", &name, "--into", &flat].into_iter().chain(create).collect();
            bilat(&words)
        };
        let lines = |name: &str| fs::read_to_string(path(name)).map_or(0, |text| text.lines().count() - 1);
        let mut figures: [Vec<Figure>; 5] = Default::default();
        let info = bilat(&["info", &flat]);
        for _ in 0..self.rounds {
            self.process(&new);
            let [first, more, out, open, again] = &mut figures;
            first.push(self.process(&take("flat.csv")));
            more.push(self.process(&take("more.csv")));
            out.push(self.process(&bilat(&["export", &flat, "--as", "csv", "-o", &path("out"), "--force"])));
            let _ = fs::remove_dir_all(self.folder.join("cache"));
            open.push(self.process(&info));
            again.push(self.process(&info));
        }
        let flat = lines("flat.csv");
        let what =
            ["import of a flat table", "a thousand rows more", "export as a folder", "first opening", "opening again"];
        for ((what, figures), rows) in what.iter().zip(&figures).zip([flat, lines("more.csv"), flat, flat, flat]) {
            self.say(what, median(figures), rows);
        }
    }

    fn say(&self, what: &str, figure: Figure, rows: usize) {
        let Figure { wall, cpu, peak } = figure;
        println!("{what:<24} {wall:>7.2} s {cpu:>7.2} s cpu {peak:>7.0} MiB {:>9.0} rows a second", rows as f64 / wall);
    }

    fn process(&self, words: &[String]) -> Figure {
        let about = self.folder.join("time");
        let mut command = Command::new("/usr/bin/time");
        command.args(["-f", "%U %S %M", "-o"]).arg(&about).args(words).current_dir(&self.folder);
        command.env("XDG_CACHE_HOME", self.folder.join("cache")).stdout(Stdio::null());
        let begun = Instant::now();
        let output = command.output().expect("/usr/bin/time runs");
        let wall = begun.elapsed().as_secs_f64();
        assert!(output.status.success(), "{words:?}\n{}", String::from_utf8_lossy(&output.stderr));
        let said = fs::read_to_string(&about).expect("time has written");
        let numbers: Vec<f64> = said.split_whitespace().filter_map(|word| word.parse().ok()).collect();
        Figure { wall, cpu: numbers[0] + numbers[1], peak: numbers[2] / 1024.0 }
    }
}

fn median(figures: &[Figure]) -> Figure {
    let middle = |of: fn(&Figure) -> f64| {
        let mut numbers: Vec<f64> = figures.iter().map(of).collect();
        numbers.sort_by(f64::total_cmp);
        numbers[numbers.len() / 2]
    };
    Figure { wall: middle(|f| f.wall), cpu: middle(|f| f.cpu), peak: middle(|f| f.peak) }
}

/// The files as they are made, from numbers that are the same each time.
struct Made {
    meetings: usize,
    leaders: usize,
    state: u64,
    files: BTreeMap<&'static str, BufWriter<File>>,
    rows: usize,
}

impl Made {
    fn new(meetings: usize) -> Made {
        let leaders = if meetings <= 100_000 { 5_200 } else { 10_400 };
        Made { meetings, leaders, state: 2026, files: BTreeMap::new(), rows: 0 }
    }

    /// A number below `end` (SplitMix64).
    fn below(&mut self, end: usize) -> usize {
        self.state = self.state.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.state;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        ((z ^ (z >> 31)) % end.max(1) as u64) as usize
    }

    /// Small numbers more often.
    fn low(&mut self, end: usize) -> usize {
        let one = self.below(end);
        self.below(one + 1)
    }

    fn line(&mut self, file: &'static str, line: &str) {
        let out = self.files.get_mut(file).expect("a file that was begun");
        writeln!(out, "{line}").expect("it is written");
        self.rows += 1;
    }

    /// All files; how many rows the folder has.
    fn all(mut self, folder: &Path) -> usize {
        let dataset = folder.join("dataset");
        let count = folder.join("rows");
        if let Some(rows) = fs::read_to_string(&count).ok().and_then(|text| text.parse().ok()) {
            return rows;
        }
        fs::create_dir_all(&dataset).expect("a folder");
        for (name, header) in FILES {
            let path = if header.starts_with("key") { dataset.join(name) } else { folder.join(name) };
            let mut file = BufWriter::new(File::create(path).expect("a file"));
            writeln!(file, "{header}").expect("it is written");
            self.files.insert(name, file);
        }
        fs::write(folder.join("flat.toml"), MAPPING).expect("it is written");
        self.line("file.csv", "title,Made");
        self.line("file.csv", "reference_date,2026-11-01");
        self.things();
        for at in 0..self.meetings {
            self.meeting(at);
        }
        let rows = self.rows - self.meetings - 1_000.min(self.meetings);
        fs::write(folder.join("import.sql"), import(&dataset)).expect("it is written");
        self.files.values_mut().for_each(|file| file.flush().expect("it is written"));
        fs::write(count, rows.to_string()).expect("it is written");
        rows
    }

    /// Everything that meetings are between, at and about.
    fn things(&mut self) {
        for at in 0..COUNTRIES {
            self.line("countries.csv", &format!("c{at},Country {at}"));
            for (level, title) in ["President", "Prime Minister", "Foreign Minister"].iter().enumerate() {
                let word = ["head of state", "head of government", "minister"][level];
                self.line("offices.csv", &format!("o{at}-{level},{title} of Country {at},{word},c{at}"));
            }
        }
        for at in 0..PLACES {
            let country = self.low(COUNTRIES);
            self.line("places.csv", &format!("p{at},Town {at},city,c{country}"));
        }
        for at in 0..TOPICS {
            self.line("topics.csv", &format!("t{at},Matter {at}"));
        }
        for at in 0..PUBLICATIONS {
            self.line("publications.csv", &format!("s{at},Record {at}"));
        }
        for at in 0..self.leaders {
            let country = self.low(COUNTRIES);
            self.line("leaders.csv", &format!("{},{},c{country}", key(at), name(at)));
            let (from, level) = (self.first_year(at), self.low(3));
            let line = format!("{}-1,{},o{country}-{level},{from}-02-01,{}-01-31", key(at), key(at), from + 6);
            self.line("terms.csv", &line);
        }
    }

    /// Leaders are numbered in the order of their terms.
    fn first_year(&self, leader: usize) -> usize {
        FROM - 5 + leader * (YEARS + 4) / self.leaders
    }

    fn meeting(&mut self, at: usize) {
        // More towards today.
        let year = FROM + YEARS - 1 - self.low(YEARS);
        let (month, day) = (self.below(12) + 1, self.below(28) + 1);
        let date = match self.below(50) {
            0 => year.to_string(),
            1..=4 => format!("{year}-{month:02}"),
            _ => format!("{year}-{month:02}-{day:02}"),
        };
        let count = if self.below(100) < 65 { 2 } else { 3 + self.low(10) };
        let mut people: Vec<usize> = Vec::new();
        let around = (year + 2 - FROM) * self.leaders / (YEARS + 4);
        while people.len() < count {
            let near = (around + self.below(self.leaders / 12)) % self.leaders;
            if !people.contains(&near) {
                people.push(near);
            }
        }
        let meeting = format!("m{at:07}");
        let (place, topic, other) = (self.below(PLACES), self.low(TOPICS), self.low(TOPICS));
        let topics = if topic == other { format!("t{topic}") } else { format!("t{topic}; t{other}") };
        let format = ["talks", "state visit", "working visit", "sidelines", "call"][self.below(5)];
        let publication = self.low(PUBLICATIONS);
        self.line("meetings.csv", &format!("{meeting},{topics}"));
        for one in &people {
            self.line("participants.csv", &format!("{meeting}.{},{meeting},{}", key(*one), key(*one)));
        }
        let account =
            format!("s{publication}.{meeting},s{publication},no. {at},{meeting},{date},p{place},{format},yes");
        self.line("accounts.csv", &account);
        let names: Vec<String> = people.iter().map(|one| name(*one)).collect();
        let flat = format!("no. {at},{date},{},Town {place},Matter {topic},{format}", names.join("; "));
        self.line("flat.csv", &flat);
        if at < 1_000 {
            self.line("more.csv", &format!("a{flat}"));
        }
    }
}

fn key(leader: usize) -> String {
    name(leader).to_lowercase().replace(' ', "-")
}

/// A name of syllables, another for each number.
fn name(leader: usize) -> String {
    const ONSETS: [&str; 10] = ["Ba", "Do", "Ke", "Li", "Mu", "Na", "Po", "Ra", "Si", "To"];
    const ENDS: [&str; 10] = ["ran", "vik", "lo", "mar", "nes", "dov", "sen", "tar", "bel", "gur"];
    let digit = |place: u32| leader / 10_usize.pow(place) % 10;
    let (one, two, three) = (ONSETS[digit(0)], ENDS[digit(1)], ONSETS[digit(2)].to_lowercase());
    format!("{one}{two} {}{three}{}", ONSETS[digit(3)], ENDS[leader / 10_000 % 10])
}

const FILES: [(&str, &str); 13] = [
    ("file.csv", "key,value"),
    ("countries.csv", "key,name"),
    ("offices.csv", "key,title,level,country"),
    ("places.csv", "key,name,kind,country"),
    ("topics.csv", "key,name"),
    ("publications.csv", "key,title"),
    ("leaders.csv", "key,name,country"),
    ("terms.csv", "key,leader,office,start,end"),
    ("meetings.csv", "key,topics"),
    ("participants.csv", "key,meeting,leader"),
    ("accounts.csv", "key,publication,locator,meeting,date,place,format,preferred"),
    ("flat.csv", "number,date,who,where,about,kind"),
    ("more.csv", "number,date,who,where,about,kind"),
];

const MAPPING: &str = r#"row = "meetings"

[source]
key = "flat"
title = "A flat table"

[columns]
locator = "number"
date = "date"
participants = { column = "who", split = ["; "] }
place = "where"
topics = "about"
format = "kind"
"#;

/// The script that lets sqlite3 take the same files in: a primary key, and an index for every reference.
fn import(dataset: &Path) -> String {
    let mut script = String::from("PRAGMA journal_mode=OFF; PRAGMA synchronous=OFF;\n");
    let mut after = String::new();
    for (name, header) in FILES.iter().filter(|(_, header)| header.starts_with("key")) {
        let table = name.trim_end_matches(".csv");
        let columns: Vec<String> = header.split(',').map(|column| format!("\"{column}\" TEXT")).collect();
        let columns = columns.join(", ").replacen("TEXT", "TEXT PRIMARY KEY", 1);
        let _ = writeln!(script, "CREATE TABLE \"{table}\" ({columns});");
        let _ = writeln!(script, ".import --csv --skip 1 \"{}\" {table}", dataset.join(name).display());
        let references = ["country", "leader", "office", "meeting", "publication", "place"];
        for column in header.split(',').skip(1).filter(|column| references.contains(column)) {
            let _ = writeln!(after, "CREATE INDEX \"{table}_by_{column}\" ON \"{table}\" (\"{column}\");");
        }
    }
    script + &after
}
