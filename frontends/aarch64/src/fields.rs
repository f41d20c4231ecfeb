//! Fields of System registers and syndromes.
//!
//! Source: Arm ARM, D24.2 (general registers), C5.2 (PSTATE).

/// PSTATE as SPSR_ELx has it.
pub mod pstate {
    /// Negative.
    pub const N: u64 = 1 << 31;
    /// Zero.
    pub const Z: u64 = 1 << 30;
    /// Carry.
    pub const C: u64 = 1 << 29;
    /// Overflow.
    pub const V: u64 = 1 << 28;
    /// Data-independent timing.
    pub const DIT: u64 = 1 << 24;
    /// User access override.
    pub const UAO: u64 = 1 << 23;
    /// Privileged access never.
    pub const PAN: u64 = 1 << 22;
    /// Software step.
    pub const SS: u64 = 1 << 21;
    /// Illegal execution state.
    pub const IL: u64 = 1 << 20;
    /// Speculative store bypass safe.
    pub const SSBS: u64 = 1 << 12;
    /// Branch type, for branch target identification.
    pub const BTYPE: u64 = 3 << BTYPE_SHIFT;
    /// Where it stands.
    pub const BTYPE_SHIFT: u32 = 10;
    /// Debug mask.
    pub const D: u64 = 1 << 9;
    /// SError mask.
    pub const A: u64 = 1 << 8;
    /// IRQ mask.
    pub const I: u64 = 1 << 7;
    /// FIQ mask.
    pub const F: u64 = 1 << 6;
    /// The four masks.
    pub const DAIF: u64 = D | A | I | F;
    /// AArch32, which there is none of.
    pub const AARCH32: u64 = 1 << 4;
    /// Shift of the exception level.
    pub const EL_SHIFT: u32 = 2;
    /// The stack pointer is the exception level's own.
    pub const SP: u64 = 1;
}

/// SCTLR_EL1 and SCTLR_EL2.
pub mod sctlr {
    /// Stage 1 translates.
    pub const M: u64 = 1;
    /// Alignment is checked.
    pub const A: u64 = 1 << 1;
    /// Stack pointer alignment is checked, at the level itself.
    pub const SA: u64 = 1 << 3;
    /// The same at EL0.
    pub const SA0: u64 = 1 << 4;
    /// EL0 may change the interrupt masks.
    pub const UMA: u64 = 1 << 9;
    /// Pointer authentication with key B for data.
    pub const ENDB: u64 = 1 << 13;
    /// EL0 may use DC ZVA.
    pub const DZE: u64 = 1 << 14;
    /// EL0 may read CTR_EL0.
    pub const UCT: u64 = 1 << 15;
    /// EL0 may use WFI.
    pub const NTWI: u64 = 1 << 16;
    /// EL0 may use WFE.
    pub const NTWE: u64 = 1 << 18;
    /// What can be written is not executable.
    pub const WXN: u64 = 1 << 19;
    /// PSTATE.PAN stays as it is when an exception is taken.
    pub const SPAN: u64 = 1 << 23;
    /// EL0 may use cache maintenance.
    pub const UCI: u64 = 1 << 26;
    /// Pointer authentication with key A for data.
    pub const ENDA: u64 = 1 << 27;
    /// Pointer authentication with key B for instructions.
    pub const ENIB: u64 = 1 << 30;
    /// Pointer authentication with key A for instructions.
    pub const ENIA: u64 = 1 << 31;
    /// `paciasp` and `pacibsp` are no target of `br`, at EL0.
    pub const BT0: u64 = 1 << 35;
    /// The same at the level itself.
    pub const BT1: u64 = 1 << 36;
    /// PSTATE.SSBS after an exception.
    pub const DSSBS: u64 = 1 << 44;
    /// PAN reaches pages that EL0 may only execute.
    pub const EPAN: u64 = 1 << 57;
}

/// TCR_EL1, and TCR_EL2 where it has two ranges.
pub mod tcr {
    /// Size of the low range: 64 minus its bits.
    pub const T0SZ_SHIFT: u32 = 0;
    /// No walks in the low range.
    pub const EPD0: u64 = 1 << 7;
    /// Granule of the low range: 0 4K, 1 64K, 2 16K.
    pub const TG0_SHIFT: u32 = 14;
    /// Size of the high range.
    pub const T1SZ_SHIFT: u32 = 16;
    /// The ASID is that of TTBR1.
    pub const A1: u64 = 1 << 22;
    /// No walks in the high range.
    pub const EPD1: u64 = 1 << 23;
    /// Granule of the high range: 1 16K, 2 4K, 3 64K.
    pub const TG1_SHIFT: u32 = 30;
    /// Size of the output address.
    pub const IPS_SHIFT: u32 = 32;
    /// ASIDs have 16 bits, not 8.
    pub const AS: u64 = 1 << 36;
    /// The top byte of low addresses is ignored.
    pub const TBI0: u64 = 1 << 37;
    /// The same for high ones.
    pub const TBI1: u64 = 1 << 38;
    /// Hardware sets access flags.
    pub const HA: u64 = 1 << 39;
    /// Hardware sets dirty states.
    pub const HD: u64 = 1 << 40;
    /// Tables' attributes are ignored in the low range.
    pub const HPD0: u64 = 1 << 41;
    /// The same in the high range.
    pub const HPD1: u64 = 1 << 42;
    /// TBI0 is for data alone.
    pub const TBID0: u64 = 1 << 51;
    /// The same of TBI1.
    pub const TBID1: u64 = 1 << 52;
    /// EL0 has no low range.
    pub const E0PD0: u64 = 1 << 55;
    /// EL0 has no high range.
    pub const E0PD1: u64 = 1 << 56;
    /// Descriptors have 52-bit addresses with 4K and 16K granules.
    pub const DS: u64 = 1 << 59;

