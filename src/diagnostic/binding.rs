//! Messages of the binder (B…): the statement is well formed, but its names, types or dates do not fit.

use super::Diagnostic;
use crate::span::Span;

/// Every code of this stage with its title.
pub const CODES: &[(&str, &str)] = &[
    ("B201", "no such noun"),
    ("B202", "no such attribute or link"),
    ("B203", "something after an attribute"),
    ("B204", "no such function"),
    ("B205", "a function with other arguments"),
    ("B206", "an aggregate where rows are chosen"),
    ("B207", "a value that is not grouped"),
    ("B208", "a to-many path where one value is due"),
    ("B209", "a quantifier over a to-one path"),
    ("B210", "counterparts of nobody"),
    ("B211", "a name that is not in the data"),
    ("B212", "a name that means several things"),
    ("B213", "a name of another kind"),
    ("B214", "a kind word that does not fit"),
    ("B215", "a phrase on a noun that does not take it"),
    ("B216", "too many participants for a pair"),
    ("B217", "a word outside a closed vocabulary"),
    ("B218", "two values that cannot be compared"),
    ("B219", "an order where there is none"),
    ("B220", "a value where a condition is due"),
    ("B221", "not a date"),
    ("B222", "a period that is open at the side that counts"),
    ("B223", "text operation on something else"),
    ("B224", "arithmetic with something else than numbers"),
    ("B225", "DISTINCT beside groups"),
    ("B226", "HAVING without groups"),
    ("B227", "an aggregate inside an aggregate"),
    ("B228", "a name compared in HAVING"),
    ("B229", "a noun whose rows have no names"),
    ("B230", "too many names after WITH"),
    ("B231", "a parameter without a value"),
    ("B232", "today is not known"),
    ("B233", "something without a date where one is due"),
    ("B234", "a vague date where days are compared by month"),
    ("B235", "outer outside of a query in brackets"),
    ("B236", "more than rows in a query in brackets"),
    ("B237", "a relation on a noun that has none"),
    ("B238", "a second publication after ACCORDING TO"),
    ("B239", "a query where a value is due"),
    ("B240", "a function of rows among others where rows are chosen or grouped"),
    ("B241", "a function of dates on rows without one"),
    ("B242", "not a number of rows"),
    ("B243", "not a claim"),
    ("B244", "LIMIT inside a claim"),
    ("B245", "a claim over more than one column"),
    ("B246", "a name that LET cannot give"),
    ("B247", "ACROSS or ZEROS where they cannot stand"),
    ("B251", "a second name behind a relation"),
    ("B250", "an attribute in quotes"),
    ("B249", "named queries that build on each other without end"),
    ("B248", "AS OF after other statements, or without one day"),
    ("B252", "a chart of what none can show"),
    ("B253", "no query before that could be asked on"),
];

/// `a`, `b` or `c`.
pub fn any_of<S: AsRef<str>>(words: &[S]) -> String {
    match words {
        [] => String::new(),
        [one] => one.as_ref().to_string(),
        [rest @ .., last] => {
            let rest: Vec<&str> = rest.iter().map(AsRef::as_ref).collect();
            format!("{} or {}", rest.join(", "), last.as_ref())
        }
    }
}

/// "a leader", "an event".
pub fn with_article(word: &str) -> String {
    let article = if word.starts_with(['a', 'e', 'i', 'o', 'u']) { "an" } else { "a" };
    format!("{article} {word}")
}

fn patched(diagnostic: Diagnostic, span: Span, near: &[String]) -> Diagnostic {
    let diagnostic = diagnostic.suggest(near.to_vec());
    match near {
        [only] => diagnostic.patch(span, only.clone()),
        _ => diagnostic,
    }
}

pub fn no_such_noun(span: Span, word: &str, near: &[String], all: &[&str]) -> Diagnostic {
    let diagnostic =
        Diagnostic::new("B201", format!("there is no noun '{word}' to query")).at(span).label("not a noun");
    patched(diagnostic, span, near).note(format!("the nouns are {}", all.join(", ")))
}

