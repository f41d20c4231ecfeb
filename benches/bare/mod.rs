//! A hart, some RAM and an assembled program: what engines are measured with.

pub mod kernels;

use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use backend::{Engine, EngineConfig, Exit, Stats, Tiers, Vcpu};
use bus::{AddressSpace, Clock, Ram};
use guest::Guest;
use riscv::{Riscv64, asm};

use crate::cpu_time;

const RAM_BASE: u64 = 0x8000_0000;
const RAM_BYTES: u64 = 1 << 20;

/// A machine of nothing else.
pub struct Bare {
    engine: Engine,
    vcpu: Vcpu,
}

impl Bare {
    /// `program`, which never ends, about to start in M mode.
    pub fn new(program: &str, tiers: Tiers) -> Bare {
        let program = asm::assemble(program, RAM_BASE).expect("the program assembles");
        let ram = Arc::new(Ram::new(RAM_BASE, RAM_BYTES).expect("the host has a little memory"));
        assert!(ram.write(RAM_BASE, &program.bytes), "the program fits");
        let mut space = AddressSpace::default();
        space.add_ram("ram", ram);
        let guest: Arc<dyn Guest> = Arc::new(Riscv64::default());
        let stop = Arc::new(AtomicBool::new(false));
        let config = EngineConfig { tiers, timer: cpu_time::now, stop, published: None };
        let vcpu = Vcpu::new(&guest, 0, RAM_BASE);
        let engine = Engine::new(guest, space, Clock::counted(), config).expect("the host has this engine");
        Bare { engine, vcpu }
    }

    /// Runs so many guest instructions.
    pub fn run(&mut self, instructions: u64) {
        assert_eq!(self.engine.run(&mut self.vcpu, instructions), Exit::Budget, "the program never ends");
    }

    /// What the engine has done so far.
    pub fn stats(&self) -> &Stats {
        self.engine.stats()
    }
}