    /// TCR_EL2 with one range: fields that stand elsewhere.
    pub mod one_range {
        /// Size of the output address.
        pub const PS_SHIFT: u32 = 16;
        /// The top byte is ignored.
        pub const TBI: u64 = 1 << 20;
        /// Hardware sets access flags.
        pub const HA: u64 = 1 << 21;
        /// Hardware sets dirty states.
        pub const HD: u64 = 1 << 22;
        /// Tables' attributes are ignored.
        pub const HPD: u64 = 1 << 24;
        /// TBI is for data alone.
        pub const TBID: u64 = 1 << 29;
        /// 52-bit addresses.
        pub const DS: u64 = 1 << 32;
    }
}

/// VTCR_EL2.
pub mod vtcr {
    /// Where the walk starts.
    pub const SL0_SHIFT: u32 = 6;
    /// Granule: 0 4K, 1 64K, 2 16K.
    pub const TG0_SHIFT: u32 = 14;
    /// Size of the output address.
    pub const PS_SHIFT: u32 = 16;
    /// VMIDs have 16 bits, not 8.
    pub const VS: u64 = 1 << 19;
    /// Hardware sets access flags.
    pub const HA: u64 = 1 << 21;
    /// Hardware sets dirty states.
    pub const HD: u64 = 1 << 22;
}

/// TTBRn_ELx and VTTBR_EL2.
pub mod ttbr {
    /// Where the ASID or VMID stands.
    pub const ASID_SHIFT: u32 = 48;
    /// The table's address.
    pub const BADDR: u64 = (1 << 48) - 2;
}

/// HCR_EL2.
pub mod hcr {
    /// Stage 2 translates.
    pub const VM: u64 = 1;
    /// Set/way maintenance.
    pub const SWIO: u64 = 1 << 1;
    /// Physical FIQs go to EL2, virtual ones exist.
    pub const FMO: u64 = 1 << 3;
    /// The same for IRQs.
    pub const IMO: u64 = 1 << 4;
    /// The same for SErrors.
    pub const AMO: u64 = 1 << 5;
    /// A virtual FIQ is pending.
    pub const VF: u64 = 1 << 6;
    /// A virtual IRQ is pending.
    pub const VI: u64 = 1 << 7;
    /// A virtual SError is pending.
    pub const VSE: u64 = 1 << 8;
    /// TLB maintenance concerns all CPUs.
    pub const FB: u64 = 1 << 9;
    /// Stage 1 is off, stage 2 on.
    pub const DC: u64 = 1 << 12;
    /// WFI traps.
    pub const TWI: u64 = 1 << 13;
    /// WFE traps.
    pub const TWE: u64 = 1 << 14;
    /// Identification group 1 traps.
    pub const TID1: u64 = 1 << 16;
    /// Identification group 2 traps.
    pub const TID2: u64 = 1 << 17;
    /// Identification group 3 traps.
    pub const TID3: u64 = 1 << 18;
    /// SMC traps.
    pub const TSC: u64 = 1 << 19;
    /// Auxiliary control traps.
    pub const TACR: u64 = 1 << 21;
    /// Maintenance by set and way traps.
    pub const TSW: u64 = 1 << 22;
    /// Maintenance to the point of coherency traps.
    pub const TPC: u64 = 1 << 23;
    /// Maintenance to the point of unification traps.
    pub const TPU: u64 = 1 << 24;
    /// TLB maintenance traps.
    pub const TTLB: u64 = 1 << 25;
    /// Writes of the registers of memory control trap.
    pub const TVM: u64 = 1 << 26;
    /// Exceptions of EL0 go to EL2; there is no EL1.
    pub const TGE: u64 = 1 << 27;
    /// DC ZVA traps.
    pub const TDZ: u64 = 1 << 28;
    /// HVC is undefined.
    pub const HCD: u64 = 1 << 29;
    /// Reads of the registers of memory control trap.
    pub const TRVM: u64 = 1 << 30;
    /// EL1 is AArch64.
    pub const RW: u64 = 1 << 31;
    /// EL2 is a host: it has two ranges and EL1's names.
    pub const E2H: u64 = 1 << 34;
    /// LORegion registers trap.
    pub const TLOR: u64 = 1 << 35;
    /// Error record registers trap.
    pub const TERR: u64 = 1 << 36;
    /// Accesses to keys of pointer authentication do not trap.
    pub const APK: u64 = 1 << 40;
    /// Pointer authentication does not trap.
    pub const API: u64 = 1 << 41;
    /// Identification group 4 traps.
    pub const TID4: u64 = 1 << 49;
    /// Maintenance by EL0 to the point of unification, inner shareable, traps.
    pub const TICAB: u64 = 1 << 50;
    /// TLB maintenance that is inner shareable traps.
    pub const TTLBIS: u64 = 1 << 54;
    /// The bits that trap instructions of EL1 or EL0.
    pub const TRAPS: u64 = TID1
        | TID2
        | TID3
        | TID4
        | TACR
        | TSW
        | TPC
        | TPU
        | TTLB
        | TTLBIS
        | TICAB
        | TVM
        | TRVM
        | TDZ
        | TLOR
        | TERR
        | TGE
        | TSC;
}

