//! Good tables and dates, changed at random: right or refused with a place, never a panic, never much memory.
//!
//! `SLOW=1` tries 100,000 instead of 2,000; `SEED=n` begins elsewhere. Each change is made in a process of its own batch, so
//! that its memory can be measured.

use super::tables;
use crate::grammar::{seed, slow};
use crate::oracle::rng::Rng;
use bilat::dataset::import::dates::{DayOrder, Reading, from_two, stated};
use bilat::dataset::import::table::{Table, TableRow};
use bilat::dataset::import::{lookalike, own, people};
use bilat::value::date::VagueDate;
use bilat::value::formula::{defused, restored};
use serde_json::Value;
use std::panic::{AssertUnwindSafe, catch_unwind};
use unicode_normalization::UnicodeNormalization;

const GOOD: &[(&str, &str)] = &[
    (
        "meetings.csv",
        "key,date,place,remark\nm1,2024-05-16,beijing,\"talks, and a walk\"\nm2,2024-05,astana,\"said \"\"yes\"\"\"\n\
         m3,[2024-07-01..2024-07-10],,\"two\nlines\"\n",
    ),
    ("trips.csv", "leader;country;dates\nXi Jinping;Kazakhstan;2–6 July 2024\nMódi;Россия;8–9 July 2024\n"),
    ("trips.tsv", "leader\tcountry\tdates\n习近平\tKazakhstan\t2–6 July 2024\n'Modi\t\\N\t8–9 July 2024\n"),
    (
        "meetings.json",
        "[{\"key\": \"m1\", \"date\": \"2024-05-16\", \"visits\": [\"v1\", \"v2\"], \"n\": -1.5e3, \"ok\": true},\n\
         {\"key\": \"m2\", \"date\": null, \"remark\": \"caf\\u00e9 \\\"x\\\"\"}]",
    ),
    ("all.json", "{\"leaders\": [{\"key\": \"a\", \"name\": \"Ann\"}],\n \"countries\": [{\"key\": \"XX\"}]}"),
    ("meetings.jsonl", "{\"key\": \"m1\", \"date\": \"2024-05-16\"}\n{\"key\": \"m2\", \"visits\": [1, 2]}\n"),
];

const DATES: &[&str] = &[
    "2024-05-16/2024-05-17",
    "[2024-07-01..2024-07-10]",
    "16–17 May 2024",
    "30 August – 3 September 2024",
    "December 30, 2023 – January 2, 2024",
    "16.05.2024",
    "05/16/2024",
    "early May 2024",
    "between 3 and 4 July 2024",
    "before 7 July 2024",
    "c. 2024",
    "du 16 au 17 mai 2024",
    "с 16 по 17 мая 2024 года",
    "last Monday",
    "nächste Woche",
    "in June",
    "2024-05-16T10:30:00+02:00",
];

/// What breaks structures and encodings.
const PIECES: &[&[u8]] = &[
    b"\"",
    b"\"\"",
    b",",
    b";",
    b"\t",
    b"|",
    b"\n",
    b"\r\n",
    b"\r",
    b"\0",
    b"\x1b",
    b"{",
    b"}",
    b"[",
    b"]",
    b":",
    b"\\",
    b"\\u",
    b"\\ud800",
    b"null",
    b"{\"a\":{}}",
    b"[[[[",
    b"1e999",
    b"-",
    b"'",
    b"=",
    b"\xEF\xBB\xBF",
    b"\xFF\xFE",
    b"\xFE\xFF",
    b"\xC3",
    b"\xED\xA0\x80",
    b"\xF4\x90\x80\x80",
    "\u{202e}".as_bytes(),
    "\u{2028}".as_bytes(),
    "習".as_bytes(),
    b"99999999999999999999",
    b"0000",
    b"..",
    b"/",
    "–".as_bytes(),
    b" and ",
    b" to ",
    b"\"key\":",
    b"key",
];

