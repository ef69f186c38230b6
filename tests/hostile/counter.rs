//! A function of an attacker's: on every connection of this process, and it counts how often it is called.

use rusqlite::ffi;
use std::cell::Cell;
use std::os::raw::{c_char, c_int};
use std::sync::Once;

thread_local! {
    static CALLS: Cell<u64> = const { Cell::new(0) };
}

/// How often this thread has called it.
pub fn calls() -> u64 {
    CALLS.get()
}

/// Registers `fetch(x)` on every connection that is opened from now on. It gives back what it is given, and claims to be
/// innocuous, so that SQLite's own distrust of schemas does not stand before it: what refuses it is ours.
#[allow(unsafe_code)]
pub fn everywhere() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        // SAFETY: the entry point has the signature that SQLite calls it with, and lives as long as the process.
        let registered = unsafe { ffi::sqlite3_auto_extension(Some(register)) };
        assert_eq!(registered, ffi::SQLITE_OK);
    });
}

#[allow(unsafe_code)]
unsafe extern "C" fn register(
    connection: *mut ffi::sqlite3,
    _: *mut *mut c_char,
    _: *const ffi::sqlite3_api_routines,
) -> c_int {
    let flags = ffi::SQLITE_UTF8 | ffi::SQLITE_DETERMINISTIC | ffi::SQLITE_INNOCUOUS;
    // SAFETY: SQLite hands over a connection that is being opened; the name is ended by NUL, the function is static.
    unsafe {
        ffi::sqlite3_create_function_v2(
            connection,
            c"fetch".as_ptr(),
            1,
            flags,
            std::ptr::null_mut(),
            Some(fetch),
            None,
            None,
            None,
        )
    }
}

#[allow(unsafe_code)]
unsafe extern "C" fn fetch(context: *mut ffi::sqlite3_context, count: c_int, values: *mut *mut ffi::sqlite3_value) {
    CALLS.set(CALLS.get() + 1);
    assert_eq!(count, 1);
    // SAFETY: SQLite gives as many values as the function was registered with: one.
    unsafe { ffi::sqlite3_result_value(context, *values) }
}
