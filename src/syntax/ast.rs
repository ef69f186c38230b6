//! The tree of a statement as it was written, with a span on every node.
//!
//! It says nothing about meaning: whether `host` is an attribute or a link, and who Putin is, is for the binder.

use crate::span::{Span, Spanned};

/// A word as written (keywords' and names' spelling kept).
pub type Word = Spanned<String>;

#[derive(Clone, Debug, PartialEq)]
pub enum Statement {
    Query(Query),
    Describe(Describe),
    /// EXPLAIN and the query that it reads back.
    Explain {
        keyword: Span,
        query: Query,
    },
    Assert(Assert),
    /// `LET name = query`
    LetQuery {
        name: Word,
        query: Query,
    },
    /// `LET $name = value`
    LetParameter {
        parameter: Word,
        value: Given,
    },
    /// `AS OF 2024-07-10`
    AsOf {
        keyword: Span,
        day: DateLiteral,
    },
    Connect(Connect),
}

/// `ASSERT 'label' condition`
#[derive(Clone, Debug, PartialEq)]
pub struct Assert {
    pub keyword: Span,
    pub label: Option<Spanned<String>>,
    pub claim: Expression,
}

/// What a parameter is set to; where it is used decides what that is.
#[derive(Clone, Debug, PartialEq)]
pub struct Given {
    pub span: Span,
    /// The kind word before a quoted name.
    pub kind: Option<Word>,
    /// The text without its quotes, the number or the period as written.
    pub text: String,
}

/// `CONNECT a TO b`
#[derive(Clone, Debug, PartialEq)]
pub struct Connect {
    pub span: Span,
    pub from: Name,
    pub to: Name,
    pub phrases: Vec<Phrase>,
    /// The word RISING.
    pub rising: Option<Span>,
    /// The word CITE.
    pub cite: Option<Span>,
}

#[derive(Clone, Debug, PartialEq)]
pub struct Describe {
    pub span: Span,
    pub subject: Subject,
}

#[derive(Clone, Debug, PartialEq)]
pub enum Subject {
    /// `DESCRIBE;`
    Everything,
    /// `DESCRIBE meetings;`
    Noun(Word),
    /// `DESCRIBE 'Xi Jinping';`
    Name(Name),
}

#[derive(Clone, Debug, PartialEq)]
pub struct Query {
    /// From the first to the last token, without the semicolon.
    pub span: Span,
    pub select: Option<Select>,
    pub noun: Word,
    pub phrases: Vec<Phrase>,
    /// The condition after WHERE.
    pub condition: Option<Expression>,
    pub group: Vec<Expression>,
    /// What follows ACROSS.
    pub across: Option<Expression>,
    /// The word ZEROS.
    pub zeros: Option<Span>,
    pub having: Option<Expression>,
    pub order: Vec<OrderKey>,
    pub limit: Option<Limit>,
    /// The word CITE.
    pub cite: Option<Span>,
    /// The word CHART.
    pub chart: Option<Span>,
}

impl Query {
    /// `FROM noun` and nothing else.
    pub fn of(noun: Word) -> Query {
        Query {
            span: noun.span,
            select: None,
            noun,
            phrases: Vec::new(),
            condition: None,
            group: Vec::new(),
            across: None,
            zeros: None,
            having: None,
            order: Vec::new(),
            limit: None,
            cite: None,
            chart: None,
        }
    }
}

impl Query {
    /// Every expression in it.
    pub fn expressions(&self) -> Vec<&Expression> {
        let selected = self.select.iter().flat_map(|select| match &select.items {
            SelectItems::List(items) => items.iter().map(|item| &item.expression).collect::<Vec<_>>(),
            SelectItems::All(_) => Vec::new(),
        });
        let rest = self.condition.iter().chain(&self.group).chain(&self.across).chain(&self.having);
        selected.chain(rest).chain(self.order.iter().map(|key| &key.expression)).collect()
    }

    /// Every expression in it, to be changed.
    pub fn expressions_mut(&mut self) -> Vec<&mut Expression> {
        let selected = self.select.iter_mut().flat_map(|select| match &mut select.items {
            SelectItems::List(items) => items.iter_mut().map(|item| &mut item.expression).collect::<Vec<_>>(),
            SelectItems::All(_) => Vec::new(),
        });
        let rest = self.condition.iter_mut().chain(&mut self.group).chain(&mut self.across).chain(&mut self.having);
        selected.chain(rest).chain(self.order.iter_mut().map(|key| &mut key.expression)).collect()
    }
}

#[derive(Clone, Debug, PartialEq)]
pub struct Select {
    pub span: Span,
    /// The word DISTINCT.
    pub distinct: Option<Span>,
    pub items: SelectItems,
}

#[derive(Clone, Debug, PartialEq)]
pub enum SelectItems {
    /// `*`
    All(Span),
    List(Vec<SelectItem>),
}

#[derive(Clone, Debug, PartialEq)]
pub struct SelectItem {
    pub expression: Expression,
    /// The name after AS.
    pub alias: Option<Word>,
}