/// MDSCR_EL1.
pub mod mdscr {
    /// Software step.
    pub const SS: u64 = 1;
    /// EL0 must not use the debug communication channel.
    pub const TDCC: u64 = 1 << 12;
    /// Debug exceptions within EL1.
    pub const KDE: u64 = 1 << 13;
    /// Breakpoints, watchpoints and vector catches are on.
    pub const MDE: u64 = 1 << 15;
}

/// MDCR_EL2.
pub mod mdcr {
    /// PMCR_EL0 traps.
    pub const TPMCR: u64 = 1 << 5;
    /// The performance monitors trap.
    pub const TPM: u64 = 1 << 6;
    /// Debug exceptions go to EL2.
    pub const TDE: u64 = 1 << 8;
    /// Debug registers trap.
    pub const TDA: u64 = 1 << 9;
    /// The OS lock's registers trap.
    pub const TDOSA: u64 = 1 << 10;
    /// Debug ROM registers trap.
    pub const TDRA: u64 = 1 << 11;
    /// All of these.
    pub const TRAPS: u64 = TPMCR | TPM | TDE | TDA | TDOSA | TDRA;
}

/// CPACR_EL1, and CPTR_EL2 (Arm ARM, D24.2.32 and D24.2.36).
pub mod cpacr {
    /// Position of FPEN: 0 and 2 trap EL0 and EL1, 1 traps EL0, 3 none.
    pub const FPEN_SHIFT: u32 = 20;
    /// CPTR_EL2.TCPAC: accesses to CPACR_EL1 trap.
    pub const CPTR_TCPAC: u64 = 1 << 31;
    /// CPTR_EL2.TFP, without E2H: trap.
    pub const CPTR_TFP: u64 = 1 << 10;
}

/// Exception syndromes (Arm ARM, D24.2.41, ESR_EL1).
pub mod esr {
    /// Position of the exception class.
    pub const EC_SHIFT: u32 = 26;
    /// The instruction has 32 bits.
    pub const IL: u64 = 1 << 25;

    /// The syndrome of class `ec` for an instruction of 32 bits.
    pub const fn syndrome(ec: u64, iss: u64) -> u64 {
        ec << EC_SHIFT | IL | iss
    }
}

/// Exception classes (Arm ARM, D24.2.41, table of ESR_EL1.EC).
pub mod ec {
    /// Unknown reason: undefined instructions among others.
    pub const UNKNOWN: u64 = 0x00;
    /// `wfi` or `wfe`, trapped.
    pub const WFX: u64 = 0x01;
    /// Floating point or SIMD, trapped.
    pub const FP_ACCESS: u64 = 0x07;
    /// Pointer authentication, trapped by HCR_EL2.
    pub const POINTER_AUTH: u64 = 0x09;
    /// Branch target.
    pub const BRANCH_TARGET: u64 = 0x0d;
    /// Execution with PSTATE.IL.
    pub const ILLEGAL_STATE: u64 = 0x0e;
    /// `svc`.
    pub const SVC: u64 = 0x15;
    /// `hvc`.
    pub const HVC: u64 = 0x16;
    /// `smc`, trapped.
    pub const SMC: u64 = 0x17;
    /// `msr`, `mrs` or a System instruction, trapped.
    pub const SYSTEM: u64 = 0x18;
    /// Instruction abort from a lower level.
    pub const INSTRUCTION_ABORT_LOWER: u64 = 0x20;
    /// Instruction abort from the same level.
    pub const INSTRUCTION_ABORT: u64 = 0x21;
    /// PC alignment.
    pub const PC_ALIGNMENT: u64 = 0x22;
    /// Data abort from a lower level.
    pub const DATA_ABORT_LOWER: u64 = 0x24;
    /// Data abort from the same level.
    pub const DATA_ABORT: u64 = 0x25;
    /// SP alignment.
    pub const SP_ALIGNMENT: u64 = 0x26;
    /// SError.
    pub const SERROR: u64 = 0x2f;
    /// Breakpoint, from a lower level.
    pub const BREAKPOINT_LOWER: u64 = 0x30;
    /// Software step, from a lower level.
    pub const STEP_LOWER: u64 = 0x32;
    /// Watchpoint, from a lower level.
    pub const WATCHPOINT_LOWER: u64 = 0x34;
    /// `brk`.
    pub const BRK: u64 = 0x3c;
}
