//! Ctrl-C: one handler for the whole process, as there can be no second; what it stops changes.
//!
//! SIGTERM and SIGHUP ask the process to end: it does so at once, or when nothing half-written is left. SIGXFSZ, by which
//! a file that may not grow ends the process, is caught, so that the write fails and that is said.

use super::status::Status;
use crate::store::Stopper;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

/// What Ctrl-C does now.
pub struct Interrupts {
    /// What it stops.
    running: Arc<Mutex<Stopper>>,
    /// While this holds, it is the pager's.
    pub(super) paging: Arc<AtomicBool>,
    /// It only ever stops; the process goes on, at the prompt, or until nothing half-written is left.
    patient: Arc<AtomicBool>,
    /// The process ends by itself when it is stopped, and not before.
    finishing: Arc<AtomicBool>,
}

impl Interrupts {
    /// From now on Ctrl-C stops this; a second time, or where nothing runs, it ends the process.
    pub fn of(stopper: Stopper) -> Interrupts {
        let running = Arc::new(Mutex::new(stopper));
        let (paging, patient, finishing) =
            (Arc::<AtomicBool>::default(), Arc::<AtomicBool>::default(), Arc::<AtomicBool>::default());
        let interrupts = Interrupts { running, paging, patient, finishing };
        interrupts.listen();
        interrupts
    }

    /// One thread for all signals: to begin a second takes longer than many an answer.
    #[cfg(unix)]
    fn listen(&self) {
        use signal_hook::consts::{SIGHUP, SIGINT, SIGTERM};
        let asked: &[i32] = if is_ignored(SIGHUP) { &[SIGINT, SIGTERM] } else { &[SIGINT, SIGTERM, SIGHUP] };
        // Without a handler the signals end the process at once; that is no reason not to begin.
        let Ok(mut signals) = signal_hook::iterator::Signals::new(asked) else { return };
        let (pressed, end) = (self.pressed(), self.end());
        let wait = move || {
            for signal in signals.forever() {
                if signal == SIGINT { pressed() } else { end() }
            }
        };
        let _ = std::thread::Builder::new().name("signals".to_string()).spawn(wait);
    }

    #[cfg(not(unix))]
    fn listen(&self) {
        let _ = ctrlc::set_handler(self.pressed());
    }

    /// What Ctrl-C does.
    fn pressed(&self) -> impl Fn() + Send + 'static {
        let (stop, pager, wait) = (Arc::clone(&self.running), Arc::clone(&self.paging), Arc::clone(&self.patient));
        let before = AtomicBool::default();
        move || {
            if pager.load(Ordering::Relaxed) {
                return;
            }
            let stopped = stop.lock().unwrap_or_else(PoisonError::into_inner).stop();
            if !wait.load(Ordering::Relaxed) && (before.swap(true, Ordering::Relaxed) || !stopped) {
                std::process::exit(Status::Interrupted.code());
            }
        }
    }

    /// What happens when the system or a closed terminal asks for the end.
    #[cfg(unix)]
    fn end(&self) -> impl Fn() + Send + 'static {
        let (running, finishing) = (Arc::clone(&self.running), Arc::clone(&self.finishing));
        move || {
            running.lock().unwrap_or_else(PoisonError::into_inner).stop();
            if !finishing.load(Ordering::Relaxed) {
                std::process::exit(Status::Interrupted.code());
            }
        }
    }

    /// From now on it only stops, however often: the process goes on.
    #[must_use]
    pub fn staying(self) -> Interrupts {
        self.patient.store(true, Ordering::Relaxed);
        self
    }

    /// From now on it only stops, however often: the process ends by itself then.
    #[must_use]
    pub fn patient(self) -> Interrupts {
        self.finishing.store(true, Ordering::Relaxed);
        self.staying()
    }

    /// From now on it stops this; what it stopped until now.
    pub fn stops(&self, stopper: Stopper) -> Stopper {
        std::mem::replace(&mut self.running.lock().unwrap_or_else(PoisonError::into_inner), stopper)
    }
}

/// From now on a file that may not grow makes a write fail, where it would end the process.
pub fn survive_full_files() {
    #[cfg(unix)]
    // Without a handler the process ends; that is no reason not to begin.
    let _ = signal_hook::flag::register(signal_hook::consts::SIGXFSZ, Arc::default());
}

/// Whether who started the process wants a signal to do nothing, as `nohup` does. Linux says it, in a file.
#[cfg(unix)]
fn is_ignored(signal: i32) -> bool {
    use std::io::Read;
    // All of it at once: a file of no length is otherwise read in many small pieces.
    let mut room = [0; 4096];
    let length = std::fs::File::open("/proc/self/status").and_then(|mut file| file.read(&mut room)).unwrap_or(0);
    let about = String::from_utf8_lossy(room.get(..length).unwrap_or_default());
    let mask = about.lines().find_map(|line| line.strip_prefix("SigIgn:"));
    let mask = mask.and_then(|digits| u64::from_str_radix(digits.trim(), 16).ok()).unwrap_or(0);
    mask.checked_shr(signal.unsigned_abs().saturating_sub(1)).unwrap_or(0) & 1 == 1
}
