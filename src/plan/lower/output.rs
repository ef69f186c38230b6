//! The plan of a whole query: the rows it shows, in which order, and what is asked besides for the closing lines.

use super::{Lowerer, Mode};
use crate::bind::tree::{BoundColumn, BoundQuery, Condition, Element, Order, PathRef, Scalar, Shape, Step, Type};
use crate::catalog::{Kind, When};
use crate::plan::tree::{Alias, Block, Source, Truth, Value};
use crate::plan::{Beside, Cut, Decode, Plan, PlanColumn};
use crate::value::date::Day;

/// Row numbers of the elements that CITE follows: far from those of any query.
const CITED_ROWS: usize = 1 << 40;

/// Far from the aliases that a lowered query uses.
const OUTER: usize = 100_000;

/// The plan of a query; `reference` is the file's reference date.
pub fn plan(query: &BoundQuery, reference: Day) -> Plan {
    match &query.shape {
        Shape::Rows { columns } => rows_plan(query, columns, reference),
        Shape::Groups(groups) => super::group::groups_plan(query, groups, reference),
    }
}

/// What stands under the rows of a query.
pub fn beside(query: &BoundQuery, reference: Day) -> Beside {
    match &query.shape {
        Shape::Rows { columns } => rows_beside(query, columns, reference),
        Shape::Groups(groups) => super::group::groups_beside(query, groups, reference),
    }
}

/// A block of one value: how many rows surely fulfil the first `count` conjuncts.
pub fn emptied(query: &BoundQuery, reference: Day, count: usize) -> Block {
    Lowerer::new(query, reference).count_of_first(count)
}

/// A block of one value: how many rows of the answer are vaguely dated; nothing for rows without dates.
pub fn vaguely_dated(query: &BoundQuery, reference: Day) -> Option<Block> {
    Lowerer::new(query, reference).vaguely_dated()
}

/// The ids of a query's meetings, in no order.
pub fn meetings(query: &BoundQuery, reference: Day) -> Block {
    let (mut lowerer, meeting, filter) = begun(query, reference);
    lowerer.end().filter(filter).columns(vec![Value::column(meeting, "id")])
}

/// The meetings of a query with who took part, by date: id, first and last day, then of each participant leader and
/// country.
pub fn chain(query: &BoundQuery, reference: Day) -> Block {
    let (mut lowerer, meeting, filter) = begun(query, reference);
    let participant = lowerer.further(Source::Table("participants"));
    let of = |name: &str| Value::column(meeting, name);
    let with = |name: &str| Value::column(participant, name);
    let took_part = Truth::equal(with("meeting_id"), of("id"));
    let mut block = lowerer.end().filter(Truth::all([filter, took_part]));
    block.columns = vec![of("id"), of("start_min"), of("end_max"), with("leader_id"), with("country_id")];
    block.order = vec![(of("start_min"), false), (of("end_max"), false), (of("id"), false), (with("id"), false)];
    block
}

/// The rows of a query, with what they surely fulfil.
fn begun(query: &BoundQuery, reference: Day) -> (Lowerer<'_>, Alias, Truth) {
    let mut lowerer = Lowerer::new(query, reference);
    let row = lowerer.begin_rows();
    let held = lowerer.held();
    let conjuncts = lowerer.conjuncts(query.conjuncts.len(), Mode::Certain);
    (lowerer, row, Truth::all([held, conjuncts]))
}

fn rows_plan(query: &BoundQuery, columns: &[BoundColumn], reference: Day) -> Plan {
    let mut lowerer = Lowerer::new(query, reference);
    lowerer.begin_rows();
    let held = lowerer.held();
    let conjuncts = lowerer.conjuncts(query.conjuncts.len(), Mode::Certain);
    let mut values = Vec::new();
    let columns = columns.iter().map(|column| lowerer.column(column, &mut values)).collect();
    let sure = query.marked.then(|| lowerer.sure_column(&mut values));
    let sources = lowerer.sources_column(&mut values);
    let order = lowerer.order(&query.order);
    let mut rows = lowerer.end();
    rows.filter = Truth::all([held, conjuncts]);
    rows.columns = values;
    rows.order = order;
    rows.limit = query.limit;
    Plan { rows, columns, sure, sources, keys: Vec::new() }
}

fn rows_beside(query: &BoundQuery, columns: &[BoundColumn], reference: Day) -> Beside {
    let summary = Lowerer::new(query, reference).summary();
    let decided = summary.causes.is_empty();
    let summary = (!decided || query.limit.is_some()).then_some(summary);
    Beside {
        not_held: if summary.is_some() { None } else { Lowerer::new(query, reference).not_held() },
        summary,
        groups: None,
        cut: query.limit.and_then(|limit| cut(query, &rows_plan(query, columns, reference).rows, limit)),
    }
}

