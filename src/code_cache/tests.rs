//! What is kept comes back; what others may have written, or damage, does not.

use std::fs::{self, Permissions};
use std::os::unix::fs::{PermissionsExt, symlink};
use std::time::{Duration, SystemTime};

use proptest::prelude::*;
use tempfile::TempDir;

use super::*;

fn key() -> Key {
    Key::of(&[b"a program"])
}

/// Opens the cache in a folder; no warning is expected.
fn open(root: &TempDir) -> CodeCache {
    CodeCache::open(root.path(), key(), |warning| panic!("{warning}")).expect("a new folder is ours")
}

/// All units for an address and mode, in the order in which they are shown.
fn shown(cache: &CodeCache, start: u64, mode: u32) -> Vec<Vec<u8>> {
    let mut units = Vec::new();
    cache.library().find(start, mode, &mut |unit| {
        units.push(unit.to_vec());
        false
    });
    units
}

/// A cache in which a run has left one unit, and the file.
fn saved() -> (TempDir, PathBuf) {
    let root = tempfile::tempdir().unwrap();
    let cache = open(&root);
    cache.library().add(0x1000, 1, b"a unit");
    cache.save().unwrap();
    let path = cache.path().to_owned();
    (root, path)
}

/// What is said of a file that is there, and what is found in it.
fn complaint(root: &TempDir) -> (String, Vec<Vec<u8>>) {
    let mut said = String::new();
    let cache = CodeCache::open(root.path(), key(), |warning| said = warning.to_string());
    let units = cache.as_ref().map_or_else(|_| Vec::new(), |cache| shown(cache, 0x1000, 1));
    (cache.err().map_or(said, |error| error.to_string()), units)
}

#[test]
fn units_come_back_the_newest_first() {
    let root = tempfile::tempdir().unwrap();
    let cache = open(&root);
    for unit in [&b"first"[..], b"second", b"first"] {
        cache.library().add(0x1000, 1, unit);
    }
    cache.library().add(0x1000, 0, b"another mode");
    let both = [b"second".to_vec(), b"first".to_vec()];
    assert_eq!(shown(&cache, 0x1000, 1), both);
    cache.save().unwrap();
    let cache = open(&root);
    assert_eq!(shown(&cache, 0x1000, 1), both);
    assert_eq!(shown(&cache, 0x1000, 0), [b"another mode"]);
    assert!(shown(&cache, 0x1001, 1).is_empty());
    cache.library().find(0x1000, 1, &mut |unit| unit == b"first");
    assert_eq!(shown(&cache, 0x1000, 1)[0], b"first", "it was what fitted");
}

#[test]
fn a_run_without_new_code_leaves_the_file_as_it_is() {
    let (root, path) = saved();
    let before = fs::metadata(&path).unwrap();
    let long_ago = SystemTime::now() - Duration::from_secs(1000);
    fs::File::open(&path).unwrap().set_modified(long_ago).unwrap();
    open(&root).save().unwrap();
    use std::os::unix::fs::MetadataExt;
    let after = fs::metadata(&path).unwrap();
    assert_eq!(after.ino(), before.ino());
    assert!(after.modified().unwrap() > long_ago, "it counts as used");
}

#[test]
fn runs_at_the_same_time_keep_what_each_has_made() {
    let (root, _) = saved();
    let runs = [&b"one"[..], b"two", b"three"].map(|unit| {
        let cache = open(&root);
        cache.library().add(0x1000, 1, unit);
        cache.library().add(unit.len() as u64, 0, unit);
        cache
    });
    // They end at once.
    std::thread::scope(|scope| {
        runs.iter().for_each(|run| drop(scope.spawn(|| run.save().unwrap())));
    });
    let cache = open(&root);
    let mut units = shown(&cache, 0x1000, 1);
    assert_eq!(units.pop().as_deref(), Some(&b"a unit"[..]), "all others are newer");
    units.sort();
    assert_eq!(units, [&b"one"[..], b"three", b"two"]);
    assert_eq!(shown(&cache, 5, 0), [b"three"]);
}