pub fn no_such_member(span: Span, word: &str, noun: &str, near: &[String], all: &[&str]) -> Diagnostic {
    let diagnostic = Diagnostic::new("B202", format!("{noun} have no attribute or link '{word}'"))
        .at(span)
        .label(format!("not known of {noun}"));
    patched(diagnostic, span, near).note(format!("{noun} have {}", all.join(", ")))
}

pub fn bare_name(span: Span, word: &str, noun: &str) -> Diagnostic {
    Diagnostic::new("B202", format!("{noun} have no attribute or link '{word}'; a name in the data takes quotes"))
        .at(span)
        .label("a name without quotes")
        .suggest([format!("'{word}'")])
        .patch(span, format!("'{word}'"))
}

pub fn after_attribute(span: Span, attribute: &str, word: &str) -> Diagnostic {
    Diagnostic::new("B203", format!("'{attribute}' is a value of its own: nothing can follow it"))
        .at(span)
        .label(format!("'{word}' follows an attribute"))
        .note("a dot leads on only from a link")
}

pub fn no_such_function(span: Span, word: &str, near: &[String], all: &[&str]) -> Diagnostic {
    let diagnostic = Diagnostic::new("B204", format!("there is no function '{word}'")).at(span).label("not a function");
    patched(diagnostic, span, near).note(format!("the functions are {}", all.join(", ")))
}

pub fn wrong_arguments(span: Span, function: &str, form: &str) -> Diagnostic {
    Diagnostic::new("B205", format!("{function} is written {form}")).at(span).label("other arguments").suggest([form])
}

pub fn aggregate_in_where(span: Span, function: &str) -> Diagnostic {
    Diagnostic::new("B206", format!("{function}() speaks of a group, but here single rows are chosen"))
        .at(span)
        .label("an aggregate")
        .note("conditions on groups stand after GROUP BY, in HAVING")
}

pub fn not_grouped(span: Span, text: &str, at: Option<usize>, first: bool) -> Diagnostic {
    let diagnostic = Diagnostic::new("B207", format!("'{text}' is neither an aggregate nor one of the groups"))
        .at(span)
        .label("has many values in one group")
        .note(format!("group by it too, or show all of its values: list({text})"));
    match at {
        Some(offset) if first => diagnostic.patch(Span::at(offset), format!(" GROUP BY {text}")),
        Some(offset) => diagnostic.patch(Span::at(offset), format!(", {text}")),
        None => diagnostic,
    }
}

pub fn many_values(span: Span, text: &str, place: &str, from: &str, link: &str) -> Diagnostic {
    Diagnostic::new("B208", format!("'{text}' has many values for each row, but {place} takes one"))
        .at(span)
        .label(format!("leads along '{link}' to many rows"))
        .note(format!("count from them instead: FROM {from}"))
}

pub fn quantified_one(span: Span, path: &str, keyword: &str) -> Diagnostic {
    Diagnostic::new("B209", format!("'{path}' leads to one row at most, so {keyword} says nothing"))
        .at(span)
        .label("a to-one path")
        .note(format!("write the condition on it directly: {path}.…"))
}

pub fn counterparts_of_nobody(span: Span, noun: &str) -> Diagnostic {
    let diagnostic = Diagnostic::new("B210", "counterparts of whom?").at(span).label("needs a WITH phrase");
    if noun == "meetings" || noun == "events" {
        diagnostic
            .note("counterparts are the participants other than the first name after WITH: FROM meetings WITH Putin")
    } else {
        diagnostic.note(format!("{noun} have no counterparts; meetings and events WITH somebody have"))
    }
}

pub fn name_not_found(span: Span, name: &str, kinds: &[&str], near: &[String]) -> Diagnostic {
    let diagnostic =
        Diagnostic::new("B211", format!("no {} is called '{name}'", any_of(kinds))).at(span).label("not in this file");
    let quoted: Vec<String> = near.iter().map(|name| quote(name)).collect();
    patched(diagnostic, span, &quoted)
}

