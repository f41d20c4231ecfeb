//! Performance monitoring (SBI 2.0, chapter 11): two counters, which count
//! cycles and instructions and nothing else. Mynah's cycles are instructions.

use super::{Args, Call, SbiError, SbiResult};
use ir::Slot;
use riscv::state::{MCOUNTINHIBIT, MCYCLE_OFFSET, MINSTRET_OFFSET};

/// A hardware counter.
struct Counter {
    /// The CSR in which S reads it.
    csr: u64,
    /// Its bit in mcountinhibit.
    bit: u64,
    /// What is added to the instruction count, or its value if inhibited.
    slot: Slot,
    /// The event it counts: a general hardware event (table 5).
    event: u64,
}

const COUNTERS: [Counter; 2] = [
    Counter { csr: 0xc00, bit: 1 << 0, slot: MCYCLE_OFFSET, event: 1 },
    Counter { csr: 0xc02, bit: 1 << 2, slot: MINSTRET_OFFSET, event: 2 },
];

/// Width of the counters minus 1, as `counter_get_info` gives it.
const WIDTH: u64 = 63;
const WIDTH_SHIFT: u32 = 12;

/// Flags of `counter_config_matching` (table 9).
mod config {
    pub const SKIP_MATCH: u64 = 1 << 0;
    pub const CLEAR_VALUE: u64 = 1 << 1;
    pub const AUTO_START: u64 = 1 << 2;
}

/// Flags of `counter_start` (table 10) and `counter_stop` (table 11).
const START_SET_VALUE: u64 = 1 << 0;
const STOP_RESET: u64 = 1 << 0;

/// Which counters of a hart were started.
#[derive(Clone, Copy, Default)]
pub struct Counters([bool; COUNTERS.len()]);

pub(super) fn call(call: &mut Call<'_, '_>, function: u64, args: Args) -> SbiResult {
    let [base, mask, ..] = args;
    match function {
        0 => Ok(COUNTERS.len() as u64),
        1 => info(args[0]),
        2 => configure(call, base, mask, args[2], args[3]),
        3 => selected(base, mask)?.into_iter().try_fold(0, |_, n| start(call, n, args[2], args[3])),
        4 => selected(base, mask)?.into_iter().try_fold(0, |_, n| stop(call, n, args[2])),
        // There are no firmware counters.
        5 | 6 => Err(SbiError::InvalidParam),
        _ => Err(SbiError::NotSupported),
    }
}

fn info(index: u64) -> SbiResult {
    let counter = usize::try_from(index).ok().and_then(|n| COUNTERS.get(n)).ok_or(SbiError::InvalidParam)?;
    Ok(counter.csr | WIDTH << WIDTH_SHIFT)
}

/// The counters that bit `n` of `mask` means as `base + n`.
fn selected(base: u64, mask: u64) -> Result<Vec<usize>, SbiError> {
    let counters = (0..64).filter(|bit| mask >> bit & 1 != 0).map(|bit| base.checked_add(bit));
    let exists = |n: u64| usize::try_from(n).ok().filter(|n| *n < COUNTERS.len());
    counters.map(|n| n.and_then(exists).ok_or(SbiError::InvalidParam)).collect()
}

/// Finds the counter for an event among those selected.
fn configure(call: &mut Call<'_, '_>, base: u64, mask: u64, flags: u64, event: u64) -> SbiResult {
    let mut candidates = selected(base, mask)?.into_iter();
    let found = match flags & config::SKIP_MATCH {
        0 => candidates.find(|n| COUNTERS[*n].event == event),
        _ => candidates.next(),
    };
    let counter = found.ok_or(SbiError::NotSupported)?;
    if flags & config::CLEAR_VALUE != 0 {
        set_value(call, counter, 0);
    }
    if flags & config::AUTO_START != 0 {
        // One that runs already goes on.
        let _ = start(call, counter, 0, 0);
    }
    Ok(counter as u64)
}

fn start(call: &mut Call<'_, '_>, counter: usize, flags: u64, value: u64) -> SbiResult {
    if started(call)[counter] {
        return Err(SbiError::AlreadyStarted);
    }
    started(call)[counter] = true;
    inhibit(call, counter, false);
    if flags & START_SET_VALUE != 0 {
        set_value(call, counter, value);
    }
    Ok(0)
}

fn stop(call: &mut Call<'_, '_>, counter: usize, flags: u64) -> SbiResult {
    let was_started = std::mem::take(&mut started(call)[counter]);
    if was_started && flags & STOP_RESET == 0 {
        inhibit(call, counter, true);
    }
    if was_started { Ok(0) } else { Err(SbiError::AlreadyStopped) }
}

fn started<'a>(call: &'a mut Call<'_, '_>) -> &'a mut [bool; COUNTERS.len()] {
    &mut call.sbi.harts[call.hart].counters.0
}

/// Stops or lets go what a counter's register counts.
fn inhibit(call: &mut Call<'_, '_>, counter: usize, stop: bool) {
    let Counter { bit, slot, .. } = COUNTERS[counter];
    let instructions = call.cpu().vcpu.instructions();
    let cpu = call.registers();
    let (old, held) = (cpu.get(MCOUNTINHIBIT), cpu.get(slot));
    match (old & bit != 0, stop) {
        (false, true) => cpu.set(slot, held.wrapping_add(instructions)),
        (true, false) => cpu.set(slot, held.wrapping_sub(instructions)),
        _ => (),
    }
    cpu.set(MCOUNTINHIBIT, if stop { old | bit } else { old & !bit });
}

fn set_value(call: &mut Call<'_, '_>, counter: usize, value: u64) {
    let Counter { bit, slot, .. } = COUNTERS[counter];
    let instructions = call.cpu().vcpu.instructions();
    let cpu = call.registers();
    let inhibited = cpu.get(MCOUNTINHIBIT) & bit != 0;
    cpu.set(slot, if inhibited { value } else { value.wrapping_sub(instructions) });
}
