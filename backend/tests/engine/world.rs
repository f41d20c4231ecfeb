//! What a test runs on: memory, chip, clock and wires, filled with a program;
//! and what can be seen of them.

use crate::test_guest::chip::{Chip, Reached, Rom};
use crate::test_guest::map::{CHIP, RAM, RAM_PAGES, ROM};
use backend::Exit;
use bus::{AddressSpace, Clock, CpuLines, PAGE_BYTES, Ram, Shared, shared};
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

/// Everything outside the CPUs.
pub struct World {
    pub space: AddressSpace,
    pub ram: Arc<Ram>,
    pub chip: Shared<Chip>,
    pub clock: Clock,
    pub stop: Arc<AtomicBool>,
}

impl World {
    /// A world with `image` at the start of RAM, wired to these CPUs.
    pub fn new(image: &[u8], lines: &[CpuLines]) -> World {
        let ram = Arc::new(Ram::new(RAM, RAM_PAGES * PAGE_BYTES).expect("a small mapping"));
        assert!(ram.write(RAM, image), "the image fits");
        let mut space = AddressSpace::default();
        space.add_ram("ram", Arc::clone(&ram));
        let (clock, stop) = (Clock::counted(), Arc::new(AtomicBool::new(false)));
        let wires = lines.iter().map(|lines| lines.line(0)).collect();
        let chip = shared(Chip::new(clock.clone(), space.dma(), wires, Arc::clone(&stop)));
        space.add_device("chip", CHIP..CHIP + PAGE_BYTES, chip.clone());
        space.add_device("rom", ROM..ROM + PAGE_BYTES, shared(Rom));
        World { space, ram, chip, clock, stop }
    }

    /// All of RAM.
    pub fn memory(&self) -> Vec<u8> {
        let mut memory = vec![0; (RAM_PAGES * PAGE_BYTES) as usize];
        assert!(self.ram.read(RAM, &mut memory));
        memory
    }

    /// The accesses to the chip so far.
    pub fn log(&self) -> Vec<Reached> {
        self.chip.lock().expect("the chip never panics").log.clone()
    }

    /// Drives a CPU's interrupt line, as the chip does.
    pub fn drive(&self, cpu: usize, level: bool) {
        self.chip.lock().expect("the chip never panics").drive(cpu, level);
    }
}

/// CPUs in a world, and a way to run them.
pub trait Subject {
    fn world(&self) -> &World;

    /// Runs one CPU for a slice.
    fn run(&mut self, cpu: usize, budget: u64) -> Exit;

    /// The CPU's slots, without temporaries.
    fn slots(&self, cpu: usize) -> Vec<u64>;

    /// Writes a slot between slices.
    fn set_slot(&mut self, cpu: usize, slot: ir::Slot, value: u64);

    /// The interrupt pins of a CPU.
    fn lines(&self, cpu: usize) -> CpuLines;

    /// Instructions a CPU has run.
    fn instructions(&self, cpu: usize) -> u64;

    /// Drops a CPU's reservation.
    fn drop_reservation(&mut self, cpu: usize);
}
