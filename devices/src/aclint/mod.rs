//! Timer and software interrupts (RISC-V ACLINT specification 1.0-rc4), and
//! the older SiFive CLINT that has the same registers in one block (SiFive E31
//! core complex manual, chapter 9).
//!
//! | chip   | CLINT offset | registers                                        |
//! |--------|--------------|--------------------------------------------------|
//! | MSWI   | 0            | 4·hart: MSIP, bit 0 is the pin                   |
//! | MTIMER | 0x4000       | 8·hart: MTIMECMP; 0x7ff8: MTIME                  |
//! | SSWI   |              | 4·hart: SETSSIP, a write of 1 raises an edge     |

mod mtimer;
mod swi;

pub use mtimer::{MTIMER_BYTES, Mtimer, State as MtimerState, Timebase};
pub use swi::{Mswi, MswiState, RisingEdge, SWI_BYTES, Sswi};

use crate::registry::DeviceInfo;
use bus::{Device, IrqLine, RestoreError, Snapshot};
use serde::{Deserialize, Serialize};

const ACLINT: &str = "RISC-V Advanced Core Local Interruptor specification 1.0-rc4";

/// The row of the combined chip in the device list.
pub const CLINT_INFO: DeviceInfo = DeviceInfo {
    name: "clint",
    description: "Machine timer and software interrupts in one block",
    source: "SiFive E31 Core Complex manual, chapter 9",
    compatible: &["sifive,clint0", "riscv,clint0"],
};

/// The row of the machine timer in the device list.
pub const MTIMER_INFO: DeviceInfo = DeviceInfo {
    name: "aclint-mtimer",
    description: "Machine timer",
    source: ACLINT,
    compatible: &["riscv,aclint-mtimer"],
};

/// The row of the machine software interrupts in the device list.
pub const MSWI_INFO: DeviceInfo = DeviceInfo {
    name: "aclint-mswi",
    description: "Machine-level software interrupts",
    source: ACLINT,
    compatible: &["riscv,aclint-mswi"],
};

/// The row of the supervisor software interrupts in the device list.
pub const SSWI_INFO: DeviceInfo = DeviceInfo {
    name: "aclint-sswi",
    description: "Supervisor-level software interrupts",
    source: ACLINT,
    compatible: &["riscv,aclint-sswi"],
};

/// The highest number of harts the layouts have room for.
pub const HARTS_MAX: usize = 4095;

/// The block size of a [`Clint`] in bytes, with room to 64 KiB left free.
pub const CLINT_BYTES: u64 = SWI_BYTES + MTIMER_BYTES;

/// The SiFive CLINT: an [`Mswi`] and, 0x4000 above it, an [`Mtimer`].
pub struct Clint {
    mswi: Mswi,
    mtimer: Mtimer,
}

/// All that a guest can see of a [`Clint`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ClintState {
    mswi: MswiState,
    mtimer: MtimerState,
}

impl Clint {
    /// A block for as many harts as there are wires: `software` to the machine
    /// software interrupt pins (MSIP), `timer` to the timer pins (MTIP).
    ///
    /// # Panics
    /// If there are more than [`HARTS_MAX`] harts: a board's mistake.
    pub fn new(timebase: Timebase, software: Vec<IrqLine>, timer: Vec<IrqLine>) -> Clint {
        Clint { mswi: Mswi::new(software), mtimer: Mtimer::new(timebase, timer) }
    }
}

impl Device for Clint {
    fn read(&mut self, offset: u64, bytes: u8) -> u64 {
        match offset.checked_sub(SWI_BYTES) {
            None => self.mswi.read(offset, bytes),
            Some(offset) => self.mtimer.read(offset, bytes),
        }
    }

    fn write(&mut self, offset: u64, bytes: u8, value: u64) {
        match offset.checked_sub(SWI_BYTES) {
            None => self.mswi.write(offset, bytes, value),
            Some(offset) => self.mtimer.write(offset, bytes, value),
        }
    }

    fn deadline(&self) -> Option<u64> {
        self.mtimer.deadline()
    }

    fn expire(&mut self) {
        self.mtimer.expire();
    }

    fn reset(&mut self) {
        self.mswi.reset();
        self.mtimer.reset();
    }
}

impl Snapshot for Clint {
    const KIND: &'static str = "clint";
    const VERSION: u32 = 1;
    type State = ClintState;

    fn save(&self) -> ClintState {
        ClintState { mswi: self.mswi.save(), mtimer: self.mtimer.save() }
    }

    fn restore(&mut self, state: ClintState) -> Result<(), RestoreError> {
        let before = self.mswi.save();
        self.mswi.restore(state.mswi)?;
        self.mtimer.restore(state.mtimer).or_else(|refusal| {
            self.mswi.restore(before)?;
            Err(refusal)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use bus::{Clock, CpuLines};

    #[test]
    fn the_clint_has_both_chips_where_software_expects_them() {
        let (clock, cpu) = (Clock::counted(), CpuLines::default());
        let timebase = Timebase::new(clock.clone(), 10_000_000);
        let mut clint = Clint::new(timebase, vec![cpu.line(3)], vec![cpu.line(7)]);
        clint.write(0, 4, 1);
        assert_eq!(cpu.levels(), 1 << 3);
        clint.write(0x4000, 8, 5);
        assert_eq!(clint.deadline(), Some(500));
        clock.advance_to(500);
        clint.expire();
        assert_eq!((cpu.levels(), clint.read(0xbff8, 8)), (1 << 3 | 1 << 7, 5));
        clint.reset();
        assert_eq!((cpu.levels(), clint.read(0xbff8, 8)), (0, 0));
    }

    #[test]
    fn a_refused_state_changes_neither_chip() {
        let make = |timers: usize| {
            let wires = |n| vec![IrqLine::unconnected(); n];
            Clint::new(Timebase::new(Clock::counted(), 1), wires(1), wires(timers))
        };
        let (mut one, mut two) = (make(1), make(2));
        one.write(0, 4, 1);
        let before = two.save();
        assert!(two.restore(one.save()).is_err());
        assert_eq!(two.save(), before);
    }
}
