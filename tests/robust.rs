//! Whatever is typed: no panic, no hang, and every mistake lies in the text.

use crate::grammar::{scripts, seed, slow};
use crate::oracle::rng::Rng;
use bilat::diagnostic::Diagnostic;
use bilat::present::{self, Style};
use bilat::session::Session;
use bilat::span::{Source, Span};
use bilat::syntax::token::{Keyword, Symbol};
use bilat::syntax::{DEEPEST, QUERY_DEPTH, completeness, expected_at, format, parse};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::mpsc;
use std::thread;
use std::time::Duration;

/// Pieces of several scripts, and signs that editors, web pages and hostile people put into texts.
const PIECES: &[&str] = &[
    "meetings",
    "Putin",
    "Владимир",
    "习近平",
    "أردوغان",
    "שלום",
    "Ερντογάν",
    "नरेन्द्र मोदी",
    "क्\u{200d}ष",
    "ไทย",
    "'Влади́мир'",
    "'“x”'",
    "ß",
    "e\u{301}",
    "\u{301}",
    "\u{200d}",
    "\u{200b}",
    "\u{200c}",
    "\u{200f}",
    "\u{202e}",
    "\u{2066}",
    "\u{e0041}",
    "\u{10ffff}",
    "👩‍👧",
    "🇧🇾",
    "𝔘",
    "\u{0}",
    "\u{7}",
    "\u{7f}",
    "\u{85}",
    "\u{1b}[31m",
    "\r\n",
    "\r",
    "\n",
    "\t",
    "\u{a0}",
    "\u{2028}",
    "\u{feff}",
    "'",
    "\"",
    "''",
    "“Xi”",
    "＇x＇",
    "，",
    "（",
    "＝",
    "«",
    "‚x’",
    "/*",
    "*/",
    "--",
    "-",
    "2024",
    "2024-05",
    "2024-05-16",
    "٢٠٢٤",
    "2024-13",
    "16.5.2024",
    "May 2024",
    "20240516",
    "1.5",
    "1.",
    ".5",
    "99999999999999999999",
    "5x",
    "..",
    "...",
    "$x",
    "#",
    "\\d",
    "==",
    "<>",
    "&&",
    "|",
    "~",
    "!",
    "^=",
    "{",
    "[",
    "`",
    "COUNT(*)",
    "BETWEEN Putin AND Xi",
    "ILIKE",
    "JOIN",
    "ASSERT",
    "AS OF",
];

/// A random text of pieces, keywords and signs.
fn soup(rng: &Rng) -> String {
    let mut text = String::new();
    for _ in 0..1 + rng.below(14) {
        text.push_str(match rng.below(4) {
            0 => rng.pick(Keyword::ALL).text(),
            1 => rng.pick(Symbol::ALL).text(),
            _ => PIECES[rng.below(PIECES.len())],
        });
        if !rng.one_in(3) {
            text.push(' ');
        }
    }
    text
}

/// A query with a piece put in, or a stretch cut out, anywhere.
fn broken(query: &str, rng: &Rng) -> String {
    let (one, other) = (boundary(query, rng), boundary(query, rng));
    let (start, end) = (one.min(other), one.max(other));
    match rng.below(3) {
        0 => format!("{}{}", &query[..start], &query[end..]),
        1 => query[start..end].to_string(),
        _ => format!("{}{}{}", &query[..start], rng.pick(PIECES), &query[start..]),
    }
}

/// A place between two characters.
fn boundary(text: &str, rng: &Rng) -> usize {
    floor(text, rng.below(text.len() + 1))
}

fn floor(text: &str, wanted: usize) -> usize {
    (0..=wanted).rev().find(|place| text.is_char_boundary(*place)).unwrap_or(0)
}

/// Runs what the shell and the editors run, and gives the number of mistakes.
fn try_all(text: &str, offset: usize) -> usize {
    let script = parse(text);
    check_places(&script.diagnostics, text);
    for statement in &script.statements {
        assert!(lies_in(statement.span, text), "a statement at {:?}", statement.span);
    }
    completeness(text);
    if let Err(mistakes) = format(text, &|_| false) {
        assert_eq!(mistakes, script.diagnostics, "a text that cannot be formatted has mistakes, and they are said");
    }
    let position = expected_at(text, offset);
    assert!(position.start <= offset && text.is_char_boundary(position.start), "a word starts at {}", position.start);
    script.diagnostics.len()
}

