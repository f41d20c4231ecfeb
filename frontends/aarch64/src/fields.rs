//! Fields of System registers and syndromes.

/// SCTLR_EL1 and SCTLR_EL2 (Arm ARM, D24.2.172).
pub mod sctlr {
    /// Translation is on.
    pub const M: u64 = 1;
    /// Accesses have to be aligned.
    pub const A: u64 = 1 << 1;
    /// EL0 may use `dc zva`.
    pub const DZE: u64 = 1 << 14;
    /// Pointer authentication with key A for instructions.
    pub const ENIA: u64 = 1 << 31;
    /// Pointer authentication with key B for instructions.
    pub const ENIB: u64 = 1 << 30;
    /// Pointer authentication with key A for data.
    pub const ENDA: u64 = 1 << 27;
    /// Pointer authentication with key B for data.
    pub const ENDB: u64 = 1 << 13;
}

/// HCR_EL2 (Arm ARM, D24.2.53).
pub mod hcr {
    /// Exceptions of EL0 go to EL2.
    pub const TGE: u64 = 1 << 27;
    /// `smc` of EL1 traps.
    pub const TSC: u64 = 1 << 19;
    /// `hvc` is undefined.
    pub const HCD: u64 = 1 << 29;
    /// EL2 hosts an operating system.
    pub const E2H: u64 = 1 << 34;
}

/// CPACR_EL1, and CPTR_EL2 (Arm ARM, D24.2.32 and D24.2.36).
pub mod cpacr {
    /// Position of FPEN: 0 and 2 trap EL0 and EL1, 1 traps EL0, 3 none.
    pub const FPEN_SHIFT: u32 = 20;
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
    /// `brk`.
    pub const BRK: u64 = 0x3c;
}