pub fn ambiguous_name(span: Span, name: &str, found: &[(String, String)]) -> Diagnostic {
    let kinds_differ = found.iter().any(|(kind, _)| *kind != found[0].0);
    let shown: Vec<String> = found.iter().take(8).map(|(kind, label)| format!("{label} ({kind})")).collect();
    let more = found.len().saturating_sub(8);
    let more = if more > 0 { format!(" and {more} more") } else { String::new() };
    let suggestions: Vec<String> = found
        .iter()
        .take(8)
        .map(|(kind, label)| if kinds_differ { format!("{kind} {}", quote(label)) } else { quote(label) })
        .collect();
    Diagnostic::new("B212", format!("'{name}' may mean several: {}{more}", shown.join(", ")))
        .at(span)
        .label("which one?")
        .suggest(suggestions)
}

pub fn name_of_other_kind(span: Span, name: &str, is: &str, kinds: &[&str]) -> Diagnostic {
    Diagnostic::new(
        "B213",
        format!("'{name}' is {}, but here {} is due", with_article(is), with_article(&any_of(kinds))),
    )
    .at(span)
    .label(with_article(is))
}

pub fn wrong_kind_word(span: Span, word: &str, kinds: &[&str], near: &[String]) -> Diagnostic {
    let diagnostic = Diagnostic::new("B214", format!("'{word}' before a name is not one of {}", any_of(kinds)))
        .at(span)
        .label("says what kind of thing is meant");
    patched(diagnostic, span, near)
}

pub fn phrase_not_taken(span: Span, phrase: &str, noun: &str, takers: &[&str], instead: Option<&str>) -> Diagnostic {
    let diagnostic = Diagnostic::new("B215", format!("{noun} take no {phrase}"))
        .at(span)
        .label(format!("{phrase} goes with {}", any_of(takers)));
    match instead {
        Some(instead) => diagnostic.suggest([instead]).patch(span, instead),
        None => diagnostic,
    }
}

pub fn too_many_names(span: Span, most: usize) -> Diagnostic {
    Diagnostic::new("B230", format!("WITH takes {most} different participants at most"))
        .at(span)
        .label("one name too many")
        .note("of several in brackets any one will do: WITH (a OR b OR c)")
}

pub fn too_many_for_a_pair(span: Span) -> Diagnostic {
    Diagnostic::new("B216", "a pair has two participants, so no third can take part")
        .at(span)
        .label("one name too many")
        .note("FROM meetings WITH takes any number of names")
}

pub fn not_in_vocabulary(span: Span, word: &str, vocabulary: &str, near: &[String], all: &[&str]) -> Diagnostic {
    let near: Vec<String> = near.iter().map(|word| quote(word)).collect();
    let diagnostic = Diagnostic::new("B217", format!("'{word}' is no {vocabulary}")).at(span).label("not in the list");
    patched(diagnostic, span, &near).note(format!("the words are {}", all.join(", ")))
}

pub fn not_comparable(span: Span, left: &str, right: &str) -> Diagnostic {
    Diagnostic::new("B218", format!("{left} cannot be compared with {right}"))
        .at(span)
        .label(format!("{left} and {right}"))
}

pub fn two_literals(span: Span, left: &str, right: &str) -> Diagnostic {
    Diagnostic::new("B218", format!("{left} is compared with {right}, and with nothing in the data"))
        .at(span)
        .label("both written out")
        .note("one side of a comparison is an attribute or a link, without quotes")
}

pub fn no_order(span: Span, what: &str) -> Diagnostic {
    Diagnostic::new("B219", format!("{what} has no before and after: only = and != compare it"))
        .at(span)
        .label("no order here")
}

pub fn not_a_condition(span: Span, text: &str) -> Diagnostic {
    Diagnostic::new("B220", format!("'{text}' is a value, not a condition"))
        .at(span)
        .label("compare it with something")
        .note("conditions are comparisons (=, <, LIKE …), IS UNKNOWN, and ANY, EVERY, NO")
}

