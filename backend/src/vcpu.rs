//! One virtual CPU: the guest's state and what the engine keeps beside it.

use crate::engine::Seen;
use crate::jumps::JumpCache;
use crate::tlb::Tlb;
use crate::translations::Translations;
use crate::windows::{PLACES, WINDOW_BITS, Windows};
use bus::CpuLines;
use guest::{CpuState, Flush, Guest};
use std::sync::Arc;

/// What compiled code sees of a vCPU, by fixed offsets.
#[repr(C)]
pub(crate) struct Context {
    /// The guest's slots, and tier 0's temporaries behind them.
    pub(crate) state: CpuState,
    /// What addresses in the running code are relative to: the page it is in. A
    /// region's are relative to its first block's page.
    pub(crate) origin: u64,
    /// Instructions that may still run in this slice.
    pub(crate) budget: i64,
    /// Virtual address of the reservation; odd if there is none.
    pub(crate) reserved_at: u64,
    /// What memory held there.
    pub(crate) reserved_value: u64,
    /// How it was read; see [`reservation_kind`].
    pub(crate) reserved_as: u64,
    /// The address of the [`Memory`](crate::memory::Memory) helpers get, while
    /// compiled code runs.
    pub(crate) helper_memory: u64,
    /// The number of the helper that a cold block of compiled code calls.
    pub(crate) helper: u64,
    /// What it passes.
    pub(crate) helper_args: [u64; 4],
    /// What it gets.
    pub(crate) helper_result: u64,
    /// Set by a helper that faulted; compiled code then leaves.
    pub(crate) helper_failed: u64,
    /// The tag that entries of `jumps` have which hold in the mode that runs.
    pub(crate) jump_tag: u64,
    /// What makes host addresses of those that windows show, by place.
    pub(crate) window_biases: [u64; PLACES],
    /// Where the lowest addresses shown end, and where the highest start.
    pub(crate) window_ends: [u64; 2],
    /// What is to be added to a budget that a failed access has made negative; 0
    /// if none has.
    pub(crate) budget_kept: i64,
    /// What the flags are those of that compiled code has left to compute, and how;
    /// 0 if it has not.
    pub(crate) flags_of: [u64; 2],
    pub(crate) flags_kind: u64,
    /// Translations for loads and stores.
    pub(crate) tlb: Tlb,
    /// Where indirect jumps find code.
    pub(crate) jumps: JumpCache,
    /// Counts what code may have been mapped anew without a change of tags.
    pub(crate) remapped: u64,
    /// Host addresses where guest memory is mapped.
    pub(crate) windows: Windows,
    /// What is behind them.
    pub(crate) translations: Translations,
}

impl Context {
    /// CPU number `cpu`, with nothing remembered.
    // Of its own, as it takes a megabyte of the stack while it is made.
    #[inline(never)]
    pub(crate) fn new(cpu: u32) -> Box<Context> {
        Box::new(Context {
            state: CpuState::default(),
            origin: 0,
            budget: 0,
            reserved_at: NO_RESERVATION,
            reserved_value: 0,
            reserved_as: 0,
            helper_memory: 0,
            helper: 0,
            helper_args: [0; 4],
            helper_result: 0,
            helper_failed: 0,
            jump_tag: 0,
            window_biases: [0; PLACES],
            window_ends: [1 << WINDOW_BITS, !0 << WINDOW_BITS],
            budget_kept: 0,
            flags_of: [0; 2],
            flags_kind: 0,
            windows: Windows::default(),
            remapped: 0,
            tlb: Tlb::new(),
            jumps: JumpCache::new(),
            translations: Translations::new(cpu),
        })
    }
}

/// A reservation address that no aligned access has.
pub(crate) const NO_RESERVATION: u64 = 1;

/// What a conditional store must share with the load that reserved, beside the
/// address: its size in bytes and its regime.
pub(crate) const fn reservation_kind(bytes: u8, regime: u8) -> u64 {
    bytes as u64 | (regime as u64) << 8
}

/// A virtual CPU.
pub struct Vcpu {
    pub(crate) context: Box<Context>,
    /// How far it has heard of what concerns all vCPUs.
    pub(crate) seen: Seen,
    instructions: u64,
    lines: CpuLines,
    index: u32,
}

impl Vcpu {
    /// CPU number `index` of the machine, after power-on at `entry`.
    pub fn new(guest: &Arc<dyn Guest>, index: u32, entry: u64) -> Vcpu {
        let mut vcpu = Vcpu {
            context: Context::new(index),
            seen: Seen::default(),
            instructions: 0,
            lines: CpuLines::default(),
            index,
        };
        guest.reset(&mut vcpu.context.state, index, entry);
        vcpu
    }

    /// Its number.
    pub fn index(&self) -> u32 {
        self.index
    }

    /// The guest's state. Between runs it is exact.
    pub fn state(&self) -> &CpuState {
        &self.context.state
    }

    /// The guest's state, to be changed. Whatever the change means for
    /// translations is forgotten and found again.
    pub fn state_mut(&mut self) -> &mut CpuState {
        self.flush(Flush::ALL);
        &mut self.context.state
    }

    /// The guest's state, to be changed where no translation and no mode
    /// depends on it.
    pub fn registers_mut(&mut self) -> &mut CpuState {
        &mut self.context.state
    }

    /// The interrupt pins.
    pub fn lines(&self) -> &CpuLines {
        &self.lines
    }

    /// Instructions it has run since power-on.
    pub fn instructions(&self) -> u64 {
        self.instructions
    }

    pub(crate) fn retire(&mut self, instructions: u64) {
        self.instructions += instructions;
    }

    /// Forgets translations, as another CPU or the firmware may ask.
    pub fn flush(&mut self, flush: Flush) {
        self.context.flush(flush);
    }

    /// Drops the memory reservation, as another CPU's store may have.
    pub fn drop_reservation(&mut self) {
        self.context.reserved_at = NO_RESERVATION;
    }
}
