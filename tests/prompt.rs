//! The prompt in a real pseudo-terminal: what is typed, and what then stands on the screen.

use portable_pty::{CommandBuilder, MasterPty, PtySize, native_pty_system};
use std::io::{Read, Write};
use std::path::Path;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

/// Long enough for a busy machine; nothing waits that long when all is well.
const PATIENCE: Duration = Duration::from_secs(20);

/// Ctrl-C is to be felt within 100 ms; a busy machine may need more.
const STOPPED: Duration = Duration::from_millis(1500);

/// Between two looks.
const PAUSE: Duration = Duration::from_millis(3);

pub struct Terminal {
    screen: Arc<Mutex<vt100::Parser>>,
    /// Every byte that came.
    raw: Arc<Mutex<Vec<u8>>>,
    input: Box<dyn Write + Send>,
    child: Box<dyn portable_pty::Child + Send + Sync>,
    /// Dropped last: the terminal is gone with it.
    _master: Box<dyn MasterPty + Send>,
}

impl Terminal {
    /// Starts the program with a home of its own.
    fn start(home: &Path, size: (u16, u16), settings: &[(&str, &str)], arguments: &[&str]) -> Terminal {
        let terminal = Terminal::launch(home, size, settings, arguments);
        terminal.wait(|screen| screen.contains("> "));
        terminal
    }

    /// The same for a command that asks nothing.
    pub fn launch(home: &Path, size: (u16, u16), settings: &[(&str, &str)], arguments: &[&str]) -> Terminal {
        let (rows, cols) = size;
        let pair = native_pty_system().openpty(PtySize { rows, cols, pixel_width: 0, pixel_height: 0 }).unwrap();
        let mut command = CommandBuilder::new(env!("CARGO_BIN_EXE_bilat"));
        command.args(arguments);
        command.env_clear();
        command.env("HOME", home);
        command.env("TERM", "xterm-256color");
        command.env("PAGER", "cat");
        for (name, value) in settings {
            command.env(name, value);
        }
        command.cwd(home);
        let child = pair.slave.spawn_command(command).unwrap();
        let screen = Arc::new(Mutex::new(vt100::Parser::new(rows.try_into().unwrap(), cols.try_into().unwrap(), 1000)));
        let mut reader = pair.master.try_clone_reader().unwrap();
        let raw = Arc::new(Mutex::new(Vec::new()));
        let (seen, all) = (Arc::clone(&screen), Arc::clone(&raw));
        std::thread::spawn(move || {
            let mut bytes = [0; 4096];
            while let Ok(count @ 1..) = reader.read(&mut bytes) {
                all.lock().unwrap().extend_from_slice(&bytes[..count]);
                seen.lock().unwrap().process(&bytes[..count]);
            }
        });
        let input = pair.master.take_writer().unwrap();
        Terminal { screen, raw, input, child, _master: pair.master }
    }

    fn here(home: &Path) -> Terminal {
        Terminal::start(home, (40, 110), &[], &[])
    }

    pub fn screen(&self) -> String {
        self.screen.lock().unwrap().screen().contents()
    }

    pub fn wait(&self, until: impl Fn(&str) -> bool) -> String {
        let begun = Instant::now();
        loop {
            let screen = self.screen();
            if until(&screen) {
                return screen;
            }
            assert!(begun.elapsed() < PATIENCE, "it does not come; the screen is:\n{screen}");
            std::thread::sleep(PAUSE);
        }
    }

    pub fn see(&self, text: &str) -> String {
        self.wait(|screen| screen.contains(text))
    }

    pub fn keys(&mut self, keys: &str) {
        self.input.write_all(keys.as_bytes()).unwrap();
        self.input.flush().unwrap();
    }

    /// Waits for an empty prompt with the terminal in its hands, which it says by asking for pastes in brackets.
    fn ready(&self) {
        self.wait(|screen| {
            let last = screen.trim_end_matches('\n').lines().last().unwrap_or("");
            last.trim_end().ends_with('>') && self.is_edited()
        });
    }