impl Lowerer<'_> {
    fn column(&mut self, column: &BoundColumn, values: &mut Vec<Value>) -> PlanColumn {
        let position = values.len();
        match self.range(&column.value) {
            Some(range) => values.extend([range.low, range.high]),
            None => {
                let shown = self.shown(&column.value);
                values.push(shown);
            }
        }
        PlanColumn { name: column.name.clone(), decode: decode(&column.value), position, state: None }
    }

    /// 1 where the row would be in the answer without any POSSIBLY.
    fn sure_column(&mut self, values: &mut Vec<Value>) -> usize {
        self.ignore_possibly = true;
        let sure = self.conjuncts(self.query.conjuncts.len(), Mode::Certain);
        self.ignore_possibly = false;
        values.push(Value::Truth(Box::new(sure)));
        values.len() - 1
    }

    fn sources_column(&mut self, values: &mut Vec<Value>) -> Option<usize> {
        let (elements, account) = cited(self.query)?;
        let list = self.list_of_ids(&elements, &account);
        values.push(list);
        Some(values.len() - 1)
    }

    fn list_of_ids(&mut self, elements: &[Element], at: &PathRef) -> Value {
        if elements.is_empty() {
            let id = self.id(at);
            return Value::Call("json_array", vec![id]);
        }
        let reached = self.begin_elements(elements, Mode::Certain);
        let id = self.id(at);
        let block = self.end().filter(reached);
        self.json_list(block, id.clone(), id.clone(), vec![id])
    }

    /// The order asked for, then the order of the rows themselves in the direction of the last key.
    fn order(&mut self, order: &[Order]) -> Vec<(Value, bool)> {
        let mut keys = Vec::new();
        for key in order {
            let mut parts = self.sorted(&key.value).into_iter();
            // Whether there is anything to sort by always runs upwards: unknown comes last in both directions.
            keys.extend(parts.next().map(|missing| (missing, false)));
            keys.extend(parts.map(|part| (part, key.descending)));
        }
        let downwards = order.last().is_some_and(|key| key.descending);
        keys.extend(self.row_order().into_iter().map(|value| (value, downwards)));
        keys
    }

    /// The order of the FROM rows themselves, which is that of their ids; told by a publication, they are dated
    /// otherwise.
    pub(super) fn row_order(&self) -> Vec<Value> {
        let from = self.row(0).1;
        let dated = self.query.according.is_some() && self.query.noun.noun().when == When::Own;
        let names: &[&str] = if dated { &["start_min", "end_max", "id"] } else { &["id"] };
        names.iter().map(|name| Value::column(from, *name)).collect()
    }
}

/// How a value becomes a cell.
pub(super) fn decode(value: &Scalar) -> Decode {
    match value {
        Scalar::List { value, .. } => Decode::List(Box::new(decode(value))),
        Scalar::Attribute { attribute, .. } => match (attribute.0.kind, attribute.0.name) {
            (Kind::Text, "remark" | "reading") => Decode::Prose,
            _ => Decode::of(value.kind(None)),
        },
        _ => Decode::of(value.kind(None)),
    }
}

/// The steps from a FROM row to the accounts that are its sources.
pub(super) fn cited(query: &BoundQuery) -> Option<(Vec<Element>, PathRef)> {
    if !query.cite {
        return None;
    }
    let mut at = PathRef::row(0, query.noun);
    let mut elements: Vec<Element> = Vec::new();
    for name in query.noun.noun().cite? {
        let link = at.noun.noun().link(name)?;
        let step = Step { link, as_of: None };
        if !link.is_many() {
            at = at.step(step);
            continue;
        }
        let row = CITED_ROWS + elements.len();
        let base = std::mem::replace(&mut at, PathRef::row(row, link.to));
        elements.push(Element::reached(row, base, step));
    }
    // Told by one publication, a row has that publication's accounts for its sources.
    if let (Some(publication), Some(last)) = (&query.according, elements.last_mut())
        && let Some(entity) = at.along("publication")
    {
        last.filter = Some(Box::new(Condition::Is { entity, things: vec![publication.clone()] }));
    }
    Some((elements, at))
}

/// Where rows come in the order of their dates, which days the rows on both sides of the cut may have.
fn cut(query: &BoundQuery, rows: &Block, (count, offset): (u64, u64)) -> Option<Cut> {
    let by_date = match query.order.first() {
        None => true,
        Some(key) => matches!(&key.value, Scalar::When(at) if at.row == 0 && at.steps.is_empty()),
    };
    if !by_date || query.noun.noun().when != When::Own || query.noun == crate::catalog::NounId::Coverage {
        return None;
    }
    let descending = query.order.first().is_some_and(|key| key.descending);
    let part = |limit| {
        let mut inner = rows.clone();
        inner.columns = vec![Value::column(rows.alias, "start_min"), Value::column(rows.alias, "start_max")];
        inner.limit = Some(limit);
        let alias = rows.alias + OUTER;
        Block::new(Source::Block(Box::new(inner)), alias)
            .columns(vec![Value::aggregate("min", Value::at(alias, 0)), Value::aggregate("max", Value::at(alias, 1))])
    };
    let rest = i64::MAX as u64;
    Some(Cut { kept: part((count, offset)), cut: part((rest, offset.saturating_add(count))), descending })
}

/// Whether values of that type are sorted by number.
pub(super) const fn is_text(kind: Type) -> bool {
    matches!(kind, Type::Text | Type::Entity(_) | Type::Word(_))
}
