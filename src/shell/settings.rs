//! What holds at the prompt: the settings, as one table that the file, the check, `.settings` and the help come from.
//!
//! They are read from `settings.toml` in the user's configuration folder, which is never created. What is wrong there is
//! said and the rest holds. The command line goes before the file, and the prompt before both. Nothing but the prompt
//! reads the file: a run without a terminal is the same for everyone.

use super::layout::beside;
use super::output::Color;
use crate::present::{FORMATS, Format};
use crate::store::{Caches, Verified};
use crate::suggest::nearest;
use etcetera::BaseStrategy;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::time::Duration;
use toml::de::{DeTable, DeValue};

/// What the command line said; it goes before the file.
#[derive(Clone, Copy, Debug, Default)]
pub struct Flags {
    pub format: Option<Format>,
    pub color: Option<Color>,
    pub timeout: Option<Duration>,
    pub max_rows: Option<u64>,
    pub no_cache: bool,
}

/// Where a value comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Origin {
    File,
    CommandLine,
    Prompt,
}

impl Origin {
    const fn text(self) -> &'static str {
        match self {
            Origin::File => "settings file",
            Origin::CommandLine => "command line",
            Origin::Prompt => "prompt",
        }
    }
}

/// The settings in force.
#[derive(Clone, Debug, Default)]
pub struct Settings {
    pub format: Format,
    pub color: Color,
    /// The command line of the pager; `None` leaves it to the environment.
    pub pager: Option<String>,
    pub timer: bool,
    pub cite: bool,
    pub sql: bool,
    pub vi: bool,
    pub max_rows: Option<u64>,
    pub timeout: Option<Duration>,
    pub no_history: bool,
    pub no_cache: bool,
    origins: BTreeMap<&'static str, Origin>,
}

/// One setting.
pub struct Setting {
    pub key: &'static str,
    pub help: &'static str,
    /// What it can be, where that is a closed list.
    words: fn() -> Vec<&'static str>,
    /// What it can be, where it is not.
    form: &'static str,
    take: fn(&mut Settings, &str) -> Option<()>,
    show: fn(&Settings) -> String,
}

const fn switch() -> fn() -> Vec<&'static str> {
    || vec!["on", "off"]
}

fn on(switched: bool) -> String {
    if switched { "on" } else { "off" }.to_string()
}

fn is_on(text: &str) -> Option<bool> {
    match text {
        "on" => Some(true),
        "off" => Some(false),
        _ => None,
    }
}

