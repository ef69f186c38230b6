//! Files of strangers: whatever is in them, nothing of it runs, nothing on the disk changes, and no answer is silently wrong.
//!
//! Small by default; `SLOW=1` runs the whole, `SEED=n` begins elsewhere. Everything is made here, from one small good file.

mod budget;
mod canaries;
mod changing;
mod corpus;
mod counter;
mod damaged;
mod poisoned;
mod traced;

use crate::oracle::data;
use crate::oracle::rng::Rng;
use bilat::answer::Answer;
use bilat::catalog::ddl;
use bilat::dataset;
use bilat::diagnostic::Diagnostic;
use bilat::session::{RunError, Session, Settings};
use bilat::store::{self, Database};
use rusqlite::Connection;
use std::path::Path;
use std::sync::OnceLock;
use std::time::Duration;

/// A small sealed file: the random data of one seed, one text longer than a page, pages of 512 bytes, some of them free.
fn small() -> &'static [u8] {
    static SMALL: OnceLock<Vec<u8>> = OnceLock::new();
    SMALL.get_or_init(|| {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("small.db");
        std::fs::write(&path, built()).unwrap();
        let connection = Connection::open(&path).unwrap();
        let long = "long ".repeat(700);
        connection.execute("UPDATE leaders SET remark = ?1 WHERE id = 1", [long]).unwrap();
        connection.execute_batch("PRAGMA page_size = 512; VACUUM").unwrap();
        let room = "CREATE TABLE room (x); INSERT INTO room VALUES (zeroblob(4000)), (zeroblob(2000)); DROP TABLE room";
        connection.execute_batch(room).unwrap();
        seal(&connection);
        drop(connection);
        std::fs::read(&path).unwrap()
    })
}

/// The same data as the program builds it.
fn built() -> Vec<u8> {
    let rng = Rng::new(7);
    loop {
        if let Ok(built) = dataset::build(&data::records(&rng)) {
            return built.bytes;
        }
    }
}

/// Writes the right seal into a file, as anybody can.
fn seal(connection: &Connection) {
    connection.execute("DELETE FROM file WHERE key = 'seal'", []).unwrap();
    let digest = store::digest(connection, ddl::LAYOUT).unwrap();
    connection.execute("INSERT INTO file (key, value) VALUES ('seal', ?1)", [digest]).unwrap();
}

/// Puts a copy of the small file there, and changes it as another program would.
fn altered(path: &Path, change: impl FnOnce(&Connection)) {
    std::fs::write(path, small()).unwrap();
    let connection = Connection::open(path).unwrap();
    connection
        .execute_batch("PRAGMA foreign_keys = 0; PRAGMA legacy_alter_table = 1; PRAGMA writable_schema = 1")
        .unwrap();
    change(&connection);
}

fn session(database: Database) -> Result<Session, Diagnostic> {
    Session::new(database, Settings { timeout: Some(Duration::from_secs(5)), ..Settings::default() })
}

/// What a statement answers, or the code of what it ends with.
fn answered(session: &Session, text: &str) -> Result<Answer, &'static str> {
    let prepared = session.compile(text).map_err(|mistakes| mistakes[0].code)?;
    let mut answer = Answer::default();
    for statement in &prepared {
        match session.run(statement, &mut answer) {
            Ok(_) => {}
            Err(RunError::Failed(diagnostic)) => return Err(diagnostic.code),
            Err(RunError::Output(error)) => panic!("{error}"),
        }
    }
    Ok(answer)
}

#[test]
fn the_prompt_warns_once_of_a_file_that_nobody_sealed() {
    let home = tempfile::tempdir().unwrap();
    altered(&home.path().join("open.db"), |connection| {
        connection.execute("DELETE FROM file WHERE key = 'seal'", []).unwrap();
    });
    let terminal = crate::prompt::Terminal::launch(home.path(), (40, 110), &[], &["open.db"]);
    let screen = terminal.wait(|screen| screen.contains("open> "));
    assert_eq!(screen.matches("warning[R416]").count(), 1, "{screen}");
}
