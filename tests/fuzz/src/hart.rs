//! A hart with little RAM, on either engine.

use std::sync::atomic::AtomicBool;
use std::sync::{Arc, LazyLock};
use std::time::Duration;

use backend::{Engine, EngineConfig, Tiers, Vcpu};
use bus::{AddressSpace, Clock, Ram};
use guest::{Env, Guest, Requests};
use riscv::Riscv64;
use riscv::csr::{self, Update};
use riscv::random::{Kind, kinds};

use crate::Script;

/// Where RAM begins.
pub const RAM: u64 = 0x8000_0000;
/// Its size in bytes.
pub const RAM_BYTES: u64 = 64 << 10;

/// One hart after reset, at the start of RAM.
pub struct Hart {
    /// The engine that runs it.
    pub engine: Engine,
    /// The hart.
    pub vcpu: Vcpu,
    /// Its memory.
    pub ram: Arc<Ram>,
    space: AddressSpace,
    clock: Clock,
}

impl Hart {
    /// A hart on an engine with `tiers`.
    pub fn new(tiers: Tiers) -> Hart {
        let guest: Arc<dyn Guest> = Arc::new(Riscv64::new());
        let ram = Arc::new(Ram::new(RAM, RAM_BYTES).expect("a small mapping"));
        let mut space = AddressSpace::default();
        space.add_ram("ram", Arc::clone(&ram));
        let clock = Clock::counted();
        let stop = Arc::new(AtomicBool::new(false));
        let config = EngineConfig { tiers, timer: || Duration::ZERO, stop, published: None };
        let engine = Engine::new(Arc::clone(&guest), space.clone(), clock.clone(), config);
        let mut vcpu = Vcpu::new(&guest, 0, RAM);
        guest.reset(vcpu.state_mut(), 0, RAM);
        Hart { engine: engine.expect("the engines work on this host"), vcpu, ram, space, clock }
    }

    /// Writes control and status register `number` as an instruction of the
    /// hart's mode does; one that is not there stays away.
    pub fn write_csr(&mut self, number: u16, value: u64) {
        let mut env = Env {
            cpu: self.vcpu.state_mut(),
            space: &self.space,
            clock: &self.clock,
            instructions: 0,
            requests: Requests::default(),
        };
        let _ = csr::modify(&mut env, number, Update::Write, value);
    }

    /// All of RAM.
    pub fn memory(&self) -> Vec<u8> {
        let mut bytes = vec![0; RAM_BYTES as usize];
        assert!(self.ram.read(RAM, &mut bytes));
        bytes
    }

    /// Runs `instructions` of them; a hart that waits is not woken.
    pub fn run(&mut self, instructions: u64) {
        let end = self.vcpu.instructions() + instructions;
        while self.vcpu.instructions() < end {
            let left = end - self.vcpu.instructions();
            if self.engine.run(&mut self.vcpu, left) == backend::Exit::Idle {
                break;
            }
        }
    }
}

/// The rest of `script` as code: bytes as they are, or instructions that there
/// are, each of a kind and with fields that the script chooses.
pub fn code(script: &mut Script<'_>) -> Vec<u8> {
    static KINDS: LazyLock<Vec<Kind>> = LazyLock::new(kinds);
    if script.byte() & 3 == 0 {
        return script.rest().to_vec();
    }
    let mut code = Vec::new();
    while !script.is_over() {
        let (kind, mut fields) = (script.below(KINDS.len()), u64::from(script.half()));
        // Not all fields are legal, so there have to be others to try.
        let mut next = || {
            fields = fields.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            fields ^ fields >> 29
        };
        let word = KINDS[kind].instance(&mut next);
        let length = if KINDS[kind].compressed { 2 } else { 4 };
        code.extend(&word.to_le_bytes()[..length]);
    }
    code
}
