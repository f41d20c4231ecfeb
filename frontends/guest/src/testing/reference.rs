//! A CPU on the reference interpreter.

use bus::{AddressSpace, Clock};
use ir::interp::{self, Host, Outcome};
use ir::{Align, HelperId, MemAccess, RmwOp, Slot, Type, eval};

use crate::{Access, Cause, CpuState, Env, Fault, Fetch, Guest, Requests};

/// A CPU that runs by [`ir::interp`]: no caches, each access translated anew.
pub struct Reference<'a> {
    /// The architecture.
    pub guest: &'a dyn Guest,
    /// The CPU's state.
    pub cpu: CpuState,
    /// Memory.
    pub space: AddressSpace,
    /// Virtual time.
    pub clock: Clock,
    /// Instructions run so far.
    pub instructions: u64,
    reservation: Option<(u64, Type)>,
}

impl<'a> Reference<'a> {
    /// A CPU with this state and memory.
    pub fn new(guest: &'a dyn Guest, cpu: CpuState, space: AddressSpace) -> Reference<'a> {
        let clock = Clock::counted();
        Reference { guest, cpu, space, clock, instructions: 0, reservation: None }
    }

    /// Lifts a block of at most `max_insns` instructions and runs it; takes
    /// the exception that it ends with, if any.
    ///
    /// # Errors
    /// The block does not verify: a front end's mistake.
    pub fn step(&mut self, max_insns: u32) -> Result<(), String> {
        let guest = self.guest;
        let key = guest.block_key(&self.cpu);
        let block = match guest.lift(key, &mut Code(self), max_insns) {
            Ok(block) => block,
            Err(fault) => {
                self.instructions += 1;
                self.except(key.pc, fault);
                return Ok(());
            }
        };
        ir::verify(&block, guest.spec()).map_err(|error| error.to_string())?;
        match interp::run(&block, guest.spec(), self) {
            Ok(Outcome::Jump(pc) | Outcome::Indirect { pc, .. } | Outcome::Leave { pc, .. }) => {
                self.set_pc(pc);
            }
            Ok(Outcome::Trap { cause, value, pc }) => self.except(pc, Fault { cause, value }),
            Err(stopped) => self.except(stopped.pc, stopped.fault),
        }
        Ok(())
    }

    fn set_pc(&mut self, pc: u64) {
        self.cpu.set(self.guest.spec().layout.pc(), pc);
    }

    fn except(&mut self, pc: u64, fault: Fault) {
        self.set_pc(pc);
        let (guest, cpu, space) = (self.guest, self.cpu.clone(), self.space.clone());
        let fault = guest.complete(&cpu, &space, fault, &mut Code(self));
        self.guest.deliver(&mut self.cpu, Cause::Exception(fault));
    }

    /// The physical addresses of the bytes of an access.
    fn bytes(&mut self, at: u64, bytes: u8, access: Access, regime: u8) -> Result<Vec<u64>, Fault> {
        let address = |offset| {
            let at = at.wrapping_add(u64::from(offset));
            self.guest.walk(&mut self.cpu, &self.space, at, 1, access, regime).map(|page| page.phys)
        };
        (0..bytes).map(address).collect()
    }

    fn read(&mut self, ty: Type, access: MemAccess, at: u64, kind: Access) -> Result<u64, Fault> {
        self.aligned(ty, access, at, kind)?;
        let mut value = 0;
        for (index, phys) in self.bytes(at, ty.bytes(), kind, access.regime)?.into_iter().enumerate() {
            let byte = self.space.read(phys, 1).map_err(|_| self.guest.bus_error(at, kind))?;
            value |= byte << (8 * index);
        }
        Ok(value)
    }

    fn write(&mut self, ty: Type, access: MemAccess, at: u64, value: u64) -> Result<(), Fault> {
        self.aligned(ty, access, at, Access::Store)?;
        for (index, phys) in self.bytes(at, ty.bytes(), Access::Store, access.regime)?.into_iter().enumerate()
        {
            let byte = value >> (8 * index) & 0xff;
            self.space.write(phys, 1, byte).map_err(|_| self.guest.bus_error(at, Access::Store))?;
        }
        Ok(())
    }

    fn aligned(&self, ty: Type, access: MemAccess, at: u64, kind: Access) -> Result<(), Fault> {
        let aligned = at.is_multiple_of(u64::from(ty.bytes()));
        if aligned || access.align == Align::Any { Ok(()) } else { Err(self.guest.misaligned(at, kind)) }
    }
}

/// The CPU's code.
struct Code<'r, 'a>(&'r mut Reference<'a>);

impl Fetch for Code<'_, '_> {
    fn fetch16(&mut self, at: u64) -> Result<u16, Fault> {
        let Code(cpu) = self;
        let regime = cpu.guest.fetch_regime(cpu.guest.block_key(&cpu.cpu).mode);
        let page = cpu.guest.walk(&mut cpu.cpu, &cpu.space, at, 2, Access::Fetch, regime)?;
        let half = cpu.space.read(page.phys, 2).map_err(|_| cpu.guest.bus_error(at, Access::Fetch))?;
        Ok(half as u16)
    }
}

impl Host for Reference<'_> {
    type Fault = Fault;

