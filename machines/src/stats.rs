//! What a machine has done, in numbers.

use crate::machine::Machine;
use backend::TierStats;
use serde::Serialize;
use sha2::{Digest, Sha256};
use std::os::fd::AsFd;
use std::time::Duration;

/// One tier's part of the work.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize)]
pub struct Tier {
    /// Units translated: blocks, or regions.
    pub blocks: u64,
    /// Guest instructions in them.
    pub guest_instructions_translated: u64,
    /// Guest instructions run there; those of tier 1 are counted with tier 2's.
    pub guest_instructions: u64,
    /// Time spent translating, in seconds.
    pub compile_s: f64,
    /// The part of it that a thread of its own spent while the guest ran on.
    pub beside_s: f64,
    /// Bytes of translated code made.
    pub code_bytes: u64,
}

/// Why control left translated code, by cause.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Exits {
    /// A slice's budget was used up.
    pub budget: u64,
    /// The guest waits for an interrupt.
    pub idle: u64,
    /// The guest called the firmware.
    pub firmware: u64,
    /// Mode or translation changed.
    pub resume: u64,
    /// An exception was delivered.
    pub fault: u64,
    /// An interrupt was delivered.
    pub interrupt: u64,
    /// Compiled code handed an access to tier 0.
    pub side_exit: u64,
    /// A region of several pages had to be told that they are mapped as before.
    pub check: u64,
    /// A device was reached, or code was written.
    pub attention: u64,
    /// The machine asked for a stop.
    pub stop: u64,
}

/// One CPU's part of the work.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct CpuStats {
    /// Instructions it has run.
    pub guest_instructions: u64,
}

/// All that a machine counts. Names and meanings stay from release to release.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct MachineStats {
    /// Instructions that all CPUs have run.
    pub guest_instructions: u64,
    /// The same for each CPU.
    pub cpus: Vec<CpuStats>,
    /// Virtual time since power-on, in nanoseconds.
    pub virtual_ns: u64,
    /// Wall time in the engine, in seconds: guest code, translating it, and the
    /// chips it reaches.
    pub engine_s: f64,
    /// Wall time in which all CPUs waited for an interrupt, in seconds.
    pub waiting_s: f64,
    /// The interpreter.
    pub tier0: Tier,
    /// Compiled blocks.
    pub tier1: Tier,
    /// Compiled regions.
    pub tier2: Tier,
    /// Translations of addresses that the first-level TLB did not know.
    pub tlb_misses: u64,
    /// Compiled regions that came from a library instead of the compiler.
    pub units_from_library: u64,
    /// Those, and fetches, that were looked up in the guest's tables.
    pub tlb_walks: u64,
    /// Accesses to chips.
    pub mmio: u64,
    /// Blocks dropped because their code was written.
    pub invalidated: u64,
    /// How often the oldest of the compiled code was dropped to make room.
    pub code_parts_emptied: u64,
    /// Exits by cause.
    pub exits: Exits,
}

/// What wall time went by with.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Spent {
    /// In the engine.
    pub(crate) engine: Duration,
    /// Waiting for what the host brings or a timer.
    pub(crate) waiting: Duration,
}

impl From<TierStats> for Tier {
    fn from(tier: TierStats) -> Tier {
        Tier {
            blocks: tier.blocks,
            guest_instructions_translated: tier.guest_instructions_translated,
            guest_instructions: tier.guest_instructions_run,
            compile_s: tier.compile.as_secs_f64(),
            beside_s: tier.beside.as_secs_f64(),
            code_bytes: tier.code_bytes,
        }
    }
}

impl Machine {
    /// The numbers so far.
    pub fn stats(&self) -> MachineStats {
        let engine = self.engine.stats();
        let cpus: Vec<_> =
            self.cpus.iter().map(|cpu| CpuStats { guest_instructions: cpu.vcpu.instructions() }).collect();
        let exits = &engine.exits;
        MachineStats {
            guest_instructions: cpus.iter().map(|cpu| cpu.guest_instructions).sum(),
            cpus,
            virtual_ns: self.clock.now_ns(),
            engine_s: self.spent.engine.as_secs_f64(),
            waiting_s: self.spent.waiting.as_secs_f64(),
            tier0: engine.tier0.into(),
            tier1: engine.tier1.into(),
            tier2: engine.tier2.into(),
            tlb_misses: engine.tlb_misses,
            units_from_library: engine.units_from_library,
            tlb_walks: engine.tlb_walks,
            mmio: engine.mmio,
            invalidated: engine.invalidated,
            code_parts_emptied: engine.code_parts_emptied,
            exits: Exits {
                budget: exits.budget,
                idle: exits.idle,
                firmware: exits.firmware,
                resume: exits.resume,
                fault: exits.fault,
                interrupt: exits.interrupt,
                side_exit: exits.side_exit,
                check: exits.check,
                attention: exits.attention,
                stop: exits.stop,
            },
        }
    }

    /// SHA-256, in hexadecimal, over all CPUs' state and all RAM that is not
    /// zero. Two runs with the same configuration and a counted clock give the
    /// same at the same instruction.
    pub fn state_hash(&self) -> String {
        let mut hash = Sha256::new();
        let layout = &self.guest.spec().layout;
        for cpu in &self.cpus {
            for word in cpu.vcpu.state().slots(layout) {
                hash.update(word.to_le_bytes());
            }
        }
        self.hash_ram(&mut hash);
        hash.finalize().iter().map(|byte| format!("{byte:02x}")).collect()
    }

    /// Each page that is not zero, after its address. Pages that were never
    /// touched are holes of the memory's file, and stay so.
    fn hash_ram(&self, hash: &mut Sha256) {
        use rustix::fs::{SeekFrom, seek};
        let (file, base) = (self.ram.file().as_fd(), self.ram.range().start);
        let mut page = [0; bus::PAGE_BYTES as usize];
        let mut offset = 0;
        while let Ok(start) = seek(file, SeekFrom::Data(offset)) {
            offset = seek(file, SeekFrom::Hole(start)).unwrap_or_else(|_| self.ram.len_bytes());
            for at in (start / bus::PAGE_BYTES * bus::PAGE_BYTES..offset).step_by(page.len()) {
                let inside = self.ram.read(base + at, &mut page);
                if inside && page.iter().any(|byte| *byte != 0) {
                    hash.update((base + at).to_le_bytes());
                    hash.update(page);
                }
            }
        }
    }
}
