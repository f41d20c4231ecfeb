//! Puts kernels, firmware and initial RAM disks into guest RAM.
//!
//! A file is first parsed into a [`Program`], which is bytes and addresses
//! alone; [`Layout`] then finds places for all of them. Nothing here trusts a
//! file: what does not fit is an error that names the file and the remedy.

mod elf;
mod gzip;
mod layout;
mod linux;
#[cfg(test)]
mod tests;

pub use elf::Symbols;
pub use layout::{FDT_ALIGN, Layout};
pub use linux::LinuxImage;

use crate::MachineError;
use crate::config::Image;
use bus::PhysAddr;
use std::borrow::Cow;
use std::ops::Range;

/// A run of bytes and where in guest memory it goes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Segment {
    /// Its first byte's physical address.
    pub at: PhysAddr,
    /// What is in the file.
    pub bytes: Vec<u8>,
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

/// Reads a kernel: a Linux `Image`, the same compressed with gzip, an ELF file
/// of RV64, or else a raw binary, such as U-Boot for S mode.
///
/// # Errors
/// The file is empty, damaged, or made for another machine.
pub fn kernel(image: &Image, base: Base, ram: &Range<PhysAddr>) -> Result<Program, MachineError> {
    let bytes = unpacked(image, ram)?;
    match LinuxImage::parse(&image.name, &bytes)? {
        Some(header) => Ok(linux(&bytes, &header, base.linux)),
        None => program(&image.name, bytes, base.raw, ram),
    }
}

/// Reads firmware: an ELF file of RV64, or else a raw binary.
///
/// # Errors
/// As for [`kernel`].
pub fn firmware(image: &Image, base: PhysAddr, ram: &Range<PhysAddr>) -> Result<Program, MachineError> {
    let bytes = unpacked(image, ram)?;
    program(&image.name, bytes, base, ram)
}

fn unpacked<'a>(image: &'a Image, ram: &Range<PhysAddr>) -> Result<Cow<'a, [u8]>, MachineError> {
    if image.bytes.is_empty() {
        return Err(MachineError::file(&image.name, "it is empty"));
    }
    match gzip::is_gzip(&image.bytes) {
        true => gzip::unpack(image, ram.end - ram.start).map(Cow::Owned),
        false => Ok(Cow::Borrowed(&image.bytes)),
    }
}

fn program(
    name: &str,
    bytes: Cow<'_, [u8]>,
    base: PhysAddr,
    ram: &Range<PhysAddr>,
) -> Result<Program, MachineError> {
    if elf::is_elf(&bytes) {
        return elf::parse(name, &bytes, base, ram);
    }
    if let Some(kind) = foreign(&bytes) {
        return Err(MachineError::file(name, format!("it is {kind}")));
    }
    let memory_bytes = bytes.len() as u64;
    let segment = Segment { at: base, bytes: bytes.into_owned(), memory_bytes };
    Ok(Program { segments: vec![segment], entry: base, symbols: Symbols::default() })
}

fn linux(bytes: &[u8], header: &LinuxImage, base: PhysAddr) -> Program {
    let at = base.saturating_add(header.text_offset);
    let memory_bytes = header.image_bytes.max(bytes.len() as u64);
    let segment = Segment { at, bytes: bytes.to_vec(), memory_bytes };
    Program { segments: vec![segment], entry: at, symbols: Symbols::default() }
}

/// What a file is that cannot be a raw binary, by its first bytes.
fn foreign(bytes: &[u8]) -> Option<&'static str> {
    const MAGICS: [(&[u8], &str); 8] = [
        (b"\x28\xb5\x2f\xfd", "compressed with zstd: unpack it first with `zstd -d`"),
        (b"\xfd7zXZ\0", "compressed with xz: unpack it first with `xz -d`"),
        (b"BZh", "compressed with bzip2: unpack it first with `bzip2 -d`"),
        (b"070701", "a cpio archive, no program: give it with --initrd"),
        (b"QFI\xfb", "a qcow2 disk image, no program: convert it to raw and give it with --drive"),
        (b"MZ", "an EFI program for another machine, not for riscv64"),
        (b"!<arch>\n", "an archive, no program: unpack it first, a Debian package with `dpkg -x`"),
        (b"\xd0\x0d\xfe\xed", "a device tree or FIT image, no program"),
    ];
    MAGICS.iter().find(|(magic, _)| bytes.starts_with(magic)).map(|(_, kind)| *kind)
}
