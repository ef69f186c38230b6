//! EXPLAIN: a query read back in one sentence, its plan, its SQL with parameters, and SQLite's own plan.

use super::{Prepared, RunError, Session, counted, table};
use crate::answer::{Cell, Column, ColumnKind, Sink};
use crate::bind::sentence::sentence;
use crate::bind::tree::{BoundQuery, BoundStatement};
use crate::plan;
use crate::sql::{self, Parameter, SqlQuery};

impl Session {
    pub(super) fn explain(&self, query: &BoundQuery, text: &str, sink: &mut dyn Sink) -> Result<(), RunError> {
        let mut plan = plan::lower::plan(query, self.reference_of(query));
        let rewritten = self.rewrite(&mut plan.rows);
        let statement = sql::translate(&plan.rows);
        let mut rows: Vec<(&str, String)> = Vec::new();
        // What EXPLAIN stands before is read back where it is written; a query of a file is named first.
        if !text.get(..7).is_some_and(|word| word.eq_ignore_ascii_case("explain")) {
            rows.push(("query", text.to_string()));
        }
        rows.push(("meaning", sentence(query)));
        rows.push(("plan", plan::print::plan(&plan).join("\n")));
        if !rewritten.is_empty() {
            let rules: Vec<String> = rewritten.iter().map(|(name, help)| format!("{name}: {help}")).collect();
            rows.push(("rules", rules.join("\n")));
        }
        rows.push(("sql", statement.text.clone()));
        let parameters = parameters(&statement);
        if !parameters.is_empty() {
            rows.push(("parameters", parameters.join("\n")));
        }
        let steps = self.database().steps(&statement)?;
        let steps: Vec<String> =
            steps.into_iter().map(|(depth, step)| format!("{}{step}", "  ".repeat(depth))).collect();
        rows.push(("sqlite", steps.join("\n")));
        let columns = vec![
            Column { name: "part".to_string(), kind: ColumnKind::Name },
            Column { name: "text".to_string(), kind: ColumnKind::Code },
        ];
        let count = rows.len() as u64;
        let cells = rows.into_iter().map(|(part, text)| vec![Cell::Text(part.to_string()), Cell::Text(text)]).collect();
        table(text, columns, cells, counted(count, "part", "parts"), sink)
    }
}

impl Prepared {
    /// What EXPLAIN would say of each query in the statement: of itself, or of those that a claim rests on.
    pub fn explained(&self) -> Vec<Prepared> {
        let of = |query: &BoundQuery, text: &str| Prepared {
            span: self.span,
            text: text.to_string(),
            statement: BoundStatement::Explain(query.clone()),
        };
        match &self.statement {
            BoundStatement::Query(query) => vec![of(query, &self.text)],
            BoundStatement::Explain(_) => vec![self.clone()],
            BoundStatement::Assert(assert) => {
                assert.claim.asked().into_iter().map(|(asked, text)| of(&asked.query, text)).collect()
            }
            _ => Vec::new(),
        }
    }
}

/// `?1 = 17`, one for each parameter.
pub fn parameters(statement: &SqlQuery) -> Vec<String> {
    (1..).zip(&statement.parameters).map(|(number, value)| format!("?{number} = {}", shown(value))).collect()
}

fn shown(parameter: &Parameter) -> String {
    match parameter {
        Parameter::Integer(number) => number.to_string(),
        Parameter::Real(number) => number.to_string(),
        Parameter::Text(text) => format!("'{}'", text.replace('\'', "''")),
        Parameter::Rows(_) => "the rows computed from packed columns".to_string(),
        Parameter::Ids(search) => format!("the ids found by {}", plan::print::search(search)),
    }
}
