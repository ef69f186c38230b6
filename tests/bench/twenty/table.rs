//! The figures as a table: on the screen while they come, and as Markdown.

use super::peers::Process;
use super::questions::Question;
use bilat::session::Session;
use std::fmt::Write;
use std::time::Duration;

/// Of one question, the seconds of each round.
#[derive(Default)]
pub struct Figures {
    pub rows: usize,
    pub bilat: Vec<f64>,
    /// Until the last row, without the closing lines.
    pub alone: Vec<f64>,
    pub sqlite: Vec<f64>,
    pub duck1: Vec<f64>,
    pub duck2: Vec<f64>,
    pub process: Vec<Process>,
    pub shell: Vec<Process>,
    pub duck_shell: Vec<Process>,
    pub first: Vec<f64>,
    pub first_shell: Vec<f64>,
    /// What is not as it should be.
    pub notes: Vec<String>,
}

pub fn median(figures: &[f64]) -> Option<f64> {
    let mut figures = figures.to_vec();
    figures.sort_by(f64::total_cmp);
    figures.get(figures.len() / 2).copied()
}

fn walls(figures: &[Process]) -> Option<f64> {
    median(&figures.iter().map(|figure| figure.wall).collect::<Vec<_>>())
}

fn peaks(figures: &[Process]) -> Option<f64> {
    median(&figures.iter().map(|figure| figure.peak).collect::<Vec<_>>())
}

/// Milliseconds with three digits that say something.
fn millis(seconds: Option<f64>) -> String {
    match seconds.map(|seconds| seconds * 1e3) {
        None => "–".to_string(),
        Some(millis) if millis.is_infinite() => "∞".to_string(),
        Some(millis) if millis < 10.0 => format!("{millis:.2}"),
        Some(millis) if millis < 100.0 => format!("{millis:.1}"),
        Some(millis) => format!("{millis:.0}"),
    }
}

fn ratio(one: Option<f64>, other: Option<f64>) -> String {
    match (one, other) {
        (Some(one), Some(other)) if one.is_finite() => format!("{:.2}", one / other),
        (Some(_), Some(_)) => "∞".to_string(),
        _ => "–".to_string(),
    }
}

impl Figures {
    /// How bilat runs it: the SQL, and what SQLite makes of it.
    pub fn explain(&mut self, session: &Session, question: &Question) {
        let mut answer = bilat::answer::Answer::default();
        let Ok(prepared) = session.compile(&format!("EXPLAIN {}", question.bilat)) else { return };
        if session.run(&prepared[0], &mut answer).is_err() {
            return;
        }
        for row in answer.rows.iter().skip(1) {
            let cells: Vec<String> = row.cells.iter().filter_map(|cell| bilat::answer::plain(cell, "; ")).collect();
            self.notes.push(cells.join(": "));
        }
        let Ok(prepared) = session.compile(&question.bilat) else { return };
        self.notes.extend(session.sql_texts(&prepared[0]).skip(1).map(|text| format!("beside: {text}")));
    }
}

pub struct Table {
    markdown: String,
    /// How often bilat is ahead of each, of how many, in the part at hand.
    ahead: [(usize, usize); 5],
}

const HEAD: [&str; 14] = [
    "question",
    "rows",
    "bilat",
    "rows alone",
    "SQL by hand",
    "DuckDB 1",
    "DuckDB 2",
    "/ SQL",
    "/ D1",
    "/ D2",
    "process",
    "sqlite3",
    "duckdb",
    "MiB",
];

impl Table {
    pub fn new() -> Table {
        Table { markdown: String::new(), ahead: [(0, 0); 5] }
    }

