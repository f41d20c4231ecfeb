//! Who may have written what we run: nobody but the user.

use std::fs::{self, DirBuilder, File, TryLockError};
use std::io::ErrorKind;
use std::os::unix::fs::{DirBuilderExt, MetadataExt};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant, SystemTime};

use rustix::fs::{Mode, OFlags};
use rustix::io::Errno;
use rustix::process::geteuid;

use super::{CodeCacheError, failed};

/// The permissions that let others change a file.
const OTHERS_WRITE: u32 = 0o022;
/// A file is written in less; who takes longer has stopped.
const LOCK_WAIT_MAX: Duration = Duration::from_secs(3);

/// Makes sure of a folder that only the user can write to.
pub(super) fn folder(path: &Path) -> Result<PathBuf, CodeCacheError> {
    if let Some(parent) = path.parent() {
        fs::create_dir_all(parent).map_err(failed("create", parent))?;
    }
    match DirBuilder::new().mode(0o700).create(path) {
        Err(error) if error.kind() != ErrorKind::AlreadyExists => return Err(failed("create", path)(error)),
        _ => (),
    }
    let flags = OFlags::RDONLY | OFlags::DIRECTORY | OFlags::NOFOLLOW | OFlags::CLOEXEC;
    let folder = rustix::fs::open(path, flags, Mode::empty()).map_err(no_link(path))?;
    ours(&File::from(folder), path)?;
    Ok(path.to_owned())
}

/// Opens a file that only the user can have written. `None` if there is none.
pub(super) fn open(path: &Path) -> Result<Option<File>, CodeCacheError> {
    let flags = OFlags::RDONLY | OFlags::NOFOLLOW | OFlags::NONBLOCK | OFlags::CLOEXEC;
    let file = match rustix::fs::open(path, flags, Mode::empty()) {
        Ok(file) => File::from(file),
        Err(Errno::NOENT) => return Ok(None),
        Err(error) => return Err(no_link(path)(error)),
    };
    if !ours(&file, path)?.is_file() {
        return Err(refused(path, "is not a file"));
    }
    Ok(Some(file))
}

fn ours(file: &File, path: &Path) -> Result<fs::Metadata, CodeCacheError> {
    let metadata = file.metadata().map_err(failed("look at", path))?;
    if metadata.uid() != geteuid().as_raw() {
        return Err(refused(path, "belongs to another user"));
    }
    if metadata.mode() & OTHERS_WRITE != 0 {
        return Err(refused(path, "can be written by others"));
    }
    Ok(metadata)
}

fn refused(path: &Path, why: &str) -> CodeCacheError {
    CodeCacheError(format!("no code is taken from {}, which {why}; remove it", path.display()))
}

fn no_link(path: &Path) -> impl FnOnce(Errno) -> CodeCacheError {
    move |error| match error {
        Errno::LOOP | Errno::NOTDIR => refused(path, "is a link or no folder"),
        error => failed("open", path)(error),
    }
}

/// Keeps other runs from writing to a folder until the result is closed, or
/// waited for too long: then one file may go for another, each of which is
/// whole.
pub(super) fn lock(folder: &Path) -> Result<File, CodeCacheError> {
    let lock = File::open(folder).map_err(failed("open", folder))?;
    let started = Instant::now();
    // A host whose file system has no locks goes without as well.
    while let Err(TryLockError::WouldBlock) = lock.try_lock() {
        if started.elapsed() > LOCK_WAIT_MAX {
            break;
        }
        std::thread::sleep(Duration::from_millis(5));
    }
    Ok(lock)
}

/// Removes files of a folder, those not written or used for longest first,
/// until the rest has no more than `most` bytes. `kept` stays.
pub(super) fn prune(folder: &Path, kept: &Path, most: u64) -> Result<(), CodeCacheError> {
    let mut files: Vec<(SystemTime, u64, PathBuf)> = Vec::new();
    for entry in fs::read_dir(folder).map_err(failed("list", folder))?.flatten() {
        // What another run has just removed is not there.
        let Ok(metadata) = entry.metadata() else { continue };
        if metadata.is_file() {
            let used = metadata.modified().unwrap_or(SystemTime::UNIX_EPOCH);
            files.push((used, metadata.len(), entry.path()));
        }
    }
    files.sort();
    let mut total: u64 = files.iter().map(|(_, bytes, _)| bytes).sum();
    for (_, bytes, path) in files.iter().filter(|(.., path)| path != kept) {
        if total <= most {
            break;
        }
        match fs::remove_file(path) {
            Err(error) if error.kind() != ErrorKind::NotFound => return Err(failed("remove", path)(error)),
            _ => total -= bytes,
        }
    }
    Ok(())
}
