//! Nothing that a user or a file brings gets into the text of SQL: queries of one shape have the same texts, whatever
//! their literals, their aliases and the names in the data are.
//!
//! Each template (a random query, or one of the corpus) is asked many times with other literals. Names must be in the
//! data, so random data are named hostilely; in the bundled file one name takes the place of another of its noun. The
//! first tenth of a template's queries says which texts its shape has; the others may bring no new one, apart from the
//! numbers of parameters (a value that is bound twice is bound once). Besides, every literal has a mark in it that no
//! text may show.

use crate::grammar::{seed, slow};
use crate::messages::corpus;
use crate::oracle::rng::Rng;
use crate::oracle::{data, queries};
use bilat::answer::Answer;
use bilat::bind::names::Names;
use bilat::catalog::{Kind, NOUNS, NounId};
use bilat::dataset;
use bilat::session::{RunError, Session, Settings};
use bilat::store::Database;
use bilat::syntax::token::{Keyword, Symbol, TokenKind};
use bilat::syntax::{parse, tokens};
use bilat::value::date::DayRange;
use bilat::value::text::fold;
use std::collections::{BTreeMap, BTreeSet};

/// It stands in every text and alias that is put in, and nowhere else.
const MARK: &str = "qzx";
/// Every whole number that is put in begins with it.
const NUMBER: u64 = 77_431;

const FRAGMENTS: &[&str] = &[
    "'; DROP TABLE leaders; --",
    "' OR '1'='1",
    "\" OR \"\"=\"",
    "') UNION SELECT * FROM names --",
    "?1",
    "?99999",
    ":name @x $y",
    "%s%n%",
    "\\",
    "/*",
    "*/",
    "x'41' || char(39)",
    "''''",
    "``[]{}",
    "习近平",
    "Владимир",
    "أردوغان",
    "שלום",
    "व्लादिमीर",
    "e\u{301}\u{301}",
    "👩‍👧",
    "ﬁ ß İ",
    "−‐’",
];

/// What stands in literals, but not in files.
const FORBIDDEN: &[&str] = &["\u{0}", "a\u{0}'b", "\u{1b}[31m", "\r\n", "\t", "\u{202e}", "\u{feff}"];

/// A text that no other literal has.
fn hostile(rng: &Rng, number: usize, stored: bool) -> String {
    let mut parts = vec![format!("{MARK}{number}")];
    for _ in 0..rng.below(4) {
        let place = rng.below(parts.len() + 1);
        let fragment = if stored || !rng.one_in(4) { rng.pick(FRAGMENTS) } else { rng.pick(FORBIDDEN) };
        parts.insert(place, fragment.to_string());
    }
    if rng.one_in(20) {
        parts.push("A".repeat(if rng.one_in(200) { 50_000 } else { 200 }));
    }
    parts.join(" ")
}

fn quoted(rng: &Rng, text: &str) -> String {
    let quote = *rng.pick(&['\'', '"']);
    format!("{quote}{}{quote}", text.replace(quote, &format!("{quote}{quote}")))
}

/// What takes the place of a name in the data.
type Renamed<'a> = &'a dyn Fn(&Rng, &str) -> Option<String>;

