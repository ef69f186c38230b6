//! Flags and commands, declared once; help and usage errors derive from them.

use super::examples::*;
use crate::dataset::export::{FORMS, Form};
use crate::present::{FORMATS, Format};
use crate::shell::output::{Color, ErrorFormat};
use crate::shell::settings::{Flags, duration};
use clap::{Parser, Subcommand};
use std::path::PathBuf;
use std::sync::LazyLock;
use std::time::Duration;

fn statuses() -> String {
    let table = crate::shell::status::Status::TABLE.iter().map(|(_, code, meaning)| (*code, *meaning));
    let mut table: Vec<(i32, &str)> = table.collect();
    table.sort_by_key(|(code, _)| *code);
    let lines: Vec<String> = table.into_iter().map(|(code, meaning)| format!("  {code:>3}  {meaning}\n")).collect();
    format!("Exit status (of several, the first of 130, 141, 70, 4, 3, 124, 1, 5 that occurred):\n{}", lines.concat())
}

static VERSION: LazyLock<String> = LazyLock::new(|| {
    let (own, sqlite) = (env!("CARGO_PKG_VERSION"), crate::store::sqlite_version());
    format!("{own} (SQLite {sqlite}, file layout {})", crate::catalog::ddl::LAYOUT)
});

/// Who met whom: asks a file of meetings between leaders.
#[derive(Parser, Debug)]
#[command(name = "bilat", version = VERSION.as_str(), before_long_help = EXAMPLES, after_long_help = statuses())]
pub struct Arguments {
    #[command(subcommand)]
    pub command: Option<Command>,

    /// The file to ask; without one, the article's meetings
    #[arg(value_name = "FILE.db")]
    pub file: Option<PathBuf>,

    /// Run this query; may be given several times
    #[arg(short = 'c', long = "command", value_name = "QUERY")]
    pub queries: Vec<String>,

    /// The file to ask, for commands that take other files by place
    #[arg(long, value_name = "FILE.db", global = true)]
    pub db: Option<PathBuf>,

    /// How answers are written
    #[arg(long, global = true, value_name = "FORMAT", value_parser = format_parser())]
    pub format: Option<Format>,

    /// Write answers to this file, whole or not at all (--keep-going: what there is); its ending names the format
    #[arg(short = 'o', long = "output", value_name = "FILE")]
    pub output: Option<PathBuf>,

    /// When to use colours
    #[arg(long, global = true, value_enum, default_value = "auto", value_name = "WHEN")]
    pub color: Color,

    /// How long one statement may take: 10s, 500ms, 2m
    #[arg(long, global = true, value_name = "TIME", value_parser = duration)]
    pub timeout: Option<Duration>,

    /// Show no more rows than this; the closing lines count all
    #[arg(long, global = true, value_name = "N")]
    pub max_rows: Option<u64>,

    /// Neither keep nor use what makes queries of large files fast
    #[arg(long, global = true)]
    pub no_cache: bool,

    /// Leave text of the data as it is in files and pipes, also what commands a terminal, hides or reorders text
    #[arg(long, global = true)]
    pub raw: bool,

    /// Say on standard error, in a line of JSON for each statement and one for all, how many rows came and how long it took
    #[arg(long, global = true)]
    pub stats: bool,

    /// Go on with the next statement after one that failed while running
    #[arg(long, global = true)]
    pub keep_going: bool,

    /// The value of a parameter: --param who=Putin is $who; may be given several times
    #[arg(long = "param", global = true, value_name = "NAME=VALUE", value_parser = parameter)]
    pub parameters: Vec<(String, String)>,

    /// The day that is today, and on which everything not dated is read: 2024-07-10
    #[arg(long, global = true, value_name = "DAY", value_parser = day)]
    pub as_of: Option<i64>,

    /// How errors are written
    #[arg(long, global = true, value_enum, default_value = "text", value_name = "FORMAT")]
    pub error_format: ErrorFormat,
}

impl Arguments {
    /// What goes before the settings of the prompt.
    pub fn flags(&self) -> Flags {
        let color = Some(self.color).filter(|color| *color != Color::Auto);
        Flags { format: self.format, color, timeout: self.timeout, max_rows: self.max_rows, no_cache: self.no_cache }
    }
}