/// Every setting.
pub static SETTINGS: &[Setting] = &[
    Setting {
        key: "format",
        help: "how answers are written",
        words: || FORMATS.iter().map(|about| about.name).collect(),
        form: "",
        take: |settings, text| Format::from_name(text).map(|format| settings.format = format),
        show: |settings| name_of(settings.format).to_string(),
    },
    Setting {
        key: "color",
        help: "when colours are used",
        words: || COLORS.iter().map(|(name, _)| *name).collect(),
        form: "",
        take: |settings, text| COLORS.iter().find(|(name, _)| *name == text).map(|(_, color)| settings.color = *color),
        show: |settings| {
            COLORS.iter().find(|(_, color)| *color == settings.color).map_or("auto", |(name, _)| name).to_string()
        },
    },
    Setting {
        key: "pager",
        help: "what shows an answer longer than the screen",
        words: Vec::new,
        form: "on, off or a program such as less -S",
        take: |settings, text| {
            settings.pager = if text == "on" { None } else { Some(text.to_string()).filter(|text| !text.is_empty()) };
            Some(())
        },
        show: |settings| super::pager::chosen(settings.pager.as_deref()).unwrap_or_else(|| "off".to_string()),
    },
    Setting {
        key: "timer",
        help: "say more about the time than the line under a table does",
        words: switch(),
        form: "",
        take: |settings, text| is_on(text).map(|now| settings.timer = now),
        show: |settings| on(settings.timer),
    },
    Setting {
        key: "cite",
        help: "show the sources of every row",
        words: switch(),
        form: "",
        take: |settings, text| is_on(text).map(|now| settings.cite = now),
        show: |settings| on(settings.cite),
    },
    Setting {
        key: "sql",
        help: "show the SQL of every query",
        words: switch(),
        form: "",
        take: |settings, text| is_on(text).map(|now| settings.sql = now),
        show: |settings| on(settings.sql),
    },
    Setting {
        key: "edit_mode",
        help: "the keys of the line editor",
        words: || vec!["emacs", "vi"],
        form: "",
        take: |settings, text| match text {
            "emacs" | "vi" => {
                settings.vi = text == "vi";
                Some(())
            }
            _ => None,
        },
        show: |settings| if settings.vi { "vi" } else { "emacs" }.to_string(),
    },
    Setting {
        key: "max_rows",
        help: "show no more rows than this",
        words: Vec::new,
        form: "a whole number, or off",
        take: |settings, text| {
            settings.max_rows = if text == "off" { None } else { Some(text.parse().ok()?) };
            Some(())
        },
        show: |settings| settings.max_rows.map_or("off".to_string(), |most| most.to_string()),
    },
    Setting {
        key: "timeout",
        help: "how long one statement may take",
        words: Vec::new,
        form: "a time such as 10s, 500ms or 2m, or off",
        take: |settings, text| {
            settings.timeout = if text == "off" { None } else { Some(duration(text).ok()?) };
            Some(())
        },
        show: |settings| settings.timeout.map_or("off".to_string(), |limit| format!("{limit:?}")),
    },
    Setting {
        key: "history",
        help: "keep what is typed for the next time",
        words: switch(),
        form: "",
        take: |settings, text| is_on(text).map(|now| settings.no_history = !now),
        show: |settings| on(!settings.no_history),
    },
    Setting {
        key: "cache",
        help: "keep what makes queries of large files fast",
        words: switch(),
        form: "",
        take: |settings, text| is_on(text).map(|now| settings.no_cache = !now),
        show: |settings| on(!settings.no_cache),
    },
];

const COLORS: [(&str, Color); 3] = [("auto", Color::Auto), ("always", Color::Always), ("never", Color::Never)];

/// The name of a format.
pub fn name_of(format: Format) -> &'static str {
    FORMATS.iter().find(|about| about.format == format).map_or("", |about| about.name)
}

impl Setting {
    /// What it can be.
    pub fn values(&self) -> String {
        let words = (self.words)();
        if words.is_empty() { self.form.to_string() } else { words.join(", ") }
    }

    /// The words that it can be, where they are known.
    pub fn words(&self) -> Vec<&'static str> {
        (self.words)()
    }
}

