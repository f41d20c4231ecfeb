//! What is in memory at power-on, and where the first CPU starts.

use super::{Choice, fdt, map};
use crate::board::Board;
use crate::chosen::Chosen;
use crate::config::MachineConfig;
use crate::dtb;
use crate::error::MachineError;
use crate::loader::{self, ARM64, Base, Layout, Segment};
use bus::{PhysAddr, Ram};
use std::ops::Range;

/// Kernels go this far into RAM, and as far above as they say: a multiple of
/// 2 MiB, as Linux wants it (Documentation/arch/arm64/booting.rst).
const KERNEL_OFFSET: u64 = 2 << 20;
/// Firmware looks for the device tree where RAM begins.
const FIRMWARE_FDT: u64 = map::RAM;

/// Everything that power-on puts into memory.
#[derive(Debug)]
pub struct Boot {
    segments: Vec<Segment>,
    /// The device tree's address.
    pub fdt: PhysAddr,
    /// Where the kernel starts; `None` if firmware does, in flash.
    pub kernel: Option<PhysAddr>,
}

impl Boot {
    /// Reads the files of `config` and finds a place for each.
    ///
    /// # Errors
    /// A file is damaged, for another machine, or does not fit.
    pub fn new(
        config: &MachineConfig,
        choice: Choice,
        board: &Board,
        ram: &Range<PhysAddr>,
    ) -> Result<Boot, MachineError> {
        if let (Some(_), Some(kernel)) = (&config.bios, &config.kernel) {
            let remedy = "this machine's firmware starts what is on a disk: leave one of them out";
            return Err(MachineError::Option {
                option: "--kernel",
                value: kernel.name.clone(),
                remedy: remedy.into(),
            });
        }
        let mut layout = Layout::new(ram);
        let base = Base { raw: ram.start + KERNEL_OFFSET, linux: ram.start + KERNEL_OFFSET };
        let kernel = match &config.kernel {
            Some(kernel) => {
                let program = loader::kernel(kernel, &ARM64, base, ram)?;
                layout.program(&kernel.name, &program)?;
                Some(program)
            }
            None => None,
        };
        let tree = |initrd: Option<Range<PhysAddr>>| {
            let chosen = Chosen { bootargs: &config.append, initrd, seed: config.seed };
            dtb::write(&fdt::tree(board, choice, config.cpus, ram, &chosen))
                .map_err(|error| MachineError::file("the device tree", error.to_string()))
        };
        // The tree's size does not depend on where the initial RAM disk is.
        let fdt_bytes = tree(config.initrd.as_ref().map(|_| 0..0))?.len() as u64;
        let fdt = match kernel {
            Some(_) => layout.device_tree(fdt_bytes)?,
            None => {
                layout.take("the device tree", FIRMWARE_FDT..FIRMWARE_FDT + fdt_bytes)?;
                FIRMWARE_FDT
            }
        };
        let disk = match &config.initrd {
            Some(image) if image.bytes.is_empty() => {
                return Err(MachineError::file(&image.name, "it is empty"));
            }
            Some(image) => {
                let behind = kernel.as_ref().map_or(ram.start, loader::Program::end);
                let memory_bytes = image.bytes.len() as u64;
                let at = layout.initrd(&image.name, memory_bytes, behind)?;
                Some(Segment { at, bytes: image.bytes.clone(), memory_bytes })
            }
            None => None,
        };
        let blob = tree(disk.as_ref().map(Segment::range))?;
        let entry = kernel.as_ref().map(|kernel| kernel.entry);
        let mut segments = kernel.map_or(Vec::new(), |kernel| kernel.segments);
        segments.push(Segment { at: fdt, memory_bytes: blob.len() as u64, bytes: blob.into() });
        segments.extend(disk);
        Ok(Boot { segments, fdt, kernel: entry })
    }

    /// Writes all of it into `ram`.
    pub fn load(&self, ram: &Ram) {
        for segment in &self.segments {
            assert!(ram.write(segment.at, &segment.bytes), "the layout was checked");
        }
    }
}
