//! A verdict: a badge with a word and a sign, the claim, what decides it.

use super::answer::{notes, table};
use super::date::value;
use super::escape::text;
use super::sources::{Sources, marks};
use crate::answer::{Finding, Head, Outcome, Verdict};
use std::fmt::Write;

/// The outcome as a word with a sign, so that it is not told by its colour alone.
pub fn badge(outcome: Outcome) -> String {
    let (sign, word) = match outcome {
        Outcome::Holds => ("✓", "Holds"),
        Outcome::Fails => ("✗", "Fails"),
        Outcome::Undecided => ("?", "Undecided"),
    };
    let class = outcome.text();
    format!("<strong class=\"badge {class}\"><span aria-hidden=\"true\">{sign}</span> {word}</strong>")
}

/// The claim as its label says it, or as it is written.
pub fn claim(verdict: &Verdict) -> String {
    let written = || format!("<code>{}</code>", text(&crate::syntax::one_line(&verdict.query)));
    verdict.label.as_deref().map_or_else(written, text)
}

/// A verdict with the id `claim.N`; its sources are numbered with those of the page.
pub fn section(verdict: &Verdict, number: usize, sources: &mut Sources) -> String {
    let id = format!("claim.{number}");
    let numbers = sources.take(&verdict.sources, &id);
    let mut made = format!(
        "<section class=\"verdict {}\" id=\"{id}\">\n<p class=\"claim\">{} {}</p>\n",
        verdict.outcome.text(),
        badge(verdict.outcome),
        claim(verdict)
    );
    for finding in &verdict.findings {
        made.push_str(&evidence(finding, &numbers));
    }
    made.push_str(&notes(&verdict.notes));
    if !numbers.is_empty() {
        let _ = writeln!(made, "<p class=\"count\">Sources: {}</p>", marks(&numbers));
    }
    made.push_str("</section>\n");
    made
}

/// A query in the claim, its value, and the rows behind it.
fn evidence(finding: &Finding, numbers: &[usize]) -> String {
    let query = text(&finding.text);
    let mut made =
        format!("<p class=\"finding\"><code>{query}</code> = <strong>{}</strong></p>\n", value(&finding.value));
    if finding.rows.is_empty() {
        return made;
    }
    let (columns, marked, cited) = (finding.columns.clone(), finding.marked, finding.cited);
    let head = Head { columns, marked, cited, ..Head::default() };
    let count = finding.rows.len() as u64 + finding.more;
    let rows =
        if count == 1 { "The row that decides it".to_string() } else { format!("The {count} rows that decide it") };
    let _ = write!(
        made,
        "<details class=\"rows\"><summary>{rows}</summary>\n{}",
        table(&head, &finding.rows, numbers, &rows)
    );
    if finding.more > 0 {
        let _ = writeln!(made, "<p class=\"count\">{} more rows</p>", finding.more);
    }
    made.push_str("</details>\n");
    made
}
