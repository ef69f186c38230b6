//! The closing lines: how many there are, what is possible besides and why, what stayed out, what was assumed.

use super::coverage::{Absence, is_covered_noun};
use super::{RunError, Session, Shown, counted};
use crate::answer::Closing;
use crate::bind::tree::{
    Aggregate, BoundQuery, Condition, Conjunct, Element, PathRef, Scalar, Shape, Step, Thing, Type,
};
use crate::catalog::{NounId, Status, When};
use crate::diagnostic::Diagnostic;
use crate::plan::lower::{emptied, vaguely_dated};
use crate::plan::tree::Block;
use crate::plan::{Beside, Cut, Summary};
use crate::sql;
use crate::syntax::ast::{CompareOperator, DateRelation, Quantifier};
use crate::value::date::DayText;

/// Counts over the FROM rows.
struct Counts {
    certain: u64,
    possible: u64,
    /// Undecided rows by cause.
    undecided: Vec<(String, u64)>,
}

impl Session {
    pub(super) fn closing(&self, query: &BoundQuery, shown: Shown<'_>) -> Result<Closing, RunError> {
        let noun = query.noun.noun();
        let beside = self.beside(query);
        let rows = beside.summary.as_ref().map(|summary| self.counts(summary)).transpose()?;
        let groups = beside.groups.as_ref().map(|block| self.numbers(block)).transpose()?;
        let mut notes = Vec::new();
        let (count, count_possible, summary) = match (&groups, &rows) {
            (Some(groups), rows) => {
                let (certain, besides, in_groups) = (at(groups, 0), at(groups, 1), at(groups, 2));
                notes.extend(overlap(query, rows.as_ref(), in_groups));
                if besides > 0 && asks_possible(query) {
                    notes.push(format!("{} possible", counted(besides, "more group is", "more groups are")));
                }
                (certain, certain + besides, counted(certain, "group", "groups"))
            }
            (None, Some(rows)) if query.is_total() => (1, 1, counted(rows.certain, noun.singular, noun.name)),
            (None, Some(rows)) => (rows.certain, rows.possible, counted(rows.certain, noun.singular, noun.name)),
            (None, None) => (shown.given, shown.given, counted(shown.given, noun.singular, noun.name)),
        };
        notes.extend(rows.as_ref().and_then(undecided));
        if shown.uncertain > 0 {
            notes.push(format!("{} possible only, marked ?", counted(shown.uncertain, "of these is", "of these are")));
        }
        notes.extend(self.not_held(query, &beside, &shown)?);
        notes.extend(self.touching(query)?);
        notes.extend(self.unnamed(query)?);
        notes.extend(self.left_out(query)?);
        notes.extend(self.absences(query)?);
        if query.cite && noun.cite.is_none() {
            notes.push(format!(
                "{} have no sources of their own; meetings, visits, events and accounts have",
                noun.name
            ));
        }
        notes.extend(self.by_earliest_days(query)?);
        notes.extend(let_in(rows.as_ref(), self.without_possibly(query)?));
        if let Some(publication) = &query.according {
            let told = format!("as {} tells it", publication.label);
            let parties = query.noun.noun().link("participants").is_some() && query.noun == NounId::Meetings;
            let named = "; who took part is the record's, accounts.named says whom it names";
            notes.push(if parties { format!("{told}{named}") } else { told });
        }
        notes.extend(cut_off(query, count, &shown));
        notes.extend(beside.cut.as_ref().map(|cut| self.undecided_order(cut)).transpose()?.flatten());
        if query.reference_date {
            let whose = if query.as_of.is_some() { "as AS OF says" } else { "the file's reference date" };
            let day = DayText(self.reference_of(query));
            notes.push(format!("what is not dated by its row was read as of {day}, {whose}"));
        }
        if shown.given == 0 || (query.is_total() && rows.as_ref().is_some_and(|rows| rows.certain == 0)) {
            notes.extend(self.emptied(query)?);
            notes.extend(self.nothing_there(query)?);
        }
        let sources = shown.sources.finish()?;
        Ok(Closing { summary, count, count_possible, notes, sources })
    }

    fn counts(&self, summary: &Summary) -> Result<Counts, Diagnostic> {
        let numbers = self.numbers(&summary.block)?;
        let causes =
            summary.causes.iter().enumerate().map(|(position, cause)| (cause.clone(), at(&numbers, position + 2)));
        Ok(Counts { certain: at(&numbers, 0), possible: at(&numbers, 1), undecided: causes.collect() })
    }

