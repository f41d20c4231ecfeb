//! Compiled code that outlives a run: the second boot of a kernel starts with
//! the first one's hot code.
//!
//! ```text
//! code/KEY         one file for each program, host and guest (see `key`)
//! ```
//!
//! What is in a file runs as part of this process, and nobody can tell whether
//! it is sound. So a file is used only if nobody but the user can have written
//! it (see `guard`), and its checksums are there to find damage, not malice. It
//! appears whole or not at all. Runs at the same time add to it one after the
//! other, each to what it finds then. Deleting any of them is safe.

mod file;
mod guard;
mod key;
mod shelf;

use std::fmt;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use machines::Library;

pub use key::Key;

use shelf::Shelf;

/// The most bytes a file has.
pub const FILE_BYTES_MAX: u64 = 64 << 20;
/// The most bytes all files have together; those not used for longest go.
pub const TOTAL_BYTES_MAX: u64 = 256 << 20;

/// Why code cannot be kept, or what was kept cannot be used.
#[derive(Debug)]
pub struct CodeCacheError(String);

impl fmt::Display for CodeCacheError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}; --no-cache does without", self.0)
    }
}

impl std::error::Error for CodeCacheError {}

/// What a step has failed at.
fn failed<E: fmt::Display>(what: &str, path: &Path) -> impl FnOnce(E) -> CodeCacheError {
    let text = format!("cannot {what} {}", path.display());
    move |error| CodeCacheError(format!("{text}: {error}"))
}

/// The kept code for one kind of guest, by this program on this host.
#[derive(Clone)]
pub struct CodeCache {
    shelf: Arc<Mutex<Shelf>>,
    path: PathBuf,
    key: Key,
}

impl CodeCache {
    /// The code kept for `key` in the folder `code` of `root`, which is made
    /// where needed. A file that is there but damaged counts as empty, of which
    /// `warn` is told.
    ///
    /// # Errors
    /// Somebody else could have written there, or the host does not let us.
    pub fn open(
        root: &Path,
        key: Key,
        warn: impl FnOnce(CodeCacheError),
    ) -> Result<CodeCache, CodeCacheError> {
        let folder = guard::folder(&root.join("code"))?;
        let path = folder.join(key.to_string());
        let shelf = match guard::open(&path)? {
            None => Shelf::empty(),
            Some(file) => Shelf::read(file, key).unwrap_or_else(|why| {
                warn(CodeCacheError(format!("{} is of no use: {why}", path.display())));
                Shelf::empty()
            }),
        };
        Ok(CodeCache { shelf: Arc::new(Mutex::new(shelf)), path, key })
    }

    /// The file.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// The same code, for an engine to use and add to.
    pub fn library(&self) -> Box<dyn Library> {
        Box::new(self.clone())
    }

    /// Writes what has come, and removes the files not used for longest if there
    /// is too much.
    ///
    /// # Errors
    /// The file cannot be written. What was there before stays.
    pub fn save(&self) -> Result<(), CodeCacheError> {
        let folder = self.path.parent().unwrap_or(&self.path);
        let mut shelf = self.shelf();
        // Until it is closed.
        let _lock = guard::lock(folder)?;
        if shelf.is_unchanged() {
            shelf.touch();
        } else {
            // What we would not read, we replace.
            if let Ok(Some(theirs)) = guard::open(&self.path) {
                shelf.merge(theirs, self.key);
            }
            shelf.save(&self.path, self.key)?;
        }
        guard::prune(folder, &self.path, TOTAL_BYTES_MAX)
    }

    fn shelf(&self) -> MutexGuard<'_, Shelf> {
        self.shelf.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Library for CodeCache {
    fn find(&mut self, start: u64, mode: u32, take: &mut dyn FnMut(&[u8]) -> bool) {
        self.shelf().find(start, mode, take);
    }

    fn add(&mut self, start: u64, mode: u32, unit: &[u8]) {
        self.shelf().add(start, mode, unit);
    }
}

#[cfg(test)]
mod tests;
