//! The functions of the language, as one table.

use super::tree::Elapsed;
use crate::value::period::Unit;

#[derive(Debug)]
pub struct Function {
    pub name: &'static str,
    /// How it is written.
    pub form: &'static str,
    pub help: &'static str,
    pub kind: FunctionKind,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FunctionKind {
    Count,
    CountPossible,
    Min,
    Max,
    Sum,
    Avg,
    List,
    /// `size(path)`
    Size,
    Calendar(Unit),
    Length,
    Lower,
    Upper,
    /// `first(path)`, `last(path)`: of the rows of a group in the order of their dates.
    First,
    Last,
    Share,
    Gap,
    Rank,
    Elapsed(Elapsed),
}

impl FunctionKind {
    pub const fn is_aggregate(self) -> bool {
        use FunctionKind::*;
        matches!(self, Count | CountPossible | Min | Max | Sum | Avg | List | First | Last | Share)
    }
}

const fn function(name: &'static str, form: &'static str, kind: FunctionKind, help: &'static str) -> Function {
    Function { name, form, help, kind }
}

pub static FUNCTIONS: &[Function] = &[
    function(
        "count",
        "count() or count(DISTINCT path)",
        FunctionKind::Count,
        "the rows of FROM, or the different values",
    ),
    function(
        "count_possible",
        "count_possible()",
        FunctionKind::CountPossible,
        "the rows of FROM with the undecided ones",
    ),
    function("size", "size(path)", FunctionKind::Size, "how many different ones a row has"),
    function("min", "min(value)", FunctionKind::Min, "the least value of a group; the earliest date"),
    function("max", "max(value)", FunctionKind::Max, "the greatest value of a group; the latest date"),
    function("sum", "sum(number)", FunctionKind::Sum, "the sum over the rows of a group"),
    function("avg", "avg(number)", FunctionKind::Avg, "the mean over the rows of a group"),
    function("list", "list(path)", FunctionKind::List, "the different values of a group, in one cell"),
    function("first", "first(path)", FunctionKind::First, "the value of a group's first row, in the order of dates"),
    function("last", "last(path)", FunctionKind::Last, "the value of a group's last row, in the order of dates"),
    function(
        "share",
        "share() or share(PER group)",
        FunctionKind::Share,
        "the group's part of all rows, or of those with the same value of that group: 0 to 1",
    ),
    function(
        "gap",
        "gap() or gap(PER path)",
        FunctionKind::Gap,
        "days from the end of the row before, in the order of dates; from..to where dates are vague",
    ),
    function("rank", "rank() or rank(PER path)", FunctionKind::Rank, "which row it is in the order of dates, from 1"),
    function(
        "days",
        "days(date, date)",
        FunctionKind::Elapsed(Elapsed::Days),
        "days from the end of one date to the start of another; from..to where they are vague",
    ),
    function(
        "years",
        "years(date, date)",
        FunctionKind::Elapsed(Elapsed::Years),
        "full years from the end of one date to the start of another",
    ),
    function("year", "year(date)", FunctionKind::Calendar(Unit::Year), "the year of the first day, a number"),
    function(
        "quarter",
        "quarter(date)",
        FunctionKind::Calendar(Unit::Quarter),
        "the quarter of the first day: 2024-Q2",
    ),
    function("month", "month(date)", FunctionKind::Calendar(Unit::Month), "the month of the first day: 2024-05"),
    function("week", "week(date)", FunctionKind::Calendar(Unit::Week), "the ISO week of the first day: 2024-W20"),
    function(
        "weekday",
        "weekday(date)",
        FunctionKind::Calendar(Unit::Weekday),
        "the weekday of the first day, 1 = Monday",
    ),
    function("length", "length(text)", FunctionKind::Length, "how many characters a text has"),
    function("lower", "lower(text)", FunctionKind::Lower, "the text in small letters"),
    function("upper", "upper(text)", FunctionKind::Upper, "the text in capitals"),
];

/// The function of that name, in any case.
pub fn find(name: &str) -> Option<&'static Function> {
    FUNCTIONS.iter().find(|function| function.name.eq_ignore_ascii_case(name))
}
