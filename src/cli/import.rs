//! `bilat import`: tables from anywhere into a file of one's own.

use super::args::{Arguments, Import};
use super::files::watched;
use super::own::unchanged;
use crate::dataset::import::mapping::Mapping;
use crate::dataset::import::report::plural;
use crate::dataset::import::table::Table;
use crate::dataset::import::take::{IMPORTING, Options, Taken, creatable, take};
use crate::dataset::import::{guess, read, rejects};
use crate::dataset::{self, Content};
use crate::diagnostic::{Diagnostic, data, matching};
use crate::shell::output::Output;
use crate::shell::settings::verified;
use crate::shell::status::Status;
use crate::span::Source;
use crate::store::{Database, Progress, missing, reason};
use std::fs::File;
use std::io::{self, Read, Write};
use std::path::Path;

/// So many mistakes are shown.
const SHOWN: usize = 50;

/// The width of what the report counts.
const NAMES: usize = 13;

/// `bilat import FILE… --into my.db`
pub fn run(import: &Import, _arguments: &Arguments, output: Output) -> Status {
    if import.guess {
        return guess(import, output);
    }
    let Some(into) = import.into.as_deref() else { return Status::Usage };
    let nothing = format!("nothing was taken into {}", into.display());
    let (options, source, mapping) = match prepared(import) {
        Ok(prepared) => prepared,
        Err((mistakes, source)) => {
            let status = complain(&mistakes, source.as_ref(), output);
            output.say(&nothing);
            return status;
        }
    };
    let (mut kept, mut aside): (Option<Taken>, Option<String>) = (None, None);
    let done = watched(IMPORTING, output, |progress| {
        let tables = tables(import, progress)?;
        dataset::change(into, progress, &verified(), |records| {
            let mut taken = take(&records, &tables, mapping.as_ref(), &options, progress)?;
            // Where what is refused cannot be kept, nothing is taken.
            aside = put_aside(import, &taken, &tables).map_err(|mistake| vec![mistake])?;
            let changes = taken.report.changes() && !import.dry_run;
            let (records, model) = (std::mem::take(&mut taken.records), taken.model.take());
            kept = Some(taken);
            Ok(changes.then(|| Content::looked_through(records, model)))
        })
    });
    match (done, kept) {
        (Ok(built), Some(taken)) => {
            for (name, text) in taken.report.lines() {
                output.say(&format!("{name:NAMES$}  {text}"));
            }
            let name = into.display();
            output.say(&match built {
                Some(built) => format!("{name} is changed: {} bytes, version {}", built.bytes.len(), built.version),
                None if import.dry_run => format!("this was a trial: {name} is as it was"),
                None => format!("{name} is as it was: there is nothing to change"),
            });
            aside.iter().for_each(|said| output.say(said));
            Status::Fine
        }
        (Err(mistakes), _) => {
            // Nothing was taken, so nothing was refused either: the next try needs the name again.
            if let Some(path) = import.rejects.as_deref().filter(|_| aside.is_some() && !import.dry_run) {
                let _ = std::fs::remove_file(path);
            }
            let status = complain(&mistakes, source.as_ref(), output);
            output.say(&nothing);
            status
        }
        (Ok(_), None) => unchanged(&[], output, &nothing),
    }
}

type Prepared = (Options, Option<Source>, Option<Mapping>);

/// What is told besides the tables, checked before anything is opened.
fn prepared(import: &Import) -> Result<Prepared, (Vec<Diagnostic>, Option<Source>)> {
    let create = creatable(&import.create).map_err(|mistakes| (mistakes, None))?;
    let options = Options { create, anchor: import.anchor, rejects: import.rejects.is_some() };
    if let Some(path) = import.rejects.as_deref().filter(|path| path.symlink_metadata().is_ok()) {
        return Err((vec![matching::rejects_exist(&path.display().to_string())], None));
    }
    let Some(path) = import.mapping.as_deref() else { return Ok((options, None, None)) };
    let name = path.display().to_string();
    let text = text(path).map_err(|mistake| (vec![mistake], None))?;
    let source = Source::new(name.clone(), text);
    match Mapping::read(&source.text) {
        Ok(mapping) if mapping.source.is_none() => Err((vec![matching::no_source(&name)], Some(source))),
        Ok(mapping) => Ok((options, Some(source), Some(mapping))),
        Err(mistakes) => Err((mistakes, Some(source))),
    }
}

