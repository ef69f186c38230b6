//! The prompt in a real pseudo-terminal: what is typed, and what then stands on the screen.

use portable_pty::{CommandBuilder, MasterPty, PtySize, native_pty_system};
use std::io::{Read, Write};
use std::path::Path;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

/// Long enough for a busy machine; nothing waits that long when all is well.
const PATIENCE: Duration = Duration::from_secs(20);

struct Terminal {
    screen: Arc<Mutex<vt100::Parser>>,
    input: Box<dyn Write + Send>,
    child: Box<dyn portable_pty::Child + Send + Sync>,
    /// Dropped last: the terminal is gone with it.
    _master: Box<dyn MasterPty + Send>,
}

impl Terminal {
    /// Starts the program with a home of its own.
    fn start(home: &Path, size: (u16, u16), settings: &[(&str, &str)], arguments: &[&str]) -> Terminal {
        let (rows, cols) = size;
        let pair = native_pty_system().openpty(PtySize { rows, cols, pixel_width: 0, pixel_height: 0 }).unwrap();
        let mut command = CommandBuilder::new(env!("CARGO_BIN_EXE_bilat"));
        command.args(arguments);
        command.env_clear();
        command.env("HOME", home);
        command.env("TERM", "xterm-256color");
        for (name, value) in settings {
            command.env(name, value);
        }
        command.cwd(home);
        let child = pair.slave.spawn_command(command).unwrap();
        let screen = Arc::new(Mutex::new(vt100::Parser::new(rows.try_into().unwrap(), cols.try_into().unwrap(), 1000)));
        let mut reader = pair.master.try_clone_reader().unwrap();
        let seen = Arc::clone(&screen);
        std::thread::spawn(move || {
            let mut bytes = [0; 4096];
            while let Ok(count @ 1..) = reader.read(&mut bytes) {
                seen.lock().unwrap().process(&bytes[..count]);
            }
        });
        let input = pair.master.take_writer().unwrap();
        let terminal = Terminal { screen, input, child, _master: pair.master };
        terminal.wait(|screen| screen.contains("> "));
        terminal
    }

    fn here(home: &Path) -> Terminal {
        Terminal::start(home, (40, 110), &[], &[])
    }

    fn screen(&self) -> String {
        self.screen.lock().unwrap().screen().contents()
    }

    fn wait(&self, until: impl Fn(&str) -> bool) -> String {
        let begun = Instant::now();
        loop {
            let screen = self.screen();
            if until(&screen) {
                return screen;
            }
            assert!(begun.elapsed() < PATIENCE, "it does not come; the screen is:\n{screen}");
            std::thread::sleep(Duration::from_millis(10));
        }
    }

    fn see(&self, text: &str) -> String {
        self.wait(|screen| screen.contains(text))
    }

    fn keys(&mut self, keys: &str) {
        self.input.write_all(keys.as_bytes()).unwrap();
        self.input.flush().unwrap();
    }

    /// Waits for the prompt to be empty and the terminal to be in its hands: what is typed earlier is thrown away.
    fn ready(&self) {
        self.wait(|screen| {
            screen.trim_end_matches('\n').lines().last().is_some_and(|line| line.ends_with("> ") || line.ends_with('>'))
        });
        std::thread::sleep(Duration::from_millis(50));
    }

    /// Types a line and waits for what it brings.
    fn ask(&mut self, line: &str, expected: &str) -> String {
        self.ready();
        self.keys(&format!("{line}\r"));
        self.see(expected)
    }

    /// Ctrl-D at the empty prompt; the exit status.
    fn leave(mut self) -> u32 {
        self.ready();
        self.keys("\u{4}");
        self.ended()
    }

    fn ended(&mut self) -> u32 {
        let begun = Instant::now();
        loop {
            if let Some(status) = self.child.try_wait().unwrap() {
                return status.exit_code();
            }
            assert!(begun.elapsed() < PATIENCE, "it does not end:\n{}", self.screen());
            std::thread::sleep(Duration::from_millis(10));
        }
    }
}

fn home() -> tempfile::TempDir {
    tempfile::tempdir().unwrap()
}

