//! All tests that use the program from outside.

mod oracle;