#[test]
fn a_run_adds_to_what_it_has_saved_itself() {
    let (root, path) = saved();
    let cache = open(&root);
    for unit in [&b"one"[..], b"two"] {
        cache.library().add(0x1000, 1, unit);
        cache.save().unwrap();
    }
    let bytes = fs::metadata(&path).unwrap().len();
    cache.save().unwrap();
    assert_eq!(fs::metadata(&path).unwrap().len(), bytes, "nothing is there twice");
    assert_eq!(shown(&open(&root), 0x1000, 1), [&b"two"[..], b"one", b"a unit"]);
}

#[test]
fn a_file_that_was_spoilt_meanwhile_is_replaced() {
    for spoilt in [&b"no file of code"[..], b""] {
        let (root, path) = saved();
        let cache = open(&root);
        cache.library().add(0x2000, 1, b"new");
        fs::remove_file(&path).unwrap();
        fs::write(&path, spoilt).unwrap();
        fs::set_permissions(&path, Permissions::from_mode(0o600)).unwrap();
        cache.save().unwrap();
        let cache = open(&root);
        assert_eq!(
            (shown(&cache, 0x1000, 1), shown(&cache, 0x2000, 1)),
            (vec![b"a unit".to_vec()], vec![b"new".to_vec()])
        );
    }
}

#[test]
fn use_by_any_run_counts() {
    let (root, _) = saved();
    let before = open(&root);
    before.library().add(3, 0, b"other");
    before.save().unwrap();
    let [used, unused] = [(); 2].map(|()| open(&root));
    used.library().find(0x1000, 1, &mut |_| true);
    for (run, start) in [(&used, 1), (&unused, 2)] {
        run.library().add(start, 0, b"other");
        run.save().unwrap();
    }
    let file = guard::open(used.path()).unwrap().unwrap();
    let rows = file::read(&file, key(), FILE_BYTES_MAX).unwrap();
    let age = |start| rows.iter().find(|row| row.start == start).unwrap().age;
    assert_eq!((age(0x1000), age(1), age(2)), (1, 1, 0), "one run ago");
}

#[test]
fn few_units_are_kept_for_one_address() {
    let root = tempfile::tempdir().unwrap();
    let cache = open(&root);
    (0..100_u8).for_each(|n| cache.library().add(0x1000, 1, &[n]));
    cache.save().unwrap();
    let units = shown(&open(&root), 0x1000, 1);
    assert_eq!(units, (92..100).rev().map(|n| vec![n]).collect::<Vec<_>>());
}

#[test]
fn a_file_is_bounded_and_what_was_used_last_stays() {
    let root = tempfile::tempdir().unwrap();
    let unit = |n: u64| [&n.to_le_bytes()[..], &vec![0; (1 << 20) - 8]].concat();
    for run in 0..2 {
        let cache = open(&root);
        let mut library = cache.library();
        (0..60).for_each(|n| library.add(run * 100 + n, 0, &unit(n)));
        library.add(9, 9, &[0; (1 << 20) + 1]);
        cache.save().unwrap();
        assert!(fs::metadata(cache.path()).unwrap().len() <= FILE_BYTES_MAX);
    }
    let cache = open(&root);
    let there = |from: u64| (from..from + 60).filter(|start| !shown(&cache, *start, 0).is_empty()).count();
    assert_eq!((there(100), there(0)), (60, 3));
    assert!(shown(&cache, 9, 9).is_empty(), "longer than any unit");
}

#[test]
fn a_file_and_its_folder_are_for_the_user_alone() {
    let (_root, path) = saved();
    let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!((mode(&path), mode(path.parent().unwrap())), (0o600, 0o700));
}

#[test]
fn what_others_can_write_is_refused() {
    for bits in [0o620, 0o602] {
        let (root, path) = saved();
        fs::set_permissions(&path, Permissions::from_mode(bits)).unwrap();
        let (said, units) = complaint(&root);
        assert!(said.contains("by others") && said.contains("--no-cache") && units.is_empty(), "{said}");
    }
    for bits in [0o720, 0o777] {
        let (root, path) = saved();
        fs::set_permissions(path.parent().unwrap(), Permissions::from_mode(bits)).unwrap();
        let (said, units) = complaint(&root);
        assert!(said.contains("by others") && units.is_empty(), "{said}");
    }
}

