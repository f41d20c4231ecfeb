//! Bit fields of the control registers, and the numbers of causes.
//!
//! Source: RISC-V Privileged ISA (20240411), chapters 3 and 10.

/// Privilege modes (§1.2, table 1).
pub mod privilege {
    /// User.
    pub const U: u64 = 0;
    /// Supervisor.
    pub const S: u64 = 1;
    /// Machine.
    pub const M: u64 = 3;
}

/// Exception codes (§3.1.15).
pub mod exception {
    pub use crate::lift::cause::*;

    /// Environment call from S mode.
    pub const ECALL_FROM_S: u64 = 9;
    /// Environment call from M mode.
    pub const ECALL_FROM_M: u64 = 11;
    /// All exceptions that this hart can raise and may delegate: code 11 can
    /// not be (§3.1.8), 0 can not happen with 16-bit instruction alignment.
    pub const DELEGABLE: u64 = 0xb3ff;
}

/// Interrupt numbers, which are also the bit numbers in mip and mie (§3.1.9).
pub mod interrupt {
    /// Supervisor software.
    pub const SSI: u64 = 1;
    /// Machine software.
    pub const MSI: u64 = 3;
    /// Supervisor timer.
    pub const STI: u64 = 5;
    /// Machine timer.
    pub const MTI: u64 = 7;
    /// Supervisor external.
    pub const SEI: u64 = 9;
    /// Machine external.
    pub const MEI: u64 = 11;
    /// A bit for each supervisor interrupt.
    pub const SUPERVISOR: u64 = 1 << SSI | 1 << STI | 1 << SEI;
    /// A bit for each interrupt.
    pub const ALL: u64 = SUPERVISOR | 1 << MSI | 1 << MTI | 1 << MEI;
    /// Highest priority first (§3.1.9).
    pub const BY_PRIORITY: [u64; 6] = [MEI, MSI, MTI, SEI, SSI, STI];
    /// The bit of mcause and scause that tells an interrupt.
    pub const CAUSE: u64 = 1 << 63;
}

/// mstatus and, where it has them, sstatus (§3.1.6, §10.1.1).
pub mod mstatus {
    /// S interrupts enabled.
    pub const SIE: u64 = 1 << 1;
    /// M interrupts enabled.
    pub const MIE: u64 = 1 << 3;
    /// SIE before the trap into S.
    pub const SPIE: u64 = 1 << 5;
    /// MIE before the trap into M.
    pub const MPIE: u64 = 1 << 7;
    /// Privilege before the trap into S.
    pub const SPP: u64 = 1 << 8;
    /// Position of MPP.
    pub const MPP_SHIFT: u32 = 11;
    /// Privilege before the trap into M.
    pub const MPP: u64 = 3 << MPP_SHIFT;
    /// Position of FS.
    pub const FS_SHIFT: u32 = 13;
    /// Floating-point state: 0 off, 1 initial, 2 clean, 3 dirty.
    pub const FS: u64 = 3 << FS_SHIFT;
    /// Loads and stores are done with privilege MPP.
    pub const MPRV: u64 = 1 << 17;
    /// S may read and write user pages.
    pub const SUM: u64 = 1 << 18;
    /// Executable pages may be read.
    pub const MXR: u64 = 1 << 19;
    /// satp and sfence.vma are illegal in S.
    pub const TVM: u64 = 1 << 20;
    /// wfi is illegal in S.
    pub const TW: u64 = 1 << 21;
    /// sret is illegal in S.
    pub const TSR: u64 = 1 << 22;
    /// UXL and SXL: both 64 bits, for good.
    pub const XLEN_64: u64 = 2 << 32 | 2 << 34;
    /// Some state is dirty. It follows from FS, and what the slot says of it is
    /// never looked at.
    pub const SD: u64 = 1 << 63;
    /// What software may change through sstatus.
    pub const S_WRITABLE: u64 = SIE | SPIE | SPP | FS | SUM | MXR;
    /// What software may change through mstatus.
    pub const M_WRITABLE: u64 = S_WRITABLE | MIE | MPIE | MPP | MPRV | TVM | TW | TSR;
    /// What sstatus shows: SXL is mstatus's alone.
    pub const S_VISIBLE: u64 = S_WRITABLE | 2 << 32;
}

/// misa (§3.1.1): RV64 with A, B, C, D, F, I, M, S and U.
pub const MISA: u64 = {
    let letters = b"ABCDFIMSU";
    let mut misa = 2 << 62;
    let mut i = 0;
    while i < letters.len() {
        misa |= 1 << (letters[i] - b'A');
        i += 1;
    }
    misa
};

/// menvcfg and, where it has them, senvcfg (§3.1.18, §10.1.10).
pub mod envcfg {
    /// Fences of I/O order memory too.
    pub const FIOM: u64 = 1;
    /// What cbo.inval does below: 0 illegal, 1 flush, 3 invalidate.
    pub const CBIE: u64 = 3 << 4;
    /// cbo.clean and cbo.flush are allowed below.
    pub const CBCFE: u64 = 1 << 6;
    /// cbo.zero is allowed below.
    pub const CBZE: u64 = 1 << 7;
    /// The walk sets A and D (Svadu).
    pub const ADUE: u64 = 1 << 61;
    /// Page tables have memory types (Svpbmt).
    pub const PBMTE: u64 = 1 << 62;
    /// S has its own timer (Sstc).
    pub const STCE: u64 = 1 << 63;
    /// What senvcfg has.
    pub const SENVCFG: u64 = FIOM | CBIE | CBCFE | CBZE;
    /// What menvcfg has.
    pub const MENVCFG: u64 = SENVCFG | ADUE | PBMTE | STCE;
}

/// satp (§10.1.11).
pub mod satp {
    /// Position of MODE.
    pub const MODE_SHIFT: u32 = 60;
    /// No translation.
    pub const BARE: u64 = 0;
    /// Three levels.
    pub const SV39: u64 = 8;
    /// Four levels.
    pub const SV48: u64 = 9;
    /// Five levels.
    pub const SV57: u64 = 10;
    /// Position of ASID.
    pub const ASID_SHIFT: u32 = 44;
    /// ASID, where it is shifted down: all 16 bits exist.
    pub const ASID: u64 = (1 << 16) - 1;
    /// Physical page number of the root table.
    pub const PPN: u64 = (1 << 44) - 1;
}