#[test]
fn a_question_is_answered_and_ctrl_d_leaves() {
    let home = home();
    let mut terminal = Terminal::here(home.path());
    assert!(terminal.screen().contains("meetings held"), "{}", terminal.screen());
    terminal.ask("SELECT count() FROM meetings WITH Putin SINCE 2024-05-07;", "21 meetings");
    assert_eq!(terminal.leave(), 0);
}

#[test]
fn a_statement_goes_on_until_its_semicolon_and_says_what_is_missing() {
    let home = home();
    let mut terminal = Terminal::here(home.path());
    terminal.ask("FROM meetings WITH Orban", "… ");
    terminal.keys("AND Xi\r");
    terminal.see("… ;");
    terminal.keys(";\r");
    terminal.see("1 meeting");
    terminal.leave();
}

#[test]
fn tab_completes_keywords_names_and_paths() {
    let home = home();
    let mut terminal = Terminal::here(home.path());
    for (typed, completed) in [
        ("FROM meetings WITHO", "FROM meetings WITHOUT"),
        ("FROM meetings WITHOUT orb", "WITHOUT 'Viktor Orbán'"),
        ("FROM meetings SELECT place.cou", "SELECT place.country"),
        ("SELECT date, host_c", "host_country"),
        ("FROM meetings WHERE status = 'canc", "status = 'cancelled'"),
        ("FROM mee", "FROM meetings"),
        (".desc", ".describe"),
    ] {
        terminal.ready();
        terminal.keys(typed);
        terminal.see(typed);
        terminal.keys("\t");
        terminal.see(completed);
        // Ctrl-C clears the line.
        terminal.keys("\u{3}");
    }
    terminal.leave();
}

#[test]
fn a_mistake_is_shown_under_its_line_and_the_next_question_is_answered() {
    let home = home();
    let mut terminal = Terminal::here(home.path());
    let screen = terminal.ask("FROM meetings WITH Putim;", "did you mean 'Putin'?");
    assert!(screen.contains("B211"), "{screen}");
    terminal.ask("FROM meetings WITH Modi;", "1 meeting");
    terminal.leave();
}

#[test]
fn ctrl_c_stops_a_long_query_and_keeps_the_prompt() {
    let home = home();
    let mut terminal = Terminal::here(home.path());
    let path = "participants.leader.meetings.".repeat(8);
    terminal.keys(&format!("SELECT size(meetings.{path}participants) FROM leaders;\r"));
    std::thread::sleep(Duration::from_millis(500));
    let begun = Instant::now();
    terminal.keys("\u{3}");
    terminal.see("R409");
    assert!(begun.elapsed() < Duration::from_secs(3), "it took {:?}", begun.elapsed());
    terminal.ask("FROM meetings WITH Modi;", "1 meeting");
    // At the prompt it clears the line.
    terminal.ready();
    terminal.keys("FROM meetings WITH nobody");
    terminal.see("nobody");
    terminal.keys("\u{3}");
    terminal.ask("FROM meetings WITH Kim;", "Kumsusan");
    assert_eq!(terminal.leave(), 0);
}

#[test]
fn the_history_is_kept_for_its_owner_alone() {
    let home = home();
    let mut first = Terminal::here(home.path());
    first.ask("FROM meetings WITH Modi;", "1 meeting");
    first.ask(" FROM meetings WITH Kim;", "Kumsusan");
    first.leave();
    let path = home.path().join(".local/state/bilat/history");
    let kept = std::fs::read_to_string(&path).unwrap();
    assert!(kept.contains("WITH Modi") && !kept.contains("WITH Kim"), "{kept}");
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        assert_eq!(std::fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
    }
    let mut second = Terminal::here(home.path());
    second.ready();
    second.keys("\u{1b}[A");
    second.see("FROM meetings WITH Modi;");
    second.keys("\u{3}");
    second.leave();
}

#[test]
fn dot_commands_say_what_they_do() {
    let home = home();
    let mut terminal = Terminal::here(home.path());
    terminal.ask(".help", ".describe");
    terminal.ask(".formt", "did you mean .format?");
    terminal.ask(".format json", "> ");
    terminal.ask("SELECT count() FROM meetings WITH Modi;", "\"count_possible\":1");
    terminal.ask(".open nowhere.db", "R401");
    terminal.ask(".describe Xi Jinping", "習近平");
    terminal.ready();
    terminal.keys("exit\r");
    assert_eq!(terminal.ended(), 0);
}

