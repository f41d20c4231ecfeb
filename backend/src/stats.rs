//! What an engine counts.

use std::time::Duration;

/// One tier's part of the work.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct TierStats {
    /// Units translated: blocks, or regions.
    pub blocks: u64,
    /// Guest instructions in them.
    pub guest_instructions_translated: u64,
    /// Guest instructions this tier has run; what compiled code has run is
    /// counted as tier 2's, whichever tier made it.
    pub guest_instructions_run: u64,
    /// Time spent translating.
    pub compile: Duration,
    /// The part of it that a thread of its own spent while the guest ran on.
    pub beside: Duration,
    /// Bytes of translated code made.
    pub code_bytes: u64,
}

/// Why control came back from guest code to the engine or the machine.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ExitStats {
    /// The slice's budget was used up.
    pub budget: u64,
    /// The guest waits for an interrupt.
    pub idle: u64,
    /// The guest called the machine's firmware.
    pub firmware: u64,
    /// Mode or translation changed.
    pub resume: u64,
    /// An exception was delivered.
    pub fault: u64,
    /// An interrupt was delivered.
    pub interrupt: u64,
    /// Compiled code handed an access to tier 0.
    pub side_exit: u64,
    /// A region of several pages had to be told that they are mapped as before.
    pub check: u64,
    /// A device was reached, or code was written.
    pub attention: u64,
    /// The machine asked for a stop.
    pub stop: u64,
}

/// Counters of one engine since it was made.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Stats {
    /// Tier 0, the interpreter.
    pub tier0: TierStats,
    /// Tier 1, host code block by block.
    pub tier1: TierStats,
    /// Tier 2, the Cranelift regions.
    pub tier2: TierStats,
    /// Tier 2 units that came from a library instead of the compiler.
    pub units_from_library: u64,
    /// Translations the first-level TLB had no answer for.
    pub tlb_misses: u64,
    /// Those, and fetches, that were looked up in the guest's tables.
    pub tlb_walks: u64,
    /// Accesses to windows at which nothing was mapped.
    pub window_misses: u64,
    /// Accesses to devices.
    pub mmio: u64,
    /// Blocks dropped because their code was written.
    pub invalidated: u64,
    /// How often the oldest of the compiled code was dropped to make room.
    pub code_parts_emptied: u64,
    /// Exits by cause.
    pub exits: ExitStats,
}
