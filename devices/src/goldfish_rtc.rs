//! Goldfish real-time clock (Android emulator, "Goldfish virtual hardware",
//! section on the timer; Linux binding `google,goldfish-rtc`).
//!
//! | offset | name            | access | meaning                                |
//! |--------|-----------------|--------|----------------------------------------|
//! | 0x00   | TIME_LOW        | rw     | time 31:0; a read latches TIME_HIGH    |
//! | 0x04   | TIME_HIGH       | rw     | time 63:32                             |
//! | 0x08   | ALARM_LOW       | rw     | alarm 31:0; a write arms the alarm     |
//! | 0x0c   | ALARM_HIGH      | rw     | alarm 63:32, used at the next arming   |
//! | 0x10   | IRQ_ENABLED     | rw     | bit 0 lets the interrupt out           |
//! | 0x14   | CLEAR_ALARM     | w      | disarms the alarm                      |
//! | 0x18   | ALARM_STATUS    | r      | 1 while the alarm is armed             |
//! | 0x1c   | CLEAR_INTERRUPT | w      | takes the interrupt back               |
//!
//! Times are nanoseconds since 1970-01-01 00:00 UTC. Registers are 32 bits
//! wide; other accesses read as zero and write nothing.

use crate::registry::DeviceInfo;
use crate::{is_word, replace_half};
use bus::{Clock, Device, IrqLine, RestoreError, Snapshot};
use serde::{Deserialize, Serialize};

/// The row of the device list.
pub const INFO: DeviceInfo = DeviceInfo {
    name: "goldfish-rtc",
    description: "Real-time clock with alarm, nanoseconds since 1970",
    source: "Android emulator, Goldfish virtual hardware",
    compatible: &["google,goldfish-rtc"],
};

mod reg {
    pub const TIME_LOW: u64 = 0x00;
    pub const TIME_HIGH: u64 = 0x04;
    pub const ALARM_LOW: u64 = 0x08;
    pub const ALARM_HIGH: u64 = 0x0c;
    pub const IRQ_ENABLED: u64 = 0x10;
    pub const CLEAR_ALARM: u64 = 0x14;
    pub const ALARM_STATUS: u64 = 0x18;
    pub const CLEAR_INTERRUPT: u64 = 0x1c;
}

/// The chip.
pub struct GoldfishRtc {
    state: State,
    epoch_ns: u64,
    clock: Clock,
    irq: IrqLine,
}

/// All that a guest can see of it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct State {
    /// Time of day minus virtual time, modulo 2^64.
    offset_ns: u64,
    latched_high: u32,
    alarm_ns: u64,
    /// When the alarm goes off, if it is armed.
    due_ns: Option<u64>,
    raised: bool,
    enabled: bool,
}

impl GoldfishRtc {
    /// A clock that shows `epoch_ns` (nanoseconds since 1970) at virtual time
    /// zero.
    pub fn new(epoch_ns: u64, clock: Clock, irq: IrqLine) -> GoldfishRtc {
        let state = State { offset_ns: epoch_ns, ..State::default() };
        GoldfishRtc { state, epoch_ns, clock, irq }
    }

    /// The time shown, in nanoseconds since 1970.
    pub fn time_ns(&self) -> u64 {
        self.clock.now_ns().wrapping_add(self.state.offset_ns)
    }

    fn set_time(&mut self, half: u64, value: u64) {
        let time_ns = replace_half(self.time_ns(), half, value);
        self.state.offset_ns = time_ns.wrapping_sub(self.clock.now_ns());
    }

    /// Fires the alarm if its time has come.
    fn check_alarm(&mut self) {
        if self.state.due_ns.is_some_and(|due_ns| due_ns <= self.time_ns()) {
            self.state.due_ns = None;
            self.state.raised = true;
        }
    }

    fn level(&self) -> bool {
        self.state.raised && self.state.enabled
    }
}

impl Device for GoldfishRtc {
    fn read(&mut self, offset: u64, bytes: u8) -> u64 {
        if !is_word(offset, bytes) {
            return 0;
        }
        match offset {
            reg::TIME_LOW => {
                let time_ns = self.time_ns();
                self.state.latched_high = (time_ns >> 32) as u32;
                time_ns & 0xffff_ffff
            }
            reg::TIME_HIGH => self.state.latched_high.into(),
            reg::ALARM_LOW => self.state.alarm_ns & 0xffff_ffff,
            reg::ALARM_HIGH => self.state.alarm_ns >> 32,
            reg::IRQ_ENABLED => self.state.enabled.into(),
            reg::ALARM_STATUS => self.state.due_ns.is_some().into(),
            _ => 0,
        }
    }

    fn write(&mut self, offset: u64, bytes: u8, value: u64) {
        if !is_word(offset, bytes) {
            return;
        }
        match offset {
            reg::TIME_LOW | reg::TIME_HIGH => self.set_time(offset, value),
            reg::ALARM_LOW => {
                self.state.alarm_ns = replace_half(self.state.alarm_ns, offset, value);
                self.state.due_ns = Some(self.state.alarm_ns);
            }
            reg::ALARM_HIGH => self.state.alarm_ns = replace_half(self.state.alarm_ns, offset, value),
            reg::IRQ_ENABLED => self.state.enabled = value & 1 != 0,
            reg::CLEAR_ALARM => self.state.due_ns = None,
            reg::CLEAR_INTERRUPT => self.state.raised = false,
            _ => (),
        }
        self.expire();
    }

