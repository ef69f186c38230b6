//! Outputs that end, and outputs that are full: real processes, every format.

use bilat::present::{FORMATS, Several};
use std::fs::OpenOptions;
use std::io::Read;
use std::process::{Command, Stdio};

/// For each format a short answer, which fails when it is flushed, and a long one, which fails in the middle.
fn questions() -> Vec<(&'static str, &'static str)> {
    let claims: &[&str] = &["ASSERT count(FROM leaders) > 1"];
    let rows: &[&str] = &["SELECT name FROM leaders LIMIT 1", "FROM names", "ASSERT count(FROM leaders) > 1"];
    let of = |about: &'static bilat::present::About| {
        let texts = if about.several == Several::Document { claims } else { rows };
        texts.iter().map(move |text| (about.name, *text))
    };
    FORMATS.iter().flat_map(of).collect()
}

fn bilat(format: &str, text: &str) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_bilat"));
    command.args(["--format", format, "-c", text]).stdin(Stdio::null()).stderr(Stdio::piped());
    command
}

#[test]
fn nobody_reading_ends_it_in_silence() {
    for (format, text) in questions() {
        let (reader, writer) = std::io::pipe().unwrap();
        drop(reader);
        let output = bilat(format, text).stdout(writer).output().unwrap();
        assert_eq!(output.status.code(), Some(141), "{format}: {text}");
        assert_eq!(String::from_utf8_lossy(&output.stderr), "", "{format}: {text}");
    }
}

#[test]
fn a_reader_that_leaves_in_the_middle_ends_it_in_silence() {
    for (format, text) in questions().into_iter().filter(|(_, text)| *text == "FROM names") {
        let (mut reader, writer) = std::io::pipe().unwrap();
        let child = bilat(format, text).stdout(writer).spawn().unwrap();
        let mut some = [0; 100];
        reader.read_exact(&mut some).unwrap();
        drop(reader);
        let output = child.wait_with_output().unwrap();
        assert_eq!(output.status.code(), Some(141), "{format}");
        assert_eq!(String::from_utf8_lossy(&output.stderr), "", "{format}");
    }
}

#[test]
fn a_full_disk_is_said_and_is_an_error() {
    for (format, text) in questions() {
        let full = OpenOptions::new().write(true).open("/dev/full").unwrap();
        let output = bilat(format, text).stdout(full).output().unwrap();
        assert_eq!(output.status.code(), Some(4), "{format}: {text}");
        let said = String::from_utf8_lossy(&output.stderr);
        assert_eq!(said, "error[R410]: the output cannot be written: the disk is full\n", "{format}: {text}");
    }
}

/// Files may not grow beyond a few hundred bytes: as if the disk were full, for a file with a name.
#[test]
fn a_file_that_cannot_be_written_whole_stays_what_it_was() {
    for (format, text) in questions()
        .into_iter()
        .filter(|(format, text)| *text != "SELECT name FROM leaders LIMIT 1" && *format != "junit")
    {
        let folder = tempfile::tempdir().unwrap();
        let target = folder.path().join("answer");
        std::fs::write(&target, "old").unwrap();
        let output = Command::new("sh")
            .args(["-c", "trap '' XFSZ; ulimit -f 0; exec \"$0\" \"$@\""])
            .arg(env!("CARGO_BIN_EXE_bilat"))
            .args(["--format", format, "-c", text, "-o"])
            .arg(&target)
            .stdin(Stdio::null())
            .output()
            .unwrap();
        let said = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(4), "{format}: {text}: {said}");
        assert!(said.contains("cannot be written") && said.contains("was not written"), "{format}: {said}");
        assert_eq!(std::fs::read_to_string(&target).unwrap(), "old", "{format}");
        let left: Vec<_> = std::fs::read_dir(folder.path()).unwrap().flatten().map(|entry| entry.file_name()).collect();
        assert_eq!(left, ["answer"], "{format}");
    }
}
