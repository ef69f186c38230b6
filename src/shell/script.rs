//! Texts of queries from files and standard input.

use crate::diagnostic::{Diagnostic, running};
use crate::span::Source;
use std::io::{self, Read};
use std::path::Path;

/// A text of queries may have so many bytes.
const LARGEST: u64 = 16 * 1024 * 1024;

/// The byte order mark.
pub const MARK: char = '\u{feff}';

/// Reads a file of queries without the byte order mark it may begin with; `-` is standard input.
///
/// # Errors
/// When there is none, it is not text, or it is a file of data.
pub fn read(path: &Path) -> Result<Source, Diagnostic> {
    let mut source = read_marked(path)?;
    if source.text.starts_with(MARK) {
        source.text.drain(..MARK.len_utf8());
    }
    Ok(source)
}

/// Reads a file of queries as it is; `-` is standard input.
///
/// # Errors
/// When there is none, it is not text, or it is a file of data.
pub fn read_marked(path: &Path) -> Result<Source, Diagnostic> {
    let standard = path == Path::new("-");
    let name = if standard { "standard input".to_string() } else { path.display().to_string() };
    let mut bytes = Vec::new();
    let result = if standard {
        io::stdin().lock().take(LARGEST + 1).read_to_end(&mut bytes)
    } else {
        std::fs::File::open(path).and_then(|file| file.take(LARGEST + 1).read_to_end(&mut bytes))
    };
    match result {
        Ok(read) if read as u64 > LARGEST => {
            let why = format!("it is larger than {} MB, which no text of queries is", LARGEST / 1024 / 1024);
            return Err(running::unreadable(&name, &why));
        }
        Ok(_) => {}
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Err(crate::store::missing(path)),
        Err(error) => return Err(running::unreadable(&name, &error.to_string())),
    }
    if bytes.starts_with(b"SQLite format 3\0") {
        return Err(running::unreadable(&name, "it is a file of data, not of queries; ask it by --db"));
    }
    match String::from_utf8(bytes) {
        Ok(text) => Ok(Source { name, text }),
        Err(error) => {
            let good = &error.as_bytes()[..error.utf8_error().valid_up_to()];
            let line = good.iter().filter(|byte| **byte == b'\n').count() + 1;
            Err(running::unreadable(&name, &format!("line {line} is not UTF-8")))
        }
    }
}
