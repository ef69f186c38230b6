//! The power fails: what was not synced is there or not, sector by sector, and the file is the old one or the new one.
//!
//! SQLite writes no file of ours: it works in memory, and the program writes what comes out of it. So the shim sits
//! below the program, at the system's calls, not at SQLite's (`shim.c`): it logs every change of a file or the folder
//! with its data. Here the log is played on a model of a disk, up to every place in it, and then the power fails.
//! A disk may do what it likes with what it was not told to keep: each sector of 512 bytes and each change of the folder
//! since it was last synced is there or not. No file system is that bad; all are somewhere between.

use super::place::{Place, State, Writer};
use super::shim;
use crate::grammar::{seed, slow};
use crate::oracle::rng::Rng;
use std::collections::{BTreeMap, BTreeSet};
use std::os::unix::fs::MetadataExt;
use std::path::Path;

const SECTOR: usize = 512;

#[derive(Clone, Debug)]
enum Event {
    /// A file begins: nameless, or with a name.
    Begin(u64, Option<String>),
    Write(u64, usize, Vec<u8>),
    Truncate(u64, usize),
    Link(u64, String),
    Rename(String, String),
    Unlink(String),
    Sync(u64),
    SyncFolder,
}

/// The log as the shim wrote it.
fn events(bytes: &[u8]) -> Vec<Event> {
    let (mut rest, mut events) = (bytes, Vec::new());
    while let Some((kind, after)) = rest.split_first() {
        rest = after;
        let inode = u64::from_ne_bytes(cut(&mut rest, 8).try_into().unwrap());
        let offset = u64::from_ne_bytes(cut(&mut rest, 8).try_into().unwrap()) as usize;
        let text = |rest: &mut &[u8]| {
            let length = u32::from_ne_bytes(cut(rest, 4).try_into().unwrap()) as usize;
            cut(rest, length).to_vec()
        };
        let (one, other) = (text(&mut rest), text(&mut rest));
        let name = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).unwrap();
        events.push(match kind {
            b'T' => Event::Begin(inode, None),
            b'C' => Event::Begin(inode, Some(name(&one))),
            b'W' => Event::Write(inode, offset, one),
            b'F' => Event::Truncate(inode, offset),
            b'L' => Event::Link(inode, name(&one)),
            b'R' => Event::Rename(name(&one), name(&other)),
            b'U' => Event::Unlink(name(&one)),
            b'S' => Event::Sync(inode),
            b'D' => Event::SyncFolder,
            other => panic!("the shim logs {}", char::from(*other)),
        });
    }
    events
}

fn cut<'a>(rest: &mut &'a [u8], length: usize) -> &'a [u8] {
    let (cut, after) = rest.split_at(length);
    *rest = after;
    cut
}

/// A file: what the disk was told to keep, and what the program thinks is there.
#[derive(Clone, Default)]
struct Content {
    kept: Vec<u8>,
    now: Vec<u8>,
    /// Sectors written since they were last kept.
    loose: BTreeSet<usize>,
}

/// A change of the folder: a name is given to a file, or taken.
#[derive(Clone)]
enum Change {
    Give(String, u64),
    Move(String, String, u64),
    Take(String),
}

impl Change {
    fn made(&self, names: &mut BTreeMap<String, u64>) {
        match self {
            Change::Give(name, inode) => drop(names.insert(name.clone(), *inode)),
            Change::Move(from, to, inode) => {
                names.remove(from);
                names.insert(to.clone(), *inode);
            }
            Change::Take(name) => drop(names.remove(name)),
        }
    }
}

/// The model of a disk with one folder.
#[derive(Clone, Default)]
struct Disk {
    files: BTreeMap<u64, Content>,
    kept: BTreeMap<String, u64>,
    now: BTreeMap<String, u64>,
    loose: Vec<Change>,
}

impl Disk {
    fn with(target: &str, inode: u64, content: Vec<u8>) -> Disk {
        let mut disk = Disk::default();
        disk.files.insert(inode, Content { kept: content.clone(), now: content, loose: BTreeSet::new() });
        disk.kept.insert(target.to_string(), inode);
        disk.now = disk.kept.clone();
        disk
    }

    fn change(&mut self, change: Change) {
        change.made(&mut self.now);
        self.loose.push(change);
    }

    fn play(&mut self, event: &Event) {
        match event {
            Event::Begin(inode, name) => {
                self.files.insert(*inode, Content::default());
                name.iter().for_each(|name| self.change(Change::Give(name.clone(), *inode)));
            }
            Event::Write(inode, offset, bytes) => {
                let file = self.files.entry(*inode).or_default();
                let end = offset + bytes.len();
                file.now.resize(file.now.len().max(end), 0);
                file.now[*offset..end].copy_from_slice(bytes);
                file.loose.extend(offset / SECTOR..end.div_ceil(SECTOR));
            }
            Event::Truncate(inode, length) => {
                let file = self.files.entry(*inode).or_default();
                file.loose.extend(length / SECTOR..file.now.len().max(*length).div_ceil(SECTOR));
                file.now.resize(*length, 0);
            }
            Event::Link(inode, name) => self.change(Change::Give(name.clone(), *inode)),
            Event::Rename(from, to) => {
                let inode = self.now[from];
                self.change(Change::Move(from.clone(), to.clone(), inode));
            }
            Event::Unlink(name) => self.change(Change::Take(name.clone())),
            Event::Sync(inode) => {
                let file = self.files.entry(*inode).or_default();
                file.kept = file.now.clone();
                file.loose.clear();
            }
            Event::SyncFolder => {
                self.kept = self.now.clone();
                self.loose.clear();
            }
        }
    }

