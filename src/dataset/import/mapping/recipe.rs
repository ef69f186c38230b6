//! One recipe: where the values of a target come from, and what is done to them on the way.

use super::super::dates::DayOrder;
use super::super::people::Titles;
use super::super::targets::Target;
use super::text::{Cell, Long, Text, span};
use crate::catalog::NounId;
use crate::diagnostic::{Diagnostic, matching};
use crate::span::Span;
use crate::suggest::nearest;
use crate::value::date::DayRange;
use crate::value::text::fold;
use toml::Spanned;

/// Something that the mapping file names, with its place there.
#[derive(Clone, Debug)]
pub struct Named {
    pub name: String,
    pub span: Span,
}

/// One recipe.
#[derive(Debug)]
pub struct Recipe {
    pub from: From,
    /// What stands between two values.
    pub split: Vec<String>,
    /// Titles before names go, and which do besides those that are known.
    pub titles: Option<Titles>,
    /// What a value stands for, by its folded form.
    pub words: Vec<(String, String)>,
    /// Texts that go; `*` in them is anything.
    pub drop: Vec<String>,
    /// Which part of a date comes first: `day first`, `month first`.
    pub order: DayOrder,
    /// The year of dates without one.
    pub year: Option<Given>,
    /// The day that phrases such as "this week" count from.
    pub anchor: Option<Given>,
    /// One day within what is stated, as against a stay of that length.
    pub within: bool,
    pub span: Span,
}

/// Where values come from.
#[derive(Debug)]
pub enum From {
    Column(Named),
    Value(String),
    Template(Vec<Piece>),
    /// The first day in one column, the last in another.
    Stay {
        start: Named,
        end: Named,
    },
}

/// By its words, with blanks or hyphens between them.
fn order_of(name: &str) -> Option<DayOrder> {
    DayOrder::WORDS.iter().find(|(known, _)| fold(known) == fold(name)).map(|(_, order)| *order)
}

/// A part of a template.
#[derive(Debug)]
pub enum Piece {
    Text(String),
    Column(Named),
}

/// The same for every row, or from a column.
#[derive(Debug)]
pub enum Given {
    Value(String),
    Column(Named),
}

impl Named {
    pub fn of(text: Spanned<String>) -> Named {
        Named { span: span(&text), name: text.into_inner() }
    }
}

impl Recipe {
    fn plain(from: From, span: Span) -> Recipe {
        Recipe {
            from,
            split: Vec::new(),
            titles: None,
            words: Vec::new(),
            drop: Vec::new(),
            order: DayOrder::default(),
            year: None,
            anchor: None,
            within: false,
            span,
        }
    }

    /// The columns that it reads.
    pub fn columns(&self) -> impl Iterator<Item = &Named> {
        let from: Vec<&Named> = match &self.from {
            From::Column(named) => vec![named],
            From::Value(_) => Vec::new(),
            From::Template(pieces) => pieces.iter().filter_map(Piece::column).collect(),
            From::Stay { start, end } => vec![start, end],
        };
        let beside = [&self.year, &self.anchor].into_iter().flatten().filter_map(|given| match given {
            Given::Column(named) => Some(named),
            Given::Value(_) => None,
        });
        from.into_iter().chain(beside)
    }

    /// What messages call the place that its values are from.
    pub fn place(&self) -> String {
        let names: Vec<&str> = match &self.from {
            From::Value(_) => return "given by the mapping".to_string(),
            From::Column(named) => vec![&named.name],
            From::Template(pieces) => {
                pieces.iter().filter_map(Piece::column).map(|named| named.name.as_str()).collect()
            }
            From::Stay { start, end } => vec![&start.name, &end.name],
        };
        names.join(" and ")
    }
}

impl Piece {
    fn column(&self) -> Option<&Named> {
        match self {
            Piece::Column(named) => Some(named),
            Piece::Text(_) => None,
        }
    }
}

/// The recipes that a cell of the mapping file says.
pub fn recipes(target: Target, cell: Spanned<Cell>, mistakes: &mut Vec<Diagnostic>) -> Vec<Recipe> {
    let at = span(&cell);
    let made = match cell.into_inner() {
        Cell::Short(text) => short(text, at).map(|from| Recipe::plain(from, at)),
        Cell::Long(given) => long(target, *given, at),
        Cell::Several(cells) if target.takes_several() => {
            return cells.into_iter().flat_map(|cell| recipes(target, cell, mistakes)).collect();
        }
        Cell::Several(_) => Err(matching::bad_recipe(at, &format!("{} takes one value", target.name))),
    };
    made.map_err(|mistake| mistakes.push(mistake)).into_iter().collect()
}

/// A column's name; with braces, a text with columns in it.
fn short(text: String, at: Span) -> Result<From, Diagnostic> {
    if text.contains(['{', '}']) { template(&text, at) } else { Ok(From::Column(Named { name: text, span: at })) }
}

