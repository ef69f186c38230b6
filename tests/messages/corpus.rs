//! Queries that are right, from where they grow by themselves: the cases, the README, the files of queries.

use crate::{cases, readme};
use bilat::session::Session;
use bilat::syntax::parse;
use std::collections::BTreeSet;
use std::path::Path;

/// A query that compiles.
pub struct Query {
    pub text: String,
    /// What stands before it belongs to it (a name that it uses is given there), and is left as it is.
    pub start: usize,
}

/// Each statement once, in an order that what comes new does not change.
pub fn queries(session: &Session) -> Vec<Query> {
    let mut texts = cases::right_queries();
    texts.extend(readme::questions());
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/queries");
    let files = std::fs::read_dir(folder).into_iter().flatten().flatten().map(|entry| entry.path());
    let mut files: Vec<_> = files.filter(|path| path.extension().is_some_and(|ending| ending == "bilat")).collect();
    files.sort();
    texts.extend(files.iter().map(|file| std::fs::read_to_string(file).unwrap()));
    let mut known = BTreeSet::new();
    let statements = texts.iter().flat_map(|text| statements(session, text));
    statements.filter(|query| known.insert(query.text.clone())).collect()
}

/// The statements of a text that compile, alone or after what stands before them.
fn statements(session: &Session, text: &str) -> Vec<Query> {
    let spans = parse(text).statements.into_iter().map(|statement| statement.span);
    let ways = spans.map(|span| {
        let alone = Query { text: span.text(text).to_string(), start: 0 };
        [alone, Query { text: text[..span.end].to_string(), start: span.start }]
    });
    ways.filter_map(|ways| ways.into_iter().find(|query| session.compile(&query.text).is_ok())).collect()
}

/// A number that other queries would not have.
pub fn seal(queries: &[Query]) -> String {
    let bytes = queries.iter().flat_map(|query| query.text.bytes().chain([0]));
    let mixed =
        bytes.fold(0xcbf2_9ce4_8422_2325_u64, |mixed, byte| (mixed ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3));
    format!("{mixed:016x}")
}
