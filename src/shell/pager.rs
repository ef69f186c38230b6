//! Answers longer than the screen go to a pager, while they come.
//!
//! What fits the screen is held until it is whole and then written. With the first line too many the pager is started,
//! and everything goes through its standard input: memory stays the same however long the answer is. A pager that is left
//! early stops the query.

use super::program::{command, variable};
use crate::store::Stopper;
use std::cell::Cell;
use std::io::{self, Write};
use std::process::{ChildStdin, Stdio};
use std::rc::Rc;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

/// The pager where nothing says otherwise.
const DEFAULT: &str = "less";

/// What less is told: leave when all fits one screen, ignore case, colours, cut long lines, leave the screen as it is.
const LESS: [(&str, &str); 2] = [("LESS", "-FIRSX"), ("LESSCHARSET", "utf-8")];

/// The command line of the pager: the setting, then the variables, then less; `None` where there is to be none.
pub fn chosen(setting: Option<&str>) -> Option<String> {
    let line = setting.map(str::to_string).or_else(|| variable(&["BILAT_PAGER", "PAGER"]));
    let line = line.unwrap_or_else(|| DEFAULT.to_string());
    (!matches!(line.trim(), "cat" | "off" | "")).then_some(line)
}

/// A writer to the terminal that turns into one to the pager.
pub struct Screen {
    line: String,
    columns: usize,
    rows: usize,
    held: Vec<u8>,
    /// Lines held, and cells of the last one.
    lines: usize,
    cells: usize,
    to: To,
    stopper: Stopper,
    /// While this holds, Ctrl-C is the pager's.
    paging: Arc<AtomicBool>,
    /// How long the pager was not read on.
    waited: Rc<Cell<Duration>>,
}

enum To {
    /// Not decided yet.
    Held,
    Terminal,
    Pager(Pager),
}

struct Pager {
    input: ChildStdin,
    /// Ends when the pager does, and stops the query then.
    watch: JoinHandle<Option<i32>>,
}

/// What became of an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shown {
    OnTerminal,
    InPager,
    /// The shell found no such program.
    Nowhere,
}

impl Screen {
    /// For a terminal of so many columns and rows.
    pub fn new(line: String, (columns, rows): (usize, usize), stopper: Stopper, paging: Arc<AtomicBool>) -> Screen {
        Screen {
            line,
            columns,
            rows,
            held: Vec::new(),
            lines: 0,
            cells: 0,
            to: To::Held,
            stopper,
            paging,
            waited: Rc::default(),
        }
    }

    /// Writes what is still held, or waits until the pager is left.
    ///
    /// # Errors
    /// When the terminal cannot be written.
    pub fn finish(self) -> io::Result<Shown> {
        let To::Pager(Pager { input, watch }) = self.to else {
            let mut out = io::stdout().lock();
            out.write_all(&self.held)?;
            return out.flush().map(|()| Shown::OnTerminal);
        };
        drop(input);
        let status = watch.join().ok().flatten();
        self.paging.store(false, Ordering::Relaxed);
        Ok(if matches!(status, Some(126 | 127)) { Shown::Nowhere } else { Shown::InPager })
    }

    /// How long answers wait for the pager, while they do.
    pub fn waited(&self) -> Rc<Cell<Duration>> {
        Rc::clone(&self.waited)
    }

    pub const fn is_paged(&self) -> bool {
        matches!(self.to, To::Pager(_))
    }

    /// Whether what is held is, with these bytes, more than the screen has room for beside the next prompt.
    fn is_full(&mut self, bytes: &[u8]) -> bool {
        for byte in bytes {
            if *byte == b'\n' {
                self.lines += 1;
                self.cells = 0;
            } else if *byte & 0xC0 != 0x80 {
                self.cells += 1;
                if self.cells > self.columns.max(1) {
                    self.lines += 1;
                    self.cells = 1;
                }
            }
        }
        self.lines + 1 >= self.rows
    }

    /// Starts the pager, or goes on to the terminal where there is none.
    fn begin(&mut self) -> io::Result<()> {
        let held = std::mem::take(&mut self.held);
        self.paging.store(true, Ordering::Relaxed);
        match start(&self.line, self.stopper.clone()) {
            Some(mut pager) => {
                let written = pager.input.write_all(&held);
                self.to = To::Pager(pager);
                written
            }
            None => {
                self.paging.store(false, Ordering::Relaxed);
                self.to = To::Terminal;
                io::stdout().lock().write_all(&held)
            }
        }
    }
}

impl Write for Screen {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match &mut self.to {
            To::Held => {
                self.held.extend_from_slice(bytes);
                if self.is_full(bytes) {
                    self.begin()?;
                }
                Ok(bytes.len())
            }
            To::Terminal => io::stdout().lock().write(bytes),
            To::Pager(pager) => {
                let begun = Instant::now();
                let written = pager.input.write(bytes);
                self.waited.set(self.waited.get() + begun.elapsed());
                written
            }
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        match &mut self.to {
            To::Held => Ok(()),
            To::Terminal => io::stdout().lock().flush(),
            To::Pager(pager) => pager.input.flush(),
        }
    }
}

fn start(line: &str, stopper: Stopper) -> Option<Pager> {
    let mut command = command(line, &[])?;
    for (name, value) in LESS {
        if std::env::var_os(name).is_none() {
            command.env(name, value);
        }
    }
    let mut child = command.stdin(Stdio::piped()).spawn().ok()?;
    let input = child.stdin.take()?;
    let watch = std::thread::spawn(move || {
        let status = child.wait().ok().and_then(|status| status.code());
        stopper.stop();
        status
    });
    Some(Pager { input, watch })
}
