//! The history: whole statements in the user's state folder, for the owner's eyes alone.

use super::helper::Assistant;
use etcetera::BaseStrategy;
use rustyline::Editor;
use rustyline::history::FileHistory;
use std::path::PathBuf;

/// Loads the history and says where it is kept; without a place or permission there is none.
pub fn open(editor: &mut Editor<Assistant, FileHistory>) -> Option<PathBuf> {
    let folders = etcetera::choose_base_strategy().ok()?;
    let folder = folders.state_dir().unwrap_or_else(|| folders.data_dir()).join("bilat");
    let path = folder.join("history");
    std::fs::create_dir_all(&folder).ok()?;
    own_file(&path).ok()?;
    // A file that is no history is left alone and begun anew by the next statement.
    let _ = editor.load_history(&path);
    Some(path)
}

/// Creates the file, readable by its owner only.
#[cfg(unix)]
fn own_file(path: &std::path::Path) -> std::io::Result<()> {
    use std::os::unix::fs::{OpenOptionsExt, PermissionsExt};
    let file = std::fs::OpenOptions::new().append(true).create(true).mode(0o600).open(path)?;
    file.set_permissions(std::fs::Permissions::from_mode(0o600))
}

#[cfg(not(unix))]
fn own_file(path: &std::path::Path) -> std::io::Result<()> {
    std::fs::OpenOptions::new().append(true).create(true).open(path).map(|_| ())
}