/// Compiles what the parser has seen, and draws the messages.
fn try_meaning(session: &Session, text: &str) {
    if let Err(mistakes) = session.compile(text) {
        check_places(&mistakes, text);
        let source = Source::new("random", text);
        present::diagnostic::render(&mistakes, Some(&source), Style::default());
        present::diagnostic::render_json(&mistakes, Some(&source));
    }
}

/// Every mistake in a text, and every change that mends one, has a place in it.
fn check_places(mistakes: &[Diagnostic], text: &str) {
    for diagnostic in mistakes {
        let span = diagnostic.span.expect("a mistake in a text has a place");
        for span in [Some(span), diagnostic.patch.as_ref().map(|patch| patch.span)].into_iter().flatten() {
            assert!(lies_in(span, text), "{} at {span:?}", diagnostic.code);
        }
    }
}

fn lies_in(span: Span, text: &str) -> bool {
    span.start <= span.end && text.get(span.range()).is_some()
}

#[test]
fn random_texts_never_panic_and_mistakes_lie_in_the_text() {
    let (seed, count) = (seed(), if slow() { 1_000_000 } else { 20_000 });
    let rng = Rng::new(seed);
    let queries = scripts(count / 20, &rng);
    let session = crate::oracle::session(&rng);
    let mut wrong = 0;
    for number in 0..count {
        let text = if rng.one_in(2) { soup(&rng) } else { broken(&queries[rng.below(queries.len())], &rng) };
        let offset = boundary(&text, &rng);
        let tried = catch_unwind(AssertUnwindSafe(|| {
            // The meaning takes longest: changes that may mend a mistake are tried.
            if number % if slow() { 20 } else { 100 } == 0 {
                try_meaning(&session, &text);
            }
            try_all(&text, offset)
        }));
        match tried {
            Ok(mistakes) => wrong += usize::from(mistakes > 0),
            Err(_) => panic!("seed {seed}, cursor at {offset}: {text:?}"),
        }
    }
    println!("seed {seed}: {count} texts, {wrong} with mistakes");
    assert!(wrong > count / 2 && wrong < count, "{wrong} of {count} texts have mistakes");
}

const MANY: usize = 100_000;

/// Twenty times as long as reading [`MANY`] signs may take; a build that is not optimised gets more.
const PATIENCE: Duration = if cfg!(debug_assertions) { Duration::from_secs(10) } else { Duration::from_secs(1) };

/// One piece over and over.
fn many(piece: &str) -> String {
    piece.repeat(if slow() { MANY } else { MANY / 4 / piece.len() })
}

#[test]
fn a_hundred_thousand_signs_are_one_mistake() {
    for piece in ["(", ")", "NOT ", "- ", "[", "' \" "] {
        let (text, mistakes) = (format!("FROM meetings WHERE {}", piece.repeat(MANY)), mpsc::channel());
        let work = thread::spawn(move || mistakes.0.send(parse(&text).diagnostics).expect("somebody waits"));
        let mistakes = mistakes.1.recv_timeout(PATIENCE);
        let mistakes = mistakes.unwrap_or_else(|error| panic!("{piece} over and over: {error}"));
        let span = mistakes[0].span.expect("a mistake has a place");
        assert!(
            mistakes.len() == 1 && span.start >= 20 && span.end <= 20 + piece.len() * MANY,
            "{piece}: {mistakes:?}"
        );
        work.join().expect("no panic");
    }
}

