//! What engines are compared with: CPUs that interpret one instruction at a
//! time, remember nothing of code or translations, and look for interrupts
//! before each instruction.

use crate::test_guest::TestGuest;
use crate::world::{Subject, World};
use backend::{Exit, NS_PER_INSTRUCTION};
use bus::{CpuLines, PAGE_BYTES};
use guest::{Access, Cause, CpuState, Env, Fault, Fetch, Guest, Requests};
use ir::interp::{Host, Outcome, Stopped};
use ir::{Align, Block, HelperId, Leave, MemAccess, RmwOp, Slot, StateLayout, Type, eval};
use std::collections::VecDeque;
use std::sync::Arc;
use std::sync::atomic::Ordering;

/// How many instructions a failed test shows.
const RECENT: usize = 6;

/// The reference.
pub struct Reference {
    guest: Arc<TestGuest>,
    world: World,
    cpus: Vec<Cpu>,
}

/// One CPU.
#[derive(Default)]
struct Cpu {
    state: CpuState,
    lines: CpuLines,
    instructions: u64,
    reservation: Option<Reservation>,
    /// The last instructions it ran.
    recent: VecDeque<Block>,
}

/// What a reservation stands on: the access, and what it read.
#[derive(Clone, Copy, PartialEq, Eq)]
struct Reservation {
    addr: u64,
    ty: Type,
    regime: u8,
    value: u64,
}

impl Reference {
    /// `cpus` CPUs of `guest`, all at `entry`, in a world of their own.
    pub fn new(guest: &Arc<TestGuest>, image: &[u8], cpus: usize, entry: u64) -> Reference {
        let cpus: Vec<Cpu> = (0..cpus)
            .map(|index| {
                let mut cpu = Cpu::default();
                guest.reset(&mut cpu.state, index as u32, entry);
                cpu
            })
            .collect();
        let lines: Vec<CpuLines> = cpus.iter().map(|cpu| cpu.lines.clone()).collect();
        Reference { guest: Arc::clone(guest), world: World::new(image, &lines), cpus }
    }

    /// How many CPUs there are.
    pub fn cpus(&self) -> usize {
        self.cpus.len()
    }

    /// The last instructions a CPU ran, as text.
    pub fn recent(&self, cpu: usize) -> String {
        let spec = self.guest.spec();
        self.cpus[cpu].recent.iter().map(|block| block.display(spec).to_string()).collect()
    }

    /// The guest's slots.
    pub fn layout(&self) -> &StateLayout {
        &self.guest.spec().layout
    }

    fn core(&mut self, cpu: usize) -> Core<'_> {
        Core { guest: &self.guest, world: &self.world, cpu: &mut self.cpus[cpu] }
    }
}

impl Subject for Reference {
    fn world(&self) -> &World {
        &self.world
    }

    fn run(&mut self, cpu: usize, budget: u64) -> Exit {
        let start_ns = self.world.clock.now_ns();
        let mut core = self.core(cpu);
        let mut run = 0;
        loop {
            let now_ns = start_ns + run * NS_PER_INSTRUCTION;
            core.world.clock.advance_to(now_ns);
            core.sample();
            if core.world.stop.load(Ordering::Relaxed) {
                return Exit::Stop;
            }
            if let Some(cause) = core.guest.pending(&core.cpu.state) {
                core.deliver(cause);
            }
            if run == budget {
                return Exit::Budget;
            }
            let exit = core.instruction();
            run += 1;
            core.cpu.instructions += 1;
            if let Some(exit) = exit {
                core.world.clock.advance_to(now_ns + NS_PER_INSTRUCTION);
                return exit;
            }
        }
    }

    fn slots(&self, cpu: usize) -> Vec<u64> {
        self.cpus[cpu].state.slots(self.layout()).to_vec()
    }

    fn set_slot(&mut self, cpu: usize, slot: Slot, value: u64) {
        self.cpus[cpu].state.set(slot, value);
    }

    fn lines(&self, cpu: usize) -> CpuLines {
        self.cpus[cpu].lines.clone()
    }

    fn instructions(&self, cpu: usize) -> u64 {
        self.cpus[cpu].instructions
    }

    fn drop_reservation(&mut self, cpu: usize) {
        self.cpus[cpu].reservation = None;
    }
}

/// A CPU at work.
struct Core<'a> {
    guest: &'a TestGuest,
    world: &'a World,
    cpu: &'a mut Cpu,
}

