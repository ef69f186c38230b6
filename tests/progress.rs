//! Long work: what is shown of it on a terminal and nowhere else, and what is left when it is stopped.

use crate::prompt::Terminal;
use std::fmt::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

/// Our own dataset with so many meetings more that nobody builds it in the two seconds before something is shown.
fn folder(home: &Path) -> PathBuf {
    const MEETINGS: usize = 100_000;
    let folder = home.join("large");
    std::fs::create_dir(&folder).unwrap();
    for file in std::fs::read_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/fixtures")).unwrap().flatten() {
        if file.path().extension().is_some_and(|ending| ending == "csv") {
            std::fs::copy(file.path(), folder.join(file.file_name())).unwrap();
        }
    }
    let (mut meetings, mut participants) = (String::new(), String::new());
    for at in 0..MEETINGS {
        writeln!(meetings, "more-{at},,,,").unwrap();
        writeln!(participants, "more-{at}.a,more-{at},aliyev,,,host,\nmore-{at}.b,more-{at},arce,,,guest,").unwrap();
    }
    for (name, rows) in [("meetings.csv", meetings), ("participants.csv", participants)] {
        let before = std::fs::read_to_string(folder.join(name)).unwrap();
        std::fs::write(folder.join(name), before + &rows).unwrap();
    }
    folder
}

/// Neither the file nor a temporary one.
fn nothing_is_left(home: &Path) {
    let names: Vec<String> = std::fs::read_dir(home)
        .unwrap()
        .flatten()
        .map(|entry| entry.file_name().to_string_lossy().into_owned())
        .filter(|name| name.contains(".db") || name.contains("tmp"))
        .collect();
    assert!(names.is_empty(), "{names:?}");
}

#[test]
fn long_work_is_shown_after_two_seconds_and_nothing_of_it_stays() {
    let home = tempfile::tempdir().unwrap();
    folder(home.path());
    let begun = Instant::now();
    let mut terminal = Terminal::launch(home.path(), (10, 40), &[], &["build", "large", "-o", "x.db"]);
    let screen = terminal.see("%");
    assert!(begun.elapsed() >= Duration::from_secs(2), "{:?}", begun.elapsed());
    let line = screen.trim_end().lines().last().unwrap_or("").to_string();
    assert!(screen.trim().lines().count() == 1 && line.chars().count() < 40, "{screen}");
    assert!(["reading", "checking", "deriving", "adding"].iter().any(|work| line.starts_with(work)), "{line}");
    assert!(line.contains('█') || line.contains('░') || line.contains(" left"), "{line}");
    terminal.keys("\u{3}");
    assert_eq!(terminal.ended(), 130);
    let screen = terminal.see("x.db was not written");
    assert!(screen.contains("R409") && !screen.contains('%') && !screen.contains('█'), "{screen}");
    nothing_is_left(home.path());
}

#[cfg(unix)]
#[test]
fn a_pipe_gets_none_of_it_and_a_stopped_build_leaves_nothing() {
    let home = tempfile::tempdir().unwrap();
    let folder = folder(home.path());
    let mut command = Command::new(env!("CARGO_BIN_EXE_bilat"));
    command.arg("build").arg(folder).args(["-o", "x.db"]).current_dir(home.path()).stdin(Stdio::null());
    let child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    std::thread::sleep(Duration::from_millis(2400));
    assert!(Command::new("kill").args(["-INT", &child.id().to_string()]).status().unwrap().success());
    let stopped = Instant::now();
    let output = child.wait_with_output().unwrap();
    assert_eq!(output.status.code(), Some(130));
    assert!(stopped.elapsed() < Duration::from_secs(2), "{:?}", stopped.elapsed());
    let said = String::from_utf8_lossy(&output.stderr);
    assert_eq!((said.as_ref(), output.stdout.as_slice()), ("error[R409]: stopped\nx.db was not written\n", &b""[..]));
    nothing_is_left(home.path());
}

#[test]
fn a_file_whose_opening_was_stopped_is_not_open_and_not_called_damaged() {
    use bilat::store::progress::OPENING;
    use bilat::store::{Database, Progress, Stopper, Verified};
    let home = tempfile::tempdir().unwrap();
    // One that is not part of the program, and so is checked.
    let mut records =
        bilat::dataset::records::read_folder(&Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures")).unwrap();
    records.settings.insert("title".to_string(), "another".to_string());
    let path = home.path().join("x.db");
    let built = bilat::dataset::build(&records).unwrap();
    bilat::dataset::put(&path, &built.bytes, false).unwrap();

    let progress = Progress::of(&[OPENING], Stopper::default());
    let database = Database::open_watched(&path, &progress, &Verified::default()).unwrap();
    let done = progress.at().and_then(|at| at.done).unwrap();
    assert!(done > 0.9, "what was thought to be there is not nearly what there was: {done}");

    let stopped = Progress::of(&[bilat::dataset::SHIPPING], Stopper::default());
    stopped.stopper().stop();
    assert_eq!(
        Database::open_watched(&path, &stopped, &Verified::default()).err().map(|diagnostic| diagnostic.code),
        Some("R409")
    );
    let target = home.path().join("y.db");
    let shipped = bilat::dataset::ship(&database, &target, false, &stopped);
    assert_eq!(shipped.err().map(|diagnostics| diagnostics[0].code), Some("R409"));
    let left: Vec<_> = std::fs::read_dir(home.path()).unwrap().flatten().map(|entry| entry.file_name()).collect();
    assert_eq!(left, ["x.db"]);
}
