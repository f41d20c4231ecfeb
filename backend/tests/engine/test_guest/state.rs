//! The test guest's slots: those of [`ir::testing`], and what takes it from
//! blocks to a whole CPU.

use guest::CpuState;
use ir::{Slot, SlotClass, Spec, Type};

/// Slots of [`ir::testing`].
const BEFORE: u16 = ir::testing::WORDS as u16;

/// Changes what code means (bit 0) and the regime it is fetched in (bit 1).
pub const MODE: Slot = Slot(BEFORE);
/// Changes what pages map to, 4 bits for each address space; see
/// [`super::map::MOVES_CODE`].
pub const MAP: Slot = Slot(BEFORE + 1);
/// Whether interrupts are taken.
pub const ENABLE: Slot = Slot(BEFORE + 2);
/// The interrupt pins as sampled last.
pub const LINES: Slot = Slot(BEFORE + 3);
/// Where the last fault or interrupt was taken.
pub const EPC: Slot = Slot(BEFORE + 4);
/// Its cause, bit 63 set for an interrupt.
pub const CAUSE: Slot = Slot(BEFORE + 5);
/// Its datum.
pub const DATUM: Slot = Slot(BEFORE + 6);
/// The mode it was taken in.
pub const OLD_MODE: Slot = Slot(BEFORE + 7);
/// How many were taken.
pub const TAKEN: Slot = Slot(BEFORE + 8);
/// A digest of all that were taken, in order.
pub const HISTORY: Slot = Slot(BEFORE + 9);
/// Where the map starts; chosen at reset.
pub const START: Slot = Slot(BEFORE + 10);
/// The address space; see [`space`].
pub const SPACE: Slot = Slot(BEFORE + 11);

/// The number of the address space, 0 to 3.
pub fn space(cpu: &CpuState) -> u64 {
    cpu.get(SPACE) % 4
}

const ADDED: [(&str, Type, SlotClass); 12] = [
    ("mode", Type::I32, SlotClass::Control),
    ("map", Type::I16, SlotClass::Control),
    ("enable", Type::I8, SlotClass::Control),
    ("lines", Type::I64, SlotClass::Hidden),
    ("epc", Type::I64, SlotClass::Control),
    ("cause", Type::I64, SlotClass::Control),
    ("datum", Type::I64, SlotClass::Control),
    ("old_mode", Type::I32, SlotClass::Control),
    ("taken", Type::I64, SlotClass::Hidden),
    ("history", Type::I64, SlotClass::Hidden),
    ("start", Type::I64, SlotClass::Hidden),
    ("space", Type::I8, SlotClass::Control),
];

/// The slots, and the helpers of [`ir::testing`].
pub fn spec() -> Spec {
    let mut spec = ir::testing::spec();
    assert_eq!(spec.layout.slots().len(), usize::from(BEFORE));
    for (name, ty, class) in ADDED {
        spec.layout.add(name, ty, class);
    }
    spec
}

/// Mixes two words.
pub fn mix(a: u64, b: u64) -> u64 {
    (a ^ b.rotate_left(23)).wrapping_mul(0x9e37_79b9_7f4a_7c15).rotate_left(31)
}
