//! The line under a table at the prompt: how many, how many more are possible and why, and how long it took.

use crate::answer::{Closing, Head, Row, Sink, Verdict};
use std::cell::Cell;
use std::io;
use std::rc::Rc;
use std::time::{Duration, Instant};

/// Hands an answer on and puts the time to its closing line.
pub struct Footed<'a> {
    pub inner: Box<dyn Sink + 'a>,
    /// When the statement began; `None` leaves everything as it is.
    pub begun: Option<Instant>,
    /// How long it waited for someone to read on.
    pub waited: Rc<Cell<Duration>>,
    pub ascii: bool,
}

impl Sink for Footed<'_> {
    fn head(&mut self, head: &Head) -> io::Result<()> {
        self.inner.head(head)
    }

    fn row(&mut self, row: &Row) -> io::Result<()> {
        self.inner.row(row)
    }

    fn closing(&mut self, closing: &Closing) -> io::Result<()> {
        match self.begun {
            Some(begun) => {
                let took = begun.elapsed().saturating_sub(self.waited.get());
                self.inner.closing(&footed(closing, took, self.ascii))
            }
            None => self.inner.closing(closing),
        }
    }

    fn verdict(&mut self, verdict: &Verdict) -> io::Result<()> {
        self.inner.verdict(verdict)
    }
}

fn footed(closing: &Closing, took: Duration, ascii: bool) -> Closing {
    let mut made = closing.clone();
    let more = closing.count_possible.saturating_sub(closing.count);
    // What is possible besides belongs to the number that it adds to.
    let besides = closing.notes.iter().position(|note| more > 0 && note.starts_with(&format!("{more} more ")));
    let besides = besides.map(|at| made.notes.remove(at));
    let number = Some(made.summary).filter(|text| !text.is_empty());
    let parts: Vec<String> = number.into_iter().chain(besides).chain([time(took)]).collect();
    made.summary = parts.join(if ascii { " - " } else { " · " });
    made
}

/// `3 ms`, `1.2 s`
pub fn time(took: Duration) -> String {
    match took.as_millis() {
        0 => "under 1 ms".to_string(),
        millis @ 1..=999 => format!("{millis} ms"),
        _ => format!("{:.1} s", took.as_secs_f64()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_number_what_is_possible_and_the_time_are_one_line() {
        let closing = Closing {
            summary: "9 meetings".to_string(),
            count: 9,
            count_possible: 19,
            notes: vec!["10 more are possible: date too vague".to_string(), "1 more was not held".to_string()],
            ..Closing::default()
        };
        let made = footed(&closing, Duration::from_millis(3), false);
        assert_eq!(made.summary, "9 meetings · 10 more are possible: date too vague · 3 ms");
        assert_eq!(made.notes, ["1 more was not held"]);
        let none = footed(&Closing::default(), Duration::from_millis(1200), true);
        assert_eq!(none.summary, "1.2 s");
    }
}
