//! The relational tree: blocks of rows with joins, filters, groups and order, in two-valued logic.
//!
//! What was true, false or undecided above this floor is now two plain conditions, one for "certainly" and one for
//! "possibly". A [`Truth`] that comes out neither true nor false (because a value is missing) counts as not true.

/// A value that is bound to a query's text, never written into it.
#[derive(Clone, Debug, PartialEq)]
pub enum Parameter {
    Integer(i64),
    Real(f64),
    Text(String),
    /// The rows of a packed block.
    Rows(usize),
    /// The ids that a search in texts finds.
    Ids(Box<Search>),
}

/// Rows of a table by what their texts contain.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Search {
    pub table: &'static str,
    /// A row passes all of them.
    pub tests: Vec<TextTest>,
}

/// A test of one text of a row.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct TextTest {
    pub function: &'static str,
    pub column: String,
    /// What the text is to contain, or to be like; folded.
    pub part: String,
}

/// A row source inside one query: `t0`, `t1` …
pub type Alias = usize;

/// Rows from a source and what is joined to it: filtered, grouped, projected, sorted, cut.
#[derive(Clone, Debug, PartialEq)]
pub struct Block {
    /// Named blocks that this one may read as [`Source::Named`].
    pub with: Vec<(&'static str, Block)>,
    pub from: Source,
    pub alias: Alias,
    pub joins: Vec<Join>,
    pub filter: Truth,
    pub group: Vec<Value>,
    pub columns: Vec<Value>,
    /// Each with whether it runs downwards.
    pub order: Vec<(Value, bool)>,
    /// How many rows, and how many are passed over first.
    pub limit: Option<(u64, u64)>,
}

#[derive(Clone, Debug, PartialEq)]
pub enum Source {
    Table(&'static str),
    /// A query that the catalogue declares.
    Query(&'static str),
    /// The rows of a noun as one publication (its id) tells them.
    Told(crate::catalog::NounId, Parameter),
    Block(Box<Block>),
    /// One of the blocks in `with`.
    Named(&'static str),
    /// A block that is computed from packed columns.
    Packed(Box<Packed>),
    /// Ids (the column `value`) of rows among which all are that pass a search, looked up in an index of words.
    Searched(Box<Search>),
}

impl Source {
    /// The table that is read as it is.
    pub const fn table(&self) -> Option<&'static str> {
        match self {
            Source::Table(name) => Some(name),
            _ => None,
        }
    }
}

/// A block that is computed beside the SQL.
#[derive(Clone, Debug, PartialEq)]
pub struct Packed {
    pub block: Block,
    pub most: Option<Most>,
}

/// Which of the rows of a packed block can come to the answer: the first by one of its columns of counts, and those that
/// are equal to the last of them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Most {
    pub column: usize,
    pub descending: bool,
    pub count: u64,
    /// A column of counts that must be above 0.
    pub some: Option<usize>,
}

/// A join that keeps a row when nothing matches (`left`) or drops it.
#[derive(Clone, Debug, PartialEq)]
pub struct Join {
    pub source: Source,
    pub alias: Alias,
    pub on: Truth,
    pub left: bool,
}

#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    Null,
    /// A number that the program itself puts in.
    Number(i64),
    /// A value that is bound, never written into the text.
    Bound(Parameter),
    Column(Alias, Name),
    Call(&'static str, Vec<Value>),
    Operation(&'static str, Box<Value>, Box<Value>),
    Negative(Box<Value>),
    Case(Vec<(Truth, Value)>, Box<Value>),
    /// The one value of a block.
    Block(Box<Block>),
    Aggregate {
        function: &'static str,
        distinct: bool,
        of: Box<Value>,
    },
    CountAll,
    /// What a function gives for a row among the others with the same values of `per`, in this order.
    Window {
        function: &'static str,
        of: Option<Box<Value>>,
        per: Vec<Value>,
        order: Vec<(Value, bool)>,
    },
    /// 1 or 0.
    Truth(Box<Truth>),
}

/// A column: of a table (`Of`), or the column of a block by its position.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Name {
    Of(String),
    At(usize),
}

#[derive(Clone, Debug, PartialEq)]
pub enum Truth {
    True,
    False,
    And(Vec<Truth>),
    Or(Vec<Truth>),
    /// True whenever the inner is not true.
    Not(Box<Truth>),
    Compare(&'static str, Value, Value),
    /// Equal, or both missing.
    Same(Value, Value),
    Missing(Value),
    In(Value, Vec<Value>),
    InBlock(Value, Box<Block>),
    Exists(Box<Block>),
}

impl Value {
    pub fn column(alias: Alias, name: impl Into<String>) -> Value {
        Value::Column(alias, Name::Of(name.into()))
    }

