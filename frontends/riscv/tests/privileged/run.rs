//! Runs code on a [`Hart`] with the IR's interpreter, block by block.

use crate::hart::Hart;
use guest::{Access, Cause, CpuState, Env, Fault, Fetch, Guest, Requests};
use ir::interp::{self, Host, Outcome, Stopped};
use ir::{HelperId, Leave, MemAccess, RmwOp, Slot, Type, eval};
use riscv::state::PC;

/// Why a hart stopped.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Stop {
    /// It went on for so many blocks and interrupts as it was allowed.
    Limit,
    /// It waits for an interrupt.
    Idle,
    /// It called the firmware.
    Firmware,
}

impl Hart {
    /// Runs until something stops the hart, for at most `limit` steps: blocks
    /// of at most `max_insns` instructions, or interrupts taken.
    pub fn run(&mut self, limit: u32, max_insns: u32) -> Stop {
        for _ in 0..limit {
            if let Some(cause) = self.guest.pending(&self.cpu) {
                self.guest.deliver(&mut self.cpu, cause);
                continue;
            }
            match self.block(max_insns) {
                Ok(Some(Leave::Idle)) => return Stop::Idle,
                Ok(Some(Leave::Firmware)) => return Stop::Firmware,
                Ok(_) => (),
                Err(fault) => self.guest.deliver(&mut self.cpu, Cause::Exception(fault)),
            }
        }
        Stop::Limit
    }

    fn block(&mut self, max_insns: u32) -> Result<Option<Leave>, Fault> {
        let guest = self.guest.clone();
        let key = guest.block_key(&self.cpu);
        let regime = guest.fetch_regime(key.mode);
        let mut code = Code { hart: self, regime };
        let block = guest.lift(key, &mut code, max_insns)?;
        ir::verify(&block, guest.spec()).expect("a lifted block is well-formed");
        let (pc, leave, fault) = match interp::run(&block, guest.spec(), self) {
            Ok(Outcome::Jump(pc) | Outcome::Indirect { pc, .. }) => (pc, None, None),
            Ok(Outcome::Leave { reason, pc }) => (pc, Some(reason), None),
            Ok(Outcome::Trap { cause, value, pc }) => (pc, None, Some(Fault { cause, value })),
            Err(Stopped { fault, pc, .. }) => (pc, None, Some(fault)),
        };
        self.cpu.set(PC, pc);
        fault.map_or(Ok(leave), Err)
    }

    fn translate(&mut self, addr: u64, ty: Type, access: Access, how: MemAccess) -> Result<u64, Fault> {
        let page = self.guest.walk(&mut self.cpu, &self.space, addr, ty.bytes(), access, how.regime)?;
        Ok(page.phys)
    }
}

/// Code as the hart fetches it.
struct Code<'a> {
    hart: &'a mut Hart,
    regime: u8,
}

impl Fetch for Code<'_> {
    fn fetch16(&mut self, at: u64) -> Result<u16, Fault> {
        let page = self.hart.walk(at, Access::Fetch, self.regime)?;
        let read = self.hart.space.read(page.phys, 2);
        read.map(|half| half as u16).map_err(|_| self.hart.guest.bus_error(at, Access::Fetch))
    }
}

impl Host for Hart {
    type Fault = Fault;

    fn get(&mut self, slot: Slot) -> u64 {
        self.cpu.get(slot)
    }

    fn set(&mut self, slot: Slot, value: u64) {
        self.cpu.set(slot, value);
    }

    fn load(&mut self, ty: Type, access: MemAccess, addr: u64) -> Result<u64, Fault> {
        let phys = self.translate(addr, ty, Access::Load, access)?;
        self.space.read(phys, ty.bytes()).map_err(|_| self.guest.bus_error(addr, Access::Load))
    }

    fn store(&mut self, ty: Type, access: MemAccess, addr: u64, value: u64) -> Result<(), Fault> {
        let phys = self.translate(addr, ty, Access::Store, access)?;
        self.space.write(phys, ty.bytes(), value).map_err(|_| self.guest.bus_error(addr, Access::Store))
    }

    fn load_reserved(&mut self, ty: Type, access: MemAccess, addr: u64) -> Result<u64, Fault> {
        self.load(ty, access, addr)
    }

    /// There is no reservation: it may fail at any time.
    fn store_conditional(&mut self, ty: Type, how: MemAccess, addr: u64, _: u64) -> Result<bool, Fault> {
        self.translate(addr, ty, Access::Store, how)?;
        Ok(false)
    }

    fn atomic_rmw(
        &mut self,
        op: RmwOp,
        ty: Type,
        how: MemAccess,
        addr: u64,
        value: u64,
    ) -> Result<u64, Fault> {
        let phys = self.translate(addr, ty, Access::Store, how)?;
        let bus_error = self.guest.bus_error(addr, Access::Store);
        let old = self.space.read(phys, ty.bytes()).map_err(|_| bus_error)?;
        self.store(ty, how, addr, eval::rmw(op, ty, old, value))?;
        Ok(old)
    }

    fn atomic_cas(
        &mut self,
        ty: Type,
        how: MemAccess,
        addr: u64,
        expected: u64,
        new: u64,
    ) -> Result<u64, Fault> {
        let phys = self.translate(addr, ty, Access::Store, how)?;
        let bus_error = self.guest.bus_error(addr, Access::Store);
        let old = self.space.read(phys, ty.bytes()).map_err(|_| bus_error)?;
        if old == expected {
            self.store(ty, how, addr, new)?;
        }
        Ok(old)
    }

    fn fence(&mut self) {}

    fn call(&mut self, helper: HelperId, args: [u64; 4]) -> Result<u64, Fault> {
        let run = self.guest.helpers()[usize::from(helper.0)].run;
        let before: CpuState = self.cpu.clone();
        // `insn` has counted the current instruction already.
        let instructions = self.instructions - 1;
        let mut env = Env { instructions, requests: Requests::default(), ..self.env() };
        let result = run(&mut env, args);
        self.requests = env.requests;
        assert!(result.is_ok() || self.cpu == before, "a helper that faults has changed no slot");
        result
    }

    fn trap(&mut self, cause: u64, value: u64) -> Fault {
        Fault { cause, value }
    }

    fn insn(&mut self, _pc: u64) {
        self.instructions += 1;
    }
}
