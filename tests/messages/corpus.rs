//! Queries that are right, from where they grow by themselves: the cases, the README, the files of queries.

use crate::{cases, readme};
use bilat::session::Session;
use bilat::syntax::ast::Statement;
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

/// The statements of a text that compile, alone or after those before them that give names or a day.
fn statements(session: &Session, text: &str) -> Vec<Query> {
    let mut given = String::new();
    let mut right = Vec::new();
    for statement in parse(text).statements {
        let written = statement.span.text(text);
        let alone = Query { text: written.to_string(), start: 0 };
        let after = Query { text: format!("{given}{written}"), start: given.len() };
        right.extend([alone, after].into_iter().find(|query| session.prepared(&query.text).is_some()));
        if matches!(
            statement.value,
            Statement::LetQuery { .. } | Statement::LetParameter { .. } | Statement::AsOf { .. }
        ) {
            given.push_str(&format!("{written};\n"));
        }
    }
    right
}

/// Some of the queries, chosen so that what is new seldom changes the choice.
pub fn some(mut queries: Vec<Query>, count: usize) -> Vec<Query> {
    queries.sort_by_key(|query| mixed(query.text.bytes()));
    queries.truncate(count);
    queries
}

/// What other queries would not give.
pub fn seal(queries: &[Query]) -> String {
    format!("{:016x}", mixed(queries.iter().flat_map(|query| query.text.bytes().chain([0]))))
}

/// A number that other bytes would not give (FNV-1a).
pub fn mixed(bytes: impl Iterator<Item = u8>) -> u64 {
    bytes.fold(0xcbf2_9ce4_8422_2325, |mixed, byte| (mixed ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3))
}
