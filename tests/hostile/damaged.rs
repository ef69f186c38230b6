//! Damaged files, in ten ways: no crash, no hang, and with a seal no answer that is silently another.
//!
//! 500 by default, 100,000 with `SLOW=1`, `DAMAGED=n` as many as wanted; each sealed and unsealed. With `SANITIZED=1` it is
//! also proved that the address sanitizer watches SQLite (README: under sanitizers).

use super::{answered, session, small};
use crate::grammar::{seed, slow};
use crate::oracle::rng::Rng;
use bilat::store::Database;
use rusqlite::Connection;
use std::collections::BTreeMap;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::mpsc::channel;
use std::time::{Duration, Instant};

const PAGE: usize = 512;

/// Longer than a query may take, on a machine that does something else.
const PATIENCE: Duration = Duration::from_secs(120);

type Damage = fn(&mut Vec<u8>, &Rng);

const KINDS: [(&str, Damage); 10] = [
    ("bits flipped", |bytes, rng| {
        for _ in 0..[1, 1, 1, 2, 8][rng.below(5)] {
            let at = rng.below(bytes.len());
            bytes[at] ^= 1 << rng.below(8);
        }
    }),
    ("a run of bytes", |bytes, rng| {
        let at = rng.below(bytes.len());
        let end = (at + 1 + rng.below(64)).min(bytes.len());
        let same = rng.one_in(3).then(|| rng.next() as u8);
        bytes[at..end].iter_mut().for_each(|byte| *byte = same.unwrap_or(rng.next() as u8));
    }),
    ("two pages swapped", |bytes, rng| {
        let (one, other) = (page(bytes, rng), page(bytes, rng));
        for at in 0..PAGE {
            bytes.swap(one + at, other + at);
        }
    }),
    ("a page of zeros", |bytes, rng| {
        let at = page(bytes, rng);
        bytes[at..at + PAGE].fill(0);
    }),
    ("cut off", |bytes, rng| {
        let keep = rng.below(bytes.len());
        bytes.truncate(if rng.one_in(4) { keep } else { keep / PAGE * PAGE });
        say_pages(bytes);
    }),
    ("a page twice", |bytes, rng| {
        let (from, to) = (page(bytes, rng), page(bytes, rng));
        bytes.copy_within(from..from + PAGE, to);
    }),
    ("the header", |bytes, rng| {
        for _ in 0..1 + rng.below(3) {
            bytes[rng.below(108)] = rng.next() as u8;
        }
    }),
    ("a random page", |bytes, rng| {
        let at = page(bytes, rng);
        // What stands in front often stays, so that it is taken for a page.
        let from = at + if rng.one_in(3) { 0 } else { 8 + rng.below(8) };
        bytes[from..at + PAGE].iter_mut().for_each(|byte| *byte = rng.next() as u8);
    }),
    ("cells shuffled", |bytes, rng| {
        for _ in 0..50 {
            let at = page(bytes, rng);
            let first = at + if bytes[at] < 8 { 12 } else { 8 };
            let count = usize::from(u16::from_be_bytes([bytes[at + 3], bytes[at + 4]]));
            if !matches!(bytes[at], 2 | 5 | 10 | 13) || !(2..100).contains(&count) {
                continue;
            }
            let (one, other) = (first + 2 * rng.below(count), first + 2 * rng.below(count));
            match rng.below(3) {
                0 => bytes.copy_within(one..one + 2, other),
                1 => bytes[one + 1] ^= 1 << rng.below(8),
                _ => (0..2).for_each(|at| bytes.swap(one + at, other + at)),
            }
            return;
        }
    }),
    ("the list of free pages", |bytes, rng| {
        let trunk = number(bytes, 32).saturating_sub(1) as usize * PAGE;
        let pages = (bytes.len() / PAGE + 2) as u32;
        let at = match rng.below(4) {
            0 => 32,
            1 => 36,
            2 => trunk + 4 * rng.below(2),
            _ => trunk + 8 + 4 * rng.below(12),
        };
        let value = if rng.one_in(8) { rng.next() as u32 } else { rng.below(pages as usize) as u32 };
        bytes[at..at + 4].copy_from_slice(&value.to_be_bytes());
    }),
];

