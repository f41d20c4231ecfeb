//! Arm PrimeCell real-time clock PL031 (Arm DDI 0224C).
//!
//! | offset | name | access | meaning                                          |
//! |--------|------|--------|--------------------------------------------------|
//! | 0x00   | DR   | r      | the time                                         |
//! | 0x04   | MR   | rw     | when the interrupt is raised                     |
//! | 0x08   | LR   | rw     | a write sets the time; a read shows what it was  |
//! | 0x0c   | CR   | rw     | 1: the clock runs, which it does for good        |
//! | 0x10   | IMSC | rw     | bit 0 lets the interrupt out                     |
//! | 0x14   | RIS  | r      | the interrupt                                    |
//! | 0x18   | MIS  | r      | the interrupt, if it may get out                 |
//! | 0x1c   | ICR  | w      | bit 0 takes the interrupt back                   |
//! | 0xfe0  | ID   | r      | identification, a byte every four                |
//!
//! Times are seconds since 1970, modulo 2^32. Registers are 32 bits wide. Narrower
//! reads show their low bits; other accesses read as zero and write nothing.

use crate::is_word;
use crate::primecell::{IDENTIFICATION, PRIMECELL_BYTES, identification, shown};
use crate::registry::DeviceInfo;
use bus::{Clock, Device, IrqLine, RestoreError, Snapshot};
use serde::{Deserialize, Serialize};

/// The row of the device list.
pub const INFO: DeviceInfo = DeviceInfo {
    name: "pl031",
    description: "Arm PrimeCell real-time clock, seconds since 1970",
    source: "Arm DDI 0224C, PrimeCell Real Time Clock (PL031) TRM",
    compatible: &["arm,pl031", "arm,primecell"],
};

mod reg {
    pub const DR: u64 = 0x00;
    pub const MR: u64 = 0x04;
    pub const LR: u64 = 0x08;
    pub const CR: u64 = 0x0c;
    pub const IMSC: u64 = 0x10;
    pub const RIS: u64 = 0x14;
    pub const MIS: u64 = 0x18;
    pub const ICR: u64 = 0x1c;
}

const NS_PER_SECOND: u64 = 1_000_000_000;
/// Part 0x031, designer Arm, revision r1.
const PERIPHERAL: [u8; 4] = [0x31, 0x10, 0x14, 0x00];

/// The chip.
pub struct Pl031 {
    state: State,
    epoch_ns: u64,
    clock: Clock,
    irq: IrqLine,
}

/// All that a guest can see of it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct State {
    /// The time shown, minus whole seconds from the epoch to now.
    offset: u32,
    loaded: u32,
    match_value: u32,
    /// When the match comes, in nanoseconds of virtual time.
    due_ns: Option<u64>,
    unmasked: bool,
    raised: bool,
}

impl Pl031 {
    /// A clock that shows `epoch_ns` (nanoseconds since 1970) at virtual time
    /// zero.
    pub fn new(epoch_ns: u64, clock: Clock, irq: IrqLine) -> Pl031 {
        Pl031 { state: State::default(), epoch_ns, clock, irq }
    }

    /// Nanoseconds since 1970 if nobody had set the clock.
    fn now_ns(&self) -> u64 {
        self.clock.now_ns().saturating_add(self.epoch_ns)
    }

    fn seconds(&self) -> u32 {
        let seconds = self.now_ns() / NS_PER_SECOND;
        (seconds as u32).wrapping_add(self.state.offset)
    }

    /// The interrupt comes when the time is next the match value: now, if it is.
    fn set_alarm(&mut self) {
        let seconds = u64::from(self.state.match_value.wrapping_sub(self.seconds()));
        if seconds == 0 {
            self.state.raised = true;
            self.state.due_ns = None;
            return;
        }
        let into_second = self.now_ns() % NS_PER_SECOND;
        let wait_ns = seconds * NS_PER_SECOND - into_second;
        self.state.due_ns = self.clock.now_ns().checked_add(wait_ns);
    }

    fn update(&self) {
        self.irq.set(self.state.raised && self.state.unmasked);
    }
}

impl Device for Pl031 {
    fn read(&mut self, offset: u64, bytes: u8) -> u64 {
        let value = match offset {
            reg::DR => self.seconds(),
            reg::MR => self.state.match_value,
            reg::LR => self.state.loaded,
            reg::CR => 1,
            reg::IMSC => self.state.unmasked.into(),
            reg::RIS => self.state.raised.into(),
            reg::MIS => (self.state.raised && self.state.unmasked).into(),
            IDENTIFICATION..PRIMECELL_BYTES => identification(offset, PERIPHERAL).into(),
            _ => 0,
        };
        shown(offset, bytes, value)
    }