/// So long may a mapping file be, in bytes.
const LONGEST: u64 = 16 << 20;

fn opened(path: &Path) -> Result<File, Diagnostic> {
    File::open(path).map_err(|error| match error.kind() {
        io::ErrorKind::NotFound => missing(path),
        _ => data::unreadable(&path.display().to_string(), &reason(&error)),
    })
}

/// The text of a mapping file.
fn text(path: &Path) -> Result<String, Diagnostic> {
    let fails = |why: &str| data::unreadable(&path.display().to_string(), why);
    let mut text = String::new();
    let read = opened(path)?.take(LONGEST + 1).read_to_string(&mut text);
    read.map_err(|error| fails(&reason(&error)))?;
    if text.len() as u64 > LONGEST { Err(fails("it is too long for a mapping file")) } else { Ok(text) }
}

/// Everything that is to be taken in.
fn tables(import: &Import, progress: &Progress) -> Result<Vec<Table>, Vec<Diagnostic>> {
    let (mut tables, mut mistakes) = (Vec::new(), Vec::new());
    for path in &import.files {
        match of_file(path, progress) {
            Ok(more) => tables.extend(more),
            Err(more) => mistakes.extend(more),
        }
    }
    if mistakes.is_empty() { Ok(tables) } else { Err(mistakes) }
}

fn of_file(path: &Path, progress: &Progress) -> Result<Vec<Table>, Vec<Diagnostic>> {
    let one = |mistake| vec![mistake];
    if path == Path::new("-") {
        let name = "standard input";
        return read::read(name, &read::take(name, io::stdin().lock()).map_err(one)?, None, progress);
    }
    let name = path.display().to_string();
    let file = opened(path).map_err(one)?;
    let bytes = read::take(&name, file).map_err(one)?;
    read::read(&name, &bytes, path.extension().and_then(|ending| ending.to_str()), progress)
}

/// The first mistakes, and how many more there are.
fn complain(mistakes: &[Diagnostic], source: Option<&Source>, output: Output) -> Status {
    output.complain(mistakes.get(..SHOWN).unwrap_or(mistakes), source);
    if mistakes.len() > SHOWN {
        output.say(&format!("and {}", plural((mistakes.len() - SHOWN) as u64, "more mistake")));
    }
    mistakes.iter().map(Status::of).fold(Status::Fine, Status::and)
}

/// Writes the rows that were refused, and says so.
fn put_aside(import: &Import, taken: &Taken, tables: &[Table]) -> Result<Option<String>, Diagnostic> {
    let Some(path) = import.rejects.as_deref().filter(|_| !taken.rejected.is_empty()) else { return Ok(None) };
    let rows = plural(taken.rejected.len() as u64, "refused row");
    if import.dry_run {
        return Ok(Some(format!("{} is not written: it would have {rows}", path.display())));
    }
    dataset::put(path, &rejects::csv(tables, &taken.rejected), false)?;
    Ok(Some(format!("{} has {rows}, each with the reason", path.display())))
}

/// `bilat import --guess FILE`
fn guess(import: &Import, output: Output) -> Status {
    let made: Result<String, Vec<Diagnostic>> = watched(IMPORTING, output, |progress| {
        let tables = tables(import, progress)?;
        let world = Database::bundled().and_then(|world| dataset::unpack::records(&world)).map_err(|d| vec![d])?;
        Ok(guess::mapping(&tables, &world))
    });
    match made {
        Ok(text) => {
            let mut out = io::stdout().lock();
            match out.write_all(text.as_bytes()).and_then(|()| out.flush()) {
                Ok(()) => Status::Fine,
                Err(error) => super::queries::failed(error.into(), output),
            }
        }
        Err(mistakes) => complain(&mistakes, None, output),
    }
}
