//! Files with telling names that commands of cases can be given: good ones, damaged ones, hostile ones.

use bilat::catalog::NounId;
use bilat::dataset::{self, records::read_folder};
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
    ("theirs.db", |path| std::fs::write(path, theirs()).unwrap()),
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

/// What somebody else made of the same data: a meeting less, a leader under another key and with a remark, another day.
fn theirs() -> Vec<u8> {
    let mut records = read_folder(&Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures")).unwrap();
    records.settings.insert("title".to_string(), "Theirs".to_string());
    let mut rows = |noun: NounId| std::mem::take(records.nouns.entry(noun).or_default());
    let (mut meetings, mut participants, mut accounts) =
        (rows(NounId::Meetings), rows(NounId::Participants), rows(NounId::Accounts));
    let (mut leaders, mut visits, mut terms) = (rows(NounId::Leaders), rows(NounId::Visits), rows(NounId::Terms));
    let gone = "putin-lukashenko-minsk-2024";
    meetings.retain(|row| row.key != gone);
    participants.retain(|row| row.cell("meeting") != Some(gone));
    accounts.retain(|row| row.cell("meeting") != Some(gone));
    for row in accounts.iter_mut().filter(|row| row.key == "24hours-arce.putin-arce-st-petersburg-2024") {
        row.cells.insert("date", "2024-06-07".to_string());
    }
    for row in leaders.iter_mut().filter(|row| row.key == "lula") {
        row.key = "lula-da-silva".into();
        row.cells.insert("remark", "Called Lula.".to_string());
    }
    for row in [&mut participants, &mut visits, &mut terms].into_iter().flatten() {
        if let Some(leader) = row.cells.get_mut("leader").filter(|leader| *leader == "lula") {
            *leader = "lula-da-silva".into();
        }
    }
    for row in records.nouns.entry(NounId::Names).or_default() {
        if let Some(of) = row.cells.get_mut("of").filter(|of| *of == "leaders:lula") {
            *of = "leaders:lula-da-silva".into();
        }
    }
    for (noun, rows) in [
        (NounId::Meetings, meetings),
        (NounId::Participants, participants),
        (NounId::Accounts, accounts),
        (NounId::Leaders, leaders),
        (NounId::Visits, visits),
        (NounId::Terms, terms),
    ] {
        records.nouns.insert(noun, rows);
    }
    dataset::build(&records).unwrap().bytes
}