impl Settings {
    /// The settings of the user's file and of the command line, and what is to be said about the file.
    pub fn load(flags: Flags) -> (Settings, Vec<String>) {
        let mut settings = Settings::default();
        let warnings = path().map(|path| settings.read(&path)).unwrap_or_default();
        let mut flag = |key: &'static str, text: Option<String>| {
            // What the command line has read is right.
            let _ = text.map(|text| settings.set(key, &text, Origin::CommandLine));
        };
        flag("format", flags.format.map(|format| name_of(format).to_string()));
        let color = COLORS.iter().find(|(_, color)| Some(*color) == flags.color);
        flag("color", color.map(|(name, _)| (*name).to_string()));
        flag("max_rows", flags.max_rows.map(|most| most.to_string()));
        flag("cache", flags.no_cache.then(|| on(false)));
        flag("timeout", flags.timeout.map(|limit| format!("{}s", limit.as_secs_f64())));
        (settings, warnings)
    }

    /// Takes in a file; what is wrong in it is returned as lines, and the rest holds.
    fn read(&mut self, path: &Path) -> Vec<String> {
        let name = path.display();
        let text = match std::fs::read_to_string(path) {
            Ok(text) => text,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Vec::new(),
            Err(error) => return vec![format!("{name} was not read: {error}")],
        };
        let line = |at: usize| text.bytes().take(at).filter(|byte| *byte == b'\n').count() + 1;
        let (table, errors) = DeTable::parse_recoverable(&text);
        let mut warnings: Vec<(usize, String)> = errors
            .iter()
            .map(|error| (line(error.span().map_or(0, |span| span.start)), error.message().to_string()))
            .collect();
        // A broken line gives half a key and half a value: it is said once.
        let broken: Vec<usize> = warnings.iter().map(|(line, _)| *line).collect();
        for (key, value) in table.get_ref() {
            let at = line(key.span().start);
            if broken.contains(&at) {
                continue;
            }
            let taken = match plain(value.get_ref()) {
                Some(text) => self.set(key.get_ref(), &text, Origin::File),
                None => Err(format!("{} is no single value", key.get_ref())),
            };
            warnings.extend(taken.err().map(|why| (at, why)));
        }
        warnings.sort();
        warnings.into_iter().map(|(line, why)| format!("{name}:{line}: {why}")).collect()
    }

    /// Gives a setting a value.
    ///
    /// # Errors
    /// What is wrong with the key or the value, and what it can be.
    pub fn set(&mut self, key: &str, value: &str, origin: Origin) -> Result<(), String> {
        let Some(setting) = SETTINGS.iter().find(|setting| setting.key == key) else {
            return Err(not_among("setting", key, &SETTINGS.iter().map(|setting| setting.key).collect::<Vec<_>>()));
        };
        match (setting.take)(self, value) {
            Some(()) => {
                self.origins.insert(setting.key, origin);
                Ok(())
            }
            None => {
                let then = near(value, &setting.words(), "it can be");
                Err(format!("{key} cannot be {value}{then} {}", setting.values()))
            }
        }
    }

    /// Every setting: its key, what it is, where that comes from, what it is for and what it can be.
    pub fn lines(&self, width: Option<usize>) -> Vec<String> {
        let line = |setting: &Setting| {
            let (value, values) = ((setting.show)(self), setting.values());
            let from = self.origins.get(setting.key).map_or("default", |origin| origin.text());
            let begin = format!("{:<11}{value:<10}{from:<15}", setting.key);
            beside(begin.trim_end(), 36, &format!("{}: {values}", setting.help), width)
        };
        SETTINGS.iter().flat_map(line).collect()
    }
}

/// Where the file of settings would be.
pub fn path() -> Option<PathBuf> {
    let folders = etcetera::choose_base_strategy().ok()?;
    Some(folders.config_dir().join("bilat").join("settings.toml"))
}

/// Where it is remembered which files were found in order.
pub fn verified() -> Verified {
    let folders = etcetera::choose_base_strategy().ok();
    folders.map_or_else(Verified::default, |folders| Verified::kept_in(&folders.cache_dir().join("bilat/verified")))
}

/// Where what was derived from files is kept, unless nothing is to be.
pub fn caches(none: bool) -> Caches {
    let folders = etcetera::choose_base_strategy().ok().filter(|_| !none);
    folders.map_or_else(Caches::default, |folders| Caches::kept_in(&folders.cache_dir().join("bilat/derived")))
}

/// A value as it would be typed.
fn plain(value: &DeValue<'_>) -> Option<String> {
    match value {
        DeValue::String(text) => Some(text.to_string()),
        DeValue::Boolean(switched) => Some(on(*switched)),
        DeValue::Integer(number) => Some(number.as_str().to_string()),
        DeValue::Float(number) => Some(number.as_str().to_string()),
        DeValue::Datetime(_) | DeValue::Array(_) | DeValue::Table(_) => None,
    }
}

/// That there is no such thing, the nearest, and all there are.
pub fn not_among(what: &str, word: &str, known: &[&str]) -> String {
    format!("there is no {what} {word}{} {}", near(word, known, "there are"), known.join(", "))
}

