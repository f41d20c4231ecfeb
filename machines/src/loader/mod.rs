//! Puts kernels, firmware and initial RAM disks into guest RAM.
//!
//! A file is first parsed into a [`Program`], which is bytes and addresses
//! alone; [`Layout`] then finds places for all of them. Nothing here trusts a
//! file: what does not fit is an error that names the file and the remedy.

mod elf;
mod layout;
mod linux;
mod packed;
#[cfg(test)]
mod tests;

pub use elf::Symbols;
pub use layout::{FDT_ALIGN, Layout};
pub use linux::LinuxImage;

use crate::MachineError;
use crate::config::Image;
use bus::PhysAddr;
use bytes::Bytes;
use std::ops::Range;

/// The architecture that a file has to be for.
#[derive(Debug)]
pub struct Target {
    /// Its name as Linux has it.
    pub name: &'static str,
    /// Its number in ELF files.
    elf: u16,
    /// The magic at offset 56 of its Linux `Image`.
    linux_magic: [u8; 4],
}

/// 64-bit RISC-V.
pub const RISCV64: Target =
    Target { name: "riscv64", elf: goblin::elf::header::EM_RISCV, linux_magic: *b"RSC\x05" };
/// 64-bit Arm.
pub const ARM64: Target =
    Target { name: "arm64", elf: goblin::elf::header::EM_AARCH64, linux_magic: *b"ARM\x64" };

impl Target {
    const ALL: [&Target; 2] = [&RISCV64, &ARM64];
}

/// A run of bytes and where in guest memory it goes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Segment {
    /// Its first byte's physical address.
    pub at: PhysAddr,
    /// What is in the file.
    pub bytes: Bytes,
    /// Size in memory, zero behind `bytes`.
    pub memory_bytes: u64,
}

impl Segment {
    /// The physical addresses it takes.
    pub fn range(&self) -> Range<PhysAddr> {
        self.at..self.at.saturating_add(self.memory_bytes)
    }
}

/// A kernel or firmware, ready to be placed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Program {
    /// What goes into memory.
    pub segments: Vec<Segment>,
    /// Where it starts.
    pub entry: PhysAddr,
    /// The addresses of the host-target interface, if it has one.
    pub symbols: Symbols,
}

impl Program {
    /// The first address behind all of it.
    pub fn end(&self) -> PhysAddr {
        self.segments.iter().map(|segment| segment.range().end).max().unwrap_or(self.entry)
    }
}

/// Where a file goes that does not say so itself.
#[derive(Clone, Copy, Debug)]
pub struct Base {
    /// Raw binaries, and position-independent ELF files, go here.
    pub raw: PhysAddr,
    /// Linux images go as far above this, a multiple of 2 MiB, as they say.
    pub linux: PhysAddr,
}

/// Reads a kernel: a Linux `Image`, the same compressed with gzip or packed into
/// an EFI program that unpacks itself, an ELF file, or else a raw binary, such as
/// U-Boot.
///
/// # Errors
/// The file is empty, damaged, or made for another machine.
pub fn kernel(
    image: &Image,
    target: &Target,
    base: Base,
    ram: &Range<PhysAddr>,
) -> Result<Program, MachineError> {
    let bytes = unpacked(image, ram)?;
    match LinuxImage::parse(&image.name, target, &bytes)? {
        Some(header) => Ok(linux(bytes, &header, base.linux)),
        None => program(&image.name, target, bytes, base.raw, ram),
    }
}

/// Reads firmware: an ELF file, or else a raw binary.
///
/// # Errors
/// As for [`kernel`].
pub fn firmware(
    image: &Image,
    target: &Target,
    base: PhysAddr,
    ram: &Range<PhysAddr>,
) -> Result<Program, MachineError> {
    let bytes = unpacked(image, ram)?;
    program(&image.name, target, bytes, base, ram)
}

fn unpacked(image: &Image, ram: &Range<PhysAddr>) -> Result<Bytes, MachineError> {
    if image.bytes.is_empty() {
        return Err(MachineError::file(&image.name, "it is empty"));
    }
    packed::unpack(image, ram.end - ram.start)
}

fn program(
    name: &str,
    target: &Target,
    bytes: Bytes,
    base: PhysAddr,
    ram: &Range<PhysAddr>,
) -> Result<Program, MachineError> {
    if elf::is_elf(&bytes) {
        return elf::parse(name, target, &bytes, base, ram);
    }
    if let Some(kind) = foreign(&bytes) {
        return Err(MachineError::file(name, format!("it is {kind}")));
    }
    let memory_bytes = bytes.len() as u64;
    let segment = Segment { at: base, bytes, memory_bytes };
    Ok(Program { segments: vec![segment], entry: base, symbols: Symbols::default() })
}

fn linux(bytes: Bytes, header: &LinuxImage, base: PhysAddr) -> Program {
    let at = base.saturating_add(header.text_offset);
    let memory_bytes = header.image_bytes.max(bytes.len() as u64);
    let segment = Segment { at, bytes, memory_bytes };
    Program { segments: vec![segment], entry: at, symbols: Symbols::default() }
}

/// What a file is that cannot be a raw binary, by its first bytes.
fn foreign(bytes: &[u8]) -> Option<&'static str> {
    const MAGICS: [(&[u8], &str); 7] = [
        (b"\xfd7zXZ\0", "compressed with xz: unpack it first with `xz -d`"),
        (b"BZh", "compressed with bzip2: unpack it first with `bzip2 -d`"),
        (b"070701", "a cpio archive, no program: give it with --initrd"),
        (b"QFI\xfb", "a qcow2 disk image, no program: convert it to raw and give it with --drive"),
        (b"MZ", "an EFI program for another machine"),
        (b"!<arch>\n", "an archive, no program: unpack it first, a Debian package with `dpkg -x`"),
        (b"\xd0\x0d\xfe\xed", "a device tree or FIT image, no program"),
    ];
    MAGICS.iter().find(|(magic, _)| bytes.starts_with(magic)).map(|(_, kind)| *kind)
}
