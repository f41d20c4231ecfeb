//! The state of a PE, and the mode bits that code is lifted under.
//!
//! Source: Arm ARM, B1.2 (registers of application level), D1.3 (PSTATE),
//! chapter D24 (System registers).

use guest::CpuState;
use ir::{Slot, SlotClass, StateLayout, Type};

use crate::fields::{cpacr, hcr, sctlr};
use crate::system::slots::{HAS_EL2, IL, SLOTS, SS, STACK_BENDS};
use crate::system::{debug, pstate, registers};

/// Slot of general-purpose register `n` (0 to 30); 31 is the stack pointer.
pub const fn x(n: u32) -> Slot {
    Slot(n as u16 & 31)
}

/// The stack pointer that is selected now. The others are in [`SP_EL0`] and
/// its neighbours, where exception entry and return exchange them.
pub const SP: Slot = Slot(31);

/// Slot of SIMD and floating-point register `n` (0 to 31), two words.
pub const fn v(n: u32) -> Slot {
    Slot(32 + 2 * (n as u16 & 31))
}

/// Names the slots after the registers, in order.
macro_rules! slots {
    ($first:literal: $($(#[$doc:meta])* $konst:ident $name:literal $ty:ident $class:ident;)*) => {
        slots!(@consts $first, $($(#[$doc])* $konst,)*);
        /// Name, type and class of the slots behind the registers.
        const REST: &[(&str, Type, SlotClass)] = &[$(($name, Type::$ty, SlotClass::$class)),*];
    };
    (@consts $n:expr, $(#[$doc:meta])* $konst:ident, $($rest:tt)*) => {
        $(#[$doc])*
        pub const $konst: Slot = Slot($n);
        slots!(@consts $n + 1, $($rest)*);
    };
    (@consts $n:expr,) => {};
}

slots! { 96:
    /// The program counter.
    PC "pc" I64 Pc;
    /// PSTATE.N: negative, 0 or 1.
    N "n" I8 Flag;
    /// PSTATE.Z: zero, 0 or 1.
    Z "z" I8 Flag;
    /// PSTATE.C: carry, 0 or 1.
    C "c" I8 Flag;
    /// PSTATE.V: overflow, 0 or 1.
    V "v" I8 Flag;
    /// Floating-point control register.
    FPCR "fpcr" I64 Control;
    /// Floating-point status register.
    FPSR "fpsr" I64 Control;
    /// PSTATE.EL: the current exception level, 0 to 2.
    CURRENT_EL "currentel" I64 Hidden;
    /// PSTATE.SP: 1 if the level has its own stack pointer selected.
    SPSEL "spsel" I64 Control;
    /// PSTATE's D, A, I and F, in bits 9 to 6 as in SPSR.
    DAIF "daif" I64 Control;
    /// PSTATE.PAN, in bit 22 as in SPSR.
    PAN "pan" I64 Control;
    /// PSTATE.UAO, in bit 23 as in SPSR.
    UAO "uao" I64 Control;
    /// PSTATE.DIT, in bit 24 as in SPSR.
    DIT "dit" I64 Control;
    /// PSTATE.SSBS, in bit 12 as in SPSR.
    SSBS "ssbs" I64 Control;
    /// Where the last branch with a type led, and that type in the two low bits; see
    /// [`pstate::branch_type`](crate::system::pstate::branch_type).
    BRANCH_TARGET "branch_target" I64 Hidden;
    /// Which calls the machine's firmware answers; see [`Conduit`].
    FIRMWARE "firmware" I64 Hidden;
    /// EL0's stack pointer while another one is selected.
    SP_EL0 "sp_el0" I64 Control;
    /// EL1's stack pointer while another one is selected.
    SP_EL1 "sp_el1" I64 Control;
    /// EL2's stack pointer while another one is selected.
    SP_EL2 "sp_el2" I64 Control;
    /// System control, EL1.
    SCTLR_EL1 "sctlr_el1" I64 Control;
    /// System control, EL2.
    SCTLR_EL2 "sctlr_el2" I64 Control;
    /// Access to floating point and SIMD, EL1.
    CPACR_EL1 "cpacr_el1" I64 Control;
    /// Traps of floating point and SIMD, EL2.
    CPTR_EL2 "cptr_el2" I64 Control;
    /// Hypervisor configuration.
    HCR_EL2 "hcr_el2" I64 Control;
    /// Exception link, EL1.
    ELR_EL1 "elr_el1" I64 Control;
    /// Exception link, EL2.
    ELR_EL2 "elr_el2" I64 Control;
    /// Saved PSTATE, EL1.
    SPSR_EL1 "spsr_el1" I64 Control;
    /// Saved PSTATE, EL2.
    SPSR_EL2 "spsr_el2" I64 Control;
    /// Exception syndrome, EL1.
    ESR_EL1 "esr_el1" I64 Control;
    /// Exception syndrome, EL2.
    ESR_EL2 "esr_el2" I64 Control;
    /// Fault address, EL1.
    FAR_EL1 "far_el1" I64 Control;
    /// Fault address, EL2.
    FAR_EL2 "far_el2" I64 Control;
    /// Vector base, EL1.
    VBAR_EL1 "vbar_el1" I64 Control;
    /// Vector base, EL2.
    VBAR_EL2 "vbar_el2" I64 Control;
    /// Pointer authentication key A for instructions, low half.
    APIAKEYLO_EL1 "apiakeylo_el1" I64 Control;
    /// Pointer authentication key A for instructions, high half.
    APIAKEYHI_EL1 "apiakeyhi_el1" I64 Control;
    /// Pointer authentication key B for instructions, low half.
    APIBKEYLO_EL1 "apibkeylo_el1" I64 Control;
    /// Pointer authentication key B for instructions, high half.
    APIBKEYHI_EL1 "apibkeyhi_el1" I64 Control;
    /// Pointer authentication key A for data, low half.
    APDAKEYLO_EL1 "apdakeylo_el1" I64 Control;
    /// Pointer authentication key A for data, high half.
    APDAKEYHI_EL1 "apdakeyhi_el1" I64 Control;
    /// Pointer authentication key B for data, low half.
    APDBKEYLO_EL1 "apdbkeylo_el1" I64 Control;
    /// Pointer authentication key B for data, high half.
    APDBKEYHI_EL1 "apdbkeyhi_el1" I64 Control;
    /// Generic pointer authentication key, low half.
    APGAKEYLO_EL1 "apgakeylo_el1" I64 Control;
    /// Generic pointer authentication key, high half.
    APGAKEYHI_EL1 "apgakeyhi_el1" I64 Control;
    /// Affinity of the PE.
    MPIDR_EL1 "mpidr_el1" I64 Control;
    /// Levels of the interrupt pins when last sampled, a bit a pin.
    PINS "pins" I64 Hidden;
}

/// The first slot of [`crate::system::slots`].
pub const SYSTEM_FIRST: u16 = 96 + REST.len() as u16;

/// The layout: x0–x30, sp, v0–v31, then the rest above, then the other System
/// registers.
pub fn layout() -> StateLayout {
    let mut layout = StateLayout::default();
    for name in X_NAMES {
        layout.add(name, Type::I64, SlotClass::Gpr);
    }
    for name in V_NAMES {
        layout.add(name, Type::V128, SlotClass::Fpr);
    }
    for (name, ty, class) in REST {
        layout.add(name, *ty, *class);
    }
    for (name, class) in SLOTS {
        layout.add(name, Type::I64, *class);
    }
    layout
}

/// Slot names of the general-purpose registers and the stack pointer.
#[rustfmt::skip]
pub const X_NAMES: [&str; 32] = [
    "x0", "x1", "x2", "x3", "x4", "x5", "x6", "x7", "x8", "x9", "x10", "x11", "x12", "x13", "x14", "x15",
    "x16", "x17", "x18", "x19", "x20", "x21", "x22", "x23", "x24", "x25", "x26", "x27", "x28", "x29", "x30", "sp",
];

/// Slot names of the SIMD and floating-point registers.
#[rustfmt::skip]
pub const V_NAMES: [&str; 32] = [
    "v0", "v1", "v2", "v3", "v4", "v5", "v6", "v7", "v8", "v9", "v10", "v11", "v12", "v13", "v14", "v15", "v16",
    "v17", "v18", "v19", "v20", "v21", "v22", "v23", "v24", "v25", "v26", "v27", "v28", "v29", "v30", "v31",
];

/// Translation regimes of data accesses and fetches, as memory operations name
/// them. An engine may keep translations of each apart.
pub mod regime {
    /// EL1&0, access by EL0, and by EL1 with the unprivileged instructions.
    pub const EL10_USER: u8 = 0;
    /// EL1&0, access by EL1.
    pub const EL10: u8 = 1;
    /// EL1&0, access by EL1 with PSTATE.PAN.
    pub const EL10_PAN: u8 = 2;
    /// EL2&0, access by EL0, and by EL2 with the unprivileged instructions.
    pub const EL20_USER: u8 = 3;
    /// EL2&0, access by EL2.
    pub const EL20: u8 = 4;
    /// EL2&0, access by EL2 with PSTATE.PAN.
    pub const EL20_PAN: u8 = 5;
    /// EL2.
    pub const EL2: u8 = 6;
}

/// Who answers a call instruction (`hvc` or `smc`).
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[repr(u32)]
pub enum Conduit {
    /// Nobody: it is undefined.
    None = 0,
    /// EL2, by an exception.
    Hypervisor = 1,
    /// The firmware that the machine plays.
    Firmware = 2,
}

impl Conduit {
    /// The one with this number; [`Conduit::None`] if there is none such.
    const fn from_bits(bits: u32) -> Conduit {
        match bits {
            1 => Conduit::Hypervisor,
            2 => Conduit::Firmware,
            _ => Conduit::None,
        }
    }
}

/// Values of the slot [`FIRMWARE`].
pub mod firmware {
    /// The machine plays no firmware.
    pub const NONE: u64 = 0;
    /// `hvc` calls it; there is no EL2 then.
    pub const HVC: u64 = 1;
    /// `smc` calls it.
    pub const SMC: u64 = 2;
}

/// The mode bits of a block key: all state that lifting depends on.
///
/// | bits | what |
/// |---|---|
/// | 1:0 | exception level |
/// | 4:2 | regime of loads and stores |
/// | 5 | some watchpoint is for loads |
/// | 8 | floating point and SIMD trap |
/// | 9 | accesses have to be aligned (SCTLR_ELx.A, or no translation) |
/// | 10 | `dc zva` is allowed |
/// | 12:11 | [`Conduit`] of `hvc` |
/// | 14:13 | [`Conduit`] of `smc` |
/// | 18:15 | pointer authentication with keys IA, IB, DA, DB is on |
/// | 19 | illegal execution state (PSTATE.IL) |
/// | 20 | EL2 traps accesses to System registers |
/// | 22:21 | software step: 0 off, 1 an instruction, 2 its exception |
/// | 23 | `paciasp` and its like are no target of `br` (SCTLR_ELx.BT0, BT1) |
/// | 24 | accesses by a stack pointer that is not aligned fault (SCTLR_ELx.SA, SA0) |
/// | 25 | and it is not, or may come to be not |
/// | 26 | breakpoints are on |
/// | 27 | pointer authentication traps to EL2 |
/// | 28 | the page is guarded: what [`Page::code_mode`](guest::Page::code_mode) says |
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Mode(pub u32);

/// The bit of [`Mode`] that a guarded page adds.
pub const GUARDED: u32 = 1 << 28;
const _: () = assert!(GUARDED & guest::PAGE_MODE == GUARDED);

impl Mode {
    /// User code at EL0, with nothing that traps.
    pub const USER: Mode = Mode((regime::EL10_USER as u32) << 2 | 1 << 10);

    /// The mode that the CPU is in.
    pub fn of(cpu: &CpuState) -> Mode {
        let el = cpu.get(CURRENT_EL) as u32;
        let hcr = cpu.get(HCR_EL2);
        let host = hcr & hcr::E2H != 0 && (el == 2 || hcr & hcr::TGE != 0);
        let control = cpu.get(if el == 2 || host { SCTLR_EL2 } else { SCTLR_EL1 });
        let pan = cpu.get(PAN) != 0;
        let data = match (el, host) {
            (0, false) => regime::EL10_USER,
            (0, true) => regime::EL20_USER,
            (1, _) => {
                if pan {
                    regime::EL10_PAN
                } else {
                    regime::EL10
                }
            }
            (_, false) => regime::EL2,
            (_, true) => {
                if pan {
                    regime::EL20_PAN
                } else {
                    regime::EL20
                }
            }
        };
        let bit = |set: bool, n: u32| u32::from(set) << n;
        let keys = [sctlr::ENIA, sctlr::ENIB, sctlr::ENDA, sctlr::ENDB];
        let keys = keys.into_iter().enumerate().map(|(i, key)| bit(control & key != 0, 15 + i as u32));
        let (hvc, smc) = conduits(cpu, el);
        Mode(
            el | u32::from(data) << 2
                | bit(debug::watches_loads(cpu), 5)
                | bit(fp_trapped(cpu, el), 8)
                | bit(aligned(cpu, control, data), 9)
                | bit(el != 0 || control & sctlr::DZE != 0, 10)
                | (hvc as u32) << 11
                | (smc as u32) << 13
                | keys.sum::<u32>()
                | bit(cpu.get(IL) != 0, 19)
                | bit(registers::traps(cpu), 20)
                | step(cpu) << 21
                | bit(control & if el == 0 { sctlr::BT0 } else { sctlr::BT1 } != 0, 23)
                | stack(cpu, control & if el == 0 { sctlr::SA0 } else { sctlr::SA } != 0) << 24
                | bit(debug::has_breakpoints(cpu), 26)
                | bit(el < 2 && cpu.get(HAS_EL2) != 0 && hcr & hcr::API == 0 && !host, 27),
        )
    }

    /// The exception level, 0 to 2.
    pub const fn el(self) -> u32 {
        self.0 & 3
    }

    /// The regime of loads and stores.
    pub const fn data_regime(self) -> u8 {
        (self.0 >> 2 & 7) as u8
    }

    /// The regime of `ldtr`, `sttr` and their like.
    pub const fn unprivileged_regime(self) -> u8 {
        match self.data_regime() {
            regime::EL10_USER | regime::EL10 | regime::EL10_PAN => regime::EL10_USER,
            regime::EL20_USER | regime::EL20 | regime::EL20_PAN => regime::EL20_USER,
            other => other,
        }
    }

    /// The regime in which the code is fetched. PSTATE.PAN does not matter.
    pub const fn fetch_regime(self) -> u8 {
        match self.data_regime() {
            regime::EL10_PAN => regime::EL10,
            regime::EL20_PAN => regime::EL20,
            other => other,
        }
    }

    /// Floating-point and SIMD instructions trap.
    pub const fn fp_trapped(self) -> bool {
        self.0 >> 8 & 1 != 0
    }

    /// All accesses have to be aligned.
    pub const fn aligned(self) -> bool {
        self.0 >> 9 & 1 != 0
    }

    /// `dc zva` is allowed.
    pub const fn zva_allowed(self) -> bool {
        self.0 >> 10 & 1 != 0
    }

    /// The state is illegal: every instruction is an exception.
    pub const fn is_illegal(self) -> bool {
        self.0 >> 19 & 1 != 0
    }

    /// EL2 traps some accesses of this level to System registers.
    pub const fn registers_trap(self) -> bool {
        self.0 >> 20 & 1 != 0
    }

    /// One instruction is stepped.
    pub const fn steps(self) -> bool {
        self.0 >> 21 & 3 == 1
    }

    /// An instruction was stepped, and the exception for that is due.
    pub const fn has_stepped(self) -> bool {
        self.0 >> 21 & 3 == 2
    }

    /// `paciasp` and `pacibsp` do not take what `br` leads to.
    pub const fn refuses_signing(self) -> bool {
        self.0 >> 23 & 1 != 0
    }

    /// Accesses by a stack pointer that is not aligned fault.
    pub const fn checks_stack(self) -> bool {
        self.0 >> 24 & 1 != 0
    }

    /// They do, and it is not aligned, or may come to be not.
    pub const fn stack_is_bent(self) -> bool {
        self.0 >> 25 & 1 != 0
    }

    /// Breakpoints are on.
    pub const fn has_breakpoints(self) -> bool {
        self.0 >> 26 & 1 != 0
    }

    /// Watchpoints for loads are on.
    pub const fn watches_loads(self) -> bool {
        self.0 >> 5 & 1 != 0
    }

    /// EL2 traps pointer authentication, where its key is on (HCR_EL2.API).
    pub const fn authentication_traps(self) -> bool {
        self.0 >> 27 & 1 != 0
    }

    /// The code is in a guarded page.
    pub const fn is_guarded(self) -> bool {
        self.0 & GUARDED != 0
    }

    /// The regime is EL2&0.
    pub const fn is_host(self) -> bool {
        matches!(self.data_regime(), regime::EL20 | regime::EL20_PAN | regime::EL20_USER)
    }

    /// Who answers `hvc`.
    pub const fn hvc(self) -> Conduit {
        Conduit::from_bits(self.0 >> 11 & 3)
    }

    /// Who answers `smc`.
    pub const fn smc(self) -> Conduit {
        Conduit::from_bits(self.0 >> 13 & 3)
    }

    /// Pointer authentication with key `key` (0 IA, 1 IB, 2 DA, 3 DB) is on.
    pub const fn authenticates(self, key: u32) -> bool {
        self.0 >> (15 + (key & 3)) & 1 != 0
    }
}

/// Whether all accesses have to be aligned: SCTLR_ELx.A says so, or memory is Device memory
/// because stage 1 is off (D8.2.10).
fn aligned(cpu: &CpuState, control: u64, regime: u8) -> bool {
    let of_el1 = matches!(regime, regime::EL10 | regime::EL10_PAN | regime::EL10_USER);
    let (cached, off) = match cpu.get(HCR_EL2) {
        hcr if of_el1 => (hcr & hcr::DC != 0, hcr & hcr::TGE != 0),
        _ => (false, false),
    };
    control & sctlr::A != 0 || !cached && (off || control & sctlr::M == 0)
}

/// How the stack pointer is checked, as the mode has it (D1.3.9.3).
fn stack(cpu: &CpuState, checked: bool) -> u32 {
    let bent = cpu.get(SP) & 15 != 0 || cpu.get(STACK_BENDS) != 0;
    u32::from(checked) | u32::from(checked && bent) << 1
}

/// Software step, as the mode has it (D2.12.3).
fn step(cpu: &CpuState) -> u32 {
    match (pstate::steps(cpu), cpu.get(SS)) {
        (false, _) => 0,
        (true, 0) => 2,
        (true, _) => 1,
    }
}

/// Who answers `hvc` and `smc` at this level.
fn conduits(cpu: &CpuState, el: u32) -> (Conduit, Conduit) {
    let hcr = cpu.get(HCR_EL2);
    match (el, cpu.get(FIRMWARE)) {
        (0, _) => (Conduit::None, Conduit::None),
        (_, firmware::HVC) if cpu.get(HAS_EL2) == 0 => (Conduit::Firmware, Conduit::None),
        (_, other) => {
            let undefined = hcr & hcr::HCD != 0 || cpu.get(HAS_EL2) == 0;
            let hvc = if undefined { Conduit::None } else { Conduit::Hypervisor };
            let trapped = el == 1 && hcr & hcr::TSC != 0;
            let smc = match other {
                _ if trapped => Conduit::Hypervisor,
                firmware::SMC => Conduit::Firmware,
                _ => Conduit::None,
            };
            (hvc, smc)
        }
    }
}

/// Whether floating point and SIMD trap, to EL1 (D24.2.32, CPACR_EL1) or EL2
/// (D24.2.36, CPTR_EL2).
fn fp_trapped(cpu: &CpuState, el: u32) -> bool {
    let hypervisor = cpu.get(CPTR_EL2);
    let host_format = cpu.get(HCR_EL2) & hcr::E2H != 0;
    let by_el2 = if host_format { fpen(hypervisor, el) } else { hypervisor & cpacr::CPTR_TFP != 0 };
    fp_trapped_by_el1(cpu) || by_el2 && cpu.get(HAS_EL2) != 0
}

/// Whether CPACR_EL1 has floating point and SIMD trap here.
pub fn fp_trapped_by_el1(cpu: &CpuState) -> bool {
    let el = cpu.get(CURRENT_EL) as u32;
    let both = hcr::E2H | hcr::TGE;
    let host = cpu.get(HCR_EL2) & both == both;
    el < 2 && !host && fpen(cpu.get(CPACR_EL1), el)
}

/// Whether a field FPEN has floating point trap at level `el`.
const fn fpen(register: u64, el: u32) -> bool {
    match register >> cpacr::FPEN_SHIFT & 3 {
        3 => false,
        1 => el == 0,
        _ => true,
    }
}