#[derive(Clone, Debug, PartialEq)]
pub struct OrderKey {
    pub expression: Expression,
    pub descending: bool,
}

#[derive(Clone, Debug, PartialEq)]
pub struct Limit {
    pub span: Span,
    pub count: Count,
    pub offset: Option<Count>,
}

/// A number of rows.
#[derive(Clone, Debug, PartialEq)]
pub enum Count {
    Number(u64),
    Parameter(Word),
}

/// `POSSIBLY` or `CERTAINLY` before a phrase or a condition.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Certainty {
    Possibly,
    Certainly,
}

#[derive(Clone, Debug, PartialEq)]
pub struct Phrase {
    /// From the certainty or keyword to the last word.
    pub span: Span,
    pub certainty: Option<Certainty>,
    pub keyword: Span,
    pub kind: PhraseKind,
}

#[derive(Clone, Debug, PartialEq)]
pub enum PhraseKind {
    /// The items that AND joins.
    With(Vec<Item>),
    Without(Item),
    In(Name),
    At(Name),
    About(Name),
    By(Name),
    To(Name),
    AccordingTo(Name),
    Date {
        relation: DateRelation,
        period: DatePeriod,
    },
}

/// One participant: a name, or several in brackets of which any will do.
#[derive(Clone, Debug, PartialEq)]
pub struct Item {
    pub span: Span,
    pub alternatives: Vec<Name>,
}

/// A name of something in the data, as written.
#[derive(Clone, Debug, PartialEq)]
pub struct Name {
    /// The kind word and the name.
    pub span: Span,
    /// `country` in `country 'Georgia'`.
    pub kind: Option<Word>,
    /// The name with its quotes taken off.
    pub text: String,
    /// Where the name itself stands (with its quotes).
    pub text_span: Span,
    pub quoted: bool,
    /// Whether `text` is the name of a parameter, which stands for the name.
    pub parameter: bool,
}

/// The words that put a row's date in relation to a period.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum DateRelation {
    Since,
    After,
    Before,
    Until,
    During,
    Overlaps,
}

/// A period of days as written: `2024-05`, `2024-05-01..2024-06-15`, `2024-05..`, `'2024-05'`.
///
/// `None` marks an open end. For a plain date both ends are the same.
#[derive(Clone, Debug, PartialEq)]
pub struct DatePeriod {
    pub span: Span,
    pub start: Option<DateLiteral>,
    pub end: Option<DateLiteral>,
}

/// A date, or what stands for one.
#[derive(Clone, Debug, PartialEq)]
pub struct DateLiteral {
    pub span: Span,
    pub kind: DateKind,
}

#[derive(Clone, Debug, PartialEq)]
pub enum DateKind {
    /// A date as written, and the days that it covers.
    Days { text: String, days: crate::value::date::DayRange },
    /// `event 'name'`: the days of that event.
    Event(Name),
    /// `TODAY`: the day that AS OF names.
    Today,
    /// `$name`
    Parameter(Word),
}

impl DateLiteral {
    /// The days, where they are written out.
    pub fn days(&self) -> Option<crate::value::date::DayRange> {
        match &self.kind {
            DateKind::Days { days, .. } => Some(*days),
            _ => None,
        }
    }
}

#[derive(Clone, Debug, PartialEq)]
pub struct Expression {
    pub span: Span,
    pub kind: ExpressionKind,
}

impl Expression {
    /// How many levels of the tree are below this one.
    pub fn height(&self) -> usize {
        self.kind.parts().into_iter().map(|part| part.height() + 1).max().unwrap_or(0)
    }
}

#[derive(Clone, Debug, PartialEq)]
pub enum ExpressionKind {
    /// Two or more operands.
    Or(Vec<Expression>),
    And(Vec<Expression>),
    Not(Box<Expression>),
    Certainty(Certainty, Box<Expression>),
    Compare {
        operator: CompareOperator,
        operator_span: Span,
        left: Box<Expression>,
        right: Box<Expression>,
    },
    Between {
        negated: bool,
        value: Box<Expression>,
        low: Box<Expression>,
        high: Box<Expression>,
    },
    InList {
        negated: bool,
        value: Box<Expression>,
        list: Vec<Expression>,
    },
    Like {
        negated: bool,
        value: Box<Expression>,
        pattern: Box<Expression>,
    },
    Contains {
        negated: bool,
        value: Box<Expression>,
        part: Box<Expression>,
    },
    /// `IS [NOT] UNKNOWN`, also written `IS [NOT] NULL`.
    IsUnknown {
        negated: bool,
        value: Box<Expression>,
    },
    /// `ANY path (condition)`
    Quantified {
        quantifier: Quantifier,
        keyword: Span,
        path: Path,
        condition: Box<Expression>,
    },
    /// `MET name SINCE 2024-05`
    Relation {
        relation: Relation,
        keyword: Span,
        name: Box<Name>,
        phrases: Vec<Phrase>,
    },
    /// `EXISTS (FROM …)`, `NONE (FROM …)`
    Exists {
        negated: bool,
        keyword: Span,
        query: Box<Query>,
    },
    /// `(SELECT … FROM …)`
    Answer(Box<Query>),
    /// `count(FROM …)`
    CountOf {
        function: Word,
        query: Box<Query>,
    },
    Arithmetic {
        operator: ArithmeticOperator,
        left: Box<Expression>,
        right: Box<Expression>,
    },
    Negative(Box<Expression>),
    Call(Call),
    Path(Path),
    /// A date, a period, or four digits where they are not taken as a number is decided by the binder: this is one
    /// token of the forms `2024-05`, `2024-05-16`, `2024-Q2`, `2024-W20`, or a range with `..`.
    Date(Box<DatePeriod>),
    Integer(i64),
    Number(f64),
    /// Quoted text, or a kind word followed by quoted text.
    Text(Name),
    Today,
    /// `$name`
    Parameter(Word),
}

