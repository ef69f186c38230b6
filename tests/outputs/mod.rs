//! Every format of the table of formats: where the output ends or is full, what is unknown and what is empty, and whatever
//! stands in data, names and messages.

mod faults;
pub mod hostile;

use bilat::answer::{Cell, CitedSource, Closing, Column, ColumnKind, Finding, Head, Outcome, Row, Verdict};
use bilat::present::{self, FORMATS, Format, Several, Style};

/// An answer of these rows as bytes: what goes out, and what is said beside it.
fn written(
    format: Format,
    style: Style,
    columns: &[(&str, ColumnKind)],
    rows: &[Vec<Cell>],
    closing: &Closing,
) -> String {
    let (mut out, mut notes) = (Vec::new(), Vec::new());
    let mut sink = present::renderer(format, &mut out, &mut notes, style);
    let columns = columns.iter().map(|(name, kind)| Column { name: (*name).to_string(), kind: *kind }).collect();
    sink.head(&Head { columns, ..Head::default() }).unwrap();
    for cells in rows {
        sink.row(&Row { cells: cells.clone(), certain: true, sources: vec![] }).unwrap();
    }
    sink.closing(closing).unwrap();
    drop(sink);
    String::from_utf8([out, notes].concat()).unwrap()
}

/// A verdict in which every text is this one.
fn verdict(text: &str) -> Verdict {
    let column = Column { name: text.to_string(), kind: ColumnKind::Name };
    let row = Row { cells: vec![Cell::Text(text.to_string())], certain: true, sources: vec![1] };
    let own = || text.to_string();
    let finding = Finding {
        text: own(),
        value: own(),
        columns: vec![column],
        cited: true,
        rows: vec![row],
        ..Finding::default()
    };
    let source = CitedSource {
        title: own(),
        publisher: Some(own()),
        published: None,
        address: Some(own()),
        locators: vec![own()],
    };
    Verdict {
        query: own(),
        label: Some(own()),
        outcome: Outcome::Holds,
        findings: vec![finding],
        notes: vec![own()],
        sources: vec![source],
    }
}

/// The formats that show rows.
fn formats_of_rows() -> impl Iterator<Item = Format> {
    FORMATS.iter().filter(|about| about.several != Several::Document).map(|about| about.format)
}

fn text(text: &str) -> Cell {
    Cell::Text(text.to_string())
}

#[test]
fn unknown_empty_and_a_text_that_looks_like_either_differ_in_every_format() {
    let looks = ["", "—", "-", "\\N", "null", "\"\"", "'—'", "''—''"];
    let cells: Vec<Cell> = std::iter::once(Cell::Unknown).chain(looks.map(text)).collect();
    for format in formats_of_rows() {
        for ascii in [false, true] {
            let style = Style { ascii, ..Style::default() };
            let columns = [("x", ColumnKind::Name), ("y", ColumnKind::Name)];
            let all: Vec<String> = cells
                .iter()
                .map(|cell| written(format, style, &columns, &[vec![cell.clone(), text("end")]], &Closing::default()))
                .collect();
            for (at, one) in all.iter().enumerate() {
                for (other, same) in all.iter().enumerate().skip(at + 1) {
                    assert_ne!(one, same, "{} shows {:?} and {:?} alike", format.name(), cells[at], cells[other]);
                }
            }
        }
    }
}

#[test]
fn numbers_are_written_as_they_are_in_every_format() {
    for (number, digits) in [
        (1_234_567.891, "1234567.891"),
        (0.1 + 0.2, "0.30000000000000004"),
        (1e21, "1000000000000000000000"),
        (1e-7, "0.0000001"),
    ] {
        for format in formats_of_rows() {
            let shown = written(
                format,
                Style::default(),
                &[("n", ColumnKind::Number)],
                &[vec![Cell::Number(number)]],
                &Closing::default(),
            );
            assert!(shown.contains(digits), "{}: {shown}", format.name());
            let long = written(
                format,
                Style::default(),
                &[("n", ColumnKind::Number)],
                &[vec![Cell::Integer(i64::MIN)]],
                &Closing::default(),
            );
            assert!(long.contains("-9223372036854775808"), "{}: {long}", format.name());
        }
    }
}

#[test]
fn csv_reads_back_as_it_was_without_a_terminal() {
    let texts = [
        "a,b",
        "\"",
        "\"\"",
        "a\"b",
        "x\"",
        "",
        " ",
        " x",
        "x ",
        "tab\there",
        "two\nlines",
        "CR LF\r\nhere",
        "Erdoğan",
        "习近平, 主席",
    ];
    let rows: Vec<Vec<Cell>> = texts.iter().map(|one| vec![text("first"), text(one)]).collect();
    let columns = [("a", ColumnKind::Name), ("b", ColumnKind::Name)];
    for raw in [false, true] {
        let style = Style { raw, ..Style::default() };
        let shown = written(Format::Csv, style, &columns, &rows, &Closing::default());
        let mut reader = csv::Reader::from_reader(shown.as_bytes());
        let back: Vec<String> = reader.records().map(|record| record.unwrap()[1].to_string()).collect();
        assert_eq!(back, texts);
    }
}

#[test]
fn raw_leaves_text_alone_but_never_on_a_terminal() {
    let rows = [vec![text("a\u{1b}[31m\u{200f}b")]];
    for format in [Format::Csv, Format::Table, Format::Record] {
        let shown = |raw, width| {
            let style = Style { raw, width, ..Style::default() };
            written(format, style, &[("x", ColumnKind::Name)], &rows, &Closing::default())
        };
        assert!(shown(true, None).contains("a\u{1b}[31m\u{200f}b"));
        for safe in [shown(false, None), shown(false, Some(80)), shown(true, Some(80))] {
            assert!(safe.contains("a\\u{001B}[31m\\u{200F}b"), "{safe}");
        }
    }
}

#[test]
fn claims_are_one_table_where_programs_read_one() {
    for about in FORMATS.iter().filter(|about| about.several == Several::One) {
        let (mut out, mut notes) = (Vec::new(), Vec::new());
        for continued in [false, true, true] {
            let style = Style { continued, ..Style::default() };
            present::renderer(about.format, &mut out, &mut notes, style).verdict(&verdict("x")).unwrap();
        }
        let out = String::from_utf8(out).unwrap();
        assert_eq!(out.matches("verdict").count(), 1, "{out}");
        assert_eq!(out.lines().count(), 4, "{out}");
    }
}
