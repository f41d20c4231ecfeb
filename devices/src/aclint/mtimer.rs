//! Machine timer: one counter for all harts, a comparator each (ACLINT
//! specification 1.0-rc4, chapter 2).
//!
//! | offset | register                                                        |
//! |--------|-----------------------------------------------------------------|
//! | 8·hart | MTIMECMP: the hart's timer pin is high while MTIME ≥ MTIMECMP    |
//! | 0x7ff8 | MTIME, counts at the platform's time base                       |
//!
//! Registers are 64 bits wide, each half accessible by itself; other accesses
//! read as zero and write nothing.

use super::HARTS_MAX;
use crate::{refused, replace_half};
use bus::{Clock, Device, IrqLine, RestoreError, Snapshot};
use serde::{Deserialize, Serialize};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

/// The size of the chip's register block in bytes.
pub const MTIMER_BYTES: u64 = 0x8000;

const MTIME: u64 = 0x7ff8;
const NS_PER_S: u128 = 1_000_000_000;

/// The counter behind MTIME and the harts' `time` CSR. Clones share it.
#[derive(Clone)]
pub struct Timebase {
    clock: Clock,
    hz: u64,
    /// MTIME minus the ticks since virtual time zero, modulo 2^64.
    offset: Arc<AtomicU64>,
}

impl Timebase {
    /// A counter at zero that counts at `hz` (10 MHz on `virt`).
    pub fn new(clock: Clock, hz: u64) -> Timebase {
        Timebase { clock, hz: hz.max(1), offset: Arc::default() }
    }

    /// Ticks a second.
    pub fn hz(&self) -> u64 {
        self.hz
    }

    /// The counter.
    pub fn ticks(&self) -> u64 {
        self.clock_ticks().wrapping_add(self.offset.load(Ordering::Acquire))
    }

    /// The virtual time in nanoseconds at which the counter next stands at
    /// `tick`; `None` if that is beyond the end of virtual time.
    pub fn deadline_ns(&self, tick: u64) -> Option<u64> {
        let wait = tick.wrapping_sub(self.ticks());
        let clock_tick = u128::from(self.clock_ticks()) + u128::from(wait);
        let due_ns = (clock_tick * NS_PER_S).div_ceil(self.hz.into());
        u64::try_from(due_ns).ok()
    }

    fn clock_ticks(&self) -> u64 {
        (u128::from(self.clock.now_ns()) * u128::from(self.hz) / NS_PER_S) as u64
    }

    fn set(&self, ticks: u64) {
        self.offset.store(ticks.wrapping_sub(self.clock_ticks()), Ordering::Release);
    }
}

/// The chip.
pub struct Mtimer {
    compare: Vec<u64>,
    timebase: Timebase,
    outputs: Vec<IrqLine>,
}

/// All that a guest can see of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct State {
    /// MTIME minus the ticks since virtual time zero, modulo 2^64.
    offset: u64,
    compare: Vec<u64>,
}

impl Mtimer {
    /// A timer with an output to each hart's timer pin.
    ///
    /// # Panics
    /// If there are more than [`HARTS_MAX`] harts: a board's mistake.
    pub fn new(timebase: Timebase, outputs: Vec<IrqLine>) -> Mtimer {
        assert!(outputs.len() <= HARTS_MAX, "an MTIMER serves {HARTS_MAX} harts, not {}", outputs.len());
        // The specification leaves MTIMECMP open at reset; never is the value
        // that surprises no guest.
        Mtimer { compare: vec![u64::MAX; outputs.len()], timebase, outputs }
    }

    fn update(&self) {
        let now = self.timebase.ticks();
        for (compare, output) in self.compare.iter().zip(&self.outputs) {
            output.set(now >= *compare);
        }
    }

    /// The virtual time at which a hart's pin has to change: now if it is not
    /// as it should be, else when MTIME comes to MTIMECMP or, past that, wraps.
    fn pin_deadline(&self, compare: u64, output: &IrqLine) -> Option<u64> {
        let reached = self.timebase.ticks() >= compare;
        if output.level() != reached {
            return Some(self.timebase.clock.now_ns());
        }
        let never = compare == 0;
        let next = if reached { 0 } else { compare };
        self.timebase.deadline_ns(next).filter(|_| !never)
    }
}

/// Whether the access is of a whole register or one half of it.
fn is_supported(offset: u64, bytes: u8) -> bool {
    matches!(bytes, 4 | 8) && offset.is_multiple_of(bytes.into())
}

/// The part of a register that an access sees.
fn part(register: u64, offset: u64) -> u64 {
    if offset & 4 == 0 { register } else { register >> 32 }
}

/// `old` after a write of `bytes` of `value`.
fn merge(old: u64, offset: u64, bytes: u8, value: u64) -> u64 {
    if bytes == 8 { value } else { replace_half(old, offset, value) }
}

impl Device for Mtimer {
    fn read(&mut self, offset: u64, bytes: u8) -> u64 {
        let register = match offset & !7 {
            _ if !is_supported(offset, bytes) => 0,
            MTIME => self.timebase.ticks(),
            at => self.compare.get((at / 8) as usize).copied().unwrap_or(0),
        };
        let part = part(register, offset);
        if bytes == 8 { part } else { part & 0xffff_ffff }
    }