#[test]
fn what_belongs_to_another_is_refused() {
    let (root, path) = saved();
    // Only root may give files away.
    if std::os::unix::fs::chown(&path, Some(12345), None).is_ok() {
        let (said, units) = complaint(&root);
        assert!(said.contains("another user") && units.is_empty(), "{said}");
    }
}

#[test]
fn links_and_folders_are_refused() {
    let (root, path) = saved();
    let aside = path.with_extension("aside");
    fs::rename(&path, &aside).unwrap();
    symlink(&aside, &path).unwrap();
    assert!(complaint(&root).0.contains("is a link"));
    fs::remove_file(&path).unwrap();
    fs::create_dir(&path).unwrap();
    assert!(complaint(&root).0.contains("is not a file"));
    let elsewhere = tempfile::tempdir().unwrap();
    symlink(path.parent().unwrap(), elsewhere.path().join("code")).unwrap();
    assert!(complaint(&elsewhere).0.contains("is a link"));
}

#[test]
fn another_programs_file_is_of_no_use() {
    let (root, path) = saved();
    let other = Key::of(&[b"another"]);
    fs::rename(&path, path.with_file_name(other.to_string())).unwrap();
    let mut said = String::new();
    let cache = CodeCache::open(root.path(), other, |warning| said = warning.to_string()).unwrap();
    assert!(said.contains("another program") && shown(&cache, 0x1000, 1).is_empty(), "{said}");
}

#[test]
fn a_damaged_file_is_replaced() {
    let (root, path) = saved();
    fs::write(&path, b"not at all what it was").unwrap();
    fs::set_permissions(&path, Permissions::from_mode(0o600)).unwrap();
    let (said, units) = complaint(&root);
    assert!(said.contains("of no use") && units.is_empty(), "{said}");
    let cache = CodeCache::open(root.path(), key(), drop).unwrap();
    cache.library().add(0x1000, 1, b"new");
    cache.save().unwrap();
    assert_eq!(shown(&open(&root), 0x1000, 1), [b"new"]);
}

#[test]
fn files_not_used_for_long_make_room() {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name);
    for (age, name) in (0..).zip(["kept", "new", "old", "older"]) {
        fs::write(path(name), [0; 100]).unwrap();
        let time = SystemTime::now() - Duration::from_secs(if name == "kept" { 9000 } else { age * 100 });
        fs::File::open(path(name)).unwrap().set_modified(time).unwrap();
    }
    guard::prune(folder.path(), &path("kept"), 250).unwrap();
    assert!(path("kept").exists() && path("new").exists());
    assert!(!path("old").exists() && !path("older").exists());
}

proptest! {
    /// Units are what they were or not there; nothing panics, nothing is read
    /// that is not in the file.
    #[test]
    fn damage_is_found(damage in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..6),
                       cut in prop::option::of(any::<prop::sample::Index>())) {
        let (root, path) = saved();
        let mut bytes = fs::read(&path).unwrap();
        for (at, byte) in damage {
            let at = at.index(bytes.len());
            bytes[at] = byte;
        }
        if let Some(cut) = cut {
            bytes.truncate(cut.index(bytes.len()));
        }
        fs::write(&path, bytes).unwrap();
        let (_, units) = complaint(&root);
        prop_assert!(units.is_empty() || units == [b"a unit"], "{units:?}");
    }

    /// The same for files whose checksums fit.
    #[test]
    fn no_length_is_trusted(rows in prop::collection::vec(any::<[u64; 3]>(), 0..5), index_at in 0_u64..200) {
        let (root, path) = saved();
        let rows: Vec<file::Row> = rows.iter().map(|[offset, size, near]| file::Row {
            start: 0x1000,
            mode: 1,
            offset: if near & 1 == 0 { offset % 128 } else { *offset },
            bytes: if near & 2 == 0 { (size % 128) as u32 } else { *size as u32 },
            crc: *size as u32,
            age: 0,
        }).collect();
        let index = file::index(&rows);
        let mut bytes = file::head(key(), index_at, &index).to_vec();
        bytes.resize(100, 0);
        bytes.extend(index);
        fs::write(&path, bytes).unwrap();
        let (_, units) = complaint(&root);
        prop_assert!(units.iter().all(|unit| unit.len() <= 100));
    }
}
