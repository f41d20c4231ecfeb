//! The cache on disk: what was fetched and built, by SHA-256.
//!
//! ```text
//! lock             held while a run uses the cache
//! sha256/HEX       one file each, named by its own sum
//! suites/SUITE     the last index of a suite that led to a guest
//! built/KEY        which files were built from which packages
//! partial/         files being written
//! ```
//!
//! Files appear whole or not at all (written aside, then renamed), and are
//! checked against their names whenever they are used. Deleting any of them,
//! or the whole directory, is safe.

use std::env;
use std::ffi::OsString;
use std::fs::{self, File, TryLockError};
use std::io::{self, ErrorKind, Seek, Write};
use std::path::{Path, PathBuf};

use tempfile::NamedTempFile;

use super::error::Error;
use super::hash::{Hashing, Sum};
use super::progress::Progress;

const PARTIAL: &str = "partial";

/// An open cache, locked against other runs until it is dropped.
pub struct Cache {
    root: PathBuf,
    _lock: File,
}

impl Cache {
    /// Opens the cache at `root`, creating it where needed, and waits for
    /// another run that uses it.
    pub fn open(root: PathBuf, progress: &mut dyn Progress) -> Result<Self, Error> {
        for part in ["sha256", "suites", "built", PARTIAL] {
            let directory = root.join(part);
            fs::create_dir_all(&directory).map_err(Error::cache("create", &directory))?;
        }
        let path = root.join("lock");
        let lock = File::options().create(true).write(true).truncate(false).open(&path);
        let lock = lock.map_err(Error::cache("open", &path))?;
        match lock.try_lock() {
            Ok(()) => (),
            Err(TryLockError::WouldBlock) => {
                progress.note(&format!("waiting for another run that uses {}", root.display()));
                lock.lock().map_err(Error::cache("lock", &path))?;
            }
            Err(TryLockError::Error(error)) => return Err(Error::cache("lock", &path)(error)),
        }
        let cache = Self { root, _lock: lock };
        cache.sweep();
        Ok(cache)
    }

    /// Removes what runs that were killed left behind.
    fn sweep(&self) {
        let left = fs::read_dir(self.root.join(PARTIAL)).into_iter().flatten().flatten();
        // What cannot be removed costs only room.
        left.for_each(|file| drop(fs::remove_file(file.path())));
    }

    /// Where the cache lies.
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// The file named `sum`, if it is there and whole.
    pub fn open_file(&self, sum: Sum) -> Option<File> {
        let mut file = File::open(self.path(sum)).ok()?;
        let mut hashing = Hashing::new(io::sink());
        io::copy(&mut file, &mut hashing).ok()?;
        file.rewind().ok()?;
        (hashing.finish().1 == sum).then_some(file)
    }

    /// The content of the file named `sum`, if it is there and whole.
    pub fn read(&self, sum: Sum) -> Option<Vec<u8>> {
        let bytes = fs::read(self.path(sum)).ok()?;
        (Sum::of(&bytes) == sum).then_some(bytes)
    }

    /// Stores `bytes` under their sum.
    pub fn store(&self, bytes: &[u8]) -> Result<Sum, Error> {
        let sum = Sum::of(bytes);
        self.write(&self.path(sum), bytes)?;
        Ok(sum)
    }

    /// A file that is not yet part of the cache.
    pub fn begin(&self) -> Result<Hashing<NamedTempFile>, Error> {
        let directory = self.root.join(PARTIAL);
        let file = NamedTempFile::new_in(&directory).map_err(Error::cache("write to", &directory))?;
        Ok(Hashing::new(file))
    }

    /// Makes a file from [`begin`](Self::begin) the one named `sum`.
    pub fn commit(&self, file: NamedTempFile, sum: Sum) -> Result<(), Error> {
        let path = self.path(sum);
        file.persist(&path).map_err(|error| Error::cache("write", &path)(error.error))?;
        Ok(())
    }

    /// The last index of `suite` that led to a guest.
    pub fn index(&self, suite: &str) -> Option<Vec<u8>> {
        fs::read(self.root.join("suites").join(suite)).ok()
    }

    /// Remembers the index of `suite`.
    pub fn store_index(&self, suite: &str, index: &[u8]) -> Result<(), Error> {
        self.write(&self.root.join("suites").join(suite), index)
    }

    /// The note about what was built for `key`.
    pub fn built(&self, key: Sum) -> Result<Option<Vec<u8>>, Error> {
        let path = self.root.join("built").join(key.to_string());
        match fs::read(&path) {
            Ok(note) => Ok(Some(note)),
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
            Err(error) => Err(Error::cache("read", &path)(error)),
        }
    }

    /// Notes what was built for `key`.
    pub fn store_built(&self, key: Sum, note: &[u8]) -> Result<(), Error> {
        self.write(&self.root.join("built").join(key.to_string()), note)
    }

    fn path(&self, sum: Sum) -> PathBuf {
        self.root.join("sha256").join(sum.to_string())
    }

