//! Disks that are full or may not be written, outputs that nobody takes, signals: each ends with a documented status,
//! the old file is what it was, and nothing is left beside it.

use super::place::{Place, State, WRITERS, Writer, bilat, furnished};
use bilat::shell::status::Status;
use std::fs::OpenOptions;
use std::path::Path;
use std::process::{Child, Command, Output, Stdio};
use std::time::{Duration, Instant};

fn shell(folder: &Path, script: &str, arguments: &[String]) -> Output {
    let mut command = Command::new("sh");
    command.args(["-c", script, env!("CARGO_BIN_EXE_bilat")]).args(arguments);
    command.env("XDG_CACHE_HOME", folder.join("cache")).current_dir(folder).stdin(Stdio::null()).output().unwrap()
}

/// What a writer is told, with its target in another folder.
fn moved(writer: &Writer) -> Vec<String> {
    let into =
        |argument: &&str| if *argument == writer.target { format!("disk/{argument}") } else { (*argument).into() };
    writer.arguments.iter().map(into).collect()
}

/// A small disk in memory is mounted for one command, which finds `before` done to it. Gives what the command said, and
/// whether the old file is what it was and alone; nothing where nobody may mount.
fn on_a_disk(writer: &Writer, before: &str) -> Option<(Output, bool)> {
    let home = furnished();
    std::fs::create_dir(home.path().join("disk")).unwrap();
    let target = writer.target;
    let script = format!(
        "mount -t tmpfs -o size=1m tmpfs disk || exit 99
         cp {target} disk/{target}
         {before}
         \"$0\" \"$@\"
         status=$?
         rm -f disk/filler
         cmp -s {target} disk/{target} && [ \"$(ls -A disk)\" = {target} ] && echo untouched
         exit $status"
    );
    let script = format!("exec unshare -rm sh -c '{script}' \"$0\" \"$@\"");
    let output = shell(home.path(), &script, &moved(writer));
    let said = String::from_utf8_lossy(&output.stdout).ends_with("untouched\n");
    let mounted = output.status.code() != Some(99) && !String::from_utf8_lossy(&output.stderr).contains("unshare");
    if !mounted {
        println!("skipped: nobody may mount a disk here");
    }
    mounted.then_some((output, said))
}

#[test]
fn a_disk_that_is_full_or_read_only_leaves_the_old_file() {
    let full = "dd if=/dev/zero of=disk/filler bs=4k 2>&-";
    let read_only = "mount -o remount,ro disk";
    for writer in WRITERS {
        for (before, why) in [(full, "the disk is full"), (read_only, "the disk is there to be read only")] {
            let Some((output, untouched)) = on_a_disk(writer, before) else { return };
            let said = String::from_utf8_lossy(&output.stderr);
            assert_eq!(output.status.code(), Some(4), "{}: {said}", writer.name);
            assert!(said.contains("error[D318]") || said.contains("error[R410]"), "{}: {said}", writer.name);
            assert!(said.contains(&format!("disk/{}", writer.target)), "{}: {said}", writer.name);
            assert!(said.contains(why), "{}: {said}", writer.name);
            assert!(untouched, "{}: {said}", writer.name);
        }
    }
}

/// The signal by which the system tells of a file that may not grow is not the end.
#[test]
fn a_file_that_may_not_grow_leaves_the_old_file() {
    for (writer, place) in Place::all() {
        let arguments: Vec<String> = writer.arguments.iter().map(|argument| (*argument).to_string()).collect();
        let output = shell(place.path(), "ulimit -f 0; exec \"$0\" \"$@\"", &arguments);
        let said = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(4), "{}: {said}", writer.name);
        assert!(said.contains("it would be larger than files may be here"), "{}: {said}", writer.name);
        assert_eq!((place.state(), place.left()), (Ok(State::Old), Vec::new()), "{}", writer.name);
    }
}

/// Every command that prints.
const PRINTERS: &[&[&str]] = &[
    &["--help"],
    &["--version"],
    &["source.db", "-c", "FROM meetings"],
    &["run", "questions.bilat", "--db", "source.db"],
    &["explain", "questions.bilat", "--db", "source.db"],
    &["report", "story.md", "--db", "source.db"],
    &["info", "source.db"],
    &["diff", "x.db", "source.db"],
    &["completions", "bash"],
    &["fmt", "--check", "x.bilat"],
    &["check"],
];

