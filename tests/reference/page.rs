//! `grammar/reference.md`: every entry with how it is written, an example with its answer, a mistake with its message.

use bilat::answer::{Answer, Cell, plain};
use bilat::assist::reference::{Entry, SECTIONS, Section, production};
use bilat::bind::phrase::PHRASES;
use bilat::catalog::{Kind, NOUNS, Noun, Vocabulary, When};
use bilat::present::{self, Format, Style};
use bilat::session::Session;
use bilat::span::Source;
use std::collections::BTreeSet;

const HEAD: &str = "\
# Reference of the language

Each part of the language: how it is written, what it means, an example with its answer, and a mistake that is often made
with its message. The examples ask the file that is inside the program; `.help TOPIC` at the prompt shows the same on the
file that is open. This page is made from the program's own tables by `UPDATE=1 cargo test`: change those, not the page.

The language on one page is in the [README](../README.md), its exact syntax in [bilat.ebnf](bilat.ebnf), and its messages
are in the [index of errors](errors.md). `Word`, `Text`, `Date` and the other terminals of the productions are described at
the top of the grammar.
";

pub fn page(session: &Session) -> String {
    let mut page = HEAD.to_string();
    page.push_str(&contents());
    for section in SECTIONS {
        page.push_str(&format!("\n## {}\n\n{}\n", section.title, section.about));
        page.push_str(&productions(section.productions));
        for entry in section.entries {
            page.push_str(&told(session, entry));
        }
        if section.entries.iter().any(|entry| entry.noun().is_some()) {
            page.push_str(&vocabularies());
        }
    }
    page
}

/// Each section with links to its entries.
fn contents() -> String {
    let mut seen = BTreeSet::new();
    let mut link = |title: &str, shown: &str| {
        let place = anchor(title);
        assert!(seen.insert(place.clone()), "two headings lead to #{place}");
        format!("[{shown}](#{place})")
    };
    let mut lines = String::new();
    for Section { title, entries, .. } in SECTIONS {
        let head = link(title, title);
        let names: Vec<String> = entries.iter().map(|entry| link(entry.name, entry.name)).collect();
        lines.push_str(&format!("\n- **{head}**: {}", names.join(", ")));
    }
    lines.push('\n');
    lines
}

/// Where a heading is found in a page.
fn anchor(title: &str) -> String {
    let kept = title.to_lowercase();
    kept.chars().filter(|c| c.is_alphanumeric() || matches!(c, ' ' | '_' | '-')).collect::<String>().replace(' ', "-")
}

fn told(session: &Session, entry: &Entry) -> String {
    let mut told = format!("\n### {}\n\n{}\n", entry.name, whole(&entry.sentence()));
    match entry.noun() {
        Some(noun) => told.push_str(&members(session, noun)),
        None if entry.productions.is_empty() => {
            let forms: Vec<String> = entry.forms().iter().map(|form| format!("`{form}`")).collect();
            if !forms.is_empty() {
                told.push_str(&format!("\nIt is written {}.\n", forms.join(" or ")));
            }
        }
        None => told.push_str(&productions(entry.productions)),
    }
    told.push_str(&fenced("bilat", entry.example));
    told.push_str(&fenced("text", &answer(session, entry.example)));
    if let Some(mistake) = entry.mistake {
        told.push_str("\nNot so:\n");
        told.push_str(&fenced("bilat", mistake));
        told.push_str(&fenced("text", &messages(session, mistake)));
    }
    told
}

/// A sentence with its capital and its full stop.
fn whole(sentence: &str) -> String {
    let mut letters = sentence.chars();
    letters.next().map(|first| format!("{}{}.", first.to_uppercase(), letters.as_str())).unwrap_or_default()
}

fn productions(names: &[&str]) -> String {
    if names.is_empty() {
        return String::new();
    }
    fenced("ebnf", &names.iter().map(|name| production(name).unwrap()).collect::<Vec<_>>().join("\n"))
}

fn fenced(language: &str, text: &str) -> String {
    format!("\n```{language}\n{}\n```\n", text.trim_end())
}

/// What a terminal would show, without colours and without an edge.
fn answer(session: &Session, text: &str) -> String {
    let statements = session.compile(text).unwrap_or_else(|mistakes| panic!("{text}: {mistakes:#?}"));
    let answers = statements.iter().map(|statement| {
        let (mut out, mut notes) = (Vec::new(), Vec::new());
        let mut sink = present::renderer(Format::Table, &mut out, &mut notes, Style::default());
        session.run(statement, sink.as_mut()).unwrap();
        drop(sink);
        String::from_utf8(out).unwrap()
    });
    answers.filter(|answer| !answer.is_empty()).collect::<Vec<_>>().join("\n")
}

fn messages(session: &Session, text: &str) -> String {
    let mistakes = session.compile(text).err().unwrap_or_default();
    present::diagnostic::render(&mistakes, Some(&Source::new("query", text)), Style::default())
}

/// What DESCRIBE tells of a noun, and the phrases that it takes.
fn members(session: &Session, noun: &Noun) -> String {
    let mut answer = Answer::default();
    let statements = session.compile(&format!("DESCRIBE {}", noun.name)).unwrap();
    session.run(&statements[0], &mut answer).unwrap();
    let mut table = "\n| name | holds | what it is |\n|---|---|---|\n".to_string();
    for row in answer.rows {
        let cells: Vec<String> = row.cells.iter().map(|cell: &Cell| plain(cell, ", ").unwrap_or_default()).collect();
        table.push_str(&format!("| `{}` | {} | {} |\n", cells[0], cells[1], cells[2]));
    }
    let phrases = PHRASES.iter().filter(|rule| rule.nouns.contains(&noun.id)).map(|rule| rule.keyword);
    let dated = (noun.when != When::Never).then_some("date phrases");
    let taken: Vec<&str> = phrases.chain(dated).collect();
    let taken = if taken.is_empty() { "none".to_string() } else { taken.join(", ") };
    table.push_str(&format!("\nPhrases: {taken}. Shown without SELECT: {}.\n", noun.default_columns.join(", ")));
    table
}

/// Every closed list with its words, once.
fn vocabularies() -> String {
    let mut told =
        "\n### Words of closed lists\n\nA word that is not in the list of its attribute is a mistake.\n".to_string();
    let mut lists: Vec<(&Vocabulary, Vec<String>)> = Vec::new();
    for noun in NOUNS {
        for attribute in noun.attributes {
            let Kind::Word(list) = attribute.kind else { continue };
            let holder = format!("`{}` of {}", attribute.name, noun.name);
            match lists.iter_mut().find(|(known, _)| *known == list) {
                Some((_, holders)) => holders.push(holder),
                None => lists.push((list, vec![holder])),
            }
        }
    }
    for (list, holders) in lists {
        let words: Vec<String> = list.words.iter().map(|(word, says)| format!("| `{word}` | {says} |\n")).collect();
        told.push_str(&format!("\n{}:\n\n| word | says |\n|---|---|\n{}", holders.join(", "), words.concat()));
    }
    told
}
