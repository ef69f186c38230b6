//! JUnit XML, which systems for continuous integration read: a test case for each claim of a run.

use super::document::Document;
use super::safe;
use crate::answer::{Closing, Head, Outcome, Row, Sink, Verdict};
use crate::value::markup;
use std::io::{self, Write};

/// The claims of one file or text.
#[derive(Clone, Debug, Default)]
struct Suite {
    name: String,
    verdicts: Vec<Verdict>,
    /// What ended in an error instead: the statement and the message.
    errors: Vec<(String, String)>,
}

fn document(suites: &[Suite], out: &mut dyn Write) -> io::Result<()> {
    let count = |outcome| suites.iter().flat_map(|suite| &suite.verdicts).filter(|v| v.outcome == outcome).count();
    let claims: usize = suites.iter().map(|suite| suite.verdicts.len() + suite.errors.len()).sum();
    let errors: usize = suites.iter().map(|suite| suite.errors.len()).sum();
    let (failures, skipped) = (count(Outcome::Fails), count(Outcome::Undecided));
    writeln!(out, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>")?;
    writeln!(out, "<testsuites tests=\"{claims}\" failures=\"{failures}\" errors=\"{errors}\" skipped=\"{skipped}\">")?;
    suites.iter().try_for_each(|suite| one(suite, out))?;
    writeln!(out, "</testsuites>")
}

fn one(suite: &Suite, out: &mut dyn Write) -> io::Result<()> {
    let count = |outcome| suite.verdicts.iter().filter(|verdict| verdict.outcome == outcome).count();
    let name = escaped(&suite.name);
    let (claims, errors) = (suite.verdicts.len() + suite.errors.len(), suite.errors.len());
    let (failures, skipped) = (count(Outcome::Fails), count(Outcome::Undecided));
    writeln!(
        out,
        "  <testsuite name=\"{name}\" tests=\"{claims}\" failures=\"{failures}\" errors=\"{errors}\" skipped=\"{skipped}\">"
    )?;
    for verdict in &suite.verdicts {
        let label = verdict.label.clone().unwrap_or_else(|| crate::syntax::one_line(&verdict.query));
        write!(out, "    <testcase classname=\"{name}\" name=\"{}\"", escaped(&one_line(&label)))?;
        let values: Vec<String> =
            verdict.findings.iter().map(|finding| format!("{} = {}", one_line(&finding.text), finding.value)).collect();
        let said = values.iter().chain(&verdict.notes).cloned().collect::<Vec<_>>().join("\n");
        match verdict.outcome {
            Outcome::Holds => writeln!(out, "><system-out>{}</system-out></testcase>", escaped(&said))?,
            Outcome::Fails => writeln!(
                out,
                "><failure message=\"{}\">{}</failure></testcase>",
                escaped(&values.join("; ")),
                escaped(&said)
            )?,
            Outcome::Undecided => {
                writeln!(out, "><skipped message=\"{}\"/></testcase>", escaped(&format!("undecided: {said}")))?;
            }
        }
    }
    for (statement, message) in &suite.errors {
        let name_of = escaped(&one_line(statement));
        let message = escaped(message);
        writeln!(
            out,
            "    <testcase classname=\"{name}\" name=\"{name_of}\"><error message=\"{message}\"/></testcase>"
        )?;
    }
    writeln!(out, "  </testsuite>")
}

fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Text of an attribute or an element, with its line ends.
fn escaped(text: &str) -> String {
    markup::escaped(&safe::safe_lines(text)).replace('\n', "&#10;")
}

/// The claims of a run by the texts that they stand in; answers that are no verdicts have no place among them.
#[derive(Debug, Default)]
pub struct Suites(Vec<Suite>);

impl Suites {
    /// That of the text being read.
    fn last(&mut self) -> &mut Suite {
        if self.0.is_empty() {
            self.begin("bilat");
        }
        let last = self.0.len() - 1;
        &mut self.0[last]
    }
}

impl Sink for Suites {
    fn head(&mut self, _: &Head) -> io::Result<()> {
        Ok(())
    }

    fn row(&mut self, _: &Row) -> io::Result<()> {
        Ok(())
    }

    fn closing(&mut self, _: &Closing) -> io::Result<()> {
        Ok(())
    }

    fn verdict(&mut self, verdict: &Verdict) -> io::Result<()> {
        self.last().verdicts.push(verdict.clone());
        Ok(())
    }
}

impl Document for Suites {
    fn begin(&mut self, text: &str) {
        self.0.push(Suite { name: text.to_string(), ..Suite::default() });
    }

    fn fail(&mut self, statement: &str, message: &str) {
        self.last().errors.push((statement.to_string(), message.to_string()));
    }

    fn write(&mut self, out: &mut dyn Write, _: &mut dyn Write) -> io::Result<()> {
        document(&std::mem::take(&mut self.0), out)?;
        out.flush()
    }
}