/// The same query with other literals; equal ones stay equal, dates keep their order.
fn filled(template: &str, rng: &Rng, renamed: Renamed<'_>) -> String {
    let all = tokens(template);
    let years = rng.below(57) as i64 - 28;
    let mut known: BTreeMap<&str, String> = BTreeMap::new();
    let (mut text, mut end, mut clause) = (String::new(), 0, None);
    for (at, token) in all.iter().enumerate() {
        let written = token.span.text(template);
        let number = known.len();
        let before = at.checked_sub(1).map(|before| all[before].kind);
        if let TokenKind::Keyword(word) = token.kind
            && word.clause().is_some()
        {
            clause = word.clause();
        }
        let calls = all.get(at + 1).is_some_and(|next| next.kind == TokenKind::Symbol(Symbol::LeftParen));
        let new = match token.kind {
            _ if known.contains_key(written) => known.get(written).cloned(),
            TokenKind::Text => other_text(rng, written, number, renamed),
            TokenKind::Word if before == Some(TokenKind::Keyword(Keyword::As)) => Some(format!("{MARK}{number}")),
            TokenKind::Word if clause == Some(2) && !calls => renamed(rng, written).map(|name| quoted(rng, &name)),
            TokenKind::Date => Some(moved(written, years)),
            TokenKind::Integer if written.len() == 4 => Some(moved(written, years)),
            TokenKind::Integer => Some(format!("{NUMBER}{number}{}", rng.below(1000))),
            TokenKind::Number => Some(format!("{NUMBER}{number}.{}", rng.below(1000))),
            _ => None,
        };
        text.push_str(&template[end..token.span.start]);
        text.push_str(new.as_deref().unwrap_or(written));
        end = token.span.end;
        // A word is the same thing only where it is a name.
        if let Some(new) = new {
            known.insert(written, new);
        }
    }
    text
}

/// Words of a vocabulary and dates are read when the query is compiled, and stay.
fn other_text(rng: &Rng, written: &str, number: usize, renamed: Renamed<'_>) -> Option<String> {
    let inner = written[1..written.len() - 1].replace("''", "'");
    if is_word(&inner) || DayRange::parse(inner.trim()).is_ok() {
        return None;
    }
    let text = renamed(rng, &inner).unwrap_or_else(|| hostile(rng, number, false));
    Some(quoted(rng, &text))
}

/// Whether any vocabulary has that word.
fn is_word(text: &str) -> bool {
    let attributes = NOUNS.iter().flat_map(|noun| noun.attributes);
    let words = attributes.filter_map(|attribute| match attribute.kind {
        Kind::Word(vocabulary) => Some(vocabulary.words),
        _ => None,
    });
    words.flatten().any(|(word, _)| *word == text)
}

/// A date some years away, if there is such a one.
fn moved(written: &str, years: i64) -> String {
    let moved = written.get(..4).and_then(|year| year.parse::<i64>().ok()).map(|year| year + years);
    let moved = moved.map(|year| format!("{year}{}", &written[4..]));
    moved.filter(|moved| DayRange::parse(moved).is_ok()).unwrap_or_else(|| written.to_string())
}

/// A text of SQL without the numbers of its parameters.
fn unnumbered(sql: &str) -> String {
    let mut parts = sql.split('?');
    let first = parts.next().unwrap_or("").to_string();
    parts.fold(first, |text, part| format!("{text}?{}", part.trim_start_matches(|c: char| c.is_ascii_digit())))
}

#[derive(Default)]
struct Tally {
    shapes: usize,
    queries: usize,
    refused: usize,
    texts: usize,
    run: usize,
}

impl Tally {
    /// Asks a template so many times.
    fn try_shape(&mut self, session: &Session, template: &str, times: usize, rng: &Rng, renamed: Renamed<'_>) {
        let mut texts: BTreeSet<String> = BTreeSet::new();
        let mut compiled = 0;
        for instance in 0..times {
            let text = filled(template, rng, renamed);
            let Some(prepared) = session.prepared(&text) else {
                self.refused += 1;
                // The names of some stand where no others can.
                if compiled == 0 && instance > 4 {
                    break;
                }
                continue;
            };
            compiled += 1;
            // What stands beside the rows has the same conditions, and is looked at now and then.
            let wanted = if compiled < 3 || compiled % 4 == 0 { usize::MAX } else { 1 };
            for sql in prepared.iter().flat_map(|prepared| session.sql_texts(prepared).take(wanted)) {
                let marked = sql.contains(MARK) || sql.contains(&NUMBER.to_string());
                assert!(!marked, "{text}\nhas a literal in\n{sql}");
                let new = texts.insert(unnumbered(&sql));
                assert!(!new || compiled <= 2.max(times / 10), "{template}\n{text}\nhas a new text:\n{sql}");
            }
            if compiled % 100 == 1 {
                self.run += 1;
                run(session, &text);
            }
        }
        self.shapes += 1;
        self.queries += compiled;
        self.texts += texts.len();
    }
}

