//! DESCRIBE: the nouns, one noun, or what the file knows of one thing.

use super::{RunError, Session, counted, decode, table};
use crate::answer::{Cell, Column, ColumnKind, Sink};
use crate::bind::tree::{
    AsOf, AttributeRef, BoundColumn, BoundQuery, Condition, Conjunct, Element, PathRef, Scalar, Step, Thing,
};
use crate::catalog::{Absent, Attribute, Kind, Link, NOUNS, NounId, Via};
use crate::diagnostic::Diagnostic;
use crate::sql;

fn column(name: &str, kind: ColumnKind) -> Column {
    Column { name: name.to_string(), kind }
}

fn text(text: impl Into<String>) -> Cell {
    Cell::Text(text.into())
}

/// `DESCRIBE;`
pub fn everything(query: &str, sink: &mut dyn Sink) -> Result<(), RunError> {
    let rows = NOUNS.iter().map(|noun| vec![text(noun.name), text(noun.help)]).collect::<Vec<_>>();
    let summary = format!("{}; DESCRIBE meetings shows one", counted(rows.len() as u64, "noun", "nouns"));
    table(query, vec![column("noun", ColumnKind::Name), column("what it is", ColumnKind::Prose)], rows, summary, sink)
}

/// `DESCRIBE meetings;`
pub fn noun(noun: NounId, query: &str, sink: &mut dyn Sink) -> Result<(), RunError> {
    let noun = noun.noun();
    let attributes = noun.attributes.iter().map(|a| vec![text(a.name), text(kind(a)), text(help(a))]);
    let links = noun.links.iter().map(|l| vec![text(l.name), text(target(l)), text(l.help)]);
    let rows: Vec<Vec<Cell>> = attributes.chain(links).collect();
    let columns = vec![
        column("name", ColumnKind::Name),
        column("holds", ColumnKind::Name),
        column("what it is", ColumnKind::Prose),
    ];
    table(query, columns, rows, format!("{}: {}", noun.name, noun.help), sink)
}

fn kind(attribute: &Attribute) -> String {
    let kind = match attribute.kind {
        Kind::Text => "text",
        Kind::Integer | Kind::Number => "number",
        Kind::Boolean => "yes or no",
        Kind::Span | Kind::Day => "date",
        Kind::Word(_) => "word",
    };
    kind.to_string()
}

/// What it is, and for a closed vocabulary its words.
fn help(attribute: &Attribute) -> String {
    let mut help = attribute.help.to_string();
    if let Kind::Word(vocabulary) = attribute.kind {
        let words: Vec<&str> = vocabulary.words.iter().map(|(word, _)| *word).collect();
        help.push_str(": ");
        help.push_str(&words.join(", "));
    }
    if attribute.absent == Absent::Unknown {
        help.push_str(" (may be unknown)");
    }
    help
}

fn target(link: &Link) -> String {
    let noun = link.to.noun();
    if link.is_many() { format!("→ {}", noun.name) } else { format!("→ one {}", noun.singular) }
}

impl Session {
    /// `DESCRIBE 'Xi Jinping';`
    pub(super) fn describe(&self, things: &[Thing], query: &str, sink: &mut dyn Sink) -> Result<(), RunError> {
        let mut rows = Vec::new();
        for thing in things {
            let noun = thing.noun.noun();
            rows.push(vec![text(noun.singular), text(&thing.label)]);
            rows.extend(self.members(thing)?);
        }
        let columns = vec![column("what", ColumnKind::Name), column("value", ColumnKind::Prose)];
        let what = things.iter().map(|thing| format!("{}, {}", thing.label, thing.noun.noun().singular));
        table(query, columns, rows, what.collect::<Vec<_>>().join("; "), sink)
    }

    /// Each attribute and to-one link that the thing has, its names, and how many rows its other links lead to.
    fn members(&self, thing: &Thing) -> Result<Vec<Vec<Cell>>, Diagnostic> {
        let plan = self.plan(&members_query(thing));
        let mut rows = Vec::new();
        let found = self.database().collect(&sql::translate(&plan.rows), |raw| {
            plan.columns.iter().map(|column| (column.name.clone(), decode::cell(column, raw))).collect::<Vec<_>>()
        })?;
        for (name, cell) in found.into_iter().flatten() {
            let empty = matches!(&cell, Cell::Unknown | Cell::Integer(0)) || cell == Cell::List(Vec::new());
            if !empty {
                rows.push(vec![text(name), cell]);
            }
        }
        Ok(rows)
    }
}

fn members_query(thing: &Thing) -> BoundQuery {
    let noun = thing.noun.noun();
    let here = PathRef::row(0, thing.noun);
    let mut columns: Vec<BoundColumn> = Vec::new();
    for attribute in noun.attributes {
        let value = Scalar::Attribute { at: here.clone(), attribute: AttributeRef(attribute) };
        columns.push(BoundColumn { name: attribute.name.to_string(), value });
    }
    for (row, link) in (1..).zip(noun.links) {
        let as_of = matches!(link.via, Via::Dated { .. }).then_some(AsOf::Reference);
        let step = Step { link, as_of };
        let value = if link.is_many() { many(&here, step, row * 10) } else { Some(Scalar::Entity(here.step(step))) };
        columns.extend(value.map(|value| BoundColumn { name: link.name.to_string(), value }));
    }
    let is = Condition::Is { entity: here, things: vec![thing.clone()] };
    BoundQuery::rows(thing.noun, vec![Conjunct { condition: is, text: thing.label.clone() }], columns)
}

/// Names and groups are listed; of the rest only the number is shown.
fn many(here: &PathRef, step: Step, row: usize) -> Option<Scalar> {
    let mut elements: Vec<Element> = Vec::new();
    let links: Vec<Step> = match step.link.via {
        Via::Path(names) => path(here.noun, names)?,
        _ => vec![step],
    };
    let mut base = here.clone();
    for (next, step) in (row..).zip(links) {
        let noun = step.link.to;
        elements.push(Element::reached(next, base, step));
        base = PathRef::row(next, noun);
    }
    let listed = matches!(base.noun, NounId::Names | NounId::Groups | NounId::Terms);
    let value = Box::new(Scalar::Entity(base));
    Some(if listed { Scalar::List { elements, value } } else { Scalar::Size { elements, value } })
}

fn path(from: NounId, names: &[&str]) -> Option<Vec<Step>> {
    let mut at = from;
    let mut steps = Vec::new();
    for name in names {
        let link = at.noun().link(name)?;
        steps.push(Step { link, as_of: None });
        at = link.to;
    }
    Some(steps)
}
