//! The tree of a query whose every name means something: rows in sight, typed values, three-valued conditions.
//!
//! Paths are followed from a [`RowId`]: row 0 is the FROM row, every to-many step brings a new row into sight. Nothing
//! here knows SQL; an evaluator over plain records can read it just as well.

use crate::catalog::{Attribute, Kind, Link, NounId, Vocabulary};
use crate::span::Span;
use crate::syntax::ast::{ArithmeticOperator, CompareOperator, DateRelation, Quantifier, Relation};
use crate::value::date::{Bounds, Day, Edge};
use crate::value::period::Unit;

/// A row in sight: 0 is the FROM row, others are elements of to-many paths. Numbers are unique in a query.
pub type RowId = usize;

#[derive(Clone, Debug, PartialEq)]
pub struct BoundQuery {
    pub noun: NounId,
    /// Restrict the FROM rows to those held (the query does not speak of their status itself).
    pub held: bool,
    /// What stands in phrases and WHERE, in that order; all must be true.
    pub conjuncts: Vec<Conjunct>,
    pub shape: Shape,
    /// Without an order of its own, a query has its noun's (or its groups').
    pub order: Vec<Order>,
    pub limit: Option<(u64, u64)>,
    pub cite: bool,
    /// Whether POSSIBLY stands anywhere, so that rows are marked.
    pub marked: bool,
    /// Whether a value read as of the file's reference date is used; the closing line says so.
    pub reference_date: bool,
    /// The day of AS OF, which stands for the file's reference date.
    pub as_of: Option<Day>,
    /// The publication after ACCORDING TO: the FROM rows are as it tells them.
    pub according: Option<Thing>,
    /// The last key's values become columns.
    pub across: bool,
    /// Groups that the calendar or the catalogue has and the rows have not are added.
    pub zeros: bool,
    /// A chart is asked for.
    pub chart: bool,
    /// What the phrases ask for, as coverage sees it.
    pub reach: Reach,
}

impl BoundQuery {
    /// All rows of a noun that fulfil these conditions, with these columns.
    pub fn rows(noun: NounId, conjuncts: Vec<Conjunct>, columns: Vec<BoundColumn>) -> BoundQuery {
        BoundQuery {
            noun,
            held: false,
            conjuncts,
            shape: Shape::Rows { columns },
            order: Vec::new(),
            limit: None,
            cite: false,
            marked: false,
            reference_date: false,
            as_of: None,
            according: None,
            across: false,
            zeros: false,
            chart: false,
            reach: Reach::default(),
        }
    }

    /// Whether it gives one row for all.
    pub fn is_total(&self) -> bool {
        matches!(&self.shape, Shape::Groups(groups) if groups.keys.is_empty())
    }
}

/// What a query's phrases say of whom, where and when: what a claim to completeness must contain.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Reach {
    /// Of WITH and BY, each with one name.
    pub parties: Vec<Thing>,
    /// Of IN and TO.
    pub areas: Vec<Thing>,
    /// The days between which the rows lie.
    pub first: Option<Day>,
    pub last: Option<Day>,
}

/// One phrase or one part of WHERE that AND joins, with its text for messages about it.
#[derive(Clone, Debug, PartialEq)]
pub struct Conjunct {
    pub condition: Condition,
    pub text: String,
}

/// Whether the answer has a row for each FROM row or one for each group.
#[derive(Clone, Debug, PartialEq)]
pub enum Shape {
    Rows { columns: Vec<BoundColumn> },
    Groups(Box<Groups>),
}

#[derive(Clone, Debug, PartialEq)]
pub struct Groups {
    /// To-many steps that the keys follow: each element counts for itself.
    pub expansions: Vec<Element>,
    pub keys: Vec<Scalar>,
    /// `Scalar::Key` and `Scalar::Aggregate` refer to `keys` and `aggregates` by position.
    pub aggregates: Vec<Aggregate>,
    pub columns: Vec<BoundColumn>,
    pub having: Option<Conjunct>,
}

#[derive(Clone, Debug, PartialEq)]
pub struct BoundColumn {
    pub name: String,
    pub value: Scalar,
}

#[derive(Clone, Debug, PartialEq)]
pub struct Order {
    pub value: Scalar,
    pub descending: bool,
}

/// A row reached from a row in sight by to-one steps.
#[derive(Clone, Debug, PartialEq)]
pub struct PathRef {
    pub row: RowId,
    pub steps: Vec<Step>,
    /// The noun of the row it leads to.
    pub noun: NounId,
}