impl Core<'_> {
    fn sample(&mut self) {
        let now_ns = self.world.clock.now_ns();
        self.guest.sample(&mut self.cpu.state, self.cpu.lines.levels(), now_ns);
    }

    fn deliver(&mut self, cause: Cause) {
        self.cpu.reservation = None;
        self.guest.deliver(&mut self.cpu.state, cause);
    }

    fn set_pc(&mut self, pc: u64) {
        self.cpu.state.set(self.guest.spec().layout.pc(), pc);
    }

    /// Runs one instruction; yields the exit it asks for.
    fn instruction(&mut self) -> Option<Exit> {
        let key = self.guest.block_key(&self.cpu.state);
        let regime = self.guest.fetch_regime(key.mode);
        let guest = self.guest;
        let lifted = guest.lift(key, &mut PlainFetch { core: self, regime }, 1);
        let result = match lifted {
            Ok(block) => {
                let result = ir::interp::run(&block, guest.spec(), self);
                self.remember(block);
                result
            }
            Err(fault) => Err(Stopped { fault, pc: key.pc, completed: 0 }),
        };
        let leave = match result {
            Ok(Outcome::Jump(pc) | Outcome::Indirect { pc, .. }) => (pc, Leave::Resume),
            Ok(Outcome::Leave { reason, pc }) => (pc, reason),
            Ok(Outcome::Trap { cause, value, pc }) => return self.fault(pc, Fault { cause, value }),
            Err(Stopped { fault, pc, .. }) => return self.fault(pc, fault),
        };
        self.set_pc(leave.0);
        match leave.1 {
            Leave::Resume => None,
            Leave::Firmware => Some(Exit::Firmware),
            Leave::Idle => {
                self.sample();
                (!self.guest.wakes(&self.cpu.state)).then_some(Exit::Idle)
            }
        }
    }

    fn remember(&mut self, block: Block) {
        let recent = &mut self.cpu.recent;
        recent.push_back(block);
        if recent.len() > RECENT {
            recent.pop_front();
        }
    }

    fn fault(&mut self, pc: u64, fault: Fault) -> Option<Exit> {
        self.set_pc(pc);
        let (guest, regime) =
            (self.guest, self.guest.fetch_regime(self.guest.block_key(&self.cpu.state).mode));
        let (state, world) = (self.cpu.state.clone(), self.world);
        let fault = guest.complete(&state, &world.space, fault, &mut PlainFetch { core: self, regime });
        self.deliver(Cause::Exception(fault));
        None
    }

    fn translate(&mut self, at: u64, bytes: u8, access: Access, regime: u8) -> Result<u64, Fault> {
        let page = self.guest.walk(&mut self.cpu.state, &self.world.space, at, bytes, access, regime)?;
        Ok(page.phys)
    }

    /// The parts of an access, each in one page: physical address and bytes.
    fn parts(&mut self, ty: Type, how: MemAccess, at: u64, access: Access) -> Result<Vec<(u64, u8)>, Fault> {
        let bytes = ty.bytes();
        if how.align == Align::Natural && !at.is_multiple_of(bytes.into()) {
            return Err(self.guest.misaligned(at, access));
        }
        let first = (PAGE_BYTES - at % PAGE_BYTES).min(bytes.into()) as u8;
        let low = self.translate(at, first, access, how.regime)?;
        if first == bytes {
            return Ok(vec![(low, bytes)]);
        }
        let behind = at.wrapping_add(first.into());
        let high = self.translate(behind, bytes - first, access, how.regime)?;
        // An access across pages is done byte by byte.
        let low = (0..first).map(|i| (low + u64::from(i), 1));
        Ok(low.chain((0..bytes - first).map(|i| (high + u64::from(i), 1))).collect())
    }

    fn read(&self, parts: &[(u64, u8)], at: u64, access: Access) -> Result<u64, Fault> {
        let (mut value, mut shift) = (0, 0);
        for (phys, bytes) in parts {
            let part = self.world.space.read(*phys, *bytes);
            value |= part.map_err(|_| self.guest.bus_error(at, access))? << shift;
            shift += 8 * u32::from(*bytes);
        }
        Ok(value)
    }

    /// Whether something answers to all parts of a store.
    fn answered(&self, parts: &[(u64, u8)], at: u64) -> Result<(), Fault> {
        let answers = |phys: &u64| self.world.space.regions().iter().any(|r| r.range.contains(phys));
        let all = parts.iter().all(|(phys, _)| answers(phys));
        if all { Ok(()) } else { Err(self.guest.bus_error(at, Access::Store)) }
    }

    /// Either all parts are written, or none.
    fn write(&self, parts: &[(u64, u8)], at: u64, value: u64) -> Result<(), Fault> {
        self.answered(parts, at)?;
        let mut shift = 0;
        for (phys, bytes) in parts {
            let written = self.world.space.write(*phys, *bytes, value >> shift);
            written.map_err(|_| self.guest.bus_error(at, Access::Store))?;
            shift += 8 * u32::from(*bytes);
        }
        Ok(())
    }
}

