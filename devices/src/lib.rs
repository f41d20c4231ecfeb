//! Emulated chips, one file each.
//!
//! A chip is a `State`, which is what a snapshot holds, and wires: a
//! [`bus::Clock`], [`bus::IrqLine`]s, [`bus::Dma`] and the host's end of what
//! hangs on it. No chip knows a CPU, a board, a file or the host's time.
//!
//! # Locks
//! Devices are shared behind a mutex each. A register access runs with its
//! device's mutex held and may drive wires; a wire into an interrupt controller
//! takes that controller's mutex, whose wires end in CPU pins, which have none.
//! The order is always device, controller, pin.

pub mod aclint;
pub mod cfi_flash;
pub mod finisher;
pub mod fw_cfg;
pub mod generic_timer;
pub mod gic;
pub mod goldfish_rtc;
pub mod gpio_key;
mod hex;
pub mod ns16550;
pub mod pl011;
pub mod pl031;
pub mod pl061;
pub mod plic;
pub mod power;
pub mod primecell;
pub mod registry;
pub mod virtio;

use bus::{RestoreError, Snapshot};

/// Whether an access is one of an aligned 32-bit register.
fn is_word(offset: u64, bytes: u8) -> bool {
    bytes == 4 && offset.is_multiple_of(4)
}

/// `old` with the 32-bit half replaced that a register at `offset` holds: the
/// high one if bit 2 of `offset` is set.
fn replace_half(old: u64, offset: u64, value: u64) -> u64 {
    let value = value & 0xffff_ffff;
    if offset & 4 == 0 { old & !0xffff_ffff | value } else { old & 0xffff_ffff | value << 32 }
}

/// `D` cannot take over a state, for `reason`.
fn refused<D: Snapshot>(reason: impl Into<String>) -> RestoreError {
    RestoreError { kind: D::KIND.into(), reason: reason.into() }
}