    /// The whole numbers of a block's first row.
    pub(super) fn numbers(&self, block: &Block) -> Result<Vec<u64>, Diagnostic> {
        let width = block.columns.len();
        let mut block = block.clone();
        self.rewrite(&mut block);
        let rows = self.database().collect(&sql::translate(&block), |row| {
            (0..width).map(|position| u64::try_from(row.integer(position)).unwrap_or(0)).collect::<Vec<_>>()
        })?;
        Ok(rows.into_iter().next().unwrap_or_default())
    }

    pub(super) fn count(&self, block: &Block) -> Result<u64, Diagnostic> {
        Ok(at(&self.numbers(block)?, 0))
    }

    fn not_held(&self, query: &BoundQuery, beside: &Beside, shown: &Shown<'_>) -> Result<Option<String>, Diagnostic> {
        let Some(block) = &beside.not_held else { return Ok(None) };
        let all = query.conjuncts.is_empty() && query.limit.is_none() && query.according.is_none();
        let count = if all && matches!(query.shape, Shape::Rows { .. }) {
            // Every row that was held has been given, and to count all rows takes no reading of them.
            let every = BoundQuery { held: false, ..query.clone() };
            self.count(&emptied(&every, self.reference_of(query), 0))?.saturating_sub(shown.given)
        } else {
            self.count(block)?
        };
        let were = if count == 1 { "was" } else { "were" };
        let path = match query.noun.noun().status {
            Status::Of(link) => format!("{link}.status"),
            Status::Own | Status::None => "status".to_string(),
        };
        Ok((count > 0).then(|| format!("{count} more {were} not held: WHERE {path} != 'held'")))
    }

    /// Stays that reach into a period without lying in it are out; whoever asks should know of them.
    fn touching(&self, query: &BoundQuery) -> Result<Option<String>, Diagnostic> {
        let mut changed = query.clone();
        let mut any = false;
        for conjunct in &mut changed.conjuncts {
            if let Some(condition) = touching(&conjunct.condition, query.noun) {
                conjunct.condition = condition;
                any = true;
            }
        }
        if !any {
            return Ok(None);
        }
        let count = self.count(&emptied(&changed, self.reference_of(query), changed.conjuncts.len()))?;
        Ok((count > 0)
            .then(|| format!("{} the period: OVERLAPS", counted(count, "more only touches", "more only touch"))))
    }

    /// What goes by the order of dates takes the earliest day that a vague one allows.
    fn by_earliest_days(&self, query: &BoundQuery) -> Result<Option<String>, Diagnostic> {
        let functions = by_dates(query);
        let block = if functions.is_empty() { None } else { vaguely_dated(query, self.reference_of(query)) };
        let count = block.map(|block| self.count(&block)).transpose()?.unwrap_or(0);
        let go = if functions.len() == 1 { "goes" } else { "go" };
        let functions = functions.join(" and ");
        let have = counted(count, "row has a vague date", "rows have vague dates");
        Ok((count > 0).then(|| format!("{have}: {functions} {go} by the earliest possible day")))
    }

    /// Of a grouped query with POSSIBLY: how many rows would be there without it.
    fn without_possibly(&self, query: &BoundQuery) -> Result<Option<u64>, Diagnostic> {
        if !query.marked || !matches!(query.shape, Shape::Groups(_)) {
            return Ok(None);
        }
        let mut changed = query.clone();
        for conjunct in &mut changed.conjuncts {
            strip(&mut conjunct.condition);
        }
        self.count(&emptied(&changed, self.reference_of(query), changed.conjuncts.len())).map(Some)
    }

    /// Where there is nothing: whether that means anything.
    fn nothing_there(&self, query: &BoundQuery) -> Result<Option<String>, Diagnostic> {
        if query.according.is_some() || !is_covered_noun(query.noun) {
            return Ok(None);
        }
        Ok(Some(match self.absence(query)? {
            Absence::Covered(label) => format!("that there is none rests on coverage: {label}"),
            Absence::Open(why) => format!("there may be some all the same: {why}"),
        }))
    }

    /// A party known only by its country matches no leader: where an answer rests on that, it says how many rows do.
    fn unnamed(&self, query: &BoundQuery) -> Result<Option<String>, Diagnostic> {
        let denied = query.conjuncts.iter().any(|conjunct| denies_leader(&conjunct.condition, false));
        let Some(condition) = denied.then(|| has_unnamed_party(query)).flatten() else { return Ok(None) };
        let mut changed = query.clone();
        changed.conjuncts.push(Conjunct { condition, text: String::new() });
        let count = self.count(&emptied(&changed, self.reference_of(query), changed.conjuncts.len()))?;
        let have = if count == 1 { "has" } else { "have" };
        let met = if query.noun.noun().link("participants").is_some() { have } else { "met" };
        Ok((count > 0).then(|| format!("{count} of these {met} a party known only by its country")))
    }