/// One link, and for a dated link the day or days on which it is read.
#[derive(Clone, Debug)]
pub struct Step {
    pub link: &'static Link,
    pub as_of: Option<AsOf>,
}

impl PartialEq for Step {
    fn eq(&self, other: &Step) -> bool {
        std::ptr::eq(self.link, other.link) && self.as_of == other.as_of
    }
}

#[derive(Clone, Debug, PartialEq)]
pub enum AsOf {
    /// On every possible day of this row's date.
    Row(Box<PathRef>),
    /// On the file's reference date.
    Reference,
}

/// Where the rows of an element come from.
#[derive(Clone, Debug, PartialEq)]
pub enum Origin {
    /// A to-many step leads to them.
    Step { base: PathRef, step: Step },
    /// They are all rows of the noun (of a query in brackets), as that publication tells them if there is one.
    All { according: Option<Thing> },
}

/// A new row in sight: each row that a to-many step leads to, or each row of a query in brackets.
#[derive(Clone, Debug, PartialEq)]
pub struct Element {
    pub row: RowId,
    pub origin: Origin,
    pub noun: NounId,
    /// Only rows that were held.
    pub held: bool,
    /// Written `counterparts`: participants that the first WITH item does not cover (the filter says so).
    pub counterparts: bool,
    /// Only rows of which this is true (counterparts; journeys that surely are journeys of their own).
    pub filter: Option<Box<Condition>>,
}

/// A value of one row (or, in a grouped query, of one group).
#[derive(Clone, Debug, PartialEq)]
pub enum Scalar {
    Attribute {
        at: PathRef,
        attribute: AttributeRef,
    },
    /// The row itself, shown by its label; a participant counts as its leader, or its country.
    Entity(PathRef),
    /// The date of a dated row: an attribute `date`, or `start` to `end`.
    When(PathRef),
    /// A date that the query gives: of an event, or today.
    Fixed(Bounds),
    /// How many days lie between the last day of one date and the first of another, or how many full years.
    Elapsed {
        unit: Elapsed,
        from: Box<Scalar>,
        to: Box<Scalar>,
    },
    /// Days from the end of the row before, in the order of dates, to the start of this one.
    Gap {
        at: PathRef,
        per: Option<Box<Scalar>>,
    },
    /// The row's place in the order of dates, from 1.
    Rank {
        at: PathRef,
        per: Option<Box<Scalar>>,
    },
    Text(String),
    Integer(i64),
    Number(f64),
    Period {
        unit: Unit,
        date: Box<Scalar>,
    },
    Length(Box<Scalar>),
    Lower(Box<Scalar>),
    Upper(Box<Scalar>),
    Arithmetic {
        operator: ArithmeticOperator,
        left: Box<Scalar>,
        right: Box<Scalar>,
    },
    Negative(Box<Scalar>),
    /// How many different values there are (`size(path)`).
    Size {
        elements: Vec<Element>,
        value: Box<Scalar>,
    },
    /// The different values in order (a to-many path in SELECT).
    List {
        elements: Vec<Element>,
        value: Box<Scalar>,
    },
    /// The key of that position, in a grouped query.
    Key(usize),
    /// The aggregate of that position, in a grouped query.
    Aggregate(usize),
}

