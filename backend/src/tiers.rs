//! Which tiers an engine uses, and when code moves up.

/// Runs of a block in tier 0 after which it gets tier 1 code, which costs as much
/// as some twenty runs there.
pub const BASELINE: u32 = 24;

/// Runs of a block in tier 1 after which a region is grown from it and compiled.
///
/// A region costs about 30 µs an instruction and saves some 0.5 ns of each run. A
/// boot of Linux to WORK-OK took, at 4,000, 25,000, 60,000 and 150,000 runs, 3.7 s
/// of wall time each time, but 6.9, 6.8, 6.5 and 5.8 s of processor time.
pub const REGION: u32 = 100_000;

/// When code moves from tier to tier, counted in runs of a block. 0 stands for
/// never.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Thresholds {
    /// To tier 1; without effect on hosts that have none.
    pub baseline: u32,
    /// To tier 2.
    pub region: u32,
    /// Regions are compiled on a thread of their own, while the guest runs on.
    pub background: bool,
    /// How regions reach memory.
    pub memory: MemoryAccess,
}

/// How compiled regions reach guest memory.
#[derive(Clone, Copy, PartialEq, Eq, Default, Debug)]
pub enum MemoryAccess {
    /// Through the soft TLB.
    #[default]
    Soft,
    /// Where the host has it mapped, wherever the host can.
    Mapped,
    /// So where that seems to be faster.
    Auto,
}

impl Thresholds {
    /// What serves most guests best.
    pub const DEFAULT: Thresholds =
        Thresholds { baseline: BASELINE, region: REGION, background: true, memory: MemoryAccess::Soft };

    /// Tier 1 after `baseline` runs, and no regions.
    pub const fn baseline(baseline: u32) -> Thresholds {
        Thresholds { baseline, region: 0, background: false, memory: MemoryAccess::Soft }
    }

    /// Regions after `region` runs, compiled on the spot, and no tier 1.
    pub const fn regions(region: u32) -> Thresholds {
        Thresholds { baseline: 0, region, background: false, memory: MemoryAccess::Soft }
    }
}

/// Which tiers an engine uses.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Tiers {
    /// Tier 0 alone.
    Interp,
    /// Tier 0, and compiled code for what runs often.
    Jit(Thresholds),
}