    /// Sums and means are taken over the values that are known; whoever reads one should know of the others.
    fn left_out(&self, query: &BoundQuery) -> Result<Option<String>, Diagnostic> {
        let Shape::Groups(groups) = &query.shape else { return Ok(None) };
        let mut texts = Vec::new();
        for aggregate in &groups.aggregates {
            let (name, value) = match aggregate {
                Aggregate::Min(value) => ("min", value),
                Aggregate::Max(value) => ("max", value),
                Aggregate::Sum(value) => ("sum", value),
                Aggregate::Avg(value) => ("avg", value),
                _ => continue,
            };
            if value.row() != Some(0) {
                continue;
            }
            let mut changed = query.clone();
            changed.conjuncts.push(Conjunct { condition: without_value(value), text: String::new() });
            let count = self.count(&emptied(&changed, self.reference_of(query), changed.conjuncts.len()))?;
            if count > 0 {
                let noun = query.noun.noun();
                texts.push(format!("{name}() leaves out {} without a value", counted(count, noun.singular, noun.name)));
            }
        }
        Ok((!texts.is_empty()).then(|| texts.join("; ")))
    }

    /// LIMIT cuts by date: whether the last row kept may come after the first row cut.
    fn undecided_order(&self, cut: &Cut) -> Result<Option<String>, Diagnostic> {
        let days = |block: &Block| -> Result<Option<(i64, i64)>, Diagnostic> {
            let rows = self.database().collect(&sql::translate(block), |row| {
                (row.get(0) != crate::store::Raw::Null).then(|| (row.integer(0), row.integer(1)))
            })?;
            Ok(rows.into_iter().flatten().next())
        };
        let (Some(kept), Some(rest)) = (days(&cut.kept)?, days(&cut.cut)?) else { return Ok(None) };
        let undecided = if cut.descending { kept.0 < rest.1 } else { kept.1 > rest.0 };
        Ok(undecided.then(|| "vague dates leave open which rows come first where LIMIT cuts".to_string()))
    }
}

/// What a sum or a mean leaves out: rows whose value is not known, or lies between two.
pub(super) fn without_value(value: &Scalar) -> Condition {
    if value.kind(None) != Type::Range {
        return Condition::IsUnknown(value.clone());
    }
    let (left, right) = (value.clone(), value.clone());
    let one = Condition::Compare { operator: CompareOperator::Equal, left, right };
    Condition::Not(Box::new(Condition::Certainly(Box::new(one))))
}

/// The functions of a query that go by the order of dates.
fn by_dates(query: &BoundQuery) -> Vec<&'static str> {
    let mut found = Vec::new();
    match &query.shape {
        Shape::Rows { columns } => {
            let values = columns.iter().map(|column| &column.value).chain(query.order.iter().map(|key| &key.value));
            for value in values {
                match value {
                    Scalar::Gap { .. } => found.push("gap()"),
                    Scalar::Rank { .. } => found.push("rank()"),
                    _ => {}
                }
            }
        }
        Shape::Groups(groups) => {
            for aggregate in &groups.aggregates {
                match aggregate {
                    Aggregate::First(_) => found.push("first()"),
                    Aggregate::Last(_) => found.push("last()"),
                    _ => {}
                }
            }
        }
    }
    found.dedup();
    found
}

/// Without the word POSSIBLY.
fn strip(condition: &mut Condition) {
    if let Condition::Possibly(inner) = condition {
        let inner = std::mem::replace(inner.as_mut(), Condition::Undecided);
        *condition = inner;
        return strip(condition);
    }
    match condition {
        Condition::And(parts) | Condition::Or(parts) => parts.iter_mut().for_each(strip),
        Condition::Not(inner) | Condition::Certainly(inner) => strip(inner),
        Condition::Quantified { condition, .. } | Condition::Related { condition, .. } => strip(condition),
        _ => {}
    }
}

fn at(numbers: &[u64], position: usize) -> u64 {
    numbers.get(position).copied().unwrap_or(0)
}

/// What POSSIBLY let into counts and groups, where no row can be marked.
fn let_in(rows: Option<&Counts>, surely: Option<u64>) -> Option<String> {
    let count = rows?.certain.checked_sub(surely?).filter(|count| *count > 0)?;
    Some(format!("{} possible only (POSSIBLY)", counted(count, "of these is", "of these are")))
}

