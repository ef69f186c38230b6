//! The prompt: statements are typed whole, edited whole, kept in a history, and answered.
//!
//! Also what the prompt and the command line share: streams ([`output`]), texts of queries ([`script`]) and how it all
//! went ([`status`]).

mod commands;
mod help;
mod helper;
mod history;
pub mod output;
pub mod script;
pub mod status;

use crate::dataset;
use crate::diagnostic::running;
use crate::present::Format;
use crate::present::safe::safe;
use crate::session::{Ran, RunError, Session};
use crate::span::Source;
use crate::store::Stopper;
use commands::Next;
use helper::Assistant;
use output::Output;
use rustyline::config::{Behavior, CompletionType, Config};
use rustyline::error::ReadlineError;
use rustyline::history::FileHistory;
use rustyline::{ColorMode, Editor};
use status::Status;
use std::cell::RefCell;
use std::io::{self, IsTerminal, Write};
use std::path::PathBuf;
use std::rc::Rc;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Instant;

/// What is open and how it is shown; dot-commands change it.
struct State {
    session: Rc<RefCell<Session>>,
    output: Output,
    /// Where answers go instead of the terminal.
    file: Option<PathBuf>,
    show_sql: bool,
    cite: bool,
    timer: bool,
    /// What Ctrl-C stops.
    running: Arc<Mutex<Stopper>>,
}

/// Reads statements from the terminal until it is left.
pub fn run(session: Session, output: Output) -> Status {
    let running = Arc::new(Mutex::new(session.stopper()));
    let stop = Arc::clone(&running);
    // Without a handler Ctrl-C would end the program during a query; that is no reason not to begin.
    let _ = ctrlc::set_handler(move || stop.lock().unwrap_or_else(PoisonError::into_inner).stop());
    let session = Rc::new(RefCell::new(session));
    let mut state =
        State { session: Rc::clone(&session), output, file: None, show_sql: false, cite: false, timer: false, running };
    let mut editor = match editor(&state) {
        Ok(editor) => editor,
        Err(error) => {
            output.complain(&[running::unreadable("the terminal", &error.to_string())], None);
            return Status::Data;
        }
    };
    let history = history::open(&mut editor);
    state.banner();
    loop {
        match editor.readline(&state.prompt()) {
            Ok(line) => {
                let kept = editor.add_history_entry(line.trim_end()).unwrap_or(false);
                if let Some(path) = history.as_deref().filter(|_| kept) {
                    // A history that cannot be kept must not get in the way of an answer.
                    let _ = editor.append_history(path);
                }
                if !state.ask(&line, &mut editor) {
                    continue;
                }
                if state.line(&line) == Next::Leave {
                    return Status::Fine;
                }
            }
            Err(ReadlineError::Interrupted) => {}
            // Bytes that are no text: the line is lost, the prompt is not.
            Err(ReadlineError::Io(error)) if error.kind() == io::ErrorKind::InvalidData => {
                output.complain(&[running::unreadable("the line", "it is not UTF-8")], None);
            }
            Err(ReadlineError::Eof) => return Status::Fine,
            Err(error) => {
                output.complain(&[running::unreadable("the terminal", &error.to_string())], None);
                return Status::Data;
            }
        }
    }
}

fn editor(state: &State) -> rustyline::Result<Editor<Assistant, FileHistory>> {
    let behavior = if io::stdout().is_terminal() { Behavior::Stdio } else { Behavior::PreferTerm };
    let color = if state.output.talk.color { ColorMode::Enabled } else { ColorMode::Disabled };
    let config = Config::builder()
        .max_history_size(10_000)?
        .history_ignore_dups(true)?
        .history_ignore_space(true)
        .completion_type(CompletionType::List)
        .behavior(behavior)
        .color_mode(color)
        .build();
    let mut editor = Editor::with_config(config)?;
    editor.set_helper(Some(Assistant::new(Rc::clone(&state.session))));
    Ok(editor)
}

impl State {
    /// Names the file.
    fn prompt(&self) -> String {
        let session = self.session.borrow();
        let name =
            std::path::Path::new(&session.database().name).file_stem().map(|stem| stem.to_string_lossy().into_owned());
        match name {
            Some(name) if name.len() <= 20 && session.database().name.ends_with(".db") => format!("{}> ", safe(&name)),
            _ => "bilat> ".to_string(),
        }
    }

