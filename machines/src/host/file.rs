//! A disk in a file of the host: a raw image.

use crate::MachineError;
use bus::BlockStore;
use rustix::fs::{FallocateFlags, FlockOperation};
use std::fs::{File, OpenOptions};
use std::io;
use std::os::unix::fs::FileExt;
use std::path::Path;

/// The unit in which guests address disks.
const SECTOR_BYTES: u64 = 512;
/// Zeroes written at once where the host cannot punch holes.
static ZEROES: [u8; 64 << 10] = [0; 64 << 10];

/// A raw disk image. The file is locked for as long as this lives: against
/// everybody if it can be written, against writers if not.
#[derive(Debug)]
pub struct FileStore {
    file: File,
    bytes: u64,
    read_only: bool,
}

impl FileStore {
    /// Opens the image at `path`.
    ///
    /// # Errors
    /// The file cannot be opened or is in use, or its size is no positive
    /// multiple of 512 bytes.
    pub fn open(path: &Path, read_only: bool) -> Result<FileStore, MachineError> {
        let name = path.display().to_string();
        let host = |error| MachineError::Host { name: name.clone(), error };
        let file = OpenOptions::new().read(true).write(!read_only).open(path).map_err(|error| match error
            .kind()
        {
            io::ErrorKind::PermissionDenied if !read_only => {
                MachineError::file(&name, "it cannot be written: add `,readonly` to use it as it is")
            }
            _ => host(error),
        })?;
        let meta = file.metadata().map_err(host)?;
        if meta.is_dir() {
            return Err(MachineError::file(&name, "it is a directory, not a disk image"));
        }
        // A block device's size is where its end is; so is a file's.
        let bytes = io::Seek::seek(&mut &file, io::SeekFrom::End(0)).map_err(host)?;
        if bytes == 0 || !bytes.is_multiple_of(SECTOR_BYTES) {
            let reason = format!(
                "its size of {bytes} bytes is no positive multiple of {SECTOR_BYTES}, as a raw disk \
                 image's must be: `truncate -s %{SECTOR_BYTES}` fills it up"
            );
            return Err(MachineError::file(&name, reason));
        }
        let lock = if read_only {
            FlockOperation::NonBlockingLockShared
        } else {
            FlockOperation::NonBlockingLockExclusive
        };
        match rustix::fs::flock(&file, lock) {
            Ok(()) => Ok(FileStore { file, bytes, read_only }),
            Err(rustix::io::Errno::WOULDBLOCK) => {
                let reason = "another program uses this disk: end it first, or give both `,readonly`";
                Err(MachineError::file(&name, reason))
            }
            Err(error) => Err(host(error.into())),
        }
    }

    fn check_writable(&self, offset: u64, len: u64) -> io::Result<()> {
        if self.read_only { Err(read_only()) } else { check_range(offset, len, self.bytes) }
    }

    fn write_zeroes(&self, mut offset: u64, mut len: u64) -> io::Result<()> {
        while len > 0 {
            let now = len.min(ZEROES.len() as u64);
            self.file.write_all_at(&ZEROES[..now as usize], offset)?;
            offset += now;
            len -= now;
        }
        Ok(())
    }
}

impl BlockStore for FileStore {
    fn len_bytes(&self) -> u64 {
        self.bytes
    }

    fn read_only(&self) -> bool {
        self.read_only
    }

    fn read_at(&mut self, offset: u64, buf: &mut [u8]) -> io::Result<()> {
        check_range(offset, buf.len() as u64, self.bytes)?;
        self.file.read_exact_at(buf, offset)
    }

    fn write_at(&mut self, offset: u64, buf: &[u8]) -> io::Result<()> {
        self.check_writable(offset, buf.len() as u64)?;
        self.file.write_all_at(buf, offset)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.sync_data()
    }

