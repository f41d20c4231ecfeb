//! Where in RAM everything goes.

use super::Program;
use crate::MachineError;
use crate::config::MEMORY_BYTES_MAX;
use bus::PhysAddr;
use std::ops::Range;

/// Linux maps the device tree with large pages and wants it inside one
/// (Documentation/arch/riscv/boot.rst: at most 2 MiB, 64-bit aligned).
pub const FDT_ALIGN: u64 = 2 << 20;
/// Small machines have no 2 MiB to spare.
const FDT_ALIGN_MIN: u64 = 8;
/// QEMU keeps the device tree below this, for firmware with 32-bit addresses.
const FDT_END_MAX: PhysAddr = 3 << 30;
/// Initial RAM disks begin on a page.
const INITRD_ALIGN: u64 = 4096;
/// They go this far up, or half-way through RAM, to be out of the way of what
/// a boot loader does behind the kernel.
const INITRD_OFFSET_MAX: u64 = 512 << 20;

/// The places found so far: name of what is there, and its addresses.
pub struct Layout {
    ram: Range<PhysAddr>,
    taken: Vec<(String, Range<PhysAddr>)>,
}

impl Layout {
    /// All of `ram` is free.
    pub fn new(ram: &Range<PhysAddr>) -> Layout {
        Layout { ram: ram.clone(), taken: Vec::new() }
    }

    /// Takes `range` for file `name`.
    ///
    /// # Errors
    /// It is not all RAM, or not free.
    pub fn take(&mut self, name: &str, range: Range<PhysAddr>) -> Result<(), MachineError> {
        let text = format!("{:#x}..{:#x}", range.start, range.end);
        if range.start < self.ram.start || range.end - self.ram.start > MEMORY_BYTES_MAX {
            let reason = format!(
                "it wants to be at {text}, where there is no RAM (it starts at {:#x}): \
                 link it for this machine, or give the kernel's `Image`",
                self.ram.start
            );
            return Err(MachineError::file(name, reason));
        }
        if range.end > self.ram.end {
            return Err(self.too_small(name, range.end));
        }
        // A program may lay its own segments over each other.
        let overlaps = |(other, taken): &&(String, Range<PhysAddr>)| {
            other != name && range.start < taken.end && taken.start < range.end
        };
        if let Some((other, _)) = self.taken.iter().find(overlaps) {
            return Err(MachineError::file(
                name,
                format!("at {text} it overlaps {other}: leave one of them out"),
            ));
        }
        self.taken.push((name.into(), range));
        Ok(())
    }

    /// Takes the places `program` wants.
    ///
    /// # Errors
    /// As for [`Layout::take`].
    pub fn program(&mut self, name: &str, program: &Program) -> Result<(), MachineError> {
        program.segments.iter().try_for_each(|segment| self.take(name, segment.range()))
    }

    /// Finds a place for a device tree of `bytes`: as high as possible, and
    /// below 3 GiB.
    ///
    /// # Errors
    /// There is none.
    pub fn device_tree(&mut self, bytes: u64) -> Result<PhysAddr, MachineError> {
        let end = self.ram.end.min(FDT_END_MAX.max(self.ram.start));
        for align in [FDT_ALIGN, FDT_ALIGN_MIN] {
            let at = end.saturating_sub(bytes) / align * align;
            if self.take("the device tree", at..at + bytes).is_ok() {
                return Ok(at);
            }
        }
        let used = self.taken.iter().map(|(_, range)| range.end).max().unwrap_or(self.ram.start);
        Err(self.too_small("the device tree", used + FDT_ALIGN + bytes))
    }

    /// Finds a place for the initial RAM disk `name` of `bytes`, behind
    /// `after`.
    ///
    /// # Errors
    /// There is none.
    pub fn initrd(&mut self, name: &str, bytes: u64, after: PhysAddr) -> Result<PhysAddr, MachineError> {
        let up = |at: PhysAddr| at.div_ceil(INITRD_ALIGN) * INITRD_ALIGN;
        let half = (self.ram.end - self.ram.start) / 2;
        let preferred = up(self.ram.start + half.min(INITRD_OFFSET_MAX)).max(up(after));
        for at in [preferred, up(after)] {
            if at.checked_add(bytes).is_some_and(|end| self.take(name, at..end).is_ok()) {
                return Ok(at);
            }
        }
        Err(self.too_small(name, up(after).saturating_add(bytes).saturating_add(2 * FDT_ALIGN)))
    }

    fn too_small(&self, name: &str, end: PhysAddr) -> MachineError {
        let needed = end.saturating_sub(self.ram.start).div_ceil(1 << 20);
        let has = (self.ram.end - self.ram.start) >> 20;
        MachineError::file(
            name,
            format!("it needs at least {needed} MiB of RAM, not {has} MiB: give --memory {needed}M"),
        )
    }
}
