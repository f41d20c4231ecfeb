//! Exception syndromes: what ESR_ELx says, and how a [`Fault`] carries it.
//!
//! A fault's `cause` is the value of ESR for an exception from a lower
//! exception level, with bits of our own above those; its `value` is that of FAR.
//! [`super::exception`] makes of it what the level it is taken to wants.
//!
//! Source: Arm ARM, D24.2.41 (ESR_EL1).

use crate::fields::esr::syndrome;
use crate::fields::{ec, esr};
use guest::{Access, Fault};

/// The bits that are ESR's own: ISS2, EC, IL and ISS.
pub const ESR: u64 = (1 << 37) - 1;
/// Ours: the exception is taken to EL2, whatever else would decide.
pub const TO_EL2: u64 = 1 << 40;
/// Ours: HPFAR_EL2 gets the address in slot `stage2_fault`.
pub const STAGE_2: u64 = 1 << 41;

/// Ours, alone: no exception; the instruction starts over, as it bends the stack pointer.
pub const AGAIN: u64 = 1 << 42;

/// Ours, alone: no exception; the instruction is at the address in the datum, as that which
/// was branched to has a tag.
pub const ELSEWHERE: u64 = 1 << 43;

/// ESR.ISS of aborts: it was a write.
pub const WRITE: u64 = 1 << 6;
/// ESR.ISS of aborts: stage 2 failed for an access of stage 1's walk.
pub const STAGE_1_WALK: u64 = 1 << 7;
/// ESR.ISS of aborts: a cache or address translation instruction.
pub const MAINTENANCE: u64 = 1 << 8;

/// The class of a syndrome.
pub const fn class_of(cause: u64) -> u64 {
    cause >> esr::EC_SHIFT & 0x3f
}

/// The status code of an abort.
pub const fn status_of(cause: u64) -> u64 {
    cause & 0x3f
}

/// An undefined instruction.
pub const fn undefined() -> u64 {
    syndrome(ec::UNKNOWN, 0)
}

/// A branch to an address that is not a multiple of 4; FAR gets it.
pub const fn pc_alignment() -> u64 {
    syndrome(ec::PC_ALIGNMENT, 0)
}

/// A WFI that is trapped.
pub const fn wait() -> u64 {
    syndrome(ec::WFX, 1 << 24 | 0xe << 20)
}

/// A system instruction that is trapped, from its bits (ISS of class 0x18).
pub const fn system(word: u32) -> u64 {
    let word = word as u64;
    let (op0, op1, op2) = (word >> 19 & 3, word >> 16 & 7, word >> 5 & 7);
    let (crn, crm, rt, read) = (word >> 12 & 15, word >> 8 & 15, word & 31, word >> 21 & 1);
    syndrome(ec::SYSTEM, op0 << 20 | op2 << 17 | op1 << 14 | crn << 10 | rt << 5 | crm << 1 | read)
}

/// An undefined instruction, as a fault.
pub const UNDEFINED: Fault = Fault { cause: undefined(), value: 0 };

/// Status codes of aborts (ISS.DFSC and IFSC). A level is −1 to 3.
pub mod status {
    /// An address beyond the size of its kind.
    pub const fn address_size(level: i32) -> u64 {
        if level < 0 { 0x29 } else { level as u64 }
    }

    /// No mapping.
    pub const fn translation(level: i32) -> u64 {
        if level < 0 { 0x2b } else { 4 + level as u64 }
    }

    /// The access flag is not set.
    pub const fn access_flag(level: i32) -> u64 {
        8 + level as u64
    }

    /// The mapping forbids it.
    pub const fn permission(level: i32) -> u64 {
        0xc + level as u64
    }

    /// Whether a status is that of a mapping that forbids the access.
    pub const fn is_permission(status: u64) -> bool {
        matches!(status, 0xc..=0xf)
    }

    /// Nothing answers at the physical address.
    pub const EXTERNAL: u64 = 0x10;

    /// Nothing answers where the walk reads a table.
    pub const fn external_on_walk(level: i32) -> u64 {
        if level < 0 { 0x13 } else { 0x14 + level as u64 }
    }

    /// Whether a status is that of a walk whose tables nothing answers for.
    pub const fn is_external_on_walk(status: u64) -> bool {
        matches!(status, 0x13..=0x17)
    }

    /// The address is not aligned.
    pub const ALIGNMENT: u64 = 0x21;
}

/// The abort of an access to `at` with a status code.
pub const fn abort(at: u64, access: Access, status: u64) -> Fault {
    let cause = match access {
        Access::Fetch => syndrome(ec::INSTRUCTION_ABORT_LOWER, status),
        Access::Load => syndrome(ec::DATA_ABORT_LOWER, status),
        Access::Store => syndrome(ec::DATA_ABORT_LOWER, status | WRITE),
    };
    Fault { cause, value: at }
}

#[cfg(test)]
mod tests {
    use super::*;

    // The values that Linux's comments and tools show for well-known traps.
    #[test]
    fn syndromes_are_those_that_are_seen_in_the_wild() {
        assert_eq!(syndrome(ec::SVC, 0), 0x5600_0000);
        assert_eq!(syndrome(ec::BRK, 0x800), 0xf200_0800);
        assert_eq!(undefined(), 0x0200_0000);
        // mrs x0, midr_el1: op0 3, op1 0, CRn 0, CRm 0, op2 0.
        assert_eq!(system(0xd538_0000), 0x6230_0001);
        // A write to an unmapped page, level 3, from EL0.
        assert_eq!(abort(0, Access::Store, status::translation(3)).cause, 0x9200_0047);
    }
}