#[derive(Clone, Copy, Debug)]
pub struct AttributeRef(pub &'static Attribute);

impl PartialEq for AttributeRef {
    fn eq(&self, other: &AttributeRef) -> bool {
        std::ptr::eq(self.0, other.0)
    }
}

/// What one group gives.
#[derive(Clone, Debug, PartialEq)]
pub enum Aggregate {
    Count,
    CountPossible,
    CountDistinct {
        elements: Vec<Element>,
        value: Scalar,
    },
    Min(Scalar),
    Max(Scalar),
    Sum(Scalar),
    Avg(Scalar),
    /// The value of the first row in the order of dates.
    First(Scalar),
    /// The value of the last row.
    Last(Scalar),
    /// The group's part of all rows, or of those that have the key of that position in common.
    Share(Option<usize>),
    List {
        elements: Vec<Element>,
        value: Scalar,
    },
}

/// What a scalar is, for comparing and for showing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Type {
    Text,
    Integer,
    Number,
    Boolean,
    /// A date, perhaps vague.
    Date,
    /// A quarter, month or week.
    Period(Unit),
    /// A whole number that is known, or lies between two.
    Range,
    Word(&'static Vocabulary),
    Entity(NounId),
    List,
}

/// A condition that is true, false or undecided (Kleene).
#[derive(Clone, Debug, PartialEq)]
pub enum Condition {
    And(Vec<Condition>),
    Or(Vec<Condition>),
    Not(Box<Condition>),
    /// Undecided becomes true.
    Possibly(Box<Condition>),
    /// Undecided becomes false.
    Certainly(Box<Condition>),
    /// Two values of one type; texts without case and accents. With an unknown value undecided.
    Compare {
        operator: CompareOperator,
        left: Scalar,
        right: Scalar,
    },
    /// A date against days that the query gives: `None` is an open end.
    Date {
        relation: DateRelation,
        date: Scalar,
        first: Option<Edge>,
        last: Option<Edge>,
    },
    /// Two dates of the data against each other.
    Dates {
        operator: CompareOperator,
        left: Scalar,
        right: Scalar,
    },
    /// The row is one of these things.
    Is {
        entity: PathRef,
        things: Vec<Thing>,
    },
    /// Two participants are not the same row.
    Different(PathRef, PathRef),
    /// A participant is that leader, or stands for that country or a country of that region or group (then).
    Party {
        participant: PathRef,
        thing: Thing,
        as_of: AsOf,
    },
    /// A country is, or lies in, or belongs to (then): country, region or group.
    Belongs {
        country: PathRef,
        thing: Thing,
        as_of: AsOf,
    },
    /// A place is, or lies in, another; where it is not known, the country may rule it out.
    Within {
        place: PlaceRef,
        country: PathRef,
        thing: Thing,
    },
    /// Text matches an SQL pattern, without case and accents.
    Like {
        value: Scalar,
        pattern: String,
    },
    /// Text contains a text, without case and accents.
    Contains {
        value: Scalar,
        part: String,
    },
    /// A yes-or-no attribute is yes.
    Holds(Scalar),
    /// There is no value, or none is known; never undecided.
    IsUnknown(Scalar),
    /// Never true and never false: what rests on an absence that the file does not claim to know of.
    Undecided,
    Quantified {
        quantifier: Quantifier,
        elements: Vec<Element>,
        condition: Box<Condition>,
    },
    /// MET and its like, said in full by `condition`: there is such a meeting or visit.
    Related {
        relation: Relation,
        thing: Thing,
        /// Its date phrases.
        dates: Vec<Condition>,
        condition: Box<Condition>,
    },
}

/// Where a place is read from.
#[derive(Clone, Debug, PartialEq)]
pub enum PlaceRef {
    One(PathRef),
    /// Any of several; none at all means unknown.
    Many(Box<Element>),
}

/// Something in the data that a name was resolved to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Thing {
    pub noun: NounId,
    pub id: i64,
    pub label: String,
}

impl PathRef {
    /// The row itself.
    pub fn row(row: RowId, noun: NounId) -> PathRef {
        PathRef { row, steps: Vec::new(), noun }
    }

    /// One to-one step further.
    #[must_use]
    pub fn step(&self, step: Step) -> PathRef {
        let mut path = self.clone();
        path.noun = step.link.to;
        path.steps.push(step);
        path
    }

    /// Along the undated to-one link of that name, which the catalogue must have.
    #[must_use]
    pub fn along(&self, link: &str) -> Option<PathRef> {
        let link = self.noun.noun().link(link)?;
        (!link.is_many()).then(|| self.step(Step { link, as_of: None }))
    }
}

impl Scalar {
    /// The row that it is a value of; of several, one that is not the FROM row.
    pub fn row(&self) -> Option<RowId> {
        match self {
            Scalar::Attribute { at, .. }
            | Scalar::Entity(at)
            | Scalar::When(at)
            | Scalar::Gap { at, .. }
            | Scalar::Rank { at, .. } => Some(at.row),
            Scalar::Elapsed { from, to, .. } => from.row().filter(|row| *row != 0).or_else(|| to.row()),
            Scalar::Period { date: inner, .. }
            | Scalar::Length(inner)
            | Scalar::Lower(inner)
            | Scalar::Upper(inner)
            | Scalar::Negative(inner) => inner.row(),
            Scalar::Arithmetic { left, right, .. } => left.row().filter(|row| *row != 0).or_else(|| right.row()),
            _ => None,
        }
    }

