//! Self-hosted debug: which debug exceptions there are now, breakpoints and watchpoints.
//!
//! Breakpoints are looked at before each instruction, in a mode that there is only while
//! one is on. Watchpoints are looked at where an access is translated: engines remember no
//! translation of a page with one.
//!
//! Source: Arm ARM, D2.4 (enabling), D2.8 (breakpoints), D2.9 (watchpoints), D24.3.

use guest::{Access, CpuState, Env, Fault, Helper};
use ir::{Effects, HelperDecl, Slot, SlotSet};

use super::slots::{CONTEXTIDR_EL1, DBGBCR0_EL1, DBGBVR0_EL1, DBGWCR0_EL1, DBGWVR0_EL1, MDSCR_EL1, OS_LOCK};
use crate::fields::{ec, esr, mdscr, pstate as bit};
use crate::state::{CURRENT_EL, DAIF, regime};

/// Breakpoints that there are; the last ones can match contexts.
pub const BREAKPOINTS: u16 = 6;
/// How many these are.
const CONTEXTS: u16 = 2;
/// Watchpoints that there are.
pub const WATCHPOINTS: u16 = 4;

/// ISS of debug exceptions: their status code, as in aborts.
const DEBUG: u64 = 0x22;

/// Helpers of breakpoints.
pub const HELPERS: &[Helper] = &[Helper {
    decl: HelperDecl {
        name: "check_breakpoints",
        args: 1,
        returns: false,
        reads: SlotSet::All,
        writes: SlotSet::NONE,
        effects: Effects::FAULT,
        inline: &[],
    },
    run: check_breakpoints,
}];

/// Fields that DBGBCRn_EL1 and DBGWCRn_EL1 share.
mod control {
    pub const E: u64 = 1;
    /// PMC or PAC: for which levels.
    pub const LEVELS_SHIFT: u32 = 1;
    /// WCR: for loads, for stores.
    pub const ACCESSES_SHIFT: u32 = 3;
    /// BAS: for which bytes.
    pub const BYTES_SHIFT: u32 = 5;
    /// HMC: for higher levels too.
    pub const HIGHER: u64 = 1 << 13;
    pub const SSC_SHIFT: u32 = 14;
    /// LBN: the breakpoint with the context that has to match, too.
    pub const LINK_SHIFT: u32 = 16;
    /// BT, of breakpoints; bit 0 of it is WT of watchpoints.
    pub const KIND_SHIFT: u32 = 20;
    /// WCR: how many low bits of the address do not count.
    pub const MASK_SHIFT: u32 = 24;
}

/// The register `n` of a family.
const fn nth(first: Slot, n: u16) -> Slot {
    Slot(first.0 + n)
}

/// Whether debug exceptions but `brk` are taken from level `el` (D2.4.1).
pub fn is_enabled(cpu: &CpuState, el: u64) -> bool {
    let kernel = cpu.get(MDSCR_EL1) & mdscr::KDE != 0 && cpu.get(DAIF) & bit::D == 0;
    cpu.get(OS_LOCK) == 0 && (el == 0 || el == 1 && kernel)
}

/// Whether breakpoints have to be looked at.
pub fn has_breakpoints(cpu: &CpuState) -> bool {
    let on = |n| cpu.get(nth(DBGBCR0_EL1, n)) & control::E != 0;
    cpu.get(MDSCR_EL1) & mdscr::MDE != 0 && (0..BREAKPOINTS).any(on)
}

/// Whether some watchpoint is for loads.
pub fn watches_loads(cpu: &CpuState) -> bool {
    let wanted = control::E | 1 << control::ACCESSES_SHIFT;
    let on = |n| cpu.get(nth(DBGWCR0_EL1, n)) & wanted == wanted;
    cpu.get(MDSCR_EL1) & mdscr::MDE != 0 && (0..WATCHPOINTS).any(on)
}

/// Whether a control register means accesses or instructions of level `el` (D2.8.5): of
/// the Non-secure state.
const fn is_of_level(control: u64, el: u64) -> bool {
    let (levels, state) = (control >> control::LEVELS_SHIFT & 3, control >> control::SSC_SHIFT & 3);
    let higher = control & control::HIGHER != 0;
    match el {
        _ if state == 2 => false,
        0 if higher => levels == 3,
        0 => levels & 2 != 0,
        1 => levels & 1 != 0,
        _ => higher && (levels & 1 != 0 || state == 3),
    }
}