    fn deadline(&self) -> Option<u64> {
        let wait_ns = self.state.due_ns?.saturating_sub(self.time_ns());
        self.clock.now_ns().checked_add(wait_ns)
    }

    fn expire(&mut self) {
        self.check_alarm();
        self.irq.set(self.level());
    }

    fn reset(&mut self) {
        self.state = State { offset_ns: self.epoch_ns, ..State::default() };
        self.irq.set(false);
    }
}

impl Snapshot for GoldfishRtc {
    const KIND: &'static str = "goldfish-rtc";
    const VERSION: u32 = 1;
    type State = State;

    fn save(&self) -> State {
        self.state.clone()
    }

    fn restore(&mut self, state: State) -> Result<(), RestoreError> {
        self.state = state;
        self.irq.restore(self.level());
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const EPOCH_NS: u64 = 0x1234_5678_9abc_def0;

    fn rtc() -> (GoldfishRtc, Clock, IrqLine) {
        let (clock, irq) = (Clock::counted(), IrqLine::unconnected());
        (GoldfishRtc::new(EPOCH_NS, clock.clone(), irq.clone()), clock, irq)
    }

    /// Reads the time in the order that Linux's driver uses: low, then high.
    fn time(rtc: &mut GoldfishRtc) -> u64 {
        let low = rtc.read(reg::TIME_LOW, 4);
        rtc.read(reg::TIME_HIGH, 4) << 32 | low
    }

    fn set_alarm(rtc: &mut GoldfishRtc, at_ns: u64) {
        rtc.write(reg::ALARM_HIGH, 4, at_ns >> 32);
        rtc.write(reg::ALARM_LOW, 4, at_ns & 0xffff_ffff);
    }

    #[test]
    fn shows_the_epoch_plus_virtual_time() {
        let (mut rtc, clock, _) = rtc();
        clock.advance_to(5_000_000_000);
        assert_eq!(time(&mut rtc), EPOCH_NS + 5_000_000_000);
    }

    #[test]
    fn reading_low_latches_high() {
        let (mut rtc, clock, _) = rtc();
        let low = rtc.read(reg::TIME_LOW, 4);
        clock.advance_to(1 << 32);
        assert_eq!(rtc.read(reg::TIME_HIGH, 4) << 32 | low, EPOCH_NS);
    }

    #[test]
    fn the_time_can_be_set() {
        let (mut rtc, clock, _) = rtc();
        clock.advance_to(77);
        rtc.write(reg::TIME_HIGH, 4, 1);
        rtc.write(reg::TIME_LOW, 4, 2);
        clock.advance_to(80);
        assert_eq!(time(&mut rtc), (1 << 32) + 5);
    }

    #[test]
    fn the_alarm_fires_at_its_deadline() {
        let (mut rtc, clock, irq) = rtc();
        rtc.write(reg::IRQ_ENABLED, 4, 1);
        set_alarm(&mut rtc, EPOCH_NS + 1000);
        assert_eq!((rtc.deadline(), rtc.read(reg::ALARM_STATUS, 4)), (Some(1000), 1));
        clock.advance_to(999);
        rtc.expire();
        assert!(!irq.level());
        clock.advance_to(1000);
        rtc.expire();
        assert!(irq.level());
        assert_eq!((rtc.deadline(), rtc.read(reg::ALARM_STATUS, 4)), (None, 0));
        rtc.write(reg::CLEAR_INTERRUPT, 4, 0);
        assert!(!irq.level());
    }

    #[test]
    fn an_alarm_in_the_past_fires_at_once_and_waits_for_its_enable() {
        let (mut rtc, _, irq) = rtc();
        set_alarm(&mut rtc, EPOCH_NS - 1);
        assert!(!irq.level());
        rtc.write(reg::IRQ_ENABLED, 4, 1);
        assert!(irq.level());
    }

    #[test]
    fn setting_the_time_past_the_alarm_fires_it() {
        let (mut rtc, _, irq) = rtc();
        rtc.write(reg::IRQ_ENABLED, 4, 1);
        set_alarm(&mut rtc, EPOCH_NS + (1 << 40));
        rtc.write(reg::TIME_HIGH, 4, 0x2000_0000);
        assert!(irq.level());
    }

    #[test]
    fn a_cleared_alarm_does_not_fire() {
        let (mut rtc, clock, irq) = rtc();
        rtc.write(reg::IRQ_ENABLED, 4, 1);
        set_alarm(&mut rtc, EPOCH_NS + 1000);
        rtc.write(reg::CLEAR_ALARM, 4, 1);
        assert_eq!(rtc.deadline(), None);
        clock.advance_to(2000);
        rtc.expire();
        assert!(!irq.level());
    }
}