pub fn not_a_date(span: Span, text: &str, why: &str) -> Diagnostic {
    Diagnostic::new("B221", format!("'{text}' is not a date: {why}"))
        .at(span)
        .label(why)
        .note("dates are written 2024, 2024-05, 2024-05-16, 2024-Q2, 2024-W20, or from..to")
}

pub fn open_period(span: Span, side: &str) -> Diagnostic {
    Diagnostic::new("B222", format!("this period has no {side}, and the comparison needs one"))
        .at(span)
        .label(format!("no {side}"))
}

pub fn not_text(span: Span, operation: &str, what: &str) -> Diagnostic {
    Diagnostic::new("B223", format!("{operation} works on text, and this is {what}")).at(span).label(what)
}

pub fn not_a_number(span: Span, what: &str) -> Diagnostic {
    Diagnostic::new("B224", format!("this takes numbers, and here is {what}")).at(span).label(what)
}

/// `blank` is the word with the blank behind it.
pub fn distinct_beside_groups(span: Span, blank: Span) -> Diagnostic {
    Diagnostic::new("B225", "DISTINCT says nothing beside GROUP BY: each group is shown once")
        .at(span)
        .label("not needed")
        .patch(blank, "")
}

pub fn having_without_groups(span: Span) -> Diagnostic {
    Diagnostic::new("B226", "HAVING chooses groups, and this query has none")
        .at(span)
        .label("no groups")
        .note("conditions on rows stand in WHERE")
}

pub fn nested_aggregate(span: Span, function: &str) -> Diagnostic {
    Diagnostic::new("B227", format!("{function}() stands inside another aggregate"))
        .at(span)
        .label("an aggregate in an aggregate")
}

pub fn name_in_having(span: Span) -> Diagnostic {
    Diagnostic::new("B228", "a condition on names chooses rows, not groups").at(span).label("belongs in WHERE")
}

pub fn nameless_noun(span: Span, noun: &str) -> Diagnostic {
    Diagnostic::new("B229", format!("{noun} have no names to compare with"))
        .at(span)
        .label("has no name")
        .note("follow the path on to something that has one, or compare its attributes")
}

pub fn no_parameter(span: Span, name: &str, known: &[&str]) -> Diagnostic {
    let near: Vec<String> =
        crate::suggest::nearest(name, known.iter().copied()).into_iter().map(|n| format!("${n}")).collect();
    let diagnostic = Diagnostic::new("B231", format!("${name} has no value")).at(span).label("a parameter");
    patched(diagnostic, span, &near)
        .note(format!("LET ${name} = …; before it gives one, or --param {name}=… on the command line"))
}

pub fn no_today(span: Span) -> Diagnostic {
    Diagnostic::new("B232", "no day is given that today could be: a query means the same on every day")
        .at(span)
        .label("which day?")
        .note("AS OF 2024-07-10; at the beginning gives it, or --as-of 2024-07-10 on the command line")
}

pub fn no_date_of(span: Span, kind: &str) -> Diagnostic {
    Diagnostic::new("B233", format!("{} has no date that could stand here", with_article(kind)))
        .at(span)
        .label("not an event")
        .note("event 'name' stands for the days of an event")
}

pub fn vague_period(span: Span) -> Diagnostic {
    Diagnostic::new("B234", "the days of this are not exactly known, and months, quarters and weeks need them")
        .at(span)
        .label("vague")
        .note("compare the date itself: its bounds are weighed then")
}

pub fn no_outer(span: Span) -> Diagnostic {
    Diagnostic::new("B235", "outer speaks of the row outside of a query in brackets, and here is none")
        .at(span)
        .label("nothing outside")
        .note("WHERE EXISTS (FROM visits WHERE leader = outer)")
}

pub fn only_rows_inside(span: Span) -> Diagnostic {
    Diagnostic::new("B236", "EXISTS and NONE ask for rows: nothing is grouped, cut or cited inside")
        .at(span)
        .label("not in here")
}

