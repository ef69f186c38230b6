//! The formats, as one table: names, what they are, file endings.

use std::path::Path;

/// How an answer is written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Format {
    #[default]
    Table,
    Csv,
    Json,
    Markdown,
    Html,
    Junit,
}

/// A format as help and flags know it.
#[derive(Debug)]
pub struct About {
    pub format: Format,
    pub name: &'static str,
    pub help: &'static str,
    /// File endings that mean it.
    pub endings: &'static [&'static str],
}

/// Every format.
pub static FORMATS: &[About] = &[
    About { format: Format::Table, name: "table", help: "for reading, fitted to the terminal", endings: &["txt"] },
    About { format: Format::Csv, name: "csv", help: "comma-separated values (RFC 4180)", endings: &["csv"] },
    About { format: Format::Json, name: "json", help: "one JSON object a statement", endings: &["json"] },
    About { format: Format::Markdown, name: "markdown", help: "a pipe table for Markdown", endings: &["md"] },
    About {
        format: Format::Html,
        name: "html",
        help: "a page that stands alone, with tables, verdicts and sources (a fragment at the prompt)",
        endings: &["html", "htm"],
    },
    About {
        format: Format::Junit,
        name: "junit",
        help: "JUnit XML with a test case for each ASSERT, for continuous integration",
        endings: &["xml"],
    },
];

impl Format {
    pub const NAMES: [&'static str; 6] = ["table", "csv", "json", "markdown", "html", "junit"];

    pub fn from_name(name: &str) -> Option<Format> {
        FORMATS.iter().find(|about| about.name == name).map(|about| about.format)
    }

    /// By the ending of a file's name, in any case.
    pub fn from_path(path: &Path) -> Option<Format> {
        let ending = path.extension()?.to_str()?.to_lowercase();
        FORMATS.iter().find(|about| about.endings.contains(&ending.as_str())).map(|about| about.format)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_format_is_found_by_its_name_and_its_endings() {
        assert_eq!(FORMATS.iter().map(|about| about.name).collect::<Vec<_>>(), Format::NAMES);
        for about in FORMATS {
            assert_eq!(Format::from_name(about.name), Some(about.format));
            for ending in about.endings {
                assert_eq!(Format::from_path(Path::new(&format!("x.{}", ending.to_uppercase()))), Some(about.format));
            }
        }
        assert_eq!(Format::from_path(Path::new("x.db")), None);
    }
}
