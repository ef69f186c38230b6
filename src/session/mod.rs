//! Statements to answers: the room where text, catalogue and file come together.
//!
//! A text is compiled whole ([`Session::compile`]): all its mistakes come back together, and nothing runs. What was
//! compiled is run statement by statement ([`Session::run`]) into a [`Sink`], rows while they come, and under them the
//! closing lines: what is possible besides, what was left out, what was assumed, where it is from.

mod closing;
mod compile;
mod connect;
mod coverage;
mod decode;
mod describe;
mod emptied;
mod explain;
mod mend;
mod pivot;
mod sources;
mod verdict;
mod weigh;

use crate::answer::{Answer, Cell, CitedSource, Closing, Column, Head, Outcome, Row, Sink};
use crate::bind::Frame;
use crate::bind::chart::chart;
use crate::bind::names::{NameOf, Names};
use crate::bind::tree::{BoundQuery, BoundStatement, Claim};
use crate::catalog::NounId;
use crate::diagnostic::{Diagnostic, running};
use crate::packed;
use crate::plan::rules::{Chosen, Stage};
use crate::plan::{self, Beside, Plan};
use crate::span::Span;
use crate::sql;
use crate::store::{Caches, Database, Ended, RawRow, Stopper};
use crate::value::date::{Day, VagueDate};
use crate::value::text::{fold, sorted_words};
use sources::Sources;
use std::cell::{OnceCell, RefCell};
use std::collections::HashMap;
use std::io;
use std::time::Duration;

/// How statements are run.
#[derive(Clone, Copy, Debug)]
pub struct Settings {
    /// How long one statement may take.
    pub timeout: Option<Duration>,
    /// How many rows are shown at most; the closing lines count all.
    pub max_rows: Option<u64>,
    /// By which rules plans are rewritten ([`plan::rules`]); answers are the same without.
    pub rules: Chosen,
    /// Whether blocks are computed from packed columns where the file is large enough; answers are the same without.
    pub packed: bool,
}

impl Default for Settings {
    fn default() -> Self {
        Settings { timeout: None, max_rows: None, rules: Chosen::All, packed: true }
    }
}

/// An open file with settings.
pub struct Session {
    database: Database,
    pub settings: Settings,
    /// The day on which what is not dated otherwise is read.
    reference: Day,
    names: OnceCell<Vec<KnownName>>,
    /// The day and the parameters of the command line, which go before those of a text.
    pub frame: Frame,
    /// What LET and AS OF said in earlier texts, and the query before, where one text follows another (at the prompt).
    said: RefCell<Vec<compile::Said>>,
}

/// A name in the data.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KnownName {
    pub noun: NounId,
    /// The name as it is written.
    pub text: String,
    /// The name as look-ups see it.
    pub folded: String,
    /// The label of what it names.
    pub label: String,
    /// What that is: a leader's office, or the noun.
    pub what: String,
}

impl Prepared {
    /// Asks for sources, where the noun has any.
    pub fn cite(&mut self) {
        if let BoundStatement::Query(query) = &mut self.statement {
            query.cite |= query.noun.noun().cite.is_some();
        }
        if let BoundStatement::Connect(connect) = &mut self.statement {
            connect.meetings.cite = true;
        }
    }

    /// Whether it is a claim, which gives a verdict.
    pub fn is_claim(&self) -> bool {
        matches!(self.statement, BoundStatement::Assert(_))
    }

    /// Whether it only says something about the statements after it.
    pub fn is_setting(&self) -> bool {
        matches!(self.statement, BoundStatement::Setting(_))
    }

    /// Whether it has a value: a claim that compares it with something ([`Session::value`]).
    pub fn has_value(&self) -> bool {
        matches!(&self.statement, BoundStatement::Assert(assert) if matches!(assert.claim, Claim::Compare { .. }))
    }
}

/// What came of a statement.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Ran {
    Answered,
    /// Of a claim.
    Verdict(Outcome),
    /// LET and AS OF give no answer; what they set, in words.
    Set(String),
}

