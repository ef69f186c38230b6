//! The house in order: each room knows only the floors below it, and what a room alone may do stays in it.

use std::path::{Path, PathBuf};

/// The rooms from the ground up; a room may use those before its own line, and on line 0 those to its left.
const FLOORS: &[&[&str]] = &[
    &["span", "value", "suggest", "diagnostic", "answer"],
    &["syntax", "catalog"],
    &["bind"],
    &["plan"],
    &["sql"],
    &["packed"],
    &["store"],
    &["dataset"],
    &["session"],
    &["assist", "present"],
    &["shell", "report"],
    &["cli"],
];

/// What only these rooms (or files) may speak of.
const ALONE: &[(&str, &[&str])] = &[
    ("rusqlite", &["store"]),
    ("prettytable", &["present/table.rs"]),
    ("rustyline", &["shell"]),
    ("annotate_snippets", &["present/diagnostic.rs"]),
    ("pulldown_cmark", &["report"]),
    ("clap", &["cli", "shell/output.rs"]),
    ("println!", &[]),
    ("eprintln!", &[]),
    ("io::stdout", &["cli", "shell"]),
    ("io::stderr", &["cli", "shell"]),
    ("std::env::", &["cli", "shell"]),
    ("SystemTime", &[]),
    ("static mut", &[]),
    ("unsafe ", &[]),
];

fn sources() -> Vec<(String, String)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut folders: Vec<PathBuf> = vec![root.clone()];
    let mut sources = Vec::new();
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap().flatten() {
            let path = entry.path();
            if path.is_dir() {
                folders.push(path);
            } else {
                let name = path.strip_prefix(&root).unwrap().to_string_lossy().replace('\\', "/");
                sources.push((name, std::fs::read_to_string(&path).unwrap()));
            }
        }
    }
    assert!(sources.len() > 50);
    sources
}

fn room(file: &str) -> &str {
    file.split(['/', '.']).next().unwrap()
}

fn place(room: &str) -> Option<(usize, usize)> {
    FLOORS
        .iter()
        .enumerate()
        .find_map(|(floor, rooms)| rooms.iter().position(|known| *known == room).map(|at| (floor, at)))
}

/// The lines that are code of the program: no comments, and nothing of the unit tests at the end of a file.
fn code(text: &str) -> impl Iterator<Item = &str> {
    let program = text.split("#[cfg(test)]\nmod tests").next().unwrap_or(text);
    program.lines().filter(|line| !line.trim_start().starts_with("//"))
}

#[test]
fn each_room_knows_only_the_floors_below_it() {
    let mut wrong = Vec::new();
    for (file, text) in sources().iter().filter(|(file, _)| !matches!(file.as_str(), "lib.rs" | "main.rs")) {
        let own = room(file);
        let Some((floor, at)) = place(own) else { panic!("{file} is in no room of the list") };
        for line in code(text) {
            for mention in line.split("crate::").skip(1) {
                let other = mention.split(|c: char| !c.is_alphanumeric() && c != '_').next().unwrap();
                let allowed = other == own
                    || place(other).is_some_and(|(below, left)| below < floor || floor == 0 && below == 0 && left < at);
                if !allowed {
                    wrong.push(format!("{file} uses {other}: {}", line.trim()));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn what_one_room_alone_may_do_stays_in_it() {
    let mut wrong = Vec::new();
    for (file, text) in sources() {
        for (word, homes) in ALONE {
            if homes.iter().any(|home| room(&file) == *home || file == *home) {
                continue;
            }
            wrong.extend(code(&text).filter(|line| line.contains(word)).map(|line| format!("{file}: {}", line.trim())));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn every_file_says_what_it_is_for() {
    for (file, text) in sources() {
        assert!(text.starts_with(if file.ends_with(".css") { "/* " } else { "//! " }), "{file} has no head");
    }
}

#[test]
fn every_message_has_its_code_in_the_table() {
    let known: Vec<&str> = bilat::diagnostic::codes().map(|(code, _)| *code).collect();
    let mut made = 0;
    for (file, text) in sources().iter().filter(|(file, _)| room(file) == "diagnostic") {
        let program = text.split("#[cfg(test)]\nmod tests").next().unwrap();
        for rest in program.split("Diagnostic::new(").skip(1) {
            let Some(code) = rest.trim_start().strip_prefix('"').and_then(|code| code.split('"').next()) else {
                continue;
            };
            assert!(known.contains(&code), "{file}: {code}");
            made += 1;
        }
    }
    assert!(made > 100, "{made}");
}