    /// What it is; keys and aggregates need the groups they refer to.
    pub fn kind(&self, groups: Option<&Groups>) -> Type {
        match self {
            Scalar::Attribute { attribute, .. } => attribute_type(attribute.0),
            Scalar::Entity(at) => Type::Entity(at.noun),
            Scalar::When(_) | Scalar::Fixed(_) => Type::Date,
            Scalar::Elapsed { .. } | Scalar::Gap { .. } => Type::Range,
            Scalar::Rank { .. } => Type::Integer,
            Scalar::Text(_) | Scalar::Lower(_) | Scalar::Upper(_) => Type::Text,
            Scalar::Integer(_) | Scalar::Length(_) | Scalar::Size { .. } => Type::Integer,
            Scalar::Number(_) => Type::Number,
            Scalar::Period { unit, .. } if unit.is_plain() => Type::Integer,
            Scalar::Period { unit, .. } => Type::Period(*unit),
            Scalar::Arithmetic { operator: ArithmeticOperator::Divide, .. } => Type::Number,
            Scalar::Arithmetic { left, right, .. } => match (left.kind(groups), right.kind(groups)) {
                (Type::Integer, Type::Integer) => Type::Integer,
                _ => Type::Number,
            },
            Scalar::Negative(value) => match value.kind(groups) {
                Type::Range => Type::Integer,
                kind => kind,
            },
            Scalar::List { .. } => Type::List,
            Scalar::Key(position) => {
                groups.and_then(|g| g.keys.get(*position)).map_or(Type::Text, |key| key.kind(groups))
            }
            Scalar::Aggregate(position) => {
                groups.and_then(|g| g.aggregates.get(*position)).map_or(Type::Integer, Aggregate::kind)
            }
        }
    }
}

impl Aggregate {
    /// What it is computed of; the rows alone for none.
    pub const fn value(&self) -> Option<&Scalar> {
        match self {
            Aggregate::Count | Aggregate::CountPossible | Aggregate::Share(_) => None,
            Aggregate::CountDistinct { value, .. } | Aggregate::List { value, .. } => Some(value),
            Aggregate::Min(value)
            | Aggregate::Max(value)
            | Aggregate::Sum(value)
            | Aggregate::Avg(value)
            | Aggregate::First(value)
            | Aggregate::Last(value) => Some(value),
        }
    }

    pub fn kind(&self) -> Type {
        match self {
            Aggregate::Count | Aggregate::CountPossible | Aggregate::CountDistinct { .. } => Type::Integer,
            Aggregate::Min(value) | Aggregate::Max(value) | Aggregate::Sum(value) => match value.kind(None) {
                // Vague ones are left out: what remains is one number.
                Type::Range => Type::Integer,
                kind => kind,
            },
            Aggregate::First(value) | Aggregate::Last(value) => value.kind(None),
            Aggregate::Avg(_) | Aggregate::Share(_) => Type::Number,
            Aggregate::List { .. } => Type::List,
        }
    }
}

fn attribute_type(attribute: &Attribute) -> Type {
    match attribute.kind {
        Kind::Text => Type::Text,
        Kind::Integer => Type::Integer,
        Kind::Number => Type::Number,
        Kind::Boolean => Type::Boolean,
        Kind::Span | Kind::Day => Type::Date,
        Kind::Word(vocabulary) => Type::Word(vocabulary),
    }
}

impl Element {
    /// The row that a step leads from; none for the rows of a query in brackets.
    pub fn base(&self) -> Option<&PathRef> {
        match &self.origin {
            Origin::Step { base, .. } => Some(base),
            Origin::All { .. } => None,
        }
    }

    /// The link that leads to it.
    pub fn link(&self) -> Option<&'static Link> {
        match &self.origin {
            Origin::Step { step, .. } => Some(step.link),
            Origin::All { .. } => None,
        }
    }

    /// Whether it is read as of a day.
    pub fn is_dated(&self) -> bool {
        matches!(&self.origin, Origin::Step { step, .. } if step.as_of.is_some())
    }

    /// Every row of a noun that was held.
    pub fn all(row: RowId, noun: NounId) -> Element {
        let held = noun.noun().status == crate::catalog::Status::Own;
        Element { row, origin: Origin::All { according: None }, noun, held, counterparts: false, filter: None }
    }

    /// What a step leads to.
    pub fn reached(row: RowId, base: PathRef, step: Step) -> Element {
        let noun = step.link.to;
        let held = noun.noun().status == crate::catalog::Status::Own;
        Element { row, origin: Origin::Step { base, step }, noun, held, counterparts: false, filter: None }
    }
}

