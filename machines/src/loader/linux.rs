//! The header of a RISC-V Linux `Image` (Linux, Documentation/arch/riscv/
//! boot-image-header.rst).
//!
//! | offset | bytes | field                                        |
//! |--------|-------|----------------------------------------------|
//! | 8      | 8     | text_offset: from the start of RAM           |
//! | 16     | 8     | image_size: in memory, with bss              |
//! | 24     | 8     | flags: bit 0 big-endian                      |
//! | 32     | 4     | version                                      |
//! | 48     | 8     | magic, "RISCV\0\0\0", deprecated             |
//! | 56     | 4     | magic2, "RSC\x05"                            |

use crate::MachineError;

const HEADER_BYTES: usize = 64;
const MAGIC2: &[u8] = b"RSC\x05";
/// The magic at the same place of an arm64 `Image`.
const MAGIC_ARM64: &[u8] = b"ARM\x64";
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
    /// Reads the header of file `name`; `None` if it has none.
    ///
    /// # Errors
    /// The kernel is for another architecture, or the file is cut short.
    pub fn parse(name: &str, bytes: &[u8]) -> Result<Option<LinuxImage>, MachineError> {
        let Some(header) = bytes.get(..HEADER_BYTES) else { return Ok(None) };
        let magic = &header[56..60];
        if magic == MAGIC_ARM64 {
            return Err(MachineError::file(name, "it is a kernel for arm64, not for riscv64"));
        }
        if magic != MAGIC2 {
            return Ok(None);
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
        Ok(Some(LinuxImage { text_offset, image_bytes }))
    }
}
