//! Plan to SQL text and bound parameters: the only place where SQL is written.
//!
//! The text is made of names from the catalogue, aliases, numbers of our own and `?1` `?2` …; whatever a user wrote is
//! a parameter. Columns are called `c0`, `c1` …, so that no name of anybody's reaches the database library.

pub use crate::plan::tree::Parameter;

use crate::catalog::{NounId, ddl};
use crate::plan::tree::{Block, Join, Name, Packed, Source, Truth, Value};
use std::collections::HashMap;
use std::fmt::Write;

/// A statement ready to be prepared.
#[derive(Clone, Debug, PartialEq)]
pub struct SqlQuery {
    pub text: String,
    /// `?1` is the first.
    pub parameters: Vec<Parameter>,
    /// What is computed beside the SQL.
    pub packed: Option<Box<HandedOver>>,
}

/// Blocks that are computed from packed columns, and what to do where one cannot be.
#[derive(Clone, Debug, PartialEq)]
pub struct HandedOver {
    /// The parameters [`Parameter::Rows`] are numbers of their rows, of which `bilat_cell` gives the values.
    pub blocks: Vec<Packed>,
    /// Whether the rows of the first are those of the whole statement.
    pub whole: bool,
    /// The same in SQL alone.
    pub plain: SqlQuery,
}

impl SqlQuery {
    /// A statement that is all there is to it.
    pub const fn new(text: String, parameters: Vec<Parameter>) -> SqlQuery {
        SqlQuery { text, parameters, packed: None }
    }
}

/// In the rows of packed blocks, the number of a row is below this, and that of its block above.
pub const PACKED_ROWS: i64 = 1 << 40;

/// Writes a block as one SELECT statement.
pub fn translate(block: &Block) -> SqlQuery {
    let (query, blocks) = written(block, true);
    if blocks.is_empty() {
        return query;
    }
    let whole = is_whole(block);
    let (plain, _) = written(block, false);
    SqlQuery { packed: Some(Box::new(HandedOver { blocks, whole, plain })), ..query }
}

fn written(block: &Block, packs: bool) -> (SqlQuery, Vec<Packed>) {
    let text = String::with_capacity(512);
    let mut writer = Writer { text, parameters: Vec::new(), known: HashMap::new(), packed: Vec::new(), packs };
    writer.block(block);
    (SqlQuery::new(writer.text, writer.parameters), writer.packed)
}

/// Whether a block gives the rows of a packed one as they are.
fn is_whole(block: &Block) -> bool {
    let own = |(at, value): (usize, &Value)| matches!(value, Value::Column(alias, Name::At(known)) if *alias == block.alias && *known == at);
    matches!(&block.from, Source::Packed(inner) if inner.block.columns.len() == block.columns.len())
        && block.joins.is_empty()
        && block.filter == Truth::True
        && block.group.is_empty()
        && block.order.is_empty()
        && block.limit.is_none()
        && block.columns.iter().enumerate().all(own)
}

struct Writer {
    text: String,
    parameters: Vec<Parameter>,
    packed: Vec<Packed>,
    /// Whether packed blocks are computed beside the statement.
    packs: bool,
    /// Of each parameter (by its kind and its text), the position.
    known: HashMap<(u8, String), usize>,
}

impl Writer {
    fn put(&mut self, text: &str) {
        self.text.push_str(text);
    }

    /// A number or an alias: what `write!` cannot fail on.
    fn number(&mut self, prefix: &str, number: impl std::fmt::Display) {
        let _ = write!(self.text, "{prefix}{number}");
    }

    fn block(&mut self, block: &Block) {
        for (position, (name, inner)) in block.with.iter().enumerate() {
            self.put(if position == 0 { "WITH " } else { ", " });
            self.put(name);
            self.put(" AS (");
            self.block(inner);
            self.put(")");
        }
        self.put(if block.with.is_empty() { "SELECT " } else { " SELECT " });
        for (position, column) in block.columns.iter().enumerate() {
            self.put(if position == 0 { "" } else { ", " });
            self.value(column);
            self.number(" AS c", position);
        }
        self.put(" FROM ");
        self.source(&block.from);
        self.number(" AS t", block.alias);
        block.joins.iter().for_each(|join| self.join(join));
        if block.filter != Truth::True {
            self.put(" WHERE ");
            self.truth(&block.filter);
        }
        self.list(" GROUP BY ", &block.group);
        self.order(&block.order);
        if let Some((count, offset)) = block.limit {
            let bound = |number| Parameter::Integer(i64::try_from(number).unwrap_or(i64::MAX));
            self.put(" LIMIT ");
            self.parameter(&bound(count));
            if offset > 0 {
                self.put(" OFFSET ");
                self.parameter(&bound(offset));
            }
        }
    }