impl Host for Core<'_> {
    type Fault = Fault;

    fn get(&mut self, slot: Slot) -> u64 {
        self.cpu.state.get(slot)
    }

    fn set(&mut self, slot: Slot, value: u64) {
        self.cpu.state.set(slot, value);
    }

    fn load(&mut self, ty: Type, access: MemAccess, addr: u64) -> Result<u64, Fault> {
        let parts = self.parts(ty, access, addr, Access::Load)?;
        self.read(&parts, addr, Access::Load)
    }

    fn store(&mut self, ty: Type, access: MemAccess, addr: u64, value: u64) -> Result<(), Fault> {
        let parts = self.parts(ty, access, addr, Access::Store)?;
        self.write(&parts, addr, value)
    }

    fn load_reserved(&mut self, ty: Type, access: MemAccess, addr: u64) -> Result<u64, Fault> {
        let value = self.load(ty, access, addr)?;
        self.cpu.reservation = Some(Reservation { addr, ty, regime: access.regime, value });
        Ok(value)
    }

    /// It stores if the reservation is for the same access and memory holds
    /// what was read then. It faults as a store does, even if it stores nothing.
    fn store_conditional(
        &mut self,
        ty: Type,
        access: MemAccess,
        addr: u64,
        value: u64,
    ) -> Result<bool, Fault> {
        let parts = self.parts(ty, access, addr, Access::Store)?;
        self.answered(&parts, addr)?;
        let Some(reserved) = self.cpu.reservation.take() else { return Ok(false) };
        if reserved != (Reservation { addr, ty, regime: access.regime, ..reserved }) {
            return Ok(false);
        }
        let stands = self.read(&parts, addr, Access::Store)? == reserved.value;
        if stands {
            self.write(&parts, addr, value)?;
        }
        Ok(stands)
    }

    fn atomic_rmw(
        &mut self,
        op: RmwOp,
        ty: Type,
        access: MemAccess,
        addr: u64,
        value: u64,
    ) -> Result<u64, Fault> {
        let parts = self.parts(ty, access, addr, Access::Store)?;
        let old = self.read(&parts, addr, Access::Store)?;
        self.write(&parts, addr, eval::rmw(op, ty, old, value))?;
        Ok(old)
    }

    fn atomic_cas(
        &mut self,
        ty: Type,
        access: MemAccess,
        addr: u64,
        expected: u64,
        new: u64,
    ) -> Result<u64, Fault> {
        let parts = self.parts(ty, access, addr, Access::Store)?;
        let old = self.read(&parts, addr, Access::Store)?;
        if old == expected {
            self.write(&parts, addr, new)?;
        }
        Ok(old)
    }

    fn fence(&mut self) {}

    fn call(&mut self, helper: HelperId, args: [u64; 4]) -> Result<u64, Fault> {
        let mut env = Env {
            cpu: &mut self.cpu.state,
            space: &self.world.space,
            clock: &self.world.clock,
            instructions: self.cpu.instructions,
            requests: Requests::default(),
        };
        let result = (self.guest.helpers()[usize::from(helper.0)].run)(&mut env, args);
        if env.requests.drop_reservation {
            self.cpu.reservation = None;
        }
        result
    }

    fn trap(&mut self, cause: u64, value: u64) -> Fault {
        Fault { cause, value }
    }

    fn insn(&mut self, pc: u64) {
        self.set_pc(pc);
    }
}

/// Reads code where it is, each time anew.
struct PlainFetch<'a, 'b> {
    core: &'a mut Core<'b>,
    regime: u8,
}

impl Fetch for PlainFetch<'_, '_> {
    fn fetch16(&mut self, at: u64) -> Result<u16, Fault> {
        let phys = self.core.translate(at, 2, Access::Fetch, self.regime)?;
        let unit = self.core.world.space.read(phys, 2);
        unit.map(|unit| unit as u16).map_err(|_| self.core.guest.bus_error(at, Access::Fetch))
    }
}