#[derive(Subcommand, Debug)]
pub enum Command {
    /// Run files of queries (- is standard input)
    #[command(before_long_help = RUN_EXAMPLES)]
    Run {
        /// Files of statements, each ended by a semicolon
        #[arg(required = true, value_name = "FILE")]
        files: Vec<PathBuf>,
        /// Write answers to this file, whole or not at all (--keep-going: what there is); its ending names the format
        #[arg(short = 'o', long = "output", value_name = "FILE")]
        output: Option<PathBuf>,
    },
    /// Read back each query of files: in plain words, as a plan, as SQL with its parameters
    #[command(before_long_help = EXPLAIN_EXAMPLES)]
    Explain {
        /// Files of statements (- is standard input)
        #[arg(required = true, value_name = "FILE")]
        files: Vec<PathBuf>,
        /// Write to this file; its ending names the format
        #[arg(short = 'o', long = "output", value_name = "FILE")]
        output: Option<PathBuf>,
    },
    /// Format files of queries in place (- from standard input to standard output)
    ///
    /// Keywords in capitals, each statement on one line if it fits and else a line for each clause; comments stay where
    /// they are. Habits of other languages that surely mean one thing are repaired and reported: == <> && || COUNT(*),
    /// typographic quotes, quoted dates, names of several words without quotes, clauses that come too late. A file with
    /// any other mistake is left as it is.
    #[command(before_long_help = FMT_EXAMPLES)]
    Fmt {
        /// Files of statements
        #[arg(required = true, value_name = "FILE")]
        files: Vec<PathBuf>,
        /// Write nothing; name each file that would change, and exit with 1 if there is one
        #[arg(long)]
        check: bool,
    },
    /// Make a page of a story: Markdown, in which blocks of queries are answered in place
    ///
    /// A block between lines of ``` with bilat behind the first is run, and its tables, charts and verdicts stand there;
    /// the whole story is one text of queries, so that LET and AS OF hold from block to block (AS OF stands in the first, before any value). Behind bilat may stand: a
    /// caption in single quotes; hide-query (no query under the answer); hide (run, show nothing); no-run (show, do not
    /// run); summary (an empty block: the list of all claims). `= count(FROM …)` between backticks puts one value into
    /// the text. The page needs nothing from elsewhere, has no scripts, and is the same whenever it is made; markup in
    /// the story is shown as text, images lie beside the story and are put into the page. Lines of title, author, date
    /// and lang between two lines of --- may begin the story.
    #[command(before_long_help = REPORT_EXAMPLES)]
    Report {
        /// The story (- is standard input)
        #[arg(value_name = "STORY.md")]
        story: PathBuf,
        /// The page to write, whole or not at all; without one, standard output
        #[arg(short = 'o', long = "output", value_name = "STORY.html")]
        output: Option<PathBuf>,
    },
    /// Build a file from a folder of CSV files, one a noun
    #[command(before_long_help = BUILD_EXAMPLES)]
    Build {
        /// The folder
        #[arg(value_name = "DIR")]
        folder: PathBuf,
        /// The file to write
        #[arg(short = 'o', long = "output", value_name = "FILE.db")]
        target: PathBuf,
        /// Replace the file if it is there
        #[arg(long)]
        force: bool,
    },
    /// Write the file to give to others: checked, fresh, sealed
    #[command(before_long_help = SHIP_EXAMPLES)]
    Ship {
        /// The file to ship; without one, the article's meetings
        #[arg(value_name = "FILE.db")]
        file: Option<PathBuf>,
        /// The file to write
        #[arg(short = 'o', long = "output", value_name = "OUT.db")]
        target: PathBuf,
        /// Replace the file if it is there
        #[arg(long)]
        force: bool,
    },
    /// Begin a file of one's own: the countries, regions and groups of the world, and no meetings yet
    #[command(before_long_help = NEW_EXAMPLES)]
    New {
        /// The file to write
        #[arg(value_name = "FILE.db")]
        target: PathBuf,
        /// What the file is to be called
        #[arg(long, value_name = "TEXT")]
        title: Option<String>,
        /// Replace the file if it is there
        #[arg(long)]
        force: bool,
    },
    /// Take tables into a file: CSV, TSV, JSON or JSON Lines, in our own columns or, with a mapping, in any
    #[command(before_long_help = IMPORT_EXAMPLES, after_long_help = MAPPING)]
    Import(Import),
    /// Write everything a file holds for other programs
    ///
    /// At the end it says what was taken, and what the form has no room for: how many of each. The same file gives the
    /// same bytes.
    #[command(before_long_help = EXPORT_EXAMPLES)]
    Export {
        /// The file to export; without one, the article's meetings
        #[arg(value_name = "FILE.db")]
        file: Option<PathBuf>,
        /// For which program
        #[arg(long = "as", value_name = "FORM", value_parser = form_parser())]
        form: &'static Form,
        /// The file to write; for csv, the folder
        #[arg(short = 'o', long = "output", value_name = "PATH")]
        target: PathBuf,
        /// Replace what is there
        #[arg(long)]
        force: bool,
    },
    /// Say what differs between two files: what one lacks, what they tell differently
    ///
    /// Rows of one key are one thing. What has another key in the other file is found again: people, places and the like
    /// by any of their names, meetings by who met and when, visits by who came where and when. What goes with a row that
    /// only one file has (participants, names, accounts) is counted in its line. A conflict is where both cannot be
    /// right.
    #[command(before_long_help = DIFF_EXAMPLES)]
    Diff {
        /// The one file
        #[arg(value_name = "A.db")]
        one: PathBuf,
        /// The other
        #[arg(value_name = "B.db")]
        other: PathBuf,
    },
    /// Keep files of queries inside a file, for whoever receives it
    #[command(before_long_help = SAVE_EXAMPLES)]
    Save {
        /// The file that is to hold them
        #[arg(value_name = "FILE.db")]
        file: PathBuf,
        /// Files of queries; each is kept under its name without the ending
        #[arg(value_name = "QUERIES.bilat")]
        queries: Vec<PathBuf>,
        /// Take out what was kept under this name
        #[arg(long, value_name = "NAME")]
        remove: Vec<String>,
    },
    /// Say of a file of one's own what it is: title, author, licence, citation, reference_date …
    #[command(before_long_help = SET_EXAMPLES)]
    Set {
        /// The file
        #[arg(value_name = "FILE.db")]
        file: PathBuf,
        /// What is to hold from now on; an empty value takes it out
        #[arg(required = true, value_name = "NAME=VALUE", value_parser = parameter)]
        settings: Vec<(String, String)>,
    },
    /// Verify a file and run the queries kept inside it; each may take 10 seconds, or --timeout
    #[command(before_long_help = CHECK_EXAMPLES)]
    Check {
        /// The file; without one, the article's meetings
        #[arg(value_name = "FILE.db")]
        file: Option<PathBuf>,
    },
    /// Give a file of an older layout today's
    Migrate {
        /// The file
        #[arg(value_name = "FILE.db")]
        file: PathBuf,
    },
    /// Say what a file is: title, licence, version, how much of what, and what it is complete for
    Info {
        /// The file; without one, the article's meetings
        #[arg(value_name = "FILE.db")]
        file: Option<PathBuf>,
    },
    /// Print what makes a shell complete commands and options
    #[command(before_long_help = COMPLETIONS_EXAMPLES)]
    Completions {
        /// The shell
        shell: clap_complete::Shell,
    },
    /// Check that a file is intact: its tables, pages and references, its seal, and that its rows are what its data make
    Verify {
        /// The file
        #[arg(value_name = "FILE.db")]
        file: PathBuf,
    },
}

