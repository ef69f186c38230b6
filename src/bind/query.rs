//! A whole query: its noun, its conditions, and what is shown in which order.

use super::chart::chart;
use super::condition::{conjuncts, speaks_of_status};
use super::group::{aggregate_in, makes_groups};
use super::named::LAST;
use super::path::separate;
use super::scalar::Scope;
use super::tree::{BoundColumn, BoundQuery, Conjunct, Groups, Order, PathRef, Scalar, Shape, Type};
use super::{Binder, QueryState, RowInSight, Value};
use crate::catalog::{self, Member, Noun, NounId, Status};
use crate::diagnostic::binding;
use crate::span::Span;
use crate::suggest::nearest;
use crate::syntax::ast::Count;
use crate::syntax::ast::{Expression, ExpressionKind, Path, Query, SelectItem, SelectItems, Word};

impl<'a> Binder<'a> {
    pub(super) fn noun(&mut self, word: &Word) -> Option<&'static Noun> {
        // A query in brackets that could not be read: the parser has said why.
        if word.value.is_empty() {
            return None;
        }
        let name = word.value.to_lowercase();
        // A query in brackets that could not be read has no noun, and has said why.
        if name.is_empty() {
            return None;
        }
        catalog::noun(&name).or_else(|| {
            let all: Vec<&str> = catalog::NOUNS.iter().map(|noun| noun.name).collect();
            let known = all.iter().copied().chain(self.frame.queries.iter().map(String::as_str)).chain([LAST]);
            let near: Vec<String> = match catalog::kind(&name) {
                Some(noun) => vec![noun.name.to_string()],
                // Elsewhere the last answer is called so.
                None if name == "_" => vec![LAST.to_string()],
                None => nearest(&name, known).into_iter().map(str::to_string).collect(),
            };
            self.report(binding::no_such_noun(word.span, &word.value, &near, &all))
        })
    }

    /// A query of which only the rows matter, not what is shown of them.
    pub(super) fn unshown(&mut self, query: &Query) -> Option<BoundQuery> {
        let noun = self.noun(&query.noun)?;
        let here = PathRef::row(0, noun.id);
        self.rows = vec![RowInSight { noun: noun.id, base: None }];
        self.query = QueryState::default();
        let conjuncts = self.conjuncts(query, &here);
        let columns = self.default_columns(&here, query.noun.span).into_iter().collect::<Option<Vec<_>>>()?;
        let held = noun.status != Status::None
            && !conjuncts.iter().any(|conjunct| speaks_of_status(&conjunct.condition, &here));
        Some(BoundQuery {
            held,
            cite: query.cite.is_some(),
            marked: self.query.marked,
            reference_date: self.query.reference_date,
            as_of: self.frame.today,
            according: self.query.according.clone(),
            reach: self.query.reach.clone(),
            ..BoundQuery::rows(noun.id, conjuncts, columns)
        })
    }

    pub(super) fn query(&mut self, query: &'a Query) -> Option<BoundQuery> {
        let noun = self.noun(&query.noun)?;
        let here = PathRef::row(0, noun.id);
        self.rows = vec![RowInSight { noun: noun.id, base: None }];
        self.query = QueryState { aliases: aliases(query), group_end: Some(group_end(query)), ..QueryState::default() };

        let conjuncts = self.conjuncts(query, &here);
        self.query.windows = !makes_groups(query);
        let shape = if makes_groups(query) { self.groups(query, &here) } else { self.rows(query, &here) };
        let order = self.order(query, &here);
        let shape = shape.map(|shape| self.with_aggregates(shape));
        if query.across.is_some() {
            self.check_across(query, shape.as_ref(), &order);
        }
        if query.zeros.is_some() {
            self.check_zeros(query);
        }
        let held = noun.status != Status::None
            && !conjuncts.iter().any(|conjunct| speaks_of_status(&conjunct.condition, &here));
        let bound = BoundQuery {
            noun: noun.id,
            held,
            conjuncts,
            shape: shape?,
            order,
            limit: self.limit(query)?,
            cite: query.cite.is_some(),
            marked: self.query.marked,
            reference_date: self.query.reference_date,
            as_of: self.frame.today,
            according: self.query.according.clone(),
            across: query.across.is_some(),
            zeros: query.zeros.is_some(),
            chart: query.chart.is_some(),
            reach: self.query.reach.clone(),
        };
        match query.chart {
            Some(span) => self.drawable(bound, span),
            None => Some(bound),
        }
    }

    /// The query, if a chart can show its answer.
    fn drawable(&mut self, query: BoundQuery, span: Span) -> Option<BoundQuery> {
        if chart(&query).is_some() {
            return Some(query);
        }
        let what = match &query.shape {
            Shape::Rows { .. } => "the rows show no dates, and no numbers beside names",
            Shape::Groups(groups) if groups.keys.is_empty() => "the answer is one row for all",
            Shape::Groups(_) => "the groups show no numbers and no dates, or nothing that names them",
        };
        self.report(binding::nothing_to_draw(span, what))
    }

    /// What follows ACROSS makes the columns: it is not shown in one, and rows are sorted by what is the same in all.
    fn check_across(&mut self, query: &Query, shape: Option<&Shape>, order: &[Order]) {
        let last = self.query.keys.len().saturating_sub(1);
        let fixed = |value: &Scalar| matches!(value, Scalar::Key(position) if *position < last);
        let (Some(Shape::Groups(groups)), Some(across)) = (shape, &query.across) else { return };
        if groups.columns.iter().any(|column| column.value == Scalar::Key(last)) {
            let _: Option<()> = self.report(binding::across_shown(across.span));
        }
        let wrong = query.order.iter().zip(order).find(|(_, order)| !fixed(&order.value));
        if let Some((key, _)) = wrong {
            let text = self.text(key.expression.span);
            let _: Option<()> = self.report(binding::across_order(key.expression.span, &text));
        }
    }

    /// ZEROS must know which values each key could have.
    fn check_zeros(&mut self, query: &Query) {
        let written: Vec<Span> = query.group.iter().chain(&query.across).map(|key| key.span).collect();
        for (position, key) in self.query.keys.clone().iter().enumerate() {
            let known = match (key, key.kind(None)) {
                (Scalar::Period { .. }, _) | (_, Type::Word(_)) => true,
                (Scalar::Entity(at), _) => at.noun.noun().named,
                _ => false,
            };
            let Some(span) = written.get(position).filter(|_| !known) else { continue };
            let text = self.text(*span);
            let _: Option<()> = self.report(binding::zeros_unknown(*span, &text));
        }
    }

    /// How many rows at most, after how many.
    fn limit(&mut self, query: &Query) -> Option<Option<(u64, u64)>> {
        let Some(limit) = &query.limit else { return Some(None) };
        let mut number = |count: &Count| match count {
            Count::Number(number) => Some(*number),
            Count::Parameter(word) => {
                let given = self.given(word)?;
                let number = given.text.parse::<u64>().ok().filter(|number| *number <= i64::MAX as u64);
                number.or_else(|| self.report(binding::no_count(word.span, &given.text)))
            }
        };
        let count = number(&limit.count)?;
        let offset = match &limit.offset {
            Some(offset) => number(offset)?,
            None => 0,
        };
        Some(Some((count, offset)))
    }

    /// Phrases first, then the parts of WHERE.
    pub(super) fn conjuncts(&mut self, query: &Query, here: &PathRef) -> Vec<Conjunct> {
        let mut bound = Vec::new();
        for (condition, spans) in self.phrases(here, &query.phrases) {
            let texts: Vec<String> = spans.into_iter().map(|span| self.text(span)).collect();
            bound.push(Conjunct { condition, text: texts.join(" ") });
        }
        if let Some(condition) = &query.condition {
            if let ExpressionKind::And(parts) = &condition.kind
                && self.lone_names(parts, here)
            {
                return bound;
            }
            for part in conjuncts(condition) {
                if let Some(condition) = self.condition(part, &Scope::Row(here.clone())) {
                    bound.push(Conjunct { condition, text: self.text(part.span) });
                }
            }
        }
        if here.noun == NounId::Journeys {
            bound.push(Conjunct { condition: separate(here.clone()), text: "journeys of their own".to_string() });
        }
        bound
    }

    fn rows(&mut self, query: &'a Query, here: &PathRef) -> Option<Shape> {
        if let Some(having) = &query.having {
            return self.report(binding::having_without_groups(having.span));
        }
        let columns = match query.select.as_ref().map(|select| &select.items) {
            None => self.default_columns(here, query.noun.span),
            Some(SelectItems::All(span)) => self.all_columns(here, *span),
            Some(SelectItems::List(items)) => items.iter().map(|item| self.row_column(item, here)).collect(),
        };
        let columns = columns.into_iter().collect::<Option<Vec<_>>>()?;
        Some(Shape::Rows { columns })
    }

    fn row_column(&mut self, item: &'a SelectItem, here: &PathRef) -> Option<BoundColumn> {
        if let ExpressionKind::Text(name) = &item.expression.kind
            && name.kind.is_none()
            && here.noun.noun().member(&name.text.to_lowercase()).is_some()
        {
            return self.report(binding::quoted_member(name.span, &name.text, here.noun.noun().name));
        }
        let value = self.value(&item.expression, here)?;
        Some(BoundColumn { name: self.column_name(item), value: listed(value) })
    }

    fn column_name(&self, item: &SelectItem) -> String {
        match &item.alias {
            Some(alias) => alias.value.clone(),
            None => self.text(item.expression.span),
        }
    }

    pub(super) fn default_columns(&mut self, here: &PathRef, span: Span) -> Vec<Option<BoundColumn>> {
        let columns = here.noun.noun().default_columns;
        columns.iter().map(|name| self.named_column(name, here, span)).collect()
    }

    /// All attributes and to-one links.
    fn all_columns(&mut self, here: &PathRef, span: Span) -> Vec<Option<BoundColumn>> {
        let shown = here.noun.noun().members().filter(|member| !matches!(member, Member::Link(link) if link.is_many()));
        shown.map(Member::name).map(|name| self.named_column(name, here, span)).collect()
    }

    fn named_column(&mut self, name: &str, here: &PathRef, span: Span) -> Option<BoundColumn> {
        let words = name.split('.').map(|word| Word::new(word.to_string(), span)).collect();
        let value = self.path(&Path { span, words }, here)?;
        Some(BoundColumn { name: name.to_string(), value: listed(value) })
    }

    fn groups(&mut self, query: &'a Query, here: &PathRef) -> Option<Shape> {
        let select = query.select.as_ref();
        match select.and_then(|select| select.distinct) {
            Some(span) if !query.group.is_empty() => {
                let blank = self.source[span.end..].starts_with(' ');
                let blank = Span::new(span.start, span.end + usize::from(blank));
                return self.report(binding::distinct_beside_groups(span, blank));
            }
            Some(_) => self.distinct_keys(query, here),
            None => self.keys(&query.group, here),
        }
        if let Some(across) = &query.across {
            let known = self.query.keys.len();
            self.keys(std::slice::from_ref(across), here);
            if self.query.keys.len() == known && self.diagnostics.is_empty() {
                return self.report(binding::across_of_a_group(across.span));
            }
        }
        let columns = match select.map(|select| &select.items) {
            Some(SelectItems::List(items)) => items.iter().map(|item| self.group_column(item)).collect(),
            Some(SelectItems::All(_)) if query.group.is_empty() => self.distinct_columns(here),
            _ => self.key_columns(query),
        };
        let having = query.having.as_ref().map(|having| self.having(having));
        let columns = columns.into_iter().collect::<Option<Vec<_>>>()?;
        if query.group.len() > self.query.keys.len() && !self.diagnostics.is_empty() {
            return None;
        }
        let having = match having {
            Some(having) => Some(having?),
            None => None,
        };
        let expansions = self.query.expansions.clone();
        let keys = self.query.keys.clone();
        Some(Shape::Groups(Box::new(Groups { expansions, keys, aggregates: Vec::new(), columns, having })))
    }

    /// What SELECT DISTINCT shows is what it groups by; aggregates are not keys.
    fn distinct_keys(&mut self, query: &'a Query, here: &PathRef) {
        match query.select.as_ref().map(|select| &select.items) {
            Some(SelectItems::List(items)) => {
                for item in items.iter().filter(|item| aggregate_in(&item.expression).is_none()) {
                    self.keys(std::slice::from_ref(&item.expression), here);
                }
            }
            _ => {
                let columns = self.all_columns(here, query.noun.span);
                self.query.keys = columns.into_iter().flatten().map(|column| column.value).collect();
            }
        }
    }

    fn distinct_columns(&mut self, here: &PathRef) -> Vec<Option<BoundColumn>> {
        let names = self.all_columns(here, Span::default());
        let named = names.into_iter().flatten().enumerate();
        named.map(|(position, column)| Some(BoundColumn { name: column.name, value: Scalar::Key(position) })).collect()
    }

    fn group_column(&mut self, item: &'a SelectItem) -> Option<BoundColumn> {
        let value = self.group_value(&item.expression)?;
        Some(BoundColumn { name: self.column_name(item), value })
    }

    /// Without SELECT a grouped query shows its groups and how many rows each has.
    fn key_columns(&mut self, query: &'a Query) -> Vec<Option<BoundColumn>> {
        let mut columns: Vec<Option<BoundColumn>> = Vec::new();
        for (position, key) in query.group.iter().enumerate() {
            columns.push(Some(BoundColumn { name: self.text(key.span), value: Scalar::Key(position) }));
        }
        let at = self.position(super::tree::Aggregate::Count);
        columns.push(Some(BoundColumn { name: "count()".to_string(), value: Scalar::Aggregate(at) }));
        columns
    }

    fn with_aggregates(&mut self, shape: Shape) -> Shape {
        match shape {
            Shape::Groups(mut groups) => {
                groups.aggregates = self.query.aggregates.clone();
                Shape::Groups(groups)
            }
            rows => rows,
        }
    }

    fn order(&mut self, query: &'a Query, here: &PathRef) -> Vec<Order> {
        let grouped = makes_groups(query);
        let mut order = Vec::new();
        for key in &query.order {
            let value = if grouped {
                self.group_value(&key.expression)
            } else {
                let value = self.value(&key.expression, here);
                value.and_then(|value| self.single(value, "ORDER BY"))
            };
            let Some(value) = value else { continue };
            if self.kind(&value) == Type::List {
                let _: Option<()> = self.report(binding::no_order(key.expression.span, "a list"));
                continue;
            }
            order.push(Order { value, descending: key.descending });
        }
        order
    }
}

