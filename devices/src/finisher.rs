//! SiFive test finisher (SiFive E31/E51 core complex, "Test Indicator"; Linux
//! binding `sifive,test0` and `syscon-poweroff`, `syscon-reboot`).
//!
//! | offset | bits  | register                                            |
//! |--------|-------|-----------------------------------------------------|
//! | 0      | 15:0  | verdict: 0x3333 fail, 0x5555 pass, 0x7777 reset     |
//! | 0      | 31:16 | exit code of a fail                                 |
//!
//! The register is write-only and reads as zero.

use crate::power::{Power, PowerRequest};
use crate::registry::DeviceInfo;
use bus::{Device, RestoreError, Snapshot};

/// The row of the device list.
pub const INFO: DeviceInfo = DeviceInfo {
    name: "sifive-test",
    description: "Test finisher: power-off with exit code, reboot",
    source: "SiFive E51 Core Complex, test indicator; Linux binding sifive,test0",
    compatible: &["sifive,test1", "sifive,test0", "syscon"],
};

const FAIL: u16 = 0x3333;
const PASS: u16 = 0x5555;
const RESET: u16 = 0x7777;

/// The chip. It has no state of its own: a verdict goes straight to [`Power`].
pub struct Finisher {
    power: Power,
}

impl Finisher {
    /// A finisher that reports to `power`.
    pub fn new(power: Power) -> Finisher {
        Finisher { power }
    }
}

impl Device for Finisher {
    fn read(&mut self, _offset: u64, _bytes: u8) -> u64 {
        0
    }

    fn write(&mut self, offset: u64, _bytes: u8, value: u64) {
        let (verdict, code) = (value as u16, (value >> 16) as u16);
        match (offset, verdict) {
            (0, FAIL) => self.power.request(PowerRequest::Off { code: code.into() }),
            (0, PASS) => self.power.request(PowerRequest::Off { code: 0 }),
            (0, RESET) => self.power.request(PowerRequest::Reset),
            _ => (),
        }
    }

    fn reset(&mut self) {}
}

impl Snapshot for Finisher {
    const KIND: &'static str = "sifive-test";
    const VERSION: u32 = 1;
    type State = ();

    fn save(&self) {}

    fn restore(&mut self, (): ()) -> Result<(), RestoreError> {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn verdict(offset: u64, value: u64) -> Option<PowerRequest> {
        let power = Power::default();
        Finisher::new(power.clone()).write(offset, 4, value);
        power.take()
    }

    #[test]
    fn verdicts_become_power_requests() {
        assert_eq!(verdict(0, 0x5555), Some(PowerRequest::Off { code: 0 }));
        assert_eq!(verdict(0, 0x002a_3333), Some(PowerRequest::Off { code: 42 }));
        assert_eq!(verdict(0, 0x7777), Some(PowerRequest::Reset));
    }

    #[test]
    fn all_else_is_ignored() {
        assert_eq!(verdict(4, 0x5555), None);
        assert_eq!(verdict(0, 0x5556), None);
        assert_eq!(verdict(0, 0), None);
    }
}
