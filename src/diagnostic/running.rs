//! Messages of the session and the store (R…): a file cannot be opened, a limit was reached, or a bug of ours.

use super::Diagnostic;

/// Whatever was being done: nothing is wrong with it.
pub const NO_MEMORY: &str = "R417";

/// Every code of this stage with its title.
pub const CODES: &[(&str, &str)] = &[
    ("R401", "no such file"),
    ("R402", "not a bilat file"),
    ("R403", "made by a newer version"),
    ("R404", "still open elsewhere"),
    ("R405", "damaged"),
    ("R406", "changed since it was sealed"),
    ("R407", "a file that cannot be read"),
    ("R408", "the time limit"),
    ("R409", "stopped"),
    ("R410", "the output cannot be written"),
    ("R411", "a query that is too large"),
    ("R412", "a sum that is too large"),
    ("R413", "more groups than can be shown"),
    ("R414", "a parameter that no query uses"),
    ("R415", "more answers than the format can hold"),
    ("R416", "a file without a seal"),
    (NO_MEMORY, "memory that is short"),
    ("R499", "a bug of ours"),
];

pub fn no_such_file(path: &str, near: Option<&str>) -> Diagnostic {
    let diagnostic = Diagnostic::new("R401", format!("there is no file {path}"));
    match near {
        Some(near) => diagnostic.suggest([near]),
        None if path.ends_with(".db") => diagnostic
            .note("bilat new FILE.db begins one, bilat build DIR -o FILE.db makes one of a folder of CSV files"),
        None => diagnostic,
    }
}

pub fn not_ours(path: &str, why: &str) -> Diagnostic {
    let diagnostic = Diagnostic::new("R402", format!("{path} is not a bilat file: {why}"));
    if path.ends_with(".bilat") {
        diagnostic.note(format!("a file of queries is run by: bilat run {path}"))
    } else {
        diagnostic
    }
}

pub fn newer(path: &str, version: i64, known: i64) -> Diagnostic {
    Diagnostic::new("R403", format!("{path} was made by a newer version of bilat"))
        .note(format!("its layout is {version}, this program knows {known}"))
}

pub fn still_open(path: &str, why: &str) -> Diagnostic {
    Diagnostic::new("R404", format!("{path} is still open in another program, or was not closed"))
        .note(format!("{why}; ask the sender to ship it again"))
}

/// A file that is read where it stands, and is no longer the one that was opened.
pub fn changed(path: &str) -> Diagnostic {
    Diagnostic::new("R404", format!("{path} was changed while it was open"))
        .note("open it once more, to read what is in it now")
}

pub fn damaged(path: &str, what: &str) -> Diagnostic {
    Diagnostic::new("R405", format!("{path} is damaged: {what}")).note("ask the sender for it once more")
}

pub fn seal_broken(path: &str) -> Diagnostic {
    Diagnostic::new("R406", format!("{path} was changed after it was sealed"))
        .note("its content does not have the digest that is written in it; ask the sender for it once more")
}

/// A warning: the file is as good as it says, and says it of itself.
pub fn unsealed(path: &str) -> Diagnostic {
    Diagnostic::warning("R416", format!("{path} is not sealed: nobody can tell whether its content was changed"))
        .note(format!("bilat ship {path} -o OUT.db writes it sealed, once you trust it"))
}

pub fn unreadable(path: &str, why: &str) -> Diagnostic {
    Diagnostic::new("R407", format!("{path} cannot be read: {why}"))
}

pub fn no_memory() -> Diagnostic {
    Diagnostic::new(NO_MEMORY, "there is not enough memory")
}

/// An answer that would take more than so many MiB while it is computed.
pub fn answer_too_large(mib: usize) -> Diagnostic {
    Diagnostic::new(NO_MEMORY, format!("this would take more than {mib} MiB of memory"))
        .note("a period, a leader or a country in WITH, or fewer names after GROUP BY make it smaller")
}

pub fn time_limit(millis: u64) -> Diagnostic {
    let limit = if millis.is_multiple_of(1000) { format!("{} s", millis / 1000) } else { format!("{millis} ms") };
    Diagnostic::new("R408", format!("stopped at the time limit of {limit}"))
        .note("--timeout 60s gives a query more time")
}

pub fn interrupted() -> Diagnostic {
    Diagnostic::new("R409", "stopped")
}

pub fn cannot_write(path: &str, why: &str) -> Diagnostic {
    Diagnostic::new("R410", format!("{path} cannot be written: {why}"))
}

pub fn query_too_large() -> Diagnostic {
    Diagnostic::new("R411", "this query is too large to be answered")
        .note("fewer columns, shorter paths or lists, or several queries do")
}

pub fn sum_too_large() -> Diagnostic {
    Diagnostic::new("R412", "a sum is larger than any whole number that can be kept")
        .note("a sum of numbers with a decimal point is kept approximately: sum(x * 1.0)")
}

pub fn bug(what: &str) -> Diagnostic {
    Diagnostic::new("R499", "this is a mistake in bilat itself, not in the query")
        .note(format!("please report it with the query and these words: {what}"))
}

pub fn too_many_groups(size: usize, most: usize) -> Diagnostic {
    Diagnostic::new("R413", format!("this would make {size} groups or columns, and {most} is the most"))
        .note("choose fewer values in WHERE, or leave ZEROS or ACROSS out")
}

pub fn one_answer(format: &str, answers: usize) -> Diagnostic {
    Diagnostic::new("R415", format!("{format} holds one answer, and here are {answers}"))
        .note("ask for one with each run, or write jsonl or json, which hold several; claims may be many, but alone")
}

/// At the prompt, where answers come one by one.
pub fn has_its_answer(path: &str, format: &str) -> Diagnostic {
    Diagnostic::new("R415", format!("{path} has its answer, and {format} holds one"))
        .note(".output names another file, or alone goes back to the terminal; json and jsonl hold several answers")
}

pub fn unused_parameter(name: &str, used: &[&str]) -> Diagnostic {
    let near = crate::suggest::nearest(name, used.iter().copied());
    let diagnostic = Diagnostic::new("R414", format!("--param {name}: no query uses ${name}"));
    diagnostic.suggest(near.into_iter().map(|near| format!("--param {near}=…")))
}
