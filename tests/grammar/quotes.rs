//! The parser's functions with what stands above them: each reads what the grammar says.

use super::ebnf::normal;
use super::{grammar, root};
use bilat::syntax::token::{Keyword, Symbol};
use std::collections::BTreeSet;

struct Function {
    /// File and name, for the message.
    title: String,
    documentation: String,
    signature: String,
}

impl Function {
    /// What stands in backquotes above it.
    fn quoted(&self) -> impl Iterator<Item = &str> {
        self.documentation.split('`').skip(1).step_by(2)
    }
}

#[test]
fn each_production_is_quoted_above_one_function_of_the_parser_as_the_grammar_has_it() {
    let functions = functions();
    let mut quoted: Vec<String> =
        functions.iter().flat_map(Function::quoted).filter(|text| text.contains("::=")).map(normal).collect();
    let mut written = grammar().texts;
    quoted.sort();
    written.sort();
    assert_eq!(quoted, written);
}

#[test]
fn each_function_of_the_parser_says_what_of_the_grammar_it_reads() {
    let grammar = grammar();
    let mut checked = 0;
    // Those that can give anything only ever refuse.
    let reading =
        |function: &&Function| function.signature.contains("Parsed<") && !function.signature.contains("Parsed<'t, T>");
    for function in functions().iter().filter(reading) {
        let says = function.quoted().any(|quoted| {
            let production = quoted.contains("::=") || grammar.productions.iter().any(|(name, _)| name == quoted);
            production || super::ebnf::TERMINALS.contains(&quoted)
        });
        assert!(says, "{} names no production or terminal", function.title);
        checked += 1;
    }
    assert!(checked > 30, "only {checked} functions were found");
}

#[test]
fn the_grammar_has_the_keywords_and_signs_of_the_lexer() {
    let lexer = Keyword::ALL.iter().map(|k| k.text()).chain(Symbol::ALL.iter().map(|s| s.text()));
    assert_eq!(grammar().literals(), lexer.map(str::to_string).collect::<BTreeSet<String>>());
}

/// All functions of the parser but those on which the others are built.
fn functions() -> Vec<Function> {
    let mut files: Vec<_> = std::fs::read_dir(root().join("src/syntax/parser")).unwrap().map(|f| f.unwrap()).collect();
    files.retain(|file| file.file_name() != "input.rs");
    files
        .iter()
        .flat_map(|file| {
            let name = file.file_name().to_string_lossy().into_owned();
            functions_of(&name, &std::fs::read_to_string(file.path()).unwrap())
        })
        .collect()
}

fn functions_of(file: &str, text: &str) -> Vec<Function> {
    let (mut found, mut documentation) = (Vec::new(), String::new());
    let mut lines = text.lines().map(str::trim_start);
    while let Some(line) = lines.next() {
        if let Some(comment) = line.strip_prefix("///") {
            documentation.push_str(comment);
            documentation.push('\n');
            continue;
        }
        let documentation = std::mem::take(&mut documentation);
        let Some((_, after)) = line.split_once("fn ").filter(|(before, _)| before.len() < 12) else { continue };
        let name: String = after.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect();
        let mut signature = line.to_string();
        while !signature.contains('{') {
            signature.push_str(lines.next().expect("a function has a body"));
        }
        found.push(Function { title: format!("{file}: {name}"), documentation, signature });
    }
    found
}
