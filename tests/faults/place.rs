//! What bilat writes, and a folder in which it writes it again and again.

use crate::grammar::slow;
use std::collections::BTreeSet;
use std::path::Path;
use std::process::{Command, Stdio};
use tempfile::TempDir;

/// A command that writes one file.
pub struct Writer {
    pub name: &'static str,
    pub arguments: &'static [&'static str],
    pub target: &'static str,
    /// Whether it is written where nothing was before, too.
    pub begins: bool,
    /// Whether it takes so long that it is tried with SLOW only.
    pub slow: bool,
}

/// Everything bilat writes; one line more is tried in every way.
pub const WRITERS: &[Writer] = &[
    Writer {
        name: "build",
        arguments: &["build", "sheets", "-o", "x.db", "--force"],
        target: "x.db",
        begins: true,
        slow: false,
    },
    Writer {
        name: "ship",
        arguments: &["ship", "source.db", "-o", "x.db", "--force"],
        target: "x.db",
        begins: true,
        slow: false,
    },
    Writer {
        name: "run -o",
        arguments: &["run", "questions.bilat", "--db", "source.db", "-o", "x.csv"],
        target: "x.csv",
        begins: true,
        slow: false,
    },
    Writer {
        name: "report",
        arguments: &["report", "story.md", "--db", "source.db", "-o", "x.html"],
        target: "x.html",
        begins: true,
        slow: false,
    },
    Writer { name: "fmt", arguments: &["fmt", "x.bilat"], target: "x.bilat", begins: false, slow: false },
    Writer {
        name: "export",
        arguments: &["export", "source.db", "--as", "gexf", "-o", "x.gexf", "--force"],
        target: "x.gexf",
        begins: true,
        slow: false,
    },
    Writer { name: "save", arguments: &["save", "x.db", "claims.bilat"], target: "x.db", begins: false, slow: false },
    Writer {
        name: "import",
        arguments: &["import", "leaders.csv", "--into", "x.db"],
        target: "x.db",
        begins: false,
        slow: false,
    },
    Writer {
        name: "migrate",
        arguments: &["migrate", "layout-1.db"],
        target: "layout-1.db",
        begins: false,
        slow: false,
    },
    Writer {
        name: "new",
        arguments: &["new", "x.db", "--as-of", "2024-07-10", "--force"],
        target: "x.db",
        begins: true,
        slow: true,
    },
];

/// Commands that only read.
pub const READERS: &[&[&str]] =
    &[&["run", "questions.bilat", "--db", "source.db"], &["info", "source.db"], &["verify", "source.db"]];

const SHEETS: &[(&str, &str)] = &[
    ("file.csv", "key,value\ntitle,Small\nlicence,CC0\nreference_date,2024-07-10\n"),
    ("countries.csv", "key,name\nAA,Aland\nBB,Beland\n"),
    ("leaders.csv", "key,name,country\nann,Ann,AA\nbob,Bob,BB\n"),
    ("meetings.csv", "key,date,status\nm1,2024-05-16,held\n"),
    ("participants.csv", "key,meeting,leader,role\nm1.a,m1,ann,host\nm1.b,m1,bob,guest\n"),
];

const TEXTS: &[(&str, &str)] = &[
    ("questions.bilat", "FROM meetings;\n"),
    ("claims.bilat", "ASSERT count(FROM meetings) = 1;\n"),
    ("story.md", "# A story\n\n```bilat\nFROM meetings WITH Ann\n```\n"),
    ("x.bilat", "from meetings with Ann\n"),
    ("leaders.csv", "key,name,country\ncid,Cid,AA\n"),
    ("x.csv", "an,old,answer\n"),
    ("x.gexf", "<gexf/>\n"),
    ("x.html", "<p>an old page</p>\n"),
];

/// What the target is now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    Old,
    New,
}

/// A folder with what the commands need.
pub struct Place {
    home: TempDir,
    target: &'static str,
    pub old: Option<Vec<u8>>,
    pub new: Vec<u8>,
    /// What is to be there beside the target.
    beside: BTreeSet<String>,
}