impl ExpressionKind {
    /// What it is made of, in the order written.
    pub fn parts(&self) -> Vec<&Expression> {
        use ExpressionKind::*;
        match self {
            Or(parts) | And(parts) => parts.iter().collect(),
            Not(part) | Certainty(_, part) | Negative(part) => vec![part],
            IsUnknown { value, .. } => vec![value],
            Quantified { condition, .. } => vec![condition],
            Compare { left, right, .. } | Arithmetic { left, right, .. } => vec![left, right],
            Between { value, low, high, .. } => vec![value, low, high],
            InList { value, list, .. } => std::iter::once(&**value).chain(list).collect(),
            Like { value, pattern, .. } => vec![value, pattern],
            Contains { value, part, .. } => vec![value, part],
            Call(call) => call.arguments.iter().collect(),
            Path(_) | Date(_) | Integer(_) | Number(_) | Text(_) | Today | Parameter(_) => Vec::new(),
            Relation { .. } | Exists { .. } | Answer(_) | CountOf { .. } => Vec::new(),
        }
    }
}

impl ExpressionKind {
    /// What it is made of, to be changed; queries in brackets are not parts.
    pub fn parts_mut(&mut self) -> Vec<&mut Expression> {
        use ExpressionKind::*;
        match self {
            Or(parts) | And(parts) => parts.iter_mut().collect(),
            Not(part) | Certainty(_, part) | Negative(part) => vec![part],
            IsUnknown { value, .. } => vec![value],
            Quantified { condition, .. } => vec![condition],
            Compare { left, right, .. } | Arithmetic { left, right, .. } => vec![left, right],
            Between { value, low, high, .. } => vec![value, low, high],
            InList { value, list, .. } => std::iter::once(&mut **value).chain(list).collect(),
            Like { value, pattern, .. } => vec![value, pattern],
            Contains { value, part, .. } => vec![value, part],
            Call(call) => call.arguments.iter_mut().collect(),
            Path(_) | Date(_) | Integer(_) | Number(_) | Text(_) | Today | Parameter(_) => Vec::new(),
            Relation { .. } | Exists { .. } | Answer(_) | CountOf { .. } => Vec::new(),
        }
    }
}

/// `host_country.region.name`: words joined by dots.
#[derive(Clone, Debug, PartialEq)]
pub struct Path {
    pub span: Span,
    pub words: Vec<Word>,
}

/// `count()`, `count(DISTINCT path)`, `year(date)`.
#[derive(Clone, Debug, PartialEq)]
pub struct Call {
    pub function: Word,
    /// The word DISTINCT.
    pub distinct: Option<Span>,
    /// The word PER before the one argument.
    pub per: Option<Span>,
    pub arguments: Vec<Expression>,
}

/// What a leader or a country has to do with something.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Relation {
    Met,
    Visited,
    Hosted,
    Attended,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum CompareOperator {
    Equal,
    NotEqual,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
}

impl CompareOperator {
    /// `= < <= > >=` on a date are DURING, BEFORE, UNTIL, AFTER, SINCE.
    pub const fn on_dates(self) -> DateRelation {
        match self {
            CompareOperator::Equal | CompareOperator::NotEqual => DateRelation::During,
            CompareOperator::Less => DateRelation::Before,
            CompareOperator::LessOrEqual => DateRelation::Until,
            CompareOperator::Greater => DateRelation::After,
            CompareOperator::GreaterOrEqual => DateRelation::Since,
        }
    }

    /// The same with its sides exchanged.
    #[must_use]
    pub const fn mirrored(self) -> CompareOperator {
        match self {
            CompareOperator::Less => CompareOperator::Greater,
            CompareOperator::LessOrEqual => CompareOperator::GreaterOrEqual,
            CompareOperator::Greater => CompareOperator::Less,
            CompareOperator::GreaterOrEqual => CompareOperator::LessOrEqual,
            same => same,
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ArithmeticOperator {
    Plus,
    Minus,
    Times,
    Divide,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Quantifier {
    Any,
    Every,
    No,
}
