//! All tests that use the program from outside.

mod grammar;
mod oracle;
mod robust;