/// A statement that can be run.
#[derive(Clone, Debug)]
pub struct Prepared {
    /// As written, without the semicolon.
    pub text: String,
    /// Where it stands in the text that was compiled.
    pub span: Span,
    statement: BoundStatement,
}

/// One value, with what it rests on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Value {
    /// In words: "21", "21 to 24", "at least 21", "not known".
    pub words: String,
    /// How many values there are, where it is not one.
    pub several: Option<usize>,
    /// One sentence each: what it rests on, what was left out, what was assumed.
    pub notes: Vec<String>,
    pub sources: Vec<CitedSource>,
}

/// Why a statement ended without an answer.
#[derive(Debug)]
pub enum RunError {
    Failed(Diagnostic),
    /// The output could not be written.
    Output(io::Error),
}

impl From<Diagnostic> for RunError {
    fn from(diagnostic: Diagnostic) -> Self {
        RunError::Failed(diagnostic)
    }
}

impl From<io::Error> for RunError {
    fn from(error: io::Error) -> Self {
        RunError::Output(error)
    }
}

impl From<Ended<io::Error>> for RunError {
    fn from(ended: Ended<io::Error>) -> Self {
        match ended {
            Ended::Failed(diagnostic) => RunError::Failed(diagnostic),
            Ended::Receiver(error) => RunError::Output(error),
        }
    }
}

impl Session {
    /// A session on an open file.
    ///
    /// # Errors
    /// When the file's settings cannot be read.
    pub fn new(database: Database, settings: Settings) -> Result<Session, Diagnostic> {
        let reference = database.setting("reference_date")?;
        // Everything that is not dated otherwise hangs on this day: without it, answers would be about another time.
        let day = reference.and_then(|text| VagueDate::parse(&text).ok()).filter(|date| date.bounds.is_exact());
        let Some(day) = day else { return Err(running::damaged(&database.name, "it has no reference date")) };
        let reference = day.bounds.start_min;
        let (names, said) = (OnceCell::new(), RefCell::new(Vec::new()));
        Ok(Session { database, settings, reference, names, frame: Frame::default(), said })
    }

    /// The file's reference date, in days since 1970-01-01.
    pub fn reference(&self) -> Day {
        self.reference
    }

    /// The day on which a query reads what is not dated otherwise.
    fn reference_of(&self, query: &BoundQuery) -> Day {
        query.as_of.unwrap_or(self.reference)
    }

    pub fn database(&self) -> &Database {
        &self.database
    }

    /// From now on what is derived from the file is kept there.
    pub fn keep_in(&mut self, caches: &Caches) {
        self.database.keep_in(caches);
    }

    /// Stops what runs, from another thread.
    pub fn stopper(&self) -> Stopper {
        self.database.stopper()
    }

    /// Runs a statement: its head, its rows and its closing lines go to `sink`, or its verdict.
    ///
    /// # Errors
    /// When the time limit is reached, someone stops it, or the output cannot be written.
    pub fn run(&self, prepared: &Prepared, sink: &mut dyn Sink) -> Result<Ran, RunError> {
        self.database.limit_time(self.settings.timeout);
        self.database.forget_computed();
        match &prepared.statement {
            BoundStatement::Query(query) if query.across || query.zeros => self.pivoted(query, &prepared.text, sink)?,
            BoundStatement::Query(query) => self.query(query, &prepared.text, sink)?,
            BoundStatement::Explain(query) => self.explain(query, &prepared.text, sink)?,
            BoundStatement::Assert(assert) => {
                let verdict = self.verdict(assert, &prepared.text)?;
                sink.verdict(&verdict)?;
                return Ok(Ran::Verdict(verdict.outcome));
            }
            BoundStatement::Connect(connect) => self.connect(connect, &prepared.text, sink)?,
            BoundStatement::Setting(text) => return Ok(Ran::Set(text.clone())),
            BoundStatement::DescribeEverything => describe::everything(&prepared.text, sink)?,
            BoundStatement::DescribeNoun(noun) => describe::noun(*noun, &prepared.text, sink)?,
            BoundStatement::DescribeThing(things) => self.describe(things, &prepared.text, sink)?,
        }
        Ok(Ran::Answered)
    }

