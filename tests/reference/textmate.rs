//! A reader of TextMate grammars, as far as ours needs it, and what ours makes of every query there is.

use super::editor;
use bilat::assist::reference::entries;
use bilat::syntax::token::TokenKind;
use bilat::syntax::tokens;
use fancy_regex::Regex;
use serde_json::Value;
use std::collections::BTreeMap;
use std::ops::Range;

/// What fits at a place of a line.
enum Pattern {
    Match {
        regex: Regex,
        name: String,
        captures: BTreeMap<usize, String>,
    },
    /// From one to the other, over several lines if need be.
    Block {
        begin: Regex,
        end: Regex,
        name: String,
        inner: Vec<Pattern>,
    },
}

impl Pattern {
    fn regex(&self) -> &Regex {
        match self {
            Pattern::Match { regex, .. } => regex,
            Pattern::Block { begin, .. } => begin,
        }
    }
}

fn patterns(grammar: &Value, list: &Value) -> Vec<Pattern> {
    let mut all = Vec::new();
    for pattern in list.as_array().into_iter().flatten() {
        let text = |key: &str| pattern[key].as_str().unwrap_or_default().to_string();
        let regex = |key: &str| Regex::new(&text(key)).unwrap_or_else(|error| panic!("{}: {error}", text(key)));
        if let Some(part) = pattern["include"].as_str() {
            let part = &grammar["repository"][part.trim_start_matches('#')];
            assert!(part.is_object(), "{pattern} leads nowhere");
            all.extend(patterns(grammar, &part["patterns"]));
        } else if pattern["begin"].is_string() {
            let inner = patterns(grammar, &pattern["patterns"]);
            all.push(Pattern::Block { begin: regex("begin"), end: regex("end"), name: text("name"), inner });
        } else {
            assert!(pattern["match"].is_string(), "{pattern} matches nothing");
            let captures = pattern["captures"].as_object().into_iter().flatten();
            let captures =
                captures.map(|(number, of)| (number.parse().unwrap(), of["name"].as_str().unwrap().to_string()));
            let captures = captures.collect();
            all.push(Pattern::Match { regex: regex("match"), name: text("name"), captures });
        }
    }
    all
}

/// The scope of each byte, line by line as editors read.
fn scopes<'p>(patterns: &'p [Pattern], text: &str) -> Vec<&'p str> {
    let mut scopes = vec![""; text.len()];
    let mut open: Option<(&Regex, &str, &[Pattern])> = None;
    let mut start = 0;
    for line in text.split_inclusive('\n') {
        let mut at = 0;
        loop {
            let (all, outside) = open.map_or((patterns, ""), |(_, name, inner)| (inner, name));
            let mut found: Option<(Range<usize>, Option<&Pattern>)> = None;
            let closing = open.and_then(|(end, ..)| end.find_from_pos(line, at).unwrap());
            let mut offer = |range: Range<usize>, pattern| {
                if found.as_ref().is_none_or(|(first, _)| range.start < first.start) {
                    found = Some((range, pattern));
                }
            };
            closing.into_iter().for_each(|closing| offer(closing.range(), None));
            for pattern in all {
                if let Some(fits) = pattern.regex().find_from_pos(line, at).unwrap() {
                    offer(fits.range(), Some(pattern));
                }
            }
            let Some((range, pattern)) = found else {
                scopes[start + at..start + line.len()].fill(outside);
                break;
            };
            assert!(range.end > at, "nothing is taken in {line}");
            scopes[start + at..start + range.start].fill(outside);
            let place = |range: Range<usize>| start + range.start..start + range.end;
            match pattern {
                None => {
                    scopes[place(range.clone())].fill(outside);
                    open = None;
                }
                // What is in a text belongs to the text.
                Some(Pattern::Match { .. }) if open.is_some() => scopes[place(range.clone())].fill(outside),
                Some(Pattern::Match { regex, name, captures }) => {
                    scopes[place(range.clone())].fill(name);
                    let parts = regex.captures_from_pos(line, at).unwrap().unwrap();
                    for (number, name) in captures {
                        parts.get(*number).into_iter().for_each(|part| scopes[place(part.range())].fill(name));
                    }
                }
                Some(Pattern::Block { end, name, inner, .. }) => {
                    scopes[place(range.clone())].fill(name);
                    open = Some((end, name, inner));
                }
            }
            at = range.end;
        }
        start += line.len();
    }
    scopes
}

