//! The mistakes of one file: the first hundred, so that a file of nothing else does not fill the memory.

use crate::diagnostic::Diagnostic;
use crate::diagnostic::data::Place;
use crate::diagnostic::importing;
use crate::value::text::Text;

const MOST: usize = 100;

pub struct Mistakes {
    file: Text,
    found: Vec<Diagnostic>,
}

impl Mistakes {
    pub fn new(file: &str) -> Mistakes {
        Mistakes { file: file.into(), found: Vec::new() }
    }

    pub fn file(&self) -> &str {
        &self.file
    }

    pub fn place(&self, line: u64) -> Place {
        Place { file: self.file.clone(), line }
    }

    pub fn push(&mut self, mistake: Diagnostic) {
        if !self.is_full() {
            self.found.push(mistake);
        }
    }

    /// A line that cannot be read.
    pub fn line(&mut self, line: u64, why: &str) {
        self.push(importing::unreadable_line(&self.place(line), why));
    }

    /// Whether it is of no use to go on.
    pub fn is_full(&self) -> bool {
        self.found.len() >= MOST
    }

    pub fn is_none(&self) -> bool {
        self.found.is_empty()
    }

    /// That there are none.
    ///
    /// # Errors
    /// What was found.
    pub fn none(self) -> Result<(), Vec<Diagnostic>> {
        if self.found.is_empty() { Ok(()) } else { Err(self.found) }
    }
}
