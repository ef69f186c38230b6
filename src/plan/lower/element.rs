//! Steps to other rows: the id a to-one step leads to, the rows a to-many step leads to, and what holds on a day.

use super::{Lowerer, Mode, source_of, source_of_element};
use crate::bind::tree::{AsOf, Element, Origin, PathRef, Step};
use crate::catalog::vocabulary::{HELD, LEVEL};
use crate::catalog::{NounId, Via};
use crate::plan::tree::{Alias, Block, Join, Source, Truth, Value};

impl Lowerer<'_> {
    /// The id that the step at `position` leads to, from the row `from` before it.
    pub(super) fn step_id(&mut self, path: &PathRef, position: usize, from: Alias) -> Value {
        let step = &path.steps[position];
        match (step.link.via, &step.as_of) {
            (Via::Dated { noun, from: owner, to, .. }, Some(as_of)) => {
                self.senior_on_the_day(noun, owner, to, as_of, from)
            }
            _ => Value::column(from, format!("{}_id", step.link.name)),
        }
    }

    /// The first by seniority, then the latest, of the rows that surely hold on the day.
    fn senior_on_the_day(&mut self, noun: NounId, owner: &str, to: Option<&str>, as_of: &AsOf, from: Alias) -> Value {
        let term = self.begin(source_of(noun));
        let office = self.alias();
        let on = Truth::equal(Value::column(office, "id"), Value::column(term, "office_id"));
        let of_owner = Truth::equal(Value::column(term, format!("{owner}_id")), Value::column(from, "id"));
        let holds = self.holds_on(term, as_of, Mode::Certain);
        let mut block = self.end();
        block.joins.push(Join { source: Source::Table("offices"), alias: office, on, left: true });
        block.filter = Truth::all([of_owner, holds]);
        block.columns = vec![Value::column(term, to.map_or("id".to_string(), |to| format!("{to}_id")))];
        block.order = vec![
            (seniority(office), false),
            (Value::column(term, "start_min"), true),
            (Value::column(term, "id"), false),
        ];
        block.limit = Some((1, 0));
        Value::Block(Box::new(block))
    }

    /// A row with a start and an end holds on every day (or some day) on which the other row may be.
    pub(super) fn holds_on(&mut self, alias: Alias, as_of: &AsOf, mode: Mode) -> Truth {
        let (first, last) = match as_of {
            AsOf::Reference => (Value::integer(self.reference), Value::integer(self.reference)),
            AsOf::Row(path) => {
                let dated = self.at(path);
                (Value::column(dated, "start_min"), Value::column(dated, "end_max"))
            }
        };
        let column = |name: &str| Value::column(alias, name);
        match mode {
            Mode::Certain => Truth::all([
                Truth::compare("<=", column("start_max"), first),
                Truth::compare(">=", column("end_min"), last),
            ]),
            Mode::Possible => Truth::all([
                Truth::compare("<=", column("start_min"), last),
                Truth::compare(">=", column("end_max"), first),
            ]),
        }
    }

    /// A country is in a group on the day: a block of memberships, for EXISTS or for their countries or groups.
    pub(super) fn memberships(
        &mut self,
        as_of: &AsOf,
        mode: Mode,
        more: impl FnOnce(Alias) -> Truth,
    ) -> (Alias, Block) {
        let alias = self.begin(Source::Table("memberships"));
        let kinds = ["member", "party"].map(Value::text).to_vec();
        let kind = Truth::In(Value::column(alias, "kind"), kinds);
        let holds = self.holds_on(alias, as_of, mode);
        let block = self.end().filter(Truth::all([more(alias), kind, holds]));
        (alias, block)
    }

    /// The rows of `alias` are those that the element's step leads to.
    fn reached(&mut self, element: &Element, alias: Alias, mode: Mode) -> Truth {
        let Origin::Step { base: from, step: Step { link, as_of } } = &element.origin else { return Truth::True };
        let base = self.id(from);
        let id = Value::column(alias, "id");
        match link.via {
            Via::Reverse { link, .. } => Truth::equal(Value::column(alias, format!("{link}_id")), base),
            Via::List { table, from, to } | Via::Through { table, from, to } => {
                let pair = self.begin(Source::Table(table));
                let filter = Truth::equal(Value::column(pair, from), base);
                let block = self.end().filter(filter).columns(vec![Value::column(pair, to)]);
                Truth::InBlock(id, Box::new(block))
            }
            Via::Names => {
                let noun = Value::text(from.noun.noun().name);
                Truth::all([
                    Truth::equal(Value::column(alias, "noun"), noun),
                    Truth::equal(Value::column(alias, "of_id"), base),
                ])
            }
            Via::Dated { from, to, .. } => {
                let as_of = as_of.clone().unwrap_or(AsOf::Reference);
                let owner = |membership| Truth::equal(Value::column(membership, format!("{from}_id")), base);
                let (membership, block) = self.memberships(&as_of, mode, owner);
                let to = to.map_or("id".to_string(), |to| format!("{to}_id"));
                Truth::InBlock(id, Box::new(block.columns(vec![Value::column(membership, to)])))
            }
            Via::Column | Via::Path(_) => Truth::False,
        }
    }

    /// All that an element's row must be: reached, held if that matters, and chosen by its filter.
    pub(super) fn is_element(&mut self, element: &Element, alias: Alias, mode: Mode) -> Truth {
        let reached = self.reached(element, alias, mode);
        let held =
            if element.held { Truth::equal(Value::column(alias, "status"), Value::text(HELD)) } else { Truth::True };
        let chosen = match &element.filter {
            Some(filter) => self.truth(filter, mode),
            None => Truth::True,
        };
        Truth::all([reached, held, chosen])
    }

    /// Opens a block over the rows that these elements lead to; `end` closes it. The filter is returned.
    pub(super) fn begin_elements(&mut self, elements: &[Element], mode: Mode) -> Truth {
        let mut conditions = Vec::new();
        for (position, element) in elements.iter().enumerate() {
            let source = source_of_element(element);
            let alias = if position == 0 { self.begin(source) } else { self.further(source) };
            self.place_row(element.row, alias);
            let condition = self.is_element(element, alias, mode);
            conditions.push(condition);
        }
        Truth::all(conditions)
    }
}

impl Lowerer<'_> {
    /// One more source in the innermost block; which of its rows belong is said in the filter, since the tables that
    /// such a condition needs are joined after it.
    pub(super) fn further(&mut self, source: Source) -> Alias {
        let alias = self.alias();
        if let Some(block) = self.open.last_mut() {
            block.joins.push(Join { source, alias, on: Truth::True, left: false });
        }
        alias
    }
}

/// Heads of state first, then heads of government …; an unknown level last.
fn seniority(office: Alias) -> Value {
    let level = Value::column(office, "level");
    let ranks = LEVEL.words.iter().zip(0..);
    let cases = ranks.map(|((word, _), rank)| (Truth::equal(level.clone(), Value::text(*word)), Value::Number(rank)));
    Value::Case(cases.collect(), Box::new(Value::Number(LEVEL.words.len() as i64)))
}