/// A file with one to four changes.
fn mutated(good: &[u8], rng: &Rng) -> Vec<u8> {
    let mut bytes = good.to_vec();
    for _ in 0..1 + rng.below(4) {
        let at = rng.below(bytes.len() + 1);
        let end = at + rng.below(bytes.len() + 1 - at).min(12);
        match rng.below(9) {
            0 => drop(bytes.drain(at..end)),
            1 => drop(bytes.splice(at..at, rng.pick(PIECES).iter().copied())),
            2 => drop(bytes.splice(at..end, rng.pick(PIECES).iter().copied())),
            3 => bytes.iter_mut().skip(at).take(1).for_each(|byte| *byte ^= 1 << rng.below(8)),
            4 => bytes.truncate(at),
            5 => {
                let part = bytes[at..end].to_vec();
                let times = if rng.one_in(40) { 20_000 } else { rng.below(4) };
                drop(bytes.splice(at..at, part.repeat(times)));
            }
            6 => {
                let (from, to) = (rng.pick(PIECES)[0], rng.pick(PIECES)[0]);
                bytes.iter_mut().filter(|byte| **byte == from).for_each(|byte| *byte = to);
            }
            7 => bytes = utf16(&bytes, rng.one_in(2)),
            _ => bytes = lines_swapped(&bytes, rng),
        }
    }
    bytes
}

fn utf16(bytes: &[u8], little: bool) -> Vec<u8> {
    let units = String::from_utf8_lossy(bytes).encode_utf16().collect::<Vec<u16>>();
    let mark: &[u8] = if little { b"\xFF\xFE" } else { b"\xFE\xFF" };
    let coded = units.iter().flat_map(|unit| if little { unit.to_le_bytes() } else { unit.to_be_bytes() });
    mark.iter().copied().chain(coded).collect()
}

fn lines_swapped(bytes: &[u8], rng: &Rng) -> Vec<u8> {
    let mut lines: Vec<&[u8]> = bytes.split(|byte| *byte == b'\n').collect();
    let (one, other) = (rng.below(lines.len()), rng.below(lines.len()));
    lines.swap(one, other);
    lines.join(&b'\n')
}

/// Reads it, and looks whether what comes out is whole.
fn tried(name: &str, bytes: &[u8], ending: bool) -> Result<bool, String> {
    let name = if ending { name } else { "file" };
    let read = catch_unwind(AssertUnwindSafe(|| tables(name, bytes))).map_err(|_| "a panic".to_string())?;
    match read {
        Ok(tables) => tables.iter().try_for_each(|table| whole(table, bytes)).map(|()| true),
        Err(mistakes) if mistakes.is_empty() || mistakes.len() > 100 => Err(format!("{} mistakes", mistakes.len())),
        Err(mistakes) => {
            let lost = mistakes.iter().find(|mistake| !mistake.message.starts_with(&format!("{name}:")));
            lost.map_or(Ok(false), |mistake| Err(format!("no place: {}", mistake.message)))
        }
    }
}

fn whole(table: &Table, bytes: &[u8]) -> Result<(), String> {
    let lines = 1 + bytes.iter().filter(|byte| matches!(byte, b'\n' | b'\r')).count() as u64;
    let mut before = 0;
    for row in &table.rows {
        if row.cells.len() != table.columns.len() || row.line < before || row.line > lines {
            return Err(format!("line {} of {lines} with {} cells", row.line, row.cells.len()));
        }
        before = row.line;
        for cell in row.cells.iter().take(20) {
            let _ = (lookalike::suspicious(cell), people::split(cell, &[" and ".to_string(), ",".to_string()]));
        }
    }
    let _ = own::rows(table, None);
    again(table)?;
    if bytes.starts_with(b"\xFF\xFE") || bytes.starts_with(b"\xFE\xFF") {
        return Ok(());
    }
    let text = String::from_utf8(bytes.to_vec()).map_err(|error| error.to_string())?;
    let text = text.strip_prefix('\u{feff}').unwrap_or(&text);
    let is_json = serde_json::from_str::<Value>(text).is_ok();
    match text.trim_start().chars().next() {
        Some('{' | '[') if is_json => json_agrees(table, text),
        Some('{' | '[') => Ok(()),
        _ => csv_agrees(table, text),
    }
}

