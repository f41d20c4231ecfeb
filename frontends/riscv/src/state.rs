//! The state of a hart, and the mode bits that code is lifted under.
//!
//! Sources: RISC-V Unprivileged ISA (20240411), chapters 2, 4, 20 and 21;
//! Privileged ISA (20240411), chapters 2, 3 and 10.

use ir::{Slot, SlotClass, StateLayout, Type};

/// Slot of integer register `n` (0 to 31). Slot `x0` is never written.
pub const fn x(n: u32) -> Slot {
    Slot(n as u16 & 31)
}

/// Slot of floating-point register `n` (0 to 31), NaN-boxed.
pub const fn f(n: u32) -> Slot {
    Slot(32 + (n as u16 & 31))
}

/// Names the slots after the registers, in order.
macro_rules! slots {
    ($first:literal: $($(#[$doc:meta])* $konst:ident $name:literal $class:ident;)*) => {
        slots!(@consts $first, $($(#[$doc])* $konst,)*);
        /// Name and class of the slots behind the registers.
        const REST: &[(&str, SlotClass)] = &[$(($name, SlotClass::$class)),*];
    };
    (@consts $n:expr, $(#[$doc:meta])* $konst:ident, $($rest:tt)*) => {
        $(#[$doc])*
        pub const $konst: Slot = Slot($n);
        slots!(@consts $n + 1, $($rest)*);
    };
    (@consts $n:expr,) => {};
}

slots! { 64:
    /// The program counter.
    PC "pc" Pc;
    /// Accrued floating-point exceptions, 5 bits.
    FFLAGS "fflags" Control;
    /// Dynamic rounding mode, 3 bits.
    FRM "frm" Control;
    /// Privilege: 0 U, 1 S, 3 M.
    PRIV "priv" Hidden;
    /// Machine status, with the bits of sstatus.
    MSTATUS "mstatus" Control;
    /// Machine ISA.
    MISA "misa" Control;
    /// Exceptions delegated to S.
    MEDELEG "medeleg" Control;
    /// Interrupts delegated to S.
    MIDELEG "mideleg" Control;
    /// Interrupt enables, with the bits of sie.
    MIE "mie" Control;
    /// Interrupts pending by software (SSIP, STIP without Sstc, SEIP).
    MIP_SOFT "mip_soft" Control;
    /// Interrupts pending by the pins and timers as last sampled.
    MIP_PINS "mip_pins" Hidden;
    /// Machine trap vector.
    MTVEC "mtvec" Control;
    /// Counters enabled for S.
    MCOUNTEREN "mcounteren" Control;
    /// Machine scratch.
    MSCRATCH "mscratch" Control;
    /// Machine exception pc.
    MEPC "mepc" Control;
    /// Machine cause.
    MCAUSE "mcause" Control;
    /// Machine trap value.
    MTVAL "mtval" Control;
    /// Machine environment configuration.
    MENVCFG "menvcfg" Control;
    /// Counters inhibited.
    MCOUNTINHIBIT "mcountinhibit" Control;
    /// Supervisor trap vector.
    STVEC "stvec" Control;
    /// Counters enabled for U.
    SCOUNTEREN "scounteren" Control;
    /// Supervisor scratch.
    SSCRATCH "sscratch" Control;
    /// Supervisor exception pc.
    SEPC "sepc" Control;
    /// Supervisor cause.
    SCAUSE "scause" Control;
    /// Supervisor trap value.
    STVAL "stval" Control;
    /// Supervisor environment configuration.
    SENVCFG "senvcfg" Control;
    /// Supervisor address translation.
    SATP "satp" Control;
    /// Supervisor timer compare (Sstc).
    STIMECMP "stimecmp" Control;
    /// What has to be added to the instruction count to give mcycle.
    MCYCLE_OFFSET "mcycle_offset" Hidden;
    /// What has to be added to the instruction count to give minstret.
    MINSTRET_OFFSET "minstret_offset" Hidden;
    /// Hart number.
    MHARTID "mhartid" Control;
    /// 1 if the machine plays the firmware: an ecall from S leaves to it.
    FIRMWARE "firmware" Hidden;
    /// PMP configuration of entries 0 to 7.
    PMPCFG0 "pmpcfg0" Control;
    /// PMP configuration of entries 8 to 15.
    PMPCFG2 "pmpcfg2" Control;
    /// PMP address of entry 0; entry `n` (0 to 15) is `n` slots on.
    PMPADDR0 "pmpaddr0" Control;
    /// PMP address of entry 1.
    PMPADDR1 "pmpaddr1" Control;
    /// PMP address of entry 2.
    PMPADDR2 "pmpaddr2" Control;
    /// PMP address of entry 3.
    PMPADDR3 "pmpaddr3" Control;
    /// PMP address of entry 4.
    PMPADDR4 "pmpaddr4" Control;
    /// PMP address of entry 5.
    PMPADDR5 "pmpaddr5" Control;
    /// PMP address of entry 6.
    PMPADDR6 "pmpaddr6" Control;
    /// PMP address of entry 7.
    PMPADDR7 "pmpaddr7" Control;
    /// PMP address of entry 8.
    PMPADDR8 "pmpaddr8" Control;
    /// PMP address of entry 9.
    PMPADDR9 "pmpaddr9" Control;
    /// PMP address of entry 10.
    PMPADDR10 "pmpaddr10" Control;
    /// PMP address of entry 11.
    PMPADDR11 "pmpaddr11" Control;
    /// PMP address of entry 12.
    PMPADDR12 "pmpaddr12" Control;
    /// PMP address of entry 13.
    PMPADDR13 "pmpaddr13" Control;
    /// PMP address of entry 14.
    PMPADDR14 "pmpaddr14" Control;
    /// PMP address of entry 15.
    PMPADDR15 "pmpaddr15" Control;
    /// Levels of the interrupt pins when last sampled, a bit a pin.
    PINS_SEEN "pins_seen" Hidden;
}

/// The layout: x0–x31, f0–f31, then the rest above.
pub fn layout() -> StateLayout {
    let mut layout = StateLayout::default();
    for name in X_NAMES {
        layout.add(name, Type::I64, SlotClass::Gpr);
    }
    for name in F_NAMES {
        layout.add(name, Type::I64, SlotClass::Fpr);
    }
    for (name, class) in REST {
        layout.add(name, Type::I64, *class);
    }
    layout
}

/// Every slot but the registers x0–x31 and f0–f31.
pub const CONTROL_SLOTS: &[Slot] = &{
    let mut slots = [PC; REST.len()];
    let mut i = 0;
    while i < REST.len() {
        slots[i] = Slot(64 + i as u16);
        i += 1;
    }
    slots
};

/// Slot names of the integer registers.
#[rustfmt::skip]
pub const X_NAMES: [&str; 32] = [
    "x0", "x1", "x2", "x3", "x4", "x5", "x6", "x7", "x8", "x9", "x10", "x11", "x12", "x13", "x14", "x15",
    "x16", "x17", "x18", "x19", "x20", "x21", "x22", "x23", "x24", "x25", "x26", "x27", "x28", "x29", "x30", "x31",
];

/// Slot names of the floating-point registers.
#[rustfmt::skip]
pub const F_NAMES: [&str; 32] = [
    "f0", "f1", "f2", "f3", "f4", "f5", "f6", "f7", "f8", "f9", "f10", "f11", "f12", "f13", "f14", "f15",
    "f16", "f17", "f18", "f19", "f20", "f21", "f22", "f23", "f24", "f25", "f26", "f27", "f28", "f29", "f30", "f31",
];

/// Translation regimes of data accesses and fetches, as memory operations name
/// them. An engine may keep translations of each apart.
pub mod regime {
    /// No translation: M mode, PMP with M's rules.
    pub const MACHINE: u8 = 0;
    /// S mode's own pages; user pages fault.
    pub const SUPERVISOR: u8 = 1;
    /// S mode with sstatus.SUM: user pages may be read and written.
    pub const SUPERVISOR_SUM: u8 = 2;
    /// U mode.
    pub const USER: u8 = 3;
    /// S mode with sstatus.MXR: executable pages may be read.
    pub const SUPERVISOR_MXR: u8 = 4;
    /// S mode with sstatus.SUM and MXR.
    pub const SUPERVISOR_SUM_MXR: u8 = 5;
    /// U mode with sstatus.MXR.
    pub const USER_MXR: u8 = 6;
}

/// The mode bits of a block key.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Mode(pub u32);

impl Mode {
    /// Packs the mode: privilege (0, 1 or 3), mstatus.FS (0 to 3), the regime
    /// of loads and stores, and whether the machine plays the firmware.
    pub const fn new(privilege: u32, fs: u32, data_regime: u8, firmware: bool) -> Mode {
        Mode(privilege & 3 | (fs & 3) << 2 | (data_regime as u32 & 7) << 4 | (firmware as u32) << 7)
    }

    /// The mode of U-mode code with the floating-point unit on and dirty.
    pub const USER: Mode = Mode::new(0, 3, regime::USER, false);

    /// 0 U, 1 S, 3 M.
    pub const fn privilege(self) -> u32 {
        self.0 & 3
    }

    /// mstatus.FS: 0 off, 1 initial, 2 clean, 3 dirty.
    pub const fn fs(self) -> u32 {
        self.0 >> 2 & 3
    }

    /// The regime of loads and stores.
    pub const fn data_regime(self) -> u8 {
        (self.0 >> 4 & 7) as u8
    }

    /// Whether an ecall from S leaves to the machine's firmware.
    pub const fn firmware(self) -> bool {
        self.0 >> 7 & 1 != 0
    }
}
