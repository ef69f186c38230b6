//! Whole processes in turn: this program on its embedded file, and sqlite3 on the same file written out.
//!
//! `cargo bench --bench start`, which needs the sqlite3 shell in PATH. 21 pairs; the ratio of each pair, and the median.

use std::process::{Command, Stdio};
use std::time::Instant;

const PAIRS: usize = 21;

fn main() {
    if Command::new("sqlite3").arg("--version").stdout(Stdio::null()).status().is_err() {
        println!("there is no sqlite3 to compare with");
        return;
    }
    let folder = tempfile::tempdir().expect("a temporary folder");
    let file = folder.path().join("same.db");
    let shipped =
        Command::new(env!("CARGO_BIN_EXE_bilat")).arg("ship").arg("-o").arg(&file).stderr(Stdio::null()).status();
    assert!(shipped.is_ok_and(|status| status.success()), "the file is written out");
    let ours = |own: bool| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_bilat"));
        if !own {
            command.arg(&file);
        }
        command.args(["-c", "SELECT count() FROM meetings"]);
        command
    };
    let theirs = || {
        let mut command = Command::new("sqlite3");
        command.arg(&file).arg("select count(*) from meetings where status = 'held'");
        command
    };
    let mut embedded = Vec::new();
    let mut outside = Vec::new();
    let (mut times, mut sqlite) = (Vec::new(), Vec::new());
    for _ in 0..PAIRS {
        let (a, b, c) = (millis(ours(true)), millis(theirs()), millis(ours(false)));
        embedded.push(a / b);
        outside.push(c / b);
        times.push(a);
        sqlite.push(b);
    }
    println!("bilat, embedded file:             {:6.2} ms", median(times));
    println!("sqlite3, the same file:           {:6.2} ms", median(sqlite));
    println!("ratio, embedded file:             {:6.2}", median(embedded));
    println!("ratio, the same file by name:     {:6.2}", median(outside));
}

fn millis(mut command: Command) -> f64 {
    command.stdout(Stdio::null());
    let begun = Instant::now();
    let status = command.status().expect("it runs");
    assert!(status.success());
    begun.elapsed().as_secs_f64() * 1e3
}

fn median(mut figures: Vec<f64>) -> f64 {
    figures.sort_by(f64::total_cmp);
    figures[figures.len() / 2]
}
