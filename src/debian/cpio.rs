//! Writes cpio archives in the "newc" format that Linux unpacks as its initial
//! file system (linux/Documentation/driver-api/early-userspace/buffer-format.rst).

use super::error::Error;

const DIRECTORY: u32 = 0o040_000;
const REGULAR: u32 = 0o100_000;
const SYMLINK: u32 = 0o120_000;
const CHARACTER: u32 = 0o020_000;
/// The entry that ends an archive.
const TRAILER: &str = "TRAILER!!!";

/// An archive being written. The same calls give the same bytes: all belongs to
/// root, dates from 1970, and is numbered in order. Paths have no leading slash,
/// and a directory comes before what is in it.
#[derive(Debug, Default)]
pub struct Archive {
    bytes: Vec<u8>,
    entries: u32,
}

/// What a header says beside the name and size.
struct Inode {
    mode: u32,
    links: u32,
    device: (u32, u32),
}

impl Archive {
    /// Adds a directory with permissions 0755.
    pub fn directory(&mut self, path: &str) {
        self.entry(path, Inode { mode: DIRECTORY | 0o755, links: 2, device: (0, 0) }, &[], 0);
    }

    /// Adds a regular file with the given permissions.
    pub fn file(&mut self, path: &str, permissions: u32, content: &[u8]) -> Result<(), Error> {
        let bytes = u32::try_from(content.len())
            .map_err(|_| Error::Initramfs { path: path.to_owned(), bytes: content.len() as u64 })?;
        let mode = REGULAR | permissions & 0o7777;
        self.entry(path, Inode { mode, links: 1, device: (0, 0) }, content, bytes);
        Ok(())
    }

    /// Adds a symbolic link to `destination`.
    pub fn symlink(&mut self, path: &str, destination: &'static str) {
        let inode = Inode { mode: SYMLINK | 0o777, links: 1, device: (0, 0) };
        // A string constant is shorter than 4 GiB.
        self.entry(path, inode, destination.as_bytes(), destination.len() as u32);
    }

    /// Adds a character device with permissions 0600.
    pub fn character_device(&mut self, path: &str, major: u32, minor: u32) {
        self.entry(path, Inode { mode: CHARACTER | 0o600, links: 1, device: (major, minor) }, &[], 0);
    }

    /// The finished archive.
    pub fn finish(mut self) -> Vec<u8> {
        // The trailer is numbered 0, as no file is.
        self.entries = u32::MAX;
        self.entry(TRAILER, Inode { mode: 0, links: 1, device: (0, 0) }, &[], 0);
        self.bytes
    }

    /// `bytes` is the length of `content`.
    fn entry(&mut self, path: &str, inode: Inode, content: &[u8], bytes: u32) {
        self.entries = self.entries.wrapping_add(1);
        let (major, minor) = inode.device;
        let name_bytes = path.len() as u32 + 1; // Paths are the caller's constants, plus a zero.
        let (user, group, mtime, checksum) = (0, 0, 0, 0);
        let fields = [
            self.entries,
            inode.mode,
            user,
            group,
            inode.links,
            mtime,
            bytes,
            0,
            0,
            major,
            minor,
            name_bytes,
            checksum,
        ];
        self.bytes.extend_from_slice(b"070701");
        for field in fields {
            self.bytes.extend_from_slice(format!("{field:08x}").as_bytes());
        }
        self.bytes.extend_from_slice(path.as_bytes());
        self.bytes.push(0);
        self.align();
        self.bytes.extend_from_slice(content);
        self.align();
    }

    /// Names and contents end on multiples of four.
    fn align(&mut self) {
        self.bytes.resize(self.bytes.len().next_multiple_of(4), 0);
    }
}

#[cfg(test)]
mod tests {
    use std::io::Read;

    use cpio::NewcReader;
    use proptest::prelude::*;

    use super::*;

    /// Name, mode, device and content.
    type Found = (String, u32, (u32, u32), Vec<u8>);

    /// Every entry, as the `cpio` crate, by
    /// other authors, reads them.
    fn read(archive: &[u8]) -> Vec<Found> {
        let mut entries = Vec::new();
        let mut rest = archive;
        loop {
            let mut reader = NewcReader::new(rest).unwrap();
            let entry = reader.entry();
            if entry.is_trailer() {
                return entries;
            }
            let device = (entry.rdev_major(), entry.rdev_minor());
            let (name, mode) = (entry.name().to_owned(), entry.mode());
            let mut content = Vec::new();
            reader.read_to_end(&mut content).unwrap();
            rest = reader.finish().unwrap();
            entries.push((name, mode, device, content));
        }
    }

    #[test]
    fn every_kind_of_entry_is_read_back() {
        let mut archive = Archive::default();
        archive.directory("bin");
        archive.file("bin/box", 0o755, b"12345").unwrap();
        archive.symlink("bin/sh", "box");
        archive.character_device("console", 5, 1);
        let expected = [
            ("bin".to_owned(), 0o040_755, (0, 0), vec![]),
            ("bin/box".to_owned(), 0o100_755, (0, 0), b"12345".to_vec()),
            ("bin/sh".to_owned(), 0o120_777, (0, 0), b"box".to_vec()),
            ("console".to_owned(), 0o020_600, (5, 1), vec![]),
        ];
        assert_eq!(read(&archive.finish()), expected);
    }

    #[test]
    fn inodes_are_numbered_and_times_are_zero() {
        let mut archive = Archive::default();
        archive.directory("a");
        archive.directory("b");
        let bytes = archive.finish();
        let second = &bytes[112..];
        assert_eq!(&second[..14], b"07070100000002");
        assert_eq!(&second[46..54], b"00000000");
        assert_eq!(&bytes[224..238], b"07070100000000");
    }

    proptest! {
        #[test]
        fn files_of_any_length_are_read_back(
            files in proptest::collection::vec(("[a-z/]{1,9}", proptest::collection::vec(any::<u8>(), 0..9)), 0..9),
        ) {
            let mut archive = Archive::default();
            for (path, content) in &files {
                archive.file(path, 0o644, content).unwrap();
            }
            let found: Vec<_> = read(&archive.finish()).into_iter().map(|(name, _, _, content)| (name, content)).collect();
            prop_assert_eq!(found, files);
        }
    }
}
