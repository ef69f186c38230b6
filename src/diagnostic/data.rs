//! Messages of the dataset room (D…): a CSV file, a reference, a vocabulary or a file to be shipped is not right.
//!
//! The place is part of the message: file, line and column, for there is no query text to underline.

use super::Diagnostic;
use crate::value::text::Text;

/// Every code of this stage with its title.
pub const CODES: &[(&str, &str)] = &[
    ("D301", "a folder or file that cannot be read"),
    ("D302", "a column that is not known"),
    ("D303", "a key that is missing or given twice"),
    ("D304", "a key of something that is not there"),
    ("D305", "a word outside a closed vocabulary"),
    ("D306", "a date that does not exist or is written otherwise"),
    ("D307", "not a number"),
    ("D308", "not a yes or no"),
    ("D309", "a cell that must not be empty"),
    ("D310", "an account of nothing, or of two things"),
    ("D311", "no account preferred, or more than one"),
    ("D312", "a row and its preferred account say different things"),
    ("D313", "dates that contradict each other"),
    ("D314", "characters that do not belong into text"),
    ("D315", "a line that does not fit"),
    ("D316", "something that is part of itself"),
    ("D317", "the target exists already"),
    ("D318", "the target cannot be written"),
    ("D319", "a setting that is missing"),
    ("D320", "a CSV file that is not known"),
    ("D321", "a leader twice in one meeting"),
    ("D322", "a name that queries cannot be kept under"),
    ("D323", "another program writes to the file"),
    ("D324", "no queries kept under that name"),
    ("D325", "an identifier of one scheme given twice"),
    ("D326", "a name that a thing has of itself"),
    ("D327", "queries in a folder that the file does not have"),
    ("D328", "a cell that cannot be written exactly"),
    ("D329", "a file whose rows are not what a build makes"),
    ("D330", "a setting that there is not"),
];

/// Where a mistake stands: `meetings.csv:12, column place`.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    pub file: Text,
    /// Counted from 1; the header is line 1.
    pub line: u64,
}

impl Place {
    pub(super) fn at(&self, column: &str) -> String {
        format!("{}:{}, column {column}", self.file, self.line)
    }
}

fn near(diagnostic: Diagnostic, near: &[String]) -> Diagnostic {
    diagnostic.suggest(near.to_vec())
}

pub fn unreadable(path: &str, why: &str) -> Diagnostic {
    Diagnostic::new("D301", format!("{path} cannot be read: {why}"))
}

pub fn unknown_column(place: &Place, column: &str, suggestions: &[String]) -> Diagnostic {
    near(Diagnostic::new("D302", format!("{}: there is no column '{column}'", place.file)), suggestions)
}

pub fn bad_key(place: &Place, key: &str, why: &str) -> Diagnostic {
    Diagnostic::new("D303", format!("{}: '{key}' {why}", place.at("key")))
}

pub fn no_such_key(place: &Place, column: &str, key: &str, noun: &str, suggestions: &[String]) -> Diagnostic {
    near(Diagnostic::new("D304", format!("{}: '{key}' is no key of {noun}", place.at(column))), suggestions)
}

pub fn not_in_vocabulary(
    place: &Place,
    column: &str,
    word: &str,
    words: &[&str],
    suggestions: &[String],
) -> Diagnostic {
    let diagnostic = Diagnostic::new("D305", format!("{}: '{word}' is not one of the words", place.at(column)));
    near(diagnostic, suggestions).note(format!("the words are {}", words.join(", ")))
}

pub fn no_date(place: &Place, column: &str, text: &str, why: &str) -> Diagnostic {
    Diagnostic::new("D306", format!("{}: '{text}': {why}", place.at(column)))
        .note("dates are EDTF: 2024-06-19, 2024-06, [2024-07-01..2024-07-10], 2024-06-18/2024-06-19")
}

pub fn no_number(place: &Place, column: &str, text: &str) -> Diagnostic {
    Diagnostic::new("D307", format!("{}: '{text}' is not a number", place.at(column)))
}

pub fn no_boolean(place: &Place, column: &str, text: &str) -> Diagnostic {
    Diagnostic::new("D308", format!("{}: '{text}' is neither yes nor empty", place.at(column))).suggest(["yes"])
}

pub fn empty_cell(place: &Place, column: &str) -> Diagnostic {
    Diagnostic::new("D309", format!("{}: must not be empty", place.at(column)))
}

pub fn account_subject(place: &Place, key: &str, count: usize) -> Diagnostic {
    Diagnostic::new("D310", format!("{}:{}: account '{key}' is of {count} things", place.file, place.line))
        .note("it must be of exactly one meeting, visit or event")
}

pub fn preference(place: &Place, what: &str, count: usize) -> Diagnostic {
    Diagnostic::new("D311", format!("{}:{}: {count} accounts of {what} are preferred", place.file, place.line))
        .note("exactly one account of each meeting, visit or event has preferred = yes")
}

