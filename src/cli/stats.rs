//! `--stats`: on standard error a line of JSON for each statement and one for the whole run.

use crate::present::safe::safe_json;
use crate::session::{Ran, RunError};
use crate::shell::output::Output;
use crate::shell::status::Status;
use serde_json::json;
use std::time::{Duration, Instant};

/// What a run has taken so far.
pub struct Stats {
    wanted: bool,
    begun: Instant,
    compiled: Duration,
    statements: u64,
    rows: u64,
}

impl Stats {
    /// Begins with the texts, before they are compiled.
    pub fn begin(wanted: bool) -> Stats {
        Stats { wanted, begun: Instant::now(), compiled: Duration::ZERO, statements: 0, rows: 0 }
    }

    /// The texts are compiled.
    pub fn compiled(&mut self) {
        self.compiled = self.begun.elapsed();
    }

    /// A statement of the text `file` has run since `begun`.
    pub fn statement(
        &mut self,
        file: &str,
        query: &str,
        begun: Instant,
        rows: u64,
        result: &Result<Ran, RunError>,
        output: Output,
    ) {
        self.statements += 1;
        self.rows += rows;
        let (verdict, error) = match result {
            Ok(Ran::Verdict(outcome)) => (Some(outcome.text()), None),
            Ok(_) => (None, None),
            Err(RunError::Failed(diagnostic)) => (None, Some(diagnostic.code)),
            Err(RunError::Output(_)) => (None, Some("R410")),
        };
        self.say(
            output,
            json!({
                "statement": self.statements,
                "file": file,
                "query": query,
                "rows": rows,
                "verdict": verdict,
                "error": error,
                "run_ms": milliseconds(begun.elapsed()),
            }),
        );
    }

    /// All is over.
    pub fn end(&self, status: Status, output: Output) {
        self.say(
            output,
            json!({
                "statements": self.statements,
                "rows": self.rows,
                "compile_ms": milliseconds(self.compiled),
                "total_ms": milliseconds(self.begun.elapsed()),
                "status": status.code(),
            }),
        );
    }

    fn say(&self, output: Output, object: serde_json::Value) {
        if self.wanted {
            output.say(&safe_json(&object.to_string()));
        }
    }
}

/// To microseconds.
fn milliseconds(duration: Duration) -> f64 {
    (duration.as_secs_f64() * 1_000_000.0).round() / 1000.0
}
