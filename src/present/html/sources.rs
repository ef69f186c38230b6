//! Sources numbered once for a whole page, with links from what cites them and back.

use super::date;
use super::escape::{text, web};
use crate::answer::CitedSource;
use std::fmt::Write;

/// The sources of a page, in the order in which they are first cited.
#[derive(Debug, Default)]
pub struct Sources {
    cited: Vec<CitedSource>,
    /// Of each source, the ids of what cites it.
    places: Vec<Vec<String>>,
}

impl Sources {
    pub const fn new() -> Sources {
        Sources { cited: Vec::new(), places: Vec::new() }
    }

    /// The numbers on the page of the sources of one answer, which has the id `place`.
    pub fn take(&mut self, sources: &[CitedSource], place: &str) -> Vec<usize> {
        sources.iter().map(|source| self.number(source, place)).collect()
    }

    fn number(&mut self, source: &CitedSource, place: &str) -> usize {
        let same = |known: &CitedSource| {
            (&known.title, &known.publisher, &known.published, &known.address)
                == (&source.title, &source.publisher, &source.published, &source.address)
        };
        let at = self.cited.iter().position(same).unwrap_or_else(|| {
            self.cited.push(CitedSource { locators: Vec::new(), ..source.clone() });
            self.places.push(Vec::new());
            self.cited.len() - 1
        });
        let known = &mut self.cited[at].locators;
        known.extend(source.locators.iter().filter(|locator| !known.contains(locator)).cloned().collect::<Vec<_>>());
        if self.places[at].last().is_none_or(|last| last != place) {
            self.places[at].push(place.to_string());
        }
        at + 1
    }

    /// The list that the numbers lead to; nothing where nothing is cited.
    pub fn list(&self) -> String {
        let mut made = String::new();
        for (number, (source, places)) in (1..).zip(self.cited.iter().zip(&self.places)) {
            let _ = writeln!(made, "<li id=\"source.{number}\">{}{}</li>", cited(source), back(places));
        }
        if made.is_empty() { made } else { format!("<ol class=\"sources\">\n{made}</ol>\n") }
    }
}

/// Links to the numbered sources: `[1]` `[4]–[7]`.
pub fn marks(numbers: &[usize]) -> String {
    let mut numbers = numbers.to_vec();
    numbers.sort_unstable();
    let mark = |number: usize| format!("<a class=\"cite\" href=\"#source.{number}\">[{number}]</a>");
    let runs = numbers.chunk_by(|one, next| one + 1 == *next).map(|run| match run {
        [first, _, .., last] => format!("{}–{}", mark(*first), mark(*last)),
        run => run.iter().copied().map(mark).collect::<Vec<_>>().join("<wbr>"),
    });
    runs.collect::<Vec<_>>().join("<wbr>")
}

/// Title, publisher, day, locators, address.
fn cited(source: &CitedSource) -> String {
    let mut made = format!("<cite>{}</cite>", text(&source.title));
    for part in
        [source.publisher.as_deref().map(text), source.published.as_deref().map(date::edtf)].into_iter().flatten()
    {
        if !part.is_empty() {
            let _ = write!(made, ", {part}");
        }
    }
    if !source.locators.is_empty() {
        let _ = write!(made, " ({})", text(&source.locators.join("; ")));
    }
    if let Some(address) = source.address.as_deref().filter(|address| !address.is_empty()) {
        let _ = write!(made, "<br><span class=\"address\">{}</span>", web(address, address));
    }
    made
}

fn back(places: &[String]) -> String {
    let link = |(number, place): (usize, &String)| {
        format!("<a href=\"#{}\" aria-label=\"cited here, place {number}\">{number}</a>", text(place))
    };
    let links: Vec<String> = (1..).zip(places).map(link).collect();
    format!(" <span class=\"back\"><span aria-hidden=\"true\">↑</span> {}</span>", links.join(" "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_source_has_one_number_wherever_it_is_cited() {
        let source = |title: &str, locator: &str| CitedSource {
            title: title.to_string(),
            address: Some("javascript:alert(1)".to_string()),
            locators: vec![locator.to_string()],
            ..CitedSource::default()
        };
        let mut sources = Sources::default();
        assert_eq!(sources.take(&[source("a", "line 1"), source("<b>", "line 2")], "answer.1"), [1, 2]);
        assert_eq!(sources.take(&[source("<b>", "line 3"), source("a", "line 1")], "answer.2"), [2, 1]);
        let list = sources.list();
        assert!(list.contains("<cite>a</cite> (line 1)"), "{list}");
        assert!(list.contains("<cite>&lt;b&gt;</cite> (line 2; line 3)"), "{list}");
        assert!(list.contains("href=\"#answer.2\"") && !list.contains("href=\"javascript"), "{list}");
    }
}