    pub fn begin(&mut self, size: usize, bytes: u64, [first, known]: [Duration; 2], duck: Option<String>) {
        let mut text = format!(
            "{size} meetings, {} MB, {} bytes a meeting, opened in {:.2} s, known in {:.2} s; {}, SQLite {}, DuckDB {}; milliseconds, medians",
            bytes / 1_000_000,
            bytes / size as u64,
            first.as_secs_f64(),
            known.as_secs_f64(),
            machine(),
            bilat::store::sqlite_version(),
            duck.unwrap_or_else(|| "not there".to_string()),
        );
        println!("\n{text}\n");
        text.push_str("\n\n| ");
        text.push_str(&HEAD.join(" | "));
        text.push_str(" |\n|---|");
        text.push_str(&"--:|".repeat(HEAD.len() - 1));
        self.markdown.push_str(&text);
        self.markdown.push('\n');
        self.ahead = [(0, 0); 5];
        println!(
            "{:>3} {:>7} {:>9} {:>9} {:>9} {:>9} {:>9} {:>7} {:>7} {:>7} {:>9} {:>9} {:>9} {:>6}",
            "",
            "rows",
            "bilat",
            "alone",
            "by hand",
            "duck 1",
            "duck 2",
            "/hand",
            "/duck1",
            "/duck2",
            "process",
            "sqlite3",
            "duckdb",
            "MiB"
        );
    }

    pub fn add(&mut self, question: &Question, figures: Figures) {
        let of = |figures: &[f64]| median(figures);
        let (bilat, alone, hand) = (of(&figures.bilat), of(&figures.alone), of(&figures.sqlite));
        let (one, two) = (of(&figures.duck1), of(&figures.duck2));
        let (process, shell, duck) = (walls(&figures.process), walls(&figures.shell), walls(&figures.duck_shell));
        let whole = process.or(bilat.filter(|_| !figures.shell.is_empty()).map(|_| f64::INFINITY));
        let pairs = [(bilat, hand), (bilat, one), (bilat, two), (whole, shell), (whole, duck)];
        for ((ours, theirs), (ahead, all)) in pairs.iter().zip(&mut self.ahead) {
            if let (Some(ours), Some(theirs)) = (ours, theirs) {
                *all += 1;
                *ahead += usize::from(ours < theirs);
            }
        }
        let cells = [
            figures.rows.to_string(),
            millis(bilat),
            millis(alone),
            millis(hand),
            millis(one),
            millis(two),
            ratio(bilat, hand),
            ratio(bilat, one),
            ratio(bilat, two),
            millis(whole),
            millis(shell),
            millis(duck),
            peaks(&figures.process).map_or("–".to_string(), |peak| format!("{peak:.0}")),
        ];
        let [rows, a, b, c, d, e, f, g, h, i, j, k, l] = &cells;
        println!(
            "{:>3} {rows:>7} {a:>9} {b:>9} {c:>9} {d:>9} {e:>9} {f:>7} {g:>7} {h:>7} {i:>9} {j:>9} {k:>9} {l:>6}  {}",
            question.number, question.about
        );
        let _ = writeln!(self.markdown, "| {} {} | {} |", question.number, question.about, cells.join(" | "));
        if let (Some(ours), Some(theirs)) = (of(&figures.first), of(&figures.first_shell)) {
            println!(
                "    first row of a whole process: {} ms, sqlite3 {} ms",
                millis(Some(ours)),
                millis(Some(theirs))
            );
        }
        for note in &figures.notes {
            println!("    {note}");
        }
    }

    pub fn end(&mut self) {
        let of = |at: usize| format!("{} of {}", self.ahead[at].0, self.ahead[at].1);
        let text = format!(
            "Ahead of the SQL by hand on {}, of DuckDB on one thread on {}, on two on {}; as a process of sqlite3 on {}, of the duckdb shell on {}.",
            of(0),
            of(1),
            of(2),
            of(3),
            of(4)
        );
        println!("\n{text}");
        let _ = writeln!(self.markdown, "\n{text}\n");
    }

    pub fn markdown(&self) -> &str {
        &self.markdown
    }
}

/// The processor, as the system calls it.
fn machine() -> String {
    let about = std::fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let model = about.lines().find_map(|line| line.strip_prefix("model name")?.split_once(": "));
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    format!("{} ({cores} cores)", model.map_or("an unknown processor", |(_, name)| name))
}
