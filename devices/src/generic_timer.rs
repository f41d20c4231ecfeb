//! The generic timers of one Arm CPU (Arm ARM, chapter D12).
//!
//! They are registers of the CPU, which passes accesses on to its [private
//! window](bus::private_window); so their lines follow at once. Timer `n` is the
//! physical one of EL1 (0), the virtual one (1), the physical one of EL2 (2),
//! or the virtual one of EL2 (3).
//!
//! | offset | register                                                       |
//! |--------|----------------------------------------------------------------|
//! | 16·n   | control: bit 0 enables, bit 1 masks, bit 2 tells that it is due |
//! | 16·n+8 | compare value: the timer is due once its count has reached it   |
//! | 0x40   | what the virtual count (timer 1) lags behind the physical one   |
//!
//! Registers are 64 bits wide; other accesses read as zero and write nothing.
//! The physical count is virtual time in ticks of [`NS_PER_TICK`].

use crate::registry::DeviceInfo;
use bus::{Clock, Device, IrqLine, RestoreError, Snapshot};
use serde::{Deserialize, Serialize};

/// The row of the device list.
pub const INFO: DeviceInfo = DeviceInfo {
    name: "generic-timer",
    description: "Generic timers of one Arm CPU",
    source: "Arm DDI 0487, chapter D12",
    compatible: &["arm,armv8-timer"],
};

/// Nanoseconds a tick: the counter runs at 62.5 MHz.
pub const NS_PER_TICK: u64 = 16;
/// Where in a CPU's private window the chip answers.
pub const WINDOW_OFFSET: u64 = 0x4_0000;
/// The size of the chip's register block in bytes.
pub const GENERIC_TIMER_BYTES: u64 = 0x80;
/// Timers a CPU has.
pub const TIMERS: usize = 4;
/// The interrupt of each timer's line by the number that interrupt controllers
/// give it, as Arm's base system architecture recommends.
pub const INTERRUPTS: [u32; TIMERS] = [30, 27, 26, 28];

const ENABLE: u64 = 1;
const MASK: u64 = 1 << 1;
const DUE: u64 = 1 << 2;

const VIRTUAL: usize = 1;
const OFFSET: u64 = 0x40;
const STRIDE: u64 = 16;

/// The chip.
pub struct GenericTimer {
    state: State,
    clock: Clock,
    lines: [IrqLine; TIMERS],
}

/// One timer.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
struct Timer {
    /// The bits that are written: enable and mask.
    control: u64,
    compare: u64,
}

/// All that a guest can see of it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct State {
    timers: [Timer; TIMERS],
    /// Of the virtual count, in ticks.
    offset: u64,
}

impl GenericTimer {
    /// Timers with a line each, all of them off.
    pub fn new(clock: Clock, lines: [IrqLine; TIMERS]) -> GenericTimer {
        GenericTimer { state: State::default(), clock, lines }
    }

    /// What the count of timer `n` lags behind the physical one.
    fn offset(&self, n: usize) -> u64 {
        if n == VIRTUAL { self.state.offset } else { 0 }
    }

    /// Whether timer `n` is on and has reached its compare value.
    fn is_due(&self, n: usize) -> bool {
        let count = (self.clock.now_ns() / NS_PER_TICK).wrapping_sub(self.offset(n));
        let Timer { control, compare } = self.state.timers[n];
        control & ENABLE != 0 && count >= compare
    }

    fn level(&self, n: usize) -> bool {
        self.is_due(n) && self.state.timers[n].control & MASK == 0
    }

    /// When the line of timer `n` rises by itself; `None` if it does not, or
    /// beyond what nanoseconds can say.
    fn rises_ns(&self, n: usize) -> Option<u64> {
        let Timer { control, compare } = self.state.timers[n];
        let waits = control & (ENABLE | MASK) == ENABLE && !self.is_due(n);
        let due = compare.wrapping_add(self.offset(n));
        if waits { due.checked_mul(NS_PER_TICK) } else { None }
    }

    fn drive(&self) {
        for (n, line) in self.lines.iter().enumerate() {
            line.set(self.level(n));
        }
    }
}