#[test]
fn bombs_are_refused_or_read_quickly() {
    let nested = format!("{}1{}", "(".repeat(MANY), ")".repeat(MANY));
    let conditions = [
        "POSSIBLY ",
        "ANY x (",
        "f(",
        "“ ",
        "a.",
        "a + ",
        "a * ",
        "x = 1 AND ",
        "x = 1 OR ",
        "x = ",
        "x IN (",
        "x BETWEEN 1 AND ",
        "1, ",
        "..",
    ];
    let scripts = [
        "FROM m WITH ",
        "WITH ",
        "FROM meetings WITH (x OR ",
        "SELECT ",
        "SELECT a, ",
        "x; ",
        ";",
        "/* ",
        "1",
        "FROM m CITE; ",
        "EXPLAIN ",
        "DESCRIBE x ",
    ];
    let queries = conditions.map(many).into_iter().chain([nested]);
    let texts = queries.map(|condition| format!("FROM meetings WHERE {condition}"));
    for bomb in texts.chain(scripts.map(many)).chain([format!("FROM meetings WITH{}", many(" x"))]) {
        defuse(bomb);
    }
}

#[test]
fn brackets_and_chains_together_are_limited_like_each_of_them() {
    let chains = format!("{}{}", " * b".repeat(DEEPEST - 1), " + a".repeat(DEEPEST - 1));
    let mut value = "a".to_string();
    for _ in 0..DEEPEST - 1 {
        value = format!("({value}){chains}");
    }
    let text = format!("FROM meetings WHERE {value} = 1");
    let codes: Vec<&str> = parse(&text).diagnostics.iter().map(|diagnostic| diagnostic.code).collect();
    assert_eq!(codes, ["S122"], "a tree of {} levels overflows the stack of whoever walks it", DEEPEST * DEEPEST);
}

/// Reads a text on the small stack of a thread, and waits some seconds at most; a shorter one is tried in every way.
fn defuse(text: String) {
    let beginning: String = text.chars().take(60).collect();
    let (done, wait) = mpsc::channel();
    let work = thread::spawn(move || {
        parse(&text);
        let shorter = if slow() { &text } else { &text[..floor(&text, text.len() / 20)] };
        try_all(shorter, shorter.len());
        done.send(()).expect("somebody waits");
    });
    let answer = wait.recv_timeout(if slow() { 6 * PATIENCE } else { PATIENCE });
    assert!(answer != Err(mpsc::RecvTimeoutError::Timeout), "it takes too long: {beginning}…");
    assert!(work.join().is_ok(), "it panics: {beginning}…");
}

#[test]
fn the_limits_of_nesting_are_where_the_grammar_says() {
    let nested = |open: &str, close: &str, times: usize| {
        format!("FROM meetings WHERE {}x = 1{}", open.repeat(times), close.repeat(times))
    };
    let chained = |times: usize| format!("FROM meetings WHERE x{} = 1", " * x".repeat(times));
    let codes = |text: &str| parse(text).diagnostics.iter().map(|d| d.code).collect::<Vec<_>>();
    let pairs = [("(", ")"), ("NOT ", ""), ("POSSIBLY ", ""), ("- ", ""), ("f(", ")"), ("ANY x (", ")")];
    for (open, close) in pairs {
        let text = |times| match open {
            // A call takes values, not conditions.
            "f(" => nested(open, close, times).replace("x = 1", "x"),
            _ => nested(open, close, times),
        };
        assert_eq!(codes(&text(DEEPEST)), [""; 0], "{open}");
        assert_eq!(codes(&text(DEEPEST + 1)), ["S122"], "{open}");
    }
    let queries = |times| nested("EXISTS (FROM x WHERE ", ")", times);
    let deepest = DEEPEST / (QUERY_DEPTH + 1);
    assert_eq!(codes(&queries(deepest)), [""; 0]);
    assert_eq!(codes(&queries(deepest + 1)), ["S122"]);
    let inside = |brackets: usize| {
        queries(deepest - 1).replace("x = 1", &format!("{}x = 1{}", "(".repeat(brackets), ")".repeat(brackets)))
    };
    assert_eq!(codes(&inside(QUERY_DEPTH + 1)), [""; 0]);
    assert_eq!(codes(&inside(QUERY_DEPTH + 2)), ["S122"]);
    assert_eq!(codes(&chained(DEEPEST)), [""; 0]);
    assert_eq!(codes(&chained(DEEPEST + 1)), ["S122"]);
}
