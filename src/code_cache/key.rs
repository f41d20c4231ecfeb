//! What kept code depends on beside the guest's: the program, the host, the
//! kind of guest.

use std::fmt;
use std::fs::File;
use std::io::{self, Read};
use std::os::unix::fs::FileExt;
use std::path::Path;

use goblin::elf64::header::{Header, SIZEOF_EHDR};
use goblin::elf64::program_header::{PT_NOTE, ProgramHeader, SIZEOF_PHDR};
use sha2::{Digest, Sha256};

use super::CodeCacheError;
use super::failed;

/// The type of the note that holds a build ID (`man ld`, `--build-id`).
const NT_GNU_BUILD_ID: u32 = 3;
/// More of a program's notes are not looked at.
const NOTE_BYTES_MAX: u64 = 64 << 10;

/// A SHA-256 sum over all of it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Key(pub(super) [u8; 32]);

impl Key {
    /// The key for guests of this name, as the running program compiles them on
    /// this host.
    ///
    /// # Errors
    /// The host does not show us our own program, or there is no code generator
    /// for it.
    pub fn new(guest: &str) -> Result<Key, CodeCacheError> {
        let host = machines::host_identity().map_err(|error| CodeCacheError(error.to_string()))?;
        let path = Path::new("/proc/self/exe");
        let program = program(path).map_err(failed("read", path))?;
        Ok(Key::of(&[env!("CARGO_PKG_VERSION").as_bytes(), &program, host.as_bytes(), guest.as_bytes()]))
    }

    /// A key for these parts, in this order.
    pub(super) fn of(parts: &[&[u8]]) -> Key {
        let mut hash = Sha256::new();
        for part in parts {
            hash.update((part.len() as u64).to_le_bytes());
            hash.update(part);
        }
        Key(hash.finalize().into())
    }
}

impl fmt::Display for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

/// What tells a program from every other: the build ID its linker has given
/// it, or a sum of all of it.
fn program(path: &Path) -> io::Result<Vec<u8>> {
    let mut file = File::open(path)?;
    if let Some(id) = build_id(&file) {
        return Ok(id);
    }
    let mut hash = Sha256::new();
    let mut buffer = vec![0; 1 << 16];
    loop {
        match file.read(&mut buffer)? {
            0 => return Ok(hash.finalize().to_vec()),
            bytes => hash.update(&buffer[..bytes]),
        }
    }
}

fn build_id(file: &File) -> Option<Vec<u8>> {
    let mut header = [0; SIZEOF_EHDR];
    file.read_exact_at(&mut header, 0).ok()?;
    let header = Header::from_bytes(&header);
    for index in 0..u64::from(header.e_phnum) {
        let mut entry = [0; SIZEOF_PHDR];
        file.read_exact_at(&mut entry, header.e_phoff.checked_add(index * SIZEOF_PHDR as u64)?).ok()?;
        let segment = ProgramHeader::from_bytes(&entry, 1)[0];
        if segment.p_type == PT_NOTE && segment.p_filesz <= NOTE_BYTES_MAX {
            let mut notes = vec![0; segment.p_filesz as usize];
            file.read_exact_at(&mut notes, segment.p_offset).ok()?;
            if let Some(id) = find_build_id(&notes) {
                return Some(id.to_vec());
            }
        }
    }
    None
}

/// The build ID among a segment's notes (ELF-64 object file format, notes).
fn find_build_id(mut notes: &[u8]) -> Option<&[u8]> {
    loop {
        let (head, rest) = notes.split_at_checked(12)?;
        let word = |at: usize| u32::from_ne_bytes([head[at], head[at + 1], head[at + 2], head[at + 3]]);
        let (name_bytes, bytes, kind) = (word(0) as usize, word(4) as usize, word(8));
        let (name, rest) = rest.split_at_checked(name_bytes.checked_next_multiple_of(4)?)?;
        let (content, rest) = rest.split_at_checked(bytes.checked_next_multiple_of(4)?)?;
        if kind == NT_GNU_BUILD_ID && name == b"GNU\0" {
            return content.get(..bytes);
        }
        notes = rest;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn note(kind: u32, name: &[u8], content: &[u8]) -> Vec<u8> {
        let mut note: Vec<u8> = [name.len() as u32, content.len() as u32, kind]
            .iter()
            .flat_map(|word| word.to_ne_bytes())
            .collect();
        for part in [name, content] {
            note.extend(part);
            note.resize(note.len().next_multiple_of(4), 0);
        }
        note
    }

    #[test]
    fn the_build_id_is_found_among_notes() {
        let notes =
            [note(1, b"GNU\0", &[1; 16]), note(3, b"XYZ\0", &[2; 4]), note(3, b"GNU\0", &[3; 5])].concat();
        assert_eq!(find_build_id(&notes), Some(&[3; 5][..]));
        (0..notes.len() - 3).for_each(|end| assert_eq!(find_build_id(&notes[..end]), None, "{end}"));
        assert_eq!(find_build_id(&[0xff; 64]), None);
    }

    #[test]
    fn keys_tell_all_parts_apart() {
        let key = Key::of(&[b"ab", b"c"]);
        assert_eq!(key, Key::of(&[b"ab", b"c"]));
        assert_ne!(key, Key::of(&[b"a", b"bc"]));
        assert_eq!(Key::new("a").unwrap(), Key::new("a").unwrap());
        assert_ne!(Key::new("a").unwrap(), Key::new("b").unwrap());
    }

    #[test]
    fn programs_are_told_apart() {
        let folder = tempfile::tempdir().unwrap();
        let [a, b] = ["a", "b"].map(|name| folder.path().join(name));
        std::fs::write(&a, "one program").unwrap();
        std::fs::write(&b, "another one").unwrap();
        assert_ne!(program(&a).unwrap(), program(&b).unwrap());
        let own = program(Path::new("/proc/self/exe")).unwrap();
        assert_eq!(own, program(Path::new("/proc/self/exe")).unwrap());
        assert!(own.len() >= 8);
    }
}