impl Device for GenericTimer {
    fn read(&mut self, offset: u64, bytes: u8) -> u64 {
        let n = (offset / STRIDE) as usize;
        match (bytes, offset % STRIDE) {
            (8, 0) if offset == OFFSET => self.state.offset,
            (8, 0) if n < TIMERS => self.state.timers[n].control | if self.is_due(n) { DUE } else { 0 },
            (8, 8) if n < TIMERS => self.state.timers[n].compare,
            _ => 0,
        }
    }

    fn write(&mut self, offset: u64, bytes: u8, value: u64) {
        let n = (offset / STRIDE) as usize;
        match (bytes, offset % STRIDE) {
            (8, 0) if offset == OFFSET => self.state.offset = value,
            (8, 0) if n < TIMERS => self.state.timers[n].control = value & (ENABLE | MASK),
            (8, 8) if n < TIMERS => self.state.timers[n].compare = value,
            _ => (),
        }
        self.drive();
    }

    fn deadline(&self) -> Option<u64> {
        let late = self.lines.iter().enumerate().any(|(n, line)| line.level() != self.level(n));
        if late {
            return Some(self.clock.now_ns());
        }
        (0..TIMERS).filter_map(|n| self.rises_ns(n)).min()
    }

    fn expire(&mut self) {
        self.drive();
    }

    fn reset(&mut self) {
        self.state = State::default();
        self.drive();
    }
}

impl Snapshot for GenericTimer {
    const KIND: &'static str = "generic-timer";
    const VERSION: u32 = 1;
    type State = State;

    fn save(&self) -> State {
        self.state.clone()
    }

    fn restore(&mut self, mut state: State) -> Result<(), RestoreError> {
        for timer in &mut state.timers {
            timer.control &= ENABLE | MASK;
        }
        self.state = state;
        for (n, line) in self.lines.iter().enumerate() {
            line.restore(self.level(n));
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn timer() -> (GenericTimer, Clock, [IrqLine; TIMERS]) {
        let clock = Clock::counted();
        let lines = [(); TIMERS].map(|()| IrqLine::unconnected());
        (GenericTimer::new(clock.clone(), lines.clone()), clock, lines)
    }

    #[test]
    fn a_timer_is_due_at_its_deadline_and_not_before() {
        let (mut timer, clock, lines) = timer();
        timer.write(8, 8, 5);
        timer.write(0, 8, ENABLE);
        let due_ns = timer.deadline().expect("it is on");
        assert_eq!(due_ns, 5 * NS_PER_TICK);
        clock.advance_to(due_ns - 1);
        timer.expire();
        assert_eq!((timer.read(0, 8), lines[0].level()), (ENABLE, false));
        clock.advance_to(due_ns);
        timer.expire();
        assert_eq!((timer.read(0, 8), lines[0].level()), (ENABLE | DUE, true));
        assert_eq!(timer.deadline(), None);
        // A later compare value takes the interrupt back at once.
        timer.write(8, 8, 100);
        assert!(!lines[0].level());
    }

    #[test]
    fn a_masked_timer_tells_that_it_is_due_without_a_line() {
        let (mut timer, _, lines) = timer();
        timer.write(0x20, 8, ENABLE | MASK);
        assert_eq!(timer.read(0x20, 8), ENABLE | MASK | DUE);
        assert!(!lines[2].level() && timer.deadline().is_none());
        timer.write(0x20, 8, ENABLE);
        assert!(lines[2].level());
    }

    #[test]
    fn the_virtual_count_lags_behind() {
        let (mut timer, clock, lines) = timer();
        clock.advance_to(1_000 * NS_PER_TICK);
        timer.write(OFFSET, 8, 900);
        timer.write(0x18, 8, 101);
        timer.write(0x10, 8, ENABLE);
        assert_eq!(timer.deadline(), Some(1_001 * NS_PER_TICK));
        timer.write(OFFSET, 8, 0);
        assert!(lines[1].level());
    }

    #[test]
    fn never_is_no_deadline() {
        let (mut timer, ..) = timer();
        timer.write(8, 8, u64::MAX);
        timer.write(0, 8, ENABLE);
        assert_eq!(timer.deadline(), None);
    }
}