/// Bits of an address that are compared: but for the tag.
const fn compared(at: u64) -> u64 {
    at << 8 >> 8
}

/// Whether breakpoint `n` is one for the present context (D2.8.4): a type of context
/// breakpoints, linked or not.
fn is_in_context(cpu: &CpuState, n: u64) -> bool {
    let n = (n & 0xf) as u16;
    if !(BREAKPOINTS - CONTEXTS..BREAKPOINTS).contains(&n) {
        return false;
    }
    let control = cpu.get(nth(DBGBCR0_EL1, n));
    let is_context = matches!(control >> control::KIND_SHIFT & 0xf, 2 | 3);
    let wanted = cpu.get(nth(DBGBVR0_EL1, n)) as u32;
    control & control::E != 0 && is_context && wanted == cpu.get(CONTEXTIDR_EL1) as u32
}

/// Whether breakpoint `n` matches an instruction.
fn breaks(cpu: &CpuState, n: u16, pc: u64, el: u64) -> bool {
    let control = cpu.get(nth(DBGBCR0_EL1, n));
    let here = || (compared(cpu.get(nth(DBGBVR0_EL1, n))) ^ compared(pc)) & !3 == 0;
    let matches = || match control >> control::KIND_SHIFT & 0xf {
        0 => here(),
        1 => here() && is_in_context(cpu, control >> control::LINK_SHIFT),
        2 => is_in_context(cpu, n.into()),
        // Linked context breakpoints match for those that are linked to them.
        _ => false,
    };
    control & control::E != 0 && is_of_level(control, el) && matches()
}

/// Faults if the instruction at the address has a breakpoint.
fn check_breakpoints(env: &mut Env<'_>, [pc, ..]: [u64; 4]) -> Result<u64, Fault> {
    let el = env.cpu.get(CURRENT_EL);
    let hit = is_enabled(env.cpu, el) && (0..BREAKPOINTS).any(|n| breaks(env.cpu, n, pc, el));
    if hit { Err(Fault { cause: esr::syndrome(ec::BREAKPOINT_LOWER, DEBUG), value: 0 }) } else { Ok(0) }
}

/// What watchpoints make of an access.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Watched {
    /// None is in its page.
    Nowhere,
    /// One is in its page.
    Nearby,
    /// The access has hit one.
    Hit(Fault),
}

/// The first and the last byte that watchpoint `n` watches.
fn watched(cpu: &CpuState, n: u16) -> Option<(u64, u64)> {
    let (value, control) = (compared(cpu.get(nth(DBGWVR0_EL1, n))), cpu.get(nth(DBGWCR0_EL1, n)));
    let ignored = control >> control::MASK_SHIFT & 0x1f;
    let bytes = control >> control::BYTES_SHIFT & 0xff;
    if control & control::E == 0 || bytes == 0 {
        return None;
    }
    if ignored != 0 {
        let beyond = (1 << ignored) - 1;
        return Some((value & !beyond, value | beyond));
    }
    let base = value & !7;
    // From the middle of 8 bytes on, the low 4 bits count.
    let bytes = if value & 4 != 0 { (bytes & 0xf) << 4 } else { bytes };
    if bytes == 0 {
        return None;
    }
    Some((base + u64::from(bytes.trailing_zeros()), base + u64::from(bytes.ilog2())))
}

