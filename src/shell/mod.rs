//! The prompt: statements are typed whole, edited whole, kept in a history, and answered.
//!
//! Also what the prompt and the command line share: streams ([`output`]), texts of queries ([`script`]) and how it all
//! went ([`status`]).

mod answering;
mod choices;
mod commands;
mod footer;
mod help;
mod helper;
mod history;
pub mod interrupts;
mod layout;
pub mod output;
mod pager;
mod program;
pub mod progress;
pub mod script;
pub mod settings;
pub mod status;

use crate::dataset;
use crate::diagnostic::running;
use crate::present::safe::safe;
use crate::session::{Prepared, Session};
use crate::span::Source;
use commands::Next;
use helper::Assistant;
use history::History;
use interrupts::Interrupts;
use output::Output;
use rustyline::config::{Behavior, BellStyle, CompletionType, Config, Configurer, EditMode};
use rustyline::error::ReadlineError;
use rustyline::history::FileHistory;
use rustyline::{ColorMode, Editor};
use settings::{Flags, Settings};
use status::Status;
use std::cell::RefCell;
use std::io::{self, IsTerminal};
use std::path::PathBuf;
use std::rc::Rc;

/// The file of `.output`.
struct Target {
    path: PathBuf,
    /// How many it has.
    answers: usize,
}

/// What is open and how it is shown; dot-commands change it.
struct State {
    session: Rc<RefCell<Session>>,
    output: Output,
    settings: Settings,
    /// Where answers go instead of the terminal.
    file: Option<Target>,
    /// What `.last` shows again.
    last: Option<Prepared>,
    /// The statement typed last, for `.edit`.
    typed: String,
    /// What stands at the next prompt already.
    initial: Option<String>,
    /// What Ctrl-C stops.
    interrupts: Interrupts,
}

/// Reads statements from the terminal until it is left.
pub fn run(session: Session, output: Output, flags: Flags, interrupts: Interrupts) -> Status {
    let (settings, warnings) = Settings::load(flags);
    let mut state = State::new(session, output, settings, interrupts.staying());
    state.apply(true);
    let mut editor = match editor(&state) {
        Ok(editor) => editor,
        Err(error) => {
            state.output.complain(&[running::unreadable("the terminal", &error.to_string())], None);
            return Status::Data;
        }
    };
    let history = if state.settings.no_history { None } else { History::open(&mut editor) };
    warnings.iter().for_each(|warning| state.output.say(&format!("warning: {warning}")));
    state.banner();
    let mut interrupted = false;
    loop {
        editor.set_edit_mode(if state.settings.vi { EditMode::Vi } else { EditMode::Emacs });
        if let Some(assistant) = editor.helper_mut() {
            assistant.color = state.output.talk.color;
        }
        let initial = state.initial.take().unwrap_or_default();
        match editor.readline_with_initial(&state.prompt(), (&initial, "")) {
            Ok(line) => {
                interrupted = false;
                if editor.add_history_entry(line.trim_end()).unwrap_or(false)
                    && let Some(history) = &history
                {
                    history.keep(line.trim_end());
                }
                if state.ask(&line, &mut editor) && state.line(&line) == Next::Leave {
                    return Status::Fine;
                }
            }
            Err(ReadlineError::Interrupted) => {
                let again = std::mem::replace(&mut interrupted, true);
                if again && editor.helper().is_some_and(|assistant| assistant.was_empty()) {
                    state.output.say("Ctrl-D leaves, as do exit and .quit");
                }
            }
            // Bytes that are no text: the line is lost, the prompt is not.
            Err(ReadlineError::Io(error)) if error.kind() == io::ErrorKind::InvalidData => {
                state.output.complain(&[running::unreadable("the line", "it is not UTF-8")], None);
            }
            Err(ReadlineError::Eof) => return Status::Fine,
            Err(error) => {
                state.output.complain(&[running::unreadable("the terminal", &error.to_string())], None);
                return Status::Data;
            }
        }
    }
}

fn editor(state: &State) -> rustyline::Result<Editor<Assistant, FileHistory>> {
    let behavior = if io::stdout().is_terminal() { Behavior::Stdio } else { Behavior::PreferTerm };
    let config = Config::builder()
        .max_history_size(history::MOST)?
        .history_ignore_dups(true)?
        .history_ignore_space(true)
        .completion_type(CompletionType::List)
        .completion_show_all_if_ambiguous(true)
        .bell_style(BellStyle::None)
        .behavior(behavior)
        // What is shown goes through the assistant, which makes it safe, with colours and without.
        .color_mode(ColorMode::Forced)
        .build();
    let mut editor = Editor::with_config(config)?;
    editor.set_helper(Some(Assistant::new(Rc::clone(&state.session), state.output.style.ascii)));
    Ok(editor)
}

impl State {
    fn new(session: Session, output: Output, settings: Settings, interrupts: Interrupts) -> State {
        State {
            session: Rc::new(RefCell::new(session)),
            output,
            settings,
            file: None,
            last: None,
            typed: String::new(),
            initial: None,
            interrupts,
        }
    }

    /// Puts the settings in force; the format only where it is meant, for `.output` may have another.
    fn apply(&mut self, format: bool) {
        let format = if format { self.settings.format } else { self.output.format };
        let fresh = Output::standard(format, self.output.errors, self.settings.color);
        self.output = Output { format, style: fresh.style, talk: fresh.talk, ..self.output };
        let mut session = self.session.borrow_mut();
        session.settings.timeout = self.settings.timeout;
        session.settings.max_rows = self.settings.max_rows;
        session.keep_in(&settings::caches(self.settings.no_cache));
    }

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
            self.session.borrow_mut().set_parameter(&name, value);
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
        self.unstopped();
        if let Some((name, argument)) = commands::parse(text) {
            return commands::obey(self, name, argument);
        }
        self.typed = text.to_string();
        self.statements(&Source::new("prompt", line));
        Next::GoOn
    }

    /// Forgets that something was stopped: the next look-up is for something else.
    fn unstopped(&self) {
        self.session.borrow().database().limit_time(None);
    }

    /// Asks another file from now on.
    fn open(&mut self, session: Session) {
        self.interrupts.stops(session.stopper());
        *self.session.borrow_mut() = session;
        self.last = None;
        let warning = self.session.borrow().database().warning();
        self.output.complain(warning.as_slice(), None);
        self.banner();
    }
}
