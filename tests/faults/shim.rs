//! The shim in C between bilat and the system's calls on files (`shim.c`), built where there is a compiler.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::LazyLock;
use tempfile::TempDir;

static BUILT: LazyLock<Option<(TempDir, PathBuf)>> = LazyLock::new(|| {
    let folder = tempfile::tempdir().unwrap();
    let library = folder.path().join("shim.so");
    let source = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/faults/shim.c");
    let mut compiler = Command::new("cc");
    compiler.args(["-shared", "-fPIC", "-O1", "-Wall", "-Wextra", "-Werror", "-o"]).arg(&library).arg(source);
    match compiler.status() {
        Ok(status) => {
            assert!(status.success(), "shim.c does not compile");
            Some((folder, library))
        }
        Err(_) => None,
    }
});

/// Where the shim is; `None`, with a word, where it cannot be built.
pub fn built() -> Option<&'static Path> {
    let built = BUILT.as_ref().map(|(_, library)| library.as_path());
    if built.is_none() {
        println!("skipped: there is no C compiler (cc) to build the shim with");
    }
    built
}

/// Puts the shim under a command that works in this folder.
pub fn under(command: &mut Command, library: &Path, folder: &Path, named: bool) {
    command.env("LD_PRELOAD", library).env("SHIM_FOLDER", std::fs::canonicalize(folder).unwrap());
    if named {
        command.env("SHIM_NAMED", "1");
    }
}