/// What watchpoints make of an access of `bytes` bytes to `at` in a
/// [regime](crate::state::regime).
pub fn watch(cpu: &CpuState, at: u64, bytes: u8, access: Access, number: u8) -> Watched {
    if access == Access::Fetch || cpu.get(MDSCR_EL1) & mdscr::MDE == 0 {
        return Watched::Nowhere;
    }
    let is_user = matches!(number, regime::EL10_USER | regime::EL20_USER);
    let el = if is_user { 0 } else { cpu.get(CURRENT_EL) };
    let wanted = if access == Access::Store { 2 } else { 1 };
    let (first, page) = (compared(at), compared(at) >> 12);
    let last = first + u64::from(bytes.max(1)) - 1;
    let mut found = Watched::Nowhere;
    for n in 0..WATCHPOINTS {
        let Some((from, to)) = watched(cpu, n) else { continue };
        if from >> 12 <= page && page <= to >> 12 {
            found = Watched::Nearby;
        }
        let control = cpu.get(nth(DBGWCR0_EL1, n));
        let is_linked = control >> control::KIND_SHIFT & 1 != 0;
        let hit = first <= to
            && from <= last
            && control >> control::ACCESSES_SHIFT & wanted != 0
            && is_of_level(control, el)
            && is_enabled(cpu, cpu.get(CURRENT_EL))
            && (!is_linked || is_in_context(cpu, control >> control::LINK_SHIFT));
        if hit {
            let write = if access == Access::Store { super::syndrome::WRITE } else { 0 };
            let cause = esr::syndrome(ec::WATCHPOINT_LOWER, DEBUG | write);
            return Watched::Hit(Fault { cause, value: at + from.saturating_sub(first) });
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cpu(value: u64, control: u64) -> CpuState {
        let mut cpu = CpuState::default();
        cpu.set(MDSCR_EL1, mdscr::MDE);
        cpu.set(DBGWVR0_EL1, value);
        cpu.set(DBGWCR0_EL1, control);
        cpu
    }

    /// Enabled for EL0, loads and stores, these bytes.
    const fn bytes(bytes: u64) -> u64 {
        1 | 2 << 1 | 3 << 3 | bytes << 5
    }

    #[test]
    fn watchpoints_watch_the_bytes_that_they_name() {
        let user = regime::EL10_USER;
        let far = |cpu: &CpuState, at, size| match watch(cpu, at, size, Access::Load, user) {
            Watched::Hit(fault) => Some(fault.value),
            _ => None,
        };
        let c = cpu(0x5000, bytes(0xf0));
        assert_eq!(far(&c, 0x5000, 8), Some(0x5004));
        assert_eq!((far(&c, 0x5000, 4), far(&c, 0x5008, 4)), (None, None));
        assert_eq!(far(&cpu(0x5004, bytes(0xf)), 0x5006, 1), Some(0x5006));
        assert_eq!(far(&cpu(0x5000, bytes(0xff) | 12 << 24), 0x5ff8, 8), Some(0x5ff8));
        assert_eq!(far(&c, 0xff00_0000_0000_5004, 4), Some(0xff00_0000_0000_5004), "tags do not count");
        assert_eq!(watch(&c, 0x5100, 8, Access::Store, user), Watched::Nearby);
        assert_eq!(watch(&c, 0x6000, 8, Access::Store, user), Watched::Nowhere);
    }

    #[test]
    fn levels_and_kinds_of_access_are_told_apart() {
        let stores = 1 | 2 << 1 | 2 << 3 | 0xff << 5;
        let c = cpu(0x5000, stores);
        assert_eq!(watch(&c, 0x5000, 8, Access::Load, regime::EL10_USER), Watched::Nearby);
        assert!(matches!(watch(&c, 0x5000, 8, Access::Store, regime::EL10_USER), Watched::Hit(_)));
        let mut kernel = cpu(0x5000, bytes(0xff) ^ 3 << 1);
        kernel.set(CURRENT_EL, 1);
        assert_eq!(
            watch(&kernel, 0x5000, 8, Access::Load, regime::EL10),
            Watched::Nearby,
            "not with KDE off"
        );
        kernel.set(MDSCR_EL1, mdscr::MDE | mdscr::KDE);
        assert!(matches!(watch(&kernel, 0x5000, 8, Access::Load, regime::EL10), Watched::Hit(_)));
        kernel.set(DAIF, bit::D);
        assert_eq!(watch(&kernel, 0x5000, 8, Access::Load, regime::EL10), Watched::Nearby);
    }

    #[test]
    fn breakpoints_may_want_a_context() {
        let mut c = CpuState::default();
        c.set(DBGBVR0_EL1, 0x4000);
        c.set(DBGBCR0_EL1, 1 | 2 << 1 | 0xf << 5 | 5 << 16 | 1 << 20);
        c.set(nth(DBGBVR0_EL1, 5), 77);
        c.set(nth(DBGBCR0_EL1, 5), 1 | 2 << 1 | 0xf << 5 | 3 << 20);
        assert!(!breaks(&c, 0, 0x4000, 0));
        c.set(CONTEXTIDR_EL1, 77);
        assert!(breaks(&c, 0, 0x4000, 0) && !breaks(&c, 0, 0x4004, 0) && !breaks(&c, 0, 0x4000, 1));
        assert!(!breaks(&c, 5, 0x4000, 0), "it is linked to");
    }
}