/// A value behind to-many steps is shown as a list.
fn listed(value: Value) -> Scalar {
    if value.elements.is_empty() {
        return value.scalar;
    }
    Scalar::List { elements: value.elements, value: Box::new(value.scalar) }
}

fn aliases(query: &Query) -> Vec<(String, &Expression)> {
    match query.select.as_ref().map(|select| &select.items) {
        Some(SelectItems::List(items)) => items
            .iter()
            .filter_map(|item| Some((item.alias.as_ref()?.value.clone(), &item.expression)))
            .filter(|(alias, expression)| !is_path_of(expression, alias))
            .collect(),
        _ => Vec::new(),
    }
}

/// `SELECT date AS date`: such a name would stand for itself for ever.
fn is_path_of(expression: &Expression, alias: &str) -> bool {
    match &expression.kind {
        ExpressionKind::Path(path) => path.words.len() == 1 && path.words[0].value == alias,
        _ => false,
    }
}

/// Where a GROUP BY clause, or another key in it, would be written.
fn group_end(query: &Query) -> usize {
    let before = [
        Some(query.noun.span.end),
        query.phrases.last().map(|phrase| phrase.span.end),
        query.select.as_ref().map(|select| select.span.end),
        query.condition.as_ref().map(|condition| condition.span.end),
        query.group.last().map(|key| key.span.end),
    ];
    before.into_iter().flatten().max().unwrap_or(query.span.end)
}