    /// Every name in the file with what it names, for completion; read once.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn names(&self) -> Result<&[KnownName], Diagnostic> {
        if let Some(known) = self.names.get() {
            return Ok(known);
        }
        let offices = self.offices()?;
        let known = self.database.all()?.into_iter().map(|NameOf { noun, label, text }| {
            let office = if noun == NounId::Leaders { offices.get(&label).cloned() } else { None };
            let what = office.unwrap_or_else(|| noun.noun().singular.to_string());
            KnownName { noun, folded: fold(&text), text, label, what }
        });
        Ok(self.names.get_or_init(|| known.collect()))
    }

    /// Of each leader, the office on the reference date.
    fn offices(&self) -> Result<HashMap<String, String>, Diagnostic> {
        let mut answer = Answer::default();
        for prepared in self.compile("SELECT name, office FROM leaders").unwrap_or_default() {
            if let Err(RunError::Failed(diagnostic)) = self.run(&prepared, &mut answer) {
                return Err(diagnostic);
            }
        }
        let pairs = answer.rows.into_iter().filter_map(|row| match row.cells.as_slice() {
            [Cell::Text(name), Cell::Text(office)] => Some((name.clone(), office.clone())),
            _ => None,
        });
        Ok(pairs.collect())
    }

    /// Whether anything in the file is called so, in any spelling.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn is_name(&self, name: &str) -> Result<bool, Diagnostic> {
        let folded = fold(name);
        let words = sorted_words(&folded);
        Ok(!words.is_empty()
            && (!self.database.exact(&folded)?.is_empty() || !self.database.containing(&words)?.is_empty()))
    }

    /// The SQL of a query's rows, with its parameters; nothing for other statements.
    pub fn sql(&self, prepared: &Prepared) -> Option<String> {
        let BoundStatement::Query(query) = &prepared.statement else { return None };
        let statement = sql::translate(&self.plan(query).rows);
        Some(format!("{}\n{}", statement.text, explain::parameters(&statement).join("\n")).trim_end().to_string())
    }

    /// The texts of SQL that a query needs, the one of its rows first, then those of its closing lines; none for other
    /// statements.
    pub fn sql_texts(&self, prepared: &Prepared) -> impl Iterator<Item = String> {
        let query = match &prepared.statement {
            BoundStatement::Query(query) => Some(query),
            _ => None,
        };
        query.into_iter().flat_map(|query| {
            let rows = std::iter::once_with(|| sql::translate(&self.plan(query).rows).text);
            let beside = std::iter::once_with(|| {
                let mut beside = self.beside(query);
                beside.blocks().map(|block| sql::translate(block).text).collect::<Vec<_>>()
            });
            rows.chain(beside.flatten())
        })
    }

    fn plan(&self, query: &BoundQuery) -> Plan {
        let mut plan = plan::lower::plan(query, self.reference_of(query));
        self.rewrite(&mut plan.rows);
        plan
    }

    /// Rewrites a block by the rules; the name and the help of those that changed something.
    pub(super) fn rewrite(&self, block: &mut plan::tree::Block) -> Vec<(&'static str, &'static str)> {
        let named = |rules: Vec<&'static plan::rules::Rule>| rules.into_iter().map(|rule| (rule.name, rule.help));
        let mut changed: Vec<_> = named(plan::rules::apply(block, self.settings.rules, Stage::Tidying)).collect();
        if self.packs(block) {
            changed.push((packed::rule::NAME, packed::rule::HELP));
        }
        if plan::rules::words::search(block, self.settings.rules, &self.database) {
            changed.push((plan::rules::words::NAME, plan::rules::words::HELP));
        }
        changed.extend(named(plan::rules::apply(block, self.settings.rules, Stage::Shaping)));
        changed
    }

    /// Hands over to packed columns what they can compute; says whether there was anything.
    fn packs(&self, block: &mut plan::tree::Block) -> bool {
        let wanted = self.settings.packed && packed::rule::may_apply(block);
        let data = wanted.then(|| self.database.packed()).flatten();
        // Whoever stops it while columns are read stops the query too, which says so.
        data.is_some_and(|data| packed::rule::apply(block, data).unwrap_or(false))
    }

    fn beside(&self, query: &BoundQuery) -> Beside {
        let mut beside = plan::lower::beside(query, self.reference_of(query));
        for block in beside.blocks() {
            self.rewrite(block);
        }
        beside
    }

    fn query(&self, query: &BoundQuery, text: &str, sink: &mut dyn Sink) -> Result<(), RunError> {
        let plan = self.plan(query);
        let columns = plan.columns.iter().map(|c| Column { name: c.name.clone(), kind: decode::kind(&c.decode) });
        sink.head(&Head {
            query: text.to_string(),
            columns: columns.collect(),
            marked: plan.sure.is_some(),
            cited: plan.sources.is_some(),
            chart: chart(query),
            drawn: query.chart,
        })?;
        let shown = self.rows(&plan, sink)?;
        let closing = self.closing(query, shown)?;
        sink.closing(&closing)?;
        Ok(())
    }

    fn rows(&self, plan: &Plan, sink: &mut dyn Sink) -> Result<Shown<'_>, RunError> {
        let statement = sql::translate(&plan.rows);
        let mut shown = Shown { given: 0, delivered: 0, uncertain: 0, sources: Sources::new(&self.database) };
        let mut row = Row { cells: Vec::new(), certain: true, sources: Vec::new() };
        self.database.query(&statement, |raw| {
            shown.given += 1;
            if self.settings.max_rows.is_some_and(|most| shown.given > most) {
                return Ok(());
            }
            fill(&mut row, plan, raw, &mut shown.sources);
            shown.delivered += 1;
            shown.uncertain += u64::from(!row.certain);
            sink.row(&row)
        })?;
        Ok(shown)
    }
}