/// What `bilat import` is told.
#[derive(clap::Args, Debug)]
pub struct Import {
    /// The tables (- is standard input)
    #[arg(required = true, value_name = "FILE")]
    pub files: Vec<PathBuf>,
    /// The file that takes them in
    #[arg(long, value_name = "FILE.db", required_unless_present = "guess")]
    pub into: Option<PathBuf>,
    /// Which column is what; without it, the columns are our own
    #[arg(long, value_name = "FILE.toml")]
    pub mapping: Option<PathBuf>,
    /// Print a first mapping for a table, made from its headers and values, and take nothing in
    #[arg(long, conflicts_with_all = ["into", "mapping"])]
    pub guess: bool,
    /// Make new rows of these nouns for names that nothing has: leaders,places
    #[arg(long, value_name = "NOUNS", value_delimiter = ',')]
    pub create: Vec<String>,
    /// Put rows that cannot be taken into this file, each with the reason, and take in the others
    #[arg(long, value_name = "FILE.csv")]
    pub rejects: Option<PathBuf>,
    /// Say what would be taken in, and write nothing
    #[arg(long)]
    pub dry_run: bool,
    /// The day that phrases like "this week" count from
    #[arg(long, value_name = "DAY", value_parser = day)]
    pub anchor: Option<i64>,
}

fn format_parser() -> impl clap::builder::TypedValueParser<Value = Format> {
    use clap::builder::{PossibleValue, PossibleValuesParser, TypedValueParser};
    let values = FORMATS.iter().map(|about| PossibleValue::new(about.name).help(about.help));
    PossibleValuesParser::new(values).map(|name| Format::from_name(&name).unwrap_or_default())
}

fn form_parser() -> impl clap::builder::TypedValueParser<Value = &'static Form> {
    use clap::builder::{PossibleValue, PossibleValuesParser, TypedValueParser};
    let values = FORMS.iter().map(|form| PossibleValue::new(form.name).help(form.help));
    // No other name gets so far.
    PossibleValuesParser::new(values).try_map(|name| Form::from_name(&name).ok_or("this is no form"))
}

/// `who=Putin`
fn parameter(text: &str) -> Result<(String, String), String> {
    let (name, value) = text.split_once('=').ok_or("a parameter is written NAME=VALUE")?;
    let name = name.trim().trim_start_matches('$');
    let whole = name.chars().all(|c| c.is_alphanumeric() || c == '_') && !name.is_empty();
    if whole { Ok((name.to_string(), value.to_string())) } else { Err(format!("'{name}' is no name for a parameter")) }
}

/// One day.
fn day(text: &str) -> Result<i64, String> {
    use crate::value::date::DayRange;
    match DayRange::parse(text) {
        Ok(days) if days.first == days.last => Ok(days.first),
        Err(fault) => Err(format!("{fault}; a day is written 2024-07-10")),
        Ok(_) => Err("that is more than one day; a day is written 2024-07-10".to_string()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::CommandFactory;

    #[test]
    fn the_declaration_is_consistent() {
        Arguments::command().debug_assert();
    }
}
