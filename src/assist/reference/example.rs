//! An example on another file than the one it was written for.

use crate::answer::{Answer, Cell};
use crate::assist::complete;
use crate::diagnostic::binding::quote;
use crate::session::Session;

/// The example with names of this file in place of those that it does not have; `None` where that does not help.
///
/// A name is one that would be offered at its place; leaders of many meetings and countries with many go first.
pub fn for_this_file(session: &Session, example: &str) -> Option<String> {
    let mut text = example.to_string();
    let mut used: Vec<String> = Vec::new();
    let mut frequent = None;
    // Each turn puts in one name at most, and there are not more names than words.
    for _ in example.split_whitespace() {
        let Err(mistakes) = session.compile(&text) else { return Some(text) };
        let missing = mistakes.iter().find(|mistake| mistake.code == "B211")?.span?;
        let (_, offered) = complete(session, &text, missing.start);
        let names = offered.into_iter().map(|candidate| candidate.text).filter(|name| name.starts_with('\''));
        // Others than before where there are any.
        let (again, mut names): (Vec<String>, Vec<String>) = names.partition(|name| used.contains(name));
        names.extend(again);
        let frequent: &Vec<String> = frequent.get_or_insert_with(|| frequent_names(session));
        let fresh = frequent.iter().find(|name| names.contains(name) && !used.contains(name));
        let fresh = fresh.or(names.first())?.clone();
        text.replace_range(missing.start..missing.end, &fresh);
        used.push(fresh);
    }
    session.compile(&text).is_ok().then_some(text)
}

/// The leaders who met most often, then the countries where most meetings were, in quotes.
fn frequent_names(session: &Session) -> Vec<String> {
    let most = "SELECT leader, count() FROM participants GROUP BY leader ORDER BY count() DESC LIMIT 9; \
         SELECT host_country, count() FROM meetings GROUP BY host_country ORDER BY count() DESC LIMIT 9";
    let mut answer = Answer::default();
    for statement in session.compile(most).unwrap_or_default() {
        // Without them the examples have other names.
        let _ = session.run(&statement, &mut answer);
    }
    let names = answer.rows.into_iter().filter_map(|row| match row.cells.into_iter().next() {
        Some(Cell::Text(name)) => Some(quote(&name)),
        _ => None,
    });
    names.collect()
}