    fn write(&mut self, offset: u64, bytes: u8, value: u64) {
        if !is_word(offset, bytes) {
            return;
        }
        let value = value as u32;
        match offset {
            reg::MR => {
                self.state.match_value = value;
                self.set_alarm();
            }
            reg::LR => {
                self.state.loaded = value;
                self.state.offset = value.wrapping_sub(self.seconds().wrapping_sub(self.state.offset));
                self.set_alarm();
            }
            reg::IMSC => self.state.unmasked = value & 1 != 0,
            reg::ICR if value & 1 != 0 => self.state.raised = false,
            _ => (),
        }
        self.update();
    }

    fn deadline(&self) -> Option<u64> {
        self.state.due_ns
    }

    fn expire(&mut self) {
        if self.state.due_ns.is_some_and(|due_ns| due_ns <= self.clock.now_ns()) {
            self.state.due_ns = None;
            self.state.raised = true;
        }
        self.update();
    }

    fn reset(&mut self) {
        self.state = State::default();
        self.update();
    }
}

impl Snapshot for Pl031 {
    const KIND: &'static str = "pl031";
    const VERSION: u32 = 1;
    type State = State;

    fn save(&self) -> State {
        self.state.clone()
    }

    fn restore(&mut self, state: State) -> Result<(), RestoreError> {
        self.state = state;
        self.irq.restore(self.state.raised && self.state.unmasked);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const EPOCH: u64 = 1_000_000_000;

    fn rtc() -> (Pl031, Clock, IrqLine) {
        let (clock, irq) = (Clock::counted(), IrqLine::unconnected());
        // Half a second past the full one.
        let epoch_ns = EPOCH * NS_PER_SECOND + NS_PER_SECOND / 2;
        (Pl031::new(epoch_ns, clock.clone(), irq.clone()), clock, irq)
    }

    #[test]
    fn shows_and_takes_the_time() {
        let (mut rtc, clock, _) = rtc();
        assert_eq!(rtc.read(reg::DR, 4), EPOCH);
        clock.advance_to(NS_PER_SECOND / 2);
        assert_eq!(rtc.read(reg::DR, 4), EPOCH + 1);
        rtc.write(reg::LR, 4, 5);
        clock.advance_to(NS_PER_SECOND * 2);
        assert_eq!((rtc.read(reg::DR, 4), rtc.read(reg::LR, 4)), (6, 5));
    }

    /// EDK2 takes nothing for this chip that does not show its number by bytes.
    #[test]
    fn is_identified_by_bytes() {
        let (mut rtc, ..) = rtc();
        let bytes: Vec<u64> =
            (IDENTIFICATION..PRIMECELL_BYTES).step_by(4).map(|at| rtc.read(at, 1)).collect();
        assert_eq!(bytes, [0x31, 0x10, 0x14, 0, 0x0d, 0xf0, 0x05, 0xb1]);
    }

    #[test]
    fn the_match_raises_the_interrupt_at_the_full_second() {
        let (mut rtc, clock, irq) = rtc();
        rtc.write(reg::IMSC, 4, 1);
        rtc.write(reg::MR, 4, EPOCH + 3);
        assert_eq!(rtc.deadline(), Some(NS_PER_SECOND * 5 / 2));
        clock.advance_to(NS_PER_SECOND * 5 / 2 - 1);
        rtc.expire();
        assert!(!irq.level());
        clock.advance_to(NS_PER_SECOND * 5 / 2);
        rtc.expire();
        assert!(irq.level());
        assert_eq!((rtc.read(reg::RIS, 4), rtc.read(reg::MIS, 4), rtc.deadline()), (1, 1, None));
        rtc.write(reg::ICR, 4, 1);
        assert!(!irq.level());
    }

    #[test]
    fn a_match_with_now_comes_at_once_and_waits_for_its_mask() {
        let (mut rtc, _, irq) = rtc();
        rtc.write(reg::MR, 4, EPOCH);
        assert_eq!((irq.level(), rtc.read(reg::RIS, 4), rtc.read(reg::MIS, 4)), (false, 1, 0));
        rtc.write(reg::IMSC, 4, 1);
        assert!(irq.level());
    }
}