/// What passes between two dates.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Elapsed {
    Days,
    /// Full ones.
    Years,
}

/// What ASSERT claims.
#[derive(Clone, Debug, PartialEq)]
pub struct BoundAssert {
    pub label: Option<String>,
    pub claim: Claim,
}

/// A query that a claim rests on, and what is shown of the rows that decide it.
#[derive(Clone, Debug, PartialEq)]
pub struct Asked {
    pub query: BoundQuery,
    pub shown: Vec<BoundColumn>,
}

/// A claim that holds, fails or is undecided.
#[derive(Clone, Debug, PartialEq)]
pub enum Claim {
    And(Vec<Claim>),
    Or(Vec<Claim>),
    Not(Box<Claim>),
    Possibly(Box<Claim>),
    Certainly(Box<Claim>),
    /// The query has a row; where `negated`, it has none.
    Exists {
        asked: Box<Asked>,
        negated: bool,
        text: String,
    },
    Compare {
        operator: CompareOperator,
        left: Measure,
        right: Measure,
    },
    /// A date against days that the claim gives.
    Date {
        relation: DateRelation,
        date: Measure,
        first: Option<Edge>,
        last: Option<Edge>,
        text: String,
    },
}

impl Claim {
    /// The queries that it rests on, each with its text.
    pub fn asked(&self) -> Vec<(&Asked, &str)> {
        match self {
            Claim::And(parts) | Claim::Or(parts) => parts.iter().flat_map(Claim::asked).collect(),
            Claim::Not(inner) | Claim::Possibly(inner) | Claim::Certainly(inner) => inner.asked(),
            Claim::Exists { asked, text, .. } => vec![(asked, text)],
            Claim::Compare { left, right, .. } => left.asked().into_iter().chain(right.asked()).collect(),
            Claim::Date { date, .. } => date.asked(),
        }
    }
}

impl Measure {
    fn asked(&self) -> Vec<(&Asked, &str)> {
        match &self.kind {
            MeasureKind::Count(asked) | MeasureKind::Answer(asked) => vec![(asked, &self.text)],
            MeasureKind::Elapsed { from: one, to: other, .. }
            | MeasureKind::Arithmetic { left: one, right: other, .. } => {
                one.asked().into_iter().chain(other.asked()).collect()
            }
            MeasureKind::Negative(inner) => inner.asked(),
            MeasureKind::Number(_) | MeasureKind::Text(_) | MeasureKind::Name(_) | MeasureKind::Date(_) => Vec::new(),
        }
    }
}

/// A side of a comparison in a claim, with its text.
#[derive(Clone, Debug, PartialEq)]
pub struct Measure {
    pub text: String,
    pub kind: MeasureKind,
}

#[derive(Clone, Debug, PartialEq)]
pub enum MeasureKind {
    /// How many rows (or groups) the query has.
    Count(Box<Asked>),
    /// The value, or the values, of the query's one column.
    Answer(Box<Asked>),
    Number(f64),
    Text(String),
    /// A name, by its label.
    Name(String),
    Date(Bounds),
    Elapsed {
        unit: Elapsed,
        from: Box<Measure>,
        to: Box<Measure>,
    },
    Negative(Box<Measure>),
    Arithmetic {
        operator: ArithmeticOperator,
        left: Box<Measure>,
        right: Box<Measure>,
    },
}

/// CONNECT: from whom to whom, over which meetings.
#[derive(Clone, Debug, PartialEq)]
pub struct BoundConnect {
    pub from: Thing,
    pub to: Thing,
    /// The meetings that may be links.
    pub meetings: BoundQuery,
    pub rising: bool,
}

/// A statement with all its names resolved.
#[derive(Clone, Debug, PartialEq)]
pub enum BoundStatement {
    Query(BoundQuery),
    Explain(BoundQuery),
    Assert(Box<BoundAssert>),
    Connect(Box<BoundConnect>),
    /// LET or AS OF: it speaks of the statements after it.
    Setting(String),
    DescribeEverything,
    DescribeNoun(NounId),
    DescribeThing(Vec<Thing>),
}

/// A bound statement and where it stands.
#[derive(Clone, Debug, PartialEq)]
pub struct Bound {
    pub statement: BoundStatement,
    pub span: Span,
}