    fn write(&self, path: &Path, bytes: &[u8]) -> Result<(), Error> {
        let (mut file, ..) = self.begin()?.finish();
        file.write_all(bytes).map_err(Error::cache("write", path))?;
        file.persist(path).map_err(|error| Error::cache("write", path)(error.error))?;
        Ok(())
    }
}

/// Where the cache lies unless the caller says otherwise: `MYNAH_CACHE`, or
/// `mynah` in `XDG_CACHE_HOME` or `~/.cache` (XDG Base Directory
/// Specification, which has relative paths ignored).
pub fn default_root() -> Result<PathBuf, Error> {
    root_in(|name| env::var_os(name))
}

fn root_in(environment: impl Fn(&str) -> Option<OsString>) -> Result<PathBuf, Error> {
    let directory = |name| environment(name).filter(|value| !value.is_empty()).map(PathBuf::from);
    if let Some(root) = directory("MYNAH_CACHE") {
        return Ok(root);
    }
    let xdg = directory("XDG_CACHE_HOME").filter(|path| path.is_absolute());
    let caches = xdg.or_else(|| directory("HOME").map(|home| home.join(".cache")));
    caches.map(|caches| caches.join("mynah")).ok_or(Error::NoCache)
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc;
    use std::thread;

    use super::super::progress::Silent;
    use super::*;

    fn cache() -> (tempfile::TempDir, Cache) {
        let directory = tempfile::tempdir().unwrap();
        let cache = Cache::open(directory.path().join("new"), &mut Silent).unwrap();
        (directory, cache)
    }

    #[test]
    fn the_root_follows_the_environment() {
        let root = |variables: &[(&str, &str)]| {
            let find = |name: &str| variables.iter().find(|(n, _)| *n == name).map(|(_, v)| v.into());
            root_in(find).ok()
        };
        let (xdg, home) = (("XDG_CACHE_HOME", "/x"), ("HOME", "/h"));
        assert_eq!(root(&[("MYNAH_CACHE", "/m"), xdg, home]), Some("/m".into()));
        assert_eq!(root(&[xdg, home]), Some("/x/mynah".into()));
        assert_eq!(root(&[("XDG_CACHE_HOME", "relative"), home]), Some("/h/.cache/mynah".into()));
        assert_eq!(root(&[("MYNAH_CACHE", ""), home]), Some("/h/.cache/mynah".into()));
        assert_eq!(root(&[]), None);
    }

    #[test]
    fn damaged_files_count_as_missing() {
        let (_directory, cache) = cache();
        let sum = cache.store(b"content").unwrap();
        assert_eq!(cache.read(sum).unwrap(), b"content");
        assert_eq!(io::read_to_string(cache.open_file(sum).unwrap()).unwrap(), "content");
        fs::write(cache.path(sum), "conTent").unwrap();
        assert!(cache.read(sum).is_none() && cache.open_file(sum).is_none());
        cache.store(b"content").unwrap();
        assert!(cache.read(sum).is_some());
    }

    #[test]
    fn files_begun_but_not_committed_leave_nothing() {
        let (_directory, cache) = cache();
        let mut file = cache.begin().unwrap();
        file.write_all(b"half").unwrap();
        let partial = cache.root().join(PARTIAL);
        assert_eq!(fs::read_dir(&partial).unwrap().count(), 1);
        drop(file);
        assert_eq!(fs::read_dir(&partial).unwrap().count(), 0);
        assert!(cache.read(Sum::of(b"half")).is_none());
    }

    #[test]
    fn what_a_killed_run_left_is_removed() {
        let (_directory, cache) = cache();
        let (root, left) = (cache.root().to_owned(), cache.root().join(PARTIAL).join("left"));
        fs::write(&left, "half").unwrap();
        drop(cache);
        Cache::open(root, &mut Silent).unwrap();
        assert!(!left.exists());
    }

    #[test]
    fn indexes_and_notes_come_back() {
        let (_directory, cache) = cache();
        let key = Sum::of(b"key");
        assert_eq!((cache.index("trixie"), cache.built(key).unwrap()), (None, None));
        cache.store_index("trixie", b"index").unwrap();
        cache.store_built(key, b"note").unwrap();
        assert_eq!(cache.index("trixie").unwrap(), b"index");
        assert_eq!(cache.built(key).unwrap().unwrap(), b"note");
    }

    /// Tells another thread what a run had to say.
    struct Notes(mpsc::Sender<String>);

    impl Progress for Notes {
        fn start(&mut self, _what: &str, _total_bytes: Option<u64>) {}
        fn advance(&mut self, _bytes: u64) {}
        fn finish(&mut self) {}
        fn note(&mut self, text: &str) {
            self.0.send(text.to_owned()).unwrap();
        }
    }

    #[test]
    fn a_second_run_says_that_it_waits_for_the_first() {
        let (_directory, cache) = cache();
        let (sender, notes) = mpsc::channel();
        let root = cache.root().to_owned();
        let second = thread::spawn(move || Cache::open(root, &mut Notes(sender)).map(drop));
        assert!(notes.recv().unwrap().starts_with("waiting for another run"));
        drop(cache);
        second.join().unwrap().unwrap();
    }
}
