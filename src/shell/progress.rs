//! How far long work has come, as one line on the terminal: after two seconds, and gone when the work is done.
//!
//! `checking the pages [######----------]  37%  12 s left`

use crate::present::Style;
use crate::store::progress::At;
use crate::store::{Progress, Watcher};
use std::io::{self, Write};
use std::sync::mpsc::{self, RecvTimeoutError, Sender};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

/// What takes no longer is not spoken of.
const PATIENCE: Duration = Duration::from_secs(2);

/// Between two looks.
const PAUSE: Duration = Duration::from_millis(100);

/// Cells of a bar: no fewer tell anything, and more tell no more.
const FEWEST: usize = 6;
const MOST: usize = 30;

/// The line, as long as it may be there.
pub struct Bar {
    /// Dropped first: that is what ends the thread.
    end: Option<Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl Bar {
    /// Looks on while work goes on, until it is dropped. Nothing comes of it where standard error is no terminal, or
    /// one that cannot take a line back.
    pub fn begin(progress: &Progress, talk: Style) -> Bar {
        let dumb = std::env::var_os("TERM").is_some_and(|term| term == "dumb");
        if talk.width.is_none() || dumb {
            return Bar { end: None, thread: None };
        }
        let (end, ended) = mpsc::channel::<()>();
        let progress = progress.clone();
        let look = move || {
            let begun = Instant::now();
            let mut shown = false;
            let mut pause = PATIENCE;
            while ended.recv_timeout(pause) == Err(RecvTimeoutError::Timeout) {
                pause = PAUSE;
                if let Some(at) = progress.at() {
                    shown = true;
                    draw(&line(at, begun.elapsed(), width(talk), talk.ascii));
                }
            }
            if shown {
                draw("");
            }
        };
        // Without a thread to spare there is no line.
        let thread = std::thread::Builder::new().name("progress".to_string()).spawn(look).ok();
        Bar { end: Some(end), thread }
    }
}

impl Bar {
    /// Looks on like that whenever long work begins beside a query.
    pub fn watcher(talk: Style) -> Watcher {
        Box::new(move |progress| Box::new(Bar::begin(progress, talk)))
    }
}

impl Drop for Bar {
    fn drop(&mut self) {
        self.end.take();
        if let Some(thread) = self.thread.take() {
            // It ends with nothing that could be told.
            let _ = thread.join();
        }
    }
}

/// What the terminal has by now.
fn width(talk: Style) -> usize {
    terminal_size::terminal_size_of(io::stderr()).map(|(width, _)| usize::from(width.0)).or(talk.width).unwrap_or(80)
}

/// Writes over the line that is there.
fn draw(line: &str) {
    let mut stderr = io::stderr().lock();
    // There is nowhere to say that the terminal cannot be written.
    let _ = stderr.write_all(format!("\r{line}\u{1b}[K\r").as_bytes());
}

/// The work, a bar, how much is done and how long it still takes, in fewer than `width` cells: the last cell of a line
/// would begin the next on some terminals. All of it is ASCII but the bar.
fn line(at: At, elapsed: Duration, width: usize, ascii: bool) -> String {
    let done = at.done.filter(|done| done.is_finite()).map(|done| done.clamp(0.0, 1.0));
    let percent = done.map_or(String::new(), |done| format!(" {:>3.0}%", (done * 100.0).floor().min(99.0)));
    let time = done.map_or_else(|| format!("{} so far", short(elapsed)), |done| left(done, elapsed));
    let time = if time.is_empty() { time } else { format!("  {time}") };
    let room = width.saturating_sub(1);
    let text = at.work.len() + percent.len() + time.len();
    // A blank and two ends stand beside the bar.
    let cells = room.saturating_sub(text + 3).min(MOST);
    let bar = if cells < FEWEST { String::new() } else { format!(" {}", bar(done, elapsed, cells, ascii)) };
    let whole = format!("{}{bar}{percent}{time}", at.work);
    let fits = |text: &String| text.chars().count() <= room;
    [whole, format!("{}{percent}", at.work), percent.trim_start().to_string()]
        .into_iter()
        .find(fits)
        .unwrap_or_default()
}

/// Filled as far as the work is done; where that is not known, a mark goes to and fro.
fn bar(done: Option<f64>, elapsed: Duration, cells: usize, ascii: bool) -> String {
    let (full, empty) = if ascii { ('#', '-') } else { ('█', '░') };
    let marked: Box<dyn Fn(usize) -> bool> = match done {
        Some(done) => {
            let filled = (done * cells as f64).floor() as usize;
            Box::new(move |at| at < filled)
        }
        None => {
            let (way, step) = (cells - 3, (elapsed.as_millis() / PAUSE.as_millis()) as usize);
            let place = step % (2 * way);
            let place = place.min(2 * way - place);
            Box::new(move |at| (place..place + 3).contains(&at))
        }
    };
    let inner: String = (0..cells).map(|at| if marked(at) { full } else { empty }).collect();
    format!("[{inner}]")
}

/// How long the rest takes if it goes on as until now; nothing while too little is done to tell.
fn left(done: f64, elapsed: Duration) -> String {
    if done < 0.02 {
        return String::new();
    }
    let rest = elapsed.as_secs_f64() * (1.0 - done) / done;
    format!("{} left", short(Duration::from_secs_f64(rest.clamp(0.0, 1e9))))
}

/// In the largest units that matter.
fn short(time: Duration) -> String {
    match time.as_secs() {
        seconds @ 0..100 => format!("{} s", seconds.max(1)),
        seconds @ 100..6000 => format!("{} min", seconds.div_ceil(60)),
        seconds => format!("{} h", seconds.div_ceil(3600)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::present::width as cells;

    const AT: At = At { work: "checking the pages", done: Some(0.25) };

    fn seconds(seconds: u64) -> Duration {
        Duration::from_secs(seconds)
    }

    #[test]
    fn it_says_what_is_done_and_how_long_it_still_takes() {
        assert_eq!(
            line(AT, seconds(4), 80, true),
            "checking the pages [#######-----------------------]  25%  12 s left"
        );
        assert_eq!(line(AT, seconds(4), 40, false), "checking the pages  25%  12 s left");
        assert_eq!(line(AT, seconds(4), 46, false), "checking the pages [██░░░░░░]  25%  12 s left");
        let begun = At { done: Some(0.01), ..AT };
        assert_eq!(line(begun, seconds(3), 40, true), "checking the pages [-------------]   1%");
        let nearly = At { done: Some(1.0), ..AT };
        assert_eq!(line(nearly, seconds(9), 40, true), "checking the pages  99%  1 s left");
    }

    #[test]
    fn what_is_not_known_has_no_number_but_a_mark_that_moves() {
        let unknown = At { done: None, ..AT };
        let lines: Vec<String> =
            (0..40).map(|tenth| line(unknown, Duration::from_millis(tenth * 100), 52, true)).collect();
        assert_eq!(lines[0], "checking the pages [###---------------]  1 s so far");
        assert_eq!(lines[15], "checking the pages [---------------###]  1 s so far");
        assert_eq!(lines[30], "checking the pages [###---------------]  3 s so far");
        assert!(lines.iter().all(|line| line.matches('#').count() == 3 && !line.contains('%')));
    }

    #[test]
    fn it_is_never_wider_than_the_terminal() {
        for width in 0..120 {
            for done in [None, Some(0.0), Some(0.5), Some(1.0), Some(f64::NAN), Some(7.0)] {
                for elapsed in [0, 2, 5000, 1_000_000] {
                    let line = line(At { done, ..AT }, seconds(elapsed), width, false);
                    assert!(cells(&line) < width.max(1), "{width}: {line}");
                }
            }
        }
    }

    #[test]
    fn times_are_short() {
        let texts = [0, 99, 100, 3599, 6000, 86_400].map(|at| short(seconds(at)));
        assert_eq!(texts, ["1 s", "99 s", "2 min", "60 min", "2 h", "24 h"]);
    }
}
