//! What is in memory at power-on, and where the first hart starts.

use super::fdt;
use super::map;
use crate::board::Board;
use crate::chosen::Chosen;
use crate::config::{Image, MachineConfig};
use crate::dtb;
use crate::error::MachineError;
use crate::loader::{self, Base, Layout, Program, RISCV64, Segment, Symbols};
use bus::{PhysAddr, Ram};
use std::ops::Range;

/// Kernels that do not say so themselves go this far into RAM: firmware is
/// below them, and page tables like the alignment.
const KERNEL_OFFSET: u64 = 2 << 20;

/// The program in the boot ROM: hart number to `a0`, the device tree's address
/// to `a1`, that of the words for OpenSBI to `a2`, and off to the firmware.
#[rustfmt::skip]
const ROM_CODE: [u32; 6] = [
    0x0000_0297, // auipc t0, 0
    0x0282_8613, // addi  a2, t0, 40
    0xf140_2573, // csrr  a0, mhartid
    0x0202_b583, // ld    a1, 32(t0)
    0x0182_b283, // ld    t0, 24(t0)
    0x0002_8067, // jr    t0
];

/// What OpenSBI's `fw_dynamic` reads at `a2` (OpenSBI, docs/firmware/
/// fw_dynamic.md): magic, version, next address, next mode (1 is S), options,
/// boot hart (all ones: any).
const FW_DYNAMIC_MAGIC: u64 = 0x4942_534f;
const FW_DYNAMIC_VERSION: u64 = 2;
const NEXT_MODE_S: u64 = 1;
const ANY_HART: u64 = u64::MAX;

/// Who runs first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Start {
    /// The built-in firmware starts the kernel, on hart 0 and in S mode.
    Kernel(PhysAddr),
    /// All harts start in the boot ROM, in M mode.
    Rom,
}

/// Everything that power-on puts into memory.
#[derive(Debug)]
pub struct Boot {
    /// What to load, in this order.
    pub segments: Vec<Segment>,
    /// The device tree's address.
    pub fdt: PhysAddr,
    /// Who runs first.
    pub start: Start,
    /// The firmware's host-target interface.
    pub htif: Symbols,
    firmware_entry: PhysAddr,
    kernel_entry: PhysAddr,
}

impl Boot {
    /// Reads the files of `config` and finds a place for each.
    ///
    /// # Errors
    /// A file is damaged, for another machine, or does not fit.
    pub fn new(
        config: &MachineConfig,
        board: &Board,
        ram: &Range<PhysAddr>,
        harts: usize,
    ) -> Result<Boot, MachineError> {
        let mut layout = Layout::new(ram);
        let firmware = config.bios.as_ref().map(|bios| place_firmware(bios, ram, &mut layout)).transpose()?;
        let kernel = config
            .kernel
            .as_ref()
            .map(|kernel| place_kernel(kernel, firmware.as_ref(), ram, &mut layout))
            .transpose()?;
        let initrd = match &config.initrd {
            Some(initrd) if initrd.bytes.is_empty() => {
                return Err(MachineError::file(&initrd.name, "it is empty"));
            }
            Some(initrd) => Some((initrd, initrd.bytes.len() as u64)),
            None => None,
        };
        let end = |program: &Option<Program>| program.as_ref().map_or(ram.start, Program::end);
        let behind = end(&firmware).max(end(&kernel));

        // The tree's size does not depend on where the initial RAM disk is.
        let tree = |initrd: Option<Range<PhysAddr>>| {
            let chosen = Chosen { bootargs: &config.append, initrd, seed: config.seed };
            dtb::write(&fdt::tree(board, harts as u32, ram, &chosen))
                .map_err(|error| MachineError::file("the device tree", error.to_string()))
        };
        let fdt_bytes = tree(initrd.map(|_| 0..0))?.len() as u64;
        let fdt = layout.device_tree(fdt_bytes)?;
        let disk = match initrd {
            Some((image, bytes)) => {
                let at = layout.initrd(&image.name, bytes, behind)?;
                Some(Segment { at, bytes: image.bytes.clone(), memory_bytes: bytes })
            }
            None => None,
        };
        let blob = tree(disk.as_ref().map(Segment::range))?;

        let kernel_entry = kernel.as_ref().map_or(0, |kernel| kernel.entry);
        let start = if firmware.is_some() { Start::Rom } else { Start::Kernel(kernel_entry) };
        let htif = firmware.as_ref().map(|firmware| firmware.symbols).unwrap_or_default();
        let firmware_entry = firmware.as_ref().map_or(map::RAM, |firmware| firmware.entry);
        let mut segments: Vec<Segment> =
            [firmware, kernel].into_iter().flatten().flat_map(|p| p.segments).collect();
        segments.push(Segment { at: fdt, memory_bytes: blob.len() as u64, bytes: blob.into() });
        segments.extend(disk);
        Ok(Boot { segments, fdt, start, htif, firmware_entry, kernel_entry })
    }

    /// The boot ROM's contents.
    pub fn rom(&self) -> Vec<u8> {
        let words = [
            self.firmware_entry,
            self.fdt,
            FW_DYNAMIC_MAGIC,
            FW_DYNAMIC_VERSION,
            self.kernel_entry,
            NEXT_MODE_S,
            0,
            ANY_HART,
        ];
        let code = ROM_CODE.iter().flat_map(|word| word.to_le_bytes());
        code.chain(words.iter().flat_map(|word| word.to_le_bytes())).collect()
    }

    /// Writes all of it into `ram`.
    pub fn load(&self, ram: &Ram) {
        for segment in &self.segments {
            assert!(ram.write(segment.at, &segment.bytes), "the layout was checked");
        }
    }
}

fn place_firmware(bios: &Image, ram: &Range<PhysAddr>, layout: &mut Layout) -> Result<Program, MachineError> {
    let program = loader::firmware(bios, &RISCV64, ram.start, ram)?;
    layout.program(&bios.name, &program)?;
    Ok(program)
}

/// Without firmware a kernel goes where its image says from the start of RAM,
/// and what does not say so 2 MiB into it. With firmware, it goes to the next
/// multiple of 2 MiB behind it.
fn place_kernel(
    kernel: &Image,
    firmware: Option<&Program>,
    ram: &Range<PhysAddr>,
    layout: &mut Layout,
) -> Result<Program, MachineError> {
    let base = match firmware {
        None => Base { raw: ram.start + KERNEL_OFFSET, linux: ram.start },
        Some(firmware) => {
            let behind = firmware.end().saturating_add(KERNEL_OFFSET - 1) / KERNEL_OFFSET * KERNEL_OFFSET;
            let raw = behind.max(ram.start + KERNEL_OFFSET);
            Base { raw, linux: raw - KERNEL_OFFSET }
        }
    };
    let program = loader::kernel(kernel, &RISCV64, base, ram)?;
    layout.program(&kernel.name, &program)?;
    Ok(program)
}