    /// What is found under a name when the power is back.
    fn after_loss(&self, name: &str, rng: &Rng) -> Option<Vec<u8>> {
        // Nothing, little, half, nearly all and all of what is loose is kept.
        let keeping = rng.below(5) * 25;
        let keeps = || rng.below(100) < keeping;
        let mut names = self.kept.clone();
        self.loose.iter().filter(|_| keeps()).for_each(|change| change.made(&mut names));
        let file = self.files.get(names.get(name)?)?;
        let mut found = file.kept.clone();
        let length = match rng.below(3) {
            0 => file.kept.len(),
            1 => file.now.len(),
            _ => {
                let (one, other) = (file.kept.len().min(file.now.len()), file.kept.len().max(file.now.len()));
                one + rng.below(other - one + 1)
            }
        };
        found.resize(length, 0);
        for sector in file.loose.iter().filter(|_| keeps()) {
            let start = sector * SECTOR;
            let end = (start + SECTOR).min(file.now.len()).min(found.len());
            if start < end {
                found[start..end].copy_from_slice(&file.now[start..end]);
            }
        }
        Some(found)
    }
}

/// A run under the shim: what it changed, and on what disk.
struct Logged {
    place: Place,
    writer: &'static Writer,
    before: Disk,
    events: Vec<Event>,
}

fn logged(writer: &'static Writer, place: Place, library: &Path, named: bool) -> Logged {
    place.reset();
    let before = match &place.old {
        Some(old) => {
            let inode = std::fs::metadata(place.path().join(writer.target)).unwrap().ino();
            Disk::with(writer.target, inode, old.clone())
        }
        None => Disk::default(),
    };
    let log = tempfile::NamedTempFile::new().unwrap();
    let mut command = place.bilat(writer.arguments);
    shim::under(&mut command, library, place.path(), named);
    assert_eq!(command.env("SHIM_LOG", log.path()).status().unwrap().code(), Some(0));
    let events = events(&std::fs::read(log.path()).unwrap());
    let logged = Logged { place, writer, before, events };
    // The log is whole: played to the end, it makes the new file.
    let mut disk = logged.before.clone();
    logged.events.iter().for_each(|event| disk.play(event));
    let inode = disk.now[writer.target];
    assert!(disk.files[&inode].now == logged.place.new, "{}: the log is not what happened", writer.name);
    logged
}

fn all_logged() -> Vec<Logged> {
    let Some(library) = shim::built() else { return Vec::new() };
    let kinds = [false, true];
    kinds
        .into_iter()
        .flat_map(|named| Place::all().map(move |(writer, place)| logged(writer, place, library, named)))
        .collect()
}

/// Lets the power fail so often, at every place of the log; what was lost.
fn losses(run: &Logged, events: &[Event], count: usize, rng: &Rng) -> Vec<String> {
    let mut disk = run.before.clone();
    let mut lost = Vec::new();
    for played in 0..=events.len() {
        for _ in 0..count.div_ceil(events.len() + 1) {
            let found = disk.after_loss(run.writer.target, rng);
            match run.place.state_of(found.as_deref()) {
                Err(wrong) => lost.push(format!("after {played}: {wrong}")),
                // It has said that it is done.
                Ok(State::Old) if played == events.len() => lost.push("done, and lost".to_string()),
                Ok(_) => (),
            }
        }
        if let Some(event) = events.get(played) {
            disk.play(event);
        }
    }
    lost
}

#[test]
fn a_loss_of_power_leaves_the_old_file_or_the_new_one() {
    let (seed, count) = (seed(), if slow() { 40_000 } else { 1000 });
    let rng = Rng::new(seed);
    let runs = all_logged();
    for run in &runs {
        let lost = losses(run, &run.events, count / runs.len(), &rng);
        assert_eq!(lost, Vec::<String>::new(), "{}, seed {seed}", run.writer.name);
    }
    println!("losses of power: {count} or more in {} runs, 0 lost", runs.len());
}

/// What is not synced is lost: without the syncs of files they are torn, without those of folders what was said to be
/// done is not. So the harness bites.
#[test]
fn without_syncing_the_power_takes_something() {
    let rng = Rng::new(seed());
    for run in all_logged() {
        let without = |dropped: fn(&Event) -> bool| -> Vec<String> {
            let events: Vec<Event> = run.events.iter().filter(|event| !dropped(event)).cloned().collect();
            losses(&run, &events, 200, &rng)
        };
        let torn = without(|event| matches!(event, Event::Sync(_)));
        assert!(torn.iter().any(|loss| loss.contains("neither")), "{}: {torn:?}", run.writer.name);
        let undone = without(|event| matches!(event, Event::SyncFolder));
        assert!(undone.iter().any(|loss| loss == "done, and lost"), "{}: {undone:?}", run.writer.name);
        println!("{}: {} of 200 lost without syncing files, {} folders", run.writer.name, torn.len(), undone.len());
    }
}
