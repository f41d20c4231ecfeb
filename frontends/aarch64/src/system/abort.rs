//! What a data abort tells of the instruction that made it, beyond the address.
//!
//! Source: Arm ARM, D24.2.41 (ESR_ELx, ISS of an exception from a Data Abort).

use bus::AddressSpace;
use guest::{Access, CpuState, Fault, Fetch};

use super::syndrome::{self, class_of, status, status_of};
use crate::base::memory::syndrome as transfer;
use crate::fields::ec;
use crate::mmu::Walker;
use crate::state::{Mode, PC};

/// The fault with what the syndrome says of the instruction at the pc: which register was
/// to be transferred, if stage 2 stopped it, and whether an atomic's write was what failed.
pub fn complete(cpu: &CpuState, space: &AddressSpace, fault: Fault, code: &mut dyn Fetch) -> Fault {
    let write = fault.cause & syndrome::WRITE != 0;
    let in_full = fault.cause & syndrome::STAGE_2 != 0 && fault.cause & syndrome::STAGE_1_WALK == 0;
    let is_access = class_of(fault.cause) == ec::DATA_ABORT_LOWER && fault.cause & syndrome::MAINTENANCE == 0;
    if !is_access || !write && !in_full {
        return fault;
    }
    // What cannot be read any more tells nothing.
    let Ok(word) = code.fetch32(cpu.get(PC)) else { return fault };
    let mut cause = fault.cause;
    if write && transfer::is_atomic(word) && read_fails(cpu, space, fault) {
        cause &= !syndrome::WRITE;
    }
    if in_full {
        cause |= transfer::of(word);
    }
    Fault { cause, ..fault }
}

/// WnR: whether what stops an atomic would stop its read. The mapping alone tells one from
/// the other.
fn read_fails(cpu: &CpuState, space: &AddressSpace, fault: Fault) -> bool {
    if !status::is_permission(status_of(fault.cause)) {
        return true;
    }
    let read = Walker { cpu, space, at: fault.value, access: Access::Load, marks: false };
    let failure = read.translate(Mode::of(cpu).data_regime()).err();
    failure.is_some_and(|failure| status::is_permission(status_of(failure.fault.cause)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::system::syndrome::{STAGE_1_WALK, STAGE_2, TO_EL2, WRITE, abort};

    /// The same word everywhere.
    struct Everywhere(u32);

    impl Fetch for Everywhere {
        fn fetch16(&mut self, at: u64) -> Result<u16, Fault> {
            Ok((self.0 >> (8 * (at & 2))) as u16)
        }
    }

    fn completed(access: Access, more: u64, word: u32) -> u64 {
        let (cpu, space) = (CpuState::default(), AddressSpace::default());
        let fault = abort(0x5000, access, status::translation(2));
        let fault = Fault { cause: fault.cause | more, ..fault };
        complete(&cpu, &space, fault, &mut Everywhere(word)).cause ^ fault.cause
    }

    const LDRH: u32 = 0x7940_0023; // ldrh w3, [x1]
    const LDRH_TOLD: u64 = 1 << 24 | 1 << 22 | 3 << 16;

    #[test]
    fn only_stage_2_tells_of_the_register_and_not_of_its_own_walks() {
        let stage2 = STAGE_2 | TO_EL2;
        assert_eq!(completed(Access::Load, stage2, LDRH), LDRH_TOLD);
        assert_eq!(completed(Access::Load, stage2 | STAGE_1_WALK, LDRH), 0);
        assert_eq!(completed(Access::Load, 0, LDRH), 0);
        assert_eq!(completed(Access::Fetch, stage2, LDRH), 0);
        assert_eq!(completed(Access::Load, stage2 | syndrome::MAINTENANCE, LDRH), 0);
    }

    #[test]
    fn atomics_are_told_as_reads_if_those_fail() {
        assert_eq!(completed(Access::Store, 0, 0xf822_0023), WRITE, "ldadd x2, x3, [x1]");
        assert_eq!(completed(Access::Store, STAGE_2 | TO_EL2, 0xc8a2_7c23), WRITE, "cas x2, x3, [x1]");
        assert_eq!(completed(Access::Store, 0, 0x0822_7c20), WRITE, "casp w2, w3, w0, w1, [x1]");
        assert_eq!(completed(Access::Store, 0, 0xc803_7c22), 0, "stxr w3, x2, [x1]");
        assert_eq!(completed(Access::Store, 0, 0xf900_003f), 0, "str xzr, [x1]");
    }
}
