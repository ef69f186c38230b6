//! What is kept is found again by its file, its kind and its form, and nothing else is.

use super::*;
use std::io::Read;
use std::os::unix::fs::PermissionsExt;

const ONE: &Kind = &Kind { name: Cow::Borrowed("one"), version: 1 };
const OTHER: &Kind = &Kind { name: Cow::Borrowed("other"), version: 1 };

fn store(cache: &Cache, kind: &Kind, text: &str) -> bool {
    cache.store(kind, |out| out.write_all(text.as_bytes())).unwrap().is_some()
}

fn read(cache: &Cache, kind: &Kind) -> Option<String> {
    cache.open(kind).map(|mut file| {
        let mut text = String::new();
        file.read_to_string(&mut text).unwrap();
        text
    })
}

/// Where a cache is.
fn path(folder: &Path, digest: &str, kind: &Kind) -> PathBuf {
    Caches::kept_in(folder).of(Some(digest)).path(kind).unwrap().1
}

fn names(folder: &Path) -> usize {
    std::fs::read_dir(folder).map_or(0, Iterator::count)
}

fn mode(path: &Path, mode: u32) {
    std::fs::set_permissions(path, std::fs::Permissions::from_mode(mode)).unwrap();
}

#[test]
fn what_is_kept_is_found_by_file_kind_and_form() {
    let folder = tempfile::tempdir().unwrap();
    let caches = Caches::kept_in(&folder.path().join("a/b"));
    let cache = caches.of(Some("00ff"));
    assert_eq!(read(&cache, ONE), None);
    assert!(store(&cache, ONE, "some") && store(&cache, OTHER, "thing"));
    assert!(store(&cache, ONE, "new"));
    assert_eq!(read(&cache, ONE).as_deref(), Some("new"));
    assert_eq!((cache.size(ONE), cache.size(OTHER)), (Some(3), Some(5)));
    assert_eq!(cache.kept(), [("one".to_string(), 3), ("other".to_string(), 5)]);
    assert_eq!(read(&caches.of(Some("00fe")), ONE), None);
    assert_eq!(read(&cache, &Kind { version: 2, ..ONE.clone() }), None);
    for nothing in [Caches::default().of(Some("00ff")), caches.of(None), caches.of(Some("")), caches.of(Some("../00"))]
    {
        assert!(!nothing.is_on() && !store(&nothing, ONE, "x"));
        assert_eq!((read(&nothing, ONE), nothing.size(ONE)), (None, None));
    }
    assert_eq!(names(&folder.path().join("a/b")), 2);
}

#[test]
fn what_fails_while_it_is_written_leaves_what_was_there() {
    let folder = tempfile::tempdir().unwrap();
    let cache = Caches::kept_in(folder.path()).of(Some("00ff"));
    mode(folder.path(), 0o700);
    assert!(store(&cache, ONE, "whole"));
    let half = cache.store(ONE, |out| {
        out.write_all(b"ha")?;
        Err::<(), _>(io::Error::other("stopped"))
    });
    assert!(half.is_err());
    assert_eq!(read(&cache, ONE).as_deref(), Some("whole"));
    assert_eq!(names(folder.path()), 1);
}

#[test]
fn a_folder_or_a_file_that_others_can_write_is_not_trusted() {
    let folder = tempfile::tempdir().unwrap();
    let place = folder.path().join("caches");
    let cache = Caches::kept_in(&place).of(Some("00ff"));
    assert!(store(&cache, ONE, "mine"));
    let file = path(&place, "00ff", ONE);
    assert_eq!(file.metadata().unwrap().permissions().mode() & 0o777, 0o600);
    mode(&file, 0o666);
    assert_eq!((read(&cache, ONE), cache.size(ONE)), (None, None));
    mode(&file, 0o600);
    mode(&place, 0o777);
    assert_eq!((read(&cache, ONE), cache.size(ONE)), (None, None));
    assert!(!store(&cache, ONE, "theirs"));
    mode(&place, 0o700);
    assert_eq!(read(&cache, ONE).as_deref(), Some("mine"));

    let link = folder.path().join("link");
    std::os::unix::fs::symlink(&place, &link).unwrap();
    assert_eq!(read(&Caches::kept_in(&link).of(Some("00ff")), ONE), None);
    std::os::unix::fs::symlink(&file, path(&place, "00ff", OTHER)).unwrap();
    assert_eq!(read(&cache, OTHER), None);
    nix::unistd::mkfifo(
        &path(&place, "00ff", &Kind { name: "pipe".into(), version: 1 }),
        nix::sys::stat::Mode::S_IRUSR,
    )
    .unwrap();
    assert_eq!(read(&cache, &Kind { name: "pipe".into(), version: 1 }), None);
}

#[test]
fn those_not_used_for_longest_make_room_and_leftovers_are_swept() {
    let folder = tempfile::tempdir().unwrap();
    mode(folder.path(), 0o700);
    let caches = Caches::kept_in(folder.path()).within(100);
    let age = |path: &Path, seconds: u64| {
        let file = File::options().append(true).open(path).unwrap();
        let now = folder.path().metadata().unwrap().modified().unwrap();
        file.set_modified(now - Duration::from_secs(seconds)).unwrap();
    };
    let (a, b, c) = (caches.of(Some("aa")), caches.of(Some("bb")), caches.of(Some("cc")));
    assert!(store(&a, ONE, &"a".repeat(40)) && store(&b, ONE, &"b".repeat(40)));
    age(&path(folder.path(), "aa", ONE), 5000);
    age(&path(folder.path(), "bb", ONE), 4000);
    // Reading it is using it.
    assert!(read(&a, ONE).is_some());
    for (name, seconds) in [(".unfinished-old", 4000), (".unfinished-new", 60)] {
        std::fs::write(folder.path().join(name), "x").unwrap();
        age(&folder.path().join(name), seconds);
    }
    assert!(store(&c, ONE, &"c".repeat(40)));
    assert_eq!([&a, &b, &c].map(|cache| cache.size(ONE)), [Some(40), None, Some(40)]);
    assert!(!folder.path().join(".unfinished-old").exists() && folder.path().join(".unfinished-new").exists());
    // What is larger than all may be is not kept, and nothing goes for it.
    assert!(!store(&b, ONE, &"b".repeat(101)));
    assert_eq!([&a, &b, &c].map(|cache| cache.size(ONE)), [Some(40), None, Some(40)]);
    // What is replaced makes room itself.
    assert!(store(&c, ONE, &"c".repeat(60)));
    assert_eq!([&a, &c].map(|cache| cache.size(ONE)), [Some(40), Some(60)]);
}

#[test]
fn a_sum_tells_every_change_of_a_bit_and_every_length() {
    for length in [0, 1, 7, 8, 9, 31, 32, 33, 63, 64, 100] {
        let bytes: Vec<u8> = (0..length).map(|at| (at * 37 % 251) as u8).collect();
        let whole = checksum(&bytes);
        for bit in 0..length * 8 {
            let mut changed = bytes.clone();
            changed[bit / 8] ^= 1 << (bit % 8);
            assert_ne!(checksum(&changed), whole, "{length} {bit}");
        }
        let longer: Vec<u8> = bytes.iter().copied().chain([0]).collect();
        assert_ne!(checksum(&longer), whole, "{length}");
    }
}