/// Written as CSV, a table reads back as it is.
fn again(table: &Table) -> Result<(), String> {
    let mut csv = csv::Writer::from_writer(Vec::new());
    let texts = |row: &TableRow| row.cells.iter().map(ToString::to_string).collect();
    let lines = std::iter::once(table.columns.clone()).chain(table.rows.iter().map(texts));
    for (at, line) in lines.enumerate().take(300) {
        let cells = line.iter().map(|cell| if at == 0 { cell.into() } else { defused(cell) });
        csv.write_record(cells.map(|cell| cell.into_owned())).map_err(|error| error.to_string())?;
    }
    let bytes = csv.into_inner().map_err(|error| error.to_string())?;
    // Tables without columns or of one column have other lines; the name of a member may begin with what marks UTF-8.
    if table.columns.len() < 2
        || table.rows.is_empty()
        || table.columns.iter().any(|name| name.trim() != name || name.starts_with('\u{feff}'))
    {
        return Ok(());
    }
    let back = tables("again.csv", &bytes).map_err(|mistakes| mistakes[0].message.clone())?;
    let cells = |table: &Table| table.rows.iter().take(299).map(|row| row.cells.clone()).collect::<Vec<_>>();
    if back[0].columns == table.columns && cells(&back[0]) == cells(table) {
        Ok(())
    } else {
        Err("lost on the way".into())
    }
}

/// What another reader makes of it with one of the separators.
fn csv_agrees(table: &Table, text: &str) -> Result<(), String> {
    // That reader takes a blank before a quote for text.
    if text.contains(" \"") || text.contains("\" ") {
        return Ok(());
    }
    let tidy = |cell: &str| one_end(cell.trim().nfc().collect());
    let read = |separator: u8| -> Vec<Vec<String>> {
        let mut reader = csv::ReaderBuilder::new();
        let reader = reader.flexible(true).has_headers(false).delimiter(separator).from_reader(text.as_bytes());
        let lines = reader.into_records().flatten().map(|line| line.iter().map(tidy).collect::<Vec<_>>());
        lines.filter(|line| line.iter().any(|cell| !cell.is_empty())).collect()
    };
    let found = [b',', b';', b'\t', b'|'].into_iter().map(|sign| (sign, read(sign))).any(|(sign, lines)| {
        let cell = |cell: &String| match sign {
            b'\t' if cell == "\\N" => String::new(),
            b'\t' => cell.clone(),
            _ => restored(cell).into_owned(),
        };
        let rows = lines.iter().skip(1).map(|line| line.iter().map(cell).collect::<Vec<_>>());
        let rows = rows.filter(|row| row.iter().any(|cell| !cell.is_empty()));
        lines.first() == Some(&table.columns)
            && rows.eq(table.rows.iter().map(|row| row.cells.iter().map(ToString::to_string).collect::<Vec<String>>()))
    });
    if found { Ok(()) } else { Err("another reader reads it otherwise".to_string()) }
}

/// Lines in a cell end in one way, whichever way they were written.
fn one_end(text: String) -> String {
    text.replace("\r\n", "\n").replace('\r', "\n")
}

/// Every text of the JSON is a cell of its column.
fn json_agrees(table: &Table, text: &str) -> Result<(), String> {
    let value: Value = serde_json::from_str(text).map_err(|error| error.to_string())?;
    let value = table.name.as_ref().and_then(|name| value.get(name)).unwrap_or(&value);
    let objects: Vec<&Value> = match value {
        Value::Array(objects) => objects.iter().collect(),
        object => vec![object],
    };
    let mut texts = Vec::new();
    for object in objects.iter().filter_map(|object| object.as_object()) {
        texts.extend(object.iter().filter_map(|(member, value)| Some((member.trim(), value.as_str()?.trim()))));
    }
    texts.retain(|(_, text)| !text.is_empty());
    let cell = |(member, text): &(&str, &str)| {
        let column = table.column(&member.nfc().collect::<String>());
        let text = one_end(text.nfc().collect());
        column.is_some_and(|column| table.rows.iter().any(|row| row.cells[column] == text))
    };
    match texts.iter().take(50).find(|text| !cell(text)) {
        None => Ok(()),
        Some((member, text)) => Err(format!("{member} is nowhere {text}")),
    }
}

/// A date that is read is EDTF, and reading it again changes nothing.
fn date(rng: &Rng) -> Result<bool, String> {
    let bytes = mutated(rng.pick(DATES).as_bytes(), rng);
    let text = String::from_utf8_lossy(&bytes);
    let reading = Reading {
        order: DayOrder::WORDS[rng.below(3)].1,
        year: rng.one_in(2).then_some(2016),
        anchor: rng.one_in(2).then_some(19_859),
        within: rng.one_in(2),
    };
    let read = catch_unwind(|| (stated(&text, &reading), from_two(&text, "17 May 2024", &reading)));
    let (one, two) = read.map_err(|_| "a panic".to_string())?;
    for stated in [&one, &two].into_iter().flatten() {
        VagueDate::parse(&stated.text).map_err(|_| format!("{} is not EDTF", stated.text))?;
        let again = bilat::dataset::import::dates::stated(&stated.text, &Reading { within: false, ..reading });
        if again.as_ref().map(|again| &again.text) != Ok(&stated.text) {
            return Err(format!("{} is read as {again:?}", stated.text));
        }
    }
    Ok(one.is_ok())
}