/// The blanks and comments between tokens, which are no tokens themselves.
fn comments(text: &str) -> Vec<Range<usize>> {
    let mut at = 0;
    let mut between = Vec::new();
    for token in tokens(text) {
        between.push(at..token.span.start);
        at = token.span.end;
    }
    between
}

/// Every place where the scope is not that of the token there.
fn faults(patterns: &[Pattern], text: &str) -> Vec<String> {
    let scopes = scopes(patterns, text);
    let mut faults = Vec::new();
    for token in tokens(text) {
        let wanted: &[&str] = match token.kind {
            TokenKind::Keyword(_) => &["keyword.control", "keyword.other"],
            TokenKind::Word => &["variable.other", "entity.name", "support"],
            TokenKind::Text => &["string.quoted"],
            TokenKind::Date => &["constant.numeric.date", "invalid.illegal.date"],
            TokenKind::Integer | TokenKind::Number => &["constant.numeric"],
            TokenKind::Parameter => &["variable.parameter"],
            TokenKind::Symbol(_) => &["punctuation", "keyword.operator"],
            TokenKind::Unclosed => &["string.quoted", "comment"],
            TokenKind::Unknown => &["invalid", ""],
            TokenKind::End => continue,
        };
        let range = token.span.start..token.span.end;
        // Between the words of GROUP BY there are blanks and comments.
        let blank =
            |at: usize| !text.as_bytes()[at].is_ascii_graphic() && text.is_char_boundary(at) && scopes[at].is_empty();
        let fits = |at: usize| wanted.iter().any(|wanted| scopes[at].starts_with(wanted));
        if let Some(at) = range.clone().find(|at| !fits(*at) && !blank(*at)) {
            faults.push(format!("{:?} is {:?} and not {wanted:?} in:\n{text}", &text[range], scopes[at]));
        }
    }
    for range in comments(text) {
        let mut inside = false;
        for at in range.clone() {
            let byte = text.as_bytes()[at];
            inside |= matches!(byte, b'-' | b'/');
            if inside && !byte.is_ascii_whitespace() && !scopes[at].starts_with("comment") {
                faults.push(format!("{:?} is no comment in:\n{text}", &text[range.clone()]));
                break;
            }
        }
    }
    faults
}

fn read() -> Vec<Pattern> {
    let grammar: Value = serde_json::from_str(&editor::grammar()).unwrap();
    assert_eq!(grammar["scopeName"], "source.bilat");
    assert_eq!(grammar["fileTypes"], serde_json::json!(["bilat"]));
    patterns(&grammar, &grammar["patterns"])
}

#[test]
fn editors_see_every_query_as_the_lexer_does() {
    let patterns = read();
    let examples = entries().flat_map(|entry| [Some(entry.example), entry.mistake]).flatten().map(str::to_string);
    let files = std::fs::read_dir(crate::grammar::root().join("fixtures/queries")).unwrap();
    let files =
        files.map(|file| file.unwrap().path()).filter(|path| path.extension().is_some_and(|end| end == "bilat"));
    let files = files.map(|path| std::fs::read_to_string(path).unwrap());
    let texts: Vec<String> = crate::cases::queries().into_iter().chain(examples).chain(files).collect();
    assert!(texts.len() > 250, "only {} texts were found", texts.len());
    let faults: Vec<String> = texts.iter().flat_map(|text| faults(&patterns, text)).collect();
    assert!(faults.is_empty(), "{} faults\n{}", faults.len(), faults.join("\n"));
}

#[test]
fn what_is_hard_to_see_is_seen() {
    let patterns = read();
    for text in [
        "FROM leaders WHERE name = 'O''Neill' OR name = '''' AND name = \"a \"\" b\"",
        "select x.group, y.from as order from meetings group   by date",
        "FROM meetings -- WITH 'Xi\nWITH Xi /* SELECT\n 'x' */ CITE",
        "AS OF 2024-07-11; FROM meetings SINCE today",
        "SELECT year(date) AS year FROM meetings DURING 2024-Q2..2024-W30",
        "FROM 'over\ntwo lines' -- x",
        "SELECT 习近平, Орбан, a\u{301}b FROM x",
        "FROM meetings SINCE 2024-05-16..today UNTIL 16.5.2024",
        "5CITE 5-3 5 --3\n1.5..2 $who$кто",
        "ORDER",
    ] {
        assert_eq!(faults(&patterns, text), Vec::<String>::new());
    }
}