pub fn contradiction(place: &Place, column: &str, own: &str, account: &str, told: &str) -> Diagnostic {
    Diagnostic::new(
        "D312",
        format!("{}: '{own}', but the preferred account '{account}' says '{told}'", place.at(column)),
    )
    .note("leave the cell empty, or prefer another account")
}

pub fn impossible_date(place: &Place, what: &str, with: &str) -> Diagnostic {
    Diagnostic::new("D313", format!("{}:{}: the date of {what} contradicts {with}", place.file, place.line))
}

pub fn bad_text(place: &Place, column: &str, why: &str) -> Diagnostic {
    Diagnostic::new("D314", format!("{}: {why}", place.at(column)))
}

pub fn bad_line(file: &str, line: u64, why: &str) -> Diagnostic {
    Diagnostic::new("D315", format!("{file}:{line}: {why}"))
}

pub fn circle(place: &Place, column: &str, key: &str) -> Diagnostic {
    Diagnostic::new("D316", format!("{}: '{key}' would be part of itself", place.at(column)))
}

pub fn target_exists(path: &str) -> Diagnostic {
    Diagnostic::new("D317", format!("{path} exists already")).note("--force replaces it")
}

/// The same where nothing can be replaced: at the prompt.
pub fn name_taken(path: &str) -> Diagnostic {
    Diagnostic::new("D317", format!("{path} exists already")).note("the prompt writes over no file; give another name")
}

pub fn cannot_write(path: &str, why: &str) -> Diagnostic {
    Diagnostic::new("D318", format!("{path} cannot be written: {why}"))
}

pub fn unknown_file(file: &str, suggestions: &[String]) -> Diagnostic {
    near(Diagnostic::new("D320", format!("{file} is no file of ours: it would be passed over")), suggestions)
        .note("files bear the names of the nouns: DESCRIBE; lists them")
}

pub fn leader_twice(place: &Place, leader: &str, meeting: &str) -> Diagnostic {
    let (file, line) = (&place.file, place.line);
    Diagnostic::new("D321", format!("{file}:{line}: leader '{leader}' takes part in meeting '{meeting}' a second time"))
}

pub fn missing_setting(file: &str, key: &str) -> Diagnostic {
    Diagnostic::new("D319", format!("{file}: the setting '{key}' is missing"))
}

pub fn bad_name(path: &str, name: &str) -> Diagnostic {
    Diagnostic::new("D322", format!("{path}: queries cannot be kept under the name '{name}'"))
        .note("a name has letters, digits, hyphens and dots")
}

pub fn being_written(path: &str) -> Diagnostic {
    Diagnostic::new("D323", format!("another program writes to {path}"))
        .note("nothing is lost; try again when it has ended")
}

pub fn not_saved(path: &str, name: &str, suggestions: &[String]) -> Diagnostic {
    near(Diagnostic::new("D324", format!("{path} keeps no queries under the name '{name}'")), suggestions)
        .note("bilat info lists what it keeps")
}

pub fn identifier_twice(place: &Place, scheme: &str) -> Diagnostic {
    Diagnostic::new("D325", format!("{}: two identifiers of scheme '{scheme}'", place.at("ids")))
        .note("a thing has one identifier of each scheme: wikidata:Q7747; cow:365")
}

pub fn own_name(place: &Place, key: &str) -> Diagnostic {
    Diagnostic::new("D326", format!("{}: '{key}' is the key of a name that a thing has of itself", place.at("key")))
        .note("names, titles and codes of a row are its names already; leave the line out, or give it another key")
}

pub fn stale_queries(folder: &str, name: &str) -> Diagnostic {
    Diagnostic::new("D327", format!("{folder} holds queries '{name}' that the file does not keep"))
        .note("bilat build would take them in; move them away, or write to another folder")
}

pub fn not_as_written(place: &Place, column: &str) -> Diagnostic {
    Diagnostic::new("D328", format!("{}: this text does not read back as it was written", place.at(column)))
        .note("blanks around a text, other forms of its characters and line ends of two characters are not kept in CSV")
}

pub fn not_as_built(path: &str) -> Diagnostic {
    Diagnostic::new("D329", format!("{path} holds other rows than a build of its own data makes"))
        .note("what follows from other cells (bounds of dates, offices, labels, names as they are sought) was changed by hand")
        .note("bilat export --as csv and bilat build make a file of it that is consistent")
}

pub fn unknown_setting(name: &str, known: &[&str], suggestions: &[String]) -> Diagnostic {
    near(Diagnostic::new("D330", format!("a file has no setting '{name}'")), suggestions)
        .note(format!("settings are {}", known.join(", ")))
}

/// The same of what the command line says.
pub fn bad_setting(name: &str, why: &str) -> Diagnostic {
    Diagnostic::new("D314", format!("the setting {name}: {why}"))
}
