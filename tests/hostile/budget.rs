//! Query files of strangers that want all of the time and all of the memory: each ends soon after its limit, and small.
//!
//! Ten by default, all with `SLOW=1`. The limit is of one statement's run; what comes before it, reading and compiling, is
//! bounded by how long a statement may be.

use crate::grammar::slow;
use std::io::Read;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

const LIMIT: Duration = Duration::from_secs(1);

/// What reading, compiling and starting may take beside; a build that is not optimised, on a busy machine, gets more.
const BESIDE: Duration = if cfg!(debug_assertions) { Duration::from_secs(6) } else { Duration::from_secs(1) };

const MOST_MEMORY: u64 = 700 << 20;

fn repeated(part: &str, times: usize) -> String {
    part.repeat(times)
}

/// Parts with the number of each where it says #, and something between them.
fn listed(part: &str, between: &str, times: usize) -> String {
    let parts: Vec<String> = (0..times).map(|number| part.replace('#', &number.to_string())).collect();
    parts.join(between)
}

/// Long ways from one row to all others, a thousand for each.
fn deep() -> Vec<String> {
    let hops = |times| repeated("meetings.participants.leader.", times);
    let round = |times| repeated("region.countries.", times);
    let groups = |times| repeated("groups.countries.", times);
    let ways = [2, 3, 4, 6].into_iter().flat_map(|times| {
        [
            format!("SELECT name, size({}meetings) FROM leaders", hops(times)),
            format!("SELECT name, {}name FROM leaders", hops(times)),
            format!("FROM leaders WHERE ANY {}meetings (remark LIKE '%never%')", hops(times)),
            format!("SELECT name, size({}names) FROM countries", round(times)),
            format!("SELECT {}names.text FROM countries", round(times)),
            format!("FROM countries WHERE EVERY {}names (text LIKE '%a%')", round(times)),
            format!("SELECT name, size({}countries) FROM countries", groups(times)),
        ]
    });
    ways.collect()
}

/// Statements that are long: many columns, conditions, values, brackets, letters.
fn wide() -> Vec<String> {
    vec![
        format!("SELECT {} FROM names", listed("text", ", ", 1900)),
        format!("SELECT {} FROM names", listed("text", ", ", 20_000)),
        format!("SELECT {} FROM countries", listed("names.text AS a#", ", ", 200)),
        format!("FROM names WHERE {}", listed("text = 'x#'", " OR ", 3000)),
        format!("FROM names WHERE {}", listed("text = 'x#'", " OR ", 20_000)),
        format!("FROM names WHERE {}", listed("text LIKE '%a%b%c%#%'", " AND ", 3000)),
        format!("FROM names WHERE text IN ({})", listed("'x#'", ", ", 15_000)),
        format!("FROM names WHERE text IN ({})", listed("'x#'", ", ", 50_000)),
        format!("FROM names WHERE text LIKE '{}'", repeated("%a_", 80_000)),
        format!("FROM names WHERE text LIKE '{}%'", repeated("%a", 2000)),
        format!("FROM names WHERE text LIKE '{}'", repeated("_%", 1000)),
        format!("FROM names WHERE text CONTAINS '{}'", repeated("a", 250_000)),
        format!("FROM leaders WHERE name = '{}'", repeated("x", 3_000_000)),
        format!("FROM leaders WHERE {}name = 'x'{}", repeated("(", 100_000), repeated(")", 100_000)),
        format!("SELECT {} FROM names", listed("1", " + ", 50_000)),
        format!("SELECT {} FROM names", listed("9", " * ", 40)),
        format!("SELECT text FROM names ORDER BY {}", listed("text", ", ", 1000)),
        format!("FROM meetings WITH {}", listed("Putin", " AND ", 2000)),
    ]
}

/// Many rows, and many questions in one.
fn many() -> Vec<String> {
    vec![
        "FROM names LIMIT 9223372036854775807".to_string(),
        "FROM names LIMIT 9223372036854775807 OFFSET 9223372036854775807".to_string(),
        "SELECT DISTINCT names.text, region.countries.names.text FROM countries".to_string(),
        "SELECT count() FROM countries GROUP BY names.text, names.language, names.text".to_string(),
        "SELECT count() FROM visits GROUP BY leader, country, places ZEROS".to_string(),
        "SELECT sum(9223372036854775807) FROM names".to_string(),
        format!("FROM leaders WHERE {}text LIKE '%a%'{}", repeated("EXISTS (FROM names WHERE ", 7), repeated(")", 7)),
        format!("LET a0 = FROM leaders; {}; FROM a6", (1..7).map(|n| {
            let before = n - 1;
            format!("LET a{n} = FROM leaders WHERE EXISTS (FROM a{before}) AND NONE (FROM a{before} WHERE name = 'x')")
        }).collect::<Vec<_>>().join("; ")),
    ]
}

/// The most memory that the process has had so far, as Linux counts it.
fn memory(process: u32) -> Option<u64> {
    let status = std::fs::read_to_string(format!("/proc/{process}/status")).ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    Some(line.trim().strip_suffix(" kB")?.trim().parse::<u64>().ok()? * 1024)
}

/// Runs it; how long it took, the most memory, the status and the beginning of what was said.
fn run(text: &str) -> (Duration, u64, Option<i32>, String) {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("nasty.bilat"), text).unwrap();
    let begun = Instant::now();
    let mut child = Command::new(env!("CARGO_BIN_EXE_bilat"))
        .args(["run", "nasty.bilat", "--timeout", "1s", "--format", "jsonl"])
        .current_dir(folder.path())
        .stdin(Stdio::null())
        .stdout(std::fs::File::create(folder.path().join("out")).unwrap())
        .stderr(std::fs::File::create(folder.path().join("err")).unwrap())
        .spawn()
        .unwrap();
    let mut most = 0;
    let status = loop {
        most = most.max(memory(child.id()).unwrap_or(0));
        if let Some(status) = child.try_wait().unwrap() {
            break status.code();
        }
        if begun.elapsed() > LIMIT + 4 * BESIDE {
            child.kill().unwrap();
        }
        std::thread::sleep(Duration::from_millis(2));
    };
    let mut said = String::new();
    std::fs::File::open(folder.path().join("err")).unwrap().take(200).read_to_string(&mut said).unwrap_or(0);
    (begun.elapsed(), most, status, said)
}

#[test]
fn nasty_queries_end_soon_and_stay_small() {
    let all: Vec<String> = [deep(), wide(), many()].into_iter().flatten().collect();
    assert!(all.len() >= 50, "{}", all.len());
    // Of every kind some.
    let step = if slow() { 1 } else { all.len() / 10 + 1 };
    let (mut wrong, mut longest, mut largest, mut late) = (Vec::new(), Duration::ZERO, 0, 0);
    let asked: Vec<&String> = all.iter().step_by(step).collect();
    for text in &asked {
        let (took, memory, status, said) = run(text);
        (longest, largest) = (longest.max(took), largest.max(memory));
        late += usize::from(status == Some(124));
        let begin: String = text.chars().take(70).collect();
        // An answer, the time limit, or a message about the query.
        if took > LIMIT + BESIDE || memory > MOST_MEMORY || !matches!(status, Some(0 | 3 | 124)) {
            wrong.push(format!("{begin}: {took:?}, {memory} bytes, {status:?}: {said}"));
        }
    }
    println!("{} queries, {late} at the limit, the longest {longest:?}, the largest {} MB", asked.len(), largest >> 20);
    assert!(wrong.is_empty(), "{wrong:#?}");
}