    fn source(&mut self, source: &Source) {
        match source {
            Source::Table(name) => self.name(name),
            Source::Named(name) => self.put(name),
            Source::Query(sql) => {
                self.put("(");
                self.put(sql);
                self.put(")");
            }
            Source::Block(block) => self.bracketed(block),
            Source::Packed(inner) if self.packs => self.packed(inner),
            Source::Packed(inner) => self.bracketed(&inner.block),
            Source::Searched(search) => {
                self.put("rarray(");
                self.parameter(&Parameter::Ids(search.clone()));
                self.put(")");
            }
            Source::Told(noun, publication) => self.told(*noun, publication),
        }
    }

    /// The rows that were computed beside.
    fn packed(&mut self, inner: &Packed) {
        self.packed.push(inner.clone());
        self.put("(SELECT ");
        for (position, column) in inner.block.columns.iter().enumerate() {
            self.put(if position == 0 { "" } else { ", " });
            match column {
                Value::Null => self.put("NULL"),
                _ => {
                    self.put("bilat_cell(r.value, ");
                    self.number("", position);
                    self.put(")");
                }
            }
            self.number(" AS c", position);
        }
        self.put(" FROM rarray(");
        self.parameter(&Parameter::Rows(self.packed.len() - 1));
        self.put(") AS r)");
    }

    /// The rows of a noun that a publication has an account of, with what that account says in place of their own.
    fn told(&mut self, noun: NounId, publication: &Parameter) {
        let (noun, accounts) = (noun.noun(), NounId::Accounts.noun());
        let Some(table) = ddl::tables().iter().find(|table| table.name == noun.name) else { return };
        let said =
            ddl::tables().iter().find(|table| table.name == accounts.name).map_or(&[][..], |table| &table.columns);
        self.put("(SELECT ");
        for (position, column) in table.columns.iter().enumerate() {
            // The event of a meeting and the kind of an event are no statement of an account's.
            let own = matches!(column.name.as_str(), "id" | "key" | "label" | "remark" | "event_id")
                || (noun.id == NounId::Events && column.name == "kind");
            let theirs = !own && said.iter().any(|known| known.name == column.name);
            self.put(if position == 0 { "" } else { ", " });
            match (column.name.as_str(), theirs) {
                // What is told without a word on it took place.
                ("status", _) => self.put("coalesce(a.\"status\", 'held')"),
                ("duration", _) => self.put(
                    "CASE WHEN a.\"date\" IS NOT NULL AND a.\"start_min\" = a.\"start_max\" \
                     AND a.\"end_min\" = a.\"end_max\" THEN a.\"end_max\" - a.\"start_min\" + 1 END",
                ),
                (name, true) => {
                    self.put("a.");
                    self.name(name);
                }
                (name, false) => {
                    self.put("r.");
                    self.name(name);
                }
            }
            self.put(" AS ");
            self.name(&column.name);
        }
        let link = format!("{}_id", noun.singular);
        self.put(" FROM ");
        self.name(noun.name);
        self.put(" AS r JOIN \"accounts\" AS a ON a.");
        self.name(&link);
        self.put(" = r.\"id\" AND a.\"publication_id\" = ");
        self.parameter(publication);
        self.put(" WHERE NOT EXISTS (SELECT 1 FROM \"accounts\" AS b WHERE b.");
        self.name(&link);
        self.put(" = r.\"id\" AND b.\"publication_id\" = ");
        self.parameter(publication);
        self.put(" AND b.\"id\" < a.\"id\"))");
    }

    fn bracketed(&mut self, block: &Block) {
        self.put("(");
        self.block(block);
        self.put(")");
    }

    /// A name of the catalogue; some of them are words of SQL too.
    fn name(&mut self, name: &str) {
        self.put("\"");
        self.put(name);
        self.put("\"");
    }

    fn join(&mut self, join: &Join) {
        self.put(if join.left { " LEFT JOIN " } else { " JOIN " });
        self.source(&join.source);
        self.number(" AS t", join.alias);
        if join.on != Truth::True || join.left {
            self.put(" ON ");
            self.truth(&join.on);
        }
    }

    fn list(&mut self, before: &str, values: &[Value]) {
        for (position, value) in values.iter().enumerate() {
            self.put(if position == 0 { before } else { ", " });
            self.value(value);
        }
    }

    fn order(&mut self, keys: &[(Value, bool)]) {
        for (position, (value, descending)) in keys.iter().enumerate() {
            self.put(if position == 0 { " ORDER BY " } else { ", " });
            self.value(value);
            self.put(if *descending { " DESC" } else { "" });
        }
    }

