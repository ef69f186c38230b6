//! Characters that command a terminal, hide or reorder text, in every place where text of others can stand.

use super::{text, verdict, written};
use crate::grammar::seed;
use crate::oracle::rng::Rng;
use bilat::answer::{Cell, CitedSource, Closing, ColumnKind};
use bilat::diagnostic::Diagnostic;
use bilat::present::safe::{is_forbidden, safe};
use bilat::present::{self, FORMATS, Format, Style, width};
use bilat::span::{Source, Span};
use std::process::Command;

/// Two thousand texts: every forbidden character below the tags, many of those, clusters, and others by chance.
fn sample() -> Vec<String> {
    let rng = Rng::new(seed());
    let plane = |c: &char| (*c as u32) < 0xE0000;
    let forbidden = (0..0x110000).filter_map(char::from_u32).filter(|c| is_forbidden(*c));
    let mut characters: Vec<char> = forbidden.clone().filter(plane).collect();
    let tags: Vec<char> = forbidden.filter(|c| !plane(c)).collect();
    characters.extend((0..200).map(|_| *rng.pick(&tags)));
    let mut texts: Vec<String> = characters.iter().flat_map(|c| [c.to_string(), format!("a{c}b")]).collect();
    let clusters = [
        "e\u{301}",
        "क्\u{200d}ष",
        "नरेन्द्र मोदी",
        "👨\u{200d}👩\u{200d}👧",
        "🇧🇾🇷🇺",
        "☎\u{fe0f}",
        "❤\u{fe0f}\u{200d}🔥",
        "👍🏽",
        "می\u{200c}خواهم",
        "تميم بن حمد 5",
        "שלום, 12",
        "لا إله",
        "김정은",
        "习近平、李强",
        "ﷺ",
        "𝔘𝔫",
        "a\u{301}\u{301}\u{301}\u{301}\u{301}\u{301}",
        "\u{301}x",
        "\u{1b}[31mred\u{1b}[0m",
        "\u{1b}]0;title\u{7}",
        "\r\nHOLDS",
        "\u{9b}2J",
        "| a | b |",
        "a\tb",
        "two\nlines",
        "\u{200d}",
        "x\u{200c}y",
        "\u{2068}mine\u{2069}",
    ];
    texts.extend(clusters.map(str::to_string));
    while texts.len() < 2000 {
        let mut made = String::new();
        for _ in 0..1 + rng.below(5) {
            made.extend(char::from_u32(
                u32::try_from(rng.below(if rng.one_in(2) { 0x3000 } else { 0x110000 })).unwrap(),
            ));
        }
        texts.push(made);
    }
    texts
}

const TERMINAL: Style = Style { width: Some(80), color: true, ascii: false, raw: false, continued: false };
pub const PLAIN: Style = Style { width: None, color: false, ascii: false, raw: false, continued: false };

/// What we write ourselves: colours, and on a terminal the isolates around text that runs from right to left.
fn without_ours(shown: &str, style: Style) -> String {
    let mut left = String::new();
    let mut rest = shown;
    while let Some(c) = rest.chars().next() {
        let colour = rest.strip_prefix("\u{1b}[").and_then(|after| after.split_once('m'));
        let isolated = rest.strip_prefix('\u{2068}').and_then(|after| after.split_once('\u{2069}'));
        match (colour, isolated) {
            (Some((codes, after)), _) if style.color && codes.bytes().all(|b| b.is_ascii_digit() || b == b';') => {
                rest = after
            }
            (_, Some((inside, after))) if style.width.is_some() && !inside.contains(['\n', '\u{2068}']) => {
                left.push_str(inside);
                rest = after;
            }
            _ => {
                left.push(c);
                rest = &rest[c.len_utf8()..];
            }
        }
    }
    left
}

pub fn check(shown: &str, style: Style, format: Option<Format>, of: &str) {
    // Tabs part the fields of one format, and are ordinary in the other; a line may end with CR LF in its texts.
    let ordinary = |c: char| match format {
        Some(Format::Tsv) => c == '\t',
        Some(Format::Csv) => matches!(c, '\t' | '\r'),
        _ => false,
    };
    let shown = without_ours(shown, style);
    let bad = shown.chars().find(|c| *c != '\n' && !ordinary(*c) && is_forbidden(*c));
    assert_eq!(bad, None, "{format:?} shows {of:?} as {shown:?}");
    assert!(!shown.replace("\r\n", "\n").contains('\r'), "{format:?} shows {of:?} as {shown:?}");
}