/// The nearest of these as a question, and how the sentence goes on to what there is.
fn near(word: &str, known: &[&str], then: &str) -> String {
    let near = nearest(word, known.iter().copied()).first().copied();
    near.map_or(format!("; {then}"), |near| format!("; did you mean {near}? {then}"))
}

/// `10s`, `500ms`, `2m`, or seconds.
///
/// # Errors
/// How a time is written.
pub fn duration(text: &str) -> Result<Duration, String> {
    let digits = text.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(text.len());
    let (number, unit) = text.split_at(digits);
    let seconds = match unit.trim() {
        "ms" => 0.001,
        "" | "s" => 1.0,
        "m" | "min" => 60.0,
        "h" => 3600.0,
        _ => return Err("a time is written 10s, 500ms or 2m".to_string()),
    };
    let number: f64 = number.parse().map_err(|_| "a time is written 10s, 500ms or 2m".to_string())?;
    let duration = Duration::try_from_secs_f64(number * seconds).map_err(|_| "that is too long".to_string())?;
    if duration.is_zero() { Err("a time limit of nothing leaves no time to answer".to_string()) } else { Ok(duration) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> (Settings, Vec<String>) {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("settings.toml");
        std::fs::write(&path, text).unwrap();
        let mut settings = Settings::default();
        let name = format!("{}:", path.display());
        let warnings = settings.read(&path).iter().map(|line| line.replace(&name, "")).collect();
        (settings, warnings)
    }

    #[test]
    fn what_is_wrong_is_said_with_its_line_and_the_rest_holds() {
        let (settings, warnings) = read(
            "# mine\nfromat = \"csv\"\ntimer = true\nmax_rows = 50\ncolor = \"allways\"\ntimeout = \"2m\"\n\
             cite = 3\nedit_mode = \"vi\"\nhistory = false\n",
        );
        let begins =
            ["2: there is no setting fromat; did you mean format?", "5: color cannot be allways; did you mean always?"];
        for (warning, begin) in warnings.iter().zip(begins) {
            assert!(warning.starts_with(begin), "{warning}");
        }
        assert_eq!(warnings.last().unwrap(), "7: cite cannot be 3; it can be on, off");
        assert_eq!(warnings.len(), 3);
        assert!(settings.timer && settings.vi && settings.no_history && !settings.cite);
        assert_eq!((settings.max_rows, settings.timeout), (Some(50), Some(Duration::from_secs(120))));
        assert!(settings.lines(None).iter().any(|line| line.starts_with("timer      on        settings file")));
    }

    #[test]
    fn a_line_that_is_no_toml_is_said_and_the_rest_holds() {
        let (settings, warnings) = read("timer = \nmax_rows = 7\n");
        assert_eq!(settings.max_rows, Some(7));
        assert_eq!(warnings.len(), 1, "{warnings:?}");
        assert!(warnings[0].starts_with("1: "), "{warnings:?}");
    }

    #[test]
    fn every_setting_shows_what_it_takes() {
        for setting in SETTINGS {
            let mut settings = Settings::default();
            for word in setting.words() {
                settings.set(setting.key, word, Origin::Prompt).unwrap();
                assert_eq!((setting.show)(&settings), word);
            }
        }
    }

    #[test]
    fn times_are_read_with_their_units() {
        assert_eq!(duration("10s"), Ok(Duration::from_secs(10)));
        assert_eq!(duration("500ms"), Ok(Duration::from_millis(500)));
        assert_eq!(duration("1.5m"), Ok(Duration::from_secs(90)));
        assert_eq!(duration("3"), Ok(Duration::from_secs(3)));
        for bad in ["", "s", "10 parsecs", "0s", "1e400", "99999999999999999999999h"] {
            assert!(duration(bad).is_err(), "{bad}");
        }
    }
}
