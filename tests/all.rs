//! All tests that use the program from outside.

mod article;
mod cases;
mod dataset;
mod house;
mod oracle;
mod prompt;
mod readme;
