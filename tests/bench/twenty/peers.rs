//! Other programs: DuckDB in a Python process that stays, and whole processes.

use serde_json::{Value, json};
use std::io::{BufRead, BufReader, Read, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::time::Instant;

const SCRIPT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/bench/duck.py");

/// A Python with DuckDB; made where it is not there yet.
pub fn python(folder: &Path) -> Option<PathBuf> {
    let environment = folder.join("venv");
    let python = environment.join("bin/python");
    let has = || {
        let mut command = Command::new(&python);
        command.args(["-c", "import duckdb, pyarrow"]).stderr(Stdio::null());
        command.status().is_ok_and(|status| status.success())
    };
    if !has() {
        Command::new("python3").args(["-m", "venv"]).arg(&environment).status().ok()?;
        let pip = ["-m", "pip", "install", "--quiet", "duckdb", "duckdb-cli", "pyarrow"];
        Command::new(&python).args(pip).status().ok()?;
    }
    has().then_some(python)
}

/// DuckDB with its own file of the same tables.
pub struct Duck {
    child: Child,
    input: ChildStdin,
    output: BufReader<ChildStdout>,
    pub version: String,
    file: PathBuf,
    program: PathBuf,
}

impl Duck {
    pub fn new(python: &Path, folder: &Path, file: &Path) -> Duck {
        let name = file.file_stem().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        let own = folder.join(format!("{name}.duckdb"));
        if !own.exists() {
            let status = Command::new(python).args([SCRIPT, "make"]).args([file, &own]).status();
            assert!(status.is_ok_and(|status| status.success()), "DuckDB's file is made");
        }
        let mut command = Command::new(python);
        command.args([SCRIPT, "serve"]).arg(&own).stdin(Stdio::piped()).stdout(Stdio::piped());
        let mut child = command.spawn().expect("Python runs");
        let (input, output) = (child.stdin.take().expect("a pipe"), child.stdout.take().expect("a pipe"));
        let program = python.with_file_name("duckdb");
        let mut duck =
            Duck { child, input, output: BufReader::new(output), version: String::new(), file: own, program };
        duck.version = duck.read()["version"].as_str().unwrap_or("?").to_string();
        duck
    }

    fn read(&mut self) -> Value {
        let mut line = String::new();
        self.output.read_line(&mut line).expect("it answers");
        serde_json::from_str(&line).expect("it answers in JSON")
    }

    fn ask(&mut self, sql: &str, threads: usize, rows: bool) -> Result<Value, String> {
        let asked = json!({ "sql": sql, "threads": threads, "rows": rows });
        writeln!(self.input, "{asked}").expect("it listens");
        let answer = self.read();
        match answer["error"].as_str() {
            Some(error) => Err(error.to_string()),
            None => Ok(answer),
        }
    }

    pub fn rows(&mut self, sql: &str) -> Result<Vec<Vec<Option<String>>>, String> {
        let mut answer = self.ask(sql, 2, true)?;
        serde_json::from_value(answer["rows"].take()).map_err(|error| error.to_string())
    }

    pub fn time(&mut self, sql: &str, threads: usize) -> Option<f64> {
        self.ask(sql, threads, false).ok()?["seconds"].as_f64()
    }

    /// Its shell as a whole process, where there is one.
    pub fn shell(&self, sql: &str) -> Option<Process> {
        let (program, file) = (self.program.display().to_string(), self.file.display().to_string());
        process(&[&program, "-readonly", "-csv", &file, "-c", sql])
    }
}

impl Drop for Duck {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// What a whole process took: seconds, and MiB at most where /usr/bin/time tells.
#[derive(Clone, Copy)]
pub struct Process {
    pub wall: f64,
    pub peak: f64,
}

/// What bilat remembers of files is kept beside them, so that the user's own is not touched.
pub const CACHE: &str = concat!(env!("CARGO_TARGET_TMPDIR"), "/cache");

/// Runs a process to its end, its output read by nobody.
pub fn process(words: &[&str]) -> Option<Process> {
    let mut command = Command::new("/usr/bin/time");
    command
        .env("XDG_CACHE_HOME", CACHE)
        .args(["-q", "-f", "%e %M"])
        .args(words)
        .stdout(Stdio::null())
        .stderr(Stdio::piped());
    let begun = Instant::now();
    let output = command.output().ok()?;
    let wall = begun.elapsed().as_secs_f64();
    if !output.status.success() {
        return None;
    }
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    let peak = said.split_whitespace().last()?.parse::<f64>().ok()? / 1024.0;
    Some(Process { wall, peak })
}

/// Seconds until the first row is there: the first two lines for ours, whose first is the head.
pub fn first_row(words: &[&str]) -> Option<f64> {
    let mut command = Command::new(words.first()?);
    command.env("XDG_CACHE_HOME", CACHE).args(&words[1..]).stdout(Stdio::piped()).stderr(Stdio::null());
    let begun = Instant::now();
    let mut child = command.spawn().ok()?;
    let mut output = BufReader::new(child.stdout.take()?);
    let (mut byte, mut lines) = ([0; 1], if words.contains(&"--format") { 2 } else { 1 });
    let mut took = None;
    while lines > 0 && output.read(&mut byte).ok()? == 1 {
        lines -= usize::from(byte[0] == b'\n');
        took = Some(begun.elapsed().as_secs_f64());
    }
    let _ = child.kill();
    let _ = child.wait();
    took.filter(|_| lines == 0)
}