    fn banner(&self) {
        let session = self.session.borrow();
        let database = session.database();
        let title = database.setting("title").ok().flatten().unwrap_or_else(|| database.name.clone());
        let span = dataset::span(database).ok().flatten();
        let days = span.map(|(first, last)| format!(", {first} to {last}")).unwrap_or_default();
        let count = dataset::meetings(database).unwrap_or(0);
        let meetings = if count == 1 { "1 meeting".to_string() } else { format!("{count} meetings") };
        self.output.say(&format!("{title}: {meetings} held{days} ({})", database.name));
        self.output.say("FROM meetings;   .help shows more, Tab completes, Ctrl-D leaves");
    }

    /// Asks for the parameters of a statement that have no value yet; says whether all were given.
    fn ask(&self, line: &str, editor: &mut Editor<Assistant, FileHistory>) -> bool {
        if commands::parse(line.trim()).is_some() {
            return true;
        }
        let missing = self.session.borrow().missing_parameters(line);
        for name in missing {
            // Ctrl-C and Ctrl-D take the question back, and the statement with it.
            let asking = |editor: &mut Editor<Assistant, FileHistory>, value| {
                if let Some(assistant) = editor.helper_mut() {
                    assistant.value = value;
                }
            };
            asking(editor, true);
            let answer = editor.readline(&format!("${} = ", safe(&name)));
            asking(editor, false);
            let Ok(value) = answer else { return false };
            let value = value.trim().trim_end_matches(';').trim();
            let value =
                value.strip_prefix(['\'', '"']).and_then(|rest| rest.strip_suffix(['\'', '"'])).unwrap_or(value);
            if value.is_empty() {
                return false;
            }
            self.session.borrow_mut().frame.set(&name, value);
            self.output.say(&format!("${name} is {value}; .param lists the parameters and changes them"));
        }
        true
    }

    /// Obeys a dot-command or answers statements.
    fn line(&mut self, line: &str) -> Next {
        let text = line.trim();
        if text.is_empty() {
            return Next::GoOn;
        }
        match commands::parse(text) {
            Some((name, argument)) => commands::obey(self, name, argument),
            None => {
                self.statements(&Source::new("prompt", line));
                Next::GoOn
            }
        }
    }

    /// Compiles and runs all statements of a text.
    fn statements(&self, source: &Source) {
        let session = self.session.borrow();
        let mut prepared = match session.compile(&source.text) {
            Ok(prepared) => prepared,
            Err(diagnostics) => return self.output.complain(&diagnostics, Some(source)),
        };
        for statement in &mut prepared {
            if self.cite {
                statement.cite();
            }
            if let Some(sql) = session.sql(statement).filter(|_| self.show_sql) {
                sql.lines().for_each(|line| self.output.say(line));
            }
            let begun = Instant::now();
            let result = self.answer(&session, statement);
            if self.timer {
                self.output.say(&format!("{:.1} ms", begun.elapsed().as_secs_f64() * 1000.0));
            }
            match result {
                Ok(ran) => {
                    session.keep(statement);
                    if let Ran::Set(text) = ran {
                        self.output.say(&text);
                    }
                }
                Err(RunError::Failed(diagnostic)) => return self.output.complain(&[diagnostic], None),
                Err(RunError::Output(error)) => {
                    let diagnostic = running::cannot_write("the output", &error.to_string());
                    return self.output.complain(&[diagnostic], None);
                }
            }
        }
    }

    /// Answers an example on the terminal, as a table; what it says with LET or AS OF is not kept.
    fn example(&self, session: &Session, text: &str) {
        let terminal = Output { format: Format::Table, ..self.output };
        let statements = match session.compile(text) {
            Ok(statements) => statements,
            Err(diagnostics) => return self.output.complain(&diagnostics, Some(&Source::new("example", text))),
        };
        for statement in &statements {
            let diagnostic = match terminal.answer(session, statement, &mut io::stdout().lock()) {
                Ok(_) => continue,
                Err(RunError::Failed(diagnostic)) => diagnostic,
                Err(RunError::Output(error)) => running::cannot_write("the output", &error.to_string()),
            };
            return self.output.complain(&[diagnostic], None);
        }
    }

    fn answer(&self, session: &Session, statement: &crate::session::Prepared) -> Result<Ran, RunError> {
        match &self.file {
            None => self.output.answer(session, statement, &mut io::stdout().lock()),
            Some(path) => {
                let mut file = std::fs::OpenOptions::new().append(true).create(true).open(path)?;
                let to_file = Output { style: crate::present::Style::default(), ..self.output };
                let ran = to_file.answer(session, statement, &mut file)?;
                file.flush()?;
                Ok(ran)
            }
        }
    }

    /// Asks another file from now on.
    fn open(&mut self, session: Session) {
        *self.running.lock().unwrap_or_else(PoisonError::into_inner) = session.stopper();
        *self.session.borrow_mut() = session;
        self.banner();
    }
}
