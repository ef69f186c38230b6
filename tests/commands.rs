//! Commands as processes: every exit status, figures on request, completion in a real shell.

use std::process::{Command, Output, Stdio};
use std::time::{Duration, Instant};

fn bilat(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_bilat"));
    command.args(arguments).stdin(Stdio::null());
    command
}

fn run(arguments: &[&str]) -> Output {
    bilat(arguments).output().unwrap()
}

/// Links without end: no machine answers it in the time of a test.
fn endless() -> String {
    format!("SELECT size(meetings.{}participants) FROM leaders", "participants.leader.meetings.".repeat(8))
}

#[test]
fn every_status_of_the_help_is_what_a_run_ends_with() {
    let slow = endless();
    let cases: &[(i32, &[&str])] = &[
        (0, &["-c", "FROM meetings WITH Xi"]),
        (1, &["-c", "ASSERT count(FROM meetings WITH Xi) < 1"]),
        (2, &["--no-such-flag"]),
        (3, &["-c", "FROM meetngs"]),
        (4, &["nowhere.db", "-c", "FROM meetings"]),
        (5, &["-c", "ASSERT count(FROM meetings WITH Rahmon DURING 2024-05-08) = 1"]),
        (124, &["--timeout", "50ms", "-c", &slow]),
    ];
    let help = String::from_utf8(run(&["--help"]).stdout).unwrap();
    for (status, arguments) in cases {
        assert_eq!(run(arguments).status.code(), Some(*status), "{arguments:?}");
        assert!(help.contains(&format!("\n  {status:>3}  ")), "{status} is not in the help");
    }
    for status in [70, 130, 141] {
        assert!(help.contains(&format!("\n  {status:>3}  ")), "{status} is not in the help");
    }
}

#[cfg(unix)]
#[test]
fn an_interrupt_stops_a_query_and_a_closed_pipe_is_silent() {
    let mut child = bilat(&["-c", &endless()]).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    std::thread::sleep(Duration::from_millis(300));
    let begun = Instant::now();
    assert!(Command::new("kill").args(["-INT", &child.id().to_string()]).status().unwrap().success());
    assert_eq!(child.wait().unwrap().code(), Some(130));
    assert!(begun.elapsed() < Duration::from_secs(2), "{:?}", begun.elapsed());

    let mut child = bilat(&["-c", "FROM names", "-c", "FROM names"]);
    let mut child = child.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    drop(child.stdout.take());
    let output = child.wait_with_output().unwrap();
    assert_eq!((output.status.code(), output.stderr.as_slice()), (Some(141), &b""[..]));
}

#[test]
fn figures_come_on_request_beside_the_answers() {
    let plain =
        run(&["-c", "FROM meetings WITH Xi", "-c", "ASSERT count(FROM meetings WITH Rahmon DURING 2024-05-08) = 1"]);
    let figures = run(&[
        "--stats",
        "-c",
        "FROM meetings WITH Xi",
        "-c",
        "ASSERT count(FROM meetings WITH Rahmon DURING 2024-05-08) = 1",
    ]);
    assert_eq!(plain.stdout, figures.stdout);
    assert!(plain.stderr.is_empty());
    let text = String::from_utf8(figures.stderr).unwrap();
    let lines: Vec<serde_json::Value> = text.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(lines.len(), 3);
    assert_eq!(
        lines[0]["rows"],
        String::from_utf8(plain.stdout).unwrap().lines().take(6).filter(|l| l.starts_with("20")).count()
    );
    assert_eq!(lines[1]["verdict"], "undecided");
    assert_eq!((&lines[2]["statements"], &lines[2]["status"]), (&2.into(), &5.into()));
    assert!(lines[0]["run_ms"].as_f64().unwrap() > 0.0 && lines[2]["total_ms"].as_f64() > lines[0]["run_ms"].as_f64());
}

/// What a shell would offer; nothing where there is none.
fn offered(words: &str, position: usize) -> Option<String> {
    let script = run(&["completions", "bash"]).stdout;
    let file = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(file.path(), script).unwrap();
    let word = |at: usize| words.split(' ').nth(at).unwrap();
    let (last, before) = (word(position), word(position - 1));
    let asked = format!(
        "source '{}'; COMP_WORDS=({words}); COMP_CWORD={position}; _bilat bilat '{last}' '{before}'; echo \"${{COMPREPLY[@]}}\"",
        file.path().display()
    );
    let output = Command::new("bash").args(["--norc", "-c", &asked]).output().ok()?;
    Some(String::from_utf8(output.stdout).unwrap())
}

#[test]
fn bash_completes_commands_flags_and_formats() {
    for (words, position, wanted) in
        [("bilat ver", 1, "verify"), ("bilat run --para", 2, "--param"), ("bilat --format mark", 2, "markdown")]
    {
        let Some(offered) = offered(words, position) else {
            println!("skipped: there is no bash");
            return;
        };
        assert!(offered.split_whitespace().any(|word| word == wanted), "{words}: {offered}");
    }
    for shell in ["bash", "zsh", "fish", "elvish", "powershell"] {
        let script = String::from_utf8(run(&["completions", shell]).stdout).unwrap();
        assert!(["bilat", "verify", "explain"].iter().all(|word| script.contains(word)), "{shell}");
    }
}