/// Where a random page begins; the first is not left out.
fn page(bytes: &[u8], rng: &Rng) -> usize {
    rng.below(bytes.len() / PAGE) * PAGE
}

fn number(bytes: &[u8], at: usize) -> u32 {
    u32::from_be_bytes([bytes[at], bytes[at + 1], bytes[at + 2], bytes[at + 3]])
}

/// Lets the header say how many pages there are, so that this is not what is noticed.
fn say_pages(bytes: &mut [u8]) {
    let pages = (bytes.len() / PAGE) as u32;
    if let Some(said) = bytes.get_mut(28..32) {
        said.copy_from_slice(&pages.to_be_bytes());
    }
}

/// Questions that read every noun, and the indexes.
const QUESTIONS: &[&str] = &[
    "FROM meetings CITE",
    "SELECT host_country, count() FROM meetings GROUP BY host_country",
    "FROM meetings WITH 'Ada Alpha' SINCE 2024-05-01",
    "FROM participants",
    "FROM leaders",
    "FROM terms",
    "FROM countries",
    "FROM visits CITE",
    "FROM journeys",
    "FROM events CITE",
    "FROM accounts",
    "FROM places",
    "FROM memberships",
    "CONNECT 'Ada Alpha' TO 'Eve Epsilon'",
    "FROM names",
    "FROM coverage",
];

/// What came of a damaged file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Came {
    Refused,
    Same,
    /// The question ended with a message.
    Said,
    Different,
    Crashed,
}

/// Every answer to the questions, or what stopped the opening.
fn answers(bytes: &[u8]) -> Result<Vec<Result<String, &'static str>>, &'static str> {
    let opened = Database::from_bytes(bytes, "damaged.db").and_then(session);
    let session = opened.map_err(|diagnostic| diagnostic.code)?;
    let answer = |text: &&str| {
        answered(&session, text).map(|answer| format!("{:?} {:?} {:?}", answer.head, answer.rows, answer.closing))
    };
    Ok(QUESTIONS.iter().map(answer).collect())
}