/// "10 more are possible: date too vague; 3 more: format unknown"
fn undecided(counts: &Counts) -> Option<String> {
    let mut text = String::new();
    for (cause, count) in counts.undecided.iter().filter(|(_, count)| *count > 0) {
        if text.is_empty() {
            let are = if *count == 1 { "is" } else { "are" };
            text = format!("{count} more {are} possible: {cause}");
        } else {
            text.push_str(&format!("; {count} more: {cause}"));
        }
    }
    (!text.is_empty()).then_some(text)
}

/// "21 meetings, 24 in groups"
fn overlap(query: &BoundQuery, rows: Option<&Counts>, in_groups: u64) -> Option<String> {
    let Shape::Groups(groups) = &query.shape else { return None };
    let certain = rows?.certain;
    let noun = query.noun.noun();
    let total = counted(certain, noun.singular, noun.name);
    if groups.having.is_some() {
        return Some(format!("{total} before HAVING"));
    }
    if in_groups == certain { Some(total) } else { Some(format!("{total}, {in_groups} in groups")) }
}

fn asks_possible(query: &BoundQuery) -> bool {
    matches!(&query.shape, Shape::Groups(groups) if groups.having.is_some())
}

fn cut_off(query: &BoundQuery, count: u64, shown: &Shown<'_>) -> Option<String> {
    if shown.delivered < shown.given {
        return Some(format!("the first {} are shown: --max-rows", shown.delivered));
    }
    let limited = query.limit.is_some() && shown.given < count;
    limited.then(|| format!("{} of {count} shown: LIMIT", shown.given))
}

/// For a condition that a stay lies within days: that it reaches into them and surely does not lie within.
fn touching(condition: &Condition, noun: NounId) -> Option<Condition> {
    match condition {
        Condition::Possibly(inner) | Condition::Certainly(inner) => touching(inner, noun),
        Condition::Date { relation, date, first, last } if *relation != DateRelation::Overlaps => {
            let Scalar::When(at) = date else { return None };
            if at.row != 0 || !at.steps.is_empty() || noun.noun().when != When::Own {
                return None;
            }
            let (first, last) = match relation {
                DateRelation::Since => (*first, None),
                DateRelation::After => (last.map(|edge| edge.plus(1)), None),
                DateRelation::Before => (None, first.map(|edge| edge.plus(-1))),
                DateRelation::Until => (None, *last),
                _ => (*first, *last),
            };
            let overlaps = Condition::Date { relation: DateRelation::Overlaps, date: date.clone(), first, last };
            let within = Condition::Possibly(Box::new(condition.clone()));
            Some(Condition::And(vec![overlaps, Condition::Not(Box::new(within))]))
        }
        _ => None,
    }
}

/// Whether a condition says of leaders that they did not take part.
fn denies_leader(condition: &Condition, negated: bool) -> bool {
    let leader = |thing: &Thing| thing.noun == NounId::Leaders;
    match condition {
        Condition::And(parts) | Condition::Or(parts) => parts.iter().any(|part| denies_leader(part, negated)),
        Condition::Not(inner) => denies_leader(inner, !negated),
        Condition::Possibly(inner) | Condition::Certainly(inner) => denies_leader(inner, negated),
        Condition::Quantified { quantifier, condition, .. } => {
            denies_leader(condition, negated ^ (*quantifier == Quantifier::No))
        }
        Condition::Related { thing, .. } => negated && leader(thing),
        Condition::Party { thing, .. } => negated && leader(thing),
        Condition::Is { things, .. } => negated && things.iter().any(leader),
        Condition::Compare { operator: CompareOperator::NotEqual, left, .. } => {
            matches!(left, Scalar::Entity(path) if matches!(path.noun, NounId::Leaders | NounId::Participants))
        }
        _ => false,
    }
}

/// Some participant of the row, or of one of its meetings, has no known leader.
fn has_unnamed_party(query: &BoundQuery) -> Option<Condition> {
    /// Far from the numbers of any query's rows.
    const ROW: usize = 1 << 41;
    let own = query.noun.noun().link("participants").is_some();
    let links: &[&str] = if own { &["participants"] } else { &["meetings", "participants"] };
    let mut at = PathRef::row(0, query.noun);
    let mut elements = Vec::new();
    for (row, name) in (ROW..).zip(links) {
        let link = at.noun.noun().link(name)?;
        let base = std::mem::replace(&mut at, PathRef::row(row, link.to));
        let element = Element::reached(row, base, Step { link, as_of: None });
        elements.push(Element { held: element.held && !own, ..element });
    }
    let condition = Box::new(Condition::IsUnknown(Scalar::Entity(at.along("leader")?)));
    Some(Condition::Quantified { quantifier: Quantifier::Any, elements, condition })
}