#[test]
fn an_output_that_nobody_takes_has_a_status() {
    let home = furnished();
    for arguments in PRINTERS {
        let printed = |output: Stdio| {
            let output = bilat(home.path(), arguments).stdout(output).stderr(Stdio::piped()).output().unwrap();
            let said = String::from_utf8_lossy(&output.stderr).into_owned();
            (output.status.code(), said.replace("warning", ""))
        };
        let (status, said) = printed(OpenOptions::new().write(true).open("/dev/full").unwrap().into());
        assert_eq!(status, Some(4), "{arguments:?}: {said}");
        assert!(said.contains("the disk is full"), "{arguments:?}: {said}");

        let (reader, writer) = std::io::pipe().unwrap();
        drop(reader);
        let (status, said) = printed(writer.into());
        assert_eq!((status, said.contains("error")), (Some(141), false), "{arguments:?}: {said}");

        // Nobody asked for the answer; the question was fine.
        let right = bilat(home.path(), arguments).status().unwrap().code();
        let words: Vec<String> = arguments.iter().map(|word| (*word).to_string()).collect();
        let output = shell(home.path(), "exec \"$0\" \"$@\" >&-", &words);
        assert_eq!(output.status.code(), right, "{arguments:?}, closed: {}", String::from_utf8_lossy(&output.stderr));
        // Nor can it be said that something cannot be said.
        let output = shell(home.path(), "exec \"$0\" \"$@\" 2> /dev/full", &words);
        assert_eq!(output.status.code(), right, "{arguments:?}, with nobody to complain to");
    }
}

/// Whether a process handles a signal by now.
fn handles(child: &Child, signal: i32) -> bool {
    let about = std::fs::read_to_string(format!("/proc/{}/status", child.id())).unwrap_or_default();
    let mask = about.lines().find_map(|line| line.strip_prefix("SigCgt:")).unwrap_or("0").trim();
    u64::from_str_radix(mask, 16).unwrap() >> (signal - 1) & 1 == 1
}

fn send(child: &Child, name: &str) {
    assert!(Command::new("kill").args([name, &child.id().to_string()]).status().unwrap().success());
}

/// Work that takes long enough to be stopped: the folder of the bundled file, and a query without end.
const LONG: &[(&[&str], &str)] = &[
    (&["build", concat!(env!("CARGO_MANIFEST_DIR"), "/fixtures"), "-o", "x.db", "--force"], "x.db"),
    (&["new", "x.db", "--force"], "x.db"),
    (
        &[
            "-c",
            "SELECT name, size(meetings.participants.leader.meetings.participants.leader.meetings.participants.leader.\
             meetings) FROM leaders",
            "-o",
            "x.csv",
        ],
        "x.csv",
    ),
];

#[test]
fn a_signal_ends_long_work_and_leaves_the_old_file() {
    let stopped = Status::Interrupted.code();
    for (arguments, target) in LONG {
        for (name, signal) in [("-INT", 2), ("-TERM", 15), ("-HUP", 1)] {
            let home = furnished();
            let names = || std::fs::read_dir(home.path()).unwrap().count();
            let (old, before) = (std::fs::read(home.path().join(target)).unwrap(), names());
            let mut child = bilat(home.path(), arguments).spawn().unwrap();
            let begun = Instant::now();
            while !handles(&child, signal) {
                assert!(begun.elapsed() < Duration::from_secs(20) && child.try_wait().unwrap().is_none(), "{name}");
            }
            std::thread::sleep(Duration::from_millis(50));
            send(&child, name);
            let status = child.wait().unwrap();
            assert_eq!(status.code(), Some(stopped), "{arguments:?} {name}: {status:?}");
            assert!(std::fs::read(home.path().join(target)).unwrap() == old, "{arguments:?} {name}");
            assert_eq!(names(), before, "{arguments:?} {name}");
        }
    }
}

#[test]
fn who_is_to_outlive_the_terminal_does() {
    let home = furnished();
    let mut command = Command::new("sh");
    command.args(["-c", "trap '' HUP; exec \"$0\" \"$@\"", env!("CARGO_BIN_EXE_bilat")]).args(LONG[0].0);
    let mut child = command.current_dir(home.path()).stderr(Stdio::null()).spawn().unwrap();
    while !handles(&child, 15) && child.try_wait().unwrap().is_none() {}
    send(&child, "-HUP");
    assert_eq!(child.wait().unwrap().code(), Some(0));
    let bundled = std::fs::read(concat!(env!("CARGO_MANIFEST_DIR"), "/fixtures/bilat.db")).unwrap();
    assert!(std::fs::read(home.path().join("x.db")).unwrap() == bundled);
}
