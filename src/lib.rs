//! bilat: who met whom. A query engine for meetings between leaders, over one SQLite file.
//!
//! # The life of a query
//!
//! 1. **Text to tokens.** [`syntax::tokens`] (nom) cuts the text into tokens with byte spans. It refuses nothing: what no
//!    token begins with becomes one that the parser complains about.
//! 2. **Tokens to tree.** [`syntax::parse`] (nom over the tokens) makes [`syntax::ast`] trees, a span on every node. It
//!    keeps a record of all that would have been possible at the furthest place it reached: messages, completion and
//!    "go on typing" come from that record. After a mistake it goes on with the next clause, so that one reading finds
//!    all mistakes. It knows no noun and no name.
//! 3. **Tree to meaning.** [`bind::bind`] follows paths through the [`catalog`], looks names up (the store answers, behind
//!    the trait [`bind::names::Names`]), checks types and words, and makes phrases into conditions that are true, false or
//!    undecided: [`bind::tree::BoundQuery`]. Queries that LET names are put in before ([`bind::named`]); MET and queries in
//!    brackets are elements that no step leads to. [`bind::sentence::sentence`] reads it back in plain words.
//! 4. **Meaning to plan.** [`plan::lower::plan`] makes blocks of rows with joins and filters, each condition in one of two
//!    readings: surely, or possibly. NOT swaps them. [`plan::rules::apply`] rewrites the blocks by an ordered list of named
//!    rules. What stands under the answer is planned apart ([`plan::lower::beside`]), after the rows.
//!    Blocks that group or count over a large file are handed to [`packed`] ([`packed::rule`]): the numbers of all tables
//!    as narrow columns in memory, and what runs blocks over them a thousand rows at a time. Whatever it does not know
//!    stays SQL, and the answer is the same.
//! 5. **Plan to SQL.** [`sql::translate`] writes a block as text and parameters. Nothing a user wrote is ever part of the
//!    text, nor is any name but the catalogue's. Rows that were computed beside it come in as numbers of rows.
//! 6. **SQL to rows.** [`store::Database::query`] runs it on a connection that can only read, and hands rows on while they
//!    come. Files are opened by [`store::Database::open`] alone, which trusts nothing in them.
//! 7. **Rows to answer.** [`session::Session::run`] gives head, rows and closing lines to an [`answer::Sink`]: how many
//!    surely, how many possibly and why, what stayed out, what emptied it, where it is from. ASSERT weighs what surely is
//!    against what possibly is and gives an [`answer::Verdict`]; CONNECT, ACROSS and ZEROS work on rows in memory.
//! 8. **Answer to bytes.** [`present::renderer`] is such a sink for each format; formats that are one document of all
//!    answers gather them ([`present::Document`]). What a chart shows is settled by the columns ([`bind::chart`]) and drawn
//!    as text or SVG by [`present::chart`]. Everything a terminal shows goes through [`present::safe`].
//!    [`present::diagnostic::render`] draws messages.
//!
//! Beside that way, [`syntax::format`] gives a text its one form (`bilat fmt`): it knows tokens and comments, not trees, and
//! repairs what a message has a sure patch for ([`diagnostic::Trust`]).
//!
//! # The life of a file
//!
//! [`dataset::records::Records`] is the middle of it: text by noun, key and column, what a folder of CSV files holds.
//!
//! 1. **Records from anywhere.** From a folder ([`dataset::records::read_folder`]), from a file
//!    ([`dataset::unpack::records`], which leaves out what the build fills in), from the world that a new file begins
//!    with ([`dataset::world`]), and from other people's tables ([`dataset::import`]): read, mapped, matched by name,
//!    merged.
//! 2. **Records to model.** [`dataset::derived`] checks references, words and dates, and derives what follows: dates
//!    tightened by visits and orders, offices by terms, journeys, disputes, labels.
//! 3. **Model to bytes.** [`store::Writer`] makes the file in memory, page by page, from rows in the
//!    order of their keys, and seals it.
//! 4. **Bytes to the disk.** Beside the target under another name, synced, renamed. What changes a file that is there
//!    ([`dataset::change`]) holds it locked from reading it to that moment, and opens what it made like anybody's file
//!    before.
//! 5. **Out again.** [`dataset::ship`] gives it away, [`dataset::export`] writes it for other programs, [`dataset::diff`]
//!    says what differs between two.
//!
//! [`cli::run`] is the program, [`shell::run`] its prompt, [`assist`] what the prompt asks while one types. [`report`] makes a
//! story in Markdown, with queries in it, a page ([`present::html`]). The grammar is
//! `grammar/bilat.ebnf`; `EXPLAIN` prints the stages 3 to 6 of a query.
//!
//! # The house
//!
//! Each room knows only the floors below it (`tests/house.rs` holds that):
//!
//! | floor | rooms |
//! |---|---|
//! | 0 | [`span`] [`value`] [`suggest`] [`diagnostic`] [`answer`] (each knows those to its left) |
//! | 1 | [`syntax`] [`catalog`] |
//! | 2 to 6 | [`bind`], [`plan`], [`sql`], [`packed`], [`store`] |
//! | 7, 8 | [`dataset`], [`session`] |
//! | 9 | [`assist`] [`present`] |
//! | 10 | [`shell`] [`report`] |
//! | 11 | [`cli`] |
//!
//! What is declared once: nouns, attributes and links ([`catalog::NOUNS`], which the tables of a file derive from),
//! vocabularies ([`catalog::vocabulary`]), keywords and signs ([`syntax::token`]), phrases ([`bind::phrase::PHRASES`]),
//! relations ([`bind::relation::RELATIONS`]), functions ([`bind::functions::FUNCTIONS`]), what is said of all these, with
//! examples ([`assist::reference`]), forms of export ([`dataset::export::FORMS`]), messages ([`diagnostic::codes`]),
//! formats ([`present::FORMATS`]), exit statuses ([`shell::status::Status::TABLE`]), settings of the prompt
//! ([`shell::settings::SETTINGS`]), rules ([`plan::rules::RULES`]).

pub mod answer;
pub mod assist;
pub mod bind;
pub mod catalog;
pub mod cli;
pub mod dataset;
pub mod diagnostic;
pub mod packed;
pub mod plan;
pub mod present;
pub mod report;
pub mod session;
pub mod shell;
pub mod span;
pub mod sql;
pub mod store;
pub mod suggest;
pub mod syntax;
pub mod value;