/// What was bound does no harm where it runs.
fn run(session: &Session, text: &str) {
    for prepared in session.compile(text).expect("it was compiled before") {
        match session.run(&prepared, &mut Answer::default()) {
            // Sums of such numbers may be too large.
            Err(RunError::Failed(diagnostic)) if diagnostic.code != "R412" => panic!("{text}\n{diagnostic:?}"),
            _ => {}
        }
    }
}

/// Random data in which every name is hostile, and what each was called.
fn renamed_data(rng: &Rng) -> (Session, BTreeMap<String, String>) {
    loop {
        let mut records = data::records(rng);
        let mut names = BTreeMap::new();
        for record in records.nouns.values_mut().flatten() {
            for column in ["name", "title", "remark"] {
                let number = names.len();
                if let Some(cell) = record.cells.get_mut(column) {
                    let name = names.entry(cell.to_string()).or_insert_with(|| hostile(rng, number, true));
                    *cell = name.as_str().into();
                }
            }
        }
        let Ok(built) = dataset::build(&records) else { continue };
        let database = Database::from_bytes(&built.bytes, "random.db").expect("what was built can be opened");
        return (Session::new(database, Settings::default()).expect("a session begins"), names);
    }
}

/// The names of the bundled file that mean one thing, by their nouns.
fn known_names(session: &Session) -> BTreeMap<NounId, Vec<String>> {
    let mut known: BTreeMap<NounId, Vec<String>> = BTreeMap::new();
    let mut folded: BTreeMap<String, usize> = BTreeMap::new();
    let all = session.database().all().unwrap();
    all.iter().for_each(|name| *folded.entry(fold(&name.text)).or_default() += 1);
    for name in all.into_iter().filter(|name| folded.get(&fold(&name.text)) == Some(&1)) {
        known.entry(name.noun).or_default().push(name.text);
    }
    known
}

fn noun_of(session: &Session, name: &str) -> Option<NounId> {
    let folded = fold(name);
    let exact = session.database().exact(&folded).ok()?;
    let found = if exact.is_empty() { session.database().containing(&[folded.as_str()]).ok()? } else { exact };
    // Events bear names of leaders.
    found.iter().map(|found| found.noun).min_by_key(|noun| *noun == NounId::Events)
}

#[test]
fn no_literal_and_no_name_gets_into_the_text_of_sql() {
    let (seed, count) = (seed(), if slow() { 100_000 } else { 10_000 });
    let rng = Rng::new(seed);
    let mut tally = Tally::default();
    while tally.queries < count * 7 / 10 {
        let (session, names) = renamed_data(&rng);
        for _ in 0..25 {
            let template = queries::statement(&rng);
            tally.try_shape(&session, &template, 20, &rng, &|_, name| names.get(name).cloned());
        }
    }
    let session = Session::new(Database::bundled().unwrap(), Settings::default()).unwrap();
    let known = known_names(&session);
    let other = |rng: &Rng, name: &str| {
        let names = known.get(&noun_of(&session, name)?)?;
        Some(rng.pick(names).clone())
    };
    let templates: Vec<String> = corpus::some(corpus::queries(&session), if slow() { usize::MAX } else { 60 })
        .into_iter()
        .map(|query| query.text)
        .collect();
    assert!(templates.iter().all(|template| parse(template).diagnostics.is_empty()));
    let times = (count * 3 / 10).div_ceil(templates.len());
    for template in &templates {
        tally.try_shape(&session, template, times, &rng, &other);
    }
    let Tally { shapes, queries, refused, texts, run } = tally;
    println!("seed {seed}: {queries} queries of {shapes} shapes have {texts} texts; {refused} refused, {run} run");
    assert!(queries > count * 9 / 10 && refused < queries / 2, "{queries} queries, {refused} refused");
}
