//! Every call on files fails once, or from then on: no panic, the old file or the new one, a message, a status that is
//! documented, and nothing left.

use super::place::{Place, READERS, State, forget, furnished};
use super::shim;
use crate::grammar::slow;
use std::collections::BTreeMap;
use std::path::Path;
use std::process::{Command, Output, Stdio};

/// Errors as Linux numbers them; 0 is half of the work.
const ENOSPC: i32 = 28;
const EIO: i32 = 5;
const EINTR: i32 = 4;
const EACCES: i32 = 13;
const HALF: i32 = 0;

/// How calls of a kind can fail.
const KINDS: &[(&str, &[i32])] = &[
    ("open", &[ENOSPC, EIO, EINTR, EACCES]),
    ("read", &[EIO, EINTR, HALF]),
    ("write", &[ENOSPC, EIO, EINTR, HALF]),
    ("sync", &[ENOSPC, EIO, EINTR]),
    ("truncate", &[EIO]),
    ("link", &[ENOSPC, EIO]),
    ("rename", &[ENOSPC, EIO]),
    ("unlink", &[EIO]),
    ("stat", &[EIO]),
    ("lock", &[EIO]),
    ("mode", &[EIO]),
    ("list", &[EIO]),
];

/// One way to fail.
#[derive(Clone, Copy, Debug)]
struct Fault {
    kind: &'static str,
    number: u64,
    error: i32,
    sticky: bool,
    named: bool,
}

fn shimmed(folder: &Path, arguments: &[&str], fault: Fault) -> (Output, BTreeMap<String, u64>) {
    let library = shim::built().unwrap();
    let counts = tempfile::NamedTempFile::new().unwrap();
    let mut command: Command = super::place::bilat(folder, arguments);
    shim::under(&mut command, library, folder, fault.named);
    let Fault { kind, number, error, sticky, .. } = fault;
    command.env("SHIM_COUNT", counts.path()).env("SHIM_FAIL", format!("{kind}:{number}:{error}:{}", i32::from(sticky)));
    command.stdout(Stdio::piped()).stderr(Stdio::piped());
    let output = command.output().unwrap();
    let counts = std::fs::read_to_string(counts.path()).unwrap();
    let pairs = counts.lines().filter_map(|line| line.split_once(' '));
    (output, pairs.map(|(kind, count)| (kind.to_string(), count.parse().unwrap())).collect())
}

/// Every fault that a command can meet, from the calls that it makes where none occurs.
fn faults(folder: &Path, arguments: &[&str], named: bool) -> Vec<Fault> {
    forget(folder);
    let none = Fault { kind: "none", number: 0, error: 0, sticky: false, named };
    let (output, counts) = shimmed(folder, arguments, none);
    assert_eq!(output.status.code(), Some(0), "{arguments:?}");
    let mut faults = Vec::new();
    for (kind, errors) in KINDS {
        for number in 1..=counts[*kind] {
            for error in *errors {
                // A call that is interrupted for ever is made for ever.
                let sticky: &[bool] = if *error == EINTR { &[false] } else { &[false, true] };
                faults.extend(sticky.iter().map(|sticky| Fault {
                    kind,
                    number,
                    error: *error,
                    sticky: *sticky,
                    named,
                }));
            }
        }
    }
    faults
}

/// Of many points every so-many-th, unless there is time.
fn chosen<T>(points: Vec<T>) -> Vec<T> {
    let every = if slow() { 1 } else { 11 };
    points.into_iter().step_by(every).collect()
}

/// What must hold of every run that meets a fault.
fn check(output: &Output, hit: bool, fault: Fault, arguments: &[&str]) {
    let said = String::from_utf8_lossy(&output.stderr);
    let about = format!("{arguments:?}, {fault:?}: {:?} {said}", output.status);
    assert!(hit, "no such call: {about}");
    assert!(!said.contains("panicked"), "{about}");
    assert!(
        ["R405", "R406", "R499"].iter().all(|code| !said.contains(code)),
        "it is neither damage nor a bug: {about}"
    );
    match output.status.code() {
        Some(0) => (),
        Some(4) => assert!(said.contains("error["), "{about}"),
        _ => panic!("{about}"),
    }
    if fault.error == EINTR || fault.error == HALF {
        assert_eq!(output.status.code(), Some(0), "what is only interrupted goes on: {about}");
    }
}

#[test]
fn whatever_call_fails_the_old_file_or_the_new_one_is_there() {
    if shim::built().is_none() {
        return;
    }
    let (mut tried, mut refused) = (0, 0);
    for (writer, place) in Place::all() {
        // On a disk that knows no nameless files only the last calls are others.
        let kinds: &[bool] = if slow() || writer.name == "build" { &[false, true] } else { &[false] };
        for named in kinds.iter().copied() {
            place.reset();
            for fault in chosen(faults(place.path(), writer.arguments, named)) {
                place.reset();
                let (output, counts) = shimmed(place.path(), writer.arguments, fault);
                check(&output, counts["hit"] == 1, fault, writer.arguments);
                let about = format!("{}, {fault:?}: {}", writer.name, String::from_utf8_lossy(&output.stderr));
                let state = place.state().unwrap_or_else(|wrong| panic!("{about}: {wrong}"));
                if output.status.success() {
                    assert_eq!(state, State::New, "{about}");
                }
                if fault.kind == "unlink" {
                    // What cannot be removed is left to the next writer.
                    assert!(place.bilat(writer.arguments).status().unwrap().success(), "{about}");
                }
                assert_eq!(place.left(), Vec::<String>::new(), "{about}");
                tried += 1;
                refused += usize::from(!output.status.success());
            }
        }
    }
    println!("faults of writers: {tried} tried, {refused} refused");
}

#[test]
fn whatever_call_fails_what_is_read_is_right_or_refused() {
    if shim::built().is_none() {
        return;
    }
    let home = furnished();
    let (mut tried, mut refused) = (0, 0);
    for arguments in READERS {
        let right = super::place::bilat(home.path(), arguments).stdout(Stdio::piped()).output().unwrap();
        for fault in chosen(faults(home.path(), arguments, false)) {
            forget(home.path());
            let (output, counts) = shimmed(home.path(), arguments, fault);
            check(&output, counts["hit"] == 1, fault, arguments);
            if output.status.success() {
                assert!(output.stdout == right.stdout, "{arguments:?}, {fault:?}: another answer");
            }
            tried += 1;
            refused += usize::from(!output.status.success());
        }
    }
    println!("faults of readers: {tried} tried, {refused} refused");
}
