//! Commands that write a file of one's own: new, save, set, migrate; and check, which runs what is kept in one.

use super::args::Arguments;
use super::files::{report, watched};
use super::queries;
use crate::catalog::ddl::LAYOUT;
use crate::dataset::{self, BUILDING, Built, CHANGING, records, unpack, world};
use crate::diagnostic::Diagnostic;
use crate::session::{Session, Settings};
use crate::shell::output::Output;
use crate::shell::settings::verified;
use crate::shell::status::Status;
use crate::span::Source;
use crate::store::Database;
use crate::value::date::DayText;
use std::path::{Path, PathBuf};
use std::time::Duration;

/// What a file is called that nobody gave a title.
const TITLE: &str = "Meetings";

/// How long a statement kept in a file may take, if nothing else is said.
const LIMIT: Duration = Duration::from_secs(10);

/// `bilat new my.db`
pub fn new(target: &Path, title: Option<&str>, force: bool, arguments: &Arguments, output: Output) -> Status {
    let now = || jiff::Timestamp::now().as_second().div_euclid(24 * 60 * 60);
    let today = DayText(arguments.as_of.unwrap_or_else(now)).to_string();
    let made =
        watched(&[BUILDING], output, |progress| world::new(target, title.unwrap_or(TITLE), &today, force, progress));
    match made {
        Ok(_) => {
            output.say(&format!(
                "{} is made: countries, regions and groups, and no meetings yet; its reference date is {today}",
                target.display()
            ));
            Status::Fine
        }
        Err(diagnostics) => unchanged(&diagnostics, output, &format!("{} was not written", target.display())),
    }
}

/// What went wrong, and that nothing came of it.
pub fn unchanged(diagnostics: &[Diagnostic], output: Output, saying: &str) -> Status {
    let status = report(diagnostics, output);
    output.say(saying);
    status
}

/// `bilat save my.db claims.bilat`
pub fn save(file: &Path, paths: &[PathBuf], remove: &[String], output: Output) -> Status {
    let mut mistakes = Vec::new();
    let mut kept: Vec<(String, String)> = Vec::new();
    for path in paths {
        match records::saved(path) {
            Ok(saved) => kept.push(saved),
            Err(mistake) => mistakes.push(mistake),
        }
    }
    if !mistakes.is_empty() {
        return report(&mistakes, output);
    }
    if let Some(status) = refused(file, &kept, output) {
        return status;
    }
    let names: Vec<String> = kept.iter().map(|(name, _)| name.clone()).collect();
    let saved = watched(CHANGING, output, |progress| dataset::save(file, kept, remove, progress, &verified()));
    let mut said = Vec::new();
    if !names.is_empty() {
        said.push(format!("keeps {}", names.join(", ")));
    }
    if !remove.is_empty() {
        said.push(format!("no longer keeps {}", remove.join(", ")));
    }
    rewritten(saved, file, &said.join(" and "), output)
}

/// `bilat set my.db title=…`
pub fn set(file: &Path, settings: &[(String, String)], output: Output) -> Status {
    let done = watched(CHANGING, output, |progress| dataset::set(file, settings, progress, &verified()));
    let names: Vec<&str> = settings.iter().map(|(name, _)| name.as_str()).collect();
    rewritten(done, file, &format!("has its {}", names.join(", ")), output)
}

/// Queries that cannot be run on the file are not kept: whoever receives it could do nothing about it.
fn refused(file: &Path, kept: &[(String, String)], output: Output) -> Option<Status> {
    let (database, _interrupts) = super::opened(Some(file), output);
    let session = match database.and_then(|database| Session::new(database, Settings::default())) {
        Ok(session) => session,
        Err(diagnostic) => return Some(report(&[diagnostic], output)),
    };
    let mut status = Status::Fine;
    for (name, text) in kept {
        if let Err(diagnostics) = session.compile(text) {
            output.complain(&diagnostics, Some(&Source::new(format!("{name}.bilat"), text)));
            status = diagnostics.iter().map(Status::of).fold(status, Status::and);
        }
    }
    (status != Status::Fine).then(|| {
        output.say(&format!("{} is as it was", file.display()));
        status
    })
}

/// How a file was changed, if it was.
fn rewritten(done: Result<Option<Built>, Vec<Diagnostic>>, file: &Path, said: &str, output: Output) -> Status {
    match done {
        Ok(Some(built)) => {
            output.say(&format!("{} {said}: {} bytes, version {}", file.display(), built.bytes.len(), built.version));
            Status::Fine
        }
        Ok(None) => {
            output.say(&format!("{} is as it was: there is nothing to change", file.display()));
            Status::Fine
        }
        Err(diagnostics) => unchanged(&diagnostics, output, &format!("{} is as it was", file.display())),
    }
}

/// `bilat migrate X.db`
pub fn migrate(file: &Path, output: Output) -> Status {
    let migrated = watched(CHANGING, output, |progress| dataset::migrate(file, progress, &verified()));
    rewritten(migrated, file, &format!("has layout {LAYOUT} now"), output)
}

/// `bilat check [X.db]`: what arrived is looked through, and then what is kept in it is run.
pub fn check(file: Option<&Path>, arguments: &Arguments, output: Output) -> Status {
    if let Some(file) = file {
        let status = super::files::verify(file, output);
        if status != Status::Fine {
            return status;
        }
    }
    super::with_session(arguments, file, output, |mut session, _| {
        // The queries are as much a stranger's as the data.
        session.settings.timeout = session.settings.timeout.or(Some(LIMIT));
        check_queries(&session, arguments, output)
    })
}

fn check_queries(session: &Session, arguments: &Arguments, output: Output) -> Status {
    let database: &Database = session.database();
    match unpack::saved(database) {
        Ok(saved) if saved.is_empty() => {
            output.say("no queries are kept in this file; bilat save puts some in");
            Status::Fine
        }
        Ok(saved) => {
            let sources = saved.iter().map(|(name, text)| Source::new(format!("{name}.bilat"), text)).collect();
            queries::sources(session, sources, arguments, output)
        }
        Err(diagnostic) => report(&[diagnostic], output),
    }
}
