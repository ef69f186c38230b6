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

/// A text in single quotes, as a query writes it.
pub fn quote(text: &str) -> String {
    format!("'{}'", text.replace('\'', "''"))
}