    fn discard(&mut self, offset: u64, len_bytes: u64) -> io::Result<()> {
        self.check_writable(offset, len_bytes)?;
        if len_bytes == 0 {
            return Ok(());
        }
        let hole = FallocateFlags::PUNCH_HOLE | FallocateFlags::KEEP_SIZE;
        match rustix::fs::fallocate(&self.file, hole, offset, len_bytes) {
            Ok(()) => Ok(()),
            // File systems without holes, and files that are none.
            Err(_) => self.write_zeroes(offset, len_bytes),
        }
    }
}

/// Whether `len` bytes at `offset` lie on a disk of `bytes`.
pub(super) fn check_range(offset: u64, len: u64, bytes: u64) -> io::Result<()> {
    match offset.checked_add(len) {
        Some(end) if end <= bytes => Ok(()),
        _ => Err(io::Error::new(
            io::ErrorKind::InvalidInput,
            format!("{len} bytes at {offset} are beyond the disk's end at {bytes}"),
        )),
    }
}

pub(super) fn read_only() -> io::Error {
    io::Error::new(io::ErrorKind::PermissionDenied, "the disk is read-only")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::host::MemoryStore;
    use proptest::prelude::*;

    fn image(bytes: u64) -> tempfile::NamedTempFile {
        let file = tempfile::NamedTempFile::new().expect("a temporary file");
        file.as_file().set_len(bytes).expect("room for it");
        file
    }

    fn complaint(path: &Path, read_only: bool) -> String {
        FileStore::open(path, read_only).expect_err("must be refused").to_string()
    }

    #[test]
    fn writes_reach_the_file() {
        let file = image(1024);
        let mut store = FileStore::open(file.path(), false).expect("a good image");
        store.write_at(510, &[1, 2, 3, 4]).expect("inside");
        store.flush().expect("a file");
        assert_eq!(std::fs::read(file.path()).expect("readable")[510..514], [1, 2, 3, 4]);
        store.discard(512, 512).expect("inside");
        assert_eq!(std::fs::read(file.path()).expect("readable")[510..514], [1, 2, 0, 0]);
        assert!(store.write_at(1022, &[0; 3]).is_err() && store.read_at(u64::MAX, &mut [0]).is_err());
    }

    #[test]
    fn odd_sizes_and_second_users_are_refused_with_a_remedy() {
        assert!(complaint(image(513).path(), false).contains("513"));
        assert!(complaint(image(0).path(), true).contains("multiple of 512"));
        let file = image(512);
        let first = FileStore::open(file.path(), false).expect("a good image");
        assert!(complaint(file.path(), true).contains("another program"));
        drop(first);
        let _reader = FileStore::open(file.path(), true).expect("free again");
        assert!(FileStore::open(file.path(), true).is_ok(), "readers share");
        assert!(complaint(file.path(), false).contains("another program"));
    }

    #[test]
    fn read_only_images_are_not_changed() {
        let file = image(512);
        let mut store = FileStore::open(file.path(), true).expect("a good image");
        assert!(store.write_at(0, &[1]).is_err() && store.discard(0, 512).is_err());
        assert!(complaint(Path::new("/nowhere/at/all"), true).starts_with("/nowhere/at/all: "));
        assert!(complaint(Path::new("/"), true).contains("directory"));
    }

    proptest! {
        #[test]
        fn a_file_behaves_as_memory_does(
            steps in proptest::collection::vec((0..3u8, 0..5000u64, 0..3000u64), 1..40),
        ) {
            let file = image(4096);
            let mut disk = FileStore::open(file.path(), false).expect("a good image");
            let mut model = MemoryStore::new(vec![0; 4096], false);
            for (op, offset, len) in steps {
                let data: Vec<u8> = (0..len).map(|i| (i + offset) as u8 | 1).collect();
                let same = match op {
                    0 => disk.write_at(offset, &data).is_ok() == model.write_at(offset, &data).is_ok(),
                    1 => disk.discard(offset, len).is_ok() == model.discard(offset, len).is_ok(),
                    _ => disk.flush().is_ok(),
                };
                prop_assert!(same);
            }
            let mut all = vec![0; 4096];
            disk.read_at(0, &mut all).expect("inside");
            prop_assert_eq!(&all[..], model.bytes());
        }
    }
}
