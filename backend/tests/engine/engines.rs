//! Engines as a test runs them.

use crate::test_guest::TestGuest;
use crate::test_guest::state::MAP;
use crate::world::{Subject, World};
use backend::{Engine, EngineConfig, Exit, Tiers, Vcpu};
use bus::CpuLines;
use guest::Guest;
use ir::{Slot, Spec};
use std::sync::Arc;
use std::time::Duration;

/// One engine and its CPUs, in a world of their own.
pub struct Engines {
    pub engine: Engine,
    pub vcpus: Vec<Vcpu>,
    guest: Arc<TestGuest>,
    world: World,
}

impl Engines {
    /// `cpus` CPUs of `guest`, all at `entry`.
    pub fn new(guest: &Arc<TestGuest>, image: &[u8], cpus: usize, entry: u64, tiers: Tiers) -> Engines {
        let dyn_guest: Arc<dyn Guest> = guest.clone();
        let vcpus: Vec<Vcpu> = (0..cpus).map(|index| Vcpu::new(&dyn_guest, index as u32, entry)).collect();
        let lines: Vec<CpuLines> = vcpus.iter().map(|vcpu| vcpu.lines().clone()).collect();
        let world = World::new(image, &lines);
        let stop = Arc::clone(&world.stop);
        let config = EngineConfig { tiers, timer: || Duration::ZERO, stop, published: None };
        let engine = Engine::new(dyn_guest, world.space.clone(), world.clock.clone(), config);
        let engine = engine.expect("this host can run compiled code");
        Engines { engine, vcpus, guest: Arc::clone(guest), world }
    }

    /// The guest's slots and helpers.
    pub fn spec(&self) -> &Spec {
        self.guest.spec()
    }
}

impl Subject for Engines {
    fn world(&self) -> &World {
        &self.world
    }

    fn run(&mut self, cpu: usize, budget: u64) -> Exit {
        self.engine.run(&mut self.vcpus[cpu], budget)
    }

    fn slots(&self, cpu: usize) -> Vec<u64> {
        self.vcpus[cpu].state().slots(&self.guest.spec().layout).to_vec()
    }

    fn set_slot(&mut self, cpu: usize, slot: Slot, value: u64) {
        let vcpu = &mut self.vcpus[cpu];
        // Whoever need not forget translations does not.
        let state = if slot == MAP { vcpu.state_mut() } else { vcpu.registers_mut() };
        state.set(slot, value);
    }

    fn lines(&self, cpu: usize) -> CpuLines {
        self.vcpus[cpu].lines().clone()
    }

    fn instructions(&self, cpu: usize) -> u64 {
        self.vcpus[cpu].instructions()
    }

    fn drop_reservation(&mut self, cpu: usize) {
        self.vcpus[cpu].drop_reservation();
    }
}
