//! Ctrl-C: one handler for the whole process, as there can be no second; what it stops changes.

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
}

impl Interrupts {
    /// From now on Ctrl-C stops this; a second time, or where nothing runs, it ends the process.
    pub fn of(stopper: Stopper) -> Interrupts {
        let running = Arc::new(Mutex::new(stopper));
        let (paging, patient, pressed) =
            (Arc::<AtomicBool>::default(), Arc::<AtomicBool>::default(), AtomicBool::default());
        let (stop, pager, wait) = (Arc::clone(&running), Arc::clone(&paging), Arc::clone(&patient));
        // Without a handler Ctrl-C ends the process at once; that is no reason not to begin.
        let _ = ctrlc::set_handler(move || {
            if pager.load(Ordering::Relaxed) {
                return;
            }
            let stopped = stop.lock().unwrap_or_else(PoisonError::into_inner).stop();
            if !wait.load(Ordering::Relaxed) && (pressed.swap(true, Ordering::Relaxed) || !stopped) {
                std::process::exit(Status::Interrupted.code());
            }
        });
        Interrupts { running, paging, patient }
    }

    /// From now on it only stops, however often.
    #[must_use]
    pub fn patient(self) -> Interrupts {
        self.patient.store(true, Ordering::Relaxed);
        self
    }

    /// From now on it stops this; what it stopped until now.
    pub fn stops(&self, stopper: Stopper) -> Stopper {
        std::mem::replace(&mut self.running.lock().unwrap_or_else(PoisonError::into_inner), stopper)
    }
}