/// The most memory that this process has had, in KiB, where the system tells.
fn peak() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    status.lines().find_map(|line| line.strip_prefix("VmHWM:")?.trim().strip_suffix(" kB")?.trim().parse().ok())
}

/// All changes; run in a process of its own by the test below.
#[test]
#[ignore = "run by imports::mutated::tables_and_dates in a process of its own"]
fn batch() {
    let count = if slow() { 100_000 } else { 2_000 };
    let rng = Rng::new(seed());
    std::panic::set_hook(Box::new(|_| {}));
    let before = peak();
    let (mut right, mut refused) = (0, 0);
    for number in 0..count {
        let made = if number % 4 == 0 {
            date(&rng)
        } else {
            let (name, good) = rng.pick(GOOD);
            let bytes = mutated(good.as_bytes(), &rng);
            tried(name, &bytes, !rng.one_in(4))
                .map_err(|why| format!("{name}: {why}: {:?}", String::from_utf8_lossy(&bytes)))
        };
        match made {
            Ok(true) => right += 1,
            Ok(false) => refused += 1,
            Err(why) => {
                let _ = std::panic::take_hook();
                panic!("change {number}: {}", why.chars().take(600).collect::<String>());
            }
        }
    }
    let _ = std::panic::take_hook();
    println!("{right} right, {refused} refused, peak {} KiB (before {})", peak().unwrap_or(0), before.unwrap_or(0));
    assert!(right > count / 20 && refused > count / 20, "{right} right, {refused} refused");
    assert!(peak().is_none_or(|peak| peak < 200 * 1024), "{:?} KiB", peak());
}

#[test]
fn tables_and_dates() {
    for (name, good) in GOOD {
        assert_eq!(tried(name, good.as_bytes(), true), Ok(true), "{name}");
    }
    let output = std::process::Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "imports::mutated::batch", "--ignored", "--nocapture"])
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success() && said.contains("right"), "{said}{}", String::from_utf8_lossy(&output.stderr));
}

#[test]
fn a_file_of_some_megabytes_needs_less_than_two_hundred() {
    if std::env::var_os("LARGE").is_none() {
        let output = std::process::Command::new(std::env::current_exe().unwrap())
            .args(["--exact", "imports::mutated::a_file_of_some_megabytes_needs_less_than_two_hundred", "--nocapture"])
            .env("LARGE", "1")
            .output()
            .unwrap();
        println!("{}", String::from_utf8_lossy(&output.stdout));
        assert!(output.status.success());
        return;
    }
    let megabytes = if slow() { 2 * 1024 * 1024 } else { 512 * 1024 };
    let filled = |head: &str, piece: &str| format!("{head}{}", piece.repeat(megabytes / piece.len()));
    for (name, text) in [
        ("t.csv", filled("a,b\n", "\"\n")),
        ("t.csv", filled("a\n", "x\n")),
        ("t.csv", filled("a,b,c,d\n", ",,,1\n")),
        ("t.csv", filled("", ",")),
        ("t.csv", filled("a,b\n", "1,2,3\n")),
        ("t.csv", filled("a,b\n1,", "\"\"\"\"")),
        ("t.json", filled("", "[")),
        ("t.json", filled("", "{\"a\":")),
        ("t.json", filled("[0", ",0")),
        ("t.json", filled("[{\"a\":[0", ",0")),
        ("t.json", format!("{}]", filled("[{\"a\":1}", ",{\"a\":1}"))),
        ("t.json", format!("{}]", filled("[{\"a\":1,\"b\":2,\"c\":3}", ",{\"c\":1}"))),
        ("t.jsonl", filled("", "{\"a\":1}\n")),
        ("t.jsonl", filled("", "[\n")),
    ] {
        let begun = std::time::Instant::now();
        let _ = tables(name, text.as_bytes());
        let start: String = text.chars().take(20).collect();
        println!("{name} {start:?}: {:?}, {} KiB at most so far", begun.elapsed(), peak().unwrap_or(0));
    }
    assert!(peak().is_none_or(|peak| peak < 200 * 1024), "{:?} KiB", peak());
}
