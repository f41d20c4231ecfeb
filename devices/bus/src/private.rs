//! What a chip and one CPU have between them that no other CPU can reach.

use crate::PhysAddr;
use std::ops::Range;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

/// Where the windows begin: beyond every address that a translation can give.
const BASE: PhysAddr = 1 << 56;
const BYTES: u64 = 1 << 20;

/// Where in a CPU's private window it states the levels of its own interrupt
/// outputs, such as those of its timers: a write of 8 bytes, bit `n` for the
/// interrupt that its controller numbers `n`. Below it are registers of chips
/// that the CPU reaches by instructions of its own.
pub const PRIVATE_LINES: u64 = 0x8_0000;

/// The physical addresses at which chips answer CPU `cpu` alone.
///
/// Some architectures put registers of a chip among those of the CPU itself.
/// A front end passes such an access on to this window, where the board has put
/// the chip's half; loads, stores and DMA never get there.
pub fn private_window(cpu: u32) -> Range<PhysAddr> {
    let start = BASE + u64::from(cpu) * BYTES;
    start..start + BYTES
}

/// Which CPU is on the bus: for chips that show each its own registers at the
/// same address. The machine's run loop sets it; clones share it.
#[derive(Clone, Default)]
pub struct Initiator(Arc<AtomicU32>);

impl Initiator {
    /// CPU `cpu` has the bus from now on.
    pub fn set(&self, cpu: u32) {
        self.0.store(cpu, Ordering::Relaxed);
    }

    /// The CPU that has the bus.
    pub fn get(&self) -> u32 {
        self.0.load(Ordering::Relaxed)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn windows_are_apart_and_hold_the_lines() {
        assert_eq!(private_window(0).end, private_window(1).start);
        assert!(private_window(u32::MAX).end > private_window(u32::MAX).start);
        assert!(private_window(7).contains(&(private_window(7).start + PRIVATE_LINES)));
    }

    #[test]
    fn clones_name_the_same_cpu() {
        let initiator = Initiator::default();
        initiator.clone().set(3);
        assert_eq!(initiator.get(), 3);
    }
}