    fn get(&mut self, slot: Slot) -> u64 {
        self.cpu.get(slot)
    }

    fn set(&mut self, slot: Slot, value: u64) {
        self.cpu.set(slot, value);
    }

    fn load(&mut self, ty: Type, access: MemAccess, at: u64) -> Result<u64, Fault> {
        self.read(ty, access, at, Access::Load)
    }

    fn store(&mut self, ty: Type, access: MemAccess, at: u64, value: u64) -> Result<(), Fault> {
        self.write(ty, access, at, value)
    }

    fn load_reserved(&mut self, ty: Type, access: MemAccess, at: u64) -> Result<u64, Fault> {
        let value = self.read(ty, access, at, Access::Load)?;
        self.reservation = Some((at, ty));
        Ok(value)
    }

    fn store_conditional(&mut self, ty: Type, access: MemAccess, at: u64, value: u64) -> Result<bool, Fault> {
        // It faults as a store does, whether it stores or not.
        self.read(ty, access, at, Access::Store)?;
        let stands = self.reservation.take() == Some((at, ty));
        if stands {
            self.write(ty, access, at, value)?;
        }
        Ok(stands)
    }

    fn atomic_rmw(
        &mut self,
        op: RmwOp,
        ty: Type,
        access: MemAccess,
        at: u64,
        value: u64,
    ) -> Result<u64, Fault> {
        let old = self.read(ty, access, at, Access::Store)?;
        self.write(ty, access, at, eval::rmw(op, ty, old, value))?;
        Ok(old)
    }

    fn atomic_cas(
        &mut self,
        ty: Type,
        access: MemAccess,
        at: u64,
        expected: u64,
        new: u64,
    ) -> Result<u64, Fault> {
        let old = self.read(ty, access, at, Access::Store)?;
        if old == expected {
            self.write(ty, access, at, new)?;
        }
        Ok(old)
    }

    fn fence(&mut self) {}

    fn call(&mut self, helper: HelperId, args: [u64; 4]) -> Result<u64, Fault> {
        let mut env = Env {
            cpu: &mut self.cpu,
            space: &self.space,
            clock: &self.clock,
            instructions: self.instructions.saturating_sub(1),
            requests: Requests::default(),
        };
        let result = (self.guest.helpers()[usize::from(helper.0)].run)(&mut env, args);
        if env.requests.drop_reservation {
            self.reservation = None;
        }
        result
    }

    fn trap(&mut self, cause: u64, value: u64) -> Fault {
        Fault { cause, value }
    }

    fn insn(&mut self, _pc: u64) {
        self.instructions += 1;
    }
}