pub fn only_rows_named(span: Span) -> Diagnostic {
    Diagnostic::new("B236", "LET names rows: they are grouped, cut and cited where the name is used")
        .at(span)
        .label("not in here")
}

pub fn relation_not_taken(span: Span, keyword: &str, noun: &str, takers: &[&str]) -> Diagnostic {
    Diagnostic::new("B237", format!("{keyword} speaks of {}, not of {noun}", any_of(takers)))
        .at(span)
        .label(format!("{noun} have not {}", keyword.to_lowercase()))
        .note("from other nouns: ANY path (…), or EXISTS (FROM …)")
}

pub fn two_publications(span: Span) -> Diagnostic {
    Diagnostic::new("B238", "rows are told by one publication at a time")
        .at(span)
        .label("a second one")
        .note("SELECT publication, date, place FROM accounts shows them side by side")
}

pub fn query_as_value(span: Span) -> Diagnostic {
    Diagnostic::new("B239", "a query in brackets is a value in ASSERT only")
        .at(span)
        .label("a query")
        .note("conditions on rows take EXISTS (FROM …), NONE (FROM …), ANY path (…) and size(path)")
}

pub fn window_in_condition(span: Span, function: &str) -> Diagnostic {
    Diagnostic::new("B240", format!("{function}() is counted over the rows chosen, so it cannot choose them"))
        .at(span)
        .label("belongs in SELECT or ORDER BY")
}

pub fn window_in_groups(span: Span, function: &str) -> Diagnostic {
    Diagnostic::new("B240", format!("{function}() is counted from row to row, and here are groups"))
        .at(span)
        .label("no rows here")
        .note("without GROUP BY: gap(PER path), rank(PER path); in groups: first(path), last(path), days(min(date), max(date))")
}

pub fn no_dates(span: Span, function: &str, noun: &str) -> Diagnostic {
    Diagnostic::new("B241", format!("{function}() goes by dates, and {noun} have none")).at(span).label("no dates")
}

pub fn no_count(span: Span, text: &str) -> Diagnostic {
    Diagnostic::new("B242", format!("'{text}' is not a number of rows")).at(span).label("not a whole number")
}

const CLAIMS: &str =
    "count(FROM …) > 20, (SELECT …) = …, EXISTS (FROM …) and NONE (FROM …) are claims, joined by AND, OR, NOT";

pub fn not_a_claim(span: Span, text: &str) -> Diagnostic {
    Diagnostic::new("B243", format!("'{text}' is not a claim that holds or fails"))
        .at(span)
        .label("no claim")
        .note(CLAIMS)
}

pub fn not_a_measure(span: Span, text: &str) -> Diagnostic {
    Diagnostic::new("B243", format!("'{text}' is nothing that a claim can rest on"))
        .at(span)
        .label("no query, number or date")
        .note(CLAIMS)
}

pub fn only_count(span: Span, function: &str) -> Diagnostic {
    Diagnostic::new("B243", format!("{function}() takes no query; count() does"))
        .at(span)
        .label("not of a query")
        .note("(SELECT max(date) FROM …) is a query's value")
        .suggest(["count"])
}

pub fn limit_in_claim(span: Span) -> Diagnostic {
    Diagnostic::new("B244", "LIMIT would cut off rows on which the verdict rests").at(span).label("not in a claim")
}

pub fn one_column(span: Span) -> Diagnostic {
    Diagnostic::new("B245", "a query whose values are compared shows one column")
        .at(span)
        .label("several columns")
        .note("(SELECT count(DISTINCT counterparts) FROM …)")
}

pub fn name_of_a_noun(span: Span, name: &str) -> Diagnostic {
    Diagnostic::new("B246", format!("{name} is a noun of the language")).at(span).label("taken")
}

pub fn across_of_a_group(span: Span) -> Diagnostic {
    Diagnostic::new("B247", "these values are groups already").at(span).label("in GROUP BY too")
}

