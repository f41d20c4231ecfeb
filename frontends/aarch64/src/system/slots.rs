//! The slots of PSTATE and of the system registers.
//!
//! A register that holds nothing (an identification register, one that reads as
//! zero) or that a chip holds (timers, interrupt controller) has no slot.
//! Sources: Arm ARM, C5.2 (PSTATE) and D23 (registers); a name here
//! is the register's there, in lower case.

use crate::state::SYSTEM_FIRST;
use ir::{Slot, SlotClass};

/// Names the slots, in order.
macro_rules! slots {
    ($($(#[$doc:meta])* $konst:ident $name:literal $class:ident;)*) => {
        slots!(@consts SYSTEM_FIRST, $($(#[$doc])* $konst,)*);
        /// Name and class of these slots, which are `i64` and start at
        /// [`SYSTEM_FIRST`].
        pub const SLOTS: &[(&str, SlotClass)] = &[$(($name, SlotClass::$class)),*];
    };
    (@consts $n:expr, $(#[$doc:meta])* $konst:ident, $($rest:tt)*) => {
        $(#[$doc])*
        pub const $konst: Slot = Slot($n);
        slots!(@consts $n + 1, $($rest)*);
    };
    (@consts $n:expr,) => {};
}

slots! {
    /// PSTATE.IL: illegal execution state, in bit 20 as in SPSR.
    IL "il" Hidden;
    /// PSTATE.SS: software step, in bit 21 as in SPSR.
    SS "ss" Hidden;

    /// Thread pointer of EL0.
    TPIDR_EL0 "tpidr_el0" Control;
    /// Thread pointer that EL0 only reads.
    TPIDRRO_EL0 "tpidrro_el0" Control;
    /// Thread pointer of EL1.
    TPIDR_EL1 "tpidr_el1" Control;
    /// Thread pointer of EL2.
    TPIDR_EL2 "tpidr_el2" Control;

    /// Translation table of the low addresses, EL1.
    TTBR0_EL1 "ttbr0_el1" Control;
    /// Translation table of the high addresses, EL1.
    TTBR1_EL1 "ttbr1_el1" Control;
    /// Translation control, EL1.
    TCR_EL1 "tcr_el1" Control;
    /// Memory attributes, EL1.
    MAIR_EL1 "mair_el1" Control;
    /// Context number, EL1.
    CONTEXTIDR_EL1 "contextidr_el1" Control;
    /// Result of an address translation.
    PAR_EL1 "par_el1" Control;
    /// Which cache CCSIDR_EL1 describes.
    CSSELR_EL1 "csselr_el1" Control;
    /// What EL0 may see of the timers.
    CNTKCTL_EL1 "cntkctl_el1" Control;

    /// Traps of debug and of the performance monitors.
    MDCR_EL2 "mdcr_el2" Control;
    /// Traps of AArch32 coprocessor registers.
    HSTR_EL2 "hstr_el2" Control;
    /// Translation table of the low addresses, EL2.
    TTBR0_EL2 "ttbr0_el2" Control;
    /// Translation table of the high addresses, EL2 with VHE.
    TTBR1_EL2 "ttbr1_el2" Control;
    /// Translation control, EL2.
    TCR_EL2 "tcr_el2" Control;
    /// Translation table of stage 2, with the VMID.
    VTTBR_EL2 "vttbr_el2" Control;
    /// Translation control of stage 2.
    VTCR_EL2 "vtcr_el2" Control;
    /// Memory attributes, EL2.
    MAIR_EL2 "mair_el2" Control;
    /// Fault address of stage 2.
    HPFAR_EL2 "hpfar_el2" Control;
    /// Context number, EL2 with VHE.
    CONTEXTIDR_EL2 "contextidr_el2" Control;
    /// MIDR_EL1 as EL1 sees it.
    VPIDR_EL2 "vpidr_el2" Control;
    /// MPIDR_EL1 as EL1 sees it.
    VMPIDR_EL2 "vmpidr_el2" Control;
    /// What EL1 and EL0 may see of the timers.
    CNTHCTL_EL2 "cnthctl_el2" Control;
    /// What the virtual count lags behind the physical one.
    CNTVOFF_EL2 "cntvoff_el2" Control;

    /// Debug control.
    MDSCR_EL1 "mdscr_el1" Control;
    /// Interrupts of the debug communication channel.
    MDCCINT_EL1 "mdccint_el1" Control;
    /// Debug exceptions of the OS lock.
    OSECCR_EL1 "oseccr_el1" Control;
    /// The debug communication channel, whose other end is open.
    DBGDTR "dbgdtr" Control;
    /// The OS lock of the debug registers: 1 if it is set.
    OS_LOCK "os_lock" Hidden;
    /// The OS double lock.
    OSDLR_EL1 "osdlr_el1" Control;
    /// Claim tags of debug software, 8 bits.
    DBGCLAIM "dbgclaim" Hidden;
    /// Breakpoint value 0; breakpoint `n` (0 to 5) is `n` slots on.
    DBGBVR0_EL1 "dbgbvr0_el1" Control;
    /// Breakpoint value 1.
    DBGBVR1_EL1 "dbgbvr1_el1" Control;
    /// Breakpoint value 2.
    DBGBVR2_EL1 "dbgbvr2_el1" Control;
    /// Breakpoint value 3.
    DBGBVR3_EL1 "dbgbvr3_el1" Control;
    /// Breakpoint value 4.
    DBGBVR4_EL1 "dbgbvr4_el1" Control;
    /// Breakpoint value 5.
    DBGBVR5_EL1 "dbgbvr5_el1" Control;
    /// Breakpoint control 0; breakpoint `n` (0 to 5) is `n` slots on.
    DBGBCR0_EL1 "dbgbcr0_el1" Control;
    /// Breakpoint control 1.
    DBGBCR1_EL1 "dbgbcr1_el1" Control;
    /// Breakpoint control 2.
    DBGBCR2_EL1 "dbgbcr2_el1" Control;
    /// Breakpoint control 3.
    DBGBCR3_EL1 "dbgbcr3_el1" Control;
    /// Breakpoint control 4.
    DBGBCR4_EL1 "dbgbcr4_el1" Control;
    /// Breakpoint control 5.
    DBGBCR5_EL1 "dbgbcr5_el1" Control;
    /// Watchpoint value 0; watchpoint `n` (0 to 3) is `n` slots on.
    DBGWVR0_EL1 "dbgwvr0_el1" Control;
    /// Watchpoint value 1.
    DBGWVR1_EL1 "dbgwvr1_el1" Control;
    /// Watchpoint value 2.
    DBGWVR2_EL1 "dbgwvr2_el1" Control;
    /// Watchpoint value 3.
    DBGWVR3_EL1 "dbgwvr3_el1" Control;
    /// Watchpoint control 0; watchpoint `n` (0 to 3) is `n` slots on.
    DBGWCR0_EL1 "dbgwcr0_el1" Control;
    /// Watchpoint control 1.
    DBGWCR1_EL1 "dbgwcr1_el1" Control;
    /// Watchpoint control 2.
    DBGWCR2_EL1 "dbgwcr2_el1" Control;
    /// Watchpoint control 3.
    DBGWCR3_EL1 "dbgwcr3_el1" Control;

    /// Performance monitors: control.
    PMCR_EL0 "pmcr_el0" Control;
    /// Counters enabled.
    PMCNTENSET_EL0 "pmcntenset_el0" Control;
    /// Counters that have overflowed.
    PMOVSSET_EL0 "pmovsset_el0" Control;
    /// Counters whose overflow interrupts.
    PMINTENSET_EL1 "pmintenset_el1" Control;
    /// Which counter PMXEV… means.
    PMSELR_EL0 "pmselr_el0" Control;
    /// What EL0 may do with the counters.
    PMUSERENR_EL0 "pmuserenr_el0" Control;
    /// Where cycles count.
    PMCCFILTR_EL0 "pmccfiltr_el0" Control;
    /// The cycle counter if it stands still; if it runs, what has to be added
    /// to the instruction count to give it.
    PMCCNTR_BASE "pmccntr_base" Hidden;

    /// Which [`crate::Model`] this is.
    MODEL "model" Hidden;
    /// Number of the CPU: its private window, and its affinity.
    CPU_INDEX "cpu_index" Hidden;
    /// 1 if there is an EL2.
    HAS_EL2 "has_el2" Hidden;
    /// 1 if the interrupt controller has registers among the CPU's (GICv3).
    GIC_REGISTERS "gic_registers" Hidden;
    /// The intermediate address at which stage 2 last failed.
    STAGE2_FAULT "stage2_fault" Hidden;
    /// What the syndrome of a software step says of the instruction: ISV and EX.
    STEPPED "stepped" Hidden;
    /// 1 if the next instruction may bend the stack pointer, so that accesses by it fault.
    STACK_BENDS "stack_bends" Hidden;
    /// State of the random number generator; never 0.
    RANDOM "random" Hidden;
}
