//! What a query can reach: random query files run while every call to the system that names a file, a socket or a program
//! is written down. Skipped, with a word, where strace is absent.

use super::{built, session};
use crate::grammar::{seed, slow};
use crate::oracle::queries;
use crate::oracle::rng::Rng;
use bilat::store::Database;
use std::path::Path;
use std::process::{Command, Stdio};

/// So many files to a run.
const FILES: usize = 10;

/// What may be opened to read, and why; a folder ends with a stroke.
const MAY_READ: &[(&str, &str)] = &[
    ("/etc/ld.so.cache", "the loader: where libraries are"),
    ("/etc/ld.so.preload", "the loader"),
    ("/lib/", "the loader: the C library and those beside it"),
    ("/lib64/", "the same, elsewhere"),
    ("/usr/lib/", "the same, elsewhere, and its locales"),
    ("/usr/share/locale/", "the C library's locales"),
    ("/usr/share/zoneinfo/", "the C library's clock"),
    ("/etc/localtime", "the same"),
    ("/proc/self/", "Rust's library: where the stack ends, how many cores"),
    ("/sys/fs/cgroup/", "Rust's library: how many cores this group may use"),
    ("/sys/devices/system/cpu/", "the same"),
    ("/dev/urandom", "SQLite: the seed of its random numbers, which no query can ask for"),
];

/// Calls that look, and change nothing.
const LOOKS: &[&str] = &[
    "access",
    "faccessat",
    "faccessat2",
    "getcwd",
    "lstat",
    "newfstatat",
    "readlink",
    "readlinkat",
    "stat",
    "statfs",
    "statx",
    "exit",
    "exit_group",
    "wait4",
    "waitid",
    "kill",
    "tgkill",
    "rt_sigqueueinfo",
];

/// Why a line of strace is not allowed.
fn objection(line: &str, folder: &Path, programs: &mut usize) -> Option<&'static str> {
    let call = line.split_once(' ').map_or(line, |(_, call)| call).trim_start();
    let name = call.split('(').next().unwrap_or("");
    if call.starts_with("+++") || call.starts_with("---") || call.starts_with("<...") || LOOKS.contains(&name) {
        return None;
    }
    match name {
        "open" | "openat" | "openat2" => {
            let path = call.split('"').nth(1).unwrap_or("");
            let writes = ["O_WRONLY", "O_RDWR", "O_CREAT", "O_TRUNC", "O_APPEND", "O_TMPFILE"];
            let own = Path::new(path).is_relative() || Path::new(path).starts_with(folder);
            let known =
                MAY_READ.iter().any(|(begin, _)| path == *begin || begin.ends_with('/') && path.starts_with(begin));
            match () {
                () if writes.iter().any(|flag| call.contains(flag)) => Some("opened for writing"),
                // The query files, the file of data, and what the program keeps for its user.
                () if own && !path.contains("..") || known => None,
                () => Some("nobody needs this file"),
            }
        }
        "execve" => {
            *programs += 1;
            (*programs > 1).then_some("runs a program")
        }
        "clone" | "clone3" if call.contains("CLONE_THREAD") => None,
        // Signals are told to the program through a pair of sockets of its own, which lead nowhere else.
        "socketpair" if call.contains("AF_UNIX") => None,
        // No other socket can be made, so there is none that these could be about.
        "recvfrom" | "sendto" => None,
        _ => Some("not on the list of calls"),
    }
}

/// Runs the program with these words in a folder; what it should not have done.
fn traced(folder: &Path, words: &[String]) -> Vec<String> {
    let trace = tempfile::NamedTempFile::new().unwrap();
    let output = Command::new("strace")
        .args(["-f", "-qq", "-s", "4096", "-e", "trace=%file,%network,%process", "-o"])
        .arg(trace.path())
        .arg(env!("CARGO_BIN_EXE_bilat"))
        .args(words)
        .current_dir(folder)
        .env_clear()
        .env("HOME", folder)
        .env("XDG_CACHE_HOME", folder.join("cache"))
        .env("XDG_CONFIG_HOME", folder.join("config"))
        .env("LANG", "C.UTF-8")
        .stdin(Stdio::null())
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(!said.contains("ptrace"), "strace may not trace here: {said}");
    let lines = std::fs::read_to_string(trace.path()).unwrap();
    assert!(lines.lines().count() > 10, "nothing was traced: {said}");
    let mut programs = 0;
    let objections =
        lines.lines().filter_map(|line| objection(line, folder, &mut programs).map(|why| format!("{why}: {line}")));
    objections.collect()
}

#[test]
fn query_files_open_nothing_but_the_file_they_ask() {
    if Command::new("strace").arg("-V").output().is_err() {
        println!("skipped: there is no strace");
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    // As the system names it, for it names links too.
    let home = folder.path().canonicalize().unwrap();
    std::fs::write(home.join("data.db"), built()).unwrap();
    let asked = session(Database::open(&home.join("data.db")).unwrap()).unwrap();
    let rng = Rng::new(seed());
    let words = |words: &[&str]| words.iter().map(|word| word.to_string()).collect::<Vec<_>>();
    // A first run, that what is kept of a file once it is verified is there.
    Command::new(env!("CARGO_BIN_EXE_bilat"))
        .args(["data.db", "-c", "FROM leaders"])
        .current_dir(&home)
        .env("HOME", &home)
        .env("XDG_CACHE_HOME", home.join("cache"))
        .env("XDG_CONFIG_HOME", home.join("config"))
        .output()
        .unwrap();
    let count = if slow() { 1000 } else { 100 };
    for first in (0..count).step_by(FILES) {
        let mut run = words(&["run", "--db", "data.db", "--keep-going", "--format", "jsonl", "--timeout", "5s"]);
        for number in first..first + FILES {
            let name = format!("{number}.bilat");
            let texts: Vec<String> = std::iter::repeat_with(|| queries::statement(&rng))
                .filter(|text| asked.compile(text).is_ok())
                .take(3)
                .collect();
            std::fs::write(home.join(&name), texts.join(";\n")).unwrap();
            run.push(name);
        }
        let objections = traced(&home, &run);
        assert!(objections.is_empty(), "files {first} and after: {objections:#?}");
    }
    println!("{count} files of queries; {} places may be read", MAY_READ.len());
    // The watch sees what it is there for: an answer that is kept is a file that is written.
    let objections = traced(&home, &words(&["data.db", "-c", "FROM leaders", "-o", "answer.csv"]));
    assert!(objections.iter().any(|said| said.starts_with("opened for writing")), "{objections:?}");
    assert!(objections.iter().any(|said| said.starts_with("not on the list")), "{objections:?}");
}
