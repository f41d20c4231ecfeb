//! Disk images that are none.

use std::fs;
use std::path::Path;

use mynah::host::FileStore;

fn complaint(path: &Path, read_only: bool) -> String {
    FileStore::open(path, read_only).expect_err("must be refused").to_string()
}

/// The text names the file, the value and the remedy.
fn assert_says(text: &str, path: &Path, parts: &[&str]) {
    assert!(text.starts_with(&format!("{}: ", path.display())), "{text}");
    for part in parts {
        assert!(text.contains(part), "{text}: does not mention {part}");
    }
}

#[test]
fn images_of_odd_sizes_are_refused() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    for bytes in [0_u64, 1, 511, 513, 1_000_001] {
        let path = folder.path().join(bytes.to_string());
        fs::write(&path, vec![0; bytes as usize]).expect("room for it");
        for read_only in [false, true] {
            let text = complaint(&path, read_only);
            assert_says(&text, &path, &[&format!("{bytes} bytes"), "512", "truncate -s %512"]);
        }
    }
}

#[test]
fn what_is_no_file_is_refused() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let missing = folder.path().join("missing.img");
    for read_only in [false, true] {
        assert_says(&complaint(&missing, read_only), &missing, &["No such file"]);
    }
    assert_says(&complaint(folder.path(), true), folder.path(), &["directory"]);
    assert_says(&complaint(folder.path(), false), folder.path(), &["directory"]);
    let null = Path::new("/dev/null");
    assert_says(&complaint(null, true), null, &["0 bytes"]);
}

/// Root may write to any file, and then this one is a disk like others.
#[test]
fn images_that_cannot_be_written_need_readonly() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let path = folder.path().join("disk.img");
    fs::write(&path, vec![0; 512]).expect("room for it");
    let mut permissions = fs::metadata(&path).expect("it is there").permissions();
    permissions.set_readonly(true);
    fs::set_permissions(&path, permissions).expect("it is ours");
    if rustix::process::geteuid().is_root() {
        assert!(FileStore::open(&path, false).is_ok());
    } else {
        assert_says(&complaint(&path, false), &path, &[",readonly"]);
    }
    assert!(FileStore::open(&path, true).is_ok());
}
