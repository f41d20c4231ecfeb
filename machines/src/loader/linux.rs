//! The header of a Linux `Image` (Linux, Documentation/arch/riscv/
//! boot-image-header.rst and Documentation/arch/arm64/booting.rst).
//!
//! | offset | bytes | field                                        |
//! |--------|-------|----------------------------------------------|
//! | 8      | 8     | text_offset: from the start of RAM           |
//! | 16     | 8     | image_size: in memory, with bss              |
//! | 24     | 8     | flags: bit 0 big-endian                      |
//! | 56     | 4     | the architecture's magic                     |
//! | 60     | 4     | where the PE header is, if it has one        |
//!
//! A kernel with an EFI stub is a PE file too (Microsoft, PE Format, "COFF File
//! Header" and "Section Table"), whose sections tell how long it has to be.

use super::Target;
use crate::MachineError;

const HEADER_BYTES: usize = 64;
/// Without an image_size, a kernel of before 2018 at most.
const OFFSET_MAX: u64 = 1 << 40;

/// What the header says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LinuxImage {
    /// Where it goes, in bytes from a multiple of 2 MiB.
    pub text_offset: u64,
    /// Its size in memory in bytes.
    pub image_bytes: u64,
}

impl LinuxImage {
    /// Reads the header of file `name`, which is to be for `target`; `None` if it
    /// has none.
    ///
    /// # Errors
    /// The kernel is for another architecture, or the file is cut short.
    pub fn parse(name: &str, target: &Target, bytes: &[u8]) -> Result<Option<LinuxImage>, MachineError> {
        let Some(header) = bytes.get(..HEADER_BYTES) else { return Ok(None) };
        let magic = &header[56..60];
        match Target::ALL.iter().find(|known| magic == known.linux_magic) {
            None => return Ok(None),
            Some(found) if found.name == target.name => (),
            Some(found) => {
                let reason = format!("it is a kernel for {}, not for {}", found.name, target.name);
                return Err(MachineError::file(name, reason));
            }
        }
        let field = |at: usize| u64::from_le_bytes(std::array::from_fn(|i| header[at + i]));
        let (text_offset, image_bytes, flags) = (field(8), field(16), field(24));
        if flags & 1 != 0 {
            return Err(MachineError::file(name, "it is a big-endian kernel; the machine is little-endian"));
        }
        if text_offset > OFFSET_MAX || image_bytes > OFFSET_MAX {
            let reason =
                format!("its header is damaged: text_offset {text_offset:#x}, image_size {image_bytes:#x}");
            return Err(MachineError::file(name, reason));
        }
        match whole_bytes(bytes) {
            Some(whole) if whole > bytes.len() as u64 => {
                let reason = format!("it is cut short: {} bytes of {whole}; fetch it again", bytes.len());
                Err(MachineError::file(name, reason))
            }
            _ => Ok(Some(LinuxImage { text_offset, image_bytes })),
        }
    }
}

/// The size that the sections of a PE file come to; `None` if it is none, or
/// its section table is not there.
fn whole_bytes(bytes: &[u8]) -> Option<u64> {
    const PE_HEADER: usize = 60;
    const SECTIONS: usize = 6;
    const OPTIONAL_BYTES: usize = 20;
    const COFF_BYTES: usize = 24;
    const SECTION_BYTES: usize = 40;
    const RAW_BYTES: usize = 16;
    const RAW_AT: usize = 20;
    let half = |at: usize| Some(u16::from_le_bytes(bytes.get(at..at.checked_add(2)?)?.try_into().ok()?));
    let word = |at: usize| Some(u32::from_le_bytes(bytes.get(at..at.checked_add(4)?)?.try_into().ok()?));
    if !bytes.starts_with(b"MZ") {
        return None;
    }
    let header = word(PE_HEADER)? as usize;
    if bytes.get(header..header.checked_add(4)?)? != b"PE\0\0" {
        return None;
    }
    let table = header + COFF_BYTES + usize::from(half(header + OPTIONAL_BYTES)?);
    let ends = (0..usize::from(half(header + SECTIONS)?)).map(|n| {
        let section = table + n * SECTION_BYTES;
        Some(u64::from(word(section + RAW_AT)?) + u64::from(word(section + RAW_BYTES)?))
    });
    ends.collect::<Option<Vec<u64>>>()?.into_iter().max()
}