    fn write(&mut self, offset: u64, bytes: u8, value: u64) {
        match offset & !7 {
            _ if !is_supported(offset, bytes) => (),
            MTIME => self.timebase.set(merge(self.timebase.ticks(), offset, bytes, value)),
            at => {
                if let Some(compare) = self.compare.get_mut((at / 8) as usize) {
                    *compare = merge(*compare, offset, bytes, value);
                }
            }
        }
        self.update();
    }

    fn deadline(&self) -> Option<u64> {
        let pins = self.compare.iter().zip(&self.outputs);
        pins.filter_map(|(compare, output)| self.pin_deadline(*compare, output)).min()
    }

    fn expire(&mut self) {
        self.update();
    }

    fn reset(&mut self) {
        self.timebase.set(0);
        self.compare.fill(u64::MAX);
        self.update();
    }
}

impl Snapshot for Mtimer {
    const KIND: &'static str = "aclint-mtimer";
    const VERSION: u32 = 1;
    type State = State;

    fn save(&self) -> State {
        State { offset: self.timebase.offset.load(Ordering::Acquire), compare: self.compare.clone() }
    }

    fn restore(&mut self, state: State) -> Result<(), RestoreError> {
        if state.compare.len() != self.compare.len() {
            return Err(refused::<Mtimer>("it is of a timer for another number of harts"));
        }
        self.timebase.offset.store(state.offset, Ordering::Release);
        self.compare = state.compare;
        // CPU pins remember nothing, so driving them again does no harm.
        self.update();
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use bus::CpuLines;
    use proptest::prelude::*;

    const HZ: u64 = 10_000_000;

    fn timer() -> (Mtimer, Clock, CpuLines) {
        let (clock, cpu) = (Clock::counted(), CpuLines::default());
        let timer = Mtimer::new(Timebase::new(clock.clone(), HZ), vec![cpu.line(0), cpu.line(1)]);
        (timer, clock, cpu)
    }

    #[test]
    fn mtime_counts_at_its_rate() {
        let (mut timer, clock, _) = timer();
        clock.advance_to(1_000_000_099);
        assert_eq!(timer.read(MTIME, 8), HZ);
        assert_eq!((timer.read(MTIME, 4), timer.read(MTIME + 4, 4)), (HZ, 0));
    }

    #[test]
    fn each_hart_has_its_own_comparator() {
        let (mut timer, clock, cpu) = timer();
        timer.write(0, 8, 20);
        timer.write(8, 8, 10);
        assert_eq!((timer.deadline(), cpu.levels()), (Some(1000), 0));
        clock.advance_to(1000);
        assert_eq!(timer.deadline(), Some(1000), "a deadline stays until it is met");
        timer.expire();
        assert_eq!((timer.deadline(), cpu.levels()), (Some(2000), 0b10));
        timer.write(8, 8, u64::MAX);
        assert_eq!(cpu.levels(), 0);
    }

    #[test]
    fn halves_are_written_apart() {
        let (mut timer, _, cpu) = timer();
        timer.write(4, 4, 0);
        timer.write(0, 4, 0);
        assert_eq!((timer.read(0, 8), cpu.levels()), (0, 1));
        timer.write(MTIME + 4, 4, 7);
        timer.write(MTIME, 4, 9);
        assert_eq!(timer.read(MTIME, 8), 7 << 32 | 9);
        timer.write(4, 4, 8);
        assert_eq!((timer.read(4, 4), cpu.levels()), (8, 0));
    }

    #[test]
    fn the_time_base_is_shared_with_the_time_csr() {
        let (clock, base) = (Clock::counted(), Timebase::new(Clock::counted(), HZ));
        let mut timer = Mtimer::new(base.clone(), Vec::new());
        timer.write(MTIME, 8, 1234);
        assert_eq!((base.ticks(), clock.now_ns()), (1234, 0));
    }

    #[test]
    fn the_pin_falls_when_mtime_wraps() {
        let (mut timer, clock, cpu) = timer();
        timer.write(MTIME, 8, u64::MAX - 1);
        timer.write(0, 8, u64::MAX - 1);
        assert_eq!((cpu.levels(), timer.deadline()), (0b01, Some(100)));
        clock.advance_to(100);
        timer.expire();
        assert_eq!((cpu.levels(), timer.deadline()), (0b11, Some(200)));
        clock.advance_to(200);
        timer.expire();
        assert_eq!(cpu.levels(), 0);
    }

    proptest! {
        /// A deadline is the first nanosecond at which the counter is there.
        #[test]
        fn deadlines_are_exact(hz in 1..4_000_000_000u64, now_ns in 0..1u64 << 50, wait in 1..1u64 << 30) {
            let clock = Clock::counted();
            let base = Timebase::new(clock.clone(), hz);
            clock.advance_to(now_ns);
            let tick = base.ticks() + wait;
            let due_ns = base.deadline_ns(tick).expect("within 584 years");
            clock.advance_to(due_ns - 1);
            prop_assert!(base.ticks() < tick);
            clock.advance_to(due_ns);
            prop_assert!(base.ticks() >= tick);
        }
    }
}
