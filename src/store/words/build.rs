//! Making an index of words: every word of a column's texts, with the rows that have it.

use super::form;
use super::wanted::is_word;
use crate::value::text::fold_pattern;
use std::collections::HashMap;
use std::io::{self, Write};

/// The words met so far.
#[derive(Default)]
pub struct Builder {
    /// Of each word, its place in `lists`.
    known: HashMap<Box<str>, u32>,
    /// In the order in which the words were met.
    lists: Vec<List>,
    last: u32,
}

/// The rows that have a word.
#[derive(Default)]
struct List {
    last: u32,
    /// The differences of their ids, each in as few bytes as it needs.
    bytes: Vec<u8>,
}

impl Builder {
    /// Takes in the text of a row, whose id is above those before; whether that could be done.
    pub fn add(&mut self, id: i64, text: &str) -> bool {
        let Some(id) = u32::try_from(id).ok().filter(|id| *id > self.last) else { return false };
        self.last = id;
        let folded = fold_pattern(text);
        for word in folded.split(|c| !is_word(c)).filter(|word| !word.is_empty()) {
            let place = match self.known.get(word) {
                Some(place) => *place,
                None => {
                    let Ok(place) = u32::try_from(self.lists.len()) else { return false };
                    self.known.insert(word.into(), place);
                    self.lists.push(List::default());
                    place
                }
            };
            if let Some(list) = self.lists.get_mut(place as usize) {
                list.put(id);
            }
        }
        true
    }

    /// Takes in that there are ids up to this one.
    pub fn end(&mut self, last: u32) {
        self.last = self.last.max(last);
    }

    /// Writes the index in the form that [`super::Index`] reads; whether it fits that form.
    ///
    /// # Errors
    /// Those of `out`.
    pub fn write(&self, out: &mut dyn Write) -> io::Result<bool> {
        let mut words = vec![""; self.lists.len()];
        for (word, place) in &self.known {
            if let Some(slot) = words.get_mut(*place as usize) {
                *slot = word;
            }
        }
        let lists: Vec<&[u8]> = self.lists.iter().map(|list| list.bytes.as_slice()).collect();
        form::write(self.last, &words, &lists, out)
    }
}

impl List {
    fn put(&mut self, id: u32) {
        let mut more = id - self.last;
        if more == 0 {
            return;
        }
        self.last = id;
        while more >= 0x80 {
            self.bytes.push((more & 0x7F) as u8 | 0x80);
            more >>= 7;
        }
        self.bytes.push(more as u8);
    }
}
