//! The look-ups by name that the binder needs, as a small trait: the store answers them, tests can too.

use crate::catalog::NounId;
use crate::diagnostic::Diagnostic;
use crate::value::date::Bounds;

/// Something in the data that a name was found for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found {
    pub noun: NounId,
    /// The row's id in the table of its noun.
    pub id: i64,
    pub label: String,
    /// For a place its country's id, so that a place inside an equally named country can yield to it.
    pub country: Option<i64>,
}

/// Finds things by name. Every result names each thing once, in the order of noun and id.
pub trait Names {
    /// Things that have a name whose folded form is exactly `folded`.
    ///
    /// # Errors
    /// When the file cannot be read.
    fn exact(&self, folded: &str) -> Result<Vec<Found>, Diagnostic>;

    /// Things that have a name with exactly these words (folded, sorted, each once) in any order.
    ///
    /// # Errors
    /// When the file cannot be read.
    fn same_words(&self, words: &[&str]) -> Result<Vec<Found>, Diagnostic>;

    /// Things that have a name in which all these words (folded) stand.
    ///
    /// # Errors
    /// When the file cannot be read.
    fn containing(&self, words: &[&str]) -> Result<Vec<Found>, Diagnostic>;

    /// Every name with the noun and the label of what it names, for suggestions: only called when nothing was found.
    ///
    /// # Errors
    /// When the file cannot be read.
    fn all(&self) -> Result<Vec<NameOf>, Diagnostic>;

    /// The dates of the event with that id; wholly open where it is not known when it was.
    ///
    /// # Errors
    /// When the file cannot be read.
    fn date(&self, event: i64) -> Result<Bounds, Diagnostic>;
}

/// One name of one thing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NameOf {
    pub noun: NounId,
    /// The thing's label.
    pub label: String,
    pub text: String,
}
