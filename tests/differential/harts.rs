//! Our side: harts in U mode on the reference interpreter and on the engines.

use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::time::Duration;

use backend::{Engine, EngineConfig, Exit, Tiers, Vcpu};
use bus::{AddressSpace, Clock, Ram};
use guest::{CpuState, Guest};
use riscv::Riscv64;
use riscv::fields::{envcfg, mstatus, privilege};
use riscv::state::{
    FFLAGS, FIRMWARE, FRM, MCAUSE, MEDELEG, MEPC, MIDELEG, MSTATUS, MTVAL, MTVEC, PC, PRIV, SCOUNTEREN,
    SENVCFG, f, x,
};
use riscv::testing::Reference;

use crate::layout::{Context, VECTOR};

/// wfi: an engine comes back when it gets there.
const WFI: u64 = 0x1050_0073;
/// Most instructions between two traps.
const BUDGET: u64 = 1 << 32;

/// Why a hart stopped.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Trap {
    /// mcause; `None` if the budget is used up.
    pub cause: Option<u64>,
    /// mtval.
    pub value: u64,
}

/// A hart that runs code of U mode until it traps.
pub trait Hart {
    /// Runs from `cpu`, which is in U mode, until it has trapped to [`VECTOR`];
    /// false if it does not.
    fn run(&mut self, cpu: &mut CpuState) -> bool;
}

/// Memory from `start` to `end`, with what harts need at [`VECTOR`].
pub fn memory(end: u64) -> Arc<Ram> {
    let ram = Ram::new(VECTOR, end - VECTOR).expect("memory for a guest");
    ram.store(VECTOR, 4, WFI).expect("the vector is in memory");
    Arc::new(ram)
}

/// An address space of this memory alone.
pub fn space(ram: &Arc<Ram>) -> AddressSpace {
    let mut space = AddressSpace::default();
    space.add_ram("ram", Arc::clone(ram));
    space
}

/// A hart in U mode that may use all extensions, with these registers.
pub fn user(guest: &Riscv64, context: &Context) -> CpuState {
    let mut cpu = CpuState::default();
    guest.reset(&mut cpu, 0, context.pc);
    guest.setup_supervisor(&mut cpu, context.pc, 0, 0);
    for slot in [FIRMWARE, MEDELEG, MIDELEG] {
        cpu.set(slot, 0);
    }
    cpu.set(PRIV, privilege::U);
    cpu.set(SENVCFG, envcfg::SENVCFG);
    cpu.set(SCOUNTEREN, u64::from(u32::MAX));
    cpu.set(MSTATUS, cpu.get(MSTATUS) | mstatus::FS);
    cpu.set(MTVEC, VECTOR);
    for n in 0..32 {
        cpu.set(x(n), context.x[n as usize]);
        cpu.set(f(n), context.f[n as usize]);
    }
    cpu.set(FRM, context.fcsr >> 5);
    cpu.set(FFLAGS, context.fcsr & 31);
    cpu
}

/// The registers of a hart that has trapped.
pub fn registers(cpu: &CpuState) -> Context {
    let fcsr = cpu.get(FRM) << 5 | cpu.get(FFLAGS);
    let mut context = Context { pc: cpu.get(MEPC), x: [0; 32], f: [0; 32], fcsr };
    for n in 0..32 {
        context.x[n as usize] = cpu.get(x(n));
        context.f[n as usize] = cpu.get(f(n));
    }
    context
}

/// Runs on until the next trap.
pub fn run(hart: &mut dyn Hart, cpu: &mut CpuState) -> Trap {
    let trapped = hart.run(cpu);
    Trap { cause: trapped.then(|| cpu.get(MCAUSE)), value: cpu.get(MTVAL) }
}

/// Goes back to U mode behind the ecall that trapped.
pub fn resume(cpu: &mut CpuState) {
    cpu.set(PRIV, privilege::U);
    cpu.set(PC, cpu.get(MEPC) + 4);
}

/// A hart on an engine.
pub struct OnEngine {
    engine: Engine,
    vcpu: Vcpu,
}

impl OnEngine {
    pub fn new(tiers: Tiers, ram: &Arc<Ram>) -> OnEngine {
        let guest: Arc<dyn Guest> = Arc::new(Riscv64::new());
        let stop = Arc::new(AtomicBool::new(false));
        let config = EngineConfig { tiers, timer: || Duration::ZERO, stop, published: None };
        let engine = Engine::new(Arc::clone(&guest), space(ram), Clock::counted(), config);
        let engine = engine.expect("this host can run compiled code");
        OnEngine { engine, vcpu: Vcpu::new(&guest, 0, 0) }
    }

    /// Instructions that ran in compiled code.
    pub fn compiled_instructions(&self) -> u64 {
        self.engine.stats().tier2.guest_instructions_run
    }
}

impl Hart for OnEngine {
    fn run(&mut self, cpu: &mut CpuState) -> bool {
        // Memory is translated alike in all runs: what is known of it stays, or
        // compiled code would leave at its first access.
        *self.vcpu.registers_mut() = cpu.clone();
        let exit = self.engine.run(&mut self.vcpu, BUDGET);
        *cpu = self.vcpu.state().clone();
        exit == Exit::Idle
    }
}

/// A hart on the reference interpreter, a new one for each run: it keeps its
/// reservation when it traps, which the others do not.
pub struct OnReference<'a> {
    guest: &'a Riscv64,
    ram: Arc<Ram>,
    /// Gets each instruction's word before it is run.
    seen: &'a mut dyn FnMut(u32),
}

impl<'a> OnReference<'a> {
    pub fn new(guest: &'a Riscv64, ram: &Arc<Ram>, seen: &'a mut dyn FnMut(u32)) -> OnReference<'a> {
        OnReference { guest, ram: Arc::clone(ram), seen }
    }
}

impl Hart for OnReference<'_> {
    fn run(&mut self, cpu: &mut CpuState) -> bool {
        const INSNS_MAX: u32 = 10_000;
        let mut hart = Reference::new(self.guest, cpu.clone(), space(&self.ram));
        for _ in 0..INSNS_MAX {
            if hart.cpu.get(PRIV) == privilege::M {
                *cpu = hart.cpu;
                return true;
            }
            let pc = hart.cpu.get(PC);
            if let Ok(word) = hart.space.read(pc, 4) {
                (self.seen)(word as u32);
            }
            hart.step(1).unwrap_or_else(|problem| panic!("at {pc:#x}: {problem}"));
        }
        false
    }
}
