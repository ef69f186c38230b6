//! kill -9 at any moment: the file alone is the old one or the new one, and the next run leaves nothing else beside it.

use super::place::{Place, State};
use crate::grammar::{seed, slow};
use crate::oracle::rng::Rng;
use std::collections::BTreeMap;
use std::os::unix::process::ExitStatusExt;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

/// When a kill hit.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Moment {
    Before,
    Writing,
    Renamed,
    /// It was done already.
    Finished,
}

/// What some kills did.
#[derive(Default)]
struct Tally {
    moments: BTreeMap<Moment, usize>,
    /// Runs that left something beside the target, until the next run.
    littered: usize,
    /// What the target was that it must not be.
    wrong: Vec<String>,
}

/// Whether a process has a file open that is on its way into the folder: nameless, or with a name of ours.
fn writes(child: &Child, place: &Place) -> bool {
    let open = std::fs::read_dir(format!("/proc/{}/fd", child.id()));
    open.into_iter().flatten().flatten().filter_map(|entry| std::fs::read_link(entry.path()).ok()).any(|file| {
        let name = file.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        file.parent().is_some_and(|folder| folder == place.path()) && (name.starts_with('#') || name.contains(".tmp"))
    })
}

/// How long a command takes, and how much of that it takes from the first byte written to its end.
fn measured(place: &Place, command: &dyn Fn() -> Command) -> (Duration, Duration) {
    place.reset();
    let begun = Instant::now();
    command().status().unwrap();
    let whole = begun.elapsed();
    place.reset();
    let mut child = command().spawn().unwrap();
    let mut writing = None;
    while child.try_wait().unwrap().is_none() {
        if writing.is_none() && writes(&child, place) {
            writing = Some(Instant::now());
        }
    }
    (whole, writing.map_or(Duration::ZERO, |since| since.elapsed()))
}

fn part(of: Duration, rng: &Rng) -> Duration {
    of.mul_f64(rng.below(1000) as f64 / 1000.0)
}

/// One kill, at a moment of the whole run, or aimed at the writing.
fn kill(place: &Place, command: &dyn Fn() -> Command, (whole, writing): (Duration, Duration), rng: &Rng) -> Moment {
    let aimed = !writing.is_zero() && rng.one_in(2);
    let mut child = command().spawn().unwrap();
    let begun = Instant::now();
    if aimed {
        let wait = part(writing, rng);
        while !writes(&child, place) && child.try_wait().unwrap().is_none() {}
        // Shorter than any sleep.
        let seen = Instant::now();
        while seen.elapsed() < wait {}
    } else {
        std::thread::sleep(part(whole, rng).saturating_sub(begun.elapsed()));
    }
    let was_writing = writes(&child, place);
    child.kill().unwrap();
    match (child.wait().unwrap().signal(), was_writing, place.state()) {
        (None, ..) => Moment::Finished,
        (Some(_), _, Ok(State::New)) => Moment::Renamed,
        (Some(_), true, _) => Moment::Writing,
        (Some(_), false, _) => Moment::Before,
    }
}

fn tried(place: &Place, command: &dyn Fn() -> Command, count: usize, rng: &Rng, tally: &mut Tally) {
    let times = measured(place, command);
    for _ in 0..count {
        place.reset();
        let moment = kill(place, command, times, rng);
        *tally.moments.entry(moment).or_default() += 1;
        tally.littered += usize::from(!place.left().is_empty());
        if let Err(wrong) = place.state_alone() {
            tally.wrong.push(format!("{moment:?}: {wrong}"));
        }
        // Whoever writes next makes up for it.
        assert_eq!(command().status().unwrap().code(), Some(0));
        assert_eq!(place.left(), Vec::<String>::new(), "{moment:?}");
    }
}

#[test]
fn a_killed_writer_leaves_the_old_file_or_the_new_one() {
    let (seed, each): (u64, usize) = (seed(), if slow() { 80 } else { 5 });
    let rng = Rng::new(seed);
    let mut all = Tally::default();
    for (writer, place) in Place::all() {
        // Half of them on a disk that knows no nameless files.
        for named in [false, true] {
            let mut tally = Tally::default();
            let command = || {
                let mut command = place.bilat(writer.arguments);
                if named && let Some(library) = super::shim::built() {
                    super::shim::under(&mut command, library, place.path(), true);
                }
                command
            };
            tried(&place, &command, each.div_ceil(2), &rng, &mut tally);
            let old = if place.old.is_some() { "over an old file" } else { "where nothing was" };
            let named = if named { "named" } else { "nameless" };
            println!("{} {old}, {named}: {:?}, {} left something", writer.name, tally.moments, tally.littered);
            assert_eq!(tally.wrong, Vec::<String>::new(), "{} {old}, seed {seed}", writer.name);
            tally.moments.into_iter().for_each(|(moment, count)| *all.moments.entry(moment).or_default() += count);
            all.littered += tally.littered;
        }
    }
    println!(
        "kills: {} in all: {:?}, {} left something",
        all.moments.values().sum::<usize>(),
        all.moments,
        all.littered
    );
    for moment in [Moment::Before, Moment::Writing, Moment::Renamed] {
        assert!(all.moments.contains_key(&moment), "no kill hit {moment:?}, seed {seed}");
    }
}

/// Set where this test is to be the bad writer itself.
const CHILD: &str = "WRITE_IN_PLACE";

/// A writer as most are: it opens the file and writes. The harness has to find it out.
#[test]
fn a_writer_in_place_is_found_out() {
    if let Some(new) = std::env::var_os(CHILD) {
        use std::io::Write;
        let bytes = std::fs::read(new).unwrap();
        let mut file = std::fs::File::create("x.db").unwrap();
        for piece in bytes.chunks(4096) {
            file.write_all(piece).unwrap();
            std::thread::sleep(Duration::from_micros(50));
        }
        // The test runner has more to say, and must not.
        std::process::exit(0);
    }
    let place = Place::of(&super::place::WRITERS[0], true);
    let new = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(new.path(), &place.new).unwrap();
    let command = || {
        let mut command = Command::new(std::env::current_exe().unwrap());
        command.args(["--exact", "faults::kill::a_writer_in_place_is_found_out", "--test-threads=1"]);
        command.env(CHILD, new.path()).current_dir(place.path());
        command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
        command
    };
    let mut tally = Tally::default();
    tried(&place, &command, 20, &Rng::new(seed()), &mut tally);
    println!("in place: {} of 20 kills left neither file: {:?}", tally.wrong.len(), tally.moments);
    assert!(tally.wrong.len() >= 3, "{:?}", tally.wrong);
}