/// A folder with everything that any of the commands reads or replaces.
pub fn furnished() -> TempDir {
    let home = tempfile::tempdir().unwrap();
    let path = |name: &str| home.path().join(name);
    std::fs::create_dir(path("sheets")).unwrap();
    for (name, text) in SHEETS {
        std::fs::write(path("sheets").join(name), text).unwrap();
    }
    for (name, text) in TEXTS {
        std::fs::write(path(name), text).unwrap();
    }
    std::fs::create_dir(path("cache")).unwrap();
    let golden = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/golden/layout-1.db");
    std::fs::copy(golden, path("layout-1.db")).unwrap();
    let mut records = bilat::dataset::records::read_folder(&path("sheets")).unwrap();
    for (file, title) in [("x.db", "Old"), ("source.db", "Source")] {
        records.settings.insert("title".to_string(), title.to_string());
        std::fs::write(path(file), bilat::dataset::build(&records).unwrap().bytes).unwrap();
    }
    home
}

impl Place {
    /// Where a command writes, and once has written.
    pub fn of(writer: &Writer, with_old: bool) -> Place {
        let home = furnished();
        let target = home.path().join(writer.target);
        let old = with_old.then(|| std::fs::read(&target).unwrap());
        let mut place = Place { home, target: writer.target, old, new: Vec::new(), beside: BTreeSet::new() };
        place.reset();
        place.beside = place.names();
        place.beside.remove(writer.target);
        assert_eq!(place.bilat(writer.arguments).status().unwrap().code(), Some(0), "{}", writer.name);
        place.new = std::fs::read(place.home.path().join(writer.target)).unwrap();
        assert!(place.old.as_ref() != Some(&place.new), "{} changes nothing", writer.name);
        for bytes in place.old.iter().chain([&place.new]) {
            place.verify(bytes);
        }
        place.reset();
        place
    }

    /// All places to write in.
    pub fn all() -> impl Iterator<Item = (&'static Writer, Place)> {
        WRITERS.iter().filter(|writer| !writer.slow || slow()).flat_map(|writer| {
            let olds: &[bool] = if writer.begins { &[true, false] } else { &[true] };
            olds.iter().map(move |with_old| (writer, Place::of(writer, *with_old)))
        })
    }

    pub fn path(&self) -> &Path {
        self.home.path()
    }

    /// The program, in the folder, heard by nobody.
    pub fn bilat(&self, arguments: &[&str]) -> Command {
        bilat(self.path(), arguments)
    }

    /// As it was before anything was written. What else is there is left there.
    pub fn reset(&self) {
        forget(self.path());
        let target = self.home.path().join(self.target);
        match &self.old {
            Some(old) => std::fs::write(target, old).unwrap(),
            None => drop(std::fs::remove_file(target)),
        }
    }

    /// Whether the target is the old one or the new one, to the byte; both were verified.
    pub fn state(&self) -> Result<State, String> {
        self.state_of(std::fs::read(self.home.path().join(self.target)).ok().as_deref())
    }

    /// The same, and the file is taken away alone and verified.
    pub fn state_alone(&self) -> Result<State, String> {
        let state = self.state()?;
        std::fs::read(self.home.path().join(self.target)).into_iter().for_each(|found| self.verify(&found));
        Ok(state)
    }

    /// The same for what would be there.
    pub fn state_of(&self, found: Option<&[u8]>) -> Result<State, String> {
        match found {
            found if found == self.old.as_deref() => Ok(State::Old),
            Some(found) if found == self.new => Ok(State::New),
            Some(found) => Err(format!("{} bytes that are neither the old file nor the new one", found.len())),
            None => Err("the old file is gone, and no new one is there".to_string()),
        }
    }

    fn verify(&self, bytes: &[u8]) {
        if self.target.ends_with(".db") {
            let alone = tempfile::tempdir().unwrap();
            let file = alone.path().join("alone.db");
            std::fs::write(&file, bytes).unwrap();
            assert!(bilat::store::Database::open(&file).unwrap().sealed);
        }
    }

    /// What is left in the folder that was not there before.
    pub fn left(&self) -> Vec<String> {
        let mut names = self.names();
        names.remove(self.target);
        names.difference(&self.beside).cloned().collect()
    }

    fn names(&self) -> BTreeSet<String> {
        let entries = std::fs::read_dir(self.home.path()).unwrap().flatten();
        entries.map(|entry| entry.file_name().to_string_lossy().into_owned()).collect()
    }
}

/// Nothing was ever verified.
pub fn forget(folder: &Path) {
    drop(std::fs::remove_dir_all(folder.join("cache/bilat")));
}

/// The program in a folder, heard by nobody.
pub fn bilat(folder: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_bilat"));
    command.args(arguments).current_dir(folder).env("XDG_CACHE_HOME", folder.join("cache"));
    command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    command
}