/// What has come of the rows.
struct Shown<'a> {
    /// By the query.
    given: u64,
    /// To the sink.
    delivered: u64,
    uncertain: u64,
    sources: Sources<'a>,
}

/// A row of an answer.
fn row(plan: &Plan, raw: &RawRow<'_>, sources: &mut Sources<'_>) -> Row {
    let mut row = Row { cells: Vec::new(), certain: true, sources: Vec::new() };
    fill(&mut row, plan, raw, sources);
    row
}

/// The next row of an answer, in the place of the one before.
fn fill(row: &mut Row, plan: &Plan, raw: &RawRow<'_>, sources: &mut Sources<'_>) {
    row.cells.resize(plan.columns.len(), Cell::Unknown);
    for (cell, column) in row.cells.iter_mut().zip(&plan.columns) {
        decode::fill(cell, column, raw);
    }
    row.certain = plan.sure.is_none_or(|position| raw.integer(position) == 1);
    let numbers = plan.sources.and_then(|position| raw.text(position)).map(|ids| sources.numbers(&ids));
    row.sources = numbers.unwrap_or_default();
}

/// An answer that is not computed from the data: a table at hand.
fn table(
    text: &str,
    columns: Vec<Column>,
    rows: Vec<Vec<Cell>>,
    summary: String,
    sink: &mut dyn Sink,
) -> Result<(), RunError> {
    let count = rows.len() as u64;
    sink.head(&Head { query: text.to_string(), columns, ..Head::default() })?;
    for cells in rows {
        sink.row(&Row { cells, certain: true, sources: Vec::new() })?;
    }
    sink.closing(&Closing { summary, count, count_possible: count, ..Closing::default() })?;
    Ok(())
}

/// "1 meeting", "21 meetings".
fn counted(count: u64, singular: &str, plural: &str) -> String {
    format!("{count} {}", if count == 1 { singular } else { plural })
}