fn try_file(bytes: &[u8], right: &[Result<String, &'static str>]) -> Came {
    match catch_unwind(AssertUnwindSafe(|| answers(bytes))) {
        Err(_) => Came::Crashed,
        Ok(Err("R499")) => Came::Crashed,
        Ok(Err(_)) => Came::Refused,
        Ok(Ok(answers)) if answers == right => Came::Same,
        Ok(Ok(answers)) if answers.contains(&Err("R499")) => Came::Crashed,
        Ok(Ok(answers)) if answers.iter().zip(right).all(|(one, right)| one == right || one.is_err()) => Came::Said,
        Ok(Ok(_)) => Came::Different,
    }
}

/// The small file without its seal.
fn unsealed() -> Vec<u8> {
    let mut connection = Connection::open_in_memory().unwrap();
    connection.deserialize_read_exact("main", small(), small().len(), false).unwrap();
    connection.execute("DELETE FROM file WHERE key = 'seal'", []).unwrap();
    connection.serialize("main").unwrap().to_vec()
}

/// A damaged copy that is not the file itself.
fn damaged(good: &[u8], number: u64) -> Vec<u8> {
    let rng = Rng::new(seed().wrapping_mul(0x1_0000_0000).wrapping_add(number));
    let (_, damage) = KINDS[number as usize % KINDS.len()];
    loop {
        let mut bytes = good.to_vec();
        damage(&mut bytes, &rng);
        if bytes != good {
            return bytes;
        }
    }
}

#[test]
fn no_damage_goes_unnoticed_under_a_seal() {
    let count: u64 = match std::env::var("DAMAGED") {
        Ok(count) => count.parse().expect("DAMAGED is a number"),
        Err(_) => {
            if slow() {
                100_000
            } else {
                500
            }
        }
    };
    let files = [small().to_vec(), unsealed()];
    let right = answers(&files[0]).unwrap();
    assert!(
        right
            .iter()
            .all(|answer| answer.as_ref().is_ok_and(|text| text.contains("Row {") || text.contains("count: 0")))
    );
    assert_eq!(answers(&files[1]).unwrap(), right, "a seal changes no answer");
    let threads = std::thread::available_parallelism().map_or(1, usize::from) as u64;
    let (sender, receiver) = channel();
    let (files, right) = (std::sync::Arc::new(files), std::sync::Arc::new(right));
    for own in 0..threads {
        let (sender, files, right) = (sender.clone(), files.clone(), right.clone());
        // Not joined: one that hangs is told of, not waited for.
        std::thread::spawn(move || {
            for number in (own..count).step_by(threads as usize) {
                for (sealed, good) in [true, false].into_iter().zip(files.iter()) {
                    let begun = Instant::now();
                    let came = try_file(&damaged(good, number), &right);
                    let _ = sender.send((number, sealed, came, begun.elapsed()));
                }
            }
        });
    }
    drop(sender);
    let (mut tally, mut wrong, mut longest) = (BTreeMap::new(), Vec::new(), Duration::ZERO);
    for seen in 0..2 * count {
        let (number, sealed, came, took) =
            receiver.recv_timeout(PATIENCE).unwrap_or_else(|_| panic!("after {seen} files one hangs; {tally:?}"));
        longest = longest.max(took);
        *tally.entry((sealed, number as usize % KINDS.len(), came)).or_insert(0_u64) += 1;
        if came == Came::Crashed || sealed && matches!(came, Came::Different | Came::Said) {
            wrong.push((number, sealed, came));
        }
    }
    print(&tally, longest);
    assert!(wrong.is_empty(), "{} of {count}: {:?}", wrong.len(), &wrong[..wrong.len().min(20)]);
}

/// What is counted can be seen: a letter of a name changed wherever it stands.
#[test]
fn a_changed_letter_is_another_answer_without_a_seal_and_none_with_one() {
    let name = b"Ada Alpha";
    let right = answers(small()).unwrap();
    let came = |good: &[u8]| -> Vec<Came> {
        let places = (0..good.len() - name.len()).filter(|at| good[*at..].starts_with(name));
        let changed = places.map(|at| {
            let mut bytes = good.to_vec();
            bytes[at + 1] = b'b';
            try_file(&bytes, &right)
        });
        changed.collect()
    };
    assert!(came(&unsealed()).contains(&Came::Different));
    assert!(came(small()).iter().all(|came| matches!(came, Came::Refused | Came::Same)), "{:?}", came(small()));
}

fn print(tally: &BTreeMap<(bool, usize, Came), u64>, longest: Duration) {
    let all = [Came::Refused, Came::Same, Came::Said, Came::Different, Came::Crashed];
    for sealed in [true, false] {
        println!("{}, of each kind: {all:?}", if sealed { "sealed" } else { "unsealed" });
        for (kind, (name, _)) in KINDS.iter().enumerate() {
            let counts = all.map(|came| tally.get(&(sealed, kind, came)).copied().unwrap_or(0));
            println!("  {name:<24}{}", counts.map(|count| format!("{count:>8}")).concat());
        }
    }
    println!("the longest took {longest:?}");
}

/// A deliberate mistake in SQLite's own code: two texts without an end are compared beyond their last byte.
#[test]
#[ignore = "it is run by the next, under a sanitizer"]
#[allow(unsafe_code)]
fn reads_beyond_the_end() {
    let (one, other) = (vec![b'a'; 64].into_boxed_slice(), vec![b'a'; 64].into_boxed_slice());
    // SAFETY: none; this is the mistake that a sanitizer has to see.
    let same = unsafe { rusqlite::ffi::sqlite3_stricmp(one.as_ptr().cast(), other.as_ptr().cast()) };
    println!("not noticed: {same}");
}

#[test]
fn the_sanitizer_watches() {
    if std::env::var_os("SANITIZED").is_none() {
        println!("skipped: SANITIZED is not set");
        return;
    }
    let program = std::env::current_exe().unwrap();
    let output = std::process::Command::new(&program)
        .args(["hostile::damaged::reads_beyond_the_end", "--exact", "--ignored", "--nocapture"])
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(!output.status.success() && said.contains("AddressSanitizer: heap-buffer-overflow"), "{said}");
    assert!(said.contains("sqlite3_stricmp"), "SQLite is not watched: {said}");
    let bytes = std::fs::read(program).unwrap();
    let watched = |name: &[u8]| bytes.windows(name.len()).any(|window| window == name);
    assert!(watched(b"__ubsan_handle_shift_out_of_bounds"), "undefined behaviour is not watched");
}
