//! Files with telling names that commands of cases can be given: good ones, damaged ones, hostile ones.

use rusqlite::Connection;
use std::path::Path;

fn bundled() -> Vec<u8> {
    std::fs::read(Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/bilat.db")).unwrap()
}

/// Makes those files that the command line speaks of.
pub fn prepare(folder: &Path, line: &str) {
    for (name, make) in FILES {
        if line.contains(name) {
            make(&folder.join(name));
        }
    }
}

type Make = fn(&Path);

const FILES: &[(&str, Make)] = &[
    ("good.db", |path| std::fs::write(path, bundled()).unwrap()),
    ("empty.db", |path| std::fs::write(path, b"").unwrap()),
    ("text.db", |path| std::fs::write(path, b"this is no database").unwrap()),
    ("folder.db", |path| std::fs::create_dir(path).unwrap()),
    ("other.db", |path| altered(path, "PRAGMA application_id = 7")),
    ("newer.db", |path| altered(path, "PRAGMA user_version = 99")),
    // Whoever changes a name in a sealed file breaks the seal.
    ("changed.db", |path| altered(path, "UPDATE leaders SET remark = 'forged' WHERE id = 1")),
    ("unsealed.db", |path| altered(path, "DELETE FROM file WHERE key = 'seal'")),
    ("undated.db", |path| altered(path, "DELETE FROM file WHERE key IN ('seal', 'reference_date')")),
    ("dangling.db", |path| altered(path, "PRAGMA foreign_keys = 0; DELETE FROM places WHERE id = 1")),
    ("view.db", |path| altered(path, "CREATE VIEW more AS SELECT 1")),
    ("trigger.db", |path| altered(path, "CREATE TRIGGER t AFTER UPDATE ON leaders BEGIN SELECT 1; END")),
    ("renamed.db", |path| altered(path, "ALTER TABLE leaders RENAME COLUMN remark TO remarks")),
    ("log.db", |path| altered(path, "PRAGMA journal_mode = WAL")),
    ("cut.db", |path| {
        let bytes = bundled();
        std::fs::write(path, &bytes[..bytes.len() - 5000]).unwrap();
    }),
    ("damaged.db", |path| {
        let mut bytes = bundled();
        let page = bytes.len() / 4096 / 2 * 4096;
        bytes[page..page + 64].fill(0xA5);
        std::fs::write(path, bytes).unwrap();
    }),
    // As an old spreadsheet saves it.
    ("latin.csv", |path| std::fs::write(path, b"key,name\nandre,Andr\xe9\n").unwrap()),
    ("wide.csv", |path| std::fs::write(path, vec!["column"; 1_001].join(",")).unwrap()),
    ("journal.db", |path| {
        std::fs::write(path, bundled()).unwrap();
        std::fs::write(path.with_file_name("journal.db-journal"), b"something").unwrap();
    }),
];

/// The bundled file after a statement of another program's.
fn altered(path: &Path, sql: &str) {
    std::fs::write(path, bundled()).unwrap();
    let connection = Connection::open(path).unwrap();
    connection.execute_batch(sql).unwrap();
}
