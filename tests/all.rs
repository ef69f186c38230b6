//! All tests that use the program from outside.

mod article;
mod cases;
mod commands;
mod completion;
mod dataset;
mod differences;
mod exports;
mod faults;
mod format;
mod grammar;
mod hostile;
mod house;
mod imports;
mod injection;
#[cfg(unix)]
mod known;
mod messages;
mod oracle;
mod outputs;
mod own;
mod packed;
mod progress;
mod prompt;
mod queries;
mod readme;
mod reference;
mod report;
mod robust;
mod words;
