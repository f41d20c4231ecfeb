//! A hart with RAM and a clock, as the cases need it.

use bus::{AddressSpace, Clock, Ram};
use guest::{Access, CpuState, Env, Fault, Guest, Page, Requests};
use ir::Slot;
use riscv::Riscv64;
use riscv::csr::{self, Illegal, Update};
use riscv::fields::mstatus;
use riscv::state::{MSTATUS, PRIV};
use std::sync::Arc;

pub const RAM: u64 = 0x8000_0000;
pub const RAM_BYTES: u64 = 1 << 20;

pub const U: u64 = 0;
pub const S: u64 = 1;
pub const M: u64 = 3;

pub struct Hart {
    pub guest: Riscv64,
    pub cpu: CpuState,
    pub space: AddressSpace,
    pub clock: Clock,
    pub instructions: u64,
    /// What the last access or program asked of the engine.
    pub requests: Requests,
}

impl Hart {
    /// A hart after reset: M mode, everything off.
    pub fn new() -> Hart {
        let guest = Riscv64::new();
        let mut space = AddressSpace::default();
        space.add_ram("ram", Arc::new(Ram::new(RAM, RAM_BYTES).expect("a small mapping")));
        let mut cpu = CpuState::default();
        guest.reset(&mut cpu, 0, RAM);
        let clock = Clock::counted();
        Hart { guest, cpu, space, clock, instructions: 0, requests: Requests::default() }
    }

    /// A hart in S mode, as firmware leaves it.
    pub fn supervisor() -> Hart {
        let mut hart = Hart::new();
        hart.guest.setup_supervisor(&mut hart.cpu, RAM, 0, 0);
        hart
    }

    pub fn at(mut self, privilege: u64) -> Hart {
        self.cpu.set(PRIV, privilege);
        self
    }

    pub fn with(mut self, slot: Slot, value: u64) -> Hart {
        self.cpu.set(slot, value);
        self
    }

    /// Sets bits of mstatus.
    pub fn status(mut self, bits: u64) -> Hart {
        self.cpu.set(MSTATUS, self.cpu.get(MSTATUS) | bits);
        self
    }

    pub fn mpp(self, privilege: u64) -> Hart {
        self.status(privilege << mstatus::MPP_SHIFT)
    }

    pub fn env(&mut self) -> Env<'_> {
        Env {
            cpu: &mut self.cpu,
            space: &self.space,
            clock: &self.clock,
            instructions: self.instructions,
            requests: Requests::default(),
        }
    }

    pub fn read(&mut self, number: u16) -> Result<u64, Illegal> {
        csr::read(&self.env(), number)
    }

    pub fn modify(&mut self, number: u16, update: Update, operand: u64) -> Result<u64, Illegal> {
        let mut env = self.env();
        let old = csr::modify(&mut env, number, update, operand);
        self.requests = env.requests;
        old
    }

    /// Writes a register and reads it back.
    pub fn write(&mut self, number: u16, value: u64) -> u64 {
        self.modify(number, Update::Write, value).expect("the register can be written");
        self.read(number).expect("the register can be read")
    }

    pub fn walk(&mut self, at: u64, access: Access, regime: u8) -> Result<Page, Fault> {
        self.guest.walk(&mut self.cpu, &self.space, at, 1, access, regime)
    }

    pub fn store(&self, at: u64, bytes: u8, value: u64) {
        self.space.write(at, bytes, value).expect("in RAM");
    }

    pub fn load(&self, at: u64, bytes: u8) -> u64 {
        self.space.read(at, bytes).expect("in RAM")
    }
}