    pub const fn at(alias: Alias, position: usize) -> Value {
        Value::Column(alias, Name::At(position))
    }

    pub fn text(text: impl Into<String>) -> Value {
        Value::Bound(Parameter::Text(text.into()))
    }

    pub const fn integer(number: i64) -> Value {
        Value::Bound(Parameter::Integer(number))
    }

    pub fn aggregate(function: &'static str, of: Value) -> Value {
        Value::Aggregate { function, distinct: false, of: Box::new(of) }
    }

    pub fn count_distinct(of: Value) -> Value {
        Value::Aggregate { function: "count", distinct: true, of: Box::new(of) }
    }

    /// Whether it is computed over all rows of a group.
    pub const fn is_aggregate(&self) -> bool {
        matches!(self, Value::Aggregate { .. } | Value::CountAll)
    }

    /// This value where the condition is true, else nothing.
    pub fn only_if(self, condition: Truth) -> Value {
        match condition {
            Truth::True => self,
            condition => Value::Case(vec![(condition, self)], Box::new(Value::Null)),
        }
    }
}

impl Truth {
    pub fn compare(operator: &'static str, left: Value, right: Value) -> Truth {
        Truth::Compare(operator, left, right)
    }

    pub fn equal(left: Value, right: Value) -> Truth {
        Truth::Compare("=", left, right)
    }

    #[must_use]
    pub fn negated(self) -> Truth {
        match self {
            Truth::True => Truth::False,
            Truth::False => Truth::True,
            Truth::Not(inner) => *inner,
            other => Truth::Not(Box::new(other)),
        }
    }

    /// All of these; one that is always true is left out.
    pub fn all(parts: impl IntoIterator<Item = Truth>) -> Truth {
        let mut kept: Vec<Truth> = Vec::new();
        for part in parts {
            match part {
                Truth::True => {}
                Truth::False => return Truth::False,
                Truth::And(inner) => kept.extend(inner),
                part => kept.push(part),
            }
        }
        match kept.len() {
            0 => Truth::True,
            1 => kept.remove(0),
            _ => Truth::And(kept),
        }
    }

    /// Any of these; one that is never true is left out.
    pub fn any(parts: impl IntoIterator<Item = Truth>) -> Truth {
        let mut kept: Vec<Truth> = Vec::new();
        for part in parts {
            match part {
                Truth::False => {}
                Truth::True => return Truth::True,
                Truth::Or(inner) => kept.extend(inner),
                part => kept.push(part),
            }
        }
        match kept.len() {
            0 => Truth::False,
            1 => kept.remove(0),
            _ => Truth::Or(kept),
        }
    }
}

impl Block {
    /// All rows of a source.
    pub fn new(from: Source, alias: Alias) -> Block {
        Block {
            with: Vec::new(),
            from,
            alias,
            joins: Vec::new(),
            filter: Truth::True,
            group: Vec::new(),
            columns: Vec::new(),
            order: Vec::new(),
            limit: None,
        }
    }

    #[must_use]
    pub fn columns(mut self, columns: Vec<Value>) -> Block {
        self.columns = columns;
        self
    }

    #[must_use]
    pub fn filter(mut self, filter: Truth) -> Block {
        self.filter = filter;
        self
    }
}