    /// Whether keys go to the line editor.
    fn is_edited(&self) -> bool {
        self.screen.lock().unwrap().screen().bracketed_paste()
    }

    /// The cell in which a text begins, where it stands last.
    fn cell(&self, text: &str) -> vt100::Cell {
        let parser = self.screen.lock().unwrap();
        let screen = parser.screen();
        let (rows, cols) = screen.size();
        let row = |row: u16| screen.rows(0, cols.get()).nth(row.into()).unwrap();
        let found = (0..rows.get()).rev().find_map(|at| Some((at, row(at).find(text)?)));
        let (at, column) = found.unwrap_or_else(|| panic!("no {text} in:\n{}", screen.contents()));
        let column = row(at)[..column].chars().count().try_into().unwrap();
        screen.cell(at, column).unwrap().clone()
    }

    /// Types without Enter, and waits until it stands there.
    fn types(&mut self, text: &str) {
        self.ready();
        self.keys(text);
        self.wait(|screen| screen.rsplit("> ").next().is_some_and(|line| line.starts_with(text)));
    }

    /// Waits until the line is handed over and what was asked had time to begin.
    fn wait_until_it_runs(&self) {
        self.wait(|_| !self.is_edited());
        std::thread::sleep(Duration::from_millis(100));
    }

    pub fn raw(&self) -> String {
        String::from_utf8_lossy(&self.raw.lock().unwrap()).into_owned()
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

    pub fn ended(&mut self) -> u32 {
        let begun = Instant::now();
        loop {
            if let Some(status) = self.child.try_wait().unwrap() {
                return status.exit_code();
            }
            assert!(begun.elapsed() < PATIENCE, "it does not end:\n{}", self.screen());
            std::thread::sleep(PAUSE);
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
        terminal.types(typed);
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
    terminal.wait_until_it_runs();
    let begun = Instant::now();
    terminal.keys("\u{3}");
    terminal.see("R409");
    assert!(begun.elapsed() < STOPPED, "it took {:?}", begun.elapsed());
    terminal.ask("FROM meetings WITH Modi;", "1 meeting");
    // At the prompt it clears the line.
    terminal.types("FROM meetings WITH nobody");
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
    let mut terminal = Terminal::start(home.path(), (48, 110), &[], &[]);
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

/// Ctrl-C.
const INTERRUPT: &str = "\u{3}";
const UP: &str = "\u{1b}[A";
const DOWN: &str = "\u{1b}[B";
const RIGHT: &str = "\u{1b}[C";
const LEFT: &str = "\u{1b}[D";
/// To the end of the line that the cursor is in.
const END: &str = "\u{5}";

/// Slow enough to be stopped.
fn long_query() -> String {
    format!("SELECT size(meetings.{}participants) FROM leaders;", "participants.leader.meetings.".repeat(8))
}

#[test]
fn tab_completes_names_in_any_spelling_and_files() {
    let home = home();
    std::fs::write(home.path().join("questions of mine.bilat"), "FROM meetings WITH Modi;").unwrap();
    std::fs::write(home.path().join("other.txt"), "").unwrap();
    std::fs::create_dir(home.path().join("folder")).unwrap();
    std::fs::write(home.path().join("folder/q.bilat"), "").unwrap();
    let mut terminal = Terminal::here(home.path());
    for (typed, completed) in [
        ("FROM meetings WITH putn", "WITH 'Vladimir Putin'"),
        ("FROM meetings WITH 習", "WITH 'Xi Jinping'"),
        ("FROM meetings WITH Kim J", "WITH 'Kim Jong Un'"),
        ("SELECT place.country.capi", "place.country.capital"),
        (".read q", ".read questions of mine.bilat"),
        (".read folder/q", ".read folder/q.bilat"),
        (".format js", ".format json"),
        (".describe viktor", ".describe Viktor Orbán"),
        (".settings max", ".settings max_rows"),
    ] {
        terminal.types(typed);
        terminal.keys("\t");
        terminal.see(completed);
        terminal.keys(INTERRUPT);
    }
    terminal.types(".read folder/q");
    terminal.keys("\t\r");
    terminal.ask(".read questions of mine.bilat", "1 meeting");
    terminal.leave();
}

#[test]
fn the_list_of_what_could_be_meant_says_what_it_is_and_fits_a_narrow_terminal() {
    let home = home();
    let mut terminal = Terminal::start(home.path(), (20, 50), &[], &[]);
    terminal.types("FROM meetings WITH vo");
    terminal.keys("\t");
    terminal.see("WITH 'Volodymyr Zelenskyy'");
    terminal.keys(INTERRUPT);
    terminal.types("FROM meetings WITH lu");
    terminal.keys("\t");
    let screen = terminal.see("'Luis Arce'");
    let column = |what: &str| {
        let line = screen.lines().find(|line| line.contains(what)).unwrap();
        line[..line.find(what).unwrap()].chars().count()
    };
    assert_eq!(column("President of Brazil"), column("country"), "{screen}");
    assert!(screen.contains("President of Boliv…"), "{screen}");
    terminal.keys(INTERRUPT);
    terminal.leave();
}

#[test]
fn a_hint_says_what_is_missing_where_that_is_plain() {
    let home = home();
    let mut terminal = Terminal::here(home.path());
    for (typed, hint) in [
        ("FROM meetings WITH ", "… a name"),
        ("FROM meetings WITH Xi ", "… ;"),
        ("FROM meetings WITH 'Xi", "… '"),
        ("FROM meetings WHERE (status = 'held'", "… )"),
        ("FROM meetings /* all", "… */"),
    ] {
        terminal.types(typed.trim_end());
        terminal.keys(&typed[typed.trim_end().len()..]);
        terminal.see(hint);
        terminal.keys(INTERRUPT);
    }
    // While the first words are typed nothing gets in the way.
    terminal.types("FROM meet");
    assert!(!terminal.screen().lines().last().unwrap().contains('…'), "{}", terminal.screen());
    terminal.keys(INTERRUPT);
    // An empty line ends a statement.
    terminal.types("SELECT count() FROM meetings WITH Modi");
    terminal.keys("\r");
    terminal.see("… ;");
    terminal.keys("\r");
    terminal.see("1 meeting ");
    terminal.leave();
}

#[test]
fn a_statement_of_several_lines_is_edited_and_remembered_as_one() {
    let home = home();
    let mut terminal = Terminal::here(home.path());
    terminal.types("FROM talks");
    terminal.keys("\r");
    terminal.see("… ;");
    terminal.keys("WITH Modi");
    terminal.see("WITH Modi");
    // Up into the first line, and there the last word by another.
    terminal.keys(&format!("{UP}{END}\u{17}meetings"));
    terminal.see("FROM meetings\nWITH Modi");
    terminal.keys(&format!("{DOWN}{END};\r"));
    terminal.see("1 meeting ");
    terminal.ready();
    terminal.keys(UP);
    terminal.see("> FROM meetings\nWITH Modi;\n");
    terminal.wait(|screen| screen.matches("WITH Modi;").count() == 2);
    terminal.keys(INTERRUPT);
    // The ghost shows the first line; the right arrow takes all of it.
    terminal.ready();
    terminal.keys("FROM meet");
    terminal.see("> FROM meetings …");
    terminal.keys(RIGHT);
    terminal.wait(|screen| screen.matches("WITH Modi;").count() == 3);
    terminal.keys(INTERRUPT);
    terminal.leave();
}

#[test]
fn brackets_and_names_are_coloured_while_they_are_typed() {
    let home = home();
    let mut terminal = Terminal::here(home.path());
    let red = vt100::Color::Idx(1);
    terminal.types("FROM meetings WITH Nobody AND Xi WHERE size(participants) = 2) ");
    terminal.wait(|screen| screen.contains(") ") && terminal.cell(")  ").fgcolor() == red);
    terminal.wait(|_| terminal.cell("Nobody").underline());
    assert!(!terminal.cell("Xi").underline() && terminal.cell("Xi").fgcolor() == vt100::Color::Idx(2));
    assert!(terminal.cell("FROM").bold());
    terminal.keys("\u{7f}\u{7f}");
    terminal.wait(|screen| screen.trim_end().ends_with("= 2"));
    // Back to right behind the bracket that closes: its fellow is marked too.
    terminal.keys(&LEFT.repeat(4));
    terminal.wait(|_| terminal.cell("(part").underline() && terminal.cell(") = 2").underline());
    terminal.keys(INTERRUPT);
    terminal.types("FROM meetings WHERE (x");
    terminal.wait(|_| terminal.cell("(x").fgcolor() == red);
    terminal.keys(INTERRUPT);
    terminal.types("FROM meetings WITH 'Xi");
    terminal.wait(|_| terminal.cell("'Xi").fgcolor() == red);
    terminal.keys(INTERRUPT);
    terminal.types("FROM metings ");
    terminal.wait(|_| terminal.cell("metings").underline());
    terminal.keys(INTERRUPT);
    terminal.leave();
}

#[test]
fn a_second_ctrl_c_at_an_empty_prompt_says_how_to_leave() {
    let home = home();
    let mut terminal = Terminal::here(home.path());
    terminal.types("FROM meetings");
    terminal.keys(INTERRUPT);
    terminal.ready();
    assert!(!terminal.screen().contains("Ctrl-D leaves, as do"), "{}", terminal.screen());
    terminal.keys(INTERRUPT);
    terminal.see("Ctrl-D leaves, as do exit and .quit");
    terminal.ready();
    terminal.keys("\\q\r");
    assert_eq!(terminal.ended(), 0);
}

#[test]
fn a_killed_session_and_two_at_once_lose_nothing_of_the_history() {
    let home = home();
    let mut first = Terminal::here(home.path());
    let mut second = Terminal::here(home.path());
    first.ask("FROM meetings WITH Modi;", "1 meeting ");
    second.ask("FROM meetings WITH Kim;", "1 meeting ");
    first.ask("FROM meetings\nWITH Erdogan;", "2 meetings");
    for terminal in [&mut first, &mut second] {
        terminal.ready();
        let id = terminal.child.process_id().unwrap().to_string();
        assert!(std::process::Command::new("kill").args(["-9", &id]).status().unwrap().success());
        terminal.ended();
    }
    let mut third = Terminal::here(home.path());
    third.ready();
    for earlier in ["FROM meetings\nWITH Erdogan;", "FROM meetings WITH Kim;", "FROM meetings WITH Modi;"] {
        third.keys(UP);
        third.see(&format!("> {earlier}"));
        // From the last line of it up to its first.
        third.keys(&UP.repeat(earlier.lines().count() - 1));
    }
    third.keys(INTERRUPT);
    third.leave();
}

#[test]
fn ctrl_c_stops_the_rest_of_a_file_and_a_mistake_in_it_has_its_place() {
    let home = home();
    std::fs::write(home.path().join("long.bilat"), format!("-- first\n{}\nFROM meetings WITH Modi;", long_query()))
        .unwrap();
    std::fs::write(home.path().join("wrong.bilat"), "FROM meetings WITH Modi;\n\nFROM talks;\n").unwrap();
    let mut terminal = Terminal::here(home.path());
    terminal.ready();
    terminal.keys(".read long.bilat\r");
    terminal.wait_until_it_runs();
    let begun = Instant::now();
    terminal.keys(INTERRUPT);
    let screen = terminal.see("R409");
    assert!(begun.elapsed() < STOPPED, "it took {:?}", begun.elapsed());
    assert!(screen.contains("long.bilat:2:1"), "{screen}");
    terminal.ready();
    assert!(!terminal.screen().contains("1 meeting "), "{}", terminal.screen());
    terminal.ask(".read wrong.bilat", "wrong.bilat:3:6");
    terminal.leave();
}

#[test]
fn a_long_answer_goes_to_the_pager_and_a_short_one_does_not() {
    let home = home();
    let pager = [("BILAT_PAGER", "cat > paged.txt"), ("PATH", "/usr/bin:/bin")];
    let mut terminal = Terminal::start(home.path(), (12, 100), &pager, &[]);
    terminal.ask("FROM meetings WITH Modi;", "1 meeting ");
    terminal.ready();
    terminal.keys("SELECT date FROM meetings;\r");
    terminal.wait(|_| {
        std::fs::read_to_string(home.path().join("paged.txt")).is_ok_and(|text| text.contains("24 meetings"))
    });
    terminal.ready();
    assert!(!terminal.screen().contains("2024-07-05"), "{}", terminal.screen());
    // One that is left early is no mistake.
    terminal.ask(".pager head -n 1", "> ");
    terminal.ask("SELECT date FROM meetings;", "date");
    terminal.ready();
    let screen = terminal.screen();
    assert!(!screen.contains("error") && !screen.contains("2024-07-05"), "{screen}");
    terminal.ask(".pager off", "> ");
    terminal.ask("SELECT date FROM meetings;", "24 meetings");
    terminal.ask(".pager", "the pager is off");
    terminal.leave();
    // Without any the answer is written as it is.
    let mut terminal = Terminal::start(home.path(), (12, 100), &[("PATH", "/nowhere"), ("PAGER", "")], &[]);
    terminal.ask("SELECT date FROM meetings;", "24 meetings");
    terminal.leave();
}

#[test]
fn the_last_answer_comes_again_whole_and_in_another_format() {
    let home = home();
    let mut terminal = Terminal::start(home.path(), (40, 110), &[], &["--max-rows", "2"]);
    terminal.ask(".last", "there is no answer yet");
    let screen = terminal.ask("SELECT date, counterparts FROM meetings WITH Erdogan;", "2 meetings");
    assert!(screen.contains(" ms"), "{screen}");
    terminal.ask("SELECT date FROM meetings WITH Putin DURING 2024-06;", "the first 2 are shown");
    let screen = terminal.ask(".last csv", "2024-06-27");
    assert!(screen.contains("\ndate\n2024-06-06\n"), "{screen}");
    // The file's ending is the format, until answers go to the terminal again.
    terminal.ask(".output a.json", "as json");
    terminal.ask("SELECT count() FROM meetings WITH Modi;", "> ");
    terminal.ask(".output", "a.json is written");
    terminal.ask("FROM meetings WITH Modi;", "1 meeting ");
    let written = std::fs::read_to_string(home.path().join("a.json")).unwrap();
    assert!(written.starts_with('{') && written.contains("\"count\":1"), "{written}");
    let screen = terminal.ask(".output a.json", "a.json exists already");
    assert!(screen.contains("give another name") && !screen.contains("--force"), "{screen}");
    terminal.leave();
}

#[test]
fn a_file_for_one_answer_takes_no_second() {
    let home = home();
    let mut terminal = Terminal::here(home.path());
    for (name, first) in [("a.csv", "date\n2024-07-08/2024-07-09\n"), ("a.svg", "<svg ")] {
        terminal.ask(&format!(".output {name}"), &format!("one answer goes to {name}"));
        terminal.ask("AS OF 2024-07-11;", "> ");
        terminal.ask("SELECT date FROM meetings WITH Modi;", "> ");
        terminal.ask("FROM meetings WITH Xi;", &format!("{name} has its answer"));
        terminal.ask(".output", &format!("{name} is written"));
        let written = std::fs::read_to_string(home.path().join(name)).unwrap();
        assert!(written.starts_with(first) && written.matches(first).count() == 1, "{written}");
    }
    // Answers for readers stand apart.
    terminal.ask(".output a.txt", "answers go to a.txt as table");
    terminal.ask("SELECT date FROM meetings WITH Modi;", "> ");
    terminal.ask("SELECT date FROM meetings WITH Kim;", "> ");
    terminal.ask(".output", "a.txt is written");
    let written = std::fs::read_to_string(home.path().join("a.txt")).unwrap();
    assert_eq!(written.matches("\n\n").count(), 1, "{written}");
    terminal.leave();
}

#[test]
fn the_editor_gives_the_statement_back() {
    let home = home();
    let editor = [("EDITOR", "sed -i s/Modi/Kim/"), ("PATH", "/usr/bin:/bin")];
    let mut terminal = Terminal::start(home.path(), (40, 110), &editor, &[]);
    terminal.ask("FROM meetings WITH Modi;", "1 meeting ");
    terminal.ready();
    terminal.keys(".edit\r");
    terminal.see("> FROM meetings WITH Kim;");
    terminal.keys("\r");
    terminal.see("Kumsusan");
    terminal.leave();
    let mut terminal = Terminal::start(home.path(), (40, 110), &[("VISUAL", "/nowhere/ed")], &[]);
    terminal.ask(".edit FROM meetings;", "R407");
    terminal.leave();
}

#[test]
fn settings_come_from_their_file_and_a_bad_one_is_said() {
    let home = home();
    let folder = home.path().join(".config/bilat");
    std::fs::create_dir_all(&folder).unwrap();
    std::fs::write(folder.join("settings.toml"), "fromat = \"csv\"\nformat = \"json\"\ntimer = true\nmax_rows = 1\n")
        .unwrap();
    let mut terminal = Terminal::start(home.path(), (40, 130), &[], &["--max-rows", "3"]);
    let screen = terminal.screen();
    assert!(screen.contains("settings.toml:1: there is no setting fromat; did you mean format?"), "{screen}");
    terminal.ask("SELECT count() FROM meetings WITH Modi;", "\"count\":1");
    terminal.see("answered in");
    terminal.ask(".timer off", "> ");
    let screen = terminal.ask(".settings", "the settings file is");
    let line = |key: &str| {
        let line = screen.lines().find(|line| line.starts_with(key)).unwrap();
        line.split_whitespace().skip(1).take(3).collect::<Vec<_>>().join(" ")
    };
    assert_eq!(line("format "), "json settings file");
    assert_eq!(line("max_rows "), "3 command line");
    assert!(line("timer ").starts_with("off prompt"), "{screen}");
    terminal.ask(".settings max_rows many", "it can be a whole number");
    terminal.leave();
}

#[test]
fn a_wrong_argument_is_told_with_the_right_ones() {
    let home = home();
    let mut terminal = Terminal::here(home.path());
    terminal.ask(".format jsn", "did you mean json?");
    terminal.ask(".cite yes", "it can be on, off");
    terminal.ask(".tables all", ".tables takes nothing behind it");
    terminal.ask("\\dt", "dt is .tables here");
    terminal.see("journeys");
    terminal.ask(".param who", "$who has no value");
    terminal.ask("help CITE", "CITE: ");
    terminal.leave();
}

#[test]
fn what_is_pasted_is_one_statement_until_enter() {
    let home = home();
    let mut terminal = Terminal::here(home.path());
    terminal.ready();
    terminal.keys("\u{1b}[200~FROM meetings;\nFROM meetings\nWITH Modi;\u{1b}[201~");
    terminal.see("WITH Modi;");
    assert!(!terminal.screen().contains(" ms"), "{}", terminal.screen());
    terminal.keys("\r");
    terminal.see("1 meeting ");
    assert!(terminal.screen().contains("24 meetings"), "{}", terminal.screen());
    // Lines typed ahead are not lost either.
    terminal.ready();
    terminal.keys("SELECT name FROM leaders WHERE name = 'Narendra Modi';\rFROM meetings WITH Kim;\r");
    terminal.see("Kumsusan");
    terminal.leave();
}

#[test]
fn a_dumb_terminal_gets_plain_lines() {
    let home = home();
    let mut terminal = Terminal::start(home.path(), (40, 110), &[("TERM", "dumb")], &[]);
    terminal.keys("SELECT count() FROM meetings\rWITH Modi;\r");
    terminal.see("1 meeting - ");
    terminal.keys("exit\r");
    assert_eq!(terminal.ended(), 0);
    let raw = terminal.raw();
    assert!(raw.is_ascii() && !raw.contains('\u{1b}'), "{raw:?}");
}

#[test]
fn hostile_names_of_files_and_of_leaders_do_nothing_to_the_terminal() {
    let home = home();
    for (name, lines) in [
        ("file", "key,value\nreference_date,2024-12-31\n"),
        ("leaders", "key,name\nmacron,Evil\u{202e}norcaM\nscholz,Evil Scholz\nmerz,Evil Merz\n"),
        ("meetings", "key,date\nm,2024-05-28\n"),
        ("participants", "key,meeting,leader\np,m,macron\nq,m,scholz\n"),
    ] {
        std::fs::write(home.path().join(name).with_extension("csv"), lines).unwrap();
    }
    let file = "a\u{1b}[41m\u{202e}b.db";
    let built = std::process::Command::new(env!("CARGO_BIN_EXE_bilat"))
        .args(["build", ".", "-o", file])
        .current_dir(home.path())
        .output()
        .unwrap();
    assert!(built.status.success(), "{built:?}");
    let mut terminal = Terminal::start(home.path(), (40, 110), &[], &[file]);
    terminal.ask("FROM meetings;", "Evil\\u{202E}norcaM");
    terminal.see("a\\u{001B}[41m\\u{202E}b> ");
    terminal.types("FROM meetings WITH Evil");
    terminal.keys("\t");
    terminal.see("'Evil Scholz'");
    terminal.keys(INTERRUPT);
    // What is pasted is neither shown as it is with colours nor without.
    terminal.ready();
    terminal.keys("\u{1b}[200~FROM meetings WITH '\u{202e}x\u{1b}[201~;\r");
    terminal.keys("\r\r");
    terminal.see("error");
    terminal.leave();
}

/// What is typed for the session that the README shows, and what each part of it brings.
const SESSION: &[(&str, &str)] = &[
    ("FROM meetings WITH orb\t", "'Viktor Orbán'"),
    (" AND putn\t", "'Vladimir Putin'"),
    (" CITE;\r", "Online.UA"),
    ("FROM meetings WITH lu\t", "'Saint Lucia'"),
    ("\u{3}", "bilat> "),
    ("SELECT month(date), count(), count_possible()\r", "… "),
    ("FROM meetings WITH 習\t", "'Xi Jinping'"),
    ("\rGROUP BY month(date) CHART;\r", "groups · "),
    ("FROM last IN China;\r", "2 meetings · "),
];

#[test]
fn the_session_of_the_readme_is_what_a_terminal_shows() {
    let home = home();
    let mut terminal = Terminal::start(home.path(), (60, 100), &[], &[]);
    terminal.ready();
    for (keys, brings) in SESSION {
        let before = terminal.screen();
        terminal.keys(keys);
        terminal.wait(|screen| screen != before && screen.contains(brings));
        if keys.ends_with(";\r") || *keys == "\u{3}" {
            terminal.ready();
        }
    }
    let screen = terminal.screen();
    terminal.leave();
    let shown: Vec<&str> = screen.lines().map(str::trim_end).collect();
    let shown = shown.join("\n").trim_end().trim_end_matches("bilat>").trim_end().to_string() + "\n";
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("README.md");
    let readme = std::fs::read_to_string(&path).unwrap();
    let (before, rest) = readme.split_once("```session\n").expect("the README shows a session");
    let (session, after) = rest.split_once("```").unwrap();
    if std::env::var_os("UPDATE").is_some() && timeless(&shown) != timeless(session) {
        return std::fs::write(&path, format!("{before}```session\n{shown}```{after}")).unwrap();
    }
    assert_eq!(timeless(&shown), timeless(session));
}

/// Times are another each time.
fn timeless(text: &str) -> String {
    let line = |line: &str| line.split(" · ").filter(|part| !part.ends_with(" ms")).collect::<Vec<_>>().join(" · ");
    text.lines().map(line).collect::<Vec<_>>().join("\n")
}

#[test]
fn queries_kept_in_the_file_are_listed_completed_and_run() {
    let home = tempfile::tempdir().unwrap();
    let mut terminal = Terminal::here(home.path());
    terminal.keys(".saved\r");
    terminal.wait(|screen| screen.contains("article-claims") && screen.contains("questions"));
    terminal.keys(".saved art\t\r");
    terminal.wait(|screen| screen.contains("HOLDS") || screen.contains("claims:"));
}