    fn value(&mut self, value: &Value) {
        match value {
            Value::Null => self.put("NULL"),
            Value::Number(number) => self.number("", number),
            Value::Bound(parameter) => self.parameter(parameter),
            Value::Column(alias, name) => {
                self.number("t", alias);
                self.put(".");
                match name {
                    Name::Of(name) => self.name(name),
                    Name::At(position) => self.number("c", position),
                }
            }
            Value::Call(function, arguments) => {
                self.put(function);
                self.put("(");
                self.list("", arguments);
                self.put(")");
            }
            Value::Operation(symbol, left, right) => {
                self.put("(");
                self.value(left);
                self.put(" ");
                self.put(symbol);
                self.put(" ");
                self.value(right);
                self.put(")");
            }
            Value::Negative(inner) => {
                self.put("(- ");
                self.value(inner);
                self.put(")");
            }
            Value::Case(cases, otherwise) => self.case(cases, otherwise),
            Value::Block(block) => self.bracketed(block),
            Value::Aggregate { function, distinct, of } => {
                self.put(function);
                self.put(if *distinct { "(DISTINCT " } else { "(" });
                self.value(of);
                self.put(")");
            }
            Value::CountAll => self.put("count(*)"),
            Value::Window { function, of, per, order } => {
                self.put(function);
                self.put("(");
                if let Some(of) = of {
                    self.value(of);
                }
                self.put(") OVER (");
                self.list("PARTITION BY ", per);
                self.order(order);
                self.put(")");
            }
            Value::Truth(truth) => {
                self.put("((");
                self.truth(truth);
                self.put(") IS TRUE)");
            }
        }
    }

    fn case(&mut self, cases: &[(Truth, Value)], otherwise: &Value) {
        self.put("CASE");
        for (condition, then) in cases {
            self.put(" WHEN ");
            self.truth(condition);
            self.put(" THEN ");
            self.value(then);
        }
        self.put(" ELSE ");
        self.value(otherwise);
        self.put(" END");
    }

    fn parameter(&mut self, parameter: &Parameter) {
        // The same value is bound once: the text stays short, and equal conditions look equal.
        let key = match parameter {
            Parameter::Integer(number) => (0, number.to_string()),
            Parameter::Real(number) => (1, number.to_bits().to_string()),
            Parameter::Text(text) => (2, text.clone()),
            Parameter::Rows(number) => (3, number.to_string()),
            Parameter::Ids(search) => (4, format!("{search:?}")),
        };
        let position = *self.known.entry(key).or_insert(self.parameters.len());
        if position == self.parameters.len() {
            self.parameters.push(parameter.clone());
        }
        self.number("?", position + 1);
    }

    fn truth(&mut self, truth: &Truth) {
        match truth {
            Truth::True => self.put("1"),
            Truth::False => self.put("0"),
            Truth::And(parts) => self.joined(" AND ", parts),
            Truth::Or(parts) => self.joined(" OR ", parts),
            Truth::Not(inner) => self.not(inner),
            Truth::Compare(symbol, left, right) => {
                self.value(left);
                self.number(" ", symbol);
                self.put(" ");
                self.value(right);
            }
            Truth::Same(left, right) => {
                self.value(left);
                self.put(" IS ");
                self.value(right);
            }
            Truth::Missing(value) => {
                self.value(value);
                self.put(" IS NULL");
            }
            Truth::In(value, list) => {
                self.value(value);
                self.put(" IN (");
                self.list("", list);
                self.put(")");
            }
            Truth::InBlock(value, block) => {
                self.value(value);
                self.put(" IN ");
                self.bracketed(block);
            }
            Truth::Exists(block) => {
                self.put("EXISTS ");
                self.bracketed(block);
            }
        }
    }

    /// What can be missing must not make the negation missing too.
    fn not(&mut self, inner: &Truth) {
        match inner {
            Truth::Missing(value) => {
                self.value(value);
                self.put(" IS NOT NULL");
            }
            Truth::Exists(block) => {
                self.put("NOT EXISTS ");
                self.bracketed(block);
            }
            _ => {
                self.put("(");
                self.truth(inner);
                self.put(") IS NOT TRUE");
            }
        }
    }

    fn joined(&mut self, word: &str, parts: &[Truth]) {
        // Halves of halves: a chain of a thousand would be too deep for SQLite, a balanced tree is not.
        match parts {
            [] => self.put("1"),
            [only] => self.truth(only),
            parts => {
                let (left, right) = parts.split_at(parts.len() / 2);
                self.put("(");
                self.joined(word, left);
                self.put(word);
                self.joined(word, right);
                self.put(")");
            }
        }
    }
}
