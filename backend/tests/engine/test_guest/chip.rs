//! The test guest's device: every access has a side effect, sees the time, and
//! is written down.

use super::map::{RAM, RAM_PAGES};
use super::state::mix;
use bus::{Clock, Device, Dma, IrqLine, PAGE_BYTES};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

/// Registers are 8 bytes apart, of any width; there are 32 of them, again and
/// again.
pub mod register {
    /// Written: raises the line of the CPU whose number is in bit 0.
    pub const RAISE: u64 = 0;
    /// Written: lowers both lines.
    pub const LOWER: u64 = 1;
    /// Written: asks for the slice to end.
    pub const STOP: u64 = 2;
    /// Written: writes a word of RAM by DMA.
    pub const DMA: u64 = 3;
    /// Read: lowers both lines.
    pub const READ_LOWERS: u64 = 4;
    /// Written: as [`RAISE`].
    pub const RAISE_TOO: u64 = 5;
    /// Written: as [`DMA`].
    pub const DMA_TOO: u64 = 6;
}

/// One access to the chip.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Reached {
    pub offset: u64,
    pub bytes: u8,
    /// What was written, if it was.
    pub value: Option<u64>,
    pub now_ns: u64,
}

/// The chip.
pub struct Chip {
    pub log: Vec<Reached>,
    state: u64,
    clock: Clock,
    dma: Dma,
    lines: Vec<IrqLine>,
    stop: Arc<AtomicBool>,
}

impl Chip {
    /// A chip wired to each CPU's line.
    pub fn new(clock: Clock, dma: Dma, lines: Vec<IrqLine>, stop: Arc<AtomicBool>) -> Chip {
        Chip { log: Vec::new(), state: 1, clock, dma, lines, stop }
    }

    fn note(&mut self, offset: u64, bytes: u8, value: Option<u64>) {
        let now_ns = self.clock.now_ns();
        self.log.push(Reached { offset, bytes, value, now_ns });
        self.state = mix(mix(self.state, offset ^ now_ns), value.unwrap_or(!0) ^ u64::from(bytes));
    }

    /// Drives a CPU's line.
    pub fn drive(&self, cpu: usize, level: bool) {
        self.lines[cpu % self.lines.len()].set(level);
    }

    fn lower(&self) {
        self.lines.iter().for_each(|line| line.set(false));
    }
}

impl Device for Chip {
    fn read(&mut self, offset: u64, bytes: u8) -> u64 {
        self.note(offset, bytes, None);
        if offset / 8 % 32 == register::READ_LOWERS {
            self.lower();
        }
        self.state
    }

    fn write(&mut self, offset: u64, bytes: u8, value: u64) {
        self.note(offset, bytes, Some(value));
        match offset / 8 % 32 {
            register::RAISE | register::RAISE_TOO => self.drive(value as usize % 2, true),
            register::LOWER => self.lower(),
            register::STOP => self.stop.store(true, Ordering::Relaxed),
            register::DMA | register::DMA_TOO => {
                let at = RAM + value % (RAM_PAGES * PAGE_BYTES) / 4 * 4;
                self.dma.write(at, &(value >> 7).to_le_bytes()[..4]).expect("RAM is there");
            }
            _ => (),
        }
    }

    fn reset(&mut self) {}
}

/// Memory that is not RAM: it reads as words made from the address.
pub struct Rom;

impl Device for Rom {
    fn read(&mut self, offset: u64, bytes: u8) -> u64 {
        let word = mix(offset / 8, 7).to_le_bytes();
        (0..u64::from(bytes))
            .rev()
            .fold(0, |value, i| value << 8 | u64::from(word[((offset + i) % 8) as usize]))
    }

    fn write(&mut self, _offset: u64, _bytes: u8, _value: u64) {}

    fn reset(&mut self) {}
}
