//! The formats, as one table: names, what they are, file endings.

use std::path::Path;

/// How an answer is written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Format {
    #[default]
    Table,
    Record,
    Csv,
    Tsv,
    Json,
    Jsonl,
    Markdown,
    Html,
    Chart,
    Svg,
    Junit,
}

/// What becomes of several answers in one output.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Several {
    /// They follow each other with an empty line between, and what sums them up stands under them.
    Apart,
    /// They follow each other, line by line.
    Lines,
    /// There is one table, which programs read: of one answer, or of claims alone.
    One,
    /// They make one document, which is written at the end.
    Document,
}

/// A format as help and flags know it.
#[derive(Debug)]
pub struct About {
    pub format: Format,
    pub name: &'static str,
    pub help: &'static str,
    pub several: Several,
    /// File endings that mean it.
    pub endings: &'static [&'static str],
}

/// Every format.
pub static FORMATS: &[About] = &[
    About {
        format: Format::Table,
        name: "table",
        help: "for reading, fitted to the terminal",
        several: Several::Apart,
        endings: &["txt"],
    },
    About {
        format: Format::Record,
        name: "record",
        help: "for reading, a line for each column: for rows too wide for a table",
        several: Several::Apart,
        endings: &[],
    },
    About {
        format: Format::Csv,
        name: "csv",
        help: "comma-separated values (RFC 4180); unknown is nothing, an empty text \"\"",
        several: Several::One,
        endings: &["csv"],
    },
    About {
        format: Format::Tsv,
        name: "tsv",
        help: "tab-separated values as PostgreSQL's COPY has them; unknown is \\N",
        several: Several::One,
        endings: &["tsv"],
    },
    About {
        format: Format::Json,
        name: "json",
        help: "one JSON object a statement",
        several: Several::Lines,
        endings: &["json"],
    },
    About {
        format: Format::Jsonl,
        name: "jsonl",
        help: "one JSON object a row",
        several: Several::Lines,
        endings: &["jsonl", "ndjson"],
    },
    About {
        format: Format::Markdown,
        name: "markdown",
        help: "a pipe table for Markdown",
        several: Several::Apart,
        endings: &["md"],
    },
    About {
        format: Format::Html,
        name: "html",
        help: "a page that stands alone, with tables, charts, verdicts and sources",
        several: Several::Document,
        endings: &["html", "htm"],
    },
    About {
        format: Format::Chart,
        name: "chart",
        help: "bars, a timeline or a heat table, as text",
        several: Several::Apart,
        endings: &[],
    },
    About {
        format: Format::Svg,
        name: "svg",
        help: "the same as a picture",
        several: Several::Document,
        endings: &["svg"],
    },
    About {
        format: Format::Junit,
        name: "junit",
        help: "JUnit XML with a test case for each ASSERT, for continuous integration",
        several: Several::Document,
        endings: &["xml"],
    },
];

impl Format {
    pub const NAMES: [&'static str; FORMATS.len()] = {
        let mut names = [""; FORMATS.len()];
        let mut at = 0;
        while at < names.len() {
            names[at] = FORMATS[at].name;
            at += 1;
        }
        names
    };

    fn about(self) -> Option<&'static About> {
        FORMATS.iter().find(|about| about.format == self)
    }

    pub fn name(self) -> &'static str {
        self.about().map_or("", |about| about.name)
    }

    /// What becomes of several answers in one output.
    pub fn several(self) -> Several {
        self.about().map_or(Several::Apart, |about| about.several)
    }

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
        for (about, name) in FORMATS.iter().zip(Format::NAMES) {
            assert_eq!(about.name, name);
            assert_eq!(Format::from_name(about.name), Some(about.format));
            for ending in about.endings {
                assert_eq!(Format::from_path(Path::new(&format!("x.{}", ending.to_uppercase()))), Some(about.format));
            }
        }
        assert_eq!(Format::from_path(Path::new("x.db")), None);
    }
}