#[test]
fn nothing_unsafe_comes_out_of_any_format() {
    let texts = sample();
    // Many in one answer: a page or a picture around each would be most of what is looked through.
    for some in texts.chunks(10) {
        let all = some.join(" ");
        let source = |own: &String| CitedSource {
            title: own.clone(),
            publisher: Some(own.clone()),
            published: Some(own.clone()),
            address: Some(own.clone()),
            locators: vec![own.clone()],
        };
        let closing = Closing {
            summary: all.clone(),
            notes: some.to_vec(),
            sources: some.iter().map(source).collect(),
            ..Closing::default()
        };
        let row = |one: &String| vec![text(one), Cell::List(vec![text(one), text(one)])];
        let rows: Vec<Vec<Cell>> = some.iter().map(row).collect();
        let columns = [(all.as_str(), ColumnKind::Name), ("list", ColumnKind::List)];
        for style in [PLAIN, TERMINAL] {
            for about in FORMATS {
                check(&written(about.format, style, &columns, &rows, &closing), style, Some(about.format), &all);
                let (mut out, mut notes) = (Vec::new(), Vec::new());
                present::renderer(about.format, &mut out, &mut notes, style).verdict(&verdict(&all)).unwrap();
                check(&String::from_utf8([out, notes].concat()).unwrap(), style, Some(about.format), &all);
            }
        }
    }
}

#[test]
fn nothing_unsafe_comes_out_of_messages_names_and_prompts() {
    for one in sample() {
        let query = format!("FROM meetings WITH '{one}' {one}");
        let diagnostic = Diagnostic::new("B211", one.clone())
            .at(Span::new(19, 19 + one.len()))
            .label(one.clone())
            .note(one.clone())
            .suggest([one.clone()]);
        let source = Source::new(one.clone(), query);
        for style in [PLAIN, TERMINAL] {
            let drawn = present::diagnostic::render(std::slice::from_ref(&diagnostic), Some(&source), style);
            check(&drawn.replace("\r\n", "\n"), style, None, &one);
        }
        check(&present::diagnostic::render_json(&[diagnostic], Some(&source)), PLAIN, None, &one);
        check(&safe(&one), PLAIN, None, &one);
    }
}

#[test]
fn columns_begin_at_the_same_width_in_every_line() {
    let texts = sample();
    let columns = [("first", ColumnKind::Name), ("mark", ColumnKind::Name), ("习 n", ColumnKind::Number)];
    let row = |one: &String| vec![text(&one.replace('\n', " ")), text("┃"), Cell::Integer(one.len() as i64)];
    // Few rows are drawn by one hand, many by another; both must agree.
    for part in [100, 2000] {
        for some in texts.chunks(part) {
            let rows: Vec<Vec<Cell>> = some.iter().map(row).collect();
            for style in [PLAIN, Style { width: Some(100), ..PLAIN }] {
                let drawn = written(Format::Table, style, &columns, &rows, &Closing::default());
                let places: Vec<usize> =
                    drawn.lines().filter_map(|line| line.find('┃').map(|at| width(&line[..at]))).collect();
                assert_eq!(places.len(), rows.len());
                let wrong = places.iter().position(|place| *place != places[0]);
                assert_eq!(wrong, None, "{:?}", wrong.map(|at| drawn.lines().nth(at + 2)));
                let ends: Vec<usize> = drawn.lines().filter(|line| line.contains('┃')).map(width).collect();
                assert!(ends.iter().all(|end| *end == ends[0]), "numbers end at one place");
            }
        }
    }
}

#[test]
fn what_a_row_says_stays_on_its_lines() {
    for one in sample() {
        // The others break long texts, and CSV keeps line ends in quotes.
        for format in [Format::Tsv, Format::Json, Format::Jsonl, Format::Markdown] {
            let lines = |cell: &str| {
                written(format, PLAIN, &[("x", ColumnKind::Name)], &[vec![text(cell)]], &Closing::default())
                    .lines()
                    .count()
            };
            assert_eq!(lines(&one), lines("x"), "{format:?}: {one:?}");
        }
    }
}

#[test]
fn names_of_files_are_shown_not_obeyed() {
    for name in ["\u{1b}[2J.db", "\u{202e}bd.x", "a\rb", "\u{9b}31m", "x\u{200b}y.bilat"] {
        for words in [
            vec![name],
            vec!["run", name],
            vec!["-o", name, "-c", "FROM meetings"],
            vec!["verify", name],
            vec![name, name, name],
        ] {
            let output = Command::new(env!("CARGO_BIN_EXE_bilat"))
                .args(&words)
                .stdin(std::process::Stdio::null())
                .output()
                .unwrap();
            assert_ne!(output.status.code(), Some(0), "{words:?}");
            check(&String::from_utf8(output.stderr).unwrap(), PLAIN, None, name);
            check(&String::from_utf8(output.stdout).unwrap(), PLAIN, None, name);
        }
    }
}
