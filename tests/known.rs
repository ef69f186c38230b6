//! Large files that were in order before: known by what the system says of them, read where they stand, and no longer
//! believed once anything of them changes.

use bilat::catalog::ddl::{self, Table};
use bilat::store::{Database, Progress, Value, Verified, Writer};
use std::fs::{File, OpenOptions};
use std::os::unix::fs::FileExt;
use std::path::{Path, PathBuf};
use std::time::Duration;

/// Longer than the times of a file take to be over.
const SETTLING: Duration = Duration::from_millis(2_050);

/// A sealed file of five megabytes and some; those of other titles have the same length.
fn file(title: &str) -> Vec<u8> {
    let table: &Table = ddl::tables().iter().find(|table| table.name == "file").unwrap();
    let mut writer = Writer::new().unwrap();
    for (key, value) in [("filler", "x".repeat(5 << 20)), ("title", title.to_string())] {
        writer.insert(table, &[Value::Text(key), Value::Text(&value)]).unwrap();
    }
    writer.finish().unwrap().0
}

struct Folder {
    folder: tempfile::TempDir,
    verified: Verified,
}

impl Folder {
    fn new() -> Folder {
        let folder = tempfile::tempdir().unwrap();
        let verified = Verified::kept_in(&folder.path().join("verified"));
        Folder { folder, verified }
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn open(&self, name: &str) -> Result<Database, &'static str> {
        let opened = Database::open_watched(&self.path(name), &Progress::default(), &self.verified);
        opened.map_err(|diagnostic| diagnostic.code)
    }

    /// The files that tell hashes.
    fn told(&self) -> Vec<PathBuf> {
        let entries = std::fs::read_dir(self.path("verified")).unwrap();
        let paths = entries.map(|entry| entry.unwrap().path());
        paths.filter(|path| path.file_name().unwrap().to_string_lossy().starts_with("at-")).collect()
    }
}

fn title(database: &Database) -> Result<String, &'static str> {
    database.setting("title").map(Option::unwrap).map_err(|diagnostic| diagnostic.code)
}

/// Writes other bytes into a file and gives it the time back that its content had.
fn overwrite(path: &Path, bytes: &[u8]) {
    let file = OpenOptions::new().write(true).open(path).unwrap();
    let before = file.metadata().unwrap();
    file.write_all_at(bytes, 0).unwrap();
    file.set_modified(before.modified().unwrap()).unwrap();
    let after = file.metadata().unwrap();
    assert_eq!((after.len(), after.modified().unwrap()), (before.len(), before.modified().unwrap()));
}

#[test]
fn a_known_file_is_read_in_place_and_believed_until_anything_of_it_changes() {
    let folder = Folder::new();
    let (one, two) = (file("one"), file("two"));
    assert_eq!(one.len(), two.len());
    let names = ["overwritten", "replaced", "grown", "left", "told otherwise"];
    for name in names {
        std::fs::write(folder.path(name), &one).unwrap();
    }
    // Just written: a change now could leave its times as they are.
    assert_eq!(title(&folder.open("left").unwrap()), Ok("one".into()));
    assert_eq!(folder.told(), <[PathBuf; 0]>::default());
    std::thread::sleep(SETTLING);
    for name in names {
        let first = folder.open(name).unwrap();
        assert_eq!(title(&first), Ok("one".into()));
        let told = std::fs::read_to_string(&folder.told()[0]).unwrap();
        assert_eq!(first.digest, Some(told));
    }
    assert_eq!(folder.told().len(), names.len());
    let open = names.map(|name| folder.open(name).unwrap());
    for database in &open {
        assert_eq!((title(database), database.sealed), (Ok("one".into()), true));
        assert_eq!(database.digest, open[0].digest);
    }

    overwrite(&folder.path("overwritten"), &two);
    std::fs::write(folder.path("other"), &two).unwrap();
    File::open(folder.path("other"))
        .and_then(|file| file.set_modified(std::fs::metadata(folder.path("replaced"))?.modified()?))
        .unwrap();
    std::fs::rename(folder.path("other"), folder.path("replaced")).unwrap();
    let grown = OpenOptions::new().write(true).open(folder.path("grown")).unwrap();
    grown.write_all_at(&[0; 4096], one.len() as u64).unwrap();
    let said = open.each_ref().map(title);
    assert_eq!(said, [Err("R404"), Err("R404"), Err("R404"), Ok("one".into()), Ok("one".into())]);
    assert_eq!(title(&folder.open("overwritten").unwrap()), Ok("two".into()));
    assert_eq!(title(&folder.open("replaced").unwrap()), Ok("two".into()));
    assert_eq!(folder.open("grown").err(), Some("R405"));
    // One byte of a text, and no seal holds.
    let at = two.windows(3).rposition(|bytes| bytes == b"two").unwrap();
    overwrite(&folder.path("overwritten"), &[&two[..at], b"Two", &two[at + 3..]].concat());
    assert_eq!(folder.open("overwritten").err(), Some("R406"));

    // What tells no hash of a file that was in order tells nothing.
    for told in folder.told() {
        std::fs::write(told, "0".repeat(64)).unwrap();
    }
    assert_eq!(folder.open("left").unwrap().digest, open[3].digest);
    // Who wants all of it read gets it read, and into memory.
    let read = Database::open_watched(&folder.path("left"), &Progress::default(), &folder.verified.clone().unasked());
    std::fs::remove_file(folder.path("left")).unwrap();
    assert_eq!((title(&read.unwrap()), title(&open[3])), (Ok("one".into()), Err("R404")));
}
