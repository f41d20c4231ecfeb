//! A static executable, made and loaded.
//!
//! Source: Tool Interface Standard ELF 1.2 with the 64-bit layout of the System
//! V ABI; RISC-V ELF psABI 1.0 for the machine and its flags.

/// What is loaded at one address.
pub struct Segment {
    pub at: u64,
    pub bytes: Vec<u8>,
    /// It can be written; otherwise it can be executed.
    pub writable: bool,
}

const PAGE_BYTES: usize = 0x1000;
const HEADER_BYTES: usize = 64;
const SEGMENT_HEADER_BYTES: usize = 56;

/// An executable of these segments, which start at `entry`. Their addresses
/// are those of pages.
pub fn executable(entry: u64, segments: &[Segment]) -> Vec<u8> {
    let mut file = header(entry, segments.len());
    let mut offset = PAGE_BYTES;
    for segment in segments {
        file.extend(segment_header(segment, offset));
        offset += segment.bytes.len().next_multiple_of(PAGE_BYTES);
    }
    for segment in segments {
        file.resize(file.len().next_multiple_of(PAGE_BYTES), 0);
        file.extend(&segment.bytes);
    }
    file
}

fn header(entry: u64, segments: usize) -> Vec<u8> {
    const EXECUTABLE: u16 = 2;
    const RISCV: u16 = 243;
    const COMPRESSED_AND_DOUBLE_FLOAT: u32 = 1 | 4;
    let mut header = b"\x7fELF\x02\x01\x01\0\0\0\0\0\0\0\0\0".to_vec();
    header.extend(EXECUTABLE.to_le_bytes());
    header.extend(RISCV.to_le_bytes());
    header.extend(1u32.to_le_bytes());
    header.extend(entry.to_le_bytes());
    header.extend((HEADER_BYTES as u64).to_le_bytes());
    header.extend(0u64.to_le_bytes());
    header.extend(COMPRESSED_AND_DOUBLE_FLOAT.to_le_bytes());
    let sections = 0;
    for half in [HEADER_BYTES, SEGMENT_HEADER_BYTES, segments, HEADER_BYTES, sections, 0] {
        header.extend((half as u16).to_le_bytes());
    }
    header
}

fn segment_header(segment: &Segment, offset: usize) -> Vec<u8> {
    const LOAD: u32 = 1;
    const READ_WRITE: u32 = 4 | 2;
    const READ_EXECUTE: u32 = 4 | 1;
    let flags = if segment.writable { READ_WRITE } else { READ_EXECUTE };
    let bytes = segment.bytes.len() as u64;
    let mut header = LOAD.to_le_bytes().to_vec();
    header.extend(flags.to_le_bytes());
    for word in [offset as u64, segment.at, segment.at, bytes, bytes, PAGE_BYTES as u64] {
        header.extend(word.to_le_bytes());
    }
    header
}