#[test]
fn help_shows_each_part_of_the_language_with_an_example_on_the_open_file() {
    let home = home();
    for (name, lines) in [
        ("file", "key,value\nreference_date,2024-12-31\n"),
        ("leaders", "key,name\nmacron,Emmanuel Macron\nscholz,Olaf Scholz\n"),
        ("meetings", "key,date\nm,2024-05-28\n"),
        ("participants", "key,meeting,leader\np,m,macron\nq,m,scholz\n"),
    ] {
        std::fs::write(home.path().join(name).with_extension("csv"), lines).unwrap();
    }
    let mut terminal = Terminal::here(home.path());
    let screen = terminal.ask(".help connect", "3 meetings from Kim Jong Un to Volodymyr Zelenskyy");
    assert!(screen.contains("'RISING'?"), "{screen}");
    terminal.ask(".help LET", "1 more was not held");
    terminal.ask("FROM talks;", "no noun 'talks'");
    terminal.ask(".help mett", "did you mean MET?");
    terminal.ready();
    terminal.keys(".help connec\t");
    terminal.see(".help CONNECT");
    terminal.keys("\u{3}");
    terminal.leave();
    let built = std::process::Command::new(env!("CARGO_BIN_EXE_bilat"))
        .args(["build", ".", "-o", "mine.db"])
        .current_dir(home.path())
        .output()
        .unwrap();
    assert!(built.status.success(), "{built:?}");
    let mut terminal = Terminal::start(home.path(), (40, 110), &[], &["mine.db"]);
    let screen = terminal.ask(".help WITH", "1 meeting\n");
    assert!(screen.contains("FROM meetings WITH 'Olaf Scholz' AND"), "{screen}");
    terminal.ask(".help VISITED", "of the article's meetings");
    terminal.leave();
}

#[test]
fn tables_fit_a_narrow_terminal_and_no_color_is_honoured() {
    let home = home();
    let mut terminal = Terminal::start(home.path(), (50, 60), &[("NO_COLOR", "1")], &[]);
    let screen =
        terminal.ask("SELECT date, counterparts, place FROM meetings WITH Putin DURING 2024-06;", "5 meetings");
    assert!(screen.contains("Nguyễn Phú"), "{screen}");
    let parser = terminal.screen.lock().unwrap();
    let (rows, cols) = parser.screen().size();
    for row in 0..rows.get() {
        for col in 0..cols.get() {
            let cell = parser.screen().cell(row, col).unwrap();
            assert_eq!(cell.fgcolor(), vt100::Color::Default, "row {row}: {}", parser.screen().contents());
        }
    }
    drop(parser);
    terminal.leave();
}

#[test]
fn a_hostile_name_commands_nothing() {
    let home = home();
    let mut terminal = Terminal::here(home.path());
    let screen = terminal.ask("FROM meetings WITH 'Xi\u{202e}nituP';", "B211");
    assert!(!screen.contains('\u{202e}') && screen.contains("\\u{202E}"), "{screen}");
    terminal.leave();
}

#[test]
fn a_parameter_without_a_value_is_asked_for_and_kept() {
    let home = home();
    let mut terminal = Terminal::here(home.path());
    terminal.ready();
    terminal.keys("FROM meetings WITH $who AND Putin SINCE 2024-07;\r");
    terminal.see("$who = ");
    terminal.keys("Orban\r");
    terminal.see("1 meeting");
    terminal.ask(".param who Modi", "> ");
    terminal.ask("SELECT host_country FROM meetings WITH $who SINCE 2024-07;", "Russia");
    terminal.ready();
    terminal.keys("FROM meetings WITH $other;\r");
    terminal.see("$other = ");
    terminal.keys("\u{3}");
    terminal.ask("LET talks = FROM meetings WITH Putin IN Kazakhstan;", "talks stands for");
    terminal.ask("SELECT count() FROM talks;", "7");
    terminal.ask("AS OF 2024-07-05;", "read as of");
    terminal.ask("SELECT count() FROM talks BEFORE today;", "7");
    assert_eq!(terminal.leave(), 0);
}