pub fn across_in_claim(span: Span) -> Diagnostic {
    Diagnostic::new("B247", "ACROSS is for tables that are read; a claim takes groups").at(span).label("not in a claim")
}

pub fn across_order(span: Span, text: &str) -> Diagnostic {
    Diagnostic::new("B247", format!("'{text}' is different in each column that ACROSS makes"))
        .at(span)
        .label("cannot sort rows")
        .note("sort by a group, or leave ACROSS out")
}

pub fn across_shown(span: Span) -> Diagnostic {
    Diagnostic::new("B247", "what follows ACROSS makes the columns; it is not one of them")
        .at(span)
        .label("shown already")
}

pub fn zeros_unknown(span: Span, text: &str) -> Diagnostic {
    Diagnostic::new("B247", format!("ZEROS cannot tell which values '{text}' could have"))
        .at(span)
        .label("an open list")
        .note("it knows months and other periods, closed lists of words, and nouns with names")
}

pub fn quoted_member(span: Span, name: &str, noun: &str) -> Diagnostic {
    Diagnostic::new(
        "B250",
        format!("'{name}' in quotes is a text, the same in each row; {noun} have {name} without quotes"),
    )
    .at(span)
    .label("a text")
    .suggest([name])
    .patch(span, name)
}

pub fn one_name_each(span: Span, relation: &str, name: &str) -> Diagnostic {
    let right = format!("{relation} {name}");
    Diagnostic::new("B251", format!("{relation} takes one name; the next one takes the word again"))
        .at(span)
        .label("a name alone")
        .suggest([right.clone()])
        .patch(span, right)
}

pub fn too_large(span: Span, most: usize) -> Diagnostic {
    Diagnostic::new("B249", format!("with the named queries put in, this has more than {most} parts"))
        .at(span)
        .label("too large")
        .note("each use of a name puts its whole query in")
}

/// `shown` is what the answer shows instead of dates or of groups with numbers.
pub fn nothing_to_draw(span: Span, shown: &str) -> Diagnostic {
    Diagnostic::new("B252", format!("there is nothing to draw: {shown}"))
        .at(span)
        .label("no chart of that")
        .note("a chart shows dated rows on a line of time, or a number for each group: GROUP BY … with count()")
}

pub fn chart_inside(span: Span) -> Diagnostic {
    Diagnostic::new("B252", "CHART draws a whole answer, not a query inside another").at(span).label("not in here")
}

pub fn no_query_before(span: Span) -> Diagnostic {
    Diagnostic::new("B253", "last is the query before this one, and there is none").at(span).label("nothing before it")
}

/// `clause` is the one that keeps rows out of the answer.
pub fn last_was_cut(span: Span, clause: &str) -> Diagnostic {
    Diagnostic::new("B253", format!("the query before ends with {clause}, so its rows cannot be asked again"))
        .at(span)
        .label(format!("cut by {clause}"))
        .note(format!("ask it without {clause} first, or write the conditions here"))
}

pub fn changed_since(span: Span, name: &str, parameter: &str) -> Diagnostic {
    Diagnostic::new("B253", format!("${parameter} in {name} was given another value since"))
        .at(span)
        .label("with which value?")
        .note(format!("write the query again, or give the second value another name than ${parameter}"))
}

pub fn last_is_taken(span: Span) -> Diagnostic {
    Diagnostic::new("B246", "last is the query before, whichever it is").at(span).label("taken")
}

pub fn as_of_later(span: Span) -> Diagnostic {
    Diagnostic::new("B248", "AS OF speaks for a whole text, so it is its first statement").at(span).label("too late")
}

pub fn not_one_day(span: Span) -> Diagnostic {
    Diagnostic::new("B248", "AS OF takes one day, written out").at(span).label("not one day").note("AS OF 2024-07-10;")
}

/// A text in single quotes, as a query writes it.
pub fn quote(text: &str) -> String {
    format!("'{}'", text.replace('\'', "''"))
}
