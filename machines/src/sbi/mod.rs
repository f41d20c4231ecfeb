//! Firmware for kernels started directly: the RISC-V Supervisor Binary
//! Interface, version 2.0. A file per extension, a chapter of the
//! specification each.
//!
//! The machine plays the M mode that the specification asks for: a hart's
//! `ecall` from S comes here, and no guest code runs meanwhile.

mod base;
mod dbcn;
mod hsm;
mod ipi;
mod legacy;
mod pmu;
mod rfence;
mod srst;
#[cfg(test)]
mod tests;
mod time;

pub use dbcn::Console;

use crate::cpu::Cpu;
use crate::platform::Surroundings;
use devices::power::Power;
use guest::CpuState;
use ir::Slot;
use riscv::Riscv64;
use riscv::state::x;

/// Error codes (chapter 3, table 1).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SbiError {
    /// There is no such extension, function or hart state.
    NotSupported = -2,
    /// A parameter is out of range.
    InvalidParam = -3,
    /// An address is not one the supervisor may use.
    InvalidAddress = -5,
    /// The hart is started already.
    AlreadyAvailable = -6,
    /// The counter is started already.
    AlreadyStarted = -7,
    /// The counter is stopped already.
    AlreadyStopped = -8,
}

/// What a call gives back in `a1`, or the error it gives back in `a0`.
pub type SbiResult = Result<u64, SbiError>;

/// The arguments of a call: `a0` to `a5`.
type Args = [u64; 6];

/// One extension.
struct Extension {
    id: u64,
    call: fn(&mut Call<'_, '_>, u64, Args) -> SbiResult,
}

/// The extensions there are, besides the legacy ones.
const EXTENSIONS: &[Extension] = &[
    Extension { id: 0x10, call: base::call },
    Extension { id: id(b"TIME"), call: time::call },
    Extension { id: id(b"\0sPI"), call: ipi::call },
    Extension { id: id(b"RFNC"), call: rfence::call },
    Extension { id: id(b"\0HSM"), call: hsm::call },
    Extension { id: id(b"SRST"), call: srst::call },
    Extension { id: id(b"\0PMU"), call: pmu::call },
    Extension { id: id(b"DBCN"), call: dbcn::call },
];

/// An extension's number from the letters of its name.
const fn id(letters: &[u8; 4]) -> u64 {
    u32::from_be_bytes(*letters) as u64
}

/// Whether there is an extension of that number (chapter 4, function 3).
fn is_available(id: u64) -> bool {
    legacy::is_available(id) || EXTENSIONS.iter().any(|extension| extension.id == id)
}

/// The firmware's own state.
pub struct Sbi {
    guest: Riscv64,
    power: Power,
    console: Console,
    harts: Vec<HartState>,
}

/// What the firmware knows of a hart beyond what the hart itself does.
#[derive(Clone, Default)]
struct HartState {
    /// It waits because of a call, not of a `wfi`.
    suspended: bool,
    counters: pmu::Counters,
}

impl Sbi {
    /// Firmware for `harts` harts, all of them off.
    pub fn new(guest: Riscv64, harts: usize, power: Power, console: Console) -> Sbi {
        Sbi { guest, power, console, harts: vec![HartState::default(); harts] }
    }

    /// Forgets what was before power-on.
    pub fn reset(&mut self) {
        self.harts.fill(HartState::default());
    }

    /// Hart `hart` has run instructions.
    pub fn note_run(&mut self, hart: usize) {
        self.harts[hart].suspended = false;
    }

    /// Serves the call of hart `hart`, whose pc is already behind it.
    pub fn call(&mut self, hart: usize, around: &mut Surroundings<'_>) {
        let cpu = around.cpus[hart].vcpu.state();
        let argument = |n: u32| cpu.get(x(10 + n));
        let (extension, function) = (argument(7), argument(6));
        let args: Args = std::array::from_fn(|n| argument(n as u32));
        let mut call = Call { sbi: self, hart, around, returns: true };
        if legacy::is_available(extension) {
            let value = legacy::call(&mut call, extension, args);
            call.set(x(10), value);
            return;
        }
        let found = EXTENSIONS.iter().find(|e| e.id == extension);
        let result = found.map_or(Err(SbiError::NotSupported), |e| (e.call)(&mut call, function, args));
        if call.returns {
            let (error, value) = match result {
                Ok(value) => (0, value),
                Err(error) => (error as i64 as u64, 0),
            };
            call.set(x(10), error);
            call.set(x(11), value);
        }
    }
}

/// One call being served.
struct Call<'a, 'b> {
    sbi: &'a mut Sbi,
    hart: usize,
    around: &'a mut Surroundings<'b>,
    /// The hart goes on behind its call, and gets an answer.
    returns: bool,
}

impl Call<'_, '_> {
    fn cpu(&mut self) -> &mut Cpu {
        &mut self.around.cpus[self.hart]
    }

    fn registers(&mut self) -> &mut CpuState {
        self.cpu().vcpu.registers_mut()
    }

    fn set(&mut self, slot: Slot, value: u64) {
        self.registers().set(slot, value);
    }

    /// The harts a mask names (chapter 3.1): bit `n` of `mask` is hart
    /// `base + n`; a base of -1 means all of them.
    fn harts(&self, mask: u64, base: u64) -> Result<Vec<usize>, SbiError> {
        let count = self.around.cpus.len();
        if base == u64::MAX {
            return Ok((0..count).collect());
        }
        let mut harts = Vec::new();
        for bit in (0..64).filter(|bit| mask >> bit & 1 != 0) {
            let hart = base.checked_add(bit).and_then(|hart| usize::try_from(hart).ok());
            harts.push(hart.filter(|hart| *hart < count).ok_or(SbiError::InvalidParam)?);
        }
        Ok(harts)
    }
}