/// `us-{id}`
fn template(text: &str, at: Span) -> Result<From, Diagnostic> {
    let unclosed = || matching::bad_recipe(at, "each { of a template needs its }, with a column's name between");
    let mut pieces = Vec::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('{') {
        let (name, following) = after.split_once('}').ok_or_else(unclosed)?;
        if before.contains('}') || name.trim().is_empty() {
            return Err(unclosed());
        }
        pieces.push(Piece::Text(before.to_string()));
        pieces.push(Piece::Column(Named { name: name.trim().to_string(), span: at }));
        rest = following;
    }
    if rest.contains('}') {
        return Err(unclosed());
    }
    pieces.push(Piece::Text(rest.to_string()));
    Ok(From::Template(pieces))
}

fn long(target: Target, given: Long, at: Span) -> Result<Recipe, Diagnostic> {
    let date = target.is_date();
    let place = |of: &Option<Spanned<_>>| of.as_ref().map(span);
    let misplaced = [
        ("split", given.split.as_ref().map(span), target.takes_several(), "several values"),
        ("titles", given.titles.as_ref().map(span), target.noun() == Some(NounId::Leaders), "people"),
        ("order", place(&given.order), date, "dates"),
        ("year", given.year.as_ref().map(span), date, "dates"),
        ("anchor", given.anchor.as_ref().map(span), date, "dates"),
        ("within", given.within.as_ref().map(span), date, "dates"),
        ("start", place(&given.start), date, "dates"),
        ("end", place(&given.end), date, "dates"),
    ];
    for (name, span, fits, what) in misplaced {
        if let (Some(span), false) = (span, fits) {
            return Err(matching::bad_recipe(span, &format!("{name} is for {what}, which {} is not", target.name)));
        }
    }
    let to_fill = [
        ("value", given.value.as_ref(), "it is the same for every row of the table"),
        ("year", given.year.as_ref(), "it is the year of dates that say none: a year such as 2023, or a column"),
        (
            "anchor",
            given.anchor.as_ref(),
            "it is the day that phrases such as \"last week\" count from: a day or a column",
        ),
    ];
    for (name, text, what) in to_fill {
        if let Some(text) = text.filter(|text| text.as_ref().0.trim().is_empty()) {
            return Err(matching::left_empty(span(text), target.name, name, what));
        }
    }
    let order = given.order.map(Named::of);
    if let Some(order) = order.as_ref().filter(|order| order_of(&order.name).is_none()) {
        let names = DayOrder::WORDS.map(|(name, _)| name);
        let near = nearest(&order.name, names).into_iter().map(str::to_string).collect::<Vec<_>>();
        return Err(matching::no_such_word(order.span, &order.name, "order", &names, &near));
    }
    let words = given.words.map(|words| words.into_inner().0).unwrap_or_default();
    let year = |text: &str| text.len() == 4 && DayRange::parse(text).is_ok();
    let day = |text: &str| DayRange::parse(text).is_ok_and(|days| days.first == days.last);
    Ok(Recipe {
        split: given.split.map(|split| split.into_inner().0).unwrap_or_default(),
        titles: given.titles.and_then(|titles| titles.into_inner().0).map(|more| Titles::with(&more)),
        words: words.into_iter().map(|(from, to)| (fold(from.as_ref()), to.into_inner().0)).collect(),
        drop: given.drop.map(|drop| drop.into_inner().0).unwrap_or_default(),
        order: order.and_then(|order| order_of(&order.name)).unwrap_or_default(),
        year: given.year.map(|text| constant_or_column(text, year)),
        anchor: given.anchor.map(|text| constant_or_column(text, day)),
        within: given.within.is_some_and(Spanned::into_inner),
        ..Recipe::plain(from(given.column, given.value, given.template, (given.start, given.end), at)?, at)
    })
}

fn constant_or_column(text: Spanned<Text>, is_constant: impl Fn(&str) -> bool) -> Given {
    let at = span(&text);
    let text = text.into_inner().0;
    if is_constant(&text) { Given::Value(text) } else { Given::Column(Named { name: text, span: at }) }
}

/// Exactly one origin.
fn from(
    column: Option<Spanned<String>>,
    value: Option<Spanned<Text>>,
    template: Option<Spanned<String>>,
    stay: (Option<Spanned<String>>, Option<Spanned<String>>),
    at: Span,
) -> Result<From, Diagnostic> {
    match (column, value, template, stay) {
        (Some(column), None, None, (None, None)) => Ok(From::Column(Named::of(column))),
        (None, Some(value), None, (None, None)) => Ok(From::Value(value.into_inner().0)),
        (None, None, Some(text), (None, None)) => self::template(text.as_ref(), span(&text)),
        (None, None, None, (Some(start), Some(end))) => Ok(From::Stay { start: Named::of(start), end: Named::of(end) }),
        (None, None, None, (Some(_), None) | (None, Some(_))) => {
            Err(matching::bad_recipe(at, "start and end go together"))
        }
        (None, None, None, _) => Err(matching::bad_recipe(at, "it says no column, value, template, or start and end")),
        _ => Err(matching::bad_recipe(at, "column, value, template, and start with end exclude each other")),
    }
}
